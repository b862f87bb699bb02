"""Training in the background: a thread that takes steps while the reader moves controls, and what makes it stop."""

import atexit
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gan_lessons.labs.kit.notebook import Interrupts


class Turns:
    """A lock for the lab's state. Python's locks are unfair, so the training, which takes it thousands of times a
    second, lets everybody else go first."""

    def __init__(self) -> None:
        self._lock, self._count, self.waiting = threading.RLock(), threading.Lock(), 0

    def __enter__(self) -> None:
        with self._count:
            self.waiting += 1
        try:
            self._lock.acquire()
        finally:
            with self._count:
                self.waiting -= 1

    def __exit__(self, *_: Any) -> None:
        self._lock.release()

    @contextmanager
    def last(self) -> Iterator[None]:
        """Hold the lock when nobody waits for it."""
        while self.waiting:
            time.sleep(0.0005)
        with self._lock:
            yield


class Worker:
    """Calls `work` again and again in a daemon thread, under the lock, until paused, or until nobody needs it.

    `speed` is how many times a second, 0 as often as it can. `stopped` is told why when something else than `pause`
    ends it: an interrupt, or another worker that begins.
    """

    def __init__(self, turns: Turns, work: Callable[[], None], stopped: Callable[[str], None]):
        self.turns, self.work, self.stopped = turns, work, stopped
        self._speed = 0.0
        self._run: object | None = None
        self.thread: threading.Thread | None = None
        self._wake = threading.Event()

    @property
    def busy(self) -> bool:
        return self._run is not None

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._speed = speed
        self._wake.set()

    def start(self) -> None:
        """Begin, unless it goes on already; all other workers stop: they would draw from the same random numbers."""
        for other in list(WORKERS):
            if other is not self and other.busy:
                other.stopped("Paused, because another lab began to train.")
        with self.turns:
            if self.busy:
                return
            self._run = object()
            WORKERS.add(self)
            parts = weakref.ref(self), self._run, self._wake
            self.thread = threading.Thread(target=work_on, args=parts, name="lab", daemon=True)
            self.thread.start()
        INTERRUPTS.heed()

    def pause(self) -> None:
        """Stop before the next step; the step that runs is completed first."""
        with self.turns:
            self._run = None
        self._wake.set()

    def end(self, patience: float = 2.0) -> None:
        """Stop without waiting for the lock, and wait a little for the thread."""
        self._run = None
        self._wake.set()
        if self.thread is not None and self.thread is not threading.current_thread():
            self.thread.join(patience)


def work_on(which: "weakref.ref[Worker]", run: object, wake: threading.Event) -> None:
    """A worker's thread; between two steps it keeps nothing of the lab, which may so be forgotten."""
    due = time.monotonic()
    while (worker := which()) is not None:
        with worker.turns.last():
            if worker._run is not run:
                return
            worker.work()
        speed = worker.speed
        del worker
        if not speed:
            due = time.monotonic()
            continue
        due = max(due + 1 / speed, time.monotonic() - 1 / speed)
        wake.clear()
        if wake.wait(max(0.0, due - time.monotonic())):
            due = time.monotonic()


WORKERS: "weakref.WeakSet[Worker]" = weakref.WeakSet()


def stop_all(why: str) -> None:
    """Stop whoever works, and say why."""
    for worker in list(WORKERS):
        if worker.busy:
            worker.stopped(why)


INTERRUPTS = Interrupts(lambda: any(worker.busy for worker in list(WORKERS)), stop_all)


@atexit.register
def end_all() -> None:
    """At the end of the process no thread may be left in the middle of a step."""
    for worker in list(WORKERS):
        worker.end()
