"""Scores for a GAN of few pictures: does it repeat them, does it reach others, and has D learnt them by heart?"""

from typing import Any

import torch
from torch import Tensor

from gan_lessons.data.avatars import Avatars
from gan_lessons.judges.avatars import load
from gan_lessons.metrics.avatars import recomposed
from gan_lessons.metrics.classes import shrunk
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


def cat_combinations(pixels: Tensor, known: Avatars, most: int = 4000) -> dict[str, float]:
    """Is each picture a cat, and one that was never shown? Shares of pictures [count, 3, side, side].

    Of all combinations of parts that one is looked for whose cat comes nearest. `clear_share`: those within an rms of
    .08 of it. `copied_share`: the clear ones to which a `known` cat (of the first `most`) is as near; of 360,000 that
    is hardly chance. `new_share`: the clear ones that are nearer to it than to any known cat, by .02: parts can hide,
    so that two combinations look the same. In a fake that is not clear the parts are not read well enough to tell.
    """
    pixels = pixels.float().cpu().clamp(-1, 1)
    left = recomposed(pixels, load().read(pixels)[1])[1]
    away = nearest(known.pixels(slice(most)), pixels).distances / 2 / pixels[0].numel() ** 0.5
    clear = left <= CLEAR
    shares = {
        "clear_share": clear,
        "copied_share": clear & (away <= left + SAME),
        "new_share": clear & (left + APART < away),
    }
    return {name: float(share.double().mean()) for name, share in shares.items()}
