"""What a listening test shows: the question, and at the end the shares and ratings with their intervals."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from gan_lessons.labs.blind.listening_room_simulation import Listening
from gan_lessons.labs.kit.frame import INK, Arrows, Layer, Lines, Panel, Points, Writing, path
from gan_lessons.labs.kit.intervals import Span, spans
from gan_lessons.plots import style

WORDS = ("1 bad", "2 poor", "3 fair", "4 good", "5 excellent")  # ITU-T P.800


def asked(test: Listening, chosen: str) -> Panel:
    """The present question, which answer is chosen but not yet given, and how far the test has come."""
    question, number = test.current, len(test.answers) + 1
    rating = question is not None and not question.a
    title = f"{number} of {len(test.order)}: " + ("how good is X?" if rating else "is X the same as A or as B?")
    layers = [*(scale(chosen) if rating else cards(chosen)), *course(test)]
    return Panel(tuple(layers), (0, 1), (0, 1), title, share=2, bare=True, tall=0.7)


def cards(chosen: str) -> list[Layer]:
    """A, X and B, and the keys that say which of the two X is."""
    layers: list[Layer] = []
    for name, left, said in (("A", 0.01, "the one"), ("X", 0.39, "A or B?"), ("B", 0.77, "the other")):
        color, right = style.REAL if name == chosen else INK, left + 0.22
        outline = path([left, right, right, left, left], [0.44, 0.44, 0.98, 0.98, 0.44])
        texts = [(name, color, 34.0, 0.77), (said, INK, 13.0, 0.54)]
        layers.append(Lines(outline, color, width=3 if name == chosen else 1.2))
        layers += [Writing(np.array([[left + 0.02, y]]), (text,), paint, size) for text, paint, size, y in texts]
    for key, name, start, reach in (("1", "A", 0.38, -0.13), ("2", "B", 0.62, 0.13)):
        color, left = style.REAL if name == chosen else INK, start + min(reach, 0) + 0.02
        layers.append(Arrows(np.array([[start, 0.71, reach, 0.0]]), color))
        layers.append(Writing(np.array([[left, 0.84]]), (f"key {key}",), color))
    return layers


def scale(chosen: str) -> list[Layer]:
    """The five ratings on a line, each with its word."""
    layers: list[Layer] = [Lines(path([0.04, 0.84], 0.72), style.REFERENCE, width=2)]
    for place, word in zip(np.linspace(0.04, 0.84, len(WORDS)), WORDS, strict=True):
        taken = word[0] == chosen
        color = style.REAL if taken else INK
        layers.append(Points(np.array([[place, 0.72]]), color, size=16 if taken else 9, opacity=1.0))
        layers.append(Writing(np.array([[place - 0.015, 0.54]]), (word,), color, 16))
    return layers


def course(test: Listening) -> list[Layer]:
    """The questions of both kinds on a line, grey, and blue as far as they are answered."""
    count, told, done = len(test.order), sum(bool(question.a) for question in test.order), len(test.answers)
    parts = [(0, told, f"{told} × which is X?"), (told, count, f"{count - told} × how good?")]
    layers: list[Layer] = []
    for first, last, said in parts:
        if first < last:
            left, right = first / count + 0.01, last / count - 0.01
            layers.append(Lines(path([left, right], 0.08), style.REFERENCE, width=2))
            layers.append(Writing(np.array([[left, 0.24]]), (said,)))
            if done > first:
                here = left + (right - left) * min(1.0, (done - first) / (last - first))
                layers.append(Lines(path([left, here], 0.08), style.REAL, width=6))
    return layers


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
