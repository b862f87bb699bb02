"""Populations: many small GANs trained at once in one batch of tensors, by the losses and steps of a single one."""

import copy
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, cast

import torch
from torch import Tensor, nn

from gan_lessons.training import GAN


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
        together._modules = {
            name: stacked([layer.get_submodule(name) for layer in layers]) for name, _ in first.named_children()
        }
        return together

    return stacked(networks)


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
