# %% [markdown]
# # 15 · Text: assignment
#
# **You will** write the two ways for a gradient to pass a letter, take a perplexity, count a pile of words, mend a training that
# writes nothing, and judge four writers by three numbers.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 15](../../../15_text.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import math

import torch
from torch.nn.functional import one_hot, softplus

from gan_lessons.checks import text as check

torch.set_num_threads(1)

# %% [markdown]
# Write your name between the quotes. Your words and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · Hard letters, soft gradient
#
# **Return a 1 in the place of the largest logit and 0 elsewhere, with the gradient of the softmax.**
#
# Forwards the result is hard; backwards a loss reaches the logits as if the result were `softmax(logits)`. The alphabet is the last dimension, and there may be
# any number of dimensions before it. This is the straight-through estimator.

# %% nbgrader={"grade": false, "grade_id": "straight-through", "locked": false, "schema_version": 3, "solution": true, "task": false}
def straight_through(logits):
    """logits [..., alphabet] → letters [..., alphabet]"""
    ### BEGIN SOLUTION
    soft = logits.softmax(-1)
    hard = one_hot(soft.argmax(-1), logits.shape[-1]).float()
    return hard + soft - soft.detach()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-straight-through", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.straight_through(straight_through, seed=mine)
### BEGIN HIDDEN TESTS
check.straight_through(straight_through, seed=15101, shapes=((4, 3), (2, 2, 3, 6)))
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Without pretending
#
# **Return a loss whose gradient is the score-function estimate, with the mean reward as its baseline.**
#
# $$ L = -\operatorname*{mean}_i\, \bigl(r_i - \bar r\bigr) \sum_t \log p(\text{letter } t \text{ of text } i), \qquad p = \operatorname{softmax}(\text{logits}) $$
#
# Lowering it makes the letters of well-rewarded texts likelier. The rewards are given numbers, and $\bar r$ is their mean over the batch.

# %% nbgrader={"grade": false, "grade_id": "score-function", "locked": false, "schema_version": 3, "solution": true, "task": false}
def score_function(logits, letters, rewards):
    """logits [n, length, alphabet], letters [n, length] (whole numbers), rewards [n] → a tensor of shape []"""
    ### BEGIN SOLUTION
    said = logits.log_softmax(-1).gather(-1, letters[..., None])[..., 0].sum(1)
    return -((rewards - rewards.mean()) * said).mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-score-function", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.score_function(score_function, seed=mine)
### BEGIN HIDDEN TESTS
check.score_function(score_function, seed=15102, shapes=((4, 5, 3), (9, 1, 7)))
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Perplexity
#
# **A model reads a word of three letters and gives them, one after the other, the probabilities printed below. What is its perplexity, per letter?** Two
# decimals.

# %%
print("probabilities:", check.own_chances(mine))

# %% nbgrader={"grade": false, "grade_id": "perplexity", "locked": false, "schema_version": 3, "solution": true, "task": false}
perplexity = None
### BEGIN SOLUTION
perplexity = math.prod(check.own_chances(mine)) ** (-1 / 3)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-perplexity", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.perplexity(perplexity, seed=mine)


# %% [markdown]
# ## 4 · A pile of words
#
# **Return three shares, each from 0 to 1:**
#
# - **valid**: of all samples, those that are a word of the list (a word written twice counts twice);
# - **found**: of the words of the list, those that were written at least once;
# - **different**: the number of different samples, valid or not, divided by the number of samples.
#
# Samples and words are rows of letters, by their numbers. No word is twice on the list.

# %% nbgrader={"grade": false, "grade_id": "three-shares", "locked": false, "schema_version": 3, "solution": true, "task": false}
def three_shares(samples, words):
    """samples [n, length], words [k, length] (whole numbers) → valid, found, different: three numbers"""
    ### BEGIN SOLUTION
    written, listed = samples.tolist(), words.tolist()
    valid = sum(sample in listed for sample in written) / len(written)
    found = sum(word in written for word in listed) / len(listed)
    return valid, found, len(set(map(tuple, written))) / len(written)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-three-shares", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.three_shares(three_shares, seed=mine)
