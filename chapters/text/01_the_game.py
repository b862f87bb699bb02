# %% [markdown]
# # 01 · The game
#
# [← 00 Start](00_start.ipynb) · [contents](00_start.ipynb) · [02 The generator →](02_the_generator.ipynb) · [assignment](assignments/release/01_the_game/01_the_game.ipynb)
#
# **What is a generative model, and why let two networks play?**

# %% tags=["hide-input"]
import math
from functools import partial

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import nn
from torch.nn.functional import logsigmoid, softplus

from gan_lessons import losses
from gan_lessons.data.points import Curve
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.plots import curves, diagrams, images, motion, style
from gan_lessons.training import GAN, cosine, train

torch.set_num_threads(1)  # small networks are fastest on one thread
style.use()


# %% alt="A moving picture of a training. A cloud of orange points starts as a blob in the middle; a background in five pale shades from purple to green shifts around it, green where the discriminator expects real points. The cloud stretches into a band that swings across the plane, spreads, and in the end lies on a heart of blue points." tags=["hide-input"]
def on_a_heart(share):
    t = 2 * math.pi * share
    height = 13 * t.cos() - 5 * (2 * t).cos() - 2 * (3 * t).cos() - (4 * t).cos()
    return torch.stack([1.6 * t.sin() ** 3, height / 10 + 0.2], 1)


torch.manual_seed(1)
heart = Curve(on_a_heart, std=0.04).sample(20_000)
adam = partial(torch.optim.Adam, lr=2e-3, betas=(0.5, 0.99))
artist = GAN(PointGenerator(), PointDiscriminator(), noise_dim=2, optimizer=adam)
ticks, frames = torch.linspace(-2.2, 2.2, 61), []
levels = [-99, -1.5, -0.4, 0.4, 1.5, 99]
pale = ["#B89CC9", "#DCCBE5", "#F8F8F8", "#CBE7C6", "#96CC94"]  # from purple, fake, to green, real
for record in train(artist, heart, losses.non_saturating, steps=2000, batch=128, schedule=cosine):
    if record.step in {1, *range(20, 400, 20), *range(400, 2001, 100)}:
        figure = Figure(figsize=(3.6, 3.6), dpi=100, layout="constrained")
        panel = figure.subplots()
        surface = artist.score(torch.cartesian_prod(ticks, ticks)).detach().reshape(61, 61).T
        panel.contourf(ticks, ticks, surface, levels, colors=pale, antialiased=False)
        panel.scatter(*heart[:400].T, s=4, color=style.REAL, lw=0)
        panel.scatter(*artist.sample(500, average=False).T, s=7, color=style.FAKE, lw=0)
        panel.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), aspect="equal", xticks=[], yticks=[])
        panel.set_title(f"step {record.step}")
        frames.append(figure)
motion.Animation(frames, milliseconds=120, colors=40)

# %% [markdown]
# Nobody told the orange points where the heart is. A network made them from random numbers, and a second network judged them: the background
# shows its opinion, green for real, purple for fake, white for undecided. That is a **generative adversarial network**, a GAN, and the same
# game with larger networks draws faces and speaks words.
#
# **You will** train your first GAN in twenty lines, find out what its two losses mean, and then play a game so small that
# every derivative fits on a line.
#
# **You will learn** to
# - write a GAN from memory and name its parts,
# - say what a generative model learns, and why densities are hard to learn in many dimensions,
# - state the game between generator and discriminator exactly, with its value and its equilibrium,
# - recognise in five parameters what makes large GANs hard to train.
#
# **You will need** a little Python with PyTorch, what a density and a mean are, and a minute of computing. No knowledge of
# GANs, no GPU and no network connection.
#
# ## 1 · Your first GAN
#
# Two networks play. The **generator** $G$ turns random numbers $z$, the noise, into fake samples $G(z)$. The
# **discriminator** $D$ looks at a sample, real or fake, and returns a **score** $s$: the higher, the more it believes that the sample is real.

# %% alt="Block diagram of a GAN. Noise z enters the generator G, which makes the fake G(z). Real x and fake G(z) enter the discriminator D, whose scores go to the losses. Dashed arrows show the gradients: from the losses back to the discriminator, and on through the fake to the generator." tags=["hide-input"]
diagrams.gan(
    lit=("noise", "generator", "fake", "real", "discriminator", "losses", "gradients"),
    real="the data",
    noise="random numbers",
)

# %% [markdown]
# The dashed arrows are the gradients by which both learn. The generator's gradient reaches it through $D$ and the fake; the generator itself
# never sees a real sample. (Section 2 introduces $q$; $θ$ and $φ$ are the networks' weights.)
#
# The data are 10,000 points on two crescents. Both players are small networks: two layers of 64 units.

# %%
from gan_lessons.data.points import moons

data = 1.3 * moons().sample(10_000)


# %%
def network(inputs, outputs, width=64):
    layers = [nn.Linear(inputs, width), nn.ReLU()]
    layers += [nn.Linear(width, width), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(width, outputs))


# %% [markdown]
# $D$ wants high scores for real samples and low ones for fakes; $G$ wants high scores for its fakes. The function `softplus(t)`, which is
# $\log(1 + e^t)$, is small for negative $t$ and grows like $t$ for positive $t$, so it charges for a score on the wrong side of zero. In
# every step each player lowers its own loss a little. That is all there is to the **training loop**. (Here $G$'s step reuses the
# fakes of $D$'s step; [chapter 05](05_the_first_gan.ipynb) draws new noise for it. Both are common.)

# %%
def first_gan(steps=3000, seed=3, width=64):
    """Train a GAN; return what G makes along the way, and both losses [steps, 2]."""
    torch.manual_seed(seed)
    generator, discriminator = network(2, 2), network(2, 1, width)
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.99))
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.5, 0.99))
    snapshots, history = [], []
    for step in range(steps):
        real = data[torch.randint(len(data), (128,))]
        fake = generator(torch.randn(128, 2))

        loss_d = softplus(-discriminator(real)).mean()
        loss_d = loss_d + softplus(discriminator(fake.detach())).mean()
        optimizer_d.zero_grad()
        loss_d.backward()
        optimizer_d.step()

        loss_g = softplus(-discriminator(fake)).mean()
        optimizer_g.zero_grad()
        loss_g.backward()
        optimizer_g.step()

        history.append((loss_d.item(), loss_g.item()))
        if step % 100 == 0 or step == steps - 1:
            snapshots.append(generator(torch.randn(600, 2)).detach())
    return snapshots, torch.tensor(history)


# %% [markdown]
# > **Predict, then run.** Will the cloud grow towards the crescents from the start, or make a detour?

# %%
snapshots, history = first_gan()

