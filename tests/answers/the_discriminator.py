"""Answers to the assignment of chapter 03. A function's name says how it was written, or what is wrong with it."""

import math

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from gan_lessons.checks import the_discriminator as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: log_ratio


right("log_ratio")(lambda scores, reals, fakes: scores + torch.tensor(fakes / reals).log())
right("log_ratio")(lambda scores, reals, fakes: scores - math.log(reals) + math.log(fakes))
wrong("log_ratio", "prior forgotten")(lambda scores, reals, fakes: scores)
wrong("log_ratio", "prior the wrong way")(lambda scores, reals, fakes: scores + math.log(reals / fakes))
wrong("log_ratio", "ratio, not its logarithm")(lambda scores, reals, fakes: scores.exp() * fakes / reals)
wrong("log_ratio", "probability")(lambda scores, reals, fakes: scores.sigmoid())
wrong("log_ratio", "probability")(lambda scores, reals, fakes: scores.sigmoid().log() - math.log(reals / fakes))
wrong("log_ratio", "counts without a logarithm")(lambda scores, reals, fakes: scores - reals / fakes)
wrong("log_ratio", "share, not ratio")(lambda scores, reals, fakes: scores - math.log(reals / (reals + fakes)))


@wrong("log_ratio", "overflow")
def by_probabilities(scores, reals, fakes):
    chance = scores.sigmoid()
    return (chance / (1 - chance)).log() - math.log(reals / fakes)


# Task 2: best_loss, as a function of the student's number


def of_tables(formula):
    return lambda seed: formula(*(table.numpy().astype(float) for table in check.tables(seed)))


def divergence(p, q):
    """KL in nats, over the cells where p is not 0."""
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True) if a)


right("best_loss")(of_tables(lambda p, q: -divergence(p, p + q) - divergence(q, p + q)))
right("best_loss")(of_tables(lambda p, q: 2 * math.log(2) - divergence(p, (p + q) / 2) - divergence(q, (p + q) / 2)))
wrong("best_loss", "nothing known")(lambda seed: 1.386)
wrong("best_loss", "divergence, not loss")(
    of_tables(lambda p, q: (divergence(p, (p + q) / 2) + divergence(q, (p + q) / 2)) / 2)
)
wrong("best_loss", "averaged over the kinds")(
    of_tables(lambda p, q: -(divergence(p, p + q) + divergence(q, p + q)) / 2)
)
wrong("best_loss", "real term only")(of_tables(lambda p, q: -divergence(p, p + q)))
wrong("best_loss", "base two")(of_tables(lambda p, q: -(divergence(p, p + q) + divergence(q, p + q)) / math.log(2)))
wrong("best_loss", "error rate")(of_tables(lambda p, q: np.minimum(p, q).sum() / 2))
wrong("best_loss", "zero times its logarithm")(of_tables(lambda p, q: math.nan))
wrong("best_loss", "not written")(lambda seed: None)


# Task 3: auc


@right("auc")
def by_ranks(real_scores, fake_scores):
    together = torch.cat([real_scores, fake_scores]).numpy()
    ranks = [(together < one).sum() + ((together == one).sum() + 1) / 2 for one in together[: len(real_scores)]]
    n, m = len(real_scores), len(fake_scores)
    return (sum(ranks) - n * (n + 1) / 2) / (n * m)


@right("auc")
def with_signs(real_scores, fake_scores):
    return torch.sign(real_scores.unsqueeze(1) - fake_scores.unsqueeze(0)).add(1).div(2).mean(dtype=torch.double)


wrong("auc", "ties as wins")(lambda real, fake: (real[:, None] >= fake).double().mean())
wrong("auc", "ties as losses")(lambda real, fake: (real[:, None] > fake).double().mean())
wrong("auc", "real and fake swapped")(lambda real, fake: 1 - with_signs(real, fake))
wrong("auc", "accuracy")(lambda real, fake: ((real > 0).double().mean() + (fake <= 0).double().mean()) / 2)
wrong("auc", "means compared with each other")(lambda real, fake: real.mean() > fake.mean())
wrong("auc", "count, not share")(lambda real, fake: with_signs(real, fake) * len(real) * len(fake))
wrong("auc", "pairs by place")(lambda real, fake: (real > fake).double().mean())


