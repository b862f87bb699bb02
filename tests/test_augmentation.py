"""Augmentation before D: each change by hand, chances, slopes, reproducible steps, the feedback, and frozen layers."""

import pytest
import torch
from torch import nn

from gan_lessons import losses, penalties, training
from gan_lessons.contract import alone
from gan_lessons.data.sources import Batch
from gan_lessons.gan import GAN
from gan_lessons.networks import augmentation
from gan_lessons.networks.augmentation import Augmented, Feedback, freeze, overfitting
from gan_lessons.networks.pictures import PictureDiscriminator, PictureGenerator
from tests.test_devices import SGD, step_on_meta

EVERY = sorted({change for changes in augmentation.POLICIES.values() for change in changes}, key=lambda c: c.__name__)


def pictures(count=8, side=16, channels=3):
    return torch.rand(count, channels, side, side, generator=torch.Generator().manual_seed(1)) * 2 - 1


def numbers(*values):
    return torch.tensor([[*values, *[0.5] * (augmentation.NUMBERS - len(values))]])


def gan(probability=0.5, policy="adaptive", seed=0, **more):
    torch.manual_seed(0)
    inner = PictureDiscriminator(16, width=4, hidden=8)
    players = PictureGenerator(8, 16, width=4, hidden=8), Augmented(inner, augmentation.policy(policy), probability)
    return GAN(*players, noise_dim=8, seed=seed, **more)


def steps_of(one, steps, **more):
    options = {"batch": 16, "penalty": penalties.r1_and_r2, "penalty_every": 2, **more}
    return list(training.train(one, pictures(32), losses.relativistic, steps=steps, **options))


# The changes


def test_changes_by_hand():
    real = pictures(1)
    torch.testing.assert_close(augmentation.colour(real, numbers(0.5, 0.5, 0.5)), real)
    torch.testing.assert_close(augmentation.colour(real, numbers(0.75, 0.5, 0.5)), real + 0.25)
    grey = augmentation.colour(real, numbers(0.5, 0.0, 0.5))
    torch.testing.assert_close(grey, real.mean(1, keepdim=True).expand_as(real))
    flat = augmentation.colour(real, numbers(0.5, 0.5, 0.0))
    torch.testing.assert_close(flat.std(), real.std() / 2)
    up, left = augmentation.translation(real, numbers(0.99, 0.5)), augmentation.translation(real, numbers(0.5, 0.99))
    torch.testing.assert_close(up[:, :, :-2], real[:, :, 2:])
    torch.testing.assert_close(left[..., :-2], real[..., 2:])
    assert (up[:, :, -2:] == 0).all() and (left[..., -2:] == 0).all()
    cut = augmentation.cutout(real, numbers(0.5, 0.5))
    assert (cut[..., 4:12, 4:12] == 0).all() and int((cut != real).sum()) == 3 * 8 * 8
    assert torch.equal(augmentation.mirror(real, numbers(0.4)), real.flip(-1))
    assert torch.equal(augmentation.mirror(real, numbers(0.6)), real)
    for turns in range(4):
        assert torch.equal(augmentation.quarter_turn(real, numbers(turns / 4 + 0.1)), real.rot90(turns, (-2, -1)))
    torch.testing.assert_close(augmentation.zoom(real, numbers(0.5)), real)


def test_zoom_keeps_the_middle_and_reflects_the_edge():
    ramp = torch.linspace(-1, 1, 17).expand(1, 3, 17, 17)
    near, far = augmentation.zoom(ramp, numbers(0.0)), augmentation.zoom(ramp, numbers(1.0))
    torch.testing.assert_close(near[..., 8, 9], torch.full((1, 3), 0.125 * 3 / 4))
    torch.testing.assert_close(far[..., 8, 9], torch.full((1, 3), 0.125 * 4 / 3))
    assert far[0, 0, 8].argmax() == 14 and far[0, 0, 8, -1] < 1  # beyond the edge it falls again


