# %% [markdown]
# # 09 · Images: assignment
#
# **You will** build the layer that makes pictures larger, find out which discriminators mix the pictures of a batch, look for copies in two ways, mend a
# training that draws nothing, and judge four generators by their reports.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 09](../../../09_images.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import softplus

from gan_lessons.checks import images as check
from gan_lessons.plots import images, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your digits and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · A layer that enlarges
#
# **Return a layer that makes a picture `times` as high and `times` as wide, with overlapping stamps, and equally many of them in every pixel away from the border.**
#
# `times` is an even number. In a transposed convolution every pixel stamps its kernel onto the output, one stride apart (chapter 02); it turns a side of $n$ pixels into
#
# $$ (n - 1) \cdot \text{stride} - 2 \cdot \text{padding} + \text{kernel} $$
#
# If the stride does not divide the kernel's side, some pixels get more stamps than their neighbours, which shows as a checkerboard; if both are equal, no two stamps meet, and the picture falls apart into blocks.

# %% nbgrader={"grade": false, "grade_id": "enlarge", "locked": false, "schema_version": 3, "solution": true, "task": false}
def enlarge(inputs, outputs, times):
    """→ a layer (or several, in an nn.Sequential): [batch, inputs, h, w] → [batch, outputs, times * h, times * w]"""
    ### BEGIN SOLUTION
    return nn.ConvTranspose2d(inputs, outputs, 2 * times, stride=times, padding=times // 2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-enlarge", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.enlarge(enlarge, seed=mine)
### BEGIN HIDDEN TESTS
check.enlarge(enlarge, seed=9101, factors=(4, 6))
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Who mixes a batch?
#
# **Return whether a picture's score depends on the other pictures of the batch.**
#
# R1 is about the slope of $D$'s score at one picture. It loses this meaning in a discriminator that mixes the pictures, as batch normalisation does in training mode. Find out by what the network does: it may hold layers that you have never heard of, and the same layer may mix in
# training mode and not in evaluation mode. Leave it in the mode in which it comes. Some layers cut a batch into groups; `pictures` are complete groups.

# %% nbgrader={"grade": false, "grade_id": "mixes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mixes(discriminator, pictures):
    """A network [n, 1, 8, 8] → scores [n], and n pictures to try it with → True or False"""
    ### BEGIN SOLUTION
    others = torch.rand_like(pictures)
    others[0] = pictures[0]
    with torch.no_grad():
        before, after = discriminator(pictures)[0], discriminator(others)[0]
    return not torch.allclose(before, after, atol=1e-5)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-mixes", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.mixes(mixes, seed=mine)
### BEGIN HIDDEN TESTS
check.mixes(mixes, seed=9102, count=12, group=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Near twins
#
# **Of the samples, and of the held-out pictures, which share has a near twin among the training pictures?**
#
# For every picture take the distance to its nearest training picture: Euclidean, over all pixels. The *usual* distance is the median of those of the held-out pictures (`.median()`). A picture has a near twin if its own distance is less than half of the usual one.

# %% nbgrader={"grade": false, "grade_id": "near-twins", "locked": false, "schema_version": 3, "solution": true, "task": false}
def near_twins(training, held_out, samples):
    """training [k, ...], held_out [m, ...], samples [n, ...] → two shares from 0 to 1: of the samples, of held_out"""
    ### BEGIN SOLUTION
    known, *both = (each.flatten(1) for each in (training, samples, held_out))
    of_samples, of_held_out = (torch.cdist(each, known).min(1).values for each in both)
    limit = of_held_out.median() / 2
    return (of_samples < limit).float().mean(), (of_held_out < limit).float().mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-near-twins", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.near_twins(near_twins, seed=mine)
### BEGIN HIDDEN TESTS
check.near_twins(near_twins, seed=9103, shapes=((9,), (3, 2, 2)), count=80)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · How far does a copier lean?
#
# **Of your generator's samples, a share (printed below) are exact copies of training pictures, and every training picture is copied equally often. The others are as good as new real pictures. Which copied share do you expect, measured with one part of the training pictures?** Three decimals, as a share of 1.
#
# The copied share is that of the chapter: twice the share of samples that are nearer to a training picture than to a held-out one, minus one. Since fewer pictures are held out than were learned from, it is taken with a part of the training
# pictures at a time, equally large as the held-out set. A sample that is no copy of that part is nearer to it in one half of the cases.

# %%
copies, learned, held_out = check.copier(mine)
print(f"{copies:.0%} copies; {learned:,} training pictures, of which a part has {held_out:,}; {held_out:,} held out")

# %% nbgrader={"grade": false, "grade_id": "leaning", "locked": false, "schema_version": 3, "solution": true, "task": false}
leaning = None
### BEGIN SOLUTION
leaning = copies * held_out / learned
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-leaning", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.leaning(leaning, seed=mine)


# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training runs without an error, and in the end the average draws grey. Two lines are wrong: find them, and mend them.**
#
# ```python
# def picture_training(gan, average, batches, decay=0.98):
#     for pixels, noise in batches:
#         real = pixels / 8
#         fake = gan.generator(noise[0]).detach()
#         loss = softplus(gan.discriminator(fake) - gan.discriminator(real))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         fake = gan.generator(noise[1])
#         loss = softplus(gan.discriminator(real) - gan.discriminator(fake))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
#
#         with torch.no_grad():
#             for kept, weight in zip(gan.generator.parameters(), average.parameters()):
#                 kept.lerp_(weight, 1 - decay)
# ```
#
# It trains eight GANs at once, with the relativistic loss. `pixels` is [8, 64, 64]: 64 digits of 8 × 8 pixels for each GAN, each pixel a number from 0 (black) to 16 (white). `noise` is [2, 8, 64, 8]; its first half is for $D$'s turn, its second
# for $G$'s. $G$ ends in a tanh. `average` is a network like the generator, the exponential moving average of its weights with a decay of $d = 0.98$; `kept.lerp_(weight, 0.02)` moves `kept` in place, two hundredths of the way to `weight`.

# %% nbgrader={"grade": false, "grade_id": "picture-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def picture_training(gan, average, batches, decay=0.98):
    """Eight GANs, their average, pairs of pixels [8, n, 64] and noise [2, 8, n, 8] → nothing; all have learned"""
    ### BEGIN SOLUTION
    for pixels, noise in batches:
        real = pixels / 8 - 1
        fake = gan.generator(noise[0]).detach()
        loss = softplus(gan.discriminator(fake) - gan.discriminator(real))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        fake = gan.generator(noise[1])
        loss = softplus(gan.discriminator(real) - gan.discriminator(fake))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()

        with torch.no_grad():
            for kept, weight in zip(average.parameters(), gan.generator.parameters()):
                kept.lerp_(weight, 1 - decay)
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: what is $D$ shown, from what does each player learn, and which network follows which? Then your function trains eight GANs on pictures of four of the ten digits, your own four, in 500 rounds. Half of these pictures are held out. At least half of
# the eight averages should come to 0.27 or less of noise's Fréchet distance from the held-out ones, with the pixels as features. (The pictures are crude still; beside the averages the check prints the present generators.)

# %% nbgrader={"grade": true, "grade_id": "check-picture-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
pictures = check.picture_training(picture_training, seed=mine)
### BEGIN HIDDEN TESTS
check.picture_training(picture_training, seed=9104, rounds=3)
### END HIDDEN TESTS

# %% [markdown]
# Twelve pictures of each averaged generator, a row for each; held-out real ones in the first row.

# %%
real = check.own_parts(mine).held_out[:12].view(-1, 1, 8, 8)
figure, axes = plt.subplots(figsize=(7.2, 5.6))
images.draw_sheet(axes, torch.cat([real, *pictures[:, :12]]), columns=12)
axes.set_title("Held-out digits (first row) and eight averaged generators")
plt.show()

# %% [markdown]
# ## 6 · Read the reports
#
# Reports on fresh real pictures and on four generators of the ten digits. The Fréchet distance is taken from 599 held-out digits, and given as a fraction of what as many pictures of noise score. The floor is what as many *training* pictures score. A class counts as found
# if at least 2 % of the samples are read as it; near twins are those of task 3.

# %%
for name, report in check.four_reports(mine).items():
    print(f"{name:4} {report.samples} samples   distance {report.distance:.4f}   floor {report.floor:.4f}", end="")
    print(f"   classes found {report.classes:2}   near twins {report.twins:6.1%}")

# %% [markdown]
# **In four or five sentences (4 points):** say of each of the four what its report shows, and by which number you know. Which of the four has the lowest distance, and is it the best? Which distance can't be compared with the other three, and what would have to be measured again? One of
# the four lies far above its floor, and neither its classes nor its twins say why: what would you look at next?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-reports", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The one whose samples are all near twins copies the training pictures: its distance is the lowest, about the floor, and that is no merit, since stored pictures score what training pictures score. The one with nine classes never draws one of the
# digits; its distance lies above the floor, by much or by little. The one with 100 samples has the largest distance or nearly so, but its floor is as high: at its own count it is about as near as real pictures are. To compare it, draw 500 samples of it, or take 100 of the others. The last one has all
# ten classes, no twins, and yet a distance well above its floor: something is wrong that these numbers do not name. Look at the pictures themselves, first at those of which a judge is least sure (they turn out to be shapes between two digits).
#
# **Rubric.** 1 point: the copies, by their near twins, and that a distance at the floor does not acquit them. 1 point: the missing class, by the classes found. 1 point: the 100 samples belong to their own floor; equal counts would make them comparable. 1 point: the last one, above the
# floor with nothing else to show for it, and that the pictures have to be looked at (or another judge or measure asked).

# %% [markdown]
# ## Go on
#
# Give your mended training a decay of 0.5 and one of 0.999, and skip the single rounds with `check.picture_training(picture_training, seed=mine, rounds=0)`: how far do the averages come in 500 rounds, and why? (0.999 misses the bar. Put 0.98 back afterwards, and run the check once more.) Then read [chapter 10](../../../10_images_on_demand.ipynb), where the GAN is told which digit to draw.
