"""gan_lessons: the small library that the chapters import."""

__version__ = "0.1.0"
