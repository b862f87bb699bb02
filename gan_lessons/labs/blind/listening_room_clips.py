"""The clips of a listening test: of one shape and of one loudness, so that only their sound tells them."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

LEVEL = 0.1  # root mean square of every clip, so that no system is told, or liked, for its loudness


def checked_clips(clips: Any) -> dict[str, Tensor]:
    """Waveforms of one shape by name, all brought to one loudness; a ValueError says what is wrong with them."""
    if not isinstance(clips, Mapping) or not all(isinstance(name, str) and name for name in clips):
        raise ValueError("A listening test takes clips by the names of their systems.")
    for name, one in clips.items():
        if not isinstance(one, Tensor) or one.dim() != 2 or not one.numel() or not one.is_floating_point():
            raise ValueError(f"The clips of {name} are no waveforms of the shape [count, samples].")
        if not one.isfinite().all():
            raise ValueError(f"The clips of {name} hold values that are not numbers.")
    if len({one.shape for one in clips.values()}) > 1:
        raise ValueError("The systems' clips differ in number or length, by which one could tell them.")
    found = {name: one.detach().cpu().float() for name, one in clips.items()}
    # one loudness for all: as loud as LEVEL, or as the clip with the highest peak allows
    loud = {name: one.square().mean(1, keepdim=True).sqrt().clamp(min=1e-6) for name, one in found.items()}
    highest = max(float((one / loud[name]).abs().max()) for name, one in found.items()) if found else 1.0
    return {name: one / loud[name] * min(LEVEL, 1 / max(highest, 1e-6)) for name, one in found.items()}
