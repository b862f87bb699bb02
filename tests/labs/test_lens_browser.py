"""LensLab in a browser: lenses, the way between the networks, and another picture, by the keyboard."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
LENS = """
from tests.labs.small import lens_lab
lab = lens_lab()
lab
"""


def test_look_through_every_lens(open_lab) -> None:
    lab = open_lab("lens", LENS)
    assert lab.sentence.startswith("PSNR ")
    picture = lab.picture
    lab.press("From L1 to the GAN", "End")
    wait_for(lambda: lab.picture != picture, "another network")
    said = lab.changes(lambda: lab.press("Lens", "End"))
    assert "true picture" in said
    lab.changes(lambda: lab.press("Lens", "Home"))
    assert "PSNR" in lab.sentence
    picture = lab.picture
    lab.press("Picture", "End")
    wait_for(lambda: lab.picture != picture, "another picture")
    lab.button("inventive").click()
    wait_for(lambda: lab.value("Lens") == "GAN", "the preset moves the slider")
