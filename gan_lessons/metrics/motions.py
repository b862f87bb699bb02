"""Scores for motions of a stick figure: which are made, whether they hold to a body, and how near they are to real."""

from math import log
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.motions import FRAMES, RATE, Motions
from gan_lessons.skeleton import FEET, JOINTS

PRESENT = 0.01  # the share of all that makes a motion present
ON_FLOOR = 0.05  # metres: toes below this height are on the floor
BONES = [(joint.parent, number) for number, joint in enumerate(JOINTS) if joint.parent >= 0]


class MotionScores(NamedTuple):
    """How motions look beside real ones.

    `motions`: how many of the known motions are nearest to at least a hundredth of them. `entropy`: of these shares, as
    a share of that of equal ones. `acceleration_over_real`: the mean over joints and frames, beside that of real
    windows. `under_floor`: how deep the lowest toes come on average, in metres. `sliding`: how fast toes that stay on
    the floor move across it, in metres a second. `nearest`: the mean distance of joints from the nearest real window's,
    in metres, over motions. `copies`: the share that is nearer than 3 cm to one. `bone_error`: the mean error of the
    bones' lengths, as a share of the length.
    """

    motions: float
    entropy: float
    acceleration_over_real: float
    under_floor: float
    sliding: float
    nearest: float
    copies: float
    bone_error: float


@torch.inference_mode()
def motion_scores(motions: Tensor, real: Motions) -> MotionScores:
    """Score motions [count, 24, 18, 3] in metres beside real windows, by custom 400 of them.

    The judge of which motion it is, is the nearest real window; it has no way to say *none*, so read `nearest` too.
    """
    motions = motions.float().cpu()
    if motions.shape[1:] != (FRAMES, len(JOINTS), 3):
        raise ValueError(f"Motions are [count, {FRAMES}, {len(JOINTS)}, 3], not {list(motions.shape)}.")
    distance, kind = nearest(motions, real)
    shares = kind.bincount(minlength=len(real.names)) / len(kind)
    return MotionScores(
        motions=float((shares >= PRESENT).sum()),
        entropy=float(-torch.special.xlogy(shares, shares).sum()) / log(len(real.names)),
        acceleration_over_real=acceleration(motions) / acceleration(real.samples),
        under_floor=float((-motions[:, :, FEET, 1].amin((1, 2))).clamp(min=0).mean()),
        sliding=sliding(motions),
        nearest=float(distance.mean()),
        copies=float((distance < 0.03).float().mean()),
        bone_error=bone_error(motions),
    )


def nearest(motions: Tensor, real: Motions) -> tuple[Tensor, Tensor]:
    """The mean distance of the joints from those of the nearest real window, [count], and what motion that is."""
    found = []
    for some in motions.split(10):  # each beside every window: the memory is bounded
        apart = (some[:, None] - real.samples).square().sum(-1).sqrt().mean((-1, -2))
        found.append(apart.min(1))
    return torch.cat([part.values for part in found]), real.labels[torch.cat([part.indices for part in found])]


def acceleration(motions: Tensor) -> float:
    """The mean length of the second difference in time, in metres a second squared."""
    return float(motions.diff(n=2, dim=1).norm(dim=-1).mean()) * RATE**2


def sliding(motions: Tensor) -> float:
    """How fast a foot slides: the mean of `floor_speeds`; 0 where no foot is ever on the floor."""
    speeds = floor_speeds(motions)
    return float(speeds.sum() / max(len(speeds), 1))


def floor_speeds(motions: Tensor) -> Tensor:
    """The speeds of toes across the floor, in metres a second, where they are on it in two frames running: [count]."""
    toes = motions[:, :, FEET]
    low = toes[..., 1] < ON_FLOOR
    on = low[:, 1:] & low[:, :-1]
    return RATE * toes[..., ::2].diff(dim=1).norm(dim=-1)[on]


def bone_error(motions: Tensor) -> float:
    """How far the bones are from their lengths, as a mean share of them."""
    errors = []
    for parent, joint in BONES:
        length = torch.tensor(JOINTS[joint].offset).norm()
        errors.append(((motions[..., joint, :] - motions[..., parent, :]).norm(dim=-1) / length - 1).abs().mean())
    return float(torch.stack(errors).mean())


def cheats(real: Motions, count: int = 400) -> dict[str, Tensor]:
    """Samplers that a good score has to stand above, each made of real windows."""
    random = torch.Generator().manual_seed(1)
    one, other = (real.samples[torch.randperm(len(real), generator=random)[:count]] for _ in range(2))
    order = torch.rand(len(one), FRAMES, generator=random).argsort(1)
    return {
        "copies": one,
        "averages of two": (one + other) / 2,
        "shuffled": one.gather(1, order[..., None, None].expand_as(one)),
        "still": one[:, :1].expand_as(one),
    }
