"""Penalties that keep a discriminator smooth, added to its loss.

Every penalty takes `(discriminator, real, fake)`, samples [batch, ...] and a function of them that returns scores
[batch], and gives a scalar; of a population's [members, batch, ...] and scores [members, batch] it gives [members], and
`weight` may be one number a member.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations

Penalty = Callable[[nn.Module, Tensor, Tensor], Tensor]


def one_each(scores: Tensor, samples: Tensor) -> Tensor:
    """The scores, where they are one a sample: [batch] or [members, batch]; else a ValueError that says what to do."""
    if not 1 <= scores.dim() <= min(2, samples.dim() - 1):
        raise ValueError(
            f"A penalty takes one score a sample, and the discriminator makes {list(scores.shape)} of samples "
            f"{list(samples.shape)}; of patches take the mean, as gan.judge does."
        )
    return scores


def squared_slope(discriminator: nn.Module, samples: Tensor) -> Tensor:
    """Squared length of the score's gradient at each sample, shape [..., batch]: ‖∇ score(x)‖²."""
    samples = samples.detach().requires_grad_()
    scores = one_each(discriminator(samples), samples)
    (slope,) = torch.autograd.grad(scores.sum(), samples, create_graph=True)
    return slope.flatten(scores.dim()).square().sum(-1)


def r1(discriminator: nn.Module, real: Tensor, fake: Tensor, weight: float | Tensor = 1.0) -> Tensor:
    """Flatten the score where the data are: weight/2 · E‖∇ score(x)‖².

    Mescheder et al. 2018, arXiv:1801.04406, equation 9.
    """
    return weight / 2 * squared_slope(discriminator, real).mean(-1)


def r2(discriminator: nn.Module, real: Tensor, fake: Tensor, weight: float | Tensor = 1.0) -> Tensor:
    """Flatten the score where the fakes are: weight/2 · E‖∇ score(G(z))‖².

    Mescheder et al. 2018, arXiv:1801.04406, equation 10.
    """
    return weight / 2 * squared_slope(discriminator, fake).mean(-1)


def r1_and_r2(discriminator: nn.Module, real: Tensor, fake: Tensor, weight: float | Tensor = 1.0) -> Tensor:
    """R1 + R2, as the relativistic loss needs them. Huang et al. 2024, arXiv:2501.05441, section 2.2."""
    return r1(discriminator, real, fake, weight) + r2(discriminator, real, fake, weight)


def gradient_penalty(
    discriminator: nn.Module,
    real: Tensor,
    fake: Tensor,
    weight: float | Tensor = 10.0,
    batch_axis: int | None = None,
) -> Tensor:
    """Pull the slope between real and fake to 1: weight · E(‖∇ score(x̂)‖ - 1)², x̂ = u·x + (1 - u)·G(z), u ~ U(0, 1).

    u runs through the batch in even steps, a stratified draw of U(0, 1), since the order within a batch is random.
    Which axis is the batch the scores tell, unless `batch_axis` saves the asking. Gulrajani et al. 2017,
    arXiv:1704.00028, algorithm 1.
    """
    if batch_axis is None:
        with torch.no_grad():
            batch_axis = discriminator(real).dim() - 1
    count = real.shape[batch_axis]
    u = (torch.arange(count, device=real.device, dtype=real.dtype) + 0.5) / count
    mixed = fake + u.reshape(-1, *[1] * (real.dim() - batch_axis - 1)) * (real - fake)
    slope = (squared_slope(discriminator, mixed) + 1e-12).sqrt()
    return weight * (slope - 1).square().mean(-1)


def nudge(
    discriminator: nn.Module, real: Tensor, fake: Tensor, weight: float | Tensor = 1.0, length: float = 0.1
) -> Tensor:
    """R1 + R2 by finite differences: nudge each sample and see how far its score moves. One backward pass, not two.

    weight/2 · E((score(x + length·v) - score(x)) / length)², v ~ N(0, 1), over real and fake, tends to R1 + R2 for a
    short length. Lin et al. 2025, arXiv:2501.08316 (there called approximated R1).
    """

    def movement(samples: Tensor) -> Tensor:
        moved = discriminator(samples + length * torch.randn_like(samples)) - discriminator(samples)
        return (moved / length).square().mean(-1)

    return weight / 2 * (movement(real) + movement(fake))


def spectral_norm(network: nn.Module) -> nn.Module:
    """Divide every weight matrix by its largest singular value, in place, by torch's own power iteration.

    Miyato et al. 2018, arXiv:1802.05957, equation 8.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Linear | nn.Conv1d | nn.Conv2d | nn.ConvTranspose2d):
            parametrizations.spectral_norm(layer)
    return network


KNOWN: dict[str, Callable[..., Tensor]] = {
    penalty.__name__: penalty for penalty in (r1, r2, r1_and_r2, gradient_penalty, nudge)
}


def named(name: str) -> Callable[..., Tensor]:
    """The penalty of that name; a ValueError lists the known ones."""
    if name not in KNOWN:
        raise ValueError(f"There is no penalty {name!r}; the known ones are {', '.join(KNOWN)}.")
    return KNOWN[name]
