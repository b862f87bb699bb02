# %% [markdown]
# # 16 · Verse and news: assignment
#
# **You will** write the judge of metre, work out what each word of a line is worth, find D's share of a gain, write the loss of a reward
# model, mend an autoencoder whose codes flee from the noise, and judge four papers by their controls.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 16](../../../16_verse_and_news.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn.functional import logsigmoid, softplus

from gan_lessons.checks import verse_and_news as check
from gan_lessons.plots import style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your lines and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · What a line costs
#
# **Return what a line's faults of metre cost.**
#
# A line is a list of words, and a word a tuple with the stress of each of its syllables: 0 weak, 1 strong, 2 a minor stress. In a word of one syllable, 0 stands for a function word and 1 for a content word: "the
# silent night" is `[(0,), (1, 0), (1,)]`.
#
# Count the syllables of the whole line from 0. Places 1, 3, 5, … are strong, the others weak.
#
# - A 1 in a weak place and a 0 in a strong place are faults. A 2 is never a fault.
# - A fault costs 2 in a word of several syllables, and 1 in a word of one.
# - Two things are free: a 1 in place 0, and a 0 in place 1 if it is in a word of several syllables.
#
# Whether the line has ten syllables is not asked here.

# %% nbgrader={"grade": false, "grade_id": "metre-cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def metre_cost(words):
    """a list of words, each a tuple of stresses → the cost, a whole number"""
    ### BEGIN SOLUTION
    syllables = [(stress, len(word) > 1) for word in words for stress in word]
    cost = 0
    for place, (stress, longer) in enumerate(syllables):
        fault = stress == (0 if place % 2 else 1)
        free = (place == 0 and stress == 1) or (place == 1 and stress == 0 and longer)
        cost += (2 if longer else 1) * (fault and not free)
    return cost
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-metre-cost", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples_of_verse = check.metre_cost(metre_cost, seed=mine)
### BEGIN HIDDEN TESTS
check.metre_cost(metre_cost, seed=16101, real=60)
### END HIDDEN TESTS

# %% [markdown]
# Five real lines of your own, and the same with their words in another order. A line of ten syllables scans if it costs at most 3. Which of these do? Read two of them aloud.

# %%
for cost, rhythm, line in samples_of_verse:
    print(f"{cost:2}   {rhythm:20} {line}")  # ● strong, · weak, ○ a minor stress


# %% [markdown]
# ## 2 · What a word is worth
#
# **Return for each word its return, less the mean return that the *other* lines have in the same place.**
#
# $$ r_t = 2\sigma(s_t) - 1, \qquad R_t = r_t + \text{discount} \cdot R_{t+1}, \qquad \text{worth}_t = R_t - b_t $$
#
# `scores` [n, length] are $D$'s scores of all prefixes of $n$ lines. Lines are not equally long: `written` [n, length] is 1 for a line's symbols (its words and its end) and 0 for what only
# fills the row. What fills the row has the reward 0, is worth 0, and does not count in $b_t$: of the other lines, only those with a symbol in place $t$ do. Where there is none, $b_t = 0$.
#
# To $G$ the values are given numbers: no gradient may flow through them to $D$.

# %% nbgrader={"grade": false, "grade_id": "worth", "locked": false, "schema_version": 3, "solution": true, "task": false}
def worth(scores, written, discount):
    """scores [n, length], written [n, length] (1 or 0), a discount → values [n, length], without a gradient"""
    ### BEGIN SOLUTION
    returns = (2 * scores.detach().sigmoid() - 1) * written
    for place in reversed(range(scores.shape[1] - 1)):
        returns[:, place] += discount * returns[:, place + 1]
    others = (returns.sum(0) - returns) / (written.sum(0) - written).clamp(min=1)
    return (returns - others) * written
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-worth", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
pictures = check.worth(worth, seed=mine)
### BEGIN HIDDEN TESTS
check.worth(worth, seed=16102, sizes=((5, 4), (8, 7)), discount=0.8)
### END HIDDEN TESTS

# %% [markdown]
# Here the dictionary plays $D$: it scores a prefix by 2 minus its cost. Your function has worked out the words' worth in two real lines of your own and in the same lines shuffled, beside eight
# others. Where a fault has been made, even words that fit are worth less than 0 from there on. Why?

