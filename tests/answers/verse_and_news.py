"""Answers to the assignment of chapter 16. A function's name says how it was written, or what is wrong with it."""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid, softplus

from gan_lessons.checks import metre
from gan_lessons.checks import verse_and_news as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: metre_cost


@right("metre_cost")
def by_words(words):
    place, cost = 0, 0
    for word in words:
        for stress in word:
            if place % 2 == 0 and stress == 1 and place != 0:
                cost += 2 if len(word) > 1 else 1
            elif place % 2 == 1 and stress == 0:
                if len(word) == 1:
                    cost += 1
                elif place > 1:
                    cost += 2
            place += 1
    return cost


@right("metre_cost")
def by_tensors(words):
    stress = torch.tensor([each for word in words for each in word])
    longer = torch.tensor([len(word) > 1 for word in words for _ in word])
    strong = torch.arange(len(stress)) % 2 == 1
    fault = torch.where(strong, stress == 0, stress == 1)
    fault[0] = False
    fault[1] &= ~longer[1]
    return ((1 + longer.long()) * fault).sum()


@wrong("metre_cost", "nothing free")
def without_liberties(words):
    syllables = [(stress, len(word)) for word in words for stress in word]
    return sum(min(size, 2) * (stress == 1 - place % 2) for place, (stress, size) in enumerate(syllables))


@wrong("metre_cost", "minor stress counted")
def by_truth(words):
    cost, place = 0, 0
    for word in words:
        for stress in word:
            if place > 0 and bool(stress) != (place % 2 == 1) and not (place == 1 and len(word) > 1):
                cost += 1 + (len(word) > 1)
            place += 1
    return cost


@wrong("metre_cost", "places anew in every word")
def word_by_word(words):
    cost = 0
    for word in words:
        for place, stress in enumerate(word):
            free = (place == 0 and stress == 1) or (place == 1 and stress == 0)
            cost += (stress == 1 - place % 2) * (not free) * (2 if len(word) > 1 else 1)
    return cost


@wrong("metre_cost", "not a cost")
def a_list(words):
    return [stress for word in words for stress in word]


for name in ("whole first foot free", "second place not free", "once a word", "costs swapped", "faults counted"):
    wrong("metre_cost", name)(lambda words, name=name: metre.cost(words, name))
for name in ("weak syllables not asked", "stresses not asked", "strong and weak places swapped", "first word free"):
    wrong("metre_cost", name)(lambda words, name=name: metre.cost(words, name))
for name in ("minor stress taken for weak",):
    wrong("metre_cost", name)(lambda words, name=name: metre.cost(words, name))


# Task 2: worth


@right("worth")
def by_loops(scores, written, discount):
    rewards = 2 * torch.sigmoid(scores.detach()) - 1
    values = torch.zeros_like(rewards)
    returns = torch.zeros_like(rewards)
    count, longest = rewards.shape
    for i in range(count):
        following = 0.0
        for t in range(longest - 1, -1, -1):
            if written[i, t]:
                following = rewards[i, t] + discount * following
                returns[i, t] = following
    for t in range(longest):
        for i in range(count):
            others = [returns[j, t] for j in range(count) if j != i and written[j, t]]
            if written[i, t]:
                values[i, t] = returns[i, t] - (sum(others) / len(others) if others else 0)
    return values


@right("worth")
@torch.no_grad()
def by_matrix(scores, written, discount):
    rewards = (scores / 2).tanh() * written
    steps = torch.arange(scores.shape[1])
    ahead = steps[:, None] - steps
    returns = rewards @ torch.where(ahead >= 0, float(discount) ** ahead.clamp(min=0), 0.0)
    left = written.sum(0, keepdim=True) - written
    baseline = torch.where(left > 0, (returns.sum(0) - returns) / left, 0.0)
    return torch.where(written > 0, returns - baseline, 0.0)


