"""Networks as others write them, trained by `train` as they are, beside a loop written out by hand here."""

import copy
from functools import partial

import pytest
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import softplus

from gan_lessons import losses, penalties
from gan_lessons.networks.packing import Packed
from gan_lessons.training import GAN, train

BATCH, STEPS, NOISE = 4, 3, 6
sgd = partial(torch.optim.SGD, lr=0.05)
adam = partial(torch.optim.Adam, lr=1e-3, betas=(0.5, 0.999))


@pytest.fixture(autouse=True)
def double():
    """In double precision the two loops' different orders of summing stay far below what is compared."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


# As PyTorch's DCGAN tutorial writes it, but for the last sigmoid


class TutorialGenerator(nn.Module):
    def __init__(self, nz, ngf=2, nc=3):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, ngf * 8, 4, 1, 0, bias=False),
            nn.BatchNorm2d(ngf * 8),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 8, ngf * 4, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf * 4),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 4, ngf * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf * 2),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, input):
        return self.main(input)


class TutorialDiscriminator(nn.Module):
    def __init__(self, ndf=2, nc=3):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(nc, ndf, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ndf * 2),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 2, ndf * 4, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ndf * 4),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 4, ndf * 8, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ndf * 8),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 8, 1, 4, 1, 0, bias=False),
        )

    def forward(self, input):
        return self.main(input).view(-1)


def tutorial(pack):
    generator = nn.Sequential(nn.Unflatten(1, (-1, 1, 1)), TutorialGenerator(NOISE))  # noise there is [batch, nz, 1, 1]
    return generator, TutorialDiscriminator(nc=3 * pack), (3, 64, 64)


# As pix2pix judges: a score a patch, [batch, 1, h, w], with InstanceNorm


def patches(pack):
    generator = nn.Sequential(
        nn.Linear(NOISE, 4 * 4 * 4),
        nn.Unflatten(1, (4, 4, 4)),
        nn.Upsample(scale_factor=2),
        nn.Conv2d(4, 3, 3, padding=1),
        nn.Upsample(scale_factor=2, mode="bilinear"),
        nn.Tanh(),
    )
    discriminator = nn.Sequential(
        nn.Conv2d(3 * pack, 4, 4, 2, 1),
        nn.LeakyReLU(0.2, True),
        nn.Conv2d(4, 8, 4, 2, 1, bias=False),
        nn.InstanceNorm2d(8),
        nn.LeakyReLU(0.2, True),
        nn.Conv2d(8, 1, 2),
    )
    return generator, discriminator, (3, 16, 16)


# Video [batch, channels, time, height, width]


class VideoDiscriminator(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.convolutions = nn.ModuleList([nn.Conv3d(channels, 4, 4, 2, 1), nn.Conv3d(4, 6, (2, 4, 4))])
        self.fc = nn.Linear(6, 1)

    def forward(self, video):
        for convolution in self.convolutions:
            video = nn.functional.leaky_relu(convolution(video), 0.2)
        return self.fc(video.mean((2, 3, 4)))  # [batch, 1]


def video(pack):
    generator = nn.Sequential(
        nn.Unflatten(1, (-1, 1, 1, 1)),
        nn.ConvTranspose3d(NOISE, 4, (2, 4, 4)),
        nn.ReLU(),
        nn.ConvTranspose3d(4, 2, 4, 2, 1),
        nn.Tanh(),
    )
    return generator, VideoDiscriminator(2 * pack), (2, 4, 8, 8)


# Sequences [batch, time, values]


def layer():
    return nn.TransformerEncoderLayer(8, 2, 12, dropout=0.0, batch_first=True, activation="gelu")


class SequenceDiscriminator(nn.Module):
    def __init__(self, values):
        super().__init__()
        self.cls = nn.Parameter(torch.randn(1, 1, 8))
        self.embed = nn.Linear(values, 8)
        self.encoder = nn.TransformerEncoder(layer(), 2, enable_nested_tensor=False)
        self.head = nn.Linear(8, 1)

    def forward(self, x):
        tokens = torch.cat([self.cls.expand(x.size(0), -1, -1), self.embed(x)], dim=1)
        return self.head(self.encoder(tokens)[:, 0]).squeeze(-1)


def sequences(pack):
    generator = nn.Sequential(nn.Linear(NOISE, 5 * 8), nn.Unflatten(1, (5, 8)), layer(), nn.Linear(8, 3))
    return generator, SequenceDiscriminator(3), (5, 3)  # a pack is a longer sequence


# Clouds [batch, points, 3], as PointNet reads them: a network a point, and the largest of all


class PointNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv1d(3, 8, 1), nn.Conv1d(8, 16, 1)
        self.fc = nn.Linear(16, 1)

    def forward(self, cloud):
        features = self.conv2(torch.relu(self.conv1(cloud.transpose(1, 2))))
        return self.fc(features.max(dim=2)[0])[:, 0]


def clouds(pack):
    return (
        nn.Sequential(nn.Linear(NOISE, 16), nn.ELU(), nn.Linear(16, 36), nn.Unflatten(1, (12, 3))),
        PointNet(),
        (12, 3),
    )


# The loop by hand


def summed_slopes(judge, samples):
    """Every sample's own slope [batch, ...], where each is judged by itself or with others."""
    samples = samples.clone().requires_grad_()
    return torch.autograd.grad(judge(samples).sum(), samples, create_graph=True)[0]


