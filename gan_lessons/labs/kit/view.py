"""A lab's widgets in a notebook: a bar that plays it, its picture, controls beside, and the rest behind "More"."""

import json
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import ipywidgets

from gan_lessons.labs.kit.controls import Choice, Range
from gan_lessons.labs.kit.hooks import Hooks
from gan_lessons.labs.kit.packing import packed
from gan_lessons.labs.kit.painter import PAINTER
from gan_lessons.labs.kit.stage import Stage

if TYPE_CHECKING:
    from gan_lessons.labs.kit.lab import Lab

RATE = 60  # frames a second, at most
SHARE = 0.2  # a picture's time over that of the steps before it, at most
MORE, LESS = "More controls", "Fewer controls"


def control_of(allowed: Range | Choice, value: Any) -> ipywidgets.Widget:
    """The slider or drop-down of a range or a choice; lab.css puts its name above it."""
    looks = {"description": allowed.label, "tooltip": allowed.tooltip, "style": {"description_width": "initial"}}
    if isinstance(allowed, Range):
        kind = ipywidgets.IntSlider if isinstance(allowed.step, int) else ipywidgets.FloatSlider
        made = kind(value=value, min=allowed.low, max=allowed.high, step=allowed.step, **looks)
    elif not allowed.slider:
        made = ipywidgets.Dropdown(value=value, options=list(allowed.options), **looks)
    else:
        named = [(f"{option:g}" if isinstance(option, float) else str(option), option) for option in allowed.options]
        made = ipywidgets.SelectionSlider(value=value, options=named, **looks)
    made.add_class("gan-control")
    return made


def box(kind: str, widgets: Iterable[ipywidgets.Widget]) -> ipywidgets.Widget:
    """Widgets in a box whose looks lab.css knows by this name."""
    made = ipywidgets.Box(list(widgets))
    made.add_class(f"gan-{kind}")
    return made


