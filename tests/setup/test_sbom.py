"""The bill of materials names what is inside, with version, licence and hash."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from setup.sbom import write_sbom

MODEL = Path(__file__).resolve().parents[2] / "resources" / "weights" / "head-ct-int8.onnx"


def test_packages_and_models_are_named_with_version_licence_and_hash(tmp_path: Path) -> None:
    written = write_sbom(tmp_path / "SBOM.cdx.json", "1.2.3", [], [MODEL])
    told = json.loads(written.read_text(encoding="utf-8"))
    assert told["bomFormat"] == "CycloneDX"
    assert told["metadata"]["component"]["version"] == "1.2.3"
    by_purl = {each["purl"]: each for each in told["components"] if "purl" in each}
    numpy = by_purl[f"pkg:pypi/numpy@{version('numpy')}"]
    assert numpy["licenses"][0]["license"]["name"].startswith("BSD-3-Clause")
    assert f"pkg:pypi/pyside6-essentials@{version('PySide6_Essentials')}" in by_purl
    assert not any("torch" in purl or "setuptools" in purl for purl in by_purl)
    model = told["components"][-1]
    assert model["type"] == "machine-learning-model"
    assert model["hashes"][0]["content"] == hashlib.sha256(MODEL.read_bytes()).hexdigest()
