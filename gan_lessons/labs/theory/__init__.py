"""Labs about losses, penalties and dynamics: `from gan_lessons.labs.theory import DiracLab`."""

from gan_lessons.labs.theory.dirac import DiracLab
from gan_lessons.labs.theory.loss import LossLab
from gan_lessons.labs.theory.penalty import PenaltyLab

__all__ = ["DiracLab", "LossLab", "PenaltyLab"]
