"""CycleLab in a browser: amplify what is lost, and put noise in between, by keyboard and in a narrow, dark window."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
CYCLE = """
import torch
from gan_lessons.labs.translation import CycleLab

kinds = torch.rand(2, 9, 1, 12, 12, generator=torch.Generator().manual_seed(0)) * 2 - 1
lab = CycleLab(lambda sent: sent / 100 - 0.5, lambda between: 100 * (between + 0.5), *kinds)
lab
"""


def test_noise_and_amplification_by_keyboard(open_lab) -> None:
    lab = open_lab("cycle", CYCLE)
    assert lab.sentence.startswith("Mean error (L1) of these 6 round trips: 0.000")
    lab.changes(lambda: lab.press("Disturbance", "ArrowRight"))
    assert lab.ask("lab.parameters.between") == "'8 bits'"
    picture = lab.picture
    lab.press("Difference times", "End")
    wait_for(lambda: lab.picture != picture, "what is lost is stronger")
    before = lab.changes(lambda: lab.press("Disturbance", "ArrowRight"))
    assert lab.changes(lambda: lab.press("Noise strength", "End")) != before
    assert lab.value("Noise strength") == "0.20"
    lab.changes(lab.button("undisturbed").click)
    wait_for(lambda: lab.ask("lab.parameters.between") == "'nothing'", "the preset takes the noise away")


def test_in_a_narrow_dark_window(open_lab) -> None:
    lab = open_lab("cycle", CYCLE)
    lab.page.emulate_media(color_scheme="dark")
    lab.page.set_viewport_size({"width": 480, "height": 900})
    before = lab.sentence
    assert lab.changes(lambda: lab.press("Disturbance", "End")) != before
    assert 0 < lab.canvas.bounding_box()["width"] <= 480
