"""The labs about images without a browser: what they show is what was drawn, and nonsense becomes a sentence."""

import json
import math

import numpy as np
import pytest
import torch
from torch import nn

from gan_lessons import losses
from gan_lessons.data.images import small_digits
from gan_lessons.labs.blind.real_or_fake import RealOrFakeLab
from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Choice, Range
from gan_lessons.labs.kit.frame import Frame, Handles, Lines, Panel, Pictures, Points, Still, path
from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.kit.recording import Recording, encode
from gan_lessons.labs.latents import latent_simulation as latent
from gan_lessons.labs.latents import timeline_simulation as timeline
from gan_lessons.labs.latents.latent import SOURCES, LatentLab
from gan_lessons.labs.latents.timeline import TimelineLab
from gan_lessons.labs.latents.timeline_simulation import Timeline
from gan_lessons.metrics.neighbours import neighbour_scores
from gan_lessons.networks.images import DCGANGenerator, ImageDiscriminator, ImageGenerator
from gan_lessons.plots.images import tile
from gan_lessons.training import GAN, DivergenceError, train

DIM = 8


def small_gan(seed: int = 0, channels: int = 1) -> GAN:
    torch.manual_seed(seed)
    generator = ImageGenerator(DIM, 8, channels, width=4, hidden=16)
    return GAN(generator, ImageDiscriminator(8, channels, width=4, hidden=16), DIM, seed)


def data() -> torch.Tensor:
    return small_digits().pixels


def learn(gan: GAN, steps: int):
    return train(gan, data(), losses.relativistic, steps=steps, batch=16)


def arrays(lab) -> bytes:
    return pack(lab.frame())[1]


def drawn(panel: Panel) -> np.ndarray:
    return next(one.data for one in panel.layers if isinstance(one, Pictures))


def other(allowed, value):
    if isinstance(allowed, Range):
        return value + allowed.step if value + allowed.step <= allowed.high else value - allowed.step
    return next(option for option in allowed.options if option != value)


@pytest.fixture(scope="module")
def watched() -> Timeline:
    gan = small_gan()
    kept = Timeline(gan, count=7, growth=1.5, score=lambda gan: 1 / (1 + gan.step))
    for _ in kept.watch(learn(gan, 30)):
        pass
    return kept


def timeline_lab(watched) -> TimelineLab:
    return TimelineLab(watched, floor=0.001)


def latent_lab(watched) -> LatentLab:
    return LatentLab(watched.gan, data()[:900])


both = pytest.mark.parametrize("make", [timeline_lab, latent_lab])


# Pictures in a frame


def test_pictures_are_laid_out_as_sheets_are():
    pixels = torch.rand(5, 3, 4, 6) * 2 - 1
    panel = pictures.sheet(pixels, 2, "Five")
    layer = panel.layers[0]
    np.testing.assert_allclose(layer.data, (pixels.permute(0, 2, 3, 1) + 1) / 2, atol=1e-6)
    still = Still(Frame((panel,)))
    still.savefig("/dev/null", format="png")
    shown = still.axes[0].images[0].get_array().data
    expected = tile(pixels, 2).numpy()
    there = shown[..., 3] == 1
    np.testing.assert_allclose(shown[there][:, :3], expected[there], atol=1e-6)
    assert there.sum() == 5 * 24 and np.isclose(expected[~there], 1).all(), "gaps are free, for light and dark pages"
    assert not still.axes[0].get_xticks().size and not still.axes[0].spines["left"].get_visible()
    scene, packed = pack(Frame((panel,)))
    assert scene["panels"][0]["bare"] and list(packed[:3]) == np.rint(layer.data.ravel()[:3] * 255).tolist()
    assert len(packed) == 5 * 4 * 6 * 3


def test_recordings_hold_pictures():
    frames = [Frame((pictures.sheet(torch.full((2, 1, 4, 4), value), 2, "Two"),), f"At {value}.") for value in (-1, 1)]
    assert len(encode(frames, 100, 64)) and "<!doctype html>" in Recording(frames).page()


def test_bytes_hold_pictures():
    pixels = torch.linspace(-1.2, 1.2, 50)
    back = pictures.from_bytes(pictures.to_bytes(pixels))
    assert (back - pixels.clamp(-1, 1)).abs().max() <= 1 / 255


@pytest.mark.parametrize("wrong", [None, torch.rand(3, 8, 8), torch.rand(3, 2, 8, 8), torch.rand(0, 1, 8, 8)])
def test_what_is_no_picture_is_refused(wrong):
    with pytest.raises(ValueError, match="The fakes are pictures of the shape"):
        pictures.checked(wrong, "The fakes")


