"""Verse: pronunciation and metre with known answers, lines in three parts, scores, the writers and their recipes."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest
import torch

from gan_lessons import estimators, losses, recipes, traces
from gan_lessons.data import verse as data
from gan_lessons.data.pronounce import modern, pronunciations, rhyme, stresses
from gan_lessons.data.text import Texts
from gan_lessons.judges import verse as judging
from gan_lessons.judges.ngrams import NGrams, tidy
from gan_lessons.judges.readers import auc, chained, score, teach
from gan_lessons.metrics import verse as metrics
from gan_lessons.metrics.metre import patterns, rhyming, scanning, scansion
from gan_lessons.metrics.text import self_bleu
from gan_lessons.networks.verse import LineAutoencoder, PrefixDiscriminator, VerseWriter
from gan_lessons.recipes.verse import (
    WAYS,
    adversarially,
    by_relaxation,
    by_rewards,
    counted,
    dealt,
    likelihood_of,
    surprise,
)

# Words


@pytest.mark.parametrize(
    ("word", "stress"),
    [("compare", (0, 1)), ("summer's", (1, 0)), ("heav'n", (1,)), ("call'd", (1,)), ("th'", ()), ("feel'st", (1,))],
)
def test_stresses(word, stress):
    assert stresses(word)[0] == stress


def test_old_spelling_and_what_nobody_can_pronounce():
    assert [modern(word) for word in ("glorie", "turnd", "onely", "love")] == ["glory", "turn'd", "only", "love"]
    assert pronunciations("xqzzk") == ()
    with pytest.raises(ValueError, match="cannot pronounce 'xqzzk'"):
        patterns("xqzzk")


def test_rhymes():
    assert rhyme("eyes", "lies") and rhyme("increase", "decease") and not rhyme("day", "night")
    assert not rhyme("day", "day")


# Metre


@pytest.mark.parametrize(
    "line",
    [
        "shall i compare thee to a summer's day",
        "when forty winters shall besiege thy brow",
        "a woman's face with nature's own hand painted",  # eleven syllables, the last of a longer word and weak
        "the <10> <10> <10> <10> day",
    ],
)
def test_lines_that_scan(line):
    assert scansion(line).scans


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("the cat sat on the mat", "six syllables"),
        ("desire beauty creature of the night desire", "stresses of longer words"),
        ("the of the of the of the of the of", "articles and prepositions in strong places"),
        (
            "to be or not to be that is the question",
            "a limit of the judge: be and not are stressed here by their sense",
        ),
    ],
)
def test_lines_that_do_not(line, why):
    assert not scansion(line).scans, why


def test_the_faults_are_where_they_are():
    assert scansion("the day of beauty and the night of love").faults == (5,), "and"
    assert scansion("the of of beauty and the night of love").faults == (1, 5)
    inverted = scansion("never desire the summer of the day")
    assert 0 not in inverted.faults, "the first foot may be turned round"


def test_real_lines_scan_and_shuffled_ones_do_not():
    """Bars of the chapter: shuffled lines pass at most .3; real ones more than twice as often."""
    test = data.verse().test
    real, floor = scanning(test.read()), scanning(test.read(data.shuffled(test.symbols)))
    assert floor < 0.3 and real > 2 * floor and real > 0.6


def test_sonnets_rhyme_and_shuffled_ones_do_not():
    sonnets = [[" ".join(line) for line in poem] for poem in data.poems()[:154] if len(poem) == 14]
    assert sum(map(rhyming, sonnets)) / len(sonnets) > 0.7
    mixed = [[sonnet[k] for sonnet, k in zip(sonnets[s : s + 14], range(14), strict=True)] for s in range(100)]
    assert sum(map(rhyming, mixed)) / len(mixed) < 0.1
    with pytest.raises(ValueError, match="14 lines; this poem has 2"):
        rhyming(["day", "night"])


# Lines


def test_no_poem_is_in_two_parts_and_the_parts_are_fixed():
    parts = data.verse()
    sizes = [len(part) for part in (parts.train, parts.judge, parts.test)]
    assert sum(sizes) == sum(len(data.poem_symbols(n)) for n in range(len(data.poems())))
    assert [round(size / sum(sizes), 1) for size in sizes] == [0.6, 0.3, 0.1]
    assert parts.train.length == data.LENGTH and 2000 < parts.train.kinds < 2100
    assert parts.train.between == " " and "from fairest creatures we desire increase" in parts.every()


def test_rare_words_have_kinds_that_sound_alike():
    known = data.vocabulary()
    for kind, words in known.rare.items():
        digits = "".join(letter for letter in kind if letter.isdigit())
        assert len(words) >= data.KIND
        assert all("".join(map(str, stresses(word)[0])) == digits for word in words)
    line = "the <01ed> night" if "<01ed>" in known.rare else f"the {next(iter(known.rare))} night"
    assert known.filled(line) == known.filled(line) and "<" not in known.filled(line)
    assert known.symbol("love") == "love" and known.symbol("xqzzk") == ""
    assert data.sounds().shape == (data.verse().train.kinds + 1,)


def test_shuffling_keeps_a_lines_words():
    some = data.verse().test.symbols[:50]
    mixed = data.shuffled(some)
    assert torch.equal(mixed.sort(1).values, some.sort(1).values) and not torch.equal(mixed, some)
    assert torch.equal(tidy(mixed), mixed)


def test_words_are_read_and_written():
    texts = Texts(torch.tensor([[1, 2, 0]]), ("to", "be"), " ")
    assert texts.read() == ["to be"] and texts.write(["be to"]).tolist() == [[2, 1, 0]]
    with pytest.raises(ValueError, match="'not'"):
        texts.write(["to not"])


# Scores


def test_scores_of_real_and_of_shuffled_lines():
    floors = metrics.floors()
    real, mixed = floors["real"], floors["shuffled"]
    assert real.scans > mixed.scans and real.whole > mixed.whole + 0.2 and real.surprise < mixed.surprise
    assert real.run > mixed.run and real.unique > 0.98


def test_copies_and_repetitions_are_found():
    train = data.verse().train
    copies = metrics.verse_scores(train.symbols[:100])
    assert copies.run == pytest.approx(sum(len(line.split()) for line in train.read(train.symbols[:100])) / 100)
    again = metrics.verse_scores(train.symbols[:1].expand(40, -1))
    assert again.self_bleu > 0.99 and again.unique == 1 / 40
    lines = train.read(train.symbols[:40])
    assert metrics.self_bleu(lines) == pytest.approx(self_bleu([line.split() for line in lines], 3), abs=0.01)
    assert metrics.longest_run(["xqzzk"], metrics.runs_of_training()) == 0


@pytest.mark.parametrize("bad", [torch.zeros(30, 4).long(), torch.zeros(30, 10), torch.full((30, 10), 9999)])
def test_bad_lines(bad):
    with pytest.raises(ValueError, match=r"Lines are whole|Symbols run"):
        metrics.verse_scores(bad)


def test_the_judge_is_the_one_that_the_code_trains():
    """Its first steps lower its loss, and lines that are broken differ from whole ones in what was done to them."""
    lines = data.verse().judge.symbols[:60]
    spoilt = judging.broken(lines, lines, 0)
    assert torch.equal(spoilt[0::3].sort(1).values, lines[0::3].sort(1).values)
    assert torch.equal(spoilt[1::3].sort(1).values, lines[1::3].sort(1).values)
    assert (spoilt != lines).any(1).float().mean() > 0.9 and torch.equal(tidy(spoilt), spoilt)


# Readers


def test_a_reader_learns_what_differs_and_nothing_where_nothing_does():
    torch.manual_seed(0)
    few, many = torch.randint(1, 3, (300, 4)), torch.randint(2, 4, (300, 4))
    reader = PrefixDiscriminator(SOUNDS, width=8, embedded=6)
    losses = [float(loss) for loss in teach(reader, few, many, steps=60, rate=2e-2)]
    assert losses[-1] < losses[0] and not reader.training
    assert auc(score(reader, few), score(reader, many)) > 0.9
    assert auc(score(reader, few[:150]), score(reader, few[150:])) == pytest.approx(0.5, abs=0.1)


def test_auc_counts_ties_half():
    assert auc(torch.tensor([2.0, 1.0]), torch.tensor([1.0, 0.0])) == pytest.approx(3.5 / 4)


def test_pairs_are_drawn_as_often_as_the_model_says():
    texts = Texts(torch.tensor([[1, 2, 0]] * 30 + [[2, 1, 2]] * 10), ("to", "be"), " ")
    drawn = NGrams(texts, order=2).sample(3000, 3)
    assert (drawn[:, 0] == 1).float().mean() == pytest.approx(30.4 / 41, abs=0.05)
    after = drawn[drawn[:, 0] == 1, 1]
    assert (after == 2).float().mean() > 0.9
    lines = chained(texts, 50, shortest=2)
    assert lines.shape == (50, 3) and (lines[:, 1] > 0).all() and torch.equal(tidy(lines), lines)


# Networks and recipes

SOUNDS = torch.tensor([0, 1, 1, 2, 3])  # of the end, three words, and the beginning


def test_the_writer_samples_what_it_says_is_likely():
    torch.manual_seed(0)
    writer = VerseWriter(SOUNDS, 2, width=8, embedded=6).eval()
    every = torch.cartesian_prod(torch.arange(4), torch.arange(4))
    likely = writer.log_probabilities(every).sum(1).exp()
    torch.testing.assert_close(likely.sum(), torch.tensor(1.0))
    drawn = writer.sample(4000)
    shares = (drawn[:, 0] * 4 + drawn[:, 1]).bincount(minlength=16) / 4000
    torch.testing.assert_close(shares, likely.detach(), atol=0.03, rtol=0)


def test_prefixes_are_scored_from_what_comes_before():
    network = PrefixDiscriminator(SOUNDS).eval()
    first, second = torch.tensor([[1, 2, 3]]), torch.tensor([[1, 2, 1]])
    torch.testing.assert_close(network(first)[:, :2], network(second)[:, :2])
    assert network(first)[0, 2] != network(second)[0, 2]


def test_one_hot_lines_are_read_as_their_symbols_are():
    torch.manual_seed(0)
    writer, reader = VerseWriter(SOUNDS, 3, width=8, embedded=6).eval(), PrefixDiscriminator(SOUNDS, width=8).eval()
    lines = torch.randint(0, 4, (5, 3))
    one_hot = torch.nn.functional.one_hot(lines, 4).float()
    torch.testing.assert_close(reader(one_hot), reader(lines))
    torch.testing.assert_close(writer.step(one_hot, None)[0], writer.step(lines, None)[0])


def test_the_relaxation_is_the_step_written_out():
    """D's slope reaches every weight of G, and is that of a straight-through step with the same noise."""
    torch.manual_seed(0)
    writer, reader = VerseWriter(SOUNDS, 3, width=8, embedded=6).eval(), PrefixDiscriminator(SOUNDS, width=8).eval()
    real, vectors = torch.randint(0, 4, (20, 3)), writer.embedding.weight()
    torch.manual_seed(1)
    gan = SimpleNamespace(generator=writer, discriminator=reader)
    found = torch.autograd.grad(
        by_relaxation(gan, losses.relativistic, real, real, temperature=0.5), [*writer.parameters()]
    )

    torch.manual_seed(1)
    end, state, lines = torch.tensor([1.0, 0, 0, 0]).expand(20, 4), None, []
    read, going = vectors[4].expand(20, 6), torch.ones(20, 1)
    for _ in range(3):
        features, state = writer.memory(read[:, None], state)
        logits = writer.out(features[:, 0]) @ vectors[:4].T + writer.bias
        gumbel = -torch.empty(20, 1, 4).exponential_().log()[:, 0]
        soft = ((logits + gumbel) / 0.5).softmax(-1)
        word = torch.eye(4)[(logits + gumbel).argmax(-1)] + soft - soft.detach()
        lines.append(going * word + (1 - going) * end)
        read, going = word @ vectors[:4], going * (word.argmax(-1, keepdim=True) > 0)
    assert 0.2 < going.mean() < 0.8, "some lines end, and others do not"
    seen = torch.stack(lines, dim=1) @ reader.embedding.weight()[:4]
    written = reader.head(reader.memory(seen)[0]).squeeze(-1)
    value = torch.nn.functional.softplus(reader(real) - written).mean()
    expected = torch.autograd.grad(value, [*writer.parameters()])
    assert all(slope.abs().sum() > 0 for slope in expected)
    torch.testing.assert_close(found, expected)


