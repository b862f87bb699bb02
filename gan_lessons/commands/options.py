"""What may stand on the command line, and which command gets it."""

import argparse
import importlib
import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from gan_lessons.commands import settings

EXAMPLES = """examples:
  gan-lessons chapters book                                    the book's notebooks, into the folder book
  gan-lessons sample digits --out digits.png                   pictures by a GAN that the book has trained
  gan-lessons describe                                         what can be trained
  gan-lessons train digits --out runs/digits                   train it anew, some minutes on a laptop
  gan-lessons train conditional --data my_pictures --image-size 32 --out runs/mine
  gan-lessons train pix2pix --data my_pairs --image-size 64    pairs: side by side, or in two folders
  gan-lessons translate pix2pix/earth map.png                  any picture through a GAN that was trained on pairs
  gan-lessons train my_module:MyRecipe                         a recipe of your own
  gan-lessons evaluate runs/digits                             its figures, and a report to look at
  gan-lessons grade submissions.zip --out graded               a class's hand-ins to points and feedback"""
THREADS = max(64, os.cpu_count() or 1)


def run(words: list[str]) -> int:
    """Run the command that the words name; without any, say what there is."""
    parser = build()
    options = parser.parse_args(words)
    options.words = words
    if options.command is None:
        parser.print_help()
        return 0
    return importlib.import_module(f"gan_lessons.commands.{options.command}").run(options)


