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


@pytest.mark.parametrize("name", ["batch", "penalty_every", "discriminator_steps"])
@pytest.mark.parametrize("count", [0, -5])
def test_counts_begin_at_1(name, count):
    gan = make()
    with pytest.raises(ValueError, match=rf"^{name} is {count}; wanted is a whole number from 1\.$"):
        next(train(gan, DATA, losses.hinge, steps=1, **{name: count}))
    assert gan.step == 0


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


def test_a_further_loss_that_diverges_is_named():
    def spoilt(gan, fake, batch):
        return {"pull": (torch.nan if gan.step == 2 else 1.0) * fake.square().mean()}

    with pytest.raises(DivergenceError, match=r"step 3: .*, and pull nan\. Try"):
        run(make(), 10, extra=spoilt)


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


# Further losses


def pull(weight=1.0):
    """G's fakes towards the origin, under two names."""

    def extra(gan, fake, batch):
        assert fake.shape == batch.real.shape
        return {"closeness": weight * fake.square().mean(), "size": 0.5 * weight * fake.abs().mean()}

    return extra


def lean(gan, fake, batch):
    """D's scores of reals towards nothing."""
    assert not fake.requires_grad
    return {"drift": gan.score(batch.real).square().mean()}


def gradients(network):
    return [weight.grad.clone() for weight in network.parameters()]


def one_step_each(**extras):
    """Both players' gradients of a first step at which neither moves, and the step's record."""
    gan = make(optimizer=partial(torch.optim.SGD, lr=0.0))
    (record,) = run(gan, 1, **extras)
    return gradients(gan.generator), gradients(gan.discriminator), record


def test_a_further_loss_is_added_to_its_players_gradient_and_recorded_by_name():
    plain, told = one_step_each(), one_step_each(extra=pull())
    gan = make()
    (batch,), noise = training.draw(gan, DATA, 16)
    sum(pull()(gan, gan.generate(noise[1, 0]), batch).values()).backward()
    added = [one - other for one, other in zip(told[0], plain[0], strict=True)]
    torch.testing.assert_close(added, gradients(gan.generator), rtol=1e-4, atol=1e-6)
    assert max(map(torch.max, added)) > 1e-3
    torch.testing.assert_close(told[1], plain[1], rtol=0, atol=0)  # D's is not touched
    assert plain[2].extra == {} and told[2].extra.keys() == {"closeness", "size"}
    assert not told[2].extra["size"].requires_grad
    # what is recorded as G's loss is the game's alone
    assert told[2].generator_loss == plain[2].generator_loss


