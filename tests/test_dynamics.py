"""The Dirac-GAN moves as computed by hand, as the library's own losses say, and as its eigenvalues foretell."""

import math
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from gan_lessons import losses, penalties
from gan_lessons.dynamics import (
    PENALTIES,
    SLOPES,
    DiracGAN,
    Rule,
    average,
    consensus,
    eigenvalues,
    jacobian,
    radius,
)

STATES = np.array([[1.0, 1.0], [0.4, -1.3], [-2.0, 0.3], [0.7, 1.9]])
every_loss = pytest.mark.parametrize("loss", losses.KNOWN)


class Players(nn.Module):
    """G puts all its points at theta; D scores x by -phi·x."""

    def __init__(self, theta: float, phi: float):
        super().__init__()
        self.theta, self.phi = (nn.Parameter(torch.tensor(float(value), dtype=torch.float64)) for value in (theta, phi))

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        return -self.phi * points.squeeze(-1)


def by_autograd(loss: str, state, real_noise=(0.0,), fake_noise=(0.0,), penalty=None) -> list[float]:
    """Minus the slopes of the library's losses, on batches of points that the players make."""
    players = Players(*state)
    real, fake = (torch.tensor(noise, dtype=torch.float64)[:, None] for noise in (real_noise, fake_noise))
    result = losses.named(loss)(players(real), players(players.theta + fake))
    extra = penalty(players, real, (players.theta + fake).detach()) if penalty else 0.0
    (up_theta,) = torch.autograd.grad(result.generator, players.theta, retain_graph=True)
    (up_phi,) = torch.autograd.grad(result.discriminator + extra, players.phi)
    return [-up_theta.item(), -up_phi.item()]


def test_the_losses_are_those_of_the_library():
    assert list(SLOPES) == list(losses.KNOWN)


@every_loss
def test_field_is_that_of_the_libraries_losses(loss):
    for state in STATES:
        np.testing.assert_allclose(DiracGAN(loss)(state), by_autograd(loss, state), atol=1e-12)
    np.testing.assert_allclose(DiracGAN(loss)(STATES), [by_autograd(loss, state) for state in STATES], atol=1e-12)


@pytest.mark.parametrize("penalty", [name for name in PENALTIES if name != "none"])
def test_field_is_that_of_the_libraries_penalties(penalty):
    term = partial(getattr(penalties, penalty), weight=0.7)
    for state in STATES:
        expected = by_autograd("minimax", state, penalty=term)
        np.testing.assert_allclose(DiracGAN("minimax", penalty, 0.7)(state), expected, atol=1e-9)


@every_loss
def test_instance_noise_is_the_mean_over_noisy_samples(loss):
    """Against a million pairs of quantiles, so that only the quadrature can be wrong."""
    quantiles = torch.distributions.Normal(0.0, 1.0).icdf((torch.arange(1000, dtype=torch.float64) + 0.5) / 1000)
    real, fake = (0.3 * group.flatten() for group in torch.meshgrid(quantiles, quantiles, indexing="ij"))
    for state in STATES[:3]:
        expected = by_autograd(loss, state, real.numpy(), fake.numpy())
        # the hinge's corner is hard for a quadrature
        tolerance = 0.05 if loss == "hinge" else 2e-3
        np.testing.assert_allclose(DiracGAN(loss, noise=0.3)(state), expected, atol=tolerance)


