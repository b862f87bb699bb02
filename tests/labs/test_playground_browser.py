"""PlaygroundLab in JupyterLab, in one notebook: each test leaves it paused."""

import pytest

from tests.browser import close_notebook, open_notebook, wait_for

pytestmark = pytest.mark.browser
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
    reached = int(lab.ask("lab.game.step"))
    wait_for(lambda: steps(lab) == reached, "the last step is shown")
    assert int(lab.ask("lab.game.step")) == reached
    return reached


def test_play_change_and_pause(playground) -> None:
    lab = playground
    lab.changes(lab.button("Play").click)
    wait_for(lambda: steps(lab) > 10, "it trains")
    picture = lab.picture
    wait_for(lambda: lab.picture != picture, "the picture follows")
    lab.pick("Penalty on D", "r1")
    lab.press("D: learning rate", "ArrowRight")
    wait_for(lambda: lab.value("D: learning rate") == "0.002", "the slider moves")
    wait_for(lambda: lab.ask("lab.setting.discriminator_rate") == "0.002", "the kernel hears of it")
    before = int(lab.ask("lab.game.step"))
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
    wait_for(lambda: lab.ask("lab.speed") == "3", "it is slow")
    before = steps(lab)
    lab.button("Play").click()
    wait_for(lambda: steps(lab) > before, "it trains")
    pause(lab)
    lab.pick("Speed", "full speed")


def test_export(playground) -> None:
    lab = playground
    lab.button("Export").click()
    area = lab.panel.locator("textarea:visible").last
    wait_for(lambda: "sweep = Sweep(real / scale" in area.input_value(), "the code is shown")
    # a page that may not write to the clipboard selects the text; one that may writes it
    lab.page.evaluate("Object.defineProperty(navigator, 'clipboard', {configurable: true, value: undefined})")
    lab.button("Copy").click()
    wait_for(lambda: area.evaluate("a => a.selectionEnd - a.selectionStart === a.value.length"), "all is selected")
    writes = "{writeText: async (text) => { window.copied = text; }}"
    lab.page.evaluate(f"Object.defineProperty(navigator, 'clipboard', {{configurable: true, value: {writes}}})")
    lab.button("Copy").click()
    wait_for(lambda: lab.page.evaluate("window.copied") == area.input_value(), "the code is on the clipboard")
    lab.button("Copied").wait_for()
    lab.page.evaluate("delete navigator.clipboard")
    lab.button("Close").click()
    wait_for(lambda: not area.is_visible(), "it is hidden again")


def test_presets_play_and_say_what_to_watch(playground) -> None:
    lab = playground
    lab.button("It works").click()
    wait_for(lambda: steps(lab) > 5, "it trains")
    assert lab.sentence.startswith("Watch") and lab.ask("lab.parameters.batch") == "256"
    pause(lab)
    lab.pick("Loss", "non_saturating")
    wait_for(lambda: not lab.sentence.startswith("Watch"), "another choice is the reader's own")


def test_the_mouse_is_told_what_it_rests_on(playground) -> None:
    lab = playground
    left, right, bottom, top = lab.area(0)
    lab.page.mouse.move((left + right) / 2 - 5, (bottom + top) / 2)
    lab.page.mouse.move((left + right) / 2, (bottom + top) / 2)
    tip = lab.panel.locator(".gan-tip")
    wait_for(lambda: tip.is_visible() and "D's score here is" in tip.inner_text(), "D's score is said")
    lab.page.mouse.move(2, 2)
    wait_for(lambda: not tip.is_visible(), "and goes with the mouse")


def test_the_diagram_shows_who_learns(playground) -> None:
    lab = playground
    strip = lab.panel.locator("canvas.gan-strip")
    for name, player in (("Step D only", "discriminator"), ("Step G only", "generator"), ("Step both", "both")):
        lab.button(name).click()
        wait_for(lambda player=player: strip.evaluate("c => c.lit") == player, f"{name} lights it")
        wait_for(lambda: strip.evaluate("c => c.lit") == "", "and then it rests")


