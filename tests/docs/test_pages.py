"""The pages of docs/: short sentences, links that lead somewhere, names that exist, true sums."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from model.proportion import Proportion
from setup.pages import cards, filled
from setup.prose import MOST_WORDS, anchors, links, sentences
from tests.make.reporting_items import CLAIM, TRIPOD

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"]
MAKE = re.compile(r"make ([a-z]+)\b.*")
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
ROOMS = ("imaging", "model", "trainer", "export", "desktop", "setup", "tests")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_is_long(name: str) -> None:
    long = [each for each in sentences(_text(name)) if len(each.split()) > MOST_WORDS]
    assert not long


@pytest.mark.parametrize("name", NAMES)
def test_every_link_inside_leads_somewhere(name: str) -> None:
    page = ROOT / name
    broken = []
    for link in links(_text(name)):
        place, _, anchor = link.partition("#")
        target = page if not place else (page.parent / place).resolve()
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(link)
    assert not broken


def _code_names(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_is_named_exists(name: str) -> None:
    starts = tuple(f"{room}/" for room in (*ROOMS, "docs", "resources", "requirements"))
    named = {each for each in _code_names(_text(name)) if each.startswith(starts)}
    missing = {each for each in named if not list(ROOT.glob(each.split("::")[0]))}
    assert not missing


def _exists(dotted: str) -> bool:
    parts = dotted.removesuffix("()").split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_every_function_that_is_named_exists(name: str) -> None:
    pattern = re.compile(rf"(?:{'|'.join(ROOMS)})(?:\.\w+)+(?:\(\))?")
    named = {each for each in _code_names(_text(name)) if pattern.fullmatch(each)}
    assert {each for each in named if not _exists(each)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_make_target_that_is_named_exists(name: str) -> None:
    targets = set(re.findall(r"^(\w+):", _text("Makefile"), re.MULTILINE))
    said = {found[1] for each in _code_names(_text(name)) if (found := MAKE.fullmatch(each))}
    assert said <= targets


@pytest.mark.parametrize("name", NAMES)
def test_tables_from_the_code_are_those_of_this_code(name: str) -> None:
    """``make docs`` makes them anew."""
    assert filled(_text(name)) == _text(name)


PROPORTION = re.compile(r"(\d+)/(\d+) = ([\d.]+) % \(([\d.]+)–([\d.]+)\)")
NEW_PROPORTION = re.compile(r"([\d.]+) % \((\d+)/(\d+); 95 % CI ([\d.]+)–([\d.]+)\)")


@pytest.mark.parametrize("name", NAMES)
def test_every_proportion_and_its_interval_are_those_of_its_counts(name: str) -> None:
    text = _text(name)
    found = [(c, t, p, low, high) for c, t, p, low, high in PROPORTION.findall(text)]
    found += [(c, t, p, low, high) for p, c, t, low, high in NEW_PROPORTION.findall(text)]
    wrong = []
    for count, total, percent, *ends in found:
        value = 100 * int(count) / int(total)
        share = Proportion.of(int(count), int(total))
        bounds = [100 * share.low, 100 * share.high]
        said = [float(percent), *map(float, ends)]
        if any(abs(a - b) > 0.06 for a, b in zip(said, [value, *bounds], strict=True)):
            wrong.append((count, total, said))
    assert not wrong


def test_results_and_card_have_the_counts_of_the_models_that_ship() -> None:
    results, readme = _text("docs/results.md"), _text("README.md")
    for card in cards().values():
        assert card.test is not None
        for rate in (card.test.sensitivity, card.test.specificity):
            assert f"{rate.count}/{rate.total} = " in results
        if card.precision == "int8":
            assert str(card.test.sensitivity) in readme
            assert str(card.test.specificity) in readme


def test_thresholds_in_prose_are_those_of_the_cards() -> None:
    known = {f"{point.threshold:.4f}" for c in cards().values() for point in c.operating_points}
    for name in ("docs/results.md", "docs/model-card.md"):
        said = set(re.findall(r"\b0\.\d{4}\b", re.sub(r"temperature \|.*", "", _text(name))))
        assert said <= known


def test_the_model_card_answers_every_item_of_the_reporting_checklists() -> None:
    told = _text("docs/model-card.md").split("## What TRIPOD+AI and CLAIM ask")[1]
    rows = [line.split("|") for line in told.splitlines() if line.startswith("| ")][2:]
    for at, asked in ((2, TRIPOD), (3, CLAIM)):
        assert {number for row in rows for number in row[at].strip().split(", ")} - {""} == asked
