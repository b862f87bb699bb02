"""Labs on networks that make pictures of pictures: `from gan_lessons.labs.translation import PaintLab`."""

from gan_lessons.labs.translation.cycle import CycleLab
from gan_lessons.labs.translation.lens import LensLab
from gan_lessons.labs.translation.paint import InkLab, PaintLab

__all__ = ["CycleLab", "InkLab", "LensLab", "PaintLab"]
