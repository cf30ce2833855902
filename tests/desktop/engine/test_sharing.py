from __future__ import annotations

import pickle
from dataclasses import replace

from desktop.engine.sharing import sharing
from imaging.image import Geometry, Identity, ImageHeader, Unit


def header(position: float) -> ImageHeader:
    """One slice of a series, of objects of its own, as it comes from a child process."""
    who = Identity(patient_id="PATIENT", study_uid="1.2.3", sop_uid=f"1.2.3.{position}")
    place = Geometry((0.0, 0.0, position), (1.0, 0.0, 0.0, 0.0, 1.0, 0.0))
    made = ImageHeader(Unit.HOUNSFIELD, 512, 512, identity=who, geometry=place)
    copied: ImageHeader = pickle.loads(pickle.dumps(made))
    return copied


def test_an_equal_header_is_the_same_object() -> None:
    before = header(1.0)
    assert sharing(header(1.0), before) is before


def test_of_another_one_equal_parts_are_and_it_stays_what_it_was() -> None:
    before, after = header(1.0), header(2.0)
    shared = sharing(after, before)
    assert shared == after
    assert shared.identity.patient_id is before.identity.patient_id
    assert shared.geometry.orientation is before.geometry.orientation
    assert shared.identity.sop_uid == after.identity.sop_uid


def test_nothing_is_shared_with_what_is_of_another_kind() -> None:
    image = ImageHeader(Unit.GREY, 1, 1)
    assert sharing(image, None) is image
    assert sharing(0, 0.0) == 0
    assert isinstance(sharing(0, 0.0), int)


def test_two_headers_never_become_one() -> None:
    before, after = header(1.0), replace(header(1.0), rows=256)
    assert (sharing(after, before).rows, before.rows) == (256, 512)
