"""Checks of an unpaired training by cycles: from what each player learns, and how bold thin digits come out."""

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d, pad, softplus

from gan_lessons.checks import flat, gradients, listed, require, slopes
from gan_lessons.checks.eight import MEMBERS, check_rounds, eight_of, noted
from gan_lessons.checks.matched import PIXELS, own_digits
from gan_lessons.gan import GAN
from gan_lessons.networks.points import PointDiscriminator, PointGenerator

CYCLE = 5.0  # the weight of the cycle loss
SLOW = 0.05  # the rate of the spied optimisers


class Typefaces(NamedTuple):
    """Digits of your own, [count, 64] each: thin ones, others in bold, and some held out in both forms."""

    thin: Tensor
    bold: Tensor
    unseen: Tensor
    hidden_truth: Tensor


class Turned(NamedTuple):
    """Eight held-out digits, what a GAN makes of them, that on its way home, and the hidden truth, [8, 1, 8, 8]."""

    thin: Tensor
    made: Tensor
    home: Tensor
    hidden_truth: Tensor


def emboldened(pictures: Tensor) -> Tensor:
    """Digits [count, 64] whose strokes are a pixel wider, to the right and below."""
    framed = pad(pictures.view(-1, 1, 8, 8), (1, 0, 1, 0), value=-1.0)
    return max_pool2d(framed, 2, stride=1).flatten(1)


