"""PushForwardLab: send noise through a map, and see what becomes of its grid, its points and its density."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import torch
from contourpy import contour_generator
from torch import Tensor

from gan_lessons.labs.kit.controls import Preset, chosen, ranged
from gan_lessons.labs.kit.frame import DARK, INK, Frame, Heat, Layer, Lines, Panel, Points, Writing, path
from gan_lessons.labs.kit.reel import Reel
from gan_lessons.labs.points import push_forward_simulation as maps
from gan_lessons.plots import style

DOUBLINGS = 4  # the heat map ends where area is stretched or squeezed 2⁴ times
ROOM = 4  # so many cells from a fold a sign has room enough


@dataclass(frozen=True)
class PushForwardParameters:
    """Noise, a map, and the network's shape where the map is a network."""

    noise: str = chosen("uniform", list(maps.REACH), "Noise", "Where z comes from")
    map: str = chosen("2-D network", list(maps.MAPS), "Map G", "What z is sent through")
    strength: float = ranged(1.5, 0.1, 3, 0.1, "Strength", "How much the map does; the scale of a network's weights")
    width: int = chosen(16, [2, 4, 16, 64], "Network: width", "Units in each hidden layer of the network")
    depth: int = ranged(2, 1, 6, 1, "Network: depth", "Hidden layers of the network")
    activation: str = chosen("tanh", list(maps.ACTIVATIONS), "Network: activation", "What each hidden unit does")
    seed: int = ranged(1, 0, 99, 1, "Network: seed", "Which random weights the network gets")
    morph: float = ranged(1.0, 0, 1, 0.02, "From z to G(z)", "0 shows the noise itself, 1 what G makes of it")


def make_map(parameters: PushForwardParameters) -> maps.Map:
    """The map from noise [points, dims] to samples [points, dims], or the part of the way that `morph` says."""
    dims, formula = maps.MAPS[parameters.map]
    shape = parameters.width, parameters.depth, parameters.activation, parameters.seed
    whole: maps.Map = (
        maps.random_network(dims, parameters.strength, *shape) if formula is None
        else lambda noise: formula(noise, parameters.strength)
    )  # fmt: skip
    share = parameters.morph
    return whole if share == 1 else lambda noise: noise + share * (whole(noise) - noise)


class Line(NamedTuple):
    """A map of the line: noise, its density and image, each [points], and the density of the image."""

    noise: Tensor
    density: Tensor
    image: Tensor
    pushed: maps.Density


class Plane(NamedTuple):
    """A map of the plane: the lines of a grid [lines, points, 2] and their image, noise [points, 2] and its image.

    `area` holds det ∂G/∂z on a fine grid of cells [side, side], `area_at` and `least` that and the smallest singular
    value at each point of the noise. `fold` [1, points, 2] runs where det ∂G/∂z changes its sign, with gaps between its
    pieces, and `fold_image` is where G sends it.
    """

    grid: Tensor
    grid_image: Tensor
    noise: Tensor
    image: Tensor
    area: Tensor
    area_at: Tensor
    least: Tensor
    fold: Tensor
    fold_image: Tensor


def simulate_line(parameters: PushForwardParameters) -> Line:
    """Push noise on the line forward."""
    function, reach = make_map(parameters), maps.REACH[parameters.noise] * 1.2
    noise = torch.linspace(-reach, reach, 401)
    pushed = maps.pushed_density(parameters.noise, function)
    return Line(noise, maps.noise_density(parameters.noise, noise), function(noise[:, None])[:, 0], pushed)


