"""DensityRatioLab: D becomes p / (p + q)."""

import numpy as np
import pytest
import torch

from gan_lessons.labs.points import density_ratio as density_ratio_lab
from gan_lessons.labs.points.density_ratio import DensityRatioLab


def test_discriminator_becomes_the_density_ratio():
    for seed in range(5):
        lab = DensityRatioLab(seed=seed)
        assert lab.error > 0.2
        lab.run(200)
        assert lab.error < 0.02, seed
        lab.set(fake_mean=2.0)
        moved = lab.error
        lab.run(200)
        assert lab.error < min(0.02, moved), "it follows"


def test_densities_are_what_scipy_says():
    from scipy.stats import norm

    parameters = density_ratio_lab.DensityRatioParameters(real_split=2.0)
    known = density_ratio_lab.densities(parameters)
    x = density_ratio_lab.PLACES.numpy()
    p = (norm.pdf(x, 0.5, 0.8) + norm.pdf(x, 2.5, 0.8)) / 2
    q = norm.pdf(x, -1, 1.2)
    np.testing.assert_allclose(known.real, p, atol=1e-6)
    np.testing.assert_allclose(known.fake, q, atol=1e-6)
    seen = p + q > 1.01e-3
    np.testing.assert_allclose(known.optimal[seen], (p / (p + q))[seen], atol=1e-6)
    assert known.optimal[p + q < 0.99e-3].isnan().all()
    exact = np.average(np.abs(0.5 - p / (p + q))[seen], weights=(p + q)[seen])
    assert density_ratio_lab.error(known, torch.tensor(0.5)) == pytest.approx(exact, abs=1e-3)
    real, fake = density_ratio_lab.draw_samples(parameters, 20_000, torch.Generator().manual_seed(0))
    assert float(real.mean()) == pytest.approx(1.5, abs=0.05) and float(real.std()) == pytest.approx(1.28, abs=0.03)
    assert float(fake.mean()) == pytest.approx(-1, abs=0.05) and float(fake.std()) == pytest.approx(1.2, abs=0.03)


def test_no_spread_is_refused():
    lab = DensityRatioLab()
    lab.widget()
    lab.set(real_spread=0)
    assert lab.sentence.startswith("With a spread of 0 the real samples") and lab.values["real_spread"] == 0.8
    lab.view.controls["fake_spread"].value = 0
    assert lab.view.stage.sentence.startswith("With a spread of 0 the fake samples")
    assert lab.view.controls["fake_spread"].value == 1.2
