"""Lines of verse by the relaxation at several temperatures of sampling, to verse_relaxation.json; two seeds.

Run as `OMP_NUM_THREADS=1 python chapters/results/verse_relaxation.py`, after the recipe `verse` was stored. It takes
about 13 minutes on one quiet core, four of them for short tries of other settings. Its control, where only the
anchor teaches G, is that of verse.py. With three seeds, both ways also learn from a D that was taught on shuffled lines
and is frozen, as in the chapter.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import of_plan, of_plans, trained, write
from chapters.results.verse import curve
from gan_lessons import recipes
from gan_lessons.data.verse import shuffled, sounds, verse
from gan_lessons.judges.readers import score, teach
from gan_lessons.metrics.verse import verse_scores
from gan_lessons.networks.verse import PrefixDiscriminator

RECORD = Path(__file__).with_suffix(".json")
SEEDS = range(2)
PLAN = recipes.find("verse", "relaxation")
SHORT = replace(PLAN, steps=320)  # 120 of them for both players
TRIES = {
    "a temperature of 1": replace(SHORT, coolest=1.0),
    "ten times the weight": replace(SHORT, reward=10 * PLAN.reward),
    "three times the rate": replace(SHORT, adversarial_rate=3 * PLAN.adversarial_rate),
}
FROZEN = replace(PLAN, steps=30, waiting=0, discriminator_rate=0.0, average_decay=0.0)
WAYS = {"relaxation": FROZEN, "rewards": replace(FROZEN, way="rewards", reward=1.0)}


def run(plan: Any, seed: int, name: str) -> tuple[Any, dict[str, Any]]:
    """Train; the GAN, with D's mean loss of every 100 steps and the CPU seconds."""
    of_d: list[float] = []
    gan, seconds = trained(plan, seed, name, lambda record: of_d.append(float(record.discriminator_loss)))
    return gan, {"seconds": seconds, "discriminator_loss": means(of_d)}


def means(values: Sequence[float], every: int = 100) -> list[float]:
    """The mean of every 100 values."""
    parts = (values[start : start + every] for start in range(0, len(values), every))
    return [sum(part) / len(part) for part in parts]


def by_a_reader(seed: int) -> dict[str, Any]:
    """What either way learns from a D that was taught to tell shuffled lines, at steps 0, 15 and 30."""
    train = verse().train
    torch.manual_seed(seed)
    reader = PrefixDiscriminator(sounds(), FROZEN.discriminator_width)
    for _ in teach(reader, train.symbols, shuffled(train.symbols, seed), 400, PLAN.discriminator_rate):
        pass
    rows: dict[str, Any] = {"seed": seed}
    for name, plan in WAYS.items():
        gan = plan.build(seed=seed)
        gan.discriminator.load_state_dict(reader.state_dict())
        rows[name] = [scored(plan, gan, reader)]
        rows[name] += [scored(plan, gan, reader) for one in plan.train(gan, plan.data()) if one.step % 15 == 0]
    return rows


def scored(plan: Any, gan: Any, reader: PrefixDiscriminator) -> dict[str, Any]:
    """The scores of 500 lines, that of the reader among them, and some of the lines."""
    lines = plan.samples(gan, 500)
    figures = {"step": gan.step, "liked": float(score(reader.eval(), lines).mean()), **verse_scores(lines)._asdict()}
    return {**figures, "lines": verse().train.read(lines[:5])}


def traced() -> dict[str, Any]:
    """How the training begins, and those of the tries."""
    return {"relaxation": of_plan(PLAN), **of_plans(TRIES), "frozen": of_plan(WAYS["relaxation"])}


def main() -> None:
    torch.set_num_threads(1)
    tries, made, frozen = {}, [], []
    for seed in range(3):
        frozen.append(by_a_reader(seed))
        print(frozen[-1], flush=True)
    for seed in SEEDS:
        gan, figures = run(PLAN, seed, "relaxation")
        lines = PLAN.splits().train.read(PLAN.samples(gan, 8))
        made.append({"seed": seed, **figures, "curve": curve(PLAN, gan), "lines": lines})
        print(made[-1], flush=True)
    for name, plan in TRIES.items():
        gan, figures = run(plan, 0, name)
        tries[name] = {**figures, **plan.score(gan)}
        print(name, tries[name], flush=True)
    command = "OMP_NUM_THREADS=1 python chapters/results/verse_relaxation.py"
    write(RECORD, {"command": command, "tries": tries, "made": made, "by a D of shuffled lines": frozen})


if __name__ == "__main__":
    main()