def test_the_code_decides_what_is_written():
    torch.manual_seed(0)
    network = LineAutoencoder(SOUNDS, 4, code=3, width=8, embedded=6).eval()
    lines = torch.randint(0, 4, (5, 4))
    assert network.encode(lines).shape == (5, 3) and network.decode(torch.randn(5, 3)).shape == (5, 4)
    near, far = (network.log_probabilities(lines, code) for code in (torch.zeros(5, 3), torch.ones(5, 3)))
    assert not torch.allclose(near, far)


def test_what_counts_ends_with_a_line():
    assert counted(torch.tensor([[3, 1, 0, 0], [1, 2, 3, 1]])).tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]


def tiny(**settings):
    return replace(recipes.find("verse", "gpu"), width=16, embedded=8, batch=16, discriminator_width=8, **settings)


def test_likelihood_first_then_d_then_both():
    plan = tiny(steps=12, taught=6, waiting=3)
    gan, lines = plan.build(), plan.data()
    start = surprise(gan.generator.eval(), lines.samples[:200])
    weights = gan.generator.train().out.weight
    seen = [(record, weights.detach().clone()) for record in plan.train(gan, lines)]
    assert all(float(record.discriminator_loss) == 0 for record, _ in seen[:6])
    assert surprise(gan.generator.eval(), lines.samples[:200]) < start
    assert torch.equal(seen[5][1], seen[8][1]), "G waits while D learns"
    assert not torch.equal(seen[8][1], seen[9][1]) and "likelihood" in seen[9][0].extra


