"""BillLab in a browser: presets and the batch move the bill."""

import pytest

pytestmark = pytest.mark.browser
CELL = """
from gan_lessons import recipes
from gan_lessons.labs.scaling import BillLab, Counted

lab = BillLab({"digits": Counted(recipes.find("digits", "cpu"))})
lab
"""


def test_the_batch_and_the_presets_move_the_bill(open_lab) -> None:
    lab = open_lab("bill", CELL)
    before = lab.sentence
    assert "digits on an A100, predicted" in before
    moved = lab.changes(lambda: lab.press("Batch", "ArrowRight"))
    assert lab.ask("lab.parameters.batch") == "512" and moved in lab.ask("lab.sentence")
    assert "limited by Python's launches" in lab.changes(lab.button("one at a time").click)
    assert lab.ask("lab.parameters.card") == "'H100'"
