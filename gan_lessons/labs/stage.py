"""The stage: a canvas in the browser that draws frames; the arrays travel as bytes, and the drawing is done there."""

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from matplotlib import colormaps
from matplotlib.colors import to_hex

from gan_lessons.labs.frame import Frame, Heat, Layer

STOPS = 11  # colours of a palette that the canvas mixes; matplotlib's diverging palettes are made of eleven


def pack(frame: Frame) -> tuple[dict[str, Any], bytes]:
    """A frame as a scene (all but the arrays, and where each begins) and its arrays end to end.

    Heat maps become one byte a cell, 0 at `low` and 255 at `high`; all other arrays are little-endian float32.
    """
    chunks: list[bytes] = []

    def describe(layer: Layer) -> dict[str, Any]:
        entry = {**vars(layer), "kind": type(layer).__name__, "shape": layer.data.shape}
        del entry["data"]
        entry["start"] = sum(map(len, chunks))
        if isinstance(layer, Heat):
            share = (layer.data - layer.low) / (layer.high - layer.low)
            array = np.rint(255 * np.clip(np.nan_to_num(share, nan=0.5), 0, 1)).astype(np.uint8).tobytes()
            entry["palette"] = [to_hex(color) for color in colormaps[layer.palette](np.linspace(0, 1, STOPS))]
        else:
            array = layer.data.astype("<f4").tobytes()
        chunks.append(array + bytes(-len(array) % 4))
        return entry

    panels = [{**vars(panel), "layers": [describe(layer) for layer in panel.layers]} for panel in frame.panels]
    return {"panels": panels}, b"".join(chunks)


class Stage(anywidget.AnyWidget):
    """Draws a frame whenever `step` changes, and reports in `drag` which handle the mouse pulls where."""

    _esm = Path(__file__).with_name("stage.js")
    scene = traitlets.Dict().tag(sync=True)
    data = traitlets.Bytes().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    step = traitlets.Int().tag(sync=True)
    drag = traitlets.Dict().tag(sync=True)

    def show(self, frame: Frame, note: str = "") -> None:
        """Draw a frame, with a note before its sentence."""
        with self.hold_sync():
            self.scene, self.data = pack(frame)
            self.sentence = f"{note} {frame.sentence}".strip()
            self.step += 1

    def __repr__(self) -> str:
        return f"Stage(step={self.step})"
