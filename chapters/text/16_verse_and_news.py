# %% [markdown]
# # 16 · Verse and news
#
# [← 15 Text](15_text.ipynb) · [contents](00_start.ipynb) · [17 Sound →](17_sound.ipynb)
#
# **A word was hard. Can a GAN write a whole line of verse, and what is a discriminator good for where it cannot?**

# %% tags=["hide-input"]
import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure
from tqdm.auto import tqdm

from gan_lessons import recipes, results
from gan_lessons.data.verse import poems, shuffled, sounds, verse, vocabulary
from gan_lessons.judges.ngrams import tidy
from gan_lessons.judges.verse import probability
from gan_lessons.metrics.metre import MOST, rhyming, scansion, sonnet
from gan_lessons.networks.verse import PrefixDiscriminator
from gan_lessons.plots import diagrams, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.plots.motion import Animation
from gan_lessons.plots.verse import draw_scansion

torch.set_num_threads(1)
torch.manual_seed(16)
style.use()
train, test, filled = verse().train, verse().test, vocabulary().filled

# %% alt="An animation: two sonnets appear line by line. On the left, in orange, fourteen lines that a network invented, in iambic pentameter and with the rhymes of a sonnet, and without much sense. On the right, in blue, fourteen real lines of Shakespeare and Milton, put together by the same rules." tags=["hide-input", "long"]
recipe = recipes.find("verse", "long")
gan = recipe.load()
invented = [filled(line) for line in train.read(recipe.samples(gan, 3000, seed=16))]
whole = [line for line in test.read() if "<" not in line]  # without rare words, whose places are filled anew
real = [whole[k] for k in torch.randperm(len(whole), generator=torch.Generator().manual_seed(16))]
poems_made = {"invented": (sonnet(invented), style.FAKE), "real lines, of many poems": (sonnet(real), style.REAL)}


def page(count):
    figure = Figure(figsize=(7.2, 3.6), dpi=120, layout="none")
    for place, (title, (poem, color)) in enumerate(poems_made.items()):
        axes = figure.add_axes((0.01 + 0.5 * place, 0.02, 0.48, 0.86))
        for row, line in enumerate(poem[:count]):
            axes.text(0, row, line[:1].upper() + line[1:], color=color, va="center", fontsize=9.5, parse_math=False)
        axes.set(xlim=(0, 1), ylim=(13.6, -0.6))
        axes.set_axis_off()
        figure.text(0.01 + 0.5 * place, 0.93, title, fontsize=11)
    return figure


Animation([page(count) for count in range(1, 15)], milliseconds=700, rest=6000, width=720, colors=48)

# %% [markdown]
# On the left is a sonnet that nobody wrote. Every line scans, the rhymes are where they belong, and you may look
# for the sense as long as you like. A network invented 3,000 lines; a program of thirty lines chose fourteen that
# scan and rhyme, as it chose those on the right from real verse. What the network contributes, and which part of
# that is due to a discriminator, is what this chapter measures.
#
# **You will** turn lines of Shakespeare and Milton into rows of words, build a judge of metre from a dictionary, train a language model and then a GAN on top of it, move the GAN from words to codes, and let the
# discriminator choose.
#
# **You will learn** to
# - say what a line looks like to a network, and what to do about words that occur twice,
# - judge lines by metre, rhyme, pairs, copies and variety, each with its floor and its reference,
# - give a generator of words a reward for every word, and see what it buys,
# - build an autoencoder whose codes a discriminator makes normal, and walk from one line to another,
# - rerank samples by a discriminator, and see what reward models and ELECTRA owe to the idea.
#
# **You will need** chapters [08](08_measuring_a_gan.ipynb) and [15](15_text.ipynb), and about a minute of computing
# on a laptop's processor.
#
# ## 1 · A line is a row of words
#
# The data are 154 sonnets by Shakespeare (1609) and the 376 paragraphs of Milton's *Paradise Lost* (1667): 12,722
# lines, in today's spelling and without punctuation. In chapter 15 a token was a letter. Here it is a word, and
# words are unkind to statistics: nearly half of all different ones occur once. So the 2,000 most frequent words are
# tokens of their own, and a rarer one is replaced by its *kind*: its stresses and its ending. `<01ed>` is a word
# such as *deceived*: weak, strong, ends in -ed. When we read what a network wrote, a kind is filled with some rare
# word of that kind. (Language models of the 2020s cut rare words into pieces instead. With fifty thousand words of
# training text, pieces would mostly spell words that do not exist.)

