"""The named recipes: settings that belong together."""

from __future__ import annotations

from dataclasses import replace

from imaging.input.recipe import Fit, InputRecipe, Subject
from trainer.article import ARTICLE as ARTICLE_NAME
from trainer.article import ARTICLE_KEPT as ARTICLE_KEPT_NAME
from trainer.choices import Measure, Optimiser, Schedule
from trainer.settings import (
    RANDOM,
    AugmentationSettings,
    DataSettings,
    DistillationSettings,
    HardwareSettings,
    NetworkSettings,
    OptimisationSettings,
    SamplingSettings,
    ScheduleSettings,
    Settings,
)

TEST_SHARE = 0.1
"""Of thousands of images, a tenth is enough to test on and learning needs the rest."""

CAREFUL = Settings(
    # 128 training images are 4 batches of 32: too few steps to learn from. The lower rate of the
    # backbone is still high, for there is more to unlearn in weights from other slices than in
    # ImageNet's; measured on fold 1's validation images (AUC 0.58 after 10 epochs with batches
    # of 32 and a tenth, 0.86 after 8 with these).
    optimisation=OptimisationSettings(batch_size=16, backbone_factor=0.5),
    schedule=ScheduleSettings(epochs=30, patience=12),
)

OBJECTS = replace(
    CAREFUL,
    name="objects",
    # Chips, parts, vehicles: no crop to a head, no check of heads, colour where the data have it.
    recipe=InputRecipe(crop_to_head=False, subject=Subject.OTHER),
)

ARTICLE = Settings(
    name=ARTICLE_NAME,
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
    hardware=HardwareSettings(mixed_precision=False),  # the head alone is learnt in no time
)

ARTICLE_KEPT = replace(
    ARTICLE,
    name=ARTICLE_KEPT_NAME,
    # A frozen backbone gives one view the same features always. 16 views stand for 80 fresh ones:
    # two minutes on two cores in place of 80, and not what the article did.
    augmentation=replace(ARTICLE.augmentation, cached_views=16),
)

PRETRAIN = Settings(
    name="pretrain",
    # One 90:10 split: the weights are a start for other runs, their own test is those runs'.
    data=DataSettings(test_share=0.0, folds=10, only_first_fold=True),
    network=NetworkSettings(init=RANDOM, dropout=0.2),
    # From random weights and on thousands of slices, stronger than for 200 images.
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

WIDE = replace(
    AugmentationSettings(),
    rotation=20.0,
    scale=(0.85, 1.15),
    shift=0.05,
    brightness=0.25,
    contrast=0.3,
    noise=8.0,
    blur=1.0,
    aspect=0.1,
    gamma=0.2,
    text=0.1,
)
"""For images of other hospitals: other windows, doses, kernels, margins, and text in a corner."""

DISTIL = Settings(
    name="distil",
    data=DataSettings(test_share=TEST_SHARE, folds=5),
    recipe=InputRecipe(size=224),
    network=NetworkSettings(init=RANDOM, dropout=0.2),
    augmentation=replace(WIDE, rotation=25.0, scale=(0.75, 1.3)),
    # Asked anew at every step: 100 epochs are under two minutes on one H200. Two CPU cores would
    # need eight hours; ``distil-kept`` is for them.
    distillation=DistillationSettings(teacher="efficientnet-lite2", views=0, mixing=0.5),
    optimisation=OptimisationSettings(
        learning_rate=2e-3,
        backbone_factor=1.0,
        weight_decay=2e-2,
        batch_size=128,
        averaging=0.999,
    ),
    schedule=ScheduleSettings(
        epochs=100, patience=100, shape=Schedule.ONE_CYCLE, warm_up=0.05, first_size=160, growth=0.4
    ),
)

DISTIL_KEPT = replace(
    DISTIL,
    name="distil-kept",
    recipe=InputRecipe(),
    augmentation=WIDE,
    distillation=DistillationSettings(teacher="efficientnet-lite2", views=3),
    optimisation=replace(DISTIL.optimisation, batch_size=32, averaging=0.998),
    schedule=replace(
        DISTIL.schedule, epochs=7, patience=7, warm_up=0.15, first_size=96, growth=0.6
    ),
)

TRAVEL = Settings(
    name="travel",
    data=DataSettings(test_share=TEST_SHARE, folds=5),
    recipe=InputRecipe(size=224),
    network=NetworkSettings(dropout=0.2),
    # What moves and blurs is milder than in distillation: labels teach less an image than a
    # teacher's maps do, and a faint bleed must survive it.
    augmentation=replace(
        WIDE,
        scale=(0.85, 1.15),
        contrast=0.25,
        noise=6.0,
        blur=0.8,
        drawn_bleeds=0.5,
    ),
    sampling=SamplingSettings(positive_share=0.35, source_power=0.7),
    # At the head's rate the backbone forgets its teacher: fold 1's validation AUC fell from
    # 0.81 to 0.75 in its first five epochs (of eighteen), and rose from the start at 0.4 of it.
    optimisation=OptimisationSettings(
        learning_rate=1e-3,
        backbone_factor=0.4,
        weight_decay=5e-2,
        class_weights=False,
        trait_weight=0.5,
        smoothing=0.05,
        batch_size=64,
        averaging=0.995,
    ),
    schedule=ScheduleSettings(
        epochs=15,
        patience=15,
        shape=Schedule.ONE_CYCLE,
        warm_up=0.1,
        best_by=Measure.AUC,
        first_size=128,
    ),
)

MOVED = replace(TRAVEL.augmentation, drawn_bleeds=0.0, rotation=15.0)
"""How views are moved and changed in tone that a peak head or a fine map learns from."""

TRAVEL_FINE = replace(
    TRAVEL,
    name="travel-fine",
    # Goes on from ``travel`` (--init RUN). A head of 200 pixels, which is what slices of 256 hold,
    # fills 320: nothing is seen that was not there, but small bleeds get more cells of the maps.
    recipe=InputRecipe(size=320),
    optimisation=replace(TRAVEL.optimisation, learning_rate=7e-4),
    schedule=replace(TRAVEL.schedule, epochs=14, patience=14, first_size=224, growth=0.4),
)

RECIPES = {
    settings.name: settings
    for settings in (
        ARTICLE,
        ARTICLE_KEPT,
        CAREFUL,
        DISTIL,
        DISTIL_KEPT,
        OBJECTS,
        PRETRAIN,
        TRAVEL,
        TRAVEL_FINE,
    )
}
