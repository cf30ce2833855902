"""Checks that all on screen is of the image, series or patient that it stands beside.

What is expected is worked out anew from files, headers and results, never taken from the window.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from desktop.app import Program
from desktop.jobs.viewed_image import ViewedImage
from desktop.tables import words
from desktop.tables.row import DETAIL_ROLE, Column, Index
from desktop.tables.worklist_cells import WorklistColumn
from desktop.viewer.layers import heat_image
from desktop.window.pair_side import Side
from imaging.image import Image
from imaging.input.prepare import read_thumbnail
from model.image_result import ImageResult
from model.series_decision import SeriesDecision, SeriesRules
from model.series_result import series_result
from tests.make.dicom import HU, ct, save

DATE = "20260301"
SERIES = (("1.1", "P1", 9), ("1.2", "P1", 9), ("2.1", "P2", 3), ("3.1", "P3", 3))
"""Series Instance UID, patient, slices. Those of nine have planes."""
COUNT = sum(slices for *_, slices in SERIES)


def save_folder(folder: Path) -> Path:
    """Four series of three patients; no two images have the same pixels."""
    number = 0
    for uid, patient, slices in SERIES:
        (folder / uid).mkdir(parents=True)
        for place in range(slices):
            pixels = HU.copy()
            pixels[8:16, 6:14] = 10 + 2 * number
            image = ct(
                ImagePositionPatient=[-10.0, -12.0, 2.0 * place],
                SliceThickness=2,
                PatientID=patient,
                PatientName=f"Name^{patient}",
                StudyInstanceUID=f"{uid}.9",
                StudyDate=DATE,
                SeriesDescription=f"Series {uid}",
                SeriesInstanceUID=uid,
                SOPInstanceUID=f"{uid}.{place + 1}",
                InstanceNumber=place + 1,
                PixelData=(pixels + 1024).astype("<u2").tobytes(),
            )
            save(image, folder / uid / f"{place:03}.dcm")
            number += 1
    return folder


def heat_of(image: Image) -> NDArray[np.float32]:
    """A heat map that no other image has."""
    series, _, place = image.header.sop_uid.rpartition(".")
    number = 9 * [uid for uid, *_ in SERIES].index(series) + int(place)
    heat = np.ones((4, 4), np.float32)
    heat[1, 1] = number / 30
    return heat


def scores_of(program: Program) -> list[ImageResult]:
    """The results of all images, each with a score of its own."""
    found = []
    for number, row in enumerate(program.workspace.table.rows):
        assert row.known is not None
        score = 0.03 + 0.039 * number
        found.append(replace(row.known, probability=score, logit=4 * score - 2))
    return found


def percents(text: str) -> list[str]:
    return re.findall(r"(?:[<>] )?\d+\.\d %", text)


def row_of(program: Program, image: Image) -> int:
    """The number of the row that an image is of, by its own header."""
    uid = image.header.sop_uid
    rows = program.workspace.table.rows
    [number] = [at for at, row in enumerate(rows) if row.header and row.header.sop_uid == uid]
    return number


def check_image_on_screen(program: Program) -> None:
    """The panel is of the image on screen; without one, of the selected row."""
    centre, panel, table = program.window.centre, program.window.result, program.workspace.table
    number = program.selection.image
    image = centre.content.image
    if centre.pages.currentWidget() in (centre.viewer, centre.comparison) and image is not None:
        number = row_of(program, image)
        members = program.workspace.series.members_with(number)
        place = f"{members.index(number) + 1}/{len(members)}"
        assert centre.content.place == f"{place} · ordered by position"
        assert len(centre.bar._marks) == len(members)
        check_heat_map(program, number, image)
    assert number is not None
    row = table.rows[number]
    assert panel.name.text() == table.name(row)
    check_whose(program, number)
    shown = row.known if row.known is not None and not row.is_blinded else None
    assert panel.number.text() == words.percent(shown.probability if shown else None)
    series = program.workspace.series.number_of(number)
    assert series is not None
    assert panel.series.summary.text().startswith(
        f"Series: {program.workspace.series.result_line(series)}"
    )
    assert percents(panel.series.summary.text()) == expected(program, series)


def check_heat_map(program: Program, number: int, image: Image) -> None:
    """The heat map over an image is that of this image, and none lies over a hidden one."""
    content = program.window.centre.content
    if content.heat_map is not None:
        assert not program.workspace.table.rows[number].is_blinded
        assert content.model_input is not None
        assert content.heat_map == heat_image(heat_of(image), content.model_input.head)


def check_whose(program: Program, number: int) -> None:
    """Above the number stand patient and place of that very image, by its own header."""
    panel, header = program.window.result, program.workspace.table.rows[number].header
    assert header is not None
    who = header.identity
    assert panel.patient.text() == who.patient
    assert header.geometry.position is not None
    [slices] = [slices for uid, _, slices in SERIES if uid == who.series_uid]
    place = round(header.geometry.position[2] / 2) + 1
    assert panel.place.text() == f"slice {place}/{slices}"


def expected(program: Program, series: int) -> list[str]:
    """The score of a series, worked out anew from its own images' results; none while hidden."""
    decision = decision_of(program, series)
    return [] if decision is None else [words.percent(decision.probability)]


