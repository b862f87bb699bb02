"""Two processes beside one: losses, speed, and what is left after kill -9.

    make bench NAME=ranks                        losses over 200 steps, and 20 kills
    make bench NAME="ranks --kills 5"            fewer kills
    make bench NAME="ranks --of words --kills 0" one recipe

Losses are compared in double precision, at a tenth of the learning rate and at the full one. Training forgets where it
began: one process whose first layer is moved in the last digit (`nudged`) says for how many steps it stays near itself,
and so what can be asked of two.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from gan_lessons.checkpoints import check_finite, load_checkpoint
from tests.test_ranks import assert_same, command, running, state, together
from tests.toy_recipe import SIZES

RECIPES = ("digits", "words", "spoken_digits")
NEAR = 1e-4


def bench(*words: str) -> dict[str, float]:
    parser = argparse.ArgumentParser(prog="ranks")
    parser.add_argument("--of", action="append", choices=RECIPES, help="a recipe; default: all")
    parser.add_argument("--rate", action="append", type=float, help="a share of the learning rate; default: both")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20, help="of one process, and as many of all")
    options = parser.parse_args(words)
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.of or RECIPES:
            for rate in options.rate or (0.1, 1.0):
                figures |= compared(name, rate, options.steps, Path(folder))
        if options.kills:
            figures |= killed(options.kills, Path(folder) / "killed")
    return figures


def compared(name: str, rate: float, steps: int, folder: Path) -> dict[str, float]:
    """For how many steps two processes, and one that was nudged, stay near the losses of one; and the speed."""
    one, two, nudged = (
        trained(name, rate, steps, folder / "losses.pt", count, nudge)
        for count, nudge in ((1, 0.0), (2, 0.0), (1, 1e-15))
    )
    apart, by_itself = ((other["losses"] - one["losses"]).abs().amax(0) for other in (two, nudged))
    title = f"{name}_at_{rate:g}"
    return {
        f"{title}_apart": float(apart.max()),
        f"{title}_near_steps": int((apart.cummax(0).values < NEAR).sum()),
        f"{title}_nudged_near_steps": int((by_itself.cummax(0).values < NEAR).sum()),
        f"{title}_samples_ratio": float(one["seconds"].median() / two["seconds"].median()),
    }


def trained(name: str, rate: float, steps: int, out: Path, count: int, nudge: float) -> dict[str, torch.Tensor]:
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count)]
    words = [name, str(steps), "float64", str(rate), str(nudge), str(out)]
    subprocess.run(
        [sys.executable, *launcher, "-m", "tests.bench._ranks", *words],
        check=True, env=os.environ | {"OMP_NUM_THREADS": "1"}, timeout=3600,
    )  # fmt: skip
    return torch.load(out)


def killed(kills: int, folder: Path) -> dict[str, float]:
    """A chain of runs of two processes, each killed at a moment of its own: of one process, of all, in turn.

    Each goes on from the checkpoint of the one before. What the last one reaches has to be what a run reaches that
    nothing stopped, bit by bit.
    """
    moments, slowest = random.Random(0), 0.0
    for kill in range(2 * kills):
        started = running(folder, 2, *(["--resume"] if kill else []))
        time.sleep(moments.uniform(0.0, 1.5))
        victims = started.processes if kill % 2 else [moments.choice(started.processes)]
        began = time.monotonic()
        for victim in victims:
            victim.kill()
        started.ended()  # fails where one hangs
        slowest = max(slowest, time.monotonic() - began)
        gan = SIZES["cpu"].build()
        load_checkpoint(folder / "checkpoint.pt", gan)  # whole, and of its checksum
        check_finite(gan)
    steps = state(folder)["gan"]["step"] + 20
    whole = folder.with_name("whole")
    for out, more in ((folder, ["--resume"]), (whole, [])):
        together(2, command, "--steps", steps, "--every", 20, "--out", out, *more)
    assert_same(folder, whole)
    return {"kills_of_one": kills, "kills_of_all": kills, "seconds_to_end": slowest, "steps": steps}
