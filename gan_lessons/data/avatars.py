"""Avatars put together of hand-drawn parts: cats, robots, monsters and robot heads, with the parts as exact labels.

The drawings come with the package robohash, by four artists under CC BY, who are to be named where pictures are shown
(`Kind.credit`). A picture is one variant of each part, laid over one another: 360,000 cats, a million robots.
"""

import re
from dataclasses import dataclass
from functools import cache
from math import prod
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gan_lessons.data import packages
from gan_lessons.data.sources import Batch, Samples

HELD_OUT = 10_000  # combinations of each kind that no GAN learns from
MOST = 256  # pixels of a side
EVERY = "all"  # in the place of a part's name: all of them


@dataclass(frozen=True)
class Kind:
    """A kind of avatar: where its layers lie, who drew them, and under which licence."""

    folder: str
    artist: str
    licence: str
    coloured: bool = False  # each variant in ten colours, so that the colour is a part as well

    @property
    def credit(self) -> str:
        """The line that belongs beside the pictures."""
        return f"Drawings by {self.artist}, {self.licence}, from robohash"


KINDS = {
    "cats": Kind("set4", "David Revoy", "CC BY 4.0"),
    "robots": Kind("set1", "Zikri Kader", "CC BY 3.0 or 4.0", coloured=True),
    "monsters": Kind("set2", "Hrvoje Novakovic", "CC BY 3.0"),
    "heads": Kind("set3", "Julian Peter Arias", "CC BY 3.0"),
}


class Avatars(Samples):
    """Some combinations of a kind's parts as a source of pictures [batch, 3, size, size] in [-1, 1].

    They are put together when asked for. `codes` [count] numbers the combinations; `parts` says how many variants each
    part has, by its name, from the lowest layer up. With `told`, the name of a part, a batch's condition is the variant
    of that part, [batch]; with "all" that of every part, [batch, parts].
    """

    def __init__(self, kind: str, size: int, codes: Tensor, told: str | None = None):
        super().__init__(codes)
        self.kind, self.size, self.told = kind, size, told
        self.parts, self.layers = layers(kind, size)
        self.boxes = boxes(kind, size)
        self.counts = torch.tensor(list(self.parts.values()))
        if told not in (None, EVERY, *self.parts):
            raise ValueError(
                f"{kind.capitalize()} have no part {told!r}; they have {', '.join(self.parts)}, or {EVERY}."
            )

    @property
    def codes(self) -> Tensor:
        """The number of each combination, [count]."""
        return self.samples

    def batch(self, indices: Tensor) -> Batch:
        variants = self.variants(indices)
        if self.told in (None, EVERY):
            return Batch(self.compose(variants), variants if self.told else None)
        return Batch(self.compose(variants), variants[..., list(self.parts).index(self.told)])

    def variants(self, indices: Tensor | slice = slice(None)) -> Tensor:
        """The variant of each part, [..., parts]."""
        return decoded(self.codes[indices], tuple(self.parts.values()))

    def pixels(self, indices: Tensor | slice = slice(None)) -> Tensor:
        """The pictures, [count, 3, size, size]."""
        return torch.cat([self.compose(some) for some in self.variants(indices).split(500)])

    def compose(self, variants: Tensor) -> Tensor:
        """Pictures [..., 3, size, size] of any variants [..., parts], each layer laid over those below, on white."""
        flat = variants.long().flatten(0, -2)
        if KINDS[self.kind].coloured:  # a part's layers: all variants of the first colour, of the second, and so on
            flat = flat[:, :1] * self.counts[1:] + flat[:, 1:]
        picture = torch.ones(len(flat), 3, self.size, self.size, device=flat.device)
        for place, (layer, (rows, columns)) in enumerate(zip(self.layers, self.boxes, strict=True)):
            over, under = layer[:, :, rows, columns][flat[:, place]], picture[:, :, rows, columns]
            under.copy_(torch.addcmul(over[:, :3], under, 1 - over[:, 3:]))
        return (2 * picture - 1).unflatten(0, variants.shape[:-1])


