"""The checks of the assignment to chapter 15, Text. In each, `seed` and what follows may be changed."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from gan_lessons.checks import call, compare, length, number, numbers, own, seed_of, slopes
from gan_lessons.checks.cards import task
from gan_lessons.checks.eight import MEMBERS, trained
from gan_lessons.checks.writing import NOISE, check_letters, eight_writers, own_words, reached, shown, spelled

__all__ = [
    "own_chances", "own_words", "perplexity", "samplers", "score_function", "seed_of", "shares", "spelled",
    "straight_through", "three_shares", "word_training",
]  # fmt: skip


@task
def straight_through(answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((3, 4), (2, 3, 5))) -> None:
    """Check straight_through(logits): hard letters forwards, the softmax's gradient backwards."""
    for shape in shapes:
        random = torch.Generator().manual_seed(seed + len(shape))
        logits = torch.randn(shape, generator=random)
        pull = torch.randn(shape, generator=random)
        what = f"{answer.__name__}, logits {list(shape)}"
        soft, hard = logits.softmax(-1), one_hot(logits.argmax(-1), shape[-1]).float()
        mistakes = [
            ("soft letters", soft),
            ("another dimension", logits.softmax(0)),
            ("another dimension", torch.zeros_like(logits).scatter(0, logits.argmax(0, keepdim=True), 1)),
            ("hard and soft added", hard + soft),
        ]
        compare(what, call(answer, logits.clone()), hard, mistakes)
        inputs = logits.clone().requires_grad_()
        yours = call(answer, inputs)
        (mine,), (truth,) = (slopes(one * pull, [inputs]) for one in (yours, inputs.softmax(-1)))
        (across,) = slopes(inputs.softmax(0) * pull, [inputs])
        slope_mistakes = [
            ("no gradient", torch.zeros_like(truth)),
            ("gradient of the logits", pull),
            ("gradient twice", 2 * truth),
            ("another dimension", across),
        ]
        compare(f"{what}: the gradient", mine, truth, slope_mistakes, length)


@task
def score_function(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((5, 3, 4), (8, 2, 6))
) -> None:
    """Check score_function(logits, letters, rewards) at these numbers of texts, of letters a text, of the alphabet."""
    for shape in shapes:
        random = torch.Generator().manual_seed(seed + shape[0])
        logits = torch.randn(shape, generator=random).requires_grad_()
        letters = torch.randint(shape[2], shape[:2], generator=random)
        rewards = 2 + torch.rand(shape[0], generator=random)
        what = f"{answer.__name__}, logits {list(shape)}"
        every = logits.log_softmax(-1)
        each = every.gather(-1, letters[..., None])[..., 0]
        bare = logits.gather(-1, letters[..., None])[..., 0].sum(1)
        better, said = rewards - rewards.mean(), each.sum(1)
        right = -(better * said).mean()
        mistakes = [
            ("baseline forgotten", -(rewards * said).mean()),
            ("wrong way", -right),
            ("letters averaged", -(better * each.mean(1)).mean()),
            ("texts summed", -(better * said).sum()),
            ("probability, not its logarithm", -(better * said.exp()).mean()),
            ("probability, not its logarithm", -(better * each.exp().sum(1)).mean()),
            ("softmax forgotten", -(better * bare).mean()),
            ("every letter alike", -(better * every.sum((1, 2))).mean()),
            ("rewards forgotten", -said.mean()),
        ]
        yours = call(answer, logits, letters, rewards)
        compare(what, yours, right, mistakes)
        (mine,), (truth,) = (slopes(one, [logits]) for one in (yours, right))
        compare(f"{what}: the gradient", mine, truth, [("no gradient", torch.zeros_like(truth))], length)


def own_chances(seed: int = 0) -> list[float]:
    """The probabilities that a model gives to the letters of a word, one after the other."""
    return own(seed, "chances", [[0.5, 0.2, 0.4], [0.1, 0.5, 0.8], [0.25, 0.6, 0.2], [0.3, 0.1, 0.8]])


