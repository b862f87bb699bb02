"""Scores for written samples: are they plausible, different from each other, new, and spread as real texts are?"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.text import Splits
from gan_lessons.judges.ngrams import NGrams, tidy


class TextScores(NamedTuple):
    """How samples look beside real texts.

    `plausible`: the share that surprises the judge, an n-gram model of texts that no generator was trained on, less
    than all but the strangest 5 % of real test texts do; so real ones score .95. `surprise`: nats a symbol, under that
    judge. `unique`: the share of different ones among them; it falls as the count grows. `copied`: the share that are
    training texts, letter by letter. `unseen`: the share that are real texts of the other two parts. `trigram_js`:
    Jensen-Shannon divergence of their trigrams from the judge part's, in nats, at most log 2; it falls as the count
    grows. `whole`: the share with no symbol after the first end.
    """

    plausible: float
    surprise: float
    unique: float
    copied: float
    unseen: float
    trigram_js: float
    whole: float


class PairScores(NamedTuple):
    """How samples of many kinds of symbols, too many for n-gram models, look beside real texts.

    `attested`: the share of neighbouring pairs that stand in a text of the judge's part; real texts have many that
    stand nowhere else, so compare with theirs. `unique` and `copied` as in TextScores. `places_js`: Jensen-Shannon
    divergence, from the judge's part, of which symbol stands in which place; in nats, and it falls as the count grows.
    """

    attested: float
    unique: float
    copied: float
    places_js: float


def pair_scores(symbols: Tensor, splits: Splits) -> PairScores:
    """Score samples [count, length]; compare at equal counts only, 2,000 by custom."""
    if symbols.dim() != 2 or symbols.shape[1] != splits.train.length or len(symbols) < 100:
        raise ValueError(f"Samples have the shape [100 or more, {splits.train.length}], not {list(symbols.shape)}.")
    if symbols.is_floating_point() or not 0 <= int(symbols.min()) <= int(symbols.max()) < splits.train.kinds:
        raise ValueError(f"Symbols are whole numbers from 0 to {splits.train.kinds - 1}; the samples go beyond.")
    samples = symbols.cpu()
    texts = splits.train.read(samples)
    known, _ = known_texts(splits)
    pairs, attested = (numbered(some, splits.train.kinds) for some in (samples, splits.judge.symbols))
    return PairScores(
        attested=float(torch.isin(pairs, attested).float().mean()),
        unique=len(set(texts)) / len(texts),
        copied=sum(text in known for text in texts) / len(texts),
        places_js=jensen_shannon(placed(samples), placed(splits.judge.symbols)),
    )


def numbered(symbols: Tensor, kinds: int) -> Tensor:
    """A number for each pair of neighbours in texts [count, length]: shape [count, length - 1]."""
    return symbols[:, :-1] * kinds + symbols[:, 1:]


def placed(symbols: Tensor) -> Tensor:
    """Each symbol with its place, [many, 2]."""
    return torch.stack([symbols, torch.arange(symbols.shape[1]).expand_as(symbols)], dim=-1).flatten(0, 1)


def text_scores(symbols: Tensor, splits: Splits) -> TextScores:
    """Score samples [count, length]; compare at equal counts only, 5,000 by custom."""
    if symbols.dim() != 2 or symbols.shape[1] != splits.train.length or symbols.is_floating_point():
        raise ValueError(
            f"Samples are whole numbers of the shape [count, {splits.train.length}], not {list(symbols.shape)}."
        )
    if len(symbols) < 100:
        raise ValueError(f"Scores of texts need at least 100 samples; there are {len(symbols)}.")
    if not 0 <= int(symbols.min()) <= int(symbols.max()) < splits.train.kinds:
        raise ValueError(f"Symbols run from 0 to {splits.train.kinds - 1}; the samples go beyond.")
    samples = tidy(symbols.cpu())
    texts = splits.train.read(samples)
    surprise = judge(splits).surprise(samples)
    known, others = known_texts(splits)
    return TextScores(
        plausible=float((surprise < bound(splits)).float().mean()),
        surprise=float(surprise.mean()),
        unique=len(set(texts)) / len(texts),
        copied=sum(text in known for text in texts) / len(texts),
        unseen=sum(text in others for text in texts) / len(texts),
        trigram_js=jensen_shannon(trigrams(samples), trigrams(splits.judge.symbols)),
        whole=float((samples == symbols.cpu()).all(1).float().mean()),
    )


@cache
def judge(splits: Splits) -> NGrams:
    """The n-gram model of the judge's part."""
    return NGrams(splits.judge)


@cache
def bound(splits: Splits) -> float:
    """The surprise that 95 % of the real test texts stay under."""
    return float(judge(splits).surprise(splits.test.symbols).quantile(0.95))


@cache
def known_texts(splits: Splits) -> tuple[frozenset[str], frozenset[str]]:
    """The training texts, and those of the other two parts."""
    return frozenset(splits.train.read()), frozenset(splits.judge.read() + splits.test.read())


def trigrams(symbols: Tensor) -> Tensor:
    """Every three symbols in a row, two ends before and one behind each text [count, length]: shape [many, 3]."""
    symbols = tidy(symbols)
    rows = torch.nn.functional.pad(symbols, (2, 1)).unfold(1, 3, 1)  # [count, length + 1, 3]
    return rows[torch.arange(symbols.shape[1] + 1) <= (symbols > 0).sum(1, keepdim=True)]


def jensen_shannon(first: Tensor, second: Tensor) -> float:
    """How far apart two piles of n-grams [many, n] are: ½ KL(p ‖ m) + ½ KL(q ‖ m) in nats, m = ½ (p + q). Lin 1991."""
    _, numbers = torch.cat([first, second]).unique(dim=0, return_inverse=True)
    counts = [part.bincount(minlength=int(numbers.max()) + 1) for part in numbers.split([len(first), len(second)])]
    p, q = (count.double() / count.sum() for count in counts)
    m = (p + q) / 2
    return float(sum((torch.special.xlogy(side, side) - torch.special.xlogy(side, m)).sum() for side in (p, q)) / 2)


def bleu(samples: Sequence[str], references: Sequence[str], order: int = 4) -> float:
    """The mean BLEU of samples, symbol by symbol, against all the references. Papineni et al. 2002."""
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu  # slow to import

    weights, smooth = (1 / order,) * order, SmoothingFunction().method1
    others = [list(reference) for reference in references]
    scores = (sentence_bleu(others, list(sample), weights, smoothing_function=smooth) for sample in samples)
    return sum(scores) / len(samples)


def self_bleu(samples: Sequence[str], order: int = 4) -> float:
    """The mean BLEU of each sample against the others: high where they are alike. Zhu et al. 2018, arXiv:1802.01886."""
    if len(samples) < 2:
        raise ValueError(f"Self-BLEU compares samples with each other; there are {len(samples)}.")
    return sum(bleu([one], [*samples[:k], *samples[k + 1 :]], order) for k, one in enumerate(samples)) / len(samples)
