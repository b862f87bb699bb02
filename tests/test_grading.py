"""Grading that nothing stops: a class of all kinds by one command, and each repair by itself."""

import csv
import json
import os
from pathlib import Path

import nbformat
import pytest

from gan_lessons.__main__ import main
from gan_lessons.grading import intake, mending, reading, running
from gan_lessons.grading.reading import Cell
from gan_lessons.grading.template import Template
from tests import hand_ins

ROOT = Path(__file__).resolve().parents[1]
NAME = "toy"
SLOW = ("stubborn", "printing", "fake", "split", "merge_marks", "zero_bytes")  # kinds that have tests of their own


def marks(name: str, **more: object) -> dict:
    usual = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
    return {"nbgrader": usual | {"grade_id": name} | more}


def toy() -> nbformat.NotebookNode:
    """The teacher's notebook of a toy assignment: two functions, and a question in words."""
    code, words = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    begin, end = "### BEGIN", "### END"

    def check(task: str) -> nbformat.NotebookNode:
        hidden = f"{begin} HIDDEN TESTS\ncheck.{task}({task}, numbers=(0, -6))\n{end} HIDDEN TESTS"
        found = marks(f"check-{task}", grade=True, locked=True, points=4)
        return code(f"check.{task}({task})\n{hidden}", metadata=found)

    def answer(task: str, value: str) -> nbformat.NotebookNode:
        text = f"def {task}(number):\n    {begin} SOLUTION\n    return {value}\n    {end} SOLUTION"
        return code(text, metadata=marks(task, solution=True))

    cells = [
        words("# A toy"),
        code("from tests import toy_checks as check"),
        words("Write `double`."), answer("double", "2 * number"), check("double"),
        words("Write `half`."), answer("half", "number / 2"), check("half"),
        words("*In words:* why?"), words("Because.", metadata=marks("why", grade=True, solution=True, points=2)),
    ]  # fmt: skip
    for k, cell in enumerate(cells):
        cell.id = f"toy-{k}"
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> hand_ins.Assignment:
    """The toy assignment, released by nbgrader."""
    pytest.importorskip("nbgrader", reason="needs pip install -e '.[course]'")
    from gan_lessons.grading.course import Course

    folder = tmp_path_factory.mktemp("toy")
    source = folder / "source" / NAME / f"{NAME}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(toy(), source)
    course = Course(folder / "course", source)
    course.prepare()
    return hand_ins.Assignment(source, course.release, "double")


@pytest.fixture
def template(given: hand_ins.Assignment) -> Template:
    return Template.read(given.release.parents[2] / "source" / NAME / f"{NAME}.ipynb", given.release)


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernels find the toy's checks."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))


