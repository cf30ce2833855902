import math
from dataclasses import replace

import pytest

from imaging.details import Detail
from imaging.eligibility import LEAST_FIELD, MOST_STRETCHED, Ineligible, refusal
from imaging.errors import Code, Problem, Status
from imaging.image import Geometry, Identity, ImageHeader, Unit
from imaging.messages import Message


def header(
    modality: str = "CT",
    image_type: tuple[str, ...] = ("ORIGINAL", "PRIMARY", "AXIAL"),
    part: str = "HEAD",
    title: str = "",
    sop_class: str = "1.2.840.10008.5.1.4.1.1.2",
    study: str = "",
) -> ImageHeader:
    return ImageHeader(
        Unit.HOUNSFIELD,
        512,
        512,
        kind="DICOM",
        sop_class=sop_class,
        image_type=image_type,
        body_part=part,
        identity=Identity(modality=modality, series_description=title, study_description=study),
    )


@pytest.mark.parametrize("part", ["", "HEAD", "Brain", "SKULL", "HEADNECK", "NECK", "HEAD_CHEST"])
def test_heads_and_unnamed_parts_pass(part: str) -> None:
    assert refusal(header(part=part)) is None


@pytest.mark.parametrize(
    "part",
    [
        *(
            "CHEST",
            "ABDOMEN",
            "Pelvis",
            "EXTREMITY",
            "LSPINE",
            "C SPINE",
            "PHANTOM",
            "ABD",
            "HEART",
        ),
        *(
            "PANCREAS",
            "Spleen",
            "STOMACH",
            "ADRENAL",
            "LUMBOSACRAL_SPINE",
            "LTKNEE",
            "RIB",
            "THIGH",
        ),
    ],
)
def test_other_body_parts_are_refused(part: str) -> None:
    problem = refusal(header(part=part))
    assert problem is not None
    assert (problem.code, problem.status) == (Code.OTHER_BODY_PART, Status.REFUSED)
    assert part in problem.sentence


@pytest.mark.parametrize(
    "title", ["Thorax 5.0 B31f", "ABD/PEL w contrast", "c_spine bone", "LUNG 1.25mm", "Knee left"]
)
def test_without_a_body_part_the_title_of_the_series_tells(title: str) -> None:
    problem = refusal(header(part="", title=title))
    assert problem is not None
    assert problem.sentence == f"CT of another body part ({title})."
    assert refusal(header(part="HEAD", title=title)) is None


@pytest.mark.parametrize(
    ("title", "study"),
    [
        ("", ""),
        ("5/5mm Plain", ""),
        ("Lv2", ""),
        ("Thorax 5.0", "CT Schädel und Thorax"),
        ("Chest", "HEAD_CHEST"),
        ("Head and spine", ""),
        ("NCCT feet first", ""),
        ("foot first", ""),
        ("", "CT Abdomen"),
        ("Knochendarstellung", ""),
        ("Nachbehandlung", ""),
        ("Delivered contrast", ""),
        ("Tete + thorax", ""),
        ("Chest/Abd/Pelvis", "CT TRAUMA"),
    ],
)
def test_a_title_that_may_be_of_a_head_refuses_nothing(title: str, study: str) -> None:
    assert refusal(header(part="", title=title, study=study)) is None


@pytest.mark.parametrize("kind", ["RCBF", "tmax", "MTT", "MAT_SPECIFIC"])
def test_maps_computed_from_images_are_refused(kind: str) -> None:
    problem = refusal(header(image_type=("DERIVED", "PRIMARY", "PERFUSION", kind)))
    assert problem is not None
    assert problem.sentence == f"Not an original CT image (a computed map: {kind.upper()})."


@pytest.mark.parametrize(
    "image_type",
    [
        ("ORIGINAL", "PRIMARY", "PERFUSION", "NONE"),
        ("DERIVED", "PRIMARY", "VOLUME", "MAT_REMOVED"),
        ("DERIVED", "PRIMARY", "AXIAL", "VMI"),
    ],
)
def test_images_made_for_maps_and_virtual_ones_in_hu_pass(image_type: tuple[str, ...]) -> None:
    assert refusal(header(image_type=image_type)) is None


