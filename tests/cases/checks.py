"""What must happen to each kind of case; the kind is the name's beginning, as in ``N3_zip_in_zip``.

A check returns the fault, empty where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from desktop.text.language import text_of
from imaging.errors import Code, ImageError, Status
from imaging.image import Image, Unit
from imaging.input.recipe import InputRecipe, network_input
from imaging.reading import read_image
from imaging.series import Order
from model.image_result import ImageResult
from tests.cases.run import Runner, Told

READ = (Status.OK, Status.WARNING)
SHOWN = 160
"""Characters of a fault."""
NAMES = {
    "M1": "王小东",
    "M2": "王小东",
    "M4": "王小东",
    "M5": "李^四",
    "M6": "张^三",
}
KINDS_OF_CONTENT = {
    "O4": "MetaImage|MHA",
    "O5": "NumPy",
    "O7": "AVIF",
    "O8": "HEI[CF]",
    "O9": "video|MP4",
    "O10": "LFS",
    "O12": "zero",
    "N8": "RAR",
}


def check_case(runner: Runner, case: Path) -> str:
    """The fault of a case, by its kind."""
    kind = re.match(r"([A-Z])(\d+)", case.name)
    if kind is None:
        return "no such kind of case"
    check = _CHECKS.get(kind.group()) or _CHECKS[kind[1]]
    try:
        return check(runner, case)[:SHOWN]
    except ImageError as error:
        return f"not read: {error}"[:SHOWN]


def told(results: list[ImageResult]) -> str:
    """Every row in short: name, status, codes, probability."""
    return "; ".join(
        f"{each.path.name}: {each.status} "
        + ",".join(problem.code for problem in each.problems)
        + ("" if each.probability is None else f" p={each.probability:.3f}")
        for each in results
    )


def _values(image: Image) -> tuple[float, float]:
    """Medians in the middle and in a corner: brain and air of the generated head."""
    rows, columns = image.pixels.shape
    middle = image.pixels[rows // 2 - 16 : rows // 2 + 16, columns // 2 - 16 : columns // 2 + 16]
    return float(np.median(middle)), float(np.median(image.pixels[:10, :10]))


def _hounsfield_fault(path: Path) -> str:
    brain, air = _values(read_image(path))
    right = 0 <= brain <= 60 and -1030 <= air <= -950
    return "" if right else f"HU {brain:.0f} in the brain, {air:.0f} in the air"


def _read(runner: Runner, case: Path) -> str:
    """Right HU, and a result."""
    outcome = runner.screen(case)
    if any(each.status not in READ for each in outcome.results):
        return told(outcome.results)
    return "".join(filter(None, (_hounsfield_fault(each.path) for each in outcome.results)))


def _right_or_refused(*codes: Code) -> Callable[[Runner, Path], str]:
    """Right HU, or refused for one of these reasons; never a probability of wrong ones."""

    def check(runner: Runner, case: Path) -> str:
        outcome = runner.screen(case)
        for each in outcome.results:
            if each.status is Status.REFUSED and each.problems[0].code in codes:
                continue
            if each.status not in READ:
                return told(outcome.results)
            if fault := _hounsfield_fault(each.path):
                return f"{fault}; {told(outcome.results)}"
        return ""

    return check


def _right_or_names_transfer_syntax(runner: Runner, case: Path) -> str:
    check = _right_or_refused(Code.UNSUPPORTED_TRANSFER_SYNTAX, Code.INCONSISTENT_HEADER)
    [result] = runner.screen(case).results
    if result.status is Status.REFUSED and not re.search("transfer syntax", result.reason, re.I):
        return told([result])
    return check(runner, case)


def _as_its_twin(runner: Runner, case: Path) -> str:
    """MONOCHROME1: the values and the probability of the MONOCHROME2 twin."""
    outcome = runner.screen(case)
    one, two = (each.probability for each in outcome.results)
    if fault := _hounsfield_fault(case / "mono1.dcm"):
        return f"{fault}; {told(outcome.results)}"
    same = one is not None and two is not None and abs(one - two) < 1e-6
    return "" if same else told(outcome.results)


def _true_proportions(runner: Runner, case: Path) -> str:
    """Pixels that are no squares: the network's input of the square twin."""
    recipe = InputRecipe(224)
    one, two = (
        network_input(read_image(case / name), recipe).pixels.astype(int)
        for name in ("squashed.dcm", "twin.dcm")
    )
    difference = float(np.abs(one - two).mean())
    probabilities = [each.probability for each in runner.screen(case).results]
    known = [each for each in probabilities if each is not None]
    if difference > 8 or len(known) != 2 or abs(known[0] - known[1]) > 0.1:
        return f"the inputs differ by {difference:.1f} grey levels; probabilities {probabilities}"
    return ""


