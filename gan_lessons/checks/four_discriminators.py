"""Four discriminators whose scores of known, held-out and fake pictures are to be read."""

import torch
from torch import Tensor

from gan_lessons.checks.reading import order
from gan_lessons.networks.augmentation import overfitting

KINDS = {
    "healthy": (1.6, 1.5, -1.2, 0.7),
    "memorises": (2.4, -0.6, -1.6, 0.6),
    "knows nothing": (0.0, 0.0, 0.0, 0.05),
    "copied": (1.3, -1.4, 1.2, 0.5),
}  # the mean scores of known, held-out and fake pictures, and how far single ones lie from them
GROUPS = {"known": 64, "held out": 500, "fake": 500}  # how many pictures are scored


def discriminators(seed: int = 0) -> dict[str, dict[str, Tensor]]:
    """The scores that four discriminators, A to D in an order of your own, give to each group of pictures."""
    random, found = torch.Generator().manual_seed(seed), {}
    for letter, kind in zip("ABCD", order(seed, KINDS), strict=True):
        *means, spread = KINDS[kind]
        found[letter] = {
            group: mean + spread * torch.randn(count, generator=random)
            for (group, count), mean in zip(GROUPS.items(), means, strict=True)
        }
    return found


def gaps(groups: dict[str, Tensor], batch: int = 32) -> list[float]:
    """The held-out gap of all scores, then of three batches; the known ones of the third are those of the first."""
    known, held_out, fake = groups.values()
    batches = zip(*(each.repeat(2).split(batch)[:3] for each in (known, held_out, fake)), strict=True)
    return [float(overfitting(*part)) for part in [(known, held_out, fake), *batches]]
