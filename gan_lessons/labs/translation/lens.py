"""LensLab: one small picture through bicubic, L1, GAN and truth, and what each has of the spectrum."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, ranged, stepped
from gan_lessons.labs.kit.frame import Frame, Lines, Panel, path
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
        title = p.lens if p.lens != "between" else f"{p.share:.0%} of the way from L1 to the GAN"
        small = interpolate(self.small[p.picture, None], self.sharp.shape[-1])
        both = pictures.sheet(torch.cat([small, shown]), 2, f"The small picture  ·  {title}", share=1.6)
        return Frame((both, self.spectrum(seen), self.row(seen)), self.said(seen))

    def spectrum(self, seen: dict[str, Tensor]) -> Panel:
        """How much of each detail there is, for the lenses that stay, the one looked through, and the truth."""
        lens = self.parameters.lens
        lines = []
        for name in dict.fromkeys(("bicubic", "L1", "GAN", "truth", lens)):
            power = radial(seen[name].clamp(-1, 1))[0].numpy()
            curve = path(np.arange(1, len(power) + 1), power)
            lines.append(Lines(curve, COLORS[name], name, 3.2 if name == lens else 1.3))
        last = self.sharp.shape[-1] // 2
        edge = Lines(path([last / self.scale] * 2, list(POWER)), style.REFERENCE, dashed=True)
        told = "Power; beyond the dashed line the small picture says little"
        return Panel((edge, *lines), (1, last), POWER, told, "periods a side", "dB")

    def row(self, seen: dict[str, Tensor]) -> Panel:
        """All lenses beside each other, with a mark under the one looked through."""
        panel = pictures.sheet(torch.cat(list(seen.values())), len(seen), "  ·  ".join(LENSES), below=True)
        place = LENSES.index(self.parameters.lens)
        mark = Lines(path([place + 0.1, place + 0.9], 0.02), style.FAKE, width=3)
        return Panel((*panel.layers, mark), panel.xlim, panel.ylim, panel.title, equal=True, bare=True, below=True)

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
