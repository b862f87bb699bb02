"""A GAN: two players, their optimisers, and all else that training changes; and the record of a step."""

import copy
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import InitVar, dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from gan_lessons.contract import copied, flat, per_sample
from gan_lessons.precision import ExactScores
from gan_lessons.ranks import ALONE, Alone

adam = partial(torch.optim.Adam, lr=1e-3, betas=(0.5, 0.99), fused=True)


class Record(NamedTuple):
    """What one step reached, each a scalar tensor, or [members] for a population; `extra`: further losses by name."""

    step: Any
    discriminator_loss: Tensor
    generator_loss: Tensor
    real_score: Tensor
    fake_score: Tensor
    extra: Mapping[str, Tensor] = MappingProxyType({})

    def mean(self, ranks: Alone) -> "Record":
        """The mean of the records that all ranks have of this step."""
        means = ranks.mean([*self[1:5], *self.extra.values()])
        return Record(self.step, *means[:4], dict(zip(self.extra, means[4:], strict=True)))  # type: ignore


@dataclass
class GAN:
    """Two players, their optimisers, and all else that training changes.

    `optimizer` (and `optimizer_of_discriminator`, where it differs) makes an optimiser from a list of parameters.
    `average` is a copy of the generator whose weights follow it as an exponential moving average. `seed` and `step`
    decide every random number of a step; a population has one seed a member. `ranks` are the processes that train it.
    """

    generator: nn.Module
    discriminator: nn.Module
    noise_dim: int
    seed: int | Sequence[int] = 0
    optimizer: InitVar[Callable[..., torch.optim.Optimizer]] = adam
    optimizer_of_discriminator: InitVar[Callable[..., torch.optim.Optimizer] | None] = None
    average_decay: float = 0.99
    autocast: AbstractContextManager = field(default_factory=nullcontext)
    step: int = 0
    history: list[Record] = field(default_factory=list)
    ranks: Alone = ALONE

    def __post_init__(self, optimizer: Callable, optimizer_of_discriminator: Callable | None) -> None:
        keep_freed_memory()
        self.generator_optimizer = optimizer(learning(self.generator))
        self.discriminator_optimizer = (optimizer_of_discriminator or optimizer)(learning(self.discriminator))
        self.average = copied(self.generator).requires_grad_(False).eval()
        self.one_pass = False  # whether D may see real and fake in one batch; `train` finds out
        # collected once: looking for weights takes as long as many a step of small networks
        for group in self.groups:
            group["full_lr"] = group["lr"]
        self.weights: tuple[list[Tensor], ...] = tuple(
            map(list, (self.average.parameters(), self.generator.parameters()))
        )
        self.buffers = list(zip(self.average.buffers(), self.generator.buffers(), strict=True))
        # how a step is computed; `gan-lessons bench` switches each of these off and on
        self.stepping: Callable[..., tuple] | None = None  # None: operation after operation; see `stepping`
        self.foreach = True  # all averages in one call
        # D's scores for penalties are in float32 on CUDA, whatever `autocast` says
        cuda = any(weight.is_cuda for weight in self.weights[1])
        self.exactly: AbstractContextManager = torch.autocast("cuda", enabled=False) if cuda else nullcontext()
        # and all its scores leave the last layer in float32
        self.exact = None if isinstance(self.autocast, nullcontext) else ExactScores(self.discriminator)

    @property
    def device(self) -> torch.device:
        return self.weights[1][0].device

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Both optimisers' groups of weights, each with its learning rate."""
        return self.generator_optimizer.param_groups + self.discriminator_optimizer.param_groups

    @property
    def members(self) -> int | None:
        """How many GANs a population has; None for one GAN alone."""
        return None if isinstance(self.seed, int) else len(self.seed)

    def generate(self, noise: Tensor, condition: Any = None) -> Tensor:
        """What the present generator makes."""
        return ask(self.generator, noise, condition)

    def score(self, samples: Tensor, condition: Any = None) -> Tensor:
        """The discriminator's scores: [batch], or [members, batch]; those of patches follow each other in the batch."""
        return flat(ask(self.discriminator, samples, condition), self.members)

    def judge(self, samples: Tensor, condition: Any = None) -> Tensor:
        """One score a sample, as penalties want it: of patches, the mean, and by attention that has second slopes."""
        samples = samples.float() if samples.element_size() == 2 else samples
        with sdpa_kernel(SDPBackend.MATH), self.exactly:
            return per_sample(ask(self.discriminator, samples, condition), self.members)

    def scores(self, real: Tensor, fake: Tensor, condition: Any = None) -> tuple[Tensor, ...]:
        """Scores of real and of fake samples, in one pass where D scores each sample by itself: half the calls."""
        if not self.one_pass:
            return self.score(real, condition), self.score(fake, condition)
        axis = 0 if self.members is None else 1
        twice = None if condition is None else torch.cat([condition, condition], axis)
        return self.score(torch.cat([real, fake], axis), twice).chunk(2, -1)

    def sample(self, count: int, seed: int = 0, average: bool = True, condition: Any = None) -> Tensor:
        """Fakes of the averaged generator (or of the present one), shape [count, ...] or [members, count, ...]."""
        members = () if self.members is None else (self.members,)
        reseed(self.device, seed)
        with torch.inference_mode():
            network = self.average if average else self.generator
            noise = torch.randn(count, self.noise_dim, device=self.device).expand(*members, -1, -1)
            return ask(network, noise, condition)

    def state(self) -> dict[str, Any]:
        """All that training changes but the history, as torch's `state_dict` has it: not copied."""
        return {"step": self.step, **{part: getattr(self, part).state_dict() for part in PARTS}}

    def load(self, state: Mapping[str, Any]) -> None:
        """Bring the GAN to a state; a ValueError, where it is of another GAN, leaves the GAN as it was."""
        if missing := {"step", *PARTS} - set(state):
            raise ValueError(f"This is no state of a GAN: it lacks {', '.join(sorted(missing))}.")
        before = copy.deepcopy(self.state())
        try:
            step = int(state["step"])
            for part in PARTS:
                getattr(self, part).load_state_dict(copy.deepcopy(state[part]))  # an optimiser would share its state
        except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
            for part in PARTS:
                getattr(self, part).load_state_dict(before[part])
            raise ValueError(f"This state belongs to other networks or another optimiser ({error}).") from error
        self.step = step


