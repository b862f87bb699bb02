"""Scores of wake-word detectors, what a threshold makes of them, and what it makes after the usual mistakes."""

from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.checks import own


class Trial(NamedTuple):
    """Scores of other words in validation and test, each with its hours, of wake words, and the alarms allowed."""

    quiet: Tensor
    quiet_hours: float
    wake: Tensor
    others: Tensor
    hours: float
    most: float


def trial(seed: int, quiet: int, others: int) -> Trial:
    """A trial with so many other words in validation and test, for which no two of the mistakes look alike."""
    random = torch.Generator().manual_seed(seed)
    hours = (own(seed, "quiet hours", [0.45, 1.75, 2.25]), own(seed, "hours", [0.4, 0.6, 0.8]))
    most = own(seed, "alarms", [7, 11, 13])  # no whole number of alarms in the validation's hours
    while True:
        calm, wake, rest = (torch.randn(count, generator=random).double() for count in (quiet, 50, others))
        calm, wake, rest = (5 * calm).round() / 5, (10 * wake + 15).round() / 10, (10 * rest + 3).round() / 10
        drawn = Trial(calm, hours[0], wake, rest, hours[1], most)
        outcomes = [("", operated(drawn)), *operating_mistakes(drawn)]
        named = {(name, tuple(value.double().round(decimals=4).tolist())) for name, value in outcomes}
        if len({figures for _, figures in named}) == len(named):
            return drawn


def at(threshold: Tensor, tried: Trial) -> Tensor:
    """The share missed and the false alarms an hour, [2]."""
    missed = (tried.wake <= threshold).double().mean()
    return torch.stack([missed, (tried.others > threshold).sum() / tried.hours])


def lowest(scores: Tensor, allowed: float) -> Tensor:
    """The lowest of the scores that at most so many of them exceed."""
    return scores.sort(descending=True).values[int(allowed)]


def operated(tried: Trial) -> Tensor:
    return at(lowest(tried.quiet, tried.most * tried.quiet_hours), tried)


def operating_mistakes(tried: Trial) -> list[tuple[str, Tensor]]:
    """The two figures after the usual mistakes."""
    allowed = tried.most * tried.quiet_hours
    right = missed, alarms = operated(tried)
    threshold = lowest(tried.quiet, allowed)
    count = alarms * tried.hours
    reached = (tried.others >= threshold).sum() / tried.hours
    levels = torch.cat([tried.quiet.unique(), torch.tensor([torch.inf])])
    inclusive = levels[(tried.quiet >= levels[:, None]).sum(1) <= allowed][0]
    below = (tried.wake < inclusive).double().mean()
    return [
        ("figures swapped", right.flip(0)),
        ("found, not missed", torch.stack([1 - missed, alarms])),
        ("chosen on the test", at(lowest(tried.others, tried.most * tried.hours), tried)),
        ("rate, not a count", at(lowest(tried.quiet, tried.most), tried)),
        ("one alarm too many", at(levels[levels < threshold][-1], tried)),
        ("one alarm too few", at(levels[levels > threshold][0], tried)),
        ("alarm at the threshold", torch.stack([missed, reached])),
        ("alarm at the threshold", torch.stack([(tried.wake < threshold).double().mean(), reached])),
        ("alarm at the threshold", torch.stack([below, (tried.others >= inclusive).sum() / tried.hours])),
        ("share of clips", torch.stack([missed, count / len(tried.others)])),
        ("hours forgotten", torch.stack([missed, count])),
        ("hours mixed up", torch.stack([missed, count / tried.quiet_hours])),
        ("alarms of the validation", torch.stack([missed, (tried.quiet > threshold).sum() / tried.quiet_hours])),
    ]


HOURS, RATES = 0.2, (5, 50, 500)  # of a test, at two clips a second; false alarms an hour


def detectors(seed: int = 0) -> dict[str, dict[str, list[float]]]:
    """Of four detectors, A to D in an order of your own: the share missed at each of the `RATES`, by known voices and
    by strangers. Their scores are drawn at random."""
    random = torch.Generator().manual_seed(seed)
    kinds = {"even": (2.7, 2.5), "parrot": (5.0, 0.8), "deaf": (0.0, 0.0), "startled": (4.2, 4.0)}

    def missed(kind: str, mean: float) -> list[float]:
        wake, others = mean + torch.randn(200, generator=random), torch.randn(int(7200 * HOURS), generator=random)
        if kind == "startled":  # now and then something sounds to it more like the word than the word does
            others[:30] += 6
        return [float((wake <= lowest(others, rate * HOURS)).double().mean()) for rate in RATES]

    rows = [
        {"known voices": missed(kind, known), "strangers": missed(kind, stranger)}
        for kind, (known, stranger) in kinds.items()
    ]
    start = own(seed, "first detector", range(4))
    return dict(zip("ABCD", rows[start:] + rows[:start], strict=True))
