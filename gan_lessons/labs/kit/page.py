"""What the browser gets: the stage's modules as one text, and the looks of a lab."""

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
MODULES = ("painters", "panels", "strip", "access", "stage")  # in the order in which they need one another


@cache
def script() -> str:
    """All modules of the stage, one after the other; the last line exports `render`."""
    return "\n".join((HERE / f"{name}.js").read_text("utf-8") for name in MODULES)


@cache
def looks() -> str:
    """The style sheet."""
    return (HERE / "lab.css").read_text("utf-8")
