"""Adversarial losses: what either player minimises, as a function of the discriminator's scores.

Every loss takes `(real_scores, fake_scores)`, shape [..., batch], in this order. A score is any real number, and a
higher one means "more real". Every loss averages over the last dimension and returns both players' losses, shape
[...]: a scalar for one GAN, [members] for a population.
"""

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor
from torch.nn.functional import relu, softplus


class Losses(NamedTuple):
    """What the discriminator and what the generator minimises, each of shape [...]."""

    discriminator: Tensor
    generator: Tensor


Loss = Callable[[Tensor, Tensor], Losses]


def minimax(real_scores: Tensor, fake_scores: Tensor) -> Losses:
    """The two-player game in its first form: G minimises what D maximises.

    With D = sigmoid(score), D minimises -log D(x) - log(1 - D(G(z))) and G minimises log(1 - D(G(z))).
    Goodfellow et al. 2014, arXiv:1406.2661, equation 1.
    """
    log_caught = -softplus(fake_scores)
    return Losses((softplus(-real_scores) - log_caught).mean(-1), log_caught.mean(-1))


def non_saturating(real_scores: Tensor, fake_scores: Tensor) -> Losses:
    """Minimax for D; G minimises -log D(G(z)), whose gradient does not vanish while D is winning.

    Goodfellow et al. 2014, arXiv:1406.2661, section 3.
    """
    return Losses(minimax(real_scores, fake_scores).discriminator, softplus(-fake_scores).mean(-1))


def least_squares(real_scores: Tensor, fake_scores: Tensor) -> Losses:
    """D regresses to +1 on real and to -1 on fake, G pulls its fakes' scores to 0.

    D minimises ½(score(x) - 1)² + ½(score(G(z)) + 1)² and G minimises ½ score(G(z))². The best D's loss is
    1 - ½ ∫(p - q)²/(p + q): up to a factor a Pearson χ² divergence, between q and (p + q)/2. Mao et al. 2017,
    arXiv:1611.04076, equation 8.
    """
    discriminator = ((real_scores - 1).square() + (fake_scores + 1).square()) / 2
    return Losses(discriminator.mean(-1), fake_scores.square().mean(-1) / 2)


def hinge(real_scores: Tensor, fake_scores: Tensor) -> Losses:
    """D stops caring about samples that it already scores beyond ±1; G raises its fakes' scores.

    D minimises max(0, 1 - score(x)) + max(0, 1 + score(G(z))) and G minimises -score(G(z)).
    Lim & Ye 2017, arXiv:1705.02894; Miyato et al. 2018, arXiv:1802.05957, equations 16 and 17.
    """
    return Losses((relu(1 - real_scores) + relu(1 + fake_scores)).mean(-1), -fake_scores.mean(-1))


def wasserstein(real_scores: Tensor, fake_scores: Tensor) -> Losses:
    """D widens the gap between the mean scores, G narrows it; the gap is a distance if D is 1-Lipschitz.

    D minimises score(G(z)) - score(x) and G minimises -score(G(z)). D needs a gradient penalty, clipping or spectral
    normalisation. Arjovsky et al. 2017, arXiv:1701.07875, equations 2 and 3.
    """
    return Losses((fake_scores - real_scores).mean(-1), -fake_scores.mean(-1))


def relativistic(real_scores: Tensor, fake_scores: Tensor) -> Losses:
    """Each real sample is compared with one fake: D wants it to score higher, G wants it to score lower.

    D minimises softplus(score(G(z)) - score(x)) and G minimises softplus(score(x) - score(G(z))).
    Jolicoeur-Martineau 2018, arXiv:1807.00734; Huang et al. 2024, arXiv:2501.05441, equation 2.
    """
    margin = real_scores - fake_scores
    return Losses(softplus(-margin).mean(-1), softplus(margin).mean(-1))


KNOWN: dict[str, Loss] = {
    loss.__name__: loss for loss in (minimax, non_saturating, least_squares, hinge, wasserstein, relativistic)
}


def named(name: str) -> Loss:
    """The loss of that name; a ValueError lists the known ones."""
    if name not in KNOWN:
        raise ValueError(f"There is no loss {name!r}; the known ones are {', '.join(KNOWN)}.")
    return KNOWN[name]
