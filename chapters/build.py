"""Bring the notebooks up to date with their texts: `python chapters/build.py` for all, `… 05` for one chapter.

A text (text/NN_name.py) is what authors write; its notebook (NN_name.ipynb) keeps cell ids and outputs where the code
stays the same. A notebook whose code or outputs are not those of its last execution is executed again, as a whole.
"""

import argparse
import base64
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import jupytext
import nbformat
from jupytext.combine import combine_inputs_with_outputs
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from PIL import Image

CHAPTERS = Path(__file__).resolve().parent
PYPROJECT = CHAPTERS.parent / "pyproject.toml"
SETTINGS = tomllib.loads(PYPROJECT.read_text("utf-8"))["tool"]["jupytext"]
FILTERS = {name: value for name, value in SETTINGS.items() if name.endswith("_filter")}
KEPT = FILTERS["cell_metadata_filter"].split(",")
COLLAPSED = {"claim", "hide-input"}  # tags of cells whose code is shown on a click
CONFLICT = re.compile(r"(# )?(<{7}|>{7}|\|{7})( |$)|={7}$")
SMALL = 20_000  # bytes of a picture that stays as it is
WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "jupytext": FILTERS,
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def main(arguments: list[str] | None = None) -> int:
    """Build the chapters asked for; return the exit status."""
    parser = argparse.ArgumentParser(description="Bring the notebooks up to date with their texts.")
    parser.add_argument("chapters", nargs="*", help="how their names begin, as in `05`; default: all")
    parser.add_argument("--force", action="store_true", help="execute also where nothing changed")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    options = parser.parse_args(arguments)
    os.environ["OMP_NUM_THREADS"] = "1"  # the kernels inherit it
    texts = [
        text for text in sorted(CHAPTERS.glob("text/*.py")) if text.name.startswith(tuple(options.chapters or [""]))
    ]
    if options.chapters and not texts:
        parser.error("no chapter begins like that")
    results = []
    for text in texts:
        try:
            results.append(build(text, CHAPTERS / f"{text.stem}.ipynb", options.force, options.check))
        except (CellExecutionError, ClashError) as error:
            sys.exit(f"{text.stem}: {error}")
        print(f"{text.stem}: {results[-1]}", flush=True)
    return int(options.check and set(results) != {"up to date"})


class ClashError(Exception):
    """A pair that cannot be brought together: both files changed, or the code is not Python."""


def build(text: Path, notebook: Path, force: bool = False, check: bool = False) -> str:
    """Bring one pair up to date and say what was done; a failing cell leaves both files as they were."""
    new = updated(text, notebook)
    stale = force or new.metadata.get("gan_lessons", {}).get("run") != fingerprint(new)
    if stale and not check:
        print(f"{text.stem}: executing", flush=True)
        folder = {"metadata": {"path": str(notebook.parent)}}
        NotebookClient(
            new, timeout=600, kernel_name="python3", resources=folder, record_timing=False, store_widget_state=False
        ).execute()
        tidy(new)
        new.metadata["gan_lessons"] = {"run": fingerprint(new)}
    contents = {text: as_text(new), notebook: nbformat.writes(new) + "\n"}
    changed = [path for path, content in contents.items() if not path.exists() or path.read_text("utf-8") != content]
    for path in [] if check else changed:
        part = path.with_name(path.name + ".part")
        part.write_text(contents[path], "utf-8", newline="\n")
        part.replace(path)
    if stale:
        return "needs to be executed" if check else "executed"
    return f"rewritten: {', '.join(path.name for path in changed)}" if changed else "up to date"


