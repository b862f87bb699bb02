"""LossLab: move real and fake scores, and see what each loss says and where either player pushes."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from torch import Tensor

from gan_lessons import losses
from gan_lessons.labs.kit.controls import Preset, chosen, ranged
from gan_lessons.labs.kit.frame import Arrows, Frame, Handles, Lines, Panel, Points, Writing, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.plots import style

LIMIT = 6.0
UNBOUNDED = ("minimax", "hinge", "wasserstein")  # losses that can fall below 0
TWICE = 2.0  # an arrow is as long as two pushes, so that small ones can be seen
# twelve even quantiles of N(0, 1), in no order, as a batch has them; relativistic losses compare them pair by pair
QUANTILES = torch.distributions.Normal(0.0, 1.0).icdf((torch.arange(12) + 0.5) / 12)
FAKE_QUANTILES = QUANTILES[torch.tensor([0, 10, 5, 9, 6, 2, 11, 7, 1, 4, 8, 3])]
REAL_QUANTILES = QUANTILES[torch.tensor([7, 3, 0, 8, 5, 9, 6, 10, 2, 11, 1, 4])]


@dataclass(frozen=True)
class LossParameters:
    """A loss, and where the discriminator has put the real and the fake samples."""

    loss: str = chosen("non_saturating", list(losses.KNOWN), "Loss", "What either player minimises")
    moving: str = chosen("fake", ["fake", "real"], "Along x", "The scores that the two curves move, all else held")
    real_mean: float = ranged(1.0, -5, 5, 0.1, "Real scores: mean", "What D says about real samples, on average")
    real_spread: float = ranged(0.6, 0, 2, 0.1, "Real scores: spread", "Standard deviation of the real scores")
    fake_mean: float = ranged(-1.0, -5, 5, 0.1, "Fake scores: mean", "What D says about fakes, on average")
    fake_spread: float = ranged(0.6, 0, 2, 0.1, "Fake scores: spread", "Standard deviation of the fake scores")


class Pushes(NamedTuple):
    """What a loss does to scores [..., batch]: both losses [...], and minus the gradient of each score's own term."""

    real: Tensor
    fake: Tensor
    discriminator_loss: Tensor
    generator_loss: Tensor
    discriminator_on_real: Tensor
    discriminator_on_fake: Tensor
    generator_on_real: Tensor
    generator_on_fake: Tensor


def scores(parameters: LossParameters) -> tuple[Tensor, Tensor]:
    """Real and fake scores, each [12]."""
    real = parameters.real_mean + parameters.real_spread * REAL_QUANTILES
    return real, parameters.fake_mean + parameters.fake_spread * FAKE_QUANTILES


def push(loss: losses.Loss, real: Tensor, fake: Tensor) -> Pushes:
    """Both losses of scores [..., batch], and by autograd the way down from each score, times the batch's size."""
    real, fake = (group.detach().clone().requires_grad_() for group in (real, fake))
    discriminator_loss, generator_loss = loss(real, fake)

    def downhill(value: Tensor) -> list[Tensor]:
        slopes = torch.autograd.grad(value.sum(), (real, fake), retain_graph=True, materialize_grads=True)
        return [-fake.shape[-1] * slope for slope in slopes]

    return Pushes(
        real.detach(), fake.detach(), discriminator_loss.detach(), generator_loss.detach(),
        *downhill(discriminator_loss), *downhill(generator_loss),
    )  # fmt: skip


def simulate(parameters: LossParameters) -> tuple[Pushes, Tensor, Pushes]:
    """The pushes on the present scores, the means that one group sweeps through, and the pushes at each of them."""
    loss = losses.named(parameters.loss)
    real, fake = scores(parameters)
    means = torch.linspace(-LIMIT, LIMIT, 121)
    if parameters.moving == "real":
        swept_real, swept_fake = torch.broadcast_tensors(real + (means - parameters.real_mean)[:, None], fake)
    else:
        swept_real, swept_fake = torch.broadcast_tensors(real, fake + (means - parameters.fake_mean)[:, None])
    return push(loss, real, fake), means, push(loss, swept_real, swept_fake)


def arrows(positions: Tensor, row: float, lengths: Tensor) -> np.ndarray:
    """Level arrows from `positions`, in a row that is fanned out so that they can be told apart, [arrows, 4]."""
    heights = row + torch.linspace(-0.36, 0.36, len(positions))
    return torch.stack([positions, heights, lengths, torch.zeros_like(positions)], dim=-1).numpy()


