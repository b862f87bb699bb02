"""Networks for square pictures: an MLP pair, a DCGAN pair, and the pair of the modern recipe.

A generator takes noise [batch, noise_dim] to pixels [batch, channels, size, size] in [-1, 1]; a discriminator takes
pixels to scores [batch].
"""

import torch
from torch import Tensor, nn


def quarter_of(size: int) -> int:
    """A quarter of the side of pictures that are halved twice; a ValueError where there is none."""
    if size < 4 or size % 4:
        raise ValueError(
            f"The side of the pictures has to be a multiple of four, as it is halved twice, and {size} is none; crop "
            f"or resize them to {max(4, size - size % 4)}."
        )
    return size // 4


class MLPGenerator(nn.Module):
    """Noise to pixels through fully connected layers: no layer knows which pixels are neighbours.

    Goodfellow et al. 2014, arXiv:1406.2661, section 5.
    """

    def __init__(self, noise_dim: int = 64, size: int = 28, channels: int = 1, width: int = 256):
        super().__init__()
        self.shape = (channels, size, size)
        self.layers = nn.Sequential(
            nn.Linear(noise_dim, width),  # [batch, width]
            nn.LeakyReLU(0.2),
            nn.Linear(width, 2 * width),
            nn.LeakyReLU(0.2),
            nn.Linear(2 * width, channels * size * size),  # [batch, channels * size * size]
            nn.Tanh(),
        )

    def forward(self, noise: Tensor) -> Tensor:
        return self.layers(noise).unflatten(-1, self.shape)  # [batch, channels, size, size]


class MLPDiscriminator(nn.Module):
    """Pixels to scores through fully connected layers. Goodfellow et al. 2014, arXiv:1406.2661, section 5."""

    def __init__(self, size: int = 28, channels: int = 1, width: int = 256):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),  # [batch, channels * size * size]
            nn.Linear(channels * size * size, 2 * width),
            nn.LeakyReLU(0.2),
            nn.Linear(2 * width, width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, 1),  # [batch, 1]
        )

    def forward(self, pixels: Tensor) -> Tensor:
        return self.layers(pixels).squeeze(-1)


class DCGANGenerator(nn.Module):
    """Noise to pixels by transposed convolutions, each of which doubles the side; `size` is a multiple of four.

    Radford et al. 2016, arXiv:1511.06434, section 3.
    """

    def __init__(self, noise_dim: int = 64, size: int = 28, channels: int = 1, width: int = 32):
        super().__init__()
        quarter = quarter_of(size)
        self.layers = nn.Sequential(
            nn.Unflatten(-1, (noise_dim, 1, 1)),  # [batch, noise_dim, 1, 1]
            nn.ConvTranspose2d(noise_dim, 2 * width, quarter, bias=False),  # [batch, 2 * width, size/4, size/4]
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),  # [batch, width, size/2, size/2]
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1),  # [batch, channels, size, size]
            nn.Tanh(),
        )
        self.apply(initialise)

    def forward(self, noise: Tensor) -> Tensor:
        return self.layers(noise)


class DCGANDiscriminator(nn.Module):
    """Pixels to scores by convolutions of stride two, each of which halves the side; `size` is a multiple of four.

    Radford et al. 2016, arXiv:1511.06434, section 3.
    """

    def __init__(self, size: int = 28, channels: int = 1, width: int = 32):
        super().__init__()
        quarter = quarter_of(size)
        self.layers = nn.Sequential(
            nn.Conv2d(channels, width, 4, stride=2, padding=1),  # [batch, width, size/2, size/2]
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),  # [batch, 2 * width, size/4, size/4]
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 1, quarter),  # [batch, 1, 1, 1]
            nn.Flatten(0),  # [batch]
        )
        self.apply(initialise)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.layers(pixels)


def initialise(layer: nn.Module) -> None:
    """Draw a layer's weights as DCGAN does: N(0, 0.02²) for convolutions, N(1, 0.02²) for BatchNorm."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, 0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1, 0.02)


class ImageGenerator(nn.Module):
    """Noise to pixels: two linear layers lay out a small picture, two transposed convolutions enlarge it.

    A DCGAN's generator with one more layer before the first picture. Radford et al. 2016, arXiv:1511.06434.
    """

    def __init__(self, noise_dim: int = 64, size: int = 28, channels: int = 1, width: int = 32, hidden: int = 128):
        super().__init__()
        quarter = quarter_of(size)
        self.layers = nn.Sequential(
            nn.Linear(noise_dim, hidden, bias=False),  # [batch, hidden]
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, 2 * width * quarter**2, bias=False),
            nn.Unflatten(-1, (2 * width, quarter, quarter)),  # [batch, 2 * width, size/4, size/4]
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),  # [batch, width, size/2, size/2]
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1),  # [batch, channels, size, size]
            nn.Tanh(),
        )

    def forward(self, noise: Tensor) -> Tensor:
        return self.layers(noise)


class ImageDiscriminator(nn.Module):
    """Pixels to scores: two convolutions, a hidden layer, and how much that layer differs within a group of samples.

    It has no BatchNorm, which would blur what a gradient penalty asks of one sample; the groups show it a generator
    that repeats itself. Huang et al. 2024, arXiv:2501.05441; Karras et al. 2018, arXiv:1710.10196, section 3.
    """

    def __init__(self, size: int = 28, channels: int = 1, width: int = 32, hidden: int = 128, group: int = 8):
        super().__init__()
        quarter = quarter_of(size)
        self.layers = nn.Sequential(
            nn.Conv2d(channels, width, 4, stride=2, padding=1),  # [batch, width, size/2, size/2]
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # [batch, 2 * width, size/4, size/4]
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(2 * width * quarter**2, hidden),  # [batch, hidden]
            nn.LeakyReLU(0.2),
            GroupSpread(group),  # [batch, 2 * hidden]
            nn.Linear(2 * hidden, 1),
            nn.Flatten(0),  # [batch]
        )

    def forward(self, pixels: Tensor) -> Tensor:
        return self.layers(pixels)


class GroupSpread(nn.Module):
    """Append each feature's standard deviation over a group of samples: [batch, features] to [batch, 2 * features].

    Karras et al. 2018, arXiv:1710.10196, section 3 (there averaged over all features).
    """

    def __init__(self, size: int = 8):
        super().__init__()
        self.size = size

    def forward(self, features: Tensor) -> Tensor:
        if len(features) % self.size:
            raise ValueError(f"A batch of {len(features)} cannot be split into groups of {self.size}.")
        groups = features.unflatten(0, (-1, self.size))  # [groups, size, features]
        spread = (groups.var(1, keepdim=True, unbiased=False) + 1e-4).sqrt()
        return torch.cat([features, spread.expand_as(groups).flatten(0, 1)], dim=-1)
