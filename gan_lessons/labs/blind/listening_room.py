"""ListeningRoom: a blind listening test. Is X what A is or what B is? And how good does it sound, from 1 to 5?"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import ipywidgets
from torch import Tensor

from gan_lessons.labs.blind.listening_room_clips import checked_clips
from gan_lessons.labs.blind.listening_room_drawing import asked, outcome, table, verdict
from gan_lessons.labs.blind.listening_room_simulation import Listening
from gan_lessons.labs.blind.real_or_fake import Nothing
from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.frame import Frame
from gan_lessons.labs.kit.lab import Lab, explained
from gan_lessons.plots.sound import wav_bytes
from gan_lessons.runs import write_whole

HELP = "No sound? Press the player's own button; a browser without an audio device stays silent, the test goes on."


class ListeningRoom(Lab):
    """Blind ABX and rating of systems' clips, by buttons, by keys (A, B, X, 1 to 5, Enter), or by code.

    `clips` are waveforms [count, samples] in [-1, 1] by the name of their system; the same number in each says the
    same, and the first system is the reference. With `file`, every answer is stored there, and a broken-off test goes
    on where it stopped.
    """

    Parameters = Nothing
    letters: ClassVar[str] = "abx12345\n"

    def __init__(
        self,
        clips: Mapping[str, Tensor],
        abx: int = 8,
        ratings: int = 4,
        seed: int = 0,
        file: str | Path | None = None,
    ):
        self.test: Listening | None = None
        self.waits, self.chosen, self.sounding = "", "", b""
        self.file, self.mark = None if file is None else Path(file), ""
        try:
            self.clips = checked_clips(clips)
            self.test = Listening(list(self.clips), len(next(iter(self.clips.values()))), abx, ratings, seed)
            told = [json.dumps([list(self.clips), abx, ratings, seed]).encode()]
            told += [one.numpy().tobytes() for one in self.clips.values()]
            self.mark = hashlib.sha256(b"".join(told)).hexdigest()[:16]
            self.load()
        except Exception as error:
            self.test, self.waits = None, explained(error)
        super().__init__()

    # The test

    @property
    def done(self) -> bool:
        """Whether all questions are answered."""
        return self.test is None or self.test.done

    def asking(self) -> Listening:
        if self.test is None:
            raise ValueError(self.waits)
        return self.test

    def play(self, what: str = "X") -> None:
        """Play A, B or X of the present question; its WAV file is then in `sounding`."""
        with self._settled():
            question = self.asking().current
            named = {} if question is None else {"A": question.a, "B": question.b, "X": question.x}
            if not (isinstance(what, str) and named.get(what)):
                known = [name for name, system in named.items() if system]
                raise ValueError(f"There is no {what!r} to play here; what there is: {', '.join(known) or 'nothing'}.")
            self.sounding = wav_bytes(self.clips[named[what]][question.clip])  # type: ignore[union-attr]
            self.note(f"Playing {what}." if self._stage else "No browser shows this lab, so nothing sounds.")
            if self._stage:
                self.player.value = b""  # so that the same clip sounds again
                self.player.value = self.sounding

    def answer(self, letter: str) -> None:
        """Take X for "A" or for "B"."""
        with self._settled():
            self.asking().answer(letter)
            self.chosen, self.sounding = "", b""
            self.save()

    def rate(self, rating: int) -> None:
        """Rate X from 1, bad, to 5, excellent."""
        self.answer(str(rating) if type(rating) is int else rating)  # type: ignore[arg-type]

    def choose(self, letter: str) -> None:
        """Choose an answer; it counts after `confirm`."""
        with self._settled():
            question = self.asking().current
            if question and not (letter and letter in question.choices):
                raise ValueError(
                    "Here you say " + ("which of A and B X is." if question.a else "how good X is, 1 to 5.")
                )
            self.chosen = letter if question else ""

    def confirm(self) -> None:
        """Give the answer that was chosen."""
        with self._settled():
            if not self.chosen:
                raise ValueError("Choose an answer first; Enter then confirms it.")
            self.answer(self.chosen)

    def results(self) -> list[Mapping[str, Any]]:
        """At the end a row a system: how often it was told, its mean rating, both with intervals; before, nothing."""
        return self.test.rows() if self.test else []

    def load(self) -> None:
        """Go on with the answers in the file, where there is one; what does not belong here is refused."""
        if self.file is None or not self.file.exists():
            return
        try:
            state = json.loads(self.file.read_text("utf-8"))
            if not isinstance(state, dict) or state.get("clips") != self.mark:
                raise ValueError("its answers were given to other clips or in another order")
            self.asking().resume(state.get("answers"))
        except (ValueError, OSError) as error:
            broken = isinstance(error, json.JSONDecodeError | UnicodeDecodeError)
            raise ValueError(
                f"{self.file.name} is left as it is, since {'it is damaged' if broken else error}."
            ) from None

    def save(self) -> None:
        if self.file is not None:
            content = json.dumps({"clips": self.mark, "answers": self.asking().answers}) + "\n"
            write_whole(self.file, lambda unfinished: unfinished.write_text(content, "utf-8"))

    # What is shown

    def picture(self) -> Frame:
        test = self.test
        if test is None:
            return Frame((pictures.nothing("No test"),), self.waits)
        if test.current is None:
            return Frame(outcome(test), verdict(test))
        keys = "A, B and X play; 1 says that X is A, 2 that X is B" if test.current.a else "X plays; 1 to 5 rate"
        return Frame(
            (asked(test, self.chosen),), f"{len(test.answers)} of {len(test.order)} answered. {keys}; Enter confirms."
        )

    # The notebook's side

    def pressed(self, key: str) -> None:
        if key in "abx":
            self.play(key.upper())
        elif key == "\n":
            self.confirm()
        elif self.test and self.test.current:
            self.choose("AB"[int(key) - 1 : int(key)] if self.test.current.a else key)

    def more(self) -> dict[str, Sequence[ipywidgets.Widget]]:
        self.player = ipywidgets.Audio(value=b"", format="wav", autoplay=True, loop=False)
        self.table, flow = ipywidgets.HTML(), {"flex_flow": "row wrap"}
        parts: list[tuple[str, str, Callable[[], Any]]] = [
            (f"Play {name}", f"Hear {name} (key {name})", partial(self.play, name)) for name in "ABX"
        ]
        parts += [(f"X is {name}", f"Choose {name}", partial(self.choose, name)) for name in "AB"]
        parts += [(name, f"Rate X {name}", partial(self.choose, name)) for name in "12345"]
        parts += [("Confirm (Enter)", "Give the chosen answer", self.confirm)]
        self._answers = [self._button(*each) for each in parts]
        return {"": [ipywidgets.Box(self._answers, layout=flow), self.player, ipywidgets.HTML(HELP), self.table]}

    def _show(self) -> None:
        question = self.test.current if self.test else None
        for button in getattr(self, "_answers", []):
            button.disabled = question is None  # earlier it would lose the focus, and with it the keys
        if self._stage is not None:
            self.table.value = table(self.results())
            if question and not self.sounding:
                self.player.value = b""
        super()._show()

    def __repr__(self) -> str:
        return (
            f"ListeningRoom({len(self.test.answers)} of {len(self.test.order)} answered)"
            if self.test
            else "ListeningRoom(no test)"
        )
