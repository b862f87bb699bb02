# %% [markdown]
# # 05 · The first GAN
#
# [← 04 The losses](04_the_losses.ipynb) · [contents](00_start.ipynb) · [06 Mode collapse →](06_mode_collapse.ipynb) · [assignment](assignments/release/05_the_first_gan/05_the_first_gan.ipynb)
#
# **How do I train a GAN, and how do I read its curves?**

# %% alt="An animation of one training. At first the orange fakes are a blob amid eight blue islands, on a nearly flat surface. The blob is thrown about while green and purple areas swing round, bends into a ring, and settles on all eight islands. Around these the surface turns pale, and elsewhere purple." tags=["hide-input"]
import math
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import softplus
from tqdm.auto import tqdm

from gan_lessons import losses
from gan_lessons.data.points import ring
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.plots import curves, diagrams, motion, points, style
from gan_lessons.training import GAN, cosine, stacked, train

torch.set_num_threads(1)  # small networks are fastest on one thread
style.use()
islands = ring(modes=8, radius=2.0, std=0.02)
data = islands.sample(20_000)
torch.manual_seed(1)
adam = partial(torch.optim.Adam, lr=6e-3, betas=(0.5, 0.99), fused=True)
hero = GAN(PointGenerator(), PointDiscriminator(), noise_dim=2, seed=1, optimizer=adam)
ticks = torch.linspace(-2.7, 2.7, 70)
plane = torch.cartesian_prod(ticks, ticks).reshape(70, 70, 2).transpose(0, 1) / 2**0.5  # networks see data / √2
pale = ["#B89CC9", "#DCCBE5", "#F8F8F8", "#CBE7C6", "#96CC94"]  # from purple, fake, to green, real
shown_at, frames = {round(1 + 1499 * (k / 35) ** 1.7) for k in range(36)}, []
for record in train(hero, data / 2**0.5, losses.relativistic, steps=1500, batch=128, schedule=cosine):
    if record.step not in shown_at:
        continue
    figure, ax = plt.subplots(figsize=(4.2, 4.2))
    with torch.no_grad():
        surface = hero.discriminator(plane) - (record.real_score + record.fake_score) / 2  # its level has no meaning
        ax.contourf(ticks, ticks, surface, [-99, -1.5, -0.4, 0.4, 1.5, 99], colors=pale, antialiased=False)
        points.draw_points(ax, data[:400], hero.sample(400, average=False) * 2**0.5, 2.7)
    ax.set_title(f"step {record.step}")
    ax.axis("off")
    frames.append(motion.as_image(figure))
    plt.close(figure)
motion.Animation(frames, milliseconds=160, colors=40)


# %% [markdown]
# Blue points are data; the generator makes orange ones from noise. The surface shows the discriminator's score, from purple (fake) through white to green (real). The orange blob bends into a ring and settles on all eight islands.
#
# This took seconds on one processor core, with parts of section 4's recipe. In this chapter **you will** train a rougher one in a dozen lines, then ten at once, play with one while it trains, and teach one the shape of your own data.
#
# **You will learn** to
# - write a GAN's training loop from memory,
# - read its two losses, and know what they do not say,
# - measure a GAN by more than one number and more than one run,
# - check a GAN of your own, and debug it.
#
# **You will need** a little PyTorch, [chapter 04](04_the_losses.ipynb)'s non-saturating loss, and about a minute of computing.
#
# ## 1 · Eight islands
#
# **How can we tell whether a GAN has learned?** We give it data that we know completely: points in eight small Gaussian islands on a circle of radius 2 (Metz et al. 2017). An island's standard deviation is 0.02, a hundredth of the radius, so most of the plane is empty sea.
#
# We ask four questions of a model's 2,500 samples.
#
# | number | question |
# |---|---|
# | **high-quality samples**, or *good* ones | What share lies within three standard deviations of an island's centre? |
# | **modes** | How many islands, this distribution's modes, have a good sample? |
# | **KL** | How unevenly do good samples fall on the islands? |
# | **width** | What is the good samples' standard deviation around their centres? |
#
# KL is chapter 04's divergence, here from equal shares. With $q_k$ for the share of the good samples on island $k$,
#
# $$ \mathrm{KL} = \sum_{k=1}^{8} q_k \log \frac{q_k}{1/8}. $$
#
# Equal shares give 0, four full and four empty islands $\log 2 \approx 0.69$, and a single full one $\log 8 \approx 2.08$.
#
# Our library's `mode_scores` computes the first three, this function the last:

# %% module="gan_lessons.metrics.modes" tags=["library"]
def mode_width(points, mixture):
    distance, _ = torch.cdist(points, mixture.centres.to(points)).min(-1)
    good = distance <= 3 * mixture.std
    return ((distance.square() * good).sum(-1) / good.sum(-1) / points.shape[-1]).sqrt()


# %% [markdown]
# Before you measure a model, measure the truth:

# %%
from gan_lessons.metrics.modes import mode_scores, perfect

best, true_width = perfect(islands, count=2500), mode_width(islands.sample(2500), islands)
print(f"perfect: {best.modes} modes, {best.high_quality:.1%} good, KL {best.kl:.4f}, width {true_width:.4f}")

# %% [markdown]
# Even the truth does not score 100 %: about 1.1 % of a Gaussian in the plane lies beyond three standard deviations. The width leaves these samples out, so it is a little below 0.02. KL is not quite 0, because random samples hardly ever split evenly.
#
# > **Predict, then look.** Four samplers have one fault each: three islands only, most samples on one, half between islands, or only the eight centres. Which numbers give each away?

# %% alt="Five pictures of samples, each with four numbers; those that give a fault away are bold. Perfect: eight dots on a circle, 8 modes, 99% good, KL 0.00, width 0.019. Bold for three islands: 3 modes, KL 0.98. For mostly one, with one larger dot: KL 1.29. For half between, with lines between dots: 54% good. For eight centres, with smaller dots: width 0.000." tags=["hide-input"]
from dataclasses import replace

