"""Copies: files that are the same byte by byte belong to one group, whatever the tables say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from imaging.errors import Code, ImageError
from imaging.input.prepare import prepare
from imaging.input.recipe import InputRecipe
from trainer.data.labels import LabelledImage
from trainer.data.provenance import sha256_of
from trainer.quiet import libraries_kept_quiet


def joined(images: Sequence[LabelledImage]) -> list[LabelledImage]:
    """The same images; the groups of files with the same content become one, by the first's name.

    A copy on the other side of a split would be assessed by heart. Equal blank images are a group
    of their own: they say nothing of whose they are, and must not join all patients.
    Raises OSError.
    """
    contents = [sha256_of(image.path) for image in images]
    images = _blank_ones_apart(images, contents)
    groups, of_image = np.unique([image.group for image in images], return_inverse=True)
    _, content = np.unique(contents, return_inverse=True)
    # Groups and contents are the nodes of a graph, and each image ties one to the other.
    size = len(groups) + len(images)
    ties = (np.ones(len(images)), (of_image, len(groups) + content))
    _, parts = connected_components(coo_array(ties, shape=(size, size)), directed=False)
    names: dict[int, str] = {}
    return [
        replace(image, group=names.setdefault(int(parts[group]), image.group))
        for image, group in zip(images, of_image, strict=True)
    ]


def _blank_ones_apart(
    images: Sequence[LabelledImage], contents: Sequence[str]
) -> list[LabelledImage]:
    by_content: dict[str, list[int]] = {}
    for number, content in enumerate(contents):
        by_content.setdefault(content, []).append(number)
    apart = list(images)
    for content, copies in by_content.items():
        if len(copies) > 1 and _is_blank(images[copies[0]].path):
            for number in copies:
                apart[number] = replace(images[number], group=f"blank {content[:12]}")
    return apart


@libraries_kept_quiet()
def _is_blank(path: Path) -> bool:
    try:
        problem = prepare(path, 0, InputRecipe()).refusal
    except ImageError:
        return False
    return problem is not None and problem.code is Code.BLANK
