"""Chorales: read as music21 reads them, judged note by note, written by a GAN, played and exported."""

import base64
import re
import zipfile
from io import BytesIO
from types import SimpleNamespace
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest
import soundfile
import torch

from gan_lessons import recipes
from gan_lessons.commands import sample
from gan_lessons.data import chorales, packages
from gan_lessons.data.chorales import BAR, HIGHEST, KINDS, LOWEST, STEPS, Voices
from gan_lessons.metrics import chorales as scores
from gan_lessons.networks.chorales import ChoraleDiscriminator, ChoraleGenerator, held
from gan_lessons.plots import music, organ

SPLITS = chorales.chorales()


def voices(*lines):
    """One window of lines of pitches, each new pitch struck."""
    pitches = torch.tensor(lines)[None]
    struck = torch.ones_like(pitches, dtype=torch.bool)
    struck[..., 1:] = pitches[..., 1:] != pitches[..., :-1]
    return Voices(pitches, struck)


def some(count=8, seed=0):
    """Windows of random notes."""
    draw = torch.Generator().manual_seed(seed)
    pitches = torch.randint(LOWEST, HIGHEST + 1, (count, 4, STEPS), generator=draw)
    return chorales.from_roll(chorales.as_roll(Voices(pitches, torch.zeros_like(pitches, dtype=torch.bool))))


# The data


def test_windows_are_four_voices_in_their_ranges():
    for part in SPLITS:
        assert part.pitches.shape[1:] == part.struck.shape[1:] == (4, STEPS)
        assert part.struck[..., 0].all() and part.struck[..., 1:][part.pitches.diff(dim=-1) != 0].all()
        assert part.pitches.float().mean((0, 2)).diff().max() < -3  # soprano, alto, tenor, bass
    assert len(SPLITS.train.pitches) > 3 * len(SPLITS.test.pitches) > 1500


def test_no_held_out_window_is_a_training_window():
    seen = {tuple(window) for window in SPLITS.train.pitches.flatten(1).tolist()}
    copies = sum(tuple(window) in seen for window in SPLITS.test.pitches.flatten(1).tolist())
    assert copies <= 0.02 * len(SPLITS.test.pitches)


@pytest.mark.parametrize("piece", ["bwv66.6", "bwv269", "bwv398"])
def test_scores_are_read_as_their_package_reads_them(piece):
    converter = pytest.importorskip("music21.converter", exc_type=ImportError)
    path = packages.folder("music21", "Chorales") / "corpus" / "bach" / f"{piece}.mxl"
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith("xml") and not name.startswith("META"))
        parts = list(ElementTree.fromstring(archive.read(name)).iter("part"))
    for ours, theirs in zip(parts, converter.parse(path).parts, strict=True):
        wanted = [(2 * float(note.offset), note.pitch.midi) for note in theirs.stripTies().flatten().notes]
        assert [(start, pitch) for start, _, pitch in chorales.notes(ours) if pitch is not None] == wanted


SCORE = """<score-partwise>{}</score-partwise>"""
PART = """<part><measure><attributes><divisions>2</divisions><key><fifths>{fifths}</fifths></key></attributes>
{first}</measure><measure>{second}</measure></part>"""
NOTE = (
    "<note>{more}<pitch><step>{step}</step><alter>{alter}</alter><octave>4</octave></pitch>"
    "<duration>{long}</duration></note>"
)


LAST = NOTE.format(step="G", alter=0, long=8, more="")


