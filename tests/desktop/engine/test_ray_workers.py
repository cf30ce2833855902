"""How a cluster is divided into workers, and what is said without Ray.

``python -m tests.ray_cluster`` shows the rest on a cluster of this computer.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop.engine.crew import ClusterCode, ClusterError
from desktop.engine.ray_workers import Cluster, ModelFile, Share, shares
from desktop.resources import MODELS, resource


@pytest.mark.parametrize(
    ("node", "workers"),
    [
        ({"CPU": 1.0}, [Share(1)]),
        ({"CPU": 8.0}, [Share(4), Share(4)]),
        ({"CPU": 6.0}, [Share(4), Share(2)]),
        ({"CPU": 16.0, "GPU": 2.0}, [Share(8, 1), Share(8, 1)]),
        ({"CPU": 2.0, "GPU": 4.0}, [Share(1, 1), Share(1, 1)]),
        ({"CPU": 0.0}, []),
        ({"memory": 1e9}, []),
    ],
)
def test_there_is_a_worker_for_each_gpu_or_group_of_cores(
    node: dict[str, float], workers: list[Share]
) -> None:
    assert shares([node], 4) == workers


def test_machines_are_divided_one_by_one() -> None:
    assert shares([{"CPU": 2.0}, {"CPU": 3.0, "GPU": 1.0}], 2) == [Share(2), Share(3, 1)]


def test_the_model_that_came_with_the_program_is_looked_for_on_each_machine() -> None:
    assert ModelFile(Path("a.onnx"), "", "cpu").there == resource(MODELS) / "a.onnx"
    assert ModelFile(Path("/b/c.onnx"), "", "cpu").there == Path("/b/c.onnx")


def test_without_ray_a_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ClusterError) as caught:
        Cluster("auto")
    assert caught.value.message.code is ClusterCode.NO_RAY
