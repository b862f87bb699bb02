"""Scores for cats, by the parts that a small trained judge reads in them."""

from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data import avatars
from gan_lessons.data.avatars import Avatars, encoded
from gan_lessons.judges.avatars import load
from gan_lessons.metrics.classes import unevenness
from gan_lessons.metrics.frechet import frechet_distance

SURE = 0.9  # a probability
NEAR = 0.06  # root mean square, of a range from black to white of 1
REFERENCE = 2000  # held-out cats
LEAST = 50  # cats read with certainty, for a share of them


class CatScores(NamedTuple):
    """How cats look to the judge.

    `frechet_fraction`: Fréchet distance of their features to those of 2,000 held-out cats, as a fraction of what noise
    scores. `part_confident_min`: of the share that the judge reads with a probability of .9 or more, over that of real
    cats, the least of the five parts; `all_parts`: the same of all five at once. `part_kl_max`: the largest of the
    parts' KL(variants read ‖ uniform), in nats. `recomposed`: the share that differs by at most .06, in root mean
    square, from the cat that is put together of the parts read. `new_share`: of those in which all parts are read so,
    the share whose combination is not among the known ones; 0 where fewer than 50 are, which say nothing.
    """

    frechet_fraction: float
    part_confident_min: float
    all_parts: float
    part_kl_max: float
    recomposed: float
    new_share: float


def cat_scores(pixels: Tensor, known: Avatars | None = None) -> CatScores:
    """Score pictures [count, 3, side, side] in [-1, 1] of a side of 16, 32 or 64, by custom 2,000 of them.

    `known` are the cats that were learnt from; without them all combinations count as new.
    """
    judge, pixels = load(), pixels.float().cpu().clamp(-1, 1)
    features, readings = judge.read(pixels)
    sure, surest = confident(readings), real_confidence(pixels.shape[-1])
    read = torch.stack([reading.argmax(1) for reading in readings.values()], 1)
    found = encoded(read, tuple(judge.parts.values()))[sure.all(1)]
    codes = torch.empty(0, dtype=torch.long) if known is None else known.codes
    return CatScores(
        frechet_fraction=fraction(features, "cats", pixels.shape[-1]),
        part_confident_min=float((sure.double().mean(0) / surest.double().mean(0)).min()),
        all_parts=float(sure.all(1).double().mean() / surest.all(1).double().mean()),
        part_kl_max=max(unevenness(column, count) for column, count in zip(read.T, judge.parts.values(), strict=True)),
        recomposed=float((recomposed(pixels, readings)[1] <= NEAR).double().mean()),
        new_share=float((~torch.isin(found, codes)).double().mean()) if len(found) >= LEAST else 0.0,
    )


def confident(readings: dict[str, Tensor]) -> Tensor:
    """Whether each part is read with a probability of .9 or more, [count, parts]."""
    return torch.stack([reading.amax(1) >= SURE for reading in readings.values()], 1)


def recomposed(pixels: Tensor, readings: dict[str, Tensor], best: int = 4) -> tuple[Tensor, Tensor]:
    """The parts [count, parts] that make up each picture best, and the root mean square that is left, [count].

    From the likeliest variant of each part, each part in turn takes that of its four likeliest that comes nearest.
    """
    cats = Avatars("cats", pixels.shape[-1], torch.empty(0, dtype=torch.long))
    ranked = [reading.topk(best, 1).indices for reading in readings.values()]
    chosen = torch.stack([variants[:, 0] for variants in ranked], 1)
    left = off(cats, chosen, pixels)
    for part, variants in enumerate(ranked):
        for candidates in variants.T:
            other = chosen.clone()
            other[:, part] = candidates
            errors = off(cats, other, pixels)
            chosen = torch.where((errors < left)[:, None], other, chosen)
            left = torch.minimum(left, errors)
    return chosen, left


def off(cats: Avatars, variants: Tensor, pixels: Tensor) -> Tensor:
    """How far pictures are from those put together of variants: root mean squares [count], of a range of 1."""
    pairs = zip(variants.split(500), pixels.split(500), strict=True)
    return torch.cat([(cats.compose(some) - real).square().mean((1, 2, 3)).sqrt() / 2 for some, real in pairs])


def frechet_fraction(kind: str, pixels: Tensor) -> float:
    """Fréchet distance of pictures [count, 3, side, side] to 2,000 held-out avatars, as a fraction of noise's.

    In the features of a network that was taught the parts of cats.
    """
    return fraction(load().read(pixels.float().cpu().clamp(-1, 1))[0], kind, pixels.shape[-1])


def fraction(features: Tensor, kind: str, side: int) -> float:
    """The same of the pictures' features [count, 96]."""
    return frechet_distance(real(kind, side)[0], features) / noise_distance(kind, side)


@cache
def real(kind: str, side: int) -> tuple[Tensor, dict[str, Tensor]]:
    """What the judge reads in 2,000 held-out avatars: features, and how likely each variant of each part is."""
    return load().read(avatars.load(kind, side, held_out=True).pixels(slice(REFERENCE)))


@cache
def real_confidence(side: int) -> Tensor:
    """Whether the judge is sure of each part of the held-out cats, [2000, 5]; some are hidden behind others."""
    return confident(real("cats", side)[1])


@cache
def noise_distance(kind: str, side: int) -> float:
    """The ceiling: the Fréchet distance of 2,000 pictures of uniform noise in [-1, 1]."""
    noise = torch.rand(REFERENCE, 3, side, side, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return frechet_distance(real(kind, side)[0], load().read(noise)[0])


def cheats(side: int, known: Avatars, count: int = REFERENCE) -> dict[str, Tensor]:
    """Samplers that a good score has to stand above: each a name and its pictures [count, 3, side, side]."""
    first, second = (
        known.pixels(torch.randint(len(known), (count,), generator=torch.Generator().manual_seed(seed)))
        for seed in (1, 2)
    )
    halves = torch.cat([first[..., : side // 2], second[..., side // 2 :]], -1)
    return {"known cats again": first, "averages of two": (first + second) / 2, "halves of two": halves}