class View:
    """The widgets of one lab: `box` holds them all, `controls` those of its parameters by name."""

    def __init__(self, lab: "Lab"):
        self.lab = lab
        self.drawn = self.cost = self.worked = 0.0
        self.asked = -1  # the stage's step when a picture was asked for
        names = {
            name: {"label": one.label, "step": one.step} for name, one in lab.allowed.items() if isinstance(one, Range)
        }
        self.stage = Stage(
            lab.heed, self.left, lab.under_mouse, listens=lab.listens, letters=lab.letters,
            hovers=type(lab).hovered is not Hooks.hovered, names=json.dumps(names),
            tips=json.dumps({one.label: one.tooltip for one in lab.allowed.values()}),
        )  # fmt: skip
        self.controls = {name: self.control(name, value) for name, value in lab.values.items()}
        self.play: ipywidgets.Widget | None = None
        more, left = lab.more(self), dict(self.controls)
        wide = [left.pop(name) for name in lab.wide]
        pages = {title: [left.pop(name) for name in names] for title, names in lab.tabs.items()}
        bar = [*(self.training_bar() if lab.burst else []), *more.get("", [])]
        for control in wide:
            control.add_class("gan-wide")
        body = [box("main", [*wide, self.stage])]
        body[0].layout.flex_flow = "column"
        side = list(left.values())
        drawer = []
        if pages:
            rows = [box("page", [*page, *more.get(title, [])]) for title, page in pages.items()]
            drawer = [box("drawer", [ipywidgets.Tab(rows, titles=list(pages))])]
            side.append(self.opener(drawer[0]))
        if side:
            body.append(box("side", side))
        parts = [box("bar", bar)] if bar else []
        if lab.presets:
            parts.append(box("presets", [ipywidgets.Label("Try:"), *map(self.preset, lab.presets)]))
        self.box = ipywidgets.VBox([*parts, box("body", body), *drawer, *more.get("below", [])])
        self.box.add_class("gan-lab")

    def control(self, name: str, value: Any) -> ipywidgets.Widget:
        made = control_of(self.lab.allowed[name], value)
        made.observe(lambda change: self.moved(name, change.new), "value")
        return made

    def opener(self, drawer: ipywidgets.Widget) -> ipywidgets.Widget:
        """The button that shows and hides what is not needed at first."""
        made = ipywidgets.ToggleButton(description=MORE, tooltip="Show or hide the other controls")
        made.layout.width, drawer.layout.display = "auto", "none"

        def turn(change: Any) -> None:
            drawer.layout.display, made.description = (None, LESS) if change.new else ("none", MORE)

        made.observe(turn, "value")
        return made

    def preset(self, preset: Any) -> ipywidgets.Widget:
        """A button that puts the lab into a state worth seeing, and lets it train."""

        def go() -> None:
            self.lab.preset(preset.name)
            if self.lab.burst and not self.lab.playing:
                self.lab.play()

        return self.button(preset.name, preset.watch, go)

    def training_bar(self) -> list[ipywidgets.Widget]:
        """Play, the lab's buttons, and the speed."""
        lab = self.lab
        play_tip, speed_tip = lab.tooltips
        self.play = play = ipywidgets.Button(description="Play", tooltip=play_tip, button_style="primary")
        play.add_class("gan-first")
        play.on_click(lambda _: lab.pause() if lab.playing else lab.play())
        looks = {"style": {"description_width": "initial"}, "layout": {"width": "auto"}}
        self.speed = ipywidgets.Dropdown(
            options=lab.speeds, value=None, description="Speed", tooltip=speed_tip, **looks
        )
        self.speed.observe(lambda c: setattr(lab, "speed", c.new) if c.new not in (None, lab.speed) else None, "value")
        return [play, *(self.button(*parts) for parts in lab.buttons()), self.speed]

    def row(self, widgets: Iterable[ipywidgets.Widget]) -> ipywidgets.Widget:
        """Widgets side by side, in as many lines as they need."""
        return box("bar", widgets)

    def button(self, label: str, tooltip: str, action: Callable[[], Any]) -> ipywidgets.Widget:
        made = ipywidgets.Button(description=label, tooltip=tooltip, layout={"width": "auto"})
        made.on_click(lambda _: action())
        return made

    def moved(self, name: str, value: Any) -> None:
        """Tell the lab what a control was moved to; one that `put` has moved reports what the lab already has."""
        with self.lab.lock:
            if getattr(self.lab.parameters, name, None) != value:
                self.lab.set(**{name: value})

    def put(self, name: str, value: Any) -> None:
        """Bring a control up to date."""
        control, high = self.controls[name], getattr(self.lab.allowed[name], "high", None)
        if high is not None:
            control.max = max(control.max, high)  # a slider that shrinks first would move by itself
        control.value = value
        if high is not None:
            control.max = high

    def show(self) -> None:
        """Show how the lab is now."""
        lab, idle = self.lab, self.lab.idle()
        lab.refresh(self)
        for name, value in lab.values.items():
            self.put(name, value)
            self.controls[name].disabled = name in idle
        self.stage.playing = lab.playing
        # the frame goes out before the label: who reads "Play" sees where the training stands
        self.stage.show(lab.frame(), lab.sentence)
        if self.play is not None:
            self.play.description = "Pause" if lab.playing else "Play"
            self.speed.value = lab.speed if lab.speed in lab.speeds.values() else None  # set by code

    def follow(self, seconds: float) -> None:
        """After a step that took so long, show a frame if the browser has shown the ones before, and time allows it."""
        self.worked += seconds
        now = time.monotonic()
        paid = self.lab.speed or self.worked >= self.cost / SHARE
        if now - self.drawn < 1 / RATE or not paid or not self.stage.ready:
            return
        if not self.delegate():
            scene, data = packed(self.lab.frame())
            self.stage.hasten(scene, data, self.lab.sentence)
        self.cost += 0.2 * (time.monotonic() - now - self.cost)
        self.drawn, self.worked = now, 0.0
        if not self.lab.playing:
            self.show()

    def delegate(self) -> bool:
        """Let the other process draw; False if the lab has to do it itself. True also while a picture is to come."""
        lab = self.lab
        if lab.speed or PAINTER.broken or type(lab).outline is Hooks.outline:
            return False
        PAINTER.start()
        if not PAINTER.ready:
            return PAINTER.pending and PAINTER.known is not None and PAINTER.view is self
        outline = lab.outline()
        if outline is None or not PAINTER.teach(outline[0], lab.sketch):
            return False
        PAINTER.view, PAINTER.deliver, self.asked = self, self.delivered, self.stage.step
        PAINTER.ask(outline[1])
        return True

    def delivered(self, scene: str, data: bytes, sentence: str) -> None:
        """Show what the other process has drawn, unless the lab has shown something later meanwhile."""
        with self.lab.lock:
            if self.lab.playing and self.stage.step == self.asked:
                self.stage.hasten(scene, data, self.lab.complete(sentence))

    def left(self) -> None:
        """Called when no output shows the lab any more."""
        if self.lab.playing:
            self.lab.stop("Paused, because the lab was no longer shown.")

    def close(self) -> None:
        """Free all widgets, and the process that made this lab's pictures."""
        if PAINTER.view is self:
            PAINTER.close()
        close(self.box)


def close(widget: ipywidgets.Widget) -> None:
    """Free a widget, what is in it, and its looks."""
    for child in getattr(widget, "children", ()):
        close(child)
    for looks in ("layout", "style"):
        if isinstance(part := getattr(widget, looks, None), ipywidgets.Widget):
            part.close()
    widget.close()
