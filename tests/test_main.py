"""The command line as a user meets it: training, stopping, resuming, and clear sentences for what cannot be."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch

from gan_lessons.__main__ import main


def train(out, *more):
    return main(["train", "ring", "--out", str(out), "--steps", "12", "--every", "6", "--device", "cpu", *more])


def test_a_run_leaves_samples_metrics_weights_and_a_record(tmp_path, capsys):
    assert train(tmp_path / "run") == 0
    assert {file.relative_to(tmp_path / "run").as_posix() for file in (tmp_path / "run").rglob("*.*")} == {
        "checkpoint.pt",
        "generator.safetensors",
        "metrics.jsonl",
        "record.json",
        "samples/step_000006.png",
        "samples/step_000012.png",
    }
    record = json.loads((tmp_path / "run/record.json").read_text())
    assert record["steps"] == 12 and [point["step"] for point in record["curve"]] == [6, 12]
    assert "Done" in capsys.readouterr().out


def test_a_folder_in_use_is_not_overwritten(tmp_path, capsys):
    train(tmp_path / "run")
    assert train(tmp_path / "run") == 1
    assert "--resume" in capsys.readouterr().err


def test_stopping_and_resuming_equals_not_stopping(tmp_path):
    program = [sys.executable, "-m", "gan_lessons", "train", "ring"]
    command = [*program, "--device", "cpu", "--steps", "60", "--every", "30"]
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    subprocess.run([*command, "--out", str(whole)], check=True, capture_output=True)
    running = subprocess.Popen([*command, "--out", str(stopped)], stdout=subprocess.PIPE, text=True)
    while not (stopped / "checkpoint.pt").exists():
        time.sleep(0.02)
        assert running.poll() is None
    os.kill(running.pid, signal.SIGINT)
    output, _ = running.communicate(timeout=60)
    assert running.returncode in (0, 130)
    if running.returncode == 130:
        assert "--resume goes on from there" in output
        lines = [json.loads(line) for line in (stopped / "metrics.jsonl").read_text().splitlines()]
        assert len({line["step"] for line in lines}) == len(lines)
        assert all(line["seconds"] > 0 for line in lines)
        subprocess.run([*command, "--out", str(stopped), "--resume"], check=True, capture_output=True)
    states = [torch.load(folder / "checkpoint.pt", weights_only=True) for folder in (whole, stopped)]
    for part in ("generator", "discriminator", "average"):
        torch.testing.assert_close(states[0][part], states[1][part], rtol=0, atol=0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "rings"], "no recipe 'rings'; the known ones are conditional, digits, drums, grid, idioms, oracle,"),
        (["train", "ring", "--size", "huge"], "no size 'huge'; it has"),
        (["train", "ring", "--device", "tpu"], "no device 'tpu'; the known ones are auto, cpu"),
        (["train", "ring", "--resume", "--out", "nowhere"], "no checkpoint"),
        (["train", "ring", "--data", "names:family"], "'ring' has its own data; leave out --data"),
        (["train", "words", "--data", "names:last"], "no names 'last'; the known ones are first, family"),
        (["train", "words", "--data", "gone.txt"], "no text file gone.txt"),
        (
            ["train", "words", "--data", "hub:nothing"],
            "no texts named 'nothing'; the known ones are tiny_shakespeare, ag_",
        ),
        (
            ["train", "spoken_digits", "--data", "hub:ag_news"],
            "no recordings named 'ag_news'; the known ones are free_",
        ),
        (["describe", "rings"], "no recipe 'rings'"),
    ],
)
def test_what_cannot_be_gets_a_sentence(arguments, sentence, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert sentence in error and "Traceback" not in error


def test_describe_shows_sizes_side_by_side(capsys):
    assert main(["describe", "digits"]) == 0
    output = capsys.readouterr().out
    assert "learning_rate" in output and "long" in output


def test_describe_lists_the_sets_that_have_a_name(capsys):
    assert main(["describe"]) == 0
    output = capsys.readouterr().out
    assert "names:family" in output and "hub:ag_news" in output and "non-commercial" in output


def test_help_explains_itself(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["train", "--help"])
    output = capsys.readouterr().out
    assert "--resume" in output and "example:" in output
