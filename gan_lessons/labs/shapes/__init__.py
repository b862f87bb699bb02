"""Labs about shapes in space: `from gan_lessons.labs.shapes import ShapeLab`."""

from gan_lessons.labs.shapes.shape import ShapeLab

__all__ = ["ShapeLab"]
