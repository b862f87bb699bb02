"""What a listening test shows: the question, and at the end the shares and ratings with their intervals."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from gan_lessons.labs.blind.listening_room_simulation import Listening
from gan_lessons.labs.kit.frame import INK, Layer, Lines, Panel, Writing, path
from gan_lessons.labs.kit.intervals import Span, spans
from gan_lessons.plots import style

WORDS = ("1 bad", "2 poor", "3 fair", "4 good", "5 excellent")  # ITU-T P.800


def asked(test: Listening, chosen: str) -> Panel:
    """The present question, and which answer is chosen but not yet given."""
    question, number = test.current, len(test.answers) + 1
    rating = question is not None and not question.a
    lines = WORDS if rating else ("A", "X", "B")
    title = f"{number} of {len(test.order)}: " + ("how good is X?" if rating else "is X the same as A or as B?")
    places = np.stack([np.linspace(0.1, 0.75, len(lines)), np.full(len(lines), 0.42)], 1)
    layers: list[Layer] = [Lines(path([0, 1], 0.9), style.REFERENCE, width=2)]  # how far the test has come
    if test.answers:
        layers.append(Lines(path([0, len(test.answers) / len(test.order)], 0.9), style.REAL, width=6))
    size = 16 if rating else 34
    for place, line in zip(places, lines, strict=True):
        taken = line[0] == chosen
        layers.append(Writing(place[None], (f"{'▸ ' if taken else ''}{line}",), style.REAL if taken else INK, size))
    return Panel(tuple(layers), (0, 1), (0, 1), title, bare=True, tall=0.45)


def outcome(test: Listening) -> tuple[Panel, ...]:
    """How often each system was told from the reference, and how all were rated."""
    panels = []
    if told := test.told():
        shares = [Span(name, one.low, one.right / one.answered, one.high) for name, one in told.items()]
        panels.append(spans(shares, f"Told from {test.systems[0]}", "share of right answers", (0, 1), 0.5))
    if rated := test.ratings_of():
        means = [Span(name, one.low, one.mean, one.high) for name, one in rated.items()]
        panels.append(spans(means, "Rated, not knowing what it was", "mean of 1 (bad) to 5", (1, 5)))
    return tuple(panels)


def verdict(test: Listening) -> str:
    """The outcome in words."""
    said = []
    for name, one in test.told().items():
        heard = "the difference is heard" if one.low > 0.5 else "from so many answers, it could be guessing"
        said.append(
            f"{name} was told from {test.systems[0]} in {one.right} of {one.answered} "
            f"({100 * one.low:.0f} to {100 * one.high:.0f} %): {heard}."
        )
    rated = [f"{name} {one.mean:.1f} ({one.low:.1f} to {one.high:.1f})" for name, one in test.ratings_of().items()]
    return " ".join(said + ([f"Mean rating: {', '.join(rated)}."] if rated else []))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows of the outcome as an HTML table."""
    if not rows:
        return ""
    lines = []
    for row in rows:
        told = rated = "–"
        if "abx_right" in row:
            told = f"{row['abx_right']} of {row['abx_answered']} ({row['abx_low']:.0%} to {row['abx_high']:.0%})"
        if "rating_mean" in row:
            rated = f"{row['rating_mean']:.2f} ({row['rating_low']:.2f} to {row['rating_high']:.2f})"
        lines.append(f"<tr><td>{escape(row['system'])}</td><td>{told}</td><td>{rated}</td></tr>")
    head = "<tr><th>system</th><th>told from the reference</th><th>mean rating, 1 to 5</th></tr>"
    return f"<table>{head}{''.join(lines)}</table>"
