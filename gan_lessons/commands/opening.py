"""A trained GAN, from a run's folder or from what the book has stored."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_lessons import recipes, results
from gan_lessons.checkpoints import load_checkpoint, read_checkpoint
from gan_lessons.commands import settings
from gan_lessons.files import FileError


@dataclass
class Opened:
    """A GAN, the recipe that it was trained by, and what is known of its run."""

    recipe: Any
    gan: Any
    identity: str
    curve: list[dict[str, Any]]


def opened(what: str, best: bool = False) -> Opened:
    """A run by its folder, or a stored GAN by its recipe; a ValueError says what there is."""
    if Path(what).is_dir() or Path(what).name == "checkpoint.pt":
        return of_run(Path(what) if Path(what).is_dir() else Path(what).parent, best)
    name = what.partition("@")[0]
    try:
        record = results.record(name)
    except ValueError as error:
        raise ValueError(f"There is no folder of a run {what!r}, and no such result is stored: {error}") from error
    recipe = recipes.find(record["recipe"], record["size"])
    identity = f"{record['recipe']}/{record['size']}@{recipe.version}"
    return Opened(recipe, results.load(recipe.build(), identity), identity, record["curve"])


def of_run(folder: Path, best: bool = False) -> Opened:
    """The GAN of a run's folder, as its last checkpoint has it, or the best one."""
    path = folder / ("best.pt" if best else "checkpoint.pt")
    if not path.is_file():
        raise FileError(f"{folder} holds no run: there is no {path.name} in it.")
    about = read_checkpoint(path)["about"]
    if not about.get("recipe"):
        raise FileError(f"The checkpoint {path} does not name its recipe.")
    name, _, size = about["recipe"].partition("@")[0].rpartition("/")
    recipe = settings.restored(recipes.find(name, size), about["settings"])
    seed = about["seed"][0] // len(about["seed"])  # of a population, seed s builds the members s·members, …
    gan = recipe.build("cpu", seed)
    more = load_checkpoint(path, gan)
    return Opened(recipe, gan, about["recipe"], more["curve"])
