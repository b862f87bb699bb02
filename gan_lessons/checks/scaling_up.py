"""The checks of the assignment to chapter 21, Scaling up. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import softplus

from gan_lessons.checks import (
    CheckError,
    brief,
    call,
    compare,
    flat,
    gradients,
    length,
    number,
    numbers,
    own,
    seed_of,
    slopes,
)
from gan_lessons.checks.cards import say, task
from gan_lessons.checks.eight import eight_gans, own_ring, reached, trained
from gan_lessons.checks.four_timelines import timelines
from gan_lessons.checks.parallel import check_ranks, slices
from gan_lessons.checks.waits import Saved, check_waits, played, told_what_comes
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.timelines import Roof

__all__ = [
    "Roof", "accumulated", "convolution", "euros", "notes", "own_plan", "own_ring", "parallel_training", "seed_of",
    "timelines",
]  # fmt: skip

CARDS = [Roof(8e12, 3.2e11, 8), Roof(2e13, 1.5e12, 6), Roof(6e13, 3e12, 10)]
LAYERS = (128, 96, 112, 32, 5), (64, 1, 4, 224, 1), (7, 3, 5, 8, 3)  # each meets another limit
OVERHEAD, PRICE = 1.4, 0.3  # of a cooled computer over its card; euros a kWh


@task
def convolution(answer: Callable, seed: int = 0, layers: Sequence[tuple[int, ...]] = LAYERS) -> None:
    """Check convolution(batch, inputs, outputs, side, kernel, roof): FLOPs, bytes and microseconds."""
    roof = own(seed, "card", CARDS)
    for batch, inputs, outputs, side, kernel in layers:
        rest = [inputs, outputs, side, kernel]
        layer = (batch + own(seed, f"batch of {rest}", [0, 1, 4, 6]), inputs, outputs, side, kernel)
        what = f"{answer.__name__}{(*layer, Roof(*roof))}"
        found = call(answer, *layer, roof)
        yours = numbers(answer, found, 3, "not three counts")
        right, mistakes = counted(*layer, roof)
        compare(what, yours, right, mistakes, told)


def told(counts: Tensor) -> str:
    flops, moved, microseconds = counts.tolist()
    return f"{flops:,.0f} FLOP, {moved:,.0f} bytes, {microseconds:,.3f} µs"


def counted(
    batch: int, inputs: int, outputs: int, side: int, kernel: int, roof: Roof
) -> tuple[Tensor, list[tuple[str, Tensor]]]:
    """FLOPs, bytes and microseconds of a convolution, and what they are after the usual mistakes."""
    pixels = batch * side**2
    flops = 2 * pixels * outputs * inputs * kernel**2
    read, weights, written = pixels * inputs, inputs * outputs * kernel**2, pixels * outputs
    moved = 4 * (read + weights + written)

    def with_time(flops: float, moved: float, time: float | None = None) -> Tensor:
        slowest = max(limits(flops, moved, roof)) if time is None else time
        return torch.tensor([flops, moved, slowest], dtype=torch.double)

    arithmetic, memory, launch = limits(flops, moved, roof)
    times = [
        ("the three added up", arithmetic + memory + launch),
        ("the three added up", arithmetic + memory),
        ("launch forgotten", max(arithmetic, memory)),
        ("arithmetic only", arithmetic),
        ("memory only", memory),
        ("fastest of the three", min(arithmetic, memory, launch)),
        ("seconds", max(arithmetic, memory, launch) / 1e6),
        ("seconds", max(arithmetic / 1e6, memory / 1e6, launch)),
        ("launch in seconds", max(arithmetic, memory, launch * 1e6)),
        ("milliseconds", max(arithmetic, memory, launch) / 1e3),
    ]
    return with_time(flops, moved), [
        ("multiplications only", with_time(flops / 2, moved)),
        ("batch left out", with_time(flops / batch, moved)),
        ("one pixel of the kernel", with_time(flops / kernel**2, moved)),
        ("inputs left out", with_time(flops / inputs, moved)),
        ("numbers, not bytes", with_time(flops, moved / 4)),
        ("two bytes each", with_time(flops, moved / 2)),
        ("weights left out", with_time(flops, moved - 4 * weights)),
        ("output left out", with_time(flops, moved - 4 * written)),
        ("input left out", with_time(flops, moved - 4 * read)),
        ("weights for every picture", with_time(flops, moved + 4 * (batch - 1) * weights)),
        *((name, with_time(flops, moved, time)) for name, time in times),
    ]


def limits(flops: float, moved: float, roof: Roof) -> tuple[float, float, float]:
    """Microseconds that arithmetic, memory and launch take."""
    return flops / roof.flops * 1e6, moved / roof.bandwidth * 1e6, roof.launch


class Plan(NamedTuple):
    """What a training comes to: samples in all and in a step, operations a step, microseconds, the card's watts."""

    samples: int
    batch: int
    operations: int
    launch: float
    working: float
    watts: int


