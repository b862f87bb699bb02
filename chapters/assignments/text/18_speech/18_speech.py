# %% [markdown]
# # 18 · Speech: assignment
#
# **You will** fold a waveform as a discriminator sees it, write a vocoder's three losses, ask what a listener's answers prove, choose a detector's threshold,
# mend a vocoder whose pulses wander, and judge four detectors by their curves.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 18](../../../18_speech.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 80 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch.nn.functional import pad

from gan_lessons.checks import speech as check
from gan_lessons.plots import style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your voice, your numbers and your detectors then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · Fold at a period
#
# **Return the columns of folded waveforms: row $k$ of a clip holds its samples $k$, $k + p$, $k + 2p$ and so on, for a period of $p$ samples.**
#
# A multi-period discriminator writes a clip in lines of $p$ samples, one below the other, and looks down its $p$ columns. Each column is a row of what you return. If the last line is not full, fill it up with zeros, and add no line of
# zeros alone. With $p = 2$ the clip 1, 2, 3, 4, 5 becomes the rows 1, 3, 5 and 2, 4, 0.

# %% nbgrader={"grade": false, "grade_id": "fold", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fold(waveforms, period):
    """waveforms [batch, samples], period a whole number → [batch, period, lines]"""
    ### BEGIN SOLUTION
    filled = pad(waveforms, (0, -waveforms.shape[1] % period))
    return filled.unflatten(1, (-1, period)).mT
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-fold", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
pictures = check.fold(fold, seed=mine)
### BEGIN HIDDEN TESTS
check.fold(fold, seed=18101, shapes=((3, 31, 7), (2, 35, 5), (1, 9, 2)))
### END HIDDEN TESTS

# %% [markdown]
# Your function has folded a vowel of your own at three neighbouring numbers of samples. One is its period. Which one, and how do the pulses show it?

# %%
figure, plots = plt.subplots(1, 3, figsize=(7.2, 2.8), sharey=True, layout="constrained")
for axes, (period, columns) in zip(plots, pictures.items(), strict=True):
    axes.imshow(columns.T, aspect="auto", cmap="gray")
    axes.set(xlabel="sample within the period", title=f"folded at {period}")
plots[0].set(ylabel="period")
plt.show()


# %% [markdown]
# ## 2 · Three losses of a vocoder
#
# **Return the loss of $G$: adversarial, feature matching, and mel spectrogram.**
#
# $$ L_G = \mathbb{E}\,(s - 1)^2 + 10 \cdot \frac{1}{L}\sum_{l=1}^{L} \mathbb{E}\,\big| D_l(x) - D_l(G(m)) \big| + 45 \cdot \mathbb{E}\,\big| M(G(m)) - m \big| $$
#
# $\mathbb{E}$ is the mean over all numbers of a tensor. `scores` are $D$'s scores $s$ of the fakes, `real` and `fake` are lists with the features $D_l$ of the $L$ layers, tensors whose sizes differ from layer to layer, `made` is the fakes' log-mel $M(G(m))$ and
# `asked` is $m$. The recording's features $D_l(x)$ are given: let no gradient reach them.

# %% nbgrader={"grade": false, "grade_id": "vocoder-loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vocoder_loss(scores, real, fake, made, asked):
    """scores [batch, 1, places], two lists of features, made and asked [batch, bands, frames] → a tensor of shape []"""
    ### BEGIN SOLUTION
    matching = sum((a.detach() - b).abs().mean() for a, b in zip(real, fake, strict=True)) / len(real)
    return (scores - 1).square().mean() + 10 * matching + 45 * (made - asked).abs().mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-vocoder-loss", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.vocoder_loss(vocoder_loss, seed=mine)
### BEGIN HIDDEN TESTS
check.vocoder_loss(vocoder_loss, seed=18102, layers=(((2, 9), (5, 4), (7, 3)), ((6, 2),) * 4))
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Heard, or guessed?
#
# **A listener in the listening room did the number of ABX trials that is printed below, and gave so many right answers. What is the chance that somebody who hears no difference, and so guesses each time, gets at least as many right?** To three
# decimals. `math.comb(n, k)` is the number of ways to choose which $k$ of $n$ answers are the right ones.

# %%
trials, right = check.own_answers(mine)
print(f"{trials} trials, {right} right answers")

# %% nbgrader={"grade": false, "grade_id": "luck", "locked": false, "schema_version": 3, "solution": true, "task": false}
luck = None
### BEGIN SOLUTION
luck = sum(math.comb(trials, k) for k in range(right, trials + 1)) / 2**trials
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-luck", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.luck(luck, seed=mine)


# %% [markdown]
# ## 4 · Choose a threshold, then test
#
# **Choose a detector's threshold on the validation clips, and return what it does on the test clips: the share of wake words missed, and the false alarms an hour.**
#
# The detector raises an alarm where a score is *above* the threshold; a score equal to it is no alarm. `quiet` are the scores of the validation clips, all of other words, cut from `quiet_hours` hours of audio. The threshold is the lowest of these scores that
# raises at most `most` false alarms an hour on the validation clips. Then the test: `wake` are the scores of clips with the wake word, `others` those of other words, from `hours` hours.

