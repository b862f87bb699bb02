"""Writing: kanji of up to ten strokes, written by one pen, stroke by stroke."""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import films
from gan_lessons.gan import GAN
from gan_lessons.metrics.writing import cheats, writing_scores
from gan_lessons.networks.writing import Arrival, FilmDiscriminator, Frames
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern

WAYS = {"arrival": Arrival, "frames": Frames}
SHOWN = 8  # films on a sheet


@dataclass(frozen=True, kw_only=True)
class Writing(Modern):
    """The modern recipe on films of kanji, judged by a discriminator that sees all frames at once.

    `way` is how G makes a film: "arrival" draws how dark each place gets and when, so that ink never goes away;
    "frames" draws every frame.
    """

    best: ClassVar = "lowest frechet_fraction"
    moves: ClassVar = True
    memory: ClassVar = torch.preserve_format  # a film has one axis more
    way: str = "arrival"
    generator_width: int
    discriminator_width: int

    def data(self) -> Tensor:
        return films.kanji()

    def players(self) -> tuple[nn.Module, nn.Module]:
        if self.way not in WAYS:
            raise ValueError(f"There is no way {self.way!r} to write; the known ones are {', '.join(WAYS)}.")
        generator = WAYS[self.way](self.noise_dim, width=self.generator_width)
        return generator, FilmDiscriminator(width=self.discriminator_width)

    def score(self, gan: GAN) -> dict[str, float]:
        real = films.kanji(held_out=True)
        return writing_scores(self.samples(gan, len(real)), real)._asdict()

    def floor_and_ceiling(self) -> dict[str, dict[str, float]]:
        """What samplers score that are no GAN, by figure."""
        real, known = films.kanji(held_out=True), films.kanji()[: len(films.kanji(held_out=True))]
        every = {name: writing_scores(made, real)._asdict() for name, made in cheats(known).items()}
        every["real"] = writing_scores(known, real)._asdict()
        return {figure: {name: scores[figure] for name, scores in every.items()} for figure in every["real"]}

    def sheet(self, gan: GAN) -> Figure:
        """Eight films, every second frame."""
        made = self.samples(gan, SHOWN).float().cpu()[:, 0, 1::2]
        figure = Figure(figsize=(6, 6), dpi=128, layout="constrained")
        draw_sheet(figure.subplots(), made.flatten(0, 1)[:, None], columns=made.shape[1])
        return figure


CPU = Writing(
    steps=1500,
    batch=32,
    noise_dim=64,
    generator_width=24,
    discriminator_width=16,
    learning_rate=2e-3,
    penalty_weight=0.6,
    average_decay=0.99,
)
LONG = replace(CPU, steps=8_000, generator_width=32, discriminator_width=24, average_decay=0.998)
GPU = replace(LONG, steps=50_000, batch=256, generator_width=96, discriminator_width=96)
SIZES = {"cpu": CPU, "long": LONG, "gpu": GPU}
