"""Four piles of spoken digits, each with another fault, that are to be told apart by their scores."""

import functools
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import avg_pool1d

from gan_lessons.checks.reading import lettered, order
from gan_lessons.data.sound import Clips, spoken_digits
from gan_lessons.judges import sounds
from gan_lessons.metrics.sound import sound_scores
from gan_lessons.spectrograms import griffin_lim, log_mel

FAULTS = ("other words", "hiss", "three voices", "phases guessed")


def taken(clips: Clips, digits: Tensor, voices: Tensor, random: torch.Generator) -> Tensor:
    """Waveforms of these digits [n], each drawn from the clips of the voices."""
    known = torch.isin(clips.voices, voices)
    fitting = ((clips.labels == digits[:, None]) & known).float()
    return clips.waveforms[torch.multinomial(fitting, 1, generator=random)[:, 0]]


@functools.lru_cache(maxsize=2)
def four_piles(seed: int = 0) -> dict[str, Tensor]:
    """Clips [240, 4096] of digits that were asked for: real ones, and four piles A to D in an order of your own."""
    splits, random = spoken_digits(), torch.Generator().manual_seed(seed)
    asked, every = splits.test.labels, torch.arange(12)
    half = torch.rand(len(asked), generator=random) < 0.5
    others = torch.where(half, (asked + 1 + torch.randint(9, asked.shape, generator=random)) % 10, asked)
    few = torch.randperm(12, generator=random)[:3]
    real, wrong, clear, plain = (taken(splits.train, digits, every, random) for digits in (asked, others, asked, asked))
    piles = {
        "other words": wrong,
        "hiss": clear + 0.005 * torch.randn(clear.shape, generator=random),
        "three voices": taken(splits.train, asked, few, random),
        "phases guessed": griffin_lim(log_mel(plain), iterations=0),
    }
    return {"real": real} | {letter: piles[fault] for letter, fault in zip("ABCD", order(seed, FAULTS), strict=True)}


def gated(waveforms: Tensor, least: float = 0.01) -> Tensor:
    """Silence wherever the mean pressure of a fiftieth of a second stays below `least`."""
    loudness = avg_pool1d(waveforms.abs()[:, None], 161, stride=1, padding=80)[:, 0]
    return waveforms * (loudness > least)


@functools.lru_cache(maxsize=2)
def pile_scores(seed: int = 0) -> dict[str, dict[str, float]]:
    """Five scores of real clips and of piles A to D, by the chapter's judge."""
    judge, test = sounds.load(), spoken_digits().test

    def scores(pile: Tensor) -> dict[str, float]:
        heard, cut = (sound_scores(judge, log_mel(clips), test.labels, test) for clips in (pile, gated(pile)))
        return {
            "read right": heard.digit_accuracy,
            "read right, gated": cut.digit_accuracy,
            "Fréchet distance": heard.frechet,
            "rarest digit": heard.rarest_class,
            "rarest voice": heard.rarest_voice,
        }

    return {name: scores(pile) for name, pile in four_piles(seed).items()}


def piles(answer: Any, seed: int | None = None) -> None:
    """Check the faults of piles A to D: without a seed only that there are four, with one whether they are right."""
    lettered("piles", "pile", answer, FAULTS, seed, confusion)


def confusion(wrong: dict[str, str]) -> str:
    """The name of a mix-up: what was said, and what it is."""
    if wrong.get("hiss") == "other words" or wrong.get("other words") == "hiss":
        return "hiss taken for words"
    if wrong.get("three voices") == "phases guessed" or wrong.get("phases guessed") == "three voices":
        return "voices not looked at"
    return "piles misread"
