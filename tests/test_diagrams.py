"""Diagrams and animations: what they draw, what they refuse, and that they are small."""

import io
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from PIL import Image

from gan_lessons.plots import diagrams, motion
from gan_lessons.plots.boxes import HIGH, NAME, ROW, WIDE, Arrow, Box, Diagram
from gan_lessons.plots.curves import label_ends

SVG = "{http://www.w3.org/2000/svg}"


def words(diagram: Diagram) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(diagram.svg).iter(f"{SVG}text")]


def pale(diagram: Diagram) -> set[str]:
    groups = ElementTree.fromstring(diagram.svg).iter(f"{SVG}g")
    return {text.text or "" for group in groups if group.get("opacity") != "1" for text in group.iter(f"{SVG}text")}


def test_a_gan_shows_all_its_parts() -> None:
    drawn = words(diagrams.gan(real="photographs"))
    for name in ("noise z", "generator G", "fake G(z)", "real x", "discriminator D", "losses", "photographs"):
        assert name in drawn
    assert not pale(diagrams.gan())


def test_a_narrow_page_shrinks_a_diagram() -> None:
    page = diagrams.gan()._repr_html_()
    assert "max-width:100%;height:auto" in page
    assert unquote(page.split('src="data:image/svg+xml,')[1].split('"')[0]) == diagrams.gan().svg


def test_only_what_is_lit_stands_out() -> None:
    faint = pale(diagrams.gan(lit=["generator", "fake"]))
    assert {"noise z", "real x", "discriminator D", "losses"} <= faint
    assert not {"generator G", "fake G(z)"} & faint


@pytest.mark.parametrize(
    ("lit", "count"), [(["losses"], 0), (["gradient to D"], 1), (["gradient to fake"], 2), (["gradients"], 3)]
)
def test_gradients_flow_where_they_are_asked_for(lit: list[str], count: int) -> None:
    assert diagrams.gan(lit=lit).svg.count("url(#gradient)") == count


def test_a_gradient_that_does_not_flow_is_crossed_out() -> None:
    cut = diagrams.gan(lit=["no gradient to fake"])
    assert "no gradient" in words(cut) and cut.svg.count("l16 16m0 -16l-16 16") == 1


def test_a_gradient_runs_above_the_boxes_where_it_bends_that_way() -> None:
    boxes = [Box("x", 0, 0), Box("network", 1, 0)]
    above, below = (diagrams.flow(boxes, [Arrow("network", "x", gradient=True, bend=bend)]).svg for bend in (-1, 0))
    assert "translate(0 30)" in above and "translate" not in below


def test_a_frozen_player_is_hatched_and_a_condition_enters_both() -> None:
    assert "url(#frozen)" in diagrams.gan(frozen=["discriminator"]).svg
    plain, asked = diagrams.gan().svg, diagrams.gan(condition=True).svg
    assert asked.count("url(#data)") == plain.count("url(#data)") + 2
    assert "a log-mel" in words(diagrams.gan(condition="a log-mel"))
    assert "fake G(z, c)" in words(diagrams.gan(condition=True))


def test_a_generator_without_noise_gets_its_condition_alone() -> None:
    drawn = words(diagrams.gan(condition="a picture", noise=None))
    assert "fake G(c)" in drawn and "noise z" not in drawn


@pytest.mark.parametrize(("bend", "place"), [(-1, "above"), (0, "below")])
def test_a_loss_that_compares_two_boxes_runs_clear_of_them(bend: float, place: str) -> None:
    boxes = [Box("x", 0, 0), Box("network", 1, 0), Box("x again", 2, 0)]
    svg = diagrams.flow(boxes, [Arrow("x again", "x", "is it x?", compared=True, bend=bend)]).svg
    assert "marker-start" in svg
    tree = ElementTree.fromstring(svg)
    [words_at] = [float(text.get("y", 0)) for text in tree.iter(f"{SVG}text") if text.text == "is it x?"]
    tops = [float(box.get("y", 0)) for box in tree.iter(f"{SVG}rect") if box.get("rx") == "8"]
    assert words_at < min(tops) if place == "above" else words_at > max(tops) + HIGH


def test_a_loss_between_a_fake_and_its_real_one_runs_straight_between_the_two() -> None:
    plain, held = (diagrams.gan(condition=True, noise=None, compared=loss) for loss in ("", "L1"))
    assert "marker-start" in held.svg and "marker-start" not in plain.svg and "L1" in words(held)
    [before, after] = (ElementTree.fromstring(drawn.svg) for drawn in (plain, held))
    assert after.get("height") == before.get("height")  # nothing runs around the boxes
    [path] = [path.get("d", "") for path in after.iter(f"{SVG}path") if path.get("marker-start")]
    (x, y), (middle, _), (u, v) = ((float(a), float(b)) for a, b in re.findall(r"([\d.]+) ([\d.]+)", path))
    assert x == middle == u and 0 < v - y < ROW - HIGH


def test_text_is_at_least_nine_points_on_a_page() -> None:
    for diagram in (
        diagrams.gan(lit=["gradients"]),
        diagrams.stack("D", [("conv", "8 × 14 × 14")] * 8, start="1 × 28 × 28"),
    ):
        drawn = ElementTree.fromstring(diagram.svg)
        sizes = [float(text.get("font-size", 0)) for text in drawn.iter(f"{SVG}text")]
        shrunk = min(1, 7.2 * 96 / float(drawn.get("width", 0)))
        assert min(sizes) * shrunk >= 12  # pixels: 9 points


