# %% [markdown]
# # 03 · The discriminator: assignment
#
# **You will** read density ratios off scores, compute the best that a discriminator can do, write two ways of asking whether real and fake
# differ, mend an early stopping that stops nothing, and judge how sure a discriminator may be.
#
# Each task is one sentence, something to fill in, and a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 03](../../../03_the_discriminator.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 70 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import copy
import math

import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import the_discriminator as check
from gan_lessons.plots import curves, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your samples and your tables then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · A ratio from scores
#
# **A discriminator was trained to the end on `real_count` real samples and `fake_count` fakes, by the mean cross-entropy over all of them. Return $\log p(x)/q(x)$, from its scores.**
#
# With as many reals as fakes the score itself would be the answer. Scores may be large: no detour through probabilities.

# %% nbgrader={"grade": false, "grade_id": "log-ratio", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_ratio(scores, real_count, fake_count):
    """scores [n], two numbers → log p/q [n]"""
    ### BEGIN SOLUTION
    return scores - math.log(real_count / fake_count)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-log-ratio", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.log_ratio(log_ratio, seed=mine)
### BEGIN HIDDEN TESTS
check.log_ratio(log_ratio, seed=3101, counts=((7, 900), (640, 64), (30, 30)))
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · The best it can do
#
# **Samples fall into four cells, with the probabilities printed below. What is the least loss that any discriminator can have?** Three decimals, in nats.
#
# $$ L_D = -\sum_k p_k \log D_k - \sum_k q_k \log (1 - D_k), \qquad 0 \log 0 = 0 $$

# %%
p, q = check.tables(mine)
print("real:", p.tolist(), "\nfake:", q.tolist())

# %% nbgrader={"grade": false, "grade_id": "best-loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
best_loss = None
### BEGIN SOLUTION
best_loss = -torch.special.xlogy(p, p / (p + q)).sum() - torch.special.xlogy(q, q / (p + q)).sum()
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-best-loss", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.best_loss(best_loss, seed=mine)


# %% [markdown]
# ## 3 · How often is the real one scored higher?
#
# **Write the AUC: the share of all pairs of a real sample and a fake in which the real one has the higher score. A tie counts one half.**

# %% nbgrader={"grade": false, "grade_id": "auc", "locked": false, "schema_version": 3, "solution": true, "task": false}
def auc(real_scores, fake_scores):
    """real_scores [n], fake_scores [m] → a number between 0 and 1"""
    ### BEGIN SOLUTION
    difference = real_scores[:, None] - fake_scores
    return ((difference > 0).double() + (difference == 0).double() / 2).mean().item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-auc", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.auc(auc, seed=mine)
### BEGIN HIDDEN TESTS
check.auc(auc, seed=3102, counts=((20, 20), (5, 31)))
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Chance or difference?
#
# **Write the p-value of a permutation test that compares two means.**
#
# The statistic is $\lvert \bar x_{\text{real}} - \bar x_{\text{fake}} \rvert$. Each row of `shuffles` is an order of all $n + m$ samples, reals before fakes; after shuffling, the first $n$ play the
# reals. The p-value is the share of statistics that are as large as the observed one or larger; the observed one counts as one more shuffle.

# %% nbgrader={"grade": false, "grade_id": "p-value", "locked": false, "schema_version": 3, "solution": true, "task": false}
def p_value(real, fake, shuffles):
    """real [n], fake [m], shuffles [rounds, n + m] → a number between 0 and 1"""
    ### BEGIN SOLUTION
    dealt = torch.cat([real, fake])[shuffles]
    n = len(real)
    statistic = (dealt[:, :n].mean(1) - dealt[:, n:].mean(1)).abs()
    observed = (real.mean() - fake.mean()).abs()
    return (1 + (statistic >= observed).sum().item()) / (1 + len(shuffles))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-p-value", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.p_value(p_value, seed=mine)
