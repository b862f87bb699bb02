"""A class that hands in whatever it likes: a hand-in of each kind, made of an assignment's release and answers."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

Notebook = Any
HANG = "while True:\n        pass"
STUBBORN = "while True:\n        try:\n            sum(range(100))\n        except BaseException:\n            pass"
EAT = "kept = []\n    while True:\n        kept.append(bytearray(b'x' * 20_000_000))"
KILL = "import os\n    os._exit(1)"
PRINT = "while True:\n        print('x' * 10_000)"


class Assignment:
    """An assignment's release, its answers, and one of its tasks, `task`, whose function takes anything."""

    def __init__(self, source: Path, release: Path, task: str):
        self.name, self.release, self.task = source.stem, release, task
        given = nbformat.read(source, as_version=4).cells
        marks = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in given if "nbgrader" in cell.metadata}
        self.answers = {name: cell.source for name, cell in marks.items() if cell.metadata["nbgrader"]["solution"]}
        self.checks = [name for name in marks if name not in self.answers]
        self.code = next(name for name, cell in marks.items() if name in self.answers and cell.cell_type == "code")

    def unsolved(self) -> Notebook:
        return nbformat.read(self.release, as_version=4)

    def solved(self, **changed: str) -> Notebook:
        """The release with its answers, the first code answer replaced by a function with another body."""
        notebook = self.unsolved()
        for cell in notebook.cells:
            name = id_of(cell)
            cell.source = self.answers.get(name, cell.source)
            if name == self.code and "body" in changed:
                cell.source = f"def {self.task}(*inputs, **options):\n    {changed['body']}"
        return notebook

    def with_cell(self, source: str, notebook: Notebook) -> Notebook:
        """With a cell of the student's own, after the imports."""
        first = next(k for k, cell in enumerate(notebook.cells) if cell.cell_type == "code")
        notebook.cells.insert(first + 1, nbformat.v4.new_code_cell(source))
        return notebook


def id_of(cell: Any) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def duplicated(notebook: Notebook) -> Notebook:
    """Every cell that nbgrader knows twice, as by copy and paste."""
    notebook.cells = [twin for cell in notebook.cells for twin in ([cell, cell] if id_of(cell) else [cell])]
    return notebook


def without(notebook: Notebook, *names: str) -> Notebook:
    notebook.cells = [cell for cell in notebook.cells if id_of(cell) not in names]
    return notebook


def stripped(notebook: Notebook) -> Notebook:
    for cell in notebook.cells:
        cell.metadata = {}
    return notebook


def split(notebook: Notebook, name: str) -> Notebook:
    """A cell cut in two after its first line."""
    place = next(k for k, cell in enumerate(notebook.cells) if id_of(cell) == name)
    head, _, tail = notebook.cells[place].source.partition("\n")
    twins = [dict(notebook.cells[place]) | {"source": text} for text in (head, tail)]
    notebook.cells[place : place + 1] = nbformat.from_dict(twins)
    return notebook


def with_kernel(notebook: Notebook) -> Notebook:
    notebook.metadata = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    return notebook


def loud(notebook: Notebook) -> Notebook:
    """With thirty megabytes of stored outputs."""
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.outputs = [nbformat.v4.new_output("stream", text="x" * 30_000_000)]
    return notebook


def text_of(notebook: Notebook) -> str:
    return json.dumps(notebook, indent=1)


def merged(notebook: Notebook, other: Notebook) -> str:
    """Two versions of a file as git leaves them after a conflict; the first is one's own."""
    ours, theirs = text_of(notebook).splitlines(), text_of(other).splitlines()
    first = next(k for k, (one, two) in enumerate(zip(ours, theirs, strict=False)) if one != two)
    last = next(k for k, (one, two) in enumerate(zip(ours[::-1], theirs[::-1], strict=False)) if one != two)
    middle = [
        "<<<<<<< HEAD",
        *ours[first : len(ours) - last],
        "=======",
        *theirs[first : len(theirs) - last],
        ">>>>>>> b",
    ]
    return "\n".join([*ours[:first], *middle, *ours[len(ours) - last :]])


def kinds(given: Assignment, check: str) -> dict[str, tuple[str, Callable[[], Notebook | str | bytes | None]]]:
    """What is handed in, by kind: the file's name, and its notebook or text. `check` is the checks' name in it."""
    usual, own = f"{given.name}.ipynb", f"{given.name} (1)-Copy2.ipynb"
    ours = f"[name for name in dir({check}) if name[0] != '_']"
    fake = f"import types\n{check} = types.SimpleNamespace(**{{name: lambda *a, **k: None for name in {ours}}})"
    replace = f"for name in {ours}:\n    setattr({check}, name, lambda *a, **k: None)"
    return {
        "right": (usual, given.solved),
        "wrong": (usual, lambda: given.solved(body="return 'nothing of the kind'")),
        "empty": (usual, given.unsolved),
        "nothing": ("readme.md", lambda: "I was ill."),
        "zero_bytes": (usual, lambda: ""),
        "hanging": (usual, lambda: given.solved(body=HANG)),
        "stubborn": (usual, lambda: given.solved(body=STUBBORN)),
        "memory_eating": (usual, lambda: given.solved(body=EAT)),
        "kernel_killing": (usual, lambda: given.solved(body=KILL)),
        "printing": (usual, lambda: given.solved(body=PRINT)),
        "deleted": (usual, lambda: without(given.solved(), *given.checks, given.code)),
        "duplicated": (usual, lambda: duplicated(given.solved())),
        "split": (usual, lambda: split(given.solved(), given.code)),
        "stripped": (usual, lambda: stripped(given.solved())),
        "renamed": (own, given.solved),
        "wrong_kernel": (usual, lambda: with_kernel(given.solved())),
        "cut": (usual, lambda: text_of(given.solved())[:-400]),
        "merge_marks": (usual, lambda: merged(given.solved(), given.unsolved())),
        "huge_output": (usual, lambda: loud(given.solved())),
        "replaced": (usual, lambda: given.with_cell(replace, given.unsolved())),
        "fake": (usual, lambda: given.with_cell(fake, given.unsolved())),
    }  # fmt: skip


def hand_in(folder: Path, student: str, name: str, what: Notebook | str) -> None:
    """Put what a student hands in into a folder of theirs."""
    place = folder / student
    place.mkdir(parents=True)
    (place / name).write_text(what if isinstance(what, str) else text_of(what), "utf-8")


def zipped(folder: Path) -> Path:
    """A folder as an archive."""
    return Path(shutil.make_archive(str(folder), "zip", folder))
