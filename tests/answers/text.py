"""Answers to the assignment of chapter 15. A function's name says how it was written, or what is wrong with it."""

import math

import torch
from torch.nn.functional import cross_entropy, one_hot, softplus

from gan_lessons.checks import text as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: straight_through


@right("straight_through")
def residual(logits):
    soft = torch.softmax(logits, dim=-1)
    hard = torch.zeros_like(soft).scatter_(-1, soft.argmax(-1, keepdim=True), 1.0)
    return soft + (hard - soft).detach()


@right("straight_through")
def by_comparison(logits):
    soft = logits.softmax(-1)
    hard = (logits == logits.amax(-1, keepdim=True)).float()
    return (hard - soft).detach() + soft


def letters(mistake):
    """The letters, with one mistake."""

    def straight_through(logits):
        dim = 0 if mistake == "another dimension" else -1
        soft = logits.softmax(dim)
        hard = torch.zeros_like(soft).scatter(dim, soft.argmax(dim, keepdim=True), 1.0)
        if mistake == "gradient twice":
            return hard + 2 * soft - 2 * soft.detach()
        carrier = logits if mistake == "gradient of the logits" else soft
        return {"soft letters": soft, "no gradient": hard, "hard and soft added": hard + soft}.get(
            mistake, hard + carrier - carrier.detach()
        )

    straight_through.__name__ = mistake.replace(" ", "_")
    return straight_through


for name in ("soft letters", "no gradient", "hard and soft added", "gradient of the logits", "another dimension"):
    wrong("straight_through", name)(letters(name))
wrong("straight_through", "gradient twice")(letters("gradient twice"))


# Task 2: score_function


@right("score_function")
def by_cross_entropy(logits, letters, rewards):
    surprise = cross_entropy(logits.transpose(1, 2), letters, reduction="none").sum(1)
    return ((rewards - rewards.mean()) * surprise).mean()


@right("score_function")
def by_distribution(logits, letters, rewards):
    said = torch.distributions.Categorical(logits=logits).log_prob(letters).sum(-1)
    return -torch.dot(rewards - rewards.mean(), said) / len(rewards)


def estimates(mistake):
    """The loss, with one mistake."""

    def score_function(logits, letters, rewards):
        chances = logits if mistake == "softmax forgotten" else logits.log_softmax(-1)
        chances = chances.exp() if mistake == "probability, not its logarithm" else chances
        each = chances.gather(-1, letters[..., None]).squeeze(-1)
        each = chances.sum(-1) if mistake == "every letter alike" else each
        each = each.detach() if mistake == "no gradient" else each
        said = each.mean(1) if mistake == "letters averaged" else each.sum(1)
        better = rewards if mistake == "baseline forgotten" else rewards - rewards.mean()
        better = torch.ones_like(rewards) if mistake == "rewards forgotten" else better
        loss = -(better * said)
        return {"wrong way": -loss.mean(), "texts summed": loss.sum()}.get(mistake, loss.mean())

    score_function.__name__ = mistake.replace(" ", "_")
    return score_function


for name in ("softmax forgotten", "probability, not its logarithm", "every letter alike", "no gradient"):
    wrong("score_function", name)(estimates(name))
for name in ("letters averaged", "baseline forgotten", "rewards forgotten", "wrong way", "texts summed"):
    wrong("score_function", name)(estimates(name))


# Task 3: perplexity, as a function of the student's number


def asked(formula):
    return lambda seed: formula(torch.tensor(check.own_chances(seed)))


right("perplexity")(asked(lambda chances: (-chances.log().mean()).exp()))
right("perplexity")(asked(lambda chances: round(1 / float(chances.prod()) ** (1 / 3), 2)))
wrong("perplexity", "surprise, not perplexity")(asked(lambda chances: -chances.log().mean()))
wrong("perplexity", "of the word, not of a letter")(asked(lambda chances: 1 / chances.prod()))
wrong("perplexity", "mean of the inverses")(asked(lambda chances: (1 / chances).mean()))
wrong("perplexity", "inverse of the mean")(asked(lambda chances: 1 / chances.mean()))
wrong("perplexity", "upside-down perplexity")(asked(lambda chances: math.exp(chances.log().mean())))
wrong("perplexity", "two as the base")(asked(lambda chances: 2 ** -chances.log().mean()))
wrong("perplexity", "not written")(lambda seed: None)


