"""A small classifier of digits that judges what a GAN draws. `python -m gan_lessons.judges.digits` trains one.

The stored weights came from this training with other initial weights, and read 99.1 % of the held-out digits; a new one
has another hash and other units, so distances are to be compared under one judge only.
"""

from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import trange

from gan_lessons.contract import check_pixels
from gan_lessons.data.images import digits
from gan_lessons.judges import weights

WEIGHTS = Path(__file__).with_name("digits.safetensors")
SHA256 = "ff6020f951a2fb12d75c0c1b30a2a9fdb97256ee7d7f3e6b9dda72effb9ad820"


class DigitJudge(nn.Module):
    """Pixels [batch, 1, 28, 28] in [-1, 1] to 64 features and to the scores of ten classes.

    A plain convolutional classifier: four 3×3 convolutions with BatchNorm, three of them of stride 2.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after, stride in [(1, 16, 1), (16, 32, 2), (32, 64, 2), (64, 64, 2)]:
            layers += [nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 4 * 4, 64), nn.Tanh())
        self.head = nn.Linear(64, 10)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.head(self.body(pixels))

    @torch.inference_mode()
    def features(self, pixels: Tensor, batch: int = 100) -> Tensor:
        """The 64 numbers before the last layer, by which a Fréchet distance compares pictures: [count, 64].

        A ValueError for pictures of another shape or in 0 … 255, a warning for those that seem to lie in 0 … 1.
        """
        if pixels.dim() != 4 or pixels.shape[1:] != (1, 28, 28):
            raise ValueError(f"The judge reads pictures [count, 1, 28, 28], not {list(pixels.shape)}.")
        if len(pixels):
            check_pixels(pixels, slack=10.0)  # noise may lead far beyond
        device = self.head.weight.device
        return torch.cat([self.body(part.to(device)) for part in pixels.split(batch)])

    @torch.inference_mode()
    def probabilities(self, pixels: Tensor, batch: int = 100) -> Tensor:
        """How likely each digit is: [count, 10], rows that sum to one."""
        return self.head(self.features(pixels, batch)).softmax(-1)


@cache
def load(device: str | torch.device = "cpu", path: Path = WEIGHTS) -> DigitJudge:
    """The trained judge, in evaluation mode; a ValueError where its weights are damaged."""
    judge = DigitJudge()
    judge.load_state_dict(weights.read(path, SHA256))
    return judge.eval().requires_grad_(False).to(device)


def distort(pixels: Tensor) -> Tensor:
    """Turn, scale, shear, shift and bend each picture a little, at random."""
    count = len(pixels)
    affine = torch.eye(2, 3) + torch.randn(count, 2, 3) * torch.tensor([0.08, 0.08, 0.06])
    bend = functional.interpolate(torch.randn(count, 2, 5, 5) * 0.04, pixels.shape[-2:], mode="bicubic")
    grid = functional.affine_grid(affine, list(pixels.shape), align_corners=False) + bend.permute(0, 2, 3, 1)
    return functional.grid_sample(pixels + 1, grid, align_corners=False) - 1


def train(steps: int = 2500, batch: int = 100, seed: int = 0) -> tuple[DigitJudge, float]:
    """Train a judge on 4,000 digits, and say how many of the 1,000 others it reads right (a share)."""
    known, held_out = digits(), digits(held_out=True)
    assert known.labels is not None and held_out.labels is not None
    torch.manual_seed(seed)
    judge = DigitJudge()
    average = AveragedModel(judge, multi_avg_fn=get_ema_multi_avg_fn(0.99), use_buffers=True)
    optimizer = torch.optim.AdamW(judge.parameters(), weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=steps)
    for _ in trange(steps):
        chosen = torch.randint(len(known), (batch,))
        loss = functional.cross_entropy(judge(distort(known.pixels[chosen])), known.labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update_parameters(judge)
    judge.load_state_dict(average.module.state_dict())
    judge.eval().half().float()  # as it will be stored
    return judge, float((judge.probabilities(held_out.pixels).argmax(-1) == held_out.labels).float().mean())


if __name__ == "__main__":
    torch.set_num_threads(1)
    trained, accuracy = train()
    print(f"accuracy on 1,000 held-out digits: {accuracy:.4f}")
    print(f"SHA256 = {weights.write(trained, WEIGHTS)!r}")
