"""The card of an exported variant, and the generated image whose score it knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.evidence import Material, counts_on_test
from export.outputs import Graph
from export.variant import Variant
from imaging.image import Image, ImageHeader, Unit
from imaging.input.recipe import InputRecipe, Subject, network_input
from imaging.samples.phantom import Bleed, Head
from model.card import KnownAnswer, ModelCard
from trainer.article import is_article
from trainer.data.provenance import versions
from trainer.results.best_fold import Choice
from trainer.settings import Settings

INTENDED_USE = "Research use. Notification only, not for primary diagnosis."
OTHER_USE = "Research use. Made for other images than those of patients."
KNOWN_TOLERANCE = 0.05
"""Of the logit: moves no probability by more than 0.0125, and lets through the rounding of other
kernels (TF32 on GPUs, requantising on other CPUs) that are not broken."""
EXPORTERS = ("onnx", "onnxscript", "onnxruntime", "onnxruntime-gpu")


@dataclass(frozen=True)
class Origin:
    """What the run says about itself that goes into the card as it is."""

    name: str
    settings: Settings
    run: Mapping[str, Any]
    """run.json"""
    choice: Choice
    groups_known: bool
    """Whether the data said which images belong together."""
    used: Mapping[str, str]
    """As ``ModelCard.used``."""


def known_input(recipe: InputRecipe) -> NDArray[np.uint8]:
    """A generated head with a bleed as the network's input, uint8 (S, S); nobody's.

    For other subjects, a smooth pattern of the recipe's shape.
    """
    if recipe.subject is Subject.OTHER:
        places = np.indices(recipe.shape)
        phase = sum((axis + 1) * each for axis, each in enumerate(places)) * (6 / recipe.size)
        pattern: NDArray[np.uint8] = np.rint(128 + 100 * np.sin(phase)).astype(np.uint8)
        return pattern
    pixels = Head(2, Bleed.INTRAPARENCHYMAL).slice_at(0.5)
    header = ImageHeader(Unit.HOUNSFIELD, *pixels.shape)
    return network_input(Image(header, pixels), recipe).pixels


def make_card(variant: Variant, material: Material, origin: Origin) -> ModelCard:
    """The card of a variant, with counts on the test images and what the checks measured."""
    settings, evidence = origin.settings, variant.evidence
    is_head = settings.recipe.subject is Subject.HEAD_CT
    image = known_input(settings.recipe)
    output = Graph(variant.model).run(image[None])
    return ModelCard(
        name=f"{origin.name} fold {origin.choice.fold} {variant.precision}",
        class_name=settings.class_name,
        recipe=settings.recipe,
        operating_points=evidence.operating_points,
        out_of_fold=evidence.out_of_fold(),
        temperature=evidence.calibration.temperature,
        intercept=evidence.calibration.intercept,
        novelty_cut=evidence.novelty_cut,
        novelty_rule=evidence.novelty_rule,
        pooled=evidence.pooled_evidence(),
        fold=origin.choice.fold,
        fold_reason=origin.choice.reason,
        precision=variant.precision,
        known_answer=KnownAnswer.of(
            image, float(output.logit[0]), float(output.novelty[0]), KNOWN_TOLERANCE
        ),
        data_fingerprint=str(origin.run["data_fingerprint"]),
        seed=settings.seed,
        licence=settings.data.licence,
        sources=(*settings.data.sources, _start(origin.run)),
        intended_use=INTENDED_USE if is_head else OTHER_USE,
        test=counts_on_test(
            variant.model, evidence, material, note_on_test(settings, origin.groups_known)
        ),
        versions=versions() | _exporter_versions() | _calibration(variant),
        checks=dict(variant.checks),
        used=origin.used,
    )


def _start(run: Mapping[str, Any]) -> str:
    init = run["init"]
    digest = f" (SHA-256 {init['sha256']})" if "sha256" in init else ""
    return f"Weights started from: {init['name']}{digest}"


def note_on_test(settings: Settings, groups_known: bool) -> str:
    """What a reader of the counts on the test images must know."""
    if is_article(settings.name):
        return (
            "The exported fold was chosen on these images, so these counts are optimistic; and the "
            "random split may have put repeats of one image on both sides."
        )
    if not (settings.data.grouped and groups_known):
        return "No choice was made on these images, but repeats may lie on both sides of the split."
    return "No choice was made on these images."


def _calibration(variant: Variant) -> dict[str, str]:
    return {"int8 calibration": variant.calibration} if variant.calibration else {}


def _exporter_versions() -> dict[str, str]:
    found = {}
    for package in EXPORTERS:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue  # the one of the two onnxruntimes that is not the one in use
    return found
