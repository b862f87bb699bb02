"""Cells out of a file, whatever its state: other encodings, marks of a merge, broken or cut JSON, old formats."""

import ast
import importlib.util
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LARGEST = 500_000_000  # bytes of a file
LONGEST, MOST = 1_000_000, 2_000  # symbols of a cell, cells of a notebook
MARKS = re.compile(
    r"^[ \t]*<{7}[^\n]*\n(.*?)^[ \t]*(?:\|{7}.*?^[ \t]*)?={7}[^\n]*\n(.*?)^[ \t]*>{7}[^\n]*\n?", re.M | re.S
)
A_CELL = re.compile(r'\{\s*"(?:attachments|cell_type|id|execution_count)"\s*:')


@dataclass
class Cell:
    """A cell, and the id that nbgrader knows it by, if any."""

    kind: str
    source: str
    id: str | None = None
    attachments: dict[str, Any] = field(default_factory=dict)  # pictures in an answer in words

    def __hash__(self) -> int:
        return id(self)


@dataclass
class Page:
    """The cells of a file, the language that its kernel speaks, and what had to be mended to read it."""

    cells: list[Cell]
    language: str
    notes: list[str]


def read(path: Path) -> Page:
    """Read a notebook, or a text twin of one. Raises a ValueError, which says what the file is, if it has no cells."""
    size = path.stat().st_size
    if not size:
        raise ValueError(f"{path.name} is empty")
    if size > LARGEST:
        raise ValueError(f"{path.name} has {size // 1_000_000:,} MB, too much to be read")
    notes: list[str] = []
    text = decoded(path.read_bytes(), notes)
    if size > 20_000_000:
        notes.append(f"{size // 1_000_000} MB, nearly all of it outputs, which are not graded")
    if path.suffix == ".py":
        return Page(from_text(text), "python", [*notes, "a .py file, read as the notebook's text twin"])
    found = parsed(text, notes)
    cells = clean(found, notes)
    return Page(cells, language_of(found), list(dict.fromkeys(notes)))


def decoded(raw: bytes, notes: list[str]) -> str:
    """Bytes as text: UTF-8 mostly, or what else editors write."""
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "latin-1"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "utf-8-sig":
            notes.append(f"not in UTF-8; read as {encoding}")
        return text
    raise ValueError("no text in any known encoding")


def parsed(text: str, notes: list[str]) -> dict[str, Any]:
    """The notebook that a text holds, or as many whole cells as can be found in it."""
    sides = [text]
    if MARKS.search(text):
        notes.append("marks of a merge: graded with the first version of each conflict")
        sides = [MARKS.sub(r"\1", text), MARKS.sub(r"\2", text)]
    for side in sides:
        for attempt in (side, re.sub(r",(\s*[\]}])", r"\1", side)):
            try:
                found = json.loads(attempt, strict=False)
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict) and ("cells" in found or "worksheets" in found):
                if attempt is not side:
                    notes.append("no valid JSON: commas too many")
                return found
    cells = salvaged(sides[0])
    if not cells:
        raise ValueError("no notebook: it holds no cells")
    notes.append(f"no valid JSON: {len(cells)} whole cells could be read")
    return {"cells": cells}


def salvaged(text: str) -> list[dict[str, Any]]:
    """The cells that are whole in a text that is not valid JSON."""
    decoder, cells, place = json.JSONDecoder(strict=False), [], 0
    while match := A_CELL.search(text, place):
        place = match.end()
        try:
            cell, place = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(cell, dict) and "cell_type" in cell:
            cells.append(cell)
    return cells


def clean(found: dict[str, Any], notes: list[str]) -> list[Cell]:
    """The cells with nothing but kind, source and id; outputs and everything else are left behind."""
    sheets = found.get("worksheets")
    raw = sheets[0].get("cells", []) if isinstance(sheets, list) and sheets else found.get("cells")
    cells, merged = [], False
    for each in raw if isinstance(raw, list) else []:
        if not isinstance(each, dict):
            continue
        source = each.get("source", each.get("input", ""))
        source = "".join(map(str, source)) if isinstance(source, list) else str(source)
        kind = each.get("cell_type")
        if MARKS.search(source + "\n"):
            source, merged = MARKS.sub(r"\1", source + "\n").rstrip("\n"), True
        if len(source) > LONGEST:
            source = source[:LONGEST]
            notes.append(f"a cell of more than {LONGEST // 10**6} MB: its rest was left out")
        kind = kind if kind in ("code", "markdown") else "raw"
        cells.append(Cell(kind, whole(source), id_of(each.get("metadata")), pictures(each.get("attachments"))))
    if len(cells) > MOST:
        notes.append(f"{len(cells):,} cells: only the first {MOST:,} were taken")
    cells = cells[:MOST]
    if merged:
        notes.append("marks of a merge within cells: graded with the first version of each conflict")
    return cells


def whole(text: str) -> str:
    """A text that can be written: halves of symbols, which JSON may hold, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def pictures(found: Any) -> dict[str, Any]:
    """The attachments of a cell, where they are what they should be."""
    if not isinstance(found, dict):
        return {}
    kept = {name: each for name, each in found.items() if isinstance(each, dict) and len(str(each)) < 10 * LONGEST}
    return {name: {kind: data for kind, data in each.items() if isinstance(data, str)} for name, each in kept.items()}


def id_of(metadata: Any) -> str | None:
    """The id that nbgrader has given a cell."""
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) and name else None


def language_of(found: dict[str, Any]) -> str:
    """The language of the kernel that the notebook asks for, in small letters; python where it does not say."""
    metadata = found.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    if not isinstance(spec, dict):
        return "python"
    name = str(spec.get("language") or spec.get("name") or "python").lower()
    return "python" if name.startswith("python") and str(spec.get("name", "python3")) == "python3" else name


def from_text(text: str) -> list[Cell]:
    """The cells of a notebook's text twin."""
    import jupytext

    found = jupytext.reads(text, fmt="py:percent" if "# %%" in text else "py:light")
    return [Cell(cell.cell_type, cell.source, id_of(cell.metadata)) for cell in found.cells]


def tree(source: str) -> ast.Module | None:
    """The syntax tree of a cell without its magics, or None where it has none."""
    plain = "\n".join("pass" if line.lstrip()[:1] in ("%", "!") else line for line in source.split("\n"))
    try:
        return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def binds(source: str) -> set[str]:
    """The names that a cell gives a value to, outside of its functions."""
    found: set[str] = set()
    top = tree(source)
    for node in top.body if top else []:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {(each.asname or each.name).split(".")[0] for each in names}
            case _:
                stored = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
                found |= {each.id for each in stored if isinstance(each.ctx, ast.Store)}
    return found


def uses(source: str) -> set[str]:
    """The names that a cell reads."""
    nodes = ast.walk(tree(source) or ast.Module([], []))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def imports(source: str) -> dict[str, str]:
    """What a cell imports, by the names that it gives it: the address of a module, or module:function."""
    found: dict[str, str] = {}
    top = tree(source)
    for node in top.body if top else []:
        if isinstance(node, ast.Import):
            found |= {each.asname: each.name for each in node.names if each.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                name, inner = each.asname or each.name, f"{node.module}.{each.name}"
                try:
                    found[name] = inner if importlib.util.find_spec(inner) else f"{node.module}:{each.name}"
                except ModuleNotFoundError:
                    found[name] = f"{node.module}:{each.name}"
    return found
