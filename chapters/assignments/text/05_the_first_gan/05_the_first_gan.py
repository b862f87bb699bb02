# %% [markdown]
# # 05 · The first GAN: assignment
#
# **You will** measure samples, write the average that a GAN is sampled from, find out what ails a GAN before it is trained, mend
# a training that fails, and read four pairs of curves.
#
# Each task is one sentence, something to fill in, and a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 05](../../../05_the_first_gan.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 24 points, about 80 minutes. Checks tell you about 18 of the
# points; two more are told when your work is graded, and a person reads your sentences at the end, for four.

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import the_first_gan as check
from gan_lessons.data.points import ring
from gan_lessons.plots import curves, points, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your islands, your numbers and the order of your runs then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · Three numbers
#
# **Count the islands that were found, the share of good samples, and how unevenly the good samples are spread.**
#
# - A sample is *good* if it lies within three standard deviations of the centre nearest to it: `std` is the islands' standard deviation.
# - An island is *found* if at least one good sample is nearest to its centre.
# - With $u_k$ the share of the good samples that belong to island $k$, and $K$ islands,
#
# $$ \operatorname{KL}(u \,\|\, \text{even}) = \sum_k u_k \log \frac{u_k}{1/K}, \qquad 0 \log 0 = 0, $$
#
# in nats. Where no sample is good, nothing is found, the share is 0 and the KL is infinite.

# %% nbgrader={"grade": false, "grade_id": "three-numbers", "locked": false, "schema_version": 3, "solution": true, "task": false}
def three_numbers(samples, centres, std):
    """samples [n, 2], centres [K, 2] → islands found, share of good samples, KL: three numbers"""
    ### BEGIN SOLUTION
    distance, nearest = torch.cdist(samples, centres).min(1)
    good = distance <= 3 * std
    counts = torch.bincount(nearest[good], minlength=len(centres))
    if not good.any():
        return 0, 0.0, math.inf
    shares = counts / counts.sum()
    kl = torch.special.xlogy(shares, shares * len(centres)).sum()
    return int((counts > 0).sum()), good.float().mean().item(), kl.item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-three-numbers", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.three_numbers(three_numbers, seed=mine)
### BEGIN HIDDEN TESTS
check.three_numbers(three_numbers, seed=5101, count=900, std=0.2)
check.three_numbers(three_numbers, seed=5102, count=150, std=0.05)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · What a perfect sampler scores
#
# **In your course a sample is good within the number of standard deviations printed below. Which share of a perfect sampler's points
# is good, to three decimals?**
#
# The islands are Gaussians in the plane with the same standard deviation in every direction. Compute it; a count of samples is too rough.

# %%
print(f"good: within {check.limit(mine)} standard deviations")

# %% nbgrader={"grade": false, "grade_id": "perfect", "locked": false, "schema_version": 3, "solution": true, "task": false}
perfect = None
### BEGIN SOLUTION
perfect = 1 - math.exp(-(check.limit(mine) ** 2) / 2)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-perfect", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.perfect(perfect, seed=mine)


# %% [markdown]
# ## 3 · The average
#
# **Move the averaged generator a little towards the present one.**
#
# After step number `step`, every weight of the average becomes
#
# $$ d \cdot \text{average} + (1 - d) \cdot \text{weight}, \qquad d = \min\!\left(\texttt{decay},\; \frac{1 + \texttt{step}}{10 + \texttt{step}}\right), $$
#
# so that the average follows quickly while the run is young. Both networks have the same layers. Their **buffers** (what BatchNorm
# remembers of earlier batches, say) are not averaged: the average gets the present ones. The average takes part in no training,
# and the generator stays as it is.

# %% nbgrader={"grade": false, "grade_id": "update-average", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update_average(average, generator, step, decay=0.99):
    """Two networks with the same layers → nothing; `average` has moved"""
    ### BEGIN SOLUTION
    d = min(decay, (1 + step) / (10 + step))
    with torch.no_grad():
        for averaged, weight in zip(average.parameters(), generator.parameters(), strict=True):
            averaged.mul_(d).add_((1 - d) * weight)
        for kept, present in zip(average.buffers(), generator.buffers(), strict=True):
            kept.copy_(present)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-update-average", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.update_average(update_average, seed=mine)
