"""A timeline: what a GAN drew of the same noises at a growing list of steps, for TimelineLab to look back through."""

import copy
import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.labs.kit.pictures import checked, from_bytes, to_bytes
from gan_lessons.training import GAN, Record, stacked

MEMORY = 64 * 2**20  # bytes that the pictures may take; then every other snapshot goes
SCORED = 4  # one snapshot in so many is scored


class Snapshot(NamedTuple):
    """What both generators drew at a step, bytes [count, channels, height, width]."""

    step: int
    average: Tensor
    present: Tensor


class Timeline:
    """Snapshots of an image GAN's pictures, each about `growth` times as many steps after the start as the last one.

    `for record in timeline.watch(train(gan, …)): …` takes them on the way, the first before the training and the last
    at its end; or call `note` after each step. All show the same `count` noises, drawn by the averaged and by the
    present generator. `score`, if given, takes the GAN to a number, at one snapshot in four. Looking changes nothing of
    the training. Raises ValueError if the GAN does not draw pictures.
    """

    def __init__(
        self, gan: GAN, count: int = 16, growth: float = 1.2, seed: int = 0, score: Callable[[GAN], float] | None = None
    ):
        if growth <= 1 or count < 1:
            raise ValueError(f"A timeline needs pictures and a growth above 1, not {count} and {growth}.")
        if not isinstance(gan.seed, int):
            raise ValueError("A timeline follows one GAN, not a population.")
        self.gan, self.growth, self.score = gan, growth, score
        noise = torch.randn(count, gan.noise_dim, generator=torch.Generator().manual_seed(seed))
        self.noise = noise.to(gan.device)
        self.snapshots: list[Snapshot] = []
        self.scores: dict[int, float] = {}
        self.note()

    @property
    def steps(self) -> list[int]:
        """The steps of the snapshots."""
        return [snapshot.step for snapshot in self.snapshots]

    @property
    def bytes(self) -> int:
        """What the pictures take."""
        return sum(part.nbytes for snapshot in self.snapshots for part in snapshot[1:])

    def watch(self, records: Iterable[Record]) -> Iterator[Record]:
        """Hand a training's records on; take snapshots when they are due and where it ends, also if it breaks off."""
        try:
            for record in records:
                self.note()
                yield record
        finally:
            self.note(now=True)

    def note(self, now: bool = False) -> None:
        """Take a snapshot if one is due, or in any case `now`; after a step back, what came later is forgotten.

        One `now` takes the place of the last one, if that lies so shortly before it that both would be much alike.
        """
        step = self.gan.step
        while self.snapshots and self.snapshots[-1].step > step:
            self.scores.pop(self.snapshots.pop().step, None)
        last = self.snapshots[-1].step if self.snapshots else -1
        if step == last or not (now or step >= max(last + 1, math.ceil(last * self.growth))):
            return
        if last > 0 and step < last * self.growth**0.5:  # the last one stands for one shortly before it
            self.scores.pop(self.snapshots.pop().step, None)
        self.snapshots.append(Snapshot(step, self.look(self.gan.average), self.look(self.gan.generator)))
        if self.score is not None and (now or len(self.snapshots) % SCORED == 1):
            self.scores[step] = float(self.score(self.gan))
        if self.bytes > MEMORY and len(self.snapshots) > 2:
            del self.snapshots[-2:0:-2]  # the first and the last stay
            self.growth **= 2

    def look(self, network: torch.nn.Module) -> Tensor:
        """What a generator draws now, by a copy: in training, BatchNorm would remember these noises."""
        with torch.inference_mode(), self.gan.autocast:
            pixels = copy.deepcopy(network).eval()(self.noise)
        return to_bytes(checked(pixels.nan_to_num(), "What this GAN draws"))

    def pixels(self, place: int, average: bool = True) -> Tensor:
        """The pictures of the snapshot at that place, in [-1, 1]."""
        snapshot = self.snapshots[place]
        return from_bytes(snapshot.average if average else snapshot.present)

    def moved(self, average: bool = True) -> Tensor:
        """How far each picture moved since the snapshot before, a pixel's root mean square: [snapshots, count]."""
        every = torch.stack([self.pixels(place, average) for place in range(len(self.snapshots))])
        change = every.diff(dim=0).flatten(2).square().mean(2).sqrt()
        return torch.cat([torch.zeros(1, change.shape[1]), change])

    def losses(self, most: int = 150) -> tuple[Tensor, Tensor, Tensor]:
        """Step, D's loss and G's loss up to the last snapshot, as means over at most so many stretches."""
        history = [record for record in self.gan.history if record.step <= self.steps[-1]]
        if not history:
            return torch.zeros(0), torch.zeros(0), torch.zeros(0)
        records, stretch = stacked(history), math.ceil(len(history) / most)
        means = [
            torch.stack([part.float().mean() for part in values.cpu().split(stretch)])
            for values in (records.step, records.discriminator_loss, records.generator_loss)
        ]
        return means[0], means[1], means[2]
