"""The chapters' files: pairs, stored outputs, sizes, library cells. (That the cells run is nbval's part.)"""

import ast
import base64
import io
import os
import re
import shutil
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from chapters import build

ROOT = Path(__file__).resolve().parents[1]
TEXTS = sorted(ROOT.glob("chapters/text/*.py"))
NOTEBOOKS = sorted(ROOT.glob("chapters/*.ipynb"))
LARGEST = 1_500_000  # bytes of a notebook
MACHINE = re.compile(r"/(home|Users|root|tmp|work|mnt)/|[A-Z]:\\|site-packages|0x[0-9a-f]{6,}|" + re.escape(str(ROOT)))
TIMING = re.compile(r"\d (ms|µs|s|secs?|seconds?|min|minutes?)\b|\d\.\d+s\b|wall time|it/s", re.IGNORECASE)


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)
def test_pair(text: Path) -> None:
    notebook = ROOT / "chapters" / f"{text.stem}.ipynb"
    assert notebook.exists(), "run `make build`"
    assert not pair_faults(text, notebook)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(notebook: Path) -> None:
    assert (ROOT / "chapters/text" / f"{notebook.stem}.py").exists(), "this notebook has no text"
    assert not size_faults(notebook)
    assert not faults(nbformat.read(notebook, as_version=4))


def test_all_notebooks_together_are_small() -> None:
    assert sum(path.stat().st_size for path in NOTEBOOKS) <= 25_000_000


# What is looked for: each function returns a list of sentences


def pair_faults(text: Path, notebook: Path) -> list[str]:
    stored = nbformat.read(notebook, as_version=4)
    found = []
    if build.as_text(stored) != text.read_text("utf-8"):
        found.append(f"{text.name} and {notebook.name} disagree: run `make build`")
    if stored.metadata.get("gan_lessons", {}).get("run") != build.fingerprint(stored):
        found.append(f"the outputs in {notebook.name} are not from a run of its code: run `make build`")
    if notebook.read_text("utf-8") != nbformat.writes(build.tidy(stored)) + "\n":
        found.append(f"{notebook.name} is not as `make build` leaves it")
    return found


def size_faults(notebook: Path) -> list[str]:
    size = notebook.stat().st_size
    return [f"{notebook.name} has {size:,} bytes, more than {LARGEST:,}"] if size > LARGEST else []


def faults(notebook: NotebookNode) -> list[str]:
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            found += [f"cell {number}: {fault}" for fault in code_faults(cell) + library_faults(cell)]
            found += [f"cell {number}: {fault}" for output in cell.outputs for fault in output_faults(cell, output)]
        elif re.search(r"!\[\s*\]|<img(?![^>]*\balt=)", cell.source):
            found.append(f"cell {number}: an image without alt text")
    return found


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def code_faults(cell: NotebookNode) -> list[str]:
    lines = len(cell.source.splitlines())
    found = [f"{lines} lines of code, more than 40"] if lines > 40 else []
    pictures = any(kind.startswith("image/") for output in cell.outputs for kind in output.get("data", {}))
    if pictures and len(cell.metadata.get("alt", "")) < 20:
        found.append('a figure without alt text: `# %% alt="what it shows"`')
    return found


def output_faults(cell: NotebookNode, output: NotebookNode) -> list[str]:
    if output.output_type == "error":
        return [] if "raises-exception" in tags(cell) else [f"a stored error, {output.ename}"]
    found = []
    if output.get("name") == "stderr":
        found.append(f"a stored warning: {output.text[:200]!r}")
    data = output.get("data", {})
    if build.WIDGET in data:
        found.append("a stored widget, which shows nothing without a kernel")
    if "Matplotlib" in data.get("image/svg+xml", ""):
        found.append("matplotlib's SVG, whose bytes differ from run to run")
    words = "\n".join([output.get("text", ""), *(str(data[kind]) for kind in data if kind.startswith("text/"))])
    if match := MACHINE.search(re.sub(r"base64,[\w+/=]+", "", words)):  # sound and pictures are any letters
        found.append(f"a path or an address of a machine: {match[0]!r}")
    if (match := TIMING.search(words)) and "long" not in tags(cell):
        found.append(f"a timing, {match[0]!r}, which another machine does not have (a dated record's: tag `long`)")
    return found


