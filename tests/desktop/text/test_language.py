from __future__ import annotations

import pytest

from desktop.text.language import LANGUAGES, choose_language, system_language, text_of
from imaging.errors import Code, Problem
from tests.make.messages import every_code


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US.UTF-8"}, "zh_CN"),
        ({"LC_ALL": "C", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh_CN"),
    ],
)
def test_the_language_of_the_system_is_the_first_variable_that_is_set(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, variables.get(name, ""))
    assert system_language() == language


@pytest.mark.parametrize(
    ("name", "language"),
    [("Chinese (Simplified)_China", "zh_CN"), ("German_Germany", "en"), (None, "en")],
)
def test_without_variables_it_is_that_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, name: str | None, language: str
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: (name, "UTF-8"))
    assert system_language() == language


@pytest.mark.usefixtures("chinese")
def test_a_problem_is_told_in_the_chosen_language_with_its_detail_before_the_full_stop() -> None:
    assert text_of(Problem(Code.TILT, "18.5°")) == "机架倾斜 (18.5°)。"


@pytest.mark.usefixtures("chinese")
def test_in_every_language_a_problem_ends_with_one_full_stop_and_its_detail_before_it() -> None:
    for language, stop in zip(LANGUAGES, ".。", strict=True):
        choose_language(language)
        for code in every_code():
            if isinstance(code, Code):
                told = text_of(Problem(code, "18.5°"))
                assert told.endswith(f" (18.5°){stop}"), code
                assert text_of(Problem(code)).endswith(stop), code


def test_any_other_language_is_english() -> None:
    choose_language("zh_CN")
    choose_language("de")
    assert text_of(Problem(Code.TILT)) == Code.TILT.template
