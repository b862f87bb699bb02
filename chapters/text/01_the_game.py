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


# %% alt="Moving picture: a cloud of orange points starts as a blob in the middle; a background in five pale shades from purple to green shifts around it, green where the discriminator expects real points. The cloud becomes a band that swings across the plane, spreads, and in the end lies on a heart of blue points, with white along it and purple inside." tags=["hide-input"]
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
        figure = Figure(figsize=(3.6, 3.6), dpi=125, layout="constrained")
        panel = figure.subplots()
        surface = artist.score(torch.cartesian_prod(ticks, ticks)).detach().reshape(61, 61).T
        panel.contourf(ticks, ticks, surface, levels, colors=pale, antialiased=False)
        panel.scatter(*heart[:400].T, s=4, color=style.REAL, lw=0)
        panel.scatter(*artist.sample(500, average=False).T, s=7, color=style.FAKE, lw=0)
        panel.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), aspect="equal", xticks=[], yticks=[])
        panel.set_title(f"step {record.step}")
        panel.set_axis_off()
        frames.append(figure)
motion.Animation(frames, milliseconds=120, colors=40, width=450)

# %% [markdown]
# Nobody told the orange points where the blue heart is. One network makes them from random numbers. A second network judges them, and the
# background shows its opinion: green for real, purple for fake, white for undecided. In the end it is undecided all along the heart.
#
# This is a **generative adversarial network**, a GAN. With larger networks the same game draws faces and speaks words.
#
# **You will** train your first GAN, and play a game so small that every derivative fits on a line.
#
# **You will learn** to
# - write a GAN from memory and name its parts,
# - say what a generative model learns, and why densities are hard in many dimensions,
# - state the game exactly, with its value and its equilibrium,
# - recognise two troubles of large GANs in a tiny one.
#
# **You will need** some Python, means and probabilities, the chain rule, and a minute of computing. No GPU. We explain the PyTorch.
#
# ## 1 · Your first GAN
#
# **How can a network imitate data that it is never shown?** It plays against a second network, which sees both real and fake samples.
#
# - The **generator** $G$ turns random numbers $z$, called noise, into fake samples $G(z)$.
# - The **discriminator** $D$ looks at a sample and returns a number, the **score** $s$. The higher the score, the more $D$ believes that the
#   sample is real.
#
# Each network is a function with many adjustable numbers, its parameters. Training changes them step by step to lower a number, its loss.
#
# Look for the arrows that reach $G$:

# %% alt="Block diagram of a GAN. Noise z enters the generator G, which makes the fake G(z). Real x and fake G(z) enter the discriminator D, whose scores go to the losses. Dashed arrows show the gradients: from the losses back to the discriminator, and on through the fake to the generator." tags=["hide-input"]
diagrams.gan(
    lit=("noise", "generator", "fake", "real", "discriminator", "losses", "gradients"),
    real="the data",
    noise="random numbers",
)

# %% [markdown]
# Solid arrows carry samples and scores forwards, dashed arrows gradients back. A gradient is a list of a loss's derivatives. It tells a network
# which way to change its parameters: θ for $G$, φ for $D$. The distribution of the fakes is $q$.
#
# No arrow leads from the real samples to $G$. **All that $G$ learns about the data reaches it as a gradient through $D$.**
#
# Our data are 10,000 points along two crescents. Each player is a chain of layers. `nn.Linear(2, 64)` has 64 units, and each computes a weighted
# sum of the two inputs, plus a constant; weights and constants are the parameters. `nn.ReLU()` turns negative sums into 0; without it the whole
# chain would be just one weighted sum. Two such *hidden* layers come before the output.

# %%
from gan_lessons.data.points import moons

data = 1.3 * moons().sample(10_000)


# %%
def network(inputs, outputs, width=64):
    layers = [nn.Linear(inputs, width), nn.ReLU()]
    layers += [nn.Linear(width, width), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(width, outputs))


# %% [markdown]
# What is each player's loss? $D$ wants high scores for real samples and low ones for fakes; $G$ wants high scores for its fakes. One function
# turns these wishes into losses: `softplus(t)`, the natural logarithm of $1 + e^t$. For one sample the players pay:
#
# | score $s$ | $D$ pays, if real: `softplus(-s)` | $D$ pays, if fake: `softplus(s)` | $G$ pays, if fake: `softplus(-s)` |
# |---|---|---|---|
# | −2 | 2.13 | 0.13 | 2.13 |
# | 0 | 0.69 | 0.69 | 0.69 |
# | +2 | 0.13 | 2.13 | 0.13 |
#
# A fake with a high score is cheap for $G$ and expensive for $D$. That is the *adversarial* in the name.
#
# The **training loop** repeats three things:
#
# 1. Take a **minibatch** of 128 real samples and make 128 fakes.
# 2. Let $D$ lower its loss a little. `fake.detach()` stops the gradient before it reaches $G$.
# 3. Let $G$ lower its loss a little. Now the gradient flows through $D$ back to $G$.
#
# **Gradient descent** moves parameters a small step against the gradient of a loss. **Adam** is a variant that divides a running mean of each
# parameter's gradients by their recent size; the two `betas` say how far back each looks. The **learning rate** `lr` sets the size of a step. The
# **seed** fixes all random numbers, so that you see what we saw.

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
        fake = generator(torch.randn(128, 2))  # from 128 pairs of random numbers

        loss_d = softplus(-discriminator(real)).mean()
        loss_d = loss_d + softplus(discriminator(fake.detach())).mean()
        optimizer_d.zero_grad()  # forget D's old gradients, those of G's last step too
        loss_d.backward()  # find the loss's derivative for each parameter, by the chain rule
        optimizer_d.step()  # move D's parameters

        loss_g = softplus(-discriminator(fake)).mean()
        optimizer_g.zero_grad()
        loss_g.backward()
        optimizer_g.step()  # move G's parameters, not D's

        history.append((loss_d.item(), loss_g.item()))
        if step % 100 == 0 or step == steps - 1:
            snapshots.append(generator(torch.randn(600, 2)).detach())
    return snapshots, torch.tensor(history)


