"""Digits and short words on demand, for the text-to-speech chain: the recipe of spoken digits, with more to say."""

from dataclasses import replace

from gan_lessons.data.sound import WORDS
from gan_lessons.recipes import spoken_digits

SIZES = {
    "cpu": replace(spoken_digits.CPU, words=WORDS, steps=1700),
    "gpu": replace(spoken_digits.GPU, words=WORDS),
}