def typefaces(seed: int = 0) -> Typefaces:
    """Your four digits in two typefaces. No digit to learn from is there in both."""
    pictures = own_digits(seed).pictures
    pictures = pictures[torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))]
    thin, others, unseen = pictures.tensor_split([len(pictures) * 2 // 5, len(pictures) * 4 // 5])
    return Typefaces(thin, emboldened(others), unseen, emboldened(unseen))


class Adds(nn.Module):
    """A translation that adds to its picture."""

    def __init__(self):
        super().__init__()
        self.layers = PointGenerator(PIXELS, PIXELS, width=48, depth=1, activation=nn.LeakyReLU)

    def forward(self, pictures: Tensor) -> Tensor:
        return pictures + self.layers(pictures)


class BothWays(nn.Module):
    """Two translations: `there`, from thin to bold, and `back`."""

    def __init__(self):
        super().__init__()
        self.there, self.back = Adds(), Adds()

    def forward(self, thin: Tensor, bold: Tensor) -> tuple[Tensor, Tensor]:
        return self.there(thin), self.back(bold)


class OfEither(nn.Module):
    """Two discriminators: `of_thin`, and `of_bold`."""

    def __init__(self):
        super().__init__()
        self.of_thin, self.of_bold = (PointDiscriminator(PIXELS, 48, activation=nn.LeakyReLU) for _ in range(2))

    def forward(self, thin: Tensor, bold: Tensor) -> tuple[Tensor, Tensor]:
        return self.of_thin(thin), self.of_bold(bold)


def eight_cycle_gans(seed: int = 0, rate: float = 3e-3) -> GAN:
    """Eight untrained CycleGANs in one: networks that take [8, n, 64]."""
    return eight_of(lambda: (BothWays(), OfEither()), seed, PIXELS, rate)


def check_cycles(answer: Callable, seed: int, rounds: int, batch: int = 6) -> None:
    """Let an answer play single rounds, and compare what either player learns from."""
    gan, notes = noted(eight_cycle_gans(seed), SLOW)
    random = torch.Generator().manual_seed(seed)
    batches = (tuple(torch.randn(2, MEMBERS, batch, PIXELS, generator=random)) for _ in range(rounds))
    check_rounds(answer, gan, notes, batches, learned)


def learned(gan: GAN, x: Tensor, y: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    ways: Any = copy.deepcopy(gan.generator)
    judges: Any = copy.deepcopy(gan.discriminator)
    weights, theirs = list(judges.parameters()), list(ways.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def turn(real: int = -1, fake: int = 1, crossed: bool = False) -> Tensor:
        first, second = (judges.of_thin, judges.of_bold)[:: -1 if crossed else 1]
        made_y, made_x = ways(x, y)
        loss = 0 * softplus(first(x))
        if real:
            loss = loss + softplus(real * judges.of_thin(x)) + softplus(real * judges.of_bold(y))
        if fake:
            loss = loss + softplus(fake * first(made_x)) + softplus(fake * second(made_y))
        return flat(slopes(loss.mean(-1).sum(), weights))

    right = turn()
    mistakes = [
        ("another kind's judge", turn(crossed=True)),
        ("real and fake swapped", turn(1, -1)),
        ("fakes forgotten", turn(fake=0)),
        ("real forgotten", turn(real=0)),
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / MEMBERS),
        ("halved", right / 2),
        ("nothing learned", torch.zeros_like(right)),
    ]

    def slope(loss: Tensor) -> Tensor:
        return flat(slopes(loss.mean(-1).sum(), theirs))

    made_y, made_x = ways(x, y)

    def convinced(sign: int = -1, crossed: tuple[bool, bool] = (False, False)) -> Tensor:
        of_y = judges.of_thin if crossed[0] else judges.of_bold
        of_x = judges.of_bold if crossed[1] else judges.of_thin
        return softplus(sign * of_y(made_y)) + softplus(sign * of_x(made_x))

    stale = convinced()
    leak = flat(slopes((softplus(judges.of_thin(made_x)) + softplus(judges.of_bold(made_y))).mean(-1).sum(), theirs))
    home_x, home_y = ways.back(made_y), ways.there(made_x)
    cycle_x, cycle_y = (home_x - x).abs(), (home_y - y).abs()
    cycle = CYCLE * (cycle_x + cycle_y).mean(-1)
    stale_slope = slope(stale + cycle)
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    adversarial = convinced()
    fresh = slope(adversarial + cycle)
    detached = (ways.back(made_y.detach()) - x).abs() + (ways.there(made_x.detach()) - y).abs()
    still = (home_x - made_y).abs() + (home_y - made_x).abs()
    squares = (home_x - x).square() + (home_y - y).square()
    astray = (ways.there(made_y) - x).abs() + (ways.back(made_x) - y).abs()
    mistakes_theirs = [
        ("nothing learned", torch.zeros_like(fresh)),
        *(
            ("another kind's judge", slope(convinced(crossed=each) + cycle))
            for each in ((True, True), (True, False), (False, True))
        ),
        ("discriminator's loss", slope(convinced(1) + cycle)),
        ("cycle forgotten", slope(adversarial)),
        ("cycle alone", slope(cycle)),
        ("cycle without its weight", slope(adversarial + cycle / CYCLE)),
        ("cycle of one kind", slope(adversarial + CYCLE * cycle_x.mean(-1))),
        ("cycle of one kind", slope(adversarial + CYCLE * cycle_y.mean(-1))),
        ("translation cut off from its cycle", slope(adversarial + CYCLE * detached.mean(-1))),
        ("cycle to the translation", slope(adversarial + CYCLE * still.mean(-1))),
        ("the same way twice", slope(adversarial + CYCLE * astray.mean(-1))),
        ("cycle squared", slope(adversarial + CYCLE * squares.mean(-1))),
        ("cycle summed over pixels", slope(adversarial + PIXELS * cycle)),
        ("stale scores", stale_slope),
        ("leaking turn", fresh + left_theirs + leak),
        ("forgotten zero_grad", fresh + left_theirs),
        ("mean over the GANs", fresh / MEMBERS),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]


def reached(name: str, gan: GAN, faces: Typefaces, members: int = MEMBERS // 2, most: float = 0.75) -> Turned:
    """Require that so many members bring held-out digits that much nearer to their hidden truth; return some.

    A translation's distance (L1) is a share of that of the thin digits themselves.
    """
    ways: Any = gan.generator
    with torch.inference_mode():
        made = ways.there(faces.unseen.expand(MEMBERS, -1, -1))
        home = ways.back(made).clamp(-1, 1)
    made, untouched = made.clamp(-1, 1), (faces.unseen - faces.hidden_truth).abs().mean()
    apart = (made - faces.hidden_truth).abs().mean((-2, -1)) / untouched
    round_trip = (home - faces.unseen).abs().mean()
    wanted = f"GANs whose bold digits are at most {most:.0%} as far from the hidden truth as thin ones"
    told = f"{listed(apart, '.0%')}; a round trip ends {round_trip:.2f} from its start"
    require(name, apart <= most, members, wanted, told, "digits untouched")
    shown = [faces.unseen, made[0], home[0], faces.hidden_truth]
    return Turned(*(each[:8].view(-1, 1, 8, 8) for each in shown))
