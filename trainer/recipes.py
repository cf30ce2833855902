"""The named recipes: settings that belong together."""

from __future__ import annotations

from dataclasses import replace

from scans.recipe import Fit, InputRecipe
from trainer.settings import (
    RANDOM,
    AugmentationSettings,
    DataSettings,
    Measure,
    NetworkSettings,
    OptimisationSettings,
    Optimiser,
    Schedule,
    ScheduleSettings,
    Settings,
)

CAREFUL = Settings()

ARTICLE = Settings(
    name="article",
    # A random split divides repeats and neighbours; the careful recipe does not.
    data=DataSettings(test_share=0.2, folds=5, grouped=False),
    recipe=InputRecipe(size=224, crop_to_head=False, fit=Fit.CENTRE_CROP),
    # The head's last Sigmoid is part of the loss here: the same function without its rounding.
    network=NetworkSettings(frozen_backbone=True, hidden=(256, 64), dropout=0.5),
    augmentation=AugmentationSettings(
        resized_crop=(0.08, 1.0),  # torchvision's default
        flip=0.5,
        rotation=0.0,
        scale=(1.0, 1.0),
        shift=0.0,
        brightness=0.2,
        contrast=0.0,
        noise=0.0,
        blur=0.0,
        # A frozen backbone gives one view the same features always: 16 replace 80 fresh ones.
        cached_views=16,
    ),
    optimisation=OptimisationSettings(
        optimiser=Optimiser.ADAM,
        learning_rate=1e-3,
        backbone_factor=0.0,
        weight_decay=0.0,
        class_weights=False,
        clip=0.0,
    ),
    schedule=ScheduleSettings(epochs=80, patience=40, shape=Schedule.CONSTANT, warm_up=0.0),
)

PRETRAIN = Settings(
    name="pretrain",
    # One 90:10 split: the weights are a start for other runs, their own test is those runs'.
    data=DataSettings(test_share=0.0, folds=10, only_first_fold=True),
    network=NetworkSettings(init=RANDOM, dropout=0.2),
    # From random weights and on thousands of slices, stronger than for 200 pictures.
    augmentation=replace(
        AugmentationSettings(),
        rotation=20.0,
        scale=(0.85, 1.15),
        shift=0.05,
        brightness=0.25,
        contrast=0.25,
        noise=6.0,
        blur=1.0,
    ),
    # One rate for all layers: none of them knows anything yet.
    optimisation=OptimisationSettings(
        learning_rate=2e-3, backbone_factor=1.0, weight_decay=5e-2, averaging=0.995
    ),
    # Beside one positive in six, the loss wanders more than the order that AUC looks at.
    schedule=ScheduleSettings(
        epochs=15,
        patience=15,
        shape=Schedule.ONE_CYCLE,
        warm_up=0.25,
        best_by=Measure.AUC,
        first_size=96,
    ),
)

RECIPES = {settings.name: settings for settings in (ARTICLE, CAREFUL, PRETRAIN)}