def test_first_steps_by_hand():
    """Wasserstein: theta falls by rate·phi, phi grows by rate·theta."""
    field = DiracGAN("wasserstein")
    np.testing.assert_allclose(Rule().play(field, steps=2), [[1, 1], [0.8, 1.2], [0.56, 1.36]])
    np.testing.assert_allclose(Rule(alternating=True).play(field, steps=1)[1], [1 - 0.2 * 1.2, 1.2])
    np.testing.assert_allclose(Rule(0.1, 0.4).play(field, steps=1)[1], [0.9, 1.4])
    np.testing.assert_allclose(Rule(clip=1.0).play(field, steps=1)[1], [0.8, 1.0])
    # second push (-1.2, 0.8), velocity half the first push more
    np.testing.assert_allclose(Rule(momentum=0.5).play(field, steps=2)[2], [0.8 - 0.2 * 1.7, 1.2 + 0.2 * 1.3])
    # second push (-1.2, 0.8), and once more what it differs from the first, (-1, 1)
    np.testing.assert_allclose(Rule(optimism=1.0).play(field, steps=2)[2], [0.8 - 0.2 * 1.4, 1.2 + 0.2 * 0.6])
    np.testing.assert_allclose(Rule(extragradient=True).play(field, steps=1)[1], [1 - 0.2 * 1.2, 1 + 0.2 * 0.8])
    # ½‖v‖² is half the squared distance here, so consensus adds -weight · state
    np.testing.assert_allclose(consensus(field, 0.5)(STATES), field(STATES) - 0.5 * STATES, atol=1e-9)


@pytest.mark.parametrize(
    ("loss", "rule", "weight", "expected"),
    [
        ("minimax", Rule(), 0.0, 3.10),
        ("minimax", Rule(alternating=True), 0.0, 1.41),
        ("non_saturating", Rule(), 0.0, 0.64),
        ("non_saturating", Rule(alternating=True), 0.0, 0.27),
        ("wasserstein", Rule(clip=1.0), 0.0, 1.00),
        ("wasserstein", Rule(alternating=True, clip=1.0), 0.0, 0.98),
        ("minimax", Rule(), 0.3, 0.0),
        ("non_saturating", Rule(), 0.3, 0.0),
        ("wasserstein", Rule(clip=1.0), 0.3, 0.01),
    ],
)
def test_known_radii_after_500_steps(loss, rule, weight, expected):
    reached = radius(rule.play(DiracGAN(loss, "r1", weight)))[-1]
    assert round(float(reached), 2) == expected
    if loss == "minimax" and weight:
        assert reached < 1e-5


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0, 3.0])
@pytest.mark.parametrize(("loss", "turn"), [("minimax", 0.5), ("non_saturating", 0.5), ("wasserstein", 1.0)])
def test_eigenvalues_of_the_flow_with_r1(loss, turn, weight):
    """-γ/2 ± sqrt(γ²/4 - f'(0)²). Mescheder et al. 2018, lemma 4.1."""
    expected = -weight / 2 + np.array([1, -1]) * np.emath.sqrt(weight**2 / 4 - turn**2)
    found = eigenvalues(DiracGAN(loss, "r1", weight))
    np.testing.assert_allclose(np.sort_complex(found), np.sort_complex(expected), atol=1e-7)


@pytest.mark.parametrize("noise", [0.5, 1.0, 2.0])
def test_eigenvalues_of_the_flow_with_instance_noise(noise):
    """With f''(0) = -¼: -σ²/4 ± sqrt(σ⁴/16 - ¼). Mescheder et al. 2018, lemma 3.2."""
    expected = -(noise**2) / 4 + np.array([1, -1]) * np.emath.sqrt(noise**4 / 16 - 1 / 4)
    found = eigenvalues(DiracGAN("minimax", noise=noise))
    np.testing.assert_allclose(np.sort_complex(found), np.sort_complex(expected), atol=1e-6)


@every_loss
def test_jacobian_is_that_of_autograd(loss):
    """At a place with no symmetry, by second derivatives of the library's losses."""
    for state in ([0.4, -1.3], [0.3, 0.2]):
        players = Players(*state)
        point = torch.zeros(1, 1, dtype=torch.float64)
        result = losses.named(loss)(players(point), players(players.theta + point))
        expected = []
        for value, own in ((result.generator, players.theta), (result.discriminator, players.phi)):
            (slope,) = torch.autograd.grad(value, own, create_graph=True)
            both = torch.autograd.grad(slope, (players.theta, players.phi), retain_graph=True, materialize_grads=True)
            expected.append([-part.item() for part in both])
        np.testing.assert_allclose(jacobian(DiracGAN(loss), np.array(state)), expected, atol=1e-8)


