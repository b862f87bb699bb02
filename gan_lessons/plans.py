"""Plans: what a training asks of a device, counted before it starts, and how long cards would take by data sheets.

A step is run on torch's `meta` device, where tensors have shapes and no values: nothing is computed, and nothing timed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from torch import Tensor

from gan_lessons.contract import rehearse
from gan_lessons.counting import UPDATE, Counting
from gan_lessons.data import sources
from gan_lessons.gan import GAN, Record, learning
from gan_lessons.training import draw

SHARE = 0.5  # of a data sheet's peaks that a kernel is taken to reach
LAUNCH = 8e-6  # seconds that Python takes to ask for one kernel
LEAST = 2e-6  # seconds of the shortest kernel
RESERVED = 1e9  # bytes that the driver, torch and cuDNN's workspaces take
MEMORIES = (8, 16, 24, 80)  # GB
PERIOD = 16  # steps that are looked at, at most, for the mean


class Card(NamedTuple):
    """A graphics card by its maker's data sheet: FLOP/s in products of float32 (TF32 where it has it), without
    sparsity, bytes/s, and watts at most."""

    flops: float
    bandwidth: float
    watts: float


CARDS = {
    "T4": Card(8.1e12, 0.32e12, 70),
    "L4": Card(60e12, 0.30e12, 72),
    "RTX 4090": Card(82.6e12, 1.008e12, 450),
    "A100 80 GB": Card(156e12, 2.039e12, 400),
    "H100 SXM": Card(494e12, 3.35e12, 700),
}


@dataclass(frozen=True)
class Plan:
    """What a recipe's training asks of a device. FLOPs and kernels are means over the steps between two penalties."""

    steps: int
    batch: int
    members: int  # of a population; each has batches of its own
    generator: int  # weights, of all members
    discriminator: int
    step_flops: float
    kernels: tuple[tuple[int, int], ...]  # FLOPs and bytes of each kernel of `counted` steps
    counted: int
    data: int  # bytes
    peak: float  # bytes that live in a step with its penalty, at most, beside weights and optimisers
    fixed: float  # of them, bytes that do not grow with the batch

    @property
    def flops(self) -> float:
        """FLOPs a real sample: a step's, divided by all samples of its batch."""
        return self.step_flops / self.batch / self.members

    @property
    def weights(self) -> int:
        """Bytes of both players' weights, in float32."""
        return 4 * (self.generator + self.discriminator)

    @property
    def optimizers(self) -> int:
        """Bytes of Adam's two averages a weight."""
        return 2 * self.weights

    @property
    def average(self) -> int:
        """Bytes of the averaged generator."""
        return 4 * self.generator

    def memory(self, batch: int) -> float:
        """Bytes that a step takes at a batch, by a straight line through two that were counted; an estimate."""
        growing = (self.peak - self.fixed) * batch / self.batch
        return self.weights + self.optimizers + self.average + self.data + self.fixed + growing

    def fits(self, memory: float) -> int:
        """The largest batch, a power of two, that fits in so many bytes; 0 where none does."""
        fitting = [2**power for power in range(21) if self.memory(2**power) + RESERVED <= memory]
        return max(fitting, default=0)

    def seconds(self, card: Card, graph: bool = False) -> float:
        """A step's time on a card, predicted: each kernel takes what its FLOPs or its bytes take, whichever is longer
        (a roofline: Williams et al. 2009), and the step at least what Python takes to ask for all, unless a captured
        graph asks at once."""
        work = sum(max(flops / card.flops / SHARE, moved / card.bandwidth / SHARE, LEAST)
                   for flops, moved in self.kernels) / self.counted  # fmt: skip
        return work if graph else max(work, LAUNCH * len(self.kernels) / self.counted)


def still(gan: GAN) -> GAN:
    """The same GAN, whose optimisers move nothing: Adam counts its steps on the host, and `meta` has no host."""
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        optimizer.step = lambda closure=None: None  # type: ignore[method-assign]
    return gan


def counted(gan: GAN, running: Iterator[Record], at: int, steps: int = 1) -> Counting:
    """What so many steps from step `at` on ask for."""
    gan.step = at
    with Counting() as counting:
        for _ in range(steps):
            next(running)
    return counting


