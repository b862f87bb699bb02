"""ClipLab in a browser: scrub, play, and press for other motions."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
CLIPS = """
from tests.labs.small import clip_gan
from gan_lessons.labs.videos import ClipLab

lab = ClipLab(clip_gan())
lab
"""


def test_frames_play_and_motions_change(open_lab) -> None:
    lab = open_lab("clips", CLIPS)
    assert lab.sentence.startswith("The judge reads the rows as ")
    picture = lab.picture
    lab.press("Frame", "ArrowRight")
    wait_for(lambda: lab.picture != picture, "the second frame is another")
    lab.button("Back one").click()
    wait_for(lambda: lab.value("Frame") == "0", "and back")
    lab.button("Play").click()
    wait_for(lambda: int(lab.value("Frame")) > 2, "it plays")
    lab.button("Pause").click()
    lab.button("Play").wait_for()
    lab.button("other motions").click()
    wait_for(lambda: lab.value("First motion") == "30", "the preset moves the slider")
    assert lab.value("First content") == "0"
