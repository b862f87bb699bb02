"""The stage: a canvas in the browser that draws frames; the arrays travel as bytes, and the drawing is done there."""

import time
from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from gan_lessons.labs.kit.frame import Frame
from gan_lessons.labs.kit.packing import packed
from gan_lessons.labs.kit.page import looks, script

FIRST, FASTEST = 30.0, 60.0  # frames a second that a browser gets at first, and at most
FORGOTTEN = 1.0  # seconds after which a frame that was not shown keeps no other back


class Stage(anywidget.AnyWidget):
    """Draws a frame whenever `step` changes, and says when it was shown, where the pointer is, and when it is gone.

    The browser's words come as custom messages. While it draws: `{"view", "painted": step, "frames": count}`, now and
    then, since a word costs JupyterLab more than a frame. `{"view", "alive"}`: a frame arrived that nobody sees now.
    `{"view", "gone"}`: the output was removed. `{"view", "events": [{"kind", "panel", "x", "y", "handle"?}, …]}`: what
    the pointer did since the last time, or `{"kind": "key", "key"}` for one of the `letters`, pressed anywhere in the
    lab. `{"view", "hover": {"panel", "x", "y"}}`: the mouse rests there; the answer is a text. So no state comes from
    the browser, and a training thread may show frames while the kernel handles messages.
    """

    # the text, not its path: of a file, anywidget keeps every widget that it ever showed
    _esm, _css = script(), looks()
    scene = traitlets.Unicode("{}").tag(sync=True)  # JSON: a dictionary would be walked through twice on its way
    data = traitlets.Bytes().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    step = traitlets.Int().tag(sync=True)
    playing = traitlets.Bool().tag(sync=True)
    listens = traitlets.Bool().tag(sync=True)
    letters = traitlets.Unicode().tag(sync=True)
    hovers = traitlets.Bool().tag(sync=True)
    names = traitlets.Unicode().tag(sync=True)  # JSON: what handles move, and by how much a key moves it
    tips = traitlets.Unicode().tag(sync=True)  # JSON: the tooltips of drop-downs, by their labels

    def __init__(
        self,
        pointed: Callable[[list], None] = lambda events: None,
        left: Callable[[], None] = lambda: None,
        hovered: Callable[[int, float, float], str] = lambda panel, x, y: "",
        **traits: Any,
    ):
        super().__init__(**traits)
        self.pointed, self.left, self.hovered = pointed, left, hovered
        self.views: dict[str, tuple[int, int, float]] = {}  # the last step that each has painted, its frames, and when
        self.painted, self.ahead, self.pace = 0, 0, FIRST
        self.heard, self.sent = time.monotonic(), 0.0
        self.on_msg(lambda _, message, __: self.receive(message))

    def show(self, frame: Frame, sentence: str | None = None) -> None:
        """Draw a frame, with its own sentence or another."""
        with self.hold_sync():
            self.scene, self.data = packed(frame)
            self.sentence = frame.sentence if sentence is None else sentence
            self.step = self.reached + 1
        self.sent = time.monotonic()

    def hasten(self, scene: str, data: bytes, sentence: str) -> None:
        """Draw a packed frame while a lab plays: in one message, without the traits, which cost as much again.

        Who opens the lab meanwhile gets the next one.
        """
        self.ahead = self.reached + 1
        self.send({"frame": [scene, sentence, self.ahead]}, [data])
        self.sent = time.monotonic()

    @property
    def reached(self) -> int:
        """The number of the last frame."""
        return max(self.step, self.ahead)

    @property
    def ready(self) -> bool:
        """Whether the next frame is due: at the browser's pace, and no more than a second's frames ahead of it."""
        waited = time.monotonic() - self.sent
        return waited > FORGOTTEN or (waited >= 1 / self.pace and self.reached - self.painted < self.pace)

    def receive(self, message: dict[str, Any]) -> None:
        """Take what the browser says."""
        self.heard, view = time.monotonic(), message.get("view", "")
        before = self.views.setdefault(view, (0, 0, self.heard - 1))
        if "painted" in message:
            self.views[view] = (message["painted"], message["frames"], self.heard)
            self.painted = max(self.painted, message["painted"])
            passed, drawn, seconds = (now - then for now, then in zip(self.views[view], before, strict=True))
            # who draws all frames gets more of them, who skips some gets as many as it drew
            self.pace = min(FASTEST, 1.3 * self.pace) if drawn >= 0.8 * passed else max(3.0, drawn / seconds)
        if "gone" in message:
            del self.views[view]
            if not self.views:
                self.left()
        if spot := message.get("hover"):
            self.send({"hover": self.hovered(spot["panel"], spot["x"], spot["y"])})
        if events := message.get("events"):
            try:
                self.pointed(events)
            finally:
                self.send({"heard": len(events)})  # the browser keeps back what comes after until then

    def __repr__(self) -> str:
        return f"Stage(step={self.step})"
