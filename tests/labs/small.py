"""Small labs of every kind, and what the tests of several labs share."""

import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gan_lessons import latents, losses, recipes
from gan_lessons.data.images import small_digits
from gan_lessons.data.points import ring
from gan_lessons.data.text import LETTERS, Splits, Texts
from gan_lessons.data.verse import sounds
from gan_lessons.labs.blind import ListeningRoom, RealOrFakeLab
from gan_lessons.labs.kit.frame import Panel, Pictures, Writing
from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.latents import EditLab, LatentLab, MixingLab, TimelineLab, VoiceLab
from gan_lessons.labs.latents.timeline_simulation import Timeline
from gan_lessons.labs.points import CollapseLab, DensityRatioLab, PlaygroundLab, PushForwardLab, SmallestGANLab
from gan_lessons.labs.scaling import BillLab, Counted
from gan_lessons.labs.shapes import ShapeLab
from gan_lessons.labs.theory import DiracLab, LossLab, PenaltyLab
from gan_lessons.labs.translation import CycleLab, InkLab, LensLab, PaintLab
from gan_lessons.labs.videos import ClipLab
from gan_lessons.labs.writing import InventedOrRealLab, VerseLab
from gan_lessons.labs.writing.text import TextLab
from gan_lessons.networks.conditioning import ConditionalGenerator, Projection, headed
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator
from gan_lessons.networks.pictures import PictureDiscriminator
from gan_lessons.networks.shapes import VolumeDiscriminator, VolumeGenerator
from gan_lessons.networks.styles import StyleGenerator
from gan_lessons.networks.superres import SuperResolution
from gan_lessons.networks.text import LSTMGenerator, WordDiscriminator, WordGenerator
from gan_lessons.networks.verse import VerseWriter
from gan_lessons.networks.videos import ClipDiscriminator, Sprite
from gan_lessons.sweeps import Setting
from gan_lessons.training import GAN, train

DIM = 8


def small_gan(seed: int = 0, channels: int = 1) -> GAN:
    torch.manual_seed(seed)
    generator = ImageGenerator(DIM, 8, channels, width=4, hidden=16)
    return GAN(generator, ImageDiscriminator(8, channels, width=4, hidden=16), DIM, seed)


def data() -> torch.Tensor:
    return small_digits().pixels


def learn(gan: GAN, steps: int):
    return train(gan, data(), losses.relativistic, steps=steps, batch=16)


@cache
def fakes() -> torch.Tensor:
    return small_gan().sample(60)


def drawn(panel: Panel) -> np.ndarray:
    return next(one.data for one in panel.layers if isinstance(one, Pictures))


@cache
def watched() -> Timeline:
    """The timeline of thirty steps."""
    gan = small_gan()
    kept = Timeline(gan, count=7, growth=1.5, score=lambda gan: 1 / (1 + gan.step))
    for _ in kept.watch(learn(gan, 30)):
        pass
    return kept


@cache
def shaped_gan() -> GAN:
    """A GAN of volumes [1, 16, 16, 16] that is told one of five kinds."""
    torch.manual_seed(0)
    generator = ConditionalGenerator(VolumeGenerator(DIM + 4, 16, 4, 8), 5, 4)
    return GAN(generator, headed(VolumeDiscriminator(16, 4, 8), Projection, 5), DIM)


@cache
def styled_gan() -> GAN:
    """A GAN with a style generator of pictures [3, 24, 24], whose batch statistics are those of its samples."""
    torch.manual_seed(0)
    generator = StyleGenerator(DIM, 24, width=4, hidden=16)
    for _ in range(60):
        generator(torch.randn(64, DIM))
    return GAN(generator, PictureDiscriminator(24, width=4, hidden=8, group=1), DIM)


@cache
def clip_gan() -> GAN:
    """A GAN of clips, whose digits are noise that has batch statistics."""
    torch.manual_seed(0)
    generator = Sprite(DIM, 4, width=4, hidden=16)
    for _ in range(60):
        generator(torch.randn(16, DIM + 4))
    return GAN(generator, ClipDiscriminator(4, 8, hidden=8, group=1), DIM + 4)


