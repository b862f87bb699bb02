# %% [markdown]
# # 01 · The game: assignment
#
# **You will** write an explicit model, compute how much a model that is too narrow or too wide loses in several dimensions, write a
# generator's gradient by hand, mend a training that finds hardly any island, and read four games.
#
# Each task is one sentence, something to fill in, and a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 01](../../../01_the_game.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Five tasks, 20 points, about 65 minutes. Checks tell you about 14 of the
# points; two more are told when your work is graded, and a person reads your sentences at the end, for four.

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import the_game as check
from gan_lessons.plots import curves, points, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your samples, your numbers and the order of your games then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · A histogram is a density
#
# **Return the density that a histogram gives to each `x`. Its bins may differ in width.**
#
# The first bin reaches from `edges[0]` to `edges[1]`, and so on. In each bin the density is level, and its area is the share of *all* samples that
# lie in this bin. Some samples may lie in no bin; they count among all. Outside of the bins the density is 0. No number lies on an edge exactly.

# %% nbgrader={"grade": false, "grade_id": "histogram", "locked": false, "schema_version": 3, "solution": true, "task": false}
def histogram(x, samples, edges):
    """x [m], samples [n], edges [bins + 1], rising → densities [m]"""
    ### BEGIN SOLUTION
    inside = (edges[:-1] < samples[:, None]) & (samples[:, None] < edges[1:])
    density = inside.float().mean(0) / edges.diff()
    here = (edges[:-1] < x[:, None]) & (x[:, None] < edges[1:])
    return (here * density).sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-histogram", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.histogram(histogram, seed=mine)
### BEGIN HIDDEN TESTS
check.histogram(histogram, seed=1101, bins=(1, 20), count=900)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · A surprise in every dimension
#
# **The truth $p$ is a number of independent coordinates, each from $N(0, 1)$. The model $q$ has the right form and the right centre, but gives each coordinate the
# standard deviation printed below. How large is $\mathrm{KL}(p \,\|\, q)$?** In nats, to three decimals; compute it, since a mean over samples is too rough.
#
# The density of $N(0, s^2)$ is $\frac{1}{s \sqrt{2 \pi}} e^{-x^2 / 2 s^2}$, and the mean of $x^2$ under $N(0, 1)$ is 1.

# %%
dims, std = check.model(mine)
print(f"{dims} coordinates; standard deviation of the model {std}")

# %% nbgrader={"grade": false, "grade_id": "surprise", "locked": false, "schema_version": 3, "solution": true, "task": false}
surprise = None
### BEGIN SOLUTION
surprise = dims * (math.log(std) + 1 / (2 * std**2) - 1 / 2)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-surprise", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.surprise(surprise, seed=mine)


# %% [markdown]
# ## 3 · Where do the fakes want to go?
#
# **Write the gradient from which this generator learns, by its two parameters $a$ and $b$.**
#
# It is the smallest GAN in more dimensions: $a$ is now a matrix, $b$ a vector. A fake is $x = a z + b$, the discriminator's score is $s(x) = u \lVert x \rVert^2 + v \cdot x + c$, and the loss is the mean of
# `softplus(-s)` over the batch, as in the chapter. Differentiate by hand, or let autograd do it.

# %% nbgrader={"grade": false, "grade_id": "push", "locked": false, "schema_version": 3, "solution": true, "task": false}
def push(a, b, u, v, c, noise):
    """a [dims, k], b [dims], number u, v [dims], number c, noise [n, k] → two gradients: by a [dims, k], by b [dims]"""
    ### BEGIN SOLUTION
    fake = noise @ a.T + b
    score = u * fake.square().sum(1) + fake @ v + c
    each = (score.sigmoid() - 1)[:, None] * (2 * u * fake + v)
    return each.T @ noise / len(noise), each.mean(0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-push", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.push(push, seed=mine)
### BEGIN HIDDEN TESTS
check.push(push, seed=1102, shapes=((1, 1, 7), (4, 2, 30)))
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Mend the sick GAN
#
# **This training fails, on every seed: most of its GANs find a few islands at best. One line is wrong: find it, and mend it.**
#
# ```python
# def first_gan(gan, data, steps):
#     for step in range(steps):
#         real = data[torch.randint(len(data), (8, 64))]
#         fake = gan.generator(torch.rand(8, 64, 2))
#
#         loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake.detach()))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         loss = softplus(-gan.discriminator(fake))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It is the chapter's loop for eight GANs at once: `real` has shape [8, 64, 2], a batch for each, and the sum over the GANs gives each its own gradient. No
# error is raised, and $D$'s losses end around 1.2 on average, as if the game were in full swing. The samples are drawn afterwards by `gan.sample(500)`, as everywhere in this book.

# %% nbgrader={"grade": false, "grade_id": "first-gan", "locked": false, "schema_version": 3, "solution": true, "task": false}
def first_gan(gan, data, steps):
    """Eight GANs, data [n, 2] → nothing; both networks of `gan` have learned"""
    ### BEGIN SOLUTION
    for _ in range(steps):
        real = data[torch.randint(len(data), (8, 64))]
        fake = gan.generator(torch.randn(8, 64, 2))

        loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake.detach()))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        loss = softplus(-gan.discriminator(fake))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check first looks at what the players are shown in a short training. Then your function trains eight GANs on your islands for 400 steps, and `gan.sample` draws 500 fakes of
