"""The book's stored results: where they lie, what each reached, and a GAN with the weights of one."""

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import safetensors.torch
from torch import Tensor, nn

PACKAGE = Path(__file__).resolve().parent
Network = TypeVar("Network", bound=nn.Module)


def book() -> Path:
    """The folder of the chapters: beside the package in a checkout, within it where it was installed from a wheel.

    Raises a ValueError where there is neither.
    """
    for folder in (PACKAGE.parent / "chapters", PACKAGE / "_book" / "chapters"):
        if (folder / "results").is_dir():
            return folder
    raise ValueError("The chapters are not there; install gan-lessons anew, or work in a checkout.")


def folder() -> Path:
    """The folder of the stored results."""
    return book() / "results"


@cache
def stored() -> dict[str, Path]:
    """The record of each stored GAN by its name, as digits/long; its weights have the same name as the file."""
    found = {}
    for path in sorted(folder().glob("*.json")):
        record = json.loads(path.read_text("utf-8"))
        if isinstance(record.get("recipe"), str) and path.with_suffix(".safetensors").is_file():
            found[name_of(record)] = path
    return found


def version_of(record: dict[str, Any]) -> str:
    """The version of the recipe that a record was trained by."""
    return str(record.get("identity", "")).partition("@")[2] or str(record.get("version", 1))


def name_of(record: dict[str, Any]) -> str:
    """The name of a record's recipe and size, as digits/long."""
    return f"{record['recipe']}/{record['size']}"


def find(identity: str) -> Path:
    """The record of a recipe and size, as digits/long or digits/long@1, or of a recipe, the one trained for longest.

    Raises a ValueError that lists what is stored.
    """
    name, _, _ = identity.partition("@")
    if name in stored():
        return stored()[name]
    sizes = [path for other, path in stored().items() if other.partition("/")[0] == name]
    if not sizes:
        raise ValueError(f"There is no stored result of {identity!r}; the book has {', '.join(stored())}.")
    return max(sizes, key=lambda path: json.loads(path.read_text("utf-8"))["steps"])


def record(identity: str) -> dict[str, Any]:
    """What a stored GAN is and what it reached."""
    return json.loads(find(identity).read_text("utf-8"))


def weights(identity: str) -> dict[str, Tensor]:
    """The weights of a stored averaged generator."""
    return read(find(identity).with_suffix(".safetensors"))


def read(path: Path) -> dict[str, Tensor]:
    """The weights in a file; a ValueError where it is damaged."""
    try:
        return safetensors.torch.load_file(path)
    except Exception as error:  # safetensors has errors of its own
        raise ValueError(f"The stored weights {path} are damaged: {error}.") from error


def place(name: str | Path, suffix: str) -> Path:
    """The file of a name among the stored results, or of a whole path without its suffix.

    Raises a FileNotFoundError that names what is missing.
    """
    path = (folder() / name).with_suffix(suffix)
    if not path.is_file():
        raise FileNotFoundError(f"There is no stored result {path}.")
    return path


def table(name: str | Path) -> dict[str, Any]:
    """What was measured, as table("sweeps/start") for chapters/results/sweeps/start.json."""
    return json.loads(place(name, ".json").read_text("utf-8"))


def arrays(name: str | Path) -> dict[str, np.ndarray]:
    """What was drawn or counted, by its names, as arrays("few") for chapters/results/few.npz."""
    with np.load(place(name, ".npz"), allow_pickle=False) as kept:
        return dict(kept)


def restored(network: Network, name: str | Path) -> Network:
    """A network with stored weights, which may be halves, ready to sample: no dropout, no gradients."""
    network.load_state_dict(read(place(name, ".safetensors")))
    return network.eval().requires_grad_(False)


def load(gan: Any, identity: str) -> Any:
    """Give a freshly built GAN the weights that are stored, in the averaged generator and in the generator itself.

    Returns the GAN. Raises a ValueError where nothing is stored, or what is stored is of another version of the recipe.
    """
    found, version = weights(identity), version_of(record(identity))
    if "@" in identity and version != identity.partition("@")[2]:
        raise ValueError(
            f"What is stored of {identity.partition('@')[0]} was trained by version {version} of its recipe."
        )
    for network in (gan.average, gan.generator):
        try:
            network.load_state_dict(found)
        except RuntimeError as error:
            raise ValueError(f"The stored weights of {identity} belong to networks of other shapes.") from error
    return gan
