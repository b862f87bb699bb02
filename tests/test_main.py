"""The command line as a user meets it: training, stopping, resuming, sampling, and a sentence for what cannot be."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile
import torch
from PIL import Image

from gan_lessons import files, recipes, results
from gan_lessons.__main__ import main
from gan_lessons.checkpoints import read_checkpoint
from gan_lessons.commands import chapters, settings, signals, speech
from gan_lessons.training import DivergenceError
from tests.toy_recipe import SIZES, Toy

TOY = "tests.toy_recipe:Toy"
ROOT = Path(__file__).resolve().parents[1]


def train(out, *more, recipe=TOY):
    return main(["train", recipe, "--out", str(out), "--every", "4", "--device", "cpu", *more])


def started(out, *more):
    """A training in a process of its own, once it has saved something."""
    command = [
        sys.executable,
        "-m",
        "gan_lessons",
        "train",
        TOY,
        "--steps",
        "100000",
        "--every",
        "50",
        "--out",
        str(out),
    ]
    process = subprocess.Popen([*command, *more], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (out / "checkpoint.pt").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


# Training


def test_a_run_leaves_samples_metrics_weights_a_record_and_a_report(tmp_path, capsys):
    assert train(tmp_path / "run") == 0
    found = {file.relative_to(tmp_path / "run").as_posix() for file in (tmp_path / "run").rglob("*") if file.is_file()}
    assert found == {
        ".lock",
        "best.pt",
        "checkpoint.pt",
        "generator.safetensors",
        "metrics.jsonl",
        "record.json",
        "report.html",
        *(f"samples/step_{step:06d}.png" for step in (4, 8, 12)),
    }
    record = json.loads((tmp_path / "run/record.json").read_text())
    assert record["identity"] == f"{TOY}/cpu@1" and record["steps"] == 12
    assert [point["step"] for point in record["curve"]] == [4, 8, 12] and record["settings"]["batch"] == 8
    assert record["command"].startswith("gan-lessons train tests.toy_recipe:Toy --out")
    output = capsys.readouterr().out
    assert "data: 200 samples of shape 2" in output and "Done in" in output and "of them training" in output


def test_the_end_names_only_what_the_folder_holds(tmp_path, capsys, monkeypatch):
    assert train(tmp_path / "whole") == 0
    assert "holds report.html, the samples, metrics.jsonl and record.json." in capsys.readouterr().out
    monkeypatch.setattr(Toy, "floor_and_ceiling", lambda self: {"spread": (float("nan"), 1)}, raising=False)
    assert train(tmp_path / "no_floor") == 0
    assert "holds report.html" in capsys.readouterr().out and (tmp_path / "no_floor/report.html").is_file()
    monkeypatch.setattr("gan_lessons.commands.evaluate.page", lambda *given: 1 / 0)
    monkeypatch.setattr(Toy, "sheet", lambda self, gan: 1 / 0)
    assert train(tmp_path / "bare") == 0
    output = capsys.readouterr().out
    assert "There is no report.html: ZeroDivisionError" in output
    assert "holds metrics.jsonl and record.json." in output


def test_names_that_the_locale_cannot_read_leave_a_report(tmp_path):
    """As with LC_ALL=C and PYTHONUTF8=0, where Python has surrogates in place of the bytes."""
    out = tmp_path / "caf\udcc3\udca9"
    assert train(out) == 0
    report = out / "report.html"
    assert "caf??" in report.read_text("utf-8")
    report.unlink()
    assert main(["evaluate", str(out)]) == 0 and "caf??" in report.read_text("utf-8")


def test_settings_change_any_field(tmp_path):
    changes = ["--set", "width=4", "--set", "noisy=yes", "--set", "widths=4,5", "--batch", "16", "--lr", "1e-2"]
    assert train(tmp_path / "run", "--size", "long", "--steps", "4", *changes) == 0
    stored = json.loads((tmp_path / "run/record.json").read_text())["settings"]
    assert stored == {"steps": 4, "batch": 16, "width": 4, "noisy": True, "widths": [4, 5], "learning_rate": 0.01}
    restored = settings.restored(SIZES["cpu"], stored)
    assert restored == Toy(steps=4, batch=16, width=4, noisy=True, widths=(4, 5), learning_rate=0.01)


def test_a_value_is_read_by_its_type():
    assert settings.parsed("15_000", int, "--x") == 15_000 and settings.parsed("1e4", int, "--x") == 10_000
    assert settings.parsed("none", float | None, "--x") is None and settings.parsed("2", float | None, "--x") == 2.0
    assert settings.parsed("(a, b)", tuple[str, ...], "--x") == ("a", "b")
    for text, kind in (("1.5", int), ("maybe", bool), ("ten", float), ("nan.", float)):
        with pytest.raises(ValueError, match="--x takes"):
            settings.parsed(text, kind, "--x")


def test_a_folder_in_use_is_not_overwritten(tmp_path, capsys):
    train(tmp_path / "run")
    assert train(tmp_path / "run") == 1
    assert "--resume" in capsys.readouterr().err


def test_a_second_process_is_refused_at_once(tmp_path, capsys):
    with files.Lock(tmp_path):
        assert train(tmp_path) == 1
    assert f"Another run writes in {tmp_path} (process {os.getpid()} on" in capsys.readouterr().err


def test_resuming_with_something_else_names_it(tmp_path, capsys):
    train(tmp_path / "run")
    assert train(tmp_path / "run", "--resume", "--seed", "3") == 1
    assert "its seed is 0, and you ask for 3" in capsys.readouterr().err
    assert train(tmp_path / "run", "--resume", "--steps", "16") == 0


def test_a_run_in_the_background_hears_who_ends_it(tmp_path):
    """A shell script lets what it starts with & ignore Ctrl-C; SIGTERM still stops it between two steps."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = started(tmp_path / "run")
    finally:
        signal.signal(signal.SIGINT, before)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    assert process.poll() is None
    process.terminate()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 143, errors
    assert read_checkpoint(tmp_path / "run/checkpoint.pt")["gan"]["step"] >= 50


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_saves_and_the_run_goes_on(tmp_path, number, status):
    process = started(tmp_path / "run")
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == status, errors
    assert "--resume goes on from there" in output and "Traceback" not in errors
    step = read_checkpoint(tmp_path / "run/checkpoint.pt")["gan"]["step"]
    assert f"Stopped at step {step} of" in output
    longer = ["--steps", str(step + 1), "--every", "50", "--device", "cpu", "--out", str(tmp_path / "run")]
    assert main(["train", TOY, *longer, "--resume"]) == 0
    steps = [json.loads(line)["step"] for line in (tmp_path / "run/metrics.jsonl").read_text().splitlines()]
    assert steps == [*range(50, step + 1, 50), step + 1]