@cache
def sights() -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """For each part of cats, the direction in pixels that tells its variants, and the borders between them."""
    pixels = drawn_of(latents.drawn_styles(styled_gan().average, 2000)).flatten(1)
    found = {}
    for place, (part, count) in enumerate({"body": 15, "fur": 10, "eyes": 15, "mouth": 10, "accessories": 16}.items()):
        direction = torch.randn(pixels.shape[1], generator=torch.Generator().manual_seed(place))
        found[part] = direction, (pixels @ direction).quantile(torch.arange(1, count) / count)
    return found


def drawn_of(styles: torch.Tensor) -> torch.Tensor:
    return latents.drawn(styled_gan().average, styles)


def sees(pixels: torch.Tensor) -> dict[str, torch.Tensor]:
    """A toy judge of cats, sure of what it sees: each variant is a stretch of a direction, as frequent as others."""
    return {
        part: torch.nn.functional.one_hot(torch.bucketize(pixels.flatten(1) @ way, borders), len(borders) + 1).float()
        for part, (way, borders) in sights().items()
    }


def clips(names=("real", "Griffin-Lim", "vocoder"), count=6) -> dict[str, torch.Tensor]:
    drawn = torch.Generator().manual_seed(0)
    return {name: torch.rand(count, 640, generator=drawn) * 2 - 1 for name in names}


