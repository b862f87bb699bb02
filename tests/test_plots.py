"""Drawing functions put the given arrays, and nothing else, on the axes."""

import base64
import re
from io import BytesIO

import matplotlib as mpl
import numpy as np
import pytest
import soundfile
import torch
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from gan_lessons.plots import curves, images, points, sound, style, text
from gan_lessons.spectrograms import log_mel


@pytest.fixture
def axes():
    return Figure().add_subplot()


def test_points_are_drawn_in_their_colours(axes):
    real, fake = torch.randn(2, 5, 2)
    points.draw_points(axes, real, fake)
    drawn = axes.collections
    assert [to_hex(dots.get_facecolor()[0]).upper() for dots in drawn] == [style.REAL, style.FAKE]
    torch.testing.assert_close(torch.tensor(drawn[1].get_offsets()).float(), fake)
    assert axes.get_xlim() == (-3, 3)


def test_scores_are_drawn_around_zero(axes):
    image = points.draw_scores(axes, torch.tensor([[-2.0, 0.0], [1.0, 0.5]]))
    assert image.get_clim() == (-2, 2)


def test_sheets_lay_pictures_out_in_rows():
    pixels = torch.stack([torch.full((1, 4, 4), value) for value in (-1.0, 0.0, 1.0)])
    sheet = images.tile(pixels, columns=2, gap=1)
    assert sheet.shape == (9, 9, 1)
    assert [sheet[0, 0, 0], sheet[0, 5, 0], sheet[5, 0, 0], sheet[5, 5, 0]] == [0, 0.5, 1, 1]


def test_rows_of_sheets_have_their_names_beside_them(axes):
    images.draw_sheet(axes, torch.zeros(5, 1, 4, 4), 2, ("a", "b", "c"))
    assert [(text.get_text(), text.xy[1]) for text in axes.texts] == [("a", 2), ("b", 8), ("c", 14)]
    with pytest.raises(ValueError, match="5 pictures in rows of 2 have 3 rows, not 2"):
        images.draw_sheet(axes, torch.zeros(5, 1, 4, 4), 2, ("a", "b"))


def test_curves_smooth_and_take_medians(axes):
    steps, values = torch.arange(6), torch.tensor([[0.0, 1, 9]]).repeat(6, 1)
    curves.draw_curve(axes, steps, values, style.REAL, window=2)
    x, y = axes.lines[0].get_data()
    assert list(x) == [0.5, 2.5, 4.5] and list(y) == [1, 1, 1]
    assert len(axes.collections) == 1


def test_references_are_labelled(axes):
    curves.draw_reference(axes, 0.5, "perfect")
    assert axes.texts[0].get_text() == "perfect"


def test_dollars_in_texts_are_dollars():
    """Headlines are full of them, and $x_$ is no formula that matplotlib could set."""
    odd = "up $5_$ from $^$"
    figure = Figure()
    text.draw_texts(figure.add_subplot(), [odd] * 3)
    curves.draw_reference(figure.add_subplot(), 0.5, odd)
    figure.canvas.draw()


def test_players_carry_their_sounds():
    clips = torch.sin(torch.arange(4096) * 0.3).expand(2, -1) * 0.5
    table = sound.Players({"real": clips}, ["one", "two"], {"real": torch.zeros(2, 64, 64)})
    html = table._repr_html_()
    heard, rate = soundfile.read(BytesIO(base64.b64decode(re.findall(r"audio/flac;base64,([^\"]+)", html)[0])))
    assert rate == 8000
    assert heard == pytest.approx(clips[0].numpy(), abs=1e-4)
    assert html.count("<audio") == html.count("<img") == 2 and "http" not in html
    assert len(html) / 2 < 40_000
    assert "overflow-x:auto" in html.split("<table")[0], "a narrow page cuts the last clips off"
    assert repr(table) == "Players: 2 × real"
    with pytest.raises(ValueError, match="waveforms"):
        sound.Players({"real": clips[0]})


def test_players_have_the_colours_of_their_roles():
    rows = dict.fromkeys(("real", "vocoder", "noise", "without a GAN"), torch.zeros(1, 4096))
    html = sound.Players(rows, colors={"noise": "inherit", "without a GAN": style.AVERAGE})._repr_html_()
    assert re.findall(r"<th style='color:([^;]+)", html) == [style.REAL, style.FAKE, "inherit", style.AVERAGE]


@pytest.mark.parametrize(("count", "wide"), [(2, sound.WIDE), (5, 108), (9, sound.NARROWEST)])
def test_more_players_are_narrower_so_that_a_page_holds_them(count, wide):
    html = sound.Players({"fake": torch.zeros(count, 4096)})._repr_html_()
    assert html.count(f"width:{wide}px") == count


def test_a_row_without_pictures_lies_below_those_that_have_some():
    clips = torch.zeros(1, 4096)
    rows, pictures = {"real": clips, "fake": clips}, {"real": torch.zeros(1, 64, 64)}
    assert sound.Players(rows, (), pictures)._repr_html_().count(f"margin-left:{sound.AXIS}px") == 2
    assert sound.Players(rows)._repr_html_().count("margin-left:0px") == 2


@pytest.mark.parametrize("hertz", [250, 1000, 2000])
def test_a_tone_lies_where_the_axis_says(hertz):
    tone = torch.sin(2 * torch.pi * hertz * torch.arange(4096) / 8000)
    band = int(log_mel(tone[None])[0, :, 20:40].mean(1).argmax())
    assert sound.height(hertz) == pytest.approx((band + 0.5) / 64, abs=1 / 64)


def test_spectrograms_lie_with_low_sounds_below():
    sound.draw_log_mel(axes := Figure().subplots(), torch.zeros(64, 128))
    assert axes.images[0].origin == "lower"
    assert axes.images[0].get_extent()[1] == pytest.approx(1.024)


def test_a_small_picture_has_low_sounds_below_in_the_colours_of_the_figures():
    log_mel = torch.full((64, 32), -1.0)
    log_mel[0] = 1.0
    picture = np.asarray(Image.open(BytesIO(sound.png_bytes(log_mel))).convert("RGB"))
    assert picture.shape == (64, 32, 3)
    ends = mpl.colormaps[sound.COLORS]([0, 255], bytes=True)[:, :3]
    assert (picture[:-1] == ends[0]).all() and (picture[-1] == ends[1]).all()
