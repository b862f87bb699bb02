"""What a lab's parameters may be: each field of its dataclass carries a range or a choice, which becomes a control."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from numbers import Real
from typing import Any


@dataclass(frozen=True)
class Range:
    """A number from `low` to `high` in steps of `step`; a whole number if the step is one."""

    low: float
    high: float
    step: float
    label: str
    tooltip: str

    def check(self, value: Any) -> tuple[Any, str]:
        """The allowed value that is nearest, and what had to be changed; a ValueError if it is no number."""
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise ValueError(f"“{self.label}” takes a number from {self.low:g} to {self.high:g}, not {value!r}.")
        number = min(max(float(value), self.low), self.high)
        nearest = round(number) if isinstance(self.step, int) else number
        if nearest == value:
            return nearest, ""
        kind = "a whole number" if isinstance(self.step, int) else "a number"
        return nearest, (
            f"“{self.label}” was set to {nearest:g}: it takes {kind} from {self.low:g} to {self.high:g}, not {value:g}."
        )


@dataclass(frozen=True)
class Choice:
    """One of a few options, from a drop-down or, where they have an order, on a `slider`."""

    options: Sequence[Any]
    label: str
    tooltip: str
    slider: bool = False

    def check(self, value: Any) -> tuple[Any, str]:
        """The option itself; a ValueError lists the known ones."""
        for option in self.options:
            if type(option) is type(value) and option == value:
                return option, ""
        raise ValueError(f"“{self.label}” is one of {', '.join(map(str, self.options))}, not {value!r}.")


@dataclass(frozen=True)
class Preset:
    """A state worth seeing: its `name` on a button, the `values` that it sets, and what to `watch` then.

    A `fresh` one starts the training again; the others change a training that goes on.
    """

    name: str
    watch: str
    values: Mapping[str, Any]
    fresh: bool = True


def ranged(default: float, low: float, high: float, step: float, label: str, tooltip: str) -> Any:
    """A field of a parameter class that a slider moves."""
    return field(default=default, metadata={"control": Range(low, high, step, label, tooltip)})


def chosen(default: Any, options: Sequence[Any], label: str, tooltip: str) -> Any:
    """A field of a parameter class that a drop-down picks."""
    return field(default=default, metadata={"control": Choice(options, label, tooltip)})


def stepped(default: Any, options: Sequence[Any], label: str, tooltip: str) -> Any:
    """A field of a parameter class that a slider moves over a few options, as from 0.001 to 0.01 to 0.1."""
    return field(default=default, metadata={"control": Choice(options, label, tooltip, slider=True)})


def controls_of(parameters: Any) -> dict[str, Range | Choice]:
    """The range or choice of each field of a parameter class, by name."""
    return {entry.name: entry.metadata["control"] for entry in fields(parameters)}
