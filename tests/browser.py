"""A real JupyterLab in a real browser, for tests: one server and one browser a session, one page a notebook."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PLACES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60  # seconds that anything may take before a test fails
WINDOW = {"width": 1400, "height": 1000}
CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
KERNEL = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"


@contextmanager
def start_chromium() -> Iterator[Any]:
    """The system's Chromium, or None where there is none."""
    found = next(filter(None, map(shutil.which, PLACES)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found = None
    if found is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium; without one the tests are skipped, but never where CI is set."""
    with start_chromium() as browser:
        if browser is None:
            reason = f"no browser: needs playwright and one of {', '.join(PLACES)} (apt-get install chromium)"
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
        yield browser


@dataclass
class Server:
    """A running JupyterLab: its address and the folder that it serves."""

    address: str
    folder: Path


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One JupyterLab for all tests."""
    with start_jupyter(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@contextmanager
def start_jupyter(home: Path) -> Iterator[Server]:
    """JupyterLab on a free port, with settings and workspaces of its own; stopped with all its kernels at the end."""
    folder = home / "notebooks"
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = [
        "--no-browser", "--allow-root", "--expose-app-in-browser", "--IdentityProvider.token=", f"--port={port}",
        "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}",
        f"--LabApp.app_settings_dir={CHAPTERS / '.jupyterlab'}",
    ]  # fmt: skip
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTERLAB_SETTINGS_DIR",
             "JUPYTERLAB_WORKSPACES_DIR")  # fmt: skip
    environment = {**os.environ, **{name: str(home / name.lower()) for name in names}, "OMP_NUM_THREADS": "1"}
    log = home / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env=environment, stdout=output, stderr=output, cwd=home
        )
    try:
        wait_for(lambda: answers(f"{address}/api/status", server), f"JupyterLab did not start: {log}")
        yield Server(address, folder)
    finally:
        server.send_signal(signal.SIGTERM)  # the server stops its kernels first
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def answers(address: str, server: subprocess.Popen) -> bool:
    if server.poll() is not None:
        raise RuntimeError(f"JupyterLab stopped with exit code {server.returncode}")
    try:
        return urllib.request.urlopen(address, timeout=2).status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_for(happened: Callable[[], Any], complaint: str, patience: float = PATIENCE) -> Any:
    """What `happened` returns, as soon as that is true."""
    end = time.monotonic() + patience
    while not (result := happened()):
        assert time.monotonic() < end, complaint
        time.sleep(0.1)
    return result


class LabPage:
    """The notebook with one lab that was opened last in JupyterLab, with its cells run."""

    def __init__(self, page: Any):
        self.page = page
        page.wait_for_function(f"{KERNEL}?.status == 'idle'")
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.canvas = self.panel.locator("canvas.gan-drawn").first
        self.canvas.wait_for(timeout=180_000)  # a chapter's lab comes after what stands before it

    @property
    def sentence(self) -> str:
        return self.panel.locator(".gan-sentence").first.inner_text()

    @property
    def picture(self) -> str:
        return self.canvas.evaluate("canvas => canvas.toDataURL()")

    def changes(self, action: Callable[[], Any]) -> str:
        """Do something, see the picture and the sentence change, and return the new sentence."""
        before = self.sentence, self.picture
        action()
        wait_for(lambda: self.sentence != before[0], f"the sentence stayed: {before[0]}")
        wait_for(lambda: self.picture != before[1], "the picture stayed")
        return self.sentence

    def ask(self, expression: str) -> str:
        """What the kernel has to say, behind the notebook's back: the value of an expression, as `repr` writes it."""
        return self.page.evaluate(
            """async (asked) => {
                const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
                const options = { code: "", silent: true, store_history: false, user_expressions: { asked } };
                const { content } = await kernel.requestExecute(options).done;
                return content.user_expressions.asked.data["text/plain"];
            }""",
            expression,
        )

    def steady(self) -> None:
        """Wait until the kernel has nothing to do, the picture shows the last frame, and it stands where it will be."""
        seen: list[Any] = [None]

        def stays() -> bool:
            idle = self.page.evaluate(f"{KERNEL}?.status") == "idle"
            seen.append((idle, self.canvas.bounding_box(), *self.canvas.evaluate("c => [c.areas, c.painted]")))
            return idle and seen[-1] == seen[-2]

        wait_for(stays, "the picture does not come to rest")

    def value(self, label: str) -> str:
        """The number that a slider shows."""
        return (
            self.panel.locator(".widget-slider", has_text=label)
            .locator(".widget-readout")
            .inner_text()
            .replace("−", "-")
        )

    def drag_handle(self, name: str, by: float, down: float = 0) -> None:
        """Pull a handle of the picture to the right (and down)."""
        self.steady()
        box = self.canvas.bounding_box()
        x, y = self.canvas.evaluate("(canvas, name) => canvas.handles[name]", name)
        self.drag(box["x"] + x, box["y"] + y, by, down)
        self.steady()  # the way's last places and its end are sent one after another

    def knob(self, label: str) -> Any:
        """The part of the slider of that label that the keyboard and the mouse move."""
        return self.panel.locator(".widget-slider", has_text=label).locator(".noUi-handle")

    def pick(self, label: str, option: str) -> None:
        """Pick an option of the drop-down of that label."""
        self.panel.get_by_role("combobox", name=label, exact=True).select_option(option)

    def more(self, tab: str = "") -> None:
        """Show the controls that are hidden at first, and those behind a tab."""
        opener = self.button("More controls")
        if opener.count():
            opener.click()
            self.button("Fewer controls").wait_for()
        if tab:
            self.panel.get_by_role("tab", name=tab, exact=True).click()

    def press(self, label: str, key: str) -> None:
        """Press a key on the slider of that label."""
        knob = self.knob(label)
        knob.focus()
        knob.press(key)

    def drag(self, x: float, y: float, by: float, down: float = 0) -> None:
        """Press the mouse at a place of the page, pull it to the right (and down), and let it go."""
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + by / 2, y + down / 2, steps=4)
        mouse.move(x + by, y + down, steps=4)
        mouse.up()

    def button(self, name: str) -> Any:
        return self.panel.get_by_role("button", name=name, exact=True)

    def area(self, panel: int) -> tuple[float, float, float, float]:
        """Where on the page a panel's axes are: left, right, bottom, top, in pixels."""
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        left, right, bottom, top = self.canvas.evaluate("(canvas, k) => canvas.areas[k]", panel)
        return box["x"] + left, box["x"] + right, box["y"] + bottom, box["y"] + top

    def command(self, name: str, **arguments: Any) -> None:
        """Execute one of JupyterLab's commands."""
        self.page.evaluate(
            "([name, options]) => window.jupyterapp.commands.execute(name, options).then(() => null)", [name, arguments]
        )

    def run_cell(self, source: str) -> Any:
        """Run a new cell at the end, and return its place for outputs."""
        self.page.evaluate(
            """async (source) => {
                const run = (name) => window.jupyterapp.commands.execute(name);
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.activeCellIndex = notebook.widgets.length - 1;
                await run('notebook:insert-cell-below');
                notebook.activeCell.model.sharedModel.setSource(source);
                run('notebook:run-cell');
            }""",
            source,
        )
        return self.panel.locator(".jp-Cell").last.locator(".jp-OutputArea")

    def drag_knob(self, label: str, by: float) -> None:
        """Pull the slider of that label by some pixels."""
        self.steady()
        box = self.knob(label).bounding_box()
        self.drag(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, by)
        self.steady()


