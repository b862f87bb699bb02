"""The checks of the assignment to chapter 18, Speech. In each, `seed` and what follows may be changed."""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from gan_lessons.checks import call, compare, flat, length, number, numbers, own, seed_of, slopes
from gan_lessons.checks.cards import task
from gan_lessons.checks.detecting import HOURS, RATES, detectors, operated, operating_mistakes, trial
from gan_lessons.checks.eight import MEMBERS, trained
from gan_lessons.checks.voicing import check_losses, eight_vocoders, listen, reached, spectrum, voices

__all__ = [
    "HOURS", "RATES", "detectors", "fold", "listen", "luck", "operating_point", "own_answers", "own_voice", "seed_of",
    "spectrum", "vocoder_loss", "vocoder_training",
]  # fmt: skip


def own_voice(seed: int = 0) -> tuple[Tensor, int]:
    """Twelve periods of a vowel of your own [1, samples], and its period in samples."""
    period = own(seed, "period", range(50, 80))
    random = torch.Generator().manual_seed(seed)
    times = torch.arange(12 * period) % period
    ringing = (-times / 12).exp() * (2 * torch.pi * times / own(seed, "formant", [8, 10, 12])).cos()
    return (ringing + 0.05 * torch.randn(len(times), generator=random))[None], period


@task
def fold(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((2, 23, 4), (3, 20, 5), (1, 10, 3))
) -> dict[int, Tensor]:
    """Check fold(waveforms, period) for these numbers of clips, of samples, and these periods.

    Return a vowel of your own, folded at its period and at two numbers near it: columns [period, lines].
    """
    for count, samples, period in shapes:
        waveforms = torch.randn(count, samples, generator=torch.Generator().manual_seed(seed + samples))
        what = f"{answer.__name__}, {count} clips of {samples} samples, period {period}"
        yours = call(answer, waveforms.clone(), period)
        compare(what, yours, columns(waveforms, period), fold_mistakes(waveforms, period))
    voice, period = own_voice(seed)
    first = period - own(seed, "place of the period", range(3))
    return {each: call(answer, voice, each)[0] for each in range(first, first + 3)}


def columns(waveforms: Tensor, period: int) -> Tensor:
    """Row k holds samples k, k + period, …: [batch, samples] to [batch, period, lines]."""
    return pad(waveforms, (0, -waveforms.shape[1] % period)).unflatten(1, (-1, period)).mT


