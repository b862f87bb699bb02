"""A step as one piece learns what it learns operation after operation, or a sentence says why it cannot be one."""

import json
from dataclasses import replace
from functools import partial

import pytest
import torch

from gan_lessons import benches, devices, losses, penalties, recipes, stepping
from gan_lessons.__main__ import main
from gan_lessons.data.sources import Batch
from gan_lessons.gan import GAN
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.training import discriminator_step, train

CPU = torch.device("cpu")


def trained(step: str, penalty=None, steps: int = 6, every: int = 2, prepare=None) -> tuple[torch.Tensor, GAN]:
    torch.manual_seed(0)
    gan = GAN(PointGenerator(2, 2, 16, 1), PointDiscriminator(2, 16, 1), noise_dim=2)
    stepping.use(gan, step)
    if prepare is not None:
        prepare(gan)
    data = torch.randn(200, 2, generator=torch.Generator().manual_seed(1))
    done = list(train(gan, data, losses.relativistic, steps=steps, batch=16, penalty=penalty, penalty_every=every))
    return torch.stack([record.discriminator_loss + record.generator_loss for record in done]), gan


def same(one: GAN, other: GAN, **options: float) -> bool:
    pairs = zip(one.state()["average"].values(), other.state()["average"].values(), strict=True)
    return all(torch.allclose(a, b, **options) for a, b in pairs)


@pytest.mark.skipif(bool(devices.no_compiler(CPU)), reason="there is no compiler")
def test_a_compiled_step_learns_the_same_with_second_slopes() -> None:
    penalty = partial(penalties.r1, weight=0.1)
    (plain, one), (compiled, other) = (trained(step, penalty, every=1) for step in ("eager", "compile"))
    assert len(other.stepping.made) == 2  # D with its penalty, and G
    assert torch.allclose(plain, compiled, atol=1e-4) and same(one, other, atol=1e-4)


def test_what_is_spared_changes_nothing() -> None:
    usual, one = trained("eager", penalties.r1)
    switches = [one.switch for one in benches.MEASURES if one.name in ("foreach average", "G's gradients alone")]
    assert len(switches) == 2
    for switch in switches:
        found, other = trained("eager", penalties.r1, prepare=lambda gan, switch=switch: switch(gan, False))
        assert torch.allclose(usual, found, atol=1e-6) and same(one, other, atol=1e-6)


def test_pieces_are_made_once_for_each_kind_of_turn_and_leave_the_random_numbers_alone() -> None:
    """Pieces that are no more than the function itself learn as it does."""
    calls = []

    def as_it_is(piece, given):
        calls.append(piece)
        piece(*given)  # as tracing does
        torch.rand(3)
        return piece

    torch.manual_seed(0)
    gan = GAN(PointGenerator(2, 2, 16, 1), PointDiscriminator(2, 16, 1), noise_dim=2)
    gan.stepping = stepping.Pieces(as_it_is)
    data = torch.randn(200, 2, generator=torch.Generator().manual_seed(1))
    nudge = penalties.nudge  # draws random numbers within a turn
    done = list(train(gan, data, losses.relativistic, steps=6, batch=16, penalty=nudge, penalty_every=2))
    found = torch.stack([record.discriminator_loss + record.generator_loss for record in done])
    assert torch.allclose(found, trained("eager", nudge)[0], atol=1e-6) and len(calls) == 3


def test_a_step_takes_what_it_is_given_by_name_too() -> None:
    gan = trained("eager", steps=1)[1]
    gan.stepping = stepping.Pieces(lambda piece, given: piece)
    batch, noise = Batch(torch.randn(16, 2)), torch.randn(16, 2)
    discriminator_step(gan, losses.hinge, batch, noise, penalties.r1)
    discriminator_step(gan, losses.hinge, noise=noise, batch=batch, penalty=penalties.r1)
    assert len(gan.stepping.made) == 1
    discriminator_step(gan, losses.hinge, batch, noise)
    assert len(gan.stepping.made) == 2


def test_a_step_that_cannot_be_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    gan = trained("eager", steps=1)[1]
    with pytest.raises(ValueError, match="Only CUDA devices"):
        stepping.use(gan, "graph")
    with pytest.raises(ValueError, match=r"eager, compile, graph"):
        stepping.use(gan, "quick")
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(ValueError, match=r"needs a C\+\+ compiler"):
        stepping.use(gan, "compile")


def test_train_says_that_a_graph_needs_cuda_and_trains_nothing(tmp_path, capsys) -> None:
    words = ["train", "points", "--size", "cpu", "--device", "cpu", "--step", "graph", "--out", str(tmp_path / "run")]
    assert main(words) == 1
    assert "Only CUDA devices capture a step as a graph" in capsys.readouterr().err
    assert not (tmp_path / "run" / "checkpoint.pt").exists()


def test_what_changes_between_steps_is_refused_as_one_piece() -> None:
    ring = replace(recipes.find("ring", "cpu"), members=2, steps=3)
    gan = ring.build()
    gan.stepping = stepping.Pieces(lambda piece, given: piece)
    with pytest.raises(ValueError, match="changes its players between steps"):
        next(ring.train(gan, ring.data()))


def test_the_bench_times_what_has_a_place_and_says_why_not_of_the_rest(tmp_path, capsys, monkeypatch) -> None:
    names = {"fused Adam", "channels_last", "foreach average", "G's gradients alone", "losses read rarely", "TF32"}
    monkeypatch.setattr(benches, "MEASURES", [one for one in benches.MEASURES if one.name in names])
    target = tmp_path / "bench.json"
    words = ["bench", "ring", "--size", "plain", "--device", "cpu", "--set", "members=2", "--steps", "1"]
    assert main([*words, "--rounds", "2", "--json", str(target)]) == 0
    printed, stored = capsys.readouterr().out, json.loads(target.read_text("utf-8"))
    assert all(name in printed for name in names) and set(stored["measures"]) == names
    assert "no convolutions" in printed and "is a CUDA device's" in printed
    found = stored["measures"]["fused Adam"]
    assert found["off_ms"] > 0 and found["quartiles"][0] <= found["ratio"] <= found["quartiles"][1]
    assert stored["recipe"].startswith("ring/plain@") and stored["date"] and stored["machine"]
