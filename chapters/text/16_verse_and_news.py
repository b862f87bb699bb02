# %% [markdown]
# # 16 · Verse and news
#
# [← 15 Text](15_text.ipynb) · [contents](00_start.ipynb) · [17 Sound →](17_sound.ipynb) · [assignment](assignments/release/16_verse_and_news/16_verse_and_news.ipynb)
#
# **A word was hard. Can a GAN write a whole line of verse, and if it cannot, what else is a discriminator good for?**

# %% tags=["hide-input"]
from collections import Counter
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure
from torch import nn
from tqdm.auto import tqdm

from gan_lessons import estimators, losses, recipes, results
from gan_lessons.data.grammar import parse
from gan_lessons.data.pronounce import rhyme
from gan_lessons.data.verse import poems, shuffled, sounds, verse, vocabulary
from gan_lessons.judges.ngrams import tidy
from gan_lessons.judges.readers import auc, score, teach
from gan_lessons.judges.verse import probability
from gan_lessons.metrics import comparisons
from gan_lessons.metrics.metre import rhyming, scansion, sonnet
from gan_lessons.metrics.verse import verse_scores
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.networks.verse import LineAutoencoder, WordVectors
from gan_lessons.plots import diagrams, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.plots.motion import Animation
from gan_lessons.plots.verse import capitals, draw_scansion
from gan_lessons.recipes.verse import counted, dealt, surprise

torch.set_num_threads(1)
torch.manual_seed(16)
style.use()
train, test, filled = verse().train, verse().test, vocabulary().filled

# %% alt="Fifteen lines of verse: five by the GAN in orange, five by Shakespeare and Milton in blue, and the same shuffled in grey. Large dots are stressed syllables, small dots the others; rings mark those in a wrong place, two rings where the fault costs 2. On the right, whether the line scans, and if not, its cost or number of syllables." tags=["hide-input", "long"]
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
# Read the orange lines aloud. Some have the metre of Shakespeare and Milton, and none makes sense. They are the GAN's
# first five without a rare word. Part of their metre is a gift: the network is told which syllables are stressed.
#
# A large dot is a stressed syllable, and a shaded column wants one. A ring marks a syllable in the wrong place: one ring
# costs 1, two rings cost 2. A line may have a few rings and still **scan**, that is, keep the metre. (In the last blue
# line the dictionary takes *torments* for the noun.)
#
# From 3,000 such lines one can even make a sonnet:

# %% alt="An animation: two sonnets appear line by line, with the letters of their rhymes, abab cdcd efef gg. In orange, fourteen invented lines in iambic pentameter without much sense; in blue, real lines, put together by the same rules." tags=["hide-input", "long"]
invented = [line for line in train.read(drawn) if "<" not in line]
poems_made = {
    "invented lines": (sonnet(invented), style.FAKE),
    "real lines, of many poems": (sonnet(simple), style.REAL),
}


def page(count):
    figure = Figure(figsize=(7.2, 3.9), dpi=102, layout="none")
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


# the whole page comes first, for a still picture
Animation([page(14), *(page(count) for count in range(1, 15))], milliseconds=700, rest=6000, width=720, colors=16)

# %% [markdown]
# On both sides a short program picked the first fourteen lines that scan and rhyme as they should. Nothing taught the
# network to rhyme. And what did the discriminator teach it? A control will tell.
#
# **You will** train a GAN that starts from a language model, build another whose discriminator sees codes and no words,
# and let discriminators choose among lines.
#
# **You will learn** to
# - judge lines by metre, copies and variety,
# - reward a generator for every word,
# - test what a discriminator can see, and what it adds to a training,
# - interpolate between lines, rerank them, and build a reward model and a detector of replaced words.
#
# **You will need** chapters [08](08_measuring_a_gan.ipynb) and [15](15_text.ipynb), and a minute or two on a laptop.
#
# ## 1 · A line and its judges
#
# The lines come from Shakespeare's 154 sonnets (1609) and Milton's *Paradise Lost* (1667), without punctuation. Of about
# 12,700 we leave out some 2,400, mostly because our pronouncing dictionary lacks one of their words.
#
# In chapter 15 a token was a letter; here it is a word. Nearly half of the different words occur only once, too seldom
# to be learnt. So only the 2,000 most frequent ones are tokens. A rarer word is replaced by its *class*: its stresses
# (0 is weak, 1 is strong) and its ending. The class `<01ed>` holds *deceived*, for example.
#
# When we print a network's lines, we fill each class with one of its words: the network chose only rhythm and ending.

# %%
counts = Counter(word for poem in poems() for line in poem for word in line)
print(f"{sum(count == 1 for count in counts.values()):,} of {len(counts):,} different words occur once\n")
print(f"{'what the network sees':<52} filled with other rare words\n")
for line in train.read()[::1300]:
    print(f"{line:<52} {filled(line)}")
print(f"\n{len(train):,} lines to train, {len(verse().judge):,} for the judges, {len(test):,} held out")
print(f"{train.kinds:,} tokens, of which {len(vocabulary().rare)} are classes of rare words")

# %% [markdown]
# The three parts are split **by poem**, *Paradise Lost* by paragraph, so that no phrase of a neighbouring line
# passes for an invention.
#
# ### Metre, by a dictionary
#
# These lines are **iambic pentameters**: ten syllables that alternate between
# weak and strong places, as in "shall **I** com**pare** thee **to** a **sum**mer's **day**". The dictionary says which
# syllables of a word are stressed. This is enough for **scansion**, the reading of a line's metre.
#
# Each fault has a cost:
#
# | word | what is a fault | cost |
# |---|---|---|
# | of several syllables | a stress in a weak place, or a weak syllable in a strong one | 2 each |
# | of one syllable | a function word such as *the* in a strong place, or a content word in a weak one | 1 |
#
# A line may open with a strong syllable at no cost, as in "**Know**ing thy heart".
#
# A line **scans** if it has ten syllables (or eleven, with a weak one at the end) and costs at most 3. At 3 real and
# shuffled lines are furthest apart.
#
# The dictionary also hears rhymes: two words rhyme if they sound alike from their last stressed vowel on. It speaks as
# we do today, and so misses some of Shakespeare's.

# %%
print(f"{'share of lines that scan':<26}real  shuffled")
read = [[scansion(line) for line in verse().judge.read(some)] for some in (None, shuffled(verse().judge.symbols))]
for cost in range(1, 6):
    real, mixed = (np.mean([one.right_length and one.cost <= cost for one in lines]) for lines in read)
    print(f"   a cost of {cost} is allowed {real:7.2f}{mixed:10.2f}" + "   furthest apart" * (cost == 3))

sonnets = [[" ".join(line) for line in poem] for poem in poems()[:154] if len(poem) == 14]
mixed = [[sonnets[(n + k) % len(sonnets)][k] for k in range(14)] for n in range(len(sonnets))]
heard, by_chance = (np.mean([*map(rhyming, every)]) for every in (sonnets, mixed))
print(f"\nrhymes heard: {heard:.2f} of those in sonnets, {by_chance:.2f} among lines of different sonnets")
print("thee and see rhyme:", rhyme("thee", "see"), "  love and prove rhyme:", rhyme("love", "prove"))

# %% [markdown]
# > **Your turn.** Write a sentence of ten syllables about your breakfast and ask `scansion` about it. Then change as
# > little as you can so that it fails. What does `scansion` ignore?
# > <details><summary>Solution</summary>
# >
# > "I had some toast and honey with my tea" scans, at a cost of 2. "I had some toast with honey and tea" has nine
# > syllables, and does not. `scansion` listens to sounds and ignores sense.
# > </details>
#
# > **Your turn.** Persian spells its rhymes. In a *ghazal* the first half-line and every second one end alike. Count this
# > in the 495 of Hafez (14th century): `ghazals()` of `gan_lessons.data.ghazals` has them, `gan_lessons.metrics.ghazals`
# > has `rhyming` and, for the floor, `dealt`. How many letters should agree?
# > <details><summary>Solution</summary>
# > <table dir="rtl" lang="fa"><tr><td>الا یا ایها الساقی ادر کاسا و ناول<b>ها</b></td><td>که عشق آسان نمود اول ولی افتاد مشکل <b>ها</b></td></tr><tr><td>به بوی نافه ای کاخر صبا زان طره بگشاید</td><td>ز تاب جعد مشکینش چه خون افتاد در دل <b>ها</b></td></tr></table>
# >
# > Two: then .97 of the rhymes are heard, and .04 among half-lines dealt at random. One letter hears .17 by chance,
# > four hear only .67.
# > </details>
#
# ### Four more measures
#
# A line can scan and still be broken or copied. The first two measures learnt from poems set apart for the judges.
#
# - **whole**: the share of lines that a small convolutional network takes for whole. It was taught to tell real lines
#   from broken ones, with words shuffled, exchanged or taken from other lines.
# - **surprise**: the cross-entropy in nats per word under the *bigram judge*. This *bigram model* counts word pairs, and
#   predicts each word from the one before it. Lower is likelier.
# - **self-BLEU** ([chapter 15](15_text.ipynb)): how much the 500 lines share with each other. Higher means more alike.
# - **longest**: the most words in a row that any of the 500 lines shares with a training line. A long run may be a copy; real lines reach six words.