centres, truth = islands.centres, islands.sample(2500)
along = torch.rand(1250, 1, generator=torch.Generator().manual_seed(0))
start, end = (some.repeat(157, 1)[:1250] for some in (centres, centres.roll(1, 0)))
samplers = {
    "perfect": truth,
    "three islands": replace(islands, centres=centres[:3]).sample(2500),
    "mostly one": torch.cat([replace(islands, centres=centres[:1]).sample(2000), truth[:500]]),
    "half between": torch.cat([start + along * (end - start), truth[:1250]]),
    "eight centres": centres.repeat(313, 1)[:2500],
}
figure, axes = plt.subplots(2, 5, figsize=(7.2, 2.9), height_ratios=(5, 4))
figure.suptitle("No single number sees all four faults", x=0.01, ha="left")
for (above, below), (name, sample) in zip(axes.T, samplers.items()):
    scores, width = mode_scores(sample, islands), mode_width(sample, islands)
    shown = torch.randperm(2500, generator=torch.Generator().manual_seed(0))[:300]
    points.draw_points(above, fake=sample[shown], limit=2.4)
    above.set_title(name, fontsize=10, loc="center")
    for row, (words, fault) in enumerate((
        (f"{int(scores.modes)} modes", scores.modes < 8),
        (f"{scores.high_quality:.0%} good", scores.high_quality < 0.9),
        (f"KL {scores.kl:.2f}", scores.kl > 0.1),
        (f"width {width:.3f}", width < 0.01),
    )):  # fmt: skip
        look = {"color": "black", "weight": "bold"} if fault else {"color": style.REFERENCE}
        below.text(0.5, 0.85 - 0.25 * row, words, ha="center", va="center", fontsize=10, **look)
    for ax in (above, below):
        ax.axis("off")
plt.show()


# %% [markdown]
# **So we look at four numbers together, beside a perfect sampler's.** Each fault escapes at least two. The last sampler does at least as well as the truth on the first three; only the width sees that it has collapsed *within* the islands.
#
# ## 2 · Two players and a dozen lines
#
# **What does it take to train a GAN?** Two networks, two losses and a loop. The **generator** $G$ turns two random numbers into a point. The **discriminator** $D$ gives a point a score $s$ (a logit): the higher, the more real the point looks. Both are small multilayer perceptrons.

# %%
def network(outputs):
    return nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs))


torch.manual_seed(5)
generator, discriminator = network(outputs=2), network(outputs=1)
generator_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.99))
discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.99))

# %% [markdown]
# Each player has its own optimiser. **Adam** divides a running mean of gradients by their recent size, so the **learning rate** `lr` is roughly how far at most each weight moves in a step. The first of `betas` is the **momentum** $β$, the part of the old mean that it keeps; the second does the same for the size.
#
# GANs usually take a momentum of 0.5 or less: with the common 0.9, an early convolutional GAN oscillated (Radford et al. 2016). Such numbers, chosen not learnt, are **hyperparameters**.
#
# ### What each player pays
#
# For every point $D$ pays chapter 04's cross-entropy: $\operatorname{softplus}(-s)$ for a real point and $\operatorname{softplus}(s)$ for a fake, with $\operatorname{softplus}(t) = \log(1 + e^t)$. For example:
#
# | score $s$ | $D$ says | a real point costs $D$ | a fake costs $D$ | a fake costs $G$ |
# |---:|---|---:|---:|---:|
# | −2 | “probably fake” | 2.13 | 0.13 | 2.13 |
# | 0 | “I cannot tell” | 0.69 | 0.69 | 0.69 |
# | 2 | “probably real” | 0.13 | 2.13 | 0.13 |
#
# The last column is the non-saturating loss: $G$ wants its fakes to pass for real, so a fake costs it what a real point with that score costs $D$.
#
# The **training loop** repeats two half-steps, each on a **minibatch** of 64 points. First $D$ learns from real points $x$ and fakes $G(z)$, made from noise $z$. With $\mathbb{E}$ for the mean over the minibatch, its loss is
#
# $$ L_D = \mathbb{E}\operatorname{softplus}(-s(x)) + \mathbb{E}\operatorname{softplus}(s(G(z))). $$
#
# If $D$ cannot tell at all, the table's middle row gives $L_D = 2\log 2 \approx 1.39$. Follow the gradient in the diagram: it stops at $D$.

# %% alt="D's step in the block diagram of a GAN: everything is lit, the frozen generator hatched, and the gradient flows from the losses to the discriminator and no farther." tags=["hide-input"]
diagrams.gan(
    lit=("noise", "generator", "fake", "real", "discriminator", "losses", "gradient to D"), frozen=("generator",)
)

# %% [markdown]
# Then $G$ learns, by the last column:
#
# $$ L_G = \mathbb{E}\operatorname{softplus}(-s(G(z))). $$
#
# $G$ never sees a real point. All it learns comes through $D$: the gradient flows from the score back through $D$ to the fake point, says which way that point should move, and goes on into $G$.

# %% alt="G's step in the block diagram: the unused real samples are pale and the frozen discriminator hatched, but the gradient flows from the losses through it and the fake into the generator." tags=["hide-input"]
diagrams.gan(lit=("noise", "generator", "fake", "discriminator", "losses", "gradient to G"), frozen=("discriminator",))

# %% [markdown]
# Can you find both formulas in the loop?

# %%
for _ in tqdm(range(2000), leave=False):
    real = data[torch.randint(len(data), (64,))]
    fake = generator(torch.randn(64, 2))
    discriminator_loss = softplus(-discriminator(real)).mean() + softplus(discriminator(fake.detach())).mean()
    discriminator_optimizer.zero_grad()
    discriminator_loss.backward()
    discriminator_optimizer.step()

    generator_loss = softplus(-discriminator(generator(torch.randn(64, 2)))).mean()
    generator_optimizer.zero_grad()
    generator_loss.backward()
    generator_optimizer.step()


# %% [markdown]
# You have just trained a GAN. Notice `fake.detach()`, which ends $D$'s gradient at the fake.
#
# What has it learned? Look for fakes between the islands, and at $D$'s colour under them.

# %%
def look(axes, generator, discriminator, limit=3.0):
    """Draw 1,000 fakes over D's scores: purple fake, white undecided, green real, and the same beyond −4 and 4."""
    ticks = torch.linspace(-limit, limit, 100)
    places = torch.cartesian_prod(ticks, ticks).reshape(100, 100, 2).transpose(0, 1)
    with torch.no_grad():
        points.draw_scores(axes, discriminator(places).reshape(100, 100), limit, bound=4)
        points.draw_points(axes, data[:1000], generator(torch.randn(1000, 2)), limit)


# %% alt="Left, untrained: orange fakes in a blob, on a nearly uniform field. Right, after 2,000 steps: they lie on the islands and on thin bridges between neighbours; D's field is pale around each island and purple elsewhere, also under most bridges." tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.4))
torch.manual_seed(5)
look(left, network(outputs=2), network(outputs=1))
left.set_title("Before: a blob, and no opinion")
look(right, generator, discriminator)
right.set_title("2,000 steps: islands and bridges")
figure.colorbar(right.images[0], ax=[left, right], label="D's score", ticks=[-4, 0, 4], extend="both")
plt.show()

