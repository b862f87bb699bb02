# %% [markdown]
# # 17 · Sound: assignment
#
# **You will** cut a waveform into frames, turn its magnitudes into decibels, fold a tone, write a round of Griffin–Lim, mend a
# training that draws no spectrograms, and judge four piles of clips by five scores.
#
# Each task is one sentence and something to fill in. Tasks 1 to 5 have a **check**, which prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 17](../../../17_sound.ipynb), and the package `gan_lessons`. Nothing here has to be heard.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 24 points, about 80 minutes. Checks tell you about 18 of the
# points. Two you learn when your work is graded, and a person reads your sentences at the end, for four.

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import sound as check
from gan_lessons.spectrograms import istft, stft

torch.set_num_threads(1)

# %% [markdown]
# Write your name between the quotes. Your tones and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · Frames and their magnitudes
#
# **Return the magnitudes of the short-time Fourier transform.**
#
# Frame $k$ (0, 1, 2, …) has as many samples as the window, and begins with sample $k \cdot$ `hop`. Only whole frames count, and nothing is padded. Multiply each
# frame by the window, which fades its ends so that the cuts do not sound, and transform it. The magnitude of each of its frequencies is the absolute value of a complex number. (The discrete
# Fourier transform of real numbers is `torch.fft.rfft`, along the last dimension.)

