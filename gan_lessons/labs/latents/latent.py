"""LatentLab: drag a point through a generator's latent space, walk between two noises, and truncate."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, chosen, ranged, stepped
from gan_lessons.labs.kit.frame import Frame, Handles, Lines, Panel, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.latents import latent_simulation as latent
from gan_lessons.labs.latents.truncation import Truncation, truncation
from gan_lessons.plots import style
from gan_lessons.training import GAN

REACH = 3  # grid steps from the middle of the plane to its end
KNOWN = 6  # directions of each source
WALK = 9  # pictures of a walk
REFERENCES = 500  # real pictures whose distance to their nearest is the yardstick
SOURCES = {
    "random": "two random directions",
    "first layer": "the first layer's singular vectors (Shen & Zhou 2021)",
    "principal components": "principal components of the first layer's activations (Härkönen et al. 2020)",
    "steepest here": "where the picture changes most, from the Jacobian (Ramesh et al. 2019)",
}


@dataclass(frozen=True)
class LatentParameters:
    """A point in the plane of two directions around a noise on the way from one to another."""

    across: float = ranged(0.0, -REACH, REACH, 0.1, "Along the first", "Steps along the first direction")
    up: float = ranged(0.0, -REACH, REACH, 0.1, "Along the second", "Steps along the second direction")
    psi: float = ranged(1.0, 0, 1.5, 0.05, "Truncation ψ", "What the noise is multiplied by; 1: nothing is changed")
    source: str = chosen("random", list(SOURCES), "Directions", "Where the two directions come from")
    first: int = ranged(1, 1, KNOWN, 1, "First direction", "Which of them leads to the right; 1 is the strongest")
    second: int = ranged(2, 1, KNOWN, 1, "Second direction", "Which of them leads upwards")
    step: float = stepped(1.0, (0.25, 0.5, 1.0, 2.0), "Step of the grid", "Length in noise between two pictures")
    seed: int = ranged(0, 0, 99, 1, "Noise A", "The noise in the middle of the plane")
    other: int = ranged(1, 0, 99, 1, "Noise B", "Where the walk leads")
    along: float = ranged(0.0, 0, 1, 0.05, "Walked from A to B", "How far the plane's middle has gone; 1: at B")
    way: str = chosen("arc", list(latent.WAYS), "Way", "Along the arc, or along the straight line")


class LatentLab(Lab):
    """The averaged generator of `gan`, seen from within: a plane through its latent space, walks, and truncation.

    With `real` pictures [count, channels, height, width] the nearest of them is shown beside the sample. What
    truncation trades is measured as density and coverage against `held_out` pictures, or else against the real ones, by
    `features` (pictures to [count, dims]) or by plain pixels. `draw` takes noise [count, dim] to pictures where that is
    not `gan.average` alone, as in a conditional GAN.
    """

    Parameters = LatentParameters
    empty = "No latent space"
    tabs: ClassVar = {"The plane": ("first", "second", "step"), "The walk": ("seed", "other", "way")}
    presets = (
        Preset("halfway", "The plane now stands halfway between both noises: watch the walk's middle.", {"along": 0.5}),
        Preset("truncated", "The noise is halved: watch what becomes of quality and of variety.", {"psi": 0.5}),
        Preset("far out", "The handle stands in a corner: watch what an unusual noise looks like.",
               {"across": float(REACH), "up": float(REACH)}),
        Preset("home", "Back to the noise in the middle; drag the handle from here.",
               {"across": 0.0, "up": 0.0, "along": 0.0, "psi": 1.0}),
    )  # fmt: skip

    def __init__(
        self,
        gan: GAN,
        real: Tensor | None = None,
        features: Callable[[Tensor], Tensor] | None = None,
        draw: Callable[[Tensor], Tensor] | None = None,
        held_out: Tensor | None = None,
        **values: Any,
    ):
        self.gan, self.given, self.own = gan, (real, held_out), draw
        self.features = features or (lambda pixels: pixels.flatten(1))
        self.kept: dict[str, tuple[Any, Any]] = {}
        super().__init__(**values)

    def prepare(self) -> None:
        gan = self.gan
        if not isinstance(gan, GAN):
            raise ValueError(f"This lab looks into a GAN, not into {gan!r:.60}.")
        self.network: nn.Module = gan.average
        self.device, self.dim = gan.device, gan.noise_dim
        size = pictures.checked(self.draw(latent.noise(self.dim, 0)), "What this GAN draws").shape[1:]
        names = "The real pictures", "The held-out pictures"
        self.real, self.held_out = (self.fitting(*one, size) for one in zip(self.given, names, strict=True))
        self.truncation = self.measured()

    def fitting(self, given: Tensor | None, name: str, size: torch.Size) -> Tensor | None:
        """Pictures of the size that the GAN draws."""
        if given is None:
            return None
        pixels = pictures.checked(given, name)
        if pixels.shape[1:] != size:
            raise ValueError(f"{name} have the shape {list(pixels.shape[1:])}, the fakes {list(size)}.")
        return pixels

    def measured(self) -> Truncation | None:
        """What truncation trades, where there are pictures to measure it against."""
        wanted, others = (self.real, None) if self.held_out is None else (self.held_out, self.real)
        return None if wanted is None else truncation(self.draw, self.dim, wanted, self.features, others)

    # The latent space

    def draw(self, noise: Tensor) -> Tensor:
        """Noise [count, dim] to pictures on the CPU."""
        with torch.inference_mode():
            drawn = (self.own or self.network)(noise.to(self.device))
        return drawn.cpu().float()

    def once(self, name: str, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` returns; made again only if the key is another than last time."""
        if name not in self.kept or self.kept[name][0] != key:
            self.kept[name] = (key, make())
        return self.kept[name][1]

    def ends(self) -> tuple[Tensor, Tensor]:
        return latent.noise(self.dim, self.parameters.seed)[0], latent.noise(self.dim, self.parameters.other)[0]

    def middle(self) -> Tensor:
        """The noise in the middle of the plane, [dim]."""
        return latent.WAYS[self.parameters.way](*self.ends(), torch.tensor([self.parameters.along]))[0]

    def directions(self) -> Tensor:
        """The plane's two directions, [2, dim]."""
        p = self.parameters
        here = (p.seed, p.other, p.along, p.way) if p.source == "steepest here" else ()
        make: dict[str, Callable[[], Tensor]] = {
            "random": lambda: latent.random_directions(self.dim, KNOWN),
            "first layer": lambda: latent.closed_form(self.network, self.dim, KNOWN),
            "principal components": lambda: latent.principal(self.network, self.dim, KNOWN),
            "steepest here": lambda: latent.steepest(self.draw, self.middle(), KNOWN),
        }
        found = self.once("directions", (p.source, here), make[p.source])
        if max(p.first, p.second) > len(found):
            raise ValueError(f"There are only {len(found)} directions in this latent space.")
        return found[[p.first - 1, p.second - 1]]

    def refusal(self, wanted: LatentParameters) -> str:
        if wanted.first == wanted.second:
            return "The plane needs two directions: “First direction” and “Second direction” must differ."
        return ""

    def point(self) -> Tensor:
        """The noise at the handle, before truncation, [dim]."""
        p = self.parameters
        return self.middle() + p.step * torch.tensor([p.across, p.up]) @ self.directions()

    # What is shown

    def picture(self) -> Frame:
        z = self.parameters.psi * self.point()
        sample = self.draw(z[None])
        beside, said = self.beside(sample)
        panels = [self.plane(), beside]
        said = f"{self.where(z)} {said}"
        if self.truncation is not None:
            panels.append(self.truncation.panel(self.parameters.psi))
            said += self.truncation.said(self.parameters.psi)
        panels.append(self.walks())
        return Frame(tuple(panels), said)

    def plane(self) -> Panel:
        """Pictures on a grid in the plane, and the handle."""
        p = self.parameters
        ticks = torch.arange(-REACH, REACH + 1.0)
        grid = torch.cartesian_prod(ticks.flip(0), ticks).flip(1)  # row by row from the top, (across, up)
        key = (p.psi, p.source, p.first, p.second, p.step, p.seed, p.other, p.along, p.way)
        drawn = self.once("plane", key, lambda: self.draw(p.psi * (self.middle() + p.step * grid @ self.directions())))
        end = REACH + 0.5
        layers = (
            pictures.layer(drawn, len(ticks), (-end, end, -end, end), gap=1),
            Handles(np.array([[p.across, p.up]]), (("across", "up"),), (style.FAKE,), hollow=True),
        )
        return Panel(
            layers, (-end, end), (-end, end), "A plane through the latent space", f"direction {p.first}: {p.source}",
            f"direction {p.second}", equal=True, share=1.4,
        )  # fmt: skip

    def beside(self, sample: Tensor) -> tuple[Panel, str]:
        """The sample, and the real picture that is nearest to it."""
        if self.real is None:
            return pictures.sheet(sample, 1, "G(z) at the handle", share=1.1), ""
        distance, index, usual = self.nearest(sample)
        panel = pictures.sheet(torch.cat([sample, self.real[[index]]]), 2, "G(z) · the nearest real picture", share=1.1)
        said = f"The nearest of {len(self.real):,} real pictures is {distance:.1f} away"
        if usual is not None:
            said += f" (theirs: {usual:.1f})"
        return panel, f"{said}. "

    def nearest(self, sample: Tensor) -> tuple[float, int, float | None]:
        """Distance and index of the real picture nearest to a sample, and what real ones have among themselves."""
        flat = self.once("flat", 0, lambda: self.real.flatten(1))  # type: ignore[union-attr]

        def usual() -> float | None:
            if len(flat) < 2:
                return None
            some = flat[torch.randperm(len(flat), generator=torch.Generator().manual_seed(0))[:REFERENCES]]
            return float(torch.cdist(some, flat).topk(2, largest=False).values[:, 1].median())

        squares = self.once("squares", 0, lambda: flat.square().sum(1))
        index = int((squares - 2 * flat @ sample.flatten()).argmin())
        return float((flat[index] - sample.flatten()).norm()), index, self.once("usual", 0, usual)

    def walks(self) -> Panel:
        """Both ways from A to B; where the plane's middle stands is marked."""
        p = self.parameters
        along = torch.linspace(0, 1, WALK)
        drawn = self.once(
            "walks", (p.seed, p.other, p.psi),
            lambda: self.draw(p.psi * torch.cat([way(*self.ends(), along) for way in latent.WAYS.values()])),
        )  # fmt: skip
        panel = pictures.sheet(drawn, WALK, f"From noise {p.seed} to noise {p.other}")
        tall, row = panel.ylim[1] / 2, list(latent.WAYS).index(p.way)
        bottom = panel.ylim[1] - tall * (row + 1)
        x = p.along * (WALK - 1) + 0.5
        mark = Lines(path([x - 0.4, x + 0.4], bottom + 0.03), style.FAKE, width=3)
        names = tuple((panel.ylim[1] - tall * (k + 0.5), name) for k, name in enumerate(("arc", "line")))
        return replace(panel, layers=(*panel.layers, mark), rows=names, row=True, share=2.4)

    def where(self, z: Tensor) -> str:
        p = self.parameters
        start = f"noise {p.seed}" if p.along == 0 else f"{p.along:.0%} of the way from noise {p.seed} to {p.other}"
        return (
            f"({p.across:.3g}, {p.up:.3g}) steps of {p.step:g} from {start}, along {SOURCES[p.source]}. "
            f"This noise has the length {z.norm():.1f} (usual: {self.dim**0.5:.1f})."
        )

    def idle(self) -> set[str]:
        return {"way"} if self.parameters.along in (0, 1) else set()
