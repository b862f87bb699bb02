"""One of the processes that `bench ranks` compares: train a recipe for some steps, and store losses and seconds.

torchrun --nproc-per-node 2 -m tests.bench._ranks digits 200 float64 1.0 0.0 losses.pt
"""

import dataclasses
import sys
import time
from contextlib import nullcontext

import torch

from gan_lessons import ranks, recipes
from gan_lessons.data.sources import Source, as_source
from gan_lessons.gan import stacked


def as_dtype(source: Source, dtype: torch.dtype) -> Source:
    """A source whose samples have that precision."""
    for name, value in vars(source).items():
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            setattr(source, name, value.to(dtype))
    return source


def main(name: str, steps: str, precision: str, rate: str, nudge: str, out: str) -> None:
    dtype = getattr(torch, precision)
    recipe = recipes.find(name, "cpu")
    recipe = dataclasses.replace(recipe, steps=int(steps), learning_rate=float(rate) * recipe.learning_rate)
    torch.set_num_threads(1)
    with ranks.launched(torch.device("cpu")) as team:
        data = as_dtype(as_source(recipe.data()), dtype)
        torch.set_default_dtype(dtype)
        gan = recipe.build()
        gan.autocast = nullcontext()  # bfloat16 has three digits
        with torch.no_grad():
            next(gan.discriminator.parameters()).mul_(1 + float(nudge))
        team.join(gan)
        times = [time.perf_counter()]
        for _ in recipe.train(gan, data):
            times.append(time.perf_counter())
        if team.rank == 0:
            seconds = torch.tensor(times).diff()
            torch.save({"losses": torch.stack(stacked(gan.history)[1:3]), "seconds": seconds}, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
