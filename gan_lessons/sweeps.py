"""Sweeps: settings × seeds of small GANs on points, trained side by side in as few batches as their shapes allow."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gan_lessons import losses, penalties, updates
from gan_lessons.gan import GAN, Record, stacked
from gan_lessons.populations import MemberAdam, by_setting, spectral_norm, stack, unstack
from gan_lessons.setting import Setting
from gan_lessons.training import DivergenceError, constant, cosine, train

__all__ = ["Setting", "Sweep"]  # the first is at hand from here, too


class Alone(nn.Module):
    """A network of any kind as the one member of a population: [1, batch, ...] to [1, batch, ...]."""

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network

    def forward(self, samples: Tensor) -> Tensor:
        return self.network(samples[0])[None]


class Member(NamedTuple):
    """Where in a sweep a GAN stands."""

    setting: int
    seed: int


class Group:
    """The GANs of a sweep that train in one batch: `members` says which, `chosen` has the setting of each."""

    def __init__(self, members: Sequence[Member], settings: Sequence[Setting], seeds: Sequence[int], dims: int):
        self.members = list(members)
        self.chosen = [settings[member.setting] for member in members]
        self.diverged = ""
        first, pairs = self.chosen[0], []
        for member in members:
            torch.manual_seed(seeds[member.seed])
            pairs.append(settings[member.setting].build(dims))
        generators, discriminators = zip(*pairs, strict=True)
        generator, discriminator = (
            (stack(generators), stack(discriminators))
            if first.players is None or len(members) > 1
            else (Alone(generators[0]), Alone(discriminators[0]))
        )
        if first.spectral:
            spectral_norm(discriminator)
        adam = partial(MemberAdam, betas=(first.momentum, 0.99), optimism=first.optimism)
        self.gan = GAN(
            generator,
            discriminator,
            noise_dim=first.noise_dim,
            seed=[seeds[member.seed] for member in members],
            optimizer=partial(adam, lr=torch.tensor([setting.generator_rate for setting in self.chosen])),
            optimizer_of_discriminator=partial(
                adam,
                lr=torch.tensor([setting.discriminator_rate for setting in self.chosen]),
                bound=first.clip or math.inf,
            ),
            average_decay=first.average_decay,
        )

    def train(self, data: Tensor, steps: int, **more: Any) -> Iterator[Record]:
        """Train up to step `steps`, as `training.train` does, which takes `more`."""
        first = self.chosen[0]
        return train(
            self.gan,
            data,
            self.loss(),
            steps=steps,
            batch=first.batch,
            penalty=self.penalty(),
            schedule=constant if not first.annealed else lambda share: cosine(min(share * steps / first.annealed, 1)),
            discriminator_steps=first.discriminator_steps,
            update=self.update(),
            **more,
        )

    def loss(self) -> Callable:
        """The members' losses as one."""
        a_setting = len(self.chosen) // len({member.setting for member in self.members})  # members
        each = [losses.named(s.loss) if isinstance(s.loss, str) else s.loss for s in self.chosen[::a_setting]]
        return each[0] if len(set(each)) == 1 else by_setting(*each)

    def penalty(self) -> Callable | None:
        """The members' penalty, each with its weight."""
        penalty = self.chosen[0].penalty
        if penalty == "none":
            return None
        weight = torch.tensor([setting.penalty_weight for setting in self.chosen])
        one = partial(penalties.named(penalty), weight=1.0) if isinstance(penalty, str) else penalty
        if penalty == "gradient_penalty":
            one = partial(one, batch_axis=1)
        return lambda *samples: weight * one(*samples)

    def update(self) -> Callable:
        """How a step moves both players."""
        first = self.chosen[0]
        if first.unrolled:
            return partial(updates.unrolled, steps=first.unrolled, rate=first.unrolled_rate)
        if first.update == "consensus":
            return partial(updates.consensus, weight=first.consensus_weight)
        return updates.named(first.update)


