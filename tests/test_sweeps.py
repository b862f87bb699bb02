"""A sweep trains each member as it would train alone, whatever its neighbours do; a fork goes on bit for bit."""

import pytest
import torch
from torch import nn

from gan_lessons import losses, updates
from gan_lessons.data.points import ring
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.sweeps import Setting, Sweep
from gan_lessons.training import DivergenceError

DATA = ring().sample(500) / 2**0.5
SEEDS = (3, 1)
small = {"generator_width": 16, "discriminator_width": 16, "batch": 16}
CHOICES = {
    "plain": Setting(**small),
    "relativistic": Setting(loss="relativistic", **small),
    "rates": Setting(generator_rate=3e-3, discriminator_rate=1e-4, **small),
    "r1": Setting(penalty="r1", penalty_weight=0.3, **small),
    "r1 stronger": Setting(penalty="r1", penalty_weight=3.0, **small),
    "gradient penalty": Setting(loss="wasserstein", penalty="gradient_penalty", penalty_weight=1.0, **small),
    "packed": Setting(pack=2, **small),
    "spread": Setting(spread=True, **small),
    "spectral": Setting(loss="hinge", spectral=True, **small),
    "clipped": Setting(loss="wasserstein", clip=0.1, **small),
    "three steps": Setting(discriminator_steps=3, **small),
    "unrolled": Setting(unrolled=2, **small),
    "optimistic": Setting(optimism=1.0, **small),
    "uniform": Setting(noise="uniform", noise_dim=4, **small),
    "annealed": Setting(annealed=20, **small),
    "wide": Setting(generator_width=8, discriminator_width=24, discriminator_depth=3, batch=16),
    **{name: Setting(update=name, **small) for name in updates.KNOWN if name not in ("alternating", "unrolled")},
}


def trained(settings, seeds, steps=8) -> Sweep:
    sweep = Sweep(DATA.to(torch.get_default_dtype()), settings, seeds)
    for _ in sweep.train(steps):
        pass
    return sweep


