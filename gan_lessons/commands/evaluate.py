"""`evaluate`: a run's figures beside those of noise and of real data, and a page to look at."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from gan_lessons.checkpoints import batch_of, read_checkpoint
from gan_lessons.commands.opening import Opened, of_run
from gan_lessons.commands.signals import tell
from gan_lessons.files import write_whole
from gan_lessons.records import machine, named, numbers, plain, read_json
from gan_lessons.reports.page import page

Scale = dict[str, dict[str, float]]


def run(options: argparse.Namespace) -> int:
    """Measure, print and write the page."""
    if not options.folder.is_dir():
        raise ValueError(f"There is no folder of a run {options.folder}.")
    found = of_run(options.folder, options.best)
    figures = plain(found.recipe.score(found.gan))
    beside = scale(found, print)
    show(figures, beside)
    record = record_of(options.folder, found)
    if not options.best:
        record["figures"] = {**record["figures"], **figures}
    target = options.folder / "report.html"
    write_page(target, page(options.folder, record, beside))
    tell(f"\n{target} shows it all.")
    return 0


def report(folder: Path, found: Opened, say: Callable[[str], object] = print) -> bool:
    """Write the page of a run that is done, and return whether it is there; what fails is said, and stops nothing."""
    try:
        write_page(folder / "report.html", page(folder, record_of(folder, found), scale(found, say)))
    except Exception as error:  # the run itself is whole
        say(f"There is no report.html: {type(error).__name__}: {error}")
        return False
    return True


def write_page(path: Path, text: str) -> None:
    """Write a page; a byte that the locale could not read, as in a folder's name under plain C, stands as "?"."""
    write_whole(path, lambda unfinished: unfinished.write_bytes(text.encode("utf-8", "replace")))


def record_of(folder: Path, found: Opened) -> dict[str, Any]:
    """A run's record; of one that is not done, what its checkpoint tells."""
    path = folder / "record.json"
    if path.is_file():
        record = read_json(path)
        if record.get("steps") == found.gan.step:
            return record
    state = read_checkpoint(folder / "checkpoint.pt")
    about, more = state["about"], state["more"]
    return {
        **named(about["recipe"]),
        "settings": about["settings"],
        "data": about["data"],
        "seeds": about["seed"],
        "machine": machine(found.gan.device),
        "steps": found.gan.step,
        "seconds": more["seconds"],
        "figures": found.curve[-1] if found.curve else {},
        "best": more["best"],
        "curve": found.curve,
    }


def scale(found: Opened, say: Callable[[str], object]) -> Scale:
    """What noise and real data score, by figure: as the recipe tells, or by its `score_samples`; else nothing."""
    try:
        if callable(told := getattr(found.recipe, "floor_and_ceiling", None)):
            return {name: as_pair(pair) for name, pair in told().items()}
        if callable(score := getattr(found.recipe, "score_samples", None)):
            return compared(found, score)
    except Exception as error:
        say(f"Noise and real data could not be scored: {error}")
    return {}


def as_pair(pair: Any) -> dict[str, float]:
    """Two values as those of noise and of real data, a dictionary as it is; what is no number is left out."""
    return numbers(dict(pair) if isinstance(pair, dict) else dict(zip(("noise", "real"), pair, strict=True)))


def compared(found: Opened, score: Callable[[torch.Tensor], dict[str, float]], count: int = 5000) -> Scale:
    """The scores of real data, and of noise in their range."""
    source = found.recipe.data()
    generator = torch.Generator().manual_seed(0)
    indices = torch.randperm(len(source), generator=generator)[:count]
    batch = batch_of(source, indices)
    real = getattr(batch, "real", batch)
    low, high = float(real.min()), float(real.max())
    noise = torch.rand(real.shape, generator=generator) * (high - low) + low
    scores = {"noise": numbers(score(noise)), "real": numbers(score(real))}
    return {name: {what: part[name] for what, part in scores.items() if name in part} for name in scores["real"]}


def show(figures: dict[str, Any], beside: Scale) -> None:
    """Print a table: the figure, and what noise and real data score."""
    others = sorted({what for scores in beside.values() for what in scores})
    tell(f"{'':<24}{'this run':>12}" + "".join(f"{what:>12}" for what in others))
    measured = numbers(figures)
    for name in figures:
        cells = [measured.get(name), *(beside.get(name, {}).get(what) for what in others)]
        shown = ("-" if cell is None else f"{cell:.5g}" for cell in cells)
        tell(f"{name:<24}" + "".join(f"{cell:>12}" for cell in shown))
