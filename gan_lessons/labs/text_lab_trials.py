"""InventedOrRealLab: one word at a time, invented or real? At the end your error, its interval, and what fooled you."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import ipywidgets
import numpy as np

from gan_lessons.labs.frame import Frame, Panel, Writing
from gan_lessons.labs.lab import Lab, explained
from gan_lessons.labs.real_or_fake_lab import RealOrFakeLab, errors
from gan_lessons.labs.text_lab_drawing import listed
from gan_lessons.labs.trials import Trials, fooled, verdict
from gan_lessons.plots import style


class InventedOrRealLab(RealOrFakeLab):
    """Invented or real? Words one at a time, answered with two buttons, with I and R, or by `answer`.

    Of the `invented` words those are left out that are `known`, and of both lists those that come twice.
    """

    letters: ClassVar[str] = "ri"

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
        known |= frozenset(real)
        self.texts = {True: list(dict.fromkeys(real)), False: [w for w in dict.fromkeys(invented) if w not in known]}
        self.who, self.waits, self.mark = who, "", ""
        self.trials: Trials | None = None
        self.file = None if file is None else Path(file)
        try:
            self.trials = Trials(len(self.texts[True]), len(self.texts[False]), trials, seed)
            shown = [self.texts[trial.real][trial.which] for trial in self.trials.order]
            self.mark = hashlib.sha256("\n".join(shown).encode()).hexdigest()[:16]
            self.load()
        except Exception as error:
            self.waits = explained(error)
        Lab.__init__(self)  # the test of pictures would look for pictures

    @property
    def shown(self) -> str:  # type: ignore[override]
        """The word that waits for an answer; empty at the end."""
        trial = self.trials and self.trials.current
        return self.texts[trial.real][trial.which] if trial else ""

    def answer(self, what: str) -> None:
        """Take the present word for "real" or for "invented"."""
        super().answer("fake" if what == "invented" else what)

    def pressed(self, key: str) -> None:
        self.answer({"r": "real", "i": "invented"}[key])

    def picture(self) -> Frame:
        trials = self.trials
        if trials is None:
            return Frame((listed([], "No test"),), self.waits)
        number = len(trials.answers) + 1
        if trials.done:
            return Frame((errors(trials), *self.sheets()), verdict(trials.result(), self.who))
        word = Writing(np.array([[0.1, 0.5]]), (self.shown,), size=42)
        panel = Panel((word,), (0, 1), (0, 1), f"Word {number} of {trials.count}: invented or real?", bare=True)
        said = "Press I for invented, R for real, or a button. Half of the words are real."
        return Frame((panel,), f"{self.waits} {number - 1} of {trials.count} answered. {said}".strip())

    def sheets(self) -> list[Panel]:
        """The words that were taken for what they are not."""
        panels = []
        for truth, title in (("fake", "Invented, taken for real"), ("real", "Real, taken for invented")):
            taken = [self.texts[truth == "real"][index] for index in fooled(self.records, truth)]
            color = style.REAL if truth == "real" else style.FAKE
            panels.append(listed(taken[:24], f"{title}: {len(taken) or 'none'}", color))
        return panels

    def more(self) -> dict[str, Sequence[ipywidgets.Widget]]:
        parts: Sequence[tuple[str, str, Callable[[], Any]]] = (
            ("Real (R)", "I take this word for a real one", lambda: self.answer("real")),
            ("Invented (I)", "I take this word for an invented one", lambda: self.answer("invented")),
            ("Take back", "Forget the last answer", self.take_back),
            ("Another test", "Other words, in another order", self.again),
        )
        self._answers = [self._button(*each) for each in parts]
        return {"": [ipywidgets.Box(self._answers, layout={"flex_flow": "row wrap"})]}

    def __repr__(self) -> str:
        return super().__repr__().replace("RealOrFakeLab", "InventedOrRealLab")
