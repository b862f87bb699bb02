# %% [markdown]
# # 19 · Video: assignment
#
# **You will** turn one picture into a film of writing, forecast an open future in two ways, carry a penalty over to other units, bend a chain of bones,
# mend a training whose films jump, and judge four generators of stick figures.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 19](../../../19_video.ipynb), and the package `gan_lessons` with the extra `pictures`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import video as check
from gan_lessons.plots import figures, images, style
from gan_lessons.plots.motion import Animation
from gan_lessons.skeleton import multiplied, rotated

torch.set_num_threads(1)
style.use()


def film(clips, columns, scale=2):
    """Clips [count, 1, frames, side, side] side by side, as a moving picture."""
    frames = []
    for at in range(clips.shape[2]):
        picture = (255 * images.tile(clips[:, :, at], columns)[..., 0]).round().byte()
        frames.append(picture.repeat_interleave(scale, 0).repeat_interleave(scale, 1).numpy())
    return Animation(frames, milliseconds=140, rest=700, colors=32)


# %% [markdown]
# Write your name between the quotes. Your kanji, your numbers and your films then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · Ink that never disappears
#
# **Turn pictures of two channels, how much ink and when, into films of writing.**
#
# The first channel is the ink $a$ that a pixel gets in the end, from 0 to 1. The second is the moment $w$ at which this ink begins to flow, in frames; it need not be a whole number. The flow takes as long as one frame, so in frame $t$ (0, 1, 2, …) the share $t + 1 - w$ of
# the ink is there, but never less than 0 or more than 1. A pixel is 1 on white paper and $-1$ under full ink:
#
# $$ x_t = 1 - 2\,a \cdot \min\bigl(\max(t + 1 - w,\, 0),\, 1\bigr) $$
#
# No choice of $a$ and $w$ lets a pixel become lighter. A generator learns both channels, so both need their gradient.

