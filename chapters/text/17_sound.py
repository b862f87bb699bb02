# %% [markdown]
# # 17 · Sound
#
# [← 16 Verse and news](16_verse_and_news.ipynb) · [contents](00_start.ipynb) · [18 Speech →](18_speech.ipynb) · [assignment](assignments/release/17_sound/17_sound.ipynb)
#
# **Half a second of sound is four thousand numbers. Which picture of it can a GAN learn, and how do you get the sound back?**
#
# Press play: none of these clips was ever spoken. A GAN drew each one as a picture, and an algorithm turned the picture into
# sound. Below the players, the picture of one word changes while its noise moves around a circle.

# %% alt="A spectrogram of a generated seven that changes smoothly and without end: its length changes and its bright bands drift, while the overall shape of the word stays." tags=["hide-input"]
import torch
from IPython.display import display
from matplotlib.figure import Figure

from gan_lessons import recipes
from gan_lessons.plots import diagrams, style
from gan_lessons.plots.motion import Animation
from gan_lessons.plots.sound import Players, draw_log_mel
from gan_lessons.spectrograms import griffin_lim

torch.set_num_threads(1)
style.use()
recipe = recipes.find("spoken_digits")
grown = recipe.load()
invented = recipe.samples(grown, torch.tensor([7, 3, 8, 0, 2]), seed=4)
display(
    Players({"invented": griffin_lim(invented)}, ["seven", "three", "eight", "zero", "two"], {"invented": invented})
)

corners = torch.randn(5, recipe.noise_dim, generator=torch.Generator().manual_seed(2))
turns = torch.linspace(0, 2 * torch.pi, 25)[:-1]
circle = turns.cos()[:, None] * corners[0] + turns.sin()[:, None] * corners[1]
with torch.no_grad():
    walk = grown.average(circle, torch.full((24,), 7))[:, 0]
frames = []
for picture in walk:
    frames.append(Figure(figsize=(3.8, 2.2), dpi=100, layout="constrained"))
    draw_log_mel(axes := frames[-1].subplots(), picture)
    axes.set_title("“seven”, along a circle in noise space")
Animation(frames, milliseconds=150, rest=150, colors=64)

# %% [markdown]
# **You will** turn speech into pictures and back, train a GAN that says the digit you ask for, listen to it beside the real
# thing, and measure what it gets wrong.
#
# **You will learn** to
# - read a spectrogram, and say what the mel scale and the logarithm keep,
# - tell which part of a sound a spectrogram stores and which part has to be guessed (the phase),
# - condition a generator inside its layers by scaling and shifting its channels (FiLM),
# - judge generated sound with several judges, and know what each of them cannot hear.
#
# **You need** chapters [09](09_images.ipynb) and [10](10_images_on_demand.ipynb), headphones if you like (every sound is drawn
# as well), and about two minutes of computing on a laptop's processor.
#
# This is the conditional GAN of chapter 10 with another $x$, and with G and D fitted to it. The highlighted parts are this
# chapter's.

# %% alt="The block diagram of a GAN. Highlighted: the generator, the fake, the real data, here spectrograms, the discriminator, and a condition, here the digit, which enters both generator and discriminator. The noise and the losses are pale." tags=["hide-input"]
lit = ("generator", "fake", "real", "discriminator", "condition")
diagrams.gan(lit=lit, condition="the digit", real="spectrograms")

# %%
import json
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
from tqdm.auto import tqdm

from gan_lessons import results
from gan_lessons.data import sound
from gan_lessons.judges import sounds
from gan_lessons.metrics.comparisons import shares
from gan_lessons.metrics.sound import frechet_floor, nearer_to_training, sound_scores

torch.manual_seed(12)
clips = sound.spoken_digits()

# %% [markdown]
# ## 1 · A list of pressures
#
# A microphone records the pressure of the air many times a second. The resulting list of numbers is a **waveform**; how many there
# are per second is the **sampling rate**. Ours is 8 kHz, as on the telephone, and a clip has 4,096 samples, about half a second.
#
# The clips are made on your own machine by *eSpeak NG*, a speech synthesiser, in twenty of its voices. Each clip is a digit, said
# with an accent, a speed and a pitch drawn at random.
#
# A machine's voices are easier to learn than real speech, and they are free, offline and unlimited. Section 7 turns to people.
#
# The clips are split by use:
#
# - `train` is for the GAN, `judge` for the classifier that will grade it, and `test` for the scores. The same twelve voices say all
#   three.
# - `strangers` are said by eight other voices, which neither the GAN nor its judge ever hears.
#
# Silence is trimmed, so that every clip starts where its word starts.

# %%
first = torch.stack([(clips.test.labels == digit).nonzero()[0, 0] for digit in range(10)])
print({name: len(getattr(clips, name)) for name in ("train", "judge", "test", "strangers")})

# %% alt="Two curves of the same spoken zero. On the left, half a second of it: a row of pulses that swells, fades, swells again and ends in silence. On the right, thirty milliseconds enlarged: a jagged wave that repeats itself." tags=["hide-input"]
zero = clips.test.waveforms[first[0]]
figure, (whole, part) = plt.subplots(1, 2, figsize=(7.2, 2.5), width_ratios=[2, 1])
whole.plot(torch.arange(len(zero)) / 8000, zero, color=style.REAL, linewidth=0.5)
whole.set(title="“zero” is a row of pulses", xlabel="seconds", ylabel="pressure")
part.plot(torch.arange(1200, 1440) / 8, zero[1200:1440], color=style.REAL)
part.set(title="Enlarged: each resembles the last", xlabel="milliseconds")
plt.show()

# %% [markdown]
# A vowel repeats itself, here about 70 times a second. It is a sum of oscillations, its *harmonics*, whose frequencies are
# multiples of that rate.
#
# If each harmonic starts at another point of its cycle, the waveform looks quite different. Yet the vowel sounds much the same,
# though less so in a voice as deep as this one.
#
# A discriminator that sees raw samples must first learn that all these waveforms are nearly one sound. Section 8 tries that. Until
# then we change the representation instead of the network.
#
# ## 2 · Sound as a picture
#
# Cut the waveform into short overlapping frames, ask of each frame how much of every frequency it contains, and write the answers
# side by side as columns. This is the **short-time Fourier transform** (**STFT**). Each entry is a complex number: its magnitude
# says how strong the frequency is, and its angle, the **phase**, says where in its cycle it starts. The magnitudes, drawn as a
# picture, are a **spectrogram**.
#
# Our frames last 50 ms (400 samples), faded in and out by a *Hann window*, and one starts every 8 ms (64 samples, the *hop*).
# Padded with zeros to 512 samples, each gives 257 frequencies from 0 to 4 kHz. A longer window would separate closer frequencies,
# but blur *when* they sound.
#
# The STFT itself loses nothing. Its inverse returns the waveform up to rounding:

