"""Cats of 8 × 8 pixels, generators with a style at every layer, and the checks of a training that draws them."""

import copy
from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, relu, softplus

from gan_lessons.checks import flat, gradients, listed, own, require, slopes
from gan_lessons.checks.eight import MEMBERS, check_rounds, noted
from gan_lessons.data import avatars
from gan_lessons.gan import GAN
from gan_lessons.networks.points import SpreadDiscriminator
from gan_lessons.populations import population
from gan_lessons.training import adam

SIDE, COLOURS, COUNT = 8, 4, 600  # pixels of a side, kinds of cats, cats to learn from
PIXELS = 3 * SIDE**2
MAPS, PLACES, STYLE, NOISE = 8, 16, 24, 6  # of the generator
SLOW = 0.05  # the rate of the spied optimisers
NEAR = 0.15  # of the nearest cat, in root mean square, black to white being 1
BODIES = [[1, 2, 6, 8], [0, 1, 6, 8], [2, 6, 8, 9], [2, 4, 8, 13], [0, 8, 10, 13], [1, 2, 4, 8]]  # far apart

FUR, WORN = 0, (5, 7, 15)  # black hat, blue scarf, nothing


class Cats(NamedTuple):
    """Pictures [count, 192], and which of your four colours each has [count]."""

    pictures: Tensor
    colours: Tensor


