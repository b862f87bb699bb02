"""ShapeLab in a browser: turn and walk with keys, in a narrow, dark window too."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
SHAPES = """
from gan_lessons.labs.shapes import ShapeLab
from tests.labs.small import shaped_gan

lab = ShapeLab(shaped_gan(), 32)
lab
"""


def test_turn_and_walk_by_keyboard(open_lab) -> None:
    lab = open_lab("shapes", SHAPES)
    picture = lab.picture
    lab.press("Turn", "ArrowRight")
    wait_for(lambda: lab.ask("lab.parameters.turn") == "40", "it has turned")
    wait_for(lambda: lab.picture != picture, "another side is seen")
    lab.press("From A to B", "End")
    wait_for(lambda: lab.ask("lab.parameters.share") == "1.0", "the walk ends at B")
    lab.pick("Kind of B", "vase")
    wait_for(lambda: lab.ask("lab.parameters.second_kind") == "'vase'", "B is a vase now")
    lab.button("into the mug").click()
    wait_for(lambda: lab.ask("lab.parameters.first_kind") == "'mug'", "the preset asks for a mug")
    assert lab.sentence.startswith("From above one sees whether it is hollow.")


def test_in_a_narrow_dark_window(open_lab) -> None:
    lab = open_lab("shapes", SHAPES)
    lab.page.emulate_media(color_scheme="dark")
    lab.page.set_viewport_size({"width": 480, "height": 900})
    lab.press("Tilt", "End")
    wait_for(lambda: lab.ask("lab.parameters.tilt") == "85", "seen from above")
    assert 0 < lab.canvas.bounding_box()["width"] <= 480
