"""A judge of photographs: a small network that learnt which picture a patch is cut from, by its texture.

It sees patches in false colours and brightness, so that grain and edges have to tell. Its task, its data's treatment
and its layers are none of those that train a super-resolving network, so that what pleases it was not learnt for it.
`python -m gan_lessons.judges.photographs` trains it, in two minutes on one core, and prints its hash.
"""

from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from tqdm import trange

from gan_lessons.data import photographs
from gan_lessons.judges import weights

WEIGHTS = Path(__file__).with_name("photographs.safetensors")
SHA256 = "8022b16c4a364834288106e1993ccfb40d696230f59eacd559bbae4b89ac6412"
SIDE = 32  # of the patches that it learns from
PICTURES = sum(map(len, photographs.LEARNT.values()))


class PhotographJudge(nn.Module):
    """Pixels [batch, 3, height, width] in [-1, 1] to scores of the pictures [batch, pictures]."""

    def __init__(self) -> None:
        super().__init__()
        stages = []
        for before, after, stride in ((3, 32, 1), (32, 48, 2), (48, 64, 2), (64, 96, 2)):
            convolution = nn.Conv2d(before, after, 3, stride, 1, padding_mode="replicate", bias=False)
            stages.append(nn.Sequential(convolution, nn.BatchNorm2d(after), nn.ReLU()))
        self.stages = nn.ModuleList(stages)
        self.head = nn.Linear(96, PICTURES)

    def maps(self, pixels: Tensor) -> list[Tensor]:
        """The maps of each of the four stages, [batch, maps, h, w]."""
        found = []
        for stage in self.stages:
            pixels = stage(pixels)
            found.append(pixels)
        return found

    def forward(self, pixels: Tensor) -> Tensor:
        return self.head(self.maps(pixels)[-1].mean((2, 3)))


@cache
def load(path: Path = WEIGHTS) -> PhotographJudge:
    """The trained judge, in evaluation mode; a ValueError where its weights are damaged."""
    judge = PhotographJudge()
    judge.load_state_dict(weights.read(path, SHA256))
    return judge.eval().requires_grad_(False)


def disguised(pixels: Tensor) -> Tensor:
    """Patches with their channels mixed at random, brighter or darker, stronger or weaker, each in its own way."""
    count = len(pixels)
    mixing = torch.eye(3) + 0.5 * torch.randn(count, 3, 3)
    mixing = mixing / mixing.abs().sum(2, keepdim=True) * (0.5 + torch.rand(count, 1, 1))
    centred = pixels - pixels.mean((2, 3), keepdim=True)
    mixed = torch.einsum("bij,bjhw->bihw", mixing, centred)
    return (mixed + torch.rand(count, 3, 1, 1) - 0.5).clamp(-1, 1)


def train(steps: int = 1500, batch: int = 32, seed: int = 0) -> PhotographJudge:
    """A new judge, from the pictures that are not held out."""
    torch.manual_seed(seed)
    source = photographs.Photographs(photographs.load(), SIDE)
    pictures = torch.tensor([place[0] for place in source.places])
    judge = PhotographJudge()
    optimizer = torch.optim.AdamW(judge.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, steps)
    progress = trange(steps)
    for _ in progress:
        chosen = torch.randint(len(source), (batch,))
        scores = judge(disguised(source.batch(chosen).real))
        loss = cross_entropy(scores, pictures[chosen // 8])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        progress.set_postfix(loss=float(loss))
    return judge.eval().requires_grad_(False)


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(f"SHA256 = {weights.write(train(), WEIGHTS)!r}")
