"""Gradients through symbols: what a generator of discrete symbols learns from a reward that has no slope.

Each of the four ways gives a scalar to minimise whose gradient is an estimate of that of -E[reward]. Log-probabilities
are those of the symbols [batch, length] that a generator chose, each given the ones before it.
"""

from collections.abc import Callable

import torch
from torch import Tensor


def reinforce(log_probabilities: Tensor, values: Tensor) -> Tensor:
    """-E Σ_t (value of symbol t) · log π(symbol t | those before); values [batch, length] get no gradient.

    Unbiased for any values that are right on average, and for any baseline that a sample's own symbols do not enter.
    Williams 1992; Sutton et al. 2000; for text Yu et al. 2017 (SeqGAN), arXiv:1609.05473, equation 6.
    """
    return -(values.detach() * log_probabilities).sum(-1).mean()


@torch.no_grad()
def rollouts(complete: Callable[[Tensor], Tensor], reward: Callable[[Tensor], Tensor], symbols: Tensor, count: int):
    """What each symbol is worth, [batch, length]: the mean reward of `count` ways in which the generator may go on.

    `complete` fills up prefixes [batch, places] to whole texts [batch, length]; `reward` takes those to [batch]. The
    last symbol completes a text, so its value is the reward itself. Yu et al. 2017, arXiv:1609.05473, equation 4.
    """
    batch, length = symbols.shape
    values = [
        reward(complete(symbols[:, :places].repeat(count, 1))).reshape(count, batch).mean(0)
        for places in range(1, length)
    ]
    return torch.stack([*values, reward(symbols)], dim=1)


def to_go(rewards: Tensor, discount: float = 1.0) -> Tensor:
    """The sum of the rewards [batch, length] from each step on, later ones discounted: Σ_{s ≥ t} discount^{s-t} r_s.

    A discriminator that scores every prefix gives such dense rewards. De Masson d'Autume et al. 2019 (ScratchGAN),
    arXiv:1905.09922, section 3.
    """
    values = [rewards[:, -1]]
    for reward in rewards.flip(1).unbind(1)[1:]:
        values.append(reward + discount * values[-1])
    return torch.stack(values, dim=1).flip(1)


def less_the_others(values: Tensor) -> Tensor:
    """Values [batch, …] less the mean of the other samples' values: a baseline that leaves no bias.

    Kool et al. 2019, "Buy 4 REINFORCE samples, get a baseline for free!".
    """
    if len(values) < 2:
        raise ValueError("A baseline from the other samples needs a batch of at least 2.")
    return (values - values.mean(0)) * (len(values) / (len(values) - 1))


def all_actions(probabilities: Tensor, values: Tensor) -> Tensor:
    """-E Σ_t Σ_a π(a | prefix t) · value of a: every next symbol counts, not only the one that was chosen.

    Both have the shape [batch, length, kinds]; a critic gives the values, and the estimate is as biased as they are.
    Asadi et al. 2017, arXiv:1709.00503; with a discriminator as the critic it needs no rollouts.
    """
    return -(probabilities * values.detach()).sum((-1, -2)).mean()


def straight_through(logits: Tensor) -> Tensor:
    """One-hot choices of the largest logits [..., kinds], with the gradient that softmax would have.

    Biased: forward it is a step, backward a slope. Bengio et al. 2013, arXiv:1308.3432, section 4.
    """
    return hard(logits.softmax(-1))


def hard(soft: Tensor) -> Tensor:
    """The one-hot of the largest share [..., kinds], with the gradient of the soft shares.

    Whatever reads it is differentiated at the one-hot corners, where slopes need not be differences between corners.
    """
    largest = torch.zeros_like(soft).scatter(-1, soft.argmax(-1, keepdim=True), 1.0)
    return largest + (soft - soft.detach())


def gumbel_softmax(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """Nearly one-hot samples of softmax(logits) [..., kinds]: softmax((logits + Gumbel noise) / temperature).

    The largest of logits + noise is an exact sample. At a low temperature the relaxed sample is near to it, and its
    gradient is nearly unbiased and varies much; at a high one it is steady and biased. Jang et al. 2017,
    arXiv:1611.01144; Maddison et al. 2017, arXiv:1611.00712. For text Nie et al. 2019 (RelGAN), OpenReview rJedV3R5tm.
    With `hard` around it, it is the straight-through Gumbel-softmax, whose bias need not vanish at any temperature.
    """
    if temperature <= 0:
        raise ValueError(f"The temperature must be above 0, not {temperature:g}.")
    gumbel = -torch.empty_like(logits).exponential_().log()
    return ((logits + gumbel) / temperature).softmax(-1)