def test_a_second_signal_while_saving_is_no_traceback(tmp_path, monkeypatch, capsys):
    from gan_lessons import runs

    saving = runs.save_checkpoint

    def slow(*arguments, **more):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.raise_signal(number)
        saving(*arguments, **more)

    def interrupted(self, gan, data):
        for record in Toy.train(self, gan, data):
            yield record
            if gan.step == 6:
                monkeypatch.setattr(runs, "save_checkpoint", slow)
                raise KeyboardInterrupt

    monkeypatch.setattr(recipes, "find", lambda *_: type("Other", (Toy,), {"train": interrupted})(steps=12, batch=8))
    assert train(tmp_path / "run") == 130
    assert "Stopped at step 6" in capsys.readouterr().out
    assert read_checkpoint(tmp_path / "run/checkpoint.pt")["gan"]["step"] == 6


def test_a_killed_process_leaves_a_folder_that_goes_on(tmp_path):
    process = started(tmp_path / "run")
    process.kill()
    process.communicate()
    step = read_checkpoint(tmp_path / "run/checkpoint.pt")["gan"]["step"]
    assert train(tmp_path / "run", "--resume", "--steps", str(step + 2)) == 0
    assert json.loads((tmp_path / "run/record.json").read_text())["steps"] == step + 2


