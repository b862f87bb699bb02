"""The assignments after the first: checks that call mistakes by their names, and releases that hold no answers.

Every answer is graded in this process, by the cells that the student or the grader runs.
"""

import contextlib
import importlib
import io
import pkgutil
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import nbformat
import pytest
import torch
from nbformat import NotebookNode

from chapters.assignments import build
from gan_lessons import checks
from gan_lessons.checks import CheckError, cards, deep, hints, own, seed_of
from tests.answers import Answer, Bank
from tests.test_assignments import STUB, cells, released


class Assignment(NamedTuple):
    """An assignment: its sick training, the tasks whose answer is a value, and those that only the grader tells."""

    name: str
    mend: str
    values: tuple[str, ...] = ()
    told_later: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        return self.name[3:]

    @property
    def check(self) -> ModuleType:
        return importlib.import_module(f"gan_lessons.checks.{self.module}")

    @property
    def bank(self) -> Bank:
        return importlib.import_module(f"tests.answers.{self.module}").BANK

    def path(self, kind: str) -> Path:
        return build.ASSIGNMENTS / kind / self.name / f"{self.name}.ipynb"


ALL = [
    Assignment("01_the_game", "first_gan", ("surprise", "games"), ("games",)),
    Assignment("02_the_generator", "deep_generator", ("in_the_gap",)),
    Assignment("03_the_discriminator", "early_stopping", ("best_loss",)),
    Assignment("05_the_first_gan", "training", ("perfect", "runs"), ("runs",)),
    Assignment("06_mode_collapse", "packed_training", ("missing",)),
    Assignment("07_convergence", "damped_training", ("largest_rate",)),
    Assignment("08_measuring_a_gan", "copied", ("birthday", "galleries"), ("galleries",)),
    Assignment("09_images", "picture_training", ("leaning",)),
    Assignment("10_images_on_demand", "conditional_training", ("deaf",)),
    Assignment("11_architectures", "styled_training", ("steps_left",)),
    Assignment("12_few_pictures", "augmented_training", ("undone",)),
    Assignment("13_image_to_image", "cycle_training", ("least_l1",)),
    Assignment("14_super_resolution", "enlarging_training", ("hair_psnr",)),
    Assignment("15_text", "word_training", ("perplexity",)),
    Assignment("16_verse_and_news", "code_training", ("share_of_d",)),
    Assignment("17_sound", "spectrogram_training", ("folded", "piles"), ("piles",)),
    Assignment("18_speech", "vocoder_training", ("luck",)),
    Assignment("19_video", "motion_training", ("same_penalty",)),
    Assignment("20_shapes", "silhouette_training", ("holes",)),
    Assignment("21_scaling_up", "parallel_training", ("euros",)),
]
EACH = pytest.mark.parametrize("assignment", ALL, ids=lambda one: one.name)
ADA = seed_of("Ada", course="spring")


@cache
def notebook(path: Path) -> list[NotebookNode]:
    return nbformat.read(path, as_version=4).cells


@cache
def checked(assignment: Assignment, hidden: bool) -> dict[str, str]:
    """The code of every task's check, as the grader or as the student runs it, by the task's name."""
    found = cells(assignment.path("source" if hidden else "release"))
    return {
        name.removeprefix("check-").replace("-", "_"): cell.source
        for name, cell in found.items()
        if name.startswith("check-")
    }


