"""Collects the licences of everything that the packaged program brings along."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LICENCE_NAME = re.compile(r"licen[cs]e|copying|notice|copyright", re.IGNORECASE)
NOT_TEXT = {".py", ".pyc", ".so", ".pyi"}
COMMON = Path("/usr/share/common-licenses")
"""Where Debian keeps the texts that a package only names, such as Qt's."""

NO_TEXT = "(no text of its own: the licence that is named above stands below)"
QT = """Qt and its Python bindings are used under the LGPL-3.0, whose text stands below.
The program loads them as separate libraries, in the folder _internal;
others of the same interface can be put in their place. Their sources, and the notices of what
Qt itself contains: https://download.qt.io/official_releases/ and https://doc.qt.io/qt-6/licenses-used-in-qt.html
"""

Section = tuple[str, str]
"""A heading, and the licence under it."""
Binary = tuple[str, str, str]
"""PyInstaller's note of a library: its place in the package, its source, its type."""


def write_licences(target: Path, binaries: Iterable[Binary]) -> Path:
    """Write one text file with the licence of Python, each package and each system library."""
    sections = [*_python(), *_packages(), *_system(debian_packages(binaries))]
    rule = "=" * 78
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        "\n".join(f"{rule}\n{heading}\n{rule}\n{text.rstrip()}\n" for heading, text in sections),
        encoding="utf-8",
    )
    return target


def bundled() -> Iterator[Distribution]:
    """The Python packages of which something is in the packaged program."""
    lock = (ROOT / "requirements" / "run-cpu.txt").read_text(encoding="utf-8")
    for name in [*re.findall(r"^([\w.-]+)==", lock, re.MULTILINE), "pyinstaller"]:
        if name == "setuptools":
            continue
        with contextlib.suppress(PackageNotFoundError):  # a package of another system
            yield distribution(name)


def terms_of(found: Distribution) -> str:
    """The licence that a package names, on one line; empty where it names none."""
    known = [found.metadata.get_all(name) or [""] for name in ("License-Expression", "License")]
    return str(known[0][0] or known[1][0]).partition("\n")[0]


def debian_packages(binaries: Iterable[Binary]) -> list[str]:
    """Which packages of the system the libraries came from; none where dpkg does not know."""
    if shutil.which("dpkg") is None:
        return []
    packages = set()
    sources = {Path(source).resolve() for _, source, _ in binaries}
    for source in {path for path in sources if path.is_relative_to("/")}:
        for spelling in (source, Path("/", *source.parts[2:])):  # /usr/lib may be known as /lib
            command = ["dpkg", "-S", str(spelling)]
            answer = subprocess.run(command, capture_output=True, text=True, check=False)
            if answer.returncode == 0:
                packages.add(answer.stdout.split(":")[0])
                break
    return sorted(packages)


def _python() -> Iterator[Section]:
    library = Path(sysconfig.get_path("stdlib"))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for path in (library / "LICENSE.txt", Path(f"/usr/share/doc/python{version}/copyright")):
        if path.is_file():
            yield f"Python {version}", _text(path)
            return
    raise SystemExit("Python's own licence was not found, and the package must carry it.")


def _packages() -> Iterator[Section]:
    for found in bundled():
        own = QT if found.name.lower().startswith(("pyside6", "shiboken6")) else NO_TEXT
        yield _heading(found), "\n\n".join(_texts(found)) or own
    for name in ("LGPL-3", "GPL-3", "GPL-2", "Apache-2.0"):
        if (COMMON / name).is_file():
            yield f"The text of the {name}", _text(COMMON / name)


def _heading(found: Distribution) -> str:
    pages = [page for page in found.metadata.get_all("Project-URL") or [] if "ource" in page]
    about = [f"{found.name} {found.version}", terms_of(found), *pages]
    return "\n".join(line for line in about if line)


def _texts(found: Distribution) -> Iterator[str]:
    for file in found.files or []:
        path = Path(str(file.locate()))
        named = LICENCE_NAME.search(path.name) or "licenses" in path.parent.name
        if named and path.suffix not in NOT_TEXT and path.is_file():
            yield f"--- {file} ---\n{_text(path)}"


def _system(packages: Iterable[str]) -> Iterator[Section]:
    """Libraries that came from the system: Debian keeps the copyright of each package."""
    for package in packages:
        path = Path("/usr/share/doc", package, "copyright")
        if path.is_file():
            yield f"{package} (Debian)", _text(path)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
