# %% [markdown]
# # 05 · The first GAN
#
# [← 04 The losses](04_the_losses.ipynb) · [contents](00_start.ipynb) · [06 Mode collapse →](06_mode_collapse.ipynb) · [assignment](assignments/release/05_the_first_gan/05_the_first_gan.ipynb)
#
# **How do I train a GAN, and how do I read its curves?**

# %% alt="An animation of one training. At first the orange fakes are a blob amid eight blue islands, and the discriminator's surface is nearly flat. The blob is thrown to and fro while the surface's green and purple areas swing round, bends into a ring, and settles on all eight islands, around which the surface turns pale, and purple elsewhere." tags=["hide-input"]
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
motion.Animation([frames[-1], *frames], milliseconds=160, colors=40)  # a printed page shows the first

# %% [markdown]
# Blue points are data, and orange ones are what the generator makes of noise. The surface shows how the discriminator scores
# every place, from purple (fake) through white (midway) to green (real).
#
# The training took a few seconds on one processor core, with the loss, rate and minibatch of section 4's recipe; your first GAN will be rougher. In this chapter **you will** train a GAN with a loop of a dozen lines and then ten GANs at once, play with one while it trains, and teach one the shape of your own data.
#
# **You will learn** to
# - write the training loop of a GAN from memory,
# - tell what its two losses say, and what they do not say,
# - measure a GAN beside a perfect sampler, and distrust a single number and a single run,
# - check a GAN of your own before you wait for it, and debug it if it fails.
#
# **You will need** a little PyTorch, [chapter 04](04_the_losses.ipynb)'s non-saturating loss, and about a minute of computing.
#
# ## 1 · Eight islands
#
# To see whether a GAN learns, we want data whose every detail we know: points in the plane, in eight small Gaussian islands on a circle of radius 2 (Metz et al. 2017). Each island has a standard
# deviation of 0.02, a hundredth of the radius, so there is a great deal of empty sea.
#
# We will look at three numbers together, because any one of them can be fooled.
#
# - **modes**: on how many of the eight islands (the modes of this distribution) at least one of 2,500 samples lies;
# - **high-quality samples**, or *good* ones for short: the share of samples within three standard deviations of an island's centre;
# - **KL**: the divergence of the islands' shares of the good samples from equal shares, in nats; 0 is perfectly even, and $\log 8 \approx 2.08$
#   is all on one.
#
# Before you measure a model, measure the truth: fresh samples of the islands themselves.

# %%
from gan_lessons.metrics.modes import mode_scores, perfect

best = perfect(islands, count=2500)
print(f"a perfect sampler: {best.modes} modes, {best.high_quality:.1%} high quality, KL {best.kl:.4f}")
narrow = mode_scores(islands.centres.repeat(300, 1), islands)
print(f"the eight centres: {narrow.modes} modes, {narrow.high_quality:.1%} high quality, KL {narrow.kl:.4f}")


# %% [markdown]
# The truth does not score 100 %, because about 1.1 % of a Gaussian in the plane lies farther out than three standard deviations ($e^{-9/2}$, exactly). Nor is its KL zero, because random samples hardly ever split into eight equal parts.
#
# The second line is a warning. A sampler that knows eight points and nothing else scores at least as well as the truth, since
# no number asks whether an island is as wide as it should be. So we add a fourth, the **width**: the standard deviation of the good samples around their centre.

# %% module="gan_lessons.metrics.modes" tags=["library"]
def mode_width(points, mixture):
    distance, _ = torch.cdist(points, mixture.centres.to(points)).min(-1)
    good = distance <= 3 * mixture.std
    return ((distance.square() * good).sum(-1) / good.sum(-1) / points.shape[-1]).sqrt()


# %%
true_width = mode_width(islands.sample(2500), islands)
print(f"width of a perfect sampler's islands: {true_width:.4f}")


# %% [markdown]
# This is a little less than 0.02, because samples beyond three standard deviations do not count. A GAN with a much smaller width has collapsed *within* the islands.
#
# ## 2 · Two players and a dozen lines
#
# The **generator** $G$ turns two random numbers into a point. The **discriminator** $D$ looks at a point and returns a score $s$ (a logit): any number, and the higher it is, the more
# the point looks real. Both are small multilayer perceptrons, three linear layers with ReLU between them.

# %%
def network(outputs):
    return nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs))


torch.manual_seed(5)
generator, discriminator = network(outputs=2), network(outputs=1)
generator_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.99))
discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.99))

# %% [markdown]
# Each player has its own optimiser. **Adam** follows a running mean of recent gradients and divides it by their recent size, so the **learning rate** `lr` is roughly how far each weight moves in a step.
#
# How much of the old mean Adam keeps is the **momentum** $β$, the first of `betas` (the second does the same for the size). GANs usually take 0.5 or less, because with the usual 0.9 the training of an early convolutional GAN oscillated (Radford et al. 2016). Such numbers, chosen and not learnt, are **hyperparameters**.
#
# The **training loop** repeats two half-steps, each on a **minibatch** of 64 points. First $D$ learns. With scores $s$, and $\mathbb{E}$ for the mean over the minibatch, its cross-entropy is
#
# $$ L_D = \mathbb{E}\operatorname{softplus}(-s(x)) + \mathbb{E}\operatorname{softplus}(s(G(z))), \qquad \operatorname{softplus}(t) = \log(1 + e^t). $$

