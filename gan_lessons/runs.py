"""A run folder: checkpoints, metrics and sample sheets of one training, and the record of what it reached."""

import datetime
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import safetensors.torch

from gan_lessons.attempts import Attempts
from gan_lessons.checkpoints import (
    CheckpointError,
    check_finite,
    data_checksum,
    load_checkpoint,
    read_checkpoint,
    save_checkpoint,
)
from gan_lessons.data.residence import resident
from gan_lessons.files import FileError, Lock, append, write_whole
from gan_lessons.interrupts import uninterrupted
from gan_lessons.ranks import RanksError
from gan_lessons.recipes import Recipe
from gan_lessons.records import as_line, as_text, better, machine, means, named, plain, read_metrics, seeds, thin
from gan_lessons.shortages import ShortageError, advice, is_shortage
from gan_lessons.training import GAN, DivergenceError, Record

__all__ = [
    "CheckpointError", "FileError", "Run", "load_checkpoint", "machine", "read_metrics", "save_checkpoint",
    "write_whole",
]  # fmt: skip


@dataclass
class Run:
    """One training of a recipe in a folder of its own, which no other process may write in until `close`.

    `identity` names the recipe, as digits/long@1. What is not fatal, such as a figure that cannot be measured, is told
    to `say` and left out.
    """

    recipe: Recipe
    folder: Path
    gan: GAN
    identity: str = ""
    say: Callable[[str], object] = print
    seconds: float = 0.0  # of training
    overhead: float = 0.0  # seconds of measuring, drawing and saving
    curve: list[dict[str, Any]] = field(default_factory=list)  # what was measured
    best: dict[str, Any] | None = None  # the line of the curve that `best.pt` belongs to

    def __post_init__(self) -> None:
        self.folder = Path(self.folder)
        self.checkpoint, self.metrics = self.folder / "checkpoint.pt", self.folder / "metrics.jsonl"
        self.lock: Lock | None = None
        self.started = time.perf_counter()
        self.attempts = Attempts(self.recipe, self.say)
        self.every, self.data = 0, ""

    @property
    def sample(self) -> Path:
        """The sheet of this step, and its sound, without their endings."""
        return self.folder / "samples" / f"step_{self.gan.step:06d}"

    @cached_property
    def source(self) -> Any:
        """The recipe's training data."""
        data = self.recipe.data()
        self.data = data_checksum(data)  # where it lies before it is moved: the same on every device
        return resident(data, self.gan.device)

    @cached_property
    def about(self) -> dict[str, Any]:
        """What the run is: no checkpoint of another goes on as this one."""
        len(self.source)  # the data are loaded once, and have a checksum then
        found = {"recipe": self.identity, "seed": seeds(self.gan.seed), "settings": self.recipe.settings()}
        return plain({**found, "data": self.data})

    def own(self) -> None:
        """Make the folder, and keep others from writing in it; a FileError says why that cannot be."""
        if self.lock is None:
            self.lock = Lock(self.folder)

    def close(self) -> None:
        """Let others write in the folder."""
        if self.lock is not None:
            self.lock.release()
            self.lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def resume(self) -> None:
        """Go on from the folder's checkpoint, and put the metrics right by what it holds.

        Raises CheckpointError where it is missing, damaged or of another run.
        """
        if not self.checkpoint.is_file():
            raise CheckpointError(f"There is no checkpoint {self.checkpoint}.")
        self.own()
        more = load_checkpoint(self.checkpoint, self.gan, self.about)
        self.curve, self.best = list(more["curve"]), more["best"]
        self.seconds, self.overhead = more["seconds"], more["overhead"]
        lines = "".join(map(as_line, self.curve))
        write_whole(self.metrics, lambda path: path.write_text(lines, "utf-8"))
        if self.gan.step == self.measured > 0:  # what a kill after the checkpoint may have left undone
            self.keep_best()
            if not self.sample.with_suffix(".png").is_file():
                self.attempts.draw(self.gan, self.sample)

    def rehearse(self) -> None:
        """Measure, draw and write once before the first step; what cannot be done is said, and left out.

        Raises FileError where the folder cannot be written to.
        """
        self.own()
        self.attempts.rehearse(self.gan, self.folder)

    def train(self, every: int) -> Iterator[tuple[Record, dict[str, float] | None]]:
        """Train to the end; every so many steps, and at the last, measure, save and draw a sheet.

        Yields each step's record, with the measured figures where there are any. A DivergenceError says where the last
        good state is.
        """
        if every < 1:
            raise ValueError(f"A run is measured every so many steps, at least 1, not {every}.")
        self.own()
        if self.gan.step == 0 and self.checkpoint.is_file():
            raise FileError(f"{self.folder} already holds a run; resume it, or choose another folder.")
        self.every, self.started = every, time.perf_counter()
        if not self.checkpoint.is_file():
            self.metrics.unlink(missing_ok=True)  # of a run that is gone
        if self.due() and self.measured < self.gan.step:
            self.measure()  # stopped between a step and its measurement
        source, self.started = self.source, time.perf_counter()
        try:
            for record in self.gan.ranks.in_step(self.recipe.train(self.gan, source)):
                yield record, self.measure() if self.due() else None
        except (DivergenceError, RanksError) as error:
            raise type(error)(f"{error} {self.good()}") from error
        except (MemoryError, RuntimeError) as error:
            if not is_shortage(error):
                raise
            raise ShortageError(f"{advice(self.recipe, self.gan.device, self.gan.step)} {self.good()}") from error

    def due(self) -> bool:
        """Whether this step is one to measure at."""
        return self.gan.step > 0 and (self.gan.step % self.every == 0 or self.gan.step == self.recipe.steps)

    @property
    def measured(self) -> int:
        """The step of the last measurement; 0 before the first."""
        return int(self.curve[-1]["step"]) if self.curve else 0

    def good(self) -> str:
        """Where the last good state is, in a sentence."""
        if not self.checkpoint.is_file():
            return "Nothing was saved before it."
        try:
            step = read_checkpoint(self.checkpoint)["gan"]["step"]
        except CheckpointError as error:
            return str(error)
        best = "" if self.best is None else f", and {self.folder / 'best.pt'} the best, of step {self.best['step']}"
        return f"{self.checkpoint} holds the last good state, of step {step}{best}."

    def spend(self, on: str) -> None:
        """Count the time since the last call as `seconds` of training, or as `overhead`."""
        now = time.perf_counter()
        setattr(self, on, getattr(self, on) + now - self.started)
        self.started = now

    def save(self) -> None:
        """Write the checkpoint."""
        more = {"curve": self.curve, "best": self.best, "seconds": self.seconds, "overhead": self.overhead}
        save_checkpoint(self.checkpoint, self.gan, self.about, **more)

    def keep_best(self) -> None:
        """Copy the checkpoint, if it is the best one by the recipe's figure."""
        if self.best is not None and self.best["step"] == self.gan.step:
            write_whole(self.folder / "best.pt", lambda path: shutil.copyfile(self.checkpoint, path))

    def stop(self) -> None:
        """Save what was trained since the last checkpoint; the next measurement is the next that was due."""
        if self.gan.step > self.measured:
            self.spend("seconds")
            thin(self.gan.history)
            with uninterrupted():
                self.own()
                self.save()

    def measure(self) -> dict[str, float]:
        """Score the GAN, and write a checkpoint, the figures, a sheet of samples and their sound, in this order.

        An interrupt while they are written waits until all are. Raises DivergenceError, and writes nothing, where the
        GAN is not finite.
        """
        self.spend("seconds")
        dead = check_finite(self.gan)
        figures = self.attempts.score(self.gan)
        self.spend("overhead")
        record = self.gan.history[-1]
        line: dict[str, Any] = {"step": self.gan.step, "seconds": round(self.seconds, 1), **means(record), **figures}
        if dead:
            line["dead"] = dead
            if not self.curve or self.curve[-1].get("dead") != dead:
                names = ", ".join(map(str, dead))
                self.say(f"From step {self.gan.step} on, dead by weights that are no numbers: member {names}.")
        line = plain(line)
        with uninterrupted():
            thin(self.gan.history)
            improved = better(self.attempts.best, line, self.best)
            self.curve.append(line)
            self.best = line if improved else self.best
            self.save()
            append(self.metrics, as_line(line))
            self.keep_best()
            self.attempts.draw(self.gan, self.sample)
            self.spend("overhead")
        return figures

    def finish(self, command: str = "") -> dict[str, Any]:
        """Store the averaged generator's weights and the record of the run, and close it."""
        self.own()
        if self.measured < self.gan.step:
            self.measure()
        weights = {key: value.contiguous() for key, value in self.gan.average.state_dict().items()}
        target = self.folder / "generator.safetensors"
        write_whole(target, lambda path: path.write_bytes(safetensors.torch.save(weights)))
        record = {
            **named(self.identity),
            "settings": self.about["settings"],
            "data": self.about["data"],
            "command": command,
            "date": datetime.date.today().isoformat(),
            "machine": machine(self.gan.device, self.gan.ranks.count),
            "seeds": seeds(self.gan.seed),
            "steps": self.gan.step,
            "seconds": round(self.seconds, 1),
            "overhead": round(self.overhead, 1),
            "figures": self.curve[-1] if self.curve else {},
            "best": self.best,
            "curve": self.curve,
        }
        write_whole(self.folder / "record.json", lambda path: path.write_text(as_text(record), "utf-8"))
        self.close()
        return plain(record)