# %% alt="A moving picture of the first GAN's training on two blue crescents. The orange fakes start as a small blob at the origin, stretch into a bent band across both crescents, tear apart and settle on both of them, with a few points left between." tags=["hide-input"]
frames = []
for number, fakes in enumerate(snapshots):
    figure = Figure(figsize=(5.4, 3.2), dpi=100, layout="constrained")
    panel = figure.subplots()
    panel.scatter(*data[:600].T, s=7, color=style.REAL, alpha=0.35, lw=0, label="real")
    panel.scatter(*fakes.T, s=7, color=style.FAKE, alpha=0.7, lw=0, label="fake")
    panel.set(xlim=(-2.6, 2.6), ylim=(-1.6, 1.5), xticks=[], yticks=[], title=f"step {min(100 * number, 3000)}")
    panel.legend(loc="upper right", markerscale=2)
    frames.append(figure)
motion.Animation(frames[::2], milliseconds=300, colors=32)

# %% [markdown]
# In this run it worked, by a detour: the fakes first stretch into a band across both crescents, and only then separate. Some words for
# what you just used. **Gradient descent** moves parameters a small step against the gradient of a loss; **Adam** is a variant that scales
# each parameter's step by its recent gradients, and the **learning rate** `lr` sets the step's size. The 128 samples of a step are a **minibatch**.
# The **seed** fixes all random numbers, so that you see exactly what we saw.
#
# Here are the two losses. What would you conclude if you saw nothing else?

# %% alt="Both losses over 3,000 steps. For about 800 steps the discriminator's swings between 1.0 and 1.6 and the generator's between about 0.65 and 1.2; then both settle, each on its dashed line, labelled 2 log 2, about 1.39, and log 2, about 0.69, and stay there." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3))
steps = torch.arange(1, len(history) + 1)
curves.draw_curve(axes, steps, history[:, 0], style.DISCRIMINATOR, "D's loss", window=10)
curves.draw_curve(axes, steps, history[:, 1], style.FAKE, "G's loss", window=10)
axes.axhline(2 * math.log(2), color=style.REFERENCE, ls="--", lw=1)
axes.axhline(math.log(2), color=style.REFERENCE, ls="--", lw=1)
axes.set(
    ylabel="loss",
    xlim=(0, 3000),
    ylim=(0, None),
    title="After 800 steps both losses hardly move",
)
axes.text(2990, 2 * math.log(2) - 0.04, "2 log 2 ≈ 1.39", color=style.REFERENCE, fontsize=9, ha="right", va="top")
axes.text(2990, math.log(2) - 0.04, "log 2 ≈ 0.69", color=style.REFERENCE, fontsize=9, ha="right", va="top")
curves.label_ends(axes)
plt.show()

# %% [markdown]
# A curve that stands still looks like training that has stopped. Has it? We measure how far the fakes lie from the middle line of the nearest crescent.

# %%
middle_line = 1.3 * moons(std=0.0).sample(2000)


def distances(samples):
    """How far each sample lies from the nearest crescent's middle line."""
    return torch.cdist(samples, middle_line).min(1).values


# %%
for step in (0, 500, 1000, 2000, 3000):
    print(f"step {step:4}: mean distance of the fakes {distances(snapshots[step // 100]).mean():.3f}")
print(f"real samples: {distances(data).mean():.3f}")

# %%
astray, real_astray = distances(snapshots[-1]) > 0.25, distances(data) > 0.25
for name, far in (("fakes", astray), ("real samples", real_astray)):
    print(f"farther than 0.25: {far.sum()} of {len(far)} {name}")

# %% [markdown]
# It has not. At step 1,000, when both losses have nearly come to rest, the fakes are still more than twice as far from the crescents as the
# real samples are; at step 2,000 they are as near. Both losses rest where they would if $D$ gave every sample the score 0, which is no opinion:
# `softplus(0)` is $\log 2 \approx 0.69$, and $D$'s loss contains it twice. Section 3 explains what that means. First: what exactly has $G$
# learned?

# %% tags=["claim"]
crescents = moons(std=0.0)
arms = 1.3 * crescents.place((torch.arange(400) + 0.5) / 400)
away = torch.cdist(snapshots[-1], arms)
assert (away.min(1).values < 0.3).float().mean() > 0.9, "most fakes lie near a crescent"
upper = (away.argmin(1) < 200).float().mean()
assert 0.25 < upper < 0.75, "both crescents get their share"
assert (history[-500:].mean(0) - torch.tensor([2 * math.log(2), math.log(2)])).abs().max() < 0.06
assert history[:300, 0].min() < 1.2, "D was ahead for a while"
assert astray.any() and not real_astray.any()

# %% [markdown]
# > **Your turn.** Give the discriminator four units a layer: `first_gan(width=4)`. Predict what the fakes will look like, and
# > what the losses will say.
#
# <details><summary>Solution</summary>
#
# The fakes shrink to one small blob, with seed 3 as with seeds 0 and 1, and yet the losses rest near 1.39 and 0.7, as before. A discriminator of four
# units cannot describe two crescents, so it soon finds nothing to object to. The losses say how well the players do against *each other*, not how good the
# fakes are.
#
# </details>
#
# ## 2 · What a generative model learns
#
# The data are samples $x$ of some unknown distribution with **density** $p(x)$; where $p > 0$ is its **support**. A **generative
# model** is fitted to the samples and then makes new ones; the density of what it makes is called $q(x)$ throughout this book. It has learned well if $q$ is close to $p$.
#
# The classical way is an **explicit model**: a formula for $q(x)$. Three of them, on 300 numbers from a density with two bumps:
#
# - a **histogram** cuts the line into bins and counts,
# - a **kernel density estimate** puts a small Gaussian on every sample and averages them,
# - a **Gaussian mixture** adjusts the places, widths and weights of a few Gaussians until the data are as likely as possible.

# %%
from gan_lessons.data.points import Mixture


def two_bumps(dims):
    """`dims` independent numbers, each from two bumps at -1 and +1: 2 ** dims modes."""
    bumps = [torch.tensor([-1.0, 1.0])] * dims
    return Mixture(torch.cartesian_prod(*bumps).reshape(-1, dims), std=0.35)


# %%
def gaussians(x, centres, std):
    """Log-density at x [count, dims] of equal Gaussians around `centres`."""
    centres = centres.to(x)
    scale = math.log(len(centres)) + x.shape[1] * math.log(std * math.sqrt(2 * math.pi))
    return torch.logsumexp(-torch.cdist(x, centres).square() / (2 * std**2), 1) - scale


# %%
from sklearn.mixture import GaussianMixture


def gaussian_mixture(x, samples, components):
    """Log-density at x of a mixture, fitted to samples; every axis has its own spread."""
    options = {"covariance_type": "diag", "tol": 0.01, "init_params": "k-means++"}
    model = GaussianMixture(components, **options, random_state=0)
    return torch.from_numpy(model.fit(samples.numpy()).score_samples(x.numpy())).float()


