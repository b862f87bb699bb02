"""Recipes: one module a full GAN, its sizes side by side. `find` looks one up by name."""

import importlib
import math
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, replace
from functools import partial
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import devices, losses, own_recipes, penalties, results, training
from gan_lessons.data.sources import Source
from gan_lessons.gan import GAN, Record

COUNTS = (
    "steps",
    "batch",
    "members",
    "pack",
    "group",
    "penalty_every",
    "width",
    "generator_width",
    "discriminator_width",
    "embedded",
    "hidden",
)
# what settings of these names may be, in any recipe: from the first number on and below the second, and in words
RANGES = {
    **dict.fromkeys(COUNTS, (1, math.inf, "from 1")),
    "noise_dim": (0, math.inf, "from 0"),
    "penalty_weight": (0, math.inf, "from 0"),
    "learning_rate": (math.ulp(0.0), math.inf, "above 0"),
    "average_decay": (0, 1, "from 0 to below 1"),
}


@dataclass(frozen=True, kw_only=True)
class Recipe(ABC):
    """A full GAN: what it is built of, how it is trained, and how it is judged. Its fields are its settings.

    A new `version` says that what was trained before is no longer comparable. `best` is the figure by which a run keeps
    its best checkpoint, as "lowest frechet"; None keeps only the last.
    """

    steps: int
    batch: int
    version: ClassVar[int] = 1
    best: ClassVar[str | None] = None
    rate: ClassVar[int] = 8000  # of what `listen` returns, in samples a second
    moves: ClassVar[bool] = False  # whether samples are films [count, channels, frames, height, width]

    def __post_init__(self) -> None:
        for name, (least, bound, words) in RANGES.items():
            value = getattr(self, name, None)
            if isinstance(value, int | float) and not least <= value < bound:
                raise ValueError(f"The setting {name} is {value}; wanted is a finite number {words}.")

    @abstractmethod
    def data(self) -> Tensor | Source:
        """What it learns from: a tensor [samples, ...], or a source of batches."""

    @abstractmethod
    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        """A fresh GAN on that device."""

    @abstractmethod
    def train(self, gan: GAN, data: Tensor | Source) -> Iterator[Record]:
        """Train up to `self.steps` and yield a record a step."""

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """What the averaged generator makes, [count, ...]: of a count, or of what is asked for, a condition each."""
        if isinstance(asked, int):
            return gan.sample(asked, seed=seed)
        return gan.sample(len(asked), seed, condition=asked.to(gan.device))

    @abstractmethod
    def score(self, gan: GAN) -> dict[str, float]:
        """The figures by which this GAN is judged."""

    @abstractmethod
    def sheet(self, gan: GAN) -> Figure:
        """A picture of what the GAN makes."""

    def listen(self, gan: GAN) -> Tensor | None:
        """Waveforms [count, samples] of what the GAN makes, `rate` samples a second; None where there is no sound."""
        return None

    def load(self, device: str = "cpu") -> GAN:
        """A GAN with the weights that the book has stored of this recipe; a ValueError lists what is stored."""
        for stored in results.stored():
            name, _, size = stored.partition("/")
            if sizes(name).get(size) == self:
                return results.load(self.build(device), identity(name, size))
        raise ValueError(
            f"Nothing is stored of a recipe with these settings; the book has {', '.join(results.stored())}."
        )

    def settings(self) -> dict[str, Any]:
        """The settings that are not the defaults, as JSON has them: a new field with a default changes nothing."""
        given = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, (value, default) in given.items()
            if default is MISSING or value != default
        }

    def differences(self, settings: dict[str, Any]) -> list[str]:
        """In words, which of the settings of a stored run are other ones here."""
        here = self.settings()
        default = {field.name: field.default for field in fields(self)}
        return [
            f"{name} is {here.get(name, default.get(name))!r} and was {settings.get(name, default.get(name))!r}"
            for name in sorted(here.keys() | settings.keys())
            if here.get(name, default.get(name)) != settings.get(name, default.get(name))
        ]


@dataclass(frozen=True, kw_only=True)
class Modern(Recipe):
    """The modern recipe: real and fake compared in pairs, R1 and R2 every few steps, an average, a falling rate.

    Huang et al. 2024, arXiv:2501.05441. A recipe of this kind says what its `players` are.
    """

    noise_dim: int
    learning_rate: float
    penalty_weight: float
    penalty_every: int = 4
    average_decay: float
    betas: ClassVar[tuple[float, float]] = (0.0, 0.99)
    memory: ClassVar = torch.preserve_format

    @abstractmethod
    def players(self) -> tuple[nn.Module, nn.Module]:
        """A fresh generator and a fresh discriminator."""

    def schedule(self, progress: float) -> float:
        """The share of the learning rate at a share of the training."""
        return training.cosine(progress)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        torch.manual_seed(seed)
        players = (player.to(device, memory_format=self.memory) for player in self.players())  # type: ignore[call-overload]
        return GAN(  # type: ignore[misc]  # mypy takes the two players for many
            *players,
            noise_dim=self.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=self.betas, fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        modern = {
            "loss": losses.relativistic,
            "steps": self.steps,
            "batch": self.batch,
            "penalty": partial(penalties.r1_and_r2, weight=self.penalty_weight),
            "penalty_every": self.penalty_every,
            "schedule": self.schedule,
        }
        return training.train(gan, data, **{**modern, **more})


def known() -> list[str]:
    """The names of all recipes: the book's, and those of installed packages."""
    return [*(module.name for module in pkgutil.iter_modules(__path__)), *own_recipes.known()]


def sizes(name: str) -> dict[str, Recipe]:
    """The sizes of the recipe of that name, or of a reader's own, as `module:Name`; a ValueError lists the known."""
    if own_recipes.is_own(name):
        return own_recipes.sizes(name)
    if name not in known():
        raise ValueError(f"There is no recipe {name!r}; the known ones are {', '.join(known())}.")
    return importlib.import_module(f"{__name__}.{name}").SIZES


def find(name: str, size: str = "cpu", source: str | None = None) -> Any:
    """The recipe of that name and size, on other data if a source is given; a ValueError lists the known ones.

    The source is a set by name, a folder or a file: see the recipe.
    """
    if size not in sizes(name):
        raise ValueError(f"The recipe {name!r} has no size {size!r}; it has {', '.join(sizes(name))}.")
    recipe = sizes(name)[size]
    if source is None:
        return recipe
    if "source" not in {field.name for field in fields(recipe)}:
        raise ValueError(f"The recipe {name!r} has its own data; leave out --data.")
    return replace(recipe, source=source)  # type: ignore[call-arg]


def identity(name: str, size: str) -> str:
    """What a record names as its recipe, as digits/long@1."""
    return f"{name}/{size}@{sizes(name)[size].version}"
