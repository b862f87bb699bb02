"""Checks of losses and penalties that go through networks: who gets which gradient."""

from collections.abc import Callable, Sequence
from math import prod

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from gan_lessons.checks import CheckError, call, compare, finite, flat, gradients, length, slopes
from gan_lessons.checks.cards import task
from gan_lessons.networks.points import PointGenerator, mlp


@task
def discriminator_loss(answer: Callable, seed: int = 0, batch: int = 6, label: float = 0.9) -> None:
    """Check discriminator_loss(generator, discriminator, real, noise, label) on points, and on huge scores."""
    torch.manual_seed(seed)
    generator, discriminator = PointGenerator(width=16), judge(features=2)
    weights, real, noise = list(discriminator.parameters()), 2 + torch.randn(batch, 2), torch.randn(batch, 2)

    def entropy(samples: Tensor, label: float) -> Tensor:
        scores = discriminator(samples)
        return binary_cross_entropy_with_logits(scores, torch.full_like(scores, label))

    name, fake = answer.__name__, generator(noise).detach()
    from_real, from_fake = entropy(real, label), entropy(fake, 0)
    yours, expected = call(answer, generator, discriminator, real, noise, label), from_real + from_fake
    if flat(gradients(weights)).any():
        raise CheckError("backward inside", f"{name} has already called `backward`")
    chances = discriminator(real).sigmoid(), discriminator(fake).sigmoid()
    twice = [
        binary_cross_entropy_with_logits(chance, torch.full_like(chance, target))
        for chance, target in zip(chances, (label, 0.0), strict=True)
    ]
    mistakes = [
        ("sigmoid twice", twice[0] + twice[1]),
        ("real and fake swapped", entropy(fake, label) + entropy(real, 0)),
        ("generator's loss", from_real + entropy(fake, 1)),
        ("fakes smoothed", from_real + entropy(fake, 1 - label)),
        ("not smoothed", entropy(real, 1) + from_fake),
        ("second term dropped", label * entropy(real, 1) + from_fake),
        ("noise scored", from_real + entropy(noise, 0)),
        ("fakes forgotten", from_real),
        ("real forgotten", from_fake),
        ("wrong sign", -expected),
        ("halved", expected / 2),
        ("summed", expected * batch),
    ]
    compare(f"{name}, batch of {batch}", yours, expected, mistakes)
    if not yours.requires_grad:
        raise CheckError("no gradient", f"{name}: no gradient reaches the discriminator")
    yours.backward()
    if flat(gradients(generator.parameters())).any():
        raise CheckError("forgotten detach", f"{name}: the generator gets a gradient, and should get none")
    right, only_real = flat(slopes(expected, weights)), flat(slopes(from_real, weights))
    mistakes = [("scores detached", only_real), ("no gradient", torch.zeros_like(right))]
    compare(f"{name}: the discriminator gets", flat(gradients(weights)), right, mistakes, length)
    with torch.no_grad():
        weights[-2].mul_(1000)
        truth = entropy(real, label) + entropy(fake, 0)
        finite(f"{name}, scores in the thousands", call(answer, generator, discriminator, real, noise, label), truth)


@task
def r1(
    answer: Callable,
    seed: int = 0,
    shapes: Sequence[tuple[int, ...]] = ((6, 2), (4, 1, 3, 3)),
    weight: float = 5.0,
) -> None:
    """Check r1(discriminator, real, fake, weight) on samples of these shapes."""
    for shape in shapes:
        torch.manual_seed(seed)
        discriminator, real, fake = judge(prod(shape[1:])), torch.randn(shape), torch.randn(shape)
        weights, what = list(discriminator.parameters()), f"{answer.__name__}, samples {list(shape)}"
        yours = call(answer, discriminator, real.clone(), fake.clone(), weight)
        if flat(gradients(weights)).any():
            raise CheckError("backward inside", f"{what}: the weights' `.grad` has changed")
        expected = weight / 2 * slope(discriminator, real).flatten(1).square().sum(1).mean()
        compare(what, yours, expected, r1_mistakes(discriminator, real, fake, weight))
        if not yours.requires_grad:
            raise CheckError("forgotten create_graph", f"{what}: no gradient reaches the discriminator")
        right = flat(slopes(expected, weights))
        nothing = [("forgotten create_graph", torch.zeros_like(right))]
        compare(f"{what}: the discriminator gets", flat(slopes(yours, weights)), right, nothing, length)


def r1_mistakes(discriminator: nn.Module, real: Tensor, fake: Tensor, weight: float) -> list[tuple[str, Tensor]]:
    """The values that R1 has after the usual mistakes."""
    each, count = slope(discriminator, real), len(real)
    squared = each.flatten(1).square().sum(1)
    at_fakes = slope(discriminator, fake).flatten(1).square().sum(1)
    off_one = (squared.sqrt() - 1).square()
    return [
        ("at the fakes", weight / 2 * at_fakes.mean()),
        ("real and fake", weight / 2 * (squared + at_fakes).mean()),
        ("square root", weight / 2 * squared.sqrt().mean()),
        ("not halved", weight * squared.mean()),
        ("weight forgotten", squared.mean() / 2),
        ("weight forgotten", squared.mean()),
        ("mean over coordinates", weight / 2 * each.square().mean()),
        ("last dimension only", weight / 2 * each.square().sum(-1).mean()),
        ("summed", weight / 2 * squared.sum()),
        ("slope of the mean", weight / 2 * squared.mean() / count**2),
        ("slope of the mean", weight / 2 * squared.sum() / count**2),
        ("towards one", weight * off_one.mean()),
        ("towards one", weight / 2 * off_one.mean()),
    ]


def judge(features: int) -> nn.Module:
    """A smooth discriminator for samples of any shape, with scores on both sides of ±1."""
    network = nn.Sequential(nn.Flatten(), *mlp(features, 1, 16, 1, nn.Tanh), nn.Flatten(0))
    nn.init.normal_(list(network.parameters())[-2])
    return network


def slope(discriminator: nn.Module, samples: Tensor) -> Tensor:
    """The gradient of each sample's score at the sample."""
    samples = samples.detach().requires_grad_()
    return torch.autograd.grad(discriminator(samples).sum(), samples, create_graph=True)[0]