def _spacing(_: Runner, case: Path) -> str:
    return "" if read_image(case / "a.dcm").header.geometry.spacing else "no spacing"


def _ordered(runner: Runner, case: Path) -> str:
    """In the order of the slices, not of names or numbers."""
    outcome = runner.screen(case)
    orders = [each.order for each in outcome.series]
    names = [[outcome.results[at].path.stem for at in each.members] for each in outcome.series]
    good = orders not in ([Order.FILE_NAME], [Order.INSTANCE_NUMBER]) and len(orders) == 1
    return "" if good else f"{names} by {orders}"


def _apart(runner: Runner, case: Path) -> str:
    """Acquisitions in series of their own, or a warning on the series."""
    outcome = runner.screen(case)
    members = [{outcome.results[at].path.stem[0] for at in each.members} for each in outcome.series]
    apart = all(len(letters) == 1 for letters in members)
    warned = all(each.warnings for each in outcome.series)
    return "" if apart or warned else f"series of {members} without a warning"


def _tilt(runner: Runner, case: Path) -> str:
    outcome = runner.screen(case)
    warned = [problem.code for each in outcome.series for problem in each.warnings]
    return "" if Code.TILT in warned else f"warnings {warned}"


def _patient(_: Runner, case: Path) -> str:
    name = read_image(case / "x.dcm").header.identity.patient_name
    return "" if NAMES[case.name.split("_")[0]] in name else repr(name)


def _all_read(runner: Runner, case: Path) -> str:
    outcome = runner.screen(case)
    good = outcome.results and all(each.status in READ for each in outcome.results)
    return "" if good else told(outcome.results)


def _gbk_names(runner: Runner, case: Path) -> str:
    names = [str(each.path.relative_to(case)) for each in runner.screen(case).results]
    shown = all(re.search(r"[\u4e00-\u9fff]", name) for name in names)
    return _all_read(runner, case) if shown else str(names)


def _hounsfield_volume(runner: Runner, case: Path) -> str:
    """Each slice of a volume an image in HU with a result or a plain reason, in one series."""
    outcome = runner.screen(case)
    units = {each.header.unit for each in outcome.results if each.header is not None}
    failed = [each for each in outcome.results if each.status is Status.FAILED]
    if failed or units != {Unit.HOUNSFIELD} or len(outcome.results) < 2:
        return told(outcome.results)
    return "" if len(outcome.series) == 1 else f"{len(outcome.series)} series"


def _names_what_it_is(runner: Runner, case: Path) -> str:
    """No result, and the reason says what the file is."""
    outcome = runner.screen(case)
    word = KINDS_OF_CONTENT[case.name.split("_")[0]]
    for each in outcome.results:
        said = " ".join(text_of(problem) for problem in each.problems)
        if each.probability is not None or not re.search(word, said, re.IGNORECASE):
            return f"{told(outcome.results)}: {said}"
    return ""


def _companions(runner: Runner, case: Path) -> str:
    """Images read, companions skipped, no series of companions, exit code 0."""
    outcome = runner.screen(case)
    for each in outcome.results:
        is_image = each.path.name == "IM1"
        if each.status not in (READ if is_image else (Status.SKIPPED,)):
            return told(outcome.results)
    if len(outcome.series) != 1:
        return f"{len(outcome.series)} series"
    command, _ = runner.command(case)
    return "" if command.code == 0 else f"exit code {command.code}"