# %% alt="Three panels over the same pale true density with two bumps. The histogram is a staircase that follows it roughly, the kernel density estimate a smooth curve with small wiggles, and the Gaussian mixture lies almost exactly on it." tags=["hide-input"]
samples = two_bumps(1).sample(300)
line = torch.linspace(-2.5, 2.5, 400)[:, None]
figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.5), sharey=True)
for panel in axes:
    panel.fill_between(line[:, 0], gaussians(line, two_bumps(1).centres, 0.35).exp(), color=style.REAL, alpha=0.3, lw=0)
    panel.set(xlabel="x", ylim=(0, 0.8))
axes[0].hist(samples[:, 0], 16, range=(-2.5, 2.5), density=True, histtype="step", color=style.FAKE, lw=1.6)
axes[1].plot(line[:, 0], gaussians(line, samples, 0.15).exp(), color=style.FAKE, lw=1.6)
axes[2].plot(line[:, 0], gaussian_mixture(line, samples, 2).exp(), color=style.FAKE, lw=1.6)
axes[0].set(ylabel="density", title="Histogram: steps")
axes[1].set_title("Kernel density: wiggles")
axes[2].set_title("Mixture: nearly exact")
axes[0].text(-2.4, 0.7, "true p", color=style.REAL, fontsize=9)
axes[0].text(-2.4, 0.62, "learned q", color=style.FAKE, fontsize=9)
plt.show()

# %% [markdown]
# How close is $q$ to $p$? Ask how much more **fresh** samples surprise the model than they surprise the truth. The surprise at $x$ is $-\log q(x)$, and
# the excess, on average,
#
# $$ \mathrm{KL}(p \,\|\, q) = \mathbb{E}_{x \sim p}\big[\log p(x) - \log q(x)\big], $$
#
# is the **Kullback–Leibler divergence**: zero for $q = p$ and positive otherwise. With natural logarithms its unit is the *nat*. A model that is
# one nat off gives a fresh sample $e \approx 2.7$ times too little probability, in the geometric mean. For example, a fair coin, $p = (\tfrac12, \tfrac12)$, and a model that
# says $q = (\tfrac34, \tfrac14)$: $\mathrm{KL}(p \,\|\, q) = \tfrac12 \log\frac{1/2}{3/4} + \tfrac12 \log\frac{1/2}{1/4} = \tfrac12(-0.405) + \tfrac12(0.693) \approx 0.144$ nats.
#
# Choosing the parameters that maximise the average $\log q(x)$ of the data is called **maximum likelihood**; with endless data it is the same as minimising $\mathrm{KL}(p \,\|\, q)$.
#
# ### Where density estimation stops
#
# In one dimension all is well. Now let $x$ have two, four, six, eight independent coordinates, each with its two bumps, and
# keep to 1,000 samples. In $d$ dimensions there are $2^d$ modes, 256 of them in eight. A histogram with ten bins
# per axis would have $10^8$ cells: practically all of them stay empty. Kernels and mixtures do better, because a sample also raises the
# density in its neighbourhood. We choose each model's one setting (the kernel's width, or the number of components, up to 256) on a second set of
# samples, the **validation set**, and measure on a third, the **test set**.

# %%
SETTINGS = {
    "kernel density estimate": (gaussians, (0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.56)),
    "Gaussian mixture": (gaussian_mixture, (2, 4, 16, 64, 256)),
    "one Gaussian": (gaussian_mixture, (1,)),
}


# %%
def divergence(name, dims, seed, count=1000):
    """KL from the truth to a model, fitted to `count` samples and tuned on as many."""
    model, settings = SETTINGS[name]
    fitted, tuned, fresh = two_bumps(dims).sample(4 * count, seed).split([count, count, 2 * count])
    best = max(settings, key=lambda setting: model(tuned, fitted, setting).mean())
    truth = gaussians(fresh, two_bumps(dims).centres, 0.35)
    return (truth - model(fresh, fitted, best)).mean()


# %%
DIMS = (1, 2, 4, 6, 8)
errors = {}
for name in SETTINGS:
    rows = [[divergence(name, dims, seed) for seed in range(3)] for dims in DIMS]
    errors[name] = torch.tensor(rows)

# %% alt="KL in nats against the number of dimensions, one to eight, each curve named at its right end. One Gaussian rises in a straight line to 3.4. The kernel density estimate and the Gaussian mixture rise later and reach about 1.8 and 2.1 at eight; a dotted line for one estimate per dimension stays close to zero." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.2))
for (name, error), color in zip(
    errors.items(), [style.CATEGORIES[0], style.CATEGORIES[1], style.REFERENCE], strict=True
):
    curves.draw_curve(axes, torch.tensor(DIMS), error, color, name)
fair = torch.tensor(DIMS) * errors["kernel density estimate"][0].mean()
axes.plot(DIMS, fair, color=style.CATEGORIES[0], ls=":", label="one estimate per dimension")
axes.axhline(0, color="black", lw=0.8)
axes.set(xlabel="dimensions", ylabel="KL from the truth (nats)", xticks=DIMS, xlim=(1, 8), ylim=(-0.2, None))
axes.set_title("With 1,000 samples all three models are far off in eight dimensions")
curves.label_ends(axes)
plt.show()

# %%
for name, error in errors.items():
    row = [f"d={d}: {value:5.2f}" for d, value in zip(DIMS, error.mean(1), strict=True)]
    print(f"{name:24}", "  ".join(row))

# %% [markdown]
# A model that equals the truth would lie at zero. The dotted line is the error of a kernel density estimate that has been told that the
# coordinates are independent: it solves eight easy problems, and stays close to zero. The solid lines are the errors of models that have not
# been told. The mixture, which has the right form, does well up to four dimensions and their 16 modes. In eight dimensions it falls behind the
# kernel density estimate. It may use 256 components, one for each mode, but of the five numbers tried 16 does best on the validation set: 1,000
# samples leave only four for each mode. The grey line is a single Gaussian, which cannot describe two bumps at all; in eight dimensions the
# other two models have more than half its error.
#
# This is the **curse of dimensionality**: a method that learns from each sample only about its neighbourhood needs a number of samples that
# grows exponentially with the dimension.

# %% tags=["claim"]
kernel, mixture, one = errors.values()
assert kernel[0].max() < 0.06 and mixture[0].max() < 0.06 and one[0].min() > 0.35, "in 1-D only one Gaussian is wrong"
assert (kernel[-1] > 15 * fair[-1]).all(), "far more than eight times the price of one dimension"
fitted, tuned = two_bumps(8).sample(2000).split(1000)
number = max((2, 4, 16, 64, 256), key=lambda number: gaussian_mixture(tuned, fitted, number).mean())
assert number == 16, "offered 256 components, the mixture does best with 16"
assert kernel[-1].min() > 1.4 and mixture[-1].min() > 1.4 and mixture[2].max() < 0.35, "the mixture holds out to 4-D"

