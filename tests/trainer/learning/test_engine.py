"""Training computes with half of the bits only where the device has circuits for that."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest
import torch
from lightning.pytorch import LightningModule, Trainer
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from trainer.learning import engine
from trainer.learning.engine import Precision, fit, logger_in, precision_of
from trainer.learning.network import WeightsError
from trainer.learning.optimisation import Learner
from trainer.settings import HardwareSettings


@pytest.mark.parametrize(
    ("able", "wanted", "expected"),
    [
        ({"avx512_bf16": True}, True, "bf16-mixed"),
        ({"amx_bf16": True}, True, "bf16-mixed"),
        ({"avx512_bf16": True, "amx_bf16": True}, False, "32-true"),
        ({"avx512_bf16": False, "avx2": True}, True, "32-true"),
        ({"neon": True}, True, "32-true"),
    ],
)
def test_a_cpu_computes_in_bfloat16_only_where_it_can(
    monkeypatch: pytest.MonkeyPatch, able: dict[str, bool], wanted: bool, expected: Precision
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: MappingProxyType(able))
    hardware = HardwareSettings(mixed_precision=wanted)
    assert precision_of(hardware, torch.device("cpu")) == expected


class _Steep(Learner):
    """One weight whose gradient is a hundred."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(1, 1, bias=False)
        self.norms: list[float] = []

    def training_step(self, batch: list[Tensor], _: int) -> Tensor:
        steep: Tensor = self.layer(batch[0]).mean() * 100
        return steep

    def optimizer_step(self, *arguments: object, **keywords: object) -> None:
        super().optimizer_step(*arguments, **keywords)  # type: ignore[arg-type]
        gradient = self.layer.weight.grad
        assert gradient is not None
        self.norms.append(float(gradient.norm()))

    def train_dataloader(self) -> DataLoader[tuple[Tensor, ...]]:
        return DataLoader(TensorDataset(torch.ones(4, 1)), 2)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.parameters(), fused=True)


@pytest.mark.parametrize("precision", ["bf16-mixed", "32-true"])
@pytest.mark.parametrize(("clip", "expected"), [(0.5, 0.5), (None, 100.0)])
def test_gradients_are_clipped_beside_fused_steps(
    tmp_path: Path, precision: Precision, clip: float | None, expected: float
) -> None:
    learner = _Steep()
    trainer = Trainer(
        accelerator="cpu",
        precision=precision,
        max_epochs=1,
        gradient_clip_val=clip,
        default_root_dir=tmp_path,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    fit(trainer, learner, tmp_path / "last.ckpt")
    assert learner.norms == pytest.approx([expected] * 2, rel=1e-2)


def test_a_damaged_state_is_named_and_not_trained_on_from(tmp_path: Path) -> None:
    (tmp_path / "last.ckpt").write_bytes(b"PK half a file")
    with pytest.raises(WeightsError, match=r"last\.ckpt is damaged"):
        fit(Trainer(logger=False, barebones=True), LightningModule(), tmp_path / "last.ckpt")


@pytest.mark.parametrize("there", [(), ("tensorboard",), ("tensorboardX",)])
def test_tensorboard_is_written_where_a_package_for_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...]
) -> None:
    made: list[tuple[Path, str]] = []

    def logger(folder: Path, name: str, version: str) -> str:
        made.append((folder / name, version))
        return "logger"

    monkeypatch.setattr(engine, "find_spec", lambda package: package in there or None)
    monkeypatch.setattr(engine, "TensorBoardLogger", logger)
    assert logger_in(tmp_path) == ("logger" if there else False)
    assert made == ([(tmp_path, "tensorboard")] if there else [])
