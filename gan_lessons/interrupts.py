"""Interrupts (Ctrl-C, and what is made of other signals) that wait for the end of a step."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Interrupts:
    """Interrupts that wait while they are held: its `handle` stays the handler, since changing it takes time."""

    def __init__(self) -> None:
        self.holds, self.waiting = 0, False
        self.otherwise: Any = signal.default_int_handler

    def handle(self, number: int, frame: Any) -> None:
        if self.holds:
            self.waiting = True
        else:
            self.otherwise(number, frame)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold back an interrupt until the block is done; a block that fails raises what failed, and drops it."""
        handler = signal.getsignal(signal.SIGINT)
        if not callable(handler) or threading.current_thread() is not threading.main_thread():
            yield
            return
        if handler != self.handle:
            self.otherwise = signal.signal(signal.SIGINT, self.handle)
        self.holds += 1
        try:
            yield
        except Exception:  # a step that failed is not whole: nobody shall take this for a wish to save and leave
            self.waiting = False
            raise
        finally:
            self.holds -= 1
            if self.waiting and not self.holds:
                self.waiting = False
                signal.raise_signal(signal.SIGINT)  # as the handler that was there takes it


interrupts = Interrupts()
uninterrupted = interrupts.held
