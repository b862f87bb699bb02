"""PaintLab and InkLab: strokes by pointer and keyboard, what they become, and what a network makes of it."""

import numpy as np
import pytest
import torch

from gan_lessons.labs.kit.canvas import Canvas
from gan_lessons.labs.kit.frame import Lines
from gan_lessons.labs.translation import InkLab, PaintLab
from gan_lessons.labs.translation.grounds import GROUNDS, relief
from gan_lessons.labs.translation.paint import COLORS, FINER, ink, told
from tests.labs.small import drawn, paints

SIDE = 16


def event(kind: str, x: float, y: float, handle: object = None) -> dict:
    return {"kind": kind, "panel": 0, "x": x, "y": y, "handle": handle}


def number(brush: str) -> int:
    return list(GROUNDS).index(brush)


def test_a_stroke_reaches_its_radius_and_no_further() -> None:
    canvas = Canvas(20)
    canvas.line((0.25, 0.5), (0.75, 0.5), 3, 2)
    rows, columns = np.nonzero(canvas.cells)
    assert set(canvas.cells[rows, columns]) == {3}
    assert (rows.min(), rows.max()) == (8, 11) and (columns.min(), columns.max()) == (3, 16)
    canvas.line((0.0, 1.0), (0.0, 1.0), 2, 0.1)
    assert canvas.cells[0, 0] == 2, "y goes upwards, and the finest pen still marks a cell"


def test_undo_goes_back_a_stroke_at_a_time() -> None:
    canvas = Canvas(8)
    for value in (1, 2):
        canvas.keep()
        canvas.line((0.1, 0.1), (0.9, 0.9), value, 1)
    assert canvas.undo() and canvas.cells.max() == 1
    assert canvas.undo() and canvas.cells.max() == 0 and not canvas.undo()
    for value in (1, 0):
        canvas.keep()
        canvas.line((0.5, 0.5), (0.5, 0.5), value, 1)
    canvas.keep()
    canvas.line((0.1, 0.1), (0.1, 0.1), 0, 1)
    assert canvas.undo() and canvas.cells.max() == 1, "a stroke that changed nothing is passed over"


def test_the_pointer_draws_whole_lines_also_from_the_cursor() -> None:
    lab = PaintLab(paints, SIDE, scene="open sea", brush="mountains", size=6.0)
    lab.heed([event("down", 0.5, 0.5, ("across", "up")), event("move", 0.9, 0.5, ("across", "up"))])
    lab.heed([event("up", 0.9, 0.5, ("across", "up")), event("move", 0.1, 0.9)])
    assert (lab.canvas.cells[7:9, 8:14] == number("mountains")).all() and not lab.canvas.cells[:6].any()
    assert (lab.parameters.across, lab.parameters.up) == (0.5, 0.5)
    lab.take_back()
    assert not lab.canvas.cells.any() and "no stroke" not in lab.sentence
    lab.take_back()
    assert "There is no stroke to take back." in lab.sentence


def test_a_stroke_that_leaves_the_map_stops_at_its_edge() -> None:
    lab = PaintLab(paints, SIDE, scene="open sea", brush="ice", size=6.0)
    lab.heed([event("down", 0.5, 0.5), event("move", 7.0, 0.5), event("up", 7.0, 0.5)])
    assert lab.canvas.cells[8, -1] == number("ice") and "Error" not in lab.sentence


def test_keys_draw_where_the_cursor_is() -> None:
    lab = PaintLab(paints, SIDE, scene="open sea", size=6.0, across=0.2, up=0.2)
    for key in "2d":
        lab.heed([{"kind": "key", "key": key}])
    assert lab.parameters.brush == "green plain" and lab.canvas.cells.max() == number("green plain")
    marked = int((lab.canvas.cells > 0).sum())
    lab.heed([event("move", 0.8, 0.2, ("across", "up"))])
    assert lab.parameters.across == 0.8 and int((lab.canvas.cells > 0).sum()) == marked, "the pen is up"
    lab.heed([{"kind": "key", "key": "p"}, event("move", 0.8, 0.8, ("across", "up"))])
    assert lab.parameters.pen == "down" and (lab.canvas.cells[4:12, 12:14] == number("green plain")).all()
    lab.heed([{"kind": "key", "key": "u"}])
    assert int((lab.canvas.cells > 0).sum()) == marked
    lab.heed([{"kind": "key", "key": "9"}])  # the browser never sends it
    assert lab.parameters.brush == "green plain"


