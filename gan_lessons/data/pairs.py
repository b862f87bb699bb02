"""Pairs of pictures: what is given, and what is to be made of it; the book's sets by name, and a reader's own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor

from gan_lessons.data import drawings, earth, glyphs, own_pairs
from gan_lessons.data.found import Found
from gan_lessons.data.images import BOOK, checked
from gan_lessons.data.sources import Draw, Paired, Source

UNSEEN_GLYPHS = 512
UNSEEN_DRAWINGS = 256


@dataclass(frozen=True)
class Pairs:
    """Pairs to learn from, `inputs` and `targets`, and others held out: [count, channels, size, size] in [-1, 1].

    `names` says what an input and a target are. `weights` [count] says how often each pair is drawn beside the others;
    None is all alike. `credit` names the makers and the licence. `found` says what a folder held.
    """

    inputs: Tensor
    targets: Tensor
    unseen_inputs: Tensor
    unseen_targets: Tensor
    names: tuple[str, str]
    credit: str
    weights: Tensor | None = field(default=None, repr=False)
    found: Found | None = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.inputs)

    def source(self) -> Paired:
        """What a GAN learns from: the targets are real, and the inputs their condition."""
        return Paired(self.targets, self.inputs)

    def turned(self) -> "Pairs":
        """The same pairs, the other way round: the inputs are to be made of the targets."""
        return Pairs(
            self.targets, self.inputs, self.unseen_targets, self.unseen_inputs, self.names[::-1], self.credit,
            self.weights, self.found,
        )  # fmt: skip

    def draw(self, device: torch.device | str = "cpu") -> Draw:
        """Indices by the weights; without weights each pair is as likely as any other."""
        weights = (torch.ones(len(self)) if self.weights is None else self.weights).to(device)

        def weighted(source: Source, count: int, device: torch.device) -> Tensor:
            return torch.multinomial(weights, count, replacement=True)

        return weighted


def of_earth(size: int) -> Pairs:
    """Relief to satellite: tiles rich in contrast are drawn more often."""
    known, unseen = earth.tiles(size), earth.tiles(size, held_out=True)
    names = ("relief", "satellite")
    return Pairs(
        known.relief, known.satellite, unseen.relief, unseen.satellite, names, earth.CREDIT, weights=known.contrast
    )


def of_pen(size: int) -> Pairs:
    """The strokes of a kanji's pen to the same character in mincho type."""
    every = glyphs.load(size)
    known, unseen = every.split(1 - UNSEEN_GLYPHS / len(every))
    return Pairs(known.pen, known.mincho, unseen.pen, unseen.mincho, ("pen", "mincho"), glyphs.CREDIT)


def of_drawings(load: Callable[[int], drawings.Drawings], names: tuple[str, str], credit: str, size: int) -> Pairs:
    """Emoji, of which 256 are held out."""
    line, other = load(size)
    order = torch.randperm(len(line), generator=torch.Generator().manual_seed(0))
    unseen, known = order[:UNSEEN_DRAWINGS], order[UNSEEN_DRAWINGS:]
    return Pairs(line[known], other[known], line[unseen], other[unseen], names, credit)


KNOWN: dict[str, Callable[[int], Pairs]] = {
    "earth": of_earth,
    "pen": of_pen,
    "emoji": partial(of_drawings, drawings.coloured, ("line art", "colour"), drawings.CREDIT),
    "noto": partial(of_drawings, drawings.by_two, ("OpenMoji", "Noto"), drawings.BOTH_CREDIT),
}

HOLDS = {  # what each set holds, and its licence
    "earth": "3,051 tiles of the Earth's relief, and what a satellite sees there; MIT",
    "pen": "6,412 kanji: strokes of a pen to mincho type; CC BY-SA 3.0 and OFL",
    "emoji": "2,048 emoji by OpenMoji: line art to colour; CC BY-SA 4.0: share alike",
    "noto": "1,287 emoji: OpenMoji's lines to Noto's; CC BY-SA 4.0 and OFL",
}


def listed() -> list[str]:
    """A line for each known set: its name, what it holds, and its licence."""
    return [f"{name:<24}{holds}" for name, holds in HOLDS.items()]


def load(source: str, size: int) -> Pairs:
    """Pairs by the name of a known set, or those of a folder or zip of a reader's own, scaled to size × size.

    A folder holds side-by-side pictures, or two folders with pictures of equal names: see `own_pairs`. `size` is a
    multiple of 4 from 8 to 256. A ValueError for a set that is not known, or pairs that are none.
    """
    checked(size)
    name = source.removeprefix(BOOK)
    if name in KNOWN:
        if name == source and Path(name).is_dir():
            raise ValueError(f"{name!r} is a known set and a folder here: give ./{name} or {BOOK}{name}.")
        return of_book(name, size)
    path = Path(source).expanduser()
    if not path.exists():
        raise ValueError(f"There is no zip, no folder and no set of pairs {source!r}; the sets are {', '.join(KNOWN)}.")
    return of_reader(path.resolve(), size)


@cache
def of_book(name: str, size: int) -> Pairs:
    """A known set."""
    return KNOWN[name](size)


@cache
def of_reader(path: Path, size: int) -> Pairs:
    """Pairs of a reader's own, of which a fifth, at least two, is held out."""
    inputs, targets, names, found = own_pairs.read(path, size)
    order = torch.randperm(len(inputs), generator=torch.Generator().manual_seed(0))
    count = max(2, len(inputs) // 5)
    unseen, known = order[:count], order[count:]
    return Pairs(inputs[known], targets[known], inputs[unseen], targets[unseen], names, "", found=found)
