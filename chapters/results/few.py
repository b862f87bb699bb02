"""Train GANs on 64 cats and on more, five ways, and keep each at its best moment, to few.json and few.npz.

Run `OMP_NUM_THREADS=1 python chapters/results/few.py` from the repository's root, with a number for no more than the
first so many trainings of the plan. Every way trains for as many steps (a pretrained D, whose steps take longer, for
fewer), is scored four times, and counts at the moment with the least Fréchet distance to cats that were held out.
Transfer begins from a GAN of robots, by another artist, and keeps D's lowest layer. What is done is kept in the
temporary folder, for a second start. Beside the GANs stand real held-out cats, judged against as many known ones:
`python chapters/results/few.py control` counts them anew and leaves the rest of the record; `… pairs` trains one GAN
again up to its best moment, for fakes that count as copied and as new, to few_pairs.json
and few_pairs.npz.
"""

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import avg_pool2d, pad

from chapters.results._records import of_plans, write
from gan_lessons import recipes
from gan_lessons.checkpoints import save_checkpoint
from gan_lessons.data import avatars
from gan_lessons.judges.avatars import load as judge
from gan_lessons.metrics import few
from gan_lessons.metrics.avatars import recomposed

HERE = Path(__file__).parent
DONE = Path(tempfile.gettempdir()) / "gan_lessons_few"  # what is done already, for a second start
SIZE, STEPS, MOMENTS = 32, 2000, 4
EVERY_CAT = 350_000
COUNTS = (64,)  # of the yardsticks
KNOWN = (64, 256, 1000, 4000)  # cats that real held-out ones are compared with, of every cat the first 4,000
SOFT = {"sharp": 0.0, "softened": 0.9}  # the share of a 3 × 3 mean in them: as unclear as fakes that are still clear
SMALL: Any = replace(
    recipes.find("few"), size=SIZE, steps=STEPS, augmentation="none", learning_rate=4e-3, average_decay=0.995
)
WAYS: dict[str, dict[str, Any]] = {
    "none": {},
    "diffaugment": {"augmentation": "diffaugment"},
    "adaptive": {"augmentation": "adaptive"},
    "projected": {"augmentation": "diffaugment", "pretrained": True, "steps": STEPS // 4, "learning_rate": 1e-3},
    "transfer": {"frozen": 1},
}
ROBOTS = replace(SMALL, source="robots", count=20_000, steps=STEPS // 2)
PLAN = [
    *((way, 64, seed) for seed in range(3) for way in ("none", "adaptive")),
    *((way, 1000, 0) for way in ("none", "adaptive")),
    ("transfer", 64, 0),
    ("diffaugment", 64, 0),
    ("projected", 64, 0),
    *((way, 256, 0) for way in ("none", "adaptive")),
    ("none", EVERY_CAT, 0),
]
PAIRED, PAIRS = ("none", 64, 0), 3  # the GAN whose fakes are shown beside their nearest cats, and how many of a kind


def recipe(way: str, count: int, start: str = "") -> Any:
    return replace(SMALL, count=count, start=start if way == "transfer" else "", **WAYS[way])


def traced() -> dict[str, Any]:
    """How each training begins, transfer without its robots; of small batches where features cost most."""
    plans = {way: recipe(way, 64) for way in WAYS} | {"robots": ROBOTS}
    return of_plans(plans | {"projected": replace(plans["projected"], batch=8)})


def robots(folder: Path) -> None:
    """Train the GAN of robots that transfer begins from."""
    gan = ROBOTS.build()
    for _ in ROBOTS.train(gan, ROBOTS.data()):
        pass
    save_checkpoint(folder / "checkpoint.pt", gan)


def trained(way: str, count: int, seed: int, start: str) -> tuple[dict[str, Any], np.ndarray]:
    """What one training reached at each moment, and samples [32, 32, 32, 3] of the best."""
    plan = recipe(way, count, start)
    gan, data, curve, seconds, sheet = plan.build(seed=seed), plan.data(), [], 0.0, np.empty(0)
    began = time.process_time()
    for record in plan.train(gan, data):
        if record.step * MOMENTS % plan.steps < MOMENTS:
            seconds += time.process_time() - began
            line = {"step": record.step, "seconds": round(seconds, 1), **plan.score(gan)}
            if way == "adaptive":
                line["augmentation"] = float(gan.discriminator.augmentation.probability)
            if line["frechet_fraction"] <= min((one["frechet_fraction"] for one in curve), default=9):
                pixels = (plan.samples(gan, 32).float().clamp(-1, 1) + 1) * 127.5
                sheet = pixels.round().byte().permute(0, 2, 3, 1).numpy()
            curve.append(line)
            began = time.process_time()
    best = min(curve, key=lambda line: line["frechet_fraction"])
    print(way, count, seed, {name: round(value, 4) for name, value in best.items()}, flush=True)
    return {"way": way, "count": count, "seed": seed, "best": best, "curve": curve}, sheet


def pairs(run: dict[str, Any]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Of a stored training's fakes at its best moment the first that count as copied, and the first that are new.

    They are counted as bytes, as they are stored.
    """
    plan = recipe(run["way"], run["count"])
    gan = plan.build(seed=run["seed"])
    for record in plan.train(gan, plan.data()):
        if record.step == run["best"]["step"]:
            break
    every = torch.cat([plan.samples(gan, 500, seed) for seed in range(4)]).float().clamp(-1, 1)
    fakes = ((every + 1) * 127.5).round().byte()
    found = few.read_cats(fakes / 127.5 - 1, avatars.load("cats", SIZE, run["count"]))
    told: dict[str, Any] = {"way": run["way"], "count": run["count"], "seeds": [run["seed"]], "step": gan.step}
    told |= {"fakes": len(fakes), "clear": int(found.clear.sum())}
    shown = {}
    for name in ("copied", "new"):
        places = getattr(found, name).nonzero()[:, 0]
        told[name], told[f"first_{name}"] = len(places), places[:PAIRS].tolist()
        shown[name] = fakes[places[:PAIRS]].permute(0, 2, 3, 1).numpy()
    return told, shown


def beside() -> dict[str, Any]:
    """What others score: noise, the known cats again, averages of two, and parts of known cats put together anew."""
    found = {}
    for count in COUNTS:
        known, random = avatars.load("cats", SIZE, count), torch.Generator().manual_seed(0)
        some = torch.randint(count, (2000, 5), generator=random)
        parts = known.variants()
        cheats = {
            "copies": known.pixels(some[:, 0]),
            "averages": (known.pixels(some[:, 0]) + known.pixels(some[:, 1])) / 2,
            "recombined": known.compose(torch.stack([parts[some[:, part], part] for part in range(5)], 1)),
        }
        plan = replace(SMALL, count=count)
        found[str(count)] = {name: plan.score_samples(pixels) for name, pixels in cheats.items()}
    return found


def held_out() -> dict[str, Any]:
    """What 1,000 real held-out cats score against so many known ones: as they are, and as unclear as clear fakes."""
    cats, found = avatars.load("cats", SIZE, held_out=True).pixels(slice(2000, 3000)), {}
    mean = avg_pool2d(pad(cats, (1, 1, 1, 1), mode="replicate"), 3, 1)
    for name, share in SOFT.items():
        softened = cats.lerp(mean, share)
        left = recomposed(softened, judge().read(softened)[1])[1]
        against = {str(count): few.cat_combinations(softened, avatars.load("cats", SIZE, count)) for count in KNOWN}
        found[name] = {"clear_rms": float(left[left <= few.CLEAR].median()), "against": against}
    return found


def kept(key: tuple[str, int, int], start: str) -> dict[str, Any]:
    """One training of the plan, from the folder of what is done, or done now and kept there."""
    place = DONE / "_".join(map(str, key))
    if not place.with_suffix(".json").is_file():
        run, sheet = trained(*key, start)
        np.save(place.with_suffix(".npy"), sheet[: 32 if key[1:] == (64, 0) else 8])
        place.with_suffix(".json").write_text(json.dumps(run), "utf-8")
    return json.loads(place.with_suffix(".json").read_text("utf-8"))


def main(plan: list[tuple[str, int, int]]) -> None:
    torch.set_num_threads(1)
    DONE.mkdir(exist_ok=True)
    start = DONE / "robots"
    if any(way == "transfer" for way, *_ in plan) and not (start / "checkpoint.pt").is_file():
        robots(start)
    runs = [kept(key, str(start)) for key in plan]
    sheets = {"_".join(map(str, key)): np.load(DONE / f"{'_'.join(map(str, key))}.npy") for key in plan}
    record = {
        "command": f"OMP_NUM_THREADS=1 python chapters/results/few.py {len(plan)}",
        "cpu_seconds": round(sum(run["curve"][-1]["seconds"] for run in runs)),
        "steps": STEPS,
        "every_cat": EVERY_CAT,
        "seeds": sorted({run["seed"] for run in runs}),
        "beside": beside(),
        "held_out": held_out(),
        "runs": runs,
    }
    np.savez_compressed(HERE / "few.npz", **sheets)
    write(HERE / "few.json", record)


if __name__ == "__main__" and sys.argv[1:] == ["control"]:
    stored = json.loads((HERE / "few.json").read_text("utf-8"))
    write(HERE / "few.json", stored | {"held_out": held_out()})
elif __name__ == "__main__" and sys.argv[1:] == ["pairs"]:
    torch.set_num_threads(1)
    stored = json.loads((HERE / "few.json").read_text("utf-8"))
    (one,) = (run for run in stored["runs"] if (run["way"], run["count"], run["seed"]) == PAIRED)
    told, pictures = pairs(one)
    np.savez_compressed(HERE / "few_pairs.npz", **pictures)
    write(HERE / "few_pairs.json", {"command": "OMP_NUM_THREADS=1 python chapters/results/few.py pairs", **told})
elif __name__ == "__main__":
    main(PLAN[: int(sys.argv[1])] if sys.argv[1:] else PLAN)