def library_faults(cell: NotebookNode, library: Path = ROOT / "gan_lessons") -> list[str]:
    """A cell tagged `library` holds imports and definitions, each as in the one module that has its name."""
    if "library" not in tags(cell):
        return []
    found = []
    for node in ast.parse(cell.source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if (name := bound(node)) is None:
            found.append(f"line {node.lineno} is not a definition, but the cell is tagged `library`")
            continue
        files = sorted(library.rglob("*.py"))
        if module := cell.metadata.get("module"):
            files = [library.parent / (module.replace(".", "/") + ".py")]
        held = {
            file: other for file in files for other in ast.parse(file.read_text("utf-8")).body if bound(other) == name
        }
        if len(held) != 1:
            where = ", ".join(path.relative_to(library.parent).as_posix() for path in held) or "no module"
            found.append(f'{name} is in {where}, not in one; name it: `# %% tags=["library"] module="gan_lessons.…"`')
        elif any(shape(other) != shape(node) for other in held.values()):
            found.append(f"{name} differs from the one in {next(iter(held)).relative_to(library.parent).as_posix()}")
    return found


def bound(node: ast.stmt) -> str | None:
    """The name that a top-level statement defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return None


def shape(node: ast.AST) -> str:
    """The syntax tree without docstrings and annotations, as a string."""
    copy = ast.parse(ast.unparse(node))
    for inner in ast.walk(copy):
        if isinstance(inner, ast.arg):
            inner.annotation = None
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            inner.returns = None
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(inner):
            inner.body = inner.body[1:] or [ast.Pass()]
    return ast.dump(copy)


# Every check can fail: planted faults


def code(source: str = "x = 1", *outputs: NotebookNode, **metadata: object) -> NotebookNode:
    return new_code_cell(source, outputs=list(outputs), metadata=metadata, execution_count=1)


def shown(kind: str = "text/plain", value: str = "1") -> NotebookNode:
    return new_output("display_data", data={kind: value})


PLANTED = {
    "an error": (
        code("1 / 0", new_output("error", ename="ZeroDivisionError", evalue="", traceback=[])),
        "stored error",
    ),
    "a warning": (code("x", new_output("stream", name="stderr", text="UserWarning: x")), "stored warning"),
    "a widget": (code("x", shown(build.WIDGET, "{}")), "stored widget"),
    "an svg": (
        code("x", shown("image/svg+xml", "<svg><!-- Matplotlib --></svg>"), alt="A picture of nothing at all."),
        "SVG",
    ),
    "a path": (code("x", shown(value="saved to /home/ann/runs")), "/home/"),
    "the clone's path": (code("x", shown(value=f"{ROOT}/runs")), "a machine"),
    "an address": (code("x", shown(value="<Generator at 0x7ff3f8988350>")), "0x7ff3f8988350"),
    "a timing": (code("x", new_output("stream", text="trained in 12.3 s")), "timing"),
    "a rate": (code("x", new_output("stream", text="210it/s")), "timing"),
    "a figure without words": (code("x", shown("image/png", "")), "alt text"),
    "an image without words": (new_markdown_cell("![](figure.png)"), "alt text"),
    "an img tag without words": (new_markdown_cell('<img src="figure.png">'), "alt text"),
    "a long cell": (code("x = 1\n" * 41), "41 lines"),
    "another definition": (code("def cosine(a):\n    return 0", tags=["library"]), "cosine differs"),
    "an unknown definition": (code("def hige(a, b):\n    return 0", tags=["library"]), "no module"),
    "a statement": (code("print(1)", tags=["library"]), "not a definition"),
}


@pytest.mark.parametrize(("cell", "words"), PLANTED.values(), ids=PLANTED.keys())
def test_planted_fault_is_found(cell: NotebookNode, words: str) -> None:
    found = faults(new_notebook(cells=[cell]))
    assert len(found) == 1 and words in found[0]


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    cells = [
        new_markdown_cell("![A ring](figure.png) and $x_{[i]}$"),
        code(
            "1 / 0", new_output("error", ename="ZeroDivisionError", evalue="", traceback=[]), tags=["raises-exception"]
        ),
        code("show(record)", new_output("stream", text="trained in 12.3 s on 2026-11-20"), tags=["long"]),
        code("plt.show()", shown("image/png", ""), alt="Eight blobs on a ring, each with its own colour."),
        code("x", shown(value="8 of 8 modes, 1980s, seeds 0 to 9, 3.5 standard deviations")),
    ]
    assert not faults(new_notebook(cells=cells))


def test_library_cell_may_differ_in_docstrings_comments_annotations_and_layout_only(tmp_path: Path) -> None:
    library = tmp_path / "gan_lessons"
    library.mkdir()
    (library / "losses.py").write_text(
        'def hinge(a: int, b: int) -> int:\n    """Long."""\n    return a - b\n\n\nRATE: float = 0.1\n'
    )
    (library / "other.py").write_text("def twice():\n    return 1\n")
    (library / "another.py").write_text("def twice():\n    return 2\n")

    def found(source: str, **metadata: str) -> list[str]:
        return library_faults(code(source, tags=["library"], **metadata), library)

    assert not found("import torch\n\ndef hinge(a, b):\n    # why\n    return (a\n - b)\nRATE: float = 0.1")
    assert found("def hinge(a, b):\n    return b - a")
    assert found("def hinge(b, a):\n    return b - a")
    assert found("RATE: float = 0.2")
    assert "gan_lessons/another.py, gan_lessons/other.py" in found("def twice():\n    return 1")[0]
    assert not found("def twice():\n    return 1", module="gan_lessons.other")
    assert found("def twice():\n    return 1", module="gan_lessons.another")


def test_size_limits(tmp_path: Path) -> None:
    for size, too_big in [(1_500_001, True), (1_499_999, False)]:
        (tmp_path / "09_a.ipynb").write_bytes(b" " * size)
        assert bool(size_faults(tmp_path / "09_a.ipynb")) == too_big


# The build, on a small chapter of its own


CHAPTER = """\
# %% [markdown]
# # A chapter

# %%
import sys
import time

from tqdm import tqdm

# %%
for step in tqdm(range(3)):
    print(step, flush=True)
    time.sleep(0.01)

# %% tags=["claim"]
assert step == 2
step
"""


def picture(mode: str, moving: bool = False) -> str:
    """A noisy picture as a cell's output holds it."""
    frames = [
        Image.fromarray(np.random.default_rng(seed).integers(256, size=(150, 150, 3), dtype=np.uint8))
        for seed in range(3)
    ]
    file = io.BytesIO()
    first, *others = [frame.convert(mode) for frame in frames]
    first.save(file, "PNG", **({"save_all": True, "append_images": others} if moving else {}))
    return base64.b64encode(file.getvalue()).decode()


def test_pictures_are_stored_in_few_colours_and_once() -> None:
    stored = build.smaller(picture("RGBA"))
    assert len(stored) < len(picture("RGBA")) / 2
    assert build.smaller(stored) == stored
    with Image.open(io.BytesIO(base64.b64decode(stored))) as shown:
        assert (shown.mode, shown.size) == ("P", (150, 150))


def test_a_moving_picture_stays_as_it_is() -> None:
    assert build.smaller(picture("RGB", moving=True)) == picture("RGB", moving=True)


def test_claims_and_drawing_are_collapsed() -> None:
    cells = [new_code_cell("1", metadata={"tags": tags}) for tags in (["claim"], ["hide-input", "long"], ["long"], [])]
    tidied = build.tidy(build.tidy(new_notebook(cells=cells)))
    assert [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in tidied.cells] == [1, 1, 0, 0]
    assert "source_hidden" not in build.as_text(tidied)


def test_a_labs_still_stays_when_its_widget_goes() -> None:
    lab = new_output("display_data", data={build.WIDGET: {"model_id": "1"}, "image/png": "", "text/plain": "ALab"})
    bar = new_output("display_data", data={build.WIDGET: {"model_id": "2"}, "text/plain": "HBox()"})
    tidied = build.tidy(new_notebook(cells=[code("lab", lab, bar)]))
    assert [list(output.data) for output in tidied.cells[0].outputs] == [["image/png", "text/plain"]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "text").mkdir()
    (folder / "text/01_a.py").write_text(CHAPTER)
    assert build.build(folder / "text/01_a.py", folder / "01_a.ipynb") == "executed"
    return folder


@pytest.fixture
def pair(built: Path, tmp_path: Path) -> tuple[Path, Path]:
    shutil.copytree(built, tmp_path / "chapters")
    return tmp_path / "chapters/text/01_a.py", tmp_path / "chapters/01_a.ipynb"


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new), "utf-8")
    os.utime(path, (time.time() + 10, time.time() + 10))