# %%
print(f"{'what the network sees':<52} filled with other rare words\n")
for line in train.read()[::800]:
    print(f"{line:<52} {filled(line)}")
print(f"\n{len(train):,} lines to train, {len(verse().judge):,} for the judges, {len(test):,} held out")
print(f"{train.kinds:,} tokens, of which {len(vocabulary().rare)} are kinds of rare words")

# %% [markdown]
# The three parts are split **by poem**: if one line of a sonnet were in training and the next held out, a copy
# could pass for an invention. Lines with words that the dictionary cannot pronounce, or with fewer than 5 or more
# than 10 words, are left out (about 2,400).
#
# ### Judges that are not networks
#
# A judge that is itself a network of words has a taste ([chapter 15](15_text.ipynb)). Verse offers another kind.
# These lines are **iambic pentameters**: ten syllables that alternate between weak and strong. Which syllables of a
# word are stressed is in a **pronouncing dictionary**, and so **scansion**, the reading of a line's metre, needs no
# network:

# %% alt="Four lines with dots over their syllables. The two real lines, Shall I compare thee and When forty winters, have large dots in three or four of the five shaded strong places, and one or two rings. The two below have the same words in another order, and six and seven syllables are ringed as standing in the wrong place." tags=["hide-input"]
shown = [
    "shall i compare thee to a summer's day",
    "when forty winters shall besiege thy brow",
    "day compare to i a thee shall summer's",
    "winters brow thy forty when besiege shall",
]
figure, axes = plt.subplots(figsize=(7.2, 2.3))
draw_scansion(axes, shown, [scansion(line) for line in shown], "black")
axes.set_title("Strong places are shaded; rings mark what stands in the wrong one", loc="left")
plt.show()
for line in shown:
    print(f"{'scans' if scansion(line).scans else 'does not':<9} cost {scansion(line).cost}   {line}")

# %% [markdown]
# In a longer word a stress in a weak place costs 2, and so does a weak syllable in a strong one; the first foot may be turned round at no cost. A word of one syllable may stand anywhere in English
# verse, but *the* or *of* in a strong place, or a noun in a weak one, costs 1. A line **scans** if it has ten
# syllables (or eleven, with a weak one at the end) and costs at most 3. Why 3? A judge is worth something if it
# passes real lines and fails the same words in another order:

# %% alt="Two rising curves of the share of lines that scan against the cost allowed, from 0 to 8. Real lines in blue rise to about 0.86, shuffled ones in grey stay far below until the cost allowed is large. A dotted line marks the chosen cost of 3." tags=["hide-input"]
costs = np.arange(9)
passing = {}
for name, symbols in (("real", verse().judge.symbols), ("words shuffled", shuffled(verse().judge.symbols))):
    read = [scansion(line) for line in verse().judge.read(symbols)]
    passing[name] = [np.mean([one.right_length and one.cost <= cost for one in read]) for cost in costs]
figure, axes = plt.subplots(figsize=(7.2, 2.6))
for (name, curve), color in zip(passing.items(), (style.REAL, style.REFERENCE), strict=True):
    axes.plot(costs, curve, "o-", color=color)
    axes.annotate(name, (8, curve[-1]), xytext=(6, -3), textcoords="offset points", color=color)
axes.axvline(MOST, color="black", ls=":", lw=1)
axes.set(xlabel="cost allowed", ylabel="share that scans", ylim=(0, 1), xlim=(0, 9.5))
axes.set_title("At a cost of 3, most real lines pass and few shuffled ones")
plt.show()
print("a cost of 3:", {name: round(float(curve[MOST]), 2) for name, curve in passing.items()})

# %% [markdown]
# Rhyme comes from the same dictionary: two words rhyme if they sound alike from their last stressed vowel on. In
# Shakespeare's sonnets (abab cdcd efef gg) it hears most of the rhymes that should be there. It misses *love* and
# *prove*, which rhymed in 1609.

# %%
sonnets = [[" ".join(line) for line in poem] for poem in poems()[:154] if len(poem) == 14]
mixed = [[sonnets[(n + k) % len(sonnets)][k] for k in range(14)] for n in range(len(sonnets))]
heard, by_chance = (np.mean([*map(rhyming, every)]) for every in (sonnets, mixed))
print(f"rhymes heard: {heard:.2f} of those in sonnets, {by_chance:.3f} among lines of different sonnets")

