"""A pair for pictures in colour, of any side that can be halved a few times: 32, 64 or 128, say.

It is the digits' pair with more halvings, and with a second convolution after each enlargement, which lets the
generator mend what the enlargement left coarse.
"""

from itertools import pairwise

from torch import Tensor, nn

from gan_lessons.networks.images import GroupSpread

LEAST = 6  # pixels of the smallest side


def halvings(size: int) -> int:
    """How often a side can be halved with at least 6 pixels left: 64 three times, to 8; a ValueError if never."""
    count = 0
    while size % 2 ** (count + 1) == 0 and size // 2 ** (count + 1) >= LEAST:
        count += 1
    if not count:
        raise ValueError(f"The side of the pictures has to be even and at least {2 * LEAST}, not {size}.")
    return count


def layout(noise_dim: int, hidden: int, maps: int, side: int) -> nn.Sequential:
    """Two linear layers that lay out a small picture, noise [batch, noise_dim] to [batch, maps, side, side]."""
    return nn.Sequential(
        nn.Linear(noise_dim, hidden, bias=False),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.Linear(hidden, maps * side**2, bias=False),
        nn.Unflatten(-1, (maps, side, side)),
        nn.BatchNorm2d(maps),
        nn.ReLU(),
    )


class PictureGenerator(nn.Module):
    """Noise [batch, noise_dim] to pixels [batch, channels, size, size] in [-1, 1].

    Two linear layers lay out a small picture with many channels; transposed convolutions enlarge it. After Radford et
    al. 2016, arXiv:1511.06434.
    """

    def __init__(self, noise_dim: int = 64, size: int = 64, channels: int = 3, width: int = 32, hidden: int = 128):
        super().__init__()
        count = halvings(size)
        side, maps = size // 2**count, [width * 2 ** min(step, 2) for step in range(count)][::-1]
        layers: list[nn.Module] = [*layout(noise_dim, hidden, maps[0], side)]
        for before, after in pairwise(maps):
            for larger in (
                nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False),  # [batch, after, 2 side, 2 side]
                nn.Conv2d(after, after, 3, padding=1, bias=False),
            ):
                layers += [larger, nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(maps[-1], channels, 4, stride=2, padding=1), nn.Tanh())

    def forward(self, noise: Tensor) -> Tensor:
        return self.layers(noise)


class PictureDiscriminator(nn.Module):
    """Pixels [batch, channels, size, size] to scores [batch]: convolutions of stride two, and a hidden layer.

    How much that layer varies within a group of samples is shown to the last one. It is narrow on purpose: of a step's
    time D takes three quarters at equal widths. With `fine` maps a first convolution looks at each pixel's neighbours
    before anything is halved: without it, D hardly sees speckle of single pixels, and G leaves it there.
    """

    def __init__(
        self, size: int = 64, channels: int = 3, width: int = 16, hidden: int = 128, group: int = 8, fine: int = 0
    ):
        super().__init__()
        count = halvings(size)
        side, maps = size // 2**count, [fine or channels, *(width * 2 ** min(step, 2) for step in range(count))]
        layers: list[nn.Module] = []
        if fine:
            layers += [nn.Conv2d(channels, fine, 3, padding=1), nn.LeakyReLU(0.2)]
        for before, after in pairwise(maps):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(
            *layers,
            nn.Flatten(),
            nn.Linear(maps[-1] * side**2, hidden),  # [batch, hidden]
            nn.LeakyReLU(0.2),
            GroupSpread(group),  # [batch, 2 * hidden]
            nn.Linear(2 * hidden, 1),
            nn.Flatten(0),  # [batch]
        )

    def forward(self, pixels: Tensor) -> Tensor:
        return self.layers(pixels)