def _named(*words: str) -> Callable[[Runner, Path], str]:
    """A warning or a refusal one of whose codes or sentences has one of these words."""

    def check(runner: Runner, case: Path) -> str:
        outcome = runner.screen(case)
        for each in outcome.results:
            said = " ".join(f"{problem.code} {text_of(problem)}" for problem in each.problems)
            if not re.search("|".join(words), said, re.IGNORECASE):
                return told(outcome.results)
        return ""

    return check


def _refused_by(*codes: Code) -> Callable[[Runner, Path], str]:
    def check(runner: Runner, case: Path) -> str:
        outcome = runner.screen(case)
        firsts = {each.problems[0].code if each.problems else None for each in outcome.results}
        return "" if firsts <= set(codes) else told(outcome.results)

    return check


def _whole_hounsfield_image(runner: Runner, case: Path) -> str:
    """Read as HU, or no probability and a reason that says that the values are not windowed."""
    [result] = runner.screen(case).results
    if result.header is not None and result.header.unit is Unit.HOUNSFIELD:
        return _hounsfield_fault(result.path)
    said = " ".join(text_of(problem) for problem in result.problems)
    named = result.probability is None and re.search("window|HU|Hounsfield", said)
    return "" if named else told([result])


def _no_probability(runner: Runner, case: Path) -> str:
    results = runner.screen(case).results
    return told(results) if any(each.probability is not None for each in results) else ""


def _survives_excel(runner: Runner, case: Path) -> str:
    """A spreadsheet keeps leading zeros only of what is marked as text."""
    _, rows = runner.command(case)
    [cell] = [row["PatientID"] for row in rows]
    return "" if cell in ('="0012345"', "'0012345", "\t0012345") else f"PatientID {cell!r}"


def _label_table(runner: Runner, case: Path) -> str:
    """Read with the right labels (half of six), or refused in a few words."""
    audit = runner.audit(case)
    if audit.code == 0:
        right = re.search(r"\| (\d+) \| [^|]*?\b(\d+)/\1\b", audit.stdout)
        half = right is not None and int(right[2]) * 2 == int(right[1])
        return "" if half else f"audit read {right and right.group()}"
    short = audit.code == 2 and 0 < len(audit.stderr.strip().splitlines()) <= 3
    return "" if short else f"exit code {audit.code}: {audit.stderr}"


def _patients_together(runner: Runner, case: Path) -> str:
    """Patients are groups, or it is said that nothing keeps them together."""
    audit = runner.audit(case)
    groups = re.search(r"(\d+) images fall into (\d+) groups", audit.stdout)
    if groups is not None and int(groups[2]) < int(groups[1]):
        return _label_table(runner, case)
    return _warned(audit) or "patients are divided and nothing is said"


def _warned(audit: Told) -> str:
    said = re.search("patient", audit.stdout + audit.stderr, re.IGNORECASE)
    return "" if said else "nothing is said of patients"


_IMPLAUSIBLE = _right_or_refused(Code.BAD_RESCALE, Code.INCONSISTENT_HEADER)
_CHECKS: dict[str, Callable[[Runner, Path], str]] = {
    "A": _as_its_twin,
    "B": _IMPLAUSIBLE,
    "C": _right_or_refused(Code.INCONSISTENT_HEADER),
    "D": _right_or_refused(Code.INCONSISTENT_HEADER),
    "E": _read,
    "F": _right_or_names_transfer_syntax,
    "G": _read,
    "H": _read,
    "I1": _spacing,
    "I2": _ordered,
    "J": _apart,
    "K": _tilt,
    "L": _true_proportions,
    "M": _patient,
    "N": _all_read,
    "N5": _gbk_names,
    "N8": _names_what_it_is,
    "O": _names_what_it_is,
    "O1": _hounsfield_volume,
    "O2": _hounsfield_volume,
    "P": _companions,
    "Q": _named("contrast", "projection", "subtract", "map", "MIP", "render", "derived"),
    "R": _refused_by(Code.LOCALISER),
    "S": _whole_hounsfield_image,
    "S4": _no_probability,
    "T": _label_table,
    "T19": _patients_together,
    "T21": _patients_together,
    "U": _ordered,
    "X": _survives_excel,
    "Y": _read,
}