# %%
from gan_lessons.spectrograms import istft, stft

spectrum = stft(clips.test.waveforms)
lost = float((istft(spectrum) - clips.test.waveforms).abs().max())
print("spectrum", list(spectrum.shape), "· error of the way back below 0.00001:", lost < 1e-5)

# %% tags=["claim"]
assert lost < 1e-5

# %% [markdown]
# Three steps turn the STFT into a picture for a network:
#
# 1. drop the phase, and keep the magnitudes;
# 2. gather the 257 frequencies into 64 bands on the **mel scale**: narrow for low sounds and wide for high ones, as human
#    hearing resolves them;
# 3. limit each band to between `FAINTEST` (0.001) and `LOUDEST` (30), and take the logarithm, because we hear loudness in ratios.
#
# Scaled so that the limits become −1 and 1, the result is a 64 × 64 picture, the **log-mel spectrogram**. The limits are about 90
# dB apart, so a difference of 0.1 is about 4.5 dB. Whatever is fainter than the lower limit is drawn black.
#
# Nothing above 4 kHz can appear in it: half the sampling rate, the *Nyquist frequency*, is the limit. Higher frequencies that are
# not filtered out before sampling fold down to wrong, lower ones. This is **aliasing**.

# %% tags=["library"]
from gan_lessons.spectrograms import FAINTEST, HIGH, LOUDEST, LOW, mel_filters


def mel_of(magnitudes, filters=None):
    filters = mel_filters().to(magnitudes) if filters is None else filters
    logs = (filters @ magnitudes).clamp(FAINTEST, LOUDEST).log()
    return 2 * (logs - LOW) / (HIGH - LOW) - 1


# %% alt="A flow diagram in two rows. Upper row, from left to right: waveform with 4,096 samples, STFT with 257 by 64 complex numbers, magnitudes with the phase dropped, and log-mel with 64 by 64 numbers. Lower row, from right to left: the generator's log-mel, magnitudes fitted to its bands, phase guessed by Griffin-Lim, and a waveform." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("waveform", 0, 0, "4,096 samples", "real"),
        diagrams.Box("STFT (complex)", 1, 0, "257 × 64"),
        diagrams.Box("magnitudes", 2, 0, "phase dropped"),
        diagrams.Box("log-mel", 3, 0, "64 × 64", "real"),
        diagrams.Box("generated", 3, 1, "64 × 64", "fake"),
        diagrams.Box("magnitudes?", 2, 1, "fit to bands"),
        diagrams.Box("phase?", 1, 1, "Griffin–Lim"),
        diagrams.Box("sound", 0, 1, "4,096 samples", "fake"),
    ],
    [
        diagrams.Arrow("waveform", "STFT (complex)"),
        diagrams.Arrow("STFT (complex)", "magnitudes"),
        diagrams.Arrow("magnitudes", "log-mel"),
        diagrams.Arrow("generated", "magnitudes?"),
        diagrams.Arrow("magnitudes?", "phase?"),
        diagrams.Arrow("phase?", "sound"),
    ],
)

# %% [markdown]
# From here on `log_mel(waveforms)` does the whole upper row.

# %% alt="Three pictures of the spoken zero, with z, ee, r and oh marked below. The magnitudes are nearly black but for stripes below 600 hertz and traces of two tracks above. Their logarithm shows four bright tracks on a violet ground. In the log-mel the part below 1,000 hertz takes up nearly half of the picture, and the tracks are broad bands; the lowest of them sink to the r and rise again." tags=["hide-input"]
from gan_lessons.spectrograms import log_mel

figure, plots = plt.subplots(1, 3, figsize=(7.2, 2.5))
magnitudes = spectrum[first[0]].abs()
titles = {"Magnitudes: mostly black": magnitudes, "Their logarithm: tracks": magnitudes.clamp(min=FAINTEST).log()}
for axes, (title, picture) in zip(plots, titles.items(), strict=False):
    axes.imshow(picture, origin="lower", aspect="auto", extent=(0, 0.512, 0, 4000), cmap="magma")
    axes.set(title=title, yticks=(0, 1000, 2000, 3000, 4000))
    axes.set_yticklabels(["0", "1,000", "2,000", "3,000", "4,000"])
draw_log_mel(plots[2], log_mel(zero[None])[0])
plots[2].set(title="Log-mel: low half wider", ylabel="")
plots[0].set_ylabel("Hz")
for axes in plots:
    axes.set(xticks=(0.05, 0.13, 0.235, 0.3), xticklabels=("z", "ee", "r", "oh"), xlabel="half a second")
plt.show()

# %% [markdown]
# The logarithm makes the faint parts visible. The mel scale gives the low frequencies more room: the part below 1,000 Hz takes up
# nearly half of the picture.
#
# The thick bands are the **formants**, the resonances of the throat and mouth. From the first vowel through the *r* to the second,
# the upper ones sink and rise again.
#
# The fine horizontal stripes are the harmonics. In the log-mel only the lowest are resolved, because its bands grow wider upwards.
#
# > **Your turn.** Two of the ten digits begin low: in their first eight columns, 64 ms, the lower half of the bands is far
# > stronger than the upper half. Which? Say the ten digits slowly, guess, then measure digit `k` over all its clips:
# > `start = log_mel(clips.test.waveforms)[clips.test.labels == k][:, :, :8]`, and
# > `(start[:, 32:] - start[:, :32]).mean()`.
# >
# > <details><summary>Solution</summary>
# >
# > *One* (−0.51) and *nine* (−0.35): their *w* and *n* are voiced sounds with little above a few hundred hertz. The other eight lie
# > between −0.05 and +0.20. Highest is *three*: its *th* is noise, and much of it lies high.
# >
# > </details>
#
# ## 3 · The way back must guess
#
# The generator will draw log-mels, and a log-mel is not a sound. Two things are missing: the exact frequencies within each band,
# and the phases.
#
# The frequencies are fitted: we look for non-negative magnitudes whose bands come out as asked.
#
# The phases are guessed by the **Griffin–Lim** algorithm (Griffin & Lim 1984). It starts from random ones and repeats two steps:
#
# 1. make a waveform, and take *its* STFT, whose phases are consistent because a waveform made them;
# 2. keep these phases, and put the wanted magnitudes back.
#
# The `momentum` of Perraudin et al. (2013) makes this faster: each round adds 0.99 times the difference between its own STFT and
# the previous round's.