# Task 4: three_shares


@right("three_shares")
def by_tensors(samples, words):
    hits = (samples.unsqueeze(1) == words.unsqueeze(0)).all(dim=2)
    different = torch.unique(samples, dim=0).shape[0]
    return torch.tensor([hits.any(1).float().mean(), hits.any(0).float().mean(), different / len(samples)])


@right("three_shares")
def by_sets(samples, words):
    written = [tuple(row) for row in samples.numpy()]
    listed = {tuple(row) for row in words.numpy()}
    kinds = set(written)
    return [
        sum(map(listed.__contains__, written)) / len(written),
        len(kinds & listed) / len(listed),
        len(kinds) / len(written),
    ]


def piles(mistake):
    """The three shares, with one mistake."""

    def three_shares(samples, words):
        hits = (samples[:, None] == words).all(-1)
        kinds, count, listed = len(samples.unique(dim=0)), len(samples), len(words)
        valid, found, different = hits.any(1).float().mean(), hits.any(0).sum() / listed, kinds / count
        valid = (samples[:, None] == words).any(1).float().mean() if mistake == "letter by letter" else valid
        valid = hits.any(0).sum() / kinds if mistake == "valid kinds only" else valid
        found = hits.any(0).sum() / count if mistake == "found per sample" else found
        different = kinds / listed if mistake == "different per word" else different
        different = hits.any(0).sum() / count if mistake == "only valid ones different" else different
        different = 1.0 if mistake == "repeats counted as different" else different
        if mistake == "valid and found swapped":
            return found, valid, different
        return (valid, found) if mistake == "not three shares" else (valid, found, different)

    three_shares.__name__ = mistake.replace(" ", "_")
    return three_shares


for name in ("letter by letter", "valid kinds only", "found per sample", "different per word", "not three shares"):
    wrong("three_shares", name)(piles(name))
for name in ("only valid ones different", "repeats counted as different", "valid and found swapped"):
    wrong("three_shares", name)(piles(name))


# Task 5: word_training


def trained(mistake, harden=None):
    """The training, written out, with one mistake, or with another way to write hard letters."""

    def write(logits):
        logits = logits.unflatten(-1, (4, 5))
        soft = logits.softmax(-1)
        hard = one_hot(soft.argmax(-1), 5).float()
        if mistake in ("nothing learned", "soft letters"):
            return (soft if mistake == "soft letters" else hard).flatten(-2)
        carrier = logits if mistake == "gradient of the logits" else soft
        carrier = 2 * soft if mistake == "gradient twice" else carrier
        return (hard + carrier - carrier.detach()).flatten(-2)

    def word_training(gan, batches):
        for real, noise in batches:
            make = harden or write
            fake = make(gan.generator(noise[0])).detach()
            seen = (fake, real) if mistake == "real and fake swapped" else (real, fake)
            loss = softplus(-gan.discriminator(seen[0])).mean(-1)
            if mistake != "fakes forgotten":
                loss = loss + softplus(gan.discriminator(seen[1])).mean(-1)
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue
            scores = gan.discriminator(make(gan.generator(noise[0 if mistake == "other noise" else 1])))
            gan.generator_optimizer.zero_grad()
            softplus(scores if mistake == "discriminator's loss" else -scores).mean(-1).sum().backward()
            gan.generator_optimizer.step()

    word_training.__name__ = mistake.replace(" ", "_") or "mended"
    return word_training


right("word_training")(trained(""))
right("word_training")(trained("", lambda logits: residual(logits.unflatten(-1, (-1, 5))).flatten(-2)))
for name in ("nothing learned", "soft letters", "gradient of the logits", "gradient twice", "real and fake swapped"):
    wrong("word_training", name)(trained(name))
for name in ("fakes forgotten", "forgotten zero_grad", "mean over the GANs", "wrong number of steps", "other noise"):
    wrong("word_training", name)(trained(name))
wrong("word_training", "discriminator's loss")(trained("discriminator's loss"))
