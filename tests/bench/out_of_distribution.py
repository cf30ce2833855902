"""``python -m tests.bench.out_of_distribution``: what is assessed, of heads and of other images.

The program's own engine screens generated images, photographs and figures that lie inside
installed packages, the test files of pydicom and of pydicom-data, and real heads where they lie
beside the repository. Printed: of each kind, how many files that could be read got no probability
in any frame, with the Wilson interval, and by which rule. Nothing is downloaded: the files of
pydicom-data and scikit-image, the extra ``bench``, are taken where those are installed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage
from PIL import ImageDraw, ImageFont

from desktop.engine.run import Run
from desktop.engine.shipped_models import FOR_CPU
from desktop.resources import MODELS, resource
from imaging.errors import Status
from imaging.samples.samples import pydicom_folder
from imaging.sandbox.sandbox import Sandbox
from model.image_result import ImageResult
from model.proportion import Proportion
from model.session import Session

PHOTOGRAPHS = {
    "sklearn": ("datasets/images/china.jpg", "datasets/images/flower.jpg"),
    "matplotlib": (
        "mpl-data/sample_data/grace_hopper.jpg",
        "mpl-data/sample_data/Minduka_Present_Blue_Pack.png",
        "mpl-data/sample_data/logo2.png",
    ),
}
PACKAGES = {"pydicom-data": "data_store/data", "scikit-image": "skimage/data"}
"""Packages that need not be installed, and where their files lie in them."""
HEADS = {"the 200": "head-ct-200/images", "GE study": "dicom-head-ge"}
HEAD_FILES = {
    "693_J2KI.dcm",
    "693_J2KR.dcm",
    "693_UNCI.dcm",
    "693_UNCR.dcm",
    "J2K_pixelrep_mismatch.dcm",
}
"""Test files that do show a head by CT, two of them (693_*I) all but erased by compression."""
UNREAD = {Status.FAILED, Status.SKIPPED}
SIDE = 256

Files = dict[Path, list[ImageResult]]
"""The rows of each file that was read."""


def main() -> int:
    """Screen all kinds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=resource(MODELS) / FOR_CPU)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    session = Session.open(options.model, "cpu")
    with tempfile.TemporaryDirectory() as place, Sandbox() as sandbox:

        def screened(folder: Path) -> Files:
            run = Run([folder], sandbox)
            for _ in run.read_headers():
                pass
            run.group()
            return _files(result for _, result in run.score(session))

        images = {kind: screened(folder) for kind, folder in _images(Path(place)).items()}
        dicom = {kind: screened(folder) for kind, folder in _dicom_folders().items()}
        heads = {n: screened(options.data / at) for n, at in HEADS.items()}
    heads["in the test files"] = _named(
        {p: f for files in dicom.values() for p, f in files.items()}
    )
    dicom = {f"test files of {name}": _unnamed(files) for name, files in dicom.items()}
    _table("No head CT, images", images)
    _table("No head CT, DICOM", dicom)
    print(f"\nNo head CT, all: {_together(images | dicom)}")
    heads = {name: files for name, files in heads.items() if files}
    _table("Heads", heads, assessed_is_wrong=False)
    return 0


def _files(results: Iterable[ImageResult]) -> Files:
    files: Files = {}
    for result in results:
        if result.status not in UNREAD:
            files.setdefault(result.path, []).append(result)
    return files


def _named(files: Files) -> Files:
    return {path: rows for path, rows in files.items() if path.name in HEAD_FILES}


def _unnamed(files: Files) -> Files:
    return {path: rows for path, rows in files.items() if path.name not in HEAD_FILES}


def _table(title: str, kinds: dict[str, Files], assessed_is_wrong: bool = True) -> None:
    """Print a line for each kind, below it the files that went the wrong way, and the sum."""
    print(f"\n{title}: share of files refused, with its 95 % interval, and by which rule")
    for name, files in kinds.items():
        refused = [rows[0] for rows in files.values() if not _assessed(rows)]
        codes = Counter(str(row.problems[0].code.value) for row in refused)
        print(f"  {name:30}{Proportion.of(len(refused), len(files))}  {dict(codes)}")
        assessed = [row for rows in files.values() for row in _assessed(rows)]
        for row in assessed if assessed_is_wrong else refused:
            novelty = "unknown" if row.novelty is None else f"{row.novelty:.1f}"
            print(f"      {row.path.name} #{row.frame + 1}: novelty {novelty}")
    print(f"  {'together':30}{_together(kinds)}")


def _together(kinds: dict[str, Files]) -> Proportion:
    every = [rows for files in kinds.values() for rows in files.values()]
    return Proportion.of(sum(not _assessed(rows) for rows in every), len(every))


def _assessed(rows: list[ImageResult]) -> list[ImageResult]:
    return [row for row in rows if row.probability is not None]


def _images(place: Path) -> dict[str, Path]:
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
        for number, image in enumerate(draw()):
            PilImage.fromarray(image).save(folders[name] / f"{number:03d}.png")
    inside = _inside("scikit-image")
    return folders if inside is None else folders | {"images of scikit-image": inside}


def _dicom_folders() -> dict[str, Path]:
    folders, inside = {"pydicom": pydicom_folder()}, _inside("pydicom-data")
    return folders if inside is None else folders | {"pydicom-data": inside}


def _inside(package: str) -> Path | None:
    """Where the package keeps its files; None, and a line that says so, where it is not."""
    try:
        folder = Path(str(distribution(package).locate_file(PACKAGES[package])))
    except PackageNotFoundError:
        print(f"{package} is not installed; its files are left out.")
        return None
    assert folder.is_dir(), folder
    return folder


def _noise() -> Iterator[NDArray[np.uint8]]:
    random = np.random.default_rng(0)
    for number in range(20):
        cells = (4, 16, 64, 256)[number % 4]
        small = random.integers(0, 256, (cells, cells), dtype=np.uint8)
        yield np.asarray(
            PilImage.fromarray(small).resize((SIDE, SIDE), PilImage.Resampling.BICUBIC)
        )


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
        page = PilImage.new("L", (640, 480), 20 if dark else 245)
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
            image = PilImage.open(Path(spec.origin).parent / name).convert("RGB")
            width, height = image.size
            yield np.asarray(image)
            for left, top in ((0, 0), (width // 2, 0), (0, height // 2), (width // 2, height // 2)):
                box = (left, top, left + width // 2, top + height // 2)
                yield np.asarray(image.crop(box))


def _turned() -> Iterator[NDArray[np.uint8]]:
    for image in _photographs():
        yield np.ascontiguousarray(image[::-1])


if __name__ == "__main__":
    sys.exit(main())