def test_a_further_loss_of_the_discriminator_is_its_own():
    plain, told = one_step_each(), one_step_each(discriminator_extra=lean)
    gan = make()
    (batch,), noise = training.draw(gan, DATA, 16)
    with torch.no_grad():
        fake = gan.generate(noise[0, 0])
    (drift,) = lean(gan, fake, batch).values()
    drift.backward()
    added = [one - other for one, other in zip(told[1], plain[1], strict=True)]
    torch.testing.assert_close(added, gradients(gan.discriminator), rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(told[0], plain[0], rtol=0, atol=0)
    torch.testing.assert_close(told[2].extra["drift"], drift.detach())
    assert told[2].discriminator_loss == plain[2].discriminator_loss


def test_both_kinds_of_further_losses_stand_in_one_record():
    gan = make()
    (record,) = run(gan, 1, extra=pull(), discriminator_extra=lean)
    assert record.extra.keys() == {"closeness", "size", "drift"}


def test_further_losses_that_some_steps_lack_are_nan_there():
    gan = make()
    run(gan, 2)
    run(gan, 4, extra=pull())
    run(gan, 5, discriminator_extra=lean)
    extra = training.stacked(gan.history).extra
    assert extra["size"].isnan().tolist() == [True, True, False, False, True]
    assert extra["drift"].isnan().tolist() == [True, True, True, True, False]
    assert training.stacked(gan.history[:2]).extra == {}


def test_on_step_comes_before_each_step_and_knows_the_progress():
    gan, called = make(), []

    def on_step(given, progress):
        assert given is gan
        called.append((progress, gan.step, len(gan.history), next(gan.generator.parameters()).detach().clone()))

    before = next(gan.generator.parameters()).detach().clone()
    run(gan, 4, on_step=on_step)
    assert [some[:3] for some in called] == [(0.0, 0, 0), (0.25, 1, 1), (0.5, 2, 2), (0.75, 3, 3)]
    assert called[0][3].equal(before) and not called[1][3].equal(before)
    run(gan, 8, on_step=on_step)
    assert called[4][:2] == (0.5, 4)  # of the longer training


# States


def test_a_state_that_was_loaded_goes_on_bit_for_bit():
    whole, first, second = make(), make(), make()
    run(whole, 10, schedule=training.cosine)
    # a schedule depends on the end, so the first half is broken off
    for record in train(first, DATA, losses.non_saturating, steps=10, batch=16, schedule=training.cosine):
        if record.step == 5:
            break
    state = copy.deepcopy(first.state())
    second.load(state)
    assert second.step == 5
    run(first, 10, schedule=training.cosine)  # what goes on elsewhere does not reach the one that was loaded
    run(second, 10, schedule=training.cosine)
    for gan in (first, second):
        torch.testing.assert_close(gan.state(), whole.state(), rtol=0, atol=0)
    assert second.history[-1].generator_loss == whole.history[-1].generator_loss


def test_a_loaded_state_shares_nothing():
    one, other = make(), make()
    run(one, 3)
    state = one.state()
    other.load(state)
    run(other, 6)
    fresh = make()
    run(fresh, 3)
    torch.testing.assert_close(one.state(), fresh.state(), rtol=0, atol=0)


def other_networks():
    torch.manual_seed(0)
    return GAN(PointGenerator(width=16), PointDiscriminator(width=12), noise_dim=2)


def frozen():
    gan = make()
    gan.discriminator.layers[0].requires_grad_(False)
    return GAN(gan.generator, gan.discriminator, noise_dim=2)


@pytest.mark.parametrize("change", [
    lambda state: other_networks().state(),
    lambda state: frozen().state(),
    lambda state: {name: part for name, part in state.items() if name != "average"},
    lambda state: state | {"discriminator": {}},
    lambda state: state | {"discriminator_optimizer": {"state": {}}},
    lambda state: state | {"discriminator_optimizer": None},
    lambda state: state | {"step": "many"},
    lambda state: {},
], ids=["other networks", "other weights learn", "no average", "empty D", "no groups", "no optimiser", "no step",
        "nothing"])  # fmt: skip
def test_a_wrong_state_leaves_the_gan_as_it_is(change):
    gan = make()
    run(gan, 3)
    before = copy.deepcopy(gan.state())
    donor = make(seed=1)
    run(donor, 2)  # its generator fits, and must not stay behind
    with pytest.raises(ValueError, match=r"This (is no state of a GAN|state belongs to other networks)"):
        gan.load(change(donor.state()))
    torch.testing.assert_close(gan.state(), before, rtol=0, atol=0)
    whole = make()
    run(whole, 6)
    run(gan, 6)
    torch.testing.assert_close(gan.state(), whole.state(), rtol=0, atol=0)


# Interrupts


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):  # Python hears of a signal between two instructions
        pass


def test_an_interrupt_waits_for_the_outermost_block():
    done = []
    with pytest.raises(KeyboardInterrupt):
        with training.uninterrupted():
            with training.uninterrupted():
                interrupt()
                done.append("inner")
            done.append("outer")
        done.append("after")
    assert done == ["inner", "outer"]
    with training.uninterrupted():
        pass  # it does not come twice


def test_an_interrupt_outside_of_a_block_comes_at_once():
    with training.uninterrupted():
        pass
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_a_block_that_fails_holds_nothing_back():
    with pytest.raises(RuntimeError, match="broken"), training.uninterrupted():
        raise RuntimeError("broken")
    with pytest.raises(KeyboardInterrupt):
        interrupt()
    with pytest.raises(KeyboardInterrupt), training.uninterrupted():
        interrupt()


def test_what_failed_is_told_before_an_interrupt_which_does_not_wait_for_another_block():
    """Who hears of the interrupt alone would save a step that is not whole."""
    with pytest.raises(RuntimeError, match="broken"), training.uninterrupted():
        interrupt()
        raise RuntimeError("broken")
    with training.uninterrupted():
        pass


def test_an_interrupt_goes_to_the_handler_that_was_there():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append("mine"))
    try:
        with training.uninterrupted(), training.uninterrupted():
            interrupt()
            assert heard == []
        assert heard == ["mine"]
    finally:
        signal.signal(signal.SIGINT, before)
