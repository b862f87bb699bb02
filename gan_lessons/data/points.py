"""Distributions in the plane, whose every mode is known: ring, grid, spiral, moons, heart, and points that you draw."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Mixture:
    """Equal Gaussians of standard deviation `std` around `centres`, shape [modes, dims]."""

    centres: Tensor
    std: float

    def sample(self, count: int, seed: int = 0) -> Tensor:
        """Draw `count` points, shape [count, dims]."""
        random = torch.Generator().manual_seed(seed)
        chosen = self.centres[torch.randint(len(self.centres), (count,), generator=random)]
        return chosen + self.std * torch.randn(chosen.shape, generator=random)


@dataclass(frozen=True)
class Curve:
    """A curve, `place` of a number in [0, 1), with Gaussian noise of standard deviation `std`."""

    place: Callable[[Tensor], Tensor]
    std: float

    def sample(self, count: int, seed: int = 0) -> Tensor:
        """Draw `count` points, shape [count, 2]."""
        random = torch.Generator().manual_seed(seed)
        points = self.place(torch.rand(count, generator=random))
        return points + self.std * torch.randn(points.shape, generator=random)


def ring(modes: int = 8, radius: float = 2.0, std: float = 0.02) -> Mixture:
    """`modes` Gaussians, evenly spaced on a circle. Metz et al. 2017, arXiv:1611.02163, section 3.1."""
    angles = torch.arange(modes) * (2 * math.pi / modes)
    return Mixture(radius * torch.stack([angles.cos(), angles.sin()], dim=1), std)


def grid(side: int = 5, spacing: float = 2.0, std: float = 0.05) -> Mixture:
    """`side` × `side` Gaussians around the origin. Lin et al. 2018, arXiv:1712.04086, section 4.1."""
    places = (torch.arange(side) - (side - 1) / 2) * spacing
    return Mixture(torch.cartesian_prod(places, places), std)


def spiral(turns: float = 1.5, radius: float = 2.0, std: float = 0.03) -> Curve:
    """One arm that winds `turns` times out to `radius`; its points are spread evenly along it."""

    def place(share: Tensor) -> Tensor:
        root = share.sqrt()
        angle = 2 * math.pi * turns * root
        return radius * root[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)

    return Curve(place, std)


def moons(std: float = 0.05) -> Curve:
    """Two half circles that interlock, as in scikit-learn's `make_moons`, centred on the origin."""

    def place(share: Tensor) -> Tensor:
        angle = 2 * math.pi * share
        upper = share < 0.5
        x = torch.where(upper, angle.cos(), 1 + angle.cos()) - 0.5
        y = torch.where(upper, angle.sin(), 0.5 + angle.sin()) - 0.25
        return torch.stack([x, y], dim=1)

    return Curve(place, std)


def heart(std: float = 0.03) -> Curve:
    """The outline of a heart, 4 wide; its points crowd where it is pointed."""

    def place(share: Tensor) -> Tensor:
        angle = 2 * math.pi * share
        height = 13 * angle.cos() - 5 * (2 * angle).cos() - 2 * (3 * angle).cos() - (4 * angle).cos()
        return torch.stack([2 * angle.sin() ** 3, height / 8], dim=1)

    return Curve(place, std)


def drawn(points: Sequence[Sequence[float]] | Tensor, std: float = 0.05) -> Mixture:
    """A small Gaussian around each point that somebody drew, shape [points, 2]."""
    centres = torch.as_tensor(points, dtype=torch.float32)
    if centres.dim() != 2 or centres.shape[1] != 2 or len(centres) == 0:
        raise ValueError(f"Drawn points need the shape [points, 2] with at least one point, not {list(centres.shape)}.")
    if not centres.isfinite().all():
        raise ValueError("Drawn points need finite coordinates.")
    return Mixture(centres, std)
