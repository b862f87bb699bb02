# %% [markdown]
# # 04 · The losses: assignment
#
# **You will** write three losses and a penalty, repair a training step, and watch eight GANs learn with it.
#
# Each task is one sentence, a function to fill in, and a **check**. A check calls your function, prints what it expected beside
# what is yours, and where they differ guesses why. It looks only at what your function does: values, gradients, what a
# training reaches. How you write it is your choice. You need this page and the package `gan_lessons`; nothing else.
#
# Scores and shapes are those of the chapter: a higher score means more real, and `[..., n]` is any number of GANs with
# $n$ scores each, `[n]` for one. After each task stands a question in words. It is not graded; answer it before you go on.
#
# To hand in, restart the kernel, run all cells, and save. Five tasks, 4 points each.

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn import functional

from gan_lessons.checks import the_losses as check
from gan_lessons.plots import points, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your checks then use numbers of your own, and your neighbour's printouts differ.

# %%
mine = check.seed_of("your name")


# %% [markdown]
# ## 1 · A hinge with a margin
#
# **Write the hinge loss with a margin $m$: the discriminator cares only about real scores below $m$ and fake scores above $-m$.**
#
# $$ L_D = \operatorname{mean}\max(0,\, m - s(x)) + \operatorname{mean}\max(0,\, m + s(G(z))), \qquad L_G = -\operatorname{mean} s(G(z)) $$

