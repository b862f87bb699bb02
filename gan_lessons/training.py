"""Train two players: a step for the discriminator, a step for the generator, and a loop that yields a record a step."""

import copy
import math
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

adam = partial(torch.optim.Adam, lr=1e-3, betas=(0.5, 0.99))


class Record(NamedTuple):
    """What one step reached: each a scalar tensor, or [members] for a population."""

    step: Any
    discriminator_loss: Tensor
    generator_loss: Tensor
    real_score: Tensor
    fake_score: Tensor
    extra: dict[str, Tensor] = {}  # noqa: RUF012


class DivergenceError(RuntimeError):
    """Training has met a loss that is not a number."""


@dataclass
class GAN:
    """Two players, their optimisers, and all else that training changes.

    `optimizer` (and `discriminator_optimizer`, where it differs) makes an optimiser from a list of parameters.
    `average` is a copy of the generator whose weights follow it as an exponential moving average. `seed` and `step`
    decide every random number of a step; a population has one seed a member.
    """

    generator: nn.Module
    discriminator: nn.Module
    noise_dim: int
    seed: int | Sequence[int] = 0
    optimizer: Callable[..., torch.optim.Optimizer] = adam
    discriminator_optimizer: Any = None
    average_decay: float = 0.99
    autocast: AbstractContextManager = field(default_factory=nullcontext)
    step: int = 0
    history: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        keep_freed_memory()
        make = self.discriminator_optimizer or self.optimizer
        self.generator_optimizer = self.optimizer(list(self.generator.parameters()))
        self.discriminator_optimizer = make(list(self.discriminator.parameters()))
        for optimizer in (self.generator_optimizer, self.discriminator_optimizer):
            for group in optimizer.param_groups:
                group["full_lr"] = group["lr"]
        self.average = copy.deepcopy(self.generator).requires_grad_(False).eval()

    @property
    def device(self) -> torch.device:
        return next(self.generator.parameters()).device

    @property
    def members(self) -> int | None:
        return None if isinstance(self.seed, int) else len(self.seed)

    def state(self) -> dict[str, Any]:
        return {"step": self.step, **{part: getattr(self, part).state_dict() for part in PARTS}}

    def load(self, state: dict[str, Any]) -> None:
        before = copy.deepcopy({part: getattr(self, part).state_dict() for part in PARTS})
        try:
            for part in PARTS:
                getattr(self, part).load_state_dict(state[part])
        except Exception as error:
            for part in PARTS:
                getattr(self, part).load_state_dict(before[part])
            raise ValueError("the networks have other shapes") from error
        self.step = state["step"]

    def sample(self, count: int, seed: int = 0, average: bool = True) -> Tensor:
        """Fakes of the averaged generator (or of the present one), shape [count, ...] or [members, count, ...]."""
        members = () if isinstance(self.seed, int) else (len(self.seed),)
        reseed(self.device, seed)
        with torch.inference_mode():
            network = self.average if average else self.generator
            return network(torch.randn(count, self.noise_dim, device=self.device).expand(*members, -1, -1))


PARTS = ("generator", "discriminator", "average", "generator_optimizer", "discriminator_optimizer")


def reseed(device: torch.device, seed: int, step: int = 0) -> None:
    """Seed torch's generator so that all that follows depends on `seed` and `step` alone."""
    # torch.manual_seed seeds every device but takes a quarter of a millisecond
    manual_seed = torch.default_generator.manual_seed if device.type == "cpu" else torch.manual_seed
    manual_seed((seed * 1_000_003 + step) % 2**32)


def draw(gan: GAN, data: Tensor, batch: int) -> tuple[Tensor, Tensor]:
    """Real samples [batch, ...] and noise for either player [2, batch, noise_dim] for this step.

    A population draws each member's own: [members, batch, ...] and [2, members, batch, noise_dim].
    """

    device = gan.device

    def draw_one(seed: int) -> tuple[Tensor, Tensor]:
        reseed(device, seed, gan.step)
        indices = torch.randint(len(data), (batch,), device=device)
        return indices, torch.randn(2, batch, gan.noise_dim, device=device)

    if isinstance(gan.seed, int):
        indices, noise = draw_one(gan.seed)
        return data[indices], noise
    drawn = [draw_one(seed) for seed in gan.seed]
    return data[torch.stack([indices for indices, _ in drawn])], torch.stack([noise for _, noise in drawn], dim=1)


def discriminator_step(gan: GAN, loss: Callable, real: Tensor, noise: Tensor, penalty: Callable | None = None) -> tuple:
    """Show the discriminator real and fake samples, and let it learn to tell them apart."""
    with gan.autocast:
        with torch.no_grad():
            fake = gan.generator(noise)
        real_scores, fake_scores = gan.discriminator(real), gan.discriminator(fake)
        value = loss(real_scores, fake_scores).discriminator
        total = value if penalty is None else value + penalty(gan.discriminator, real, fake)
    gan.discriminator_optimizer.zero_grad()
    total.sum().backward()
    gan.discriminator_optimizer.step()
    return value.detach(), real_scores.detach().mean(-1), fake_scores.detach().mean(-1)


