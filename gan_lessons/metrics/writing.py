"""Scores for films of writing, which know the law of ink: it stays, it flows evenly, and from one pen."""

from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.metrics.features import check_features, shrunk
from gan_lessons.metrics.frechet import frechet_distance

DARK = 0.5  # new ink on a pixel, of full black, that counts as the pen's


class WritingScores(NamedTuple):
    """How films of ink keep to the law, and how much what they end with looks like what real ones end with.

    `vanished`: the ink that goes away between frames, as a share of the ink at the end. `uneven`: the spread of the new
    ink a frame, as a share of its mean. `pieces`: in how many separate places new ink appears, the mean over the frames
    that bring any. `frechet_fraction`: the Fréchet distance of the last frames, as a share of what noise has.
    """

    vanished: float
    uneven: float
    pieces: float
    frechet_fraction: float


def writing_scores(films: Tensor, real: Tensor) -> WritingScores:
    """Score films [count, 1, frames, size, size] in [-1, 1], black on white, against real ones."""
    ink = (1 - films[:, 0].float().cpu().clamp(-1, 1)) / 2  # [count, frames, size, size]
    new = torch.cat([ink[:, :1], ink.diff(dim=1)], 1)
    amount = new.clamp(min=0).sum((-1, -2))  # [count, frames]
    whole = ink[:, -1].sum((-1, -2)).clamp(min=1)
    lost = (-new).clamp(min=0).sum((-1, -2)).sum(1)
    return WritingScores(
        vanished=float((lost / whole).mean()),
        uneven=float((amount.std(1) / amount.mean(1).clamp(min=1e-6)).mean()),
        pieces=pieces(new > DARK),
        frechet_fraction=last_frames(films, real),
    )


def pieces(lit: Tensor) -> float:
    """In how many pieces the pixels of pictures [..., height, width] hang together, corners included: the mean."""
    from scipy.ndimage import label  # slow to import

    counts = [label(one, torch.ones(3, 3).numpy())[1] for one in lit.flatten(0, -3).numpy()]
    found = [count for count in counts if count]
    return sum(found) / len(found) if found else 0.0


def last_frames(films: Tensor, real: Tensor) -> float:
    """The Fréchet distance of the last frames in up to 32 principal components of real ones, 1 for noise."""
    table, others = shrunk(real[:, :, -1]), shrunk(films[:, :, -1].clamp(-1, 1))
    noise = shrunk(2 * torch.rand(real[:, :, -1].shape, generator=torch.Generator().manual_seed(0)) - 1)
    check_features(table, others, 4, "distance of last frames")
    mean = table.mean(0)
    axes = torch.linalg.svd(table - mean, full_matrices=False).Vh[: min(32, len(real) // 4)]
    placed, theirs, worst = ((one - mean) @ axes.T for one in (table, others, noise))
    return frechet_distance(placed, theirs) / frechet_distance(placed, worst)


def cheats(real: Tensor) -> dict[str, Tensor]:
    """Films that are no writing, made of real ones [count, 1, frames, size, size]."""
    frames = real.shape[2]
    order = torch.randperm(frames, generator=torch.Generator().manual_seed(0))
    swept = torch.arange(real.shape[-1]) < real.shape[-1] * torch.arange(1, frames + 1)[:, None] / frames
    return {
        "whole at once": real[:, :, -1:].expand_as(real),
        "shuffled frames": real[:, :, order],
        "backwards": real.flip(2),
        "from left to right": torch.where(swept[:, None], real[:, :, -1:], 1.0),
        "two at a time": torch.minimum(real, real.roll(1, 0)),
    }
