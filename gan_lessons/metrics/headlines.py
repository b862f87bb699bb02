"""Scores of written headlines: by the grammar where it is known, and by judges that need none."""

from functools import cache

from torch import Tensor

from gan_lessons.data.grammar import parse
from gan_lessons.data.headlines import Headlines
from gan_lessons.data.verse import shuffled
from gan_lessons.judges.ngrams import NGrams, tidy
from gan_lessons.metrics.lines import Run, longest_run, runs_of, self_bleu

COUNT = 500  # headlines that are scored


def headline_scores(symbols: Tensor, headlines: Headlines) -> dict[str, float]:
    """How headlines [count, length] look beside real ones; compare at equal counts only.

    `surprise`: nats a word, the end among them, under a bigram model of other headlines. `run`: words of the longest
    run that a headline shares with the training part, on average. `self_bleu`: how much they share with each other.
    `unique`: the share of different ones.
    """
    lines = headlines.train.read(symbols)
    runs = [longest_run(line.split(), runs_of_training(headlines)) for line in lines]
    return {
        "surprise": float(bigrams(headlines).surprise(tidy(symbols)).mean()),
        "run": sum(runs) / len(runs),
        "self_bleu": self_bleu(lines),
        "unique": len(set(lines)) / len(lines),
    }


def law_scores(symbols: Tensor, headlines: Headlines) -> dict[str, float]:
    """How headlines [count, length] keep the rules of the grammar that made the training part.

    `formed`: the share that a pattern of the grammar fits. Of these, `agrees`: the share whose verbs and possessives
    have their subjects' numbers; and `topical`: that are about one topic. `lawful`: the share of all that are all
    three; `new`: of the lawful ones, those that are not in the training part.
    """
    lines = headlines.train.read(symbols)
    parsed = [parse(line) for line in lines]
    formed = [one for one in parsed if one.formed]
    lawful = [line for line, one in zip(lines, parsed, strict=True) if one.lawful]
    known = set(headlines.train.read())
    return {
        "formed": len(formed) / len(lines),
        "agrees": sum(one.agrees for one in formed) / max(1, len(formed)),
        "topical": sum(one.topical for one in formed) / max(1, len(formed)),
        "lawful": len(lawful) / len(lines),
        "new": sum(line not in known for line in lawful) / max(1, len(lawful)),
    }


@cache
def bigrams(headlines: Headlines) -> NGrams:
    """A model of word pairs in the judge's part."""
    return NGrams(headlines.judge, order=2)


@cache
def runs_of_training(headlines: Headlines) -> frozenset[Run]:
    """Every run of words within a headline of the training part."""
    return runs_of(headlines.train.read())


def floors(headlines: Headlines) -> dict[str, Tensor]:
    """Headlines to compare with: held-out ones, the same with their words shuffled, and a bigram model's."""
    real = headlines.test.symbols[:COUNT]
    return {
        "real": real,
        "shuffled": shuffled(real),
        "bigrams": bigrams(headlines).sample(len(real), headlines.train.length),
    }