### BEGIN HIDDEN TESTS
check.three_shares(three_shares, seed=15103, sizes=((40, 5), (12, 8)))
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training runs without an error, and its generators write the same nonsense at the end as at the start. One line is wrong: find it, and mend it.**
#
# ```python
# def word_training(gan, batches):
#     def write(noise):
#         soft = gan.generator(noise).unflatten(-1, (4, 5)).softmax(-1)
#         hard = one_hot(soft.argmax(-1), 5).float()
#         return hard.flatten(-2)
#
#     for real, noise in batches:
#         fake = write(noise[0]).detach()
#         loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         loss = softplus(-gan.discriminator(write(noise[1])))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once, with the non-saturating loss, on words of four letters from an alphabet of five. `real` is [8, 64, 20]: 64 words for each GAN, and for
# each of the four letters five numbers, a 1 in its place. `noise` is [2, 8, 64, 6]. $G$ returns logits, [8, 64, 20]; $D$ is to see hard letters of $G$'s, the likeliest ones, as it
# sees hard letters of the real words.

# %% nbgrader={"grade": false, "grade_id": "word-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def word_training(gan, batches):
    """Eight GANs, pairs of real [8, n, 20] and noise [2, 8, n, 6] → nothing; both networks of `gan` have learned"""

    ### BEGIN SOLUTION
    def write(noise):
        soft = gan.generator(noise).unflatten(-1, (4, 5)).softmax(-1)
        hard = one_hot(soft.argmax(-1), 5).float()
        return (hard + soft - soft.detach()).flatten(-2)

    for real, noise in batches:
        fake = write(noise[0]).detach()
        loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        loss = softplus(-gan.discriminator(write(noise[1])))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains eight GANs on six words of your own, in 500 rounds. At
# least half of the eight should write a word of the list in 40 % of their samples. (By chance it is 1 %. Many of them keep to few of the words: task 4 has a number for that.)

# %% nbgrader={"grade": true, "grade_id": "check-word-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.word_training(word_training, seed=mine)
### BEGIN HIDDEN TESTS
check.word_training(word_training, seed=15104, rounds=3)
### END HIDDEN TESTS

# %%
words = check.own_words(mine)
print("the list:", *check.spelled(words, mine))
for number, each in enumerate(samples, 1):
    valid, found, different = check.shares(each, words)
    print(f"GAN {number}:   ", *check.spelled(each[:6], mine), f"  valid {valid:.0%}, found {found:.0%}")

# %% [markdown]
# ## 6 · Read the numbers
#
# A perfect sampler of 60 words and four other writers, 300 samples each, by the three shares of task 4. (300 samples of 60 words cannot have more than 60 different ones among them, a share of 20 %, if all are valid.)

# %%
for name, (valid, found, different) in check.samplers(mine).items():
    print(f"{name:8} valid {valid:6.1%}   found {found:6.1%}   different {different:6.1%}")

# %% [markdown]
# **In three or four sentences (4 points):** say of each of the four writers what it does, and by which numbers you know. Two of them have no word that is wrong: why is
# neither of them a good writer?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-writers", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The writer with 100 % valid words and less than 2 % found writes one and the same word. The one with 100 % valid and 25 % found knows a quarter of the list and leaves out the rest, a mode collapse that *valid*
# does not see. The one with about 10 % valid writes letters at random: most of its samples are different, and that many of the words are found is luck, by many trials. The last one, with somewhat more than half
# valid, knows nearly the whole list and spoils about every other word. The two without a wrong word are no good writers since they cannot write most of the list.
#
# **Rubric.** 1 point for each writer whose fault is described with the numbers that show it. For the two that are all valid, the point asks for *found* (or *different*) as the number that gives them away.

# %% [markdown]
# ## Go on
#
# Add Gumbel noise to the logits in task 5: are more of the words found? Then read [chapter 16](../../../16_verse_and_news.ipynb), where texts grow longer.
