"""`describe`: the recipes and the sets that have a name, or one recipe's sizes and settings."""

import argparse
import dataclasses
import inspect
import shutil
from typing import Any

from gan_lessons import plans, recipes, results
from gan_lessons.commands import settings
from gan_lessons.data import hub, hub_pictures, images, pairs, text


def run(options: argparse.Namespace) -> int:
    """Print the overview, the settings of one recipe, or the plan of its training."""
    if options.plan:
        if not options.recipe:
            raise ValueError("A plan is of one recipe: describe RECIPE --plan.")
        recipe = recipes.find(options.recipe, options.size)
        print(f"{options.recipe} ({options.size}): {summary(options.recipe)}\n")
        print(*plans.told(plans.plan(recipe)), sep="\n")
    elif options.recipe:
        one(options.recipe)
    else:
        overview()
    return 0


def overview() -> None:
    """A line a recipe, and a line a set."""
    print("Recipes, with their sizes and how many steps each takes:\n")
    for name in recipes.known():
        sizes = recipes.sizes(name)
        print(f"  {name:<15} {summary(name)}")
        print(f"  {'':<15} {', '.join(f'{size} {recipe.steps:,}' for size, recipe in sizes.items())}\n")
    print("`describe RECIPE` shows the settings; `sample RECIPE` draws from what the book has trained.")
    print("\nSets for --data; those of the hub are downloaded once:\n")
    print(
        *(f"  {line}" for line in [*images.listed(), *text.listed(), *hub_pictures.listed(), *hub.listed()]), sep="\n"
    )
    print("\nPairs for --data of pix2pix:\n")
    print(*(f"  {line}" for line in pairs.listed()), sep="\n")


def summary(name: str) -> str:
    """The first sentence about a recipe, from its module."""
    first = next(iter(recipes.sizes(name).values()))
    words = inspect.getdoc(inspect.getmodule(type(first))) or inspect.getdoc(type(first)) or ""
    return words.partition("\n")[0]


def one(name: str) -> None:
    """A recipe's settings, its sizes side by side, as wide as the terminal is."""
    sizes = recipes.sizes(name)
    first = next(iter(sizes.values()))
    print(f"{name}: {summary(name)}\n\n{inspect.getdoc(type(first))}\n")
    stored = list_stored(name)
    if stored:
        print(f"The book has trained: {', '.join(stored)} (gan-lessons sample {stored[0]})\n")
    names = [part.name for part in dataclasses.fields(first)]
    labels = ["size", *names]
    columns = [[size, *(shown(getattr(recipe, part, "")) for part in names)] for size, recipe in sizes.items()]
    widest = max(map(len, labels))
    room = max(40, shutil.get_terminal_size().columns) - widest - 4
    widths = [min(28, max(map(len, column))) for column in columns]
    while columns:
        count = fit(widths, room)
        block, columns = columns[:count], columns[count:]
        taken, widths = widths[:count], widths[count:]
        for row, label in enumerate(labels):
            table(label, [column[row] for column in block], widest, taken)
        print()
    offered = [option for option, setting in settings.SHORTHANDS.items() if setting in names]
    print(f"`train {name}` takes --set NAME=VALUE for any of them{', or ' + ', '.join(offered) if offered else ''}.")


def fit(widths: list[int], room: int) -> int:
    """How many columns fit, at least one."""
    count, used = 0, 0
    for width in widths:
        used += width + 2
        if used > room:
            break
        count += 1
    return max(1, count)


def table(label: str, cells: list[str], widest: int, widths: list[int]) -> None:
    """Print a row; what is too long for its column goes on below."""
    pieces = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for line in range(max(map(len, pieces))):
        parts = (part[line] if line < len(part) else "" for part in pieces)
        row = "".join(f"  {part:>{width}}" for part, width in zip(parts, widths, strict=True))
        print(f"  {label if line == 0 else '':<{widest}}{row}".rstrip())


def wrapped(text: str, width: int) -> list[str]:
    """A text in pieces of at most `width` symbols, broken after commas where there are any."""
    lines = [""]
    for piece in text.replace(", ", ",\0").split("\0"):
        while len(piece) > width:
            lines, piece = [*lines, piece[:width]], piece[width:]
        if len(lines[-1]) + len(piece) + 1 > width:
            lines.append(piece)
        else:
            lines[-1] = f"{lines[-1]} {piece}".strip()
    return [line for line in lines if line] or [""]


def shown(value: Any) -> str:
    """A setting in words."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def list_stored(name: str) -> list[str]:
    """The sizes of a recipe that are stored; none where the book is not there."""
    try:
        return [stored for stored in results.stored() if stored.partition("/")[0] == name]
    except ValueError:
        return []
