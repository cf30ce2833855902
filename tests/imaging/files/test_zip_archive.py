"""A ZIP is a folder: its files are found, read and refused as those of a folder are."""

from __future__ import annotations

import struct
import time
import tracemalloc
import zipfile
import zlib
from binascii import crc32
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from inflate64 import Deflater
from PIL import Image as PilImage

from imaging.errors import Code, ImageError, Problem
from imaging.files import source
from imaging.files import zip_archive as archive
from imaging.files.find import Found, find_files
from imaging.files.source import read_source
from imaging.files.zip_archive import Archived
from imaging.messages import Message
from imaging.reading import read_image
from tests.make.dicom import HU, ct, save


def png(grey: int) -> bytes:
    file = BytesIO()
    PilImage.new("L", (16, 16), grey).save(file, "PNG")
    return file.getvalue()


def packed(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_files_in_a_zip_are_found_in_order_and_read(tmp_path: Path, method: int) -> None:
    names = ["s/10.png", "s/2.png", "头颅/a b.png"]
    path = packed(tmp_path / "Study.ZIP", {n: png(i) for i, n in enumerate(names)}, method)
    (tmp_path / "z.png").write_bytes(png(9))
    found = [each.path for each in find_files([tmp_path])]
    expected = [path / "s" / "2.png", path / "s" / "10.png", path / "头颅" / "a b.png"]
    assert found == [*expected, tmp_path / "z.png"]
    assert [int(read_image(each).pixels[0, 0]) for each in found] == [1, 0, 2, 9]


def test_a_dicom_slice_in_a_zip_is_the_same_as_beside_it(tmp_path: Path) -> None:
    plain = save(ct(), tmp_path / "plain.dcm")
    path = packed(tmp_path / "a.zip", {"IM0001": plain.read_bytes()})
    here, there = source.read_source(path / "IM0001"), source.read_source(plain)
    assert here.sha256 == there.sha256
    assert np.array_equal(read_image(path / "IM0001").pixels, HU)


def test_a_zip_that_was_named_itself_is_opened_and_comes_once(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"1.png": png(1)})
    assert list(find_files([path, tmp_path, path])) == [Found(path / "1.png")]


def test_nothing_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "a.zip", {"1.png": png(1)})
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temp"))
    for each in find_files([path]):
        read_image(each.path)
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_called_a_zip_and_is_none_is_read_as_what_it_is(tmp_path: Path) -> None:
    image = tmp_path / "image.zip"
    image.write_bytes(png(5))
    (tmp_path / "text.zip").write_text("no archive", encoding="utf-8")
    packed(tmp_path / "nothing.zip", {})
    assert [each.path.name for each in find_files([tmp_path])] == [
        *("image.zip", "nothing.zip", "text.zip")
    ]
    assert read_image(image).pixels[0, 0] == 5
    with pytest.raises(ImageError, match="Neither an image file nor a DICOM object"):
        read_image(tmp_path / "text.zip")


def test_names_that_lead_out_of_the_archive_are_rows_and_lead_nowhere(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "C:../x.png", "/../x.png", "x.png:stream", "a\\..\\b.png"]
    path = packed(tmp_path / "a.zip", {name: png(1) for name in [*names, "ok.png"]})
    found = list(find_files([path]))
    assert len(found) == 6
    assert all(each.path.parent == path for each in found)
    assert [each.path.name for each in found if each.problem is None] == ["ok.png"]
    for each in found:
        if each.problem is not None:
            with pytest.raises(ImageError, match="no longer there"):
                read_image(each.path)
    assert {each.problem.code for each in found if each.problem} == {Code.CANNOT_READ}


def test_root_and_drive_are_left_out_of_names(tmp_path: Path) -> None:
    names = ["/abs.png", "//server/x.png", "C:/a/y.png", "d:z.png"]
    path = packed(tmp_path / "a.zip", {name: png(at) for at, name in enumerate(names)})
    inside = [str(each.path.relative_to(path)) for each in find_files([path])]
    assert inside == ["a/y.png", "abs.png", "server/x.png", "z.png"]
    read = [int(read_image(path / name).pixels[0, 0]) for name in inside]
    assert read == [2, 0, 1, 3]


