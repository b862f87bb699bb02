"""A setting: how one small GAN on points is built and trained."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from torch import nn

from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import (
    InstanceNoise,
    PointDiscriminator,
    PointGenerator,
    SpreadDiscriminator,
    UniformNoise,
)


@dataclass(frozen=True)
class Setting:
    """How one GAN on points is built and trained.

    `loss` and `penalty` are names of the library's or functions of your own; `players` are networks of your own, a
    function () -> (generator, discriminator) that takes the place of all that is said here about networks.
    """

    loss: str | Callable = "non_saturating"
    penalty: str | Callable = "none"
    penalty_weight: float = 0.1
    generator_rate: float = 1e-3
    discriminator_rate: float = 1e-3
    discriminator_steps: int = 1
    pack: int = 1
    spread: bool = False
    spectral: bool = False
    clip: float = 0.0  # 0: none
    instance_noise: float = 0.0
    update: str = "alternating"
    unrolled: int = 0  # steps; 0: the update as it is
    unrolled_rate: float = 0.1
    consensus_weight: float = 0.1
    optimism: float = 0.0
    momentum: float = 0.5  # Adam's first beta
    generator_width: int = 64
    generator_depth: int = 2
    discriminator_width: int = 64
    discriminator_depth: int = 2
    noise: str = "normal"
    noise_dim: int = 2
    batch: int = 64
    average_decay: float = 0.99
    annealed: int = 0  # steps within which the rates fall to nothing; 0: they stay
    players: Callable[[], tuple[nn.Module, nn.Module]] | None = None

    def build(self, dims: int = 2) -> tuple[nn.Module, nn.Module]:
        """A fresh generator and discriminator for points of `dims` coordinates."""
        if self.players is not None:
            return self.players()
        generator: nn.Module = PointGenerator(self.noise_dim, dims, self.generator_width, self.generator_depth)
        if self.noise == "uniform":
            generator = nn.Sequential(UniformNoise(), generator)
        kind = SpreadDiscriminator if self.spread else PointDiscriminator
        discriminator: nn.Module = kind(dims * self.pack, self.discriminator_width, self.discriminator_depth)
        if self.pack > 1:
            discriminator = Packed(discriminator, self.pack)
        if self.instance_noise:
            discriminator = nn.Sequential(InstanceNoise(self.instance_noise), discriminator)
        return generator, discriminator

    def kept(self) -> tuple:
        """What the GANs of one batch have in common: all but the loss, the rates and the penalty's weight."""
        apart = {"loss", "penalty_weight", "generator_rate", "discriminator_rate"}
        return tuple(getattr(self, entry.name) for entry in fields(self) if entry.name not in apart)
