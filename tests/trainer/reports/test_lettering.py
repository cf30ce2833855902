"""Chinese names can be read in the figures."""

from __future__ import annotations

import warnings

import matplotlib
import numpy as np
import pytest
from matplotlib import font_manager

from trainer.reports.gallery import InputWithHeatMap, Mistake, sheet
from trainer.reports.lettering import use_letters


@pytest.mark.parametrize(
    ("there", "used"),
    [
        (["DejaVu Sans", "SimHei", "Noto Sans CJK SC"], ["DejaVu Sans", "Noto Sans CJK SC"]),
        (["DejaVu Sans", "Arial"], ["DejaVu Sans"]),
    ],
)
def test_the_best_font_that_is_there_stands_behind_the_own(
    monkeypatch: pytest.MonkeyPatch, there: list[str], used: list[str]
) -> None:
    monkeypatch.setattr(font_manager, "get_font_names", lambda: there)
    with matplotlib.rc_context():
        use_letters()
        assert matplotlib.rcParams["font.family"] == used


def test_an_image_of_a_chinese_name_has_a_title_that_can_be_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    flat = np.zeros((8, 8), dtype=np.uint8)
    shown = {"患者01_切片 1": InputWithHeatMap(flat, np.ones((2, 2), dtype=np.float32))}
    mistake = Mistake("患者01_切片 1", "第一批", 1, 1, 0.25)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sheet([mistake], shown).startswith(b"\x89PNG")
    assert caplog.messages == []
