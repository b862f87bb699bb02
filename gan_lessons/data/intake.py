"""Files that people bring, in a folder or a zip: which of them count, and of which class each is.

Left out without a word are names that begin with a dot and what systems leave behind (`__MACOSX`, `Thumbs.db`); every
other file that is not taken is listed with the reason.
"""

import errno
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from io import BytesIO
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from gan_lessons.data.found import counted, several, shown

LITTER = {
    "__macosx", "__pycache__", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin", "lost+found",
    "system volume information",
}  # fmt: skip
# of a split, the first to train on
PARTS = ("train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval")
LARGEST = 256 * 2**20  # bytes of a member of a zip, unpacked
ALL = 64 * 2**30  # bytes of a zip, unpacked
# what Python raises at a zip, or a member of one, that is damaged or packed in a way it does not know
DAMAGED = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError, NotImplementedError)

Skipped = list[tuple[str, str]]  # a file's name, and the reason


class MissingError(FileNotFoundError, ValueError):
    """There is nothing at the path that was given."""


class Entry(NamedTuple):
    """A file: its place in the folder or zip, and what opens it; a ValueError or OSError says why it cannot be read."""

    place: PurePosixPath
    stream: Callable[[], BinaryIO]


def files(root: Path, suffixes: Collection[str], kind: str) -> tuple[list[Entry], Skipped]:
    """The files of a folder or a zip that end in one of the suffixes, in order of their names, and those left out.

    `kind` is what they hold: "picture" or "recording". A MissingError or ValueError says that `root` is neither.
    """
    if root.is_dir():
        every = in_folder(root)
    elif not root.exists():
        raise MissingError(f"There is no folder and no zip {root}.")
    elif root.is_file() and (root.suffix.lower() == ".zip" or zipfile.is_zipfile(root)):
        every = in_zip(root)
    else:
        raise ValueError(f"{root} is no folder and no zip; give a folder of {kind}s, or a zip of one.")
    entries: list[Entry] = []
    skipped: Skipped = []
    for place, found in every:
        if isinstance(found, str):
            skipped.append((str(place), found))
        elif place.suffix.lower() in suffixes:
            entries.append(Entry(place, found))
        else:
            skipped.append((str(place), f"not a {kind} by its name"))
    return sorted(entries, key=lambda entry: entry.place), skipped


def litter(name: str) -> bool:
    """Whether a file or folder of this name is what a system or an editor leaves behind."""
    return name.startswith(".") or name.casefold() in LITTER


def in_folder(root: Path) -> Iterator[tuple[PurePosixPath, Callable[[], BinaryIO] | str]]:
    """Each file below a folder, links followed, with what opens it or the reason why nothing should."""
    blocked: list[OSError] = []
    for here, inner, names in os.walk(root, followlinks=True, onerror=blocked.append):
        folder = Path(here)
        above = (folder.resolve(), *folder.resolve().parents)
        # a link that leads back would be followed for ever
        inner[:] = [
            name
            for name in sorted(inner)
            if not litter(name) and not ((folder / name).is_symlink() and (folder / name).resolve() in above)
        ]
        names = sorted(name for name in names if not litter(name))
        if not (inner or names or folder == root):
            yield PurePosixPath(folder.relative_to(root).as_posix()), "an empty folder"
        for name in names:
            file = folder / name
            place = PurePosixPath(file.relative_to(root).as_posix())
            try:
                regular = stat.S_ISREG(file.stat().st_mode)
            except OSError:
                yield place, "a link that leads nowhere"
            else:  # opening a named pipe would wait for ever
                yield place, partial(opened, file) if regular else "not a regular file"
    for error in blocked:
        yield PurePosixPath(Path(error.filename).relative_to(root).as_posix()), "a folder that cannot be opened"


def opened(file: Path) -> BinaryIO:
    """A file to read bytes from; an OSError for a named pipe or a device, which might never end."""
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise OSError(errno.EINVAL, "not a regular file; save it as one first", str(file))
    return file.open("rb")


