"""Recordings in a browser, with no kernel."""

import nbconvert
import nbformat
import numpy as np
import pytest

from gan_lessons.labs.kit.frame import Frame, Heat, Lines, Panel, path
from gan_lessons.labs.kit.recording import Recording
from tests.browser import wait_for

pytestmark = pytest.mark.browser
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
    if name == "book.html":
        spare = "frame => frame.clientHeight - frame.contentDocument.body.offsetHeight"
        page.set_viewport_size({"width": 500, "height": 700})
        wait_for(lambda: 0 <= page.locator("iframe").evaluate(spare) < 20, "it is as tall as what it holds")
    assert not asked or name == "book.html", "nothing is loaded"  # nbconvert's page asks for scripts of its own
    assert not errors
    page.close()
