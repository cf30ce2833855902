"""``python -m tests.bench.strangers``: what the program refuses, of strangers and of heads.

The program's own engine screens generated pictures, photographs and figures that lie inside
installed packages, pydicom's test files, and real heads where they lie beside the repository.
Printed: of each kind, how many rows that could be read got no probability, and by which rule.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from desktop.engine.classifier import Classifier
from desktop.engine.finding import Finding
from desktop.engine.screening import screen
from desktop.engine.weights import FOR_CPU
from desktop.resources import WEIGHTS, resource
from scans.errors import Status
from scans.samples import pydicom_folder
from scans.sandbox import Sandbox

PHOTOGRAPHS = {
    "sklearn": ("datasets/images/china.jpg", "datasets/images/flower.jpg"),
    "matplotlib": (
        "mpl-data/sample_data/grace_hopper.jpg",
        "mpl-data/sample_data/Minduka_Present_Blue_Pack.png",
        "mpl-data/sample_data/logo2.png",
    ),
}
HEADS = {"the 200": "head-ct-200/images", "GE study": "dicom-head-ge"}
HEAD_FILES = {
    "693_J2KI.dcm",
    "693_J2KR.dcm",
    "693_UNCI.dcm",
    "693_UNCR.dcm",
    "J2K_pixelrep_mismatch.dcm",
    "bad_sequence.dcm",
}
"""pydicom's test files that do show a head by CT: those may have a probability."""
UNREAD = {Status.FAILED, Status.SKIPPED}
SIDE = 256


def main() -> int:
    """Screen all kinds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=resource(WEIGHTS) / FOR_CPU)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    classifier = Classifier.open(options.model, "cpu")
    with tempfile.TemporaryDirectory() as place, Sandbox() as sandbox:
        strangers = _strangers(Path(place))
        heads = {name: options.data / inside for name, inside in HEADS.items()}
        for title, folders in (("No head CT", strangers), ("Heads", heads)):
            print(f"\n{title}: rows read, refused, by which rule")
            total: Counter[str] = Counter()
            for name, folder in folders.items():
                if folder.is_dir():
                    total += _row(name, list(screen([folder], classifier, sandbox)))
            print(f"  {'together':28}{total['read']:6}{total['refused']:6}  {_share(total)}")
    return 0


def _row(name: str, findings: list[Finding]) -> Counter[str]:
    read = [f for f in findings if f.status not in UNREAD and f.path.name not in HEAD_FILES]
    refused = [f for f in read if f.probability is None]
    codes = Counter(str(f.problems[0].code.value) for f in refused if f.problems)
    count = Counter(read=len(read), refused=len(refused))
    print(f"  {name:28}{len(read):6}{len(refused):6}  {_share(count)}  {dict(codes)}")
    for finding in read:
        if finding.probability is not None and len(read) < 40:
            print(f"      judged: {finding.path.name}, novelty {finding.novelty:.1f}")
    return count


def _share(count: Counter[str]) -> str:
    return f"{100 * count['refused'] / max(1, count['read']):5.1f} %"


def _strangers(place: Path) -> dict[str, Path]:
    kinds = {
        "noise": _noise,
        "blank and gradients": _plain,
        "empty phantoms": _phantoms,
        "text and screenshots": _pages,
        "photographs, whole and parts": _photographs,
        "photographs, upside down": _turned,
    }
    folders = {}
    for name, draw in kinds.items():
        folders[name] = place / name
        folders[name].mkdir()
        for number, picture in enumerate(draw()):
            Image.fromarray(picture).save(folders[name] / f"{number:03d}.png")
    folders["pydicom's test files"] = place / "pydicom"
    shutil.copytree(pydicom_folder(), folders["pydicom's test files"])
    return folders


def _noise() -> Iterator[NDArray[np.uint8]]:
    random = np.random.default_rng(0)
    for number in range(20):
        cells = (4, 16, 64, 256)[number % 4]
        small = random.integers(0, 256, (cells, cells), dtype=np.uint8)
        yield np.asarray(Image.fromarray(small).resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def _plain() -> Iterator[NDArray[np.uint8]]:
    line = np.linspace(0, 255, SIDE).astype(np.uint8)
    for grey in (0, 40, 128, 255):
        yield np.full((SIDE, SIDE), grey, dtype=np.uint8)
    yield np.tile(line, (SIDE, 1))
    yield np.tile(line[:, None], (1, SIDE))
    checks = (np.indices((SIDE, SIDE)) // 16).sum(axis=0) % 2
    yield (255 * checks).astype(np.uint8)


def _phantoms() -> Iterator[NDArray[np.uint8]]:
    """Discs of water, some in a wall, as quality assurance has them."""
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    random = np.random.default_rng(1)
    for number in range(12):
        radius = np.hypot(x, y * random.uniform(0.9, 1.1))
        disc = np.where(radius < 0.8, random.uniform(30, 140), 0.0)
        if number % 2:
            disc[(radius > 0.76) & (radius < 0.8)] = 255
        if number % 3 == 2:
            for angle in np.linspace(0, 2 * np.pi, 6, endpoint=False):
                hole = np.hypot(x - 0.5 * np.cos(angle), y - 0.5 * np.sin(angle)) < 0.08
                disc[hole] = random.uniform(0, 255)
        noisy = disc + random.normal(0, 6, disc.shape) * (disc > 0)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


def _pages() -> Iterator[NDArray[np.uint8]]:
    random = np.random.default_rng(2)
    for number in range(12):
        dark = number % 2 == 0
        page = Image.new("L", (640, 480), 20 if dark else 245)
        draw = ImageDraw.Draw(page)
        for line in range(4, 460, 22):
            words = " ".join("x" * int(n) for n in random.integers(1, 9, random.integers(2, 12)))
            font = ImageFont.load_default(14.0)
            draw.text((12, line), words, fill=230 if dark else 15, font=font)
        if number % 3 == 0:
            draw.rectangle((300, 60, 620, 440), fill=90, outline=200)
        yield np.asarray(page)


def _photographs() -> Iterator[NDArray[np.uint8]]:
    for package, names in PHOTOGRAPHS.items():
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        for name in names:
            picture = Image.open(Path(spec.origin).parent / name).convert("RGB")
            width, height = picture.size
            yield np.asarray(picture)
            for left, top in ((0, 0), (width // 2, 0), (0, height // 2), (width // 2, height // 2)):
                box = (left, top, left + width // 2, top + height // 2)
                yield np.asarray(picture.crop(box))


def _turned() -> Iterator[NDArray[np.uint8]]:
    for picture in _photographs():
        yield np.ascontiguousarray(picture[::-1])


if __name__ == "__main__":
    sys.exit(main())
