"""Attributes of one frame: looked up in the functional groups first, read without trust."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag, Tag
from pydicom.valuerep import PersonName

from imaging.details import Detail
from imaging.dicom.text import readable
from imaging.errors import Code, ImageError
from imaging.messages import Message

_GROUP_OF = {
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "PixelSpacing": "PixelMeasuresSequence",
    "SliceThickness": "PixelMeasuresSequence",
    "RescaleSlope": "PixelValueTransformationSequence",
    "RescaleIntercept": "PixelValueTransformationSequence",
    "RescaleType": "PixelValueTransformationSequence",
    "WindowCenter": "FrameVOILUTSequence",
    "WindowWidth": "FrameVOILUTSequence",
    "FrameType": "CTImageFrameTypeSequence",
    "GantryDetectorTilt": "CTAcquisitionDetailsSequence",
    "KVP": "CTXRayDetailsSequence",
    "ConvolutionKernel": "CTReconstructionSequence",
    "TemporalPositionIndex": "FrameContentSequence",
    "FrameAcquisitionDateTime": "FrameContentSequence",
    "FrameAcquisitionNumber": "FrameContentSequence",
}
"""The functional group macro that holds an attribute of a multi-frame image (PS3.3 C.7.6.16)."""
_LONGEST_TEXT = 256
_TEXTS = frozenset(("AE", "AS", "CS", "DA", "DT", "LO", "SH", "TM", "UI"))
"""Value representations of short texts."""
_SIGNS = b"\\", b"\x1b", b"~"
"""Between values, before another character set, and what is no tilde in an old Japanese one."""
_NUMBERS = {
    "DS": re.compile(rb" *[+-]?\d{1,9}(\.\d*)? *(\\ *[+-]?\d{1,9}(\.\d*)? *)*"),
    "IS": re.compile(rb" *[+-]?\d{1,9} *"),
}
"""Decimals, and one integer, as nearly all files have them."""


class Attributes:
    """What a dataset says of one frame; every value is checked for its type on the way out."""

    def __init__(self, dataset: Dataset, frame: int) -> None:
        self.dataset = dataset
        self._known = dataset.keys()
        self._groups: list[Dataset] = []
        per_frame = _value(dataset, "PerFrameFunctionalGroupsSequence")
        if per_frame:
            if frame >= len(per_frame):
                raise ImageError(
                    Code.INCONSISTENT_HEADER, Message(Detail.NO_GROUPS, frame=frame + 1)
                )
            self._groups.append(per_frame[frame])
        shared = _value(dataset, "SharedFunctionalGroupsSequence")
        if shared:
            self._groups.append(shared[0])

    def raw(self, keyword: str) -> Any:
        """The value as pydicom gives it, None where absent or empty. Raises its errors."""
        if self._lacks(keyword):
            return None
        macro = _GROUP_OF.get(keyword)
        for group in self._groups if macro else ():
            items = _value(group, str(macro))
            value = _value(items[0], keyword) if items else None
            if value is not None:
                return value
        value = _value(self.dataset, keyword)
        return None if value == "" else value

    def text(self, keyword: str) -> str:
        """A short text without NULs; empty where it is absent or cannot be read."""
        if self._lacks(keyword):
            return ""
        stored = self._stored(keyword)
        if stored is not None and stored.VR in _TEXTS and _is_plain(stored.value):
            text = (stored.value or b"").decode("ascii")
            return text[:_LONGEST_TEXT].replace("\0", "").strip()
        typed = self._typed(keyword)
        if typed is not None:
            return typed[:_LONGEST_TEXT].replace("\0", "").strip()
        try:
            value = self.raw(keyword)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
            return ""
        return "" if value is None else str(value)[:_LONGEST_TEXT].replace("\0", "").strip()

    def _typed(self, keyword: str) -> str | None:
        """A text that is not plain ASCII, in the character set that it makes sense in."""
        tag = _tag(keyword)
        element = self.dataset.get_item(tag) if tag in self._known else None
        value: Any = None if element is None else element.value
        data = value.original_string if isinstance(value, PersonName) else value
        if not isinstance(data, bytes) or (data.isascii() and b"\x1b" not in data):
            return None
        declared = self.texts("SpecificCharacterSet")
        return readable(data[: 4 * _LONGEST_TEXT], declared)

    def _lacks(self, keyword: str) -> bool:
        """Whether neither the dataset nor a functional group can hold an attribute."""
        return not self._groups and _tag(keyword) not in self._known

    def _stored(self, keyword: str) -> RawDataElement | None:
        """An element of the dataset itself that pydicom has not made sense of yet, else None.

        What most of them hold can be read in a tenth of its time.
        """
        tag = _tag(keyword)
        if tag not in self._known or (self._groups and keyword in _GROUP_OF):
            return None
        element = self.dataset.get_item(tag)
        if isinstance(element, RawDataElement) and element.is_little_endian:
            return element
        return None

    def texts(self, keyword: str) -> tuple[str, ...]:
        """The values of a text of several values."""
        try:
            value = self.raw(keyword)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
            return ()
        values = [] if value is None else [value] if isinstance(value, str) else list(value)
        return tuple(str(one)[:_LONGEST_TEXT].replace("\0", "").strip() for one in values[:16])

    def items(self, keyword: str) -> tuple[Dataset, ...]:
        """The first items of a sequence; empty where it is absent or cannot be read."""
        try:
            value = self.raw(keyword)
            return tuple(item for item in list(value or ())[:16] if isinstance(item, Dataset))
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
            return ()

    def numbers(self, keyword: str, count: int) -> tuple[float, ...] | None:
        """The first ``count`` values, None unless they are all there and finite."""
        stored = self._stored(keyword)
        form = None if stored is None else _NUMBERS.get(stored.VR or "")
        if stored is not None and form is not None and form.fullmatch(stored.value or b""):
            found = tuple(map(float, (stored.value or b"").split(b"\\")[:count]))
            return found if len(found) == count else None
        try:
            value = self.raw(keyword)
            values = [value] if isinstance(value, str | int | float) else list(value or ())
            # Some programs write decimals as their country does.
            numbers = tuple(float(str(one).replace(",", ".")) for one in values[:count])
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
            return None
        return numbers if len(numbers) == count and all(map(math.isfinite, numbers)) else None

    def number(self, keyword: str) -> float | None:
        """The first value as a finite number, or None."""
        numbers = self.numbers(keyword, 1)
        return None if numbers is None else numbers[0]

    def integer(self, keyword: str, least: int, most: int, default: int | None = None) -> int:
        """A number that the pixels depend on.

        Raises ImageError (INCONSISTENT_HEADER), naming the attribute, where it is absent and has no
        ``default``, or is no integer from ``least`` to ``most``.
        """
        value: Any = None
        stored = self._stored(keyword)
        try:
            if stored is not None and stored.VR == "US" and len(stored.value or b"") == 2:
                value = int.from_bytes(stored.value or b"", "little")
            else:
                value = self.raw(keyword)
            number = default if value is None else int(value)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
            number = None
        if number is None or not least <= number <= most:
            name = name_of(keyword)
            absent = Message(Detail.ABSENT, name=name)
            said = absent if value is None else f"{name}: {repr(value)[:24]}"
            raise ImageError(Code.INCONSISTENT_HEADER, said)
        return number


def _value(dataset: Dataset, keyword: str) -> Any:
    """What ``Dataset.get`` gives, in a fifth of its time for what is absent."""
    tag, known = _tag(keyword), dataset.keys()
    return dataset[tag].value if tag in known else None


def _is_plain(stored: bytes | None) -> bool:
    """Whether a text is one value in plain ASCII, which is the same in every character set."""
    return stored is not None and stored.isascii() and not any(map(stored.count, _SIGNS))


@cache
def _tag(keyword: str) -> BaseTag:
    return Tag(keyword)


def name_of(keyword: str) -> str:
    """An attribute's keyword and tag, as a message names it."""
    tag = tag_for_keyword(keyword) or 0
    return f"{keyword} ({tag >> 16:04X},{tag & 0xFFFF:04X})"
