"""Answers to the assignment of chapter 04. A function's name says how it was written, or what is wrong with it."""

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: hinge


@right("hinge")
def clamp(real_scores, fake_scores, margin=1.0):
    return (margin - real_scores).clamp(min=0).mean(-1) + (margin + fake_scores).clamp(min=0).mean(
        -1
    ), -fake_scores.mean(-1)


@right("hinge")
def where(real_scores, fake_scores, margin=1.0):
    real = torch.where(real_scores < margin, margin - real_scores, 0.0)
    fake = torch.where(fake_scores > -margin, margin + fake_scores, 0.0)
    return real.mean(dim=-1) + fake.mean(dim=-1), fake_scores.mean(dim=-1).neg()


@right("hinge")
def maximum_and_sums(real_scores, fake_scores, margin=1.0):
    zero = torch.zeros(())
    real, fake = torch.maximum(zero, margin - real_scores), torch.maximum(zero, margin + fake_scores)
    return real.sum(-1) / real.shape[-1] + fake.sum(-1) / fake.shape[-1], -fake_scores.sum(-1) / fake_scores.shape[-1]


@wrong("hinge", "real and fake swapped")
def hinge_upside_down(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin + real_scores) + F.relu(margin - fake_scores)).mean(-1), -fake_scores.mean(-1)


@wrong("hinge", "players swapped")
def hinge_generator_first(real_scores, fake_scores, margin=1.0):
    return -fake_scores.mean(-1), (F.relu(margin - real_scores) + F.relu(margin + fake_scores)).mean(-1)


@wrong("hinge", "wrong sign")
def hinge_generator_lowers_scores(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin - real_scores) + F.relu(margin + fake_scores)).mean(-1), fake_scores.mean(-1)


@wrong("hinge", "generator clamped")
def hinge_for_both(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin - real_scores) + F.relu(margin + fake_scores)).mean(-1), F.relu(margin - fake_scores).mean(-1)


@wrong("hinge", "relu after mean")
def hinge_of_means(real_scores, fake_scores, margin=1.0):
    real, fake = real_scores.mean(-1), fake_scores.mean(-1)
    return F.relu(margin - real) + F.relu(margin + fake), -fake


@wrong("hinge", "sign inside the fake hinge")
def fakes_pushed_up(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin - real_scores) + F.relu(margin - fake_scores)).mean(-1), -fake_scores.mean(-1)


@wrong("hinge", "margin ignored")
def hinge_at_one(real_scores, fake_scores, margin=1.0):
    return (F.relu(1 - real_scores) + F.relu(1 + fake_scores)).mean(-1), -fake_scores.mean(-1)


@wrong("hinge", "halved")
def hinge_averaged_over_kinds(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin - real_scores) + F.relu(margin + fake_scores)).mean(-1) / 2, -fake_scores.mean(-1)


@wrong("hinge", "mean of everything")
def hinge_mean_without_dimension(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin - real_scores) + F.relu(margin + fake_scores)).mean(), -fake_scores.mean()


@wrong("hinge", "mean over members")
def hinge_mean_over_the_first_dimension(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin - real_scores) + F.relu(margin + fake_scores)).mean(0), -fake_scores.mean(0)


@wrong("hinge", "in place")
def hinge_in_place(real_scores, fake_scores, margin=1.0):
    generator = -fake_scores.mean(-1)
    real, fake = real_scores.neg_().add_(margin).relu_(), fake_scores.add_(margin).relu_()
    return (real + fake).mean(-1), generator


@wrong("hinge", "not a tensor")
def hinge_item(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin - real_scores) + F.relu(margin + fake_scores)).mean().item(), -fake_scores.mean().item()


@wrong("hinge", "no gradient")
def hinge_detached(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin - real_scores) + F.relu(margin + fake_scores.detach())).mean(-1), -fake_scores.mean(-1)


@wrong("hinge", "not a pair")
def hinge_only_the_discriminator(real_scores, fake_scores, margin=1.0):
    return (F.relu(margin - real_scores) + F.relu(margin + fake_scores)).mean(-1)


# Task 2: discriminator_loss


@right("discriminator_loss")
def with_logits(generator, discriminator, real, noise, label=0.9):
    real_scores, fake_scores = discriminator(real), discriminator(generator(noise).detach())
    return F.binary_cross_entropy_with_logits(
        real_scores, torch.full_like(real_scores, label)
    ) + F.binary_cross_entropy_with_logits(fake_scores, torch.zeros_like(fake_scores))


