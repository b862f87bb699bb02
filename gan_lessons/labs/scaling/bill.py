"""BillLab: what limits the training of a recipe on a card, and the hours, money and energy that it comes to."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from gan_lessons import plans, timelines
from gan_lessons.labs.kit.controls import Preset, chosen, ranged, stepped
from gan_lessons.labs.kit.frame import INK, Frame, Layer, Lines, Panel, Points, Writing, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.plots import style
from gan_lessons.recipes import Modern

BATCHES = (16, 32, 64, 128, 256, 512, 1024, 2048)
COUNTED = (16, 32)  # batches that are counted; FLOPs and bytes grow in a straight line from there
OVERHEAD = 1.4  # of a cooled computer over its card


class Offer(NamedTuple):
    """A card by its data sheet, a round rent in euros an hour, and its colour."""

    card: plans.Card
    rent: float
    color: str


CARDS = {
    name: Offer(plans.CARDS[sheet], rent, color)
    for name, sheet, rent, color in (
        ("T4", "T4", 0.4, style.CATEGORIES[5]),
        ("RTX 4090", "RTX 4090", 0.6, INK),
        ("A100", "A100 80 GB", 1.8, style.CATEGORIES[0]),
        ("H100", "H100 SXM", 3.0, style.CATEGORIES[1]),
    )
}


@dataclass(frozen=True)
class BillParameters:
    """What is trained on what, and the assumptions."""

    recipe: str = chosen("", ("",), "Recipe", "What is trained; its operations were counted, not timed")
    card: str = stepped("A100", tuple(CARDS), "Card", "The graphics card, by its data sheet")
    batch: int = stepped(256, BATCHES, "Batch", "Samples a step")
    samples: int = ranged(10, 1, 50, 1, "Million samples", "How many the training sees in all, whatever the batch")
    launch: float = ranged(8, 0, 20, 1.0, "Launch (µs)", "How long Python takes to launch one operation; 0: a graph")
    share: float = ranged(0.5, 0.1, 1, 0.1, "Share of the roof", "What part of its data sheet a card reaches")
    price: float = ranged(0.3, 0.05, 0.6, 0.05, "€ a kWh", "Of electricity, for a card of your own")


class Counted:
    """What steps of a recipe ask for, as straight lines over the batch: FLOPs and bytes of each operation.

    One step in `penalty_every` has a penalty. Both kinds are counted, and each has its part in the mean step.
    """

    def __init__(self, recipe: Modern):
        data, penalised = recipe.data(), 1 / recipe.penalty_every
        parts = {0: penalised, 1: 1 - penalised}  # the first step has a penalty, and the second has none
        self.lines = [(part, *line(recipe, data, step)) for step, part in parts.items() if part]

    def microseconds(
        self, batch: int, card: plans.Card, launch: float, share: float, least: float = plans.LEAST * 1e6
    ) -> tuple[float, float]:
        """How long the mean step takes to launch, and how long a card works on it, `least` for the shortest kernel."""
        launching = working = 0.0
        for part, start, slope in self.lines:
            flops, moved = (start + slope * batch).T
            work = np.maximum(np.maximum(flops / card.flops, moved / card.bandwidth) / share, least / 1e6)
            launching += part * len(work) * launch
            working += part * float(work.sum()) * 1e6
        return launching, working


def line(recipe: Modern, data: Any, step: int) -> tuple[np.ndarray, np.ndarray]:
    """FLOPs and bytes of a step's operations [operations, 2] at a batch of 0, and what each sample adds."""
    few, many = (timelines.operations(recipe, batch, step, data) for batch in COUNTED)
    if len(few) != len(many):
        raise ValueError("The recipe asks for other operations at another batch.")
    counts = np.array([[(one.flops, one.bytes) for one in some] for some in (few, many)], float)
    slope = (counts[1] - counts[0]) / (COUNTED[1] - COUNTED[0])
    return counts[0] - slope * COUNTED[0], slope


