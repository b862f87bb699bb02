"""The checks of the assignment to chapter 01, The game. In each, `seed` and what follows may be changed."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.checks import CheckError, brief, call, compare, number, own, seed_of
from gan_lessons.checks.cards import say, task
from gan_lessons.checks.eight import eight_gans, own_ring, reached, spied, trained
from gan_lessons.checks.packs import Watched
from gan_lessons.checks.reading import order
from gan_lessons.checks.smallest import KINDS, gallery, games, numbers
from gan_lessons.checks.steps import check_turns

__all__ = [
    "KINDS", "eight_gans", "first_gan", "gallery", "games", "histogram", "model", "numbers", "order", "own_ring",
    "push", "seed_of", "surprise",
]  # fmt: skip

RATE = 1e-2  # of the GANs that are to be mended
STD = 0.15  # of their islands


@task
def histogram(answer: Callable, seed: int = 0, bins: Sequence[int] = (5, 8), count: int = 400) -> None:
    """Check histogram(x, samples, edges), at places in every bin and outside of all."""
    for number_of in bins:
        random = torch.Generator().manual_seed(seed + number_of)
        edges = torch.cumsum(0.3 + torch.rand(number_of + 1, generator=random), 0) - 0.4 * number_of
        samples = (edges[0] + edges[-1]) / 2 + (edges[-1] - edges[0]) / 3 * torch.randn(count, generator=random)
        inside = edges[:-1] + edges.diff() * (0.1 + 0.8 * torch.rand(number_of, generator=random))
        x = torch.cat([edges[:1] - 1, inside, edges[-1:] + 1])[torch.randperm(number_of + 2, generator=random)]
        what = f"{answer.__name__}, {number_of} bin{'s' * (number_of > 1)}, {count} samples"
        right, mistakes = densities(x, samples, edges)
        compare(what, call(answer, x.clone(), samples.clone(), edges.clone()), right, mistakes)


def densities(x: Tensor, samples: Tensor, edges: Tensor) -> tuple[Tensor, list[tuple[str, Tensor]]]:
    """The histogram's density at x, and what comes out after the usual mistakes."""
    bins, widths = len(edges) - 1, edges.diff()
    within = samples[(samples > edges[0]) & (samples < edges[-1])]
    counts = torch.bincount(torch.bucketize(within, edges) - 1, minlength=bins).float()
    place, known = torch.bucketize(x, edges) - 1, (x > edges[0]) & (x < edges[-1])
    right = counts / len(samples) / widths

    def at(values: Tensor, shift: int = 0) -> Tensor:
        return torch.where(known, values[(place + shift).clamp(0, bins - 1)], 0.0)

    return at(right), [
        ("widths forgotten", at(right * widths)),
        ("widths forgotten", at(counts / counts.sum())),
        ("count, not share", at(counts)),
        ("count, not share", at(counts / widths)),
        ("one width for all", at(right * widths / widths.mean())),
        ("one width for all", at(right * widths / widths[0])),
        ("samples outside left out", at(counts / counts.sum() / widths)),
        ("the bin beside", at(right, 1)),
        ("the bin beside", at(right, -1)),
        ("the bin beside", right[(place + 1).clamp(0, bins - 1)]),
        ("density outside", right[place.clamp(0, bins - 1)]),
    ]


def model(seed: int = 0) -> tuple[int, float]:
    """How many dimensions there are in your question, and the model's standard deviation."""
    return own(seed, "dimensions", [3, 4, 5, 6, 8]), own(seed, "std", [0.5, 0.6, 0.8, 1.5, 2.0])


@task
def surprise(answer: Any, seed: int = 0) -> None:
    """Check KL(p ‖ q) between the normal densities of `model(seed)`, to three decimals."""
    dims, s = model(seed)
    each = math.log(s) + 1 / (2 * s**2) - 1 / 2
    mistakes = [
        ("one dimension", each),
        ("model and truth swapped", dims * (s**2 / 2 - 1 / 2 - math.log(s))),
        ("spread, not variance", dims * (math.log(s) + 1 / (2 * s) - 1 / 2)),
        ("spread, not variance", dims * (math.log(s) / 2 + 1 / (2 * s) - 1 / 2)),
        ("truth's own surprise forgotten", dims * (math.log(s) + 1 / (2 * s**2))),
        ("truth's own surprise forgotten", dims * (math.log(s) + 1 / (2 * s**2) + math.log(2 * math.pi) / 2)),
        ("base two", dims * each / math.log(2)),
        ("divergence negative", -dims * each),
    ]
    number("surprise", answer, dims * each, mistakes, tolerance=1e-3, secret=True)


@task
def push(answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((2, 3, 16), (3, 3, 5))) -> None:
    """Check push(a, b, u, v, c, noise) for these numbers of dimensions, noise numbers and samples."""
    for dims, noise_dim, count in shapes:
        random = torch.Generator().manual_seed(seed)
        shape, u, c = ((dims, noise_dim), (dims,), (dims,), (count, noise_dim)), -0.3, 0.5
        a, b, v, noise = (torch.randn(one, generator=random) for one in shape)
        found = call(answer, a.clone(), b.clone(), u, v.clone(), c, noise.clone())
        if not isinstance(found, tuple | list) or len(found) != 2:
            raise CheckError("not two gradients", f"{answer.__name__} returned {brief(found)}")
        right, mistakes = pushed(a, b, u, v, c, noise)
        for k, name in ((1, "b"), (0, "a")):
            what = (
                f"{answer.__name__}, {count} samples in {dims} dimension{'s' * (dims > 1)}: the derivatives by {name}"
            )
            compare(what, found[k], right[k], [(mistake, value[k]) for mistake, value in mistakes])


