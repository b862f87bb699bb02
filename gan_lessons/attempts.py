"""A recipe's figures, sheets and sounds, where what fails is said once and left out: a training outlives it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan_lessons.files import FileError, write_whole
from gan_lessons.plots.sound import wav_bytes
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN

LOST = {"score": "No figures are measured", "sheet": "No sheet is drawn", "listen": "There is no sound"}


@dataclass
class Attempts:
    """What a recipe tells of a GAN, as far as it can; what it cannot is told to `say`, once."""

    recipe: Recipe
    say: Callable[[str], object]
    failed: set[str] = field(default_factory=set)

    @property
    def best(self) -> str | None:
        """The figure by which a recipe wants its best checkpoint kept, as "lowest frechet"; None for none."""
        return getattr(self.recipe, "best", None)

    def ask(self, part: str, gan: GAN) -> Any:
        """The recipe's `score`, `sheet` or `listen` of the GAN; None where that fails."""
        try:
            return getattr(self.recipe, part)(gan)
        except Exception as error:  # a training of hours does not end because a figure cannot be measured
            self.lose(part, gan, error)
            return None

    def lose(self, part: str, gan: GAN, error: Exception) -> None:
        """Say what is left out, and why."""
        if part not in self.failed:
            self.failed.add(part)
            kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
            self.say(f"{LOST[part]} at step {gan.step}: {kind}{str(error).rstrip('.')}. The training goes on without.")

    def score(self, gan: GAN) -> dict[str, float]:
        """The figures; none where they cannot be measured."""
        return self.ask("score", gan) or {}

    def draw(self, gan: GAN, path: Path) -> None:
        """Write a sheet of samples, and their sound where there is any. Raises FileError where that cannot be."""
        if (sheet := self.ask("sheet", gan)) is not None:
            try:
                write_whole(path.with_suffix(".png"), lambda file: sheet.savefig(file, format="png"))
            except FileError:
                raise
            except Exception as error:  # matplotlib takes some texts for formulas, and sees only now that they are none
                self.lose("sheet", gan, error)
        if (clips := self.ask("listen", gan)) is not None:
            sound = wav_bytes(clips.flatten().cpu(), self.recipe.rate)
            write_whole(path.with_suffix(".wav"), lambda file: file.write_bytes(sound))

    def rehearse(self, gan: GAN, folder: Path) -> None:
        """Measure, draw, listen and write once, to find out what cannot be done before it costs anything.

        Raises ValueError where the recipe's `best` is a figure that it does not measure.
        """
        figures = self.score(gan)
        if self.best and figures and self.best.partition(" ")[2] not in figures:
            raise ValueError(f"The recipe keeps the {self.best}, but measures only {', '.join(figures)}.")
        trial = folder / ".rehearsal"
        shutil.rmtree(trial, ignore_errors=True)
        self.draw(gan, trial / "sheet")
        shutil.rmtree(trial, ignore_errors=True)