# What both labs with controls do


@both
def test_every_control_changes_the_picture(make, watched):
    lab = make(watched)
    if make is latent_lab:
        lab.set(across=1.0, along=0.5, source="first layer")
    for name, allowed in lab.allowed.items():
        before, kept = arrays(lab), lab.values[name]
        value = 4 if name in ("first", "second") else other(allowed, kept)
        lab.set(**{name: value})
        assert lab.values[name] == value and arrays(lab) != before, name
        lab.set(**{name: kept})
        assert arrays(lab) == before, name


@both
def test_every_option_and_both_ends_work(make, watched):
    lab = make(watched)
    for name, allowed in lab.allowed.items():
        kept = lab.values[name]
        for value in (allowed.low, allowed.high) if isinstance(allowed, Range) else allowed.options:
            lab.set(**{name: value})
            assert "Error" not in lab.sentence, (name, value, lab.sentence)
            for panel in lab.frame().panels:
                assert all(map(math.isfinite, (*panel.xlim, *panel.ylim))), (name, value)
        lab.set(**{name: kept})


@both
def test_nonsense_becomes_a_sentence(make, watched):
    lab = make(watched)
    before = arrays(lab)
    for name, allowed in lab.allowed.items():
        for nonsense in (math.nan, math.inf, "none such", None, [], True, 1j, torch.ones(2)):
            lab.set(**{name: nonsense})
            assert lab.sentence.startswith(f"“{allowed.label}” "), (name, nonsense)
    lab.set(no_such_thing=1)
    assert lab.sentence.startswith("There is no 'no_such_thing' here")
    assert arrays(lab) == before


@both
def test_labs_show_themselves(make, watched):
    lab = make(watched)
    bundled = lab.values
    bundle, metadata = lab._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"} <= set(bundle)
    assert metadata["image/png"]["alt"] == lab.sentence and "0x" not in bundle["text/plain"]
    assert len(bundle["image/png"]) < 150_000
    for name, control in lab.view.controls.items():
        assert control.value == lab.values[name] and control.description and control.tooltip
        control.value = value = 4 if name in ("first", "second") else other(lab.allowed[name], lab.values[name])
        assert lab.values[name] == value and arrays(lab) == lab.view.stage.data, name
        lab.set(**{name: bundled[name]})


@both
def test_labs_touch_no_random_numbers(make, watched):
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    first = make(watched)
    assert torch.rand(1) == expected and arrays(first) == arrays(make(watched))


# The timeline


def test_looking_changes_nothing_of_the_training(watched):
    alone = small_gan()
    for _ in learn(alone, 30):
        pass
    for part in ("generator", "discriminator", "average"):
        ours, theirs = (getattr(gan, part).state_dict() for gan in (watched.gan, alone))
        assert all(torch.equal(ours[name], theirs[name]) for name in ours), part
    assert watched.gan.generator.training


def test_snapshots_come_at_a_growing_list_of_steps(watched):
    assert watched.steps == [0, 1, 2, 3, 5, 8, 12, 18, 27, 30]
    assert watched.scores == {step: 1 / (1 + step) for step in (0, 5, 27, 30)}
    assert watched.bytes == 10 * 2 * 7 * 64


