"""`translate`: a picture of any size through a trained GAN that makes pictures of pictures."""

import argparse
from io import BytesIO
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from gan_lessons.commands import offers
from gan_lessons.commands.opening import opened
from gan_lessons.data import intake, pictures
from gan_lessons.files import write_whole
from gan_lessons.tiles import tiled

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


def run(options: argparse.Namespace) -> int:
    """Read the picture, make the other of it, and write it."""
    out = options.out or Path("translated.png")
    if out.suffix.lower() not in FORMATS:
        raise ValueError(f"--out ends in one of {', '.join(FORMATS)}, not {out.name!r}.")
    found = opened(options.what, options.best)
    network, channels = offers.translator(found.recipe, found.gan, found.identity)
    made = tiled(network, read(options.picture, channels))
    content = encoded(made, FORMATS[out.suffix.lower()])
    write_whole(out, lambda path: path.write_bytes(content))
    print(f"{out}: {made.shape[2]:,} × {made.shape[1]:,} pixels by {found.identity}.")
    return 0


def read(path: Path, channels: int) -> Tensor:
    """A picture as bytes [channels, height, width], on white; a ValueError says why it cannot be read."""
    try:
        with intake.opened(path) as file:
            array = pictures.read(file, None, channels)
    except pictures.UnfitError as error:
        raise ValueError(f"{path} cannot be used: it is {error}.") from error
    except IsADirectoryError as error:
        raise ValueError(f"{path} is a folder; give one picture.") from error
    except FileNotFoundError as error:
        raise ValueError(f"There is no picture {path}.") from error
    return torch.from_numpy(array.copy()).permute(2, 0, 1)


def encoded(pixels: Tensor, form: str) -> bytes:
    """Bytes [1 or 3, height, width] as a picture file of that format."""
    array = pixels.permute(1, 2, 0).numpy()
    file = BytesIO()
    Image.fromarray(array[..., 0] if array.shape[2] == 1 else array).save(file, form, quality=95)
    return file.getvalue()
