"""TextLab in a browser: move the dials, walk from word to word, let a GAN learn, and take the test by key."""

import re

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
CELL = """
import torch
from gan_lessons import losses
from gan_lessons.data.text import LETTERS, Splits, Texts
from gan_lessons.labs.writing import TextLab
from gan_lessons.networks.text import LSTMGenerator, WordDiscriminator, WordGenerator
from gan_lessons.training import GAN, train

torch.manual_seed(0)
splits = Splits(*(Texts(torch.randint(1, 27, (300, 6)), LETTERS) for _ in range(3)))

def live():
    gan = GAN(WordGenerator(8, 6, width=16), WordDiscriminator(6, width=16, hidden=8, group=1), 8)
    data = torch.nn.functional.one_hot(splits.train.symbols, 27).float()
    return gan, train(gan, data, losses.relativistic, steps=2000, batch=16)

network = WordGenerator(8, 6, width=16).requires_grad_(False)
lab = TextLab(LSTMGenerator(length=6, width=16), network, 8, splits, live, scored=200)
"""


def learnt(lab) -> int:
    return int(re.search(r"the GAN at step (\d+)", lab.sentence)[1])


def test_move_the_dials_and_walk(open_lab) -> None:
    lab = open_lab("text", CELL + "lab")
    assert "the GAN, ψ = 1:" in lab.sentence
    lab.changes(lambda: lab.press("LSTM: temperature", "ArrowLeft"))
    assert "the GAN, ψ = 0.95:" in lab.changes(lambda: lab.press("GAN: truncation ψ", "ArrowLeft"))
    lab.more("The walk")
    stood = lab.sentence.split("stands at ")[1].split(":")[0]
    lab.changes(lambda: lab.press("Walked from A to B", "End"))
    assert lab.sentence.split("stands at ")[1].split(":")[0] != stood
    lab.changes(lambda: lab.drag_handle("along", -120))
    wait_for(lambda: float(lab.value("Walked from A to B")) < 0.9, "the slider follows the handle")
    lab.panel.get_by_label("Word A").fill("toolong")
    lab.button("Walk from word to word").click()
    wait_for(lambda: "has 7 symbols; at most 6 fit" in lab.sentence, "too long a word is refused")


def test_words_change_while_a_gan_learns(open_lab) -> None:
    lab = open_lab("learning", CELL + "lab")
    lab.changes(lab.button("Train 100 steps").click)
    assert learnt(lab) == 100
    lab.changes(lab.button("Play").click)
    wait_for(lambda: learnt(lab) > 150, "it learns")
    lab.button("Pause").click()
    lab.button("Play").wait_for()
    reached = int(lab.ask("lab.gan.step"))
    wait_for(lambda: learnt(lab) == reached, "the last step is shown")
    assert int(lab.ask("lab.gan.step")) == reached
    lab.changes(lambda: lab.pick("Which GAN", "trained before"))


def test_take_the_test_by_key(open_lab) -> None:
    lab = open_lab("invented", CELL + "lab.test(4)")
    assert lab.sentence.startswith("0 of 4 answered") and "invented or real?" in lab.canvas.get_attribute("aria-label")
    lab.canvas.click()
    for k, key in enumerate(("r", "I", "i"), start=1):
        lab.changes(lambda key=key: lab.page.keyboard.press(key))
        assert lab.sentence.startswith(f"{k} of 4")
    lab.changes(lab.button("Take back").click)
    lab.changes(lab.button("Invented (I)").click)
    assert re.search(r"You were wrong in \d of 4: .*95 % interval", lab.changes(lambda: lab.page.keyboard.press("r")))
    assert lab.button("Real (R)").is_disabled()
    lab.changes(lab.button("Another test").click)