@pytest.mark.parametrize(
    ("damage", "code", "said"),
    [
        (lambda data: data[:-30], Code.DAMAGED, Archived.CUT),
        (
            lambda data: data[:-18] + struct.pack("<HH", 1, 1) + data[-14:],
            Code.CANNOT_READ,
            Archived.SPLIT,
        ),
    ],
)
def test_a_zip_cut_short_or_split_is_named(
    tmp_path: Path, damage: Callable[[bytes], bytes], code: Code, said: Archived
) -> None:
    path = packed(tmp_path / "a.zip", {"b.png": png(1)})
    path.write_bytes(damage(path.read_bytes()))
    assert [each.problem for each in find_files([path])] == [Problem(code, Message(said))]


def test_steps_that_lead_nowhere_are_harmless(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"./b.png": png(1), "c//d.png": png(2)})
    found = list(find_files([path]))
    assert found == [Found(path / "b.png"), Found(path / "c" / "d.png")]
    assert [int(read_image(each.path).pixels[0, 0]) for each in found] == [1, 2]


def test_a_member_without_a_name_is_a_row(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"x": png(1), "y.png": png(2)})
    with zipfile.ZipFile(path, "a") as more:
        more.writestr(zipfile.ZipInfo(""), png(3))
    found = list(find_files([path]))
    assert len(found) == 3
    assert [each.path.name for each in found if each.problem is not None] == ["_"]


def test_the_directory_is_read_once_for_many_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "a.zip", {f"{n}.png": png(n) for n in range(20)})
    opened: list[Path] = []
    whole = zipfile.ZipFile

    def counted(file: Path) -> zipfile.ZipFile:
        opened.append(file)
        return whole(file)

    monkeypatch.setattr(zipfile, "ZipFile", counted)
    for number in range(20):
        assert read_image(path / f"{number}.png").pixels[0, 0] == number
    assert len(opened) == 1


def test_two_of_one_name_and_an_encrypted_one_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.png", png(1))
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("a.png", png(1))
        made.writestr("b.png", png(1))
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")  # of b.png in the directory
    data[entry + 8] |= 1
    path.write_bytes(data)
    assert [each.problem for each in find_files([path])] == [
        None,
        Problem(Code.CANNOT_READ, Message(Archived.TWICE)),
        Problem(Code.CANNOT_READ, Message(Archived.ENCRYPTED)),
    ]
    with pytest.raises(ImageError, match="encrypted"):
        read_image(path / "b.png")


def test_damage_inside_costs_one_row(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"1.png": png(1), "2.png": png(2)}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"IDAT") + 6] ^= 0xFF
    path.write_bytes(data)
    found = [each.path for each in find_files([path])]
    with pytest.raises(ImageError, match="damaged"):
        read_image(found[0])
    assert read_image(found[1]).pixels[0, 0] == 2


def test_a_bomb_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "a.zip", {"honest": bytes(2_000_000), "liar": bytes(2_000_000)})
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")  # what it says it unpacks to
    path.write_bytes(data)
    for name in ("honest", "liar"):
        with pytest.raises(ImageError) as error:
            archive.read(path, path / name, (), 1_000_000 if name == "honest" else 900)
        assert error.value.problem.code in (Code.TOO_LARGE, Code.DAMAGED)
    monkeypatch.setattr(archive, "MAX_MEMBERS", 1)
    [found] = find_files([path])
    assert found.problem == Problem(Code.TOO_LARGE, Message(Archived.FILES, count=2))


def test_a_file_that_left_the_archive_has_vanished(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"1.png": png(1)})
    with pytest.raises(ImageError) as error:
        read_image(path / "2.png")
    assert error.value.problem.code is Code.VANISHED
    packed(path, {"1.png": b""})
    with pytest.raises(ImageError) as error:
        read_image(path / "1.png")
    assert error.value.problem.code is Code.EMPTY_FILE