@right("discriminator_loss")
def logsigmoid(generator, discriminator, real, noise, label=0.9):
    with torch.no_grad():
        fake = generator(noise)
    real_scores, fake_scores = discriminator(real), discriminator(fake)
    on_real = label * F.logsigmoid(real_scores) + (1 - label) * F.logsigmoid(-real_scores)
    return -on_real.mean() - F.logsigmoid(-fake_scores).mean()


@right("discriminator_loss")
def one_batch_of_both(generator, discriminator, real, noise, label=0.9):
    samples = torch.cat([real, generator(noise).detach()])
    labels = torch.cat([torch.full((len(real),), label), torch.zeros(len(noise))])
    return 2 * nn.BCEWithLogitsLoss()(discriminator(samples), labels)


@wrong("discriminator_loss", "second term dropped")
def one_term_of_two(generator, discriminator, real, noise, label=0.9):
    real_scores, fake_scores = discriminator(real), discriminator(generator(noise).detach())
    return (label * F.softplus(-real_scores) + F.softplus(fake_scores)).mean()


@wrong("discriminator_loss", "forgotten detach")
def no_detach(generator, discriminator, real, noise, label=0.9):
    real_scores, fake_scores = discriminator(real), discriminator(generator(noise))
    return cross_entropy(real_scores, label) + cross_entropy(fake_scores, 0.0)


@wrong("discriminator_loss", "scores detached")
def detached_too_late(generator, discriminator, real, noise, label=0.9):
    return cross_entropy(discriminator(real), label) + cross_entropy(discriminator(generator(noise)).detach(), 0.0)


@wrong("discriminator_loss", "sigmoid twice")
def sigmoid_and_logits(generator, discriminator, real, noise, label=0.9):
    real_scores, fake_scores = discriminator(real), discriminator(generator(noise).detach())
    return cross_entropy(real_scores.sigmoid(), label) + cross_entropy(fake_scores.sigmoid(), 0.0)


@wrong("discriminator_loss", "real and fake swapped")
def labels_swapped(generator, discriminator, real, noise, label=0.9):
    real_scores, fake_scores = discriminator(real), discriminator(generator(noise).detach())
    return cross_entropy(real_scores, 0.0) + cross_entropy(fake_scores, label)


@wrong("discriminator_loss", "generator's loss")
def all_labelled_real(generator, discriminator, real, noise, label=0.9):
    real_scores, fake_scores = discriminator(real), discriminator(generator(noise).detach())
    return cross_entropy(real_scores, label) + cross_entropy(fake_scores, 1.0)


@wrong("discriminator_loss", "fakes smoothed")
def smoothed_on_both_sides(generator, discriminator, real, noise, label=0.9):
    real_scores, fake_scores = discriminator(real), discriminator(generator(noise).detach())
    return cross_entropy(real_scores, label) + cross_entropy(fake_scores, 1 - label)


@wrong("discriminator_loss", "noise scored")
def generator_forgotten(generator, discriminator, real, noise, label=0.9):
    return cross_entropy(discriminator(real), label) + cross_entropy(discriminator(noise), 0.0)


@wrong("discriminator_loss", "overflow")
def log_of_sigmoid(generator, discriminator, real, noise, label=0.9):
    real, fake = discriminator(real).sigmoid(), discriminator(generator(noise).detach()).sigmoid()
    return -(label * real.log() + (1 - label) * (1 - real).log() + (1 - fake).log()).mean()


@wrong("discriminator_loss", "overflow")
def log_of_sigmoid_with_a_small_number(generator, discriminator, real, noise, label=0.9):
    real, fake = discriminator(real).sigmoid(), discriminator(generator(noise).detach()).sigmoid()
    small = 1e-8
    return -(label * (real + small).log() + (1 - label) * (1 - real + small).log() + (1 - fake + small).log()).mean()


@wrong("discriminator_loss", "backward inside")
def learns_at_once(generator, discriminator, real, noise, label=0.9):
    loss = with_logits(generator, discriminator, real, noise, label)
    loss.backward()
    return loss


@wrong("discriminator_loss", "no gradient")
def no_grad_around_everything(generator, discriminator, real, noise, label=0.9):
    with torch.no_grad():
        return with_logits(generator, discriminator, real, noise, label)


def cross_entropy(scores, label):
    return F.binary_cross_entropy_with_logits(scores, torch.full_like(scores, label))


# Task 3: every_pair


