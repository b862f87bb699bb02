"""Lines of verse by all writers at several temperatures, and reranked by D, to verse.json; one seed.

Run as `OMP_NUM_THREADS=1 python chapters/results/verse.py`, after the recipes `verse` and `verse_codes` were stored. It
teaches a discriminator on the stored likelihood model's lines, and takes 2 minutes on one quiet core.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor

from chapters.results._records import of_plans, store, write
from gan_lessons import recipes
from gan_lessons.data.verse import verse
from gan_lessons.judges.ngrams import tidy
from gan_lessons.metrics.verse import floors, verse_scores
from gan_lessons.recipes.verse import likelihood_of

RECORD = Path(__file__).with_suffix(".json")
TEMPERATURES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
POOL, KEPT = 2000, 200
LIKELIHOOD = recipes.find("verse", "likelihood")
READER: Any = replace(recipes.find("verse", "long"), steps=250, waiting=250, discriminator_rate=5e-3)


def curve(plan: Any, gan: Any) -> list[dict[str, float]]:
    """The scores of 500 lines at each temperature."""
    every = ((heat, plan.samples(gan, 500, temperature=heat)) for heat in TEMPERATURES)
    return [{"temperature": heat, **verse_scores(lines)._asdict()} for heat, lines in every]


def reader() -> tuple[Any, dict[str, float]]:
    """A discriminator of the stored likelihood model's lines, and how well it tells them from real ones."""
    gan, data = READER.build(), READER.data()
    for _ in READER.train(gan, data):
        pass
    gan.discriminator.eval()
    written = READER.samples(gan, 1000, seed=5)
    fake = score(gan, written)
    found = {}
    for name, part in (("train", verse().train), ("test", verse().test)):
        real = score(gan, part.symbols[torch.randperm(len(part))[:1000]])
        labels = torch.cat([torch.ones_like(real), torch.zeros_like(fake)])
        found[name] = float(roc_auc_score(labels, torch.cat([real, fake])))
    return gan, found


@torch.no_grad()
def score(gan: Any, lines: Tensor) -> Tensor:
    """D's score of whole lines, [count]."""
    return gan.discriminator(lines)[:, -1]


def reranked(gan: Any) -> dict[str, dict[str, float]]:
    """The scores of 200 lines of 2,000: the first, the likelihood's best, D's best, and 200 real ones."""
    pool = READER.samples(gan, POOL, seed=7)
    by = {
        "any": torch.arange(POOL).flip(0).float(),
        "likelihood": likelihood_of(gan.average, pool),
        "discriminator": score(gan, pool),
    }
    tops = {name: pool[value.topk(KEPT).indices] for name, value in by.items()}
    tops["real"] = verse().test.symbols[torch.randperm(len(verse().test))[:KEPT]]
    return {name: verse_scores(tidy(lines))._asdict() for name, lines in tops.items()}


def traced() -> dict[str, Any]:
    """How the training begins."""
    return of_plans({"reader": READER})


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    gan, told = reader()
    store(RECORD.with_name("verse_discriminator.safetensors"), gan.discriminator)
    plans = {
        "likelihood": LIKELIHOOD,
        "gan": recipes.find("verse", "long"),
        "codes": recipes.find("verse_codes", "long"),
    }
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/verse.py",
        **{name: scores._asdict() for name, scores in floors().items()},
        **{name: curve(plan, plan.load()) for name, plan in plans.items()},
        "reader_auc": told,
        "reranked": reranked(gan),
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
