"""The quizzes at the chapters' ends: one right answer each, a reason for every answer, and the keyboard is enough."""

import re
from pathlib import Path

import nbformat
import pytest

from tests.browser import close_notebook, wait_for

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
QUIZ = re.compile(r"### A quiz\n(.*?)(?=\n### )", re.S)
OPTION = re.compile(r"<details><summary>([A-D]) · (.+?)</summary><b>(Right|No)\.</b> (.+?)</details>")


def quiz(notebook: Path) -> str:
    """The Markdown of a chapter's quiz."""
    cells = nbformat.read(notebook, as_version=4).cells
    (found,) = [match[0] for cell in cells if cell.cell_type == "markdown" and (match := QUIZ.search(cell.source))]
    return found


def faults(text: str) -> list[str]:
    """What is wrong with a quiz."""
    found = []
    for question in re.split(r"\n(?=\d+\. )", text)[1:]:
        options = OPTION.findall(question)
        if question.count("<details>") != len(options) or not 3 <= len(options) <= 4:
            found.append(f"options are not as they should be: {question[:60]}")
        if "".join(letter for letter, *_ in options) != "ABCD"[: len(options)]:
            found.append(f"letters out of order: {question[:60]}")
        if sum(verdict == "Right" for _, _, verdict, _ in options) != 1:
            found.append(f"not one right answer: {question[:60]}")
    return found if text.count("\n1. ") else ["no questions"]


@pytest.mark.parametrize("notebook", sorted(CHAPTERS.glob("[0-9]*.ipynb"))[1:], ids=lambda path: path.stem)
def test_each_question_has_one_right_answer_and_a_reason_for_every_answer(notebook: Path) -> None:
    assert not faults(quiz(notebook))


def test_planted_faults_are_found() -> None:
    sound = quiz(CHAPTERS / "05_the_first_gan.ipynb")
    assert faults(sound.replace("<b>Right.</b>", "<b>No.</b>", 1))
    assert faults(sound.replace("B · ", "A · ", 1))
    assert faults(sound.replace("<b>No.</b> ", "", 1))
    assert faults("### A quiz\n\nnothing")


@pytest.mark.browser
def test_a_quiz_is_answered_wrong_and_right_by_keyboard(lab_page, jupyter) -> None:
    """In JupyterLab, with no kernel's help: Tab goes to an answer, Enter opens it, and it says whether it is right."""
    text = quiz(CHAPTERS / "05_the_first_gan.ipynb")
    options = OPTION.findall(text)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, jupyter.folder / "quiz.ipynb")
    lab_page.evaluate("window.jupyterapp.commands.execute('docmanager:open', { path: 'quiz.ipynb' }).then(() => null)")
    answers = lab_page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-RenderedMarkdown details")
    answers.last.wait_for()
    assert answers.count() == len(options)

    def focus(text: str) -> None:
        """Tab on until an answer has the focus."""
        for _ in range(40):
            tag, words = lab_page.evaluate("[document.activeElement.tagName, document.activeElement.innerText]")
            if (tag, words) == ("SUMMARY", text):
                return
            lab_page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {text}")

    for wanted in ("No", "Right"):
        place = next(k for k, (_, _, verdict, _) in enumerate(options) if verdict == wanted)
        letter, answer, _, reason = options[place]
        focus(f"{letter} · {answer}")
        lab_page.keyboard.press("Enter")
        wait_for(lambda: answers.nth(place).get_attribute("open") is not None, "the answer opens")  # noqa: B023
        assert answers.nth(place).inner_text().split("\n", 1)[1].strip() == f"{wanted}. {reason}"
        assert lab_page.locator(".jp-mod-editMode").count() == 0
        lab_page.keyboard.press("Shift+Tab")
    close_notebook(lab_page)