@right("every_pair")
def unsqueeze(real_scores, fake_scores):
    margins = real_scores.unsqueeze(-1) - fake_scores.unsqueeze(-2)
    return F.softplus(-margins).mean((-1, -2)), F.softplus(margins).mean((-1, -2))


@right("every_pair")
def own_loops(real_scores, fake_scores):
    discriminator, generator = 0.0, 0.0
    pairs = real_scores.shape[-1] * fake_scores.shape[-1]
    for real in real_scores.unbind(-1):
        for fake in fake_scores.unbind(-1):
            discriminator = discriminator + F.softplus(fake - real) / pairs
            generator = generator + F.softplus(real - fake) / pairs
    return discriminator, generator


@right("every_pair")
def logsumexp(real_scores, fake_scores):
    margins = (real_scores[..., None] - fake_scores[..., None, :]).flatten(-2)
    zero = torch.zeros_like(margins)
    return torch.logaddexp(zero, -margins).mean(-1), torch.logaddexp(zero, margins).mean(-1)


@wrong("every_pair", "paired by place")
def first_with_first(real_scores, fake_scores):
    return F.softplus(fake_scores - real_scores).mean(-1), F.softplus(real_scores - fake_scores).mean(-1)


@wrong("every_pair", "players swapped")
def pairs_upside_down(real_scores, fake_scores):
    margins = real_scores.unsqueeze(-1) - fake_scores.unsqueeze(-2)
    return F.softplus(margins).mean((-1, -2)), F.softplus(-margins).mean((-1, -2))


@wrong("every_pair", "means compared")
def means_compared(real_scores, fake_scores):
    margin = real_scores.mean(-1) - fake_scores.mean(-1)
    return F.softplus(-margin), F.softplus(margin)


@wrong("every_pair", "one against the mean")
def one_against_the_mean(real_scores, fake_scores):
    real, fake = real_scores.mean(-1, keepdim=True), fake_scores.mean(-1, keepdim=True)
    return F.softplus(fake - real_scores).mean(-1), F.softplus(real - fake_scores).mean(-1)


@wrong("every_pair", "not compared")
def not_compared(real_scores, fake_scores):
    return F.softplus(-real_scores).mean(-1) + F.softplus(fake_scores).mean(-1), F.softplus(-fake_scores).mean(-1)


@wrong("every_pair", "no softplus")
def no_softplus(real_scores, fake_scores):
    margins = real_scores.unsqueeze(-1) - fake_scores.unsqueeze(-2)
    return -margins.mean((-1, -2)), margins.mean((-1, -2))


@wrong("every_pair", "mean of everything")
def pairs_mean_without_dimension(real_scores, fake_scores):
    margins = real_scores.unsqueeze(-1) - fake_scores.unsqueeze(-2)
    return F.softplus(-margins).mean(), F.softplus(margins).mean()


@wrong("every_pair", "shape")
def pairs_of_a_single_gan(real_scores, fake_scores):
    margins = real_scores[:, None] - fake_scores[None, :]
    return F.softplus(-margins).mean((-1, -2)), F.softplus(margins).mean((-1, -2))


@wrong("every_pair", "overflow")
def log_of_exp(real_scores, fake_scores):
    margins = real_scores.unsqueeze(-1) - fake_scores.unsqueeze(-2)
    return (1 + (-margins).exp()).log().mean((-1, -2)), (1 + margins.exp()).log().mean((-1, -2))


# Task 4: r1


@right("r1")
def autograd_grad(discriminator, real, fake, weight=1.0):
    real = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)
    return weight / 2 * slope.flatten(1).square().sum(1).mean()


@right("r1")
def norm_squared(discriminator, real, fake, weight=1.0):
    real.requires_grad = True
    scores = discriminator(real)
    slope = torch.autograd.grad(scores, real, torch.ones_like(scores), create_graph=True, retain_graph=True)[0]
    return weight * 0.5 * (slope.reshape(len(real), -1).norm(2, dim=1) ** 2).mean()


@right("r1")
def sum_over_the_batch_size(discriminator, real, fake, weight=1.0):
    real = real.clone().requires_grad_(True)
    slope = torch.autograd.grad(outputs=discriminator(real).sum(), inputs=real, create_graph=True)[0]
    return weight / 2 * slope.pow(2).sum() / real.size(0)


@wrong("r1", "at the fakes")
def r1_at_the_fakes(discriminator, real, fake, weight=1.0):
    return autograd_grad(discriminator, fake, fake, weight)


