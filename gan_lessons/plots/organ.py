"""Music as sound and as MIDI: a small organ, whose pipes are a few harmonics, and a file for any player."""

from io import BytesIO
from itertools import pairwise
from typing import Protocol

import numpy as np
import pretty_midi
import torch
from torch import Tensor

RATE = 16_000  # samples a second
STEP = 0.32  # seconds of an eighth: 94 quarters a minute
HARMONICS = (1.0, 0.5, 0.3, 0.15, 0.1, 0.06)  # how strong the multiples of a pipe's frequency are
ATTACK, RELEASE = 0.03, 0.12  # seconds
TAIL = 0.4  # seconds after the last note
CHURCH_ORGAN = 19  # General MIDI, counted from 0
TRACKS = ("soprano", "alto", "tenor", "bass")


class Music(Protocol):
    """Windows of voices: MIDI pitches [count, voices, steps], and where a note is struck, bools."""

    @property
    def pitches(self) -> Tensor: ...
    @property
    def struck(self) -> Tensor: ...


def hertz(pitch: int) -> float:
    """The frequency of a MIDI pitch, in equal temperament with A4 = 440 Hz."""
    return 440.0 * 2 ** ((pitch - 69) / 12)


def pipe(pitch: int, seconds: float, rate: int = RATE) -> Tensor:
    """A note [samples] of a pipe; harmonics above half the sampling rate are left out."""
    time = torch.arange(round((seconds + RELEASE) * rate)) / rate
    tone = sum(
        strength * torch.sin(2 * torch.pi * hertz(pitch) * number * time)
        for number, strength in enumerate(HARMONICS, 1)
        if hertz(pitch) * number < rate / 2
    )
    envelope = (time / ATTACK).clamp(max=1) * ((seconds + RELEASE - time) / RELEASE).clamp(0, 1)
    return torch.as_tensor(tone) * envelope


def played(pitches: Tensor, struck: Tensor) -> list[tuple[int, int, int]]:
    """The notes of one voice [steps]: pitch, first step, and the step at which it ends."""
    starts = [*struck.nonzero().flatten().tolist(), len(pitches)]
    return [(int(pitches[start]), start, end) for start, end in pairwise(starts)]


def play(voices: Music, step: float = STEP, rate: int = RATE) -> Tensor:
    """Windows [count, 4, steps] as waveforms [count, samples] in [-1, 1], `step` seconds an eighth."""
    count, parts, steps = voices.pitches.shape
    waves = torch.zeros(count, round((steps * step + TAIL) * rate))
    for window in range(count):
        for voice in range(parts):
            for pitch, start, end in played(voices.pitches[window, voice], voices.struck[window, voice]):
                tone, at = pipe(pitch, (end - start) * step, rate), round(start * step * rate)
                waves[window, at : at + len(tone)] += tone[: waves.shape[1] - at]
    return 0.9 * waves / waves.abs().amax(-1, keepdim=True).clamp_min(1e-9)


def as_midi(voices: Music, step: float = STEP) -> bytes:
    """Windows [count, 4, steps] as a MIDI file, one after the other with a rest of a beat between, a track a voice."""
    score = pretty_midi.PrettyMIDI(initial_tempo=30 / step)
    count, parts, steps = voices.pitches.shape
    for voice in range(parts):
        track = pretty_midi.Instrument(CHURCH_ORGAN, name=TRACKS[voice] if parts == len(TRACKS) else f"{voice + 1}")
        for window in range(count):
            begin = window * (steps + 2) * step
            track.notes += [
                pretty_midi.Note(80, pitch, begin + start * step, begin + end * step)
                for pitch, start, end in played(voices.pitches[window, voice], voices.struck[window, voice])
            ]
        score.instruments.append(track)
    file = BytesIO()
    score.write(file)
    return file.getvalue()


def from_midi(content: bytes, step: float = STEP) -> list[tuple[np.ndarray, np.ndarray]]:
    """The tracks of a MIDI file: begins of notes in steps, and their pitches."""
    score = pretty_midi.PrettyMIDI(BytesIO(content))
    return [
        (
            np.array([round(note.start / step) for note in track.notes]),
            np.array([note.pitch for note in track.notes]),
        )
        for track in score.instruments
    ]
