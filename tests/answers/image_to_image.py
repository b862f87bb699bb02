"""Answers to the assignment of chapter 13. A function's name says how it was written, or what is wrong with it."""

import numpy as np
import torch
from torch.nn.functional import interpolate, l1_loss, pad, softplus

from gan_lessons.checks import image_to_image as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: least_l1, as a function of the student's number


def asked(formula):
    return lambda seed: formula(*map(np.array, zip(*check.own_values(seed).items(), strict=True)))


def at(values, shares, value):
    return (shares * abs(values - value)).sum()


def median(values, shares):
    return values[np.searchsorted(shares.cumsum(), 0.5)]


right("least_l1")(asked(lambda values, shares: min(at(values, shares, each) for each in np.linspace(-1, 1, 2001))))
right("least_l1")(asked(lambda values, shares: round(at(values, shares, median(values, shares)), 2)))
wrong("least_l1", "answer, not its loss")(asked(median))
wrong("least_l1", "answer, not its loss")(asked(lambda values, shares: (values * shares).sum()))
wrong("least_l1", "loss of the mean")(asked(lambda values, shares: at(values, shares, (values * shares).sum())))
wrong("least_l1", "loss of the commonest")(asked(lambda values, shares: at(values, shares, values[shares.argmax()])))
wrong("least_l1", "middle of the list")(asked(lambda values, shares: at(values, shares, np.median(values))))
wrong("least_l1", "shares forgotten")(
    asked(lambda values, shares: abs(values - median(values, shares)).mean()),
)
wrong("least_l1", "squares, not distances")(
    asked(lambda values, shares: (shares * (values - (values * shares).sum()) ** 2).sum())
)
wrong("least_l1", "not written")(lambda seed: None)


# Task 2: u_shape


@right("u_shape")
def recursive(picture, down, up, join):
    if not down:
        return picture
    below = recursive(down[0](picture), down[1:], up[:-1], join[:-1])
    larger = up[-1](below).narrow(2, 0, picture.shape[2]).narrow(3, 0, picture.shape[3])
    return join[-1](torch.cat((larger, picture), dim=1))


@right("u_shape")
def by_list(picture, down, up, join):
    maps = [picture]
    for layer in down:
        maps.append(layer(maps[-1]))
    x = maps[-1]
    for k in range(len(down)):
        kept = maps[-2 - k]
        x = join[k](torch.cat([up[k](x)[:, :, : kept.size(2), : kept.size(3)], kept], 1))
    return x


def us(mistake):
    """The way down and up, with one mistake."""

    def u_shape(picture, down, up, join):
        maps, passed = picture, []
        for halve in down:
            if mistake != "channels that do not fit":
                passed.append(maps)
            maps = halve(maps)
            if mistake == "channels that do not fit":
                passed.append(interpolate(maps, scale_factor=2.0))
        if mistake == "way down only":
            return maps
        for enlarge, put in zip(up, join, strict=True):
            kept, larger = passed.pop(0 if mistake == "sizes that do not fit" else -1), enlarge(maps)
            height, width = kept.shape[-2:]
            if mistake == "cut at the wrong side":
                larger = larger[..., -height:, -width:]
            elif mistake == "resized, not cut":
                larger = interpolate(larger, (height, width), mode="bilinear")
            elif mistake == "filled up, not cut":
                kept = pad(kept, (0, larger.shape[3] - width, 0, larger.shape[2] - height))
            else:
                larger = larger[..., :height, :width]
            kept = 0 * kept if mistake == "nothing goes across" else kept
            kept = larger if mistake == "itself twice" else kept
            both = [kept, larger] if mistake == "halves swapped" else [larger, kept]
            maps = put(torch.cat(both, 1))
        return maps

    u_shape.__name__ = mistake.replace(" ", "_").replace(",", "")
    return u_shape


for name in ("sizes that do not fit", "channels that do not fit", "way down only", "cut at the wrong side"):
    wrong("u_shape", name)(us(name))
for name in ("resized, not cut", "filled up, not cut", "nothing goes across", "itself twice", "halves swapped"):
    wrong("u_shape", name)(us(name))


# Task 3: true_colours


@right("true_colours")
def with_numpy(made, truth):
    made, truth = made.numpy(), truth.numpy()
    colour = np.ptp(truth, axis=1)
    right = (abs(made - truth) < 0.4).all(axis=1)
    return abs(made - truth).mean(), np.ptp(made, axis=1).mean() / colour.mean(), right[colour > 0.4].mean()


