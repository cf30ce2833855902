import pytest
from pytestqt.qtbot import QtBot

from desktop.viewer.content import Content
from desktop.viewer.display import Display
from desktop.viewer.options import ViewerOptions
from desktop.viewer.shared_window import SharedWindow
from imaging.image import Window
from tests.make.viewing import ct, grey

BONE, SUBDURAL = Window(2800, 600), Window(200, 80)


@pytest.fixture
def displays(qtbot: QtBot, options: ViewerOptions) -> tuple[Display, ...]:
    return tuple(Display(Content(options), options, options) for _ in range(3))


def windows(displays: tuple[Display, ...]) -> list[Window]:
    return [display.window for display in displays]


def test_a_window_is_that_of_all(displays: tuple[Display, ...]) -> None:
    shared = SharedWindow(displays)
    for display in displays:
        display.content.show(ct(), "")
    displays[1].set_window(BONE)
    displays[2].invert()
    assert windows(displays) == [BONE] * 3
    assert all(display.inverted for display in displays)
    del shared


def test_an_opened_view_takes_the_window_of_the_others(displays: tuple[Display, ...]) -> None:
    shared = SharedWindow(displays)
    displays[0].content.show(ct(), "")
    displays[0].set_window(BONE)
    with shared.opening(displays[1]):
        displays[1].content.show(ct(own=SUBDURAL), "", "another series")
    assert windows(displays)[:2] == [BONE, BONE]


def test_the_first_view_opens_in_its_own_window(displays: tuple[Display, ...]) -> None:
    shared = SharedWindow(displays)
    with shared.opening(displays[0]):
        displays[0].content.show(ct(own=SUBDURAL), "")
    assert displays[0].window == SUBDURAL


def test_grey_images_keep_their_window(displays: tuple[Display, ...]) -> None:
    shared = SharedWindow(displays)
    displays[0].content.show(ct(), "")
    displays[1].content.show(grey(), "")
    displays[0].set_window(BONE)
    assert windows(displays)[:2] == [BONE, Window(255, 127.5)]
    del shared
