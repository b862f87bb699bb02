"""Updates: how one step of training moves both players. `train` takes any of them in place of `alternating`.

Each takes `(gan, loss, real, noise, penalty)` with real samples [turns, ...] and noise [2, turns, ...], a turn for each
of D's steps, and returns both losses and both mean scores, for a population one number a member.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import functional_call

from gan_lessons.losses import Losses
from gan_lessons.training import GAN, alternating, discriminator_step, generator_step

Update = Callable[..., tuple]


def simultaneous(gan: GAN, loss: Callable, real: Tensor, noise: Tensor, penalty: Callable | None = None) -> tuple:
    """Both players take their gradients first, and only then move.

    Mescheder et al. 2018, arXiv:1801.04406, section 2.
    """
    with gan.autocast:
        with torch.no_grad():
            real_scores = gan.discriminator(real[-1])
        value = loss(real_scores, gan.discriminator(gan.generator(noise[1, -1]))).generator
    gan.generator_optimizer.zero_grad()
    value.sum().backward(inputs=list(gan.generator.parameters()))
    for turn_real, turn_noise in zip(real, noise[0], strict=True):
        discriminator_loss, *scores = discriminator_step(gan, loss, turn_real, turn_noise, penalty)
    gan.generator_optimizer.step()
    return discriminator_loss, value.detach(), *scores


def discriminator_only(gan: GAN, loss: Callable, real: Tensor, noise: Tensor, penalty: Callable | None = None) -> tuple:
    """D learns while G waits."""
    for turn_real, turn_noise in zip(real, noise[0], strict=True):
        value, *scores = discriminator_step(gan, loss, turn_real, turn_noise, penalty)
    with torch.no_grad():
        waiting = loss(gan.discriminator(real[-1]), gan.discriminator(gan.generator(noise[1, -1]))).generator
    return value, waiting, *scores


def generator_only(gan: GAN, loss: Callable, real: Tensor, noise: Tensor, penalty: Callable | None = None) -> tuple:
    """G learns while D waits."""
    value = generator_step(gan, loss, real[-1], noise[1, -1])
    with torch.no_grad():
        real_scores, fake_scores = gan.discriminator(real[-1]), gan.discriminator(gan.generator(noise[0, -1]))
    return loss(real_scores, fake_scores).discriminator, value, real_scores.mean(-1), fake_scores.mean(-1)


def unrolled(
    gan: GAN,
    loss: Callable,
    real: Tensor,
    noise: Tensor,
    penalty: Callable | None = None,
    *,
    steps: int = 5,
    rate: float = 0.1,
) -> tuple:
    """D learns; then G learns from the D that would answer it, `steps` steps of plain gradient descent ahead.

    G's gradient runs through those steps, so it sees what D will make of its move. Metz et al. 2017, arXiv:1611.02163,
    equations 7 to 9.
    """
    for turn_real, turn_noise in zip(real, noise[0], strict=True):
        discriminator_loss, *scores = discriminator_step(gan, loss, turn_real, turn_noise, penalty)
    weights: dict[str, Tensor] = dict(gan.discriminator.named_parameters())
    fake = gan.generator(noise[1, -1])

    def both(weights: dict[str, Tensor]) -> Losses:
        return loss(*(functional_call(gan.discriminator, weights, (samples,)) for samples in (real[-1], fake)))

    for _ in range(steps):
        value = both(weights).discriminator.sum()
        slopes = torch.autograd.grad(value, list(weights.values()), create_graph=True)
        weights = {name: w - rate * slope for (name, w), slope in zip(weights.items(), slopes, strict=True)}
    value = both(weights).generator
    gan.generator_optimizer.zero_grad()
    value.sum().backward(inputs=list(gan.generator.parameters()))
    gan.generator_optimizer.step()
    return discriminator_loss, value.detach(), *scores


def consensus(
    gan: GAN, loss: Callable, real: Tensor, noise: Tensor, penalty: Callable | None = None, *, weight: float = 0.1
) -> tuple:
    """Both move at once, and both also shorten the length of the game's vector field: L = weight/2 · ‖v‖².

    v holds both players' gradients. Mescheder et al. 2017, arXiv:1705.10461, equation 8.
    """
    players = list(gan.discriminator.parameters()), list(gan.generator.parameters())
    fake = gan.generator(noise[1, -1])
    real_scores, fake_scores = gan.discriminator(real[-1]), gan.discriminator(fake)
    values = loss(real_scores, fake_scores)
    total = (
        values.discriminator if penalty is None else values.discriminator + penalty(gan.discriminator, real[-1], fake)
    )
    objectives = (total.sum(), values.generator.sum())
    field = [torch.autograd.grad(value, own, create_graph=True) for value, own in zip(objectives, players, strict=True)]
    energy = weight / 2 * torch.stack([slope.square().sum() for own in field for slope in own]).sum()
    pulls = iter(torch.autograd.grad(energy, [*players[0], *players[1]]))
    for own, slopes in zip(players, field, strict=True):
        for parameter, slope in zip(own, slopes, strict=True):
            parameter.grad = (slope + next(pulls)).detach()
    gan.discriminator_optimizer.step()
    gan.generator_optimizer.step()
    return (
        values.discriminator.detach(),
        values.generator.detach(),
        real_scores.detach().mean(-1),
        fake_scores.detach().mean(-1),
    )


KNOWN: dict[str, Update] = {
    update.__name__: update
    for update in (alternating, simultaneous, discriminator_only, generator_only, unrolled, consensus)
}


def named(name: str) -> Update:
    """The update of that name; a ValueError lists the known ones."""
    if name not in KNOWN:
        raise ValueError(f"There is no update {name!r}; the known ones are {', '.join(KNOWN)}.")
    return KNOWN[name]