@pytest.mark.parametrize("modality", ["MR", "CR", "US", "PT", "OT", "RTDOSE"])
def test_other_modalities_are_refused(modality: str) -> None:
    problem = refusal(header(modality))
    assert problem is not None
    assert problem.sentence == f"Not an original CT image ({modality})."


def test_an_empty_header_says_nothing() -> None:
    assert refusal(header("", (), "", sop_class="")) is None
    assert refusal(ImageHeader(Unit.GREY, 9, 9, kind="PNG")) is None


@pytest.mark.parametrize("kind", ["LOCALIZER", "scout", "TOPOGRAM"])
def test_localisers_are_refused_by_their_image_type(kind: str) -> None:
    problem = refusal(header(image_type=("ORIGINAL", "PRIMARY", kind)))
    assert problem is not None
    assert problem.code is Code.LOCALISER


@pytest.mark.parametrize(
    "title",
    [
        *("Scout", "Topogram 0.6 T20s", "Localizer", "Topogramm  0.6  T20s", "Topograma Cabeza"),
        *("Localizador", "Topogramme", "Localisateur", "Lokalisator", "LOCALIZZATORE", "Surview"),
        *(
            "ScanoGram",
            "Escanograma",
            "Pilot",
            "Repérage",
            "Übersicht lateral",
            "Uebersicht",
            "定位像",
        ),
        *("位置決め画像", "スカウト", "Топограмма", "Обзорная", "스카우트"),
    ],
)
def test_localisers_are_refused_by_their_title(title: str) -> None:
    problem = refusal(header(title=title))
    assert problem is not None
    assert problem.code is Code.LOCALISER


@pytest.mark.parametrize(
    ("image_type", "sop_class"),
    [
        (("DERIVED", "SECONDARY", "DOSE_INFO"), "1.2.840.10008.5.1.4.1.1.2"),
        (("DERIVED", "SECONDARY", "SCREEN SAVE"), "1.2.840.10008.5.1.4.1.1.2"),
        (("DERIVED", "SECONDARY"), "1.2.840.10008.5.1.4.1.1.7"),
        (("DERIVED", "SECONDARY"), "1.2.840.10008.5.1.4.1.1.7.4"),
    ],
)
def test_screenshots_and_dose_pages_are_refused(
    image_type: tuple[str, ...], sop_class: str
) -> None:
    problem = refusal(header(image_type=image_type, sop_class=sop_class))
    assert problem is not None
    assert problem.code is Code.WRONG_MODALITY


def test_a_reformatted_head_is_no_screenshot() -> None:
    assert refusal(header(image_type=("DERIVED", "SECONDARY", "REFORMATTED", "AVERAGE"))) is None


Orientation = tuple[float, float, float, float, float, float]


def turned(degrees: float) -> Orientation:
    """An axial slice, tilted about the line from ear to ear."""
    return 1, 0, 0, 0, math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


@pytest.mark.parametrize(
    ("orientation", "plane"),
    [
        ((1, 0, 0, 0, 0, -1), "coronal"),
        ((0, 1, 0, 0, 0, -1), "sagittal"),
        ((0.966, 0.259, 0, 0, 0, -1), "coronal"),
        (turned(65), "coronal"),
    ],
)
def test_slices_that_are_not_axial_are_refused(orientation: Orientation, plane: str) -> None:
    problem = refusal(replace(header(), geometry=Geometry(orientation=orientation)))
    assert problem is not None
    assert (problem.code, problem.status) == (Code.NOT_AXIAL, Status.REFUSED)
    assert problem.sentence == f"Not an axial slice ({plane})."


@pytest.mark.parametrize(
    ("title", "plane"),
    [("Coronal 2mm", Detail.CORONAL), ("MPR_SAG", Detail.SAGITTAL), ("矢状位", Detail.SAGITTAL)],
)
def test_without_an_orientation_the_title_tells_the_plane(title: str, plane: Detail) -> None:
    assert refusal(header(title=title)) == Problem(Code.NOT_AXIAL, Message(plane))
    axial = Geometry(orientation=turned(0))
    assert refusal(replace(header(title=title), geometry=axial)) is None


