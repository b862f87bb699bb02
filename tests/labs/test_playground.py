"""The playground without a browser: numbers that are the library's, code that rebuilds the GAN, and bad input."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from gan_lessons import losses
from gan_lessons.data import points
from gan_lessons.labs.kit.controls import Range, controls_of
from gan_lessons.labs.kit.frame import Arrows, Heat, Lines, Points
from gan_lessons.labs.kit.recording import LARGEST
from gan_lessons.labs.points import playground_simulation as playground
from gan_lessons.labs.points.playground import PlaygroundLab
from gan_lessons.labs.points.playground_drawing import PULLED
from gan_lessons.labs.points.playground_parameters import FREE, PlaygroundParameters
from gan_lessons.losses import Losses
from gan_lessons.metrics.modes import mode_scores, perfect
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from tests.labs.small import until

SMALL = {"generator_width": 16, "discriminator_width": 16, "batch": 32}
SQUARE = [[1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0], [0.5, 0]]


def layer(lab, kind, panel=0, label=None):
    found = (one for one in lab.frame().panels[panel].layers if isinstance(one, kind))
    return next(one for one in found if label is None or one.label == label)


def rebuilt(lab, **names):
    space = dict(names)
    exec(lab.code(), space)
    return space


def assert_the_same(lab, space):
    ours, theirs = lab.game.sweep, space["sweep"]
    assert ours.step == theirs.step
    for part in ("generator", "discriminator", "average"):
        pairs = zip(*(getattr(sweep.groups[0].gan, part).parameters() for sweep in (ours, theirs)), strict=True)
        assert all(torch.equal(*pair) for pair in pairs), part
    assert torch.equal(space["fakes"], lab.game.generate(lab.game.noise))


# Numbers


def test_scores_are_those_of_metrics():
    lab = PlaygroundLab(data="ring", loss="relativistic", generator_rate=2e-3, discriminator_rate=2e-3, **SMALL)
    lab.run(150)
    shown = layer(lab, Points, label="fake").data
    fakes = lab.game.sweep.sample(2500)[0, 0] * points.ring().sample(20_000, seed=1).square().mean().sqrt()
    np.testing.assert_allclose(shown, fakes[: len(shown)], rtol=1e-6)
    scores = mode_scores(fakes, points.ring())
    assert f"covers {int(scores.modes)} of 8 modes" in lab.sentence and f"KL {scores.kl:.2f}" in lab.sentence
    assert f"{scores.high_quality:.0%} of its points are good" in lab.sentence
    assert layer(lab, Lines, 2, "modes / 8").data[0, -1].tolist() == [150, float(scores.modes) / 8]
    assert layer(lab, Lines, 2, "high quality").data[0, -1, 1] == pytest.approx(float(scores.high_quality))
    kl = float(scores.kl) / math.log(8) if scores.kl.isfinite() else 1
    assert layer(lab, Lines, 2, "KL / log 8").data[0, -1, 1] == pytest.approx(kl)
    assert layer(lab, Lines, 2, "modes / 8").data[0, :, 0].tolist() == [0, 50, 100, 150]


def test_a_perfect_sampler_has_its_lines():
    lab = PlaygroundLab()
    ideal = perfect(points.ring(), seed=2)
    levels = [one.data[0, 0, 1] for one in lab.frame().panels[2].layers if one.dashed]
    np.testing.assert_allclose(levels, [ideal.modes / 8, ideal.high_quality, ideal.kl / math.log(8)], rtol=1e-6)
    assert f"(a perfect sampler's: {ideal.high_quality:.0%})" in lab.sentence


def test_losses_are_those_of_the_sweep():
    lab = PlaygroundLab(**SMALL)
    lab.run(60)
    history = lab.game.sweep.history()
    by_d, by_g = (layer(lab, Lines, 1, f"{who}'s loss").data[0] for who in "DG")
    np.testing.assert_allclose(by_d[:, 1], history.discriminator_loss[:, 0, 0], rtol=1e-6)
    np.testing.assert_allclose(by_g[:, 1], history.generator_loss[:, 0, 0], rtol=1e-6)
    assert by_d[:, 0].tolist() == list(range(1, 61))


@pytest.mark.parametrize("loss", losses.KNOWN)
def test_pulls_are_minus_the_gradient_of_gs_loss(loss):
    lab = PlaygroundLab(loss=loss, **SMALL)
    lab.run(20)
    game, scale = lab.game, lab.game.problem.scale
    fakes, reals = game.generate(game.noise[:PULLED]), game.problem.real[:PULLED]
    _, discriminator = game.sweep.networks()
    inputs = (fakes / scale).requires_grad_()
    value = losses.named(loss)(discriminator(reals / scale), discriminator(inputs)).generator
    (slope,) = torch.autograd.grad(value, inputs)
    pulls = -slope * PULLED * scale
    torch.testing.assert_close(game.pulls(fakes, reals), pulls, rtol=1e-4, atol=1e-6)
    assert f"pulls a fake by {pulls.norm(dim=1).mean():.2g} " in lab.sentence
    arrows = layer(lab, Arrows).data
    np.testing.assert_allclose(arrows[:, :2], fakes, rtol=1e-6)
    cosine = torch.nn.functional.cosine_similarity(torch.from_numpy(arrows[:, 2:]).float(), pulls)
    assert (cosine[pulls.norm(dim=1) > 1e-6] > 0.999).all()


def test_the_surface_is_ds_and_the_line_where_it_is_undecided():
    lab = PlaygroundLab(pack=2, **SMALL)
    lab.run(100)
    heat, line = layer(lab, Heat), layer(lab, Lines, label="D's decision")
    limit = heat.extent[1]
    places = torch.linspace(-limit, limit, heat.data.shape[0])
    row, column = 7, 20
    twice = torch.stack([places[column], places[row]]).expand(2, 2) / lab.game.problem.scale
    score = lab.game.sweep.networks()[1](twice).detach()
    assert heat.data[row, column] == pytest.approx(float(score.sigmoid()), rel=1e-4)
    on_it = torch.from_numpy(line.data[0][np.isfinite(line.data[0, :, 0])]).float()
    assert len(on_it) and lab.game.judge(on_it).abs().mean() < 0.1


@pytest.mark.parametrize(("loss", "said"), [("relativistic", "points above midway"), ("non_saturating", "for real")])
def test_the_sentence_and_the_title_tell_of_d_where_it_is_drawn(loss, said):
    lab = PlaygroundLab(loss=loss, **SMALL)
    assert said in lab.sentence and lab.frame().panels[0].title.startswith("D's opinion and G's points")
    lab.set(picture="G's image of a grid")
    assert lab.sentence.endswith("(0.00).") and lab.frame().panels[0].title.startswith("G's points")


def test_curves_say_that_they_have_no_modes():
    for data, make in (("spiral", points.spiral), ("moons", points.moons)):
        lab = PlaygroundLab(data=data, **SMALL)
        assert "of 100 pieces of the curve (it has no modes to count)" in lab.sentence
        known = lab.game.problem.modes
        assert known.centres.shape == (100, 2) and known.std == make().std
        assert lab.game.perfect.modes > 95 and lab.game.perfect.high_quality > 0.95
        assert layer(lab, Lines, 2, "pieces of the curve / 100") is not None


# Controls


def test_every_control_but_the_picture_changes_the_training():
    """With the same steps behind it, each changed parameter gives another GAN."""
    start = {"penalty": "r1", **SMALL}

    def weights(**changes):
        lab = PlaygroundLab(**{**start, **changes})
        lab.run(2)
        assert "Error" not in lab.sentence, lab.sentence
        return torch.cat([p.flatten() for p in lab.game.sweep.groups[0].gan.average.parameters()])

    before = weights()
    for name, allowed in controls_of(PlaygroundParameters).items():
        if name in ("picture", "data"):
            continue
        kept = {**PlaygroundLab().values, **start}[name]
        value = kept + allowed.step if isinstance(allowed, Range) else next(o for o in allowed.options if o != kept)
        if name == "penalty":
            value = "gradient_penalty"
        after = weights(**{name: value})
        # the mean of both is what it was while the average is young
        assert name == "average_decay" or before.shape != after.shape or not torch.equal(before, after), name


def test_free_changes_go_on_and_others_start_again():
    lab = PlaygroundLab(**SMALL)
    lab.run(3)
    for name, value in {"loss": "hinge", "penalty": "r1", "penalty_weight": 1.0, "generator_rate": 1e-2,
                        "discriminator_rate": 1e-4, "discriminator_steps": 2, "average_decay": 0.9, "batch": 64,
                        "picture": "points alone"}.items():  # fmt: skip
        assert name in FREE
        before = lab.game.step
        lab.set(**{name: value})
        lab.run(1)
        assert lab.game.step == before + 1 and getattr(lab.game.setting, name, value) == value
    lab.set(noise_dim=3)
    assert lab.game.step == 0 and lab.sentence.startswith("“Noise: dimension” changed, so the training starts again.")


def test_one_player_can_step_alone():
    lab = PlaygroundLab(average_decay=0.0, **SMALL)

    def weights():
        gan = lab.game.sweep.groups[0].gan
        return [
            torch.cat([p.detach().flatten() for p in part.parameters()]) for part in (gan.generator, gan.discriminator)
        ]

    for update, moves in (("discriminator_only", (False, True)), ("generator_only", (True, False)),
                          ("alternating", (True, True))):  # fmt: skip
        before = weights()
        lab.step(update)
        assert tuple(not torch.equal(a, b) for a, b in zip(before, weights(), strict=True)) == moves


def test_what_is_shown_does_not_change_the_training():
    watched, alone = (PlaygroundLab(penalty="nudge", **SMALL) for _ in range(2))
    for _ in range(10):
        watched.run(1)
    alone.run(10)
    assert torch.equal(watched.game.generate(watched.game.noise), alone.game.generate(alone.game.noise))
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    PlaygroundLab(**SMALL).run(2)
    assert torch.rand(1) == expected, "the reader's random numbers stay"


# Code


def test_code_rebuilds_the_gan_with_all_changes():
    lab = PlaygroundLab(pack=2, noise="uniform", noise_dim=3, seed=4, data="spiral", **SMALL)
    lab.run(6)
    lab.set(loss="relativistic", penalty="r1_and_r2")
    lab.run(5)
    lab.step("discriminator_only")
    lab.step("generator_only")
    lab.set(generator_rate=1e-2, discriminator_steps=3, average_decay=0.9, batch=16)
    lab.play()
    until(lambda: lab.game.step > 20)
    lab.pause()
    code = lab.code()
    assert code.count("replace(start, ") >= 3 and "update='discriminator_only'), 12)" in code
    assert_the_same(lab, rebuilt(lab))
    assert_the_same(PlaygroundLab(seed=4, **SMALL), rebuilt(PlaygroundLab(seed=4, **SMALL)))


def test_code_of_drawn_points_and_ones_own_loss_and_networks():
    def mine(real, fake):
        return (fake - real).tanh().mean(), -fake.tanh().mean()

    def players():
        return PointGenerator(2, 2, 8, 1, nn.Tanh), PointDiscriminator(2, 8, 1, nn.Tanh)

    lab = PlaygroundLab(players, {"my own": mine}, loss="my own")
    lab.draw(SQUARE)
    lab.run(5)
    assert "fitted(mine)" in lab.code() and "players=players" in lab.code() and "(0.5, 0.0)" in lab.code()
    assert_the_same(lab, rebuilt(lab, mine=mine, players=players))
    lab.widget()
    lab.show_code()
    assert lab.exported.value == lab.code() and lab.export.layout.display is None
    lab.hide_code()
    assert lab.export.layout.display == "none"


# Drawing


def test_points_are_drawn_with_the_pointer():
    lab = PlaygroundLab(**SMALL)
    lab.widget()
    stroke = [{"kind": "down", "panel": 0, "x": -1.0, "y": 0.0}]
    stroke += [{"kind": "move", "panel": 0, "x": -1 + 0.02 * k, "y": 0.5} for k in range(1, 100)]
    lab.view.stage.receive({"view": "a", "events": stroke[:1]})
    assert lab.sentence.startswith("To draw points of your own") and not lab.drawn
    lab.set(data="drawn")
    assert lab.sentence.endswith("There are 0 so far.")
    lab.view.stage.receive({"view": "a", "events": stroke[:3]})
    lab.view.stage.receive({"view": "a", "events": [{"kind": "up", "panel": 0, "x": 0, "y": 0.5}]})
    assert lab.game is None and lab.sentence.startswith("Draw at least 5 points")
    lab.run(3)
    lab.play()
    assert not lab.playing and "Draw at least 5 points" in lab.sentence
    lab.view.stage.receive({"view": "a", "events": stroke})
    assert len(layer(lab, Points).data) == len(lab.drawn) > 15
    lab.view.stage.receive({"view": "a", "events": [{"kind": "up", "panel": 0, "x": 1, "y": 0.5}]})
    assert lab.game is not None and f"of {len(lab.drawn)} modes" in lab.sentence
    torch.testing.assert_close(lab.game.problem.modes.centres, torch.tensor(lab.drawn))
    gaps = np.hypot(*np.diff(lab.drawn, axis=0).T)
    assert gaps[2:].min() > 0.08, "not too close"


def test_nonsense_drawings_are_sentences():
    lab = PlaygroundLab()
    for nonsense in ([[math.nan, 0]] * 6, [[1, 2, 3]], "points", [[1j, 0]] * 6):
        lab.draw(nonsense)
        assert lab.game is not None and lab.sentence, nonsense
    lab.draw([[99, -99]] * 6)
    assert lab.drawn == [(3.0, -3.0)] * 6
    lab.run(3)
    lab.draw([])
    assert lab.sentence.endswith("There are 0 so far.")


# What goes wrong


def test_rates_that_blow_up_say_when_and_wait():
    lab = PlaygroundLab(loss="wasserstein", generator_rate=1.0, discriminator_rate=1.0)
    lab.run(500)
    step = lab.game.step
    assert step < 500 and lab.sentence.startswith(f"Training diverged at step {step}: D's loss is")
    lab.run(5)
    lab.play()
    until(lambda: not lab.playing)
    assert lab.game.step == step and "start again" in lab.sentence
    lab.set(generator_rate=1e-3, discriminator_rate=1e-3)
    assert "diverged" in lab.sentence
    lab.reset()
    lab.run(5)
    assert "After 5 steps" in lab.sentence


class Wide(nn.Linear):
    def forward(self, x):
        return super().forward(x) * math.nan


@pytest.mark.parametrize(
    ("players", "complaint"),
    [
        (
            lambda: (nn.Linear(2, 3), nn.Sequential(nn.Linear(2, 1), nn.Flatten(0))),
            "Your generator makes [8, 3] of noise",
        ),
        (lambda: (nn.Linear(2, 2), nn.Linear(2, 1)), "Your discriminator makes [8, 1] of points [8, 2]; it needs [8]"),
        (lambda: (nn.Linear(3, 2), nn.Linear(2, 1)), "Your players do not work: RuntimeError: mat1 and mat2"),
        (lambda: (Wide(2, 2), PointDiscriminator()), "Your generator returns values that are no numbers (NaN)"),
        (lambda: (nn.Identity(), PointDiscriminator()), "Your Identity has no weights"),
        (lambda: nn.Linear(2, 2), "Your players do not work: TypeError"),
        (lambda: (nn.Linear(0, 2), PointDiscriminator()), "Your players do not work"),
        (3, "Your players do not work: TypeError"),
    ],
)
def test_networks_of_ones_own_that_do_not_fit(players, complaint):
    lab = PlaygroundLab(players=players)
    assert lab.sentence.startswith(complaint), lab.sentence
    lab.run(3)
    lab.play()
    assert complaint in lab.sentence and not lab.playing
    assert lab.code().startswith("# Your") and lab.figure() is not None


def test_networks_of_ones_own_that_turn_nan():
    class Poisoned(PointGenerator):
        calls = 0

        def forward(self, noise):
            Poisoned.calls += 1
            return super().forward(noise) * (math.nan if Poisoned.calls > 60 else 1)

    lab = PlaygroundLab(players=lambda: (Poisoned(), PointDiscriminator()))
    lab.run(200)
    assert "diverged at step" in lab.sentence and lab.frame().panels[0].layers


@pytest.mark.parametrize(
    ("loss", "complaint"),
    [
        (lambda real, fake: real.mean(), "Your loss has to return two tensors"),
        (lambda real, fake: Losses(real.mean(-1) * math.nan, fake.mean(-1)), "Training diverged at step 1"),
        (lambda real: (real.mean(), real.mean()), "TypeError"),
        (lambda real, fake: (1.0, 2.0), "Your loss has to return two tensors"),
    ],
)
def test_losses_of_ones_own_that_do_not_work(loss, complaint):
    lab = PlaygroundLab(losses={"mine": loss}, loss="mine", **SMALL)
    lab.run(3)
    assert complaint in lab.sentence, lab.sentence
    lab.set(loss="hinge")
    lab.reset()
    lab.run(3)
    assert "After 3 steps" in lab.sentence


def test_widths_of_nothing_are_refused():
    lab = PlaygroundLab(generator_width=0, discriminator_depth=0, noise_dim=-1)
    assert "“G: width” is one of 1, 2, 4" in lab.sentence and lab.values["generator_width"] == 64
    assert lab.values["discriminator_depth"] == 1 == lab.values["noise_dim"]
    narrow = PlaygroundLab(generator_width=1, discriminator_width=1, noise_dim=1, batch=8)
    narrow.run(3)
    assert "After 3 steps" in narrow.sentence


# Traces and recordings


def test_traces_keep_means_in_little_room():
    values = np.random.default_rng(0).standard_normal(5000)
    trace = playground.Trace(1)
    for step, value in enumerate(values):
        trace.add(step, value)
    steps, means = trace.rows.T
    assert len(steps) <= playground.KEPT and trace.width == 16
    np.testing.assert_allclose(means, values[: 16 * len(means)].reshape(-1, 16).mean(1))
    np.testing.assert_allclose(steps, np.arange(len(steps)) * 16 + 7.5)


def test_sixty_frames_fit_in_a_page():
    lab = PlaygroundLab(loss="relativistic", pack=2, generator_rate=5e-3, discriminator_rate=5e-3)
    recording = lab.record(120, 2)
    assert len(recording.frames) == 61 and lab.game.step == 120
    shown = recording._repr_mimebundle_()["text/html"]
    assert len(shown) <= LARGEST and shown == recording._repr_mimebundle_()["text/html"]
    assert "http" not in shown.replace("http-equiv", "") and "After 120 steps" in repr(recording)


def test_what_stands_under_the_mouse():
    lab = PlaygroundLab(**SMALL)
    lab.run(20)
    x, y = lab.game.generate(lab.game.noise[3:4])[0].tolist()
    said = lab.under_mouse(0, x, y)
    z = ", ".join(f"{value:.2f}" for value in lab.game.noise[3].tolist()).replace("-", "−")
    assert f"a fake: G(z) of z = ({z})" in said and "D(x) = " in said and "pull on it: " in said
    x, y = lab.plane.reals[0].tolist()
    assert "D's score here is " in lab.under_mouse(0, x, y)
    far = lab.under_mouse(0, 99.0, 99.0)
    assert far.startswith("D's score here is ") and "fake" not in far
    assert lab.under_mouse(1, 0.0, 0.0) == "" == PlaygroundLab(data="drawn").under_mouse(0, 0.0, 0.0)


def test_the_diagram_says_who_has_learnt():
    lab = PlaygroundLab(**SMALL)
    assert lab.frame().strip.lit == "" and lab.frame().strip.values is None
    for update, lit in (
        ("discriminator_only", "discriminator"),
        ("generator_only", "generator"),
        ("alternating", "both"),
    ):
        lab.step(update)
        assert lab.frame().strip.lit == lit
    assert lab.frame().strip.values["loss"].startswith("D ")
    lab.set(picture="points alone")
    assert lab.frame().strip.lit == "", "nobody has learnt since"
