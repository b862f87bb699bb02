# %% [markdown]
# # 12 · Few pictures: assignment
#
# **You will** write a change for D's pictures, let overfitting set its probability, undo a change in your head, tell copies from new
# faces, mend a training that leaks, and read the scores of four discriminators.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 12](../../../12_few_pictures.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn.functional import pad, softplus

from gan_lessons.checks import few_pictures as check
from gan_lessons.penalties import r1_and_r2
from gan_lessons.plots import images, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your faces and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")

# %% [markdown]
# Four tops, three heads, four pairs of eyes and four mouths make 192 faces of 12 × 12 pixels. These 24 are yours, all that your GANs will know:

# %%
figure, axes = plt.subplots(figsize=(7.2, 1.3))
images.draw_sheet(axes, check.own_faces(mine), columns=12)
plt.show()


# %% [markdown]
# ## 1 · Shift a picture
#
# **Shift each picture by its own numbers of pixels, with grey where nothing is.**
#
# Picture $i$ moves `down[i]` pixels down and `right[i]` pixels to the right; a negative number moves it up, or to the left. Shifts are smaller than the picture. Pixels go from -1 to 1, so grey is
# 0. Pictures keep their size, what leaves them is lost, and gradients must reach `pixels`, since G learns through the change.

# %% nbgrader={"grade": false, "grade_id": "shifted", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shifted(pixels, down, right):
    """pixels [n, channels, height, width], down [n] and right [n] (whole numbers) → pixels of the same shape"""
    ### BEGIN SOLUTION
    height, width = pixels.shape[-2:]
    found = []
    for picture, rows, columns in zip(pixels, down.tolist(), right.tolist()):
        large = pad(picture, (width, width, height, height))
        found.append(large[:, height - rows : 2 * height - rows, width - columns : 2 * width - columns])
    return torch.stack(found)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-shifted", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
shifted_pictures = check.shifted(shifted, seed=mine)
### BEGIN HIDDEN TESTS
check.shifted(shifted, seed=12101, shapes=((5, 3, 4, 4), (3, 2, 7, 5)))
### END HIDDEN TESTS

# %%
figure, axes = plt.subplots(figsize=(7.2, 2))
images.draw_sheet(axes, shifted_pictures, columns=8, rows=("as they are", "shifted"))
plt.show()


# %% [markdown]
# ## 2 · As often as it takes
#
# **Return the probability p of augmentation after each reading of the held-out gap.**
#
# A reading is what D gave at one moment: the scores of known pictures, of held-out ones, and of fakes. From these comes the held-out gap
#
# $$ r_v = \frac{\mathbb E\, s(x_\text{known}) - \mathbb E\, s(x_\text{held out})}{\mathbb E\, s(x_\text{known}) - \mathbb E\, s(G(z))}. $$
#
# p begins at 0. After a reading above the target it rises by `rise`, after one below it falls by `rise`; it never leaves the range from 0 to `most`. (In all readings the known pictures lead the fakes
# clearly, and no gap is exactly at the target.)

# %% nbgrader={"grade": false, "grade_id": "feedback", "locked": false, "schema_version": 3, "solution": true, "task": false}
def feedback(readings, target, rise, most):
    """readings: a list of (known, held_out, fake), each a tensor of scores → a list, p after each reading"""
    ### BEGIN SOLUTION
    p, found = 0.0, []
    for known, held_out, fake in readings:
        gap = (known.mean() - held_out.mean()) / (known.mean() - fake.mean())
        p = min(max(p + (rise if gap > target else -rise), 0.0), most)
        found.append(p)
    return found
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-feedback", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.feedback(feedback, seed=mine)
### BEGIN HIDDEN TESTS
check.feedback(feedback, seed=12102, targets=(0.4, 0.6), most=0.7)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Undo a turn
#
# **D sees changed fakes, and the share printed below is upright. What share of G's own fakes, before the change, is upright?** A share from 0 to 1, two decimals.
#
# With the probability p printed below, a picture gets a turn by 0, 90, 180 or 270 degrees, all four equally likely. G's own fakes are upright, or lie on a side, or stand on their head.

