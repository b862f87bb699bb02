"""Answers to the assignment of chapter 09. A function's name says how it was written, or what is wrong with it."""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import logsigmoid, softplus

from gan_lessons.checks import images as check
from gan_lessons.networks.images import GroupSpread
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: enlarge


@right("enlarge")
def resize_and_convolve(inputs, outputs, times):
    return nn.Sequential(nn.Upsample(scale_factor=times), nn.Conv2d(inputs, outputs, 3, padding=1))


@right("enlarge")
def wide_kernel(inputs, outputs, times):
    return nn.ConvTranspose2d(inputs, outputs, 3 * times, stride=times, padding=times, bias=False)


@right("enlarge")
def doubled_until_large(inputs, outputs, times):
    factors = [2] * (times.bit_length() - 1) if times in (2, 4, 8) else [times]
    first, *others = (nn.ConvTranspose2d(inputs, inputs, 2 * k, k, k // 2) for k in factors)
    return nn.Sequential(first, *others, nn.Conv2d(inputs, outputs, 1))


def layers(mistake):
    """The layer, with one mistake."""

    def enlarge(inputs, outputs, times):
        if mistake == "nothing to learn":
            return nn.Upsample(scale_factor=times, mode="bilinear")
        if mistake == "not a layer":
            return torch.nn.functional.interpolate
        if mistake == "made smaller":
            return nn.Conv2d(inputs, outputs, 2 * times, stride=times, padding=times // 2)
        if mistake == "not enlarged":
            return nn.Conv2d(inputs, outputs, 3, padding=1)
        if mistake == "channels swapped":
            return nn.ConvTranspose2d(outputs, inputs, 2 * times, times, times // 2)
        kernel, stride, padding, more = {
            "padding forgotten": (2 * times, times, 0, 0),
            "one pixel missing": (times + 1, times, 1, 0),
            "always by two": (4, 2, 1, 0),
            "checkerboard": (times + 1, times, 1, 1),
            "stamps apart": (times, times, 0, 0),
            "size": (2 * times, times, 1, 0),
        }[mistake]
        return nn.ConvTranspose2d(inputs, outputs, kernel, stride, padding, output_padding=more)

    enlarge.__name__ = mistake.replace(" ", "_")
    return enlarge


for name in ("nothing to learn", "not a layer", "made smaller", "not enlarged", "channels swapped", "size"):
    wrong("enlarge", name)(layers(name))
for name in ("padding forgotten", "one pixel missing", "always by two", "checkerboard", "stamps apart"):
    wrong("enlarge", name)(layers(name))


# Task 2: mixes


@right("mixes")
def by_gradient(discriminator, pictures):
    pictures.requires_grad_()
    discriminator(pictures)[-1].backward()
    return bool((pictures.grad[:-1].abs() > 1e-9).any())


@right("mixes")
def blanks_beside_it(discriminator, pictures):
    blank = torch.zeros_like(pictures)
    blank[0] = pictures[0]
    with torch.no_grad():
        before, after = discriminator(pictures)[0].item(), discriminator(blank)[0].item()
    return np.bool_(abs(before - after) > 1e-5)


@torch.no_grad()
def differs(discriminator, one, other, place=0):
    return not torch.allclose(discriminator(one)[place], discriminator(other)[place], atol=1e-6)


@wrong("mixes", "names looked at")
def is_there_batch_norm(discriminator, pictures):
    return any(isinstance(layer, nn.BatchNorm2d) for layer in discriminator.modules())


@wrong("mixes", "never")
def two_swapped(discriminator, pictures):
    other = pictures.clone()
    other[[1, 2]] = pictures[[2, 1]]
    return differs(discriminator, pictures, other)


@wrong("mixes", "batch norm overlooked")
def groups_only(discriminator, pictures):
    return any(isinstance(layer, GroupSpread) for layer in discriminator.modules())


@wrong("mixes", "only some others")
def the_last_one_only(discriminator, pictures):
    other = pictures.clone()
    other[-1] = torch.randn_like(other[-1])
    return differs(discriminator, pictures, other)


@wrong("mixes", "the picture itself")
def all_new(discriminator, pictures):
    return differs(discriminator, pictures, torch.randn_like(pictures))


@wrong("mixes", "mode changed")
def evaluated(discriminator, pictures):
    other = torch.randn_like(pictures)
    other[0] = pictures[0]
    return differs(discriminator.eval(), pictures, other)


@wrong("mixes", "mode changed")
def trained_and_put_back(discriminator, pictures):
    mode, other = discriminator.training, torch.randn_like(pictures)
    other[0] = pictures[0]
    said = differs(discriminator.train(), pictures, other)
    discriminator.train(mode)
    return said


@wrong("mixes", "group left out")
def alone(discriminator, pictures):
    return differs(discriminator, pictures, pictures[:1])


@wrong("mixes", "the other way round")
def independent(discriminator, pictures):
    other = torch.randn_like(pictures)
    other[0] = pictures[0]
    return not differs(discriminator, pictures, other)


@wrong("mixes", "not yes or no")
def which_differ(discriminator, pictures):
    return discriminator(pictures) != discriminator(pictures.flip(0))


# Task 3: near_twins


@right("near_twins")
def with_numpy(training, held_out, samples):
    known, unseen, drawn = (each.flatten(1).double().numpy() for each in (training, held_out, samples))
    to_known = [((each[:, None] - known) ** 2).sum(-1).min(1) ** 0.5 for each in (drawn, unseen)]
    usual = np.median(np.sort(to_known[1])[: 2 * ((len(unseen) + 1) // 2) - 1])  # torch's median of an odd number
    return [np.mean(each < usual / 2) for each in to_known]


@right("near_twins")
def picture_by_picture(training, held_out, samples):
    def away(picture):
        return float((training - picture).flatten(1).norm(dim=1).min())

    of_samples, of_held_out = ([away(picture) for picture in each] for each in (samples, held_out))
    limit = float(torch.tensor(of_held_out).median()) / 2
    return tuple(sum(one < limit for one in each) / len(each) for each in (of_samples, of_held_out))


def twins(mistake):
    """Both shares, with one mistake."""

    def near_twins(training, held_out, samples):
        known, unseen, drawn = (each.flatten(1) for each in (training, held_out, samples))
        power = 1 if mistake == "sum of the differences" else 2
        one, other = (torch.cdist(each, known, p=power) for each in (drawn, unseen))
        across = 0 if mistake == "nearest sample" else 1
        one, other = one.min(across).values, other.min(across).values
        if mistake == "nearest held-out picture":
            one = torch.cdist(drawn, unseen).min(1).values
        if mistake == "squared lengths":
            one, other = one**2, other**2
        usual = other.mean() if mistake == "mean, not median" else other.median()
        usual = one.median() if mistake == "samples' own floor" else usual
        limit = usual if mistake == "half forgotten" else usual / 2
        sides = (other, one) if mistake == "shares the other way round" else (one, other)
        near = [each > limit if mistake == "far, not near" else each < limit for each in sides]
        shares = [each.sum() if mistake == "count, not share" else each.float().mean() for each in near]
        if mistake == "not two shares":
            return shares[0] - shares[1]
        return [100 * share for share in shares] if mistake == "percent" else shares

    near_twins.__name__ = mistake.replace(" ", "_")
    return near_twins


right("near_twins")(twins(""))
for name in ("nearest sample", "nearest held-out picture", "squared lengths", "samples' own floor", "half forgotten"):
    wrong("near_twins", name)(twins(name))
for name in ("mean, not median", "sum of the differences", "far, not near", "shares the other way round"):
    wrong("near_twins", name)(twins(name))
for name in ("count, not share", "percent", "not two shares"):
    wrong("near_twins", name)(twins(name))


# Task 4: leaning, as a function of the student's numbers


def asked(formula):
    return lambda seed: formula(*check.copier(seed))


right("leaning")(asked(lambda copies, learned, held_out: copies * held_out / learned))
right("leaning")(asked(lambda copies, learned, held_out: torch.tensor(round(copies / (learned / 1000), 3))))
wrong("leaning", "every copy counted")(asked(lambda copies, learned, held_out: copies))
wrong("leaning", "all copied")(asked(lambda copies, learned, held_out: held_out / learned))
wrong("leaning", "how often nearer")(asked(lambda copies, learned, held_out: 0.5 + copies * held_out / learned / 2))
wrong("leaning", "half the share")(asked(lambda copies, learned, held_out: copies * held_out / learned / 2))
wrong("leaning", "no coins tossed")(asked(lambda copies, learned, held_out: 2 * copies * held_out / learned - 1))
wrong("leaning", "the honest samples")(asked(lambda copies, learned, held_out: (1 - copies) * held_out / learned))
wrong("leaning", "percent")(asked(lambda copies, learned, held_out: 100 * copies * held_out / learned))
wrong("leaning", "copies of other parts as farther")(
    asked(lambda copies, learned, held_out: 2 * (copies * held_out / learned + (1 - copies) / 2) - 1)
)
wrong("leaning", "not written")(lambda seed: None)


# Task 5: picture_training


@right("picture_training")
def by_names(gan, average, batches):
    for pixels, noise in batches:
        real = 2 * (pixels / 16) - 1
        with torch.no_grad():
            fake = gan.generator(noise[0])
        gan.discriminator_optimizer.zero_grad()
        (-logsigmoid(gan.discriminator(real) - gan.discriminator(fake))).mean(-1).sum().backward()
        gan.discriminator_optimizer.step()
        gan.generator_optimizer.zero_grad()
        ahead = gan.discriminator(gan.generator(noise[1])) - gan.discriminator(real)
        (-logsigmoid(ahead)).mean(-1).sum().backward()
        gan.generator_optimizer.step()
        now = dict(gan.generator.named_parameters())
        for name, kept in average.named_parameters():
            kept.data = kept.data + (now[name].detach() - kept.data) * 0.02


def trained(mistake):
    """The training, written out, with one mistake."""

    def scaled(pixels):
        return {
            "range": pixels / 8,
            "black and white swapped": 1 - pixels / 8,
            "bytes": pixels / 127.5 - 1,
        }.get(mistake, pixels / 8 - 1)

    def follow(average, generator):
        pairs = zip(average.parameters(), generator.parameters(), strict=True)
        for kept, weight in pairs:
            if mistake == "generator pulled":
                weight.data.lerp_(kept, 0.02)
            elif mistake == "average copied":
                kept.copy_(weight)
            elif mistake == "average unmoved":
                kept.lerp(weight, 0.02)
            else:
                kept.lerp_(weight, 0.98 if mistake == "shares swapped" else 0.02)

    def picture_training(gan, average, batches):
        generator, discriminator = gan.generator, gan.discriminator
        for pixels, noise in batches:
            real = scaled(pixels)
            fake = generator(noise[1 if mistake == "other noise" else 0]).detach()
            ahead = discriminator(real) - discriminator(fake)
            loss = softplus(ahead if mistake == "real and fake swapped" else -ahead)
            if mistake == "not compared":
                loss = softplus(-discriminator(real)) + softplus(discriminator(fake))
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean(-1).mean() if mistake == "mean over the GANs" else loss.mean(-1).sum()).backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue
            if mistake == "averaged too early":
                with torch.no_grad():
                    follow(average, generator)
            ahead = discriminator(generator(noise[1])) - discriminator(real)
            gan.generator_optimizer.zero_grad()
            softplus(ahead if mistake == "discriminator's loss" else -ahead).mean(-1).sum().backward()
            gan.generator_optimizer.step()
            with torch.no_grad():
                if mistake != "averaged too early":
                    follow(average, generator)

    picture_training.__name__ = mistake.replace(" ", "_") or "mended"
    return picture_training


right("picture_training")(trained(""))
for name in ("range", "black and white swapped", "generator pulled", "average copied", "average unmoved"):
    wrong("picture_training", name)(trained(name))
for name in ("shares swapped", "other noise", "real and fake swapped", "not compared", "forgotten zero_grad"):
    wrong("picture_training", name)(trained(name))
for name in ("mean over the GANs", "wrong number of steps", "averaged too early", "discriminator's loss"):
    wrong("picture_training", name)(trained(name))
wrong("picture_training", "range")(trained("bytes"))