# %% alt="D's step, as the block diagram of a GAN: everything is lit, the frozen generator is hatched, and the gradient flows from the losses back to the discriminator and no farther." tags=["hide-input"]
diagrams.gan(
    lit=("noise", "generator", "fake", "real", "discriminator", "losses", "gradient to D"), frozen=("generator",)
)

# %% [markdown]
# Then $G$ learns, with the non-saturating loss
#
# $$ L_G = \mathbb{E}\operatorname{softplus}(-s(G(z))). $$
#
# $G$ never sees a real point. All it learns comes through $D$: the gradient flows from the
# score back through $D$ to the fake point, says in which direction that point should move, and goes on into $G$'s weights.

# %% alt="G's step, as the block diagram of a GAN: the real samples, not used, are pale; the frozen discriminator is hatched, but the gradient flows from the losses back through it and the fake into the generator." tags=["hide-input"]
diagrams.gan(lit=("noise", "generator", "fake", "discriminator", "losses", "gradient to G"), frozen=("discriminator",))

# %% [markdown]
# > **Predict, then read on.** A discriminator that cannot tell real from fake gives every point the score 0. What is $L_D$ then?

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
# You have just trained a GAN. (With every score at 0, $L_D = 2\log 2 \approx 1.386$.)
#
# Notice `fake.detach()`, which ends $D$'s gradient at the fake. Here it only saves time, because `zero_grad` clears $G$'s gradients before $G$'s turn. Where both halves use the same fakes, as in chapter 01, the first `backward` would otherwise free the graph that the second needs.
#
# What has it learned?

# %%
def look(axes, generator, discriminator, limit=3.0):
    """Draw 1,000 fakes over D's scores: purple fake, white undecided, green real, and the same beyond −4 and 4."""
    ticks = torch.linspace(-limit, limit, 100)
    places = torch.cartesian_prod(ticks, ticks).reshape(100, 100, 2).transpose(0, 1)
    with torch.no_grad():
        points.draw_scores(axes, discriminator(places).reshape(100, 100), limit, bound=4)
        points.draw_points(axes, data[:1000], generator(torch.randn(1000, 2)), limit)


# %% alt="Left, untrained: the fakes are an orange blob in a nearly uniform field. Right, after 2,000 steps: they lie on the islands and on thin bridges between neighbours; the discriminator's field is pale around each island and purple elsewhere, also under most bridges." tags=["hide-input"]
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
    reached = mode_scores(generator(torch.randn(2500, 2)), islands)
print(f"by hand: {reached.modes} modes, {reached.high_quality:.1%} high quality, KL {reached.kl:.2f}")


# %% [markdown]
# It has found every island, yet three samples in four miss them. Many lie on *bridges* between neighbours, because the generator is a continuous function of its noise, so that the image of the noise plane is connected. To leave the sea nearly empty, $G$ must be very steep there; [chapter 02](02_the_generator.ipynb) measures how far that can go.
#
# > **Your turn.** Predict what happens if the generator learns with `lr=1e-2` while the discriminator keeps `1e-3`; then
# > change that number and run the section again.
# >
# > <details><summary>Solution</summary>
# >
# > In our one run it got *better*: about twice as many good samples, spread more evenly. Section 3 shows too fast a rate.
# >
# > </details>
#
# ### The same loop, with names
#
# We will want other losses and many GANs at once, so we name the loop's parts. The smallest, `learn`, ends each half: forget the old
# gradients, go backward, step.

# %% tags=["library"]
def learn(optimizer, total):
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    for weight in weights:
        weight.grad = None
    total.backward(torch.ones_like(total), inputs=weights)
    optimizer.step()


# %% [markdown]
# `inputs=weights` fills the gradients of this player's weights and nobody else's; `ones_like` is for the many
# GANs of section 4, which have a loss each. With a `gan` that holds networks and optimisers, the loop's two halves become
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
# where `loss` is any of chapter 04's. $G$'s half takes `real` only for the relativistic loss, which compares scores; the non-saturating one ignores it. The library's versions in `gan_lessons/training.py` also take a `penalty` (chapter 07), a `condition` and an `extra` loss (chapter 10).
#
# `train` repeats the two half-steps and hands you a record after each pair. Interrupt it, run its cell again, and it goes on. `save_checkpoint(path, gan)` of `gan_lessons.runs` writes a **checkpoint**, a file with
# the networks, both optimisers' states and the step, and `load_checkpoint(path, gan)` reads it.
#
# ## 3 · Reading the curves
#
# Let us train the same kind of GAN with `train`.

