"""MixingLab: the first layers of a style generator follow cat A, the others cat B; whose are the parts?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gan_lessons import latents
from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, ranged
from gan_lessons.labs.kit.frame import INK, Frame, Lines, Panel, Points, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.networks.styles import StyleGenerator, truncated
from gan_lessons.plots import style
from gan_lessons.training import GAN

PAIRS = 60  # pairs over which the parts are counted
CLEAR = 0.5  # a probability above which a part counts as read
Reader = Callable[[Tensor], Mapping[str, Tensor]]


@dataclass(frozen=True)
class MixingParameters:
    """Two samples, and the layer at which the style changes from the one to the other."""

    cut: int = ranged(1, 0, 5, 1, "Layers from A", "So many layers get A's style, from the layout on; the others B's")
    first: int = ranged(3, 0, 99, 1, "Sample A", "Another number, another sample")
    second: int = ranged(5, 0, 99, 1, "Sample B", "Another number, another sample")
    psi: float = ranged(1.0, 0, 1.25, 0.05, "Truncation ψ", "How far styles may be from their mean; 1: as trained")


class MixingLab(Lab):
    """Style mixing in the averaged `StyleGenerator` of a GAN.

    `read` takes pictures to how likely each variant of each part is, {part: [count, variants]}, as the judge of avatars
    does; with it the lab counts over 60 pairs whose part each is.
    """

    Parameters = MixingParameters
    empty = "No styles"
    presets = (
        Preset("layout only", "Only the layout is A's: watch how much of A is there already.", {"cut": 1}),
        Preset("all B's", "All layers are B's: move “Layers from A” to 1, and watch what changes.", {"cut": 0}),
        Preset("the mean cat", "At ψ = 0 all styles are the mean style, and both are the same cat.", {"psi": 0.0}),
    )  # fmt: skip

    def __init__(self, gan: GAN, read: Reader | None = None, **values: Any):
        self.gan, self.read = gan, read
        super().__init__(**values)

    def prepare(self) -> None:
        self.generator = styled(self.gan)
        self.layers = 1 + len(self.generator.layers)
        self.allowed["cut"] = replace(self.allowed["cut"], high=self.layers)  # type: ignore[arg-type]
        with torch.no_grad():
            self.center = self.generator.center()

    def refusal(self, wanted: MixingParameters) -> str:
        return "A and B are the same sample: choose another for one of them." if wanted.first == wanted.second else ""

    def styles(self) -> Tensor:
        """The styles of A and of B, truncated, [2, style_dim]."""
        p = self.parameters
        both = torch.cat([latents.drawn_styles(self.generator, 1, seed) for seed in (p.first, p.second)])
        return truncated(both, self.center, p.psi)

    def mixes(self, first: Tensor, second: Tensor, cuts: Tensor) -> Tensor:
        """Pictures of styles [count, style_dim], with `cuts` [count] layers of the first and the rest of the second."""
        of_first = torch.arange(self.layers) < cuts[:, None]
        styles = torch.where(of_first[..., None].to(first.device), first[:, None], second[:, None])
        return latents.drawn(self.generator, styles)

    def picture(self) -> Frame:
        a, b = self.styles().split(1)
        every = torch.arange(self.layers + 1)
        drawn = self.mixes(a.expand(len(every), -1), b.expand(len(every), -1), every)
        shown = torch.cat([drawn[-1:], drawn[self.parameters.cut, None], drawn[:1]])
        panels = [
            pictures.sheet(shown, 3, f"A  ·  {self.parameters.cut} of {self.layers} layers from A  ·  B", share=1.6)
        ]
        panels.append(self.row(drawn))
        if self.read is not None:
            panels.insert(1, self.counted())
        return Frame(tuple(panels), self.said(shown))

    def row(self, drawn: Tensor) -> Panel:
        """The mixes at every cut, with a mark under the present one."""
        panel = pictures.sheet(drawn.flip(0), len(drawn), "From all layers A (left) to all layers B", below=True)
        x = self.layers - self.parameters.cut
        mark = Lines(path([x + 0.1, x + 0.9], 0.03), style.FAKE, width=3)
        return Panel((*panel.layers, mark), panel.xlim, panel.ylim, panel.title, equal=True, bare=True, below=True)

    @cached_property
    def shares(self) -> dict[str, list[float]]:
        """For each part, the share of pairs whose mix has A's variant, at every cut."""
        assert self.read is not None
        first, second = (latents.drawn_styles(self.generator, PAIRS, seed) for seed in (1000, 1001))
        own = self.read(latents.drawn(self.generator, first))
        found: dict[str, list[float]] = {part: [] for part in own}
        for cut in range(self.layers + 1):
            mixed = self.read(self.mixes(first, second, torch.full((PAIRS,), cut)))
            for part, told in own.items():
                clear = told.amax(1) >= CLEAR
                same = (mixed[part].argmax(1) == told.argmax(1))[clear]
                found[part].append(float(same.double().mean()) if clear.any() else float("nan"))
        return found

    def counted(self) -> Panel:
        """Whose parts are they? The share that is A's, over the layers that A has."""
        lines = [
            Lines(path(np.arange(self.layers + 1), np.array(values)), color, part, 2)
            for (part, values), color in zip(self.shares.items(), style.CATEGORIES, strict=False)
        ]
        marks = [
            Points(np.array([[self.parameters.cut, values[self.parameters.cut]]]), color, size=8, opacity=1)
            for values, color in zip(self.shares.values(), style.CATEGORIES, strict=False)
        ]
        here = Lines(path([self.parameters.cut, self.parameters.cut], [0, 1.05]), INK, width=1.2)
        title = f"Parts that are A's, in {PAIRS} pairs"
        return Panel((here, *lines, *marks), (0, self.layers), (0, 1.05), title, "layers from A", "share")

    def said(self, shown: Tensor) -> str:
        """Whose each part of this mix is, where the judge can tell."""
        if self.read is None:
            cut = self.parameters.cut
            return f"{cut} of {self.layers} layers follow A: the layout first, then the layers that enlarge it."
        a, mix, b = ({part: told[k] for part, told in self.read(shown).items()} for k in range(3))
        whose: dict[str, list[str]] = {"A's": [], "B's": [], "both's": [], "neither's": []}
        for part, told in mix.items():
            of_a, of_b = (bool(told.argmax() == other[part].argmax()) for other in (a, b))
            whose["both's" if of_a and of_b else "A's" if of_a else "B's" if of_b else "neither's"].append(part)
        return (
            "Read in this mix: "
            + "; ".join(f"{', '.join(parts)} {name}" for name, parts in whose.items() if parts)
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
