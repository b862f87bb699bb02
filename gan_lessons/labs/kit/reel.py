"""Labs that run like a film: Play moves one parameter from its start to where the reader left it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from gan_lessons.labs.kit.lab import Lab

PACE = 30.0  # frames a second


class Reel(Lab):
    """A lab of which one parameter runs: `reel` names it, says how far a frame goes, and where the film begins."""

    burst = 1
    reel: ClassVar[tuple[str, float, float]]
    speeds: ClassVar[dict[str, float]] = {"30 a second": PACE, "10 a second": 10, "3 a second": 3, "full speed": 0}

    def __init__(self, **values: Any):
        self.target: float | None = None
        super().__init__(**values)
        self.worker.speed = PACE
        self.target = self.place

    @property
    def place(self) -> float:
        """Where the film stands."""
        return getattr(self.parameters, self.reel[0])

    def changed(self, before: Any) -> None:
        super().changed(before)
        if getattr(before, self.reel[0]) != self.place:
            self.target = self.place

    def go(self, place: float) -> None:
        name = self.reel[0]
        self.parameters = replace(self.parameters, **{name: place})
        if self.view is not None:
            self.view.put(name, place)

    def end(self) -> float:
        """Where the film ends: where the reader put the slider, or its high end where that is the beginning."""
        high = self.allowed[self.reel[0]].high  # type: ignore[union-attr]
        return high if self.target is None or self.target <= self.reel[2] else self.target

    def advance(self, steps: int) -> None:
        place = round(min(self.place + steps * self.reel[1], self.end()), 6)
        self.go(int(place) if isinstance(self.reel[1], int) else place)
        if self.playing and self.place >= self.end():
            self.pause()  # and shows it, whatever the pace of the film

    def play(self) -> None:
        """Run to the end, from the beginning if the end is shown."""
        with self.settled():
            self.need()
            if self.place >= self.end():
                self.go(self.reel[2])  # type: ignore[arg-type]
        super().play()

    def rewind(self) -> None:
        """Show the beginning."""
        self.worker.pause()
        with self.settled():
            self.need()
            self.go(self.reel[2])

    def buttons(self) -> Sequence[tuple[str, str, Callable[[], Any]]]:
        return [("From the start", "Rewind the film", self.rewind)]
