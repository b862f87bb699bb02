# %% [markdown]
# # 02 · The generator: assignment
#
# **You will** compute the density that a map makes of its noise, on a line and in many dimensions, find out what an uneven crossing costs,
# mend a deep generator that does not learn, and tell four generators apart by their numbers.
#
# Each task is one sentence, something to fill in, and a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 02](../../../02_the_generator.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Five tasks, 18 points, about 70 minutes. Checks tell you about 14 of the
# points; a person reads your sentences at the end, for four.

# %%
import math
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from torch import nn

from gan_lessons.checks import the_generator as check
from gan_lessons.plots import points, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your maps, your numbers and the order of your generators then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · A map that rises and falls
#
# **Return the density of $x = G(z)$. The noise $z$ is uniform between `z[0]` and `z[-1]`, and $G$ joins the points `(z[0], g[0])`, `(z[1], g[1])`, … by straight lines.**
#
# The lines rise and fall, so some `x` are reached from several places; others are not reached at all, and have the density 0. No `x` is one of the numbers in `g`.

# %% nbgrader={"grade": false, "grade_id": "density", "locked": false, "schema_version": 3, "solution": true, "task": false}
def density(x, z, g):
    """x [m], z [k] rising, g [k] rising and falling → densities [m]"""
    ### BEGIN SOLUTION
    low, high = torch.minimum(g[:-1], g[1:]), torch.maximum(g[:-1], g[1:])
    reached = (low < x[:, None]) & (x[:, None] < high)
    slope = (g.diff() / z.diff()).abs()
    return (reached / slope).sum(1) / (z[-1] - z[0])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-density", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.density(density, seed=mine)
### BEGIN HIDDEN TESTS
check.density(density, seed=2101, pieces=(1, 15))
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · An uneven crossing
#
# **One mode gets fewer samples than the other. Which share of the samples falls between them?** To three decimals; compute it, a count of samples is too rough.
#
# The noise is standard normal. The generator sends it to two points, at both ends of a gap. It is flat but for one stretch, where it rises from one end of the gap to the other in a straight line. The width of
# the gap, the slope, and the share of the noise that lies left of the *middle* of this stretch are printed below. ($\Phi$ and its inverse are `torch.special.ndtr` and `torch.special.ndtri`.)

# %%
width, slope, left = check.crossing(mine)
print(f"the gap is {width} wide, the slope is {slope}, left of the middle is {left:.0%} of the noise")

# %% nbgrader={"grade": false, "grade_id": "in-the-gap", "locked": false, "schema_version": 3, "solution": true, "task": false}
in_the_gap = None
### BEGIN SOLUTION
middle = torch.special.ndtri(torch.tensor(left))
ends = middle + torch.tensor([-1, 1]) * width / slope / 2
in_the_gap = torch.special.ndtr(ends).diff()
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-in-the-gap", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.in_the_gap(in_the_gap, seed=mine)


# %% [markdown]
# ## 3 · A density in many dimensions
#
# **Return $\log q(x)$ at $x = G(z)$ for each row of `z`, of a generator that can be inverted.** The noise is standard normal in $d$ dimensions.
#
# `generator` takes $[n, d]$ and returns $[n, d]$, each row by itself; it also takes a single row $[d]$. You need not invert it: each $x$ comes from the one $z$ that you are given. (A generator whose density can
# be computed in this way is a normalising flow.)

# %% nbgrader={"grade": false, "grade_id": "log-density", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_density(generator, z):
    """A map of [..., d], z [n, d] → log-densities [n]"""
    ### BEGIN SOLUTION
    jacobian = torch.func.vmap(torch.func.jacrev(generator))(z)
    noise = -z.square().sum(1) / 2 - z.shape[1] / 2 * math.log(2 * math.pi)
    return noise - torch.linalg.slogdet(jacobian).logabsdet
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-log-density", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.log_density(log_density, seed=mine)
### BEGIN HIDDEN TESTS
check.log_density(log_density, seed=2102, dims=(1, 5), count=9)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Mend the sick generator
#
# **This deep generator hardly learns anything, on nearly every seed. One line is wrong: find it, and mend it.**
#
# ```python
# def deep_generator(widths):
#     layers = []
#     for inputs, outputs in pairwise(widths):
#         linear = nn.Linear(inputs, outputs)
#         nn.init.normal_(linear.weight, std=2 / inputs)
#         nn.init.zeros_(linear.bias)
#         layers += [linear, nn.ReLU()]
#     return nn.Sequential(*layers[:-1])
# ```
#
# For `widths` of 2, then fourteen times 32, then 2, it has fifteen layers. Before the first step all its samples are nearly the same, and after training most of such generators still draw a single point. Follow a
# batch of noise through the layers, as section 4 of the chapter does.

