"""Labs about GANs on points: `from gan_lessons.labs.points import PlaygroundLab`."""

from gan_lessons.labs.points.collapse import CollapseLab
from gan_lessons.labs.points.density_ratio import DensityRatioLab
from gan_lessons.labs.points.own import fitted
from gan_lessons.labs.points.playground import PlaygroundLab
from gan_lessons.labs.points.push_forward import PushForwardLab
from gan_lessons.labs.points.smallest_gan import SmallestGANLab

__all__ = ["CollapseLab", "DensityRatioLab", "PlaygroundLab", "PushForwardLab", "SmallestGANLab", "fitted"]
