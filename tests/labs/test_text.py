"""TextLab: every dial changes what it should, its numbers are those of `metrics`, and bad input."""

import json
from itertools import pairwise

import pytest
import torch

from gan_lessons.labs.kit.frame import Frame, Lines, Points
from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.latents.latent_simulation import noise
from gan_lessons.labs.writing import text_simulation as writing
from gan_lessons.labs.writing.text import EVERY, LIVE, SCORED, STORED, TextLab
from gan_lessons.labs.writing.text_stored import open_text_lab
from gan_lessons.metrics.text import text_scores
from gan_lessons.networks.text import LSTMGenerator
from tests.labs.small import COUNT, SPLITS, generator, live, text_lab, until, written
from tests.labs.small import WORD_DIM as DIM


def everything(lab) -> str:
    scene, data = pack(lab.frame())
    return json.dumps(scene) + data.hex()


def mark(lab, which: int) -> list[float]:
    return [layer.data[0].tolist() for layer in lab.frame().panels[3].layers if isinstance(layer, Points)][which]


@pytest.mark.parametrize(
    ("values", "panels"),
    [
        ({"temperature": 0.3}, [0, 3]),
        ({"psi": 0.3}, [1, 3]),
        ({"page": 1}, [0, 1]),
        ({"along": 0.8}, [2]),
        ({"seed": 7}, [2]),
        ({"other": 7}, [2]),
        ({"writer": LIVE}, [1, 2, 3]),
    ],
)
def test_a_dial_changes_its_panels_and_no_other(values, panels):
    lab = text_lab()
    before, kept = [pack(Frame((panel,))) for panel in lab.frame().panels], everything(lab)
    old = {name: lab.values[name] for name in values}
    lab.set(**values)
    after = [pack(Frame((panel,))) for panel in lab.frame().panels]
    assert [k for k in range(4) if before[k] != after[k]] == panels
    lab.set(**old)
    if panels[-1] < 3:
        assert everything(lab) == kept


def test_every_way_to_truncate_writes_other_words():
    lab = text_lab(psi=0.2)
    seen = set()
    for way in writing.TRUNCATIONS:
        lab.set(way=way)
        seen.add(tuple(written(lab, 1)))
    assert len(seen) == 3


@pytest.mark.parametrize("way", writing.TRUNCATIONS)
def test_truncation_by_nothing_changes_nothing(way):
    network, noises = generator(), noise(DIM, 0, 50)
    free = network.layers(noises).argmax(-1)
    same = (writing.TRUNCATIONS[way](network, noises, 1.0) == free).float().mean()
    assert same > 0.9 if way.startswith("draw") else same == 1  # a number in 370 is drawn again


def test_pulled_to_the_end_every_noise_is_the_mean_word():
    network = generator()
    mean = network.layers(noise(DIM, 1, writing.PROBES)).mean(0).argmax(-1)
    assert (writing.pulled(network, noise(DIM, 0, 50), 0.0) == mean).all()


def test_noise_drawn_again_stays_within():
    class Mirror(torch.nn.Module):
        def layers(self, noises):
            self.seen = noises
            return noises[:, None, :]

    network, noises = Mirror(), noise(4, 0, 20_000)
    writing.resampled(network, noises, 0.5)
    normal = torch.distributions.Normal(0.0, 1.0)
    assert network.seen.abs().max() <= 1.5 + 1e-4
    inside = noises[noises.abs() < 1.5]
    assert network.seen.std() == pytest.approx(float(inside.std()), abs=0.01), "the law of what was drawn again"
    assert (network.seen.abs() < 0.5).float().mean() == pytest.approx(
        float((2 * normal.cdf(torch.tensor(0.5)) - 1) / (2 * normal.cdf(torch.tensor(1.5)) - 1)), abs=0.01
    )


def test_words_are_those_of_the_models():
    lab = text_lab(temperature=0.6, page=4)
    with torch.random.fork_rng():
        torch.manual_seed(4)
        expected = SPLITS.train.read(lab.model.sample(24, 0.6))
    assert written(lab, 0) == expected
    assert written(lab, 1) == SPLITS.train.read(lab.stored(noise(DIM, 4, 24)).argmax(-1))


def test_numbers_are_those_of_metrics():
    lab = text_lab(temperature=0.5)
    gan = text_scores(lab.stored(noise(DIM, SCORED, COUNT)).argmax(-1), SPLITS)
    torch.manual_seed(SCORED)
    lstm = text_scores(lab.model.sample(COUNT, 0.5), SPLITS)
    assert mark(lab, 1) == [lstm.trigram_js, lstm.plausible]
    assert mark(lab, 2) == [gan.trigram_js, gan.plausible]
    assert mark(lab, 0) == [lab.real.trigram_js, lab.real.plausible]
    for name, one in (("LSTM", lstm), ("GAN, ψ = 1", gan)):
        said = f"{one.plausible:.0%} plausible, {one.unique:.0%} unique, trigram JS {one.trigram_js:.3f}"
        assert f"the {name}: {said}" in lab.sentence


