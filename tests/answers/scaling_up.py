"""Answers to the assignment of chapter 21. A function's name says how it was written, or what is wrong with it."""

import math

import torch
from torch.nn.functional import softplus

from gan_lessons.checks import scaling_up as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: convolution


@right("convolution")
def by_the_output(batch, inputs, outputs, side, kernel, roof):
    written, products = batch * outputs * side * side, inputs * kernel * kernel
    flops = written * products * 2
    moved = 4 * sum((written, batch * inputs * side * side, outputs * products))
    seconds = max(flops / roof.flops, moved / roof.bandwidth, roof.launch * 1e-6)
    return [flops, moved, seconds * 1e6]


@right("convolution")
def by_shapes(batch, inputs, outputs, side, kernel, roof):
    x, y = (torch.empty(batch, channels, side, side, device="meta") for channels in (inputs, outputs))
    weight = torch.empty(outputs, inputs, kernel, kernel, device="meta")
    flops, moved = 2 * y.numel() * weight[0].numel(), sum(one.nbytes for one in (x, y, weight))
    return torch.tensor([flops, moved, max(1e6 * flops / roof[0], 1e6 * moved / roof[1], roof[2])], dtype=torch.double)


def counts(mistake):
    """The three numbers, with one mistake."""

    def convolution(batch, inputs, outputs, side, kernel, roof):
        flops = 2 * batch * side**2 * outputs * inputs * kernel**2
        flops /= {
            "multiplications only": 2, "batch left out": batch, "one pixel of the kernel": kernel**2,
            "inputs left out": inputs,
        }.get(mistake, 1)  # fmt: skip
        read, weights, written = batch * side**2 * inputs, inputs * outputs * kernel**2, batch * side**2 * outputs
        read = 0 if mistake == "input left out" else read
        written = 0 if mistake == "output left out" else written
        weights *= {"weights left out": 0, "weights for every picture": batch}.get(mistake, 1)
        each = {"numbers, not bytes": 1, "two bytes each": 2}.get(mistake, 4)
        moved = each * (read + weights + written)
        times = flops / roof.flops * 1e6, moved / roof.bandwidth * 1e6, roof.launch
        slowest = {
            "the three added up": sum(times), "launch forgotten": max(times[:2]), "arithmetic only": times[0],
            "memory only": times[1], "fastest of the three": min(times), "seconds": max(times) / 1e6,
            "milliseconds": max(times) / 1000, "launch in seconds": max(*times[:2], times[2] * 1e6),
        }.get(mistake, max(times))  # fmt: skip
        return (flops, moved) if mistake == "not three counts" else (flops, moved, slowest)

    convolution.__name__ = mistake.replace(" ", "_")
    return convolution


for name in ("multiplications only", "batch left out", "one pixel of the kernel", "inputs left out", "two bytes each"):
    wrong("convolution", name)(counts(name))
for name in ("numbers, not bytes", "weights left out", "output left out", "input left out", "not three counts"):
    wrong("convolution", name)(counts(name))
for name in ("weights for every picture", "the three added up", "launch forgotten", "arithmetic only", "memory only"):
    wrong("convolution", name)(counts(name))
for name in ("fastest of the three", "seconds", "milliseconds", "launch in seconds"):
    wrong("convolution", name)(counts(name))


# Task 2: euros, as a function of the student's number


def bill(formula):
    """The price of electricity, of steps, and of a step's asking and working in microseconds."""

    def euros(seed):
        plan = check.own_plan(seed)
        price = plan.watts / 1000 * 1.4 * 0.3 / 3600 / 1e6  # of a microsecond
        return formula(price, plan.samples / plan.batch, plan.operations * plan.launch, plan.working, plan)

    return euros


right("euros")(bill(lambda price, steps, asking, working, _: price * steps * max(asking, working)))
right("euros")(bill(lambda price, steps, asking, working, _: torch.tensor(price * steps * max(asking, working))))
right("euros")(bill(lambda price, steps, asking, working, _: float(f"{price * steps * max(asking, working):.3g}")))
wrong("euros", "shorter of the two")(
    bill(lambda price, steps, asking, working, _: price * steps * min(asking, working))
)
wrong("euros", "asking and working added")(bill(lambda price, steps, asking, work, _: price * steps * (asking + work)))
wrong("euros", "computer forgotten")(bill(lambda price, steps, *times: price * steps * max(times[:2]) / 1.4))
wrong("euros", "kWh, not euros")(bill(lambda price, steps, *times: price * steps * max(times[:2]) / 0.3))
wrong("euros", "watt-hours")(bill(lambda price, steps, *times: price * steps * max(times[:2]) * 1000))
wrong("euros", "a step for every sample")(bill(lambda price, _, *times: price * times[2].samples * max(times[:2])))
wrong("euros", "batch twice")(bill(lambda price, steps, *times: price * steps * max(times[:2]) / times[2].batch))
wrong("euros", "minutes or seconds as hours")(bill(lambda price, steps, *times: price * steps * max(times[:2]) * 3600))
wrong("euros", "not written")(lambda seed: None)


