"""The process that makes pictures: it draws what the lab would, refuses what it cannot, and leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from gan_lessons.labs.kit.packing import packed
from gan_lessons.labs.kit.painter import Painter
from gan_lessons.labs.points import PlaygroundLab
from gan_lessons.labs.points.playground_sketch import Sketch
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from tests.labs.small import TINY, until


@pytest.fixture
def painter():
    painter = Painter()
    painter.start()
    yield painter
    painter.close()


def test_it_draws_what_the_lab_would(painter) -> None:
    lab = PlaygroundLab(loss="relativistic", pack=2, **TINY)
    lab.run(60)
    until(lambda: painter.ready)
    assert painter.teach(lab.game, lab.sketch)
    got: list[tuple] = []
    painter.deliver = lambda *frame: got.append(frame)
    for _ in range(2):
        lab.run(7)
        time.sleep(0.25)  # what D says stays for a moment
        game, state = lab.outline()
        painter.ask(state)
        until(lambda: not painter.pending)
        lab.acted = "both"
        scene, data = packed(lab.picture())
        expected = lab.frame()
        assert game is lab.game and got[-1][0] == scene
        np.testing.assert_array_equal(np.frombuffer(got[-1][1], np.uint8), np.frombuffer(data, np.uint8))
        assert got[-1][2].replace("-", "−") == expected.sentence


def test_an_interrupt_of_the_kernel_is_not_for_it(painter) -> None:
    until(lambda: painter.ready)
    os.kill(painter.process.pid, signal.SIGINT)
    lab = PlaygroundLab(**TINY)
    assert painter.teach(lab.game, lab.sketch)
    painter.ask(lab.outline()[1])
    until(lambda: not painter.pending)
    assert not painter.broken and painter.refused is None


def test_networks_of_a_notebook_stay_in_their_process(painter, monkeypatch) -> None:
    class Own(PointGenerator):
        pass

    lab = PlaygroundLab(players=lambda: (Own(2, 2, 8, 1), PointDiscriminator(2, 8, 1)), batch=16)
    until(lambda: painter.ready)
    assert not painter.teach(lab.game, lab.sketch) and painter.refused is lab.game
    assert not painter.teach(lab.game, lab.sketch)
    own_loss = PlaygroundLab(losses={"mine": lambda real, fake: (fake.mean(), -fake.mean())}, loss="mine", **TINY)
    assert own_loss.outline() is None, "nor does a loss of the reader's own"
    # what can be packed but not unpacked is refused by the other side
    monkeypatch.setattr(sys.modules["__main__"], "Elsewhere", type("Elsewhere", (), {"__module__": "__main__"}), False)
    thing = sys.modules["__main__"].Elsewhere()
    assert painter.teach("thing", lambda: thing)
    painter.ask({})
    until(lambda: not painter.pending)
    assert painter.refused == "thing" and painter.known is None and painter.ready


def test_where_it_cannot_start_the_lab_draws_itself(monkeypatch) -> None:
    def nothing(*arguments, **options):
        raise OSError("no processes here")

    monkeypatch.setattr(subprocess, "Popen", nothing)
    painter = Painter()
    painter.start()
    assert painter.broken and not painter.ready


def test_it_ends_with_the_lab() -> None:
    program = """import os
from gan_lessons.labs.kit.painter import Painter
painter = Painter()
painter.start()
print(painter.process.pid, flush=True)
os._exit(1)"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    pid = int(done.stdout)

    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with open(f"/proc/{pid}/stat") as stat:  # where nobody collects it, it stays as a name
            return stat.read().split()[2] == "Z"

    until(gone)


def test_a_broken_one_is_no_error(painter) -> None:
    until(lambda: painter.ready)
    painter.process.kill()
    until(lambda: painter.broken)
    assert not painter.ready
    painter.ask({})


def test_a_sketch_is_small() -> None:
    import pickle

    lab = PlaygroundLab()
    assert len(pickle.dumps(Sketch(lab.game, lab.plane))) < 400_000
