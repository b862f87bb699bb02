"""LossLab: values and pushes are the library's."""

import numpy as np
import pytest
import torch

from gan_lessons import losses
from gan_lessons.labs.kit.frame import Arrows
from gan_lessons.labs.theory import loss as loss_lab
from gan_lessons.labs.theory.loss import LossLab


@pytest.mark.parametrize("name", losses.KNOWN)
def test_losses_and_pushes_are_the_librarys(name):
    lab = LossLab(loss=name, real_mean=1.0, fake_mean=-0.5)
    real, fake = (group.double().requires_grad_() for group in loss_lab.scores(lab.parameters))
    values = losses.named(name)(real, fake)
    assert f"D's loss is {values.discriminator:.2f}, G's is {values.generator:.2f}".replace("-", "−") in lab.sentence

    panel, curves, slopes = lab.frame().panels
    by_d, by_g = (layer.data for layer in panel.layers if isinstance(layer, Arrows))
    (d_on_real, d_on_fake) = torch.autograd.grad(values.discriminator, (real, fake), retain_graph=True)
    (g_on_fake,) = torch.autograd.grad(values.generator, fake)
    # an arrow is twice as long as its push
    np.testing.assert_allclose(by_d[:, 2], -24 * torch.cat([d_on_real, d_on_fake]), atol=1e-5)
    np.testing.assert_allclose(by_g[:, 2], -24 * g_on_fake, atol=1e-5)

    # each curve goes through the present value, and the third panel is minus the slope of the second
    for losses_of, pushes_of in zip(curves.layers[1:3], slopes.layers[2:], strict=True):
        means, heights = losses_of.data[0].T
        numeric = -np.gradient(heights, means)
        assert np.abs(numeric - pushes_of.data[0, :, 1])[2:-2].max() < 0.1
    present = np.interp(-0.5, *curves.layers[2].data[0].T)
    assert present == pytest.approx(float(values.generator.detach()), abs=5e-3)


def test_real_scores_can_move_along_x():
    slopes = LossLab(loss="relativistic", moving="real").frame().panels[2].layers
    assert (slopes[2].data[0, :, 1] >= 0).all() and (slopes[3].data[0, :, 1] <= 0).all()
    assert not LossLab(loss="hinge", moving="real").frame().panels[2].layers[3].data[0, :, 1].any()
