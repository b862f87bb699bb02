"""Train two players: a step for the discriminator, a step for the generator, and a loop that yields a record a step."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial, wraps
from inspect import signature
from typing import Any

import torch
from torch import Tensor

from gan_lessons.contract import check_numbers, rehearse
from gan_lessons.data.sources import Batch, Draw, Source, as_source, uniformly
from gan_lessons.gan import GAN, Record, adam, reseed, stacked
from gan_lessons.interrupts import uninterrupted

__all__ = ["GAN", "Record", "adam", "reseed", "stacked", "uninterrupted"]  # of what is imported, to be found here too

Extra = Callable[[GAN, Tensor, Batch], dict[str, Tensor]]


class DivergenceError(RuntimeError):
    """Training has met a loss that is not a number."""


def draw(
    gan: GAN, data: Tensor | Source, batch: int, turns: int = 1, indices: Draw = uniformly
) -> tuple[list[Batch], Tensor]:
    """A batch for each of D's turns in this step, and noise for either player [2, turns, batch, noise_dim].

    A population draws each member's own: batches [members, batch, ...] and noise [2, turns, members, batch, noise_dim].
    """
    source, device, count = as_source(data), gan.device, turns * batch
    home = getattr(source, "home", device)  # where indices are drawn

    def draw_one(seed: int) -> tuple[Tensor, Tensor]:
        reseed(device, seed, gan.step)
        return indices(source, count, home), torch.randn(2, count, gan.noise_dim, device=device)

    if isinstance(gan.seed, int):
        chosen, noise = draw_one(gan.seed)
        chosen, noise = chosen.view(turns, batch), noise.view(2, turns, batch, gan.noise_dim)
    else:
        drawn = [draw_one(seed) for seed in gan.seed]
        chosen = torch.stack([one.view(turns, batch) for one, _ in drawn], 1)
        noise = torch.stack([one.view(2, turns, batch, gan.noise_dim) for _, one in drawn], 2)
    chosen, noise = gan.ranks.share(chosen, noise)
    return [source.batch(some) for some in chosen.unbind()], noise


def in_one_piece(step: Callable) -> Callable:
    """Let `gan.stepping`, where there is any, compute a player's step as one piece; `stepping` has ways to do so."""

    order = signature(step)

    @wraps(step)
    def either(gan: GAN, *given: Any, **named: Any) -> tuple:
        if gan.stepping is None:
            return step(gan, *given, **named)
        every = order.bind(gan, *given, **named)
        every.apply_defaults()
        return gan.stepping(step, *every.args)

    return either


@in_one_piece
def discriminator_step(
    gan: GAN, loss: Callable, batch: Batch, noise: Tensor, penalty: Callable | None = None, extra: Extra | None = None
) -> tuple:
    """Show the discriminator real and fake samples, and let it learn to tell them apart."""
    real, condition = batch
    with gan.autocast:
        with torch.no_grad():
            fake = gan.generate(noise, condition)
        real_scores, fake_scores = gan.scores(real, fake, condition)
        value = loss(real_scores, fake_scores).discriminator
        more = {} if extra is None else extra(gan, fake, batch)
        total = sum(more.values(), value)
        if penalty is not None:
            total = total + penalty(partial(gan.judge, condition=condition), real, fake)
    learn(gan.discriminator_optimizer, total)
    return value.detach(), real_scores.detach().mean(-1), fake_scores.detach().mean(-1), detached(more)


@in_one_piece
def generator_step(gan: GAN, loss: Callable, batch: Batch, noise: Tensor, extra: Extra | None = None) -> tuple:
    """Let the generator learn what the discriminator would rather have seen."""
    real, condition = batch
    with gan.autocast:
        real_scores = None
        if not gan.one_pass or in_pairs(loss, gan.members):
            with torch.no_grad():
                real_scores = gan.score(real, condition)
        fake = gan.generate(noise, condition)
        fake_scores = gan.score(fake, condition)
        value = loss(fake_scores if real_scores is None else real_scores, fake_scores).generator
        more = {} if extra is None else extra(gan, fake, batch)
    learn(gan.generator_optimizer, sum(more.values(), value))
    return value.detach(), detached(more)


def learn(optimizer: torch.optim.Optimizer, total: Tensor) -> None:
    """Let an optimiser take a step down the gradient of a loss: a scalar, or [members], who learn side by side."""
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    for weight in weights:
        weight.grad = None
    total.backward(torch.ones_like(total), inputs=weights)
    optimizer.step()