def in_zip(root: Path) -> Iterator[tuple[PurePosixPath, Callable[[], BinaryIO] | str]]:
    """Each member of a zip with what unpacks it, into memory, or the reason why nothing should."""
    try:
        archive = zipfile.ZipFile(root)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ValueError(f"The zip {root} is damaged ({error}); download or pack it again.") from error
    members = [member for member in archive.infolist() if not member.is_dir()]
    if members and all(member.flag_bits & 1 for member in members):
        raise ValueError(f"The zip {root} is encrypted; unpack it, and give the folder.")
    if (size := sum(member.file_size for member in members)) > ALL:
        raise ValueError(f"The zip {root} would unpack to {size / 2**30:,.0f} GB; at most {ALL / 2**30:.0f} are read.")
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts:
            yield place, "a name that leads out of the zip"
        elif any(map(litter, place.parts)):
            continue
        elif stat.S_ISLNK(member.external_attr >> 16):
            yield place, "a link in a zip"
        elif member.flag_bits & 1:
            yield place, "encrypted"
        elif member.file_size > LARGEST:
            yield place, f"larger than {LARGEST // 2**20} MB"
        else:
            yield place, partial(unpacked, archive, member)


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    """A member of a zip in memory; a ValueError where it is damaged, or larger than it says."""
    try:
        with archive.open(member) as stored:
            content = stored.read(LARGEST + 1)
    except DAMAGED as error:
        raise ValueError("damaged in the zip, or packed in a way that is not known") from error
    if len(content) > LARGEST:
        raise ValueError(f"larger than {LARGEST // 2**20} MB")
    return BytesIO(content)


class Classes(NamedTuple):
    """Each file with the name of its class, None where no folders tell classes; and the files left out."""

    entries: list[tuple[Entry, str | None]]
    skipped: Skipped


def by_folder(entries: Sequence[Entry], root: Path, kind: str) -> Classes:
    """The classes of files, by the folder at the top that each lies in.

    A folder that holds all the others is opened first. A few files beside the folders are skipped. A ValueError says
    what to give instead where the folders are the parts of a split, or where it is not clear which are the classes.
    """
    around = wrapper([entry.place.parts for entry in entries])
    depth = len(around)
    named, strays = [], []
    for entry in entries:
        parts = entry.place.parts
        if parts[:depth] == around and len(parts) > depth + 1:
            named.append((entry, parts[depth:]))
        else:
            strays.append(entry)
    if not named:
        return Classes([(entry, None) for entry in entries], [])
    tops = sorted({place[0] for _, place in named})
    if len(strays) >= len(named):
        raise ValueError(
            f"{root} has {counted(len(strays), kind)} beside {counted(len(tops), 'folder')} ({several(tops)}), so it "
            f"is not clear whether folders are classes: put each {kind} into that of its class, or take them away."
        )
    if len(split := [name for name in tops if name.casefold() in PARTS]) > 1:
        largest = min(split, key=lambda name: PARTS.index(name.casefold()))
        first = shown(str(root.joinpath(*around, largest)))
        raise ValueError(
            f"{root} has the folders {' and '.join(map(shown, split))}, the parts of a split and no classes: "
            f"{'' if root.is_dir() else 'unpack it, and '}give one of them, {first}."
        )
    within: dict[str, set[str]] = {}
    for _, place in named:
        if len(place) > 2 and place[1].casefold() not in PARTS:
            within.setdefault(place[1], set()).add(place[0])
    if len(repeated := [name for name, above in within.items() if len(above) > 1]) > 1:
        raise ValueError(
            f"In {root} each of the folders {several(tops)} has folders {several(repeated)}, so it is not clear which "
            f"are the classes: put all {kind}s of a class into one folder at the top."
        )
    return Classes(
        [(entry, unicodedata.normalize("NFC", place[0])) for entry, place in named],
        [(str(entry.place), "beside the folders of the classes") for entry in strays],
    )


def wrapper(places: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The folders, one in the other, that hold nearly all files, none of which is to be a class."""
    around: tuple[str, ...] = ()
    while True:
        depth = len(around)
        inside = [parts for parts in places if parts[:depth] == around]
        tops = {parts[depth] for parts in inside if len(parts) > depth + 1}
        if len(tops) != 1 or 2 * sum(len(parts) > depth + 2 for parts in inside) <= len(inside):
            return around
        around += (tops.pop(),)
