"""Runs whose curves and samples are to be read: which kind is which is told when the work is graded."""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from torch import Tensor

from gan_lessons.checks import CheckError, brief, own
from gan_lessons.checks.cards import say
from gan_lessons.data.points import ring
from gan_lessons.gan import Record
from gan_lessons.sweeps import Setting, Sweep

KINDS = {
    "healthy": (2e-3, 2e-3),
    "G too slow": (3e-6, 3e-3),
    "G too fast": (5e-2, 1e-3),
    "D too slow": (1e-3, 1e-5),
}  # the learning rates of G and D


def order(seed: int, kinds: Iterable[str] = KINDS) -> list[str]:
    """Which kind the runs A, B, C and D of a student are."""
    left, found = list(kinds), []
    while left:
        found.append(left.pop(own(seed, f"run {len(left)}", range(len(left)))))
    return found


@functools.lru_cache(maxsize=2)
def gallery(seed: int = 0, steps: int = 1500) -> dict[str, tuple[Record, Tensor]]:
    """Four runs, A to D, in an order of your own: the history of each, and 500 samples at its end [500, 2]."""
    data = ring().sample(20_000) / 2**0.5
    chosen = [Setting(generator_rate=KINDS[kind][0], discriminator_rate=KINDS[kind][1]) for kind in order(seed)]
    sweep = Sweep(data, chosen, seeds=[0])
    for _ in sweep.train(steps):
        pass
    history, samples = sweep.history(), sweep.sample(500, average=False)
    return {letter: (member(history, k), samples[k, 0] * 2**0.5) for k, letter in enumerate("ABCD")}


def member(history: Record, setting: int) -> Record:
    """The history of the first seed of a setting."""
    return Record(history.step, *(part[:, setting, 0] for part in history[1:5]))  # type: ignore[arg-type]


def runs(answer: Any, seed: int | None = None) -> None:
    """Check the names of runs A to D: without a seed only that there are four, with one whether they are right."""
    lettered("runs", "run", answer, KINDS, seed, confusion)


def lettered(
    what: str, one: str, answer: Any, kinds: Iterable[str], seed: int | None, mixed_up: Callable[[dict[str, str]], str]
) -> None:
    """Check which kind each of A, B, C and D is said to be; `mixed_up` names a mistake: what was said, what it is."""
    if not isinstance(answer, Mapping) or set(answer) != set("ABCD"):
        raise CheckError("four names", f"expected a name for each of A, B, C and D, yours is {brief(answer)}")
    if unknown := [name for name in answer.values() if name not in list(kinds)]:
        raise CheckError(
            "four names", f"there is no kind of {one} called {brief(unknown[0])}; they are {', '.join(kinds)}"
        )
    if seed is None:
        say(f"✓ {what}: four names. Whether they are the right ones is told when your work is graded.")
        return
    truth = order(seed, kinds)
    wrong = {letter: kind for letter, kind in zip("ABCD", truth, strict=True) if answer[letter] != kind}
    if wrong:
        said = "; ".join(f"{one} {letter} is {kind!r}, yours {answer[letter]!r}" for letter, kind in wrong.items())
        raise CheckError(mixed_up({answer[letter]: kind for letter, kind in wrong.items()}), said)
    say(f"✓ {what}: all four are called by their names")


def confusion(wrong: dict[str, str]) -> str:
    """The name of a mix-up: what was said, and what it is."""
    if wrong.get("healthy") == "G too fast" or wrong.get("G too fast") == "healthy":
        return "samples not looked at"
    if wrong.get("G too slow") == "D too slow":
        return "players mixed up"
    return "curves misread"
