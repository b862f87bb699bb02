"""Answers to the assignment of chapter 05. A function's name says how it was written, or what is wrong with it."""

import math

import numpy as np
import torch
from torch.nn.functional import softplus

from gan_lessons import training as library
from gan_lessons.checks import the_first_gan as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: three_numbers


@right("three_numbers")
def with_numpy(samples, centres, std):
    distance = np.linalg.norm(samples.numpy()[:, None] - centres.numpy()[None], axis=-1)
    nearest, good = distance.argmin(1), distance.min(1) <= 3 * std
    if not good.any():
        return 0, 0.0, np.inf
    share = np.bincount(nearest[good], minlength=len(centres)) / good.sum()
    terms = [u * np.log(u * len(centres)) for u in share if u > 0]
    return np.count_nonzero(share), good.mean(), np.sum(terms)


@right("three_numbers")
def in_a_loop(samples, centres, std):
    counts = [0] * len(centres)
    for sample in samples:
        squared = (centres - sample).square().sum(1)
        if squared.min() <= (3 * std) ** 2:
            counts[int(squared.argmin())] += 1
    total = sum(counts)
    kl = sum(c / total * math.log(c / total * len(counts)) for c in counts if c) if total else math.inf
    return torch.tensor(sum(c > 0 for c in counts)), torch.tensor(total / len(samples)), torch.tensor(kl)


def counted(samples, centres, std, good=None, shares=None):
    """The right numbers, with another idea of what is good or of what is shared."""
    distance, nearest = torch.cdist(samples, centres).min(1)
    good = distance <= 3 * std if good is None else good
    counts = torch.bincount(nearest[good], minlength=len(centres)).double()
    kl = (shares or relative_entropy)(counts / counts.sum(), len(centres)) if good.any() else math.inf
    return int((counts > 0).sum()), good.double().mean().item(), float(kl)


def relative_entropy(u, count):
    return torch.special.xlogy(u, u * count).sum()


@wrong("three_numbers", "no distance asked")
def every_sample_counts(samples, centres, std):
    return counted(samples, centres, std, torch.ones(len(samples), dtype=torch.bool))


@wrong("three_numbers", "one standard deviation")
def within_one(samples, centres, std):
    return counted(samples, centres, std, torch.cdist(samples, centres).min(1).values <= std)


@wrong("three_numbers", "squared distance")
def squares_beside_lengths(samples, centres, std):
    squared = (samples[:, None] - centres).square().sum(-1).min(1).values
    return counted(samples, centres, std, squared <= 3 * std)


@wrong("three_numbers", "a square, not a circle")
def each_coordinate_near(samples, centres, std):
    return counted(samples, centres, std, ((samples[:, None] - centres).abs() <= 3 * std).all(-1).any(1))


@wrong("three_numbers", "count, not share")
def sum_for_mean(samples, centres, std):
    modes, share, kl = counted(samples, centres, std)
    return modes, share * len(samples), kl


@wrong("three_numbers", "KL the wrong way round")
def even_in_front(samples, centres, std):
    return counted(samples, centres, std, shares=lambda u, count: (torch.log(1 / count / u) / count).sum())


@wrong("three_numbers", "zero times its logarithm")
def nan_where_an_island_is_missing(samples, centres, std):
    return counted(samples, centres, std, shares=lambda u, count: (u * torch.log(u * count)).sum())


@wrong("three_numbers", "islands found only")
def missing_islands_left_out(samples, centres, std):
    return counted(samples, centres, std, shares=lambda u, _: relative_entropy(u[u > 0], int((u > 0).sum())))


@wrong("three_numbers", "bad samples counted")
def kl_of_all_samples(samples, centres, std):
    modes, share, _ = counted(samples, centres, std)
    return modes, share, every_sample_counts(samples, centres, std)[2]


@wrong("three_numbers", "base two")
def in_bits(samples, centres, std):
    return counted(samples, centres, std, shares=lambda u, count: relative_entropy(u, count) / math.log(2))


@wrong("three_numbers", "entropy")
def entropy_instead(samples, centres, std):
    return counted(samples, centres, std, shares=lambda u, _: -torch.special.xlogy(u, u).sum())


@wrong("three_numbers", "not three numbers")
def two_of_three(samples, centres, std):
    return counted(samples, centres, std)[:2]


# Task 2: perfect, as a function of the student's number