# %%
torch.manual_seed(0)
with torch.no_grad():
    made = generator(torch.randn(2500, 2))
reached, width = mode_scores(made, islands), mode_width(made, islands)
print(f"by hand: {reached.modes} modes, {reached.high_quality:.1%} good, KL {reached.kl:.2f}, width {width:.4f}")


# %% [markdown]
# **In this one run, a dozen lines were enough to find all eight islands.** Yet two samples in three miss them, or more on another processor. Many lie on *bridges* between neighbours, most of which $D$ scores as fake. KL is nearly as high as with four empty islands, and the width over one and a half times the truth.
#
# Bridges are no accident: a continuous generator cannot tear the noise plane into eight pieces. It can only cross the sea steeply ([chapter 02](02_the_generator.ipynb#To-cross-a-gap,-the-map-must-be-steep)).
#
# > **Your turn.** Predict what changes without `.detach()`, and run the section without it.
# >
# > <details><summary>Solution</summary>
# >
# > The printed numbers stay the same: $D$'s optimiser moves only $D$, and `zero_grad` clears $G$'s gradients before its turn. Here `detach` only saves time. Where both halves share their fakes, as in chapter 01, the first `backward` would free a graph that the second needs.
# >
# > </details>
#
# ### The same loop, with names
#
# To swap losses and train many GANs at once, we name the loop's parts. The smallest, `learn`, ends each half: forget old gradients, go backward, step.

# %% tags=["library"]
def learn(optimizer, total):
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    for weight in weights:
        weight.grad = None
    total.backward(torch.ones_like(total), inputs=weights)
    optimizer.step()


# %% [markdown]
# `inputs=weights` fills the gradients of this player's weights alone. In section 4 `total` holds one loss per GAN, hence `ones_like`. With networks and optimisers in a `gan`, the loop's halves become
#
# ```python
# def discriminator_step(gan, loss, real, noise):
#     with torch.no_grad():  # does here what `detach` did above
#         fake = gan.generate(noise)
#     learn(gan.discriminator_optimizer, loss(gan.score(real), gan.score(fake)).discriminator)
#
# def generator_step(gan, loss, real, noise):
#     fake = gan.generate(noise)
#     learn(gan.generator_optimizer, loss(gan.score(real), gan.score(fake)).generator)
# ```
#
# where `loss` is any of chapter 04's. $G$'s half takes `real` because the relativistic loss compares scores.
#
# `train` repeats the half-steps and hands you a record after each pair. Interrupted, it goes on when you run its cell again. To go on another day, `save_checkpoint(path, gan)` of `gan_lessons.runs` writes a **checkpoint**, a file with networks, optimisers' states and step. `load_checkpoint(path, gan)` reads it.
#
# ## 3 · Reading the curves
#
# **Can you tell from the losses whether the samples are good?** We train such a GAN with `train`, and measure its samples every 100 steps.

# %%
torch.manual_seed(0)
gan = GAN(PointGenerator(), PointDiscriminator(), noise_dim=2, seed=0)
qualities = []

# %%
for record in tqdm(train(gan, data, losses.non_saturating, steps=2000), total=2000, leave=False):
    if record.step % 100 == 0:  # `average=False`: from G itself; section 4 has an average of its weights
        qualities.append(mode_scores(gan.sample(2500, average=False), islands).high_quality)

# %% [markdown]
# > **Predict, then look.** Between steps 1,000 and 2,000 the share of good samples grows several times over. What does $D$'s loss, averaged over 50 steps, do meanwhile?

# %% alt="Two panels over 2,000 steps, the second half shaded. Left: D's loss moves up and down early, and in the shaded half lies almost level, below its dashed line at 2 log 2; G's climbs, above its own at log 2, and meets D's. Right: the share of good samples rises with dips, in the shaded half from below a tenth to about three tenths, far below a perfect sampler's." tags=["hide-input"]
history = stacked(gan.history[:2000])
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.5), width_ratios=(1.15, 1))
for values, color, name, blind in (
    (history.discriminator_loss, style.DISCRIMINATOR, "D", 2 * math.log(2)),
    (history.generator_loss, style.GRADIENT, "G", math.log(2)),
):
    curves.draw_curve(left, history.step, values, color, window=50)
    left.text(700, 1.26 if name == "D" else 0.92, name, color=color)
    left.axhline(blind, color=color, ls="--", lw=1)
    words, above = f"{name} if all scores are 0: {blind:.2f}", name == "D"
    left.text(1990, blind + (0.01 if above else -0.015), words, color=color, fontsize=9, ha="right",
              va="bottom" if above else "top")  # fmt: skip
left.set(ylabel="loss (axis from 0.6)", ylim=(0.6, 1.5), xlim=(0, 2000), title="Shaded: D's loss hardly moves")
steps = torch.arange(1, len(qualities) + 1) * 100
curves.draw_curve(right, steps, torch.stack(qualities), style.FAKE)
curves.draw_reference(right, best.high_quality, "perfect sampler")
right.set(ylabel="share of good samples", xlim=(0, 2000), ylim=(0, 1.08), title="Shaded: quality grows")
for ax in (left, right):
    ax.axvspan(1000, 2000, color=style.REFERENCE, alpha=0.12, lw=0)
    ax.set_xticks([0, 500, 1000, 1500, 2000])
plt.show()

# %% [markdown]
# **Neither loss goes to zero, and neither should.** They describe a game, in which each player's progress makes the other's task harder.
#
# **Compare each loss with its own dashed line**, its value when $D$ scores everything 0. $D$ pays two terms and $G$ one, so it means nothing that the curves meet. Here $D$'s loss lies below its line and $G$'s above: $D$ is ahead.
#
# **The losses do not measure the samples.** In the shaded half the quality grows while $D$'s loss hardly moves. $G$'s loss even rises: its better fakes meet a stricter judge.
#
# ### Three sick trainings
#
# **Do losses show when a training is sick?** We compare a healthy training with three that have one learning rate changed. Points are divided by $\sqrt2$, so that each coordinate has standard deviation 1.
#
# Below each picture stands the **spread**, a batch's standard deviation, averaged over the coordinates. It can be computed for any data; a perfect copy of ours has the spread 1.
#
# > **Predict, then look.** In one picture both losses end as with perfect fakes, yet all fakes are one point. Which?

# %%
from gan_lessons.sweeps import Setting, Sweep

rates = {  # of G, and of D
    "healthy": (2e-3, 2e-3),
    "G too slow": (3e-6, 2e-3),
    "G too fast": (2e-1, 2e-3),
    "D too slow": (2e-3, 3e-6),
}
gallery = Sweep(
    data / 2**0.5, [Setting(generator_rate=g, discriminator_rate=d) for g, d in rates.values()], seeds=range(3)
)
for _ in gallery.train(1500):
    pass
