"""Traces: does a training still begin as it did? A few steps' losses, scores and norms, to compare with stored ones.

A trace asks the behaviour and not the code: renaming a variable leaves it as it is, and the sign of a loss does not.
"""

import copy
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from gan_lessons.data.sources import Batch, Source, as_source
from gan_lessons.gan import GAN, Record
from gan_lessons.likelihood import Model, maximum_likelihood
from gan_lessons.recipes import Recipe
from gan_lessons.sweeps import Sweep

MOMENTS = {0.0: 3, 0.5: 1, 0.99: 1}  # shares of the training, and the steps that are taken there
TOLERANCE = 1e-3  # after as many steps processors differ by 2e-6, or 5e-4 of networks made in single precision
Made = TypeVar("Made")
Row = dict[str, float]
Trace = list[Row]


def of_gan(gan: GAN, train: Callable[..., Iterator[Record]], steps: int) -> Trace:
    """A row a step, at the beginning, half way and near the end of a training of `steps` steps, rehearsed once.

    Every moment has the weights of the beginning: only what follows from the step is late. What processors round
    differently grows tenfold a step, so there are few steps in a row.
    """
    rows, start = [], copy.deepcopy(gan.state())
    more: dict[str, bool] = {}
    for moment, count in MOMENTS.items():
        gan.load(start)
        gan.step = int(moment * steps)
        rows += [row(gan, record) for record in islice(train(**more), count)]
        more = {"rehearsal": False}  # once is enough
    return rows


def row(gan: GAN, record: Record) -> Row:
    """What a step's record says, and the size of weights, gradients and of the average's distance from G.

    Of a population it is the mean over the members.
    """
    generator, discriminator = list(gan.generator.parameters()), list(gan.discriminator.parameters())
    pairs = zip(gan.average.state_dict().values(), gan.generator.state_dict().values(), strict=True)
    away = [averaged - present for averaged, present in pairs]
    sizes: dict[str, Sequence[Tensor | None]] = {
        "generator_size": generator,
        "discriminator_size": discriminator,
        "average_away": away,
        "generator_gradient": [weight.grad for weight in generator],
        "discriminator_gradient": [weight.grad for weight in discriminator],
    }
    _, *values, extra = record
    figures = {name: float(value.mean()) for name, value in zip(Record._fields[1:], values, strict=False)}
    figures |= {f"extra {name}": float(value.mean()) for name, value in extra.items()}
    return {"step": record.step, **figures} | {name: size(tensors) for name, tensors in sizes.items()}


@torch.no_grad()
def size(tensors: Iterable[Tensor | None]) -> float:
    """The square root of the sum of all squares; 0 where there are no tensors."""
    return math.sqrt(sum(float(tensor.double().square().sum()) for tensor in tensors if tensor is not None))


def of_training(gan: GAN, data: Tensor | Source, train: Callable[..., Iterator[Record]], steps: int) -> dict[str, Any]:
    """The trace of a training of so many steps, and its data's size, mean and standard deviation.

    It is taken in double precision: in single, what processors round differently decides the direction in which Adam
    moves a weight whose gradient is next to nothing.
    """
    source = Precise(as_source(data))
    # in single precision, processors would round to different ones of very many
    chosen = torch.linspace(0, len(source) - 1, min(len(source), 500), dtype=torch.float64).long()
    real, _ = source.batch(chosen)
    seen = {"count": len(source), "mean": float(real.double().mean()), "std": float(real.double().std())}
    gan.autocast = nullcontext()
    with precisely(gan.generator, gan.discriminator, gan.average):
        # a buffer in another precision is another tensor
        gan.buffers = list(zip(gan.average.buffers(), gan.generator.buffers(), strict=True))
        return {"data": seen, "steps": of_gan(gan, partial(train, gan, source), steps)}


class Precise:
    """A source whose floats are in double precision."""

    def __init__(self, source: Source):
        self.source = source

    def __len__(self) -> int:
        return len(self.source)

    def batch(self, indices: Tensor) -> Batch:
        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.float32)  # what makes data is left as it is
        try:
            return Batch(*map(doubled, self.source.batch(indices)))
        finally:
            torch.set_default_dtype(before)


def doubled(value: Any) -> Any:
    """A float tensor in double precision; anything else as it is."""
    return value.double() if isinstance(value, Tensor) and value.is_floating_point() else value


def of_recipe(recipe: Recipe) -> dict[str, Any]:
    """The trace of a recipe with seed 0; its networks are made in double precision, too."""
    data = recipe.data()  # before, so that what it keeps of it for later is as ever
    return of_training(made(recipe.build), data, recipe.train, recipe.steps)


def made(build: Callable[[], Made]) -> Made:
    """What `build` makes in double precision: in single, the very first weights depend on the processor."""
    with precisely():
        return build()


def of_sweep(sweep: Sweep, steps: int) -> dict[str, Any]:
    """The traces of a sweep's groups, one after the other."""
    groups = [
        of_training(group.gan, sweep.data, lambda _, data, one=group, **more: one.train(data, steps, **more), steps)
        for group in sweep.groups
    ]
    return {"data": groups[0]["data"], "steps": [row for group in groups for row in group["steps"]]}


def of_model(make: Callable[[], Model], texts: Tensor) -> dict[str, Any]:
    """The trace of a model that learns texts [count, length] by maximum likelihood, with seed 0."""
    torch.manual_seed(0)
    model = made(make)
    with precisely(model):
        rows = [
            {
                "step": step,
                "size": size(list(model.parameters())),
                "gradient": size([weight.grad for weight in model.parameters()]),
            }
            for step, _ in enumerate(islice(maximum_likelihood(model, texts, steps=100), MOMENTS[0.0]), 1)
        ]
    return {"data": {"count": len(texts), "mean": float(texts.double().mean())}, "steps": rows}


@contextmanager
def precisely(*networks: nn.Module) -> Iterator[None]:
    """Let networks compute in double precision, and random numbers be drawn in it."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    for network in networks:
        network.double()
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def differences(stored: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Where a trace is not the stored one, in words; nothing where it is, up to what processors differ by."""
    faults = [
        f"data: {name} {found['data'].get(name)} instead of {value}"
        for name, value in stored["data"].items()
        if not math.isclose(value, found["data"].get(name, math.nan), rel_tol=TOLERANCE, abs_tol=1e-4)
    ]
    if [row["step"] for row in stored["steps"]] != [row["step"] for row in found["steps"]]:
        return [*faults, "it takes other steps"]
    for before, after in zip(stored["steps"], found["steps"], strict=True):
        for name in sorted(before.keys() | after.keys()):
            value, now = before.get(name, math.nan), after.get(name, math.nan)
            # a mean score may be next to nothing where single scores are not: it counts against the column's largest
            largest = max(abs(row.get(name, 0.0)) for row in stored["steps"])
            # but the average is close to G at the end, where rates are low
            slack = 0.0 if name == "average_away" else TOLERANCE * largest / 10
            if not math.isclose(value, now, rel_tol=TOLERANCE, abs_tol=slack):
                faults.append(f"step {before['step']}: {name} {now} instead of {value}")
    return faults