# %% tags=["library"]
from gan_lessons.spectrograms import magnitudes_of


def griffin_lim(log_mels, iterations=32, momentum=0.99):
    return with_phases(magnitudes_of(log_mels), iterations, momentum)


@torch.no_grad()
def with_phases(magnitudes, iterations=32, momentum=0.99):
    turns = torch.rand(magnitudes.shape, generator=torch.Generator().manual_seed(0)).to(magnitudes.device)
    phase = torch.polar(torch.ones_like(magnitudes), 2 * torch.pi * turns)
    before = torch.zeros_like(phase)
    for _ in range(iterations):
        rebuilt = stft(istft(magnitudes * phase))
        phase = rebuilt - momentum / (1 + momentum) * before
        phase = phase / (phase.abs() + 1e-9)
        before = rebuilt
    return istft(magnitudes * phase)


# %% [markdown]
# > **Predict, then run.** A hundred rounds instead of 32: how much closer does the result get?

# %% alt="Eight points joined by a line: the mean distance between the log-mel that was asked for and the one that came back, after 0, 1, 2, 4, 8, 16, 32 and 100 rounds of Griffin-Lim, each with its value. The first round takes away more than half; from 32 to 100 the line is nearly flat." tags=["hide-input"]
wanted = log_mel(clips.test.waveforms[:60])
rounds = [0, 1, 2, 4, 8, 16, 32, 100]
apart = [float((log_mel(griffin_lim(wanted, count)) - wanted).abs().mean()) for count in rounds]
figure, axes = plt.subplots(figsize=(7.2, 2.4))
axes.plot(apart, "o-", color=style.REFERENCE)
for place, value in enumerate(apart):
    axes.annotate(f"{value:.3f}", (place, value), xytext=(2, 5), textcoords="offset points", fontsize=9)
axes.set(xticks=range(len(rounds)), xticklabels=rounds, ylim=(0, 1.15 * apart[0]))
axes.set(xlabel="rounds of Griffin–Lim (steps not to scale)", ylabel="mean |difference|")
axes.set_title("The first round removes more than half of the error, the last 68 little")
plt.show()

# %% [markdown]
# Eight rounds remove nearly three quarters of the error, and the next 24 nearly a quarter of what is left. The 68 after them gain
# little. After 32 rounds the mean error is about 1.3 dB.
#
# This error compares log-mels, which ignore the phase. So it can't tell whether the phase was guessed well, or whether a hundred
# rounds *sound* better.

# %% tags=["claim"]
assert apart[0] - apart[4] > 4 * (apart[4] - apart[6]), "eight rounds gain far more than the next 24"
assert 0 < apart[6] - apart[7] < 0.15 * apart[6]

# %%
some = first[[3, 6, 9]]
heard = {f"{count} rounds": griffin_lim(log_mel(clips.test.waveforms[some]), count) for count in (0, 32)}
rows = {"real": clips.test.waveforms[some], **heard}
log_mels = {name: log_mel(waveforms) for name, waveforms in rows.items()}
Players(rows, ["three", "six", "nine"], log_mels, plain=("0 rounds", "32 rounds"))

# %% [markdown]
# The rows *0 rounds* and *32 rounds* start from the same magnitudes; only the phases differ. After 32 rounds the pictures are close
# to the real ones.
#
# What remains is the price of this way back. When we judge generated clips, we must tell it from the GAN's own mistakes.
#
# [Chapter 18](18_speech.ipynb) asks which costs more, losing the phases or the exact frequencies, and trains a network, a
# **vocoder**, to do better.
#
# ## 4 · A GAN that says what you ask for
#
# Log-mels are pictures, so chapter 10's conditional GAN could draw them as it stands. Our recipe changes two things.
#
# **In the generator, class and noise enter at every layer but the last.** The noise (64 numbers) and the digit's embedding (32) are
# joined into one vector, the *style*. The first layer takes it as its input. In the next three it scales and shifts every channel:
# **feature-wise linear modulation**, FiLM (Perez et al. 2018, [arXiv:1709.07871](https://arxiv.org/abs/1709.07871)).
#
# The line with `rsqrt` is *pixel normalisation* (Karras et al. 2018, [arXiv:1710.10196](https://arxiv.org/abs/1710.10196)): before
# the style acts, it divides every position by the root mean square of its channels.

# %% tags=["library"]
from torch import nn
from torch.nn.functional import leaky_relu


class FiLM(nn.Module):
    def __init__(self, before, after, style_dim):
        super().__init__()
        self.convolution = nn.Conv2d(before, after, 3, padding=1)
        self.style = nn.Linear(style_dim, 2 * after)

    def forward(self, picture, style):
        found = self.convolution(picture)
        found = found * (found.square().mean(1, keepdim=True) + 1e-8).rsqrt()
        scale, shift = self.style(style)[..., None, None].chunk(2, dim=1)
        return leaky_relu(found * (1 + scale) + shift, 0.2)


# %% alt="A flow diagram in two rows. Upper row: the noise and the digit enter the style, from which four arrows lead down, one to each of the first four boxes of the lower row. Lower row, from left to right: a linear layer makes 96 maps of 4 by 4; three FiLM blocks, each after upsampling by two, make 64 maps of 8 by 8, 64 of 16 by 16 and 32 of 32 by 32; a last convolution and a pixel shuffle make one log-mel of 64 by 64." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("digit", 0, 0, "an embedding", "average"),
        diagrams.Box("style", 1.5, 0, "96 numbers", "plain"),
        diagrams.Box("noise z", 3, 0, "64 numbers", "noise"),
        diagrams.Box("linear", 0, 1.3, "96 × 4 × 4", "generator"),
        diagrams.Box("× 2, FiLM 1", 1, 1.3, "64 × 8 × 8", "generator"),
        diagrams.Box("× 2, FiLM 2", 2, 1.3, "64 × 16 × 16", "generator"),
        diagrams.Box("× 2, FiLM 3", 3, 1.3, "32 × 32 × 32", "generator"),
        diagrams.Box("conv, shuffle", 4, 1.3, "1 × 64 × 64", "fake"),
    ],
    [
        diagrams.Arrow("digit", "style"),
        diagrams.Arrow("noise z", "style"),
        *(diagrams.Arrow("style", name) for name in ("linear", *(f"× 2, FiLM {k}" for k in (1, 2, 3)))),
        diagrams.Arrow("linear", "× 2, FiLM 1"),
        diagrams.Arrow("× 2, FiLM 1", "× 2, FiLM 2"),
        diagrams.Arrow("× 2, FiLM 2", "× 2, FiLM 3"),
        diagrams.Arrow("× 2, FiLM 3", "conv, shuffle"),
    ],
)

