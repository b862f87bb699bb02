"""Maps that send noise somewhere, and what becomes of its density: what PushForwardLab shows."""

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gan_lessons.networks.points import mlp

ACTIVATIONS = {"relu": nn.ReLU, "leaky relu": nn.LeakyReLU, "tanh": nn.Tanh, "silu": nn.SiLU}
REACH = {"uniform": 1.0, "normal": 3.0}  # how far from 0 the noise is drawn
Map = Callable[[Tensor], Tensor]


def swirl(noise: Tensor, strength: float) -> Tensor:
    """Turn each point by an angle that grows with its distance from the origin; area stays as it is."""
    angle = strength * noise.norm(dim=-1)
    x, y = noise.unbind(-1)
    return torch.stack([x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos()], -1)


def square_to_disc(noise: Tensor, strength: float) -> Tensor:
    """Bend the square [-1, 1]² towards the unit disc: (x √(1 - y²/2), y √(1 - x²/2)) at strength 1."""
    share = min(strength, 1.0) / 2
    squares = noise.square().flip(-1)
    return noise * (1 - share * squares.clamp(max=1.0)).sqrt()


# how many dimensions, and the map of noise [points, dims] and a strength; none where it is a network
MAPS: dict[str, tuple[int, Callable[[Tensor, float], Tensor] | None]] = {
    "1-D stretch": (1, lambda noise, strength: strength * noise),
    "1-D exponential": (1, lambda noise, strength: (strength * noise).exp() - 1),
    "1-D bend": (1, lambda noise, strength: noise + strength * (2 * noise).sin() / 2.5),
    "1-D network": (1, None),
    "2-D stretch and shear": (2, lambda noise, strength: noise @ noise.new_tensor([[strength, 0.0], [0.5, 1.0]])),
    "2-D swirl": (2, swirl),
    "2-D square to disc": (2, square_to_disc),
    "2-D network": (2, None),
}


def random_network(dims: int, strength: float, width: int, depth: int, activation: str, seed: int) -> Map:
    """A multilayer perceptron with weights N(0, strength² / inputs) and biases N(0, strength² / 9)."""
    with torch.random.fork_rng(devices=[]):  # the layers' own first weights are drawn, and not used
        network = mlp(dims, dims, width, depth, ACTIVATIONS[activation])
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in network.parameters():
            scale = strength / (math.sqrt(weight.shape[-1]) if weight.dim() == 2 else 3)
            weight.copy_(scale * torch.randn(weight.shape, generator=random))
    return network.requires_grad_(False)


def draw_noise(kind: str, count: int, dims: int, seed: int = 0) -> Tensor:
    """Noise [count, dims]: N(0, 1), or U(-1, 1)."""
    random = torch.Generator().manual_seed(seed)
    if kind == "normal":
        return torch.randn(count, dims, generator=random)
    return 2 * torch.rand(count, dims, generator=random) - 1


def noise_density(kind: str, noise: Tensor) -> Tensor:
    """Density of one-dimensional noise."""
    if kind == "normal":
        return (-noise.square() / 2).exp() / math.sqrt(2 * math.pi)
    return (noise.abs() <= 1) / 2


def jacobian(function: Map, noise: Tensor) -> Tensor:
    """∂G_i / ∂z_j at each point by autograd, [points, dims, dims]."""
    noise = noise.detach().requires_grad_()
    outputs = function(noise)
    rows = [torch.autograd.grad(row.sum(), noise, retain_graph=True)[0] for row in outputs.unbind(-1)]
    return torch.stack(rows, dim=-2)


class Density(NamedTuple):
    """A density on a line: values [bins] at the middles of equal bins, between the edges [bins + 1]."""

    edges: Tensor
    formula: Tensor
    histogram: Tensor


def pushed_density(kind: str, function: Map, count: int = 20_000, bins: int = 60, cells: int = 3000) -> Density:
    """The density of y = G(z), z in one dimension, by formula and by histogram.

    By formula: p(y) = Σ p(z) / |dG/dz| over all z with G(z) = y, averaged over each bin: short cells of z are laid,
    with their probability p(z) dz, evenly over the interval [G(z), G(z + dz)] that they are sent to.
    """
    reach = REACH[kind] * (1.3 if kind == "normal" else 1)
    ends = torch.linspace(-reach, reach, cells + 1, dtype=torch.float64)[:, None]
    z = (ends[1:] + ends[:-1]) / 2
    mass = noise_density(kind, z[:, 0]) * 2 * reach / cells
    y = function(ends.float()).double()[:, 0]
    low, high = torch.minimum(y[1:], y[:-1]), torch.maximum(y[1:], y[:-1])
    samples = function(draw_noise(kind, count, 1, seed=1)).double()[:, 0]
    first, last = samples.quantile(0.002), samples.quantile(0.998)
    margin = 0.1 * (last - first) + 1e-3
    edges = torch.linspace(float(first - margin), float(last + margin), bins + 1, dtype=torch.float64)
    share = ((edges[:, None] - low) / (high - low).clamp(min=1e-9)).clamp(0, 1)  # of each cell below each edge
    width = edges[1] - edges[0]
    histogram = torch.histc(samples, bins, float(edges[0]), float(edges[-1])) / count
    return Density(edges, (share * mass).sum(1).diff() / width, histogram / width)
