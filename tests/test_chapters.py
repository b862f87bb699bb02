"""What every chapter has: links on both ends, a diagram, motion, a debugging card, solutions, and a short way to a GAN.

`python -m tests.test_chapters [05 …]` lists what is missing, by chapter.
"""

import base64
import re
import sys
from collections.abc import Callable, Iterator

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.test_glossary import CHAPTERS, NOTEBOOKS, ORDER

ASSIGNMENTS = {path.name[:2]: path for path in sorted((CHAPTERS / "assignments/release").glob("*_*"))}
APPENDICES = {"A1", "A2"}
LIMITS = {"00": 900, "01": 1000}  # words of prose before the first GAN is trained
TRAINS = re.compile(r"\.step\(\)|\btrain\(|\.train\(|\.run\(\d|\btraining\b.*\(")


def markdown(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def outputs(notebook: NotebookNode) -> Iterator[dict]:
    """The data of every output, by kind."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield output.get("data", {})


def link_faults(number: str, notebook: NotebookNode) -> list[str]:
    """Which links to the neighbours, the contents and the assignment are not where a reader looks for them."""
    place, found = ORDER.index(number), []
    pages = markdown(notebook)
    wanted = {"the contents": "(00_start.ipynb)"} if number != "00" else {}
    if place > 0:
        wanted["the chapter before"] = f"({NOTEBOOKS[ORDER[place - 1]].name})"
    if place + 1 < len(ORDER):
        wanted["the next chapter"] = f"({NOTEBOOKS[ORDER[place + 1]].name})"
    if number in ASSIGNMENTS:
        wanted["its assignment"] = f"(assignments/release/{ASSIGNMENTS[number].name}/"
    found += [f"its first cell has no link to {name}" for name, link in wanted.items() if link not in pages[0]]
    ends = {name: link for name, link in wanted.items() if name in ("the next chapter", "its assignment")}
    found += [f"its last prose has no link to {name}" for name, link in ends.items() if link not in pages[-1]]
    line = next((line for line in pages[0].splitlines() if line.startswith("[")), None)
    if number != "00" and pages[-1].splitlines()[-1] != line:
        found.append("its last line is not its first cell's line of links")
    return found


def anchors(notebook: NotebookNode) -> set[str]:
    """What a link from another chapter can lead to: plain headings in ASCII, as JupyterLab finds no others."""
    headings = re.findall(r"^#+ +(.+?) *$", "\n\n".join(markdown(notebook)), flags=re.MULTILINE)
    return {text.replace(" ", "-") for text in headings if text.isascii() and not re.search(r"[*`$\[<]", text)}


def anchor_faults(number: str, notebook: NotebookNode) -> list[str]:
    """Which links into a chapter name no heading of it."""
    chapters = {path.name: path for path in NOTEBOOKS.values()}
    targets = re.findall(r"\]\(([\w.]+\.ipynb)#([^)\s]*)\)", "\n\n".join(markdown(notebook)))
    return [
        f"{name} has no heading that the link #{place} can lead to"
        for name, place in targets
        if name not in chapters or place not in anchors(nbformat.read(chapters[name], as_version=4))
    ]


def diagram_faults(number: str, notebook: NotebookNode) -> list[str]:
    drawn = any("image/svg+xml" in data for data in outputs(notebook))
    return [] if drawn or number in APPENDICES else ["it has no diagram"]


def motion_faults(number: str, notebook: NotebookNode) -> list[str]:
    """An animated PNG (one with an acTL chunk) or a recording moves without a kernel."""
    moving = any(
        b"acTL" in base64.b64decode(data.get("image/png", ""))[:2000] or "srcdoc=" in data.get("text/html", "")
        for data in outputs(notebook)
    )
    return [] if moving or number in APPENDICES else ["nothing moves on its page"]


def card_faults(number: str, notebook: NotebookNode) -> list[str]:
    """A debugging card is a table of at least three rows."""
    if number in APPENDICES | {"00"}:
        return []
    for text in markdown(notebook):
        card = re.search(r"debugging card.*", text, flags=re.DOTALL | re.IGNORECASE)
        if card and len(re.findall(r"^\|", card[0], flags=re.MULTILINE)) >= 5:
            return []
    return ["it has no debugging card"]


def solution_faults(number: str, notebook: NotebookNode) -> list[str]:
    """Below every “Your turn”, before the next one, there is a solution to unfold."""
    text = "\n\n".join(markdown(notebook))
    _, *turns = re.split(r"\*\*Your turn\W*|^#+ Your turn\W*", text, flags=re.MULTILINE)
    return [
        f"no solution for “{' '.join(turn[:70].split())} …”"
        for turn in turns
        if not re.search(r"<summary>[^<]*olution", turn)
    ]


def words_before_training(notebook: NotebookNode) -> int:
    """Words of prose before the first cell, not folded away, that trains."""
    count = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            if "hide-input" not in cell.metadata.get("tags", []) and TRAINS.search(cell.source):
                break
        else:
            count += len(re.sub(r"\]\([^)]*\)|<[^>]+>", " ", cell.source).split())
    return count


def word_faults(number: str, notebook: NotebookNode) -> list[str]:
    if number not in LIMITS or (count := words_before_training(notebook)) <= LIMITS[number]:
        return []
    return [f"{count} words come before its first GAN, more than {LIMITS[number]}"]


CHECKS: dict[str, Callable[[str, NotebookNode], list[str]]] = {
    "links": link_faults,
    "anchors": anchor_faults,
    "diagram": diagram_faults,
    "motion": motion_faults,
    "debugging card": card_faults,
    "solutions": solution_faults,
    "words": word_faults,
}


def read(number: str) -> NotebookNode:
    return nbformat.read(NOTEBOOKS[number], as_version=4)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("number", ORDER)
def test_chapter_has_what_a_chapter_has(number: str, check: str) -> None:
    assert not CHECKS[check](number, read(number))


def test_the_start_page_is_short() -> None:
    assert sum(len(text.split()) for text in markdown(read("00"))) <= 900


# The checks can fail


def moving() -> str:
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"acTL").decode()


def whole(number: str) -> NotebookNode:
    """A chapter without a fault."""
    place = ORDER.index(number)
    before, after = (NOTEBOOKS[ORDER[place + by]].name for by in (-1, 1))
    links = f"[before]({before}) [contents](00_start.ipynb) [next]({after})"
    if number in ASSIGNMENTS:
        links += f" [assignment](assignments/release/{ASSIGNMENTS[number].name}/a.ipynb)"
    shown = [
        new_output("display_data", data={"image/svg+xml": "<svg/>"}),
        new_output("display_data", data={"image/png": moving()}),
    ]
    turn = "> **Your turn.** Predict.\n\n<details><summary>Solution</summary>\nThree.</details>"
    card = "## Debugging card\n| sign | test | mend |\n|---|---|---|\n| a | b | c |\n| a | b | c |\n| a | b | c |"
    return new_notebook(
        cells=[
            new_markdown_cell(f"# A chapter\n{links}"),
            new_code_cell("optimizer.step()", outputs=shown),
            *map(new_markdown_cell, (turn, card, links)),
        ]
    )


def test_no_turn_needs_no_solution() -> None:
    assert not solution_faults("01", new_notebook(cells=[new_markdown_cell("It is your turn.")]))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("number", ["01", "04"])
def test_nothing_is_found_where_nothing_is_missing(number: str, check: str) -> None:
    assert not CHECKS[check](number, whole(number))


def without(text: str) -> Callable[[NotebookNode], None]:
    def spoil(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            cell.source = cell.source.replace(text, "")

    return spoil


def astray(notebook: NotebookNode) -> None:
    name = NOTEBOOKS["04"].name
    places = ("Debugging-card", "Debugging-cards", "1-·-Six-losses,-six-functions")
    notebook.cells[0].source += "".join(f" [a]({name}#{place})" for place in places)


def turned(notebook: NotebookNode) -> None:
    notebook.cells[-1].source = notebook.cells[-1].source.replace("[contents](00_start.ipynb) ", "")


def still(notebook: NotebookNode) -> None:
    notebook.cells[1].outputs[1].data["image/png"] = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 300).decode()


def undrawn(notebook: NotebookNode) -> None:
    del notebook.cells[1].outputs[0]


def wordy(notebook: NotebookNode) -> None:
    notebook.cells[0].source += " word" * 1000


def late(notebook: NotebookNode) -> None:
    wordy(notebook)
    notebook.cells.insert(0, new_code_cell("optimizer.step()", metadata={"tags": ["hide-input"]}))


PLANTED: list[tuple[str, Callable[[NotebookNode], None], int]] = [
    ("links", without("(00_start.ipynb)"), 2),  # the contents, which are also the page before
    ("links", without(f"({NOTEBOOKS['02'].name})"), 2),
    ("links", turned, 1),
    ("anchors", astray, 2),
    ("diagram", undrawn, 1),
    ("motion", still, 1),
    ("debugging card", without("Debugging card"), 1),
    ("debugging card", without("| a | b | c |\n"), 1),
    ("solutions", without("<summary>Solution</summary>"), 1),
    ("words", wordy, 1),
    ("words", late, 1),
]


@pytest.mark.parametrize(("check", "spoil", "count"), PLANTED)
def test_planted_fault_is_found(check: str, spoil: Callable[[NotebookNode], None], count: int) -> None:
    notebook = whole("01")
    spoil(notebook)
    assert len(CHECKS[check]("01", notebook)) == count


if __name__ == "__main__":
    for number in ORDER:
        if not sys.argv[1:] or number in sys.argv[1:]:
            for check in CHECKS.values():
                for fault in check(number, read(number)):
                    print(number, fault)
