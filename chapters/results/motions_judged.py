"""How fast feet slide in what the stored generator of motions makes, in held-out windows, and in those of the cheats.

Run `OMP_NUM_THREADS=1 python chapters/results/motions_judged.py` from the repository's root, with the extra `motions`:
it adds these figures to motions_long.json, which was measured before the scores had them. `walks` are the windows of a
walk, and the motions whose nearest window is one; `kicks` are those of a kick.
"""

import datetime
import json
from pathlib import Path

import torch

from gan_lessons import recipes
from gan_lessons.data import motions
from gan_lessons.metrics.motions import cheats, floor_speeds, nearest, sliding
from gan_lessons.recipes.motions import COUNT

RECORD = Path(__file__).with_name("motions_long.json")


def main() -> None:
    torch.set_num_threads(1)
    plan = recipes.find("motions", "long")
    made, real, unseen = plan.samples(plan.load(), COUNT).float(), motions.load(), motions.load(held_out=True)
    record = json.loads(RECORD.read_text("utf-8"))
    record["figures"]["sliding"] = sliding(made)
    for name, some in {"held out": unseen.samples, **cheats(real)}.items():
        record["beside"][name]["sliding"] = round(sliding(some), 4)
    kinds = nearest(made, real)[1]
    for name in ("walk", "kick"):
        kind = real.names.index(name)
        windows = {"held out": unseen.samples[unseen.labels == kind], "made": made[kinds == kind]}
        record[f"{name}s"] = {
            whose: {
                "count": len(some),
                "sliding": round(sliding(some), 4),
                "median": round(float(floor_speeds(some).median()), 4),
            }
            for whose, some in windows.items()
        }
    record["judged"] = {
        "date": datetime.date.today().isoformat(),
        "command": "OMP_NUM_THREADS=1 python chapters/results/motions_judged.py",
    }
    RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