# What cannot be


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "rings"], "no recipe 'rings'; the known ones are "),
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
        (["train", "ring", "--set", "wdth=3"], "no setting 'wdth'; the known ones are steps, batch, members, width"),
        (["train", "ring", "--set", "width=wide"], "--set width takes a whole number, not 'wide'"),
        (["train", "ring", "--set", "width"], "--set takes NAME=VALUE, not 'width'"),
        (["train", "ring", "--batch", "0"], "The setting batch is 0; wanted is a finite number from 1."),
        (["train", "ring", "--batch", "-5"], "The setting batch is -5; wanted is"),
        (["train", "ring", "--lr", "nan"], "The setting learning_rate is nan; wanted is a finite number above 0."),
        (["train", "digits", "--set", "penalty_every=0"], "The setting penalty_every is 0; wanted is"),
        (["train", "digits", "--set", "noise_dim=-1"], "The setting noise_dim is -1; wanted is a finite number from 0"),
        (["train", "oracle", "--set", "width=0"], "The setting width is 0; wanted is"),
        (["train", "ring", "--image-size", "32"], "no --image-size; of such options it has --batch, --lr"),
        (["train", "ring", "--out", "a_file"], "a_file is a file; choose another folder"),
        (["train", "ring", "--out", "a_file/run"], "a_file/run cannot be written to: what should be its folder is a f"),
        (["train", "no_module:Mine"], "no module 'no_module'"),
        (["train", "tests.toy_recipe:Mine"], "tests.toy_recipe has no 'Mine'; its recipes are Toy"),
        (["train", "gan_lessons.recipes:Recipe"], "no recipe: it lacks build, data, score, sheet, train"),
        (["describe", "rings"], "no recipe 'rings'"),
        (["sample", "nothing"], "no such result is stored"),
        (["sample", "ring", "--class", "dog"], "knows no classes; leave out --class"),
        (["sample", "ring", "--out", "ring.bmp"], "--out ends in one of .png, .wav, .txt"),
        (["sample", "ring", "--out", "ring.gif"], "makes no films; writing does"),
        (["sample", "voxels", "--out", "chairs.gif"], "makes no films; writing does"),
        (["sample", "."], "holds no run: there is no checkpoint.pt in it"),
        (["upscale", "nothing.png"], "nothing.png: No such file or directory"),
        (["upscale", "a_file"], "a_file cannot be enlarged: broken, or not a picture"),
        (["upscale", "a_file", "--out", "a.gif"], "--out ends in one of .png, .jpg, .jpeg, .webp"),
        (["upscale", "a_file", "--invention", "2"], "between 0 (L1 alone) and 1 (the GAN); 2 does not"),
        (["evaluate", "nowhere"], "There is no folder of a run nowhere"),
        (["chapters", "a_file"], "a_file is a file"),
    ],
)
def test_what_cannot_be_gets_a_sentence(arguments, sentence, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a_file").touch()
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert sentence in error and "Traceback" not in error


@pytest.mark.parametrize(
    "option",
    [
        *(["--steps", number] for number in ("0", "-1", "many")),
        *(["--threads", number] for number in ("0", "100000")),
        *(["--seed", number] for number in ("-1", str(2**32))),
        ["--every", "0"],
    ],
)
def test_numbers_out_of_range_are_refused(option, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["train", "ring", *option])
    assert f"argument {option[0]}: a whole number from" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("width"), "KeyError in test_main.py, line"),
        (IndexError("list index out of range"), "IndexError in test_main.py"),
        (MemoryError(), "The memory is used up"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "The memory is used up"),
        (Image.DecompressionBombError("Image size (900000000 pixels)"), "A picture is too large"),
        (OSError(28, "No space left on device", "run/metrics.jsonl"), "run/metrics.jsonl: the disk is full"),
        (DivergenceError("Training diverged"), "gan-lessons: Training diverged"),
        (ModuleNotFoundError("No module named 'pooch'", name="pooch"), "python -m pip install pooch"),
    ],
)
def test_no_failure_is_a_traceback(error, words, capsys, monkeypatch):
    def fails(*_):
        raise error

    monkeypatch.setattr(recipes, "known", fails)
    assert main(["describe"]) == 1
    shown = capsys.readouterr().err
    assert words in shown and "Traceback" not in shown
    with pytest.raises(type(error)):
        main(["describe", "--debug"])


