"""Labs on networks that make pictures of pictures: `from gan_lessons.labs.translation import PaintLab`."""

from gan_lessons.labs.translation.paint import InkLab, PaintLab

__all__ = ["InkLab", "PaintLab"]