def test_snapshots_are_what_the_generators_draw(watched):
    noise = torch.randn(7, DIM, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = watched.gan.average(noise)
    torch.testing.assert_close(watched.pixels(-1), expected, atol=1 / 200, rtol=0)
    assert pictures.apart(watched.pixels(-1), watched.pixels(-1, False)).max() > 0.01
    moved = watched.moved()
    assert moved.shape == (10, 7) and (moved[0] == 0).all()
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


def test_timeline_lab_shows_the_moment(watched):
    lab = timeline_lab(watched)
    assert lab.values["at"] == 30 and "Step 30 of 30, snapshot 10 of 10." in lab.sentence
    lab.set(at=12)
    np.testing.assert_allclose(drawn(lab.frame().panels[0]), (watched.pixels(6).permute(0, 2, 3, 1) + 1) / 2, atol=1e-6)
    moved = watched.moved()[6]
    row, column = divmod(int(moved.argmax()), 3)
    assert f"moved by {moved.quantile(0.5):.2f} a pixel" in lab.sentence
    assert f"row {row + 1}, column {column + 1} ({moved.max():.2f})" in lab.sentence
    assert "Since step 8 the averaged" in lab.sentence and "Fréchet distance / noise: 0.167 at step 5." in lab.sentence
    losses_panel, scores, changes = lab.frame().panels[1:]
    for panel in (losses_panel, scores, changes):
        mark = panel.layers[-1]
        assert isinstance(mark, Lines) and (mark.data[0, :, 0] == 12).all() and panel.below == (panel != losses_panel)
    dots = next(one for one in scores.layers if isinstance(one, Points)).data
    np.testing.assert_allclose(dots, [[step, -np.log10(1 + step)] for step in (0, 5, 27, 30)])
    np.testing.assert_allclose(changes.layers[0].data[:, 6, 1], moved)
    lab.set(generator="present")
    np.testing.assert_allclose(
        drawn(lab.frame().panels[0]), (watched.pixels(6, False).permute(0, 2, 3, 1) + 1) / 2, atol=1e-6
    )


def test_any_step_stands_for_the_nearest(watched):
    lab = timeline_lab(watched)
    lab.set(at=10.2)
    assert lab.values["at"] == 12 and "nearest to step 10.2 is that of step 12" in lab.sentence
    lab.widget()
    lab.view.stage.receive({"events": [{"kind": "down", "panel": 2, "x": 4.4, "y": 0.0}]})
    assert lab.values["at"] == 5 == lab.view.controls["at"].value
    lab.view.stage.receive({"events": [{"kind": "down", "panel": 0, "x": 30.0, "y": 0.0}]})
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
    assert [frame.sentence.split(",")[0] for frame in film.frames] == [f"Step {k} of 30" for k in (0, 5, 27, 30)]
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


# The latent space


def layers_of(kind) -> nn.Module:
    torch.manual_seed(1)
    return (ImageGenerator(DIM, 8, width=4, hidden=16) if kind is ImageGenerator else kind(DIM, 8, width=4)).eval()


@pytest.mark.parametrize("kind", [ImageGenerator, DCGANGenerator])
def test_closed_form_directions_are_the_first_layers_singular_vectors(kind):
    network = layers_of(kind)
    first = network.layers[0] if kind is ImageGenerator else network.layers[1]
    matrix = first.weight.detach()
    matrix = matrix if kind is ImageGenerator else matrix.flatten(1).T  # BatchNorm's statistics are still 0 and 1
    expected = torch.linalg.svd(matrix)[2][:4]
    found = latent.closed_form(network, DIM, 4)
    torch.testing.assert_close((found * expected).sum(1).abs(), torch.ones(4), atol=0.02, rtol=0)


def test_batch_norm_counts_as_part_of_the_first_layer():
    network = layers_of(ImageGenerator)
    with torch.no_grad():
        network.layers[1].weight[0] = 1000.0
    strongest = network.layers[0].weight[0].detach()
    found = latent.closed_form(network, DIM, 1)[0]
    assert (found @ strongest).abs() / strongest.norm() > 0.999


def test_principal_directions_move_the_first_layer_along_its_components():
    torch.manual_seed(0)
    scales = torch.tensor([9.0, 4, 2, 1, 0.5, 0.2, 0.1, 0.1])
    turn = latent.random_directions(8, 8, seed=5)
    linear = nn.Linear(8, 8, bias=False)
    linear.weight.data = scales[:, None] * turn
    network = nn.Sequential(linear, nn.LeakyReLU(1.0))  # linear, so that the answer is known: the rows of `turn`
    found = latent.principal(network, 8, 3)
    assert ((found * turn[:3]).sum(1).abs() > 0.95).all()


def test_steepest_directions_are_the_jacobians_singular_vectors():
    network = layers_of(ImageGenerator)
    at = latent.noise(DIM, 3)[0]
    jacobian = torch.func.jacfwd(lambda z: network(z[None])[0].flatten())(at).detach()
    values = torch.linalg.svdvals(jacobian)
    found = latent.steepest(lambda z: network(z).detach(), at, 3)
    for k in range(3):
        torch.testing.assert_close((jacobian @ found[k]).norm(), values[k], rtol=0.1, atol=0)


def test_directions_have_length_one_and_a_sign():
    for found in (
        latent.random_directions(DIM, 6),
        latent.closed_form(layers_of(ImageGenerator), DIM, 6),
        latent.principal(layers_of(ImageGenerator), DIM, 6),
    ):
        torch.testing.assert_close(found.norm(dim=1), torch.ones(6))
    square = latent.random_directions(DIM, 6)
    torch.testing.assert_close(square @ square.T, torch.eye(6), atol=1e-5, rtol=0)
    with pytest.raises(ValueError, match="no activation function"):
        latent.closed_form(nn.Linear(4, 4), 4, 2)


def test_walks_begin_and_end_where_they_should():
    start, end = latent.noise(64, 0)[0], 2 * latent.noise(64, 1)[0]
    along = torch.linspace(0, 1, 11)
    for way in latent.WAYS.values():
        places = way(start, end, along)
        torch.testing.assert_close(places[0], start, atol=1e-4, rtol=0)
        torch.testing.assert_close(places[-1], end, atol=1e-4, rtol=0)
    lengths = latent.on_arc(start, end, along).norm(dim=1)
    torch.testing.assert_close(lengths, (1 - along) * start.norm() + along * end.norm())
    assert latent.on_line(start, end / 2, along)[5].norm() < 0.8 * start.norm(), "the middle is too short"
    assert latent.on_arc(start, start, along).isfinite().all()


def test_truncation_is_scored_by_the_metrics():
    gan = small_gan()
    draw = lambda z: gan.average(z).detach()  # noqa: E731
    found = latent.trade(draw, DIM, data(), lambda pixels: pixels.flatten(1))
    order = torch.randperm(len(data()), generator=torch.Generator().manual_seed(0))
    real, fresh = data()[order[:400]].flatten(1), data()[order[400:800]].flatten(1)
    expected = neighbour_scores(real, draw(0.5 * latent.noise(DIM, 1, 400)).flatten(1))
    assert (found.precision[2], found.recall[2]) == (expected.precision, expected.recall)
    assert found.ceiling == neighbour_scores(real, fresh).precision
    assert latent.trade(draw, DIM, data()[:500], lambda pixels: pixels.flatten(1)).ceiling is None


def test_latent_lab_shows_what_the_generator_draws(watched):
    lab = latent_lab(watched)
    lab.set(across=2.0, up=-1.0, psi=0.5, step=0.5, seed=3)
    plane, beside, walks, _ = lab.frame().panels
    right, upwards = latent.random_directions(DIM, 2)
    with torch.inference_mode():
        z = 0.5 * (latent.noise(DIM, 3)[0] + 0.5 * (2 * right - upwards))
        expected = (watched.gan.average(z[None]).permute(0, 2, 3, 1)[0] + 1) / 2
        at_b = (watched.gan.average(0.5 * latent.noise(DIM, 1)).permute(0, 2, 3, 1)[0] + 1) / 2
    np.testing.assert_allclose(drawn(beside)[0], expected, atol=1e-5)
    cells = drawn(plane).reshape(9, 9, 8, 8, 1)  # the top row has up = 4, the left column across = -4
    np.testing.assert_allclose(cells[4 + 1, 4 + 2], expected, atol=1e-5)
    handle = next(one for one in plane.layers if isinstance(one, Handles))
    assert handle.names == (("across", "up"),) and handle.data.tolist() == [[2.0, -1.0]]
    for row in (8, 17):
        np.testing.assert_allclose(drawn(walks)[row], at_b, atol=1e-5)
    distance, index = torch.cdist(2 * expected.reshape(1, -1) - 1, data()[:900].flatten(1)).min(1)
    np.testing.assert_allclose(drawn(beside)[1], (data()[index].permute(0, 2, 3, 1)[0] + 1) / 2, atol=1e-6)
    assert f"The nearest of 900 real pictures is {float(distance):.1f} away" in lab.sentence
    assert f"has the length {z.norm():.1f} (usual: 2.8)" in lab.sentence


def test_the_walk_moves_the_middle_of_the_plane(watched):
    lab = latent_lab(watched)
    lab.set(along=1.0)
    torch.testing.assert_close(lab.point(), latent.noise(DIM, 1)[0], atol=1e-4, rtol=0)
    lab.set(along=0.5, way="straight line")
    torch.testing.assert_close(lab.point(), latent.noise(DIM, 0)[0] / 2 + latent.noise(DIM, 1)[0] / 2)
    assert "50% of the way from noise 0 to 1" in lab.sentence


def test_the_handle_moves_alone(watched):
    """What a drag does not change is not computed again: that is what makes it quick."""
    lab = latent_lab(watched)
    drawings = []
    lab.own = lambda noise: drawings.append(len(noise)) or watched.gan.average(noise)
    lab.widget()
    lab.view.stage.receive({"events": [{"kind": "move", "handle": ["across", "up"], "panel": 0, "x": 1.5, "y": -2.0}]})
    assert (lab.values["across"], lab.values["up"]) == (1.5, -2.0) and set(drawings) == {1}


@pytest.mark.parametrize("source", list(SOURCES))
def test_every_source_of_directions_is_named(watched, source):
    lab = latent_lab(watched)
    lab.set(source=source)
    assert SOURCES[source] in lab.sentence
    lab.set(first=2)
    assert "must differ" in lab.sentence and lab.values["first"] == 1


def test_latent_lab_takes_what_it_gets(watched):
    alone = LatentLab(watched.gan)
    assert len(alone.frame().panels) == 3 and "nearest" not in alone.sentence
    colour = LatentLab(small_gan(channels=3), torch.rand(30, 3, 8, 8) * 2 - 1)
    assert drawn(colour.frame().panels[0]).shape == (81, 8, 8, 3) and colour.figure()
    own = LatentLab(watched.gan, draw=lambda noise: -watched.gan.average(noise))
    np.testing.assert_allclose(
        drawn(own.frame().panels[0]), 1 - drawn(alone.frame().panels[0]), atol=1e-6
    )  # fmt: skip
    flat = LatentLab(GAN(nn.Sequential(nn.Linear(4, 64), nn.Unflatten(1, (1, 8, 8))), nn.Linear(1, 1), 4))
    flat.set(source="first layer")
    assert "no activation function" in flat.sentence and flat.values["source"] == "random"
    flat.set(first=6)
    assert "only 4 directions" in flat.sentence and flat.values["first"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (lambda gan: (None,), "This lab looks into a GAN, not into None"),
        (lambda gan: (gan, torch.rand(30, 1, 9, 9)), "The real pictures have the shape [1, 9, 9], the fakes [1, 8, 8]"),
        (lambda gan: (gan, torch.rand(3, 1, 8, 8)), "needs at least 6 samples"),
        (lambda gan: (gan, torch.full((30, 1, 8, 8), math.nan)), "not numbers"),
        (lambda gan: (gan, None, None, lambda noise: noise), "What this GAN draws are pictures"),
        (lambda gan: (gan, data(), lambda pixels: 1 / 0), "ZeroDivisionError"),
        (lambda gan: (GAN(nn.Linear(2, 2), nn.Linear(2, 1), 2),), "What this GAN draws are pictures"),
    ],
)
def test_what_latent_lab_cannot_show_is_a_sentence(watched, arguments, words):
    lab = LatentLab(*arguments(watched.gan))
    assert words in lab.sentence and lab.figure() and lab.widget()
    lab.set(across=1.0)
    assert words in lab.sentence


