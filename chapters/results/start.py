"""What the start page says of its lab: twenty GANs on the ring as they are, broken, and rescued, to sweeps/start.json.

Run `OMP_NUM_THREADS=1 python chapters/results/start.py` at the repository's root; it takes two minutes of one core.
"""

from pathlib import Path
from typing import Any

import torch

from chapters.results._records import write
from gan_lessons.data.points import ring
from gan_lessons.metrics.modes import mode_scores
from gan_lessons.sweeps import Setting, Sweep
from gan_lessons.traces import of_sweep

RECORD = Path(__file__).parent / "sweeps" / "start.json"
STEPS, SEEDS = 1000, range(20, 40)  # the rates were chosen with seeds 0 to 19
GOOD: dict[str, Any] = {"loss": "relativistic", "discriminator_rate": 2e-3}
GOOD |= {"generator_width": 128, "discriminator_width": 128}
FAST: dict[str, Any] = {**GOOD, "generator_rate": 1e-2}
SETTINGS = {
    "as it is": Setting(**GOOD),
    "broken": Setting(**FAST),
    "rescued": Setting(**FAST, pack=2),
}


def build(setting: Setting) -> Sweep:
    """All seeds of a setting, on the data that the lab has."""
    real = ring().sample(20_000, seed=1)
    return Sweep(real / real.square().mean().sqrt(), [setting], SEEDS)


def run(setting: Setting) -> dict[str, list[float]]:
    """Each seed's modes and share of good samples after the last step."""
    sweep, scale = build(setting), ring().sample(20_000, seed=1).square().mean().sqrt()
    for _ in sweep.train(STEPS):
        pass
    scores = mode_scores(sweep.sample(2500)[0] * scale, ring())
    return {"modes": scores.modes.tolist(), "high_quality": [round(float(share), 4) for share in scores.high_quality]}


def traced() -> dict[str, Any]:
    """How each setting's training begins."""
    return {name: of_sweep(build(setting), STEPS) for name, setting in SETTINGS.items()}


if __name__ == "__main__":
    torch.set_num_threads(1)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/start.py",
        "steps": STEPS,
        "seeds": list(SEEDS),
        "settings": {name: run(setting) for name, setting in SETTINGS.items()},
    }
    write(RECORD, record)
