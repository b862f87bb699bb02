"""TimelineLab: scrub through a training, and see the same noises drawn at every moment of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any, ClassVar

import numpy as np

from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Choice, Range, chosen, controls_of, stepped
from gan_lessons.labs.kit.frame import INK, Frame, Layer, Lines, Panel, Points, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.kit.recording import Recording
from gan_lessons.labs.latents.timeline_simulation import Timeline
from gan_lessons.plots import style

SPEED = 10.0  # snapshots a second of the film
GREYS = 16  # levels of brightness in a recording
KINDS = ("averaged", "present")
MEASURED = style.CATEGORIES[0]  # the colour of what is measured of the pictures


@dataclass(frozen=True)
class Moment(Choice):
    """A step of which there is a snapshot; any other number stands for the nearest."""

    slider: bool = True

    def check(self, value: Any) -> tuple[Any, str]:
        if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(float(value)):
            raise ValueError(
                f"“{self.label}” takes a step from {self.options[0]} to {self.options[-1]}, not {value!r}."
            )
        nearest = min(self.options, key=lambda step: abs(step - value))
        return nearest, "" if nearest == value else f"The snapshot nearest to step {value:g} is that of step {nearest}."


@dataclass(frozen=True)
class TimelineParameters:
    """The moment, and whose pictures."""

    at: int = stepped(0, [0], "Step", "Look at any moment of the training; also by a click in a curve")
    generator: str = chosen(KINDS[0], KINDS, "Generator", "G's moving average, or G as it was at that step")


class TimelineLab(Lab):
    """Scrub through a training: the same noises at each step, the losses, the distance, and how far pictures moved.

    `timeline` was taken while the GAN trained. `curve` maps steps to a score, by default the timeline's own; `floor` is
    the best score that can be hoped for, and `name` says what is scored.
    """

    Parameters = TimelineParameters
    burst = 1
    wide = ("at",)
    speeds: ClassVar = {"full speed": 0, "10 a second": 10, "3 a second": 3, "1 a second": 1}
    tooltips = "Run through the training like a film", "Snapshots a second"
    empty = "No timeline"

    def __init__(
        self,
        timeline: Timeline,
        curve: Mapping[int, float] | None = None,
        floor: float | None = None,
        name: str = "Fréchet distance / noise",
        **values: Any,
    ):
        self.timeline, self.given, self.floor, self.name = timeline, curve, floor, name
        super().__init__(**values)
        self.worker.speed = SPEED

    def controls(self) -> dict[str, Range | Choice]:
        known: dict[str, Any] = controls_of(self.Parameters)
        if isinstance(self.timeline, Timeline):
            known["at"] = Moment(self.timeline.steps, known["at"].label, known["at"].tooltip)
        return known

    def prepare(self) -> None:
        timeline = self.timeline
        if not isinstance(timeline, Timeline):
            raise ValueError(f"This lab shows a Timeline, not {timeline!r:.60}.")
        scores = timeline.scores if self.given is None else self.given
        self.count = len(timeline.snapshots)
        self.columns = -(-len(timeline.noise) // 2)  # two rows of pictures, over the curves
        self.losses = [part.numpy() for part in timeline.losses()]
        self.moved = {kind: timeline.moved(kind == KINDS[0]).numpy() for kind in KINDS}
        # a score that is no positive number has no place on a logarithmic axis
        self.scores = sorted((int(k), float(v)) for k, v in scores.items() if np.isfinite(float(v)) and float(v) > 0)

    def restart(self) -> None:
        self.parameters = replace(self.parameters, at=self.timeline.steps[-1])

    # The film

    @property
    def place(self) -> int:
        """Which snapshot is shown."""
        return self.timeline.steps.index(self.parameters.at)

    def go(self, by: int) -> None:
        """So many snapshots on, or back."""
        with self.settled():
            self.need()
            self.show(self.place + by)

    def show(self, place: int) -> None:
        at = self.timeline.steps[min(max(place, 0), self.count - 1)]
        self.parameters = replace(self.parameters, at=at)
        if self.view is not None:
            self.view.put("at", at)

    def advance(self, steps: int) -> None:
        self.show(self.place + steps)
        if self.playing and self.place == self.count - 1:
            self.stop("That was the last snapshot.")  # and shows it, whatever the pace of the film

    def play(self) -> None:
        """Run through the snapshots, from the start if the last one is shown."""
        with self.settled():
            self.need()
            if self.place == self.count - 1:
                self.show(0)
        super().play()

    def film(self, every: int = 1) -> Recording:
        """All snapshots (or every so many-th), to be scrubbed through where no kernel runs."""
        kept = self.parameters
        frames = []
        for place in sorted({*range(0, self.count, every), self.count - 1}):
            self.set(at=self.timeline.steps[place])
            sheet, *curves = self.frame().panels
            (drawn,) = sheet.layers
            few = replace(drawn, data=np.rint(drawn.data * (GREYS - 1)) / (GREYS - 1))
            frames.append(replace(self.frame(), panels=(replace(sheet, layers=(few,)), *curves)))
        self.set(at=kept.at)
        return Recording(frames)

    def pointed(self, panel: int, x: float, y: float, kind: str) -> None:
        if panel and kind != "up" and not self.waits:
            self.show(int(np.abs(along(self.timeline.steps) - x).argmin()))

    def buttons(self) -> Sequence[tuple[str, str, Callable[[], Any]]]:
        return [
            ("Back one", "The snapshot before", lambda: self.go(-1)),
            ("On one", "The next snapshot", lambda: self.go(1)),
        ]

    # What is shown

    def picture(self) -> Frame:
        p, place = self.parameters, self.place
        pixels = self.timeline.pixels(place, p.generator == KINDS[0])
        sheet = pictures.sheet(
            pixels, self.columns, f"Step {p.at}: the {p.generator} generator, the same noises", share=3
        )
        end = 1.01 * along(max(1, self.timeline.steps[-1]))
        panels = [sheet]
        if len(self.losses[0]):
            panels.append(self.draw_losses(end))
        if self.scores:
            panels.append(self.draw_scores(end))
        panels.append(self.draw_moved(end))
        panels[1] = replace(panels[1], row=True)
        return Frame(tuple(panels), self.say(place))

    def mark(self, low: float, high: float) -> Lines:
        return Lines(path(along([self.parameters.at] * 2), [low, high]), INK, width=1.2)

    def over_steps(
        self, layers: tuple[Layer, ...], low: float, high: float, title: str, end: float, **more: Any
    ) -> Panel:
        """A panel over the steps, on a logarithmic axis as the snapshots are."""
        columns = named_steps(self.timeline.steps[-1])
        return Panel(layers, (0, end), (low, high), title, "step", columns=columns, **more)

    def draw_losses(self, end: float) -> Panel:
        steps, d_loss, g_loss = self.losses
        both = np.concatenate([d_loss, g_loss])
        both = both[np.isfinite(both)] if np.isfinite(both).any() else np.zeros(1)
        low, high = float(min(0, np.quantile(both, 0.01))), float(max(0.1, 1.1 * np.quantile(both, 0.995)))
        layers = (
            Lines(path(along(steps), d_loss), style.DISCRIMINATOR, "D's loss", 1.5),
            Lines(path(along(steps), g_loss), style.GRADIENT, "G's loss", 1.5),
            self.mark(low, high),
        )
        return self.over_steps(layers, low, high, "The losses", end, ylabel="loss")

    def draw_scores(self, end: float) -> Panel:
        heights = np.log10([value for _, value in self.scores])
        best = heights if not self.floor else np.append(heights, np.log10(self.floor))
        low, high = float(best.min()) - 0.2, float(best.max()) + 0.2
        dots = np.stack([along([step for step, _ in self.scores]), heights], -1)
        layers: list[Layer] = [Lines(dots[None], MEASURED, width=1.5), Points(dots, MEASURED, size=5, opacity=1)]
        if self.floor:
            layers.append(Lines(path([0, end], np.log10(self.floor)), style.REAL, "floor: real data", 1.2, dashed=True))
        layers.append(self.mark(low, high))
        return self.over_steps(tuple(layers), low, high, self.name, end, rows=powers(low, high))

    def draw_moved(self, end: float) -> Panel:
        """How fast the pictures change: what they moved since the snapshot before, for each step in between."""
        moved, steps = self.moved[self.parameters.generator][1:], np.array(self.timeline.steps, float)
        speed = moved / np.diff(steps)[:, None]
        least = speed[speed > 0].min(initial=1.0)  # nothing moved: no logarithm
        heights = np.log10(np.maximum(speed, least))
        low, high = float(heights.min(initial=-1)) - 0.2, float(heights.max(initial=0))
        every = np.stack(np.broadcast_arrays(along(steps[1:]), heights.T), -1)  # [pictures, snapshots, 2]
        layers = (
            Lines(every, style.REFERENCE, "each", 0.5),
            Lines(path(along(steps[1:]), np.median(heights, 1)), MEASURED, "median", 2),
            self.mark(low, high),
        )
        return self.over_steps(layers, low, high, "Change per step", end, ylabel="per pixel", rows=powers(low, high))

    def say(self, place: int) -> str:
        p, steps = self.parameters, self.timeline.steps
        said = [f"Step {p.at} of {steps[-1]}, snapshot {place + 1} of {self.count}."]
        if place:
            moved = self.moved[p.generator][place]
            row, column = divmod(int(moved.argmax()), self.columns)
            said.append(
                f"Since step {steps[place - 1]} the {p.generator} generator's pictures moved by {np.median(moved):.2f} "
                f"a pixel (from −1 to 1), most the one in row {row + 1}, column {column + 1} ({moved.max():.2f})."
            )
        between = pictures.apart(self.timeline.pixels(place), self.timeline.pixels(place, False)).median()
        said.append(f"The averaged and the present generator are {between:.2f} apart.")
        before = [(step, value) for step, value in self.scores if step <= p.at]
        if before:
            step, value = before[-1]
            said.append(f"{self.name}: {value:.3g}{'' if step == p.at else f' at step {step}'}.")
        return " ".join(said)


def along(steps: Any) -> Any:
    """Where steps lie on the logarithmic axis, which begins at step 0."""
    return np.log10(1 + np.asarray(steps, float))


def named_steps(last: int) -> tuple[tuple[float, str], ...]:
    """The names of 0, of the powers of ten, and of the last step, where there is room for them."""
    powers = [10**k for k in range(12) if 2.5 * 10**k <= last]
    return tuple((float(along(step)), f"{step:,}") for step in (0, *powers, last))


def powers(low: float, high: float) -> tuple[tuple[float, str], ...]:
    """Names of the powers of ten on a logarithmic axis from `low` to `high`."""
    return tuple((k, f"{10.0**k:g}") for k in range(int(np.ceil(low)), int(np.floor(high)) + 1))
