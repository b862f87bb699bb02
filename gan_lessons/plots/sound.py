"""Sound to look at and to listen to: spectrograms, and tables of them with a player each."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO

import matplotlib
import soundfile
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

RATE, HOP = 8000, 64  # as in gan_lessons.spectrograms


def draw_log_mel(axes: Axes, log_mel: Tensor) -> None:
    """Show a log-mel spectrogram [64, frames] in [-1, 1]: time to the right in seconds, low sounds below."""
    seconds = log_mel.shape[1] * HOP / RATE
    axes.imshow(log_mel, origin="lower", vmin=-1, vmax=1, aspect="auto", extent=(0, seconds, 0, len(log_mel)))
    axes.set(xlabel="seconds", ylabel="mel band")


def draw_log_mels(figure: Figure, rows: Mapping[str, Tensor], columns: Sequence[str] = ()) -> None:
    """Show rows of log-mel spectrograms, [count, 64, frames] each, with their names and those of the columns."""
    count = max(map(len, rows.values()))
    grid = figure.subplots(len(rows), count, squeeze=False)
    for (name, pictures), line in zip(rows.items(), grid, strict=True):
        line[0].set_ylabel(name, parse_math=False)
        for axes in line:
            axes.set(xticks=[], yticks=[])
        for axes, picture in zip(line, pictures, strict=False):
            axes.imshow(picture, origin="lower", vmin=-1, vmax=1, aspect="auto")
    for axes, name in zip(grid[0], columns, strict=False):
        axes.set_title(name, loc="center", parse_math=False)


def wav_bytes(waveform: Tensor, rate: int = RATE) -> bytes:
    """A waveform [samples] in [-1, 1] at `rate` samples a second as a WAV file of 16 bits."""
    file = BytesIO()
    soundfile.write(file, waveform.clamp(-1, 1).numpy(), rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def png_bytes(log_mel: Tensor) -> bytes:
    """A log-mel spectrogram [64, frames] in [-1, 1] as a PNG file of bytes and a palette; low sounds below."""
    levels = ((log_mel.flip(0) + 1) * 127.5).round().clamp(0, 255).byte()
    picture = Image.fromarray(levels.numpy(), "P")
    picture.putpalette((matplotlib.colormaps["viridis"](range(256), bytes=True)[:, :3]).tobytes())
    file = BytesIO()
    picture.save(file, "png", optimize=True)
    return file.getvalue()


class Players:
    """A table of clips: named rows of waveforms [count, samples], a player each, under its spectrogram if given.

    It carries its sounds and pictures within, so it plays in JupyterLab and in exported HTML alike, without a kernel.
    `spectrograms` has the same rows, of log-mels [count, 64, frames].
    """

    def __init__(
        self, rows: Mapping[str, Tensor], columns: Sequence[str] = (), spectrograms: Mapping[str, Tensor] | None = None
    ):
        if wrong := [name for name, clips in rows.items() if clips.dim() != 2]:
            raise ValueError(f"The clips of {wrong[0]!r} must be waveforms [count, samples].")
        self.rows, self.columns, self.spectrograms = rows, columns, spectrograms or {}

    def __repr__(self) -> str:
        return "Players: " + ", ".join(f"{len(clips)} × {name}" for name, clips in self.rows.items())

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in ("", *self.columns))
        return f"<table><tr>{head}</tr>{''.join(map(self.row, self.rows))}</table>"

    def row(self, name: str) -> str:
        cells = "".join(f"<td>{self.cell(name, place)}</td>" for place in range(len(self.rows[name])))
        return f"<tr><th>{escape(name)}</th>{cells}</tr>"

    def cell(self, name: str, place: int) -> str:
        sound = base64.b64encode(wav_bytes(self.rows[name][place])).decode()
        player = f'<audio controls style="width:110px" src="data:audio/wav;base64,{sound}"></audio>'
        if name not in self.spectrograms:
            return player
        picture = base64.b64encode(png_bytes(self.spectrograms[name][place])).decode()
        described = f"log-mel spectrogram of clip {place + 1}, {escape(name)}"
        return f'<img width="110" height="80" alt="{described}" src="data:image/png;base64,{picture}"><br>{player}'
