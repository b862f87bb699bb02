"""What does not fit is told in a sentence at the first step, what fits is taken as it is; asking changes nothing."""

import copy

import pytest
import torch
from torch import nn

from gan_lessons import losses, penalties, training
from gan_lessons.contract import ContractError, check_numbers
from gan_lessons.data.points import ring
from gan_lessons.data.sources import Labelled, Samples
from gan_lessons.networks.images import DCGANDiscriminator, DCGANGenerator, ImageDiscriminator, ImageGenerator
from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import InstanceNoise, PointDiscriminator, PointGenerator, SpreadDiscriminator
from gan_lessons.populations import population
from gan_lessons.training import GAN, train

POINTS = ring().sample(200)
PIXELS = torch.rand(40, 1, 4, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


class Then(nn.Module):
    """A function, as the last layer of a network."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, inputs):
        return self.function(inputs)


def pictures(*sides):
    """A generator of pictures [batch, 1, *sides]."""
    return nn.Sequential(nn.Linear(2, torch.Size(sides).numel()), nn.Unflatten(1, (1, *sides)))


def judge(*more):
    """A discriminator of points [batch, 2] whose last layers can be chosen."""
    return nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1), *more)


def first_step(generator, discriminator, data, loss=losses.non_saturating, steps=1, **options):
    gan = GAN(generator, discriminator, noise_dim=2)
    list(train(gan, data, loss, steps=steps, **{"batch": 8, **options}))
    return gan


def assert_same_weights(one, other, **tolerance):
    for player in ("generator", "discriminator", "average"):
        torch.testing.assert_close(
            getattr(one, player).state_dict(),
            getattr(other, player).state_dict(),
            **(tolerance or dict(rtol=0, atol=0)),
        )


def sentence(error) -> str:
    """The message, if it is one of at most three short sentences and no traceback."""
    message = str(error.value)
    assert "\n" not in message and len(message) < 400 and message.endswith((".", "seems more real."))
    return message


# Discriminators


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (nn.Linear(1, 2), r"makes \[8, 2\] of samples \[8, 2\]: 2 numbers a sample\. Wanted are \[batch\]"),
        (Then(torch.mean), r"makes \[\] of samples \[8, 2\]; wanted are \[batch\], one a sample"),
        (Then(lambda scores: (scores, scores)), r"returns a tuple; wanted are scores \[batch\]"),
        (Then(lambda scores: scores[:5]), r"makes \[5, 1\] of samples \[8, 2\]"),
        (nn.Sigmoid(), r"returns probabilities; leave out its last sigmoid"),
        (Then(torch.sigmoid), r"returns probabilities; leave out its last sigmoid"),
        (Then(lambda scores: scores.sigmoid().squeeze(1)), r"returns probabilities; leave out its last sigmoid"),
        (nn.Linear(3, 1), r"discriminator takes no samples \[8, 2\]: mat1 and mat2 shapes"),
    ],
    ids=["two", "scalar", "tuple", "too few", "Sigmoid", "sigmoid", "squeezed sigmoid", "other samples"],
)
def test_discriminators_that_return_no_scores(last, says):
    with pytest.raises(ContractError, match=says) as error:
        first_step(PointGenerator(width=4), judge(last), POINTS)
    sentence(error)


def test_a_normalised_sigmoid_is_found_too():
    with pytest.raises(ContractError, match="leave out its last sigmoid"):
        first_step(PointGenerator(width=4), nn.Sequential(nn.LayerNorm(2), judge(nn.Sigmoid())), POINTS)


def test_scores_that_happen_to_lie_between_0_and_1():
    near = judge()
    with torch.no_grad():
        near[2].weight.mul_(0.01)
        near[2].bias.fill_(0.5)
    assert near(POINTS).min() > 0 and near(POINTS).max() < 1
    first_step(PointGenerator(width=4), near, POINTS)
    # with normalised samples, going far away changes nothing
    far = nn.Sequential(nn.LayerNorm(2), copy.deepcopy(near))
    assert far(100 * POINTS).min() > 0 and far(100 * POINTS).max() < 1
    weights, seen = copy.deepcopy(far.state_dict()), []
    first_step(PointGenerator(width=4), far, POINTS, on_step=lambda *_: seen.append(copy.deepcopy(far.state_dict())))
    torch.testing.assert_close(seen[0], weights, rtol=0, atol=0)


def test_scores_that_are_all_alike_are_no_probabilities():
    first_step(nn.Linear(2, 2), nn.Linear(2, 1, bias=False), torch.zeros(20, 2))


@pytest.mark.parametrize("penalty", [None, penalties.r1, penalties.r2, penalties.gradient_penalty, penalties.nudge])
@pytest.mark.parametrize("loss", [losses.hinge, losses.relativistic])
def test_a_column_of_scores_is_as_good_as_a_row(loss, penalty):
    torch.manual_seed(0)
    column = judge()
    row = nn.Sequential(copy.deepcopy(column), nn.Flatten(0))
    generator = PointGenerator(width=4)
    gans = [
        first_step(copy.deepcopy(generator), network, POINTS, loss, steps=4, penalty=penalty)
        for network in (column, row)
    ]
    one, other = (training.stacked(gan.history) for gan in gans)
    torch.testing.assert_close(one[1:5], other[1:5], rtol=0, atol=0)
    assert one.discriminator_loss.std() > 0


def test_no_column_reaches_the_loss():
    """[n, 1] minus [n] would be [n, n]."""
    shapes = []

    def spying(real_scores, fake_scores):
        shapes.extend([real_scores.shape, fake_scores.shape])
        return losses.relativistic(real_scores, fake_scores)

    first_step(PointGenerator(width=4), judge(), POINTS, spying)
    assert {tuple(some) for some in shapes} == {(8,)}


@pytest.mark.parametrize("last", [nn.Identity(), nn.Flatten(1, 2)], ids=["[n, 1, h, w]", "[n, h, w]"])
@pytest.mark.parametrize("penalty", [None, penalties.r1, penalties.gradient_penalty])
def test_patches(last, penalty):
    torch.manual_seed(0)
    patches = nn.Sequential(nn.Conv2d(1, 4, 3), nn.LeakyReLU(0.2), nn.Conv2d(4, 1, 1), last)
    gan = first_step(pictures(4, 4), patches, PIXELS, steps=2, penalty=penalty)
    assert gan.step == 2 and gan.score(PIXELS).shape == (160,) and gan.judge(PIXELS).shape == (40,)
    torch.testing.assert_close(gan.judge(PIXELS), gan.score(PIXELS).view(40, 4).mean(1))


def test_patches_of_a_pack():
    torch.manual_seed(0)
    patches = Packed(nn.Conv2d(2, 1, 3), 2)
    gan = first_step(pictures(4, 4), patches, PIXELS, steps=2, penalty=penalties.r1)
    assert gan.judge(PIXELS).shape == (20,)


# Generators


@pytest.mark.parametrize(
    ("generator", "says"),
    [
        (nn.Linear(2, 3), r"makes \[8, 3\] of noise \[8, 2\], .* data are \[8, 2\]: the two have to be of one shape"),
        (nn.Sequential(nn.Linear(2, 2), nn.Flatten(0)), r"makes \[16\] of noise"),
        (nn.Sequential(nn.Linear(2, 2), Then(lambda made: (made, made))), r"a tuple; wanted are samples \[8, 2\]"),
        (nn.Linear(100, 2), r"generator takes no noise \[8, 2\]: mat1 and mat2 shapes cannot be multiplied"),
        (nn.ConvTranspose2d(2, 1, 4), r"takes no noise \[8, 2\].*Put nn\.Unflatten\(1, \(-1, 1, 1\)\) before it"),
        (nn.ConvTranspose3d(2, 1, 4), r"takes no noise \[8, 2\].*Put nn\.Unflatten\(1, \(-1, 1, 1, 1\)\) before it"),
        (nn.Linear(2, 2).double(), r"noise is torch\.float32 and its weights are torch\.float64: generator\.to\("),
    ],
    ids=["features", "flat", "tuple", "noise", "convolution", "3-D convolution", "double"],
)  # fmt: skip
def test_generators_that_make_something_else(generator, says):
    with pytest.raises(ContractError, match=says) as error:
        first_step(generator, judge(), POINTS)
    sentence(error)


def test_the_advice_to_unflatten_helps():
    generator = nn.Sequential(nn.Unflatten(1, (-1, 1, 1)), nn.ConvTranspose2d(2, 1, 4))
    first_step(generator, nn.Conv2d(1, 1, 4), PIXELS)


def test_players_that_take_no_condition():
    with pytest.raises(ContractError, match=r"generator takes no noise \[8, 2\] and a condition \[8\]: .*argument"):
        first_step(PointGenerator(width=4), judge(), Labelled(POINTS, torch.zeros(200).long()))


@pytest.mark.parametrize("network", [ImageGenerator, ImageDiscriminator, DCGANGenerator, DCGANDiscriminator])
@pytest.mark.parametrize("size", [30, 2, 0])
def test_a_size_that_the_networks_cannot_make(network, size):
    nearest = {30: 28, 2: 4, 0: 4}[size]
    with pytest.raises(ValueError, match=rf"a multiple of four.* and {size} is none; .* to {nearest}\."):
        network(size=size)


@pytest.mark.parametrize("size", [4, 28, 32])
def test_sizes_that_they_can(size):
    made = ImageGenerator(4, size, width=2, hidden=8)(torch.randn(8, 4))
    assert made.shape == (8, 1, size, size)
    assert ImageDiscriminator(size, width=2, hidden=8)(made).shape == (8,)
    assert DCGANDiscriminator(size, width=2)(made).shape == (8,)


# Losses


@pytest.mark.parametrize(
    ("loss", "says"),
    [
        (
            lambda r, f: losses.Losses(f - r, -f),
            r"makes \[8\] for the discriminator of scores \[8\]; wanted is a scalar",
        ),
        (lambda r, f: losses.Losses((f - r).mean(-1), -f), r"makes \[8\] for the generator .* the last axis alone"),
        (lambda r, f: (f - r).mean(-1), r"returns a Tensor without a tensor for the discriminator; wanted are losses"),
        (lambda r, f: losses.Losses((f - r).mean(-1), 0.0), r"returns a Losses without a tensor for the generator"),
    ],
    ids=["neither", "G", "one tensor", "a number"],
)
def test_losses_that_are_no_mean_of_either_player(loss, says):
    with pytest.raises(ContractError, match=says) as error:
        first_step(PointGenerator(width=4), judge(), POINTS, loss)
    sentence(error)


def test_a_loss_of_a_population_is_one_a_member():
    def trained(loss):
        gan = population(lambda: (PointGenerator(width=4), PointDiscriminator(width=4)), range(3), noise_dim=2)
        return list(train(gan, POINTS, loss, steps=1, batch=8))

    with pytest.raises(
        ContractError, match=r"makes \[\] for the discriminator of .* \[3, 8\]; wanted is \[3\], one a m"
    ):
        trained(lambda r, f: losses.Losses((f - r).mean(), -f.mean()))
    assert trained(losses.wasserstein)[0].generator_loss.shape == (3,)


# Data


def with_one(value):
    return torch.cat([PIXELS[:7], torch.full((1, 1, 4, 4), value)])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ((PIXELS + 1) * 127.5, r"pixels run from .* to 25\d, .* Scale them: pixels / 127\.5 - 1"),
        (PIXELS * 3, r"pixels run from -\d.* Scale them to that range"),
        (((PIXELS + 1) * 127.5).to(torch.uint8), r"whole numbers \(torch\.uint8\).*pixels / 127\.5 - 1"),
        ((PIXELS > 0).long(), r"whole numbers \(torch\.int64\); a GAN needs floats"),
        (with_one(torch.nan), r"values that are no numbers"),
        (with_one(torch.inf), r"values that are no numbers"),
        (PIXELS.double(), r"samples are torch\.float64 and its weights are torch\.float32: data\.to\(torch\.float32\)"),
    ],
    ids=["0 … 255", "-3 … 3", "bytes", "integers", "nan", "infinite", "double"],
)
def test_data_that_a_gan_cannot_learn(data, says):
    with pytest.raises(ContractError, match=says) as error:
        first_step(pictures(4, 4), nn.Conv2d(1, 1, 4), data, indices=lambda source, count, device: torch.arange(count))
    sentence(error)


def test_whole_numbers_that_are_no_pictures():
    with pytest.raises(ContractError, match=r"data\.float\(\), or sources\.OneHot"):
        first_step(PointGenerator(width=4), judge(), POINTS.long())


def test_pixels_between_0_and_1_are_warned_of(recwarn):
    with pytest.warns(UserWarning, match=r"black is expected at -1.*use 2 \* pixels - 1"):
        first_step(pictures(4, 4), nn.Conv2d(1, 1, 4), (PIXELS + 1) / 2)
    recwarn.clear()
    first_step(pictures(4, 4), nn.Conv2d(1, 1, 4), PIXELS)
    assert not recwarn


def test_a_sample_that_is_no_number_is_named_before_its_turn_comes():
    spoilt = PIXELS.clone()
    spoilt[7, 0, 1, 2] = torch.nan
    for data in (spoilt, Labelled(spoilt, torch.zeros(len(spoilt)).long()), -1e38 * spoilt):
        with pytest.raises(ContractError, match=rf"1 of {len(PIXELS)} samples hold .* no numbers .* the first at 7"):
            first_step(pictures(4, 4), nn.Conv2d(1, 1, 4), data)
    check_numbers(Samples(torch.full((20, 2), 1e38)))  # whose sum is no number


def test_double_data_and_double_players_agree():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # the noise is drawn in it
    try:
        gan = first_step(pictures(4, 4), nn.Conv2d(1, 1, 4), PIXELS.double())
    finally:
        torch.set_default_dtype(before)
    assert gan.history[-1].generator_loss.dtype is torch.float64


def test_a_batch_larger_than_the_data():
    with pytest.raises(ValueError, match=r"batch of 201 cannot be drawn from 200 samples; give a smaller batch"):
        first_step(PointGenerator(width=4), judge(), POINTS, batch=201)
    first_step(PointGenerator(width=4), judge(), POINTS, batch=200)


# The rehearsal


class Counting(nn.Module):
    """A layer that counts how often it was asked."""

    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, inputs):
        self.calls += 1
        return inputs


def test_the_rehearsal_leaves_no_trace():
    """With BatchNorm and dropout, which remember and draw, both ways of asking D are the same two passes."""

    def trained(rehearsal):
        torch.manual_seed(0)
        generator = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2))
        normalised = nn.Sequential(nn.BatchNorm1d(8), Counting(), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 1))
        discriminator = nn.Sequential(nn.Linear(2, 8), *normalised)
        gan = first_step(generator, discriminator, POINTS, steps=3, rehearsal=rehearsal, penalty=penalties.r1)
        list(train(gan, POINTS, losses.non_saturating, steps=5, batch=8, rehearsal=rehearsal))
        return gan

    rehearsed, plain = trained(True), trained(False)
    assert_same_weights(rehearsed, plain)
    assert rehearsed.discriminator[2].calls == plain.discriminator[2].calls > 0
    one, other = training.stacked(rehearsed.history), training.stacked(plain.history)
    torch.testing.assert_close(one[1:5], other[1:5], rtol=0, atol=0)


def test_a_failed_rehearsal_leaves_the_gan_as_it_was():
    gan = GAN(PointGenerator(width=4), judge(nn.Sigmoid()), noise_dim=2)
    before = copy.deepcopy(gan.state())
    with pytest.raises(ContractError):
        next(train(gan, POINTS, losses.hinge, steps=1, batch=8))
    after = gan.state()
    for part in ("generator", "discriminator", "average"):
        torch.testing.assert_close(after[part], before[part], rtol=0, atol=0)
    assert gan.step == 0 and not gan.history


def spectral(norm):
    return nn.Sequential(norm(nn.Linear(2, 8)), nn.ReLU(), norm(nn.Linear(8, 1)))


@pytest.mark.parametrize(
    ("discriminator", "alone"),
    [
        (judge(), True),
        (PointDiscriminator(width=8), True),
        (nn.Sequential(nn.LayerNorm(2), judge()), True),
        (Packed(PointDiscriminator(4, width=8), 2), True),
        (nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1)), False),
        (nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 1)), False),
        (spectral(nn.utils.parametrizations.spectral_norm), False),
        (spectral(nn.utils.spectral_norm), False),
        (nn.Sequential(InstanceNoise(0.1), judge()), False),
        (SpreadDiscriminator(width=8), False),
        (nn.Sequential(Counting(), judge()), False),
    ],
    ids=["MLP", "points", "LayerNorm", "packed", "BatchNorm", "dropout", "spectral norm", "older spectral norm",
         "instance noise", "spread", "memory"],
)  # fmt: skip
def test_real_and_fake_share_a_pass_only_where_each_is_judged_alone(discriminator, alone):
    gan = GAN(PointGenerator(width=4), copy.deepcopy(discriminator), noise_dim=2)
    list(train(gan, POINTS, losses.hinge, steps=2, batch=8))
    assert gan.one_pass is alone
    list(train(gan, POINTS, losses.hinge, steps=4, batch=8))  # layers may by now keep what they computed
    assert gan.one_pass is alone and gan.step == 4


def test_a_spectral_norm_that_has_come_to_rest_is_not_overlooked():
    discriminator = spectral(nn.utils.parametrizations.spectral_norm)
    for _ in range(200):
        discriminator(POINTS)
    gan = first_step(PointGenerator(width=4), discriminator, POINTS)
    assert not gan.one_pass


def test_one_pass_gives_what_two_passes_give(monkeypatch):
    def trained():
        torch.manual_seed(0)
        return first_step(PointGenerator(width=8), PointDiscriminator(width=8), POINTS, steps=6, penalty=penalties.r1)

    together = trained()
    monkeypatch.setattr(training, "rehearse", lambda *_: False)
    apart = trained()
    assert together.one_pass and not apart.one_pass
    assert_same_weights(together, apart, rtol=1e-5, atol=1e-6)
    one, other = training.stacked(together.history), training.stacked(apart.history)
    torch.testing.assert_close(one[1:5], other[1:5], rtol=1e-5, atol=1e-6)


def test_an_older_spectral_norm_can_be_in_either_player_and_go_on():
    generator = nn.Sequential(nn.utils.spectral_norm(nn.Linear(2, 8)), nn.ReLU(), nn.Linear(8, 2))
    used = first_step(generator, spectral(nn.utils.spectral_norm), POINTS, steps=2)
    again = GAN(used.generator, used.discriminator, noise_dim=2)  # players that were trained before
    list(train(again, POINTS, losses.hinge, steps=2, batch=8))
    assert again.sample(5).shape == (5, 2)
