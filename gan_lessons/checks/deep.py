"""The check of a deep generator's first weights: their spread in every layer, and what eight such generators learn."""

import copy
import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.checks import CheckError, brief, call
from gan_lessons.checks.cards import say, task
from gan_lessons.checks.eight import MEMBERS, found, own_ring
from gan_lessons.data.points import Mixture
from gan_lessons.populations import stack

DEEP = [2, *[32] * 14, 2]
STD = 0.15  # of the islands


@task
def deep_generator(
    answer: Callable, seed: int = 0, shapes: Sequence[Sequence[int]] = ((2, 96, 24, 96, 24, 2),), steps: int = 300
) -> Tensor:
    """Check deep_generator(widths): the first weights for these widths, and what eight generators of 15 layers learn.

    Return their samples [8, 500, 2]. With the right weights all of 16 had all islands and 80 % good samples; with the
    sick ones one of eight came near to that.
    """
    for widths in shapes:
        torch.manual_seed(seed)
        check_weights(f"{answer.__name__}, widths {list(widths)}", call(answer, list(widths)), widths)
    return learned(answer, seed, steps)


def learned(answer: Callable, seed: int, steps: int) -> Tensor:
    """Teach eight deep generators from eight seeds; require that six of them have learned all islands but one."""
    made, mixture = [], own_ring(seed, STD)
    for member in range(MEMBERS):
        torch.manual_seed(seed + member)
        made.append(call(answer, list(DEEP)))
    samples = taught(call(stack, made), mixture, seed, steps)
    return found(answer.__name__, samples, mixture, good=0.6, members=6, kind="generators")


def check_weights(what: str, network: Any, widths: Sequence[int]) -> None:
    """Require He's first weights: variance 2 / inputs, and biases of 0."""
    if not isinstance(network, nn.Module):
        raise CheckError("not a network", f"{what}: yours is {brief(network)}")
    layers = [layer for layer in network.modules() if isinstance(layer, nn.Linear)]
    shapes = [(layer.in_features, layer.out_features) for layer in layers]
    if shapes != list(pairwise(widths)):
        raise CheckError("other layers", f"{what}: the layers lead {', '.join(f'from {a} to {b}' for a, b in shapes)}")
    for index, (layer, (inputs, outputs)) in enumerate(zip(layers, shapes, strict=True), 1):
        if inputs * outputs < 1000:  # too few weights to tell their spread
            continue
        due, yours = math.sqrt(2 / inputs), float(layer.weight.detach().square().mean().sqrt())
        said = f"{what}: layer {index}, {inputs} to {outputs}, weights of spread {yours:.3f}, expected {due:.3f}"
        mistakes = {
            "root forgotten": 2 / inputs,
            "outputs counted": math.sqrt(2 / outputs),
            "half the variance": math.sqrt(1 / inputs),
            "in and out averaged": math.sqrt(2 / (inputs + outputs)),
            "default weights": math.sqrt(1 / (3 * inputs)),
        }
        if float(layer.weight.detach().std()) < 0.01 * yours or yours == 0:
            raise CheckError("weights alike", said)
        if abs(yours / due - 1) > 0.08:
            named = (name for name, value in mistakes.items() if abs(yours / value - 1) < 0.08)
            raise CheckError(next(named, "first weights"), said)
        say(f"✓ {said}")
    if any(layer.bias is None or bool(layer.bias.any()) for layer in layers):
        raise CheckError("biases kept", f"{what}: some biases are not 0")
    check_ends(what, network, widths[0])


def check_ends(what: str, network: nn.Module, noise_dim: int) -> None:
    """Require ReLUs between the layers and none at the end, of a network without biases."""
    turned = copy.deepcopy(network)
    last = [layer for layer in turned.modules() if isinstance(layer, nn.Linear)][-1]
    with torch.no_grad():
        last.weight.neg_()
        noise = torch.randn(64, noise_dim)
        samples, opposite, negative = call(network, noise), call(network, -noise), call(turned, noise)
    if not torch.allclose(negative, -samples):
        raise CheckError("ReLU at the end", f"{what}: the samples are no longer a sum of what the last layer is given")
    if torch.allclose(opposite, -samples, rtol=1e-3):
        raise CheckError("ReLUs missing", f"{what}: the network is a linear map")
    say(f"✓ {what}: ReLUs between the layers, none at the end, biases of 0")


def taught(generators: nn.Module, mixture: Mixture, seed: int, steps: int) -> Tensor:
    """Tell eight generators the right island for all noise, by its angle; return 500 samples of each."""
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(generators.parameters(), lr=3e-3)
    for _ in range(steps):
        noise = torch.randn(MEMBERS, 128, 2)
        share = torch.atan2(noise[..., 1], noise[..., 0]) / (2 * math.pi) % 1
        islands = (share * len(mixture.centres)).long().clamp(max=len(mixture.centres) - 1)
        loss = (generators(noise) - mixture.centres[islands]).square().mean((1, 2)).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return generators(torch.randn(MEMBERS, 500, 2))