right("perfect")(lambda seed: 1 - math.exp(-(check.limit(seed) ** 2) / 2))
right("perfect")(lambda seed: torch.tensor(round(1 - math.exp(-(check.limit(seed) ** 2) / 2), 3)))
wrong("perfect", "one coordinate")(lambda seed: math.erf(check.limit(seed) / 2**0.5))
wrong("perfect", "two coordinates by themselves")(lambda seed: math.erf(check.limit(seed) / 2**0.5) ** 2)
wrong("perfect", "the others")(lambda seed: math.exp(-(check.limit(seed) ** 2) / 2))
wrong("perfect", "density, not share")(lambda seed: 1 - math.exp(-(check.limit(seed) ** 2)))
wrong("perfect", "three standard deviations")(lambda seed: 0.989)
wrong("perfect", "percent")(lambda seed: 100 * (1 - math.exp(-(check.limit(seed) ** 2) / 2)))
wrong("perfect", "not written")(lambda seed: None)


# Task 3: update_average


@right("update_average")
@torch.no_grad()
def by_state_dict(average, generator, step, decay=0.99):
    d = min(decay, (1 + step) / (10 + step))
    learnt = {name for name, _ in generator.named_parameters()}
    mine, theirs = average.state_dict(), generator.state_dict()
    average.load_state_dict(
        {name: d * mine[name] + (1 - d) * theirs[name] if name in learnt else theirs[name] for name in theirs}
    )


@right("update_average")
def by_data_and_lerp(average, generator, step, decay=0.99):
    share = 1 - min(decay, (1 + step) / (10 + step))
    for averaged, weight in zip(average.parameters(), generator.parameters(), strict=True):
        averaged.data.lerp_(weight.data, share)
    for kept, present in zip(average.buffers(), generator.buffers(), strict=True):
        kept.data = present.clone()


def averaging(mistake):
    """The average, written out, with one mistake."""

    def update_average(average, generator, step, decay=0.99):
        warm = (1 + step) / (10 + step)
        d = {
            "no warm-up": decay,
            "warm-up for ever": warm,
            "off by one": min(decay, (2 + step) / (11 + step)),
        }.get(mistake, min(decay, warm))
        d = 1 - d if mistake == "shares swapped" else d
        with torch.set_grad_enabled(mistake == "average learns"):
            for averaged, weight in zip(average.parameters(), generator.parameters(), strict=True):
                if mistake == "average unmoved":
                    averaged = d * averaged + (1 - d) * weight  # a new tensor under an old name
                elif mistake == "average copied":
                    averaged.copy_(weight)
                elif mistake == "average shared":
                    averaged.data = weight.data.mul_(1)
                elif mistake == "generator moved":
                    weight.copy_(d * averaged + (1 - d) * weight)
                else:
                    averaged.mul_(d).add_((1 - d) * weight)
        for kept, present in zip(average.buffers(), generator.buffers(), strict=True):
            if mistake == "buffers averaged":
                kept.copy_(d * kept + (1 - d) * present)
            elif mistake != "buffers forgotten":
                kept.copy_(present)

    update_average.__name__ = mistake.replace(" ", "_").replace("-", "_")
    return update_average


for name in ("no warm-up", "warm-up for ever", "off by one", "shares swapped"):
    wrong("update_average", name)(averaging(name))
for name in ("average unmoved", "average copied", "average shared", "average learns", "generator moved"):
    wrong("update_average", name)(averaging(name))
for name in ("buffers averaged", "buffers forgotten"):
    wrong("update_average", name)(averaging(name))


# Task 4: diagnose


@right("diagnose")
def by_looking_and_asking_far_away(patient):
    if patient.data.std() > 20:
        return "data not scaled"
    far = patient.discriminator(1000 * torch.randn(200, patient.data.shape[1]))
    if far.min() >= 0 and far.max() <= 1:
        return "sigmoid at D's end"
    held = {id(weight) for group in patient.generator_optimizer.param_groups for weight in group["params"]}
    return "healthy" if held == set(map(id, patient.generator.parameters())) else "G's optimiser holds D"


@right("diagnose")
def by_training_both(patient):
    noise = torch.randn(256, patient.noise_dim)
    fake = patient.generator(noise).detach()
    if (patient.data.abs().mean() / fake.abs().mean()) > 40:
        return "data not scaled"
    for _ in range(4):
        patient.generator_optimizer.zero_grad()
        softplus(-patient.discriminator(patient.generator(noise))).mean().backward()
        patient.generator_optimizer.step()
    if torch.equal(patient.generator(noise), fake):
        return "G's optimiser holds D"
    for _ in range(150):
        loss = softplus(-patient.discriminator(patient.data)).mean() + softplus(patient.discriminator(fake)).mean()
        patient.discriminator_optimizer.zero_grad()
        loss.backward()
        patient.discriminator_optimizer.step()
    return "healthy" if loss < 1 else "sigmoid at D's end"


