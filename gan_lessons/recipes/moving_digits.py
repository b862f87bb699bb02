"""Moving digits: short clips of a digit that glides and bounces, made in one of three ways."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import videos
from gan_lessons.data.sources import Source
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics.videos import REFERENCE, cheats, clip_scores
from gan_lessons.networks.videos import ClipDiscriminator, ContentMotion, Sprite, VolumeGenerator
from gan_lessons.penalties import r1_and_r2
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern

WAYS = ("sprite", "frames", "volume")


@dataclass(frozen=True, kw_only=True)
class MovingDigits(Modern):
    """The modern recipe on clips; D judges windows of single frames, a coarse copy of the whole, and the ink's path.

    `way` is how G makes a clip: "sprite" draws a digit once and lays it along a path, "frames" draws every frame of a
    code of content and one of motion, "volume" makes all of it by convolutions in time and space.
    """

    best: ClassVar = "highest good"
    version: ClassVar = 3
    moves: ClassVar = True
    way: str = "sprite"
    motion_dim: int = 8
    motion_hidden: int = 128
    generator_width: int
    discriminator_width: int

    @property
    def memory(self) -> torch.memory_format:  # type: ignore[override]  # a volume has one axis more
        return torch.preserve_format if self.way == "volume" else torch.channels_last

    def data(self) -> videos.MovingDigits:
        return videos.moving_digits()

    def players(self) -> tuple[nn.Module, nn.Module]:
        if self.way not in WAYS:
            raise ValueError(f"There is no way {self.way!r} to make a clip; the known ones are {', '.join(WAYS)}.")
        generator: nn.Module
        if self.way == "volume":
            generator = VolumeGenerator(self.noise_dim, self.generator_width)
        else:
            kind = Sprite if self.way == "sprite" else ContentMotion
            dims = self.noise_dim - self.motion_dim, self.motion_dim
            generator = kind(*dims, self.generator_width, self.motion_hidden)
        return generator, ClipDiscriminator(self.discriminator_width)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        gan = super().build(device, seed)
        gan.autocast = nullcontext()  # in bfloat16 a place is rounded to a sixteenth of a pixel
        return gan

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        return super().train(gan, data, **{"penalty": partial(self.penalty, gan.discriminator), **more})

    def penalty(self, discriminator: Any, _: Any, real: Tensor, fake: Tensor) -> Tensor:
        """R1 and R2 of each view of D by itself, at what that view is shown."""
        shown = zip(discriminator.parts, discriminator.seen(real), discriminator.seen(fake), strict=True)
        views = ((nn.Sequential(part, nn.Flatten(0)), some, others) for part, some, others in shown)
        return torch.stack([r1_and_r2(*view, self.penalty_weight) for view in views]).sum()

    def score(self, gan: GAN) -> dict[str, float]:
        clips = torch.cat([self.samples(gan, 200, seed) for seed in range(REFERENCE // 200)])
        return clip_scores(clips)._asdict()

    def floor_and_ceiling(self) -> dict[str, dict[str, float]]:
        """What samplers score that are no GAN, by figure."""
        every = {name: clip_scores(clips)._asdict() for name, clips in cheats().items()}
        return {figure: {name: scores[figure] for name, scores in every.items()} for figure in every["still"]}

    def sheet(self, gan: GAN) -> Figure:
        """Twelve clips as strips of film, every other frame."""
        clips = self.samples(gan, 12).float().cpu()[:, :, ::2]
        figure = Figure(figsize=(7, 10.5), dpi=128, layout="constrained")
        draw_sheet(figure.subplots(), clips.transpose(1, 2).flatten(0, 1), clips.shape[2])
        return figure


CPU = MovingDigits(
    steps=1500,
    batch=16,
    noise_dim=64,
    generator_width=24,
    discriminator_width=16,
    learning_rate=2e-3,
    penalty_weight=0.2,
    average_decay=0.99,
)
LONG = replace(CPU, steps=30_000, average_decay=0.998)
FRAMES = replace(LONG, way="frames", steps=3000, batch=8, generator_width=16)
GPU = replace(LONG, steps=50_000, batch=256, generator_width=64, discriminator_width=64)
SIZES = {"cpu": CPU, "long": LONG, "frames": FRAMES, "gpu": GPU}
