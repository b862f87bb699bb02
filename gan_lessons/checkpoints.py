"""Checkpoints: whole, finite, sealed by a checksum, and loaded without executing code."""

import copy
import hashlib
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_lessons.files import FileError, write_whole
from gan_lessons.records import plain
from gan_lessons.training import GAN, DivergenceError, Record, stacked

FORMAT = 2


class CheckpointError(FileError):
    """A checkpoint cannot be written, or does not fit what it is loaded into."""


def save_checkpoint(path: str | Path, gan: GAN, about: Mapping[str, Any] | None = None, **more: Any) -> None:
    """Save all that training changes, for `load_checkpoint` to go on from.

    `about` says what the run is (recipe, settings, seed, data: what JSON can hold), and `more` is kept beside it.
    Raises DivergenceError where nothing that is left is finite, and CheckpointError where the file cannot be written.
    """
    check_finite(gan)
    state = {"format": FORMAT, "about": plain(about or {}), "more": plain(more), "gan": gan.state()}
    state["history"] = packed(gan.history)
    file = io.BytesIO()  # torch tells of a full disk in other words than the system
    torch.save({**state, "checksum": checksum(state)}, file)
    try:
        write_whole(Path(path), lambda unfinished: unfinished.write_bytes(file.getbuffer()))
    except FileError as error:
        raise CheckpointError(str(error)) from error