def test_build_stores_outputs_without_progress_bars(pair: tuple[Path, Path]) -> None:
    text, notebook = pair
    assert text.read_text() == CHAPTER
    assert not pair_faults(text, notebook)
    cells = nbformat.read(notebook, as_version=4).cells
    assert [output.get("text") for output in cells[2].outputs] == ["0\n1\n2\n"]
    assert cells[3].outputs[0].data == {"text/plain": "2"}
    assert cells[3].metadata == {"tags": ["claim"], "jupyter": {"source_hidden": True}}


def test_build_gives_the_same_bytes_again(pair: tuple[Path, Path]) -> None:
    text, notebook = pair
    before = notebook.read_bytes()
    assert build.build(text, notebook) == "up to date"
    assert build.build(text, notebook, force=True) == "executed"
    assert notebook.read_bytes() == before
    notebook.unlink()
    assert build.build(text, notebook) == "executed"
    assert notebook.read_bytes() == before


def test_build_keeps_outputs_when_only_prose_changes(pair: tuple[Path, Path]) -> None:
    text, notebook = pair
    before = nbformat.read(notebook, as_version=4)
    edit(text, "# # A chapter", "# # The chapter")
    assert "disagree" in pair_faults(text, notebook)[0]
    assert build.build(text, notebook, check=True) == "rewritten: 01_a.ipynb"
    assert "disagree" in pair_faults(text, notebook)[0], "--check writes nothing"
    assert build.build(text, notebook) == "rewritten: 01_a.ipynb"
    assert not pair_faults(text, notebook)
    after = nbformat.read(notebook, as_version=4)
    assert [cell.id for cell in after.cells] == [cell.id for cell in before.cells]
    assert [cell.get("outputs") for cell in after.cells] == [cell.get("outputs") for cell in before.cells]


