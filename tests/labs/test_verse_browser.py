"""VerseLab in a browser: begin a line, turn the page by key, and take the test by key."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
CELL = """
import torch
from gan_lessons.data.verse import sounds
from gan_lessons.labs.writing import VerseLab
from gan_lessons.networks.verse import VerseWriter

torch.manual_seed(0)
writers = {name: VerseWriter(sounds(), 10, 8, 8).eval().requires_grad_(False) for name in ("likelihood", "GAN")}
for writer in writers.values():
    writer.bias.normal_(std=2)
lab = VerseLab(writers)
"""


def test_begin_a_line_and_turn_the_page(open_lab) -> None:
    lab = open_lab("verse", CELL + "lab")
    assert "as “shall i compare thee" in lab.sentence
    lab.press("Temperature", "ArrowLeft")
    wait_for(lambda: lab.ask("lab.parameters.temperature") == "0.95", "the slider moves the lab")
    lab.panel.get_by_label("Your words").fill("the moon upon")
    lab.button("Finish my line").click()
    wait_for(lambda: "as “the moon upon" in lab.sentence, "the line begins as it was typed")
    lab.panel.get_by_label("Your words").fill("xqzzk")
    lab.button("Finish my line").click()
    wait_for(lambda: "“xqzzk” is not in the pronouncing dictionary" in lab.sentence, "an unknown word is refused")
    lab.canvas.click()
    lab.page.keyboard.press("n")
    wait_for(lambda: lab.ask("lab.parameters.page") == "1", "N brings other lines")


def test_take_the_test_by_key(open_lab) -> None:
    lab = open_lab("lines", CELL + "lab.test(2)")
    assert lab.sentence.startswith("0 of 2 answered") and "invented or real?" in lab.canvas.get_attribute("aria-label")
    lab.canvas.click()
    lab.changes(lambda: lab.page.keyboard.press("r"))
    assert "You were wrong in" in lab.changes(lambda: lab.page.keyboard.press("i"))
