"""A lab on what a training costs: `from gan_lessons.labs.scaling import BillLab`."""

from gan_lessons.labs.scaling.bill import BillLab

__all__ = ["BillLab"]
