"""The check of a trial for copies: what it learns from, and what it says of samplers whose truth is known."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks import CheckError, brief, call
from gan_lessons.checks.cards import say, task

TRIALS = 8
NEAR = 0.15  # of the right verdict, on average over the trials
SAMPLERS = {"a copyist": 1.0, "one that copies every second time": 0.5, "an honest sampler": 0.0}


@task
def copied(answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((400, 200), (600, 150))) -> None:
    """Check copied(learn, data, count) for data of these sizes: three samplers, each in eight trials.

    The right trial came nearer than 0.07 to the truth about each sampler on average, in ten of ten draws; the sick one
    said 0 of a copyist where half of the data were held out.
    """
    for known, count in sizes:
        data = truth(known, torch.Generator().manual_seed(seed))
        means = []
        for due in SAMPLERS.values():
            verdicts = [verdict(answer, data, count, due, seed + trial) for trial in range(TRIALS)]
            means.append(sum(verdicts) / TRIALS)
        for (sampler, due), found in zip(SAMPLERS.items(), means, strict=True):
            said = f"{answer.__name__}, {count} of {known} samples to learn from, {sampler}: expected {due:.1f} on "
            said += f"average over {TRIALS} trials, yours {found:.2f}"
            if not abs(found - due) <= NEAR:
                raise CheckError(mistake(means, count / known), said)
            say(f"✓ {said}")


def truth(count: int, random: torch.Generator) -> Tensor:
    """Samples [count, 4] of the distribution that all samplers are about."""
    return torch.randn(count, 4, generator=random)


def verdict(answer: Callable, data: Tensor, count: int, share: float, seed: int) -> float:
    """What an answer says of a sampler that copies with this probability."""
    given: list[Tensor] = []
    random = torch.Generator().manual_seed(seed)

    def learn(training: Tensor) -> Tensor:
        given.append(training)
        if fault(training, data, count):  # told afterwards: what is raised here would be taken for the answer's own
            return data
        copies = training[torch.randint(len(training), (300,), generator=random)]
        own = torch.rand(300, 1, generator=random) >= share
        return torch.where(own, truth(300, random), copies)

    torch.manual_seed(seed)
    found = call(answer, learn, data.clone(), count)
    if not given:
        raise CheckError("not learned", f"{answer.__name__} never calls `learn`")
    if told := next(filter(None, (fault(training, data, count) for training in given)), None):
        raise CheckError(told[0], f"{answer.__name__}: `learn` was given {told[1]}")
    try:
        return float(found)
    except (TypeError, ValueError, RuntimeError):
        raise CheckError("not a number", f"{answer.__name__}: expected a number, yours is {brief(found)}") from None


def fault(training: Any, data: Tensor, count: int) -> tuple[str, str] | None:
    """What is wrong with a training set, which should be `count` different samples of the data."""
    if not isinstance(training, Tensor) or training.shape[1:] != data.shape[1:]:
        return "not from the data", brief(training)
    distance, place = torch.cdist(training, data, compute_mode="donot_use_mm_for_euclid_dist").min(1)
    if bool((distance > 1e-6).any()):
        return "not from the data", "samples that are not in the data"
    if len(place.unique()) < len(place):
        return "drawn twice", f"{len(place)} samples, of which {len(place.unique())} are different"
    if len(training) != count:
        return "everything learned", f"{len(training)} samples, expected {count}"
    return None


def mistake(means: Sequence[float], learned: float) -> str:
    """The name of what makes a trial say this of the samplers, where that share of the data is learned from."""
    larger = 2 * learned - 1  # what an honest sampler gets if all the rest is held out
    others = {
        "sets swapped": (-1, -0.5, 0),
        "everything held out": (-1, -1, -1),
        "share, not a difference": (1, 0.75, 0.5),
        "held-out set of another size": (1, (1 + larger) / 2, larger),
    }
    for name, values in others.items():
        if all(abs(found - value) <= 0.12 for found, value in zip(means, values, strict=True)):
            return name
    leaking = abs(means[0] - (1 - 2 * learned)) <= 0.12  # a copy that is held out as well counts as not nearer
    return "held-out samples learned" if leaking else "verdict"