# %% [markdown]
# And pictures? A handwritten digit of 8 × 8 pixels is a point in 64 dimensions. We fit a kernel density estimate to 1,438 of
# scikit-learn's digits and tune its width on the rest. To draw from it, pick a training digit and add Gaussian noise of the kernel's width.

# %%
from gan_lessons.data.images import small_digits


def from_kernels(seed):
    """Fresh digits, a kernel density estimate's samples, their origins; and three numbers."""
    fitted, fresh = (part.pixels.flatten(1) for part in small_digits().split(0.8, seed))
    widths = (0.1, 0.14, 0.2, 0.24, 0.28, 0.32, 0.4)
    width = max(widths, key=lambda width: gaussians(fresh, fitted, width).mean())
    random = torch.Generator().manual_seed(seed)
    origin = torch.randint(len(fitted), (500,), generator=random)
    made = fitted[origin] + width * torch.randn(500, 64, generator=random)
    distance, nearest = torch.cdist(made, fitted).min(1)
    neighbour = torch.cdist(fresh, fitted).min(1).values.mean()
    numbers = torch.stack([(nearest == origin).float().mean(), distance.mean(), neighbour])
    return torch.cat([fresh[:8], made[:8], fitted[origin[:8]]]), numbers


# %%
sheets, numbers = zip(*map(from_kernels, range(5)), strict=True)
copied, noise_size, neighbour = torch.stack(numbers).mean(0)
print(f"{copied:.1%} of the samples are nearest to the very digit they were made from")
print(f"distance of a sample to that digit: {noise_size:.2f}")
print(f"distance of a fresh digit to its nearest training digit: {neighbour:.2f}")

# %% alt="Three labelled rows of eight digits of 8 by 8 pixels, each pixel a square. Real, unseen digits are clean. The kernel density estimate's samples are digits with grey noise all over. The row of training digits shows the twin of each of them without the noise." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3))
enlarged = nn.functional.interpolate(sheets[0].reshape(24, 1, 8, 8), scale_factor=12, mode="nearest")
images.draw_sheet(axes, enlarged, columns=8)
for row, name in enumerate(("real, unseen", "kernel density", "its origin")):
    axes.text(-10, 98 * row + 48, name, ha="right", va="center")
axes.set_title("A kernel density estimate returns its training digits under noise")
plt.show()

# %% tags=["claim"]
every = torch.stack(numbers)
assert (every[:, 0] > 0.97).all(), "samples are training digits under noise"
assert ((every[:, 1] / every[:, 2] - 1.07).abs() < 0.12).all(), (
    "and the noise is as large as the distance to the next digit"
)


# %% [markdown]
# Even with its best width the kernel density estimate has not learned what a digit is. The noise it adds is as large as the distance from one
# digit to the next: with less noise, unseen digits would get almost no probability.
#
# ### Samples without a density
#
# What would help is to know that digits do not fill their 64 dimensions: a hand with a few degrees of freedom writes them. That is the idea of a
# **latent variable** $z$, a few random numbers from which all the rest follows, $x = G(z)$. The density of $G(z)$ is the
# **push-forward** of the noise's density by $G$ (chapter 02). Such a $G$ is an **implicit model**: it makes samples and has no formula for their density.
#
# | | explicit: a formula $q(x)$ | implicit: $x = G(z)$ |
# |---|---|---|
# | asked "how likely is this $x$?" | answers | cannot answer |
# | asked "give me a new $x$" | sometimes easily, sometimes not | one pass through a network |
# | must make sure that | the density integrates to one | nothing |
# | is trained by | maximum likelihood | ? |
#
# GANs are implicit. The other families that you will meet in papers keep a likelihood, or a bound on it:
#
# | family | what is learned | trained by | a new sample takes |
# |---|---|---|---|
# | **autoregressive** model (PixelCNN, GPT) | the next symbol, given those before | maximum likelihood | one pass per symbol |
# | **normalising flow** (RealNVP) | an invertible $G$, so that $q$ has a formula | maximum likelihood | one pass |
# | **variational autoencoder** (VAE) | $G$, and an encoder that guesses $z$ from $x$ | raising a lower bound on $\log q(x)$ | one pass |
# | **diffusion model** (DDPM) | to remove a little noise | squared error, which also comes from a bound | many passes |
# | **GAN** | $G$ alone, with a discriminator as its teacher | the game of this book | one pass |
#
# The question mark is the problem. Without $q(x)$ there is no likelihood to maximise. All we have is two sets of samples, real and fake, and we
# can ask whether they come from the same distribution: a **two-sample test**. A classifier can answer this for samples of anything, in any
# dimension. If even the best one cannot tell them apart, they are alike. That is why a second network plays.
#
# > **Your turn.** Predict what 100 samples instead of 1,000 do to the two models in two dimensions; then print
# > `divergence(name, 2, seed, count=100)` for a few seeds.
#
# <details><summary>Solution</summary>
#
# With 100 samples the kernel density estimate is 0.11 to 0.21 nats off in the first three seeds (0.03 to 0.05 with 1,000) and the mixture 0.08 to 0.17
# (below 0.01). Both are still far better than one Gaussian (0.8); in eight dimensions, with 100 samples, the kernel density estimate is worse than one Gaussian.
#
# </details>
#
# ## 3 · The game, exactly
#
# Ian Goodfellow and his coauthors (2014) told it as a story of counterfeiters and police. Here is what each word stands for:
#
# | in the story | exactly |
# |---|---|
# | money | samples $x$ of the data, with density $p$ |
# | the counterfeiter | the generator $G$; its samples $G(z)$ have density $q$ |
# | the police | the discriminator: $D(x)$ in $(0, 1)$ is its probability that $x$ is real |
# | a fair test | half of the samples shown are real |
# | how well the police do | the value $V(D, G)$ below, which $D$ raises and $G$ lowers |
# | what the counterfeiter learns from | the slope of $D$ at its own samples |
#
# The network returns the score $s(x)$, any real number, and $D = \sigma(s) = 1/(1 + e^{-s})$ is its **sigmoid**. In other words $s$ is the **logit**
# of $D$, $\log\frac{D}{1 - D}$. (Papers on diffusion models call $\nabla \log p(x)$ a "score". That is another thing; in this book a score is always
# $D$'s logit.) The **value function** is
#
# $$ V(D, G) = \mathbb{E}_{x \sim p}\,\log D(x) + \mathbb{E}_{z}\,\log\big(1 - D(G(z))\big), \qquad \min_G \max_D V(D, G). $$
#
# Each player gains what the other loses, a **zero-sum game**; $\min \max$ makes it a **minimax game**. $V$ is always below 0, and comes near 0 only if $D$ is nearly always right and sure of it. $-V$ is what
# section 1 called $D$'s loss, since $-\log\sigma(s) = $ `softplus(-s)` and $-\log(1 - \sigma(s)) = $ `softplus(s)`. It is the **binary cross-entropy** (BCE) of
# any classifier of two classes. (Section 1 let $G$ lower $-\log D(G(z))$ in place of $V$; section 4 comes back to this.)