class Sweep:
    """Settings × seeds of GANs on `data` [samples, dims], whose standard deviation should be near 1.

    A GAN of a sweep is the one that its setting and seed give alone: networks, batches and noise follow from the seed.
    GANs that differ only in their losses, rates and penalty weights train in one batch, others in turn. A GAN that
    diverges stays where it is; DivergenceError is raised when none is left.
    """

    def __init__(self, data: Tensor, settings: Sequence[Setting], seeds: Sequence[int]):
        if not settings or not seeds:
            raise ValueError("A sweep needs at least one setting and one seed.")
        self.data, self.settings, self.seeds = data, list(settings), list(seeds)
        apart: dict[Any, list[Member]] = {}
        for member in (Member(*place) for place in product(range(len(settings)), range(len(seeds)))):
            setting = settings[member.setting]
            # networks of the reader's own may be such as cannot be stacked
            apart.setdefault((setting.kept(), member if setting.players else None), []).append(member)
        self.groups = [Group(members, self.settings, self.seeds, data.shape[-1]) for members in apart.values()]
        self.places = {member: (group, k) for group in self.groups for k, member in enumerate(group.members)}

    @property
    def step(self) -> int:
        return max(group.gan.step for group in self.groups)

    def train(self, steps: int) -> Iterator[int]:
        """Train up to step `steps`, and yield the number of each step."""
        running = {group: group.train(self.data, steps) for group in self.groups if not group.diverged}
        for step in range(self.step + 1, steps + 1):
            for group in list(running):
                try:
                    while group.gan.step < step:  # an interrupt may have left a group a step behind
                        next(running[group])
                except DivergenceError as error:
                    group.diverged = str(error)
                    del running[group]
                    if not running:
                        raise
            yield step

    def networks(self, setting: int = 0, seed: int = 0, average: bool = True) -> tuple[nn.Module, nn.Module]:
        """Generator and discriminator of the member at those places, with the weights that train."""
        group, place = self.places[Member(setting, seed)]
        pair = (group.gan.average if average else group.gan.generator, group.gan.discriminator)
        return tuple(each.network if isinstance(each, Alone) else unstack(each, place) for each in pair)  # type: ignore

    def sample(self, count: int, seed: int = 0, average: bool = True) -> Tensor:
        """Fakes of every member, shape [settings, seeds, count, dims]."""
        return self.arranged([group.gan.sample(count, seed, average) for group in self.groups])

    def last(self) -> Record:
        """The last step's record, each part of shape [settings, seeds]."""
        records = [group.gan.history[-1][1:5] for group in self.groups]
        return Record(self.step, *map(self.arranged, zip(*records, strict=True)))  # type: ignore[arg-type]

    def history(self) -> Record:
        """All records as one, each part of shape [steps, settings, seeds], with NaN after a member has stopped."""
        longest = max((stacked(group.gan.history) for group in self.groups), key=lambda record: len(record.step))
        parts = []
        for field in Record._fields[1:5]:
            each = [torch.stack([getattr(record, field) for record in group.gan.history], 1) for group in self.groups]
            short = [
                torch.nn.functional.pad(one, (0, len(longest.step) - one.shape[1]), value=torch.nan) for one in each
            ]
            parts.append(self.arranged(short).movedim(-1, 0))
        return Record(longest.step, *parts)  # type: ignore[arg-type]

    def arranged(self, by_group: Sequence[Tensor]) -> Tensor:
        """What each group has for its members [members, ...], in the order of the sweep [settings, seeds, ...]."""
        whole = dict(zip((m for group in self.groups for m in group.members), torch.cat(list(by_group)), strict=True))
        flat = torch.stack([whole[member] for member in sorted(whole)])
        return flat.unflatten(0, (len(self.settings), len(self.seeds)))

    def fork(self, settings: Sequence[Setting] | None = None) -> "Sweep":
        """A copy that goes on from this step with other settings (or the same), whose networks have the same shapes.

        Raises ValueError where a setting asks for other networks.
        """
        settings = self.settings if settings is None else settings
        if len(settings) != len(self.settings):
            raise ValueError(f"A fork has as many settings as before, {len(self.settings)}, not {len(settings)}.")
        branch = Sweep(self.data, settings, self.seeds)
        for member, (group, place) in branch.places.items():
            before, k = self.places[member]
            copy_member(before.gan, k, group.gan, place)
            group.gan.step, group.diverged = before.gan.step, before.diverged
        return branch


def copy_member(source: GAN, k: int, target: GAN, place: int) -> None:
    """Copy one member's weights, its averaged generator and its optimisers' state."""

    def copied(new: Any, old: Any, alone: bool) -> Any:
        if not isinstance(old, Tensor) or not old.dim():
            return old
        if alone:
            return old.clone()
        new = torch.zeros(len(target.seed), *old.shape[1:]) if new is None else new  # type: ignore[arg-type]
        new[place] = old[k]
        return new

    with torch.no_grad():
        for part in ("generator", "discriminator", "average"):
            ours, theirs = getattr(source, part).state_dict(), getattr(target, part).state_dict()
            shapes = [[(name, one.shape[1:]) for name, one in state.items()] for state in (ours, theirs)]
            if shapes[0] != shapes[1]:
                raise ValueError("A fork keeps the networks' shapes; for other networks start a new sweep.")
            alone = isinstance(getattr(source, part), Alone)
            for name, tensor in ours.items():
                theirs[name].copy_(copied(theirs[name], tensor, alone))
        alone = isinstance(source.generator, Alone)
        for ours, theirs in zip(optimizers(source), optimizers(target), strict=True):
            for old, new in zip(ours.param_groups[0]["params"], theirs.param_groups[0]["params"], strict=True):
                state = theirs.state[new]
                for name, value in ours.state.get(old, {}).items():
                    state[name] = copied(state.get(name), value, alone)


def optimizers(gan: GAN) -> tuple[torch.optim.Optimizer, torch.optim.Optimizer]:
    """Both players' optimisers."""
    return gan.generator_optimizer, gan.discriminator_optimizer
