"""What all labs share: parameters that the reader moves, the frame that they make, and a way to use both by code.

A lab works without a browser and without a kernel: `set`, `run`, `frame`, `sentence` and `figure` are all there is, and
the controls in the notebook call the same. Whatever goes wrong becomes a sentence in the lab and never an exception.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, ClassVar

import ipywidgets

from gan_lessons.labs.controls import controls_of
from gan_lessons.labs.frame import Frame, Still
from gan_lessons.labs.stage import Stage

LONGEST_RUN = 10_000  # steps that one call of `run` may take


class Lab:
    """A picture that follows its parameters.

    A lab names its dataclass in `Parameters`, whose fields are made by `controls.ranged` and `controls.chosen`, and
    says in `picture` what they look like. A lab that trains something says how in `advance` and `restart`, and its
    `burst` is how many steps one press of its button takes.
    """

    Parameters: ClassVar[Any]
    burst: ClassVar[int] = 0

    def __init__(self, **values: Any):
        self.parameters = self.Parameters()
        self._allowed = controls_of(self.Parameters)
        self._lock = threading.RLock()
        self._notes: list[str] = []
        self._widgets: dict[str, ipywidgets.Widget] = {}
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

    # What the reader and the notebook do with it

    @property
    def values(self) -> dict[str, Any]:
        """The present parameters by name."""
        return asdict(self.parameters)

    @property
    def sentence(self) -> str:
        """What had to be said about the last change, and what the picture shows."""
        return " ".join([*self._notes, self._frame.sentence])

    def frame(self) -> Frame:
        """The present picture as arrays."""
        return self._frame

    def figure(self) -> Still:
        """The present picture on paper."""
        return Still(self._frame)

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
        """Train for some steps, at most LONGEST_RUN of them."""
        with self._settled():
            if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
                raise ValueError(f"A lab runs for 1 to {LONGEST_RUN} steps, not for {steps!r}.")
            if steps > LONGEST_RUN:
                self._notes.append(f"Stopped after {LONGEST_RUN} steps, the most that one call may take.")
            self.advance(min(steps, LONGEST_RUN))

    def reset(self) -> None:
        """Forget what was trained; the parameters stay."""
        with self._settled():
            self.restart()

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """Change the lab under its lock, draw it, and turn whatever goes wrong into a sentence."""
        with self._lock:
            self._notes, before = [], self.parameters
            try:
                yield
                self._frame = self.picture()
            except Exception as error:
                self.parameters = before
                self._notes.append(str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}")
            self._show()

    # The notebook's side

    def _show(self) -> None:
        if self._stage is None:
            return
        for name, value in self.values.items():
            self._widgets[name].value = value
            self._widgets[name].disabled = name in self.idle()
        self._stage.show(self._frame, " ".join(self._notes))

    def _moved(self, name: str, value: Any) -> None:
        # a control that `_show` has put back reports the value that the lab already has
        with self._lock:
            if getattr(self.parameters, name, None) != value:
                self.set(**{name: value})

    def _buttons(self) -> list[ipywidgets.Widget]:
        train = ipywidgets.Button(description=f"Train {self.burst} steps", tooltip="Train a little further")
        train.on_click(lambda _: self.run(self.burst))
        again = ipywidgets.Button(description="Start again", tooltip="Forget what was trained")
        again.on_click(lambda _: self.reset())
        # the browser counts, and each count asks for a few steps: if the page goes away, so does the training
        play = ipywidgets.Play(max=500, interval=60, show_repeat=False, tooltip="Keep training, a few steps at a time")
        play.observe(lambda change: self.run(self.burst // 10) if change.new else None, "value")
        return [train, play, again]

    def widget(self) -> ipywidgets.Widget:
        """The controls, the stage and the sentence as one widget, made on the first call."""
        with self._lock:
            if self._box is None:
                self._stage = Stage()
                self._stage.observe(lambda change: self._moved(change.new["name"], change.new["x"]), "drag")
                for name, value in self.values.items():
                    control = self._widgets[name] = self._allowed[name].control(value)
                    control.observe(lambda change, name=name: self._moved(name, change.new), "value")
                flow = ipywidgets.Layout(flex_flow="row wrap")
                rows = [ipywidgets.Box(list(self._widgets.values()), layout=flow)]
                if self.burst:
                    rows.append(ipywidgets.Box(self._buttons(), layout=flow))
                self._box = ipywidgets.VBox([*rows, self._stage])
                self._show()
            return self._box

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.values.items())})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live lab, and its still figure for where no kernel runs."""
        data, metadata = self.figure()._repr_mimebundle_()
        return {**self.widget()._repr_mimebundle_(), **data, "text/plain": repr(self)}, metadata
