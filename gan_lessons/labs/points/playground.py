"""PlaygroundLab: build a GAN on points in the plane, watch it train, and break and mend it meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_lessons.labs.kit.controls import Choice, Range
from gan_lessons.labs.kit.frame import INK, Frame, Panel, Points
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.points.own import fitted
from gan_lessons.labs.points.playground_drawing import Plane, picture, under
from gan_lessons.labs.points.playground_parameters import AGAIN, NETWORKS, PICTURES, PRESETS, PlaygroundParameters
from gan_lessons.labs.points.playground_simulation import Game, code, problem
from gan_lessons.labs.points.playground_sketch import Sketch, state
from gan_lessons.labs.points.watched import frozen
from gan_lessons.sweeps import Setting

if TYPE_CHECKING:
    from gan_lessons.labs.kit.view import View

EVERY = 50  # steps between two scores
SLOW = 10  # steps a second at which each is shown in the diagram
APART = 0.09  # between two points of a stroke


class PlaygroundLab(Lab):
    """Build a GAN on points: choose, draw, play, and change it while it trains.

    `players` is a function () -> (generator, discriminator) of your own networks, `losses` names losses of your own,
    functions (real_scores, fake_scores) -> (D's loss, G's loss), which join the library's.
    """

    Parameters = PlaygroundParameters
    burst = 100
    remakes = AGAIN
    presets = PRESETS
    tabs = {  # noqa: RUF012
        "The game": ("discriminator_steps", "average_decay", "batch", "seed"),
        "The players": (*NETWORKS, "noise_dim"),
        "Data and picture": ("picture",),
    }

    def __init__(
        self, players: Callable | None = None, losses: dict[str, Callable] | None = None, **values: Any
    ):  # the argument hides the module of that name on purpose
        self.players, self.raw = players, dict(losses or {})
        self.own = {name: fitted(loss) for name, loss in self.raw.items()}
        self.drawn: list[tuple[float, float]] = []
        self.game: Game | None = None
        self.plane: Plane | None = None
        super().__init__(**values)

    def controls(self) -> dict[str, Range | Choice]:
        known = super().controls()
        known["loss"] = replace(known["loss"], options=[*known["loss"].options, *self.own])  # type: ignore
        return known

    def idle(self) -> set[str]:
        unused = {"penalty_weight"} if self.parameters.penalty == "none" else set()
        return unused | (set(NETWORKS) if self.players is not None else set())

    # The game

    @property
    def setting(self) -> Setting:
        """The present parameters as the library's setting."""
        p = self.parameters
        return Setting(
            loss=self.own.get(p.loss, p.loss), penalty=p.penalty, penalty_weight=p.penalty_weight,
            generator_rate=p.generator_rate, discriminator_rate=p.discriminator_rate,
            discriminator_steps=p.discriminator_steps, average_decay=p.average_decay, batch=p.batch,
            generator_width=p.generator_width, generator_depth=p.generator_depth, pack=p.pack,
            discriminator_width=p.discriminator_width, discriminator_depth=p.discriminator_depth,
            noise=p.noise, noise_dim=p.noise_dim, players=self.players,
        )  # fmt: skip

    def restart(self) -> None:
        self.release()
        self.game = Game(problem(self.parameters.data, self.drawn), self.setting, self.parameters.seed)
        self.plane = Plane(self.game)

    def release(self) -> None:
        self.game = self.plane = None

    @property
    def trained(self) -> bool:
        return self.game is not None and self.game.step > 0

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            self.take("alternating")

    def take(self, update: str) -> None:
        """One step in which both players move, or one alone."""
        self.need()
        assert self.game is not None
        self.game.train(replace(self.setting, update=update))
        self.acted = "both" if update == "alternating" else update.removesuffix("_only")
        if self.game.step % EVERY == 0:
            self.game.measure()

    def step(self, update: str = "alternating") -> None:
        """Pause, and take one step: "alternating", "discriminator_only" or "generator_only"."""
        self.worker.pause()
        with self.settled():
            self.take(update)

    @property
    def pen(self) -> Points:
        """What was drawn."""
        return Points(np.array(self.drawn).reshape(-1, 2), INK, "drawn", 5, 0.9)

    def waiting(self) -> Frame:
        plane = Panel((self.pen,), (-3, 3), (-3, 3), "Press the mouse and draw", equal=True, share=1.3)
        return Frame((plane,), self.waits)

    def picture(self) -> Frame:
        game, plane, p = self.game, self.plane, self.parameters
        assert game is not None and plane is not None
        lit, self.acted = self.acted, ""
        pause = 1000 / self.speed if self.playing and 0 < self.speed <= SLOW else 0
        return picture(
            game, plane, PICTURES[p.picture], p.loss, self.playing, lit, pause, self.pen if self.stroke else None
        )

    acted = ""  # who has learnt since the last picture

    def sketch(self) -> Sketch:
        assert self.game is not None and self.plane is not None
        return Sketch(self.game, self.plane)

    def outline(self) -> tuple[Game, dict[str, Any]] | None:
        if self.game is None or self.stroke or self.game.diverged or not isinstance(self.game.loss, str):
            return None
        return self.game, state(self.game, PICTURES[self.parameters.picture])

    def hovered(self, panel: int, x: float, y: float) -> str:
        assert self.game is not None and self.plane is not None
        with frozen(self.game.discriminator):
            return "" if panel else under(self.game, self.plane, x, y)

    # Drawing

    stroke = False  # whether the mouse is drawing

    def pointed(self, panel: int, x: float, y: float, kind: str) -> None:
        if panel:
            return
        if self.parameters.data != "drawn":
            if kind == "down":
                self.note("To draw points of your own, choose “drawn” as data.")
            return
        self.stroke = kind != "up"
        last = self.drawn[-1] if self.drawn else (9.0, 9.0)
        if self.stroke and (kind == "down" or np.hypot(x - last[0], y - last[1]) >= APART):
            self.add(x, y)
        if kind == "up":
            self.start()

    def add(self, x: float, y: float) -> None:
        """One more drawn point, inside the picture."""
        self.drawn.append((round(min(max(x, -3.0), 3.0), 2), round(min(max(y, -3.0), 3.0), 2)))

    def draw(self, places: Sequence[Sequence[float]]) -> None:
        """Take these points [points, 2] as what is drawn, and start again with them."""
        with self.settled():
            array = np.asarray(places, float).reshape(-1, 2) if len(places) else np.zeros((0, 2))
            if not np.isfinite(array).all():
                raise ValueError("Drawn points need finite coordinates.")
            self.drawn = []
            for x, y in array.tolist():
                self.add(x, y)
            if self.parameters.data == "drawn":
                self.start()
            else:
                self.set(data="drawn")

    # The notebook's side

    def code(self) -> str:
        """A cell that trains this GAN again, with every change that was made while it trained."""
        if self.game is None:
            return f"# {self.waits}\n"
        used = [phase.setting for phase in self.game.phases] or [self.setting]
        names = {self.own[name]: f"fitted({called(raw, name)})" for name, raw in self.raw.items()}
        if self.players is not None:
            names[self.players] = called(self.players, "players")
        used_names = {f: name for f, name in names.items() if any(f in (s.loss, s.players) for s in used)}
        return code(self.game, self.parameters.data, self.drawn, used_names)

    def show_code(self) -> None:
        """Show the code below the controls."""
        with self.lock:
            self.exported.value = self.code()
            self.export.layout.display = None

    def hide_code(self) -> None:
        """Hide it again."""
        self.export.layout.display = "none"

    def buttons(self) -> Sequence[tuple[str, str, Callable[[], Any]]]:
        return [
            ("Step both", "One step of D, one of G", self.step),
            ("Step D only", "G stays as it is", lambda: self.step("discriminator_only")),
            ("Step G only", "D stays as it is", lambda: self.step("generator_only")),
            *super().buttons(),
            ("Export", "Show code that builds exactly this GAN", self.show_code),
        ]

    def more(self, view: "View") -> dict[str, Sequence[Any]]:
        from ipywidgets import HTML, BoundedFloatText, HBox, Textarea, VBox

        self.exported = Textarea(tooltip="Copy this into a cell", layout={"width": "98%", "height": "18em"})
        shut = view.button("Close", "Hide the code", self.hide_code)
        copy = view.button("Copy", "Copy the code, to paste it into a cell", lambda: None)
        copy.add_class("gan-copy")  # the browser does it: access.js
        self.export = VBox([view.row([HTML("The code of this GAN, to paste into a cell:"), copy, shut]),
                            self.exported], layout={"display": "none"})  # fmt: skip
        self.export.add_class("gan-export")
        looks = {"min": -3, "max": 3, "step": 0.1, "style": {"description_width": "2em"}, "layout": {"width": "8em"}}
        x, y = (BoundedFloatText(0, description=name, tooltip=f"The new point's {name}", **looks) for name in "xy")
        add = view.button(
            "Add point", "Draw a point without the mouse", lambda: self.draw([*self.drawn, (x.value, y.value)])
        )
        clear = view.button("Clear drawing", "Forget the drawn points", lambda: self.draw([]))
        return {"Data and picture": [HBox([x, y, add, clear])], "below": [self.export]}


def called(function: Callable, otherwise: str) -> str:
    """How a notebook calls a function: by its name, unless it has none."""
    name = getattr(function, "__name__", "")
    return name if name.isidentifier() else otherwise