past, fakes = gallery.history(), gallery.sample(500, average=False)
spread = fakes.std(-2).mean(-1)  # [settings, seeds]; that of the data is 1
ends = past.discriminator_loss[-200:].mean(0)  # [settings, seeds]

# %% alt="Four columns. Above, the losses of D (green) and G (magenta), dashed lines at 2 log 2 and log 2; below, real points (blue) and fakes (orange). Healthy: both losses near 1, fakes on islands and bridges, spread 0.97. G too slow: D's loss near 0, G's off the top, a small blob, spread 0.13. G too fast: losses near their dashed lines, all fakes one dot, spread 0.00. D too slow: D's loss leaves the top and returns, all fakes 21 from the centre, spread 3.43." tags=["hide-input"]
figure, axes = plt.subplots(2, 4, figsize=(7.2, 4.4))
figure.suptitle("G too fast: both losses as if the fakes were perfect, yet all are one point", x=0.01, ha="left")
for k, (name, (above, below)) in enumerate(zip(rates, axes.T)):
    seed = ends[k].argsort()[1]
    for values, color in ((past.discriminator_loss, style.DISCRIMINATOR), (past.generator_loss, style.GRADIENT)):
        curves.draw_curve(above, past.step, values[:, k, seed], color, window=25)
        if (last := values[-200:, k, seed].mean()) > 4:
            above.text(1500, 3.5, f"ends at {last:.0f}", color=color, fontsize=9, ha="right")
    for blind in (math.log(2), 2 * math.log(2)):
        above.axhline(blind, color=style.REFERENCE, ls="--", lw=1)
    above.set(ylim=(0, 4), title=name, xlabel="step", xticks=[0, 1500])
    points.draw_points(below, data[:300] / 2**0.5, fake := fakes[k, seed], 1.85)
    below.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], yticklabels=["−1", "0", "1"] if not k else [])
    below.set_xlabel(f"spread {spread[k, seed]:.2f}", fontsize=11, weight="bold" if k else "normal")
    below.spines[:].set(visible=True, color="#BBBBBB")
    if (fake.abs() > 2).any(-1).all():
        where = f"all fakes\n{fake.norm(dim=-1).median():,.0f} from\nthe centre"
        below.text(0, 0, where, ha="center", va="center", color=style.FAKE, fontsize=9)
    elif fake.std(0).max() < 0.01:
        below.annotate("all 500\nfakes", fake[0].tolist(), (0.45, 0.55), ha="center", va="center", color=style.FAKE,
                       fontsize=9, arrowprops={"arrowstyle": "->", "color": style.FAKE, "shrinkA": 1})  # fmt: skip
axes[0, 0].set_ylabel("loss")
axes[0, 0].text(250, 1.5, "D", color=style.DISCRIMINATOR)
axes[0, 0].text(250, 0.2, "G", color=style.GRADIENT)
for blind, words in ((math.log(2), "G's: log 2"), (2 * math.log(2), "D's: 2 log 2")):
    axes[0, 1].text(1500, blind + 0.05, words, color=style.REFERENCE, fontsize=9, ha="right", va="bottom")
plt.show()

# %% [markdown]
# It is *G too fast*. We picture the seed whose $D$ ends with the middle loss of three. Here are all three:

# %% tags=["claim"]
for k, name in enumerate(rates):
    last, blind = ends[k], 2 * math.log(2)
    print(f"{name:10} D's loss", *(f"{one:.2f}" for one in last), "  spread", *(f"{one:.2f}" for one in spread[k]))
    slow, alike, near = (last < 0.01).all(), (spread[k] < 0.1).all(), ((last - blind).abs() < 0.2).all()
    assert (slow, alike, near) == (name == "G too slow", name == "G too fast", name == "G too fast")
    assert (last.max() > 2) == (name == "D too slow")

# %% [markdown]
# - **$G$ too slow** shows in the losses: $D$'s sinks to 0 and $G$'s climbs.
# - **$D$ too slow** shows only at times, and the last value alone may look fine. One seed's loss ends at 13, because $G$ chases an outdated $D$. The others end near the dashed line, one of them with a spread of 0.01.
# - **$G$ too fast** is the treacherous one. In all three seeds $D$'s loss ends near its dashed line, and only the spread gives the collapse away.
#
# **So losses can look perfect while all fakes are one point. Plot the spread beside them.** It need not show missing modes, though: two opposite islands, here at $(1, 1)$ and $(-1, -1)$, have the spread of all eight.
#
# ## 4 · One run is an anecdote
#
# **How much of a result is luck?** We train ten GANs that differ only in their **seed**, which decides the first weights, the noise and the minibatches.
#
# This takes far less than ten times as long: a **population** stacks the weights of many small networks into one batch of tensors, and starts each operation once for all. Up to rounding, each trains as if alone.
#
# > **Predict, then run.** By what factor do the best and the worst seed differ in good samples?

# %%
from gan_lessons.populations import population


def players():
    return PointGenerator(), PointDiscriminator()


ten = population(players, seeds=range(10), noise_dim=2)
quality = []
for record in tqdm(train(ten, data, losses.non_saturating, steps=2000), total=2000, leave=False):
    if record.step % 100 == 0:
        quality.append(mode_scores(ten.sample(2500, average=False), islands).high_quality)
quality = torch.stack(quality)  # [measurements, members]

# %% alt="Ten small pictures, one a seed, of real points in blue and fakes in orange after 2,000 steps, on islands and on different bridges. The second, fourth and sixth miss an island each, to which an arrow points. Above each stand the number of modes and the share of good samples; the lowest, 20%, and the highest, 59%, are bold." tags=["hide-input"]
figure, axes = plt.subplots(2, 5, figsize=(7.2, 3.5))
samples = ten.sample(2500, average=False)
scores = mode_scores(samples, islands)
low, high = scores.high_quality.aminmax()
figure.suptitle(f"One GAN, ten seeds: {low:.0%} to {high:.0%} of the samples are good", x=0.01, ha="left")
for k, ax in enumerate(axes.flat):
    points.draw_points(ax, data[:200], samples[k, :300], 2.7)
    ax.axis("off")
    extreme = scores.high_quality[k] in (low, high)
    title = f"{int(scores.modes[k])} modes, {scores.high_quality[k]:.0%}"
    ax.set_title(title, fontsize=10, weight="bold" if extreme else "normal")
    for centre in centres[torch.cdist(centres, samples[k]).amin(1) > 3 * islands.std]:
        ax.annotate("missed", (0.9 * centre).tolist(), (0.15, 0), ha="center", va="center", fontsize=9,
                    arrowprops={"arrowstyle": "->"})  # fmt: skip
