"""A sweep that is watched while it trains: what it has to learn, its steps, and what its players say of the plane."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gan_lessons import losses
from gan_lessons.data.points import Curve, Mixture
from gan_lessons.metrics.modes import ModeScores, mode_scores
from gan_lessons.sweeps import Sweep
from gan_lessons.training import DivergenceError

REALS = 20_000
DECIDED = ("minimax", "non_saturating", "least_squares", "hinge")  # losses whose D is undecided at a score of 0
Judge = Callable[[Tensor], Tensor]  # a discriminator: points [count, 2] to scores


class Problem(NamedTuple):
    """What GANs on points have to learn: a distribution, its scale, and the modes (or a curve's pieces) to find.

    The networks see points divided by `scale`, a root of their mean square coordinate.
    """

    source: Mixture | Curve
    real: Tensor  # [REALS, 2]
    scale: Tensor
    modes: Mixture
    limit: float  # half the width of the picture

    @property
    def data(self) -> Tensor:
        return self.real / self.scale

    def scores(self, points: Tensor) -> ModeScores:
        """Modes, high quality and KL of points [..., count, 2] at the data's own scale."""
        return mode_scores(points, self.modes)

    def perfect(self, count: int, seed: int) -> ModeScores:
        """What as many new points of the distribution itself score."""
        return self.scores(self.source.sample(count, seed=seed))


class Watched:
    """A sweep on a problem that trains step by step, and leaves everybody else's random numbers alone."""

    def __init__(self, problem: Problem, sweep: Sweep):
        self.problem = problem
        self.follow(sweep)

    def follow(self, sweep: Sweep) -> None:
        """Go on with this sweep."""
        self.sweep, self.running = sweep, sweep.train(10**9)

    @property
    def step(self) -> int:
        return self.sweep.step

    def take(self) -> None:
        """Take one step. Raises DivergenceError when no GAN is left; an interrupt comes after a whole step."""
        try:
            with torch.random.fork_rng(devices=[]):
                next(self.running)
        except DivergenceError:
            raise
        except BaseException:
            self.follow(self.sweep)
            raise


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """Ask a network without changing it: some keep a statistic of what they saw last while they train."""
    training = network.training
    try:
        if training:
            network.eval()
        yield
    finally:
        if training:
            network.train()


def judged(judge: Judge, places: Tensor, pack: int = 1) -> Tensor:
    """D's score at each place [count, 2] of its own scale; a D that packs sees each place `pack` times."""
    with torch.no_grad():
        return judge(places.repeat_interleave(pack, 0))


def pulled(judge: Judge, loss: str | Callable, fakes: Tensor, reals: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Where G's loss L pulls each fake x [count, 2]: -count · ∂L/∂x, and D's scores of the reals and the fakes.

    All at D's own scale; there are as many reals.
    """
    fakes = fakes.detach().requires_grad_()
    scores = judge(torch.cat([reals, fakes]))[None]
    real_scores, fake_scores = scores.split(scores.shape[-1] // 2, -1)
    value = (losses.named(loss) if isinstance(loss, str) else loss)(real_scores, fake_scores).generator.sum()
    (slope,) = torch.autograd.grad(value, fakes)
    return -slope * len(fakes), real_scores[0].detach(), fake_scores[0].detach()


def undecided(loss: str | Callable, real_scores: Tensor, fake_scores: Tensor) -> float:
    """The score at which D is undecided: 0 where the loss has such a place, else midway between real and fake."""
    if loss in DECIDED:
        return 0.0
    middle = (real_scores.mean() + fake_scores.mean()) / 2
    return float(middle) if middle.isfinite() else 0.0
