"""`chapters`: the book's notebooks, texts, results and assignments, unpacked into a reader's own folder."""

import argparse
import hashlib
import json
import shlex
import shutil
from pathlib import Path

from gan_lessons import results
from gan_lessons.files import prepare, write_whole

NOTE = ".gan_lessons.json"  # what was unpacked, by hash: a file that differs from it is the reader's
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", "build.py"}
SOLUTIONS = ("assignments/source/", "assignments/text/", "assignments/nbgrader_config.py")


def run(options: argparse.Namespace) -> int:
    """Unpack, and say what was kept."""
    written, kept = unpack(results.book(), options.folder, options.force, options.course)
    print(f"{written} files unpacked into {options.folder}." if written else f"{options.folder} is up to date.")
    if kept:
        shown = ", ".join(kept[:5]) + (", …" if len(kept) > 5 else "")
        print(f"Kept, because you changed them: {shown}. --force overwrites them.")
    folder = options.folder.resolve()
    place, ours = shlex.quote(str(folder)), shlex.quote(str(folder / ".jupyterlab"))
    print("Go on with (the first line lets the labs run that are stored in the notebooks):")
    print(f"  jupyter trust {place}/*.ipynb\n  jupyter lab --LabApp.app_settings_dir={ours} {place}/00_start.ipynb")
    return 0


def unpack(book: Path, folder: Path, force: bool = False, course: bool = False) -> tuple[int, list[str]]:
    """Copy the book into a folder; the number of files written, and the names of those that the reader has changed.

    A file that is as it was unpacked is brought up to date; one that the reader has changed stays, unless `force`.
    `course` takes the solutions of the assignments, and what grades them, too.
    """
    if folder.resolve().is_relative_to(book.resolve()):
        raise ValueError(f"{folder} lies in the book itself; choose another folder.")
    prepare(folder)
    try:
        note = json.loads((folder / NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        note = {}
    written, kept = 0, []
    for source in sorted(book.rglob("*")):
        name = source.relative_to(book).as_posix()
        if name.startswith(SOLUTIONS) and not course:
            continue
        if not source.is_file() or LEFT_OUT & set(source.relative_to(book).parts):
            continue
        target, new = folder / name, hashed(source)
        old = hashed(target) if target.is_file() else None
        if old == new:
            note[name] = new
        elif old is None or old == note.get(name) or force:
            write_whole(target, lambda path, source=source: shutil.copyfile(source, path))  # type: ignore[misc]
            note[name] = new
            written += 1
        else:
            kept.append(name)
    write_whole(folder / NOTE, lambda path: path.write_text(json.dumps(note, indent=1), "utf-8"))
    return written, kept


def hashed(path: Path) -> str:
    """A hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