# Task 4: p_value


@right("p_value")
def in_a_loop(real, fake, shuffles):
    pooled, hits = torch.cat([real, fake]), 1
    for shuffle in shuffles:
        dealt = pooled[shuffle]
        hits += abs(dealt[: len(real)].mean() - dealt[len(real) :].mean()) >= abs(real.mean() - fake.mean())
    return hits / (len(shuffles) + 1)


@right("p_value")
def with_numpy(real, fake, shuffles):
    n, pooled = len(real), np.concatenate([real, fake])
    every = np.vstack([np.arange(len(pooled)), shuffles.numpy()])
    statistic = np.abs(pooled[every][:, :n].mean(1) - pooled[every][:, n:].mean(1))
    return np.mean(statistic >= statistic[0])


def testing(mistake):
    """The p-value, written out, with one mistake."""

    def p_value(real, fake, shuffles):
        dealt = torch.cat([real, fake])[shuffles]
        n = len(fake) if mistake == "groups cut wrongly" else len(real)
        signed, seen = dealt[:, :n].mean(1) - dealt[:, n:].mean(1), real.mean() - fake.mean()
        hits = signed.abs() >= seen.abs()
        hits = {
            "one-sided test": signed >= seen,
            "strictly larger": signed.abs() > seen.abs(),
            "the other tail": signed.abs() <= seen.abs(),
            "not shuffled": torch.ones(len(shuffles)),
        }.get(mistake, hits)
        above = 0 if mistake in ("no one added", "one added below only") else 1
        below = 0 if mistake in ("no one added", "one added above only") else 1
        return (above + int(hits.sum())) / (below + len(shuffles))

    p_value.__name__ = mistake.replace(" ", "_").replace("-", "_")
    return p_value


for name in ("no one added", "one added above only", "one added below only", "one-sided test", "strictly larger"):
    wrong("p_value", name)(testing(name))
for name in ("the other tail", "groups cut wrongly", "not shuffled"):
    wrong("p_value", name)(testing(name))


# Task 5: early_stopping


def stopping(mistake):
    """The training, written out, with one mistake."""

    def early_stopping(network, optimizer, training, validation, steps):
        def loss(real, fake):
            scores = network(real), network(fake)
            labels = torch.ones_like(scores[0]), torch.zeros_like(scores[1])
            return sum(binary_cross_entropy_with_logits(s, y) for s, y in zip(scores, labels, strict=True))

        learned = validation if mistake == "learned from the validation samples" else training
        least, kept = math.inf, None
        for _ in range(steps):
            chosen_on = training if mistake == "chosen on the training samples" else validation
            value = float(loss(*chosen_on).detach())
            better = value < least
            if better and mistake != "one step late":
                state = network.state_dict()
                kept = state if mistake == "last weights kept" else {name: w.clone() for name, w in state.items()}
            least = min(least, value)
            optimizer.zero_grad()
            (8 * loss(*learned)).backward()
            if mistake != "untrained":
                optimizer.step()
            if better and mistake == "one step late":
                kept = {name: w.clone() for name, w in network.state_dict().items()}
        network.load_state_dict(kept)

    early_stopping.__name__ = mistake.replace(" ", "_") or "with_cross_entropy_of_torch"
    return early_stopping


right("early_stopping")(stopping(""))
for name in ("last weights kept", "chosen on the training samples", "one step late", "untrained"):
    wrong("early_stopping", name)(stopping(name))
wrong("early_stopping", "learned from the validation samples")(stopping("learned from the validation samples"))


@right("early_stopping")
def curve_first(network, optimizer, training, validation, steps):
    history = []
    for _ in range(steps):
        with torch.no_grad():
            held_out = (softplus(-network(validation[0])) + softplus(network(validation[1]))).mean()
        history.append((held_out, [weight.detach().clone() for weight in network.parameters()]))
        optimizer.zero_grad()
        (softplus(-network(training[0])) + softplus(network(training[1]))).mean(-1).sum().backward()
        optimizer.step()
    _, kept = min(history, key=lambda each: each[0])
    for weight, value in zip(network.parameters(), kept, strict=True):
        weight.data = value
