# %% [markdown]
# # 15 · Text
#
# [← 14 Super-resolution](14_super_resolution.ipynb) · [contents](00_start.ipynb) · [16 Verse and news →](16_verse_and_news.ipynb) · [assignment](assignments/release/15_text/15_text.ipynb)
#
# **Can a GAN write? And why is writing so much harder for it than drawing?**

# %% tags=["hide-input"]
import itertools
import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure
from torch import nn
from tqdm.auto import tqdm

from gan_lessons import estimators, recipes, results
from gan_lessons.data.text import words
from gan_lessons.estimators import straight_through
from gan_lessons.metrics.comparisons import means
from gan_lessons.metrics.text import bound, judge
from gan_lessons.networks.text import LSTMGenerator, Residual
from gan_lessons.plots import diagrams, style
from gan_lessons.plots.motion import Animation
from gan_lessons.plots.text import draw_texts

torch.set_num_threads(1)
torch.manual_seed(11)
style.use()

# %% alt="An animation. On the left, eighteen invented words in orange change letter by letter while a GAN trains for 300 steps: from strings such as vs and zswjy to some that look like English. On the right, twelve real words in blue stay as they are." tags=["hide-input"]
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
# In a few seconds, a GAN learns to invent words, and many of them look like English. (Section 3 says what "plausible"
# means.) Yet hardly anybody writes with GANs today. This chapter looks for reasons.
#
# **You will** see why a gradient stops at a letter, measure what the remedies cost, train a GAN that invents English
# words, and compare it with maximum likelihood.
#
# **You will learn** to
# - say why a generator of discrete symbols gets no gradient, and what a substitute costs,
# - use REINFORCE, baselines, rollouts and the Gumbel-softmax, and tell bias from variance,
# - judge samples by quality *and* variety, with a judge whose preferences you know,
# - read a claim that a text GAN "beats maximum likelihood", and know what to ask.
#
# **You will need** chapters [03](03_the_discriminator.ipynb), [05](05_the_first_gan.ipynb) and
# [08](08_measuring_a_gan.ipynb), and about a minute of computing on a laptop's processor.
#
# ## 1 · The gradient stops at the letter
#
# A picture generator learns from the slope of D's score: *a little brighter here, please*. A writer gives D **tokens**,
# units of text, here letters. There is no letter between "a" and "b", so D cannot ask for *a little more "b"*.
#
# D reads each letter as a one-hot row ([chapter 10](10_images_on_demand.ipynb)), a single 1 among zeros. The gradient
# reaches this fake word, but not G:

# %% alt="The block diagram of a GAN. A gradient flows from the losses back through the discriminator to the fake word and ends there; no gradient arrow leads to the generator." tags=["hide-input"]
lit = ["noise", "generator", "fake", "real", "discriminator", "losses", "gradient to fake"]
diagrams.gan(lit, real="words, one-hot", noise="128 numbers")

# %%
logits = torch.tensor([1.0, 3.0, 2.0], requires_grad=True)
letter = logits.argmax()
print("the letter:", int(letter), "- does it carry a gradient?", letter.requires_grad)

# %% [markdown]
# `argmax` is flat almost everywhere and jumps elsewhere, so its slope is 0 or does not exist.
#
# To compare substitutes for this gradient, we must know the exact one. With 3 letters in the alphabet and 3 in a text,
# there are only 27 texts to enumerate.
#
# The writer is a small **LSTM** (Hochreiter & Schmidhuber 1997), a recurrent network: it reads the letters so far one
# at a time, keeps a memory, and returns the logits of the next. A small random network stands in for the discriminator
# and gives the reward.

# %%
EVERY = torch.tensor(list(itertools.product(range(3), repeat=3)))
torch.manual_seed(11)
reward_network = nn.Sequential(nn.Flatten(), nn.Linear(9, 16), nn.Tanh(), nn.Linear(16, 1), nn.Flatten(0))
reward_network.requires_grad_(False)
reward_network[1].weight *= 4  # steep, so that its slope differs from text to text
reward_network[3].weight *= 4


def one_hot(symbols):
    return nn.functional.one_hot(symbols, 3).float()


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
# ### Without bias: the score-function estimator
#
# **REINFORCE** (Williams 1992), the simplest **policy gradient**, needs no slope of the reward. (In reinforcement
# learning, a writer is a *policy* and a letter an *action*.) It makes what was rewarded more likely:
# $\nabla\,\mathbb{E}[R] = \mathbb{E}\,[R\,\nabla \log q(\text{text})]$, because $\nabla q = q\,\nabla \log q$, where
# $q$ is the writer's probability. Statisticians call $\nabla \log q$ the *score*, hence its other name, the
# **score-function estimator**.
#
# On average it is exact, but it is noisy: if *all* rewards are high, whatever is sampled becomes more likely, even a
# bad text. The remedy is a **baseline**: we subtract an estimate of the expected reward, here the mean reward of the
# *other* samples in the batch. (The factor at the end leaves a sample out of its own mean.)

# %% tags=["library"]
def reinforce(log_probabilities, values):
    return -(values.detach() * log_probabilities).sum(-1).mean()


# %% tags=["library"]
def less_the_others(values):
    if len(values) < 2:
        raise ValueError("A baseline from the other samples needs a batch of at least 2.")
    return (values - values.mean(0)) * (len(values) / (len(values) - 1))


