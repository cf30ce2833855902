from __future__ import annotations

import pickle
from dataclasses import replace

from desktop.engine.sharing import sharing
from imaging.errors import Code, Problem
from imaging.hounsfield import Doubt
from imaging.image import Geometry, Identity, ImageHeader, Unit
from imaging.messages import Message


def header(position: float) -> ImageHeader:
    """One slice of a series, of objects of its own, as it comes from a child process."""
    who = Identity(patient_id="PATIENT", study_uid="1.2.3")
    place = Geometry((0.0, 0.0, position), (1.0, 0.0, 0.0, 0.0, 1.0, 0.0))
    made = ImageHeader(Unit.HOUNSFIELD, 512, 512, identity=who, geometry=place)
    made = replace(made, sop_uid=f"1.2.3.{position}")
    copied: ImageHeader = pickle.loads(pickle.dumps(made))
    return copied


def test_a_message_with_another_number_stays_the_message_that_it_was() -> None:
    def told(level: float) -> Problem:
        return Problem(Code.UNUSUAL_VALUES, Message(Doubt.AIR_ELSEWHERE, level=level))

    before, after = told(-954.0), told(-958.0)
    shared = sharing(after, before)
    assert shared == after
    assert shared.sentence == after.sentence
    assert pickle.loads(pickle.dumps(shared)).sentence == after.sentence
    warned = replace(header(2.0), warnings=(told(-958.0),))
    shared_header = sharing(warned, replace(header(1.0), warnings=(told(-954.0),)))
    assert [each.sentence for each in shared_header.warnings] == [after.sentence]


def test_an_equal_header_is_the_same_object() -> None:
    before = header(1.0)
    assert sharing(header(1.0), before) is before


def test_of_another_one_equal_parts_are_and_it_stays_what_it_was() -> None:
    before, after = header(1.0), header(2.0)
    shared = sharing(after, before)
    assert shared == after
    assert shared.identity is before.identity
    assert shared.geometry.orientation is before.geometry.orientation
    assert (shared.sop_uid, shared.geometry.position) == ("1.2.3.2.0", (0.0, 0.0, 2.0))


def test_numbers_of_a_tuple_are_shared_one_by_one() -> None:
    before, after = header(1.0).geometry.position, header(2.0).geometry.position
    assert before is not None
    assert sharing(after, before) == after
    assert [a is b for a, b in zip(sharing(after, before) or (), before, strict=True)] == [
        True,
        True,
        False,
    ]


def test_nothing_is_shared_with_what_is_of_another_kind() -> None:
    image = ImageHeader(Unit.GREY, 1, 1)
    assert sharing(image, None) is image
    assert sharing(0, 0.0) == 0
    assert isinstance(sharing(0, 0.0), int)


def test_two_headers_never_become_one() -> None:
    before, after = header(1.0), replace(header(1.0), rows=256)
    assert (sharing(after, before).rows, before.rows) == (256, 512)