def test_the_cursor_shows_the_brush() -> None:
    lab = PaintLab(paints, SIDE, across=0.5, size=12.0)
    (ring,) = [layer for layer in lab.frame().panels[0].layers if isinstance(layer, Lines)]
    assert np.ptp(ring.data[0, :, 0]) == pytest.approx(0.24, rel=0.01) and ring.dashed
    lab.set(pen="down")
    (ring,) = [layer for layer in lab.frame().panels[0].layers if isinstance(layer, Lines)]
    assert not ring.dashed


def test_both_pictures_follow_what_is_painted() -> None:
    lab = PaintLab(paints, SIDE)
    shown, made = (drawn(panel)[0] for panel in lab.frame().panels)
    wanted = paints(relief(lab.canvas.cells))[0].permute(1, 2, 0)
    assert np.allclose(made, (wanted + 1) / 2, atol=1e-5) and "% of your map is land" in lab.sentence
    lab.heed([event("down", 0.1, 0.1), event("up", 0.1, 0.1)])
    now = [drawn(panel)[0] for panel in lab.frame().panels]
    assert not np.array_equal(now[0], shown) and not np.array_equal(now[1], made)
    lab.reset()
    assert np.array_equal(drawn(lab.frame().panels[0])[0], shown)
    lab.set(scene="open sea")
    assert lab.sentence.startswith("0 % of your map is land. ")


def test_the_relief_has_the_colours_and_shadows_of_its_grounds() -> None:
    for name, (color, _amount) in list(GROUNDS.items())[1:]:
        pixels = 127.5 * (relief(np.full((64, 64), number(name)))[0] + 1)
        assert np.allclose(pixels.mean((1, 2)), color, atol=3), name
    rough = relief(np.full((64, 64), number("mountains"))).std()
    assert rough > 4 * relief(np.full((64, 64), number("green plain")))[0, 0].std()
    cells = np.zeros((64, 64), int)
    cells[:, :8] = number("ice")
    brightness = relief(cells)[0].mean((0, 1))
    assert brightness[8] > brightness[20] > brightness[40], "the sea darkens away from the coast"
    assert torch.equal(relief(cells), relief(cells))


def test_ink_is_black_on_white_and_smooth_at_its_edge() -> None:
    cells = np.zeros((8 * FINER, 8 * FINER), int)
    cells[: 2 * FINER - 1] = 1
    pixels = ink(cells)
    assert pixels.shape == (1, 1, 8, 8) and pixels[0, 0, 0, 0] == -1 and pixels[0, 0, 7, 0] == 1
    assert -1 < pixels[0, 0, 1, 0] < 1
    lab = InkLab(lambda line: line.expand(-1, 3, -1, -1), 16, scene="white paper", brush="pen", size=6.0)
    assert "Ink covers 0 % of the paper. The picture is 100 % white." in lab.sentence
    lab.heed([event("down", 0.2, 0.2), event("move", 0.8, 0.8), event("up", 0.8, 0.8)])
    assert "100 % white" not in lab.sentence and lab.frame().panels[0].layers[0].data.min() < 0.3


def test_colours_are_told_by_their_share() -> None:
    made = torch.tensor(COLORS["blue"])[None, :, None, None].expand(1, 3, 10, 10).clone()
    made[..., :3] = torch.tensor(COLORS["white"])[:, None, None]
    made[..., 0, 3] = torch.tensor(COLORS["tan"])[:, None][0, 0]
    assert told(made / 127.5 - 1, COLORS).startswith("69 % blue, 30 % white")
    assert "tan" not in told(made / 127.5 - 1, COLORS), "what is rare is left out"


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (lambda relief: relief[:, :1], "not [1, 1, 16, 16]"),
        (lambda relief: relief[..., 1:], "not [1, 3, 16, 15]"),
        (lambda relief: relief * float("nan"), "not numbers"),
        (lambda relief: None, "not NoneType"),
    ],
)
def test_what_is_no_picture_is_told(network, words: str) -> None:
    assert words in PaintLab(network, SIDE).sentence


def test_a_film_shows_a_scene_stroke_by_stroke() -> None:
    lab = PaintLab(paints, SIDE)
    before = lab.canvas.cells.copy()
    film = lab.film("an island", 2)
    assert len(film.frames) > len(lab.scenes["an island"]) and film.frames[0].sentence.startswith("0 % of your map")
    assert np.array_equal(drawn(film.frames[-1].panels[0])[0], drawn(lab.frame().panels[0])[0])
    assert np.array_equal(lab.canvas.cells, before) and "<!doctype html>" in film.page()
