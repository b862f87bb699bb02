"""One table of the class: a row for every student, as CSV for a spreadsheet and as HTML to read."""

import csv
import html
import os
from dataclasses import dataclass, field
from pathlib import Path

STYLE = """body { font: 15px/1.4 system-ui, sans-serif; margin: 2em; color: #1c2733; background: #fff }
table { border-collapse: collapse }
th, td { border: 1px solid #c3ccd5; padding: .35em .6em; vertical-align: top; text-align: left }
td.number { text-align: right; white-space: nowrap } tr.look th { border-left: 6px solid #b3261e }
ul { margin: 0; padding-left: 1.1em; min-width: 14em }
thead th { position: sticky; top: 0; background: #eef2f5 }
@media (prefers-color-scheme: dark) {
  body { color: #e4e9ee; background: #16191d } thead th { background: #262c33 } a { color: #8ab8ff } }"""


@dataclass
class Row:
    """What came of one hand-in."""

    student: str
    name: str
    points: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)
    seconds: float = 0.0
    feedback: Path | None = None

    @property
    def total(self) -> float:
        return sum(self.points.values())


def write(rows: list[Row], name: str, folder: Path, note: str) -> tuple[Path, Path]:
    """Write the table of an assignment into a folder; the paths of the CSV and of the HTML."""
    most = next((row.most for row in rows if row.most), {})
    tasks = [task for task in most if most[task]]
    paths = folder / f"{name}.csv", folder / f"{name}.html"
    heads = ["id", "name", "points", "of", *tasks, "to grade by hand", "repaired", "look at", "CPU seconds", "feedback"]
    with paths[0].open("w", encoding="utf-8-sig", newline="") as file:  # the mark lets spreadsheets read accents
        writer = csv.writer(file)
        writer.writerow(heads)
        for row in rows:
            lists = ["; ".join(each) for each in (row.by_hand, row.repaired, row.look)]
            points = [f"{row.points.get(task, 0):g}" for task in tasks]
            where = os.path.relpath(row.feedback, folder) if row.feedback else ""
            cells = [row.student, row.name, f"{row.total:g}", f"{sum(most.values()):g}", *points, *lists]
            writer.writerow([harmless(cell) for cell in [*cells, f"{row.seconds:.0f}", where]])
    body = "\n".join(line(row, tasks, sum(most.values()), folder) for row in rows)
    columns = "".join(
        f'<th scope="col">{html.escape(head)}</th>'
        for head in ["student", "points", *map(shorter, tasks), *heads[-5:-1]]
    )
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(name)}</title><style>{STYLE}</style></head><body><h1>{html.escape(name)}</h1>"
        f"<p>{html.escape(note)}</p><table><thead><tr>{columns}</tr></thead><tbody>\n{body}\n</tbody></table>"
        "</body></html>\n"
    )
    paths[1].write_text(text, "utf-8")
    return paths


def shorter(task: str) -> str:
    """A task's name as a heading."""
    return task.removeprefix("check-").replace("-", " ")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: names are the students' own."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def line(row: Row, tasks: list[str], most: float, folder: Path) -> str:
    """A row of the HTML; one that a person should look at says so in words and has a thick edge."""
    name = html.escape(row.name)
    if row.feedback:
        name = f'<a href="{html.escape(Path(os.path.relpath(row.feedback, folder)).as_posix())}">{name}</a>'
    numbers = [f"{row.total:g} of {most:g}", *(f"{row.points.get(task, 0):g}" for task in tasks)]
    cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
    for words in (row.by_hand, row.repaired, row.look):
        cells += (
            f"<td>{'<ul>' + ''.join(f'<li>{html.escape(word)}</li>' for word in words) + '</ul>' if words else ''}</td>"
        )
    mark = ' class="look"' if row.look else ""
    return f'<tr{mark}><th scope="row">{name}</th>{cells}<td class="number">{row.seconds:.0f}</td></tr>'
