"""A lab on clips: `from gan_lessons.labs.videos import ClipLab`."""

from gan_lessons.labs.videos.clip import ClipLab

__all__ = ["ClipLab"]
