import os
import random
import socket
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage
from pydicom import uid
from pydicom.data import get_testdata_file

from imaging.errors import Code, ImageError, Status
from imaging.files import source
from imaging.files.find import find_files
from imaging.files.source import read_source
from imaging.input.prepare import Prepared, prepare
from imaging.input.recipe import InputRecipe
from imaging.reading import read_image
from imaging.sandbox.sandbox import Sandbox
from tests.make.dicom import compressed, ct, save

MUTATIONS = int(os.environ.get("CRANIOSCOPE_MUTATIONS", "300"))
"""How many damaged files to try; 10,000 take two minutes on two cores."""
SEED = int(os.environ.get("CRANIOSCOPE_SEED", "20"))
RECIPE = InputRecipe(size=64)
SEEDS = (
    "CT_small.dcm",
    "693_J2KI.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "MR_small_bigendian.dcm",
    "JPGExtended.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "image_dfl.dcm",
    "examples_palette.dcm",
    "rtdose_rle.dcm",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.submit(os.getpid).result(timeout=60)  # its threads start here, outside any test
        yield sandbox


def rows(sandbox: Sandbox, paths: list[Path]) -> list[Prepared | Code]:
    """One row a path, whatever it holds."""
    futures = [sandbox.submit(prepare, path, 0, RECIPE) for path in paths]
    answers: list[Prepared | Code] = []
    for future in futures:
        try:
            answers.append(future.result(timeout=120))
        except ImageError as error:
            answers.append(error.problem.code)
    return answers


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with some bytes flipped, overwritten, cut out, repeated, or its end missing."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16, 64))):
        # Half of the changes hit the header, which steers the decoders.
        limit = len(changed) if chance.random() < 0.5 else min(len(changed), 1500)
        at, length = chance.randrange(limit), chance.choice((1, 2, 4, 8))
        kind = chance.randrange(6)
        if kind < 2:
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            changed[at : at + length] = chance.randbytes(length)
        elif kind == 3:
            changed[at : at + length] = chance.choice((b"\0", b"\xff", b"\x7f")) * length
        elif kind == 4:
            del changed[at : at + length]
        else:
            changed[at:at] = changed[at : at + chance.randrange(64)]
    return bytes(changed[: chance.randrange(1, len(changed))] if chance.random() < 0.1 else changed)


def seeds(place: Path) -> list[bytes]:
    picture = PilImage.fromarray(np.add.outer(np.arange(64), np.arange(72)).astype(np.uint8))
    data = [Path(get_testdata_file(name, download=False)).read_bytes() for name in SEEDS]  # type: ignore[arg-type]
    for kind, options in (
        ("PNG", {}),
        ("JPEG", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("BMP", {}),
        ("GIF", {"save_all": True, "append_images": [picture.rotate(90)]}),
        ("WEBP", {}),
    ):
        file = BytesIO()
        picture.save(file, kind, **options)
        data.append(file.getvalue())
    for syntax in (uid.JPEGLSLossless, uid.JPEGLosslessSV1, uid.HTJ2KLossless):
        data.append(save(compressed(ct(), syntax), place, syntax).read_bytes())
    return data


def test_mutated_files_each_give_a_row(tmp_path: Path, sandbox: Sandbox) -> None:
    chance = random.Random(SEED)
    originals = seeds(tmp_path / "seed")
    found: Counter[str] = Counter()
    for start in range(0, MUTATIONS, 500):
        paths = []
        for number in range(start, min(start + 500, MUTATIONS)):
            path = tmp_path / f"{number % 500}"
            path.write_bytes(mutated(originals[number % len(originals)], chance))
            paths.append(path)
        answers = rows(sandbox, paths)
        assert len(answers) == len(paths)
        found.update("read" if isinstance(one, Prepared) else one.value for one in answers)
    print(dict(found.most_common()))
    assert found.total() == MUTATIONS
    assert found["read"] > MUTATIONS // 20
    assert found["damaged"] > MUTATIONS // 20


def test_every_file_of_pydicom_gives_a_row(sandbox: Sandbox) -> None:
    folder = Path(get_testdata_file("CT_small.dcm", download=False)).parent  # type: ignore[arg-type]
    found = list(find_files([folder]))
    files = [Path(top) / name for top, _, names in os.walk(folder) for name in names]
    assert {one.path for one in found} == set(files)
    answers = rows(sandbox, [one.path for one in found])
    statuses = {
        one.path.name: "refused"
        if isinstance(answer, Prepared) and answer.refusal
        else "read"
        if isinstance(answer, Prepared)
        else answer.value
        for one, answer in zip(found, answers, strict=True)
    }
    expected = {
        "J2K_pixelrep_mismatch.dcm": "read",
        "693_J2KI.dcm": "read",
        "CT_small.dcm": "refused",
        "MR_small.dcm": "refused",
        "image_dfl.dcm": "refused",
        "MR_truncated.dcm": "damaged",
        "DICOMDIR": "not_a_picture_object",
        "rtstruct.dcm": "not_a_picture_object",
        "waveform_ecg.dcm": "not_a_picture_object",
        "liver_1frame.dcm": "not_a_picture_object",
        "badVR.dcm": "inconsistent_header",
        "zipMR.gz": "unknown_content",
    }
    assert {name: statuses[name] for name in expected} == expected
    assert "decoder_died" not in statuses.values()


@pytest.mark.parametrize(
    "file", ["abort_gdcm_SC_rgb_jpeg_dcmtk.dcm", "slow_pylibjpeg_693_J2KI.dcm"]
)
def test_files_that_kill_or_hang_other_decoders(
    shared_data: Path, sandbox: Sandbox, file: str
) -> None:
    (answer,) = rows(sandbox, [shared_data / "hostile" / file])
    assert isinstance(answer, Prepared) or answer in (Code.DAMAGED, Code.INCONSISTENT_HEADER)


@pytest.mark.parametrize("name", ["SC_rgb_rle_2frame.dcm", "MR_small.dcm", "rtdose.dcm"])
def test_stored_values_equal_those_of_pydicom(name: str) -> None:
    import pydicom

    from imaging.dicom.attributes import Attributes
    from imaging.dicom.file import parse
    from imaging.dicom.pixels import as_numbers, layout_of, stored_values

    path = Path(get_testdata_file(name, download=False))  # type: ignore[arg-type]
    file = parse(read_source(path))
    layout = layout_of(Attributes(file.dataset, 0))
    expected = pydicom.dcmread(path).pixel_array
    for frame in range(layout.frames):
        ours = as_numbers(stored_values(file, layout, frame))
        assert np.array_equal(ours, expected[frame] if layout.frames > 1 else expected)


def test_pipes_sockets_and_folders_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        for name in ("pipe", "socket", "."):
            with pytest.raises(ImageError) as caught:
                read_image(tmp_path / name)
            assert caught.value.problem.code is Code.NOT_A_REGULAR_FILE
            assert caught.value.problem.status is Status.SKIPPED


def test_vanished_and_linked_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    expected = {
        "gone": Code.VANISHED,
        "nul\0": Code.VANISHED,
        "dangling": Code.DANGLING_LINK,
        "ring": Code.LINK_LOOP,
    }
    for name, code in expected.items():
        with pytest.raises(ImageError) as caught:
            read_image(tmp_path / name)
        assert caught.value.problem.code is code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(13, "Permission denied"), Code.NO_PERMISSION),
        (OSError(5, "Input/output error"), Code.CANNOT_READ),
    ],
)
def test_what_the_system_will_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, code: Code
) -> None:
    (tmp_path / "a").write_bytes(b"x")

    def refuse(*_: object) -> int:
        raise error

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ImageError) as caught:
        read_source(tmp_path / "a")
    assert caught.value.problem.code is code


def test_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"x" * 100)
    look, states = os.fstat, iter([b"y" * 100, b"y" * 50])

    def look_and_write(file: int) -> os.stat_result:
        state = look(file)
        if (content := next(states, None)) is not None:
            path.write_bytes(content)
        return state

    monkeypatch.setattr(os, "fstat", look_and_write)
    with pytest.raises(ImageError) as caught:
        read_source(path)
    assert caught.value.problem.code is Code.CHANGED_WHILE_READ


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 100)
    monkeypatch.setattr(source, "MAX_BYTES", 99)
    with pytest.raises(ImageError) as caught:
        read_source(path)
    assert caught.value.problem.code is Code.TOO_LARGE


def test_a_file_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    first = read_source(path)
    assert read_source(path) is first
    path.write_bytes(b"other")
    assert read_source(path).data == b"other"
