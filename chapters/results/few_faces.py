"""Train the recipe `few` on a folder of fifty faces, with adaptive augmentation and without, to few_faces.json, .npz.

Run `OMP_NUM_THREADS=1 python chapters/results/few_faces.py` from the repository's root. The folder is that of chapter
12, and the trainings are those of `gan-lessons train few --data FOLDER --image-size 32`. Each is scored nine times; the
fakes are those of the end, unselected, and some of two moments before. What is done is kept in the temporary folder,
for a second start.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from chapters.results._records import of_plans, scored, write
from gan_lessons import recipes
from gan_lessons.data import emoji
from gan_lessons.metrics.memory import nearest

HERE = Path(__file__).parent
DONE = Path(tempfile.gettempdir()) / "gan_lessons_few_faces"  # what is done already, for a second start
COUNT, SIZE, MOMENTS, SHOWN = 50, 32, 9, 24
WAYS = ("adaptive", "none")
EARLIER = (500, 1500)  # steps at which eight fakes are kept, too


@contextmanager
def faces() -> Iterator[str]:
    """A folder of the fifty faces in different shapes, sizes and file formats, every fifth grey."""
    with tempfile.TemporaryDirectory() as folder:
        for number, pixels in enumerate(islice(emoji.draw(64), COUNT)):
            picture = Image.fromarray(pixels.transpose(1, 2, 0))
            picture = picture.convert("L") if number % 5 == 0 else picture
            place = Path(folder) / f"{number}.{('png', 'jpg', 'webp')[number % 3]}"
            ImageOps.pad(picture, (64 + 2 * number, 128 - number), color="white").save(place)
        yield folder


def recipe(way: str, folder: str) -> Any:
    return replace(recipes.find("few"), source=folder, size=SIZE, augmentation=way)  # type: ignore[call-arg]


def traced() -> dict[str, Any]:
    """How each training begins."""
    with faces() as folder:
        return of_plans({way: recipe(way, folder) for way in WAYS})


def away(known: Tensor, pixels: Tensor) -> Tensor:
    """How far pictures are from the nearest known one, mirrored or not: root mean square, of a range of 1."""
    either = torch.cat([known, known.flip(-1)])
    return nearest(either, pixels).distances / 2 / pixels[0].numel() ** 0.5


def trained(way: str, folder: str) -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """What one training reached at each moment, and fakes as bytes."""
    plan = recipe(way, folder)
    sheets: dict[str, np.ndarray] = {}
    known, held_out = (part.pixels for part in plan.parts())
    least = away(known, held_out).min()

    def score(gan: Any) -> dict[str, Any]:
        samples = torch.cat([plan.samples(gan, 500, seed) for seed in range(4)]).float().clamp(-1, 1)
        if gan.step in (*EARLIER, plan.steps):
            pixels = ((samples[: SHOWN if gan.step == plan.steps else 8] + 1) * 127.5).round().byte()
            sheets[f"{way}_{gan.step}"] = pixels.permute(0, 2, 3, 1).numpy()
        found, far = plan.score(gan), away(known, samples)
        found |= {"away": float(far.median()), "nearer_share": float((far < least).double().mean())}
        if way == "adaptive":
            found["augmentation"] = float(gan.discriminator.augmentation.probability)
        return found

    _, curve = scored(plan, 0, MOMENTS, way, score)
    return curve, sheets


def kept(way: str, folder: str) -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """One training, from the folder of what is done, or done now and kept there."""
    place = DONE / way
    if not place.with_suffix(".json").is_file():
        curve, sheets = trained(way, folder)
        np.savez_compressed(place.with_suffix(".npz"), **sheets)  # type: ignore[arg-type]
        place.with_suffix(".json").write_text(json.dumps(curve), "utf-8")
    return json.loads(place.with_suffix(".json").read_text("utf-8")), dict(np.load(place.with_suffix(".npz")))


def main() -> None:
    torch.set_num_threads(1)
    DONE.mkdir(exist_ok=True)
    with faces() as folder:
        plan = recipe("none", folder)
        known, held_out = (part.pixels for part in plan.parts())
        runs: list[dict[str, Any]] = []
        sheets: dict[str, np.ndarray] = {}
        for way in WAYS:
            curve, some = kept(way, folder)
            runs.append({"way": way, "seed": 0, "curve": curve})
            sheets |= some
        record = {
            "command": "OMP_NUM_THREADS=1 python chapters/results/few_faces.py",
            "cpu_seconds": round(sum(run["curve"][-1]["seconds"] for run in runs)),
            "steps": plan.steps,
            "seeds": [0],
            "known": len(known),
            "held_out": len(held_out),
            "held_out_away": sorted(away(known, held_out).tolist()),
            "beside": plan.floor_and_ceiling(),
            "runs": runs,
        }
    np.savez_compressed(HERE / "few_faces.npz", **sheets)  # type: ignore[arg-type]
    write(HERE / "few_faces.json", record)


if __name__ == "__main__":
    main()