# %%
def value(score, real, fake):
    """V(D, G) from real and fake samples; `score` is the discriminator."""
    return logsigmoid(score(real)).mean() + logsigmoid(-score(fake)).mean()


# %% [markdown]
# Let the data have two bumps and let $G$ make one broad Gaussian, around 0.3 with standard deviation 1.1. We ask three
# discriminators. One says ½ to everything. One follows a rule of thumb: real samples are not close to zero. And one is the best there can
# be. Among all samples near $x$ the share of real ones is $p(x)$ in $p(x) + q(x)$, and nobody can say more than that:
#
# $$ D^*(x) = \frac{p(x)}{p(x) + q(x)}, \qquad\text{with score}\qquad s^*(x) = \log p(x) - \log q(x). $$
#
# ([Chapter 03](03_the_discriminator.ipynb) proves it, and trains networks that find it.)

# %%
def log_p(x):
    return gaussians(x, two_bumps(1).centres, 0.35)


def log_q(x):
    return gaussians(x, torch.tensor([[0.3]]), 1.1)


# %%
judges = {
    "says ½": lambda x: torch.zeros(len(x)),
    "follows a rule": lambda x: torch.where(x[:, 0].abs() > 0.4, 0.3, -2.0),
    "knows p and q": lambda x: log_p(x) - log_q(x),
}

# %% [markdown]
# > **Predict, then run.** What is the value of a discriminator that says ½ to everything?

# %%
values = {name: torch.zeros(20) for name in judges}
for seed in range(20):
    real = two_bumps(1).sample(2000, seed)
    random = torch.Generator().manual_seed(1000 + seed)
    fake = 0.3 + 1.1 * torch.randn(2000, 1, generator=random)
    for name, score in judges.items():
        values[name][seed] = value(score, real, fake)

# %%
for name, each in values.items():
    print(f"{name:14}  V = {each.mean():.3f}   (20 sets: {each.min():.3f} to {each.max():.3f})")

# %% alt="Left: the real density p in blue with two bumps, the fake density q in orange with one broad bump. Right: three discriminators between 0 and 1, each named at its right end with its value. A grey dashed line at one half; a purple step, low in the middle; and a green curve that is high at the two bumps, drops to nearly zero between them and falls to zero far outside." tags=["hide-input"]
wide = torch.linspace(-3.5, 3.5, 500)[:, None]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3), width_ratios=(1, 1.15))
left.fill_between(wide[:, 0], log_p(wide).exp(), color=style.REAL, alpha=0.4, lw=0)
left.fill_between(wide[:, 0], log_q(wide).exp(), color=style.FAKE, alpha=0.4, lw=0)
left.text(1.25, 0.5, "real: p", color=style.REAL)
left.text(1.9, 0.2, "fake: q", color=style.FAKE)
left.set(xlabel="x", ylabel="density", ylim=(0, 0.75), title="One fake bump, two real ones")
looks = [(style.REFERENCE, "--"), (style.AVERAGE, "-"), (style.DISCRIMINATOR, "-")]
for (name, score), (color, dash) in zip(judges.items(), looks, strict=True):
    right.plot(
        wide[:, 0], score(wide).sigmoid(), color=color, ls=dash, label=f"{name}\nV = −{-values[name].mean():.2f}"
    )
right.set(
    xlabel="x",
    ylabel="D(x)",
    xlim=(-3.5, 3.5),
    ylim=(-0.05, 1.05),
    yticks=[0, 0.5, 1],
    title="The best D has the highest value",
)
curves.label_ends(right, gap=27)
plt.show()

# %% [markdown]
# Saying ½ has the value $\log\frac12 + \log\frac12 = -\log 4 \approx -1.386$, whatever the samples are. The other two discriminators reach
# higher values. How high can the value be? Put $D^*$ into $V$ and write $p/(p+q) = \tfrac12 \cdot p / \tfrac{p+q}{2}$, and the same for $q$; each $\tfrac12$ gives $-\log 2$:
#
# $$ V(D^*, G) = -\log 4 + \mathrm{KL}\Big(p \,\Big\|\, \tfrac{p+q}{2}\Big) + \mathrm{KL}\Big(q \,\Big\|\, \tfrac{p+q}{2}\Big)
#   = -\log 4 + 2\,\mathrm{JS}(p, q). $$
#
# JS, half the sum of the two, is the **Jensen–Shannon divergence**. It is 0 exactly when $q = p$, and $\log 2$ when the supports of $p$ and $q$ do not
# overlap; then $V(D^*, G) = 0$, a limit that no finite score reaches. So a generator that lowers the best discriminator's value lowers a divergence between two
# distributions, and nobody needed a formula for either of them. At $q = p$ the best $D$ says ½ everywhere and neither player gains by a move of its own: a **Nash equilibrium**.
#
# Look again at the losses of section 1. $D$'s, which is $-V$, came to rest at 1.39, that is at $\log 4$: to this discriminator real and
# fake looked alike. $G$'s came to rest at $-\log\frac12 = 0.69$. When training succeeds, both losses become flat at these two values. The reverse
# does not hold. Look at the fakes: they form thinner lines than the real points, and some lie far from both crescents, where none of the 10,000
# real samples is. **A value of $-\log 4$ says only that *this* discriminator finds no difference.**

# %% tags=["claim"]
x = torch.linspace(-8, 8, 4001, dtype=torch.float64)[:, None]


def expected(score, log_fake):
    return torch.trapezoid(log_p(x).exp() * logsigmoid(score) + log_fake.exp() * logsigmoid(-score), x[:, 0])


def jensen_shannon(log_fake):
    middle = torch.logaddexp(log_p(x), log_fake) - math.log(2)
    each = [torch.trapezoid(one.exp() * (one - middle), x[:, 0]) for one in (log_p(x), log_fake)]
    return sum(each) / 2


for share in (0.001, 0.3, 0.6, 0.999):  # of the fakes that come from p itself
    mixed = torch.logaddexp(math.log(share) + log_p(x), math.log1p(-share) + log_q(x))
    best = expected(log_p(x) - mixed, mixed)
    torch.testing.assert_close(best, 2 * jensen_shannon(mixed) - math.log(4), atol=1e-6, rtol=0)
