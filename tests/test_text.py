"""Texts: real words and idioms, a file of one's own, the n-gram judge, scores with a known answer, the networks."""

import itertools
import math

import pytest
import torch

from gan_lessons.data import text
from gan_lessons.data.text import LETTERS, Splits, Texts, encode, idioms, text_file, words
from gan_lessons.judges.characters import two_sample
from gan_lessons.judges.ngrams import NGrams, tidy
from gan_lessons.metrics.text import bleu, jensen_shannon, self_bleu, text_scores, trigrams
from gan_lessons.networks.text import (
    FromNoise,
    LSTMGenerator,
    StepDiscriminator,
    TransformerGenerator,
    WordDiscriminator,
    WordGenerator,
    WordVAE,
)
from gan_lessons.results import restored

# Data


@pytest.mark.parametrize(("source", "count", "length"), [(words, 106_317, 10), (idioms, 20_239, 4)])
def test_splits_are_fixed_and_apart(source, count, length):
    splits = source()
    parts = [set(part.read()) for part in (splits.train, splits.judge, splits.test)]
    sizes = torch.tensor([len(part) for part in parts])
    assert sizes.sum() == count == len(set.union(*parts))
    torch.testing.assert_close(sizes / count, torch.tensor([0.55, 0.4, 0.05]), atol=0.01, rtol=0)
    assert splits.train.length == length and splits.train.symbols.max() < splits.train.kinds


def test_words_are_words():
    known = words().train.read()
    assert "lesson" in known + words().judge.read() + words().test.read()
    assert all(3 <= len(word) <= 10 and set(word) <= set(LETTERS) for word in known)
    assert text.split_by_hash(["zebra", "apple", "zebra"], LETTERS, 10).train.read() in (
        [],
        ["apple"],
        ["zebra"],
        ["apple", "zebra"],
    )


def test_reading_undoes_writing_and_stops_at_the_end():
    texts = Texts(encode(["cab", "abcde"], LETTERS, 5), LETTERS)
    assert texts.read() == ["cab", "abcde"] and texts.symbols[0].tolist() == [3, 1, 2, 0, 0]
    assert texts.read(torch.tensor([[1, 0, 2, 3, 0]])) == ["a"]
    assert texts.write(["ab"]).tolist() == [[1, 2, 0, 0, 0]]
    with pytest.raises(ValueError, match="'abcdef' has 6 symbols; at most 5"):
        texts.write(["abcdef"])
    with pytest.raises(ValueError, match="'a-b' has the symbol '-'"):
        texts.write(["a-b"])


def lines(count=150):
    return ["".join(pair) for pair in itertools.product("abcdefghijklm", repeat=2)][:count]


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("\ufeff" + "\r\n".join([*lines(), "", "  aa  "]), "utf-8")
    splits = text_file(path, length=3)
    assert len(splits.train) + len(splits.judge) + len(splits.test) == 150
    assert splits.train.length == 3 and splits.train.alphabet == "abcdefghijklm"


@pytest.mark.parametrize(
    ("kind", "count", "length", "known"), [("first", 5163, 11, "madeleine"), ("family", 88_799, 13, "featherstone")]
)
def test_names_by_name(kind, count, length, known):
    splits = text.own(f"names:{kind}")
    every = [name for part in (splits.train, splits.judge, splits.test) for name in part.read()]
    assert len(every) == len(set(every)) == count and known in every
    assert splits.train.length == length and splits.train.alphabet == LETTERS
    assert splits is text.own(f"names:{kind}")
    with pytest.raises(ValueError, match="no names 'last'; the known ones are first, family"):
        text.names("last")


