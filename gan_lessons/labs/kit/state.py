"""The state of a lab: parameters, notes and the present frame, all changed under one lock and in one way."""

import re
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from gan_lessons.labs.kit.background import Turns, Worker
from gan_lessons.labs.kit.frame import Frame
from gan_lessons.labs.kit.hooks import Hooks
from gan_lessons.labs.kit.notebook import running_cell
from gan_lessons.labs.kit.still import Still
from gan_lessons.training import DivergenceError

if TYPE_CHECKING:
    from gan_lessons.labs.kit.view import View

MINUS = re.compile(r"(?<![\w)−-])-(?=[\d.])")  # a hyphen that stands for a minus
CLOSED = "This lab is closed; run its cell again."
DISPLAYED: "weakref.WeakSet[State]" = weakref.WeakSet()


class State(Hooks):
    """What a lab is at present, without what it does."""

    def __init__(self, **values: Any):
        self.parameters = self.Parameters()
        self.allowed = self.controls()
        self.lock = Turns()
        self.worker = Worker(self.lock, self.step_on, self.stop)
        self.view: View | None = None
        self.watch = ""  # what a preset says to watch, until something else is set
        self.closed = self._prepared = self._stale = False
        self._notes: list[str] = []
        self._depth = 0
        self._began = self._noted = 0.0
        self._cell = running_cell()
        self.start()
        self._frame = self._made()
        for other in list(DISPLAYED):
            if type(other) is type(self) and other._cell[0] == self._cell[0] and other._cell[1] != self._cell[1]:
                other.close()  # its cell runs again, and this lab takes its place
        if values:
            self.set(**values)

    def start(self) -> None:
        """Begin anew; an error is what the lab waits for."""
        if self.closed:
            raise ValueError(CLOSED)
        try:
            if not self._prepared:
                self.prepare()
            self._prepared, self.waits = True, ""
            self.restart()
        except Exception as error:
            self.waits = explained(error)

    def need(self) -> None:
        """Raise ValueError if the lab waits for something."""
        if self.waits:
            raise ValueError(self.waits)

    # What it is

    @property
    def values(self) -> dict[str, Any]:
        """The present parameters by name."""
        return asdict(self.parameters)

    @property
    def sentence(self) -> str:
        """What had to be said about the last change, and what the picture shows."""
        return self.complete(self.frame().sentence)

    def complete(self, said: str) -> str:
        """What the picture shows, after what had to be said before."""
        said = MINUS.sub("−", said)
        watch = [self.watch] if self.watch else []
        return " ".join([note for note in self._notes if note not in said] + watch + [said])

    def frame(self) -> Frame:
        """The present picture as arrays."""
        if self._stale:
            with self.lock:
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
        with self.settled():
            accepted = {}
            if self._depth == 1:
                self.watch = ""
            for name, value in values.items():
                try:
                    if name not in self.allowed:
                        raise ValueError(f"There is no {name!r} here; what can be set: {', '.join(self.allowed)}.")
                    accepted[name], note = self.allowed[name].check(value)
                    self._notes += [note] if note else []
                except ValueError as error:
                    self._notes.append(str(error))
            wanted = replace(self.parameters, **accepted)
            if reason := CLOSED if self.closed else self.refusal(wanted):
                self._notes.append(reason)
            elif wanted != self.parameters:
                before, self.parameters = self.parameters, wanted
                self.changed(before)

    # How it changes

    def changed(self, before: Any) -> None:
        """Called after the parameters have changed from `before`."""
        again = [name for name in self.remakes if getattr(before, name, None) != getattr(self.parameters, name, None)]
        if again:
            if self.trained:
                labels = "”, “".join(self.allowed[name].label for name in again)
                self.note(f"“{labels}” changed, so the training starts again.")
            self.start()

    def step_on(self) -> None:
        """One step of the training thread; called under the lock."""

    def stop(self, why: str) -> None:
        """Stop training, and say why."""
        self.worker.pause()
        with self.settled():
            self.note(why)

    @contextmanager
    def settled(self) -> Iterator[None]:
        """Change the lab under its lock, draw it, and turn whatever goes wrong into a sentence."""
        with self.lock:
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
                self.worker.pause()
                self.note("Interrupted.")
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    self._redraw(before)
                    if self.view is not None:
                        self.view.show()

    def _redraw(self, before: Any = None) -> None:
        self._stale = False
        try:
            if not self.closed:
                self._frame = self._made()
        except Exception as error:
            self.parameters = self.parameters if before is None else before
            self._notes.append(explained(error))
            if before is None:
                self.worker.pause()

    def _made(self) -> Frame:
        frame = self.waiting() if self.waits else self.picture()
        return replace(frame, sentence=MINUS.sub("−", frame.sentence))

    def close(self) -> None:
        """End the training and let go of widgets and networks; the last picture stays."""
        self.worker.end()
        with self.lock:
            self.closed, self.waits, self._notes = True, CLOSED, []
            self._frame, self._stale = replace(self._frame, sentence=CLOSED), False
            view, self.view = self.view, None
            DISPLAYED.discard(self)
            self.release()
        if view is not None:
            view.close()


def explained(error: Exception) -> str:
    """An error as a sentence."""
    return str(error) if isinstance(error, ValueError | DivergenceError) else f"{type(error).__name__}: {error}"