# %% tags=["long"]
stored = results.table("verse")
NAMES = {"scans": "scans", "whole": "whole", "surprise": "surprise", "self_bleu": "self-BLEU", "longest": "longest"}


def table(rows):
    print(f"{'500 lines each':<28}" + "".join(f"{name:>11}" for name in NAMES.values()))
    for name, scores in rows.items():
        print(f"{name:<28}" + "".join(f"{scores[key]:11.{2 * (key != 'longest')}f}" for key in NAMES))


table({"real, held out": stored["real"], "the same, shuffled": stored["shuffled"]})

# %% [markdown]
# The first row is the reference, the second the floor for the first three measures.
#
# **Poets break the rules, too:** about a quarter of the real lines do not scan, and as many are not taken for whole. A
# model that scores higher has not surpassed these poets.
#
# ## 2 · A reward for every word
#
# Can D teach a writer whose words let no gradient through? We begin with a writer that knows a good deal already, the
# *likelihood model*: an LSTM that learns by maximum likelihood to guess each next word, as in chapter 15.
#
# The model is told the stresses. A word's vector is the sum of its own and one shared by all words with the same
# stresses; the last layer uses these vectors again ([Press & Wolf 2017](https://arxiv.org/abs/1608.05859)).

# %% tags=["long"]
model = recipes.find("verse", "likelihood").load()
for temperature in (1.0, 0.6):
    print(f"temperature {temperature}:")
    for line in train.read(recipes.find("verse", "likelihood").samples(model, 4, seed=3, temperature=temperature)):
        print("   ", filled(line))
print()
table({f"temperature {row['temperature']}": row for row in stored["likelihood"][::2]})

# %% [markdown]
# **At a temperature of 1 its lines scan nearly as often as real ones.** Cooled, they scan more often and grow more
# alike. None makes sense for long. (A share of .7 of 500 lines has a standard error of .02.)
#
# In the GAN, G is the same LSTM and starts from these weights. In the block diagram one arrow is crossed out, since
# drawing a word is not differentiable.

# %% alt="The block diagram of a GAN: random draws, generator, its lines beside real lines, discriminator, losses. A gradient flows back to the discriminator. The next one, from there to the lines, is crossed out and says: no gradient." tags=["hide-input"]
lit = ["noise", "generator", "fake", "real", "discriminator", "losses", "gradient to D", "no gradient to fake"]
diagrams.gan(lit, real="lines", noise="random draws")

# %% [markdown]
# [Chapter 15](15_text.ipynb#The-first-family:-reward-what-was-drawn) found two ways past this break: a relaxation such
# as the Gumbel-softmax, and **REINFORCE**. It asks D only for a number, the reward, and makes what earned much more
# likely.
#
# But one reward for a whole line does not say which of its words was bad. ScratchGAN (de Masson d'Autume et al. 2019)
# therefore gives **dense rewards**: D reads from left to right and scores every **prefix**, the first word, the first
# two, and so on.
#
# Here is a line that goes wrong at its end, with made-up rewards. Read the lowest row from right to left:

# %% alt="Dense rewards in four columns, for the words shall, I, compare and of. Under each stands D, one LSTM, with its reward: 0, 0.2, 0.2 and minus 0.6. In the lowest row, from right to left, each return is the reward plus half the next return; that of compare is minus 0.1." tags=["hide-input"]
words, rewards = ("shall", "I", "compare", "of"), (0.0, 0.2, 0.2, -0.6)
boxes, arrows, after = [], [], None
for k, (word, reward) in reversed([*enumerate(zip(words, rewards, strict=True))]):
    value = reward + (0.5 * after[0] if after else 0)
    rest = f" + ½ · {after[0]:.3g}".replace("-", "−") if after else ""
    column = [f"“{word}”", f"D reads {k + 1}", f"reward r{'₁₂₃₄'[k]}", f"R{'₁₂₃₄'[k]} = {value:.3g}".replace("-", "−")]
    texts = ["drawn by G", f"word{'s' * (k > 0)} of the line", f"{reward:g}".replace("-", "−")]
    texts.append(f"{reward:g}{rest}".replace("-", "−") if after else "its reward alone")
    roles = ("fake", "discriminator", "discriminator", "plain")
    boxes += [Box(name, k, row, texts[row], roles[row]) for row, name in enumerate(column)]
    arrows += [Arrow(*pair) for pair in zip(column, column[1:], strict=False)]
    if after:
        arrows += [Arrow(column[1], after[1]), Arrow(after[2], column[3])]
    after = value, column[1], column[3]
diagrams.flow(boxes, arrows)


# %% [markdown]
# **Score and reward.** D is an LSTM, too. Its state after word $t$ has seen only the words up to $t$, so one pass over a
# line scores all its prefixes. The score $s_t$ becomes the reward $r_t = 2\sigma(s_t) - 1$ of the prefix's last word: near
# 1 if D is sure of a real line, near −1 if it is sure of a written one, and 0 where it cannot tell.
#
# **Return.** A word also decides what can follow it. So it is judged by its *return*, its own reward plus half the next
# word's return, $R_t = r_t + \tfrac12 R_{t+1}$. The **discount** of ½ lets the blame fade with distance, and trades some bias for less noise.
#
# D's loss is the cross-entropy of [chapter 03](03_the_discriminator.ipynb), with every prefix as one sample. D is told
# the stresses, too.

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


# %% tags=["library"]
def to_go(rewards, discount=1.0):
    values = [rewards[:, -1]]
    for reward in rewards.flip(1).unbind(1)[1:]:
        values.append(reward + discount * values[-1])
    return torch.stack(values, dim=1).flip(1)


# %% [markdown]
# **Baseline.** A return of 0.3 is no merit where every line earns 0.3. So we subtract a baseline $b_t$, the mean return of
# the *other* lines of the batch at the same position. Suppose that these earned 0.1 at every position:

# %%
returns = to_go(torch.tensor([rewards]), discount=0.5)
print(f"{'word':<16}" + "".join(f"{word:>9}" for word in words))
for name, row in (("reward r", torch.tensor([rewards])), ("return R", returns), ("R − 0.1", returns - 0.1)):
    print(f"{name:<16}" + "".join(f"{value:+9.3f}" for value in row[0]))

# %% [markdown]
# So *of* becomes less likely here, and *compare* before it, too.
#
# **Loss.** With $R_t - b_t$ held constant, G descends
#
# $$-\sum_t (R_t - b_t) \log q(\text{word}_t \mid \text{words before}) \;+\; \lambda \, \mathrm{NLL}(\text{real lines}),$$
#
# where $q$ is the probability that G gives the word.
#
# **Anchor.** The second term, the negative log-likelihood of real lines with $\lambda = 0.1$, keeps the writer close to
# its start. It is itself a training by likelihood.
#
# The end of a line counts as a word, and a short line is filled up with ends. So every line has ten rewards, and none
# earns more by being long.
#
# Here are sixteen steps for D alone, and eight for both:

# %%
live = replace(recipes.find("verse"), steps=24, waiting=16)
gan_live, data = live.build(seed=16), live.data()
records = list(tqdm(live.train(gan_live, data), total=live.steps))
last = records[-8:]
print(f"last 8 steps: D's loss {np.mean([float(one.discriminator_loss) for one in last]):.3f} (guessing: 1.386), "
      f"mean score of real prefixes {np.mean([float(one.real_score) for one in last]):+.3f}, "
      f"of written ones {np.mean([float(one.fake_score) for one in last]):+.3f}")  # fmt: skip

# %% [markdown]
# D's loss is that of guessing. Perhaps this D sees nothing yet. Or perhaps it sees gross faults, and these lines have
# none.
#
# ### Is D blind?
#
# The loss cannot tell. A **control** can: teach a fresh D, at the same learning rate, on lines that we know to be bad,
# here real lines *shuffled*.
#
# We measure D by the AUC ([chapter 03](03_the_discriminator.ipynb)): how often D scores a held-out real line, read to
# its end, above a bad one. Guessing gives 0.5.

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
# **So the live run proves nothing:** after as few steps D cannot even tell *shuffled* lines from real ones. After 400 it
# can, and to it the GAN's lines look as good as real ones.
#
# Are the lines good, or did D never meet their faults? A stored control teaches three kinds of D: on *shuffled*
# lines, on lines of a *bigram model* of G's training poems, and on lines of the *likelihood model*. Each then reads new
# lines of all three kinds. So do a convolutional D, taught on the model's lines, and section 1's bigram judge.

