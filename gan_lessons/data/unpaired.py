"""Two kinds of pictures that nobody has paired: kanji in two types and emoji by two designers, whose pairs are hidden.

The known pairs serve to judge: the two kinds are learnt from different characters, and what is held out has both.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from gan_lessons.data import drawings, glyphs, images, intake, pairs
from gan_lessons.data.found import Found, counted, several
from gan_lessons.data.images import BOOK, checked
from gan_lessons.data.pictures import SUFFIXES

LEAST = 10  # pictures of a kind


@dataclass(frozen=True)
class Kinds:
    """Two kinds of pictures to learn from, and others held out: [count, channels, size, size] in [-1, 1].

    Where `paired`, the held-out ones belong together, in the same order: the truth by which a translation is judged.
    """

    first: Tensor
    second: Tensor
    unseen_first: Tensor
    unseen_second: Tensor
    names: tuple[str, str]
    credit: str = ""
    paired: bool = True
    found: Found | None = field(default=None, compare=False, repr=False)

    def turned(self) -> "Kinds":
        """The same kinds, the other way round."""
        return replace(
            self,
            first=self.second,
            second=self.first,
            unseen_first=self.unseen_second,
            unseen_second=self.unseen_first,
            names=self.names[::-1],
        )


def of_kanji(size: int) -> Kinds:
    """Gothic and mincho type: either of half the characters, so that none is learnt in both; 512 are held out."""
    every = glyphs.load(size)
    known, unseen = every.split(1 - pairs.UNSEEN_GLYPHS / len(every))
    half = len(known) // 2
    return Kinds(
        known[:half].gothic, known[half:].mincho, unseen.gothic, unseen.mincho, ("gothic", "mincho"), glyphs.CREDIT
    )


def of_emoji(size: int) -> Kinds:
    """OpenMoji's lines and Noto's: either of half the subjects; 256 are held out."""
    known = pairs.load(f"{BOOK}noto", size)
    half = len(known) // 2
    return Kinds(
        known.inputs[:half],
        known.targets[half:],
        known.unseen_inputs,
        known.unseen_targets,
        known.names,
        drawings.BOTH_CREDIT,
    )


KNOWN = {"kanji": of_kanji, "emoji": of_emoji}


def load(source: str, size: int) -> Kinds:
    """Two kinds by the name of a known set, or from a folder or zip of a reader's own with one folder of either kind.

    `size` is a multiple of 4 from 8 to 256. A ValueError for a set that is not known, for other than two folders, and
    for too few pictures.
    """
    checked(size)
    name = source.removeprefix(BOOK)
    if name in KNOWN:
        if name == source and Path(name).is_dir() and intake.files(Path(name), SUFFIXES, "picture")[0]:
            raise ValueError(f"{name!r} is a known set and a folder here: give ./{name} or {BOOK}{name}.")
        return of_book(name, size)
    path = Path(source).expanduser()
    if not path.exists():
        raise ValueError(f"There is no zip, no folder and no set {source!r}; the sets are {', '.join(KNOWN)}.")
    return of_reader(path.resolve(), size)


@cache
def of_book(name: str, size: int) -> Kinds:
    """A known set."""
    return KNOWN[name](size)


@cache
def of_reader(path: Path, size: int) -> Kinds:
    """The pictures of two folders, of each of which a fifth is held out; nobody knows which belong together."""
    every = images.folder(path, size)
    if every.labels is None or len(every.names) != 2:
        told = f"has {counted(len(every.names), 'folder')} ({several(every.names)})" if every.names else "has none"
        raise ValueError(f"Two kinds of pictures lie in two folders, one of either kind; {path} {told}.")
    kinds = [every.pixels[every.labels == label] for label in (0, 1)]
    for name, kind in zip(every.names, kinds, strict=True):
        if len(kind) < LEAST:
            raise ValueError(f"At least {LEAST} pictures of either kind are needed; {name} has {len(kind)}.")
    (first, unseen_first), (second, unseen_second) = map(parted, kinds)
    names = (every.names[0], every.names[1])
    return Kinds(first, second, unseen_first, unseen_second, names, paired=False, found=every.found)


def parted(pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Four fifths of some pictures, and the rest, at random."""
    order = torch.randperm(len(pixels), generator=torch.Generator().manual_seed(0))
    return pixels[order[len(pixels) // 5 :]], pixels[order[: len(pixels) // 5]]
