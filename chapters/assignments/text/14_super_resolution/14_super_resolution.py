# %% [markdown]
# # 14 · Super-resolution: assignment
#
# **You will** start a layer without a checkerboard, project a picture for a camera that weighs its pixels, work out what a blurred hair costs, enlarge a picture
# tile by tile, mend a training that ends below bicubic interpolation, and tell four ways of enlarging apart by three numbers.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 14](../../../14_super_resolution.ipynb), and the package `gan_lessons` with its extra `pictures`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch.nn.functional import avg_pool2d, interpolate, softplus

from gan_lessons.checks import super_resolution as check
from gan_lessons.plots import images, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your pictures and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · Start without a checkerboard
#
# **From the kernels and biases of an ordinary convolution, make the first weights and biases of a sub-pixel convolution that enlarges `scale` times, so that all the pixels of a
# square begin alike.**
#
# A sub-pixel convolution makes scale² values for every map and place, and `nn.PixelShuffle(scale)` unfolds them into squares of scale × scale pixels. With your weights, every pixel of a
# square should have the one value that the ordinary convolution makes at that place. The chapter did this for scale 2 and biases of 0; here both may be anything.

# %% nbgrader={"grade": false, "grade_id": "flat-start", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flat_start(kernels, biases, scale):
    """kernels [a, b, 3, 3], biases [a], a scale → weights [a · scale², b, 3, 3], biases [a · scale²]"""
    ### BEGIN SOLUTION
    many = scale**2
    return kernels.repeat_interleave(many, 0), biases.repeat_interleave(many, 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-flat-start", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
start_pictures = check.flat_start(flat_start, seed=mine)
### BEGIN HIDDEN TESTS
check.flat_start(flat_start, seed=14101, shapes=((2, 3, 4), (5, 1, 2)))
### END HIDDEN TESTS

# %% [markdown]
# A small photograph; enlarged by a sub-pixel convolution whose sixteen kernels a map begin apart; and by one that begins with your weights.

# %%
figure, axes = plt.subplots(figsize=(7.2, 2.6))
images.draw_sheet(axes, start_pictures, columns=3)
axes.set_title("Small; kernels that begin apart; your weights")
plt.show()


# %% [markdown]
# ## 2 · The nearest picture that shrinks back
#
# **A camera makes each small pixel as the *weighted* sum of a square of the large picture. Of all pictures that this camera would shrink to `small`, return the one nearest to `large`**,
# by the squared error.
#
# The weights [scale, scale] are positive, sum to 1 and are the same for all squares and channels; `weights[0, 0]` belongs to the upper left pixel. Equal weights would give the
# chapter's `consistent`. In general, two pictures that shrink to `small` differ, within each square, by something whose weighted sum is 0. The step to the nearest one is orthogonal to all
# such differences, so it moves the pixels of a square in proportion to their weights: by $t\,w$. How large must $t$ be? The network is trained *through* this step, so let the gradient pass.

# %% nbgrader={"grade": false, "grade_id": "project", "locked": false, "schema_version": 3, "solution": true, "task": false}
def project(large, small, weights):
    """large [n, c, scale · h, scale · w], small [n, c, h, w], weights [scale, scale] → the nearest picture, as large"""
    ### BEGIN SOLUTION
    scale = len(weights)
    every = weights.repeat(*small.shape[-2:])  # beside each pixel its weight, [scale · h, scale · w]
    shrunk = scale**2 * avg_pool2d(large * every, scale)
    t = (small - shrunk) / weights.square().sum()
    return large + every * interpolate(t, scale_factor=scale, mode="nearest")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-project", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.project(project, seed=mine)
### BEGIN HIDDEN TESTS
check.project(project, seed=14102, shapes=((2, 1, 2, 5, 4), (3, 2, 1, 1, 2)))
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · What a blurred hair costs
#
# **What PSNR does the best answer under the squared error reach?** In dB, one decimal.
#
# A square of 4 × 4 pixels has the value 0.6, but for a hair of value −1 that fills one of its four columns. The small picture does not show which one; only the
# probabilities of the columns are known, and printed below. A perfect network, trained with the squared error, returns the mean of the possible squares. Take its mean squared error, over all pixels and
# over the places of the hair, and convert that to PSNR. Pixels run from −1 to 1.

# %%
print("probabilities of columns 1 to 4:", check.own_places(mine))

# %% nbgrader={"grade": false, "grade_id": "hair-psnr", "locked": false, "schema_version": 3, "solution": true, "task": false}
hair_psnr = None
### BEGIN SOLUTION
errors = [1.6**2 * chance * (1 - chance) for chance in check.own_places(mine)]  # the variance in each column
hair_psnr = 10 * math.log10(2**2 / (sum(errors) / 4))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-hair-psnr", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.hair_psnr(hair_psnr, seed=mine)


# %% [markdown]
# ## 4 · Tile by tile
#
# **Enlarge a picture whose maps do not fit into memory: cut it into tiles, show the network each tile with a margin of its neighbours, cut off what it makes of the margin, and put the rest
# together.**
#
# Tiles have `tile` × `tile` pixels and begin at the upper left corner; at the right and below they may be smaller. The margin is `margin` pixels of the small picture on each side, but ends where the
# picture ends. So the network never sees more than tile + 2 · margin pixels a side. `network` takes [1, 3, a, b] and returns [1, 3, scale · a, scale · b], for any size.

# %% nbgrader={"grade": false, "grade_id": "in-tiles", "locked": false, "schema_version": 3, "solution": true, "task": false}
def in_tiles(network, small, tile, margin, scale):
    """network, small [1, 3, h, w], three whole numbers → the picture enlarged, [1, 3, scale · h, scale · w]"""
    ### BEGIN SOLUTION
    rows = []
    for top in range(0, small.shape[-2], tile):
        row = []
        for left in range(0, small.shape[-1], tile):
            above, before = min(margin, top), min(margin, left)
            seen = small[..., top - above : top + tile + margin, left - before : left + tile + margin]
            made = network(seen)[..., scale * above :, scale * before :]
            row.append(made[..., : scale * tile, : scale * tile])
        rows.append(torch.cat(row, -1))
    return torch.cat(rows, -2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-in-tiles", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
tiled_pictures = check.in_tiles(in_tiles, seed=mine)
### BEGIN HIDDEN TESTS
check.in_tiles(in_tiles, seed=14103, shapes=((7, 10, 3, 4, 2), (12, 5, 5, 1, 4)))
### END HIDDEN TESTS

# %% [markdown]
# A crop of 48 × 48 pixels by the chapter's GAN, in your tiles of 16. Where does each differ from the picture that was made as a whole? The brighter, the more (exaggerated).

# %%
differences = (tiled_pictures[:-1] - tiled_pictures[-1]).abs().mean(1, keepdim=True).expand(-1, 3, -1, -1)
figure, axes = plt.subplots(figsize=(7.2, 2.2))
images.draw_sheet(axes, torch.cat([tiled_pictures[-1:], 9 * differences - 1]), columns=4)
axes.set_title(f"The whole, and where tiles with a margin of {', '.join(map(str, check.MARGINS))} differ from it")
plt.show()


# %% [markdown]
# ## 5 · Mend the sick training
#
# **This training runs without an error, and its networks enlarge worse than bicubic interpolation. One line is wrong: find it, and mend it.**
#
# ```python
# def enlarging_training(gan, batches):
#     for real in batches:
#         small = interpolate(real, scale_factor=1 / 4)
#         fake = gan.generator(None, small)
#
#         margin = gan.discriminator(real, small) - gan.discriminator(fake.detach(), small)
#         loss = softplus(-margin).mean()
#         gan.discriminator_optimizer.zero_grad()
#         loss.backward()
#         gan.discriminator_optimizer.step()
#
#         margin = gan.discriminator(real, small) - gan.discriminator(fake, small)
#         loss = softplus(margin).mean() + 50 * (fake - real).abs().mean()
#         gan.generator_optimizer.zero_grad()
#         loss.backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains smaller versions of the chapter's networks with the relativistic loss and L1. The pictures that they will have to enlarge were shrunk by the chapter's degradation: each square of 4 × 4 pixels
# became its mean. `real` is [16, 3, 28, 28], sharp digits in [-1, 1]. $D$ scores patches of a picture beside the small one; $G$ ends in the chapter's `consistent`. (The perceptual loss and
# the penalties are left out on purpose.)

# %% nbgrader={"grade": false, "grade_id": "enlarging-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def enlarging_training(gan, batches):
    """A GAN, batches of sharp pictures [n, 3, h, w] → nothing; both networks of `gan` have learned"""
    ### BEGIN SOLUTION
    for real in batches:
        small = avg_pool2d(real, 4)  # `interpolate` took one pixel of sixteen
        fake = gan.generator(None, small)

        margin = gan.discriminator(real, small) - gan.discriminator(fake.detach(), small)
        loss = softplus(-margin).mean()
        gan.discriminator_optimizer.zero_grad()
        loss.backward()
        gan.discriminator_optimizer.step()

        margin = gan.discriminator(real, small) - gan.discriminator(fake, small)
        loss = softplus(margin).mean() + 50 * (fake - real).abs().mean()
        gan.generator_optimizer.zero_grad()
        loss.backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains a network on three digits of your own, in 100 steps. It enlarges others
# of them, shrunk by means; its PSNR should be at least 0.5 dB above that of projected bicubic interpolation.

# %% nbgrader={"grade": true, "grade_id": "check-enlarging-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
pictures = check.enlarging_training(enlarging_training, seed=mine)
### BEGIN HIDDEN TESTS
check.enlarging_training(enlarging_training, seed=14104, rounds=3)
### END HIDDEN TESTS

# %%
figure, axes = plt.subplots(figsize=(7.2, 3.7))
images.draw_sheet(axes, pictures, columns=8, rows=("small", "bicubic", "network", "true"))
axes.set_title(f"Held-out digits, {', '.join(map(str, check.own_figures(mine).names))}: bicubic ones are projected")
plt.show()

# %% [markdown]
# ## 6 · Read the numbers
#
# Four ways to enlarge patches of the chapter's held-out photographs four times, and bicubic interpolation for comparison. Two of the four are the chapter's stored networks, L1 and the GAN, as they are. One is
# the GAN without its last layer, the projection. And one lays the fine detail of *another* patch over the squares of the small picture, each of which keeps its mean. PSNR is in dB, and so is the spectrum gap; the last column
# says how far the enlarged picture, shrunk again and not clipped, is from the small one, in 255ths of the range.

# %%
for name, (psnr, gap, off) in check.four_ways(mine).items():
    print(f"{name:8} PSNR {psnr:5.2f}   spectrum gap {gap:5.2f}   shrunk, off by {off:5.2f}")

# %% [markdown]
# **In four or five sentences (4 points):** say which of A to D is which, and by which numbers you know. Now suppose that you have only the small pictures and many other sharp photographs. Which of the
# columns could you still compute, at least roughly? Which useless way of enlarging would they not expose, and why not?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-ways", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The one with the highest PSNR and a spectrum gap of about 10 dB is L1: near to the truth, shrinks back, and blurred. The one that is about 10 of 255 off when shrunk is the GAN without the projection; the other three shrink back
# exactly. Of the two that are left, both have a gap of about 3 dB. The GAN is the one with the higher PSNR, about that of bicubic interpolation; the other one, several dB lower, has another patch's detail.
#
# Without the truth there is no PSNR. Whether a picture shrinks back needs only the small one, and the spectrum gap can be taken, roughly, to the other photographs. The two do not expose the false detail: each square has the right mean
# whatever is laid over it, and the spectrum asks how much detail there is, not whether it belongs there. (So an enlarged picture is no evidence.)
#
# **Rubric.** 2 points for the four ways with the numbers that show them, ½ each. 1 point for the columns: no PSNR; shrinking back surely, the spectrum gap roughly, by other photographs. 1 point for the false detail, with
# the reason why it shrinks back or why the spectrum does not object.

# %% [markdown]
# ## Go on
#
# Enlarge a photograph of your own by `gan-lessons upscale` at three settings of `--invention`: which of its detail do you believe? Then read [chapter 15](../../../15_text.ipynb), about text.
