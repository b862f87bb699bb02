"""PlaygroundLab in JupyterLab under headless Chromium: frames painted, training speed kept, and how soon controls act.

The speed kept is that of a lab that is watched over that of the same lab without a view, in turn; `cpu_kept` is the
same in CPU time of the kernel, which a busy machine changes less. A control acts when
the first step with its new value is done, or after Pause when the last step is; the clocks are those of one machine.
"""

import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.browser import LabPage, open_jupyter, open_notebook, start_chromium, start_jupyter, wait_for

ROUNDS, SECONDS = 5, 4
CHANGES, PAUSES = 10, 6
LAB = "from gan_lessons.labs.points.playground import PlaygroundLab\nlab = PlaygroundLab()\nlab"
UNWATCHED = f"""import time
other = PlaygroundLab()
other.play()
time.sleep(1)
start, cpu, step = time.perf_counter(), time.process_time(), other.game.step
time.sleep({SECONDS})
steps = other.game.step - step
print("rate", steps / (time.perf_counter() - start), steps / (time.process_time() - cpu))
other.pause()"""
CPU = "import time; print(time.process_time(), lab.game.step)"
WATCH = """import json, time
rates, pauses, train, pause = [], [], lab.game.train, lab.pause
def timed_train(setting):
    train(setting)
    if not rates or rates[-1][1] != setting.discriminator_rate:
        rates.append((time.time(), setting.discriminator_rate))
def timed_pause():
    pause()
    pauses.append(time.time())
lab.game.train, lab.pause = timed_train, timed_pause
print("ready")"""
SEEN = """(canvas) => {
    const steps = canvas.parentElement.innerText.match(/After ([0-9]+) steps/)[1];
    return [performance.now() / 1000, canvas.painted, +steps];
}"""
CLOCK = """() => {
    window.pressed = [];
    for (const what of ['keydown', 'click']) addEventListener(what, () => window.pressed.push(Date.now() / 1000), true);
}"""


def output_of(lab: LabPage, source: str) -> str:
    """What a cell prints last, once it has."""
    place = lab.run_cell(source)
    return wait_for(lambda: place.inner_text().strip(), "the cell prints").splitlines()[-1]


def watched(lab: LabPage) -> tuple[float, float]:
    """Steps and frames a second while the lab is shown."""

    def seen() -> tuple[float, int, int]:
        return lab.canvas.evaluate(SEEN)

    lab.button("Play").click()
    time.sleep(1)
    before = seen()
    time.sleep(SECONDS)
    after = seen()
    lab.button("Pause").click()
    lab.button("Play").wait_for()
    seconds, frames, steps = (b - a for a, b in zip(before, after, strict=True))
    return steps / seconds, frames / seconds


def latencies(lab: LabPage) -> list[float]:
    """Seconds from a key or a click to its effect, of each slider change and each pause."""
    output_of(lab, WATCH)
    lab.page.evaluate(CLOCK)

    def pressed(action) -> float:
        before = lab.page.evaluate("window.pressed.length")
        action()
        return lab.page.evaluate("(k) => window.pressed[k]", before)

    lab.button("Play").click()
    time.sleep(0.5)
    changed, paused = [], []
    for k in range(CHANGES):
        key = "ArrowLeft" if k % 2 else "ArrowRight"
        changed.append(pressed(lambda key=key: lab.press("D: learning rate", key)))
        time.sleep(0.6)
    for _ in range(PAUSES):
        paused.append(pressed(lab.button("Pause").click))
        lab.button("Play").click()
        time.sleep(0.6)
    lab.button("Pause").click()
    log = json.loads(output_of(lab, "print(json.dumps([rates, pauses]))"))
    done = [moment for moment, _ in log[0][1:]][:CHANGES]
    waits = [b - a for a, b in zip(changed, done, strict=True)]
    return waits + [b - a for a, b in zip(paused, log[1][:PAUSES], strict=True)]


def bench() -> dict[str, float]:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as home, start_chromium() as browser, start_jupyter(Path(home)) as server:
        if browser is None:
            raise SystemExit("This bench needs playwright and Chromium (apt-get install chromium).")
        page = open_jupyter(browser, server)
        lab = open_notebook(page, server, "bench", LAB)
        rounds = []
        for _ in range(ROUNDS):
            alone, alone_cpu = map(float, output_of(lab, UNWATCHED).split()[1:])
            cpu, step = map(float, output_of(lab, CPU).split())
            rate, frames = watched(lab)
            cpu_after, step_after = map(float, output_of(lab, CPU).split())
            rate_cpu = (step_after - step) / (cpu_after - cpu)
            print(f"alone {alone:.0f} steps/s, watched {rate:.0f} steps/s, {frames:.1f} frames/s; "
                  f"a CPU second: {alone_cpu:.0f}, {rate_cpu:.0f}", flush=True)  # fmt: skip
            rounds.append((frames, rate / alone, rate_cpu / alone_cpu))
        waits = latencies(lab)
        print("control to effect, ms: " + " ".join(f"{1000 * wait:.0f}" for wait in waits), flush=True)
        page.close()
    return {
        "painted_fps": median(frames for frames, _, _ in rounds),
        "training_speed_kept": median(kept for _, kept, _ in rounds),
        "cpu_kept": median(kept for _, _, kept in rounds),
        "control_latency_ms": 1000 * median(waits),
        "rounds": ROUNDS,
        "changes": len(waits),
        "load_before": load,
        "load_after": os.getloadavg()[0],
    }
