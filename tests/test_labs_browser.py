"""The labs as a reader meets them: in JupyterLab, in a browser, moved by mouse and by keyboard."""

import nbconvert
import nbformat
import numpy as np
import pytest

from gan_lessons.labs.kit.frame import Frame, Heat, Lines, Panel, path
from gan_lessons.labs.kit.recording import Recording
from tests.browser import close_notebook, open_notebook, wait_for

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
    assert "non_saturating: D's is 0.29, G's is 2.14" in lab.sentence

    assert "minimax" in lab.changes(lambda: lab.pick("Loss", "minimax"))
    assert "G's is -0.14" in lab.sentence and "almost nothing" in lab.sentence

    assert "G's is -0.16" in lab.changes(lambda: lab.press("Fake scores: mean", "ArrowRight"))
    lab.changes(lambda: lab.drag_knob("Real scores: mean", -40))

    # the handle of the fake scores, which the mouse drags on the canvas itself
    box = lab.canvas.bounding_box()
    x, y = lab.handle("fake_mean")
    lab.changes(lambda: lab.drag(box["x"] + x, box["y"] + y, 60))
    assert float(lab.value("Fake scores: mean")) > -1.5

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

    lab.press("Fake q: spread", "Home")
    wait_for(lambda: "spread of 0" in lab.sentence, "a spread of 0 is refused")
    wait_for(lambda: float(lab.value("Fake q: spread")) == 1.2, "the slider goes back")

    lab.changes(lambda: lab.panel.get_by_role("button", name="Start again").click())
    lab.changes(lambda: lab.panel.get_by_role("button", name="Play").click())
    wait_for(lambda: int(lab.sentence.split()[1]) >= 50, "play goes on", 30)
    lab.panel.get_by_role("button", name="Pause").click()
    lab.panel.get_by_role("button", name="Play").wait_for()


def test_push_forward_lab(open_lab) -> None:
    lab = open_lab("push", cell("PushForwardLab"))
    assert "Area is stretched" in lab.sentence
    assert "1.00 to 1.00 times" in lab.changes(lambda: lab.pick("Map G", "2-D swirl"))
    assert lab.panel.get_by_role("combobox", name="Network: width").is_disabled()
    lab.changes(lambda: lab.press("Strength", "PageUp"))
    assert "The slope dy/dz" in lab.changes(lambda: lab.pick("Map G", "1-D bend"))
    lab.changes(lambda: lab.drag_knob("Strength", 60))


def test_the_stored_chapter_01(open_lab) -> None:
    lab = open_lab("01_the_game")
    assert "After 300 rounds" in lab.sentence
    assert "After 2000 rounds" in lab.changes(lambda: lab.press("Rounds played", "End"))
    assert "away from the goal" in lab.changes(lambda: lab.pick("D: score", "straight"))
    lab.changes(lambda: lab.drag_knob("G: a at the start", -40))


# The playground, in one notebook: each test leaves it paused


SMALL = """from gan_lessons.labs.points.playground import PlaygroundLab
lab = PlaygroundLab(generator_width=16, discriminator_width=16, batch=16)
lab"""


@pytest.fixture(scope="module")
def playground(lab_page, jupyter):
    yield open_notebook(lab_page, jupyter, "playground", SMALL)
    close_notebook(lab_page)


def steps(lab) -> int:
    return int(lab.sentence.split("After ")[1].split()[0])


def pause(lab) -> int:
    """Pause, see that it stands still, and return the step."""
    lab.button("Pause").click()
    lab.button("Play").wait_for()
    before = steps(lab)
    lab.page.wait_for_timeout(300)
    assert steps(lab) == before
    return before


def test_play_change_and_pause(playground) -> None:
    lab = playground
    lab.changes(lab.button("Play").click)
    wait_for(lambda: steps(lab) > 10, "it trains")
    picture = lab.picture
    wait_for(lambda: lab.picture != picture, "the picture follows")
    before = steps(lab)
    lab.pick("Penalty on D", "r1")
    lab.press("D: learning rate", "ArrowRight")
    wait_for(lambda: lab.value("D: learning rate") == "0.002", "the slider moves")
    wait_for(lambda: steps(lab) > before + 5, "it goes on")
    step = pause(lab)
    code = lab.run_cell("print(lab.code())").inner_text
    wait_for(lambda: f"discriminator_rate=0.002), {step})" in code(), "the change counts from a step on")
    assert "replace(start, penalty='r1'" in code()