# Real or fake


def fakes() -> torch.Tensor:
    return small_gan().sample(60)


def test_one_picture_at_a_time_and_no_peeking():
    lab = RealOrFakeLab(data(), fakes(), trials=6, seed=2)
    box = lab.widget()
    for k in range(6):
        assert f"{k} of 6 answered" in lab.sentence and f"{k} of 6" in repr(lab)
        (panel,) = lab.frame().panels
        assert panel.title == f"Picture {k + 1} of 6: real or fake?" and drawn(panel).shape[0] == 1
        trial = lab.trials.order[k]
        expected = (data() if trial.real else fakes())[trial.which]
        np.testing.assert_allclose(drawn(panel)[0], (expected.permute(1, 2, 0) + 1) / 2, atol=1e-6)
        assert lab.records == [] and lab.result is None and not lab.done
        seen = str(pack(lab.frame())[0]["panels"][0]) + lab.sentence + repr(lab) + repr(box)
        assert "wrong" not in seen and str(trial) not in seen
        lab.answer("fake")
    assert lab.done and lab.shown.numel() == 0
    assert lab.sentence.startswith("You were wrong in 3 of 6: 50%, between 12 and 88 %")
    assert lab.result.wrong == 3 and [row["answer"] for row in lab.records] == ["fake"] * 6


