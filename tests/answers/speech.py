"""Answers to the assignment of chapter 18. A function's name says how it was written, or what is wrong with it."""

import math

import torch
from scipy.stats import binom
from torch.nn.functional import l1_loss, mse_loss, pad

from gan_lessons.checks import speech as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: fold


@right("fold")
def by_slices(waveforms, period):
    lines = math.ceil(waveforms.shape[1] / period)
    rows = torch.zeros(len(waveforms), period, lines)
    for k in range(period):
        some = waveforms[:, k::period]
        rows[:, k, : some.shape[1]] = some
    return rows


@right("fold")
def by_reshape(waveforms, period):
    lack = (period - waveforms.shape[1] % period) % period
    zeros = torch.zeros(len(waveforms), lack)
    return torch.cat([waveforms, zeros], 1).reshape(len(waveforms), -1, period).transpose(1, 2)


def folds(mistake):
    """The columns, with one mistake."""

    def fold(waveforms, period):
        batch, samples = waveforms.shape
        lack = -samples % period
        if mistake == "one line too many":
            lack = period - samples % period
        if mistake == "clips mixed":
            waveforms = waveforms.reshape(1, -1)
            lack = -waveforms.shape[1] % period
        if mistake == "cut off":
            filled = waveforms[:, : samples // period * period]
        elif mistake == "not filled with zeros":
            filled = torch.cat([waveforms, waveforms[:, -1:].expand(-1, lack)], 1)
        else:
            filled = pad(waveforms, (lack, 0) if mistake == "padded in front" else (0, lack))
        if mistake == "stretches, not columns":
            return filled.reshape(batch, period, -1)
        lines = filled.reshape(len(filled), -1, period)
        return lines if mistake == "not turned" else lines.transpose(1, 2)

    fold.__name__ = mistake.replace(" ", "_")
    return fold


for name in ("stretches, not columns", "not turned", "padded in front", "cut off", "one line too many"):
    wrong("fold", name)(folds(name))
for name in ("not filled with zeros", "clips mixed"):
    wrong("fold", name)(folds(name))


@wrong("fold", "clips mixed")
def as_the_network_wants_it(waveforms, period):
    lines = pad(waveforms, (0, -waveforms.shape[1] % period)).unflatten(1, (-1, period))
    return lines.mT.flatten(0, 1)[:, None]


# Task 2: vocoder_loss


@right("vocoder_loss")
def by_torch_losses(scores, real, fake, made, asked):
    matching = [l1_loss(b, a.detach()) for a, b in zip(real, fake, strict=True)]
    return mse_loss(scores, torch.ones_like(scores)) + 10 * torch.stack(matching).mean() + 45 * l1_loss(made, asked)


@right("vocoder_loss")
def by_a_loop(scores, real, fake, made, asked):
    loss = ((1 - scores) ** 2).mean() + 45 * torch.mean(torch.abs(asked - made))
    for layer in range(len(fake)):
        loss = loss + 10 / len(fake) * torch.mean(torch.abs(fake[layer] - real[layer].data))
    return loss


def losses(mistake):
    """The loss, with one mistake."""

    def vocoder_loss(scores, real, fake, made, asked):
        if mistake not in ("wrong side detached", "recording not detached"):
            real = [a.detach() for a in real]
        if mistake == "wrong side detached":
            fake = [b.detach() for b in fake]
        distances = [(a - b).abs() for a, b in zip(real, fake, strict=True)]
        if mistake == "features squared":
            distances = [each.square() for each in distances]
        each = [one.mean() for one in distances]
        matching = sum(each) if mistake == "features summed" else sum(each) / len(each)
        if mistake == "layers pooled":
            matching = torch.cat([one.flatten() for one in distances]).mean()
        off = (made - asked).abs()
        off = off.square() if mistake == "log-mels squared" else off
        mel = off.sum() if mistake == "log-mels summed" else off.mean()
        adversarial = (scores - float(mistake != "aim of the discriminator")).square().mean()
        adversarial = adversarial.detach() if mistake == "no gradient" else adversarial
        factors = {
            "weights swapped": (1, 45, 10),
            "other paper's weight": (1, 2, 45),
            "unweighted": (1, 1, 1),
            "scores forgotten": (0, 10, 45),
            "features forgotten": (1, 0, 45),
            "log-mels forgotten": (1, 10, 0),
        }.get(mistake, (1, 10, 45))
        return sum(one * part for one, part in zip(factors, (adversarial, matching, mel), strict=True))

    vocoder_loss.__name__ = mistake.replace(" ", "_")
    return vocoder_loss


for name in ("aim of the discriminator", "features squared", "layers pooled", "features summed", "log-mels squared"):
    wrong("vocoder_loss", name)(losses(name))
for name in ("log-mels summed", "weights swapped", "other paper's weight", "unweighted", "scores forgotten"):
    wrong("vocoder_loss", name)(losses(name))
for name in (
    "features forgotten",
    "log-mels forgotten",
    "wrong side detached",
    "recording not detached",
    "no gradient",
):
    wrong("vocoder_loss", name)(losses(name))


# Task 3: luck, as a function of the student's numbers


def asked(formula):
    return lambda seed: formula(*check.own_answers(seed))


right("luck")(asked(lambda trials, hits: binom.sf(hits - 1, trials, 0.5)))
right("luck")(asked(lambda trials, hits: round(1 - sum(math.comb(trials, k) for k in range(hits)) * 0.5**trials, 3)))
wrong("luck", "exactly so many")(asked(lambda trials, hits: binom.pmf(hits, trials, 0.5)))
wrong("luck", "strictly more")(asked(lambda trials, hits: binom.sf(hits, trials, 0.5)))
wrong("luck", "both tails")(asked(lambda trials, hits: 2 * binom.sf(hits - 1, trials, 0.5)))
wrong("luck", "fewer than that")(asked(lambda trials, hits: binom.cdf(hits - 1, trials, 0.5)))
wrong("luck", "fewer than that")(asked(lambda trials, hits: binom.cdf(hits, trials, 0.5)))
wrong("luck", "share, not chance")(asked(lambda trials, hits: hits / trials))
wrong("luck", "one order only")(asked(lambda trials, hits: 0.5**hits))
wrong("luck", "normal, not exact")(asked(lambda trials, hits: math.erfc((hits - trials / 2) / (trials / 2) ** 0.5) / 2))
wrong("luck", "not written")(lambda seed: None)


# Task 4: operating_point


@right("operating_point")
def by_trying(quiet, quiet_hours, wake, others, hours, most):
    fits = [level for level in quiet.tolist() if (quiet > level).sum() / quiet_hours <= most]
    return sum(score <= min(fits) for score in wake) / len(wake), len(others[others > min(fits)]) / hours


@right("operating_point")
def by_numpy(quiet, quiet_hours, wake, others, hours, most):
    quiet, wake, others = quiet.numpy(), wake.numpy(), others.numpy()
    threshold = sorted(quiet, reverse=True)[math.floor(most * quiet_hours)]
    return [1 - (wake > threshold).mean(), (others > threshold).sum() / hours]


def points(mistake):
    """The two figures, with one mistake."""

    def operating_point(quiet, quiet_hours, wake, others, hours, most):
        chosen_on, time = (others, hours) if mistake == "chosen on the test" else (quiet, quiet_hours)
        allowed = most if mistake == "rate, not a count" else most * time
        levels = chosen_on.unique().tolist()
        place = next(k for k, level in enumerate(levels) if (chosen_on > level).sum() <= allowed)
        place += {"one alarm too many": -1, "one alarm too few": 1}.get(mistake, 0)
        threshold = levels[place]
        heard, alarms = wake > threshold, (quiet if mistake == "alarms of the validation" else others) > threshold
        if mistake == "alarm at the threshold":
            heard, alarms = wake >= threshold, others >= threshold
        missed, count = 1 - heard.double().mean(), alarms.sum()
        if mistake == "found, not missed":
            missed = heard.double().mean()
        time = {
            "share of clips": len(others),
            "hours forgotten": 1,
            "hours mixed up": quiet_hours,
            "alarms of the validation": quiet_hours,
        }.get(mistake, hours)
        if mistake == "not two figures":
            return threshold
        return (count / time, missed) if mistake == "figures swapped" else (missed, count / time)

    operating_point.__name__ = mistake.replace(" ", "_")
    return operating_point


for name in ("chosen on the test", "rate, not a count", "one alarm too many", "one alarm too few", "share of clips"):
    wrong("operating_point", name)(points(name))
for name in ("alarms of the validation", "alarm at the threshold", "found, not missed", "hours forgotten"):
    wrong("operating_point", name)(points(name))
for name in ("hours mixed up", "figures swapped", "not two figures"):
    wrong("operating_point", name)(points(name))


@wrong("operating_point", "alarm at the threshold")
def reached_counts_throughout(quiet, quiet_hours, wake, others, hours, most):
    fits = [level for level in quiet.tolist() if (quiet >= level).sum() / quiet_hours <= most]
    return (wake < min(fits)).double().mean(), (others >= min(fits)).sum() / hours


# Task 5: vocoder_training


def trained(mistake, speak=None):
    """The training, written out, with one mistake, or with the fakes made anew for G's turn."""

    def vocoder_training(gan, batches):
        for real, told in batches:
            fake = gan.generator(told)
            seen = (fake.detach(), real) if mistake == "real and fake swapped" else (real, fake.detach())
            early = check.listen(gan.discriminator, fake), check.listen(gan.discriminator, real)[1]
            loss = (gan.discriminator(seen[0]) - 1).square() * (mistake != "real forgotten")
            loss = loss + gan.discriminator(seen[1]).square() * (mistake != "fakes forgotten")
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            loss = loss.mean(-1)
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward(retain_graph=True)
            if mistake != "stale scores":
                gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue

            fake = fake if speak is None else speak(gan, told)
            _, features = check.listen(gan.discriminator, real)
            heard = fake.detach() if mistake == "discriminator without effect" else fake
            scores, matched = check.listen(gan.discriminator, heard)
            if mistake == "stale scores":
                (scores, matched), features = early
            if mistake == "features without effect":
                matched = [each.detach() for each in matched]
            if mistake == "scores without effect":
                scores = scores.detach()
            aim = 0 if mistake == "discriminator's loss" else 1
            matching = torch.stack(
                [(b - a.detach()).abs().mean((1, 2)) for a, b in zip(features, matched, strict=True)]
            )
            matching = matching.sum(0) if mistake == "features summed" else matching.mean(0)
            spoken = check.spectrum(fake.detach() if mistake == "spectrum without effect" else fake)
            spectral = (spoken - told).abs().mean((1, 2))
            weights = (5, 10) if mistake == "weights swapped" else (10, 5)
            loss = (scores - aim).square().mean(-1) + weights[0] * matching + weights[1] * spectral
            gan.generator_optimizer.zero_grad()
            loss.sum().backward()
            if mistake == "nothing learned":
                gan.generator_optimizer.zero_grad()
            if mistake == "stale scores":
                gan.discriminator_optimizer.step()
            gan.generator_optimizer.step()

    vocoder_training.__name__ = mistake.replace(" ", "_") or "mended"
    return vocoder_training


right("vocoder_training")(trained(""))
right("vocoder_training")(trained("", lambda gan, told: gan.generator(told)))
for name in ("discriminator without effect", "features without effect", "scores without effect", "features summed"):
    wrong("vocoder_training", name)(trained(name))
for name in ("spectrum without effect", "real and fake swapped", "fakes forgotten", "real forgotten"):
    wrong("vocoder_training", name)(trained(name))
for name in ("forgotten zero_grad", "mean over the GANs", "wrong number of steps", "discriminator's loss"):
    wrong("vocoder_training", name)(trained(name))
for name in ("nothing learned", "weights swapped"):
    wrong("vocoder_training", name)(trained(name))


@wrong("vocoder_training", "same graph")
def nothing_detached(gan, batches):
    for real, told in batches:
        fake = gan.generator(told)
        loss = (gan.discriminator(real) - 1).square() + gan.discriminator(fake).square()
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()
        scores, _ = check.listen(gan.discriminator, fake)
        gan.generator_optimizer.zero_grad()
        (scores - 1).square().mean(-1).sum().backward()
        gan.generator_optimizer.step()
