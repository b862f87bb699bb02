"""`upscale`: a picture at twice or four times its sides, by the networks that the book has trained."""

import argparse
from pathlib import Path

from gan_lessons import upscaling
from gan_lessons.files import write_whole

ENDINGS = {".png": {"compress_level": 1}, ".jpg": {"quality": 92}, ".jpeg": {"quality": 92}, ".webp": {"quality": 92}}


def run(options: argparse.Namespace) -> int:
    """Read, enlarge, and write."""
    out: Path = options.out or options.picture.with_name(f"{options.picture.stem}_x{options.scale}.png")
    if out.suffix.lower() not in ENDINGS:
        raise ValueError(f"--out ends in one of {', '.join(ENDINGS)}, not {out.name!r}.")
    network = upscaling.network(options.invention)
    large = upscaling.enlarged(options.picture, network, options.scale)
    kind = "JPEG" if out.suffix.lower() in (".jpg", ".jpeg") else out.suffix[1:].upper()
    if kind == "JPEG" and large.mode not in ("L", "RGB"):
        raise ValueError(f"A JPEG knows no transparency, and {options.picture} has some; let --out end in .png.")
    write_whole(out, lambda path: large.save(path, kind, **ENDINGS[out.suffix.lower()]))
    print(f"{out}: {large.width:,} × {large.height:,} pixels. What is fine in it is a guess, and not evidence.")
    return 0