# %% [markdown]
# > **Predict, then run.** The fakes start as a blob. What shapes will they take?

# %%
snapshots, history = first_gan()

# %% alt="A moving picture of the first GAN's training on two blue crescents. The orange fakes start as a small blob near the middle, stretch into a slanting band across both crescents, scatter and settle on both, with a few points left between." tags=["hide-input"]
frames = []
for number, fakes in enumerate(snapshots):
    figure = Figure(figsize=(5.4, 3.2), dpi=150, layout="constrained")
    panel = figure.subplots()
    panel.scatter(*data[:600].T, s=7, color=style.REAL, alpha=0.35, lw=0, label="real")
    panel.scatter(*fakes.T, s=7, color=style.FAKE, alpha=0.7, lw=0, label="fake")
    panel.set(xlim=(-2.6, 2.6), ylim=(-1.6, 1.5), title=f"step {min(100 * number, 3000)}")
    panel.legend(loc="upper right", markerscale=2)
    panel.set_axis_off()
    frames.append(figure)
motion.Animation(frames[::2], milliseconds=300, colors=32, width=640)

# %% [markdown]
# **In this run it worked, by a detour.** The fakes stretch into a band across both crescents, and only then divide between them.
#
# Here are the two losses. The dashed lines mark what scores of 0 would give. **If you saw only these curves, when would you stop?**

# %% alt="Two curves over 3,000 steps, on an axis from 0 to 1.8. The discriminator's loss swings between about 1.0 and 1.6 for some 800 steps, then stays close to a dashed line at 2 log 2, about 1.39. The generator's loss swings between about 0.65 and 1.2 for as long, then stays close to a dashed line half as high, at log 2, about 0.69." tags=["hide-input"]
figure, panel = plt.subplots(figsize=(7.2, 2.8))
steps = torch.arange(1, len(history) + 1)
for losses_of_one, name, color, rest, text in (
    (history[:, 0], "D's loss", style.DISCRIMINATOR, 2 * math.log(2), "2 log 2 ≈ 1.39"),
    (history[:, 1], "G's loss", style.GRADIENT, math.log(2), "log 2 ≈ 0.69"),
):
    curves.draw_curve(panel, steps, losses_of_one, color, name, window=10)
    panel.axhline(rest, color=style.REFERENCE, ls="--", lw=1)
    panel.text(2990, rest - 0.05, text, color=style.REFERENCE, fontsize=9, ha="right", va="top")
panel.set(xlim=(0, 3000), xticks=[0, 1000, 2000, 3000], ylim=(0, 1.8), ylabel="loss")
panel.set_title("Both losses swing, then calm down")
curves.label_ends(panel)
plt.show()

# %% [markdown]
# At step 1,000 both losses are calm and close to their lines. But how good are the fakes? We measure how far they lie from the nearest crescent's
# middle line. Real samples scatter around it too: theirs is the distance to reach. Compare the two dots with the loss below.

# %%
middle_line = 1.3 * moons(std=0.0).sample(2000)


def distances(samples):
    """How far each sample lies from the nearest crescent's middle line."""
    return torch.cdist(samples, middle_line).min(1).values


