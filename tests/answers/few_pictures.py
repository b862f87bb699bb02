"""Answers to the assignment of chapter 12. A function's name says how it was written, or what is wrong with it."""

import torch
from torch.nn.functional import pad, softplus

from gan_lessons.checks import few_pictures as check
from gan_lessons.penalties import r1_and_r2
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: shifted


@right("shifted")
def by_slices(pixels, down, right):
    out = torch.zeros_like(pixels)
    height, width = pixels.shape[2:]
    for i in range(len(pixels)):
        d, r = int(down[i]), int(right[i])
        held = pixels[i, :, max(0, -d) : height - max(0, d), max(0, -r) : width - max(0, r)]
        out[i, :, max(0, d) : height + min(0, d), max(0, r) : width + min(0, r)] = held
    return out


@right("shifted")
def by_padding_after_rolling(pixels, down, right):
    found = []
    for picture, shift in zip(pixels, zip(down.tolist(), right.tolist(), strict=True), strict=True):
        side = max(abs(each) for each in shift)
        if side == 0:
            found.append(picture)
            continue
        rolled = pad(picture, [side] * 4).roll(shift, dims=(-2, -1))
        found.append(rolled[:, side:-side, side:-side])
    return torch.stack(found)


def shifts(mistake):
    """The shifts, with one mistake."""

    def shifted(pixels, down, right):
        down, right = (right, down) if mistake == "down and right swapped" else (down, right)
        down = -down if mistake == "wrong direction" else down
        right = torch.zeros_like(right) if mistake == "along one axis only" else right
        found = []
        for place, picture in enumerate(pixels):
            place = 0 if mistake == "one shift for all" else place
            rows, columns = int(down[place]), int(right[place])
            if mistake == "wrapped around":
                found.append(picture.roll((rows, columns), (-2, -1)))
                continue
            mode = {"value": {"black edges": -1.0, "white edges": 1.0}.get(mistake, 0.0)}
            mode = {"mode": "replicate"} if mistake == "edges repeated" else mode
            large = pad(picture, [8] * 4, **mode)
            height, width = picture.shape[-2:]
            found.append(large[:, 8 - rows : 8 - rows + height, 8 - columns : 8 - columns + width])
        stacked = torch.stack(found)
        return stacked.detach() if mistake == "no gradient" else pixels if mistake == "not shifted" else stacked

    shifted.__name__ = mistake.replace(" ", "_")
    return shifted


for name in (
    "wrapped around",
    "black edges",
    "white edges",
    "edges repeated",
    "wrong direction",
    "along one axis only",
):
    wrong("shifted", name)(shifts(name))
for name in ("down and right swapped", "one shift for all", "no gradient", "not shifted"):
    wrong("shifted", name)(shifts(name))


# Task 2: feedback


@right("feedback")
def by_signs(readings, target, rise, most):
    p, every = torch.zeros(()), []
    for known, held_out, fake in readings:
        lead = known.mean() - fake.mean()
        p = (p + rise * ((known.mean() - held_out.mean()) / lead - target).sign()).clamp(0, most)
        every.append(p)
    return torch.stack(every)


@right("feedback")
def without_dividing(readings, target, rise, most):
    history = [0.0]
    for scores in readings:
        known, held_out, fake = (float(each.mean()) for each in scores)
        step = rise if known - held_out > target * (known - fake) else -rise
        history.append(sorted((0, history[-1] + step, most))[1])
    return history[1:]


def ramps(mistake):
    """The feedback, with one mistake."""

    def feedback(readings, target, rise, most):
        p, every = 0.0, []
        for known, unseen, fake in readings:
            k, u, f = (each.median() if mistake == "medians" else each.mean() for each in (known, unseen, fake))
            k, u, f = (known.sum(), unseen.sum(), fake.sum()) if mistake == "sums compared" else (k, u, f)
            gap = (k - u) / (k - f)
            gap = {"lead not divided": k - u, "held-out against fakes": 1 - gap, "upside-down gap": 1 / gap}.get(
                mistake, gap
            )
            step = rise if gap > target else -rise
            step = {"size counted": rise * (gap - target), "lowered while D overfits": -step}.get(mistake, step)
            step = max(step, 0) if mistake == "never lowered" else step
            p = p + step
            if mistake not in ("no bounds", "bounds at the end"):
                low = -9 if mistake == "below 0" else 0
                p = min(max(p, low), 1.0 if mistake == "up to 1" else most)
            every.append(float(p))
        if mistake == "one late":
            return [0.0, *every[:-1]]
        if mistake == "bounds at the end":
            return [min(max(each, 0), most) for each in every]
        return every[-1] if mistake == "one p a reading" else every

    feedback.__name__ = mistake.replace(" ", "_")
    return feedback


for name in ("medians", "sums compared", "lead not divided", "held-out against fakes", "upside-down gap"):
    wrong("feedback", name)(ramps(name))
for name in ("size counted", "lowered while D overfits", "never lowered", "no bounds", "bounds at the end"):
    wrong("feedback", name)(ramps(name))
for name in ("below 0", "up to 1", "one late", "one p a reading"):
    wrong("feedback", name)(ramps(name))


# Task 3: undone, as a function of the student's number


def asked(formula):
    return lambda seed: formula(*check.own_seen(seed))