@pytest.mark.parametrize(
    ("way", "helps"),
    [
        (by_rewards, True),
        (partial(by_rewards, worth=dealt), False),
        (partial(by_relaxation, temperature=1.0), True),
    ],
)
def test_g_learns_what_d_takes_for_real(monkeypatch, way, helps):
    """A D that likes some words makes G write them more often, but not where each line gets another's rewards."""
    plan = tiny(steps=40, taught=0, waiting=0, anchor=0.0, adversarial_rate=3e-2)
    gan, lines = plan.build(), plan.data()

    def taste(symbols):
        liked = symbols[..., :200].sum(-1) if symbols.is_floating_point() else symbols < 200
        return 4.0 * liked + 0 * gan.discriminator.head.bias

    monkeypatch.setattr(gan.discriminator, "forward", taste)
    before = (gan.generator.sample(300) < 200).float().mean()
    for _ in plan.train(gan, lines, update=partial(adversarially, anchor=0.0, reward=1.0, way=way)):
        pass
    assert ((gan.generator.sample(300) < 200).float().mean() > before + 0.05) == helps


def test_the_temperature_of_the_relaxation_falls(monkeypatch):
    seen = []
    plan = tiny(steps=8, taught=2, waiting=2, way="relaxation", coolest=0.01)
    relaxed = VerseWriter.relaxed
    monkeypatch.setattr(VerseWriter, "relaxed", lambda self, *some: (seen.append(some[1]), relaxed(self, *some))[1])
    gan = plan.build()
    list(plan.train(gan, plan.data()))
    assert seen == pytest.approx([1, 0.1**0.5, 0.1, 0.1**1.5]) and gan.discriminator.dropout.training
    with pytest.raises(ValueError, match=r"no way 'magic'.*rewards, relaxation"):
        replace(plan, way="magic")


