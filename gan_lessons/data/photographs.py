"""Photographs that lie in installed packages, or a folder of your own, and what spoils them, for super-resolution.

A model that has seen half of a picture knows the other half's light and grain, so the split is by picture: those held
out are never learnt from. Credits: scikit-image's are in the public domain or CC0 (astronaut: NASA; chelsea: Stéfan van
der Walt; coffee: Rachel Michetti; rocket: SpaceX; the galaxies: NASA/ESA; the motorcycle: Daniel Scharstein; camera:
Lav Varshney; coins: Brooklyn Museum; bricks and gravel: CC0Textures; grass: linolafett), scikit-learn's are CC BY 2.0
(china: danielbuechele; flower: vultilion), matplotlib's portrait of Grace Hopper is the U.S. Navy's, public domain.
Left out is scikit-image's retina, whose two million dark red pixels would be a third of all.
"""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, pad

from gan_lessons.data import intake, packages, pictures
from gan_lessons.data.found import grouped, told
from gan_lessons.data.sources import Batch, Samples

PLACES = {"skimage": "data", "sklearn": "datasets/images", "matplotlib": "mpl-data/sample_data"}
LEARNT = {
    "skimage": (
        "astronaut.png",
        "coffee.png",
        "rocket.jpg",
        "hubble_deep_field.jpg",
        "motorcycle_left.png",
        "ihc.png",
        "camera.png",
        "coins.png",
        "brick.png",
        "grass.png",
        "gravel.png",
    ),
    "sklearn": ("flower.jpg",),
}
HELD_OUT = {"skimage": ("chelsea.png",), "sklearn": ("china.jpg",), "matplotlib": ("grace_hopper.jpg",)}
FLAT = 6  # a patch whose grey levels, of 255, deviate by less has nothing to learn
STRIDE = 16  # pixels between the patches that are learnt from
MOST = 800  # patches of one picture


@cache
def load(source: str = "photographs", held_out: bool = False) -> dict[str, Tensor]:
    """Pictures by name, bytes [3, height, width]: the known ones, or those of a folder or a zip; or what is held out.

    Of a folder's, every fifth is held out, at least one. A ValueError says what is missing, a ModuleNotFoundError how
    to get a package.
    """
    if source == "photographs":
        files = HELD_OUT if held_out else LEARNT
        names = [(package, name) for package, some in files.items() for name in some]
        roots = {package: packages.folder(package, "Photographs") / PLACES[package] for package in files}
        return {Path(name).stem: one(roots[package] / name) for package, name in names}
    found = own(Path(source).expanduser())
    chosen = [name for index, name in enumerate(found) if (index % 5 == 0) == held_out]
    return {name: found[name] for name in chosen}


def one(path: Path) -> Tensor:
    """A picture in colour, as bytes [3, height, width]; grey ones have three equal channels."""
    with path.open("rb") as file:
        return torch.from_numpy(pictures.read(file, None, 3).transpose(2, 0, 1).copy())


def own(root: Path) -> dict[str, Tensor]:
    """The pictures of a folder or a zip, two or more, by their places in it."""
    entries, skipped = intake.files(root, pictures.SUFFIXES, "picture")
    found = {}
    for entry in entries:
        try:
            with entry.stream() as file:
                found[str(entry.place)] = torch.from_numpy(pictures.read(file, None, 3).transpose(2, 0, 1).copy())
        except (OSError, ValueError) as error:
            skipped.append((str(entry.place), str(error) if isinstance(error, ValueError) else "cannot be opened"))
    if len(found) < 2:
        left_out = f" Skipped: {told(grouped(skipped))}." if skipped else ""
        raise ValueError(f"Two photographs are needed, one to learn from and one to judge by; {root} has {len(found)}."
                         f"{left_out}")  # fmt: skip
    return found


# What spoils a picture


def area(pixels: Tensor, scale: int) -> Tensor:
    """Each square of scale × scale pixels becomes one, their mean: [..., height, width] to a `scale`-th of it."""
    return avg_pool2d(pixels, scale)


