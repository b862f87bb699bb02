# %% [markdown]
# # 10 · Images on demand: assignment
#
# **You will** write the head of a discriminator that is told the class, two measures that look at every class by itself, mend a
# training in which the label means nothing, and judge four conditional generators by four numbers.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 10](../../../10_images_on_demand.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import images_on_demand as check
from gan_lessons.plots import images, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your digits and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · A head that projects
#
# **Score each sample by itself, and add the inner product of its features with the vector of its class.**
#
# $$ s(f, y) = w \cdot f + b + v_y \cdot f $$
#
# Row $y$ of `table` is the vector $v_y$. Features and table will learn from the scores.

# %% nbgrader={"grade": false, "grade_id": "projection", "locked": false, "schema_version": 3, "solution": true, "task": false}
def projection(features, labels, weight, bias, table):
    """features [n, d], labels [n] (whole numbers), weight [d], bias [], table [classes, d] → scores [n]"""
    ### BEGIN SOLUTION
    return features @ weight + bias + (table[labels] * features).sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-projection", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.projection(projection, seed=mine)
### BEGIN HIDDEN TESTS
check.projection(projection, seed=10101, shapes=((5, 5, 5), (9, 2, 3)))
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Is it what was asked for?
#
# **Of the samples that were asked to be of a class, give the share that a judge reads as that class, for every class.**
#
# `asked` and `read` are the classes asked for and read, one of each a sample, from 0 to `classes - 1`. The share of a class that was never asked for is `nan`.