def test_the_longest_name_leaves_its_box_air_in_the_widest_font() -> None:
    bold = FontProperties(family="DejaVu Sans", weight="bold")  # where there is neither Helvetica nor Arial
    wide = TextPath((0, 0), "discriminator D", size=NAME, prop=bold).get_extents().width
    assert "DejaVu Sans Condensed" in diagrams.gan().svg and 0.9 * wide <= WIDE - 20


def test_a_long_stack_stands_in_rows_of_equal_length() -> None:
    layers = [(f"layer {k}", "8 × 4 × 4") for k in range(8)]
    drawn = ElementTree.fromstring(diagrams.stack("G", layers, start="z: 64").svg)
    bars = [(float(bar.get("x", 0)), float(bar.get("y", 0))) for bar in drawn.iter(f"{SVG}rect")][1:]
    assert [x for x, _ in bars[:4]] == [x for x, _ in bars[4:]] and bars[4][1] > bars[0][1]


def test_a_stack_writes_each_shape_and_follows_the_side() -> None:
    stack = diagrams.stack("Generator", [("linear", "96 × 7 × 7"), ("upsample, conv", "48 × 14 × 14")], start="z: 64")
    assert {"Generator", "z: 64", "linear", "96 × 7 × 7", "upsample", "conv", "48 × 14 × 14"} <= set(words(stack))
    heights = [float(bar.get("height", 0)) for bar in ElementTree.fromstring(stack.svg).iter(f"{SVG}rect")][1:]
    assert heights[0] < heights[1]


def test_words_are_escaped() -> None:
    assert "a < b & c" in words(diagrams.flow([Box("a < b & c", 0, 0)]))


def test_faults_of_diagrams_are_told() -> None:
    with pytest.raises(ValueError, match="no part 'critic'"):
        diagrams.gan(lit=["critic"])
    with pytest.raises(ValueError, match="no box 'b'"):
        diagrams.flow([Box("a", 0, 0)], [Arrow("a", "b")])
    with pytest.raises(ValueError, match="at least one layer"):
        diagrams.stack("D", [])


def frames(count: int, size: int = 40) -> list[np.ndarray]:
    steps = np.linspace(0, 255, size).astype(np.uint8)
    return [np.roll(np.broadcast_to(steps, (size, size)), k, axis=1) for k in range(count)]


def test_an_animation_moves_for_ever_and_rests_at_its_end() -> None:
    with Image.open(io.BytesIO(motion.Animation(frames(5), milliseconds=100, rest=900).png)) as shown:
        assert (shown.n_frames, shown.info["loop"]) == (6, 0)  # the last is the first, too: paper shows it
        seen, durations = [], []
        for k in range(6):
            shown.seek(k)
            durations.append(shown.info["duration"])
            seen.append(np.asarray(shown.convert("L"), dtype=int))
    assert durations == [100, 100, 100, 100, 100, 900]
    for got, wanted in zip(seen, [frames(5)[-1], *frames(5)], strict=True):
        assert np.abs(got - wanted).max() <= 8  # the palette's step


def test_large_areas_keep_their_colors() -> None:
    rng = np.random.default_rng(0)
    flat = np.repeat(rng.integers(200, 256, (12, 3), dtype=np.uint8), 300, 0).reshape(60, 60, 3)  # twelve pale bands
    thin = flat.copy()
    thin[::4, ::3] = rng.integers(256, size=(15, 20, 3), dtype=np.uint8)  # and 300 colors of single pixels
    with Image.open(io.BytesIO(motion.Animation([thin, flat], colors=24).png)) as shown:
        shown.seek(2)
        assert np.abs(np.asarray(shown.convert("RGB"), dtype=int) - flat).max() <= 4  # PIL's search goes by fours
        assert len(shown.convert("RGB").getcolors()) <= 24


def test_figures_become_frames() -> None:
    figures = [Figure(figsize=(2, 1), dpi=100) for _ in range(2)]
    figures[1].subplots().plot([0, 1])
    data, metadata = motion.Animation(figures, width=150)._repr_png_()
    assert data.startswith(b"\x89PNG") and metadata == {"width": 150}


def test_faults_of_animations_are_told() -> None:
    with pytest.raises(ValueError, match="at least one frame"):
        motion.Animation([])
    with pytest.raises(ValueError, match="differ in size"):
        motion.Animation([*frames(1, 40), *frames(1, 50)])
    noise = [np.random.default_rng(k).integers(256, size=(300, 300, 3), dtype=np.uint8) for k in range(8)]
    with pytest.raises(ValueError, match="more than 400,000"):
        motion.Animation(noise, colors=motion.PICTURED)  # a larger palette is slow to find in noise


def test_names_at_the_ends_keep_their_distance_and_their_order() -> None:
    axes = Figure(dpi=100).subplots()
    for name, height in (("low", 0.0), ("middle", 0.01), ("high", 0.02), ("far", 1.0)):
        axes.plot([0, 1], [0, height], label=name)
    axes.plot([0, 1], [1, 0])
    axes.set(xlim=(0, 1), ylim=(0, 1))
    label_ends(axes)
    heights = {
        text.get_text(): axes.transData.transform(text.xy)[1] * 0.72 + text.get_position()[1] for text in axes.texts
    }
    assert list(heights) == ["low", "middle", "high", "far"]
    assert np.diff(list(heights.values())).min() > 12.9
