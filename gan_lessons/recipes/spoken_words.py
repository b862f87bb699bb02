"""Digits and short words on demand, for the text-to-speech chain: the recipe of spoken digits, with more to say."""

from dataclasses import replace

from gan_lessons.data.sound import DIGITS
from gan_lessons.recipes import spoken_digits

WORDS = (*DIGITS, "yes", "no", "stop", "left", "right", "hello")

SIZES = {
    "cpu": replace(spoken_digits.SIZES["cpu"], words=WORDS, steps=1700),
    "gpu": replace(spoken_digits.SIZES["gpu"], words=WORDS),
}