@cache
def own_cats(seed: int = 0) -> Cats:
    """Cats in four colours of your own, some with a hat or a scarf; of eyes and mouths hardly anything is seen."""
    source, random = avatars.load("cats", 64), torch.Generator().manual_seed(seed)
    variants = torch.stack([torch.randint(int(count), (COUNT,), generator=random) for count in source.counts], 1)
    colours = torch.arange(COUNT) % COLOURS
    variants[:, 0] = torch.tensor(own(seed, "bodies", BODIES))[colours]
    variants[:, 1] = FUR
    variants[:, 4] = torch.tensor(WORN)[torch.arange(COUNT) // COLOURS % len(WORN)]
    return Cats(avg_pool2d(source.compose(variants), 64 // SIDE).flatten(1), colours)


class Constant(nn.Module):
    """The same learned maps for all noise: [..., NOISE] to [..., MAPS, PLACES]."""

    def __init__(self) -> None:
        super().__init__()
        self.learned = nn.Linear(1, MAPS * PLACES)

    def forward(self, noise: Tensor) -> Tensor:
        return self.learned(torch.ones_like(noise[..., :1])).unflatten(-1, (MAPS, PLACES))


class Layer(nn.Module):
    """Maps [..., MAPS, PLACES] to new ones, and what a style makes of them: `scale(style)`, `shift(style)`."""

    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Linear(MAPS * PLACES, MAPS * PLACES)
        self.scale, self.shift = (nn.Linear(STYLE, MAPS) for _ in range(2))
        nn.init.normal_(self.scale.weight, 0, 0.05 * STYLE**-0.5)  # small: 1 + a is to begin above 0
        nn.init.normal_(self.shift.weight, 0, STYLE**-0.5)

    def forward(self, maps: Tensor) -> Tensor:
        return self.mix(maps.flatten(-2)).unflatten(-1, (MAPS, PLACES))


class Parts(nn.Module):
    """The parts of a generator whose layers have styles; the training puts them together."""

    def __init__(self, depth: int = 2) -> None:
        super().__init__()
        first, second = nn.Linear(NOISE, STYLE), nn.Linear(STYLE, STYLE)
        for layer in (first, second):
            nn.init.kaiming_normal_(layer.weight, 0.2)
        self.mapping = nn.Sequential(first, nn.LeakyReLU(0.2), second, nn.LeakyReLU(0.2))
        self.constant = Constant()
        self.layers = nn.ModuleList([Layer() for _ in range(depth)])
        self.picture = nn.Sequential(nn.Flatten(-2), nn.Linear(MAPS * PLACES, PIXELS), nn.Tanh())

    def forward(self, noise: Tensor) -> Tensor:
        raise TypeError("this generator comes in parts; `draw` puts them together")


def normalised(maps: Tensor, dims: int | tuple[int, ...] = -1) -> Tensor:
    """Maps of mean 0 and standard deviation 1."""
    centred = maps - maps.mean(dims, keepdim=True)
    return centred / (centred.square().mean(dims, keepdim=True) + 1e-8).sqrt()


def drawn(generator: nn.Module, noise: Tensor, way: str = "") -> Tensor:
    """Pictures [..., 192] of noise [..., NOISE], by a style at every layer; or with a mistake."""
    style, maps = generator.mapping(noise), generator.constant(noise)  # type: ignore[operator]
    for layer in generator.layers:  # type: ignore[union-attr]
        maps = styled(layer(maps), layer.scale(style)[..., None], layer.shift(style)[..., None], way)
    return generator.picture(maps)  # type: ignore[operator]


def styled(maps: Tensor, scale: Tensor, shift: Tensor, way: str) -> Tensor:
    dims: dict[str, int | tuple[int, ...]] = {
        "normalised over the batch": (1, 3),
        "all maps normalised together": (-2, -1),
        "each place by itself": -2,
    }
    even = maps if way == "not normalised" else normalised(maps, dims.get(way, -1))
    return {
        "style washed out": lambda: relu(normalised((1 + scale) * maps + shift)),
        "shift washed out": lambda: relu((1 + scale) * normalised(maps + shift)),
        "scale washed out": lambda: relu(normalised((1 + scale) * maps) + shift),
        "scale without its one": lambda: relu(scale * even + shift),
        "shift scaled as well": lambda: relu((1 + scale) * (even + shift)),
        "without a ReLU": lambda: (1 + scale) * even + shift,
        "ReLU before the style": lambda: (1 + scale) * relu(even) + shift,
    }.get(way, lambda: relu((1 + scale) * even + shift))()


WAYS = (
    "style washed out", "shift washed out", "scale washed out", "not normalised", "normalised over the batch",
    "all maps normalised together", "each place by itself", "scale without its one", "shift scaled as well",
    "without a ReLU", "ReLU before the style",
)  # fmt: skip


def players() -> tuple[nn.Module, nn.Module]:
    return Parts(), SpreadDiscriminator(PIXELS, width=96, activation=nn.LeakyReLU)


def eight_gans(seed: int = 0, rate: float = 2e-3) -> GAN:
    """Eight untrained GANs of small cats in one."""
    # where a gradient is 0 but for rounding, Adam would take whole steps: eps is well above that
    make = partial(adam, lr=rate, eps=1e-6)
    return population(players, range(seed, seed + MEMBERS), noise_dim=NOISE, optimizer=make)


def own_batches(seed: int, steps: int, batch: int = 32) -> list[tuple[Tensor, Tensor]]:
    """Real cats [8, batch, 192] and noise [2, 8, batch, 6] for each step."""
    cats, random = own_cats(seed), torch.Generator().manual_seed(seed)

    def one() -> tuple[Tensor, Tensor]:
        some = torch.randint(COUNT, (MEMBERS, batch), generator=random)
        return cats.pictures[some], torch.randn(2, MEMBERS, batch, NOISE, generator=random)

    return [one() for _ in range(steps)]


def check_styles(answer: Callable, seed: int, rounds: int) -> None:
    """Let an answer play single rounds, and compare what either player learns from."""
    gan, notes = noted(eight_gans(seed), SLOW)
    check_rounds(answer, gan, notes, own_batches(seed, rounds, batch=8), learned)


def learned(gan: GAN, real: Tensor, noise: Tensor) -> list[tuple[Tensor, Any]]:
    """For either player, the gradient from which it should learn, and what each usual mistake leads to, lazily."""
    generator, before, after = (copy.deepcopy(each) for each in (gan.generator, gan.discriminator, gan.discriminator))
    weights, theirs = list(before.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def turn(real_sign: int = -1, fake_sign: int = 1, way: str = "", index: int = 0) -> Tensor:
        loss = softplus(real_sign * before(real)) * abs(real_sign)
        loss = loss + softplus(fake_sign * before(drawn(generator, noise[index], way))) * abs(fake_sign)
        return flat(slopes(loss.mean(-1).sum(), weights))

    def answered(sign: int = -1, index: int = 1, way: str = "", judge: nn.Module = after) -> Tensor:
        loss = softplus(sign * judge(drawn(generator, noise[index], way)))
        return flat(slopes(loss.mean(-1).sum(), theirs))

    right = turn()
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, after.parameters())
    fresh = answered()
    mistakes: dict[str, Callable[[], Tensor]] = {way: partial(turn, way=way) for way in WAYS} | {
        "real and fake swapped": lambda: turn(1, -1),
        "fakes forgotten": lambda: turn(-1, 0),
        "other noise": lambda: turn(index=1),
        "forgotten zero_grad": lambda: right + left,
        "mean over the GANs": lambda: right / MEMBERS,
        "nothing learned": lambda: torch.zeros_like(right),
    }
    mistakes_theirs: dict[str, Callable[[], Tensor]] = {way: partial(answered, way=way) for way in WAYS} | {
        "nothing learned": lambda: torch.zeros_like(fresh),
        "discriminator's loss": lambda: answered(1),
        "other noise": lambda: answered(index=0),
        "stale scores": lambda: answered(judge=before),
        "forgotten zero_grad": lambda: fresh + left_theirs,
        "mean over the GANs": lambda: fresh / MEMBERS,
    }
    return [
        (truth, ((name, work_out()) for name, work_out in known.items()))
        for truth, known in ((right, mistakes), (fresh, mistakes_theirs))
    ]


def reached(name: str, gan: GAN, seed: int, members: int = MEMBERS // 2, colours: int = 3) -> Tensor:
    """Require that so many members draw cats of several colours; return the pictures of all, [8, 200, 192].

    A colour counts if one picture in twenty is near a cat of it.
    """
    cats, noise = own_cats(seed), torch.randn(MEMBERS, 200, NOISE, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        pictures = drawn(gan.generator, noise)
        distance, which = torch.cdist(pictures, cats.pictures.expand(MEMBERS, -1, -1)).min(-1)
    near = distance / (2 * PIXELS**0.5) < NEAR
    of_colour = torch.stack([(near & (cats.colours[which] == k)).float().mean(1) for k in range(COLOURS)], 1)
    found = (of_colour >= 0.05).sum(1)
    wanted = f"GANs that draw cats of {colours} colours or more"
    require(name, found >= colours, members, wanted, f"colours: {listed(found)}", "no cats yet")
    return pictures
