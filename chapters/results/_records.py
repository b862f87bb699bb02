"""What the scripts beside it share: scored trainings, weights in half precision, dated records, and their traces.

`python -m chapters.results._records NAME …` traces anew what the records of these names say; do so only after a run.
"""

import datetime
import importlib
import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import nn
from tqdm import tqdm

from gan_lessons import recipes, traces
from gan_lessons.data.text import words
from gan_lessons.gan import GAN, Record
from gan_lessons.likelihood import Model, maximum_likelihood
from gan_lessons.metrics.text import text_scores
from gan_lessons.recipes import Recipe
from gan_lessons.runs import machine

HERE = Path(__file__).parent
TRACES = HERE / "traces"


def trained(
    plan: Recipe, seed: int = 0, name: str = "", seen: Callable[[Record], Any] | None = None
) -> tuple[GAN, float]:
    """Train a GAN, and let `seen` see the record of every step; and the CPU seconds that it took."""
    gan, data = plan.build(seed=seed), plan.data()
    start = time.process_time()
    for record in tqdm(plan.train(gan, data), total=plan.steps, desc=f"{name}, seed {seed}", disable=not name):
        if seen:
            seen(record)
    return gan, time.process_time() - start


def scored(
    plan: Recipe, seed: int, times: int, name: str, score: Callable[[GAN], dict[str, Any]] | None = None
) -> tuple[GAN, list[dict[str, Any]]]:
    """Train a GAN, and score it `times` times, the last at the end; with the CPU seconds of training alone.

    `score` is the plan's own, unless another is given.
    """
    gan, data, curve, seconds = plan.build(seed=seed), plan.data(), [], 0.0
    start = time.process_time()
    for record in tqdm(plan.train(gan, data), total=plan.steps, desc=f"{name}, seed {seed}"):
        if record.step * times % plan.steps < times:
            seconds += time.process_time() - start
            curve.append({"step": record.step, "seconds": seconds, **(score or plan.score)(gan)})
            start = time.process_time()
    return gan, curve


def taught(
    make: Callable[[], Model], seed: int, steps: int, temperatures: Sequence[float], name: str
) -> tuple[Model, list[dict[str, float]]]:
    """Teach a model words by maximum likelihood; its scores at each temperature, with the CPU seconds of training."""
    torch.manual_seed(seed)
    start = time.process_time()
    every = maximum_likelihood(make(), words().train.symbols, steps, seed=seed)
    *_, model = tqdm(every, total=steps, desc=f"{name}, seed {seed}")
    seconds, found = time.process_time() - start, []
    for temperature in temperatures:
        torch.manual_seed(0)
        scores = text_scores(model.sample(5000, temperature), words())._asdict()
        found.append({"temperature": temperature, "seconds": seconds, **scores})
    return model, found


def store(path: Path, model: nn.Module) -> None:
    """Keep a model's weights in half precision."""
    halves = {key: value.half().contiguous() for key, value in model.state_dict().items()}
    safetensors.torch.save_file(halves, path)


def write(path: Path, record: dict[str, Any]) -> None:
    """Write a record, which names its command, with the date and the machine, and beside it how its trainings begin."""
    path.write_text(json.dumps(rounded(dated(record), ".4f"), indent=1, ensure_ascii=False) + "\n", "utf-8")
    write_traces(path)


def dated(record: dict[str, Any]) -> dict[str, Any]:
    """A record with the date and the machine."""
    return {"date": datetime.date.today().isoformat(), "machine": machine(torch.device("cpu")), **record}


def of_plans(plans: Mapping[str, Recipe]) -> dict[str, Any]:
    """How the training of each of some recipes begins."""
    return {name: of_plan(plan) for name, plan in plans.items()}


@cache
def of_plan(plan: Recipe) -> dict[str, Any]:
    """How the training of a recipe begins; several records may come from one."""
    return traces.of_recipe(plan)


def rounded(tree: Any, digits: str) -> Any:
    """A tree of JSON with its numbers in that format."""
    return json.loads(json.dumps(tree), parse_float=lambda number: float(format(float(number), digits)))


def traced(path: Path) -> dict[str, Any]:
    """How the trainings behind a record begin now, by their names.

    A run's record names its recipe; any other is written by a script or a bench, whose `traced` says it.
    """
    record = json.loads(path.read_text("utf-8"))
    if "recipe" in record:
        name, _, size = record["recipe"].partition("@")[0].partition("/")
        sizes = [size or record["size"], *(entry for entry in ("plain",) if entry in record)]
        return {size: of_plan(recipes.find(name, size)) for size in sizes}
    bench, script = (re.search(f"{marker}(\\w+)", record["command"]) for marker in ("NAME=", "results/"))
    return traced_by(f"tests.bench.{bench[1]}" if bench else f"chapters.results.{script[1]}")  # type: ignore[index]


@cache
def traced_by(module: str) -> dict[str, Any]:
    """How the trainings of a script or a bench begin now; several records may come from one."""
    return importlib.import_module(module).traced()


def write_traces(path: Path) -> None:
    """Store how the trainings behind a record begin."""
    found = rounded(traced(path), ".7g")
    lines = (f" {json.dumps(name, ensure_ascii=False)}: {json.dumps(trace)}" for name, trace in found.items())
    place = TRACES / path.relative_to(HERE)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in sys.argv[1:]:
        write_traces(HERE / f"{name}.json")
