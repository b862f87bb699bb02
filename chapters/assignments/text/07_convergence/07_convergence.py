# %% [markdown]
# # 07 · Convergence: assignment
#
# **You will** write the arrows of the smallest GAN, forecast from eigenvalues whether a game settles, write the penalty of WGAN-GP,
# mend a training whose penalty does nothing, and read three trajectories.
#
# Each task is one sentence, something to fill in, and a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 07](../../../07_convergence.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 80 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import math

import matplotlib.pyplot as plt
import torch

from gan_lessons.checks import convergence as check
from gan_lessons.plots import points, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your game, your states and your islands then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · The arrow
#
# **Return where both players of a Dirac-GAN want to go.**
#
# The real point is at 0, the fake at $θ$, and $D$ scores $x$ by $s(x) = -φx$. Each player moves against the slope of its own loss in its
# own number. $G$'s loss is the non-saturating one; $D$'s is the cross-entropy with R1,
#
# $$ L_G = \operatorname{softplus}(-s(θ)), \qquad L_D = \operatorname{softplus}(-s(0)) + \operatorname{softplus}(s(θ)) + \tfrac{γ}{2}\, s'(0)^2. $$
#
# By hand or by autograd. $θ$ and $φ$ may be large: $φθ$ may be some thousands.

# %% nbgrader={"grade": false, "grade_id": "arrow", "locked": false, "schema_version": 3, "solution": true, "task": false}
def arrow(theta, phi, weight):
    """Two numbers, and the weight γ of R1 → the arrow: its part in θ, its part in φ"""
    ### BEGIN SOLUTION
    sigmoid = lambda t: (1 + math.tanh(t / 2)) / 2
    return -phi * sigmoid(phi * theta), theta * sigmoid(-phi * theta) - weight * phi
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-arrow", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.arrow(arrow, seed=mine)
### BEGIN HIDDEN TESTS
check.arrow(arrow, seed=7101, count=8, far=35.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · How fast is too fast?
#
# **Up to which learning rate $η$ do simultaneous steps settle at $(0, 0)$ in the game of task 1, with the weight $γ$ that is printed below?**
#
# Both players have the same rate and move from the same state. Near the equilibrium the arrow is $J$ times the state, and a step
# multiplies it by $1 + ηλ$ along each eigenvector of $J$. Give the limit to two decimals.

# %%
print(f"your game: γ = {check.own_weight(mine)}")

# %% nbgrader={"grade": false, "grade_id": "largest-rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
largest_rate = None
### BEGIN SOLUTION
largest_rate = 4 * check.own_weight(mine)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-largest-rate", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.largest_rate(largest_rate, seed=mine)


# %% [markdown]
# ## 3 · Does it settle?
#
# **Say for any game whether simultaneous steps of size `rate` settle at its equilibrium.**
#
# `jacobian` holds the slopes of the arrows there, $J_{ij} = \partial v_i / \partial x_j$. It settles if a small displacement dies away, whatever its direction.

# %% nbgrader={"grade": false, "grade_id": "settles", "locked": false, "schema_version": 3, "solution": true, "task": false}
def settles(jacobian, rate):
    """A matrix [k, k] and a learning rate → True or False"""
    ### BEGIN SOLUTION
    return bool(((1 + rate * torch.linalg.eigvals(jacobian)).abs() < 1).all())
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-settles", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.settles(settles, seed=mine)
### BEGIN HIDDEN TESTS
check.settles(settles, seed=7102, scale=2.0)
check.settles(settles, seed=7103, scale=0.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · A slope of one in between
#
# **Write the gradient penalty: `weight` times the mean, over the batch, of the squared difference between the slope's length and 1, at points
# between real and fake samples.**
#
# $$ \hat x = u\,x + (1 - u)\,G(z), \qquad w \operatorname{mean}\, \bigl( \lVert \nabla s(\hat x) \rVert - 1 \bigr)^2 $$
#
# Every sample has a share $u$ of its own, which is given. The discriminator will learn from the penalty. Samples may be points or images.

# %% nbgrader={"grade": false, "grade_id": "gradient-penalty", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_penalty(discriminator, real, fake, u, weight=10.0):
    """real [n, ...], fake [n, ...], u [n] → a tensor of shape []

    discriminator: samples [n, ...] → scores [n]
    """
    ### BEGIN SOLUTION
    u = u.view(-1, *[1] * (real.dim() - 1))
    between = (u * real + (1 - u) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(between).sum(), between, create_graph=True)
    return weight * (slope.flatten(1).norm(dim=1) - 1).square().mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-gradient-penalty", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.gradient_penalty(gradient_penalty, seed=mine)
### BEGIN HIDDEN TESTS
check.gradient_penalty(gradient_penalty, seed=7104, shapes=((5, 3), (3, 2, 4, 4)), weight=2.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training has a penalty, R1, and behaves as if it had none. One line is wrong: find it, and mend it.**
#
# ```python
# def damped_training(gan, batches, weight):
#     for real, noise in batches:
#         real = real.requires_grad_()
#         fake = gan.generator(noise[0]).detach()
#         real_scores, fake_scores = gan.discriminator(real), gan.discriminator(fake)
#         (slope,) = torch.autograd.grad(real_scores.sum(), real, retain_graph=True)
#         penalty = weight / 2 * slope.square().sum(-1).mean(-1)
#         loss = (fake_scores - real_scores).mean(-1) + penalty
#         gan.discriminator_optimizer.zero_grad()
#         loss.sum().backward()
#         gan.discriminator_optimizer.step()
#
#         loss = -gan.discriminator(gan.generator(noise[1])).mean(-1)
#         gan.generator_optimizer.zero_grad()
#         loss.sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once, with the Wasserstein loss: `real` has shape [8, 64, 2] and `noise` [2, 8, 64, 2], `loss` is one number a GAN, and their
# sum gives each its own gradient. The printed loss of $D$ even contains a penalty that looks reasonable.

# %% nbgrader={"grade": false, "grade_id": "damped-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def damped_training(gan, batches, weight):
    """Eight GANs, pairs of real [8, n, 2] and noise [2, 8, n, 2], the weight of R1 → nothing; `gan` has learned"""
    ### BEGIN SOLUTION
    for real, noise in batches:
        real = real.requires_grad_()
        fake = gan.generator(noise[0]).detach()
        real_scores, fake_scores = gan.discriminator(real), gan.discriminator(fake)
        (slope,) = torch.autograd.grad(real_scores.sum(), real, create_graph=True)
        penalty = weight / 2 * slope.square().sum(-1).mean(-1)
        loss = (fake_scores - real_scores).mean(-1) + penalty
        gan.discriminator_optimizer.zero_grad()
        loss.sum().backward()
        gan.discriminator_optimizer.step()

        loss = -gan.discriminator(gan.generator(noise[1])).mean(-1)
        gan.generator_optimizer.zero_grad()
        loss.sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains eight GANs on your ring, in 400
# rounds. At least half of them should find all islands but one.

# %% nbgrader={"grade": true, "grade_id": "check-damped-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.damped_training(damped_training, seed=mine)
### BEGIN HIDDEN TESTS
check.damped_training(damped_training, seed=7105, rounds=3)
### END HIDDEN TESTS

# %%
data = check.own_ring(mine).sample(500)
figure, panels = plt.subplots(2, 4, figsize=(7.2, 3.8), sharex=True, sharey=True)
for panel, fakes in zip(panels.flat, samples, strict=True):
    points.draw_points(panel, data, fakes)
figure.suptitle("Eight GANs, after 400 of your rounds")
plt.show()

# %% [markdown]
# ## 6 · Read the trajectories
#
# Three ways to play the Dirac-GAN with the Wasserstein loss, from $(1, 1)$ and with $η = 0.1$: simultaneous steps, alternating steps, and alternating steps with R1. Which is which
# depends on your name. Left both players; right the distance from the equilibrium, step by step.

# %%
ways = check.trajectories(mine)
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.6))
for (letter, path), color in zip(ways.items(), style.CATEGORIES):
    left.plot(*path.T, color=color, lw=1)
    right.plot((path**2).sum(-1) ** 0.5, color=color)
    right.annotate(letter, (len(path), (path[-1] ** 2).sum() ** 0.5), color=color, fontsize=11)
left.plot(0, 0, "+", color=style.REAL, ms=11, mew=2)
left.set(aspect="equal", xlabel="θ: where the fake is", ylabel="φ: how steep D is")
right.set(xlabel="step", ylabel="distance from (0, 0)", ylim=(0, None))
plt.show()

# %% [markdown]
# **In three or four sentences (4 points):** which letter is which way, and how do you tell? Explain the growth of one of them by $|1 + ηλ|$. For which of the three
# would the *average* of all states so far be a good answer, and why does averaging not replace a penalty when networks are trained?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-trajectories", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The way that moves outwards is the simultaneous one, the one that stays at about the same distance the alternating one, and the one that
# spirals in has R1. Simultaneous steps grow because the eigenvalues are $\pm i$: each step multiplies the distance by
# $|1 \pm 0.1i| = \sqrt{1.01}$, about 1.005, and 250 steps by about 3.5. The average of the alternating trajectory is a good answer, since
# the loop closes around the equilibrium. In a network the trajectory need not close around anything good, and a generator whose weights are averaged over
# very different states need not make good samples; the penalty brings the players themselves to rest.
#
# **Rubric.** 1 point: all three letters right, with a reason. 1 point: $|1 \pm iη| > 1$, or $\sqrt{1 + η^2}$, in any form. 1 point: the average of
# the *alternating* loop lies near the equilibrium (the average of the simultaneous spiral swings ever farther). 1 point: averaging leaves the game as it is; or the loop of a network
# need not surround a good state.

# %% [markdown]
# ## Go on
#
# Put your `gradient_penalty` in place of R1 in task 5 (the slopes of eight GANs are `[8, 64, 2]`: what has to change?). Does it
# reach as many islands? Then read [chapter 08](../../../08_measuring_a_gan.ipynb), about numbers that you can trust when nobody knows the islands.