# %% nbgrader={"grade": false, "grade_id": "hinge", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hinge(real_scores, fake_scores, margin=1.0):
    """real_scores [..., n], fake_scores [..., n] → the discriminator's loss [...], the generator's loss [...]"""
    ### BEGIN SOLUTION
    discriminator = functional.relu(margin - real_scores) + functional.relu(margin + fake_scores)
    return discriminator.mean(-1), -fake_scores.mean(-1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-hinge", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.hinge(hinge, seed=mine)
### BEGIN HIDDEN TESTS
check.hinge(hinge, seed=4101, shapes=((7,), (3, 5), (2, 3, 4)), margin=0.5)
### END HIDDEN TESTS

# %% [markdown]
# *In words:* a margin of 10 instead of 1. What changes for a discriminator that may scale its scores as it likes, and what for
# one that may not?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-hinge", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# For the first, next to nothing: it multiplies its scores by ten and finds the same game, with gradients ten times as long for
# the generator. One whose slope is bounded (by spectral normalisation, say) cannot follow: nearly all samples lie within the
# margin, the hinge is a straight line there, and the loss becomes the Wasserstein loss.

# %% [markdown]
# ## 2 · The discriminator's turn
#
# **Return the discriminator's cross-entropy on real samples, labelled `label`, plus that on fakes, labelled 0; the discriminator
# gets a gradient, the generator none.**
#
# A label of 0.9 instead of 1 asks the discriminator not to be too sure of the real samples (one-sided label smoothing). Scores
# may be as large as 10,000: the loss should still be a number, and the right one.

# %% nbgrader={"grade": false, "grade_id": "discriminator-loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def discriminator_loss(generator, discriminator, real, noise, label=0.9):
    """real [n, 2], noise [n, 2] → one number, as a tensor of shape []

    generator: noise [n, 2] → points [n, 2]; discriminator: points [n, 2] → scores [n]
    """
    ### BEGIN SOLUTION
    real_scores, fake_scores = discriminator(real), discriminator(generator(noise).detach())
    on_real = label * functional.softplus(-real_scores) + (1 - label) * functional.softplus(real_scores)
    return (on_real + functional.softplus(fake_scores)).mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-discriminator-loss", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.discriminator_loss(discriminator_loss, seed=mine)
### BEGIN HIDDEN TESTS
check.discriminator_loss(discriminator_loss, seed=4102, batch=9, label=0.8)
check.discriminator_loss(discriminator_loss, seed=4103, batch=1, label=1.0)
### END HIDDEN TESTS

# %% [markdown]
# *In words:* in many training loops a forgotten `detach` changes no weight at all. Which line saves them, and what does the
# mistake still cost?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-discriminator-loss", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# The generator's `zero_grad()` before its own `backward()` throws away what the discriminator's turn has left there. The cost
# is time and memory: the discriminator's `backward` runs through the whole generator for nothing.

# %% [markdown]
# ## 3 · Every pair
#
# **Write the relativistic loss in which every real sample is compared with every fake of its GAN.**
#
# $$ L_D = \operatorname*{mean}_{i,j}\, \operatorname{softplus}(s(G(z_j)) - s(x_i)), \qquad L_G = \operatorname*{mean}_{i,j}\, \operatorname{softplus}(s(x_i) - s(G(z_j))) $$
#
# There may be more real samples than fakes. The chapter's pairing takes one fake for each real sample; this one takes them all.

# %% nbgrader={"grade": false, "grade_id": "every-pair", "locked": false, "schema_version": 3, "solution": true, "task": false}
def every_pair(real_scores, fake_scores):
    """real_scores [..., n], fake_scores [..., m] → the discriminator's loss [...], the generator's loss [...]"""
    ### BEGIN SOLUTION
    margins = real_scores[..., :, None] - fake_scores[..., None, :]
    return functional.softplus(-margins).mean((-2, -1)), functional.softplus(margins).mean((-2, -1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-every-pair", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.every_pair(every_pair, seed=mine)
### BEGIN HIDDEN TESTS
check.every_pair(every_pair, seed=4104, shapes=(((6,), (2,)), ((3, 4), (3, 4)), ((2, 3, 1), (2, 3, 5))))
### END HIDDEN TESTS

# %% [markdown]
# *In words:* a colleague subtracts real scores of shape `[n, 1]` from fake scores of shape `[n]` and wanted the chapter's
# pairing. What do they get, and does anything warn them?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-every-pair", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# Broadcasting makes `[n, n]` of it, and the mean hides the shape: they train with every pair, without a warning. The book's
# discriminators return `[..., n]`, with no dimension of size 1 at the end, for this reason.

# %% [markdown]
# ## 4 · A slope of zero at the data
#
# **Write the penalty R1: `weight` / 2 times the mean, over the real samples, of the squared length of the score's gradient there.**
#
# $$ R_1 = \tfrac{w}{2}\, \operatorname{mean}\, \lVert \nabla_x s(x) \rVert^2 $$
#
# The discriminator will learn from it, so the penalty itself must have a gradient. Samples may be points or images.

# %% nbgrader={"grade": false, "grade_id": "r1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def r1(discriminator, real, fake, weight=1.0):
    """real [n, ...], fake [n, ...] (not needed here, but all penalties take it) → a tensor of shape []

    discriminator: samples [n, ...] → scores [n]
    """
    ### BEGIN SOLUTION
    real = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)
    return weight / 2 * slope.flatten(1).square().sum(1).mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-r1", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.r1(r1, seed=mine)
### BEGIN HIDDEN TESTS
check.r1(r1, seed=4105, shapes=((5, 3), (3, 2, 4, 4), (1, 2)), weight=0.7)
### END HIDDEN TESTS

# %% [markdown]
# *In words:* why is `discriminator(real).sum()` differentiated, when what you want is the slope of each score by itself?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-r1", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# Each score depends on its own sample only, so the gradient of the sum at sample i is the gradient of score i. (With batch
# normalisation in the discriminator this is no longer true, and neither is the penalty.)

# %% [markdown]
# ## 5 · A step that trains
#
# **Repair this training step: three lines are wrong.**
#
# ```python
# def step(gan, loss, penalty, real, noise):
#     fake = gan.generator(noise[0]).detach()
#     losses = loss(gan.discriminator(real), gan.discriminator(fake))
#     discriminator_loss = losses.discriminator + penalty(gan.discriminator, real, fake)
#     discriminator_loss.backward()
#     gan.discriminator_optimizer.zero_grad()
#     gan.discriminator_optimizer.step()
#
#     losses = loss(gan.discriminator(real), gan.discriminator(gan.generator(noise[1])))
#     gan.generator_optimizer.zero_grad()
#     losses.discriminator.backward()
#     gan.discriminator_optimizer.step()
# ```
#
# It runs without complaint. First the discriminator should learn, with the penalty, from the fakes of `noise[0]`; then the
# generator, from what the updated discriminator says about the fakes of `noise[1]`. `loss` returns both players' losses under
# their names, as all losses of the book do; `gan` holds two networks and their two optimisers.

# %% nbgrader={"grade": false, "grade_id": "step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step(gan, loss, penalty, real, noise):
    """real [n, 2], noise [2, n, 2] → nothing; both networks of `gan` have learned"""
    ### BEGIN SOLUTION
    fake = gan.generator(noise[0]).detach()
    losses = loss(gan.discriminator(real), gan.discriminator(fake))
    discriminator_loss = losses.discriminator + penalty(gan.discriminator, real, fake)
    gan.discriminator_optimizer.zero_grad()
    discriminator_loss.backward()
    gan.discriminator_optimizer.step()

    losses = loss(gan.discriminator(real), gan.discriminator(gan.generator(noise[1])))
    gan.generator_optimizer.zero_grad()
    losses.generator.backward()
    gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at one small GAN first. Then your step trains eight GANs at once, 200 times, with the relativistic loss and a
# light penalty, on a ring of eight islands. At least half of the GANs should find seven islands or all eight.

# %% nbgrader={"grade": true, "grade_id": "check-step", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.step(step, seed=mine)
samples = check.reach(step, seed=mine)
### BEGIN HIDDEN TESTS
check.step(step, seed=4106, batch=5, rounds=4)
check.reach(step, seed=4107)
### END HIDDEN TESTS

# %%
data = check.islands(mine).sample(500)
figure, panels = plt.subplots(2, 4, figsize=(8, 4), sharex=True, sharey=True)
for panel, fakes in zip(panels.flat, samples, strict=True):
    points.draw_points(panel, data, fakes)
figure.suptitle("Eight GANs, after 200 of your steps")
plt.show()

# %% [markdown]
# *In words:* the optimisers of the check only note the gradients that they are given. Why does that find more than the picture
# above, in which even a wrong step may look right?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-step", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# A gradient is right or wrong after one step. A GAN forgives much: with stale scores or gradients that pile up it may still reach
# the islands, later or on other seeds only, and a picture of one run cannot tell a mistake from bad luck.

# %% [markdown]
# ## Go on
#
# Take a loss of your own into `step`: `every_pair` returns a plain pair, so what do you have to change? Then read
# [chapter 05](../../../05_the_first_gan.ipynb), which trains a GAN to the end and reads its curves.