# %% nbgrader={"grade": false, "grade_id": "operating-point", "locked": false, "schema_version": 3, "solution": true, "task": false}
def operating_point(quiet, quiet_hours, wake, others, hours, most):
    """Scores quiet [n], wake [m], others [k]; hours and the most alarms an hour are numbers → missed, alarms an hour"""
    ### BEGIN SOLUTION
    allowed = int(most * quiet_hours)
    threshold = quiet.sort(descending=True).values[allowed]
    return (wake <= threshold).double().mean(), (others > threshold).sum() / hours
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-operating-point", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.operating_point(operating_point, seed=mine)
### BEGIN HIDDEN TESTS
check.operating_point(operating_point, seed=18103, sizes=((100, 110), (150, 80)))
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training runs without an error, and its vocoders' spectra come as near to those asked for as one could wish. But their pulses stand anywhere: the waveforms do not resemble the recordings. One line is wrong: find it, and mend it.**
#
# ```python
# def vocoder_training(gan, batches):
#     for real, asked in batches:
#         fake = gan.generator(asked)
#         heard = fake.detach()
#         loss = (gan.discriminator(real) - 1).square() + gan.discriminator(heard).square()
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         _, real_features = check.listen(gan.discriminator, real)
#         scores, fake_features = check.listen(gan.discriminator, heard)
#         adversarial = (scores - 1).square().mean(-1)
#         apart = [(a.detach() - b).abs().mean((-2, -1)) for a, b in zip(real_features, fake_features, strict=True)]
#         spectral = (check.spectrum(fake) - asked).abs().mean((-2, -1))
#         gan.generator_optimizer.zero_grad()
#         (adversarial + 10 * sum(apart) / len(apart) + 5 * spectral).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight vocoders at once, each with a discriminator of its own: `real` is [8, 32, 32], for each of the eight GANs 32 recordings of 32 samples, trains of pulses whose first one always comes at the same sample. `asked` is what a vocoder is told about them, [8, 32, 17]: the log-magnitudes `check.spectrum(real)`,
# without phases. `check.listen` returns the scores of $D$ and the features of its two layers. The losses are those of task 2, with the log-magnitudes in place of the log-mel, and a weight of 5.

# %% nbgrader={"grade": false, "grade_id": "vocoder-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vocoder_training(gan, batches):
    """Eight GANs, pairs of real [8, n, 32] and asked [8, n, 17] → nothing; both networks of `gan` have learned"""
    ### BEGIN SOLUTION
    for real, asked in batches:
        fake = gan.generator(asked)
        heard = fake.detach()
        loss = (gan.discriminator(real) - 1).square() + gan.discriminator(heard).square()
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        _, real_features = check.listen(gan.discriminator, real)
        scores, fake_features = check.listen(gan.discriminator, fake)
        adversarial = (scores - 1).square().mean(-1)
        apart = [(a.detach() - b).abs().mean((-2, -1)) for a, b in zip(real_features, fake_features, strict=True)]
        spectral = (check.spectrum(fake) - asked).abs().mean((-2, -1))
        gan.generator_optimizer.zero_grad()
        (adversarial + 10 * sum(apart) / len(apart) + 5 * spectral).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains eight vocoders in 500 rounds, and they speak 100 spectra that they have not seen. At least half of the eight should have a mean correlation of 0.7 with the
# recordings. (As the sick training stands, it is about 0 on average.)

# %% nbgrader={"grade": true, "grade_id": "check-vocoder-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.vocoder_training(vocoder_training, seed=mine)
### BEGIN HIDDEN TESTS
check.vocoder_training(vocoder_training, seed=18104, rounds=3)
### END HIDDEN TESTS

# %% [markdown]
# Three recordings in blue, and in orange what your eight vocoders made of their spectra.

# %%
recordings, made = samples
figure, plots = plt.subplots(1, 3, figsize=(7.2, 2.4), sharey=True, layout="constrained")
for place, axes in enumerate(plots):
    axes.plot(made[:, place].T, color=style.FAKE, lw=0.8, alpha=0.6)
    axes.plot(recordings[place], color=style.REAL, lw=1.6)
    axes.set(xlabel="sample")
plt.show()

# %% [markdown]
# ## 6 · Read the curves
#
# Four detectors of a wake word, and the share of wake words that each misses at three false alarm rates: said by voices that it was taught with, and said by strangers. (The scores are drawn at random for this page.) Each test has 0.2 hours of other words, 1,440 clips, and 200 clips of the wake word.

# %%
print("false alarms an hour:" + "".join(f"{rate:>10}" for rate in check.RATES))
for name, rows in check.detectors(mine).items():
    for voices, missed in rows.items():
        print(f"{name}  {voices:18}" + "".join(f"{share:10.0%}" for share in missed))

# %% [markdown]
# **In four or five sentences (4 points):** a device may raise at most 50 false alarms an hour in a home. Which detector do you choose, and by which number? Say of each of the others what is wrong with it, with a number that shows it. In which column would you trust no difference between two detectors, and why?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-detectors", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# In a home there are strangers, so the column 50 of their rows decides. The best one there misses about a half; that is the detector to choose, although at 500 an hour another misses next to nothing. That other one misses almost all at 5 and at 50: some other words get higher scores than the wake word, and only a rate that lets all of these through
# helps it. The detector with 0 % missed at 50 by known voices and more than nine in ten by strangers knows its voices, not the word, and would look best if clips were split without regard to speakers. The last one misses about as much as one that raises its alarms at random, which at 500 an hour, 100 alarms in 1,440 clips, misses 93 %: it does not hear the word at all. In 0.2 hours, 5 alarms an hour are a single alarm,
# so the column 5 hangs on one or two clips.
#
# **Rubric.** 1 point: the right detector, by the strangers' share missed at 50. 1 point: the curves cross; best at 500 is not best at 50. 1 point: the one that knows voices (known against strangers), and the one that guesses. 1 point: the column 5, since it is one alarm in the whole test.

# %% [markdown]
# ## Go on
#
# Give the mended training a weight of 0 for the feature matching: is the rest of $D$ enough? Then read [chapter 19](../../../19_video.ipynb), where pictures move.
