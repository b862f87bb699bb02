"""What truncation trades: quality for variety, measured and drawn for LatentLab."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gan_lessons.labs.kit.frame import INK, Layer, Lines, Panel, Points, path
from gan_lessons.labs.latents.latent_simulation import Draw, noise
from gan_lessons.metrics.neighbours import NeighbourScores, neighbour_scores
from gan_lessons.plots import style

PSIS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
SCORED = 1000  # pictures on either side, at most
DENSEST = 2.0  # where the axis of density ends, if the fakes crowd


class Truncation(NamedTuple):
    """Density (quality) and coverage (variety) of samples from noise times each of PSIS, and of other real pictures,
    where there are enough."""

    fakes: dict[float, NeighbourScores]
    real: NeighbourScores | None

    def at(self, psi: float) -> tuple[float, float]:
        """Density and coverage at a ψ; between two that were measured, on a straight line."""
        density, coverage = (float(np.interp(psi, PSIS, each)) for each in self.curves())
        return density, coverage

    def curves(self) -> np.ndarray:
        """Density and coverage over PSIS, [2, psis]."""
        return np.array([(one.density, one.coverage) for one in self.fakes.values()]).T

    def said(self, psi: float) -> str:
        """What a ψ brings and costs, in a sentence."""
        (density, coverage), full = self.at(psi), self.at(1.0)
        said = f"At ψ = {psi:g} density (quality) is {density:.2f}, coverage (variety) {coverage:.0%}"
        return f"{said}." if psi == 1 else f"{said} (at ψ = 1: {full[0]:.2f} and {full[1]:.0%})."

    def panel(self, psi: float) -> Panel:
        """Both over ψ, and where it stands."""
        curves = self.curves()
        high = float(np.clip(1.05 * curves[0].max(), 1.1, DENSEST))
        layers: list[Layer] = [Lines(path([psi, psi], [0, high]), INK, width=1.2)]
        for name, curve, now, color in zip(
            ("density", "coverage"), curves, self.at(psi), style.CATEGORIES[:2], strict=True
        ):
            layers.append(Lines(path(PSIS, curve), color, name, 2))
            layers.append(Points(np.array([[psi, now]]), color, size=8, opacity=1))
            if self.real is not None:
                known = getattr(self.real, name)
                layers.append(Lines(path([0, PSIS[-1]], known), color, f"real: {name}", 1.2, dashed=True))
        title = "Density (quality), coverage (variety)"
        return Panel(tuple(layers), (0, PSIS[-1]), (0, high), title, "truncation ψ", below=True)


def truncation(draw: Draw, dim: int, wanted: Tensor, features: Draw, others: Tensor | None = None) -> Truncation:
    """Measure what truncation trades, against at most SCORED of the `wanted` pictures [count, …].

    `others` are real pictures to score in the fakes' place, by default the rest of the wanted ones. Noise is multiplied
    by ψ, a linear cousin of the truncation of Brock et al. 2019, arXiv:1809.11096.
    """
    target, rest = shuffled(wanted).split([min(SCORED, len(wanted)), max(0, len(wanted) - SCORED)])
    others = rest if others is None else shuffled(others)
    known = features(target).flatten(1)

    def score(pictures: Tensor) -> NeighbourScores:
        return neighbour_scores(known, features(pictures).flatten(1))

    noises = noise(dim, 1, len(known))
    # noise of length 0 draws one picture, so often that no neighbour is apart: a hair of noise stays
    fakes = {psi: score(draw(max(psi, 0.01) * noises)) for psi in PSIS}
    return Truncation(fakes, score(others[: len(known)]) if len(others) >= len(known) else None)


def shuffled(pictures: Tensor) -> Tensor:
    return pictures[torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))]