# %% [markdown]
# So far, every letter of a text gets the same reward. Which of them earned it? Three answers:
#
# - **Rollouts** (SeqGAN, Yu et al. 2017): from each letter on, the writer finishes the text several times, and the mean
#   reward of those endings is the letter's value.
# - **Prefix rewards** (ScratchGAN, de Masson d'Autume et al. 2019): the discriminator scores every prefix, so that each
#   letter has a reward of its own. This changes the reward, so it waits for section 2.
# - **An all-action critic** (Bahdanau et al. 2017, [arXiv:1607.07086](https://arxiv.org/abs/1607.07086)): a second
#   network learns what *each* possible next letter would earn, so the expectation over it becomes a sum.

# %% tags=["library"]
def all_actions(probabilities, values):
    return -(probabilities * values.detach()).sum((-1, -2)).mean()


# %% [markdown]
# ### With bias: pretend that the letter is soft
#
# The **Gumbel-softmax** (Jang et al. 2017; Maddison et al. 2017) adds random *Gumbel noise* to the logits: the index of
# the largest sum is an exact sample of the softmax. This is a **reparameterisation trick**: chance now sits in a noise
# that does not depend on the parameters, and only `argmax` still stops the gradient. So we replace it by a softmax at a
# **temperature** $\tau$:

# %% tags=["library"]
def gumbel_softmax(logits, temperature=1.0):
    if temperature <= 0:
        raise ValueError(f"The temperature must be above 0, not {temperature:g}.")
    gumbel = -torch.empty_like(logits).exponential_().log()
    return ((logits + gumbel) / temperature).softmax(-1)


# %% [markdown]
# Such *relaxed* texts mix letters, by which a discriminator can recognise them. The **straight-through estimator**
# (Bengio et al. 2013) avoids that: forward, the discriminator sees the one-hot letter; backward, we pretend that it was
# the softmax.

# %% tags=["library"]
def hard(soft):
    largest = torch.zeros_like(soft).scatter(-1, soft.argmax(-1, keepdim=True), 1.0)
    return largest + (soft - soft.detach())


# %%
letter = hard(logits.softmax(-1))
(letter * torch.tensor([0.0, 1.0, 5.0])).sum().backward()  # a discriminator that likes the third letter best
print("forward: ", letter.tolist(), "  backward:", [round(slope, 2) for slope in logits.grad.tolist()])

# %% [markdown]
# The second letter was chosen, but the third logit is told to grow at the expense of the others.
#
# ### Measured
#
# Each estimator gets 300 batches of 16 texts. Its *bias* is the distance from the mean of these gradients to the exact
# one, and its *standard deviation* says how far a single batch's gradient typically lies from that mean, both in
# lengths of the exact gradient. The all-action critic gets the exact values, which a real critic would have to learn.

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

# %% alt="Two bar charts over eight estimators, four policy gradients and four forms of the Gumbel-softmax. Left, the bias: straight-through at temperature 1 has nearly half the gradient's length, at 0.2 still about a quarter, and relaxed at 1 between a tenth and a fifth, all far beyond their grey marks of chance; all others are short. Right, the standard deviation: plain REINFORCE is by far the widest, each baseline or critic shortens the bar, and cooling lengthens those of the Gumbel-softmax." tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3), sharey=True)
bias, deviation, chance = zip(*measured.values(), strict=True)
colors = [style.CATEGORIES[0]] * len(UNBIASED) + [style.CATEGORIES[1]] * 4
left.barh(WAYS, bias, color=colors)
left.plot(chance, WAYS, "|", color=style.REFERENCE, ms=14, mew=2)
left.set(title="Gumbel-softmax is clearly biased", xlabel="bias / exact length (grey: chance)")
left.text(0.14, 1.5, "policy gradients", color=colors[0], va="center")
left.text(0.19, 6.5, "Gumbel-softmax", color=colors[-1], va="center")
right.barh(WAYS, deviation, color=colors)
right.set(title="Baselines and critics cut noise", xlabel="standard deviation / exact length")
left.invert_yaxis()
plt.show()
for way, (off, wide, lucky) in measured.items():
    print(f"{way:<25} bias {off:5.3f} (chance {lucky:5.3f})   standard deviation {wide:5.3f}")

# %% [markdown]
# A grey mark says how far off the mean of 300 batches would be by chance alone. The four policy gradients end near
# theirs and differ in noise. The straight-through estimator at $\tau = 1$ has little noise, but a bias of nearly half
# the exact gradient's length, and no number of samples helps. It is still biased at 0.2, because the reward's slope
# *at* a one-hot text need not be the difference *between* two texts. The relaxed one at 0.2 lies within twice chance,
# so 300 batches do not show its bias.
#
# | | needs the slope of D | bias | noise |
# |---|---|---|---|
# | REINFORCE | no | none | most |
# | … with baseline, rollouts | no | none | less |
# | all-action critic | no | none, if its values are exact | least |
# | straight-through | yes | falls with τ, but stays | grows as τ falls |
# | relaxed | yes | falls with τ | grows as τ falls |
#
# The first column and each "none" hold in theory; the rest we measured on one reward and one writer.
#
# **What the next cell checks:** the first four biases are below 2.5 times chance, and their noise falls from bar to
# bar; the straight-through ones are above 5 times chance, and the cold one is more than twice the relaxed one's.

# %% tags=["claim"]
for way in UNBIASED:
    assert measured[way][0] < 2.5 * measured[way][2], way  # chance: a root mean square, often exceeded
for tau in ("1", "0.2"):
    assert measured[f"straight-through, τ = {tau}"][0] > 5 * measured[f"straight-through, τ = {tau}"][2]
assert measured["straight-through, τ = 0.2"][0] > 2 * measured["relaxed, τ = 0.2"][0]
noises = [measured[way][1] for way in UNBIASED]
assert noises == sorted(noises, reverse=True)