def test_a_sentence_ends_in_one_stop():
    assert speech.sentence(FileNotFoundError("There is no text file a.txt.")) == "There is no text file a.txt."
    assert speech.sentence(OSError("It broke")) == "It broke."


def test_a_bad_zip_is_named():
    import zipfile

    assert speech.sentence(zipfile.BadZipFile("Bad CRC-32 for file 'a.wav'")).startswith(
        "A zip archive is damaged: Bad"
    )


def test_an_interrupt_while_loading_is_one_line(capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(recipes, "find", interrupted)
    assert main(["train", "ring"]) == 130
    assert capsys.readouterr().err == "Stopped before anything was trained.\n"


def test_a_hang_up_that_is_ignored_stays_ignored(monkeypatch):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals.as_interrupts() as received:
            signal.raise_signal(signal.SIGHUP)
        assert not received and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


# Describing


def test_no_arguments_show_help_with_examples(capsys):
    assert main([]) == 0
    output = capsys.readouterr().out
    assert "examples:" in output and "gan-lessons sample digits" in output


def test_describe_shows_sizes_side_by_side(capsys):
    assert main(["describe", "digits"]) == 0
    output = capsys.readouterr().out
    assert "learning_rate" in output and "long" in output and "--batch, --lr" in output


def test_describe_keeps_to_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for name in recipes.known():
        main(["describe", name])
        output = capsys.readouterr().out
        table = [line for line in output.splitlines() if line.startswith("  ")]
        assert max(map(len, table)) <= 80, name


def test_describe_lists_the_sets_that_have_a_name(capsys):
    assert main(["describe"]) == 0
    output = capsys.readouterr().out
    assert "names:family" in output and "hub:ag_news" in output and "non-commercial" in output
    assert "4,000 cats by David Revoy" in output and "OpenMoji, in nine categories; CC BY-SA 4.0" in output


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp932"])
def test_any_terminal_is_written_to(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "gan_lessons", "describe", "digits"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, cwd=ROOT)
    assert "28x28" in done.stdout.decode(encoding).replace("×", "x") and not done.stderr


def test_a_reader_who_stops_reading_is_no_error():
    command = f"{sys.executable} -m gan_lessons describe | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0 and not done.stderr


def test_help_explains_itself(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["train", "--help"])
    output = capsys.readouterr().out
    assert "--resume" in output and "example:" in output


# Samples, figures, chapters


def test_a_picture_is_enlarged(tmp_path, capsys):
    for mode in ("L", "RGB", "RGBA"):
        Image.new(mode, (20, 12), "tomato" if mode != "L" else 90).save(tmp_path / f"{mode}.png")
        assert main(["upscale", str(tmp_path / f"{mode}.png"), "--scale", "2"]) == 0
        large = Image.open(tmp_path / f"{mode}_x2.png")
        assert (large.mode, large.size) == (mode, (40, 24)) and "a guess" in capsys.readouterr().out
    assert main(["upscale", str(tmp_path / "RGBA.png"), "--out", str(tmp_path / "a.jpg")]) == 1
    assert "A JPEG knows no transparency" in capsys.readouterr().err
    assert main(["upscale", str(tmp_path / "RGB.png"), "--invention", "0", "--out", str(tmp_path / "a.jpg")]) == 0
    assert Image.open(tmp_path / "a.jpg").size == (80, 48)


def test_a_stored_result_is_drawn_from(tmp_path, capsys):
    out = tmp_path / "digits.png"
    assert main(["sample", "digits", "--count", "9", "--out", str(out)]) == 0
    first = Image.open(out).tobytes()
    assert "9 from digits/long@" in capsys.readouterr().out
    main(["sample", "digits/long", "--count", "9", "--out", str(out)])
    assert Image.open(out).tobytes() == first
    main(["sample", "digits", "--count", "9", "--seed", "1", "--out", str(out)])
    assert Image.open(out).tobytes() != first


def test_films_become_a_gif(tmp_path):
    assert main(["sample", "writing", "--count", "4", "--out", str(tmp_path / "kanji.gif")]) == 0
    with Image.open(tmp_path / "kanji.gif") as shown:
        assert shown.n_frames == 16 and shown.info["loop"] == 0
        ink = []
        for frame in range(16):
            shown.seek(frame)
            ink.append(sum(shown.convert("L").histogram()[:128]))
    assert 0 < ink[0] < ink[8] < ink[15]


def test_a_run_is_drawn_from_and_evaluated(tmp_path, capsys):
    train(tmp_path / "run")
    assert main(["sample", str(tmp_path / "run"), "--count", "5", "--out", str(tmp_path / "points.txt")]) == 0
    assert len((tmp_path / "points.txt").read_text().splitlines()) == 5
    assert main(["sample", str(tmp_path / "run"), "--best", "--out", str(tmp_path / "points.png")]) == 0
    (tmp_path / "run/report.html").unlink()
    capsys.readouterr()
    assert main(["evaluate", str(tmp_path / "run")]) == 0
    assert "spread" in capsys.readouterr().out
    assert "<svg" in (tmp_path / "run/report.html").read_text()


def test_a_sound_is_a_wav_file(tmp_path):
    train(tmp_path / "run", "--steps", "4", recipe="tests.toy_recipe:HUMMING")
    for file in (tmp_path / "sound.wav", tmp_path / "run/samples/step_000004.wav"):
        assert main(["sample", str(tmp_path / "run"), "--out", str(tmp_path / "sound.wav")]) == 0
        waveform, rate = soundfile.read(file)
        assert rate == 4000 and len(waveform) >= 4000
    assert "<audio" in (tmp_path / "run/report.html").read_text()


def test_stored_weights_are_given_to_a_gan():
    gan = results.load(recipes.find("ring").build(), "ring/cpu@2")
    torch.testing.assert_close(gan.average.state_dict(), results.weights("ring"), rtol=0, atol=0)
    with pytest.raises(ValueError, match=r"no stored result of 'rings'; the book has .*digits/long"):
        results.weights("rings")
    with pytest.raises(ValueError, match="by version 2 of its recipe"):
        results.load(recipes.find("ring").build(), "ring/cpu@7")
    with pytest.raises(ValueError, match="other shapes"):
        results.load(recipes.find("digits").build(), "ring")


def test_chapters_are_unpacked_and_what_a_reader_changed_stays(tmp_path):
    book, folder = tmp_path / "book", tmp_path / "mine"
    for name in ("01.ipynb", "text/01.py", "results/a.json", "results/__pycache__/x.pyc", "build.py"):
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        (book / name).write_text(f"first {name}")
    assert chapters.unpack(book, folder) == (3, [])
    assert chapters.unpack(book, folder) == (0, [])
    (folder / "01.ipynb").write_text("mine")
    (book / "01.ipynb").write_text("second")
    (book / "text/01.py").write_text("second")
    assert chapters.unpack(book, folder) == (1, ["01.ipynb"])
    assert (folder / "01.ipynb").read_text() == "mine" and (folder / "text/01.py").read_text() == "second"
    assert chapters.unpack(book, folder, force=True) == (1, [])
    (book / "assignments/source").mkdir(parents=True)
    (book / "assignments/source/answers.ipynb").write_text("answers")
    assert chapters.unpack(book, folder)[0] == 0 and chapters.unpack(book, folder, course=True)[0] == 1
    assert (folder / "01.ipynb").read_text() == "second"
    with pytest.raises(ValueError, match="lies in the book itself"):
        chapters.unpack(book, book / "mine")