### BEGIN HIDDEN TESTS
check.update_average(update_average, seed=5103, steps=(1, 89, 10_000), decay=0.9)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · What ails it?
#
# **Tell, before any training, what is wrong with a GAN.** A patient has a `generator`, a `discriminator`, a `generator_optimizer`, a
# `discriminator_optimizer`, `data` of shape [512, dims], and a `noise_dim`. It is one of these, and you return its name:
#
# | name | what it is |
# |---|---|
# | `"healthy"` | nothing is wrong |
# | `"data not scaled"` | the data are a hundred times as large as they should be |
# | `"sigmoid at D's end"` | the discriminator returns probabilities, whatever its layers are called; its weights would learn from a loss that wants scores |
# | `"G's optimiser holds D"` | the generator's optimiser was given the discriminator's weights |
#
# You may train the patient a little: every call of your function gets fresh ones. One healthy patient has a discriminator whose scores
# all lie between 0 and 1 at the start, so a look at the first scores is not enough.

# %% nbgrader={"grade": false, "grade_id": "diagnose", "locked": false, "schema_version": 3, "solution": true, "task": false}
def diagnose(patient):
    """A patient → the name of what is wrong with it"""
    ### BEGIN SOLUTION
    fake = patient.generator(torch.randn(512, patient.noise_dim)).detach()
    if patient.data.abs().max() > 20 * fake.abs().max() and patient.data.abs().max() > 20:
        return "data not scaled"
    before = [weight.detach().clone() for weight in patient.generator.parameters()]
    for _ in range(100):
        scores_real, scores_fake = patient.discriminator(patient.data), patient.discriminator(fake)
        patient.discriminator_optimizer.zero_grad()
        (softplus(-scores_real) + softplus(scores_fake)).mean().backward()
        patient.discriminator_optimizer.step()
    if scores_real.max() <= 1 and scores_fake.min() >= 0:
        return "sigmoid at D's end"
    patient.generator_optimizer.zero_grad()
    softplus(-patient.discriminator(patient.generator(torch.randn(64, patient.noise_dim)))).mean().backward()
    patient.generator_optimizer.step()
    if all(map(torch.equal, before, patient.generator.parameters())):
        return "G's optimiser holds D"
    return "healthy"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-diagnose", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.diagnose(diagnose, seed=mine)
### BEGIN HIDDEN TESTS
check.diagnose(diagnose, seed=5104, dims=(3, 5))
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training fails, on every seed. One line is wrong: find it, and mend it.**
#
# ```python
# def training(gan, data, steps, rate):
#     groups = gan.generator_optimizer.param_groups + gan.discriminator_optimizer.param_groups
#     for step in range(steps):
#         for group in groups:  # from `rate` to nothing, along half a cosine
#             group["lr"] = group["lr"] * (1 + math.cos(math.pi * step / steps)) / 2
#         real = data[torch.randint(len(data), (8, 64))]
#         noise = torch.randn(2, 8, 64, 2)
#
#         fake = gan.generator(noise[0]).detach()
#         loss = softplus(gan.discriminator(fake) - gan.discriminator(real))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         loss = softplus(gan.discriminator(real) - gan.discriminator(gan.generator(noise[1])))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once: `real` has shape [8, 64, 2], a batch for each, and the sum over the GANs gives each its own gradient.
# The loss is the relativistic one. Its curves look as if the game had settled: both losses hardly move after the first hundred steps.

# %% nbgrader={"grade": false, "grade_id": "training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def training(gan, data, steps, rate):
    """Eight GANs, data [n, 2], the learning rate at the first step → nothing; both networks of `gan` have learned"""
    ### BEGIN SOLUTION
    groups = gan.generator_optimizer.param_groups + gan.discriminator_optimizer.param_groups
    for step in range(steps):
        for group in groups:
            group["lr"] = rate * (1 + math.cos(math.pi * step / steps)) / 2
        real = data[torch.randint(len(data), (8, 64))]
        noise = torch.randn(2, 8, 64, 2)

        fake = gan.generator(noise[0]).detach()
        loss = softplus(gan.discriminator(fake) - gan.discriminator(real))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        loss = softplus(gan.discriminator(real) - gan.discriminator(gan.generator(noise[1])))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at two short trainings first: with which learning rate did each optimiser step? Then your function trains eight
