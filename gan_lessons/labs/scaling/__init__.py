"""A lab on what a training costs: `from gan_lessons.labs.scaling import BillLab, Counted`."""

from gan_lessons.labs.scaling.bill import BillLab, Counted

__all__ = ["BillLab", "Counted"]
