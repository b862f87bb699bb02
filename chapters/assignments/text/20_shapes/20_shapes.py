# %% [markdown]
# # 20 · Shapes: assignment
#
# **You will** write a figure down as a signed distance, count the holes of a solid, cut one block that is two letters, measure how far
# apart two clouds of points are, mend a training whose lamps look right from one side only, and judge five orders for a 3-D printer.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 20](../../../20_shapes.ipynb), and the package `gan_lessons` with its extra `pictures`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.colors import LinearSegmentedColormap
from torch.nn.functional import softplus

from gan_lessons.checks import shapes as check
from gan_lessons.networks.silhouettes import silhouettes
from gan_lessons.plots import style
from gan_lessons.plots.shapes import render, sheet

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your shapes and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · A figure of balls
#
# **Write down a figure made of balls as one truncated signed distance.**
#
# `centres` and `radii` are in voxels, and a centre is (height, depth, width). Cell `[i, j, k]` of the block has its middle at (i + 0.5, j + 0.5, k + 0.5). Its value is how deep the middle lies
# inside a ball, that is radius − distance to the centre, in units of a voxel and a half, and cut off at −1 and 1. Of the balls' values a cell takes the largest, so that what lies in any ball is solid.

# %% nbgrader={"grade": false, "grade_id": "balls", "locked": false, "schema_version": 3, "solution": true, "task": false}
def balls(centres, radii, size):
    """centres [k, 3], radii [k] → a block [size, size, size] of height, depth and width, above 0 inside"""
    ### BEGIN SOLUTION
    middles = torch.arange(size) + 0.5
    places = torch.stack(torch.meshgrid(middles, middles, middles, indexing="ij"), -1)
    depths = [radius - (places - centre).norm(dim=-1) for centre, radius in zip(centres, radii)]
    return (torch.stack(depths).amax(0) / 1.5).clamp(-1, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-balls", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
ball_samples = check.balls(balls, seed=mine)
### BEGIN HIDDEN TESTS
check.balls(balls, seed=20101, sizes=((4, 11), (1, 7)))
### END HIDDEN TESTS

# %% [markdown]
# The check's last balls make a figure of your own, in a block of 24 × 24 × 24. Who is it?

# %%
figure, axes = plt.subplots(figsize=(5.4, 2.8))
axes.imshow(np.concatenate([render(ball_samples, turn, side=256)[0] for turn in (0.6, -0.9)], 1)[40:])
axes.set_title(check.own_figure(mine))
axes.axis("off")
plt.show()

# %% [markdown]
# ## 2 · Count the holes
#
# **A solid of voxels has the numbers printed below. How many holes go through it?**
#
# Each corner, edge and face is counted once, also where voxels share it.

# %%
for name, count in check.own_counts(mine).items():
    print(f"{name:>15} {count:4}")

# %% nbgrader={"grade": false, "grade_id": "holes", "locked": false, "schema_version": 3, "solution": true, "task": false}
holes = None
### BEGIN SOLUTION
pieces, cavities, corners, edges, faces, voxels = check.own_counts(mine).values()
holes = pieces + cavities - (corners - edges + faces - voxels)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-holes", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.holes(holes, seed=mine)


# %% [markdown]
# ## 3 · Two pictures crossed
#
# **From a silhouette seen from the front and one seen from the left, cut the largest block that throws both.**
#
# A picture is above 0 where it is dark, and its first row is the *highest*. The columns of `front` run along the width and those of `side` along the depth, both in the direction of the block's axes.
# The block's first layer is the *lowest*. A cell is solid where it lies in the shadow of both pictures: its value is the smaller one of the two pixels in line with it.

# %% nbgrader={"grade": false, "grade_id": "crossed", "locked": false, "schema_version": 3, "solution": true, "task": false}
def crossed(front, side):
    """front [height, width], side [height, depth] → a block [height, depth, width]"""
    ### BEGIN SOLUTION
    return torch.minimum(front.flip(0)[:, None, :], side.flip(0)[:, :, None])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-crossed", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
crossed_samples = check.crossed(crossed, seed=mine)
### BEGIN HIDDEN TESTS
check.crossed(crossed, seed=20102, shapes=((3, 7, 5), (4, 4, 4)))
### END HIDDEN TESTS

# %% [markdown]
# Above, two letters of the check's in one block; below, your initials, once you have written them between the quotes.

# %%
initials = "GD"
blocks = [crossed_samples, crossed(*check.letters(initials))[None, None]]
views = ((0, 0), (-0.4, 0.3), (-1.2, 0.3), (-torch.pi / 2, 0))
figure, axes = plt.subplots(figsize=(7.2, 3.6))
axes.imshow(sheet(np.concatenate([render(block, *view) for block in blocks for view in views]), 4))
axes.set_xticks(range(64, 512, 128), ["from the front", "", "", "from the left"])
axes.set_yticks([64, 192], [check.own_pair(mine), initials])
axes.tick_params(length=0)
axes.spines[:].set_visible(False)
plt.show()


# %% [markdown]
# ## 4 · The Chamfer distance
#
# **Return the Chamfer distance of two clouds: the mean squared distance of the first one's points to their nearest points of the second, plus the same the other way round.**
#
# The clouds need not have the same number of points. Someone will walk down this distance, so gradients pass to both clouds.

# %% nbgrader={"grade": false, "grade_id": "chamfer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def chamfer(first, second):
    """first [n, 3], second [m, 3] → a tensor of shape []"""
    ### BEGIN SOLUTION
    squares = (first[:, None] - second).square().sum(-1)
    return squares.amin(1).mean() + squares.amin(0).mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-chamfer", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
cloud_samples = check.chamfer(chamfer, seed=mine)
### BEGIN HIDDEN TESTS
check.chamfer(chamfer, seed=20103, sizes=((4, 12), (9, 5)), steps=0)
### END HIDDEN TESTS

# %% [markdown]
# A sphere's points walk down your distance to points on the surface of your figure. No network folds the sphere here: each point goes its own way.

# %%
figure, panels = plt.subplots(1, 4, figsize=(7.2, 2.2))
for axes, cloud, name in zip(panels, cloud_samples, ("a sphere", "6 steps", "60 steps", "your figure")):
    height, depth, width = cloud.T
    right, near = width * np.cos(0.6) - depth * np.sin(0.6), depth * np.cos(0.6) + width * np.sin(0.6)
    up, near = height * np.cos(0.4) - near * np.sin(0.4), near * np.cos(0.4) + height * np.sin(0.4)
    order, hue = near.argsort(), style.REAL if name == "your figure" else style.FAKE
    shades = LinearSegmentedColormap.from_list("near", ["#EEEEEE", hue])  # pale behind
    axes.scatter(right[order], up[order], s=9, c=near[order], cmap=shades, linewidths=0)
    axes.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), aspect="equal", title=name)
    axes.axis("off")
