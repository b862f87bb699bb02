"""A hand-in that nbgrader takes, from whatever cells there are: ids once each, marks back, what is missing put back."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from gan_lessons.grading import reading
from gan_lessons.grading.reading import Cell
from gan_lessons.grading.template import Template

SUSPECT = re.compile(
    r"\b(?:get_ipython|sys\.modules|__code__|__globals__|__closure__|_getframe|currentframe|inspect\.stack|settrace|"
    r"ctypes|gc\.get_\w+|os\.(?:kill|_exit|system|fork)|subprocess|socket|_ih|In\[|monkeypatch|mock\.patch|setattr)\b"
)


@dataclass
class Mended:
    """A hand-in as nbgrader takes it; what was repaired, and what a person should look at."""

    notebook: NotebookNode
    repaired: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)


def mend(cells: Iterable[Cell], template: Template) -> Mended:
    """Make a hand-in of the cells: no answer is thrown away, and every check stands once, after its answer."""
    cells = list(cells)
    repaired: list[str] = []
    look: list[str] = []
    for cell in cells:
        if cell.id not in template.known:
            cell.id = None
    join_split(cells, template, repaired)
    single_out(cells, template, repaired, look)
    find(cells, template, repaired)
    for name, known in template.known.items():
        here = next((cell for cell in cells if cell.id == name), None)
        if here is None:
            put_back(cells, template, name)
            repaired.append(f"{name} was missing: put back{' without an answer' if known.solution else ''}")
            if known.solution:
                look.append(f"the cell {name} was missing")
        elif here.kind != known.kind:
            repaired.append(f"{name} was a {here.kind} cell: made {known.kind}")
            here.kind = known.kind
        elif not known.solution and here.source.rstrip() != known.released.rstrip():
            repaired.append(f"{name} was changed: the true one was run")
            look.append(f"{name} was changed")
    reorder(cells, template, repaired)
    help_out(cells, template, repaired)
    for cell in cells:
        if cell.kind == "code" and not (cell.id and template.known[cell.id].check):
            words = sorted(set(SUSPECT.findall(cell.source)) - set(SUSPECT.findall(released(cell, template))))
            look += [f"uses {', '.join(words)}"] if words else []
    return Mended(notebook(cells, template), repaired, list(dict.fromkeys(look)))


def released(cell: Cell, template: Template) -> str:
    """All the released text, where an ordinary cell is one of it; else nothing."""
    return cell.source if any(each.source == cell.source for each in template.cells) else ""


def join_split(cells: list[Cell], template: Template, repaired: list[str]) -> None:
    """Join neighbours of one id where only together they are Python: a cell that was split."""
    k = 0
    while k + 1 < len(cells):
        one, two = cells[k : k + 2]
        joined = f"{one.source}\n{two.source}"
        broken = reading.tree(one.source) is None or reading.tree(two.source) is None
        if one.id and one.id == two.id and template.known[one.id].kind == "code" and broken and reading.tree(joined):
            one.source = joined
            del cells[k + 1]
            repaired.append(f"{one.id} was split: joined")
        else:
            k += 1


def single_out(cells: list[Cell], template: Template, repaired: list[str], look: list[str]) -> None:
    """Let one cell keep an id that several have: the last that has an answer. The others stay, as ordinary cells."""
    several = []
    for name, known in template.known.items():
        same = [cell for cell in cells if cell.id == name]
        if len(same) < 2:
            continue
        several.append(name)
        answers = [cell for cell in same if known.is_answered(cell)] if known.solution else []
        kept = (answers or same)[-1]
        for cell in same:
            cell.id = name if cell is kept else None
        if len({cell.source.strip() for cell in answers}) > 1:
            look.append(f"{len(answers)} answers to {name}: the last was graded")
    if several:
        named = ", ".join(several[:3]) + (f" and {len(several) - 3} more" if len(several) > 3 else "")
        repaired.append(f"{named} stood there several times: the last answer counts")


def find(cells: list[Cell], template: Template, repaired: list[str]) -> None:
    """Find by their contents the cells that have lost their ids."""
    found = 0
    for name, known in template.known.items():
        if any(cell.id == name for cell in cells):
            continue
        free = [cell for cell in cells if cell.id is None]
        if known.kind == "code" and known.solution:
            wanted = "|".join(map(re.escape, reading.binds(known.source)))
            pattern = re.compile(rf"^(?:def|class)\s+(?:{wanted})\b|^(?:{wanted})\s*=", re.M)
            fitting = [cell for cell in free if wanted and cell.kind != "markdown" and pattern.search(cell.source)]
        elif known.kind == "code":
            first = known.released.strip().split("\n")[0]
            fitting = [cell for cell in free if cell.source.strip().startswith(first)]
        else:
            fitting = after_question(cells, template, name)
        if fitting:
            fitting[-1].id = name
            found += 1
    if found:
        repaired.append(f"nbgrader's marks were missing from {found} cell{'s' * (found > 1)}: found by the contents")


def after_question(cells: list[Cell], template: Template, name: str) -> list[Cell]:
    """The answer in words to a question: the cell after it, unless that is one of the assignment's own."""
    place = next(k for k, cell in enumerate(template.cells) if cell.id == name)
    own = {cell.source.strip() for cell in template.cells if cell.id != name}
    question = template.cells[place - 1].source.strip() if place else ""
    return [
        answer for asked, answer in itertools.pairwise(cells)
        if asked.source.strip() == question and answer.id is None and answer.source.strip() not in own
    ][:1]  # fmt: skip


