"""Labs on networks that make pictures of pictures: `from gan_lessons.labs.translation import LensLab`."""

from gan_lessons.labs.translation.lens import LensLab

__all__ = ["LensLab"]
