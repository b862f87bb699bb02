"""Shapes in space as pictures: rays through a volume, shaded, with shadows on a floor; turntables and sheets."""

import math
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, zoom
from torch import Tensor
from torch.nn.functional import grid_sample, normalize, pad

from gan_lessons.plots.style import CATEGORIES, FAKE

AZIMUTH, ELEVATION = 0.6, 0.42  # radians
FLOOR = -0.93
REACH = 1.7  # from the middle of the cube to either end of a ray
VIEW = 1.3  # half the width of what is seen
MARK = CATEGORIES[0]
LIGHT = (0.85, 0.5, -0.5)  # where it comes from: height, towards the viewer, to the right
PAPER = (1.0, 1.0, 1.0)


class Scene:
    """A volume [size, size, size], solid above 0, made finer by cubic splines, with air around it.

    Voxels that are `marked`, true in another such block, are drawn in a colour of their own.
    """

    def __init__(self, volume: Tensor, least: int = 48, marked: Tensor | None = None):
        size = volume.shape[-1]
        padded = pad(volume.float().cpu().clamp(-1, 1), (1,) * 6, value=-1)
        finer = refined(size + 2, max(1, round(least / size)))
        self.field = torch.einsum("ijk,ai,bj,ck->abc", padded, finer, finer, finer)[None, None]
        self.half = (size + 2) / size  # of the padded cube's side
        self.voxel = 2 / size
        self.marked = None if marked is None else marked.float()[None, None]

    def at(self, places: Tensor) -> Tensor:
        """Values [...] at places [..., 3] of (height, depth, width)."""
        inside = (places.flip(-1) / self.half).reshape(1, 1, 1, -1, 3)
        return grid_sample(self.field, inside, padding_mode="border", align_corners=False).reshape(places.shape[:-1])

    def mark(self, surface: Tensor, normals: Tensor) -> Tensor:
        """Whether the voxel below a surface is marked, at places [count, 3]."""
        if self.marked is None:
            return torch.zeros(len(surface), dtype=torch.bool)
        below = (surface - 0.4 * self.voxel * normals).flip(-1)[None, None, None]
        return grid_sample(self.marked, below, align_corners=False).flatten() > 0.4

    def outwards(self, places: Tensor) -> Tensor:
        """The direction in which the volume falls off, of length one: the normals of a surface."""
        little = 0.6 * self.voxel * torch.eye(3)
        return normalize(torch.stack([self.at(places - step) - self.at(places + step) for step in little], -1), dim=-1)

    def shadow(self, places: Tensor, light: Tensor, steps: int = 16) -> Tensor:
        """How much of the light something is in the way of, from 0 to 1, at places [..., 3]."""
        ways = torch.linspace(0.02, 1.9, steps)[:, None] * light
        return (1.2 * self.at(places[..., None, :] + ways).amax(-1) + 0.6).clamp(0, 1)

    def free(self, places: Tensor, normals: Tensor) -> Tensor:
        """How open it is in front of a surface, from 0 to 1: ambient occlusion by a few looks along the normal."""
        ways = self.voxel * torch.tensor([1.5, 2.5, 4.0])
        return (-self.at(places[..., None, :] + ways[:, None] * normals[..., None, :])).clamp(0, 1).mean(-1)


@cache
def refined(size: int, factor: int) -> Tensor:
    """What makes a row of so many numbers finer by that factor, by a smoothed cubic spline: [factor · size, size]."""
    finer = zoom(np.eye(size), (factor, 1), order=3, mode="nearest", grid_mode=True)
    return torch.from_numpy(gaussian_filter1d(finer, 0.3 * factor, axis=0)).float()


@torch.no_grad()
def render(
    volumes: Tensor,
    azimuth: float = AZIMUTH,
    elevation: float = ELEVATION,
    side: int = 128,
    color: str = FAKE,
    paper: Sequence[float] = PAPER,
    marked: Tensor | None = None,
) -> NDArray[np.uint8]:
    """Pictures [count, side, side, 3] of volumes [count, 1, size, size, size], solid above 0, seen from one side.

    Voxels that are `marked`, of the volumes' shape, are drawn in another colour than the rest.
    Light comes from one side of the viewer, is dimmed in narrow places, and throws shadows. At an `azimuth` of 0 the
    viewer stands in front of a shape; the angles are in radians.
    """
    marks = [None] * len(volumes) if marked is None else [mark[0] for mark in marked]
    scenes = [Scene(volume[0], marked=mark) for volume, mark in zip(volumes, marks, strict=True)]
    pictures = [drawn(scene, azimuth, elevation, side, color, paper) for scene in scenes]
    return np.stack(pictures) if pictures else np.empty((0, side, side, 3), np.uint8)


