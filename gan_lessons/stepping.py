"""How a step is computed: operation after operation (eager), by torch.compile, or as a captured CUDA graph.

Both of the latter take a player's losses and gradients, second slopes of a penalty included, as one piece; optimisers
move the weights as ever.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx
from torch.utils._pytree import tree_flatten, tree_unflatten

from gan_lessons import devices
from gan_lessons.data.sources import Batch
from gan_lessons.gan import GAN

KNOWN = ("eager", "compile", "graph")


def use(gan: GAN, step: str) -> None:
    """Let a GAN's steps be computed in that way; a ValueError says why that cannot be."""
    if step not in KNOWN:
        raise ValueError(f"There is no step {step!r}; the known ones are {', '.join(KNOWN)}.")
    if step == "graph" and gan.device.type != "cuda":
        raise ValueError(f"Only CUDA devices capture a step as a graph, and this GAN is on {gan.device}.")
    if step == "compile" and (why := devices.no_compiler(gan.device)):
        raise ValueError(why)
    gan.stepping = {"eager": None, "compile": Pieces(compiled), "graph": Pieces(captured)}[step]


class Pieces:
    """A player's steps, each made into one piece at the first call with its shapes, and kept.

    What Python computes of numbers between steps would stay what it was, so `train` refuses an `on_step`.
    """

    def __init__(self, make: Callable[[Callable, list[Tensor]], Callable]):
        self.make, self.made = make, dict[Any, Any]()

    def __call__(self, step: Callable, gan: GAN, loss: Callable, batch: Batch, noise: Tensor, *more: Any) -> tuple:
        leaves, layout = tree_flatten((batch, noise))
        given = [leaf for leaf in leaves if isinstance(leaf, Tensor)]
        shapes = tuple(tuple(one.shape) for one in given)
        key = (step, tuple(one is None for one in more), gan.one_pass, shapes)
        if key not in self.made:
            kept: list[Any] = []

            def piece(*given: Tensor) -> list[Tensor]:
                rest = iter(given)
                own = [next(rest) if isinstance(leaf, Tensor) else leaf for leaf in leaves]  # no condition is a None
                with collecting(gan) as slopes:
                    told, shape = tree_flatten(step(gan, loss, *tree_unflatten(own, layout), *more))
                ((player, found),) = slopes.items()
                kept[:] = player, shape
                return [*found, *told]

            with unchanged(gan):
                self.made[key] = self.make(piece, given), kept
        run, form = self.made[key]
        results = run(*given)
        player, shape = form
        optimizer = getattr(gan, player)
        weights = learnt(optimizer)
        for weight, slope in zip(weights, results, strict=False):
            weight.grad = slope
        optimizer.step()
        return tree_unflatten(list(results[len(weights) :]), shape)


def learnt(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    """The weights that an optimiser moves."""
    return [weight for group in optimizer.param_groups for weight in group["params"]]


class Collector:
    """In an optimiser's place: where that would step, it puts the slopes by, and no weight moves."""

    def __init__(self, name: str, optimizer: torch.optim.Optimizer, slopes: dict[str, list[Tensor]]):
        self.name, self.slopes, self.param_groups = name, slopes, optimizer.param_groups

    def step(self) -> None:
        weights = learnt(self)  # type: ignore[arg-type]
        self.slopes[self.name] = [torch.zeros_like(one) if one.grad is None else one.grad for one in weights]
        for weight in weights:
            weight.grad = None


@contextmanager
def collecting(gan: GAN) -> Iterator[dict[str, list[Tensor]]]:
    """The slopes that a player learns from within the block, by the name of the optimiser."""
    slopes: dict[str, list[Tensor]] = {}
    kept = {name: getattr(gan, name) for name in ("generator_optimizer", "discriminator_optimizer")}
    for name, optimizer in kept.items():
        setattr(gan, name, Collector(name, optimizer, slopes))
    try:
        yield slopes
    finally:
        for name, optimizer in kept.items():
            setattr(gan, name, optimizer)


@contextmanager
def unchanged(gan: GAN) -> Any:
    """Put what networks remember and the random numbers to come back to what they were before the block."""
    kept = [(own, own.clone()) for player in (gan.generator, gan.discriminator) for own in player.buffers()]
    with torch.random.fork_rng(devices=[gan.device] if gan.device.type == "cuda" else []):
        yield
    with torch.no_grad():
        for own, before in kept:
            own.copy_(before)


def compiled(piece: Callable, given: list[Tensor]) -> Callable:
    """By torch.compile. It takes no second slopes itself, so it gets the operations that autograd has asked for."""
    graph = make_fx(piece)(*given)
    run = torch.compile(graph, fullgraph=True, dynamic=False, options={"fallback_random": True})

    def without_autograd(*given: Tensor) -> Any:
        with torch.no_grad():
            return run(*given)

    without_autograd(*given)  # compiles
    return without_autograd


def captured(piece: Callable, given: list[Tensor]) -> Callable:
    """As a CUDA graph, whose inputs and results stay where they are in memory."""
    own = [one.clone() for one in given]
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):  # libraries choose their ways, and take their memory
            piece(*own)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        results = piece(*own)

    def run(*given: Tensor) -> list[Tensor]:
        torch._foreach_copy_(own, list(given))
        graph.replay()
        return [one.clone() for one in results]  # the next call writes over them

    return run
