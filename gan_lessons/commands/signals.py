"""Signals that ask a training to stop: it saves, and leaves with the signal's number."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

STOPPING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextlib.contextmanager
def as_interrupts() -> Iterator[list[int]]:
    """Let SIGTERM and SIGHUP do what Ctrl-C does; yields a list that gets the number of the one that came."""
    received: list[int] = []

    def handle(number: int, frame: Any) -> None:
        received.append(number)
        signal.raise_signal(signal.SIGINT)

    def only_asked(number: int, frame: Any) -> None:
        if received:
            raise KeyboardInterrupt

    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell script
            before[signal.SIGINT] = signal.signal(signal.SIGINT, only_asked)
        for number in STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup asks to go on
                before[number] = signal.signal(number, handle)
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def deaf() -> Iterator[None]:
    """Hear no further Ctrl-C or other request to stop: what is under way is the saving."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in [signal.SIGINT, *STOPPING]}
    for number in before:
        signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Calm:
    """A stream that goes on when its terminal is gone."""

    def __init__(self, stream: Any):
        self.stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def tell(*words: str) -> None:
    """Print, if there still is somebody to read."""
    with contextlib.suppress(OSError, ValueError):
        print(*words, file=sys.stdout, flush=True)
