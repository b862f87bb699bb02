"""A small text-to-speech chain: text to words, words to log-mels (a GAN), log-mels to one waveform (a vocoder)."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_lessons.data.sound import DIGITS, prepared
from gan_lessons.spectrograms import HIGH, HOP, LOW, MELS

PAUSE = 8  # frames of silence between two words, 64 ms
END = math.log(0.01)  # a word is over where its loudest mel band stays below 1 % of its maximum (3 % cuts stop's p)


def words_of(text: str, vocabulary: Sequence[str]) -> list[str]:
    """The words that say a text, numbers digit by digit; a ValueError names a word outside the vocabulary.

    Case and punctuation are passed over: "Stop, 42!" is stop, four, two.
    """
    words = [DIGITS[int(found)] if found.isdigit() else found for found in re.findall(r"[0-9]|[^\W\d_]+", text.lower())]
    if not words:
        raise ValueError(f"There is nothing to say in {text!r}; give a number or a word.")
    for word in words:
        if word not in vocabulary:
            known = ", ".join(known for known in vocabulary if known not in DIGITS) or "no other words"
            raise ValueError(f"The chain cannot say {word!r}; it knows numbers, digit by digit, and: {known}.")
    return words


def duration(log_mel: Tensor) -> int:
    """How many frames of a word's log-mel [mels, frames] pass before it has died away."""
    loudness = log_mel.amax(0)
    audible = loudness > loudness.max() + END / ((HIGH - LOW) / 2)
    return int(audible.nonzero()[-1]) + 1


@dataclass(frozen=True)
class Said:
    """What the chain says: the waveform [samples] at 8,000 a second, its log-mel [mels, frames], and each word's place.

    `places` are the first and the last frame (excluded) of each of the `words`.
    """

    waveform: Tensor
    log_mel: Tensor
    words: list[str]
    places: list[tuple[int, int]]

    def clips(self) -> Tensor:
        """Each word cut out and prepared as recordings are, for a recogniser: [words, 4096]."""
        cuts = [self.waveform[first * HOP : last * HOP].numpy() for first, last in self.places]
        return torch.stack([torch.from_numpy(prepared(cut)) for cut in cuts])


@dataclass(frozen=True)
class Chain:
    """Text to speech.

    `draw(labels [words], seed)` returns log-mels [words, mels, frames] of words by their place in the `vocabulary`;
    `voice` makes waveforms [1, frames · hop] of a log-mel [1, mels, frames].
    """

    draw: Callable[[Tensor, int], Tensor]
    voice: Callable[[Tensor], Tensor]
    vocabulary: Sequence[str]

    def say(self, text: str, seed: int = 0) -> Said:
        """Say a text; another seed says it otherwise. A ValueError names the first word that it cannot say."""
        words = words_of(text, self.vocabulary)
        log_mels = self.draw(torch.tensor([self.vocabulary.index(word) for word in words]), seed)
        lengths = [duration(log_mel) for log_mel in log_mels]
        ends = torch.tensor([length + PAUSE for length in lengths]).cumsum(0).tolist()
        places = [(end - length - PAUSE, end - PAUSE) for end, length in zip(ends, lengths, strict=True)]
        whole = torch.full((MELS, ends[-1]), -1.0)
        for log_mel, (first, last) in zip(log_mels, places, strict=True):
            whole[:, first:last] = log_mel[:, : last - first]
        return Said(self.voice(whole[None])[0], whole, words, places)


def requests(count: int = 200, seed: int = 0) -> list[str]:
    """Digits and numbers to 999, in turn: half of each."""
    draw = torch.Generator().manual_seed(seed)
    return [str(int(torch.randint(10 if k % 2 else 1000, (), generator=draw))) for k in range(count)]