# %% [markdown]
# Metre says nothing about sense, so there are four more figures. The first two come from models of the judges' own poems, which no generator has seen:
#
# - **whole**: the share of lines that a small convolutional network takes for whole ones. It learnt to tell lines
#   of the judge's part from three kinds of broken ones: shuffled; two neighbours exchanged; a third of the words
#   from other lines.
# - **surprise**: nats a word under a model of word pairs.
# - **run**: how many words in a row a line shares with some training line; the longest of 500 lines would show a
#   copy.
# - **self-BLEU** ([chapter 15](15_text.ipynb)): how much the lines share with each other.

# %% tags=["long"]
stored = json.loads(Path("results/verse.json").read_text())
NAMES = {
    "scans": "scans",
    "whole": "whole",
    "surprise": "surprise",
    "run": "run",
    "longest": "longest",
    "self_bleu": "self-BLEU",
}


def table(rows):
    print(f"{'500 lines each':<24}" + "".join(f"{name:>11}" for name in NAMES.values()))
    for name, scores in rows.items():
        print(f"{name:<24}" + "".join(f"{scores[key]:11.3f}" for key in NAMES))


table({"real, held out": stored["real"], "the same, shuffled": stored["shuffled"]})

# %% [markdown]
# These two rows are the reference and the floor. Real lines are far from 1: a quarter of them do not scan, by design
# of the poet or by fault of the dictionary, and the network of lines, which learnt from 2,761, takes a quarter of
# them for broken. A model that scores higher than real lines has not surpassed Shakespeare. Two more things to keep
# in mind: shuffled lines share *less* with each other than real ones, so that a lower self-BLEU is no merit by
# itself; and a run of six words shared with the training text happens to honest lines, too.
#
# > **Your turn.** What is the least that a line must be to *scan*? Write a sentence of ten syllables about your
# > breakfast, ask `scansion` about it, and then change one word so that it fails.
# > <details><summary>Solution</summary>
# >
# > "I had some toast and honey with my tea" scans, at a cost of 2. "I had some toast with honey and tea" has nine
# > syllables, and does not. The judge asks about sounds, and never about sense, which is why it needs the others
# > beside it.
# > </details>
#
# ## 2 · A model with a likelihood
#
# The yardstick is an LSTM that learns to guess each next word: maximum likelihood, as in chapter 15. Two things help with little data. The last layer is the embedding of the first (Press & Wolf 2017), so that each word has one
# vector and not two. And that vector is a sum: one of the word's own, and one that all words with its stresses
# share. A rare word's stresses are then known long before the word is.

# %% alt="A diagram of the writer as a stack: words so far, vectors of word plus stresses, an LSTM of width 256, a linear layer, and the logits of 2,034 tokens by the same vectors." tags=["hide-input"]
diagrams.stack(
    "writer",
    [
        ("words so far", "places"),
        ("word + stresses", "places × 128"),
        ("LSTM", "places × 256"),
        ("linear", "places × 128"),
        ("the same vectors", f"places × {train.kinds:,}"),
    ],
)

# %% tags=["long"]
plan = recipes.find("verse", "likelihood")
model = plan.load()
for heat in (1.0, 0.6):
    print(f"temperature {heat}:")
    for line in train.read(plan.samples(model, 6, seed=3, temperature=heat)):
        print("   ", filled(line))
print()
table({f"temperature {row['temperature']}": row for row in stored["likelihood"]})

# %% [markdown]
# At a temperature of 1 its lines scan nearly as often as real ones. The network of lines hardly notices a
# difference, and word pairs do: 5.95 nats a word for 5.71. Cooled to 0.9, the model has real lines' values in all
# four figures (metre, whole lines, pairs, self-BLEU), and below that it passes them, while its lines begin to say
# the same. None of them means anything for longer than three words. At this size a model gets an ear long before it gets sense, and our judges have only ears.
#
# ## 3 · A reward for every word
#
# Now the GAN. The generator is the same LSTM, and begins where likelihood left it. The gradient stops at the word,
# as it did at the letter, and we take the unbiased one of chapter 15's ways past it: REINFORCE with a baseline. One
# reward for a whole line would have to be shared out among eight words, so the discriminator gives **dense
# rewards**: it reads from left to right and scores every prefix, as in ScratchGAN (de Masson d'Autume et al. 2019).

# %% alt="The block diagram: the LSTM generator writes a line; the discriminator reads it word by word beside real lines and scores every prefix; the scores go back to the generator as rewards, by a dashed arrow that is no gradient." tags=["hide-input"]
diagrams.flow(
    [
        Box("real lines", 0, 0, "8 words or so", role="real"),
        Box("LSTM writer G", 0, 1, "a word at a time", role="generator"),
        Box("written lines", 1, 1, "drawn from G", role="fake"),
        Box("prefix reader D", 2, 0, "a score a word", role="discriminator"),
        Box("rewards", 3, 1, "from each word on"),
    ],
    [
        Arrow("real lines", "prefix reader D", ""),
        Arrow("LSTM writer G", "written lines", ""),
        Arrow("written lines", "prefix reader D", ""),
        Arrow("prefix reader D", "rewards", ""),
        Arrow("rewards", "LSTM writer G", "REINFORCE", gradient=True),
    ],
)