# %% nbgrader={"grade": false, "grade_id": "deep-generator", "locked": false, "schema_version": 3, "solution": true, "task": false}
def deep_generator(widths):
    """A list of widths, noise first and samples last → linear layers, ReLUs between them, and their first weights"""
    ### BEGIN SOLUTION
    layers = []
    for inputs, outputs in pairwise(widths):
        linear = nn.Linear(inputs, outputs)
        nn.init.normal_(linear.weight, std=math.sqrt(2 / inputs))
        nn.init.zeros_(linear.bias)
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])
    ### END SOLUTION


# %% [markdown]
# The check first looks at the first weights: through ReLUs, the activations should keep their size from layer to layer; biases start at 0. Then eight of your generators are taught, as in the chapter, but for 300 steps: each is told the right
# island for all noise. A sample is good within three standard deviations of an island's centre. At least six of the eight should find all islands, or all but one, and have 60 % good samples.

# %% nbgrader={"grade": true, "grade_id": "check-deep-generator", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.deep_generator(deep_generator, seed=mine)
### BEGIN HIDDEN TESTS
check.deep_generator(deep_generator, seed=2103, shapes=((2, 40, 80, 40, 160, 3),))
### END HIDDEN TESTS

# %%
data = check.own_ring(mine, 0.15).sample(500)
figure, panels = plt.subplots(2, 4, figsize=(7.2, 3.8), sharex=True, sharey=True)
for panel, fakes in zip(panels.flat, samples, strict=True):
    points.draw_points(panel, data, fakes)
figure.suptitle("Eight of your generators, taught for 300 steps")
plt.show()

# %% [markdown]
# ## 5 · Read the numbers
#
# Four generators are to make eight islands on a ring of radius 2, each a small Gaussian in the plane, whose own samples are good in 98.9 % of all cases. One has **one noise number**, one has **two**, one has **two and a
# switch**, a number from 1 to 8 that is drawn with them; the fourth is an **untrained** multilayer perceptron of twelve layers of `nn.Linear` with ReLUs. Of 4,000 samples of each: how many islands were found, which share lies between them (is not good),
# how far the samples lie from their mean (root mean square), and their dimension, estimated as in the chapter from nearest neighbours.

# %%
table = check.four_generators(mine)
print(" " * 20, *(f"{letter:>9}" for letter in table))
for name in table["A"]:
    print(f"{name:20}", *(f"{numbers[name]:9.3g}" for numbers in table.values()))

# %% [markdown]
# **In four or five sentences (4 points):** which generator is which, and by which numbers do you tell? Which of them would need a steeper map to get better, and would more noise numbers help it? Why does the best one need no
# steepness at all? What would you change in the untrained one before its training?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-generators", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The untrained one finds nothing and its samples are all but one point: their spread is thousands of times smaller than that of the data. The one with a single noise number has a dimension near 1: it draws a curve, however well that
# curve visits the islands. Of the two with a dimension near 2, the one with a share between the islands of about 1 %, which is the data's own, has the switch; the other leaves several per cent there. Both without a switch would need a steeper map: noise in one piece stays in one piece, so some of it must
# land in the gaps, about in proportion to one over the slope. More noise numbers do not change that. The switch has cut the noise into eight pieces, and nothing has to cross a gap. In the untrained
# one the biases have drowned the noise: He's first weights (variance $2/n$) with biases at 0, or normalisation, or residual connections.
#
# **Rubric.** 1 point: all four named, with the dimension for the single noise number and the spread (or no islands) for the untrained one. 1 point: the switch by its share of about 1 %. 1 point: steepness is needed because noise in one piece has to cross the
# gaps; more noise numbers do not help, and the switch has nothing to cross. 1 point: He initialisation with zero biases, or another of the chapter's remedies, and not simply "train it".

# %% [markdown]
# ## Go on
#
# Count the dimension of what your mended generators of task 4 draw: how many of the fifteen layers does it survive before training? Then read [chapter 03](../../../03_the_discriminator.ipynb), about the other player.