# %%
torch.manual_seed(0)
gan = GAN(PointGenerator(), PointDiscriminator(), noise_dim=2, seed=0)
qualities = []

# %%
for record in tqdm(train(gan, data, losses.non_saturating, steps=2000), total=2000, leave=False):
    if record.step % 100 == 0:  # `average=False`: from G itself; section 4 has an average of its weights
        qualities.append(mode_scores(gan.sample(2500, average=False), islands).high_quality)

# %% [markdown]
# Here are both losses and $D$'s mean scores, averaged over 50 steps, and the share of good samples, which you will not have for photographs.

# %% alt="Three panels over 2,000 steps. Left: after a few hundred steps D's loss moves slowly, below its dashed line at 2 log 2; G's loss climbs above its own at log 2. Middle: the mean score of real points lies above that of fakes, and after early jumps the two drift apart. Right: the share of good samples rises from near zero, with dips, staying far below the perfect sampler's dashed line." tags=["hide-input"]
history = stacked(gan.history[:2000])
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(7.2, 3.1))
for values, color, name, blind in (
    (history.discriminator_loss, style.DISCRIMINATOR, "D", 2 * math.log(2)),
    (history.generator_loss, style.GRADIENT, "G", math.log(2)),
):
    curves.draw_curve(left, history.step, values, color, name, window=50)
    left.axhline(blind, color=color, ls="--", lw=1)
    left.text(2000, blind, f"{name} at score 0", color=color, fontsize=9, ha="right", va="bottom")
left.set(ylabel="loss", ylim=(0, 2), xlim=(0, 2000), title="D settles, G climbs")
curves.draw_curve(middle, history.step, history.real_score, style.REAL, "real", window=50)
curves.draw_curve(middle, history.step, history.fake_score, style.FAKE, "fake", window=50)
middle.set(ylabel="mean score", xlim=(0, 2000), title="D tells them apart")
steps = torch.arange(1, len(qualities) + 1) * 100
curves.draw_curve(right, steps, torch.stack(qualities), style.FAKE)
curves.draw_reference(right, best.high_quality, "perfect sampler")
right.set(ylabel="share of good samples", xlim=(0, 2000), ylim=(0, 1.08), title="Quality rises")
for ax in (left, middle):
    curves.label_ends(ax)
for ax in (left, middle, right):
    ax.set_xticks([0, 1000, 2000])
plt.show()

# %% [markdown]
# - **Neither loss goes to zero, and neither should.** They are not errors that fall but the state of a game: a better
#   generator makes the discriminator's task harder, and a better discriminator the generator's.
# - **The dashed lines** are the losses when $D$ gives everything the score 0: $2 \log 2 \approx 1.39$ for $D$, whose loss is a sum of two terms, and $\log 2 \approx 0.69$ for $G$, whose loss is one.
#   Compare each loss with its own line; that the two curves meet means nothing. Here $D$'s loss is below its line and $G$'s above, so $D$ is ahead.
# - **Quality grows several times over after step 1,000, while $D$'s loss hardly moves** and $G$'s even rises, because it is the verdict of a $D$ that improves too. The losses do not measure the samples. A loss just under its line says only that $D$ finds little difference, as a weak $D$ would even in bad fakes.
#
# Some trouble, however, can be seen. Here are four trainings that differ in their learning rates alone, on points divided by $\sqrt2$ so that each coordinate has standard deviation 1.

# %%
from gan_lessons.sweeps import Setting, Sweep

rates = {
    "healthy": (2e-3, 2e-3),
    "G too slow": (3e-6, 3e-3),
    "G too fast": (5e-2, 1e-3),
    "D too slow": (1e-3, 1e-5),
}
gallery = Sweep(
    data / 2**0.5, [Setting(generator_rate=g, discriminator_rate=d) for g, d in rates.values()], seeds=range(3)
)
for _ in gallery.train(1500):
    pass
past, fakes = gallery.history(), gallery.sample(500, average=False)
spread = fakes.std(-2).mean(-1)  # [settings, seeds]; that of the data is 1