def test_eigenvalues_of_a_step_by_hand():
    """Minimax turns at f'(0) = ½, so a simultaneous step has 1 ± i·rate/2, an alternating one lies on the circle."""
    field, turn = DiracGAN("minimax"), 0.1
    found = Rule().eigenvalues(field)
    np.testing.assert_allclose(np.sort_complex(found), [1 - turn * 1j, 1 + turn * 1j], atol=1e-9)
    found = Rule(alternating=True).eigenvalues(field)
    np.testing.assert_allclose(np.abs(found), 1, atol=1e-9)
    np.testing.assert_allclose(found.real, 1 - turn**2 / 2, atol=1e-9)
    # two time scales: only the product of the rates counts
    np.testing.assert_allclose(np.abs(Rule(0.05, 0.8).eigenvalues(field)), math.sqrt(1 + 0.05 * 0.8 / 4), atol=1e-9)
    # the optimist's: mu² - (1 + 2a)·mu + a = 0 for either a = ± i·turn
    expected = [root for a in (turn * 1j, -turn * 1j) for root in np.roots([1, -(1 + 2 * a), a])]
    np.testing.assert_allclose(
        np.sort(np.abs(Rule(optimism=1.0).eigenvalues(field))), np.sort(np.abs(expected)), atol=1e-9
    )
    # momentum: (mu - 1)(mu - beta) = ± i·turn·mu
    expected = [root for a in (turn * 1j, -turn * 1j) for root in np.roots([1, -(1.5 + a), 0.5])]
    np.testing.assert_allclose(
        np.sort(np.abs(Rule(momentum=0.5).eigenvalues(field))), np.sort(np.abs(expected)), atol=1e-9
    )
    agreed = Rule().eigenvalues(consensus(field, 1.0))
    np.testing.assert_allclose(agreed.real, 1 - 0.2 * 0.25, atol=1e-8)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(),
        Rule(alternating=True),
        Rule(momentum=-0.5, alternating=True),
        Rule(optimism=1.0),
        Rule(extragradient=True),
        Rule(0.05, 0.4),
    ],
)
@pytest.mark.parametrize("weight", [0.0, 0.3, 2.0])
def test_eigenvalues_foretell_the_way(rule, weight):
    """Close to the equilibrium the distance changes by the largest eigenvalue's size, step for step."""
    field = DiracGAN("minimax", "r1", weight)
    largest = np.abs(rule.eigenvalues(field)).max()
    way = radius(rule.play(field, (1e-8, 1e-8), 1500))
    # from the largest distance over a few turns, since the way is an ellipse
    growth = (way[1000:].max() / way[500:1000].max()) ** (1 / 500)
    assert growth == pytest.approx(largest, abs=2e-3)


def test_many_games_at_once_are_the_single_ones():
    weights, rates = np.array([0.0, 0.3, 1.0]), np.array([0.05, 0.2])[:, None]
    ways = Rule(rates, rates, alternating=True).play(DiracGAN("minimax", "r1", weights), steps=40)
    assert ways.shape == (41, 2, 3, 2)
    for i, rate in enumerate(rates[:, 0]):
        for j, weight in enumerate(weights):
            single = Rule(rate, rate, alternating=True).play(DiracGAN("minimax", "r1", weight), steps=40)
            np.testing.assert_allclose(ways[:, i, j], single)


def test_what_leaves_all_bounds_becomes_nan():
    way = Rule(1.0, 1.0).play(DiracGAN("wasserstein"), steps=200)
    assert np.isnan(way[-1]).all() and np.isfinite(way[:30]).all()


def test_average_by_hand():
    way = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    np.testing.assert_allclose(average(way, 0.5), [[1, 0], [0.5, 0.5], [0.75, 0.75]])
    np.testing.assert_allclose(average(way, 0.0), way)


def test_unknown_names_list_the_known():
    with pytest.raises(ValueError, match=r"no loss 'minmax'.*minimax, non_saturating"):
        DiracGAN("minmax")
    with pytest.raises(ValueError, match=r"no penalty 'r3'.*r1_and_r2"):
        DiracGAN(penalty="r3")
