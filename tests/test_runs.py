"""Runs go on bit for bit, survive a kill and a full disk, tell no untruth, and say in a sentence what does not fit."""

import copy
import errno
import itertools
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from gan_lessons import checkpoints, files, losses, records, runs
from gan_lessons.data.points import ring
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.populations import population
from gan_lessons.runs import CheckpointError, FileError, Run, load_checkpoint, save_checkpoint
from gan_lessons.training import GAN, DivergenceError, cosine, train
from tests.toy_recipe import SIZES

DATA = ring().sample(500)
TOY = SIZES["cpu"]


def make(width=16):
    torch.manual_seed(0)
    return GAN(PointGenerator(width=width), PointDiscriminator(width=width), noise_dim=2)


def run(gan, steps, until=30):
    training = train(gan, DATA, losses.relativistic, steps=until, batch=16, schedule=cosine)
    while gan.step < steps:
        next(training)
    return gan


def everything(gan):
    return {key: value for key, value in gan.state().items() if key not in ("history", "step")}


def go(folder, recipe=TOY, seed=0, every=4, resume=False, say=print):
    """A whole run, as the command line makes it; its record and its last checkpoint."""
    with Run(recipe, folder, recipe.build(seed=seed), "toy/cpu@1", say) as running:
        if resume:
            running.resume()
        for _ in running.train(every):
            pass
        return running.finish("a command")


def assert_same_run(one: Path, other: Path):
    """Two folders hold the same run: weights, curve, record, sheets, best."""
    states = [checkpoints.read_checkpoint(folder / "checkpoint.pt")["gan"] for folder in (one, other)]
    torch.testing.assert_close(*states, rtol=0, atol=0)
    stored = [json.loads((folder / "record.json").read_text()) for folder in (one, other)]
    lines = [records.read_metrics(folder / "metrics.jsonl") for folder in (one, other)]
    for part in (lines, [record["curve"] for record in stored]):
        assert [untimed(line) for line in part[0]] == [untimed(line) for line in part[1]]
    assert stored[0]["steps"] == stored[1]["steps"] == stored[1]["figures"]["step"]
    assert untimed(stored[0]["best"]) == untimed(stored[1]["best"])
    sheets = [{path.name for path in (folder / "samples").iterdir()} for folder in (one, other)]
    assert sheets[0] == sheets[1]
    best = [checkpoints.read_checkpoint(folder / "best.pt")["gan"]["step"] for folder in (one, other)]
    assert best[0] == best[1] == stored[0]["best"]["step"]


def untimed(line):
    return {name: value for name, value in line.items() if name != "seconds"}


# Checkpoints


def test_resuming_equals_not_stopping(tmp_path):
    whole = run(make(), 30)
    save_checkpoint(tmp_path / "checkpoint.pt", run(make(), 11), {"recipe": "a"})
    resumed = make()
    load_checkpoint(tmp_path / "checkpoint.pt", resumed, {"recipe": "a"})
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

    def full(target, content):
        with open(target, "wb") as file:
            file.write(b"half a checkpoi")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CheckpointError, match=r"the disk is full.*untouched"):
        save_checkpoint(path, run(make(), 5))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told_in_words(tmp_path):
    with pytest.raises(FileError, match="the disk is full"):
        files.append(Path("/dev/full"), "a line\n" * 10_000)


@pytest.mark.parametrize("damage", [lambda stored: stored[: len(stored) // 2], lambda stored: b"not a checkpoint"])
def test_damaged_checkpoints(tmp_path, damage):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, make())
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(path, make())


def test_no_changed_byte_of_the_weights_loads(tmp_path):
    """torch itself loads them: its archive is not checked."""
    path = tmp_path / "checkpoint.pt"
    gan = run(make(), 3)
    save_checkpoint(path, gan)
    stored = path.read_bytes()
    place = stored.find(next(gan.generator.parameters()).detach().numpy().tobytes()[:64])
    path.write_bytes(stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :])
    torch.load(path, weights_only=True)
    before = copy.deepcopy(everything(gan))
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(path, gan)
    torch.testing.assert_close(everything(gan), before, rtol=0, atol=0)


def sealed(path, **changes):
    """Store a checkpoint with changed parts and a checksum that fits."""
    state = torch.load(path, weights_only=True)
    del state["checksum"]
    for place, value in changes.items():
        part = state if place in state else state["gan"]
        part[place] = value
    torch.save({**state, "checksum": checkpoints.checksum(state)}, path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"step": "five"}, "its step is 'five'"),
        ({"step": -1}, "its step is -1"),
        ({"step": 2**60}, "its step is"),
        ({"step": True}, "its step is True"),
        ({"format": 1}, "another version"),
        ({"format": "2"}, "another version"),
        ({"generator_optimizer": {}}, "other shapes"),
        ({"discriminator_optimizer": 7}, "other shapes"),
        ({"generator": [1, 2]}, "other shapes"),
        ({"gan": 3}, "its step is None"),
    ],
)
def test_odd_checkpoints_leave_the_gan_as_it_was(tmp_path, change, message):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, run(make(), 3))
    sealed(path, **change)
    gan = run(make(), 2)
    before = copy.deepcopy(everything(gan))
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(path, gan)
    torch.testing.assert_close(everything(gan), before, rtol=0, atol=0)
    assert gan.step == len(gan.history) == 2


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
    torch.save({"fingerprint": "", "generator": {}, "step": 3}, path)
    with pytest.raises(CheckpointError, match="another version"):
        load_checkpoint(path, make())