def simulate_plane(parameters: PushForwardParameters, side: int = 40) -> Plane:
    """Push noise in the plane forward."""
    function, reach = make_map(parameters), maps.REACH[parameters.noise]
    across = torch.cartesian_prod(torch.linspace(-reach, reach, 13), torch.linspace(-reach, reach, 73)).view(13, 73, 2)
    grid = torch.cat([across, across.flip(-1)])
    middles = (2 * torch.arange(side) + 1 - side) * (reach / side)
    cells = torch.cartesian_prod(middles, middles).flip(-1)
    noise = maps.draw_noise(parameters.noise, 500, 2)
    slopes = maps.jacobian(function, noise)
    area = torch.linalg.det(maps.jacobian(function, cells)).view(side, side)
    least = torch.linalg.svdvals(slopes)[:, -1]
    ticks = np.concatenate([[-reach], middles.numpy(), [reach]])  # as far as the rim
    found: Any = contour_generator(ticks, ticks, np.pad(area.numpy(), 1, "edge")).lines(0.0)
    gap = np.full((1, 2), np.nan)
    ends = np.concatenate([gap, *(part for piece in found for part in (piece, gap))])
    fold = torch.from_numpy(ends[None]).float()
    return Plane(
        grid, function(grid), noise, function(noise), area, torch.linalg.det(slopes), least, fold, function(fold)
    )


def signs(area: Tensor, reach: float) -> list[Layer]:
    """The sign of det ∂G/∂z, written once on each side of a fold where there is room and light; no fold, no signs."""
    side, flat = len(area), area.flatten()
    if not ((flat > 0).any() and (flat < 0).any()):
        return []
    cells = torch.cartesian_prod(torch.arange(side), torch.arange(side)).float()
    rim = torch.minimum(cells, side - 1 - cells).amin(1)
    places = []
    for sign in (1, -1):
        here = sign * flat > 0
        room = torch.cdist(cells[here], cells[~here]).amin(1).minimum(rim[here]).clamp(max=ROOM)
        row, column = cells[here][(room - flat[here].abs().log2().abs()).argmax()].tolist()
        places.append([(2 * column - 2 - side) * (reach / side), (2 * row + 1 - side) * (reach / side)])
    return [Writing(np.array(places), ("+", "−"), DARK, 30)]


def draw_line(parameters: PushForwardParameters, line: Line) -> Frame:
    """Three panels: the density of the noise, the map, and the density of what comes out."""
    edges, formula, histogram = (part.numpy() for part in line.pushed)
    reach, ends = float(line.noise[-1]), (float(edges[0]), float(edges[-1]))
    top = 1.15 * max(formula.max(), histogram.max())
    before = Panel(
        (Lines(path(line.noise, line.density), style.REFERENCE, "p(z)", fill=True),),
        (-reach, reach), (0, 0.75), f"The noise: {parameters.noise}", "z", "density",
    )  # fmt: skip
    curve = Panel(
        (Lines(path(line.noise, line.image), style.FAKE, "y = G(z)", 2),),
        (-reach, reach), ends, f"The map: {parameters.map}", "z", "y",
    )  # fmt: skip
    bars = path(np.repeat(edges, 2), np.concatenate([[0], np.repeat(histogram, 2), [0]]))
    after = Panel(
        (
            Lines(bars, style.FAKE, "samples", 1, fill=True),
            Lines(path((edges[1:] + edges[:-1]) / 2, formula), INK, "Σ p(z) / |dy/dz|", 1.8, dashed=True),
        ),
        ends, (0, top), "What comes out", "y", "density",
    )  # fmt: skip
    inside = line.density > 0.005
    slopes = (line.image.diff() / line.noise.diff())[inside[1:] & inside[:-1]]
    apart = np.abs(formula - histogram).sum() * (edges[1] - edges[0]) / 2
    turns = bool(slopes.min() < 0 < slopes.max())
    fold = "turns back, so several z share a y and their densities add up" if turns else "never turns back"
    sentence = (
        f"The slope dy/dz runs from {slopes.min():.2f} to {slopes.max():.2f}; G {fold}. Where G is flat the density "
        f"piles up. Formula and histogram of 20000 samples differ by {100 * apart:.1f} % of the mass."
    )
    return Frame((before, curve, after), sentence)