def open_jupyter(browser: Any, server: Server) -> Any:
    """JupyterLab in the browser, with no notebook open."""
    page = browser.new_page(viewport=WINDOW)
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(f"{server.address}/lab?reset")
    page.wait_for_function("window.jupyterapp?.restored")
    return page


@pytest.fixture(scope="session")
def lab_page(chromium: Any, jupyter: Server) -> Iterator[Any]:
    """One page for all notebooks."""
    page = open_jupyter(chromium, jupyter)
    yield page
    page.close()


def open_notebook(page: Any, server: Server, name: str, *cells: str) -> LabPage:
    """Open a stored chapter of that name, or a notebook of the given cells, and run it."""
    chapter = CHAPTERS / f"{name}.ipynb"
    if chapter.exists():
        notebook = nbformat.read(chapter, as_version=4)
    else:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, server.folder / f"{name}.ipynb")
    page.evaluate(
        "path => window.jupyterapp.commands.execute('docmanager:open', { path }).then(() => null)", f"{name}.ipynb"
    )
    return LabPage(page)


def close_notebook(page: Any) -> None:
    """Save and close the notebook that is open, and end its kernel."""
    page.evaluate("""async () => {
        const notebook = window.jupyterapp.shell.currentWidget;
        await notebook?.context?.save();
        await notebook?.sessionContext?.shutdown();
        notebook?.dispose();
    }""")


@pytest.fixture
def open_lab(lab_page: Any, jupyter: Server) -> Iterator[Callable[..., LabPage]]:
    """Opens a notebook as `open_notebook` does; closes it after the test."""
    lab_page.set_viewport_size(WINDOW)  # as the test before may have left it narrow and dark
    lab_page.emulate_media(color_scheme="light")
    yield lambda name, *cells: open_notebook(lab_page, jupyter, name, *cells)
    close_notebook(lab_page)