def updated(text: Path, notebook: Path) -> NotebookNode:
    """The notebook with the text's cells, formatted, and its own ids and outputs wherever a cell is still there."""
    source = text.read_text("utf-8-sig")  # Windows' editors begin a file with a byte order mark
    if marks := [number for number, line in enumerate(source.splitlines(), 1) if CONFLICT.match(line)]:
        raise ClashError(f"it has the marks of a merge, in line {marks[0]}; settle the conflict first")
    new, known = formatted(jupytext.reads(source, fmt="py:percent")), set()
    if notebook.exists():
        old = nbformat.read(notebook, as_version=4)
        if as_text(old) != source and notebook.stat().st_mtime > text.stat().st_mtime:
            raise ClashError(
                f"the notebook is newer than its text and differs from it. To keep the text: touch {text}. "
                f"To keep the notebook: jupytext --to py:percent --output {text} {notebook}"
            )
        known = {cell.id for cell in old.cells}
        new = combine_inputs_with_outputs(new, old, fmt="py:percent")
    for cell in new.cells:
        if cell.id not in known:  # a new cell gets its id from its content, for the same bytes everywhere
            salt = 0
            while (name := hashlib.sha256(f"{cell.source}{salt}".encode()).hexdigest()[:8]) in known:
                salt += 1
            cell.id = name
            known.add(name)
    return tidy(new)


def formatted(notebook: NotebookNode) -> NotebookNode:
    """The notebook with its imports sorted and its code formatted, by ruff."""
    content = nbformat.writes(notebook)
    for task in (["check", "--quiet", "--fix", "--select=I"], ["format"]):
        command = [sys.executable, "-m", "ruff", *task, f"--config={PYPROJECT}", "--stdin-filename=notebook.ipynb", "-"]
        done = subprocess.run(command, input=content, capture_output=True, encoding="utf-8")
        if done.returncode:
            raise ClashError(f"ruff cannot read it: {done.stderr or done.stdout}")
        content = done.stdout
    return nbformat.reads(content, as_version=4)


def as_text(notebook: NotebookNode) -> str:
    """The notebook in the form of its text."""
    bare = nbformat.from_dict({**notebook, "metadata": {"jupytext": FILTERS}})
    return jupytext.writes(bare, fmt="py:percent")


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Leave out what differs from run to run: progress bars, widgets, editors' metadata, a traceback's paths."""
    own = notebook.metadata.get("gan_lessons")
    notebook.metadata = nbformat.from_dict(METADATA | ({"gan_lessons": own} if own else {}))
    count = 0
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: value for key, value in cell.metadata.items() if key in KEPT})
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        if COLLAPSED & set(cell.metadata.get("tags", [])):
            cell.metadata["jupyter"] = {"source_hidden": True}
        outputs: list[NotebookNode] = []
        for output in cell.outputs:
            if output.output_type == "stream":
                if output.name == "stderr":
                    output.text = re.sub(r"\r[^\r\n]*", "", output.text)  # tqdm's bars
                if outputs and outputs[-1].get("name") == output.name:
                    outputs[-1].text += output.text
                elif output.text.strip():
                    outputs.append(output)
            else:
                live = output.get("data", {}).pop(WIDGET, None)
                if not live or "image/png" in output.data:  # a lab's still stays when its widget goes
                    outputs.append(output)
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = smaller(output.data["image/png"])
            if output.output_type == "execute_result":
                output.execution_count = count
            elif output.output_type == "error":
                output.traceback = [f"{output.ename}: {output.evalue}"]
        cell.outputs = outputs
    return notebook


def smaller(png: str) -> str:
    """The picture (PNG, in base64) in 256 colours of its own, a third of the size; a smaller or moving one as it is."""
    held = base64.b64decode(png)
    if len(held) < SMALL or b"acTL" in held[:2000]:
        return png
    with Image.open(io.BytesIO(held)) as picture:
        if picture.mode == "P":
            return png
        file = io.BytesIO()
        settled = picture.width * picture.height // 1000  # pixels that may still change their color: nobody sees it
        indexed = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=settled)
        indexed.save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode() if file.tell() < len(held) else png


def fingerprint(notebook: NotebookNode) -> str:
    """A hash of all code and all outputs: it fits the stored one only if these outputs came from running this code."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    seen = [[cell.source, [{**output, "metadata": None} for output in cell.outputs]] for cell in code]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