# %% nbgrader={"grade": false, "grade_id": "magnitudes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def magnitudes(waveforms, window, hop):
    """waveforms [batch, samples], window [length], a whole number → [batch, length // 2 + 1, frames]"""
    ### BEGIN SOLUTION
    frames = waveforms.unfold(1, len(window), hop) * window
    return torch.fft.rfft(frames).abs().transpose(1, 2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-magnitudes", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.magnitudes(magnitudes, seed=mine)
### BEGIN HIDDEN TESTS
check.magnitudes(magnitudes, seed=17101, sizes=((64, 16, 16), (50, 10, 7)))
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Decibels
#
# **Gather the magnitudes into bands, and return how many decibels each lies below the loudest place of its own clip, but never less than `floor`.**
#
# $$ \text{dB} = 20 \log_{10} \frac{\text{band}}{\text{loudest band of any frame of this clip}}, \qquad \text{band} = \text{filters} \times \text{magnitudes} $$
#
# So the loudest place has 0, all others less, and a silent place has the floor. Every clip has some sound in it.

# %% nbgrader={"grade": false, "grade_id": "decibels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def decibels(magnitudes, filters, floor=-60.0):
    """magnitudes [batch, frequencies, frames], filters [bands, frequencies] → [batch, bands, frames]"""
    ### BEGIN SOLUTION
    bands = filters @ magnitudes
    loudest = bands.amax((1, 2), keepdim=True)
    return (20 * (bands / loudest).log10()).clamp(min=floor)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-decibels", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.decibels(decibels, seed=mine)
### BEGIN HIDDEN TESTS
check.decibels(decibels, seed=17102, floors=(-80.0, -45.0), batch=4, frames=7)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · A tone that is too high
#
# **A tone of the frequency below is sampled 8,000 times a second, without a filter. At which frequency, in Hz, does it lie in the recording?**
#
# Two rules are enough. At these samples, a tone of $f$ Hz cannot be told from one of $f + 8000$ or $f - 8000$ Hz, nor one of $-f$ Hz from one of $f$. What the recording shows is the only one of them
# all from 0 to 4,000 Hz.

# %%
print(f"{check.own_tone(mine):,} Hz")

# %% nbgrader={"grade": false, "grade_id": "folded", "locked": false, "schema_version": 3, "solution": true, "task": false}
folded = None
### BEGIN SOLUTION
folded = abs(check.own_tone(mine) - 16_000)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-folded", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.folded(folded, seed=mine)


# %% [markdown]
# ## 4 · A round of Griffin–Lim
#
# **Return the spectrum with which the next round begins: the wanted magnitudes, with the phases of a spectrum that a waveform made.**
#
# `spectrum` is complex. It has the wanted magnitudes and phases that may not fit together. This is the plain algorithm, without momentum. The book's `stft` and `istft` are imported above. A part of every clip is
# silent: there the wanted magnitudes are 0, and so must be what you return.

# %% nbgrader={"grade": false, "grade_id": "another-round", "locked": false, "schema_version": 3, "solution": true, "task": false}
def another_round(magnitudes, spectrum):
    """magnitudes [batch, 257, frames], spectrum [batch, 257, frames], complex → the next spectrum, of the same shape"""
    ### BEGIN SOLUTION
    rebuilt = stft(istft(spectrum))
    return magnitudes * rebuilt / (rebuilt.abs() + 1e-9)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-another-round", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.another_round(another_round, seed=mine)
### BEGIN HIDDEN TESTS
check.another_round(another_round, seed=17103, sizes=((3, 16), (1, 9)))
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training runs without an error, its discriminators soon tell every picture from a real one, and its generators draw nothing that looks like one. One line is wrong: find it, and mend it.**
#
# ```python
# def spectrogram_training(gan, batches):
#     faintest, loudest = 0.03, 8.0
#     low, high = math.log(faintest), math.log(loudest)
#
#     for magnitudes, noise in batches:
#         logs = magnitudes.clamp(faintest, loudest).log()
#         real = 2 * (logs - low) / (high - low)
#         fake = gan.generator(noise[0]).detach()
#         loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         loss = softplus(-gan.discriminator(gan.generator(noise[1])))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once, with the non-saturating loss, on four kinds of short tones, each of which glides from one pitch to another. `magnitudes` is [8, 64, 17, 7]: for each GAN 64 clips, and of each the magnitudes of
# 17 frequencies in 7 frames. `noise` is [2, 8, 64, 6]. As in the chapter, $G$ ends in a tanh and draws spectrograms [8, 64, 17, 7] in [−1, 1], in which −1 stands for `faintest` and below, and 1 for
# `loudest` and above. $D$ returns scores, [8, 64].

# %% nbgrader={"grade": false, "grade_id": "spectrogram-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spectrogram_training(gan, batches):
    """Eight GANs, pairs of magnitudes [8, n, 17, 7] and noise [2, 8, n, 6] → nothing; both networks have learned"""
    ### BEGIN SOLUTION
    faintest, loudest = 0.03, 8.0
    low, high = math.log(faintest), math.log(loudest)

    for magnitudes, noise in batches:
        logs = magnitudes.clamp(faintest, loudest).log()
        real = 2 * (logs - low) / (high - low) - 1
        fake = gan.generator(noise[0]).detach()
        loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        loss = softplus(-gan.discriminator(gan.generator(noise[1])))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains eight GANs on glides of your own, in 400 rounds. A picture counts as a glide if it differs from
# the mean picture of one of the four kinds by less than 0.2, on average over its pixels. At least half of the eight should draw one in half of their samples. (Many of them draw only one or two of the four kinds: the mode collapse of chapter 06,
# which this check leaves alone.)

# %% nbgrader={"grade": true, "grade_id": "check-spectrogram-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
pictures = check.spectrogram_training(spectrogram_training, seed=mine)
### BEGIN HIDDEN TESTS
check.spectrogram_training(spectrogram_training, seed=17104, rounds=3)
### END HIDDEN TESTS

# %%
real = check.pictured(check.glide_magnitudes(check.own_glides(mine), torch.Generator().manual_seed(0)))
rows = [real, *(pictures[:4, column] for column in range(2))]
figure, panels = plt.subplots(3, 4, figsize=(7.2, 5.6), sharex=True, sharey=True)
for number, axes in enumerate(panels.flat):
    row, column = divmod(number, 4)
    axes.imshow(rows[row][column], origin="lower", aspect="auto", cmap="magma", vmin=-1, vmax=1)
    axes.set_title(f"glide {column + 1}" if row == 0 else f"GAN {column + 1}", fontsize=10)
figure.supxlabel("frame")
figure.supylabel("frequency, in steps of the transform")
figure.suptitle("Your four glides, and two samples each of four GANs")
plt.show()

# %% [markdown]
# ## 6 · Read the scores
#
# Four piles of 240 clips each, made for the same 240 digits, are heard by the chapter's judge, which learned from clips without hiss. Beside them stand real training clips of the digits that were asked for. (Twelve voices equally often would have .083 each; the
# rarest of them is always rarer.) *Gated* is read after the chapter's `gated`: hiss becomes silence wherever the mean pressure of a fiftieth of a second stays below .01.

# %%
table = check.pile_scores(mine)
print(" " * 28, *(f"{name:>7}" for name in table))
for score in table["real"]:
    print(f"{score:28}", *(f"{scores[score]:7.3f}" for scores in table.values()))

# %% [markdown]
# **Say of every pile what is wrong with it:** `"other words"` (real clips, about half of which say another digit than was asked for), `"hiss"` (real clips with a faint hiss), `"three voices"` (real clips of three of the twelve voices), or `"phases guessed"`
# (the log-mels of real clips turned into sound with random phases, and no round of Griffin–Lim).

# %% nbgrader={"grade": false, "grade_id": "piles", "locked": false, "schema_version": 3, "solution": true, "task": false}
piles = {"A": "", "B": "", "C": "", "D": ""}
### BEGIN SOLUTION
piles = dict(zip("ABCD", check.order(mine, check.FAULTS)))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-piles", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.piles(piles)
### BEGIN HIDDEN TESTS
check.piles(piles, seed=mine)
### END HIDDEN TESTS

# %% [markdown]
# **In four or five sentences (4 points):** two piles are read wrong nearly as often: by which score do you tell them apart, and what does that say about the judge? One of these two has nearly the Fréchet distance of real clips: what does that distance not know? Two
# piles are read right in every case: which score shows what is missing in one of them, and why does reading digits not find it? What would you change about the judge before it hears clips from WaveGAN?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-piles", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# *Hiss* and *other words* are both read right in only about half of the cases; gated, *hiss* is read right almost always, and *other words* as seldom as before. So the hissing clips say their words well, and it is the judge that fails, since it
# never met a hiss in its training. The Fréchet distance of *other words* is that of real clips, because every clip in it is real: the distance compares the two piles as wholes and does not know which digit was asked for. Of the two piles that are always read right,
# *three voices* has a rarest voice of 0: voices are missing, and reading digits cannot find that, since any voice can say the digit that was asked for (the Fréchet distance, far above that of real clips, notices it too). Before it hears WaveGAN the judge should be trained on clips with noise added, that is, augmented.
#
# **Rubric.** 1 point: *gated* tells *hiss* from *other words*, and the judge, not the words, is at fault. 1 point: the Fréchet distance does not know the condition, what was asked for. 1 point: *rarest voice* (or the Fréchet distance) shows the missing voices, and any voice can be read right. 1 point: train the judge with hiss or noise
# (augmentation); cutting out the silence before judging also counts.

# %% [markdown]
# ## Go on
#
# Listen to the piles: `check.four_piles(mine)["A"]` are the waveforms of one of them, and `Players` of `gan_lessons.plots.sound` plays them, as in the chapter. Which fault do you hear at once, and which not at all? Then read [chapter 18](../../../18_speech.ipynb), in which a
# network guesses the phases.
