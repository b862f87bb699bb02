# %% [markdown]
# # 15 · Text
#
# [← 14 Super-resolution](14_super_resolution.ipynb) · [contents](00_start.ipynb) · [16 Verse and news →](16_verse_and_news.ipynb) · [assignment](assignments/release/15_text/15_text.ipynb)
#
# **Can a GAN write? And why is writing so much harder for it than drawing?**

# %% tags=["hide-input"]
import itertools

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from torch import nn
from torch.nn.functional import softplus
from tqdm.auto import tqdm

from gan_lessons import estimators, recipes, results
from gan_lessons.data.text import words
from gan_lessons.estimators import straight_through
from gan_lessons.metrics.text import bound, judge
from gan_lessons.networks.text import LSTMGenerator, Residual
from gan_lessons.plots import diagrams, style
from gan_lessons.plots.motion import Animation
from gan_lessons.plots.text import draw_texts

torch.set_num_threads(1)
torch.manual_seed(11)
style.use()

# %% alt="An animation. On the left, eighteen invented words in orange change while a GAN trains for 300 steps: from strings such as zswjy to some that look like English. On the right, twelve real words in blue." tags=["hide-input"]
recipe, train, test = recipes.find("words"), words().train, words().test
gan, data = recipe.build(seed=11), recipe.data()
SHOWN = {1, 3, 6, 10, 15, 20, *range(30, 100, 10), *range(100, 301, 20)}
REAL_WORDS = test.read()[7::350][:12]
trained = {}  # by the step: the plausible share of 2,000 words, and the first words


def page(step, plausible, texts):
    figure = Figure(figsize=(7.2, 2.5), dpi=120, layout="none")
    for place, side, columns, color in (
        ((0.01, 0.02, 0.6, 0.84), texts, 3, style.FAKE),
        ((0.65, 0.02, 0.34, 0.84), REAL_WORDS, 2, style.REAL),
    ):
        draw_texts(figure.add_axes(place), side, columns, color=color, fontsize=11)
    figure.text(0.01, 0.92, f"invented, step {step}: {plausible:.0%} plausible", fontsize=11)
    figure.text(0.65, 0.92, "real", fontsize=11)
    return figure


for step in tqdm(recipe.train(gan, data), total=300):
    if step.step in SHOWN:
        symbols = gan.sample(2000).argmax(-1)
        likely = judge(words()).surprise(symbols) < bound(words())
        trained[step.step] = float(likely.float().mean()), train.read(symbols[:30])
    if step.step == 300:
        break
full = [k for k in range(30) if all(texts[k] for _, texts in trained.values())][:18]  # words that are never empty
trained = {step: (plausible, [texts[k] for k in full]) for step, (plausible, texts) in trained.items()}
Animation([page(step, *seen) for step, seen in trained.items()], milliseconds=350, rest=3000, width=720, colors=32)

# %% [markdown]
# In a few seconds, a GAN learns to invent words that look like English. Yet hardly anybody writes with GANs today. This
# chapter finds two reasons: a gradient that stops at the letter, and a rival that is hard to beat.
#
# **Can you tell?** A GAN invented three of these words: *bousbell, gucwa, beandon, scheets, paigel, deffeyes*.
# <details><summary>Answer</summary>
#
# *Bousbell*, *beandon* and *paigel* are invented. The others are surnames.
# </details>
#
# **You will** train one small text GAN by three gradients, and another that invents words, and compare both with
# maximum likelihood.
#
# **You will learn** to
# - say why a generator of discrete symbols gets no gradient, and what a substitute costs,
# - train one by REINFORCE or by the Gumbel-softmax, and tell bias from variance,
# - judge samples by quality *and* variety, and know your judge's preferences,
# - question a claim that a text GAN "beats maximum likelihood".
#
# **You will need** chapters [03](03_the_discriminator.ipynb), [05](05_the_first_gan.ipynb) and
# [08](08_measuring_a_gan.ipynb), and about two minutes of computing on a laptop's processor.
#
# ## 1 · The gradient stops at the letter
#
# A picture generator follows the slope of D's score: *a little brighter here, please*. A text generator hands over
# **tokens**, the units of text. Ours are letters. There is no letter between "a" and "b", so D cannot ask for *a little
# more "b"*.
#
# G gives every possible letter a logit, and `argmax` picks the largest. D reads the result as a one-hot row, a single 1
# among zeros ([chapter 10](10_images_on_demand.ipynb)). On the way back, the gradient ends at `argmax`:

# %% alt="A block diagram of a GAN that writes: generator, argmax, fake word, discriminator and losses; a real word enters the discriminator, too. The gradient flows from the losses back to argmax, where it says: ends here, slope 0." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("generator G", 0, 1, "gives logits", "generator"),
        diagrams.Box("argmax", 1, 1, "picks the largest"),
        diagrams.Box("fake word", 2, 1, "one-hot letters", "fake"),
        diagrams.Box("real word", 2, 0, "one-hot letters", "real"),
        diagrams.Box("discriminator D", 3, 0.5, "parameters φ", "discriminator"),
        diagrams.Box("losses", 4, 0.5, "of the scores s"),
    ],
    [
        diagrams.Arrow("generator G", "argmax"),
        diagrams.Arrow("argmax", "fake word"),
        diagrams.Arrow("fake word", "discriminator D"),
        diagrams.Arrow("real word", "discriminator D"),
        diagrams.Arrow("discriminator D", "losses"),
        diagrams.Arrow("losses", "discriminator D", "gradient", gradient=True),
        diagrams.Arrow("discriminator D", "fake word", gradient=True),
        diagrams.Arrow("fake word", "argmax", "ends here: slope 0", gradient=True),
    ],
)

# %%
logits = torch.tensor([1.0, 3.0, 2.0], requires_grad=True)
letter = logits.argmax()
print("the letter:", int(letter), "- does it carry a gradient?", letter.requires_grad)

# %% [markdown]
# Nudge a logit, and the same letter still wins. Nudge it further, and the letter jumps.
#
# ### What has a slope: the average
#
# **The way out is to draw the letter by chance**, with the softmax's probabilities. A drawn letter still jumps, but its
# *probability* moves smoothly. So does the average score, which therefore has a slope:

# %% alt="D's score against the logit of the letter c. The score of argmax's letter, in grey, jumps from 1 to 5 at a logit of 3. The average score of a drawn letter, in green, climbs smoothly. At a logit of 2 their slopes are 0 and 0.76." tags=["hide-input"]
scores = torch.tensor([0.0, 1.0, 5.0])  # D's scores of the letters a, b and c
heights = torch.linspace(0, 5, 201)
varied = torch.stack([torch.full_like(heights, 1.0), torch.full_like(heights, 3.0), heights], dim=1)
figure, axes = plt.subplots(figsize=(7.2, 2.9))
axes.step(heights, scores[varied.argmax(1)], color=style.REFERENCE, lw=2)
axes.plot(heights, varied.softmax(1) @ scores, color=style.DISCRIMINATOR, lw=2)
here = float(logits.detach().softmax(0) @ scores)
axes.plot([1.3, 2.7], [here - 0.7 * 0.76, here + 0.7 * 0.76], color="black", lw=1)
axes.plot([2, 2], [1, here], "o", color="black", ms=5)
axes.annotate("slope 0", (2, 1), xytext=(0, -15), textcoords="offset points", ha="center", fontsize=10)
axes.annotate("slope 0.76", (2, 1.89), xytext=(-6, 8), textcoords="offset points", ha="right", fontsize=10)
axes.text(0.1, 0.5, "argmax picks b", color=style.REFERENCE)
axes.text(3.05, 5.15, "argmax picks c", color=style.REFERENCE)
axes.text(3.5, 2.6, "a drawn letter, on average", color=style.DISCRIMINATOR)
axes.set(xlabel="logit of the letter c (a has 1, b has 3)", ylabel="D's score", xlim=(0, 5), ylim=(0, 5.6))
axes.set_title("The score of the picked letter jumps; the average score climbs")
plt.show()

# %%
chances = logits.softmax(-1)
expected = (chances * scores).sum()
(slopes,) = torch.autograd.grad(expected, logits)
print(f"the expected score: {expected:.2f}")
print("   probability  D's score  above the expected  slope")
for k, letter in enumerate("abc"):
    print(f"{letter}: {chances[k]:11.2f} {scores[k]:10.0f} {scores[k] - expected:+19.2f} {slopes[k]:+6.2f}")


