from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.resources import resource
from desktop.state.workspace import State
from desktop.tables import words
from imaging.errors import Code, Problem
from model.listed_image import ListedImage
from setup.translations import compiled, messages, modules, update
from tests.make.chinese import ascii_beside_chinese
from tests.make.program import PATIENCE, open_by_hand
from tests.make.series_head import HEAD
from tests.make.tiny_model import tiny_card
from tests.make.worklists import of_patient


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The translations brought up to the code, as ``make translations`` does."""
    target = tmp_path_factory.mktemp("translations") / "cranioscope_zh_CN.ts"
    target.write_bytes(resource("translations/cranioscope_zh_CN.ts").read_bytes())
    update(target, modules())
    return target


def test_every_string_has_a_chinese_translation(fresh: Path) -> None:
    assert [key for key, translation in messages(fresh).items() if translation is None] == []


def test_the_translations_hold_nothing_that_the_code_no_longer_says(fresh: Path) -> None:
    committed = messages(resource("translations/cranioscope_zh_CN.ts"))
    assert committed.keys() == messages(fresh).keys()


def test_the_compiled_translations_are_those_of_the_text(fresh: Path) -> None:
    committed = resource("translations/cranioscope_zh_CN.qm")
    assert compiled(fresh).read_bytes() == committed.read_bytes()


def test_translations_keep_every_place_for_a_value(fresh: Path) -> None:
    wrong = [
        source
        for (_, source), translation in messages(fresh).items()
        if translation is not None and places(source) != places(translation)
    ]
    assert wrong == []


def test_no_translation_has_ascii_punctuation_beside_chinese(fresh: Path) -> None:
    translations = filter(None, messages(fresh).values())
    assert [text for text in translations if ascii_beside_chinese(text)] == []


def test_what_the_window_joins_has_no_ascii_punctuation_beside_chinese(
    qtbot: QtBot, program: Program
) -> None:
    workspace, window = program.workspace, program.window
    program.appearance.set_language("zh_CN")
    program.show()
    qtbot.waitUntil(lambda: workspace.opened_model is not None, timeout=PATIENCE)
    images: list[ListedImage] = [*of_patient("A", *[0.75] * 9, None)]
    open_by_hand(program, images)
    workspace.table.set_card(tiny_card(series_head=HEAD))
    program.selection.select(0)
    workspace.state = State.DONE
    workspace.state_changed.emit()
    joined = window.progress.words, window.worklist.rule.told, window.result.provider
    told = [label.text() for label in joined]
    assert all(told)
    assert [text for text in told if ascii_beside_chinese(text)] == []


def places(text: str) -> list[str]:
    return sorted(part.split("}")[0] for part in text.split("{")[1:])


@pytest.mark.usefixtures("chinese_window")
def test_a_problems_detail_stands_before_the_full_stop() -> None:
    assert words.sentence(Problem(Code.TILT, "18.5°")) == "机架倾斜 (18.5°)。"
    assert words.sentence(Problem(Code.TILT)) == "机架倾斜。"


@pytest.mark.usefixtures("chinese_window")
def test_qt_itself_speaks_the_language() -> None:
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