### BEGIN HIDDEN TESTS
check.p_value(p_value, seed=3103, counts=((20, 5), (7, 7)), rounds=99)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Mend the early stopping
#
# **This training is meant to end with the weights that had the least validation loss, and ends with others. One line is wrong: find it, and mend it.**
#
# ```python
# def early_stopping(network, optimizer, training, validation, steps):
#     def loss(real, fake):
#         return (softplus(-network(real)) + softplus(network(fake))).mean(-1)
#
#     least, kept = math.inf, None
#     for step in range(steps):
#         with torch.no_grad():
#             held_out = loss(*validation).mean().item()
#         if held_out < least:
#             least, kept = held_out, network.state_dict()
#         optimizer.zero_grad()
#         loss(*training).sum().backward()
#         optimizer.step()
#     network.load_state_dict(kept)
# ```
#
# It trains eight discriminators at once, on 40 real samples and 40 fakes each: `training` and `validation` are pairs of reals and fakes, [8, n, 2].

# %% nbgrader={"grade": false, "grade_id": "early-stopping", "locked": false, "schema_version": 3, "solution": true, "task": false}
def early_stopping(network, optimizer, training, validation, steps):
    """Eight discriminators in one → nothing; `network` has the weights of its least validation loss"""

    ### BEGIN SOLUTION
    def loss(real, fake):
        return (softplus(-network(real)) + softplus(network(fake))).mean(-1)

    least, kept = math.inf, None
    for step in range(steps):
        with torch.no_grad():
            held_out = loss(*validation).mean().item()
        if held_out < least:
            least, kept = held_out, copy.deepcopy(network.state_dict())
        optimizer.zero_grad()
        loss(*training).sum().backward()
        optimizer.step()
    network.load_state_dict(kept)
    ### END SOLUTION


# %% [markdown]
# The check first asks which weights were kept. Then it shows the eight discriminators fresh samples: at least six should do better than one without an
# opinion, whose loss is $2 \log 2$.

# %% nbgrader={"grade": true, "grade_id": "check-early-stopping", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.early_stopping(early_stopping, seed=mine)
### BEGIN HIDDEN TESTS
check.early_stopping(early_stopping, seed=3104, steps=100, count=30)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · How sure may it be?
#
# Eight discriminators, each on 40 real and 40 fake samples of its own, for 150 steps: the mean loss on the training samples, and on validation samples.

# %%
train, held_out, right = check.overfitting(mine)
figure, axes = plt.subplots(figsize=(7.2, 3.2))
steps = torch.arange(len(train))
curves.draw_curve(axes, steps, train, style.DISCRIMINATOR, "training")
curves.draw_curve(axes, steps, held_out, style.AVERAGE, "validation")
curves.draw_reference(axes, 2 * math.log(2), "no opinion: 2 log 2")
axes.set(ylabel="loss", xlim=(0, 150), ylim=(0, None))
curves.label_ends(axes)
plt.show()
print(f"after the last step, sure by more than 98 %: right in {right:.0%} of the validation samples")

# %% [markdown]
# **In three or four sentences (4 points):** from which step on do they overfit, and how do you see it? Why may you not believe the 98 %? A friend reports the least point of the
# validation curve as the loss to be expected on new samples: what is wrong with that, and how would you get a fair number?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-overfitting", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# They overfit from where the validation loss turns upwards, after some ten to thirty steps, while the training loss goes on falling: what is learned from
# then on holds for these 80 samples only. The network can make its training samples as sure as it likes by making its scores larger, and nothing in its own loss
# objects; on other samples it is right in far fewer than 98 % of the cases in which it claims as much, so it is not calibrated. The least point was
# *chosen* among 150 on the validation samples, so it is a little too good by luck; a third set, looked at once and after the choice, gives a fair number.
#
# **Rubric.** 1 point: the turn of the validation curve, read off roughly. 1 point: the training loss goes on falling, so it shows nothing. 1 point: sure
# on samples it has learned by heart, and less often right than it claims on others (with the printed number). 1 point: the minimum is selected, hence
# optimistic; a third set (test set), or cross-validation.

# %% [markdown]
# ## Go on
#
# Run task 4 with your `auc` in place of the difference of means, on scores of a discriminator that was trained on *other* samples: that is
# the classifier two-sample test of the chapter. Then read [chapter 04](../../../04_the_losses.ipynb), about what a generator is sent.