def decision_of(program: Program, series: int) -> SeriesDecision | None:
    table, group = program.workspace.table, program.workspace.series[series].group
    rows = [table.rows[member] for member in group.members]
    if any(row.known is None or row.is_blinded for row in rows) or table.card is None:
        return None
    images: list[Any] = [row.image for row in table.rows]
    decision = SeriesRules(table.card, table.threshold).of(series_result(group, images))
    assert decision is not None
    return decision


def check_lists(program: Program) -> None:
    """Each line of worklist and image list shows its own images' results and thumbnails."""
    table, series, worklist = (
        program.workspace.table,
        program.workspace.series,
        program.workspace.worklist,
    )
    for number, row in enumerate(table.rows):
        shown = table.index(number, Column.PROBABILITY).data()
        hidden = row.known is None or row.is_blinded
        assert shown == (
            "" if hidden or row.known is None else words.percent(row.known.probability)
        )
        check_thumbnail(program, number, table.index(number, Column.IMAGE))
    for number in range(len(series)):
        index = worklist.index_of_series(number)
        assert worklist.series_at(index) == number
        shown = index.siblingAtColumn(WorklistColumn.SCORE).data()
        assert [shown] == (expected(program, number) or [""])
        assert set(series[number].top) <= set(series[number].members)
        check_thumbnail(program, shown_beside(program, number), index)
    check_rule(program)


