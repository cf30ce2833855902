import pickle

import pytest

from imaging.errors import Code, ImageError, Problem, Status


@pytest.mark.parametrize("code", list(Code))
def test_each_code_has_a_status_and_one_sentence(code: Code) -> None:
    problem = Problem(code)
    assert problem.status in Status
    assert problem.status is not Status.OK
    assert problem.sentence[0].isupper()
    assert problem.sentence.endswith(".")
    assert "\n" not in problem.sentence
    assert len(problem.sentence) < 80


KEPT = {
    Code.NOT_AN_IMAGE_OBJECT: "not_a_picture_object",
    Code.HOUNSFIELD_IMAGE: "hounsfield_picture",
}
"""Codes of tables that were exported before an image was called an image."""


def test_codes_and_statuses_are_words_for_a_csv_file() -> None:
    named = {code: code.name.lower() for code in Code}
    assert {code: code.value for code in Code} == named | KEPT
    assert {status.value for status in Status} == {"ok", "warning", "refused", "failed", "skipped"}


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [
        ("", "Not an original CT image."),
        ("MR", "Not an original CT image (MR)."),
        ("two\nlines\tand  blanks", "Not an original CT image (two lines and blanks)."),
        ("x" * 500, f"Not an original CT image ({'x' * 200})."),
    ],
)
def test_a_detail_stays_on_one_line(detail: str, sentence: str) -> None:
    assert Problem(Code.WRONG_MODALITY, detail).sentence == sentence


def test_an_error_survives_the_way_out_of_a_child() -> None:
    error = pickle.loads(pickle.dumps(ImageError(Code.BAD_RESCALE, "slope 0")))
    assert isinstance(error, ImageError)
    assert error.problem == Problem(Code.BAD_RESCALE, "slope 0")
    assert str(error) == "The values are not Hounsfield units (slope 0)."
