"""Sound clips of half a second at 8,000 samples a second, each prepared in one way, with class, voice and take.

Prepared means: silence cut off, the onset put at the same place, the loudest sample at 0.95.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from math import gcd

import numpy as np
import torch
from torch import Tensor

from gan_lessons.data.found import Found

RATE, SAMPLES = 8000, 4096  # as in gan_lessons.spectrograms
FASTEST = 384_000  # samples a second of a recording
LEAD, FADE = 160, 160  # samples kept before and behind the sound, over which a clip fades in and out
FRAME = 80  # samples of a frame, by whose loudness (root mean square) sound is told from silence
ONSET = 10 ** (-45 / 20)  # of the loudest frame, is sound: a consonant may be a hundred times softer than its vowel
QUIET, ENDS = 5, 15  # frames: of the quietest stretch, and of either end, which show whether there is a noise
ALIKE, ABOVE, SURELY = 2.0, 3.0, 0.1  # times the quietest: such ends are noise, and this is sound; or a tenth of all


@dataclass(frozen=True)
class Clips:
    """Waveforms [count, 4096] in [-1, 1], and of each the class, the voice and which take it is: [count] each.

    `found` says what else a folder of recordings held, and is there to print.
    """

    waveforms: Tensor
    labels: Tensor
    voices: Tensor
    takes: Tensor
    classes: tuple[str, ...]
    voice_names: tuple[str, ...]
    found: Found | None = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.waveforms)

    def __getitem__(self, indices: Tensor) -> "Clips":
        waveforms, labels, voices, takes = (
            part[indices] for part in (self.waveforms, self.labels, self.voices, self.takes)
        )
        return Clips(waveforms, labels, voices, takes, self.classes, self.voice_names, self.found)

    def shuffled(self, seed: int = 0) -> "Clips":
        """The same clips in an order decided by the seed."""
        return self[torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))]

    def split(self, share: float = 0.1) -> tuple["Clips", "Clips"]:
        """The later takes of each class, to train on, and the first `share` of them, to test with.

        Where each voice has as many takes of it, so has each in either part. A class of one clip has it to train on.
        """
        first = torch.zeros(len(self), dtype=torch.bool)
        for label in range(len(self.classes)):
            of_class = (self.labels == label).nonzero().flatten()
            in_order = of_class[self.takes[of_class].argsort(stable=True)]
            first[in_order[: min(max(1, round(share * len(of_class))), len(of_class) - 1)]] = True
        return self[~first], self[first]


@dataclass(frozen=True)
class Splits:
    """Four parts without overlap.

    `train`: for generators; `judge`: other takes of its voices, for what judges them; `test`: takes of these voices
    that nothing is trained on; `strangers`: voices that nothing is trained on.
    """

    train: Clips
    judge: Clips
    test: Clips
    strangers: Clips


def resampled(waveform: np.ndarray, rate: int) -> np.ndarray:
    """A waveform [samples] of any rate at 8,000 samples a second; a ValueError below 4,000 and above 384,000."""
    from scipy.signal import resample_poly  # slow to import

    if not RATE // 2 <= rate <= FASTEST:
        raise ValueError(f"it has {rate} samples a second, and {RATE // 2} to {FASTEST} are read")
    if rate == RATE:
        return waveform.astype(np.float32)
    shared = gcd(RATE, rate)
    up, down = RATE // shared, rate // shared
    taps = low_pass(max(up, down)).astype(np.result_type(waveform, np.float32))  # never whole numbers: they would be 0
    return resample_poly(waveform, up, down, window=taps).astype(np.float32)


@lru_cache(512)
def low_pass(factor: int) -> np.ndarray:
    """SciPy's own filter for a change of rate by that factor, kept: to design it takes longer than to resample."""
    from scipy.signal import firwin

    return firwin(20 * factor + 1, 1 / factor, window=("kaiser", 5.0))


def sounding(waveform: np.ndarray) -> tuple[int, int]:
    """The first sample of what sounds in a waveform [samples] at 8,000 a second, and the sample behind the last.

    It lasts from the first to the last frame of 10 ms that is louder than the loudest one less 45 dB. In a recording
    with a noise it must exceed the quietest 50 ms threefold; a noise is there if both ends, 150 ms of each, are at
    most twice as loud as these. A recording that begins and ends with its word is left whole. A ValueError for silence.
    """
    waveform = waveform - waveform.mean() if len(waveform) else waveform
    if not len(waveform) or np.abs(waveform).max() < 1e-4:
        raise ValueError("it is silent")
    power = np.square(np.pad(waveform, (0, -len(waveform) % FRAME)).reshape(-1, FRAME)).mean(1)
    loudness, least = np.sqrt(power), ONSET * np.sqrt(power.max())
    if len(power) >= 2 * ENDS:
        quietest = np.sqrt(np.convolve(power, np.full(QUIET, 1 / QUIET), "valid").min())
        if np.sqrt(max(power[:ENDS].mean(), power[-ENDS:].mean())) <= ALIKE * quietest:
            least = max(least, min(ABOVE * quietest, SURELY * loudness.max()))
    loud = np.flatnonzero(loudness > least)
    return int(loud[0]) * FRAME, min(int(loud[-1] + 1) * FRAME, len(waveform))


def prepared(waveform: np.ndarray, samples: int = SAMPLES) -> np.ndarray:
    """A clip [samples] of a waveform at 8,000 samples a second: onset at 160 samples, loudest sample ±0.95.

    What is too long is cut there; what is too short ends in silence. 20 ms before the onset and behind the end are
    kept, over which the clip fades in and out. A ValueError for silence.
    """
    start, end = sounding(waveform)
    around = np.pad(waveform - waveform.mean(), (LEAD, LEAD))
    clip = around[start : end + 2 * LEAD][:samples].copy()
    clip[:FADE] *= np.linspace(0, 1, FADE, dtype=np.float32)
    clip[-FADE:] *= np.linspace(1, 0, FADE, dtype=np.float32)
    return np.pad(clip * (0.95 / np.abs(clip).max()), (0, samples - len(clip))).astype(np.float32)
