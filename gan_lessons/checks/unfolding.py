"""The check of a sub-pixel convolution's first weights: the pixels of a square begin alike."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import conv2d, interpolate, pad, pixel_shuffle

from gan_lessons.checks import CheckError, brief, call, compare, own
from gan_lessons.checks.cards import task
from gan_lessons.data import photographs


@task
def flat_start(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((3, 2, 2), (2, 4, 3))
) -> Tensor:
    """Check flat_start(kernels, biases, scale) at these numbers of maps after and before, and these scales.

    Return a photograph three times, [3, 3, 96, 96]: in large pixels, through sixteen kernels a map, and through yours.
    """
    for after, before, scale in shapes:
        random = torch.Generator().manual_seed(seed + scale)
        kernels = torch.randn(after, before, 3, 3, generator=random)
        biases = 1 + torch.rand(after, generator=random)
        what = f"{answer.__name__}, {before} maps to {after}, scale {scale}"
        yours = two_tensors(what, call(answer, kernels.clone(), biases.clone(), scale))
        for name, mine, given in zip(("weights", "biases"), yours, (kernels, biases), strict=True):
            compare(f"{what}: the {name}", mine, given.repeat_interleave(scale**2, 0), start_mistakes(given, scale))
    return through_both(answer, seed)


def two_tensors(what: str, returned: Any) -> tuple[Tensor, Tensor]:
    """What an answer has returned as weights and biases; a CheckError where it is something else."""
    pair = tuple(returned) if isinstance(returned, tuple | list) else ()
    if len(pair) != 2 or not all(isinstance(each, Tensor) for each in pair):
        raise CheckError("not weights and biases", f"{what}: yours is {brief(returned)}")
    return pair


def start_mistakes(given: Tensor, scale: int) -> list[tuple[str, Tensor]]:
    """Kernels, or biases, after the usual mistakes."""
    many, rest = scale**2, [1] * (given.dim() - 1)
    return [
        ("copies in turns", given.repeat(many, *rest)),
        ("scale, not its square", given.repeat_interleave(scale, 0)),
        ("scale, not its square", given.repeat(scale, *rest)),
        ("always four copies", given.repeat_interleave(4, 0)),
        ("copies shared out", given.repeat_interleave(many, 0) / many),
        ("one kernel a map still", given),
        ("biases left out", torch.zeros(many * len(given), *given.shape[1:])),
        ("other maps repeated", given.repeat_interleave(many, min(1, given.dim() - 1))),
    ]


def through_both(answer: Callable, seed: int, scale: int = 4) -> Tensor:
    """A crop of your own in large pixels, and enlarged by kernels that begin apart and by those of an answer."""
    top, left = own(seed, "top", range(60, 100, 5)), own(seed, "left", range(110, 160, 5))
    cat = photographs.load(held_out=True)["chelsea"][None, :, top : top + 96, left : left + 96]
    small = photographs.area(cat.float() / 127.5 - 1, scale)
    random = torch.Generator().manual_seed(seed)
    apart = 0.06 * torch.randn(3 * scale**2, 3, 3, 3, generator=random)
    apart[:, :, 1, 1] += torch.eye(3).repeat_interleave(scale**2, 0)
    weights, _ = two_tensors(answer.__name__, call(answer, apart[:: scale**2].clone(), torch.zeros(3), scale))
    framed = pad(small, (1, 1, 1, 1), mode="replicate")
    both = [pixel_shuffle(conv2d(framed, each), scale) for each in (apart, weights)]
    return torch.cat([interpolate(small, scale_factor=scale), *both]).clamp(-1, 1)