def sees_each_alone(recipe: Any, data: Any) -> bool:
    """Whether D may see real and fake in one pass, as training finds out; that takes values, a few of them."""
    gan = recipe.build()
    (batch,), noise = draw(gan, data, min(recipe.batch, 16))
    return rehearse(gan, batch, noise[0, 0])


def plan(recipe: Any, data: Any = None) -> Plan:
    """The plan of a recipe's training, by its own loop on `meta`: nothing is trained, in float32.

    `data` is what it learns from, where that is loaded already.
    """
    data = recipe.data() if data is None else data
    moved = sources.moved(data, "meta")
    gan = still(recipe.build("meta"))
    period = min(getattr(recipe, "penalty_every", 1), PERIOD)
    longer = replace(recipe, steps=max(recipe.steps, 1000))  # the last step looks at its losses
    running = longer.train(gan, moved)
    unknown: Any = None
    gan.one_pass = unknown
    next(running)
    if gan.one_pass is not None:  # rehearsed, which tells nothing on `meta`
        costs = []
        for gan.one_pass in (False, True):
            costs.append(counted(gan, running, 1).flops)
        gan.one_pass = costs[0] != costs[1] and sees_each_alone(recipe, data)
    whole = counted(gan, running, 1, period)
    gan.step = 1
    running = replace(longer, batch=2 * recipe.batch).train(gan, moved)
    next(running)
    double = counted(gan, running, period)
    players = (gan.generator, gan.discriminator)
    sizes = [sum(weight.numel() for weight in learning(player)) for player in players]
    updates = [(0, UPDATE * size) for size in sizes] * period
    return Plan(
        steps=recipe.steps,
        batch=recipe.batch,
        members=gan.members or 1,
        generator=sizes[0],
        discriminator=sizes[1],
        step_flops=whole.flops / period,
        kernels=(*whole.kernels, *updates),
        counted=period,
        data=size_of(moved),
        peak=whole.peak,
        fixed=max(0, 2 * whole.peak - double.peak),
    )


def size_of(data: Any) -> int:
    """Bytes of a tensor, or of a source's tensors."""
    tensors = [data] if isinstance(data, Tensor) else [one for one in vars(data).values() if isinstance(one, Tensor)]
    return sum(one.numel() * one.element_size() for one in tensors)


def told(one: Plan, cards: Mapping[str, Card] = CARDS) -> list[str]:
    """A plan in lines of text."""
    growing = (one.peak - one.fixed) / one.batch
    members = f" of {one.members} members" if one.members > 1 else ""
    lines = [
        f"Weights                 G {one.generator:,}, D {one.discriminator:,}{members}",
        f"FLOPs a real sample     {si(one.flops)} (a step of {one.batch}{members}: {si(one.step_flops)})",
        f"Bytes                   weights {si(one.weights)}B, Adam {si(one.optimizers)}B, average {si(one.average)}B, "
        f"data {si(one.data)}B",
        f"Activations, gradients  {si(one.peak)}B at the batch of {one.batch} (estimate): {si(one.fixed)}B and "
        f"{si(growing)}B a sample",
        "Largest batch           " + ", ".join(f"{one.fits(size * 1e9):,} in {size} GB" for size in MEMORIES),
        "",
        f"  {'card':<12}{'samples/s':>12}{'hours':>8}{'kWh':>8}{'as a graph':>14}{'hours':>8}{'kWh':>8}",
    ]
    for name, card in cards.items():
        row = f"  {name:<12}"
        for graph, width in ((False, 12), (True, 14)):
            seconds = one.seconds(card, graph)
            hours = one.steps * seconds / 3600
            row += f"{one.members * one.batch / seconds:>{width},.0f}{hours:>8.2f}{hours * card.watts / 1000:>8.2f}"
        lines.append(row)
    return [
        *lines,
        "",
        f"Predicted, not measured: {one.steps:,} steps in float32 (TF32 where the card has it), each of "
        f"{len(one.kernels) // one.counted:,} kernels;",
        f"a kernel reaches {SHARE:.0%} of the data sheet's FLOP/s or bytes/s, and takes {LEAST * 1e6:.0f} µs at least; "
        f"Python asks for one in {LAUNCH * 1e6:.0f} µs,",
        "for a captured graph at once. kWh are the card's alone, at its highest power.",
    ]


def si(value: float) -> str:
    """A number with a prefix, as 3.2 M."""
    for size, prefix in ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g} {prefix}"
    return f"{value:.3g} "
