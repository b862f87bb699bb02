"""`grade`: a class's hand-ins, whatever they are, to points, feedback and one table."""

import argparse
import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from gan_lessons import results
from gan_lessons.files import write_whole
from gan_lessons.grading import intake, mending, reading, running, table
from gan_lessons.grading.intake import HandIn
from gan_lessons.grading.table import Row
from gan_lessons.grading.template import Template


@dataclass
class Graded:
    """What is kept of a hand-in from call to call."""

    digest: str
    name: str = ""
    repaired: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)
    seconds: float = 0.0
    network: str = ""


def run(options: argparse.Namespace) -> int:
    """Grade all that is new, and write the table; the exit status is 0 if every student has a row and feedback."""
    try:
        from gan_lessons.grading.course import Course
    except ModuleNotFoundError as error:
        raise ValueError(f'Grading needs nbgrader ({error}): python -m pip install "gan-lessons[course]"') from None
    intake.check(options.submitted)
    source = find(options.assignment, options.submitted)
    course = Course(options.out, source)
    hand_ins = intake.collect(options.submitted, source.stem, course.folder / ".unpacked", options.students)
    course.prepare()
    template = Template.read(source, course.release)
    limits = running.Limits(options.seconds, options.memory, options.minutes)
    notes = course.folder / f"{source.stem}.json"  # what became of each, so that a second call grades only what is new
    noted = read_notes(notes)
    here = {hand_in.student for hand_in in hand_ins}
    earlier = {student: HandIn(student, each.name or student) for student, each in noted.items() if student not in here}
    print(f"{len(hand_ins)} students, {source.stem}", flush=True)

    def prepared(hand_in: HandIn) -> tuple[HandIn, Graded, Any, Any]:
        if hand_in.student in earlier:
            return hand_in, noted[hand_in.student], None, None
        graded = Graded(digest(hand_in, source, limits), hand_in.name)
        done = (course.folder / "autograded" / hand_in.student / source.stem / source.name).exists()
        if done and not options.force and noted.get(hand_in.student, Graded("")).digest == graded.digest:
            return hand_in, noted[hand_in.student], None, None
        return hand_in, graded, *taken(hand_in, graded, template, limits, source)

    rows = []
    for hand_in, graded, notebook, outputs in each(prepared, [*hand_ins, *earlier.values()], options.jobs):
        if notebook is not None:
            sources = {k: cell["source"] for k, cell in running.cells_of(notebook, template)}
            submit = partial(course.submit, notebook=notebook, sources=sources, outputs=outputs)
            attempt(submit, hand_in.student, "it could not be written", graded.look)
            attempt(course.grade, hand_in.student, "nbgrader could not grade this", graded.look)
        attempt(course.tell, hand_in.student, "nbgrader could not write feedback", graded.look)
        noted[hand_in.student] = graded
        write_whole(
            notes,
            lambda path: path.write_text(json.dumps({k: asdict(v) for k, v in noted.items()}, indent=1), "utf-8"),
        )
        rows.append(row(hand_in, graded, course))
        said = "; ".join([*([] if notebook is not None else ["as before"]), *graded.look])
        most = sum(rows[-1].most.values())
        print(f"{rows[-1].total:6g} of {most:g}  {hand_in.name}{': ' * bool(said)}{said}", flush=True)
    network = next((each.network for each in noted.values() if each.network), "not needed")
    allowed = f"{limits.seconds:g} s of computing a cell, {limits.memory:g} GB, {limits.minutes:g} minutes in all"
    rows.sort(key=lambda each: each.student)
    paths = table.write(rows, source.stem, course.folder, f"Each hand-in was given {allowed}. Network: {network}.")
    print("\n".join(map(str, paths)))
    return 0 if all(each.feedback for each in rows) else 1


def each(work: Any, hand_ins: list[HandIn], jobs: int) -> Iterator[Any]:
    """The work on each hand-in, in their order, so many at a time."""
    with ThreadPoolExecutor(jobs) as pool:
        try:
            yield from pool.map(work, hand_ins)
        finally:
            pool.shutdown(cancel_futures=True)  # Ctrl-C waits for those that run, and begins no other