def generator_step(gan: GAN, loss: Callable, real: Tensor, noise: Tensor) -> Tensor:
    """Let the generator learn what the discriminator would rather have seen."""
    with gan.autocast:
        with torch.no_grad():
            real_scores = gan.discriminator(real)
        value = loss(real_scores, gan.discriminator(gan.generator(noise))).generator
    gan.generator_optimizer.zero_grad()
    value.sum().backward(inputs=list(gan.generator.parameters()))
    gan.generator_optimizer.step()
    return value.detach()


def alternating(gan: GAN, loss: Callable, real: Tensor, noise: Tensor, penalty: Callable | None = None) -> tuple:
    """D learns once a turn, and then G, from the D that has learnt; `updates` has other ways to move the two.

    `real` has shape [turns, ...] and `noise` [2, turns, ...]. Returns what a Record holds beside the step.
    """
    for turn_real, turn_noise in zip(real, noise[0], strict=True):
        value, real_score, fake_score = discriminator_step(gan, loss, turn_real, turn_noise, penalty)
    return value, generator_step(gan, loss, real[-1], noise[1, -1]), real_score, fake_score


@torch.no_grad()
def update_average(gan: GAN) -> None:
    """Move the averaged generator a little towards the present one; less and less while the run is young."""
    decay = min(gan.average_decay, (1 + gan.step) / (10 + gan.step))
    torch._foreach_lerp_(list(gan.average.parameters()), list(gan.generator.parameters()), 1 - decay)
    for averaged, present in zip(gan.average.buffers(), gan.generator.buffers(), strict=True):
        averaged.copy_(present)


def constant(progress: float) -> float:
    """A schedule that leaves the learning rate as it is."""
    return 1.0


def cosine(progress: float) -> float:
    """A schedule that lets the learning rate fall from its full value at 0 to nothing at 1 along half a cosine."""
    return (1 + math.cos(math.pi * progress)) / 2


def train(
    gan: GAN,
    data: Tensor,
    loss: Callable,
    *,
    steps: int,
    batch: int = 64,
    penalty: Callable | None = None,
    penalty_every: int = 1,
    schedule: Callable[[float], float] = constant,
    discriminator_steps: int = 1,
    update: Callable[..., tuple] = alternating,
) -> Iterator[Record]:
    """Train up to step `steps`, from wherever the GAN is, and yield a record after each step.

    `data` has shape [samples, ...]; `loss` and `penalty` are any of `losses` and `penalties`. A penalty may be asked
    for every few steps only, with its weight raised to match. `update` moves both players, and gets a batch for each of
    the `discriminator_steps`. An interrupt waits for the end of a step, so the networks stay whole and a second call
    goes on from there. Raises DivergenceError when a loss is no longer a number.
    """
    if len(data) < batch:
        raise ValueError(f"A batch of {batch} cannot be drawn from {len(data)} samples; give a smaller batch.")
    while gan.step < steps:
        with uninterrupted():
            for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
                for group in optimizer.param_groups:
                    group["lr"] = group["full_lr"] * schedule(gan.step / steps)
            real, noise = draw(gan, data, batch * discriminator_steps)
            axis = noise.dim() - 3  # of the batch in `real`: 0, or 1 behind the members of a population
            real = real.unflatten(axis, (discriminator_steps, batch)).movedim(axis, 0)
            noise = noise.unflatten(-2, (discriminator_steps, batch)).movedim(-3, 1)
            lazy = None
            if penalty is not None and gan.step % penalty_every == 0:
                lazy = lambda *samples: penalty_every * penalty(*samples)  # noqa: E731
            results = update(gan, loss, real, noise, lazy)
            update_average(gan)
            gan.step += 1
            record = Record(gan.step, *results)
            gan.history.append(record)
        if gan.step % 50 == 0 or gan.step == steps:
            check_finite(gan.history[-50:])
        yield record


def stacked(history: Sequence[Record]) -> Record:
    """The records of a history as one, each part of shape [steps] or [steps, members]."""
    steps, *parts, _ = zip(*history, strict=True)
    return Record(torch.tensor(steps), *(torch.stack(part) for part in parts), {})


def keep_freed_memory() -> None:
    """Let glibc keep what a step frees for the next step: handed back to the system, it is faulted in page by page.

    glibc keeps twice the largest block that was ever freed, counting blocks up to 32 MB, so one such block is freed.
    """
    torch.empty(31 * 2**20, dtype=torch.uint8)


def check_finite(records: Sequence[Record]) -> None:
    """Raise DivergenceError at the first record in which no member's losses are numbers."""
    losses = torch.stack([record.discriminator_loss + record.generator_loss for record in records])
    finite = losses.reshape(len(records), -1).isfinite().any(-1)
    if not finite.all():
        record = records[int(finite.logical_not().nonzero()[0])]
        raise DivergenceError(
            f"Training diverged at step {record.step}: the discriminator's loss is "
            f"{record.discriminator_loss.max():g}, the generator's {record.generator_loss.max():g}. Try a lower "
            "learning rate, a penalty on the discriminator (penalties.r1), or another loss, and start from an "
            "earlier checkpoint."
        )


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back an interrupt until the block is done."""
    alone = threading.current_thread() is threading.main_thread()
    if not alone or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # nothing to hold back
        yield
        return
    held: list[tuple] = []
    handler = signal.signal(signal.SIGINT, lambda *arguments: held.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if held:
        signal.raise_signal(signal.SIGINT)  # as the handler that was there takes it