def draw(parameters: LossParameters, now: Pushes, means: Tensor, sweep: Pushes) -> Frame:
    """Three panels: the scores with their pushes, the losses along the moving group's mean, and their slopes."""
    real, fake, discriminator, generator = style.REAL, style.FAKE, style.DISCRIMINATOR, style.GRADIENT
    on_real = parameters.moving == "real"
    here = parameters.real_mean if on_real else parameters.fake_mean
    d_on_real = arrows(now.real, 2, TWICE * now.discriminator_on_real)
    d_on_fake = arrows(now.fake, 1, TWICE * now.discriminator_on_fake)
    g_on_fake = arrows(now.fake, 0, TWICE * now.generator_on_fake)
    groups = Panel(
        (
            Lines(path([0, 0], [-0.5, 2.8]), style.REFERENCE, width=0.8),
            Points(d_on_real[:, :2], real, size=5),
            Points(np.concatenate([d_on_fake, g_on_fake])[:, :2], fake, size=5),
            Arrows(np.concatenate([d_on_real, d_on_fake]), discriminator, width=1.8),
            Arrows(g_on_fake, generator, width=1.8),
            Handles(
                np.array([[parameters.real_mean, 2.5], [parameters.fake_mean, 1.5]]),
                ("real_mean", "fake_mean"),
                (real, fake),
            ),
        ),
        (-LIMIT, LIMIT), (-0.5, 2.8), "Who pushes which score", "score; arrow: 2 × push",
        rows=((2, "D on real"), (1, "D on fake"), (0, "G on fake")),
    )  # fmt: skip
    d_slope = (sweep.discriminator_on_real if on_real else sweep.discriminator_on_fake).mean(-1)
    g_slope = (sweep.generator_on_real if on_real else sweep.generator_on_fake).mean(-1)
    mark = lambda low, high: Lines(path([here, here], [low, high]), style.REFERENCE, width=1, dashed=True)  # noqa: E731
    xlabel = f"mean of the {parameters.moving} scores"
    lowest = -6.0 if parameters.loss in UNBOUNDED else -0.3
    steepest = 3.0 if parameters.loss == "least_squares" else 1.3
    values = Panel(
        (
            mark(lowest, 8),
            Lines(path(means, sweep.discriminator_loss), discriminator, "D's loss", 2),
            Lines(path(means, sweep.generator_loss), generator, "G's loss", 2),
            Writing(np.array([[here + (0.25 if here < 4 else -2), 7.5]]), ("now",), style.REFERENCE, 12),
        ),
        (-LIMIT, LIMIT), (lowest, 8), "Both losses", xlabel, "loss",
    )  # fmt: skip
    slopes = Panel(
        (
            mark(-steepest, steepest),
            Lines(path([-LIMIT, LIMIT], 0), style.REFERENCE, width=1),
            Lines(path(means, d_slope), discriminator, "D's push", 2),
            Lines(path(means, g_slope), generator, "G's push", 2),
        ),
        (-LIMIT, LIMIT), (-steepest, steepest), "Push: minus the slope", xlabel, "push on the mean score",
    )  # fmt: skip
    return Frame((groups, values, slopes), say(parameters, now))


def say(parameters: LossParameters, now: Pushes) -> str:
    """What the picture shows."""
    by_d_on_real, by_d_on_fake, by_g = (
        float(group.mean()) for group in (now.discriminator_on_real, now.discriminator_on_fake, now.generator_on_fake)
    )
    hint = " The generator feels almost nothing." if abs(by_g) < 0.2 else ""
    name = parameters.loss.replace("_", "-").capitalize()
    return (
        f"{name}: D's loss is {now.discriminator_loss:.2f}, G's is {now.generator_loss:.2f}. "
        f"The average fake score is pushed {by_g:+z.2f} by G and {by_d_on_fake:+z.2f} by D, "
        f"the average real score {by_d_on_real:+z.2f} by D.{hint}"
    )


class LossLab(Lab):
    """Drag the real and fake scores, pick a loss, and see its value, its slope and the push on each score."""

    Parameters = LossParameters
    tabs: ClassVar = {"More": ("moving", "real_spread", "fake_spread")}
    presets = (
        Preset("saturate", "Watch G's magenta arrows: minimax hardly pushes a fake that D has seen through.",
               {"loss": "minimax", "real_mean": 2.0, "fake_mean": -4.0}),
        Preset("non-saturating", "The same scores, another loss: now every fake is pushed by almost 1.",
               {"loss": "non_saturating", "real_mean": 2.0, "fake_mean": -4.0}),
        Preset("hinge, satisfied", "Watch D's green arrows vanish: beyond its margin of 1 the hinge pushes nobody.",
               {"loss": "hinge", "real_mean": 2.5, "fake_mean": -2.5}),
        Preset("relativistic", "Drag both groups together: only the distance between real and fake counts.",
               {"loss": "relativistic", "real_mean": 1.0, "fake_mean": -1.0}),
    )  # fmt: skip

    def picture(self) -> Frame:
        return draw(self.parameters, *simulate(self.parameters))
