"""Checks of a training that writes words: from which gradient each player learns, and how many words come out."""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot, softplus

from gan_lessons.checks import flat, gradients, listed, own, require, slopes
from gan_lessons.checks.eight import MEMBERS, check_rounds, eight_of, noted
from gan_lessons.gan import GAN
from gan_lessons.networks.points import PointDiscriminator, PointGenerator

LONG, NOISE, WORDS = 4, 6, 6  # letters a word, noise, words of a list
SLOW = 0.05  # the rate of the spied optimisers
ALPHABETS = ["AEMNS", "AILRT", "EORST", "ADEHN", "EILNP"]


def own_alphabet(seed: int = 0) -> str:
    """The five letters of your words."""
    return own(seed, "alphabet", ALPHABETS)


def own_words(seed: int = 0, words: int = WORDS) -> Tensor:
    """A list of different words of your own, by the numbers of their letters, [words, 4]."""
    every = torch.cartesian_prod(*[torch.arange(5)] * LONG)
    return every[torch.randperm(len(every), generator=torch.Generator().manual_seed(seed))[:words]]


def spelled(words: Tensor, seed: int = 0) -> list[str]:
    """Words [count, 4] in your letters."""
    return ["".join(own_alphabet(seed)[letter] for letter in word) for word in words.tolist()]


def shown(words: Tensor) -> Tensor:
    """Words [..., 4] as a discriminator sees them: a 1 in the place of each letter, [..., 20]."""
    return one_hot(words, 5).float().flatten(-2)


def hardened(logits: Tensor, way: str = "") -> Tensor:
    """Logits [..., 20] to letters [..., 20] with the gradient of their softmax, or with a mistake."""
    folded = logits.unflatten(-1, (-1, 5))
    soft = folded.softmax(-1)
    if way == "soft letters":
        return soft.flatten(-2)
    hard = one_hot(soft.argmax(-1), 5).float()
    carrier = folded if way == "gradient of the logits" else soft
    return (hard + carrier - carrier.detach()).flatten(-2)


def players() -> tuple[nn.Module, nn.Module]:
    return (
        PointGenerator(NOISE, 5 * LONG, width=32, activation=nn.LeakyReLU),
        PointDiscriminator(5 * LONG, width=32, activation=nn.LeakyReLU),
    )


def eight_writers(seed: int = 0, rate: float = 5e-3) -> GAN:
    """Eight untrained GANs of words in one."""
    return eight_of(players, seed, NOISE, rate)


def check_letters(answer: Callable, seed: int, rounds: int, batch: int = 16) -> None:
    """Let an answer play single rounds, and compare what either player learns from."""
    gan, notes = noted(eight_writers(seed), SLOW)
    random, words = torch.Generator().manual_seed(seed), own_words(seed)

    def one() -> tuple[Tensor, Tensor]:
        real = shown(words[torch.randint(len(words), (MEMBERS, batch), generator=random)])
        return real, torch.randn(2, MEMBERS, batch, NOISE, generator=random)

    check_rounds(answer, gan, notes, (one() for _ in range(rounds)), learned)


def learned(gan: GAN, real: Tensor, noise: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def turn(real_sign: int, fake_sign: int, way: str = "") -> Tensor:
        loss = softplus(real_sign * discriminator(real)) * abs(real_sign)
        loss = loss + softplus(fake_sign * discriminator(hardened(generator(noise[0]), way))) * abs(fake_sign)
        return flat(slopes(loss.mean(-1).sum(), weights))

    def answered(sign: int = -1, index: int = 1, way: str = "") -> Tensor:
        scores = discriminator(hardened(generator(noise[index]), way))
        return flat(slopes(softplus(sign * scores).mean(-1).sum(), theirs))

    right, stale = turn(-1, 1), answered()
    mistakes = [
        ("soft letters", turn(-1, 1, "soft letters")),
        ("real and fake swapped", turn(1, -1)),
        ("fakes forgotten", turn(-1, 0)),
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / MEMBERS),
        ("nothing learned", torch.zeros_like(right)),
    ]
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    fresh = answered()
    mistakes_theirs = [
        ("nothing learned", torch.zeros_like(fresh)),
        ("discriminator's loss", answered(1)),
        ("soft letters", answered(way="soft letters")),
        ("gradient of the logits", answered(way="gradient of the logits")),
        ("gradient twice", 2 * fresh),
        ("other noise", answered(index=0)),
        ("stale scores", stale),
        ("forgotten zero_grad", fresh + left_theirs),
        ("mean over the GANs", fresh / MEMBERS),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]


def reached(name: str, gan: GAN, words: Tensor, seed: int, members: int = MEMBERS // 2, least: float = 0.4) -> Tensor:
    """Require that so many members write words of the list that often; return samples [8, 300, 4]."""
    noise = torch.randn(MEMBERS, 300, NOISE, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        samples = gan.generator(noise).unflatten(-1, (-1, 5)).argmax(-1)
    valid = (samples[:, :, None] == words).all(-1).any(-1).float().mean(1)
    wanted = f"GANs that write a word of your list in {least:.0%} of their samples"
    require(name, valid >= least, members, wanted, listed(valid, ".0%"), "no words yet")
    return samples
