"""Checks of a training that makes shapes and sees silhouettes: what each player learns from, and what comes out."""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, softplus

from gan_lessons.checks import flat, gradients, listed, require, slopes
from gan_lessons.checks.eight import MEMBERS, check_rounds, eight_of, noted
from gan_lessons.data import shapes
from gan_lessons.data.shapes import FLOOR, Ranges
from gan_lessons.gan import GAN
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.networks.silhouettes import silhouettes

SIZE, NOISE = 8, 4
SLOW = 0.05  # the rate of the spied optimisers


def own_lamps(seed: int = 0, count: int = 60) -> Tensor:
    """Lamps of your own on thick stems, volumes [count, 1, 8, 8, 8]."""
    place = shapes.grid(SIZE)
    between = Ranges(torch.rand(count, 6, generator=torch.Generator().manual_seed(seed)))
    bottom, top, wide, narrow = between(0.0, 0.3), between(0.75, 0.9), between(0.55, 0.8), between(0.25, 0.45)
    radius = wide + (narrow - wide) * ((place[0] - bottom) / (top - bottom)).clamp(0, 1)
    shade = shapes.turned(place, radius, bottom, top)
    stem = shapes.turned(place, between(0.24, 0.3), FLOOR, bottom)
    foot = shapes.turned(place, between(0.4, 0.65), FLOOR, FLOOR + 0.3)
    return shapes.truncated(shapes.union(shade, stem, foot), SIZE)


def seen(volumes: Tensor, angles: Tensor) -> Tensor:
    """Silhouettes [8, n, 64] of volumes [8, n, 8, 8, 8] from angles [8, n]."""
    return silhouettes(volumes.reshape(-1, 1, SIZE, SIZE, SIZE), angles.flatten()).view(*angles.shape, -1)


class Enlarged(nn.Module):
    """A generator's last layer: volumes [8, n, 4, 4, 4] of any numbers to [8, n, 8, 8, 8] in (-1, 1)."""

    def forward(self, volumes: Tensor) -> Tensor:
        # the members stand where images have their batch; a student may want to `view` the volumes
        return interpolate(volumes, scale_factor=2, mode="trilinear").contiguous().tanh()


def players() -> tuple[nn.Module, nn.Module]:
    """A generator of volumes, made at half their side and enlarged, and a discriminator of silhouettes."""
    half = (SIZE // 2,) * 3
    generator = nn.Sequential(
        PointGenerator(NOISE, half[0] ** 3, width=48, activation=nn.LeakyReLU),
        nn.Unflatten(-1, half),
        Enlarged(),
    )
    return generator, PointDiscriminator(SIZE**2, width=48, activation=nn.LeakyReLU)


def eight_sculptors(seed: int = 0, rate: float = 5e-3) -> GAN:
    """Eight untrained GANs of shapes and silhouettes in one."""
    return eight_of(players, seed, NOISE, rate)


def views(lamps: Tensor, batch: int, random: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Silhouettes of lamps from random sides [8, n, 64], noise [2, 8, n, 4], and angles [2, 8, n] for the fakes."""
    angles = 2 * torch.pi * torch.rand(3, MEMBERS, batch, generator=random)
    chosen = lamps[torch.randint(len(lamps), (MEMBERS, batch), generator=random)]
    return seen(chosen, angles[2]), torch.randn(2, MEMBERS, batch, NOISE, generator=random), angles[:2]


def check_views(answer: Callable, seed: int, rounds: int, batch: int = 12) -> None:
    """Let an answer play single rounds, and compare what either player learns from."""
    gan, notes = noted(eight_sculptors(seed), SLOW)
    random, lamps = torch.Generator().manual_seed(seed), own_lamps(seed)
    check_rounds(answer, gan, notes, (views(lamps, batch, random) for _ in range(rounds)), learned)


def learned(gan: GAN, real: Tensor, noise: Tensor, angles: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))
    sides = {
        "always the same side": [angles.deg2rad(), 0 * angles, angles[:, :, :1].expand_as(angles)],
        "angles in degrees": [angles.rad2deg()],
        "angles of the other turn": [angles.flip(0)],
        "the wrong way round": [-angles],
    }

    def turn(real_sign: int, fake_sign: int, around: Tensor = angles, hard: bool = False) -> Tensor:
        volumes = generator(noise[0])
        fake = seen(volumes.sign() if hard else volumes, around[0])
        loss = softplus(real_sign * discriminator(real)) * abs(real_sign)
        loss = loss + softplus(fake_sign * discriminator(fake)) * abs(fake_sign)
        return flat(slopes(loss.mean(-1).sum(), weights))

    def answered(sign: int = -1, index: int = 1, around: Tensor = angles) -> Tensor:
        scores = discriminator(seen(generator(noise[index]), around[index]))
        return flat(slopes(softplus(sign * scores).mean(-1).sum(), theirs))

    right, stale = turn(-1, 1), answered()
    mistakes = [
        *((name, turn(-1, 1, around)) for name, some in sides.items() for around in some),
        ("voxels made hard", turn(-1, 1, hard=True)),
        ("real and fake swapped", turn(1, -1)),
        ("fakes forgotten", turn(-1, 0)),
        ("real forgotten", turn(0, 1)),
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / MEMBERS),
        ("nothing learned", torch.zeros_like(right)),
    ]
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    fresh = answered()
    mistakes_theirs = [
        ("nothing learned", torch.zeros_like(fresh)),
        ("discriminator's loss", answered(1)),
        *((name, answered(around=around)) for name, some in sides.items() for around in some),
        ("other noise", answered(index=0)),
        ("other noise", answered(index=0, around=angles.flip(0))),
        ("stale scores", stale),
        ("forgotten zero_grad", fresh + left_theirs),
        ("mean over the GANs", fresh / MEMBERS),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]


def overlaps(volumes: Tensor, lamps: Tensor) -> Tensor:
    """The IoU of each volume [..., 8, 8, 8] with the nearest of the lamps, by their IoU: [...]."""
    made, real = (some.flatten(-3).gt(0).double() for some in (volumes, lamps[:, 0]))
    both = made @ real.mT
    return (both / (made.sum(-1)[..., None] + real.sum(-1) - both)).amax(-1)


def reached(name: str, gan: GAN, lamps: Tensor, seed: int, members: int = MEMBERS // 2, least: float = 0.6) -> Tensor:
    """Require that so many members make shapes that overlap real ones so much; return volumes [8, 40, 1, 8, 8, 8]."""
    noise = torch.randn(MEMBERS, 40, NOISE, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        volumes = gan.generator(noise)
    shares = overlaps(volumes, lamps).mean(1)
    wanted = f"GANs with a mean IoU of {least:.2f} with the nearest real lamp"
    require(name, shares >= least, members, wanted, listed(shares, ".2f"), "no lamps in space")
    return volumes[:, :, None]
