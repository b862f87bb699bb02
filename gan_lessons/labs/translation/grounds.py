"""What the strokes of PaintLab become: a shaded relief map, as the network has learnt to read it."""

import numpy as np
import torch
from scipy.ndimage import gaussian_filter
from torch import Tensor

# Of each brush: its colour in the relief map (0 to 255) and how much light and shadow vary there, both as measured at
# places of the Earth that are such. The map's tints tell the climate: green lowland is moist, beige lowland dry.
GROUNDS: dict[str, tuple[tuple[int, int, int], float]] = {
    "sea": ((155, 190, 220), 0.0),
    "green plain": ((135, 171, 157), 4.0),
    "dry plain": ((200, 188, 168), 5.0),
    "mountains": ((182, 170, 154), 31.0),
    "high mountains": ((208, 208, 206), 27.0),
    "ice": ((237, 240, 250), 1.0),
}
SHORE, DEEP = np.array([202, 222, 239]), np.array([125, 172, 208])  # the sea beside the land, and far from it
FAR = 7.0  # pixels over which the sea darkens


def shadows(side: int, seed: int = 0) -> np.ndarray:
    """Light and shadow of rough land lit from the north-west, [side, side], of variance 1; the same for each seed."""
    heights = np.random.default_rng(seed).standard_normal((side + 16, side + 16))
    heights = gaussian_filter(heights, 0.8) + 1.5 * gaussian_filter(heights, 1.8) / 0.45
    slope = np.diff(heights, axis=0)[:, :-1] + np.diff(heights, axis=1)[:-1]
    slope = slope[8 : 8 + side, 8 : 8 + side]
    return (slope - slope.mean()) / slope.std()


def relief(cells: np.ndarray) -> Tensor:
    """Cells [side, side], numbers of `GROUNDS`, as a relief map in [-1, 1], [1, 3, side, side]."""
    side = len(cells)
    colors = np.array([color for color, _ in GROUNDS.values()], float)
    amounts = np.array([amount for _, amount in GROUNDS.values()])
    land = (cells != 0).astype(float)
    # kinds of land pass into one another; the coast is sharp
    shares = np.stack([gaussian_filter((cells == kind).astype(float), 1.4) for kind in range(1, len(colors))], -1)
    shares = shares / (shares.sum(-1, keepdims=True) + 1e-6)
    ground = shares @ colors[1:] + ((shares @ amounts[1:]) * shadows(side))[..., None]
    far = np.clip(1 - 2.2 * gaussian_filter(land, FAR, mode="nearest"), 0, 1)[..., None]
    water = SHORE + far * (DEEP - SHORE)
    pixels = np.where(land[..., None] > 0, ground, water).clip(0, 255)
    return torch.from_numpy(pixels / 127.5 - 1).float().permute(2, 0, 1)[None]