def grade(assignment: Assignment, answer: Answer, hidden: bool) -> str:
    """Run a task's check on an answer, and return what was printed."""
    value = answer.function(ADA) if answer.task in assignment.values else answer.function
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(checked(assignment, hidden)[answer.task], {"check": assignment.check, "mine": ADA, answer.task: value})
    return printed.getvalue()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the populations, which have a test of their own."""
    for assignment in ALL:
        for name in ("trained", "reached"):
            monkeypatch.setattr(assignment.check, name, lambda *_, **__: None, raising=False)
    monkeypatch.setattr(deep, "learned", lambda *_: None)


def answers(wrong: bool) -> list[Any]:
    return [
        pytest.param(one, answer, id=f"{one.name[:2]}-{answer.task}-{answer.mistake or answer.function.__name__}")
        for one in ALL
        for answer in one.bank
        if bool(answer.mistake) == wrong
    ]


@EACH
def test_every_task_has_right_answers_in_two_styles_and_five_wrong_ones(assignment: Assignment) -> None:
    for task in checked(assignment, hidden=True):
        mistakes = [answer.mistake for answer in assignment.bank if answer.task == task]
        assert mistakes.count("") >= 2 and len(mistakes) - mistakes.count("") >= 5, task


def test_no_two_tasks_have_one_name_and_the_cards_know_their_points() -> None:
    names = [name for tasks in cards.TASKS.values() for name in tasks]
    assert len(names) == len(set(names))
    for assignment in ALL:
        graded = {
            name.removeprefix("check-").replace("-", "_"): cell.metadata["nbgrader"]["points"]
            for name, cell in cells(assignment.path("source")).items()
            if name.startswith("check-")
        }
        for task in assignment.told_later:
            del graded[task]
        assert cards.TASKS[assignment.module] == graded


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("assignment", "answer"), answers(wrong=False))
def test_right_answer_passes(assignment: Assignment, answer: Answer, short: None) -> None:
    printed = grade(assignment, answer, hidden=True)
    assert "✓" in printed and "✗" not in printed


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("assignment", "answer"), answers(wrong=True))
def test_wrong_answer_is_called_by_its_name(assignment: Assignment, answer: Answer, short: None) -> None:
    with pytest.raises(CheckError) as caught:
        grade(assignment, answer, hidden=answer.task in assignment.told_later)
    assert caught.value.mistake == answer.mistake
    assert answer.mistake == "not written" or hints.HINTS[answer.mistake] in str(caught.value)


@EACH
@pytest.mark.parametrize("value", [None, "a", 1.5, (1.0, 2.0), torch.tensor(torch.nan), torch.ones(2, 3)], ids=repr)
def test_nonsense_gets_a_sentence(assignment: Assignment, value: Any, short: None) -> None:
    for task in checked(assignment, hidden=True):
        nonsense = (lambda _: value) if task in assignment.values else (lambda *_, **__: value)
        with pytest.raises(CheckError, match="✗"):
            grade(assignment, Answer(task, nonsense), hidden=True)


@EACH
def test_text_and_source_are_a_pair(assignment: Assignment) -> None:
    text = build.ASSIGNMENTS / "text" / assignment.name / f"{assignment.name}.py"
    assert not build.is_new(build.text_and_source(text)), "run `make build`"


@EACH
def test_release_is_its_source_without_answers_and_hidden_checks(assignment: Assignment) -> None:
    source, release = (notebook(assignment.path(kind)) for kind in ("source", "release"))
    assert [cell.source for cell in release] == [released(cell) for cell in source], "run `make build`"
    text = assignment.path("release").read_text("utf-8")
    for cell in source:
        for answer in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, flags=re.DOTALL):
            assert answer.strip() not in "\n".join(one.source for one in release)
        for secret in re.findall(r"### BEGIN HIDDEN TESTS\n(.*?)### END", cell.source, flags=re.DOTALL):
            assert not any(line.strip() and line.strip() in text for line in secret.splitlines())
    assert "SOLUTION" not in text and "HIDDEN" not in text and "Rubric" not in text
    assert all(not cell.get("outputs") for cell in [*source, *release])
    words = [cell for cell in source if cell.cell_type == "markdown" and cell.metadata.get("nbgrader")]
    assert words and all("**Rubric.**" in cell.source and cell.metadata["nbgrader"]["points"] for cell in words)


@EACH
def test_release_runs_to_its_end_and_asks_for_answers(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unsolved, every check says what is missing, and no other cell stops but those that use an answer."""
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    scope, mistakes = quick(assignment, monkeypatch), []
    for cell in notebook(assignment.path("release")):
        if cell.cell_type != "code":
            continue
        try:
            exec(cell.source, scope)
        except NotImplementedError:
            assert STUB in cell.source
        except CheckError as error:
            mistakes.append(error.mistake)
        except NameError as error:  # a picture of what was not trained
            assert "samples" in str(error) or "pictures" in str(error)
    plt.close("all")
    assert len(mistakes) == len(checked(assignment, hidden=False))
    assert set(mistakes) <= {"not written", "four names"}


@EACH
def test_source_gets_full_marks(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first cell to the last with its trainings: the mended one reaches what is asked for."""
    scope = quick(assignment, monkeypatch)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in notebook(assignment.path("source")):
            if cell.cell_type == "code":
                exec(cell.source, scope)
    plt.close("all")
    assert "✗" not in printed.getvalue()
    total = sum(cards.TASKS[assignment.module].values())
    assert f"{total} of {total} points so far" in printed.getvalue()


def quick(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A scope for a notebook, in which trainings that only fill a figure are a few steps long."""
    if gallery := getattr(assignment.check, "gallery", None):
        monkeypatch.setattr(assignment.check, "gallery", lambda seed: gallery(seed, steps=50))
    cards.SOLVED.clear()
    return {}


@EACH
def test_the_sick_training_does_not_reach_what_is_asked_for(assignment: Assignment) -> None:
    """The page's own code, as it stands in the release: its check names the line."""
    begun = f"```python\ndef {assignment.mend}("
    (page,) = [cell.source for cell in notebook(assignment.path("release")) if begun in cell.source]
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]  # type: ignore[index]
    scope: dict[str, Any] = {}
    for cell in notebook(assignment.path("release"))[:4]:
        if cell.cell_type == "code":
            exec(cell.source, scope)
            break
    exec(code, scope)
    task = assignment.mend
    with pytest.raises(CheckError) as caught:
        exec(checked(assignment, hidden=False)[task], scope | {"mine": ADA, task: scope[task]})
    assert caught.value.mistake not in ("other", "stopped", "not written")


def test_no_mistake_has_two_hints() -> None:
    """Assignments that name a mistake alike say the same about it."""
    modules = [entry.name for entry in pkgutil.iter_modules(checks.__path__) if entry.name.startswith("hints_")]
    for name in modules:
        for value in vars(importlib.import_module(f"gan_lessons.checks.{name}")).values():
            if isinstance(value, dict) and "__name__" not in value:
                assert value.items() <= hints.HINTS.items(), name


def test_numbers_of_ones_own_differ_and_stay() -> None:
    assert seed_of("Ada", course="spring") != seed_of("Ada", course="autumn")
    assert own(7, "radius", range(1000)) == own(7, "radius", range(1000)) != own(8, "radius", range(1000))
    assert len({own(seed, "modes", [5, 6, 7, 8]) for seed in range(40)}) == 4
