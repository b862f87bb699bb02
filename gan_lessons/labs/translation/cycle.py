"""CycleLab: round trips of pictures, disturbed half-way, and the error of what is translated back, amplified."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, ranged, stepped
from gan_lessons.labs.kit.frame import Frame, Lines, Panel, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.kit.recording import Recording
from gan_lessons.metrics.steganography import carried, distance, disturbed, in_eight_bits
from gan_lessons.plots import style

SHOWN = 6  # pictures beside each other
AMPLITUDES = tuple(step / 50 for step in range(11))  # of the curve
FILMED = tuple(step / 100 for step in (*range(0, 20, 2), *range(20, -1, -2)))  # the noise of each frame


@dataclass(frozen=True)
class CycleParameters:
    """What happens to the translated pictures before they are translated back, and how they are shown."""

    between: str = stepped(
        "nothing",
        ("nothing", "8 bits", "noise"),
        "Disturbance",
        "What is done to a picture between the two translations: see the help",
    )
    noise: float = ranged(0.05, 0, 0.2, 0.01, "Noise strength", "Its standard deviation; pixels lie in -1 … 1")
    times: int = ranged(5, 1, 30, 1, "Difference times", "How much the difference is amplified")
    picture: int = ranged(0, 0, 1, 1, "Picture", "The first of those shown; all are held out")


class CycleLab(Lab):
    """Translations `there` and `back`, functions of pictures [count, channels, side, side], and held-out `starts`.

    `others` are as many real pictures of the other kind; where `paired`, they are the truth for `starts`.
    """

    Parameters = CycleParameters
    empty = "No pictures to translate"
    presets = (
        Preset("undisturbed", "The cycle loss asks that the last picture is the first again.", {"between": "nothing"}),
        Preset("8 bits", "Rounded to 256 levels, as in a file: does the difference grow?",
               {"between": "8 bits", "times": 20}),
        Preset("noise", "A little noise on the translated picture: does it harm the reconstruction?",
               {"between": "noise", "noise": 0.1}),
    )  # fmt: skip

    def __init__(
        self,
        there: Callable[[Tensor], Tensor],
        back: Callable[[Tensor], Tensor],
        starts: Tensor,
        others: Tensor,
        paired: bool = True,
        **values: Any,
    ):
        self.there, self.back, self.starts, self.others, self.paired = there, back, starts, others, paired
        super().__init__(**values)

    def prepare(self) -> None:
        self.starts = pictures.checked(self.starts, "What is sent")
        self.others = pictures.checked(self.others, "Those of the other kind")
        if len(self.starts) != len(self.others) or len(self.starts) < SHOWN:
            raise ValueError(
                f"CycleLab takes {SHOWN} pictures or more, as many of either kind; there are {len(self.starts)} and "
                f"{len(self.others)}."
            )
        self.curve = disturbed(self.there, self.back, self.starts, self.others, AMPLITUDES)
        self.allowed["picture"] = replace(self.allowed["picture"], high=len(self.starts) - SHOWN)  # type: ignore[arg-type]

    def idle(self) -> set[str]:
        return set() if self.parameters.between == "noise" else {"noise"}

    @torch.no_grad()
    def round_trip(self) -> tuple[Tensor, Tensor, Tensor]:
        """The pictures shown, their translations as they were disturbed, and the reconstructions."""
        p = self.parameters
        starts = self.starts[p.picture : p.picture + SHOWN]
        between = self.there(starts)
        if p.between == "8 bits":
            between = in_eight_bits(between)
        elif p.between == "noise":
            between = between + p.noise * torch.randn(between.shape, generator=torch.Generator().manual_seed(0))
        return starts, between, self.back(between)

    def picture(self) -> Frame:
        starts, between, home = self.round_trip()
        lost = (self.parameters.times * (home - starts)).clamp(-1, 1)
        channels = max(starts.shape[1], between.shape[1])
        rows = torch.cat([some.expand(-1, channels, -1, -1) for some in (starts, between, home, lost)])
        disturbed = {"nothing": "", "8 bits": ", rounded", "noise": " + noise"}[self.parameters.between]
        named = ("input", f"translated{disturbed}", "and back", f"difference × {self.parameters.times}")
        high = len(rows) // SHOWN * (starts.shape[-2] + 2) / (starts.shape[-1] + 2) / len(named)
        places = tuple((high * (len(named) - row - 0.5), name) for row, name in enumerate(named))
        sheet = pictures.sheet(rows, SHOWN, "Six round trips", share=1.5, rows=places)
        return Frame((sheet, self.curves()), self.said(starts, between, home))

    def curves(self) -> Panel:
        """How much noise of each amplitude changes what is translated back, from fake pictures and from real ones."""
        amplitudes = [one.amplitude for one in self.curve]
        curves = (
            ("real picture", style.REAL, 5.0, [one.real for one in self.curve]),
            ("translation", style.FAKE, 2.0, [one.made for one in self.curve]),
        )  # the thin curve over the thick one: both are seen where they agree
        lines = [Lines(path(amplitudes, values), color, name, width) for name, color, width, values in curves]
        top = 1.15 * max(max(values) for *_, values in curves) or 1.0
        if self.parameters.between == "noise":
            here = self.parameters.noise
            lines.append(Lines(path([here, here], [0, top]), style.REFERENCE, dashed=True))
        faint = self.curve[1]  # a message fainter than this noise would be lost
        compared = "alike" if faint.made <= 1.2 * faint.real else "differently"
        title, across = f"Noise changes both {compared}", "standard deviation of the noise"
        return Panel(tuple(lines), (0, AMPLITUDES[-1]), (0, top), title, across, "reconstruction's change (L1)")

    def said(self, starts: Tensor, between: Tensor, home: Tensor) -> str:
        """The error of the round trips shown, and that of translating the true pictures back."""
        told = f"Mean error (L1) of these {SHOWN} round trips: {distance(home, starts):.3f}"
        if not self.paired:
            return f"{told}."
        _, of_truth = carried(self.there, self.back, self.starts, self.others)
        return f"{told}. Of {len(self.others)} true pictures of the other kind, translated back: {of_truth:.3f}."

    def film(self) -> Recording:
        """More and more noise, then less again until there is none, to be scrubbed through where no kernel runs."""
        with self.lock:
            before = self.values
            frames = []
            for noise in FILMED:
                self.set(between="noise" if noise else "nothing", noise=noise)
                frames.append(self.frame())
            self.set(**before)
        return Recording(frames)
