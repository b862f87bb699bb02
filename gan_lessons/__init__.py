"""gan_lessons: the library that the chapters import, and that trains GANs of your own.

    from gan_lessons import GAN, train, losses, penalties, recipes

Importing the package loads nothing; each name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from gan_lessons import losses, metrics, networks, penalties, recipes, results
    from gan_lessons.training import GAN, Record, train

HOMES = {"GAN": "training", "Record": "training", "train": "training"}

__all__ = ["GAN", "Record", "losses", "metrics", "networks", "penalties", "recipes", "results", "train"]


def __getattr__(name: str) -> Any:
    """A public name or a module of the package, loaded now; an AttributeError for anything else."""
    if name in HOMES:
        return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