def test_one_step_at_a_time(playground) -> None:
    lab = playground
    before = steps(lab)
    for k, name in enumerate(("Step both", "Step D only", "Step G only"), start=1):
        assert f"After {before + k} steps" in lab.changes(lab.button(name).click)
    assert f"After {before + 103} steps" in lab.changes(lab.button("Train 100 steps").click)
    assert "After 0 steps" in lab.changes(lab.button("Start again").click)


def test_slow_motion(playground) -> None:
    lab = playground
    lab.pick("Speed", "3 steps a second")
    before = steps(lab)
    lab.button("Play").click()
    lab.page.wait_for_timeout(1500)
    assert before < pause(lab) <= before + 9
    lab.pick("Speed", "full speed")


def test_export(playground) -> None:
    lab = playground
    lab.button("Export").click()
    area = lab.panel.locator("textarea:visible").last
    wait_for(lambda: "sweep = Sweep(real / scale" in area.input_value(), "the code is shown")


def test_keyboard_alone(playground) -> None:
    lab = playground
    keys = lab.page.keyboard
    lab.panel.get_by_role("tab", name="The game").focus()
    keys.press("Tab")
    for _ in range(20):  # through the controls of the page to the button behind them
        if lab.page.evaluate("document.activeElement.innerText") == "Play":
            break
        keys.press("Tab")
    before = steps(lab)
    keys.press("Enter")
    wait_for(lambda: steps(lab) > before + 3, "Enter plays")
    keys.press("Space")
    lab.button("Play").wait_for()
    keys.press("Tab")
    lab.page.wait_for_timeout(700)  # the last frame may be on its way
    before = steps(lab)
    keys.press("Enter")
    wait_for(lambda: steps(lab) == before + 1, "the next button steps")
    lab.panel.get_by_role("tab", name="The game").focus()
    keys.press("ArrowRight")
    keys.press("Enter")
    assert "so the training starts again. After 0 steps" in lab.changes(lambda: lab.press("G: width", "ArrowLeft"))
    assert lab.value("G: width") == "8"


def test_draw(playground) -> None:
    lab = playground
    lab.panel.get_by_role("tab", name="Data and picture").click()
    assert "There are 0 so far." in lab.changes(lambda: lab.pick("Data", "drawn"))
    lab.page.wait_for_timeout(700)  # until the panels stand where they will be
    left, right, bottom, top = lab.area(0)
    across, down = (left + right) / 2, (bottom + top) / 2
    lab.drag(across, down, (right - left) / 4, (bottom - top) / 4)
    wait_for(lambda: "modes" in lab.sentence, "the drawing has modes")
    left, right, bottom, top = lab.area(0)  # three panels again
    across, down = (left + right) / 2, (bottom + top) / 2
    before = int(lab.sentence.split(" modes")[0].split()[-1])
    lab.changes(lambda: lab.drag(across, down, (left - right) / 4, (bottom - top) / 4))
    assert int(lab.sentence.split(" modes")[0].split()[-1]) > before
    lab.changes(lab.button("Clear drawing").click)
    for _ in range(2):
        assert "so far" in lab.changes(lab.button("Add point").click)
    lab.changes(lambda: lab.pick("Data", "ring"))


def test_interrupts_pause(playground) -> None:
    lab = playground
    lab.button("Play").click()
    wait_for(lambda: steps(lab) > 3, "it trains")
    lab.page.wait_for_timeout(700)
    lab.command("notebook:interrupt-kernel")
    wait_for(lambda: "Paused by an interrupt." in lab.sentence, "an interrupt while no cell runs", 10)
    lab.button("Play").click()
    before = steps(lab)
    wait_for(lambda: steps(lab) > before + 3, "it goes on")
    output = lab.run_cell("import time\ntime.sleep(60)")
    lab.page.wait_for_timeout(700)
    before = steps(lab)
    wait_for(lambda: steps(lab) > before, "it trains while a cell runs")
    lab.command("notebook:interrupt-kernel")
    wait_for(lambda: "KeyboardInterrupt" in output.inner_text(), "the cell is interrupted", 10)
    wait_for(lambda: "Paused by an interrupt." in lab.sentence, "and so is the training", 10)
    before = steps(lab)
    assert f"After {before + 1} steps" in lab.changes(lab.button("Step both").click), "the networks are whole"


