"""Sources: what a batch of indices holds, how classes are drawn, and that both players hear of the same labels."""

import math

import pytest
import torch
from torch import nn

from gan_lessons import losses, penalties, training
from gan_lessons.data.points import ring
from gan_lessons.data.sources import Batch, Labelled, OneHot, Samples, as_source, balanced, moved, uniformly
from gan_lessons.networks.conditioning import ConditionalDiscriminator, ConditionalGenerator, Projection
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.populations import population
from gan_lessons.training import GAN, train

CPU = torch.device("cpu")
COUNTED = torch.arange(12.0).view(6, 2)
LABELS = torch.tensor([4, 0, 2, 0, 1, 3])


@pytest.mark.parametrize("indices", [torch.tensor([5, 0, 5]), torch.tensor([[1, 2], [3, 3], [0, 5]])])
def test_samples_and_labels_keep_the_shape_of_the_indices(indices):
    real, condition = Samples(COUNTED).batch(indices)
    assert condition is None and real.shape == (*indices.shape, 2)
    assert real[..., 0].equal(2.0 * indices)
    real, condition = Labelled(COUNTED, LABELS).batch(indices)
    assert real[..., 0].equal(2.0 * indices) and condition.equal(LABELS[indices])
    assert len(Samples(COUNTED)) == len(Labelled(COUNTED, LABELS)) == 6


def test_a_label_for_each_sample():
    with pytest.raises(ValueError, match="one label for each of 6 samples, not 5"):
        Labelled(COUNTED, LABELS[:5])


@pytest.mark.parametrize("indices", [torch.tensor([1, 0]), torch.tensor([[1, 0], [1, 1]])])
def test_one_hot(indices):
    symbols = torch.tensor([[0, 3, 1], [2, 2, 0]])
    real, condition = OneHot(symbols, 4).batch(indices)
    assert condition is None and real.shape == (*indices.shape, 3, 4) and real.dtype is torch.get_default_dtype()
    assert real.sum(-1).eq(1).all() and real.argmax(-1).equal(symbols[indices])


class Own:
    """A reader's source."""

    def __len__(self):
        return 6

    def batch(self, indices):
        return Batch(COUNTED[indices])


def test_as_source():
    assert isinstance(as_source(COUNTED), Samples)
    own = Own()
    assert as_source(own) is own and moved(own, "cpu") is own
    pairs = torch.utils.data.TensorDataset(COUNTED, LABELS)
    for wrong, name in ((pairs, "TensorDataset"), ([1, 2], "list"), (COUNTED.numpy(), "ndarray"), (None, "NoneType")):
        with pytest.raises(TypeError, match=rf"`len` and `batch\(indices\)`; {name} lacks them") as error:
            as_source(wrong)
        assert "\n" not in str(error.value)
    # what the sentence advises
    assert as_source(torch.stack([sample for sample, *_ in pairs])).batch(torch.tensor([1])).real.equal(COUNTED[1:2])


def test_moved_moves_every_tensor():
    source = Labelled(COUNTED, LABELS)
    there = moved(source, "meta")
    assert there.samples.is_meta and there.labels.is_meta
    assert not source.samples.is_meta and not source.labels.is_meta  # sources are shared
    assert moved(COUNTED, "meta").is_meta


def test_uniformly():
    torch.manual_seed(0)
    counts = uniformly(Samples(COUNTED), 60_000, CPU).bincount()
    assert len(counts) == 6
    assert (counts - 10_000).abs().max() < 5 * math.sqrt(60_000 * 1 / 6 * 5 / 6)


# Classes


UNBALANCED = torch.tensor([2] * 1 + [0] * 300 + [1] * 20 + [3] * 79)[
    torch.randperm(400, generator=torch.manual_seed(5))
]


def drawn(batch, group=1, draws=1, labels=UNBALANCED, seed=0):
    """Indices and their classes, [draws, batch]."""
    torch.manual_seed(seed)
    draw = balanced(labels, group)
    chosen = torch.stack([draw(Samples(labels), batch, CPU) for _ in range(draws)])
    return chosen, labels[chosen]


@pytest.mark.parametrize("group", [1, 3])
def test_every_class_comes_as_often_as_any_other(group):
    """Of 10 groups of 4 classes, 8 are two whole rounds; which classes the other 2 are of is a fair draw of 2 of 4.

    So a class comes 2 + Bernoulli(½) times a batch: over the draws, a binomial with standard deviation √(draws / 4).
    """
    draws = 4000
    _, classes = drawn(10 * group, group, draws)
    counts = classes.flatten().bincount() / group
    assert counts.sum() == 10 * draws
    assert (counts - 2.5 * draws).abs().max() < 4.5 * math.sqrt(draws / 4)