# %% nbgrader={"grade": false, "grade_id": "ink-film", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ink_film(pictures, frames):
    """pictures [batch, 2, side, side], frames a whole number → films [batch, 1, frames, side, side]"""
    ### BEGIN SOLUTION
    ink, when = pictures[:, :1, None], pictures[:, 1:, None]
    times = torch.arange(frames)[:, None, None]
    return 1 - 2 * ink * (times + 1 - when).clamp(0, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-ink-film", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
written_pictures = check.ink_film(ink_film, seed=mine)
### BEGIN HIDDEN TESTS
check.ink_film(ink_film, seed=19101, shapes=((3, 4, 6), (1, 6, 2)))
### END HIDDEN TESTS

# %% [markdown]
# Your function writes a kanji of your own, which the check has turned into two channels. (Strokes by KanjiVG, Ulrich Apel and others, CC BY-SA 3.0.)

# %%
film(written_pictures, columns=1, scale=3)


# %% [markdown]
# ## 2 · Two forecasts of an open future
#
# **Return the frame that squared error asks for, and the frame that absolute error (L1) asks for.**
#
# `futures` holds all the frames that may come next, and `chances` their probabilities, which add up to 1. The best forecast by squared error is the mean of all futures, each weighted by its probability. By absolute error it is the median of every pixel by itself: the lowest of the pixel's values for which the futures with this
# value or a lower one have, together, a probability of at least one half. Futures may have any shape.

# %% nbgrader={"grade": false, "grade_id": "two-forecasts", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_forecasts(futures, chances):
    """futures [count, ...], chances [count] → two forecasts [...]: by squared error, by absolute error"""
    ### BEGIN SOLUTION
    mean = torch.tensordot(chances, futures, 1)
    values, order = futures.sort(0)
    reached = chances[order].cumsum(0) >= 0.5
    return mean, torch.where(reached, values, torch.inf).amin(0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-two-forecasts", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
forecast_pictures = check.two_forecasts(two_forecasts, seed=mine)
### BEGIN HIDDEN TESTS
check.two_forecasts(two_forecasts, seed=19102, shapes=((5, 30), (6, 3, 3, 2), (4, 5)))
### END HIDDEN TESTS

# %% [markdown]
# A digit of yours that jumps to the left, straight on, or to the right, with two kinds of probabilities, and your two forecasts. In the second row no future has more than one half. What has L1 drawn there, and why?

# %%
figure, rows = plt.subplots(2, 5, figsize=(7.2, 3.2), layout="constrained")
for row, (chances, frames) in zip(rows, forecast_pictures.items(), strict=True):
    names = [f"{name}: {chance:.2f}" for name, chance in zip(("left", "on", "right"), chances, strict=True)]
    for axes, frame, name in zip(row, frames, [*names, "squared error", "L1"], strict=True):
        axes.imshow(frame, cmap="gray", vmin=-1, vmax=1)
        axes.set_title(name, fontsize=10)
        axes.axis("off")
plt.show()

# %% [markdown]
# ## 3 · The same penalty in other units
#
# **A GAN of stick figures was trained on joints in metres, with the weight of R1 that is printed below. Now the same joints are to be given in pixels. Which weight makes the penalty what it was, for a discriminator that gives every figure the same score as before?**

# %%
weight, scale = check.own_joints(mine)
print(f"weight {weight} in metres; a metre is {scale} pixels")

# %% nbgrader={"grade": false, "grade_id": "same-penalty", "locked": false, "schema_version": 3, "solution": true, "task": false}
same_penalty = None
### BEGIN SOLUTION
same_penalty = weight * scale**2
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-same-penalty", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.same_penalty(same_penalty, seed=mine)


# %% [markdown]
# ## 4 · A chain of bones
#
# **Return where the joints of a chain are when each joint turns everything beyond it.**
#
# The chain starts at the origin. Bone $i$ begins where bone $i - 1$ ends. `bones` says where each bone would lead if no joint were turned, as a vector from its beginning to its end. `quaternions` holds a rotation for each bone, at the joint where it begins, as a unit quaternion: it turns this bone and all that follow. So a bone is turned by every rotation from the first joint to its own, as
# the forearm is by shoulder and elbow in the chapter. `rotated(quaternion, vector)` turns a vector, and `multiplied(first, second)` composes two rotations, its *second* argument first; both work on the last dimension. There may be any number of dimensions before that of the bones.

# %% nbgrader={"grade": false, "grade_id": "chain", "locked": false, "schema_version": 3, "solution": true, "task": false}
def chain(quaternions, bones):
    """quaternions [..., count, 4], bones [count, 3] → places [..., count + 1, 3]: the origin, then each bone's end"""
    ### BEGIN SOLUTION
    turn = quaternions[..., 0, :]
    places = [torch.zeros_like(turn[..., 1:])]
    for number, bone in enumerate(bones):
        if number:
            turn = multiplied(turn, quaternions[..., number, :])
        places.append(places[-1] + rotated(turn, bone))
    return torch.stack(places, -2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-chain", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
curl_pictures = check.chain(chain, seed=mine)
### BEGIN HIDDEN TESTS
check.chain(chain, seed=19103, shapes=((2,), (3, 6), (2, 1, 4)))
### END HIDDEN TESTS

# %% [markdown]
# A chain of ten bones, 10 centimetres each, by your function, at twelve moments; the later, the darker. No bone changes its length, whatever the angles.

# %%
figure, axes = plt.subplots(figsize=(4.8, 3.6))
for at, places in enumerate(curl_pictures[::2]):
    axes.plot(places[:, 0], places[:, 1], "o-", color=style.FAKE, ms=3, lw=1.5, alpha=0.15 + 0.07 * at)
axes.set(aspect="equal", xlabel="metres forward", ylabel="metres up")
plt.show()


# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training runs without an error, and every single frame of its films is fine: the digit is somewhere in the room. But from frame to frame it jumps. One line is wrong: find it, and mend it.**
#
# ```python
# def motion_training(gan, batches):
#     def clips(paths):
#         return paths.reshape(8, -1, 20)
#
#     for real, noise in batches:
#         fake = gan.generator(noise[0]).detach()
#         loss = softplus(-gan.discriminator(clips(real))) + softplus(gan.discriminator(clips(fake)))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         loss = softplus(-gan.discriminator(clips(gan.generator(noise[1]))))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once, with the non-saturating loss, on paths that keep to the chapter's law: straight on, and reflected at the walls. The digit itself is given, as for a sprite; only its motion is learned. `real` is [8, 10, 64, 2], and so is what $G$ makes of the
# noise: for each of the eight GANs ten frames, in every frame the places of the digits of 64 clips, and of each place two numbers, across and down. `noise` is [2, 8, 64, 8]. $D$ takes [8, 64, 20] and returns [8, 64], one score for each clip: it is to see the
# ten places of one clip, frame after frame.

# %% nbgrader={"grade": false, "grade_id": "motion-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def motion_training(gan, batches):
    """Eight GANs, pairs of real [8, 10, n, 2] and noise [2, 8, n, 8] → nothing; both networks of `gan` have learned"""

    ### BEGIN SOLUTION
    def clips(paths):
        return paths.transpose(1, 2).reshape(8, -1, 20)

    for real, noise in batches:
        fake = gan.generator(noise[0]).detach()
        loss = softplus(-gan.discriminator(clips(real))) + softplus(gan.discriminator(clips(fake)))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        loss = softplus(-gan.discriminator(clips(gan.generator(noise[1]))))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains eight GANs in 400 rounds. At least half of the eight should have a residual of at most 2.5 pixels: the chapter's score, the distance of a path from the nearest one by the law (median over 100 paths).
# Real paths have 0.1, and the sick training's about 5.

# %% nbgrader={"grade": true, "grade_id": "check-motion-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.motion_training(motion_training, seed=mine)
### BEGIN HIDDEN TESTS
check.motion_training(motion_training, seed=19104, rounds=3, steps=300)
### END HIDDEN TESTS

# %% [markdown]
# A digit of yours on eight real paths (upper row), and on a path from each of your eight GANs. They wobble still: nothing of the law is built in, and the training was short.

# %%
real_clips, fake_clips = check.drawn(samples, mine)
film(torch.cat([real_clips, fake_clips]), columns=8)

# %% [markdown]
# ## 6 · Read the scores
#
# Four generators of stick figures that do six exercises, and held-out windows for comparison. *Bones* is the mean error of the bones' lengths, *motions* how many of the six come up, *acceleration* its mean divided by that of real windows, *sliding* the mean speed of toes on the floor, and *nearest* the mean distance of the joints from those of the nearest real window.

# %%
print(f"{'':>9}  bones  motions  acceleration  sliding (m/s)  nearest (cm)")
for name, found in check.actor_scores(mine).items():
    print(
        f"{name:>9}  {found.bone_error:5.1%}  {found.motions:7.0f}  {found.acceleration_over_real:12.2f}  "
        f"{found.sliding:13.2f}  {100 * found.nearest:12.1f}"
    )

# %% [markdown]
# And so each does a squat, or what it takes for one. (As in the chapter, every hip is drawn in the middle.)

# %%
frames = []
for at in range(0, 24, 3):
    figure = plt.figure(figsize=(6, 1.9), dpi=80, layout="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axhline(0, color=style.REFERENCE, lw=0.8)
    for place, (name, windows) in enumerate(check.four_actors(mine).items()):
        figures.draw_figure(axes, windows[6, at], 1.5 * place, style.FAKE if place else style.REAL)
        axes.text(1.5 * place, -0.1, name, ha="center", va="top", fontsize=9)
    axes.set(xlim=(-0.9, 6.9), ylim=(-0.4, 2), aspect="equal")
    axes.axis("off")
    frames.append(figure)
    plt.close(figure)
Animation(frames, milliseconds=150, rest=150, colors=16)

# %% [markdown]
# **In four or five sentences (4 points):** say of each of the four what is wrong with it, and by which number you know. One of them looks right in the moving picture, and its acceleration agrees with that of real windows, although a person who moved like that would be on ice: why do neither show it? And which score is better than that of real people, without any merit?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-actors", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The one whose bones are wrong by several per cent averages two real windows, joint by joint: no skeleton has these limbs. The one with an acceleration of 0 stands still; it has the best sliding of all, 0.00, better than held-out windows, but only because who never moves never slides. The one that makes 2 motions of 6 drops the
# other four, and is about as good as the held-out windows in all other columns: a mode collapse. The last one slides at about 0.3 metres a second where held-out windows have 0.1: it skates, as a whole, at a constant speed. A constant speed has no acceleration, and since every hip is drawn in the middle, the picture does not show that the figure travels.
# (Its distance to the nearest real window, about 17 centimetres, shows that something is wrong, but not what.)
#
# **Rubric.** 1 point: the averages by *bones*, and the few motions by *motions*. 1 point: the still by *acceleration*, with its *sliding* of 0 as the score without merit. 1 point: the skater by *sliding* beside the held-out 0.1. 1 point: a constant speed has no acceleration, and the hip drawn in the middle hides the drift.

# %% [markdown]
# ## Go on
#
# In task 5, show $D$ the first place and then the nine steps from frame to frame, in place of the ten places: does the residual become smaller? (The check of single rounds will not like it, but `check.reached("steps", gan, mine)` measures a `gan = check.eight_movers(mine)` that your function has trained on
# `check.rounds_of(mine, 400)`.) Then read
# [chapter 20](../../../20_shapes.ipynb), where shapes are made of points, surfaces and small cubes.
