"""Sound clips of half a second at 8,000 samples a second, each prepared in one way, with class, voice and take.

Prepared means: silence cut off, the onset put at the same place, the loudest sample at 0.95.
"""

from dataclasses import dataclass, field
from math import gcd

import numpy as np
import torch
from torch import Tensor

from gan_lessons.data.found import Found

RATE, SAMPLES = 8000, 4096  # as in gan_lessons.spectrograms
FASTEST = 384_000  # samples a second of a recording
LEAD, FADE = 160, 160  # samples: before the onset, and over which a clip too long dies away
FRAME, ONSET = 80, 0.06  # samples; the share of the loudest frame above which sound begins


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
    shared = gcd(RATE, rate)
    return resample_poly(waveform, RATE // shared, rate // shared).astype(np.float32)


def prepared(waveform: np.ndarray, samples: int = SAMPLES) -> np.ndarray:
    """A clip [samples] of a waveform at 8,000 samples a second: onset at 160 samples, loudest sample ±0.95.

    What is too long is cut there and fades; what is too short ends in silence. A ValueError for silence.
    """
    waveform = waveform - waveform.mean() if len(waveform) else waveform
    if not len(waveform) or np.abs(waveform).max() < 1e-4:
        raise ValueError("it is silent")
    padded = np.pad(waveform, (0, -len(waveform) % FRAME))
    loudness = np.sqrt(np.square(padded.reshape(-1, FRAME)).mean(1))
    loud = np.flatnonzero(loudness > ONSET * loudness.max()) * FRAME
    start, end = loud[0] - LEAD, min(loud[-1] + FRAME + LEAD, len(waveform))
    clip = np.pad(waveform, (max(0, -start), 0))[max(0, start) :][: end - start]
    clip = clip[:samples].copy()
    if end - start > samples:
        clip[-FADE:] *= np.linspace(1, 0, FADE, dtype=np.float32)
    return np.pad(clip * (0.95 / np.abs(clip).max()), (0, samples - len(clip))).astype(np.float32)