@pytest.mark.parametrize("change", EVERY, ids=lambda change: change.__name__)
@pytest.mark.parametrize("channels", [1, 3])
def test_each_picture_has_its_own_change_and_slopes_pass(change, channels):
    real = pictures(8, channels=channels).double().requires_grad_()
    random = torch.rand(8, augmentation.NUMBERS, generator=torch.Generator().manual_seed(2)).double()
    changed = change(real, random)
    assert changed.shape == real.shape
    alone = torch.cat([change(real[k : k + 1], random[k : k + 1]) for k in range(8)])
    torch.testing.assert_close(changed, alone)
    assert len({tuple(row) for row in (changed - real).flatten(1).detach().tolist()}) > 1
    assert torch.autograd.gradgradcheck(lambda x: change(x, random[:1]).square(), real[:1, :, :4, :4], atol=1e-6)


def test_each_change_comes_as_often_as_asked():
    torch.manual_seed(0)
    half = augmentation.Augmentation([lambda pixels, random: pixels + 1], 0.3)
    moved = half(torch.zeros(4000, 1, 1, 1))
    assert set(moved.flatten().tolist()) == {0.0, 1.0} and float(moved.mean()) == pytest.approx(
        0.3, abs=0.03
    )  # 4 deviations
    assert torch.equal(augmentation.Augmentation([lambda pixels, random: pixels + 1], 0.0)(moved), moved)
    assert torch.equal(half.eval()(moved), moved)


def test_unknown_policies_list_the_known():
    with pytest.raises(ValueError, match="no augmentation 'mixup'; the known ones are none, diffaugment, adaptive"):
        augmentation.policy("mixup")


# In training


def test_seeds_decide_every_change_and_a_run_goes_on_as_if_it_had_not_stopped():
    whole, again, parts = gan(), gan(), gan()
    first, second = steps_of(whole, 6), steps_of(again, 6)
    assert all(torch.equal(a.discriminator_loss, b.discriminator_loss) for a, b in zip(first, second, strict=True))
    steps_of(parts, 3)
    torch.rand(100)  # what others draw does not count
    resumed = gan()
    resumed.load(parts.state())
    third = steps_of(resumed, 6)
    assert torch.equal(third[-1].discriminator_loss, first[-1].discriminator_loss)
    other = gan(seed=1)
    assert not torch.equal(steps_of(other, 6)[-1].discriminator_loss, first[-1].discriminator_loss)


@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_real_and_fake_go_in_one_pass_at_any_probability(probability):
    one = gan(probability)
    steps_of(one, 1)
    assert one.one_pass
    torch.manual_seed(3)
    batch = pictures(16)
    together = torch.cat(one.scores(batch[:8], batch[8:]))
    torch.manual_seed(3)
    torch.testing.assert_close(together, one.score(batch))


def test_a_discriminator_that_looks_across_the_batch_is_still_found_out():
    class AwayFromTheMean(nn.Module):
        def forward(self, pixels):
            return pixels.flatten(1).sum(1) - pixels.mean()

    one = gan()
    real, fake = pictures(8), -pictures(8).abs()
    assert alone(one.discriminator, real, fake, None, one)
    one.discriminator.discriminator = AwayFromTheMean()
    assert not alone(one.discriminator, real, fake, None, one)


@pytest.mark.parametrize("penalty", [penalties.r1, penalties.r2, penalties.gradient_penalty, penalties.nudge])
def test_penalties_pass_through(penalty):
    one = gan(1.0, "diffaugment")
    value = penalty(one.judge, pictures(8), -pictures(8))
    value.backward()
    slopes = [weight.grad for weight in one.discriminator.parameters() if weight.dim() > 1]
    assert float(value.detach()) > 0 and all(float(slope.abs().sum()) > 0 for slope in slopes)


def test_generator_learns_through_the_changes():
    one = gan(1.0)
    one.score(one.generate(torch.randn(8, 8))).sum().backward()
    assert all(float(weight.grad.abs().sum()) > 0 for weight in one.generator.parameters() if weight.dim() > 1)


# The feedback


