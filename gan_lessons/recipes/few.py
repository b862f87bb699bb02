"""Few pictures: any folder from 30 up, or a few of the book's own; D sees them augmented, and may begin from a run."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import losses, results
from gan_lessons.checkpoints import read_checkpoint
from gan_lessons.data import avatars, images
from gan_lessons.data.images import Images
from gan_lessons.data.sources import Source
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics import few
from gan_lessons.metrics.asked import features_of
from gan_lessons.metrics.avatars import fraction
from gan_lessons.metrics.frechet import frechet_distance
from gan_lessons.metrics.memory import nearest
from gan_lessons.networks.augmentation import Augmented, Feedback, freeze, policy
from gan_lessons.networks.pictures import PictureDiscriminator, PictureGenerator
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern

LEAST = 30  # pictures of one's own
SCORED = 2000  # samples
SHOWN = 4000  # pictures that are held in memory; of more avatars each is put together when asked for


@dataclass(frozen=True, kw_only=True)
class Few(Modern):
    """The modern recipe for a small set: D sees real and fake pictures augmented, and some pictures are held out.

    `source` is a kind of avatar, of which `count` are learnt from and others held out; another set by its name; or a
    folder or zip, of which a fifth, at least eight, is held out: whether D has learnt the others by heart shows on
    them alone. `augmentation` is none, diffaugment or adaptive. `start` begins with the weights of a run's folder (both
    players) or of a stored GAN (its generator), and keeps D's lowest `frozen` layers. `pretrained` is a D on the
    features of an ImageNet network.
    """

    best: ClassVar = "lowest frechet_fraction"
    memory: ClassVar = torch.channels_last  # twice as fast
    source: str = "cats"
    size: int
    count: int = 64
    augmentation: str = "adaptive"
    target: float = 0.5  # overfitting that adaptive augmentation aims at
    ramp: int = 40_000  # pictures in which it goes from none to always
    start: str = ""
    frozen: int = 0
    pretrained: bool = False
    generator_width: int
    discriminator_width: int

    @property
    def kind(self) -> str:
        """The kind of avatar that it learns from; none of other pictures."""
        name = self.source.removeprefix(images.BOOK)
        return name if name in avatars.KINDS and not Path(self.source).is_dir() else ""

    def images(self) -> Images:
        """The pictures that it learns from."""
        return self.parts()[0]

    def parts(self) -> tuple[Images, Images]:
        """The pictures to learn from and those held out; a ValueError where they are too few."""
        images.checked(self.size)
        if self.kind:
            return self.drawn(self.kind)
        every = images.load(self.source, self.size)
        if len(every) < LEAST:
            raise ValueError(f"This recipe needs at least {LEAST} pictures; {self.source} has {len(every)}.")
        unseen = max(few.GROUP, len(every) // 5)
        known, held_out = every.split((len(every) - unseen) / len(every))
        return replace(known, found=every.found), held_out

    def drawn(self, kind: str) -> tuple[Images, Images]:
        """So many avatars of a kind, and 500 of those that no GAN of the book learns from."""
        if self.count < LEAST:
            raise ValueError(f"This recipe needs at least {LEAST} pictures; {self.count} {kind} are fewer.")
        some, others = avatars.load(kind, self.size, self.count), avatars.load(kind, self.size, held_out=True)
        return Images(some.pixels(slice(SHOWN))), Images(others.pixels(slice(SCORED, SCORED + 500)))

    def data(self) -> Tensor | Source:
        many = self.kind and self.count > SHOWN
        return avatars.load(self.kind, self.size, self.count) if many else self.images().pixels

    def players(self) -> tuple[nn.Module, nn.Module]:
        channels, _, size = self.images().pixels.shape[1:]
        generator: nn.Module = PictureGenerator(self.noise_dim, size, channels, self.generator_width)
        inner: nn.Module = PictureDiscriminator(size, channels, self.discriminator_width)
        if self.pretrained:
            from gan_lessons.networks.projected import ProjectedDiscriminator  # needs an extra

            inner = ProjectedDiscriminator()
        if self.start:
            begin(generator, inner, self.start)
        if self.frozen:
            freeze(inner, self.frozen)
        changes = policy(self.augmentation)
        return generator, Augmented(inner, changes, 0.0 if self.augmentation == "adaptive" else 1.0)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        if self.augmentation == "adaptive":
            held_out = self.parts()[1].pixels.to(next(gan.generator.parameters()))  # its device and precision
            more = {"discriminator_extra": Feedback(held_out, self.target, self.ramp)} | more
        batch = min(self.batch, len(data) // few.GROUP * few.GROUP)
        if not self.pretrained:
            return super().train(gan, data, **{"batch": batch, **more})
        # a D on frozen features is kept smooth by spectral norms, and trained by the hinge loss: Sauer et al. 2021
        return super().train(gan, data, **{"loss": losses.hinge, "penalty": None, "batch": batch, **more})

    def score(self, gan: GAN) -> dict[str, float]:
        known, unseen = self.parts()
        samples = torch.cat([self.samples(gan, 500, seed) for seed in range(SCORED // 500)]).float().cpu()
        found = self.score_samples(samples)
        if gan.step:  # else D has learnt nothing yet, or is not that of the stored generator
            found["held_out_gap"] = few.held_out_gap(gan, known.pixels, unseen.pixels, samples)
        return found

    def score_samples(self, samples: Tensor) -> dict[str, float]:
        """The figures of any pictures [count, channels, size, size], at least as many as are learnt from.

        `frechet_fraction` of noise's distance, to held-out cats, or to all pictures of another set; `novelty` and
        `unseen_distance` (see `metrics.few`); of cats also the shares of `metrics.few.cat_combinations`.
        """
        known, unseen = self.parts()
        found = {
            "frechet_fraction": self.frechet(samples, known, unseen),
            "novelty": few.novelty(samples, known.pixels),
            "unseen_distance": few.unseen_distance(samples, known.pixels, unseen.pixels),
        }
        if self.kind == "cats":
            found |= few.cat_combinations(samples, avatars.load("cats", self.size, self.count))
        return found

    def frechet(self, samples: Tensor, known: Images, unseen: Images) -> float:
        """The Fréchet distance as a fraction of noise's: of cats in their judge's features, of others in components."""
        if self.kind == "cats":
            from gan_lessons.judges.avatars import load

            return fraction(load().read(samples.clamp(-1, 1))[0], "cats", self.size)
        every = Images(torch.cat([known.pixels, unseen.pixels]))
        embed = features_of(every)
        noise = embed(noise_like(samples))
        return frechet_distance(embed(every.pixels), embed(samples)) / frechet_distance(embed(every.pixels), noise)

    def floor_and_ceiling(self) -> dict[str, dict[str, float]]:
        """What noise and copies of the known pictures score, by figure."""
        known = self.images().pixels
        copies = known[torch.arange(SCORED) % len(known)]
        worst, best = self.score_samples(noise_like(copies)), self.score_samples(copies)
        return {name: {"noise": worst[name], "copies": best[name]} for name in best}

    def sheet(self, gan: GAN) -> Figure:
        samples, known = self.samples(gan, 40).float().cpu(), self.images().pixels
        few_of_them = samples[:8]
        beside = torch.cat([few_of_them, known[nearest(known, few_of_them).indices]])
        figure = Figure(figsize=(8, 7), dpi=128, layout="constrained")
        upper, lower = figure.subplots(2, 1, height_ratios=(5, 2))
        draw_sheet(upper, samples, 8)
        draw_sheet(lower, beside, 8)
        lower.set_title("The first eight, and below each the nearest picture that was learnt from", fontsize=9)
        if self.kind:
            upper.set_title(avatars.KINDS[self.kind].credit, fontsize=8, loc="right")
        return figure


def noise_like(pixels: Tensor) -> Tensor:
    """Uniform noise in [-1, 1] of the same shape."""
    return 2 * torch.rand(pixels.shape, generator=torch.Generator().manual_seed(0)) - 1


def begin(generator: nn.Module, discriminator: nn.Module, start: str) -> None:
    """Give the players the weights of a run's folder, or the generator those of a stored GAN, as avatars/long.

    A ValueError says what is not there, or does not fit.
    """
    try:
        if not Path(start).is_dir():
            generator.load_state_dict(results.weights(start))
            return
        state = read_checkpoint(Path(start) / "checkpoint.pt")["gan"]
        generator.load_state_dict(state["average"])
        judged = {name.removeprefix("discriminator."): value for name, value in state["discriminator"].items()}
        judged.pop("augmentation.probability", None)
        discriminator.load_state_dict(judged)
    except RuntimeError as error:
        raise ValueError(
            f"The networks of {start} have other shapes: begin with pictures of the same size and the same widths."
        ) from error


CPU = Few(
    steps=4500,
    batch=32,
    noise_dim=64,
    size=64,
    generator_width=32,
    discriminator_width=16,
    learning_rate=3e-3,
    penalty_weight=0.3,
    average_decay=0.998,
)
LONG = replace(CPU, steps=26_000, average_decay=0.999)
GPU = replace(LONG, steps=50_000, batch=64, generator_width=96, discriminator_width=64, learning_rate=2e-3)
SIZES = {"cpu": CPU, "long": LONG, "gpu": GPU}
