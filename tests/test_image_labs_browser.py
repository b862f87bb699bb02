"""The labs about images in a browser: scrub, play, drag, walk, and answer by button and by key."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
GAN_CELL = """
import torch
from gan_lessons import losses
from gan_lessons.data.images import small_digits
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator
from gan_lessons.training import GAN, train

torch.manual_seed(0)
real = small_digits().pixels
gan = GAN(ImageGenerator(8, 8, width=8, hidden=32), ImageDiscriminator(8, width=8, hidden=32), 8)
"""
TIMELINE = (
    GAN_CELL
    + """
from gan_lessons.labs.latents.timeline_simulation import Timeline
from gan_lessons.labs.latents.timeline import TimelineLab

timeline = Timeline(gan, score=lambda gan: 1 / (1 + gan.step))
for record in timeline.watch(train(gan, real, losses.relativistic, steps=60, batch=16)):
    pass
lab = TimelineLab(timeline)
lab
"""
)
LATENT = (
    GAN_CELL
    + """
from gan_lessons.labs.latents.latent import LatentLab
lab = LatentLab(gan, real[:900])
lab
"""
)
TEST = (
    GAN_CELL
    + """
from gan_lessons.labs.blind.real_or_fake import RealOrFakeLab
lab = RealOrFakeLab(real, gan.sample(60), trials=6)
lab
"""
)


def step(lab) -> int:
    return int(lab.sentence.split("Step ")[-1].split()[0])


def test_scrub_and_play(open_lab) -> None:
    lab = open_lab("timeline", TIMELINE)
    assert step(lab) == 60
    lab.changes(lambda: lab.press("Step", "Home"))
    assert step(lab) == 0
    lab.changes(lambda: lab.press("Step", "ArrowRight"))
    assert step(lab) == 1
    lab.changes(lab.button("On one").click)
    assert step(lab) == 2
    left, right, bottom, top = lab.area(2)
    lab.changes(lambda: lab.page.mouse.click((left + right) / 2, (bottom + top) / 2))
    assert 25 < step(lab) < 36
    assert "present generator" in lab.changes(lambda: lab.pick("Generator", "present"))
    lab.changes(lambda: lab.press("Step", "End"))
    lab.pick("Speed", "3 a second")
    lab.button("Play").click()
    wait_for(lambda: 0 < step(lab) < 30, "it plays from the start")
    lab.button("Pause").click()
    lab.button("Play").wait_for()
    lab.page.wait_for_timeout(700)
    reached = step(lab)
    lab.page.wait_for_timeout(700)
    assert step(lab) == reached < 60
    wait_for(lambda: lab.value("Step") == str(reached), "the slider went along")
    lab.pick("Speed", "full speed")
    lab.button("Play").click()
    wait_for(lambda: step(lab) == 60, "it plays to the end")
    lab.button("Play").wait_for()


def test_drag_walk_and_truncate(open_lab) -> None:
    lab = open_lab("latent", LATENT)
    assert lab.sentence.startswith("(0, 0) steps of 1 from noise 0, along two random directions")
    box = lab.canvas.bounding_box()
    x, y = lab.handle("across,up")
    lab.changes(lambda: lab.drag(box["x"] + x, box["y"] + y, 60, -40))
    wait_for(lambda: float(lab.value("Along the first")) > 1, "the sliders follow")
    assert 0.3 < float(lab.value("Along the second")) < 4
    assert "(at ψ = 1: " in lab.changes(lambda: lab.press("Truncation ψ", "ArrowLeft"))
    assert "Shen & Zhou 2021" in lab.changes(lambda: lab.pick("Directions", "first layer"))
    lab.press("Second direction", "ArrowLeft")
    wait_for(lambda: "must differ" in lab.sentence, "the same direction twice is refused")
    wait_for(lambda: lab.value("Second direction") == "2", "the slider goes back")
    lab.panel.get_by_role("tab", name="The walk").click()
    assert "from noise 1," in lab.changes(lambda: lab.press("Noise A", "ArrowRight"))
    assert "from noise 2," in lab.changes(lambda: lab.press("Noise A", "ArrowRight"))
    assert "5% of the way" in lab.changes(lambda: lab.press("Walked from A to B", "ArrowRight"))
    lab.changes(lambda: lab.pick("Way", "straight line"))


def answered(lab) -> int:
    return int(lab.sentence.split(" of 6 answered")[0].split()[-1])


def test_answer_by_button_and_by_key(open_lab) -> None:
    lab = open_lab("test", TEST)
    assert answered(lab) == 0 and "real or fake?" in lab.canvas.get_attribute("aria-label")
    cell = "window.jupyterapp.shell.currentWidget.content.activeCell.model.type"
    lab.canvas.click()
    for k, key in enumerate(("r", "F", "f"), start=1):
        lab.changes(lambda key=key: lab.page.keyboard.press(key))
        assert answered(lab) == k
    assert lab.page.evaluate(cell) == "code", "JupyterLab did not take the letter R for its own command"
    assert lab.page.locator(".jp-DocumentSearch-overlay").count() == 0, "nor F"
    lab.changes(lab.button("Take back").click)
    assert answered(lab) == 2
    lab.changes(lab.button("Real (R)").click)
    lab.page.keyboard.press("r")  # the focus is on a button now
    wait_for(lambda: answered(lab) == 4, "letters count wherever in the lab the focus is")
    lab.changes(lab.button("Fake (F)").click)
    assert "wrong in" not in lab.sentence
    assert "You were wrong in " in lab.changes(lambda: lab.page.keyboard.press("f"))
    assert lab.button("Real (R)").is_disabled() and "taken for real" in lab.canvas.get_attribute("aria-label")
    output = lab.run_cell("print(len(lab.records), lab.records[0]['answer'])")
    wait_for(lambda: "6 real" in output.inner_text(), "the table is there")
    lab.changes(lab.button("Another test").click)
    assert answered(lab) == 0
    # outside of the lab the letters are JupyterLab's and the reader's
    lab.page.evaluate("document.activeElement.blur()")
    lab.run_cell("")
    lab.page.keyboard.press("r")
    lab.page.wait_for_timeout(500)
    assert answered(lab) == 0
