"""PenaltyLab: one slider sets the penalty's weight of three GANs: two numbers, a ring population, and digits."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from gan_lessons import dynamics, results
from gan_lessons.dynamics import DiracGAN, Rule
from gan_lessons.labs.kit.controls import Preset, ranged
from gan_lessons.labs.kit.frame import INK, Frame, Heat, Lines, Panel, Points, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.theory.dirac import LIMIT, STEPS, plane, word, written
from gan_lessons.plots import style

RULE = Rule(alternating=True)
POWERS = np.linspace(-3, 1, 81)  # of ten: the weights over which the Dirac-GAN is drawn
FLOOR = 1e-16  # the shortest distance that is drawn


@dataclass(frozen=True)
class PenaltyParameters:
    """The weight that R1 and R2 get in all three GANs, as a power of ten, and where the Dirac-GAN starts."""

    power: float = ranged(-1.0, -3, 1, 0.25, "Penalty: log10 of γ", "−1 is a weight of 0.1 on R1 and R2, in all three")
    theta: float = ranged(1.0, -LIMIT, LIMIT, 0.05, "Start: θ", "Where the fake begins; the real point is at 0")
    phi: float = ranged(1.0, -LIMIT, LIMIT, 0.05, "Start: φ", "How steeply D's score falls at the beginning")


class Stored:
    """What penalties.json and penalties.npz hold: a ring population and digits, trained with several weights."""

    def __init__(self, stem: Path | str = "penalties"):
        record, arrays = results.table(stem), results.arrays(stem)
        self.ring, self.digits = record["ring"], record["digits"]
        self.points, self.sheets = arrays["points"].astype(float), arrays["sheets"]


def nearest(weights: list[float], weight: float) -> int:
    """The place of the stored weight that is nearest in powers of ten."""
    return int(np.abs(np.log10(weights) - np.log10(weight)).argmin())


def marked(power: float, layers: list[Any], ylim: tuple[float, float], title: str, ylabel: str, **more: Any) -> Panel:
    """A panel over the weights, below its picture, with a line at the present one."""
    line = Lines(path([power, power], ylim), style.REFERENCE, width=1.2)
    return Panel((line, *layers), (-3.1, 1.1), ylim, title, "log₁₀ γ (grey: now)", ylabel, below=True, **more)


@lru_cache(maxsize=8)
def reached(start: tuple[float, float]) -> np.ndarray:
    """How far the Dirac-GAN ends from (0, 0) at each of POWERS, in powers of ten; infinite where it diverges."""
    way = RULE.play(DiracGAN("relativistic", "r1_and_r2", 10**POWERS), start, STEPS)
    return np.log10(np.maximum(np.nan_to_num(dynamics.radius(way[-1]), nan=np.inf), FLOOR))


def dirac_panel(power: float, start: tuple[float, float], end: float) -> Panel:
    """The distance that the Dirac-GAN reaches over the weights, and at the present one."""
    top = 1.5
    height = min(np.log10(max(end, FLOOR)), top) if np.isfinite(end) else top
    layers = [
        Lines(path(POWERS, np.minimum(reached(start), top)), style.FAKE),
        Points(np.array([[power, height]]), style.FAKE, size=7, opacity=1.0),
        word(-0.87, 0.3, "diverges", INK),
    ]
    rows = ((0, "1"), (-4, "10⁻⁴"), (-8, "10⁻⁸"), (-12, "10⁻¹²"), (-16, "10⁻¹⁶"))
    return marked(power, layers, (-16.5, top), "Dirac-GAN: distance", f"after {STEPS} steps", rows=rows)


def ring_panels(stored: Stored, power: float) -> tuple[tuple[Panel, Panel], str]:
    """One member's points, and what the population reached over the weights."""
    ring, weights = stored.ring, stored.ring["weights"]
    here = nearest(weights, 10**power)
    quality, kl = np.array(ring["averaged_high_quality"]), np.median(ring["averaged_kl"], 1)  # of [weights, seeds]
    picture = Panel(
        (
            Points(np.array(ring["centres"]), style.REAL, size=18, opacity=0.35),
            Points(stored.points[here], style.FAKE, size=3, opacity=0.8),
            word(-2.9, 3.35, "real islands", style.REAL),
            word(1.3, 3.35, "fakes", style.FAKE),
        ),
        (-3, 3), (-3, 3.72), f"Ring at γ = {weights[here]:.2g}: one seed", "x₁", "x₂", equal=True, tall=1.7,
    )  # fmt: skip
    logs = np.log10(weights)
    low, median, high = np.quantile(quality, [0, 0.5, 1], axis=1)
    share, uneven = style.CATEGORIES[1], style.CATEGORIES[0]
    layers = [
        Lines(path(logs, median), share, width=2),
        Lines(np.concatenate([path(logs, low), path(logs, high)]), share, width=0.7, dashed=True),
        Lines(path(logs, 10 * kl), uneven, width=2),
        word(-0.85, 0.4, "high quality", share),
        word(-0.85, 0.21, "10 × KL", uneven),
    ]
    summary = marked(power, layers, (0, 1.05), "Ring: quality and KL", f"median of {quality.shape[1]} seeds")
    modes = np.min(ring["averaged_modes"][here])
    words = (
        f"Ring, {quality.shape[1]} seeds: {modes:.0f} modes at least, {median[here]:.0%} high quality in the median, "
        f"{low[here]:.0%} in the worst, median KL {kl[here]:.3f}."
    )
    return (picture, summary), words


