"""ShapeLab: turn a shape, walk from one to another, mix a chair with a lamp."""

from dataclasses import dataclass
from math import radians
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gan_lessons.data.shapes import KINDS
from gan_lessons.gan import GAN
from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, chosen, ranged
from gan_lessons.labs.kit.frame import INK, Frame, Lines, Panel, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.kit.recording import Recording
from gan_lessons.labs.latents.latent_simulation import on_arc
from gan_lessons.metrics.shapes import checked
from gan_lessons.metrics.solids import fault
from gan_lessons.networks.conditioning import ConditionalGenerator
from gan_lessons.plots import style
from gan_lessons.plots.shapes import render

STATIONS = 7  # of a walk
WORDS = {"in pieces": "falls into pieces", "empty": "is empty"}


@dataclass(frozen=True)
class ShapeParameters:
    """Two shapes, how far the present one is on the way from one to the other, and from where it is seen."""

    turn: float = ranged(35, 0, 360, 5, "Turn", "From which side the shapes are seen, in degrees")
    share: float = ranged(0.0, 0, 1, 0.05, "From A to B", "0: shape A; 1: shape B; between, both their kind and noise")
    first_kind: str = chosen("chair", KINDS, "Kind of A", "What A is asked to be")
    first: int = ranged(3, 0, 99, 1, "Noise of A", "Another number, another shape")
    second_kind: str = chosen("lamp", KINDS, "Kind of B", "What B is asked to be")
    second: int = ranged(8, 0, 99, 1, "Noise of B", "Another number, another shape")
    tilt: float = ranged(24, 5, 85, 5, "Tilt", "How far from above the shapes are seen, in degrees")


class ShapeLab(Lab):
    """A walk between two shapes of the averaged generator of a GAN that is told kinds, as `voxels` trains it.

    What is mixed is what goes into the generator: the noise along a great circle, and the vectors of the kinds. Each
    shape is drawn with a side of so many pixels.
    """

    Parameters = ShapeParameters
    empty = "No shapes"
    wide = ("turn", "share")
    presets = (
        Preset("turn it", "Move “Turn” and look behind the chair.",
               {"share": 0.0, "first_kind": "chair", "first": 3, "turn": 35, "tilt": 24}),
        Preset("chair to lamp", "Move “From A to B” step by step: where does the chair stop being one?",
               {"share": 0.5, "first_kind": "chair", "second_kind": "lamp", "turn": 35}),
        Preset("one chair to another", "Between two chairs all the way is chairs.",
               {"share": 0.5, "first_kind": "chair", "second_kind": "chair", "first": 3, "second": 8}),
        Preset("into the mug", "From above one sees whether it is hollow.",
               {"share": 0.0, "first_kind": "mug", "tilt": 70, "turn": 60}),
    )  # fmt: skip

    def __init__(self, gan: GAN, side: int = 160, **values: Any):
        self.gan, self.side = gan, side
        super().__init__(**values)

    def prepare(self) -> None:
        self.generator = told(self.gan)
        checked(self.shapes(torch.zeros(1)))

    def refusal(self, wanted: ShapeParameters) -> str:
        same = (wanted.first_kind, wanted.first) == (wanted.second_kind, wanted.second)
        return "A and B are the same shape: choose another kind or another noise for one of them." if same else ""

    @torch.inference_mode()
    def shapes(self, shares: Tensor) -> Tensor:
        """Shapes [count, 1, size, size, size] at shares [count] of the way from A to B."""
        p = self.parameters
        first, second = (
            torch.randn(self.gan.noise_dim, generator=torch.Generator().manual_seed(number))
            for number in (p.first, p.second)
        )
        device = self.generator.embedding.weight.device
        kinds = self.generator.embedding(
            torch.tensor([KINDS.index(k) for k in (p.first_kind, p.second_kind)]).to(device)
        )
        way = on_arc(first, second, shares).to(device)
        there = shares[:, None].to(device)
        return self.generator.draw(way, (1 - there) * kinds[0] + there * kinds[1]).float().cpu()

    def seen(self, volumes: Tensor, side: int) -> Tensor:
        """Pictures [count, 3, side, side] in [-1, 1] of shapes, from the present side."""
        p = self.parameters
        drawn = render(volumes, radians(p.turn), radians(p.tilt), side, style.FAKE)
        return torch.from_numpy(drawn).permute(0, 3, 1, 2) / 127.5 - 1

    def picture(self) -> Frame:
        p = self.parameters
        ways = torch.linspace(0, 1, STATIONS)
        every = self.shapes(torch.cat([torch.tensor([p.share]), ways]))
        place = pictures.sheet(
            self.seen(every[:1], 2 * self.side), 1, f"{p.share:.0%} of the way from A to B", share=1.2
        )
        walk = pictures.sheet(self.seen(every[1:], self.side // 2), STATIONS, "The way from A (left) to B", below=True)
        at = p.share * (STATIONS - 1) + 0.5
        mark = Lines(path([at - 0.3, at + 0.3], 0.03), INK, width=3)  # orange would not be seen on orange
        walk = Panel((*walk.layers, mark), walk.xlim, walk.ylim, walk.title, equal=True, bare=True, below=True)
        return Frame((place, walk), self.said(every[0, 0].numpy() > 0))

    def said(self, solid: np.ndarray) -> str:
        """What the family's tests say of the shape."""
        p = self.parameters
        kinds = dict.fromkeys((p.first_kind, p.second_kind))
        found = {kind: fault(solid, kind) for kind in kinds}
        good = [kind for kind, wrong in found.items() if not wrong]
        if good:
            return f"This passes all tests of a {good[0]}."
        whole = [WORDS[wrong] for wrong in found.values() if wrong in WORDS]
        if whole:
            return f"This {whole[0]}."
        return "; ".join(f"As a {kind} it fails: {wrong}" for kind, wrong in found.items()) + "."

    def film(self, frames: int = 24) -> Recording:
        """Once round, from A to B and back to A, to be scrubbed through where no kernel runs."""
        kept, shown = self.parameters, []
        for turn in np.arange(1, frames + 1) / frames:
            share = round(20 * (0.5 - 0.5 * float(np.cos(2 * np.pi * turn)))) / 20
            self.set(turn=(35 + 5 * round(72 * float(turn))) % 360, share=share)
            shown.append(Frame(self.frame().panels[:1], self.sentence))
        self.set(turn=kept.turn, share=kept.share)  # type: ignore[attr-defined]
        return Recording(shown)


def told(gan: Any) -> ConditionalGenerator:
    """The averaged generator of a GAN of the five kinds of shapes; a ValueError where it has no such one."""
    if not isinstance(gan, GAN):
        raise ValueError(f"This lab looks into a GAN, not into {gan!r:.60}.")
    network = getattr(gan.average, "generator", None) if hasattr(gan.average, "volumes") else gan.average
    if not isinstance(network, ConditionalGenerator) or network.embedding.num_embeddings != len(KINDS):
        raise ValueError(
            "This lab needs a generator of volumes that is told one of five kinds; "
            'recipes.find("voxels", "long").load() has one.'
        )
    return network