def detached(more: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Further losses by name, without what autograd remembers of them."""
    return {name: value.detach() for name, value in more.items()}


@lru_cache(maxsize=64)
def in_pairs(loss: Callable, members: int | None) -> bool:
    """Whether a loss compares reals with fakes, so that what G minimises depends on the real scores too."""
    fake = torch.linspace(-1, 1, 8).expand(*([] if members is None else [members]), 8)
    return not torch.equal(loss(fake, fake).generator, loss(fake + 1, fake).generator)


def alternating(
    gan: GAN,
    loss: Callable,
    batches: Sequence[Batch],
    noise: Tensor,
    penalty: Callable | None = None,
    extra: Extra | None = None,
    discriminator_extra: Extra | None = None,
) -> tuple:
    """D learns once a turn, and then G, from the D that has learnt; `updates` has other ways to move the two.

    There is a batch a turn, and `noise` has shape [2, turns, ...]. Returns what a Record holds beside the step.
    """
    for batch, turn_noise in zip(batches, noise[0], strict=True):
        value, *scores, more = discriminator_step(gan, loss, batch, turn_noise, penalty, discriminator_extra)
    generator_value, others = generator_step(gan, loss, batches[-1], noise[1, -1], extra)
    return value, generator_value, *scores, more | others


@torch.no_grad()
def update_average(gan: GAN) -> None:
    """Move the averaged generator a little towards the present one; less and less while the run is young."""
    decay = min(gan.average_decay, (1 + gan.step) / (10 + gan.step))
    averages, weights = gan.weights
    if gan.foreach:
        torch._foreach_lerp_(averages, weights, 1 - decay)
    else:
        for average, weight in zip(averages, weights, strict=True):
            average.lerp_(weight, 1 - decay)
    for averaged, present in gan.buffers:
        averaged.copy_(present)


def constant(progress: float) -> float:
    """A schedule that leaves the learning rate as it is."""
    return 1.0


def cosine(progress: float) -> float:
    """A schedule that lets the learning rate fall from its full value at 0 to nothing at 1 along half a cosine."""
    return (1 + math.cos(math.pi * progress)) / 2


def train(
    gan: GAN,
    data: Tensor | Source,
    loss: Callable,
    *,
    steps: int,
    batch: int = 64,
    penalty: Callable | None = None,
    penalty_every: int = 1,
    schedule: Callable[[float], float] = constant,
    discriminator_steps: int = 1,
    update: Callable[..., tuple] = alternating,
    indices: Draw = uniformly,
    on_step: Callable[[GAN, float], object] | None = None,
    rehearsal: bool = True,
    **extras: Extra,
) -> Iterator[Record]:
    """Train up to step `steps`, from wherever the GAN is, and yield a record after each step.

    `data` is a tensor [samples, ...] or a source of batches; `loss` and `penalty` are any of `losses` and `penalties`.
    A penalty may be asked for every few steps only, with its weight raised to match. `update` moves both players, and
    gets a batch for each of the `discriminator_steps`. `extra` and `discriminator_extra` are further losses of G and of
    D: functions (gan, fake, batch) -> {name: value}. `on_step` is called before each step with the GAN and the share of
    the training that is over. An interrupt waits for the end of a step, so the networks stay whole and a second call
    goes on from there. Raises ContractError for data, players or a loss that do not fit, unless an update of your own
    wants no `rehearsal`, and DivergenceError when a loss is no longer a number.
    """
    counts = {"batch": batch, "penalty_every": penalty_every, "discriminator_steps": discriminator_steps}
    if wrong := [name for name, count in counts.items() if not count >= 1]:
        raise ValueError(f"{wrong[0]} is {counts[wrong[0]]}; wanted is a whole number from 1.")
    source = as_source(data)
    if len(source) < batch:
        raise ValueError(f"A batch of {batch} cannot be drawn from {len(source)} samples; give a smaller batch.")
    if on_step is not None and gan.stepping is not None:
        raise ValueError(
            "This recipe changes its players between steps, and a step as one piece would not see it; it is computed "
            "operation after operation: --step eager."
        )
    if rehearsal and gan.step < steps:
        check_numbers(source)
        (first, *_), noise = draw(gan, source, batch, 1, indices)
        gan.one_pass = rehearse(gan, first, noise[0, 0], loss)
    while gan.step < steps:
        with uninterrupted():
            progress = gan.step / steps
            for group in gan.groups:
                group["lr"] = group["full_lr"] * schedule(progress)
            if on_step is not None:
                on_step(gan, progress)
            batches, noise = draw(gan, source, batch, discriminator_steps, indices)
            lazy = None
            if penalty is not None and gan.step % penalty_every == 0:
                lazy = lambda *samples: penalty_every * penalty(*samples)  # noqa: E731
            results = update(gan, loss, batches, noise, lazy, **extras)
            update_average(gan)
            gan.step += 1
            record = Record(gan.step, *results).mean(gan.ranks)
            gan.history.append(record)
        if gan.step % 50 == 0 or gan.step == steps:
            check_finite(gan.history[-50:])
        yield record


def check_finite(records: Sequence[Record]) -> None:
    """Raise DivergenceError at the first record in which no member's losses are all numbers."""
    totals = [sum(record.extra.values(), record.discriminator_loss + record.generator_loss) for record in records]
    finite = torch.stack(totals).reshape(len(records), -1).isfinite().any(-1)
    if not finite.all():
        record = records[int(finite.logical_not().nonzero()[0])]
        others = "".join(f", and {name} {value.max():g}" for name, value in record.extra.items())
        raise DivergenceError(
            f"Training diverged at step {record.step}: the discriminator's loss is "
            f"{record.discriminator_loss.max():g}, the generator's {record.generator_loss.max():g}{others}. Try a "
            "lower learning rate, a penalty on the discriminator (penalties.r1), or another loss, and start from an "
            "earlier checkpoint."
        )
