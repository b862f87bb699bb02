"""Checks of a training that was broken in one line: what the mended one reaches over eight seeds."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.checks import CheckError, call, compare, length, listed, own, require
from gan_lessons.checks.steps import Spy, check_turns
from gan_lessons.data.points import Mixture, ring
from gan_lessons.metrics.modes import mode_scores
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.populations import population
from gan_lessons.training import GAN, adam

MEMBERS = 8


def own_ring(seed: int, std: float = 0.1) -> Mixture:
    """Islands on a ring of your own: between six and nine of them, turned by an angle."""
    mixture = ring(own(seed, "modes", [6, 7, 8, 9]), own(seed, "radius", [1.8, 1.9, 2.0, 2.1, 2.2]), std)
    angle = torch.tensor(float(own(seed, "angle", range(45)))).deg2rad()
    turn = torch.tensor([[angle.cos(), angle.sin()], [-angle.sin(), angle.cos()]])
    return Mixture(mixture.centres @ turn, std)


def players(dims: int = 2, width: int = 32) -> tuple[nn.Module, nn.Module]:
    """A small generator of points, and a small discriminator of `dims` numbers: of points, or of packs of points."""
    return (
        PointGenerator(width=width, activation=nn.LeakyReLU),
        PointDiscriminator(dims, width=width, activation=nn.LeakyReLU),
    )


def painters(noise_dim: int, pixels: int) -> tuple[nn.Module, nn.Module]:
    """A small generator of pictures [..., pixels] that ends in a tanh, and a small discriminator of them."""
    generator = PointGenerator(noise_dim, pixels, width=48, activation=nn.LeakyReLU)
    return nn.Sequential(generator, nn.Tanh()), PointDiscriminator(pixels, width=48, activation=nn.LeakyReLU)


def eight_of(make: Callable[[], tuple[nn.Module, nn.Module]], seed: int, noise_dim: int, rate: float) -> GAN:
    """Eight untrained GANs in one: networks that take [8, n, ...], and an optimiser for either player."""
    return population(make, range(seed, seed + MEMBERS), noise_dim=noise_dim, optimizer=partial(adam, lr=rate))


def eight_gans(seed: int = 0, rate: float = 5e-3, dims: int = 2) -> GAN:
    """Eight untrained GANs of points in one."""
    return eight_of(partial(players, dims), seed, 2, rate)


def spied(seed: int, rate: float, dims: int = 2) -> tuple[GAN, list[tuple[str, float, Tensor]]]:
    """Eight small GANs whose optimisers note who steps, at which rate and with which gradient."""
    return noted(eight_gans(seed, dims=dims), rate)


def noted(gan: GAN, rate: float) -> tuple[GAN, list[tuple[str, float, Tensor]]]:
    """A GAN with plain optimisers in place of its own, which note who steps, at which rate and with which gradient."""
    notes: list[tuple[str, float, Tensor]] = []

    class Note(Spy):
        def step(self, closure: Any = None) -> Any:
            found: list[tuple[str, Tensor]] = []
            self.notes = found
            result = super().step(closure)
            notes.append((self.player, float(self.param_groups[0]["lr"]), found[0][1]))
            return result

    for player in ("generator", "discriminator"):
        optimizer = Note(player, getattr(gan, player).parameters(), [])
        optimizer.param_groups[0]["lr"] = rate
        setattr(gan, f"{player}_optimizer", optimizer)
    return gan, notes


def check_rounds(
    answer: Callable,
    gan: GAN,
    notes: list[tuple[str, float, Tensor]],
    batches: Iterable[tuple[Tensor, ...]],
    learned: Callable[..., list[tuple[Tensor, list[tuple[str, Tensor]]]]],
    *more: Any,
) -> None:
    """Let an answer play a round with each batch, and compare what either player learns from.

    `learned(gan, *batch)` says that for the discriminators and the generators, with what the usual mistakes lead to.
    """
    for number, batch in enumerate(batches, 1):
        expected = learned(gan, *batch)
        notes.clear()
        call(answer, gan, [tuple(part.clone() for part in batch)], *more)
        check_turns(answer.__name__, [player for player, _, _ in notes])
        for (player, _, yours), (truth, mistakes) in zip(notes, expected, strict=True):
            compare(f"{answer.__name__}, round {number}: the {player}s learn from", yours, truth, mistakes, length)


def reached(
    name: str, gan: GAN, mixture: Mixture, seed: int, good: float = 0.0, members: int = MEMBERS // 2, lack: int = 1
) -> Tensor:
    """Require that so many members find all modes but `lack`, with that share of good samples; return the samples."""
    return found(name, gan.sample(500, seed, average=False), mixture, good, members, lack)


def found(
    name: str,
    samples: Tensor,
    mixture: Mixture,
    good: float = 0.0,
    members: int = MEMBERS // 2,
    lack: int = 1,
    kind: str = "GANs",
) -> Tensor:
    """The same of samples [8, n, 2] that are there already."""
    scores, modes = mode_scores(samples, mixture), len(mixture.centres)
    wanted = f"{kind} with {modes - lack} modes or all {modes}{f' and {good:.0%} good samples' if good else ''}"
    told = f"modes: {listed(scores.modes)}; good: {listed(scores.high_quality, '.0%')}"
    reach = (scores.modes >= modes - lack) & (scores.high_quality >= good)
    require(name, reach, members, wanted, told, "too few modes")
    return samples


def trained(answer: Callable, gan: GAN, *inputs: Any) -> GAN:
    """Let an answer train a population; a CheckError where it has broken it."""
    call(answer, gan, *inputs)
    if not all(weight.isfinite().all() for weight in gan.generator.parameters()):
        raise CheckError("diverged", f"{answer.__name__}: the generators' weights are no longer numbers")
    return gan
