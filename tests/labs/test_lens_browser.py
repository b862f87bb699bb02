"""LensLab in a browser: lenses, the way between the networks, and another picture, by the keyboard."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
LENS = """
import torch
from gan_lessons.labs.translation import LensLab
from gan_lessons.networks.superres import SuperResolution

torch.manual_seed(0)
sharp = torch.rand(2, 3, 32, 32) * 2 - 1
l1, gan = (SuperResolution(4, 8, 1).eval().requires_grad_(False) for _ in range(2))
gan.last.weight.mul_(30)
lab = LensLab(sharp, torch.nn.functional.avg_pool2d(sharp, 4), l1, gan)
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
