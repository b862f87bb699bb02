"""What the command line says to any terminal, and how it puts a failure into one sentence."""

import codecs
import os
import sys
import traceback
import zipfile
from pathlib import Path

import torch
from PIL import Image

from gan_lessons.files import reason
from gan_lessons.training import DivergenceError

PLAIN = {"×": "x", "→": "->", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "≤": "<=", "·": "-"}
REPORT = "https://github.com/gan-lessons/gan-lessons/issues"


def degrade(error: UnicodeError) -> tuple[str, int]:
    """What to write instead of symbols that an encoding lacks."""
    assert isinstance(error, UnicodeEncodeError)
    instead = "".join(PLAIN.get(symbol, "?") for symbol in error.object[error.start : error.end])
    return instead, error.end


def prepare_streams() -> None:
    """Let no symbol that a terminal lacks stop a command."""
    codecs.register_error("gan_lessons.plain", degrade)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="gan_lessons.plain")


def hush() -> None:
    """Leave quietly where nobody reads any more, as in `describe | head`."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def sentence(error: BaseException) -> str:
    """A failure in one sentence that names the culprit."""
    words = " ".join(str(error).split())
    match error:
        case Image.DecompressionBombError():
            return f"A picture is too large to be read safely: {words}"
        case zipfile.BadZipFile():
            return f"A zip archive is damaged: {words}."
        case MemoryError() | torch.OutOfMemoryError():
            return "The memory is used up. Try a smaller --batch, a smaller size, or less data."
        case RuntimeError() if "allocate memory" in words:
            return "The memory is used up. Try a smaller --batch, a smaller size, or less data."
        case ModuleNotFoundError(name=str(name)):
            return f"The package {name} is missing; try: python -m pip install {name.partition('.')[0]}"
        case OSError(filename=str() | bytes() | Path() as name):
            return f"{os.fsdecode(name)}: {reason(error)}."
        case OSError():
            return f"{reason(error)}."
        case UnicodeError():
            return f"A text is not in UTF-8: {words}."
        case ValueError() | DivergenceError():
            return words
    return f"{type(error).__name__} {place(error)}: {words}. That should not happen; --debug shows the whole way there."


def place(error: BaseException) -> str:
    """Where an exception was raised: the file and line nearest to it."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "somewhere"
