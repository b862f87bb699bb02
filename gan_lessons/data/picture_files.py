"""The formats that public sets of pictures come in: IDX, CIFAR's binary records, folders in a tar or a zip.

A reader takes a set's files by their roles, the side that its pictures are to have, and whether those that are held out
are wanted.
"""

import gzip
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

import numpy as np

from gan_lessons.data import pictures

THINGS = ("aeroplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "lorry")
HELD_OUT = {"val", "test"}  # folders of pictures to score by


class Part(NamedTuple):
    """Pictures as bytes [count, channels, height, width], their labels [count], and the names of the classes."""

    pixels: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]


Reader = Callable[[Mapping[str, Path], int, bool], Part]


def idx(path: Path) -> np.ndarray:
    """The bytes of a gzipped IDX file, in the shape that its head tells. LeCun, *The MNIST database*."""
    with gzip.open(path) as file:
        kind, axes = file.read(4)[2:]
        if kind != 8:
            raise ValueError(f"{path} holds no bytes")
        shape = np.frombuffer(file.read(4 * axes), ">i4")
        return np.frombuffer(file.read(), np.uint8).reshape(shape)


def idx_pairs(names: tuple[str, ...]) -> Reader:
    """A reader of pictures and labels in IDX files, those to learn from and those held out."""

    def read(files: Mapping[str, Path], size: int, held_out: bool) -> Part:
        part = "held-out " if held_out else ""
        return Part(idx(files[f"{part}pictures"])[:, None], idx(files[f"{part}labels"]), names)

    return read


def cifar(files: Mapping[str, Path], size: int, held_out: bool) -> Part:
    """CIFAR-10's binary version: a byte of label and 3 × 32 × 32 of pixels, picture after picture. No pickles."""
    with tarfile.open(files["archive"]) as archive:
        batches = ["test_batch"] if held_out else [f"data_batch_{number}" for number in range(1, 6)]
        found = [archive.extractfile(f"cifar-10-batches-bin/{batch}.bin") for batch in batches]
        rows = np.frombuffer(b"".join(one.read() for one in found if one), np.uint8).reshape(-1, 1 + 3 * 32 * 32)
    return Part(rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0], THINGS)


def scaled(streams: Iterable[BinaryIO], size: int) -> np.ndarray:
    """Pictures in colour as bytes [count, 3, size, size], each the central square."""
    return np.stack([pictures.read(stream, size, 3).transpose(2, 0, 1) for stream in streams])


def flowers(files: Mapping[str, Path], size: int, held_out: bool) -> Part:
    """Flowers and their kinds, which a file of MATLAB lists in the order of the pictures; every tenth is held out."""
    from scipy.io import loadmat  # slow to import

    kinds = loadmat(files["labels"], squeeze_me=True)["labels"].astype(np.int64) - 1
    with tarfile.open(files["archive"]) as archive:
        members = sorted((one for one in archive if one.name.endswith(".jpg")), key=lambda one: one.name)
        chosen = [number for number in range(len(members)) if (number % 10 == 0) == held_out]
        pixels = scaled((member(archive, members[number]) for number in chosen), size)
    return Part(pixels, kinds[chosen], tuple(f"kind {number + 1}" for number in range(int(kinds.max()) + 1)))


def member(archive: tarfile.TarFile, place: tarfile.TarInfo) -> BinaryIO:
    """A file in a tar."""
    found = archive.extractfile(place)
    assert found is not None  # it is a file
    return found  # type: ignore[return-value]


def by_folder(files: Mapping[str, Path], size: int, held_out: bool) -> Part:
    """A zip with train/CLASS/… and val/CLASS/…"""
    with zipfile.ZipFile(files["archive"]) as archive:
        places = [PurePosixPath(name) for name in sorted(archive.namelist())]
        places = [place for place in places if place.suffix.lower() in pictures.SUFFIXES and len(place.parts) > 2]
        names = tuple(sorted({place.parts[-2] for place in places}))
        places = [place for place in places if (place.parts[-3] in HELD_OUT) == held_out]
        labels = np.array([names.index(place.parts[-2]) for place in places])
        return Part(scaled((archive.open(str(place)) for place in places), size), labels, names)  # type: ignore