def test_deleting_the_cell_pauses(playground) -> None:
    lab = playground
    lab.button("Play").click()
    wait_for(lambda: steps(lab) > 3, "it trains")
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0")
    lab.command("notebook:delete-cell")
    output = lab.run_cell("import time\ntime.sleep(0.3)\nprint(lab.playing, lab.sentence)")
    wait_for(lambda: "False Paused, because the lab was no longer shown." in output.inner_text(), "it stands still", 20)


# Recordings


READ = """(canvas, [frame, layer]) => {
    const { panels, data } = recording[frame], { kind, start, shape } = panels[0].layers[layer];
    const count = shape.reduce((a, b) => a * b, 1);
    return [...new (kind === "Heat" ? Uint8Array : Float32Array)(data.buffer, start, count)];
}"""


def hill(k: int) -> Frame:
    x = [0.1 * i for i in range(40)]
    heat = Heat(np.minimum(np.outer(x, x) * k, 255), (0, 4, 0, 4), 0, 255, "PRGn")
    hole = [float("nan") if i == 17 else k / 20 * value for i, value in enumerate(x)]
    line = Lines(path(x, hole), "#0072B2", "a line")
    return Frame((Panel((heat, line), (0, 4), (0, 4), f"Frame {k}"),), f"This is frame {k}.")


@pytest.mark.parametrize("name", ["run.html", "book.html"])
def test_recordings_need_no_kernel(chromium, tmp_path, name) -> None:
    recording = Recording([hill(k) for k in range(12)])
    if name == "run.html":
        recording.save(tmp_path / name)
    else:
        output = nbformat.v4.new_output("display_data", recording._repr_mimebundle_())
        cell = nbformat.v4.new_code_cell("recording", outputs=[output])
        book, _ = nbconvert.HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
        (tmp_path / name).write_text(book, "utf-8")
    page = chromium.new_page(viewport={"width": 900, "height": 700})
    asked, errors = [], []
    page.on("pageerror", lambda error: errors.append(error))
    page.route(
        lambda address: address.startswith("http"), lambda route: (asked.append(route.request.url), route.abort())
    )
    page.goto((tmp_path / name).as_uri(), wait_until="domcontentloaded")
    frame = page if name == "run.html" else page.frame_locator("iframe")
    canvas, sentence = frame.locator("canvas.gan-drawn"), frame.locator(".gan-sentence")
    canvas.wait_for()
    assert sentence.inner_text() == "This is frame 11." and canvas.get_attribute("aria-label") == "Frame 11"
    for k in (0, 7, 11):  # the numbers are those that were recorded
        for layer, original in enumerate(hill(k).panels[0].layers):
            numbers = np.array(canvas.evaluate(READ, [k, layer])).reshape(original.data.shape)
            np.testing.assert_allclose(numbers, original.data, atol=255 / 30 if layer == 0 else 0.01)
    picture = canvas.evaluate("canvas => canvas.toDataURL()")
    slider = frame.get_by_role("slider")
    slider.focus()
    slider.press("ArrowLeft")
    wait_for(lambda: sentence.inner_text() == "This is frame 10.", "an arrow key goes back")
    wait_for(lambda: canvas.evaluate("canvas => canvas.toDataURL()") != picture, "the picture follows")
    slider.press("Home")
    frame.get_by_role("button", name="Play").press("Enter")
    wait_for(lambda: sentence.inner_text() == "This is frame 11.", "it plays to the end")
    frame.get_by_role("button", name="Play").wait_for()
    assert not asked or name == "book.html", "nothing is loaded"  # nbconvert's page asks for scripts of its own
    assert not errors
    page.close()
