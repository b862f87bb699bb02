"""Scores of written lines by judges that are no generator, each to be read beside real lines and shuffled ones."""

from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.text import Texts
from gan_lessons.data.verse import shuffled, verse
from gan_lessons.judges.ngrams import NGrams, tidy
from gan_lessons.judges.verse import line_share
from gan_lessons.metrics.lines import Run, longest_run, runs_of, self_bleu
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
    runs = [longest_run(line.split(), runs_of_training()) for line in lines]
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
def runs_of_training() -> frozenset[Run]:
    """Every run of words within a training line."""
    return runs_of(verse().train.read())


def floors(seed: int = 0) -> dict[str, VerseScores]:
    """The scores of 500 real lines of no training, and of the same lines with their words shuffled."""
    some = torch.randperm(len(verse().test), generator=torch.Generator().manual_seed(seed))[:COUNT]
    real = verse().test.symbols[some]
    return {"real": verse_scores(real), "shuffled": verse_scores(shuffled(real, seed))}
