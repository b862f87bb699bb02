"""Many processes that train as one: each has its share of every batch, and all take the step that one would take.

`accelerate launch`, `torchrun` or a scheduler starts them; each is told its rank, from 0, and how many they are. All
draw the same indices and the same noise from the run's seed, each keeps its slice of them, and a player's optimiser
gets the mean of all gradients before it steps. The mean over equal slices is the mean over the batch, so losses and
penalties, which are means over samples, send the gradient that one process would find, up to rounding. What compares
samples does it within a slice: pairs of real and fake, groups for a minibatch deviation and packed samples are
neighbours in the batch and stay together where a slice holds whole groups. A generator's BatchNorm takes its means and
variances over all ranks. Three things do not come out as in one process: a discriminator's BatchNorm looks at a slice,
the mixing shares of `penalties.gradient_penalty` are spread over a slice, and random numbers that are drawn after a
batch is shared (augmentation, dropout, where a vocoder's segments begin) are each rank's own.

Torch's DistributedDataParallel is not used: it averages during every `backward` that runs through its `forward`, and
the generator's turn runs through the discriminator, whose slopes nobody needs then. One mean a turn, just before the
optimiser steps, sends less and says where it happens.
"""

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.modules.batchnorm import _BatchNorm

from gan_lessons.interrupts import interrupts

PATIENCE = timedelta(hours=1)  # for one that does not answer; the first may measure and draw for long


class RanksError(RuntimeError):
    """Processes that cannot train together, or no longer."""