@wrong("r1", "real and fake")
def r1_and_r2(discriminator, real, fake, weight=1.0):
    return autograd_grad(discriminator, real, fake, weight) + autograd_grad(discriminator, fake, fake, weight)


@wrong("r1", "square root")
def r1_length_not_squared(discriminator, real, fake, weight=1.0):
    return weight / 2 * slope_at(discriminator, real).flatten(1).norm(dim=1).mean()


@wrong("r1", "not halved")
def r1_not_halved(discriminator, real, fake, weight=1.0):
    return weight * slope_at(discriminator, real).flatten(1).square().sum(1).mean()


@wrong("r1", "mean over coordinates")
def r1_mean_over_everything(discriminator, real, fake, weight=1.0):
    return weight / 2 * slope_at(discriminator, real).square().mean()


@wrong("r1", "last dimension only")
def r1_for_points_only(discriminator, real, fake, weight=1.0):
    return weight / 2 * slope_at(discriminator, real).square().sum(-1).mean()


@wrong("r1", "slope of the mean")
def r1_slope_of_the_mean(discriminator, real, fake, weight=1.0):
    real = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(real).mean(), real, create_graph=True)
    return weight / 2 * slope.flatten(1).square().sum(1).mean()


@wrong("r1", "towards one")
def r1_towards_one(discriminator, real, fake, weight=1.0):
    return weight * (slope_at(discriminator, real).flatten(1).norm(dim=1) - 1).square().mean()


@wrong("r1", "forgotten create_graph")
def r1_without_create_graph(discriminator, real, fake, weight=1.0):
    real = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(real).sum(), real)
    return weight / 2 * slope.flatten(1).square().sum(1).mean()


@wrong("r1", "backward inside")
def r1_by_backward(discriminator, real, fake, weight=1.0):
    real = real.detach().requires_grad_()
    discriminator(real).sum().backward(create_graph=True)
    return weight / 2 * real.grad.flatten(1).square().sum(1).mean()


@wrong("r1", "no gradient")
def r1_without_requires_grad(discriminator, real, fake, weight=1.0):
    (slope,) = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)
    return weight / 2 * slope.flatten(1).square().sum(1).mean()


def slope_at(discriminator, real):
    real = real.detach().requires_grad_()
    return torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)[0]


# Task 5: step


@right("step")
def tuples_and_no_grad(gan, loss, penalty, real, noise):
    with torch.no_grad():
        fake = gan.generator(noise[0])
    gan.discriminator_optimizer.zero_grad()
    discriminator_loss, _ = loss(gan.discriminator(real), gan.discriminator(fake))
    (discriminator_loss + penalty(gan.discriminator, real, fake)).backward()
    gan.discriminator_optimizer.step()

    gan.generator_optimizer.zero_grad()
    _, generator_loss = loss(gan.discriminator(real), gan.discriminator(gan.generator(noise[1])))
    generator_loss.backward()
    gan.generator_optimizer.step()


@right("step")
def gradients_by_hand(gan, loss, penalty, real, noise):
    for network, optimizer, own_noise in (
        (gan.discriminator, gan.discriminator_optimizer, noise[0]),
        (gan.generator, gan.generator_optimizer, noise[1]),
    ):
        fake = gan.generator(own_noise)
        losses = loss(gan.discriminator(real), gan.discriminator(fake))
        value = losses.generator
        if network is gan.discriminator:
            value = losses.discriminator + penalty(gan.discriminator, real, fake)
        parameters = list(network.parameters())
        # the last layer's bias may not matter to a loss that compares scores
        slopes = torch.autograd.grad(value, parameters, allow_unused=True)
        for parameter, slope in zip(parameters, slopes, strict=True):
            parameter.grad = slope
        optimizer.step()