def valued(mistake):
    """The words' worth, with one mistake."""

    def worth(scores, written, discount):
        given = scores if mistake == "worth not constant" else scores.detach()
        rewards = {"probability as the reward": given.sigmoid(), "score as the reward": given}.get(
            mistake, 2 * given.sigmoid() - 1
        )
        rewards = rewards if mistake == "rewards behind the end" else rewards * written
        places = range(scores.shape[1])
        rate = 1.0 if mistake == "discount forgotten" else discount
        following, found = torch.zeros(len(scores)), {}
        for place in places if mistake == "words before" else reversed(places):
            reward = rewards[:, place]
            found[place] = reward + rate * following
            following = reward if mistake == "one word ahead only" else found[place]
        returns = torch.stack([found[place] for place in places], 1)
        if mistake == "own reward only":
            returns = rewards
        if mistake == "one return for all words":
            returns = returns[:, :1] * written
        if mistake == "rewards behind the end":
            returns = returns * written
        if mistake == "returns without a baseline":
            return returns
        if mistake == "own line in the baseline":
            return (returns - returns.sum(0) / written.sum(0)) * written
        if mistake == "ended lines in the baseline":
            return (returns - (returns.sum(0) - returns) / (len(returns) - 1)) * written
        if mistake == "baseline along the line":
            return (returns - returns.sum(1, keepdim=True) / written.sum(1, keepdim=True)) * written
        left = written.sum(0) - written
        left = left if mistake == "no other line left" else left.clamp(min=1)
        values = returns - (returns.sum(0) - returns) / left
        return values if mistake == "worth behind the end" else values * written

    worth.__name__ = mistake.replace(" ", "_")
    return worth


for name in ("worth not constant", "probability as the reward", "score as the reward", "rewards behind the end"):
    wrong("worth", name)(valued(name))
for name in ("discount forgotten", "words before", "one word ahead only", "own reward only", "no other line left"):
    wrong("worth", name)(valued(name))
for name in ("one return for all words", "returns without a baseline", "own line in the baseline"):
    wrong("worth", name)(valued(name))
for name in ("ended lines in the baseline", "baseline along the line", "worth behind the end"):
    wrong("worth", name)(valued(name))


# Task 3: share_of_d, as a function of the student's number


def asked(formula):
    return lambda seed: formula(*check.own_runs(seed))


right("share_of_d")(asked(lambda start, gan, off: (gan - off) / (gan - start)))
right("share_of_d")(asked(lambda start, gan, off: torch.tensor(round(1 - (off - start) / (gan - start), 2))))
wrong("share_of_d", "gain of the rest")(asked(lambda start, gan, off: (off - start) / (gan - start)))
wrong("share_of_d", "difference, not its share")(asked(lambda start, gan, off: gan - off))
wrong("share_of_d", "share of the whole, not of the gain")(asked(lambda start, gan, off: (gan - off) / gan))
wrong("share_of_d", "share of the rest's gain")(asked(lambda start, gan, off: (gan - off) / (off - start)))
wrong("share_of_d", "the whole gain")(asked(lambda start, gan, off: gan - start))
wrong("share_of_d", "share of the errors")(asked(lambda start, gan, off: (gan - off) / (1 - off)))
wrong("share_of_d", "percent, not a share")(asked(lambda start, gan, off: 100 * (gan - off) / (gan - start)))
wrong("share_of_d", "not written")(lambda seed: None)


# Task 4: preference_loss


@right("preference_loss")
def by_sorting(rewards, costs):
    kept = (costs[:, 0] - costs[:, 1]) != 0
    better, worse = rewards[kept].gather(1, costs[kept].argsort(dim=1)).unbind(1)
    return softplus(worse - better).mean()


@right("preference_loss")
def as_classification(rewards, costs):
    labels = (costs[:, 0] < costs[:, 1]).float()
    each = binary_cross_entropy_with_logits(rewards[:, 0] - rewards[:, 1], labels, reduction="none")
    kept = (costs[:, 0] != costs[:, 1]).float()
    return (each * kept).sum() / kept.sum()


