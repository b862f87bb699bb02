"""Blind tests of what people can tell: `from gan_lessons.labs.blind import RealOrFakeLab`."""

from gan_lessons.labs.blind.listening_room import ListeningRoom
from gan_lessons.labs.blind.real_or_fake import RealOrFakeLab
from gan_lessons.labs.blind.real_or_fake_simulation import interval

__all__ = ["ListeningRoom", "RealOrFakeLab", "interval"]