def test_the_curves_are_where_the_reader_has_been():
    lab = text_lab()
    for temperature in (0.5, 1.5):
        lab.set(temperature=temperature)
    lab.set(psi=0.5)
    curves = {layer.label: layer.data for layer in lab.frame().panels[3].layers if isinstance(layer, Lines)}
    assert curves["LSTM over T"].shape == (1, 3, 2) and curves["GAN over ψ"].shape == (1, 2, 2)
    assert curves["LSTM over T"][0, 2].tolist() == mark(lab, 1)
    assert written(lab, 3) == ["T = 0.5", "T = 1.5", "ψ = 0.5", "ψ = 1"]
    assert written(text_lab(), 3) == [], "a curve of one point has no ends"


def test_a_walk_is_whole_and_goes_by_the_arc():
    lab = text_lab()
    path = lab.path()
    assert path[0].start == 0 and path[-1].end == 1
    assert all(one.end == two.start and one.text != two.text for one, two in pairwise(path))
    first, last = SPLITS.train.read(lab.stored(lab.ends()).argmax(-1))
    assert (path[0].text, path[-1].text) == (first, last) and f"stands at “{first}”" in lab.sentence
    lab.set(along=1.0)
    assert f"stands at “{last}”" in lab.sentence


def test_a_walk_from_word_to_word():
    lab = text_lab()
    first, last = SPLITS.train.read(lab.stored(noise(DIM, 2, 2)).argmax(-1))
    lab.walk(first.upper(), f" {last} ")
    assert (lab.path()[0].text, lab.path()[-1].text) == (first, last)
    lab.set(seed=5)
    assert lab.found is None, "the slider leads back to noises by number"


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("toolong", "abc", "The text 'toolong' has 7 symbols; at most 5 fit."),
        ("abc", "naïve", "has the symbol 'ï', not in the alphabet"),
        ("", "abc", "A walk needs two words"),
    ],
)
def test_a_word_that_cannot_be_written_is_refused(first, last, sentence):
    lab = text_lab()
    before = everything(lab)
    lab.walk(first, last)
    assert sentence in lab.sentence and everything(lab) == before


def test_a_word_that_is_not_found_is_said():
    lab = text_lab()
    lab.walk("qqqqq", "zzzzz")
    assert "No noise was found that is written “qqqqq”; the nearest found is “" in lab.sentence


def test_words_change_while_a_gan_learns():
    lab = text_lab()
    before = written(lab, 0), written(lab, 1)
    lab.run(EVERY)
    assert written(lab, 0) == before[0] and written(lab, 1) != before[1]
    assert lab.values["writer"] == LIVE and "the GAN at step 50: " in lab.sentence
    assert [step for step, _ in lab.trail] == [0, EVERY]
    expected = text_scores(lab.gan.average(noise(DIM, SCORED, COUNT)).argmax(-1), SPLITS)
    assert lab.trail[-1][1] == expected and mark(lab, 2) == [expected.trigram_js, expected.plausible]
    lab.set(writer=STORED)
    assert written(lab, 1) == before[1]
    lab.reset()
    assert lab.gan.step == 0 and not lab.trail


def test_it_plays_pauses_and_leaves_random_numbers_alone():
    lab = text_lab()
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    lab.run(3)
    lab.set(temperature=0.4)
    assert torch.equal(torch.rand(3), expected)
    lab.play()
    until(lambda: lab.gan.step >= 20)
    lab.pause()
    reached = lab.gan.step
    lab.worker.thread.join(60)
    assert lab.gan.step == reached >= 20 and f"step {reached}:" in lab.sentence


def test_a_training_ends_with_a_sentence():
    lab = text_lab(live=lambda: live(4))
    lab.run(10)
    assert "The training is over after 4 steps" in lab.sentence
    lab = text_lab(live=None)
    lab.run(1)
    assert "No GAN learns in this lab" in lab.sentence
    lab.set(writer=LIVE)
    assert f"“Which GAN” is one of {STORED}, not" in lab.sentence


def test_a_temperature_of_nothing_is_refused():
    lab = text_lab()
    for wrong in (0, -1):
        lab.set(temperature=wrong)
        assert f"it takes a number from 0.1 to 2, not {wrong}." in lab.sentence and lab.values["temperature"] == 0.1
    with pytest.raises(ValueError, match="The temperature must be above 0"):
        writing.temperate(lab.model, 2, 0.0)


def test_writers_of_other_lengths_are_refused():
    lab = TextLab(LSTMGenerator(length=9, width=8), generator(), DIM, SPLITS, live)
    assert lab.sentence.startswith("Both writers have to write 5 of 27 symbols") and "9 of 27" in lab.sentence
    lab.run(1)
    assert "Both writers have to write" in lab.sentence


def test_stored_writers_are_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not open_text_lab().waits


def test_the_still_figure_shows_the_words():
    lab = text_lab()
    data, _ = lab._repr_mimebundle_()
    assert data["image/png"] and "application/vnd.jupyter.widget-view+json" in data
    shown = {text.get_text() for axes in lab.figure().axes for text in axes.texts}
    assert set(written(lab, 0)) <= shown
    walk = lab.figure().axes[2]
    assert not walk.get_yticks().size and walk.get_xlim()[1] < 1.1, "no axis of numbers, and none beyond the walk's end"