def draw_plane(parameters: PushForwardParameters, plane: Plane) -> Frame:
    """Two panels: the noise, coloured by how its area will be stretched, and its image under the map."""
    reach = maps.REACH[parameters.noise]
    extent = (-reach, reach, -reach, reach)
    stretch = plane.area.abs().clamp(min=1e-6).log2().numpy()
    marks = signs(plane.area, reach)
    label = "fold: det changes its sign" if marks else ""
    before = Panel(
        (
            Heat(stretch, extent, -DOUBLINGS, DOUBLINGS, "PuOr"),
            Lines(plane.grid.numpy(), style.REFERENCE, width=0.7),
            Points(plane.noise.numpy(), DARK, "noise z", 3, 0.5),
            Lines(plane.fold.numpy(), "#FFFFFF", width=4.5),
            Lines(plane.fold.numpy(), DARK, label, 2),
            *marks,
        ),
        (-reach, reach), (-reach, reach), f"Area: orange × 1/{2**DOUBLINGS}, purple × {2**DOUBLINGS}", "z₁", "z₂",
        equal=True,
    )  # fmt: skip
    every = plane.grid_image.flatten(0, 1)
    middle, limit = (every.amax(0) + every.amin(0)) / 2, 0.55 * float((every.amax(0) - every.amin(0)).max()) + 1e-3
    xlim, ylim = ((float(centre - limit), float(centre + limit)) for centre in middle)
    after = Panel(
        (
            Lines(plane.grid_image.numpy(), style.REFERENCE, "the grid", width=0.7),
            Points(plane.image.numpy(), style.FAKE, "G(z)", 3.5, 0.7),
            Lines(plane.fold_image.numpy(), INK, "fold" if label else "", 2),
        ),
        xlim, ylim, f"What comes out: {parameters.map[4:]}", "x₁", "x₂", equal=True,
    )  # fmt: skip
    low, median, high = plane.area_at.abs().quantile(torch.tensor([0.05, 0.5, 0.95]))
    turned = float((plane.area_at < 0).float().mean())
    fold = f"turns over {100 * turned:.0f} % of the noise: it folds the plane" if 0 < turned < 1 else "folds nothing"
    sentence = (
        f"Area is stretched {low:.2f} to {high:.2f} times for nine tenths of the noise (median {median:.2f}). In the "
        f"worst direction a step shrinks to {plane.least.min():.2g} of itself, the smallest singular value of ∂G/∂z. "
        f"G {fold}."
    )
    return Frame((before, after), sentence)


class PushForwardLab(Reel):
    """Pick noise and a map, and see the grid, the points and the density that come out."""

    Parameters = PushForwardParameters
    reel: ClassVar = ("morph", 0.02, 0.0)
    tooltips: ClassVar = "Let the noise flow to its image", "Frames a second"
    wide = ("morph",)
    tabs: ClassVar = {"The network": ("width", "depth", "activation", "seed")}
    presets = (
        Preset("swirl", "Watch squares turn into curls: each keeps its area.",
               {"map": "2-D swirl", "noise": "uniform", "strength": 2.0, "morph": 1.0}),
        Preset("fold", "Watch the network lay the plane over itself: where it folds, points pile up.",
               {"map": "2-D network", "noise": "uniform", "strength": 2.5, "depth": 2, "width": 16, "seed": 0,
                "activation": "tanh", "morph": 1.0}),
        Preset("square to disc", "Watch the corners: that is where area is squeezed.",
               {"map": "2-D square to disc", "noise": "uniform", "strength": 1.0, "morph": 1.0}),
        Preset("a density", "Watch the flat density grow a peak where the map is flat.",
               {"map": "1-D bend", "noise": "uniform", "strength": 1.0, "morph": 1.0}),
    )  # fmt: skip

    def idle(self) -> set[str]:
        return set() if "network" in self.parameters.map else {"width", "depth", "activation", "seed"}

    def picture(self) -> Frame:
        if maps.MAPS[self.parameters.map][0] == 1:
            return draw_line(self.parameters, simulate_line(self.parameters))
        return draw_plane(self.parameters, simulate_plane(self.parameters))