# %% nbgrader={"grade": false, "grade_id": "class-accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def class_accuracy(asked, read, classes):
    """asked [n], read [n] (whole numbers) → shares [classes], each from 0 to 1 or nan"""
    ### BEGIN SOLUTION
    return torch.stack([(read[asked == k] == k).float().mean() for k in range(classes)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-class-accuracy", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.class_accuracy(class_accuracy, seed=mine)
### BEGIN HIDDEN TESTS
check.class_accuracy(class_accuracy, seed=10102, sizes=((30, 3), (60, 9)))
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Right by chance
#
# **A generator does not hear its label. How often is its picture of the class asked for?** A share from 0 to 1, two decimals.
#
# It draws each class with the share printed below, which is that class's share of the data. You ask for the classes with the same shares, and a judge without fault reads
# all pictures.

# %%
print("shares of the three classes:", check.own_shares(mine))

# %% nbgrader={"grade": false, "grade_id": "deaf", "locked": false, "schema_version": 3, "solution": true, "task": false}
deaf = None
### BEGIN SOLUTION
deaf = sum(share**2 for share in check.own_shares(mine))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-deaf", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.deaf(deaf, seed=mine)


# %% [markdown]
# ## 4 · Variety within a class
#
# **For every class, divide the total variance of its fakes by the total variance of its real samples.**
#
# The total variance is the sum, over all pixels, of each pixel's variance over the samples of the class (divided by $n$, not by $n - 1$). Samples may be points or
# images: all dimensions but the first are pixels.

# %% nbgrader={"grade": false, "grade_id": "varieties", "locked": false, "schema_version": 3, "solution": true, "task": false}
def varieties(real, real_labels, fake, fake_labels, classes):
    """real [n, ...], real_labels [n], fake [m, ...], fake_labels [m] → ratios [classes], about 1 at best"""

    ### BEGIN SOLUTION
    def total(samples):
        return samples.flatten(1).var(0, unbiased=False).sum()

    return torch.stack([total(fake[fake_labels == k]) / total(real[real_labels == k]) for k in range(classes)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-varieties", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.varieties(varieties, seed=mine)
### BEGIN HIDDEN TESTS
check.varieties(varieties, seed=10103, shapes=((2,), (3, 2, 2)), classes=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training tells both players the class, and the generator draws any digit it likes. One line is wrong: find it, and mend it.**
#
# ```python
# def conditional_training(gan, batches):
#     for real, told, noise in batches:
#         wished = told[:, torch.randperm(told.shape[1])]
#         fake = gan.generator(torch.cat([noise[0], wished], -1)).detach()
#         real_scores = gan.discriminator(torch.cat([real, told], -1))
#         fake_scores = gan.discriminator(torch.cat([fake, told], -1))
#         loss = softplus(-real_scores) + softplus(fake_scores)
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         fake = gan.generator(torch.cat([noise[1], wished], -1))
#         loss = softplus(-gan.discriminator(torch.cat([fake, told], -1)))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once, with the non-saturating loss. `real` [8, 64, 64] holds 64 digits of 8 × 8 pixels for each GAN, and `told` [8, 64, 4] their classes: a 1 in the
# place of the class, 0 elsewhere. `noise` is [2, 8, 64, 4]; its first half is for $D$'s turn, its second for $G$'s. The label is joined to what a network takes, in the last dimension.

# %% nbgrader={"grade": false, "grade_id": "conditional-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conditional_training(gan, batches):
    """Eight GANs; batches of real [8, n, 64], told [8, n, 4], noise [2, 8, n, 4] → nothing; `gan` has learned"""
    ### BEGIN SOLUTION
    for real, told, noise in batches:
        wished = told
        fake = gan.generator(torch.cat([noise[0], wished], -1)).detach()
        real_scores = gan.discriminator(torch.cat([real, told], -1))
        fake_scores = gan.discriminator(torch.cat([fake, told], -1))
        loss = softplus(-real_scores) + softplus(fake_scores)
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        fake = gan.generator(torch.cat([noise[1], wished], -1))
        loss = softplus(-gan.discriminator(torch.cat([fake, told], -1)))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: which pictures is $D$ shown, with which labels, and from what does each player learn? Then your function trains eight GANs on four digits
# of your own, in 500 rounds. At least half of the eight should draw the digit asked for in 60 % of their pictures, as the nearest real picture tells. (By chance it is
# 25 %; the pictures are crude still.)

# %% nbgrader={"grade": true, "grade_id": "check-conditional-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
pictures = check.conditional_training(conditional_training, seed=mine)
### BEGIN HIDDEN TESTS
check.conditional_training(conditional_training, seed=10104, rounds=3)
### END HIDDEN TESTS

# %% [markdown]
# One row for each GAN, three pictures of each of your digits; real ones in the first row.

# %%
data = check.own_digits(mine)
samples = pictures[:, :12].unflatten(1, (3, 4)).transpose(1, 2).flatten(1, 2)
real = torch.cat([data.pictures[data.classes == k][:3] for k in range(4)]).view(-1, 1, 8, 8)
figure, axes = plt.subplots(figsize=(7.2, 5.6))
images.draw_sheet(axes, torch.cat([real, *samples]), columns=12)
axes.set_title(f"Asked for {', '.join(map(str, data.names))}, three of each")
plt.show()

# %% [markdown]
# ## 6 · Read the numbers
#
# Four conditional generators of the ten digits, and held-out real digits for comparison. Accuracy is that of your task 2, as the nearest real picture tells; variety that of your task 4.

# %%
for name, (accuracy, variety) in check.samplers(mine).items():
    print(f"{name:9} accuracy: mean {accuracy.mean():6.1%}, lowest {accuracy.min():6.1%}", end="")
    print(f"    variety: mean {variety.mean():.2f}, lowest {variety.min():.2f}")

# %% [markdown]
# **In three or four sentences (4 points):** say of each of the four what is wrong with it, and by which number you know. Which of them would you have
# taken for the best if you had seen the mean accuracy alone, and why is it not?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-samplers", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The one with an accuracy of about 10 % does not heed its label: that is chance for ten classes, and the variety within a "class" is nearly 2, since each
# holds all digits. The one with about 80 % and a lowest class of 0 % has swapped two classes; the other eight are right. The one with 100 % looks best by the mean accuracy, and draws only typical digits: its variety is about a half,
# where real digits have 1, and real digits are not read at 100 % either, since some are doubtful. The last one has the accuracy of the real digits and a good mean variety, but one class has a variety of 0: always the same
# picture. (Only the lowest value tells that.)
#
# **Rubric.** 1 point for each generator whose fault is described, with the number that shows it. For the one with 100 %: full point only if the answer says that it is *not* the best, by its variety
# or because held-out digits reach less.

# %% [markdown]
# ## Go on
#
# Tell $D$ in task 5 nothing (zeros in the place of the label, for real and fake alike): what does $G$ do with its label now? Then read
# [chapter 11](../../../11_architectures.ipynb), about what the networks themselves bring.
