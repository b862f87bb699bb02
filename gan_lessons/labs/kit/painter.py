"""A process of its own that makes a lab's pictures, so that being watched does not slow a training down.

The lab's process trains and keeps all state; it hands over the weights of a moment, some forty times a second, and gets
back a packed picture. Nothing depends on this process: where it cannot start, or does not understand what it is given
(networks that are defined in a notebook, say), the lab draws as if there were none. It is started as a module and not
by `multiprocessing`, so it never imports the reader's program; it ends when its input does, whatever became of the lab.
"""

import atexit
import contextlib
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

HEAD = struct.Struct("<Q")  # the length of what follows
ROOT = Path(__file__).resolve().parents[3]


def write(stream: BinaryIO, what: Any) -> None:
    """Send an object."""
    packed = pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(HEAD.pack(len(packed)) + packed)
    stream.flush()


def read(stream: BinaryIO) -> Any:
    """Get an object; EOFError at the end."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        raise EOFError
    return pickle.loads(stream.read(HEAD.unpack(head)[0]))


class Painter:
    """The other process, as the lab sees it: `teach` it what it is to draw, then `ask` for pictures.

    `deliver` gets (scene, data, sentence) in a thread of its own. `ready` says whether a picture may be asked for.
    """

    def __init__(self) -> None:
        self.known: Any = None  # whose pictures it draws
        self.refused: Any = None  # whose it cannot draw
        self.pending = self.broken = False
        self.process: subprocess.Popen | None = None
        self.deliver: Callable[[str, bytes, str], None] = lambda scene, data, sentence: None
        self.view: Any = None  # who asked last
        self.turn = threading.Lock()

    def start(self) -> None:
        """Start the process, if there is none; where that fails, there will be none."""
        if self.process is not None or self.broken:
            return
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
        # of a group of its own: an interrupt of the kernel is not meant for it
        apart: dict[str, Any] = (
            {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)} if os.name == "nt"
            else {"start_new_session": True}
        )  # fmt: skip
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=environment, **apart,
            )  # fmt: skip
        except OSError:
            self.broken = True
            return
        self.pending = True  # until it says that it is there
        threading.Thread(target=self.listen, args=(self.process,), name="painter", daemon=True).start()

    def listen(self, process: subprocess.Popen) -> None:
        """Hand on what comes, until nothing does."""
        try:
            while True:
                kind, *rest = read(process.stdout)  # type: ignore[arg-type]
                self.pending = False
                if kind == "drawn":
                    self.deliver(*rest)
                elif kind == "refused":
                    self.refused, self.known = self.known, None
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            if process is self.process:
                self.broken = True

    @property
    def ready(self) -> bool:
        """Whether it waits for something to do."""
        return self.process is not None and not self.broken and not self.pending

    def teach(self, whose: Any, sketch: Callable[[], Any]) -> bool:
        """Hand over what draws the pictures of `whose`; False if that cannot be handed over."""
        if whose is self.refused:
            return False
        if whose is not self.known:
            try:
                packed = pickle.dumps(sketch())
            except Exception:  # functions and networks of a notebook
                self.refused = whose
                return False
            self.known = whose
            self.tell("learn", packed)
        return True

    def ask(self, state: Any) -> None:
        """Ask for a picture of this state."""
        self.tell("draw", state)

    def tell(self, *what: Any) -> None:
        with self.turn:
            self.pending = self.pending or what[0] == "draw"  # before the answer may come
            try:
                write(self.process.stdin, what)  # type: ignore[union-attr, arg-type]
            except (OSError, ValueError):
                self.broken = True

    def close(self) -> None:
        """End the process."""
        process, self.process, self.view = self.process, None, None
        self.known = self.refused = None
        self.deliver = lambda scene, data, sentence: None
        if process is not None:
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    stream.close()  # type: ignore[union-attr]
            process.terminate()
            process.wait(5)


PAINTER = Painter()  # one is enough: only one lab trains at a time
atexit.register(PAINTER.close)


def main() -> None:
    """The other process: learns what to draw, and draws."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import torch

    from gan_lessons.labs.kit.packing import packed

    torch.set_num_threads(1)
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a network prints is not an answer
    sketch: Any = None
    write(answers, ("here",))
    while True:
        try:
            kind, what = read(given)
        except EOFError:
            return
        try:
            if kind == "learn":
                sketch = None
                sketch = pickle.loads(what)
            elif sketch is None:
                write(answers, ("refused",))
            else:
                frame = sketch.draw(what)
                write(answers, ("drawn", *packed(frame), frame.sentence))
        except Exception:
            sketch = None
            if kind == "draw":
                write(answers, ("refused",))


if __name__ == "__main__":
    main()