def renamed(path: Path, names: dict[str, bytes], flags: int = 0) -> Path:
    """Put other bytes of the same length in place of names, with these flags for names."""
    data = path.read_bytes()
    for name, raw in names.items():
        assert len(name) == len(raw)
        data = data.replace(name.encode(), raw)
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(mark)
        while start >= 0:
            changed[start + at : start + at + 2] = flags.to_bytes(2, "little")
            start = changed.find(mark, start + 4)
    path.write_bytes(changed)
    return path


def test_backslashes_are_steps(tmp_path: Path) -> None:
    path = renamed(
        packed(tmp_path / "a.zip", {"DICOM/PA1/IM1": png(7)}), {"DICOM/PA1/IM1": b"DICOM\\PA1\\IM1"}
    )
    [found] = find_files([path])
    assert found == Found(path / "DICOM" / "PA1" / "IM1")
    assert read_image(found.path).pixels[0, 0] == 7


@pytest.mark.parametrize(
    ("name", "raw", "shown"),
    [
        ("abcdefgh/1", "患者一号".encode("gb2312") + b"/1", "患者一号/1"),
        ("abcdef/1", "患者".encode() + b"/1", "患者/1"),
        ("Mxnchen/1", b"M\x81nchen/1", "München/1"),
    ],
)
def test_names_without_a_flag_are_read_in_what_they_were_written_in(
    tmp_path: Path, name: str, raw: bytes, shown: str
) -> None:
    path = renamed(packed(tmp_path / "a.zip", {name: png(7)}), {name: raw})
    [found] = find_files([path])
    assert found.path.relative_to(path).as_posix() == shown
    assert read_image(found.path).pixels[0, 0] == 7


@pytest.mark.parametrize(("name_of", "shown"), [("头", "头颅/1"), ("x", "Mxnchen")])
def test_a_name_in_the_extra_field_counts_where_it_is_of_this_name(
    tmp_path: Path, name_of: str, shown: str
) -> None:
    """Info-ZIP's field has the checksum of the name that it goes with, after another field."""
    raw = b"M\x81nchen"
    crc = zlib.crc32(raw if name_of == "头" else b"another")
    field = b"\x01" + crc.to_bytes(4, "little") + "头颅/1".encode()
    info = zipfile.ZipInfo("Mxnchen")
    info.extra = b"UT\x01\x00\x07" + b"\x75\x70" + len(field).to_bytes(2, "little") + field
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(info, png(7))
    renamed(path, {"Mxnchen": raw})
    [found] = find_files([path])
    assert found.path.relative_to(path).as_posix() == shown.replace("Mx", "Mü")


def test_a_zip_without_a_suffix_is_opened(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"s/IM1": png(7)}).rename(tmp_path / "archive")
    save(ct(), tmp_path / "IM2")
    found = [each.path for each in find_files([tmp_path])]
    assert found == [path / "s" / "IM1", tmp_path / "IM2"]
    assert read_image(path / "s" / "IM1").pixels[0, 0] == 7


def test_a_zip_in_a_zip_is_opened_once(tmp_path: Path) -> None:
    packed(tmp_path / "innermost.zip", {"deep.png": png(3)})
    innermost = (tmp_path / "innermost.zip").read_bytes()
    packed(tmp_path / "inner.zip", {"s/1.png": png(1), "in.zip": innermost, "2.png": png(2)})
    inner = (tmp_path / "inner.zip").read_bytes()
    path = packed(tmp_path / "outer.zip", {"a/inner.zip": inner, "z.png": png(9)})
    found = list(find_files([path]))
    names = [each.path.relative_to(path).as_posix() for each in found]
    start = "a/inner.zip"
    assert names == [f"{start}/2.png", f"{start}/in.zip", f"{start}/s/1.png", "z.png"]
    assert [read_image(found[at].path).pixels[0, 0] for at in (0, 2, 3)] == [2, 1, 9]
    with pytest.raises(ImageError, match="a ZIP archive"):
        read_image(found[1].path)


