"""The smallest GAN, a z + b against u x² + v x + c, played in four ways: which is which is to be read off."""

import functools
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import softplus

from gan_lessons.checks import own
from gan_lessons.checks.reading import lettered, order

KINDS = {
    "healthy": (0.05, 1.0),
    "D sees means only": (0.05, 0.0),
    "G stands still": (0.0, 1.0),
    "G runs the wrong way": (-0.05, 1.0),
}  # the generator's rate, and whether D's score may bend
WALL = 20.0  # a and b go no farther


class Game(NamedTuple):
    """Both losses [steps], and the generator at the end: a z + b."""

    discriminator_loss: Tensor
    generator_loss: Tensor
    a: float
    b: float


def numbers(seed: int = 0) -> tuple[float, float]:
    """Mean and standard deviation of your real numbers."""
    return own(seed, "mean", [0.7, 0.8, 0.9]), own(seed, "spread", [0.4, 0.45, 0.5])


@functools.lru_cache(maxsize=2)
def gallery(seed: int = 0, steps: int = 2000, batch: int = 256) -> dict[str, Game]:
    """Four games A to D, in an order of your own, side by side: every parameter is [4, 1], every batch [4, batch]."""
    random, (mean, spread) = torch.Generator().manual_seed(seed), numbers(seed)
    rate, bends = torch.tensor([KINDS[kind] for kind in order(seed, KINDS)]).T[..., None]
    a, b, u, v, c = (torch.full((4, 1), start) for start in (1.0, 0.0, 0.0, 0.0, 0.0))
    losses = []
    for _ in range(steps):
        real = mean + spread * torch.randn(4, batch, generator=random)
        noise = torch.randn(4, batch, generator=random)
        fake = a * noise + b
        scores = [u * x**2 + v * x + c for x in (real, fake)]
        losses.append(torch.stack([(softplus(-scores[0]) + softplus(scores[1])).mean(1), softplus(-scores[1]).mean(1)]))
        wrong = scores[0].sigmoid() - 1, scores[1].sigmoid()  # the slopes of D's loss in its scores
        by_u, by_v, by_c = (
            (wrong[0] * real**k + wrong[1] * fake**k).mean(1, keepdim=True) for k in (2, 1, 0)
        )  # fmt: skip
        u, v, c = u - 0.3 * bends * by_u, v - 0.3 * by_v, c - 0.3 * by_c
        push = ((u * fake**2 + v * fake + c).sigmoid() - 1) * (2 * u * fake + v)
        a = (a - rate * (push * noise).mean(1, keepdim=True)).clamp(-WALL, WALL)
        b = (b - rate * push.mean(1, keepdim=True)).clamp(-WALL, WALL)
    history = torch.stack(losses)  # [steps, 2, 4]
    return {
        letter: Game(history[:, 0, k], history[:, 1, k], float(a[k]), float(b[k])) for k, letter in enumerate("ABCD")
    }


def games(answer: Any, seed: int | None = None) -> None:
    """Check the names of games A to D: without a seed only that there are four, with one whether they are right."""
    lettered("games", "game", answer, KINDS, seed, confusion)


def confusion(wrong: dict[str, str]) -> str:
    """The name of a mix-up: what was said, and what it is."""
    if {wrong.get("healthy"), wrong.get("D sees means only")} & {"healthy", "D sees means only"}:
        return "healthy by its losses"
    if wrong.get("healthy") == "G stands still":
        return "nobody moves and all is well"
    return "curves misread"
