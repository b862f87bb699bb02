"""Labs as a reader meets them: in JupyterLab, in a browser, moved by mouse and by keyboard."""

import pytest

from tests.browser import wait_for

pytestmark = pytest.mark.browser
LABS = {
    "LossLab": "theory",
    "DensityRatioLab": "points",
    "PushForwardLab": "points",
}


def cell(name: str) -> str:
    return f"from gan_lessons.labs.{LABS[name]} import {name}\nlab = {name}()\nlab"


def test_loss_lab(open_lab) -> None:
    lab = open_lab("loss", cell("LossLab"))
    assert lab.sentence.startswith("Non-saturating: D's loss is ")

    assert "Minimax" in lab.changes(lambda: lab.pick("Loss", "minimax"))
    assert "G's is −0." in lab.sentence

    assert "almost nothing" in lab.changes(lambda: lab.button("saturate").click())
    assert lab.sentence.startswith("Watch G's magenta arrows")
    lab.changes(lambda: lab.press("Fake scores: mean", "ArrowRight"))
    lab.changes(lambda: lab.drag_knob("Real scores: mean", -40))

    # the handle of the fake scores, which the mouse drags on the canvas itself
    lab.changes(lambda: lab.drag_handle("fake_mean", 60))
    wait_for(lambda: float(lab.value("Fake scores: mean")) > -3.5, "the value follows the handle")

    # and the keyboard
    grip = lab.panel.get_by_role("slider", name="Handle: Fake scores: mean")
    before = float(lab.value("Fake scores: mean"))

    def moved() -> bool:
        grip.press("ArrowLeft")  # again, for the last of the drag may come after the first press
        return float(lab.value("Fake scores: mean")) < before

    wait_for(moved, "an arrow key moves the handle")
    assert grip.get_attribute("aria-valuetext").startswith("Fake scores: mean ")

    # sliders say their names and what they show
    knob = lab.knob("Fake scores: mean")
    assert knob.get_attribute("aria-label") == "Fake scores: mean"
    shown = lab.panel.locator(".widget-slider", has_text="Fake scores: mean").locator(".widget-readout")
    wait_for(lambda: knob.get_attribute("aria-valuetext") == shown.inner_text(), "the value is said")
    assert lab.panel.get_by_role("combobox", name="Loss").get_attribute("title") == "What either player minimises"

    # the picture follows the theme
    before = lab.picture
    lab.page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    wait_for(lambda: lab.picture != before, "the picture stayed in the light theme")


def test_density_ratio_lab(open_lab) -> None:
    lab = open_lab("ratio", cell("DensityRatioLab"))
    assert "After 0 steps" in lab.sentence

    train = lab.panel.get_by_role("button", name="Train 100 steps")
    assert "After 100 steps" in lab.changes(train.click)
    train.focus()
    assert "After 200 steps" in lab.changes(lambda: train.press("Enter"))
    lab.changes(lambda: lab.press("Real p: mean", "ArrowLeft"))

    lab.more()
    lab.press("Fake q: spread", "Home")
    wait_for(lambda: "spread of 0" in lab.sentence, "a spread of 0 is refused")
    wait_for(lambda: float(lab.value("Fake q: spread")) == 1.2, "the slider goes back")

    lab.changes(lambda: lab.panel.get_by_role("button", name="Start again").click())
    lab.changes(lambda: lab.panel.get_by_role("button", name="Play").click())
    wait_for(lambda: int(lab.sentence.split()[1]) >= 50, "play goes on")
    lab.panel.get_by_role("button", name="Pause").click()
    lab.panel.get_by_role("button", name="Play").wait_for()


def test_push_forward_lab(open_lab) -> None:
    lab = open_lab("push", cell("PushForwardLab"))
    assert "Area is stretched" in lab.sentence
    assert "1.00 to 1.00 times" in lab.changes(lambda: lab.pick("Map G", "2-D swirl"))
    assert lab.panel.locator("select[disabled]").count() > 0
    lab.changes(lambda: lab.press("Strength", "PageUp"))
    lab.changes(lambda: lab.press("From z to G(z)", "Home"))
    wait_for(lambda: lab.value("From z to G(z)") == "0.00", "the noise itself")
    lab.button("Play").click()
    wait_for(lambda: lab.value("From z to G(z)") == "1.00", "the film runs to its end")
    lab.button("Play").wait_for()
    assert "The slope dy/dz" in lab.changes(lambda: lab.pick("Map G", "1-D bend"))
    lab.changes(lambda: lab.drag_knob("Strength", 60))


def test_the_stored_chapter_01(open_lab) -> None:
    lab = open_lab("01_the_game")
    assert "After 350 rounds" in lab.sentence
    assert "After 2000 rounds" in lab.changes(lambda: lab.press("Rounds played", "End"))
    assert "away from the goal" in lab.changes(lambda: lab.pick("D: score", "straight"))
    lab.more()
    lab.changes(lambda: lab.drag_knob("G: a at the start", -40))


def test_a_cell_that_runs_again_replaces_its_lab(open_lab) -> None:
    lab = open_lab("again", "kept = []", cell("DensityRatioLab") + "\nkept.append(lab)\nlab")
    lab.changes(lab.button("Play").click)
    for count in (2, 3):
        lab.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
        lab.command("notebook:run-cell")
        wait_for(lambda count=count: lab.ask("len(kept)") == str(count), "the cell runs")
    assert lab.ask("[one.closed for one in kept]") == "[True, True, False]" and lab.ask("kept[0].playing") == "False"
    assert lab.ask("kept[0].sentence") == "'This lab is closed; run its cell again.'"
    wait_for(lambda: lab.sentence.startswith("After 0 steps"), "the new one is there")


@pytest.mark.parametrize("end", ["restart", "shutdown"])
def test_a_lab_without_its_kernel_says_so(open_lab, end) -> None:
    lab = open_lab("restarted", cell("DensityRatioLab"))
    lab.changes(lab.button("Play").click)
    lab.page.evaluate(f"window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.{end}().then(() => null)")
    wait_for(lambda: "run the cell again" in lab.sentence, "it says that it is dead")


@pytest.mark.parametrize(("wide", "high"), [(1440, 900), (900, 700), (720, 450)])
def test_play_and_picture_fit_one_screen(open_lab, wide, high) -> None:
    lab = open_lab("fits", "from gan_lessons.labs.points import PlaygroundLab\nlab = PlaygroundLab()\nlab")
    lab.page.set_viewport_size({"width": wide, "height": high})
    lab.steady()
    box = lab.panel.locator(".gan-lab").bounding_box()
    assert box["width"] <= wide and lab.panel.locator(".gan-lab").evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    top = lab.button("Play").bounding_box()["y"]
    left, right, low, up = lab.canvas.evaluate("c => c.areas[0]")
    assert right - left > 150 and low - up > 150, "the plane is not squeezed"
    canvas = lab.canvas.bounding_box()["y"]
    assert canvas + low - top < high, "from Play to the end of the first panel it is less than a window"