# %% tags=["library"]
def to_go(rewards, discount=1.0):
    values = [rewards[:, -1]]
    for reward in rewards.flip(1).unbind(1)[1:]:
        values.append(reward + discount * values[-1])
    return torch.stack(values, dim=1).flip(1)


# %% [markdown]
# A word is worth the rewards from itself on, later ones discounted. From that the mean of the batch at the same
# place is subtracted, and the writer's log-probabilities do the rest. One more term holds the writer near to where
# it began: a little of the likelihood of real lines (`anchor`). Without some such leash, a policy gradient finds
# the few lines that D likes best.
#
# Sixty steps in which D learns alone, and forty for both, live:

# %%
live = recipes.find("verse")
gan_live, data = live.build(seed=16), live.data()
records = list(tqdm(live.train(gan_live, data), total=live.steps))

# %% alt="Two curves of D's mean score over 100 steps, of real prefixes in blue and of written ones in orange. They wander together around zero, before and after the dotted line at step 60 from which the generator learns too." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 2.5))
for name, key, color in (("real", "real_score", style.REAL), ("written", "fake_score", style.FAKE)):
    curve = [float(getattr(record, key)) for record in records]
    axes.plot(range(1, len(curve) + 1), curve, color=color)
    axes.annotate(
        name,
        (len(curve), curve[-1]),
        xytext=(6, -3 + (6 if name == "real" else -6)),
        textcoords="offset points",
        color=color,
    )
axes.axvline(live.waiting, color="black", ls=":", lw=1)
axes.set(
    xlabel="step; G learns from the dotted line on",
    ylabel="D's mean score",
    xlim=(0, 1.12 * live.steps),
    ylim=(-0.5, 0.5),
)
axes.set_title("D finds nothing yet: real and written prefixes score alike")
plt.show()

# %% [markdown]
# In the first GANs of this book, D won within a few steps, and the art was to hold it back. Here it finds nothing to hold on to: the LSTM's lines have the right words in nearly the right order, and the difference that is left is small. Is a larger rate the cure? The stored reader had 250 steps alone, at five times the rate,
# against lines of the frozen likelihood model. The AUC ([chapter 03](03_the_discriminator.ipynb)) says how often it
# scores a real line above a written one; 0.5 is guessing.

# %% tags=["long"]
for name, auc in stored["reader_auc"].items():
    print(f"real lines of the {name} part against written ones: AUC {auc:.3f}")

# %% [markdown]
# It guesses, on held-out lines and on training ones too: this D has not overfitted, it has not learnt. (Other settings that we tried, with the language model's own
# weights to begin with among them, learnt training lines by heart sooner than anything that holds for new ones:
# their AUC on held-out lines was .53 to .56.)
#
# Since D scores every prefix, we can watch it read. Here is a real line, and the same line with one word
# replaced:

# %% alt="D's score after each word, with the words along the axis: a thick blue curve for a real line and a thin orange one for the same line in which the second 'the' is 'for'. They agree up to that word; from there on the orange one lies a little higher." tags=["hide-input", "long"]
reader = results.restored(
    PrefixDiscriminator(sounds(), recipe.discriminator_width), "results/verse_discriminator.safetensors"
)
pair = ["when i do count the clock that tells the time", "when i do count the clock that tells for time"]
figure, axes = plt.subplots(figsize=(7.2, 2.6))
first, second = (line.split() for line in pair)
for line, color, width, label in ((second, style.FAKE, 1.5, "one word replaced"), (first, style.REAL, 3, "real line")):
    symbols = train.write([" ".join(vocabulary().symbol(word) for word in line)])
    axes.plot(reader(symbols)[0, : len(line)], "o-", color=color, lw=width, label=label)
words = [one if one == other else f"{one}\n({other})" for one, other in zip(first, second, strict=True)]
axes.set_xticks(range(len(words)), words)
axes.set_ylabel("D's score of the prefix")
axes.legend(loc="lower left")
axes.set_title("The reader's score word by word; the second line differs in one word")
plt.show()

