"""Each update on the Dirac-GAN, where everything is known: D(x) = psi·x, the real point is 0, and G's is theta."""

import math
from functools import partial

import pytest
import torch
from torch import nn

from gan_lessons import losses, penalties, updates
from gan_lessons.training import GAN, train

STEP = 0.2
sgd = partial(torch.optim.SGD, lr=STEP)


class Point(nn.Module):
    """G: all noise to theta, [batch, 1]."""

    def __init__(self, theta: float):
        super().__init__()
        self.theta = nn.Parameter(torch.tensor(theta, dtype=torch.float64))

    def forward(self, noise):
        return self.theta.expand(noise.shape[0], 1)


class Slope(nn.Module):
    """D: x to psi·x, [batch]."""

    def __init__(self, psi: float):
        super().__init__()
        self.psi = nn.Parameter(torch.tensor(psi, dtype=torch.float64))

    def forward(self, points):
        return self.psi * points.squeeze(-1)


def played(update, steps, loss=losses.minimax, theta=1.0, psi=1.0, **options) -> tuple[float, float]:
    gan = GAN(Point(theta), Slope(psi), noise_dim=1, optimizer=sgd)
    for _ in train(gan, torch.zeros(4, 1, dtype=torch.float64), loss, steps=steps, batch=4, update=update, **options):
        pass
    return gan.generator.theta.item(), gan.discriminator.psi.item()


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@pytest.mark.parametrize(
    ("update", "penalty", "radius"),
    [
        (updates.simultaneous, None, 3.10),
        (updates.alternating, None, 1.41),
        (updates.alternating, partial(penalties.r1, weight=0.3), 0.0),
    ],
)
def test_radius_after_500_steps(update, penalty, radius):
    """Mescheder et al. write the game with the other sign of psi, so their start at (1, 1) is (1, -1) here."""
    assert math.hypot(*played(update, 500, psi=-1.0, penalty=penalty)) == pytest.approx(radius, abs=0.005)


# The minimax game's gradients: D minimises softplus(psi·theta), G minimises -softplus(psi·theta).


def test_one_simultaneous_step_by_hand():
    theta, psi = played(updates.simultaneous, 1, theta=0.5)
    assert theta == pytest.approx(0.5 + STEP * sigmoid(0.5))
    assert psi == pytest.approx(1 - STEP * 0.5 * sigmoid(0.5))


def test_one_alternating_step_by_hand():
    theta, psi = played(updates.alternating, 1, theta=0.5)
    assert psi == pytest.approx(1 - STEP * 0.5 * sigmoid(0.5))
    assert theta == pytest.approx(0.5 + STEP * psi * sigmoid(0.5 * psi))


def test_d_takes_as_many_steps_as_asked():
    psi = 1.0
    for _ in range(3):
        psi -= STEP * 0.5 * sigmoid(0.5 * psi)
    theta, reached = played(updates.alternating, 1, theta=0.5, discriminator_steps=3)
    assert reached == pytest.approx(psi)
    assert theta == pytest.approx(0.5 + STEP * psi * sigmoid(0.5 * psi))
    assert played(updates.simultaneous, 1, theta=0.5, discriminator_steps=3)[0] == pytest.approx(
        0.5 + STEP * sigmoid(0.5)
    )


def test_one_player_waits():
    theta, psi = played(updates.discriminator_only, 1, theta=0.5)
    assert theta == 0.5 and psi == pytest.approx(1 - STEP * 0.5 * sigmoid(0.5))
    theta, psi = played(updates.generator_only, 1, theta=0.5)
    assert psi == 1.0 and theta == pytest.approx(0.5 + STEP * sigmoid(0.5))


def test_unrolled_step_by_hand():
    rate, start = 0.3, 0.5
    ours, psi = played(partial(updates.unrolled, steps=1, rate=rate), 1, theta=start)
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    ahead = psi - rate * theta * torch.sigmoid(psi * theta)  # theta's own pull on D is part of G's gradient
    (-torch.nn.functional.softplus(ahead * theta)).backward()
    assert ours == pytest.approx(float(theta.detach() - STEP * theta.grad))
    for steps in (0, 1):
        same = played(partial(updates.unrolled, steps=steps, rate=0.0), 1, theta=start)
        assert same == pytest.approx(played(updates.alternating, 1, theta=start))


def test_unrolling_calms_the_game():
    assert math.hypot(*played(partial(updates.unrolled, steps=5, rate=STEP), 500)) < 0.01


def test_consensus_step_by_hand():
    weight, start = 0.4, (0.5, 1.0)
    ours = played(partial(updates.consensus, weight=weight), 1, theta=start[0], psi=start[1])
    theta, psi = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in start)
    v_psi, v_theta = theta * torch.sigmoid(psi * theta), -psi * torch.sigmoid(psi * theta)
    pulls = torch.autograd.grad(weight / 2 * (v_psi**2 + v_theta**2), [theta, psi])
    assert ours[0] == pytest.approx((theta - STEP * (v_theta + pulls[0])).item())
    assert ours[1] == pytest.approx((psi - STEP * (v_psi + pulls[1])).item())
    none = played(partial(updates.consensus, weight=0.0), 1)
    assert none == pytest.approx(played(updates.simultaneous, 1))


def test_consensus_calms_the_game():
    assert math.hypot(*played(partial(updates.consensus, weight=0.5), 500)) < 0.01


@pytest.mark.parametrize("update", updates.KNOWN.values(), ids=updates.KNOWN)
def test_every_update_reports_both_players(update):
    gan = GAN(Point(1.0), Slope(1.0), noise_dim=1, optimizer=sgd)
    penalty = partial(penalties.r1, weight=0.1)
    data = torch.zeros(4, 1, dtype=torch.float64)
    (record,) = train(gan, data, losses.minimax, steps=1, batch=4, update=update, penalty=penalty)
    assert all(part.shape == () and part.isfinite() for part in record[1:5])
    assert record.real_score == 0.0


def test_an_unknown_update_is_named():
    with pytest.raises(ValueError, match="no update 'fast'; the known ones are alternating, simultaneous"):
        updates.named("fast")
