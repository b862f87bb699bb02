"""Timeline and TimelineLab: they show the moment, and looking changes nothing."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Choice
from gan_lessons.labs.kit.frame import Lines, Points, path
from gan_lessons.labs.latents import timeline_simulation as timeline
from gan_lessons.labs.latents.timeline import TimelineLab
from gan_lessons.labs.latents.timeline_simulation import Timeline
from gan_lessons.training import GAN, DivergenceError
from tests.labs.small import DIM, drawn, learn, small_gan


def test_looking_changes_nothing_of_the_training(watched):
    alone = small_gan()
    for _ in learn(alone, 30):
        pass
    for part in ("generator", "discriminator", "average"):
        ours, theirs = (getattr(gan, part).state_dict() for gan in (watched.gan, alone))
        assert all(torch.equal(ours[name], theirs[name]) for name in ours), part
    assert watched.gan.generator.training


def test_snapshots_come_at_a_growing_list_of_steps(watched):
    assert watched.steps == [0, 1, 2, 3, 5, 8, 12, 18, 30], "27 lay shortly before the end"
    assert watched.scores == {step: 1 / (1 + step) for step in (0, 5, 30)}
    assert watched.bytes == 9 * 2 * 7 * 64


def test_snapshots_are_what_the_generators_draw(watched):
    noise = torch.randn(7, DIM, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = watched.gan.average(noise)
    torch.testing.assert_close(watched.pixels(-1), expected, atol=1 / 200, rtol=0)
    assert pictures.apart(watched.pixels(-1), watched.pixels(-1, False)).max() > 0.01
    moved = watched.moved()
    assert moved.shape == (9, 7) and (moved[0] == 0).all()
    torch.testing.assert_close(moved[4], pictures.apart(watched.pixels(4), watched.pixels(3)))


def test_losses_are_means_of_the_history(watched):
    steps, d_loss, g_loss = watched.losses(most=10)
    assert steps.tolist() == [2 + 3 * k for k in range(10)]
    history = watched.gan.history
    assert d_loss[1] == pytest.approx(float(sum(record.discriminator_loss for record in history[3:6]) / 3))
    assert g_loss[-1] == pytest.approx(float(sum(record.generator_loss for record in history[27:]) / 3))


def test_an_interrupted_training_leaves_its_timeline():
    gan = small_gan()
    kept = Timeline(gan)
    records = kept.watch(learn(gan, 100))
    for record in records:
        if record.step == 11:
            records.close()
            break
    assert kept.steps[-1] == 11
    gan.step = 4  # as a checkpoint would do
    kept.note()
    assert kept.steps == [0, 1, 2, 3, 4]


def test_long_timelines_stay_small(monkeypatch):
    monkeypatch.setattr(timeline, "MEMORY", 20 * 2 * 2 * 64)
    gan = small_gan()
    kept = Timeline(gan, count=2)
    for _ in kept.watch(learn(gan, 60)):
        assert kept.bytes <= timeline.MEMORY
    assert kept.steps[0] == 0 and kept.steps[-1] == 60 and kept.steps == sorted(set(kept.steps))


def test_timelines_refuse_what_they_cannot_show():
    with pytest.raises(ValueError, match="growth above 1"):
        Timeline(small_gan(), growth=1.0)
    with pytest.raises(ValueError, match="not a population"):
        Timeline(GAN(nn.Linear(2, 2), nn.Linear(2, 1), 2, seed=[0, 1]))
    points = GAN(nn.Linear(2, 2), nn.Linear(2, 1), 2)
    with pytest.raises(ValueError, match="What this GAN draws are pictures of the shape"):
        Timeline(points)


def timeline_lab(watched) -> TimelineLab:
    return TimelineLab(watched, floor=0.001)


def test_timeline_lab_shows_the_moment(watched):
    lab = timeline_lab(watched)
    assert lab.values["at"] == 30 and "Step 30 of 30, snapshot 9 of 9." in lab.sentence
    lab.set(at=12)
    np.testing.assert_allclose(drawn(lab.frame().panels[0]), (watched.pixels(6).permute(0, 2, 3, 1) + 1) / 2, atol=1e-6)
    moved = watched.moved()[6]
    row, column = divmod(int(moved.argmax()), 4)  # eight pictures in two rows
    assert f"moved by {moved.quantile(0.5):.2f} a pixel" in lab.sentence
    assert f"row {row + 1}, column {column + 1} ({moved.max():.2f})" in lab.sentence
    assert "Since step 8 the averaged" in lab.sentence and "Fréchet distance / noise: 0.167 at step 5." in lab.sentence
    losses_panel, scores, changes = lab.frame().panels[1:]
    for panel in (losses_panel, scores, changes):
        mark = panel.layers[-1]
        assert (
            isinstance(mark, Lines)
            and (mark.data[0, :, 0] == np.log10(13)).all()
            and panel.row == (panel == losses_panel)
        )
    dots = next(one for one in scores.layers if isinstance(one, Points)).data
    np.testing.assert_allclose(dots, [[np.log10(1 + step), -np.log10(1 + step)] for step in (0, 5, 30)])
    assert [name for _, name in scores.columns] == ["0", "1", "10", "30"]
    np.testing.assert_allclose(changes.layers[0].data[:, 5, 1], np.log10(moved.numpy() / 4), rtol=1e-5)  # since step 8
    lab.set(generator="present")
    np.testing.assert_allclose(
        drawn(lab.frame().panels[0]), (watched.pixels(6, False).permute(0, 2, 3, 1) + 1) / 2, atol=1e-6
    )


def test_any_step_stands_for_the_nearest(watched):
    lab = timeline_lab(watched)
    lab.set(at=10.2)
    assert lab.values["at"] == 12 and "nearest to step 10.2 is that of step 12" in lab.sentence
    lab.widget()
    lab.view.stage.receive({"events": [{"kind": "down", "panel": 2, "x": float(np.log10(1 + 5.2)), "y": 0.0}]})
    assert lab.values["at"] == 5 == lab.view.controls["at"].value
    lab.view.stage.receive({"events": [{"kind": "down", "panel": 0, "x": 1.4, "y": 0.0}]})
    assert lab.values["at"] == 5, "a click on the sheet is none on a curve"


def test_a_timeline_can_be_played(watched):
    lab = timeline_lab(watched)
    lab.set(at=0)
    lab.go(2)
    assert lab.values["at"] == 2
    lab.go(-9)
    assert lab.values["at"] == 0
    lab.run(4)
    assert lab.values["at"] == 5
    lab.speed = 0
    lab.play()
    lab.worker.thread.join(10)
    assert not lab.playing and lab.values["at"] == 30
    assert lab.sentence.startswith("That was the last snapshot. Step 30")
    lab.play()  # from the start
    lab.worker.thread.join(10)
    assert lab.values["at"] == 30
    film = lab.film(every=4)
    assert [frame.sentence.split(",")[0] for frame in film.frames] == [f"Step {k} of 30" for k in (0, 5, 30)]
    assert lab.values["at"] == 30 and film.page()


def test_timeline_lab_takes_other_curves(watched):
    lab = TimelineLab(watched, curve={10: 0.5, 20: 0.05, 25: math.nan, 26: 0.0}, name="KID")
    assert lab.scores == [(10, 0.5), (20, 0.05)] and "KID: 0.05 at step 20." in lab.sentence
    assert len(TimelineLab(watched, curve={}).frame().panels) == 3
    young = Timeline(small_gan())
    assert len(TimelineLab(young).frame().panels) == 2 and TimelineLab(young).figure()
    nothing = TimelineLab("a folder")  # type: ignore[arg-type]
    assert "shows a Timeline, not 'a folder'" in nothing.sentence and nothing.figure()
    for action in (nothing.play, lambda: nothing.go(1), lambda: nothing.run(1)):
        action()
        assert "shows a Timeline" in nothing.sentence
    assert nothing.widget()


def test_a_timeline_of_a_diverged_run_is_shown():
    gan = small_gan()
    kept = Timeline(gan)
    with pytest.raises(DivergenceError):
        for record in kept.watch(learn(gan, 100)):
            if record.step == 5:
                with torch.no_grad():
                    gan.generator.layers[0].weight.fill_(math.nan)
    lab = TimelineLab(kept)
    lab.set(at=kept.steps[-1])
    assert "Error" not in lab.sentence and lab.figure()


def test_moments_are_choices():
    lab = TimelineLab(Timeline(small_gan()))
    assert isinstance(lab.allowed["at"], Choice) and path([0], [0]).shape == (1, 1, 2)
