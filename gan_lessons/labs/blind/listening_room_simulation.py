"""What a listening test asks, in which order, what its answers say, and how its clips are made comparable."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from scipy import stats
from torch import Tensor

from gan_lessons.labs.blind.real_or_fake_simulation import interval

LEVEL = 0.1  # root mean square of every clip, so that no system is told, or liked, for its loudness


class Question(NamedTuple):
    """One question about clip number `clip`: is X what A is or what B is, or, without `a` and `b`, how good is X?"""

    clip: int
    x: str
    a: str = ""
    b: str = ""

    @property
    def choices(self) -> str:
        """The answers that it takes, a letter each."""
        return "AB" if self.a else "12345"


class Told(NamedTuple):
    """How often X was told from the reference: right answers of all, and the exact 95 % interval of the share."""

    right: int
    answered: int
    low: float
    high: float


class Rating(NamedTuple):
    """The mean of ratings from 1 to 5, and its 95 % interval by Student's t, cut off at 1 and 5."""

    mean: float
    rated: int
    low: float
    high: float


@dataclass
class Listening:
    """ABX questions on the first system against each other, then a rating of clips of all, in an order set by `seed`.

    `abx` questions are asked about each other system, `ratings` clips of each system are rated; the reference is rated
    too, unnamed among the others (a hidden reference, as in ITU-R BS.1534). All have `count` clips.
    """

    systems: Sequence[str]
    count: int
    abx: int = 8
    ratings: int = 4
    seed: int = 0
    answers: str = ""
    order: list[Question] = field(init=False)

    def __post_init__(self) -> None:
        for name, value, least in (("seed", self.seed, 0), ("abx", self.abx, 0), ("ratings", self.ratings, 0)):
            if type(value) is not int or value < least:
                raise ValueError(f"A listening test takes a whole number {name} from 0, not {value!r}.")
        if len(self.systems) < 2:
            raise ValueError("A listening test compares at least two systems.")
        if not self.abx + self.ratings:
            raise ValueError("A listening test asks something: abx or ratings must be above 0.")
        if self.ratings > self.count:
            raise ValueError(f"{self.ratings} ratings of each system need so many clips; there are {self.count}.")
        shuffled, reference = random.Random(self.seed), self.systems[0]
        told, rated = [], []
        for other in self.systems[1:]:
            # every clip is used before one comes twice
            clips = [clip for _ in range(self.abx) for clip in shuffled.sample(range(self.count), self.count)]
            for clip in clips[: self.abx]:
                a, b = shuffled.sample([reference, other], 2)
                told.append(Question(clip, shuffled.choice([a, b]), a, b))
        for clip in shuffled.sample(range(self.count), self.ratings):
            rated += [Question(clip, system) for system in self.systems]
        shuffled.shuffle(told)
        shuffled.shuffle(rated)
        self.order = told + rated

    @property
    def done(self) -> bool:
        return len(self.answers) == len(self.order)

    @property
    def current(self) -> Question | None:
        """The question that waits for an answer; none at the end."""
        return None if self.done else self.order[len(self.answers)]

    def answer(self, letter: Any) -> None:
        """Answer the present question: "A" or "B", or "1" (bad) to "5" (excellent)."""
        question = self.current
        if question is None:
            raise ValueError(f"All {len(self.order)} questions are answered.")
        if not isinstance(letter, str) or len(letter) != 1 or letter not in question.choices:
            asked = "A or B" if question.a else "a rating from 1 to 5"
            raise ValueError(f"The answer is {asked}, not {letter!r}.")
        self.answers += letter

    def resume(self, answers: Any) -> None:
        """Go on from stored answers; a ValueError if they are none to these questions."""
        fits = isinstance(answers, str) and len(answers) <= len(self.order)
        if not fits or any(said not in question.choices for said, question in zip(answers, self.order, strict=False)):
            raise ValueError("these are no answers of such a test")
        self.answers = answers

    def told(self) -> dict[str, Told]:
        """For each other system how often it was told from the reference; empty until all is answered."""
        found = {}
        for other in self.systems[1:] if self.done and self.abx else ():
            rows = [(q, said) for q, said in zip(self.order, self.answers, strict=True) if other in (q.a, q.b)]
            right = sum((q.a if said == "A" else q.b) == q.x for q, said in rows)
            found[other] = Told(right, len(rows), *interval(right, len(rows)))
        return found

    def ratings_of(self) -> dict[str, Rating]:
        """For each system the mean of its ratings; empty until all is answered."""
        found = {}
        for name in self.systems if self.done and self.ratings else ():
            rows = zip(self.order, self.answers, strict=True)
            found[name] = rating([int(said) for q, said in rows if not q.a and q.x == name])
        return found

    def rows(self) -> list[Mapping[str, Any]]:
        """At the end a row a system: how often it was told from the reference, its rating, and both intervals."""
        told, rated = self.told(), self.ratings_of()
        return [
            {
                "system": name,
                **{f"abx_{key}": value for key, value in (told[name]._asdict() if name in told else {}).items()},
                **{f"rating_{key}": value for key, value in (rated[name]._asdict() if name in rated else {}).items()},
            }
            for name in (self.systems if self.done else ())
        ]


def rating(given: Sequence[int]) -> Rating:
    """The mean of ratings and its interval; from fewer than two nothing is known of the spread."""
    mean = float(np.mean(given))
    if len(given) < 2:
        return Rating(mean, len(given), 1.0, 5.0)
    half = float(stats.t.ppf(0.975, len(given) - 1) * stats.sem(given))
    return Rating(mean, len(given), max(1.0, mean - half), min(5.0, mean + half))


def checked_clips(clips: Any) -> dict[str, Tensor]:
    """Waveforms of one shape by name, all brought to one loudness; a ValueError says what is wrong with them."""
    if not isinstance(clips, Mapping) or not all(isinstance(name, str) and name for name in clips):
        raise ValueError("A listening test takes clips by the names of their systems.")
    for name, one in clips.items():
        if not isinstance(one, Tensor) or one.dim() != 2 or not one.numel() or not one.is_floating_point():
            raise ValueError(f"The clips of {name} are no waveforms of the shape [count, samples].")
        if not one.isfinite().all():
            raise ValueError(f"The clips of {name} hold values that are not numbers.")
    if len({one.shape for one in clips.values()}) > 1:
        raise ValueError("The systems' clips differ in number or length, by which one could tell them.")
    found = {name: one.detach().cpu().float() for name, one in clips.items()}
    # one loudness for all: as loud as LEVEL, or as the clip with the highest peak allows
    loud = {name: one.square().mean(1, keepdim=True).sqrt().clamp(min=1e-6) for name, one in found.items()}
    highest = max(float((one / loud[name]).abs().max()) for name, one in found.items()) if found else 1.0
    return {name: one / loud[name] * min(LEVEL, 1 / max(highest, 1e-6)) for name, one in found.items()}
