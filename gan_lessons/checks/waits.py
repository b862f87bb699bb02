"""Checks of a loop that should not make the host wait: when it reads a number, and what it keeps of a step's graph."""

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.overrides import TorchFunctionMode

from gan_lessons.checks import CheckError, call

ASKED = {"__bool__"}
READ = {
    "item", "tolist", "numpy", "cpu", "__float__", "__int__", "__index__", "__array__", "__format__", "__repr__",
    "is_nonzero", "equal", "allclose",
}  # fmt: skip


class Held:
    """What a graph has saved for its backward pass; gone when the graph is."""

    def __init__(self, saved: Tensor):
        self.saved = saved


class Saved(saved_tensors_hooks):
    """Within it, graphs are made whose saved tensors are counted for as long as they are there."""

    def __init__(self) -> None:
        self.held: list[weakref.ref] = []
        super().__init__(self.keep, lambda held: held.saved)

    def keep(self, saved: Tensor) -> Held:
        held = Held(saved)
        self.held.append(weakref.ref(held))
        return held

    def alive(self) -> list[bool]:
        """Which of all that was saved is still there."""
        return [one() is not None for one in self.held]


def told_what_comes(network: nn.Module, graphs: Saved) -> tuple[list[Tensor], list[bool]]:
    """Two lists that grow with each call of a network: what it was given, and whether a graph was still there."""
    given: list[Tensor] = []
    kept: list[bool] = []

    def look(_: nn.Module, inputs: tuple[Tensor]) -> None:
        given.append(inputs[0].detach())
        kept.append(any(graphs.alive()))

    network.register_forward_pre_hook(look)
    return given, kept


class Steps(TorchFunctionMode):
    """Plays a training's steps, each of a known loss; notes after which of them a number is read."""

    def __init__(self, losses: Tensor):
        super().__init__()
        self.losses, self.taken = losses, 0
        self.waits: dict[int, str] = {}  # after that step, by that function
        self.graphs = Saved()
        self.oldest = 0  # how many steps a graph has outlived its own

    def __call__(self) -> Tensor:
        """The next step's loss [], with its graph."""
        self.oldest = max(self.oldest, self.outlived())
        if self.taken == len(self.losses):
            raise ValueError(f"that was step {self.taken + 1} of {self.taken}")
        weight = torch.ones((), dtype=self.losses.dtype, requires_grad=True)
        with self.graphs:
            loss = weight * self.losses[self.taken]
        self.taken += 1
        return loss

    def outlived(self) -> int:
        """For how many steps the oldest graph that is still there has outlived its own."""
        return max((self.taken - 1 - place for place, there in enumerate(self.graphs.alive()) if there), default=0)

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(function, "__name__", "")
        if name in ASKED | READ:
            self.waits.setdefault(self.taken, name)
        return function(*args, **(kwargs or {}))


def played(answer: Callable, losses: Tensor, every: int) -> tuple[Any, Steps]:
    """What an answer returns of a training with these losses, and how it has gone about it."""
    steps = Steps(losses)
    with steps:
        found = call(answer, steps, len(losses), every)
    return found, steps


def check_waits(what: str, steps: Steps, every: int) -> str:
    """Raise a CheckError if a number was read when no note was due, or if graphs were kept; else a sentence."""
    early = {step: name for step, name in steps.waits.items() if step % every}
    if early:
        step, name = next(iter(early.items()))
        mistake = "asked each step" if name in ASKED else "read each step"
        words = f"{what}: the host waited in {len(early)} steps in which no note was due"
        raise CheckError(mistake, f"{words}, first after step {step}, by `{name}`")
    if steps.oldest > 1:
        raise CheckError("graphs kept", f"{what}: a step's graph was still there {steps.oldest} steps later")
    return f"✓ {what}: the host waited after {len(steps.waits)} of {steps.taken} steps, and no graph was kept"
