"""The check of a test for mixing: networks of which it is known whether a picture's score depends on the others."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gan_lessons.checks import CheckError, brief, call
from gan_lessons.checks.cards import say, task
from gan_lessons.networks.images import GroupSpread

CASES = {
    "convolutions only": False,
    "batch norm in training mode": True,
    "batch norm in evaluation mode": False,
    "minibatch standard deviation": True,
    "group norm": False,
}
PATTERNS = {
    "the picture itself": "11111",
    "never": "00000",
    "batch norm overlooked": "00010",
    "only some others": "01000",
    "names looked at": "01100",
    "mode changed": "01110",
    "the other way round": "10101",
}  # what is said of the cases, in their order, after the usual mistakes


def network(case: str, width: int = 8, group: int = 4) -> nn.Module:
    """A small discriminator of pictures [n, 1, 8, 8], with or without a layer that mixes a batch."""
    between = {"batch norm": nn.BatchNorm2d(width), "group norm": nn.GroupNorm(2, width)}
    kind = next((each for name, each in between.items() if name in case), nn.Identity())
    spread = case.startswith("minibatch")
    body = nn.Sequential(nn.Conv2d(1, width, 4, stride=2, padding=1), kind, nn.LeakyReLU(0.2), nn.Flatten())
    features = nn.Sequential(nn.Linear(16 * width, width), nn.LeakyReLU(0.2))
    last = [GroupSpread(group), nn.Linear(2 * width, 1)] if spread else [nn.Linear(width, 1)]
    found = nn.Sequential(*body, *features, *last, nn.Flatten(0))
    return found.train("evaluation" not in case)


@task
def mixes(answer: Callable, seed: int = 0, count: int = 8, group: int = 4) -> None:
    """Check mixes(discriminator, pictures) on five discriminators and so many pictures, with groups of that size."""
    torch.manual_seed(seed)
    pictures, found = 2 * torch.rand(count, 1, 8, 8) - 1, {}
    networks = {case: network(case, group=group) for case in CASES}
    for place in torch.randperm(len(CASES)).tolist():
        case = list(CASES)[place]
        found[case] = verdict(answer, networks[case], pictures.clone(), case)
    said = "".join(str(int(found[case])) for case in CASES)
    wrong = [case for case, due in CASES.items() if found[case] != due]
    if wrong:
        sentences = "; ".join(f"{case}: expected {CASES[case]}, yours {found[case]}" for case in wrong)
        mistake = next((name for name, pattern in PATTERNS.items() if pattern == said), "other")
        raise CheckError(mistake, f"{answer.__name__}, {count} pictures: {sentences}")
    for case, due in CASES.items():
        say(f"✓ {answer.__name__}, {case}: expected {due}, yours {found[case]}")


def verdict(answer: Callable, discriminator: nn.Module, pictures: Tensor, case: str) -> bool:
    """What an answer says of a discriminator, whose mode has to stay as it was."""
    training = discriminator.training
    said: Any = call(answer, discriminator, pictures)
    if discriminator.training != training:
        raise CheckError("mode changed", f"{answer.__name__}, {case}: it is in another mode afterwards")
    if not isinstance(said, bool | np.bool_ | Tensor) or (isinstance(said, Tensor) and said.numel() != 1):
        raise CheckError("not yes or no", f"{answer.__name__} returned {brief(said)}")
    return bool(said)
