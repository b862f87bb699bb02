"""A lab's widgets in a notebook: its controls, its stage, and the buttons that train it."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import ipywidgets

from gan_lessons.labs.kit.controls import Choice, Range
from gan_lessons.labs.kit.stage import Stage

if TYPE_CHECKING:
    from gan_lessons.labs.kit.lab import Lab

RATE = 36  # frames a second, at most
SHARE = 0.2  # a picture's time over that of the steps before it, at most
FLOW = {"flex_flow": "row wrap"}


def control_of(allowed: Range | Choice, value: Any) -> ipywidgets.Widget:
    """The slider or drop-down of a range or a choice."""
    looks = {
        "description": allowed.label, "tooltip": allowed.tooltip, "style": {"description_width": "11em"},
        "layout": {"width": "27em"},
    }  # fmt: skip
    if isinstance(allowed, Range):
        kind = ipywidgets.IntSlider if isinstance(allowed.step, int) else ipywidgets.FloatSlider
        return kind(value=value, min=allowed.low, max=allowed.high, step=allowed.step, **looks)
    if not allowed.slider:
        return ipywidgets.Dropdown(value=value, options=list(allowed.options), **looks)
    named = [(f"{option:g}" if isinstance(option, float) else str(option), option) for option in allowed.options]
    return ipywidgets.SelectionSlider(value=value, options=named, **looks)


class View:
    """The widgets of one lab: `box` holds them all, `controls` those of its parameters by name."""

    def __init__(self, lab: "Lab"):
        self.lab = lab
        self.drawn = self.cost = self.worked = 0.0
        self.stage = Stage(lab.heed, self.left, listens=lab.listens, letters=lab.letters)
        self.controls = {name: self.control(name, value) for name, value in lab.values.items()}
        self.play: ipywidgets.Widget | None = None
        more, left = lab.more(self), dict(self.controls)
        pages = {title: [left.pop(name) for name in names] for title, names in lab.tabs.items()}
        rows = [self.row(left.values())] if left else []
        if pages:
            boxes = [self.row([*page, *more.get(title, [])]) for title, page in pages.items()]
            rows.append(ipywidgets.Tab(boxes, titles=list(pages)))
        if lab.burst:
            rows.append(self.training_row())
        self.box = ipywidgets.VBox([*rows, *more.get("", []), self.stage])

    def control(self, name: str, value: Any) -> ipywidgets.Widget:
        made = control_of(self.lab.allowed[name], value)
        if name in self.lab.wide:
            made.layout.width = "98%"
        made.observe(lambda change: self.moved(name, change.new), "value")
        return made

    def training_row(self) -> ipywidgets.Widget:
        """Play, the lab's buttons, and the speed."""
        lab = self.lab
        play_tip, speed_tip = lab.tooltips
        self.play = play = ipywidgets.Button(description="Play", tooltip=play_tip, button_style="primary")
        play.on_click(lambda _: lab.pause() if lab.playing else lab.play())
        looks = {"style": {"description_width": "4em"}, "layout": {"width": "15em"}}
        self.speed = ipywidgets.Dropdown(
            options=lab.speeds, value=None, description="Speed", tooltip=speed_tip, **looks
        )
        self.speed.observe(lambda c: setattr(lab, "speed", c.new) if c.new not in (None, lab.speed) else None, "value")
        return self.row([play, *(self.button(*parts) for parts in lab.buttons()), self.speed])

    def row(self, widgets: Iterable[ipywidgets.Widget]) -> ipywidgets.Widget:
        """Widgets side by side, in as many lines as they need."""
        return ipywidgets.Box(list(widgets), layout=FLOW)

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
        self.stage.show(self.lab.frame(), self.lab.sentence)
        self.cost += 0.2 * (time.monotonic() - now - self.cost)
        self.drawn, self.worked = now, 0.0
        if not self.lab.playing:
            self.show()

    def left(self) -> None:
        """Called when no output shows the lab any more."""
        if self.lab.playing:
            self.lab.stop("Paused, because the lab was no longer shown.")

    def close(self) -> None:
        """Free all widgets."""
        close(self.box)


def close(widget: ipywidgets.Widget) -> None:
    """Free a widget, what is in it, and its looks."""
    for child in getattr(widget, "children", ()):
        close(child)
    for looks in ("layout", "style"):
        if isinstance(part := getattr(widget, looks, None), ipywidgets.Widget):
            part.close()
    widget.close()
