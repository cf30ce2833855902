"""Who reads before the AI sees an image and its own faults, and nothing that the model said."""

from __future__ import annotations

from dataclasses import replace

from desktop.engine.blinding import blinded
from imaging.errors import Code, Problem, Status
from tests.make.results import result


def test_a_blinded_result_says_nothing_of_the_score() -> None:
    refused = result("a.png", None, Problem(Code.NOT_ASSESSABLE), Problem(Code.COLOUR))
    hidden = blinded(replace(refused, novelty=99.0))
    assert (hidden.novelty, hidden.status, len(hidden.problems)) == (None, Status.WARNING, 1)
    scored = blinded(result("a.png", 0.7))
    assert (scored.probability, scored.logit) == (None, None)
