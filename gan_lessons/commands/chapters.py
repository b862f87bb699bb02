"""`chapters`: the book's notebooks, texts, results and assignments, unpacked into a reader's own folder."""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

from gan_lessons import results
from gan_lessons.files import prepare, write_whole

NOTE = ".gan_lessons.json"  # what was unpacked, by hash: a file that differs from it is the reader's
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", "build.py", "jupyterlab.json"}


def run(options: argparse.Namespace) -> int:
    """Unpack, and say what was kept."""
    written, kept = unpack(results.book(), options.folder, options.force)
    print(f"{written} files unpacked into {options.folder}." if written else f"{options.folder} is up to date.")
    if kept:
        shown = ", ".join(kept[:5]) + (", …" if len(kept) > 5 else "")
        print(f"Kept, because you changed them: {shown}. --force overwrites them.")
    print(f"Go on with: jupyter lab {options.folder}")
    return 0


def unpack(book: Path, folder: Path, force: bool = False) -> tuple[int, list[str]]:
    """Copy the book into a folder; the number of files written, and the names of those that the reader has changed.

    A file that is as it was unpacked is brought up to date; one that the reader has changed stays, unless `force`.
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
