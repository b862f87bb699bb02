"""`bench`: what each measure for speed brings a recipe's step on this machine, as a table."""

import argparse
import datetime
import shlex
from typing import Any

import torch

from gan_lessons import benches, devices, recipes
from gan_lessons.commands import settings
from gan_lessons.commands.train import default_size
from gan_lessons.files import write_whole
from gan_lessons.records import as_text, machine


def run(options: argparse.Namespace) -> int:
    """Print a line a measure as soon as it is timed, and write all into a file where one is wanted."""
    device = devices.pick(options.device)
    torch.set_num_threads(options.threads)
    size = options.size or default_size(options.recipe, device)
    recipe = settings.changed(recipes.find(options.recipe, size), options)
    clock = "the device's" if device.type == "cuda" else "CPU"
    print(f"{options.recipe} ({size}) on {device}: {clock} milliseconds a step, each measure off and on in turn,")
    print("all others as they are; how many times faster, with quartiles of the rounds\n")
    print(f"  {'measure':<22}{'off':>10}{'on':>10}{'ratio':>8}   quartiles")
    measures: dict[str, Any] = {}
    for measure, found in benches.compare(recipe, str(device), options.steps, options.rounds):
        if isinstance(found, str):
            measures[measure.name] = {"missing": found}
            print(f"  {measure.name:<22}{found}", flush=True)
            continue
        measures[measure.name] = one = benches.figures(found)
        low, high = one["quartiles"]
        print(
            f"  {measure.name:<22}{one['off_ms']:>10.2f}{one['on_ms']:>10.2f}{one['ratio']:>8.2f}   "
            f"{low:.2f} to {high:.2f}  {one.get('note', '')}".rstrip(),
            flush=True,
        )
    if options.json is not None:
        record = {
            "recipe": recipes.identity(options.recipe, size),
            "settings": recipe.settings(),
            "date": datetime.date.today().isoformat(),
            "machine": machine(device),
            "threads": options.threads,
            "clock": f"{clock} milliseconds a step",
            "steps": options.steps,
            "rounds": options.rounds,
            "command": shlex.join(["gan-lessons", *options.words]),
            "measures": measures,
        }
        write_whole(options.json, lambda path: path.write_text(as_text(record), "utf-8"))
    return 0
