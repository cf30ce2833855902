"""What a file is that is no image: named by its content, so that its reason can say so."""

from __future__ import annotations

import codecs
import contextlib
import zlib

from imaging.messages import Message, MessageCode


class Content(MessageCode):
    """Kinds of content that this program does not read, and companions of images."""

    ZIP = "content_zip", "a ZIP archive; unpack it first"
    SPLIT_ZIP = (
        "content_split_zip",
        "a part of a ZIP archive that was split; join or unpack it first",
    )
    GZIP = "content_gzip", "a gzip archive; unpack it first"
    SEVEN_ZIP = "content_7z", "a 7z archive; unpack it first"
    RAR = "content_rar", "a RAR archive; unpack it first"
    TAR = "content_tar", "a tar archive; unpack it first"
    CD_IMAGE = "content_cd_image", "an image of a CD (ISO); open or unpack it first"
    PDF = "content_pdf", "a PDF document"
    OFFICE = "content_office", "an Office document or a list of thumbnails"
    WEB_PAGE = "content_web_page", "a web page"
    GIT_LFS = "content_git_lfs", "a Git LFS pointer; the file itself was not fetched"
    ZEROS = "content_zeros", "only zeros"
    NRRD = "content_nrrd", "an NRRD volume"
    META_IMAGE = "content_meta_image", "a MetaImage volume (MHA)"
    NUMPY = "content_numpy", "a NumPy array (npy)"
    HDF5 = "content_hdf5", "an HDF5 or MINC file"
    NETCDF = "content_netcdf", "a NetCDF or MINC file"
    MATLAB = "content_matlab", "a MATLAB file"
    PARQUET = "content_parquet", "a Parquet table"
    SQLITE = "content_sqlite", "an SQLite database"
    OTHER_ARCHIVE = "content_archive", "an archive of another kind; unpack it first"
    JPEG_LS = "content_jpeg_ls", "a JPEG-LS image outside of DICOM"
    RARE_JPEG = "content_rare_jpeg", "a lossless or 12-bit JPEG image outside of DICOM"
    JPEG_XL = "content_jpeg_xl", "a JPEG XL image"
    NETPBM = "content_netpbm", "a Netpbm image (PGM, PPM)"
    PHOTOSHOP = "content_photoshop", "a Photoshop file"
    JPEG_XR = "content_jpeg_xr", "a JPEG XR image"
    DRAWING = "content_drawing", "a drawing (SVG, PostScript)"
    OPEN_EXR = "content_open_exr", "an OpenEXR image"
    ANALYZE = "content_analyze", "half of a pair of Analyze or NIfTI; save it as one .nii"
    HEIC = "content_heic", "an HEIC image"
    AVIF = "content_avif", "an AVIF image"
    ICON = "content_icon", "an icon"
    VIDEO = "content_video", "a video"
    PROGRAM = "content_program", "a program or a library"
    MAC = "content_mac", "a companion file of macOS"
    TEXT = "content_text", "plain text"


