"""`train`: a recipe in a folder, with a progress bar; what stops it saves first."""

import argparse
import contextlib
import dataclasses
import shlex
import sys
import time
from pathlib import Path

import torch
from tqdm import tqdm

from gan_lessons import devices, ranks, recipes, stepping
from gan_lessons.checkpoints import differences
from gan_lessons.commands import evaluate, offers, settings, signals
from gan_lessons.commands.opening import Opened
from gan_lessons.files import Lock
from gan_lessons.records import duration, plain, thin
from gan_lessons.runs import Run
from gan_lessons.training import DivergenceError


def run(options: argparse.Namespace) -> int:
    """Train, and save whatever stops it; the exit status is 0, or 128 and the number of the signal."""
    device = devices.pick(options.device)
    with ranks.launched(device) as team, signals.as_interrupts() as received:
        torch.set_num_threads(options.threads)
        if not (follow if team.rank else lead)(options, device, team):
            return 128 + received[0] if received else 130
    return 0


def wanted(options: argparse.Namespace, device: torch.device) -> tuple[recipes.Recipe, str, Path]:
    """The recipe that was asked for, its identity, and the run's folder."""
    size = options.size or default_size(options.recipe, device)
    recipe = settings.changed(recipes.find(options.recipe, size, options.data), options)
    if options.steps is not None:
        recipe = dataclasses.replace(recipe, steps=options.steps)
    folder = options.out or Path("runs") / options.recipe.replace(":", "_")
    return recipe, f"{options.recipe}/{size}@{recipe.version}", folder


def lead(options: argparse.Namespace, device: torch.device, team: ranks.Alone) -> bool:
    """Train, measure, save and tell; whether the end was reached. Where many train together, the first does so."""
    began = time.perf_counter()
    recipe, identity, folder = wanted(options, device)
    if options.resume and not (folder / "checkpoint.pt").is_file():
        raise ValueError(f"There is no checkpoint {folder / 'checkpoint.pt'} to go on from; leave out --resume.")
    Lock(folder).release()  # before anything that takes time
    if not options.resume and (folder / "checkpoint.pt").exists():
        raise ValueError(f"{folder} already holds a run; add --resume to go on with it, or choose another --out.")
    with Run(recipe, folder, recipe.build(str(device), options.seed), identity, say) as running:
        stepping.use(running.gan, options.step)
        signals.tell(f"data: {offers.found(recipe, running.source)}")
        if options.resume:
            running.resume()
            signals.tell(f"Going on from step {running.gan.step} of {recipe.steps}.")
        else:
            running.rehearse()
        team.told((running.about, running.gan.state()))
        team.join(running.gan)
        if not watch(running, options.every or every(recipe.steps), identity):
            return False
        with signals.deaf():
            reached = running.finish(shlex.join(["gan-lessons", *options.words]))
        written = False
        with contextlib.suppress(KeyboardInterrupt):  # the run itself is whole
            written = evaluate.report(folder, Opened(recipe, running.gan, running.identity, running.curve), say)
    took = time.perf_counter() - began
    held = {"report.html": written, "the samples": any((folder / "samples").glob("*")), "metrics.jsonl": True}
    listed = ", ".join(name for name, there in held.items() if there)
    signals.tell(
        f"Done in {duration(took)}, {duration(reached['seconds'])} of them training; {folder} holds {listed} and "
        "record.json."
    )
    return True


def follow(options: argparse.Namespace, device: torch.device, team: ranks.Alone) -> bool:
    """Train along with the first process, from the state that it tells, and leave all else to it."""
    about, state = team.told(None)
    recipe, identity, folder = wanted(options, device)
    running = Run(recipe, folder, recipe.build(str(device), options.seed), identity)
    if found := differences(about, running.about):
        raise ranks.RanksError(f"Process {team.rank} is to train something else than the first: {'; '.join(found)}.")
    running.gan.load(state)
    team.join(running.gan)
    try:
        for _ in team.in_step(recipe.train(running.gan, running.source)):
            thin(running.gan.history)
    except KeyboardInterrupt:
        return False
    return True


def say(words: str) -> None:
    """Write above the progress bar, if there still is somebody to read."""
    with contextlib.suppress(OSError, ValueError):
        tqdm.write(words)


def default_size(name: str, device: torch.device) -> str:
    """The size `gpu` on a GPU and `cpu` elsewhere; of a recipe that has neither, the first."""
    known, wanted = recipes.sizes(name), "cpu" if device.type == "cpu" else "gpu"
    return wanted if wanted in known else next(iter(known))


def every(steps: int) -> int:
    """A twentieth of all steps, but not fewer than fifty: a measurement may take as long as many steps."""
    return max(50, steps // 20)


def watch(running: Run, every: int, name: str) -> bool:
    """Train to the end with a progress bar, and return True; or save when interrupted, and return False."""
    steps, shown = running.recipe.steps, {}
    stream = signals.Calm(sys.stderr)
    bar = tqdm(total=steps, initial=running.gan.step, unit="step", desc=name, file=stream, dynamic_ncols=True)
    try:
        with bar:
            for record, figures in running.train(every):
                bar.update()
                if figures:
                    shown = short(figures, running.attempts.best)
                if record.step % 20 == 0:
                    losses = (record.discriminator_loss, record.generator_loss)
                    values = (f"{float(value.nanmean()):.2f}" for value in losses)
                    bar.set_postfix({**dict(zip("DG", values, strict=True)), **shown}, refresh=False)
    except KeyboardInterrupt:
        with signals.deaf():
            save(running)
        signals.tell(
            f"Stopped at step {running.gan.step} of {steps}; the same command with --resume goes on from there."
        )
        return False
    return True


def save(running: Run) -> None:
    """Save what was trained; a DivergenceError says where the last good state is."""
    try:
        running.stop()
    except DivergenceError as error:
        raise DivergenceError(f"{error} {running.good()}") from error


def short(figures: dict[str, float], best: str | None) -> dict[str, str]:
    """The one figure that a progress bar shows: the recipe's own choice, or else the first."""
    name = best.partition(" ")[2] if best else next(iter(figures))
    value = plain(figures.get(name))
    return {name: f"{value:.4g}"} if isinstance(value, int | float) else {}