# GANs on your ring for 500 steps. At least half of them should find all islands but one, and put a fifth of their samples on them.

# %% nbgrader={"grade": true, "grade_id": "check-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.training(training, seed=mine)
### BEGIN HIDDEN TESTS
check.training(training, seed=5105, short=(4, 11))
### END HIDDEN TESTS

# %%
data = check.own_ring(mine).sample(500)
figure, panels = plt.subplots(2, 4, figsize=(7.2, 3.8), sharex=True, sharey=True)
for panel, fakes in zip(panels.flat, samples, strict=True):
    points.draw_points(panel, data, fakes)
figure.suptitle("Eight GANs, after 500 of your steps")
plt.show()

# %% [markdown]
# ## 6 · Read the curves
#
# Four trainings on eight islands, 1,500 steps each, that differ only in the two learning rates. Above, the losses of $D$ (green) and $G$
# (orange); a dashed line marks $2 \log 2$. Below, real points in blue and the fakes at the end in orange.

# %%
gallery = check.gallery(mine)
figure, axes = plt.subplots(2, 4, figsize=(7.2, 4.2))
for (letter, (history, fakes)), (above, below) in zip(gallery.items(), axes.T):
    for values, color in ((history.discriminator_loss, style.DISCRIMINATOR), (history.generator_loss, style.FAKE)):
        curves.draw_curve(above, history.step, values, color, window=25)
    above.axhline(2 * math.log(2), color=style.REFERENCE, ls="--", lw=1)
    above.set(ylim=(0, 4), title=f"run {letter}", xlabel="")
    points.draw_points(below, ring().sample(300), fakes)
    if (fakes.abs() > 3).any(-1).all():
        below.text(0, 0, "all fakes are\noff the page", ha="center", va="center", color=style.FAKE, fontsize=9)
axes[0, 0].set_ylabel("loss: D green, G orange")
plt.show()

# %% [markdown]
# **Give every run its name: `"healthy"`, `"G too slow"`, `"G too fast"` or `"D too slow"`.**

# %% nbgrader={"grade": false, "grade_id": "runs", "locked": false, "schema_version": 3, "solution": true, "task": false}
runs = {"A": "", "B": "", "C": "", "D": ""}
### BEGIN SOLUTION
runs = dict(zip("ABCD", check.order(mine)))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-runs", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.runs(runs)
### BEGIN HIDDEN TESTS
check.runs(runs, seed=mine)
### END HIDDEN TESTS

# %% [markdown]
# **In three or four sentences (4 points):** which run would you have taken for another one without its lower panel, and why? In which run has
# $D$ *lost*, and which number tells you? And a friend stops every training as soon as both losses stand still: what do you answer,
# with task 5 as your example?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-curves", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# *G too fast* looks like the healthy run: its losses stay near those of two players of about equal strength, while all its fakes are
# one point that jumps from place to place; losses compare the players and say nothing about variety. In *D too slow* the
# discriminator has lost: its loss ends above $2 \log 2 \approx 1.39$, so it does worse than one that gives every point the score 0.
# A loss that stands still says that neither player gains on the other. In task 5 both stood still because the learning rates had
# sunk to nothing, with most islands not found; measure the samples before you stop.
#
# **Rubric.** 1 point: *G too fast* is taken for *healthy*. 1 point: because losses do not show that all fakes are alike. 1 point: *D too
# slow*, by a loss above $2 \log 2$ (above "knowing nothing"). 1 point: a flat loss is no sign of quality, with the vanished learning
# rate or another valid reason.

# %% [markdown]
# ## Go on
#
# Sample task 5's GANs from their averages: call your `update_average` after every step on a `copy.deepcopy` of the generator. Does it help
# in 500 steps? Then read [chapter 06](../../../06_mode_collapse.ipynb), about the islands that stay missing.
