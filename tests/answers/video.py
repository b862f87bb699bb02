"""Answers to the assignment of chapter 19. A function's name says how it was written, or what is wrong with it."""

import numpy as np
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import video as check
from gan_lessons.skeleton import multiplied, rotated
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: ink_film


@right("ink_film")
def frame_by_frame(pictures, frames):
    shown = []
    for t in range(frames):
        share = torch.clamp(t + 1 - pictures[:, 1], min=0.0, max=1.0)
        shown.append(1 - 2 * pictures[:, 0] * share)
    return torch.stack(shown, dim=1).unsqueeze(1)


@right("ink_film")
def with_relu(pictures, frames):
    ink, when = pictures.split(1, dim=1)
    late = torch.arange(1, frames + 1).view(1, frames, 1, 1) - when
    return (1 - 2 * ink * (late.relu() - (late - 1).relu()))[:, None]


def films(mistake):
    """The film, with one mistake."""

    def ink_film(pictures, frames):
        ink, when = pictures[:, :1, None], pictures[:, 1:, None]
        ink, when = (when, ink) if mistake == "amount and moment swapped" else (ink, when)
        times = torch.arange(frames)[:, None, None] + {"a frame late": 0, "a frame early": 2}.get(mistake, 1)
        when = when.detach() if mistake == "moments without a gradient" else when
        late = times - when
        share = {
            "ink without end": late.clamp(min=0),
            "less than no ink": late.clamp(max=1),
            "hard pen": (late >= 1).float(),
        }.get(mistake, late.clamp(0, 1))
        if mistake == "written ink forgotten":
            share = share - (late - 1).clamp(0, 1)
        share = share.detach() if mistake == "moments without a gradient" else share
        film = 1 - 2 * ink * share
        return {
            "white ink": -film,
            "ink from 0 to 1": 1 - ink * share,
            "film backwards": film.flip(2),
            "no axis for the colour": film[:, 0],
            "no gradient": film.detach(),
        }.get(mistake, film)

    ink_film.__name__ = mistake.replace(" ", "_")
    return ink_film


for name in ("white ink", "ink from 0 to 1", "a frame late", "a frame early", "ink without end", "less than no ink"):
    wrong("ink_film", name)(films(name))
for name in ("hard pen", "written ink forgotten", "film backwards", "amount and moment swapped", "no gradient"):
    wrong("ink_film", name)(films(name))
for name in ("no axis for the colour", "moments without a gradient"):
    wrong("ink_film", name)(films(name))


# Task 2: two_forecasts


@right("two_forecasts")
def with_argmax(futures, chances):
    weights = chances.view(-1, *[1] * (futures.dim() - 1))
    values, order = torch.sort(futures, dim=0)
    first = (chances[order].cumsum(dim=0) >= 0.5).int().argmax(dim=0, keepdim=True)
    return (weights * futures).sum(dim=0), values.gather(0, first).squeeze(0)


@right("two_forecasts")
def pixel_by_pixel(futures, chances):
    mean, median = torch.zeros(futures[0].numel()), torch.zeros(futures[0].numel())
    for number, values in enumerate(futures.flatten(1).T):
        reached = 0.0
        mean[number] = sum(chance * value for chance, value in zip(chances, values, strict=True))
        for value, chance in sorted(zip(values.tolist(), chances.tolist(), strict=True)):
            reached += chance
            if reached >= 0.5:
                median[number] = value
                break
    return [mean.view(futures.shape[1:]), median.view(futures.shape[1:])]


def guesses(mistake):
    """The two forecasts, with one mistake."""

    def two_forecasts(futures, chances):
        mean = torch.einsum("k,k...->...", chances, futures)
        values, order = futures.sort(0)
        below = chances[order].cumsum(0)
        median = torch.where(below >= 0.5, values, torch.inf).amin(0)
        if mistake == "one future for all pixels":
            apart = [(chances @ (futures - each).abs().flatten(1)).sum() for each in futures]
            median = futures[int(torch.stack(apart).argmin())]
        elif mistake == "one value too low":
            median = torch.where(below < 0.5, values, values[0]).amax(0)
        elif mistake == "chances not sorted along":
            median = values[int((chances.cumsum(0) < 0.5).sum())]
        elif mistake == "median of the products":
            median = (chances.view(-1, *[1] * (futures.dim() - 1)) * futures).median(0).values
        return {
            "not two forecasts": mean,
            "forecasts swapped": (median, mean),
            "chances forgotten": (futures.mean(0), median),
            "chances and mean": (mean / len(futures), median),
            "summed over the futures": (futures.sum(0), median),
            "likeliest future": (mean, futures[chances.argmax()]),
            "median of equal chances": (mean, torch.from_numpy(np.median(futures.numpy(), axis=0))),
            "one number for all pixels": (mean, median.median()),
        }.get(mistake, (mean, median))

    two_forecasts.__name__ = mistake.replace(" ", "_")
    return two_forecasts


for name in ("not two forecasts", "forecasts swapped", "chances forgotten", "chances and mean", "likeliest future"):
    wrong("two_forecasts", name)(guesses(name))
for name in ("median of equal chances", "one number for all pixels", "one future for all pixels", "one value too low"):
    wrong("two_forecasts", name)(guesses(name))
for name in ("chances not sorted along", "summed over the futures", "median of the products"):
    wrong("two_forecasts", name)(guesses(name))


# Task 3: same_penalty, as a function of the student's numbers


