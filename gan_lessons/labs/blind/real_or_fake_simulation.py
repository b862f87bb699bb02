"""Real or fake, one at a time: the order of the trials, the answers, and the error with its interval.

It knows nothing of what is shown: pictures, sounds or texts, of which it only counts so many real and fake ones.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scipy.special import betaincinv


class Trial(NamedTuple):
    """What one trial shows: whether it is real, and which of the real (or fake) ones it is."""

    real: bool
    which: int


class Result(NamedTuple):
    """How often someone was wrong, and the interval that holds the true rate with 95 % confidence."""

    wrong: int
    answered: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        return self.wrong / self.answered if self.answered else math.nan


@dataclass
class Trials:
    """`count` trials, half of them real, half fake, none shown twice, in an order that depends on `seed` alone.

    A ValueError says so if the count is odd, or if there are too few real or fake ones (`real` and `fake` count them).
    """

    real: int
    fake: int
    count: int = 40
    seed: int = 0
    answers: list[bool] = field(default_factory=list)  # of each trial so far: whether it was taken for real

    def __post_init__(self) -> None:
        if type(self.count) is not int or type(self.seed) is not int or self.count < 2 or self.count % 2:
            raise ValueError(f"The trials are an even number, half real, half fake, not {self.count!r}.")
        half = self.count // 2
        if min(self.real, self.fake) < half:
            raise ValueError(
                f"{self.count} trials need {half} real and {half} fake ones; there are {self.real} and {self.fake}."
            )
        # own numbers: neither torch's nor numpy's are touched, and every machine shuffles alike
        shuffled = random.Random(self.seed)
        order = [Trial(True, index) for index in shuffled.sample(range(self.real), half)]
        order += [Trial(False, index) for index in shuffled.sample(range(self.fake), half)]
        shuffled.shuffle(order)
        self.order = order

    @property
    def done(self) -> bool:
        return len(self.answers) == self.count

    @property
    def current(self) -> Trial | None:
        """The trial that waits for an answer; none at the end."""
        return None if self.done else self.order[len(self.answers)]

    def answer(self, real: bool) -> None:
        """Take the present one for real, or for fake."""
        if self.done:
            raise ValueError(f"All {self.count} trials are answered.")
        self.answers.append(bool(real))

    def take_back(self) -> None:
        """Forget the last answer; at the end nothing can be taken back, since the truth is out."""
        if self.done:
            raise ValueError("The result is out; nothing can be taken back.")
        if not self.answers:
            raise ValueError("There is no answer to take back.")
        self.answers.pop()

    def records(self) -> list[dict[str, Any]]:
        """The answered trials, a row each; empty until all are answered, so that nobody learns on the way."""
        if not self.done:
            return []
        return [
            {
                "trial": number,
                "truth": "real" if trial.real else "fake",
                "answer": "real" if said else "fake",
                "wrong": said != trial.real,
                "index": trial.which,
            }
            for number, (trial, said) in enumerate(zip(self.order, self.answers, strict=True), start=1)
        ]

    def result(self, truth: str | None = None) -> Result:
        """The error over all trials, or over those whose `truth` is "real" or "fake"."""
        rows = [row for row in self.records() if truth in (None, row["truth"])]
        wrong = sum(row["wrong"] for row in rows)
        return Result(wrong, len(rows), *interval(wrong, len(rows)))

    def state(self) -> dict[str, Any]:
        """What `resume` needs to go on later."""
        said = "".join("R" if real else "F" for real in self.answers)
        return {"real": self.real, "fake": self.fake, "count": self.count, "seed": self.seed, "answers": said}

    def resume(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state`; a ValueError if it belongs to other trials or is no such thing."""
        mine = self.state()
        said = state.get("answers") if isinstance(state, Mapping) else None
        if not isinstance(said, str) or set(said) - {"R", "F"} or len(said) > self.count:
            raise ValueError("these are no answers of such a test")
        if other := [name for name in ("real", "fake", "count", "seed") if state.get(name) != mine[name]]:
            raise ValueError(f"the answers belong to another test ({', '.join(other)} differ)")
        self.answers = [letter == "R" for letter in said]


def interval(wrong: int, count: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval for a rate of which `wrong` of `count` were seen.

    Its ends are the rates at which so many, or so few, would be seen with a probability of (1 - level) / 2 only.
    Clopper & Pearson 1934, Biometrika 26, 404.
    """
    rest = (1 - level) / 2
    low = betaincinv(wrong, count - wrong + 1, rest) if wrong else 0.0
    high = betaincinv(wrong + 1, count - wrong, 1 - rest) if wrong < count else 1.0
    return float(low), float(high)


def verdict(result: Result, who: str = "You were") -> str:
    """The result in words: `who` was wrong how often, with the interval, and what guessing would give."""
    said = (
        f"{who} wrong in {result.wrong} of {result.answered}: {result.rate:.0%}, between {100 * result.low:.0f} and "
        f"{100 * result.high:.0f} % (95 % interval); guessing gives 50 %."
    )
    if result.low > 0.5:
        return f"{said} That is worse than guessing: the fakes look more real than the real ones."
    if result.high < 0.5:
        return f"{said} The fakes can be told from the real ones."
    return f"{said} From so many answers, it could be guessing."


def fooled(records: Sequence[Mapping[str, Any]], truth: str) -> list[int]:
    """Which of the real, or the fake, ones were taken for the other."""
    return [row["index"] for row in records if row["wrong"] and row["truth"] == truth]
