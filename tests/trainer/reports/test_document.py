"""The same blocks become a page that needs no other file, or Markdown without images."""

from __future__ import annotations

import pytest

from trainer.reports.document import Figure, Heading, Paragraph, Table, to_html, to_markdown

BLOCKS = (
    Heading("Results"),
    Paragraph("Plain."),
    Paragraph("Mind <this>.", warning=True),
    Table("Counts", ("name", "n"), (("a|b", "1"), ("c", "2"))),
    Figure("roc.png", b"\x89PNG", "ROC"),
)


def test_the_page_holds_its_images_and_escapes_text() -> None:
    page = to_html("A & B", BLOCKS)
    assert "<h1>A &amp; B</h1>" in page
    assert '<p class="warning">Mind &lt;this&gt;.</p>' in page
    assert 'src="data:image/png;base64,iVBORw=="' in page
    assert "<tr><td>a|b</td><td>1</td></tr>" in page
    assert "http" not in page


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("95.0 % (38/40; 95 % CI 83.5–98.6)", "<td>"),
        ("A rule as a sentence, " * 2, '<td class="long">'),
    ],
)
def test_prose_may_be_broken_and_a_number_may_not(text: str, cell: str) -> None:
    assert f"{cell}{text}</td>" in to_html("", [Table("", ("",), ((text,),))])


def test_markdown_has_the_tables_and_no_images() -> None:
    assert to_markdown("A & B", BLOCKS) == (
        "# A & B\n\n## Results\n\nPlain.\n\n> Mind <this>.\n\n"
        "Counts\n\n| name | n |\n| --- | --- |\n| a\\|b | 1 |\n| c | 2 |\n"
    )
