"""The steps, the loop, the average, and what happens when training is interrupted or breaks."""

import copy
import os
import signal
import threading
from functools import partial

import pytest
import torch
from torch import nn

from gan_lessons import losses, penalties, training
from gan_lessons.data.points import ring
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.training import GAN, DivergenceError, train

DATA = ring().sample(1000)


def make(seed=0, **options):
    torch.manual_seed(0)
    return GAN(PointGenerator(width=16), PointDiscriminator(width=16), noise_dim=2, seed=seed, **options)


def run(gan, steps, loss=losses.non_saturating, **options):
    return list(train(gan, DATA, loss, steps=steps, batch=16, **options))


def test_a_step_moves_only_its_own_player():
    gan = make()
    (batch,), noise = training.draw(gan, DATA, 16)
    before = copy.deepcopy(gan)
    training.discriminator_step(gan, losses.hinge, batch, noise[0, 0])
    torch.testing.assert_close(gan.generator.state_dict(), before.generator.state_dict(), rtol=0, atol=0)
    assert not torch.equal(next(gan.discriminator.parameters()), next(before.discriminator.parameters()))
    before = copy.deepcopy(gan)
    training.generator_step(gan, losses.hinge, batch, noise[1, 0])
    torch.testing.assert_close(gan.discriminator.state_dict(), before.discriminator.state_dict(), rtol=0, atol=0)
    assert not torch.equal(next(gan.generator.parameters()), next(before.generator.parameters()))


@pytest.mark.parametrize("name", losses.KNOWN)
def test_each_player_lowers_its_own_loss(name):
    gan = make(optimizer=partial(torch.optim.SGD, lr=0.01))
    loss = losses.named(name)
    (batch,), noise = training.draw(gan, DATA, 64)
    first = [training.discriminator_step(gan, loss, batch, noise[0, 0])[0] for _ in range(2)]
    assert first[1] < first[0]
    second = [training.generator_step(gan, loss, batch, noise[1, 0])[0] for _ in range(2)]
    assert second[1] < second[0]


def test_the_loop_yields_a_record_a_step_and_keeps_them():
    gan = make()
    records = run(gan, 5)
    assert [record.step for record in records] == [1, 2, 3, 4, 5]
    assert gan.step == 5 and gan.history == records
    assert run(gan, 5) == []  # it has arrived
    assert training.stacked(gan.history).real_score.shape == (5,)


def test_two_halves_equal_the_whole():
    whole, halves = make(), make()
    run(whole, 20)
    # nothing else may depend on torch's own generator
    list(train(halves, DATA, losses.non_saturating, steps=10, batch=16))
    torch.rand(17)
    list(train(halves, DATA, losses.non_saturating, steps=20, batch=16))
    torch.testing.assert_close(whole.generator.state_dict(), halves.generator.state_dict(), rtol=0, atol=0)


def test_seeds_decide_the_run():
    one, same, other = make(seed=1), make(seed=1), make(seed=2)
    for gan in (one, same, other):
        run(gan, 3)
    assert one.history[-1].discriminator_loss == same.history[-1].discriminator_loss
    assert one.history[-1].discriminator_loss != other.history[-1].discriminator_loss


def test_the_schedule_reaches_both_optimisers():
    gan = make()
    rates = [group["lr"] for _ in train(gan, DATA, losses.hinge, steps=4, schedule=training.cosine)
             for group in (gan.generator_optimizer.param_groups[0],)]  # fmt: skip
    assert rates == pytest.approx([1e-3 * training.cosine(step / 4) for step in range(4)])
    assert training.cosine(0) == 1 and training.cosine(0.5) == pytest.approx(0.5) and training.cosine(1) == 0


def test_a_lazy_penalty_is_asked_for_less_often_and_weighs_more():
    calls = []

    def penalty(discriminator, real, fake):
        calls.append(gan.step)
        return penalties.r1(discriminator, real, fake)

    gan = make()
    run(gan, 9, penalty=penalty, penalty_every=4)
    assert calls == [0, 4, 8]


def test_the_average_follows_the_generator():
    gan = make(average_decay=0.5)
    before = next(gan.average.parameters()).clone()
    run(gan, 1)
    present = next(gan.generator.parameters())
    # the first step's decay is (1 + 0) / (10 + 0)
    torch.testing.assert_close(next(gan.average.parameters()), 0.1 * before + 0.9 * present)
    assert not any(weight.requires_grad for weight in gan.average.parameters())


def test_samples_are_reproducible_and_shaped():
    gan = make()
    assert gan.sample(7, seed=3).shape == (7, 2)
    assert torch.equal(gan.sample(7, seed=3), gan.sample(7, seed=3))
    assert not torch.equal(gan.sample(7, seed=3), gan.sample(7, seed=4))


def test_too_few_samples_for_a_batch():
    with pytest.raises(ValueError, match="batch of 64 cannot be drawn from 10 samples"):
        next(train(make(), DATA[:10], losses.hinge, steps=1))


def test_divergence_names_step_loss_and_cure():
    gan = make()

    def loss(real_scores, fake_scores):
        factor = torch.nan if gan.step == 2 else 1.0
        return losses.Losses(*(factor * value for value in losses.hinge(real_scores, fake_scores)))

    with pytest.raises(DivergenceError, match=r"step 3: .*loss is nan.*lower learning rate"):
        run(gan, 10, loss)


def test_an_interrupt_waits_for_the_end_of_the_step_and_training_goes_on():
    whole, stopped = make(), make()
    run(whole, 12)

    def interrupting(real_scores, fake_scores):
        if stopped.step == 6 and not sent:
            sent.append(True)
            os.kill(os.getpid(), signal.SIGINT)
        return losses.non_saturating(real_scores, fake_scores)

    sent = []
    with pytest.raises(KeyboardInterrupt):
        run(stopped, 12, interrupting)
    assert stopped.step == len(stopped.history) == 7
    run(stopped, 12)
    torch.testing.assert_close(whole.generator.state_dict(), stopped.generator.state_dict(), rtol=0, atol=0)


def test_training_works_in_a_thread():
    gan = make()
    thread = threading.Thread(target=run, args=(gan, 3))
    thread.start()
    thread.join()
    assert gan.step == 3


def test_buffers_reach_the_average():
    torch.manual_seed(0)
    generator = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    gan = GAN(generator, PointDiscriminator(width=8), noise_dim=2)
    run(gan, 3)
    torch.testing.assert_close(gan.average[1].running_mean, generator[1].running_mean)