def test_other_shapes_leave_the_networks_as_they_were(tmp_path):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, run(make(width=8), 3))
    gan = run(make(), 2)
    before = copy.deepcopy(everything(gan))
    with pytest.raises(CheckpointError, match="other shapes"):
        load_checkpoint(path, gan)
    torch.testing.assert_close(everything(gan), before, rtol=0, atol=0)
    assert gan.step == 2


# Runs


def test_a_killed_run_goes_on_and_tells_the_truth(tmp_path, monkeypatch):
    """A kill at each rename and each append: resuming ends in what a run ends in that nothing stopped."""
    go(tmp_path / "whole")
    replacing, appending = os.replace, files.append
    calls = itertools.count()
    for place in itertools.count():
        folder, calls = tmp_path / f"killed_{place}", itertools.count()

        def killed(*arguments, act, calls=calls, place=place):
            if next(calls) == place:
                if act is appending:
                    with open(arguments[0], "a", encoding="utf-8") as file:
                        file.write(arguments[1][: len(arguments[1]) // 2])  # torn
                raise SystemExit
            return act(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", partial(killed, act=replacing))
            patch.setattr(runs, "append", partial(killed, act=appending))
            try:
                go(folder)
                break
            except SystemExit:
                pass
        go(folder, resume=(folder / "checkpoint.pt").exists())
        assert_same_run(tmp_path / "whole", folder)
    assert place > 10


def test_a_stopped_run_goes_on(tmp_path):
    go(tmp_path / "whole")
    with Run(TOY, tmp_path / "run", TOY.build(), "toy/cpu@1") as running:
        for record, _ in running.train(4):
            if record.step == 6:
                break
        running.stop()
        assert running.measured == 4
    go(tmp_path / "run", resume=True)
    assert_same_run(tmp_path / "whole", tmp_path / "run")


def test_a_run_that_is_done_can_be_resumed_and_lengthened(tmp_path):
    go(tmp_path / "run")
    first = go(tmp_path / "run", resume=True)
    assert [line["step"] for line in first["curve"]] == [4, 8, 12] and first["figures"]["step"] == first["steps"] == 12
    longer = go(tmp_path / "run", replace(TOY, steps=16), resume=True)
    assert [line["step"] for line in longer["curve"]] == [4, 8, 12, 16] and longer["steps"] == 16


@pytest.mark.parametrize(
    ("recipe", "seed", "sentence"),
    [
        (TOY, 1, "its seed is 0, and you ask for 1"),
        (replace(TOY, learning_rate=0.5), 0, "its setting learning_rate is the default, and you ask for 0.5"),
        (replace(TOY, batch=4), 0, "its setting batch is 8, and you ask for 4"),
        (replace(TOY, count=300), 0, "its setting count is the default, and you ask for 300"),
    ],
)
def test_a_resume_names_what_differs(tmp_path, recipe, seed, sentence):
    go(tmp_path / "run")
    before = (tmp_path / "run/checkpoint.pt").read_bytes(), (tmp_path / "run/metrics.jsonl").read_bytes()
    with pytest.raises(CheckpointError) as caught:
        go(tmp_path / "run", recipe, seed, resume=True)
    assert sentence in str(caught.value)
    assert before == ((tmp_path / "run/checkpoint.pt").read_bytes(), (tmp_path / "run/metrics.jsonl").read_bytes())


def test_a_resume_refuses_data_that_have_changed(tmp_path):
    go(tmp_path / "run")
    with pytest.raises(CheckpointError, match=r"its data have changed \(checksum [0-9a-f]+, now [0-9a-f]+\)"):
        go(tmp_path / "run", planted(TOY, data=lambda self: ring().sample(200, seed=7)), resume=True)


def test_another_spelling_of_a_path_is_no_difference():
    one = {"settings": {"source": "folder", "steps": 3}, "data": "ab"}
    assert not checkpoints.differences(one, {"settings": {"source": "./folder/", "steps": 9}, "data": "ab"})
    same = checkpoints.differences(one, {"settings": {"source": "./folder/"}, "data": "cd"})
    assert same == ["its data have changed (checksum ab, now cd)"]
    sized = checkpoints.differences(one, {"settings": {"source": "./folder", "size": 16}, "data": "cd"})
    assert sized == ["its setting size is the default, and you ask for 16"]
    changed = checkpoints.differences(one, {"settings": {"source": "other"}, "data": "cd"})
    assert changed == ["its data are folder, and you ask for other"]


def test_data_have_a_checksum_by_content():
    first = checkpoints.data_checksum(DATA)
    assert first == checkpoints.data_checksum(DATA.clone()) != checkpoints.data_checksum(DATA.flip(0))
    changed = DATA.clone()
    changed[317, 1] += 1e-4
    assert checkpoints.data_checksum(changed) != first != checkpoints.data_checksum(DATA[:499])
    assert checkpoints.data_checksum(DATA, limit=100) == checkpoints.data_checksum(DATA.clone(), limit=100)


def test_a_second_writer_is_refused_and_named(tmp_path):
    with Run(TOY, tmp_path, TOY.build()) as first:
        first.own()
        with pytest.raises(FileError, match=rf"Another run writes in .* \(process {os.getpid()} on "):
            Run(TOY, tmp_path, TOY.build()).own()
    with Run(TOY, tmp_path, TOY.build()) as third:
        third.own()


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path):
    code = f"""
import os, signal
from pathlib import Path
from gan_lessons.files import Lock
lock = Lock(Path({str(tmp_path)!r}))
print("locked", flush=True)
signal.pause()"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "locked\n"
    with pytest.raises(FileError, match=f"process {process.pid} "):
        files.Lock(tmp_path)
    process.kill()
    process.communicate()
    files.Lock(tmp_path).release()


def test_where_there_are_no_locks_a_living_process_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "seize", lambda file: False)
    lock = json.dumps({"pid": os.getppid(), "host": files.platform.node()})
    (tmp_path / ".lock").write_text(lock)
    with pytest.raises(FileError, match=f"process {os.getppid()} "):
        files.Lock(tmp_path)
    for other in ('{"pid": 2147483646, "host": "' + files.platform.node() + '"}', '{"pid": 1, "host": "x"}', "", "[]"):
        (tmp_path / ".lock").write_text(other)
        files.Lock(tmp_path).release()


def test_a_folder_that_holds_a_run_is_not_begun_anew(tmp_path):
    go(tmp_path)
    with pytest.raises(FileError, match="already holds a run"):
        go(tmp_path)


def planted(recipe, **methods):
    """The recipe with other methods."""
    return type("Planted", (type(recipe),), methods)(**vars(recipe))


def poison(gan, data):
    """Train, and at step 9 spoil the generator."""
    for record in type(TOY).train(TOY, gan, data):
        if gan.step == 9:
            with torch.no_grad():
                next(gan.generator.parameters())[0, 0] = float("nan")
        yield record


def test_a_checkpoint_that_is_not_finite_is_not_written(tmp_path):
    recipe = planted(TOY, train=lambda self, gan, data: poison(gan, data))
    with pytest.raises(DivergenceError) as caught:
        go(tmp_path, recipe)
    message = str(caught.value)
    assert "diverged" in message and "lower learning rate" in message
    assert "checkpoint.pt holds the last good state, of step 8" in message and "best.pt the best" in message
    state = checkpoints.read_checkpoint(tmp_path / "checkpoint.pt")["gan"]
    assert state["step"] == 8
    assert all(part.isfinite().all() for part in checkpoints.tensors(state["generator"]))


def test_one_dead_member_is_named_and_the_others_go_on(tmp_path):
    def build(self, device="cpu", seed=0):
        players = lambda: (PointGenerator(width=4), PointDiscriminator(width=4))  # noqa: E731
        return population(players, range(3), noise_dim=2)

    def spoilt(self, gan, data):
        for record in type(TOY).train(self, gan, data):
            if gan.step == 5:
                with torch.no_grad():
                    next(gan.generator.parameters())[1] = float("inf")
            yield record

    said = []
    recipe = planted(TOY, build=build, train=spoilt, sheet=lambda self, gan: None, best=None)
    record = go(tmp_path, recipe, say=said.append)
    assert record["figures"]["dead"] == [1] and record["steps"] == 12
    assert [line for line in said if "member 1" in line and "step 8" in line]
    assert "NaN" not in (tmp_path / "metrics.jsonl").read_text() + (tmp_path / "record.json").read_text()


def test_figures_that_are_no_numbers_are_null(tmp_path):
    recipe = planted(TOY, score=lambda self, gan: {"spread": float("nan"), "other": float("inf")})
    record = go(tmp_path, recipe)
    assert record["figures"]["spread"] is None and record["best"] is None
    json.loads((tmp_path / "record.json").read_text(), parse_constant=lambda word: pytest.fail(word))


def test_the_best_is_kept(tmp_path):
    values = iter([3.0, 1.0, 2.0])
    record = go(tmp_path, planted(TOY, score=lambda self, gan: {"spread": next(values)}))
    assert record["best"]["step"] == 8 and record["figures"]["spread"] == 2.0
    assert checkpoints.read_checkpoint(tmp_path / "best.pt")["gan"]["step"] == 8
    assert records.better("highest a", {"a": 2}, {"a": 1}) and not records.better("highest a", {"a": 1}, {"a": 1})
    with pytest.raises(ValueError, match="lowest frechet"):
        records.better("frechet", {"frechet": 1}, None)


@pytest.mark.parametrize("part", ["score", "sheet", "listen"])
def test_what_cannot_be_measured_is_said_once_before_the_first_step_and_left_out(tmp_path, part):
    def fails(self, gan):
        raise IndexError("needs at least 65 samples; there are 20")

    said = []
    recipe = planted(TOY, **{part: fails})
    with Run(recipe, tmp_path, recipe.build(), say=said.append) as running:
        running.rehearse()
        assert len(said) == 1 and "at step 0" in said[0] and "needs at least 65 samples" in said[0]
        assert not (tmp_path / "checkpoint.pt").exists() and not (tmp_path / ".rehearsal").exists()
        assert len(list(running.train(4))) == 12
        running.finish()
    assert len(said) == 1


def test_a_rehearsal_changes_nothing(tmp_path):
    go(tmp_path / "whole")
    with Run(TOY, tmp_path / "run", TOY.build(), "toy/cpu@1") as running:
        running.rehearse()
        for _ in running.train(4):
            pass
        running.finish("a command")
    assert_same_run(tmp_path / "whole", tmp_path / "run")


def test_a_checkpoint_is_saved_before_a_sheet_is_drawn(tmp_path):
    def sheet(self, gan):
        assert checkpoints.read_checkpoint(tmp_path / "checkpoint.pt")["gan"]["step"] == gan.step
        return type(TOY).sheet(self, gan)

    said = []
    go(tmp_path, planted(TOY, sheet=sheet), say=said.append)
    assert not said


def test_a_folder_that_cannot_be_written_to_is_found_at_once(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="is a file"):
        Run(TOY, tmp_path / "file", TOY.build()).own()
    with pytest.raises(FileError, match="cannot be written to: what should be its folder is a file"):
        Run(TOY, tmp_path / "file" / "run", TOY.build()).own()


def test_a_torn_last_line_is_left_out_and_another_is_named(tmp_path):
    path = tmp_path / "metrics.jsonl"
    assert runs.read_metrics(path) == []
    path.write_text('{"step": 1}\n{"step": 2}\n{"ste')
    assert runs.read_metrics(path) == [{"step": 1}, {"step": 2}]
    path.write_text('{"step": 1}\n{"ste\n{"step": 3}\n')
    with pytest.raises(ValueError, match=r"Line 2 of .*metrics.jsonl is damaged"):
        runs.read_metrics(path)


def test_metrics_that_are_gone_or_damaged_come_back_from_the_checkpoint(tmp_path):
    go(tmp_path / "whole")
    go(tmp_path / "run", replace(TOY, steps=8))
    (tmp_path / "run/metrics.jsonl").write_text("{{{\n{}\n")
    go(tmp_path / "run", resume=True)
    assert_same_run(tmp_path / "whole", tmp_path / "run")


def test_a_long_history_is_thinned():
    history = list(range(records.MANY + 2))
    records.thin(history)
    assert len(history) == records.MANY * 3 // 4 + 2 and history[:3] == [0, 2, 4] and history[-1] == records.MANY + 1


def test_an_interrupt_while_a_measurement_is_written_waits_for_its_end(tmp_path, monkeypatch):
    running = runs.Run(TOY, tmp_path, TOY.build())

    def interrupted(*arguments, **more):
        os.kill(os.getpid(), signal.SIGINT)
        save_checkpoint(*arguments, **more)

    monkeypatch.setattr(runs, "save_checkpoint", interrupted)
    with running:
        with pytest.raises(KeyboardInterrupt):
            list(running.train(every=1))
        running.stop()
    assert [line["step"] for line in runs.read_metrics(running.metrics)] == [1]
    assert running.measured == running.gan.step == 1
