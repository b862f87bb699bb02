"""A picture of any kind of file: turned upright, on white, in 8 bits, and never too large for the memory."""

import warnings
from contextlib import suppress
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

SUFFIXES = {".png", ".jpg", ".jpeg", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm", ".pbm"}
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")  # no others, whatever a file is called
MOST = 64_000_000  # pixels, 256 MB in memory
MANY = 16_000_000  # pixels: above, a picture is scaled before all else, to spare memory


def read(file: BinaryIO, size: int | None, channels: int) -> np.ndarray:
    """A picture as uint8 [height, width, channels]; `channels` is 1 (grey) or 3 (colour).

    It is turned as its EXIF tag says. What is transparent shows white. 16-bit and 32-bit integers and floats are scaled
    by their range, as `in_eight_bits` says. With `size` the central square is scaled to size × size. Of several frames
    the first counts. A ValueError says in a few words, without the file's name, why it cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on large pictures and odd tags
            image = decoded(file, size)
            image = on_white(in_eight_bits(image)).convert({1: "L", 3: "RGB"}[channels])
    except UnfitError:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise UnfitError(TOO_LARGE) from error
    except Exception as error:  # Pillow lets almost any error through when a file is damaged
        raise UnfitError("broken, or not a picture") from error
    image = image if size is None else square(image, size)
    return np.asarray(image).reshape(image.height, image.width, channels)


def square(image: Image.Image, size: int) -> Image.Image:
    """The central square of a picture, scaled to size × size."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.resize((size, size), Image.Resampling.BOX, (left, top, left + side, top + side))


class UnfitError(ValueError):
    """A picture that cannot be used, and why."""


TOO_LARGE = f"too large: more than {MOST // 10**6} million pixels"


def decoded(file: BinaryIO, size: int | None) -> Image.Image:
    """The picture, upright; where it is to be scaled and has many pixels, already cropped and scaled."""
    image: Image.Image = Image.open(file, formats=FORMATS)
    stored = image.width * image.height
    large = size is not None and stored > MANY
    if large and size is not None:
        image.draft(None, (4 * size, 4 * size))  # a JPEG can be decoded at an eighth of its size; others stay
    # a progressive JPEG is in memory as a whole before it is decoded
    if (stored if image.info.get("progressive") else image.width * image.height) > MOST:
        raise UnfitError(TOO_LARGE)
    image.load()
    with suppress(Exception):  # a damaged tag does not damage the picture
        ImageOps.exif_transpose(image, in_place=True)
    if large and size is not None:
        if image.mode.startswith("I;16"):
            image = image.convert("I")
        if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "I", "F"):
            image = square(image, size)
    return image


def in_eight_bits(image: Image.Image) -> Image.Image:
    """A deep picture with levels from 0 to 255; others stay as they are.

    Integers of 16 and 32 bits are divided by the largest of 8, 12 or 16 bits, the first that holds them all; floats in
    0…1 are multiplied by 255, and whole numbers in 0…255 kept. Other numbers run from their least to their greatest.
    """
    if image.mode != "F" and not image.mode.startswith("I"):
        return image
    levels = np.asarray(image).astype(np.float64)
    if not np.isfinite(levels).all():
        raise UnfitError("with values that are no numbers (NaN or infinite)")
    low, high = levels.min(), levels.max()
    whole = image.mode != "F" or (high <= 255 and bool((levels == levels.round()).all()))
    ranges = (255, 4095, 65535) if whole and not (image.mode == "F" and high <= 1) else (1,)
    if low >= 0 and high <= ranges[-1]:
        scaled = levels / next(most for most in ranges if high <= most)
    else:
        scaled = (levels - low) / max(high - low, np.finfo(np.float64).tiny)
    if "transparency" in image.info:
        scaled[levels == image.info["transparency"]] = 1
    return Image.fromarray((scaled * 255).round().astype(np.uint8))


def on_white(image: Image.Image) -> Image.Image:
    """A picture without transparency: what shows through is white."""
    if not image.has_transparency_data:
        return image
    over = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over).convert("RGB")
