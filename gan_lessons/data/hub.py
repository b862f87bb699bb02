"""Larger public data sets by name: downloaded when asked for, checked by a hash, and kept for the next time.

Only a source that begins with `hub:` comes here, and only a set that is not in the cache reaches the network. The files
lie in the folder that the environment variable GAN_LESSONS_DATA names, or else in the user's own cache. The tests fetch
small files from a server of their own; no download of a real set could be tried.
"""

import csv
import os
import re
import tarfile
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath
from types import ModuleType
from urllib.parse import urlsplit

from gan_lessons.data import packages
from gan_lessons.data.hub_sets import EACH, SOUNDS, TEXTS, Source

PREFIX = "hub:"


class HubError(ValueError):
    """A set is not known, cannot be downloaded, or is not what it should be."""


def find(name: str, kind: str, known: dict[str, Source]) -> Source:
    """The set of that name; a HubError lists those of its kind."""
    if name not in known:
        raise HubError(f"The hub has no {kind} named {name!r}; the known ones are {', '.join(known)}.")
    return known[name]


def texts(name: str) -> set[str]:
    """The different texts of a set, without the empty ones."""
    source = find(name, "texts", TEXTS)
    path = fetch(name, source)
    try:
        return {unicodedata.normalize("NFC", text).strip() for text in source.read(path)} - {""}
    except (ValueError, LookupError, TypeError, csv.Error) as error:
        raise HubError(f"The file {path} does not hold the texts of {name}; remove it to download it again.") from error


def recordings(asked: str) -> Path:
    """A zip that `data.sound.recordings` reads: of a set, `NAME`, or of some of its words, `NAME:yes,no`."""
    name, _, words = asked.partition(":")
    source = find(name, "recordings", SOUNDS)
    if source.address.endswith(".zip"):
        if words:
            raise HubError(f"The set {name} is taken as a whole: leave out {':' + words!r}.")
        return fetch(name, source)
    chosen = tuple(dict.fromkeys(words.split(","))) if words else source.words
    packed = folder() / f"{name}-{'-'.join(chosen) or 'all'}-{EACH}.zip"
    if not present(packed) or noted(packed) is None:
        pack(fetch(name, source), packed, chosen, above=source.above)
        note(packed)
    if not matches(packed, noted(packed)):
        raise HubError(f"{packed} is not as it was packed; remove it to pack it again.")
    return packed


