"""The command line: train a recipe for as long as it takes, or describe the recipes there are."""

import argparse
import dataclasses
import inspect
import shlex
import sys
from pathlib import Path

import torch
from tqdm import tqdm

from gan_lessons import devices, recipes
from gan_lessons.data import hub, text
from gan_lessons.runs import Run
from gan_lessons.training import DivergenceError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    options = parse(arguments)
    try:
        return options.command(options)
    except (DivergenceError, OSError, ValueError) as error:
        print(f"gan_lessons: {error}", file=sys.stderr)
        return 1


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m gan_lessons", description="Train the GANs of the book.")
    commands = parser.add_subparsers(required=True, metavar="command")

    train = commands.add_parser(
        "train",
        help="train a recipe and keep its samples, metrics and checkpoints in a folder",
        description="Train a recipe. The folder gets sample sheets (samples/*.png, *.wav), figures (metrics.jsonl), a "
        "checkpoint to resume from and, at the end, the averaged generator (generator.safetensors) and a record "
        "(record.json).",
        epilog="example: python -m gan_lessons train digits --size cpu --out runs/digits",
    )
    train.add_argument("recipe", help=f"one of: {', '.join(recipes.known())}")
    train.add_argument(
        "--data",
        help="what to learn from instead: a folder of pictures, a folder or a zip of recordings, a text file, or a set "
        "by name, as names:family or hub:free_spoken_digits (see `describe`)",
    )
    train.add_argument("--size", help="a size of the recipe (see `describe`); default: gpu on a GPU, cpu elsewhere")
    train.add_argument("--device", default="auto", help="auto (default), cpu, cuda or mps")
    train.add_argument("--out", type=Path, help="the run's folder; default: runs/RECIPE")
    train.add_argument("--seed", type=int, default=0, help="decides every random number; default: 0")
    train.add_argument("--steps", type=int, help="train for so many steps instead of the size's own number")
    train.add_argument("--every", type=int, help="steps between two measurements; default: a twentieth of all")
    train.add_argument("--threads", type=int, default=1, help="CPU threads; default: 1, as in the book")
    train.add_argument("--resume", action="store_true", help="go on from the folder's checkpoint")
    train.set_defaults(command=run_train)

    describe = commands.add_parser("describe", help="list the recipes and sets, or one recipe's sizes and settings")
    describe.add_argument("recipe", nargs="?", help=f"one of: {', '.join(recipes.known())}")
    describe.set_defaults(command=run_describe)
    return parser.parse_args(arguments)


def run_train(options: argparse.Namespace) -> int:
    """Train with a progress bar; an interrupt saves a checkpoint and says how to go on."""
    device = devices.pick(options.device)
    torch.set_num_threads(options.threads)
    size = options.size or ("cpu" if device.type == "cpu" else "gpu")
    recipe = recipes.find(options.recipe, size, options.data)
    if options.steps is not None:
        recipe = dataclasses.replace(recipe, steps=options.steps)
    folder = options.out or Path("runs") / options.recipe
    run = Run(recipe, folder, recipe.build(str(device), options.seed))
    if options.resume:
        run.resume()
    elif run.checkpoint.exists():
        raise ValueError(f"{folder} already holds a run; add --resume to go on with it, or choose another --out.")

    bar = tqdm(total=recipe.steps, initial=run.gan.step, unit="step", desc=f"{options.recipe} ({size})")
    shown: dict[str, str] = {}
    try:
        with bar:
            for record, figures in run.train(options.every or max(1, recipe.steps // 20)):
                bar.update()
                if figures:
                    shown = {name: f"{value:.4g}" for name, value in figures.items()}
                if record.step % 20 == 0:
                    losses = {
                        "D": f"{record.discriminator_loss.mean():.3f}",
                        "G": f"{record.generator_loss.mean():.3f}",
                    }
                    bar.set_postfix({**losses, **shown}, refresh=False)
    except KeyboardInterrupt:
        run.stop()
        print(f"Stopped at step {run.gan.step} of {recipe.steps}; the same command with --resume goes on from there.")
        return 130
    reached = run.finish(options.recipe, size, shlex.join(["python", "-m", "gan_lessons", *sys.argv[1:]]))
    print(f"Done in {reached['seconds']:.0f} s; {folder} holds the samples, metrics.jsonl and record.json.")
    return 0


def run_describe(options: argparse.Namespace) -> int:
    """Print the recipes and the sets that have a name, or the settings of one recipe, its sizes side by side."""
    for name in [options.recipe] if options.recipe else recipes.known():
        sizes = recipes.sizes(name)
        first = next(iter(sizes.values()))
        print(f"{name}: {str(inspect.getdoc(first)).splitlines()[0]}")
        table = {"size": list(sizes)}
        table |= {
            field.name: [getattr(size, field.name) for size in sizes.values()] for field in dataclasses.fields(first)
        }
        for setting, values in table.items():
            print(f"  {setting:<24}" + "".join(f"{value!s:>14}" for value in values))
    if not options.recipe:
        print("\nSets for --data; those of the hub are downloaded once:")
        print(*(f"  {line}" for line in [*text.listed(), *hub.listed()]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
