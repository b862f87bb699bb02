"""`sample`: pictures, sounds, texts or points from a trained GAN, into a file."""

import argparse
from pathlib import Path
from typing import Any

import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from gan_lessons.commands.opening import Opened, opened
from gan_lessons.files import write_whole
from gan_lessons.plots.images import tile
from gan_lessons.plots.points import draw_points
from gan_lessons.plots.sound import wav_bytes

ENDINGS = (".png", ".wav", ".txt")


def run(options: argparse.Namespace) -> int:
    """Draw, and write what was drawn."""
    if options.out is not None and options.out.suffix.lower() not in ENDINGS:
        raise ValueError(f"--out ends in one of {', '.join(ENDINGS)}, not {options.out.name!r}.")
    found = opened(options.what, options.best)
    asked = wanted(found, options.kind, options.count or 64)
    samples = found.recipe.samples(found.gan, asked, seed=options.seed).detach().cpu()
    ending = options.out.suffix.lower() if options.out else natural(found, samples)
    out = options.out or Path(f"sample{ending}")
    content = {".png": as_picture, ".wav": as_sound, ".txt": as_text}[ending](found, samples)
    write_whole(out, lambda path: path.write_bytes(content))
    if ending == ".txt":
        print(content.decode("utf-8"), end="")
    print(f"{out}: {len(samples):,} from {found.identity} at step {found.curve[-1]['step'] if found.curve else '?'}.")
    return 0


def wanted(found: Opened, kind: str | None, count: int) -> int | Tensor:
    """What to ask the recipe for: a count, or labels [count] of one class or of all in turn."""
    names = class_names(found.recipe)
    if kind is None:
        return torch.arange(count) % len(names) if names else count
    if not names:
        raise ValueError(f"{found.identity} knows no classes; leave out --class.")
    if kind in names:
        return torch.full((count,), names.index(kind))
    if kind.isdecimal() and int(kind) < len(names):
        return torch.full((count,), int(kind))
    shown = names if len(names) <= 40 else [*names[:40], "…"]
    raise ValueError(f"There is no class {kind!r}; the known ones are {', '.join(shown)}.")


def class_names(recipe: Any) -> list[str]:
    """The names of a recipe's classes, or their numbers; none where it has no classes."""
    for name in ("class_names", "classes"):
        offered = getattr(recipe, name, None)
        offered = offered() if callable(offered) else offered
        if isinstance(offered, int):
            return list(map(str, range(offered)))
        if offered is not None:
            return list(map(str, offered))
    return []


def is_pictures(samples: Tensor) -> bool:
    """Whether samples are pictures [count, 1 or 3, height, width]."""
    return samples.dim() == 4 and samples.shape[1] in (1, 3)


def is_waves(found: Opened, samples: Tensor) -> bool:
    """Whether samples are waveforms [count, samples], or [count, 1, samples]."""
    flat = samples.dim() == 2 or (samples.dim() == 3 and samples.shape[1] == 1)
    return flat and samples.shape[-1] >= 256


def natural(found: Opened, samples: Tensor) -> str:
    """The ending that fits: sound for waveforms, text where the recipe reads its samples as text, else a picture."""
    if callable(getattr(found.recipe, "read", None)):
        return ".txt"
    return ".wav" if is_waves(found, samples) else ".png"


def as_picture(found: Opened, samples: Tensor) -> bytes:
    """A PNG: a sheet of pictures, points in the plane, or the recipe's own sheet."""
    from io import BytesIO

    file = BytesIO()
    if is_pictures(samples):
        columns = max(1, round(len(samples) ** 0.5))
        sheet = (tile(samples.float(), columns) * 255).round().byte().numpy()
        picture = Image.fromarray(sheet.squeeze(-1) if sheet.shape[-1] == 1 else sheet)
        scale = max(1, min(-(-64 // samples.shape[-1]), 1600 // picture.width))  # small ones would be hard to see
        picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST).save(file, "png")
        return file.getvalue()
    if samples.shape[-1] == 2 and samples.is_floating_point() and samples.dim() in (2, 3):
        figure = Figure(figsize=(5, 5), layout="constrained")
        draw_points(figure.subplots(), fake=samples.reshape(-1, 2), limit=float(samples.abs().max()) * 1.1)
    else:
        figure = found.recipe.sheet(found.gan)
    figure.savefig(file, format="png", dpi=150)
    return file.getvalue()


def as_sound(found: Opened, samples: Tensor) -> bytes:
    """A WAV file: the waveforms one after the other, with a short silence between."""
    if is_waves(found, samples):
        waves = samples.reshape(len(samples), -1)
    elif callable(hear := getattr(found.recipe, "hear", None)):
        waves = hear(samples)
    elif (waves := found.recipe.listen(found.gan)) is None:
        raise ValueError(f"{found.identity} makes no sound; choose an --out that ends in .png.")
    silence = waves.new_zeros(len(waves), getattr(found.recipe, "rate", 8000) // 5)
    return wav_bytes(torch.cat([waves.cpu(), silence.cpu()], 1).flatten())


def as_text(found: Opened, samples: Tensor) -> bytes:
    """Lines of text where the recipe reads its samples as such, and else numbers, a sample a line."""
    if callable(read := getattr(found.recipe, "read", None)):
        lines = [str(text) for text in read(samples)]
    else:
        if samples.shape[-1] > 64 or samples.dim() > 3:
            raise ValueError(f"{found.identity} writes no texts; choose an --out that ends in .png or .wav.")
        rows = samples.flatten(0, -2) if samples.dim() > 2 else samples
        lines = [" ".join(f"{value:.5g}" for value in row) for row in rows.tolist()]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")
