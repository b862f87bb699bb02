"""MixingLab: some places and some layers of a style generator follow cat A, the others cat B; whose are the parts?"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gan_lessons import latents
from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, ranged
from gan_lessons.labs.kit.frame import INK, Frame, Lines, Panel, Points, Writing, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.latents import CLEAR, Reader
from gan_lessons.networks.styles import StyleGenerator, truncated
from gan_lessons.plots import style
from gan_lessons.training import GAN

PAIRS = 60  # pairs over which the parts are counted
COLUMNS = 5  # of the mixes at every number of rows


@dataclass(frozen=True)
class MixingParameters:
    """Two samples, and which places of the layout and which of the later layers each of them decides."""

    rows: int = ranged(3, 0, 8, 1, "Rows from A", "So many rows of the layout, from above, are A's; the others B's")
    cut: int = ranged(
        0, 0, 4, 1, "Later layers from A", "So many layers after the layout get A's style; the others B's"
    )
    first: int = ranged(93, 0, 99, 1, "Sample A", "Another number, another sample")
    second: int = ranged(5, 0, 99, 1, "Sample B", "Another number, another sample")
    psi: float = ranged(1.0, 0, 1.25, 0.05, "Truncation ψ", "How far styles may be from their mean; 1: as trained")


class MixingLab(Lab):
    """Mixing in the averaged `StyleGenerator` of a GAN: in its layout place by place, and layer by layer behind it.

    `read` takes pictures to how likely each variant of each part is, {part: [count, variants]}, as the judge of avatars
    does; with it the lab counts over 60 pairs whose part each is.
    """

    Parameters = MixingParameters
    empty = "No styles"
    presets = (
        Preset("another bow", "The upper three rows are A's: watch whose bow it is, and whose eyes.",
               {"rows": 3, "cut": 0, "first": 93, "second": 5, "psi": 1.0}),
        Preset("later layers only", "The layout is B's, the next two layers A's: watch how little they change.",
               {"rows": 0, "cut": 2, "psi": 1.0}),
        Preset("the mean cat", "At ψ = 0 all styles are the mean style, and both are the same cat.", {"psi": 0.0}),
    )  # fmt: skip

    def __init__(self, gan: GAN, read: Reader | None = None, **values: Any):
        self.gan, self.read = gan, read
        super().__init__(**values)

    def prepare(self) -> None:
        self.generator = styled(self.gan)
        self.layers = len(self.generator.layers)
        with torch.no_grad():
            self.center = self.generator.center()
        self.side = latents.layouts(self.generator, self.center[None]).shape[-2]
        for name, high in (("rows", self.side), ("cut", self.layers)):
            self.allowed[name] = replace(self.allowed[name], high=high)  # type: ignore[arg-type]

    def refusal(self, wanted: MixingParameters) -> str:
        return "A and B are the same sample: choose another for one of them." if wanted.first == wanted.second else ""

    def styles(self) -> Tensor:
        """The styles of A and of B, truncated, [2, style_dim]."""
        p = self.parameters
        both = torch.cat([latents.drawn_styles(self.generator, 1, seed) for seed in (p.first, p.second)])
        return truncated(both, self.center, p.psi)

    def mixes(self, first: Tensor, second: Tensor, rows: Tensor, cut: int) -> Tensor:
        """Pictures of styles [count, style_dim]: the first's are so many `rows` [count] and `cut` later layers."""
        upper, lower = (latents.layouts(self.generator, each) for each in (first, second))
        above = torch.arange(self.side)[:, None] < rows[:, None, None, None]  # [count, 1, side, 1]
        of_first = torch.arange(1 + self.layers)[:, None].to(first.device) <= cut
        styles = torch.where(of_first, first[:, None], second[:, None])
        return latents.drawn(self.generator, styles, torch.where(above, upper, lower))

    def picture(self) -> Frame:
        p = self.parameters
        a, b = self.styles().split(1)
        every = torch.arange(self.side + 1)
        drawn = self.mixes(a.expand(len(every), -1), b.expand(len(every), -1), every, p.cut)
        shown = torch.cat([latents.drawn(self.generator, a), drawn[p.rows, None], latents.drawn(self.generator, b)])
        panels = [pictures.sheet(shown, 3, f"A  ·  {p.rows} of {self.side} rows from A  ·  B", share=1.6)]
        panels.append(self.row(drawn))
        panels += [self.counted()] if self.read is not None else []
        return Frame(tuple(panels), self.said(shown))

    def row(self, drawn: Tensor) -> Panel:
        """The mixes at every number of rows, each with its number, and a mark under the present one."""
        columns = min(COLUMNS, len(drawn))
        panel = pictures.sheet(drawn, columns, f"With 0 to {self.side} rows of the layout from A", below=True)
        lines = -(-len(drawn) // columns)
        lows = [panel.ylim[1] * (1 - (k // columns + 1) / lines) for k in range(len(drawn))]
        corners = np.array([[k % columns, low] for k, low in enumerate(lows)])
        numbers = Writing(corners + np.array([0.04, 0.1]), tuple(str(k) for k in range(len(drawn))))
        left, low = corners[self.parameters.rows]
        mark = Lines(path([left + 0.2, left + 0.9], low + 0.04), INK, width=3)
        return replace(panel, layers=(*panel.layers, numbers, mark))

    @cached_property
    def shares(self) -> dict[str, list[float]]:
        """For each part, the share of pairs whose mix has A's variant, at every number of rows."""
        assert self.read is not None
        first, second = (latents.drawn_styles(self.generator, PAIRS, seed) for seed in (1000, 1001))
        own = self.read(latents.drawn(self.generator, first))
        found: dict[str, list[float]] = {part: [] for part in own}
        for rows in range(self.side + 1):
            mixed = self.read(self.mixes(first, second, torch.full((PAIRS,), rows), 0))
            for part, told in own.items():
                clear = told.amax(1) >= CLEAR
                same = (mixed[part].argmax(1) == told.argmax(1))[clear]
                found[part].append(float(same.double().mean()) if clear.any() else float("nan"))
        return found

    def counted(self) -> Panel:
        """Whose parts are they? The share that is A's, over the rows that A has."""
        rows = self.parameters.rows
        lines = [
            Lines(path(np.arange(self.side + 1), np.array(values)), color, part, 2)
            for (part, values), color in zip(self.shares.items(), style.CATEGORIES, strict=False)
        ]
        marks = [
            Points(np.array([[rows, values[rows]]]), color, size=8, opacity=1)
            for values, color in zip(self.shares.values(), style.CATEGORIES, strict=False)
        ]
        here = Lines(path([rows, rows], [0, 1.05]), INK, width=1.2)
        share = f"share of {PAIRS} pairs"
        title = "Parts that are A's"
        return Panel((here, *lines, *marks), (0, self.side), (0, 1.05), title, "rows of the layout from A", share)

    def said(self, shown: Tensor) -> str:
        """Whose each part of this mix is, where the judge is sure of it in all three."""
        if self.read is None:
            p = self.parameters
            return f"{p.rows} of {self.side} rows of the layout follow A, and {p.cut} of {self.layers} later layers."
        a, mix, b = ({part: told[k] for part, told in self.read(shown).items()} for k in range(3))
        whose: dict[str, list[str]] = {"from A": [], "from B": [], "in both": [], "in neither": [], "unclear": []}
        for part, told in mix.items():
            if min(float(each[part].amax()) for each in (a, mix, b)) < CLEAR:
                whose["unclear"].append(part)
                continue
            of_a, of_b = (bool(told.argmax() == other[part].argmax()) for other in (a, b))
            name = "in both" if of_a and of_b else "from A" if of_a else "from B" if of_b else "in neither"
            whose[name].append(part)
        return (
            "Read in this mix: "
            + "; ".join(f"{name}: {', '.join(parts)}" for name, parts in whose.items() if parts)
            + "."
        )


def styled(gan: Any) -> StyleGenerator:
    """The averaged generator of a GAN; a ValueError where it has no styles."""
    if not isinstance(gan, GAN):
        raise ValueError(f"This lab looks into a GAN, not into {gan!r:.60}.")
    if not isinstance(gan.average, StyleGenerator):
        raise ValueError(
            f"This lab needs a StyleGenerator, and this GAN's generator is a {type(gan.average).__name__}; "
            'recipes.find("avatars", "long").load() has one.'
        )
    return gan.average
