"""Pictures of the Hugging Face hub by name, as `hub:OWNER/NAME`: streamed up to a count, so that a part will do.

Lhoest et al. 2021, arXiv:2109.02846. No download of a real set could be tried; the tests stream files of their own.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from tqdm import tqdm

from gan_lessons.data import hub
from gan_lessons.data.picture_files import HELD_OUT, Part, scaled

MOST = 20_000  # pictures; at 64 × 64 they take 246 MB
EVERY = 10  # of a set without a part to score by, so many make one that is held out


def stream(name: str, size: int, held_out: bool) -> Part:
    """The first pictures of a set, scaled; those of its validation or test part, or else every tenth, are held out.

    A HubError says that there is no such set, no network, or no column of pictures.
    """
    library = packaged()
    try:
        parts = library.load_dataset(name, streaming=True)
        part, all_of_it = chosen(parts, held_out)
        told = part.info.license or "not stated there: see its page"
        pictures, labels = columns(name, part.features, library)
        print(f"Streaming up to {MOST:,} pictures of {name} from Hugging Face; the licence is {told}.")
        rows = part.cast_column(pictures, library.Image(decode=False))
        if not all_of_it:
            rows = (row for number, row in enumerate(rows) if (number % EVERY == 0) == held_out)
        found: list[int] = []
        pixels = scaled(opened(tqdm(islice(rows, MOST), desc=name, unit=" pictures"), pictures, labels, found), size)
    except hub.HubError:
        raise
    except Exception as error:  # its own, requests', fsspec's and pyarrow's are of many kinds
        raise hub.HubError(
            f"{name} could not be streamed from Hugging Face ({type(error).__name__}): check the name and the "
            "connection; a set that asks for consent also needs `hf auth login`."
        ) from error
    names = tuple(part.features[labels].names) if labels else ("all",)
    return Part(pixels, np.array(found), names)


def packaged() -> ModuleType:
    """The library `datasets`; a HubError says how to install it."""
    try:
        import datasets
    except ImportError as error:
        raise hub.HubError("Sets of Hugging Face need its library: python -m pip install datasets") from error
    return datasets


def chosen(parts: Any, held_out: bool) -> tuple[Any, bool]:
    """The part of a set to read, and whether all of it is wanted."""
    others = [part for part in parts if part.startswith(tuple(HELD_OUT))]
    learnt = "train" if "train" in parts else next(part for part in parts if part not in others or len(parts) == 1)
    return (parts[others[0]], True) if held_out and others else (parts[learnt], bool(others))


def columns(name: str, features: Any, library: ModuleType) -> tuple[str, str]:
    """The columns of pictures and of their classes, an empty word where there are none."""
    pictures = [column for column, kind in features.items() if isinstance(kind, library.Image)]
    if not pictures:
        raise hub.HubError(f"{name} has no column of pictures; its columns are {', '.join(features)}.")
    return pictures[0], next((one for one, kind in features.items() if isinstance(kind, library.ClassLabel)), "")


def opened(rows: Any, pictures: str, labels: str, found: list[int]) -> Iterator[Any]:
    """The files of pictures, one after the other; what class each is of is put into `found`."""
    for row in rows:
        found.append(row[labels] if labels else 0)
        told = row[pictures]
        yield BytesIO(told["bytes"] or Path(told["path"]).read_bytes())