def rows(table: Path) -> dict[str, dict[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


# The class


def test_a_class_of_all_kinds_by_one_command(given, tmp_path, capsys) -> None:
    """Small limits; a row and feedback for every student, full marks for what is right, however it is handed in."""
    kinds = {kind: made for kind, made in hand_ins.kinds(given, "check").items() if kind not in SLOW}
    for kind, (name, make) in kinds.items():
        hand_ins.hand_in(tmp_path / "class", kind, name, make())
    (tmp_path / "list.csv").write_text("id,name\nright,Ada\nabsent,Zoë\n", "utf-8")
    out, source = tmp_path / "out", given.release.parents[2] / "source" / NAME / f"{NAME}.ipynb"
    words = ["grade", str(tmp_path / "class"), "--assignment", str(source), "--out", str(out), "--students",
             str(tmp_path / "list.csv"), "--seconds", "1", "--memory", "0.6", "--minutes", "3"]  # fmt: skip
    assert main(words) == 0
    capsys.readouterr()
    found = rows(out / "toy.csv")
    assert set(found) == {*kinds, "absent"}
    auto = {kind: float(row["check-double"]) + float(row["check-half"]) for kind, row in found.items()}
    right = {"right", "duplicated", "stripped", "renamed", "wrong_kernel", "cut", "huge_output"}
    one_task = {"wrong", "hanging", "memory_eating", "kernel_killing", "deleted"}  # the other is as right as ever
    assert auto == {kind: 8 if kind in right else 4 if kind in one_task else 0 for kind in found}
    told = {
        "hanging": "check-double: it took longer than 1 s of computing",
        "kernel_killing": "check-double: it ended Python",
        "replaced": "replaced, no points: check.double, check.half",
        "deleted": "the cell double was missing",
        "nothing": "readme.md is no notebook",
        "absent": "nothing was handed in",
    }
    for kind, words in told.items():
        assert words in found[kind]["look at"], kind
    assert not found["right"]["look at"] and not found["right"]["repaired"] and found["right"]["name"] == "Ada"
    assert found["right"]["to grade by hand"] == "why" and found["empty"]["to grade by hand"] == ""
    repaired = {
        "duplicated": "double, check-double, half and 2 more stood there several times",
        "stripped": "found by the contents",
        "cut": "no valid JSON",
        "wrong_kernel": "its kernel was r",
        "huge_output": "30 MB",
    }
    for kind, words in repaired.items():
        assert words in found[kind]["repaired"], kind
    page = (out / "toy.html").read_text("utf-8")
    for kind, row in found.items():
        assert (out / row["feedback"]).is_file() and row["feedback"] in page, kind
    assert "Repaired before grading" in (out / found["cut"]["feedback"]).read_text("utf-8")


def test_a_second_call_grades_what_is_new_and_takes_what_a_person_has_graded(given, tmp_path, capsys) -> None:
    from nbgrader.api import Gradebook

    for student in ("ada", "bob"):
        hand_ins.hand_in(tmp_path / "class", student, "toy.ipynb", given.solved())
    out, source = tmp_path / "out", given.release.parents[2] / "source" / NAME / f"{NAME}.ipynb"
    words = ["grade", str(tmp_path / "class"), "--assignment", str(source), "--out", str(out)]
    assert main(words) == 0 and "as before" not in capsys.readouterr().out
    with Gradebook(f"sqlite:///{out}/gradebook.db", "") as gradebook:
        grade = gradebook.find_grade("why", NAME, NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    hand_ins.hand_in(tmp_path / "late", "bob", "toy.ipynb", given.unsolved())
    words[1] = str(tmp_path / "late")
    assert main(words) == 0
    assert capsys.readouterr().out.count("as before") == 1
    assert {student: row["points"] for student, row in rows(out / "toy.csv").items()} == {"ada": "10", "bob": "0"}


# Who handed in what


def names(place: Path, scratch: Path, **options) -> dict[str, str]:
    return {each.student: each.name for each in intake.collect(place, NAME, scratch, **options)}


@pytest.mark.parametrize(
    ("file", "student", "name"),
    [
        ("Ada Lovelace_41_assignsubmission_file_/answers.ipynb", "Ada_Lovelace_41", "Ada Lovelace"),
        ("Ada Lovelace_41_assignsubmission_file_toy.ipynb", "Ada_Lovelace_41", "Ada Lovelace"),
        ("lovelaceada_LATE_12_345_toy-1.ipynb", "lovelaceada_12", "lovelaceada"),
        ("toy_alove_attempt_2026-10-01-10-00-00_toy.ipynb", "alove", "alove"),
        ("ada/toy/toy.ipynb", "ada", "ada"),
        ("Zoë Ångström/toy.ipynb", "Zoë_Ångström", "Zoë Ångström"),
        ("ada_toy.ipynb", "ada", "ada"),
        ("ada.ipynb", "ada", "ada"),
    ],
)
def test_learning_platforms_names_are_read(file, student, name, tmp_path) -> None:
    place = tmp_path / "class" / file
    place.parent.mkdir(parents=True)
    place.write_text("{}", "utf-8")
    assert names(tmp_path / "class", tmp_path / "scratch") == {student: name}
    assert names(hand_ins.zipped(tmp_path / "class"), tmp_path / "scratch") == {student: name}


def test_litter_is_nobody_and_archives_within_are_opened(tmp_path) -> None:
    place = tmp_path / "class"
    hand_ins.hand_in(place / "bob.unpacked", "sub", "toy.ipynb", "{}")
    hand_ins.zipped(place / "bob.unpacked").rename(tmp_path / "bob.zip")
    hand_ins.hand_in(place, "bob", "note.txt", "see the archive")
    (tmp_path / "bob.zip").rename(place / "bob" / "work.zip")
    for litter in ("__MACOSX/x.ipynb", ".ipynb_checkpoints/y.ipynb", "grades.csv", "bob/.ipynb_checkpoints/toy.ipynb"):
        (place / litter).parent.mkdir(exist_ok=True)
        (place / litter).write_text("{}", "utf-8")
    hand_ins.shutil.rmtree(place / "bob.unpacked")
    (bob,) = intake.collect(place, NAME, tmp_path / "scratch")
    assert [path.name for path in bob.files] == ["note.txt", "toy.ipynb"]


def test_an_archive_with_a_damaged_member_is_noted_and_stops_nobody(tmp_path) -> None:
    hand_ins.hand_in(tmp_path / "ada", "sub", "toy.ipynb", "{}" * 500)
    packed = hand_ins.zipped(tmp_path / "ada")
    content = bytearray(packed.read_bytes())
    start = content.index(b"toy.ipynb") + len("toy.ipynb")
    content[start : start + 4] = b"\xff" * 4  # no deflated block begins so
    for student in ("ada", "bob"):
        hand_ins.hand_in(tmp_path / "class", student, "note.txt", "see the archive")
    (tmp_path / "class" / "ada" / "work.zip").write_bytes(content)
    ada, bob = intake.collect(tmp_path / "class", NAME, tmp_path / "scratch")
    assert [note for note in ada.notes if note.startswith("work.zip cannot be unpacked")] and not bob.notes


def test_a_class_list_knows_students_by_id_or_by_name(tmp_path) -> None:
    for folder in ("Ada Lovelace_41_assignsubmission_file_", "bob"):
        hand_ins.hand_in(tmp_path / "class", folder, "toy.ipynb", "{}")
    (tmp_path / "list.csv").write_text("id,name\n7001,Ada Lovelace\nbob,Bob Gauß\n7003,Zoë\n", "utf-8")
    found = names(tmp_path / "class", tmp_path / "scratch", roster=tmp_path / "list.csv")
    assert found == {"7003": "Zoë", "Ada_Lovelace_41": "Ada Lovelace", "bob": "Bob Gauß"}


def test_nobody_and_a_class_list_without_ids_get_a_sentence(tmp_path) -> None:
    with pytest.raises(ValueError, match="holds no hand-ins"):
        intake.collect(tmp_path, NAME, tmp_path / "scratch")
    (tmp_path / "list.csv").write_text("who\nada\n", "utf-8")
    with pytest.raises(ValueError, match="no column named id"):
        intake.collect(tmp_path, NAME, tmp_path / "scratch", tmp_path / "list.csv")
    (tmp_path / "cut.zip").write_bytes(b"PK")
    with pytest.raises(ValueError, match=r"The zip .*cut\.zip is damaged"):
        intake.collect(tmp_path / "cut.zip", NAME, tmp_path / "scratch")


def test_hand_ins_that_are_not_there_are_said_before_the_assignment_is_asked_for(tmp_path, capsys) -> None:
    pytest.importorskip("nbgrader", reason="needs pip install -e '.[course]'")
    assert main(["grade", str(tmp_path / "nothing")]) == 1
    assert f"There is no folder and no file {tmp_path / 'nothing'}" in capsys.readouterr().err


# Reading and mending


def page(tmp_path: Path, what: object, name: str = "toy.ipynb") -> reading.Page:
    path = tmp_path / name
    path.write_bytes(what if isinstance(what, bytes) else hand_ins.text_of(what).encode())
    return reading.read(path)


def texts(mended: mending.Mended) -> dict[str, str]:
    return {hand_ins.id_of(cell): cell.source for cell in mended.notebook.cells if hand_ins.id_of(cell)}


def cells_of(notebook: nbformat.NotebookNode) -> list[Cell]:
    return [Cell(cell.cell_type, cell.source, hand_ins.id_of(cell)) for cell in notebook.cells]


def is_whole(mended: mending.Mended, given: hand_ins.Assignment) -> bool:
    """Whether a hand-in has the right answers, and every id once."""
    ids = [hand_ins.id_of(cell) for cell in mended.notebook.cells if hand_ins.id_of(cell)]
    found = texts(mended)
    return sorted(ids) == sorted([*given.answers, *given.checks]) and all(
        found[name] == answer for name, answer in given.answers.items()
    )


KINDS = ["right", "duplicated", "split", "stripped", "renamed", "wrong_kernel", "merge_marks", "huge_output"]


@pytest.mark.parametrize("kind", KINDS)
def test_right_answers_survive_however_they_are_handed_in(kind, given, template, tmp_path) -> None:
    name, make = hand_ins.kinds(given, "check")[kind]
    made = make()
    found = page(tmp_path, made.encode() if isinstance(made, str) else made, name)
    mended = mending.mend(found.cells, template)
    assert is_whole(mended, given)
    assert bool(found.notes or mended.repaired) == (kind not in ("right", "renamed", "wrong_kernel"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings_are_read(encoding, given, template, tmp_path) -> None:
    notebook = given.solved()
    notebook.cells[0].source = "# Zoë"
    raw = json.dumps(notebook, ensure_ascii=False).encode(encoding)
    found = page(tmp_path, raw)
    assert found.cells[0].source == "# Zoë" and is_whole(mending.mend(found.cells, template), given)


def test_text_twins_and_old_formats_are_read(given, template, tmp_path) -> None:
    import jupytext

    twin = jupytext.writes(given.solved(), fmt="py:percent").encode()
    assert is_whole(mending.mend(page(tmp_path, twin, "toy.py").cells, template), given)
    old = nbformat.v3.downgrade(given.solved())
    cells = mending.mend(page(tmp_path, json.dumps(old).encode()).cells, template)
    assert is_whole(cells, given)


@pytest.mark.parametrize("raw", [b"", b"\x89PNG", b"[]", b"{}", b'{"cells": 3}x', b"<html>"])
def test_what_is_no_notebook_gets_a_sentence(raw, tmp_path) -> None:
    with pytest.raises(ValueError, match=r"is empty|holds no cells"):
        page(tmp_path, raw)


def test_an_odd_notebook_is_read_as_far_as_it_goes(tmp_path) -> None:
    cells = [None, {"cell_type": "code"}, {"cell_type": "code", "source": ["a", "=1"], "metadata": []}, {"source": 3}]
    assert [cell.source for cell in page(tmp_path, json.dumps({"cells": cells, "metadata": 1}).encode()).cells] == [
        "",
        "a=1",
        "3",
    ]


def test_half_symbols_and_pictures_in_answers_can_be_written(template, tmp_path) -> None:
    pictures = {"a.png": {"image/png": "AAAA"}, "b.png": "no dictionary"}
    cell = {"cell_type": "markdown", "source": "piece \ud800", "attachments": pictures}
    found = page(tmp_path, json.dumps({"cells": [cell]}).encode())
    mended = mending.mend(found.cells, template)
    written = nbformat.reads(nbformat.writes(mended.notebook), as_version=4).cells
    (kept,) = [cell for cell in written if "piece" in cell.source]
    assert kept.source == "piece ?" and kept.attachments == {"a.png": {"image/png": "AAAA"}}


def test_giants_are_cut(tmp_path) -> None:
    found = page(
        tmp_path, json.dumps({"cells": [{"cell_type": "code", "source": "x" * 1_000_100}] * 30 + [{}] * 1990}).encode()
    )
    assert len(found.cells) == 2000 and len(found.cells[0].source) == 1_000_000 and len(set(found.notes)) == 3


def test_a_link_leads_nobody_to_the_solutions(tmp_path) -> None:
    (tmp_path / "secret.ipynb").write_text("{}", "utf-8")
    (tmp_path / "class/eve").mkdir(parents=True)
    (tmp_path / "class/eve/toy.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (eve,) = intake.collect(tmp_path / "class", NAME, tmp_path / "scratch")
    assert eve.files == []


def test_a_changed_check_is_run_as_the_teacher_wrote_it_and_named(given, template) -> None:
    notebook = given.solved()
    for cell in notebook.cells:
        cell.source = "pass" if hand_ins.id_of(cell) == "check-half" else cell.source
    mended = mending.mend(
        [Cell(cell.cell_type, cell.source, hand_ins.id_of(cell)) for cell in notebook.cells], template
    )
    assert mended.look == ["check-half was changed"]
    ran = dict(running.cells_of(mended.notebook, template))
    assert any("numbers=(0, -6)" in cell["source"] and cell["name"] == "check-half" for cell in ran.values())


def test_missing_imports_come_back_and_checks_follow_their_answers(given, template) -> None:
    cells = [Cell(cell.cell_type, cell.source, hand_ins.id_of(cell)) for cell in given.solved().cells]
    check = next(cell for cell in cells if cell.id == "check-half")
    cells.remove(check)
    cells.insert(0, check)
    cells = [cell for cell in cells if "import" not in cell.source]
    mended = mending.mend(cells, template)
    order = [hand_ins.id_of(cell) or cell.source for cell in mended.notebook.cells if cell.cell_type == "code"]
    assert order == ["from tests import toy_checks as check", "double", "check-double", "half", "check-half"]


def test_two_different_answers_are_named(template) -> None:
    cells = [Cell("markdown", text, "why") for text in ("One.", "Two.")]
    mended = mending.mend(cells, template)
    assert texts(mended)["why"] == "Two." and "2 answers to why: the last was graded" in mended.look


def test_means_to_get_round_the_checks_are_named(template) -> None:
    mended = mending.mend([Cell("code", "import sys\nsys.modules['x'] = 1\nget_ipython()")], template)
    assert "uses get_ipython, sys.modules" in mended.look


# Behind limits


def outcome(notebook, template, **limits) -> running.Outcome:
    mended = mending.mend(cells_of(notebook), template)
    return running.execute(mended.notebook, template, running.Limits(**limits))


@pytest.mark.parametrize(
    ("kind", "words", "seconds"),
    [
        ("stubborn", "check-double: it took longer than 1 s of computing", 1),
        ("printing", "check-double: it printed more than 30 MB", 30),
    ],
)
def test_what_cannot_be_stopped_costs_one_task(kind, words, seconds, given, template) -> None:
    found = outcome(hand_ins.kinds(given, "check")[kind][1](), template, seconds=seconds)
    assert found.look == [words]
    assert sum(any(each["output_type"] == "error" for each in outputs) for outputs in found.outputs.values()) == 1


PROBES = """import os, socket, pathlib
print("home", pathlib.Path.home() == pathlib.Path.cwd())
print("secret", os.environ.get("SECRET_TOKEN"))
try:
    print("network", bool(socket.create_connection(("127.0.0.1", int(PORT)), timeout=5)))
except OSError:
    print("network", False)
check = 3
import builtins; builtins.sum = lambda *_: 0"""


def test_a_hand_in_has_no_network_no_secrets_and_a_home_of_its_own(given, template, monkeypatch) -> None:
    import socket

    monkeypatch.setenv("SECRET_TOKEN", "abc")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        notebook = given.with_cell(PROBES.replace("PORT", str(server.getsockname()[1])), given.solved())
        found = outcome(notebook, template)
    said = "".join(each.get("text", "") for outputs in found.outputs.values() for each in outputs)
    assert "home True\nsecret None\n" in said
    assert f"network {found.network != 'cut off'}" in said
    # a name that was overwritten by mistake comes back; a function that was replaced is named at the next check
    assert found.look == ["replaced, no points: builtins.sum"]


def test_a_stand_in_for_the_checks_gets_no_points(given, template) -> None:
    found = outcome(hand_ins.kinds(given, "check")["fake"][1](), template)
    assert found.look == ["replaced, no points: check"]
    assert len([each for outputs in found.outputs.values() for each in outputs if each["output_type"] == "error"]) == 2