# %% alt="A table of AUC: five readers, three kinds of lines; a frame marks the kind that a D was taught on. Trained on shuffled lines: 0.94 on these, 0.87 on bigram lines, 0.51 on the model's. On bigram lines: 0.67, 0.94, 0.51. On the model's: 0.51, 0.52, 0.53; convolutional: 0.57, 0.50, 0.57. The bigram judge: 0.72, 0.58, 0.60." tags=["hide-input", "long"]
readers = results.table("verse_readers")
KINDS = {"shuffled": "shuffled lines", "pairs": "bigram lines", "likelihood": "the model's lines"}
seen = [
    [np.mean([one[kind] for one in readers["auc_of_each"][f"prefixes, {taught}"]]) for kind in KINDS]
    for taught in KINDS
]
seen.append([np.mean([one[kind] for one in readers["auc_of_each"]["windows, likelihood"]]) for kind in KINDS])
seen.append([readers["auc_of_pairs"][kind] for kind in KINDS])
figure, axes = plt.subplots(figsize=(7.2, 3.3))
axes.imshow(seen, cmap="Greens", vmin=0.5, vmax=1.1, aspect="auto")
for row, values in enumerate(seen):
    for column, value in enumerate(values):
        axes.text(column, row, f"{value:.2f}", ha="center", va="center", color="white" if value > 0.85 else "black")
for row, column in enumerate((0, 1, 2, 2)):  # what each D was taught on
    axes.add_patch(plt.Rectangle((column - 0.47, row - 0.45), 0.94, 0.9, fill=False, edgecolor="black", lw=2.2))
axes.set_xticks(range(3), KINDS.values())
names = [*(f"trained on {name}" for name in KINDS.values()), "the same, convolutional", "the bigram judge"]
axes.set_yticks(range(5), names)
axes.set_xlabel("AUC on new lines against real ones, mean of three seeds\nframed: the kind that this D was taught on")
axes.tick_params(length=0)
axes.spines[:].set_visible(False)
axes.set_title("D learns gross faults, but hardly the model's lines")
plt.show()
on_old = (np.mean([one["train"] for one in readers["auc"][kind]["likelihood"]]) for kind in ("prefixes", "windows"))
print("AUC on the model's lines that they learnt from: D {:.2f}, the convolutional D {:.2f}".format(*on_old))

# %% [markdown]
# **The last column answers: even the D taught on the likelihood model's lines all but guesses on them.** The lines are not
# faultless, since the convolutional D and the bigram judge do a little better. But the convolutional D *overfits*: its
# AUC is .86 on the lines that it learnt from and .57 on new ones.
#
# <details><summary>Fine print</summary>
#
# The three learnt for 250 steps at five times your D's rate, the convolutional D for 1,000 at a lower rate.
# </details>
#
# Since D scores every prefix, we can watch yours read two training lines, each beside a copy with a mistake (in the
# figure, the first pair):

# %% alt="D's score after each word of Shall I compare thee to a summer's day. The shared beginning, in grey, is above 0 for three words and below 0 from thee on. At the last word the real line, in blue, rises to just above 0, and the copy, which ends in of, falls to minus 0.8, in orange." tags=["hide-input"]
pairs = [
    ("shall i compare thee to a summer's day", "shall i compare thee to a summer's of"),
    ("when i do count the clock that tells the time", "when i do count the clock the tells that time"),
]
read = []
for pair in pairs:
    coded = [" ".join(vocabulary().symbol(word) for word in line.split()) for line in pair]
    with torch.no_grad():
        read.append(reader(train.write(coded))[:, : len(pair[0].split())])
    for line, scores in zip(pair, read[-1], strict=True):
        print(f"{line:<47} last three rewards:" + "".join(f"{2 * one.sigmoid() - 1:+7.2f}" for one in scores[-3:]))
(of_real, of_wrong), places = read[0], range(8)
figure, axes = plt.subplots(figsize=(7.2, 3.2))
axes.axhline(0, color="0.8", lw=1.5)
for scores, color, label in ((of_real, style.REAL, "“day”: the real line"), (of_wrong, style.FAKE, "“of”: a mistake")):
    axes.plot(places[-2:], scores[-2:], "o-", color=color, lw=2.5, ms=8)
    axes.annotate(label, (7, scores[-1]), xytext=(10, -4), textcoords="offset points", color=color)
axes.plot(places[:-1], of_real[:-1], "o-", color=style.REFERENCE, lw=2.5, ms=7)
axes.set_xticks(places, [*pairs[0][0].split()[:-1], "…"])
axes.set(ylabel="D's score of the prefix", xlim=(-0.3, 9.2))
axes.set_title("At the last word the real line rises and the copy falls")
plt.show()


# %% [markdown]
# The right word lifts the reward to +.04, and the wrong one sinks it to −.38. Yet D dislikes half of this real line,
# although it learnt from it. And in the second pair it punishes nothing, perhaps because the rhythm stays.
#
# ## 3 · Switch D's rewards off
#
# What did D's rewards do to the verse? In the stored run D had 200 steps alone, and then both had 400. Its control is
# *the same training with the rewards multiplied by 0*, so that only the anchor teaches G.
#
# The **relaxation** gets the same trial: the same start, D, anchor and number of steps. Its words are one-hot, drawn by the
# straight-through Gumbel-softmax of [chapter 15](15_text.ipynb#The-second-family:-pretend-that-the-letter-is-soft), and
# D's *slope* reaches G through them. As in RelGAN (Nie et al. 2019) the temperature falls, here from 1 to 0.1, and the
# loss is relativistic.
#
# Any writer can buy quality with variety, by cooling. So we plot one against the other, beside the temperature curve of
# the model that both began as (Caccia et al. 2020). A training that helps leaves this curve, to the left or up.

# %% tags=["hide-input"]
def plane(axes, key, curves):
    """Quality against variety; the bars on the first curve are two standard errors of a share of 500 lines."""
    for k, (rows, color, mark) in enumerate(curves):
        xs, ys = (np.array([row[part] for row in rows]) for part in ("self_bleu", key))
        axes.plot(xs, ys, mark, color=color, ms=7, mew=1.8, lw=2 - 0.6 * (mark == "x--"), zorder=2 + k)
        if k == 0:
            axes.errorbar(xs, ys, yerr=2 * (ys * (1 - ys) / 500) ** 0.5, fmt="none", color=color, capsize=2)
    place = stored["real"]["self_bleu"], stored["real"][key]
    axes.plot(*place, "*", color=style.REAL, ms=15, mfc="none", mew=1.6, zorder=9)
    axes.annotate("real", place, xytext=(-9, 7), textcoords="offset points", color=style.REAL, ha="right")
    axes.set(xscale="log", xlim=(0.07, 1.1), ylim=(0.55, 1.0))
    axes.set_ylabel({"scans": "share that scans", "whole": "share taken for whole"}[key])
    axes.set_xticks([0.1, 0.2, 0.4, 0.8], ["0.1", "0.2", "0.4", "0.8"])
    axes.minorticks_off()
    axes.set_xlabel("self-BLEU (left is more varied)")


# %% alt="Left, the share that scans against self-BLEU. A purple curve with bars is the likelihood model, from temperature 1 at the lower left to 0.5 at the upper right. The GAN's orange dots by rewards, its magenta plus signs by relaxation, black crosses with the rewards off, and real lines, a hollow star, lie along it. Right, the differences from the model in the shares that scan and that are taken for whole: nearly all within a grey band of two standard errors, which is .06 wide on either side at T = 1 and narrows." tags=["hide-input", "long"]
start, gan_rows, control = stored["likelihood"], stored["gan"], stored["gan without rewards"]
relaxed = results.table("verse_relaxation")
heats = [row["temperature"] for row in start]
sides = {
    "GAN, rewards": (gan_rows, style.FAKE, "o"),
    "GAN, relaxation": ([row for run in relaxed["made"] for row in run["curve"]], style.GRADIENT, "+"),
    "rewards off": (control, "black", "x"),
}
figure, panels = plt.subplot_mosaic([["plane", "scans"], ["plane", "whole"]], figsize=(7.2, 4.2))
plane(panels["plane"], "scans", [(start, style.AVERAGE, "o-"), *sides.values()])
for row, shift, side in ((start[0], (-7, -8), "right"), (start[-1], (-8, 6), "right")):
    panels["plane"].annotate(f"T = {row['temperature']:g}", (row["self_bleu"], row["scans"]), xytext=shift, ha=side,
                             textcoords="offset points", color=style.AVERAGE)  # fmt: skip
panels["plane"].plot(0.26, 0.655, "o-", color=style.AVERAGE, ms=7)
panels["plane"].text(0.31, 0.655, "likelihood model", color=style.AVERAGE, va="center")
panels["plane"].set_title("All on the model's curve", fontsize=11)
for axes, key in ((panels["scans"], "scans"), (panels["whole"], "whole")):
    begun = np.array([row[key] for row in start])
    axes.fill_between(heats, 2 * (2 * begun * (1 - begun) / 500) ** 0.5, -2 * (2 * begun * (1 - begun) / 500) ** 0.5,
                      color="0.9", lw=0)  # fmt: skip
    axes.axhline(0, color=style.AVERAGE, lw=2)
    for k, (name, (rows, color, mark)) in enumerate(sides.items()):
        apart = [row[key] - dict(zip(heats, begun, strict=True))[row["temperature"]] for row in rows]
        axes.plot([row["temperature"] for row in rows], apart, mark, color=color, ms=8, mew=2)
        if key == "scans":
            panels["plane"].plot(0.26, 0.627 - 0.028 * k, mark, color=color, ms=8, mew=2)
            panels["plane"].text(0.31, 0.627 - 0.028 * k, name, color=color, va="center")
    axes.set(xlim=(1.03, 0.47), ylim=(-0.08, 0.08), yticks=[-0.05, 0, 0.05])
    axes.set_title({"scans": "Scans: difference from the model", "whole": "Whole: difference"}[key], fontsize=11)