def put_back(cells: list[Cell], template: Template, name: str) -> None:
    """Put the released cell back where it was: after the nearest known one before it."""
    new = Cell(template.known[name].kind, template.known[name].released, name)
    for before in template.before(name):
        for k, cell in enumerate(cells):
            if cell.id == before:
                cells.insert(k + 1, new)
                return
    later = list(template.known)[len(template.before(name)) + 1 :]
    place = next((k for k, cell in enumerate(cells) if cell.id in later), len(cells))
    cells.insert(place, new)


def reorder(cells: list[Cell], template: Template, repaired: list[str]) -> None:
    """Let no check run before the answer that it is about."""
    for name, known in template.known.items():
        answer = next(
            (
                each
                for each in template.before(name)
                if template.known[each].kind == "code" and template.known[each].solution
            ),
            None,
        )
        if not known.check or answer is None:
            continue
        places = {cell.id: k for k, cell in enumerate(cells) if cell.id}
        if places[name] < places[answer]:
            cells.insert(places[answer], cells.pop(places[name]))
            repaired.append(f"{name} stood before {answer}: moved behind it")


def help_out(cells: list[Cell], template: Template, repaired: list[str]) -> None:
    """Put back the assignment's own ordinary cells, its imports above all, where a name of theirs is missing."""
    used = set().union(*(reading.uses(known.source) for known in template.known.values()))
    bound = set().union(*(reading.binds(cell.source) for cell in cells if cell.kind == "code"))
    place = 0
    for helper in template.cells:
        if helper.kind != "code" or helper.id:
            continue
        gone = reading.binds(helper.source) & used - bound
        if gone:
            cells.insert(place, Cell("code", helper.source))
            place += 1
            repaired.append(f"{', '.join(sorted(gone))} missing: the assignment's own cell put back")


def say(notebook: NotebookNode, repaired: list[str]) -> None:
    """Tell the student, at the top of the feedback, what was repaired."""
    words = "\n".join(f"- {each}" for each in repaired)
    note = nbformat.v4.new_markdown_cell(f"**Repaired before grading**\n\n{words}")
    note.id = "repaired"
    notebook.cells.insert(0, note)


def notebook(cells: list[Cell], template: Template) -> NotebookNode:
    """The cells as a notebook with nbgrader's marks."""
    made = []
    for k, cell in enumerate(cells):
        metadata = {"nbgrader": dict(template.known[cell.id].marks)} if cell.id else {}
        new = getattr(nbformat.v4, f"new_{cell.kind}_cell")(cell.source, metadata=metadata)
        new.id = f"cell-{k}"
        if cell.attachments and cell.kind != "code":
            new.attachments = nbformat.from_dict(cell.attachments)
        made.append(new)
    return nbformat.v4.new_notebook(cells=made, metadata=template.metadata)