@wrong("diagnose", "fooled by the first scores")
def only_the_first_scores(patient):
    scores = patient.discriminator(patient.data)
    if patient.data.std() < 20 and scores.min() >= 0 and scores.max() <= 1:
        return "sigmoid at D's end"
    return by_looking_and_asking_far_away(patient)


@wrong("diagnose", "overlooked")
def only_the_last_layer(patient):
    if patient.data.std() > 20:
        return "data not scaled"
    if isinstance(list(patient.discriminator.modules())[-1], torch.nn.Sigmoid):
        return "sigmoid at D's end"
    held = next(iter(patient.generator_optimizer.param_groups[0]["params"]))
    return "healthy" if held is next(patient.generator.parameters()) else "G's optimiser holds D"


@wrong("diagnose", "overlooked")
def always_healthy(patient):
    return "healthy"


@wrong("diagnose", "false alarm")
def larger_than_the_fakes(patient):
    fake = patient.generator(torch.randn(512, patient.noise_dim))
    return "data not scaled" if patient.data.max() > fake.max() else by_looking_and_asking_far_away(patient)


@wrong("diagnose", "mixed up")
def whatever_does_not_learn_is_a_sigmoid(patient):
    found = by_looking_and_asking_far_away(patient)
    return "sigmoid at D's end" if found == "G's optimiser holds D" else found


@wrong("diagnose", "no known fault")
def in_own_words(patient):
    return "the scale"


# Task 5: training


def trainings(mistake, style=""):
    """The training, written out, with one mistake, or in another style."""

    def training(gan, data, steps, rate):
        both = (gan.generator_optimizer, gan.discriminator_optimizer)
        schedules = []
        if style == "torch's scheduler":
            for optimizer in both:
                for group in optimizer.param_groups:
                    group["lr"] = group["initial_lr"] = rate
                schedules.append(torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps))
        for step in range(steps):
            wave = (1 + math.cos(math.pi * step / steps)) / 2
            for group in () if style else [*both[0].param_groups, *both[1].param_groups]:
                group["lr"] = {
                    "rates multiplied up": group["lr"] * wave,
                    "no schedule": rate,
                    "schedule upside down": rate * (1 - wave),
                    "schedule ends early": rate * library.cosine((step + 1) / steps),
                    "a whole wave": rate * (1 + math.cos(2 * math.pi * step / steps)) / 2,
                    "schedule off by one": group["lr"],
                }.get(mistake, rate * wave)
            if mistake == "generator's alone":
                both[1].param_groups[0]["lr"] = rate
            real, noise = data[torch.randint(len(data), (8, 64))], torch.randn(2, 8, 64, 2)
            fake = gan.generator(noise[0]).detach()
            turns = [(both[1], fake, 1.0), (both[0], None, -1.0)]
            for optimizer, fake, sign in turns[:1] if mistake == "wrong number of steps" else turns:
                fake = gan.generator(noise[1]) if fake is None else fake
                optimizer.zero_grad()
                margin = sign * (gan.discriminator(real) - gan.discriminator(fake))
                softplus(-margin).mean(-1).sum().backward()
                optimizer.step()
            for schedule in schedules:
                schedule.step()
            if mistake == "schedule off by one":
                for group in [*both[0].param_groups, *both[1].param_groups]:
                    group["lr"] = rate * wave

    training.__name__ = mistake.replace(" ", "_") or style.replace(" ", "_").replace("'", "") or "written_out"
    return training


right("training")(trainings(""))
right("training")(trainings("", "torch's scheduler"))
for name in ("rates multiplied up", "no schedule", "schedule upside down", "schedule off by one"):
    wrong("training", name)(trainings(name))
for name in ("schedule ends early", "a whole wave", "wrong number of steps"):
    wrong("training", name)(trainings(name))
wrong("training", "no schedule")(trainings("generator's alone"))


# Task 6: runs, as a function of the student's number; whether they are right is told by the hidden check


def exchanged(one, other):
    """The right names, but for two that are taken for each other."""
    swap = {one: other, other: one}
    return lambda seed: {letter: swap.get(name, name) for letter, name in zip("ABCD", check.order(seed), strict=True)}


right("runs")(exchanged("", ""))
right("runs")(lambda seed: dict(reversed(list(zip("ABCD", check.order(seed), strict=True)))))
wrong("runs", "samples not looked at")(exchanged("healthy", "G too fast"))
wrong("runs", "players mixed up")(exchanged("G too slow", "D too slow"))
wrong("runs", "curves misread")(exchanged("healthy", "D too slow"))
wrong("runs", "four names")(lambda seed: {"A": "healthy"})
wrong("runs", "four names")(lambda seed: dict.fromkeys("ABCD", "fine"))
