# %% [markdown]
# # 06 · Mode collapse: assignment
#
# **You will** write two remedies that let a discriminator see several samples at once, tell bad luck from a fault, sort faults by what a
# history shows, mend a training, and judge four samplers by three numbers.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 06](../../../06_mode_collapse.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import mode_collapse as check
from gan_lessons.metrics.modes import mode_scores, perfect
from gan_lessons.plots import points, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your islands and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · The minibatch standard deviation
#
# **Tell every sample how much its batch varies: append the mean, over the features, of their standard deviations over the batch.**
#
# $$ σ_k = \sqrt{\operatorname*{mean}_i\, (f_{ik} - \bar f_k)^2 + 10^{-8}}, \qquad \text{one more column: } \operatorname*{mean}_k σ_k $$
#
# The features stay as they are, and all samples get the same number. The generator will learn from it, also where all its samples are equal.

# %% nbgrader={"grade": false, "grade_id": "spread", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spread(features):
    """features [n, d] → [n, d + 1]"""
    ### BEGIN SOLUTION
    deviation = (features.var(0, unbiased=False) + 1e-8).sqrt().mean()
    return torch.cat([features, deviation.expand(len(features), 1)], 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-spread", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.spread(spread, seed=mine)
### BEGIN HIDDEN TESTS
check.spread(spread, seed=6101, shapes=((3, 5), (9, 1), (2, 2)))
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Packs
#
# **Join every `size` neighbours of a batch into one pack, along dimension 1.**
#
# With `size=2`, samples 0 and 1 are the first pack, samples 2 and 3 the second. Points $(x, y)$ become $(x_0, y_0, x_1, y_1)$; images get
# more channels. The batch is a multiple of `size`.

# %% nbgrader={"grade": false, "grade_id": "pack", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pack(samples, size):
    """samples [n, d, ...] → [n / size, size · d, ...]"""
    ### BEGIN SOLUTION
    return samples.reshape(len(samples) // size, size * samples.shape[1], *samples.shape[2:])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-pack", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.pack(pack, seed=mine)
### BEGIN HIDDEN TESTS
check.pack(pack, seed=6102, shapes=((12, 3), (12, 2, 2, 5)), sizes=(2, 3, 4))
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Bad luck or a fault?
#
# **A perfect sampler draws the number of samples printed below, from that many islands, all equally likely, and every sample lies on an island. How many islands does it miss on average?**
# Two decimals.
#
# A GAN that misses about as many has shown no fault yet.

# %%
islands, count = check.islands_and_samples(mine)
print(f"{islands} islands, {count} samples")

# %% nbgrader={"grade": false, "grade_id": "missing", "locked": false, "schema_version": 3, "solution": true, "task": false}
missing = None
### BEGIN SOLUTION
missing = islands * (1 - 1 / islands) ** count
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-missing", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.missing(missing, seed=mine)


# %% [markdown]
# ## 4 · Which fault?
#
# **Count the islands that are held, oscillating, dropped and not found.**
#
# `covered` says for every moment of a training, and every island, whether the present generator covered it. Look at the second half, which begins at moment `moments // 2`:
#
# - **held**: covered at every moment of the second half;
# - **oscillating**: covered at some of these moments and not at others;
# - **dropped**: covered at none of them, but at some moment before;
# - **not found**: never covered.

# %% nbgrader={"grade": false, "grade_id": "faults", "locked": false, "schema_version": 3, "solution": true, "task": false}
def faults(covered):
    """covered [moments, islands], true or false → held, oscillating, dropped, not found: four numbers"""
    ### BEGIN SOLUTION
    late = covered[len(covered) // 2 :]
    held, empty, ever = late.all(0), ~late.any(0), covered.any(0)
    return tuple(int(kind.sum()) for kind in (held, ~held & ~empty, empty & ever, ~ever))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-faults", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.faults(faults, seed=mine)
### BEGIN HIDDEN TESTS
check.faults(faults, seed=6103, sizes=((9, 10), (16, 7), (5, 20)))
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training packs samples in twos, and hardly a fake comes near an island. One line is wrong: find it, and mend it.**
#
# ```python
# def packed_training(gan, batches):
#     for real, noise in batches:
#         real_packs = torch.cat([real[:, ::2], real[:, 1::2]], -1)
#         fake = gan.generator(noise[0]).detach()
#         fake_packs = torch.cat([fake[:, ::2], fake[:, ::2]], -1)
#         loss = softplus(gan.discriminator(fake_packs) - gan.discriminator(real_packs))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         fake = gan.generator(noise[1])
#         fake_packs = torch.cat([fake[:, ::2], fake[:, 1::2]], -1)
#         loss = softplus(gan.discriminator(real_packs) - gan.discriminator(fake_packs))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once, with the relativistic loss: `real` has shape [8, 64, 2] and `noise` [2, 8, 64, 2]; $D$ takes packs [8, 32, 4].

# %% nbgrader={"grade": false, "grade_id": "packed-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def packed_training(gan, batches):
    """Eight GANs, pairs of real [8, n, 2] and noise [2, 8, n, 2] → nothing; both networks of `gan` have learned"""
    ### BEGIN SOLUTION
    for real, noise in batches:
        real_packs = torch.cat([real[:, ::2], real[:, 1::2]], -1)
        fake = gan.generator(noise[0]).detach()
        fake_packs = torch.cat([fake[:, ::2], fake[:, 1::2]], -1)
        loss = softplus(gan.discriminator(fake_packs) - gan.discriminator(real_packs))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        fake = gan.generator(noise[1])
        fake_packs = torch.cat([fake[:, ::2], fake[:, 1::2]], -1)
        loss = softplus(gan.discriminator(real_packs) - gan.discriminator(fake_packs))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: which samples is $D$ shown, and packed with which? Then your function trains eight GANs on your
# ring, in 400 rounds. At least half of them should find all islands but one, and put a tenth of their samples on them.

# %% nbgrader={"grade": true, "grade_id": "check-packed-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.packed_training(packed_training, seed=mine)
### BEGIN HIDDEN TESTS
check.packed_training(packed_training, seed=6104, rounds=3)
### END HIDDEN TESTS

# %%
data = check.own_ring(mine).sample(500)
figure, panels = plt.subplots(2, 4, figsize=(7.2, 3.8), sharex=True, sharey=True)
for panel, fakes in zip(panels.flat, samples, strict=True):
    points.draw_points(panel, data, fakes)
figure.suptitle("Eight GANs, after 400 of your rounds")
plt.show()

# %% [markdown]
# ## 6 · Read the numbers
#
# Four samplers of eight islands, 2,500 samples each, and a perfect one. No picture: on real photographs you would not have one either.

# %%
eight, samplers = check.samplers(mine)
rows = {"perfect": perfect(eight)} | {name: mode_scores(each, eight) for name, each in samplers.items()}
for name, row in rows.items():
    print(f"{name:8} {row.modes} modes   {row.high_quality:6.1%} high quality   KL {row.kl:.4f}")

# %% [markdown]
# **In three or four sentences (4 points):** describe in words what each of the four samplers does. For which of them is one number alone misleading, and
# which number? (Between good samplers some tenths of a per cent of quality are chance.) One of them has no bad sample at all, which the perfect sampler does not manage: what does that tell you?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-samplers", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The one with seven modes at about 99 % draws the islands well and lacks one, an eighth of the data. The one with hardly any good samples is noise: it hits
# islands by luck, so that its modes may look harmless, and its quality gives it away. The one with a KL of about 0.9 finds all islands and draws well, but puts some
# 70 % of its samples on one of them: modes and quality do not see that. The one with 100 % high quality returns the same eight points again and
# again: that is a warning, since an honest sampler of Gaussians misses 1.1 % by chance.
#
# **Rubric.** 1 point for each sampler whose fault is described, with the number that shows it (the misleading number counts as such). All four letters
# right: full points; a sampler *praised* for having no bad samples: 1 point less.

# %% [markdown]
# ## Go on
#
# Chapter 06 trains with packs and with the minibatch standard deviation over thirty seeds: which of your two functions keeps more islands,
# and at what quality? Then read [chapter 07](../../../07_convergence.ipynb), about why the generator oscillates at all.