def fold_mistakes(waveforms: Tensor, period: int) -> list[tuple[str, Tensor]]:
    """The columns after the usual mistakes."""
    right, lack = columns(waveforms, period), -waveforms.shape[1] % period
    filled = {way: pad(waveforms, (0, lack), way) for way in ("replicate", "reflect", "circular")}
    return [
        ("stretches, not columns", right.mT.reshape(right.shape)),
        ("not turned", right.mT),
        ("padded in front", columns(pad(waveforms, (lack, 0)), period)),
        ("cut off", columns(waveforms[:, : waveforms.shape[1] // period * period], period)),
        ("one line too many", columns(pad(waveforms, (0, period - waveforms.shape[1] % period)), period)),
        *(("not filled with zeros", columns(each, period)) for each in filled.values()),
        ("clips mixed", columns(waveforms.reshape(1, -1), period)),
        ("clips mixed", columns(waveforms.reshape(1, -1), period)[0]),
        ("clips mixed", right.flatten(0, 1)),
        ("clips mixed", right.flatten(0, 1)[:, None]),
    ]


@task
def vocoder_loss(
    answer: Callable, seed: int = 0, layers: Sequence[Sequence[tuple[int, ...]]] = (((4, 30), (8, 6)), ((3, 20),) * 3)
) -> None:
    """Check vocoder_loss(scores, real, fake, made, asked) for features of these shapes, one a layer."""
    for shapes in layers:
        random = torch.Generator().manual_seed(seed + len(shapes))
        scores, made, asked = (torch.randn(4, *shape, generator=random) for shape in ((1, 7), (5, 6), (5, 6)))
        scale = [1 + number for number in range(len(shapes))]  # the layers' features are not equally large
        real, fake = (
            [size * torch.randn(4, *shape, generator=random) for size, shape in zip(scale, shapes, strict=True)]
            for _ in range(2)
        )
        inputs = [each.requires_grad_() for each in (scores, *real, *fake, made)]
        what = f"{answer.__name__}, {len(shapes)} layers"
        right = parts(scores, real, fake, made, asked)
        yours = call(answer, scores, list(real), list(fake), made, asked)
        compare(what, yours, sum(right), loss_mistakes(scores, real, fake, made, asked))  # type: ignore[arg-type]
        mine, truth = (slopes(one, inputs) for one in (yours, sum(right)))  # type: ignore[arg-type]
        sides = slice(1, 1 + len(real)), slice(1 + len(real), -1)
        for name, place, mistake in (
            ("scores", slice(0, 1), "no gradient"),
            ("fakes' features", sides[1], "wrong side detached"),
            ("log-mels of the fakes", slice(-1, None), "no gradient"),
        ):
            due = flat(truth[place])
            lost = [(mistake, torch.zeros_like(due))]
            compare(f"{what}: the gradient of the {name}", flat(mine[place]), due, lost, length)
        due, kept = flat(truth[sides[0]]), -flat(truth[sides[1]])
        found = flat(mine[sides[0]])
        compare(
            f"{what}: the gradient of the recordings' features", found, due, [("recording not detached", kept)], length
        )


def parts(scores: Tensor, real: list[Tensor], fake: list[Tensor], made: Tensor, asked: Tensor) -> list[Tensor]:
    """The three weighted parts: adversarial, feature matching, mel spectrogram."""
    apart = [(a.detach() - b).abs().mean() for a, b in zip(real, fake, strict=True)]
    return [(scores - 1).square().mean(), 10 * torch.stack(apart).mean(), 45 * (made - asked).abs().mean()]


def loss_mistakes(
    scores: Tensor, real: list[Tensor], fake: list[Tensor], made: Tensor, asked: Tensor
) -> list[tuple[str, Tensor]]:
    """The loss after the usual mistakes."""
    score, matched, mel = parts(scores, real, fake, made, asked)
    distances = [a - b for a, b in zip(real, fake, strict=True)]
    every = torch.cat([each.flatten(1) for each in distances], 1)
    off = made - asked
    return [
        ("aim of the discriminator", scores.square().mean() + matched + mel),
        ("features squared", score + 10 * torch.stack([each.square().mean() for each in distances]).mean() + mel),
        ("layers pooled", score + 10 * every.abs().mean() + mel),
        ("features summed", score + len(real) * matched + mel),
        ("features summed", score + 10 * torch.stack([each.abs().sum() for each in distances]).mean() + mel),
        ("log-mels squared", score + matched + 45 * off.square().mean()),
        ("log-mels summed", score + matched + 45 * off.abs().sum()),
        ("weights swapped", score + 4.5 * matched + mel / 4.5),
        ("other paper's weight", score + matched / 5 + mel),
        ("unweighted", score + matched / 10 + mel / 45),
        ("unweighted", score + matched / 10 + mel),
        ("unweighted", score + matched + mel / 45),
        ("scores forgotten", matched + mel),
        ("features forgotten", score + mel),
        ("log-mels forgotten", score + matched),
    ]


def own_answers(seed: int = 0) -> tuple[int, int]:
    """How many ABX trials a listener of yours did, and how many answers were right."""
    return own(seed, "answers", [(10, 8), (12, 9), (14, 11), (15, 11), (16, 12), (18, 13), (20, 15)])


@task
def luck(answer: Any, seed: int = 0) -> None:
    """Check the chance that a guesser gets so many ABX trials right, or more, to three decimals."""
    trials, right = own_answers(seed)

    def tail(least: int) -> float:
        return sum(math.comb(trials, k) for k in range(least, trials + 1)) / 2**trials

    normal = NormalDist(trials / 2, trials**0.5 / 2)
    mistakes = [
        ("exactly so many", tail(right) - tail(right + 1)),
        ("strictly more", tail(right + 1)),
        ("both tails", 2 * tail(right)),
        ("fewer than that", 1 - tail(right)),
        ("fewer than that", 1 - tail(right + 1)),
        ("share, not chance", right / trials),
        ("one order only", 0.5**right),
        ("one order only", 0.5**trials),
        ("normal, not exact", 1 - normal.cdf(right)),
        ("normal, not exact", 1 - normal.cdf(right - 0.5)),
    ]
    number("luck", answer, tail(right), mistakes, tolerance=0.0006, secret=True)


@task
def operating_point(answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((120, 90), (80, 140))) -> None:
    """Check operating_point(…) on trials with so many other words in validation and test."""
    for quiet, others in sizes:
        tried = trial(seed + quiet, quiet, others)
        what = f"{answer.__name__}, {quiet} clips to choose on, {others} and 50 to test on: missed, alarms an hour"
        given = (each.clone() if isinstance(each, Tensor) else each for each in tried)
        found = call(answer, *given)
        yours = numbers(answer, found, 2, "not two figures")
        compare(what, yours, operated(tried), operating_mistakes(tried))


@task
def vocoder_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 500) -> tuple[Tensor, Tensor]:
    """Check vocoder_training(gan, batches): what is learned in single rounds, and what eight vocoders reach.

    Return recordings [100, 32], and what each vocoder made of their spectra [8, 100, 32].
    """
    check_losses(answer, seed, rounds)
    random = torch.Generator().manual_seed(seed)
    real = [voices(seed, (MEMBERS, 32), random) for _ in range(steps)]
    gan = trained(answer, eight_vocoders(seed), [(each, spectrum(each)) for each in real])
    return reached(answer.__name__, gan, seed)