def own_plan(seed: int = 0) -> Plan:
    """A training of your own, and the card that it runs on."""
    asked, working = own(seed, "step", [(420, 2100.0), (510, 9300.0), (640, 3100.0), (380, 6900.0)])
    samples, batch = own(seed, "samples", [20, 30, 40, 50]) * 1_000_000, own(seed, "batch", [64, 128, 256])
    return Plan(samples, batch, asked, 8.0, working, own(seed, "watts", [70, 300, 400, 700]))


@task
def euros(answer: Any, seed: int = 0) -> None:
    """Check what a training's electricity costs, to one in a hundred."""
    plan = own_plan(seed)
    steps, asking = plan.samples / plan.batch, plan.operations * plan.launch

    def cost(step: float, steps: float = steps) -> float:
        return steps * step / 3.6e9 * plan.watts * OVERHEAD / 1000 * PRICE

    right = cost(max(asking, plan.working))
    mistakes = [
        ("shorter of the two", cost(min(asking, plan.working))),
        ("asking and working added", cost(asking + plan.working)),
        ("computer forgotten", right / OVERHEAD),
        ("kWh, not euros", right / PRICE),
        ("watt-hours", right * 1000),
        ("a step for every sample", right * plan.batch),
        ("batch twice", right / plan.batch),
        ("minutes or seconds as hours", right * 60),
        ("minutes or seconds as hours", right * 3600),
    ]
    number("euros", answer, right, mistakes, tolerance=right / 100, secret=True)


@task
def accumulated(answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((12, 4), (23, 5))) -> None:
    """Check accumulated(network, loss, samples, most) for these numbers of samples, and of samples at once."""
    for count, most in sizes:
        random = torch.Generator().manual_seed(seed + count)
        network = PointDiscriminator(2, width=16).double()
        drift = torch.linspace(-2, 2, count, dtype=torch.double)[:, None]  # no two parts are alike
        samples = torch.randn(count, 2, generator=random, dtype=torch.double) + drift
        right, old, mistakes = in_parts(network, samples, most)
        for weight, slope in zip(network.parameters(), old, strict=True):
            weight.grad = slope.clone()
        graphs = Saved()
        given, kept = told_what_comes(network, graphs)
        what = f"{answer.__name__}, {count} samples, {most} at most"
        with graphs:
            call(answer, network, raised, samples.clone(), most)
        if any(len(some) > most for some in given):
            at_once = max(map(len, given))
            raise CheckError("whole batch at once", f"{what}: the network was given {at_once} samples at once")
        if sum(map(len, given)) > count:
            raise CheckError("samples shown twice", f"{what}: {sum(map(len, given))} samples went through the network")
        compare(f"{what}: the gradient", flat(gradients(network.parameters())), right, mistakes, length)
        if any(kept):
            raise CheckError("all graphs kept", f"{what}: a part's graph was still there when the next part went in")


def raised(scores: Tensor) -> Tensor:
    """A generator's loss: the mean of softplus(-score)."""
    return softplus(-scores).mean()