def test_what_is_called_a_zip_within_one_and_is_none_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"b.zip": png(5), "c.zip": b"no archive"})
    found = list(find_files([path]))
    assert found == [Found(path / "b.zip"), Found(path / "c.zip")]
    assert read_image(found[0].path).pixels[0, 0] == 5


@pytest.mark.parametrize(("excess", "is_opened"), [(0, True), (-1, False)])
def test_a_zip_in_a_zip_is_opened_up_to_a_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, excess: int, is_opened: bool
) -> None:
    inner = packed(tmp_path / "inner.zip", {"1.png": png(1)}).read_bytes()
    path = packed(tmp_path / "outer.zip", {"inner.zip": inner})
    assert archive.MAX_NESTED == 256 << 20
    monkeypatch.setattr(archive, "MAX_NESTED", len(inner) + excess)
    [found] = find_files([path])
    assert (found.path.name == "1.png") == is_opened
    assert is_opened or found.problem is not None


def said_to_be(path: Path, method: int) -> None:
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.find(mark) + at] = method
    path.write_bytes(data)


def deflate64(folder: Path, content: bytes, name: str = "1.png") -> Path:
    """A ZIP of one file in Deflate64, which zipfile itself cannot write."""
    deflater = Deflater()
    path = folder / "a.zip"
    packed_content = deflater.deflate(content) + deflater.flush()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as written:
        written.writestr(name, packed_content)
    data = bytearray(path.read_bytes())
    known = struct.pack("<LLL", crc32(content), len(packed_content), len(content))
    for mark, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        start = data.find(mark) + at
        data[start : start + 12] = known
    path.write_bytes(data)
    said_to_be(path, 9)
    return path


def test_deflate64_is_read(tmp_path: Path) -> None:
    [found] = find_files([deflate64(tmp_path, png(7))])
    assert found.problem is None
    assert read_source(found.path).data == png(7)
    assert read_image(found.path).header.kind == "PNG"


@pytest.mark.parametrize("place", [60, -120, 41])
def test_damaged_deflate64_fails(tmp_path: Path, place: int) -> None:
    path = deflate64(tmp_path, bytes(range(256)) * 64, "1.bin")
    data = bytearray(path.read_bytes())
    data[place] ^= 0x55
    path.write_bytes(data)
    [found] = find_files([path])
    with pytest.raises(ImageError) as error:
        read_source(found.path)
    assert error.value.problem.code is Code.DAMAGED


def test_deflate64_is_bounded_whatever_it_announces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = deflate64(tmp_path, bytes(1 << 20), "1.bin")
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        data[data.find(mark) + at : data.find(mark) + at + 4] = struct.pack("<L", 10)
    path.write_bytes(data)
    with pytest.raises(ImageError) as error:
        archive.read(path, path / "1.bin", (1,), 1000)
    assert error.value.problem.code is Code.TOO_LARGE


def test_a_zip_within_in_deflate64_is_named(tmp_path: Path) -> None:
    path = deflate64(tmp_path, packed(tmp_path / "b", {"1.png": png(1)}).read_bytes(), "b.zip")
    [found] = find_files([path])
    problem = Problem(Code.CANNOT_READ, Message(Archived.METHOD, name="Deflate64"))
    assert (found.path, found.problem) == (path / "b.zip", problem)


def test_a_method_that_is_not_supported_is_named(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"1.png": png(1)})
    said_to_be(path, 98)
    [found] = find_files([path])
    problem = Problem(Code.CANNOT_READ, Message(Archived.METHOD, name="PPMd"))
    assert found.problem == problem
    with pytest.raises(ImageError) as error:
        read_image(found.path)
    assert error.value.problem == problem