def pack(archive: Path, packed: Path, words: tuple[str, ...], each: int = EACH, above: int = 1) -> None:
    """Write a zip with some words of a tar that has a folder for each, and of each at most so many recordings.

    They are taken evenly from all, in the order of their names; no words are all words. A recording's word is the
    folder that lies so far `above` it. A HubError lists the words where one is not known.
    """
    asked = ", ".join(words) or "all"
    print(f"Packing at most {each:,} recordings of each of {asked}; this takes a few minutes …")
    with tarfile.open(archive) as stored:
        found: dict[str, list[tarfile.TarInfo]] = {}
        for member in stored:
            place = PurePosixPath(member.name)
            if member.isfile() and place.suffix == ".wav" and len(place.parts) > above:
                found.setdefault(place.parts[-1 - above], []).append(member)
        found = {word: members for word, members in found.items() if not word.startswith("_")}
        if odd := [word for word in words if word not in found]:
            raise HubError(f"The set has no word {odd[0]!r}; it has {', '.join(sorted(found))}.")
        chosen = []
        for word in words or found:
            every = sorted(found[word], key=lambda member: member.name)
            count = min(each, len(every))
            chosen += [every[k * len(every) // count] for k in range(count)]
        unfinished = packed.with_name(f"{packed.name}.unfinished")
        with zipfile.ZipFile(unfinished, "w") as target:
            for member in sorted(chosen, key=lambda member: member.offset):  # in the order they are stored
                if content := stored.extractfile(member):
                    parts = PurePosixPath(member.name).parts
                    target.writestr(f"{parts[-1 - above]}/{parts[-1]}", content.read())
    os.replace(unfinished, packed)


def folder() -> Path:
    """Where the files are kept."""
    return packages.cache()


def downloader() -> ModuleType:
    """pooch, which downloads and checks; a HubError says how to install it."""
    try:
        import pooch
    except ImportError as error:
        raise HubError('The hub needs pooch: python -m pip install -c constraints.txt -e ".[hub]"') from error
    pooch.get_logger().setLevel("WARNING")
    return pooch


def fetch(name: str, source: Source) -> Path:
    """The file of a set: from the cache if it is there with its hash, or else downloaded and checked.

    Where nobody has published a hash, that of the first file is noted beside it, and holds from then on. A HubError
    says that there is no network, or that the file, the one in the cache or the one sent, is another.
    """
    pooch = downloader()
    import requests  # comes with pooch

    path = folder() / f"{name}-{PurePosixPath(urlsplit(source.address).path).name}"
    expected = source.hash or noted(path)
    if (there := present(path)) and expected is None:
        print(f"{path} was there already and is taken as it is: nobody has published a hash of {name} to check it by.")
        note(path)
        return path
    if there and matches(path, expected):
        return path
    whose = "known hash" if source.hash else f"hash noted in {note_of(path)}"
    wrong = f"The file {path} does not have the {whose}, {expected}; remove it to download it again. " if there else ""
    print(f"{wrong}Downloading {name}: {source.holds}{sent(source)}. Licence: {source.licence}.")
    bar = pooch.HTTPDownloader(progressbar=True)
    try:
        pooch.retrieve(source.address, expected, path.name, path.parent, downloader=bar)
    except requests.RequestException as error:
        raise HubError(
            f"{wrong}{name} could not be downloaded ({type(error).__name__}): check the connection and try again"
            + (f", or get {source.address} elsewhere and save it as {path}." if not there else ".")
        ) from error
    except ValueError as error:
        raise HubError(
            f"{wrong}{name} was refused: what {source.address} sends has not the hash {expected}. It was damaged on "
            "the way, so try again, or it has changed, and is not what this book was written for."
        ) from error
    if expected is None:
        print(
            f"Nobody has published a hash of {name}: that of this file, as downloaded, is noted, and holds from now on."
        )
        note(path)
    return path


def sent(source: Source) -> str:
    """How much the server says that it will send, in words; nothing where it does not say."""
    import requests

    try:
        told = requests.head(source.address, allow_redirects=True, timeout=10).headers.get("Content-Length", "")
    except requests.RequestException:  # the download will say it better
        return ""
    return f"; {int(told) / 1e6:,.1f} MB to download" if told.isdecimal() and int(told) >= 50_000 else ""


def present(path: Path) -> bool:
    """Whether the file is in the cache; a HubError where something else is."""
    if path.exists() and not path.is_file():
        raise HubError(f"{path} is no file; remove it.")
    return path.exists()


def matches(path: Path, expected: str | None) -> bool:
    """Whether a file has a hash, as "sha256:…" or "md5:…"."""
    return downloader().hashes.hash_matches(str(path), expected)


def note_of(path: Path) -> Path:
    """Where the hash of a file is noted."""
    return path.with_name(f"{path.name}.sha256")


def noted(path: Path) -> str | None:
    """The hash of a file that was noted, if one was; a HubError where the note is damaged."""
    if not note_of(path).exists():
        return None
    found = note_of(path).read_text(encoding="utf-8", errors="replace").strip()
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", found):
        raise HubError(f"{note_of(path)} holds no hash; remove it, and {path} too unless you trust that file.")
    return found


def note(path: Path) -> None:
    """Note the hash of a file beside it."""
    note_of(path).write_text(f"sha256:{downloader().file_hash(str(path))}\n", encoding="utf-8")


def listed() -> list[str]:
    """A line for each set: its name, what it holds, and what binds who uses it."""
    return [f"{PREFIX}{name:<20}{source.holds}; {source.licence}" for name, source in (SOUNDS | TEXTS).items()]
