"""LensLab: one small picture through bicubic, L1, GAN and truth, and what each has of the spectrum."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, ranged, stepped
from gan_lessons.labs.kit.frame import Frame, Lines, Panel, Writing, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.metrics import superres
from gan_lessons.metrics.spectra import radial
from gan_lessons.networks.superres import between, enlarged
from gan_lessons.plots import style

LENSES = ("bicubic", "L1", "between", "GAN", "truth")
COLORS = {
    "bicubic": style.REFERENCE, "L1": style.AVERAGE, "between": style.CATEGORIES[0], "GAN": style.FAKE,
    "truth": style.REAL,
}  # fmt: skip
NAMED = {"bicubic": "bicubic interpolation", "L1": "the network of L1", "GAN": "the GAN", "truth": "no lens at all"}
POWER = (-45.0, 60.0)  # dB, of the spectrum's panel


@dataclass(frozen=True)
class LensParameters:
    """What one looks through, and at which picture."""

    lens: str = stepped("between", LENSES, "Lens", "What the small picture is enlarged by; the last is the true one")
    share: float = ranged(
        0.5, 0, 1, 0.05, "From L1 to the GAN", "For the lens “between”: every weight, so far on the way from L1's"
    )
    picture: int = ranged(0, 0, 1, 1, "Picture", "Another picture that nobody learnt from")


class LensLab(Lab):
    """Pictures `sharp` [count, 3, side, side] and `small`, made of them, through two networks (noise, small) -> large.

    The second network was trained from the first, so that the weights between theirs make sense.
    """

    Parameters = LensParameters
    empty = "Nothing to look at"
    presets = (
        Preset("safe", "L1 alone: edges are clean, and what is fine is missing, in the picture and in the spectrum.",
               {"lens": "L1"}),
        Preset("half-way", "Slide from L1 to the GAN: watch the purple gap in the spectrum close while the PSNR falls.",
               {"lens": "between", "share": 0.5}),
        Preset("inventive", "The GAN: crisper than L1, with a mesh in the fur. Which of its detail is true?",
               {"lens": "GAN"}),
        Preset("the truth", "What the small picture was made of, which no lens has seen.", {"lens": "truth"}),
    )  # fmt: skip

    def __init__(self, sharp: Tensor, small: Tensor, l1: nn.Module, gan: nn.Module, **values: Any):
        self.sharp, self.small, self.l1, self.gan = sharp, small, l1, gan
        super().__init__(**values)

    def prepare(self) -> None:
        self.sharp, self.small = (
            pictures.checked(self.sharp, "The sharp"), pictures.checked(self.small, "The small"),
        )  # fmt: skip
        self.scale, left = divmod(self.sharp.shape[-1], self.small.shape[-1])
        if left or len(self.sharp) != len(self.small):
            raise ValueError(
                f"The sharp pictures are as many as the small ones and some times as large; {list(self.sharp.shape)} "
                f"and {list(self.small.shape)} are not."
            )
        self.allowed["picture"] = replace(self.allowed["picture"], high=len(self.sharp) - 1)  # type: ignore[arg-type]

    def idle(self) -> set[str]:
        return set() if self.parameters.lens == "between" else {"share"}

    @torch.inference_mode()
    def seen(self) -> dict[str, Tensor]:
        """The present picture through each lens, [1, 3, side, side]."""
        p = self.parameters
        small = self.small[p.picture, None]
        mixed = between(self.l1, self.gan, p.share)
        return {
            "bicubic": enlarged(small, self.scale), "L1": self.l1(None, small), "between": mixed(None, small),
            "GAN": self.gan(None, small), "truth": self.sharp[p.picture, None],
        }  # fmt: skip

    def picture(self) -> Frame:
        p, seen = self.parameters, self.seen()
        shown = seen[p.lens].clamp(-1, 1)
        way = f"a network {p.share:.0%} of the way from L1 to the GAN"
        small = interpolate(self.small[p.picture, None], self.sharp.shape[-1])
        told = f"The small picture, and through {NAMED.get(p.lens, way)}"
        both = pictures.sheet(torch.cat([small, shown]), 2, told, share=2.0)
        return Frame((both, self.spectrum(seen), self.row(seen)), self.said(seen))

    def spectrum(self, seen: dict[str, Tensor]) -> Panel:
        """How much of each detail there is, for the lenses that stay, the one looked through, and the truth.

        Beyond the dashed line the small picture says little.
        """
        lens = self.parameters.lens
        lines = []
        for name in dict.fromkeys(("bicubic", "L1", "GAN", "truth", lens)):
            power = radial(seen[name].clamp(-1, 1))[0].numpy()
            curve = path(np.arange(1, len(power) + 1), power)
            lines.append(Lines(curve, COLORS[name], name, 3.6 if name == lens else 2.0))
        last = self.sharp.shape[-1] // 2
        edge = Lines(path([last / self.scale] * 2, list(POWER)), style.REFERENCE, dashed=True)
        return Panel(
            (edge, *lines),
            (1, last),
            POWER,
            "Power; dashed: the small picture's limit",
            "periods a side",
            "dB",
            share=1.2,
        )

    def row(self, seen: dict[str, Tensor]) -> Panel:
        """All lenses beside each other, each below its name, with a mark under the one looked through."""
        pixels, lens = torch.cat(list(seen.values())), self.parameters.lens
        places = np.arange(len(LENSES)) + 0.0
        names = Writing(np.stack([places + 0.02, np.full(len(LENSES), 1.1)], 1), LENSES)
        mark = Lines(path(LENSES.index(lens) + np.array([0.01, 0.98]), -0.03), style.FAKE, width=3)
        sheet = pictures.layer(pixels, len(LENSES), (0, len(LENSES), 0, 1))
        return Panel((sheet, names, mark), (0, len(LENSES)), (-0.05, 1.2), equal=True, bare=True, row=True, share=3.2)

    def said(self, seen: dict[str, Tensor]) -> str:
        """How near the picture is to the truth, by pixels and by a judge."""
        lens, truth = self.parameters.lens, seen["truth"]
        if lens == "truth":
            return "This is the true picture, from which the small one was made."
        far = superres.judged_distance(truth, seen[lens])
        careful = superres.judged_distance(truth, seen["L1"])
        return (
            f"PSNR {superres.psnr(truth, seen[lens]):.2f} dB (bicubic: {superres.psnr(truth, seen['bicubic']):.2f}, "
            f"L1: {superres.psnr(truth, seen['L1']):.2f}); the judge's distance {far:.2f} (L1: {careful:.2f})."
        )
