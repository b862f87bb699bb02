"""DensityRatioLab: move two densities, and a small discriminator follows p / (p + q)."""

import copy
import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from gan_lessons import losses
from gan_lessons.labs.kit.controls import Preset, chosen, ranged
from gan_lessons.labs.kit.frame import INK, Frame, Handles, Lines, Panel, Points, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.plots import style
from gan_lessons.training import uninterrupted

LIMIT = 6.0
PLACES = torch.linspace(-LIMIT, LIMIT, 361)
SEEN = 1e-3  # where p + q is smaller, hardly a sample falls and nothing teaches D


@dataclass(frozen=True)
class DensityRatioParameters:
    """Two densities, and the size of the network that has to tell their samples apart."""

    real_mean: float = ranged(1.5, -4, 4, 0.1, "Real p: mean", "Where the real samples are centred")
    real_spread: float = ranged(0.8, 0, 2, 0.05, "Real p: spread", "Standard deviation of each bump of p")
    real_split: float = ranged(0.0, 0, 6, 0.1, "Real p: two bumps", "How far apart the two halves of p are")
    fake_mean: float = ranged(-1.0, -4, 4, 0.1, "Fake q: mean", "Where the fake samples are centred")
    fake_spread: float = ranged(1.2, 0, 2, 0.05, "Fake q: spread", "Standard deviation of q")
    width: int = chosen(32, [2, 8, 32, 128], "D: width", "Units in each of D's two hidden layers")
    seed: int = ranged(0, 0, 99, 1, "D: seed", "Which first weights D gets, and which samples it sees")


class Densities(NamedTuple):
    """p, q, p / (p + q) and log p / q at PLACES, each [places]; the last two are NaN where p + q is next to nothing."""

    real: Tensor
    fake: Tensor
    optimal: Tensor
    log_ratio: Tensor


def bumps(parameters: DensityRatioParameters) -> Tensor:
    """The centres of the two halves of p, [2]."""
    return parameters.real_mean + torch.tensor([-0.5, 0.5]) * parameters.real_split


def densities(parameters: DensityRatioParameters) -> Densities:
    """What is known of p and q without any learning."""

    def log_normal(centre: Tensor, spread: float) -> Tensor:
        return -((PLACES - centre) / spread).square() / 2 - math.log(spread * math.sqrt(2 * math.pi))

    log_real = torch.logsumexp(log_normal(bumps(parameters)[:, None], parameters.real_spread), 0) - math.log(2)
    log_fake = log_normal(torch.tensor(parameters.fake_mean), parameters.fake_spread)
    real, fake, log_ratio = log_real.exp(), log_fake.exp(), log_real - log_fake
    log_ratio[real + fake < SEEN] = math.nan
    return Densities(real, fake, log_ratio.sigmoid(), log_ratio)


