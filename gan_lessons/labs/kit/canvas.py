"""A canvas that takes strokes: cells that each hold the number of a brush, and a lab's way to draw on them.

The mouse or a finger draws; by keyboard the cursor moves with the arrow keys, and draws where its pen is down.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from gan_lessons.labs.kit.controls import ranged
from gan_lessons.labs.kit.frame import Frame, Handles, Layer, Lines, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.kit.recording import Recording

if TYPE_CHECKING:
    from gan_lessons.labs.kit.view import View

KEPT = 40  # strokes that can be taken back
EDGE = "#222222"  # of the cursor, which lies on a picture in every theme


class Stroke(NamedTuple):
    """A line through points (x, y), from 0 to 1 and y upwards; the brush's radius is `size` % of the side."""

    brush: str
    size: float
    points: Sequence[tuple[float, float]]


class Canvas:
    """Cells [side, side] of whole numbers, the top row first."""

    def __init__(self, side: int, ground: int = 0):
        self.side, self.ground = side, ground
        self.cells = np.full((side, side), ground)
        self.before: list[np.ndarray] = []

    def keep(self) -> None:
        """Remember what is there, for `undo`."""
        self.before = [*self.before[1 - KEPT :], self.cells.copy()]

    def undo(self) -> bool:
        """Bring back what was there before the last stroke that changed anything; False where there was none."""
        while self.before:
            now, self.cells = self.cells, self.before.pop()
            if (self.cells != now).any():
                return True
        return False

    def line(self, start: tuple[float, float], end: tuple[float, float], value: int, radius: float) -> None:
        """Give a value to all cells whose middle is at most a radius, in cells, from the way between two points."""
        rows, columns = np.mgrid[: self.side, : self.side] + 0.5
        (x, y), (u, v) = ((self.side * across, self.side * (1 - up)) for across, up in (start, end))
        length = (u - x) ** 2 + (v - y) ** 2
        along = ((columns - x) * (u - x) + (rows - y) * (v - y)) / (length or 1)
        along = np.clip(along, 0, 1)
        near = (columns - x - along * (u - x)) ** 2 + (rows - y - along * (v - y)) ** 2 <= max(radius, 0.71) ** 2
        self.cells[near] = value


def sized(default: float, least: float, most: float) -> Any:
    """The field of a brush's radius."""
    return ranged(default, least, most, least, "Brush size", "The brush's radius, in % of the picture's side")


def placed(default: float, label: str) -> Any:
    """A field of the cursor's place."""
    return ranged(default, 0, 1, 0.02, label, "Where the cursor is; arrow keys on its dot in the picture move it too")


class Painting(Lab):
    """A lab on whose first panel one draws.

    Its parameters are `brush`, `size`, `across`, `up`, `pen` ("up" or "down") and `scene`, one of `scenes`. `brushes`
    takes a brush's name to its colour; its number is its place. A lab says in `shown` what becomes of the cells.
    """

    side: int = 64  # of the canvas, in cells
    brushes: ClassVar[Mapping[str, str]]
    scenes: ClassVar[Mapping[str, Sequence[Stroke]]]
    letters: ClassVar[str] = "dpu123456"

    def shown(self, cells: np.ndarray, *cursor: Layer) -> Frame:
        """The frame of what is drawn: cells [side, side] of brushes' numbers; the cursor lies over the first panel."""
        raise NotImplementedError

    def restart(self) -> None:
        self.canvas = Canvas(self.side)
        self.last: tuple[float, float] | None = None
        for stroke in self.scenes[self.parameters.scene]:
            self.draw(stroke)
        self.canvas.before = []

    def draw(self, stroke: Stroke) -> None:
        """Draw a stroke."""
        self.canvas.keep()
        points = list(stroke.points)
        for start, end in zip([points[0], *points], points, strict=False):
            self.canvas.line(start, end, list(self.brushes).index(stroke.brush), self.cells(stroke.size))

    def cells(self, size: float) -> float:
        """A brush's radius in cells."""
        return size / 100 * self.side

    def changed(self, before: Any) -> None:
        now = self.parameters
        if before.scene != now.scene:
            self.start()
        elif now.pen == "down" and (before.across, before.up) != (now.across, now.up):
            self.canvas.keep()
            self.brushed((before.across, before.up), (now.across, now.up))

    def brushed(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw from one point to another with the present brush."""
        p = self.parameters
        self.canvas.line(start, end, list(self.brushes).index(p.brush), self.cells(p.size))

    def picture(self) -> Frame:
        p = self.parameters
        turn = np.linspace(0, 2 * np.pi, 40)
        ring = path(p.across + p.size / 100 * np.cos(turn), p.up + p.size / 100 * np.sin(turn))
        cursor = Lines(ring.clip(0, 1), EDGE, width=2, dashed=p.pen == "up")
        dot = Handles(np.array([[p.across, p.up]]), (("across", "up"),), (self.brushes[p.brush],))
        return self.shown(self.canvas.cells, cursor, dot)

    # Pointer and keys

    def heed(self, events: Sequence[dict[str, Any]]) -> None:
        """A pointer draws also where it begins on the cursor; a key that moves the cursor comes without a press."""
        for event in events:
            pulled = event["kind"] in ("down", "up") or self.last is not None
            super().heed([{**event, "handle": None} if pulled else event])

    def pointed(self, panel: int, x: float, y: float, kind: str) -> None:
        place = min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
        if kind == "down" and panel == 0:
            self.canvas.keep()
            self.last = place
        if self.last is None:
            return
        if kind != "up":
            self.brushed(self.last, place)
        self.last = None if kind == "up" else place

    def pressed(self, key: str) -> None:
        p = self.parameters
        if key == "d":
            self.canvas.keep()
            self.brushed((p.across, p.up), (p.across, p.up))
        elif key == "p":
            self.set(pen="up" if p.pen == "down" else "down")
        elif key == "u":
            self.take_back()
        elif int(key) <= len(self.brushes):
            self.set(brush=list(self.brushes)[int(key) - 1])

    def take_back(self) -> None:
        """Forget the last stroke."""
        with self.settled():
            self.need()
            if not self.canvas.undo():
                self.note("There is no stroke to take back.")

    def more(self, view: "View") -> dict[str, Sequence[Any]]:
        return {
            "": [
                view.button("Undo", "Take the last stroke back (u)", self.take_back),
                view.button("From the start", "Forget all strokes of your own", self.reset),
            ]
        }

    def film(self, name: str, pieces: int = 4) -> Recording:
        """A scene as it is drawn, each stroke in so many pieces, to be scrubbed through where no kernel runs."""
        with self.lock:
            kept, self.canvas = self.canvas, Canvas(self.side)
            frames = [self.shown(self.canvas.cells)]
            for stroke in self.scenes[name]:
                for piece in np.array_split(np.arange(len(stroke.points)), min(pieces, len(stroke.points))):
                    points = stroke.points[max(piece[0] - 1, 0) : piece[-1] + 1]
                    self.draw(stroke._replace(points=points))
                    frames.append(self.shown(self.canvas.cells.copy()))
            self.canvas = kept
        return Recording(frames)