class BillLab(Lab):
    """Trainings by name, as counted, on four cards: predicted speed, and what a number of samples costs."""

    Parameters = BillParameters
    empty = "Nothing to train"
    presets = (
        Preset("one at a time", "A batch of 16: all cards are equally fast, as all wait for Python. Raise the batch.",
               {"batch": 16, "card": "H100", "launch": 8.0}),
        Preset("as a graph", "No launches: now the cards differ, even at a batch of 16.", {"batch": 16, "launch": 0.0}),
        Preset("filled", "A large batch: the dearest card an hour. Is it the dearest training?",
               {"batch": 1024, "card": "H100", "launch": 8.0}),
    )  # fmt: skip

    def __init__(self, trained: Mapping[str, Counted], **values: Any):
        self.counted = trained
        super().__init__(**values)

    def prepare(self) -> None:
        if not self.counted:
            raise ValueError("The lab needs at least one recipe.")
        names = tuple(self.counted)
        self.allowed["recipe"] = replace(self.allowed["recipe"], options=names)  # type: ignore[call-arg, arg-type]
        self.parameters = replace(self.parameters, recipe=names[0])

    def rate(self, name: str, batch: int) -> float:
        """Samples a second of a card."""
        p = self.parameters
        return batch / max(self.counted[p.recipe].microseconds(batch, CARDS[name].card, p.launch, p.share)) * 1e6

    def picture(self) -> Frame:
        p = self.parameters
        hours = {name: p.samples * 1e6 / self.rate(name, p.batch) / 3600 for name in CARDS}
        energy = {name: hours[name] * offer.card.watts * OVERHEAD / 1000 for name, offer in CARDS.items()}
        panels = (
            self.speed_panel(),
            bars("Hours", hours, row=False),
            bars("€ for rent", {name: hours[name] * offer.rent for name, offer in CARDS.items()}),
            bars("€ for electricity", {name: energy[name] * p.price for name in CARDS}),
        )
        launching, working = self.counted[p.recipe].microseconds(p.batch, CARDS[p.card].card, p.launch, p.share)
        limit = "Python's launches" if launching > working else "the card"
        card = f"{'a' if p.card == 'T4' else 'an'} {p.card}"
        rate = f"{self.rate(p.card, p.batch):,.0f} samples a second"
        return Frame(
            panels,
            f"{p.recipe} on {card}, predicted: {rate}, limited by {limit} "
            f"(launching {launching / 1000:.1f} ms, working {working / 1000:.1f} ms in the mean step); "
            f"{hours[p.card]:,.2g} hours, {energy[p.card]:,.2g} kWh.",
        )

    def speed_panel(self) -> Panel:
        """Samples a second over the batch, for each card; a dot where one is."""
        p = self.parameters
        logs = np.log2(BATCHES)
        rates = {name: np.log10([self.rate(name, batch) for batch in BATCHES]) for name in CARDS}
        # the fastest first and widest: where lines lie on each other, all are seen
        widths = dict(zip(CARDS, (2, 3, 5, 8), strict=True))
        lines = [Lines(path(logs, rates[name]), CARDS[name].color, width=widths[name]) for name in reversed(CARDS)]
        low, high = min(map(min, rates.values())), max(map(max, rates.values()))
        names, free = [], low
        for name, offer in CARDS.items():  # from the slowest to the fastest, no name on another
            height = max(rates[name][-1], free)
            names.append(Writing(np.array([[11.2, height]]), (name,), offer.color))
            free = height + (high - low) / 14
        here = np.array([[np.log2(p.batch), np.log10(self.rate(p.card, p.batch))]])
        dot = Points(here, CARDS[p.card].color, "", 10, 1.0)
        low, high = low - 0.2, max(high, free) + 0.1
        round_ones = (first * 10**power for power in range(9) for first in (1, 2, 5))
        rows = tuple((float(np.log10(one)), f"{one:,}") for one in round_ones if low < np.log10(one) < high)
        columns = tuple((float(np.log2(batch)), f"{batch:,}") for batch in BATCHES[::2])
        title = "Samples a second, predicted"
        layers: tuple[Layer, ...] = (*lines, dot, *names)
        return Panel(layers, (3.8, 14), (low, high), title, "batch", rows=rows, columns=columns, tall=1.5)


def bars(title: str, values: Mapping[str, float], row: bool = True) -> Panel:
    """A bar for each card, named with its value; all with as many decimals as tell two figures of the largest."""
    high = max(values.values())
    decimals = max(0, 1 - math.floor(math.log10(high)))
    layers = tuple(
        Lines(path([0, value], [place, place]), CARDS[name].color, width=11)
        for place, (name, value) in enumerate(values.items())
    )
    rows = tuple((float(place), f"{name} {value:,.{decimals}f}") for place, (name, value) in enumerate(values.items()))
    return Panel(layers, (0, high * 1.05), (len(values) - 0.4, -0.6), title, rows=rows, below=row, tall=0.5)
