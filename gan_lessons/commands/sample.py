"""`sample`: pictures, films, sounds, music, texts, points or meshes from a trained GAN, into a file."""

import argparse
from functools import partial
from io import BytesIO
from pathlib import Path

import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from gan_lessons.commands import offers
from gan_lessons.commands.opening import Opened, opened
from gan_lessons.data import meshes
from gan_lessons.files import write_whole
from gan_lessons.plots.images import tile
from gan_lessons.plots.points import draw_points
from gan_lessons.plots.sound import wav_bytes

ENDINGS = (".png", ".wav", ".txt", ".mid", ".gif", *meshes.ENDINGS)


def run(options: argparse.Namespace) -> int:
    """Draw, and write what was drawn."""
    if options.out is not None and options.out.suffix.lower() not in ENDINGS:
        raise ValueError(f"--out ends in one of {', '.join(ENDINGS)}, not {options.out.name!r}.")
    found = opened(options.what, options.best)
    ending = options.out.suffix.lower() if options.out else natural(found)
    count = options.count or (1 if ending in meshes.ENDINGS else 64)
    asked = wanted(found, options.kind, count)
    samples = found.recipe.samples(found.gan, asked, seed=options.seed).detach().cpu()
    out = options.out or Path(f"sample{ending}")
    known = {".png": as_picture, ".wav": as_sound, ".txt": as_text, ".mid": as_midi, ".gif": as_film}
    write_as = known.get(ending, partial(as_mesh, ending))
    content = write_as(found, samples)
    write_whole(out, lambda path: path.write_bytes(content))
    if ending == ".txt":
        print(content.decode("utf-8"), end="")
    print(f"{out}: {count:,} from {found.identity} at step {found.gan.step or found.curve[-1]['step']:,}.")
    return 0


def wanted(found: Opened, kind: str | None, count: int) -> int | Tensor:
    """What to ask the recipe for: a count, or labels [count] of one class or of all in turn."""
    names = offers.class_names(found.recipe)
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


def is_pictures(samples: Tensor) -> bool:
    """Whether samples are pictures [count, 1 or 3, height, width]."""
    return samples.dim() == 4 and samples.shape[1] in (1, 3)


def natural(found: Opened) -> str:
    """The ending that fits what the recipe makes."""
    return ".txt" if offers.reads(found.recipe) else ".wav" if offers.sounds(found.recipe) else ".png"


def as_picture(found: Opened, samples: Tensor) -> bytes:
    """A PNG: a sheet of pictures, points in the plane, or the recipe's own sheet."""
    file = BytesIO()
    if samples.dim() == 3 and samples.shape[-1] > 2 and not offers.reads(found.recipe):
        samples = samples.flip(1)[:, None]  # log-mel spectrograms, low sounds below
    if is_pictures(samples):
        as_sheet(samples).save(file, "png")
        return file.getvalue()
    figure = Figure(figsize=(6, 6), layout="constrained")
    if samples.shape[-1] == 2 and not offers.reads(found.recipe):
        draw_points(figure.subplots(), fake=samples.reshape(-1, 2), limit=float(samples.abs().max()) * 1.1)
    else:
        figure = found.recipe.sheet(found.gan)
    figure.savefig(file, format="png", dpi=150)
    return file.getvalue()


def as_sheet(pixels: Tensor) -> Image.Image:
    """Pictures [count, channels, height, width] in [-1, 1] as one, small ones enlarged to be seen."""
    sheet = (tile(pixels.float(), max(1, round(len(pixels) ** 0.5))) * 255).round().byte().numpy()
    picture = Image.fromarray(sheet.squeeze(-1) if sheet.shape[-1] == 1 else sheet)
    scale = max(1, min(-(-64 // pixels.shape[-1]), 1600 // picture.width))
    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)


def as_film(found: Opened, samples: Tensor) -> bytes:
    """A GIF of films [count, channels, frames, height, width] side by side, where the recipe makes such."""
    if not found.recipe.moves:
        raise ValueError(f"{found.identity} makes no films; writing does. Choose an --out that ends in .png.")
    first, *others = (as_sheet(samples[:, :, at]) for at in range(samples.shape[2]))
    file = BytesIO()
    first.save(file, "gif", save_all=True, append_images=others, duration=100, loop=0)
    return file.getvalue()


def as_sound(found: Opened, samples: Tensor) -> bytes:
    """A WAV file: the waveforms one after the other, with a short silence between."""
    waves = offers.hear(found.recipe, found.gan, samples) if offers.sounds(found.recipe) else None
    if waves is None:
        raise ValueError(f"{found.identity} makes no sound; choose an --out that ends in .png.")
    rate = found.recipe.rate
    return wav_bytes(torch.cat([waves.cpu(), torch.zeros(len(waves), rate // 5)], 1).flatten(), rate)


def as_midi(found: Opened, samples: Tensor) -> bytes:
    """A MIDI file, where the recipe writes notes."""
    if not callable(offered := getattr(found.recipe, "midi", None)):
        raise ValueError(f"{found.identity} writes no notes; chorales does. Choose an --out that ends in .png.")
    return offered(samples)


def as_mesh(ending: str, found: Opened, samples: Tensor) -> bytes:
    """A file of surfaces, side by side: STL, OBJ or GLB."""
    if samples.dim() != 5:
        raise ValueError(
            f"{found.identity} makes no shapes; choose an --out that ends in one of {', '.join(ENDINGS[:3])}."
        )
    return meshes.as_file(samples, ending)


def as_text(found: Opened, samples: Tensor) -> bytes:
    """Lines of text where the recipe reads its samples as such, and else numbers, a sample a line."""
    if offers.reads(found.recipe):
        lines = offers.read(found.recipe, samples)
    else:
        if samples.shape[-1] > 64 or samples.dim() > 3:
            raise ValueError(f"{found.identity} writes no texts; choose an --out that ends in .png or .wav.")
        rows = samples.flatten(0, -2) if samples.dim() > 2 else samples
        lines = [" ".join(f"{value:.5g}" for value in row) for row in rows.tolist()]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")