Gradients = tuple[Tensor, Tensor]


def pushed(
    a: Tensor, b: Tensor, u: float, v: Tensor, c: float, noise: Tensor
) -> tuple[Gradients, list[tuple[str, Gradients]]]:
    """The derivatives of L_G by a and b, and what comes out after the usual mistakes."""
    fake = noise @ a.T + b
    score, count = u * fake.square().sum(1) + fake @ v + c, len(noise)
    slope, weight = 2 * u * fake + v, (score.sigmoid() - 1)[:, None]

    def both(each: Tensor) -> Gradients:
        return each.T @ noise / count, each.mean(0)

    by_a, by_b = right = both(weight * slope)
    return right, [
        ("wrong sign", (-by_a, -by_b)),
        ("summed", (count * by_a, count * by_b)),
        ("value function", both(-score.sigmoid()[:, None] * slope)),
        ("discriminator's loss", both(score.sigmoid()[:, None] * slope)),
        ("no sigmoid", both(-slope)),
        ("no sigmoid", both(slope)),
        ("half a slope", both(weight * (u * fake + v))),
        ("curve forgotten", both(weight * v)),
        ("transposed", (by_a.T, by_b)),
        ("means multiplied", (by_b[:, None] * noise.mean(0), by_b)),
        ("not through the noise", (by_b[:, None].expand_as(a), by_b)),
    ]


@task
def first_gan(answer: Callable, seed: int = 0, short: int = 40, steps: int = 400) -> Tensor:
    """Check first_gan(gan, data, steps): what the players are shown in a short training, and what eight GANs reach.

    Return their samples [8, 500, 2]. All of 24 such GANs lacked one island at most and had 30 % good samples; of those
    that the sick training made, none.
    """
    check_shown(answer, seed, short)
    mixture = own_ring(seed, STD)
    gan = trained(answer, eight_gans(seed, RATE), mixture.sample(5000, seed), steps)
    return reached(answer.__name__, gan, mixture, seed, good=0.3)


def check_shown(answer: Callable, seed: int, steps: int, known: int = 300) -> None:
    """Let an answer train for some steps, and look at the noise that G is given and at the real samples of D."""
    gan, notes = spied(seed, 0.01)
    gan.generator, gan.discriminator = (Watched(each, notes) for each in (gan.generator, gan.discriminator))
    data = own_ring(seed, STD).sample(known, seed)
    call(answer, gan, data.clone(), steps)
    turns, name = [player for player, _, _ in notes], f"{answer.__name__}, {steps} steps"
    if len(turns) != 2 * steps:
        raise CheckError("wrong number of steps", f"{name}: the optimisers took {len(turns)}, expected {2 * steps}")
    for step in range(steps):
        check_turns(name, turns[2 * step : 2 * step + 2])
    check_noise(name, seen(gan.generator))
    first = torch.cat([samples[0] for samples in seen(gan.discriminator)])  # what the first of the eight was shown
    apart, place = torch.cdist(first, data, compute_mode="donot_use_mm_for_euclid_dist").min(1)
    different = len(place[apart < 1e-6].unique())
    if different < min(known / 2, 16 * steps):
        said = f"{name}: of {known} real samples, D was shown {different}"
        raise CheckError("batch drawn once" if different else "no real samples", said)
    say(f"✓ {name}: D was shown {different} of {known} real samples")


def seen(network: nn.Module) -> list[Tensor]:
    """What a watched network was given."""
    return [samples for _, samples in network.shown]  # type: ignore[union-attr, misc]


def check_noise(name: str, given: list[Tensor]) -> None:
    """Require that the generator was given fresh numbers from the standard normal distribution."""
    if not given:
        raise CheckError("stopped", f"{name}: the generator was given nothing")
    noise = torch.stack(given) if len({each.shape for each in given}) == 1 else torch.cat([x.flatten() for x in given])
    low, high, mean, std = (float(each) for each in (noise.min(), noise.max(), noise.mean(), noise.std()))
    said = f"{name}: the noise lies around {mean:.2f}, with a spread of {std:.2f}, from {low:.2f} to {high:.2f}"
    if len({float(each.sum()) for each in given}) <= 2:
        raise CheckError("noise drawn once", f"{name}: the generator was given the same noise at every step")
    if low >= 0 and high <= 1:
        raise CheckError("uniform noise", said)
    if abs(mean) < 0.05 and max(-low, high) <= 1:
        raise CheckError("uniform noise around 0", said)
    if abs(mean) > 0.05 or abs(std - 1) > 0.05:
        raise CheckError("noise shifted" if abs(mean) > 0.05 else "noise scaled", said)
    say(f"✓ {said}")
