"""The check of a reward model's loss, and a small reward model of lines that learns by it."""

from collections.abc import Callable, Sequence
from functools import cache

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, relu, softplus

from gan_lessons.checks import call, compare, finite, length, slopes
from gan_lessons.checks.cards import task
from gan_lessons.checks.metre import regular
from gan_lessons.data.verse import shuffled, verse
from gan_lessons.metrics.metre import scansion
from gan_lessons.networks.points import PointDiscriminator

STEPS, PAIRS = 100, 128
NEW = 300  # lines that the reward model has not learned from


@task
def preference_loss(answer: Callable, seed: int = 0, counts: Sequence[int] = (6, 11)) -> list[tuple[int, str]]:
    """Check preference_loss(rewards, costs) on so many pairs, and let a reward model learn by it.

    Return six of 300 new lines with their costs: the three that it rewards most, and the three that it rewards least.
    """
    for count in counts:
        random = torch.Generator().manual_seed(seed + count)
        rewards = torch.randn(count, 2, generator=random).requires_grad_()
        costs = torch.randint(5, (count, 2), generator=random)
        costs[:4] = torch.tensor([[3, 3], [1, 4], [2, 0], [0, 0]])
        what = f"{answer.__name__}, {count} pairs"
        right = loss_of(rewards, costs)
        yours = call(answer, rewards.clone(), costs.clone())
        compare(what, yours, right, mistakes(rewards, costs))
        (mine,), (truth,) = (slopes(one, [rewards]) for one in (yours, right))
        compare(f"{what}: the gradient", mine, truth, [("no gradient", torch.zeros_like(truth))], length)
        huge = 1000 * rewards.detach()
        finite(f"{what}, rewards in the thousands", call(answer, huge.clone(), costs.clone()), loss_of(huge, costs))
    return ranked(answer, seed)


def apart(rewards: Tensor, costs: Tensor) -> tuple[Tensor, Tensor]:
    """The reward of the preferred line and that of the other, without ties."""
    kept = costs[:, 0] != costs[:, 1]
    rewards, costs = rewards[kept], costs[kept]
    better, worse = rewards.gather(1, costs.argsort(1)).T
    return better, worse


def loss_of(rewards: Tensor, costs: Tensor) -> Tensor:
    better, worse = apart(rewards, costs)
    return -logsigmoid(better - worse).mean()


def mistakes(rewards: Tensor, costs: Tensor) -> list[tuple[str, Tensor]]:
    """The loss after the usual mistakes."""
    better, worse = apart(rewards, costs)
    right = -logsigmoid(better - worse)
    first, second = rewards.T
    cheap, even = costs[:, 0] < costs[:, 1], costs[:, 0] == costs[:, 1]
    every = [-logsigmoid(torch.where(some, first - second, second - first)).mean() for some in (cheap, cheap | even)]
    weights = (costs[:, 0] - costs[:, 1]).abs()[~even]
    return [
        ("costlier line preferred", softplus(better - worse).mean()),
        *(("ties kept", one) for one in every),
        ("ties kept", right.sum() / len(costs)),
        ("ties kept", (right.sum() + even.sum() * softplus(torch.zeros(()))) / len(costs)),
        ("first line always preferred", softplus(second - first)[~even].mean()),
        ("first line always preferred", softplus(second - first).mean()),
        ("sigmoid without its logarithm", -(better - worse).sigmoid().mean()),
        ("sigmoid without its logarithm", 1 - (better - worse).sigmoid().mean()),
        ("logarithm of the mean", -(better - worse).sigmoid().mean().log()),
        ("logarithm of the mean", softplus((worse - better).mean())),
        ("margin in place of the sigmoid", relu(1 - (better - worse)).mean()),
        ("rewards one by one", (softplus(-better) + softplus(worse)).mean()),
        ("pairs summed", right.sum()),
        ("costs as weights", (weights * right).mean()),
        ("minus forgotten", -right.mean()),
    ]


@cache
def disordered() -> tuple[tuple[str, ...], Tensor, Tensor]:
    """Lines in another order of words; their syllables' stresses, and whether in longer words, [n, 24]; their costs."""
    texts = verse().train
    lines = texts.read(shuffled(texts.write(regular("train")[:800]), seed=16))
    features = torch.zeros(len(lines), 2, 12)
    for row, line in enumerate(lines):
        each = [(2 * (stress > 0) - 1, len(word) > 1) for word in scansion(line).stresses for stress in word][:12]
        features[row, :, : len(each)] = torch.tensor(each).float().T
    return tuple(lines), features.flatten(1), torch.tensor([scansion(line).cost for line in lines])


def ranked(loss: Callable, seed: int) -> list[tuple[int, str]]:
    """Teach a reward model by a loss; the new lines that it rewards most and least."""
    torch.manual_seed(seed)
    lines, features, costs = disordered()
    order = torch.randperm(len(lines))
    known, new = order[NEW:], order[:NEW]
    model = PointDiscriminator(features.shape[1], width=32)
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(STEPS):
        pairs = known[torch.randint(len(known), (PAIRS, 2))]
        value = call(loss, model(features[pairs]), costs[pairs])
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    with torch.no_grad():
        best = new[model(features[new]).argsort(descending=True)].tolist()
    return [(int(costs[k]), lines[k]) for k in best[:3] + best[-3:]]