# %%
p, seen = check.own_seen(mine)
print(f"p = {p}; upright, as D sees the fakes: {seen}")

# %% nbgrader={"grade": false, "grade_id": "undone", "locked": false, "schema_version": 3, "solution": true, "task": false}
undone = None
### BEGIN SOLUTION
undone = (seen - p / 4) / (1 - p)  # since seen = (1 - p) · before + p / 4, whichever way up a fake was
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-undone", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.undone(undone, seed=mine)


# %% [markdown]
# ## 4 · Copied or new?
#
# **For each fake, say whether it is clear, whether it is copied, and whether it is new.**
#
# `known` are the pictures that the GAN learned from, `every` all that are possible, the known ones among them. The distance of two pictures is the root mean square of the differences of their pixels (all
# channels, from 0 to 1). As in the chapter, a fake is
#
# - **clear** if its distance from the nearest of `every` is at most .08;
# - **copied** if it is clear, and the nearest of `known` is at most .002 farther away than the nearest of `every`;
# - **new** if it is clear, and the nearest of `known` is more than .02 farther away than the nearest of `every`.

# %% nbgrader={"grade": false, "grade_id": "copied-or-new", "locked": false, "schema_version": 3, "solution": true, "task": false}
def copied_or_new(fakes, known, every):
    """fakes [n, ...], known [k, ...], every [m, ...] → clear, copied, new: three tensors [n] of True and False"""

    ### BEGIN SOLUTION
    def nearest(pictures):
        return torch.stack([(fakes - each).flatten(1).square().mean(1).sqrt() for each in pictures]).amin(0)

    away, best = nearest(known), nearest(every)
    clear = best <= 0.08
    return clear, clear & (away <= best + 0.002), clear & (away > best + 0.02)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-copied-or-new", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
sorted_pictures = check.copied_or_new(copied_or_new, seed=mine)
### BEGIN HIDDEN TESTS
check.copied_or_new(copied_or_new, seed=12103, shapes=((2, 5, 5), (40,)))
### END HIDDEN TESTS

# %% [markdown]
# Noisy copies of your faces, noisy faces that are not yours, and averages of two of yours, as you have sorted them:

# %%
figure, panels = plt.subplots(len(sorted_pictures), 1, figsize=(7.2, 2.6))
for axes, (name, some) in zip(panels, sorted_pictures.items()):
    images.draw_sheet(axes, some, columns=8, rows=(name,))
plt.show()


# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training knows only faces that stand upright, and its generators draw most of theirs lying down. One line is wrong: find it, and mend it. The augmentation stays.**
#
# ```python
# def augmented_training(gan, batches, change):
#     def shown(real, fake):
#         return change(real), fake
#
#     for real, noise in batches:
#         real_seen, fake_seen = shown(real, gan.generator(noise[0]).detach())
#         margin = gan.discriminator(real_seen) - gan.discriminator(fake_seen)
#         penalty = r1_and_r2(gan.discriminator, real_seen, fake_seen, weight=0.3)
#         gan.discriminator_optimizer.zero_grad()
#         (softplus(-margin).mean(-1) + penalty).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         real_seen, fake_seen = shown(real, gan.generator(noise[1]))
#         margin = gan.discriminator(real_seen) - gan.discriminator(fake_seen)
#         gan.generator_optimizer.zero_grad()
#         softplus(margin).mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once, with the relativistic loss and its penalty. `real` [8, 32, 144] holds 32 of your faces for each GAN, 12 × 12 pixels in a row, and `noise` is [2, 8, 32, 6]; its first half is for $D$'s turn, its
# second for $G$'s. `change(pictures)` gives each picture, with probability .6, a quarter turn to the left, so that the hats are at the left; it is differentiable.

