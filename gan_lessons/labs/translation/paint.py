"""PaintLab and InkLab: paint a map or draw a line emoji, and see what a network of pairs makes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.canvas import Painting, Stroke, placed, sized
from gan_lessons.labs.kit.controls import Preset, chosen
from gan_lessons.labs.kit.frame import Frame, Layer
from gan_lessons.labs.translation.grounds import GROUNDS, relief

Network = Callable[[Tensor], Tensor]  # pictures [count, channels, side, side] to pictures [count, 3, side, side]
FINER = 4  # cells a pixel, across and down, in which lines are drawn
PEN = "Down: the cursor draws where the arrow keys take it"
COLORS = {
    "blue": (20, 45, 95), "dark blue": (3, 8, 22), "green": (45, 62, 25), "tan": (170, 140, 100),
    "brown": (100, 82, 55), "white": (235, 235, 240),
}  # fmt: skip
PAINTS = {
    "white": (255, 255, 255), "black": (0, 0, 0), "grey": (150, 150, 150), "yellow": (252, 234, 43),
    "orange": (240, 145, 40), "red": (230, 60, 60), "pink": (245, 150, 175), "purple": (160, 100, 190),
    "blue": (100, 180, 225), "green": (110, 175, 70), "brown": (150, 100, 65), "beige": (225, 200, 165),
}  # fmt: skip


@dataclass(frozen=True)
class PaintParameters:
    """A brush, where it is, and the map one starts from."""

    brush: str = chosen("mountains", tuple(GROUNDS), "Brush", "What the strokes are; keys 1 to 6")
    size: float = sized(5.0, 0.5, 25)
    scene: str = chosen("an island", ("an island", "a strait", "highlands", "open sea"), "Start from", "Another map")
    across: float = placed(0.5, "Cursor across")
    up: float = placed(0.5, "Cursor up")
    pen: str = chosen("up", ("up", "down"), "Pen of the cursor", PEN)


class PaintLab(Painting):
    """Paint a relief map; `network` makes a satellite picture of it, [1, 3, side, side] in [-1, 1] of the same.

    As `lambda relief: recipe.samples(gan, relief)`. The map is `side` pixels across, as many as the tiles had.
    """

    Parameters = PaintParameters
    brushes: ClassVar = dict(
        zip(GROUNDS, ("#9BBEDC", "#5E9C83", "#C8B27F", "#9A6B4F", "#F4F4F4", "#BFD4FF"), strict=True)
    )  # the dot's colours, further apart than the map's
    scenes: ClassVar = {
        "an island": (
            Stroke("green plain", 19, ((0.28, 0.34), (0.4, 0.48), (0.52, 0.56), (0.66, 0.6))),
            Stroke("dry plain", 12.5, ((0.5, 0.36), (0.62, 0.42), (0.74, 0.5))),
            Stroke("mountains", 7, ((0.3, 0.4), (0.4, 0.5), (0.5, 0.56), (0.66, 0.62))),
            Stroke("high mountains", 3, ((0.42, 0.52), (0.5, 0.57), (0.58, 0.6))),
            Stroke("green plain", 5, ((0.16, 0.74), (0.2, 0.78), (0.26, 0.8))),
            Stroke("sea", 4, ((0.3, 0.3), (0.36, 0.36), (0.4, 0.4))),
        ),
        "a strait": (
            Stroke("green plain", 22, ((0.0, 0.95), (0.3, 0.88), (0.55, 0.95), (0.75, 0.8), (0.8, 0.66))),
            Stroke("mountains", 8, ((0.1, 0.98), (0.4, 0.9), (0.7, 0.88))),
            Stroke("dry plain", 23, ((0.0, 0.1), (0.3, 0.06), (0.6, 0.12), (1.0, 0.2))),
            Stroke("mountains", 6, ((0.05, 0.26), (0.3, 0.22), (0.55, 0.28))),
        ),
        "highlands": (
            Stroke("green plain", 95, ((0.5, 0.5), (0.52, 0.5))),
            Stroke("dry plain", 28, ((0.1, 0.1), (0.4, 0.16), (0.8, 0.1))),
            Stroke("mountains", 17, ((0.0, 0.5), (0.3, 0.6), (0.6, 0.56), (1.0, 0.7))),
            Stroke("high mountains", 9, ((0.1, 0.54), (0.4, 0.6), (0.7, 0.6))),
            Stroke("ice", 3, ((0.3, 0.6), (0.4, 0.62), (0.5, 0.6))),
        ),
        "open sea": (),
    }  # fmt: skip
    presets = (
        Preset("an island", "Draw mountains into the dry south, then a bay: watch the coast's colour follow.",
               {"scene": "an island", "brush": "mountains", "size": 5.0}),
        Preset("a strait", "One side is moist, the other dry: let the sea break through, or close the strait.",
               {"scene": "a strait", "brush": "sea", "size": 5.0}),
        Preset("from nothing", "Paint a continent of your own.",
               {"scene": "open sea", "brush": "green plain", "size": 12.0}),
    )  # fmt: skip

    def __init__(self, network: Network, side: int = 64, **values: Any):
        self.network, self.side = network, side
        super().__init__(**values)

    def prepare(self) -> None:
        translated(self.network, relief(np.zeros((self.side, self.side), int)))

    def shown(self, cells: np.ndarray, *cursor: Layer) -> Frame:
        drawn = relief(cells)
        made = translated(self.network, drawn)
        panels = (
            pictures.sheet(drawn, 1, "The relief map that you paint", *cursor),
            pictures.sheet(made, 1, "What the network makes of it"),
        )
        land = cells != 0
        rock = (cells == 3) | (cells == 4)
        said = (
            f"{100 * land.mean():.0f} % of your map is land"
            + (f", {100 * rock.sum() / land.sum():.0f} % of that mountains" if land.any() else "")
            + f". The picture is {told(made, COLORS)}."
        )
        return Frame(panels, said)


@dataclass(frozen=True)
class InkParameters:
    """A pen or a rubber, where it is, and the drawing one starts from."""

    brush: str = chosen("pen", ("rubber", "pen"), "Brush", "What the strokes are; keys 1 and 2")
    size: float = sized(1.3, 0.1, 8)
    scene: str = chosen("a face", ("a face", "a house", "a fish", "white paper"), "Start from", "Another drawing")
    across: float = placed(0.5, "Cursor across")
    up: float = placed(0.2, "Cursor up")
    pen: str = chosen("up", ("up", "down"), "Pen of the cursor", PEN)


def circle(x: float, y: float, radius: float) -> tuple[tuple[float, float], ...]:
    turn = np.linspace(0, 2 * np.pi, 33)
    return tuple(zip((x + radius * np.cos(turn)).tolist(), (y + radius * np.sin(turn)).tolist(), strict=True))


class InkLab(Painting):
    """Draw a line emoji; `network` colours it: [1, 1, side, side] in [-1, 1] to [1, 3, side, side].

    The lines are drawn `FINER` times as fine as the network's pixels, then shrunk.
    """

    Parameters = InkParameters
    brushes: ClassVar = {"rubber": "#FFFFFF", "pen": "#000000"}
    scenes: ClassVar = {
        "a face": (
            Stroke("pen", 1.3, circle(0.5, 0.5, 0.42)),
            Stroke("pen", 2.4, ((0.36, 0.6), (0.36, 0.61))),
            Stroke("pen", 2.4, ((0.64, 0.6), (0.64, 0.61))),
            Stroke("pen", 1.3, ((0.3, 0.38), (0.38, 0.31), (0.5, 0.28), (0.62, 0.31), (0.7, 0.38))),
        ),
        "a house": (
            Stroke("pen", 1.3, ((0.2, 0.5), (0.2, 0.12), (0.8, 0.12), (0.8, 0.5))),
            Stroke("pen", 1.3, ((0.1, 0.48), (0.5, 0.88), (0.9, 0.48), (0.1, 0.48))),
            Stroke("pen", 1.3, ((0.42, 0.12), (0.42, 0.36), (0.58, 0.36), (0.58, 0.12))),
        ),
        "a fish": (
            Stroke("pen", 1.3, ((0.1, 0.5), (0.25, 0.66), (0.45, 0.7), (0.62, 0.6), (0.74, 0.5), (0.9, 0.34),
                                 (0.9, 0.66), (0.74, 0.5), (0.62, 0.4), (0.45, 0.3), (0.25, 0.34), (0.1, 0.5))),
            Stroke("pen", 1.8, ((0.26, 0.55), (0.26, 0.56))),
        ),
        "white paper": (),
    }  # fmt: skip
    presets = (
        Preset("a face", "Give it hair, or rub out the mouth and draw another.", {"scene": "a face", "brush": "pen"}),
        Preset("a house", "Add a chimney and a tree: which colours come?", {"scene": "a house", "brush": "pen"}),
        Preset("from nothing", "Draw whatever you like.", {"scene": "white paper", "brush": "pen"}),
    )

    def __init__(self, network: Network, side: int = 64, **values: Any):
        self.network, self.side = network, FINER * side
        super().__init__(**values)

    def prepare(self) -> None:
        translated(self.network, ink(np.zeros((self.side, self.side), int)))

    def shown(self, cells: np.ndarray, *cursor: Layer) -> Frame:
        drawn = ink(cells)
        made = translated(self.network, drawn)
        panels = (
            pictures.sheet(drawn, 1, "The lines that you draw", *cursor),
            pictures.sheet(made, 1, "What the network makes of them"),
        )
        return Frame(
            panels, f"Ink covers {100 * cells.mean():.0f} % of the paper. The picture is {told(made, PAINTS)}."
        )


def ink(cells: np.ndarray) -> Tensor:
    """Cells [FINER side, FINER side], 1 where there is ink, as a grey picture [1, 1, side, side] in [-1, 1]."""
    return avg_pool2d(1 - 2 * torch.from_numpy(cells).float()[None, None], FINER)


def translated(network: Network, drawn: Tensor) -> Tensor:
    """What a network makes of a picture; a ValueError where that is no picture in colour of the same size."""
    with torch.no_grad():
        made = pictures.checked(network(drawn), "What the network makes")
    if made.shape != (1, 3, *drawn.shape[2:]):
        raise ValueError(f"The network has to make pictures [1, 3, {drawn.shape[2]}, {drawn.shape[3]}] of such ones "
                         f"as [{', '.join(map(str, drawn.shape))}], not {list(made.shape)}.")  # fmt: skip
    return made.clamp(-1, 1)


def told(made: Tensor, colors: Mapping[str, tuple[int, int, int]], least: float = 0.03) -> str:
    """How often which named colour is the nearest in a picture, in words: the commonest first, rare ones left out."""
    pixels = (127.5 * (made[0] + 1)).flatten(1).T.double()
    nearest = torch.cdist(pixels, torch.tensor(list(colors.values())).double()).argmin(1)
    shares = nearest.bincount(minlength=len(colors)) / len(pixels)
    common = [(float(share), name) for name, share in zip(colors, shares, strict=True) if share >= least]
    return ", ".join(f"{100 * share:.0f} % {name}" for share, name in sorted(common, reverse=True))
