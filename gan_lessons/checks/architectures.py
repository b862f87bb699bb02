"""The checks of the assignment to chapter 11, Architectures. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks import call, compare, length, number, own, seed_of, slopes
from gan_lessons.checks.cards import task
from gan_lessons.checks.eight import trained
from gan_lessons.checks.four_papers import four_papers
from gan_lessons.checks.hats import EDITS, hatted, moved, own_hat
from gan_lessons.checks.looking import ATTENTION, MODULATION, attended, cleaned, modulated_maps, noisy_cat
from gan_lessons.checks.pixel_cats import check_styles, eight_gans, own_batches, own_cats, reached

__all__ = [
    "attention", "four_papers", "local_edit", "modulated", "own_cats", "own_hat", "own_times", "seed_of", "steps_left",
    "styled_training",
]  # fmt: skip


@task
def attention(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((2, 3, 4, 5, 6), (3, 4, 2, 3, 2))
) -> Tensor:
    """Check attention(maps, query, key, value, gate) on maps [n, channels, height, width], with queries of a width.

    Return a noisy cat of the student's own, and what it becomes where each place asks the places of its colour.
    """
    for *shape, width in shapes:
        random = torch.Generator().manual_seed(seed + width)
        maps, channels = torch.randn(shape, generator=random), shape[1]
        query, key, value = (torch.randn(rows, channels, generator=random) for rows in (width, width, channels))
        given = [maps, query, key, value, 0.5 + torch.rand((), generator=random)]
        what = f"{answer.__name__}, maps {shape}, queries and keys of {width} numbers"
        mistakes = [(way, attended(*given, way=way)) for way in ATTENTION]
        compare(what, call(answer, *(each.clone() for each in given)), attended(*given), mistakes)
        pull = torch.randn(shape, generator=random)
        inputs = [each.clone().requires_grad_() for each in given]
        theirs = slopes(call(answer, *inputs) * pull, inputs)
        for name, yours, truth in zip(
            ("maps", "query", "key", "value", "gate"), theirs, slopes(attended(*inputs) * pull, inputs), strict=True
        ):
            nothing = [("no gradient", 0 * truth)] + [("no gradient", pull)] * (name == "maps")
            compare(f"{what}: the gradient of the {name}", yours, truth, nothing, length)
    noisy = noisy_cat(seed)
    return torch.cat([noisy, cleaned(partial(call, answer), noisy)])


def own_times(seed: int = 0) -> tuple[float, float, int, int]:
    """Milliseconds of a plain step, and of an attention layer at a side of so many places; the side asked for."""
    choices = [(40, 0.5, 8, 32), (30, 0.2, 8, 32), (20, 1.0, 8, 16), (50, 2.0, 16, 32), (25, 0.4, 8, 32)]
    return own(seed, "times", choices)


@task
def steps_left(answer: Any, seed: int = 0, steps: int = 1500) -> None:
    """Check how many steps with attention fit into the time of the plain pair's, to a whole number."""
    plain, layer, side, larger = own_times(seed)
    ratio, budget = larger / side, steps * plain

    def fit(power: int) -> float:
        return budget / (plain + layer * ratio**power)

    mistakes = [
        ("places, not pairs of places", fit(2)),
        ("the side alone", fit(1)),
        ("at the old side", fit(0)),
        ("plain step left out", budget / (layer * ratio**4)),
        ("steps, not time", steps),
        ("more for dearer steps", steps * steps / fit(4)),
        ("time, not steps", steps * budget / fit(4)),
    ]
    number("steps_left", answer, fit(4), mistakes, tolerance=1.01, secret=True)


@task
def modulated(answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((2, 3, 4), (3, 5, 2))) -> None:
    """Check modulated(maps, weight, scale) for these numbers of samples, of maps before and of maps after."""
    for count, before, after in shapes:
        random = torch.Generator().manual_seed(seed + before)
        maps = torch.randn(count, before, 5, 6, generator=random)
        weight = 0.4 * torch.randn(after, before, 3, 3, generator=random)
        scale = 0.5 * torch.randn(count, before, generator=random)
        what = f"{answer.__name__}, {count} samples, {before} maps to {after}"
        mistakes = [(way, modulated_maps(maps, weight, scale, way=way)) for way in MODULATION]
        yours = call(answer, maps.clone(), weight.clone(), scale.clone())
        compare(what, yours, modulated_maps(maps, weight, scale), mistakes)
        inputs = [weight.clone().requires_grad_(), scale.clone().requires_grad_()]
        pull = torch.randn(count, after, 5, 6, generator=random)
        theirs = slopes(call(answer, maps.clone(), *inputs) * pull, inputs)
        right = slopes(modulated_maps(maps, *inputs) * pull, inputs)
        for name, mine, truth in zip(("weight", "scale"), theirs, right, strict=True):
            compare(f"{what}: the gradient of the {name}", mine, truth, [("no gradient", 0 * truth)], length)


@task
def local_edit(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int, int]] = ((3, 4, 4, 5), (2, 3, 5, 1))
) -> Tensor:
    """Check local_edit(maps, move, places, strength) for these samples, channels, sides and numbers of places.

    Return the student's own cats, edited: [18, 3, 64, 64].
    """
    for count, channels, side, places in shapes:
        random = torch.Generator().manual_seed(seed + side)
        maps = torch.randn(count, channels, side, side, generator=random).relu()
        spread = 0.3 + torch.arange(count).view(-1, 1, 1, 1)  # the moves of some samples are longer
        move = spread * torch.randn(maps.shape, generator=random)
        strength = 0.5 + torch.rand((), generator=random).item() / 4
        what = (
            f"{answer.__name__}, maps {list(maps.shape)}, {places} place{'s' * (places > 1)}, strength {strength:.2f}"
        )
        mistakes = [
            (way, moved(maps, move, places, strength, way)) for way in EDITS if places > 1 or "fewer" not in way
        ]
        yours = call(answer, maps.clone(), move.clone(), places, strength)
        compare(what, yours, moved(maps, move, places, strength), mistakes)
    return hatted(answer, seed)


@task
def styled_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 300) -> Tensor | None:
    """Check styled_training(gan, batches): what is learned in single rounds, and which cats eight GANs draw.

    Return their pictures [8, 200, 192]; without `steps` the single rounds are all.
    """
    check_styles(answer, seed, rounds)
    if not steps:
        return None
    gan = trained(answer, eight_gans(seed), own_batches(seed, steps))
    return reached(answer.__name__, gan, seed)