PARTS = ("generator", "discriminator", "average", "generator_optimizer", "discriminator_optimizer")


def ask(network: nn.Module, inputs: Tensor, condition: Any = None) -> Any:
    """What a player makes of noise or samples, told the condition where there is one."""
    return network(inputs) if condition is None else network(inputs, condition)


def learning(network: nn.Module) -> list[nn.Parameter]:
    """The weights that are not frozen."""
    return [weight for weight in network.parameters() if weight.requires_grad]


def reseed(device: torch.device, seed: int, step: int = 0) -> None:
    """Seed torch's generator so that all that follows depends on `seed` and `step` alone."""
    # torch.manual_seed seeds every device but takes a quarter of a millisecond
    manual_seed = torch.default_generator.manual_seed if device.type == "cpu" else torch.manual_seed
    manual_seed((seed * 1_000_003 + step) % 2**32)


def stacked(history: Sequence[Record]) -> Record:
    """The records of a history as one, each part of shape [steps] or [steps, members].

    A further loss that a step has not is NaN there.
    """
    steps, discriminator, generator, real, fake, extras = zip(*history, strict=True)
    names = {name: extra[name] for extra in extras for name in extra}
    more = {
        name: torch.stack([extra.get(name, torch.full_like(known, torch.nan)) for extra in extras])
        for name, known in names.items()
    }
    return Record(torch.tensor(steps), *map(torch.stack, (discriminator, generator, real, fake)), more)  # type: ignore


def keep_freed_memory() -> None:
    """Let glibc keep what a step frees for the next step: handed back to the system, it is faulted in page by page.

    glibc keeps twice the largest block that was ever freed, counting blocks up to 32 MB, so one such block is freed.
    """
    torch.empty(31 * 2**20, dtype=torch.uint8)