def single_slopes(judge, samples):
    """The same, from a pass of its own for every sample."""
    return torch.cat([summed_slopes(judge, samples[k : k + 1]) for k in range(len(samples))])


def r1_by_hand(slopes, judge, real, fake):
    return sum(slope.pow(2).sum() for slope in slopes(judge, real)) / len(real) * 0.5


def gradient_penalty_by_hand(slopes, judge, real, fake):
    u = torch.tensor([(k + 0.5) / len(real) for k in range(len(real))])
    mixed = torch.stack([u[k] * real[k] + (1 - u[k]) * fake[k] for k in range(len(real))])
    return sum((slope.norm() - 1) ** 2 for slope in slopes(judge, mixed)) / len(real) * 10


BY_HAND = {None: None, penalties.r1: r1_by_hand, penalties.gradient_penalty: gradient_penalty_by_hand}


def by_hand(generator, discriminator, data, optimizer, penalty, slopes, seed):
    """The non-saturating game, D's step and then G's, with a batch and noise drawn as the book says it is."""

    def judge(samples):
        with sdpa_kernel(SDPBackend.MATH):  # the other ways to attend have no second slopes
            return discriminator(samples).reshape(len(samples) // size, -1).mean(1)

    size = discriminator.size if isinstance(discriminator, Packed) else 1
    of_discriminator = optimizer(list(discriminator.parameters()))
    of_generator = optimizer(list(generator.parameters()))
    for step in range(STEPS):
        torch.manual_seed(seed * 1_000_003 + step)
        real = data[torch.randint(len(data), (BATCH,))]
        noise = torch.randn(2, BATCH, NOISE)
        fake = generator(noise[0]).detach()
        loss = softplus(-discriminator(real)).mean() + softplus(discriminator(fake)).mean()
        if penalty is not None:
            loss = loss + penalty(slopes, judge, real, fake)
        of_discriminator.zero_grad()
        loss.backward()
        of_discriminator.step()
        of_generator.zero_grad()
        softplus(-discriminator(generator(noise[1]))).mean().backward()
        of_generator.step()


KINDS = {kind.__name__: kind for kind in (tutorial, patches, video, sequences, clouds)}


@pytest.mark.parametrize("pack", [1, 2])
@pytest.mark.parametrize("penalty", BY_HAND, ids=lambda penalty: penalty.__name__ if penalty else "plain")
@pytest.mark.parametrize("kind", KINDS)
def test_training_is_the_loop_that_one_would_write(kind, penalty, pack):
    torch.manual_seed(1)
    generator, inside, shape = KINDS[kind](pack)
    discriminator = inside if pack == 1 else Packed(inside, pack)
    data = torch.rand(12, *shape) * 2 - 1
    assert generator(torch.randn(BATCH, NOISE)).shape == (BATCH, *shape)
    # Adam would magnify what is next to nothing; BatchNorm ties the samples of a batch together, as packs do
    optimizer = adam if kind == "tutorial" else sgd
    slopes = summed_slopes if kind == "tutorial" or pack > 1 else single_slopes
    players = copy.deepcopy((generator, discriminator))
    by_hand(*players, data, optimizer, BY_HAND[penalty], slopes, seed=7)

    before = copy.deepcopy((generator, discriminator))
    gan = GAN(generator, discriminator, noise_dim=NOISE, seed=7, optimizer=optimizer)
    list(train(gan, data, losses.non_saturating, steps=STEPS, batch=BATCH, penalty=penalty))
    assert gan.one_pass is (kind != "tutorial")
    for network, same, first in zip((generator, discriminator), players, before, strict=True):
        weights, expected = dict(network.named_parameters()), dict(same.named_parameters())
        torch.testing.assert_close(weights, expected, rtol=1e-6, atol=1e-9)
        moved = [name for name, weight in first.named_parameters() if not torch.equal(weight, weights[name])]
        assert len(moved) > len(weights) / 2
    assert gan.sample(3).shape == (3, *shape)
    assert torch.stack([record.discriminator_loss for record in gan.history]).isfinite().all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_penalty_is_one_of_every_sample(kind):
    """A sample that is repeated has the slope it had alone, whatever its other axes are."""
    torch.manual_seed(2)
    generator, discriminator, shape = KINDS[kind](1)
    discriminator.eval()  # BatchNorm by its running statistics
    gan = GAN(generator, discriminator, noise_dim=NOISE)
    sample = torch.randn(1, *shape)
    alone = penalties.r1(gan.judge, sample, sample)
    for count in (2, 5):
        many = sample.expand(count, *shape)
        torch.testing.assert_close(penalties.r1(gan.judge, many, many), alone)
    assert penalties.squared_slope(gan.judge, torch.randn(5, *shape)).shape == (5,)
    assert gan.judge(torch.randn(5, *shape)).shape == (5,)
