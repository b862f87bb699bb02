"""Four-part chorales by J. S. Bach as four voices on a grid of eighths, two bars of four beats at a time.

They lie in the package music21 as MusicXML. Its own reader builds a model of each whole score, which takes minutes for
all; here only pitches, lengths and bars are asked for, so the files are read as they are, once, and kept in the cache.
Every chorale is moved by as few semitones as bring its key signature to that of C major and A minor. Chorales with the
same tune stay on one side of the split, so that no held-out window is a training tune in other harmony.
"""

import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from gan_lessons.data import packages
from gan_lessons.data.sources import Batch, Samples

CREDIT = "Chorales by J. S. Bach, encoded by Margaret Greentree and others, through music21"
VOICES = ("soprano", "alto", "tenor", "bass")
BAR, STEPS = 8, 16  # eighths in a bar, and in a window of two
LOWEST, HIGHEST = 36, 81  # MIDI pitches that a window may hold, C2 to A5
KINDS = HIGHEST - LOWEST + 1
NATURALS = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
SCALE = tuple(NATURALS.values())  # the pitch classes of C major and natural A minor
INCIPIT = 8  # intervals at a tune's beginning that tell it from others
HELD_OUT = 5  # every fifth tune


class Voices(NamedTuple):
    """Windows of four voices, highest first: MIDI `pitches` [count, 4, steps], and where a note is `struck`, bools.

    A voice that is not struck holds its note.
    """

    pitches: Tensor
    struck: Tensor

    def some(self, chosen: slice | Tensor) -> "Voices":
        """A part of the windows."""
        return Voices(self.pitches[chosen], self.struck[chosen])


class Splits(NamedTuple):
    """Windows to learn from, and those of other tunes."""

    train: Voices
    test: Voices


class Rolls(Samples):
    """Windows as soft rolls [batch, 4, steps, kinds + 1]: one-hot pitches and, last, whether the note is struck."""

    def __init__(self, voices: Voices):
        super().__init__(voices.pitches)
        self.struck = voices.struck

    def batch(self, indices: Tensor) -> Batch:
        return Batch(as_roll(Voices(self.samples[indices], self.struck[indices])))


def as_roll(voices: Voices) -> Tensor:
    """Windows as rolls [count, 4, steps, kinds + 1]."""
    pitches = one_hot(voices.pitches - LOWEST, KINDS)
    return torch.cat([pitches, voices.struck[..., None]], -1).to(torch.get_default_dtype())


def from_roll(roll: Tensor) -> Voices:
    """Rolls [count, 4, steps, kinds + 1] as windows; a first note and a new pitch are struck, whatever it says."""
    pitches = roll[..., :-1].argmax(-1) + LOWEST
    struck = roll[..., -1] > 0.5
    struck[..., 0] = True
    struck[..., 1:] |= pitches[..., 1:] != pitches[..., :-1]
    return Voices(pitches, struck)


def as_symbols(voices: Voices) -> Tensor:
    """Windows as texts [count, 4 · steps], step by step from soprano to bass: 0 holds a note, k strikes the k-th."""
    symbols = torch.where(voices.struck, voices.pitches - LOWEST + 1, 0)
    return symbols.transpose(1, 2).flatten(1)


def from_symbols(symbols: Tensor) -> Voices:
    """Texts [count, 4 · steps] as windows; a voice that begins by holding a note has its next, or else the lowest."""
    rows = symbols.unflatten(1, (-1, len(VOICES))).transpose(1, 2)
    struck = rows > 0
    struck[..., 0] = True
    places = torch.where(rows > 0, torch.arange(rows.shape[-1]), -1).cummax(-1).values
    first = (rows > 0).to(torch.uint8).argmax(-1, keepdim=True)
    played = rows.gather(-1, torch.where(places < 0, first, places))
    return Voices(played.clamp_min(1) - 1 + LOWEST, struck)


@cache
def chorales() -> Splits:
    """All windows of two bars in four-four time, without rests, from every first or third beat on.

    A ModuleNotFoundError where music21 is not installed.
    """
    folder = packages.folder("music21", "Bach's chorales") / "corpus" / "bach"
    stored = packages.cached("music21", "chorales-2", lambda: read_all(folder))
    tunes = torch.from_numpy(stored["tune"])
    voices = Voices(torch.from_numpy(stored["pitches"]).long(), torch.from_numpy(stored["struck"]))
    held_out = tunes % HELD_OUT == 0
    return Splits(voices.some(~held_out), voices.some(held_out))


def read_all(folder: Path) -> dict[str, np.ndarray]:
    """`pitches` and `struck` [count, 4, 16] of every chorale in a folder, and the number of its `tune`."""
    known: dict[tuple[int, ...], int] = {}
    found = []
    for path in sorted(folder.glob("*.mxl")):
        if (score := read(path)) is None:
            continue
        tune, windows = score
        number = known.setdefault(tune, len(known))
        found += [(pitches, struck, number) for pitches, struck in windows]
    pitches, struck, tunes = zip(*found, strict=True)
    return {"pitches": np.stack(pitches).astype(np.int8), "struck": np.stack(struck), "tune": np.array(tunes)}


