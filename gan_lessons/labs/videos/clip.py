"""ClipLab: hold what is seen and change how it moves, or the other way round; nine clips play at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from gan_lessons.data.videos import CENTER, FRAMES, ROOM, SIDE, centers
from gan_lessons.gan import GAN
from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, ranged
from gan_lessons.labs.kit.frame import Frame, Layer, Lines, Panel, Points, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.kit.recording import Recording
from gan_lessons.metrics import videos as metrics
from gan_lessons.plots import style

SHOWN = 3  # contents, and motions
GREYS = 16  # levels of brightness in a recording


@dataclass(frozen=True)
class ClipParameters:
    """Which contents and which motions, and the frame that is shown."""

    at: int = ranged(0, 0, FRAMES - 1, 1, "Frame", "Look at any frame; Play runs through all")
    content: int = ranged(0, 0, 97, 1, "First content", "Three contents from this one on, a row each")
    motion: int = ranged(0, 0, 97, 1, "First motion", "Three motions from this one on, a column each")


class ClipLab(Lab):
    """Nine clips of a GAN whose generator splits its noise into content and motion: a row shares what is seen.

    The GAN's averaged generator is a `networks.videos.Sprite` or `ContentMotion`, or has their `dims` (the sizes of
    both parts of the noise).
    """

    Parameters = ClipParameters
    burst = 1
    wide = ("at",)
    speeds: ClassVar = {"10 a second": 10, "5 a second": 5, "2 a second": 2, "full speed": 0}
    tooltips = "Run through the frames, over and over", "Frames a second"
    empty = "No clips"
    presets = (
        Preset("other motions", "The rows keep their digits, while every column moves in another way.",
               {"motion": 30}),
        Preset("other contents", "The columns keep their motions, while every row shows something else.",
               {"content": 30}),
        Preset("the start", "The first contents and motions, at their first frame.",
               {"content": 0, "motion": 0, "at": 0}),
    )  # fmt: skip

    def __init__(self, gan: GAN, **values: Any):
        self.gan = gan
        super().__init__(**values)
        self.worker.speed = 10

    def prepare(self) -> None:
        if not isinstance(self.gan, GAN):
            raise ValueError(f"This lab looks into a GAN, not into {self.gan!r:.60}.")
        dims = getattr(self.gan.average, "dims", None)
        if not (isinstance(dims, tuple) and len(dims) == 2 and sum(dims) == self.gan.noise_dim):
            raise ValueError(
                "This lab needs a generator that splits its noise into content and motion, and says so in `dims`; a "
                f"{type(self.gan.average).__name__} does not."
            )
        self.clips = lru_cache(maxsize=8)(self.made)
        self.seen = lru_cache(maxsize=8)(lambda *chosen: metrics.read(self.clips(*chosen)))

    def made(self, content: int, motion: int) -> Tensor:
        """Three contents with three motions each, [9, 1, frames, side, side]."""
        parts = [
            [drawn(size, SHOWN * (first + place) + part) for place in range(SHOWN)]
            for part, (size, first) in enumerate(zip(self.gan.average.dims, (content, motion), strict=True))  # type: ignore[arg-type]
        ]
        noise = torch.stack([torch.cat([one, other]) for one in parts[0] for other in parts[1]])
        with torch.inference_mode():
            return self.gan.average(noise.to(self.gan.device)).float().cpu()

    # The film

    def advance(self, steps: int) -> None:
        at = (self.parameters.at + steps) % FRAMES
        self.parameters = replace(self.parameters, at=at)
        if self.view is not None:
            self.view.put("at", at)

    def buttons(self) -> Sequence[tuple[str, str, Callable[[], Any]]]:
        return [
            ("Back one", "The frame before", lambda: self.run(FRAMES - 1)),
            ("On one", "The next frame", lambda: self.run(1)),
        ]

    def film(self) -> Recording:
        """All frames, to be scrubbed through where no kernel runs."""
        kept, frames = self.parameters.at, []
        for at in range(FRAMES):
            self.set(at=at)
            sheet, *others = self.frame().panels
            (shown,) = sheet.layers
            few = replace(shown, data=np.rint(shown.data * (GREYS - 1)) / (GREYS - 1))  # type: ignore[union-attr]
            frames.append(replace(self.frame(), panels=(replace(sheet, layers=(few,)), *others)))
        self.set(at=kept)
        return Recording(frames)

    # What is shown

    def picture(self) -> Frame:
        p = self.parameters
        clips = self.clips(p.content, p.motion)
        title = f"Frame {p.at + 1} of {FRAMES}: rows share content, columns motion"
        return Frame(
            (pictures.sheet(clips[:, :, p.at], SHOWN, title, share=1.3), self.tracks(centers(clips)[:SHOWN])),
            self.said(),
        )

    def tracks(self, places: Tensor) -> Panel:
        """The ways of the ink's centre, of the first content with each motion, [3, frames, 2]."""
        places = places.clone()
        places[..., 1] = SIDE - 1 - places[..., 1]  # row 0 of a picture is at its top
        near, far = SIDE - 1 - CENTER, SIDE - 1 - CENTER - ROOM
        walls = path([CENTER, CENTER + ROOM, CENTER + ROOM, CENTER, CENTER], [near, near, far, far, near])
        layers: list[Layer] = [Lines(walls, style.REFERENCE, width=0.8)]
        for way, color, column in zip(places.numpy(), style.CATEGORIES, ("left", "middle", "right"), strict=False):
            layers.append(Lines(path(*way.T), color, column, 1.6))
            layers.append(Points(way, color, size=3))
            layers.append(Points(way[self.parameters.at, None], color, size=11, opacity=1))
        return Panel(tuple(layers), (0, SIDE), (0, SIDE), "The ink's centre, upper row",
                     "pixels across", "pixels up", equal=True)  # fmt: skip

    def said(self) -> str:
        """How many of the nine keep content and law."""
        p = self.parameters
        seen = self.seen(p.content, p.motion)
        digits = seen.digit.view(SHOWN, SHOWN)
        rows = ", ".join("/".join(map(str, row)) for row in digits.tolist())
        return (
            f"The judge reads the rows as {rows}; {int(seen.same.sum())} of 9 clips are one digit in all frames, and "
            f"{int((seen.fit.residual < metrics.NEAR).sum())} keep to the law within half a pixel "
            f"(median {float(seen.fit.residual.median()):.2f} pixels)."
        )


def drawn(size: int, seed: int) -> Tensor:
    """A part of a noise, [size], the same for the same seed."""
    return torch.randn(size, generator=torch.Generator().manual_seed(seed))