def asked(formula):
    return lambda seed: formula(*check.own_joints(seed))


right("same_penalty")(asked(lambda weight, scale: weight * scale * scale))
right("same_penalty")(asked(lambda weight, scale: round(weight / (1 / scale) ** 2, 2)))
wrong("same_penalty", "scaled once")(asked(lambda weight, scale: weight * scale))
wrong("same_penalty", "scaled the wrong way")(asked(lambda weight, scale: weight / scale**2))
wrong("same_penalty", "scaled the wrong way")(asked(lambda weight, scale: weight / scale))
wrong("same_penalty", "not scaled")(asked(lambda weight, scale: weight))
wrong("same_penalty", "halved weight")(asked(lambda weight, scale: weight / 2 * scale**2))
wrong("same_penalty", "not written")(lambda seed: None)


# Task 4: chain


@right("chain")
def from_the_tip(quaternions, bones):
    places = torch.zeros_like(quaternions[..., :1, 1:])
    start = places
    for number in reversed(range(len(bones))):
        own = quaternions[..., number : number + 1, :].expand(*places.shape[:-1], 4)
        places = torch.cat([start, rotated(own, bones[number] + places)], -2)
    return places


@right("chain")
def with_two_lists(quaternions, bones):
    turns = [quaternions[..., 0, :]]
    for number in range(1, bones.shape[0]):
        turns.append(multiplied(turns[-1], quaternions[..., number, :]))
    steps = rotated(torch.stack(turns, dim=-2), bones)
    return torch.cat([0 * steps[..., :1, :], torch.cumsum(steps, dim=-2)], dim=-2)


def chains(mistake):
    """The places, with one mistake."""

    def chain(quaternions, bones):
        if mistake == "turned back":
            quaternions = quaternions * torch.tensor([1.0, -1.0, -1.0, -1.0])
        turn = torch.tensor([1.0, 0.0, 0.0, 0.0]).expand_as(quaternions[..., 0, :])
        place = torch.zeros_like(turn[..., 1:])
        places = [place]
        for number, bone in enumerate(bones):
            own = quaternions[..., number, :]
            before = turn
            turn = multiplied(own, turn) if mistake == "product the wrong way round" else multiplied(turn, own)
            turn = before + own if mistake == "quaternions added" and number else turn
            turn = own if mistake == "each bone by itself" else turn
            step = rotated(before if mistake == "inherited a joint late" else turn, bone)
            place = step if mistake == "bones not joined" else place + step
            if mistake == "everything turned about the start":
                place = rotated(own, places[-1] + bone)
            places.append(place)
        places = places[1:] if mistake == "start left out" else places
        places = torch.stack(places[:-1] if mistake == "last end left out" else places, -2)
        return places.detach() if mistake == "no gradient" else places

    chain.__name__ = mistake.replace(" ", "_")
    return chain


for name in ("each bone by itself", "product the wrong way round", "quaternions added", "inherited a joint late"):
    wrong("chain", name)(chains(name))
for name in ("bones not joined", "everything turned about the start", "turned back", "start left out", "no gradient"):
    wrong("chain", name)(chains(name))
wrong("chain", "last end left out")(chains("last end left out"))


# Task 5: motion_training


def trained(mistake, arrange=lambda paths: paths.transpose(1, 2).flatten(2)):
    """The training, written out, with one mistake, or with another way to put the frames of a clip in a row."""

    def woven(paths):
        return paths.reshape(8, -1, 20)

    def across_then_down(paths):
        return paths.permute(0, 2, 3, 1).flatten(2)

    def backwards(paths):
        return arrange(paths.flip(1))

    both = {
        "frames of other clips": woven,
        "across, then down": across_then_down,
        "film backwards": backwards,
    }.get(mistake, arrange)
    of_real = woven if mistake == "real clips woven" else both
    of_fake = woven if mistake == "fake clips woven" else both

    def motion_training(gan, batches):
        for real, noise in batches:
            fake = of_fake(gan.generator(noise[1 if mistake == "other noise" else 0])).detach()
            seen = (fake, of_real(real)) if mistake == "real and fake swapped" else (of_real(real), fake)
            loss = softplus(-gan.discriminator(seen[0])).mean(-1)
            if mistake != "fakes forgotten":
                loss = loss + softplus(gan.discriminator(seen[1])).mean(-1)
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue
            made = of_fake(gan.generator(noise[1]))
            scores = gan.discriminator(made.detach() if mistake == "nothing learned" else made)
            gan.generator_optimizer.zero_grad()
            loss = softplus(scores if mistake == "discriminator's loss" else -scores).mean(-1).sum()
            loss.backward()
            gan.generator_optimizer.step()

    motion_training.__name__ = mistake.replace(" ", "_").replace(",", "") or "mended"
    return motion_training


right("motion_training")(trained(""))
right("motion_training")(trained("", lambda paths: torch.cat(list(paths.unbind(1)), -1)))
right("motion_training")(trained("", lambda paths: torch.einsum("mtnc->mntc", paths).reshape(8, -1, 20)))
for name in ("frames of other clips", "real clips woven", "fake clips woven", "across, then down", "film backwards"):
    wrong("motion_training", name)(trained(name))
for name in ("real and fake swapped", "fakes forgotten", "forgotten zero_grad", "mean over the GANs", "other noise"):
    wrong("motion_training", name)(trained(name))
for name in ("wrong number of steps", "discriminator's loss", "nothing learned"):
    wrong("motion_training", name)(trained(name))
