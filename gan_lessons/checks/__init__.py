"""The visible checks of exercises: they print what was expected and what is yours, and guess what went wrong.

A check compares what an answer *does* (values, gradients, what a short training reaches), never how it is written.
Beside the expected value stand the values that well-known mistakes lead to, so that a mistake is called by its name.
"""

import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks.cards import say
from gan_lessons.checks.hints import HINTS, STOPS


class CheckError(AssertionError):
    """An answer misses a check. `mistake` is the name of what went wrong; a notebook shows no traceback."""

    def __init__(self, mistake: str, sentences: str):
        super().__init__(f"✗ {sentences}\n  Hint: {HINTS[mistake]}." if mistake in HINTS else f"✗ {sentences}")
        self.mistake = mistake

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def seed_of(name: str, course: str = "") -> int:
    """A number that belongs to a name, and to a course: your checks use other data than your neighbour's."""
    return zlib.crc32((name.strip().lower() + course).encode()) % 1_000_000


def own(seed: int, what: str, choices: Sequence[Any]) -> Any:
    """What a student of that seed gets of the choices: the same for the check that recomputes the answer."""
    return choices[zlib.crc32(f"{seed} {what}".encode()) % len(choices)]


def call(answer: Callable, *inputs: Any, **options: Any) -> Any:
    """What an answer returns; whatever it raises becomes a CheckError."""
    try:
        return answer(*inputs, **options)
    except NotImplementedError:
        raise CheckError("not written", f"{answer.__name__} is not written yet.") from None
    except Exception as error:
        mistake = next((mistake for words, mistake in STOPS.items() if words in str(error)), "stopped")
        sentence = f"{answer.__name__} stopped with {type(error).__name__}: {error}"
        raise CheckError(mistake, sentence) from error


def shown(value: Tensor) -> str:
    """The value, or the first four of many."""
    numbers = [f"{number:.4f}" for number in value.detach().flatten()[:4].tolist()]
    if value.dim() == 0:
        return numbers[0]
    return f"[{', '.join(numbers)}{', …' if value.numel() > 4 else ''}]"


def length(gradient: Tensor) -> str:
    """How long a gradient is."""
    return f"a gradient of length {gradient.detach().norm():.4f}"


def compare(
    what: str,
    yours: Any,
    expected: Tensor,
    mistakes: Iterable[tuple[str, Tensor]] = (),
    show: Callable[[Tensor], str] = shown,
) -> None:
    """Report expected and yours; where they differ, raise a CheckError with the mistake whose value is yours."""
    if not isinstance(yours, Tensor):
        raise CheckError("not a tensor", f"{what}: expected a tensor, yours is {yours!r}")
    if same(yours, expected):
        say(f"✓ {what}: expected {show(expected)}, yours {show(yours)}")
        return
    unknown = "other" if yours.shape == expected.shape else "shape"
    mistake = next((name for name, value in mistakes if same(yours, value)), unknown)
    raise CheckError(
        mistake, f"{what}\n    expected  {described(expected, show)}\n    yours     {described(yours, show)}"
    )


def require(what: str, reached: Sequence[bool] | Tensor, least: int, wanted: str, told: str, mistake: str) -> None:
    """Report how many of several trainings reached what is wanted; if fewer than `least`, raise that mistake.

    In brackets stands what is `told` of each of them, by `listed` as a rule.
    """
    enough = sum(map(bool, reached))
    sentence = f"{what}: expected at least {least} of {len(reached)} {wanted}, yours {enough} ({told})"
    if enough < least:
        raise CheckError(mistake, sentence)
    say(f"✓ {sentence}")


def listed(values: Sequence[float] | Tensor, form: str = "") -> str:
    """One number after the other, each in that form."""
    return " ".join(f"{value:{form}}" for value in (values.tolist() if isinstance(values, Tensor) else values))


def number(
    what: str,
    yours: Any,
    expected: float,
    mistakes: Iterable[tuple[str, float]] = (),
    tolerance: float = 0.0,
    secret: bool = False,
) -> None:
    """Compare two numbers, however yours is written: Python's, NumPy's, or a tensor of one element.

    Within the tolerance yours counts as the expected one, or as that of a mistake. What is expected may be a `secret`,
    where it is the answer.
    """
    if yours is None:
        raise CheckError("not written", f"{what} is not written yet.")
    try:
        value = float(yours)
    except (TypeError, ValueError, RuntimeError):
        raise CheckError("not a number", f"{what}: expected a number, yours is {brief(yours)}") from None
    known = [(name, float(each)) for name, each in [("", expected), *mistakes]]
    met = [(name, value if abs(value - each) <= tolerance else each) for name, each in known]
    right, *wrong = [(name, torch.tensor(each, dtype=torch.double)) for name, each in met]
    try:
        compare(what, torch.tensor(value, dtype=torch.double), right[1], wrong)
    except CheckError as error:
        if secret:
            raise CheckError(error.mistake, f"{what}: yours is {value:.4g}, and that is not it") from None
        raise


def numbers(answer: Callable, returned: Any, count: int, mistake: str) -> Tensor:
    """What an answer has returned as so many numbers [count]; a CheckError of that name where it is something else."""
    try:
        values = torch.tensor([float(each) for each in returned], dtype=torch.double)
    except (TypeError, ValueError, RuntimeError):
        values = torch.empty(0)
    if len(values) != count:
        raise CheckError(mistake, f"{answer.__name__} returned {brief(returned)}")
    return values


def brief(value: Any) -> str:
    """How a value looks in a sentence."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def same(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors are the same but for rounding."""
    if one.shape != other.shape:
        return False
    return torch.allclose(one.detach().to(other), other, rtol=1e-4, atol=1e-6, equal_nan=True)


def described(value: Tensor, show: Callable[[Tensor], str]) -> str:
    return f"{show(value)}, shape {list(value.shape)}" if show is shown and value.dim() else show(value)


def finite(what: str, yours: Any, expected: Tensor) -> None:
    """Compare at scores so large that exponentials overflow, and that clamped ones are too small."""
    compare(what, yours, expected, [("overflow", yours)] if isinstance(yours, Tensor) else [])


def flat(tensors: Iterable[Tensor]) -> Tensor:
    """All tensors as one long vector."""
    return torch.cat([each.flatten() for each in tensors])


def slopes(value: Tensor, inputs: Sequence[Tensor]) -> Sequence[Tensor]:
    """The gradients of a value, zero where it does not depend on an input."""
    if not value.requires_grad:
        return [torch.zeros_like(each) for each in inputs]
    return torch.autograd.grad(value.sum(), inputs, retain_graph=True, allow_unused=True, materialize_grads=True)


def gradients(parameters: Iterable[Tensor]) -> list[Tensor]:
    """Copies of the gradients that `backward` has left, zero where there is none."""
    return [torch.zeros_like(each) if each.grad is None else each.grad.clone() for each in parameters]