# %%
figure, panels = plt.subplots(4, 1, figsize=(7.2, 6.4), sharey=True, layout="constrained")
for number, (axes, (words, values)) in enumerate(zip(panels, pictures, strict=True)):
    axes.bar(range(len(words)), values, color=style.REAL if number < 2 else style.FAKE)
    axes.axhline(0, color="black", lw=0.8)
    axes.set_xticks(range(len(words)), words)
    axes.set(xlim=(-0.6, 10.6), ylabel="worth")
panels[0].set_title("Two real lines (blue), and the same shuffled (orange)")
plt.show()

# %% [markdown]
# ## 3 · How much of it is D's?
#
# **A GAN starts from a language model and ends with better headlines. What share of the gain is the discriminator's?** A number from 0 to 1, two decimals.
#
# The second term of its loss is the likelihood of real lines. Three shares of lawful headlines are printed below; take them as exact.

# %%
start, gan, rewards_off = check.own_runs(mine)
print(f"the model that it starts from {start:.2f}, the GAN {gan:.2f}, the same with D's rewards off {rewards_off:.2f}")

# %% nbgrader={"grade": false, "grade_id": "share-of-d", "locked": false, "schema_version": 3, "solution": true, "task": false}
share_of_d = None
### BEGIN SOLUTION
share_of_d = (gan - rewards_off) / (gan - start)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-share-of-d", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.share_of_d(share_of_d, seed=mine)


# %% [markdown]
# ## 4 · Which of two is better?
#
# **Return the loss of a reward model that learns from pairs of lines: the mean over the pairs of Bradley and Terry's**
#
# $$ -\log \sigma(r_\text{preferred} - r_\text{other}) $$
#
# Row $i$ of `rewards` holds the rewards of the two lines of pair $i$, and row $i$ of `costs` what the same two lines cost. The one that costs *less* is preferred. Pairs of equal cost are left out; there is
# always a pair that is not. The loss should stay finite for rewards in the thousands.

# %% nbgrader={"grade": false, "grade_id": "preference-loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def preference_loss(rewards, costs):
    """rewards [n, 2], costs [n, 2] (whole numbers) → a tensor of shape []"""
    ### BEGIN SOLUTION
    ahead = (rewards[:, 0] - rewards[:, 1]) * (costs[:, 1] - costs[:, 0]).sign()
    return -logsigmoid(ahead[costs[:, 0] != costs[:, 1]]).mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-preference-loss", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples_ranked = check.preference_loss(preference_loss, seed=mine)
### BEGIN HIDDEN TESTS
check.preference_loss(preference_loss, seed=16103, counts=(5, 20))
### END HIDDEN TESTS

# %% [markdown]
# By your loss a small network has learned from pairs of shuffled lines: it saw their syllables, and was told which of two costs less. Of 300 new lines it rewards these three most, and those three least. (Before each stands its cost, which the network was not told.)

# %%
for place, (cost, line) in enumerate(samples_ranked):
    print("the last three:\n" * (place == 3) + f"{cost:4}   {line}")


# %% [markdown]
# ## 5 · Mend the sick autoencoder
#
# **This training should make the codes of lines look like noise, and they run away from it. One line is wrong: find it, and mend it.**
#
# ```python
# def code_training(gan, batches):
#     for lines, told, noise in batches:
#         code = gan.generator.encode(told)
#         loss = softplus(-gan.discriminator(code.detach())) + softplus(gan.discriminator(noise))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         rebuilding = softplus(-lines * gan.generator.write(code)).mean(-1)
#         adversarial = softplus(-gan.discriminator(code))
#         gan.generator_optimizer.zero_grad()
#         (rebuilding + 0.3 * adversarial).mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight adversarial autoencoders at once, each with a $D$ of its own. To keep them small, a line is only its rhythm: `lines` [8, 64, 10] holds 64 lines for each autoencoder, and of each line its ten syllables, 1 if stressed and −1 if not. `told` is the same with
# three in ten syllables hidden (0), and `noise` is [8, 64, 2]. `encode` makes codes [8, 64, 2], `write` makes a logit of each syllable from a code, and `rebuilding` is the cross-entropy, in nats a
# syllable. As in the chapter, $D$ is to score highly what counts as real.