plt.show()

# %% [markdown]
# **The best seed makes about three times as many good samples as the worst** (five times on another processor). Even rounding errors grow: the first member is section 3's GAN again, now with 35 % good samples, not nearly half.
#
# In all ten, quality keeps growing while $D$'s loss hardly moves:

# %% tags=["claim"]
loss = stacked(ten.history).discriminator_loss  # [steps, members]
moved = (loss[1750:2000].mean(0) - loss[1000:1250].mean(0)).abs()
grown = quality[17:20].mean(0) / quality[9:12].mean(0)
print(
    f"From step 1,000 to 2,000 D's loss moves by {moved.median():.2f} in the median run, by {moved.max():.2f} at most,"
)
print(f"and the share of good samples grows {grown.median():.1f} times in the median run, {grown.min():.1f} at least.")
assert moved.max() < 0.2 and grown.median() > 1.5

# %% [markdown]
# **So a loss that stands still is no reason to stop, and one seed is no result.** To choose a checkpoint, measure samples, as in [chapter 08](08_measuring_a_gan.ipynb).
#
# ### A better recipe
#
# **Can every seed find the whole ring?** The next chapters lead to a recipe that changes seven things:
#
# | part | what it does |
# |---|---|
# | **relativistic loss** | compares each real point with a fake one ([chapter 04](04_the_losses.ipynb#Relativistic:-which-of-the-two-is-real?)), so an undecided $D$ pays $\log 2$ |
# | **packing** | shows $D$ two points at a time (chapter 06) |
# | **noise** | blurs all that $D$ sees: strongly at first, later some of it by as little as an island's width (chapter 07) |
# | **waves**, known as Fourier features | give $D$ the coordinates' sines and cosines, too (Tancik et al. 2020, [arXiv:2006.10739](https://arxiv.org/abs/2006.10739)) |
# | **third layer** | adds one hidden layer to $G$ |
# | **falling rate** | is a **schedule**: the learning rate falls from 0.006, six times the plain GAN's, to zero along half a cosine |
# | **average** | is the **exponential moving average** (EMA) of $G$'s weights, from which we sample; after each step, average ← 0.999 · average + 0.001 · weights |
#
# We trained it and a plain GAN on the same ten seeds for 7,000 steps (`gan-lessons train ring`, with and without `--size plain`). Unlike the ten above, both use minibatches of 128 and data divided by $\sqrt2$. Each dot is a seed; compare the circled GAN in the three panels.

# %% tags=["long"]
from gan_lessons import recipes, results

long = results.table("ring")
recipe = recipes.find("ring")
better = recipe.build()
results.restored(better.average, "ring")
made = recipe.points(better, 2500)  # [members, samples, 2]
print(f"{long['date']}: {long['steps']:,} steps of {len(long['seeds'])} GANs each, on one thread ({long['machine']})")

# %% alt="Three panels with ten dots, one a seed, for the plain GAN (grey) and the recipe (orange) after 7,000 steps. Modes: six plain GANs have eight, three have seven and one, circled, has three; all ten of the recipe have eight. Good samples: plain 0.66 to 0.91, the circled one highest; recipe 0.95 to 0.98, just below the perfect sampler's line. KL: plain 0.03 to 1.4, the circled one by far the highest; recipe below 0.15." tags=["long", "hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(7.2, 3.3))
figure.suptitle("All ten recipe GANs have eight modes, and more good samples than any plain one", x=0.01, ha="left")
labels = {"modes": "modes of 8", "high_quality": "share of good samples", "kl": "KL (nats)"}
worst = long["plain"]["members"]["modes"].index(min(long["plain"]["members"]["modes"]))
for ax, (name, label) in zip(axes, labels.items()):
    for x, run, color in ((0, long["plain"], style.REFERENCE), (1, long, style.FAKE)):
        ax.scatter(x + torch.linspace(-0.2, 0.2, 10), run["members"][name], color=color, s=18)
    place = float(torch.linspace(-0.2, 0.2, 10)[worst]), long["plain"]["members"][name][worst]
    ax.scatter(*place, s=70, facecolors="none", edgecolors="black")
    ax.axhline(long["perfect"][name], color=style.REFERENCE, lw=1, ls="--")
    if name != "kl":  # no room between the dots
        ax.text(0.5, long["perfect"][name], "perfect", ha="center", va="bottom", color=style.REFERENCE, fontsize=9)
    ax.set(xticks=[0, 1], xticklabels=["plain", "recipe"], xlim=(-0.5, 1.5), ylabel=label)
axes[0].set(ylim=(0, 8.6), yticks=[0, 2, 4, 6, 8])
axes[0].text(0.5, 1.8, "circled: the same GAN\nin all three panels", fontsize=9, va="top", ha="center")
axes[1].set(ylim=(0, 1.1))
plt.show()

# %% [markdown]
# Every recipe GAN makes more good samples than any plain one:

# %% tags=["claim", "long"]
from gan_lessons.metrics import comparisons

plain, whole = long["plain"], [sum(count == 8 for count in run["members"]["modes"]) for run in (long, long["plain"])]
for name, run, count in (("recipe", long, whole[0]), ("plain", plain, whole[1])):
    high, uneven = run["members"]["high_quality"], run["figures"]["kl"]
    print(f"{name:6} all eight modes in {count} of 10 seeds; good samples {min(high):.1%} to {max(high):.1%}, ", end="")
    print(
        f"median {run['figures']['high_quality']:.1%}; median KL {uneven:.3f}; {run['cpu_seconds_per_gan']} CPU s a GAN"
    )
finer = comparisons.means(long["members"]["high_quality"], plain["members"]["high_quality"], paired=True)
print(f"all eight modes, by Fisher's exact test: p = {comparisons.shares(whole[0], 10, whole[1], 10).p:.2f}")
print("good samples, recipe minus plain:", finer)
fewest = [f"{look['modes_min']:.0f} at step {look['step']:,}" for look in plain["curve"][-2:]]
print("fewest modes of a plain GAN:", "; ".join(fewest))
assert whole[0] == 10 and min(long["members"]["high_quality"]) > 0.93 and finer.low > 0.1

# %% [markdown]
# **The recipe found the whole ring in all ten seeds, and its better quality is far beyond chance** ($p < .001$). Its lead in modes, ten seeds against six, could still be chance ($p = .09$). The recipe costs a third more computing. Its settings were hand-tuned on other seeds.
#
# By quality alone the circled GAN is the best plain one, yet it has only **three** islands. By modes alone six plain GANs are perfect, yet roughly a tenth to a third of their samples miss the islands. And step 7,000 is a snapshot: 350 steps earlier every plain GAN had at least six islands.
#
# And the fourth number, the width? We enlarge one island.