def test_the_rows_of_a_file_are_as_long_as_its_longest_text(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("\n".join([*lines(), "abcabcabc"]), "utf-8")
    assert text.own(str(path)).train.length == 9
    path.write_text("\n".join([*lines(), "ab" * 21]), "utf-8")
    text.own.cache_clear()
    with pytest.raises(ValueError, match=r"Line 151 of .* has 42 symbols, and at most 40 fit"):
        text.own(str(path))


def test_the_frequent_symbols_decide_which_texts_stay(tmp_path):
    path = tmp_path / "few.txt"
    path.write_text("\n".join([*lines(), *(f"a{letter}" for letter in "nopqrstuvwxyz")]), "utf-8")
    few = text.frequent(text.own(str(path)), 13)
    assert few.train.alphabet == "abcdefghijklm" and few.train.length == 4
    assert len(few.train) + len(few.judge) + len(few.test) == 150


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        (b"", {}, "holds 0 different lines; at least 100"),
        (b"ab\0cd", {}, "is a binary file"),
        ("aa\nbé\n".encode("latin-1"), {}, "not in UTF-8: see line 2"),
        (b"aa\nbbbbb\n", {"length": 4}, "Line 2 of .* has 5 symbols, and at most 4 fit"),
        (b"aa\nab\na1\n", {"alphabet": "ab"}, "Line 3 of .* has the symbol '1'"),
    ],
)
def test_a_bad_file_gets_one_sentence(tmp_path, content, arguments, message):
    path = tmp_path / "bad.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        text_file(path, **arguments)