def written(tmp_path, fifths=0, last=LAST):
    """A chorale of two bars in four equal voices, whose quarters are two divisions long."""
    first = NOTE.format(step="C", alter=0, long=4, more="") + NOTE.format(step="F", alter=1, long=4, more="")
    tied = NOTE.format(step="F", alter=1, long=0, more="<grace/>")
    part = PART.format(fifths=fifths, first=first, second=tied + last)
    with zipfile.ZipFile(tmp_path / "a.mxl", "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("a.xml", SCORE.format(part * 4))
    return chorales.read(tmp_path / "a.mxl")


@pytest.mark.parametrize(("fifths", "shift"), [(0, 0), (1, 5), (2, -2), (-1, -5), (-3, -3), (6, -6)])
def test_a_score_moves_to_c_by_its_signature(tmp_path, fifths, shift):
    tune, [(pitches, struck)] = written(tmp_path, fifths)
    assert tune == (6, 1)
    assert pitches[0].tolist() == [60 + shift] * 4 + [66 + shift] * 4 + [67 + shift] * BAR
    assert struck[3].nonzero()[0].tolist() == [0, 4, 8]


def test_ties_hold_and_rests_leave_a_window_out(tmp_path):
    tie = NOTE.format(step="F", alter=1, long=8, more='<tie type="stop"/>')
    _, [(_, struck)] = written(tmp_path, last=tie)
    assert struck[0].nonzero()[0].tolist() == [0, 4]
    assert written(tmp_path, last="<note><rest/><duration>8</duration></note>")[1] == []


def test_rolls_and_symbols_lead_back():
    for part in (SPLITS.test.some(slice(50)), some()):
        for there, back in (
            (chorales.as_roll, chorales.from_roll),
            (chorales.as_symbols, chorales.from_symbols),
        ):
            found = back(there(part))
            assert torch.equal(found.pitches, part.pitches) and torch.equal(found.struck, part.struck)


def test_a_text_that_begins_by_holding_is_still_music():
    symbols = torch.zeros(1, 4 * STEPS, dtype=torch.long)
    symbols[0, 4] = 60 - LOWEST + 1  # the soprano's second step
    found = chorales.from_symbols(symbols)
    assert found.pitches[0, 0].tolist() == [60] * STEPS and found.pitches[0, 1].tolist() == [LOWEST] * STEPS


# The scores


def test_parallel_fifths_and_octaves_are_counted():
    line = [60, 60, 62, 64]
    fifths = voices([p + 19 for p in line], line, [40] * 4, [40] * 4)
    assert scores.parallels(fifths.pitches, 7).sum() == 2  # a repeated fifth is none
    assert scores.parallels(fifths.pitches, 0).sum() == 0
    assert scores.parallels(voices([72, 74], [60, 62]).pitches, 0).sum() == 1
    contrary = voices([67, 79], [60, 48])  # a fifth again, but the other way round
    assert scores.parallels(contrary.pitches, 7).sum() == 0


def test_scores_of_a_window_known_by_hand():
    line = [60] * 4 + [62] * 4
    found = scores.chorale_scores(
        Voices(*(torch.cat([part] * 2) for part in voices(line, [66] * 8, [52] * 8, [48] * 8))), SPLITS.train
    )
    assert found.crossings == BAR and found.in_key == pytest.approx(4 / 5)
    assert found.held == pytest.approx(1 - 5 / 32) and found.leaps == 0
    assert found.alike == BAR and found.in_range == 1
    assert scores.in_range(voices([40] * 8, [66] * 8, [52] * 8, [48] * 8), SPLITS.train) == pytest.approx(3 / 4)


def test_shuffled_voices_fail_where_voices_meet_and_only_there():
    real, floor = scores.chorale_scores(SPLITS.test), scores.chorale_scores(scores.shuffled(SPLITS.test))
    assert floor.in_key == pytest.approx(real.in_key) and floor.held == pytest.approx(real.held)
    assert floor.fifths > 10 * real.fifths and floor.crossings > 5 * real.crossings
    assert floor.chords_js > 2 * real.chords_js and floor.known < 0.7 * real.known


def test_copies_are_found_wherever_they_stand():
    train = SPLITS.train.some(slice(100)).pitches
    copy = some(1).pitches
    copy[0, :, 3:9] = train[7, :, 8:14]
    assert scores.longest_runs(copy, train).tolist() == [6]
    assert scores.longest_runs(train[:5], train).tolist() == [STEPS] * 5
    assert scores.divergence(torch.tensor([1, 2]), torch.tensor([2, 1])) == pytest.approx(0, abs=1e-6)
    assert scores.divergence(torch.tensor([1, 1]), torch.tensor([2])) == pytest.approx(0.6931, abs=1e-3)


# The players


def test_what_is_not_struck_is_held_and_gradients_pass():
    pitches = torch.eye(5)[torch.tensor([[[0, 1, 2, 3]]])].requires_grad_()
    struck = torch.tensor([1.0, 0, 1, 0])[None, None, :, None]
    sung = held(pitches, struck)
    assert sung.argmax(-1).tolist() == [[[0, 0, 2, 2]]]
    (slope,) = torch.autograd.grad(sung[..., 3, :].sum(), pitches)
    assert slope.sum((0, 1, 3)).tolist() == [0, 0, 5, 0]


def test_generated_rolls_are_one_hot_and_consistent():
    torch.manual_seed(0)
    roll = ChoraleGenerator(8, KINDS, 16, 1)(torch.randn(6, 8))
    assert roll.shape == (6, 4, STEPS, KINDS + 1)
    assert torch.allclose(roll[..., :-1].sum(-1), torch.ones(6, 4, STEPS), atol=1e-5)
    assert ((roll.abs() < 1e-5) | ((roll - 1).abs() < 1e-5)).all()
    found = chorales.from_roll(roll.detach())
    assert torch.equal(found.struck, roll[..., -1] > 0.5)


def test_the_discriminator_hears_intervals():
    window = some(8).pitches
    rolls = torch.nn.functional.one_hot(window - LOWEST, KINDS).float()
    discriminator = ChoraleDiscriminator(KINDS, 16, 1)
    harmonies, melodies, heights = discriminator.heard(rolls)
    for place, (upper, lower) in enumerate(discriminator.pairs):
        assert torch.equal(harmonies[:, place].argmax(-1), (window[:, upper] - window[:, lower]) % 12)
    assert torch.equal(melodies[:, :, :-1].argmax(-1), window.diff(dim=-1) % 12)
    assert torch.allclose(heights[..., :-1, 1] * 12, window.diff(dim=-1).float(), atol=1e-3)
    roll = chorales.as_roll(some(8))
    deaf = ChoraleDiscriminator(KINDS, 16, 1, intervals=False)
    assert discriminator(roll).shape == deaf(roll).shape == (8,)
    assert deaf.read.in_channels < discriminator.read.in_channels


def test_a_few_steps_of_the_recipe_and_its_sheet():
    recipe = recipes.find("chorales")
    gan = recipe.build()
    (*_, last) = (record for record, _ in zip(recipe.train(gan, recipe.data()), range(2), strict=False))
    assert last.step == 2 and all(value.isfinite() for value in last[1:5])
    assert len(recipe.sheet(gan).axes) == 9
    assert recipe.voices(recipe.samples(gan, 3)).pitches.shape == (3, 4, STEPS)


# Sound and MIDI


def test_the_organ_plays_the_pitch_that_is_asked_for():
    wave = organ.play(voices(*[[69] * STEPS] * 4))[0]
    assert wave.abs().max() <= 1
    spectrum = torch.fft.rfft(wave[: organ.RATE]).abs()
    assert int(spectrum.argmax()) == 440
    assert organ.hertz(60) == pytest.approx(261.63, abs=0.01)


def test_midi_leads_back():
    window = SPLITS.test.some(slice(2))
    for line, (starts, pitches) in enumerate(organ.from_midi(organ.as_midi(window))):
        wanted = [
            (start + place * (STEPS + 2), pitch)
            for place in range(2)
            for pitch, start, _ in organ.played(window.pitches[place, line], window.struck[place, line])
        ]
        assert list(zip(starts.tolist(), pitches.tolist(), strict=True)) == wanted


def test_sample_writes_midi_where_there_are_notes():
    recipe = recipes.find("chorales")
    gan = recipe.build()
    found = SimpleNamespace(recipe=recipe, gan=gan, identity="chorales/cpu@1")
    assert sample.as_midi(found, recipe.samples(gan, 2))[:4] == b"MThd"
    assert sample.as_sound(found, recipe.samples(gan, 2))[:4] == b"RIFF"
    with pytest.raises(ValueError, match="digits/cpu writes no notes"):
        sample.as_midi(SimpleNamespace(recipe=recipes.find("digits"), identity="digits/cpu"), torch.zeros(1))


def test_pencil_marks_what_the_scores_count():
    windows = scores.shuffled(SPLITS.test).pitches[:50]
    alike = scores.parallels(windows, scores.FIFTH).sum() + scores.parallels(windows, 0).sum()
    crossed = (windows[:, 1:] > windows[:, :-1]).any(1).sum()
    found = [scores.marks(window) for window in windows]
    assert sum(len(steps) for steps, _ in found) == crossed > 0 and sum(len(moves) for _, moves in found) == alike > 0
    figure = plt.figure()
    window = torch.tensor([[67, 69, 64], [60, 62, 65]])  # C-G, D-A, then crossed
    music.pencil(axes := figure.subplots(), window, *scores.marks(window))
    assert len(axes.lines) == 2 and len(axes.patches) == 1
    plt.close(figure)


def test_performances_carry_rolls_and_sounds():
    window = SPLITS.test.some(slice(2))
    page = music.Performances({"real": window, "<GAN>": window})._repr_html_()
    assert page.count("<audio") == page.count("<svg") == 4 and "http" not in page and "&lt;GAN&gt;" in page
    heard, rate = soundfile.read(BytesIO(base64.b64decode(re.findall(r"audio/mpeg;base64,([^\"]+)", page)[0])))
    assert rate == organ.RATE and len(heard) / rate == pytest.approx(STEPS * organ.STEP + organ.TAIL, abs=0.2)
    assert len(page) < 4 * 80_000
    notes = sum(len(organ.played(*line)) for line in zip(window.pitches[0], window.struck[0], strict=True))
    figure = plt.figure()
    music.draw_roll(axes := figure.subplots(), window.pitches[0], window.struck[0])
    assert sum(len(bars.get_paths()) for bars in axes.collections) == notes
    plt.close(figure)