def drawn(
    scene: Scene, azimuth: float, elevation: float, side: int, color: str, paper: Sequence[float], steps: int = 56
) -> NDArray[np.uint8]:
    """One picture [side, side, 3]: parallel rays, each to where it first meets the solid, or else the floor."""
    right, up, back = axes = camera(azimuth, elevation)
    level = camera(azimuth, 0.0)
    light = normalize(LIGHT[0] * level[1] + LIGHT[1] * level[2] + LIGHT[2] * right, dim=0)
    middles = (torch.arange(side) + 0.5) / side * 2 - 1
    rows, columns = torch.meshgrid(-VIEW * middles, VIEW * middles, indexing="ij")
    start = columns[..., None] * right + rows[..., None] * up
    depths = torch.linspace(REACH, -REACH, steps)
    values = scene.at(start[..., None, :] + depths[:, None] * back)  # [side, side, steps]
    solid = values > 0
    met, first = solid.any(-1), solid.float().argmax(-1).clamp_min(1)
    inside, outside = (values.gather(-1, (first - earlier)[..., None])[..., 0] for earlier in (0, 1))
    exact = depths[first] - (inside / (inside - outside).clamp_min(1e-4)).clamp(0, 1) * (depths[1] - depths[0])
    picture = torch.tensor(paper).expand(side, side, 3).clone()
    picture[met] = body(scene, (start + exact[..., None] * back)[met], light, axes, color)
    if elevation > 0.05:
        floor = start + ((FLOOR - start[..., 0]) / back[0])[..., None] * back
        near = ~met & (floor[..., 1:].norm(dim=-1) < 2.4)
        picture[near] *= 1 - dimmed(scene, floor[near], light)[:, None]
    return (picture.clamp(0, 1) * 255).round().byte().numpy()


def body(scene: Scene, surface: Tensor, light: Tensor, axes: Tensor, color: str) -> Tensor:
    """Colours [places, 3] of a surface [places, 3]: light from one side, less in narrow places, and a little gloss."""
    normals = scene.outwards(surface)
    facing = (normals @ light).clamp_min(0) * (1 - scene.shadow(surface + 1.3 * scene.voxel * normals, light))
    gloss = (normals @ normalize(light + axes[2], dim=0)).clamp_min(0) ** 30 * facing
    ambient = (0.65 + 0.35 * normals[:, 0]) * (0.35 + 0.65 * scene.free(surface, normals))
    inks = torch.tensor([to_rgb(color), to_rgb(MARK)]) * 0.75 + 0.25
    ink = inks[scene.mark(surface, normals).long()]
    return ink * (0.12 + 0.55 * ambient + 0.5 * facing)[:, None] + 0.15 * gloss[:, None]


def dimmed(scene: Scene, floor: Tensor, light: Tensor) -> Tensor:
    """How much darker the floor is, [places], under a shape and in its shadow, which ends within the picture."""
    up = torch.tensor([1.0, 0, 0])
    far = floor[:, 1:].norm(dim=1)
    shadow = scene.shadow(floor + 0.5 * scene.voxel * up, light) * ((VIEW - far) / (VIEW - 0.6)).clamp(0, 1)
    return 0.3 * shadow + 0.35 * (1 - scene.free(floor, up.expand_as(floor)))


def camera(azimuth: float, elevation: float) -> Tensor:
    """The picture's right and upwards, and the way back to the viewer, [3, 3]: each (height, depth, width)."""
    sin_a, cos_a, sin_e, cos_e = math.sin(azimuth), math.cos(azimuth), math.sin(elevation), math.cos(elevation)
    return torch.tensor(
        [[0.0, -sin_a, cos_a], [cos_e, -sin_e * cos_a, -sin_e * sin_a], [sin_e, cos_e * cos_a, cos_e * sin_a]]
    )


def sheet(pictures: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """Pictures [count, side, side, 3] in rows of `columns`; empty places are white."""
    count, side = pictures.shape[:2]
    rows = -(-count // columns)
    full = np.full((rows * columns, side, side, 3), 255, np.uint8)
    full[:count] = pictures
    return full.reshape(rows, columns, side, side, 3).swapaxes(1, 2).reshape(rows * side, columns * side, 3)


def turntable(volumes: Tensor, columns: int, frames: int = 24, **options: object) -> list[NDArray[np.uint8]]:
    """Sheets of the volumes, turned all the way round in as many steps; `options` are those of `render`."""
    angles = [AZIMUTH + 2 * math.pi * frame / frames for frame in range(frames)]
    return [sheet(render(volumes, angle, **options), columns) for angle in angles]  # type: ignore[arg-type]


def draw_clouds(
    panels: Iterable[Axes], clouds: Tensor, azimuth: float = AZIMUTH, elevation: float = 0.3, color: str = FAKE
) -> None:
    """Clouds [count, points, 3] of (width, height, depth), one a panel, seen from one side; near points are darker."""
    right, up, back = camera(azimuth, elevation)
    for axes, cloud in zip(panels, clouds.cpu().float(), strict=True):
        placed = cloud[:, [1, 2, 0]]  # (height, depth, width)
        placed = placed[(placed @ back).argsort()]
        near = ((placed @ back + 1.2) / 2.4).clamp(0, 1)
        axes.scatter(placed @ right, placed @ up, s=3 + 6 * near, color=color, alpha=0.25 + 0.7 * near, linewidths=0)
        axes.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), aspect="equal")
        axes.axis("off")
