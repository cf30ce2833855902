"""What a result stands on is noted without asking anything of the computer that it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.data import provenance


def test_system_processor_and_cores_are_noted() -> None:
    found = provenance.hardware()
    assert {"system", "processor", "cores"} <= found.keys()
    assert all(found.values())


@pytest.mark.parametrize(
    ("script", "gpus"),
    [
        ("echo 'Card One'; echo 'Card Two'", "Card One, Card Two"),
        ("exit 9", None),
    ],
)
def test_gpus_are_those_that_the_drivers_tool_names(
    script: str, gpus: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert provenance.hardware().get("GPUs") == gpus
