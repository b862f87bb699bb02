"""nbgrader's own commands, for one student at a time: its gradebook, its grades, its feedback."""

import logging
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from gan_lessons.grading.running import not_run

EXECUTED = ".executed"  # a folder in the course: the hand-ins as they were run


class Executed(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute: brings the outputs of a hand-in that was run elsewhere, behind limits."""

    folder = Unicode("", help="where the executed hand-ins are, one a student").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Take the outputs cell by cell; a cell without, or with another text than was run, counts as not run."""
        ran = nbformat.read(Path(self.folder) / f"{resources['nbgrader']['student']}.ipynb", as_version=4)
        outputs = {k: cell for k, cell in enumerate(ran.cells) if cell.cell_type == "code"}
        for k, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            same = k in outputs and outputs[k].source == cell.source
            cell.outputs = outputs[k].outputs if same else nbformat.from_dict(not_run("This cell was not run."))
        return nb, resources


class Course:
    """A folder in nbgrader's layout for one assignment."""

    def __init__(self, folder: Path, source: Path):
        self.folder, self.source, self.name = folder.resolve(), source, source.stem
        self.folder.mkdir(parents=True, exist_ok=True)
        scripts = str(Path(sys.executable).parent)  # where alembic is, which nbgrader runs
        if scripts not in os.environ["PATH"].split(os.pathsep):
            os.environ["PATH"] = os.pathsep.join([scripts, os.environ["PATH"]])
        logging.getLogger("traitlets").setLevel(logging.CRITICAL)  # one table at the end says it all
        warnings.filterwarnings("ignore", "Object of type <Submitted")  # nbgrader's own
        settings = source.parents[2] / "nbgrader_config.py"
        if settings.is_file() and not (self.folder / settings.name).exists():
            shutil.copy(settings, self.folder)

    def config(self, student: str = "*", **more: Any) -> Config:
        own = self.folder / "nbgrader_config.py"
        config = PyFileConfigLoader(own.name, str(own.parent)).load_config() if own.is_file() else Config()
        config.CourseDirectory.update({"root": str(self.folder), "assignment_id": self.name, "student_id": student})
        for name, settings in more.items():
            config[name].update(settings)
        return config

    def prepare(self) -> None:
        """Copy the assignment and have nbgrader note its cells, unless it has."""
        target = self.folder / "source" / self.name
        changed = not target.exists() or (target / self.source.name).read_bytes() != self.source.read_bytes()
        if changed:
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(self.source.parent, target, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        if changed or not self.release.exists() or not (self.folder / "gradebook.db").exists():
            config = self.config(GenerateAssignment={"force": True})
            GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()

    @property
    def release(self) -> Path:
        return self.folder / "release" / self.name / self.source.name

    def feedback(self, student: str) -> Path:
        return self.folder / "feedback" / student / self.name / f"{self.name}.html"

    def submit(
        self, student: str, notebook: Any, sources: dict[int, str], outputs: dict[int, list[dict[str, Any]]]
    ) -> None:
        """Put a mended hand-in where nbgrader looks for it, and keep it as it was run, with its outputs."""
        folder = self.folder / "submitted" / student / self.name
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / self.source.name)
        ran = nbformat.from_dict(notebook)
        for k, cell in enumerate(ran.cells):
            if cell.cell_type != "code":
                continue
            cell.source = sources.get(k, cell.source)
            found = outputs.get(k, not_run("This cell was not run."))
            if cell.metadata.get("nbgrader", {}).get("grade"):  # nbgrader takes a warning on stderr for a failure
                found = [each | {"name": "stdout"} if each["output_type"] == "stream" else each for each in found]
            cell.outputs = nbformat.from_dict(found)
        (self.folder / EXECUTED).mkdir(exist_ok=True)
        nbformat.write(ran, self.folder / EXECUTED / f"{student}.ipynb")

    def grade(self, student: str) -> None:
        """nbgrader's autograde for one student, with the outputs that are there."""
        classes = [Executed, *Autograde.autograde_preprocessors.default_args[0][1:]]
        config = self.config(
            student, Autograde={"force": True, "autograde_preprocessors": classes},
            Executed={"folder": str(self.folder / EXECUTED)},
        )  # fmt: skip
        Autograde(coursedir=CourseDirectory(config=config), config=config).start()

    def tell(self, student: str) -> None:
        """nbgrader's feedback for one student."""
        config = self.config(student, GenerateFeedback={"force": True})
        GenerateFeedback(coursedir=CourseDirectory(config=config), config=config).start()

    def points(self, student: str) -> tuple[dict[str, float], dict[str, float], list[str]]:
        """A student's points and the most there are, a task each, and the tasks that a person has to grade."""
        with self.gradebook() as gradebook:
            try:
                submission = gradebook.find_submission(self.name, student)
            except MissingEntry:
                return {}, {}, []
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            reached = {grade.name: float(grade.score) for grade in grades}
            most = {grade.name: float(grade.max_score) for grade in grades}
            return reached, most, [grade.name for grade in grades if grade.needs_manual_grade and grade.max_score]

    def gradebook(self) -> Gradebook:
        folder = CourseDirectory(config=self.config())
        return Gradebook(folder.db_url, folder.course_id)