def test_all_lines_that_do_not_fit_are_named_at_once(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("\n".join(["abcde" if number % 10 == 3 else "ab" for number in range(1, 51)]), "utf-8")
    with pytest.raises(
        ValueError, match=r"Line 3 of .* at most 4 fit, and 4 more lines have such a fault \(13, 23, 33, …\)"
    ):
        text_file(path, length=4)


def test_an_accent_is_one_symbol_however_it_is_written(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("\n".join([*lines(), "caf\u00e9", "cafe\u0301"]), "utf-8")
    splits = text_file(path, length=4)
    assert len(splits.every()) == 151 and "\u00e9" in splits.train.alphabet and "\u0301" not in splits.train.alphabet
    assert torch.equal(splits.train.write(["e\u0301"]), splits.train.write(["\u00e9"]))


def test_what_a_file_held_is_reported(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("\n".join(["aa", "", *lines(), "xyz"]), "utf-8")
    found = text.own(str(path)).found
    text.own.cache_clear()
    assert str(found).splitlines() == [
        "151 texts, at most 3 symbols long, of 16 different symbols.",
        "Skipped 2: empty (line 2); repeated (line 3).",
    ]
    few = text.frequent(text.own(str(path)), 13).found
    text.own.cache_clear()
    assert str(few) == (
        "150 texts, of 13 different symbols.\nSkipped 3: empty (line 2); repeated (line 3); "
        "with other symbols than the 13 most frequent (xyz)."
    )


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no text file .*gone\.txt"):
        text_file(tmp_path / "gone.txt")


# The judge


def test_witten_bell_by_hand():
    """Two texts, "ab" and "aa", over {end, a, b}, of order 2."""
    model = NGrams(Texts(encode(["ab", "aa"], "ab", 2), "ab"), order=2)
    # alone: a 3 times, b once, end twice, of 6, 3 different; before them 1/3 each
    alone = [(2 + 3 / 3) / 9, (3 + 3 / 3) / 9, (1 + 3 / 3) / 9]
    # after a: a once, b once, end once, 3 different
    after_a = [(1 + 3 * p) / 6 for p in alone]
    # after the beginning: a twice, 1 kind; after b: end once, 1 kind
    expected = -(math.log((2 + alone[1]) / 3) + math.log(after_a[2]) + math.log((1 + alone[0]) / 2)) / 3
    assert float(model.surprise(encode(["ab"], "ab", 2))) == pytest.approx(expected, rel=1e-5)


def test_the_judge_is_a_distribution():
    model = NGrams(words().test, order=3)
    torch.testing.assert_close(model.logs.reshape(-1, 27).exp().sum(-1), torch.ones(27**2), atol=1e-4, rtol=0)


def test_the_judge_agrees_with_nltk():
    from nltk.lm import WittenBellInterpolated
    from nltk.lm.preprocessing import padded_everygrams

    some = words().test.read()[:300]
    ours = NGrams(Texts(encode(some, LETTERS, 10), LETTERS), order=3)
    theirs = WittenBellInterpolated(3)
    # one end after each word, as ours; nltk pads with order - 1 symbols on either side, so the last is cut off
    grams = [list(padded_everygrams(3, list(word)))[:-1] for word in some]
    theirs.fit((gram for gram in grams), [*LETTERS, "<s>", "</s>"])
    seen, likely = "the", "r"
    score = float(ours.logs.reshape(27, 27, 27)[*encode([seen[-2:] + likely], LETTERS, 3)[0]].exp())
    # nltk has another last resort than the uniform distribution, so compare where there are counts
    assert score == pytest.approx(theirs.score(likely, tuple(seen[-2:])), abs=0.02)


# Scores


def uniform(splits: Splits, count: int) -> torch.Tensor:
    """Letters at random, as long as real words."""
    torch.manual_seed(0)
    lengths = (splits.test.symbols > 0).sum(1, keepdim=True)[:count]
    return torch.randint(1, splits.train.kinds, (count, splits.train.length)) * (torch.arange(10) < lengths)


def test_real_words_score_as_real_words():
    splits = words()
    scores = text_scores(splits.test.symbols[:5000], splits)
    assert scores.plausible == pytest.approx(0.95, abs=0.003) and scores.unique == 1 and scores.copied == 0
    assert scores.unseen == 1 and scores.whole == 1 and scores.trigram_js == pytest.approx(0.033, abs=0.002)


def test_noise_copies_and_one_word_are_found_out():
    splits = words()
    noise = text_scores(uniform(splits, 5000), splits)
    assert noise.plausible < 0.02 and noise.trigram_js > 0.35 and noise.copied < 0.01
    copies = text_scores(splits.train.symbols[::11][:5000], splits)
    assert copies.copied == 1 and copies.plausible > 0.93
    one = text_scores(splits.test.symbols[:1].expand(5000, -1), splits)
    assert one.unique == 1 / 5000 and one.trigram_js > 0.6
    loose = splits.test.symbols[:5000].clone()
    short = (loose > 0).sum(1) < 9
    loose[short, -1] = 5
    scores = text_scores(loose, splits)
    assert scores.whole == pytest.approx(float(1 - short.float().mean())) and scores.unseen == 1


def test_jensen_shannon_by_hand():
    first, second = torch.tensor([[1], [1], [2], [2]]), torch.tensor([[2], [2], [2], [3]])
    p, q = [0.5, 0.5, 0], [0, 0.75, 0.25]
    m = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    half = lambda side: sum(a * math.log(a / c) for a, c in zip(side, m, strict=True) if a)  # noqa: E731
    assert jensen_shannon(first, second) == pytest.approx((half(p) + half(q)) / 2)
    assert jensen_shannon(first, first) == 0
    assert jensen_shannon(first, torch.tensor([[7]])) == pytest.approx(math.log(2))


def test_trigrams_of_a_word():
    found = trigrams(encode(["ab"], LETTERS, 4)).tolist()
    assert found == [[0, 0, 1], [0, 1, 2], [1, 2, 0]]


def test_bleu_knows_copies_and_strangers():
    known = words().test.read()[:60]
    assert bleu(known[:5], known) == pytest.approx(1, abs=0.2)  # three letters hold no four in a row
    assert bleu(["lessons"], ["lessons"]) == pytest.approx(1) and bleu(["qqqq"], ["lessons"]) < 0.05
    assert self_bleu(["lessons"] * 5) == pytest.approx(1) and self_bleu(known) < 0.8


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (torch.zeros(200, 9, dtype=torch.long), r"\[count, 10\], not \[200, 9\]"),
        (torch.zeros(200, 10), "whole numbers"),
        (torch.zeros(50, 10, dtype=torch.long), "at least 100 samples; there are 50"),
        (torch.full((200, 10), 27), "run from 0 to 26"),
    ],
)
def test_bad_samples_get_one_sentence(samples, message):
    with pytest.raises(ValueError, match=message):
        text_scores(samples, words())


# Networks


@pytest.mark.parametrize("network", [LSTMGenerator, TransformerGenerator])
def test_a_step_at_a_time_is_the_same_as_all_at_once(network):
    torch.manual_seed(0)
    model = network(kinds=5, length=6, width=16)
    texts = torch.randint(5, (7, 6))
    whole, state, steps = model(texts), None, []
    for symbols in torch.nn.functional.pad(texts[:, :-1], (1, 0), value=5).split(1, dim=1):
        logits, state = model.step(symbols, state)
        steps.append(logits)
    torch.testing.assert_close(torch.cat(steps, dim=1), whole)


@pytest.mark.parametrize("network", [LSTMGenerator, TransformerGenerator])
def test_no_symbol_is_seen_before_its_turn(network):
    torch.manual_seed(0)
    model, texts = network(kinds=5, length=6, width=16), torch.randint(5, (3, 6))
    other = texts.clone()
    other[:, 3] = (texts[:, 3] + 1) % 5
    torch.testing.assert_close(model(texts)[:, :4], model(other)[:, :4])
    assert not torch.allclose(model(texts)[:, 4:], model(other)[:, 4:])


@pytest.mark.parametrize("network", [LSTMGenerator, TransformerGenerator])
def test_samples_come_as_often_as_they_are_likely(network):
    torch.manual_seed(0)
    model = network(kinds=2, length=2, width=16)
    with torch.no_grad():
        every = torch.tensor(list(itertools.product(range(2), repeat=2)))
        likely = model.log_probabilities(every).sum(-1).exp()
        drawn = (model.sample(20_000) * torch.tensor([2, 1])).sum(-1).bincount(minlength=4) / 20_000
    torch.testing.assert_close(float(likely.sum()), 1.0, atol=1e-5, rtol=0)
    torch.testing.assert_close(drawn, likely, atol=0.015, rtol=0)


def test_a_low_temperature_takes_the_likeliest():
    torch.manual_seed(0)
    model = LSTMGenerator(kinds=9, length=4, width=16)
    cold = model.sample(50, temperature=1e-4)
    assert (cold == cold[:1]).all() and len(model.sample(50).unique(dim=0)) > 10
    kept = model.complete(torch.full((5, 2), 3))
    assert (kept[:, :2] == 3).all() and kept.shape == (5, 4)


def test_a_word_generator_writes_one_hot_words_with_a_gradient():
    generator, discriminator = WordGenerator(8, 6, 5, width=16), WordDiscriminator(6, 5, width=16)
    written = generator(torch.randn(16, 8))
    assert written.shape == (16, 6, 5)
    torch.testing.assert_close(written.sum(-1), torch.ones(16, 6))
    torch.testing.assert_close(written.max(-1).values, torch.ones(16, 6))
    discriminator(written).sum().backward()
    assert all(float(parameter.grad.abs().sum()) > 0 for parameter in generator.parameters())


def test_a_step_discriminator_scores_what_was_chosen():
    torch.manual_seed(0)
    discriminator, texts = StepDiscriminator(5, 6, width=8), torch.randint(5, (3, 6))
    every, chosen = discriminator(texts), discriminator.chosen(texts)
    assert every.shape == (3, 6, 5)
    assert chosen[1, 4] == every[1, 4, texts[1, 4]]


def test_relaxed_texts_are_samples_with_a_gradient():
    torch.manual_seed(0)
    model = LSTMGenerator(kinds=2, length=2, width=16)
    relaxed = model.relaxed(20_000)
    assert relaxed.shape == (20_000, 2, 2) and set(relaxed.detach().unique().tolist()) == {0.0, 1.0}
    every = torch.tensor(list(itertools.product(range(2), repeat=2)))
    likely = model.log_probabilities(every).sum(-1).exp().detach()
    drawn = (relaxed.argmax(-1) * torch.tensor([2, 1])).sum(-1).bincount(minlength=4) / 20_000
    torch.testing.assert_close(drawn, likely, atol=0.015, rtol=0)
    relaxed[:, 1, 0].sum().backward()
    assert all(float(parameter.grad.abs().sum()) > 0 for parameter in model.parameters())


def test_an_lstm_from_noise_writes_what_the_lstm_would():
    torch.manual_seed(0)
    model, noise = LSTMGenerator(kinds=2, length=2, width=16), torch.randn(20_000, 4)
    written = FromNoise(model)(noise)
    torch.testing.assert_close(FromNoise(model)(noise), written)
    every = torch.tensor(list(itertools.product(range(2), repeat=2)))
    likely = model.log_probabilities(every).sum(-1).exp().detach()
    drawn = (written.argmax(-1) * torch.tensor([2, 1])).sum(-1).bincount(minlength=4) / 20_000
    torch.testing.assert_close(drawn, likely, atol=0.015, rtol=0)
    written[:, 1, 0].sum().backward()
    assert all(float(parameter.grad.abs().sum()) > 0 for parameter in model.parameters())


def test_relaxed_texts_are_soft_where_they_are_asked_to_be():
    torch.manual_seed(0)
    soft = LSTMGenerator(kinds=3, length=2, width=8).relaxed(50, temperature=1.0, one_hot=False)
    torch.testing.assert_close(soft.sum(-1), torch.ones(50, 2))
    assert 0 < float(soft.detach().max()) < 1


def test_the_bound_of_a_vae_is_above_the_surprise():
    """One symbol of two kinds: the surprise of the decoder alone can be averaged over the noise."""
    torch.manual_seed(0)
    model = WordVAE(noise_dim=3, length=1, kinds=2, width=8, depth=1)
    with torch.no_grad():
        likely = model.generator.layers(torch.randn(50_000, 3)).softmax(-1).mean(0)[0]
        given, divergence = model(torch.tensor([[0], [1]]).repeat(5000, 1))
    assert (divergence >= 0).all()
    bound = (given + divergence).reshape(-1, 2).mean(0)
    assert (bound > -likely.log()).all() and (bound < -likely.log() + divergence.max() + 0.2).all()


def test_stored_halves_are_restored(tmp_path):
    import safetensors.torch

    torch.manual_seed(0)
    model = LSTMGenerator(kinds=3, length=2, width=8)
    path = tmp_path / "halves.safetensors"
    safetensors.torch.save_file({name: value.half() for name, value in model.state_dict().items()}, path)
    again = restored(LSTMGenerator(kinds=3, length=2, width=8), path)
    torch.testing.assert_close(again.head.weight, model.head.weight.detach(), atol=1e-3, rtol=0)
    assert again.head.weight.dtype == torch.float32 and not again.training and not again.head.weight.requires_grad
    with pytest.raises(FileNotFoundError, match=r"no stored result .*gone"):
        restored(model, tmp_path / "gone.safetensors")


def test_the_classifier_guesses_between_alike_piles_and_knows_others():
    torch.manual_seed(0)
    real = words().train.symbols[torch.randperm(len(words().train))[:3000]]
    alike = two_sample(real[:1500], real[1500:], 27, steps=40)
    assert alike.of == 600 and 0.4 < alike.accuracy < 0.6
    other = torch.randint(1, 27, (1500, 10)) * (real[1500:] > 0)
    before = torch.get_rng_state()
    assert two_sample(real[:1500], other, 27, steps=40).accuracy > 0.75
    assert torch.equal(before, torch.get_rng_state())
    with pytest.raises(ValueError, match="same shape"):
        two_sample(real[:1500], other[:1400], 27)


def test_tidy_leaves_nothing_behind_the_end():
    assert tidy(torch.tensor([[3, 0, 4], [1, 2, 3], [0, 1, 0]])).tolist() == [[3, 0, 0], [1, 2, 3], [0, 0, 0]]
