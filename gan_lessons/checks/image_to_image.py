"""The checks of the assignment to chapter 13, Image to image. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, pad

from gan_lessons.checks import call, compare, number, numbers, own, seed_of
from gan_lessons.checks.cards import task
from gan_lessons.checks.cycles import Turned, check_cycles, eight_cycle_gans, reached, typefaces
from gan_lessons.checks.eight import MEMBERS, trained
from gan_lessons.checks.four_translators import (
    COLOURFUL,
    chroma,
    colour_mistakes,
    colours,
    drawings,
    nearest,
    some,
    translators,
)
from gan_lessons.checks.smuggling import smuggled, trip_mistakes, trips, ways
from gan_lessons.networks.translation import convolution

__all__ = [
    "colours", "cycle_training", "least_l1", "own_values", "round_trips", "seed_of", "smuggled", "translators",
    "true_colours", "u_shape",
]  # fmt: skip


def own_values(seed: int = 0) -> dict[float, float]:
    """The values that a pixel has in your drawings, and the share of each."""
    return own(seed, "values", [
        {-0.9: 0.10, -0.6: 0.05, -0.5: 0.25, 0.3: 0.25, 0.9: 0.35},
        {-0.6: 0.40, -0.5: 0.30, -0.3: 0.05, 0.4: 0.05, 0.8: 0.20},
        {-0.5: 0.35, -0.4: 0.30, 0.3: 0.15, 0.7: 0.15, 0.9: 0.05},
        {-0.7: 0.15, 0.0: 0.05, 0.5: 0.25, 0.7: 0.25, 0.9: 0.30},
    ])  # fmt: skip


@task
def least_l1(answer: Any, seed: int = 0) -> None:
    """Check the least mean L1 that one value for a pixel can have, to two decimals."""
    values, shares = torch.tensor(list(own_values(seed).items()), dtype=torch.double).T

    def at(value: Tensor | float) -> float:
        return float((shares * (values - value).abs()).sum())

    median, mean = values[(shares.cumsum(0) >= 0.5).nonzero()[0, 0]], (shares * values).sum()
    mistakes = [
        ("answer, not its loss", float(median)),
        ("answer, not its loss", float(mean)),
        ("loss of the mean", at(mean)),
        ("loss of the commonest", at(values[shares.argmax()])),
        ("middle of the list", at(values[len(values) // 2])),
        ("middle of the range", at((values.min() + values.max()) / 2)),
        ("shares forgotten", float((values - median).abs().mean())),
        ("squares, not distances", float((shares * (values - mean).square()).sum())),
        ("squares, not distances", float((shares * (values - mean).square()).sum().sqrt())),
        ("squares, not distances", float((shares * (values - median).square()).sum())),
    ]
    number("least_l1", answer, at(median), mistakes, tolerance=0.006, secret=True)


@task
def u_shape(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((2, 12, 16), (3, 13, 22))
) -> tuple[Tensor, Tensor, Tensor]:
    """Check u_shape(picture, down, up, join) with layers for so many sizes, on pictures of that height and width.

    Return some of your emoji, and what it makes of them with skip connections that carry nothing, and edges.
    """
    for depth, height, width in shapes:
        random = torch.Generator().manual_seed(seed + depth)
        picture = torch.randn(2, 3, height, width, generator=random)
        layers = u_layers(depth, seed)
        what = f"{answer.__name__}, {depth} sizes, {height} × {width} pixels"
        with torch.no_grad():
            yours = call(answer, picture.clone(), *layers)
            compare(what, yours, up_and_down(picture, *layers), u_mistakes(picture, *layers))
    pictures = some(drawings().unseen_targets, seed)
    cut, whole = (call(answer, pictures.clone(), *plain_layers(3, edges)) for edges in (False, True))
    return pictures, cut, whole


Layers = Sequence[Callable[[Tensor], Tensor]]


def u_layers(depth: int, seed: int = 0) -> tuple[Layers, Layers, Layers]:
    """Untrained layers: down, up and join, in the order in which a picture meets them."""
    torch.manual_seed(seed)
    maps = range(3, 4 + depth)
    down = [nn.Sequential(nn.Conv2d(maps[k], maps[k + 1], 3, 2, 1), nn.LeakyReLU(0.2)) for k in range(depth)]
    up = [nn.Sequential(nn.Upsample(scale_factor=2), convolution(maps[k + 1], maps[k])) for k in reversed(range(depth))]
    join = [nn.Sequential(convolution(2 * maps[k], maps[k]), nn.LeakyReLU(0.2)) for k in reversed(range(depth))]
    return down, up, join


def up_and_down(picture: Tensor, down: Layers, up: Layers, join: Layers, mistake: str = "") -> Tensor:
    """A picture through a U of layers, or with a mistake."""
    maps, passed = picture, []
    for halve in down:
        passed.append(maps)
        maps = halve(maps)
    for enlarge, put in zip(up, join, strict=True):
        kept, larger = passed.pop(), enlarge(maps)
        height, width = kept.shape[-2:]
        if mistake == "cut at the wrong side":
            larger = larger[..., larger.shape[-2] - height :, larger.shape[-1] - width :]
        elif mistake == "resized, not cut":
            larger = interpolate(larger, (height, width), mode="bilinear")
        elif mistake == "filled up, not cut":
            kept = pad(kept, (0, larger.shape[-1] - width, 0, larger.shape[-2] - height))
        else:
            larger = larger[..., :height, :width]
        if mistake == "nothing goes across":
            kept = torch.zeros_like(kept)
        if mistake == "itself twice":
            kept = larger
        both = [kept, larger] if mistake == "halves swapped" else [larger, kept]
        maps = put(torch.cat(both, 1))
    return maps


def u_mistakes(picture: Tensor, down: Layers, up: Layers, join: Layers) -> list[tuple[str, Tensor]]:
    """What comes out after the usual mistakes."""
    names = ("halves swapped", "cut at the wrong side", "resized, not cut", "filled up, not cut")
    found = [
        (name, up_and_down(picture, down, up, join, name)) for name in (*names, "nothing goes across", "itself twice")
    ]
    bottom = picture
    for halve in down:
        bottom = halve(bottom)
    filled = dict(found)["filled up, not cut"]
    return [
        *found,
        ("filled up, not cut", filled[..., : picture.shape[-2], : picture.shape[-1]]),
        ("way down only", bottom),
        ("untouched picture", picture),
    ]


def plain_layers(depth: int, edges: bool) -> tuple[Layers, Layers, Layers]:
    """Layers without weights: means of 2 × 2 pixels, pixels repeated, and, if wanted, the edges of what goes across."""

    def halve(maps: Tensor) -> Tensor:
        return avg_pool2d(maps, 2)

    def enlarge(maps: Tensor) -> Tensor:
        return interpolate(maps, scale_factor=2.0)

    def put(both: Tensor) -> Tensor:
        below, across = both.chunk(2, 1)
        return below + (across - enlarge(halve(across))) * edges

    return [halve] * depth, [enlarge] * depth, [put] * depth


@task
def true_colours(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((5, 6, 4), (3, 7, 9))
) -> tuple[Tensor, Tensor, Tensor]:
    """Check true_colours(made, truth) on so many pictures of that height and width.

    Return six held-out drawings, the colours of those with the nearest lines, and the truth.
    """
    for count, height, width in shapes:
        made, truth = some_colours(count, height, width, seed)
        what = f"{answer.__name__}, {count} pictures of {height} × {width} pixels: L1, chroma, right"
        yours = numbers(answer, call(answer, made.clone(), truth.clone()), 3, "not these three numbers")
        compare(what, yours, colours(made, truth), colour_mistakes(made, truth))
    known = drawings()
    bright = chroma(known.unseen_targets).mean((1, 2)) > COLOURFUL
    lines, truth = (some(each[bright], seed, 6) for each in (known.unseen_inputs, known.unseen_targets))
    return lines, known.targets[nearest(lines, known.inputs)], truth


def some_colours(count: int, height: int, width: int, seed: int) -> tuple[Tensor, Tensor]:
    """Pictures and their truth, partly grey, none of whose numbers is near a threshold."""
    random = torch.Generator().manual_seed(seed + height)
    steps = torch.randint(-9, 10, (count, 3, height, width), generator=random).double()
    grey = torch.rand(count, 1, height, width, generator=random) < torch.linspace(0.2, 0.6, count).view(-1, 1, 1, 1)
    truth = torch.where(grey, steps[:, :1] + 0.1 * steps, steps)
    moves = torch.randint(-3, 4, truth.shape, generator=random).double() * 1.3
    kept = torch.rand(count, 1, height, width, generator=random) < 0.5
    made = torch.where(kept, truth + moves * 0.7, steps.roll(1, 0))
    return (made / 10).clamp(-1, 1).float(), (truth / 10).float()


@task
def round_trips(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((4, 1, 5, 5), (3, 3, 4, 6))
) -> tuple[Tensor, ...]:
    """Check round_trips(there, back, pictures, truth) on pictures of these shapes.

    Return rows of drawings: what goes there, what comes out, and what comes back, without and with rounding.
    """
    for shape in shapes:
        random = torch.Generator().manual_seed(seed + len(shape) + shape[0])
        pictures, truth = (torch.randint(-16, 17, shape, generator=random).double() / 16 for _ in range(2))
        there, back = ways(own(seed, "turned round", [False, True]))
        what = f"{answer.__name__}, pictures {list(shape)}: undisturbed, rounded, from the truth"
        with torch.no_grad():
            returned = call(answer, there, back, pictures.clone(), truth.clone())
        yours = numbers(answer, returned, 3, "not these three distances")
        compare(what, yours, trips(there, back, pictures, truth), trip_mistakes(there, back, pictures, truth))
    return smuggled(seed)


@task
def cycle_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 400) -> Turned:
    """Check cycle_training(gan, batches): what is learned in single rounds, and what eight CycleGANs reach.

    Return eight held-out digits, what the first GAN makes of them there and back, and the hidden truth.
    """
    check_cycles(answer, seed, rounds)
    faces, random = typefaces(seed), torch.Generator().manual_seed(seed)
    batches = [
        tuple(each[torch.randint(len(each), (MEMBERS, 32), generator=random)] for each in (faces.thin, faces.bold))
        for _ in range(steps)
    ]
    gan = trained(answer, eight_cycle_gans(seed), batches)
    return reached(answer.__name__, gan, faces)
