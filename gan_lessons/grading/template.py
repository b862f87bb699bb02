"""An assignment as nbgrader knows it: which cells are answers, which are checks, and what stands around them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from gan_lessons.grading import reading
from gan_lessons.grading.reading import Cell


@dataclass
class Known:
    """A cell that nbgrader knows: as the teacher has it (with answer and hidden checks), and as it was released."""

    id: str
    kind: str
    marks: dict[str, Any]
    source: str
    released: str

    @property
    def solution(self) -> bool:
        return bool(self.marks.get("solution"))

    @property
    def check(self) -> bool:
        """Whether it is code that decides about points."""
        return bool(self.marks.get("grade")) and not self.solution and self.kind == "code"

    def is_answered(self, cell: Cell) -> bool:
        return cell.source.strip() != self.released.strip()


@dataclass
class Template:
    """An assignment: the cells that nbgrader knows, by id and in order, and all cells as they were released."""

    known: dict[str, Known]
    cells: list[Cell]
    metadata: dict[str, Any]

    @classmethod
    def read(cls, source: Path, release: Path) -> "Template":
        """From the teacher's notebook and the released one, which has the same cells."""
        given = nbformat.read(source, as_version=4)
        cells, known = [], {}
        for whole, cell in zip(given.cells, nbformat.read(release, as_version=4).cells, strict=True):
            marks = dict(cell.metadata.get("nbgrader", {}))
            name = marks.get("grade_id")
            cells.append(Cell(cell.cell_type, cell.source, name))
            if name:
                known[name] = Known(name, cell.cell_type, marks, whole.source, cell.source)
        return cls(known, cells, {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})

    def checks(self) -> dict[str, str]:
        """The modules and functions that do the checking, by the names that the assignment imports them under."""
        used = set().union(*(reading.uses(known.source) for known in self.known.values() if known.check))
        found: dict[str, str] = {}
        for cell in self.cells:
            found |= reading.imports(cell.source) if cell.kind == "code" and not cell.id else {}
        libraries = {"torch", "numpy", "math", "matplotlib", "pytest", "scipy", "sklearn", "random"}
        return {
            name: address
            for name, address in found.items()
            if name in used and re.split("[.:]", address)[0] not in libraries
        }

    def before(self, name: str) -> list[str]:
        """The ids that come before one, the nearest first."""
        names = list(self.known)
        return names[: names.index(name)][::-1]
