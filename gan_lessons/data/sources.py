"""Sources: what a GAN learns from, a batch at a time. A plain tensor of samples is one already."""

import copy
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor


class Batch(NamedTuple):
    """Real samples [batch, ...], and what both players are told beside: labels, pictures, or nothing."""

    real: Tensor
    condition: Any = None


class Source(Protocol):
    """Anything with a length that makes a batch of indices, of shape [batch] or [members, batch] for a population."""

    def __len__(self) -> int: ...
    def batch(self, indices: Tensor) -> Batch: ...


class Samples:
    """A tensor of samples [count, ...] as a source."""

    def __init__(self, samples: Tensor):
        self.samples = samples

    def __len__(self) -> int:
        return len(self.samples)

    def batch(self, indices: Tensor) -> Batch:
        return Batch(self.samples[indices])


class Labelled(Samples):
    """Samples [count, ...] with a label each, [count], which both players are told."""

    def __init__(self, samples: Tensor, labels: Tensor):
        if len(samples) != len(labels):
            raise ValueError(f"There must be one label for each of {len(samples)} samples, not {len(labels)}.")
        super().__init__(samples)
        self.labels = labels

    def batch(self, indices: Tensor) -> Batch:
        return Batch(self.samples[indices], self.labels[indices])


class Paired(Samples):
    """Samples [count, ...] and what each is to be made of, `inputs` [count, ...], which both players are told."""

    def __init__(self, samples: Tensor, inputs: Tensor):
        if len(samples) != len(inputs):
            raise ValueError(f"There must be one input for each of {len(samples)} samples, not {len(inputs)}.")
        super().__init__(samples)
        self.inputs = inputs

    def batch(self, indices: Tensor) -> Batch:
        return Batch(self.samples[indices], self.inputs[indices])


class Unpaired(Samples):
    """Pictures [count, channels, height, width] of two kinds that nobody has paired, one of each laid together.

    A sample has the channels of both, and so has what the players are told: `networks.translation.Both` makes of either
    the other. Every picture of the `first` kind meets every one of the `second`, so the length is the product.
    """

    def __init__(self, first: Tensor, second: Tensor):
        if first.shape[2:] != second.shape[2:]:
            raise ValueError(
                f"Both kinds have to be of one size; {list(first.shape)} and {list(second.shape)} are not."
            )
        super().__init__(first)
        self.others = second

    def __len__(self) -> int:
        return len(self.samples) * len(self.others)

    def batch(self, indices: Tensor) -> Batch:
        both = torch.cat([self.samples[indices // len(self.others)], self.others[indices % len(self.others)]], -3)
        return Batch(both, both)


class Towards(Unpaired):
    """Pictures of two kinds that nobody has paired, of which only the second is to be made of the first."""

    def batch(self, indices: Tensor) -> Batch:
        return Batch(self.others[indices % len(self.others)], self.samples[indices // len(self.others)])


class OneHot(Samples):
    """Symbols [count, length] that become one-hot, [batch, length, kinds], a batch at a time, which saves memory."""

    def __init__(self, symbols: Tensor, kinds: int):
        super().__init__(symbols)
        self.kinds = kinds

    def batch(self, indices: Tensor) -> Batch:
        one_hot = torch.nn.functional.one_hot(self.samples[indices], self.kinds)
        return Batch(one_hot.to(torch.get_default_dtype()))


def as_source(data: Tensor | Source) -> Source:
    """A tensor as a source; a source as it is. A TypeError says what is missing of one."""
    if isinstance(data, Tensor):
        return Samples(data)
    if not (hasattr(data, "__len__") and callable(getattr(data, "batch", None))):
        raise TypeError(
            f"A GAN learns from a tensor, or from an object with `len` and `batch(indices)`; {type(data).__name__} "
            "lacks them. torch.utils.data's sets become one by torch.stack([sample for sample, *_ in dataset])."
        )
    return data


def moved(data: Tensor | Source, device: torch.device | str) -> Tensor | Source:
    """A tensor, or the tensors of one of this module's sources, on a device; another source as it is."""
    if isinstance(data, Tensor):
        return data.to(device)
    if isinstance(data, Samples):
        data = copy.copy(data)  # sources are shared: the one that was given stays where it is
        for name, value in vars(data).items():
            if isinstance(value, Tensor):
                setattr(data, name, value.to(device))
    return data


Draw = Callable[[Source, int, torch.device], Tensor]


def uniformly(source: Source, count: int, device: torch.device) -> Tensor:
    """Indices [count] of samples, each as likely as any other."""
    return torch.randint(len(source), (count,), device=device)


def balanced(labels: Tensor, group: int = 1, device: torch.device | str = "cpu") -> Draw:
    """Indices in groups of one class each; every class comes as often as any other, however many samples it has.

    `labels` has shape [count], and every class from 0 up needs a sample. Within a batch no class comes again before all
    have come. The indices are drawn on the `device` that trains. A ValueError names a class without one.
    """
    order, counts = labels.cpu().argsort(stable=True), labels.cpu().bincount()
    if (empty := counts.eq(0)).any():
        raise ValueError(
            f"The class {int(empty.nonzero()[0])} has no sample; every class from 0 to {len(counts) - 1} needs one."
        )
    order, counts, first = (table.to(device) for table in (order, counts, counts.cumsum(0) - counts))

    def draw(source: Source, count: int, device: torch.device) -> Tensor:
        groups = -(-count // group)
        rounds = torch.rand(-(-groups // len(counts)), len(counts), device=order.device).argsort(1)
        classes = rounds.flatten()[:groups].repeat_interleave(group, output_size=groups * group)[:count]
        return order[first[classes] + (torch.rand(count, device=order.device) * counts[classes]).long()]

    return draw
