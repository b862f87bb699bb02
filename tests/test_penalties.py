"""Each penalty on discriminators whose slope is known, its direction, and numerical derivatives."""

import pytest
import torch
from torch import nn

from gan_lessons import penalties
from gan_lessons.networks.packing import Packed


class Linear(nn.Module):
    """score(x) = slope · x, whose gradient is `slope` everywhere."""

    def __init__(self, *slope: float):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(slope))

    def forward(self, samples):
        return (
            samples.flatten(-len(self.slope.shape)) @ self.slope
            if samples.dim() < 4
            else samples.flatten(1) @ self.slope
        )


class Quadratic(nn.Module):
    """score(x) = ½‖x‖², whose gradient is x."""

    def forward(self, samples):
        return samples.square().sum(-1) / 2


REAL, FAKE = torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.tensor([[3.0, 0.0], [0.0, 0.0]])


def test_linear_discriminator_by_hand():
    steep = Linear(3.0, 4.0)  # slope 5
    assert penalties.r1(steep, REAL, FAKE).item() == pytest.approx(25 / 2)
    assert penalties.r2(steep, REAL, FAKE, weight=2).item() == pytest.approx(25)
    assert penalties.r1_and_r2(steep, REAL, FAKE, weight=0.1).item() == pytest.approx(2.5)
    assert penalties.gradient_penalty(steep, REAL, FAKE, weight=10).item() == pytest.approx(10 * 4**2)


def test_quadratic_discriminator_by_hand():
    assert penalties.r1(Quadratic(), REAL, FAKE).item() == pytest.approx((1 + 4) / 2 / 2)
    assert penalties.r2(Quadratic(), REAL, FAKE).item() == pytest.approx((9 + 0) / 2 / 2)
    # u is ¼ and ¾, so the mixtures are (2.5, 0) and (0, 1.5)
    expected = ((2.5 - 1) ** 2 + (1.5 - 1) ** 2) / 2
    assert penalties.gradient_penalty(Quadratic(), REAL, FAKE, weight=1).item() == pytest.approx(expected)


def test_images_count_every_pixel():
    discriminator = Linear(*[2.0] * 12)
    images = torch.randn(5, 3, 2, 2)
    assert penalties.r1(discriminator, images, images).item() == pytest.approx(12 * 4 / 2, rel=1e-5)
    expected = (48**0.5 - 1) ** 2
    assert penalties.gradient_penalty(discriminator, images, -images, weight=1).item() == pytest.approx(
        expected, rel=1e-5
    )


@pytest.mark.parametrize("penalty", [penalties.r1, penalties.r2])
@pytest.mark.parametrize("last", [nn.Identity(), nn.Flatten(1, 2)], ids=["[n, 1, h, w]", "[n, h, w]"])
def test_scores_of_patches_get_a_sentence(penalty, last):
    pictures = torch.randn(4, 1, 5, 5)
    with pytest.raises(ValueError, match=r"one score a sample, .* makes \[4, .*3\] of .*; of patches take the mean"):
        penalty(nn.Sequential(nn.Conv2d(1, 1, 3), last), pictures, pictures)


def test_nudge_tends_to_r1_and_r2():
    torch.manual_seed(0)
    real, fake = torch.randn(2, 200_000, 2)
    exact = penalties.r1_and_r2(Quadratic(), real, fake, weight=0.5)
    estimate = penalties.nudge(Quadratic(), real, fake, weight=0.5, length=0.01)
    assert estimate.item() == pytest.approx(exact.item(), rel=0.02)


@pytest.mark.parametrize("penalty", [penalties.r1, penalties.r2, penalties.r1_and_r2, penalties.gradient_penalty])
def test_descending_a_penalty_makes_a_steep_discriminator_flatter(penalty):
    steep = Linear(3.0, 4.0)
    penalty(steep, REAL, FAKE).backward()
    assert (steep.slope.grad > 0).all()


def nudge(*arguments):
    """The same nudges at every call."""
    torch.manual_seed(0)
    return penalties.nudge(*arguments)


@pytest.mark.parametrize(
    "penalty", [penalties.r1, penalties.r2, penalties.r1_and_r2, penalties.gradient_penalty, nudge]
)
def test_gradients_are_derivatives(penalty):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 1), nn.Flatten(0)).double()
    real, fake = torch.randn(2, 4, 2, dtype=torch.double)
    parameters = dict(network.named_parameters())

    def value(*weights):
        changed = dict(zip(parameters, weights, strict=True))
        return penalty(lambda samples: torch.func.functional_call(network, changed, samples), real, fake)

    assert torch.autograd.gradcheck(value, tuple(weight.detach().requires_grad_() for weight in parameters.values()))


def test_a_population_gets_each_members_penalty_and_weight():
    real, fake = torch.randn(2, 3, 8, 2)
    weight = torch.tensor([0.0, 1.0, 2.0])
    together = penalties.r1(Quadratic(), real, fake, weight)
    for member in range(3):
        torch.testing.assert_close(
            together[member], weight[member] * penalties.r1(Quadratic(), real[member], fake[member])
        )


def test_packed_discriminators_can_be_penalised():
    packed = Packed(Linear(3.0, 0.0, 0.0, 4.0), 2)
    # the groups' slopes are (3, 0) at the first sample and (0, 4) at the second
    assert penalties.r1(packed, REAL, FAKE).item() == pytest.approx((9 + 16) / 2 / 2)


def test_spectral_norm_bounds_every_singular_value():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
    with torch.no_grad():
        network[0].weight.mul_(20)
    penalties.spectral_norm(network)
    for _ in range(50):  # a power iteration a forward pass
        network(torch.randn(4, 8))
    for layer in (network[0], network[2]):
        assert torch.linalg.matrix_norm(layer.weight, 2).item() == pytest.approx(1, abs=1e-3)
