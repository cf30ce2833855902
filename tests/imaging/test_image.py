from dataclasses import replace

import pytest

from imaging.image import Geometry, Identity, ImageHeader, Unit, Window

WHO = Identity("7", "Doe^Jo", patient_birth_date="19500102", patient_sex="F")


@pytest.mark.parametrize(
    ("width", "level"), [(0, 40), (-80, 40), (float("nan"), 40), (80, float("inf"))]
)
def test_a_window_without_width_or_place_is_none(width: float, level: float) -> None:
    with pytest.raises(ValueError, match="not a window"):
        Window(width, level)


@pytest.mark.parametrize(
    "other",
    [
        replace(WHO, patient_name="DOE^JO"),
        replace(WHO, patient_name="Doe Jo"),
        replace(WHO, patient_name="Doe^Jo=杜^乔"),
        replace(WHO, patient_sex="f"),
        replace(WHO, study_uid="9", series_uid="8", patient_age="067Y"),
    ],
)
def test_one_patient_is_one_however_the_name_is_written(other: Identity) -> None:
    assert other.patient_key == WHO.patient_key


@pytest.mark.parametrize(
    "other",
    [
        replace(WHO, patient_id="8"),
        replace(WHO, patient_id=""),
        replace(WHO, patient_name="Doe^Jim"),
        replace(WHO, patient_name=""),
        replace(WHO, patient_birth_date="19500103"),
        replace(WHO, patient_birth_date=""),
        replace(WHO, patient_sex="M"),
        replace(WHO, issuer="North"),
    ],
)
def test_what_differs_in_id_issuer_name_birth_date_or_sex_is_another_patient(
    other: Identity,
) -> None:
    assert other.patient_key != WHO.patient_key


def test_birth_date_and_sex_alone_name_no_patient() -> None:
    unnamed = replace(WHO, patient_id="", patient_name="^")
    assert unnamed.patient_key == ("", "", "", "")


@pytest.mark.parametrize(
    "identity",
    [
        Identity(patient_id="7"),
        Identity(patient_name="Doe^Jo"),
        Identity(study_uid="1"),
        Identity(series_uid="2"),
    ],
)
def test_patient_study_or_series_alone_identifies_an_image(identity: Identity) -> None:
    assert identity.is_given


@pytest.mark.parametrize(
    "identity", [Identity(), Identity(patient_name="^", series_description="head")]
)
def test_without_patient_study_and_series_an_image_is_unidentified(identity: Identity) -> None:
    assert not identity.is_given


def test_a_person_reads_name_and_id() -> None:
    assert [WHO.patient, Identity("7").patient, Identity().patient] == ["Doe Jo 7", "7", ""]


@pytest.mark.parametrize(
    ("geometry", "pixel"),
    [
        (Geometry(spacing=(0.5, 0.4), aspect=2.0), (0.5, 0.4)),
        (Geometry(aspect=2.0), (2.0, 1.0)),
        (Geometry(), (1.0, 1.0)),
    ],
)
def test_a_pixel_has_its_size_or_its_proportion(
    geometry: Geometry, pixel: tuple[float, float]
) -> None:
    assert geometry.pixel == pixel


def test_an_image_is_the_same_by_who_and_where_it_is() -> None:
    one = ImageHeader(Unit.HOUNSFIELD, 4, 6, kind="DICOM", identity=WHO)
    assert one.is_same_image(replace(one, unit=Unit.GREY, warnings=()))
    for other in (
        replace(one, identity=replace(WHO, series_uid="2")),
        replace(one, sop_uid="2"),
        replace(one, instance_number=2),
        replace(one, geometry=Geometry(position=(0, 0, 5))),
        replace(one, frames=2),
        replace(one, kind="NIfTI"),
    ):
        assert not one.is_same_image(other)


def test_an_image_is_the_only_one_of_its_file_unless_told_otherwise() -> None:
    header = ImageHeader(Unit.GREY, 8, 8)
    assert (header.frame, header.frames, header.inverted, header.colour) == (0, 1, False, False)
