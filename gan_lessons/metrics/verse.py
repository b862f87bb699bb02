"""Scores of written lines by judges that are no generator, each to be read beside real lines and shuffled ones."""

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.text import Texts
from gan_lessons.data.verse import shuffled, verse
from gan_lessons.judges.ngrams import NGrams, tidy
from gan_lessons.judges.verse import line_share
from gan_lessons.metrics.metre import scanning

COUNT = 500  # lines that are scored


class VerseScores(NamedTuple):
    """How lines look beside real ones.

    `scans`: the share that scan as iambic pentameters, by the pronouncing dictionary. `whole`: the share that a small
    network, taught on other poems, takes for a line and not for a broken one. `surprise`: nats a word, the end among
    them, under a bigram model of those other poems. `run`: words of the longest run that a line shares with the
    training text, on average; `longest` of all lines. `self_bleu`: how much the lines share with each other; it grows
    with their number. `unique`: the share of different ones.
    """

    scans: float
    whole: float
    surprise: float
    run: float
    longest: float
    self_bleu: float
    unique: float


def verse_scores(symbols: Tensor) -> VerseScores:
    """Score lines [count, length]; compare at equal counts only, 500 by custom."""
    texts = verse().train
    if symbols.dim() != 2 or symbols.shape[1] != texts.length or symbols.is_floating_point() or len(symbols) < 20:
        raise ValueError(
            f"Lines are whole numbers of the shape [20 or more, {texts.length}], not {list(symbols.shape)}."
        )
    if not 0 <= int(symbols.min()) <= int(symbols.max()) < texts.kinds:
        raise ValueError(f"Symbols run from 0 to {texts.kinds - 1}; the lines go beyond.")
    symbols = tidy(symbols.cpu())
    symbols = symbols[symbols[:, 0] > 0] if (symbols[:, 0] > 0).sum() >= 20 else symbols
    lines = texts.read(symbols)
    runs = [longest_run(line.split()) for line in lines]
    return VerseScores(
        scans=scanning(lines),
        whole=line_share(symbols),
        surprise=float(bigrams().surprise(symbols).mean()),
        run=sum(runs) / len(runs),
        longest=float(max(runs)),
        self_bleu=self_bleu(lines),
        unique=len(set(lines)) / len(lines),
    )


@cache
def bigrams() -> NGrams:
    """A model of word pairs in the judge's part."""
    judge: Texts = verse().judge
    return NGrams(judge, order=2)


@cache
def runs_of_training() -> frozenset[tuple[str, ...]]:
    """Every run of words within a training line."""
    words = (line.split() for line in verse().train.read())
    return frozenset(
        tuple(line[start:end])
        for line in words
        for start in range(len(line))
        for end in range(start + 1, len(line) + 1)
    )


def longest_run(words: Sequence[str]) -> int:
    """How many words in a row a line shares with a line of the training part, at most."""
    known = runs_of_training()
    for size in range(len(words), 0, -1):
        if any(tuple(words[start : start + size]) in known for start in range(len(words) - size + 1)):
            return size
    return 0


def self_bleu(lines: Sequence[str], order: int = 3) -> float:
    """The mean BLEU of each line against all others, word by word: high where they are alike.

    The same as `metrics.text.self_bleu` where each line has another of its own length, but in time that grows with the
    number of lines and not with its square. Zhu et al. 2018, arXiv:1802.01886.
    """
    words = [line.split() for line in lines]
    logs = [0.0] * len(words)
    for size in range(1, order + 1):
        counts = [Counter(tuple(line[k : k + size]) for k in range(len(line) + 1 - size)) for line in words]
        most: dict[tuple[str, ...], tuple[int, int]] = {}  # the two largest counts of a run in any line
        for one in counts:
            for run, count in one.items():
                first, second = most.get(run, (0, 0))
                most[run] = (max(first, count), max(second, min(first, count)))
        for place, one in enumerate(counts):
            others = {run: most[run][1] if most[run][0] == count else most[run][0] for run, count in one.items()}
            shared = sum(min(count, others[run]) for run, count in one.items())
            logs[place] += math.log(max(shared, 0.1) / max(1, sum(one.values()))) / order
    return sum(map(math.exp, logs)) / len(logs)


def floors(seed: int = 0) -> dict[str, VerseScores]:
    """The scores of 500 real lines of no training, and of the same lines with their words shuffled."""
    some = torch.randperm(len(verse().test), generator=torch.Generator().manual_seed(seed))[:COUNT]
    real = verse().test.symbols[some]
    return {"real": verse_scores(real), "shuffled": verse_scores(shuffled(real, seed))}