def read(path: Path) -> tuple[tuple[int, ...], list[tuple[np.ndarray, np.ndarray]]] | None:
    """The first intervals of a chorale's tune, and its windows; None where it has not four voices."""
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("xml") and not name.startswith("META-INF"))
        root = ElementTree.fromstring(archive.read(name))
    parts = [part for part in root.iter("part")]
    if len(parts) != len(VOICES):
        return None
    fifths = int(root.findtext(".//key/fifths", "0"))
    shift = (-7 * fifths + 6) % 12 - 6  # at most six semitones
    bars = measures(parts[0])
    lines = [list(notes(part)) for part in parts]
    melody = [pitch for _, _, pitch in lines[0] if pitch is not None][: INCIPIT + 1]
    tune = tuple(np.diff(melody).tolist())
    windows = []
    for start in starts(bars):
        sampled = [one for line in lines if (one := sample(line, start)) is not None]
        if len(sampled) == len(VOICES):
            pitches = np.stack([sung for sung, _ in sampled]) + shift
            if pitches.min() >= LOWEST and pitches.max() <= HIGHEST:
                windows.append((pitches, np.stack([new for _, new in sampled])))
    return tune, windows


def starts(bars: list[tuple[float, float]]) -> list[float]:
    """Where windows begin: at the two strong beats of each bar, the first and the third, with whole bars to go."""
    whole = {start for start, length in bars if length == BAR}
    halves = sorted(place for start in whole for place in (start, start + BAR / 2))
    return [place for place in halves if fits(place, whole)]


def fits(place: float, whole: set[float]) -> bool:
    """Whether a window from that place on lies in whole bars."""
    first = place if place in whole else place - BAR / 2
    return all(first + BAR * bar in whole for bar in range(2 if place in whole else 3))


def measures(part: Element) -> list[tuple[float, float]]:
    """Where each measure begins and how long it is, in eighths."""
    found, here, divisions = [], 0.0, 1.0
    for measure in part.iter("measure"):
        divisions = float(measure.findtext(".//divisions", str(divisions)))
        length = extent(measure, divisions)
        found.append((here, length))
        here += length
    return found


def extent(measure: Element, divisions: float) -> float:
    """How many eighths a measure lasts."""
    here = longest = 0.0
    for item in measure:
        if item.tag in ("note", "forward", "backup") and item.find("chord") is None:
            here += (-1 if item.tag == "backup" else 1) * float(item.findtext("duration", "0")) * 2 / divisions
            longest = max(longest, here)
    return longest


def notes(part: Element) -> Iterator[tuple[float, float, int | None]]:
    """The notes of a part's first voice: begin and end in eighths, and MIDI pitch, or None for a rest; ties are one."""
    divisions, start, waiting = 1.0, 0.0, None
    for measure in part.iter("measure"):
        divisions = float(measure.findtext(".//divisions", str(divisions)))
        here = start
        for item in measure:
            length = float(item.findtext("duration", "0")) * 2 / divisions
            if item.tag == "backup":
                break  # what follows is another voice on the same staff
            if item.tag not in ("note", "forward") or item.find("chord") is not None or not length:
                continue
            pitch = midi(item.find("pitch"))
            tied = any(tie.get("type") == "stop" for tie in item.iter("tie"))
            if waiting and tied and waiting[2] == pitch:
                waiting = (waiting[0], here + length, pitch)
            else:
                if waiting:
                    yield waiting
                waiting = (here, here + length, pitch)
            here += length
        start += extent(measure, divisions)
    if waiting:
        yield waiting


def midi(pitch: Element | None) -> int | None:
    """A MusicXML pitch as MIDI counts them, 60 for C4."""
    if pitch is None:
        return None
    step, alter, octave = (pitch.findtext(name, "0") for name in ("step", "alter", "octave"))
    return 12 * (int(octave) + 1) + NATURALS[step] + round(float(alter))


def sample(line: list[tuple[float, float, int | None]], start: float) -> tuple[np.ndarray, np.ndarray] | None:
    """What a voice sings at each of 16 eighths from `start`, and whether it is a new note; None where it rests."""
    begins = np.array([begin for begin, _, _ in line])
    places = np.searchsorted(begins, start + np.arange(STEPS) + 1e-3, side="right") - 1
    if places.min() < 0:
        return None
    sung = [line[place] for place in places]
    if any(pitch is None or end <= start + step for step, (_, end, pitch) in enumerate(sung)):
        return None
    struck = np.diff(places, prepend=-1) != 0
    struck[0] = True
    return np.array([pitch for _, _, pitch in sung]), struck
