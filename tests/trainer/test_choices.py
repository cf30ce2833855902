"""Each word that a setting can be does what it says, and every other word is refused."""

from __future__ import annotations

from enum import StrEnum

import pandas as pd
import pytest

from trainer.arguments import ArgumentsError, parser, settings_of
from trainer.choices import Measure, Optimiser, Schedule, WantedChannels
from trainer.results.record import learning_row

SETTINGS = {
    "optimisation.optimiser": Optimiser,
    "schedule.shape": Schedule,
    "schedule.best_by": Measure,
    "data.channels": WantedChannels,
}


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, kind in SETTINGS.items() for word in kind]
)
def test_a_word_is_understood_where_it_is_one_and_nowhere_else(name: str, word: StrEnum) -> None:
    def asked(setting: str) -> object:
        group, _, key = setting.partition(".")
        options = ["data", "--out", "run", "--set", f"{setting}={word.value}"]
        settings = settings_of(parser().parse_args(options), "crack")
        return getattr(getattr(settings, group), key)

    assert asked(name) is word
    for other in SETTINGS.keys() - {name}:
        with pytest.raises(ArgumentsError, match=word.value):
            asked(other)


@pytest.mark.parametrize("best_by", Measure)
def test_the_kept_epoch_is_the_best_by_every_measure(best_by: Measure) -> None:
    """The loss is best at its lowest, all others at their highest; of equals the first is kept."""
    lower = best_by is Measure.LOSS
    values = [0.6, 0.2, 0.2, 0.9] if lower else [0.6, 0.9, 0.9, 0.2]
    table = pd.DataFrame({"epoch": [1, 2, 3, 4], "train_loss": 1.0, "val_accuracy": 0.5})
    table = table.assign(val_loss=0.5, val_auc=0.5).assign(**{best_by.value: values})
    assert learning_row(1, table, best_by.value).kept == 2
