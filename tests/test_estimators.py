"""Gradients through symbols, against the exact gradient where all texts can be counted."""

import itertools
from functools import partial

import pytest
import torch

from gan_lessons import estimators
from gan_lessons.networks.text import Autoregressive

KINDS, LENGTH = 3, 3
ALL = torch.tensor(list(itertools.product(range(KINDS), repeat=LENGTH)))
PLACES = KINDS ** torch.arange(LENGTH - 1, -1, -1)
REWARDS = 2 + torch.randn(len(ALL), generator=torch.Generator().manual_seed(1))


class Table(Autoregressive):
    """A generator with a free logit for every symbol after every prefix: all of it can be written down."""

    def __init__(self):
        super().__init__(KINDS, LENGTH)
        self.logits = torch.nn.Parameter(torch.randn(40, KINDS, generator=torch.Generator().manual_seed(0)))

    def step(self, symbols, state):
        codes = [] if state is None else [state]
        for symbol in symbols.unbind(1):
            before = codes[-1] if codes else torch.zeros_like(symbol)
            codes.append(torch.where(symbol == KINDS, 0, KINDS * before + symbol + 1))
        codes = codes[-symbols.shape[1] :]
        return torch.stack([self.logits[code] for code in codes], dim=1), codes[-1]


def reward(symbols):
    """Any number a text."""
    return REWARDS[(symbols * PLACES).sum(-1)]


def gradient(table, loss):
    (found,) = torch.autograd.grad(loss, table.logits)
    return found.flatten()


def exact(table):
    """The gradient of -E[reward], every text counted."""
    probabilities = table.log_probabilities(ALL).sum(-1).exp()
    return gradient(table, -(probabilities * REWARDS).sum())


def next_values(table):
    """What each next symbol is worth after each prefix of each text: [27, length, kinds], every ending counted."""
    probabilities = table.log_probabilities(ALL).sum(-1).exp().detach()
    values = torch.zeros(len(ALL), LENGTH, KINDS)
    for k, text in enumerate(ALL):
        for place, symbol in itertools.product(range(LENGTH), range(KINDS)):
            begin = torch.cat([text[:place], torch.tensor([symbol])])
            fits = (ALL[:, : place + 1] == begin).all(1)
            values[k, place, symbol] = (probabilities * REWARDS)[fits].sum() / probabilities[fits].sum()
    return values


CRITIC = next_values(Table())


def estimate(way, table, batch=16):
    symbols = table.sample(batch)
    logs = table.log_probabilities(symbols)
    match way:
        case "whole":
            values = reward(symbols)[:, None].expand(-1, LENGTH)
        case "baseline":
            values = estimators.less_the_others(reward(symbols))[:, None].expand(-1, LENGTH)
        case "rollouts":
            values = estimators.rollouts(table.complete, reward, symbols, count=4)
        case "rollouts and baseline":
            values = estimators.less_the_others(estimators.rollouts(table.complete, reward, symbols, count=4))
        case "all actions":
            critic = CRITIC[(symbols * PLACES).sum(-1)]
            return gradient(table, estimators.all_actions(table(symbols).softmax(-1), critic))
        case "wrong critic":
            critic = CRITIC[(symbols * PLACES).sum(-1)].square()
            return gradient(table, estimators.all_actions(table(symbols).softmax(-1), critic))
        case "own baseline":  # a mean that the sample itself enters: biased by a factor of 1 - 1/batch
            values = (reward(symbols) - reward(symbols).mean())[:, None].expand(-1, LENGTH)
    return gradient(table, estimators.reinforce(logs, values))


@pytest.fixture(scope="module")
def measured():
    """For each way its mean over many batches, the standard error of that, and its variance."""
    torch.manual_seed(0)
    found, table = {}, Table()
    ways = ("whole", "baseline", "rollouts", "rollouts and baseline", "all actions", "wrong critic", "own baseline")
    for way in ways:
        batch = 2 if way == "own baseline" else 16
        many = torch.stack([estimate(way, table, batch) for _ in range(400)])
        found[way] = many.mean(0), many.std(0) / len(many) ** 0.5, float(many.var(0).sum())
    return table, found


def off(table, mean, error):
    """The squared distance from the exact gradient in standard errors, a coordinate: 1 where there is no bias."""
    touched = error > 1e-9
    return float(((mean - exact(table))[touched] / error[touched]).square().mean())


@pytest.mark.parametrize("way", ["whole", "baseline", "rollouts", "rollouts and baseline", "all actions"])
def test_these_are_unbiased(measured, way):
    table, found = measured
    assert off(table, *found[way][:2]) < 2


@pytest.mark.parametrize("way", ["wrong critic", "own baseline"])
def test_these_are_biased(measured, way):
    table, found = measured
    assert off(table, *found[way][:2]) > 4


def test_each_help_lowers_the_variance(measured):
    _, found = measured
    variance = {way: found[way][2] for way in found}
    assert variance["all actions"] < variance["baseline"] < variance["whole"]
    assert variance["rollouts and baseline"] < variance["rollouts"] < variance["whole"]


def test_the_exact_gradient_is_a_finite_difference():
    table, step = Table().double(), 1e-5
    expected = lambda: (table.log_probabilities(ALL).sum(-1).exp() * REWARDS.double()).sum()  # noqa: E731
    slope, before = gradient(table, -expected())[0], expected().detach()
    with torch.no_grad():
        table.logits[0, 0] += step
    torch.testing.assert_close(-(expected().detach() - before) / step, slope, rtol=1e-3, atol=0)


def test_rewards_to_go():
    rewards = torch.tensor([[1.0, 2.0, 4.0]])
    assert estimators.to_go(rewards).tolist() == [[7, 6, 4]]
    assert estimators.to_go(rewards, 0.5).tolist() == [[3, 4, 4]]


def test_straight_through_is_a_step_forward_and_softmax_backward():
    logits = torch.tensor([[1.0, 3.0, 2.0]], requires_grad=True)
    weights = torch.tensor([[5.0, 7.0, 11.0]])
    chosen = estimators.straight_through(logits)
    torch.testing.assert_close(chosen.detach(), torch.tensor([[0.0, 1.0, 0.0]]))
    (through,) = torch.autograd.grad((chosen * weights).sum(), logits)
    (soft,) = torch.autograd.grad((logits.softmax(-1) * weights).sum(), logits)
    torch.testing.assert_close(through, soft)


def test_gumbel_softmax_draws_from_the_softmax():
    torch.manual_seed(0)
    logits = torch.tensor([0.0, 1.0, 2.0])
    drawn = estimators.gumbel_softmax(logits.expand(20_000, 3), 0.1)
    shares = drawn.argmax(-1).bincount(minlength=3) / len(drawn)
    torch.testing.assert_close(shares, logits.softmax(-1), atol=0.015, rtol=0)
    torch.testing.assert_close(drawn.sum(-1), torch.ones(len(drawn)))
    assert drawn.max(-1).values.mean() > estimators.gumbel_softmax(logits.expand(20_000, 3), 2.0).max(-1).values.mean()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (partial(estimators.gumbel_softmax, torch.zeros(3), 0), "above 0, not 0"),
        (partial(estimators.less_the_others, torch.zeros(1, 3)), "a batch of at least 2"),
        (partial(Table().sample, 2, temperature=-1), "above 0, not -1"),
        (partial(Table().complete, torch.zeros(2, 4, dtype=torch.long)), "writes 3 symbols; a prefix of 4"),
    ],
)
def test_bad_input_gets_one_sentence(call, message):
    with pytest.raises(ValueError, match=message):
        call()
