"""Bring the assignments up to date with their texts: `python -m chapters.assignments.build`.

A text (text/NAME/NAME.py), with answers and hidden checks, is what authors write. It becomes the notebook in source/,
unexecuted; from that nbgrader makes the one in release/, without answers and hidden checks.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from traitlets.config.loader import Config, PyFileConfigLoader

from chapters import build

ASSIGNMENTS = Path(__file__).resolve().parent


def main(arguments: list[str] | None = None) -> int:
    """Build all assignments; return the exit status."""
    parser = argparse.ArgumentParser(description="Bring the assignments up to date with their texts.")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    check, status = parser.parse_args(arguments).check, 0
    for text in sorted(ASSIGNMENTS.glob("text/*/*.py")):
        source = text_and_source(text)
        if check and is_new(source):
            print(f"{text.stem}: rewritten: {', '.join(is_new(source))}")  # and so would be the release
            status = 1
            continue
        changed = write(source) + ([] if check else write(release(text.stem)))
        if check and (stale := is_new(release(text.stem))):
            changed, status = stale, 1
        print(f"{text.stem}: {'rewritten: ' + ', '.join(changed) if changed else 'up to date'}", flush=True)
    return status


def text_and_source(text: Path) -> dict[Path, str]:
    """What a text and its source notebook should contain."""
    source = ASSIGNMENTS / "source" / text.stem / f"{text.stem}.ipynb"
    notebook = build.updated(text, source)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return {text: build.as_text(notebook), source: nbformat.writes(notebook) + "\n"}


def release(name: str) -> dict[Path, str]:
    """What the release of a source should contain: as nbgrader makes it, in a course of its own."""
    from nbgrader.converters import GenerateAssignment  # only teachers need nbgrader
    from nbgrader.coursedir import CourseDirectory

    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ASSIGNMENTS / "source" / name, Path(folder) / "source" / name)
        config = settings(Path(folder), name)
        GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
        made = Path(folder) / "release" / name / f"{name}.ipynb"
        return {ASSIGNMENTS / "release" / name / f"{name}.ipynb": made.read_text("utf-8")}


def settings(course: Path, name: str) -> Config:
    """nbgrader's settings, those of nbgrader_config.py, for an assignment in a course folder."""
    scripts = str(Path(sys.executable).parent)  # where alembic is, which nbgrader runs
    os.environ["PATH"] = os.pathsep.join([scripts, os.environ["PATH"]])
    config = PyFileConfigLoader("nbgrader_config.py", str(ASSIGNMENTS)).load_config()
    config.CourseDirectory.update({"root": str(course), "assignment_id": name})
    return config


def is_new(contents: dict[Path, str]) -> list[str]:
    """The names of the files that have other contents."""
    return [
        path.relative_to(ASSIGNMENTS).as_posix()
        for path, content in contents.items()
        if not path.exists() or path.read_text("utf-8") != content
    ]


def write(contents: dict[Path, str]) -> list[str]:
    """Write the files that have other contents, and return their names."""
    new = is_new(contents)
    for name in new:
        path = ASSIGNMENTS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(contents[path], "utf-8", newline="\n")
    return new


if __name__ == "__main__":
    sys.exit(main())