plt.show()


# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training runs without an error, and its lamps look like lamps from the front. From any other side they do not. One line is wrong: find it, and mend it.**
#
# ```python
# def silhouette_training(gan, batches):
#     def pictured(noise, angles):
#         volumes = gan.generator(noise).flatten(0, 1)[:, None]
#         pictures = silhouettes(volumes, angles.flatten().deg2rad())
#         return pictures.view(8, -1, 64)
#
#     for real, noise, angles in batches:
#         fake = pictured(noise[0], angles[0]).detach()
#         loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         fake = pictured(noise[1], angles[1])
#         loss = softplus(-gan.discriminator(fake))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once, with the non-saturating loss. $G$ makes volumes, [8, n, 8, 8, 8], of noise [8, n, 4]; the chapter's `silhouettes(volumes, angles)`, for volumes [count, 1, 8, 8, 8] and angles [count] in radians, draws them; and $D$ sees pictures only, [8, n, 64].
# `real` are silhouettes of lamps, each seen from a side of its own all around. `angles` [2, 8, n] are drawn evenly from 0 to 2π, one for each fake, and `noise` is [2, 8, n, 4]; the first half of both is for $D$'s turn, the second for $G$'s.

# %% nbgrader={"grade": false, "grade_id": "silhouette-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def silhouette_training(gan, batches):
    """Eight GANs; batches of real [8, n, 64], noise [2, 8, n, 4], angles [2, 8, n] → nothing; `gan` has learned"""

    ### BEGIN SOLUTION
    def pictured(noise, angles):
        volumes = gan.generator(noise).flatten(0, 1)[:, None]
        pictures = silhouettes(volumes, angles.flatten())
        return pictures.view(8, -1, 64)

    for real, noise, angles in batches:
        fake = pictured(noise[0], angles[0]).detach()
        loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        fake = pictured(noise[1], angles[1])
        loss = softplus(-gan.discriminator(fake))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains eight GANs in 160 rounds on lamps of your own. At least half of the eight should make shapes
