"""ListeningRoom: a blind listening test. Is X what A is or what B is? And how good does it sound, from 1 to 5?"""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from torch import Tensor

from gan_lessons.labs.blind.answers import Answers, BlindTest
from gan_lessons.labs.blind.listening_room_drawing import WORDS, asked, outcome, table, verdict
from gan_lessons.labs.blind.listening_room_simulation import Listening, checked_clips
from gan_lessons.labs.kit.frame import Frame
from gan_lessons.plots.sound import wav_bytes

if TYPE_CHECKING:
    from gan_lessons.labs.kit.view import View

HELP = "No sound? Press the player's own button; a browser without an audio device stays silent, the test goes on."


class ListeningRoom(BlindTest):
    """Blind ABX and rating of systems' clips, by buttons, by keys (A, B, X, 1 to 5, Enter), or by code.

    `clips` are waveforms [count, samples] in [-1, 1] by the name of their system; the same number in each says the
    same, and the first system is the reference. With `file`, every answer is stored there, and a broken-off test goes
    on where it stopped.
    """

    letters: ClassVar[str] = "abx12345\n"

    def __init__(
        self, clips: Mapping[str, Tensor], abx: int = 8, ratings: int = 4, seed: int = 0, file: str | Path | None = None
    ):
        self.given, self.wanted = clips, (abx, ratings, seed)
        self.store = Answers(file, "clips")
        self.chosen, self.sounding = "", b""
        super().__init__()

    def prepare(self) -> None:
        self.clips = checked_clips(self.given)
        test = Listening(list(self.clips), len(next(iter(self.clips.values()))), *self.wanted)
        told = [json.dumps([list(self.clips), *self.wanted]).encode()]
        told += [one.numpy().tobytes() for one in self.clips.values()]
        self.warning = self.store.load(b"".join(told), lambda state: test.resume(state.get("answers")))
        self.test = test

    # The test

    def play(self, what: str = "X") -> None:
        """Play A, B or X of the present question; its WAV file is then in `sounding`."""
        with self.settled():
            question = self.asking().current
            named = {} if question is None else {"A": question.a, "B": question.b, "X": question.x}
            if not (isinstance(what, str) and named.get(what)):
                known = [name for name, system in named.items() if system]
                raise ValueError(f"There is no {what!r} to play here; what there is: {', '.join(known) or 'nothing'}.")
            self.sounding = wav_bytes(self.clips[named[what]][question.clip])  # type: ignore[union-attr]
            self.note(f"Playing {what}." if self.view else "No browser shows this lab, so nothing sounds.")
            if self.view:
                self.audio.value = b""  # so that the same clip sounds again
                self.audio.value = self.sounding

    def answer(self, letter: str) -> None:
        """Take X for "A" or for "B"."""
        with self.settled():
            self.asking().answer(letter)
            self.chosen, self.sounding = "", b""
            self.store.save({"answers": self.asking().answers})

    def rate(self, rating: int) -> None:
        """Rate X from 1, bad, to 5, excellent."""
        self.answer(str(rating) if type(rating) is int else rating)  # type: ignore[arg-type]

    def choose(self, letter: str) -> None:
        """Choose an answer; it counts after `confirm`."""
        with self.settled():
            question = self.asking().current
            if question and not (letter and letter in question.choices):
                raise ValueError(
                    "Here you say " + ("which of A and B X is." if question.a else "how good X is, 1 to 5.")
                )
            self.chosen = letter if question else ""

    def confirm(self) -> None:
        """Give the answer that was chosen."""
        with self.settled():
            if not self.chosen:
                raise ValueError("Choose an answer first; Enter then confirms it.")
            self.answer(self.chosen)

    def results(self) -> list[Mapping[str, Any]]:
        """At the end a row a system: how often it was told, its mean rating, both with intervals; before, nothing."""
        return self.test.rows() if self.test else []

    # What is shown

    def picture(self) -> Frame:
        test = self.asking()
        if test.current is None:
            return Frame(outcome(test), verdict(test))
        keys = "A, B and X play; 1 says that X is A, 2 that X is B" if test.current.a else "X plays; 1 to 5 rate"
        said = f"{self.warning}{len(test.answers)} of {len(test.order)} answered. {keys}; Enter confirms."
        return Frame((asked(test, self.chosen),), said)

    # The notebook's side

    def pressed(self, key: str) -> None:
        if key in "abx":
            self.play(key.upper())
        elif key == "\n":
            self.confirm()
        elif self.test and self.test.current:
            self.choose("AB"[int(key) - 1 : int(key)] if self.test.current.a else key)

    def more(self, view: "View") -> dict[str, Sequence[Any]]:
        from ipywidgets import HTML, Audio

        self.audio, self.table = Audio(value=b"", format="wav", autoplay=True, loop=False), HTML()
        self.hearing = {
            name: view.button(f"Play {name}", f"Hear {name} (key {name})", partial(self.play, name)) for name in "AXB"
        }
        self.choosing = {
            name: view.button(f"X is {name}", f"Choose {name} (key {key})", partial(self.choose, name))
            for key, name in enumerate("AB", 1)
        }
        for name, word in zip("12345", WORDS, strict=True):
            self.choosing[name] = view.button(name, f"Rate X {word}", partial(self.choose, name))
        done = view.button("Confirm (Enter)", "Give the chosen answer", self.confirm)
        self.answering = [*self.hearing.values(), *self.choosing.values(), done]
        for button in self.hearing.values():
            button.add_class("gan-first")
        self.audio.layout.height = "34px"
        return {
            "": [*self.hearing.values(), self.audio],
            "below": [view.row([*self.choosing.values(), done]), HTML(HELP), self.table],
        }

    def refresh(self, view: "View") -> None:
        question = self.test.current if self.test else None
        for button in self.answering:
            button.disabled = question is None  # earlier it would lose the focus, and with it the keys
        # only what the present question asks for is there, and the next thing to do is blue
        for name, button in [*self.hearing.items(), *self.choosing.items()]:
            asked = question is None or (name in "X" if button.description.startswith("Play") else False)
            asked = asked or bool(question and (name in question.choices or (question.a and name in "ABX")))
            button.layout.display = None if asked else "none"
            button.button_style = "info" if name == self.chosen and name in self.choosing else ""
        for button in self.hearing.values():
            button.button_style = "" if self.chosen else "primary"
        self.answering[-1].button_style = "primary" if self.chosen else ""
        self.table.value = table(self.results())
        if question and not self.sounding:
            self.audio.value = b""