def load(
    kind: str = "cats", size: int = 64, count: int | None = None, held_out: bool = False, told: str | None = None
) -> Avatars:
    """Avatars to learn from, at random but always the same ones: the first `count`, or all; or the 10,000 held out.

    Fewer are always among more: the 64 cats of a small set are in the set of 256. `size` is the side in pixels, 8 to
    256. A ValueError says what is not known; a ModuleNotFoundError how to install the drawings.
    """
    if kind not in KINDS:
        raise ValueError(f"There are no avatars {kind!r}; the known kinds are {', '.join(KINDS)}.")
    if not 8 <= size <= MOST:
        raise ValueError(f"Avatars can have a side of 8 to {MOST} pixels, not {size}.")
    every = prod(layers(kind, size)[0].values())
    if count is not None and not 1 <= count <= every - HELD_OUT:
        raise ValueError(f"There are {every - HELD_OUT:,} {kind} to learn from; {count:,} cannot be taken.")
    codes = torch.randperm(every, generator=torch.Generator().manual_seed(0))
    return Avatars(kind, size, codes[:HELD_OUT] if held_out else codes[HELD_OUT:][:count], told)


def decoded(codes: Tensor, counts: tuple[int, ...]) -> Tensor:
    """The digits of numbers in a system of mixed radix, [..., len(counts)], the first the most significant."""
    digits = []
    for count in reversed(counts):
        digits.append(codes % count)
        codes = codes // count
    return torch.stack(digits[::-1], -1)


def encoded(variants: Tensor, counts: tuple[int, ...]) -> Tensor:
    """The number of each combination of variants [..., len(counts)]: what `decoded` undoes."""
    code = torch.zeros_like(variants[..., 0])
    for place, count in enumerate(counts):
        code = code * count + variants[..., place]
    return code


@cache
def layers(kind: str, size: int) -> tuple[dict[str, int], Tensor]:
    """How many variants each part has, and all layers, [parts, most variants, 4, size, size].

    A layer is its colours times its opacity, and its opacity.
    """
    root = packages.folder("robohash", f"The {kind}") / "sets" / KINDS[kind].folder
    arrays = packages.cached("robohash", f"{kind}-{size}", lambda: read(root, size, KINDS[kind].coloured))
    stacked = torch.zeros(len(arrays), max(map(len, arrays.values())), 4, size, size)
    for place, array in enumerate(arrays.values()):
        stacked[place, : len(array)] = torch.from_numpy(array).float() / 255
    colours = len(folders(root)) if KINDS[kind].coloured else 1
    counts = {name: len(array) // colours for name, array in arrays.items()}
    return ({"colour": colours} if colours > 1 else {}) | counts, stacked


@cache
def boxes(kind: str, size: int) -> list[tuple[slice, slice]]:
    """The rows and columns of each part in which any variant shows; beyond them there is nothing to lay over."""
    found = []
    for layer in layers(kind, size)[1]:
        shown = layer[:, 3].amax(0) > 0
        edges = [along.nonzero().flatten().tolist() for along in (shown.any(1), shown.any(0))]
        found.append((slice(edges[0][0], edges[0][-1] + 1), slice(edges[1][0], edges[1][-1] + 1)))
    return found


def read(root: Path, size: int, coloured: bool) -> dict[str, np.ndarray]:
    """The layers of each part as bytes [variants, 4, size, size], from the lowest up; one colour after another."""
    read_of: dict[str, list[np.ndarray]] = {}
    for variety in folders(root) if coloured else [root]:
        for part in sorted(folders(variety), key=lambda place: place.name.partition("#")[2]):
            name = part.name.partition("#")[2].lstrip("0123456789").lower()
            read_of.setdefault(name, []).extend(shrunk(file, size) for file in sorted(part.glob("*.png"), key=number))
    return {name: np.stack(each) for name, each in read_of.items()}


def number(file: Path) -> int:
    """The number at the end of a file's name: one shape has the same in every colour."""
    return int(re.findall(r"\d+", file.stem)[-1])


def folders(root: Path) -> list[Path]:
    """The folders in a folder, by name."""
    return sorted(place for place in root.iterdir() if place.is_dir())


def shrunk(file: Path, size: int) -> np.ndarray:
    """A layer as bytes [4, size, size]; colours are averaged by their opacity: what is invisible has no say."""
    with Image.open(file) as image:
        layer = np.asarray(image.convert("RGBA"), dtype=np.float32) / 255
    layer[..., :3] *= layer[..., 3:]
    box = Image.Resampling.BOX
    channels = [Image.fromarray(channel).resize((size, size), box) for channel in layer.transpose(2, 0, 1)]
    return np.rint(255 * np.stack([np.asarray(channel) for channel in channels])).clip(0, 255).astype(np.uint8)