@pytest.mark.parametrize(
    "orientation",
    [turned(0), turned(30), turned(-45), turned(180), (0, 1, 0, -1, 0, 0), (-1, 0, 0, 0, 1, 0)],
)
def test_axial_slices_pass_however_they_are_tilted_or_turned(orientation: Orientation) -> None:
    assert refusal(replace(header(), geometry=Geometry(orientation=orientation))) is None


@pytest.mark.parametrize(("cosine", "refused"), [(0.5, False), (0.4999999, True)])
def test_a_slice_is_axial_up_to_sixty_degrees(cosine: float, refused: bool) -> None:
    orientation = (1.0, 0.0, 0.0, 0.0, cosine, math.sqrt(1 - cosine * cosine))
    problem = refusal(replace(header(), geometry=Geometry(orientation=orientation)))
    assert (problem is not None) is refused


@pytest.mark.parametrize(("spacing", "refused"), [((2.0, 0.5), False), ((0.5, 2.01), True)])
def test_pixels_of_a_senseless_shape_are_refused(
    spacing: tuple[float, float], refused: bool
) -> None:
    assert MOST_STRETCHED == 4
    problem = refusal(replace(header(), geometry=Geometry(spacing=spacing)))
    assert (problem is not None and problem.code is Code.INCONSISTENT_HEADER) is refused


@pytest.mark.parametrize(("wide", "refused"), [(79.9, True), (80.0, False)])
def test_an_image_that_no_head_fits_into_is_refused(wide: float, refused: bool) -> None:
    assert LEAST_FIELD == 80
    low = replace(header(), rows=128, geometry=Geometry(spacing=(0.1, wide / 512)))
    problem = refusal(low)
    assert (problem is not None and problem.code is Code.INCONSISTENT_HEADER) is refused
    if problem is not None:
        assert "80 mm wide" in problem.sentence


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("MIP", Ineligible.PROJECTION),
        ("MinIP", Ineligible.PROJECTION),
        ("PROJECTION IMAGE", Ineligible.PROJECTION),
        ("MAXIMUM", Ineligible.PROJECTION),
        ("SUBTRACTION", Ineligible.SUBTRACTION),
        ("IODINE_MAP", Ineligible.MAP),
        ("RCBF", Ineligible.MAP),
        ("3D", Ineligible.RENDERING),
        ("VRT", Ineligible.RENDERING),
        ("DOSE_INFO", Ineligible.PAGE),
    ],
)
def test_what_was_made_from_slices_is_named(kind: str, code: Ineligible) -> None:
    problem = refusal(header(image_type=("DERIVED", "SECONDARY", kind)))
    assert problem == Problem(Code.WRONG_MODALITY, Message(code, kind=kind.upper()))


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Head MIP 10mm", Ineligible.PROJECTION),
        ("AX_MIP", Ineligible.PROJECTION),
        ("Bone subtraction", Ineligible.SUBTRACTION),
        ("Sustracción ósea", Ineligible.SUBTRACTION),
        ("Iodine overlay", Ineligible.MAP),
        ("CBV", Ineligible.MAP),
        ("VRT head", Ineligible.RENDERING),
    ],
)
def test_titles_name_what_was_made_from_slices(title: str, code: Ineligible) -> None:
    problem = refusal(header(title=title))
    assert problem == Problem(Code.WRONG_MODALITY, Message(code, kind=title))


@pytest.mark.parametrize(
    "title", ["Head 0.6 for MIP", "Tempo", "Scouting hospital", "Subtle bleed"]
)
def test_titles_that_only_sound_like_it_pass(title: str) -> None:
    assert refusal(header(title=title)) is None


def test_colours_in_a_ct_are_a_rendering() -> None:
    problem = refusal(replace(header(), colour=True))
    assert problem == Problem(Code.WRONG_MODALITY, Message(Ineligible.RENDERING, kind="RGB"))