def test_another_process_makes_the_pictures(playground) -> None:
    lab = playground
    lab.button("Play").click()
    known = "__import__('gan_lessons.labs.kit.painter', fromlist=['x']).PAINTER.known is lab.game"
    wait_for(lambda: lab.ask(known) == "True", "it has been told of the game")
    painted = lab.canvas.evaluate("canvas => canvas.painted")
    before = steps(lab)
    wait_for(lambda: lab.canvas.evaluate("canvas => canvas.painted") > painted + 20, "it draws")
    assert steps(lab) > before
    pause(lab)


def test_keyboard_alone(playground) -> None:
    lab = playground
    keys = lab.page.keyboard
    lab.button("Play").focus()
    before = steps(lab)
    keys.press("Enter")
    wait_for(lambda: steps(lab) > before + 3, "Enter plays")
    keys.press("Space")
    lab.button("Play").wait_for()
    keys.press("Tab")
    before = int(lab.ask("lab.game.step"))
    wait_for(lambda: steps(lab) == before, "the last step is shown")
    keys.press("Enter")
    wait_for(lambda: steps(lab) == before + 1, "the next button steps")
    lab.more()
    lab.panel.get_by_role("tab", name="The game").focus()
    keys.press("ArrowRight")
    keys.press("Enter")
    assert "so the training starts again. After 0 steps" in lab.changes(lambda: lab.press("G: width", "ArrowLeft"))
    assert lab.value("G: width") == "8"


def test_draw(playground) -> None:
    lab = playground
    lab.more("Data and picture")
    assert "There are 0 so far." in lab.changes(lambda: lab.pick("Data", "drawn"))
    wait_for(lambda: len(lab.canvas.evaluate("canvas => canvas.areas")) == 1, "one panel is left, to draw in")
    lab.steady()
    left, right, bottom, top = lab.area(0)
    across, down = (left + right) / 2, (bottom + top) / 2
    lab.drag(across, down, (right - left) / 4, (bottom - top) / 4)
    wait_for(lambda: "modes" in lab.sentence, "the drawing has modes")
    wait_for(lambda: len(lab.canvas.evaluate("canvas => canvas.areas")) == 3, "three panels again")
    lab.steady()
    left, right, bottom, top = lab.area(0)
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

    def interrupted() -> bool:
        lab.command("notebook:interrupt-kernel")  # one that comes too soon after a message is lost
        lab.page.wait_for_timeout(500)
        return "Paused by an interrupt." in lab.sentence

    wait_for(interrupted, "an interrupt while no cell runs")
    lab.button("Play").click()
    before = steps(lab)
    wait_for(lambda: steps(lab) > before + 3, "it goes on")
    output = lab.run_cell("import time\nprint('It runs.')\ntime.sleep(600)")
    wait_for(lambda: "It runs." in output.inner_text(), "the cell runs")
    before = steps(lab)
    wait_for(lambda: steps(lab) > before, "it trains while a cell runs")
    lab.command("notebook:interrupt-kernel")
    wait_for(lambda: "KeyboardInterrupt" in output.inner_text(), "the cell is interrupted")
    wait_for(lambda: "Paused by an interrupt." in lab.sentence, "and so is the training")
    before = int(lab.ask("lab.game.step"))
    wait_for(lambda: steps(lab) == before, "the last step is shown")
    assert f"After {before + 1} steps" in lab.changes(lab.button("Step both").click), "the networks are whole"


def test_deleting_the_cell_pauses(playground) -> None:
    lab = playground
    lab.button("Play").click()
    wait_for(lambda: steps(lab) > 3, "it trains")
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0")
    lab.command("notebook:delete-cell")
    wait_for(lambda: lab.ask("lab.playing") == "False", "it stands still")
    assert "Paused, because the lab was no longer shown." in lab.ask("lab.sentence")
