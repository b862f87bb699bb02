"""What a reader of the collapse lab sets: the rows of the wall, what is looked at, and what a fork would change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, make_dataclass, replace
from typing import Any

from gan_lessons import losses, penalties
from gan_lessons.data import points
from gan_lessons.data.points import Mixture
from gan_lessons.labs.kit.controls import Preset, chosen, ranged, stepped
from gan_lessons.labs.points.collapse_simulation import EVERY, PRESETS
from gan_lessons.labs.points.own import usable
from gan_lessons.sweeps import Setting

DATA: dict[str, Callable[[], Mixture]] = {"ring": points.ring, "grid": points.grid}
RATES = (1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 3e-2, 0.1)
FACTORS = (0.0, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)
SAME, NONE = "as it is", "none"


@dataclass(frozen=True)
class CollapseParameters:
    """What the rows of the wall are, what is looked at, and what a fork would change."""

    at: int = ranged(0, 0, 500, EVERY, "Step shown", "Look back to any step; at the right end the wall is live")
    row: int = ranged(
        1, 1, 4, 1, "Enlarge: row", "Which GAN is shown from near, or click on its tile; a fork adds rows"
    )
    seed: int = ranged(0, 0, 7, 1, "Enlarge: seed", "The column of the GAN shown from near; or click on its tile")
    first: str = chosen("plain", list(PRESETS), "Row 1", "How this row's GANs differ from a plain one; starts again")
    second: str = chosen("relativistic", [*PRESETS, NONE], "Row 2", "How this row's GANs differ; starts again")
    third: str = chosen("packing", [*PRESETS, NONE], "Row 3", "How this row's GANs differ; starts again")
    fourth: str = chosen(
        "packing + relativistic", [*PRESETS, NONE], "Row 4", "How this row's GANs differ; starts again"
    )
    data: str = chosen("ring", list(DATA), "Data", "8 modes on a ring, or 25 on a grid; starts again")
    generator_rate: float = stepped(3e-3, RATES, "G: learning rate", "Of all rows; starts the training again")
    discriminator_rate: float = stepped(1e-3, RATES, "D: learning rate", "Of all rows; starts the training again")
    fork_loss: str = chosen(SAME, [SAME, *losses.KNOWN], "Fork: loss", "What G and D minimise after the fork")
    fork_penalty: str = chosen(SAME, [SAME, "none", *penalties.KNOWN], "Fork: penalty", "D's penalty after the fork")
    fork_weight: float = stepped(
        1.0, (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0), "Fork: weight", "The factor of the penalty chosen here"
    )
    fork_generator: float = stepped(1.0, FACTORS, "Fork: G's rate ×", "What G's learning rate is multiplied by")
    fork_discriminator: float = stepped(3.0, FACTORS, "Fork: D's rate ×", "What D's learning rate is multiplied by")


WALLS = (
    Preset("Remedies", "Watch the first row lose islands that the other rows keep.",
           {"first": "plain", "second": "relativistic", "third": "packing", "fourth": "packing + relativistic"}),
    Preset("Penalties", "Watch who settles: the first row has no penalty.",
           {"first": "plain", "second": "R1", "third": "R1 + R2, relativistic",
            "fourth": "Wasserstein + gradient penalty"}),
    Preset("Tricks", "Watch four older tricks side by side; each column is a seed.",
           {"first": "minibatch statistics", "second": "unrolled", "third": "instance noise",
            "fourth": "five steps of D"}),
)  # fmt: skip
ROWS = ("first", "second", "third", "fourth")
MAKES = (*ROWS, "data", "generator_rate", "discriminator_rate")  # what starts the training again
FORKS = tuple(entry.name for entry in fields(CollapseParameters) if entry.name.startswith("fork_"))
OwnParameters = make_dataclass(  # where the notebook says what the rows are
    "OwnParameters", [(e.name, e.type, e) for e in fields(CollapseParameters) if e.name not in MAKES], frozen=True
)


def forked(p: Any, settings: Sequence[Setting], changes: dict[str, Any]) -> tuple[list[Setting], str]:
    """The settings after a fork, by these changes or else by what the parameters say, and what was changed in words."""
    if unknown := set(changes) - {entry.name for entry in fields(Setting)}:
        raise ValueError(f"A Setting has no {', '.join(sorted(unknown))}.")
    if changes:
        said = [f"{name} {getattr(value, '__name__', value)}" for name, value in changes.items()]
        made = [usable(replace(setting, **changes)) for setting in settings]
        return made, ", ".join(said)
    said = []
    if p.fork_loss != SAME:
        changes["loss"] = p.fork_loss
        said.append(f"{p.fork_loss} loss")
    if p.fork_penalty != SAME:
        changes.update(penalty=p.fork_penalty, penalty_weight=p.fork_weight)
        said.append("no penalty" if p.fork_penalty == "none" else f"{p.fork_penalty} × {p.fork_weight:g}")
    said += [f"{who}'s rate × {by:g}" for who, by in (("G", p.fork_generator), ("D", p.fork_discriminator)) if by != 1]
    if not said:
        raise ValueError("Choose first what the fork changes: loss, penalty or rates.")
    return [
        replace(
            setting, **changes, generator_rate=setting.generator_rate * p.fork_generator,
            discriminator_rate=setting.discriminator_rate * p.fork_discriminator,
        )
        for setting in settings
    ], ", ".join(said)  # fmt: skip
