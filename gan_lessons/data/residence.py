"""Where data lie while a GPU trains: on it, pictures as bytes, or on the host, sent a batch at a time."""

import copy
from typing import Any

import torch
from torch import Tensor

from gan_lessons.data.sources import Batch, Samples, Source, moved

SHARE = 0.5  # of a device's free memory that data may take


class EightBit:
    """Pictures in [-1, 1] that are kept as bytes, a quarter of their size, and are floats where they are taken from."""

    def __init__(self, values: Tensor):
        self.bytes = values

    @classmethod
    def of(cls, pixels: Tensor) -> "EightBit | Tensor":
        """Pictures [count, channels, height, width] as bytes where that loses nothing, and else as they are."""
        if pixels.dim() != 4 or pixels.dtype != torch.float32 or pixels.device.type != "cpu":
            return pixels
        kept = cls(((pixels + 1) * 127.5).round().clamp(0, 255).to(torch.uint8))
        pieces = zip(kept.bytes.split(256), pixels.split(256), strict=True)
        return kept if all(torch.equal(floats(some), wanted) for some, wanted in pieces) else pixels

    def __len__(self) -> int:
        return len(self.bytes)

    def __getitem__(self, indices: Any) -> Tensor:
        return floats(self.bytes[indices])

    def to(self, device: torch.device | str) -> "EightBit":
        return EightBit(self.bytes.to(device))


def floats(values: Tensor) -> Tensor:
    """Bytes as pictures in [-1, 1], by the same two operations by which pictures are read."""
    return values.float().div_(127.5).sub_(1)


class Streamed:
    """A source on the host, for a device that it does not fit on: batches are gathered on the host while the device
    computes, and sent from pinned memory without waiting. Indices are drawn on the host; others are waited for."""

    home = torch.device("cpu")

    def __init__(self, source: Source, device: torch.device | str):
        self.source, self.device = source, torch.device(device)

    def __len__(self) -> int:
        return len(self.source)

    def batch(self, indices: Tensor) -> Batch:
        return Batch(*map(self.send, self.source.batch(indices.to(self.home))))

    def send(self, part: Any) -> Any:
        """A part of a batch on its way to the device."""
        if not isinstance(part, Tensor):
            return part
        if self.device.type == "cuda":
            part = part.pin_memory()  # of torch's own store, which keeps it until it has been sent
        return part.to(self.device, non_blocking=True)


def resident(data: Tensor | Source, device: torch.device | str, room: float | None = None) -> Tensor | Source:
    """Data for training on a device: there where they fit into `room` bytes, pictures as bytes, and else streamed.

    On a CPU they stay as they are; so do sources of other kinds than this package's. `room` is by default half of what
    is free on a CUDA device, and elsewhere no limit.
    """
    device = torch.device(device)
    if device.type == "cpu":
        return data
    whole: Any = Samples(data) if isinstance(data, Tensor) else data
    if not isinstance(whole, Samples):
        return moved(data, device)
    packed = copy.copy(whole)
    for name, value in vars(whole).items():
        if isinstance(value, Tensor):
            setattr(packed, name, EightBit.of(value))
    if room is None:
        room = SHARE * torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else float("inf")
    if size(packed) > room:
        return Streamed(packed, device)
    for name, value in vars(packed).items():
        if isinstance(value, Tensor | EightBit):
            setattr(packed, name, value.to(device))
    return packed


def size(source: Samples) -> int:
    """Bytes that a source's tensors take."""
    own = [value.bytes if isinstance(value, EightBit) else value for value in vars(source).values()]
    return sum(value.numel() * value.element_size() for value in own if isinstance(value, Tensor))
