"""A report of what was found in data of a reader's own: how much of what, in which classes, and what was left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SHOWN = 12  # classes that are listed by name
NAMED = 3  # files that are named for each reason


@dataclass(frozen=True)
class Found:
    """What a folder, a zip or a file held; `str` of it is what to print before training: one line, or a few.

    `counts` has the number in each class by the class's name, or, without classes, all of them under "". `skipped` and
    `remarks` have the names of files by reason: of those left out, and of those used though something is wrong. `form`
    says in what form the data are taken, as "scaled to 64 × 64".
    """

    kind: str
    counts: Mapping[str, int]
    form: str = ""
    skipped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(self.counts.values())

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """How much there is and in what form; then, where there are any, what was skipped and what has faults."""
        first = counted(len(self), self.kind)
        if "" not in self.counts:
            listed = [f"{shown(name)} {count:,}" for name, count in self.counts.items()]
            classes = "1 class" if len(listed) == 1 else f"{len(listed):,} classes"
            first += f" in {classes} ({', '.join([*listed[:SHOWN], *(['…'] if listed[SHOWN:] else [])])})"
        found = [f"{first}{', ' * bool(self.form)}{self.form}."]
        if self.skipped:
            found.append(f"Skipped {sum(map(len, self.skipped.values())):,}: {told(self.skipped)}.")
        if self.remarks:
            found.append(f"Used, but look at {sum(map(len, self.remarks.values())):,}: {told(self.remarks)}.")
        return found


def counted(count: int, kind: str) -> str:
    """A number of things, as "1 picture" or "2,000 pictures"."""
    return f"{count:,} {kind}{'' if count == 1 else 's'}"


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Pairs of a file's name and a reason as {reason: names}."""
    found: dict[str, list[str]] = {}
    for name, reason in pairs:
        found.setdefault(reason, []).append(name)
    return {reason: tuple(names) for reason, names in found.items()}


def told(reasons: Mapping[str, tuple[str, ...]]) -> str:
    """Reasons, each with how many files it holds for and the first of their names."""
    return "; ".join(
        f"{reason} ({f'{len(names):,}: ' if len(names) > 1 else ''}{several(names)})"
        for reason, names in reasons.items()
    )


def several(names: Iterable[str]) -> str:
    """The first of some names, printable, and dots for the others."""
    first = [shown(name) for name in names]
    return ", ".join([*first[:NAMED], *(["…"] if first[NAMED:] else [])])


def shown(name: str) -> str:
    """A name that others chose, with what is not printable in it escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in name)
