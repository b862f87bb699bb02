"""The headless lab, its widgets, and training in the background, on labs of a few lines."""

import gc
import math
import subprocess
import sys
import threading
import time
import weakref
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gan_lessons.labs.kit import background, notebook, state, view
from gan_lessons.labs.kit import lab as lab_module
from gan_lessons.labs.kit import stage as stage_module
from gan_lessons.labs.kit.controls import ranged
from gan_lessons.labs.kit.frame import Frame, Handles, Lines, Panel, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.kit.stage import FIRST
from gan_lessons.labs.kit.state import CLOSED
from gan_lessons.labs.points.density_ratio import DensityRatioLab
from gan_lessons.labs.theory.loss import LossLab
from gan_lessons.training import DivergenceError
from tests.labs.small import arrays, until

ROOT = Path(__file__).resolve().parents[2]


def test_handles_move_parameters():
    lab = LossLab()
    lab.widget()
    lab.view.stage.receive({"events": [{"kind": "move", "handle": "real_mean", "panel": 0, "x": 3.3, "y": 0.0}]})
    assert lab.values["real_mean"] == 3.3 == lab.view.controls["real_mean"].value
    lab.view.stage.receive({"events": [{"kind": "move", "handle": "real_mean", "panel": 0, "x": 99.0, "y": 0.0}]})
    assert lab.values["real_mean"] == 5
    said = lab.sentence
    lab.view.stage.receive({"events": [{"kind": "up", "handle": "real_mean", "panel": 0, "x": 99.0, "y": 0.0}]})
    assert "was set to 5" in said == lab.sentence, "to let go takes back nothing that was said"


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
    before = arrays(lab)
    lab.view.controls["level"].value = 0.0
    assert lab.sentence == "ZeroDivisionError: float division by zero It holds." and arrays(lab) == before
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
    other = LossLab()
    other.widget()
    assert lab.view.stage.listens and not other.view.stage.listens
    way = [{"kind": kind, "panel": 0, "handle": ["x", "y"], "x": x, "y": 0.5} for kind, x in
           (("down", 0.0), ("move", 1.0), ("move", 9.0), ("up", 1.5))]  # fmt: skip
    lab.view.stage.receive({"view": "a", "events": way})
    assert lab.values == {"x": 2.0, "y": 0.5} and lab.sentence.endswith("2, 0.5") and not lab.seen
    lab.view.stage.receive({"view": "a", "events": [{"kind": "down", "panel": 0, "x": 1.0, "y": -1.0}]})
    assert lab.seen == ((0, 1.0, -1.0, "down"),) and lab.view.stage.sentence == "down! 2, 0.5"


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
    adder.worker.thread.join(60)
    assert adder.steps == steps and not adder.worker.thread.is_alive()
    adder.play()
    until(lambda: adder.steps > steps)
    assert int(adder.sentence.split()[1][:-1]) > steps, "the sentence is of now, also without a browser"


def test_a_change_counts_from_the_next_step(adder):
    adder.play()
    for size in (2.0, 3.0, 4.0, 5.0, 6.0):
        adder.set(size=size)
        with adder.lock:
            total, steps = adder.total, adder.steps
        until(lambda seen=steps: adder.steps > seen)
        with adder.lock:
            assert adder.total - total == pytest.approx(size * (adder.steps - steps))


def test_whoever_waits_goes_before_the_training():
    turns, order = background.Turns(), []

    def read():
        with turns:
            order.append("reader")

    def train():
        with turns.last():
            order.append("training")

    threads = [threading.Thread(target=target) for target in (read, train)]
    with turns:
        threads[0].start()
        until(lambda: turns.waiting)
        threads[1].start()
    for thread in threads:
        thread.join(60)
    assert order == ["reader", "training"] and not turns.waiting


def test_slow_motion(adder):
    start = time.monotonic()
    adder.speed = 20
    adder.play()
    until(lambda: adder.steps >= 8)
    assert time.monotonic() - start > 0.25, "at least: a busy machine takes longer"
    adder.speed = 0.001
    slow = adder.steps
    adder.speed = 0
    until(lambda: adder.steps > slow + 20)
    adder.widget()
    for speed, shown in ((10, 10), (7.5, None), (0, 0)):
        adder.speed = speed
        assert adder.view.speed.value == shown and adder.speed == speed
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


@pytest.fixture
def clock(monkeypatch):
    """A clock for the lab that the test moves."""
    clock = SimpleNamespace(now=1000.0, monotonic=lambda: clock.now)
    for module in (lab_module, state, stage_module, view):
        monkeypatch.setattr(module, "time", clock)
    return clock