def load_checkpoint(path: str | Path, gan: GAN, about: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Bring a freshly built GAN to where a saved one was, and return what was kept beside it.

    A CheckpointError leaves the GAN as it is: for a file that is missing or damaged, of other networks, or, where
    `about` is given, of a run that differs in it.
    """
    state = read_checkpoint(Path(path), gan.device)
    if about is not None and (found := differences(state["about"], plain(about))):
        raise CheckpointError(
            f"The checkpoint {path} belongs to another run: {'; '.join(found)}. Repeat the command that began it, or "
            "choose another --out."
        )
    before = copy.deepcopy(gan.state())
    try:
        history = unpacked(state["history"])
        gan.load(state["gan"])
    except Exception as error:  # a part of another type can make an optimiser raise nearly anything
        gan.load(before)
        raise CheckpointError(f"The checkpoint {path} belongs to networks of other shapes.") from error
    gan.history[:] = history
    return state["more"]


def packed(history: Sequence[Record]) -> list[Any]:
    """The records of a history as tensors over the steps: the steps, four values, and further losses by name."""
    if not history:
        return []
    *parts, extra = stacked(history)
    return [*parts, dict(extra)]


def unpacked(parts: Sequence[Any]) -> list[Record]:
    """The records of a history from `packed`."""
    if not parts:
        return []
    steps, *values, extra = parts
    losses = [{name: loss[k] for name, loss in extra.items() if not loss[k].isnan().all()} for k in range(len(steps))]
    return list(map(Record, steps.tolist(), *values, losses))


def read_checkpoint(path: Path, device: torch.device | None = None) -> dict[str, Any]:
    """What a checkpoint holds; a CheckpointError says what is wrong with it."""
    if not path.is_file():
        raise CheckpointError(f"There is no checkpoint {path}.")
    try:
        state = torch.load(path, map_location=device or "cpu", weights_only=True)
    except Exception as error:  # a damaged file can make torch raise nearly anything
        raise CheckpointError(f"The checkpoint {path} is damaged and cannot be read.") from error
    if not isinstance(state, dict) or not ({"gan", "format"} <= state.keys() or {"generator", "step"} <= state.keys()):
        raise CheckpointError(f"{path} is not a checkpoint of gan_lessons.")
    if state.get("format") != FORMAT:
        raise CheckpointError(f"The checkpoint {path} was written by another version of gan_lessons; train anew.")
    try:
        intact = state.pop("checksum") == checksum(state)
    except Exception:  # a type that no checkpoint has
        intact = False
    if not intact:
        raise CheckpointError(f"The checkpoint {path} is damaged: its checksum does not fit.")
    step = state["gan"].get("step") if isinstance(state["gan"], dict) else None
    if not isinstance(step, int) or isinstance(step, bool) or not 0 <= step < 2**53:
        raise CheckpointError(f"The checkpoint {path} is damaged: its step is {step!r}.")
    return state


def differences(stored: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """What differs between the run of a checkpoint and the one asked for, each with both values.

    The number of steps may change. So may the words that name the data, if the data are the same.
    """
    found = [
        f"its {name} is {worded(stored.get(name))}, and you ask for {worded(asked.get(name))}"
        for name in sorted((stored.keys() | asked.keys()) - {"settings", "data"})
        if stored.get(name) != asked.get(name)
    ]
    before, now = stored.get("settings") or {}, asked.get("settings") or {}
    for name in sorted((before.keys() | now.keys()) - {"steps", "source", "data"}):
        if before.get(name) != now.get(name):
            one, other = (worded(part[name]) if name in part else "the default" for part in (before, now))
            found.append(f"its setting {name} is {one}, and you ask for {other}")
    if stored.get("data") != asked.get("data"):
        here, there = (part.get("source", part.get("data")) for part in (before, now))
        if here != there and Path(str(here)).resolve() != Path(str(there)).resolve():
            found.append(f"its data are {here or 'the recipe’s own'}, and you ask for {there or 'those'}")
        elif not found:  # a setting that differs may have changed them
            found.append(f"its data have changed (checksum {stored.get('data')}, now {asked.get('data')})")
    return found


def worded(value: Any) -> str:
    """A value in a message: a long list by its ends."""
    if isinstance(value, list) and len(value) > 4:
        return f"{value[0]}, {value[1]}, … {value[-1]}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def checksum(value: Any) -> str:
    """A hash of nested dictionaries, lists, tensors and plain values; a TypeError for anything else."""
    found = hashlib.sha256()
    feed(found, value)
    return found.hexdigest()


def feed(found: Any, value: Any) -> None:
    """Add a value, with its type and shape, to a hash."""
    match value:
        case Tensor():
            found.update(f"tensor {value.dtype} {list(value.shape)} ".encode())
            found.update(as_bytes(value))
        case Mapping():
            found.update(f"{len(value)} pairs ".encode())
            for key, part in value.items():
                feed(found, key)
                feed(found, part)
        case list() | tuple():
            found.update(f"{len(value)} parts ".encode())
            for part in value:
                feed(found, part)
        case None | bool() | int() | float() | str():
            found.update(f"{type(value).__name__} {value!r} ".encode())
        case _:
            raise TypeError(f"a checkpoint holds no {type(value).__name__}")


def as_bytes(tensor: Tensor) -> memoryview:
    """The memory of a tensor, in the order of its indices."""
    flat = tensor.detach().cpu().contiguous().flatten()
    return flat.view(torch.uint8).numpy().data if flat.numel() else memoryview(b"")


def data_checksum(source: Any, limit: int = 2**27) -> str:
    """A short hash of the data: of all samples, or beyond `limit` bytes of as many, evenly spread."""
    count = len(source)
    found = hashlib.sha256(str(count).encode())
    if not count:
        return found.hexdigest()[:16]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        size = sum(len(as_bytes(part)) for part in tensors(batch_of(source, torch.arange(1))))
        taken = torch.linspace(0, count - 1, min(count, max(1, limit // max(1, size)))).round().long()
        for indices in taken.split(256):
            for part in tensors(batch_of(source, indices)):
                feed(found, part)
    return found.hexdigest()[:16]


def batch_of(source: Any, indices: Tensor) -> Any:
    """A batch of a source, or of a tensor."""
    return source[indices.to(source.device)] if isinstance(source, Tensor) else source.batch(indices)


def tensors(value: Any) -> Iterable[Tensor]:
    """All tensors in nested tuples, lists and dictionaries."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from tensors(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from tensors(part)


def dead(gan: GAN) -> list[int]:
    """The members whose weights or optimisers hold what is no finite number; [0] for a lone GAN."""
    members = gan.members or 1
    bad = torch.zeros(members, dtype=torch.bool, device=gan.device)
    state = gan.state()
    for part in tensors({name: state[name] for name in state.keys() - {"step"}}):
        if not part.is_floating_point() or not part.numel():
            continue
        if gan.members and part.dim() and len(part) == members:
            bad |= ~part.isfinite().reshape(members, -1).all(1).to(bad.device)
        else:
            bad |= ~part.isfinite().all().to(bad.device)
    return bad.nonzero().flatten().tolist()


def check_finite(gan: GAN) -> list[int]:
    """The dead members; raise DivergenceError where there is no living one."""
    found = dead(gan)
    if len(found) == (gan.members or 1):
        last = gan.history[-1] if gan.history else None
        losses = "" if last is None else f" (the losses: D {worst(last[1])}, G {worst(last[2])})"
        raise DivergenceError(
            f"Training diverged: at step {gan.step} the weights are no longer finite numbers{losses}. Try a lower "
            "learning rate, a penalty on the discriminator (penalties.r1), or another loss."
        )
    return found


def worst(values: Tensor) -> str:
    """The value that tells most: one that is no number, if there is one, else the largest."""
    flat = values.detach().double().flatten()
    return "nan" if flat.isnan().any() else f"{float(flat.max()) if len(flat) else math.nan:g}"