def test_overfitting_does_not_depend_on_where_scores_lie():
    known, unseen, fake = torch.tensor([3.0, 5.0]), torch.tensor([2.0, 4.0]), torch.tensor([0.0, 0.0])
    assert overfitting(known, unseen, fake).item() == pytest.approx(1 / 4)
    assert overfitting(*(100 + 3 * scores for scores in (known, unseen, fake))).item() == pytest.approx(1 / 4)
    assert overfitting(known, known, fake).item() == 0 and overfitting(known, fake, fake).item() == 1


@pytest.mark.parametrize(("held_out", "direction"), [(-1.0, 1), (1.0, -1)])
def test_feedback_raises_the_probability_where_held_out_pictures_look_fake(held_out, direction):
    class Sum(nn.Module):
        def forward(self, pixels):
            return pixels.mean((1, 2, 3))

    one = gan(0.4)
    one.discriminator.discriminator = Sum()
    one.discriminator.eval()  # scores of the pictures as they are
    real, fake = torch.ones(16, 3, 16, 16), -torch.ones(16, 3, 16, 16)
    feedback = Feedback(torch.full((20, 3, 16, 16), held_out), ramp=640, every=2)
    found = feedback(one, fake, Batch(real))
    probability = one.discriminator.augmentation.probability
    assert float(probability) == pytest.approx(0.4 + direction * 2 * 16 / 640)
    assert found["augmentation"] == probability and found["overfitting"] == (1 - held_out) / 2
    one.step = 1
    assert feedback(one, fake, Batch(real)) == {}
    one.step = 2
    for _ in range(100):
        feedback(one, fake, Batch(real))
    assert float(probability) == pytest.approx(0.8 if direction > 0 else 0.0)


def test_feedback_is_recorded_and_saved_with_d_and_moves_no_weight():
    held_out = pictures(8) * 0.5
    one, without = gan(0.0), gan(0.0)
    records = steps_of(one, 5, discriminator_extra=Feedback(held_out, target=-1.0, ramp=160, every=2))
    assert [sorted(record.extra) for record in records[:2]] == [["augmentation", "overfitting"], []]
    assert float(records[4].extra["augmentation"]) == pytest.approx(0.6)
    fresh = gan(0.0)
    fresh.load(one.state())
    assert float(fresh.discriminator.augmentation.probability) == pytest.approx(0.6)
    # the first step's changes come before the feedback
    plain = steps_of(without, 1, penalty=None)
    told = steps_of(gan(0.0), 1, penalty=None, discriminator_extra=Feedback(held_out, target=1.0))
    assert torch.equal(plain[0].discriminator_loss, told[0].discriminator_loss)


# Frozen layers


def test_frozen_layers_stay_and_the_others_learn():
    torch.manual_seed(0)
    inner = freeze(PictureDiscriminator(16, width=4, hidden=8), 1)
    one = GAN(PictureGenerator(8, 16, width=4, hidden=8), inner, noise_dim=8)
    before = [weight.clone() for weight in inner.parameters()]
    # not the relativistic loss: the last bias, added to real and fake alike, has no part in their difference
    list(training.train(one, pictures(32), losses.non_saturating, steps=3, batch=16))
    moved = [not torch.equal(old, new) for old, new in zip(before, inner.parameters(), strict=True)]
    assert moved[:2] == [False, False] and all(moved[2:])


def test_not_every_layer_can_be_frozen():
    with pytest.raises(ValueError, match="Of 3 layers with weights 0 to 2 can be frozen, not 3"):
        freeze(PictureDiscriminator(16, width=4, hidden=8), 3)


# On the device


@pytest.mark.parametrize("policy", augmentation.POLICIES)
def test_steps_with_augmentation_do_not_wait_for_the_host(policy):
    with torch.device("meta"):
        one = gan(0.5, policy, optimizer=SGD)
        data, held_out = torch.empty(2, 32, 3, 16, 16)
        step_on_meta(one, data, penalty=penalties.r1_and_r2, discriminator_extra=Feedback(held_out, every=1))
    assert one.history[-1].extra["augmentation"].is_meta