# %% [markdown]
# The two curves part where the word differs, by a hundredth of a logit, and the altered line ends higher: a reader
# that guesses has no opinion on a word. The figure is worth keeping all the same. With a D that knows its language,
# as in ELECTRA below, it is how one sees where a text goes wrong.
#
# ### What 400 steps of it bring
#
# The stored run is one seed: 200 steps for D alone and 400 for both, from the likelihood model, in five and a half
# minutes. It is drawn where it belongs, into the plane of quality and variety, beside the temperature curve of the
# model that it began as:

# %% alt="Two panels. Left, the share of lines that scan, and right, the share that the network judge takes for whole, each against self-BLEU. Purple curves are the likelihood model at temperatures from 1 to 0.5; orange ones the GAN at the same temperatures; a blue star marks real lines, a grey cross shuffled ones." tags=["hide-input", "long"]
figure, both = plt.subplots(1, 2, figsize=(7.2, 3.4), sharex=True)
for axes, key in zip(both, ("scans", "whole"), strict=True):
    for name, label, color in (("likelihood", "likelihood", style.AVERAGE), ("gan", "GAN", style.FAKE)):
        xs, ys = ([row[part] for row in stored[name]] for part in ("self_bleu", key))
        axes.plot(xs, ys, "o-", color=color, ms=4, label=label)
    axes.annotate("both at T = 1", (xs[0], ys[0]), xytext=(4, -16), textcoords="offset points", color=style.REFERENCE)
    axes.plot(stored["real"]["self_bleu"], stored["real"][key], "*", color=style.REAL, ms=13, label="real")
    axes.plot(
        stored["shuffled"]["self_bleu"], stored["shuffled"][key], "x", color=style.REFERENCE, ms=8, label="shuffled"
    )
    axes.set(xlabel="self-BLEU (left is more varied)", ylabel=f"{key} (up is better)", ylim=(0, 1))
figure.suptitle("The GAN stays near the curve of the model that it began as")
both[0].legend(loc="lower right")
plt.show()
table({"real, held out": stored["real"], "likelihood, T = 1": stored["likelihood"][0], "GAN, T = 1": stored["gan"][0]})

# %% [markdown]
# The two curves lie close together: after 400 steps of rewards the GAN writes as the likelihood model does. Its
# metre, its pairs of words, its variety and its copies at a temperature of 1 are within what 500 lines can tell
# apart (a share of .7 of 500 has a standard error of .02). That says nothing about REINFORCE. A generator cannot learn from a discriminator that has learnt nothing, and at all six recorded steps D's loss was near $2\log 2 = 1.386$, the loss of guessing. Something is there to be found: the model of word pairs sees 5.95 nats a word for 5.71.

# %% tags=["long"]
losses_of_d = [row["discriminator_loss"] for row in results.record("verse/long")["curve"]]
print("D's loss every 100 steps:", " ".join(f"{loss:.3f}" for loss in losses_of_d))

# %% [markdown]
# What these figures ask of a GAN of verse is reached here, and all of it by the likelihood model first: metre at more
# than 90 % of real verse's, no copied run longer than those of held-out lines, self-BLEU within .05 of theirs. A
# paper that reported these figures for the GAN alone would not lie, and would mislead.
#
# **What the next cell checks:** the GAN's shares at a temperature of 1 are those of the model that it began as,
# within three standard errors of a difference, and D's loss is that of guessing throughout.

# %% tags=["claim", "long"]
first, second = stored["likelihood"][0], stored["gan"][0]
assert all(abs(first[key] - second[key]) < 3 * (2 * 0.25 / 500) ** 0.5 for key in ("scans", "whole"))
assert abs(first["self_bleu"] - second["self_bleu"]) < 0.03
assert all(abs(loss - 2 * np.log(2)) < 0.01 for loss in losses_of_d)

# %% [markdown]
# > **Your turn.** Suppose D were easily pleased and liked one word, *love*: its logits are 4 there and 0 elsewhere.
# > A word's reward is `2 * sigmoid(logit) - 1`, and the discount 0.5. Which words of a line are worth something to
# > it?
# > <details><summary>Solution</summary>
# >
# > *Love* itself, and every word before it, each half as much as the one after it: they led to it. What comes after
# > *love* gets nothing. With this D, G learns to write *love* ever more often: a policy gradient climbs what D
# > says, and knows nothing of what D was meant to say.
# > </details>
#
# ## 4 · Around the words: a GAN of codes
#
# There is another way past the letter: do not show words to D at all. An autoencoder turns a line into a **code**
# of 48 numbers and back, and D compares *codes*, which are continuous, so that gradients pass. In an **adversarial autoencoder** (Makhzani et
# al. 2015) the encoder is the generator. What is real, for once, is the noise: D learns to tell codes of lines from
# normal noise, and the encoder learns to make that impossible. As far as that succeeds, noise can be decoded as if it were a line's code. (ARAE, Zhao
# et al. 2018, turns it round: a generator learns to make codes.) Ours is Shen et al.'s (2020) *denoising* kind: three in ten of the words are hidden from the encoder, so that lines that share words have to lie near to each other.