# %% [markdown]
# > **Your turn.** The mean reward is 2. Predict what happens to each bar when you make it 20, then change the number
# > where `REWARDS` is made.
# > <details><summary>Solution</summary>
# >
# > Plain REINFORCE becomes almost nine times as noisy, and the others stay as they were: a baseline subtracts the
# > constant, and it drops out of the all-action sum and of the slope that the Gumbel-softmax uses.
# > </details>
#
# ## 2 · An oracle that knows
#
# Now we train D as well. The texts come from an **oracle** (Yu et al. 2017): an LSTM with random weights that writes 12
# symbols from an alphabet of 32. Its texts mean nothing, but it knows how likely *each* is.
#
# Our writer knows its own probabilities, too, since it is **autoregressive**: a text's probability is the product of
# its symbols' probabilities, each given those before it. So we can estimate two divergences that were out of reach for
# the picture GANs:
#
# - the **reverse** KL, $\mathrm{KL}(q \,\|\, p)$: what does G write that the oracle finds unlikely?
# - the **forward** KL, $\mathrm{KL}(p \,\|\, q)$: what does the oracle write that G finds unlikely?
#
# Papers report the *NLL-oracle*, $-\mathbb{E}_{q} \log p$. It is the reverse KL *plus the entropy of G*, so less varied
# text alone can lower it.
#
# The rival is the same LSTM trained by **teacher forcing**: it predicts each symbol of a *real* text, given the real
# ones before it. For sampling, its logits are divided by a temperature T: below 1, likely symbols come more often.
#
# The four GANs train that LSTM from random weights, with the same batch and learning rate, and write at T = 1. (The
# published SeqGAN first trains by likelihood.) D reads whole texts for rollouts and the Gumbel-softmax. For prefix
# rewards it scores each symbol, and as the all-action critic also each that might have come instead.

# %% tags=["long"]
record = json.loads(Path("results/oracle.json").read_text())
print(f"{record['command']}, {record['date']}, {record['machine']}, three seeds")
print(f"{'medians; nats a symbol':<39}  steps  CPU s  NLL-oracle  reverse KL  forward KL")
METHODS = {
    "rollouts": "REINFORCE with rollouts (SeqGAN)",
    "steps": "REINFORCE, prefix rewards (ScratchGAN)",
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

# %% alt="A plane of reverse against forward KL divergence. Four curves of GANs come in from the upper right as training goes on, each to a mark at its end; that of straight-through Gumbel-softmax begins at the end mark of rollouts, and the other two begin near it. The curve of the maximum-likelihood model over its temperatures, from 1 to 0.5, lies far to the left of all their ends." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.6))
PLACES = ((10, -10, "left"), (-9, -2, "right"), (28, 16, "right"), (4, -13, "left"))
for (way, name), color, mark, (x, y, side) in zip(METHODS.items(), style.CATEGORIES, "os^D", PLACES, strict=False):
    curve = np.median([[[p["reverse_kl"], p["forward_kl"]] for p in run[1:]] for run in record["ways"][way]], axis=0)
    axes.plot(*curve.T, marker=".", ms=4, lw=1.2, color=color)
    axes.plot(*curve[-1], mark, ms=8, color=color, mec="white", zorder=3)
    label = name.removeprefix("REINFORCE with ").removeprefix("REINFORCE, ").split(" (")[0]
    axes.annotate(label, curve[-1], xytext=(x, y), textcoords="offset points", ha=side, color=color, fontsize=9)
curve = np.median([[[p["reverse_kl"], p["forward_kl"]] for p in run] for run in record["likelihood"]], axis=0)
axes.plot(*curve.T, ".-", color=style.REFERENCE)
axes.text(0.36, 0.16, "maximum likelihood", color=style.REFERENCE, fontsize=9, ha="center")
for point, entry in zip(curve, record["likelihood"][0], strict=True):
    if entry["temperature"] in (1.0, 0.8, 0.6, 0.5):
        x, y, side = (7, -4, "left") if entry["temperature"] == 1 else (-7, -3, "right")
        label = f"T = {entry['temperature']}"
        axes.annotate(label, point, xytext=(x, y), textcoords="offset points", ha=side, fontsize=9)
axes.set(xlabel="reverse KL, nats a symbol", ylabel="forward KL, nats a symbol", xlim=(0, 1.9), ylim=(0, 1.3))
axes.annotate("training", (1.35, 1.12), xytext=(1.6, 1.235), arrowprops={"arrowstyle": "->"}, ha="center", fontsize=9)
axes.set_title("In half a minute from nothing, no GAN catches maximum likelihood at T ≥ 0.6")
plt.show()

# %% [markdown]
# **All four GANs learn.** Three end with nearly the same reverse KL; by the forward KL, the biased Gumbel-softmax comes
# first. Rollouts end last: since they finish a text from every symbol, they allow far fewer steps in the same time.
# (But the recipes differ in D, too.)
#
# **Maximum likelihood is ahead of all four** in both divergences, at every temperature from 1 to 0.6, after half the
# time. The GANs were still improving, so this says which learns faster, not which would win.
#
# **Now look down the NLL-oracle column.** Cooling lowers it without further training, even below the oracle's own
# entropy. Yet both divergences are higher at 0.5 than at 1.
#
# **What the next cell checks:** in every seed, maximum likelihood at each temperature from 1 to 0.6 is ahead of every
# GAN's end in both divergences.

# %% tags=["claim", "long"]
for runs in (record["ways"][way] for way in METHODS):
    for end, points in itertools.product((run[-1] for run in runs), record["likelihood"]):
        warm = [point for point in points if point["temperature"] >= 0.6]
        assert all(p["reverse_kl"] < end["reverse_kl"] and p["forward_kl"] < end["forward_kl"] for p in warm)

# %% [markdown]
# Published scores need the same care: a text GAN that gains quality and loses variety may have done no more than
# cooling does. In the benchmark Texygen (Zhu et al. 2018), LeakGAN's samples (Guo et al. 2018) overlap more than
# maximum likelihood's with real captions (*BLEU-4*, which counts shared runs of up to four tokens), but also with each
# other (*self-BLEU-4*). Caccia et al. (2020) drew the temperature curves, and none of the text GANs they tried was
# beyond them.
#
# > **Your turn.** Which temperature has the lowest reverse KL, and why is it not 1, at which the model was trained?
# > <details><summary>Solution</summary>
# >
# > 0.8 by a little. At 1 the model sometimes draws symbols that the oracle would hardly write, which the reverse KL
# > punishes. The forward KL punishes what is left out, so it grows as the temperature falls.
# > </details>
#
# ## 3 · Words in one pass
#
# If GANs fall behind where likelihoods can be computed, what are they for? Perhaps for generators without a tractable
# likelihood. Ours writes a whole word at once: it turns noise into ten rows of 27 logits (26 letters and the end), and
# `argmax` picks the letters. A word's probability would be an integral over all noise, which we cannot compute.

# %% alt="The generator as a stack: 128 noise numbers, a linear layer to 256, three residual layers of 256, a linear layer to 10 times 27 logits, and a straight-through argmax to 10 one-hot letters." tags=["hide-input"]
diagrams.stack(
    "Generator of words",
    [
        ("linear", "256"),
        ("3 residual, layers", "256"),
        ("linear", "10 × 27\nlogits"),
        ("argmax, ← softmax", "10 × 27\none-hot"),
    ],
    start="z\n128",
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
# `straight_through` is `hard(logits.softmax(-1))`. It needs no Gumbel noise, since the input noise makes G random. Our
# recipe sets `width` to 256. D reads the whole word and each window of four letters, and compares eight words by their
# minibatch standard deviation ([chapter 06](06_mode_collapse.ipynb)):

# %% alt="The discriminator as a diagram: the one-hot word goes to two linear layers, one that reads the whole word and one that reads each of seven windows of four letters with the same weights; both are joined in a layer of 256, followed by a residual layer, the minibatch standard deviation of groups of eight, and the score s." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("word", 0, 0.5, "10 × 27 one-hot", "real"),
        diagrams.Box("whole word", 1, 0, "270 → 256", "discriminator"),
        diagrams.Box("windows of 4", 1, 1, "7 × (108 → 96)", "discriminator"),
        diagrams.Box("joined", 2, 0.5, "928 → 256", "discriminator"),
        diagrams.Box("residual layer", 3, 0.5, "256 → 256", "discriminator"),
        diagrams.Box("minibatch std", 4, 0.5, "256 → 512", "discriminator"),
        diagrams.Box("score s", 5, 0.5, "512 → 1", "discriminator"),
    ],
    [
        diagrams.Arrow("word", "whole word"),
        diagrams.Arrow("word", "windows of 4"),
        diagrams.Arrow("whole word", "joined"),
        diagrams.Arrow("windows of 4", "joined"),
        diagrams.Arrow("joined", "residual layer"),
        diagrams.Arrow("residual layer", "minibatch std"),
        diagrams.Arrow("minibatch std", "score s"),
    ],
)

