"""Processes that train together take the steps of one, stop together, and leave a run that any number goes on with."""

import importlib
import io
import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import accelerate.utils  # noqa: F401  # here, and not in each forked process
import pytest
import torch

from gan_lessons import losses, penalties, ranks
from gan_lessons.__main__ import main
from gan_lessons.checkpoints import read_checkpoint
from gan_lessons.data.points import ring
from gan_lessons.gan import GAN, stacked
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.populations import population
from gan_lessons.runs import Run
from gan_lessons.training import DivergenceError, train
from tests.toy_recipe import SIZES, Toy

ROOT = Path(__file__).resolve().parents[1]
TOY = "tests.toy_recipe:Toy"
PATIENCE = 60  # seconds until a process that does not end is taken for one that hangs
CPU = torch.device("cpu")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes of these tests are forked")


class Started:
    """Forked processes, told of each other as a launcher would tell them; each calls a function with its rank.

    Forks begin with torch imported, which saves seconds a process.
    """

    def __init__(self, count, function, *arguments):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.context = multiprocessing.get_context("fork")
        self.results = [self.context.SimpleQueue() for _ in range(count)]
        told = {"WORLD_SIZE": count, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
        self.processes = [
            self.context.Process(
                target=begin, args=(told | {"RANK": k, "LOCAL_RANK": k}, result, function, arguments), daemon=True
            )
            for k, result in enumerate(self.results)
        ]
        for process in self.processes:
            process.start()

    def ended(self):
        """What each process returned, None where it was killed; none may hang."""
        until = time.monotonic() + PATIENCE
        for process in self.processes:
            process.join(max(0.1, until - time.monotonic()))
        hang = [process for process in self.processes if process.exitcode is None]
        for process in hang:
            process.kill()
        assert not hang, f"{len(hang)} of {len(self.processes)} processes hang"
        return [None if result.empty() else result.get() for result in self.results]


def begin(told, result, function, arguments):
    """The life of a forked process."""
    os.environ.update({name: str(value) for name, value in told.items()})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    torch.set_num_threads(1)
    try:
        result.put(function(told["RANK"], *arguments))
    except Exception as error:
        result.put(f"{type(error).__name__}: {error}")


def together(count, function, *arguments):
    return Started(count, function, *arguments).ended()


def command(rank, *words):
    """The command line; its exit status and what it says."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = main(["train", TOY, "--device", "cpu", *map(str, words)])
    return status, said.getvalue()


# The steps of one


def points():
    torch.manual_seed(0)
    return GAN(PointGenerator(width=8), PointDiscriminator(width=8), noise_dim=2), ring().sample(100).double()


def members():
    pair = lambda: (PointGenerator(width=8), PointDiscriminator(width=8))  # noqa: E731
    return population(pair, range(2), noise_dim=2), ring().sample(100).double()


def pictures():
    """With BatchNorm in G, and in D groups of four samples that are compared."""
    torch.manual_seed(0)
    generator = ImageGenerator(8, size=8, width=4)
    discriminator = ImageDiscriminator(size=8, width=4, hidden=8, group=4)
    return GAN(generator, discriminator, noise_dim=8), 2 * torch.rand(100, 1, 8, 8) - 1


def taught(rank, kinds, steps=12, batch=24):
    """Records [steps, ...] and averaged weights of a few GANs, in double precision: rounding does not add up to much.

    Adam takes a step of full size along a gradient that is hardly more than rounding, so GANs forget where they began
    within some hundred steps of single precision.
    """
    torch.set_default_dtype(torch.float64)
    found = []
    with ranks.launched(CPU) as team:
        for kind in kinds:
            gan, data = kind()
            team.join(gan)
            options = {"steps": steps, "batch": batch, "penalty": penalties.r1_and_r2, "penalty_every": 2}
            for _ in team.in_step(train(gan, data, losses.relativistic, discriminator_steps=2, **options)):
                pass
            weights = [part.double().flatten() for part in gan.average.state_dict().values()]
            found.append((torch.stack(stacked(gan.history)[1:5]).numpy(), torch.cat(weights).numpy()))
    return found


KINDS = (points, members, pictures)


@pytest.fixture(scope="module", autouse=True)
def loaded():
    """What torch loads at its first step is loaded here, and not in each forked process."""
    importlib.import_module("gan_lessons.commands.train")
    gan, data = points()
    next(train(gan, data.float(), losses.relativistic, steps=1, batch=8))


@pytest.fixture(scope="module")
def alone():
    return together(1, taught, KINDS)[0]


@pytest.mark.parametrize("count", [2, 3])
def test_losses_and_weights_are_those_of_one_process(alone, count):
    first, *others = together(count, taught, KINDS)
    for kind, (records, weights), (records_alone, weights_alone) in zip(KINDS, first, alone, strict=True):
        assert abs(records - records_alone).max() < 1e-8, kind.__name__
        assert abs(weights - weights_alone).max() < 1e-8, kind.__name__
    for other in others:
        for mine, theirs in zip(first, other, strict=True):
            assert (mine[0] == theirs[0]).all() and (mine[1] == theirs[1]).all()


@pytest.mark.parametrize("fault", ["average", "share", "norm"])
def test_planted_faults_are_found(alone, fault, monkeypatch):
    if fault == "average":  # gradients of a slice
        monkeypatch.setattr(ranks.Together, "average", lambda *_: None)
    elif fault == "share":  # the same slice for all
        monkeypatch.setattr(
            ranks.Together, "share", lambda self, indices, noise: (indices[..., :12], noise[..., :12, :])
        )
    else:  # means and variances of a slice
        monkeypatch.setattr(ranks.BatchNormOfAll, "forward", torch.nn.BatchNorm1d.forward)
    found = together(2, taught, KINDS)[0]
    kind = KINDS.index(pictures)
    assert abs(found[kind][0] - alone[kind][0]).max() > 1e-4


def test_what_a_step_draws_differs_between_ranks():
    def drawn(rank):
        with ranks.launched(CPU) as team:
            torch.manual_seed(5)
            indices, noise = torch.arange(6), torch.arange(6.0)[:, None]
            mine = team.share(indices, noise)
            return mine[0].tolist(), mine[1].flatten().tolist(), torch.rand(1).item()

    (one, first, here), (other, second, there) = together(2, drawn)
    assert one == first == [0, 1, 2] and other == second == [3, 4, 5] and here != there


@pytest.mark.parametrize(
    ("count", "batch", "sentence"),
    [
        (3, 32, "A batch of 32 cannot be shared equally by 3 processes; 30 or 33 can."),
        (2, 12, "A batch of 6 cannot be split into groups of 4"),
    ],
)
def test_a_batch_that_does_not_divide_is_refused(count, batch, sentence):
    said = together(count, taught, (pictures,), 4, batch)
    assert all(sentence in words for words in said)


# Runs


def state(folder):
    return read_checkpoint(folder / "checkpoint.pt")


def assert_same(one, other):
    for part in ("gan", "history"):
        torch.testing.assert_close(state(one)[part], state(other)[part], rtol=0, atol=0)


def went(folder, count, steps, *more):
    said = together(count, command, "--batch", 12, "--every", 8, "--steps", steps, "--out", folder, *more)
    assert [status for status, _ in said] == [0] * count, said
    assert not any(words for _, words in said[1:])  # the first alone speaks


def test_a_run_goes_on_with_any_number_of_processes(tmp_path):
    """Stopped and gone on with by two it is that of two, bit by bit; by two, three and one it is that of one."""
    whole, stopped, mixed, alone = (tmp_path / name for name in ("whole", "stopped", "mixed", "alone"))
    went(stopped, 2, 8)
    shutil.copytree(stopped, mixed)
    went(stopped, 2, 24, "--resume")
    went(whole, 2, 24)
    assert_same(whole, stopped)
    went(mixed, 3, 16, "--resume")
    went(mixed, 1, 24, "--resume")
    went(alone, 1, 24)
    for one, other in zip(state(mixed)["history"][1:3], state(alone)["history"][1:3], strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-4)
    files = [sorted(path.name for path in folder.rglob("*")) for folder in (whole, stopped, mixed, alone)]
    assert files[0] == files[1] == files[2] == files[3]
    record = json.loads((whole / "record.json").read_text("utf-8"))
    assert record["machine"].endswith(", 2 processes") and record["steps"] == 24


def test_a_process_with_other_settings_is_refused(tmp_path):
    def mixed(rank):
        return command(rank, "--out", tmp_path / "run", "--seed", rank)

    (_, first), (status, other) = together(2, mixed)
    assert status == 1 and "is to train something else than the first: its seed is 0, and you ask for 1" in other
    assert "Another process of this training has ended" in first


def running(folder, count=2, *more):
    """A long training, once it has saved something."""
    path, began = folder / "checkpoint.pt", time.time()
    started = Started(count, command, "--steps", 100_000, "--every", 20, "--out", folder, *more)
    until = time.monotonic() + PATIENCE
    while not path.exists() or path.stat().st_mtime < began:
        assert all(process.is_alive() for process in started.processes), started.ended()
        assert time.monotonic() < until
        time.sleep(0.02)
    return started


@pytest.mark.parametrize("victim", [0, 1])
def test_all_end_when_one_is_killed_and_the_checkpoint_stays(tmp_path, victim):
    started = running(tmp_path / "run")
    started.processes[victim].kill()
    said = started.ended()
    status, words = said[1 - victim]
    assert said[victim] is None and status == 1
    assert "Another process of this training has ended" in words
    if victim:
        assert "checkpoint.pt holds the last good state, of step" in words
    step = state(tmp_path / "run")["gan"]["step"]
    assert step % 20 == 0
    ((status, _),) = together(1, command, "--steps", step + 1, "--resume", "--out", tmp_path / "run")
    assert status == 0


@pytest.mark.parametrize("asked", [0, 1])
def test_a_request_to_one_stops_all_after_the_same_step(tmp_path, asked):
    started = running(tmp_path / "run")
    os.kill(started.processes[asked].pid, signal.SIGTERM)
    said = started.ended()
    step = state(tmp_path / "run")["gan"]["step"]
    assert f"Stopped at step {step} of 100000; the same command with --resume goes on from there." in said[0][1]
    assert said[asked][0] == 143 and said[1 - asked][0] == 130
    together(2, command, "--steps", step + 3, "--resume", "--every", 20, "--out", tmp_path / "run")
    together(2, command, "--steps", step + 3, "--every", 20, "--out", tmp_path / "whole")
    assert_same(tmp_path / "run", tmp_path / "whole")


def test_a_loss_that_is_no_number_in_one_process_stops_all():
    def spoilt(rank):
        gan, data = points()
        with ranks.launched(CPU) as team:
            team.join(gan)

            def loss(real_scores, fake_scores):
                found = losses.relativistic(real_scores, fake_scores)
                broken = rank == 1 and gan.step == 30
                return losses.Losses(found.discriminator * float("nan") if broken else found.discriminator, found[1])

            try:
                list(team.in_step(train(gan, data.float(), loss, steps=100, batch=8)))
            except DivergenceError as error:
                return str(error)

    first, second = together(2, spoilt)
    assert "diverged at step 31: the discriminator's loss is nan" in first and first == second


def test_accelerate_launches_the_command(tmp_path):
    words = ["launch", "--multi_gpu", "--num_processes", "2", "--num_machines", "1", "--main_process_port", "0"]
    more = ["--mixed_precision", "no", "--dynamo_backend", "no", "-m", "gan_lessons", "train", TOY, "--device", "cpu"]
    launched = [sys.executable, "-m", "accelerate.commands.accelerate_cli", *words, *more, "--out", tmp_path / "run"]
    done = subprocess.run(launched, cwd=ROOT, capture_output=True, text=True, timeout=2 * PATIENCE)
    assert done.returncode == 0, done.stderr
    assert "Done in" in done.stdout and done.stdout.count("data: ") == 1
    assert state(tmp_path / "run")["gan"]["step"] == 12


def test_a_plain_run_does_without_accelerate(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "accelerate", None)
    assert main(["train", TOY, "--device", "cpu", "--out", str(tmp_path / "run")]) == 0
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(["train", TOY, "--device", "cpu", "--out", str(tmp_path / "other")]) == 1
    assert "The package accelerate is missing" in capsys.readouterr().err


# Memory


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("CUDA out of memory."), RuntimeError("can't allocate memory"), MemoryError()]
)
def test_used_up_memory_names_what_to_lower_and_keeps_the_run(tmp_path, error):
    def short(self, gan, data):
        for record in Toy.train(self, gan, data):
            yield record
            if gan.step == 9:
                raise error

    recipe = type("Short", (Toy,), {"train": short})(**vars(SIZES["cpu"]))
    with Run(recipe, tmp_path, recipe.build(), say=print) as run, pytest.raises(RuntimeError) as caught:
        list(run.train(4))
    assert "is used up after step 9" in str(
        caught.value
    ) and "a lower batch (8), width (8), or with more processes" in str(caught.value)
    assert "checkpoint.pt holds the last good state, of step 8" in str(caught.value)
    whole = replace(SIZES["cpu"])
    with Run(whole, tmp_path, whole.build()) as run:
        run.resume()
        assert len(list(run.train(4))) == 4