# %% alt="A diagram: a real line with hidden words goes into the encoder, which makes a code; the writer makes a line of the code, and the loss compares it with the whole line. The code also goes to a discriminator, beside normal noise; its gradient flows back into the encoder." tags=["hide-input"]
diagrams.flow(
    [
        Box("real line", 0, 0, "three in ten hidden", role="real"),
        Box("encoder = G", 1, 0, "reads both ways", role="generator"),
        Box("code", 2, 0, "48 numbers", role="fake"),
        Box("writer", 3, 0, "LSTM, told the code", role="generator"),
        Box("the line again", 4, 0, "likelihood"),
        Box("normal noise", 1, 1, "48 numbers", role="real"),
        Box("D", 2, 1, "codes or noise?", role="discriminator"),
    ],
    [
        Arrow("real line", "encoder = G", ""),
        Arrow("encoder = G", "code", ""),
        Arrow("code", "writer", ""),
        Arrow("writer", "the line again", ""),
        Arrow("code", "D", ""),
        Arrow("normal noise", "D", ""),
        Arrow("D", "encoder = G", "", gradient=True),
    ],
)

# %% tags=["long"]
codes = recipes.find("verse_codes", "long")
coder = codes.load().average.eval()


@torch.no_grad()
def walk(first, last, steps=7):
    start, end = coder.encode(train.write([first, last]))
    share = torch.linspace(0, 1, steps)[:, None]
    way = (1 - share) * start + share * end
    way = way * ((1 - share) * start.norm() + share * end.norm()) / way.norm(dim=1, keepdim=True)
    torch.manual_seed(0)
    return tidy(coder.decode(way, temperature=0.2))


def shared(lines):  # the mean share of a line's words that the next one has too
    words = [set(line.split()) for line in train.read(lines)]
    return np.mean([len(one & other) / len(one) for one, other in zip(words, words[1:], strict=False)])


known = [line for line in test.read() if "<" not in line and scansion(line).scans]
for first, last in ((known[3], known[40]), (known[120], known[200])):
    lines = walk(first, last)
    print(f"from: {first}")
    for line, sure in zip(train.read(lines), probability(lines), strict=True):
        print(f"   {sure:.2f}  {filled(line)}")
    print(f"to:   {last}\n")

every = [walk(known[k], known[k + 1]) for k in range(0, 60, 2)]
sure = torch.stack([probability(lines)[1:-1] for lines in every])
print(f"30 walks: {(sure >= 0.6).float().mean():.2f} of the lines in between at .6 or more; of real lines "
      f"{(probability(test.symbols) >= 0.6).float().mean():.2f}")  # fmt: skip
cold = torch.cat(every)
print(f"words that a line shares with the next: {np.mean([shared(lines) for lines in every]):.2f}; of the same lines "
      f"in any order {shared(cold[torch.randperm(len(cold))]):.2f}")  # fmt: skip

# %% [markdown]
# In thirty walks, 78 % of the lines in between are lines to which the judge gives .6 or more. That is more than of
# real lines (54 %), because the writer is asked at a temperature of 0.2, and cold lines please judges. They change
# step by step: a line shares .40 of its words with the next, where the same lines in any order share .13. (Rare words
# are drawn anew in every line.) What the walk does not do is arrive: 48 numbers, learnt from 6,462 lines, keep the
# rhythm of a line and some of its small words, and forget the others, so that a walk's first and last lines are not
# the two that it was asked for.

# %% tags=["long"]
table({"real, held out": stored["real"], "likelihood, T = 1": stored["likelihood"][0], "GAN, T = 1": stored["gan"][0],
       "codes of noise, T = 1": stored["codes"][0], "codes of noise, T = 0.5": stored["codes"][-1]})  # fmt: skip

# %% [markdown]
# Lines decoded from noise scan less often than the likelihood model's, at a temperature of 1 and at 0.5. Both are
# single runs, and the codes' writer is narrower (192 for 256), so the difference need not be the codes' fault. Nor
# did we train one without D. What the codes buy is the walk, and a place for each line; the language model has
# neither.
#
# ## 5 · The discriminator as a reader
#
# If D knows better than G, why make G learn? Let G write much, and let D choose: that is **reranking**. The
# likelihood model wrote 2,000 lines; we keep 200 of them, by three rules, and set 200 real ones beside them: the first 200; those that the model itself finds likeliest; those that the reader of section 3 scores highest.