# %% [markdown]
# R1 and R2 ([chapter 07](07_convergence.ipynb)) penalise D's slope at the one-hot letters, real and fake. Here is the
# GAN from the top again:

# %%
print(f"{len(train):,} English words and names to learn from:", ", ".join(train.read()[:: len(train) // 9]))
for step in (1, 50, 160, 300):
    plausible, texts = trained[step]
    print(f"step {step:>3}, {plausible:4.0%} plausible:", " ".join(texts[:8]))

# %% [markdown]
# The judge of our words is an **n-gram** model: it counts how often each letter follows the four before it, in 42,000
# dictionary words that no generator has seen. The *surprise* of a word is its mean negative log-probability a letter,
# and its exponential is the **perplexity**: among how many equally likely letters one has to guess at each place.
# (Above 27, the judge does worse than a blind guess.)
#
# | name | meaning | real words |
# |---|---|---|
# | plausible | share of words that surprise the judge less than the oddest twentieth of real ones | .95 |
# | unique | share of different words among 5,000 | 1 |
# | copied | share that are training words | (0 for test words) |
# | trigram JS | Jensen–Shannon divergence, in nats, between the trigrams of 5,000 samples and of the judge's words | .03 |
#
# *Plausible* looks at words one by one. *Trigram JS* compares distributions, so missing, too frequent and impossible
# trigrams all raise it. Here are stored runs of about a minute:

# %% tags=["long"]
stored = json.loads(Path("results/words.json").read_text())
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
    results.restored(WordGenerator(recipe.noise_dim, width=recipe.width), f"results/{name}.safetensors")
    for name in ("words_spread", "words_no_spread")
)
lstm = results.restored(LSTMGenerator(), "results/words_lstm.safetensors")
noise = torch.randn(10_000, recipe.noise_dim)
letters = {
    "GAN": one_pass(noise).argmax(-1),
    "GAN without minibatch std": without_std(noise).argmax(-1),
    "LSTM, T = 1": lstm.sample(10_000),
    "LSTM, T = 0.5": lstm.sample(10_000, 0.5),
}

# %% alt="Five columns of twenty-two words each: real words in blue, in alphabetical order, and the first that each writer drew: the GAN's in orange, like English with slips; the GAN's without minibatch standard deviation in orange; the LSTM's at temperatures of 1 and 0.5 in purple." tags=["hide-input"]
figure, panels = plt.subplots(1, 5, figsize=(7.2, 4.6))
COLUMNS = {"real": test.read()[::200], **{name: train.read(pile[:22]) for name, pile in letters.items()}}
COLORS = (style.REAL, style.FAKE, style.FAKE, style.AVERAGE, style.AVERAGE)
TITLES = ("\nreal", "\nGAN", "GAN, no\nminibatch std", "LSTM,\nT = 1", "LSTM,\nT = 0.5")
for axes, title, (_, texts), color in zip(panels, TITLES, COLUMNS.items(), COLORS, strict=True):
    draw_texts(axes, texts[:22], columns=1, color=color, fontsize=11)
    axes.set_title(title, loc="left")
plt.show()

# %% [markdown]
# Many of the GAN's words would pass at a glance, but a few seem spliced (*crowpeese*) or end as no English word does
# (*gollonq*). (The purple columns belong to section 4.)
#
# **One number deceives.** Without the minibatch standard deviation, the same GAN scores *higher* on plausibility. Yet
# its words repeat more often, and its trigram JS is worse. That looks like mode dropping, which plausibility rewards,
# so from here on we compare writers by plausibility *and* trigram JS.
#
# > **Your turn.** Trigram JS is a divergence between *samples*. Predict it for 100 real words, compared with the GAN's
# > 5,000, both against the judge's 42,000. Then import `text_scores` from `gan_lessons.metrics.text` and run
# > `text_scores(test.symbols[torch.randperm(len(test))[:100]], words()).trigram_js`.
# > <details><summary>Solution</summary>
# >
# > About .32, far *worse* than the GAN's .09, since 100 words have no room for most trigrams. Compare at equal counts
# > only.
# > </details>
#
# ## 4 · Is it the architecture, or the objective?
#
# The standard model of text is autoregressive and trained by likelihood. At each place, the softmax of our LSTM's 27
# logits gives the probability of each next letter:

# %% alt="The LSTM writing: after a begin symbol, the letters w, o, r each enter the same LSTM one after the other; memory flows to the right; out of each comes a distribution over the next letter, from which a letter is drawn and fed back." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("begin", 0, 2),
        *(diagrams.Box(f"“{letter}”", 1.3 * (k + 1), 2, "drawn, fed back", "fake") for k, letter in enumerate("wor")),
        *(diagrams.Box(f"LSTM {k + 1}", 1.3 * k, 1, "same weights", "generator") for k in range(4)),
        *(diagrams.Box(f"p(letter {k + 1})", 1.3 * k, 0, "27 logits", "plain") for k in range(4)),
    ],
    [
        diagrams.Arrow("begin", "LSTM 1"),
        *(diagrams.Arrow(f"“{letter}”", f"LSTM {k + 2}") for k, letter in enumerate("wor")),
        *(diagrams.Arrow(f"LSTM {k}", f"p(letter {k})") for k in range(1, 5)),
        *(diagrams.Arrow(f"LSTM {k}", f"LSTM {k + 1}") for k in range(1, 4)),
        *(diagrams.Arrow(f"p(letter {k + 1})", f"“{letter}”") for k, letter in enumerate("wor")),
    ],
)

