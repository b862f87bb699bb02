"""Blind tests in a browser: answered by button and by key, and gone on with after a reload."""

import pytest

from tests.browser import wait_for
from tests.labs.cells import DIGITS

pytestmark = pytest.mark.browser
TEST = (
    DIGITS
    + """
from gan_lessons.labs.blind.real_or_fake import RealOrFakeLab
lab = RealOrFakeLab(real, gan.sample(60), trials=6)
lab
"""
)


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
    assert lab.ask("lab.test.answers") == "[]"


ROOM = """
import torch
from gan_lessons.labs.blind.listening_room import ListeningRoom
time = torch.arange(4096) / 8000
clips = {name: torch.stack([(6.28 * (hertz + 30 * k) * time).sin() for k in range(3)])
         for name, hertz in {"real": 200, "vocoder": 400}.items()}
lab = ListeningRoom(clips, abx=2, ratings=1, file="answers.json")
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
