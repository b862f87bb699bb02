"""Clips of moving digits: the stored runs beside held-out clips and beside samplers that are no GAN."""

import torch

from gan_lessons import recipes, results
from gan_lessons.data import videos
from gan_lessons.metrics.videos import cheats, clip_scores
from tests.bench.avatars import shown


def bench() -> dict[str, float]:
    others = videos.moving_digits(held_out=True).batch(torch.arange(1000, 2000)).real  # than those compared with
    real = shown("held-out clips", clip_scores(others)._asdict())
    for name, clips in cheats().items():
        shown(name, clip_scores(clips)._asdict())
    measured = {}
    for size in ("long", "frames"):
        if f"moving_digits/{size}" not in results.stored():
            continue
        plan = recipes.find("moving_digits", size)
        found = shown(f"{plan.way}, stored", plan.score(plan.load()))
        start = "" if size == "long" else f"{plan.way}_"
        measured |= {
            f"{start}read_share": found["confident"] / real["confident"],
            f"{start}same_digit": found["same_digit"],
            f"{start}residual_over_real": found["residual"] / real["residual"],
            f"{start}speed_kl": found["speed_kl"],
            f"{start}direction_kl": found["direction_kl"],
            f"{start}class_kl": found["class_kl"],
            f"{start}good": found["good"],
        }
    return measured