# %% [markdown]
# By teacher forcing it reads real letters; when it writes, it reads its own. This mismatch, **exposure bias** (Ranzato
# et al. 2016, [arXiv:1511.06732](https://arxiv.org/abs/1511.06732)), was one argument for training such models as GANs.
#
# Most language models today are **transformers** (Vaswani et al. 2017), trained by the same likelihood. In place of a
# memory they have **attention**: each place takes a weighted mean of what stands before it, so in training all places
# are computed in parallel. Ours has about the LSTM's size and time of training.
#
# ### A second judge
#
# Plausibility is one-sided: a word can be too surprising, but never too ordinary. So a writer that keeps to the
# commonest patterns does best, and at T = 0.5 more of the LSTM's words are "plausible" than of *real words*.
#
# A *classifier two-sample test* (Lopez-Paz & Oquab 2017) has no such preference. A small convolutional network learns
# to tell 8,000 generated words from 8,000 real ones that no generator has seen. The score is its accuracy on 2,000
# others of each, and .5 is guessing.

# %%
judged = json.loads(Path("results/words_told.json").read_text())
print(f"{judged['command']}, {judged['date']}, {judged['machine']}, one seed of each writer")
print(f"{'10,000 words each':<28} plausible   told apart from real words")
for name, one in judged["told"].items():
    print(f"{name:<28} {one['plausible']:9.3f} {one['right'] / one['of']:28.3f}")


def accuracy(name):
    return judged["told"][name]["right"] / judged["told"][name]["of"]


# %% [markdown]
# The judges disagree. The LSTM at T = 0.5, "more plausible than real", is told apart as easily as the GAN, presumably
# because it writes too much of what is common. Of the two GANs, the more plausible is the easier to recognise. But for
# the LSTM and the transformer at T = 1, the classifier does little better than guessing, so at ten letters exposure
# bias seems to do little harm.
#
# ### Two by two
#
# The one-pass GAN and the LSTM differ in architecture and in objective, so we need the two missing cells:
#
# | | adversarial | by likelihood, or a bound of it |
# |---|---|---|
# | **one pass** | the GAN of section 3 | the *same* generator as the decoder of a **variational autoencoder** (VAE; Kingma & Welling 2014) |
# | **autoregressive** | the *same* LSTM against the GAN's discriminator | the LSTM by teacher forcing |
#
# - *The adversarial LSTM* learns by the straight-through Gumbel-softmax at τ = 1, so besides the objective, its
#   gradient differs, too: it is biased.
# - *The one-pass VAE* raises a lower bound of the log-likelihood. An encoder guesses which noise a word came from, and
#   the decoder must restore the word from it. The loss is the word's surprise plus the KL divergence of the guess from
#   the noise that we shall draw. That divergence has a weight of 1, or of 0.3 (a "β-VAE", Higgins et al. 2017), which
#   gives no bound. We take the likeliest letter at each place: with drawn ones, less than half of the words were
#   plausible.
#
# Every run had about 40 to 65 CPU seconds. (The "real words" are now training words, so they score a little
# differently.)