# %% alt="Four columns of two panels. Above, the losses of D (green) and G (magenta) and a dashed line at 2 log 2; below, real points in blue, fakes in orange, and their spread. Healthy: both losses near 1, most fakes close to the islands. G too slow: D's loss near 0, G's off the top, the fakes a small blob in the middle. G too fast: losses near the healthy ones but more jagged, all fakes one orange dot. D too slow: D's loss swings and climbs far above its line, G's is near 0, and all fakes are far outside the frame." tags=["hide-input"]
figure, axes = plt.subplots(2, 4, figsize=(7.2, 4.2))
figure.suptitle("G too fast: losses near the healthy ones, yet all fakes are one point", x=0.01, ha="left")
for k, (name, (above, below)) in enumerate(zip(rates, axes.T)):
    for values, color in ((past.discriminator_loss, style.DISCRIMINATOR), (past.generator_loss, style.GRADIENT)):
        curves.draw_curve(above, past.step, values[:, k, 0], color, window=25)
        if (last := values[-200:, k, 0].mean()) > 4:
            above.text(1500, 3.5, f"ends at {last:.0f}", color=color, fontsize=9, ha="right")
    above.axhline(2 * math.log(2), color=style.REFERENCE, ls="--", lw=1)
    above.set(ylim=(0, 4), title=name, xlabel="step", xticks=[0, 1500])
    points.draw_points(below, data[:300], fake := fakes[k, 0] * 2**0.5)
    below.set(xlabel=f"spread {spread[k, 0]:.2f}", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
    if (fake.abs() > 3).any(-1).all():
        where = f"all fakes\n{fake.norm(dim=-1).median():.0f} from\nthe centre"
        below.text(0, 0, where, ha="center", va="center", color=style.FAKE, fontsize=9)
    elif fake.std(0).max() < 0.01:
        below.annotate("all 500\nfakes", fake[0].tolist(), (0, 0), ha="center", va="center", color=style.FAKE,
                       fontsize=9, arrowprops={"arrowstyle": "->", "color": style.FAKE})  # fmt: skip
axes[0, 0].set_ylabel("loss")
axes[0, 0].text(250, 1.5, "D", color=style.DISCRIMINATOR)
axes[0, 0].text(250, 0.2, "G", color=style.GRADIENT)
axes[0, 1].text(1500, 1.45, "2 log 2", color=style.REFERENCE, fontsize=9, ha="right", va="bottom")
axes[1, 0].set_ylabel("points")
plt.show()

# %% [markdown]
# The **spread**, the standard deviation of a batch of fakes averaged over the coordinates, can be computed for any data; a perfect copy of ours has the spread 1. The picture shows the first of three seeds; here are all:

# %% tags=["claim"]
for k, name in enumerate(rates):
    last = past.discriminator_loss[-200:, k].mean(0)
    print(f"{name:10} D's loss", *(f"{one:.2f}" for one in last), "  spread", *(f"{one:.2f}" for one in spread[k]))
    slow, alike, beyond = bool((last < 0.01).all()), bool((spread[k] < 0.1).all()), bool((last > 1.386).all())
    assert (slow, alike, beyond) == (name == "G too slow", name == "G too fast", name == "D too slow")

# %% [markdown]
# - **$G$ too slow**: $D$'s loss sinks to 0 and $G$'s climbs, while the samples hardly move.
# - **$D$ too slow**: $D$'s loss ends *above* $2\log 2$, far above in one seed and barely in two. That is worse than no opinion: $G$ runs after a $D$ that is out of date, far from the ring in the first seed and nearly collapsed in the third.
# - **$G$ too fast** is the treacherous one. All fakes are one point, yet $D$'s *mean* loss is close to a healthy one's. The spread gives the collapse away in all three seeds.
#
# So plot the spread in every training, though it need not show missing modes: two opposite islands $(\sqrt2, \sqrt2)$ and $(-\sqrt2, -\sqrt2)$ alone have the spread of all eight.
#
# ## 4 · One run is an anecdote
#
# What a GAN becomes depends strongly on its **seed**, so from now on we train many at once. A **population** stacks the weights of
# many small networks into one batch of tensors. Each member has its own seed and minibatches, and
# takes the same steps as a GAN trained alone, up to rounding. Ten take far less than ten times as long, because most of the time goes into starting operations, once for all.
#
# > **Predict, then run.** Ten plain GANs differ in nothing but their seed. How different will their samples be?

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

# %% alt="Ten small pictures, one a seed, of real points in blue and fakes in orange after 2,000 steps. In each the fakes lie on islands and on bridges between neighbours, differently in every picture; the second misses the leftmost island. Above each stand the number of modes and the share of good samples." tags=["hide-input"]
figure, axes = plt.subplots(2, 5, figsize=(7.2, 3.5))
samples = ten.sample(2500, average=False)
scores = mode_scores(samples, islands)
low, high = scores.high_quality.aminmax()
figure.suptitle(f"One GAN, ten seeds: {low:.0%} to {high:.0%} of the samples are good", x=0.01, ha="left")
for k, ax in enumerate(axes.flat):
    points.draw_points(ax, data[:200], samples[k, :300], 2.7)
    ax.axis("off")
    ax.set_title(f"{int(scores.modes[k])} modes, {scores.high_quality[k]:.0%}", fontsize=10)
plt.show()

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
# The worst of these rings has about a fifth as many good samples as the best. Even rounding errors grow in training: the first member is section 3's GAN again, now with 33 % good samples instead of about 27 %.
#
# In all ten the quality goes on growing while $D$'s loss hardly moves, so a loss that stands still is no reason to stop. To find the best checkpoint, measure the samples, as [chapter 08](08_measuring_a_gan.ipynb) does.
#
# ### A better recipe
#
# The recipe that the next chapters lead up to changes seven things; you need no details yet.
#
# - the **relativistic** loss, which compares every real point with a fake one (chapter 04);
# - **packing**: $D$ sees two points at a time (chapter 06);
# - **noise** of many strengths on all that $D$ sees, the least of which falls from a quarter of the ring's radius to an island's width (chapter 07);
# - **waves**, known as Fourier features: $D$ also gets sines and cosines of the coordinates (Tancik et al. 2020, [arXiv:2006.10739](https://arxiv.org/abs/2006.10739));
# - a third hidden layer in $G$;
# - a **schedule** of the learning rate, which starts six times as high and falls to zero along half a cosine;
# - and an **exponential moving average** (EMA) of $G$'s weights: after each step, average ← 0.999 · average + 0.001 · weights. We sample from the average.
#
# We trained it and a plain GAN on the same ten seeds for 7,000 steps (`gan-lessons train ring`, with `--size plain` for the plain GAN). Unlike the ten above, these take 128 points a step, from data divided by $\sqrt2$.

# %% tags=["long"]
import json
from pathlib import Path

from safetensors.torch import load_file

from gan_lessons import recipes

long = json.loads(Path("results/ring.json").read_text())
recipe = recipes.find("ring")
better = recipe.build()
better.average.load_state_dict(load_file("results/ring.safetensors"))
made = recipe.points(better, 2500)  # [members, samples, 2]
print(f"{long['date']}: {long['steps']:,} steps of {len(long['seeds'])} GANs each, on one thread ({long['machine']})")

# %% alt="Three panels with ten dots, one a seed, for the plain GAN (grey) and the recipe (orange) after 7,000 steps. Modes: six plain GANs have eight, three have seven and one, circled, has three; all ten of the recipe have eight. Good samples: plain 0.66 to 0.91, the circled one the highest; recipe 0.95 to 0.98, just below the dashed line of the perfect sampler. KL: plain 0.03 to 1.4, the circled one by far the highest; recipe below 0.15, mostly near zero." tags=["long", "hide-input"]
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
# Each dot is a seed. Every recipe GAN has a higher share of good samples than any plain one:

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
print("all eight modes, recipe minus plain:", comparisons.shares(whole[0], 10, whole[1], 10))
print("good samples, recipe minus plain:   ", finer)
assert whole[0] == 10 and min(long["members"]["high_quality"]) > 0.93 and finer.low > 0.1

# %% [markdown]
# The recipe's better quality is far beyond chance ($p < .001$). Its better count of modes could still be chance by Fisher's exact test ($p = .09$), though the approximate interval just excludes zero. The recipe also costs a third more computing, and its settings were chosen by hand, on other seeds.
#
# By quality alone the circled GAN is the best plain one, and it has **three** islands. By modes alone, six plain GANs are perfect, although between a tenth and about a third of their samples miss the islands. But step 7,000 is a snapshot: in the record the fewest islands of any plain GAN vary between 3 and 7 from step 2,450 on.
#
# And the width?

# %% alt="Four panels in a row. The first two show 1,000 real points in blue and 1,000 of one recipe GAN in orange: eight dots each on a circle, and for the GAN some single points between. The others enlarge the rightmost island, with a grey circle at three standard deviations: the real points fill it as a round cloud; the fakes crowd in a thin streak near its centre, with a few trails." tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(7.2, 2.5))
figure.suptitle("The recipe's fakes crowd near the centre of the island", x=0.01, ha="left")
for k, (kind, sample, color) in enumerate((("real", islands.sample(2500), style.REAL), ("fake", made[0], style.FAKE))):
    ring, near = axes[k], axes[2 + k]
    points.draw_points(ring, **{kind: sample[:1000]})
    ring.set_title(("real", "recipe, seed 0")[k])
    near.scatter(*sample.T, s=8, alpha=0.5, color=color, linewidths=0)
    near.add_patch(plt.Circle((2, 0), 0.06, fill=False, color=style.REFERENCE))
    near.set(xlim=(1.92, 2.08), ylim=(-0.08, 0.08), aspect="equal", xticks=[1.95, 2.05], yticks=[-0.05, 0, 0.05])
    near.set_title(f"{kind}, at (2, 0)")
axes[3].text(2, 0.063, "3 std", ha="center", va="bottom", fontsize=9, color=style.REFERENCE)
plt.show()

# %% tags=["claim"]
widths = mode_width(made, islands)
print(f"width of a perfect sampler's islands {true_width:.4f}; of the recipe's, by seed:")
print(*(f"{width:.4f}" for width in widths))
assert (widths < 0.7 * true_width).all()

# %% [markdown]
# The recipe's samples are *too* good: the island in the picture is a thin streak near its centre, and "high quality" rewards that. In every seed the islands have, averaged over both directions, a third to three fifths of the true width.
#
# ### Which of the seven parts matters?
#
# We trained the recipe again, whole and without each of six parts, with five seeds and half of the steps (3,500). Without its fall, the rate stays at its high start. *Without average* trains nothing: it is the whole recipe's five GANs, sampled from $G$ itself.
#
# > **Predict, then run.** Which parts keep the eight islands, which make the samples good, and which narrow the islands?

# %% alt="Three panels of dots, five seeds a row, for the whole recipe (orange) and without each part (purple), and dashed lines for a perfect sampler. Modes: nearly always eight, but mostly seven without the relativistic loss, five or six without packing, four or five without noise. Good samples: about 0.85 to 1 in most rows, far fewer and scattered without waves. Width: about half of a perfect sampler's in the first five rows; more without the third layer, mostly still more without the falling rate; beyond the dashed line without waves." tags=["long", "hide-input"]
parts = json.loads(Path("results/ring_parts.json").read_text())
without = parts["without"]
print(f"{parts['date']}: {parts['steps']:,} steps, {len(parts['seeds'])} seeds ({parts['machine']})")
print(f"{'':25}  all eight   medians: good   width")
for name, scores in without.items():
    medians = [torch.tensor(scores[score]).median() for score in ("high_quality", "width")]
    kept = sum(modes == 8 for modes in scores["modes"])
    print(f"{name if scores is without['the whole recipe'] else 'without ' + name:25}  {kept:4} of 5", end="")
    print("{:17.1%} {:7.4f}".format(*medians))

figure, axes = plt.subplots(1, 3, figsize=(7.2, 3.6), sharey=True)
figure.suptitle("Without noise, fewer modes; without waves, fewer good samples", x=0.01, ha="left")
truth = {"modes": 8, "high_quality": long["perfect"]["high_quality"], "width": float(true_width)}
for ax, (score, perfection), label in zip(
    axes, truth.items(), ("modes of 8", "share of good samples", "width of the islands")
):
    for k, scores in enumerate(without.values()):
        ax.scatter(scores[score], k + torch.linspace(-0.25, 0.25, 5), s=14, color=style.AVERAGE if k else style.FAKE)
    ax.axvline(perfection, color=style.REFERENCE, lw=1, ls="--")
    ax.set(xlabel=label, xlim=(0, 1.3 * perfection if score == "width" else 1.08 * perfection))
axes[0].set(yticks=range(8), yticklabels=[f"without {name}" if k else name for k, name in enumerate(without)])
axes[0].set_xticks([0, 2, 4, 6, 8])
axes[0].invert_yaxis()
axes[0].text(7.6, 0, "perfect sampler", ha="right", va="center", fontsize=9, color=style.REFERENCE)
plt.show()

# %% [markdown]
# In these runs the noise keeps the modes and the waves make the samples good. Of the figure's 21 comparisons nine have $p < .05$ by paired $t$ tests. Six of the nine:

# %% tags=["claim", "long"]
for part, score in (
    ("noise", "modes"),
    ("packing", "modes"),
    ("relativistic loss", "modes"),
    ("waves", "high_quality"),
    ("third layer", "width"),
    ("falling rate", "width"),
):
    change = comparisons.means(without[part][score], without["the whole recipe"][score], paired=True)
    print(f"{score}, without {part}: {change}")
    assert change.clear and (change.difference > 0) == (score == "width")

# %% [markdown]
# Because chance alone gives one comparison in twenty $p < .05$, ask 21 of them for $p < .05 / 21 \approx .002$. That leaves the noise for the modes, the waves for the good samples, and the width without waves ($p < .001$), which looks nearly right for a bad reason: the samples are scattered over the islands and between them. The rest call for more seeds: packing and the relativistic loss seem to keep modes, the third layer and the falling rate to narrow the islands. Why these are narrow we do not know.
#
# The average makes no clear difference, because $G$ hardly moves as the rate falls to zero; at a constant rate it may matter.
#
# Without noise, packing or the relativistic loss the median share of good samples is *higher* (without noise $p = .02$), while islands go missing: quality alone would mislead you. KL shows what halving the steps costs: the whole recipe's median is 0.19 in the record, against 0.009 after 7,000.
#
# Whatever you measure, ask what score a *cheat* would get; [chapter 06](06_mode_collapse.ipynb) does so.
#
# ## 5 · A GAN of your own
#
# ### A playground
#
# The **playground** trains one GAN while you watch. Press
# *Play*, and change what you like. Here it has trained for 1,400 steps, with packing, at a learning rate lowered twice.
#
# An arrow shows in which direction $G$'s loss pulls a fake; most are cut to the same length. They point all ways partly because this $D$ judges pairs, so that the pull on a fake depends on its partner. The surface shows $D$'s score of each place paired with itself, counted from midway between the mean real and the mean fake one. Its grid is too coarse for the green line to find every island above midway.

# %% alt="The playground after 1,400 steps. Left: orange fakes on all eight islands, hiding most real points, with thin bridges; D's surface is white around the ring and purple elsewhere, with a green line round two islands; black arrows point from some fakes in many directions. Right: both losses level off, G's near 0.9 and D's near 0.6; modes have risen to eight of eight, good samples to about six tenths, and KL has fallen."
from gan_lessons.labs.points import PlaygroundLab

playground = PlaygroundLab(
    loss="relativistic",
    pack=2,
    batch=256,
    generator_depth=3,
    generator_rate=5e-3,
    discriminator_rate=5e-3,
    picture="D, points and pulls",
    seed=2,
)
for rate, steps in ((5e-3, 700), (1e-3, 500), (3e-4, 200)):
    playground.set(generator_rate=rate, discriminator_rate=rate)
    playground.run(steps)
playground

# %% [markdown]
# > **Your turn.** Which single change harms it most? Reset, predict, and try: packing off, the non-saturating loss, or $G$'s learning rate at 0.03 and never lowered. *Export* shows the
# > code that builds exactly the GAN on the screen.
# >
# > <details><summary>Solution</summary>
# >
# > In this one seed, with the cell's steps and rates, no point ends up good without packing, instead of 61 %. The non-saturating loss ends at 33 %, and $G$'s rate of 0.03 at 53 %. Try other seeds before you believe it.
# >
# > </details>
#
# ### Your own data
#
# To use a table of your own, replace the line that makes `mine`; the next two scale
# every column to mean 0 and standard deviation 1.

# %% alt="Two panels of two interlocked half-moons. Left, real points in blue: two broad bands. Right, fakes in orange: a thin line along the middle of each, and some points between."
from sklearn.datasets import make_moons

mine = torch.tensor(make_moons(2000, noise=0.08, random_state=0)[0], dtype=torch.float)  # [samples, columns]
mean, std = mine.mean(0), mine.std(0)
mine = (mine - mean) / std
columns = mine.shape[1]

torch.manual_seed(0)
my_generator = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, columns))
my_discriminator = nn.Sequential(nn.Linear(columns, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
my_gan = GAN(my_generator, my_discriminator, noise_dim=4, seed=0)
for record in tqdm(train(my_gan, mine, losses.relativistic, steps=3000), total=3000, leave=False):
    pass

figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.7))
points.draw_points(left, real=mine[:1000], limit=2.5)
points.draw_points(right, fake=my_gan.sample(1000), limit=2.5)
left.set_title("1,000 real points")
right.set_title("1,000 fakes: both moons, too thin")
plt.show()