# %% nbgrader={"grade": false, "grade_id": "augmented-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def augmented_training(gan, batches, change):
    """Eight GANs, pairs of real [8, n, 144] and noise [2, 8, n, 6], a change → nothing; `gan` has learned"""

    ### BEGIN SOLUTION
    def shown(real, fake):
        return change(real), change(fake)

    for real, noise in batches:
        real_seen, fake_seen = shown(real, gan.generator(noise[0]).detach())
        margin = gan.discriminator(real_seen) - gan.discriminator(fake_seen)
        penalty = r1_and_r2(gan.discriminator, real_seen, fake_seen, weight=0.3)
        gan.discriminator_optimizer.zero_grad()
        (softplus(-margin).mean(-1) + penalty).sum().backward()
        gan.discriminator_optimizer.step()

        real_seen, fake_seen = shown(real, gan.generator(noise[1]))
        margin = gan.discriminator(real_seen) - gan.discriminator(fake_seen)
        gan.generator_optimizer.zero_grad()
        softplus(margin).mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from what does each player learn? (There `change` turns by the picture's place in the batch, without chance.) Then your function trains eight GANs on your 24 faces, in 200 rounds. At least
# six of the eight should draw nine in ten of their faces upright, as the nearest of the mean face's four turns tells.

# %% nbgrader={"grade": true, "grade_id": "check-augmented-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
pictures = check.augmented_training(augmented_training, seed=mine)
### BEGIN HIDDEN TESTS
check.augmented_training(augmented_training, seed=12104, rounds=3, steps=150)
### END HIDDEN TESTS

# %% [markdown]
# One row for each GAN, unselected. (D sees only two in five of the real faces upright.)

# %%
figure, axes = plt.subplots(figsize=(7.2, 4.8))
images.draw_sheet(axes, pictures[:, :14].flatten(0, 1), columns=14)
plt.show()

# %% [markdown]
# ## 6 · Read the scores
#
# Four discriminators, each of another GAN, have scored 64 known pictures, 500 held-out ones, and 500 fakes. (The scores are made up.) Dotted lines are means. Below stands the held-out gap $r_v$, first from all scores, then from three batches of 32 of each
# kind, cut off at ±2 as in the chapter.

# %%
four = check.discriminators(mine)
figure, panels = plt.subplots(2, 2, figsize=(7.2, 4.4))
colors = {"known": style.REAL, "held out": style.AVERAGE, "fake": style.FAKE}
for axes, (letter, groups) in zip(panels.flat, four.items()):
    low, high = (float(end(torch.cat(list(groups.values())))) for end in (torch.min, torch.max))
    for group, scores in groups.items():
        axes.hist(
            scores,
            torch.linspace(low, high, 40).tolist(),
            density=True,
            histtype="step",
            lw=1.6,
            color=colors[group],
            label=group,
        )
        axes.axvline(float(scores.mean()), color=colors[group], ls=":", lw=1)
    axes.set(title=letter, yticks=[], xlabel="score s")
figure.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
plt.show()
for letter, groups in four.items():
    every, *batches = check.gaps(groups)
    print(f"{letter}   r_v {every:5.2f}   in batches" + "".join(f"{gap:7.2f}" for gap in batches))

# %% [markdown]
# **In three to five sentences (4 points):** say of each of the four what its D has learned, and what the feedback with a target of .5 would do to p. For which of them does $r_v$ tell you nothing, and why? For which would you look for copies among the
# fakes first?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-scores", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The one with a gap near 0 and fakes far to the left has learned to tell real from fake, and held-out pictures as well as known ones: it does not overfit, and p falls, or stays at 0. The one whose held-out pictures lie far below the known ones, nearly at the
# fakes (gap about .75), has memorised what it knows: p rises. The one in which all three lie on top of each other has learned nothing, and its gap is one small difference divided by another, any number in each batch: it tells nothing, and p goes up and down
# by chance. In the last one the held-out pictures lie far below both others, and the gap is cut off at 2: D has memorised the known pictures and cannot tell the fakes from them, so these are probably copies, and I would look for them here first. p rises.
#
# **Rubric.** 1 point for each discriminator whose state is described by where its three groups lie, with the direction of p. For the one that has learned nothing: full point only if the answer says that $r_v$ divides by nearly nothing. For the last one:
# full point only if the answer says why the fakes may be copies.

# %% [markdown]
# ## Go on
#
# Can task 3 be answered at p = 1? And in task 5, if the turn came always, which way up would the fakes be? (Its turn always goes the same way.) Then read [chapter 13](../../../13_image_to_image.ipynb), where pictures become other pictures.
