"""Training steps stay on one device and never wait for it: they run on torch's `meta` device, where no values exist."""

from dataclasses import replace
from functools import partial

import pytest
import torch
from torch.nn.functional import conv2d
from torch.nn.modules.module import register_module_forward_hook
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from gan_lessons import devices, losses, penalties, populations, recipes
from gan_lessons.data import glyphs, motions, pairs, sources
from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.training import GAN, train

SGD = partial(torch.optim.SGD, lr=0.1)  # Adam counts its steps on the host
PENALTIES = [penalties.r1, penalties.r2, penalties.r1_and_r2, penalties.gradient_penalty, penalties.nudge]


class OnlyMeta(TorchDispatchMode):
    """Refuses every operation that touches a tensor elsewhere than on `meta`, or asks for a value."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        if function is torch.ops.aten._local_scalar_dense.default:
            raise RuntimeError("a value was asked for: the host would wait for the device")
        result = function(*args, **(kwargs or {}))
        for leaf in tree_leaves((args, kwargs, result)):
            if isinstance(leaf, torch.Tensor) and leaf.device.type != "meta":
                raise RuntimeError(f"{function} touches a tensor on {leaf.device}")
        return result


def step_on_meta(gan, data, loss=losses.relativistic, **options):
    with OnlyMeta():
        next(train(gan, data, loss, steps=100, batch=8, **options))


def make(discriminator=None):
    with torch.device("meta"):
        return GAN(PointGenerator(), discriminator or PointDiscriminator(), noise_dim=2, optimizer=SGD)


DATA = torch.empty(100, 2, device="meta")


@pytest.mark.parametrize("name", losses.KNOWN)
def test_every_loss(name):
    step_on_meta(make(), DATA, losses.named(name))


@pytest.mark.parametrize("penalty", PENALTIES)
def test_every_penalty(penalty):
    step_on_meta(make(), DATA, penalty=penalty)


def test_packing_and_spectral_norm():
    with torch.device("meta"):
        step_on_meta(make(Packed(penalties.spectral_norm(PointDiscriminator(dims=4)), 2)), DATA)


def test_populations():
    with torch.device("meta"):
        gan = populations.population(
            lambda: (PointGenerator(), PointDiscriminator()), [0, 1], noise_dim=2, optimizer=SGD
        )
    step_on_meta(gan, DATA, penalty=penalties.r1)


@pytest.fixture
def large_sets_are_let_go():
    """Kanji of 256 pixels take gigabytes, which no other test needs."""
    yield
    pairs.of_book.cache_clear()
    glyphs.load.cache_clear()


@pytest.mark.usefixtures("large_sets_are_let_go")
@pytest.mark.parametrize("name", recipes.known())
def test_every_recipe_at_its_gpu_size(name):
    recipe = recipes.find(name, "gpu")
    if name == "motions" and not motions.found():
        recipe = replace(recipe, source="exercises")
    built = recipe.build("meta")
    gan = GAN(built.generator, built.discriminator, built.noise_dim, built.seed, SGD, autocast=built.autocast)
    steps = recipe.train(gan, sources.moved(recipe.data(), "meta"))
    with OnlyMeta():
        next(steps)
        with Planting() as planting:  # and the same step would see a fault
            next(steps)
    assert planting.found == set(WITHIN), f"a step of {name} does not see {set(WITHIN) - planting.found}"


WITHIN = {
    "item": lambda values: values.detach().mean().item(),
    "cpu": lambda values: values.detach().cpu(),
    "branch on a value": lambda values: 1 if values.detach().mean() > 0 else 0,
    "tensor of the host": lambda values: values.detach() * torch.ones(values.shape[-1]),
}


class Planting:
    """Tries every fault on what the first layer that a step asks returns, and notes those that were refused."""

    def __enter__(self):
        self.found, self.tried = set(), False
        self.handle = register_module_forward_hook(self.plant)
        return self

    def __exit__(self, *error):
        self.handle.remove()

    def plant(self, layer, inputs, outputs):
        if self.tried:
            return
        self.tried = True
        values = next(leaf for leaf in tree_leaves(outputs) if isinstance(leaf, torch.Tensor))
        for fault, commit in WITHIN.items():
            try:
                commit(values)
            except (RuntimeError, NotImplementedError):
                self.found.add(fault)


class Waits(TorchDispatchMode):
    """Counts how often the host asks for a value, and so waits for the device."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.count += function in (torch.ops.aten._local_scalar_dense.default, torch.ops.aten.equal.default)
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("penalty", [None, penalties.r1_and_r2])
def test_the_host_waits_for_nothing_between_two_looks_at_the_losses(penalty):
    gan = GAN(PointGenerator(), PointDiscriminator(), noise_dim=2)
    steps = train(gan, torch.randn(100, 2), losses.relativistic, steps=200, batch=8, penalty=penalty)
    waits = []
    for _ in range(101):
        with Waits() as counting:
            next(steps)
        waits.append(counting.count)
    assert not any(count for step, count in enumerate(waits, 1) if step > 1 and step % 50)
    assert waits[49] and waits[99]


def planted(fault):
    """A loss with a fault in it."""

    def loss(real_scores, fake_scores):
        return losses.hinge(fault(real_scores), fake_scores)

    return loss


FAULTS = {
    "item": lambda scores: scores * scores.mean().item(),
    "branch on a value": lambda scores: scores if scores.mean() > 0 else -scores,
    "number from the host": lambda scores: scores * torch.tensor(2.0),
    "product": lambda scores: scores @ torch.ones(8, 8),
    "convolution": lambda scores: conv2d(scores.reshape(1, 1, 1, 8), torch.ones(1, 1, 1, 1)).flatten(),
    "index": lambda scores: scores[torch.arange(8)],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_found(fault):
    with pytest.raises((RuntimeError, NotImplementedError)):
        step_on_meta(make(), DATA, planted(FAULTS[fault]))


def test_unknown_devices_list_the_known():
    with pytest.raises(ValueError, match=r"tpu.*auto.*cpu"):
        devices.pick("tpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_cuda_where_there_is_none():
    with pytest.raises(ValueError, match=r"(?i)cuda.*cpu"):
        devices.pick("cuda")