# %% [markdown]
# The fakes, drawn by the averaged generator, have the ring's faults: most lie along the middle of each moon, without the noise around it, and some between the moons. In your own units the samples are `my_gan.sample(1000) * std + mean`. Plot section 3's curves and spread for them; here the middle is known, and a typical fake is less than half as far from it as a real point:

# %% tags=["claim"]
middle = (torch.tensor(make_moons(2000)[0], dtype=torch.float) - mean) / std
across = [torch.cdist(some, middle).min(1).values.median() for some in (mine, my_gan.sample(2000))]
print("distance from the middle, median: real {:.2f}, fake {:.2f}".format(*across))
assert across[1] < 0.8 * across[0]


# %% [markdown]
# [Chapter 09](09_images.ipynb) does the same with
# pictures, and `gan-lessons train conditional --data FOLDER` with a folder of them and no code.
#
# ### Check it before you wait for it
#
# A GAN may be broken before its first step. Four checks take seconds (make the players anew afterwards).
#
# 1. **Ranges**: real and fake numbers are of similar size.
# 2. **At the start** $D$ knows nothing: its cross-entropy is near $2 \log 2 \approx 1.39$.
# 3. **$D$ alone**, with $G$ frozen, must learn to tell real from an untrained fake: its loss falls far below that.
# 4. **$G$ alone**, with $D$ frozen, must learn to please it: the mean score of its fakes rises, and the fakes move.

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
# Let us plant three faults in the GAN of section 2. None raises an error in a loop of your own; do the checks notice?

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
# - **A sigmoid at the end**: $D$ alone gets stuck at 1.0, where the sound one reaches 0.02. With scores between 0 and 1 the loss cannot fall below $\log(1 + e^{-1}) + \log 2 \approx 1.006$.
# - **The wrong optimiser**: "$G$ alone" pleases $D$ without moving a single fake, because it is $D$ that moves.
# - **Unscaled data**: the ranges differ by a factor of hundreds, and the loss at the start is not near 1.39, because even an untrained $D$ gives such points large scores. Here they happen to be positive (0.69); mostly negative ones would make it large.
#
# The library catches the first two (`train` refuses probabilities, and `GAN` gives each optimiser its own player's weights). Scaling is up to you.
#
# ### Debugging card
#
# | what it looks like | what to test | what to change |
# |---|---|---|
# | real and fake numbers differ greatly in size | the ranges in `checkup` | scale data to $G$'s output range (−1 to 1 for tanh) |
# | $D$ alone gets stuck near 1.0 | are all scores between 0 and 1? | no sigmoid: return plain scores |
# | $G$ alone pleases $D$, but no fake moves | whose weights does each optimiser hold? | give each its own player's |
# | $D$'s loss near 0, $G$'s rises, samples hardly change | gradient at $G$'s weights (chapter 04) | slower $D$ or faster $G$; a penalty on $D$ (chapter 07) |
# | $D$'s loss stays at $2\log 2$ or above, samples bad | `checkup`, step 3: can $D$ learn alone? | larger or faster $D$ |
# | NaN | the step at which it begins | lower rates; losses by `softplus`; an earlier checkpoint |
# | losses swing, samples jump from place to place | halve both learning rates: calmer? | lower or falling rates; larger minibatch; sample from the EMA |
# | all fakes at one point, or far from the data | spread of a batch: near 0, or far above the data's? | $G$'s learning rate; scaling of the data; a $D$ that keeps up |
# | good samples, but few different ones | modes and KL, or pictures side by side (chapter 08) | noise on all that $D$ sees; packing (chapter 06) |
# | all modes, but blurred or on bridges | quality of EMA against $G$ itself | longer training; waves for $D$ (section 4) |
# | quality as good as a perfect sampler's, or better | width of a mode, real beside fake | report it beside the scores |
# | one seed works, the next does not | ten seeds: median and worst | prefer the recipe whose *worst* is good |
#
# Change **one** thing at a time, on at least five seeds, and write down what you expected.
#
# ## What we saw
#
# - A GAN is two networks that take turns: the discriminator learns to score real above fake, and the generator follows the
#   gradient of that score.
# - The losses describe the state of the game, not the quality of the samples. The spread of a batch of fakes shows a collapse to a point.
# - Measure samples, with more than one number, beside a perfect sampler; even three numbers can miss a fault.
# - One run proves nothing, and ten cost little as one population.
# - The recipe ended with all eight islands in ten seeds of ten (the plain GAN in six) and makes clearly more good samples, but its islands are too narrow.
#
# ## Questions
#
# ### A quiz
#
# Open the answer you would give (*Tab*, then *Enter*).
#
# 1. What does <code>fake.detach()</code> do in the discriminator's half of the step?
#    <details><summary>A · It ends the gradient at the fakes, so the generator gets none</summary><b>Right.</b> In the generator's half the gradient has to flow through.</details>
#    <details><summary>B · It keeps the discriminator from learning from the fakes</summary><b>No.</b> It learns from them: only the way back into the generator is cut.</details>
#    <details><summary>C · It makes the fakes independent of the noise</summary><b>No.</b> Their values stay as they are.</details>
# 2. The discriminator's loss stays at 2 log 2 for thousands of steps. What do you know?
#    <details><summary>A · The GAN has converged</summary><b>No.</b> A discriminator that is too weak, or too slow, has the same loss.</details>
#    <details><summary>B · The generator has collapsed</summary><b>No.</b> That may be so or not; this loss does not say.</details>
#    <details><summary>C · Only that its scores do no better than a constant 0</summary><b>Right.</b> The fakes may be perfect, the discriminator weak, or its opinion out of date. Measure the samples.</details>
# 3. One run of your recipe succeeds. What do you try next?
#    <details><summary>A · The same recipe with other seeds</summary><b>Right.</b> And report the median and the worst.</details>
#    <details><summary>B · A larger network</summary><b>No.</b> Not before you know whether the success was luck.</details>
#    <details><summary>C · Nothing: it works</summary><b>No.</b> In four of the plain GAN's ten seeds islands were missing.</details>
#
# ### In your own words
#
# A GAN covers eight of eight modes. Name three ways in which it can still be bad.
# <details><summary>Answer</summary>Most of its samples may lie on bridges between the modes (low share of good samples), nearly all of
# them on one mode (high KL), or all of them too close to the centres (small width).</details>
#
# ## Further reading
#
# - Goodfellow et al. 2014, *Generative Adversarial Nets*, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661): the game, and the loss that we used.
# - Radford et al. 2016, *DCGAN*, [arXiv:1511.06434](https://arxiv.org/abs/1511.06434): the momentum of 0.5, and other habits.
# - Metz et al. 2017, *Unrolled GANs*, [arXiv:1611.02163](https://arxiv.org/abs/1611.02163): the ring of eight.
# - Lin et al. 2018, *PacGAN*, [arXiv:1712.04086](https://arxiv.org/abs/1712.04086): packing, and the three numbers of this chapter.
# - Wang et al. 2022, *Diffusion-GAN*, [arXiv:2206.02262](https://arxiv.org/abs/2206.02262): a $D$ that sees samples through noise of many strengths.
# - Huang et al. 2024, *The GAN is dead; long live the GAN!*, [arXiv:2501.05441](https://arxiv.org/abs/2501.05441): the modern recipe, derived.
#
# **Next:** measure, mend and diagnose in the [assignment](assignments/release/05_the_first_gan/05_the_first_gan.ipynb), then [06 Mode collapse](06_mode_collapse.ipynb): what became of the missing islands, and what brings them back.
#
# [← 04 The losses](04_the_losses.ipynb) · [contents](00_start.ipynb)
