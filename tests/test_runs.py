"""Checkpoints go on bit for bit, survive a kill and a full disk, and say in a sentence what does not fit."""

import copy
import errno
import json
import os
import signal
from dataclasses import replace

import pytest
import torch

from gan_lessons import losses, recipes, runs
from gan_lessons.data.points import ring
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.runs import CheckpointError, load_checkpoint, save_checkpoint
from gan_lessons.training import GAN, cosine, train

DATA = ring().sample(500)


def make(width=16):
    torch.manual_seed(0)
    return GAN(PointGenerator(width=width), PointDiscriminator(width=width), noise_dim=2)


def run(gan, steps, until=30):
    training = train(gan, DATA, losses.relativistic, steps=until, batch=16, schedule=cosine)
    while gan.step < steps:
        next(training)
    return gan


def everything(gan):
    return {part: getattr(gan, part).state_dict() for part in runs.PARTS}


def test_resuming_equals_not_stopping(tmp_path):
    whole = run(make(), 30)
    save_checkpoint(tmp_path / "checkpoint.pt", run(make(), 11), "recipe")
    resumed = make()
    load_checkpoint(tmp_path / "checkpoint.pt", resumed, "recipe")
    assert resumed.step == len(resumed.history) == 11
    run(resumed, 30)
    torch.testing.assert_close(everything(resumed), everything(whole), rtol=0, atol=0)
    assert resumed.history == whole.history


def test_a_fresh_gan_can_be_saved(tmp_path):
    save_checkpoint(tmp_path / "checkpoint.pt", make())
    load_checkpoint(tmp_path / "checkpoint.pt", gan := make())
    assert gan.step == 0 and gan.history == []


def test_a_full_disk_leaves_the_previous_checkpoint_whole(tmp_path, monkeypatch):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, run(make(), 3))
    before = path.read_bytes()

    def full(state, target):
        target.write_bytes(b"half a checkpoi")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(CheckpointError, match=r"No space left on device.*untouched"):
        save_checkpoint(path, run(make(), 5))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_leaves_the_previous_checkpoint_whole(tmp_path, monkeypatch):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, run(make(), 3))

    def killed(state, target):
        target.write_bytes(b"half a checkpoi")
        raise SystemExit

    monkeypatch.setattr(torch, "save", killed)
    with pytest.raises(SystemExit):
        save_checkpoint(path, run(make(), 5))
    load_checkpoint(path, gan := make())
    assert gan.step == 3


@pytest.mark.parametrize("damage", [lambda stored: stored[: len(stored) // 2], lambda stored: b"not a checkpoint"])
def test_damaged_checkpoints(tmp_path, damage):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, make())
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(path, make())


def test_a_checkpoint_runs_no_code(tmp_path):
    path, proof = tmp_path / "checkpoint.pt", tmp_path / "proof"

    class Mischief:
        def __reduce__(self):
            return proof.write_text, ("ran",)

    torch.save({"generator": Mischief()}, path)
    with pytest.raises(CheckpointError):
        load_checkpoint(path, make())
    assert not proof.exists()


def test_checkpoints_of_something_else(tmp_path):
    path = tmp_path / "checkpoint.pt"
    with pytest.raises(CheckpointError, match="no checkpoint"):
        load_checkpoint(path, make())
    torch.save({"weights": torch.zeros(2)}, path)
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        load_checkpoint(path, make())
    save_checkpoint(path, make(), "recipe a")
    with pytest.raises(CheckpointError, match="another recipe"):
        load_checkpoint(path, make(), "recipe b")


def test_other_shapes_leave_the_networks_as_they_were(tmp_path):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, run(make(width=8), 3))
    gan = run(make(), 2)
    before = copy.deepcopy(everything(gan))
    with pytest.raises(CheckpointError, match="other shapes"):
        load_checkpoint(path, gan)
    torch.testing.assert_close(everything(gan), before, rtol=0, atol=0)
    assert gan.step == 2


def test_metrics_files(tmp_path):
    path = tmp_path / "metrics.jsonl"
    assert runs.read_metrics(path) == []
    path.write_text(json.dumps({"step": 1}) + "\n")
    assert runs.read_metrics(path) == [{"step": 1}]


def test_an_interrupt_while_a_measurement_is_written_waits_for_its_end(tmp_path, monkeypatch):
    recipe = replace(recipes.find("ring"), steps=2)
    running = runs.Run(recipe, tmp_path, recipe.build())

    def interrupted(*arguments):
        os.kill(os.getpid(), signal.SIGINT)
        save_checkpoint(*arguments)

    monkeypatch.setattr(runs, "save_checkpoint", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(running.train(every=1))
    running.stop()
    assert [line["step"] for line in runs.read_metrics(running.metrics)] == [1]
    assert running.measured == running.gan.step == 1