def mels(noise: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """A toy generator: the first two numbers of the noise move the sound, the first most; labels set its band."""
    bands = torch.linspace(-1, 1, 64)[None, :, None] + 0.1 * labels[:, None, None]
    return (0.2 * bands + 0.3 * noise[:, :1, None] + 0.1 * noise[:, 1:2, None]).expand(-1, -1, 64).clamp(-1, 1)


def hears(log_mels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    level = log_mels.mean((1, 2))[:, None]
    return -((level - torch.linspace(-1, 1, 10)) ** 2) * 50, torch.cat([level, -level, 0 * level], 1)


WORD_DIM, LENGTH = 6, 5
COUNT = 150  # texts that are scored


def texts(seed: int, count: int) -> Texts:
    letters = torch.randint(1, 27, (count, LENGTH), generator=torch.Generator().manual_seed(seed))
    return Texts(letters, LETTERS)


SPLITS = Splits(texts(0, 300), texts(1, 300), texts(2, 200))


@cache
def generator(seed: int = 0) -> WordGenerator:
    torch.manual_seed(seed)
    return WordGenerator(WORD_DIM, LENGTH, width=16).eval().requires_grad_(False)


def live(steps: int = 1000):
    torch.manual_seed(3)
    players = WordGenerator(WORD_DIM, LENGTH, width=16), WordDiscriminator(LENGTH, width=16, hidden=8, group=1)
    gan = GAN(*players, noise_dim=WORD_DIM)
    real = torch.nn.functional.one_hot(SPLITS.train.symbols, 27).float()
    return gan, train(gan, real, losses.relativistic, steps=steps, batch=8)


@cache
def lstm() -> LSTMGenerator:
    torch.manual_seed(1)
    return LSTMGenerator(length=LENGTH, width=8).eval().requires_grad_(False)


def text_lab(**options) -> TextLab:
    return TextLab(lstm(), generator(), WORD_DIM, SPLITS, **{"live": live, "scored": COUNT, **options})


def written(lab, panel: int) -> list[str]:
    return [text for layer in lab.frame().panels[panel].layers if isinstance(layer, Writing) for text in layer.texts]


@cache
def writers() -> dict[str, VerseWriter]:
    """Two that know no word, and like some better than others, so that a temperature matters."""
    torch.manual_seed(2)
    made = {name: VerseWriter(sounds(), 10, 8, 8).eval().requires_grad_(False) for name in ("likelihood", "GAN")}
    for writer in made.values():
        writer.bias.normal_(std=2)
    return made


def verse_lab(**values) -> VerseLab:
    return VerseLab(writers(), **values)


def paints(relief: torch.Tensor) -> torch.Tensor:
    """A toy translation: other colours, each mixed of its own and the next."""
    return (0.7 * relief + 0.3 * relief.roll(1, 1)) ** 3


@cache
def lenses() -> tuple[torch.Tensor, torch.Tensor, SuperResolution, SuperResolution]:
    """Noise, a quarter of it, and two networks, the second of which adds to the picture at random."""
    torch.manual_seed(0)
    sharp = torch.rand(2, 3, 32, 32) * 2 - 1
    l1, gan = (SuperResolution(4, 8, 1).eval().requires_grad_(False) for _ in range(2))
    l1.last.weight.zero_()
    gan.last.weight.mul_(30)
    return sharp, torch.nn.functional.avg_pool2d(sharp, 4), l1, gan


def lens_lab(**values) -> LensLab:
    return LensLab(*lenses(), **values)


def bill_lab(**values) -> BillLab:
    names = {"digits": "digits", "conditional": "conditional"}
    return BillLab({name: Counted(recipes.find(known, "cpu")) for name, known in names.items()}, **values)


def cycle_lab(**values) -> CycleLab:
    """A way there that keeps the picture in a hundredth of the range, and one that reads it there."""
    random = torch.rand(2, 9, 1, 12, 12, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return CycleLab(lambda sent: sent / 100 - 0.5, lambda between: 100 * (between + 0.5), *random, **values)


# All labs

RESULTS = Path(__file__).resolve().parents[2] / "chapters" / "results"
TINY = {"generator_width": 16, "discriminator_width": 16, "batch": 16}
LABS: dict[str, Callable[[], Any]] = {
    "LossLab": LossLab,
    "DiracLab": lambda: DiracLab(penalty="r1", steps=60, average=0.5, optimism=0.5, generator_rate=0.1),
    "PenaltyLab": lambda: PenaltyLab(RESULTS / "penalties"),
    "DensityRatioLab": DensityRatioLab,
    "PushForwardLab": PushForwardLab,
    "SmallestGANLab": SmallestGANLab,
    "PlaygroundLab": lambda: PlaygroundLab(penalty="r1", **TINY),
    "CollapseLab": lambda: CollapseLab(seeds=(0, 1), third="none", fourth="none", fork_penalty="r1"),
    "CollapseLab of ones own": lambda: CollapseLab({"plain": Setting(**TINY)}, ring(4, 2.0, 0.4), (3, 1)),
    "LatentLab": lambda: LatentLab(watched().gan, data()[:900], across=1.0, along=0.5, source="first layer"),
    "MixingLab": lambda: MixingLab(styled_gan(), sees),
    "EditLab": lambda: EditLab(styled_gan(), sees, seed=0),
    "PaintLab": lambda: PaintLab(paints, 16),
    "InkLab": lambda: InkLab(lambda line: torch.cat([line, line**3, 0.5 * line], 1), 16),
    "TimelineLab": lambda: TimelineLab(watched(), floor=0.001),
    "VoiceLab": lambda: VoiceLab(mels, 6, hears, directions=torch.eye(4, 6)[[0, 1, 0, 1]]),
    "RealOrFakeLab": lambda: RealOrFakeLab(data(), fakes(), trials=6),
    "ListeningRoom": lambda: ListeningRoom(clips(), abx=1, ratings=1),
    "InventedOrRealLab": lambda: InventedOrRealLab(["cat", "dog"], ["dag", "kat"], trials=4),
    "TextLab": text_lab,
    "VerseLab": lambda: verse_lab(),
    "LensLab": lambda: lens_lab(),
    "BillLab": lambda: bill_lab(),
    "ClipLab": lambda: ClipLab(clip_gan(), at=3),
    "ShapeLab": lambda: ShapeLab(shaped_gan(), 24, share=0.5),
    "CycleLab": lambda: cycle_lab(between="noise"),
}


def arrays(lab) -> bytes:
    """All numbers and all words of a lab's picture."""
    scene, packed = pack(lab.frame())
    return json.dumps(scene).encode() + packed


def until(happened: Callable[[], Any], patience: float = 60) -> None:
    """Wait until something has happened; the patience is only for what never does."""
    end = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.005)
