from __future__ import annotations

import pytest

from desktop.viewer.content import Content
from desktop.viewer.tools import Tool, tool_button, tool_hint, tool_name
from desktop.viewer.viewer import Viewer
from desktop.window.actions import ACTIONS


@pytest.mark.parametrize("tool", list(Tool))
def test_a_tool_is_chosen_by_the_key_that_it_names(tool: Tool) -> None:
    [action] = [each for each in ACTIONS if tool.value in (*each.keys, *each.shared_keys)]
    assert action.text() == tool_name(tool)


def _named() -> None:
    names = [tool_name(tool) for tool in Tool]
    assert len(set(names)) == len(Tool)
    assert all(names)
    for tool in Tool:
        assert len(tool_button(tool)) <= len(tool_name(tool))
        assert (tool_hint(tool) == "") is (tool is Tool.WINDOW)
    assert tool_hint(Tool.ANGLE) != tool_name(Tool.ANGLE)


def test_every_tool_has_a_name_of_its_own_and_all_but_the_usual_one_are_said() -> None:
    _named()


@pytest.mark.usefixtures("chinese_window")
def test_so_it_is_in_chinese() -> None:
    _named()
    assert not any(tool_name(tool).isascii() for tool in Tool)


@pytest.mark.parametrize("tool", [each for each in Tool if each.measures])
def test_a_tool_that_measures_leaves_a_measurement_with_values(
    viewer: Viewer, content: Content, tool: Tool
) -> None:
    placement, measurements = viewer.display.placement, content.measurements
    for at in [(30.0, 30.0), (60.0, 60.0), (60.0, 30.0)][: 3 if tool is Tool.ANGLE else 2]:
        measurements.press(tool, at, placement)
        measurements.move((at[0] + 20.0, at[1] + 15.0))
        measurements.release(placement)
    assert content.image is not None
    assert all(kept.tool is tool and kept.values(content.image) for kept in measurements.kept)
    assert measurements.kept
