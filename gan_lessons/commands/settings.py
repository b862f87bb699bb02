"""A recipe's settings from the command line: --set name=value, its shorthands, and from the record of a run."""

import argparse
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

SHORTHANDS = {"--batch": "batch", "--lr": "learning_rate", "--image-size": "size", "--length": "length"}


def add(parser: argparse.ArgumentParser) -> None:
    """Give a parser --set and its shorthands."""
    parser.add_argument(
        "--set", metavar="NAME=VALUE", action="append", default=[], help="change any setting (see `describe RECIPE`)"
    )
    words = {
        "--batch": "samples in a batch",
        "--lr": "the learning rate",
        "--image-size": "the side of your pictures in pixels",
        "--length": "how long your texts are at most",
    }
    for option, setting in SHORTHANDS.items():
        parser.add_argument(option, dest=f"short_{setting}", metavar="N", help=f"{words[option]}: --set {setting}=N")


def changed(recipe: Any, options: argparse.Namespace) -> Any:
    """The recipe with the settings that were asked for; a ValueError lists the known ones."""
    asked = {}
    for option, setting in SHORTHANDS.items():
        if (value := getattr(options, f"short_{setting}", None)) is not None:
            if setting not in types_of(recipe):
                offered = ", ".join(short for short, name in SHORTHANDS.items() if name in types_of(recipe))
                raise ValueError(f"This recipe has no {option}; of such options it has {offered or 'none'}.")
            asked[setting] = (option, value)
    for pair in options.set:
        name, sign, value = pair.partition("=")
        if not sign:
            raise ValueError(f"--set takes NAME=VALUE, not {pair!r}.")
        asked[name.strip().replace("-", "_")] = (f"--set {name.strip()}", value)
    kinds = types_of(recipe)
    if unknown := [name for name in asked if name not in kinds]:
        raise ValueError(f"There is no setting {unknown[0]!r}; the known ones are {', '.join(kinds)}.")
    values = {name: parsed(text, kinds[name], option) for name, (option, text) in asked.items()}
    return replace(recipe, **values) if values else recipe


def types_of(recipe: Any) -> dict[str, Any]:
    """The types of a recipe's settings, by name."""
    hints = typing.get_type_hints(type(recipe))
    return {part.name: hints[part.name] for part in fields(recipe) if part.init}


def parsed(text: str, kind: Any, option: str) -> Any:
    """A text as a value of a type; a ValueError says what was expected."""
    text = text.strip()
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if text.lower() == "none" and type(None) in inner:
            return None
        return parsed(text, next(part for part in inner if part is not type(None)), option)
    if origin is typing.Literal:
        if text not in map(str, inner):
            raise ValueError(f"{option} is one of {', '.join(map(str, inner))}, not {text!r}.")
        return next(part for part in inner if str(part) == text)
    if origin in (tuple, list, Sequence) or kind in (tuple, list):
        part = inner[0] if inner else str
        return tuple(parsed(piece, part, option) for piece in text.strip("()[]").split(",") if piece.strip())
    words = {int: "a whole number", float: "a number", bool: "true or false"}
    try:
        if kind is bool:
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[text.lower()]
        if kind is int:
            return whole(text)
        return kind(text) if kind in (float, str) else text
    except (KeyError, ValueError) as error:
        raise ValueError(f"{option} takes {words.get(kind, 'another value')}, not {text!r}.") from error


def whole(text: str) -> int:
    """A whole number, also as 15_000 or 1e4."""
    try:
        return int(text)
    except ValueError:
        if not float(text).is_integer():
            raise
        return int(float(text))


def restored(recipe: Any, settings: Mapping[str, Any]) -> Any:
    """The recipe that has the settings of a record: those that differ from the defaults of its class.

    Raises a ValueError where the class has no such setting any more.
    """
    kinds = types_of(recipe)
    if unknown := [name for name in settings if name not in kinds]:
        raise ValueError(f"The run has a setting {unknown[0]!r} that its recipe no longer has.")
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
    try:
        return type(recipe)(**values)
    except TypeError as error:
        raise ValueError(f"The run's settings do not fit its recipe any more: {error}.") from error
