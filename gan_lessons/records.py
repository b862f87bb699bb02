"""What a run measures: lines of strict JSON, and the words for the machine that reached them."""

import json
import math
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

MANY = 100_000  # steps of which a history keeps each; of older ones it keeps fewer


def plain(value: Any) -> Any:
    """A value as strict JSON has it: tensors and tuples as lists, and null for what is not a finite number."""
    if isinstance(value, torch.Tensor):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | range | set):
        return [plain(part) for part in value]
    if isinstance(value, float) or (value is not None and not isinstance(value, str | bool | int)):
        try:
            return float(value) if math.isfinite(value) else None
        except (TypeError, ValueError):
            return str(value)
    return value


def numbers(values: Mapping[str, Any]) -> dict[str, float]:
    """Those of a dictionary's values that are finite numbers."""
    kinds = int | float
    return {
        name: value for name, value in plain(values).items() if isinstance(value, kinds) and not isinstance(value, bool)
    }


def as_line(values: Mapping[str, Any]) -> str:
    """A dictionary as a line of strict JSON."""
    return json.dumps(plain(values), allow_nan=False) + "\n"


def as_text(record: Mapping[str, Any]) -> str:
    """A record as strict JSON that people can read."""
    return json.dumps(plain(record), indent=1, allow_nan=False) + "\n"


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """The lines of a metrics file, a dictionary each; none where there is no file.

    The last line may be torn, by a crash, and is then left out. A ValueError names any other line that is damaged.
    """
    if not path.is_file():
        return []
    lines = path.read_text("utf-8", errors="replace").splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        try:
            values = json.loads(line)
            if not isinstance(values, dict) or not isinstance(values.get("step"), int):
                raise ValueError
            found.append(values)
        except ValueError as error:
            if number < len(lines):
                raise ValueError(f"Line {number} of {path} is damaged; take it out, or resume the run.") from error
    return found


def read_json(path: Path) -> dict[str, Any]:
    """A dictionary from a JSON file; a ValueError says that the file is missing or damaged."""
    if not path.is_file():
        raise ValueError(f"There is no file {path}.")
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}.") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path} is damaged: it holds no dictionary.")
    return found


def better(best: str | None, new: Mapping[str, Any], old: Mapping[str, Any] | None) -> bool:
    """Whether `new` beats `old` by a figure named like "lowest frechet" or "highest modes"; a tie does not.

    A figure that is missing or is no number beats nothing. Raises ValueError for another form of `best`.
    """
    if best is None:
        return False
    order, _, name = best.partition(" ")
    if order not in ("lowest", "highest") or not name:
        raise ValueError(f'`best` is {best!r}; it is written like "lowest frechet" or "highest modes".')
    value = plain(new.get(name))
    if not isinstance(value, int | float):
        return False
    if old is None or not isinstance(old.get(name), int | float):
        return True
    return value < old[name] if order == "lowest" else value > old[name]


def thin(history: list) -> None:
    """Keep every second record of the older half of a history that has grown too long."""
    if len(history) > MANY:
        history[: MANY // 2] = history[: MANY // 2 : 2]


def means(record: Any) -> dict[str, float]:
    """The losses and scores of a step, each the mean over the members whose value is a number."""
    found = {}
    for name, value in [*record._asdict().items(), *getattr(record, "extra", {}).items()]:
        if isinstance(value, torch.Tensor) and name != "step":
            found[name] = float(value.detach().double().nanmean())
    return found


def machine(device: torch.device, processes: int = 1) -> str:
    """The machine in words: processor, threads, torch; and processes, where there are several."""
    processor = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.machine()
    capability = torch.backends.cpu.get_cpu_capability()
    many = f", {processes} processes" if processes > 1 else ""
    return f"{processor} ({capability}), {torch.get_num_threads()} thread(s), torch {torch.__version__}{many}"


def duration(seconds: float) -> str:
    """A time in words: 4 s, 3 min 20 s, 2 h 05 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def seeds(seed: int | Sequence[int]) -> list[int]:
    """The seeds of a GAN, as a list."""
    return [seed] if isinstance(seed, int) else list(seed)


def named(identity: str) -> dict[str, str]:
    """The parts of an identity such as digits/long@1, by name."""
    recipe, _, size = identity.partition("@")[0].partition("/")
    return {"identity": identity, "recipe": recipe, "size": size}