# %% [markdown]
# In the diagram, × 2 is upsampling by two. The last layer is a *pixel shuffle*: it makes four channels and lays them out as 2 × 2
# blocks of pixels.
#
# **The discriminator is told how high each row is.** A convolution treats every place in the picture alike. That suits photographs:
# a cat is a cat anywhere. But a formant moved up is another sound.
#
# So D gets an extra input channel that holds each row's height: a *CoordConv* (Liu et al. 2018,
# [arXiv:1807.03247](https://arxiv.org/abs/1807.03247)) with the vertical coordinate alone.
#
# We have not tested what either change brings. Projection head, loss and penalty are those of chapter 10. We train for 200 steps,
# about a minute:

# %%
recipe = replace(recipe, steps=200)
gan = recipe.build(seed=0)
for record in tqdm(recipe.train(gan, recipe.data()), total=recipe.steps, leave=False):
    pass

# %% [markdown]
# The judge is a small classifier that reads the digit and the voice. It was trained on clips that the GAN never saw
# (`clips.judge`).
#
# It should judge what you hear. So each generated clip goes through Griffin–Lim and is turned into a log-mel once more.

# %%
judge, test = sounds.load(), clips.test


def as_heard(log_mels):
    """Log-mels after Griffin–Lim, as log-mels once more."""
    return log_mel(griffin_lim(log_mels))


def scored(log_mels):
    return sound_scores(judge, log_mels, test.labels, test)


live = scored(as_heard(recipe.samples(gan, test.labels)))
print(
    f"read as the digit asked for: real clips {sounds.accuracy(judge, test):.2f}, generated {live.digit_accuracy:.2f}"
)

# %%
digits = torch.arange(5)
drawn = {f"take {seed + 1}": recipe.samples(gan, digits, seed) for seed in range(2)}
Players({name: griffin_lim(log_mels) for name, log_mels in drawn.items()}, test.classes[:5], drawn)

# %% [markdown]
# These are the first ten, unselected. The energy of each word lies roughly where it should. But the separate formants are mostly
# missing: compare *zero* with the real one in section 2, whose upper bands form a V. The harmonics are smeared.
#
# Yet the judge reads nearly all such clips right. It doesn't need what is missing here to tell ten words apart.
#
# A fine dot grid, which repeats every two pixels, lies over the pictures. The 2 × 2 blocks of the pixel shuffle probably cause it:
# a relative of the checkerboard of [chapter 02](02_the_generator.ipynb).
#
# ## 5 · A thousand steps instead of two hundred
#
# The same recipe with its own number of steps, trained from the command line:

# %% tags=["long"]
long = json.loads(Path("results/spoken_digits.json").read_text())
print(long["command"])
print(f"{long['date']}: {long['steps']:,} steps of batches of {recipe.batch}, {long['machine']}")
pictures = recipe.samples(grown, test.labels)
spoken = as_heard(pictures)
best = scored(spoken)

# %% tags=["hide-input"]
floor = frechet_floor(judge, clips.train, test)
real = log_mel(test.waveforms)
real_back = as_heard(real)
rows = {"200 steps": live, "1,000 steps": best, "as drawn": scored(pictures)}
rows |= {"real, and back": scored(real_back), "real": scored(real)._replace(frechet=floor)}
print(f"{'':>14}  read right  Fréchet  rarest voice")
for name, scores in rows.items():
    print(f"{name:>14}  {scores.digit_accuracy:10.3f}  {scores.frechet:7.2f}  {scores.rarest_voice:12.3f}")

# %% [markdown]
# **The words.** After a thousand steps the judge reads all 240 clips as the digit that was asked for.
#
# **The distance.** The **Fréchet distance** of the judge's features ([chapter 08](08_measuring_a_gan.ipynb)) is stricter: after a
# thousand steps it is about five times the floor. The floor, in the last row, is the distance of 240 random training clips to the
# 240 test clips.
#
# GAN and Griffin–Lim both contribute. Before Griffin–Lim, in the row *as drawn*, the distance is a quarter smaller.
#
# We can't simply measure Griffin–Lim's share on real clips and subtract it. The row *real, and back* compares the real test clips
# with themselves after Griffin–Lim. For generated clips Griffin–Lim adds more than twice as much.
#
# **The voice.** Nobody asked for one, so the GAN was free to neglect some. The judge's *voice* head hears the rarest of the twelve
# in about 5 of 240 generated clips. If every clip had a voice at random, the rarest would have 13 on average, and 8 or fewer only
# once in fifty times.
#
# Can that reading be trusted? We count the clips for which the head is *sure*, giving one voice a probability above .9. We also
# show it real clips that are blurred over five by five pixels.

# %%
blurred = torch.nn.functional.avg_pool2d(real, 5, stride=1, padding=2)
certain = {}
for name, log_mels in {
    "real": real,
    "real, and back": real_back,
    "real, blurred": blurred,
    "generated": spoken,
}.items():
    chance, voice = judge(log_mels)[1].softmax(1).max(1)
    certain[name] = int((chance > 0.9).sum())
    counts = voice.bincount(minlength=12)
    right = "" if name == "generated" else f", right {(voice == test.voices).float().mean():.2f}"
    print(f"{name:>14}: sure of {certain[name]} of {len(voice)}; rarest voice {counts.min()} clips{right}")