# %% tags=["long"]
crossed = json.loads(Path("results/words_crossed.json").read_text())
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
BOTH = {"plausible": "plausible", "trigram_js": "trigram JS", "two_sample": "two-sample"}
print(f"{'medians of three seeds':<28}" + "".join(f"{name:>12}" for name in BOTH.values()))
for name, runs in {"real words": [crossed["real"]], **CELLS}.items():
    once = " (one seed)" if len(runs) == 3 and len({run["two_sample"] for run in runs}) == 1 else ""
    print(f"{name:<28}" + "".join(f"{np.median([run[key] for run in runs]):12.3f}" for key in BOTH) + once)
print("\nthe LSTM as a GAN minus the one-pass GAN:")
for key in ("plausible", "trigram_js"):
    print(f"  {BOTH[key]}: {means(*([run[key] for run in CELLS[name]] for name in ('LSTM, GAN', 'one pass, GAN')))}")

# %% alt="Two planes over the trigram divergence, up to three seeds a writer. Left, the plausible share by the n-gram judge: the two GANs and two VAEs lie between 0.57 and 0.88, at divergences from 0.07 to 0.14; the LSTM by likelihood (one seed) lies above them all, at T = 1 far to the left, and its low-temperature end above real words. Right, how often the classifier tells words from real ones, on an axis that runs downwards from 0.45, so that guessing is near the top: there are real words and the LSTM by likelihood at a temperature of 1, below them the LSTM as a GAN; all one-pass models and the LSTM at T = 0.5 are far below." tags=["hide-input", "long"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.9), sharex=True)
LOOKS = {
    "one pass, GAN": ("o", style.FAKE),
    "LSTM, GAN": ("s", style.FAKE),
    "one pass, VAE, weight 1": ("o", style.AVERAGE),
    "one pass, VAE, weight 0.3": ("D", style.AVERAGE),
}
cold = np.array([[p["trigram_js"], p["plausible"]] for p in stored["lstm"][0]])
for axes, key in ((left, "plausible"), (right, "two_sample")):
    for name, (mark, color) in LOOKS.items():
        places = {run[key]: (run["trigram_js"], run[key]) for run in CELLS[name]}.values()  # one seed judged: one dot
        axes.plot(*zip(*places, strict=True), mark, color=color, ms=6, label=name)
    ends = [
        [np.median([run[k] for run in CELLS[f"LSTM, likelihood, T = {T}"]]) for k in ("trigram_js", key)]
        for T in ("1", "0.5")
    ]
    line = "s-" if axes is left else "s"
    axes.plot(*np.transpose(cold if axes is left else ends), line, color=style.AVERAGE, ms=9, mfc="none",
              label="LSTM, likelihood")  # fmt: skip
    for T, place in zip(("1", "0.5"), ends, strict=True):
        axes.annotate(f"T = {T}", place, xytext=(9, -11), textcoords="offset points", color=style.AVERAGE, fontsize=9)
    axes.plot(crossed["real"]["trigram_js"], crossed["real"][key], "*", color=style.REAL, ms=12, label="real words")
    axes.set(xlabel="trigram JS, nats (left is better)", xlim=(0, 0.16), xticks=(0, 0.05, 0.1, 0.15))
left.set(title="n-gram judge: T ≤ 0.7 beats real", ylabel="plausible (axis from 0.5)", ylim=(0.5, 1.03))
right.set(title="Classifier: T = 0.5 is far from real", ylabel="accuracy (0.5 is guessing)", ylim=(0.9, 0.45))
figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
plt.show()


# %% [markdown]
# Orange is adversarial, purple by likelihood, and squares are the LSTM. On the left, the LSTM is level with real words
# at T = 0.8, and more plausible only below that. On the right, the axis runs downwards, and only T = 1 and 0.5 were
# judged.
#
# - **One pass, by likelihood.** Neither VAE is ahead of the GAN by every score: with weight 1, more words are
#   plausible, but trigram JS and the classifier's accuracy are worse; with 0.3 it is the other way round.
# - **The LSTM, as a GAN.** By every score it is behind the LSTM by likelihood at T = 1. Against the one-pass GAN, it is
#   a little *less* plausible (p = .033), but better by trigram JS and by the classifier.
#
# So neither change alone closes the gap: in about a minute of training, only the two together come near real words by
# all three scores. By the classifier, the two steps are about equal if the architecture changes first; otherwise, the
# architecture is the larger step.
#
# **What the next cell checks:** the classifier tells the LSTM by likelihood (T = 1) apart least often, then the
# adversarial LSTM, then the one-pass models. Each step is above .05, whichever of the judged seeds we compare.

# %% tags=["claim", "long"]
def told_apart(name):
    return [run["two_sample"] for run in CELLS[name]]


assert max(told_apart("LSTM, likelihood, T = 1")) < min(told_apart("LSTM, GAN")) - 0.05
assert max(told_apart("LSTM, GAN")) < min(min(told_apart(name)) for name in CELLS if name.startswith("one pass")) - 0.05

