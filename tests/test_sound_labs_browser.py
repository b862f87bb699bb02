"""The labs about sound in a browser: an ABX test by keyboard that goes on after a reload, and a voice that moves."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
ROOM = """
import torch
from gan_lessons.labs.blind.listening_room import ListeningRoom
time = torch.arange(4096) / 8000
clips = {name: torch.stack([(6.28 * (hertz + 30 * k) * time).sin() for k in range(3)])
         for name, hertz in {"real": 200, "vocoder": 400}.items()}
lab = ListeningRoom(clips, abx=2, ratings=1, file="answers.json")
lab
"""
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


def test_an_abx_test_by_keyboard_goes_on_after_a_reload(open_lab) -> None:
    lab = open_lab("room", ROOM)
    assert lab.sentence.startswith("0 of 4 answered")
    lab.canvas.click()
    before = source(lab)
    lab.page.keyboard.press("x")
    wait_for(lambda: "Playing X." in lab.sentence, "X plays")
    wait_for(lambda: source(lab) != before, "the audio source is another")
    wait_for(
        lambda: lab.panel.locator("audio").first.evaluate("audio => audio.duration") == pytest.approx(0.512),
        "the browser reads the WAV file",
    )
    lab.page.keyboard.press("2")
    lab.page.keyboard.press("Enter")
    wait_for(lambda: lab.sentence.startswith("1 of 4 answered"), "Enter confirms")
    lab.run_cell(ROOM)
    second = lab.panel.locator(".gan-sentence").nth(1)
    wait_for(lambda: second.count() and second.inner_text().startswith("1 of 4 answered"), "it goes on")
    lab.button("X is A").first.click()
    lab.page.keyboard.press("Enter")
    wait_for(lambda: lab.sentence.startswith("2 of 4 answered"), "Enter counts on a button too")
    for key, done in (("4", 3), ("2", 4)):
        lab.page.keyboard.press(key)
        lab.page.keyboard.press("Enter")
        wait_for(lambda done=done: done == 4 or lab.sentence.startswith(f"{done} of 4"), "ratings count")
    wait_for(lambda: "Mean rating: real" in lab.sentence, "the outcome is told")
    assert "mean rating, 1 to 5" in lab.panel.locator("table").first.inner_text()


def test_a_slider_moves_the_spectrogram_and_the_sound(open_lab) -> None:
    lab = open_lab("voice", VOICE)
    before = source(lab)
    assert "the judge reads" in lab.changes(lambda: lab.press("Direction 1", "PageUp"))
    wait_for(lambda: source(lab) != before, "the audio source is another")
    assert lab.sentence.startswith("Asked for 0")
    assert lab.changes(lambda: lab.pick("Digit", "7")).startswith("Asked for 7")
