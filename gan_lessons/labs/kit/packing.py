"""A frame as a description and bytes, as the browser and recordings get it."""

import json
from functools import cache
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from gan_lessons.labs.kit.frame import Frame, Heat, Layer, Pictures

STOPS = 11  # colours of a palette that the canvas mixes; matplotlib's diverging palettes are made of eleven


@cache
def stops(palette: str) -> list[str]:
    """The colours of a palette, from one end to the other."""
    return [to_hex(color) for color in colormaps[palette](np.linspace(0, 1, STOPS))]


def packed(frame: Frame) -> tuple[str, bytes]:
    """A frame as text and bytes."""
    scene, data = pack(frame)
    return json.dumps(scene, separators=(",", ":")), data


def pack(frame: Frame) -> tuple[dict[str, Any], bytes]:
    """A frame as a scene (all but the arrays, and where each begins) and its arrays end to end.

    Heat maps become one byte a cell, 0 at `low` and 255 at `high`, pictures one byte a pixel and channel; all other
    arrays are little-endian float32.
    """
    chunks: list[bytes] = []

    def describe(layer: Layer) -> dict[str, Any]:
        entry = {**vars(layer), "kind": type(layer).__name__, "shape": layer.data.shape}
        del entry["data"]
        entry["start"] = sum(map(len, chunks))
        if isinstance(layer, Heat):
            share = (layer.data - layer.low) / (layer.high - layer.low)
            array = np.rint(255 * np.clip(np.nan_to_num(share, nan=0.5), 0, 1)).astype(np.uint8).tobytes()
            entry["palette"] = stops(layer.palette)
        elif isinstance(layer, Pictures):
            array = np.rint(255 * np.clip(np.nan_to_num(layer.data), 0, 1)).astype(np.uint8).tobytes()
        else:
            array = layer.data.astype("<f4").tobytes()
        chunks.append(array + bytes(-len(array) % 4))
        return entry

    panels = [{**vars(panel), "layers": [describe(layer) for layer in panel.layers]} for panel in frame.panels]
    scene: dict[str, Any] = {"panels": panels}
    if frame.strip is not None:
        scene["strip"] = vars(frame.strip)
    return scene, b"".join(chunks)
