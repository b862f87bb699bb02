"""Image to image from pairs: relief to satellite, pen to print, lines to colours, or a folder of a reader's own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import reconstruction, training, updates
from gan_lessons.data import pairs
from gan_lessons.data.pairs import Pairs
from gan_lessons.data.sources import Source
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics import translation
from gan_lessons.networks.translation import PatchDiscriminator, UNet
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern

SHOWN = 12  # held-out pairs on a sheet
LONGEST = 5.0  # a gradient; the usual ones have a length of 1 to 3, and one in a thousand a hundred times as much
WARM_UP = 60  # steps: a U-Net that starts at the full rate may never learn


@dataclass(frozen=True, kw_only=True)
class Patched(Modern):
    """What the recipes share whose D judges patches of pictures, and whose G is a U-Net.

    The rate warms up, and long gradients are shortened.
    """

    memory: ClassVar = torch.channels_last  # twice as fast
    judged: ClassVar[int] = 1  # pictures in a sample
    size: int
    generator_width: int
    discriminator_width: int
    discriminator_depth: int = 3
    noise_dim: int = 0

    @property
    def patches(self) -> int:
        """How many patches of a picture are judged."""
        return (self.size // 2**self.discriminator_depth) ** 2

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        gan = super().build(device, seed)
        for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
            optimizer.register_step_pre_hook(shortened)
        return gan

    def schedule(self, progress: float) -> float:
        return min(1.0, (progress * self.steps + 1) / WARM_UP) * training.cosine(progress)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        # the penalty is on the mean of the patches, whose slope is less by the root of their number; and on the mean of
        # a sample's pictures, which divides the sum of their squares
        weight = self.judged * self.penalty_weight * self.patches**0.5
        return Modern.train(replace(self, penalty_weight=weight), gan, data, **more)


@dataclass(frozen=True, kw_only=True)
class Pix2Pix(Patched):
    """The modern recipe for pairs: a U-Net makes the picture, D judges patches of it beside the input, and L1 holds it
    to its pair with `l1_weight`. Isola et al. 2017, arXiv:1611.07004, with the losses of today.

    `source` is earth, pen, emoji or noto, or a folder of a reader's own: see `data.pairs`. `turned` learns the way
    back. With `added` the network makes what is to be added to its input. `adversarial` off leaves L1 alone, and `told`
    off a D that does not see the input. Judged by pairs that are held out.
    """

    source: str = "emoji"
    turned: bool = False
    l1_weight: float
    adversarial: bool = True
    told: bool = True
    added: bool = False

    def pairs(self) -> Pairs:
        """The pairs to learn from, and those held out."""
        found = pairs.load(self.source, self.size)
        return found.turned() if self.turned else found

    def found(self) -> str:
        """What the data are, in a line or a few."""
        known = self.pairs()
        told = f"{len(known):,} pairs, {' to '.join(known.names)}, and {len(known.unseen_inputs):,} held out."
        return told if known.found is None else f"{known.found}\n{told}"

    def data(self) -> Source:
        return self.pairs().source()

    def players(self) -> tuple[nn.Module, nn.Module]:
        known = self.pairs()
        inputs, outputs = known.inputs.shape[1], known.targets.shape[1]
        generator = UNet(
            inputs, outputs, self.generator_width, noise_dim=self.noise_dim, added=self.added, edge="replicate"
        )
        told = inputs if self.told else 0
        return generator, PatchDiscriminator(outputs, told, self.discriminator_width, self.discriminator_depth)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        if not self.adversarial:
            more = {"update": updates.extra_only, "rehearsal": False} | more
        options = {"extra": reconstruction.l1(self.l1_weight), "indices": self.pairs().draw(gan.device)}
        return super().train(gan, data, **{**options, **more})

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """What is made of inputs [count, channels, height, width], or of a count of those held out, in turn."""
        if isinstance(asked, int):
            unseen = self.pairs().unseen_inputs
            asked = unseen[torch.arange(asked) % len(unseen)]
        return torch.cat([super(Pix2Pix, self).samples(gan, some, seed) for some in asked.split(64)]).float().cpu()

    def translator(self, gan: GAN) -> tuple[Callable[[Tensor], Tensor], int]:
        """What makes a picture of any size of another, [1, channels, height, width], and how many channels that has."""
        network = gan.average
        noise = torch.randn(1, self.noise_dim, generator=torch.Generator().manual_seed(0)).to(gan.device)
        return partial(network, noise), network.get_submodule("first").get_parameter("weight").shape[1]

    def score(self, gan: GAN) -> dict[str, float]:
        known = self.pairs()
        return translation.scores(known.unseen_targets, self.samples(gan, known.unseen_inputs))

    def baselines(self) -> dict[str, dict[str, float]]:
        """What the input itself, another pair's truth, and the nearest known input's target score."""
        known = self.pairs()
        every = translation.baselines(known.unseen_targets, known.unseen_inputs, known.inputs, known.targets)
        return {name: translation.scores(known.unseen_targets, made) for name, made in every.items()}

    def floor_and_ceiling(self) -> dict[str, dict[str, float]]:
        """The figures of `baselines`, by figure."""
        every = self.baselines()
        figures = next(iter(every.values()))
        return {figure: {name: scores[figure] for name, scores in every.items()} for figure in figures}

    def sheet(self, gan: GAN) -> Figure:
        known = self.pairs()
        # evenly spread over those held out
        chosen = torch.linspace(0, len(known.unseen_inputs) - 1, SHOWN).round().long()
        inputs, truth = known.unseen_inputs[chosen], known.unseen_targets[chosen]
        rows = (inputs, self.samples(gan, inputs), truth)
        channels = max(row.shape[1] for row in rows)
        figure = Figure(figsize=(9, 2.6), dpi=150, layout="constrained")
        axes = figure.subplots()
        draw_sheet(axes, torch.cat([row.expand(-1, channels, -1, -1) for row in rows]), SHOWN)
        axes.set_title(f"{known.names[0]} · made · true {known.names[1]}", fontsize=9, loc="left", parse_math=False)
        axes.set_title(known.credit, fontsize=6, loc="right")
        return figure


def shortened(optimizer: torch.optim.Optimizer, *_: object) -> None:
    """Scale down a gradient that is far longer than most: without momentum, a single one may throw a player off."""
    nn.utils.clip_grad_norm_([weight for group in optimizer.param_groups for weight in group["params"]], LONGEST)


CPU = Pix2Pix(
    steps=900,
    batch=16,
    source="emoji",
    size=32,
    l1_weight=4.0,
    added=True,
    generator_width=16,
    discriminator_width=24,
    learning_rate=1.5e-3,
    penalty_weight=0.2,
    average_decay=0.995,
)
EMOJI = replace(CPU, steps=5_000)
PEN = replace(EMOJI, steps=8_000, source="pen", added=False, generator_width=28, learning_rate=1.2e-3)
EARTH = replace(EMOJI, steps=8_000, source="earth", size=64, batch=8, l1_weight=3.0, added=False)
GPU = replace(EARTH, steps=50_000, size=256, batch=16, generator_width=64, discriminator_width=64)
SIZES = {"cpu": CPU, "earth": EARTH, "pen": PEN, "emoji": EMOJI, "gpu": GPU}
