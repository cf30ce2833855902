from dataclasses import replace
from pathlib import Path

import pytest

from desktop.viewer.options import Overlay
from desktop.viewer.orientation import edge_letters
from desktop.viewer.overlay import Corners, Shown, corners, is_lossy
from desktop.viewer.viewer import Viewer
from imaging.errors import Code, Problem
from imaging.image import Geometry, Identity, ImageHeader, Unit, Window
from imaging.reading import read_image
from tests.make.viewing import ct, grey, move

HEADER = ImageHeader(
    Unit.HOUNSFIELD,
    512,
    512,
    identity=Identity(
        patient_id="42",
        patient_name="DOE^<b>JANE</b>\nM",
        modality="CT",
        study_date="20240131",
        study_time="0915",
        patient_age="067Y",
        patient_sex="F",
        study_description="HEAD & NECK",
        series_description="HEAD 4mm",
    ),
    geometry=Geometry(
        position=(0.0, 0.0, 61.84), thickness=4.0, tilt=18.5, kvp=120.0, spacing=(0.5, 0.5)
    ),
    warnings=(Problem(Code.LOSSY), Problem(Code.CONTRAST, "IOHEXOL")),
)
SHOWN = Shown(
    header=HEADER,
    place="12/28 · ordered by position",
    window=Window(80, 40),
    window_name="Brain",
    inverted=False,
    zoom=1.372,
    cursor=(256.7, 241.2),
    value=34.4,
    input_size=None,
    note="",
    tool="",
    identity_hidden=False,
)


def test_all_four_corners() -> None:
    assert corners(SHOWN, Overlay.ALL) == Corners(
        top_left=("DOE <b>JANE</b> M", "42", "67 y F"),
        top_right=(
            "HEAD & NECK",
            "2024-01-31 09:15",
            "CT",
            "A contrast agent was given (IOHEXOL).",
        ),
        bottom_left=(
            "12/28 · ordered by position",
            "W 80 L 40 (Brain)",
            "Zoom 137 %",
            "x 256 y 241: 34 HU",
            "Position 61.8 mm",
        ),
        bottom_right=(
            "Lossy compression",
            "HEAD 4mm",
            "Thickness 4 mm",
            "120 kVp",
            "Gantry tilt +18.5°",
        ),
    )


def test_minimal_keeps_what_reading_needs() -> None:
    assert corners(SHOWN, Overlay.MINIMAL) == Corners(
        top_left=("DOE <b>JANE</b> M", "42", "67 y F"),
        bottom_left=("12/28 · ordered by position", "W 80 L 40 (Brain)", "x 256 y 241: 34 HU"),
        bottom_right=("Lossy compression",),
    )


@pytest.mark.parametrize("overlay", [Overlay.ALL, Overlay.MINIMAL])
def test_what_the_left_button_does_is_said_unless_it_windows(overlay: Overlay) -> None:
    said = corners(replace(SHOWN, tool="Distance"), overlay)
    assert "Distance" in said.bottom_left


def test_none_is_none() -> None:
    assert corners(SHOWN, Overlay.NONE) == Corners()


def test_hidden_identity_leaves_no_word_of_the_patients_header() -> None:
    for overlay in (Overlay.ALL, Overlay.MINIMAL):
        lines = corners(replace(SHOWN, identity_hidden=True), overlay)
        text = "\n".join(line for corner in lines for line in corner)
        for secret in ("DOE", "JANE", "42", "2024", "NECK", "HEAD", "67", "09:15", "IOHEXOL"):
            assert secret not in text
        assert lines.top_left == ("Identity hidden",)
    whole = corners(replace(SHOWN, identity_hidden=True), Overlay.ALL)
    assert "Thickness 4 mm" in whole.bottom_right


@pytest.mark.parametrize(("modality", "shown"), [("CT", ("CT",)), ("CT OF J. DOE", ())])
def test_hidden_identity_shows_a_known_modality_and_no_free_text(
    modality: str, shown: tuple[str, ...]
) -> None:
    header = replace(HEADER, identity=replace(HEADER.identity, modality=modality))
    lines = corners(replace(SHOWN, header=header, identity_hidden=True), Overlay.ALL)
    assert lines.top_right == shown


@pytest.mark.parametrize("overlay", [Overlay.ALL, Overlay.MINIMAL])
def test_values_that_are_not_hounsfield_units_are_called_that(overlay: Overlay) -> None:
    header = replace(HEADER, unit=Unit.GREY, not_hounsfield=Problem(Code.NO_RESCALE))
    lines = corners(replace(SHOWN, header=header), overlay).bottom_left
    assert lines[0] == "Values are not HU"
    assert not any(line.endswith(" HU") for line in lines[1:])


