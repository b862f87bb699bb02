"""The checks of the assignment to chapter 14, Super-resolution. In each, `seed` and what follows may be changed."""

import copy
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from gan_lessons import upscaling
from gan_lessons.checks import number, own, seed_of
from gan_lessons.checks.cards import task
from gan_lessons.checks.eight import trained
from gan_lessons.checks.nearest_consistent import project
from gan_lessons.checks.shrinking import check_shrunk, own_batches, own_figures, psnr, reached, untrained
from gan_lessons.checks.tiling import MARGINS, in_tiles
from gan_lessons.checks.unfolding import flat_start
from gan_lessons.data import photographs
from gan_lessons.metrics.spectra import spectrum_gap
from gan_lessons.networks.superres import consistent, enlarged

__all__ = [
    "MARGINS", "enlarging_training", "flat_start", "four_ways", "hair_psnr", "in_tiles", "own_figures", "own_places",
    "project", "seed_of",
]  # fmt: skip

GROUND, HAIR, SIDE = 0.6, -1.0, 4  # of the square with the hair


def own_places(seed: int = 0) -> list[float]:
    """The probabilities of the four columns in which the hair of your question may lie."""
    return own(
        seed, "places", [[0.4, 0.3, 0.2, 0.1], [0.1, 0.6, 0.2, 0.1], [0.7, 0.1, 0.1, 0.1], [0.1, 0.2, 0.25, 0.45]]
    )


@task
def hair_psnr(answer: Any, seed: int = 0) -> None:
    """Check the PSNR of the mean of a square whose hair lies in one of four columns, to a tenth of a dB."""
    chances = own_places(seed)
    pixel = (GROUND - HAIR) ** 2
    least = pixel * sum(chance * (1 - chance) for chance in chances) / SIDE

    def decibels(error: float, most: float = 2.0, factor: float = 10.0) -> float:
        return factor * math.log10(most**2 / error)

    mistakes = [
        ("six decibels too little", decibels(4 * least)),
        ("three decibels too little", decibels(2 * least)),
        ("pixel range of 255", decibels(least, most=255)),
        ("median, not mean", decibels(pixel / SIDE)),
        ("every place as likely", decibels(pixel * (1 - 1 / SIDE) / SIDE)),
        ("likeliest place", decibels(2 * pixel * (1 - max(chances)) / SIDE)),
        ("square's pixels summed", decibels(least * SIDE**2)),
        ("contrast of one", decibels(least / pixel)),
        ("contrast not squared", decibels(least / (GROUND - HAIR))),
        ("twenty, not ten", decibels(least, factor=20)),
        ("natural logarithm", 10 * math.log(4 / least)),
        ("PSNR upside down", -decibels(least)),
        ("error, not PSNR", least),
    ]
    number("hair_psnr", answer, decibels(least), mistakes, tolerance=0.051, secret=True)


@task
def enlarging_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 100) -> Tensor:
    """Check enlarging_training(gan, batches): what is learned in single rounds, and what a small network reaches.

    Return held-out digits in four rows, [32, 3, 28, 28].
    """
    check_shrunk(answer, seed, rounds)
    gan = trained(answer, untrained(seed), own_batches(seed, steps))
    return reached(answer.__name__, gan, seed)


def four_ways(seed: int = 0, count: int = 32) -> dict[str, tuple[float, float, float]]:
    """PSNR, spectrum gap and distance of the shrunk picture, in 255ths, of bicubic patches and of A to D.

    A to D are the stored L1 network, the GAN, the GAN without its projection, and another patch's detail, in an order
    of your own, on patches of your own of the held-out photographs.
    """
    held_out = photographs.Photographs(photographs.load(held_out=True), stride=64).all()
    some = torch.randperm(len(held_out.real), generator=torch.Generator().manual_seed(seed))[:count]
    real, small = held_out.real[some], avg_pool2d(held_out.real[some], 4)
    l1, gan = upscaling.stored("l1"), upscaling.stored("gan")
    free = copy.deepcopy(gan)
    free.exact = False
    with torch.inference_mode():
        ways = [network(None, small) for network in (l1, gan, free)] + [consistent(real.roll(1, 0), small)]
    start = own(seed, "first way", range(4))
    rows = {"bicubic": enlarged(small, 4)} | dict(zip("ABCD", ways[start:] + ways[:start], strict=True))

    def scored(made: Tensor) -> tuple[float, float, float]:
        off = 127.5 * float((avg_pool2d(made, 4) - small).abs().mean())
        return psnr(real, made), spectrum_gap(real, made.clamp(-1, 1)), off

    return {name: scored(made) for name, made in rows.items()}
