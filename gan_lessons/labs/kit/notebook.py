"""What the labs know of the notebook around them: the cell that runs, and interrupts; outside of one, nothing."""

import asyncio
import signal
import sys
from collections.abc import Callable
from typing import Any

WATCH = 0.25  # seconds between two looks at who handles an interrupt


def shell() -> Any:
    """The shell of the running kernel, or None; a program that has not imported IPython has none."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def running_cell() -> tuple[str, str]:
    """The cell that runs, by its id or else its code, and which of its runs this is; empty outside of a notebook."""
    parent: dict[str, Any] = getattr(shell(), "get_parent", dict)()
    cell = parent.get("metadata", {}).get("cellId") or parent.get("content", {}).get("code", "")
    return cell, parent.get("header", {}).get("msg_id", "")


class Interrupts:
    """Tells `stop` of interrupts of the kernel as long as it is `busy`.

    An interrupted cell is reported by IPython. Between messages ipykernel ignores the signal, and around each it saves
    and restores what handles it; so the handler is put in place from the kernel's event loop, between messages.
    """

    def __init__(self, busy: Callable[[], bool], stop: Callable[[str], None]):
        self.busy, self.stop = busy, stop

    def heed(self) -> None:
        """From now on, until nobody is busy; outside a kernel nothing changes."""
        here = shell()
        loop = getattr(getattr(getattr(here, "kernel", None), "io_loop", None), "asyncio_loop", None)
        if loop is None:
            return
        if self.after_cell not in here.events.callbacks["post_run_cell"]:
            here.events.register("post_run_cell", self.after_cell)
        loop.call_soon_threadsafe(self.watch, loop)

    def after_cell(self, result: Any) -> None:
        """Stop when a cell was interrupted."""
        if isinstance(result.error_in_exec, KeyboardInterrupt | asyncio.CancelledError):
            self.stop("Paused by an interrupt.")

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Handle interrupts where nobody else does."""
        if not self.busy():
            return
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
            signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(self.stop, "Paused by an interrupt."))
        loop.call_later(WATCH, self.watch, loop)
