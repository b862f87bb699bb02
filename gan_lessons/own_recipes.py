"""Recipes from outside the package: `module:Name` from a reader's file, or by an entry point of another package."""

import importlib
import inspect
import os
import sys
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

GROUP = "gan_lessons.recipes"


@cache
def installed() -> dict[str, EntryPoint]:
    """The recipes that installed packages offer, by name; to look costs a tenth of a second, so it is done once."""
    return {point.name: point for point in entry_points(group=GROUP)}


def known() -> list[str]:
    """The names of the recipes that installed packages offer."""
    return sorted(installed())


def is_own(name: str) -> bool:
    """Whether a name is that of a recipe from outside: `module:Name`, or one that an installed package offers."""
    return ":" in name or name in installed()


def sizes(name: str) -> dict[str, Any]:
    """The sizes of a recipe from outside: `my_module:MyRecipe`, where my_module.py lies in the present folder.

    What is named may be a class of recipes, a recipe, or a dictionary of recipes by size; the sizes of a class are
    those of its module's SIZES that are of the class, or else the class without arguments. A ValueError says what is
    missing.
    """
    if ":" not in name:
        return as_sizes(installed()[name].load(), name)
    module_name, _, attribute = name.partition(":")
    try:
        module = imported(module_name)
    except ModuleNotFoundError as error:
        if error.name and not module_name.startswith(error.name):
            raise
        raise ValueError(f"There is no module {module_name!r} here or among the installed packages.") from error
    found = getattr(module, attribute, None)
    if found is None:
        offered = [key for key, value in vars(module).items() if is_recipe(value)]
        raise ValueError(f"{module_name} has no {attribute!r}; its recipes are {', '.join(offered) or 'none'}.")
    return as_sizes(found, name)


def imported(name: str) -> Any:
    """A module, looked for in the present folder too."""
    here = os.getcwd()
    if here in sys.path or "" in sys.path:
        return importlib.import_module(name)
    sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(here)


def is_recipe(value: Any) -> bool:
    """Whether a value is a class of recipes: a dataclass with the methods of one, itself not abstract."""
    asked = ("build", "train", "score", "sheet")
    whole = isinstance(value, type) and is_dataclass(value) and all(callable(getattr(value, a, None)) for a in asked)
    return whole and not inspect.isabstract(value)


def as_sizes(found: Any, name: str) -> dict[str, Any]:
    """Recipes by size, from a class, a recipe or such a dictionary."""
    if isinstance(found, dict) and found and all(is_recipe(type(value)) for value in found.values()):
        return found
    if is_recipe(type(found)):
        return {"cpu": found}
    if not is_recipe(found):
        lacking = sorted(getattr(found, "__abstractmethods__", ()))
        why = f"it lacks {', '.join(lacking)}" if lacking else "it is no dataclass with build, train, score and sheet"
        raise ValueError(f"{name} is no recipe: {why}.")
    table = getattr(sys.modules.get(found.__module__), "SIZES", {})
    sized = {size: recipe for size, recipe in table.items() if isinstance(recipe, found)}
    if sized:
        return sized
    needed = [part.name for part in fields(found) if part.default is MISSING and part.default_factory is MISSING]
    if needed:
        raise ValueError(f"{name} has no sizes: give {', '.join(needed)} a default, or its module a SIZES.")
    return {"cpu": found()}
