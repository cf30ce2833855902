import os
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file

from imaging.errors import Code, ImageError, Status
from imaging.files import source
from imaging.files.find import find_files
from imaging.files.limits import MAX_BYTES
from imaging.files.source import read_source
from imaging.input.prepare import Prepared, prepare
from imaging.input.recipe import InputRecipe
from imaging.reading import read_image
from imaging.sandbox.sandbox import Sandbox

RECIPE = InputRecipe(size=64)


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
    assert MAX_BYTES == 1 << 30
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