def digit_panels(stored: Stored, power: float) -> tuple[tuple[Panel, Panel], str]:
    """Digits of the nearest stored run, and the Fréchet distance over the weights."""
    weights, fractions = stored.digits["weights"], np.array(stored.digits["frechet_fraction"])
    here = nearest(weights, 10**power)
    sheet = stored.sheets[here][::-1].astype(float)
    picture = Panel(
        (Heat(sheet, (0, 1, 0, 1), 0, 255, "gray", smooth=False),), (0, 1), (0, 1),
        f"Fake digits at γ = {weights[here]:.2g}", equal=True, bare=True, tall=1.7,
    )  # fmt: skip
    best = float(fractions.max()) * 1.1
    dots = np.stack([np.log10(weights), fractions], -1)
    color = style.CATEGORIES[0]
    layers = [Lines(dots[None], color, width=1.4), Points(dots, color, size=7, opacity=1.0)]
    layers.append(word(-0.85, 0.08 * best, "single runs", INK))
    summary = marked(power, layers, (0, best), "Digits: Fréchet distance", "distance (noise: 1)")
    return (picture, summary), f"Digits: a Fréchet distance of {fractions[here]:.1%} of noise's."


class PenaltyLab(Lab):
    """One slider, three GANs: the Dirac-GAN live, a ring population and digits from `stored` runs (the book’s)."""

    Parameters = PenaltyParameters
    presets = (
        Preset("too weak", "Watch the trajectory on the left: it circles for long before it settles.", {"power": -3.0}),
        Preset("about right", "Watch all three: the trajectory settles, all islands are there, the digits are clear.",
               {"power": -1.0}),
        Preset("too strong", "Watch the trajectory fly apart: the penalty's steps are too long. The ring suffers, too.",
               {"power": 1.0}),
    )  # fmt: skip

    def __init__(self, stored: Path | str = "penalties", **values: Any):
        self._stored: Stored | None = None
        self._missing = ""
        try:
            self._stored = Stored(stored)
        except FileNotFoundError as error:
            self._missing = str(error)
        except (ValueError, KeyError, OSError) as error:
            self._missing = f"The stored runs are damaged: {error}."
        super().__init__(**values)

    def picture(self) -> Frame:
        parameters, weight = self.parameters, 10**self.parameters.power
        field = DiracGAN("relativistic", "r1_and_r2", weight)
        start = (parameters.theta, parameters.phi)
        way = RULE.play(field, start, STEPS)
        end = float(dynamics.radius(way[-1]))
        far = f"after {STEPS} steps {written(end)} away from (0, 0)"
        if not np.isfinite(end):
            far = "the penalty's own steps are so long that it left all bounds"
        words = [f"γ = {weight:.2g}. Dirac-GAN: {far}."]
        panels = [replace(plane(field, way, None, start), tall=1.7), dirac_panel(parameters.power, start, end)]
        if self._stored is None:
            words.append(self._missing)
        else:
            for more, sentence in (
                ring_panels(self._stored, parameters.power), digit_panels(self._stored, parameters.power)
            ):  # fmt: skip
                panels += more
                words.append(sentence)
        return Frame(tuple(panels), " ".join(words))
