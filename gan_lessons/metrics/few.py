"""Scores for a GAN of few pictures: does it repeat them, does it reach others, and has D learnt them by heart?"""

from typing import Any, NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.avatars import Avatars
from gan_lessons.judges.avatars import load
from gan_lessons.metrics.avatars import recomposed
from gan_lessons.metrics.features import shrunk
from gan_lessons.metrics.memory import nearest
from gan_lessons.networks.augmentation import overfitting

CLEAR = 0.08  # root mean square, of a range of 1: real cats have 0, and averages of two .127 on average
SAME = 0.002  # so little two looks may differ, by rounding and by parts that hardly show
APART = 0.02  # by so much a cat has to be nearer to a new combination than to any known one
GROUP = 8  # samples that a D may compare with each other


def novelty(samples: Tensor, known: Tensor) -> float:
    """How far samples are from the nearest known picture, as a share of how far the known ones are from each other.

    Medians of Euclidean distances, of pictures [count, channels, side, side] at no more than 14 × 14 pixels. Copies
    have 0, and as new as the known ones are to each other is 1.
    """
    theirs, ours = shrunk(samples), shrunk(known)
    among = torch.cdist(ours, ours).fill_diagonal_(torch.inf).amin(1).median()
    return float(nearest(ours, theirs).distances.median() / among)


def unseen_distance(samples: Tensor, known: Tensor, unseen: Tensor, draws: int = 10) -> float:
    """How near samples come to pictures that nobody learnt from, over how near the known pictures come: below 1 is new.

    As many samples as there are known pictures, `draws` times; mean Euclidean distances of shrunk pictures. Copies of
    all known pictures have 1, and so has a GAN that knows no more than they show.
    """
    ours, theirs, others = shrunk(known), shrunk(samples), shrunk(unseen)
    parts = theirs.split(len(ours))[:draws]
    if len(parts) > 1 and len(parts[-1]) < len(ours):
        parts = parts[:-1]
    reached = torch.stack([nearest(part, others).distances.mean() for part in parts]).mean()
    return float(reached / nearest(ours, others).distances.mean())


@torch.no_grad()
def held_out_gap(gan: Any, known: Tensor, unseen: Tensor, fakes: Tensor) -> float:
    """How far unseen pictures fall below known ones in D's scores, as a share of how far fakes do.

    See `augmentation.overfitting`. D sees pictures as they are, without augmentation, in whole groups of eight.
    """
    network = getattr(gan.discriminator, "discriminator", gan.discriminator)
    with gan.autocast:
        real, held_out, fake = (
            torch.cat([network(some.to(gan.device)).float().flatten() for some in whole(pixels).split(32 * GROUP)])
            for pixels in (known, unseen, fakes)
        )
    return float(overfitting(real, held_out, fake, limit=10))


def whole(pixels: Tensor, most: int = 512) -> Tensor:
    """The first pictures, at most so many, in whole groups."""
    return pixels[: min(most, len(pixels)) // GROUP * GROUP]


class CatReadings(NamedTuple):
    """What is found for each picture, [count]: whether it is a clear cat, a copied one, a new one.

    `parts` [count, 5] are those of the cat, of all combinations, that comes nearest; `known` is the nearest known cat.
    """

    clear: Tensor
    copied: Tensor
    new: Tensor
    parts: Tensor
    known: Tensor


def read_cats(pixels: Tensor, known: Avatars, most: int = 4000) -> CatReadings:
    """Is each picture [count, 3, side, side] a cat, and one that was never shown?

    Of all combinations of parts that one is looked for whose cat comes nearest. Clear: within an rms of .08 of it.
    Copied: clear, and a `known` cat (of the first `most`) is as near; of 360,000 that is hardly chance. New: clear, and
    nearer to it than to any known cat, by .02: parts can hide, so that two combinations look the same. In a fake that
    is not clear the parts are not read well enough to tell.
    """
    pixels = pixels.float().cpu().clamp(-1, 1)
    parts, left = recomposed(pixels, load().read(pixels)[1])
    distances, indices = nearest(known.pixels(slice(most)), pixels)
    away = distances / 2 / pixels[0].numel() ** 0.5
    clear = left <= CLEAR
    return CatReadings(clear, clear & (away <= left + SAME), clear & (left + APART < away), parts, indices)


def cat_combinations(pixels: Tensor, known: Avatars, most: int = 4000) -> dict[str, float]:
    """The shares of pictures [count, 3, side, side] that are clear, copied and new cats, of all: see `read_cats`."""
    found = read_cats(pixels, known, most)
    return {f"{name}_share": float(getattr(found, name).double().mean()) for name in ("clear", "copied", "new")}
