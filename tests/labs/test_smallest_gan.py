"""SmallestGANLab: its gradients are autograd's."""

import numpy as np
import torch

from gan_lessons import losses
from gan_lessons.labs.points import smallest_gan as smallest_gan_lab
from gan_lessons.labs.points.smallest_gan import SmallestGANLab


def test_smallest_gan_follows_the_gradients_of_autograd():
    start = smallest_gan_lab.SmallestGANParameters(steps=1, start_a=0.8, start_b=0.3)
    walk, theta = smallest_gan_lab.simulate(start)
    random = np.random.default_rng(0)
    real = torch.from_numpy(1 + 0.5 * random.standard_normal(64))
    for_d, for_g = torch.from_numpy(random.standard_normal((2, 64)))
    a, b = (torch.tensor(value, dtype=torch.double, requires_grad=True) for value in (0.8, 0.3))
    score = torch.zeros(3, dtype=torch.double, requires_grad=True)

    def scores(x, score):
        return score[0] * x**2 + score[1] * x + score[2]

    value = losses.non_saturating(scores(real, score), scores((a * for_d + b).detach(), score)).discriminator
    after = score - 0.3 * torch.autograd.grad(value, score)[0]
    value = losses.non_saturating(scores(real, after.detach()), scores(a * for_g + b, after.detach())).generator
    slopes = torch.autograd.grad(value, (a, b))
    np.testing.assert_allclose(theta, after.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(walk[1], [0.8 - 0.05 * slopes[0].item(), 0.3 - 0.05 * slopes[1].item()], rtol=1e-9)


def test_smallest_gan_arrives_with_a_curve_and_not_without():
    lab = SmallestGANLab(steps=2000)
    assert "close to the goal" in lab.sentence
    lab.set(score="straight")
    assert "away from the goal" in lab.sentence
    lab.set(discriminator_rate=0.0)
    assert lab.frame().panels[1].layers[0].data[0, -1].tolist() == [1.0, 0.0]