@task
def perplexity(answer: Any, seed: int = 0) -> None:
    """Check the perplexity a letter of a word, to two decimals."""
    chances = own_chances(seed)
    surprise = -sum(map(math.log, chances)) / len(chances)
    mistakes = [
        ("surprise, not perplexity", surprise),
        ("of the word, not of a letter", 1 / math.prod(chances)),
        ("mean of the inverses", sum(1 / chance for chance in chances) / len(chances)),
        ("inverse of the mean", len(chances) / sum(chances)),
        ("upside-down perplexity", math.exp(-surprise)),
        ("two as the base", 2**surprise),
    ]
    number("perplexity", answer, math.exp(surprise), mistakes, tolerance=0.006, secret=True)


@task
def three_shares(answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((20, 6), (30, 9))) -> None:
    """Check three_shares(samples, words) for these numbers of samples and words."""
    for count, words in sizes:
        every = own_words(seed + count, words + 4)
        random = torch.Generator().manual_seed(seed + count)
        kinds = torch.randint(1, words + 4, (count,), generator=random)  # word 0 is never written
        kinds[:4] = torch.tensor([1, 1, words, words + 1])  # some come twice, some are no words
        samples, listed = every[kinds], every[:words]
        what = f"{answer.__name__}, {count} samples, {words} words: valid, found, different"
        found = call(answer, samples.clone(), listed.clone())
        yours = numbers(answer, found, 3, "not three shares")
        compare(what, yours, shares(samples, listed), share_mistakes(samples, listed))


def shares(samples: Tensor, words: Tensor) -> Tensor:
    """Valid, found, different: three shares of samples [n, letters] beside the words of a list [k, letters]."""
    hits = (samples[:, None] == words).all(-1)
    different = samples.unique(dim=0)
    return torch.stack(
        [
            hits.any(1).double().mean(),
            hits.any(0).double().mean(),
            torch.tensor(len(different) / len(samples), dtype=torch.double),
        ]
    )


def share_mistakes(samples: Tensor, words: Tensor) -> list[tuple[str, Tensor]]:
    """The three shares after the usual mistakes."""
    valid, found, different = shares(samples, words)
    count, listed = len(samples), len(words)
    kinds = different * count
    letters = (samples[:, None] == words).any(1).double().mean()
    one = torch.ones_like(valid)
    return [
        ("letter by letter", torch.stack([letters, found, different])),
        ("valid kinds only", torch.stack([found * listed / kinds, found, different])),
        ("valid kinds only", torch.stack([found * listed / count, found, different])),
        ("found per sample", torch.stack([valid, found * listed / count, different])),
        ("different per word", torch.stack([valid, found, kinds / listed])),
        ("only valid ones different", torch.stack([valid, found, found * listed / count])),
        ("repeats counted as different", torch.stack([valid, found, one])),
        ("repeats counted as different", torch.stack([valid, found, 1 - different])),
        ("valid and found swapped", torch.stack([found, valid, different])),
    ]


@task
def word_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 500) -> Tensor:
    """Check word_training(gan, batches): what is learned in single rounds, and what eight GANs reach.

    Return their samples [8, 300, 4].
    """
    check_letters(answer, seed, rounds)
    words, random = own_words(seed), torch.Generator().manual_seed(seed)
    real = shown(words)
    batches = [
        (
            real[torch.randint(len(real), (MEMBERS, 64), generator=random)],
            torch.randn(2, MEMBERS, 64, NOISE, generator=random),
        )
        for _ in range(steps)
    ]
    gan = trained(answer, eight_writers(seed), batches)
    return reached(answer.__name__, gan, words, seed)


def samplers(seed: int = 0, count: int = 300, words: int = 60) -> dict[str, Tensor]:
    """The three shares of a perfect sampler of 60 words, and of four others, A to D in an order of your own."""
    random, listed = torch.Generator().manual_seed(seed), own_words(seed, words)

    def some(many: int) -> Tensor:
        return torch.randint(many, (count,), generator=random)

    half = listed[some(words)]
    half[::2, 0] = (half[::2, 0] + 1) % 5  # a letter wrong in every other one
    ways = [listed[some(1)], torch.randint(5, (count, 4), generator=random), listed[some(15)], half]
    start = own(seed, "first sampler", range(4))
    rows = {"perfect": listed[some(words)]} | dict(zip("ABCD", ways[start:] + ways[:start], strict=True))
    return {name: shares(samples, listed) for name, samples in rows.items()}