best, random = expected(log_p(x) - log_q(x), log_q(x)), torch.Generator().manual_seed(0)
for k, bump in enumerate(5 * torch.rand(100, generator=random) - 2.5):
    change = 0.3 * (-1) ** k * torch.exp(-4 * (x[:, 0] - bump) ** 2)
    assert expected(log_p(x) - log_q(x) + change, log_q(x)) < best, "no change to the best scores raises the value"
torch.testing.assert_close(values["says ½"], torch.full((20,), -math.log(4)))
rule = values["follows a rule"]
assert (values["knows p and q"] > rule + 0.02).all() and (rule > -math.log(4) + 0.02).all()

# %% [markdown]
# The theory assumes two things that do not hold in practice, and the next chapters are about them. The best $D$ knows $p$ and $q$; a real one has to learn
# from samples (chapter 03). And $G$ does not choose $q$ freely: it takes small steps downhill, while $D$ moves too. We watch that next, with players so small that
# every derivative can be written down.
#
# ## 4 · The smallest GAN
#
# The real samples are Gaussian numbers, $x \sim N(1, 0.5^2)$. The generator has two parameters, $a$ and $b$; the discriminator has three, and that is enough, since for
# two Gaussians $\log p - \log q$ *is* a parabola:

# %% alt="A chain of boxes: noise z, N(0, 1); generator, a z + b; discriminator, u x squared plus v x plus c; losses. Real x, from N(1, 0.5 squared), enters the discriminator too. A dashed gradient arrow runs from the losses to the discriminator, and others on to the fake number and to the generator." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("noise z", 0, 1, "N(0, 1)", "noise"),
        diagrams.Box("generator", 1, 1, "fake: a z + b", "generator"),
        diagrams.Box("real x", 1, 0, "N(1, 0.5²)", "real"),
        diagrams.Box("score", 2, 0.5, "u x² + v x + c", "discriminator"),
        diagrams.Box("losses", 3, 0.5, "softplus(±s)"),
    ],
    [
        diagrams.Arrow("noise z", "generator"),
        diagrams.Arrow("generator", "score"),
        diagrams.Arrow("real x", "score"),
        diagrams.Arrow("score", "losses"),
        diagrams.Arrow("losses", "score", "to u, v, c", gradient=True),
        diagrams.Arrow("score", "generator", "to a, b", gradient=True),
    ],
)


# %% [markdown]
# The best values are plain to see: $|a| = 0.5$ and $b = 1$.
#
# **The discriminator's step** lowers $L_D = -V$. The derivative of `softplus(-s)` with respect to $s$ is $\sigma(s) - 1$, and that of `softplus(s)` is
# $\sigma(s)$. So for one real sample $x$ and one fake $\tilde x$
#
# $$ \frac{\partial L_D}{\partial v} = \underbrace{(D(x) - 1)}_{\text{real: too low}}\, x + \underbrace{D(\tilde x)}_{\text{fake: too high}} \tilde x, $$
#
# and the same with $x^2$ for $u$ and with 1 for $c$. A sample on which $D$ is right and sure adds almost nothing.
#
# **The generator's step** lowers $L_G = -\log D(\tilde x)$, the `loss_g` of section 1. (The value function would have it lower $\log(1 - D(\tilde x))$. Both
# fall as $D(\tilde x)$ rises; [chapter 04](04_the_losses.ipynb) shows why this one is taken.) By the chain rule
#
# $$ \frac{\partial L_G}{\partial \tilde x} = (D(\tilde x) - 1)\,(2 u \tilde x + v), \qquad
#    \frac{\partial L_G}{\partial a} = \frac{\partial L_G}{\partial \tilde x}\, z, \qquad
#    \frac{\partial L_G}{\partial b} = \frac{\partial L_G}{\partial \tilde x}. $$
#
# Here $2 u \tilde x + v$ is the slope of the score. The fake moves uphill on $D$'s own opinion, and no real sample appears in the formula.

# %%
def discriminator_gradient(u, v, c, real, fake):
    """The derivatives of L_D with respect to u, v and c, averaged over a batch [..., batch]."""
    too_little = torch.sigmoid(u * real**2 + v * real + c) - 1
    too_much = torch.sigmoid(u * fake**2 + v * fake + c)
    return [(too_little * real**k + too_much * fake**k).mean(-1, keepdim=True) for k in (2, 1, 0)]


def generator_gradient(a, b, u, v, c, noise):
    """The derivatives of L_G with respect to a and b."""
    fake = a * noise + b
    push = (torch.sigmoid(u * fake**2 + v * fake + c) - 1) * (2 * u * fake + v)
    return [(push * noise).mean(-1, keepdim=True), push.mean(-1, keepdim=True)]


# %% [markdown]
# Did we differentiate correctly? The collapsed cell compares our derivatives with those of PyTorch's autograd in five random games.

# %% tags=["claim"]
apart = []
for seed in range(5):
    torch.manual_seed(seed)
    a, b, u, v, c = torch.randn(5, 1, requires_grad=True)
    real, noise = 1 + 0.5 * torch.randn(64), torch.randn(64)
    fake = a * noise + b
    real_scores, fake_scores = (u * x**2 + v * x + c for x in (real, fake))
    loss_d = softplus(-real_scores).mean() + softplus(fake_scores).mean()
    automatic = torch.autograd.grad(loss_d, (u, v, c), retain_graph=True)
    automatic += torch.autograd.grad(softplus(-fake_scores).mean(), (a, b))
    ours = discriminator_gradient(u, v, c, real, fake) + generator_gradient(a, b, u, v, c, noise)
    apart.append(max((one - other).abs().max().item() for one, other in zip(automatic, ours, strict=True)))
assert max(apart) < 1e-5, "our derivatives are those of autograd"
print(f"largest difference over five games: {max(apart):.0e}")

# %% [markdown]
# Now one round, slowly. The generator starts at $a = 1$, $b = 0$: its numbers are too small and vary too much. The discriminator starts with no opinion, $u = v = c = 0$.

# %%
torch.manual_seed(0)
a, b, u, v, c = torch.tensor([1.0, 0.0, 0.0, 0.0, 0.0])[:, None]
real, noise = 1 + 0.5 * torch.randn(64), torch.randn(64)

# %%
step_u, step_v, step_c = discriminator_gradient(u, v, c, real, a * noise + b)
u, v, c = u - 0.3 * step_u, v - 0.3 * step_v, c - 0.3 * step_c
print(f"D's score is now {u.item():+.2f} x² {v.item():+.2f} x {c.item():+.2f}")