def test_frames_keep_the_browsers_pace(clock, monkeypatch):
    monkeypatch.setattr(Adder, "playing", True)
    adder, frames = Adder(), 0.0
    adder.widget()
    stage = adder.view.stage
    adder.advance = lambda steps: setattr(clock, "now", clock.now + 0.001)

    def train(seconds: float) -> float:
        """Frames a second that come meanwhile."""
        first = stage.reached
        for _ in range(round(1000 * seconds)):
            adder.step_on()
        return (stage.reached - first) / seconds

    def shown(seconds: float, drawn: float) -> float:
        """Frames a second while the browser reports now and then, and draws such a share of them."""
        nonlocal frames
        rates = []
        for _ in range(round(10 * seconds)):
            rates.append(train(0.1))
            frames += drawn * (stage.reached - stage.painted)
            stage.receive({"view": "a", "painted": stage.reached, "frames": frames})
        return sum(rates) / len(rates)

    assert 5 < train(1.0) <= FIRST, "nobody has shown any, so a second's frames and no more"
    assert train(2.0) <= 3, "and then one now and then, in case that somebody is there again"
    shown(2, 1.0)
    fast = shown(2, 1.0)
    assert 0.8 * view.RATE < fast <= view.RATE, "who draws all gets all"
    shown(2, 0.3)
    assert shown(2, 0.3) < 0.6 * fast, "who skips frames gets fewer"


def test_a_silent_browser_stops_the_training(clock):
    for shown in (True, False):
        adder = Adder()
        if shown:
            adder.widget()
            adder.view.stage.receive({"view": "a", "painted": 1, "frames": 1})
        adder.play()
        until(lambda lab=adder: lab.steps > 3)
        clock.now += lab_module.SILENCE - 1
        assert adder.playing
        clock.now += 2
        until(lambda lab=adder: not lab.playing)
        assert adder.sentence.startswith("Paused: no browser has shown this lab for 30 seconds.")


def test_a_removed_output_stops_the_training(adder):
    adder.widget()
    adder.view.stage.receive({"view": "a", "painted": 1, "frames": 1})
    adder.view.stage.receive({"view": "b", "painted": 1, "frames": 1})
    adder.play()
    adder.view.stage.receive({"view": "a", "gone": True})
    assert adder.playing, "another view is there"
    adder.view.stage.receive({"view": "b", "gone": True})
    assert not adder.playing and adder.sentence.startswith("Paused, because the lab was no longer shown.")


def test_a_forgotten_lab_stops_training():
    adder = Adder()
    adder.play()
    thread, gone = adder.worker.thread, weakref.ref(adder)
    del adder
    until(lambda: gc.collect() is not None and gone() is None)
    thread.join(60)
    assert not thread.is_alive()


def run_of(monkeypatch, cell: str, run: str) -> None:
    """From now on, this run of that cell goes on."""
    parent = {"metadata": {"cellId": cell}, "content": {"code": ""}, "header": {"msg_id": run}}
    monkeypatch.setattr(notebook, "shell", lambda: SimpleNamespace(get_parent=lambda: parent))


def test_a_cell_that_runs_again_closes_the_labs_that_it_replaces(monkeypatch):
    run_of(monkeypatch, "one", "1")
    first, sibling, unseen = Adder(), Adder(), Adder()
    for lab in (first, sibling):
        lab.widget()
    assert not first.closed, "a cell may make several"
    run_of(monkeypatch, "two", "2")
    elsewhere = Adder()
    elsewhere.widget()
    run_of(monkeypatch, "one", "3")
    DensityRatioLab()
    assert not first.closed, "of another kind"
    first.play()
    Adder()
    assert first.closed and sibling.closed and not first.playing and first.sentence == CLOSED
    assert not elsewhere.closed and not unseen.closed
    elsewhere.close()


@pytest.mark.parametrize("missing", ["anywidget", "ipywidgets"])
def test_without_its_packages_a_lab_does_not_move(missing):
    program = f"""import sys, warnings
sys.modules[{missing!r}] = None
from gan_lessons.labs import blind, latents, points, theory, writing
lab = points.DensityRatioLab()
lab.run(1)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    assert "image/png" in lab._repr_mimebundle_()[0]
print(said[-1].message)"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert (done.stdout, done.stderr) == (
        f"Without {missing} a lab does not move: pip install anywidget ipywidgets\n", ""
    )  # fmt: skip


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


def test_a_playing_lab_does_not_keep_the_process():
    program = """from tests.labs.test_lab import Adder, until
lab = Adder()
lab.play()
until(lambda: lab.steps)
print(lab.playing)"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, cwd=ROOT)
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


def test_runs_end(monkeypatch):
    monkeypatch.setattr("gan_lessons.labs.kit.lab.LONGEST_RUN", 20)
    lab = DensityRatioLab()
    lab.run(10**9)
    assert lab.follower.steps == 20 and "Stopped after 20 steps" in lab.sentence
    lab.reset()
    assert lab.follower.steps == 0 and "After 0 steps" in lab.sentence
