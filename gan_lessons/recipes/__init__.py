"""Recipes: one module a full GAN, its sizes side by side. `find` looks one up by name."""

import ast
import hashlib
import importlib
import inspect
import pkgutil
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import ClassVar

from matplotlib.figure import Figure
from torch import Tensor

from gan_lessons import own_recipes
from gan_lessons.training import GAN, Record


@dataclass(frozen=True)
class Recipe(ABC):
    """A full GAN: what it is built of, how it is trained, and how it is judged. Its fields are its settings.

    `ingredients` names the networks, losses and penalties that decide its results, beside the class itself.
    """

    steps: int
    batch: int
    ingredients: ClassVar[tuple[Callable, ...]] = ()
    version: ClassVar[int] = 1
    rate: ClassVar[int] = 8000

    def settings(self) -> dict:
        from dataclasses import MISSING, fields

        return {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if f.default is MISSING or getattr(self, f.name) != f.default
        }

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        return gan.sample(asked if isinstance(asked, int) else len(asked), seed)

    @abstractmethod
    def data(self) -> Tensor:
        """The training data, shape [samples, ...]."""

    @abstractmethod
    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        """A fresh GAN on that device."""

    @abstractmethod
    def train(self, gan: GAN, data: Tensor) -> Iterator[Record]:
        """Train up to `self.steps` and yield a record a step."""

    @abstractmethod
    def score(self, gan: GAN) -> dict[str, float]:
        """The figures by which this GAN is judged."""

    @abstractmethod
    def sheet(self, gan: GAN) -> Figure:
        """A picture of what the GAN makes."""

    def listen(self, gan: GAN) -> Tensor | None:
        """Waveforms [count, samples] of what the GAN makes, at 8,000 samples a second; None where there is no sound."""
        return None

    def fingerprint(self) -> str:
        """A hash of the settings and of the code of the ingredients, docstrings and comments aside."""
        return hashed(repr(self), self.parts())

    def parts(self) -> tuple[Callable, ...]:
        """The class and its ingredients."""
        return (type(self), *self.ingredients)


def hashed(plan: str, parts: Iterable[Callable]) -> str:
    """A hash of settings, in words, and of the code of functions and classes, docstrings and comments aside."""
    sources = [ast.unparse(strip(ast.parse(textwrap.dedent(inspect.getsource(part))))) for part in parts]
    return hashlib.sha256("\n".join([plan, *sources]).encode()).hexdigest()[:16]


def strip(tree: ast.AST) -> ast.AST:
    """The syntax tree without docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return tree


def identity(name: str, size: str) -> str:
    return f"{name}/{size}@{find(name, size).version}"


def known() -> list[str]:
    """The names of all recipes: the book's, and those of installed packages."""
    return [*(module.name for module in pkgutil.iter_modules(__path__)), *own_recipes.known()]


def sizes(name: str) -> dict[str, Recipe]:
    """The sizes of the recipe of that name, or `module:Name`; a ValueError lists the known recipes."""
    if own_recipes.is_own(name):
        return own_recipes.sizes(name)
    if name not in known():
        raise ValueError(f"There is no recipe {name!r}; the known ones are {', '.join(known())}.")
    return importlib.import_module(f"{__name__}.{name}").SIZES


def find(name: str, size: str = "cpu", source: str | None = None) -> Recipe:
    """The recipe of that name and size, on other data if a source is given; a ValueError lists the known ones.

    The source is a set by name, a folder or a file: see the recipe. One without a field `source` may have a relative in
    its module that has one, which `on_other_texts` makes of it.
    """
    if size not in sizes(name):
        raise ValueError(f"The recipe {name!r} has no size {size!r}; it has {', '.join(sizes(name))}.")
    recipe = sizes(name)[size]
    if source is None:
        return recipe
    if "source" in {part.name for part in fields(recipe)}:
        return replace(recipe, source=source)  # type: ignore[call-arg]
    module = None if own_recipes.is_own(name) else importlib.import_module(f"{__name__}.{name}")
    if not hasattr(module, "on_other_texts"):
        raise ValueError(f"The recipe {name!r} has its own data; leave out --data.")
    return module.on_other_texts(recipe, source)
