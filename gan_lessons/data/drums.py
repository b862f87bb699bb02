"""Drum hits: recordings from the sound font that the pip package pretty_midi ships, and variations of them.

The font (TimGM6mb, by Tim Brechbill, GPL-2) holds one recording of each instrument. A few dozen recordings are no data
set, so each is played at other speeds, damped and filtered; two of each kind are strangers that nothing is trained on.
At 8,000 samples a second the upper half of a cymbal is lost.
"""

import importlib.util
import struct
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from gan_lessons.data.sound import RATE, Clips, Splits, prepared, resampled

# by kind, the names that the font gives its recordings; the last two of each kind are strangers
RECORDINGS = {
    "skin": ("Bass Drum New", "Acoustic Tom", "Taiko Drum", "Timp Drum A1", "Low Tumba Tone", "M Bongo Tone",
             "Syn Drum Wave", "Timbale Strike", "Kick Verb", "Quinto Tone"),
    "snare": ("Snare 1", "808 Snare", "E Snare", "Snare Verb", "Claps 808ish", "Brush Snare", "Snare 2"),
    "cymbal": ("808 Hat", "High Hat Closed", "Ride Ping", "ChinaCrashCymb", "Maracas", "Cabasa", "Sleigh Bells",
               "Open High Hat", "Med Crash Cymbal"),
    "wood": ("Castanets", "Wood Block", "Drum Stick", "Rim Shot", "808 Click", "Xylophone C4", "Rosewood Claves",
             "E Bongo Rim"),
    "metal": ("Cowbell 808", "Agogo Bell", "Mute Triangle", "Bell Tree", "Ride Bell", "Glockenspiel D5", "Vibes D4",
              "Cowbell", "Celesta C5"),
}  # fmt: skip
KINDS = tuple(RECORDINGS)
NAMES = tuple(name for names in RECORDINGS.values() for name in names)
HEADER = struct.Struct("<20s5IBbHH")  # name, start, end, loop, loop's end, rate, …; SoundFont 2.04, section 7.10


class Recording(NamedTuple):
    """A waveform [samples] in [-1, 1] and its samples a second."""

    waveform: np.ndarray
    rate: int


def chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The named parts of a RIFF file's content, those of a list in their turn."""
    place = 0
    while place + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, place)
        part = content[place + 8 : place + 8 + size]
        if name in (b"RIFF", b"LIST"):
            yield from chunks(part[4:])
        else:
            yield name, part
        place += 8 + size + size % 2


@cache
def sound_font(path: Path | None = None) -> dict[str, Recording]:
    """The recordings of a sound font by name; of pretty_midi's, if no path is given."""
    if path is None:
        package = importlib.util.find_spec("pretty_midi")
        assert package is not None and package.origin is not None
        path = Path(package.origin).with_name("TimGM6mb.sf2")
    parts = dict(chunks(path.read_bytes()))
    if not {b"smpl", b"shdr"} <= parts.keys():
        raise ValueError(f"{path} is no sound font: it holds no recordings. Install pretty_midi anew.")
    samples = np.frombuffer(parts[b"smpl"], "<i2").astype(np.float32) / 32768
    headers = HEADER.iter_unpack(parts[b"shdr"][: -HEADER.size])  # the last one only marks the end
    return {
        name.split(b"\0")[0].decode("latin-1"): Recording(samples[start:end], rate)
        for name, start, end, _, _, rate, *_ in headers
    }


def varied(recording: Recording, draw: np.random.Generator) -> np.ndarray:
    """A clip [4096] of a recording, played up to three semitones higher or lower, damped, and duller or brighter."""
    waveform, rate = recording
    faster = 2 ** (draw.uniform(-3, 3) / 12)
    clip = resampled(waveform, 100 * round(rate * faster / 100))  # hundreds keep the resampling's fraction small
    damped = clip * np.exp(-np.arange(len(clip)) / (RATE * draw.uniform(0.1, 0.6)))
    tilt = draw.uniform(-0.4, 0.4)
    return prepared(np.convolve(damped, [1, -tilt])[: len(clip)].astype(np.float32))


def variations(names: Sequence[str], count: int, seed: int) -> Clips:
    """So many variations of each recording; classes are the kinds, voices the recordings."""
    draw, font = np.random.default_rng(seed), sound_font()
    places = [(name, take) for name in names for take in range(count)]
    kinds = {name: kind for kind, some in enumerate(RECORDINGS.values()) for name in some}
    return Clips(
        torch.from_numpy(np.stack([varied(font[name], draw) for name, _ in places])),
        torch.tensor([kinds[name] for name, _ in places]),
        torch.tensor([NAMES.index(name) for name, _ in places]),
        torch.tensor([take for _, take in places]),
        KINDS,
        NAMES,
    )


@cache
def drum_hits(count: int = 24) -> Splits:
    """Variations in four parts: the last two recordings of each kind are strangers, which nothing is trained on."""
    known = [name for names in RECORDINGS.values() for name in names[:-2]]
    strange = [name for names in RECORDINGS.values() for name in names[-2:]]
    train, judge, test = (variations(known, some, seed) for seed, some in enumerate((count, count, count // 4)))
    return Splits(train, judge, test, variations(strange, count, seed=3))