def test_the_end_shows_who_fooled_you():
    lab = RealOrFakeLab(data(), fakes(), trials=20)
    while not lab.done:
        lab.answer("real")
    error, taken, mistaken = lab.frame().panels
    assert [name for _, name in error.rows] == ["all: 50%", "the fakes: 100%", "the real: 0%"]
    which = [row["index"] for row in lab.records if row["truth"] == "fake"]
    np.testing.assert_allclose(drawn(taken), (fakes()[which].permute(0, 2, 3, 1) + 1) / 2, atol=1e-6)
    assert taken.title == "Fakes taken for real: 10" and mistaken.title == "Real ones taken for fakes: none"
    low, high = next(one for one in error.layers if isinstance(one, Lines) and one.width == 3).data[0, :, 0]
    assert (low, high) == pytest.approx((0.272, 0.728), abs=1e-3) and lab.figure()


def test_keys_and_buttons_answer():
    lab = RealOrFakeLab(data(), fakes(), trials=4)
    lab.widget()
    assert lab.view.stage.letters == "rf"
    lab.view.stage.receive({"events": [{"kind": "key", "key": "r"}, {"kind": "key", "key": "f"}]})
    assert lab.trials.answers == [True, False]
    real, fake, back, again = lab.answering
    back.click()
    assert lab.trials.answers == [True]
    fake.click()
    real.click()
    assert lab.trials.answers == [True, False, True] and not real.disabled
    fake.click()
    assert lab.done and real.disabled and back.disabled and not again.disabled
    lab.view.stage.receive({"events": [{"kind": "key", "key": "r"}]})
    assert "All 4 trials are answered." in lab.sentence
    again.click()
    assert not lab.done and "Another test begins." in lab.sentence and not real.disabled
    assert lab.trials.seed == 1