# %% [markdown]
# Each slope is the letter's probability times its score above or below the expected one. So G learns to write more *c*.
#
# **The catch is the number of texts.** Here the average is a sum of three terms. With ten places and 27 symbols it has
# $27^{10}$, about 200 million million. We can only *estimate* its slope from a few texts. An estimate without **bias**
# is right on average. One with little **variance** is about the same for every batch. One family of estimators starts
# without bias but with much variance. In the other, we can turn bias into variance.
#
# ### The first family: reward what was drawn
#
# **REINFORCE** (Williams 1992) draws a text and makes it more likely, in proportion to its reward, here D's score. In
# the example, *b* is drawn more often, but a drawn *c* weighs five times as much. In symbols,
#
# $$\nabla\,\mathbb{E}[R] = \mathbb{E}\,[R\,\nabla \log q(\text{text})],$$
#
# where $R$ is the reward, $q$ the writer's probability of the text, and $\nabla$ the slope with respect to the writer's
# parameters. It follows from $\nabla q = q\,\nabla \log q$. The right-hand side is an average over texts, so a batch of
# them estimates it without bias. Only the value of D's score occurs in it, not its slope.
#
# REINFORCE is also called the **score-function estimator**, and in reinforcement learning, where a writer is a
# *policy*, the simplest **policy gradient**.
#
# **Its weakness is noise.** A drawn *b* is pushed up, although its score of 1 is below the expected 1.89. The remedy is
# a **baseline**: we subtract an estimate of the expected reward. Ours is the mean reward of the *other* texts in the
# batch: the factor $n/(n-1)$ takes a text out of its own mean.

# %% tags=["library"]
def reinforce(log_probabilities, values):
    return -(values.detach() * log_probabilities).sum(-1).mean()


# %% tags=["library"]
def less_the_others(values):
    if len(values) < 2:
        raise ValueError("A baseline from the other samples needs a batch of at least 2.")
    return (values - values.mean(0)) * (len(values) / (len(values) - 1))


# %% [markdown]
# **Which letter earned the reward?** So far, all letters of a text share one. Three ideas divide it better:
#
# - **Rollouts** (SeqGAN, Yu et al. 2017): from each letter on, the writer finishes the text several times. The mean
#   reward of these endings is the letter's value.
# - **Prefix rewards** (ScratchGAN, de Masson d'Autume et al. 2019): D scores every beginning of the text. We try it in
#   section 2.
# - **An all-action critic** (Bahdanau et al. 2017, [arXiv:1607.07086](https://arxiv.org/abs/1607.07086)): a second
#   network learns what *each* possible next letter would earn. So we can sum over all letters at each place:

# %% tags=["library"]
def all_actions(probabilities, values):
    return -(probabilities * values.detach()).sum((-1, -2)).mean()


# %% [markdown]
# ### The second family: pretend that the letter is soft
#
# **The Gumbel-softmax moves the chance out of the way** (Jang et al. 2017; Maddison et al. 2017). *Gumbel noise* is
# $-\log e$, with $e$ from the exponential distribution. Add it to the logits and take the largest sum: that draws a
# letter with exactly the softmax's probabilities, here .09, .67 and .24:

# %%
gumbel = -torch.empty(10_000, 3).exponential_().log()
drawn = (logits.detach() + gumbel).argmax(-1)
print("10,000 draws of a, b and c:", (drawn.bincount() / 10_000).numpy().round(2))


# %% [markdown]
# The chance now comes from a noise that does not depend on G's parameters: the **reparameterisation trick**. Only
# `argmax` still stops the gradient, so a softmax takes its place. Its **temperature** $\tau$ divides the logits: a low
# one gives nearly one-hot letters, a high one smooth mixtures.

# %% tags=["library"]
def gumbel_softmax(logits, temperature=1.0):
    if temperature <= 0:
        raise ValueError(f"The temperature must be above 0, not {temperature:g}.")
    gumbel = -torch.empty_like(logits).exponential_().log()
    return ((logits + gumbel) / temperature).softmax(-1)


# %% [markdown]
# But a mixture, such as 60 % *b* and 40 % *c*, never occurs in real text, and D can learn to spot such *relaxed* texts.
# The **straight-through estimator** (Bengio et al. 2013) hides it: forward, D sees the one-hot letter; backward, we
# pretend that it saw the softmax.

# %% tags=["library"]
def hard(soft):
    largest = torch.zeros_like(soft).scatter(-1, soft.argmax(-1, keepdim=True), 1.0)
    return largest + (soft - soft.detach())


# %%
letter = hard(logits.softmax(-1))
(letter * scores).sum().backward()
print("forward: ", letter.tolist(), "  backward:", [round(slope, 2) for slope in logits.grad.tolist()])

# %% [markdown]
# D saw only *b*, and yet the gradient asks for more *c*. It even equals the exact slope, because this D is linear.
#
# **A real D is curved.** Its slope *at* a letter differs from the difference *between* two letters, which causes a
# bias. A high τ adds a second bias: the softmax used backward is then far from one-hot.
#
# ### How much bias, how much noise?
#
# To know the exact gradient, we need a tiny task: texts of three letters out of three, 27 in all. The writer is a small
# **LSTM** (Hochreiter & Schmidhuber 1997), a recurrent network. It reads letters one at a time, keeps a
# memory, and returns the logits of the next letter. A small random network stands in for D.
#
# **We chose this D to be hard for straight-through.** Its large weights make its slope differ much from text to text,
# and the bias depends on that.

# %%
EVERY = torch.tensor(list(itertools.product(range(3), repeat=3)))
torch.manual_seed(11)
reward_network = nn.Sequential(nn.Flatten(), nn.Linear(9, 16), nn.Tanh(), nn.Linear(16, 1), nn.Flatten(0))
reward_network.requires_grad_(False)
reward_network[1].weight *= 4  # steep, so that its slope differs from text to text
reward_network[3].weight *= 4


def one_hot(symbols, kinds=3):
    return nn.functional.one_hot(symbols, kinds).float()


reward_network[3].bias += 2 - reward_network(one_hot(EVERY)).mean()  # a mean reward of 2
REWARDS = reward_network(one_hot(EVERY)).reshape(3, 3, 3)
writer = LSTMGenerator(kinds=3, length=3, width=8, embedded=4)


def gradient(loss):
    return torch.cat([part.flatten() for part in torch.autograd.grad(loss, list(writer.parameters()))])


def reward(symbols):
    return REWARDS[tuple(symbols.unbind(1))]


exact = gradient(-(writer.log_probabilities(EVERY).sum(1).exp() * reward(EVERY)).sum())
print(f"the exact gradient: {len(exact)} numbers, of length {exact.norm():.3f}")

# %% [markdown]
# Each estimator gets 300 batches of 16 texts. In units of the exact gradient's length, we measure
#
# - its *bias*, the distance from the mean of these 300 gradients to the exact one,
# - its *standard deviation*, the typical distance from a batch's gradient to that mean.
#
# Rollouts write four endings from each place but the last: eight more texts for D to score. The critic gets the exact
# values, which a real one would have to learn.

# %%
likely = writer.log_probabilities(EVERY).sum(1).exp().detach().reshape(3, 3, 3)
earned = likely * REWARDS
FIRST, SECOND = (earned.sum(rest) / likely.sum(rest) for rest in ((1, 2), 2))


def values_of_actions(symbols):  # what the writer earns on average after each possible next letter: [batch, 3, 3]
    first, second, _ = symbols.unbind(1)
    return torch.stack([FIRST.expand(len(symbols), 3), SECOND[first], REWARDS[first, second]], dim=1)


def estimate(way, batch=16):
    symbols = writer.sample(batch)
    logs, whole = writer.log_probabilities(symbols), reward(symbols)[:, None].expand(-1, 3)
    if way == "REINFORCE":
        return gradient(reinforce(logs, whole))
    if way == "… batch baseline":
        return gradient(reinforce(logs, less_the_others(whole)))
    if way == "… and rollouts":
        values = estimators.rollouts(writer.complete, reward, symbols, count=4)
        return gradient(reinforce(logs, less_the_others(values)))
    if way == "exact all-action critic":
        return gradient(all_actions(writer(symbols).softmax(-1), values_of_actions(symbols)))
    kind, temperature = way.split(", τ = ")
    texts = writer.relaxed(batch, float(temperature), one_hot=kind == "straight-through")
    return gradient(-reward_network(texts).mean())


UNBIASED = ["REINFORCE", "… batch baseline", "… and rollouts", "exact all-action critic"]
WAYS = [*UNBIASED, *(f"{kind}, τ = {tau}" for kind in ("straight-through", "relaxed") for tau in ("1", "0.2"))]
measured = {}
for way in tqdm(WAYS):
    many = torch.stack([estimate(way) for _ in range(300)])
    deviation = float(many.var(0).sum().sqrt() / exact.norm())
    measured[way] = float((many.mean(0) - exact).norm() / exact.norm()), deviation, deviation / 300**0.5

# %% alt="Two bar charts of eight estimators. Left, the bias: straight-through 0.44 at temperature 1 and 0.27 at 0.2, relaxed 0.14 and 0.06, the policy gradients near the black marks of chance. Right, the standard deviation: plain REINFORCE 1.10, the baseline 0.58, the exact critic 0.07, the others between." tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.5), sharey=True)
bias, deviation, chance = zip(*measured.values(), strict=True)
colors = [style.CATEGORIES[0]] * len(UNBIASED) + [style.CATEGORIES[1]] * 4
for axes, lengths, ends in ((left, bias, np.maximum(bias, chance)), (right, deviation, deviation)):
    axes.barh(WAYS, lengths, color=colors)
    for row, (length, end) in enumerate(zip(lengths, ends, strict=True)):
        axes.text(end + axes.get_xlim()[1] * 0.03, row, f"{length:.2f}", va="center", fontsize=9)
