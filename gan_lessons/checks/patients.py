"""GANs with a fault that raises no error, to be found before they are trained."""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gan_lessons.checks import CheckError, brief
from gan_lessons.checks.cards import say
from gan_lessons.networks.points import PointDiscriminator, PointGenerator

FAULTS = ("healthy", "data not scaled", "sigmoid at D's end", "G's optimiser holds D")


class Patient(NamedTuple):
    """A GAN before its training: data [n, dims], noise [batch, noise_dim]."""

    generator: nn.Module
    discriminator: nn.Module
    generator_optimizer: torch.optim.Optimizer
    discriminator_optimizer: torch.optim.Optimizer
    data: Tensor
    noise_dim: int


class Probability(nn.Module):
    """A discriminator that returns probabilities, and does not say so by its layers."""

    def __init__(self, inner: nn.Module):
        super().__init__()
        self.inner = inner

    def forward(self, samples: Tensor) -> Tensor:
        return 1 / (1 + torch.exp(-self.inner(samples)))


def patient(fault: str, seed: int, dims: int = 2, doubtful: bool = False) -> Patient:
    """A GAN with that fault; where it is `doubtful`, all scores lie between 0 and 1 before the first step."""
    torch.manual_seed(seed)
    noise_dim = dims + 1
    generator = PointGenerator(noise_dim, dims, width=24, activation=nn.LeakyReLU)
    discriminator: nn.Module = PointDiscriminator(dims, width=24, activation=nn.LeakyReLU)
    if doubtful:
        last = list(discriminator.parameters())
        nn.init.normal_(last[-2], std=0.02)
        nn.init.constant_(last[-1], 0.5)
    if fault == "sigmoid at D's end":
        discriminator = Probability(discriminator)
    data = 2 + torch.randn(512, dims) * torch.linspace(0.2, 1, dims)
    data = data * (100 if fault == "data not scaled" else 1)
    learner = discriminator if fault == "G's optimiser holds D" else generator
    return Patient(
        generator,
        discriminator,
        torch.optim.Adam(learner.parameters(), lr=2e-3, betas=(0.5, 0.99)),
        torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.5, 0.99)),
        data,
        noise_dim,
    )


def patients(seed: int = 0, dims: int = 2) -> list[tuple[Patient, str]]:
    """A patient with each fault, two healthy ones, and the truth about each, in an order of the seed."""
    kinds = [(fault, False) for fault in FAULTS] + [("healthy", True)]
    random = torch.Generator().manual_seed(seed)
    places = torch.randperm(len(kinds), generator=random).tolist()
    return [(patient(kinds[place][0], seed + place, dims, kinds[place][1]), kinds[place][0]) for place in places]


def treat(name: str, found: Any, fault: str) -> None:
    """Compare what an answer has found with the truth."""
    if found not in FAULTS:
        raise CheckError("no known fault", f"{name} returned {brief(found)}; it should be one of {', '.join(FAULTS)}")
    if found == fault:
        say(f"✓ {name}: expected {fault!r}, yours {found!r}")
        return
    mistake = "false alarm" if fault == "healthy" else "overlooked" if found == "healthy" else "mixed up"
    if (fault, found) == ("healthy", "sigmoid at D's end"):
        mistake = "fooled by the first scores"
    raise CheckError(mistake, f"{name}\n    expected  {fault!r}\n    yours     {found!r}")
