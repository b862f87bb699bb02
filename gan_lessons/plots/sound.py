"""Sound to look at and to listen to: spectrograms, and tables of them with a player each."""

import base64
import math
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO

import matplotlib
import soundfile
from matplotlib.axes import Axes
from PIL import Image
from torch import Tensor

from gan_lessons.plots import style

RATE, HOP = 8000, 64  # as in gan_lessons.spectrograms
WIDE, HIGH, WIDEST = 200, 124, 620  # pixels of a spectrogram above its player: of a clip of half a second, or at most
PAGE, NARROWEST = 740, 96  # pixels that a notebook's page leaves for a table, and those that a player needs
AXIS = 40  # pixels left of a row's first spectrogram, for its kilohertz
CLIP = 4096  # samples of such a clip
HERTZ = (250, 500, 1000, 2000, 4000)  # marked on axes
COLORS = "magma"


def draw_log_mel(axes: Axes, log_mel: Tensor) -> None:
    """Show a log-mel spectrogram [64, frames] in [-1, 1]: time to the right in seconds, low sounds below."""
    seconds = log_mel.shape[1] * HOP / RATE
    extent = (0, seconds, 0, 1)
    axes.imshow(log_mel, origin="lower", vmin=-1, vmax=1, aspect="auto", extent=extent, cmap=COLORS)
    axes.set(xlabel="seconds", ylabel="Hz", yticks=[height(hertz) for hertz in HERTZ], ylim=(0, height(HERTZ[-1])))
    axes.set_yticklabels([f"{hertz:,}" for hertz in HERTZ])


def wav_bytes(waveform: Tensor, rate: int = RATE, form: str = "WAV") -> bytes:
    """A waveform [samples] in [-1, 1] at `rate` samples a second as a WAV file of 16 bits, or as FLAC, half as long."""
    file = BytesIO()
    soundfile.write(file, waveform.clamp(-1, 1).numpy(), rate, format=form, subtype="PCM_16")
    return file.getvalue()


def png_bytes(log_mel: Tensor) -> bytes:
    """A log-mel spectrogram [64, frames] in [-1, 1] as a PNG file of bytes and a palette; low sounds below."""
    levels = ((log_mel.flip(0) + 1) * 127.5).round().clamp(0, 255).byte()
    picture = Image.fromarray(levels.numpy(), "P")
    picture.putpalette((matplotlib.colormaps[COLORS](range(256), bytes=True)[:, :3]).tobytes())
    file = BytesIO()
    picture.save(file, "png", optimize=True)
    return file.getvalue()


class Players:
    """A table of clips: named rows of waveforms [count, samples], a player each, under its spectrogram if given.

    It carries its sounds and pictures within, so it plays in JupyterLab and in exported HTML alike, without a kernel.
    `spectrograms` has the same rows, of log-mels [count, 64, frames]; their axes are kilohertz and seconds. Rows whose
    name begins with "real" have the colour of real data, the others that of fakes, and those in `colors` the one given
    there: "inherit" is that of the text around.
    """

    def __init__(
        self,
        rows: Mapping[str, Tensor],
        columns: Sequence[str] = (),
        spectrograms: Mapping[str, Tensor] | None = None,
        colors: Mapping[str, str] | None = None,
    ):
        if wrong := [name for name, clips in rows.items() if clips.dim() != 2]:
            raise ValueError(f"The clips of {wrong[0]!r} must be waveforms [count, samples].")
        self.rows, self.columns, self.spectrograms, self.colors = rows, columns, spectrograms or {}, colors or {}

    def __repr__(self) -> str:
        return "Players: " + ", ".join(f"{len(clips)} × {name}" for name, clips in self.rows.items())

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:center'>{escape(name)}</th>" for name in ("", *self.columns))
        table = f"<table style='border-spacing:6px'><tr>{head}</tr>{''.join(map(self.row, self.rows))}</table>"
        return f"<div style='overflow-x:auto'>{table}</div>"  # on a narrow page it scrolls, and is not cut off

    def row(self, name: str) -> str:
        color = style.row_color(name, self.colors)
        cells = "".join(
            f"<td style='vertical-align:top;padding:2px'>{self.cell(name, place)}</td>"
            for place in range(len(self.rows[name]))
        )
        return f"<tr><th style='color:{color};max-width:90px;white-space:normal'>{escape(name)}</th>{cells}</tr>"

    def cell(self, name: str, place: int) -> str:
        sound = base64.b64encode(wav_bytes(self.rows[name][place], form="FLAC")).decode()
        label = escape(f"{name}, clip {place + 1}", quote=True)
        room = max((PAGE - 100 - AXIS) // len(self.rows[name]) - 12, NARROWEST)
        wide = min(width(self.rows[name].shape[1]), room)
        axis = AXIS if self.spectrograms and place == 0 else 0  # a row of players alone lies below the others
        player = (
            f'<audio controls aria-label="{label}" '
            f'style="width:{wide}px;height:32px;display:block;margin-left:{axis}px" '
            f'src="data:audio/flac;base64,{sound}"></audio>'
        )
        if name not in self.spectrograms:
            return player
        return self.picture(label, self.spectrograms[name][place], wide, axis) + player

    def picture(self, label: str, log_mel: Tensor, wide: int, axis: int) -> str:
        """A spectrogram with its axes; `axis` pixels on the left hold the kilohertz, if any, 14 below the seconds."""
        png = base64.b64encode(png_bytes(log_mel)).decode()
        seconds = log_mel.shape[1] * HOP / RATE
        small = "position:absolute;font:12px sans-serif"
        tops = {tick: max(HIGH * (1 - height(1000 * tick)) - 7, -3) for tick in (0.5, 1, 2, 4)}
        kilohertz = "".join(
            f"<span style='{small};left:0;width:{AXIS - 5}px;text-align:right;top:{top:.0f}px'>"
            f"{tick:g}{'&nbsp;kHz' if tick == 4 else ''}</span>"
            for tick, top in tops.items()
        )
        return (
            f"<div style='position:relative;width:{wide + axis}px;height:{HIGH + 15}px'>{kilohertz if axis else ''}"
            f'<img alt="spectrogram of {label}" src="data:image/png;base64,{png}" '
            f'style="position:absolute;left:{axis}px;top:0;width:{wide}px;height:{HIGH}px;max-width:none">'
            f"<span style='{small};left:{axis}px;bottom:0'>0</span>"
            f"<span style='{small};right:0;bottom:0'>{seconds:.2f}&nbsp;s</span></div>"
        )


def width(samples: int) -> int:
    """How many pixels wide a clip is shown at most: in proportion to its length, within what a page can hold."""
    return round(min(max(WIDE * samples / CLIP, WIDE), WIDEST))


def height(hertz: float) -> float:
    """Where a frequency lies in a log-mel spectrogram of 64 bands, 50 to 4,000 Hz: 0 (bottom) to 1 (top)."""
    low, high, here = (math.log1p(one / 700) for one in (50, 4000, hertz))
    return ((here - low) / (high - low) * 65 - 0.5) / 64
