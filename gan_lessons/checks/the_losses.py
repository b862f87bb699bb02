"""The checks of the assignment to chapter 04, The losses. In each, `seed` and the shapes may be changed."""

from gan_lessons.checks import seed_of
from gan_lessons.checks.losses import every_pair, hinge
from gan_lessons.checks.players import discriminator_loss, r1
from gan_lessons.checks.steps import islands, reach, step

__all__ = ["discriminator_loss", "every_pair", "hinge", "islands", "r1", "reach", "seed_of", "step"]