# with a mean IoU of 0.6 with the nearest real lamp. (As the sick training stands, it is about 0.4.)

# %% nbgrader={"grade": true, "grade_id": "check-silhouette-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
lamp_samples = check.silhouette_training(silhouette_training, seed=mine)
### BEGIN HIDDEN TESTS
check.silhouette_training(silhouette_training, seed=20104, rounds=3)
### END HIDDEN TESTS

# %% [markdown]
# Real lamps in blue; below, in orange, a lamp of each of your eight GANs, from the front and from the right. No GAN has seen a volume.

# %%
rows = [render(check.own_lamps(mine)[:8], 0, 0.2, color=style.REAL)]
rows += [render(lamp_samples[:, 0], turn, 0.2) for turn in (0, torch.pi / 2)]
figure, axes = plt.subplots(figsize=(7.2, 2.9))
axes.imshow(sheet(np.concatenate(rows), 8))
axes.set_yticks(range(64, 384, 128), ["real", "from the front", "from the right"])
axes.set_xticks([])
axes.tick_params(length=0)
axes.spines[:].set_visible(False)
plt.show()

# %% [markdown]
# ## 6 · Read the print checks
#
# Five meshes have been sent to a 3-D printer with a nozzle of 0.4 mm. This is what `print_check` says of them.

# %%
print("   size, mm           watertight  pieces  wall, mm  on the bed, mm²  overhang, mm²")
for name, found in check.orders(mine).items():
    size = " × ".join(f"{edge:.1f}" for edge in found.size)
    print(f"{name}  {size:19}{'yes' if found.watertight else 'no':10}{found.pieces:8}", end="")
    print(f"{found.wall:10.1f}{found.footprint:17.0f}{found.overhang:15.0f}")

# %% [markdown]
# **In five or six sentences (4 points):** one mesh can be printed as it is. Which? Say of each of the other four what is wrong with it, by which number you know, and what you would do. One of the four stays wrong even if `meshes.printable` repairs its volume, and `print_check` then finds no fault in it: which one, and why?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-orders", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The mesh that can be printed is watertight, in one piece, some centimetres large, with walls of several millimetres, hundreds of mm² on the bed and the least overhang of the large ones. The one with 0 mm² on the bed would stand on points and come off: level its feet, as `meshes.printable` does. The one of a few
# millimetres was probably written in centimetres and read in millimetres: its wall is thinner than two lines of the nozzle (0.8 mm); print it ten times as large. The one that is not watertight has an opening in its surface, so a slicer cannot tell inside from outside: make the mesh anew from its volume, by marching cubes with air around. The one in two pieces has something loose.
# `meshes.printable` keeps the largest piece only, and what it returns is watertight, in one piece and on the bed, but the piece that was dropped is missing (here a table's leg): `print_check` does not know what a table needs. The tests of the chapter's section 2 do.
#
# **Rubric.** 1 point: the printable one, with two numbers that say so (overhang alone is no reason to reject one: supports). 1 point: the one on points and the open one, with a cure for each. 1 point: the one that is too small, by its size or wall, and larger as the cure. 1 point: the one in pieces, and that after the repair a part is missing, which no number shows.

# %% [markdown]
# ## Go on
#
# Take two silhouettes of your figure of task 1 with `silhouettes`, at the angles 0 and −π/2, and let your function of task 3 cut a block from them: which of the balls can you still tell apart? Then read [chapter 21](../../../21_scaling_up.ipynb), where training itself is what has to be made faster.