# %% [markdown]
# The head is sure of nearly nine real clips in ten, even after Griffin–Lim, but of only about one generated clip in ten. Blur alone
# makes it unsure of most *real* clips, and at least one of the twelve voices goes missing from its readings.
#
# So the count of voices is no evidence of the intra-class collapse of chapter 10. The generated clips may have no definite voice,
# or they may merely be blurred: we have not separated the two.
#
# > **Your turn.** How much blur does the voice head tolerate? Average over three by three pixels (`padding=1`), and count again.
# >
# > <details><summary>Solution</summary>
# >
# > It stays sure of about five real clips in six. With either blur the judge reads nearly all *digits* right: the two heads of one
# > network can be trusted to different degrees.
# >
# > </details>

# %% tags=["claim"]
assert best.digit_accuracy > 0.95 and best.frechet < live.frechet
assert best.frechet > 2 * floor and best.frechet > 2 * rows["real, and back"].frechet
assert certain["generated"] < 0.5 * certain["real, and back"]

# %%
digits = torch.arange(5, 10)
made = recipe.samples(grown, digits)
rows = {"real": test.waveforms[first[5:]], "generated": griffin_lim(made)}
Players(rows, test.classes[5:], {"real": log_mel(rows["real"]), "generated": made})

# %% [markdown]
# Again these are the first samples, unselected. The rows are not pairs: they differ in voice and length.
#
# The onset of each word and the course of its strongest formants are about right. But formants that lie close together run into one
# another (see *five*). Their edges are blurred, and so is the noise of *s* and *f*.
#
# **Move the voice yourself.** The lab walks along the directions in which this generator's pictures vary most. Every move draws the
# clip anew and shows what the judge reads; press the player to hear it. Start with direction 1, and listen for what changes:
# duration, pitch or accent.

# %% alt="The voice lab at its start: the spectrogram of a generated zero, with hertz on its axis, and bars that show which digit and which voice the judge reads in it."
from gan_lessons.labs.latents import VoiceLab


@torch.no_grad()
def voices(noise, labels):
    return grown.average(noise, labels)[:, 0]


VoiceLab(voices, grown.noise_dim, judge, speakers=sound.SPEAKERS)

# %% [markdown]
# **Does it copy?** The clips of a GAN that copies lie close to its training clips. But that distance alone is not enough to tell,
# because blur moves a picture away from *everything*.
#
# So we compare two distances: to the nearest of the 960 training clips, and to the nearest of the 960 `judge` clips, which the GAN
# never saw. Both sets have the same words and voices, and blur adds to both distances. Copies lie nearer to the training clips. The
# samples of a GAN that doesn't copy are nearer to either set about equally often (Meehan et al. 2020,
# [arXiv:2004.05675](https://arxiv.org/abs/2004.05675)).

# %%
seen, unseen = log_mel(clips.train.waveforms), log_mel(clips.judge.waveforms)
made = recipe.samples(grown, test.labels)
nearer = nearer_to_training(made, seen, unseen)
real_nearer = nearer_to_training(log_mel(test.waveforms), seen, unseen)
print(f"nearer to a training clip than to an unseen one: generated {nearer} of {len(made)},", end=" ")
print(f"real {real_nearer} of {len(test)}")
print("difference in shares:", shares(nearer, len(made), real_nearer, len(test)))

# %% [markdown]
# About half of the generated clips are nearer to a training clip, and about half of the real test clips are, too: no sign of
# copying.
#
# But the test could have missed some. Its interval allows a share about ten percentage points above that of real clips. Half of the
# copies would have been nearer anyway, so up to about one clip in five may be a copy.
#
# > **Your turn.** Make a copyist: replace `made` by training clips with a little noise,
# > `seen[:240] + 0.1 * torch.randn(240, 64, 64)`. What does the test say, and what would a plain nearest distance have said?
# >
# > <details><summary>Solution</summary>
# >
# > All 240 are nearer to a training clip. Their median distance to it is 6.4, against 9.1 for real test clips, so here the plain
# > distance would have caught the copyist too. But blur adds to that distance, and might hide copies.
# >
# > </details>
#
# ## 6 · Three judges, and GANs with a part removed
#
# Our judge was trained on the same twelve voices as the GAN. So we ask three judges:
#
# - The **judge** reads the digit.
# - A **second recogniser** of another kind learned from eight *other* voices: a support vector machine on cepstra (a few numbers for the
#   coarse shape of each spectrum).
# - A **two-sample test** ([chapter 03](03_the_discriminator.ipynb)) trains a network on half of the clips to tell real from
#   generated, and counts how often it is right on the other half: 0.5 is guessing, 1 is always right.
#
# The first two take log-mels. The network of the two-sample test takes waveforms, so it can also notice a badly guessed phase.
#
# They also judge GANs with one part removed: the gradient penalty, or the common onset (training clips start up to a tenth of a
# second late). All three GANs, the recipe too, are trained for 600 steps instead of 1,000. Before judging, every word is trimmed
# and moved to the usual onset, so that late clips aren't penalised.
#
# Two rows have no GAN in them:
#
# - *Other real clips*, the floor: for each test clip, another of the same word and the same voice.
# - *Real, there and back*: these other clips after Griffin–Lim, through which every generated clip has gone.
#
# The corresponding rows in section 5 use other clips, so their Fréchet distances differ.

# %% tags=["long", "hide-input"]
without, controls = (json.loads(Path(f"results/sound_{name}.json").read_text()) for name in ("ablations", "controls"))
for found in (without, controls):
    print(found["date"], found["machine"], found["command"])
real_heard, same_way = controls["figures"].values()
figures = {"other real clips": [], "real, there and back": [real_heard], **without["figures"]}
columns = {"digit_accuracy": "judge", "second_accuracy": "second", "two_sample": "two-sample", "frechet": "Fréchet"}
print(f"{'two seeds each GAN':>20}" + "".join(f"{column:>14}" for column in columns.values()))
for name, runs in figures.items():
    cells = [" ".join(f"{run[key]:.2f}" for run in runs) for key in columns]
    print(f"{name:>20}" + "".join(f"{cell:>14}" for cell in cells))
print(f"the recipe after 1,000 steps against real clips, both there and back: two-sample {same_way['two_sample']:.2f}")

