"""Copies: files that are the same byte by byte belong to one group, whatever the tables say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scans.errors import Code, ScanError
from scans.prepare import prepare
from scans.recipe import InputRecipe
from trainer.data.labels import LabelledScan
from trainer.data.provenance import sha256_of


def joined(scans: Sequence[LabelledScan]) -> list[LabelledScan]:
    """The same scans; the groups of files with the same content become one, by the first's name.

    A copy on the other side of a split would be judged by heart. Equal blank pictures are a group
    of their own: they say nothing of whose they are, and must not join all patients.
    Raises OSError.
    """
    contents = [sha256_of(scan.path) for scan in scans]
    scans = _blank_ones_apart(scans, contents)
    groups, of_scan = np.unique([scan.group for scan in scans], return_inverse=True)
    _, content = np.unique(contents, return_inverse=True)
    # Groups and contents are the nodes of a graph, and each scan ties one to the other.
    size = len(groups) + len(scans)
    ties = (np.ones(len(scans)), (of_scan, len(groups) + content))
    _, parts = connected_components(coo_array(ties, shape=(size, size)), directed=False)
    names: dict[int, str] = {}
    return [
        replace(scan, group=names.setdefault(int(parts[group]), scan.group))
        for scan, group in zip(scans, of_scan, strict=True)
    ]


def _blank_ones_apart(scans: Sequence[LabelledScan], contents: Sequence[str]) -> list[LabelledScan]:
    by_content: dict[str, list[int]] = {}
    for number, content in enumerate(contents):
        by_content.setdefault(content, []).append(number)
    apart = list(scans)
    for content, copies in by_content.items():
        if len(copies) > 1 and _is_blank(scans[copies[0]].path):
            for number in copies:
                apart[number] = replace(scans[number], group=f"blank {content[:12]}")
    return apart


def _is_blank(path: Path) -> bool:
    try:
        problem = prepare(path, 0, InputRecipe()).refusal
    except ScanError:
        return False
    return problem is not None and problem.code is Code.BLANK