# %% alt="Left, the recipe's ring with seed 0: fakes in orange cover real points on eight islands, some lie between, and a box surrounds the rightmost island. The other panels enlarge it, with a grey circle at three standard deviations: real points fill it as a round cloud of width 0.020; fakes crowd in a thin streak near its centre, with a few trails, of width 0.010." tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.7))
figure.suptitle("Enlarged, the recipe's island is a streak near the centre", x=0.01, ha="left")
points.draw_points(axes[0], data[:1000], made[0][:1000], 2.6)
axes[0].set_title("the whole ring, seed 0", fontsize=10)
axes[0].add_patch(plt.Rectangle((1.75, -0.25), 0.5, 0.5, fill=False))
for ax, name, sample, color in ((axes[1], "real", truth, style.REAL), (axes[2], "fake", made[0], style.FAKE)):
    near = sample[(sample - centres[0]).norm(dim=1) < 0.2]
    ax.scatter(*near.T, s=10, alpha=0.5, color=color, linewidths=0)
    ax.add_patch(plt.Circle((2, 0), 0.06, fill=False, color=style.REFERENCE))
    ax.text(2, 0.075, "3 standard deviations", ha="center", va="bottom", fontsize=9, color=style.REFERENCE)
    ax.set(xlim=(1.91, 2.09), ylim=(-0.09, 0.09), aspect="equal", xticks=[1.95, 2.05], yticks=[-0.05, 0, 0.05])
    ax.set_title(f"{name}: width {mode_width(near, islands):.3f}", fontsize=10, color=color)
plt.show()

# %% tags=["claim"]
widths = mode_width(made, islands)
print(f"width of a perfect sampler's islands {true_width:.4f}; of the recipe's, by seed:")
print(*(f"{width:.4f}" for width in widths))
assert (widths < 0.7 * true_width).all()

# %% [markdown]
# **The recipe's islands are too narrow in every seed**: averaged over both directions, a third to three fifths of the true width. The share of good samples cannot see that.
#
# ### Which of the seven parts matters?
#
# We trained the recipe again, whole and without each of six parts, with five seeds and half of the steps. Without its fall, the rate stays high. *Without average* is the whole recipe, sampled from $G$ itself.
#
# Each row shows five seeds and a bar at their median. Filled purple dots mark a clear change; hollow ones may differ by chance.
#
# > **Predict, then run.** Which parts keep the eight islands, make the samples good, or narrow the islands?

# %% alt="Three panels of dots, five seeds a row, and a bar at each row's median, for the whole recipe (orange) and without each part (purple), and dashed lines for a perfect sampler. Filled purple: the modes without noise, four or five; and without waves the good samples, about 0.4 to 0.7, and the width, beyond the dashed line. Hollow: modes mostly eight, but seven in the median without the relativistic loss and six without packing; good samples about 0.75 to 1; width about half of a perfect sampler's, more without the third layer or the falling rate." tags=["long", "hide-input"]
parts = results.table("ring_parts")
without = parts["without"]
print(f"{parts['date']}: {parts['steps']:,} steps, {len(parts['seeds'])} seeds ({parts['machine']})")
labels = {"modes": "modes of 8", "high_quality": "share of good samples", "width": "width of the islands"}
perfection = {"modes": 8, "high_quality": long["perfect"]["high_quality"], "width": float(true_width)}
changes = {
    (part, score): comparisons.means(without[part][score], without["the whole recipe"][score], paired=True)
    for part in without
    for score in labels
    if part != "the whole recipe"
}
certain = {key for key, change in changes.items() if change.p < 0.05 / len(changes)}

figure, axes = plt.subplots(1, 3, figsize=(7.2, 3.8), sharey=True)
figure.suptitle("Without noise, fewer modes; without waves, fewer good samples", x=0.01, ha="left")
for ax, (score, label) in zip(axes, labels.items()):
    for k, (part, scores) in enumerate(without.items()):
        color = style.AVERAGE if k else style.FAKE
        inside = color if not k or (part, score) in certain else "white"
        at = k + torch.linspace(-0.25, 0.25, 5)
        ax.scatter(scores[score], at, s=18, facecolors=inside, edgecolors=color, linewidths=1, zorder=3)
        ax.vlines(torch.tensor(scores[score]).median(), k - 0.38, k + 0.38, color=color, lw=2, zorder=2)
    ax.axvline(perfection[score], color=style.REFERENCE, lw=1, ls="--", zorder=1)
    ax.set(xlabel=label, xlim=(0, (1.3 if score == "width" else 1.08) * perfection[score]))
axes[0].set(yticks=range(8), yticklabels=[f"without {name}" if k else name for k, name in enumerate(without)])
axes[0].set_xticks([0, 2, 4, 6, 8])
axes[0].invert_yaxis()
axes[0].text(7.6, 0, "perfect sampler", ha="right", va="center", fontsize=9, color=style.REFERENCE)
plt.show()

# %% [markdown]
# Chance alone gives one comparison in twenty a $p < .05$, and the figure makes 21. So we call a change clear at $p < .05 / 21 \approx .002$, the **Bonferroni correction**. Nine paired $t$ tests have $p < .05$; three (starred) pass the correction:

# %% tags=["claim", "long"]
for part, score in sorted(changes, key=lambda key: changes[key].p):
    if changes[part, score].clear:
        mark = "*" if (part, score) in certain else " "
        print(f"{mark} {labels[score]}, without {part}: {changes[part, score]}")
assert certain == {("noise", "modes"), ("waves", "high_quality"), ("waves", "width")}

# %% [markdown]
# **In these runs noise keeps the modes, and waves make the samples good.** Without waves the width looks nearly right, but for a bad reason: the samples are scattered over the islands and between them.
#
# **Quality alone would mislead you.** Without noise three or four islands vanish, yet the share of good samples does not fall. [Chapter 06](06_mode_collapse.ipynb) asks what score a *cheat* would get.
#
# The six lines without a star call for more seeds. Packing and the relativistic loss seem to keep modes. The third layer, the falling rate and the relativistic loss seem to narrow the islands; we do not know why. The average makes no clear difference here, where the rate falls to zero.
#
# ## 5 · A GAN of your own
#
# ### A playground
#
# **What happens if you change one thing?** The **playground** trains one GAN while you watch: press *Play*, and change what you like. Here it has trained for 1,400 steps, at a learning rate lowered twice, with a penalty that keeps $D$ smooth ([chapter 07](07_convergence.ipynb)). Read the lower right panel first.

