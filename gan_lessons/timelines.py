"""A training step as a timeline: the operations that it asks for, how long they took here, or would take on a GPU.

`operations` lists a step's operations without computing any, on torch's `meta` device; `predicted` lays them out as a
GPU would run them, by a roofline and a time for each launch. `profiled` is torch.profiler's trace of a real step.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile, record_function
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.benchmark import Timer

from gan_lessons.counting import UPDATE, cost
from gan_lessons.data import sources
from gan_lessons.gan import GAN
from gan_lessons.recipes import Modern
from gan_lessons.training import discriminator_step, generator_step

PARTS = ("data", "G forward", "D forward", "losses", "penalty", "backward", "optimiser", "average")
Mark = Callable[[str], AbstractContextManager]


class Roof(NamedTuple):
    """What bounds a device: FLOPs and bytes a second, and the microseconds that it takes to ask for one operation."""

    flops: float
    bandwidth: float
    launch: float


class Operation(NamedTuple):
    """What a device is asked for at once: its name, the part of the step, its FLOPs, and the bytes it moves."""

    name: str
    part: str
    flops: int
    bytes: int


class Span(NamedTuple):
    """An operation on a device, from its start, in microseconds from the step's beginning."""

    name: str
    part: str
    start: float
    length: float


def labelled(mark: Mark) -> Callable[..., tuple]:
    """`training.alternating`, which tells `mark` of each part of the step while it lasts. D learns once."""

    def update(
        gan: GAN, loss: Callable, batches: Sequence, noise: Tensor, penalty: Callable | None = None, **extras: Any
    ) -> tuple:
        def marked(*samples: Any) -> Tensor:
            assert penalty is not None
            with mark("penalty"):
                return penalty(*samples)

        def judged(*scores: Tensor) -> Any:
            with mark("losses"):
                return loss(*scores)

        more = extras.get("extra"), extras.get("discriminator_extra")
        asked = None if penalty is None else marked
        value, *scores, first = discriminator_step(gan, judged, batches[0], noise[0, 0], asked, more[1])
        generator_value, others = generator_step(gan, loss, batches[-1], noise[1, -1], more[0])
        return value, generator_value, *scores, first | others

    return update


