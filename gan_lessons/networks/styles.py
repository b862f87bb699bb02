"""A generator that is told its noise at every layer, as a style: mapping network, styled layers, style mixing.

Karras et al. 2019, arXiv:1812.04948 (StyleGAN); Karras et al. 2020, arXiv:1912.04958 (StyleGAN 2).
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, relu

from gan_lessons.networks.pictures import halvings, layout


class Mapping(nn.Module):
    """Noise to a style of the same width, [batch, style_dim]: a small MLP of the noise, scaled to unit mean square."""

    def __init__(self, style_dim: int = 64, depth: int = 2):
        super().__init__()
        layers = []  # type: ignore[var-annotated]
        for _ in range(depth):
            layers += [nn.Linear(style_dim, style_dim), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers)

    def forward(self, noise: Tensor) -> Tensor:
        return self.layers(noise * (noise.square().mean(-1, keepdim=True) + 1e-8).rsqrt())


class Normalised(nn.Module):
    """A convolution, normalised over the batch, whose maps the style then scales and shifts: adaptive normalisation.

    Batch statistics as in BigGAN (Brock et al. 2019, arXiv:1809.11096, appendix B), where StyleGAN takes a sample's.
    """

    def __init__(self, convolution: nn.Conv2d | nn.ConvTranspose2d, style_dim: int):
        super().__init__()
        self.convolution = convolution
        self.norm = nn.BatchNorm2d(convolution.out_channels, affine=False)
        self.scale = gentle(nn.Linear(style_dim, convolution.out_channels))
        self.shift = gentle(nn.Linear(style_dim, convolution.out_channels))

    def forward(self, maps: Tensor, style: Tensor) -> Tensor:
        maps = self.norm(self.convolution(maps))  # [batch, channels, side, side]
        return relu(torch.addcmul(spread(self.shift(style)), maps, 1 + spread(self.scale(style))))


class Modulated(nn.Module):
    """A convolution whose input maps the style scales, and whose outputs are scaled back to unit variance.

    That factor is computed from the weights, as if the inputs were independent with unit variance, so that no
    statistics of the batch are needed. Karras et al. 2020, arXiv:1912.04958, equations 1 to 3.
    """

    def __init__(self, convolution: nn.Conv2d | nn.ConvTranspose2d, style_dim: int):
        super().__init__()
        self.convolution = convolution
        self.scale = gentle(nn.Linear(style_dim, convolution.in_channels))
        self.bias = nn.Parameter(torch.zeros(convolution.out_channels, 1, 1))

    def forward(self, maps: Tensor, style: Tensor) -> Tensor:
        scale = 1 + self.scale(style)  # [batch, channels in]
        squares = self.convolution.weight.float().square().sum((2, 3))
        if isinstance(self.convolution, nn.Conv2d):
            squares = squares.T  # [channels in, channels out], as a transposed convolution has them
        squares = squares / self.convolution.stride[0] ** 2  # an enlargement gives each pixel a share of the weights
        demodulation = (scale.float().square() @ squares + 1e-8).rsqrt()
        maps = self.convolution(maps * spread(scale)) * spread(demodulation)
        return leaky_relu(maps + self.bias, 0.2)


def gentle(layer: nn.Linear) -> nn.Linear:
    """A linear layer that starts with little to say: small weights and no bias."""
    nn.init.normal_(layer.weight, 0, 0.5 * layer.in_features**-0.5)
    nn.init.zeros_(layer.bias)
    return layer


def spread(values: Tensor) -> Tensor:
    """A value for each map, [batch, channels, 1, 1]."""
    return values[:, :, None, None]


class Noisy(nn.Module):
    """A styled layer that adds one random picture to all maps, each map as strongly as it has learnt to.

    Karras et al. 2019, arXiv:1812.04948, section 3.2; here after the nonlinearity.
    """

    def __init__(self, layer: Normalised | Modulated):
        super().__init__()
        self.layer = layer
        self.strength = nn.Parameter(torch.zeros(layer.convolution.out_channels, 1, 1))

    def forward(self, maps: Tensor, style: Tensor) -> Tensor:
        maps = self.layer(maps, style)
        return maps + self.strength * torch.randn_like(maps[:, :1])


class StyleGenerator(nn.Module):
    """Noise [batch, noise_dim] to pixels [batch, channels, size, size] in [-1, 1], by a style at every layer.

    The first style lays out a small picture; two styled layers follow each enlargement, as `layer` makes them of a
    convolution. `constant` starts from one learned picture for all, as StyleGAN does. In training a share `mixing` of
    samples takes one style up to a random layer and another's after it, so that layers get used to strangers.
    """

    def __init__(
        self,
        noise_dim: int = 64,
        size: int = 64,
        channels: int = 3,
        width: int = 32,
        hidden: int = 128,
        layer: type[Normalised] | type[Modulated] = Normalised,
        mixing: float = 0.0,
        noisy: bool = False,
        constant: bool = False,
    ):
        super().__init__()
        count = halvings(size)
        side, maps = size // 2**count, [width * 2 ** min(step, 2) for step in range(count)][::-1]
        self.noise_dim, self.mixing = noise_dim, mixing
        self.mapping = Mapping(noise_dim)
        self.first = Constant(maps[0], side) if constant else layout(noise_dim, hidden, maps[0], side)
        convolutions = []
        for before, after in pairwise(maps):
            convolutions.append(nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False))
            convolutions.append(nn.Conv2d(after, after, 3, padding=1, bias=False))  # type: ignore[arg-type]
        styled = [layer(convolution, noise_dim) for convolution in convolutions]
        self.layers = nn.ModuleList([Noisy(one) for one in styled] if noisy else styled)
        self.last = nn.ConvTranspose2d(maps[-1], channels, 4, stride=2, padding=1)

    def forward(self, noise: Tensor) -> Tensor:
        styles = self.mapping(noise)[:, None].expand(-1, 1 + len(self.layers), -1)
        return self.draw(mixed(styles, self.mixing) if self.training and self.mixing else styles)

    def draw(self, styles: Tensor, maps: Tensor | None = None) -> Tensor:
        """Pixels for a style of each layer, [batch, layers + 1, style_dim]: the first lays out the small picture.

        `maps` [batch, maps, side, side] are taken in place of what it lays out.
        """
        first, *others = styles.unbind(1)
        maps = self.first(first) if maps is None else maps
        for layer, own in zip(self.layers, others, strict=True):
            maps = layer(maps, own)
        return torch.tanh(self.last(maps))

    def center(self, count: int = 4096) -> Tensor:
        """The mean style, [style_dim], of `count` always equal draws: what truncation pulls styles to."""
        noise = torch.randn(count, self.noise_dim, generator=torch.Generator().manual_seed(0))
        return self.mapping(noise.to(self.last.weight.device)).mean(0)


class Constant(nn.Module):
    """One learned small picture, whatever the style: [batch, maps, side, side]."""

    def __init__(self, maps: int, side: int):
        super().__init__()
        self.picture = nn.Parameter(torch.randn(maps, side, side))

    def forward(self, style: Tensor) -> Tensor:
        return self.picture.expand(len(style), -1, -1, -1)


def mixed(styles: Tensor, share: float) -> Tensor:
    """Styles [batch, layers, style_dim] of which a share changes to the next sample's after a random layer."""
    batch, layers, _ = styles.shape
    draws, device = torch.rand(2, batch, 1, 1, device=styles.device), styles.device
    change = torch.where(draws[0] < share, 1 + (draws[1] * (layers - 1)).floor(), layers)
    return torch.where(torch.arange(layers, device=device)[:, None] < change, styles, styles.roll(1, 0))


def truncated(styles: Tensor, center: Tensor, psi: float) -> Tensor:
    """Styles pulled towards their centre: ψ = 1 leaves them, ψ = 0 makes them all the same.

    Karras et al. 2019, arXiv:1812.04948, appendix B; after Brock et al. 2019, arXiv:1809.11096, section 3.1.
    """
    return center + psi * (styles - center)
