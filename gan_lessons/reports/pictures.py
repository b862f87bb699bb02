"""The sheets of a run for its page: the last one whole, and all of them as one that moves."""

import base64
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

FRAMES, SIDE = 40, 560  # of the moving one: at most so many frames, and so many pixels at the longer side


def sheets(folder: Path) -> list[Path]:
    """The sheets of a run, in the order of their steps."""
    return sorted((folder / "samples").glob("step_*.png"))


def encoded(content: bytes, kind: str) -> str:
    """A file as an address that holds it."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def moving(paths: list[Path]) -> bytes | None:
    """The sheets as one WebP that moves, the last shown for longest; None of fewer than two."""
    kept = paths[:: -(-len(paths) // FRAMES)] if paths else []
    ordered = sorted({*kept, *paths[-1:]})
    frames = [picture for path in ordered if (picture := small(path)) is not None]
    frames = [picture.resize(frames[-1].size) for picture in frames]
    if len(frames) < 2:
        return None
    file = BytesIO()
    times = [max(80, 4000 // len(frames))] * (len(frames) - 1) + [2500]
    frames[0].save(file, "webp", save_all=True, append_images=frames[1:], duration=times, loop=0, quality=70, method=4)
    return file.getvalue()


def small(path: Path) -> Image.Image | None:
    """A sheet, scaled down; None where it is damaged."""
    try:
        with Image.open(path) as picture:
            found = picture.convert("RGB")
    except (OSError, UnidentifiedImageError):
        return None
    found.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return found
