"""The labs without a browser: every control moves the picture, the numbers are right, nonsense becomes a sentence."""

import json
import math
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from gan_lessons import losses
from gan_lessons.labs.kit import background, view
from gan_lessons.labs.kit import lab as lab_module
from gan_lessons.labs.kit.controls import Choice, Range, controls_of, ranged
from gan_lessons.labs.kit.frame import Arrows, Frame, Handles, Heat, Lines, Panel, Points, draw_frame, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.kit.stage import FIRST, Stage
from gan_lessons.labs.points import density_ratio as density_ratio_lab
from gan_lessons.labs.points import push_forward as push_forward_lab
from gan_lessons.labs.points import push_forward_simulation as maps
from gan_lessons.labs.points import smallest_gan as smallest_gan_lab
from gan_lessons.labs.points.density_ratio import DensityRatioLab
from gan_lessons.labs.points.push_forward import PushForwardLab
from gan_lessons.labs.points.smallest_gan import SmallestGANLab
from gan_lessons.labs.theory import loss as loss_lab
from gan_lessons.labs.theory.loss import LossLab
from gan_lessons.plots import style
from gan_lessons.training import DivergenceError

ROOT = Path(__file__).resolve().parents[1]
LABS = [LossLab, DensityRatioLab, PushForwardLab, SmallestGANLab]
every_lab = pytest.mark.parametrize("kind", LABS, ids=lambda kind: kind.__name__)


def arrays(frame: Frame) -> bytes:
    return pack(frame)[1]


def other(allowed: Range | Choice, value):
    if isinstance(allowed, Range):
        return value + allowed.step if value + allowed.step <= allowed.high else value - allowed.step
    return next(option for option in allowed.options if option != value)


