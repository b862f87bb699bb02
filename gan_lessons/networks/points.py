"""Networks for points: multilayer perceptrons that work on [batch, 2] and, stacked, on [members, batch, 2]."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn


def mlp(inputs: int, outputs: int, width: int, depth: int, activation: type[nn.Module] = nn.ReLU) -> nn.Sequential:
    """`depth` hidden layers of `width` units between `inputs` and `outputs`."""
    widths = [inputs, *[width] * depth]
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), activation()]
    return nn.Sequential(*layers, nn.Linear(widths[-1], outputs))


class PointGenerator(nn.Module):
    """Noise [..., batch, noise_dim] to points [..., batch, dims]."""

    def __init__(self, noise_dim: int = 2, dims: int = 2, width: int = 64, depth: int = 2, activation=nn.ReLU):
        super().__init__()
        self.layers = mlp(noise_dim, dims, width, depth, activation)

    def forward(self, noise: Tensor) -> Tensor:
        return self.layers(noise)


class PointDiscriminator(nn.Module):
    """Points [..., batch, dims] to scores [..., batch]."""

    def __init__(self, dims: int = 2, width: int = 64, depth: int = 2, activation=nn.ReLU):
        super().__init__()
        self.layers = mlp(dims, 1, width, depth, activation)

    def forward(self, points: Tensor) -> Tensor:
        return self.layers(points).squeeze(-1)


class SpreadDiscriminator(nn.Module):
    """Points [..., batch, dims] to scores [..., batch], told how much the batch varies by one more feature.

    The feature is the standard deviation of the hidden units over the batch, on average. A batch of one and the same
    sample gives itself away. When not training it stays at its last value, so that any points can be scored.
    Karras et al. 2018, arXiv:1710.10196, section 3, after Salimans et al. 2016, arXiv:1606.03498, section 3.2.
    """

    spread: Tensor

    def __init__(self, dims: int = 2, width: int = 64, depth: int = 2, activation=nn.ReLU):
        super().__init__()
        self.hidden = nn.Sequential(mlp(dims, width, width, depth - 1, activation), activation())
        self.last = nn.Linear(width + 1, 1)
        self.register_buffer("spread", torch.full((1, 1), torch.nan))  # none yet

    def forward(self, points: Tensor) -> Tensor:
        features = self.hidden(points)
        spread = self.spread
        if self.training or spread.isnan().any():
            variance = features.var(-2, keepdim=True, unbiased=False)
            spread = (variance + 1e-8).sqrt().mean(-1, keepdim=True)  # [..., 1, 1]
            self.spread.copy_(spread.detach())
        return self.last(torch.cat([features, spread.expand(*features.shape[:-1], 1)], -1)).squeeze(-1)


class UniformNoise(nn.Module):
    """A generator's first layer: normal noise to uniform noise in (-1, 1), by the normal's distribution function."""

    def forward(self, noise: Tensor) -> Tensor:
        return 2 * torch.special.ndtr(noise) - 1


class InstanceNoise(nn.Module):
    """A discriminator's first layer: while it trains, it sees x + N(0, std²).

    Sønderby et al. 2017, arXiv:1610.04490, section 4.
    """

    def __init__(self, std: float):
        super().__init__()
        self.std = std

    def forward(self, samples: Tensor) -> Tensor:
        return samples + self.std * torch.randn_like(samples) if self.training else samples


class BlurredDiscriminator(nn.Module):
    """Points [..., batch, dims] to scores [..., batch]; in training it blurs every point first, and knows by how much.

    The blur is Gaussian noise, from `lowest` in the first row of the batch to `highest` in the last: what is blurred
    strongly shows where whole modes are missing, what is hardly blurred shows how sharp they are. Rows of reals and
    fakes are blurred alike. Wang et al. 2022, arXiv:2206.02262. Sines and cosines of every coordinate, of 1, 2, 4, …
    radians a unit, let a small network see fine detail. Tancik et al. 2020, arXiv:2006.10739.
    """

    def __init__(self, dims: int = 2, width: int = 64, depth: int = 2, waves: int = 5, highest: float = 0.5):
        super().__init__()
        self.layers = mlp(dims * (1 + 2 * waves) + 1, 1, width, depth)
        self.waves = waves
        self.lowest = self.highest = highest

    def forward(self, points: Tensor) -> Tensor:
        rows = (torch.arange(points.shape[-2], device=points.device) + 0.5) / points.shape[-2]
        strength = rows.square() if self.training else torch.zeros_like(rows)
        octaves = math.log(self.lowest) + strength * math.log(self.highest / self.lowest)
        blur = octaves[:, None].expand(*points.shape[:-1], 1)
        if self.training:
            points = points + blur.exp() * torch.randn_like(points)
        angles = [points * 2**wave for wave in range(self.waves)]
        seen = [points, *(angle.sin() for angle in angles), *(angle.cos() for angle in angles), blur / 2]
        return self.layers(torch.cat(seen, -1)).squeeze(-1)
