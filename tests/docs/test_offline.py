"""A built site must ask no server for anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup.offline import remote_addresses


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://cdn.example/a.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/css">',
        '<link rel="preconnect" href="https://fonts.example">',
        '<img src="http://images.example/a.png" alt="">',
        "<style>@import 'https://fonts.example/b.css';</style>",
        '<p style="background: url(https://images.example/c.png)">',
    ],
)
def test_what_a_page_loads_from_a_server_is_found(markup: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(markup, encoding="utf-8")
    assert list(remote_addresses(tmp_path)) == ["index.html"]


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://doi.example/10">a link that waits for a click</a>',
        '<script src="assets/a.js"></script><img src="data:image/png;base64,AA" alt="">',
        '<link rel="canonical" href="https://site.example/">',
    ],
)
def test_what_is_local_or_waits_for_a_click_may_stay(markup: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(markup, encoding="utf-8")
    assert remote_addresses(tmp_path) == {}
