"""The page itself: samples first, then the curves, then what it takes to do it again."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from gan_lessons.records import duration, numbers
from gan_lessons.reports import charts, pictures
from gan_lessons.reports.style import STYLE

LOSSES = {"discriminator_loss": "D", "generator_loss": "G"}
SCORES = {"fake_score": "fake", "real_score": "real"}


def page(folder: Path, record: Mapping[str, Any], beside: Mapping[str, Mapping[str, float]] | None = None) -> str:
    """The page of a run, from its record and its sheets.

    `beside` has, for some figures, what other samples score: {"frechet": {"noise": 107.0, "real": 0.15}}.
    What is no number is left out, there and among the figures.
    """
    beside = {name: numbers(scores) for name, scores in (beside or {}).items()}
    name = record.get("identity") or f"{record.get('recipe')}/{record.get('size')}"
    title = escape(f"{name.partition('@')[0].replace('/', ' · ')}, step {record['steps']:,}")
    body = [
        f"<header><h1>{title}</h1><p>{escape(subtitle(record))}</p></header>",
        hero(folder),
        cards(record.get("figures", {}), beside),
        curves(record.get("curve", []), beside),
        sounds(folder),
        again(record),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def subtitle(record: Mapping[str, Any]) -> str:
    """Where and when, in a line."""
    parts = [
        f"trained for {duration(record['seconds'])}" if record.get("seconds") else "",
        f"on {record['machine']}" if record.get("machine") else "",
        str(record.get("date", "")),
    ]
    return " · ".join(part for part in parts if part)


def hero(folder: Path) -> str:
    """The last sheet, large, and beside it how it came to be."""
    paths = pictures.sheets(folder)
    if not paths:
        return ""
    last = pictures.encoded(paths[-1].read_bytes(), "image/png")
    step = int(paths[-1].stem.removeprefix("step_"))
    shown = f'<figure><img alt="Samples of the averaged generator at step {step:,}, unselected" src="{last}">'
    shown += f"<figcaption>Unselected samples at step {step:,}</figcaption></figure>"
    if (film := pictures.moving(paths)) is not None:
        source = pictures.encoded(film, "image/webp")
        shown += f'<figure><img alt="The same sheet through the whole training" src="{source}">'
        shown += f"<figcaption>The same noise through the training, {len(paths)} sheets</figcaption></figure>"
    return f'<section class="hero">{shown}</section>'


def cards(figures: Mapping[str, Any], beside: Mapping[str, Mapping[str, float]]) -> str:
    """A card a figure, with what to compare it with."""
    found = []
    for name, value in numbers(figures).items():
        if name in ("step", "seconds", *LOSSES, *SCORES):
            continue
        scale = "".join(
            f"<li>{escape(other)} {charts.number(worth)}</li>" for other, worth in beside.get(name, {}).items()
        )
        found.append(f'<div class="card"><b>{charts.number(value)}</b><span>{named(name)}</span><ul>{scale}</ul></div>')
    return f'<section class="cards">{"".join(found)}</section>' if found else ""


def curves(curve: Sequence[Mapping[str, Any]], beside: Mapping[str, Mapping[str, float]]) -> str:
    """Small multiples: each figure, then the losses and the scores."""
    if len(curve) < 2:
        return ""
    steps = [line["step"] for line in curve]
    names = [name for name in curve[-1] if name not in ("step", "seconds", "dead", *LOSSES, *SCORES)]
    found = [one(named(name), steps, curve, {name: name}, dict(beside.get(name, {}))) for name in names]
    found += [
        one(words, steps, curve, {key: label for key, label in pair.items() if key in curve[-1]}, {})
        for words, pair in (("losses", LOSSES), ("D's mean scores", SCORES))
    ]
    return f'<section><h2>Through the training</h2><div class="charts">{"".join(found)}</div></section>'


def one(
    title: str, steps: list[int], curve: Sequence[Mapping[str, Any]], names: Mapping[str, str], lines: dict[str, float]
) -> str:
    """A chart with its title; nothing where there is no number."""
    measured = [numbers(line) for line in curve]
    series = {label: [line.get(name) for line in measured] for name, label in names.items()}
    if not any(value is not None for values in series.values() for value in values):
        return ""
    return f'<figure class="chart"><h3>{escape(title)}</h3>{charts.chart(steps, series, lines, title)}</figure>'


def named(name: str) -> str:
    """A figure's name in words."""
    return escape(name.replace("_", " "))


def sounds(folder: Path) -> str:
    """A player for the last sound."""
    paths = sorted((folder / "samples").glob("step_*.wav"))
    if not paths or paths[-1].stat().st_size > 8_000_000:
        return ""
    source = pictures.encoded(paths[-1].read_bytes(), "audio/wav")
    return f'<section><h2>What it sounds like</h2><audio controls src="{source}"></audio></section>'


def again(record: Mapping[str, Any]) -> str:
    """The command, the settings and the seeds."""
    seeds = ", ".join(map(str, record.get("seeds", [])))
    rows = {**record.get("settings", {}), "seed": seeds, "data checksum": record.get("data", "")}
    if record.get("best"):
        rows["best step"] = f"{record['best']['step']:,} (best.pt)"
    table = "".join(
        f"<tr><th>{named(str(key))}</th><td>{escape(words(value))}</td></tr>" for key, value in rows.items()
    )
    command = f"<pre><code>{escape(str(record['command']))}</code></pre>" if record.get("command") else ""
    settings = f"<details open><summary>Settings</summary><table>{table}</table></details>"
    return f"<section><h2>Do it again</h2>{command}{settings}</section>"


def words(value: Any) -> str:
    """A setting in words."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