left.plot(chance, WAYS, "|", color="black", ms=13, mew=2)
left.set(title="Straight-through: most bias", xlabel="bias (black mark: chance alone)")
left.set_xlim(0, 1.18 * max(bias + chance))
left.text(0.33, 1.5, "policy gradients", color=colors[0], va="center", transform=left.get_yaxis_transform())
left.text(0.48, 6.5, "Gumbel-softmax", color=colors[-1], va="center", transform=left.get_yaxis_transform())
right.set(title="Plain REINFORCE: most noise", xlabel="standard deviation", xlim=(0, 1.22 * max(deviation)))
right.locator_params("x", nbins=4)
left.invert_yaxis()
plt.show()

# %% [markdown]
# A black mark shows what chance alone would give.
#
# - **The policy gradients have no bias, but noise.** The baseline nearly halves REINFORCE's. The exact critic has the
#   least, but it knows all 27 texts.
# - **The straight-through estimator is biased**, at $\tau = 1$ by nearly half the gradient's length.
# - **The relaxed form lets us choose.** From $\tau = 1$ to 0.2, the bias falls to less than half, and the noise grows
#   to more than three times.
#
# ### One number: which estimator for which batch?
#
# A gradient from $n$ texts misses the exact one by the **root mean square error**,
#
# $$\sqrt{\text{bias}^2 + \text{noise}^2/n},$$
#
# where *noise* is the standard deviation for a single text. A larger batch shrinks only noise. The curves follow this
# formula, and the dots are measured anew:

# %%
COST = {"… and rollouts": 9}  # texts that D scores for each one that is drawn


def error(way, scored):
    bias, deviation, chance = measured[way]
    bias = 0 if way in UNBIASED else max(bias**2 - chance**2, 0) ** 0.5  # without what chance adds
    return (bias**2 + 16 * deviation**2 * COST.get(way, 1) / scored) ** 0.5


missed = {}
for way, (scored, count) in tqdm(list(itertools.product(WAYS, ((36, 80), (144, 40), (1008, 20))))):
    batch = scored // COST.get(way, 1)
    misses = torch.stack([estimate(way, batch) - exact for _ in range(count)])
    missed[way, scored] = float(misses.square().sum(1).mean().sqrt() / exact.norm())

# %% alt="The error of eight estimators against the texts that D scores in a batch, on log scales. The policy gradients fall as straight lines, the exact critic far below all. Of the others, relaxed at temperature 1 is lowest up to about 250 texts and levels off; then REINFORCE with a baseline is lowest. Straight-through levels off higher." tags=["hide-input"]
sizes = np.geomspace(4, 4096, 121)
paths = {way: np.array([error(way, size) for size in sizes]) for way in WAYS}
crossing = sizes[np.argmax(paths["… batch baseline"] < paths["relaxed, τ = 1"])]
figure, axes = plt.subplots(figsize=(7.2, 4.4))
height = 0
for way, path in sorted(paths.items(), key=lambda item: item[1][-1]):
    color = style.REFERENCE if "exact" in way else colors[WAYS.index(way)]
    axes.plot(sizes, path, color=color, lw=3 if way in ("… batch baseline", "relaxed, τ = 1") else 1.2)
    found = [(size, miss) for (name, size), miss in missed.items() if name == way]
    axes.plot(*zip(*found, strict=True), "o", color=color, ms=6, mec="white")
    height = max(path[-1], 1.33 * height)  # labels apart
    label = {"… batch baseline": "REINFORCE, baseline", "… and rollouts": "REINFORCE, rollouts"}.get(way, way)
    axes.text(4700, height, label, color=color, va="center", fontsize=10)
axes.axvline(crossing, color="black", lw=0.8, ls=":")
axes.text(crossing * 0.9, 3, "relaxed, τ = 1, is best", ha="right", va="center", color=colors[-1])
axes.text(crossing * 1.1, 3, "the baseline is best", va="center", color=colors[0])
axes.set(xscale="log", yscale="log", xlim=(3.6, 4300), ylim=(0.003, 5))
axes.set_xticks((4, 16, 64, 256, 1024, 4096), ("4", "16", "64", "256", "1,024", "4,096"))
axes.set_xticks([], minor=True)
axes.set_yticks((0.01, 0.1, 1), ("0.01", "0.1", "1"))
axes.set(xlabel="texts that D scores in a batch", ylabel="error ÷ length of the exact gradient")
axes.set_title("A small batch forgives bias; a large one does not")
plt.show()

# %% [markdown]
# **Which one is best depends on the batch.** The exact critic aside, it is the relaxed form at τ = 1 up to about 250
# texts, and REINFORCE with a baseline in large batches. Near 250, the relaxed form at 0.2 comes close to both.
# Straight-through at τ = 1 falls behind the baseline at about 30. Rollouts, which score nine texts for one, stay behind
# it.

# %% tags=["claim"]
for way in UNBIASED:
    assert measured[way][0] < 2.5 * measured[way][2], way  # chance: a root mean square, often exceeded
for tau in ("1", "0.2"):
    assert measured[f"straight-through, τ = {tau}"][0] > 5 * measured[f"straight-through, τ = {tau}"][2]
assert measured["straight-through, τ = 0.2"][0] > 2 * measured["relaxed, τ = 0.2"][0]
noises = [measured[way][1] for way in UNBIASED]
assert noises == sorted(noises, reverse=True)
assert missed["relaxed, τ = 1", 36] < 0.75 * missed["… batch baseline", 36]
assert missed["… batch baseline", 1008] < 0.75 * missed["relaxed, τ = 1", 1008]
assert missed["… batch baseline", 144] < 0.75 * missed["straight-through, τ = 1", 144]

# %% [markdown]
# > **Your turn.** Predict what happens to each bar when the mean reward is 20, then change the 2 in the line that begins
# > with `reward_network[3].bias +=`.
# > <details><summary>Solution</summary>
# >
# > Only plain REINFORCE becomes noisier, many times. A baseline subtracts the constant, all-action sums lose it, and the
# > Gumbel-softmax uses slopes only.
# > </details>
#
# ### A text GAN in one loop
#
# **How much does the gradient matter in training?** Here is a whole text GAN, with a slot for the estimator. A random
# LSTM writes the real texts: four symbols, each one of four. With 256 texts, we can compute the exact gradient, and the
# exact *reverse* KL divergence ([chapter 01](01_the_game.ipynb)) of G from the real writer. The last way, the rival,
# ignores D and raises the log-probability of the *real* texts.

# %%
TEXTS = torch.tensor(list(itertools.product(range(4), repeat=4)))
torch.manual_seed(11)
truth = LSTMGenerator(kinds=4, length=4, width=8, embedded=4).requires_grad_(False)
for weights in truth.parameters():
    weights.normal_(std=1.5)


def exactly(generator, discriminator, real):
    return -(generator.log_probabilities(TEXTS).sum(1).exp() * discriminator(one_hot(TEXTS, 4)).detach()).sum()


def by_reinforce(generator, discriminator, real):
    symbols = generator.sample(64)
    rewards = discriminator(one_hot(symbols, 4))[:, None].expand(-1, 4)
    return reinforce(generator.log_probabilities(symbols), less_the_others(rewards))


def by_straight_through(generator, discriminator, real):
    return -discriminator(generator.relaxed(64)).mean()  # hard(gumbel_softmax(…)) at τ = 1, symbol after symbol


def by_likelihood(generator, discriminator, real):
    return -generator.log_probabilities(real).sum(1).mean()


# %%
def play(estimator, seed, steps=300):
    torch.manual_seed(seed)
    generator = LSTMGenerator(kinds=4, length=4, width=16, embedded=8)
    discriminator = nn.Sequential(
        nn.Flatten(),
        nn.Linear(16, 32),
        nn.LeakyReLU(0.2),
        nn.Linear(32, 32),
        nn.LeakyReLU(0.2),
        nn.Linear(32, 1),
        nn.Flatten(0),
    )
    generator_optimizer = torch.optim.Adam(generator.parameters(), 3e-3, betas=(0.0, 0.99))
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), 6e-3, betas=(0.0, 0.99))
    divergences = []
    for step in range(steps):
        real, fake = truth.sample(64), generator.sample(64)
        real_scores, fake_scores = discriminator(one_hot(real, 4)), discriminator(one_hot(fake, 4))
        discriminator_loss = softplus(-real_scores).mean() + softplus(fake_scores).mean()
        discriminator_optimizer.zero_grad()
        discriminator_loss.backward()
        discriminator_optimizer.step()
        generator_loss = estimator(generator, discriminator, real)
        generator_optimizer.zero_grad()
        generator_loss.backward()
        generator_optimizer.step()
        if step % 20 == 19:
            logs = generator.log_probabilities(TEXTS).sum(1).detach()
            divergences.append(float((logs.exp() * (logs - truth.log_probabilities(TEXTS).sum(1))).sum()))
    return divergences


ESTIMATORS = {
    "exact gradient": exactly,
    "REINFORCE, baseline": by_reinforce,
    "straight-through": by_straight_through,
    "likelihood": by_likelihood,
}
played = {name: [play(way, seed) for seed in range(3)] for name, way in tqdm(ESTIMATORS.items())}