# each. A sample is good within three standard deviations of an island's centre. At least four of the eight GANs should find all islands, or all but one, and have 30 % good samples.

# %% nbgrader={"grade": true, "grade_id": "check-first-gan", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.first_gan(first_gan, seed=mine)
### BEGIN HIDDEN TESTS
check.first_gan(first_gan, seed=1103, short=25)
### END HIDDEN TESTS

# %%
data = check.own_ring(mine, 0.15).sample(500)
figure, panels = plt.subplots(2, 4, figsize=(7.2, 3.8), sharex=True, sharey=True)
for panel, fakes in zip(panels.flat, samples, strict=True):
    points.draw_points(panel, data, fakes)
figure.suptitle("Eight GANs, after 400 of your steps")
plt.show()

# %% [markdown]
# ## 5 · Read four games
#
# Four smallest GANs: real numbers from a Gaussian, a generator $x = a z + b$, a score $u x^2 + v x + c$, and 2,000 rounds. All start at $a = 1$, $b = 0$. Above are the losses
# of $D$ (green) and $G$ (orange), with dashed lines at $2 \log 2$ and $\log 2$. Below are the densities at the end: the real one in blue, the generator's in orange.

# %%
mean, spread = check.numbers(mine)
x, gallery = torch.linspace(-3, 4, 300), check.gallery(mine)
figure, axes = plt.subplots(2, 4, figsize=(7.2, 4.2))
for (letter, game), (above, below) in zip(gallery.items(), axes.T):
    steps = torch.arange(len(game.generator_loss))
    curves.draw_curve(above, steps, game.discriminator_loss, style.DISCRIMINATOR, window=25)
    curves.draw_curve(above, steps, game.generator_loss, style.FAKE, window=25)
    for level in (2 * math.log(2), math.log(2)):
        above.axhline(level, color=style.REFERENCE, ls="--", lw=1)
    above.set(ylim=(0, 3), title=f"game {letter}", xlabel="")
    for centre, width, color in ((mean, spread, style.REAL), (game.b, abs(game.a), style.FAKE)):
        density = torch.exp(-(((x - centre) / width) ** 2) / 2) / (width * math.sqrt(2 * math.pi))
        below.fill_between(x, density, color=color, alpha=0.45, lw=0)
    below.set(ylim=(0, 1.4), yticks=[])
    if abs(game.b) > 5:
        below.text(-2.8, 1, "G's numbers\nare off\nthe page", color=style.FAKE, fontsize=9)
axes[0, 0].set_ylabel("loss: D green, G orange")
plt.show()

# %% [markdown]
# **Give every game its name.** `"healthy"`, `"D sees means only"` ($u$ is kept at 0), `"G stands still"` (its parameters are not updated) or `"G runs the wrong way"` (the sign of
# its loss is wrong).

# %% nbgrader={"grade": false, "grade_id": "games", "locked": false, "schema_version": 3, "solution": true, "task": false}
games = {"A": "", "B": "", "C": "", "D": ""}
### BEGIN SOLUTION
games = dict(zip("ABCD", check.order(mine, check.KINDS)))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-games", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.games(games)
### BEGIN HIDDEN TESTS
check.games(games, seed=mine)
### END HIDDEN TESTS

# %% [markdown]
# **In three or four sentences (4 points):** which two games cannot be told apart by their losses, and why does the discriminator of the bad one not object? In *G stands still*
# $D$'s loss hardly moves either: how does it differ from that of a game that has arrived, and what has $D$ found? A friend would stop any training whose losses are $2 \log 2$ and $\log 2$: what do you answer?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-games", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# *Healthy* and *D sees means only* have the same losses, $2 \log 2$ and $\log 2$. In the second, the score is a straight line, whose mean over the samples depends on their mean only; the means agree, so $D$ cannot
# do better than ½, although the spread is wrong. In *G stands still* $D$'s loss rests *below* $2 \log 2$ and $G$'s above $\log 2$: $D$ has become the best discriminator between the real numbers and
# those of a generator that does not react, and its loss tells how far apart they are ($2 \log 2$ minus twice the Jensen–Shannon divergence). To the friend: the two values say that *this* discriminator finds no
# difference, not that there is none; look at samples, or ask a stronger discriminator.
#
# **Rubric.** 1 point: the right pair. 1 point: a straight score compares means only, which agree. 1 point: *G stands still* rests below $2 \log 2$ (or $G$'s loss above $\log 2$), because $D$ still sees a difference
# that $G$ does nothing about. 1 point: the values mean that this $D$ sees no difference; look at the samples, or train a fresh, larger $D$.

# %% [markdown]
# ## Go on
#
# Train the sick GANs of task 4 once more, and give them the noise that they know, `gan.generator(torch.rand(8, 500, 2))`: are these samples any better than what `gan.sample` draws? And with `2 * torch.rand(8, 64, 2) - 1` in the training? Then read [chapter 02](../../../02_the_generator.ipynb), about what becomes of
# noise in a generator.
