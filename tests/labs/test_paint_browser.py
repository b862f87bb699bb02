"""PaintLab and InkLab in a browser: paint with the mouse, and with keys alone."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
PAINT = """
import torch
from gan_lessons.labs.translation import InkLab, PaintLab

lab = PaintLab(lambda relief: (0.7 * relief + 0.3 * relief.roll(1, 1)) ** 3, 32, scene="open sea", brush="green plain")
lab
"""
INK = PAINT.split("lab =")[0] + "lab = InkLab(lambda line: torch.cat([line, line**3, 0.5 * line], 1), 32)\nlab\n"


def land(lab) -> int:
    return int(lab.sentence.split(" %")[0].split()[-1])


def cells(lab) -> int:
    """How many cells are land, as the kernel has it."""
    return int(lab.ask("int((lab.canvas.cells > 0).sum())"))


def test_paint_a_coast_with_the_mouse(open_lab) -> None:
    lab = open_lab("paint", PAINT)
    assert land(lab) == 0
    left, right, bottom, top = lab.area(0)
    lab.changes(lambda: lab.drag((3 * left + right) / 4, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 8))
    wait_for(lambda: land(lab) > 5, "there is land")
    lab.steady()
    painted = land(lab)
    lab.changes(lambda: lab.pick("Brush", "mountains") or lab.page.mouse.click(left + 20, top + 20))
    wait_for(lambda: "of that mountains" in lab.sentence and land(lab) > painted, "mountains come to it")
    lab.changes(lab.button("Undo").click)
    wait_for(lambda: land(lab) == painted, "the last stroke is gone")
    lab.changes(lab.button("an island").click)
    wait_for(lambda: lab.ask("lab.parameters.scene") == "'an island'", "the preset brings its map")
    start = land(lab)
    lab.pick("Brush", "sea")
    lab.changes(lambda: lab.page.mouse.click((left + right) / 2, (top + bottom) / 2))
    wait_for(lambda: land(lab) < start, "a lake")
    lab.changes(lab.button("From the start").click)
    wait_for(lambda: land(lab) == start, "the lake is gone")


def test_paint_with_keys_alone(open_lab) -> None:
    lab = open_lab("paint", PAINT)
    grip = lab.panel.locator(".gan-grip").first
    grip.focus()
    lab.changes(lambda: grip.press("d"))
    wait_for(lambda: land(lab) > 0, "a dab of land")
    dab = land(lab)
    grip.press("p")
    wait_for(lambda: lab.ask("lab.parameters.pen") == "'down'", "the pen is down")
    for step in range(1, 6):
        grip.press("Shift+ArrowRight")
        there = 0.5 + 0.1 * step
        wait_for(lambda: abs(float(lab.ask("lab.parameters.across")) - there) < 0.01, "the cursor has moved")  # noqa: B023
    wait_for(lambda: land(lab) > dab, "the arrow keys draw")
    grip.press("3")
    wait_for(lambda: lab.ask("lab.parameters.brush") == "'dry plain'", "a number is a brush")
    before = cells(lab)
    grip.press("u")
    wait_for(lambda: cells(lab) < before, "u takes back")


def test_draw_lines(open_lab) -> None:
    lab = open_lab("ink", INK)
    left, right, _, top = lab.area(0)
    picture = lab.picture
    lab.drag(left + 20, top + 20, right - left - 40)
    wait_for(lambda: lab.picture != picture, "the line and its colours are there")
    assert lab.sentence.startswith("Ink covers ")
