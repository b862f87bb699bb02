"""Four samplers of stick figures that do exercises, each with one fault, and what the scores of chapter 19 see."""

from functools import cache

import torch
from torch import Tensor

from gan_lessons.checks import own
from gan_lessons.data import motions
from gan_lessons.metrics.motions import MotionScores, motion_scores

DRIFT = 0.3  # metres a second
EACH = 6  # windows of each exercise
FEW = (2, 1)  # the exercises of the one that does but two: their speeds are like those of all six


@cache
def four_actors(seed: int = 0) -> dict[str, Tensor]:
    """Held-out windows [36, 24, 18, 3], and those of four samplers, A to D in an order of your own."""
    real, other = motions.load("exercises"), motions.load("exercises", held_out=True)
    random = torch.Generator().manual_seed(seed)
    picks = [torch.randperm(100, generator=random)[:EACH] + 100 * number for number in range(len(real.names))]
    chosen = torch.cat(picks)
    held_out = other.samples[chosen]
    across = DRIFT * torch.arange(motions.FRAMES)[:, None] / motions.RATE
    skating = torch.stack([held_out[..., 0] + across, held_out[..., 1], held_out[..., 2]], -1)
    few = torch.cat([held_out.split(EACH)[number] for number in FEW * (len(picks) // len(FEW))])
    ways = [(held_out + held_out.roll(EACH, 0)) / 2, held_out[:, :1].expand_as(held_out), skating, few]
    start = own(seed, "first actor", range(4))
    return {"held out": held_out} | dict(zip("ABCD", ways[start:] + ways[:start], strict=True))


@cache
def actor_scores(seed: int = 0) -> dict[str, MotionScores]:
    """The scores of each, beside the windows that a generator would have learned from."""
    real = motions.load("exercises")
    return {name: motion_scores(some, real) for name, some in four_actors(seed).items()}
