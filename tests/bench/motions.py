"""Motions of a stick figure: the stored run beside windows held out and beside samplers that are no GAN."""

from gan_lessons import recipes
from gan_lessons.data import motions
from gan_lessons.metrics.motions import cheats, motion_scores
from tests.bench.avatars import shown


def bench() -> dict[str, float]:
    real = motions.load()
    shown("held-out windows", motion_scores(motions.load(held_out=True).samples[::4], real)._asdict())
    for name, made in cheats(real).items():
        shown(name, motion_scores(made, real)._asdict())
    plan = recipes.find("motions", "long")
    return shown("made", plan.score(plan.load()))