# %% [markdown]
# > **Your turn.** What would the classifier say to copies of the training words? Predict, then import `two_sample` from
# > `gan_lessons.judges.characters` and run it:
# > `two_sample(*(part.symbols[torch.randperm(len(part))[:10_000]] for part in (words().judge, train)), 27).accuracy`.
# > <details><summary>Solution</summary>
# >
# > It guesses, as in the row "real words", and copies fool the n-gram judge, too. No judge of quality and variety
# > replaces a search for copies ([chapter 08](08_measuring_a_gan.ipynb)).
# > </details>
#
# ## 5 · What is left for the GAN
#
# ### A discriminator that chooses
#
# After training we usually keep G and throw D away, though D has learnt what is wrong with G's words. We trained three
# larger GANs for ten minutes each, without minibatch standard deviation, so that D scores each word on its own, and
# sorted 50,000 words of each by D's score into ten piles:

# %% alt="The plausible share in ten piles of words, sorted by D's score from the lowest tenth to the highest. Three green curves, one a seed, rise from about 0.65 to about 0.95; a dotted line marks real words at 0.95." tags=["hide-input", "long"]
chosen = json.loads(Path("results/words_kept.json").read_text())
figure, axes = plt.subplots(figsize=(7.2, 2.6))
for run in chosen["gan"]:
    axes.plot(range(1, 11), run["by_game"], ".-", color=style.DISCRIMINATOR)
axes.axhline(stored["real"]["plausible"], color=style.REAL, ls=":")
axes.text(1, stored["real"]["plausible"] + 0.01, "real words", color=style.REAL, fontsize=9)
axes.text(3.2, 0.76, "the GANs' words, three seeds", color=style.DISCRIMINATOR, fontsize=9)
axes.set(xlabel="tenth of the words, by D's score from the lowest up", ylabel="plausible (axis from 0.6)")
axes.set_ylim(0.6, 1)
axes.set_xticks(range(1, 11))
axes.set_title("The higher D scores the words, the more of them are plausible")
plt.show()

# %% [markdown]
# Does D find *good* words, or merely common patterns? We try two filters:
#
# - **The better half** by D's score.
# - **By the ratio**, or *discriminator rejection sampling* (Azadi et al. 2019): a word whose ratio of real to generated
#   probability is $r$ is kept with probability $\min(1, r/c)$. The logit of an optimal D would be $\log r$ ([chapter
#   03](03_the_discriminator.ipynb)), but G moves during training, and the penalty keeps the scores small. So we first
#   fine-tune D against a frozen G, without penalty.
#
# If D knew $r$ exactly, and $c$ were its largest value, the words kept would be distributed like the real ones among
# all that G can write. (We take the 90th percentile, so that more survive.)

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
# **The better half** looks like common patterns: more plausible, but *unique* falls, and trigram JS hardly changes.
# **The ratio** finds better words: plausibility and trigram JS both move a little less than half-way to those of real
# words.
#
# But it throws away three words in four, more of the rest are copies, and training took more than ten times as long as
# the LSTM's. At T = 0.8, the LSTM is still ahead by both, with slightly more copies.
#
# **What the next cell checks:** in every seed, the ratio improves plausibility and trigram JS, and every LSTM at
# T = 0.8 is ahead of it by both.

# %% tags=["claim", "long"]
for run in chosen["gan"]:
    every, ratio = run["all"], run["ratio"]
    assert run["by_game"][-1] > run["by_game"][0] + 0.2
    assert ratio["plausible"] > every["plausible"] + 0.03 and ratio["trigram_js"] < every["trigram_js"] - 0.015
    ends = [points[2] for points in stored["lstm"]]  # T = 0.8
    assert all(end["plausible"] > ratio["plausible"] and end["trigram_js"] < ratio["trigram_js"] for end in ends)

# %% [markdown]
# ### Speed, and a latent space
#
# Two properties remain. First, the one-pass GAN writes all letters **at once**, where the others go one by one. On one
# CPU thread:

# %% tags=["long"]
narrow = json.loads(Path("results/words_narrow.json").read_text())
print(f"{narrow['command']}, {narrow['date']}, {narrow['machine']}")
print("times as fast as the LSTM, words at once" + "".join(f"{count:>8,}" for count in narrow["counts"]))
for name in ("transformer", "GAN"):
    ratios = np.divide(narrow["milliseconds"]["LSTM"], narrow["milliseconds"][name])
    print(f"{name:<40}" + "".join(f"{ratio:8.1f}" for ratio in ratios))

# %% [markdown]
# The GAN is six to twenty times as fast as the LSTM. But fewer of its words are plausible, and a filter that keeps one
# in four, like the larger GAN's above, would leave about a quarter of the speed-up at best.
#
# Second, it has a latent space of 128 numbers. Along an arc from one noise to another, the words change by a letter,
# now and then by two:

# %%
torch.manual_seed(11)
starts, ends = torch.randn(2, 4, recipe.noise_dim)
for start, end in zip(starts, ends, strict=True):
    turns = torch.linspace(0, torch.pi / 2, 60)[:, None]
    path = train.read(one_pass(turns.cos() * start + turns.sin() * end).argmax(-1))
    print(" → ".join(word for word, _ in itertools.groupby(path)))

# %% [markdown]
# > **Your turn.** [Chapter 09](09_images.ipynb) truncates by making the noise shorter. Predict what half the noise does
# > to both scores, then run `text_scores(one_pass(0.5 * noise[:5000]).argmax(-1), words())`, and say why.
# > <details><summary>Solution</summary>
# >
# > Next to nothing: .71 are still plausible, and trigram JS stays at .09. Three words in five change, but nine letters
# > in ten stay (compare with `letters["GAN"][:5000]`). Each residual branch and the end of G divide the features by
# > their length (RMS norm), so the length of the noise has little say.
# > </details>
#
# In **TextLab**, start with the temperature, which leaves its trace in the picture on the right. Then drag the point on
# the walk from *marine* to *salter*, or type two words of your own. **Play** lets a new GAN learn before your eyes.
# (Dashed orange: truncation, which pulls the GAN's *logits* to their mean as ψ falls, and makes both scores worse.
# Trigram JS is of 2,000 words here, so it is higher than in the tables.)