panels["whole"].set_xlabel("temperature (band: two standard errors)")
plt.show()
at_one = {f"GAN, relaxation, seed {run['seed']}": run["curve"][0] for run in relaxed["made"]}
table({"real, held out": stored["real"], "likelihood, T = 1": start[0], "GAN, rewards": gan_rows[0], **at_one,
       "GAN, rewards off": control[0]})  # fmt: skip
losses_of_d = [row["discriminator_loss"] for row in results.record("verse/long")["curve"]]
print("\nD's loss every 100 steps:", " ".join(f"{one:.3f}" for one in losses_of_d), f"(guessing: {2 * np.log(2):.3f})")
of_pairs = [run["discriminator_loss"] for run in relaxed["made"]]  # its loss compares two lines
print(
    f"by relaxation, means of 100 steps: {np.min(of_pairs):.3f} to {np.max(of_pairs):.3f} (guessing: {np.log(2):.3f})"
)

# %% [markdown]
# **Neither did: by rewards, by relaxation or by the anchor alone, the lines lie on their language model's curve, within
# chance.** (One run, two and one; with 500 lines a gain of up to .09 in the share that scans could hide. Three short tries
# with another temperature, weight and rate ended near there, too.)
#
# It is no verdict on either way: D's loss stayed at guessing, and from such a D a G can learn little. Published text GANs
# had much that ours lacks (settings of their code):
#
# | | ours | ScratchGAN | TextGAIL (Wu et al. 2021) |
# |---|---|---|---|
# | G begins | as a small LSTM, taught by likelihood | with pretrained word vectors, untaught | as GPT-2, tuned by likelihood |
# | D begins | from nothing, but told the stresses | with pretrained word vectors | as RoBERTa |
# | batch, steps | 128, 600 | 512, 200,000 | |
#
# ScratchGAN's authors report about the scores of a likelihood model, TextGAIL's better quality *and* variety.
#
# **What the next cell checks:** at a temperature of 1 the two shares of each GAN differ from the model's and the control's
# by less than .095 (three standard errors), its self-BLEU by less than .03, and D's loss from guessing by less than .01.

# %% tags=["claim", "long"]
for row in (gan_rows[0], *at_one.values()):
    for other in (start[0], control[0]):
        assert all(abs(other[key] - row[key]) < 3 * (2 * 0.25 / 500) ** 0.5 for key in ("scans", "whole"))
        assert abs(other["self_bleu"] - row["self_bleu"]) < 0.03
assert all(abs(loss - 2 * np.log(2)) < 0.01 for loss in losses_of_d)
assert np.abs(np.array(of_pairs) - np.log(2)).max() < 0.01

# %% [markdown]
# ### News: a gain that needs no D
#
# On headlines three runs show a gain, and it is a trap. Our headlines come from a small
# [grammar](../gan_lessons/data/grammar.py), so that a judge can say which of three rules a line keeps. Its *form* is a
# pattern of the grammar, verb and possessive *agree* with their subject, and the line is about one *topic*. A line that
# keeps all three is **lawful**. Here is a lawful line, and two that break a rule:

# %%
for line in (
    "banks in the north raise their dividend after weak sales",
    "banks in the north raises their dividend after weak sales",
    "banks in the north raise their dividend as storms hit the coast",
):
    print(line, "\n   ", parse(line))

# %% [markdown]
# The recipe `headlines` is the recipe `verse` on about 5,000 such lines: 1,000 steps of likelihood, then 200 for D alone
# and 800 for both. There are two controls:
#
# - **rewards off**: multiplied by 0, as before;
# - **rewards dealt**: each line gets those of a line in the batch's other half, the noise without the meaning.
#
# A last way spends about the GAN's time on 4,000 steps of likelihood. Here are the first seed's first five lines, from
# the same random draws, with the rules that each breaks:

# %%
news = results.table("headlines")
WAYS = {
    "likelihood": ("the model all began with", style.AVERAGE),
    "GAN": ("+ the GAN's steps", style.FAKE),
    "GAN without rewards": ("+ the same, rewards off", "black"),
    "GAN, rewards dealt": ("+ the same, rewards dealt", style.REFERENCE),
    "likelihood, 4,000 steps": ("4,000 steps of likelihood", style.AVERAGE),
}
for name in [*WAYS][:3]:
    print(WAYS[name][0])
    for line in news["made"][name][0]["lines"][:5]:
        broken = [rule for rule, kept in parse(line)._asdict().items() if not kept]
        print(f"   {line:<82} {'✗ not ' + ', not '.join(broken) if broken else '✓'}")

# %% [markdown]
# With the rewards on or off, the last four lines come out the same, word for word. Here are 500 of each seed:

# %% alt="A dot plot of the share of lawful headlines, five ways of training by three seeds. The model that all began with has about 0.79, with GAN steps 0.89, with their rewards off 0.89 as well, with them dealt 0.65, 0.67 and 0.91, and with 4,000 steps of likelihood 0.98. Real headlines, a dotted line, have 1." tags=["hide-input"]
lawful = {name: [run["curve"][0]["lawful"] for run in news["made"][name]] for name in WAYS}
figure, axes = plt.subplots(figsize=(7.2, 3.4))
for row, (name, (_, color)) in enumerate(WAYS.items()):
    mark = "^" if name == "GAN, rewards dealt" else "o"
    axes.plot(lawful[name], row + np.array([-0.14, 0, 0.14]), mark, color=color, ms=7)
    label = f"{np.mean(lawful[name]):.2f}" if mark == "o" else ", ".join(f"{one:.2f}" for one in lawful[name])
    axes.text(np.mean(lawful[name]), row - 0.27, label, color=color, ha="center", va="bottom")
axes.axvline(1, color=style.REAL, ls=":", lw=2)
axes.text(0.99, -0.55, "real", color=style.REAL, ha="right")
axes.set_yticks(range(len(WAYS)), [label for label, _ in WAYS.values()])
axes.set(xlim=(0.6, 1.02), ylim=(4.4, -0.9), xlabel="share of 500 headlines that are lawful (three seeds)")
axes.set_title("With D's rewards off, as many headlines are lawful", fontsize=11)
plt.show()

# %%
print(f"{'at T = 1':<28}lawful, three seeds  self-BLEU")
for name, (label, _) in WAYS.items():
    alike = np.mean([run["curve"][0]["self_bleu"] for run in news["made"][name]])
    print(f"{label:<28}" + "  ".join(f"{one:.3f}" for one in lawful[name]) + f"{alike:13.2f}")
print(f"{'lines of a bigram model':<28}{news['made']['bigrams']['lawful']:.3f}")
kept = {name: sum(round(500 * one) for one in seeds) for name, seeds in lawful.items()}
gain = comparisons.shares(kept["GAN"], 1500, kept["likelihood"], 1500)
of_d = comparisons.shares(kept["GAN"], 1500, kept["GAN without rewards"], 1500)
print(f"\nGAN minus the model that it began with: {gain}\nGAN minus the same with its rewards off: {of_d}")
losses_there = [run["discriminator_loss"] for run in news["made"]["GAN"]]  # means of 200 steps
losses_dealt = (f"{run['discriminator_loss'][-1]:.3f}" for run in news["made"]["GAN, rewards dealt"])
print(f"D's loss: {np.min(losses_there):.3f} to {np.max(losses_there):.3f} (guessing: {2 * np.log(2):.3f}); "
      f"with the rewards dealt, in the last 200 steps of each seed: {', '.join(losses_dealt)}")  # fmt: skip
taken = (np.mean([run["seconds"] for run in news["made"][name]]) for name in ("GAN", "likelihood, 4,000 steps"))
print("seconds: GAN {:.0f}, 4,000 steps of likelihood {:.0f}".format(*taken))

# %% [markdown]
# **Read the first two rows as a paper would.** "Adversarial training raises the share of lawful headlines in every seed,
# by nearly a tenth on average." True, but it does not show that D taught G grammar. **With the rewards off, G
# improves just as much: likelihood suffices for the whole gain.** More likelihood, in about the same time, does much
# better still. (D may have added up to .02, by an interval that does not count differences between seeds. And with the rewards off, Adam takes full-sized steps by the likelihood alone. So *off* shows that likelihood suffices, not how much D added.)
#
# **With the rewards dealt, the seeds disagree.** One gains as much as with true rewards, and D's loss stays at guessing.
# Two fall below their start, and D's loss falls, too: D learns to tell these lines. So whether the rewards mean more than
# noise, three seeds cannot say. A paper with *dealt* alone could credit D with a gain that needs no D.
#
# **Ask for such controls in every paper.** A GAN's loss often has a second term (a reconstruction, a likelihood), which
# teaches G, too. The gain is D's only if a run without D's term does not have it.
#
# **What the next cell checks:** in every seed the GAN is within .03 of the run with its rewards off and at least .03
# above its start, and 4,000 steps of likelihood are at least .03 above the GAN. With the rewards dealt two seeds end at
# least .05 below their start. D's loss in the GAN is within .01 of guessing.