def steps(mistake):
    """A training step, written out, with one mistake."""

    def step(gan, loss, penalty, real, noise):
        fake = gan.generator(noise[1 if mistake == "other noise" else 0])
        fake = fake if mistake == "leaking turn" else fake.detach()
        losses = loss(gan.discriminator(real), gan.discriminator(fake))
        value = losses.generator if mistake == "generator's loss" else losses.discriminator
        if mistake != "forgotten penalty":
            value = value + (-1 if mistake == "penalty subtracted" else 1) * penalty(gan.discriminator, real, fake)
        early = loss(gan.discriminator(real), gan.discriminator(gan.generator(noise[1]))).generator
        if mistake != "forgotten zero_grad":
            gan.discriminator_optimizer.zero_grad()
        value.backward()
        if mistake == "nothing learned":
            gan.discriminator_optimizer.zero_grad()
        if mistake == "stale scores":
            gan.generator_optimizer.zero_grad()
            early.backward()
        gan.discriminator_optimizer.step()

        fake = gan.generator(noise[0 if mistake == "same noise" else 1])
        losses = loss(gan.discriminator(real), gan.discriminator(fake))
        value = losses.discriminator if mistake == "discriminator's loss" else losses.generator
        if mistake not in ("leaking turn", "generator's zero_grad", "stale scores"):
            gan.generator_optimizer.zero_grad()
        if mistake != "stale scores":
            value.backward()
        (gan.discriminator_optimizer if mistake == "wrong optimiser" else gan.generator_optimizer).step()

    step.__name__ = mistake.replace(" ", "_") or "written_out"
    return step


right("step")(steps(""))
for name in ("forgotten zero_grad", "nothing learned", "forgotten penalty", "penalty subtracted", "generator's loss"):
    wrong("step", name)(steps(name))
for name in ("leaking turn", "discriminator's loss", "stale scores", "other noise", "wrong optimiser"):
    wrong("step", name)(steps(name))
wrong("step", "forgotten zero_grad")(steps("generator's zero_grad"))
wrong("step", "other noise")(steps("same noise"))


@wrong("step", "forgotten zero_grad")
def cleared_too_early(gan, loss, penalty, real, noise):
    fake = gan.generator(noise[0]).detach()
    losses = loss(gan.discriminator(real), gan.discriminator(fake))
    (losses.discriminator + penalty(gan.discriminator, real, fake)).backward()
    gan.discriminator_optimizer.step()
    gan.discriminator_optimizer.zero_grad()
    loss(gan.discriminator(real), gan.discriminator(gan.generator(noise[1]))).generator.backward()
    gan.generator_optimizer.step()
    gan.generator_optimizer.zero_grad()


@wrong("step", "wrong order")
def generator_first(gan, loss, penalty, real, noise):
    gan.generator_optimizer.zero_grad()
    loss(gan.discriminator(real), gan.discriminator(gan.generator(noise[1]))).generator.backward()
    gan.generator_optimizer.step()
    fake = gan.generator(noise[0]).detach()
    gan.discriminator_optimizer.zero_grad()
    losses = loss(gan.discriminator(real), gan.discriminator(fake))
    (losses.discriminator + penalty(gan.discriminator, real, fake)).backward()
    gan.discriminator_optimizer.step()


@wrong("step", "in place")
def both_losses_first(gan, loss, penalty, real, noise):
    fake = gan.generator(noise[0])
    losses = loss(gan.discriminator(real), gan.discriminator(fake))
    gan.discriminator_optimizer.zero_grad()
    (losses.discriminator + penalty(gan.discriminator, real, fake.detach())).backward(retain_graph=True)
    gan.discriminator_optimizer.step()
    gan.generator_optimizer.zero_grad()
    losses.generator.backward()
    gan.generator_optimizer.step()


@wrong("step", "same graph")
def one_graph_for_two(gan, loss, penalty, real, noise):
    losses = loss(gan.discriminator(real), gan.discriminator(gan.generator(noise[0])))
    gan.discriminator_optimizer.zero_grad()
    losses.discriminator.backward()
    gan.discriminator_optimizer.step()
    gan.generator_optimizer.zero_grad()
    losses.generator.backward()
    gan.generator_optimizer.step()


@wrong("step", "nothing learned")
def generator_cut_off(gan, loss, penalty, real, noise):
    fake = gan.generator(noise[0]).detach()
    losses = loss(gan.discriminator(real), gan.discriminator(fake))
    gan.discriminator_optimizer.zero_grad()
    (losses.discriminator + penalty(gan.discriminator, real, fake)).backward()
    gan.discriminator_optimizer.step()
    gan.generator_optimizer.zero_grad()
    fake = gan.generator(noise[1]).detach()
    loss(gan.discriminator(real), gan.discriminator(fake)).generator.backward()
    gan.generator_optimizer.step()


@wrong("step", "wrong number of steps")
def discriminator_only(gan, loss, penalty, real, noise):
    fake = gan.generator(noise[0]).detach()
    losses = loss(gan.discriminator(real), gan.discriminator(fake))
    gan.discriminator_optimizer.zero_grad()
    (losses.discriminator + penalty(gan.discriminator, real, fake)).backward()
    gan.discriminator_optimizer.step()
