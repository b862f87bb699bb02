"""VoiceLab: move a voice along latent directions, see its spectrogram, hear it, and see what the judge hears."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from gan_lessons.labs.kit.controls import Choice, Preset, Range, chosen, ranged
from gan_lessons.labs.kit.frame import Frame, Heat, Lines, Panel, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.latents import latent_simulation as latent
from gan_lessons.plots import style
from gan_lessons.plots.sound import HERTZ, HOP, RATE, height, wav_bytes
from gan_lessons.spectrograms import griffin_lim

if TYPE_CHECKING:
    from gan_lessons.labs.kit.view import View

PROBES = 192  # noises by which the directions are found
EFFECTS = (("louder", "softer"), ("brighter", "darker"), ("longer", "shorter"))  # towards the positive end, or away
LITTLE = 0.3  # spreads
NAMES = ("first", "second", "third", "fourth")
FAR = 4.0  # how far a slider goes, in standard deviations of the noise
LISTEN = "Press the player to hear it. Without an audio device the lab stays silent, and everything else works."


def principal_of_output(draw: Callable[[Tensor, Tensor], Tensor], dim: int, classes: int, count: int) -> Tensor:
    """Directions [count, dim] that lead along the principal components of the log-mels, each class around its mean.

    As Härkönen et al. 2020, arXiv:2004.02546, do it with a layer's activations.
    """
    labels = torch.arange(PROBES) % classes
    noises = latent.noise(dim, 0, PROBES)
    drawn = draw(noises, labels).flatten(1)
    for label in range(classes):
        drawn[labels == label] -= drawn[labels == label].mean(0)
    coordinates = drawn @ torch.linalg.svd(drawn, full_matrices=False)[2][:count].T
    return latent.signed(torch.linalg.lstsq(coordinates, noises - noises.mean(0)).solution)


@dataclass(frozen=True)
class VoiceParameters:
    """A class, a noise, and the way from it along four directions."""

    word: str = chosen("0", ("0",), "Digit", "What is to be said")
    seed: int = ranged(0, 0, 99, 1, "Noise", "The noise from which the sliders start")
    first: float = ranged(0.0, -FAR, FAR, 0.1, "Direction 1", "Along the direction that changes the sound most")
    second: float = ranged(0.0, -FAR, FAR, 0.1, "Direction 2", "Along the second direction")
    third: float = ranged(0.0, -FAR, FAR, 0.1, "Direction 3", "Along the third direction")
    fourth: float = ranged(0.0, -FAR, FAR, 0.1, "Direction 4", "Along the fourth direction")


def properties(log_mels: Tensor) -> Tensor:
    """Loudness, brightness (mean band) and length (share of sounding frames) of log-mels [n, bands, frames]: [n, 3]."""
    energy = ((log_mels + 1) / 2).clamp(min=0)
    bands = torch.linspace(0, 1, energy.shape[1])[:, None]
    frames = energy.mean(1)
    loud = frames.mean(1)
    bright = (energy * bands).sum((1, 2)) / energy.sum((1, 2)).clamp(min=1e-6)
    long = (frames > 0.5 * frames.amax(1, keepdim=True)).float().mean(1)
    return torch.stack([loud, bright, long], 1)


class VoiceLab(Lab):
    """What a conditional generator says along its strongest latent directions, to see, to hear and to be judged.

    `draw` takes noise [n, dim] and labels [n] to log-mels [n, 64, frames], `voice` log-mels to waveforms [n, samples],
    `judge` log-mels to scores of the classes and of the voices, which `speakers` name. The `directions` [4, dim] are
    found if not given.
    """

    Parameters = VoiceParameters
    empty = "No voice"
    presets = (
        Preset("the noise itself", "Watch what the judge hears where all four sliders are at 0.",
               dict.fromkeys(NAMES, 0.0), fresh=False),
        Preset("far ahead", "Watch what the judge hears: so far from most noises, is it still the same digit?",
               {"first": FAR}, fresh=False),
        Preset("far back", "Watch the spectrogram: the first direction changes it most, and here the other way.",
               {"first": -FAR}, fresh=False),
    )  # fmt: skip

    def __init__(
        self,
        draw: Callable[[Tensor, Tensor], Tensor],
        dim: int,
        judge: Callable[[Tensor], tuple[Tensor, Tensor]],
        voice: Callable[[Tensor], Tensor] = griffin_lim,
        words: Sequence[str] = tuple("0123456789"),
        directions: Tensor | None = None,
        speakers: Sequence[str] = (),
        **values: Any,
    ):
        self.words, self.given, self.speakers = tuple(map(str, words)), directions, tuple(map(str, speakers))
        self.own, self.voice, self.judge, self.dim = draw, voice, judge, dim
        self.log_mel = self.waveform = torch.empty(0)
        super().__init__()
        self.set(**{"word": self.words[0], **values})

    def prepare(self) -> None:
        found = self.given
        if found is None:
            found = principal_of_output(self.draw, self.dim, len(self.words), 4)
        if found.shape != (4, self.dim):
            raise ValueError(f"The directions have the shape [4, {self.dim}], not {list(found.shape)}.")
        self.directions = found
        voices = self.judge(self.draw(latent.noise(self.dim, 0), torch.tensor([0])))[1].shape[1]
        if self.speakers and len(self.speakers) != voices:
            raise ValueError(f"The judge tells {voices} voices apart, and {len(self.speakers)} speakers have names.")
        for name, word in zip(NAMES, self.effects(), strict=True):
            known: Any = self.allowed[name]
            self.allowed[name] = replace(known, label=f"{known.label.split(':')[0]}: {word}")

    def effects(self) -> list[str]:
        """What each direction changes most, towards its positive end, in spreads of that property over noises."""
        labels = torch.arange(PROBES) % len(self.words)
        noises = latent.noise(self.dim, 1, PROBES)
        usual = properties(self.draw(noises, labels)).std(0) + 1e-6
        found = []
        for direction in self.directions:
            high, low = (properties(self.draw(noises + side * direction, labels)) for side in (1.5, -1.5))
            change = ((high - low).mean(0) / usual).nan_to_num()
            k = int(change.abs().argmax())
            found.append(EFFECTS[k][int(change[k] < 0)] if change.abs()[k] > LITTLE else "little changes")
        return found

    def controls(self) -> dict[str, Range | Choice]:
        found = super().controls()
        return {**found, "word": Choice(self.words, found["word"].label, found["word"].tooltip)}

    def draw(self, noise: Tensor, labels: Tensor) -> Tensor:
        """Log-mel spectrograms on the CPU, [n, 64, frames]."""
        with torch.inference_mode():
            drawn = self.own(noise, labels).detach().cpu().float()
        if drawn.dim() != 3 or not drawn.isfinite().all():
            raise ValueError(f"The generator draws no log-mels [n, bands, frames] of numbers, but {list(drawn.shape)}.")
        return drawn.clone()

    def noise(self) -> Tensor:
        """The noise where the sliders stand, [1, dim]."""
        p = self.parameters
        steps = torch.tensor([p.first, p.second, p.third, p.fourth])
        return latent.noise(self.dim, p.seed) + steps @ self.directions

    # What is shown

    def picture(self) -> Frame:
        # the parameters' own default is no word of other words
        label = self.words.index(self.parameters.word) if self.parameters.word in self.words else 0
        log_mels = self.draw(self.noise(), torch.tensor([label]))
        with torch.inference_mode():
            waveform = self.voice(log_mels)[0].detach().cpu().float()
            digits, voices = (scores.float().softmax(1)[0].cpu() for scores in self.judge(log_mels))
        self.log_mel, self.waveform = log_mels[0], waveform
        names = self.speakers or [f"{k + 1}" for k in range(len(voices))]
        read, who = int(digits.argmax()), int(voices.argmax())
        said = (
            f"Asked for {self.words[label]}: the judge reads {self.words[read]} ({digits[read]:.0%}), "
            f"in the voice {names[who]}, one of {len(voices)} ({voices[who]:.0%}). This noise has the length "
            f"{self.noise().norm():.1f} (usual: {self.dim**0.5:.1f})."
        )
        who_panel = bars(voices, names, "Whose voice it hears")
        return Frame((self.spectrogram(), self.reading(digits), who_panel), said)

    def spectrogram(self) -> Panel:
        bands, frames = self.log_mel.shape
        seconds = frames * HOP / RATE
        heat = Heat(self.log_mel.numpy(), (0, seconds, 0, bands), -1, 1, "magma", smooth=False)
        pitches = tuple((bands * height(hertz), f"{hertz:,}") for hertz in HERTZ)
        return Panel((heat,), (0, seconds), (0, bands), "Log-mel spectrogram", "seconds", "Hz", rows=pitches, share=1.2)

    def reading(self, digits: Tensor) -> Panel:
        return bars(digits, self.words, "What the judge reads")

    # The notebook's side

    def more(self, view: "View") -> dict[str, Sequence[Any]]:
        from ipywidgets import HTML, Audio

        self.audio = Audio(value=b"", format="wav", autoplay=False, loop=False)
        back = view.button("Back to the noise", "All four sliders to 0", self.back)
        self.audio.layout.height = "34px"
        return {"": [self.audio, back], "below": [HTML(LISTEN)]}

    def back(self) -> None:
        """Put all four sliders to 0."""
        self.set(first=0.0, second=0.0, third=0.0, fourth=0.0)

    def refresh(self, view: "View") -> None:
        if len(self.waveform):
            self.audio.value = wav_bytes(self.waveform)


def bars(shares: Tensor, names: Sequence[str], title: str) -> Panel:
    """A bar for each probability, with its name, the first on top."""
    last = len(shares) - 1
    lines = tuple(Lines(path([0, float(share)], last - k), style.FAKE, width=7) for k, share in enumerate(shares))
    rows = tuple((last - k, name) for k, name in enumerate(names))
    return Panel(lines, (0, 1), (-0.7, last + 0.7), title, "probability", rows=rows, share=0.8)
