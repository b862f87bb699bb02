"""InventedOrRealLab: one word at a time, invented or real? At the end your error, its interval, and what fooled you."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from gan_lessons.labs.blind.real_or_fake import RealOrFakeLab
from gan_lessons.labs.blind.real_or_fake_simulation import Trials, fooled
from gan_lessons.labs.kit.frame import Panel, Writing
from gan_lessons.labs.writing.text_drawing import listed
from gan_lessons.plots import style


class InventedOrRealLab(RealOrFakeLab):
    """Invented or real? Words one at a time, answered with two buttons, with I and R, or by `answer`.

    Of the `invented` words those are left out that are `known`, and of both lists those that come twice.
    """

    letters: ClassVar[str] = "ri"
    thing: ClassVar[str] = "word"
    made: ClassVar[tuple[str, str]] = "invented", "an invented one"

    def __init__(
        self,
        real: Sequence[str],
        invented: Sequence[str],
        trials: int = 20,
        seed: int = 0,
        file: str | Path | None = None,
        who: str = "You were",
        known: frozenset[str] = frozenset(),
    ):
        self.known = known
        super().__init__(real, invented, trials, seed, file, who)  # type: ignore[arg-type]

    def compared(self, real: Any, fake: Any) -> dict[bool, Any]:
        known = self.known.union(real)
        return {True: list(dict.fromkeys(real)), False: [word for word in dict.fromkeys(fake) if word not in known]}

    def told(self, trials: Trials) -> bytes:
        return "\n".join(self.sets[trial.real][trial.which] for trial in trials.order).encode()

    def picked(self, indices: Sequence[int], real: bool) -> list[str]:
        return [self.sets[real][index] for index in indices]

    @property
    def shown(self) -> str:
        """The word that waits for an answer; empty at the end."""
        trial = self.test and self.test.current
        return self.sets[trial.real][trial.which] if trial else ""

    def question(self, title: str) -> tuple[Panel, str]:
        word = Writing(np.array([[0.1, 0.5]]), (self.shown,), size=42)
        panel = Panel((word,), (0, 1), (0, 1), f"{title}invented or real?", bare=True, tall=0.4)
        return panel, "Press I for invented, R for real"

    def sheets(self) -> list[Panel]:
        """The words that were taken for what they are not."""
        panels = []
        for truth, title in (("fake", "Invented, taken for real"), ("real", "Real, taken for invented")):
            taken = self.picked(fooled(self.records, truth), truth == "real")
            color = style.REAL if truth == "real" else style.FAKE
            panels.append(listed(taken[:24], f"{title}: {len(taken) or 'none'}", color))
        return panels
