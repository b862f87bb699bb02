"""Each loss against values worked out by hand, the direction of its gradient, and numerical derivatives."""

import math

import pytest
import torch

from gan_lessons import losses

# at real score 1 and fake score -2, with s(x) = softplus(x) = log(1 + e^x)
S = {x: math.log1p(math.exp(x)) for x in (-3, -2, -1, 1, 2, 3)}
BY_HAND = {
    "minimax": (S[-1] + S[-2], -S[-2]),
    "non_saturating": (S[-1] + S[-2], S[2]),
    "least_squares": (((1 - 1) ** 2 + (-2 + 1) ** 2) / 2, (-2) ** 2 / 2),
    "hinge": (0 + 0, 2),
    "wasserstein": (-2 - 1, 2),
    "relativistic": (S[-3], S[3]),
}


@pytest.mark.parametrize("name", losses.KNOWN)
def test_values_by_hand(name):
    discriminator, generator = losses.named(name)(torch.tensor([1.0]), torch.tensor([-2.0]))
    expected_discriminator, expected_generator = BY_HAND[name]
    assert discriminator.item() == pytest.approx(expected_discriminator, abs=1e-6)
    assert generator.item() == pytest.approx(expected_generator, abs=1e-6)


@pytest.mark.parametrize("name", losses.KNOWN)
def test_discriminator_raises_real_and_lowers_fake_scores(name):
    real, fake = torch.zeros(4, requires_grad=True), torch.zeros(4, requires_grad=True)
    losses.named(name)(real, fake).discriminator.backward()
    assert (real.grad < 0).all() and (fake.grad > 0).all()


@pytest.mark.parametrize("name", losses.KNOWN)
def test_generator_raises_the_scores_of_rejected_fakes(name):
    real, fake = torch.zeros(4), torch.full((4,), -0.5, requires_grad=True)
    losses.named(name)(real, fake).generator.backward()
    assert (fake.grad < 0).all()


@pytest.mark.parametrize("name", losses.KNOWN)
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_gradients_are_derivatives(name, player):
    random = torch.Generator().manual_seed(0)
    scores = [torch.randn(5, generator=random, dtype=torch.double, requires_grad=True) for _ in range(2)]
    assert torch.autograd.gradcheck(lambda *pair: getattr(losses.named(name)(*pair), player), scores)


@pytest.mark.parametrize("name", losses.KNOWN)
def test_a_population_gets_each_members_loss(name):
    real, fake = torch.randn(2, 3, 8)
    together = losses.named(name)(real, fake)
    for member in range(3):
        alone = losses.named(name)(real[member], fake[member])
        torch.testing.assert_close([together.discriminator[member], together.generator[member]], list(alone))


@pytest.mark.parametrize("name", losses.KNOWN)
def test_large_scores_stay_finite(name):
    for value in losses.named(name)(torch.full((2,), -1e4), torch.full((2,), 1e4)):
        assert value.isfinite()


def test_unknown_name_lists_the_known():
    with pytest.raises(ValueError, match=r"no loss 'hing'.*minimax.*hinge"):
        losses.named("hing")