# %% nbgrader={"grade": false, "grade_id": "code-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def code_training(gan, batches):
    """Eight autoencoders; batches of lines and told [8, n, 10], noise [8, n, 2] → nothing; `gan` has learned"""
    ### BEGIN SOLUTION
    for lines, told, noise in batches:
        code = gan.generator.encode(told)
        loss = softplus(-gan.discriminator(noise)) + softplus(gan.discriminator(code.detach()))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        rebuilding = softplus(-lines * gan.generator.write(code)).mean(-1)
        adversarial = softplus(-gan.discriminator(code))
        gan.generator_optimizer.zero_grad()
        (rebuilding + 0.3 * adversarial).mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains on the rhythms of real verse, in 400 rounds. At least six of the eight encoders should bring their codes of
# held-out lines within a Fréchet distance of 1.5 from normal noise (0 is perfect).

# %% nbgrader={"grade": true, "grade_id": "check-code-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.code_training(code_training, seed=mine)
### BEGIN HIDDEN TESTS
check.code_training(code_training, seed=16104, rounds=3)
### END HIDDEN TESTS

# %% [markdown]
# The codes of 500 held-out lines, over normal noise:

# %%
figure, plots = plt.subplots(2, 4, figsize=(7.2, 3.9), sharex=True, sharey=True, layout="constrained")
noise = torch.randn(500, 2, generator=torch.Generator().manual_seed(mine))
for axes, codes in zip(plots.flat, samples.codes, strict=True):
    axes.scatter(*noise.T, s=4, color=style.REAL, alpha=0.25)
    axes.scatter(*codes.T, s=4, color=style.FAKE)
    axes.set(xlim=(-4, 4), ylim=(-4, 4), aspect="equal")
figure.suptitle("Codes (orange) and normal noise (blue)")
plt.show()

# %% [markdown]
# Does the writer use the code? And how does a rhythm change on a straight walk through the codes, from (−1.8, 0) to (1.8, 0)? Each column is the walk of one autoencoder.

# %%
own_code, another, of_noise = samples.nats.mean(1).tolist()
print(f"nats a syllable: by its own code {own_code:.2f}, by another line's {another:.2f}, by noise {of_noise:.2f}\n")
for steps in zip(*samples.walks[:4], strict=True):
    print("     ".join(steps))

# %% [markdown]
# ## 6 · Read four papers
#
# In four papers (invented ones) a GAN starts from the *same* language model, $D$ rewards its words, and the loss has a likelihood term as well. First come the lines of that model, the start, at three temperatures.

# %%
for temperature, (scans, self_bleu) in check.TEMPERATURES.items():
    print(f"the start, temperature {temperature}:   scans {scans:.2f}   self-BLEU {self_bleu:.2f}")
print()
for name, paper in check.papers(mine).items():
    print(f"paper {name}: D's loss at the end {paper.loss_of_d:.3f} (guessing: 1.386)")
    for title, run in (("the GAN", paper.gan), ("D's rewards off", paper.off)):
        print(f"    {title:16} scans {run.scans:.2f}   self-BLEU {run.self_bleu:.2f}")

# %% [markdown]
# Every row is of 2,000 lines. The GANs wrote at a temperature of 1. Two shares of so many lines may differ by .03 by chance.
#
# **In four or five sentences (4 points):** say of each paper what the GAN has gained over its start, whether $D$ or something else has brought it, and by which numbers you know. Which of the GANs would you use? And what
# would you test next where $D$'s loss stayed at that of guessing?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-papers", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# In the paper with .76 in both rows the gain over .60 is real and not D's: with the rewards off it is just as large, so it comes from the likelihood term, and a longer training by likelihood is the simpler way. In the paper with .76 and
# about .61 the gain is D's, since it is gone with the rewards off, and the lines are as varied as the start's (self-BLEU .16); D's loss is below that of guessing. That GAN I would use. In the paper with .86 the gain is D's, too, but the lines have grown
# alike (self-BLEU .62): the start at a temperature of 0.6 scans as often at .51, so it buys no more than cooling does, and less variety. The last paper, with about .60 in all rows, has gained nothing; its D guessed, so this says nothing about rewards by a better D.
# Where D's loss stays at 1.386, I would give the same D shuffled lines for as many steps: if it cannot tell even those, it is blind or has learned for too short a time.
#
# **Rubric.** 1 point for each paper with the right verdict and the numbers that show it (the control; for the third also self-BLEU beside the cooled start). For the last point the answer has to say that a D that guesses leaves the question open, or name
# the test with lines known to be bad.

# %% [markdown]
# ## Go on
#
# In task 5, what happens to the codes if the adversarial part is multiplied by 0? (That is the control which chapter 16 did not run.) Then read [chapter 17](../../../17_sound.ipynb), where the samples can be heard.
