"""A run folder: checkpoints, metrics and sample sheets of one training, and the record of what it reached."""

import copy
import datetime
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from gan_lessons.plots.sound import wav_bytes
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN, Record, stacked, uninterrupted


class CheckpointError(ValueError):
    """A checkpoint cannot be written, or does not fit what it is loaded into."""


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name first, so that `path` always holds a whole one: the old or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        write(unfinished)
        with open(unfinished, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except (OSError, RuntimeError) as error:  # torch reports a full disk as a RuntimeError
        unfinished.unlink(missing_ok=True)
        raise CheckpointError(f"{path} could not be written ({error}); what it held before is untouched.") from error


def save_checkpoint(path: str | Path, gan: GAN, fingerprint: str = "") -> None:
    """Save all that training changes, for `load_checkpoint` to go on from."""
    state = {
        "fingerprint": fingerprint,
        "step": gan.step,
        "history": list(stacked(gan.history)) if gan.history else [],
        **{part: getattr(gan, part).state_dict() for part in PARTS},
    }
    write_whole(Path(path), lambda unfinished: torch.save(state, unfinished))


def load_checkpoint(path: str | Path, gan: GAN, fingerprint: str = "") -> None:
    """Bring a freshly built GAN to where a saved one was; a CheckpointError, if that fails, leaves it as it is."""
    path = Path(path)
    if not path.is_file():
        raise CheckpointError(f"There is no checkpoint {path}.")
    try:
        state = torch.load(path, map_location=gan.device, weights_only=True)
    except Exception as error:  # a damaged file can make torch raise nearly anything
        raise CheckpointError(f"The checkpoint {path} is damaged and cannot be read.") from error
    if not isinstance(state, dict) or not {*PARTS, "step", "history"} <= state.keys():
        raise CheckpointError(f"{path} is not a checkpoint of gan_lessons.")
    if state["fingerprint"] != fingerprint:
        raise CheckpointError(f"The checkpoint {path} belongs to another recipe, other settings or an older version.")
    before = {part: copy.deepcopy(getattr(gan, part).state_dict()) for part in PARTS}
    try:
        restore(gan, state)
    except (RuntimeError, ValueError) as error:
        restore(gan, before)
        raise CheckpointError(f"The checkpoint {path} belongs to networks of other shapes.") from error
    gan.step = state["step"]
    steps, *values = state["history"] or [torch.empty(0)] * len(Record._fields)
    gan.history[:] = map(Record, steps.tolist(), *values)


PARTS = ("generator", "discriminator", "average", "generator_optimizer", "discriminator_optimizer")


def restore(gan: GAN, state: dict[str, Any]) -> None:
    """Load the state of each part."""
    for part in PARTS:
        getattr(gan, part).load_state_dict(state[part])


@dataclass
class Run:
    """One training of a recipe in a folder of its own."""

    recipe: Recipe
    folder: Path
    gan: GAN
    seconds: float = 0.0  # of training, up to the last measurement
    measured: int = 0  # the step of the last measurement
    started: float = field(default_factory=time.perf_counter)  # when the training after it began

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    @property
    def metrics(self) -> Path:
        return self.folder / "metrics.jsonl"

    def resume(self) -> None:
        """Go on from the folder's checkpoint, and forget what was measured after it."""
        load_checkpoint(self.checkpoint, self.gan, self.recipe.fingerprint())
        kept = [line for line in read_metrics(self.metrics) if line["step"] <= self.gan.step]
        self.seconds, self.measured = (kept[-1]["seconds"], int(kept[-1]["step"])) if kept else (0.0, 0)
        write_whole(self.metrics, lambda path: path.write_text("".join(json.dumps(line) + "\n" for line in kept)))

    def train(self, every: int) -> Iterator[tuple[Record, dict[str, float] | None]]:
        """Train to the end; every so many steps, and at the last, measure, draw a sheet and save.

        Yields each step's record, with the measured figures where there are any.
        """
        data = self.recipe.data().to(self.gan.device)
        self.started = time.perf_counter()
        for record in self.recipe.train(self.gan, data):
            due = record.step % every == 0 or record.step == self.recipe.steps
            yield record, self.measure() if due else None

    def stop(self) -> None:
        """Measure and save what was trained since the last measurement."""
        if self.gan.step > self.measured:
            self.measure()

    def measure(self) -> dict[str, float]:
        """Score the GAN, and write the figures, a sheet of samples (and their sound) and a checkpoint.

        An interrupt while they are written waits until all are.
        """
        spent = time.perf_counter() - self.started
        record, figures = self.gan.history[-1], self.recipe.score(self.gan)
        sheet, clips = self.recipe.sheet(self.gan), self.recipe.listen(self.gan)
        losses = {name: float(value.float().mean()) for name, value in record._asdict().items() if name != "step"}
        sample = self.folder / "samples" / f"step_{record.step:06d}"
        with uninterrupted():
            write_whole(sample.with_suffix(".png"), lambda path: sheet.savefig(path, format="png"))
            if clips is not None:
                write_whole(sample.with_suffix(".wav"), lambda path: path.write_bytes(wav_bytes(clips.flatten())))
            save_checkpoint(self.checkpoint, self.gan, self.recipe.fingerprint())
            self.seconds += spent
            line = {"step": record.step, "seconds": round(self.seconds, 1), **losses, **figures}
            with self.metrics.open("a") as file:
                file.write(json.dumps(line) + "\n")
            self.measured, self.started = self.gan.step, time.perf_counter()
        return figures

    def finish(self, name: str, size: str, command: str) -> dict[str, Any]:
        """Store the averaged generator's weights and the record of the run."""
        write_whole(
            self.folder / "generator.safetensors",
            lambda path: safetensors.torch.save_file(
                {key: value.contiguous() for key, value in self.gan.average.state_dict().items()}, path
            ),
        )
        lines = read_metrics(self.metrics)
        record = {
            "recipe": name,
            "size": size,
            "command": command,
            "date": datetime.date.today().isoformat(),
            "machine": machine(self.gan.device),
            "seeds": [self.gan.seed] if isinstance(self.gan.seed, int) else list(self.gan.seed),
            "fingerprint": self.recipe.fingerprint(),
            "steps": self.gan.step,
            "seconds": round(self.seconds, 1),
            "figures": lines[-1],
            "curve": lines,
        }
        write_whole(self.folder / "record.json", lambda path: path.write_text(json.dumps(record, indent=1) + "\n"))
        return record


def read_metrics(path: Path) -> list[dict[str, float]]:
    """The lines of a metrics file, a dictionary each; none where there is no file."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def machine(device: torch.device) -> str:
    """The machine in words: processor, threads, torch."""
    processor = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.machine()
    capability = torch.backends.cpu.get_cpu_capability()
    return f"{processor} ({capability}), {torch.get_num_threads()} thread(s), torch {torch.__version__}"
