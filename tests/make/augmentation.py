"""Settings of augmentation for tests."""

from __future__ import annotations

from trainer.learning.lessons import moved, still
from trainer.settings import AugmentationSettings

STILL = still(moved(AugmentationSettings()))
"""Nothing moves and nothing changes in tone."""