def test_a_test_goes_on_where_it_stopped(tmp_path):
    file = tmp_path / "answers.json"
    first = RealOrFakeLab(data(), fakes(), trials=6, file=file)
    assert not file.exists()
    for what in ("real", "fake", "fake"):
        first.answer(what)
    first.take_back()
    second = RealOrFakeLab(data(), fakes(), trials=6, file=file)
    assert second.trials.answers == [True, False] and "2 of 6 answered" in second.sentence
    while not second.done:
        second.answer("fake")
    assert RealOrFakeLab(data(), fakes(), trials=6, file=file).records == second.records
    kept = file.read_text()
    second.again()
    assert "not stored" in second.sentence
    second.answer("real")
    assert file.read_text() == kept


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "it is damaged"),
        ("[1]", "these are no answers"),
        ('{"answers": "RF", "count": 9}', "the answers belong to another test"),
        (None, "the answers were given to other pictures"),
    ],
)
def test_a_file_that_does_not_fit_is_left_alone(tmp_path, content, words):
    file = tmp_path / "answers.json"
    if content is None:
        lab = RealOrFakeLab(data(), -fakes(), trials=6, file=file)
        lab.answer("real")
        content = file.read_text()
        assert json.loads(content)["answers"] == "R"
    file.write_text(content)
    lab = RealOrFakeLab(data(), fakes(), trials=6, file=file)
    assert (
        lab.sentence.startswith(f"answers.json is left as it is, since {words}") and str(tmp_path) not in lab.sentence
    )
    lab.answer("real")
    assert "1 of 6 answered" in lab.sentence and file.read_text() == content


@pytest.mark.parametrize(
    ("real", "fake", "options", "words"),
    [
        (torch.rand(30, 1, 8, 8), torch.rand(30, 1, 9, 9), {}, "different sizes"),
        (torch.rand(30, 1, 8, 8), torch.rand(5, 1, 8, 8), {}, "40 trials need 20 real and 20 fake ones"),
        (torch.rand(30, 1, 8, 8), "fakes", {}, "The fakes are pictures"),
        (torch.rand(30, 1, 8, 8), torch.rand(30, 1, 8, 8), {"trials": 7}, "even number"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(real, fake, options, words):
    lab = RealOrFakeLab(real, fake, **options)
    assert words in lab.sentence and lab.figure() and lab.widget()
    for action in (lambda: lab.answer("real"), lab.take_back, lab.again):
        action()
        assert words in lab.sentence
    assert lab.records == [] and lab.result is None and lab.done


def test_other_answers_are_refused():
    lab = RealOrFakeLab(data(), fakes(), trials=4)
    for nonsense in ("maybe", True, None):
        lab.answer(nonsense)
        assert "The answer is real or fake" in lab.sentence
    lab.set(anything=1)
    lab.run(3)
    assert lab.trials.answers == [] and "nothing to train" in lab.sentence
    lab.set()
    bundle, metadata = lab._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == lab.sentence and len(bundle["image/png"]) < 50_000


def test_moments_are_choices():
    lab = TimelineLab(Timeline(small_gan()))
    assert isinstance(lab.allowed["at"], Choice) and path([0], [0]).shape == (1, 1, 2)
