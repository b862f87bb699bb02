"""The panels of TextLab: lists of words, a walk between two of them, and the plane of quality and variety."""

import numpy as np

from gan_lessons.labs.kit.frame import INK, Handles, Layer, Lines, Panel, Points, Writing
from gan_lessons.labs.writing.text_simulation import Stretch
from gan_lessons.metrics.text import TextScores
from gan_lessons.plots import style

ROWS, COLUMNS = 12, 2  # of a list
SHOWN = 9  # stretches of a walk that fit without crowding
MENTIONED = 10
LETTER = 0.028  # of the walk: how wide a letter is
SMALL = 0.021  # of the plane

Place = tuple[float, float]  # trigram JS and plausibility


def spot(scores: TextScores) -> Place:
    """Where scores stand in the plane."""
    return scores.trigram_js, scores.plausible


def listed(texts: list[str], title: str, color: str = INK) -> Panel:
    """A list of words, column by column."""
    places = np.array([(k // ROWS + 0.02, ROWS - 0.5 - k % ROWS) for k in range(len(texts))])
    return Panel((Writing(places, tuple(texts), color),), (0, COLUMNS), (0, ROWS), title, bare=True, share=0.8)


def walk(path: list[Stretch], along: float) -> Panel:
    """A walk from left to right, a step down whenever the word changes; the handle is where the reader stands.

    A word begins with its stretch, or earlier where it would reach beyond the end of the walk.
    """
    rows = max(SHOWN, len(path))
    heights = rows - 0.5 - np.arange(len(path))
    here = next(k for k, stretch in enumerate(path) if along <= stretch.end or k == len(path) - 1)
    spans = np.array([[(s.start, y - 0.4), (s.end, y - 0.4)] for s, y in zip(path, heights, strict=True)])
    starts = np.array([(min(s.start, 1 - LETTER * len(s.text)), y) for s, y in zip(path, heights, strict=True)])
    others = [k for k in range(len(path)) if k != here]
    layers: tuple[Layer, ...] = (
        Lines(spans, style.REFERENCE, "how far the word lasts", width=1.2),
        Lines(spans[[here]], style.FAKE, "where you stand", width=3),
        Writing(starts[others], tuple(path[k].text for k in others)),
        Writing(starts[[here]], (path[here].text,), style.FAKE, 16),
        Handles(np.array([[along, heights[here] - 0.4]]), ("along",), (style.FAKE,)),
    )
    title = f"From {path[0].text} to {path[-1].text}"
    return Panel(layers, (-0.04, 1.04), (-0.2, rows + 0.2), title, "along the arc from noise A to noise B",
                 rows=((0, ""),), row=True)  # fmt: skip


def plane(curves: dict[str, dict[float, Place]], real: Place, marks: dict[str, Place], trail: list[Place]) -> Panel:
    """Plausible upwards, trigram JS to the right: curves, where real words are, and the present marks.

    A curve, as "LSTM over T", has its places by the values of T, which are written at both ends.
    """
    colors = {"LSTM": style.AVERAGE, "GAN": style.FAKE}
    on_curves = [place for curve in curves.values() for place in curve.values()]
    width = 1.08 * max(x for x, _ in [real, *marks.values(), *trail, *on_curves])
    layers: list[Layer] = []
    for name, curve in curves.items():
        if len(curve) > 1:
            color = colors[name.split()[0]]
            layers.append(Lines(np.array([list(curve.values())]), color, name, 1.4, dashed=True))
            layers.append(ends(curve, name.split()[-1], color, width))
    if trail:
        layers.append(Lines(np.array([trail]), style.DISCRIMINATOR, "GAN, in training", 1.4))
    layers.append(Points(np.array([real]), style.REAL, "real words", 12, 1))
    for name, mark in marks.items():
        layers.append(Points(np.array([mark]), colors[name], size=11, opacity=1))
    return Panel(tuple(layers), (0, width), (-0.03, 1.05), "Two scores of the words",
                 "trigram JS to real words (left is better)", "plausible (up is better)",
                 share=1.2)  # fmt: skip


def ends(curve: dict[float, Place], symbol: str, color: str, width: float) -> Writing:
    """The values at a curve's ends, right of them, the upper one higher and the lower one lower, in the plane."""
    values = min(curve), max(curve)
    upper = max(values, key=lambda value: curve[value][1])
    texts = tuple(f"{symbol} = {value:g}" for value in values)
    places = [
        (min(curve[value][0] + 0.03 * width, width * (1 - SMALL * len(text))),
         min(max(curve[value][1] + (0.04 if value == upper else -0.04), 0.02), 1.0))
        for value, text in zip(values, texts, strict=True)
    ]  # fmt: skip
    return Writing(np.array(places), texts, color, 12)


def say(
    name: str, scores: dict[str, TextScores], real: TextScores, count: int, path: list[Stretch], along: float
) -> str:
    """The scores of both writers beside those of real words, and where the walk stands."""
    rows = {"the LSTM": scores["LSTM"], name.replace("GAN", "the GAN", 1): scores["GAN"], "real words": real}
    said = "; ".join(
        f"{who}: {one.plausible:.0%} plausible, {one.unique:.0%} unique, trigram JS {one.trigram_js:.3f}"
        for who, one in rows.items()
    )
    here = next(stretch.text for stretch in path if along <= stretch.end or stretch is path[-1])
    way = " → ".join(stretch.text for stretch in path[:MENTIONED]) + (" → …" if len(path) > MENTIONED else ".")
    return f"Of {count:,} words each, {said}. The walk stands at “{here}”: {way}"
