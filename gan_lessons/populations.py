"""Populations: many small GANs trained at once in one batch of tensors, by the losses and steps of a single one."""

import copy
import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils.parametrize import register_parametrization

from gan_lessons.gan import GAN
from gan_lessons.networks.packing import AcrossSamples


class StackedLinear(nn.Module):
    """One linear layer a member: [members, batch, inputs] to [members, batch, outputs]."""

    def __init__(self, layers: Sequence[nn.Linear]):
        super().__init__()
        self.weight = nn.Parameter(torch.stack([layer.weight.detach() for layer in layers]))
        self.bias = nn.Parameter(torch.stack([layer.bias.detach()[:, None] for layer in layers]))

    def forward(self, inputs: Tensor) -> Tensor:
        # with the batch innermost in memory, thin first and last layers are several times faster
        return torch.baddbmm(self.bias, self.weight, inputs.mT.contiguous()).mT


def stack(networks: Sequence[nn.Module]) -> nn.Module:
    """Make one network of many alike: it takes and returns [members, batch, ...].

    Works for networks whose weights all sit in linear layers, plain ones and with a bias; a TypeError names the layer
    that does not fit.
    """

    def stacked(layers: Sequence[nn.Module]) -> nn.Module:
        first = layers[0]
        if type(first) is nn.Linear and first.bias is not None:  # not its subclasses, which compute something else
            return StackedLinear(cast(Sequence[nn.Linear], layers))
        if any(True for _ in first.parameters(recurse=False)):
            raise TypeError(
                "A population can stack networks of plain linear layers with a bias only, "
                f"and {type(first).__name__} has weights too."
            )
        together = copy.copy(first)
        together._buffers = {
            name: None if own is None else torch.stack([layer.get_buffer(name) for layer in layers])
            for name, own in first._buffers.items()
        }
        if isinstance(together, AcrossSamples):
            together.batch_axis = 1
        together._modules = {
            name: stacked([layer.get_submodule(name) for layer in layers]) for name, _ in first.named_children()
        }
        return together

    return stacked(networks)


def unstack(network: nn.Module, member: int) -> nn.Module:
    """One member of a stacked network as a network of its own, [batch, ...] to [batch, ...], with the same weights.

    The weights are shared, not copied: they change as the population trains.
    """
    if isinstance(network, StackedLinear):
        training = network.training
        weight = network.eval().weight[member].detach()  # in training, spectral norm would take a step to tell it
        bias = network.train(training).bias[member, :, 0].detach()
        with torch.device("meta"):
            layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight, layer.bias = nn.Parameter(weight), nn.Parameter(bias)
        return layer
    alone = copy.copy(network)
    alone._buffers = {name: None if own is None else own[member] for name, own in network._buffers.items()}
    if isinstance(alone, AcrossSamples):
        alone.batch_axis = 0
    alone._modules = {name: unstack(child, member) for name, child in network.named_children()}
    return alone


def population(
    make: Callable[[], tuple[nn.Module, nn.Module]], seeds: Sequence[int], *, settings: int = 1, **options: Any
) -> GAN:
    """A GAN of `settings` × `seeds` members: member `s * len(seeds) + k` has setting s and seed `seeds[k]`.

    `make` returns a fresh generator and discriminator; each member's are made after seeding torch with its seed. The
    seed also decides the member's batches, so settings differ by nothing else. `options` go to `GAN`.
    """
    member_seeds = [seed for _, seed in product(range(settings), seeds)]
    pairs = []
    for seed in member_seeds:
        torch.manual_seed(seed)
        pairs.append(make())
    generators, discriminators = zip(*pairs, strict=True)
    return GAN(stack(generators), stack(discriminators), seed=member_seeds, **options)


def by_setting(*choices: Callable) -> Callable:
    """A loss that gives each setting of a population its own: the first loss to the first setting, and so on."""

    def loss(real_scores: Tensor, fake_scores: Tensor) -> tuple[Tensor, ...]:
        shares = zip(choices, real_scores.chunk(len(choices)), fake_scores.chunk(len(choices)), strict=True)
        results = [choice(real, fake) for choice, real, fake in shares]
        return type(results[0])(*map(torch.cat, zip(*results, strict=True)))

    return loss


class SpectralNorm(nn.Module):
    """A weight [..., outputs, inputs] divided by its largest singular value, found by one power iteration a step.

    Miyato et al. 2018, arXiv:1802.05957, equation 8 and algorithm 1.
    """

    direction: Tensor

    def __init__(self, weight: Tensor):
        super().__init__()
        self.register_buffer("direction", normalize(torch.ones_like(weight[..., :1]), dim=-2))

    def forward(self, weight: Tensor) -> Tensor:
        with torch.no_grad():
            back = normalize(weight.mT @ self.direction, dim=-2)
            direction = normalize(weight @ back, dim=-2)
            if self.training:
                self.direction.copy_(direction)
        return weight / (direction.mT @ weight @ back)


def spectral_norm(network: nn.Module) -> nn.Module:
    """Normalise every layer of a stacked network, in place, each member by itself."""
    for layer in network.modules():
        if isinstance(layer, StackedLinear):
            register_parametrization(layer, "weight", SpectralNorm(layer.weight.detach()))
    return network


class MemberAdam(torch.optim.Optimizer):
    """Adam in which every member of a population has a learning rate of its own: `lr` is a number or [members].

    `optimism` adds that share of the difference between this step and the last one (Daskalakis et al. 2018,
    arXiv:1711.00141, algorithm 1, at 1), and after a step all weights are clipped to ±`bound` (Arjovsky et al. 2017,
    arXiv:1701.07875, algorithm 1). Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
    """

    def __init__(self, parameters, lr=1e-3, betas=(0.5, 0.99), eps=1e-8, optimism=0.0, bound=math.inf):
        super().__init__(parameters, {"lr": lr, "betas": betas, "eps": eps, "optimism": optimism, "bound": bound})

    @torch.no_grad()
    def step(self, closure=None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self.move(parameter, parameter.grad, self.state[parameter], **group)

    def move(self, parameter, gradient, state, *, lr, betas, eps, optimism, bound, **_) -> None:
        """Move one parameter [members, ...] along its gradient."""
        if not state:
            state["step"] = 0
            state["mean"], state["square"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
        state["step"] += 1
        state["mean"].lerp_(gradient, 1 - betas[0])
        state["square"].lerp_(gradient.square(), 1 - betas[1])
        corrections = [1 - beta ** state["step"] for beta in betas]
        size = (state["square"] / corrections[1]).sqrt_().add_(eps)
        move = state["mean"].div(size).mul_(1 / corrections[0])
        if isinstance(lr, Tensor):
            lr = lr.reshape(-1, *[1] * (parameter.dim() - 1))
        if optimism:
            previous, state["move"] = state.get("move", move), move
            move = move + optimism * (move - previous)
        parameter.sub_(lr * move)
        if math.isfinite(bound):
            parameter.clamp_(-bound, bound)
