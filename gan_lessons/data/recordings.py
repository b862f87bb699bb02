"""Recordings of your own, from a folder or a zip: which class, voice and take each is, and clips of them."""

from collections import Counter
from functools import cache
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

import numpy as np
import soundfile
import torch

from gan_lessons.data import hub, intake
from gan_lessons.data.clips import LEAD, SAMPLES, Clips, prepared, resampled, sounding
from gan_lessons.data.found import Found, grouped, several, shown, told
from gan_lessons.data.intake import Entry, Skipped

SUFFIXES = {".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff"}
LONG = 5  # seconds: no single word takes longer
MOST = 30 * 48_000  # samples of a recording: what comes later is not read
CHANNELS = 16
NOISE = "_background_noise_"  # a folder that comes with Speech Commands and is no class
PLAIN = {"recordings", "audio", "wav", "wavs", "sound", "sounds", "clips", "data", "samples"}  # folders that are none


class Take(NamedTuple):
    """What is known of a recording before it is read; `number` is None where its name tells none."""

    entry: Entry
    label: str
    voice: str = "you"
    number: int | None = None


def recordings(path: str | Path) -> tuple[Clips, Found]:
    """Your own recordings, from a folder or a zip, and what was found: counts, files skipped, and files with faults.

    They lie in a folder for each class; named VOICE_nohash_TAKE.wav there, as Speech Commands are, they tell the voice
    too. In a single folder, CLASS_VOICE_TAKE.wav tells the class, as in Free Spoken Digits. Any rate from 4,000 samples
    a second, stereo or mono; a clip is the first half second from the onset. A FileNotFoundError or ValueError says
    what is missing, or what is not clear: see `intake.by_folder` and `by_name`.
    """
    root = Path(path)
    entries, skipped = intake.files(root, SUFFIXES, "recording")
    sorted_out = intake.by_folder([entry for entry in entries if NOISE not in entry.place.parts], root, "recording")
    takes, unnamed = by_name(sorted_out.entries, root)
    skipped += sorted_out.skipped + unnamed
    found, remarks, long = [], [], 0
    for take in takes:
        name = str(take.entry.place)
        try:
            with take.entry.stream() as file:
                waveform, rate, faults = heard(file)
            waveform = resampled(waveform, rate)
            found.append((take, prepared(waveform)))
            start, end = sounding(waveform)
            long += end - start > SAMPLES - LEAD
            remarks += [(name, fault) for fault in faults]
        except soundfile.LibsndfileError:
            skipped.append((name, "broken, or not a sound file"))
        except (ValueError, OSError) as error:
            reason = str(error).removeprefix("it is ") if isinstance(error, ValueError) else "cannot be opened"
            skipped.append((name, reason))
    if not found:
        left_out = f" Skipped: {told(grouped(skipped))}." if skipped else ""
        raise ValueError(f"{root} holds no sound file that can be used.{left_out}")
    before: Counter[tuple[str, str]] = Counter()  # takes of the same class and voice
    numbers = []
    for take, _ in found:
        numbers.append(before[take.label, take.voice] if take.number is None else take.number)
        before[take.label, take.voice] += 1
    counts = Counter(take.label for take, _ in found)
    classes, voices = sorted(counts), sorted({take.voice for take, _ in found})
    report = Found(
        "recording",
        {label: counts[label] for label in classes},
        "half a second of each" + (f" ({long} last longer)" if long else ""),
        grouped(skipped),
        grouped(remarks),
    )
    return Clips(
        torch.from_numpy(np.stack([clip for _, clip in found])),
        torch.tensor([classes.index(take.label) for take, _ in found]),
        torch.tensor([voices.index(take.voice) for take, _ in found]),
        torch.tensor(numbers),
        tuple(classes),
        tuple(voices),
        report,
    ), report


