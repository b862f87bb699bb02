"""CollapseLab in a browser: play, look back, pick by mouse and keyboard, fork and compare."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
# small and easy, so that it moves at once on a busy machine
CELL = """
from gan_lessons.data.points import ring
from gan_lessons.labs.points.collapse import CollapseLab
from gan_lessons.sweeps import Setting

small = dict(generator_width=16, discriminator_width=16, batch=16, generator_rate=5e-3)
settings = {"plain": Setting(**small), "packed": Setting(pack=2, **small)}
lab = CollapseLab(settings, ring(4, 2.0, 0.4), seeds=range(4))
lab
"""


def step(lab) -> int:
    return int(lab.sentence.split("Step ")[-1].split(",")[0])


def click(lab, panel: int, x: float, y: float) -> None:
    """Click in a panel, at a place of its axes from 0, left or bottom, to 1."""
    left, right, bottom, top = lab.canvas.evaluate("(canvas, k) => canvas.areas[k]", panel)
    lab.canvas.click(position={"x": left + x * (right - left), "y": bottom + y * (top - bottom)})


def test_play_look_back_and_pick(open_lab) -> None:
    lab = open_lab("collapse", CELL)
    assert step(lab) == 0
    lab.changes(lab.button("Play").click)
    wait_for(lambda: step(lab) >= 75, "the wall trains")
    painted = lab.canvas.evaluate("canvas => canvas.painted")
    wait_for(lambda: lab.canvas.evaluate("canvas => canvas.painted") > painted + 5, "the wall is live")
    lab.press("Enlarge: row", "ArrowRight")
    wait_for(lambda: "Enlarged: packed, seed 0" in lab.sentence, "controls work while it trains")
    lab.button("Pause").click()
    wait_for(lambda: lab.button("Play").is_visible(), "it pauses")
    reached = int(lab.ask("lab.trunk.step"))
    wait_for(lambda: step(lab) == reached, "the last step is shown")
    wait_for(lambda: 0 <= int(lab.value("Step shown")) - reached < 25, "the slider is at the snapshot to come")
    assert "Enlarged: plain, seed 3" in lab.changes(lambda: click(lab, 0, 0.9, 0.75))
    assert lab.value("Enlarge: row") == "1" and lab.value("Enlarge: seed") == "3"
    lab.changes(lambda: lab.press("Step shown", "Home"))
    assert step(lab) == 0
    lab.changes(lambda: lab.press("Step shown", "ArrowRight"))
    assert step(lab) == 25
    lab.changes(lambda: lab.press("Step shown", "End"))
    assert step(lab) == reached


def test_fork_and_compare(open_lab) -> None:
    lab = open_lab("fork", CELL)
    lab.changes(lab.button("Train 100 steps").click)
    lab.changes(lambda: lab.press("Step shown", "Home"))
    lab.changes(lab.button("Fork here").click)
    assert "The fork of step 0 (D's rate × 3)" in lab.sentence and "seed 0 of the fork" in lab.sentence
    assert "of the wall" in lab.changes(lambda: click(lab, 0, 0.9, 0.75))
    assert "Enlarged: packed, seed 3 of the fork" in lab.changes(lambda: click(lab, 1, 0.9, 0.25))
    lab.changes(lab.button("Play").click)
    wait_for(lambda: "has at step 50" in lab.sentence, "the fork trains")
    lab.button("Pause").click()
    wait_for(lambda: lab.button("Play").is_visible(), "it pauses")
    lab.more()
    lab.pick("Fork: loss", "hinge")
    lab.changes(lab.button("Fork here").click)
    assert "(hinge loss, D's rate × 3)" in lab.sentence
    assert "fork" not in lab.changes(lab.button("Drop the fork").click)
