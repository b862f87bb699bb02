"""What all labs share: parameters that the reader moves, the frame that they make, and a way to use both by code.

A lab works without a browser and without a kernel: `set`, `run`, `frame`, `sentence` and `figure` are all there is, and
the controls in the notebook call the same. Whatever goes wrong becomes a sentence in the lab and never an exception.
A lab that trains can `play`: a thread takes its steps while the controls stay live, and `pause` stops it after a step.
"""

import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from gan_lessons.labs.kit.frame import Frame
from gan_lessons.labs.kit.recording import Recording
from gan_lessons.labs.kit.state import CLOSED, DISPLAYED, State, explained

LONGEST_RUN = 10_000  # steps that one call of `run` may take
SILENCE = 30.0  # seconds without a word from the browser after which nobody seems to watch
NOTED = 4.0  # seconds that a note stays while a training goes on


class Lab(State):
    """A picture that follows its parameters; `Hooks` says what a lab is made of."""

    def run(self, steps: int) -> None:
        """Train for some steps, at most LONGEST_RUN of them; returns when they are done."""
        with self.settled():
            if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
                raise ValueError(f"A lab runs for 1 to {LONGEST_RUN} steps, not for {steps!r}.")
            self.need()
            if steps > LONGEST_RUN:
                self.note(f"Stopped after {LONGEST_RUN} steps, the most that one call may take.")
            self.advance(min(steps, LONGEST_RUN))

    def reset(self) -> None:
        """Forget what was trained; the parameters stay."""
        with self.settled():
            self.start()

    def preset(self, name: str) -> None:
        """Put the lab into one of the states of `presets`; the sentence then begins with what to watch."""
        with self.settled():
            known = {preset.name: preset for preset in self.presets}
            if name not in known:
                raise ValueError(f"There is no preset {name!r} here; there are: {', '.join(known) or 'none'}.")
            self.set(**known[name].values)
            if known[name].fresh and self.burst and self.trained:
                self.start()
            self._notes, self.watch = [], known[name].watch

    def record(self, steps: int, every: int = 1) -> Recording:
        """Train for some steps and keep a frame of every few, to be scrubbed through where no kernel runs."""
        frames = [self.frame()]
        for done in range(0, steps, every):
            self.run(min(every, steps - done))
            frames.append(Frame(self._frame.panels, self.sentence, self._frame.strip))
        return Recording(frames)

    # Training in the background

    @property
    def playing(self) -> bool:
        """Whether a thread trains at present."""
        return self.worker.busy

    @property
    def speed(self) -> float:
        """Steps a second while playing; 0 means as many as there can be."""
        return self.worker.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        with self.settled():
            if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0 <= speed < 1e6:
                raise ValueError(f"The speed is a number of steps a second, 0 for full speed, not {speed!r}.")
            self.worker.speed = speed

    def play(self) -> None:
        """Train in the background until `pause`, or until no browser has shown the lab for a while."""
        with self.settled():
            if not self.burst:
                raise ValueError("This lab has nothing to train; move its controls instead.")
            self.need()
            self._began = time.monotonic()
            self.worker.start()

    def pause(self) -> None:
        """Stop training after the step that runs."""
        self.worker.pause()
        with self.settled():
            pass

    def step_on(self) -> None:
        """One step of the training thread, and a frame where one is due; called under the lock."""
        start = time.monotonic()
        try:
            self.advance(1)
        except Exception as error:
            self.stop(explained(error))
            return
        self._stale, now = True, time.monotonic()
        if now - max(self.view.stage.heard if self.view else 0.0, self._began) > SILENCE:
            self.stop(f"Paused: no browser has shown this lab for {SILENCE:.0f} seconds.")
            return
        if now - self._noted > NOTED:
            self._notes = []
        if self.view is not None:
            self.view.follow(now - start)

    # The notebook's side

    def buttons(self) -> Sequence[tuple[str, str, Callable[[], Any]]]:
        """The buttons beside Play: label, tooltip and what they do."""
        return [
            (f"Train {self.burst} steps", "Train a little further", lambda: self.run(self.burst)),
            ("Start again", "Forget what was trained", self.reset),
        ]

    def heed(self, events: Sequence[dict[str, Any]]) -> None:
        """What pointer and keys did: handles move parameters, the rest is the lab's own."""
        counted = [event for event in events if not event.get("handle") or event["kind"] == "move"]
        if not counted:
            return  # a handle taken up or let go changes nothing, so what was said stays
        with self.settled():
            for event in counted:
                if event["kind"] == "key":
                    self.pressed(event["key"])
                elif handle := event.get("handle"):
                    names = [handle] if isinstance(handle, str) else handle
                    self.set(**dict(zip(names, (event["x"], event["y"]), strict=False)))
                else:
                    self.pointed(event["panel"], event["x"], event["y"], event["kind"])

    def under_mouse(self, panel: int, x: float, y: float) -> str:
        """What stands under the mouse; empty where that cannot be said."""
        with self.lock:
            try:
                return "" if self.waits else self.hovered(panel, x, y)
            except Exception:
                return ""

    def widget(self) -> Any:
        """The controls, the stage and the sentence as one widget, made on the first call.

        Raises ImportError where a package is missing, and ValueError after `close`.
        """
        with self.lock:
            if self.closed:
                raise ValueError(CLOSED)
            if self.view is None:
                try:
                    from gan_lessons.labs.kit.view import View
                except ImportError as error:
                    raise ImportError(
                        f"Without {error.name} a lab does not move: pip install anywidget ipywidgets"
                    ) from error
                self.view = View(self)
                DISPLAYED.add(self)
                self._redraw()
                self.view.show()
            return self.view.box

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.values.items())})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live lab, and its still figure for where no kernel runs."""
        data, metadata = self.figure()._repr_mimebundle_()
        data["text/plain"] = repr(self)
        try:
            return {**self.widget()._repr_mimebundle_(), **data}, metadata
        except (ImportError, ValueError) as error:
            warnings.warn(str(error), stacklevel=2)
            return data, metadata
