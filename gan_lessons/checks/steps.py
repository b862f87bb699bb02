"""Checks of a training step: from what each player learns, and what a population reaches with it."""

import copy
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.checks import CheckError, call, compare, flat, gradients, length, listed, require, slopes
from gan_lessons.checks.cards import task
from gan_lessons.data.points import Mixture, ring
from gan_lessons.losses import Losses, relativistic
from gan_lessons.metrics.modes import mode_scores
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.penalties import r1_and_r2
from gan_lessons.populations import population
from gan_lessons.training import GAN, adam, draw

PLAYERS = ["discriminator", "generator"]


class Spy(torch.optim.SGD):
    """An optimiser that notes the gradient with which it is asked to step."""

    def __init__(self, player: str, parameters: Any, notes: list[tuple[str, Tensor]]):
        super().__init__(parameters, lr=0.1)
        self.player, self.notes = player, notes

    def step(self, closure: Any = None) -> Any:
        self.notes.append((self.player, flat(gradients(self.param_groups[0]["params"]))))
        return super().step(closure)


@task
def step(answer: Callable, seed: int = 0, batch: int = 8, rounds: int = 3) -> None:
    """Check step(gan, loss, penalty, real, noise): each player's gradient, in every round."""
    torch.manual_seed(seed)
    notes: list[tuple[str, Tensor]] = []
    gan = GAN(PointGenerator(width=16), PointDiscriminator(width=16, activation=nn.Tanh), noise_dim=2)
    gan.generator_optimizer = Spy("generator", gan.generator.parameters(), notes)
    gan.discriminator_optimizer = Spy("discriminator", gan.discriminator.parameters(), notes)
    for number in range(1, rounds + 1):
        real, noise = 2 + torch.randn(batch, 2), torch.randn(2, batch, 2)
        expected = one_round(gan, real, noise)
        notes.clear()
        call(answer, gan, relativistic, r1_and_r2, real, noise)
        check_turns(answer.__name__, [player for player, _ in notes])
        for (player, yours), (truth, mistakes) in zip(notes, expected, strict=True):
            compare(f"{answer.__name__}, round {number}: the {player} learns from", yours, truth, mistakes, length)


def check_turns(name: str, turns: list[str]) -> None:
    """Raise a CheckError unless the discriminator's optimiser has stepped, then the generator's."""
    if turns == PLAYERS:
        return
    order = ", then the ".join(f"{player}'s" for player in turns) or "nobody's"
    mistake = "wrong number of steps"
    if len(turns) == 2:
        mistake = "wrong order" if turns == PLAYERS[::-1] else "wrong optimiser"
    raise CheckError(mistake, f"{name}: the optimisers' steps, in your order: the {order}")


def one_round(gan: GAN, real: Tensor, noise: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def gradient(player: str, index: int, parameters: Sequence[Tensor]) -> Tensor:
        losses = relativistic(discriminator(real), discriminator(generator(noise[index])))
        return flat(slopes(getattr(losses, player), parameters))

    def smooth(index: int) -> Tensor:
        return flat(slopes(r1_and_r2(discriminator, real, generator(noise[index])), weights))

    alone, penalty = gradient("discriminator", 0, weights), smooth(0)
    right = alone + penalty
    mistakes = [
        ("forgotten zero_grad", right + left),
        ("forgotten penalty", alone),
        ("penalty subtracted", alone - penalty),
        ("generator's loss", gradient("generator", 0, weights) + penalty),
        ("other noise", gradient("discriminator", 1, weights) + smooth(1)),
        ("stale scores", right + gradient("generator", 1, weights)),
        ("nothing learned", torch.zeros_like(right)),
    ]
    leak, stale = gradient("discriminator", 0, theirs), gradient("generator", 1, theirs)
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - 0.1 * right, weights)
    fresh = gradient("generator", 1, theirs)
    mistakes_theirs = [
        ("leaking turn", fresh + left_theirs + leak),
        ("forgotten zero_grad", fresh + left_theirs),
        ("discriminator's loss", gradient("discriminator", 1, theirs)),
        ("stale scores", stale),
        ("other noise", gradient("generator", 0, theirs)),
        ("nothing learned", torch.zeros_like(fresh)),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]


def islands(seed: int = 0) -> Mixture:
    """Eight islands on a ring of radius 2, turned by an angle of your own."""
    mixture, angle = ring(std=0.1), torch.tensor(float(seed % 45)).deg2rad()
    turn = torch.tensor([[angle.cos(), angle.sin()], [-angle.sin(), angle.cos()]])
    return Mixture(mixture.centres @ turn, mixture.std)


@task
def reach(answer: Callable, seed: int = 0, members: int = 8, steps: int = 200) -> Tensor:
    """Train a population with your step; half of it should cover 7 of 8 modes. Return samples [members, 500, 2].

    Of 96 such GANs, 94 % cover 7 modes after 200 steps, so that half of eight nearly always do.
    """
    mixture = islands(seed)
    data = mixture.sample(5000, seed)

    def players() -> tuple[nn.Module, nn.Module]:
        return PointGenerator(width=32, activation=nn.LeakyReLU), PointDiscriminator(width=32, activation=nn.LeakyReLU)

    def loss(real_scores: Tensor, fake_scores: Tensor) -> Losses:
        return Losses(*(each.sum() for each in relativistic(real_scores, fake_scores)))

    def penalty(discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        return r1_and_r2(discriminator, real, fake, weight=0.1).sum()

    gan = population(players, range(seed, seed + members), noise_dim=2, optimizer=partial(adam, lr=5e-3))
    while gan.step < steps:
        (batch,), noise = draw(gan, data, batch=64)
        call(answer, gan, loss, penalty, batch.real, noise[:, 0])
        gan.step += 1
    samples = gan.sample(500, seed, average=False)
    modes = mode_scores(samples, mixture).modes
    what = f"{members} GANs after {steps} steps"
    require(what, modes >= 7, members // 2, "with 7 or 8 modes", f"modes: {listed(modes)}", "too few modes")
    return samples
