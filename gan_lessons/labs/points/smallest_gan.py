"""SmallestGANLab: a generator of two parameters and a discriminator of three play, one small step each at a time."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import expit

from gan_lessons.labs.kit.controls import Preset, chosen, ranged
from gan_lessons.labs.kit.frame import INK, Frame, Lines, Panel, Points, path
from gan_lessons.labs.kit.reel import Reel
from gan_lessons.plots import style

CENTRE, SPREAD = 1.0, 0.5  # of the real numbers
BATCH = 64


@dataclass(frozen=True)
class SmallestGANParameters:
    """Where the generator starts, how large either player's steps are, and how many rounds they play."""

    steps: int = ranged(300, 0, 2000, 1, "Rounds played", "A round is one step of D and one of G")
    discriminator_rate: float = ranged(0.3, 0, 1, 0.01, "D: step size", "How far D follows its gradient")
    generator_rate: float = ranged(0.05, 0, 0.3, 0.005, "G: step size", "How far G follows its gradient")
    score: str = chosen("curved", ["curved", "straight"], "D: score", "u x² + v x + c, or only v x + c")
    start_a: float = ranged(1.0, -1.5, 1.5, 0.05, "G: a at the start", "G's spread: x = a z + b")
    start_b: float = ranged(0.0, -1, 3, 0.05, "G: b at the start", "G's centre: x = a z + b")


def simulate(parameters: SmallestGANParameters) -> tuple[np.ndarray, np.ndarray]:
    """Play; return (a, b) before and after every round [steps + 1, 2], and D's (u, v, c) at the end.

    D descends -log D(x) - log(1 - D(G(z))) and G descends -log D(G(z)), by the gradients that chapter 01 derives.
    """
    random = np.random.default_rng(0)
    a, b, theta = parameters.start_a, parameters.start_b, np.zeros(3)
    free = np.array([parameters.score == "curved", 1, 1])
    walk = [(a, b)]
    for _ in range(parameters.steps):
        real = CENTRE + SPREAD * random.standard_normal(BATCH)
        for_d, noise = random.standard_normal((2, BATCH))
        real_terms, fake_terms = (np.stack([x**2, x, np.ones(BATCH)]) for x in (real, a * for_d + b))
        slope = (expit(theta @ real_terms) - 1) @ real_terms.T + expit(theta @ fake_terms) @ fake_terms.T
        theta = theta - parameters.discriminator_rate * free * slope / BATCH
        fake = a * noise + b
        push = (expit(theta @ np.stack([fake**2, fake, np.ones(BATCH)])) - 1) * (2 * theta[0] * fake + theta[1])
        a, b = a - parameters.generator_rate * (push * noise).mean(), b - parameters.generator_rate * push.mean()
        walk.append((a, b))
    return np.array(walk), theta


def density(x: np.ndarray, centre: float, spread: float) -> np.ndarray:
    """A Gaussian's density."""
    return np.exp(-(((x - centre) / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))


def draw(walk: np.ndarray, theta: np.ndarray) -> Frame:
    """Three panels: both densities and D, the trajectory of (a, b), and a and b round by round."""
    a, b = walk[-1]
    x = np.linspace(-3, 4, 281)
    rounds = np.arange(len(walk))
    last = max(len(walk) - 1, 1)
    seen = np.nan_to_num(walk).clip([-1.6, -1], [1.6, 3])  # a runaway leaves the picture
    low, high = seen.min(0), seen.max(0)
    across, up = (min(low[0], 0) - 0.1, max(high[0], 1) + 0.1), (min(low[1], 0) - 0.1, max(high[1], 1) + 0.2)
    heaps = Panel(
        (
            Lines(path(x, density(x, CENTRE, SPREAD)), style.REAL, "real", fill=True),
            Lines(path(x, density(x, b, max(abs(a), 0.02))), style.FAKE, "fake", fill=True),
            Lines(path(x, expit(theta @ np.stack([x**2, x, np.ones_like(x)]))), style.DISCRIMINATOR, "D(x)", 2),
        ),
        (-3, 4), (0, 1.6), "Both densities and D", "x", "density, or D's probability",
    )  # fmt: skip
    plane = Panel(
        (
            Lines(walk[None], style.FAKE, "(a, b)"),
            Points(np.array([[SPREAD, CENTRE]]), style.REAL, "the goal", 9, 1.0),
            Points(walk[-1:], style.FAKE, "now", 7, 1.0),
        ),
        across, up, "G's trajectory", "a: the spread", "b: the centre",
    )  # fmt: skip
    lines = Panel(
        (
            Lines(path([0, last], [SPREAD, SPREAD]), INK, dashed=True, width=1),
            Lines(path([0, last], [CENTRE, CENTRE]), INK, dashed=True, width=1),
            Lines(path(rounds, walk[:, 0]), style.CYCLE[3], "a (goal 0.5)"),
            Lines(path(rounds, walk[:, 1]), style.FAKE, "b (goal 1)"),
        ),
        (0, last), (min(across[0], up[0]), max(across[1], up[1])), "Round by round", "round", "parameter",
    )  # fmt: skip
    return Frame((heaps, plane, lines), say(walk))


def say(walk: np.ndarray) -> str:
    """What the picture shows."""
    (a, b), rounds = walk[-1], len(walk) - 1
    if not np.isfinite(walk).all():
        return f"Within {rounds} rounds the numbers grew beyond all bounds: take smaller steps."
    off = float(np.hypot(abs(a) - SPREAD, b - CENTRE))
    verdict = "It is close to the goal." if off < 0.08 else f"It is {off:.2f} away from the goal."
    narrow = " It makes nearly the same number every time." if abs(a) < 0.2 else ""
    made = f"{a:.2f} z {'−' if b < 0 else '+'} {abs(b):.2f}"
    return f"After {rounds} rounds G makes x = {made}; the real numbers are 0.5 z + 1. {verdict}{narrow}"


START = {"steps": 600, "discriminator_rate": 0.3, "generator_rate": 0.05, "score": "curved", "start_a": 1.0,
         "start_b": 0.0}  # fmt: skip


class SmallestGANLab(Reel):
    """Play the smallest GAN: choose both step sizes and the start, and drag through its rounds."""

    Parameters = SmallestGANParameters
    reel: ClassVar = ("steps", 3, 0)
    tooltips: ClassVar = "Let both players move", "Frames a second, three rounds each"
    wide = ("steps",)
    tabs: ClassVar = {"Where G starts": ("start_a", "start_b")}
    presets = (
        Preset("arrive", "Watch the orange bell slide under the blue one, past it, and back.",
               {**START, "steps": 2000}),
        Preset("a straight D", "Watch the centre arrive and the spread fail: a straight score cannot see a spread.",
               {**START, "steps": 2000, "score": "straight"}),
        Preset("a hasty G", "Watch the point circle the goal, twice and more: G answers before D has learnt.",
               {**START, "generator_rate": 0.15}),
        Preset("a mirror", "G starts with a negative a. Watch where it ends, and why that is no mistake.",
               {**START, "steps": 2000, "start_a": -1.0}),
    )  # fmt: skip

    def picture(self) -> Frame:
        return draw(*simulate(self.parameters))