def by_name(entries: list[tuple[Entry, str | None]], root: Path) -> tuple[list[Take], Skipped]:
    """The class, voice and take of recordings, whose folders tell classes or None; and those left out.

    Folders win over names; but where all lie in one, and their names are CLASS_VOICE_TAKE of several classes, the names
    do. A ValueError says where that is not clear.
    """
    folders = {folder for _, folder in entries if folder}
    spelled = [(entry, folder, *named(entry.place)) for entry, folder in entries]
    labels = {label for _, _, label, _, _ in spelled if label}
    if len(folders) == 1 and len(labels) > 1 and all(label for _, _, label, _, _ in spelled):
        (folder,) = folders
        if root.is_dir() and folder.casefold() not in PLAIN:
            raise ValueError(
                f"All recordings of {root} lie in one folder, {shown(folder)}, but by their names they are of "
                f"{len(labels)} classes ({several(sorted(labels))}). Give the folder {shown(folder)} itself if the "
                "names are right; if not, give them other names than CLASS_VOICE_TAKE."
            )
        folders = set()
    if folders:
        # names tell voices too where they mean the same classes as the folders
        pairs = {(folder, label) for _, folder, label, _, _ in spelled if label}
        agree = len(pairs) == len({folder for folder, _ in pairs}) == len(labels)
        return [
            Take(entry, str(folder), voice, number) if agree or not label else Take(entry, str(folder))
            for entry, folder, label, voice, number in spelled
        ], []
    unnamed = [entry for entry, _, label, _, _ in spelled if not label]
    if len(unnamed) == len(spelled):
        return [Take(entry, root.stem, voice, number) for entry, _, _, voice, number in spelled], []
    if 2 * len(unnamed) >= len(spelled):
        raise ValueError(
            f"{len(spelled) - len(unnamed)} of the {len(spelled)} recordings of {root} are named CLASS_VOICE_TAKE, and "
            f"others are not ({several(entry.place.name for entry in unnamed)}): name all of them so, or put those of "
            "each class into a folder."
        )
    return [Take(entry, label, voice, number) for entry, _, label, voice, number in spelled if label], [
        (str(entry.place), "not named CLASS_VOICE_TAKE, as the others are") for entry in unnamed
    ]


def named(place: PurePosixPath) -> tuple[str | None, str, int | None]:
    """The class, the voice and the take that the name of a file tells: None, "you" and None where it does not."""
    voice, divider, take = place.stem.partition("_nohash_")
    if divider and countable(take):
        return None, voice, int(take)
    parts = place.stem.rsplit("_", 2)
    if len(parts) == 3 and all(parts) and countable(parts[2]):
        return parts[0], parts[1], int(parts[2])
    return None, "you", None


def countable(digits: str) -> bool:
    """Whether these are digits of a number that is not absurd."""
    return digits.isdecimal() and len(digits) <= 12


def heard(file: BinaryIO) -> tuple[np.ndarray, int, list[str]]:
    """The waveform of a file, its channels mixed, its rate, and what is wrong with it though it can be used.

    A ValueError says why it cannot.
    """
    with Seekable(file) as seekable, soundfile.SoundFile(seekable) as sound:  # type: ignore[arg-type]
        if sound.channels > CHANNELS:
            raise ValueError(f"with more than {CHANNELS} channels")
        waveform, rate = sound.read(MOST, dtype="float32", always_2d=True), sound.samplerate
    if not len(waveform):
        raise ValueError("empty")
    if not np.isfinite(waveform).all():
        raise ValueError("with samples that are no numbers (NaN or infinite)")
    clipped = (np.abs(waveform) >= 0.999).mean()
    faults = ["more than 1% of its samples are clipped; record it more softly"] if clipped > 0.01 else []
    if len(waveform) > LONG * rate:
        faults.append(f"longer than {LONG} seconds, of which only the first half second of sound counts; cut it")
    mixed = waveform.mean(1)
    return mixed / max(1.0, float(np.abs(mixed).max(initial=0))), rate, faults


class Seekable(BufferedReader):
    """A file in which a damaged header that points before its beginning leads nowhere; else a traceback is printed."""

    def seek(self, offset: int, whence: int = 0) -> int:
        try:
            return super().seek(offset, whence)
        except (OSError, ValueError):
            return self.tell()


PERSON = Path(__file__).with_name("arctic_a0007.flac")


@cache
def people() -> Clips:
    """A person's voice to listen to: one clip [1, 32000] of four seconds, a sentence, which is its class.

    Read by Alan W Black for the CMU ARCTIC database, and free for any use; the licence lies beside the file. Kominek &
    Black 2003, CMU-LTI-03-177. Recordings of more people are `own("hub:free_spoken_digits")`.
    """
    waveform, _ = soundfile.read(PERSON, dtype="float32")
    first, sentence = torch.zeros(1, dtype=torch.long), "And you always want to see it in the superlative degree."
    return Clips(torch.from_numpy(waveform)[None], first, first, first, (sentence,), ("Alan W Black",))


@cache
def own(path: str) -> tuple[Clips, Clips]:
    """Your own recordings, to train on and to test with: later and first takes; `found` of either says what to print.

    `hub:` before a name, instead of a folder or a zip, downloads a public set once. A ValueError names every class that
    has only one recording.
    """
    asked = path.removeprefix(hub.PREFIX)
    clips, found = recordings(path if asked == path else hub.recordings(asked))
    if lonely := [shown(label) for label, count in found.counts.items() if count < 2]:
        raise ValueError(
            f"A class needs at least 2 recordings, to train on and to test with; {', '.join(lonely)} "
            f"{'has' if len(lonely) == 1 else 'have'} one. {' '.join(found.lines()[1:])}".strip()
        )
    return clips.split()
