"""What blind tests share: nothing to set, a test that is asked one question at a time, and a file of its answers."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_lessons.labs.kit.lab import Lab
from gan_lessons.runs import write_whole


@dataclass(frozen=True)
class Nothing:
    """A test has nothing to set: the order is shuffled, and that is all."""


class Answers:
    """The answers of a test in a `file`; without one nothing is stored. `things` are what is shown, in the plural."""

    def __init__(self, file: str | Path | None, things: str):
        self.file, self.things, self.mark = None if file is None else Path(file), things, ""

    def load(self, shown: bytes, resume: Callable[[Mapping[str, Any]], None]) -> str:
        """Go on with the answers in the file, if they were given to what is `shown`.

        What does not belong here is left alone, nothing is stored then, and a sentence says so.
        """
        self.mark = hashlib.sha256(shown).hexdigest()[:16]
        if self.file is None or not self.file.exists():
            return ""
        try:
            state = json.loads(self.file.read_text("utf-8"))
            if not isinstance(state, dict):
                raise ValueError("these are no answers of such a test")
            if state.get(self.things, self.mark) != self.mark:
                raise ValueError(f"the answers were given to other {self.things}, or in another order")
            resume(state)
        except (ValueError, OSError, RecursionError) as error:  # a JSONDecodeError is a ValueError
            broken = isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError)
            name, self.file = self.file.name, None
            why = "it is damaged" if broken else error
            return f"{name} is left as it is, since {why}; these answers are not stored. "
        return ""

    def save(self, state: Mapping[str, Any]) -> None:
        """Store the answers, whole or not at all."""
        if self.file is not None:
            content = json.dumps({**state, self.things: self.mark}) + "\n"
            write_whole(self.file, lambda unfinished: unfinished.write_text(content, "utf-8"))


class BlindTest(Lab):
    """A lab of one `test`, which has an `order` of questions and the `answers` so far."""

    Parameters = Nothing
    empty = "No test"
    test: Any = None
    warning = ""  # why answers are not stored

    def asking(self) -> Any:
        """The test; a ValueError says why there is none."""
        self.need()
        return self.test

    @property
    def done(self) -> bool:
        """Whether all is answered."""
        return self.test is None or self.test.done

    def __repr__(self) -> str:
        said = f"{len(self.test.answers)} of {len(self.test.order)} answered" if self.test else "no test"
        return f"{type(self).__name__}({said})"
