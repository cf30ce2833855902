"""What the checks of the pages take for a sentence, a link and an anchor."""

from __future__ import annotations

import pytest

from setup.prose import anchors, links, sentences


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("One. Two words.\nThree.", ["One.", "Two words.", "Three."]),
        ("A line\nruns on.", ["A line runs on."]),
        ("- first item\n- second\n  goes on", ["first item", "second goes on"]),
        ("| a | b c |\n| --- | --- |\n| d; e | f |", ["a", "b c", "---", "---", "d", "e", "f"]),
        ("# Title\ntext", ["Title", "text"]),
        ("```bash\nno prose. here\n```\nprose", ["prose"]),
        ("see [a page](there.md) and `some code here`", ["see a page and code"]),
        ("<!-- from the code: x -->\ntext", ["text"]),
    ],
)
def test_sentences(page: str, found: list[str]) -> None:
    assert list(sentences(page)) == found


def test_links_to_other_servers_and_in_code_do_not_count() -> None:
    page = "[a](b.md#c) ![d](e.png) [f](https://g.example) `[h](i.md)`\n```\n[j](k.md)\n```"
    assert list(links(page)) == ["b.md#c", "e.png"]


def test_anchors_are_spelled_as_in_addresses() -> None:
    assert anchors("# Where figures come from\n### Full precision (`fp16`)\n") == {
        "where-figures-come-from",
        "full-precision-fp16",
    }