# %% alt="Four panels of horizontal bars: the share that scans, the share taken for whole, the surprise under word pairs, and self-BLEU; for any 200 lines, the model's own likeliest, the discriminator's best, and real lines." tags=["hide-input", "long"]
ranked = stored["reranked"]
labels = {"any": "the first 200", "likelihood": "likeliest", "discriminator": "D's best", "real": "real"}
figure, panels = plt.subplots(1, 4, figsize=(7.2, 2.8), sharey=True)
tints = [style.REFERENCE, style.AVERAGE, style.DISCRIMINATOR, style.REAL]
for axes, key in zip(panels, ("scans", "whole", "surprise", "self_bleu"), strict=True):
    values = [ranked[name][key] for name in labels]
    axes.barh(list(labels.values()), values, color=tints)
    for place, value in enumerate(values):
        axes.text(value, place, f" {value:.2f}", va="center", fontsize=9)
    axes.set(xlabel=NAMES[key], xlim=(0, 1.35 * max(values)), xticks=[])
panels[0].invert_yaxis()
figure.suptitle("D's choice is like any 200; the model's own is better and less varied")
plt.show()
print("how well D tells lines of the model from real ones, AUC:", stored["reader_auc"])

# %% [markdown]
# *This* D's choice is worth nothing (it had an AUC of .5; the readers that reached .56 were not tried here). Its best lines are as good as any 200, by all three judges, as one would expect of a reader that guesses; and
# the model's own likeliest are better by all three, at the price of variety (self-BLEU .22 instead of .10, 200
# lines each). Reranking is a good idea that needs a judge with knowledge of its own. Chapter 15's D chose well among a GAN's words, which have plain faults. Among an LSTM's words it found next to nothing, as ours does here.
#
# ### Where D lives on
#
# - **Reward models.** A network that scores whole texts, trained on which of two texts people prefer, and a policy
#   gradient that raises the score, with a leash to the model one began with: InstructGPT (Ouyang et al. 2022) has
#   the parts of section 3, with people's judgement in the place of "real or written". Choosing the best of many
#   samples by such a score is section 5.
# - **Replaced-token detection.** ELECTRA (Clark et al. 2020) lets a small model replace some words of a real text
#   and trains a large one to say, *for each word*, whether it was replaced. It looks like a GAN, but the small
#   model is taught by likelihood and never to fool the large one; the authors tried the adversarial kind, and it
#   was worse. What is kept in the end is D.
#
# ### And news?
#
# A headline is a line as well, without a metre to judge it by. No set of headlines with free terms comes with a pip
# package, so none is stored here. `gan-lessons train words --data hub:ag_news` teaches chapter 15's GAN headlines
# letter by letter, once you have the extra `hub` (that set is for non-commercial use). By the word, begin as this
# chapter did: a likelihood model, its temperature curve, copies and pairs as judges, and only then a discriminator.
# Headlines come by the hundred thousand; whether that is enough for a D of words is yours to measure.
#
# ## 6 · VerseLab
#
# Begin a line, and let both writers finish it. Large dots are stressed syllables, small ones are not, and a coloured one stands in the wrong place; a line may have up to three points of such faults. Both writers draw with the same dice, so where they agree their lines are the same. Try "A summer's day", then "Cold" and "Hot"; then type a beginning of your own.
# **N** brings other lines.

# %% alt="VerseLab: lines by the likelihood model in purple, by the GAN in orange, and two real ones in blue, each a row of words under the dots of its syllables." tags=["long"]
from gan_lessons.labs.kit.recording import Recording
from gan_lessons.labs.writing import open_verse_lab

lab = open_verse_lab()
lab

# %% [markdown]
# The same lab as a recording, which needs no kernel:

# %% tags=["hide-input", "long"]
frames = []
for opening in ("shall i compare thee", "my love is", "the angel of"):
    for heat in (0.4, 0.7, 1.0, 1.3):
        lab.set(opening=opening, temperature=heat)
        frames.append(lab.frame())
lab.set(opening="shall i compare thee", temperature=1.0)
Recording(frames)

# %% [markdown]
# Can you tell a real line from an invented one? Press I or R.

# %% alt="The test at its first question: a line of verse, and the title: Line 1 of 20: invented or real?" tags=["long"]
lab.test(20)

