import pytest

from desktop.viewer.options import Overlay, ViewerOptions
from desktop.viewer.tools import Tool


def test_another_value_is_told_once_and_the_same_value_not(options: ViewerOptions) -> None:
    told: list[bool] = []
    options.changed.connect(lambda: told.append(options.heat_map_shown))
    options.heat_map_shown = True
    options.heat_map_shown = True
    options.heat_map_shown = False
    assert told == [True, False]


def test_options_of_two_programs_are_apart(options: ViewerOptions) -> None:
    options.tool = Tool.PAN
    assert ViewerOptions().tool is Tool.WINDOW


def test_the_overlay_goes_round() -> None:
    seen = [Overlay.ALL]
    for _ in range(3):
        seen.append(seen[-1].following())
    assert seen == [Overlay.ALL, Overlay.MINIMAL, Overlay.NONE, Overlay.ALL]


@pytest.mark.parametrize("tool", list(Tool))
def test_three_tools_measure(tool: Tool) -> None:
    assert tool.measures is (tool.value in "DAE")