# %%
step_a, step_b = generator_gradient(a, b, u, v, c, noise)
a, b = a - 0.05 * step_a, b - 0.05 * step_b
print(f"G is now x = {a.item():.4f} z {b.item():+.4f}")


# %% [markdown]
# The discriminator has noticed that larger numbers are more often real, so its score rises with $x$; and the generator has moved
# $b$ up that slope. It is the right direction, learned without a look at a real sample. ($a$ has moved a little the wrong way. It will turn.)
#
# Training repeats these lines. We play 20 games at once: every parameter has shape `[games, 1]`, every batch `[games, 64]`.

# %%
def play(
    games=20,
    steps=2000,
    discriminator_rate=0.3,
    generator_rate=0.05,
    curved=True,
    start=(1.0, 0.0),
):
    """Return a and b after each step, [steps, games, 2]. Without `curved`, u stays 0."""
    random = torch.Generator().manual_seed(0)
    a, b, u, v, c = (torch.full((games, 1), value) for value in (*start, 0.0, 0.0, 0.0))
    trajectory = []
    for _ in range(steps):
        real = 1 + 0.5 * torch.randn(games, 64, generator=random)
        noise = torch.randn(2, games, 64, generator=random)
        step_u, step_v, step_c = discriminator_gradient(u, v, c, real, a * noise[0] + b)
        u = u - discriminator_rate * step_u * curved
        v, c = v - discriminator_rate * step_v, c - discriminator_rate * step_c
        step_a, step_b = generator_gradient(a, b, u, v, c, noise[1])
        a, b = a - generator_rate * step_a, b - generator_rate * step_b
        trajectory.append(torch.cat([a, b], dim=1))
    return torch.stack(trajectory)


# %%
def report(name, end):
    (a, b), (spread_a, spread_b) = end.mean(0), end.std(0)
    print(f"{name}: a = {a:.3f} ± {spread_a:.3f}, b = {b:.3f} ± {spread_b:.3f}")


# %% [markdown]
# > **Predict, then run.** Will $a$ and $b$ go straight to 0.5 and 1?

# %%
trajectory = play()
report("after 2,000 steps", trajectory[-1])

# %% alt="Left: a and b of 20 games over 2,000 steps, named at their ends. b rises past its target 1 while a falls from 1 to about 0.13, far below its target 0.5; then both swing around their targets, less and less, and settle. Right: the trajectory of one game in the plane of a and b runs past the target, a blue cross labelled real, turns and curls into it." tags=["hide-input"]
steps = torch.arange(1, len(trajectory) + 1)
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3), width_ratios=(1.4, 1))
curves.draw_curve(left, steps, trajectory[:, :, 1], style.FAKE, "b: centre")
curves.draw_curve(left, steps, trajectory[:, :, 0], style.CATEGORIES[1], "a: spread")
left.hlines([0.5, 1.0], 0, 2000, color=style.REAL, lw=1, ls="--")
left.text(1990, 1.04, "real: 1", color=style.REAL, fontsize=9, ha="right")
left.text(1990, 0.38, "real: 0.5", color=style.REAL, fontsize=9, ha="right")
left.set(ylabel="parameter", ylim=(0, 1.3), title="Both arrive in 20 of 20 games, after a detour")
curves.label_ends(left)
right.plot(*trajectory[:, 0].T, color=style.FAKE, lw=1.2)
right.plot(1, 0, "o", color=style.FAKE)
right.annotate("start", (1, 0), (-7, 0), textcoords="offset points", ha="right", va="center", fontsize=9)
right.plot(0.5, 1, "x", color=style.REAL, ms=10, mew=2.5)
right.text(0.53, 1.12, "real: (0.5, 1)", color=style.REAL, fontsize=9)
right.set(xlabel="a", ylabel="b", xlim=(0, 1.1), ylim=(-0.1, 1.3), title="One game overshoots")
plt.show()

# %% [markdown]
# All 20 games arrive, and none goes straight: the path of the parameters, their **trajectory**, swings past the target and back, each time less
# far. At first the spread $a$ falls far below its target. The generator makes nearly the same number every time, because one value scores best
# *at the moment*; then $D$ notices, and $G$ must spread out again. Two troubles of large GANs show here already. Making too few kinds of samples
# is called **mode collapse** (chapter 06). **Oscillation**, because each player responds to a player that moves, is the subject of chapter 07,
# where the parameters go round in a circle.
#
# Now take the curve away from the discriminator. With $u = 0$ its score is a straight line in $x$.
#
# > **Predict, then run.** What can the generator still learn?

# %%
straight = play(curved=False)
report("straight score", straight[-1])

# %% [markdown]
# The centre is found and the spread is not. A straight line, averaged over many samples, can compare two means and nothing
# else. As soon as the means agree, $D$ finds no difference, and $a$ stays where it happens to be by then. **A generator can learn only those
# differences that its discriminator can express.**

# %% tags=["claim"]
end, lowest = trajectory[-1], trajectory[:, :, 0].min(0).values
assert ((end - torch.tensor([0.5, 1.0])).abs() < 0.1).all(), "every one of 20 games arrives"
assert (lowest < 0.25).all() and (trajectory[:, :, 1].max(0).values > 1.05).all(), "after overshooting in both"
assert ((straight[-1, :, 1] - 1).abs() < 0.1).all(), "without a curve the centre is found"
assert (straight[-1, :, 0] > 0.55).all(), "and the spread is not"

# %% [markdown]
# Play it yourself. The first slider to move is *Rounds played*: drag it from 0 upwards and watch the orange bell shrink, overshoot, and settle on
# the blue one. Then set the score to *straight*. (The picture stands still where no kernel runs.)

# %% alt="The lab after 1,500 rounds. Left: the orange bell of the fakes lies on the blue bell of the real samples, and around it the green curve of D is nearly level at one half. Middle: the trajectory of a and b has run past the goal, turned, and come to it in smaller and smaller swings. Right: b rises past 1 and a dips to about 0.13 before both settle."
from gan_lessons.labs.points import SmallestGANLab

lab = SmallestGANLab(steps=1500)
lab

# %% tags=["claim"]
assert "It has arrived." in SmallestGANLab(steps=2000).sentence
assert "away from the goal" in SmallestGANLab(steps=2000, score="straight").sentence, (
    "without a curve the spread is not found"
)