# %% alt="The playground after 1,400 steps. Left: orange fakes lie on all eight blue islands and on bridges between most neighbours, over D's surface, purple except near the islands. A green line rings three islands: left, right and lower left. Most arrows on bridges point to an island. Right: the losses level off, G's near 1 and D's near 0.5; modes reach eight; good samples rise to over a half; KL falls to about a fifth of log 8."
from gan_lessons.labs.points import PlaygroundLab

playground = PlaygroundLab(
    loss="relativistic",
    penalty="r1",
    penalty_weight=0.01,
    batch=256,
    generator_depth=3,
    picture="D, points and pulls",
)
for rate, steps in ((5e-3, 700), (1e-3, 500), (3e-4, 200)):
    playground.set(generator_rate=rate, discriminator_rate=rate)
    playground.run(steps)
playground

# %% [markdown]
# **This GAN has all eight modes, but only 58 % of its samples are good.** KL is 0.37 (before the panel divides it by $\log 8$), so the good ones are spread unevenly. On another processor it was 45 % and 0.74.
#
# $D$ has noticed: it scores those two below midway between the mean real and fake scores, and the other six above. (The green line, at midway, is too coarse for the sixth.) Arrows, most cut to one length, show where $G$'s loss pulls a fake: on bridges, mostly to the nearest island.
#
# > **Your turn.** Which of these helps, and which ruin it? Reset, predict, and try one at a time: packing in twos, no penalty, or $G$'s learning rate at 0.03 and never lowered. *Export* shows the GAN's code.
# >
# > <details><summary>Solution</summary>
# >
# > In this seed, with the cell's steps and rates, packing helped on the processor where we tried it: 54 % of the samples were good instead of 45 %, and KL was 0.15 instead of 0.74. On another, the plain GAN has 58 % already. The others leave no good sample. Without the penalty a small cloud wanders inside the ring; at 0.03 all fakes end as one point.
# >
# > </details>
#
# ### Your own data
#
# **Can you train a GAN on a table of your own?** Replace the line that makes `mine`. The next two scale every column to mean 0 and standard deviation 1. Compare how thick the moons are.

# %% alt="Two panels of two interlocked half-moons. Left, real points in blue: two broad bands. Right, fakes in orange: a thin line along the middle of each, and some points between."
from sklearn.datasets import make_moons

mine = torch.tensor(make_moons(2000, noise=0.08, random_state=0)[0], dtype=torch.float)  # [samples, columns]
mean, std = mine.mean(0), mine.std(0)
mine = (mine - mean) / std
columns = mine.shape[1]


def my_players():
    my_generator = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, columns))
    my_discriminator = nn.Sequential(nn.Linear(columns, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    return my_generator, my_discriminator


torch.manual_seed(0)
my_gan = GAN(*my_players(), noise_dim=4, seed=0)
for record in tqdm(train(my_gan, mine, losses.relativistic, steps=3000), total=3000, leave=False):
    pass

figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.7))
points.draw_points(left, real=mine[:1000], limit=2.5)
points.draw_points(right, fake=my_gan.sample(1000), limit=2.5)
left.set_title("1,000 real points")
right.set_title("1,000 fakes: both moons, too thin")
plt.show()

# %% [markdown]
# These fakes, made by the averaged generator, have the ring's faults: some lie between the moons, and a typical one is less than half as far from the moons' middle lines as a real point:

# %% tags=["claim"]
middle = (torch.tensor(make_moons(2000)[0], dtype=torch.float) - mean) / std
across = [torch.cdist(some, middle).min(1).values.median() for some in (mine, my_gan.sample(2000))]
print("distance from the middle, median: real {:.2f}, fake {:.2f}".format(*across))
assert across[1] < 0.8 * across[0]


# %% [markdown]
# For your own data, `plt.plot(stacked(my_gan.history).discriminator_loss)` draws $D$'s relativistic loss: compare it with $\log 2$. The spread, `my_gan.sample(1000).std(0).mean()`, should be near 1. In your units the samples are `my_gan.sample(1000) * std + mean`. [Chapter 09](09_images.ipynb) turns to pictures, and `gan-lessons train conditional --data FOLDER` learns a folder of them without code.
#
# ### Check it before you wait for it
#
# **How do you find out within seconds that a GAN is broken?** With four checks:
#
# 1. **Ranges**: real and fake numbers differ in size by a factor of ten at most.
# 2. **At the start** $D$ knows nothing: its cross-entropy is near $2 \log 2 \approx 1.39$.
# 3. **$D$ alone**, with $G$ frozen, must learn to tell real from untrained fakes: its loss falls far below that.
# 4. **$G$ alone**, with $D$ frozen, must learn to please it: its fakes' mean score rises, and the fakes move.

# %%
def checkup(generator, discriminator, generator_optimizer, discriminator_optimizer, data, noise_dim=2, steps=150):
    """Four checks before a training: each a value, to be compared with what it should be."""
    real, noise = data[:128], lambda: torch.randn(128, noise_dim)
    fake, found = generator(noise()).detach(), {}
    found["real range"] = f"{real.min():.1f} to {real.max():.1f}"
    found["fake range"] = f"{fake.min():.1f} to {fake.max():.1f}"
    cross_entropy = lambda fake: (softplus(-discriminator(real)) + softplus(discriminator(fake))).mean()
    found["at the start"] = f"{cross_entropy(fake):.2f}"
    for _ in range(steps):
        discriminator_optimizer.zero_grad()
        cross_entropy(generator(noise()).detach()).backward()
        discriminator_optimizer.step()
    found["D alone"] = f"{cross_entropy(fake):.2f}"
    fixed, score = noise(), lambda fake: discriminator(fake).mean().item()
    before = generator(fixed).detach()
    found["G alone: score"] = f"{score(before):+.1f}"
    for _ in range(steps):
        generator_optimizer.zero_grad()
        softplus(-discriminator(generator(noise()))).mean().backward()
        generator_optimizer.step()
    found["G alone: score"] += f" to {score(generator(fixed)):+.1f}"
    found["fakes moved"] = f"{(generator(fixed) - before).norm(dim=1).mean().item():.2f}"
    return found


# %% [markdown]
# We plant three faults in section 2's GAN. In a loop of your own, none raises an error.

# %%
def planted(fault):
    """The GAN of section 2 with a fault: players, optimisers, data."""
    torch.manual_seed(0)
    g, d = network(2), network(1)
    if fault == "sigmoid at D's end":
        d.append(nn.Sigmoid())
    g_adam = torch.optim.Adam((d if fault == "G's optimiser holds D" else g).parameters(), lr=1e-3, betas=(0.5, 0.99))
    d_adam = torch.optim.Adam(d.parameters(), lr=1e-3, betas=(0.5, 0.99))
    return g, d, g_adam, d_adam, data * (100 if fault == "data not scaled" else 1)