# %% tags=["claim"]
for seed in range(3):
    assert abs(lawful["GAN"][seed] - lawful["GAN without rewards"][seed]) < 0.03
    assert lawful["GAN"][seed] - lawful["likelihood"][seed] > 0.03
    assert lawful["likelihood, 4,000 steps"][seed] - lawful["GAN"][seed] > 0.03
assert (np.array(lawful["likelihood"]) - lawful["GAN, rewards dealt"] > 0.05).sum() == 2
assert np.abs(np.array(losses_there) - 2 * np.log(2)).max() < 0.01


# %% [markdown]
# ### Rewards by a D that has learnt something
#
# What would the rewards do if D did not guess? We freeze your D, which does see shuffled words, and let it reward the
# likelihood model of verse for 30 steps, with the same two controls.

# %%
def reward_steps(weight=1.0, worth=estimators.less_the_others):
    """30 steps from the likelihood model; the scores of 500 lines before, half-way and after, and lines of the last."""
    writer = live.build(seed=16).generator.eval()  # it begins as the likelihood model
    optimizer = torch.optim.Adam(writer.parameters(), live.adversarial_rate, betas=(0.0, 0.99))
    rows = {}  # step: the scores of 500 lines
    torch.manual_seed(16)
    for step in tqdm(range(31)):
        if step % 15 == 0:
            lines = tidy(writer.sample(500))
            rows[step] = verse_scores(lines)._asdict() | {"liked": float(score(reader, lines).mean())}
        written = tidy(writer.sample(128))
        with torch.no_grad():
            rewards = 2 * reader(written).sigmoid() - 1
        values = worth(to_go(rewards, 0.5))
        earned = estimators.reinforce(writer.log_probabilities(written) * counted(written), values)
        held = surprise(writer, train.symbols[torch.randint(len(train), (128,))])
        optimizer.zero_grad()
        (weight * earned + live.anchor * held).backward()
        optimizer.step()
    return rows, lines


(rewarded, lines), (unrewarded, _), (misdealt, _) = reward_steps(), reward_steps(weight=0), reward_steps(worth=dealt)
ends = {"step 30, rewards off": unrewarded[30], "step 30, rewards dealt": misdealt[30]}
table({**{f"step {step}": scores for step, scores in rewarded.items()}, **ends})
liked = ", ".join(f"{scores['liked']:.2f}" for scores in rewarded.values())
print(f"\nD's mean score of a whole line: {liked}; at the end with rewards off {unrewarded[30]['liked']:.2f}, "
      f"dealt {misdealt[30]['liked']:.2f}; of held-out real lines {score_of_real.mean():.2f}")  # fmt: skip
print("\nlast:", *(f"   {filled(line)}" for line in train.read(lines[:5])), sep="\n")

# %% alt="The shares that scan and that are taken for whole, against self-BLEU. Purple, the likelihood model at temperatures from 1 to 0.5. Orange, the rewarded writer, which starts on that curve, goes right and up, and ends below it at step 30. Black crosses, rewards off, stay near step 0, and grey triangles, rewards dealt, scan less. A hollow star marks real lines." tags=["hide-input"]
figure, both = plt.subplots(1, 2, figsize=(7.2, 3.4))
for axes, key in zip(both, ("scans", "whole"), strict=True):
    taught = [([*rewarded.values()], style.FAKE, "o-"), ([unrewarded[30]], "black", "x")]
    plane(axes, key, [(start, style.AVERAGE, "o-"), *taught, ([misdealt[30]], style.REFERENCE, "^")])
    for step, shift, side in ((0, (-8, -12), "right"), (30, (6, -14), "left")):
        place = rewarded[step]["self_bleu"], rewarded[step][key]
        axes.annotate(f"step {step}", place, xytext=shift, ha=side, textcoords="offset points", color=style.FAKE)
both[0].text(0.27, 0.655, "likelihood model,\nT from 1 to 0.5", color=style.AVERAGE)
for k, (name, color, mark) in enumerate((("rewarded", style.FAKE, "o"), ("rewards off", "black", "x"),
                                         ("rewards dealt", style.REFERENCE, "^"))):  # fmt: skip
    both[0].plot(0.28, 0.635 - 0.03 * k, mark, color=color, ms=7, mew=1.8)
    both[0].text(0.32, 0.635 - 0.03 * k, name, color=color, va="center")
figure.suptitle("30 steps of these rewards buy no more than cooling does")
plt.show()

# %% [markdown]
# **The mechanism works:** D's mean score and both shares rise without any gradient through the words. This gain is D's,
# since in neither control does a share rise by more than chance. (One run each.)
#
# **But it is bought with variety.** Nothing rewards variety, so the lines grow alike, and the untouched model, merely
# cooled, does as well or better. D comes to like these lines better than real ones, yet in every measure but *longest*
# step 30 is further from real verse than step 0. Raising a reward at the cost of what it should stand for is called
# **reward hacking**.
#
# ### Its slope instead of its rewards
#
# A stored run gives both ways the same frozen D, taught like yours, for 30 steps. Three seeds, each with a D of its own:

# %% alt="The share that scans against self-BLEU. Purple, the likelihood model at temperatures from 1 to 0.5, rises. Three orange lines, by rewards, stay level or rise. Three dashed magenta lines, by relaxation, fall to 0.50, 0.39 and 0.05 at step 30. A hollow star marks real lines." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(4.8, 3.2))
both_ways = {"rewards": (style.FAKE, "o-"), "relaxation": (style.GRADIENT, "+--")}
runs = [(run[way], *mark) for way, mark in both_ways.items() for run in relaxed["by a D of shuffled lines"]]
plane(axes, "scans", [(start, style.AVERAGE, "o-"), *runs])
axes.set_ylim(0, 1)
axes.text(0.08, 0.87, "likelihood model,\nT from 1 to 0.5", color=style.AVERAGE)
axes.text(0.52, 0.72, "by rewards", color=style.FAKE)
axes.text(0.12, 0.35, "by relaxation", color=style.GRADIENT)
axes.set_title("By D's slope the lines lose their metre")
plt.show()
ends = {f"{way}, D {run['seed'] + 1}": run[way][-1] for way in both_ways for run in relaxed["by a D of shuffled lines"]}
print(f"{'at step 30':<28}{'scans':>9}{'whole':>9}{'self-BLEU':>11}{'D likes':>9}")
for name, row in ends.items():
    print(f"{name:<28}{row['scans']:9.2f}{row['whole']:9.2f}{row['self_bleu']:11.2f}{row['liked']:9.2f}")
print("\nby relaxation, last:", *(f"   {filled(line)}" for line in ends["relaxation, D 1"]["lines"]), sep="\n")

# %% [markdown]
# **With each D the slope ruins what the rewards keep: the metre.** It pleases D about as much. But of its lines .05 to
# .50 scan, against .69 to .83, and already at step 15 fewer scan than of cooled lines as varied. A likely reason: a
# slope says what a *little* of another word would do, and D has only ever read whole words. (The steps of the two ways
# differ in size, so compare them at the same self-BLEU.)
#
# **What the next cell checks:** with each D at step 30 at least .1 fewer scan by relaxation than by rewards.

# %% tags=["claim"]
for run in relaxed["by a D of shuffled lines"]:
    assert run["rewards"][-1]["scans"] - run["relaxation"][-1]["scans"] > 0.1

# %% [markdown]
# ## 4 · Around the words: a GAN of codes
#
# Can D help if it is shown no words at all? An autoencoder turns a line into a **code** of 48 numbers and back. Codes
# are continuous, so if D compares *codes*, gradients pass.
#
# What would D be for? Random noise should decode to new lines, but the writer knows only the codes of real ones. So the
# codes must lie where the noise lies. In an **adversarial autoencoder** (Makhzani et al. 2015) noise counts as real, and
# the encoder is the generator: D learns to tell codes from normal noise, and the encoder to prevent that.
#
# Ours is the *denoising* kind of Shen et al. (2020): it hides three in ten words from the encoder, to bring the codes
# of similar lines near each other. Two gradients teach the encoder:

# %% alt="A diagram: a real line with hidden words goes into the encoder, which makes a code. Two arrows lead on: up to the writer, which makes the line again and is taught by likelihood, and down to the discriminator, which also gets normal noise. Dashed arrows back to the encoder are the two gradients, of the likelihood above and of D below." tags=["hide-input"]
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
        Arrow("the line again", "encoder = G", "gradient of the likelihood", gradient=True, bend=-1),
        Arrow("D", "encoder = G", "gradient of D", gradient=True),
    ],
)

