"""VerseLab: you begin a line, several writers finish it, and the metre of each line stands over its syllables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from gan_lessons.data.pronounce import modern, stresses
from gan_lessons.data.verse import verse, vocabulary, words_of
from gan_lessons.judges.ngrams import tidy
from gan_lessons.labs.kit.controls import Preset, chosen, ranged
from gan_lessons.labs.kit.frame import Frame, Panel, Writing
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.writing import verse_drawing as drawing
from gan_lessons.labs.writing.invented_or_real import InventedOrRealLab
from gan_lessons.metrics.metre import scansion
from gan_lessons.networks.text import Autoregressive
from gan_lessons.plots import style
from gan_lessons.plots.verse import capitals

if TYPE_CHECKING:
    from gan_lessons.labs.kit.view import View

ROWS = 4  # lines of a writer
MOST = 7  # words that a reader may begin with
OPENINGS = ("", "shall i compare thee", "so all the night", "my love is", "and when the sun", "the angel of")


@dataclass(frozen=True)
class VerseParameters:
    """How a line begins, and how the writers go on."""

    opening: str = chosen("shall i compare thee", OPENINGS, "A line begins", "Nothing: the writers begin themselves")
    temperature: float = ranged(1.0, 0.3, 1.5, 0.05, "Temperature", "Below 1 likely words come more often")
    page: int = ranged(0, 0, 99, 1, "Page", "Other lines of the same writers; key N")


class VerseLab(Lab):
    """Several `writers` by name, autoregressive models of verse; lines that they finish, and real ones beside."""

    Parameters = VerseParameters
    letters: ClassVar[str] = "n"
    empty = "No lines"
    presets = (
        Preset("A summer's day", "Count the coloured discs: each costs 1 or 2, and a line that costs at most 3 scans.",
               {"opening": "shall i compare thee", "temperature": 1.0}),
        Preset("Cold", "At a low temperature the metre improves, and the lines grow alike.",
               {"opening": "and when the sun", "temperature": 0.4}),
        Preset("Hot", "At a high temperature words come that fit neither the line nor the metre.",
               {"opening": "and when the sun", "temperature": 1.5}),
    )  # fmt: skip

    def __init__(self, writers: Mapping[str, Autoregressive], **values: Any):
        self.writers, self.own = dict(writers), ""
        super().__init__(**values)

    def prepare(self) -> None:
        kinds, length = verse().train.kinds, verse().train.length
        for name, writer in self.writers.items():
            if (writer.kinds, writer.length) != (kinds, length):
                raise ValueError(
                    f"{name} writes {writer.length} of {writer.kinds} symbols; lines of verse are {length} of {kinds}."
                )

    def changed(self, before: VerseParameters) -> None:
        if self.parameters.opening != before.opening:
            self.own = ""

    def pressed(self, key: str) -> None:
        self.set(page=(self.parameters.page + 1) % 100)

    def begin(self, text: str) -> None:
        """Let a line begin with your own words, at most seven, which the dictionary has to know."""
        with self.settled():
            self.need()
            words = [modern(word) for word in words_of(text)]
            if len(words) > MOST:
                raise ValueError(f"A line begins with at most {MOST} words; these are {len(words)}.")
            if not words:
                raise ValueError("Type a few English words, as: the moon upon")
            if odd := [word for word in words if not vocabulary().symbol(word)]:
                known = stresses(odd[0])
                why = "has a rhythm that no word of the lines has" if known else "is not in the pronouncing dictionary"
                raise ValueError(f"“{odd[0]}” {why}; take another word.")
            self.own = " ".join(words)

    @property
    def start_words(self) -> list[str]:
        """What the line begins with."""
        return (self.own or self.parameters.opening).split()

    def finished(self, name: str, count: int = ROWS, seed: int = 0) -> list[str]:
        """Lines of a writer: the reader's words, and the writer's."""
        train, words = verse().train, self.start_words
        number = {symbol: k + 1 for k, symbol in enumerate(train.alphabet)}
        prefix = torch.tensor([number[vocabulary().symbol(word)] for word in words], dtype=torch.long)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            lines = tidy(self.writers[name].complete(prefix.expand(count, -1), self.parameters.temperature))
        return [self.spelled(line, words) for line in train.read(lines)]

    def spelled(self, line: str, begun: Sequence[str]) -> str:
        """A line with the words that were begun with, and rare words for their kinds."""
        rest = " ".join(vocabulary().filled(line).split()[len(begun) :])
        return " ".join([*begun, rest]).strip() or "…"

    def real(self, count: int = ROWS, seed: int = 0) -> list[str]:
        """Real lines of no training, without rare words: in the place of those others would stand."""
        whole = [line for line in verse().test.read() if "<" not in line]
        return [whole[k] for k in torch.randperm(len(whole), generator=torch.Generator().manual_seed(seed))[:count]]

    def picture(self) -> Frame:
        colors = (style.AVERAGE, style.FAKE, style.DISCRIMINATOR)
        first: list[str] = []
        panels, said = [], []
        for place, name in enumerate(self.writers):
            lines = [line for line in self.finished(name, seed=self.parameters.page) if line != "…"]
            title = f"{name} (grey: the same words as above)" if place else name
            panels.append(drawing.scanned(lines, title, colors[place % 3], first))
            first = first or lines
            right = sum(scansion(line).scans for line in lines)
            said.append(
                f"{name}: {right} of {len(lines)} lines scan, as “{lines[0]}” ({drawing.verdict(scansion(lines[0]))})"
            )
        panels.append(drawing.scanned(self.real(2, self.parameters.page), "real lines", style.REAL))
        return Frame(
            tuple(panels),
            "; ".join(said) + ". Large dots are stressed syllables; those on a coloured disc are in the wrong place.",
        )

    def test(self, trials: int = 20, of: str = "", seed: int = 0) -> "LineTest":
        """Whole lines of a writer, at the present temperature and from nothing, against real lines of no training."""
        of = of or next(reversed(self.writers))
        if of not in self.writers:
            raise ValueError(f"There is no writer {of!r}; there are {', '.join(self.writers)}.")
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(1000 + seed)
            lines: Tensor = tidy(self.writers[of].sample(20 * trials, self.parameters.temperature))
        invented = [self.spelled(line, ()) for line in verse().train.read(lines)]
        return LineTest(self.real(10 * trials, seed), invented, trials, seed)

    def more(self, view: "View") -> dict[str, Sequence[Any]]:
        from ipywidgets import Text

        field = Text("the moon upon", description="Your words", tooltip="Up to seven words of a line",
                     style={"description_width": "6em"}, layout={"width": "20em"})  # fmt: skip
        go = view.button("Finish my line", "Let the writers go on", lambda: self.begin(field.value))
        go.add_class("gan-first")
        return {"": [field, go, view.button("Other lines", "The next page; key N", lambda: self.pressed("n"))]}


class LineTest(InventedOrRealLab):
    """Invented or real? Lines of verse, one at a time."""

    thing: ClassVar[str] = "line"

    def written(self) -> tuple[str, float]:
        shown = capitals(self.shown)
        return shown, min(22, 580 // max(1, len(shown)))

    def sheets(self) -> list[Panel]:
        panels = []
        for panel, color in zip(super().sheets(), (style.FAKE, style.REAL), strict=True):
            (written,) = [layer for layer in panel.layers if isinstance(layer, Writing)]
            texts = written.texts[:12]
            places = np.array([(0.02, 11.5 - k) for k in range(len(texts))]).reshape(-1, 2)
            panels.append(Panel((Writing(places, texts, color),), (0, 1), (0, 12), panel.title, bare=True))
        return panels