def in_parts(
    network: torch.nn.Module, samples: Tensor, most: int
) -> tuple[Tensor, list[Tensor], list[tuple[str, Tensor]]]:
    """The gradient of the whole batch, one that an earlier step has left, and what the usual mistakes lead to."""
    weights, count = list(network.parameters()), len(samples)

    def gradient(some: Tensor) -> Tensor:
        return flat(slopes(raised(network(some)), weights))

    parts = samples.split(most)
    each, share = torch.stack([gradient(part) for part in parts]), torch.tensor([len(part) / count for part in parts])
    right, before = gradient(samples), [3 * slope for slope in slopes(raised(network(samples.flip(1) - 1)), weights)]
    left, full = flat(before), each[: count // most]
    wrong = [
        ("parts weighed alike", each.mean(0)),
        ("parts weighed alike", each.sum(0) * most / count),
        ("parts weighed alike", each.sum(0) / (count // most)),
        ("parts added up", each.sum(0)),
        ("last part only", each[-1]),
        ("last part only", each[-1] * share[-1]),
        ("last part only", each[-1] / len(parts)),
        ("last part dropped", full.mean(0)),
        ("last part dropped", full.sum(0) * most / count),
        ("last part dropped", full.sum(0)),
        ("summed", right * count),
    ]
    older = [("forgotten zero_grad", value + left) for value in (right, *(value for _, value in wrong))]
    return right, before, [("no backward", left), ("no backward", torch.zeros_like(left)), *wrong, *older]


@task
def notes(answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((12, 4), (35, 5))) -> None:
    """Check notes(step, steps, every) for these numbers of steps, and of steps between two notes."""
    for steps, every in sizes:
        random = torch.Generator().manual_seed(seed + steps)
        losses = torch.randn(steps, generator=random, dtype=torch.double) - 4
        what = f"{answer.__name__}, {steps} steps, a note every {every}"
        found, watch = played(answer, losses, every)
        try:
            yours = torch.tensor([[float(one) for one in pair] for pair in found], dtype=torch.double)
        except (TypeError, ValueError, RuntimeError):
            raise CheckError("not pairs", f"{answer.__name__} returned {brief(found)}") from None
        groups = losses.unflatten(0, (-1, every))
        right = noted(groups.mean(1), groups.amax(1))
        if yours.shape != right.shape:
            raise CheckError("not pairs", f"{answer.__name__} returned {brief(found)}")
        if any(isinstance(one, Tensor) for pair in found for one in pair):
            raise CheckError("tensors, not numbers", f"{answer.__name__} returned {brief(found)}")
        running, so_far = losses.cumsum(0)[every - 1 :: every], losses.cummax(0).values[every - 1 :: every]
        zero = groups.amax(1).clamp(min=0)
        worst = groups.amax(1)
        compare(what, yours, right, [
            ("never emptied", noted(running / every, worst)),
            ("never emptied", noted(running / every, so_far)),
            ("never emptied", noted(running / (every * torch.arange(1, len(groups) + 1)), worst)),
            ("never emptied", noted(running / (every * torch.arange(1, len(groups) + 1)), so_far)),
            ("largest of all steps", noted(groups.mean(1), so_far)),
            ("last loss only", noted(groups[:, -1], worst)),
            ("sum, not mean", noted(groups.sum(1), worst)),
            ("mean and largest swapped", noted(worst, groups.mean(1))),
            ("begun at zero", noted(groups.mean(1), zero)),
        ])  # fmt: skip
        say(check_waits(what, watch, every))


def noted(*columns: Tensor) -> Tensor:
    return torch.stack(columns, 1)


@task
def parallel_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 400) -> Tensor:
    """Check parallel_training(gan, batches): single rounds against one process, and what eight GANs reach.

    Return their samples [8, 500, 2].
    """
    check_ranks(answer, seed, rounds)
    gan = trained(answer, eight_gans(seed), slices(seed, steps))
    return reached(answer.__name__, gan, own_ring(seed), seed)
