"""Sound clips of half a second at 8,000 samples a second: words by eSpeak NG, and recordings of your own.

Every clip is prepared in one way: silence cut off, the onset put at the same place, the loudest sample at 0.95.
"""

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO
from math import gcd
from pathlib import Path, PurePath, PurePosixPath

import numpy as np
import soundfile
import torch
from torch import Tensor

from gan_lessons.data import espeak, hub
from gan_lessons.data.espeak import Request

SUFFIXES = {".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff"}
RATE, SAMPLES = 8000, 4096  # as in gan_lessons.spectrograms
LEAD, FADE = 160, 160  # samples: before the onset, and over which a clip too long dies away
LONG = 5  # seconds: no single word takes longer
FRAME, ONSET = 80, 0.06  # samples; the share of the loudest frame above which sound begins
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ACCENTS = ("en-us", "en-gb-scotland", "en-gb-x-rp")
SPEAKERS = ("m1", "m2", "m3", "f1", "f2", "f3", "adam", "belinda", "john", "linda", "Andy", "Annie")
STRANGERS = ("m4", "m7", "f5", "edward", "steph", "Mike", "Alicia", "max")  # speakers whom nothing is trained on


@dataclass(frozen=True)
class Clips:
    """Waveforms [count, 4096] in [-1, 1], and of each the class, the voice and which take it is: [count] each."""

    waveforms: Tensor
    labels: Tensor
    voices: Tensor
    takes: Tensor
    classes: tuple[str, ...]
    voice_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.waveforms)

    def __getitem__(self, indices: Tensor) -> "Clips":
        waveforms, labels, voices, takes = (
            part[indices] for part in (self.waveforms, self.labels, self.voices, self.takes)
        )
        return Clips(waveforms, labels, voices, takes, self.classes, self.voice_names)

    def shuffled(self, seed: int = 0) -> "Clips":
        """The same clips in an order decided by the seed."""
        return self[torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))]

    def split(self, share: float = 0.1) -> tuple["Clips", "Clips"]:
        """The later takes of each class, to train on, and the first `share` of them, to test with.

        Where each voice has as many takes of it, so has each in either part.
        """
        first = torch.zeros(len(self), dtype=torch.bool)
        for label in range(len(self.classes)):
            of_class = (self.labels == label).nonzero().flatten()
            in_order = of_class[self.takes[of_class].argsort(stable=True)]
            first[in_order[: max(1, round(share * len(of_class)))]] = True
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
    """A waveform [samples] of any rate at 8,000 samples a second; a ValueError below 4,000."""
    from scipy.signal import resample_poly  # slow to import

    if rate < RATE // 2:
        raise ValueError(f"it has {rate} samples a second; at least {RATE // 2} are needed")
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
    speeds: tuple[int, int] = (160, 220),
) -> Clips:
    """Each word by each of eSpeak's speakers, in as many takes: a random accent, speed (words a minute) and pitch."""
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


def recordings(path: str | Path) -> tuple[Clips, list[str]]:
    """Your own recordings, from a folder or a zip, and what to know: files skipped, or used with a fault.

    Files are named CLASS_VOICE_TAKE.wav, as Free Spoken Digits are, or lie in a folder for each class, where they are
    named VOICE_nohash_TAKE.wav, as Speech Commands are, or else count as one voice. Any rate from 4,000 samples a
    second, stereo or mono; a clip is the first half second from the onset.
    """
    found, skipped = [], []
    for name, read in sound_files(Path(path)):
        label, voice, take = named(PurePosixPath(name))
        try:
            waveform, rate = soundfile.read(BytesIO(read()), frames=30 * 48_000, dtype="float32", always_2d=True)
            found.append((prepared(resampled(waveform.mean(1), rate)), label, voice, take))
            skipped += [f"{name} is used, but {fault}." for fault in faults(waveform, rate)]
        except (soundfile.LibsndfileError, ValueError, OSError) as error:
            reason = "it is broken or not a sound file" if isinstance(error, soundfile.LibsndfileError) else error
            skipped.append(f"{name} was skipped: {reason}.")
    if not found:
        raise ValueError(" ".join([f"{path} holds no sound file that can be used.", *skipped[:3]]))
    clips, labels, voices, _ = zip(*found, strict=True)
    classes, names = sorted(set(labels)), sorted(set(voices))
    numbers = [
        sum(other[1:3] == one[1:3] for other in found[:k]) if one[3] is None else int(one[3])
        for k, one in enumerate(found)
    ]
    return Clips(
        torch.from_numpy(np.stack(clips)),
        torch.tensor([classes.index(label) for label in labels]),
        torch.tensor([names.index(voice) for voice in voices]),
        torch.tensor(numbers),
        tuple(classes),
        tuple(names),
    ), skipped


def named(place: PurePosixPath) -> tuple[str, str, str | None]:
    """The class, the voice and the take that the name of a file tells; None where it tells no take."""
    voice, divider, take = place.stem.partition("_nohash_")
    if divider and take.isdigit():
        return place.parent.name, voice, take
    parts = place.stem.rsplit("_", 2)
    if len(parts) == 3 and parts[2].isdigit():
        return parts[0], parts[1], parts[2]
    return place.parent.name, "you", None


def faults(waveform: np.ndarray, rate: int) -> list[str]:
    """What is wrong with a recording [samples, channels] that can still be used."""
    clipped = (np.abs(waveform) >= 0.999).mean()
    loud = f"{clipped:.0%} of its samples are clipped; record it more softly"
    long = f"it is longer than {LONG} seconds, and only the half second after the first sound counts; cut it into words"
    return [*([loud] if clipped > 0.01 else []), *([long] if len(waveform) > LONG * rate else [])]


@cache
def own(path: str) -> tuple[Clips, Clips]:
    """Your own recordings, to train on and to test with: later and first takes; prints which files have faults.

    `hub:` before a name, instead of a folder or a zip, downloads a public set once.
    """
    asked = path.removeprefix(hub.PREFIX)
    clips, skipped = recordings(path if asked == path else hub.recordings(asked))
    for line in skipped:
        print(line)
    return clips.split()


def sound_files(root: Path) -> list[tuple[str, Callable[[], bytes]]]:
    """The sound files of a folder or a zip: each one's name in it, and a function that reads it.

    The noise that comes with Speech Commands, in a folder of its own, is not among them.
    """
    if root.is_dir():
        files = sorted(file for file in root.rglob("*") if heard(file))
        return [(file.relative_to(root).as_posix(), file.read_bytes) for file in files]
    if not zipfile.is_zipfile(root):
        raise ValueError(f"There is no folder and no zip of recordings {root}.")
    archive = zipfile.ZipFile(root)
    names = sorted(name for name in archive.namelist() if heard(PurePosixPath(name)))
    return [(name, partial(archive.read, name)) for name in names]


def heard(place: PurePath) -> bool:
    """Whether a file is one of the recordings, by its name."""
    return place.suffix.lower() in SUFFIXES and place.parent.name != "_background_noise_"
