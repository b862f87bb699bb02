# %% [markdown]
# # 08 · Measuring a GAN: assignment
#
# **You will** write the Fréchet distance, remove its bias, compute how soon a generator repeats itself, mend a trial that acquits every copyist, and
# tell four galleries apart by their scores.
#
# Each task is one sentence, something to fill in, and a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 08](../../../08_measuring_a_gan.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Five tasks, 20 points, about 65 minutes. Checks tell you about 14 of the
# points; two more are told when your work is graded, and a person reads your sentences at the end, for four.

# %%
import math

import matplotlib.pyplot as plt
import torch

from gan_lessons.checks import measuring_a_gan as check
from gan_lessons.plots import style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your features, your numbers and the order of your galleries then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · The Fréchet distance
#
# **Write the squared Fréchet distance between two clouds of features.**
#
# $$ d^2 = \lVert \mu_r - \mu_f \rVert^2 + \operatorname{tr}\left( \Sigma_r + \Sigma_f - 2 (\Sigma_r \Sigma_f)^{1/2} \right) $$
#
# The covariances divide by $n - 1$. The matrix root's trace is the sum of the square roots of the eigenvalues of $\Sigma_r \Sigma_f$, which are not negative but for rounding; `torch.linalg.eigvals` returns them as complex numbers. All
# features are double.

# %% nbgrader={"grade": false, "grade_id": "frechet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def frechet(real, fake):
    """real [n, dims], fake [m, dims] → one number"""
    ### BEGIN SOLUTION
    one, other = torch.cov(real.T), torch.cov(fake.T)
    roots = torch.linalg.eigvals(one @ other).real.clamp(min=0).sqrt()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    return gap + one.trace() + other.trace() - 2 * roots.sum()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-frechet", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.frechet(frechet, seed=mine)
### BEGIN HIDDEN TESTS
check.frechet(frechet, seed=8101, shapes=((30, 90, 2), (70, 70, 6)))
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Birthdays
#
# **A generator can make the number of different pictures that is printed below, all equally often. You draw as many as are printed beside. What is the chance that at least two of them are the same?** To three decimals: the
# chapter's formula for large numbers is too rough here.

# %%
pictures, drawn = check.birthdays(mine)
print(f"{pictures} different pictures, {drawn} drawn")

# %% nbgrader={"grade": false, "grade_id": "birthday", "locked": false, "schema_version": 3, "solution": true, "task": false}
birthday = None
### BEGIN SOLUTION
birthday = 1 - math.prod(1 - k / pictures for k in range(drawn))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-birthday", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.birthday(birthday, seed=mine)


# %% [markdown]
# ## 3 · With infinitely many samples
#
# **The Fréchet distances of one generator were measured at several numbers $n$ of samples. Return what it would be with infinitely many.**
#
# The bias falls like $1/n$ (Chong and Forsyth 2020, arXiv:1911.07023). Fit a straight line to the distances over $1/n$, by least squares, and return its height at $1/n = 0$. Counts come in any order. An estimate without bias may
# come out a little below zero; return it as it is.

# %% nbgrader={"grade": false, "grade_id": "at-infinity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def at_infinity(counts, distances):
    """counts [k], distances [k], both double → one number"""
    ### BEGIN SOLUTION
    columns = torch.stack([torch.ones_like(counts), 1 / counts], 1)
    return torch.linalg.lstsq(columns, distances[:, None]).solution[0]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-at-infinity", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
few_samples = check.at_infinity(at_infinity, seed=mine)
### BEGIN HIDDEN TESTS
check.at_infinity(at_infinity, seed=8102, sizes=(3, 9))
### END HIDDEN TESTS

# %% [markdown]
# Does it work? Two clouds of features from one distribution have the distance 0 if there are infinitely many samples. These are the means of 20 measurements at each of four counts, and the end of your line.

# %%
counts, measured, end = few_samples
figure, axes = plt.subplots(figsize=(7.2, 3))
axes.plot(1 / counts, measured, "o", color=style.FAKE)
axes.plot(0, end, "x", ms=10, mew=2.5, color=style.FAKE)
axes.axhline(0, color=style.REFERENCE, ls="--", lw=1)
axes.set(
    xlabel="1 / number of samples",
    ylabel="squared Fréchet distance",
    title=f"A perfect sampler: your line ends at {end:.3f}",
)
plt.show()


