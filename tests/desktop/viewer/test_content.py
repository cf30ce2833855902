from collections.abc import Callable
from dataclasses import replace

import numpy as np

from desktop.viewer.content import Content
from imaging.errors import Code, Problem
from imaging.image import Image
from imaging.input.recipe import InputRecipe
from tests.make.viewing import ct


def test_the_network_never_sees_values_that_are_no_hounsfield_units(content: Content) -> None:
    header = replace(ct().header, not_hounsfield=Problem(Code.NO_RESCALE))
    content.set_recipe(InputRecipe())
    content.show(Image(header, ct().pixels), "1/1")
    assert content.model_input is None
    content.show(ct(), "1/1")
    assert content.model_input is not None


def test_a_heat_map_is_of_its_image_and_its_model_alone(content: Content) -> None:
    heat = np.ones((5, 5), dtype=np.float32)
    content.set_recipe(InputRecipe())
    leaving: list[Callable[[], None]] = [
        lambda: content.show(ct(), "2/2"),
        lambda: content.set_recipe(InputRecipe(size=320)),
        content.clear,
    ]
    for leave in leaving:
        content.show(ct(), "1/2")
        content.set_heat_map(heat)
        assert content.heat_map is not None
        leave()
        assert content.heat_map is None
    content.set_heat_map(heat)  # one that comes late: there is no image
    assert content.heat_map is None


def test_nothing_is_painted_anew_for_a_place_that_stays(content: Content) -> None:
    content.show(ct(), "1/2")
    heard: list[str] = []
    content.changed.connect(lambda: heard.append(content.place))
    content.set_place("1/2")
    content.set_place("2/2")
    assert heard == ["2/2"]