# %% [markdown]
# A step moves D first, with [chapter 04's relativistic loss](04_the_losses.ipynb#Relativistic:-which-of-the-two-is-real?),
# and then encoder and writer together. Theirs are the *reconstruction loss*, the cross-entropy of the words, and the
# encoder's *adversarial loss* against D. Here are twenty steps of a small one:

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

    adversarial = losses.relativistic(judge_of_codes(noise).detach(), judge_of_codes(code)).generator
    reconstruction = surprise(small, lines, code)  # cross-entropy of the line's words, given its code
    for_g.zero_grad()
    (reconstruction + 0.3 * adversarial).backward()
    for_g.step()
    if step in (0, 19):
        print(f"step {step + 1:2d}: reconstruction loss {reconstruction.item():.2f} nats per word, "
              f"adversarial loss {adversarial.item():.2f}, D's loss {loss_of_d.item():.2f}")  # fmt: skip

# %% [markdown]
# D is soon ahead. Does the writer use the code, and are the codes like the noise? A longer stored run tells:

# %% tags=["long"]
coder = recipes.find("verse_codes", "long").load().average.eval()
fresh = test.symbols[torch.randperm(len(test), generator=torch.Generator().manual_seed(16))][:500]
with torch.no_grad():
    held_out = coder.encode(fresh)
torch.manual_seed(16)
noise = torch.randn_like(held_out)
print(f"{'a held-out line, given':<28}{'nats per word':>13}{'words rebuilt in place':>25}")
for name, given in (("its own code", held_out), ("another line's code", held_out.roll(1, 0)), ("normal noise", noise)):
    with torch.no_grad():
        nats = surprise(coder, fresh, given)
    rebuilt = (tidy(coder.decode(given, temperature=0.2)) == fresh)[fresh > 0].float().mean()
    print(f"{name:<28}{float(nats):13.2f}{float(rebuilt):25.2f}")
with torch.no_grad():
    print(f"{'no code: likelihood model':<28}{float(surprise(model.average.eval(), fresh)):13.2f}")
for name, some in (("codes of held-out lines", held_out), ("normal noise", noise)):
    spread = torch.linalg.eigvalsh(torch.cov(some.T))
    print(f"{name}: variances from {float(spread[0]):.3f} to {float(spread[-1]):.2f}")

# %% [markdown]
# **The writer does use its code.** With a line's own it needs fewer nats per word than the likelihood model, which is
# told nothing about the line. A wrong code is worse than none.
#
# **But the codes are not standard normal.** They vary far more than noise in some directions and hardly at all in
# others, so some of the noise probably lies where no line's code does.
#
# ### Switch D off here, too
#
# What does D add? The control is again the same training without D's term, the adversarial loss. We decode standard
# normal noise, and normal noise *fitted* to the mean and the covariance of training lines' codes.

# %% alt="Left, the standard deviations of the codes, sorted: noise, in blue, falls gently from 1.3 to 0.7; with D, in orange, they fall from 2.7 to 0.07; without D, in black, from 1.3 to nearly 0 at the twentieth. Right, shares with D against without: of normal noise 0.61 and 0.53 scan, 0.67 and 0.53 are taken for whole; of fitted noise 0.65 and 0.60, 0.69 and 0.66." tags=["hide-input"]
alone = results.table("verse_codes_alone")
SIDES = {"with D": style.FAKE, "without D": "black"}
figure, (axes, shares) = plt.subplots(1, 2, figsize=(7.2, 3.9), width_ratios=(1, 1.1))
axes.plot(range(1, 49), torch.linalg.eigvalsh(torch.cov(noise.T)).flip(0).sqrt(), color=style.REAL, lw=2.5)
axes.text(48, 1.05, "normal noise", color=style.REAL, ha="right")
for name, color, place in zip(SIDES, SIDES.values(), ((8, 1.9), (1.5, 0.08)), strict=True):
    axes.plot(range(1, 49), np.sqrt(alone[name]["variances"][::-1]), color=color, lw=2.5)
    axes.text(*place, f"codes\n{name}", color=color)
axes.set(ylim=(0, 2.8), xlabel="direction, sorted", ylabel="standard deviation")
axes.set_title("D keeps the codes wider")
rows = [(given, key) for given in ("noise", "fitted") for key in ("scans", "whole")]
for row, (given, key) in enumerate(rows):
    ends = [alone[name]["scores"][given][key] for name in SIDES]
    shares.plot(ends, [row, row], color="0.8", lw=3, zorder=0)
    for end, (name, color), side in zip(ends, SIDES.items(), ("left", "right"), strict=True):
        shares.plot(end, row, "o", ms=8, color=color)
        label = f"{end:.2f}" if row else f"{name}\n{end:.2f}"
        shares.text(end, row - 0.17, label, color=color, ha=side, va="bottom")
shares.set_yticks(range(4), [f"{'normal' if given == 'noise' else given} noise:\n{key}" for given, key in rows])
shares.set(xlim=(0.45, 0.75), ylim=(3.4, -0.85), xlabel="share of 500 lines")
shares.set_title("Fitting the noise narrows the gap")
plt.show()
nats = (f"{alone[k]['nats']['own']:.2f} {k}" for k in SIDES)
print("nats per word of a held-out line, given its code: " + ", ".join(nats))
alike = (f"{alone[k]['scores']['noise']['self_bleu']:.2f} {k}" for k in SIDES)
print("self-BLEU of the lines from normal noise: " + ", ".join(alike))
flat = (f"{sum(one < 0.01 for one in alone[k]['variances'])} {k}" for k in SIDES)
print("directions of 48 in which the codes' variance is below 0.01: " + ", ".join(flat))


# %% [markdown]
# **With normal noise the run with D did better, and fitting the noise does about as much without any D.** (One run each;
# two shares of 500 lines may differ by .06 by chance.) Without D the codes hardly vary in most directions, so normal
# noise falls outside them. But D's lines are also less varied, which may explain part of its gain, and a held-out line
# costs more nats per word.
#
# ### A walk between two lines
#
# A language model offers no interpolation. Here is a straight walk from one code to another, rescaled so
# that the code's length changes evenly:

# %% tags=["long"]
@torch.no_grad()
def walk(first, last, steps=7):
    start, end = coder.encode(train.write([first, last]))
    share = torch.linspace(0, 1, steps)[:, None]
    codes = (1 - share) * start + share * end
    codes = codes * ((1 - share) * start.norm() + share * end.norm()) / codes.norm(dim=1, keepdim=True)
    torch.manual_seed(0)
    return tidy(coder.decode(codes, temperature=0.2))


known = [line for line in test.read() if "<" not in line and scansion(line).scans]
lines = walk(known[3], known[40])
print(f"from: {known[3]}")
for line, whole in zip(train.read(lines), probability(lines), strict=True):
    print(f"   {whole:.2f}  {filled(line)}")
print(f"to:   {known[40]}")

# %% [markdown]
# Before each line stands its probability by the judge of *whole*. The lines change step by step. But the walk neither starts nor ends at the lines asked for: a code brings back about one word in seven.
#
# ## 5 · The discriminator as a reader
#
# If D knows better than G, why make G learn? Let G write much, and let D choose: that is **reranking**, or
# **best-of-n**. The likelihood model wrote 2,000 lines for each of three seeds. Each of six rules keeps 200 of them:
#
# - the first 200, or those that the model itself finds likeliest;
# - those that one of section 2's three kinds of D likes best, or a fourth D, trained on shuffled lines and *not told the
#   stresses*.
#
# (Self-BLEU of 200 lines does not compare with that of the 500 above.)

# %% alt="Three panels, a row for each of six rules of choice and a dot for each of three seeds. Blue dotted lines mark real lines. The D trained on shuffled lines has the highest share that scans, 0.94, and without stresses of whole ones, 0.89. The model's likeliest have the highest self-BLEU. The D trained on the model's lines lies near the first 200, the D trained on bigrams near the blue line in whole and self-BLEU." tags=["hide-input", "long"]
ranked = readers["reranked"]
CHOICES = {
    "any": ("the first 200", style.REFERENCE),
    "likelihood": ("the model's likeliest", style.AVERAGE),
    "prefixes, likelihood": ("D trained on the model's", style.DISCRIMINATOR),
    "prefixes, pairs": ("D trained on bigrams", style.DISCRIMINATOR),
    "words, shuffled": ("on shuffled, no stresses", style.DISCRIMINATOR),
    "prefixes, shuffled": ("D trained on shuffled", style.DISCRIMINATOR),
}
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
figure, panels = plt.subplots(1, 3, figsize=(7.2, 4.2), sharey=True)
for axes, key in zip(panels, ("scans", "whole", "self_bleu"), strict=True):
    real = np.mean([one[key] for one in ranked["real"]])
    axes.axvline(real, color=style.REAL, ls=":", lw=2)
    axes.text(real, 5.75, "real", color=style.REAL, ha="center", va="bottom", fontsize=9, bbox=PAPER)
    for row, (name, (_, color)) in enumerate(CHOICES.items()):
        dots = [one[key] for one in ranked[name]]
        axes.plot(dots, row + np.array([-0.12, 0, 0.12]), "o", ms=5, color=color)
        axes.text(np.mean(dots), row - 0.24, f"{np.mean(dots):.2f}", ha="center", va="bottom", color=color, fontsize=9,
                  bbox=PAPER)  # fmt: skip
    axes.set_xlim((0.06, 0.26) if key == "self_bleu" else (0.58, 1.02))
    axes.set_title({"scans": "share that scans", "whole": "share taken for whole"}.get(key, "self-BLEU"), fontsize=10)