@right("true_colours")
def in_rows(made, truth):
    made, truth = (each.movedim(1, -1).reshape(-1, 3) for each in (made, truth))
    spread = [each.max(1).values - each.min(1).values for each in (made, truth)]
    colourful = spread[1] > 0.4
    hits = (made[colourful] - truth[colourful]).abs().max(dim=1).values < 0.4
    return [l1_loss(made, truth), spread[0].sum() / spread[1].sum(), hits.sum() / colourful.sum()]


def figures(mistake):
    """The three numbers, with one mistake."""

    def true_colours(made, truth):
        off = (made - truth).abs()
        strong, true = (each.amax(1) - each.amin(1) for each in (made, truth))
        l1, share, colourful = off.mean(), strong.mean() / true.mean(), true > 0.4
        hits = off.amax(1) < (0.2 if mistake == "a fifth of one" else 0.4)
        l1 = off.square().mean() if mistake == "L1 squared" else l1
        l1 = off.sum(1).mean() if mistake == "L1 summed over channels" else l1
        share = strong.mean() if mistake == "chroma for itself" else share
        share = 1 / share if mistake == "truth's chroma above" else share
        hits = off.mean(1) < 0.4 if mistake == "channels on average" else hits
        hits = off.amin(1) < 0.4 if mistake == "one right channel is enough" else hits
        colourful = strong > 0.4 if mistake == "colourful as made" else colourful
        found = hits[colourful].float().mean()
        found = hits.float().mean() if mistake == "white counts as right" else found
        found = (hits & colourful).float().mean() if mistake == "share of all the pixels" else found
        if mistake == "picture by picture":
            found = ((hits & colourful).sum((1, 2)) / colourful.sum((1, 2))).mean()
        return (l1, found) if mistake == "not these three numbers" else (l1, share, found)

    true_colours.__name__ = mistake.replace(" ", "_").replace("'", "")
    return true_colours


for name in ("a fifth of one", "L1 squared", "L1 summed over channels", "chroma for itself", "truth's chroma above"):
    wrong("true_colours", name)(figures(name))
for name in ("channels on average", "one right channel is enough", "colourful as made", "white counts as right"):
    wrong("true_colours", name)(figures(name))
for name in ("share of all the pixels", "picture by picture", "not these three numbers"):
    wrong("true_colours", name)(figures(name))


# Task 4: round_trips


@right("round_trips")
def by_bytes(there, back, pictures, truth):
    made = there(pictures)
    levels = torch.round((made + 1) / 2 * 255).clip(0, 255)
    return [float((back(each) - pictures).abs().mean()) for each in (made, levels / 255 * 2 - 1, truth)]


@right("round_trips")
def by_l1_loss(there, back, pictures, truth):
    made = torch.clamp(there(pictures), -1, 1)
    rounded = torch.round(127.5 * made + 127.5) / 127.5 - 1
    return (
        l1_loss(back(there(pictures)), pictures),
        l1_loss(back(rounded), pictures),
        l1_loss(back(truth), pictures),
    )