# %% [markdown]
# > **Your turn.** Give the discriminator five times smaller steps: `play(discriminator_rate=0.06)`. Does $a$ dip deeper, and has it arrived
# > after 2,000 steps? Then let the generator start at $a = -1$, with `play(start=(-1.0, 0.0))`: where does it end, and why is that no mistake?
#
# <details><summary>Solution</summary>
#
# With a slow discriminator $a$ dips to 0.06 on average instead of 0.12: $D$ notices the collapse later. After 2,000 steps the games are still on their way
# ($a = 0.62$, $b = 0.94$); after 8,000 they have arrived. From $a = -1$ the games end at $a = -0.51$. Since $z$ and $-z$ are
# equally likely, $-0.5 z + 1$ has the same distribution as $0.5 z + 1$: two different generators, one density.
#
# </details>
#
# ## Debugging card
#
# | symptom | test | fix |
# |---|---|---|
# | $D$'s loss falls to 0, $G$'s grows and grows | print the mean score of real and fake samples: far apart? | a smaller or slower $D$, or a penalty on it (chapter 07) |
# | $D$'s loss stays at 1.386 from the first step, and the fakes do not move | are $D$'s gradients zero? do both optimisers hold the right parameters? | look for a `detach` too many, or a missing `step()` |
# | the fakes run away from the data | does the score of the fakes rise after a step of $G$? | a sign is wrong in $G$'s loss |
# | $D$'s loss is at 1.386 and the fakes are plainly wrong | train a fresh, larger $D$ on the same fakes: does it find a difference? | a larger $D$ (chapter 03) |
# | all fakes are alike | the standard deviation of a batch of fakes, beside that of the data | mode collapse: chapter 06 |
# | a loss is `nan` | in which step first? | a lower learning rate; `softplus` instead of `log(sigmoid)` |
#
# ## What we saw
#
# - A first GAN takes two networks and twenty lines of training. Its generator learned two crescents without seeing a real point.
# - With 1,000 samples, density estimates are nearly exact in one dimension and far off in eight; on digits a kernel density estimate returns its training digits under noise.
# - An implicit model makes samples and has no density, so a classifier takes the place of the likelihood.
# - The best discriminator is $p/(p+q)$. Its value is $-\log 4 + 2\,\mathrm{JS}(p, q)$; losses that rest at 1.386 and 0.693 mean that $D$ finds no difference.
# - The smallest GAN, two parameters against three, reaches its target in all of 20 games, after a collapse and some oscillation; with a straight score it does not learn the spread.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. A model gives every sample of the truth exactly half the probability that the truth gives it. How large is the KL divergence from the truth to the model?
#    <details><summary>A · log 2, about 0.69 nats</summary><b>Right.</b> The ratio of the two is 2 everywhere, and KL is the mean of its logarithm.</details>
#    <details><summary>B · 0.5 nats</summary><b>No.</b> KL averages the logarithm of the ratio, not the ratio.</details>
#    <details><summary>C · It cannot be said without the densities</summary><b>No.</b> Only the ratio enters, and that is known.</details>
# 2. What may the generator look at while it learns?
#    <details><summary>A · The real samples and the discriminator's scores</summary><b>No.</b> It never sees a real sample.</details>
#    <details><summary>B · The density of the data</summary><b>No.</b> Nobody has that; there are only samples.</details>
#    <details><summary>C · Only the slope of the discriminator's score at its own fakes</summary><b>Right.</b> What it learns about the data comes through the discriminator.</details>
# 3. The best discriminator says ½ at some place. What follows?
#    <details><summary>A · There are no fakes there</summary><b>No.</b> Then it would say 1.</details>
#    <details><summary>B · Real and fake are equally dense there</summary><b>Right.</b> It is p / (p + q).</details>
#    <details><summary>C · The whole generator is perfect</summary><b>No.</b> That would need ½ everywhere, from a discriminator that is able to see a difference.</details>
#
# ### In your own words
#
# **1.** A model has $\mathrm{KL}(p \,\|\, q) = 0.7$ nats. How much less probability than the truth does it give to a fresh sample?
#
# <details><summary>Answer</summary>
# A factor of $e^{0.7} \approx 2$ (in the geometric mean): half the probability that the truth gives.
# </details>
#
# **2.** A histogram with ten bins per axis works in two dimensions with 1,000 samples. How many samples would give eight dimensions as many per cell?
#
# <details><summary>Answer</summary>
# There are $10^8$ cells in place of $10^2$, a million times as many, so a billion samples.
# </details>
#
# **3.** Why can an implicit model not be trained by maximum likelihood?
#
# <details><summary>Answer</summary>
# It has no formula for the density of what it makes. It can only produce samples, so training must work from samples alone.
# </details>
#
# **4.** At a certain $x$, $p(x) = 0.3$ and $q(x) = 0.1$. What does the best discriminator say, and with what score?
#
# <details><summary>Answer</summary>
# $D^* = 0.3 / 0.4 = 0.75$, and $s^* = \log 0.3 - \log 0.1 = \log 3 \approx 1.10$.
# </details>
#
# **5.** You train a discriminator as well as it can be trained, and its value is $-1.386$. What do you conclude? And if its value is almost 0?
#
# <details><summary>Answer</summary>
# $-1.386 = -\log 4$: it says ½ everywhere, so as far as this discriminator can see, JS is 0 and $q = p$. Near 0, JS is $\log 2$: real and fake hardly overlap.
# </details>
#
# **6.** The generator never sees a real sample. How does it know where to move $b$?
#
# <details><summary>Answer</summary>
# From the slope of the discriminator's score at its own fakes, $2u\tilde x + v$. The discriminator has seen the real samples, and its score rises towards where they are.
# </details>
#
# **7.** With a straight score ($u = 0$) the games found the centre, not the spread. Name two different distributions that a straight score can never tell apart.
#
# <details><summary>Answer</summary>
# Any two with the same mean, for instance $N(1, 0.5^2)$ and $N(1, 2^2)$: it can compare averages of $x$ and nothing else.
# </details>
#
# ## Further reading
#
# - Goodfellow et al. 2014, *Generative adversarial nets*, arXiv:1406.2661: the game, the best discriminator and the Jensen–Shannon divergence, in nine pages.
# - Goodfellow 2016, *NIPS 2016 tutorial: Generative adversarial networks*, arXiv:1701.00160: where GANs stand among explicit and implicit models.
# - Mohamed and Lakshminarayanan 2016, *Learning in implicit generative models*, arXiv:1610.03483: comparing samples by a classifier, seen from statistics.
# - Theis, van den Oord and Bethge 2016, *A note on the evaluation of generative models*, arXiv:1511.01844: why likelihood and good-looking samples are two things.
# - Nagarajan and Kolter 2017, *Gradient descent GAN optimization is locally stable*, arXiv:1706.04156: why small games like ours settle.
#
# Every term is in the [glossary](A1_glossary.ipynb); how it all came about is in the [history](A2_history.ipynb).
#
# **Next:** a gradient by hand and a GAN to mend in the [assignment](assignments/release/01_the_game/01_the_game.ipynb), then [02 · The generator](02_the_generator.ipynb), which looks at one player alone: what a network can and cannot do with noise. [← contents](00_start.ipynb)
