"""What all labs share: parameters that the reader moves, the frame that they make, and a way to use both by code.

A lab works without a browser and without a kernel: `set`, `run`, `frame`, `sentence` and `figure` are all there is, and
the controls in the notebook call the same. Whatever goes wrong becomes a sentence in the lab and never an exception.
A lab that trains can `play`: a thread takes its steps while the controls stay live, and `pause` stops it after a step.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, ClassVar

import ipywidgets

from gan_lessons.labs.kit.background import Player, Turns
from gan_lessons.labs.kit.controls import Choice, Range, controls_of
from gan_lessons.labs.kit.frame import Frame, Still
from gan_lessons.labs.kit.recording import Recording
from gan_lessons.labs.kit.stage import Stage
from gan_lessons.training import DivergenceError

LONGEST_RUN = 10_000  # steps that one call of `run` may take
RATE = 36  # frames a second, at most
SHARE = 0.2  # a picture's time over that of the steps before it, at most
SILENCE = 30.0  # seconds without a word from the browser after which nobody seems to watch
NOTED = 4.0  # seconds that a note stays while a training goes on
SPEEDS = {"full speed": 0, "30 steps a second": 30, "10 steps a second": 10, "3 steps a second": 3, "1 a second": 1}


class Lab:
    """A picture that follows its parameters.

    A lab names its dataclass in `Parameters`, whose fields are made by `controls.ranged` and `controls.chosen`, and
    says in `picture` what they look like. A lab that trains something says how in `advance` and `restart`, and its
    `burst` is how many steps one press of its button takes. `tabs` puts controls behind tabs: title to names. `letters`
    are letters that `pressed` is told of.
    """

    Parameters: Any
    burst: ClassVar[int] = 0
    tabs: ClassVar[dict[str, tuple[str, ...]]] = {}
    letters: ClassVar[str] = ""

    def __init__(self, **values: Any):
        self.parameters = self.Parameters()
        self._allowed = self.controls()
        self._lock = Turns()
        self._player = Player(self._lock, self._work, self._stopped)
        self._notes: list[str] = []
        self._depth = 0
        self._drawn = self._cost = self._worked = self._began = self._noted = 0.0
        self._stale = False
        self._widgets: dict[str, ipywidgets.Widget] = {}
        self._extra: dict[str, ipywidgets.Widget] = {}
        self._stage: Stage | None = None
        self._box: ipywidgets.Widget | None = None
        self.restart()
        self._frame = self.picture()
        if values:
            self.set(**values)

    # What a lab is made of

    def picture(self) -> Frame:
        """The frame of the present parameters."""
        raise NotImplementedError

    def controls(self) -> dict[str, Range | Choice]:
        """What each parameter may be."""
        return controls_of(self.Parameters)

    def refusal(self, wanted: Any) -> str:
        """Why these parameters, each allowed by itself, make no sense; empty if they do."""
        return ""

    def idle(self) -> set[str]:
        """The parameters that do nothing at present; their controls are greyed out."""
        return set()

    def changed(self, before: Any) -> None:
        """Called after the parameters have changed from `before`."""

    def advance(self, steps: int) -> None:
        """Train for some steps."""
        raise ValueError("This lab has nothing to train; move its controls instead.")

    def restart(self) -> None:
        """Forget what was trained."""

    def pointed(self, panel: int, x: float, y: float, kind: str) -> None:
        """Called when the pointer goes "down", is pulled ("move") and comes "up" in a panel, at (x, y) of its axes.

        A lab that defines it is told whatever happens beside its handles; `note` and `set` may be called in it.
        """

    def pressed(self, key: str) -> None:
        """Called when one of the lab's `letters` is pressed while the focus is in the lab."""

    def buttons(self) -> Sequence[tuple[str, str, Callable[[], Any]]]:
        """The buttons beside Play: label, tooltip and what they do."""
        return [
            (f"Train {self.burst} steps", "Train a little further", lambda: self.run(self.burst)),
            ("Start again", "Forget what was trained", self.reset),
        ]

    def more(self) -> dict[str, Sequence[ipywidgets.Widget]]:
        """Further controls: those at the end of a tab by its title, those below all others by ""."""
        return {}

    # What the reader and the notebook do with it

    @property
    def values(self) -> dict[str, Any]:
        """The present parameters by name."""
        return asdict(self.parameters)

    @property
    def sentence(self) -> str:
        """What had to be said about the last change, and what the picture shows."""
        return self._said(self.frame())

    def _said(self, frame: Frame) -> str:
        return " ".join([note for note in self._notes if note not in frame.sentence] + [frame.sentence])

    def frame(self) -> Frame:
        """The present picture as arrays."""
        if self._stale:
            with self._lock:
                self._redraw()
        return self._frame

    def figure(self) -> Still:
        """The present picture on paper."""
        return Still(self.frame())

    def note(self, sentence: str) -> None:
        """Say something before what the picture shows, until the next change."""
        self._notes.append(sentence)
        self._noted = time.monotonic()

    def set(self, **values: Any) -> None:
        """Move parameters: what is out of range stops at its end, nonsense is refused, and the sentence says so."""
        with self._settled():
            accepted = {}
            for name, value in values.items():
                try:
                    if name not in self._allowed:
                        raise ValueError(f"There is no {name!r} here; what can be set: {', '.join(self._allowed)}.")
                    accepted[name], note = self._allowed[name].check(value)
                    self._notes += [note] if note else []
                except ValueError as error:
                    self._notes.append(str(error))
            wanted = replace(self.parameters, **accepted)
            if reason := self.refusal(wanted):
                self._notes.append(reason)
            elif wanted != self.parameters:
                before, self.parameters = self.parameters, wanted
                self.changed(before)

    def run(self, steps: int) -> None:
        """Train for some steps, at most LONGEST_RUN of them; returns when they are done."""
        with self._settled():
            if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
                raise ValueError(f"A lab runs for 1 to {LONGEST_RUN} steps, not for {steps!r}.")
            if steps > LONGEST_RUN:
                self.note(f"Stopped after {LONGEST_RUN} steps, the most that one call may take.")
            self.advance(min(steps, LONGEST_RUN))

    def reset(self) -> None:
        """Forget what was trained; the parameters stay."""
        with self._settled():
            self.restart()

    def record(self, steps: int, every: int = 1) -> Recording:
        """Train for some steps and keep a frame of every few, to be scrubbed through where no kernel runs."""
        frames = [self.frame()]
        for done in range(0, steps, every):
            self.run(min(every, steps - done))
            frames.append(Frame(self._frame.panels, self.sentence))
        return Recording(frames)

    # Training in the background

    @property
    def playing(self) -> bool:
        """Whether a thread trains at present."""
        return self._player.playing

    @property
    def speed(self) -> float:
        """Steps a second while playing; 0 means as many as there can be."""
        return self._player.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        with self._settled():
            if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0 <= speed < 1e6:
                raise ValueError(f"The speed is a number of steps a second, 0 for full speed, not {speed!r}.")
            self._player.speed = speed

    def play(self) -> None:
        """Train in the background until `pause`."""
        with self._settled():
            if not self.burst:
                raise ValueError("This lab has nothing to train; move its controls instead.")
            self._began = time.monotonic()
            self._player.play()

    def pause(self) -> None:
        """Stop training after the step that runs."""
        self._player.pause()
        with self._settled():
            pass

    def _stopped(self, why: str) -> None:
        self._player.pause()
        with self._settled():
            self.note(why)

    def _work(self) -> None:
        """One step of the training thread, and a frame where one is due; called under the lock."""
        try:
            start = time.monotonic()
            self.advance(1)
            self._stale = True
            self._worked += time.monotonic() - start
            if self._stage is not None:
                self._follow(self._stage)
        except Exception as error:
            self._player.pause()
            self._notes = [explained(error)]
            self._redraw()
            self._show()

    def _follow(self, stage: Stage) -> None:
        """Show a frame if the browser has shown the ones before and drawing does not take the training's time."""
        now = time.monotonic()
        paid = self._player.speed or self._worked >= self._cost / SHARE
        if now - self._drawn < 1 / RATE or not paid or not stage.ready:
            return
        if now - max(stage.heard, self._began) > SILENCE:
            self._player.pause()
            self._notes = [f"Paused: no browser has answered for {SILENCE:.0f} seconds."]
        elif now - self._noted > NOTED:
            self._notes = []
        self._redraw()
        stage.show(self._frame, self._said(self._frame))
        self._cost += 0.2 * (time.monotonic() - now - self._cost)
        self._drawn, self._worked = now, 0.0
        if not self.playing:
            self._show()

    # Changes

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """Change the lab under its lock, draw it, and turn whatever goes wrong into a sentence."""
        with self._lock:
            before = self.parameters
            if not self._depth:
                self._notes, self._noted = [], time.monotonic()
            self._depth += 1
            try:
                yield
            except Exception as error:
                self.parameters = before
                self._notes.append(explained(error))
            except KeyboardInterrupt:
                self._player.pause()
                self.note("Interrupted.")
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    self._redraw(before)
                    self._show()

    def _redraw(self, before: Any = None) -> None:
        self._stale = False
        try:
            self._frame = self.picture()
        except Exception as error:
            self.parameters = self.parameters if before is None else before
            self._notes.append(explained(error))
            if before is None:
                self._player.pause()

    # The notebook's side

    def _show(self) -> None:
        if self._stage is None:
            return
        idle = self.idle()
        for name, value in self.values.items():
            self._widgets[name].value = value
            self._widgets[name].disabled = name in idle
        self._stage.playing = self.playing
        # the frame goes out before the label: who reads "Play" sees where the training stands
        self._stage.show(self._frame, self._said(self._frame))
        if "play" in self._extra:
            self._extra["play"].description = "Pause" if self.playing else "Play"
            self._extra["speed"].value = self.speed

    def _moved(self, name: str, value: Any) -> None:
        # a control that `_show` has put back reports the value that the lab already has
        with self._lock:
            if getattr(self.parameters, name, None) != value:
                self.set(**{name: value})

    def _events(self, events: Sequence[dict[str, Any]]) -> None:
        """What pointer and keys did: handles move parameters, the rest is the lab's own."""
        with self._settled():
            for event in events:
                if event["kind"] == "key":
                    self.pressed(event["key"])
                    continue
                x, y, handle = event["x"], event["y"], event.get("handle")
                if not handle:
                    self.pointed(event["panel"], x, y, event["kind"])
                elif event["kind"] == "move":
                    self.set(**dict(zip([handle] if isinstance(handle, str) else handle, (x, y), strict=False)))

    def _left(self) -> None:
        if self.playing:
            self._stopped("Paused, because the lab was no longer shown.")

    def _training_row(self) -> list[ipywidgets.Widget]:
        play = ipywidgets.Button(description="Play", tooltip="Train until paused", button_style="primary")
        play.on_click(lambda _: self.pause() if self.playing else self.play())
        looks = {"style": {"description_width": "4em"}, "layout": {"width": "15em"}}
        speed = ipywidgets.Dropdown(
            options=SPEEDS, value=0, description="Speed", tooltip="Slow motion shows every step", **looks
        )
        speed.observe(lambda change: setattr(self, "speed", change.new) if change.new != self.speed else None, "value")
        self._extra = {"play": play, "speed": speed}
        return [play, *(self._button(*parts) for parts in self.buttons()), speed]

    def _button(self, label: str, tooltip: str, action: Callable[[], Any]) -> ipywidgets.Widget:
        button = ipywidgets.Button(description=label, tooltip=tooltip, layout={"width": "auto"})
        button.on_click(lambda _: action())
        return button

    def _control(self, name: str, value: Any) -> ipywidgets.Widget:
        control = self._widgets[name] = self._allowed[name].control(value)
        control.observe(lambda change: self._moved(name, change.new), "value")
        return control

    def widget(self) -> ipywidgets.Widget:
        """The controls, the stage and the sentence as one widget, made on the first call."""
        with self._lock:
            if self._box is None:
                stage = Stage(
                    self._events, self._left, listens=type(self).pointed is not Lab.pointed, letters=self.letters
                )
                flow = ipywidgets.Layout(flex_flow="row wrap")
                made, more = {name: self._control(name, value) for name, value in self.values.items()}, self.more()
                pages = {title: [made.pop(name) for name in names] for title, names in self.tabs.items()}
                rows: list[ipywidgets.Widget] = [ipywidgets.Box(list(made.values()), layout=flow)] if made else []
                if pages:
                    boxes = [
                        ipywidgets.Box([*page, *more.get(title, [])], layout=flow) for title, page in pages.items()
                    ]
                    rows.append(ipywidgets.Tab(boxes, titles=list(pages)))
                if self.burst:
                    rows.append(ipywidgets.Box(self._training_row(), layout=flow))
                self._box = ipywidgets.VBox([*rows, *more.get("", []), stage])
                self._stage = stage
                self._redraw()
                self._show()
            return self._box

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.values.items())})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live lab, and its still figure for where no kernel runs."""
        data, metadata = self.figure()._repr_mimebundle_()
        return {**self.widget()._repr_mimebundle_(), **data, "text/plain": repr(self)}, metadata


def explained(error: Exception) -> str:
    """An error as a sentence."""
    return str(error) if isinstance(error, ValueError | DivergenceError) else f"{type(error).__name__}: {error}"