@pytest.fixture
def double():
    """Double precision: in single, a gradient next to nothing may have either sign, and Adam follows it."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def test_member_equals_the_same_gan_alone(double):
    together = trained(list(CHOICES.values()), SEEDS)
    history = together.history()
    for average in (False, True):
        points = together.sample(50, average=average)
        for place, setting in enumerate(CHOICES.values()):
            for k, seed in enumerate(SEEDS):
                alone = trained([setting], [seed])
                torch.testing.assert_close(
                    points[place, k], alone.sample(50, average=average)[0, 0], rtol=1e-6, atol=1e-9
                )
                for ours, theirs in zip(history[1:5], alone.history()[1:5], strict=True):
                    torch.testing.assert_close(ours[:, place, k], theirs[:, 0, 0], rtol=1e-6, atol=1e-9)


def test_what_can_share_a_batch_does():
    sweep = Sweep(
        DATA, [CHOICES[name] for name in ("plain", "relativistic", "rates", "packed", "r1", "r1 stronger")], SEEDS
    )
    assert [len(group.members) for group in sweep.groups] == [6, 2, 4]


def test_settings_differ():
    """No two choices may lead to the same samples, or a setting would do nothing."""
    points = trained(list(CHOICES.values()), [0], 20).sample(20, average=False)[:, 0]
    distances = torch.cdist(points.flatten(1), points.flatten(1)) + torch.eye(len(points))
    assert distances.min() > 1e-4


@pytest.mark.parametrize("name", CHOICES)
def test_fork_goes_on_bit_for_bit(name):
    whole = trained([CHOICES[name]], SEEDS, 12)
    half = trained([CHOICES[name]], SEEDS, 6)
    branch = half.fork()
    points = torch.randn(7 * CHOICES[name].pack, 2)
    before, after = (sweep.networks(average=False)[1].eval()(points) for sweep in (half, branch))
    torch.testing.assert_close(before, after, rtol=0, atol=0)
    for _ in branch.train(12):
        pass
    assert branch.step == 12 and half.step == 6
    for average in (False, True):
        torch.testing.assert_close(
            whole.sample(20, average=average), branch.sample(20, average=average), rtol=0, atol=0
        )


def test_an_interrupt_between_two_groups_leaves_none_behind():
    settings = [CHOICES["plain"], CHOICES["packed"]]
    sweep = trained(settings, SEEDS, 5)
    next(sweep.groups[0].train(DATA, 6))  # the interrupt comes before the second group's step
    for _ in sweep.train(9):
        pass
    assert [group.gan.step for group in sweep.groups] == [9, 9]
    torch.testing.assert_close(sweep.sample(20), trained(settings, SEEDS, 9).sample(20), rtol=0, atol=0)


def test_looking_at_a_member_changes_nothing():
    looked = trained([CHOICES["spectral"]], SEEDS, 4)
    looked.networks()
    for _ in looked.train(8):
        pass
    torch.testing.assert_close(looked.sample(20), trained([CHOICES["spectral"]], SEEDS).sample(20), rtol=0, atol=0)


def test_fork_with_other_settings_regroups():
    before = trained([CHOICES["plain"], CHOICES["rates"]], SEEDS, 6)
    branch = before.fork([CHOICES["r1"], CHOICES["relativistic"]])
    assert torch.equal(branch.sample(20), before.sample(20)) and len(branch.groups) == 2
    for _ in branch.train(10):
        pass
    assert not torch.equal(branch.sample(20), before.sample(20)) and before.step == 6
    with pytest.raises(ValueError, match="keeps the networks' shapes"):
        before.fork([CHOICES["wide"], CHOICES["plain"]])
    with pytest.raises(ValueError, match="as many settings as before, 2, not 1"):
        before.fork([CHOICES["plain"]])


def test_own_networks_losses_and_penalties():
    def players():
        return PointGenerator(width=8), nn.Sequential(nn.BatchNorm1d(2), PointDiscriminator(width=8))

    def louder(real_scores, fake_scores):
        return losses.Losses(*(2 * value for value in losses.hinge(real_scores, fake_scores)))

    def shrink(discriminator, real, fake):
        return discriminator(real).square().mean(-1)

    sweep = trained([Setting(players=players, loss=louder, penalty=shrink, batch=8), CHOICES["plain"]], SEEDS)
    assert sweep.sample(10).shape == (2, 2, 10, 2)
    assert not torch.equal(sweep.sample(10)[0, 0], sweep.sample(10)[0, 1])
    branch = sweep.fork()
    assert torch.equal(branch.sample(10), sweep.sample(10))
    generator, discriminator = sweep.networks(0, 1)
    assert discriminator(generator(torch.randn(5, 2))).shape == (5,)


@pytest.mark.parametrize("name", ["plain", "packed", "spread", "spectral", "uniform"])
def test_networks_of_a_member(name):
    sweep = trained([CHOICES["relativistic"], CHOICES[name]], SEEDS)
    group, place = sweep.places[(1, 0)]
    noise = torch.randn(6, group.gan.noise_dim)
    generator, discriminator = (network.eval() for network in sweep.networks(1, 0, average=False))
    group.gan.discriminator.eval()
    fakes = group.gan.generator(noise.expand(len(group.members), -1, -1))
    torch.testing.assert_close(generator(noise), fakes[place])
    torch.testing.assert_close(discriminator(fakes[place]), group.gan.discriminator(fakes)[place])


def test_a_member_that_diverges_leaves_the_others_alone():
    mad = Setting(loss="wasserstein", generator_rate=1e30, discriminator_rate=1e30, pack=2, **small)
    sweep = trained([mad, CHOICES["plain"]], SEEDS, 120)
    assert "diverged at step" in sweep.groups[0].diverged and sweep.step == 120
    assert sweep.groups[0].gan.step < 120
    assert sweep.history().generator_loss.shape == (120, 2, 2)
    torch.testing.assert_close(
        sweep.sample(20)[1], trained([CHOICES["plain"]], SEEDS, 120).sample(20)[0], rtol=1e-3, atol=1e-4
    )
    with pytest.raises(DivergenceError):
        trained([mad], SEEDS, 120)


def test_a_sweep_needs_settings_and_seeds():
    for settings, seeds in (([], SEEDS), ([Setting()], [])):
        with pytest.raises(ValueError, match="at least one setting and one seed"):
            Sweep(DATA, settings, seeds)
