"""Answers to the assignment of chapter 10. A function's name says how it was written, or what is wrong with it."""

import numpy as np
import torch
from torch.nn.functional import one_hot, softplus

from gan_lessons.checks import images_on_demand as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: projection


@right("projection")
def by_one_hot(features, labels, weight, bias, table):
    chosen = one_hot(labels, len(table)).float() @ table
    return torch.einsum("nd,nd->n", features, chosen + weight) + bias


@right("projection")
def sample_by_sample(features, labels, weight, bias, table):
    return torch.stack([bias + f @ (weight + table[y]) for f, y in zip(features, labels.tolist(), strict=True)])


def heads(mistake):
    """The scores, with one mistake."""

    def projection(features, labels, weight, bias, table):
        alone, each = features @ weight + bias, table[labels] * features
        return {
            "label added": alone + table[labels].sum(1),
            "every class": alone[:, None] + features @ table.T,
            "inner product averaged": alone + each.mean(1),
            "label left out": alone,
            "sample's own score left out": each.sum(1),
            "bias forgotten": alone - bias + each.sum(1),
            "one score for the batch": alone + each.sum(),
            "not summed": alone[:, None] + each,
            "score squashed": (alone + each.sum(1)).sigmoid(),
            "no gradient": alone + (table[labels].detach() * features).sum(1),
        }[mistake]

    projection.__name__ = mistake.replace(" ", "_")
    return projection


for name in ("label added", "every class", "inner product averaged", "label left out", "sample's own score left out"):
    wrong("projection", name)(heads(name))
for name in ("bias forgotten", "one score for the batch", "not summed", "score squashed", "no gradient"):
    wrong("projection", name)(heads(name))


# Task 2: class_accuracy


@right("class_accuracy")
def with_numpy(asked, read, classes):
    confusion = np.zeros((classes, classes))
    np.add.at(confusion, (asked.numpy(), read.numpy()), 1)
    with np.errstate(invalid="ignore"):
        return torch.from_numpy(np.diag(confusion) / confusion.sum(1))


@right("class_accuracy")
def by_counting(asked, read, classes):
    hits, asks = torch.zeros(classes), torch.zeros(classes)
    for one, other in zip(asked.tolist(), read.tolist(), strict=True):
        asks[one] += 1
        hits[one] += one == other
    return torch.where(asks > 0, hits / asks, torch.nan)


def accuracies(mistake):
    """The shares, with one mistake."""

    def class_accuracy(asked, read, classes):
        hits = torch.bincount(asked[asked == read], minlength=classes)
        asks, reads = torch.bincount(asked, minlength=classes), torch.bincount(read, minlength=classes)
        return {
            "share of those read": hits / reads,
            "share of all samples": hits / len(asked),
            "one number for all classes": (asked == read).float().mean(),
            "shares of the classes": asks / len(asked),
            "nought for never asked": hits / asks.clamp(min=1),
            "absent class left out": (hits / asks)[asks > 0],
            "how often wrong": 1 - hits / asks,
        }[mistake]

    class_accuracy.__name__ = mistake.replace(" ", "_")
    return class_accuracy


for name in ("share of those read", "share of all samples", "one number for all classes", "shares of the classes"):
    wrong("class_accuracy", name)(accuracies(name))
for name in ("nought for never asked", "absent class left out", "how often wrong"):
    wrong("class_accuracy", name)(accuracies(name))
wrong("class_accuracy", "not a tensor")(lambda *given: accuracies("how often wrong")(*given).tolist())


# Task 3: deaf, as a function of the student's number


def asked(formula):
    return lambda seed: formula(torch.tensor(check.own_shares(seed)))


right("deaf")(asked(lambda shares: shares @ shares))
right("deaf")(asked(lambda shares: round(float((shares[:, None] * shares).trace()), 2)))
wrong("deaf", "classes equally often")(asked(lambda shares: 1 / 3))
wrong("deaf", "classes equally often")(asked(lambda shares: shares.mean()))
wrong("deaf", "commonest class")(asked(lambda shares: shares.max()))
wrong("deaf", "as if it heard")(asked(lambda shares: shares.sum()))
wrong("deaf", "how often wrong")(asked(lambda shares: (shares * (1 - shares)).sum()))
wrong("deaf", "root of it")(asked(lambda shares: shares.norm()))
wrong("deaf", "one class only")(asked(lambda shares: shares[0] ** 2))
wrong("deaf", "not written")(lambda seed: None)


# Task 4: varieties