def build() -> argparse.ArgumentParser:
    """The parser of all commands."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="gan-lessons", description="Train the GANs of the book, and your own.", epilog=EXAMPLES,
        formatter_class=layout,
    )  # fmt: skip
    parser.add_argument("--debug", action="store_true", help="show where a failure comes from")
    parser.add_argument("--version", action="version", version=version())
    commands = parser.add_subparsers(metavar="command", dest="command")

    train = commands.add_parser(
        "train",
        help="train a recipe and keep its samples, metrics and checkpoints in a folder",
        description="Train a recipe. The folder gets sample sheets (samples/*.png, *.wav), figures (metrics.jsonl), a\n"
        "checkpoint to resume from, the best one by the recipe's own figure (best.pt) and, at the end, the\n"
        "averaged generator (generator.safetensors), a record (record.json) and a report (report.html).\n"
        "Ctrl-C saves and stops; so do SIGTERM and SIGHUP. Started by `accelerate launch -m gan_lessons train …`,\n"
        "several processes share each batch, and go on as one, on any number of them.",
        epilog="example: gan-lessons train digits --size cpu --batch 64 --out runs/digits",
        formatter_class=layout,
    )
    train.add_argument("recipe", help="a recipe (see `describe`), or your own as my_module:MyRecipe")
    train.add_argument(
        "--data",
        help="what to learn from instead: a folder or a zip of pictures or recordings, a text file, or a set "
        "by name, as names:family or hub:free_spoken_digits (see `describe`)",
    )
    train.add_argument("--size", help="a size of the recipe (see `describe`); default: gpu on a GPU, cpu elsewhere")
    train.add_argument("--device", default="auto", help="auto (default), cpu, cuda or mps")
    train.add_argument("--out", type=Path, help="the run's folder; default: runs/RECIPE")
    train.add_argument("--seed", type=between(0, 2**32 - 1), default=0, help="decides every random number; default: 0")
    train.add_argument("--steps", type=between(1, 10**9), help="train for so many steps instead of the size's own")
    train.add_argument(
        "--every", type=between(1, 10**9), help="steps between two measurements; default: a twentieth, at least 50"
    )
    train.add_argument("--threads", type=between(1, THREADS), default=1, help="CPU threads; default: 1, as in the book")
    train.add_argument(
        "--step", choices=("eager", "compile", "graph"), default="eager",
        help="how a step is computed: operation after operation (eager, default), compiled, or as a CUDA graph",
    )  # fmt: skip
    train.add_argument("--resume", action="store_true", help="go on from the folder's checkpoint")
    settings.add(train)

    describe = commands.add_parser("describe", help="list the recipes and sets, or one recipe's sizes and settings")
    describe.add_argument("recipe", nargs="?", help="a recipe, or your own as my_module:MyRecipe")
    describe.add_argument(
        "--plan", action="store_true", help="what its training takes: weights, FLOPs, memory, and hours on some cards"
    )
    describe.add_argument("--size", default="gpu", help="the size to plan; default: gpu")

    bench = commands.add_parser(
        "bench",
        help="time a recipe's step with each measure for speed off and on",
        epilog="example: gan-lessons bench digits --size cpu --device cpu --json digits.json",
        formatter_class=layout,
    )
    bench.add_argument("recipe", help="a recipe, or your own as my_module:MyRecipe")
    bench.add_argument("--size", help="a size of the recipe; default: gpu on a GPU, cpu elsewhere")
    bench.add_argument("--device", default="auto", help="auto (default), cpu, cuda or mps")
    bench.add_argument("--steps", type=between(1, 10**6), default=20, help="steps at a time; default: 20")
    bench.add_argument("--rounds", type=between(2, 1000), default=7, help="how often in turn; default: 7")
    bench.add_argument("--threads", type=between(1, THREADS), default=1, help="CPU threads; default: 1")
    bench.add_argument("--json", type=Path, help="a file for the figures, with date and machine")
    settings.add(bench)

    sample = commands.add_parser(
        "sample",
        help="draw from a run, or from a GAN that the book has trained",
        epilog="examples: gan-lessons sample digits --count 64 --out digits.png\n"
        "          gan-lessons sample runs/mine --class dog --out dogs.png",
        formatter_class=layout,
    )
    sample.add_argument("what", metavar="RUN_OR_RECIPE", help="a run's folder, or a recipe, as digits or digits/long")
    sample.add_argument("--count", type=between(1, 100_000), help="how many; default: 64, of meshes 1")
    sample.add_argument("--class", dest="kind", help="the class to draw, by name or number; default: all in turn")
    sample.add_argument("--seed", type=between(0, 2**32 - 1), default=0, help="another seed, other samples; default: 0")
    sample.add_argument(
        "--out",
        type=Path,
        help="a file: .png, .gif, .wav, .mid, .txt, .stl, .obj or .glb; default: what fits, as sample.png",
    )
    sample.add_argument("--best", action="store_true", help="of a run, the best checkpoint instead of the last")

    translate = commands.add_parser(
        "translate",
        help="a picture of any size through a GAN that makes pictures of pictures",
        epilog="example: gan-lessons translate pix2pix/earth map.png --out planet.png",
        formatter_class=layout,
    )
    translate.add_argument("what", metavar="RUN_OR_RECIPE", help="a run's folder, or a recipe, as pix2pix/earth")
    translate.add_argument("picture", type=Path, help="a picture; where it is transparent it shows white")
    translate.add_argument("--out", type=Path, help="a file: .png, .jpg or .webp; default: translated.png")
    translate.add_argument("--best", action="store_true", help="of a run, the best checkpoint instead of the last")

    evaluate = commands.add_parser("evaluate", help="print a run's figures beside floor and ceiling; write its report")
    evaluate.add_argument("folder", metavar="RUN", type=Path, help="a run's folder")
    evaluate.add_argument("--best", action="store_true", help="measure the best checkpoint instead of the last")

    upscale = commands.add_parser(
        "upscale",
        help="enlarge a picture two or four times, by networks that the book has trained",
        epilog="example: gan-lessons upscale photo.jpg --invention 0.5 --out large.png",
    )
    upscale.add_argument("picture", type=Path, help="a file: PNG, JPEG, WebP, TIFF, BMP or GIF")
    upscale.add_argument("--scale", type=int, choices=(2, 4), default=4, help="how many times the sides; default: 4")
    upscale.add_argument(
        "--invention", type=float, default=1.0, metavar="SHARE",
        help="from 0, the network of L1 alone, blurred and careful, to 1, the GAN (default)",
    )  # fmt: skip
    upscale.add_argument("--out", type=Path, help="a file: .png, .jpg or .webp; default: NAME_x4.png beside it")

    chapters = commands.add_parser("chapters", help="put the book's notebooks into a folder of yours")
    chapters.add_argument("folder", type=Path, help="where to; what you have changed there stays")
    chapters.add_argument("--course", action="store_true", help="for teachers: with the solutions of the assignments")
    chapters.add_argument("--force", action="store_true", help="overwrite what you have changed, too")
    web = commands.add_parser("html", help="write the book as web pages that need no network")
    web.add_argument("folder", type=Path, help="where to")

    grade = commands.add_parser(
        "grade",
        help="for teachers: grade a class's hand-ins, with feedback for each and one table",
        description="Grade hand-ins by nbgrader, each mended where it needs it and run in a process of its own. The\n"
        "folder gets ASSIGNMENT.csv and ASSIGNMENT.html, a row a student, and is a course for nbgrader. A second\n"
        "call grades what is new, and brings grades that were given by hand into the table.",
        epilog="example: gan-lessons grade submissions.zip --assignment 04_the_losses --out graded",
        formatter_class=layout,
    )
    grade.add_argument(
        "submitted", type=Path, help="a folder or a zip: a folder or a file a student, also Moodle's or Canvas's"
    )
    grade.add_argument("--assignment", help="its name, or the path of a notebook of your own; default: by the hand-ins")
    grade.add_argument("--out", type=Path, default=Path("graded"), help="the course's folder; default: graded")
    grade.add_argument(
        "--students", type=Path, metavar="CSV", help="a class list (columns id, name): a row for each of it"
    )
    grade.add_argument("--seconds", type=positive, default=30.0, help="of computing that a cell may take; default: 30")
    grade.add_argument("--memory", type=positive, default=4.0, metavar="GB", help="that a hand-in may take; default: 4")
    grade.add_argument("--minutes", type=positive, default=15.0, help="that a hand-in may take in all; default: 15")
    grade.add_argument("--jobs", type=between(1, THREADS), default=1, help="hand-ins at a time; default: 1")
    grade.add_argument("--force", action="store_true", help="grade again what has not changed, too")
    for command in (train, describe, bench, sample, translate, upscale, evaluate, chapters, web, grade):
        command.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    return parser


def between(least: int, most: int) -> Callable[[str], int]:
    """A type for argparse: a whole number in a range."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most:,}, not {text!r}")
        return value

    return read


def positive(text: str) -> float:
    """A type for argparse: a number above zero."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"a number above zero, not {text!r}")
    return value


def version() -> str:
    """The version of the package, in words."""
    return f"gan-lessons {metadata.version('gan-lessons')}"
