"""Frames: packed for the browser, drawn on paper, counted by the stage."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure
from matplotlib.quiver import Quiver

from gan_lessons.labs.kit import lab as lab_module
from gan_lessons.labs.kit.frame import (
    Arrows,
    Frame,
    Handles,
    Heat,
    Lines,
    Panel,
    Points,
    Writing,
    path,
)
from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.kit.recording import Recording
from gan_lessons.labs.kit.stage import Stage
from gan_lessons.labs.kit.still import WIDTH, Still, draw_frame, rows_of
from gan_lessons.plots import style

EVERY_LAYER = Frame(
    (
        Panel(
            (
                Heat(np.array([[0.0, 1.0, np.nan], [-9.0, 9.0, 0.5]]), (0, 3, 0, 2), -1, 1, "PRGn"),
                Lines(path([0, 1, 2], [0, 1, 0]), "ink", "a line", fill=True),
                Points(np.array([[1.0, 1.0], [2.0, 1.5]]), "#0072B2", "points"),
                Arrows(np.array([[0.0, 0.0, 1.0, 0.5]]), "#D55E00", "arrows"),
                Handles(np.array([[1.0, 1.0]]), ("mean",), ("#009E73",)),
            ),
            (0, 3),
            (0, 2),
            "All layers",
            "x",
            "y",
            rows=((0, "low"), (2, "high")),
            columns=((1, "one"), (3, "three")),
        ),
    ),
    "One of each.",
)


def test_frames_are_packed_as_bytes():
    scene, data = pack(EVERY_LAYER)
    json.dumps(scene)
    heat, line, points, arrows, handles = scene["panels"][0]["layers"]
    assert [heat["kind"], line["kind"], handles["names"]] == ["Heat", "Lines", ("mean",)]
    assert list(data[:6]) == [128, 255, 128, 0, 255, 191] and len(heat["palette"]) == 11
    assert all(layer["start"] % 4 == 0 for layer in scene["panels"][0]["layers"])
    for layer, entry in zip(EVERY_LAYER.panels[0].layers[1:], (line, points, arrows, handles), strict=True):
        read = np.frombuffer(data, "<f4", layer.data.size, entry["start"]).reshape(entry["shape"])
        np.testing.assert_allclose(read, layer.data)


def test_paper_gets_the_same_arrays():
    figure = Figure()
    draw_frame(figure, EVERY_LAYER)
    (axes,) = figure.axes
    np.testing.assert_array_equal(axes.images[0].get_array().data, EVERY_LAYER.panels[0].layers[0].data)
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), EVERY_LAYER.panels[0].layers[1].data[0])
    assert any(np.array_equal(dots.get_offsets(), [[1, 1], [2, 1.5]]) for dots in axes.collections)
    (pushes,) = (drawn for drawn in axes.collections if isinstance(drawn, Quiver))
    assert [*pushes.XY[0], *pushes.U, *pushes.V] == [0.0, 0.0, 1.0, 0.5]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["low", "high"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["one", "three"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a line", "points", "arrows"]


def test_stage_counts_its_frames():
    stage = Stage()
    stage.show(EVERY_LAYER, "A note. One of each.")
    assert (stage.step, stage.sentence, repr(stage)) == (1, "A note. One of each.", "Stage(step=1)")


def test_writing_is_packed_drawn_and_recorded():
    layer = Writing(torch.tensor([[0.0, 1.0], [0.5, 0.25]]).numpy(), ("one", "two"), "#D55E00")
    middle = Writing(np.array([[0.5, 0.5]]), ("three",), centred=True)
    frame = Frame((Panel((layer, middle), (0, 1), (0, 1), "Three words", bare=True),), "Three.")
    entry = pack(frame)[0]["panels"][0]["layers"][0]
    assert (entry["kind"], entry["texts"], entry["color"]) == ("Writing", ("one", "two"), "#D55E00")
    still = Still(frame)
    assert [(text.get_text(), text.get_position(), text.get_ha()) for text in still.axes[0].texts] == [
        ("one", (0.0, 1.0), "left"), ("two", (0.5, 0.25), "left"), ("three", (0.5, 0.5), "center"),
    ]  # fmt: skip
    assert pack(frame)[0]["panels"][0]["layers"][1]["centred"]
    assert "two" in json.dumps(pack(frame)[0]) and "<!doctype html>" in Recording([frame]).page()


def test_labs_need_no_pyplot():
    """A callback may run in another thread, where pyplot gets its figures mixed up."""
    sources = [*Path(lab_module.__file__).parents[1].glob("*/*.py"), Path(style.__file__)]
    assert len(sources) > 8 and not any("pyplot" in source.read_text("utf-8") for source in sources)


def test_a_dollar_of_the_readers_is_a_dollar():
    words = Writing(np.array([[0.1, 0.5], [0.1, 0.2]]), ("$5 for $\\frac", "a_{b} $x$"))
    line = Lines(path([0, 1], 0.5), "ink", "it costs $\\")
    panel = Panel((words, line), (0, 1), (0, 1), "From $a to $\\b", "x $\\c", "$\\y", rows=((0.5, "$\\z"),))
    still = Still(Frame((panel,), "The walk stands at “$\\word”."))
    still.savefig(BytesIO(), format="png")
    assert still.axes[0].texts[0].get_text() == "$5 for $\\frac"


def test_a_head_is_no_longer_than_its_arrow_and_arrows_stay_inside():
    """A short push looks short, and a long one ends at the panel's rim."""
    arrows = Arrows(np.array([[0.2, 0.5, 0.005, 0.0], [0.5, 0.5, 3.0, 0.0]]), "#000000")
    still = Still(Frame((Panel((arrows,), (0, 1), (0, 1), "Pushes"),), "Two."))
    still.draw_without_rendering()
    drawn = still.axes[0].collections[0]
    short = np.ptp(drawn.get_paths()[0].vertices, axis=0) * drawn.get_transform().transform([[1, 0]])[0][0]
    width = still.axes[0].bbox.width
    assert drawn.get_clip_on() and short[0] < 0.02 * width