# %% alt="The reverse KL over 300 training steps, on a log scale, three seeds and their median for each of four ways. Likelihood, in grey, falls lowest; the exact gradient, REINFORCE with a baseline and straight-through stay close together above it." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.4))
COLORS = dict(zip(played, ("#117733", "#332288", "#CC6677", style.REFERENCE), strict=True))
ends = {}
for name, runs in played.items():
    for run in runs:
        axes.plot(range(20, 301, 20), run, color=COLORS[name], lw=1, alpha=0.35)
    middle = np.median(runs, axis=0)
    axes.plot(range(20, 301, 20), middle, color=COLORS[name], lw=2.5)
    ends[name] = middle[-1]
height = 0
for name, end in sorted(ends.items(), key=lambda item: item[1]):
    height = max(end, 1.35 * height)  # labels apart
    axes.text(305, height, f"{name}, {end:.2f}", color=COLORS[name], va="center")
axes.set_yscale("log")
axes.set(xlabel="training step", ylabel="reverse KL, nats a text", xlim=(0, 460))
axes.set_xticks(range(0, 301, 50))
axes.set_yticks((0.03, 0.1, 0.3, 1, 3), ("0.03", "0.1", "0.3", "1", "3"))
axes.set_title("In 300 steps, no gradient brings the GAN as near to the real writer as likelihood")
plt.show()

# %% [markdown]
# **The three GANs are about equally good**, and **likelihood is ahead of all three**. Yet the reverse KL is what the
# GANs minimise: the logit of an optimal D is $\log p - \log q$ ([chapter 03](03_the_discriminator.ipynb)). So here, the
# letter is not what holds the GAN back. Its D, which has to follow a moving G, is one suspect. The exercise in section
# 3 tries whole words.

# %% tags=["claim"]
assert ends["likelihood"] < min(end for name, end in ends.items() if name != "likelihood")

# %% [markdown]
# ## 2 · An oracle that knows
#
# **Is the missing gradient all that holds text GANs back?** We ask again with longer texts, from an **oracle**
# (Yu et al. 2017), an LSTM with random weights. It writes 12 symbols from an alphabet of 32, and knows how likely each
# text is. All writers learn from 60,000 of its texts.
#
# Our writer is **autoregressive**: a text's probability is the product of its symbols' probabilities, each given those
# before it. With the oracle's probability $p$ and the writer's $q$, we can estimate both KL divergences:
#
# | divergence | formula | it is large when |
# |---|---|---|
# | **reverse** KL | $\mathrm{KL}(q \,\Vert\, p) = \mathbb{E}_q[\log q - \log p]$ | G writes what the oracle hardly ever writes |
# | **forward** KL | $\mathrm{KL}(p \,\Vert\, q) = \mathbb{E}_p[\log p - \log q]$ | the oracle writes what G hardly ever writes |
#
# Maximum likelihood minimises the forward one, which therefore favours that rival. The reverse one does not.
#
# Many papers report only the *NLL-oracle*, $-\mathbb{E}_{q} \log p$: the reverse KL *plus the entropy of G*. A writer
# can lower it just by varying its texts less.
#
# **The rival** is the LSTM trained by maximum likelihood, also called **teacher forcing**: it predicts each symbol of a
# *real* text, given the real ones before it. When it writes, a temperature T divides its logits. Below 1, likely
# symbols come more often.
#
# **The four GANs** train the same LSTM from random weights, and write at T = 1. They differ in D, too:
#
# - *Rollouts* and the *Gumbel-softmax*: D scores whole texts. One uses the score, the other its slope.
# - *Prefix rewards*: D scores each symbol after those before it. A symbol's reward is its own score plus the later
#   scores, each discounted further, which brings a bias.
# - *All-action critic*: such a D scores every possible next symbol. It is the critic, too, biased because it is learnt.
#
# All are small versions. The published SeqGAN is first trained by likelihood. ScratchGAN, with very large batches and a
# regularised D, reported results comparable to likelihood's.

# %% tags=["long"]
record = results.table("oracle")
print(f"{record['command']}, {record['date']}, {record['machine']}, three seeds")
print(f"{'medians; nats a symbol':<39}  steps  CPU s  NLL-oracle  reverse KL  forward KL")
METHODS = {
    "rollouts": "rollouts (SeqGAN's idea)",
    "steps": "prefix rewards (ScratchGAN's idea)",
    "all_actions": "all-action critic",
    "relaxation": "straight-through Gumbel-softmax",
}
NAMES = ("nll_oracle", "reverse_kl", "forward_kl")
rows = {name: [run[-1] for run in record["ways"][way]] for way, name in METHODS.items()}
rows |= {f"likelihood, T = {point['temperature']}": [run[k] for run in record["likelihood"]]
         for k, point in enumerate(record["likelihood"][0])}  # fmt: skip
for name, runs in rows.items():
    seconds, *values = (float(np.median([run[key] for run in runs])) for key in ("seconds", *NAMES))
    steps = runs[0].get("step", 2000)  # of likelihood: 2,000, after which nothing but the temperature changes
    print(f"{name:<39} {steps:6,} {seconds:6.0f}" + "".join(f"{value:12.2f}" for value in values))
entropy = np.median([run[0]["nll_model"] - run[0]["forward_kl"] for run in record["likelihood"]])
print(f"the entropy of the oracle itself: {entropy:.2f}")
cooled = results.table("oracle_cooled")  # the same GANs, seed 0, each written at six temperatures


# %% alt="The plane of reverse and forward KL; lower left is better. The grey curve of maximum likelihood runs at a reverse KL near 0.4 from a forward KL of 0.3 up to 0.8. The GANs lie farther right: rollouts near 1.4, the others near 0.8. Cooled, they move a little left, then steeply up." tags=["hide-input"]
def both(points):
    return np.array([[point["reverse_kl"], point["forward_kl"]] for point in points]).T


figure, axes = plt.subplots(figsize=(7.2, 4.6))
COLORS = ("#332288", "#B8860B", "#117733", "#CC6677")
PLACES = ((1.37, 1.15, "right"), (0.94, 1.4, "left"), (0.82, 1.5, "right"), (0.87, 0.53, "left"))
for (way, name), color, mark, (x, y, side) in zip(METHODS.items(), COLORS, "os^D", PLACES, strict=True):
    for run in record["ways"][way]:
        axes.plot(*both(run[-1:]), mark, ms=8, color=color, mec="white", alpha=0.6, zorder=3)
    axes.plot(*both(cooled["ways"][way]), ".-", ms=4, lw=1.2, color=color)
    axes.text(x, y, name.split(" (")[0], ha=side, va="center", color=color)
curve = np.median([both(run) for run in record["likelihood"]], axis=0)
axes.plot(*curve, ".-", ms=10, lw=2, color=style.REFERENCE)
axes.text(0.36, 0.2, "maximum likelihood", color=style.REFERENCE, ha="center")
for point, entry in zip(curve.T, record["likelihood"][0], strict=True):
    x, y, side = (7, -4, "left") if entry["temperature"] == 1 else (-7, -3, "right")
    if entry["temperature"] == 0.9:
        x, y, side = 4, 7, "left"
    label = f"{'T = ' if entry['temperature'] in (1, 0.5) else ''}{entry['temperature']:g}"
    axes.annotate(label, point, xytext=(x, y), textcoords="offset points", ha=side, fontsize=9)
axes.set(xlabel="reverse KL, nats a symbol", ylabel="forward KL, nats a symbol", xlim=(0, 1.6), ylim=(0, 1.85))
axes.annotate("better", (0.03, 0.03), xytext=(0.18, 0.1), arrowprops={"arrowstyle": "->"}, fontsize=9, va="center")
axes.set_title("No GAN, cooled or not, reaches maximum likelihood at T ≥ 0.6")
plt.show()

# %% [markdown]
# Each mark is a seed at T = 1; the thin curves cool one GAN of each kind.
#
# **Maximum likelihood is ahead of all four GANs** in both divergences, at every temperature from 1 to 0.6, after half
# the time.
#
# **Whether their bias is to blame stays open.** Only rollouts have none, but they write 22 endings for each text, so
# they had only 240 steps. Some GANs were still improving at the end.
#
# **One number can mislead.** Cooling likelihood's LSTM lowers its NLL-oracle, even below the oracle's own entropy. Yet
# both divergences are worse at T = 0.5 than at 1.

# %% tags=["claim", "long"]
for way in METHODS:
    reached = [run[-1] for run in record["ways"][way]] + cooled["ways"][way]
    for end, points in itertools.product(reached, record["likelihood"]):
        warm = [point for point in points if point["temperature"] >= 0.6]
        assert all(p["reverse_kl"] < end["reverse_kl"] and p["forward_kl"] < end["forward_kl"] for p in warm)

# %% [markdown]
# So a text GAN that gains quality and loses variety may only have cooled. Caccia et al. (2020) drew such curves, and
# none of their text GANs was beyond that of maximum likelihood.
#
# ## 3 · Words in one pass
#
# **What are GANs for, then?** Maximum likelihood needs a probability that can be computed. Here is a generator that has
# none. It turns one noise into ten rows of 27 logits, for 26 letters and the end, and `argmax` picks a letter from each
# row. A word's probability would be an integral over all noise, but a GAN does not need it. Our recipe sets the `width`
# to 256:

# %% alt="From left to right: 128 noise numbers, three residual layers, 10 rows of 27 logits, a straight-through step that picks a letter a row, and the fake word. A gradient flows back through that step, as of a softmax." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("noise z", 0, 0, "128 numbers", "noise"),
        diagrams.Box("3 residual layers", 1, 0, "256 features", "generator"),
        diagrams.Box("logits", 2, 0, "10 × 27", "generator"),
        diagrams.Box("straight-through", 3, 0, "a letter a row", "generator"),
        diagrams.Box("fake word", 4, 0, "10 × 27, one-hot", "fake"),
    ],
    [
        diagrams.Arrow("noise z", "3 residual layers"),
        diagrams.Arrow("3 residual layers", "logits"),
        diagrams.Arrow("logits", "straight-through"),
        diagrams.Arrow("straight-through", "fake word"),
        diagrams.Arrow("fake word", "straight-through", "gradient", gradient=True),
        diagrams.Arrow("straight-through", "logits", "as of a softmax", gradient=True),
        diagrams.Arrow("logits", "3 residual layers", gradient=True),
    ],
)


# %% tags=["library"]
class WordGenerator(nn.Module):
    def __init__(self, noise_dim=128, length=10, kinds=27, width=512, depth=3):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(noise_dim, width),
            *(Residual(width, normalised=True) for _ in range(depth)),
            nn.RMSNorm(width, elementwise_affine=False),
            nn.LeakyReLU(0.2),
            nn.Linear(width, length * kinds),
            nn.Unflatten(-1, (length, kinds)),
        )

    def forward(self, noise):
        return straight_through(self.layers(noise))


# %% [markdown]
# `straight_through` is `hard(logits.softmax(-1))`, without Gumbel noise, because the input noise already makes G
# random. So this G writes the likeliest letter of each row, and the backward softmax is that of another writer, who
# would draw: one more bias. For one noise, ours gives:

# %% alt="Two heat maps of ten rows, the places in a word, by 27 columns, the end and the letters. Above, what D reads: one dark cell in each row, the letters of a word and then the end. Below, the softmax: the same cells are framed, each the darkest of its row, but in the rows of letters many others are nearly as dark." tags=["hide-input"]
noise = torch.randn(1, recipe.noise_dim, generator=torch.Generator().manual_seed(1))
shares = gan.average.layers(noise)[0].softmax(-1).detach()
picked = shares.argmax(-1)
figure, panels = plt.subplots(2, 1, figsize=(7.2, 4.9), sharex=True)
for axes, rows in zip(panels, (one_hot(picked, 27), shares), strict=True):
    image = axes.imshow(rows, cmap="Oranges", norm=PowerNorm(0.5, 0, 1), aspect="auto")
    for place, letter in enumerate(picked):
        axes.add_patch(plt.Rectangle((letter - 0.5, place - 0.5), 1, 1, fill=False, lw=1.4, clip_on=False))
    axes.set_yticks(range(0, 10, 3), range(1, 11, 3))
    axes.set(ylabel="place in the word")
axes.set_xticks(range(27), ["end", *train.alphabet])
figure.colorbar(image, ax=panels, label="value (the colour shows its square root)", pad=0.02, aspect=40)
panels[0].set_title(f"Forward: D reads a one-hot letter a row, “{train.read(picked[None])[0]}”")
panels[1].set_title("Softmax: used backward only")
plt.show()

# %% [markdown]
# Backward, the gradient flows as if D had read the lower rows. The letters' rows stay flat, perhaps because D never sees them: a
# letter that wins by a little counts as much as a sure one.
#
# **D reads the word in two ways**: as a whole, and through each window of four letters. It also compares eight words by
# their minibatch standard deviation ([chapter 06](06_mode_collapse.ipynb)), so words too much alike give G away. R1 and
# R2 ([chapter 07](07_convergence.ipynb)) penalise its slope at the letters. The GAN from the top of the page:

# %%
print(f"{len(train):,} English words and names to learn from:", ", ".join(train.read()[:: len(train) // 9]))
for step in (1, 50, 160, 300):
    plausible, texts = trained[step]
    print(f"step {step:>3}, {plausible:4.0%} plausible:", " ".join(texts[:8]))

# %% [markdown]
# > **Your turn.** Replace straight-through by REINFORCE in this GAN, and plot or print the plausible share every 50
# > steps. G has to *draw* its letters, and to remember their log-probabilities.
# > <details><summary>Solution</summary>
# >
# > ```python
# > from gan_lessons import training
# > from gan_lessons.networks.text import WordGenerator
# >
# > class Drawn(WordGenerator):
# >     def forward(self, noise):
# >         letters = torch.distributions.Categorical(logits=self.layers(noise))
# >         symbols = letters.sample()
# >         self.logs = letters.log_prob(symbols)
# >         return one_hot(symbols, 27)
# >
# > def by_rewards(gan, loss, batches, noise, penalty=None):
# >     seen = training.discriminator_step(gan, loss, batches[0], noise[0, 0], penalty)
# >     rewards = gan.score(gan.generate(noise[1, 0]))[:, None].expand(-1, 10)
# >     value = reinforce(gan.generator.logs, less_the_others(rewards))
# >     training.learn(gan.generator_optimizer, value)
# >     return seen[0], value.detach(), *seen[1:3]
# >
# > gan = recipe.build(seed=11)
# > gan.generator.__class__ = gan.average.__class__ = Drawn
# > for step in recipe.train(gan, data, update=by_rewards):
# >     if step.step % 50 == 0:
# >         symbols = gan.sample(2000).argmax(-1)
# >         print(step.step, float((judge(words()).surprise(symbols) < bound(words())).float().mean()))
# >     if step.step == 300:
# >         break
# > ```
# >
# > After 300 steps of our run, 19 % are plausible, against 65 % with straight-through. (This G draws its letters, where the
# > other takes the likeliest.) One reward for a word says little about each of its letters. D's slope says something about
# > every letter that could stand there.
# > </details>
#
# ### A judge of words
#
# Our judge is an **n-gram** model. It counts how often each letter follows the four before it, in 42,000 words and
# surnames of the CMU Pronouncing Dictionary that no generator has seen. A word's *surprise* is its mean negative
# log-probability per letter. Its exponential is the **perplexity**: among how many equally likely letters one guesses.
#
# | name | meaning | real words |
# |---|---|---|
# | plausible | share whose surprise is below real words' 95th percentile | .95 |
# | unique | share of different words among 5,000 | 1 |
# | copied | share of training words | (0 for test words) |
# | trigram JS | Jensen–Shannon divergence, in nats, between the trigrams (runs of three letters) of 5,000 samples and of the judge's words | .03 |
#
# *Plausible* looks at words one by one, *trigram JS* at whole piles. Compare piles of equal counts only: a hundred real
# words cannot hold most trigrams. Stored runs of about a minute:

# %% tags=["long"]
stored = results.table("words")
print(f"{stored['command']}, {stored['date']}, {stored['machine']}, three seeds")
SCORES = {"plausible": "plausible", "unique": "unique", "copied": "copied", "trigram_js": "trigram JS"}
print(f"{'medians, of 5,000 words':<30}" + "".join(f"{name:>11}" for name in SCORES.values()))
rows = {"real words": [stored["real"]], "random letters": [stored["uniform"]]}
GANS = {"spread": "GAN, minibatch std", "no spread": "GAN without it"}
rows |= {name: [run[-1] for run in stored[key]] for key, name in GANS.items()}
for name, runs in rows.items():
    print(f"{name:<30}" + "".join(f"{float(np.median([run[key] for run in runs])):11.3f}" for key in SCORES))
guesses = {name: np.exp(np.median([run["surprise"] for run in runs])) for name, runs in rows.items()}
print("\nperplexity to the judge: " + ", ".join(f"{name} {guess:.0f}" for name, guess in guesses.items()))

# %%
torch.manual_seed(0)
one_pass, without_std = (
    results.restored(WordGenerator(recipe.noise_dim, width=recipe.width), name)
    for name in ("words_spread", "words_no_spread")
)
noise = torch.randn(10_000, recipe.noise_dim)
letters = {"GAN": one_pass(noise).argmax(-1), "GAN without minibatch std": without_std(noise).argmax(-1)}


# %% alt="Twenty-two real words in blue, and in orange as many of each GAN. Grey italics are implausible to the judge; yellow marks endings that at least three words share." tags=["hide-input"]
def list_words(axes, symbols, color):
    texts, fine = train.read(symbols), judge(words()).surprise(symbols) < bound(words())
    endings = [text[-2:] for text in texts]
    for k, text in enumerate(texts):
        shade = "#FFE8A3" if endings.count(endings[k]) > 2 else "none"
        axes.text(
            k % 2, k // 2, text, family="monospace", fontsize=11, va="center",
            color=color if fine[k] else style.REFERENCE, fontstyle="normal" if fine[k] else "italic",
            bbox={"facecolor": shade, "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip
    axes.set(xlim=(0, 2), ylim=(len(texts) / 2 - 0.5, -0.5))
    axes.set_axis_off()
    return int(fine.sum())


def show(piles, colors):
    figure, panels = plt.subplots(1, len(piles), figsize=(7.2, 3.4))
    for axes, (title, symbols), color in zip(panels, piles.items(), colors, strict=True):
        plausible = list_words(axes, symbols[:22], color)
        axes.set_title(f"{title}\n{plausible} of 22 plausible", fontsize=11)
    plt.show()


torch.manual_seed(0)
real_words = {"real words": test.symbols[torch.randperm(len(test))]}
show(real_words | letters, (style.REAL, style.FAKE, style.FAKE))

# %% [markdown]
# Grey italics mark what the judge finds implausible. Words on yellow share their last two letters with at least two
# more.
#
# **Plausibility alone deceives.** Without the minibatch standard deviation, the same GAN scores *higher*. Yet its words
# repeat more often, and its trigram JS is worse: a writer that keeps to a few safe patterns is plausible.
#
# ## 4 · Is it the architecture, or the objective?
#
# **How good is the usual model of text at these words?** It is autoregressive and trained by likelihood. Ours is an
# LSTM. At each place it draws a letter from the softmax of its logits, and reads it at the next:

# %% alt="Four steps of the same LSTM in a row; memory flows from each to the next. The first reads a begin symbol. Each draws a letter, w, o, r in turn, which the next one reads." tags=["hide-input"]
diagrams.flow(
    [
        *(diagrams.Box(f"LSTM, step {k + 1}", 1.3 * k, 0, "same weights", "average") for k in range(4)),
        diagrams.Box("begin", 0, 1),
        *(
            diagrams.Box(f"“{letter}”", 1.3 * (k + 1), 1, "drawn, then read", "average")
            for k, letter in enumerate("wor")
        ),
    ],
    [
        diagrams.Arrow("begin", "LSTM, step 1"),
        *(diagrams.Arrow(f"“{letter}”", f"LSTM, step {k + 2}") for k, letter in enumerate("wor")),
        *(diagrams.Arrow(f"LSTM, step {k}", f"LSTM, step {k + 1}", "memory") for k in range(1, 4)),
        *(diagrams.Arrow(f"LSTM, step {k + 1}", f"“{letter}”") for k, letter in enumerate("wor")),
    ],
)

# %% [markdown]
# In training, it reads the letters of a real word instead, and never its own mistakes. This mismatch,
# **exposure bias** (Ranzato et al. 2016, [arXiv:1511.06732](https://arxiv.org/abs/1511.06732)), was one argument for
# training such models as GANs.
#
# Most language models today are **transformers** (Vaswani et al. 2017), trained by the same likelihood. They replace
# the memory by **attention**: each place takes a weighted mean of what stands before it.

# %% alt="Twenty-two real words in blue, and in purple as many of the LSTM at a temperature of 1 and of 0.5, drawn like the lists above." tags=["hide-input"]
lstm = results.restored(LSTMGenerator(), "words_lstm")
torch.manual_seed(0)
drawn = {f"LSTM, T = {T:g}": lstm.sample(100, T) for T in (1, 0.5)}
show(real_words | drawn, (style.REAL, style.AVERAGE, style.AVERAGE))

# %% [markdown]
# ### A second judge
#
# **Plausibility has a blind side**: a word can be too surprising for it, but never too ordinary. And the n-gram judge
# predicts letter by letter, as the LSTM does.
#
# A *classifier two-sample test* (Lopez-Paz & Oquab 2017) has neither preference. A small convolutional network learns
# to tell 8,000 generated words from 8,000 real ones that no generator has seen. The score is its accuracy on 2,000
# others of each; .5 is guessing. The GANs write likeliest letters here, and the LSTM draws:

# %%
judged = results.table("words_told")
print(f"{judged['command']}, {judged['date']}, {judged['machine']}, one seed of each writer")
print(f"{'10,000 words each':<28} plausible   told apart from real words")
for name, one in list(judged["told"].items())[:4]:
    print(f"{name:<28} {one['plausible']:9.3f} {one['right'] / one['of']:28.3f}")


def accuracy(name):
    return judged["told"][name]["right"] / judged["told"][name]["of"]


# %% [markdown]
# **The judges disagree.** At T = 0.5, eight of the LSTM's 22 words end in *er* or *ers*. It is "more plausible than
# real", and yet told apart as easily as the GAN. Of the two GANs, the more plausible is the easier to recognise.
#
# **At T = 1, the LSTM nearly passes *this* classifier.** So at ten letters, exposure bias seems to do little harm.
#
# ### Two by two
#
# **Why is the GAN behind?** It differs from the LSTM in architecture and in objective. Let us swap one at a time:
#
# | | adversarial | by likelihood, or a bound of it |
# |---|---|---|
# | **one pass** | the GAN of section 3 | the *same* generator as the decoder of a **variational autoencoder** (VAE; Kingma & Welling 2014) |
# | **autoregressive** | the *same* LSTM against the GAN's discriminator | the LSTM by teacher forcing |
#
# - *The adversarial LSTM* learns by the straight-through Gumbel-softmax at τ = 1, a biased gradient.
# - *The one-pass VAE* learns by restoring words, in three steps:
#   1. An encoder reads a real word and guesses its noise: a mean and a spread for each number.
#   2. The generator, as the decoder, takes a noise drawn from that guess to the logits of the ten letters.
#   3. The loss has two parts: the word's negative log-probability, summed over its letters, and a KL divergence, how far
#      the guess is from the noise that we draw later.

# %% alt="A real word enters the encoder, which guesses a mean and a spread; a noise z drawn from them enters the decoder, the GAN's generator. Below the guess stands part 2 of the loss, the KL divergence to the noise, and below the decoder part 1, minus log p of the word." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("real word", 0, 0, "10 × 27, one-hot", "real"),
        diagrams.Box("encoder", 1, 0, "parameters φ", "average"),
        diagrams.Box("guess", 2, 0, "mean and spread"),
        diagrams.Box("noise z", 3, 0, "drawn from it", "noise"),
        diagrams.Box("decoder", 4, 0, "the GAN's G", "average"),
        diagrams.Box("loss, part 2", 2, 1, "KL to the noise"),
        diagrams.Box("loss, part 1", 4, 1, "−log p(word | z)"),
    ],
    [
        diagrams.Arrow("real word", "encoder"),
        diagrams.Arrow("encoder", "guess"),
        diagrams.Arrow("guess", "noise z"),
        diagrams.Arrow("noise z", "decoder"),
        diagrams.Arrow("guess", "loss, part 2"),
        diagrams.Arrow("decoder", "loss, part 1"),
    ],
)

# %% [markdown]
# With a weight of 1 on the second part, the loss bounds the word's negative log-likelihood from above. A weight of 0.3
# (a "β-VAE", Higgins et al. 2017) gives no bound, but lets the noise say more about the word.
#
# Every run had about 40 to 65 CPU seconds. Where a row has a single mark, one seed was judged. The real words are
# training words.

# %% tags=["long"]
crossed = results.table("words_crossed")
print(f"{crossed['command']}, {crossed['date']}, {crossed['machine']}")
CELLS = {
    "one pass, GAN": [run[-1] | {"two_sample": accuracy("GAN")} for run in stored["spread"]],
    **{
        f"one pass, VAE, weight {run['beta']:g}": [seed[k]["likeliest"] for seed in crossed["one pass, VAE"]]
        for k, run in enumerate(crossed["one pass, VAE"][0])
    },
    "LSTM, GAN": crossed["LSTM, GAN"],
    **{
        f"LSTM, likelihood, T = {T:g}": [
            run[k] | {"two_sample": accuracy(f"LSTM, T = {T:g}")} for run in stored["lstm"]
        ]
        for T, k in ((1, 0), (0.5, 5))
    },
}
DRAWN = {
    "one pass, GAN": [judged["told"]["GAN, letters drawn"] | {"two_sample": accuracy("GAN, letters drawn")}],
    **{
        f"one pass, VAE, weight {run['beta']:g}": [seed[k]["drawn"] for seed in crossed["one pass, VAE"]]
        for k, run in enumerate(crossed["one pass, VAE"][0])
    },
    **{name: runs for name, runs in CELLS.items() if name.startswith("LSTM")},
}
print(f"\n{'medians':<26}" + "".join(f"{label:>24}" for label in ("plausible", "trigram JS", "told apart")))
print(" " * 26 + "    likeliest      drawn" * 3)
for name, runs in list(CELLS.items())[:3]:
    pairs = [(runs, DRAWN[name], key) for key in ("plausible", "trigram_js", "two_sample")]
    medians = [[np.median([run[key] for run in way]) for way in (likely, drawn)] for likely, drawn, key in pairs]
    print(f"{name:<26}" + "".join(f"{likely:13.3f}{drawn:11.3f}" for likely, drawn in medians))

# %% alt="Three dot plots, a row for each of six writers; dots for likeliest letters, rings for drawn ones, a dotted blue line for real words. Drawing lowers the GAN's plausible share from 0.70 to 0.41, that of the VAE of weight 1 from 0.87 to 0.42. Trigram JS and told apart: only the LSTM by likelihood at T = 1 is near the line." tags=["hide-input", "long"]
figure, panels = plt.subplots(1, 3, figsize=(7.2, 3.7), sharey=True)
LABELS = {
    "plausible": "plausible",
    "trigram_js": "trigram JS, nats",
    "two_sample": "told apart (0.5: guessing)",
}
for axes, (key, label) in zip(panels, LABELS.items(), strict=True):
    axes.axvline(crossed["real"][key], color=style.REAL, ls=":", lw=2)
    axes.axhspan(0.6, 1.4, color=style.REAL, alpha=0.1, lw=0)
    for row, name in enumerate(list(CELLS)[::-1]):
        color = style.AVERAGE if "GAN" not in name else style.FAKE
        for runs, fill in ((CELLS[name], color), (DRAWN[name], "white")):
            values = [run[key] for run in runs]
            values = values[:1] if len(set(values)) == 1 else values  # one seed judged: one mark
            heights = row + 0.2 * (np.arange(len(values)) - (len(values) - 1) / 2)
            axes.plot(values, heights, "o", mfc=fill, mec=color, mew=1.5, ms=5.5)
    axes.set_xlabel(label, fontsize=9)
    axes.set(yticks=range(len(CELLS)), ylim=(-0.6, len(CELLS) + 0.4))
rows = [name.replace(", weight", ",\nweight") for name in list(CELLS)[::-1]]
for text, name in zip(panels[0].set_yticklabels(rows), rows, strict=True):
    text.set_color(style.AVERAGE if "GAN" not in name else style.FAKE)
top = len(CELLS) - 0.45
panels[0].text(crossed["real"]["plausible"] - 0.03, top, "real words", ha="right", color=style.REAL, fontsize=9)
panels[0].set(xlim=(0, 1.08))
panels[1].set(xlim=(0, 0.15), xticks=(0, 0.05, 0.1))
panels[2].set(xlim=(0.45, 0.9))
figure.suptitle(
    "By trigrams and classifier, only the LSTM by likelihood at T = 1 is near real words\n"
    "● likeliest letters      ○ drawn letters",
    x=0.01, ha="left", fontsize=11,
)  # fmt: skip
plt.show()

# %% [markdown]
# Orange is adversarial, purple by likelihood. Each mark is a seed.
#
# **It matters how a one-pass writer picks its letters.** With weight 1, the VAE's likeliest letters are twice as
# plausible as its drawn ones, but worse by the other scores, like a low temperature. With 0.3, and for the GAN, the
# likeliest are better by all three. An LSTM has to draw: its likeliest word is always the same.
#
# **Neither change alone closes the gap** in these runs.
#
# - *The objective.* By likeliest letters, the VAE of weight 1 is more plausible than the GAN, but worse by the other
#   scores; with 0.3 it is the other way round. By drawn letters, the VAEs are a little ahead.
# - *The architecture.* The LSTM as a GAN is a little *less* plausible than the GAN's likeliest letters, but better by
#   the other scores. By every score it is behind the LSTM by likelihood at T = 1.

# %% tags=["claim", "long"]
told = {name: [run["two_sample"] for run in runs + DRAWN[name]] for name, runs in CELLS.items()}
assert max(told["LSTM, likelihood, T = 1"]) < min(told["LSTM, GAN"]) - 0.05
assert max(told["LSTM, GAN"]) < min(min(runs) for name, runs in told.items() if name.startswith("one pass")) - 0.05
for name in ("one pass, GAN", "one pass, VAE, weight 1", "one pass, VAE, weight 0.3"):
    assert min(run["plausible"] for run in CELLS[name]) > max(run["plausible"] for run in DRAWN[name]) + 0.1
wide, narrow = (f"one pass, VAE, weight {weight}" for weight in ("1", "0.3"))
assert min(run["trigram_js"] for run in CELLS[wide]) > max(run["trigram_js"] for run in DRAWN[wide]) + 0.02
assert max(run["trigram_js"] for run in CELLS[narrow]) < min(run["trigram_js"] for run in DRAWN[narrow]) - 0.005

# %% [markdown]
# ## 5 · What is left for the GAN
#
# **Does a GAN have anything that the LSTM lacks?**
#
# ### A discriminator that chooses
#
# After training we usually throw D away. Could D choose among G's words? We trained three larger GANs for ten minutes
# each, without minibatch standard deviation, so that D scores each word on its own. Then we sorted 50,000 words of each
# by D's score:

# %% alt="Left, the plausible share in ten piles of words, sorted by D's score: three green curves, one a seed, rise from about 0.65 to 0.95, as of real words. Right, plausible against trigram JS. From the GANs' words, arrows to the better half go up; those by the ratio go up and left. The LSTM at T = 0.8 lies beyond, near real words." tags=["hide-input", "long"]
chosen = results.table("words_kept")
figure, (axes, side) = plt.subplots(1, 2, figsize=(7.2, 3.6))
for run in chosen["gan"]:
    axes.plot(range(1, 11), run["by_game"], ".-", color=style.DISCRIMINATOR)
axes.axhline(stored["real"]["plausible"], color=style.REAL, ls=":")
axes.text(1, stored["real"]["plausible"] + 0.01, "real words", color=style.REAL)
axes.text(3.5, 0.7, "the GANs' words,\nthree seeds", color=style.DISCRIMINATOR)
axes.set(xlabel="tenth of the words, by D's score", ylabel="plausible (axis from 0.6)", ylim=(0.6, 1))
axes.set_xticks(range(1, 11))
axes.set_title("Higher score, more plausible", fontsize=11)


def place(run):
    return run["trigram_js"], run["plausible"]


for run in chosen["gan"]:
    for key in ("game", "ratio"):
        arrow = {"arrowstyle": "->", "color": style.DISCRIMINATOR, "lw": 1.5}
        side.annotate("", place(run[key]), place(run["all"]), arrowprops=arrow)
    side.plot(*place(run["all"]), "o", color=style.FAKE, ms=7, mec="white")
side.plot(*place(stored["real"]), "o", color=style.REAL, ms=9)
for k in (0, 2):  # T = 1 and 0.8
    side.plot(*np.median([place(run[k]) for run in stored["lstm"]], axis=0), "o", color=style.AVERAGE, ms=7)
for x, y, text, color, align in (
    (0.086, 0.822, "all words", style.FAKE, "left"),
    (0.102, 0.923, "better half", style.DISCRIMINATOR, "right"),
    (0.0555, 0.862, "by the ratio", style.DISCRIMINATOR, "center"),
    (0.028, 0.965, "real words", style.REAL, "left"),
    (0.042, 0.948, "LSTM, T = 0.8", style.AVERAGE, "left"),
    (0.031, 0.878, "LSTM,\nT = 1", style.AVERAGE, "center"),
):
    side.text(x, y, text, color=color, ha=align, va="center", fontsize=10)
side.set(xlabel="trigram JS, nats (left is better)", ylabel="plausible (axis from 0.8)")
side.set(xlim=(0.02, 0.105), ylim=(0.8, 0.98))
side.set_title("The ratio helps by both scores", fontsize=11)
plt.show()

# %% [markdown]
# **We try two filters.** *The better half* keeps the words with the higher scores. *By the ratio*, a simple form of
# *discriminator rejection sampling* (Azadi et al. 2019), also thins out what G writes too often. It keeps a word with
# probability $\min(1, r/c)$, where $r$ is the ratio of its real to its generated probability, and $c$ is the 90th
# percentile of $r$.
#
# The logit of an optimal D is $\log r$ if D is trained by binary cross-entropy ([chapter
# 03](03_the_discriminator.ipynb)). Ours were trained by a relativistic loss with a penalty. So for the ratio, each D is first fine-tuned that way against a frozen G:

# %% tags=["long"]
print(f"{chosen['command']}, {chosen['date']}, {chosen['machine']}, three seeds")
print(f"{'medians':<22}{'kept':>8}" + "".join(f"{name:>11}" for name in SCORES.values()))
FILTERS = {"all": "GAN, all words", "game": "… the better half", "ratio": "… by the ratio"}
rows = {name: [run[key] for run in chosen["gan"]] for key, name in FILTERS.items()}
for T, k in (("1", 0), ("0.8", 2)):
    rows[f"LSTM, T = {T}"] = [run[k] | {"kept": 1} for run in stored["lstm"]]
for name, runs in rows.items():
    kept, *values = (np.median([run[score] for run in runs]) for score in ("kept", *SCORES))
    print(f"{name:<22}{kept:8.2f}" + "".join(f"{value:11.3f}" for value in values))
spent = np.median([run["seconds"] + run["second_seconds"] for run in chosen["gan"]])
print(f"\nCPU seconds of training: GAN and second look {spent:.0f}, LSTM {stored['lstm'][0][0]['seconds']:.0f}")

# %% [markdown]
# **Keeping the better half mostly keeps common patterns**: *unique* falls, and the median trigram JS hardly changes.
# **Keeping words by the ratio helps by both scores**, a little less than half-way to real words, but throws away three
# words in four.
#
# **This is no advantage over the LSTM.** At T = 0.8, it is ahead of the filtered GAN by both scores in every seed,
# after less than a tenth of the training time. And such a D can be trained against any writer.

# %% tags=["claim", "long"]
for run in chosen["gan"]:
    every, ratio = run["all"], run["ratio"]
    assert ratio["plausible"] > every["plausible"] + 0.03 and ratio["trigram_js"] < every["trigram_js"] - 0.015
    ends = [points[2] for points in stored["lstm"]]  # T = 0.8
    assert all(end["plausible"] > ratio["plausible"] and end["trigram_js"] < ratio["trigram_js"] for end in ends)

# %% [markdown]
# ### Speed
#
# The one-pass GAN writes all letters **at once**. On one CPU thread:

# %% tags=["long"]
narrow = results.table("words_narrow")
print(f"{narrow['command']}, {narrow['date']}, {narrow['machine']}")
print("times as fast as the LSTM, words at once" + "".join(f"{count:>8,}" for count in narrow["counts"]))
ratios = np.divide(narrow["milliseconds"]["LSTM"], narrow["milliseconds"]["GAN"])
print(f"{'GAN':<40}" + "".join(f"{ratio:8.1f}" for ratio in ratios))
print(f"{'GAN, if a filter keeps 26 % of its words':<40}" + "".join(f"{0.26 * ratio:8.1f}" for ratio in ratios))

# %% [markdown]
# **The GAN is six to twenty times as fast as the LSTM**, but fewer of its words are plausible. With a filter, D's
# own time comes on top of the second row.
#
# ### A latent space
#
# **Each word of the GAN has a noise of 128 numbers, so we can walk from word to word**, mostly a letter at a time:

# %%
torch.manual_seed(11)
starts, ends = torch.randn(2, 4, recipe.noise_dim)
for start, end in zip(starts[:2], ends[:2], strict=True):
    turns = torch.linspace(0, torch.pi / 2, 60)[:, None]
    path = train.read(one_pass(turns.cos() * start + turns.sin() * end).argmax(-1))
    print(" → ".join(word for word, _ in itertools.groupby(path)))

# %% [markdown]
# In **TextLab**, start with the temperature. Then drag the point on the walk from *marine* to *salter*, or type two
# words of your own. **Play** trains a new GAN.
#
# **Truncation fails here.** Dashed orange pulls the GAN's *logits* to their mean as ψ falls, and both scores get worse.
# A mean face resembles a face, but a mean of words is no word.
# <details><summary>Fine print</summary>
#
# For a noise to your word, the lab tries 4,096, and the best sixteen climb the log-probability of its letters. Trigram
# JS is of 2,000 words here, so it is higher than in the tables.
# </details>

# %% alt="TextLab. Above, words of the LSTM and of the GAN. Below left, a walk as a staircase of nine words from marine to salter. Below right, plausible against trigram JS: the LSTM's purple curve over temperatures lies mostly above and left of the GAN's, which runs down to the right from \u03c8 = 1 to \u03c8 = 0.4."
from gan_lessons.labs.writing import open_text_lab

lab = open_text_lab(seed=11)  # each value below leaves a point on its dashed curve
for temperature in (0.5, 1.5, 1.0):
    lab.set(temperature=temperature)
for psi in (0.4, 0.7, 1.0):
    lab.set(psi=psi)
lab.set(along=0.5)
lab.walk("marine", "salter")
lab

# %% [markdown]
# Now the test: of twenty words, some of them names, ten are invented. Click on a card, or press I or R. `lab.test(20,
# of="LSTM")` asks about the other writer.

# %% alt="The test at word 1 of 20: a word in large letters above two cards, I for invented and R for real."
lab.test(20)

# %% [markdown]
# ### What stayed
#
# **The GAN has speed and a latent space, but they come from the one-pass architecture.** The VAE has them, too.
#
# The same tools work elsewhere. Language models learn from human preferences by policy gradients with a learnt reward
# (RLHF, Ouyang et al. 2022). ELECTRA (Clark et al. 2020) is pre-trained as a discriminator of single tokens.
#
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | G's loss moves, its parameters do not | is `G(z).requires_grad` true? `argmax` and `multinomial` cut the graph | straight-through, Gumbel-softmax or REINFORCE |
# | REINFORCE learns nothing, its gradient is huge | the mean of the rewards beside their standard deviation | subtract a baseline; a larger batch |
# | plausible words, many alike | unique and trigram JS at a *fixed* count | minibatch standard deviation, larger batches |
# | "better than real" | does the score only fall for the odd, never for the common? | a second judge; unique and copied beside it |
# | "beats maximum likelihood" | does the paper draw the temperature curve? | draw it |
#
# ## What we saw
#
# - **A picked letter has no slope, but an average has one.** REINFORCE estimates it without bias but with much noise,
#   which baselines and critics reduce. The relaxed Gumbel-softmax turns bias into noise as it is cooled;
#   straight-through stays biased. The batch decides which is nearest.
# - **A gradient was not enough.** In half a minute from random weights, none of four gradients brought a GAN to the
#   divergences of maximum likelihood at T ≥ 0.6, in twice its time. On 256 texts, even the exact gradient did not.
# - **A GAN can invent words.** But after a minute, neither it nor the LSTM as a GAN nor the one-pass VAE comes near the
#   LSTM by likelihood in every score.
# - **Judges have preferences.** At T = 0.5, the LSTM's words are more plausible than real ones, and as easy to
#   recognise as the GAN's. Likeliest letters raise *plausible*, too.
# - **Writing in one pass is fast and has a latent space**, also in a VAE. On one CPU thread, the generator is six to
#   twenty times as fast as the LSTM.
#
# ## Questions and further reading
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. The baseline for a sample's reward contains the reward itself. What goes wrong?
#    <details><summary>A · The mean gradient is too small</summary><b>Right.</b> By the factor 1 − 1/batch: it depends on the very symbols whose log-probability it multiplies.</details>
#    <details><summary>B · The variance grows</summary><b>No.</b> The trouble is the mean.</details>
#    <details><summary>C · Nothing</summary><b>No.</b> A baseline must not depend on the sample that it is for.</details>
# 2. A model's NLL-oracle lies below the oracle's own entropy. What does it write?
#    <details><summary>A · Better text than the oracle</summary><b>No.</b> The oracle is the truth here.</details>
#    <details><summary>B · Only what the oracle finds likeliest</summary><b>Right.</b> Its entropy, or the forward KL, would show it.</details>
#    <details><summary>C · Copies of the training text</summary><b>No.</b> The oracle wrote that text, so copies cost it about its entropy, and no less.</details>
# 3. Which estimator can learn from marks that a person gives?
#    <details><summary>A · REINFORCE</summary><b>Right.</b> It needs the reward's value and nothing else.</details>
#    <details><summary>B · Gumbel-softmax</summary><b>No.</b> It needs a slope of the reward.</details>
#    <details><summary>C · Straight-through</summary><b>No.</b> It needs a slope of the reward.</details>
#
# ### In your own words
#
# A judge finds .99 of a writer's words plausible, and .95 of real words. What do you look at next?
# <details><summary>Answer</summary>Does the writer keep to common patterns? Look at unique, copied and trigram JS at equal
# counts, and ask a second judge.</details>
#
# ### Further reading
#
# - Yu et al. 2017, *SeqGAN* ([arXiv:1609.05473](https://arxiv.org/abs/1609.05473)).
# - Jang et al. 2017, *Categorical reparameterization with Gumbel-softmax*
#   ([arXiv:1611.01144](https://arxiv.org/abs/1611.01144)); Maddison et al. 2017, *The concrete distribution*
#   ([arXiv:1611.00712](https://arxiv.org/abs/1611.00712)).
# - Bengio et al. 2013, *Estimating or propagating gradients through stochastic neurons*
#   ([arXiv:1308.3432](https://arxiv.org/abs/1308.3432)).
# - De Masson d'Autume et al. 2019, *Training language GANs from scratch*
#   ([arXiv:1905.09922](https://arxiv.org/abs/1905.09922)).
# - Vaswani et al. 2017, *Attention is all you need* ([arXiv:1706.03762](https://arxiv.org/abs/1706.03762)).
# - Kingma & Welling 2014, *Auto-encoding variational Bayes* ([arXiv:1312.6114](https://arxiv.org/abs/1312.6114)).
# - Caccia et al. 2020, *Language GANs falling short* ([arXiv:1811.02549](https://arxiv.org/abs/1811.02549)).
# - Azadi et al. 2019, *Discriminator rejection sampling* ([arXiv:1810.06758](https://arxiv.org/abs/1810.06758)).
# - Lopez-Paz & Oquab 2017, *Classifier two-sample tests* ([arXiv:1610.06545](https://arxiv.org/abs/1610.06545)).
# - Clark et al. 2020, *ELECTRA* ([arXiv:2003.10555](https://arxiv.org/abs/2003.10555)), and Ouyang et al. 2022,
#   *InstructGPT* ([arXiv:2203.02155](https://arxiv.org/abs/2203.02155)).
#
# [← 14 Super-resolution](14_super_resolution.ipynb) · [contents](00_start.ipynb) · [16 Verse and news →](16_verse_and_news.ipynb) · [assignment](assignments/release/15_text/15_text.ipynb)
