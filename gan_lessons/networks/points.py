"""Networks for points: multilayer perceptrons that work on [batch, 2] and, stacked, on [members, batch, 2]."""

from itertools import pairwise

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
