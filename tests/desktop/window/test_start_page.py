from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.settings import Settings
from desktop.window.start_page import SHOWN, WIDTH, StartPage
from imaging.input.recipe import Subject


@pytest.fixture
def page(qtbot: QtBot, settings: Settings) -> StartPage:
    """The page after more folders than it lists."""
    for number in range(SHOWN + 2):
        settings.add_recent(Path(f"/studies/{number} & more"))
    made = StartPage(settings)
    qtbot.addWidget(made)
    return made


def test_the_latest_folders_are_listed_and_each_opens_itself(page: StartPage) -> None:
    wanted: list[Path] = []
    page.recent_wanted.connect(wanted.append)
    for button in page.recent:
        button.click()
    assert wanted == [Path(f"/studies/{number} & more") for number in (6, 5, 4, 3, 2)]
    assert page.recent[0].text().endswith("6 && more")  # Qt shows one


def test_where_identity_is_hidden_no_folder_is_named(page: StartPage, settings: Settings) -> None:
    settings.hide_identity = True
    page.refresh()
    assert page.recent == []
    assert page._recent_word.isHidden()
    settings.hide_identity = False
    page.refresh()
    assert len(page.recent) == SHOWN


def test_a_long_name_has_room_and_is_whole_in_its_tip(page: StartPage, settings: Settings) -> None:
    folder = Path("/studies") / ("x" * 300) / "last"
    settings.add_recent(folder)
    page.refresh()
    button = page.recent[0]
    assert button.fontMetrics().horizontalAdvance(button.text()) <= WIDTH
    assert button.text().endswith("last")
    assert "x" * 300 in button.toolTip().replace("\u200b", "")


def test_heads_are_spoken_of_for_a_model_of_heads_alone(page: StartPage) -> None:
    assert "head CT" in page._purpose.text()
    page.show_subject(Subject.OTHER)
    assert page._purpose.text() == ""
    page.show_subject(Subject.HEAD_CT)
    assert "head CT" in page._purpose.text()