def test_within_a_class_every_sample_comes_as_often():
    chosen, classes = drawn(4, draws=20_000)
    rare = chosen[classes == 1].bincount(minlength=400)[UNBALANCED == 1]
    assert len(rare) == 20 and rare.sum() == 20_000
    assert (rare - 1000).abs().max() < 4.5 * math.sqrt(20_000 * 1 / 20 * 19 / 20)
    assert set(chosen[classes == 2].tolist()) == {int((UNBALANCED == 2).nonzero())}


@pytest.mark.parametrize(("batch", "group"), [(24, 3), (23, 3), (2, 3), (9, 4), (7, 1)])
def test_groups_are_of_one_class_and_all_classes_come_before_any_again(batch, group):
    for row in drawn(batch, group, draws=200)[1]:
        groups = row.split(group)
        assert all(len(set(some.tolist())) == 1 for some in groups)
        firsts = [int(some[0]) for some in groups]
        for start in range(0, len(firsts), 4):
            together = firsts[start : start + 4]
            assert len(set(together)) == len(together)


def test_batches_differ_in_the_order_of_classes():
    classes = drawn(4, draws=50)[1]
    assert len({tuple(row.tolist()) for row in classes}) > 10


@pytest.mark.parametrize("seed", range(5))
def test_no_index_is_out_of_its_class_or_of_the_data(seed):
    chosen, classes = drawn(40, draws=500, seed=seed)
    assert chosen.min() >= 0 and chosen.max() < 400
    assert classes.view(500, 10, 4).sort().values.equal(torch.arange(4).expand(500, 10, 4))


def test_a_class_without_samples_is_refused():
    with pytest.raises(ValueError, match=r"class 1 has no sample; every class from 0 to 2 needs one"):
        balanced(torch.tensor([0, 2, 2]))


# Training


def test_a_population_is_given_a_batch_a_member():
    asked = []

    class Spy(Samples):
        def batch(self, indices):
            asked.append(indices)
            return super().batch(indices)

    data, seeds = ring().sample(500), [3, 4, 3]
    gan = population(lambda: (PointGenerator(width=4), PointDiscriminator(width=4)), seeds, noise_dim=2)
    list(train(gan, Spy(data), losses.hinge, steps=2, batch=8, discriminator_steps=2, rehearsal=False))
    assert [tuple(indices.shape) for indices in asked] == [(3, 8)] * 4
    for indices in asked:
        assert indices[0].equal(indices[2]) and not indices[0].equal(indices[1])
    assert not asked[0].equal(asked[1]) and not asked[0].equal(asked[2])
    # a member's batches are those of a GAN of its own
    alone = GAN(PointGenerator(width=4), PointDiscriminator(width=4), noise_dim=2, seed=4)
    own = training.draw(alone, Samples(data), 8, 2)[0]
    assert own[0].real.equal(data[asked[0][1]]) and own[1].real.equal(data[asked[1][1]])


class Listening(nn.Module):
    """A player that writes down what it is told."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def __deepcopy__(self, memory):  # the rehearsal's copy is silent
        return self.network

    def forward(self, inputs, labels):
        heard.append((type(self.network).__name__, inputs.detach(), labels))
        return self.network(inputs, labels)


heard: list = []


@pytest.mark.parametrize("memory", [False, True], ids=["one pass", "two passes"])
@pytest.mark.parametrize("penalty", [None, penalties.r1_and_r2])
def test_real_and_fake_are_of_the_same_labels(penalty, memory):
    torch.manual_seed(0)
    labels = torch.arange(60) % 3
    data = torch.stack([labels + 10.0, torch.rand(60)], 1)  # a sample tells its class
    body = nn.Sequential(nn.Linear(2, 6), nn.BatchNorm1d(6) if memory else nn.Identity(), nn.ReLU())
    gan = GAN(
        ConditionalGenerator(nn.Linear(4, 2), 3, 2),
        Listening(ConditionalDiscriminator(body, Projection(6, 3))),
        noise_dim=2,
    )
    made = []
    gan.generator.register_forward_hook(lambda _, told, made_of: made.append((told[1], made_of.detach())))
    heard.clear()
    list(train(gan, Labelled(data, labels), losses.relativistic, steps=2, batch=6, indices=balanced(labels, 2),
               penalty=penalty))  # fmt: skip
    assert gan.one_pass is not memory
    told = {tuple(fake.flatten().tolist()): asked for asked, fake in made}
    seen = {"real": 0, "fake": 0}
    for _, samples, asked in heard:
        assert len(samples) == len(asked)
        for part, one in zip(samples.split(6), asked.split(6), strict=True):
            if (part[:, 0] > 5).all():
                assert (part[:, 0] - 10).equal(one.float())
                seen["real"] += 1
            else:
                assert told[tuple(part.flatten().tolist())].equal(one)
                seen["fake"] += 1
            assert one.view(3, 2)[:, 0].equal(one.view(3, 2)[:, 1]) and one.unique().numel() == 3
    assert seen["real"] >= 4 and seen["fake"] >= 4