# %% alt="TextLab. Above, two lists of words, the LSTM's and the GAN's. Below on the left, a walk as a staircase of nine words from marine by marius to salter. Below on the right, the plane: the LSTM's curve over temperatures, in purple, from 0.5 at the top to 1.5 at the bottom, runs left of the GAN's point, most of it above; the GAN's curve over \u03c8, in orange, runs from its point at 1 down to the right, to 0.4."
from gan_lessons.labs.writing import open_text_lab

lab = open_text_lab("results", seed=11)  # each value below leaves a point on its dashed curve
for temperature in (0.5, 1.5, 1.0):
    lab.set(temperature=temperature)
for psi in (0.4, 0.7, 1.0):
    lab.set(psi=psi)
lab.set(along=0.5)
lab.walk("marine", "salter")
lab

# %% [markdown]
# Can *you* tell them apart? Ten words are invented and ten real, some of them names. Click on the word, then press I
# for invented or R for real. `lab.test(20, of="LSTM")` asks about the other writer.

# %% alt="The test at its first question: one word in large letters, and the title: Word 1 of 20: invented or real?"
lab.test(20)

# %% [markdown]
# ### Where it failed, and what stayed
#
# With a larger alphabet *and* fewer texts, a GAN of ours failed in one run of three minutes, for a reason that we have
# not found. Of fewer than five thousand Chinese idioms in about a thousand characters (`recipes.find("idioms")`), it
# learnt little: .065 of its pairs of neighbouring characters occur in idioms held back for the judge.
#
# The parts of text GANs found other work: language models learn from human preferences by policy gradients with a
# learnt reward (RLHF, Ouyang et al. 2022), and ELECTRA (Clark et al. 2020) is pre-trained as a discriminator of single
# tokens.
#
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | G's loss moves, its parameters do not | is `G(z).requires_grad` true? an `argmax` or `multinomial` cuts the graph | straight-through, Gumbel-softmax or REINFORCE |
# | REINFORCE learns nothing, its gradient is huge | the mean of the rewards beside their standard deviation | subtract a baseline; a larger batch |
# | D wins within a few steps, fakes are soft | are fakes one-hot when D reads them? | straight-through in the forward pass |
# | plausible words, many alike | unique and trigram JS at a *fixed* count | minibatch standard deviation, larger batches |
# | "better than real" | is the score a threshold on one side, which common patterns always pass? | a second judge of another kind; unique and copied beside it |
# | "beats maximum likelihood" | does the paper draw the temperature curve? | draw it |
#
# ## What we saw
#
# - Why is writing harder for a GAN than drawing? A letter carries no gradient. REINFORCE estimates one without bias but
#   with much noise, which baselines and critics reduce. The Gumbel-softmax trades bias for noise as it is cooled, but
#   its straight-through form stays biased.
# - That need not be the whole reason: on an oracle's texts, maximum likelihood at T ≥ 0.6 is ahead of four GANs in half
#   the time, whether or not their gradient is biased. Cooling to 0.5 improves the NLL-oracle, but worsens both
#   divergences.
# - A GAN can invent words. But after a minute of training, neither it nor the LSTM as a GAN nor the one-pass VAE comes
#   near the LSTM by likelihood in every score.
# - Judges have preferences: at T = 0.5 an n-gram model finds the LSTM more plausible than real words, while our
#   classifier tells it from them as easily as the GAN.
# - The one-pass GAN writes six to twenty times as fast as the LSTM, small steps in its latent space mostly change a
#   letter or two, and its D can choose among its words.
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
# 1. A judge finds .99 of a writer's words plausible, and .95 of real words. What do you look at next?
#    <details><summary>Answer</summary>Whether the writer keeps to common patterns: unique, copied and trigram JS at
#    equal counts, and a second judge, such as our classifier.</details>
# 2. Why is the *straight-through* Gumbel-softmax biased even at a very low temperature?
#    <details><summary>Answer</summary>It multiplies by the discriminator's slope at the one-hot letter, while the truth
#    is the difference of its scores between letters. The two agree where the score is
#    linear between them, and not in general.</details>
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
# - Zhu et al. 2018, *Texygen* ([arXiv:1802.01886](https://arxiv.org/abs/1802.01886)).
# - Guo et al. 2018, *LeakGAN* ([arXiv:1709.08624](https://arxiv.org/abs/1709.08624)).
# - Azadi et al. 2019, *Discriminator rejection sampling* ([arXiv:1810.06758](https://arxiv.org/abs/1810.06758)).
# - Lopez-Paz & Oquab 2017, *Classifier two-sample tests* ([arXiv:1610.06545](https://arxiv.org/abs/1610.06545)).
# - Austin et al. 2021, *Structured denoising diffusion models in discrete state-spaces*
#   ([arXiv:2107.03006](https://arxiv.org/abs/2107.03006)), which need not write from left to right.
# - Clark et al. 2020, *ELECTRA* ([arXiv:2003.10555](https://arxiv.org/abs/2003.10555)), and Ouyang et al. 2022,
#   *InstructGPT* ([arXiv:2203.02155](https://arxiv.org/abs/2203.02155)).
#
# [← 14 Super-resolution](14_super_resolution.ipynb) · [contents](00_start.ipynb) · [16 Verse and news →](16_verse_and_news.ipynb) · [assignment](assignments/release/15_text/15_text.ipynb)