right("undone")(asked(lambda p, seen: (seen - p / 4) / (1 - p)))
right("undone")(asked(lambda p, seen: round((4 * seen - p) / (4 - 4 * p), 2)))
right("undone")(
    lambda seed: torch.linalg.solve(
        torch.eye(2) * (1 - check.own_seen(seed)[0]) + torch.tensor([[1.0], [3.0]]) * check.own_seen(seed)[0] / 4,
        torch.tensor([check.own_seen(seed)[1], 1 - check.own_seen(seed)[1]]),
    )[0]
)
wrong("undone", "as D sees it")(asked(lambda p, seen: seen))
wrong("undone", "changed once more")(asked(lambda p, seen: seen * (1 - p) + p / 4))
wrong("undone", "turned fakes turned upright")(asked(lambda p, seen: seen / (1 - 0.75 * p)))
wrong("undone", "a turn always turns")(asked(lambda p, seen: seen / (1 - p)))
wrong("undone", "not divided")(asked(lambda p, seen: seen - p / 4))
wrong("undone", "every turned one upright")(asked(lambda p, seen: (seen - p) / (1 - p)))
wrong("undone", "the others")(asked(lambda p, seen: 1 - (seen - p / 4) / (1 - p)))
wrong("undone", "percent")(asked(lambda p, seen: 100 * (seen - p / 4) / (1 - p)))
wrong("undone", "not written")(lambda seed: None)


# Task 4: copied_or_new


@right("copied_or_new")
def by_distances(fakes, known, every):
    pixels = fakes[0].numel() ** 0.5
    flat = [each.flatten(1) for each in (fakes, known, every)]
    near, best = (torch.cdist(flat[0], other).min(1).values / pixels for other in flat[1:])
    clear = best <= 0.08
    return clear, clear * (near - best <= 0.002), clear * (near - best > 0.02)


@right("copied_or_new")
def in_loops(fakes, known, every):
    found = []
    for fake in fakes:
        near, best = (min(float((fake - one).pow(2).mean()) ** 0.5 for one in some) for some in (known, every))
        found.append((best <= 0.08, best <= 0.08 and near <= best + 0.002, best <= 0.08 and near > best + 0.02))
    return [list(row) for row in zip(*found, strict=True)]


def sorted_fakes(mistake):
    """The three answers, with one mistake."""

    def copied_or_new(fakes, known, every):
        def nearest(pictures):
            apart = (fakes[:, None] - pictures).flatten(2)
            found = {
                "not a mean": apart.square().sum(2).sqrt(),
                "no root taken": apart.square().mean(2),
                "sum of squares": apart.square().sum(2),
                "absolute differences": apart.abs().mean(2),
            }
            return found.get(mistake, apart.square().mean(2).sqrt()).amin(1)

        away, best = nearest(known), nearest(every)
        same, far = (0.02, 0.002) if mistake == "margins swapped" else (0.002, 0.02)
        clear = (away if mistake == "clear by the known ones" else best) <= 0.08
        copied, new = away <= best + same, away > best + far
        copied = away <= 0.08 if mistake == "copied by itself" else copied
        new = ~copied if mistake == "new is not the rest" else new
        if mistake not in ("clearness forgotten", "copied although unclear"):
            copied = copied & clear
        if mistake not in ("clearness forgotten", "new although unclear"):
            new = new & clear
        if mistake == "not three masks":
            return clear.float().mean(), copied.float().mean(), new.float().mean()
        return (clear, new, copied) if mistake == "copied and new swapped" else (clear, copied, new)

    copied_or_new.__name__ = mistake.replace(" ", "_")
    return copied_or_new


for name in ("not a mean", "no root taken", "sum of squares", "absolute differences", "margins swapped"):
    wrong("copied_or_new", name)(sorted_fakes(name))
for name in ("clear by the known ones", "copied by itself", "new is not the rest", "clearness forgotten"):
    wrong("copied_or_new", name)(sorted_fakes(name))
for name in ("copied although unclear", "new although unclear", "copied and new swapped", "not three masks"):
    wrong("copied_or_new", name)(sorted_fakes(name))


# Task 5: augmented_training


def trained(mistake, together=False):
    """The training, written out, with one mistake; or both kinds of pictures changed together."""

    def augmented_training(gan, batches, change):
        def shown(real, fake, mine):
            if together:
                return change(torch.cat([real, fake])).chunk(2)
            none = mistake == "nothing changed" or (mine and mistake == "one turn only changed")
            seen = real if none or mistake == "fakes alone changed" else change(real)
            theirs = fake if none or mistake == "real alone changed" else change(fake)
            return seen, theirs.detach() if mistake == "change without gradient" else theirs

        def score(pictures):
            return gan.discriminator(pictures)

        for real, noise in batches:
            fake = gan.generator(noise[0]).detach()
            seen = shown(real, fake, mine=False)
            margin = score(seen[0]) - score(seen[1])
            margin = -margin if mistake == "real and fake swapped" else margin
            at = (real, fake) if mistake == "penalty elsewhere" else seen
            loss = softplus(-margin).mean(-1)
            if mistake != "forgotten penalty":
                loss = loss + r1_and_r2(gan.discriminator, *at, weight=0.3)
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.discriminator_optimizer.step()

            seen = shown(real, gan.generator(noise[0 if mistake == "other noise" else 1]), mine=True)
            margin = score(seen[0]) - score(seen[1])
            gan.generator_optimizer.zero_grad()
            softplus(-margin if mistake == "discriminator's loss" else margin).mean(-1).sum().backward()
            gan.generator_optimizer.step()

    augmented_training.__name__ = mistake.replace(" ", "_") or "mended"
    return augmented_training


right("augmented_training")(trained(""))
right("augmented_training")(trained("", together=True))
for name in ("real alone changed", "fakes alone changed", "nothing changed", "one turn only changed", "other noise"):
    wrong("augmented_training", name)(trained(name))
for name in ("penalty elsewhere", "forgotten penalty", "change without gradient", "discriminator's loss"):
    wrong("augmented_training", name)(trained(name))
for name in ("real and fake swapped", "mean over the GANs", "forgotten zero_grad"):
    wrong("augmented_training", name)(trained(name))
