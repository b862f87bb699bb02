"""A small classifier that reads the parts of cats: which body, fur, eyes, mouth and accessory each is put together of.

`python -m gan_lessons.judges.avatars` trains it, in about five minutes on one core, and prints its hash.
"""

from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, interpolate, one_hot
from tqdm import trange

from gan_lessons.data import avatars
from gan_lessons.judges import weights

WEIGHTS = Path(__file__).with_name("avatars.safetensors")
SHA256 = "40723ac815df8a9b6fb2e414e9fac2a98483199aa284b382bc5b5d171ef43020"
SIDE = 64


class AvatarJudge(nn.Module):
    """Pixels [batch, 3, side, side] in [-1, 1], of a side of 16, 32 or 64, to 96 features and to each part's scores.

    Three convolutions with BatchNorm and pooling, of the picture folded to half its side, a hidden layer, and a linear
    head a part. The features are the means of the last maps: of all cats they vary little, so that a distance of
    Gaussians needs no more than 2,000 of them.
    """

    def __init__(self, parts: dict[str, int]) -> None:
        super().__init__()
        self.parts = parts
        layers: list[nn.Module] = [nn.PixelUnshuffle(2)]
        for before, after in [(12, 48), (48, 64), (64, 96)]:
            convolution = nn.Conv2d(before, after, 3, padding=1, bias=False)
            layers += [convolution, nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
        self.body = nn.Sequential(*layers)
        self.hidden = nn.Sequential(nn.Flatten(), nn.Linear(96 * 4 * 4, 128), nn.Tanh())
        self.heads = nn.ModuleList([nn.Linear(128, count) for count in parts.values()])

    def forward(self, pixels: Tensor) -> list[Tensor]:
        return self.scores(self.body(self.enlarged(pixels)))

    def scores(self, maps: Tensor) -> list[Tensor]:
        """Each part's scores [batch, variants], of the last maps."""
        hidden = self.hidden(maps)
        return [head(hidden) for head in self.heads]

    @staticmethod
    def enlarged(pixels: Tensor) -> Tensor:
        """Pictures at the side of 64 that the judge reads; smaller ones in larger pixels."""
        if pixels.dim() != 4 or pixels.shape[1] != 3 or pixels.shape[2] != pixels.shape[3] or SIDE % pixels.shape[2]:
            raise ValueError(
                f"The judge reads pictures [count, 3, side, side] of a side that divides {SIDE}; "
                f"these are {list(pixels.shape)}."
            )
        return interpolate(pixels, SIDE, mode="nearest")

    @torch.inference_mode()
    def read(self, pixels: Tensor, batch: int = 100) -> tuple[Tensor, dict[str, Tensor]]:
        """Features [count, 96], and how likely each variant of each part is, by the part's name: [count, variants]."""
        maps = [self.body(self.enlarged(part)) for part in pixels.split(batch)]
        readings = [[scores.softmax(-1) for scores in self.scores(part)] for part in maps]
        features = torch.cat([part.mean((2, 3)) for part in maps])
        return features, dict(zip(self.parts, map(torch.cat, zip(*readings, strict=True)), strict=True))


@cache
def load(path: Path = WEIGHTS) -> AvatarJudge:
    """The trained judge, in evaluation mode; a ValueError where its weights are damaged."""
    judge = AvatarJudge(avatars.layers("cats", SIDE)[0])
    judge.load_state_dict(weights.read(path, SHA256))
    return judge.eval().requires_grad_(False)


def train(steps: int = 2500, batch: int = 64, seed: int = 0) -> AvatarJudge:
    """A new judge, from cats that are not held out, of 64 and of 32 pixels.

    A third of each batch are mixtures of two cats, whose parts are to be read in proportion; all have some noise, from
    none to a tenth of the range. So it does not read with confidence what no cat is. Zhang et al. 2018,
    arXiv:1710.09412.
    """
    torch.manual_seed(seed)
    cats = {side: avatars.load("cats", side) for side in (32, 64)}
    judge = AvatarJudge(cats[64].parts)
    optimizer = torch.optim.AdamW(judge.parameters(), lr=3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, steps)
    for step in trange(steps):
        some = cats[64 if step % 2 else 32]
        chosen = torch.randint(len(some), (batch,))
        real, variants = some.batch(chosen).real, some.variants(chosen)
        shares = torch.where(torch.rand(batch) < 1 / 3, torch.rand(batch), 1.0)
        mixed = shares[:, None, None, None] * real + (1 - shares[:, None, None, None]) * real.roll(1, 0)
        noisy = mixed + 0.2 * torch.rand(batch, 1, 1, 1) * torch.randn_like(mixed)
        total = torch.zeros(())
        for place, (scores, count) in enumerate(zip(judge(noisy), judge.parts.values(), strict=True)):
            wanted = one_hot(variants[:, place], count).float()
            total = total + cross_entropy(scores, shares[:, None] * wanted + (1 - shares[:, None]) * wanted.roll(1, 0))
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        schedule.step()
    return judge.eval().requires_grad_(False)


def accuracies(judge: AvatarJudge, side: int, count: int = 2000) -> dict[str, float]:
    """How often the judge reads each part of held-out cats right, where it can be seen.

    A part is hidden where some other variant in its place would change no pixel by more than a twentieth of the range.
    """
    cats = avatars.load("cats", side, held_out=True)
    variants, pixels = cats.variants()[:count], cats.pixels(slice(count))
    found = {}
    for place, (name, readings) in enumerate(judge.read(pixels)[1].items()):
        right = readings.argmax(1) == variants[:, place]
        found[name] = float(right[seen(cats, variants, pixels, place)].float().mean())
    return found


def seen(cats: avatars.Avatars, variants: Tensor, pixels: Tensor, place: int, least: float = 0.1) -> Tensor:
    """Whether the variant of a part can be told in each picture, [count]: from any other in its place."""
    visible = torch.ones(len(variants), dtype=torch.bool)
    for other in range(list(cats.parts.values())[place]):
        changed = variants.clone()
        changed[:, place] = other
        off = torch.cat(
            [
                (cats.compose(a) - b).abs().amax((1, 2, 3))
                for a, b in zip(changed.split(500), pixels.split(500), strict=True)
            ]
        )
        visible &= (off > least) | (variants[:, place] == other)
    return visible


if __name__ == "__main__":
    torch.set_num_threads(1)
    new = train()
    for side in (32, 64):
        print(side, {name: round(value, 4) for name, value in accuracies(new, side).items()})
    print(f"SHA256 = {weights.write(new, WEIGHTS)!r}")
