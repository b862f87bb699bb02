"""CollapseLab without a browser: its scores are the metrics', it looks back truly, and its forks go on bit for bit."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from gan_lessons.data import points
from gan_lessons.labs.kit.frame import Arrows, Heat, Lines, Points
from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.points import collapse_simulation as collapse
from gan_lessons.labs.points.collapse import CollapseLab
from gan_lessons.labs.points.collapse_parameters import ROWS
from gan_lessons.labs.points.collapse_simulation import PRESETS, SAMPLES, SHOWN, Run, at_rates, ground
from gan_lessons.metrics.modes import mode_scores, perfect
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.sweeps import Setting, Sweep
from tests.labs.small import until

small = {"generator_width": 16, "discriminator_width": 16, "batch": 16, "generator_rate": 5e-3}
ROWS_OF_TWO = {"plain": Setting(**small), "packed": Setting(pack=2, **small)}
EASY = points.ring(4, 2.0, 0.4)  # whose modes are found at once, so that scores differ between GANs and steps


EVERY = 10


@pytest.fixture(autouse=True)
def often(monkeypatch) -> None:
    """A snapshot every ten steps, so that short runs have several."""
    monkeypatch.setattr(Run, "every", EVERY)


def small_lab(settings=ROWS_OF_TWO, data=EASY, seeds=(3, 1, 4), **options) -> CollapseLab:
    return CollapseLab(settings, data, seeds, **options)


def arrays(lab: CollapseLab) -> bytes:
    return pack(lab.frame())[1]


def tiles(panel) -> np.ndarray:
    return np.array([float(layer.data[0, 0]) for layer in panel.layers if isinstance(layer, Heat)])


def medians(panel, dashed: bool = False) -> list[np.ndarray]:
    return [one.data[0] for one in panel.layers if isinstance(one, Lines) and one.width == 2 and one.dashed == dashed]


# What is shown


def test_every_score_is_the_metrics_own():
    lab = small_lab()
    lab.run(35)
    sweep = Sweep(EASY.sample(20_000, seed=1) / 2**0.5, list(ROWS_OF_TWO.values()), [3, 1, 4])
    for k, panel in enumerate(lab.frame().panels[2:]):
        assert medians(panel)[0][:, 0].tolist() == [0, 10, 20, 30, 35], k
    wall, near, *curves = lab.frame().panels
    for at, step in enumerate((0, 10, 20, 30, 35)):
        for _ in sweep.train(step):
            pass
        fakes = sweep.sample(SAMPLES) * 2**0.5
        expected = mode_scores(fakes, EASY)
        for k, (panel, score) in enumerate(zip(curves, expected, strict=True)):
            middle = score.double().clamp(max=math.log(4) if k == 2 else math.inf).quantile(0.5, dim=-1)
            drawn = [curve[at, 1] for curve in medians(panel)]
            np.testing.assert_allclose(drawn, middle, rtol=1e-5, err_msg=f"score {k} at step {step}")
    assert len(set(expected.modes.flatten().tolist())) > 1, "there is something to tell apart"
    np.testing.assert_array_equal(tiles(wall), expected.modes.flatten())
    dots = near.layers[2].data
    np.testing.assert_allclose(dots, fakes[0, 0, :SHOWN], rtol=1e-4, atol=1e-5)
    shown = next(layer.data for layer in wall.layers if isinstance(layer, Points) and layer.label == "fakes")
    place = shown.reshape(2, 3, SHOWN, 2)[1, 2]  # the packed row is the lower one, and the third column is at x = 2
    limit = ground(EASY).limit
    expected_place = np.clip(fakes[1, 2, :SHOWN].numpy(), -limit, limit)
    np.testing.assert_allclose((place - (2, 0)) / 0.46 * limit, expected_place, atol=1e-4)
    ideal = [float(score) for score in perfect(EASY, SAMPLES)]
    assert [panel.layers[0].data[0, 0, 1] for panel in curves] == ideal
    good, kl = expected.high_quality[0].median(), expected.kl[0].median()
    assert f"plain {expected.modes[0].median():g} ({good:.0%} good, KL {kl:.2f})" in lab.sentence
    assert f"A perfect sampler: 4 ({ideal[1]:.0%} good, KL {ideal[2]:.2f})" in lab.sentence
    one = int(expected.modes[0, 0]), f"{float(expected.high_quality[0, 0]):.0%}"
    assert f"plain, seed 3, with {one[0]} modes and {one[1]} good points" in lab.sentence


def test_bands_are_quartiles():
    lab = small_lab(seeds=range(5))
    lab.run(EVERY)
    scores = lab.trunk.snapshots[-1].scores.high_quality.double()
    band = next(one for one in lab.frame().panels[3].layers if isinstance(one, Lines) and one.fill)
    low, high = np.quantile(scores[0], [0.25, 0.75])
    assert low < high
    np.testing.assert_allclose(band.data[0, 1:3, 1], [low, high], rtol=1e-5)  # there and back again


def test_the_enlarged_gan_is_that_one():
    lab = small_lab(row=2, seed=1)
    lab.run(EVERY)
    generator, discriminator = lab.trunk.sweep.networks(1, 1)
    near = lab.frame().panels[1]
    limit = ground(EASY).limit
    rows, columns = near.layers[0].data.shape
    x, y = np.linspace(-1.5 * limit, 1.5 * limit, columns)[7], np.linspace(-limit, limit, rows)[30]
    place = torch.tensor([[x, y], [x, y]], dtype=torch.float32) / 2**0.5
    certainty = float(discriminator(place).detach().sigmoid())
    assert near.layers[0].data[30, 7] == pytest.approx(certainty, abs=1e-5)
    arrows = next(layer.data for layer in near.layers if isinstance(layer, Arrows))
    fakes = torch.tensor(arrows[:, :2] / 2**0.5, dtype=torch.float32, requires_grad=True)
    (slope,) = torch.autograd.grad(discriminator(fakes).sigmoid().log().sum(), fakes)
    ours, theirs = torch.tensor(arrows[:, 2:]), slope
    assert torch.cosine_similarity(ours, theirs, dim=1).min() > 0.999, "the pull of the non-saturating loss"
    assert "packed, seed 1" in near.title and len(near.layers[2].data) == SHOWN
    assert generator(torch.randn(3, 2)).shape == (3, 2)


def test_the_still_is_not_higher_than_a_screen():
    names = {"a": Setting(**small), "b": Setting(**small), "relativistic, falling rate": Setting(pack=2, **small)}
    still = small_lab(names, seeds=range(4)).figure()
    assert still.get_figheight() < 9
    wall, near, *curves = still.axes
    assert [text.get_text() for text in wall.get_yticklabels()][2].startswith("relativistic, falling\n")
    still.draw_without_rendering()
    assert max(axes.get_tightbbox().x1 for axes in (wall, near)) < min(axes.get_tightbbox().x0 for axes in curves)
    assert wall.get_window_extent().width / still.dpi / 4.3 > 0.6, "inches a tile"


# Time


def test_scrubbing_shows_what_was_and_changes_nothing():
    lab, other = small_lab(), small_lab()
    seen = {}
    for step in (10, 20, 30):
        lab.run(10)
        other.run(10)
        seen[step] = lab.frame().panels[:2], lab.sentence
        if step == 20:
            lab.set(at=0)
            assert lab.sentence.startswith("Step 0,")
            lab.set(at=20)
    for step in (20, 10, 30):
        lab.set(at=step + 3 if step < 30 else 30)  # the last snapshot before
        for panel, before in zip(lab.frame().panels[:2], seen[step][0], strict=True):
            for layer, known in zip(panel.layers, before.layers, strict=True):
                np.testing.assert_allclose(layer.data, known.data, rtol=1e-3, atol=1e-4)
        assert lab.sentence == seen[step][1]
    assert arrays(lab) == arrays(other) and lab.trunk.step == 30
    lab.set(at=10)
    lab.run(10)
    assert lab.values["at"] == 10 and lab.trunk.step == 40, "who looks back is left there"
    lab.set(at=400)
    assert lab.values["at"] == 40
    lab.allowed["at"] = replace(lab.allowed["at"], high=45)
    lab.run(10)
    assert lab.values["at"] == 50 and lab.allowed["at"].high == 90
    lab.run(3)
    assert lab.values["at"] == 60 and lab.sentence.startswith("Step 53,"), (
        "live, the slider stands at the next snapshot"
    )


def test_memory_is_bounded(monkeypatch):
    lab = small_lab()
    lab.run(1)
    a_snapshot = collapse.size(lab.trunk.snapshots[-1])
    assert 2 * 3 * 4000 < a_snapshot < 2 * 3 * 100_000  # bytes
    monkeypatch.setattr(collapse, "MEMORY", 10 * a_snapshot)
    monkeypatch.setattr(collapse, "LONGEST", 20)
    monkeypatch.setattr(Run, "every", 2)
    lab.run(99)
    steps = [snapshot.step for snapshot in lab.trunk.snapshots]
    assert len(steps) == 10 and steps[0] == 0 and steps[-1] == 100 and len(lab.trunk.curve) == 20
    assert np.diff(steps).max() <= 24 and sum(map(collapse.size, lab.trunk.snapshots)) < 14 * a_snapshot
    lab.set(at=steps[3])
    assert f"Step {steps[3]}," in lab.sentence


# Forks


@pytest.mark.parametrize("change", [{}, {"spread": True}, {"spectral": True, "loss": "hinge"}, {"optimism": 1.0}])
def test_a_fork_that_changes_nothing_goes_on_bit_for_bit(change):
    lab = small_lab({"one": Setting(**small, **change)}, seeds=(1, 2))
    lab.run(30)
    lab.set(at=20)
    lab.fork(penalty="none")
    assert lab.values["at"] == 20 and lab.branch.step == 20
    lab.run(6)
    assert (lab.branch.step, lab.trunk.step, lab.values["at"]) == (26, 30, 30), "the fork catches up first"
    lab.run(8)
    assert lab.branch.step == lab.trunk.step == 34
    for average in (True, False):
        ours, theirs = lab.branch.sweep.sample(50, average=average), lab.trunk.sweep.sample(50, average=average)
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)
    assert "The fork of step 20 (penalty none) has at step 34: one" in lab.sentence and "(+0)" in lab.sentence


def test_a_fork_is_compared_at_the_same_step():
    lab = small_lab()
    lab.run(50)
    trunk = lab.trunk.snapshots[-1].points
    lab.set(at=10, fork_discriminator=3.0, fork_penalty="r1", fork_weight=1.0)
    lab.fork()
    lab.run(20)
    kept = [run.at(30).scores.modes.double().median(-1).values for run in (lab.trunk, lab.branch)]
    said = re.search(
        r"The fork of step 10 \(r1 × 1, D's rate × 3\) has at step 30: plain (\S+) modes \((\S+)\)", lab.sentence
    )
    assert (float(said[1]), float(said[2])) == (kept[1][0], kept[1][0] - kept[0][0])
    assert [s.discriminator_rate for s in lab.branch.sweep.settings] == [3e-3, 3e-3]
    assert [s.penalty for s in lab.branch.sweep.settings] == ["r1", "r1"]
    walls = lab.frame().panels[:2]
    assert (
        "plain, seed 3, fork" in lab.frame().panels[-1].title and "Enlarged: plain, seed 3 of the fork" in lab.sentence
    )
    lab.set(row=2)
    assert "Enlarged: packed, seed 3 of the wall" in lab.sentence
    np.testing.assert_array_equal(tiles(walls[0]), lab.trunk.at(30).scores.modes.flatten())
    np.testing.assert_array_equal(tiles(walls[1]), lab.branch.at(30).scores.modes.flatten())
    assert [curve[0, 0] for curve in medians(lab.frame().panels[2], dashed=True)] == [10, 10]
    assert torch.equal(lab.trunk.snapshots[-1].points, trunk), "the trunk waits"
    lab.set(at=40)  # the wall shows 40, where the fork has not been yet
    before, after = (lab.trunk.at(step).scores.modes.double().median(-1).values for step in (30, 40))
    assert not torch.equal(before, after)
    for name, new, old in zip(ROWS_OF_TWO, kept[1], before, strict=True):
        assert f"{name} {new:g} modes ({new - old:+g})" in lab.sentence.split("has at step 30:")[1]
    lab.set(at=400)
    lab.run(20)
    assert lab.trunk.step == lab.branch.step == 50
    lab.drop()
    assert lab.branch is None and len(lab.frame().panels) == 5 and lab.values["at"] == 50


def test_what_cannot_be_forked_is_a_sentence():
    lab = small_lab()
    lab.run(10)
    before = arrays(lab)
    for changes, words in (
        ({"pack": 4}, "keeps the networks' shapes"),
        ({"generator_width": 8}, "keeps the networks' shapes"),
        ({"sauce": 1}, "A Setting has no sauce"),
        ({"loss": "nice"}, "There is no loss 'nice'"),
        ({"penalty": "nice"}, "There is no penalty 'nice'"),
    ):
        lab.fork(**changes)
        assert words in lab.sentence and lab.branch is None and arrays(lab) == before
    lab.set(fork_discriminator=1.0)
    lab.fork()
    assert lab.sentence.startswith("Choose first what the fork changes")
    lab.fork(loss=lambda real, fake: fake.mean())
    assert lab.sentence.startswith("Your loss does not work: Your loss has to return two tensors")
    lab.fork(penalty=lambda discriminator, real: real)
    assert lab.sentence.startswith("Your penalty does not work: TypeError") and lab.branch is None
    lab.run(1)
    assert lab.trunk.step == 11


# Bad luck and bad input


def test_divergence_is_said_and_waited_at():
    mad = {"loss": "wasserstein", "discriminator_rate": 1e30, **{**small, "generator_rate": 1e30}}
    lab = small_lab({"mad": Setting(**mad), "madder": Setting(pack=2, **mad)}, seeds=(0, 1))
    lab.run(120)
    step = lab.trunk.step
    assert step <= 50 and "4 of 4 GANs have diverged, the first at step" in lab.sentence
    assert {layer.palette for layer in lab.frame().panels[0].layers if isinstance(layer, Heat)} == {"Greys"}
    lab.run(10)
    assert "diverged at step" in lab.sentence and lab.trunk.step == step
    lab.play()
    until(lambda: not lab.playing)
    lab.set(at=0)
    lab.fork(generator_rate=1e-3, discriminator_rate=1e-3, loss="hinge")
    lab.run(step + 10)
    assert lab.branch.step == step + 10 and not lab.branch.lost.any() and "The fork of step 0" in lab.sentence


def test_one_that_diverges_leaves_the_others():
    lab = small_lab({"mad": Setting(loss="wasserstein", **{**small, "generator_rate": 1e30}), **ROWS_OF_TWO})
    lab.run(30)
    lost = lab.trunk.lost
    assert lab.trunk.step == 30 and (lost[0] > 0).all() and not lost[1:].any()
    history = lab.trunk.sweep.history()
    finite = (history.discriminator_loss + history.generator_loss)[:, 0].isfinite()
    assert [int(column.logical_not().nonzero()[0]) + 1 for column in finite.T] == lost[0].tolist()
    assert f"3 of 9 GANs have diverged, the first at step {int(lost[0].min())} (grey)." in lab.sentence
    lab.set(at=0)
    assert "diverged" not in lab.sentence


def nan_players():
    class Nothing(PointGenerator):
        def forward(self, noise):
            return super().forward(noise) * math.nan

    return Nothing(), PointDiscriminator()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"settings": {}}, "map 1 to 6 names"),
        ({"settings": {"a": 1}}, "map 1 to 6 names"),
        ({"settings": [Setting()]}, "map 1 to 6 names"),
        ({"settings": {"a": Setting(loss="nice")}}, "There is no loss 'nice'"),
        ({"settings": {"a": Setting(penalty="nice")}}, "There is no penalty 'nice'"),
        ({"settings": {"a": Setting(players=nan_players)}}, "Your generator returns values that are no numbers"),
        ({"settings": {"a": Setting(players=lambda: (PointGenerator(2, 3), PointDiscriminator()))}}, "it needs [8, 2]"),
        ({"settings": {"a": Setting(generator_width=0)}}, ""),
        ({"data": "moon"}, "is one of ring, grid"),
        ({"settings": {"a": Setting()}, "data": "moon"}, "The data are ring or grid"),
        ({"data": points.moons()}, "The data are ring or grid"),
        ({"seeds": []}, "The seeds are a list of whole numbers"),
        ({"seeds": 8}, "The seeds are a list of whole numbers"),
        ({"seeds": ["a"]}, "The seeds are a list of whole numbers"),
        ({"row": 99}, "was set to 4"),
        ({"sauce": 1}, "There is no 'sauce' here"),
    ],
)
@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
def test_bad_input_is_a_sentence(options, words):
    lab = CollapseLab(**{"seeds": (0,), **options})
    assert words in lab.sentence
    lab.run(1)
    lab.set(row=1, at=1)
    lab.fork()
    lab.pointed(0, 0.0, 0.0, "down")
    lab.drop()
    lab.reset()
    assert lab.sentence and lab.figure() is not None


def test_a_loss_that_turns_to_nan_and_networks_of_ones_own():
    lab = small_lab({"nan": Setting(loss=lambda real, fake: (real.mean() * math.nan, fake.mean()), **small)})
    lab.run(60)
    assert "Training diverged at step 1, and the wall waits. 3 of 3 GANs have" in lab.sentence
    lab = small_lab(
        {"own": Setting(players=lambda: (PointGenerator(width=8), PointDiscriminator(width=8)))}, seeds=(1, 2)
    )
    lab.run(10)
    lab.set(at=0)
    lab.fork(generator_rate=1e-2)
    lab.run(10)
    assert "The fork of step 0 (generator_rate 0.01) has at step 10" in lab.sentence


# The rows, the mouse, the controls


@pytest.mark.parametrize("name", PRESETS)
def test_presets_train(name):
    problem = ground(points.ring())
    run = Run(problem, Sweep(problem.data, at_rates([name], 3e-3, 1e-3), [0]))
    before = run.points(5)
    run.train()
    look = run.look(run.sweep, run.points(60)[0, 0], (0, 0), (4, 4))
    assert run.points(5).isfinite().all() and not torch.equal(run.points(5), before)
    assert look.surface.isfinite().all() and look.pulls[:, 2:].norm(dim=1).max() > 0


def test_rows_are_chosen_by_name():
    lab = CollapseLab(seeds=(0, 1), third="none", fourth="plain", generator_rate=2e-3)
    assert lab.names == ["plain", "relativistic"] and lab.trunk.sweep.settings[1].generator_rate == 2e-3
    lab.run(2)
    lab.set(second="R1", data="grid")
    assert lab.names == ["plain", "R1"] and lab.trunk.step == 0 and len(lab.trunk.problem.modes.centres) == 25
    assert lab.sentence.startswith("“Row 2”, “Data” changed, so the training starts again.")
    assert [getattr(lab.parameters, row) for row in ROWS] == ["plain", "R1", "none", "plain"]
    lab.set(row=4)
    assert "Enlarged: R1" in lab.sentence


def test_a_click_picks_a_gan():
    lab = small_lab()
    lab.widget()
    event = {"kind": "down", "panel": 0, "x": 2.3, "y": 0.4}
    lab.view.stage.receive({"view": "a", "events": [event, {**event, "kind": "up"}]})
    assert (lab.values["row"], lab.values["seed"]) == (2, 2) and "Enlarged: packed, seed 4" in lab.sentence
    assert lab.view.controls["row"].value == 2 and lab.view.stage.sentence == lab.sentence
    for outside in ({"x": 3.2}, {"y": 1.7}, {"x": -0.7}, {"panel": 1, "x": 0.0}):
        lab.view.stage.receive({"view": "a", "events": [{**event, **outside}]})
        assert (lab.values["row"], lab.values["seed"]) == (2, 2)
    lab.run(1)
    lab.fork(loss="hinge")
    lab.view.stage.receive({"view": "a", "events": [{**event, "panel": 1, "x": 0.0, "y": 1.0}]})
    assert (lab.values["row"], lab.values["seed"]) == (3, 0) and "Enlarged: plain, seed 3 of the fork" in lab.sentence
    assert lab.view.controls["row"].max == 4
    lab.drop()
    assert lab.view.controls["row"].max == 2 and lab.view.controls["row"].value == lab.values["row"] == 1


def test_it_plays_in_the_background_and_the_slider_goes_along():
    lab = small_lab()
    lab.widget()
    lab.play()
    until(lambda: lab.trunk.step > 2 * EVERY)
    lab.set(row=2)
    lab.pause()
    step = lab.trunk.step
    assert lab.view.controls["at"].value == lab.values["at"] == -(-step // EVERY) * EVERY
    assert f"Step {step}," in lab.sentence
    lab.worker.thread.join(60)
    assert lab.trunk.step == step
    lab.view.controls["at"].value = 10
    assert "Step 10," in lab.sentence
    lab.reset()
    assert lab.trunk.step == lab.values["at"] == lab.view.controls["at"].value == 0
    for name, control in lab.view.controls.items():
        assert control.value == lab.values[name] and control.description and control.tooltip


def test_the_same_every_time_and_nobody_elses_numbers():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    first, second = small_lab(), small_lab()
    for lab in (first, second):
        lab.run(30)
        lab.fork(loss="hinge")
        lab.run(5)
    assert torch.rand(1) == expected
    assert arrays(first) == arrays(second) and first.sentence == second.sentence


def test_it_shows_itself():
    lab = small_lab()
    lab.run(25)
    data, metadata = lab._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"} <= set(data)
    assert metadata["image/png"]["alt"] == lab.sentence and len(data["image/png"]) < 200_000
    assert "0x" not in data["text/plain"]