class Alone:
    """A single process: every batch is its own, and a mean is what it has itself."""

    rank, count = 0, 1

    def share(self, indices: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """This rank's slice of what was drawn for a batch: indices [..., batch] and noise [..., batch, noise_dim]."""
        return indices, noise

    def mean(self, tensors: list[Tensor]) -> list[Tensor]:
        """The mean of each tensor over all ranks."""
        return tensors

    def in_step(self, steps: Iterable) -> Iterable:
        """What each step yields. Where an interrupt comes to one rank, it comes to all, after the same step."""
        return steps

    def join(self, gan: Any) -> None:
        """Let a GAN be trained by all ranks."""

    def told(self, words: Any) -> Any:
        """What the first rank says."""
        return words


ALONE = Alone()


class Together(Alone):
    """One of several processes, by torch.distributed: gloo between processors, NCCL between GPUs."""

    def __init__(self, rank: int, count: int):
        self.rank, self.count = rank, count
        # of processors, whatever trains: asking about an interrupt waits for no GPU
        self.hosts = torch.distributed.new_group(backend="gloo", timeout=PATIENCE)

    def share(self, indices: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        batch = indices.shape[-1]
        if batch % self.count:
            low = batch - batch % self.count
            near = " or ".join(str(fits) for fits in (low, low + self.count) if fits)
            raise RanksError(f"A batch of {batch} cannot be shared equally by {self.count} processes; {near} can.")
        # what a step draws later on (augmentation, dropout) is not to be the same for every slice
        torch.manual_seed((torch.initial_seed() + (self.rank + 1) * 7_368_787) % 2**32)
        size = batch // self.count
        return indices.narrow(-1, self.rank * size, size), noise.narrow(-2, self.rank * size, size)

    def mean(self, tensors: list[Tensor]) -> list[Tensor]:
        from accelerate.utils import reduce

        flat = torch.cat([tensor.flatten() for tensor in tensors])  # one message, not one a tensor
        with all_there():
            flat = reduce(flat, "mean")
        parts = flat.split([tensor.numel() for tensor in tensors])
        return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]

    def average(self, optimizer: torch.optim.Optimizer, *_: Any) -> None:
        """Put the mean of all ranks' gradients in the place of this one's, in an optimiser that is about to step."""
        weights = [weight for group in optimizer.param_groups for weight in group["params"]]
        gradients = [weight.grad for weight in weights if weight.grad is not None]
        torch._foreach_copy_(gradients, self.mean(gradients))

    def join(self, gan: Any) -> None:
        gan.ranks = self
        for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
            hook = optimizer.register_step_pre_hook(self.average)
            # before other hooks: a recipe may shorten gradients, and it is the mean that has a length to shorten
            optimizer._optimizer_step_pre_hooks.move_to_end(hook.id, last=False)
        for name, layer in [*gan.generator.named_modules()]:
            if isinstance(layer, _BatchNorm):
                gan.generator.set_submodule(name, BatchNormOfAll(layer, self.rank, self.count))

    def in_step(self, steps: Iterable) -> Iterator:
        with interrupts.held():
            for found in steps:
                yield found
                asked = torch.tensor(interrupts.waiting, dtype=torch.int32)
                with all_there():
                    torch.distributed.all_reduce(asked, group=self.hosts)
                if asked:
                    break
            else:
                return
        raise KeyboardInterrupt  # of another rank: an own one has come at the end of the block

    def told(self, words: Any) -> Any:
        from accelerate.utils import broadcast_object_list, send_to_device

        said = [send_to_device(words, "cpu")]
        with all_there():
            broadcast_object_list(said)
        return said[0]


class BatchNormOfAll(_BatchNorm):
    """A layer whose means and variances, in training, are over the samples [batch, channels, ...] of all ranks.

    It shares weights and buffers with the BatchNorm that it replaces. torch.nn.SyncBatchNorm knows only GPUs.
    """

    def __init__(self, layer: _BatchNorm, rank: int, count: int):
        super().__init__(layer.num_features, layer.eps, layer.momentum, layer.affine, layer.track_running_stats)
        self._parameters, self._buffers, self.training = layer._parameters, layer._buffers, layer.training
        self.rank, self.count = rank, count

    def _check_input_dim(self, inputs: Tensor) -> None: ...

    def forward(self, inputs: Tensor) -> Tensor:
        if not self.training:
            return super().forward(inputs)
        values = inputs.float() if inputs.element_size() == 2 else inputs  # as torch's own does under autocast
        mean, variance = statistics(values.detach(), self.rank, self.count)
        with torch.no_grad():
            seen = self.count * inputs.numel() // self.num_features
            found = {"running_mean": mean, "running_var": variance * (seen / (seen - 1))}
            for name, value in found.items():
                self.get_buffer(name).lerp_(value, self.momentum or 0.1)
            self.get_buffer("num_batches_tracked").add_(1)
        return Normalized.apply(values, self.weight, self.bias, mean, variance, self.eps, self.count).to(inputs.dtype)


def statistics(values: Tensor, rank: int, count: int) -> tuple[Tensor, Tensor]:
    """Each channel's mean and variance over the samples [batch, channels, ...] of all ranks, by one message.

    The variance of equal slices together is the mean of their variances and the variance of their means.
    """
    # BatchNorm's own kernel finds them several times faster than var_mean, as mean and 1 / sqrt(variance + 1)
    _, mean, scale = torch.native_batch_norm(values, None, None, None, None, True, 0.0, 1.0)
    every = values.new_zeros(count, 2, values.shape[1])
    every[rank] = torch.stack([mean, scale**-2 - 1])  # the others' places are 0: the sum is all slices side by side
    means, variances = sum_of_all(every).unbind(1)
    return means.mean(0), variances.mean(0) + means.var(0, correction=0)


class Normalized(torch.autograd.Function):
    """Samples less their mean, over their deviation, with a weight and a bias a channel, by torch's own kernels.

    The mean and the variance are those of all ranks, so a rank's samples act on every rank's loss.
    """

    @staticmethod
    def forward(ctx: Any, values: Tensor, weight: Tensor, bias: Tensor, *rest: Any) -> Tensor:
        mean, variance, eps, ctx.count = rest
        ctx.save_for_backward(values, weight, mean, (variance + eps).rsqrt())
        return torch.native_batch_norm(values, weight, bias, mean, variance, False, 0.0, eps)[0]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple:
        values, weight, mean, scale = ctx.saved_tensors
        asked = (slope.contiguous(), values, weight, mean, scale, mean, scale, True, 0.0, [False, True, True])
        _, of_weight, of_bias = torch.ops.aten.native_batch_norm_backward(*asked)
        seen = ctx.count * values.numel() // len(mean)
        by_weight, by_bias = sum_of_all(torch.stack([of_weight, of_bias])) / seen
        factor = weight * scale
        along = factor * scale * by_weight
        shape = (1, -1, *[1] * (values.dim() - 2))
        level = (along * mean - factor * by_bias).view(shape)
        of_values = torch.addcmul(level, slope, factor.view(shape)).addcmul_(values, along.view(shape), value=-1)
        return of_values, of_weight, of_bias, None, None, None, None


def sum_of_all(own: Tensor) -> Tensor:
    """The sum of a tensor over all ranks, in its place."""
    with all_there():
        torch.distributed.all_reduce(own)
    return own


@contextmanager
def all_there() -> Iterator[None]:
    """Say in a sentence that another process has gone while this one waited for it.

    This one then ends too, and nothing may take a signal for a wish to save: it is in the middle of a step.
    """
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        deafen()
        raise RanksError("Another process of this training has ended, and it cannot go on without.") from error


def deafen() -> None:
    """Hear no more requests to stop: this process ends by itself."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


@contextmanager
def launched(device: torch.device) -> Iterator[Alone]:
    """This process among those that a launcher has started to train together; alone where there is no launcher.

    At the end all wait for each other. Raises RanksError where processes cannot be joined on that device.
    """
    if int(os.environ.get("WORLD_SIZE", 1)) == 1:
        yield ALONE
        return
    from accelerate import PartialState

    state = PartialState(cpu=device.type == "cpu", timeout=PATIENCE)
    if state.num_processes != int(os.environ["WORLD_SIZE"]):
        raise RanksError(f"Processes can train together on GPUs by CUDA or on processors, not on {device}.")
    try:
        yield Together(state.process_index, state.num_processes)
    finally:
        deafen()
    with all_there():
        state.wait_for_everyone()
    state.destroy_process_group()