# Task 3: accumulated


@right("accumulated")
def by_indices(network, loss, samples, most):
    for weight in network.parameters():
        weight.grad = None
    for start in range(0, len(samples), most):
        part = samples[start : start + most]
        share = len(part) / samples.shape[0]
        (share * loss(network(part))).backward()


@right("accumulated")
def by_grad(network, loss, samples, most):
    weights = list(network.parameters())
    total = [torch.zeros_like(weight) for weight in weights]
    for part in torch.split(samples, most):
        for so_far, slope in zip(total, torch.autograd.grad(loss(network(part)), weights), strict=True):
            so_far += slope * len(part)
    for weight, so_far in zip(weights, total, strict=True):
        weight.grad = so_far / len(samples)


@right("accumulated")
def chunks_of_one(network, loss, samples, most):
    network.zero_grad()
    for sample in samples:
        (loss(network(sample[None])) / len(samples)).backward()


def in_parts(mistake):
    """The gradient in parts, with one mistake."""

    def accumulated(network, loss, samples, most):
        parts = samples.split(len(samples) if mistake == "whole batch at once" else most)
        parts = parts[: len(samples) // most] if mistake == "last part dropped" else parts
        if mistake != "forgotten zero_grad":
            network.zero_grad()
        for part in parts:
            if mistake == "last part only":
                network.zero_grad()
            if mistake == "samples shown twice":
                loss(network(part))
            value = loss(network(part))
            share = {"parts weighed alike": 1 / len(parts), "parts added up": 1, "summed": len(part)}
            if mistake == "last part dropped":
                share = {mistake: 1 / len(parts)}
            (value * share.get(mistake, len(part) / len(samples))).backward()

    accumulated.__name__ = mistake.replace(" ", "_")
    return accumulated


@wrong("accumulated", "no backward")
def only_the_loss(network, loss, samples, most):
    return sum(loss(network(part)) * len(part) / len(samples) for part in samples.split(most))


@wrong("accumulated", "parts weighed alike")
def divided_by_the_number_of_parts(network, loss, samples, most):
    network.zero_grad()
    for part in samples.split(most):
        (loss(network(part)) * most / len(samples)).backward()


for name in ("whole batch at once", "last part dropped", "forgotten zero_grad", "last part only", "summed"):
    wrong("accumulated", name)(in_parts(name))
for name in ("samples shown twice", "parts weighed alike", "parts added up"):
    wrong("accumulated", name)(in_parts(name))


@wrong("accumulated", "all graphs kept")
def one_backward_at_the_end(network, loss, samples, most):
    network.zero_grad()
    sum(loss(network(part)) * len(part) / len(samples) for part in samples.split(most)).backward()


@wrong("accumulated", "all graphs kept")
def scores_side_by_side(network, loss, samples, most):
    network.zero_grad()
    loss(torch.cat([network(part) for part in samples.split(most)])).backward()


# Task 4: notes


@right("notes")
def read_at_the_end(step, steps, every):
    losses = torch.stack([step().detach() for _ in range(steps)]).reshape(-1, every)
    return list(zip(losses.mean(1).tolist(), losses.max(1).values.tolist(), strict=True))


@right("notes")
def two_numbers_on_the_card(step, steps, every):
    found, total, largest = [], None, None
    for number in range(steps):
        loss = step().detach()
        total = loss if total is None else total + loss
        largest = loss if largest is None else torch.maximum(largest, loss)
        if number % every == every - 1:
            found.append([float(total) / every, float(largest)])
            total = largest = None
    return found


@right("notes")
@torch.no_grad()
def without_gradients_outside(step, steps, every):
    found = []
    for _ in range(steps // every):
        some = [step().data for _ in range(every)]
        found.append((sum(some).item() / every, max(one.item() for one in some)))
    return found


def noted(mistake):
    """The notes, with one mistake."""

    def notes(step, steps, every):
        found, some = [], []
        so_far = torch.tensor(0.0 if mistake == "begun at zero" else -math.inf)
        for number in range(1, steps + 1):
            loss = step() if mistake == "graphs kept" else step().detach()
            if mistake == "read each step":
                loss = torch.tensor(loss.item())
            if mistake == "asked each step":
                so_far = max(so_far, loss)
            some.append(loss)
            if number % every == 0:
                losses = torch.stack(some)
                mean = losses.sum() if mistake == "sum, not mean" else losses.mean()
                mean = losses[-1] if mistake == "last loss only" else mean
                so_far = torch.maximum(so_far, losses.max())
                pair = float(mean), float(so_far)
                found.append(pair[::-1] if mistake == "mean and largest swapped" else pair)
                some = some if mistake == "never emptied" else []
                if mistake not in ("largest of all steps", "begun at zero"):
                    so_far = torch.tensor(-math.inf)
        return found[0] if mistake == "not pairs" else found

    notes.__name__ = mistake.replace(" ", "_")
    return notes


for name in ("graphs kept", "asked each step", "sum, not mean", "last loss only", "never emptied", "begun at zero"):
    wrong("notes", name)(noted(name))
for name in ("largest of all steps", "mean and largest swapped", "not pairs", "read each step"):
    wrong("notes", name)(noted(name))


@wrong("notes", "tensors, not numbers")
def tensors(step, steps, every):
    losses = torch.stack([step().detach() for _ in range(steps)]).reshape(-1, every)
    return list(zip(losses.mean(1), losses.max(1).values, strict=True))


@wrong("notes", "read each step")
def printed(step, steps, every):
    found, some = [], []
    for number in range(1, steps + 1):
        some.append(step().detach())
        print(f"step {number}: {some[-1]:.3f}", end="\r")
        if number % every == 0:
            found.append((torch.stack(some).mean().item(), torch.stack(some).max().item()))
            some = []
    return found


# Task 5: parallel_training


def over_ranks(mistake):
    """The training over four ranks, with one mistake."""

    def parallel_training(gan, batches):
        for real, noise in batches:
            ranks = range(1 if mistake == "first rank only" else 4)
            share = 1 if mistake in ("ranks added up", "first rank only") else 1 / 4
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            for rank in ranks:
                if mistake == "last rank only":
                    gan.discriminator_optimizer.zero_grad()
                fake = gan.generator(noise[1 if mistake == "other noise" else 0, rank]).detach()
                fake = gan.generator(noise[0, 0]).detach() if mistake == "the same noise for all" else fake
                seen = (fake, real[rank]) if mistake == "real and fake swapped" else (real[rank], fake)
                seen = (real[0], fake) if mistake == "the same reals for all" else seen
                loss = softplus(-gan.discriminator(seen[0])).mean(-1)
                loss = loss * share if mistake == "ranks not averaged over fakes" else loss
                if mistake != "fakes forgotten":
                    loss = loss + softplus(gan.discriminator(seen[1])).mean(-1)
                loss = loss if mistake == "ranks not averaged over fakes" else loss * share
                (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
                if mistake == "wrong number of steps":
                    gan.discriminator_optimizer.step()
            if mistake != "wrong number of steps":
                gan.discriminator_optimizer.step()
            gan.generator_optimizer.zero_grad()
            for rank in ranks:
                scores = gan.discriminator(gan.generator(noise[1, rank]))
                (softplus(scores if mistake == "discriminator's loss" else -scores).mean(-1).sum() / 4).backward()
            gan.generator_optimizer.step()

    parallel_training.__name__ = mistake.replace(" ", "_") or "mended"
    return parallel_training


right("parallel_training")(over_ranks(""))


@right("parallel_training")
def one_process(gan, batches):
    for real, noise in batches:
        whole, drawn = real.transpose(0, 1).flatten(1, 2), noise.transpose(1, 2).flatten(2, 3)
        fake = gan.generator(drawn[0]).detach()
        loss = softplus(-gan.discriminator(whole)) + softplus(gan.discriminator(fake))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()
        gan.generator_optimizer.zero_grad()
        softplus(-gan.discriminator(gan.generator(drawn[1]))).mean(-1).sum().backward()
        gan.generator_optimizer.step()


for name in ("last rank only", "ranks added up", "first rank only", "the same noise for all", "the same reals for all"):
    wrong("parallel_training", name)(over_ranks(name))
for name in ("forgotten zero_grad", "other noise", "real and fake swapped", "fakes forgotten", "discriminator's loss"):
    wrong("parallel_training", name)(over_ranks(name))
for name in ("ranks not averaged over fakes", "mean over the GANs", "wrong number of steps"):
    wrong("parallel_training", name)(over_ranks(name))


@wrong("parallel_training", "the same noise for all")
def one_line_left(gan, batches):
    for real, noise in batches:
        gan.discriminator_optimizer.zero_grad()
        for rank in range(4):
            fake = gan.generator(noise[0][rank]).detach()
            loss = softplus(-gan.discriminator(real[rank])) + softplus(gan.discriminator(fake))
            (loss.mean(-1).sum() / 4).backward()
        gan.discriminator_optimizer.step()
        gan.generator_optimizer.zero_grad()
        for _ in range(4):
            loss = softplus(-gan.discriminator(gan.generator(noise[1][0])))
            (loss.mean(-1).sum() / 4).backward()
        gan.generator_optimizer.step()


@wrong("parallel_training", "ranks added up")
def two_lines_left(gan, batches):
    for real, noise in batches:
        gan.discriminator_optimizer.zero_grad()
        for rank in range(4):
            fake = gan.generator(noise[0][rank]).detach()
            loss = softplus(-gan.discriminator(real[rank])) + softplus(gan.discriminator(fake))
            (loss.mean(-1).sum() / 4).backward()
        gan.discriminator_optimizer.step()
        gan.generator_optimizer.zero_grad()
        for _ in range(4):
            loss = softplus(-gan.discriminator(gan.generator(noise[1][0])))
            loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
