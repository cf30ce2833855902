"""The sample images are written whole, the same every time, and one of them is broken."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from pydicom import dcmread

from imaging.samples.samples import BROKEN, IMAGES, PYDICOM_SLICES, SLICES, write_samples


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("made") / "samples")


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_sample_is_there(samples: Path) -> None:
    files = [path for path in samples.rglob("*") if path.is_file()]
    assert len(files) == len(IMAGES) + 2 * SLICES + len(PYDICOM_SLICES) + 1
    assert (samples / BROKEN).exists()


def test_samples_are_the_same_bytes_every_time(samples: Path, tmp_path: Path) -> None:
    assert hashes(write_samples(tmp_path / "again")) == hashes(samples)


def test_samples_that_stand_are_not_written_again(samples: Path) -> None:
    before = (samples / BROKEN).stat().st_mtime_ns
    write_samples(samples)
    assert (samples / BROKEN).stat().st_mtime_ns == before


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OSError, match="not empty"):
        write_samples(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_series_is_a_valid_ct_that_names_no_patient(samples: Path) -> None:
    slices = [dcmread(path) for path in sorted((samples / "generated series with bleed").iterdir())]
    assert len({image.SeriesInstanceUID for image in slices}) == 1
    assert len({image.SOPInstanceUID for image in slices}) == SLICES
    assert {str(image.PatientID) for image in slices} == {"PHANTOM-011"}
    assert [image.ImagePositionPatient[2] for image in slices] == [9.0 * n for n in range(SLICES)]
    hu = slices[5].pixel_array + float(slices[5].RescaleIntercept)
    assert 20 < hu[230:280, 150:362].mean() < 70
