"""Timelines: every operation of a step is noted with its part, and laid out as a device would run it."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from gan_lessons import recipes, timelines
from gan_lessons.plots.timelines import COLORS, draw_timeline, name_parts
from gan_lessons.recipes import Modern
from gan_lessons.timelines import Operation, Span

SMALL = replace(recipes.find("digits", "cpu"), batch=8, generator_width=4, discriminator_width=4)


def total(asked, part=None):
    return sum(one.flops for one in asked if part in (None, one.part))


class Linear(Modern):
    """The smallest pair: 3 numbers of noise to samples of 5, and those to a score."""

    def data(self):
        return torch.randn(100, 5)

    def players(self):
        return nn.Linear(3, 5), nn.Sequential(nn.Linear(5, 1), nn.Flatten(0))

    def score(self, gan):
        return {}

    sheet = score


def test_the_flops_of_linear_players_are_those_counted_by_hand():
    linear = Linear(
        steps=100, batch=10, noise_dim=3, learning_rate=0.1, penalty_weight=1.0, penalty_every=1, average_decay=0.9
    )
    asked = timelines.operations(linear)
    assert total(asked, "G forward") == 2 * (2 * 10 * 3 * 5), "one pass in either turn"
    assert total(asked, "D forward") == 4 * (2 * 10 * 5), "real and fake in either turn"
    adams = [one.bytes for one in asked if one.part == "optimiser"]
    assert adams == [28 * (5 + 1), 28 * (3 * 5 + 5)]


def test_the_parts_come_in_order_and_all_of_them_come():
    asked = timelines.operations(SMALL)
    parts = list(dict.fromkeys(one.part for one in asked))
    assert parts[:3] == ["data", "G forward", "D forward"] and parts[-1] == "average"
    assert set(parts) == set(timelines.PARTS) == set(COLORS)
    assert [one.name for one in asked].count("adam") == 2
    generator, _ = SMALL.players()
    assert next(one for one in reversed(asked) if one.name == "adam").bytes == 28 * timelines.weights(generator)


def test_what_a_batch_costs_grows_with_it_and_the_weights_do_not():
    one, two = (timelines.operations(SMALL, batch) for batch in (16, 32))
    assert total(two) == pytest.approx(2 * total(one), rel=0.01) and len(one) == len(two)
    assert [a.bytes for a in one if a.part == "optimiser"] == [a.bytes for a in two if a.part == "optimiser"]


def test_a_device_waits_for_short_operations_and_not_for_long_ones():
    short, long = Operation("add", "losses", 0, 1000), Operation("mm", "backward", 10**9, 1000)
    host, device = timelines.predicted([short] * 10, flops=1e12, bandwidth=1e12, launch=8, least=2)
    assert [span.start for span in device] == [8.0 * k for k in range(1, 11)] and host[-1].start == 72
    assert timelines.busy(device) == pytest.approx(20 / 82)
    _, graph = timelines.predicted([short] * 10, flops=1e12, bandwidth=1e12, launch=0, least=2)
    assert timelines.busy(graph) == 1 and graph[-1].start == 18
    _, full = timelines.predicted([long] * 10, flops=1e12, bandwidth=1e12)
    assert full[-1].start == pytest.approx(8 + 9 * 1000) and timelines.busy(full) > 0.99


def test_a_real_step_is_traced():
    spans = timelines.profiled(SMALL, steps=1)
    assert {span.part for span in spans} == set(timelines.PARTS)
    assert all(one.start + one.length <= after.start + 0.2 for one, after in pairwise(spans))
    assert any("convolution" in span.name for span in spans if span.part == "penalty")


def test_a_timeline_is_drawn_up_to_a_time():
    axes = Figure().subplots()
    spans = [Span("mm", "backward", 0, 400), Span("add", "losses", 1000, 500)]
    draw_timeline(axes, {"GPU": spans}, end=2, until=0.5)
    name_parts(axes, ["backward", "losses"])
    waiting, drawn = axes.collections
    assert len(drawn.get_paths()) == 1 and drawn.get_paths()[0].get_extents().x1 == pytest.approx(0.4)
    assert waiting.get_paths()[0].get_extents().x1 == 0.5 and axes.get_yticklabels()[0].get_text() == "GPU"