def test_marks_that_turn_text_round_become_visible() -> None:
    named = replace(HEADER, identity=Identity(patient_name="DOE\u202eENAJ"))
    lines = corners(replace(SHOWN, header=named), Overlay.ALL)
    assert lines.top_left == ("DOE\N{REPLACEMENT CHARACTER}ENAJ",)


def test_empty_header_leaves_no_empty_lines() -> None:
    bare = replace(SHOWN, header=ImageHeader(Unit.GREY, 8, 8), cursor=None, value=None)
    assert corners(bare, Overlay.ALL) == Corners(
        bottom_left=("12/28 · ordered by position", "W 80 L 40 (Brain)", "Zoom 137 %")
    )


@pytest.mark.parametrize(
    ("unit", "input_size", "expected"),
    [
        (Unit.HOUNSFIELD, None, "x 256 y 241: 34 HU"),
        (Unit.GREY, None, "x 256 y 241: grey 34"),
        (Unit.HOUNSFIELD, 160, "x 256 y 241: grey 34"),
    ],
)
def test_value_names_its_unit(unit: Unit, input_size: int | None, expected: str) -> None:
    shown = replace(SHOWN, header=replace(HEADER, unit=unit), input_size=input_size)
    assert expected in corners(shown, Overlay.ALL).bottom_left


def test_inverted_and_note_are_said() -> None:
    lines = corners(replace(SHOWN, inverted=True, note="Look here"), Overlay.MINIMAL).bottom_left
    assert "W 80 L 40 (Brain) · inverted" in lines
    assert "Look here" in lines


def words(viewer: Viewer) -> str:
    """All lines of the overlay."""
    shown = viewer.display.shown()
    assert shown is not None
    return "\n".join(line for corner in corners(shown, Overlay.ALL) for line in corner)


def test_cursor_reads_hounsfield_on_ct(viewer: Viewer) -> None:
    viewer.display.content.show(ct(40.0), "1/2")
    move(viewer, viewer.rect().center())
    assert "x 49 y 49: 40 HU" in words(viewer) or "x 50 y 50: 40 HU" in words(viewer)
    move(viewer, viewer.rect().topLeft())
    assert "HU" not in words(viewer)


def test_grey_images_never_say_hounsfield(viewer: Viewer) -> None:
    viewer.display.content.show(grey(100), "1/2", "images")
    move(viewer, viewer.rect().center())
    for digit in "0123456789":
        viewer.display.apply_digit(digit)
        lines = words(viewer).replace("windows in HU do not apply", "")
        assert "grey 100" in lines
        assert "HU" not in lines
        assert "Brain" not in lines


def test_named_window_is_named_until_it_is_dragged(viewer: Viewer) -> None:
    viewer.display.content.show(ct(), "1/2")
    viewer.display.apply_digit("5")
    assert "W 2800 L 600 (Bone)" in words(viewer)
    viewer.display.drag_window(8, 0, 1.0)
    assert "W 2808 L 600\n" in words(viewer)


def test_every_overlay_paints(viewer: Viewer) -> None:
    viewer.display.content.show(replace(ct(), header=replace(HEADER, rows=100, columns=100)), "1/2")
    images = []
    for _ in Overlay:
        images.append(viewer.grab().toImage())
        viewer.display.options.overlay = viewer.display.overlay.following()
    assert images[0] != images[1]
    assert images[1] != images[2]


def test_hidden_identity_in_the_viewer(viewer: Viewer) -> None:
    viewer.display.content.show(replace(ct(), header=HEADER), "1/2")
    assert "DOE" in words(viewer)
    viewer.display.options.hide_identity = True
    assert "DOE" not in words(viewer)


def test_real_head_ct_says_where_it_lies(viewer: Viewer, shared_data: Path) -> None:
    viewer.display.content.show(read_image(shared_data / "dicom-head-ge" / "15.dcm"), "15/28", "ge")
    viewer.display.cursor = viewer.display.placement.to_view((256.5, 256.5))
    shown = viewer.display.shown()
    assert shown is not None
    assert edge_letters(shown.header.geometry) == ("R", "A", "L", "P")
    lines = words(viewer).splitlines()
    assert "W 85 L 35" in lines
    assert "Thickness 7 mm" in lines
    assert "120 kVp" in lines
    assert any(line.startswith("x 256 y 256: ") and line.endswith(" HU") for line in lines)


def test_lossy_is_what_the_reader_warned_of() -> None:
    header = ImageHeader(Unit.GREY, 1, 1, warnings=(Problem(Code.COLOUR), Problem(Code.LOSSY)))
    assert is_lossy(header)
    assert not is_lossy(ImageHeader(Unit.GREY, 1, 1))
