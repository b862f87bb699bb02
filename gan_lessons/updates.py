"""Updates: how one step of training moves both players. `train` takes any of them in place of `alternating`.

Each takes `(gan, loss, batches, noise, penalty)` with a batch a turn and noise [2, turns, ...], a turn for each of D's
steps, and returns both losses and both mean scores, for a population one number a member, and further losses by name.
"""

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor
from torch.func import functional_call

from gan_lessons.contract import flat
from gan_lessons.data.sources import Batch
from gan_lessons.gan import GAN
from gan_lessons.losses import Losses
from gan_lessons.training import Extra, alternating, detached, discriminator_step, generator_step, learn

Update = Callable[..., tuple]


def simultaneous(
    gan: GAN, loss: Callable, batches: Sequence[Batch], noise: Tensor, penalty: Callable | None = None
) -> tuple:
    """Both players take their gradients first, and only then move.

    Mescheder et al. 2018, arXiv:1801.04406, section 2.
    """
    with gan.autocast:
        real, condition = batches[-1]
        with torch.no_grad():
            real_scores = gan.score(real, condition)
        value = loss(real_scores, gan.score(gan.generate(noise[1, -1], condition), condition)).generator
    gan.generator_optimizer.zero_grad()
    value.sum().backward(inputs=gan.weights[1])
    for batch, turn_noise in zip(batches, noise[0], strict=True):
        discriminator_loss, *judged = discriminator_step(gan, loss, batch, turn_noise, penalty)
    gan.generator_optimizer.step()
    return discriminator_loss, value.detach(), *judged


def discriminator_only(
    gan: GAN, loss: Callable, batches: Sequence[Batch], noise: Tensor, penalty: Callable | None = None
) -> tuple:
    """D learns while G waits."""
    for batch, turn_noise in zip(batches, noise[0], strict=True):
        value, *judged = discriminator_step(gan, loss, batch, turn_noise, penalty)
    real, condition = batches[-1]
    with torch.no_grad():
        fake = gan.generate(noise[1, -1], condition)
        waiting = loss(gan.score(real, condition), gan.score(fake, condition)).generator
    return value, waiting, *judged


def generator_only(
    gan: GAN, loss: Callable, batches: Sequence[Batch], noise: Tensor, penalty: Callable | None = None
) -> tuple:
    """G learns while D waits."""
    value, more = generator_step(gan, loss, batches[-1], noise[1, -1])
    real, condition = batches[-1]
    with torch.no_grad():
        fake = gan.generate(noise[0, -1], condition)
        real_scores, fake_scores = gan.score(real, condition), gan.score(fake, condition)
    return loss(real_scores, fake_scores).discriminator, value, real_scores.mean(-1), fake_scores.mean(-1), more


def extra_only(
    gan: GAN,
    loss: Callable,
    batches: Sequence[Batch],
    noise: Tensor,
    penalty: Callable | None = None,
    *,
    extra: Extra,
) -> tuple:
    """G learns by its further losses alone, and D is not asked."""
    real, condition = batches[-1]
    with gan.autocast:
        more = extra(gan, gan.generate(noise[1, -1], condition), batches[-1])
    nothing = real.new_zeros(() if gan.members is None else gan.members)
    learn(gan.generator_optimizer, sum(more.values(), nothing))
    return nothing, nothing, nothing, nothing, detached(more)


def unrolled(
    gan: GAN,
    loss: Callable,
    batches: Sequence[Batch],
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
    for batch, turn_noise in zip(batches, noise[0], strict=True):
        discriminator_loss, *judged = discriminator_step(gan, loss, batch, turn_noise, penalty)
    weights: dict[str, Tensor] = dict(gan.discriminator.named_parameters())
    real, condition = batches[-1]
    fake = gan.generate(noise[1, -1], condition)
    told = () if condition is None else (condition,)

    def both(weights: dict[str, Tensor]) -> Losses:
        scores = (functional_call(gan.discriminator, weights, (samples, *told)) for samples in (real, fake))
        return loss(*(flat(some, gan.members) for some in scores))

    for _ in range(steps):
        value = both(weights).discriminator.sum()
        slopes = torch.autograd.grad(value, list(weights.values()), create_graph=True)
        weights = {name: w - rate * slope for (name, w), slope in zip(weights.items(), slopes, strict=True)}
    value = both(weights).generator
    learn(gan.generator_optimizer, value)
    return discriminator_loss, value.detach(), *judged


def consensus(
    gan: GAN,
    loss: Callable,
    batches: Sequence[Batch],
    noise: Tensor,
    penalty: Callable | None = None,
    *,
    weight: float = 0.1,
) -> tuple:
    """Both move at once, and both also shorten the length of the game's vector field: L = weight/2 · ‖v‖².

    v holds both players' gradients. Mescheder et al. 2017, arXiv:1705.10461, equation 8.
    """
    players = list(gan.discriminator.parameters()), list(gan.generator.parameters())
    real, condition = batches[-1]
    fake = gan.generate(noise[1, -1], condition)
    real_scores, fake_scores = gan.score(real, condition), gan.score(fake, condition)
    values = loss(real_scores, fake_scores)
    total = values.discriminator
    if penalty is not None:
        total = total + penalty(partial(gan.judge, condition=condition), real, fake)
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
        {},
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
