"""Drawing functions put the given arrays, and nothing else, on the axes."""

import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from gan_lessons.plots import curves, images, points, style


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


def test_curves_smooth_and_take_medians(axes):
    steps, values = torch.arange(6), torch.tensor([[0.0, 1, 9]]).repeat(6, 1)
    curves.draw_curve(axes, steps, values, style.REAL, window=2)
    x, y = axes.lines[0].get_data()
    assert list(x) == [0.5, 2.5, 4.5] and list(y) == [1, 1, 1]
    assert len(axes.collections) == 1


def test_references_are_labelled(axes):
    curves.draw_reference(axes, 0.5, "perfect")
    assert axes.texts[0].get_text() == "perfect"
