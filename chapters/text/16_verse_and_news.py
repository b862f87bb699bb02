# %% [markdown]
# # 16 · Verse and news
#
# [← 15 Text](15_text.ipynb) · [contents](00_start.ipynb) · [17 Sound →](17_sound.ipynb)
#
# **A word was hard. Can a GAN write a whole line of verse, and what is a discriminator good for where it cannot?**

# %% tags=["hide-input"]
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure
from torch import nn
from tqdm.auto import tqdm

from gan_lessons import estimators, losses, recipes, results
from gan_lessons.data.verse import poems, shuffled, sounds, verse, vocabulary
from gan_lessons.judges.ngrams import tidy
from gan_lessons.judges.readers import auc, score, teach
from gan_lessons.judges.verse import probability
from gan_lessons.metrics import comparisons
from gan_lessons.metrics.metre import MOST, rhyming, scansion, sonnet
from gan_lessons.metrics.verse import verse_scores
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.networks.verse import LineAutoencoder, WordVectors
from gan_lessons.plots import diagrams, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.plots.motion import Animation
from gan_lessons.plots.verse import capitals, draw_scansion
from gan_lessons.recipes.verse import counted, likelihood_of, surprise

torch.set_num_threads(1)
torch.manual_seed(16)
style.use()
train, test, filled = verse().train, verse().test, vocabulary().filled

# %% alt="Fifteen lines of verse in three groups of five, with large dots over stressed syllables, small dots over the others, and rings around those that stand in a wrong place. In orange: lines that the GAN of section 3 wrote. In blue: real lines of Shakespeare and Milton. In grey: the words of the same real lines in another order. At the right of each line stands whether it scans, and if not, its cost or its number of syllables." tags=["hide-input", "long"]
recipe = recipes.find("verse", "long")
gan = recipe.load()
drawn = recipe.samples(gan, 3000, seed=16)
order = torch.randperm(len(test), generator=torch.Generator().manual_seed(16))
simple = [line for line in test.read(test.symbols[order]) if "<" not in line]  # without rare words to fill in
groups = {
    "the GAN's first five lines": ([line for line in train.read(drawn) if "<" not in line][:5], style.FAKE),
    "five real ones": (simple[:5], style.REAL),
    "the same, shuffled": (train.read(shuffled(train.write(simple[:5]), seed=3)), style.REFERENCE),
}
figure, panels = plt.subplots(3, 1, figsize=(7.2, 7.4))
for axes, (title, (lines, color)) in zip(panels, groups.items(), strict=True):
    draw_scansion(axes, lines, [scansion(line) for line in lines], color)
    axes.set_title(title, color=color, fontweight="bold")
plt.show()

# %% [markdown]
# Read the orange lines aloud. Some have the metre of Shakespeare; none makes sense. They are the first five lines
# without a rare word by the GAN of section 3, not a selection.
#
# A large dot is a stressed syllable. The shaded columns are where an iambic line is strong, and a ring marks a syllable
# in the wrong place. A line may have a few rings and still scan: section 1 says how many.
#
# Out of 3,000 lines by this network one can even make a sonnet:

# %% alt="An animation: two sonnets, which appear line by line. On the left, in orange, fourteen lines that a network invented, in iambic pentameter and without much sense. On the right, in blue, fourteen real lines of Shakespeare and Milton, put together by the same rules. Both are set in three quatrains and a couplet, with the letters of their rhymes, abab cdcd efef gg, in grey before the lines." tags=["hide-input", "long"]
invented = [line for line in train.read(drawn) if "<" not in line]
poems_made = {
    "invented lines": (sonnet(invented), style.FAKE),
    "real lines, of many poems": (sonnet(simple), style.REAL),
}


