"""The engine's sentences in the reader's language; the engine itself speaks English and no Qt.

``{0}`` stands for what a sentence says of the file at hand; the first that fits is taken. A test
compares the list with the code.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

SENTENCES = (
    # scans/model_card
    QT_TRANSLATE_NOOP("Sentence", "The model file carries no Cranioscope card."),
    QT_TRANSLATE_NOOP("Sentence", "The model file's card is damaged."),
    QT_TRANSLATE_NOOP("Sentence", "The model file's card is damaged: {0}"),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "The model file's card has version {0}; this program reads version {1}.",
    ),
    QT_TRANSLATE_NOOP("Sentence", "The card's known-answer input is damaged."),
    QT_TRANSLATE_NOOP(
        "Sentence", "The card's known-answer input has another size than its recipe."
    ),
    QT_TRANSLATE_NOOP("Sentence", "The card has no frozen operating point."),
    QT_TRANSLATE_NOOP("Sentence", "The card has a threshold outside 0 to 1."),
    QT_TRANSLATE_NOOP("Sentence", "The card's temperature is no positive number."),
    QT_TRANSLATE_NOOP("Sentence", "The card's novelty cut is no positive number."),
    QT_TRANSLATE_NOOP("Sentence", "The card's out-of-fold labels and logits differ in number."),
    QT_TRANSLATE_NOOP("Sentence", "The card's out-of-fold labels are not 0 and 1."),
    QT_TRANSLATE_NOOP("Sentence", "The card's out-of-fold logits are not all finite."),
    QT_TRANSLATE_NOOP("Sentence", "The card's list of used scans is damaged."),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "The card's known answer tells nothing: its tolerance is no small number.",
    ),
    QT_TRANSLATE_NOOP("Sentence", "The card's counts on test scans are negative."),
    # desktop/engine/onnx_file
    QT_TRANSLATE_NOOP("Sentence", "The file is no ONNX model."),
    QT_TRANSLATE_NOOP("Sentence", "The model file is damaged."),
    QT_TRANSLATE_NOOP("Sentence", "The model file is damaged or cut short."),
    QT_TRANSLATE_NOOP("Sentence", "The model file holds two graphs."),
    QT_TRANSLATE_NOOP("Sentence", "The model file's metadata name something twice."),
    QT_TRANSLATE_NOOP("Sentence", "The model file says something twice."),
    QT_TRANSLATE_NOOP("Sentence", "The model file holds functions or training steps."),
    QT_TRANSLATE_NOOP("Sentence", "The model file holds sparse weights."),
    QT_TRANSLATE_NOOP("Sentence", "The model file holds loops or branches."),
    QT_TRANSLATE_NOOP("Sentence", "The model file keeps data in other files."),
    QT_TRANSLATE_NOOP(
        "Sentence", "The model file needs operators that this program does not have."
    ),
    QT_TRANSLATE_NOOP("Sentence", "An input or output of the model file is no tensor."),
    QT_TRANSLATE_NOOP("Sentence", "An input or output of the model file has no shape."),
    # desktop/engine/classifier and weights
    QT_TRANSLATE_NOOP("Sentence", "The model file is not the one that was expected."),
    QT_TRANSLATE_NOOP("Sentence", "The classifier failed."),
    QT_TRANSLATE_NOOP("Sentence", "The classifier gave no valid heat map."),
    QT_TRANSLATE_NOOP("Sentence", "The model file is not a regular file."),
    QT_TRANSLATE_NOOP("Sentence", "The model file is larger than 200 MB."),
    QT_TRANSLATE_NOOP("Sentence", "There is no model file {0}."),
    QT_TRANSLATE_NOOP("Sentence", "The model file {0} cannot be read."),
    QT_TRANSLATE_NOOP(
        "Sentence", "The model file's input is not uint8 [N, {0}, {1}] by the name of scan."
    ),
    QT_TRANSLATE_NOOP("Sentence", "The model file's outputs are not those of the contract."),
    QT_TRANSLATE_NOOP("Sentence", "The model file's output {0} has another type or shape."),
    QT_TRANSLATE_NOOP("Sentence", "The model file does not run on {0}."),
    QT_TRANSLATE_NOOP("Sentence", "The model file gives another answer on {0} than its card says."),
    QT_TRANSLATE_NOOP("Sentence", "the CPU"),
    QT_TRANSLATE_NOOP("Sentence", "The program came without weights; name a model file."),
    # desktop/engine/providers
    QT_TRANSLATE_NOOP("Sentence", "Running on the CPU, as asked."),
    QT_TRANSLATE_NOOP("Sentence", "Running on the GPU with CUDA."),
    QT_TRANSLATE_NOOP("Sentence", "CUDA was asked for, but {0}; running on the CPU."),
    QT_TRANSLATE_NOOP("Sentence", "Running on the CPU: {0}."),
    QT_TRANSLATE_NOOP("Sentence", "this installation has no CUDA"),
    QT_TRANSLATE_NOOP("Sentence", "CUDA does not start on this computer"),
    QT_TRANSLATE_NOOP("Sentence", "the libraries or the driver of CUDA are missing or too old"),
    QT_TRANSLATE_NOOP(
        "Sentence", "CUDA failed in the middle of the work; running on the CPU from there on."
    ),
    # desktop/engine/series_sentences: what says more before what says less
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Judged pictures: {0}, of which {1} must reach the threshold of the series: {2}, that of "
        "single pictures.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Judged pictures: {0}, of which {1} must reach the threshold of the series: {2}.",
    ),
    QT_TRANSLATE_NOOP("Sentence", "A series of one judged picture counts as that picture."),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Of series with so many pictures and without the finding, at most {0} are expected to "
        "reach it, however much their pictures resemble each other, if they are like those it was "
        "worked out on.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Too few negatives to say whether at most {0} of series without the finding reach it: "
        "{1}, where {2} are needed; it is just above the highest of them.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Too few negatives to say whether at most {0} of series without the finding reach it: "
        "{1}, where {2} are needed.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Expected false alarms: at most {0} % of series without the finding (95 % interval {1} to "
        "{2} %; {3} of {4} held-out scans without it reach the threshold).",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Of single pictures with the finding, {0} of {1} reach it: {2} % "
        "(95 % interval {3} to {4} %).",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence", "How many single pictures with the finding reach it is not known."
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "There are no labelled series: how many series with the finding reach their threshold "
        "is not known.",
    ),
    # scans/sandbox
    QT_TRANSLATE_NOOP("Sentence", "No process can be started that reads the files: {0}."),
    QT_TRANSLATE_NOOP("Sentence", "It needs a /dev/shm that may be written to."),
)


def spoken(sentence: str) -> str:
    """A sentence of the engine in the reader's language; as it is where it is not in the list."""
    for template, pattern in _patterns():
        match = pattern.fullmatch(sentence)
        if match is not None:
            translated = QCoreApplication.translate("Sentence", template)
            parts = [spoken(part) if part != sentence else part for part in match.groups()]
            return translated.format(*parts) if parts else translated
    return sentence


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(str(each), _pattern(str(each))) for each in SENTENCES]


def _pattern(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{\d\}", template)
    return re.compile("(.+?)".join(map(re.escape, pieces)), re.DOTALL)