# %%
faults = ["no fault", "sigmoid at D's end", "G's optimiser holds D", "data not scaled"]
found = {fault: checkup(*planted(fault)) for fault in faults}
print(f"{'':14}", *(f"{fault:>{max(len(fault), 13) + 3}}" for fault in faults))
for check in found["no fault"]:
    print(f"{check:14}", *(f"{found[fault][check]:>{max(len(fault), 13) + 3}}" for fault in faults))

# %% [markdown]
# **Each fault makes a check fail.**
#
# - **A sigmoid at $D$'s end** shows when $D$ learns alone: it gets stuck at 1.01 (sound: 0.02). With scores between 0 and 1 the loss cannot fall below 1.006 (chapter 04).
# - **The wrong optimiser** shows when $G$ learns alone: the scores rise, but no fake moves, because $D$ moves instead.
# - **Unscaled data** show in the ranges, which differ by a factor of hundreds, and at the start: even an untrained $D$ gives such points large scores. Here these are positive, so real points cost almost nothing, and the fakes' 0.69 is left.
#
# The checks train a GAN, so give them a new one. The moons' GAN passes:

# %%
fresh = GAN(*my_players(), noise_dim=4, seed=0)
parts = fresh.generator, fresh.discriminator, fresh.generator_optimizer, fresh.discriminator_optimizer
for check, value in checkup(*parts, mine, noise_dim=4).items():
    print(f"{check:14} {value:>15}")

# %% [markdown]
# ### Debugging card
#
# | what it looks like | what to test | what to change |
# |---|---|---|
# | not yet trained | `checkup` | scale data to $G$'s output range (tanh: −1 to 1); no sigmoid on scores; each optimiser its own player's weights |
# | $D$'s loss near 0, $G$'s rises, samples hardly change | gradient at $G$'s weights (chapter 04) | slower $D$ or faster $G$; a penalty on $D$ (chapter 07) |
# | $D$'s loss at $2\log 2$ (relativistic: $\log 2$) or above, samples bad | `checkup`, step 3 | larger or faster $D$; slower $G$ |
# | NaN | where it begins | lower rates; losses by `softplus`; an earlier checkpoint |
# | losses swing, samples jump about | halve both learning rates | lower or falling rates; larger minibatch; sample from the EMA |
# | all fakes at one point, or far from the data | spread near 0, or far above the data's | $G$'s learning rate; data scaling; faster $D$ |
# | good samples, but few different ones | modes and KL, or pictures side by side | noise on all that $D$ sees; packing (chapter 06) |
# | all modes, but many bridges | share of good samples | longer training; waves for $D$ |
# | nearly as many good samples as perfect | width of a mode, real beside fake | report it beside the scores |
# | one seed works, the next does not | ten seeds: median and worst | a recipe whose *worst* is good |
#
# Change **one** thing at a time, on at least five seeds, and write down what you expected.
#
# ## What we saw
#
# - A GAN's two networks take turns: $D$ learns to score real above fake, and $G$ follows its gradient.
# - The losses describe the game, not the samples. The spread shows a collapse to a point.
# - Measure samples by several numbers, beside a perfect sampler.
# - One run proves nothing; ten cost little as one population.
# - The recipe ended with all eight islands in ten seeds of ten, the plain GAN in six. It makes more good samples, but too narrow islands.
#
# ## Questions
#
# ### A quiz
#
# Open the answer you would give (*Tab*, then *Enter*).
#
# 1. What does <code>fake.detach()</code> do in the discriminator's half of the step?
#    <details><summary>A · It ends the gradient at the fakes, so the generator gets none</summary><b>Right.</b> In the generator's half it has to flow through.</details>
#    <details><summary>B · It keeps the discriminator from learning from the fakes</summary><b>No.</b> Only the way back to the generator is cut.</details>
#    <details><summary>C · It makes the fakes independent of the noise</summary><b>No.</b> Their values stay as they are.</details>
# 2. The discriminator's cross-entropy stays at 2 log 2. What do you know?
#    <details><summary>A · The GAN has converged</summary><b>No.</b> A weak or slow discriminator has the same loss.</details>
#    <details><summary>B · The generator has collapsed</summary><b>No.</b> It may have; this loss does not say.</details>
#    <details><summary>C · Only that its scores do no better than a constant 0</summary><b>Right.</b> The fakes may be perfect, the discriminator weak or out of date. Measure the samples.</details>
# 3. One run of your recipe succeeds. What do you try next?
#    <details><summary>A · The same recipe with other seeds</summary><b>Right.</b> Report the median and the worst.</details>
#    <details><summary>B · A larger network</summary><b>No.</b> First find out whether it was luck.</details>
#    <details><summary>C · Nothing: it works</summary><b>No.</b> The plain GAN missed islands in four of ten seeds.</details>
#
# ### In your own words
#
# A GAN covers all eight modes. Name three ways in which it can still be bad.
# <details><summary>Answer</summary>Most samples may lie on bridges (low share of good samples), nearly all on one mode (high KL), or all too close to the centres (small width).</details>
#
# ## Further reading
#
# - Goodfellow et al. 2014, *Generative Adversarial Nets*, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661): the game, and our loss.
# - Radford et al. 2016, *DCGAN*, [arXiv:1511.06434](https://arxiv.org/abs/1511.06434): the momentum of 0.5.
# - Metz et al. 2017, *Unrolled GANs*, [arXiv:1611.02163](https://arxiv.org/abs/1611.02163): the ring of eight.
# - Lin et al. 2018, *PacGAN*, [arXiv:1712.04086](https://arxiv.org/abs/1712.04086): packing, and three of this chapter's four numbers.
# - Wang et al. 2022, *Diffusion-GAN*, [arXiv:2206.02262](https://arxiv.org/abs/2206.02262): noise of many strengths on all that $D$ sees.
# - Huang et al. 2024, *The GAN is dead; long live the GAN!*, [arXiv:2501.05441](https://arxiv.org/abs/2501.05441): the modern recipe, derived.
#
# **Next:** measure, mend and diagnose in the assignment. Then chapter 06 asks where the missing islands went, and what brings them back.
#
# [← 04 The losses](04_the_losses.ipynb) · [contents](00_start.ipynb) · [06 Mode collapse →](06_mode_collapse.ipynb) · [assignment](assignments/release/05_the_first_gan/05_the_first_gan.ipynb)
