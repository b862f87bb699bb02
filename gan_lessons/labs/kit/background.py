"""Training in the background: a thread that takes steps while the reader moves controls, and what makes it stop."""

import asyncio
import atexit
import signal
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.getipython import get_ipython

PLAYERS: "weakref.WeakSet[Player]" = weakref.WeakSet()
WATCH = 0.25  # seconds between two looks at who handles an interrupt


class Turns:
    """A lock for the lab's state. Python's locks are unfair, so the training, which takes it thousands of times a
    second, lets everybody else go first."""

    def __init__(self) -> None:
        self._lock, self._count, self._waiting = threading.RLock(), threading.Lock(), 0

    def __enter__(self) -> None:
        with self._count:
            self._waiting += 1
        try:
            self._lock.acquire()
        finally:
            with self._count:
                self._waiting -= 1

    def __exit__(self, *_: Any) -> None:
        self._lock.release()

    @contextmanager
    def last(self) -> Iterator[None]:
        """Hold the lock when nobody waits for it."""
        while self._waiting:
            time.sleep(0.0005)
        with self._lock:
            yield


class Player:
    """Calls `work` again and again in a daemon thread, under the lock, until paused.

    `speed` is how many times a second, 0 as often as it can. `stopped` is told why when something else than `pause`
    ends it: an interrupt, or another player that begins.
    """

    def __init__(self, turns: Turns, work: Callable[[], None], stopped: Callable[[str], None]):
        self.turns, self.work, self.stopped = turns, work, stopped
        self._speed = 0.0
        self._run: object | None = None
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()

    @property
    def playing(self) -> bool:
        return self._run is not None

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._speed = speed
        self._wake.set()

    def play(self) -> None:
        """Begin, unless it goes on already; all other players stop: they would draw from the same random numbers."""
        for other in list(PLAYERS):
            if other is not self and other.playing:
                other.stopped("Paused, because another lab began to train.")
        with self.turns:
            if self.playing:
                return
            self._run = object()
            PLAYERS.add(self)
            self._thread = threading.Thread(target=self._work, args=(self._run,), name="lab", daemon=True)
            self._thread.start()
        heed_interrupts()

    def pause(self) -> None:
        """Stop before the next step; the step that runs is completed first."""
        with self.turns:
            self._run = None
        self._wake.set()

    def end(self, patience: float = 2.0) -> None:
        """Stop without waiting for the lock, and wait a little for the thread."""
        self._run = None
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(patience)

    def _work(self, run: object) -> None:
        due = time.monotonic()
        while True:
            with self.turns.last():
                if self._run is not run:
                    return
                self.work()
            if not self._speed:
                due = time.monotonic()
                continue
            due = max(due + 1 / self._speed, time.monotonic() - 1 / self._speed)
            self._wake.clear()
            if self._wake.wait(max(0.0, due - time.monotonic())):
                due = time.monotonic()


@atexit.register
def end_all() -> None:
    """At the end of the process no thread may be left in the middle of a step."""
    for player in list(PLAYERS):
        player.end()


def stop_all(why: str) -> None:
    """Stop whoever plays, and say why."""
    for player in list(PLAYERS):
        if player.playing:
            player.stopped(why)


# Interrupts. An interrupted cell is reported by IPython. Between messages ipykernel ignores the signal, and around each
# it saves and restores what handles it; so the handler is put in place from the kernel's event loop, between messages.


def heed_interrupts() -> None:
    """From now on, until nobody plays, an interrupt of the kernel stops who plays; outside a kernel nothing changes."""
    shell = get_ipython()  # type: ignore[no-untyped-call]
    loop = getattr(getattr(getattr(shell, "kernel", None), "io_loop", None), "asyncio_loop", None)
    if shell is None or loop is None:
        return
    if after_cell not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", after_cell)
    loop.call_soon_threadsafe(watch, loop)


def after_cell(result: Any) -> None:
    """Stop who plays when a cell was interrupted."""
    if isinstance(result.error_in_exec, KeyboardInterrupt | asyncio.CancelledError):
        stop_all("Paused by an interrupt.")


def watch(loop: asyncio.AbstractEventLoop) -> None:
    """Handle interrupts where nobody else does, as long as somebody plays."""
    if not any(player.playing for player in list(PLAYERS)):
        return
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(stop_all, "Paused by an interrupt."))
    loop.call_later(WATCH, watch, loop)