@contextmanager
def marking(gan: GAN, mark: Mark) -> Iterator[None]:
    """Tell `mark` of both players' passes and of the optimisers' steps while the block lasts."""
    handles: list[Any] = []
    open_marks: list[AbstractContextManager] = []

    def enter(name: str) -> Callable[..., None]:
        def begin(*_: Any) -> None:
            open_marks.append(mark(name))
            open_marks[-1].__enter__()

        return begin

    def leave(*_: Any) -> None:
        open_marks.pop().__exit__(None, None, None)

    for network, name in ((gan.generator, "G forward"), (gan.discriminator, "D forward")):
        handles += [network.register_forward_pre_hook(enter(name)), network.register_forward_hook(leave)]
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        begin = enter("optimiser")
        handles += [optimizer.register_step_pre_hook(begin), optimizer.register_step_post_hook(leave)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


class Watching(TorchDispatchMode):
    """Notes every operation that a device would be asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Operation] = []
        self.parts = ["data"]
        self.weights: list[int] = []  # that each player has to learn, D first

    @contextmanager
    def mark(self, name: str) -> Iterator[None]:
        """Within the block, operations are of that part, unless they are of a penalty."""
        if name == "G forward":
            self.parts[0] = "losses"  # the data have been drawn
        self.parts.append("penalty" if "penalty" in self.parts else name)
        try:
            yield
        finally:
            self.parts.pop()
            if name == "optimiser":
                self.found.append(Operation("adam", name, 0, UPDATE * self.weights.pop(0)))
                if not self.weights:
                    self.parts[0] = "average"

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = function(*args, **kwargs)
        asked = cost(function, args, kwargs, result)
        if asked is None or self.parts[-1] == "optimiser":
            return result
        # only the last pass back is without a graph of its own; a penalty's slopes have one
        back = torch._C._current_autograd_node() is not None and not torch.is_grad_enabled()
        part = "backward" if back else self.parts[-1]
        self.found.append(Operation(function._overloadpacket.__name__, part, *asked))
        return result


def operations(recipe: Modern, batch: int | None = None, step: int = 0, data: Any = None) -> list[Operation]:
    """What a step of a recipe asks a device for: the first has its penalty. Nothing is computed.

    `data` is what it learns from, where that is loaded already.
    Both optimisers count as one operation each, as a fused Adam is. FLOPs are those of products and convolutions, two a
    multiplication and addition, by torch's formulas; bytes are each operation's own inputs and outputs, in float32.
    """
    recipe = recipe if batch is None else replace(recipe, batch=batch)
    watching = Watching()
    with torch.random.fork_rng(devices=[]):  # building and drawing reseed torch's generator
        gan, data = recipe.build("meta"), sources.moved(recipe.data() if data is None else data, "meta")
        watching.weights = [weights(gan.discriminator), weights(gan.generator)]
        gan.step = step
        steps = recipe.train(gan, data, update=labelled(watching.mark), rehearsal=False)
        with marking(gan, watching.mark), watching:
            next(steps)
    return watching.found


def weights(network: nn.Module) -> int:
    """How many weights a network learns."""
    return sum(weight.numel() for weight in network.parameters() if weight.requires_grad)


def predicted(
    asked: Sequence[Operation], flops: float, bandwidth: float, launch: float = 8.0, least: float = 2.0
) -> tuple[list[Span], list[Span]]:
    """A step on a device as two rows of spans: what the host does to ask for it, and what the device then does.

    The device computes `flops` a second and moves `bandwidth` bytes a second; an operation takes as long as the slower
    of the two (a roofline: Williams et al. 2009), and at least `least` microseconds. The host needs `launch`
    microseconds to ask for each; at 0 all are asked for at once, as in a captured graph.
    """
    host, device = [], []
    asked_at = free_at = 0.0
    for one in asked:
        host.append(Span(one.name, one.part, asked_at, launch))
        asked_at += launch
        length = max(one.flops / flops * 1e6, one.bytes / bandwidth * 1e6, least)
        start = max(asked_at, free_at)
        device.append(Span(one.name, one.part, start, length))
        free_at = start + length
    return host, device


def busy(spans: Sequence[Span]) -> float:
    """The share of a row's time, from 0 to the end of its last span, in which it does something."""
    return sum(span.length for span in spans) / (spans[-1].start + spans[-1].length)


def measured(device: str = "cpu", seconds: float = 0.3) -> Roof:
    """The roof of the device at hand, by torch's timer: a large product, a large copy, and the least addition."""
    size, many, few = 1024, torch.rand(2**24, device=device), torch.ones(1, device=device)
    square = torch.rand(size, size, device=device)

    def time_of(code: str, **names: Any) -> float:
        return Timer(code, globals=names).blocked_autorange(min_run_time=seconds).median

    return Roof(
        2 * size**3 / time_of("a @ a", a=square),
        2 * many.numel() * many.element_size() / time_of("b.copy_(a)", a=many, b=torch.empty_like(many)),
        time_of("a + a", a=few) * 1e6,
    )


def profiled(recipe: Modern, steps: int = 4, device: str = "cpu", seed: int = 0) -> list[Span]:
    """torch.profiler's trace of one step with its penalty, after some others: the outermost operations, in order."""
    gan, data = recipe.build(device, seed), sources.moved(recipe.data(), device)
    running = recipe.train(gan, data, update=labelled(record_function))
    while gan.step % recipe.penalty_every or gan.step < steps:
        next(running)
    with marking(gan, record_function), profile(activities=[ProfilerActivity.CPU]) as trace:
        next(running)
    return spans_of(trace.events())


def spans_of(events: Sequence[Any]) -> list[Span]:
    """The outermost operations of a trace, each with its part, from 0."""
    found = []
    for event in sorted(events, key=lambda event: event.time_range.start):
        above = list(ancestors(event))
        if event.name.startswith("aten::") and not any(one.name.startswith("aten::") for one in above):
            names = {one.name for one in above}
            part = next((part for part in ("penalty", "optimiser", "D forward", "G forward") if part in names), "")
            if not part and any("Backward" in name or "AccumulateGrad" in name for name in names):
                part = "backward"
            length = event.time_range.end - event.time_range.start
            found.append(Span(event.name.removeprefix("aten::"), part or "losses", event.time_range.start, length))
    start, back = found[0].start, [place for place, span in enumerate(found) if span.part == "backward"]
    for place, span in enumerate(found):  # what comes before the players is data, and what after them the average
        outside = span.part == "losses"
        first = next(place for place, one in enumerate(found) if one.part == "G forward")
        part = "data" if outside and place < first else "average" if outside and place > back[-1] else span.part
        found[place] = Span(span.name, part, round(span.start - start, 1), round(span.length, 1))
    return found


def ancestors(event: Any) -> Iterator[Any]:
    """What an event of a trace happened within, from the inside out."""
    while event.cpu_parent is not None:
        event = event.cpu_parent
        yield event
