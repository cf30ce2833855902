"""How a network learns: material, augmentation, folds, distillation, and its weights."""
