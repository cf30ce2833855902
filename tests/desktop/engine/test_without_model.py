from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as PilImage

from desktop.engine.anonymous import Anonymous
from desktop.engine.without_model import screen_unanswered
from imaging.errors import Code, ImageError, Problem, Status
from imaging.files.find import find_files
from imaging.image import Identity
from model.series_result import series_results
from tests.make.results import result


class AtOnce:
    """Calls in place of a sandbox's child."""

    def submit(self, function: Any, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except ImageError as error:
            future.set_exception(error)
        return future


def test_without_weights_files_are_judged_and_none_is_blamed(tmp_path: Path) -> None:
    grey = np.random.default_rng(1).integers(0, 255, (64, 64)).astype(np.uint8)
    PilImage.fromarray(grey).save(tmp_path / "1.png")
    PilImage.new("L", (64, 64)).save(tmp_path / "2 blank.png")
    (tmp_path / "3.png").write_bytes(b"")
    found = list(screen_unanswered(find_files([tmp_path]), AtOnce()))
    assert [each.status for each in found] == [Status.OK, Status.REFUSED, Status.FAILED]
    assert [each.problems for each in found] == [
        (),
        (Problem(Code.BLANK),),
        (Problem(Code.EMPTY_FILE),),
    ]
    assert [each.probability for each in found] == [None] * 3
    assert found[0].thumbnail is not None


def test_without_weights_series_are_grouped_all_the_same() -> None:
    [series] = series_results([result("/scans/1.png"), result("/scans/2.png")])
    assert (series.members, series.probability, series.status) == ((0, 1), None, Status.OK)


WHO = Identity("ID-7", "MUSTERMANN^ERIKA", "1.2.3", "1.2.3.4", "1.2.3.4.5", 9, "CT", "20260102")


def test_anonymous_findings_keep_the_answer_and_lose_the_person() -> None:
    known = result("/MUSTERMANN/a.dcm", 0.75, Problem(Code.LOSSY, "of ERIKA"), identity=WHO)
    [bare] = Anonymous().results([known])
    assert bare.header is not None
    assert (bare.probability, bare.status) == (0.75, known.status)
    assert bare.header.identity == Identity(
        "patient-1", "", "study-1", "series-1", "", instance_number=9, modality="CT"
    )
    assert str(bare.path) == "picture-00001"
    assert bare.problems == (Problem(Code.LOSSY),)
    assert known.header is not None
    assert known.header.identity == WHO


def test_anonymous_series_have_numbers_for_names() -> None:
    series = series_results([result("/MUSTERMANN/a.dcm", 0.75, identity=WHO)])
    [bare] = Anonymous().series(series)
    assert (bare.name, bare.members, bare.probability) == ("series-1", (0,), 0.75)
    assert "MUSTERMANN" not in repr(bare)


def test_anonymous_tables_can_still_be_joined() -> None:
    whose = [WHO, replace(WHO, patient_id="ID-8", patient_name=""), replace(WHO, series_uid="9")]
    results = [result(f"{n}.dcm", 0.5, identity=who) for n, who in enumerate(whose)]
    anonymous = Anonymous()
    bare = anonymous.results(results)
    ids = [each.header.identity for each in bare if each.header is not None]
    assert [each.patient_id for each in ids] == ["patient-1", "patient-2", "patient-1"]
    assert [each.series_uid for each in ids] == ["series-1", "series-2", "series-3"]
    assert [each.study_uid for each in ids] == ["study-1", "study-2", "study-1"]
    series = {each.identity.series_uid for each in anonymous.series(series_results(results))}
    assert series == {"series-1", "series-2", "series-3"}
