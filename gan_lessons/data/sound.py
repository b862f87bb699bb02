"""Sound clips of half a second at 8,000 samples a second: words by eSpeak NG, and recordings of your own.

`clips` says how every clip is prepared, `recordings` how those of your own are read; both are at hand from here.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from torch import Tensor

from gan_lessons.data import espeak
from gan_lessons.data.clips import (
    FADE,
    FRAME,
    LEAD,
    ONSET,
    RATE,
    SAMPLES,
    Clips,
    Splits,
    prepared,
    resampled,
    sounding,
)
from gan_lessons.data.espeak import Request
from gan_lessons.data.recordings import SUFFIXES, own, people, recordings

__all__ = [
    "ACCENTS", "DIGITS", "FADE", "FRAME", "LEAD", "ONSET", "RATE", "SAMPLES", "SPEAKERS", "STRANGERS", "SUFFIXES",
    "WORDS", "Clips", "Splits", "own", "people", "prepared", "recordings", "resampled", "say", "sounding", "spoken",
    "spoken_digits", "spoken_words", "uttered",
]  # fmt: skip

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
WORDS = (*DIGITS, "yes", "no", "stop", "left", "right", "hello")
ACCENTS = ("en-us", "en-gb-scotland", "en-gb-x-rp")
SPEAKERS = ("m1", "m2", "m3", "f1", "f2", "f3", "adam", "belinda", "john", "linda", "Andy", "Annie")
STRANGERS = ("m4", "m7", "f5", "edward", "steph", "Mike", "Alicia", "max")  # speakers whom nothing is trained on


def say(text: str, voice: str = "en-us", words_per_minute: int = 175, pitch: int = 50) -> Tensor:
    """A text of any length by eSpeak NG: a waveform [samples] in [-1, 1] at 8,000 samples a second.

    `voice` is an accent and a speaker, as "en-us+f2". For many texts, `spoken` and `uttered` are faster.
    """
    return torch.from_numpy(uttered([Request(text, voice, words_per_minute, pitch)])[0])


def uttered(requests: Sequence[Request]) -> list[np.ndarray]:
    """What eSpeak says, as waveforms [samples] in [-1, 1] at 8,000 samples a second."""
    return [resampled(said / np.float32(32768), espeak.RATE) for said in espeak.utter(requests)]


@cache
def spoken(
    words: tuple[str, ...],
    speakers: tuple[str, ...] = SPEAKERS,
    takes: int = 8,
    seed: int = 0,
    speeds: tuple[int, int] = (190, 250),
) -> Clips:
    """Each word by each of eSpeak's speakers, in as many takes: a random accent, speed (words a minute) and pitch.

    At these speeds a digit or a short word fits into a clip; at 160 to 220 words a minute, one in fifty lost its end.
    """
    draw = np.random.default_rng(seed)
    places = [(w, s, t) for w in range(len(words)) for s in range(len(speakers)) for t in range(takes)]
    requests = [
        Request(
            words[word],
            f"{ACCENTS[draw.integers(len(ACCENTS))]}+{speakers[speaker]}",
            int(draw.integers(speeds[0], speeds[1] + 1)),
            int(draw.integers(30, 71)),
        )
        for word, speaker, _ in places
    ]
    clips = [prepared(waveform) for waveform in uttered(requests)]
    labels, voices, numbers = torch.tensor(places).T
    return Clips(torch.from_numpy(np.stack(clips)), labels, voices, numbers, words, speakers)


@cache
def spoken_words(words: tuple[str, ...], takes: int = 8) -> Splits:
    """Words by eSpeak NG in four parts: `takes` of each word and speaker to train, and a quarter of that to test."""
    few = max(1, takes // 4)
    train, judge, test = (spoken(words, SPEAKERS, count, seed) for seed, count in enumerate((takes, takes, few)))
    return Splits(train, judge, test, spoken(words, STRANGERS, few, seed=3))


def spoken_digits() -> Splits:
    """The ten digits: 960 clips by 12 synthetic voices to train, as many to judge, 240 to test, 160 by strangers."""
    return spoken_words(DIGITS)
