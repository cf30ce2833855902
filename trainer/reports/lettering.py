"""The letters of the figures: matplotlib's own font, and behind it one that has Chinese."""

from __future__ import annotations

import logging

import matplotlib
from matplotlib import font_manager

WITH_CHINESE = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("Microsoft YaHei", "SimHei", "PingFang SC", "Heiti SC", "Hiragino Sans GB"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Arial Unicode MS"),
)
"""Fonts of the usual systems that hold Chinese, the best first."""


def use_letters() -> None:
    """Let figures made from now on show Chinese names, where the system has a font for them."""
    logging.getLogger(font_manager.__name__).setLevel(logging.ERROR)  # says which weight it took
    there = set(font_manager.get_font_names())
    behind = [name for name in WITH_CHINESE if name in there][:1]
    matplotlib.rcParams["font.family"] = ["DejaVu Sans", *behind]
