"""Which remedy keeps the digits apart? GANs of 300 steps, over seeds, to sweeps/collapse_digits.json.

Run `OMP_NUM_THREADS=1 python chapters/results/collapse_digits.py` at the repository's root; it takes four
minutes of one core. Chapter 06 reads the record.
"""

from functools import partial
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import write
from gan_lessons import losses, traces
from gan_lessons.data.images import digits
from gan_lessons.gan import GAN
from gan_lessons.judges.digits import load
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator
from gan_lessons.training import train

RECORD = Path(__file__).parent / "sweeps" / "collapse_digits.json"
STEPS, BATCH, COUNT, SEEDS = 300, 32, 2000, range(5)
SETTINGS: dict[str, tuple[str, int]] = {  # G's loss, and in groups of how many D compares samples
    "plain": ("non_saturating", 1),
    "relativistic": ("relativistic", 1),
    "minibatch std": ("non_saturating", 8),
    "both": ("relativistic", 8),
}


def build(group: int, seed: int) -> GAN:
    """The chapter's small GAN."""
    torch.manual_seed(seed)
    players = ImageGenerator(32, width=12, hidden=64), ImageDiscriminator(width=12, hidden=64, group=group)
    adam = partial(torch.optim.Adam, lr=3e-3, betas=(0.5, 0.99), fused=True)
    return GAN(*players, noise_dim=32, seed=seed, optimizer=adam)


def scored(gan: GAN) -> tuple[int, float]:
    """How many classes the judge reads in at least 1 % of the samples, and the KL of their shares to equal ones."""
    shares = load().probabilities(gan.sample(COUNT)).argmax(1).bincount(minlength=10) / COUNT
    return int((shares >= 0.01).sum()), float(torch.special.xlogy(shares, 10 * shares).sum())


def traced() -> dict[str, Any]:
    """How each training begins, by its first seed."""
    found = {}
    for name, (loss, group) in SETTINGS.items():
        way = partial(train, loss=losses.named(loss), steps=STEPS, batch=BATCH)
        found[name] = traces.of_training(traces.made(partial(build, group, 0)), digits().pixels, way, STEPS)
    return found


def main() -> None:
    torch.set_num_threads(1)
    reached: dict[str, dict[str, list]] = {name: {"classes": [], "class_kl": []} for name in SETTINGS}
    for name, (loss, group) in SETTINGS.items():
        for seed in SEEDS:
            gan = build(group, seed)
            for _ in train(gan, digits().pixels, losses.named(loss), steps=STEPS, batch=BATCH):
                pass
            for key, value in zip(reached[name], scored(gan), strict=True):
                reached[name][key].append(value)
            print(name, seed, reached[name]["classes"][-1], reached[name]["class_kl"][-1], flush=True)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/collapse_digits.py",
        "steps": STEPS,
        "seeds": list(SEEDS),
        "settings": reached,
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
