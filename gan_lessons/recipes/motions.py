"""Motions: a stick figure that walks, kicks and turns over, by rotations of its joints over time."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import ClassVar

from matplotlib.figure import Figure
from torch import nn

from gan_lessons.data import motions
from gan_lessons.gan import GAN
from gan_lessons.metrics.motions import cheats, motion_scores
from gan_lessons.networks.motions import MotionDiscriminator, MotionGenerator
from gan_lessons.plots.figures import draw_motions
from gan_lessons.recipes import Modern

COUNT = 400  # motions that are scored


@dataclass(frozen=True, kw_only=True)
class People(Modern):
    """The modern recipe on windows of motions; `source` says which, "clips" of a person or computed "exercises"."""

    best: ClassVar = "lowest nearest"
    source: str = "clips"
    width: int

    def data(self) -> motions.Motions:
        return motions.load(self.source)

    def players(self) -> tuple[nn.Module, nn.Module]:
        return MotionGenerator(self.noise_dim, self.width), MotionDiscriminator(self.width)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        gan = super().build(device, seed)
        gan.autocast = nullcontext()  # in bfloat16 a bone's length is rounded to a millimetre or two
        return gan

    def score(self, gan: GAN) -> dict[str, float]:
        return motion_scores(self.samples(gan, COUNT), self.data())._asdict()

    def floor_and_ceiling(self) -> dict[str, dict[str, float]]:
        """What samplers score that are no GAN, by figure."""
        every = {name: motion_scores(made, self.data())._asdict() for name, made in cheats(self.data(), 200).items()}
        return {figure: {name: scores[figure] for name, scores in every.items()} for figure in every["still"]}

    def sheet(self, gan: GAN) -> Figure:
        """Twelve motions as strips, every fourth frame."""
        figure = Figure(figsize=(7.2, 11), dpi=128, layout="constrained")
        draw_motions(figure.subplots(12), self.samples(gan, 12).float().cpu())
        return figure


CPU = People(
    source="exercises",
    steps=1500,
    batch=32,
    noise_dim=32,
    width=32,
    learning_rate=1e-3,
    penalty_weight=0.02,  # places are in metres: a slope that tells one centimetre from two is steep
    average_decay=0.99,
)
LONG = replace(CPU, source="clips", steps=14_000, width=64, average_decay=0.998)
GPU = replace(LONG, steps=50_000, batch=256, width=256)
SIZES = {"cpu": CPU, "long": LONG, "gpu": GPU}
