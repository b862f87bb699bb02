"""InventedOrRealLab: one word at a time, invented or real? At the end your error, its interval, and what fooled you."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from gan_lessons.labs.blind.real_or_fake import RealOrFakeLab
from gan_lessons.labs.blind.real_or_fake_simulation import Trials, fooled
from gan_lessons.labs.kit.frame import INK, Layer, Lines, Panel, Points, Writing
from gan_lessons.labs.writing.text_drawing import listed
from gan_lessons.plots import style

CARDS = {False: (0.0, 0.49), True: (0.51, 1.0)}  # of the answers, invented and real: from where to where they reach
TOP = 0.4  # of a card


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
        trials = self.asking()
        text, size = self.written()
        layers: list[Layer] = [Writing(np.array([[0.5, 0.68]]), (text,), size=size, centred=True)]
        for truth, (left, right) in CARDS.items():
            name = "real" if truth else self.made[0]
            color = style.REAL if truth else style.FAKE
            corners = [(left, 0), (left, TOP), (right, TOP), (right, 0), (left, 0)]
            middle = (left + right) / 2
            layers += [
                Lines(np.array([corners], float), color, width=1.4, fill=True),
                Writing(np.array([[middle, 0.27]]), (name[0].upper(),), color, 24, centred=True),
                Writing(np.array([[middle, 0.1]]), (name,), size=15, centred=True),
            ]
        dots = np.stack([np.linspace(0.01, 0.99, trials.count), np.full(trials.count, 0.97)], 1)
        answered = len(trials.answers)
        layers += [Points(dots[:answered], INK, size=6, opacity=0.9), Points(dots[answered:], INK, size=6, opacity=0.2)]
        panel = Panel(tuple(layers), (-0.005, 1.005), (-0.01, 1), f"{title}invented or real?", bare=True, tall=0.65)
        return panel, "Click on a card, or press I for invented, R for real"

    def written(self) -> tuple[str, float]:
        """What is shown, and how high its letters are, in pixels, so that it fits."""
        return self.shown, min(52.0, 520 / max(1, len(self.shown)))

    def pointed(self, panel: int, x: float, y: float, kind: str) -> None:
        """A click on a card is its answer."""
        if kind != "down" or panel or self.done or not 0 <= y <= TOP:
            return
        for truth, (left, right) in CARDS.items():
            if left <= x <= right:
                self.answer("real" if truth else self.made[0])
                return

    def sheets(self) -> list[Panel]:
        """The words that were taken for what they are not."""
        panels = []
        for truth, title in (("fake", "Invented, taken for real"), ("real", "Real, taken for invented")):
            taken = self.picked(fooled(self.records, truth), truth == "real")
            color = style.REAL if truth == "real" else style.FAKE
            panels.append(listed(taken[:24], f"{title}: {len(taken) or 'none'}", color))
        return panels