# %% alt="Dots, five for each network test of a set of clips, on an axis of two-sample accuracy, with their means as bars. Other real clips lie around one half. Real clips there and back lie at about 0.8, the three kinds of GAN between 0.8 and 1. In the last row, where the GAN was trained for longer and real and generated clips both went there and back, the dots lie between 0.54 and 0.69." tags=["long", "hide-input"]
told = {name: [share for run in runs for share in run["two_samples"]] for name, runs in figures.items()}
told["recipe, 1,000 steps;\nreal clips there and back, too"] = same_way["two_samples"]
figure, axes = plt.subplots(figsize=(7.2, 2.9))
for place, (name, found) in enumerate(told.items()):
    color = {"other real clips": style.REAL, "real, there and back": style.REFERENCE}.get(name, style.FAKE)
    axes.plot(found, [place] * len(found), "o", color=color, alpha=0.4)
    axes.plot(sum(found) / len(found), place, "|", color=color, ms=16, mew=2)
axes.axvline(0.5, color="black", lw=0.8, ls=":")
axes.text(0.505, 4, "guessing", fontsize=9, va="center")
axes.set(yticks=range(len(told)), yticklabels=told, ylim=(len(told) - 0.5, -0.5), xlim=(0.4, 1.01))
axes.set_xlabel("two-sample accuracy (axis from 0.4): dots, networks; bars, their means")
axes.set_title("Real clips sent there and back are told apart, too", x=-0.5)
plt.show()

# %% [markdown]
# **Can a network tell generated clips from real ones?** It is right about nine times in ten, whichever GAN made them. But it also
# tells real clips after Griffin–Lim from untouched ones, about eight times in ten. So the way back alone is enough for most of the
# test's success.
#
# In the last row the real clips go the same way as the generated ones, which are those of section 5. Now the test is right about
# six times in ten: still better than guessing, but not by much.
#
# Part of this drop may be due to the GAN's longer training, 1,000 steps rather than 600. And this is one training, judged by a
# small network: a stronger test may well find more.
#
# **Do late onsets hurt?** The second recogniser loses words in both runs, though not equally many. The judge hardly minds.
#
# We have not tested why. Late training clips also lose up to a tenth of a second at their end. And the second recogniser compares
# fixed positions, so it may mind a misplaced onset more.
#
# **Does the penalty matter?** Without it both recognisers understand the words, yet the Fréchet distance more than doubles. Judges
# of words alone would have noticed nothing. We don't know what the distance picks up.
#
# Two seeds are few. Two differences between the GANs lie well outside the spread of the recipe's own runs with both seeds: the
# Fréchet distance without the penalty, and the second recogniser's score with late onsets. Treat the others as noise, or as
# questions.
#
# ## 7 · With people
#
# The same command takes your own recordings: `gan-lessons train spoken_digits --data FOLDER`, with files named `seven_anna_3.wav`,
# or a folder for each word. Broken and silent files are skipped and listed. `--data hub:free_spoken_digits` fetches the *Free
# Spoken Digit Dataset* (six people, CC BY-SA 4.0).
#
# First, listen to a person:

# %%
said = sound.people()
rows = {"real person": said.waveforms, "log-mel and back": griffin_lim(log_mel(said.waveforms))}
log_mels = {name: log_mel(waveforms) for name, waveforms in rows.items()}
Players(rows, said.classes, log_mels, plain=("log-mel and back",))


# %% [markdown]
# This is Alan W Black, in four seconds of the CMU ARCTIC database (Kominek & Black 2003; free for any use). Below is the same
# sentence after the log-mel and 32 rounds of Griffin–Lim.
#
# The two pictures look alike, because a spectrogram doesn't show the phase. So listen: the second player is about the best you can
# expect of any generator of log-mels with this way back.
#
# A GAN trained on recorded digits is in [chapter 18](18_speech.ipynb).
#
# ## 8 · Raw samples after all
#
# **WaveGAN** (Donahue et al. 2018, [arXiv:1802.04208](https://arxiv.org/abs/1802.04208)) generates the samples themselves. It is a
# DCGAN in one dimension. Nothing has to be inverted, but the discriminator has to find out by itself what a tone is.
#
# The paper's other model, **SpecGAN**, makes spectrograms, with plain frequencies where we took mel bands.
#
# WaveGAN adds one trick. A layer that turns one sample into four leaves a faint tone, always with the same phase. A discriminator
# that spots this tone need not listen to anything else.
#
# **Phase shuffle** shifts the discriminator's features by up to two samples at random, so that the tone's phase gives little away.

# %% module="gan_lessons.networks.wavegan" tags=["library"]
def phase_shuffle(sound, most):
    length = sound.shape[2]
    shifts = torch.randint(-most, most + 1, (len(sound), 1, 1), device=sound.device)
    places = (torch.arange(length, device=sound.device) + shifts).abs()
    places = length - 1 - (length - 1 - places).abs()
    return sound.gather(2, places.expand_as(sound))


# %% [markdown]
# The authors trained for days on a GPU, and `gan-lessons train wavegan --size gpu` is a size for that. The `cpu` size is a small
# network, with loss, penalty and head as above.
#
# We trained it with phase shuffle and without, one seed each. You hear the one *with* phase shuffle.

# %% tags=["long", "hide-input"]
raw = json.loads(Path("results/wavegan.json").read_text())
print(raw["command"], raw["date"], raw["machine"])
for name in ("phase shuffle", "no phase shuffle"):
    for point in raw[name][1::2]:
        print(f"{name:>16}, step {point['step']:,}, {point['seconds'] / 60:.0f} min", end=": ")
        print(f"right digit {point['digit_accuracy']:.2f}, Fréchet {point['frechet']:.1f}")

# %%
wave_recipe = recipes.find("wavegan")
wave_gan = wave_recipe.build()
results.restored(wave_gan.average, "results/wavegan.safetensors")
waves = wave_recipe.say(wave_gan, test.labels)
rows = {"real": test.waveforms[first[:3]], "WaveGAN": waves[first[:3]]}
Players(rows, test.classes[:3], {name: log_mel(waveforms) for name, waveforms in rows.items()})


# %% [markdown]
# The clips are loud for roughly as long as their words. But within that time the energy is spread over nearly all frequencies, and
# hardly any formant can be followed as it moves.
#
# Where the real clips are black, WaveGAN's glow: the network never quite falls silent. This hiss is faint, but none of the judge's
# training clips had one. How much of its verdict is about words, and how much about silence?

# %%
def read_right(waveforms):
    return int((judge(log_mel(waveforms))[0].argmax(1) == test.labels).sum())


