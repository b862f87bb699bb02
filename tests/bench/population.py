"""How much faster a GAN of a population trains than one alone: ratios of steps a second, measured in turn."""

import time
from collections.abc import Iterator
from functools import partial
from statistics import median

import torch
from torch import Tensor, nn

from gan_lessons import losses
from gan_lessons.data.points import ring
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.populations import population
from gan_lessons.training import GAN, train

MEMBERS = 64
ROUNDS = 15
SLICE = 0.3  # CPU seconds

adam = partial(torch.optim.Adam, lr=1e-3, betas=(0.5, 0.99), fused=True)


def players() -> tuple[nn.Module, nn.Module]:
    return PointGenerator(), PointDiscriminator()


def own(data: Tensor, batch: int, members: int) -> Iterator:
    """The library's loop, for one GAN or for a population."""
    if members == 1:
        gan = GAN(*players(), noise_dim=2, optimizer=adam)
    else:
        gan = population(players, range(members), noise_dim=2, optimizer=adam)
    return train(gan, data, losses.non_saturating, steps=10**9, batch=batch)


def plain(data: Tensor, batch: int) -> Iterator:
    """The loop that tutorials write: D ends in a sigmoid, binary cross-entropy, Adam as it comes, losses as floats."""
    generator = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
    discriminator = nn.Sequential(
        nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1), nn.Sigmoid()
    )
    criterion = nn.BCELoss()
    generator_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.99))
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.99))
    while True:
        real_labels, fake_labels = torch.ones(batch, 1), torch.zeros(batch, 1)

        real = data[torch.randint(len(data), (batch,))]
        fake = generator(torch.randn(batch, 2))
        real_loss = criterion(discriminator(real), real_labels)
        fake_loss = criterion(discriminator(fake.detach()), fake_labels)
        discriminator_loss = real_loss + fake_loss
        discriminator_optimizer.zero_grad()
        discriminator_loss.backward()
        discriminator_optimizer.step()

        fake = generator(torch.randn(batch, 2))
        generator_loss = criterion(discriminator(fake), real_labels)
        generator_optimizer.zero_grad()
        generator_loss.backward()
        generator_optimizer.step()
        yield discriminator_loss.item(), generator_loss.item()


def rate(steps: Iterator) -> float:
    """Steps a CPU second, over one slice of time."""
    count, start = 0, time.process_time()
    while (elapsed := time.process_time() - start) < SLICE:
        next(steps)
        count += 1
    return count / elapsed


def bench() -> dict[str, float]:
    data = ring().sample(10_000)
    figures = {"members": MEMBERS, "rounds": ROUNDS}
    for batch in (64, 256):
        loops = {"own": own(data, batch, 1), "plain": plain(data, batch), "population": own(data, batch, MEMBERS)}
        for loop in loops.values():
            rate(loop)  # warm up
        rounds = [{name: rate(loop) for name, loop in loops.items()} for _ in range(ROUNDS)]
        for one in rounds:
            one["population"] *= MEMBERS
        figures[f"ratio_batch{batch}"] = median(one["population"] / one["own"] for one in rounds)
        figures[f"plain_ratio_batch{batch}"] = median(one["population"] / one["plain"] for one in rounds)
        for name in loops:
            figures[f"{name}_rate_batch{batch}"] = median(one[name] for one in rounds)
    return figures