@right("varieties")
def covariances(real, real_labels, fake, fake_labels, classes):
    def trace(samples):
        return torch.cov(samples.flatten(1).T, correction=0).trace()

    return torch.stack([trace(fake[fake_labels == k]) / trace(real[real_labels == k]) for k in range(classes)])


@right("varieties")
def from_the_mean(real, real_labels, fake, fake_labels, classes):
    found = torch.empty(2, classes)
    for side, (samples, labels) in enumerate(((real, real_labels), (fake, fake_labels))):
        for k in range(classes):
            members = samples[labels == k]
            found[side, k] = ((members - members.mean(dim=0, keepdim=True)) ** 2).sum() / len(members)
    return found[1] / found[0]


def spreads(mistake):
    """The ratios, with one mistake."""

    def varieties(real, real_labels, fake, fake_labels, classes):
        def spread(samples):
            flat = samples.flatten(1)
            if mistake == "root of the variance":
                return flat.std(0, unbiased=False).sum()
            if mistake == "all pixels as one":
                return samples.var()
            if mistake == "pixel by pixel":
                return flat.var(0, unbiased=False)
            return flat.var(0, unbiased=mistake == "divided by n - 1").sum()

        if mistake == "all classes at once":
            return (spread(fake) / spread(real)).repeat(classes)
        if mistake == "around the common mean":
            fake, real = fake - fake.mean(0), real - real.mean(0)
            return torch.stack(
                [
                    fake[fake_labels == k].flatten(1).square().sum(1).mean()
                    / real[real_labels == k].flatten(1).square().sum(1).mean()
                    for k in range(classes)
                ]
            )
        labels = real_labels if mistake == "real labels for fakes" else fake_labels
        found = torch.stack(
            [(spread(fake[labels == k]) / spread(real[real_labels == k])).mean() for k in range(classes)]
        )
        return (
            1 / found
            if mistake == "upside down"
            else found.mean()
            if mistake == "one number for all classes"
            else found
        )

    varieties.__name__ = mistake.replace(" ", "_")
    return varieties


for name in ("all classes at once", "upside down", "root of the variance", "all pixels as one", "pixel by pixel"):
    wrong("varieties", name)(spreads(name))
for name in ("around the common mean", "divided by n - 1", "real labels for fakes", "one number for all classes"):
    wrong("varieties", name)(spreads(name))


# Task 5: conditional_training


def join(samples, labels):
    return torch.cat([samples, labels], -1)


def trained(mistake, wish=lambda told: told):
    """The training, written out, with one mistake, or with labels for the fakes that are drawn anew."""

    def conditional_training(gan, batches):
        for real, told, noise in batches:
            generator, discriminator, wished = gan.generator, gan.discriminator, wish(told)
            fake = join(generator(join(noise[1 if mistake == "other noise" else 0], wished)).detach(), wished)
            if mistake == "pairs not matched":
                fake = join(fake[..., :64], torch.zeros_like(told))
            seen = join(real, told.roll(1, 1) if mistake == "real label mixed" else told)
            if mistake == "strange samples":
                seen = join(real + 0.1 * torch.randn_like(real), told)
            if mistake == "samples not shown":
                seen, fake = seen[:, ::2], fake[:, ::2]
            if mistake == "real and fake swapped":
                seen, fake = fake, seen
            loss = softplus(-discriminator(seen)).mean(-1) + softplus(discriminator(fake)).mean(-1)
            if mistake == "fakes forgotten":
                loss = loss - softplus(discriminator(fake)).mean(-1)
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue
            told_later = told if mistake == "only in its own turn" else wished
            scores = discriminator(join(generator(join(noise[1], wished)), told_later))
            gan.generator_optimizer.zero_grad()
            softplus(scores if mistake == "discriminator's loss" else -scores).mean(-1).sum().backward()
            gan.generator_optimizer.step()

    conditional_training.__name__ = mistake.replace(" ", "_") or "matched"
    return conditional_training


def shuffled(told):
    """Other labels for the fakes, as often as the real ones."""
    return told[:, torch.randperm(told.shape[1])]


right("conditional_training")(trained(""))
right("conditional_training")(trained("", shuffled))
for name in ("pairs not matched", "real label mixed", "strange samples", "samples not shown", "other noise"):
    wrong("conditional_training", name)(trained(name))
for name in ("real and fake swapped", "fakes forgotten", "forgotten zero_grad", "mean over the GANs"):
    wrong("conditional_training", name)(trained(name))
for name in ("wrong number of steps", "discriminator's loss"):
    wrong("conditional_training", name)(trained(name))
wrong("conditional_training", "pairs not matched")(trained("only in its own turn", shuffled))
