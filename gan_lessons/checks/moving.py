"""Checks of a training that learns how a digit moves: what D is shown, and how far from the law the paths are."""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_lessons.checks import flat, gradients, listed, own, require, slopes
from gan_lessons.checks.eight import MEMBERS, check_rounds, eight_of, noted
from gan_lessons.data.videos import ROOM, moving_digits, paths, placed, velocities
from gan_lessons.gan import GAN
from gan_lessons.metrics.videos import fit
from gan_lessons.networks.points import mlp

FRAMES, NOISE = 10, 8  # of a path; noise
SLOW = 0.02  # the rate of the spied optimisers


class PathGenerator(nn.Module):
    """Noise [..., n, 8] to places [..., 10 frames, n, 2], all frames at once: nothing of the law is built in."""

    def __init__(self, width: int = 64):
        super().__init__()
        self.layers = mlp(NOISE, 2 * FRAMES, width, 2, nn.LeakyReLU)

    def forward(self, noise: Tensor) -> Tensor:
        bounded = ROOM / 2 * (1 + 1.2 * torch.tanh(self.layers(noise)))
        return bounded.unflatten(-1, (FRAMES, 2)).transpose(-2, -3)


class PathDiscriminator(nn.Module):
    """The places of ten frames, [..., n, 20], to scores [..., n]."""

    def __init__(self, width: int = 64):
        super().__init__()
        self.layers = mlp(2 * FRAMES, 1, width, 2, nn.LeakyReLU)

    def forward(self, clips: Tensor) -> Tensor:
        return self.layers(clips / (ROOM / 2) - 1).squeeze(-1)


def eight_movers(seed: int = 0, rate: float = 8e-3) -> GAN:
    """Eight untrained GANs of paths in one."""

    def players() -> tuple[nn.Module, nn.Module]:
        return PathGenerator(), PathDiscriminator()

    return eight_of(players, seed, NOISE, rate)


def real_paths(count: int, random: torch.Generator) -> Tensor:
    """Paths by the law for each of eight GANs, frame by frame, [8, 10, count, 2]."""
    every = MEMBERS * count
    found = paths(ROOM * torch.rand(every, 2, generator=random), velocities(every, random), FRAMES)
    return found.unflatten(0, (MEMBERS, count)).transpose(1, 2).contiguous()


def rounds_of(seed: int, steps: int, batch: int = 64) -> list[tuple[Tensor, Tensor]]:
    """Real paths [8, 10, batch, 2] and noise [2, 8, batch, 8] for so many rounds."""
    random = torch.Generator().manual_seed(seed)
    real = real_paths(steps * batch, random).split(batch, 2)
    noise = torch.randn(steps, 2, MEMBERS, batch, NOISE, generator=random)
    return list(zip(real, noise, strict=True))


def check_clips(answer: Callable, seed: int, rounds: int) -> None:
    """Let an answer play single rounds, and compare what either player learns from."""
    gan, notes = noted(eight_movers(seed), SLOW)
    check_rounds(answer, gan, notes, rounds_of(seed, rounds, batch=16), learned)


def arranged(places: Tensor, way: str = "") -> Tensor:
    """Places [8, 10, n, 2] as D is to see them, the frames of one path in a row, [8, n, 20]; or with a mistake."""
    if way == "frames of other clips":
        return places.reshape(MEMBERS, -1, 2 * FRAMES)
    if way == "across, then down":
        return places.permute(0, 2, 3, 1).flatten(2)
    if way == "film backwards":
        return places.flip(1).transpose(1, 2).flatten(2)
    return places.transpose(1, 2).flatten(2)


def learned(gan: GAN, real: Tensor, noise: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def turn(ways: tuple[str, str] = ("", ""), signs: tuple[int, int] = (-1, 1), index: int = 0) -> Tensor:
        pairs = zip((real, generator(noise[index])), ways, signs, strict=True)
        losses = [abs(sign) * softplus(sign * discriminator(arranged(one, way))) for one, way, sign in pairs]
        return flat(slopes(sum(losses).mean(-1).sum(), weights))  # type: ignore[union-attr]

    def answered(way: str = "", sign: int = -1, index: int = 1) -> Tensor:
        scores = discriminator(arranged(generator(noise[index]), way))
        return flat(slopes(softplus(sign * scores).mean(-1).sum(), theirs))

    right, stale = turn(), answered()
    mistakes = [
        ("frames of other clips", turn(("frames of other clips",) * 2)),
        ("real clips woven", turn(("frames of other clips", ""))),
        ("fake clips woven", turn(("", "frames of other clips"))),
        ("across, then down", turn(("across, then down",) * 2)),
        ("film backwards", turn(("film backwards",) * 2)),
        ("real and fake swapped", turn(signs=(1, -1))),
        ("fakes forgotten", turn(signs=(-1, 0))),
        ("real forgotten", turn(signs=(0, 1))),
        ("other noise", turn(index=1)),
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / MEMBERS),
        ("nothing learned", torch.zeros_like(right)),
    ]
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    fresh = answered()
    mistakes_theirs = [
        ("fake clips woven", answered("frames of other clips")),
        ("across, then down", answered("across, then down")),
        ("nothing learned", torch.zeros_like(fresh)),
        ("discriminator's loss", answered(sign=1)),
        ("other noise", answered(index=0)),
        ("stale scores", stale),
        ("forgotten zero_grad", fresh + left_theirs),
        ("mean over the GANs", fresh / MEMBERS),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]


def off_the_law(made: Tensor) -> Tensor:
    """The median residual of each member's paths [8, n, 10, 2], in pixels."""
    return torch.stack([fit(each).residual.median() for each in made])


def reached(name: str, gan: GAN, seed: int, members: int = MEMBERS // 2, most: float = 2.5) -> Tensor:
    """Require that so many members' paths are that near to the law; return paths of each, [8, 100, 10, 2]."""
    noise = torch.randn(MEMBERS, 100, NOISE, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        made = gan.generator(noise).transpose(1, 2)
    residuals = off_the_law(made)
    wanted = f"GANs with a residual of at most {most} pixels"
    require(name, residuals <= most, members, wanted, listed(residuals, ".1f"), "off the law")
    return made


def own_digit(seed: int = 0) -> Tensor:
    """A handwritten digit of your own as it moves, [1, 16, 16]."""
    known = moving_digits(held_out=True).samples
    return known[own(seed, "digit", range(len(known)))]


def drawn(made: Tensor, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Your digit on eight real paths, and on the first of each of eight GANs, [8, 1, 10, 32, 32] each."""
    real = real_paths(1, torch.Generator().manual_seed(seed))[:, :, 0]
    digit = own_digit(seed).expand(MEMBERS, -1, -1, -1)
    return placed(digit, real), placed(digit, made[:, 0])