def test_a_still_is_as_wide_as_a_page():
    """What is wider goes into further rows, with whole titles; curves that would be alone there lie side by side."""
    sheet = Panel((), (0, 10), (0, 2), "Ten pictures in two rows", bare=True, equal=True, share=3)
    curve = Panel((), (0, 1), (0, 1), "A title that is longer than its panel is wide", "", "share")
    last = replace(curve, xlabel="step", below=True)
    still = Still(Frame((sheet, replace(curve, share=1.35), last, last), "Rows."))
    assert still.get_figwidth() <= WIDTH and len(still.axes) == 4
    still.draw_without_rendering()
    tops, lefts = ([axes.get_position().y1 for axes in still.axes], [axes.get_position().x0 for axes in still.axes])
    assert tops[0] > max(tops[1:]) and lefts[1] < lefts[2] < lefts[3]
    assert [axes.get_xlabel() for axes in still.axes] == ["", "step", "step", "step"]
    for axes in still.axes:
        box = axes._left_title.get_window_extent()
        assert box.x0 >= 0 and box.x1 <= still.bbox.width
    named = replace(curve, layers=(Lines(np.zeros((2, 2)), "red", "a line"),), title="Short")
    beside = Still(Frame((named, curve), "Titles and axes at one height."))
    beside.draw_without_rendering()
    for edges in zip(*((one._left_title.get_window_extent().y1, one.bbox.y1) for one in beside.axes), strict=True):
        assert np.ptp(edges) < 3  # pixels
    asked = Still(Frame((curve, replace(curve, row=True)), "Two rows."))
    assert len(rows_of(Frame((curve, replace(curve, row=True))))) == 2 and len(asked.axes) == 2
