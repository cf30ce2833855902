"""What the jobs of an opened folder run: listing, screening, grouping into series, heat maps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop.engine.finding import Finding
from desktop.engine.progress import Progress
from desktop.jobs.job import Stopping
from scans.recipe import to_network_input
from scans.scan import Scan

if TYPE_CHECKING:
    from desktop.engine.aggregate import SeriesFinding
    from desktop.engine.classifier import Classifier
    from scans.folder import Found
    from scans.sandbox import Sandbox


def list_files(paths: Iterable[Path], _stopping: Stopping) -> Iterator[Found]:
    """Every path that will get a row, in reading order."""
    from scans.folder import find_scans

    return find_scans(paths)


def screen_files(
    files: Iterable[Found],
    classifier: Classifier | None,
    sandbox: Callable[[], Sandbox],
    progress: Progress,
    before: Sequence[Finding],
    stopping: Stopping,
) -> Iterator[Finding]:
    """One finding a file and frame; without a classifier none of them has a probability.

    ``before``: the findings of the files that were screened already.
    """
    from desktop.engine.screening import screen
    from desktop.engine.unanswered import screen_unanswered

    if classifier is None:
        return screen_unanswered(files, sandbox(), progress, stopping, before)
    return screen(files, classifier, sandbox(), progress, stopping, before)


def group_findings(
    findings: Sequence[Finding], _stopping: Stopping
) -> Iterator[list[SeriesFinding]]:
    """All findings grouped into series, as one item."""
    from desktop.engine.aggregate import series_findings

    yield series_findings(findings)


def heat_map(
    classifier: Classifier, scan: Scan, _stopping: Stopping
) -> Iterator[NDArray[np.float32]]:
    """What drove the probability of one scan: float32 (h, w), one item."""
    yield classifier.heat_map(to_network_input(scan, classifier.card.recipe))
