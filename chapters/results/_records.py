"""What the scripts beside it share: scored trainings, weights in half precision, and records in few digits."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import nn
from tqdm import tqdm

from gan_lessons.data.text import words
from gan_lessons.likelihood import Model, maximum_likelihood
from gan_lessons.metrics.text import text_scores
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN


def scored(plan: Recipe, seed: int, times: int, name: str) -> tuple[GAN, list[dict[str, float]]]:
    """Train a GAN, and score it `times` times, the last at the end; with the CPU seconds of training alone."""
    gan, data, curve, seconds = plan.build(seed=seed), plan.data(), [], 0.0
    start = time.process_time()
    for record in tqdm(plan.train(gan, data), total=plan.steps, desc=f"{name}, seed {seed}"):
        if record.step * times % plan.steps < times:
            seconds += time.process_time() - start
            curve.append({"step": record.step, "seconds": seconds, **plan.score(gan)})
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
    """Write a record as JSON, its figures to four places."""
    rounded = json.loads(json.dumps(record), parse_float=lambda number: round(float(number), 4))
    path.write_text(json.dumps(rounded, indent=1) + "\n")
