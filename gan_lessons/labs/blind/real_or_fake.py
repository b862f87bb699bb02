"""RealOrFakeLab: one picture at a time, real or fake? At the end your error, its interval, and what fooled you."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor

from gan_lessons.labs.blind.answers import Answers, BlindTest
from gan_lessons.labs.blind.real_or_fake_simulation import Result, Trials, fooled, verdict
from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.frame import INK, Frame, Panel
from gan_lessons.labs.kit.intervals import Span, spans
from gan_lessons.plots import style

if TYPE_CHECKING:
    from gan_lessons.labs.kit.view import View

MOST = 20  # pictures on a sheet of those that fooled somebody


class RealOrFakeLab(BlindTest):
    """Real or fake? Pictures one at a time, answered with two buttons, with R and F, or by `answer`.

    `real` and `fake` are pictures [count, channels, height, width] in [-1, 1]. With `file`, every answer is stored
    there, and a test that was broken off goes on where it stopped. `who` begins the verdict, as in "The judge was".
    """

    letters: ClassVar[str] = "rf"
    thing: ClassVar[str] = "picture"  # what is shown, one at a time
    made: ClassVar[tuple[str, str]] = "fake", "a fake"  # what one is called that is not real

    def __init__(
        self,
        real: Tensor,
        fake: Tensor,
        trials: int = 40,
        seed: int = 0,
        file: str | Path | None = None,
        who: str = "You were",
    ):
        self.given, self.asked, self.who = (real, fake), (trials, seed), who
        self.store = Answers(file, f"{self.thing}s")
        super().__init__()

    def prepare(self) -> None:
        self.sets = self.compared(*self.given)
        trials = Trials(len(self.sets[True]), len(self.sets[False]), *self.asked)
        self.warning = self.store.load(self.told(trials), trials.resume)
        self.test = trials

    def compared(self, real: Any, fake: Any) -> dict[bool, Any]:
        """The real ones and the others; a ValueError if they are no pictures, or can be told by their size."""
        sets = {True: pictures.checked(real, "The real ones"), False: pictures.checked(fake, "The fakes")}
        if len({group.shape[1:] for group in sets.values()}) > 1:
            raise ValueError("Real and fake pictures have different sizes, by which one could tell them.")
        return sets

    def told(self, trials: Trials) -> bytes:
        """All that is shown, in its order, by which stored answers know their test."""
        return b"".join(pictures.to_bytes(self.picked([t.which], t.real)).numpy().tobytes() for t in trials.order)

    # The test

    @property
    def shown(self) -> Any:
        """The picture that waits for an answer, [1, channels, height, width]; empty at the end."""
        trial = self.test and self.test.current
        return self.picked([trial.which], trial.real) if trial else torch.empty(0)

    @property
    def records(self) -> list[dict[str, Any]]:
        """At the end a row a trial: trial, truth, answer, wrong, index; before that nothing."""
        return self.test.records() if self.test else []

    @property
    def result(self) -> Result | None:
        """At the end the error and its interval; before that none."""
        return self.test.result() if self.test and self.test.done else None

    def answer(self, what: str) -> None:
        """Take what is shown for "real", or for what the others are called, "fake"."""
        with self.settled():
            trials = self.asking()
            if what not in ("real", self.made[0]):
                raise ValueError(f"The answer is real or {self.made[0]}, not {what!r}.")
            trials.answer(what == "real")
            self.store.save(trials.state())

    def take_back(self) -> None:
        """Forget the last answer, as long as the result is not out."""
        with self.settled():
            self.asking().take_back()
            self.store.save(self.asking().state())

    def again(self) -> None:
        """Another test with others in another order; the answers given so far are forgotten."""
        with self.settled():
            old = self.asking()
            self.note("Another test begins" + ("; its answers are not stored." if self.store.file else "."))
            self.test, self.store.file, self.warning = Trials(old.real, old.fake, old.count, old.seed + 1), None, ""

    def picked(self, indices: Sequence[int], real: bool) -> Any:
        return self.sets[real][list(indices)]

    # What is shown

    def picture(self) -> Frame:
        trials = self.asking()
        if trials.done:
            return Frame((errors(trials), *self.sheets()), verdict(trials.result(), self.who))
        number = len(trials.answers)
        panel, said = self.question(f"{self.thing.capitalize()} {number + 1} of {trials.count}: ")
        said = f"{said}, or a button. Half of the {self.thing}s are real."
        return Frame((panel,), f"{self.warning}{number} of {trials.count} answered. {said}")

    def question(self, title: str) -> tuple[Panel, str]:
        """The panel of what is shown, whose title begins so, and which keys answer."""
        return pictures.sheet(self.shown, 1, f"{title}real or fake?"), "Press R for real, F for fake"

    def sheets(self) -> list[Panel]:
        """The pictures that were taken for what they are not."""
        panels = []
        for truth, title in (("fake", "Fakes taken for real"), ("real", "Real ones taken for fakes")):
            which = fooled(self.records, truth)
            if which:
                chosen = self.picked(which[:MOST], truth == "real")
                some = f", {MOST} of them shown" if len(which) > MOST else ""
                panels.append(pictures.sheet(chosen, MOST // 2, f"{title}: {len(which)}{some}"))
            else:
                panels.append(pictures.nothing(f"{title}: none"))
        return [replace(panel, row=True, share=3) for panel in panels]

    # The notebook's side

    def pressed(self, key: str) -> None:
        self.answer("real" if key == "r" else self.made[0])

    def more(self, view: "View") -> dict[str, Sequence[Any]]:
        made, one = self.made
        parts: Sequence[tuple[str, str, Callable[[], Any]]] = (
            ("Real (R)", f"I take this {self.thing} for a real one", lambda: self.answer("real")),
            (f"{made.capitalize()} ({made[0].upper()})", f"I take this {self.thing} for {one}",
             lambda: self.answer(made)),
            ("Take back", "Forget the last answer", self.take_back),
            ("Another test", f"Other {self.thing}s, in another order", self.again),
        )  # fmt: skip
        self.answering = [view.button(*each) for each in parts]
        for button in self.answering[:2]:
            button.button_style, button.layout.width = "primary", "9em"
        return {"": [view.row(self.answering)]}

    def refresh(self, view: "View") -> None:
        for button in self.answering[:3]:
            button.disabled = self.done


def errors(trials: Trials) -> Panel:
    """The error over all pictures, over the fakes and over the real ones, each with its interval."""
    rows = []
    kinds = ((None, "all", INK), ("fake", "the fakes", style.FAKE), ("real", "the real", style.REAL))
    for truth, name, color in kinds:
        result = trials.result(truth)
        rows.append(Span(f"{name}: {result.rate:.0%}", result.low, result.rate, result.high, color))
    wrong = trials.result()
    title = f"Wrong in {wrong.wrong} of {wrong.answered}"
    return spans(rows, title, "share of wrong answers", (0, 1), guessing=0.5, share=3, tall=0.6)
