"""A population trains each member as it would train alone."""

from functools import partial

import pytest
import torch
from torch import nn

from gan_lessons import losses, penalties
from gan_lessons.data.points import ring
from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.populations import MemberAdam, by_setting, population, spectral_norm, stack, unstack
from gan_lessons.training import GAN, train

SEEDS = (3, 1, 4)
STEPS = 8


def players(pack: int = 1) -> tuple[nn.Module, nn.Module]:
    discriminator = PointDiscriminator(dims=2 * pack, width=16, activation=nn.LeakyReLU)
    return PointGenerator(width=16), Packed(discriminator, pack) if pack > 1 else discriminator


def alone(seed: int, make=players) -> GAN:
    torch.manual_seed(seed)
    return GAN(*make(), noise_dim=2, seed=seed)


smooth = partial(penalties.r1_and_r2, weight=0.1)
between = partial(penalties.gradient_penalty, weight=1.0)


@pytest.fixture
def double():
    """Double precision: in single, a gradient next to nothing may have either sign, and Adam follows it."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize(
    ("loss", "penalty", "pack"),
    [
        (losses.minimax, None, 1),
        (losses.non_saturating, None, 2),
        (losses.least_squares, smooth, 1),
        (losses.hinge, None, 1),
        (losses.wasserstein, between, 1),
        (losses.wasserstein, between, 2),
        (losses.relativistic, smooth, 1),
        (losses.relativistic, smooth, 2),
    ],
)
def test_member_equals_the_same_gan_alone(double, loss, penalty, pack):
    data, make = ring().sample(200).double(), partial(players, pack)
    options = {"steps": STEPS, "batch": 8, "penalty": penalty}
    together = population(make, SEEDS, noise_dim=2)
    records = list(train(together, data, loss, **options))
    for member, seed in enumerate(SEEDS):
        single = alone(seed, make)
        for joint, one in zip(records, train(single, data, loss, **options), strict=True):
            for theirs, its in zip(joint[1:5], one[1:5], strict=True):
                torch.testing.assert_close(theirs[member], its, rtol=1e-6, atol=1e-9)
        for average in (False, True):
            ours = together.sample(50, average=average)[member]
            torch.testing.assert_close(ours, single.sample(50, average=average), rtol=1e-6, atol=1e-9)


def test_settings_come_before_seeds():
    together = population(players, SEEDS, settings=2, noise_dim=2)
    assert together.seed == [3, 1, 4, 3, 1, 4]
    points = together.sample(20)
    assert points.shape == (6, 20, 2)
    assert torch.equal(points[:3], points[3:])


def test_each_setting_can_have_its_own_loss():
    data = ring().sample(200)
    choices = (losses.hinge, losses.relativistic)
    together = population(players, SEEDS, settings=2, noise_dim=2)
    *_, last = train(together, data, by_setting(*choices), steps=STEPS, batch=8)
    assert isinstance(by_setting(*choices)(torch.zeros(6, 8), torch.zeros(6, 8)), losses.Losses)
    for setting, loss in enumerate(choices):
        for member, seed in enumerate(SEEDS):
            *_, one = train(alone(seed), data, loss, steps=STEPS, batch=8)
            joint = last.generator_loss[setting * len(SEEDS) + member]
            torch.testing.assert_close(joint, one.generator_loss, rtol=1e-3, atol=1e-4)


def test_each_setting_can_have_its_own_penalty_weight():
    data, weights = ring().sample(200), (0.0, 0.5)
    together = population(players, SEEDS, settings=2, noise_dim=2)
    weight = torch.tensor(weights).repeat_interleave(len(SEEDS))
    *_, last = train(
        together, data, losses.relativistic, steps=STEPS, batch=8, penalty=partial(penalties.r1, weight=weight)
    )
    for setting, one_weight in enumerate(weights):
        single, penalty = alone(SEEDS[0]), partial(penalties.r1, weight=one_weight)
        *_, one = train(single, data, losses.relativistic, steps=STEPS, batch=8, penalty=penalty)
        joint = last.discriminator_loss[setting * len(SEEDS)]
        torch.testing.assert_close(joint, one.discriminator_loss, rtol=1e-3, atol=1e-4)


def test_a_member_that_diverges_does_not_stop_the_others():
    data = ring().sample(200)
    together = population(players, SEEDS, noise_dim=2)
    with torch.no_grad():
        next(together.generator.parameters())[1] = torch.nan
    records = list(train(together, data, losses.non_saturating, steps=60, batch=8))
    assert records[-1].generator_loss.isfinite().tolist() == [True, False, True]
    *_, one = train(alone(SEEDS[2]), data, losses.non_saturating, steps=60, batch=8)
    torch.testing.assert_close(records[-1].generator_loss[2], one.generator_loss, rtol=1e-2, atol=1e-3)


def test_stack_shows_each_member_its_own_weights():
    networks = [PointGenerator(width=8) for _ in range(3)]
    noise = torch.randn(3, 5, 2)
    expected = torch.stack([network(each) for network, each in zip(networks, noise, strict=True)])
    torch.testing.assert_close(stack(networks)(noise), expected)


def test_stack_leaves_its_networks_alone():
    networks = [PointGenerator(width=8) for _ in range(2)]
    before = [parameter.clone() for network in networks for parameter in network.parameters()]
    stack(networks)
    after = [parameter for network in networks for parameter in network.parameters()]
    assert all(torch.equal(*pair) for pair in zip(before, after, strict=True))
    assert isinstance(networks[0].layers[0], nn.Linear)


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Conv2d(1, 4, 3),
        lambda: nn.BatchNorm1d(4),
        lambda: nn.Linear(2, 4, bias=False),
        lambda: penalties.spectral_norm(nn.Sequential(nn.Linear(2, 4)))[0],
    ],
    ids=["Conv2d", "BatchNorm1d", "Linear", "ParametrizedLinear"],
)
def test_stack_refuses_what_it_cannot_stack(make, request):
    name = request.node.callspec.id
    with pytest.raises(TypeError, match=f"plain linear layers with a bias only, and {name} has weights too"):
        stack([nn.Sequential(make()) for _ in range(2)])


def test_unstack_gives_back_each_network():
    networks = [PointGenerator(width=8) for _ in range(3)]
    noise = torch.randn(5, 2)
    together = stack(networks)
    for member, network in enumerate(networks):
        torch.testing.assert_close(unstack(together, member)(noise), network(noise))
    last = unstack(together, 2)
    with torch.no_grad():
        next(together.parameters()).zero_()
    assert not torch.equal(last(noise), networks[2](noise)), "the weights are shared"


@pytest.mark.parametrize("options", [{}, {"betas": (0.0, 0.9)}, {"betas": (0.9, 0.999), "eps": 1e-3}])
def test_member_adam_is_torchs_adam_with_a_rate_each(options):
    rates = (1e-3, 0.0, 3e-2)
    together = torch.randn(3, 4, 2).requires_grad_()
    single = [row.detach().clone().requires_grad_() for row in together]
    ours = MemberAdam([together], lr=torch.tensor(rates), **options)
    theirs = [
        torch.optim.Adam([row], lr=rate, **{"betas": (0.5, 0.99), **options})
        for row, rate in zip(single, rates, strict=True)
    ]
    for step in range(5):
        gradient = torch.randn(3, 4, 2, generator=torch.Generator().manual_seed(step))
        together.grad = gradient
        ours.step()
        for row, optimizer, part in zip(single, theirs, gradient, strict=True):
            row.grad = part
            optimizer.step()
    torch.testing.assert_close(together, torch.stack(single))


def test_member_adam_by_hand():
    """With one and the same gradient Adam moves by its rate; optimism doubles only changes, clipping bounds all."""
    for optimism, expected in ((0.0, [-0.1, 0.0]), (1.0, [-0.1, 0.2])):
        weight = torch.zeros(1, 1, requires_grad=True)
        adam = MemberAdam([weight], lr=0.1, betas=(0.0, 0.0), optimism=optimism)
        for sign, place in zip((1.0, -1.0), expected, strict=True):
            weight.grad = torch.tensor([[sign]])
            adam.step()
            assert weight.item() == pytest.approx(place)
    weight = torch.ones(2, 1, requires_grad=True)
    weight.grad = torch.tensor([[1.0], [-1.0]])
    MemberAdam([weight], lr=0.1, bound=0.5).step()
    assert weight.flatten().tolist() == [0.5, 0.5]


def test_spectral_norm_of_each_member():
    network = spectral_norm(stack([nn.Sequential(nn.Linear(3, 8), nn.Linear(8, 1)) for _ in range(4)]))
    for _ in range(50):  # the power iteration goes on at every call
        network(torch.randn(4, 5, 3))
    for layer in network.children():
        largest = torch.linalg.matrix_norm(layer.weight, 2)
        torch.testing.assert_close(largest, torch.ones(4), rtol=1e-3, atol=1e-3)
