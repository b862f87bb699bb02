"""What TextLab does with two writers, without its picture: truncation, walks, and the noise of a word."""

import itertools
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gan_lessons.data.text import Texts
from gan_lessons.labs.latents.latent_simulation import noise, on_arc
from gan_lessons.networks.text import Autoregressive

PROBES = 2000  # noises whose logits have the mean to which others are pulled
WIDEST = 3.0  # standard deviations within which ψ = 1 keeps each number of a resampled noise
STEPS = 121  # places on a walk
TRIED, BEST, CLIMBS = 4096, 16, 80  # noises tried for a word, those that are improved, and by how many steps


def temperate(model: Autoregressive, count: int, temperature: float, seed: int = 0) -> Tensor:
    """Texts [count, length] sampled at a temperature; nobody else's random numbers are touched."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        return model.sample(count, temperature).cpu()


def logits_of(network: nn.Module, noises: Tensor) -> Tensor:
    """What a one-pass generator says before argmax, [count, length, kinds]."""
    with torch.no_grad():
        return network.layers(noises)  # type: ignore[operator]


def check_writers(model: Autoregressive, network: nn.Module, dim: int, texts: Texts) -> None:
    """Raise a ValueError unless both writers write rows of the texts' length and alphabet."""
    length, kinds = logits_of(network, torch.zeros(1, dim)).shape[1:]
    if {(model.length, model.kinds), (length, kinds)} != {(texts.length, texts.kinds)}:
        raise ValueError(
            f"Both writers have to write {texts.length} of {texts.kinds} symbols, as the texts have; "
            f"they write {model.length} of {model.kinds} and {length} of {kinds}."
        )


# Truncation: texts [count, length] from noises [count, dim], at ψ from 0 to 1; at 1 (nearly) nothing is changed


def scaled(network: nn.Module, noises: Tensor, psi: float) -> Tensor:
    """The noise times ψ: a network whose first act is to divide by the length hardly sees it."""
    return logits_of(network, psi * noises).argmax(-1)


def resampled(network: nn.Module, noises: Tensor, psi: float) -> Tensor:
    """Each number of the noise beyond ±3 ψ is drawn again until it is within. Brock et al. 2019, arXiv:1809.11096.

    Drawn by the distribution function, so that a noise moves evenly with ψ instead of jumping.
    """
    normal = torch.distributions.Normal(0.0, 1.0)
    outside = normal.cdf(torch.tensor(-WIDEST * max(psi, 0.01)))
    return logits_of(network, normal.icdf(outside + (1 - 2 * outside) * normal.cdf(noises))).argmax(-1)


def pulled(network: nn.Module, noises: Tensor, psi: float) -> Tensor:
    """The logits are pulled towards their mean over all noise, as Karras et al. 2019, arXiv:1812.04948, pull w."""
    mean = logits_of(network, noise(noises.shape[1], 1, PROBES)).mean(0)
    return (mean + psi * (logits_of(network, noises) - mean)).argmax(-1)


TRUNCATIONS: dict[str, Callable[[nn.Module, Tensor, float], Tensor]] = {
    "pull the logits to their mean": pulled,
    "draw large noise again": resampled,
    "scale the noise": scaled,
}


# Walks


class Stretch(NamedTuple):
    """A text, and from where to where on a walk from 0 to 1 it is written."""

    text: str
    start: float
    end: float


def stretches(texts: list[str]) -> list[Stretch]:
    """The different texts in their order along a walk."""
    found, place, step = [], 0, 1 / len(texts)
    for text, group in itertools.groupby(texts):
        last = place + len(list(group))
        found.append(Stretch(text, place * step, last * step))
        place = last
    return found


def walked(network: nn.Module, ends: Tensor, along: Tensor) -> Tensor:
    """The texts [count, length] on the arc between two noises [2, dim], at `along` [count] from 0 to 1."""
    return logits_of(network, on_arc(ends[0], ends[1], along)).argmax(-1)


def noise_of(network: nn.Module, symbols: Tensor, dim: int) -> Tensor:
    """A noise [dim] that is written as these symbols [length], or as nearly so as was found.

    Those of many noises that come nearest climb log P(symbols | noise) by its gradient, and get the length of noise.
    """
    wanted = torch.nn.functional.one_hot(symbols, logits_of(network, torch.zeros(1, dim)).shape[-1]).float()

    def likely(noises: Tensor) -> Tensor:
        return (network.layers(noises).log_softmax(-1) * wanted).sum((1, 2))  # type: ignore[operator]

    def right(noises: Tensor) -> Tensor:
        return (logits_of(network, noises).argmax(-1) == symbols).sum(1)

    tried = noise(dim, 2, TRIED)
    with torch.no_grad():
        found = tried[(likely(tried).sigmoid() + right(tried)).topk(BEST).indices]  # the likelier of equally right ones
    with torch.enable_grad():
        climbing = found.clone().requires_grad_()
        optimizer = torch.optim.Adam([climbing], lr=0.05)
        for _ in range(CLIMBS):
            (climbing.grad,) = torch.autograd.grad(-likely(climbing).sum(), climbing)
            optimizer.step()
    found = torch.cat([found, torch.nn.functional.normalize(climbing.detach(), dim=1) * dim**0.5])
    return found[right(found).argmax()]
