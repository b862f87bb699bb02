"""A reader's own pairs of pictures: side by side in one file each, or in two folders under equal names."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gan_lessons.data import intake, pictures
from gan_lessons.data.found import Found, counted, grouped, several, shown, told
from gan_lessons.data.intake import Entry
from gan_lessons.data.pictures import SUFFIXES

LEAST = 10  # pairs


class Own(NamedTuple):
    """Inputs and targets [count, 3, size, size] in [-1, 1], what the two are called, and what was found."""

    inputs: Tensor
    targets: Tensor
    names: tuple[str, str]
    found: Found


def read(path: Path, size: int) -> Own:
    """The pairs of a folder or a zip, in colour, each the central square scaled to size × size.

    Two folders, the first by name with the inputs, hold pictures of equal names, whatever their endings; without
    folders, each picture has its input in the left half and its target in the right. What cannot be read is left out,
    with its twin. A ValueError for pictures without a twin, for twins of unequal size, and for what is too small.
    """
    entries, skipped = intake.files(path, SUFFIXES, "picture")
    sorted_out = intake.by_folder(entries, path, "picture")
    skipped += sorted_out.skipped
    folders: dict[str | None, list[Entry]] = {}
    for entry, name in sorted_out.entries:
        folders.setdefault(name, []).append(entry)
    if len(folders) == 2:
        (first, inputs), (second, targets) = sorted(folders.items(), key=lambda item: str(item[0]))
        names = (str(first), str(second))
        pairs: Iterable[tuple[Entry, ...]] = matched(inputs, targets, names)
    elif None in folders or not folders:
        names, pairs = ("left", "right"), [(entry,) for entry in folders.get(None, [])]
    else:
        raise ValueError(
            f"{path} has {counted(len(folders), 'folder')} ({several(map(str, folders))}); pairs lie in two folders "
            "under equal names, or side by side in one picture each, without folders."
        )
    arrays = []
    for pair in pairs:
        try:
            arrays.append([squared(half, size) for half in halves(pair)])
        except pictures.UnfitError as error:
            skipped += [(str(entry.place), str(error)) for entry in pair]
        except OSError:
            skipped += [(str(entry.place), "cannot be opened") for entry in pair]
    if len(arrays) < LEAST:
        left_out = f" Skipped: {told(grouped(skipped))}." if skipped else ""
        raise ValueError(f"At least {LEAST} pairs are needed; {path} has {len(arrays)}.{left_out}")
    pixels = torch.from_numpy(np.array(arrays)).permute(1, 0, 4, 2, 3).float().div_(127.5).sub_(1)
    form = f"{' to '.join(map(shown, names))}, scaled to {size} × {size} pixels"
    lefts, rights = pixels.contiguous().unbind()
    return Own(lefts, rights, names, Found("pair", {"": len(arrays)}, form, grouped(skipped)))


def matched(inputs: list[Entry], targets: list[Entry], names: tuple[str, str]) -> list[tuple[Entry, ...]]:
    """The pictures of two folders by equal names; a ValueError names those without a twin."""
    sides = [{entry.place.with_suffix("").name.casefold(): entry for entry in each} for each in (inputs, targets)]
    first, second = sides
    for own, other, (here, there) in ((first, second, names), (second, first, names[::-1])):
        if alone := [entry.place.name for key, entry in own.items() if key not in other]:
            raise ValueError(
                f"Pairs are pictures of equal names, and {counted(len(alone), 'picture')} in {shown(here)} "
                f"({several(alone)}) {'has' if len(alone) == 1 else 'have'} no twin in {shown(there)}."
            )
    for each, side, name in zip((inputs, targets), sides, names, strict=True):
        if len(side) < len(each):
            raise ValueError(
                f"In {shown(name)} some pictures differ in their ending alone; a pair needs one name each."
            )
    return [(sides[0][key], sides[1][key]) for key in sorted(sides[0])]


def halves(pair: tuple[Entry, ...]) -> list[np.ndarray]:
    """Input and target [height, width, 3] as bytes; a ValueError for sizes that do not fit."""
    opened = []
    for entry in pair:
        with entry.stream() as file:
            opened.append(pictures.read(file, None, 3))
    if len(opened) == 1:
        width = opened[0].shape[1]
        if width % 2:
            raise ValueError(
                f"{shown(pair[0].place.name)} is {width} pixels wide, and two pictures side by side have an even width."
            )
        return [opened[0][:, : width // 2], opened[0][:, width // 2 :]]
    if opened[0].shape != opened[1].shape:
        sizes = " and ".join(
            f"{shown(str(e.place))} {o.shape[1]} × {o.shape[0]}" for e, o in zip(pair, opened, strict=True)
        )
        raise ValueError(f"The two pictures of a pair must have one size, and {sizes} pixels do not fit.")
    return opened


def squared(pixels: np.ndarray, size: int) -> np.ndarray:
    """The central square, scaled to size × size; a ValueError for a picture that is smaller."""
    if min(pixels.shape[:2]) < size:
        raise ValueError(
            f"A picture of {pixels.shape[1]} × {pixels.shape[0]} pixels is too small for pairs of {size} × {size}; "
            "give a smaller size."
        )
    return np.asarray(pictures.square(Image.fromarray(pixels), size))