def test_what_a_line_is_dealt_says_nothing_about_it():
    returns = torch.randn(6, 4, requires_grad=True)
    values = dealt(returns)
    assert torch.allclose(values, torch.cat([estimators.less_the_others(half) for half in returns.chunk(2)]).roll(3, 0))
    own = torch.autograd.grad(values[1].sum(), returns)[0]
    assert own[:3].eq(0).all() and own[3:].ne(0).any()


def test_codes_become_normal_and_lines_are_spelled():
    plan = replace(recipes.find("verse_codes"), steps=30, width=16, embedded=8, batch=16, noise_dim=4)
    gan, lines = plan.build(), plan.data()
    records = list(plan.train(gan, lines))
    assert float(records[-1].extra["likelihood"]) < float(records[0].extra["likelihood"])
    assert plan.samples(gan, 3).shape == (3, data.LENGTH)
    assert torch.equal(plan.samples(gan, 3), plan.samples(gan, 3))


@pytest.mark.parametrize("way", WAYS)
def test_adversarial_steps_run_on_any_device(way):
    from tests.test_devices import SGD, OnlyMeta

    plan = tiny(steps=10, taught=0, waiting=0, way=way)
    built = plan.build("meta")
    gan = type(built)(built.generator, built.discriminator, 0, 0, SGD)
    steps = plan.train(gan, type(plan.data())(plan.data().samples.to("meta")))
    with OnlyMeta():
        next(steps)


def test_an_edit_of_the_rewards_turns_the_trace_red(monkeypatch):
    plan = tiny(steps=30, taught=10, waiting=3)
    before = traces.of_recipe(plan)
    assert traces.differences(before, traces.of_recipe(plan)) == []
    monkeypatch.setattr(estimators, "to_go", lambda rewards, discount: rewards)
    assert traces.differences(before, traces.of_recipe(plan))


@pytest.mark.parametrize("size", ["likelihood", "long"])
def test_stored_writers_reach_their_figures(size):
    plan = recipes.find("verse", size)
    found, stored = plan.score(plan.load()), recipes.results.record(f"verse/{size}")["figures"]
    for name, slack in (("scans", 0.08), ("whole", 0.08), ("surprise", 0.2), ("self_bleu", 0.03)):
        assert found[name] == pytest.approx(stored[name], abs=slack), name


def test_likelihood_of_a_line():
    plan = recipes.find("verse", "likelihood")
    writer, some = plan.load().average, data.verse().test.symbols[:200]
    assert likelihood_of(writer, some).mean() > likelihood_of(writer, data.shuffled(some)).mean() + 0.2
