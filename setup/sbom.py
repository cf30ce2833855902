"""The bill of materials of the packaged program, as CycloneDX 1.6 has it.

https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from model.card import ModelCard
from model.onnx_file import read_onnx
from setup.licences import Binary, bundled, debian_packages, terms_of

Component = dict[str, Any]


def write_sbom(
    target: Path, version: str, binaries: Iterable[Binary], models: Iterable[Path]
) -> Path:
    """Write one JSON file that names everything inside, with versions and licences."""
    components = [
        _library("python", platform.python_version(), "generic", "PSF-2.0"),
        *(_library(one.name, one.version, "pypi", terms_of(one)) for one in bundled()),
        *(
            _library(package, _debian_version(package), "deb/debian", "")
            for package in debian_packages(binaries)
        ),
        *map(_model, models),
    ]
    program = {"type": "application", "name": "cranioscope", "version": version}
    terms = [{"license": {"id": "Apache-2.0"}}]
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": program | {"licenses": terms}},
        "components": components,
    }
    target.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def _library(name: str, version: str, kind: str, terms: str) -> Component:
    made: Component = {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:{kind}/{quote(name.lower().replace('_', '-'))}@{quote(version, ':')}",
    }
    return made | ({"licenses": [{"license": {"name": terms}}]} if terms else {})


def _model(path: Path) -> Component:
    data = path.read_bytes()
    card = ModelCard.from_metadata(read_onnx(data).metadata)
    return {
        "type": "machine-learning-model",
        "name": card.name,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()}],
        "licenses": [{"license": {"name": card.licence}}],
    }


def _debian_version(package: str) -> str:
    command = ["dpkg-query", "--show", "--showformat=${Version}", package]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