# %%
for step in (0, 500, 1000, 2000, 3000):
    away = distances(snapshots[step // 100])
    print(f"fakes, step {step:4}: mean {away.mean():.3f}, median {away.median():.3f}, farthest {away.max():.2f}")
away = distances(data)
print(f"real samples:     mean {away.mean():.3f}, median {away.median():.3f}, farthest {away.max():.2f}")

# %% alt="Left, above: the mean distance of the fakes from the crescents, every 100 steps. It swings between 0.22 and 0.30 until step 800, is at 0.109 at step 1,000, and comes down to a dashed line for the real samples, at 0.053; from step 1,400 on it goes up and down between 0.04 and 0.07. Left, below: the discriminator's loss on an axis from 1.30 to 1.42. Up to step 1,000, shaded, it swings out of the panel; then it creeps from about 1.37 to the dashed line at 1.39. Right: the fakes on the crescents. At step 1,000 many lie between and beside the crescents; at step 2,000 nearly all lie on them, in a band thinner than the real one." tags=["hide-input"]
figure, panels = plt.subplot_mosaic(
    [["curve", "1000"], ["loss", "2000"]], figsize=(7.2, 4.2), width_ratios=(1.1, 1), height_ratios=(1.1, 1)
)
curve, mean = panels["curve"], [distances(fakes).mean() for fakes in snapshots]
curve.plot(range(0, 3001, 100), mean, color=style.FAKE, lw=1.4)
curve.axhline(distances(data).mean(), color=style.REAL, ls="--", lw=1)
curve.text(60, 0.044, "real samples", color=style.REAL, fontsize=9, va="top")
curve.text(1230, 0.12, "fakes", color=style.FAKE, fontsize=9)
curve.set(xlim=(0, 3000), ylim=(0, 0.35), xticks=[0, 1000, 2000, 3000], ylabel="mean distance")
curve.set_title("Fakes still come nearer after step 1,000", fontsize=10)
loss = panels["loss"]
curves.draw_curve(loss, steps, history[:, 0], style.DISCRIMINATOR, window=50)
loss.axhline(2 * math.log(2), color=style.REFERENCE, ls="--", lw=1)
loss.set(xlim=(0, 3000), ylim=(1.3, 1.42), xticks=[0, 1000, 2000, 3000], ylabel="D's loss, enlarged")
loss.set_yticks([1.3, 1.34, 1.38, 1.42])
loss.text(60, 1.388, "1.39", color=style.REFERENCE, fontsize=9, va="bottom")
loss.axvspan(0, 1000, color="0.93", lw=0)
loss.set_title("After step 1,000, D's loss only creeps", fontsize=10)
for step in (1000, 2000):
    curve.plot(step, mean[step // 100], "o", color=style.FAKE, ms=6)
    panel = panels[str(step)]
    panel.scatter(*data[:600].T, s=4, color=style.REAL, alpha=0.35, lw=0)
    panel.scatter(*snapshots[step // 100].T, s=4, color=style.FAKE, alpha=0.8, lw=0)
    panel.set(xlim=(-2.6, 2.8), ylim=(-1.4, 1.3), aspect="equal")
    panel.set_title(f"Fakes at step {step:,}: mean distance {mean[step // 100]:.3f}", fontsize=10)
    panel.set_axis_off()
plt.show()

# %% [markdown]
# **Step 1,000 is too early.** The fakes are then more than twice as far from the crescents as real samples. At step 2,000 they are as near on
# average, while $D$'s loss has only crept from 1.36 to 1.39.
#
# Why do the losses rest at 1.39 and 0.69? If $D$ gives every sample the score 0, $G$ pays $\log 2$ and $D$ pays it twice: the table's middle row.
#
# **The losses say how well the players do against *each other*, not how good the fakes are.**
#
# <details><summary>Fine print</summary>
#
# At step 2,000 the fakes' median distance is 0.038, the real samples' 0.045: the band is too thin, and a few strays make up for it. And one blob
# of fakes on a middle line would be nearly at 0.
#
# </details>

# %% tags=["claim"]
crescents = moons(std=0.0)
arms = 1.3 * crescents.place((torch.arange(400) + 0.5) / 400)
away = torch.cdist(snapshots[-1], arms)
assert (away.min(1).values < 0.3).float().mean() > 0.9, "most fakes lie near a crescent"
upper = (away.argmin(1) < 200).float().mean()
assert 0.25 < upper < 0.75, "both crescents get their share"
assert (history[-500:].mean(0) - torch.tensor([2 * math.log(2), math.log(2)])).abs().max() < 0.06
assert history[:300, 0].min() < 1.2, "D was ahead for a while"
far, mean = [distances(snapshots[step // 100]).mean() for step in (1000, 2000)], distances(data).mean()
assert far[0] > 1.3 * mean and far[1] < 0.8 * far[0], "the fakes still come nearer while the losses rest"

# %% [markdown]
# > **Your turn.** Give the discriminator four units a layer: `first_gan(width=4)`. Predict the fakes and the losses.
#
# <details><summary>Solution</summary>
#
# With seed 3 the fakes stay one small blob, and the losses rest at 1.39 and 0.69. All four units of $D$'s second layer return 0 on the data, so
# all scores are alike and no gradient reaches $G$.
#
# With seeds 0 and 1 a clump wanders about, and the losses mostly stay near the same lines.
#
# </details>
#
# ## 2 · Why not simply fit a density?
#
# **Two networks are a detour. Why not fit a formula for the data's density?**
#
# A **density** $p(x)$ says how thickly samples lie: the area under it, over an interval, is the share of samples there (in more dimensions, the
# volume over a region). The **support** of $p$ is where $p > 0$.
#
# The data are samples from an unknown density $p$. A **generative model** is fitted to them and then makes new ones, with a density $q(x)$ that
# should be close to $p$.
#
# A model with a formula for $q(x)$ is an **explicit model**. We fit three to 300 numbers from a density with two bumps. Two use **Gaussians**,
# bell-shaped densities. $N(m, w^2)$ peaks at its mean $m$, and about two thirds of its samples lie within one *standard deviation* $w$ of it. The
# density and its logarithm are
#
# $$ \frac{1}{w \sqrt{2\pi}}\, e^{-(x - m)^2 / (2 w^2)} \qquad\text{and}\qquad -\frac{(x - m)^2}{2 w^2} - \log\big(w \sqrt{2\pi}\big). $$
#
# - A **histogram** cuts the line into bins and counts.
# - A **kernel density estimate** puts a small Gaussian on every sample and averages them.
# - A **Gaussian mixture** adjusts the places, widths and weights of a few Gaussians until the data's average $\log q(x)$ is largest. This is
#   **maximum likelihood**: the likelihood is the density that the model gives to the data.
#
# In `gaussians`, `torch.cdist` finds all distances from the means, and `torch.logsumexp` the logarithm of a sum of exponentials. Which model
# comes closest to the blue density?

# %%
from gan_lessons.data.points import Mixture

two_bumps = Mixture(torch.tensor([[-1.0], [1.0]]), std=0.35)  # as many samples from around -1 as from around +1


# %%
def gaussians(x, centres, std):
    """The logarithm, at x [count, dims], of the mean of equal Gaussians around `centres`."""
    centres = centres.to(x)
    scale = math.log(len(centres)) + x.shape[1] * math.log(std * math.sqrt(2 * math.pi))
    return torch.logsumexp(-torch.cdist(x, centres).square() / (2 * std**2), 1) - scale


# %% alt="Three panels over the same pale true density with two bumps. The histogram is a staircase that follows it roughly, the kernel density estimate a smooth curve a little below its peaks, and the Gaussian mixture lies closest, a little low at the right bump." tags=["hide-input"]
from sklearn.mixture import GaussianMixture

samples = two_bumps.sample(300)
line = torch.linspace(-2.5, 2.5, 400)[:, None]
figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.5), sharey=True)
for panel in axes:
    panel.fill_between(line[:, 0], gaussians(line, two_bumps.centres, 0.35).exp(), color=style.REAL, alpha=0.3, lw=0)
    panel.set(xlabel="x", ylim=(0, 0.8))
axes[0].hist(samples[:, 0], 16, range=(-2.5, 2.5), density=True, histtype="step", color=style.FAKE, lw=1.6)
axes[1].plot(line[:, 0], gaussians(line, samples, 0.15).exp(), color=style.FAKE, lw=1.6)
mixture = GaussianMixture(2, random_state=0).fit(samples.numpy())
axes[2].plot(line[:, 0], torch.from_numpy(mixture.score_samples(line.numpy())).exp(), color=style.FAKE, lw=1.6)
axes[0].set(ylabel="density", title="Histogram: steps")
axes[1].set_title("Kernel density: smooth")
axes[2].set_title("Mixture: closest")
axes[0].text(-2.4, 0.7, "true p", color=style.REAL, fontsize=9)
axes[0].text(-2.4, 0.62, "learned q", color=style.FAKE, fontsize=9)
plt.show()

# %% [markdown]
# **On a line all three do well.** The mixture, which has the true form, comes closest. But count the cells of a histogram with ten bins along
# each dimension:
#
# | dimensions | 1 | 2 | 8 | 64 |
# |---|---|---|---|---|
# | cells | 10 | 100 | 100,000,000 | $10^{64}$ |
#
# In eight dimensions 1,000 samples leave nearly all cells empty. If each sample teaches only about its neighbourhood, the number needed grows, in
# general, exponentially with the dimension: the **curse of dimensionality**.
#
# A handwritten digit of 8 × 8 pixels is a point in 64 dimensions. We fit a kernel density estimate to 1,438 of scikit-learn's digits. Of five
# widths we keep the one that gives the other 359, the **validation set**, the largest average $\log q(x)$. To draw a sample, pick a training
# digit and add Gaussian noise of that width. **Will the samples be new digits?**

# %%
from gan_lessons.data.images import small_digits

fitted, unseen = (part.pixels.flatten(1) for part in small_digits().split(0.8, 0))
width = max((0.1, 0.14, 0.2, 0.28, 0.4), key=lambda width: gaussians(unseen, fitted, width).mean())
random = torch.Generator().manual_seed(0)
origin = torch.randint(len(fitted), (500,), generator=random)
made = fitted[origin] + width * torch.randn(500, 64, generator=random)

# %%
nearest = torch.cdist(made, fitted).min(1).indices
print(f"{(nearest == origin).float().mean():.1%} of the samples are nearest to the very digit they were made from")

# %% alt="Four labelled rows of eight digits of 8 by 8 pixels. Real, unseen digits have a black background. The kernel density estimate's samples are digits with grey specks around them. The third row, the training digit nearest to each sample, shows the same shapes without the specks. The fourth, the difference of the two, is grey noise in which no digit can be seen." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4))
closest = fitted[nearest[:8]]
sheet = torch.cat([unseen[:8], made[:8], closest, made[:8] - closest]).reshape(32, 1, 8, 8)
enlarged = nn.functional.interpolate(sheet, scale_factor=12, mode="nearest")
images.draw_sheet(axes, enlarged, 8, ["real, unseen", "kernel sample", "nearest\ntraining digit", "difference"])
axes.set_title("A kernel sample differs from a training digit by noise alone")
plt.show()

# %% tags=["claim"]
assert (nearest == origin).float().mean() > 0.97, "samples are training digits under noise"


# %% [markdown]
# **No: they are training digits under noise.** The last row is just the noise we added. What counts is the 100.0%: in 64 dimensions noise almost
# never points towards another digit.
#
# But a hand that writes a digit has only a few degrees of freedom. So let a few random numbers, a **latent variable** $z$, decide, and let a
# network $G$ work out the rest: $x = G(z)$. The distribution of $G(z)$ is the **push-forward** of the noise's distribution by $G$
# ([chapter 02](02_the_generator.ipynb)).
#
# Such a $G$ is an **implicit model**: it makes a sample in one pass, but has no formula for $q(x)$, so we cannot compute its likelihood, let alone maximise it. **How can
# $G$ be trained?**
#
# A classifier can try to tell real from fake, in any dimension. If even the best one only guesses, the distributions are the same. So train $G$
# to make the classifier fail: **that is why a second network plays.**
#
# Other models keep a likelihood, exactly or nearly: **autoregressive** ones such as GPT, **normalising flows**, **variational autoencoders** and
# **diffusion models**. The [history](A2_history.ipynb) compares them.
#
# > **Your turn.** Draw with half the noise: `fitted[origin] + 0.5 * width * torch.randn(500, 64)`. Predict the samples, and the mean log-density
# > of the unseen digits, `gaussians(unseen, fitted, 0.5 * width).mean()`.
#
# <details><summary>Solution</summary>
#
# The samples are cleaner. But the unseen digits' mean log-density falls from about −14 to −60: a typical one, far outside the narrow kernels,
# gets a density $e^{46}$ times smaller. The better-looking model is the worse density.
#
# </details>
#
# ## 3 · The game, exactly
#
# **What do the two play for, and when has neither anything left to gain?**
#
# Ian Goodfellow and his coauthors (2014, arXiv:1406.2661) compared the generator to counterfeiters and the discriminator to the police. Let the
# police see real and counterfeit notes in equal numbers, and say how likely each is to be real.
#
# They earn the logarithm of the probability that they gave to the truth. If they say 0.9 of a real note and 0.2 of a fake one, that is
# $\log 0.9 + \log 0.8 \approx -0.33$. The most they can earn is 0, by being sure and right.
#
# The **value function** adds their mean earnings on real samples $x$, with density $p$, and on fakes $G(z)$, with density $q$. $D(x)$ is the
# probability that $D$ gives to "real", $\mathbb{E}_{x \sim p}$ the mean over samples from $p$, and $\mathbb{E}_z$ that over noise:
#
# $$ V(D, G) = \mathbb{E}_{x \sim p}\,\log D(x) + \mathbb{E}_{z}\,\log\big(1 - D(G(z))\big), \qquad \min_G \max_D V(D, G). $$
#
# Read $\min_G \max_D$ from its right end: $D$ makes $V$ as large as it can, and $G$ makes that largest value as small as it can. This **minimax
# game** is a **zero-sum game**: each gains what the other loses.
#
# The network of section 1 returns a score $s(x)$. Its **sigmoid** is the probability, $D = \sigma(s) = 1/(1 + e^{-s})$: 0 becomes ½, and 2
# becomes 0.88. So $s$ is the **logit** of $D$, $\log\frac{D}{1 - D}$.
#
# You have met $-V$ already. $-\log\sigma(s) = \log(1 + e^{-s})$ is `softplus(-s)`. And as
# $1 - \sigma(s) = \frac{e^{-s}}{1 + e^{-s}} = \sigma(-s)$, $-\log(1 - \sigma(s))$ is `softplus(s)`. So $-V$ is the `loss_d` of section 1: a
# classifier's **binary cross-entropy** (BCE), its mean on real samples plus that on fakes. There, $G$ lowered $-\log D(G(z))$ instead;
# [chapter 04](04_the_losses.ipynb) shows why.

# %%
def value(score, real, fake):
    """V(D, G) from real and fake samples; `score` is the discriminator."""
    return logsigmoid(score(real)).mean() + logsigmoid(-score(fake)).mean()


# %% [markdown]
# **Which $D$ earns most?** If near some $x$ there are nine real samples to each fake, the best answer is their share, 0.9. With as many fakes as
# real samples, it is
#
# $$ D^*(x) = \frac{p(x)}{p(x) + q(x)}, \qquad\text{with score}\qquad s^*(x) = \log p(x) - \log q(x). $$
#
# [Chapter 03](03_the_discriminator.ipynb) proves it. Here the data have two bumps, and $G$ makes one broad Gaussian, $N(0.3, 1.1^2)$. One
# discriminator says ½ to everything, one follows the rule that real samples are not close to zero, and one knows $p$ and $q$ and says $D^*$.

# %%
def log_p(x):
    return gaussians(x, two_bumps.centres, 0.35)


def log_q(x):
    return gaussians(x, torch.tensor([[0.3]]), 1.1)


# %%
judges = {
    "says ½": lambda x: torch.zeros(len(x)),
    "follows a rule": lambda x: torch.where(x[:, 0].abs() > 0.4, 0.3, -2.0),
    "knows p and q": lambda x: log_p(x) - log_q(x),
}

# %% [markdown]
# > **Predict, then run.** What is the value of a discriminator that says ½ to everything? Watch the green curve in the green bands.

# %%
real = two_bumps.sample(20_000)
fake = 0.3 + 1.1 * torch.randn(20_000, 1, generator=torch.Generator().manual_seed(1))
values = {name: value(score, real, fake).item() for name, score in judges.items()}
for name, each in values.items():
    print(f"{name:14}  V = {each:.3f}")

# %% alt="Two panels above each other, over the same x from -3.5 to 3.5. Above: the real density p in blue with two bumps, the fake density q in orange with one broad bump. Below: three discriminators between 0 and 1, each named at its right end with its value. A grey dashed line at one half, -1.39; a purple step, low in the middle, -1.27; and a green curve, -1.13, that is high at the two bumps, drops to nearly zero between them and falls to zero far outside. In both panels pale green bands mark where p is above q; there, and only there, the green curve is above one half." tags=["hide-input"]
wide = torch.linspace(-3.5, 3.5, 500)[:, None]
figure, (top, bottom) = plt.subplots(2, 1, figsize=(7.2, 4.4), sharex=True, height_ratios=(1, 1.3))
for panel in (top, bottom):
    ahead = (log_p(wide) > log_q(wide)).numpy()
    panel.fill_between(wide[:, 0], -1, 2, where=ahead, color=style.DISCRIMINATOR, alpha=0.12, lw=0)
top.fill_between(wide[:, 0], log_p(wide).exp(), color=style.REAL, alpha=0.4, lw=0)
top.fill_between(wide[:, 0], log_q(wide).exp(), color=style.FAKE, alpha=0.4, lw=0)
top.text(1.58, 0.45, "real: p", color=style.REAL)
top.text(2.1, 0.17, "fake: q", color=style.FAKE)
top.set(ylabel="density", ylim=(0, 0.65), title="In the green bands p is above q")
looks = [(style.REFERENCE, "--"), (style.AVERAGE, "-"), (style.DISCRIMINATOR, "-")]
for (name, score), (color, dash) in zip(judges.items(), looks, strict=True):
    bottom.plot(wide[:, 0], score(wide).sigmoid(), color=color, ls=dash, label=f"{name}\nV = −{-values[name]:.2f}")
bottom.set(xlabel="x", ylabel="D(x)", xlim=(-3.5, 3.5), ylim=(-0.05, 1.05), yticks=[0, 0.5, 1])
bottom.set_title("There the best D says more than ½")
curves.label_ends(bottom, gap=27)
plt.show()

# %% [markdown]
# Where $p$ is above $q$, $D^*$ says more than ½. Saying ½ has the value $\log\frac12 + \log\frac12 = -\log 4 \approx -1.386$, whatever the
# samples are. The rule earns more, and $D^*$ the most. **How much can $D^*$ earn?** That depends on how far $q$ is from $p$.
#
# One measure of how far a model is from the truth is the **Kullback–Leibler divergence**: the mean logarithm of the true probability divided by the model's. For a fair coin and a
# model that gives heads $\tfrac34$, it is $\tfrac12 \log \tfrac23 + \tfrac12 \log 2 \approx 0.144$ *nats*. For densities
#
# $$ \mathrm{KL}(p \,\|\, q) = \mathbb{E}_{x \sim p}\big[\log p(x) - \log q(x)\big], $$
#
# zero for $q = p$ and positive otherwise.
#
# Now put $D^*$ into $V$. For a real sample it earns
#
# $$ \log D^*(x) = \log \frac{p(x)}{p(x) + q(x)} = -\log 2 + \Big[\log p(x) - \log \frac{p(x) + q(x)}{2}\Big]. $$
#
# The bracket's mean over real samples is a KL divergence, from $p$ to the mixture $\tfrac{p+q}{2}$ of real and fake. For a fake,
# $1 - D^* = q/(p+q)$, so $q$ takes the place of $p$. Both together give
#
# $$ V(D^*, G) = -\log 4 + \mathrm{KL}\Big(p \,\Big\|\, \tfrac{p+q}{2}\Big) + \mathrm{KL}\Big(q \,\Big\|\, \tfrac{p+q}{2}\Big)
#   = -\log 4 + 2\,\mathrm{JS}(p, q). $$
#
# JS, half the sum of the two, is the **Jensen–Shannon divergence**. It is 0 exactly when $q = p$, and largest, $\log 2$, when the supports do not
# overlap. Then $V(D^*, G) = 0$. For our two densities JS is about $(-1.13 + 1.39)/2 = 0.13$.
#
# So **a generator that lowers the best discriminator's value lowers a divergence, without a formula for either density.** At $q = p$ the best $D$
# says ½ everywhere. Neither player then gains by moving alone, because against ½ $V$ is $-\log 4$ whatever $G$ does. That is a **Nash
# equilibrium**.
#
# In section 1, $D$'s loss, $-V$, came to rest at $\log 4$ too. Yet at step 3,000 the farthest of 600 fakes lay 0.51 from a middle line, the
# farthest of 10,000 real samples only 0.24. **A value of $-\log 4$ says only that *this* discriminator does no better than saying ½.**

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
half, rule, knows = values.values()
assert abs(half + math.log(4)) < 1e-5 and half + 0.05 < rule < knows - 0.05

# %% [markdown]
# ## 4 · The smallest GAN
#
# In practice both players take small steps, and $D$ need not be the best. **How do they move?** Five parameters show it.
#
# The real samples are Gaussian, $x \sim N(1, 0.5^2)$. The generator makes $\tilde x = a z + b$ from $z \sim N(0, 1)$. Its goal is the centre
# $b = 1$ and the spread $|a| = 0.5$. The discriminator's score is $s(x) = u x^2 + v x + c$. That is enough: by section 2 the logarithm of a
# Gaussian is a parabola, and so is $\log p - \log q$.

# %% alt="A chain of boxes: noise z, N(0, 1); generator, parameters a and b; fake, a z + b; score, u x squared plus v x plus c; losses. Real x, from N(1, 0.5 squared), enters the score too. Dashed gradient arrows run from the losses to the score, and on to the fake and the generator." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("noise z", 0, 1, "N(0, 1)", "noise"),
        diagrams.Box("generator", 1, 1, "parameters a, b", "generator"),
        diagrams.Box("fake", 2, 1, "a z + b", "fake"),
        diagrams.Box("real x", 2, 0, "N(1, 0.5²)", "real"),
        diagrams.Box("score", 3, 0.5, "u x² + v x + c", "discriminator"),
        diagrams.Box("losses", 4, 0.5, "softplus(±s)"),
    ],
    [
        diagrams.Arrow("noise z", "generator"),
        diagrams.Arrow("generator", "fake"),
        diagrams.Arrow("fake", "score"),
        diagrams.Arrow("real x", "score"),
        diagrams.Arrow("score", "losses"),
        diagrams.Arrow("losses", "score", "to u, v, c", gradient=True),
        diagrams.Arrow("score", "fake", gradient=True),
        diagrams.Arrow("fake", "generator", "to a, b", gradient=True),
    ],
)


# %% [markdown]
# **The discriminator's step** lowers $L_D = -V$. `softplus(-s)` has the derivative $\sigma(s) - 1$, and `softplus(s)` has $\sigma(s) = D$. So for
# one real sample $x$ and one fake $\tilde x$
#
# $$ \frac{\partial L_D}{\partial v} = \underbrace{(D(x) - 1)}_{\text{real: too low}}\, x + \underbrace{D(\tilde x)}_{\text{fake: too high}} \tilde x, $$
#
# and the same with $x^2$ for $u$ and with 1 for $c$. The curly $\partial$ marks a derivative by one variable while the others stay fixed.
#
# If $D$ says ½ to $x = 1.2$ and to $\tilde x = -0.4$, this is $-0.6 - 0.2 = -0.8$. A step against it raises $v$: the real sample's score rises,
# and the fake's falls.
#
# **The generator's step** lowers $L_G = -\log D(\tilde x)$, the `loss_g` of section 1. By the chain rule
#
# $$ \frac{\partial L_G}{\partial \tilde x} = (D(\tilde x) - 1)\,(2 u \tilde x + v), \qquad
#    \frac{\partial L_G}{\partial a} = \frac{\partial L_G}{\partial \tilde x}\, z, \qquad
#    \frac{\partial L_G}{\partial b} = \frac{\partial L_G}{\partial \tilde x}. $$
#
# Here $2 u \tilde x + v$ is the score's slope at the fake. A step goes against the gradient and $D - 1 < 0$, so the fake moves up this slope. No
# real sample appears.
#
# In the code `mean(-1, keepdim=True)` averages along the last axis, that of the samples, and keeps it, with length 1.

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
# In the collapsed cell PyTorch's autograd finds the same derivatives, up to rounding.

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
# Now one round, slowly, with 64 samples of each kind. The generator's numbers start too small and too spread out, $a = 1$, $b = 0$. The
# discriminator starts with no opinion, $u = v = c = 0$.

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
# The discriminator has noticed that larger numbers are more often real: its score rises with $x$. The generator has moved $b$ up that slope, the
# right way, and $a$ a little the wrong way, because with $u > 0$ numbers far out score well. This does not last: the best score has
# $u = -\frac{1}{2 \cdot 0.5^2} + \frac{1}{2a^2}$, which is negative as long as the fakes are too broad.
#
# We play 20 games at once, with new noise for $G$'s step. Batches have shape `[games, 64]`, parameters `[games, 1]`: PyTorch uses a game's one
# number for all its 64 samples (*broadcasting*).

# %%
def play(
    games=20,
    steps=2000,
    discriminator_rate=0.3,
    generator_rate=0.05,
    curved=True,
    start=(1.0, 0.0),
):
    """Return a, b and u after each step, [steps, games, 3]. Without `curved`, u stays 0."""
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
        trajectory.append(torch.cat([a, b, u], dim=1))
    return torch.stack(trajectory)


# %%
def report(name, end):
    (a, b, _), (spread_a, spread_b, _) = end.mean(0), end.std(0)
    print(f"{name}: a = {a:.3f} ± {spread_a:.3f}, b = {b:.3f} ± {spread_b:.3f}")


# %% [markdown]
# > **Predict, then run.** Sketch how $a$ and $b$ get from 1 and 0 to 0.5 and 1.

# %%
trajectory = play()
report("after 2,000 steps", trajectory[-1])

# %% alt="Above: medians of a, b and u in 20 games over 2,000 steps. b rises past its target 1 while a falls from 1 to about 0.13, far below its target 0.5; then both swing around their targets, less and less, and settle. u swings around 0 in step with them: it is below 0 while a falls and above 0 while a rises. Below: the fakes' density, orange, on that of the real numbers, blue, in one game after 1, 150, 320 and 2,000 steps: a broad bell too far left; a needle a little right of the blue bell's middle; a bell a little too broad and too far left; and one that lies on the blue bell." tags=["hide-input"]
figure, panels = plt.subplot_mosaic([["curves"] * 4, list("0123")], figsize=(7.2, 5.4), height_ratios=(1.6, 1))
upper, steps = panels["curves"], torch.arange(1, len(trajectory) + 1)
curves.draw_curve(upper, steps, trajectory[:, :, 1], style.FAKE, "b: centre")
curves.draw_curve(upper, steps, trajectory[:, :, 0], style.CATEGORIES[1], "a: spread")
curves.draw_curve(upper, steps, trajectory[:, :, 2], style.DISCRIMINATOR, "u: D's curve")
upper.axhline(0, color=style.REFERENCE, lw=1)
upper.hlines([0.5, 1.0], 0, 2000, color=style.REAL, lw=1, ls="--")
upper.text(1990, 1.06, "real: 1", color=style.REAL, fontsize=9, ha="right")
upper.text(1990, 0.38, "real: 0.5", color=style.REAL, fontsize=9, ha="right")
upper.set(ylabel="parameter", xlim=(0, 2000), ylim=(-0.5, 1.3))
upper.set_title("Medians of 20 games: a falls while u is below 0 and rises while it is above")
curves.label_ends(upper)
axis = torch.linspace(-2, 3, 400)[:, None]
for place, step in enumerate((1, 150, 320, 2000)):
    panel, (spread, centre, _) = panels[str(place)], trajectory[step - 1, 0]
    panel.fill_between(
        axis[:, 0], gaussians(axis, torch.tensor([[1.0]]), 0.5).exp(), color=style.REAL, alpha=0.35, lw=0
    )
    panel.plot(axis[:, 0], gaussians(axis, centre[None, None], abs(spread.item())).exp(), color=style.FAKE, lw=1.6)
    panel.set(xlabel="x", xlim=(-2, 3), ylim=(0, 3.4), yticks=[0, 1, 2, 3])
    panel.set_title(f"one game, step {step:,}\na = {spread:.2f}, b = {centre:.2f}", fontsize=9)
panels["0"].set_ylabel("density")
plt.show()

# %% [markdown]
# **All 20 games arrive, and none goes straight.** (The ± is the standard deviation over games.) The path of the parameters, their **trajectory**,
# swings past the target and back, less and less far. Two troubles of large GANs appear:
#
# - *Collapse.* From about step 10 on $u$ is negative: the score has a peak, at first to the right of nearly all fakes. They climb towards it, the
#   rearmost fastest, and so $a$ shrinks. Soon after step 40 it passes its target, but $D$ lags behind, and by step 70 the fakes climb from both
#   sides. Near step 145, when $u$ turns positive, the fakes lie closest together. Only then do they spread out again. Making too few kinds
#   of samples is called **mode collapse** ([chapter 06](06_mode_collapse.ipynb)).
# - *Oscillation.* At step 320 the fakes have spread too far. Each player responds to a player that moves too, and so both parameters swing
#   ([chapter 07](07_convergence.ipynb)).
#
# Now take the curve away: with $u = 0$ the score is a straight line.
#
# > **Predict, then run.** What can the generator still learn?

# %%
straight = play(curved=False)
report("straight score", straight[-1])

# %% [markdown]
# **The centre is found and the spread is not.** A straight line, averaged over many samples, can compare only means. On the way $a$ shrinks,
# since again the rearmost move fastest. Once the means agree, nothing leads it to 0.5. **A generator can learn only those differences that its
# discriminator can express.**

# %% tags=["claim"]
end, lowest = trajectory[-1], trajectory[:, :, 0].min(0).values
assert ((end[:, :2] - torch.tensor([0.5, 1.0])).abs() < 0.1).all(), "every one of 20 games arrives"
assert (lowest < 0.25).all() and (trajectory[:, :, 1].max(0).values > 1.05).all(), "after overshooting in both"
assert (trajectory[20:120, :, 2] < 0).all() and (trajectory[180:250, :, 2] > 0).all(), "a peak, then a valley"
assert ((straight[-1, :, 1] - 1).abs() < 0.1).all(), "without a curve the centre is found"
assert (straight[-1, :, 0] > 0.55).all(), "and the spread is not"

# %% [markdown]
# Drag *Rounds played* from 0 upwards and watch the orange bell. Then set the score to *straight*. Without a kernel the picture stands still.

# %% alt="The lab after 350 rounds. Left: the orange bell of the fakes is broader than the blue bell of the real samples and a little to its left; the green curve of D peaks to the right of both. Middle: the trajectory of a and b has run from (1, 0) past the goal to a = 0.13, back to a = 0.8, and has turned towards the goal again. Right: b rises past 1 and falls to 0.77 while a dips to about 0.13 and rises to 0.8; both then turn."
from gan_lessons.labs.points import SmallestGANLab

lab = SmallestGANLab(steps=350)
lab

# %% tags=["claim"]
assert "close to the goal" in SmallestGANLab(steps=2000).sentence
assert "away from the goal" in SmallestGANLab(steps=2000, score="straight").sentence, (
    "without a curve the spread is not found"
)

# %% [markdown]
# > **Your turn.** Give the discriminator five times smaller steps, `play(discriminator_rate=0.06)`. Does the spread $a$ dip deeper? Then start at
# > $a = -1$, with `play(start=(-1.0, 0.0))`. Where does $a$ end, and why is that no mistake?
#
# <details><summary>Solution</summary>
#
# Yes: to 0.06 on average instead of 0.12, and after 2,000 steps the games are still on their way.
#
# From $a = -1$ it ends at $-0.51$. As $z$ and $-z$ are equally likely, $\pm 0.5 z + 1$ have the same density.
#
# </details>
#
# ## Debugging card
#
# | symptom | test | fix |
# |---|---|---|
# | $D$'s loss falls to 0, $G$'s grows and grows | are the mean scores of real and fake far apart? | a smaller or slower $D$, or a penalty (chapter 07) |
# | the fakes do not move from the first step on | are $G$'s gradients zero or `None`? | `None`: remove a `detach()` in $G$'s step; zero: $D$ is flat on the fakes (dead units, section 1), so widen or reseed it; neither: `step()` is missing |
# | the fakes run away from the data | does the score of the fakes rise after a step of $G$? | if not, a sign is wrong in $G$'s loss |
# | $D$'s loss is at 1.386, but the fakes are wrong | does a fresh $D$ trained on them, or a larger one, find a difference? | take that one (chapter 03) |
# | all fakes are alike | is a batch's standard deviation below the data's? | mode collapse: chapter 06 |
#
# ## What we saw
#
# - A first GAN takes thirty lines. Its generator came close to two crescents without seeing a real point.
# - What fits a density well on a line can fail in many dimensions: kernels returned the training digits under noise.
# - An implicit model has no formula for its likelihood. A classifier takes its place.
# - The best discriminator is $p/(p+q)$, with the value $-\log 4 + 2\,\mathrm{JS}(p, q)$. Losses that rest at 1.386 and 0.693 mean that *this* $D$
#   does no better than ½.
# - The smallest GAN reached its target in all of 20 games, after collapse and oscillation. With a straight score it did not learn the spread.
#
# ## Questions
#
# ### A quiz
#
# Open the answer you would give.
#
# 1. Which two distributions can the straight score of section 4 never tell apart?
#    <details><summary>A · N(1, 0.5²) and N(2, 0.5²)</summary><b>No.</b> Their means differ, and a slope shows it.</details>
#    <details><summary>B · N(1, 0.5²) and N(1, 2²)</summary><b>Right.</b> Their means agree.</details>
#    <details><summary>C · Any two that overlap</summary><b>No.</b> Those of A overlap.</details>
# 2. What may the generator look at while it learns?
#    <details><summary>A · The real samples and the discriminator's scores</summary><b>No.</b> It never sees a real sample.</details>
#    <details><summary>B · The density of the data</summary><b>No.</b> There are only samples.</details>
#    <details><summary>C · Only the discriminator's score, and its slope, at its own fakes</summary><b>Right.</b> Nothing else reaches it.</details>
# 3. The best discriminator says ½ at some place. What follows?
#    <details><summary>A · There are no fakes there</summary><b>No.</b> Then it would say 1.</details>
#    <details><summary>B · Real and fake are equally dense there</summary><b>Right.</b> It is p / (p + q).</details>
#    <details><summary>C · The whole generator is perfect</summary><b>No.</b> That would need ½ everywhere.</details>
#
# ### In your own words
#
# **1.** At some $x$, $p(x) = 0.3$ and $q(x) = 0.1$. What does the best discriminator say there, and with what score?
#
# <details><summary>Answer</summary>
# $D^* = 0.3 / 0.4 = 0.75$, and $s^* = \log 0.3 - \log 0.1 = \log 3 \approx 1.10$.
# </details>
#
# **2.** A discriminator, trained as well as it can be, has the value $-1.386$. What do you conclude? And if it is almost 0?
#
# <details><summary>Answer</summary>
# $-1.386 = -\log 4$: it says ½ everywhere, so as far as this discriminator can see, JS is 0 and $q = p$. Near 0, JS is nearly $\log 2$: real and
# fake hardly overlap.
# </details>
#
# ## Further reading
#
# - Goodfellow et al. 2014, *Generative adversarial nets*, arXiv:1406.2661: the game and its equilibrium.
# - Mohamed and Lakshminarayanan 2016, *Learning in implicit generative models*, arXiv:1610.03483: a classifier instead of a likelihood.
# - Theis, van den Oord and Bethge 2016, *A note on the evaluation of generative models*, arXiv:1511.01844: likelihood and good looks are two
#   things.
#
# Every term is in the [glossary](A1_glossary.ipynb), how it came about in the [history](A2_history.ipynb).
#
# **Next:** a gradient by hand and a GAN to mend in the assignment, then what networks can do with noise.
#
# [← 00 Start](00_start.ipynb) · [contents](00_start.ipynb) · [02 The generator →](02_the_generator.ipynb) · [assignment](assignments/release/01_the_game/01_the_game.ipynb)
