"""Directions and walks in a generator's latent space: what LatentLab shows."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

Draw = Callable[[Tensor], Tensor]
PROBES = 256  # noises by which principal components are found


def noise(dim: int, seed: int, count: int = 1) -> Tensor:
    """Standard normal noise of that seed, [count, dim]; nobody else's random numbers are touched."""
    return torch.randn(count, dim, generator=torch.Generator().manual_seed(seed))


# Directions: orthogonal or not, each of length one, [count, dim]; the strongest first, where they have an order


def random_directions(dim: int, count: int, seed: int = 0) -> Tensor:
    """Random directions, at right angles to one another."""
    return torch.linalg.qr(noise(dim, seed, dim))[0].T[:count]


def first_layer(network: nn.Module, noise: Tensor) -> tuple[Tensor, Tensor]:
    """What enters a generator's first activation function, and what leaves it, each [count, features]."""
    first = next((part for part in network.modules() if type(part).__module__ == nn.ReLU.__module__), None)
    if first is None:
        raise ValueError("This generator has no activation function, so no first layer is found in it.")
    seen: list[tuple[Tensor, Tensor]] = []
    hook = first.register_forward_hook(lambda _, inputs, output: seen.append((inputs[0].clone(), output)))
    try:  # an activation that works in place overwrites its input, so that one is gone; the output is not
        with torch.inference_mode():
            network(noise)
    finally:
        hook.remove()
    before, after = seen[0]
    return before.flatten(1).float(), after.flatten(1).float()


def closed_form(network: nn.Module, dim: int, count: int) -> Tensor:
    """The directions that change most what the first layer sends on: the right singular vectors of its matrix.

    Shen & Zhou 2021, arXiv:2007.06600. The matrix, with a BatchNorm behind it, is what the layer makes of unit vectors.
    """
    outputs = first_layer(network, torch.cat([torch.zeros(1, dim), torch.eye(dim)]))[0]
    return signed(torch.linalg.svd(outputs[1:] - outputs[:1])[0].T[:count])


def principal(network: nn.Module, dim: int, count: int, seed: int = 0) -> Tensor:
    """The directions that lead along the principal components of the first layer's activations.

    Härkönen et al. 2020, arXiv:2004.02546: noises are regressed on their coordinates along the components.
    """
    noises = noise(dim, seed, PROBES)
    activations = first_layer(network, noises)[1]
    centred = activations - activations.mean(0)
    coordinates = centred @ torch.linalg.svd(centred, full_matrices=False)[2][:count].T
    return signed(torch.linalg.lstsq(coordinates, noises - noises.mean(0)).solution)


def steepest(draw: Draw, at: Tensor, count: int, step: float = 0.02) -> Tensor:
    """The directions that change the picture at noise `at` [dim] most: the largest right singular vectors of ∂G/∂z.

    Ramesh et al. 2019, arXiv:1812.01161. By central differences, two pictures a dimension.
    """
    offsets = step * torch.eye(len(at))
    pictures = draw(torch.cat([at + offsets, at - offsets])).flatten(1).float()
    change = (pictures[: len(at)] - pictures[len(at) :]) / (2 * step)  # [dim, pixels]
    return signed(torch.linalg.eigh(change @ change.T)[1].flip(1).T[:count])


def signed(directions: Tensor) -> Tensor:
    """Of length one, and with a positive largest entry: a singular vector's sign is anybody's choice."""
    largest = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    return directions * largest.sign() / directions.norm(dim=1, keepdim=True).clamp(min=1e-12)


# Walks


def on_arc(start: Tensor, end: Tensor, along: Tensor) -> Tensor:
    """Noises on the arc between two, [count, dim], at `along` [count] from 0 to 1.

    Their length goes evenly from one's to the other's. White 2016, arXiv:1609.04468.
    """
    along = along[:, None]
    lengths = start.norm(), end.norm()
    a, b = start / lengths[0].clamp(min=1e-9), end / lengths[1].clamp(min=1e-9)
    angle = torch.arccos((a @ b).clamp(-0.9999, 0.9999))
    turned = (((1 - along) * angle).sin() * a + (along * angle).sin() * b) / angle.sin()
    return turned * ((1 - along) * lengths[0] + along * lengths[1])


def on_line(start: Tensor, end: Tensor, along: Tensor) -> Tensor:
    """Noises on the straight line between two, [count, dim]."""
    return start + along[:, None] * (end - start)


WAYS = {"arc": on_arc, "straight line": on_line}