def draw_samples(parameters: DensityRatioParameters, count: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Real and fake samples, each [count, 1]."""
    real, fake = torch.randn(2, count, 1, generator=random)
    halves = bumps(parameters)[torch.randint(2, (count, 1), generator=random)]
    return halves + parameters.real_spread * real, parameters.fake_mean + parameters.fake_spread * fake


class Follower:
    """A discriminator that is trained on fresh samples of p and q; `average` is the mean of its latest weights."""

    def __init__(self, width: int, seed: int):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.network = PointDiscriminator(1, width, activation=nn.SiLU)
        self.average = copy.deepcopy(self.network).requires_grad_(False)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=3e-3, betas=(0.9, 0.99), fused=True)
        self.random = torch.Generator().manual_seed(seed)
        self.steps = 0

    def step(self, parameters: DensityRatioParameters, batch: int = 256) -> None:
        """One discriminator step of the non-saturating loss, which is the binary cross-entropy."""
        with uninterrupted():
            real, fake = draw_samples(parameters, batch, self.random)
            loss = losses.non_saturating(self.network(real), self.network(fake)).discriminator
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            decay = min(0.98, (1 + self.steps) / (10 + self.steps))
            with torch.no_grad():
                torch._foreach_lerp_(list(self.average.parameters()), list(self.network.parameters()), 1 - decay)
            self.steps += 1

    def scores(self) -> Tensor:
        """The averaged discriminator's scores at PLACES."""
        return self.average(PLACES[:, None])


def error(known: Densities, probability: Tensor) -> float:
    """Mean absolute error against p / (p + q) over where the samples fall: the mean is taken under (p + q) / 2."""
    weight = torch.where(known.optimal.isnan(), 0.0, known.real + known.fake)
    return float((weight * (probability - known.optimal.nan_to_num()).abs()).sum() / weight.sum())


def draw(parameters: DensityRatioParameters, known: Densities, scores: Tensor, steps: int) -> Frame:
    """Three panels: p and q, what D says beside what it should say, and its score beside log p / q."""
    real, fake, discriminator = style.REAL, style.FAKE, style.DISCRIMINATOR
    top = 0.25 * math.ceil(4.4 * float(torch.maximum(known.real.max(), known.fake.max())))
    both = Panel(
        (
            Lines(path(PLACES, known.real), real, "real: p", fill=True),
            Lines(path(PLACES, known.fake), fake, "fake: q", fill=True),
            Handles(torch.tensor([[parameters.real_mean, 0.94 * top], [parameters.fake_mean, 0.87 * top]]).numpy(),
                    ("real_mean", "fake_mean"), (real, fake)),
        ),
        (-LIMIT, LIMIT), (0, top), "Two densities", "x", "density",
    )  # fmt: skip
    shown = draw_samples(parameters, 100, torch.Generator().manual_seed(parameters.seed))
    rug = [path(samples[:, 0], height)[0] for samples, height in zip(shown, (1.06, -0.06), strict=True)]
    answer = Panel(
        (
            Points(rug[0], real, size=5, opacity=0.4),
            Points(rug[1], fake, size=5, opacity=0.4),
            Lines(path(PLACES, scores.sigmoid()), discriminator, "D(x)", 2.5),
            Lines(path(PLACES, known.optimal), INK, "p/(p+q)", 1.4, dashed=True),
        ),
        (-LIMIT, LIMIT), (-0.12, 1.12), f"D after {steps} steps", "x", "probability of real",
    )  # fmt: skip
    ratio = Panel(
        (
            Lines(path(PLACES, scores), discriminator, "D's score", 2.5),
            Lines(path(PLACES, known.log_ratio), INK, "log p/q", 1.4, dashed=True),
        ),
        (-LIMIT, LIMIT), (-10, 10), "Its score: log p/q", "x", "score",
    )  # fmt: skip
    off, coin = error(known, scores.sigmoid()), error(known, torch.tensor(0.5))
    sentence = (
        f"After {steps} steps D is off p / (p + q) by {off:.3f} on average where there are samples; "
        f"a D that always says ½ is off by {coin:.3f}. Where the dashed line stops, nothing teaches D."
    )
    return Frame((both, answer, ratio), sentence)


class DensityRatioLab(Lab):
    """Move p and q, train D for a while, and see it turn into p / (p + q)."""

    Parameters = DensityRatioParameters
    burst = 100
    remakes = ("width", "seed")
    tabs: ClassVar = {"More": ("real_spread", "fake_spread", "width", "seed")}
    presets = (
        Preset("far apart", "Watch D become certain: where no fake ever falls, nothing teaches it to stop.",
               {"real_mean": 3.0, "real_spread": 0.8, "real_split": 0.0, "fake_mean": -3.0, "fake_spread": 0.8,
                "width": 32}),
        Preset("nearly alike", "Watch D settle near ½ everywhere: there is little to tell.",
               {"real_mean": 0.3, "real_spread": 1.0, "real_split": 0.0, "fake_mean": -0.3, "fake_spread": 1.0,
                "width": 32}),
        Preset("two bumps", "Watch the green line grow a valley between the bumps, until it lies on the dashed one.",
               {"real_mean": 0.0, "real_spread": 0.6, "real_split": 4.0, "fake_mean": 0.0, "fake_spread": 1.2,
                "width": 32}),
        Preset("too small a D", "Two bumps and two hidden units: watch what D cannot draw.",
               {"real_mean": 0.0, "real_spread": 0.6, "real_split": 4.0, "fake_mean": 0.0, "fake_spread": 1.2,
                "width": 2}),
    )  # fmt: skip

    @property
    def error(self) -> float:
        """Mean absolute error of the present D against p / (p + q), under (p + q) / 2."""
        return error(densities(self.parameters), self.follower.scores().sigmoid())

    def refusal(self, wanted: DensityRatioParameters) -> str:
        flat = [name for name in ("real", "fake") if getattr(wanted, f"{name}_spread") == 0]
        return f"With a spread of 0 the {flat[0]} samples have no density, so the spread stays." if flat else ""

    def restart(self) -> None:
        self.follower = Follower(self.parameters.width, self.parameters.seed)

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            self.follower.step(self.parameters)

    def picture(self) -> Frame:
        return draw(self.parameters, densities(self.parameters), self.follower.scores(), self.follower.steps)