def test_build_executes_changed_code_and_formats_it(pair: tuple[Path, Path]) -> None:
    text, notebook = pair
    before = [cell.id for cell in nbformat.read(notebook, as_version=4).cells]
    edit(text, "assert step == 2\nstep\n", "assert step==2\n\n# %%\nstep+1\n")
    assert build.build(text, notebook, check=True) == "needs to be executed"
    assert build.build(text, notebook) == "executed"
    assert text.read_text().endswith("assert step == 2\n\n# %%\nstep + 1\n")
    assert not pair_faults(text, notebook)
    after = nbformat.read(notebook, as_version=4).cells
    assert [cell.id for cell in after][:3] == before[:3]
    assert after[4].outputs[0].data == {"text/plain": "3"}


def test_text_that_is_not_python_is_refused(pair: tuple[Path, Path]) -> None:
    text, notebook = pair
    edit(text, "assert step == 2", "assert step ==")
    with pytest.raises(build.ClashError, match="ruff cannot read it"):
        build.build(text, notebook)


def test_a_byte_order_mark_is_no_change(pair: tuple[Path, Path]) -> None:
    text, notebook = pair
    text.write_bytes(b"\xef\xbb\xbf" + text.read_bytes())
    assert build.build(text, notebook) == "rewritten: 01_a.py"
    assert not pair_faults(text, notebook)


@pytest.mark.parametrize("line", ["# # A chapter", "assert step == 2"])
def test_the_marks_of_a_merge_are_refused(pair: tuple[Path, Path], line: str) -> None:
    text, notebook = pair
    edit(text, line, f"<<<<<<< HEAD\n{line}\n=======\n{line} \n>>>>>>> other")
    with pytest.raises(build.ClashError, match="marks of a merge, in line"):
        build.build(text, notebook)


def test_failing_cell_leaves_the_files(pair: tuple[Path, Path]) -> None:
    text, notebook = pair
    edit(text, "assert step == 2", "assert step == 3")
    before = text.read_bytes(), notebook.read_bytes()
    with pytest.raises(CellExecutionError, match="assert step == 3"):
        build.build(text, notebook)
    assert (text.read_bytes(), notebook.read_bytes()) == before


def test_notebook_edited_elsewhere_is_not_overwritten(pair: tuple[Path, Path]) -> None:
    text, notebook = pair
    edit(notebook, "assert step == 2", "assert step >= 2")
    with pytest.raises(build.ClashError, match="newer than its text"):
        build.build(text, notebook)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("assert step == 2", "assert step > 0", "disagree"),
        ("assert step == 2", "assert step > 0", "not from a run of its code"),
        ('"2\\n"', '"3\\n"', "not from a run of its code"),
        ('"execution_count": 2', '"execution_count": 7', "as `make build` leaves it"),
    ],
)
def test_planted_fault_in_a_pair_is_found(pair: tuple[Path, Path], old: str, new: str, words: str) -> None:
    text, notebook = pair
    edit(notebook, old, new)
    assert any(words in fault for fault in pair_faults(text, notebook))


@pytest.mark.parametrize("newer", ["text", "notebook", "neither"])
@pytest.mark.parametrize("opened", ["chapters/01_a.ipynb", "chapters/text/01_a.py"])
def test_jupyterlab_opens_and_saves_a_fresh_clone(pair: tuple[Path, Path], newer: str, opened: str) -> None:
    """git gives files the time of the checkout, in any order; neither file may be refused, or change when saved."""
    from jupytext import TextFileContentsManager

    text, notebook = pair
    before = text.read_bytes(), notebook.read_bytes()
    shutil.copy(ROOT / "pyproject.toml", text.parents[2])
    for path, kind in [(text, "text"), (notebook, "notebook")]:
        moment = time.time() - (100 if kind == newer else 1000)
        os.utime(path, (moment, moment))
    manager = TextFileContentsManager()
    manager.root_dir = str(text.parents[2])
    content = manager.get(opened, type="notebook", content=True)["content"]
    assert content.cells[3].outputs
    manager.save({"type": "notebook", "format": "json", "content": content}, opened)
    assert (text.read_bytes(), notebook.read_bytes()) == before
