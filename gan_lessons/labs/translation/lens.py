"""LensLab: one small picture through bicubic, L1, GAN and truth, and what each has of the spectrum."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, ranged, stepped
from gan_lessons.labs.kit.frame import INK, Frame, Lines, Panel, Writing, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.metrics import superres
from gan_lessons.metrics.spectra import radial
from gan_lessons.networks.superres import between, enlarged
from gan_lessons.plots import style

LENSES = ("bicubic", "L1", "between", "GAN", "truth")
COLORS = {
    "bicubic": style.REFERENCE, "L1": style.AVERAGE, "between": INK, "GAN": style.FAKE, "truth": style.REAL,
}  # fmt: skip
TITLES = {
    "bicubic": "Small, and enlarged by bicubic interpolation", "L1": "Small, and enlarged by the L1 network",
    "GAN": "Small, and enlarged by the GAN", "truth": "Small, and the truth",
}  # fmt: skip
POWER = (-42.0, 24.0)  # dB, of the spectrum's panel, whose zero is the truth
APART = 4.5  # dB, between the names of two curves
ZOOM = 3  # how many times the row of all lenses enlarges a corner


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
        Preset("half-way", "Slide from L1 to the GAN: the thick curve rises past the truth's line, and the PSNR falls.",
               {"lens": "between", "share": 0.5}),
        Preset("inventive", "The GAN: crisper than L1, with grain for fur. Which of its detail is true?",
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
        small = interpolate(self.small[p.picture, None], self.sharp.shape[-1])
        title = TITLES.get(p.lens, f"Small, and enlarged: {p.share:.0%} from L1 to the GAN")
        corner = (self.sharp.shape[-1] // ZOOM) / (self.sharp.shape[-1] + 2)  # in pictures with their gap
        edge = Lines(path([1, 1 + corner, 1 + corner, 1, 1], [corner, corner, 0, 0, corner]), "#ffffff", width=2)
        both = pictures.sheet(torch.cat([small, shown]), 2, title, edge, share=1.6)
        return Frame((both, self.spectrum(seen), self.row(seen)), self.said(seen))

    def spectrum(self, seen: dict[str, Tensor]) -> Panel:
        """How much more or less power each lens has than the truth; the one looked through is shaded.

        Beyond the dashed line the small picture says little; the title says how far the power lies off there.
        """
        lens, last = self.parameters.lens, self.sharp.shape[-1] // 2
        limit = last // self.scale
        shown = dict.fromkeys((*(name for name in LENSES if name != "between"), lens))
        powers = {name: radial(seen[name].clamp(-1, 1))[0].numpy() for name in shown}
        more = {name: power - powers["truth"] for name, power in powers.items()}
        curves = [
            Lines(path(np.arange(1, last + 1), off), COLORS[name], width=3.6 if chosen else 2.0, fill=chosen)
            for name, off in more.items()
            for chosen in [name == lens]
        ]
        names, low = [], -np.inf
        for name in sorted(more, key=lambda one: more[one][-1]):  # each name at its curve's end, or just above
            low = max(low + APART, more[name][-1])
            names.append(Writing(np.array([[1.01 * last, low]]), (name,), COLORS[name]))
        edge = Lines(path([limit] * 2, list(POWER)), style.REFERENCE, dashed=True)
        said = Writing(np.array([[1.1 * limit, POWER[0] + 3]]), ("the small picture's limit",), style.REFERENCE)
        fine = more[lens][limit:]
        title = f"Fine detail: {fine.min():+.0f} to {fine.max():+.0f} dB beside the truth"
        if lens == "truth":
            title = "Power beside the truth's, from coarse to fine"
        return Panel((edge, said, *curves, *names), (1, 1.245 * last), POWER, title, "periods a side",
                     "power beside the truth's (dB)", share=1.6)  # fmt: skip

    def row(self, seen: dict[str, Tensor]) -> Panel:
        """A corner through all lenses, each below its name, with a mark under the one looked through."""
        lens, side = self.parameters.lens, self.sharp.shape[-1] // ZOOM
        pixels = torch.cat(list(seen.values()))[..., -side:, :side]
        names = [Writing(np.array([[place + 0.02, 1.1]]), (name,), COLORS[name]) for place, name in enumerate(LENSES)]
        mark = Lines(path(LENSES.index(lens) + np.array([0.01, 0.98]), -0.03), COLORS[lens], width=3)
        sheet = pictures.layer(pixels, len(LENSES), (0, len(LENSES), 0, 1), gap=1)
        return Panel((sheet, *names, mark), (0, len(LENSES)), (-0.05, 1.2), equal=True, bare=True, row=True, share=3.2)

    def said(self, seen: dict[str, Tensor]) -> str:
        """How near the picture is to the truth, by pixels and by a judge."""
        lens, truth = self.parameters.lens, seen["truth"]
        if lens == "truth":
            return "This is the true picture, from which the small one was made."
        far = superres.judged_distance(truth, seen[lens])
        careful = superres.judged_distance(truth, seen["L1"])
        return (
            f"PSNR {superres.psnr(truth, seen[lens]):.2f} dB (plain bicubic: "
            f"{superres.psnr(truth, seen['bicubic']):.2f}, L1: {superres.psnr(truth, seen['L1']):.2f}); "
            f"the judge's distance {far:.2f} (L1: {careful:.2f})."
        )
