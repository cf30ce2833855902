from dataclasses import replace

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


def test_nothing_is_painted_anew_for_a_place_that_stays(content: Content) -> None:
    content.show(ct(), "1/2")
    heard: list[str] = []
    content.changed.connect(lambda: heard.append(content.place))
    content.set_place("1/2")
    content.set_place("2/2")
    assert heard == ["2/2"]