panels[1].set_xlabel("each dot: the 200 lines that one seed kept")
panels[0].set_ylim(5.8, -0.8)
panels[0].set_yticks(range(len(CHOICES)), [label for label, _ in CHOICES.values()], fontsize=10)
figure.suptitle("The D trained on shuffled lines chooses lines that scan more often than real ones", fontsize=11)
plt.show()
found = {rule: [round(200 * one["scans"]) for one in ranked[rule]] for rule in CHOICES}
print("scans, minus the first 200 (600 lines of three seeds on either side):")
more = {rule: comparisons.shares(sum(some), 600, sum(found["any"]), 600) for rule, some in found.items()}
for rule, (label, _) in list(CHOICES.items())[1:]:
    print(f"   {label:<28}{more[rule]}")

# %% [markdown]
# **The D trained on shuffled lines chooses the most lines that scan, with each seed: .94 on average, against .69 of the
# first 200.** It overshoots, since real verse has .73. The D trained on bigrams and the model's own likelihood reach .86,
# the latter with lines far more alike. The D trained on the model's lines brought no measurable gain.
#
# Neither judge is independent of the best chooser. *Scans* asks the dictionary whose stresses this D reads; without them
# only .79 of its choice scans. The judge of *whole* was taught on shuffled lines, among others.
#
# ### How can a D with an AUC of .5 choose well?
#
# On the model's lines this best chooser has an AUC of only .51, the useless one .53. Your D of section 2 shows why it can
# choose all the same. Here are its scores, and how many scan in each tenth of the lines:

# %% alt="Left, histograms of D's score of a whole line: 1,123 held-out real lines in blue and 3,000 of the GAN's in orange have nearly the same shape and mean, about 1.6. Right, the share that scans in each tenth of the lines, from the lowest scores to the highest. Both curves rise alike, from about 0.4 to 0.9." tags=["hide-input"]
figure, panels = plt.subplot_mosaic([["real", "scans"], ["gan", "scans"]], figsize=(7.2, 4.2))
sides = {"real": ("real lines", test.symbols, style.REAL, "o-"), "gan": ("the GAN's lines", drawn, style.FAKE, "s-")}
for place, (name, lines, color, mark) in sides.items():
    scores, scans = score(reader, lines), torch.tensor([scansion(line).scans for line in train.read(lines)])
    axes = panels[place]
    axes.hist(scores, np.arange(-4, 4.1, 0.5), weights=np.full(len(lines), 100 / len(lines)), color=color, rwidth=0.9)
    axes.axvline(scores.mean(), color="black", lw=2, ls=":")
    axes.text(-3.9, 12, name, color=color, fontweight="bold")
    axes.set(ylabel="% of the lines", ylim=(0, 20))
    of_tenths = [scans[some].float().mean() for some in scores.argsort().tensor_split(10)]
    panels["scans"].plot(range(1, 11), of_tenths, mark, color=color, lw=2, ms=7)
    print(f"{name}: mean score {scores.mean():.2f}, AUC of real lines against these {auc(score_of_real, scores):.2f}, "
          f"scan: {of_tenths[0]:.2f} of the lowest tenth, {of_tenths[-1]:.2f} of the highest")  # fmt: skip
panels["real"].set_title("D scores both alike …", fontsize=11)
panels["real"].set_xticklabels([])
panels["gan"].set_xlabel("D's score of a line (dotted: the mean)")
panels["scans"].set_title("… but what it scores high scans", fontsize=11)
panels["scans"].set(xlabel="tenths of the lines, by D's score", ylabel="share of this tenth that scans")
panels["scans"].set(ylim=(0, 1), xticks=[1, 10])
panels["scans"].set_xticklabels(["lowest", "highest"])
for place, y in (("real", 0.43), ("gan", 0.36)):
    panels["scans"].text(4.5, y, sides[place][0], color=sides[place][2])
plt.show()

# %% [markdown]
# **The AUC compares the two histograms with each other, and reranking moves within one.** D's score follows the metre.
# But real lines differ in metre just as the GAN's do, so the histograms coincide. A score that cannot say *whose line is
# this?* can still say *which of these scans?*
#
# ### Where D lives on: reward models
#
# A relative of D often teaches chat assistants. A **reward model** learns from *which of two* texts people prefer.
# Its scores then serve best-of-n, or a policy gradient with a KL penalty that holds the model near its start
# (*reinforcement learning from human feedback*). InstructGPT (Ouyang et al. 2022) has the parts of section 2, with
# people's judgement in place of "real or written".
#
# Our "people" are the judge of metre: of two of the GAN's lines they prefer the cheaper. A wrong number of
# syllables costs 4 more. The network is that of D. The loss is Bradley and Terry's (1952),
# $-\log \sigma(r_\text{preferred} - r_\text{other})$, which is small when the preferred line has much the higher score.

# %%
learnt_from, choose_from = drawn[:1500], drawn[1500:]
cost = torch.tensor([scansion(line).cost + 4.0 * (not scansion(line).right_length) for line in train.read(learnt_from)])
torch.manual_seed(16)
reward = PrefixDiscriminator(sounds(), 96, dropout=0.2)
optimizer = torch.optim.Adam(reward.parameters(), 5e-3)
for _ in tqdm(range(100)):
    pair = torch.randint(len(learnt_from), (256, 2))
    pair = pair[cost[pair[:, 0]] != cost[pair[:, 1]]]  # drop ties
    pair = pair.gather(1, cost[pair].argsort(1))  # the preferred line first
    preferred, other = (reward(learnt_from[some])[:, -1] for some in pair.T)
    loss = -nn.functional.logsigmoid(preferred - other).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
best, rest = choose_from[score(reward.eval(), choose_from).argsort(descending=True)].split([150, 1350])
scanning = [sum(scansion(line).scans for line in train.read(lines)) for lines in (best, rest)]
print(f"scans: {scanning[0] / 150:.2f} of the reward model's best 150, {scanning[1] / 1350:.2f} of the other 1,350")
print("difference:", comparisons.shares(scanning[0], len(best), scanning[1], len(rest)))


# %% [markdown]
# More of the lines that it chose scan, and it had never seen their verdicts. (One run.)
#
# ### Where D lives on: ELECTRA
#
# In **replaced-token detection** (ELECTRA, Clark et al. 2020) a
# small model replaces some words of a real text, and a large one, the D, says *for each word* whether it was replaced.
# The small model learns by likelihood: to let it fool D was worse, the authors report.
#
# In ours the replacing words are drawn by their frequency. D is that of section 2, but reads both ways.

# %%
class WordDetector(PrefixDiscriminator):
    def __init__(self, width=96, embedded=64):
        super().__init__(sounds(), width, embedded, dropout=0.3)
        self.memory = nn.LSTM(embedded, width, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * width, 1)


def replaced(lines):
    every = train.symbols[train.symbols > 0]
    others = every[torch.randint(len(every), lines.shape)]
    return torch.where((torch.rand(lines.shape) < 0.15) & (lines > 0), others, lines)


torch.manual_seed(16)
detector = WordDetector()
optimizer = torch.optim.Adam(detector.parameters(), 1e-2)
for _ in tqdm(range(200)):
    lines = train.symbols[torch.randint(len(train), (128,))]
    altered = replaced(lines)
    logits, wrong = detector(altered)[lines > 0], (altered != lines)[lines > 0].float()
    loss = nn.functional.binary_cross_entropy_with_logits(logits, wrong)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# %% alt="Seven held-out lines. Nine words are underlined in orange because they were replaced, the poet's word in blue below. Nine are on green, those that D suspects: two replaced words and seven kept ones. Below, histograms of D's probability overlap widely; that of the replaced words, orange, lies further right than that of the kept ones, blue. A dotted line marks where the most suspected 15 % of all words begin." tags=["hide-input"]
lines = test.symbols[torch.randperm(len(test), generator=torch.Generator().manual_seed(16))]
torch.manual_seed(1)
altered = replaced(lines)
with torch.no_grad():
    suspected = detector.eval()(altered).sigmoid()
wrong, full = altered != lines, lines > 0
bar = suspected[full].quantile(0.85)
found, by_mistake = ((suspected[some] > bar).float().mean() for some in (wrong, full & ~wrong))
print(f"held-out lines, word by word: AUC {auc(suspected[wrong], suspected[full & ~wrong]):.2f}; among the 15 % most "
      f"suspected are {found:.2f} of the replaced words and {by_mistake:.2f} of the others")  # fmt: skip
