"""What must not matter does not: order, names, copies, and how pixels are packed."""

import random
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image as PilImage
from pydicom import uid

from imaging.files.find import find_files
from imaging.headers import read_header
from imaging.image import ImageHeader
from imaging.input.prepare import prepare
from imaging.input.recipe import InputRecipe
from imaging.samples.phantom import Head
from imaging.series import duplicates, group_series
from tests.make.dicom import compressed, ct, save

RECIPE = InputRecipe(size=64)
SYNTAXES = (
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.RLELossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.JPEG2000Lossless,
    uid.HTJ2KLossless,
)
few = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
names = st.text(
    st.characters(exclude_characters='/\\:\0<>|"?*', exclude_categories=["Cs", "Cc"]),
    min_size=1,
    max_size=40,
).filter(lambda name: name.strip(". ") == name and not name.startswith("."))


def head(seed: int, height: float = 0.5) -> NDArray[np.int16]:
    return np.asarray(Head(seed, size=64).slice_at(height), dtype=np.int16)


def slice_file(path: Path, values: NDArray[np.int16], syntax: str, **attributes: object) -> Path:
    rows, columns = values.shape
    data = (values.astype(np.int32) + 1024).clip(0, 4095).astype("<u2").tobytes()
    known = {"PixelSpacing": [3.0, 3.0], **attributes}
    image = ct(Rows=rows, Columns=columns, PixelData=data, BitsStored=12, HighBit=11, **known)
    packed = syntax in SYNTAXES[3:]
    return save(compressed(image, syntax) if packed else image, path, syntax)


@few
@given(seed=st.integers(0, 1000), syntax=st.sampled_from(SYNTAXES))
def test_a_lossless_transfer_syntax_changes_nothing(
    tmp_path: Path, seed: int, syntax: uid.UID
) -> None:
    plain = prepare(slice_file(tmp_path / "a", head(seed), uid.ExplicitVRLittleEndian), 0, RECIPE)
    other = prepare(slice_file(tmp_path / "b", head(seed), syntax), 0, RECIPE)
    assert plain.refusal == other.refusal
    assert plain.pixels_digest == other.pixels_digest
    assert plain.network_input is not None
    assert other.network_input is not None
    assert np.array_equal(plain.network_input, other.network_input)
    assert np.array_equal(plain.thumbnail, other.thumbnail)


@few
@given(
    seed=st.integers(0, 1000),
    kind=st.sampled_from(["PNG", "BMP", "TIFF", "WEBP", "GIF", "JPEG2000"]),
)
def test_a_lossless_image_format_changes_nothing(tmp_path: Path, seed: int, kind: str) -> None:
    grey = np.clip(head(seed).astype(np.int32) * 3, 0, 255).astype(np.uint8)
    inputs = []
    for name, options in (("PNG", {}), (kind, {"lossless": True} if kind == "WEBP" else {})):
        file = BytesIO()
        PilImage.fromarray(grey).save(file, name, **options)
        (tmp_path / name).write_bytes(file.getvalue())
        inputs.append(prepare(tmp_path / name, 0, RECIPE).network_input)
    assert inputs[0] is not None
    assert inputs[1] is not None
    assert np.array_equal(inputs[0], inputs[1])


@few
@given(name=names, seed=st.integers(0, 1000))
def test_a_name_changes_nothing(name: str, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = slice_file(Path(folder) / "a", head(seed), uid.ExplicitVRLittleEndian)
        before = prepare(path, 0, RECIPE)
        try:
            after = prepare(path.rename(Path(folder) / name), 0, RECIPE)
        except OSError:  # longer than this file system takes
            return
    assert before.sha256 == after.sha256
    assert before.header == after.header
    assert np.array_equal(before.thumbnail, after.thumbnail)


def positions(entries: list[tuple[Path, ImageHeader]]) -> list[list[float]]:
    """Of the slices of each series, in its order."""
    found = []
    for series in group_series(entries):
        places = [entries[member][1].geometry.position for member in series.members]
        found.append([place[2] for place in places if place is not None])
    return sorted(found)


@pytest.fixture(scope="module")
def two_series(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, ImageHeader]]:
    folder = tmp_path_factory.mktemp("series")
    for number in range(12):
        slice_file(
            folder / f"IM{number}",
            head(3, 0.3 + 0.03 * number),
            uid.ExplicitVRLittleEndian,
            SeriesInstanceUID=f"1.2.{1 + number % 2}",
            SOPInstanceUID=f"1.2.3.{number}",
            ImagePositionPatient=[0.0, 0.0, 5.0 * number],
            InstanceNumber=number,
        )
    headers = [read_header(found.path) for found in find_files([folder])]
    return [(each.path, each.frames[0]) for each in headers]


@few
@given(chance=st.randoms())
def test_the_order_of_files_changes_no_series(
    two_series: list[tuple[Path, ImageHeader]], chance: random.Random
) -> None:
    shuffled = list(two_series)
    chance.shuffle(shuffled)
    expected = [[5.0 * number for number in range(start, 12, 2)] for start in (0, 1)]
    assert positions(shuffled) == positions(two_series) == expected


@few
@given(seed=st.integers(0, 1000), syntax=st.sampled_from(SYNTAXES))
def test_a_copy_elsewhere_has_the_same_result(tmp_path: Path, seed: int, syntax: uid.UID) -> None:
    path = slice_file(tmp_path / "a", head(seed), syntax)
    (tmp_path / "other").mkdir(exist_ok=True)
    copied = Path(shutil.copy(path, tmp_path / "other" / "copy.bin"))
    before, after = prepare(path, 0, RECIPE), prepare(copied, 0, RECIPE)
    assert (before.sha256, before.pixels_digest) == (after.sha256, after.pixels_digest)
    assert before.header == after.header
    assert before.refusal == after.refusal
    assert before.network_input is not None
    assert after.network_input is not None
    assert np.array_equal(before.network_input, after.network_input)


@few
@given(copied=st.sets(st.integers(0, 11), min_size=1))
def test_copies_beside_their_images_change_no_series(
    two_series: list[tuple[Path, ImageHeader]], copied: set[int]
) -> None:
    copies = [(two_series[at][0].with_name(f"copy {at}"), two_series[at][1]) for at in copied]
    both = [*two_series, *copies]
    assert duplicates(both) == set(range(12, 12 + len(copied)))
    assert [sorted(set(each)) for each in positions(both)] == positions(two_series)
