"""How far windows of four voices keep to what Bach's chorales keep to, counted note by note."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data import chorales
from gan_lessons.data.chorales import BAR, SCALE, Voices

COUNT = 1000  # windows that are judged
EDGE = 0.005  # of a voice's real notes lie below its range, and as many above
FIFTH = 7
OCTAVE = 12
BEAT = 2  # steps


class ChoraleScores(NamedTuple):
    """Shares and counts; what is best is what held-out chorales have.

    `in_key`: share of notes in C major or natural A minor. `crossings`: steps a bar at which a voice lies above the
    next higher one. `fifths` and `octaves`: parallel ones a bar, of any two voices. `in_range`: share of notes that
    their voice sings in training chorales, but for rarest ones. `held`: share of a voice's steps on which it strikes
    nothing. `leaps`: share of a voice's moves by more than a fifth. `chords_js`: divergence, in nats, of its chords on
    beats from those of training chorales. `known`: share of chords that occur in training. `copied`: the longest run of
    steps that a window shares with any training window, on average. `alike`: the same with other windows of its own.
    """

    in_key: float
    crossings: float
    fifths: float
    octaves: float
    in_range: float
    held: float
    leaps: float
    chords_js: float
    known: float
    copied: float
    alike: float


def chorale_scores(voices: Voices, train: Voices | None = None) -> ChoraleScores:
    """Judge windows beside those that were learnt from."""
    train = train or chorales.chorales().train
    pitches, struck = voices
    bars = pitches.shape[0] * pitches.shape[2] / BAR
    moves = pitches.diff(dim=-1)
    half = len(pitches) // 2
    return ChoraleScores(
        in_key=float(torch.isin(pitches[struck] % OCTAVE, torch.tensor(SCALE)).float().mean()),
        crossings=float((pitches[:, 1:] > pitches[:, :-1]).any(1).sum() / bars),
        fifths=float(parallels(pitches, FIFTH).sum() / bars),
        octaves=float(parallels(pitches, 0).sum() / bars),
        in_range=in_range(voices, train),
        held=float(1 - struck.float().mean()),
        leaps=float((moves.abs() > FIFTH).sum() / moves.ne(0).sum().clamp_min(1)),
        chords_js=divergence(chords(pitches), chords(train.pitches)),
        known=float(torch.isin(chords(pitches), chords(train.pitches)).float().mean()),
        copied=float(longest_runs(pitches, train.pitches).float().mean()),
        alike=float(longest_runs(pitches[:half], pitches[half:]).float().mean()),
    )


def parallels(pitches: Tensor, interval: int) -> Tensor:
    """Where two voices move the same way and keep an interval, octaves aside: [count, pairs, steps - 1], bools.

    `interval` is 7 for fifths and 0 for octaves and unisons.
    """
    moves = pitches.diff(dim=-1)
    found = []
    for upper, lower in combinations(range(pitches.shape[1]), 2):
        apart = (pitches[:, upper] - pitches[:, lower]) % OCTAVE == interval
        found.append(apart[:, 1:] & apart[:, :-1] & (moves[:, upper] * moves[:, lower] > 0))
    return torch.stack(found, 1)


def marks(pitches: Tensor) -> tuple[list[int], list[tuple[int, int, int]]]:
    """What a teacher would mark in a window [voices, steps]: the steps with crossed voices, and parallels.

    A parallel is a fifth or an octave that two voices keep as they move: upper voice, lower voice, the step they leave.
    """
    crossed = (pitches[1:] > pitches[:-1]).any(0).nonzero().flatten().tolist()
    pairs = list(combinations(range(len(pitches)), 2))
    alike = parallels(pitches[None], FIFTH)[0] | parallels(pitches[None], 0)[0]
    return crossed, [(*pairs[pair], step) for pair, step in alike.nonzero().tolist()]


def in_range(voices: Voices, train: Voices) -> float:
    """The share of notes within the range of their voice in training chorales."""
    shares = torch.tensor([EDGE, 1 - EDGE])
    inside = []
    for voice in range(voices.pitches.shape[1]):
        low, high = torch.quantile(train.pitches[:, voice].flatten().float(), shares, interpolation="nearest")
        sung = voices.pitches[:, voice][voices.struck[:, voice]]
        inside.append((sung >= low) & (sung <= high))
    return float(torch.cat(inside).float().mean())


def chords(pitches: Tensor) -> Tensor:
    """The chord on each beat as a number: the pitch classes that sound, and which of them the bass has. [beats]"""
    classes = pitches[..., ::BEAT] % OCTAVE
    sounding = torch.nn.functional.one_hot(classes, OCTAVE).amax(1)  # [count, beats, 12]
    return ((sounding * 2 ** torch.arange(OCTAVE)).sum(-1) * OCTAVE + classes[:, -1]).flatten()


def divergence(some: Tensor, others: Tensor) -> float:
    """The Jensen–Shannon divergence of two samples of numbers, in nats: 0 if they come equally often, ln 2 if apart."""
    _, places = torch.cat([some, others]).unique(return_inverse=True)
    kinds = int(places.max()) + 1
    first, second = (
        torch.bincount(part, minlength=kinds) / len(part) for part in places.split([len(some), len(others)])
    )
    middle = (first + second) / 2
    return float((torch.special.entr(middle) - (torch.special.entr(first) + torch.special.entr(second)) / 2).sum())


def longest_runs(pitches: Tensor, others: Tensor) -> Tensor:
    """The longest run of steps, all voices alike, that each window shares with any of the others: [count]."""
    coded, theirs = ([tuple(line) for line in codes(some)] for some in (pitches, others))
    steps = pitches.shape[-1]
    found = [0] * len(coded)
    for length in range(1, steps + 1):
        seen = {run for line in theirs for run in runs(line, length)}
        for place, line in enumerate(coded):
            if found[place] == length - 1 and any(run in seen for run in runs(line, length)):
                found[place] = length
    return torch.tensor(found)


def codes(pitches: Tensor) -> list[list[int]]:
    """The four pitches of each step as one number, [count][steps]."""
    return (pitches * 128 ** torch.arange(pitches.shape[1])[:, None]).sum(1).tolist()


def runs(line: Sequence[int], length: int) -> list[Sequence[int]]:
    """All stretches of so many steps."""
    return [line[start : start + length] for start in range(len(line) - length + 1)]


def shuffled(voices: Voices, seed: int = 0) -> Voices:
    """Every voice as it is, each from another window: the floor for all that happens between voices."""
    draw = torch.Generator().manual_seed(seed)
    orders = [torch.randperm(len(voices.pitches), generator=draw) for _ in range(voices.pitches.shape[1])]
    return Voices(*(torch.stack([part[order, place] for place, order in enumerate(orders)], 1) for part in voices))