figure, (axes, counts_of) = plt.subplots(2, 1, figsize=(7.2, 5.6), height_ratios=(3.4, 1))
plain = [not any("<" in one for one in train.read(torch.stack(pair))) for pair in zip(lines, altered, strict=True)]
shown = (wrong.any(1) & torch.tensor(plain)).nonzero()[:7, 0]  # without rare words, of which D sees the class alone
for row, k in enumerate(shown):
    left, pair = 0, (line.split() for line in train.read(torch.stack([altered[k], lines[k]])))
    for place, (word, real) in enumerate(zip(*pair, strict=True)):
        right = left + len(word) + 1.6
        dark = bool(suspected[k, place] > bar)
        if dark:
            axes.add_patch(plt.Rectangle((left, row - 0.36), right - left - 0.4, 0.6, color=style.DISCRIMINATOR, lw=0))
        axes.text((left + right) / 2 - 0.2, row - 0.06, word, ha="center", va="center",
                  color="white" if dark else "black", fontweight="bold" if dark else "normal")  # fmt: skip
        if wrong[k, place]:
            axes.plot([left + 0.2, right - 0.6], [row + 0.3] * 2, color=style.FAKE, lw=2.5)
            axes.text((left + right) / 2 - 0.2, row + 0.5, real, ha="center", va="center", color=style.REAL, fontsize=9)
        left = right
axes.set(xlim=(0, 62), ylim=(6.9, -0.6))
axes.set_axis_off()
axes.set_title("Underlined: replaced (the poet's word below). Green: D suspects this word", fontsize=11)
for some, color, name, y in ((full & ~wrong, style.REAL, "kept", 0.8), (wrong, style.FAKE, "replaced", 0.6)):
    counts_of.hist(suspected[some], np.arange(0, 1.01, 0.04), density=True, histtype="step", color=color, lw=2.2)
    counts_of.text(0.98, y, f"{name} words", color=color, ha="right", va="center", transform=counts_of.transAxes)
counts_of.axvline(bar, color=style.DISCRIMINATOR, lw=2, ls=":")
counts_of.text(bar + 0.13, 0.28, "→ the 15 % of all words that D suspects most", color=style.DISCRIMINATOR,
               transform=counts_of.get_xaxis_transform())  # fmt: skip
counts_of.set(xlabel="D's probability that the word was replaced", yticks=[], xlim=(0, 1))
counts_of.set_ylabel("density")
plt.show()

# %% [markdown]
# Guessing would have found .15 of the replaced words. D finds twice as many, and misses most. (One run.)
#
# ## 6 · VerseLab
#
# Begin a line, and let both writers finish it, from the same random draws. Words in which the GAN does not differ are
# grey. A red disc marks a syllable in the wrong place, ✓ a line that scans. We picked this page because all four lines
# differ. **N** brings others: for whom do more scan on ten pages? Then try "Cold", "Hot" and your own beginning.
#
# Can you tell real lines from invented ones? Run `lab.test(20)` in a new cell.

# %% alt="VerseLab: words under the dots of their syllables, with red discs behind those in the wrong place and a tick where a line scans. The likelihood model's lines are purple, the GAN's orange where its words differ and else grey, two real ones blue." tags=["long"]
from gan_lessons.labs.kit.recording import Recording
from gan_lessons.labs.writing import open_verse_lab

lab = open_verse_lab(opening="my love is", page=11)
lab

# %% [markdown]
# The same lab as a recording, without a kernel:

# %% tags=["hide-input", "long"]
frames = []
for opening in ("shall i compare thee", "my love is", "the angel of"):
    for temperature in (0.4, 0.8, 1.2):
        lab.set(opening=opening, temperature=temperature)
        frames.append(lab.frame())
lab.set(opening="shall i compare thee", temperature=1.0)
Recording(frames)

# %% [markdown]
# ## Debugging card
#
# Most of the remedies were not tested here.
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | D's loss stays at the level of guessing | a fresh D against shuffled lines, for as many steps | if it fails there, more steps or a higher rate; if it passes but overfits, more real lines or a smaller D |
# | the GAN's steps improve the lines | the same steps with D's rewards off | if the control gains as much, train longer by likelihood |
# | lines improve and grow alike | self-BLEU, beside the start's temperature curve | a larger anchor, a lower learning rate, fewer steps |
# | the rewards are high, the lines are bad | a judge that is not D | stop earlier: G exploits D's blind spots |
#
# ## What we saw
#
# - Can a GAN write a line of verse? Ours writes as its language model does: neither dense rewards (one run) nor a
#   relaxation (two) brought a gain beyond chance, since D guessed.
# - From a D trained on shuffled lines the rewards brought no more than cooling does, and the slope ruined the metre
#   (three seeds).
# - On headlines the GAN's steps raised the lawful share in every seed, and so did the same steps with D's rewards off:
#   likelihood suffices for the gain.
# - Through codes gradients pass. With D more lines from normal noise scanned; noise fitted to the codes did about as
#   much without D (one run each).
# - Of the model's lines that the D trained on shuffled lines chose, .94 scan, against .69 of the first 200.
#   Its AUC was .51. The D trained on the model's own lines, with .53, brought no measurable gain. So test a
#   discriminator on its choices.
#
# ### A quiz
#
# Open the answer that you would give.
#
# 1. D's loss stays at 2 log 2 while it reads a generator's lines. What do you try first?
#    <details><summary>A · A larger generator</summary><b>No.</b> Nothing says yet that the generator is to blame.</details>
#    <details><summary>B · A fresh D, taught on lines that are known to be bad</summary><b>Right.</b> If it fails there, too, this kind of D sees too little or was taught too briefly; if it passes, the lines may be good.</details>
#    <details><summary>C · The same D, asked about lines that are known to be bad</summary><b>No.</b> It never met them. The D taught on the model's lines has an AUC of .51 on shuffled ones, which a D can learn to tell.</details>
# 2. A paper's GAN starts from a language model, and its loss has a likelihood term. Its samples are better than the model's. What shows that D helped?
#    <details><summary>A · The improvement itself, if it holds in every seed</summary><b>No.</b> On our headlines it held in every seed, and likelihood sufficed for it.</details>
#    <details><summary>B · A control with D's rewards off that gains less</summary><b>Right.</b> Only the difference between the two runs can be D's.</details>
#    <details><summary>C · A D whose loss falls</summary><b>No.</b> It says that D learnt something, and not that G learnt from it.</details>
# 3. A discriminator has an AUC of .5 for your generator's lines. Can it choose those that scan among them?
#    <details><summary>A · Never</summary><b>No.</b> The D trained on shuffled lines has an AUC of .51 on the model's lines, and .94 of those that it chose scan, against .69.</details>
#    <details><summary>B · Always</summary><b>No.</b> The D trained on the model's own lines all but guessed (.53), and its choices showed no gain.</details>
#    <details><summary>C · That has to be tested on its choices</summary><b>Right.</b> What counts is whether its score follows quality, which the AUC against real lines does not say.</details>
#
# ### Further reading
#
# - De Masson d'Autume et al. 2019, *Training language GANs from scratch*
#   ([arXiv:1905.09922](https://arxiv.org/abs/1905.09922)): rewards for every prefix. Nie et al. 2019, *RelGAN*
#   ([OpenReview](https://openreview.net/forum?id=rJedV3R5tm)): the relaxation.
# - Caccia et al. 2020, *Language GANs falling short* ([arXiv:1811.02549](https://arxiv.org/abs/1811.02549)): the
#   temperature curve.
# - Makhzani et al. 2015, *Adversarial autoencoders* ([arXiv:1511.05644](https://arxiv.org/abs/1511.05644)); Shen
#   et al. 2020, *Educating text autoencoders* ([arXiv:1905.12777](https://arxiv.org/abs/1905.12777)).
# - Clark et al. 2020, *ELECTRA* ([arXiv:2003.10555](https://arxiv.org/abs/2003.10555)), and Ouyang et al. 2022,
#   *InstructGPT* ([arXiv:2203.02155](https://arxiv.org/abs/2203.02155)). Bradley & Terry 1952, *Rank analysis of
#   incomplete block designs*, Biometrika 39: preferences as differences of scores.
# - Wu et al. 2021, *TextGAIL* ([arXiv:2004.13796](https://arxiv.org/abs/2004.13796)): a GAN of large language models.
# - Croce et al. 2020, *GAN-BERT*, ACL, [doi:10.18653/v1/2020.acl-main.191](https://doi.org/10.18653/v1/2020.acl-main.191):
#   a real GAN that keeps D, a classifier with one extra class, *fake*.
# - Lau et al. 2018, *Deep-speare* ([arXiv:1807.03491](https://arxiv.org/abs/1807.03491)): sonnets with models of
#   metre and rhyme.
#
# [← 15 Text](15_text.ipynb) · [contents](00_start.ipynb) · [17 Sound →](17_sound.ipynb) · [assignment](assignments/release/16_verse_and_news/16_verse_and_news.ipynb)
