"""The autoencoder of verse trained without its D, beside the stored one, to verse_codes_alone.json; one seed.

Run as `OMP_NUM_THREADS=1 python chapters/results/verse_codes_alone.py`, after the recipe `verse_codes` was stored. It
takes three minutes on one quiet core. Both runs begin alike and see the same batches.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import of_plan, trained, write
from gan_lessons import recipes
from gan_lessons.data.verse import verse
from gan_lessons.judges.ngrams import tidy
from gan_lessons.metrics.verse import verse_scores
from gan_lessons.recipes.verse import surprise

RECORD = Path(__file__).with_suffix(".json")
PLAN = recipes.find("verse_codes", "long")
CONTROL = replace(PLAN, adversarial=0.0)


@torch.no_grad()
def told(coder: Any) -> dict[str, Any]:
    """Where the codes of held-out lines lie, what the writer makes of them and of noise, and its first lines of noise.

    `fitted` is noise with the mean and the covariance of the codes of training lines.
    """
    test, train = verse().test, verse().train
    order = torch.randperm(len(test), generator=torch.Generator().manual_seed(16))
    fresh = test.symbols[order][:500]
    codes, known = coder.encode(fresh), coder.encode(train.symbols)
    torch.manual_seed(16)
    noise = torch.randn_like(codes)
    covariance = torch.cov(known.T) + 1e-5 * torch.eye(codes.shape[1])
    fitted = torch.distributions.MultivariateNormal(known.mean(0), covariance)
    given = {"own": codes, "another's": codes.roll(1, 0), "noise": noise, "fitted": fitted.sample((500,))}
    lines = {name: tidy(coder.decode(given[name], 1.0)) for name in ("noise", "fitted")}
    return {
        "variances": torch.linalg.eigvalsh(torch.cov(codes.T)).tolist(),
        "mean": codes.mean(0).tolist(),
        "nats": {name: float(surprise(coder, fresh, some)) for name, some in given.items()},
        "scores": {name: verse_scores(some)._asdict() for name, some in lines.items()},
        "lines": {name: train.read(some[:8]) for name, some in lines.items()},
    }


def traced() -> dict[str, Any]:
    """How the control's training begins; of the stored one the recipe's own record says it."""
    return {"without D": of_plan(CONTROL)}


def main() -> None:
    torch.set_num_threads(1)
    gan, seconds = trained(CONTROL, name="without D")
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/verse_codes_alone.py",
        "seconds": seconds,
        "with D": told(PLAN.load().average.eval()),
        "without D": told(gan.average.eval()),
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
