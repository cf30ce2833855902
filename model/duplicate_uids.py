"""Images that share their SOP Instance UID and frame, and the warnings that they get for it.

Program and evaluation both go this way, so that what is evaluated is what the program does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from imaging.errors import Code, Problem
from model.image_result import ImageResult, status_of
from model.listed_image import ListedImage


class DuplicateUids:
    """Knows, of a list of images, which share SOP Instance UID and frame.

    An image is named by its index in that list.
    """

    def __init__(self, images: Sequence[ListedImage]) -> None:
        named: dict[tuple[str, int], list[int]] = {}
        for index, image in enumerate(images):
            uid = "" if image.header is None else image.header.sop_uid
            if uid:
                named.setdefault((uid, image.frame), []).append(index)
        self._same = {index: same for same in named.values() if len(same) > 1 for index in same}
        """Of each image that is not alone, all images of its UID and frame in their order."""

    def warned(
        self, index: int, images: Sequence[ListedImage]
    ) -> Iterator[tuple[int, ImageResult]]:
        """The result of an image with its warnings, and each other result that it changes.

        ``images`` is the list with the results known by now, this one among them. With the same
        pixels as an earlier image it is a copy. With other pixels one of the two has a wrong UID,
        and nobody knows which: both are warned of.
        """
        result = images[index]
        if not isinstance(result, ImageResult):
            return
        same = self._same.get(index, ())
        if same and same[0] != index:
            result = _with(result, Code.DUPLICATE_UID)
        others = [
            (other, each)
            for other in same
            if other != index and isinstance(each := images[other], ImageResult)
            if b"" != each.pixels_digest != result.pixels_digest != b""
        ]
        yield index, _with(result, Code.CONFLICTING_UID) if others else result
        for other, each in others:
            if Code.CONFLICTING_UID not in {problem.code for problem in each.problems}:
                yield other, _with(each, Code.CONFLICTING_UID)


def _with(result: ImageResult, code: Code) -> ImageResult:
    """The result with one of the two warnings, and not with the other one."""
    warnings = (Code.DUPLICATE_UID, Code.CONFLICTING_UID)
    problems = (*(each for each in result.problems if each.code not in warnings), Problem(code))
    return replace(result, problems=problems, status=status_of(problems))