def gated(waveforms, least=0.01):
    """Silence wherever the mean pressure of a fiftieth of a second stays below `least`."""
    loudness = torch.nn.functional.avg_pool1d(waveforms.abs()[:, None], 161, stride=1, padding=80)[:, 0]
    return waveforms * (loudness > least)


torch.manual_seed(0)
heard_right = {
    "real": read_right(test.waveforms),
    "real, with a faint hiss": read_right(test.waveforms + 0.005 * torch.randn_like(test.waveforms)),
    "real, silence cut out": read_right(gated(test.waveforms)),
    "WaveGAN": read_right(waves),
    "WaveGAN, silence cut out": read_right(gated(waves)),
}
for name, count in heard_right.items():
    print(f"{name:>25}: {count / len(test):.2f} read right")
print(
    "cutting the silence out:",
    shares(heard_right["WaveGAN, silence cut out"], len(test), heard_right["WaveGAN"], len(test)),
)

# %% [markdown]
# A hiss of half a per cent of full scale costs the *real* clips more than a third of their score. Cutting the silence out gives
# WaveGAN back about half of what it lacked, and takes hardly anything from real clips.
#
# So don't read WaveGAN's score as a comparison with log-mels. When you change the representation, ask again what the judge knows.
#
# Don't make much of phase shuffle either. After 5,000 steps the GAN without it is ahead in both figures, but each is one run.
#
# > **Your turn.** How faint must a hiss be before the judge no longer minds it? Try a third and a tenth of ours.
# >
# > <details><summary>Solution</summary>
# >
# > With a third of it (0.0015) the judge reads all but a few in a hundred of the real clips right, with a tenth practically all. To
# > hear WaveGAN fairly, a judge should be trained on clips with such noise.
# >
# > </details>

# %% tags=["claim"]
assert heard_right["real, with a faint hiss"] < heard_right["real"]
assert shares(heard_right["WaveGAN, silence cut out"], len(test), heard_right["WaveGAN"], len(test)).low > 0

# %% [markdown]
# ## 9 · Not only words: drums
#
# Nothing in the recipe is specific to words. The package *pretty_midi* brings a sound font: recordings of instruments for playing
# MIDI files (GPL-2; the font comes with that package, not with this book).
#
# We take 43 recordings of percussion, in five kinds. *Skin* is every drum with a skin except the snares. At 8 kHz a cymbal loses
# much of its sound: everything above 4 kHz.
#
# Forty-three recordings are too few to train on. So each is played up to three semitones higher or lower, damped, and made duller
# or brighter, at random: **data augmentation** ([chapter 03](03_the_discriminator.ipynb)). The last two of each kind are
# *strangers*, on which nothing is trained.

# %%
from gan_lessons.data import drums
from gan_lessons.judges import drums as drum_judge

hits = drums.drum_hits()
print({kind: len(names) for kind, names in drums.RECORDINGS.items()})
drum_recipe = recipes.find("drums")
drummer = drum_recipe.load()

# %%
kinds = torch.arange(5)
struck = torch.stack([(hits.test.labels == kind).nonzero()[2, 0] for kind in kinds])
beats = drum_recipe.samples(drummer, kinds)
rows = {"real": hits.test.waveforms[struck], "generated": griffin_lim(beats)}
log_mels = {"real": log_mel(rows["real"])[:, :, :40], "generated": beats[:, :, :40]}  # the first 0.32 s
Players({name: waveforms[:, : 40 * 64] for name, waveforms in rows.items()}, hits.test.classes, log_mels)

# %% [markdown]
# The rows are not pairs. Above is a new variation of some recording of each kind; below is what the GAN drew. The hits are short
# because most of the recordings are: even the real cymbal stops abruptly.
#
# Among the generated hits, the *snare* has hardly any of the low sound of the real one, and *metal* grows brighter just before its
# end.
#
# One bar of sixteenth notes with each row's hits, as a drum machine would play it:

# %%
BEAT = ("x.....x.x.......", "....x.......x..x", "x.x.x.x.x.x.x.x.", "...x......x.....", "..............x.")


def bar(hits, step=1200):
    """A bar of 16 steps from one hit [samples] of each kind: [samples]."""
    mixed = torch.zeros(16 * step + hits.shape[1])
    for hit, steps in zip(hits, BEAT, strict=True):
        for place in (step * k for k, mark in enumerate(steps) if mark == "x"):
            mixed[place : place + len(hit)] += hit
    return 0.9 * mixed[: 16 * step] / mixed.abs().max()


bars = {name: bar(waveforms)[None] for name, waveforms in rows.items()}
Players(bars, ["one bar"], {name: log_mel(waveforms) for name, waveforms in bars.items()})

# %% [markdown]
# Can such a GAN invent an instrument? Our judge cannot tell. It was trained on the 33 known recordings, and reads the kind of new
# *variations* of them almost always right. But for the ten new *recordings* it is right only a third of the time, where guessing
# gives a fifth.
#
# So we measure distances. How far from the training clips do the generated ones lie, and how many of the 33 recordings do they come
# near to?

# %%
for name in ("test", "strangers"):
    print(f"{name:>9}: kind read right {sounds.accuracy(drum_judge.load(), getattr(hits, name)):.2f} (guessing 0.20)")
known_hits = log_mel(hits.train.waveforms)
sounds_of = {
    "new variations": log_mel(hits.test.waveforms),
    "blurred variations": torch.nn.functional.avg_pool2d(log_mel(hits.test.waveforms), 5, stride=1, padding=2),
    "generated": drum_recipe.samples(drummer, hits.test.labels),
    "new recordings": log_mel(hits.strangers.waveforms),
}
far, reached = {}, {}
for name, log_mels in sounds_of.items():
    near = torch.cdist(log_mels.flatten(1), known_hits.flatten(1)).min(1)
    far[name], reached[name] = float(near.values.median()), len(hits.train.voices[near.indices].unique())
    print(f"{name:>18}: median distance {far[name]:.1f}; next to {reached[name]} of the 33 known recordings")

# %% tags=["claim"]
assert sounds.accuracy(drum_judge.load(), hits.test) > 0.97
assert sounds.accuracy(drum_judge.load(), hits.strangers) < 0.5
assert far["new variations"] < far["generated"] < far["new recordings"]
assert far["blurred variations"] > 2 * far["new variations"]