def journeys(mistake):
    """The three distances, with one mistake."""

    def round_trips(there, back, pictures, truth):
        made = there(pictures)
        inside = made if mistake == "not clamped" else made.clamp(-1, 1)
        levels = 128 if mistake == "rounded to other levels" else 127.5
        rounded = ((inside + 1) * levels).round() / levels - 1
        rounded = inside.round() if mistake == "rounded to whole numbers" else rounded
        rounded = inside if mistake == "clamped, not rounded" else rounded
        rounded = made if mistake == "not rounded" else rounded
        home = [back(made), back(rounded), back(truth)]
        if mistake == "rounded at home":
            home[1] = ((home[0].clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1
        goals = [pictures, home[0] if mistake == "from the undisturbed" else pictures, pictures]
        goals[2] = truth if mistake == "to the truth" else pictures
        home[2] = truth if mistake == "truth not sent back" else home[2]
        off = [(one - other).abs() for one, other in zip(home, goals, strict=True)]
        if mistake == "squares of the distances":
            return [each.square().mean() for each in off]
        found = [each.sum() if mistake == "distances summed" else each.mean() for each in off]
        return found[:2] if mistake == "not these three distances" else found

    round_trips.__name__ = mistake.replace(" ", "_").replace(",", "")
    return round_trips


for name in ("not clamped", "rounded to other levels", "rounded to whole numbers", "clamped, not rounded"):
    wrong("round_trips", name)(journeys(name))
for name in ("not rounded", "rounded at home", "from the undisturbed", "to the truth", "truth not sent back"):
    wrong("round_trips", name)(journeys(name))
for name in ("squares of the distances", "distances summed", "not these three distances"):
    wrong("round_trips", name)(journeys(name))


# Task 5: cycle_training


def trained(mistake):
    """The training, written out, with one mistake."""

    def cycle_training(gan, batches):
        there, back = gan.generator.there, gan.generator.back
        of_thin, of_bold = gan.discriminator.of_thin, gan.discriminator.of_bold
        for x, y in batches:
            made_x, made_y = back(y), there(x)
            seen_x, seen_y = made_x.detach(), made_y.detach()
            sign = -1 if mistake == "real and fake swapped" else 1
            loss = softplus(-sign * of_thin(x)) + softplus(-sign * of_bold(y))
            if mistake == "crossed in its own turn":
                loss = loss + softplus(of_bold(seen_x)) + softplus(of_thin(seen_y))
            elif mistake != "fakes forgotten":
                loss = loss + softplus(sign * of_thin(seen_x)) + softplus(sign * of_bold(seen_y))
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            loss = loss.mean(-1)
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue

            judge = of_thin if mistake == "another kind's judge" else of_bold
            sign = 1 if mistake == "discriminator's loss" else -1
            loss = softplus(sign * judge(made_y)) + softplus(sign * of_thin(made_x))
            go, come = (back, there) if mistake == "the same way twice" else (there, back)
            via_y, via_x = (seen_y, seen_x) if mistake == "translation cut off from its cycle" else (made_y, made_x)
            start_x, start_y = (via_y, via_x) if mistake == "cycle to the translation" else (x, y)
            cycle = [come(via_y) - start_x, go(via_x) - start_y]
            cycle = [each.square() if mistake == "cycle squared" else each.abs() for each in cycle]
            total = cycle[0] if mistake == "cycle of one kind" else cycle[0] + cycle[1]
            total = total.sum(-1) if mistake == "cycle summed over pixels" else total.mean(-1)
            weight = {"cycle without its weight": 1, "cycle forgotten": 0}.get(mistake, 5)
            loss = (weight * total + (0 if mistake == "cycle alone" else loss)).mean(-1)
            gan.generator_optimizer.zero_grad()
            loss.sum().backward()
            gan.generator_optimizer.step()

    cycle_training.__name__ = mistake.replace(" ", "_") or "mended"
    return cycle_training


@right("cycle_training")
def in_two_backwards(gan, batches):
    both, judges = gan.generator, gan.discriminator
    for x, y in batches:
        gan.discriminator_optimizer.zero_grad()
        with torch.no_grad():
            fakes = both.there(x), both.back(y)
        for judge, real, fake in ((judges.of_bold, y, fakes[0]), (judges.of_thin, x, fakes[1])):
            (softplus(-judge(real)) + softplus(judge(fake))).mean(1).sum().backward()
        gan.discriminator_optimizer.step()
        gan.generator_optimizer.zero_grad()
        for judge, go, come, start in (
            (judges.of_bold, both.there, both.back, x),
            (judges.of_thin, both.back, both.there, y),
        ):
            made = go(start)
            (softplus(-judge(made)).mean(1) + 5 * (come(made) - start).abs().mean((1, 2))).sum().backward()
        gan.generator_optimizer.step()


right("cycle_training")(trained(""))
for name in ("another kind's judge", "real and fake swapped", "fakes forgotten", "forgotten zero_grad"):
    wrong("cycle_training", name)(trained(name))
for name in ("mean over the GANs", "wrong number of steps", "discriminator's loss", "the same way twice"):
    wrong("cycle_training", name)(trained(name))
for name in ("translation cut off from its cycle", "cycle to the translation", "cycle squared", "cycle of one kind"):
    wrong("cycle_training", name)(trained(name))
for name in ("cycle summed over pixels", "cycle without its weight", "cycle forgotten", "cycle alone"):
    wrong("cycle_training", name)(trained(name))
wrong("cycle_training", "another kind's judge")(trained("crossed in its own turn"))