_STARTS = (
    (b"PK\x03\x04", Content.ZIP),
    (b"PK\x05\x06", Content.ZIP),
    (b"PK\x07\x08", Content.SPLIT_ZIP),
    (b"\x1f\x8b", Content.GZIP),
    (b"7z\xbc\xaf\x27\x1c", Content.SEVEN_ZIP),
    (b"Rar!\x1a\x07", Content.RAR),
    (b"%PDF", Content.PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Content.OFFICE),
    (b"version https://git-lfs.github.com/spec/", Content.GIT_LFS),
    (b"NRRD000", Content.NRRD),
    (b"ObjectType", Content.META_IMAGE),
    (b"NDims", Content.META_IMAGE),
    (b"\x93NUMPY", Content.NUMPY),
    (b"\x89HDF\r\n\x1a\n", Content.HDF5),
    (b"CDF\x01", Content.NETCDF),
    (b"CDF\x02", Content.NETCDF),
    (b"MATLAB 5.0 MAT-file", Content.MATLAB),
    (b"PAR1", Content.PARQUET),
    (b"SQLite format 3\0", Content.SQLITE),
    (b"BZh", Content.OTHER_ARCHIVE),
    (b"\xfd7zXZ\0", Content.OTHER_ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Content.OTHER_ARCHIVE),  # Zstandard
    (b"\x04\x22\x4d\x18", Content.OTHER_ARCHIVE),  # LZ4
    (b"\xff\x0a", Content.JPEG_XL),
    (b"\0\0\0\x0cJXL \r\n\x87\n", Content.JPEG_XL),
    *(
        (b"P%d%c" % (number, space), Content.NETPBM)
        for number in range(1, 8)
        for space in b"\n\r\t "
    ),
    (b"II\xbc\x01", Content.JPEG_XR),
    (b"%!PS", Content.DRAWING),
    (b"<svg", Content.DRAWING),
    (b"FLV\x01", Content.VIDEO),
    (b"\0\0\x01\xb3", Content.VIDEO),  # MPEG without a system stream
    (b"8BPS", Content.PHOTOSHOP),
    (b"\x76\x2f\x31\x01", Content.OPEN_EXR),
    (b"\0\0\x01\0", Content.ICON),
    (b"\x1aE\xdf\xa3", Content.VIDEO),  # Matroska, WebM
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Content.VIDEO),  # Windows Media
    (b"\0\0\x01\xba", Content.VIDEO),  # MPEG
    (b"MZ", Content.PROGRAM),
    (b"\x7fELF", Content.PROGRAM),
    (b"\xca\xfe\xba\xbe", Content.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Content.PROGRAM),
    (b"\0\x05\x16\x07", Content.MAC),  # AppleDouble: ._NAME
    (b"\0\0\0\x01Bud1", Content.MAC),  # .DS_Store
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head", b"<?xml")
_LOOKED_AT = 4096
_CD_MARK_AT, _ANALYZE_SIZE = 32769, 348
"""Where an ISO 9660 image has its mark, and the length with which an Analyze header begins."""


def content_of(data: bytes) -> Message | None:
    """What the first bytes of a file say that it is; None where nobody knows.

    A file of zeros is called so only where all of ``data`` is zero.
    """
    code = next((code for start, code in _STARTS if data.startswith(start)), None)
    if code is None and data[4:8] == b"ftyp":
        code = _of_brand(data[8:12])
    if code is None and data[:4] == b"RIFF" and data[8:12] == b"AVI ":
        code = Content.VIDEO
    if code is None and data[257:262] == b"ustar":
        code = Content.TAR
    if code is None and data[_CD_MARK_AT : _CD_MARK_AT + 5] == b"CD001":
        code = Content.CD_IMAGE
    if _is_analyze(data):
        code = Content.ANALYZE
    return None if (code := code or _of_text(data)) is None else Message(code)


def _is_analyze(data: bytes) -> bool:
    """Whether the content is the header of an Analyze or NIfTI pair, as it is or within gzip."""
    if data.startswith(b"\x1f\x8b"):
        with contextlib.suppress(zlib.error):
            data = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, _ANALYZE_SIZE)
    return _ANALYZE_SIZE in (int.from_bytes(data[:4], "little"), int.from_bytes(data[:4]))


def _of_brand(brand: bytes) -> Content:
    """Of a file in the ISO base media format (ISO/IEC 14496-12)."""
    if brand in _AVIF_BRANDS:
        return Content.AVIF
    return Content.HEIC if brand in _HEIC_BRANDS else Content.VIDEO


def _of_text(data: bytes) -> Content | None:
    if data and data.count(0) == len(data):
        return Content.ZEROS
    start = data[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.lower().startswith(_PAGE_STARTS):
        return Content.WEB_PAGE
    printable = all(byte >= 32 or byte in b"\t\r\n\f" for byte in start)
    return Content.TEXT if start and printable and _is_text(start) else None


def _is_text(start: bytes) -> bool:
    """Whether bytes begin a text: in UTF-8, or in anything that is mostly ASCII."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return sum(byte < 128 for byte in start) >= len(start) / 2
    return True