# %% [markdown]
# ## 4 · Mend the sick trial
#
# **This trial should find out how far a generator copies: 1 for a copyist, 0 for one that copies nothing. It acquits every copyist, on every seed. One line is wrong: find it, and mend it.**
#
# ```python
# def copied(learn, data, count):
#     order = torch.randperm(len(data))
#     training = data[order[:count]]
#     held_out = data[torch.randperm(len(data))[:count]]
#     samples = learn(training)
#     to_training = torch.cdist(samples, training).min(1).values
#     to_held_out = torch.cdist(samples, held_out).min(1).values
#     return 2 * (to_training < to_held_out).double().mean() - 1
# ```
#
# `learn` trains a generator on `count` samples and returns 300 of its own, [300, dims]. Half of the data are learned from, as a rule, and as many are held out.

# %% nbgrader={"grade": false, "grade_id": "copied", "locked": false, "schema_version": 3, "solution": true, "task": false}
def copied(learn, data, count):
    """A function that learns, data [n, dims], n at least twice the count → one number, about 0 to 1"""
    ### BEGIN SOLUTION
    order = torch.randperm(len(data))
    training = data[order[:count]]
    held_out = data[order[count : 2 * count]]
    samples = learn(training)
    to_training = torch.cdist(samples, training).min(1).values
    to_held_out = torch.cdist(samples, held_out).min(1).values
    return 2 * (to_training < to_held_out).double().mean() - 1
    ### END SOLUTION


# %% [markdown]
# The check tries three samplers whose truth is known: a copyist, one that copies every second time, and an honest one, each in eight trials with other random numbers. On average your verdict should lie within 0.15 of 1, of 0.5 and of 0.

# %% nbgrader={"grade": true, "grade_id": "check-copied", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.copied(copied, seed=mine)
### BEGIN HIDDEN TESTS
check.copied(copied, seed=8103, sizes=((300, 100), (500, 250)))
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Read the scores
#
# Real samples have 8 features and fall into ten classes. Four galleries of 400 samples each are compared with a training set of 400. Beside them stand fresh real samples. Distances have the units of the features.

# %%
table = check.four_galleries(mine)
print(" " * 18, *(f"{name:>8}" for name in table))
for score in table["real"]:
    print(f"{score:18}", *(f"{scores[score]:8.2f}" for scores in table.values()))

# %% [markdown]
# **Give every gallery its name:** `"honest"` (its generator has learned the distribution), `"copies"` (training samples, drawn again and again), `"half missing"` (five of the ten classes) or `"blurred"` (noise on every sample).

# %% nbgrader={"grade": false, "grade_id": "galleries", "locked": false, "schema_version": 3, "solution": true, "task": false}
galleries = {"A": "", "B": "", "C": "", "D": ""}
### BEGIN SOLUTION
galleries = dict(zip("ABCD", check.order(mine, check.KINDS)))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-galleries", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.galleries(galleries)
### BEGIN HIDDEN TESTS
check.galleries(galleries, seed=mine)
### END HIDDEN TESTS

# %% [markdown]
# **In three or four sentences (4 points):** a friend ranks the four by the Fréchet distance alone: which one wins, and why is that no merit? By which scores do you tell *half missing* from *blurred*, and why does precision not find the
# first? What has to be done *before* training to have the last row? What is the column of real samples good for?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-galleries", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The copies win: the distance compares with the training set, and nothing is nearer to it than its own samples; only the copied share, near 1, gives them away. *Half missing* has a recall and a coverage near one half, while its precision is as good as
# that of real samples, since whatever it draws lies where real samples lie; *blurred* loses precision and keeps its recall. For the last row, samples must be held out before training, since what has been learned from cannot judge. Real samples show what no generator can beat but by copying, at this number of samples: the
# floor of the distances, which is not 0, and the ceilings of the rest.
#
# **Rubric.** 1 point: the copies win, because the distance compares with their own originals. 1 point: recall or coverage for *half missing*, precision for *blurred*, and precision asks only about what was drawn. 1 point: hold out samples before training. 1 point: floor and
# ceiling at this count, so that a score can be read at all (or: a score better than that of real samples is suspicious).

# %% [markdown]
# ## Go on
#
# Give your mended trial a GAN of chapter 05 to judge: `learn` trains it on 100 points and returns 300. After how many steps does it lean towards what it has seen? Then read [chapter 09](../../../09_images.ipynb), where these
# scores meet a GAN in training.
