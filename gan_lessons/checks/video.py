"""The checks of the assignment to chapter 19, Video. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize

from gan_lessons.checks import CheckError, brief, call, compare, length, number, own, seed_of, slopes
from gan_lessons.checks.cards import task
from gan_lessons.checks.chains import chain_mistakes, ends
from gan_lessons.checks.eight import trained
from gan_lessons.checks.four_actors import actor_scores, four_actors
from gan_lessons.checks.moving import check_clips, drawn, eight_movers, off_the_law, own_digit, reached, rounds_of
from gan_lessons.data import films
from gan_lessons.data.videos import WAYS, placed

__all__ = [
    "actor_scores", "chain", "drawn", "eight_movers", "four_actors", "ink_film", "motion_training", "off_the_law",
    "own_joints", "reached", "rounds_of", "same_penalty", "seed_of", "two_forecasts",
]  # fmt: skip

KANJI = "永書道春愛夢花雲海鳥"
FRAMES = 24  # of a kanji's film, and of a chain's motion
LINKS = 10
LIKELY = [(0.6, 0.25, 0.15), (0.25, 0.6, 0.15), (0.15, 0.25, 0.6)]  # left, on, right
OPEN = [(0.4, 0.25, 0.35), (0.3, 0.25, 0.45), (0.35, 0.25, 0.4), (0.45, 0.2, 0.35)]  # none more than a half


@task
def ink_film(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((2, 5, 4), (1, 3, 7))
) -> Tensor:
    """Check ink_film(pictures, frames) at these numbers of pictures, pixels a side, and frames.

    Return the film of a kanji of one's own, [1, 1, 24, 64, 64].
    """
    for count, side, frames in shapes:
        random = torch.Generator().manual_seed(seed + side)
        ink = torch.rand(count, side, side, generator=random)
        when = (frames - 1) * torch.rand(count, side, side, generator=random)
        pictures = torch.stack([ink, when], 1)
        pull = torch.randn(count, 1, frames, side, side, generator=random)
        what = f"{answer.__name__}, pictures {list(pictures.shape)}, {frames} frames"
        compare(what, call(answer, pictures.clone(), frames), inked(pictures, frames), ink_mistakes(pictures, frames))
        inputs = pictures.clone().requires_grad_()
        yours, right = call(answer, inputs, frames), inked(inputs, frames)
        (mine,), (truth,) = (slopes(one * pull, [inputs]) for one in (yours, right))
        only_ink = truth * torch.tensor([1.0, 0.0])[:, None, None]
        lost = [("no gradient", torch.zeros_like(truth)), ("moments without a gradient", only_ink)]
        compare(f"{what}: the gradient", mine, truth, lost, length)
    return call(answer, own_kanji(seed), FRAMES)


def inked(pictures: Tensor, frames: int, late: float = 1.0, low: float = 0.0, high: float = 1.0) -> Tensor:
    """Films [count, 1, frames, side, side] of pictures [count, 2, side, side]: how much ink, and when."""
    ink, when = pictures[:, None, None].unbind(3)
    return 1 - 2 * ink * (torch.arange(frames)[:, None, None] + late - when).clamp(low, high)


def ink_mistakes(pictures: Tensor, frames: int) -> list[tuple[str, Tensor]]:
    """The films after the usual mistakes."""
    right, infinite = inked(pictures, frames), float("inf")
    ink, when = pictures[:, None, None].unbind(3)
    times = torch.arange(frames)[:, None, None]
    fresh = (1 - right) / 2
    return [
        ("white ink", -right),
        ("ink from 0 to 1", 1 - fresh),
        ("ink from 0 to 1", fresh),
        ("a frame late", inked(pictures, frames, late=0)),
        ("a frame early", inked(pictures, frames, late=2)),
        ("ink without end", inked(pictures, frames, high=infinite)),
        ("less than no ink", inked(pictures, frames, low=-infinite)),
        ("less than no ink", inked(pictures, frames, low=-infinite, high=infinite)),
        ("hard pen", 1 - 2 * ink * (when <= times)),
        ("hard pen", 1 - 2 * ink * (when < times + 1)),
        ("hard pen", 1 - 2 * ink * (when.round() <= times)),
        ("written ink forgotten", 1 - 2 * fresh.diff(dim=2, prepend=torch.zeros_like(fresh[:, :, :1]))),
        ("film backwards", right.flip(2)),
        ("amount and moment swapped", inked(pictures.flip(1), frames)),
        ("no axis for the colour", right[:, 0]),
    ]


def own_kanji(seed: int = 0) -> Tensor:
    """A kanji of your own as a picture that is a film: how much ink, and at which frame, [1, 2, 64, 64]."""
    shown = (1 - films.writing(own(seed, "kanji", KANJI), 64, FRAMES)) / 2
    ink = shown[:, :, -1]
    when = FRAMES - shown.sum(2) / ink.clamp(min=1e-3)
    return torch.cat([ink, torch.where(ink > 0, when, 0)], 1)


@task
def two_forecasts(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((5, 4, 4), (4, 20), (3, 2, 4))
) -> dict[tuple[float, ...], tuple[Tensor, ...]]:
    """Check two_forecasts(futures, chances) on so many futures of that shape; the last of them has a likely one.

    Return what it says of a digit that goes left, on, or right with two kinds of chances: by these, the three futures
    [32, 32] and the two forecasts.
    """
    for shape in shapes:
        random = torch.Generator().manual_seed(seed + len(shape))
        futures = 2 * torch.rand(shape, generator=random) - 1
        futures[0], futures[-1] = futures[0] / 5, futures[-1].sign()  # a grey one, and the likeliest: black and white
        chances = 0.8 ** torch.arange(shape[0]).flip(0)
        if shape == shapes[-1]:
            chances[1] = 1.5 * chances.sum()
        chances = chances / chances.sum()
        what = f"{answer.__name__}, futures {list(shape)}"
        mean, median = forecasts(futures, chances)
        yours = pair(answer, call(answer, futures.clone(), chances.clone()))
        mistakes = [
            ("forecasts swapped", median),
            ("chances forgotten", futures.mean(0)),
            ("chances and mean", mean / len(chances)),
            ("summed over the futures", futures.sum(0)),
            ("likeliest future", futures[chances.argmax()]),
        ]
        compare(f"{what}: squared error", yours[0], mean, mistakes)
        compare(f"{what}: absolute error", yours[1], median, median_mistakes(futures, chances))
    frames = placed(own_digit(seed).expand(3, -1, -1, -1), WAYS[:, None])[:, 0, 0]
    both = own(seed, "ways", LIKELY), own(seed, "open ways", OPEN)
    return {each: (*frames, *pair(answer, call(answer, frames, torch.tensor(each)))) for each in both}


def pair(answer: Callable, found: Any) -> list[Any]:
    """The two things that an answer has returned."""
    try:
        one, other = found
    except (TypeError, ValueError):
        raise CheckError("not two forecasts", f"{answer.__name__} returned {brief(found)}") from None
    return [one, other]


def forecasts(futures: Tensor, chances: Tensor) -> tuple[Tensor, Tensor]:
    """The means and the medians of futures [count, ...] with these chances [count], pixel by pixel."""
    values, order = futures.sort(0)
    below = chances[order].cumsum(0)
    return torch.tensordot(chances, futures, 1), torch.where(below >= 0.5, values, torch.inf).amin(0)


def median_mistakes(futures: Tensor, chances: Tensor) -> list[tuple[str, Tensor]]:
    """The medians after the usual mistakes."""
    mean, median = forecasts(futures, chances)
    values, order = futures.sort(0)
    below = chances[order].cumsum(0)
    apart = (futures[:, None] - futures).flatten(2).abs().mean(2)  # [futures, futures]
    highest = torch.where(below < 0.5, values, -torch.inf).amax(0)
    return [
        ("forecasts swapped", mean),
        ("likeliest future", futures[chances.argmax()]),
        ("one future for all pixels", futures[(apart @ chances).argmin()]),
        ("median of equal chances", futures.median(0).values),
        ("median of equal chances", futures.quantile(0.5, dim=0)),
        ("chances not sorted along", torch.where(chances.cumsum(0)[order] >= 0.5, values, torch.inf).amin(0)),
        ("chances not sorted along", values[int((chances.cumsum(0) < 0.5).sum())]),
        ("one value too low", highest),
        ("one value too low", torch.where(highest.isinf(), values[0], highest)),
        ("median of the products", (chances.view(-1, *[1] * (futures.dim() - 1)) * futures).median(0).values),
        ("one number for all pixels", median.median()),
    ]


def own_joints(seed: int = 0) -> tuple[float, int]:
    """The weight of an R1 in metres, and how many pixels a metre is."""
    return own(seed, "joints", [(0.02, 50), (0.05, 40), (0.01, 60), (0.04, 25), (0.02, 80), (0.05, 20)])


@task
def same_penalty(answer: Any, seed: int = 0) -> None:
    """Check the weight with which R1 asks the same of joints in pixels."""
    weight, scale = own_joints(seed)
    mistakes = [
        ("scaled once", weight * scale),
        ("scaled the wrong way", weight / scale**2),
        ("scaled the wrong way", weight / scale),
        ("not scaled", weight),
        ("halved weight", weight * scale**2 / 2),
    ]
    number("same_penalty", answer, weight * scale**2, mistakes, secret=True)


@task
def chain(answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((4,), (2, 3, 5))) -> Tensor:
    """Check chain(quaternions, bones) with so many bones, the last number of a shape.

    Return how a chain of ten bones of your own curls, [24, 11, 3].
    """
    for shape in shapes:
        random = torch.Generator().manual_seed(seed + shape[-1])
        numbers = torch.randn(*shape, 4, generator=random)
        quaternions = normalize(numbers, dim=-1)
        bones = torch.randn(shape[-1], 3, generator=random)
        what = f"{answer.__name__}, quaternions {[*shape, 4]}"
        yours, right = call(answer, quaternions.clone(), bones.clone()), ends(quaternions, bones)
        compare(what, yours, right, chain_mistakes(quaternions, bones))
        inputs, pull = numbers.clone().requires_grad_(), torch.randn(right.shape, generator=random)
        turned = normalize(inputs, dim=-1)  # only along the unit ones do all ways to compute agree
        one, other = call(answer, turned, bones.clone()), ends(turned, bones)
        (mine,), (truth,) = (slopes(each * pull, [inputs]) for each in (one, other))
        compare(f"{what}: the gradient", mine, truth, [("no gradient", torch.zeros_like(truth))], length)
    return call(answer, own_curl(seed), torch.tensor([[0.0, 1 / LINKS, 0.0]]).expand(LINKS, 3))


def own_curl(seed: int = 0) -> Tensor:
    """How ten joints turn about one axis and sway about another over 24 frames, as unit quaternions [24, 10, 4]."""
    phase = 2 * torch.pi * torch.arange(FRAMES)[:, None] / FRAMES
    wave = (
        own(seed, "curl", [0.25, 0.3, 0.35, 0.4]) * (1 - phase.cos()) / 2
        + 0.15 * (phase - torch.arange(LINKS) * own(seed, "wave", [0.4, 0.6, 0.8])).sin()
    )
    angle = own(seed, "side", [-1, 1]) * wave / 2
    still = torch.zeros_like(angle)
    return torch.stack([angle.cos(), still, still, angle.sin()], -1)


@task
def motion_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 400) -> Tensor:
    """Check motion_training(gan, batches): what is learned in single rounds, and how eight GANs' films move.

    Return paths of each, [8, 100, 10, 2].
    """
    check_clips(answer, seed, rounds)
    gan = trained(answer, eight_movers(seed), rounds_of(seed, steps))
    return reached(answer.__name__, gan, seed)
