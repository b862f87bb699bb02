"""Curves as SVG in the page's own colours, light or dark."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 340, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 40, 12, 26  # margins; the right one holds the labels
ROLES = {"D": "judge", "G": "fake", "real": "real", "fake": "fake"}  # a colour has one role in the whole book

Place = Callable[[float, float], tuple[float, float]]  # of a step and a value: x and y


def chart(
    steps: Sequence[float],
    series: Mapping[str, Sequence[float | None]],
    lines: Mapping[str, float] | None = None,
    title: str = "",
) -> str:
    """An SVG of one or a few curves over the steps, a label at the end of each; None leaves a gap.

    `lines` are values to compare with, by name, drawn dashed.
    """
    lines = lines or {}
    values = [value for curve in series.values() for value in curve if value is not None]
    low, high = bounds([*values, *near(values, lines.values())])
    first, last = min(steps, default=0), max(steps, default=1)

    def place(step: float, value: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (0.5 if last == first else (step - first) / (last - first))
        return x, TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low))

    parts = [axis(place, low, high, first, last)]
    taken: list[float] = []
    for name, value in lines.items():
        if low <= value <= high:
            y = place(first, value)[1]
            parts.append(f'<line class="ref" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(label(name, WIDTH - RIGHT + 4, free(y, taken), "ref"))
    for name, curve in series.items():
        color = ROLES.get(name, "other" if len(series) > 1 else "fake")
        points = [place(step, value) for step, value in zip(steps, curve, strict=True) if value is not None]
        if not points:
            continue
        path = " ".join(f"{'L' if k else 'M'}{x:.1f} {y:.1f}" for k, (x, y) in enumerate(points))
        parts.append(f'<path class="curve {color}" d="{path}"/>')
        x, y = points[-1]
        parts.append(f'<circle class="{color}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
        if len(series) > 1:
            parts.append(label(name, x + 6, free(y, taken), color))
    what = escape(f"{title}: {', '.join(series)} over the steps")
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{what}">'
        f"<title>{what}</title>{''.join(parts)}</svg>"
    )


def bounds(values: Sequence[float]) -> tuple[float, float]:
    """The least and the greatest value, a little apart."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    margin = 0.06 * (high - low) or 0.5 * abs(high) or 0.5
    return low - (0 if low == 0 else margin), high + margin


def near(values: Sequence[float], lines: Iterable[float]) -> list[float]:
    """The values to compare with that do not squeeze the curve to less than a third of the height."""
    if not values:
        return list(lines)
    low, high = min(values), max(values)
    spread = high - low or abs(high) or 1.0
    return [line for line in lines if low - 2 * spread <= line <= high + 2 * spread]


def axis(
    place: Callable[[float, float], tuple[float, float]], low: float, high: float, first: float, last: float
) -> str:
    """Light lines at round values, with their numbers, and the steps below."""
    parts = []
    for value in ticks(low, high):
        y = place(first, value)[1]
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{number(value)}</text>')
    for step, anchor in ((first, "start"), (last, "end")):
        x = place(step, low)[0]
        parts.append(f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{step:,.0f}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text class="tick" x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">step</text>')
    return "".join(parts)


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round values between two others."""
    raw = (high - low) / wanted
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    return [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def number(value: float) -> str:
    """A number as a reader would write it."""
    if value and (abs(value) >= 1e5 or abs(value) < 1e-3):
        return f"{value:.1e}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")
    return f"{value:,.4g}".replace("-", "−")


def label(text: str, x: float, y: float, color: str) -> str:
    """A name at the end of a curve."""
    return f'<text class="label {color}" x="{x:.1f}" y="{y + 3.5:.1f}">{escape(text)}</text>'


def free(y: float, taken: list[float]) -> float:
    """The nearest height below at which no label stands yet."""
    while any(abs(y - other) < 12 for other in taken):
        y += 3
    taken.append(y)
    return y
