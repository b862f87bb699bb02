"""What the command line says to any terminal, and how it puts a failure into one sentence."""

import codecs
import os
import sys
import traceback
import warnings
import zipfile
from pathlib import Path

from gan_lessons.files import reason

PLAIN = dict(zip("×→–—−’‘“”…≤·", ["x", "->", "-", "-", "-", "'", "'", '"', '"', "...", "<=", "-"], strict=True))


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
    warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a line for each symbol of each sheet


def hush() -> None:
    """Leave quietly where nobody reads any more, as in `describe | head`."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def sentence(error: BaseException) -> str:
    """A failure in one sentence that names the culprit."""
    words = " ".join(str(error).split())
    name = type(error).__name__
    if name == "DecompressionBombError":
        return f"A picture is too large to be read safely: {words}"
    if isinstance(error, MemoryError) or name == "OutOfMemoryError" or "allocate memory" in words:
        return "The memory is used up. Try a smaller --batch, a smaller size, or less data."
    match error:
        case zipfile.BadZipFile():
            return stopped(f"A zip archive is damaged: {words}")
        case ModuleNotFoundError(name=str(missing)):
            return f"The package {missing} is missing; try: python -m pip install {missing.partition('.')[0]}"
        case ModuleNotFoundError():  # the book's own, which says what to install
            return words
        case OSError(filename=str() | bytes() | Path() as file):
            return stopped(f"{os.fsdecode(file)}: {reason(error)}")
        case OSError():
            return stopped(reason(error))
        case UnicodeError():
            return stopped(f"A text is not in UTF-8: {words}")
    if isinstance(error, ValueError) or type(error).__module__.partition(".")[0] == "gan_lessons":
        return words
    return f"{name} {place(error)}: {words}. That should not happen; --debug shows the whole way there."


def stopped(words: str) -> str:
    """Words that end in one full stop."""
    return f"{words.removesuffix('.')}."


def place(error: BaseException) -> str:
    """Where an exception was raised: the file and line nearest to it."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "somewhere"
