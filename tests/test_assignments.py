"""The assignments: graders that know right from wrong, releases that hold no answers, nbgrader's whole cycle."""

import contextlib
import io
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import pytest
import torch
from jupytext.config import load_jupytext_config
from nbformat import NotebookNode

from chapters.assignments import build
from gan_lessons.checks import CheckError, hints, the_losses
from tests.answers import Answer
from tests.answers.the_losses import BANK

NAME = "04_the_losses"
SOURCE = build.ASSIGNMENTS / "source" / NAME / f"{NAME}.ipynb"
RELEASE = build.ASSIGNMENTS / "release" / NAME / f"{NAME}.ipynb"
TASKS = ("hinge", "discriminator_loss", "every_pair", "r1", "step")
STUB = "raise NotImplementedError  # your lines"
RIGHT = [answer for answer in BANK if not answer.mistake]
WRONG = [answer for answer in BANK if answer.mistake]


def cells(path: Path) -> dict[str, NotebookNode]:
    """The cells that nbgrader knows, by their names."""
    found = nbformat.read(path, as_version=4).cells
    return {cell.metadata["nbgrader"]["grade_id"]: cell for cell in found if "nbgrader" in cell.metadata}


def grade(answer: Answer, hidden: bool = True) -> str:
    """Run a task's check on an answer, as the grader or as the student does, and return what was printed."""
    code = cells(SOURCE if hidden else RELEASE)[f"check-{answer.task.replace('_', '-')}"].source
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, {"check": the_losses, "mine": the_losses.seed_of("Ada"), answer.task: answer.function})
    return printed.getvalue()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the population, which has a test of its own."""
    monkeypatch.setattr(the_losses, "reach", lambda *_, **__: None)


# Right and wrong answers


def label(answer: Answer) -> str:
    return f"{answer.task}-{answer.function.__name__}-{answer.mistake}"


def test_the_bank_is_large() -> None:
    assert len({(answer.task, answer.mistake) for answer in WRONG}) >= 15
    assert len(RIGHT) >= 5
    for task in TASKS:
        assert any(answer.task == task for answer in RIGHT)


@pytest.mark.parametrize("answer", RIGHT, ids=label)
def test_right_answer_passes(answer: Answer, short: None) -> None:
    printed = grade(answer)
    assert "✓" in printed and "✗" not in printed


@pytest.mark.filterwarnings("ignore:Using backward")
@pytest.mark.parametrize("answer", WRONG, ids=label)
def test_wrong_answer_is_called_by_its_name_before_it_is_handed_in(answer: Answer, short: None) -> None:
    with pytest.raises(CheckError) as caught:
        grade(answer, hidden=False)
    assert caught.value.mistake == answer.mistake
    assert hints.HINTS[answer.mistake] in str(caught.value)


def test_population_with_a_right_step_reaches_the_modes(capsys: pytest.CaptureFixture) -> None:
    step = next(answer.function for answer in RIGHT if answer.task == "step")
    samples = the_losses.reach(step, seed=the_losses.seed_of("Ada"))
    assert samples.shape == (8, 500, 2)
    assert "✓ 8 GANs after 200 steps" in capsys.readouterr().out


def test_population_with_a_wrong_step_does_not() -> None:
    step = next(answer.function for answer in WRONG if answer.mistake == "discriminator's loss")
    with pytest.raises(CheckError) as caught:
        the_losses.reach(step, steps=20)
    assert caught.value.mistake == "too few modes"


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("value", [None, "a", 1.0, (1.0, 2.0), torch.tensor(torch.nan), torch.ones(2, 3)], ids=repr)
def test_nonsense_gets_a_sentence(task: str, value: Any, short: None) -> None:
    with pytest.raises(CheckError, match="✗"):
        grade(Answer(task, lambda *_, **__: value))


def test_a_notebook_shows_sentences_and_no_traceback() -> None:
    error = CheckError("in place", "hinge has changed the scores")
    assert error._render_traceback_() == [f"✗ hinge has changed the scores\n  Hint: {hints.HINTS['in place']}."]


def test_every_name_has_its_own_numbers() -> None:
    names = ["Ada Lovelace", "Grace Hopper", "Emmy Noether"]
    assert len({the_losses.seed_of(name) for name in names}) == 3
    assert the_losses.seed_of("Ada Lovelace") == the_losses.seed_of(" ada lovelace ")
    centres = [the_losses.islands(the_losses.seed_of(name)).centres for name in names]
    assert all(torch.allclose(each.norm(dim=1), torch.tensor(2.0)) for each in centres)
    assert not torch.allclose(centres[0], centres[1])


# Text, source, release


def test_text_and_source_are_a_pair() -> None:
    text = build.ASSIGNMENTS / "text" / NAME / f"{NAME}.py"
    assert not build.is_new(build.text_and_source(text)), "run `make build`"


def released(cell: NotebookNode) -> str:
    """What a student gets of a source cell."""
    about = cell.metadata.get("nbgrader", {})
    if cell.cell_type == "markdown":
        return "Your answer, in as many sentences as the task asks for." if about.get("solution") else cell.source
    text = re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", STUB, cell.source, flags=re.DOTALL)
    return re.sub(r"\n### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", text, flags=re.DOTALL)


def test_release_is_its_source_without_answers_and_hidden_checks() -> None:
    source, release = (nbformat.read(path, as_version=4).cells for path in (SOURCE, RELEASE))
    assert [cell.source for cell in release] == [released(cell) for cell in source], "run `make build`"
    text = RELEASE.read_text("utf-8")
    for secret in re.findall(r"seed=(\d+)", SOURCE.read_text("utf-8")):
        assert secret not in text
    assert "SOLUTION" not in text and "HIDDEN" not in text
    assert text.count(STUB) == len(TASKS)
    assert all(not cell.get("outputs") for cell in [*source, *release])


def test_release_is_not_paired_and_source_is() -> None:
    def formats(path: Path) -> Any:
        config = load_jupytext_config(str(path))
        return config and config.default_formats(str(path))

    assert "py:percent" in formats(SOURCE)
    assert not formats(RELEASE)


def test_release_runs_without_nbgrader_and_asks_for_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    scope, mistakes = {}, []
    for cell in nbformat.read(RELEASE, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        try:
            exec(cell.source, scope)
        except CheckError as error:
            mistakes.append(error.mistake)
        except NameError as error:  # the picture after the last task
            assert "samples" in str(error)
    plt.close("all")
    assert mistakes == ["not written"] * len(TASKS)


def test_source_answers_are_right(short: None) -> None:
    scope: dict = {"torch": torch, "functional": torch.nn.functional}
    for task in TASKS:
        exec(cells(SOURCE)[task.replace("_", "-")].source, scope)
        assert "✗" not in grade(Answer(task, scope[task]))


def test_every_line_of_the_broken_step_is_called_by_its_name() -> None:
    """Repair two of its three wrong lines: the check names the third."""
    (page,) = [cell.source for cell in nbformat.read(RELEASE, as_version=4).cells if "```python" in cell.source]
    broken = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]  # type: ignore[index]
    zero, head, tail = "    gan.discriminator_optimizer.zero_grad()\n", *broken.split("\n\n")
    backward = "    discriminator_loss.backward()\n"
    cleared = head.replace(backward + zero, zero + backward)
    own = tail.replace("discriminator_optimizer", "generator_optimizer")
    fooled = own.replace("losses.discriminator", "losses.generator")
    assert len({head, cleared}) == 2 and len({tail, own, fooled}) == 3

    def mistake(*parts: str) -> str:
        scope: dict = {}
        exec("\n\n".join(parts), scope)
        try:
            the_losses.step(scope["step"])
        except CheckError as error:
            return error.mistake
        return ""

    assert mistake(head, tail) == "wrong optimiser"
    assert mistake(head, fooled) == "nothing learned"
    assert mistake(cleared, own) == "discriminator's loss"
    assert mistake(cleared, fooled) == ""


# nbgrader's cycle


def submit(course: Path, student: str, answers: dict[str, str], tampered: bool = False) -> None:
    """Hand in the release with these answers."""
    notebook = nbformat.read(RELEASE, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = answers.get(name, cell.source)
        if tampered and name.startswith("check-"):
            cell.source = "pass"
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's own
def test_nbgrader_from_source_to_feedback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One full mark, one empty, one wrong with tampered checks, one that hangs: four grades and four feedbacks."""
    pytest.importorskip("nbgrader", reason="needs pip install -e '.[course]'")
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
    from nbgrader.coursedir import CourseDirectory

    shutil.copytree(SOURCE.parent, tmp_path / "source" / NAME)
    config = build.settings(tmp_path, NAME)
    # a hanging check is given a short time, so that the test is short; a teacher's limit is in nbgrader_config.py
    limit = config.Execute.timeout
    config.Execute.timeout_func = lambda cell: 5 if "check.hinge" in cell.source else limit

    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    assert (tmp_path / "release" / NAME / f"{NAME}.ipynb").read_bytes() == RELEASE.read_bytes(), "run `make build`"

    answers = {name: cell.source for name, cell in cells(SOURCE).items() if cell.metadata["nbgrader"]["solution"]}
    wrong = answers["discriminator-loss"].replace(".detach()", "")
    hanging = "def hinge(real_scores, fake_scores, margin=1.0):\n    while True:\n        pass"
    submit(tmp_path, "ada", answers)
    submit(tmp_path, "bob", {})
    submit(tmp_path, "cleo", {"hinge": hanging, "r1": answers["r1"]})
    submit(tmp_path, "dora", {"discriminator-loss": wrong, "r1": answers["r1"]}, tampered=True)
    Autograde(coursedir=CourseDirectory(config=config), config=config).start()
    GenerateFeedback(coursedir=CourseDirectory(config=config), config=config).start()

    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", config.CourseDirectory.course_id) as gradebook:
        assert gradebook.find_assignment(NAME).max_score == 20
        scores = {each.student.id: each.score for each in gradebook.assignment_submissions(NAME)}
    assert scores == {"ada": 20, "bob": 0, "cleo": 4, "dora": 4}

    def feedback(student: str) -> str:
        return (tmp_path / "feedback" / student / NAME / f"{NAME}.html").read_text("utf-8")

    assert "hinge is not written yet" in feedback("bob")
    assert "No reply from kernel before timeout" in feedback("cleo") or "KeyboardInterrupt" in feedback("cleo")
    assert "keeps the generator out of it" in feedback("dora")
