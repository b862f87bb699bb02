"""Labs on image generators in a browser: scrub, play, drag and walk."""

import pytest

from tests.browser import wait_for
from tests.labs.cells import DIGITS

pytestmark = pytest.mark.browser
TIMELINE = (
    DIGITS
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
    DIGITS
    + """
from gan_lessons.labs.latents.latent import LatentLab
lab = LatentLab(gan, real[:900])
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
    assert 4 <= step(lab) <= 10, "the middle of a logarithmic axis"
    assert "present generator" in lab.changes(lambda: lab.pick("Generator", "present"))
    lab.changes(lambda: lab.press("Step", "End"))
    lab.pick("Speed", "1 a second")
    lab.button("Play").click()
    wait_for(lambda: 0 < step(lab) < 30, "it plays from the start")
    lab.button("Pause").click()
    lab.button("Play").wait_for()
    reached = int(lab.ask("lab.values['at']"))
    wait_for(lambda: step(lab) == reached, "the last snapshot is shown")
    assert int(lab.ask("lab.values['at']")) == reached < 60
    wait_for(lambda: lab.value("Step") == str(reached), "the slider went along")
    lab.pick("Speed", "full speed")
    lab.button("Play").click()
    wait_for(lambda: step(lab) == 60, "it plays to the end")
    lab.button("Play").wait_for()


def test_drag_walk_and_truncate(open_lab) -> None:
    lab = open_lab("latent", LATENT)
    assert lab.sentence.startswith("(0, 0) steps of 1 from noise 0, along two random directions")
    lab.changes(lambda: lab.drag_handle("across,up", 60, -40))
    wait_for(lambda: float(lab.value("Along the first")) > 1, "the sliders follow")
    wait_for(lambda: 0.3 < float(lab.value("Along the second")) < 3, "both of them")  # the mouse may still move
    lab.steady()
    wait_for(lambda: lab.sentence.split(" The nearest")[0] in lab.ask("lab.sentence"), "the last move is told")
    assert "(at ψ = 1: " in lab.changes(lambda: lab.press("Truncation ψ", "ArrowLeft"))
    assert "Shen & Zhou 2021" in lab.changes(lambda: lab.pick("Directions", "first layer"))
    lab.more()
    lab.press("Second direction", "ArrowLeft")
    wait_for(lambda: "must differ" in lab.sentence, "the same direction twice is refused")
    wait_for(lambda: lab.value("Second direction") == "2", "the slider goes back")
    lab.more("The walk")
    assert "from noise 1," in lab.changes(lambda: lab.press("Noise A", "ArrowRight"))
    assert "from noise 2," in lab.changes(lambda: lab.press("Noise A", "ArrowRight"))
    assert "5% of the way" in lab.changes(lambda: lab.press("Walked from A to B", "ArrowRight"))
    picture = lab.picture  # at 5% both ways are so near to one another that the sentence may stay
    lab.pick("Way", "straight line")
    wait_for(lambda: lab.picture != picture, "the mark moves to the other way")


VOICE = """
import torch
from gan_lessons.judges import sounds
from gan_lessons.labs.latents.voice import VoiceLab
from gan_lessons.networks.sound import MelGenerator
torch.manual_seed(0)
network = MelGenerator(18, 8).eval()
def draw(noise, labels):
    return network(torch.cat([noise, torch.nn.functional.one_hot(labels, 10).float()], 1))[:, 0]
lab = VoiceLab(draw, 8, sounds.load())
lab
"""


def source(lab) -> str:
    return lab.panel.locator("audio").first.evaluate("audio => audio.src")


def test_a_slider_moves_the_spectrogram_and_the_sound(open_lab) -> None:
    lab = open_lab("voice", VOICE)
    before = source(lab)
    assert "the judge reads" in lab.changes(lambda: lab.press("Direction 1", "PageUp"))
    wait_for(lambda: source(lab) != before, "the audio source is another")
    assert lab.sentence.startswith("Asked for 0")
    assert lab.changes(lambda: lab.pick("Digit", "7")).startswith("Asked for 7")


CATS = """
from gan_lessons import recipes
from gan_lessons.judges.avatars import load
from gan_lessons.labs.latents import EditLab, MixingLab

lab = {lab}(recipes.find("avatars", "long").load(), lambda pixels: load().read(pixels)[1])
lab
"""


def test_rows_and_layers_change_their_cat(open_lab) -> None:
    lab = open_lab("mixing", CATS.format(lab="MixingLab"))
    assert lab.sentence.startswith("Read in this mix: ")
    picture = lab.picture
    lab.press("Rows from A", "Home")
    wait_for(lambda: lab.picture != picture, "all rows are B's")
    wait_for(lambda: "A's" not in lab.sentence, "and so are the parts")
    lab.press("Rows from A", "End")
    lab.press("Later layers from A", "End")
    wait_for(lambda: "B's" not in lab.sentence, "all is A's, and so are the parts")
    lab.button("the mean cat").click()
    wait_for(lambda: lab.value("Truncation ψ") == "0.00", "the preset moves the slider")


def test_a_cat_gets_another_hat(open_lab) -> None:
    lab = open_lab("edit", CATS.format(lab="EditLab"))
    lab.button("as it is").click()
    wait_for(lambda: "Nothing is edited" in lab.sentence, "the cat is as it was drawn")
    picture = lab.picture
    said = lab.changes(lambda: lab.pick("Body", "variant 9"))
    assert "body" in said and lab.picture != picture
    picture = lab.picture
    lab.press("Strength", "Home")
    wait_for(lambda: lab.picture != picture, "at a strength of 0 it is the cat again")