# The stage


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
    assert [axes.texts[0].xy, axes.texts[0].xyann] == [(1.0, 0.5), (0.0, 0.0)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["low", "high"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a line", "points", "arrows"]


def test_stage_counts_its_frames():
    stage = Stage()
    stage.show(EVERY_LAYER, "A note. One of each.")
    assert (stage.step, stage.sentence, repr(stage)) == (1, "A note. One of each.", "Stage(step=1)")


# What every lab does


@every_lab
def test_every_control_changes_the_picture(kind):
    lab = kind()
    for name, allowed in controls_of(kind.Parameters).items():
        before, kept = arrays(lab.frame()), lab.values[name]
        lab.set(**{name: other(allowed, kept)})
        assert lab.values[name] == other(allowed, kept) and arrays(lab.frame()) != before, name
        lab.set(**{name: kept})
        assert arrays(lab.frame()) == before, name


@every_lab
def test_every_option_and_both_ends_work(kind):
    lab = kind()
    for name, allowed in controls_of(kind.Parameters).items():
        for value in (allowed.low, allowed.high) if isinstance(allowed, Range) else allowed.options:
            lab.set(**{name: value})
            assert "Error" not in lab.sentence
            for panel in lab.frame().panels:
                assert all(map(math.isfinite, (*panel.xlim, *panel.ylim))), (name, value)
        lab.set(**{name: getattr(kind.Parameters(), name)})


@every_lab
def test_nonsense_becomes_a_sentence(kind):
    lab = kind()
    name, allowed = next((n, a) for n, a in controls_of(kind.Parameters).items() if isinstance(a, Range))
    choice, options = next((n, a) for n, a in controls_of(kind.Parameters).items() if isinstance(a, Choice))
    before, values = arrays(lab.frame()), lab.values
    for nonsense in (math.nan, math.inf, "1", None, [], True, 1j, torch.ones(2)):
        lab.set(**{name: nonsense})
        assert lab.sentence.startswith(f"“{allowed.label}” takes a number from") and lab.values == values
    for nonsense in ("none such", 7.5, None, []):
        lab.set(**{choice: nonsense})
        assert lab.sentence.startswith(f"“{options.label}” is one of") and lab.values == values
    lab.set(no_such_thing=1)
    assert lab.sentence.startswith("There is no 'no_such_thing' here; what can be set:")
    assert arrays(lab.frame()) == before
    lab.set(**{name: 1e9})
    assert lab.values[name] == allowed.high and f"was set to {allowed.high:g}" in lab.sentence
    for steps in (0, -1, 1.5, "many", None, True):
        lab.run(steps)
        assert "runs for 1 to" in lab.sentence
    assert kind(**{name: 1e9, "other": 2}).values[name] == allowed.high


@every_lab
def test_labs_show_themselves(kind):
    lab = kind()
    data, metadata = lab._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"} <= set(data)
    assert metadata["image/png"]["alt"] == lab.sentence
    assert "0x" not in data["text/plain"] + repr(lab.widget()) + repr(lab.figure())
    assert isinstance(lab.figure(), Figure) and len(lab.figure().axes) == len(lab.frame().panels)
    assert len(data["image/png"]) < 150_000
    for name, control in lab.view.controls.items():
        assert control.value == lab.values[name] and control.description and control.tooltip


@every_lab
def test_controls_and_code_move_the_same_lab(kind):
    lab = kind()
    lab.widget()
    for name, allowed in controls_of(kind.Parameters).items():
        before, step = arrays(lab.frame()), lab.view.stage.step
        lab.view.controls[name].value = value = other(allowed, lab.values[name])
        assert (
            lab.values[name] == value and lab.view.stage.step == step + 1 and arrays(lab.frame()) == lab.view.stage.data
        )
        assert lab.view.stage.sentence == lab.sentence
        lab.set(**{name: getattr(kind.Parameters(), name)})
        assert lab.view.controls[name].value == lab.values[name] and arrays(lab.frame()) == lab.view.stage.data
        if not lab.burst:
            assert arrays(lab.frame()) == before


@every_lab
def test_labs_are_the_same_every_time(kind):
    first, second = kind(), kind()
    for lab in (first, second):
        torch.rand(3)  # what others draw changes nothing, and labs draw nothing from others' numbers
        if lab.burst:
            lab.run(5)
    assert arrays(first.frame()) == arrays(second.frame()) and first.sentence == second.sentence
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    kind()
    assert torch.rand(1) == expected


def test_handles_move_parameters():
    lab = LossLab()
    lab.widget()
    lab.view.stage.receive({"events": [{"kind": "move", "handle": "real_mean", "panel": 0, "x": 3.3, "y": 0.0}]})
    assert lab.values["real_mean"] == 3.3 == lab.view.controls["real_mean"].value
    lab.view.stage.receive({"events": [{"kind": "move", "handle": "real_mean", "panel": 0, "x": 99.0, "y": 0.0}]})
    assert lab.values["real_mean"] == 5


def test_a_failing_picture_leaves_the_last_one():
    @dataclass(frozen=True)
    class Levels:
        level: float = ranged(1.0, 0, 2, 0.5, "Level", "How high")

    class Fragile(Lab):
        Parameters = Levels

        def picture(self):
            height = 1 / self.parameters.level
            return Frame((Panel((Lines(path([0, 1], height), "ink"),), (0, 1), (0, 2)),), "It holds.")

    lab = Fragile()
    lab.widget()
    before = arrays(lab.frame())
    lab.view.controls["level"].value = 0.0
    assert lab.sentence == "ZeroDivisionError: float division by zero It holds." and arrays(lab.frame()) == before
    assert lab.view.controls["level"].value == 1.0 == lab.values["level"], "the control goes back"
    lab.run(3)
    assert lab.sentence.startswith("This lab has nothing to train")


def test_handles_may_move_two_parameters_and_the_rest_of_the_picture_listens():
    @dataclass(frozen=True)
    class Place:
        x: float = ranged(0.0, -2, 2, 0.1, "x", "Where across")
        y: float = ranged(0.0, -2, 2, 0.1, "y", "How high")

    class Plane(Lab):
        Parameters = Place
        seen = ()

        def picture(self):
            dot = Handles(np.array([[self.parameters.x, self.parameters.y]]), (("x", "y"),), ("#009E73",))
            return Frame((Panel((dot,), (-2, 2), (-2, 2)),), f"{self.parameters.x:g}, {self.parameters.y:g}")

        def pointed(self, panel, x, y, kind):
            self.seen = (*self.seen, (panel, x, y, kind))
            self.note(f"{kind}!")

    lab = Plane()
    lab.widget()
    assert lab.view.stage.listens and not LossLab().widget().children[-1].listens
    way = [{"kind": kind, "panel": 0, "handle": ["x", "y"], "x": x, "y": 0.5} for kind, x in
           (("down", 0.0), ("move", 1.0), ("move", 9.0), ("up", 1.5))]  # fmt: skip
    lab.view.stage.receive({"view": "a", "events": way})
    assert lab.values == {"x": 2.0, "y": 0.5} and lab.sentence.endswith("2, 0.5") and not lab.seen
    lab.view.stage.receive({"view": "a", "events": [{"kind": "down", "panel": 0, "x": 1.0, "y": -1.0}]})
    assert lab.seen == ((0, 1.0, -1.0, "down"),) and lab.view.stage.sentence == "down! 2, 0.5"


# Training in the background


@dataclass(frozen=True)
class Sizes:
    size: float = ranged(1.0, 0, 10, 0.5, "Size", "What each step adds")


class Adder(Lab):
    """Each step takes a millisecond and adds `size`; at 10^6 it fails."""

    Parameters = Sizes
    burst = 10
    total, steps = 0.0, 0

    def restart(self):
        self.total, self.steps = 0.0, 0

    def advance(self, steps):
        for _ in range(steps):
            time.sleep(0.001)
            self.total += self.parameters.size
            self.steps += 1
            if self.total > 1e6:
                raise DivergenceError(f"Diverged at step {self.steps}.")

    def picture(self):
        return Frame((Panel((Lines(path([0, 1], self.total), "ink"),), (0, 1), (0, 2)),), f"Step {self.steps}.")


def until(happened, patience=10):
    end = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def adder():
    lab = Adder()
    yield lab
    lab.pause()


def test_play_trains_until_paused(adder):
    adder.play()
    adder.play()
    until(lambda: adder.steps > 5)
    assert adder.playing and sum(thread.name == "lab" and thread.is_alive() for thread in threading.enumerate()) == 1
    adder.pause()
    steps = adder.steps
    assert not adder.playing and adder.sentence == f"Step {steps}."
    time.sleep(0.05)
    assert adder.steps == steps
    adder.play()
    until(lambda: adder.steps > steps)
    assert int(adder.sentence.split()[1][:-1]) > steps, "the sentence is of now, also without a browser"


def test_a_change_counts_from_the_next_step_and_is_not_kept_waiting(adder):
    adder.play()
    waits = []
    for size in (2.0, 3.0, 4.0, 5.0, 6.0):
        start = time.monotonic()
        adder.set(size=size)
        waits.append(time.monotonic() - start)
        with adder.lock:
            total, steps = adder.total, adder.steps
        until(lambda seen=steps: adder.steps > seen)
        with adder.lock:
            assert adder.total - total == pytest.approx(size * (adder.steps - steps))
    assert sorted(waits)[2] < 0.1


def test_whoever_waits_goes_before_the_training():
    turns, steps, end = background.Turns(), [], threading.Event()

    def train():
        while not end.is_set():
            with turns.last():
                steps.append(time.sleep(0.0002))

    threading.Thread(target=train, daemon=True).start()
    waited = []
    for _ in range(20):
        time.sleep(0.003)
        asked = len(steps)
        with turns:
            waited.append(len(steps) - asked)
    end.set()
    assert sum(waited) <= 30, waited  # one step each; 40 to 50 where the lock is as Python made it


def test_slow_motion(adder):
    adder.speed = 20
    adder.play()
    start = time.monotonic()
    until(lambda: adder.steps >= 8)
    assert time.monotonic() - start > 0.25
    adder.speed = 0.001
    time.sleep(0.1)
    slow = adder.steps
    time.sleep(0.1)
    assert adder.steps <= slow + 1
    adder.speed = 0
    until(lambda: adder.steps > slow + 20)
    for nonsense in (-1, math.nan, "fast", True, None):
        adder.speed = nonsense
        assert adder.sentence.startswith("The speed is a number of steps a second") and adder.speed == 0


def test_what_fails_in_the_background_is_said_and_stops(adder):
    adder.widget()
    adder.set(size=10.0)
    adder.total = 1e6 - 25
    adder.play()
    until(lambda: not adder.playing)
    assert adder.sentence == "Diverged at step 3. Step 3." == adder.view.stage.sentence
    assert adder.view.play.description == "Play" and not adder.view.stage.playing


def test_frames_keep_the_browsers_pace(adder):
    adder.widget()
    stage, frames = adder.view.stage, 0.0

    def shown(seconds: float, drawn: float) -> float:
        """Frames a second that come while the browser reports now and then, and draws such a share of them."""
        nonlocal frames
        start, first = time.monotonic(), stage.step
        while time.monotonic() < start + seconds:
            time.sleep(0.1)
            painted = stage.step
            frames += drawn * (painted - stage.painted)
            stage.receive({"view": "a", "painted": painted, "frames": frames})
        return (stage.step - first) / seconds

    adder.play()
    time.sleep(1.0)
    assert 5 < stage.step <= FIRST + 3, "nobody has shown any, so a second's frames and no more"
    shown(0.5, 1.0)
    fast = shown(1.0, 1.0)
    assert 0.4 * view.RATE < fast <= view.RATE + 2, "who draws all gets all"
    shown(1.0, 0.3)
    assert shown(1.0, 0.3) < 0.6 * fast, "who skips frames gets fewer"


def test_a_silent_browser_and_a_removed_output_stop_the_training(adder, monkeypatch):
    monkeypatch.setattr(lab_module, "SILENCE", 0.3)
    adder.widget()
    adder.play()
    until(lambda: not adder.playing)
    assert adder.view.stage.sentence.startswith("Paused: no browser has shown this lab for")
    monkeypatch.undo()
    adder.view.stage.receive({"view": "a", "painted": 1, "frames": 1})
    adder.view.stage.receive({"view": "b", "painted": 1, "frames": 1})
    adder.play()
    adder.view.stage.receive({"view": "a", "gone": True})
    assert adder.playing, "another view is there"
    adder.view.stage.receive({"view": "b", "gone": True})
    assert not adder.playing and adder.sentence.startswith("Paused, because the lab was no longer shown.")


def test_interrupts_stop_the_training(adder):
    adder.play()
    background.INTERRUPTS.after_cell(SimpleNamespace(error_in_exec=ValueError()))
    assert adder.playing
    background.INTERRUPTS.after_cell(SimpleNamespace(error_in_exec=KeyboardInterrupt()))
    assert not adder.playing and adder.sentence.startswith("Paused by an interrupt.")
    other = Adder()
    other.play()
    adder.play()
    assert not other.playing and "another lab" in other.sentence, "one at a time"

    def interrupted(steps):
        raise KeyboardInterrupt

    adder.pause()
    adder.advance = interrupted
    with pytest.raises(KeyboardInterrupt):
        adder.run(3)
    del adder.advance
    adder.run(3)
    assert adder.sentence == f"Step {adder.steps}.", "the lock is free again"


def test_a_playing_lab_does_not_keep_the_process(tmp_path):
    program = (
        "import time\nfrom tests.test_labs import Adder\nlab = Adder()\nlab.play()\ntime.sleep(.1)\nprint(lab.playing)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


def test_labs_without_training_do_not_play():
    lab = LossLab()
    lab.play()
    assert not lab.playing and lab.sentence.startswith("This lab has nothing to train")


def test_threads_take_turns():
    lab = DensityRatioLab()
    workers = [threading.Thread(target=lab.run, args=(10,)) for _ in range(3)]
    workers += [threading.Thread(target=lab.set, kwargs={"fake_mean": mean}) for mean in (-2.0, 0.0, 2.0)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert lab.follower.steps == 30 and "after 30 steps" in lab.frame().panels[1].title


# LossLab


@pytest.mark.parametrize("name", losses.KNOWN)
def test_losses_and_pushes_are_the_librarys(name):
    lab = LossLab(loss=name, real_mean=1.0, fake_mean=-0.5)
    real, fake = (group.double().requires_grad_() for group in loss_lab.scores(lab.parameters))
    values = losses.named(name)(real, fake)
    assert f"D's is {values.discriminator:.2f}, G's is {values.generator:.2f}" in lab.sentence

    panel, curves, slopes = lab.frame().panels
    by_d, by_g = (layer.data for layer in panel.layers if isinstance(layer, Arrows))
    (d_on_real, d_on_fake) = torch.autograd.grad(values.discriminator, (real, fake), retain_graph=True)
    (g_on_fake,) = torch.autograd.grad(values.generator, fake)
    np.testing.assert_allclose(by_d[:, 2], -12 * torch.cat([d_on_real, d_on_fake]), atol=1e-5)
    np.testing.assert_allclose(by_g[:, 2], -12 * g_on_fake, atol=1e-5)

    # each curve goes through the present value, and the third panel is minus the slope of the second
    for losses_of, pushes_of in zip(curves.layers[1:], slopes.layers[2:], strict=True):
        means, heights = losses_of.data[0].T
        numeric = -np.gradient(heights, means)
        assert np.abs(numeric - pushes_of.data[0, :, 1])[2:-2].max() < 0.1
    present = np.interp(-0.5, *curves.layers[2].data[0].T)
    assert present == pytest.approx(float(values.generator.detach()), abs=5e-3)


def test_real_scores_can_move_along_x():
    slopes = LossLab(loss="relativistic", moving="real").frame().panels[2].layers
    assert (slopes[2].data[0, :, 1] >= 0).all() and (slopes[3].data[0, :, 1] <= 0).all()
    assert not LossLab(loss="hinge", moving="real").frame().panels[2].layers[3].data[0, :, 1].any()


# DensityRatioLab


def test_discriminator_becomes_the_density_ratio():
    for seed in range(5):
        lab = DensityRatioLab(seed=seed)
        assert lab.error > 0.2
        lab.run(200)
        assert lab.error < 0.02, seed
        lab.set(fake_mean=2.0)
        moved = lab.error
        lab.run(200)
        assert lab.error < min(0.02, moved), "it follows"


def test_densities_are_what_scipy_says():
    from scipy.stats import norm

    parameters = density_ratio_lab.DensityRatioParameters(real_split=2.0)
    known = density_ratio_lab.densities(parameters)
    x = density_ratio_lab.PLACES.numpy()
    p = (norm.pdf(x, 0.5, 0.8) + norm.pdf(x, 2.5, 0.8)) / 2
    q = norm.pdf(x, -1, 1.2)
    np.testing.assert_allclose(known.real, p, atol=1e-6)
    np.testing.assert_allclose(known.fake, q, atol=1e-6)
    seen = p + q > 1.01e-3
    np.testing.assert_allclose(known.optimal[seen], (p / (p + q))[seen], atol=1e-6)
    assert known.optimal[p + q < 0.99e-3].isnan().all()
    exact = np.average(np.abs(0.5 - p / (p + q))[seen], weights=(p + q)[seen])
    assert density_ratio_lab.error(known, torch.tensor(0.5)) == pytest.approx(exact, abs=1e-3)
    real, fake = density_ratio_lab.draw_samples(parameters, 20_000, torch.Generator().manual_seed(0))
    assert float(real.mean()) == pytest.approx(1.5, abs=0.05) and float(real.std()) == pytest.approx(1.28, abs=0.03)
    assert float(fake.mean()) == pytest.approx(-1, abs=0.05) and float(fake.std()) == pytest.approx(1.2, abs=0.03)


def test_no_spread_is_refused():
    lab = DensityRatioLab()
    lab.widget()
    lab.set(real_spread=0)
    assert lab.sentence.startswith("With a spread of 0 the real samples") and lab.values["real_spread"] == 0.8
    lab.view.controls["fake_spread"].value = 0
    assert lab.view.stage.sentence.startswith("With a spread of 0 the fake samples")
    assert lab.view.controls["fake_spread"].value == 1.2


def test_runs_end(monkeypatch):
    monkeypatch.setattr("gan_lessons.labs.kit.lab.LONGEST_RUN", 20)
    lab = DensityRatioLab()
    start = time.monotonic()
    lab.run(10**9)
    assert time.monotonic() - start < 30 and lab.follower.steps == 20 and "Stopped after 20 steps" in lab.sentence
    lab.reset()
    assert lab.follower.steps == 0 and "After 0 steps" in lab.sentence


# PushForwardLab


def test_formula_and_histogram_agree():
    for name, (dims, _) in maps.MAPS.items():
        for noise in maps.REACH:
            if dims == 1:
                function = push_forward_lab.make_map(push_forward_lab.PushForwardParameters(noise, name))
                edges, formula, histogram = maps.pushed_density(noise, function)
                width = edges[1] - edges[0]
                assert float((formula - histogram).abs().sum() * width / 2) < 0.03, (name, noise)
                assert float(formula.sum() * width) == pytest.approx(1, abs=0.01)


def test_densities_known_by_heart():
    """2z of uniform noise is ¼ on [-2, 2]; e^z - 1 of normal noise is log-normal."""
    edges, formula, _ = maps.pushed_density("uniform", lambda z: 2 * z)
    inside = (edges[1:] < 1.9) & (edges[:-1] > -1.9)
    np.testing.assert_allclose(formula[inside], 0.25, atol=1e-3)
    edges, formula, _ = maps.pushed_density("normal", lambda z: z.exp() - 1)
    y = (edges[1:] + edges[:-1]) / 2 + 1
    exact = torch.distributions.LogNormal(0.0, 1.0).log_prob(y.clamp(min=1e-3)).exp()
    np.testing.assert_allclose(formula[y > 1], exact[y > 1], rtol=0.02, atol=1e-3)


def test_jacobians_are_torchs():
    function = push_forward_lab.make_map(push_forward_lab.PushForwardParameters())
    noise = maps.draw_noise("normal", 7, 2)
    expected = torch.func.vmap(torch.func.jacrev(function))(noise)
    torch.testing.assert_close(maps.jacobian(function, noise), expected)


def test_areas_are_known_for_simple_maps():
    plane = push_forward_lab.simulate_plane(push_forward_lab.PushForwardParameters(map="2-D swirl"))
    torch.testing.assert_close(plane.area, torch.ones_like(plane.area))
    plane = push_forward_lab.simulate_plane(
        push_forward_lab.PushForwardParameters(map="2-D stretch and shear", strength=0.5)
    )
    torch.testing.assert_close(plane.area_at, torch.full((500,), 0.5))
    plane = push_forward_lab.simulate_plane(
        push_forward_lab.PushForwardParameters(map="2-D square to disc", strength=1.0)
    )
    assert plane.image.norm(dim=-1).max() <= 1
    torch.testing.assert_close(plane.grid_image[0].norm(dim=-1), torch.ones(73), msg="the square's edge is the circle")
    assert "folds nothing" in PushForwardLab(map="2-D swirl").sentence


def test_idle_controls_are_grey():
    lab = PushForwardLab()
    lab.widget()
    assert not any(control.disabled for control in lab.view.controls.values())
    lab.set(map="2-D swirl")
    assert {name for name, control in lab.view.controls.items() if control.disabled} == {
        "width",
        "depth",
        "activation",
        "seed",
    }


def test_labs_need_no_pyplot():
    """A callback may run in another thread, where pyplot gets its figures mixed up."""
    sources = [*Path(lab_module.__file__).parents[1].glob("*/*.py"), Path(style.__file__)]
    assert len(sources) > 8 and not any("pyplot" in source.read_text("utf-8") for source in sources)


# SmallestGANLab


def test_smallest_gan_follows_the_gradients_of_autograd():
    start = smallest_gan_lab.SmallestGANParameters(steps=1, start_a=0.8, start_b=0.3)
    walk, theta = smallest_gan_lab.simulate(start)
    random = np.random.default_rng(0)
    real = torch.from_numpy(1 + 0.5 * random.standard_normal(64))
    for_d, for_g = torch.from_numpy(random.standard_normal((2, 64)))
    a, b = (torch.tensor(value, dtype=torch.double, requires_grad=True) for value in (0.8, 0.3))
    score = torch.zeros(3, dtype=torch.double, requires_grad=True)

    def scores(x, score):
        return score[0] * x**2 + score[1] * x + score[2]

    value = losses.non_saturating(scores(real, score), scores((a * for_d + b).detach(), score)).discriminator
    after = score - 0.3 * torch.autograd.grad(value, score)[0]
    value = losses.non_saturating(scores(real, after.detach()), scores(a * for_g + b, after.detach())).generator
    slopes = torch.autograd.grad(value, (a, b))
    np.testing.assert_allclose(theta, after.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(walk[1], [0.8 - 0.05 * slopes[0].item(), 0.3 - 0.05 * slopes[1].item()], rtol=1e-9)


def test_smallest_gan_arrives_with_a_curve_and_not_without():
    lab = SmallestGANLab(steps=2000)
    assert "It has arrived." in lab.sentence
    lab.set(score="straight")
    assert "away from the goal" in lab.sentence
    lab.set(discriminator_rate=0.0)
    assert lab.frame().panels[1].layers[0].data[0, -1].tolist() == [1.0, 0.0]
