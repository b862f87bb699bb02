"""Used-up memory: how it shows, and which settings to lower."""

from typing import Any

import torch

# the settings that the memory of a step grows with, in the order in which one lowers them
LARGE = ("batch", "size", "length", "generator_width", "discriminator_width", "width", "hidden", "members")


class ShortageError(RuntimeError):
    """The memory of a device is used up."""


def is_shortage(error: BaseException) -> bool:
    """Whether an error says that memory is used up: of a GPU, of Python's, or of torch's on a processor."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "allocate memory" in str(error)


def advice(recipe: Any, device: torch.device, step: int) -> str:
    """That memory is used up, and what to lower, with its present values."""
    large = {name: getattr(recipe, name, None) for name in LARGE}
    lower = ", ".join(f"{name} ({value})" for name, value in large.items() if isinstance(value, int))
    return (
        f"The memory of {device} is used up after step {step}. A new run takes less with a lower {lower}, or with more "
        "processes, which share the batch."
    )