def find(name: str | None, submitted: Path) -> Path:
    """The teacher's notebook: by its path, by its name in the book, or by what the hand-ins are called."""
    if name and Path(name).suffix == ".ipynb" and Path(name).is_file():
        return Path(name).resolve()
    known = {path.stem: path for path in sorted((results.book() / "assignments" / "source").glob("*/*.ipynb"))}
    if name:
        if name not in known:
            raise ValueError(
                f"There is no assignment {name}; there are: {', '.join(known)}, or give a notebook's path."
            )
        return known[name]
    if zipfile.is_zipfile(submitted):
        with zipfile.ZipFile(submitted) as archive:
            names = archive.namelist()
    else:
        names = [str(path.relative_to(submitted)) for path in submitted.rglob("*")] + [submitted.name]
    counts = {stem: sum(stem in each for each in names) for stem in known}
    best = max(counts, key=lambda stem: counts[stem], default="")
    if not best or not counts[best]:
        raise ValueError(
            f"Which assignment is it? Say --assignment with one of: {', '.join(known)}, or a notebook's path."
        )
    return known[best]


def taken(hand_in: HandIn, graded: Graded, template: Template, limits: running.Limits, source: Path) -> tuple[Any, Any]:
    """Read, mend and run a hand-in: the notebook for nbgrader, and the outputs of its cells. Nothing stops it."""
    graded.look += hand_in.notes
    try:
        page = chosen(hand_in, graded, template)
        made = mending.mend(page.cells if page else [], template)
        if page is None:
            why = graded.look[-1]
            nothing = {k: running.not_run(why) for k, _ in running.cells_of(made.notebook, template)}
            return made.notebook, nothing
        graded.repaired += page.notes + made.repaired
        graded.look += made.look
        if graded.repaired:
            mending.say(made.notebook, graded.repaired)
        outcome = running.execute(made.notebook, template, limits, source.parent)
        graded.look += outcome.look
        graded.seconds, graded.network = outcome.seconds, outcome.network
        return made.notebook, outcome.outputs
    except Exception as error:  # a row for every student, whatever happens
        graded.look.append(f"could not be run ({type(error).__name__}: {error}): grade by hand")
        return mending.mend([], template).notebook, {}


def chosen(hand_in: HandIn, graded: Graded, template: Template) -> reading.Page | None:
    """The page among a student's files that is most like the assignment; None where none can be read."""
    pages, reasons = [], []
    for path in hand_in.files:
        if path.suffix.lower() not in intake.READABLE:
            reasons.append(f"{path.name} is no notebook")
            continue
        try:
            page = reading.read(path)
        except (ValueError, OSError, MemoryError) as error:
            reasons.append(str(error) or type(error).__name__)
            continue
        texts = {cell.source.strip() for cell in template.cells}
        like = sum((cell.id in template.known) + (cell.source.strip() in texts) for cell in page.cells)
        pages.append((like, path.suffix == ".ipynb", path.stat().st_mtime, path, page))
    if not pages:
        graded.look.append("; ".join(reasons[:5]) or "nothing was handed in")
        return None
    pages.sort(key=lambda found: found[:3])
    *others, (like, _, _, path, page) = pages
    if len(others) == 0 and reasons:
        graded.look += reasons[:5]
    if others:
        graded.look.append(
            f"{len(pages)} notebooks: {path.name} was graded, not {', '.join(other[3].name for other in others[-3:])}"
        )
    if not like:
        graded.look.append(f"{path.name} has nothing of this assignment")
    if page.language != "python":
        graded.repaired.append(f"its kernel was {page.language}: run with Python")
    return page


def digest(hand_in: HandIn, source: Path, limits: running.Limits) -> str:
    """A hash of all that decides about the points."""
    found = hashlib.sha256(source.read_bytes() + repr(limits).encode())
    for path in hand_in.files:
        found.update(os.fsencode(path.name))
        with contextlib.suppress(OSError):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def attempt(action: Any, student: str, words: str, look: list[str]) -> None:
    """Do something for a student; what goes wrong is noted, and stops nobody else."""
    try:
        action(student)
    except (Exception, SystemExit) as error:
        reason = f"{words} ({type(error).__name__}: {str(error)[:200]})"
        if reason not in look:
            look.append(reason)


def row(hand_in: HandIn, graded: Graded, course: Any) -> Row:
    """A student's row, by what the gradebook says now."""
    points, most, by_hand = course.points(hand_in.student)
    page = course.feedback(hand_in.student)
    return Row(
        hand_in.student, hand_in.name, points, most, by_hand, graded.repaired, graded.look, graded.seconds,
        page if page.exists() else None,
    )  # fmt: skip


def read_notes(path: Path) -> dict[str, Graded]:
    """What became of the hand-ins of earlier calls."""
    try:
        return {student: Graded(**note) for student, note in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError):
        return {}