def preferred(mistake):
    """The reward model's loss, with one mistake."""

    def preference_loss(rewards, costs):
        kept = costs[:, 0] != costs[:, 1]
        if mistake == "ties kept":
            kept = torch.ones_like(kept)
        rewards, costs = rewards[kept], costs[kept]
        cheap = costs[:, 0] < costs[:, 1]
        if mistake == "costlier line preferred":
            cheap = ~cheap
        if mistake == "first line always preferred":
            cheap = torch.ones_like(cheap)
        better = torch.where(cheap, rewards[:, 0], rewards[:, 1])
        worse = torch.where(cheap, rewards[:, 1], rewards[:, 0])
        ahead = better - worse
        if mistake == "sigmoid without its logarithm":
            return -ahead.sigmoid().mean()
        if mistake == "margin in place of the sigmoid":
            return (1 - ahead).relu().mean()
        if mistake == "rewards one by one":
            return softplus(-better).mean() + softplus(worse).mean()
        if mistake == "logarithm of the mean":
            return -ahead.sigmoid().mean().log()
        if mistake == "overflow":
            return -ahead.sigmoid().log().mean()
        if mistake == "no gradient":
            return -logsigmoid(ahead.detach()).mean()
        each = -logsigmoid(ahead)
        if mistake == "costs as weights":
            return ((costs[:, 0] - costs[:, 1]).abs() * each).mean()
        return {"pairs summed": each.sum(), "minus forgotten": -each.mean()}.get(mistake, each.mean())

    preference_loss.__name__ = mistake.replace(" ", "_")
    return preference_loss


for name in ("ties kept", "costlier line preferred", "first line always preferred", "sigmoid without its logarithm"):
    wrong("preference_loss", name)(preferred(name))
for name in ("margin in place of the sigmoid", "rewards one by one", "logarithm of the mean", "overflow"):
    wrong("preference_loss", name)(preferred(name))
for name in ("no gradient", "costs as weights", "pairs summed", "minus forgotten"):
    wrong("preference_loss", name)(preferred(name))


# Task 5: code_training


def trained(mistake):
    """The training, written out, with one mistake."""

    def code_training(gan, batches):
        for lines, told, noise in batches:
            coder, score = gan.generator, gan.discriminator
            given = lines if mistake == "whole lines encoded" else told
            code = coder.encode(given)
            seen = code.detach()
            real, fake = (seen, noise) if mistake == "codes taken for real" else (noise, seen)
            of_real, of_fake = softplus(-score(real)).mean(-1), softplus(score(fake)).mean(-1)
            loss = {"codes forgotten": of_real, "noise forgotten": of_fake}.get(mistake, of_real + of_fake)
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.discriminator_optimizer.step()

            aim = told if mistake == "hidden syllables as the aim" else lines
            logits = coder.write(seen if mistake == "encoder not taught to rebuild" else code)
            rebuilding = softplus(-aim * logits)
            rebuilding = rebuilding.sum(-1) if mistake == "syllables summed" else rebuilding.mean(-1)
            scores = score(seen if mistake == "D not heard" else code)
            adversarial = softplus(scores if mistake == "discriminator's loss" else -scores)
            weight = 1 if mistake == "adversarial loss unweighted" else 0.3
            both = adversarial * 0.3 if mistake == "rebuilding forgotten" else rebuilding + weight * adversarial
            gan.generator_optimizer.zero_grad()
            both.mean(-1).sum().backward()
            gan.generator_optimizer.step()

    code_training.__name__ = mistake.replace(" ", "_") or "mended"
    return code_training


@right("code_training")
def encoded_twice(gan, batches):
    for lines, told, noise in batches:
        scores = gan.discriminator(torch.cat([noise, gan.generator.encode(told)], 1))
        n = noise.shape[1]
        labels = (torch.arange(2 * n) < n).float().expand_as(scores)
        gan.discriminator_optimizer.zero_grad()
        (2 * binary_cross_entropy_with_logits(scores, labels, reduction="none").mean(1)).sum().backward()
        gan.discriminator_optimizer.step()
        gan.generator_optimizer.zero_grad()
        code = gan.generator.encode(told)
        rebuilt = -logsigmoid(lines * gan.generator.write(code)).mean((1, 2))
        (rebuilt - 0.3 * logsigmoid(gan.discriminator(code)).mean(1)).sum().backward()
        gan.generator_optimizer.step()


right("code_training")(trained(""))
for name in ("codes taken for real", "codes forgotten", "noise forgotten", "forgotten zero_grad", "D not heard"):
    wrong("code_training", name)(trained(name))
for name in ("whole lines encoded", "mean over the GANs", "hidden syllables as the aim", "syllables summed"):
    wrong("code_training", name)(trained(name))
for name in ("encoder not taught to rebuild", "discriminator's loss", "adversarial loss unweighted"):
    wrong("code_training", name)(trained(name))
wrong("code_training", "rebuilding forgotten")(trained("rebuilding forgotten"))
