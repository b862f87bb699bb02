"""The dials of TextLab."""

from dataclasses import dataclass

from gan_lessons.labs.kit.controls import chosen, ranged
from gan_lessons.labs.writing.text_simulation import TRUNCATIONS

STORED, LIVE = "trained before", "in training"


@dataclass(frozen=True)
class TextParameters:
    """How each writer is asked, and where on the walk the reader stands."""

    temperature: float = ranged(1.0, 0.1, 2, 0.05, "LSTM: temperature", "Below 1 likely letters come more often")
    psi: float = ranged(1.0, 0, 1, 0.05, "GAN: truncation ψ", "1: nothing is changed")
    way: str = chosen(next(iter(TRUNCATIONS)), list(TRUNCATIONS), "Truncate by", "What ψ does")
    writer: str = chosen(STORED, [STORED, LIVE], "Which GAN", "The trained one, or the one that learns here")
    page: int = ranged(0, 0, 99, 1, "Page of the lists", "Other samples of the same writers")
    along: float = ranged(0.0, 0, 1, 0.01, "Walked from A to B", "0: at A; 1: at B")
    seed: int = ranged(0, 0, 99, 1, "Noise A", "Where the walk begins")
    other: int = ranged(1, 0, 99, 1, "Noise B", "Where the walk ends")