def real(pixels: Tensor, scale: int) -> Tensor:
    """Blur, shrink, noise, and JPEG, each of a strength drawn for each picture, as with photographs found anywhere.

    A Gaussian blur of .2 to 1 low-resolution pixels, noise of a deviation up to 8 of 255, JPEG of quality 40 to 95.
    Wang et al. 2021, arXiv:2107.10833, go through this twice and in more ways.
    """
    device, pixels = pixels.device, pixels.cpu()  # JPEG is made on the host
    widths, noises, qualities = torch.rand(3, len(pixels), 1, 1, 1)
    small = avg_pool2d(blurred(pixels, scale * (0.2 + 0.8 * widths.flatten())), scale)
    small = small + 16 / 255 * noises * torch.randn_like(small)
    levels = ((small.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    stored = [jpeg(level, 40 + int(55 * quality)) for level, quality in zip(levels, qualities.flatten(), strict=True)]
    return torch.from_numpy(np.stack(stored)).permute(0, 3, 1, 2).float().to(device) / 127.5 - 1


def blurred(pixels: Tensor, deviations: Tensor) -> Tensor:
    """Pictures [batch, channels, height, width], each blurred by a Gaussian of its deviation in pixels [batch]."""
    reach = max(1, round(3 * float(deviations.max())))
    places = torch.arange(-reach, reach + 1.0)
    kernels = torch.softmax(-places.square() / (2 * deviations[:, None].square()), 1)
    batch, channels, height, width = pixels.shape
    each = kernels.repeat_interleave(channels, 0)[:, None, None]
    flat = pad(pixels, (reach,) * 4, mode="replicate").view(1, -1, height + 2 * reach, width + 2 * reach)
    across = conv2d(flat, each, groups=batch * channels)
    return conv2d(across, each.transpose(2, 3), groups=batch * channels).view(pixels.shape)


def jpeg(levels: np.ndarray, quality: int) -> np.ndarray:
    """Bytes [height, width, 3] as they come back from a JPEG file of that quality."""
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


DEGRADATIONS: dict[str, Callable[[Tensor, int], Tensor]] = {"area": area, "real": real}


def degradation(name: str) -> Callable[[Tensor, int], Tensor]:
    """What spoils pictures under that name; a ValueError lists the known ones."""
    if name not in DEGRADATIONS:
        raise ValueError(f"There is no degradation {name!r}; the known ones are {', '.join(DEGRADATIONS)}.")
    return DEGRADATIONS[name]


# What is learnt from


class Photographs(Samples):
    """A source of pairs: patches [batch, 3, side, side] in [-1, 1], and the same at a `scale`-th of the side, spoilt.

    Patches lie `stride` apart and show something, at most `most` of a picture; each is there in its eight orientations,
    so that `len` is eight times the number of places. With `halves` the pictures are there at half their sides as well,
    where they are sharper. The spoiling is done anew for each batch.
    """

    def __init__(
        self,
        found: dict[str, Tensor],
        side: int = 64,
        scale: int = 4,
        kind: str = "area",
        stride: int = STRIDE,
        most: int = MOST,
        halves: bool = False,
    ):
        if small := [name for name, pixels in found.items() if min(pixels.shape[1:]) < side]:
            raise ValueError(f"Patches of {side} pixels are cut, and these pictures are smaller: {', '.join(small)}.")
        self.side, self.scale, self.spoil = side, scale, degradation(kind)
        every = list(found.values())
        if halves:
            every += [avg_pool2d(one.float(), 2).round().byte() for one in found.values()]
        self.places = [
            (number, *place)
            for number, pixels in enumerate(every)
            for place in spread(self.telling(pixels, stride), most)
        ]
        if not self.places:
            raise ValueError("These pictures show nothing: all patches are flat.")
        cut = [every[n][:, top : top + side, left : left + side] for n, top, left in self.places]
        super().__init__(torch.stack(cut))  # bytes [places, 3, side, side]

    def telling(self, pixels: Tensor, stride: int) -> list[tuple[int, int]]:
        """Where the patches of a picture begin that show something: top and left."""
        rows, columns = (range(0, extent - self.side + 1, stride) for extent in pixels.shape[1:])
        return [
            (top, left)
            for top in rows
            for left in columns
            if float(pixels[:, top : top + self.side, left : left + self.side].float().mean(0).std()) >= FLAT
        ]

    def __len__(self) -> int:
        return 8 * len(self.places)

    def batch(self, indices: Tensor) -> Batch:
        sharp = turned(self.samples[indices // 8], indices % 8).float() / 127.5 - 1
        return Batch(sharp, self.spoil(sharp, self.scale))

    def all(self, seed: int = 0) -> Batch:
        """Every patch upright, and its pair, the same for the same seed."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return self.batch(8 * torch.arange(len(self.places)))


def turned(pixels: Tensor, ways: Tensor) -> Tensor:
    """Pictures [batch, channels, side, side], each in one of eight orientations [batch]: mirrored from 4 up, turned."""
    ways = ways[:, None, None, None]
    mirrored = torch.where(ways >= 4, pixels.flip(3), pixels)
    found = mirrored
    for turns in (1, 2, 3):
        found = torch.where(ways % 4 == turns, mirrored.rot90(turns, (2, 3)), found)
    return found


def spread(places: list, most: int) -> list:
    """At most so many of a list, evenly spread over it."""
    return places if len(places) <= most else [places[index * len(places) // most] for index in range(most)]