def shown_beside(program: Program, series: int) -> int:
    """The row of the thumbnail beside a series: of the highest score, or while hidden the middle.

    The middle tells nothing of what is hidden.
    """
    rows, members = program.workspace.table.rows, program.workspace.series[series].members
    if decision_of(program, series) is None:
        return members[len(members) // 2]
    known = {member: rows[member].known for member in members}
    scores = {member: each.probability or 0.0 for member, each in known.items() if each}
    return max(scores, key=scores.__getitem__)


def check_thumbnail(program: Program, number: int, index: Index) -> None:
    """The thumbnail in a line is of that image, made anew from its file; or nothing so far."""
    shown = index.data(Qt.ItemDataRole.DecorationRole)
    if shown is not None:
        path = program.workspace.table.rows[number].path
        grey = thumbnail_of(path, path.stat().st_mtime_ns)
        assert isinstance(shown, QImage)
        assert shown.size().toTuple() == grey.shape[::-1]
        pixels = [shown.pixelColor(x, y).red() for y in range(grey.shape[0]) for x in (7, 10)]
        assert pixels == grey[:, (7, 10)].ravel().tolist()


@cache
def thumbnail_of(path: Path, _written: int) -> NDArray[np.uint8]:
    return read_thumbnail(path, 0)[1]


def check_rule(program: Program) -> None:
    """The line below the list names the selected series and its own rule."""
    rule, series = program.window.worklist.rule.told, program.workspace.series
    number = series.number_of(program.selection.image)
    decision = None if number is None else decision_of(program, number)
    if decision is None or number is None:
        assert not percents(rule.text())
        return
    name, middle, told = rule.text().partition(" · flagged when ")
    assert (name, bool(middle)) == (series[number].group.name, True)
    flagged = decision.threshold if decision.point is None else decision.point.threshold
    assert words.percent(flagged) in told


def check_several_views(program: Program) -> None:
    """Planes stand beside no score; a side shows the score of its own image and series."""
    centre = program.window.centre
    if centre.in_planes:
        texts = [label.text() for label in centre.findChildren(QLabel) if label.isVisible()]
        assert not any(percents(text) for text in texts)
        assert not program.window.result.isVisible()
        check_planes(program)
    for side in (centre.pair.left, centre.pair.right) if centre.side_by_side else ():
        check_side(program, side)


def check_planes(program: Program) -> None:
    """Slice, planes and cross-hair are of the selected image's series, and of no other one."""
    planes, row = program.window.centre.planes, program.selection.row
    assert row is not None
    assert row.header is not None
    own = row.header.identity
    for pane, content in planes.contents.items():
        assert content.heat_map is None
        if content.image is not None:
            who = content.image.header.identity
            same = content.image.header.sop_uid == row.header.sop_uid
            whole = same or program.selection.shown is None
            assert pane is not None or whole
            late = pane is None and program.selection.shown is None
            assert late or (who.patient_id, who.series_uid) == (own.patient_id, own.series_uid)


def check_side(program: Program, side: Side) -> None:
    table, image = program.workspace.table, side.content.image
    assert side.content.heat_map is None
    if side.image is None or image is None:
        assert not percents(side.result.text())
        assert image is None
        return
    row = table.rows[side.image]
    assert row.header is not None
    who = row.header.identity
    assert image.header.sop_uid == row.header.sop_uid
    assert who.patient in side.heading.text()
    assert f"Series {who.series_uid}" in side.heading.text()
    own = [] if row.known is None or row.is_blinded else [words.percent(row.known.probability)]
    series = program.workspace.series.number_of(side.image)
    assert series is not None
    assert percents(side.result.text()) == own + expected(program, series)


def check(program: Program) -> None:
    check_lists(program)
    assert program.window.windowTitle() == "folder — Cranioscope"
    if program.window.centre.hides_results:
        check_several_views(program)
    else:
        check_image_on_screen(program)


def copy(program: Program) -> None:
    """What goes to the clipboard is the image on screen, with its own place and name."""
    made: list[tuple[ViewedImage, str]] = []
    program.key_images._still = lambda viewed, place, _: made.append((viewed, place))  # type: ignore[method-assign, assignment]
    program.actions["copy_image"].trigger()
    del program.key_images._still
    for viewed, place in made:
        on_screen = program.window.centre.front.display.image
        assert viewed.image is not None
        assert on_screen is not None
        number = row_of(program, on_screen)
        assert row_of(program, viewed.image) == number
        row = program.workspace.table.rows[number]
        assert (viewed.path, place) == (row.path, program.workspace.series.place(number))


def check_none_of_former(program: Program) -> None:
    texts = said(program)
    assert not [text for text in texts if re.search(r"\bP[123]\b|Series [123]\.|folder —", text)]
    centre = program.window.centre
    sides = centre.pair.left.content, centre.pair.right.content
    for content in (centre.content, *centre.planes.contents.values(), *sides):
        assert content.image is None or content.image.header.identity.patient_id == "Q"
        assert content.image is not None or content.heat_map is None


def said(program: Program) -> list[str]:
    """Every word that the window shows."""
    window, texts = program.window, [program.window.windowTitle()]
    texts += [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    texts += [viewer.accessibleDescription() for viewer in window.centre.views]
    lists: list[QAbstractItemModel] = [program.workspace.table, program.workspace.worklist]
    for model in lists:
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                index = model.index(row, column)
                texts += [str(index.data()), str(index.data(DETAIL_ROLE))]
    return texts
