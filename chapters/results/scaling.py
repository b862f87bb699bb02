"""Time on this machine what makes a step faster: measures for speed, larger batches, and a second process.

All is stored in scaling.json, which chapter 21 draws. Run `PYTHONPATH=. python chapters/results/scaling.py` from the
repository's root; it takes some minutes, most of them compiling. With `tables`, `batches` or `processes` after it, it
renews that part alone:

- tables: each measure off and on in turn, of a step of digits, of one of a population, and of one of larger pictures.
- batches: samples a second of CPU time at growing batches, one after the other in every round.
- processes: samples a second by the clock on the wall of one process and of two that share each batch, and the part of
  this time in which they exchange tensors or wait for each other. It wants two processors that do nothing else; the
  load that others put on them is stored beside.
"""

import datetime
import json
import multiprocessing
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

import torch

from chapters.results._records import of_plans, write
from gan_lessons import benches, ranks, recipes
from gan_lessons.__main__ import main as command
from gan_lessons.runs import machine

HERE = Path(__file__).parent
CPU = torch.device("cpu")
ASKED = {
    "digits": ["digits", "--size", "cpu", "--steps", "8", "--rounds", "5"],
    "population": ["ring", "--size", "plain", "--steps", "40", "--rounds", "5"],
    "pictures": ["avatars", "--size", "long", "--steps", "4", "--rounds", "5"],
}
BATCHES = (8, 16, 32, 64, 128, 256)
ROUNDS = 3
SHARED = (16, 64, 256, 1024)  # global batches, for one process and for two
SHARED_ROUNDS = 3
TIMED = 4  # steps, of which one has a penalty


def traced() -> dict[str, Any]:
    """How the trainings that are timed begin."""
    return of_plans({name: recipes.find(words[0], words[2]) for name, words in ASKED.items()})


def tables() -> dict[str, Any]:
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, words in ASKED.items():
            target = Path(folder) / f"{name}.json"
            if command(["bench", *words, "--device", "cpu", "--json", str(target)]):
                raise SystemExit(1)
            found[name] = json.loads(target.read_text("utf-8"))
            found[name]["command"] = " ".join(["gan-lessons bench", *words, "--device cpu"])
    return found


def quartiles(values: list[float]) -> list[float]:
    """The median between the quartiles."""
    return [round(value, 4) for value in quantiles(values, n=4)]


def batches() -> dict[str, Any]:
    torch.set_num_threads(1)
    recipe, clock = replace(recipes.find("digits", "cpu"), steps=10**9), benches.Clock(CPU)
    data = recipe.data()
    running = {batch: benches.start(replace(recipe, batch=batch), "cpu", data)[1] for batch in BATCHES}
    rates: dict[int, list[float]] = {batch: [] for batch in BATCHES}
    for _ in range(ROUNDS):
        for batch, steps in running.items():
            seconds = clock.time(lambda steps=steps: [next(steps) for _ in range(TIMED)])
            rates[batch].append(TIMED * batch / seconds)
    found = {batch: quartiles(values) for batch, values in rates.items()}
    return stamped({"rounds": ROUNDS, "clock": "CPU time", "samples_per_second": found})


@contextmanager
def exchanging() -> Iterator[list[float]]:
    """The seconds of each exchange between processes within the block, waiting for the other included."""
    own, spent = torch.distributed.all_reduce, []

    def timed(*arguments: Any, **named: Any) -> Any:
        begin = time.perf_counter()
        done = own(*arguments, **named)
        spent.append(time.perf_counter() - begin)
        return done

    torch.distributed.all_reduce = timed
    try:
        yield spent
    finally:
        torch.distributed.all_reduce = own


def alone(count: int = 200) -> float:
    """The milliseconds of one exchange of a single number, when nothing else is computed."""
    number = torch.zeros(1)
    begin = time.perf_counter()
    for _ in range(count):
        torch.distributed.all_reduce(number)
    return 1000 * (time.perf_counter() - begin) / count


def train_share(told: dict[str, str], queue: Any) -> None:
    """Be one of the processes that a launcher would start; the samples a second, and the exchange's part."""
    os.environ.update(told)
    found: dict[Any, Any] = {}
    recipe = replace(recipes.find("digits", "cpu"), steps=10**9)
    data = recipe.data()
    with ranks.launched(CPU) as team, exchanging() as spent:
        if team.count > 1:
            found["alone"] = alone()
        for batch in SHARED:
            shared = replace(recipe, batch=batch)
            gan = shared.build()
            team.join(gan)
            with closing(team.in_step(shared.train(gan, data))) as steps:  # type: ignore[type-var]
                for _ in range(TIMED // 2):
                    next(steps)
                spent.clear()
                begin = time.perf_counter()
                for _ in range(TIMED):
                    next(steps)
                seconds = time.perf_counter() - begin
            found[batch] = TIMED * batch / seconds, sum(spent) / seconds, len(spent) / TIMED
    queue.put(found)


def started(count: int) -> list[dict[Any, Any]]:
    """What each of so many processes found that trained together."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    told = {"WORLD_SIZE": str(count), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    each = [told | {"RANK": str(rank), "LOCAL_RANK": str(rank)} for rank in range(count)]
    processes = [context.Process(target=train_share, args=(one, queue)) for one in each]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise SystemExit(1)  # it has said why
    return [queue.get() for _ in processes]


def processes() -> dict[str, Any]:
    torch.set_num_threads(1)
    load = os.getloadavg()[0]
    rates: dict[str, dict[int, list[float]]] = {str(count): {batch: [] for batch in SHARED} for count in (1, 2)}
    parts: dict[int, list[float]] = {batch: [] for batch in SHARED}
    waits = []
    for _ in range(SHARED_ROUNDS):
        for count in (1, 2):
            found = started(count)
            for batch in SHARED:
                rates[str(count)][batch].append(fmean(one[batch][0] for one in found))
                if count == 2:
                    parts[batch].append(fmean(one[batch][1] for one in found))
        waits.append(found[0]["alone"])
    return stamped({
        "rounds": SHARED_ROUNDS,
        "processors": os.cpu_count(),
        "load": round(load, 1),  # of all programs before this one: others make each wait for its turn
        "exchanges_per_step": found[0][SHARED[0]][2],
        "milliseconds_an_exchange": quartiles(waits),
        "samples_per_second": {
            count: {batch: quartiles(values) for batch, values in some.items()} for count, some in rates.items()
        },
        "exchange": {batch: quartiles(values) for batch, values in parts.items()},
    })  # fmt: skip


def stamped(found: dict[str, Any]) -> dict[str, Any]:
    """A part with its own date and machine, as parts may be renewed alone."""
    stamp = {"recipe": recipes.identity("digits", "cpu"), "date": datetime.date.today().isoformat()}
    return {**stamp, "machine": machine(CPU), **found}


PARTS = {"tables": tables, "batches": batches, "processes": processes}


def main(asked: list[str]) -> None:
    target = HERE / "scaling.json"
    record = json.loads(target.read_text("utf-8")) if asked else {}
    for name in asked or PARTS:
        record[name] = PARTS[name]()
    parts = {name: record[name] for name in PARTS if name in record}
    write(target, {"command": "python chapters/results/scaling.py", **parts})


if __name__ == "__main__":
    main(sys.argv[1:])
