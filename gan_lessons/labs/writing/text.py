"""TextLab: two writers of words side by side, with the dials that each has, while a third learns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor, nn

from gan_lessons.data.text import Splits
from gan_lessons.labs.kit.controls import Choice, Preset, Range, chosen, ranged
from gan_lessons.labs.kit.frame import Frame
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.latents.latent_simulation import noise
from gan_lessons.labs.writing import text_drawing as drawing
from gan_lessons.labs.writing import text_simulation as writing
from gan_lessons.labs.writing.invented_or_real import InventedOrRealLab
from gan_lessons.metrics.text import TextScores, known_texts, text_scores
from gan_lessons.networks.text import Autoregressive
from gan_lessons.plots import style
from gan_lessons.training import GAN, Record

if TYPE_CHECKING:
    from gan_lessons.labs.kit.view import View

EVERY = 50  # steps between two scores of the GAN in training
SCORED = 1000  # the seed of what is scored; the lists have others
Live = Callable[[], tuple[GAN, Iterator[Record]]]


STORED, LIVE = "trained before", "in training"


@dataclass(frozen=True)
class TextParameters:
    """How each writer is asked, and where on the walk the reader stands."""

    temperature: float = ranged(1.0, 0.1, 2, 0.05, "LSTM: temperature", "Below 1 likely letters come more often")
    psi: float = ranged(1.0, 0, 1, 0.05, "GAN: truncation ψ", "1: nothing is changed")
    way: str = chosen(next(iter(writing.TRUNCATIONS)), list(writing.TRUNCATIONS), "Truncate by", "What ψ does")
    writer: str = chosen(STORED, [STORED, LIVE], "Which GAN", "The trained one, or the one that learns here")
    page: int = ranged(0, 0, 99, 1, "Page of the lists", "Other samples of the same writers")
    along: float = ranged(0.0, 0, 1, 0.01, "Walked from A to B", "0: at A; 1: at B")
    seed: int = ranged(0, 0, 99, 1, "Noise A", "Where the walk begins")
    other: int = ranged(1, 0, 99, 1, "Noise B", "Where the walk ends")


class TextLab(Lab):
    """An autoregressive `model` and the one-pass generator `network` of noise [count, dim], both of `splits`' alphabet.

    `live` starts a training: it returns a GAN and the records that its steps yield. Scores are of `scored` texts.
    """

    Parameters = TextParameters
    burst = 100
    empty = "No words"
    tabs: ClassVar = {"The writers": ("way", "page"), "The walk": ("seed", "other")}
    presets = (
        Preset("as trained", "Watch both points in the plane: how far are they from the real words?",
               {"temperature": 1.0, "psi": 1.0}, fresh=False),
        Preset("a cold LSTM", "Watch the LSTM's list: likely letters crowd out the others, and words grow alike.",
               {"temperature": 0.4}, fresh=False),
        Preset("a hot LSTM", "Watch the LSTM's list fall apart, and its point leave that of the real words.",
               {"temperature": 1.7}, fresh=False),
        Preset("a truncated GAN", "Watch the GAN's list: do its words grow alike, and do they grow better?",
               {"psi": 0.3}, fresh=False),
    )  # fmt: skip

    def __init__(
        self,
        model: Autoregressive,
        network: nn.Module,
        dim: int,
        splits: Splits,
        live: Live | None = None,
        scored: int = 2000,
        **values: Any,
    ):
        self.model, self.stored, self.dim = model, network, dim
        self.splits, self.live, self.scored = splits, live, scored
        self.kept: dict[tuple, TextScores] = {}
        self.found: Tensor | None = None  # the noises of two words that were looked for, [2, dim]
        super().__init__(**values)

    def prepare(self) -> None:
        writing.check_writers(self.model, self.stored, self.dim, self.splits.train)
        some = torch.randperm(len(self.splits.test), generator=torch.Generator().manual_seed(0))[: self.scored]
        self.real = text_scores(self.splits.test.symbols[some], self.splits)

    def controls(self) -> dict[str, Range | Choice]:
        known = super().controls()
        if self.live is None:
            known["writer"] = replace(known["writer"], options=[STORED])  # type: ignore
        return known

    # The GAN that learns

    def restart(self) -> None:
        self.gan, self.trail = None, list[tuple[int, TextScores]]()
        self.kept = {key: scores for key, scores in self.kept.items() if key[0] != LIVE}
        if self.live is not None:
            with torch.random.fork_rng(devices=[]):
                self.gan, self.running = self.live()

    def release(self) -> None:
        self.gan, self.running, self.kept = None, iter(()), {}

    def advance(self, steps: int) -> None:
        if self.gan is None:
            raise ValueError("No GAN learns in this lab: it was opened without `live`.")
        self.parameters = replace(self.parameters, writer=LIVE)
        self.trail = self.trail or [(self.gan.step, self.asked())]
        for _ in range(steps):
            with torch.random.fork_rng(devices=[]):
                if next(self.running, None) is None:
                    raise ValueError(f"The training is over after {self.gan.step} steps; “Start again” begins anew.")
            if self.gan.step % EVERY == 0:
                self.trail.append((self.gan.step, self.asked()))

    # What both write, and how it scores

    def generate(self, count: int, seed: int) -> Tensor:
        """Symbols [count, length] of the GAN that is shown, at the present truncation."""
        p = self.parameters
        return writing.TRUNCATIONS[p.way](self.network, noise(self.dim, seed, count), p.psi)

    @property
    def network(self) -> nn.Module:
        """The generator that is shown: the trained one, or the averaged one of the GAN in training."""
        return self.gan.average if self.parameters.writer == LIVE and self.gan is not None else self.stored

    def once(self, key: tuple, make: Callable[[], Tensor]) -> TextScores:
        """How texts score; found again by their key."""
        if key not in self.kept:
            self.kept[key] = text_scores(make(), self.splits)
        return self.kept[key]

    def heated(self, temperature: float) -> TextScores:
        """The scores of the LSTM at a temperature."""
        return self.once(
            ("LSTM", temperature), lambda: writing.temperate(self.model, self.scored, temperature, seed=SCORED)
        )

    def asked(self) -> TextScores:
        """The scores of the GAN that is shown, at the present truncation."""
        p = self.parameters
        step = self.gan.step if p.writer == LIVE and self.gan is not None else 0
        return self.once((p.writer, step, p.way, p.psi), lambda: self.generate(self.scored, SCORED))

    def curves(self) -> dict[str, dict[float, drawing.Place]]:
        """Where the reader has been: the LSTM by temperature, the trained GAN by ψ in the present way."""
        heats = sorted(key for key in self.kept if key[0] == "LSTM")
        psis = sorted(key for key in self.kept if key[:3] == (STORED, 0, self.parameters.way))
        known = {"LSTM over T": heats, "GAN over ψ": psis}
        return {name: {key[-1]: drawing.spot(self.kept[key]) for key in keys} for name, keys in known.items()}

    # The walk

    def ends(self) -> Tensor:
        """The noises at both ends, [2, dim]."""
        p = self.parameters
        return torch.cat([noise(self.dim, p.seed), noise(self.dim, p.other)]) if self.found is None else self.found

    def path(self) -> list[writing.Stretch]:
        texts = writing.walked(self.network, self.ends(), torch.linspace(0, 1, writing.STEPS))
        return writing.stretches(self.splits.train.read(texts))

    def walk(self, first: str, last: str) -> None:
        """Walk from one word to another: noises that are written so, or nearly so, are looked for."""
        with self.settled():
            self.need()
            wanted = [first.strip().lower(), last.strip().lower()]
            if not all(wanted):
                raise ValueError("A walk needs two words: one to begin with, and one to end with.")
            symbols = self.splits.train.write(wanted)
            self.found = torch.stack([writing.noise_of(self.network, one, self.dim) for one in symbols])
            for word, got in zip(wanted, (self.path()[0].text, self.path()[-1].text), strict=True):
                if word != got:
                    self.note(f"No noise was found that is written “{word}”; the nearest found is “{got}”.")

    def changed(self, before: TextParameters) -> None:
        p = self.parameters
        if (p.seed, p.other) != (before.seed, before.other):
            self.found = None

    # What is shown

    def picture(self) -> Frame:
        p, gan, count = self.parameters, self.gan, drawing.ROWS * drawing.COLUMNS
        read = self.splits.train.read
        hurried = self.playing and p.writer == LIVE and self.trail
        scores = {"LSTM": self.heated(p.temperature), "GAN": self.trail[-1][1] if hurried else self.asked()}
        name = f"GAN at step {gan.step}" if p.writer == LIVE and gan is not None else f"GAN, ψ = {p.psi:g}"
        path, hot = self.path(), writing.temperate(self.model, count, p.temperature, p.page)
        panels = (
            drawing.listed(read(hot), f"LSTM, T = {p.temperature:g}", style.AVERAGE),
            drawing.listed(read(self.generate(count, p.page)), name, style.FAKE),
            drawing.walk(path, p.along),
            drawing.plane(
                self.curves(), drawing.spot(self.real), {who: drawing.spot(one) for who, one in scores.items()},
                [drawing.spot(one) for _, one in self.trail],
            ),
        )  # fmt: skip
        said = f"GAN at step {self.trail[-1][0]}" if hurried else name  # whose scores they are
        return Frame(panels, drawing.say(said, scores, self.real, self.scored, path, p.along))

    def test(self, trials: int = 20, of: str = "GAN", seed: int = 0) -> InventedOrRealLab:
        """Words of the "GAN" or the "LSTM", as they are asked at present, against real words of no training."""
        if of not in ("GAN", "LSTM"):
            raise ValueError(f"The test shows words of the GAN or of the LSTM, not of {of!r}.")
        count, start = 20 * trials, SCORED + 1 + seed
        hot = self.parameters.temperature
        symbols = writing.temperate(self.model, count, hot, start) if of == "LSTM" else self.generate(count, start)
        known, read = frozenset().union(*known_texts(self.splits)), self.splits.train.read
        return InventedOrRealLab(self.splits.test.read(), read(symbols), trials, seed, known=known)

    # The notebook's side

    def more(self, view: "View") -> dict[str, Sequence[Any]]:
        from ipywidgets import HBox, Text

        looks = {"style": {"description_width": "5em"}, "layout": {"width": "15em"}}
        first, last = (
            Text(word, description=name, tooltip=f"The word at {name[-1]}", **looks)
            for name, word in (("Word A", "marine"), ("Word B", "salter"))
        )
        go = view.button("Walk from word to word", "Look for their noises", lambda: self.walk(first.value, last.value))
        return {"The walk": [HBox([first, last, go])]}
