"""Drum hits on demand, of five kinds: the recipe of spoken digits on recordings of instruments."""

from dataclasses import dataclass
from typing import ClassVar

from gan_lessons.data import drums
from gan_lessons.data.sound import Clips
from gan_lessons.judges.drums import load as judge_of_drums
from gan_lessons.judges.sounds import SoundJudge
from gan_lessons.recipes import spoken_digits
from gan_lessons.recipes.spoken_digits import SpokenDigits

FONT = "sound font"


@dataclass(frozen=True, kw_only=True)
class Drums(SpokenDigits):
    """A conditional GAN of log-mel spectrograms of drums; `source` is the sound font, or your own folder or zip."""

    known: ClassVar = FONT
    source: str = FONT
    words: tuple[str, ...] = drums.KINDS

    def clips(self) -> tuple[Clips, Clips]:
        if self.source != FONT:
            return super().clips()
        hits = drums.drum_hits()
        return hits.train, hits.test

    def judge(self) -> SoundJudge:
        return judge_of_drums() if self.source == FONT else super().judge()


SIZES = {
    size: Drums(**vars(recipe) | {"source": FONT, "words": drums.KINDS}) for size, recipe in spoken_digits.SIZES.items()
}