def page(count):
    figure = Figure(figsize=(7.2, 3.9), dpi=120, layout="none")
    for place, (title, (poem, color)) in enumerate(poems_made.items()):
        axes = figure.add_axes((0.02 + 0.52 * place, 0.02, 0.46, 0.86))
        for row, line in enumerate(poem[:count]):
            height = row + 0.5 * (row // 4)  # a gap after each quatrain
            axes.text(0, height, "ababcdcdefefgg"[row], color=style.REFERENCE, va="center", fontsize=9)
            axes.text(0.06, height, capitals(line), color=color, va="center", fontsize=11,
                      family="STIXGeneral", parse_math=False)  # fmt: skip
        axes.set(xlim=(0, 1), ylim=(15.1, -0.6))
        axes.set_axis_off()
        figure.text(0.02 + 0.52 * place, 0.93, title, fontsize=11, color=color, fontweight="bold")
    return figure


# the whole page comes first: it is what a still picture of this shows
Animation([page(14), *(page(count) for count in range(1, 15))], milliseconds=700, rest=6000, width=720, colors=48)

# %% [markdown]
# Every line on the left scans, and the rhymes are where they belong. The words are the network's; the form is only half
# its own. From its 3,000 lines a short program kept the first fourteen that scan and rhyme, as it did on the right with
# real verse. Nothing taught the network to rhyme.
#
# What does the network contribute, and how much of that is due to a discriminator? That is what this chapter measures.
#
# **You will** turn lines of Shakespeare and Milton into rows of words, build a judge of metre from a dictionary, train
# a GAN that starts from a language model, build another whose discriminator sees codes and no words, and let
# discriminators choose among lines.
#
# **You will learn** to
# - judge lines by metre, rhyme, copies and variety, each beside a floor and a reference,
# - give a generator a reward for every word, and recognise a generator that raises its reward without writing better,
# - test a discriminator before you believe it: what can it tell from real lines, and what not,
# - build an autoencoder whose codes a discriminator compares with noise, and check whether they are alike,
# - rerank samples by a discriminator, and build a small reward model, a text detector and an ELECTRA.
#
# **You will need** chapters [08](08_measuring_a_gan.ipynb) and [15](15_text.ipynb), and about a minute of computing on
# a laptop's processor. News is one short part at the end of section 5.
#
# ## 1 · A line is a row of words
#
# The data are 154 sonnets by Shakespeare (1609) and the 376 paragraphs of Milton's *Paradise Lost* (1667): 12,722 lines
# without punctuation, mostly in modernised spelling.
#
# In chapter 15 a token was a letter. Here it is a word, and most words are rare: nearly half of the different ones
# occur only once. So the 2,000 most frequent words are tokens of their own. A rarer word is replaced by its *class*:
# its stresses (0 is weak, 1 is strong) and its ending. `<01ed>` is a word such as *deceived*: weak, strong, ends in
# -ed.
#
# To read what a network wrote, we fill each class with one of its rare words, drawn by a hash. The network chose only
# that word's rhythm and ending.

# %%
counts = Counter(word for poem in poems() for line in poem for word in line)
print(f"{sum(count == 1 for count in counts.values()):,} of {len(counts):,} different words occur once\n")
print(f"{'what the network sees':<52} filled with other rare words\n")
for line in train.read()[::800]:
    print(f"{line:<52} {filled(line)}")
print(f"\n{len(train):,} lines to train, {len(verse().judge):,} for the judges, {len(test):,} held out")
print(f"{train.kinds:,} tokens, of which {len(vocabulary().rare)} are classes of rare words")

# %% [markdown]
# The three parts are split **by poem**. If one line of a sonnet were in training and the next held out, a copy could
# pass for an invention. Lines that the dictionary cannot pronounce, or with fewer than 5 or more than 10 words, are
# left out (about 2,400).
#
# ### Judges that are not networks
#
# A judge that is itself a network of words has biases of its own ([chapter 15](15_text.ipynb)). Verse offers another
# kind. These lines are **iambic pentameters**: ten syllables that alternate between weak and strong. A **pronouncing
# dictionary** says which syllables of a word are stressed. So **scansion**, the reading of a line's metre, needs no
# network:

# %% alt="Four lines with dots over their syllables. The two real lines, Shall I compare thee and When forty winters, have large dots in three or four of the five shaded strong places, and one or two rings. The two below have the same words in another order, and six and seven syllables are ringed as standing in the wrong place. At the right stands that the first two scan, and that the others cost 9 and 11." tags=["hide-input"]
shown = [
    "shall i compare thee to a summer's day",
    "when forty winters shall besiege thy brow",
    "day compare to i a thee shall summer's",
    "winters brow thy forty when besiege shall",
]
figure, axes = plt.subplots(figsize=(7.2, 2.8))
draw_scansion(axes, shown, [scansion(line) for line in shown], "black")
axes.set_title(
    "Real lines have one or two faults (rings), the same words shuffled six or seven", loc="left", fontsize=11
)
plt.show()

# %% [markdown]
# Each fault has a cost:
#
# - in a word of several syllables, a stress in a weak place costs 2, and so does a weak syllable in a strong one;
# - a word of one syllable may stand anywhere, but a function word such as *the* or *of* in a strong place, or a content
#   word in a weak one, costs 1;
# - the first foot is free, since poets often invert it: a stress in place 1, and a longer word's weak syllable in place
#   2, cost nothing.
#
# A line **scans** if it has ten syllables (or eleven, with a weak one at the end) and costs at most 3. Why 3? A judge
# should pass real lines and fail the same words in another order. At 3 these two shares are furthest apart:

# %% alt="Two rising curves of the share of lines that scan against the cost allowed, from 0 to 8. Real lines in blue level off at about 0.85. Shuffled ones in grey rise steadily, to 0.7 at a cost of 8. A dotted line marks the chosen cost of 3." tags=["hide-input"]
costs = np.arange(9)
passing = {}
for name, symbols in (("real", verse().judge.symbols), ("words shuffled", shuffled(verse().judge.symbols))):
    read = [scansion(line) for line in verse().judge.read(symbols)]
    passing[name] = [np.mean([one.right_length and one.cost <= cost for one in read]) for cost in costs]
figure, axes = plt.subplots(figsize=(7.2, 3.4))
for (name, curve), color in zip(passing.items(), (style.REAL, style.REFERENCE), strict=True):
    axes.plot(costs, curve, "o-", color=color)
    axes.annotate(name, (8, curve[-1]), xytext=(6, -3), textcoords="offset points", color=color)
axes.axvline(MOST, color="black", ls=":", lw=1)
axes.annotate("allowed here: 3", (MOST, 0.95), xytext=(6, 0), textcoords="offset points")
axes.set(xlabel="cost allowed", ylabel="share that scans", ylim=(0, 1), xlim=(-0.2, 9.5))
axes.set_title("At a cost of 3, three in four real lines pass, and one in five shuffled ones")
plt.show()
print(f"{'cost allowed':<15}" + "".join(f"{cost:6d}" for cost in costs))
for name, curve in passing.items():
    print(f"{name:<15}" + "".join(f"{share:6.2f}" for share in curve))
print(f"{'difference':<15}" + "".join(f"{real - mixed:6.2f}" for real, mixed in zip(*passing.values(), strict=True)))

# %% [markdown]
# Rhyme comes from the same dictionary: two words rhyme if they sound alike from their last stressed vowel on. This
# judge hears most of the rhymes in Shakespeare's sonnets (abab cdcd efef gg). It misses *love* and *prove*, which
# rhymed in 1609.

# %%
sonnets = [[" ".join(line) for line in poem] for poem in poems()[:154] if len(poem) == 14]
mixed = [[sonnets[(n + k) % len(sonnets)][k] for k in range(14)] for n in range(len(sonnets))]
heard, by_chance = (np.mean([*map(rhyming, every)]) for every in (sonnets, mixed))
print(f"rhymes heard: {heard:.2f} of those in sonnets, {by_chance:.3f} among lines of different sonnets")

# %% [markdown]
# Metre is only one side of a line, so there are four more measures. None of them measures sense, either. The first two
# come from models of the judges' own poems, which no generator has seen:
#
# - **whole**: the share of lines that a small convolutional network takes for whole ones. It learnt to tell lines of
#   the judges' part from three kinds of broken ones: all words shuffled; two neighbouring words exchanged; a third of
#   the words from other lines.
# - **surprise**: the cross-entropy, in nats per word, under a *bigram model*, which predicts each word from the word
#   before it by counting word pairs. We call this one the *bigram judge*.
# - **run**: how many words in a row a line shares with some training line, on average. The table also has the *longest*
#   run of the 500 lines, which would show a copy.
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
# The first row is the reference, the second the floor. Real lines are far from 1: about a quarter of them do not scan,
# and the convolutional network takes about a quarter for broken. So a model that scores higher than real lines has not
# surpassed Shakespeare.
#
# Most real lines that fail have the wrong number of syllables. In the table of costs they level off at .85, so about
# .15 fail for their length; only about .08 more cost more than 3. (Poets may run together syllables that the dictionary
# counts, as in *obedience*.)
#
# Shuffled lines share *less* with each other than real ones do, so a lower self-BLEU is no merit by itself. Real
# held-out lines, too, share as many as six words in a row with the training text.
#
# > **Your turn.** What does *scan* ask of a line, and what does it not ask? Write a sentence of ten syllables about your
# > breakfast, ask `scansion` about it, and then change as little as you can so that it fails.
# > <details><summary>Solution</summary>
# >
# > "I had some toast and honey with my tea" scans, at a cost of 2. "I had some toast with honey and tea" has nine
# > syllables, and does not. *Scan* asks for ten syllables and for stresses in the right places. It asks about sounds and
# > never about sense.
# > </details>
#
# ## 2 · A model with a likelihood
#
# The yardstick is an LSTM that learns to guess each next word: maximum likelihood, as in chapter 15. We call it the
# likelihood model, or the LSTM for short.
#
# Two choices save parameters where data are few (neither is tested here):
#
# - The last layer reuses the word vectors of the first (Press & Wolf 2017), so each word has one vector and not two.
# - That vector is a sum: one vector of the word's own, and one that all words with its stresses share. So even a word
#   seldom met has a vector that tells its stresses.
#
# (In this diagram T is the number of words so far; elsewhere it is the temperature.)

# %% alt="A diagram of the writer as a stack: T words so far, T vectors of word plus stresses with 128 numbers, an LSTM of width 256, a linear layer of width 128, and the logits of 2,034 tokens, by the same word vectors." tags=["hide-input"]
diagrams.stack(
    "writer",
    [
        ("words so far", "T"),
        ("word vector\n+ stresses", "T × 128"),
        ("LSTM", "T × 256"),
        ("linear", "T × 128"),
        ("logits (same\nvectors)", f"T × {train.kinds:,}"),
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
# At a temperature of 1 its lines scan nearly as often as real ones, and are taken for whole nearly as often. Their
# surprise is larger.
#
# Cooled to 0.9, the model comes near real lines in *scans*, *whole*, *surprise* and *self-BLEU*. Colder still, its
# shares exceed theirs and its surprise is lower, but its lines become more and more alike.
#
# (This is one trained model. A share of .7 of 500 lines has a standard error of .02, so a difference of less than .06
# between two rows may be chance.)
#
# None of the lines above makes sense for longer than a few words, and none of our judges asks for sense.
#
# ## 3 · A reward for every word
#
# Now the GAN. The generator is the same LSTM, and it starts from the weights that maximum likelihood gave it.
#
# Here is the block diagram of every chapter, with one arrow missing. D gets its gradient, but none flows on to G,
# because drawing a word is not differentiable.

# %% alt="The block diagram of a GAN. Noise, here random draws, goes into the generator, whose written lines go into the discriminator beside real lines; losses follow, and a gradient flows from the losses to the discriminator. None flows on to the lines or to the generator." tags=["hide-input"]
lit = ["noise", "generator", "fake", "real", "discriminator", "losses", "gradient to D"]
diagrams.gan(lit, real="lines", noise="random draws")

# %% [markdown]
# [Chapter 15](15_text.ipynb) found two ways past this break:
#
# - A **relaxation**, such as the Gumbel-softmax, lets a gradient through a softened symbol. It is biased.
# - **REINFORCE** with a baseline is an unbiased estimate of the gradient of the expected reward. It asks D only for a
#   number.
#
# One reward for a whole line would have to be shared out among all its words. ScratchGAN (chapter 15; de Masson
# d'Autume et al. 2019) gives **dense rewards** instead. D reads from left to right and scores every **prefix**, that
# is, the first word, the first two words, and so on.

# %% alt="A diagram of dense rewards in four columns, one for each of the words shall, I, compare and thee, which the generator drew. Under each word stands D, which has read one, two, three and four words; arrows lead from each D to the next, since it is one LSTM. Each D gives a score, s1 to s4, and each score a reward. In the lowest row each word has a return: its reward plus half the return of the word after it, with arrows from right to left." tags=["hide-input"]
opening = ("shall", "I", "compare", "thee")
boxes, arrows, before = [], [], []
for k, word in enumerate(opening):
    digit, after = "₁₂₃₄"[k], "₂₃₄₅"[k]
    boxes += [
        Box(f"“{word}”", k, 0, "drawn by G", role="fake"),
        Box(f"D: score s{digit}", k, 1, f"of {k + 1} word{'s' * (k > 0)}", role="discriminator"),
        Box(f"reward r{digit}", k, 2, f"2σ(s{digit}) − 1"),
        Box(f"return R{digit}", k, 3, f"r{digit} + ½ R{after}", role="generator"),
    ]
    column = [box.name for box in boxes[-4:]]
    arrows += [Arrow(*pair) for pair in zip(column, column[1:], strict=False)]
    if before:
        arrows += [Arrow(before[1], column[1]), Arrow(column[3], before[3])]
    before = column
diagrams.flow(boxes, arrows)


# %% [markdown]
# D is a recurrent network as well. Its state after word $t$ has seen only the words up to $t$, so one pass over a line
# gives the scores $s_1, s_2, \dots$ of all its prefixes. Its word vectors know their stresses, like the writer's:

# %% tags=["library"]
class PrefixDiscriminator(nn.Module):
    def __init__(self, sounds, width=128, embedded=64, dropout=0.4):
        super().__init__()
        self.embedding = WordVectors(sounds, embedded, std=0.3)
        self.memory = nn.LSTM(embedded, width, batch_first=True)
        self.head = nn.Linear(width, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, symbols):
        features, _ = self.memory(self.dropout(self.embedding(symbols)))
        return self.head(self.dropout(features)).squeeze(-1)


# %% [markdown]
# D's loss is the non-saturating one of [chapter 04](04_the_losses.ipynb), and every prefix counts as one sample:
# $L_D = \operatorname{mean}\,\log(1 + e^{-s_t})$ over real prefixes, plus $\operatorname{mean}\,\log(1 + e^{s_t})$
# over written ones. Before any training:

# %%
torch.manual_seed(16)
untaught = PrefixDiscriminator(sounds())
with torch.no_grad():
    real_scores, fake_scores = untaught(train.symbols[:128]), untaught(drawn[:128])
loss_of_d = nn.functional.softplus(-real_scores).mean() + nn.functional.softplus(fake_scores).mean()
print(f"scores: {list(real_scores.shape)}; D's loss {loss_of_d:.3f}, that of guessing {2 * np.log(2):.3f}")


# %% [markdown]
# A score becomes a reward $r_t = 2\sigma(s_t) - 1$, between −1 and 1, for the last word of its prefix.
#
# A word also leads to the words after it. So each word is judged by its *return* (reward-to-go): the sum of the rewards
# from itself on, with a **discount** of ½ for each step into the future, $R_t = r_t + \tfrac12 R_{t+1}$. The discount
# trades some bias for less noise. (The recipe calls this function with `discount=0.5`.)

# %% tags=["library"]
def to_go(rewards, discount=1.0):
    values = [rewards[:, -1]]
    for reward in rewards.flip(1).unbind(1)[1:]:
        values.append(reward + discount * values[-1])
    return torch.stack(values, dim=1).flip(1)


# %% [markdown]
# The baseline $b_t$ is the mean return of the *other* lines of the batch at the same position, and G descends
# $-\sum_t (R_t - b_t) \log p(\text{word}_t \mid \text{words before})$.
#
# One more term keeps the writer close to where it started: the negative log-likelihood of real lines, with a small
# weight (`anchor`). Without it, a policy gradient is free to drift to the few lines that D likes best.
#
# Here are twenty-five steps in which D learns alone, and fifteen for both:

# %%
live = replace(recipes.find("verse"), steps=40, waiting=25)
gan_live, data = live.build(seed=16), live.data()
records = list(tqdm(live.train(gan_live, data), total=live.steps))
last = records[-15:]
print(f"last 15 steps: D's loss {np.mean([float(one.discriminator_loss) for one in last]):.3f}, of guessing 1.386; "
      f"mean score of real prefixes {np.mean([float(one.real_score) for one in last]):+.3f}, "
      f"of written ones {np.mean([float(one.fake_score) for one in last]):+.3f}")  # fmt: skip

# %% [markdown]
# In [chapter 04](04_the_losses.ipynb) D was ahead early in training. Here it guesses. Perhaps this D, as trained, sees
# nothing at all; perhaps it sees gross faults, and these lines have none. The loss cannot tell the two apart.
#
# A **control** can: give the same D, with the same learning rate and number of steps, lines that we know to be bad.
#
# ### The control: is D blind?
#
# This cell teaches a fresh D, with real lines on one side and the same lines *shuffled* on the other. It tests D twice:
# after as many steps as the D above had, and after 400.
#
# The AUC ([chapter 03](03_the_discriminator.ipynb)) says how often D scores a held-out real line above a bad one; 0.5
# is guessing.

# %%
torch.manual_seed(16)
reader = PrefixDiscriminator(sounds(), live.discriminator_width)
lessons = teach(reader, train.symbols, shuffled(train.symbols), 400, live.discriminator_rate)
for step, _ in enumerate(tqdm(lessons, total=400), 1):
    if step in (live.steps, 400):
        reader.eval()
        score_of_real = score(reader, test.symbols)
        of_shuffled, of_gan = (auc(score_of_real, score(reader, lines)) for lines in (shuffled(test.symbols), drawn))
        print(f"after {step} steps, AUC on shuffled lines: {of_shuffled:.2f}, on the stored GAN's: {of_gan:.2f}")
        reader.train()
reader = reader.eval()

# %% [markdown]
# So the live run proves nothing: after so few steps, this D does not even tell *shuffled* lines from real ones. After
# 400 it does, and to it the GAN's lines look as good as real ones. (This is one seed.)
#
# From here on we name each D after the lines that it was trained to tell from real ones: this one is a *D of shuffled
# lines*.
#
# A stored control trains a D against each of three kinds of lines: shuffled ones; those of a *bigram model*, which
# draws each word by the one before it; and the LSTM's. Each D has 250 steps, at five times the learning rate.
#
# The LSTM's lines have a second classifier, with more steps: the convolutional network of `whole`, which sees three to
# five words at once. Each was trained with three seeds.

# %% alt="A dot plot of AUC from 0.4 to 1 with a dotted line at 0.5. There is one classifier in each row, three dots of each kind for three seeds, drawn one below the other. Full green dots, held-out lines: on average 0.94 for shuffled lines, 0.94 for lines of the bigram model, and 0.53 for the LSTM's lines read by a D of the same build; 0.57 for the LSTM's read by a convolutional network. Hollow dots, the training lines, lie near the full ones in the first two rows, and to their right in the last two, furthest in the last. A grey diamond in each row marks the bigram judge, which learnt from no written line." tags=["hide-input", "long"]
readers = json.loads(Path("results/verse_readers.json").read_text())
ROWS = [
    ("D of shuffled lines", "prefixes", "shuffled"),
    ("D of bigram lines", "prefixes", "pairs"),
    ("D of the LSTM's lines", "prefixes", "likelihood"),
    ("a convolutional net\nof the LSTM's lines", "windows", "likelihood"),
]
figure, axes = plt.subplots(figsize=(7.2, 4.2))
for row, (_, kind, writer) in enumerate(ROWS):
    for part, face in (("train", "none"), ("test", style.DISCRIMINATOR)):
        dots = [one[part] for one in readers["auc"][kind][writer]]
        rows = row + np.array([-0.13, 0, 0.13])  # so that no seed hides another
        axes.scatter(dots, rows, 36, facecolors=face, edgecolors=style.DISCRIMINATOR, lw=1.4, zorder=3)
    mean = np.mean([one["test"] for one in readers["auc"][kind][writer]])
    axes.text(mean, row - 0.24, f"{mean:.2f}", ha="center", va="bottom", color=style.DISCRIMINATOR)
    axes.plot(readers["auc_of_pairs"][writer], row, "D", ms=8, color=style.REFERENCE, mfc="none")
axes.axvline(0.5, color="black", ls=":", lw=1)
axes.text(0.495, -0.55, "guessing", ha="right")
first = readers["auc"]["prefixes"]["shuffled"]
notes = [(min(one["test"] for one in first), "held-out lines ", "right", style.DISCRIMINATOR)]
notes += [(max(one["train"] for one in first), " training lines", "left", style.DISCRIMINATOR)]
notes += [(readers["auc_of_pairs"]["shuffled"], "bigram judge", "center", style.REFERENCE)]
for place, words, side, color in notes:
    axes.text(place, 0.38, words, ha=side, va="center", color=color, fontsize=9)
axes.set(xlim=(0.4, 1.1), ylim=(3.5, -0.8), xlabel="AUC against real lines (three seeds)")
axes.set_xticks(np.arange(0.4, 1.01, 0.1))
axes.set_yticks(range(len(ROWS)), [name for name, *_ in ROWS], fontsize=10)
axes.set_title("D spots the weak writers' lines, but hardly the LSTM's")
plt.show()

# %% tags=["long"]
print(f"{'AUC, mean of three seeds':<46}held out      training")
for name, kind, writer in ROWS:
    some = readers["auc"][kind][writer]
    held_out, learnt = (np.mean([one[part] for one in some]) for part in ("test", "train"))
    print(f"{name.replace(chr(10), ' '):<46}{held_out:8.2f}{learnt:14.2f}")
print(f"\n{'held-out AUC on the lines of':<42}" + "".join(f"{name:>12}" for name in ("shuffled", "bigram", "LSTM")))
for name, kind, writer in ROWS:
    of_each = readers["auc_of_each"][f"{kind}, {writer}"]
    means = (np.mean([one[other] for one in of_each]) for other in ("shuffled", "pairs", "likelihood"))
    print(f"{name.replace(chr(10), ' '):<42}" + "".join(f"{mean:12.2f}" for mean in means))
print(f"{'bigram judge':<42}" + "".join(f"{one:12.2f}" for one in readers["auc_of_pairs"].values()))

# %% [markdown]
# Hollow dots and the column "training" are the lines that the classifier learnt from. The grey diamonds are the bigram
# judge of `surprise`. The three seeds agree on three things:
#
# - **A D of this build sees gross faults.** For the weak writers' lines its AUC is above .9. On the LSTM's lines, after
#   the same number of steps, it all but guesses.
# - **The LSTM's lines are not beyond detection.** The bigram judge, which never saw a written line, does better, and so
#   does the convolutional network.
# - **The convolutional network has mostly memorised what it was taught.** Look how far its hollow dots are from the
#   full ones. This is **overfitting**, and 6,462 real lines invite it.
#
# In the second table every classifier reads every writer's lines. What a D learnt from one kind of faults need not help
# with another: the D of shuffled lines also spots bigram lines, but the D of bigram lines is much weaker on shuffled
# ones.
#
# On the LSTM's lines the D of shuffled lines has an AUC of .51. Remember this number in section 5.
#
# **What the next cell checks:** with each of the three seeds, D tells shuffled lines and lines of the bigram writer
# from real ones (AUC above .85), and gets less than .6 for the LSTM's.

# %% tags=["claim", "long"]
for one in range(len(readers["seeds"])):
    found = {writer: seeds[one]["test"] for writer, seeds in readers["auc"]["prefixes"].items()}
    assert found["shuffled"] > 0.85 and found["pairs"] > 0.85 and found["likelihood"] < 0.6

# %% [markdown]
# Since D scores every prefix, we can watch it read. This is the D that you have just taught. Each panel has one of its
# training lines, and the same line with something wrong:

# %% alt="Two panels of D's score after each word. Thick blue curves are real lines, thin orange ones the same lines with a mistake; the two are the same up to the mistake. Above, Shall I compare thee to a summer's day: at the last word, which is of in the orange line, its score is well below the blue one's. Below, When I do count the clock that tells the time, in whose orange copy that and the change places with each other: the two curves end close together." tags=["hide-input"]
pairs = [
    ("shall i compare thee to a summer's day", "shall i compare thee to a summer's of"),
    ("when i do count the clock that tells the time", "when i do count the clock the tells that time"),
]
figure, panels = plt.subplots(2, 1, figsize=(7.2, 5.6))
for axes, lines in zip(panels, pairs, strict=True):
    first, second = (line.split() for line in lines)
    for words, color, width, label in ((second, style.FAKE, 2, "with a mistake"), (first, style.REAL, 4, "real line")):
        symbols = train.write([" ".join(vocabulary().symbol(word) for word in words)])
        with torch.no_grad():
            scores = reader(symbols)[0, : len(words)]
        axes.plot(scores, "o-", color=color, lw=width, ms=7, zorder=4 - width / 2)
        place, shift = (len(words) - 1, scores[-1]), (8, -9 if color == style.FAKE else 0)
        axes.annotate(label, place, xytext=shift, textcoords="offset points", color=color)
    names = [one if one == other else f"{one}\n({other})" for one, other in zip(first, second, strict=True)]
    axes.set_xticks(range(len(names)), names, fontsize=10)
    axes.set(ylabel="D's score of the prefix", xlim=(-0.3, len(names) + 0.7))
    axes.margins(y=0.12)
    for words in (first, second):
        symbols = train.write([" ".join(vocabulary().symbol(word) for word in words)])
        with torch.no_grad():
            last = reader(symbols)[0, len(words) - 1]
        print(f"reward of the last word in “… {' '.join(words[-3:])}”: {2 * last.sigmoid() - 1:+.2f}")
panels[0].set_title("“Of” in the place of “day”: D's score of the line is lower")
panels[1].set_title("“That” and “the” exchanged: the scores end close together")
plt.show()


# %% [markdown]
# In the first pair the curves part at the last word, where *of* stands for *day*: the picture shows where D saw the
# mistake. D is not sure of the real line, either: the reward of *day* is only +0.04.
#
# The reward follows the *level* of the score, not its fall. A word is discouraged only if the other lines of the batch,
# whose mean return is the baseline, earn more at that place.
#
# The exchange in the second pair goes unpunished: the last word earns as much in both lines. One possible reason: this
# D was trained on lines shuffled as a whole, and exchanging *that* and *the* leaves the rhythm as it is.
#
# ### Rewards by a D that guesses
#
# A D that guesses gives rewards that say nothing about the lines. What comes of them? The stored run is one seed: 200
# steps for D alone and 400 for both, from the likelihood model. We plot quality against variety, beside the temperature
# curve of the model that it began as:

# %% alt="Two panels. Left, the share of lines that scan, and right, the share that the network judge takes for whole, each against self-BLEU on a logarithmic axis. Purple curves with bars are the likelihood model at temperatures from 1 to 0.5; orange ones the GAN at the same temperatures, within the bars of the purple ones; a hollow blue star marks real lines. The vertical axes begin at 0.55." tags=["hide-input", "long"]
def plane(axes, key, curves):
    """Quality against variety; a bar is two standard errors of a share of 500 lines."""
    for rows, color in curves:
        xs, ys = (np.array([row[part] for row in rows]) for part in ("self_bleu", key))
        bars = 2 * (ys * (1 - ys) / 500) ** 0.5
        axes.errorbar(xs, ys, yerr=bars, fmt="o-", color=color, ms=5, lw=2, elinewidth=1, capsize=2)
    place = stored["real"]["self_bleu"], stored["real"][key]
    axes.plot(*place, "*", color=style.REAL, ms=15, mfc="none", mew=1.6, zorder=5)
    axes.annotate("real", place, xytext=(-9, 7), textcoords="offset points", color=style.REAL, ha="right")
    axes.set(xscale="log", xlim=(0.07, 1.1), ylim=(0.55, 1.0), ylabel=f"share: {key}")
    axes.set_xticks([0.1, 0.2, 0.4, 0.8], ["0.1", "0.2", "0.4", "0.8"])
    axes.minorticks_off()
    axes.set_xlabel("self-BLEU (left is more varied)")


figure, both = plt.subplots(1, 2, figsize=(7.2, 4.0))
for axes, key in zip(both, ("scans", "whole"), strict=True):
    plane(axes, key, [(stored["likelihood"], style.AVERAGE), (stored["gan"], style.FAKE)])
    first, last = stored["likelihood"][0], stored["likelihood"][-1]
    for row, shift, side in ((first, (-7, -6), "right"), (last, (8, -14), "left")):
        place = row["self_bleu"], row[key]
        axes.annotate(f"T = {row['temperature']:g}", place, xytext=shift, ha=side, textcoords="offset points",
                      color=style.AVERAGE)  # fmt: skip
    axes.text(0.35, 0.66, "likelihood model", color=style.AVERAGE)
    axes.text(0.35, 0.62, "GAN", color=style.FAKE)
figure.suptitle("The GAN's curve lies on that of the model that it began as")
plt.show()
table({"real, held out": stored["real"], "likelihood, T = 1": stored["likelihood"][0], "GAN, T = 1": stored["gan"][0]})

# %% [markdown]
# After 400 steps of rewards the GAN scores as the likelihood model does: the differences in *scans* and *whole* are too
# small for 500 lines to establish.
#
# This is no verdict on REINFORCE. A generator cannot learn from a discriminator that has learnt nothing, and at all six
# recorded steps D's loss was near that of guessing:

# %% tags=["long"]
losses_of_d = [row["discriminator_loss"] for row in results.record("verse/long")["curve"]]
print("D's loss every 100 steps:", " ".join(f"{loss:.3f}" for loss in losses_of_d), f"(guessing: {2 * np.log(2):.3f})")

# %% [markdown]
# D's learning rate may be one reason. But with five times that rate, the control's D, too, learns only a little about
# the LSTM's lines (a held-out AUC of .53). We did not run the GAN with that rate.
#
# By these measures the GAN's lines come near real verse, but so did the likelihood model's before it. A paper that
# reported only the GAN's numbers would be correct, and would still give the wrong impression.
#
# **What the next cell checks:** at a temperature of 1 the GAN's two shares differ from those of the model that it began
# as by less than .095, three standard errors of such a difference, and its self-BLEU by less than .03; at the six
# recorded steps D's loss is within .01 of that of guessing.

# %% tags=["claim", "long"]
first, second = stored["likelihood"][0], stored["gan"][0]
assert all(abs(first[key] - second[key]) < 3 * (2 * 0.25 / 500) ** 0.5 for key in ("scans", "whole"))
assert abs(first["self_bleu"] - second["self_bleu"]) < 0.03
assert all(abs(loss - 2 * np.log(2)) < 0.01 for loss in losses_of_d)

# %% [markdown]
# ### Rewards by a D that has learnt something
#
# What would the same rewards do if D did not guess? We take the D of shuffled lines, which learns no further here. Its
# rewards train the likelihood model, with the stored run's learning rate for G and its anchor. Before you run the cell:
# do you expect better verse?

# %%
writer = live.build(seed=16).generator.eval()  # it begins as the likelihood model
optimizer = torch.optim.Adam(writer.parameters(), live.adversarial_rate, betas=(0.0, 0.99))
rewarded = {}  # step: the scores of 500 lines
torch.manual_seed(16)
for step in tqdm(range(31)):
    if step % 10 == 0:
        lines = tidy(writer.sample(500))
        rewarded[step] = verse_scores(lines)._asdict()
        print(f"step {step:2d}: D's mean score of a whole line {score(reader, lines).mean():.2f}")
    written = tidy(writer.sample(128))
    with torch.no_grad():
        rewards = 2 * reader(written).sigmoid() - 1
    values = estimators.less_the_others(to_go(rewards, 0.5))
    earned = estimators.reinforce(writer.log_probabilities(written) * counted(written), values)
    held = surprise(writer, train.symbols[torch.randint(len(train), (128,))])
    optimizer.zero_grad()
    (earned + live.anchor * held).backward()
    optimizer.step()
table({f"step {step}": scores for step, scores in rewarded.items()})
print("\nlast:", *(f"   {filled(line)}" for line in train.read(lines[:5])), sep="\n")

# %% alt="Two panels of the share of lines that scan and of the share taken for whole against self-BLEU, on a logarithmic axis. A purple curve is the likelihood model at temperatures from 1 to 0.5. An orange one is the rewarded writer: from step 0, on the purple curve, it goes to the right and up, and ends at step 30 below the purple one. A hollow blue star marks real lines." tags=["hide-input"]
figure, both = plt.subplots(1, 2, figsize=(7.2, 4.0))
for axes, key in zip(both, ("scans", "whole"), strict=True):
    plane(axes, key, [(stored["likelihood"], style.AVERAGE), ([*rewarded.values()], style.FAKE)])
    for step, shift in ((0, (8, -14)), (30, (6, -14))):
        place = rewarded[step]["self_bleu"], rewarded[step][key]
        axes.annotate(f"step {step}", place, xytext=shift, textcoords="offset points", color=style.FAKE)
    axes.text(0.3, 0.63, "likelihood model,\nT from 1 to 0.5", color=style.AVERAGE)
    axes.text(0.3, 0.59, "rewarded", color=style.FAKE)
figure.suptitle("30 steps of these rewards buy no more than cooling does")
plt.show()

# %% [markdown]
# The mechanism works. D's mean score rises, without any gradient through the words, and both shares rise with it.
#
# But the lines grow alike: look at self-BLEU. At the same variety the untouched model, merely cooled, does as well or
# better. This D was trained to tell order from disorder, and variety earns nothing.
#
# When a generator raises its reward without writing better, it has found a blind spot of D. This is called **reward
# hacking**. (One run of 30 steps.)

# %% [markdown]
# > **Your turn.** Suppose D were easily pleased and liked one word, *love*: its logits are 4 there and 0 elsewhere.
# > A word's reward is `2 * sigmoid(logit) - 1`, and the discount 0.5. Which words of a line are worth something to
# > it?
# > <details><summary>Solution</summary>
# >
# > *Love* itself, and every word before it, each half as much as the one after it: they led to it. What comes after
# > *love* gets nothing. With this D, G would learn to write *love* ever more often: a policy gradient climbs the reward
# > as it is, not as we meant it.
# > </details>
#
# ## 4 · Around the words: a GAN of codes
#
# There is another way: do not show words to D at all. An autoencoder turns a line into a **code** of 48 numbers and
# back. D compares *codes*, which are continuous, so gradients pass.
#
# In an **adversarial autoencoder** (Makhzani et al. 2015) the encoder is the generator, and the noise is what counts as
# real. D learns to tell codes of lines from normal noise, and the encoder learns to make that impossible. The hope is
# that random noise then decodes to lines.
#
# Ours is the *denoising* kind of Shen et al. (2020): three in ten of the words are hidden from the encoder. This is
# meant to bring the codes of lines that share words near each other.

# %% alt="A diagram: a real line with hidden words goes into the encoder, which makes a code. From the code two arrows lead on: up to the writer, which makes the line again and is taught by likelihood, and down to the discriminator, which also gets normal noise, from its right. A dashed arrow, D's gradient, runs below the boxes back to the encoder." tags=["hide-input"]
diagrams.flow(
    [
        Box("real line", 0, 0.5, "words hidden", role="real"),
        Box("encoder = G", 1, 0.5, "reads both ways", role="generator"),
        Box("code", 2, 0.5, "48 numbers", role="fake"),
        Box("writer", 3, 0, "an LSTM", role="generator"),
        Box("the line again", 4, 0, "by likelihood"),
        Box("D", 3, 1, "code or noise?", role="discriminator"),
        Box("normal noise", 4, 1, "48 numbers", role="real"),
    ],
    [
        Arrow("real line", "encoder = G"),
        Arrow("encoder = G", "code"),
        Arrow("code", "writer"),
        Arrow("writer", "the line again"),
        Arrow("code", "D"),
        Arrow("normal noise", "D"),
        Arrow("D", "encoder = G", "D's gradient", gradient=True),
    ],
)

# %% [markdown]
# One step moves D first, then encoder and writer together, which learn to spell the line and to pass for noise. Chapter
# 04's relativistic loss compares noise and codes in pairs.
#
# Here are twenty steps of a small one (the stored run is longer and wider, with a penalty on D's gradients):

# %%
torch.manual_seed(16)
small = LineAutoencoder(sounds(), train.length, code=48, width=64, embedded=64)
judge_of_codes = PointDiscriminator(48, 64)
for_d, for_g = (torch.optim.Adam(player.parameters(), 2e-3, betas=(0.0, 0.99)) for player in (judge_of_codes, small))
for step in range(20):
    lines = train.symbols[torch.randint(len(train), (128,))]
    hidden = torch.rand(lines.shape) < 0.3
    code = small.encode(lines.masked_fill(hidden, 0))
    noise = torch.randn_like(code)

    loss_of_d = losses.relativistic(judge_of_codes(noise), judge_of_codes(code.detach())).discriminator
    for_d.zero_grad()
    loss_of_d.backward()
    for_d.step()

    passes = losses.relativistic(judge_of_codes(noise).detach(), judge_of_codes(code)).generator
    spells = surprise(small, lines, code)  # cross-entropy of the line's words, given its code
    for_g.zero_grad()
    (spells + 0.3 * passes).backward()
    for_g.step()
    if step in (0, 19):
        print(f"step {step + 1:2d}: spells {spells.item():.2f} nats per word, passes {passes.item():.2f}, "
              f"D {loss_of_d.item():.2f}")  # fmt: skip

# %% [markdown]
# Here D is soon ahead: within twenty steps its loss falls, and the encoder's (*passes*) grows.
#
# Check two things before you believe such an autoencoder. Does the writer use the code at all? A writer that ignores it
# turns noise into lines, too. And are the codes of lines like the noise? We ask the stored run about held-out lines:

# %% tags=["long"]
codes = recipes.find("verse_codes", "long")
coder = codes.load().average.eval()
fresh = test.symbols[torch.randperm(len(test), generator=torch.Generator().manual_seed(16))][:500]
with torch.no_grad():
    held_out = coder.encode(fresh)
torch.manual_seed(16)
noise = torch.randn_like(held_out)
print(f"{'a held-out line, told':<28}{'nats per word':>13}{'words rebuilt in place':>25}")
with torch.no_grad():
    print(f"{'nothing (the LSTM)':<28}{float(surprise(model.average.eval(), fresh)):13.2f}{'-':>25}")
for name, told in (("its own code", held_out), ("another line's code", held_out.roll(1, 0)), ("normal noise", noise)):
    with torch.no_grad():
        nats = surprise(coder, fresh, told)
    rebuilt = (tidy(coder.decode(told, temperature=0.2)) == fresh)[fresh > 0].float().mean()
    print(f"{name:<28}{float(nats):13.2f}{float(rebuilt):25.2f}")

print(f"\n{'':<28}{'length':>13}{'largest correlation':>25}{'variances, all directions':>29}")
for name, some in (("codes of held-out lines", held_out), ("normal noise", noise)):
    related = torch.corrcoef(some.T).fill_diagonal_(0).abs().max()
    spread = torch.linalg.eigvalsh(torch.cov(some.T))
    print(f"{name:<28}{float(some.norm(dim=1).mean()):13.2f}{float(related):25.2f}"
          f"{float(spread[0]):20.3f} to {float(spread[-1]):.2f}")  # fmt: skip
loss_of_codes = results.record("verse_codes/long")["curve"][-1]["discriminator_loss"]
print(f"\nD's loss at the end of the stored run: {loss_of_codes:.2f}; guessing: {np.log(2):.2f}")


# %% [markdown]
# The writer does use its code. With a line's own code it needs about half as many nats per word as with another line's,
# and about a quarter fewer than the LSTM, which is told nothing. About one word in seven comes back at its place.
#
# But the codes are *not* normal. They are about as long as noise, but they vary far more than noise in some directions
# and hardly at all in others. At least two of the 48 numbers are strongly correlated.
#
# D's loss shows this, too: it ends well below that of guessing. So some of the noise probably lies where no line's code
# does.
#
# Now walk in a straight line from one code to another:

# %% tags=["long"]
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
print(f"30 walks: {(sure > 0.5).float().mean():.2f} of the lines in between are taken for whole; of real lines "
      f"{(probability(test.symbols) > 0.5).float().mean():.2f}")  # fmt: skip
mixed_up = [shared(lines[torch.randperm(len(lines))]) for lines in every]
print(f"words that a line shares with the next: {np.mean([shared(lines) for lines in every]):.2f}; "
      f"with the steps of each walk in any order {np.mean(mixed_up):.2f}")  # fmt: skip

# %% [markdown]
# The number before each line is the probability that the judge of `whole` gives it. The lines change step by step: on
# average each shares more of its words with the next (.37) than when the steps are put in a random order (.27).
#
# But the walk neither starts nor ends at the lines that we asked for: a code brings back few of its line's words. More
# of these lines than of real ones are taken for whole, but that is no merit: the writer draws at a temperature of 0.2,
# and cooled lines score higher with this judge (section 2).
#
# How good are lines from noise? As in section 3, we compare writers at equal self-BLEU:

# %% alt="Two panels of the share of lines that scan and of the share taken for whole against self-BLEU, on a logarithmic axis. Orange: lines decoded from noise, at temperatures from 1 to 0.5; purple: the likelihood model. In the left panel the orange curve runs below the purple one, farthest at its most varied end, and the bars come to touch near a self-BLEU of 0.3. In the right panel the orange curve begins on the purple one and falls below it. A hollow blue star marks real lines." tags=["hide-input", "long"]
figure, both = plt.subplots(1, 2, figsize=(7.2, 4.0))
for axes, key in zip(both, ("scans", "whole"), strict=True):
    plane(axes, key, [(stored["likelihood"], style.AVERAGE), (stored["codes"], style.FAKE)])
    axes.text(0.35, 0.66, "likelihood model", color=style.AVERAGE)
    axes.text(0.35, 0.62, "codes of noise", color=style.FAKE)
figure.suptitle("At equal variety, fewer of the lines from noise scan")
plt.show()
table({f"codes of noise, T = {row['temperature']:g}": row for row in stored["codes"]})

# %% [markdown]
# At high variety (on the left) fewer of the lines from noise scan. Near a self-BLEU of .3 the gap is a few hundredths,
# and 500 lines do not establish such a difference. In *whole* the two curves begin together.
#
# Both are single runs. The gap need not be the codes' fault: their writer is narrower, and noise is not like the codes
# that it was trained on.
#
# The codes add interpolation between lines, which the language model does not offer.
#
# ## 5 · The discriminator as a reader
#
# If D knows better than G, why make G learn? Let G write much, and let D choose: that is **reranking**, or
# **best-of-n**.

# %% alt="A diagram: the LSTM writer makes 2,000 written lines; a classifier scores each; the 200 with the highest scores are kept. No arrow goes back to the writer." tags=["hide-input"]
diagrams.flow(
    [
        Box("LSTM writer", 0, 0, "stays as it is", role="generator", frozen=True),
        Box("2,000 lines", 1, 0, "drawn at T = 1", role="fake"),
        Box("classifier", 2, 0, "a score a line", role="discriminator"),
        Box("the best 200", 3, 0, "for the judges", role="fake"),
    ],
    [Arrow("LSTM writer", "2,000 lines"), Arrow("2,000 lines", "classifier"), Arrow("classifier", "the best 200")],
)

# %% [markdown]
# Whose choice is best? The LSTM wrote 2,000 lines, and there are seven ways to keep 200 of them:
#
# - take the first 200, without a choice,
# - let the LSTM itself choose those that it finds likeliest,
# - let one of five classifiers choose. Four you know from section 3. The fifth is a D of shuffled lines that is *not
#   told the stresses*: its word vectors have no part for them.
#
# There are three seeds, each with classifiers and 2,000 lines of its own. Bars are 95 % intervals of a share of 600
# lines. They leave out the differences between classifiers; for those, look at the three dots. Self-BLEU grows with the
# number of lines, and here it is that of 200.

# %% alt="Four panels of dots, one row for each rule of choice and three dots for three seeds: the share that scans, the share taken for whole, the surprise, and self-BLEU. Blue dotted lines mark real lines. The LSTM's own likeliest lines have the lowest surprise and the highest self-BLEU; those chosen by the D of the LSTM's lines and by the convolutional net lie near the first 200; those of the D of bigram lines lie at the blue line in whole and self-BLEU. Of the D of shuffled lines the share that scans is above all others, and without stresses it is the share of whole ones that is high." tags=["hide-input", "long"]
ranked = readers["reranked"]
CHOICES = {
    "any": ("the first 200", style.REFERENCE),
    "likelihood": ("the LSTM's likeliest", style.AVERAGE),
    "prefixes, likelihood": ("D of the LSTM's lines", style.DISCRIMINATOR),
    "windows, likelihood": ("conv. net of the LSTM's", style.DISCRIMINATOR),
    "prefixes, pairs": ("D of bigram lines", style.DISCRIMINATOR),
    "words, shuffled": ("D of shuffled, no stresses", style.DISCRIMINATOR),
    "prefixes, shuffled": ("D of shuffled lines", style.DISCRIMINATOR),
}
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1}
figure, panels = plt.subplots(2, 2, figsize=(7.2, 6.8), sharey=True)
for axes, key in zip(panels.flat, ("scans", "whole", "surprise", "self_bleu"), strict=True):
    for row, (name, (_, color)) in enumerate(CHOICES.items()):
        dots = [one[key] for one in ranked[name]]
        mean = np.mean(dots)
        axes.scatter(dots, row + np.array([-0.12, 0, 0.12]), 22, color=color, alpha=0.7, lw=0)
        if key in ("scans", "whole"):
            axes.errorbar(mean, row, xerr=1.96 * (mean * (1 - mean) / 600) ** 0.5, color=color, lw=2, capsize=4)
        axes.annotate(f"{mean:.2f}", (mean, row), xytext=(0, 8), textcoords="offset points",
                      ha="center", color=color, fontsize=9, bbox=PAPER)  # fmt: skip
    real = np.mean([one[key] for one in ranked["real"]])
    axes.axvline(real, color=style.REAL, ls=":", lw=2)
    axes.text(real, 6.75, "real", color=style.REAL, ha="center", va="bottom", fontsize=9, bbox=PAPER)
    axes.set_title({"surprise": "surprise, nats per word", "self_bleu": "self-BLEU"}.get(key, key), fontsize=10)
    axes.margins(x=0.15)
panels[0, 0].set_ylim(6.8, -0.7)
for axes in panels[:, 0]:
    axes.set_yticks(range(len(CHOICES)), [label for label, _ in CHOICES.values()], fontsize=10)
figure.suptitle("Of the lines chosen by the D of shuffled lines, more scan than of real ones")
plt.show()


# %% tags=["long"]
def in_short(one):
    return f"{one.difference:+.2f} ({one.low:+.2f} to {one.high:+.2f})"


columns = ("scans", "whole", "surprise", "self_bleu")
print(f"{'3 × 200 lines, means':<28}" + "".join(f"{NAMES[key]:>11}" for key in columns))
for name, (label, _) in {**CHOICES, "real": ("real lines", "")}.items():
    means = (np.mean([one[key] for one in ranked[name]]) for key in columns)
    print(f"{label:<28}" + "".join(f"{mean:11.2f}" for mean in means))
print("\nscans, minus the first 200 (95 % interval; 600 lines of three seeds on either side):")
found = {rule: [round(200 * one["scans"]) for one in ranked[rule]] for rule in CHOICES}
more = {rule: comparisons.shares(sum(counts), 600, sum(found["any"]), 600) for rule, counts in found.items()}
for rule, (label, _) in list(CHOICES.items())[1:]:
    print(f"   {label:<28}{in_short(more[rule])}")
sounding = comparisons.shares(sum(found["prefixes, shuffled"]), 600, sum(found["words, shuffled"]), 600)
print(f"D of shuffled lines, minus the same D without stresses: {in_short(sounding)}")

# %% [markdown]
# *Best* can mean two things. If it means the most lines that scan, the D of shuffled lines wins with each of the three
# seeds: .94 of its lines scan, for .69 of the first 200. But only .73 of real lines do, and more is not better.
#
# If it means *nearest to real verse*, no rule is nearest in every column:
#
# - The lines chosen by the D of bigram lines are taken for whole as often as real ones and are as varied, but more of
#   them scan than of real lines (.86).
# - The LSTM's own likeliest lines are the least varied.
# - The D of the LSTM's lines and the convolutional net choose no better than chance, as far as our judges can tell.
#
# The stresses matter: without them the D of shuffled lines chooses lines of which fewer scan and more are taken for
# whole.
#
# **The AUC does not show these differences.** On the LSTM's lines the D of shuffled lines has an AUC of .51, and the D
# of the LSTM's lines one of .53. Yet more of the lines that the first chooses scan, and for the second we could measure
# no gain. So test a judge by its choices, not by its AUC.
#
# This is one LSTM, with three seeds of each classifier. The printed intervals are too narrow, because they treat the
# 600 lines of three different classifiers as independent. And `whole` was itself taught on shuffled lines, among
# others: trust `scans` and `surprise` more.
#
# See for yourself what the D of shuffled lines of section 3 likes, among the 3,000 lines of the GAN:

# %%
by_score = drawn[score(reader, drawn).argsort(descending=True)]
for name, lines in (("first", by_score[:4]), ("last", by_score[-4:])):
    print(f"put {name}:")
    for line in train.read(lines):
        print("   ", filled(line))

# %% [markdown]
# **What the next cell checks:** with each seed, more of the lines that the D of shuffled lines chose scan than of the
# first 200 (the 95 % interval of the difference begins above .05); over all seeds, more than of those chosen without
# stresses; and for the D of the LSTM's lines the interval does not lie above 0.

# %% tags=["claim", "long"]
for count, first in zip(found["prefixes, shuffled"], found["any"], strict=True):
    assert comparisons.shares(count, 200, first, 200).low > 0.05
assert sounding.low > 0 and not more["prefixes, likelihood"].low > 0

# %% [markdown]
# ### Where D lives on
#
# Three methods in use today are made of this chapter's parts.
#
# **Reward models.** A network learns to score whole texts from *which of two* texts people prefer. Its scores then
# serve best-of-n, or a policy gradient with a term that holds the model near where it began. InstructGPT (Ouyang et al.
# 2022) has the parts of section 3, with people's judgement in place of "real or written".
#
# Our "people" are the judge of metre: of two of the GAN's lines it prefers the one that costs less. The loss is
# Bradley and Terry's (1952): $-\log \sigma(r_\text{preferred} - r_\text{other})$. The network is that of D.

# %%
learnt_from, choose_from = drawn[:1500], drawn[1500:]
cost = torch.tensor([scansion(line).cost + 4.0 * (not scansion(line).right_length) for line in train.read(learnt_from)])
torch.manual_seed(16)
reward = PrefixDiscriminator(sounds(), 96, dropout=0.2)
optimizer = torch.optim.Adam(reward.parameters(), 5e-3)
for _ in tqdm(range(120)):
    pair = torch.randint(len(learnt_from), (256, 2))
    pair = pair[cost[pair[:, 0]] != cost[pair[:, 1]]]  # drop ties
    pair = pair.gather(1, cost[pair].argsort(1))  # the preferred line first
    preferred, other = (reward(learnt_from[some])[:, -1] for some in pair.T)
    loss = -nn.functional.logsigmoid(preferred - other).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
best, rest = choose_from[score(reward.eval(), choose_from).argsort(descending=True)].split([150, 1350])
by_reader = choose_from[score(reader, choose_from).argsort(descending=True)][:150]  # the D of shuffled lines
for name, lines in (
    ("the reward model's best 150", best),
    ("the other 1,350", rest),
    ("the best 150 of the D of shuffled lines", by_reader),
):
    scores = verse_scores(lines)
    print(f"{name:<42} scans {scores.scans:.2f}   whole {scores.whole:.2f}")
scanning = [sum(scansion(line).scans for line in train.read(lines)) for lines in (best, rest)]
print("scans, best minus others:", comparisons.shares(scanning[0], len(best), scanning[1], len(rest)))

# %% [markdown]
# More of the lines that the reward model chose scan than of the others. (One run; the interval is printed.) It chose
# from lines whose verdicts it had never seen, so what it learnt from 1,500 lines carries over to others. The
# preferences were about metre alone, and *whole* hardly moves.
#
# In the last row the D of shuffled lines chooses from the same lines. It was taught no preferences, and yet even more
# of its lines scan. We did not test why; it also learnt from more lines, in more steps.
#
# **Detectors of machine-written text.** Who wrote this, a person or a model? Detectors that need no training ask a
# language model. GLTR (Gehrmann et al. 2019) looks at how likely it finds each word. DetectGPT (Mitchell et al. 2023)
# compares a passage's log-probability with that of slightly rewritten copies.
#
# In GLTR's manner, we ask the writer itself about real lines and about its own, drawn at five temperatures. The AUC is
# that of the rule "the likelier, the more surely written by the model":

# %% tags=["long"]
likelihood = recipes.find("verse", "likelihood")
writer = likelihood.load()
expected = -likelihood_of(writer.average, test.symbols)
for heat in (1.4, 1.2, 1.0, 0.8, 0.6):
    own = likelihood.samples(writer, 300, seed=3, temperature=heat)
    print(f"temperature {heat}: AUC {auc(expected, -likelihood_of(writer.average, own)):.2f}")

# %% [markdown]
# To its own model, text drawn at a temperature of 1 looks nearly as likely as real text does. Cooled text gives itself
# away by being too likely.
#
# Text drawn at a higher temperature is *less* likely than real text, so this rule takes it for a person's: the AUC is
# below .5.
#
# **Replaced-token detection.** ELECTRA (Clark et al. 2020) lets a small model replace some words of a real text. It
# trains a large one to say, *for each word*, whether it was replaced.
#
# It looks like a GAN, but the small model is taught by likelihood and not to fool the large one. The authors tried the
# adversarial kind, and it was worse. What is kept is D, as a network that has learnt to read.

# %% alt="A diagram: of a real line some words are hidden; a small writer fills them, taught by likelihood; the altered line goes to D, which says of each word whether it was replaced. D is what is kept. No gradient flows from D to the writer." tags=["hide-input"]
diagrams.flow(
    [
        Box("real line", 0, 0, "words hidden", role="real"),
        Box("small writer", 1, 0, "by likelihood", role="generator"),
        Box("altered line", 2, 0, "15 % replaced", role="fake"),
        Box("D, kept", 3, 0, "a score a word", role="discriminator"),
        Box("replaced?", 4, 0, "for each word"),
    ],
    [
        Arrow("real line", "small writer"),
        Arrow("small writer", "altered line"),
        Arrow("altered line", "D, kept"),
        Arrow("D, kept", "replaced?"),
        Arrow("replaced?", "D, kept", "gradient", gradient=True),
    ],
)


# %% [markdown]
# In our smallest version, the writer draws words by their frequency, and D reads the line both ways:

# %%
class WordDetector(nn.Module):
    def __init__(self, width=96, embedded=64):
        super().__init__()
        self.embedding = WordVectors(sounds(), embedded, std=0.3)
        self.memory = nn.LSTM(embedded, width, batch_first=True, bidirectional=True)
        self.dropout, self.head = nn.Dropout(0.3), nn.Linear(2 * width, 1)

    def forward(self, symbols):
        features, _ = self.memory(self.dropout(self.embedding(symbols)))
        return self.head(self.dropout(features)).squeeze(-1)


def replaced(lines):
    drawn_words = vocabulary_of_lines[torch.randint(len(vocabulary_of_lines), lines.shape)]
    return torch.where((torch.rand(lines.shape) < 0.15) & (lines > 0), drawn_words, lines)


torch.manual_seed(16)
vocabulary_of_lines = train.symbols[train.symbols > 0]
detector = WordDetector()
optimizer = torch.optim.Adam(detector.parameters(), 1e-2)
for _ in tqdm(range(250)):
    lines = train.symbols[torch.randint(len(train), (128,))]
    altered = replaced(lines)
    logits, wrong = detector(altered)[lines > 0], (altered != lines)[lines > 0].float()
    loss = nn.functional.binary_cross_entropy_with_logits(logits, wrong)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# %% alt="Eight held-out lines of verse, in which the replaced words are underlined in orange. Each word stands on a green ground, the darker the more surely the detector takes it for replaced; a scale from 0 to 1 is below. Of the underlined words, with and his are dark and others almost white; some words that were not replaced, as birth and found, are darker than their neighbours." tags=["hide-input"]
lines = test.symbols[torch.randperm(len(test), generator=torch.Generator().manual_seed(16))]
torch.manual_seed(1)
altered = replaced(lines)
with torch.no_grad():
    suspected = detector.eval()(altered).sigmoid()
wrong, words = altered != lines, lines > 0
print(f"held-out lines, word by word: AUC {auc(suspected[wrong], suspected[words & ~wrong]):.2f}")
figure, axes = plt.subplots(figsize=(7.2, 4.0))
plain = [not any("<" in one for one in train.read(torch.stack(pair))) for pair in zip(lines, altered, strict=True)]
shown = (wrong.any(1) & torch.tensor(plain)).nonzero()[:8, 0]  # without rare words, of which D sees the class alone
for row, k in enumerate(shown):
    left = 0
    for place, word in enumerate(train.read(altered[k : k + 1])[0].split()):
        right = left + len(word) + 2
        ground = plt.Rectangle((left, row - 0.4), right - left - 0.4, 0.8, color=style.DISCRIMINATOR, lw=0)
        axes.add_patch(ground).set_alpha(0.8 * float(suspected[k, place]))
        axes.text((left + right) / 2 - 0.2, row, word, ha="center", va="center")
        if wrong[k, place]:
            axes.plot([left + 0.5, right - 0.9], [row + 0.3] * 2, color=style.FAKE, lw=2.5)
        left = right
axes.text(0, 8.6, "probability that it was replaced:", va="center")
for k, share in enumerate((0, 0.25, 0.5, 0.75, 1)):
    axes.add_patch(plt.Rectangle((33 + 6 * k, 8.2), 5.6, 0.8, color=style.DISCRIMINATOR, lw=0)).set_alpha(0.8 * share)
    axes.text(35.8 + 6 * k, 8.6, f"{share:g}", ha="center", va="center")
axes.set(xlim=(0, 66), ylim=(9.2, -0.6))
axes.set_axis_off()
axes.set_title("D finds some of the replaced words (underlined), and misses others")
plt.show()

# %% [markdown]
# The printed AUC is well above guessing and far from certainty (one run, one set of replacements). Look for a miss, an
# underlined word that is pale, and for a mistake, a word that is darker than its neighbours and not underlined.
#
# D's loss covers every word; a model that learns from hidden words has a loss on 15 % of them only. Clark et al. found
# that a large part of ELECTRA's gain comes from this difference.
#
# ### And news? Headlines whose rules are known
#
# Real headlines belong to newspapers. Ours come from a small grammar, [`data.grammar`](../gan_lessons/data/grammar.py),
# which can say of a line which of its three rules it keeps:
#
# - *form*: the phrases follow one of the grammar's patterns,
# - *agreement*: verb and possessive have the number of their subject, whatever stands between them,
# - *topic*: the whole line is about one topic.

# %%
from gan_lessons.data.grammar import parse

for line in (
    "banks in the north raise their dividend after weak sales",
    "banks in the north raises their dividend after weak sales",
    "banks in the north raise their dividend as storms hit the coast",
):
    print(line, "\n   ", parse(line))

# %% [markdown]
# The last two rules reach over several words, so a model of word pairs cannot follow them reliably. The recipe
# `headlines` is the recipe `verse` on about 5,000 such lines. We trained in three ways, each with three seeds:
#
# - 1,000 steps of likelihood,
# - the same and then 1,000 steps with D (the GAN),
# - 4,000 steps of likelihood, which take about as long as the GAN.
#
# In the table, *formed* is the share of all lines with a form of the grammar. *Agrees* and *topical* are shares **of
# the formed lines only**: shuffled lines have 1.00 there, though only one in a hundred is formed. *Lawful* is the share
# of all lines that keep all three rules.

# %% tags=["hide-input"]
news = json.loads(Path("results/headlines.json").read_text())
ways = {"likelihood": style.REFERENCE, "GAN": style.FAKE, "likelihood, 4,000 steps": style.AVERAGE}
columns = ("formed", "agrees", "topical", "lawful", "surprise", "self_bleu")
print(f"{'at T = 1':<32}" + "".join(f"{name:>10}" for name in columns) + "   lawful, each seed  seconds")
for name in ("shuffled", "bigrams", *ways, "real"):
    runs = news["made"][name]
    first = [runs] if isinstance(runs, dict) else [run["curve"][0] for run in runs]
    means = [sum(one[column] for one in first) / len(first) for column in columns]
    each = "" if isinstance(runs, dict) else "  ".join(f"{one['lawful']:.2f}" for one in first)
    seconds = "" if isinstance(runs, dict) else f"{sum(run['seconds'] for run in runs) / len(runs):.0f}"
    print(f"{name:<32}" + "".join(f"{mean:10.2f}" for mean in means) + f"{each:>20}{seconds:>9}")

# %% alt="How many headlines keep all rules against how much they share with each other (self-BLEU), for three ways of training at three temperatures, three seeds each. Lower temperatures lie further up and to the right. The GAN's three curves lie a little above those of the likelihood model that it began with. Those of 4,000 steps of likelihood lie above both, between .97 and 1. Real headlines are at 1, with a self-BLEU of .83." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.4))
for name, color in ways.items():
    for run in news["made"][name]:
        shared, lawful = ([one[key] for one in run["curve"]] for key in ("self_bleu", "lawful"))
        axes.plot(shared, lawful, "o-", color=color, lw=1, ms=4, alpha=0.7)
places = {"likelihood": (0.764, 0.735), "GAN": (0.7825, 0.907), "likelihood, 4,000 steps": (0.764, 0.985)}
for name, place in places.items():
    axes.text(*place, name, color=ways[name], va="center")
real = news["made"]["real"]
axes.plot(real["self_bleu"], real["lawful"], "D", color=style.REAL)
axes.text(real["self_bleu"], 1.025, "real", color=style.REAL, ha="center", va="center")
axes.text(0.845, 0.75, "each curve a seed: T = 1, .8, .6\nfrom left to right", ha="right", va="center", color="0.35")
axes.set(xlabel="self-BLEU (right: more alike)", ylabel="share that keeps all rules", ylim=(0.71, 1.05))
axes.set_title("The GAN's steps help; as much time for likelihood helps more")
plt.show()

# %% [markdown]
# - **Word pairs are not enough.** The bigram model's *surprise* is near that of real headlines, yet less than a tenth
#   of its lines keep all rules.
# - **The GAN's steps helped.** In each seed more of the GAN's lines keep all rules than of the model that it began
#   with. Cooling that model has a similar effect; at equal self-BLEU the GAN lies a little higher.
# - **The same time spent on likelihood helped more**, in all three seeds. So this is no case for the GAN. Nor do we
#   know how much of its gain is D's: its loss also contains the likelihood term, and no run has that term alone.
#
# And real headlines? `--data` takes a file of your own, or the hub's sets. The business headlines of
# `hub:guardian_headlines` leave 2,154 to learn from. That seems to be too few:

# %% tags=["hide-input"]
for name in ("real", "likelihood", "GAN", "shuffled"):
    found = news["guardian"][name]
    print(f"{name:<12}surprise {found.get('curve', [found])[0]['surprise']:.2f} nats a word")
print("\nthe GAN's:", *news["guardian"]["GAN"]["lines"][4:7], sep="\n    ")

# %% [markdown]
# To a bigram model of other headlines, both writers' lines are hardly more likely than real headlines with their words
# shuffled. (One seed. Here `<>` and `<ed>` stand for rare words, with the ending *-ed* in the second, and `<0>` stands
# for a number.)
#
# With a graphics card you could try `gan-lessons train headlines --data hub:ag_news --size gpu`, on 120,000 headlines
# (for non-commercial use; not run here).
#
# ## 6 · VerseLab
#
# Begin a line, and let both writers finish it. Large dots are stressed syllables, a red disc marks one in the wrong
# place, and ✓ stands for a line that scans. Both writers draw with the same random numbers.
#
# Try "A summer's day", then "Cold" and "Hot"; then type a beginning of your own. **N** brings other lines.

# %% alt="VerseLab: lines by the likelihood model in purple, by the GAN in orange, and two real ones in blue, each a row of words under the dots of its syllables, with red discs behind dots in the wrong place and a tick at the end of a line that scans." tags=["long"]
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
# Most of the remedies in the last column were not tested in this chapter.
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | D's loss stays at the level of guessing | the same D against shuffled lines, for as many steps | if it fails there, more steps or a higher learning rate for D; if it passes, D sees gross disorder, and it may still miss subtler faults: try another kind of classifier, such as the bigram judge |
# | D tells real from written at once, on training lines only | its AUC on held-out lines beside that on training lines | dropout in D, a smaller D, fewer steps |
# | lines improve and grow alike | self-BLEU at a fixed count | a larger anchor, a lower learning rate, fewer steps |
# | the rewards are high, the lines are bad | a judge that is not D | stop earlier: G exploits D's blind spots |
# | the metre is perfect and the sense is gone | several judges, each with its floor | choose by several measures, never by one |
# | a brilliant line | its longest run shared with the training text | split by poem; count copies |
# | lines from noise are poor, or few and alike | the codes' mean, variances and correlations beside normal noise | a larger weight for D; hide more words |
# | a walk jumps | share of words that stay from step to step | hide more words from the encoder |
#
# ## What we saw
#
# - A dictionary, without a network, can judge lines by metre and rhyme. It does not ask for sense.
# - A small LSTM whose word vectors know their stresses writes lines that scan nearly as often as real ones, and mean
#   nothing.
# - Dense rewards score every prefix. With a D that guessed, 400 steps left the likelihood model where it was. With a D
#   of shuffled lines, 30 steps brought no more than cooling does (one run each).
# - A control shows what a D can see. Ours tell shuffled and bigram lines from real ones, but hardly the LSTM's, for
#   which a bigram judge does better.
# - Gradients pass through codes. In our one run the writer uses its code, but the codes are not normal, and fewer of
#   the lines from noise scan.
# - On headlines by a grammar the GAN's lines keep the rules more often than those of the model it began with; the same
#   time spent on likelihood did more (three seeds).
# - Test a discriminator's choices. The D of shuffled lines has an AUC near .5 on the LSTM's lines, and yet far more of
#   the lines that it chooses scan. The D of the LSTM's lines chooses no better than chance.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. D's loss stays at 2 log 2 while it reads a generator's lines. What do you try first?
#    <details><summary>A · A larger generator</summary><b>No.</b> Nothing says yet that the generator is to blame.</details>
#    <details><summary>B · The same D on lines that are known to be bad</summary><b>Right.</b> A control tells a D that is blind from lines that are good.</details>
#    <details><summary>C · A higher temperature</summary><b>No.</b> It makes the lines worse, and still leaves open what D can see.</details>
# 2. A discriminator has an AUC of .5 for your generator's lines. Can it choose the better ones among them?
#    <details><summary>A · Never</summary><b>No.</b> The D of shuffled lines has an AUC of .51 on the LSTM's lines, and of those that it chose far more scan.</details>
#    <details><summary>B · Always</summary><b>No.</b> The D that learnt from the LSTM's own lines all but guessed (.53), and chose no better than chance.</details>
#    <details><summary>C · That has to be tested on its choices</summary><b>Right.</b> What counts is whether its score follows quality, which the AUC against real lines does not say.</details>
# 3. What flows from D to the writer in section 3?
#    <details><summary>A · A reward for each word</summary><b>Right.</b> The drawn word stops the gradient; REINFORCE needs only a number.</details>
#    <details><summary>B · A gradient through the words</summary><b>No.</b> A drawn word is one of 2,034, and drawing it is not differentiable.</details>
#    <details><summary>C · Nothing</summary><b>No.</b> Then the writer would not learn from D at all.</details>
#
# ### In your own words
#
# 1. Why is the split by poem and not by line?
#    <details><summary>Answer</summary>Neighbouring lines share names, rhymes and phrases. A held-out line whose
#    neighbours were learnt looks more likely than new verse is, and a copied phrase would count as new.</details>
# 2. A model's lines scan more often than real ones. Is it the better poet?
#    <details><summary>Answer</summary>No. The judge fails about a quarter of real lines, more often for their number of
#    syllables than for their stresses, and poets break the metre on purpose. A model
#    that passes more often may have learnt the judge's idea of a line, or write only the commonest rhythm.</details>
# 3. Why does D score prefixes, and what would a single score at the end change?
#    <details><summary>Answer</summary>With rewards at each prefix, the words of a line have different returns, and a fault can be traced to its place. With one at the end,
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
# - Gehrmann et al. 2019, *GLTR* ([arXiv:1906.04043](https://arxiv.org/abs/1906.04043)), and Mitchell et al. 2023,
#   *DetectGPT* ([arXiv:2301.11305](https://arxiv.org/abs/2301.11305)): detectors of written text. Bradley & Terry
#   1952, *Rank analysis of incomplete block designs*, Biometrika 39: preferences as differences of scores.
# - Lau et al. 2018, *Deep-speare* ([arXiv:1807.03491](https://arxiv.org/abs/1807.03491)): sonnets with models of
#   metre and rhyme.
#
# [← 15 Text](15_text.ipynb) · [contents](00_start.ipynb) · [17 Sound →](17_sound.ipynb)
