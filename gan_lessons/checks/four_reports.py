"""Reports about four generators of small digits, three of them with a fault: numbers to be read."""

import functools
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.checks import own
from gan_lessons.checks.reading import order
from gan_lessons.data.images import small_digits
from gan_lessons.metrics.frechet import frechet_distance
from gan_lessons.metrics.memory import nearest

FAULTS = ("copies", "few", "a class missing", "shapes between")
COUNT, FEW, PART = 500, 100, 599  # samples, those of `few`, and pictures in each third of the digits
BETWEEN = 290  # shapes that are the mean of two pictures


class Report(NamedTuple):
    """Distances are fractions of noise's at the same count; the floor is that of training pictures at that count."""

    samples: int
    distance: float
    floor: float
    classes: int
    twins: float


@functools.cache
def four_reports(seed: int = 0) -> dict[str, Report]:
    """Reports of fresh real pictures and of generators A to D, in an order of your own.

    Pixels are the features, and a picture is read as the nearest training picture's class.
    """
    every, random = small_digits(), torch.Generator().manual_seed(seed)
    assert every.labels is not None
    parts = torch.randperm(len(every), generator=random).split(PART)
    (training, classes), (held_out, _), (fresh, others) = (
        (every.pixels[part].flatten(1), every.labels[part]) for part in parts
    )
    between = fresh[:COUNT].clone()
    between[:BETWEEN] = (fresh[:BETWEEN] + fresh[BETWEEN : 2 * BETWEEN]) / 2
    drawn = {
        "copies": training[-COUNT:],
        "few": fresh[:FEW],
        "a class missing": fresh[others != own(seed, "missing class", range(10))][:COUNT],
        "shapes between": between,
    }
    near = nearest(training, held_out).distances.median() / 2

    def report(samples: Tensor) -> Report:
        count = len(samples)
        ceiling = frechet_distance(held_out, 2 * torch.rand(samples.shape, generator=random) - 1)
        distance, floor = (frechet_distance(held_out, each) / ceiling for each in (samples, training[:count]))
        found = nearest(training, samples)
        read = classes[found.indices].bincount(minlength=10)
        twins = float((found.distances < near).float().mean())
        return Report(count, distance, floor, int((read >= 0.02 * count).sum()), twins)

    named = {letter: drawn[fault] for letter, fault in zip("ABCD", order(seed, FAULTS), strict=True)}
    return {name: report(samples) for name, samples in ({"real": fresh[:COUNT]} | named).items()}