# %% [markdown]
# ## Debugging card
#
# | what it looks like | what to test | what to mend |
# |---|---|---|
# | D tells real from written at once, on training lines only | its AUC on held-out lines beside that on training lines | dropout in D, a smaller D, fewer steps |
# | lines improve and grow alike | self-BLEU at a fixed count | a larger anchor, a lower rate, fewer steps |
# | the rewards are high, the lines are bad | a judge that is not D | stop earlier: D's blind spots are being used |
# | the metre is perfect and the sense is gone | several judges, each with its floor | no single figure as a goal |
# | a brilliant line | its longest run shared with the training text | split by poem; count copies |
# | the codes decode to the same few lines | the codes' mean and spread beside normal noise | a larger weight for D; hide more words |
# | a walk jumps | share of words that stay from step to step | hide more words from the encoder |
#
# ## What we saw
#
# - Lines of verse can be judged by metre and rhyme, which no network decides; shuffled lines fail, and sense is not
#   asked for.
# - A small LSTM whose word vectors know their stresses writes lines that scan nearly as often as real ones, and
#   mean nothing.
# - Dense rewards need a D that has learnt something. In one run ours guessed, even on training lines, and 400 steps of its rewards left
#   the likelihood model where it was.
# - Codes are continuous, so that gradients pass: an adversarial autoencoder turns noise into lines and walks from line to line, and scans less often
#   in our one run.
# - Reranking by a D that guesses chooses nothing; the likelihood model's own choice is better by three judges, and
#   less varied.
# - What a discriminator of text is good for depends on what it knows: reward models and ELECTRA begin where ours
#   stops.
#
# ## Questions
#
# 1. Why is the split by poem and not by line?
#    <details><summary>Answer</summary>Neighbouring lines share names, rhymes and phrases. A held-out line whose
#    neighbours were learnt looks more likely than new verse is, and a copied phrase would count as new.</details>
# 2. A model's lines scan more often than real ones. Is it the better poet?
#    <details><summary>Answer</summary>No. Real verse breaks its metre on purpose, and the judge fails about a
#    quarter of real lines. A model that passes more often has learnt the judge's idea of a line, or writes only the
#    commonest rhythm.</details>
# 3. Why does D score prefixes, and what would a single score at the end change?
#    <details><summary>Answer</summary>A reward at each word says where a line went wrong. With one at the end,
#    every word of a line shares the same reward, and the estimate has more noise (chapter 15).</details>
# 4. In the adversarial autoencoder, what is "real" to D, and what would happen without D?
#    <details><summary>Answer</summary>Normal noise. Without D nothing brings the codes to where noise lies, and a code
#    drawn at random may be unlike any that the writer learnt from.</details>
# 5. ELECTRA's generator is not adversarial. What would it lose by trying to fool D?
#    <details><summary>Answer</summary>It would have to learn by REINFORCE, which is slow among thousands of words, and
#    its choices would become monotonous. The authors found that what was kept was worse.</details>
#
# ## Further reading
#
# - De Masson d'Autume et al. 2019, *Training language GANs from scratch*
#   ([arXiv:1905.09922](https://arxiv.org/abs/1905.09922)): rewards for every prefix.
# - Makhzani et al. 2015, *Adversarial autoencoders* ([arXiv:1511.05644](https://arxiv.org/abs/1511.05644)); Zhao et
#   al. 2018, *Adversarially regularized autoencoders* ([arXiv:1706.04223](https://arxiv.org/abs/1706.04223)); Shen
#   et al. 2020, *Educating text autoencoders* ([arXiv:1905.12777](https://arxiv.org/abs/1905.12777)).
# - Press & Wolf 2017, *Using the output embedding* ([arXiv:1608.05859](https://arxiv.org/abs/1608.05859)).
# - Caccia et al. 2020, *Language GANs falling short* ([arXiv:1811.02549](https://arxiv.org/abs/1811.02549)): the
#   temperature curve.
# - Clark et al. 2020, *ELECTRA* ([arXiv:2003.10555](https://arxiv.org/abs/2003.10555)), and Ouyang et al. 2022,
#   *InstructGPT* ([arXiv:2203.02155](https://arxiv.org/abs/2203.02155)).
# - Lau et al. 2018, *Deep-speare* ([arXiv:1807.03491](https://arxiv.org/abs/1807.03491)): sonnets with models of
#   metre and rhyme.
#
# [← 15 Text](15_text.ipynb) · [contents](00_start.ipynb) · [17 Sound →](17_sound.ipynb)
