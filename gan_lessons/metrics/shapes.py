"""Scores for shapes of the computed family: do they work as what they are, are all kinds there, are they copies?"""

from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data import shapes
from gan_lessons.data.shapes import KINDS
from gan_lessons.metrics.classes import unevenness
from gan_lessons.metrics.memory import copied_share, nearest
from gan_lessons.metrics.neighbours import neighbour_scores
from gan_lessons.metrics.solids import fault, in_one_piece

LEAST = 0.3  # of a kind's shapes have to be valid for the kind to count as learnt
COUNT = 1000


class ShapeScores(NamedTuple):
    """How shapes do in the tests of their family.

    `valid`: the share that passes all tests of its kind, and `least_valid` that of the worst kind; `kinds`: how many
    kinds have a share of at least .3. `one_piece`: the share in one piece, before any cleaning. `kind_kl`: KL(kinds ‖
    as many of each), in nats; a kind is what the nearest training shape is. `nearest`: mean intersection over union
    with that shape. `copied`: how much more often a shape is nearer to a training shape than to one never seen, 0 for
    fresh real shapes and 1 for copies. `covered`: the share of real shapes among whose five nearest a fake would be.
    """

    valid: float
    least_valid: float
    kinds: float
    one_piece: float
    kind_kl: float
    nearest: float
    copied: float
    covered: float


def shape_scores(volumes: Tensor, told: Tensor | None = None, training: int = 4000) -> ShapeScores:
    """Score volumes [count, 1, size, size, size], solid above 0, by custom 1,000 of them.

    Each is tested as the kind that it is `told`, [count], or else as what its nearest training shape is. `training` is
    how many shapes were learnt from.
    """
    volumes = checked(volumes)
    known = shapes.load(volumes.shape[-1], training)
    unseen = shapes.load(volumes.shape[-1], training, held_out=True).samples
    closest = nearest(known.samples, volumes).indices
    read = known.labels[closest]
    passed = torch.tensor([not told for told in faults(volumes, read if told is None else told)]).double()
    by_kind = valid_shares(passed, read if told is None else told)
    solids = volumes[:, 0].numpy() > 0
    real = unseen[: len(volumes)].flatten(1)
    return ShapeScores(
        valid=float(passed.mean()),
        least_valid=float(by_kind.min()),
        kinds=float((by_kind >= LEAST).sum()),
        one_piece=float(torch.tensor([in_one_piece(solid) for solid in solids]).double().mean()),
        kind_kl=unevenness(read, len(KINDS)),
        nearest=float(overlap(volumes, known.samples[closest]).mean()),
        copied=copied_share(known.samples, unseen, volumes),
        covered=neighbour_scores(real, volumes.flatten(1)[: len(real)]).coverage,
    )


def checked(volumes: Tensor) -> Tensor:
    """Volumes as floats on the CPU, or a ValueError."""
    if volumes.dim() != 5 or volumes.shape[1] != 1 or len(set(volumes.shape[2:])) != 1:
        raise ValueError(f"Shapes are volumes [count, 1, size, size, size]; these are {list(volumes.shape)}.")
    return volumes.float().cpu().clamp(-1, 1)


def faults(volumes: Tensor, kinds: Tensor) -> list[str]:
    """What is wrong with each of the volumes [count, 1, …] as a thing of its kind, [count]; "" where nothing is."""
    solids = checked(volumes)[:, 0].numpy() > 0
    return [fault(solid, KINDS[kind]) for solid, kind in zip(solids, kinds.tolist(), strict=True)]


def valid_shares(passed: Tensor, kinds: Tensor) -> Tensor:
    """The share of each kind that has passed, [5]; 0 for a kind that does not occur."""
    counts = torch.bincount(kinds, minlength=len(KINDS))
    return torch.bincount(kinds, passed, minlength=len(KINDS)) / counts.clamp_min(1)


def overlap(first: Tensor, second: Tensor) -> Tensor:
    """Intersection over union of what is solid in two volumes each, [count]; 1 where both are empty."""
    one, other = (volumes.flatten(1) > 0 for volumes in (first, second))
    union = (one | other).sum(1)
    return torch.where(union > 0, (one & other).sum(1) / union.clamp_min(1), 1.0)


def cheats(size: int = 16, count: int = COUNT, training: int = 4000) -> dict[str, tuple[Tensor, Tensor]]:
    """Samplers that a good score has to stand above: each a name, its volumes [count, 1, …] and the kinds told.

    Two training shapes are averaged, or put on top of one another, of any kinds or of the same kind.
    """
    known = shapes.load(size, training)
    random = torch.Generator().manual_seed(0)
    first = torch.randperm(training, generator=random)[:count]
    kinds = known.labels[first]
    other = torch.randperm(training, generator=random)[:count]
    alike = torch.randint(training // len(KINDS), (count,), generator=random) * len(KINDS) + kinds
    made = {"training shapes again": known.samples[first]}
    for name, second in {"any two": other, "two of a kind": alike}.items():
        pair = known.samples[first], known.samples[second]
        made[f"averages of {name}"] = (pair[0] + pair[1]) / 2
        made[f"top of one on another: {name}"] = torch.cat([pair[1][:, :, : size // 2], pair[0][:, :, size // 2 :]], 2)
    return {name: (volumes, kinds) for name, volumes in made.items()}