def directory(count: int) -> bytes:
    """A ZIP of nothing but a directory of so many empty names."""
    entry = b"PK\x01\x02" + bytes(42)
    said = min(count, 9).to_bytes(2, "little")
    size = (count * len(entry)).to_bytes(4, "little")
    return entry * count + b"PK\x05\x06" + bytes(4) + said * 2 + size + bytes(6)


@pytest.mark.parametrize(("excess", "code"), [(0, None), (1, Code.TOO_LARGE)])
def test_a_directory_is_counted_before_anything_is_made_of_it(
    monkeypatch: pytest.MonkeyPatch, excess: int, code: Code | None
) -> None:
    assert archive.MAX_MEMBERS == 100_000
    monkeypatch.setattr(archive, "MAX_MEMBERS", 50)
    try:
        archive.check_directory(BytesIO(directory(50 + excess)))
        found = None
    except ImageError as error:
        found = error.problem.code
    assert found is code


def test_a_million_names_are_refused_in_a_second_and_a_few_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(directory(1_000_000))
    tracemalloc.start()
    began = time.process_time()
    [found] = find_files([path])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.problem is not None
    assert found.problem.code is Code.TOO_LARGE
    assert time.process_time() - began < 2.0
    assert most < 64 << 20


@pytest.mark.parametrize("excess", [0, 1])
def test_the_longest_directory_is_read_and_one_byte_more_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, excess: int
) -> None:
    path = packed(tmp_path / "a.zip", {"1.png": png(1), "2.png": png(2)})
    data = path.read_bytes()
    size = int.from_bytes(data[-10:-6], "little")  # as the end of the archive says
    assert archive.MAX_DIRECTORY == 32 << 20
    monkeypatch.setattr(archive, "MAX_DIRECTORY", size - excess)
    found = [each.problem for each in find_files([path])]
    refusal = Problem(Code.TOO_LARGE, Message(Archived.FILES, count=2))
    assert found == ([None, None] if excess == 0 else [refusal])


@pytest.mark.parametrize(
    ("disk", "is_split"), [(0, False), (1, True), (65534, True), (65535, False)]
)
def test_only_the_number_of_a_disk_makes_an_archive_a_part(disk: int, is_split: bool) -> None:
    """65,535 says that another record, that of large archives, has the number."""
    data = bytearray(directory(1))
    at = data.rfind(b"PK\x05\x06") + 4
    data[at : at + 2] = struct.pack("<H", disk)
    if not is_split:
        archive.check_directory(BytesIO(data))
        return
    with pytest.raises(ImageError) as caught:
        archive.check_directory(BytesIO(data))
    assert caught.value.problem == Problem(Code.CANNOT_READ, Message(Archived.SPLIT))


@pytest.mark.parametrize("excess", [0, 1])
def test_an_archive_may_announce_the_most_files(
    monkeypatch: pytest.MonkeyPatch, excess: int
) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 9 - excess)
    if excess == 0:
        archive.check_directory(BytesIO(directory(9)))
        return
    with pytest.raises(ImageError) as caught:
        archive.check_directory(BytesIO(directory(9)))
    assert caught.value.problem.code is Code.TOO_LARGE


@pytest.mark.parametrize("damaged", [False, True])
def test_the_largest_file_in_deflate64_is_checked_like_any_other(
    tmp_path: Path, damaged: bool
) -> None:
    content = bytes(range(250)) * 4
    path = deflate64(tmp_path, content, "1.bin")
    if damaged:
        data = bytearray(path.read_bytes())
        data[data.find(b"PK\x01\x02") + 16] ^= 1  # the checksum in the directory
        path.write_bytes(data)
        with pytest.raises(ImageError) as caught:
            archive.read(path, path / "1.bin", (1,), len(content))
        assert caught.value.problem.code is Code.DAMAGED
        return
    assert archive.read(path, path / "1.bin", (1,), len(content)) == content
    with pytest.raises(ImageError) as caught:
        archive.read(path, path / "1.bin", (2,), len(content) - 1)
    assert caught.value.problem.code is Code.TOO_LARGE
