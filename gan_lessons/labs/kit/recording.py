"""Recordings: frames of a lab in one page of HTML, which need no kernel and load nothing from elsewhere."""

import base64
import html
import json
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gan_lessons.labs.kit.frame import Arrows, Frame, Heat, Layer, Lines, Pictures
from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.kit.page import looks, script

LARGEST = 200_000  # bytes of a page
# Steps along an axis, and levels of a heat map or a picture: the first that make the page small enough are taken.
PRECISION = ((1200, 64), (600, 32), (400, 24), (250, 16), (150, 12))
MOVING = 4096  # steps along the axes of a panel whose limits change, as those of curves do
MISSING = -32768
HERE = Path(__file__).parent


class Recording:
    """Frames of a lab, in their order; in a notebook it shows itself as a page with a slider and a Play button.

    The last frame is shown first. The page draws with the lab's own stage, and holds the numbers rounded to what can be
    seen: at worst 1/150 of an axis. Raises ValueError if it cannot be made smaller than LARGEST.
    """

    def __init__(self, frames: Sequence[Frame]):
        if not frames:
            raise ValueError("A recording needs at least one frame.")
        self.frames = list(frames)

    def page(self) -> str:
        """The page, complete in itself."""
        stage = script().replace("export default { render };", "")
        page = (HERE / "recording.html").read_text("utf-8").replace("/*STAGE*/", stage).replace("/*LOOKS*/", looks())
        for steps, levels in PRECISION:
            data = base64.b64encode(zlib.compress(encode(self.frames, steps, levels), 9)).decode()
            made = page.replace("/*DATA*/", data)
            if len(html.escape(made)) <= LARGEST:
                return made
        raise ValueError(
            f"{len(self.frames)} of these frames make a page of {len(made):,} bytes, more than {LARGEST:,}: "
            "record fewer."
        )

    def save(self, path: str | Path) -> Path:
        """Write the page to a file."""
        path = Path(path)
        path.write_text(self.page(), "utf-8", newline="\n")
        return path

    def __repr__(self) -> str:
        return f"<Recording of {len(self.frames)} frames. The last: {self.frames[-1].sentence}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """The page in a frame of its own; a site that shows no such frames shows the last sentence."""
        frame = (
            f'<iframe title="A recorded run" style="width: 100%; height: 620px; border: 0" srcdoc="'
            f'{html.escape(self.page())}">{html.escape(self.frames[-1].sentence)}</iframe>'
        )
        return {"text/html": frame, "text/plain": repr(self)}


def encode(frames: Sequence[Frame], steps: int, levels: int) -> bytes:
    """A length, what the frames are in JSON, and their arrays in whole numbers: changes since the frame before.

    recording.html reads it.
    """
    panels = [[frame.panels[i] for frame in frames if i < len(frame.panels)] for i in range(most(frames))]
    boxes, fine = [], []
    for each in panels:
        limits = np.array([(*panel.xlim, *panel.ylim) for panel in each])
        box = limits.min(0) * [1, 0, 1, 0] + limits.max(0) * [0, 1, 0, 1]
        boxes.append([float(value) for value in box])
        fine.append(steps if np.ptp(limits, 0).max() == 0 else MOVING)
    before: dict[tuple[int, int], np.ndarray] = {}
    scenes, changes = [], []
    for frame in frames:
        scene = pack(frame)[0]
        now = {}
        for p, panel in enumerate(frame.panels):
            for k, layer in enumerate(panel.layers):
                del scene["panels"][p]["layers"][k]["start"]
                whole = now[p, k] = rounded(layer, boxes[p], fine[p], levels)
                old = before.get((p, k), np.zeros(0, int))
                change = whole - old if len(old) == len(whole) else whole
                if isinstance(layer, Lines):  # neighbours on a line move alike
                    change = np.diff(change.reshape(layer.data.shape), axis=1, prepend=0).ravel()
                changes.append(change)
        before = now
        scenes.append({**scene, "sentence": frame.sentence})
    header = json.dumps({"frames": scenes, "boxes": boxes, "fine": fine, "levels": levels}, separators=(",", ":"))
    head = header.encode()
    return struct.pack("<I", len(head)) + head + varints(np.concatenate(changes) if changes else np.zeros(0, int))


def most(frames: Sequence[Frame]) -> int:
    return max(len(frame.panels) for frame in frames)


def rounded(layer: Layer, box: list[float], fine: int, levels: int) -> np.ndarray:
    """A layer's array in whole steps of its panel's box, flat."""
    if isinstance(layer, Heat):
        share = np.nan_to_num((layer.data - layer.low) / (layer.high - layer.low), nan=0.5)
        return np.rint(np.clip(share, 0, 1) * (levels - 1)).astype(int).ravel()
    if isinstance(layer, Pictures):
        return np.rint(np.clip(np.nan_to_num(layer.data), 0, 1) * (levels - 1)).astype(int).ravel()
    x0, x1, y0, y1 = box
    values = layer.data.reshape(-1, layer.data.shape[-1])
    zero = [x0, y0, 0, 0] if isinstance(layer, Arrows) else [x0, y0]
    unit = np.resize([(x1 - x0) / fine, (y1 - y0) / fine], len(zero))
    whole = np.clip(np.nan_to_num((values - zero) / unit, nan=np.inf, posinf=np.inf), -32000, 32000)
    return np.where(np.isfinite(values), np.rint(whole), MISSING).astype(int).ravel()


def varints(values: np.ndarray) -> bytes:
    """Whole numbers, small ones short: 0, -1, 1, -2, … as 0, 1, 2, 3, … in groups of seven bits, the lowest first."""
    folded = np.where(values < 0, -2 * values - 1, 2 * values)
    groups = np.stack([folded >> shift & 127 for shift in (0, 7, 14)], 1)
    longer = np.stack([folded >= 128, folded >= 128**2, np.zeros(len(folded), bool)], 1)
    kept = np.stack([np.ones(len(folded), bool), longer[:, 0], longer[:, 1]], 1)
    return (groups + 128 * longer)[kept].astype(np.uint8).tobytes()
