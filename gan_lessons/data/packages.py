"""Folders of installed packages that hold pictures, and a cache for what is made of them."""

import os
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path

PICTURES = "pip install 'gan_lessons[pictures]'"


def folder(package: str, what: str) -> Path:
    """Where a package lies; a ModuleNotFoundError says what is missing and how to get it."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise missing(package, what)
    return Path(found.submodule_search_locations[0])


def beside(package: str, what: str) -> Path:
    """Where a package that is no Python module has put its folders; a ModuleNotFoundError like that of `folder`."""
    try:
        return Path(str(distribution(package).locate_file("")))
    except PackageNotFoundError:
        raise missing(package, what) from None


def missing(package: str, what: str) -> ModuleNotFoundError:
    """What is raised for a package that is not there."""
    return ModuleNotFoundError(f"{what} come with the package {package}, which is not installed: {PICTURES}.")


def cached(package: str, name: str, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Arrays made of a package once, by name: from the user's cache, or made now and kept there if that can be.

    The file's name has the package's version, so that another one makes its own. What cannot be read is made anew.
    """
    place = cache() / f"{name}-{package}-{version(package)}.npz"
    try:
        with np.load(place) as stored:
            return dict(stored)
    except Exception:  # not there, or damaged: numpy and zipfile raise many kinds
        arrays = make()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        passing = place.with_name(f"{place.stem}.{os.getpid()}.npz")
        np.savez_compressed(passing, **arrays)  # type: ignore[arg-type]  # numpy's own annotation takes bool alone
        passing.replace(place)
    except OSError:
        pass  # no room, or a cache that cannot be written: the arrays are made again next time
    return arrays


def cache() -> Path:
    """The folder of the cache: what GAN_LESSONS_DATA names, or `gan_lessons` in the user's own."""
    if named := os.environ.get("GAN_LESSONS_DATA"):
        return Path(named).expanduser()
    return user_cache_path("gan_lessons")