# %% [markdown]
# The generated hits lie between new variations and new recordings. But variations that are merely blurred lie about as far away,
# and they are no new instruments. This distance can't tell novelty from blur.
#
# Nearly every one of the 33 recordings is the nearest one to some generated hit. From one set of samples of one training, we can't
# say whether the GAN has lost the few others.
#
# To train on your own drums, sort them into one folder per kind: `gan-lessons train drums --data FOLDER`.
#
# ## When it goes wrong: a debugging card
#
# | what you hear or see | what to test | what to fix |
# |---|---|---|
# | everything hisses | spectrograms where real clips are silent | trim and gate your clips; train on log-mels; let the judge hear hiss |
# | words without their *s*, *f* or *k* | real clips: are the quiet consonants still there after trimming? | trim lower (here −45 dB), and leave some context |
# | metallic, watery voices | play the *real* clip after Griffin–Lim | if it sounds the same: the way back, not the GAN; try a vocoder (past 32 rounds the log-mel hardly gains) |
# | every word in one voice | a judge for what you did not ask for; is it sure of the GAN's clips? | make it a condition, or add packing (chapter 06) |
# | words are late or cut short | plot onsets of your training clips | align the onsets before training |
# | D wins at once, G learns nothing | D's accuracy on held-out real clips | raise the penalty weight γ; augment; more clips |
# | good scores, bad sound | play twenty unselected clips; a two-sample test, against real clips sent the same way back | a judge that has met such clips; do not report its score alone |
#
# ## What we saw
#
# - The STFT loses nothing. The log-mel spectrogram drops the phase, and Griffin–Lim has to guess it.
# - A conditional image GAN becomes a sound GAN by changing the representation. We have not tested what the style in G and the row
#   channel in D bring.
# - After 200 steps the judge reads nearly all of the GAN's digits right, and after a thousand all of them.
# - The judge is seldom sure of the voice, which nobody asked for. The voice may be indefinite, or the picture blurred.
# - A two-sample test is right about nine times in ten. But Griffin–Lim alone lets it tell real clips apart about eight times in
#   ten. With both sides sent that way, and a GAN trained for longer, it is right about six times in ten.
# - A judge can fail on what it has never heard: a faint hiss costs even real clips more than a third of their score.
# - A classifier's verdict is not a listening test: play the clips and make up your own mind.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Griffin–Lim starts from other random phases. What changes?
#    <details><summary>A · The samples, nearly everywhere; the log-mel much less</summary><b>Right.</b> Every start works towards the same magnitudes. So we compare spectrograms, not samples.</details>
#    <details><summary>B · The log-mel; hardly the samples</summary><b>No.</b> It is the other way round.</details>
#    <details><summary>C · Nothing</summary><b>No.</b> The waveform depends on the start.</details>
# 2. When is the logarithm taken?
#    <details><summary>A · Before the mel filters</summary><b>No.</b> A silent frequency would send a whole band to minus infinity.</details>
#    <details><summary>B · After the mel filters</summary><b>Right.</b> A band's strength is a sum of magnitudes.</details>
#    <details><summary>C · It does not matter</summary><b>No.</b> A sum of logarithms is the logarithm of a product.</details>
# 3. The judge reads all of the GAN's digits right. Would people?
#    <details><summary>A · We do not know until we ask them</summary><b>Right.</b> A judge is only as good as what it has heard.</details>
#    <details><summary>B · Yes</summary><b>No.</b> The judge knows ten words and one synthesiser.</details>
#    <details><summary>C · No</summary><b>No.</b> That cannot be concluded, either.</details>
#
# ### In your own words
#
# 1. You sample a cymbal at 8 kHz. What must you do first, and what is lost?
#    <details><summary>Answer</summary>Filter out everything above 4 kHz, half the sampling rate. Without the filter it would fold
#    down to wrong frequencies; with it, the upper part of the cymbal is gone.</details>
# 2. A log-mel shows how high a voice is, but not exactly. Why?
#    <details><summary>Answer</summary>Its bands grow wider upwards, so the upper harmonics merge. The pitch has to be inferred from
#    the few low ones that are resolved. For deep voices, whose harmonics lie close together, that is coarser.</details>
# 3. How would you make the GAN use all voices equally?
#    <details><summary>Answer</summary>Ask for the voice too: make the pair of digit and voice the condition. The discriminator
#    checks whatever is asked for.</details>
# 4. The Fréchet distance of section 5 compares generated clips with real ones. Why isn't the GAN to blame for all of it?
#    <details><summary>Answer</summary>It has three parts: sampling (even as many real clips are not at zero), Griffin–Lim, through
#    which only the generated clips have gone, and the GAN. The parts do not simply add up.</details>
#
# ## Further reading
#
# - Griffin & Lim 1984, *Signal estimation from modified short-time Fourier transform*; Perraudin, Balazs & Søndergaard
#   2013, *A fast Griffin–Lim algorithm*.
# - Donahue et al. 2018, *Adversarial audio synthesis* ([arXiv:1802.04208](https://arxiv.org/abs/1802.04208)): WaveGAN and SpecGAN.
# - Engel et al. 2019, *GANSynth* ([arXiv:1902.08710](https://arxiv.org/abs/1902.08710)): learning the phase as instantaneous
#   frequency.
# - Kumar et al. 2019, *MelGAN* ([arXiv:1910.06711](https://arxiv.org/abs/1910.06711)), and Kong et al. 2020, *HiFi-GAN*
#   ([arXiv:2010.05646](https://arxiv.org/abs/2010.05646)): GANs as vocoders, the subject of the next chapter.
# - Lee et al. 2022, *BigVGAN* ([arXiv:2206.04658](https://arxiv.org/abs/2206.04658)); Défossez et al. 2022, *EnCodec*
#   ([arXiv:2210.13438](https://arxiv.org/abs/2210.13438)): where GANs make sound today, in vocoders and codecs.
# - Perez et al. 2018, *FiLM* ([arXiv:1709.07871](https://arxiv.org/abs/1709.07871)); Liu et al. 2018, *CoordConv*
#   ([arXiv:1807.03247](https://arxiv.org/abs/1807.03247)); Karras et al. 2018, *Progressive growing*
#   ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196)): pixel normalisation.
#
# **Next:** the [assignment](assignments/release/17_sound/17_sound.ipynb), then [chapter 18, Speech](18_speech.ipynb): a network
# gives the sound back, and reads numbers aloud. Notes instead of waves: [appendix A3, Music](A3_music.ipynb). **Contents:** [the
# start page](00_start.ipynb).
