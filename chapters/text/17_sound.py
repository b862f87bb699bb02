# %% [markdown]
# # 17 · Sound
#
# [← 16 Verse and news](16_verse_and_news.ipynb) · [contents](00_start.ipynb) · [18 Speech →](18_speech.ipynb) · [assignment](assignments/release/17_sound/17_sound.ipynb)
#
# **Half a second of sound is four thousand numbers. Which picture of it can a GAN learn, and how do you get the sound
# back?**
#
# Press play: none of these clips was ever spoken. A GAN drew each as a picture, and an algorithm turned it into sound.
# None is picked: the seed is 0. Below, one word changes as its noise moves around a circle.

# %% alt="A spectrogram of a generated seven changes smoothly, without end: its length varies from about 0.3 seconds to the whole half second and its bright bands drift, but its beginning hardly changes." tags=["hide-input"]
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
invented = recipe.samples(grown, torch.tensor([7, 3, 8, 0, 2]))
display(
    Players({"invented": griffin_lim(invented)}, ["seven", "three", "eight", "zero", "two"], {"invented": invented})
)

corners = torch.randn(2, recipe.noise_dim, generator=torch.Generator().manual_seed(0))
turns = torch.linspace(0, 2 * torch.pi, 25)[:-1]
circle = turns.cos()[:, None] * corners[0] + turns.sin()[:, None] * corners[1]
with torch.no_grad():
    walk = grown.average(circle, torch.full((24,), 7))[:, 0]
frames = []
for picture in walk:
    frames.append(Figure(figsize=(3.8, 2.2), dpi=150, layout="constrained"))
    draw_log_mel(axes := frames[-1].subplots(), picture)
    axes.set_title("“seven”, along a circle in noise space")
Animation(frames, milliseconds=150, rest=150, colors=64)

# %% [markdown]
# The word's length changes most, its beginning least.
#
# **You will** turn speech into pictures and back, train a GAN that says the digit you ask for, and play a drum machine
# whose hits a GAN made.
#
# **You will learn** to
# - read a spectrogram, and say what the mel scale and the logarithm keep,
# - tell what a spectrogram stores and what has to be guessed (the phase),
# - condition a generator by scaling and shifting its channels (FiLM),
# - judge generated sound with several judges, and know what each cannot hear.
#
# **You need** chapters [09](09_images.ipynb) and [10](10_images_on_demand.ipynb), headphones if you like (every sound
# is drawn), and about two minutes on a laptop's processor.
#
# This is chapter 10's conditional GAN with other data $x$; the highlighted parts are this chapter's.

# %% alt="The block diagram of a GAN. Highlighted: generator, fake, real data (spectrograms), discriminator, and the condition, a digit, which enters generator and discriminator." tags=["hide-input"]
lit = ("generator", "fake", "real", "discriminator", "condition")
diagrams.gan(lit=lit, condition="the digit", real="spectrograms")

# %%
from dataclasses import replace
from itertools import pairwise

import matplotlib.pyplot as plt
from tqdm.auto import tqdm

from gan_lessons import results
from gan_lessons.data import sound
from gan_lessons.judges import sounds
from gan_lessons.metrics.comparisons import shares
from gan_lessons.metrics.sound import nearer_to_training, sound_scores

torch.manual_seed(12)
clips = sound.spoken_digits()

# %% [markdown]
# ## 1 · Sound as a picture
#
# **How do you show a sound to a network made for pictures, and what gets lost?**
#
# A microphone measures the pressure of the air many times a second. These numbers are a **waveform**, and how many
# there are per second is the **sampling rate**. Ours is 8 kHz, as on the telephone, and a clip has 4,096 samples.
#
# A speech synthesiser, *eSpeak NG*, makes our clips on your machine. Each is one digit, trimmed to start at once, with
# random accent, speed and pitch.
#
# The GAN learns from `train`, and the *judge*, a classifier that will grade it, from `judge`; we score on `test`. All
# three share twelve voices. Here is a *zero*. Look for what repeats:

# %%
first = torch.stack([(clips.test.labels == digit).nonzero()[0, 0] for digit in range(10)])
print({name: len(getattr(clips, name)) for name in ("train", "judge", "test")})

# %% alt="Two curves of the same spoken zero. Left, half a second: a row of pulses that swells, fades, swells again and ends in silence. Right, thirty milliseconds: a jagged wave that repeats itself." tags=["hide-input"]
zero = clips.test.waveforms[first[0]]
figure, (whole, part) = plt.subplots(1, 2, figsize=(7.2, 2.4), width_ratios=[3, 2])
whole.plot(torch.arange(len(zero)) / 8000, zero, color=style.REAL, linewidth=0.5)
whole.set(title="“zero” is a row of pulses", xlabel="seconds", ylabel="pressure (at most 1)")
part.plot(torch.arange(1200, 1440) / 8, zero[1200:1440], color=style.REAL)
part.set(title="Each pulse resembles the last", xlabel="milliseconds")
plt.show()

# %% [markdown]
# A vowel repeats itself, here about 70 times a second. It is a sum of oscillations at multiples of that rate, its
# *harmonics*. Let each start at another point of its cycle, and the waveform looks quite different, yet the vowel
# sounds much the same. So one sound has many waveforms, which makes them hard to learn from.
#
# A picture of the frequencies changes less. The **short-time Fourier transform** (**STFT**) cuts the waveform into
# short overlapping frames and measures how much of every frequency each contains. It returns complex numbers: the
# magnitude says how strong a frequency is, the angle, or **phase**, where in its cycle it starts. The magnitudes, drawn
# as a picture, are a **spectrogram**.
#
# Our frames last 50 ms, and one starts every 8 ms. Padded with zeros to 512 samples, each gives 257 frequencies from 0
# to 4 kHz. Nothing is lost so far, because the STFT has an inverse:

# %%
from gan_lessons.spectrograms import istft, stft

spectrum = stft(clips.test.waveforms)
lost = float((istft(spectrum) - clips.test.waveforms).abs().max())
print("spectrum", list(spectrum.shape), "· the inverse's error is below 0.00001:", lost < 1e-5)

# %% tags=["claim"]
assert lost < 1e-5

# %% [markdown]
# Three steps turn the STFT into a picture:
#
# 1. **Drop the phase**, and keep the magnitudes.
# 2. **Give low frequencies more room.** From 100 to 200 Hz is an octave, but from 3,000 to 3,100 Hz only about half a
#    semitone. On the **mel scale**, $2595 \log_{10}(1 + f / 700)$ for $f$ Hz, equal steps sound about equally large. We
#    gather the 257 frequencies into 64 bands of equal width in mel.
# 3. **Take the logarithm**, because we hear loudness in ratios. Each band is first limited to between `FAINTEST`
#    (0.001) and `LOUDEST` (30).
#
# Scaled to lie between −1 and 1, the result is a 64 × 64 picture, the **log-mel spectrogram**, or log-mel. In it, 0.1
# is about 4.5 dB, a factor of 1.7 in strength. Nothing above half the sampling rate, the *Nyquist frequency*, can
# appear, here 4 kHz. Higher frequencies must be filtered out before sampling, or they fold down to wrong, lower ones:
# **aliasing**.
#
# The code takes steps 2 and 3. The diagram shows the whole route, there and back:

# %% tags=["library"]
from gan_lessons.spectrograms import FAINTEST, HIGH, LOUDEST, LOW, mel_filters


def mel_of(magnitudes, filters=None):
    filters = mel_filters().to(magnitudes) if filters is None else filters
    logs = (filters @ magnitudes).clamp(FAINTEST, LOUDEST).log()
    return 2 * (logs - LOW) / (HIGH - LOW) - 1


# %% alt="A flow diagram in two rows. Upper row, left to right: waveform of 4,096 samples, STFT of 257 by 64 complex numbers, magnitudes without the phase, log-mel of 64 by 64 numbers. Lower row, right to left: a generated log-mel, magnitudes fitted to its bands, phase guessed by Griffin-Lim, sound." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("waveform", 0, 0, "4,096 samples", "real"),
        diagrams.Box("complex STFT", 1, 0, "257 × 64"),
        diagrams.Box("magnitudes", 2, 0, "phase dropped"),
        diagrams.Box("log-mel", 3, 0, "64 × 64", "real"),
        diagrams.Box("generated", 3, 1, "64 × 64", "fake"),
        diagrams.Box("magnitudes?", 2, 1, "fit to bands"),
        diagrams.Box("phase?", 1, 1, "Griffin–Lim"),
        diagrams.Box("sound", 0, 1, "4,096 samples", "fake"),
    ],
    [
        diagrams.Arrow("waveform", "complex STFT"),
        diagrams.Arrow("complex STFT", "magnitudes"),
        diagrams.Arrow("magnitudes", "log-mel"),
        diagrams.Arrow("generated", "magnitudes?"),
        diagrams.Arrow("magnitudes?", "phase?"),
        diagrams.Arrow("phase?", "sound"),
    ],
)

# %% [markdown]
# The upper row is `log_mel(waveforms)`; the lower is our next section. Which picture of the *zero* shows most?

# %% alt="Three pictures of the spoken zero, with z, ee, r and oh marked below. The magnitudes are nearly black but for stripes below 600 hertz and traces of three tracks above. Their logarithm shows four bright tracks. In the log-mel, from black at \u22121 to pale yellow at 1, the part below 1,000 hertz takes up nearly half; the tracks are broad, and the two middle ones sink to the r and rise again." tags=["hide-input"]
from gan_lessons.spectrograms import log_mel

figure, plots = plt.subplots(1, 3, figsize=(7.2, 2.7))
magnitudes = spectrum[first[0]].abs()
titles = {
    "The magnitudes\nare mostly black": magnitudes,
    "Their logarithm\nshows tracks": magnitudes.clamp(min=FAINTEST).log(),
}
for axes, (title, picture) in zip(plots, titles.items(), strict=False):
    axes.imshow(picture, origin="lower", aspect="auto", extent=(0, 0.512, 0, 4000), cmap="magma")
    axes.set(title=title, yticks=(0, 1000, 2000, 3000, 4000))
    axes.set_yticklabels(["0", "1,000", "2,000", "3,000", "4,000"])
draw_log_mel(plots[2], log_mel(zero[None])[0])
plots[2].set(title="The mel scale gives\nthe low part more room", ylabel="")
figure.colorbar(plots[2].images[0], ax=plots[2], ticks=(-1, 0, 1), pad=0.03, aspect=30)
plots[0].set_ylabel("Hz")
for axes in plots:
    axes.set(xticks=(0.05, 0.13, 0.235, 0.3), xticklabels=("z", "ee", "r", "oh"), xlabel="half a second")
plt.show()

# %% [markdown]
# The logarithm brings out bright tracks, the **formants**: resonances of the throat and mouth, by which we tell vowels
# apart. The fine stripes are the harmonics; the log-mel resolves only the lowest, because its bands grow wider upwards.
#
# **A log-mel is a small picture of which frequencies are strong, and when. It leaves out the phases, and the exact
# frequencies within each band.**
#
# > **Your turn.** Two of the ten digits begin low: in their first 64 ms, the lower half of the bands is far stronger than
# > the upper. Which? Say the digits slowly, guess, then measure digit `k`:
# > `start = log_mel(clips.test.waveforms)[clips.test.labels == k][:, :, :8]`, and
# > `(start[:, 32:] - start[:, :32]).mean()`.
# >
# > <details><summary>Solution</summary>
# >
# > *One* (−0.51) and *nine* (−0.35): their *w* and *n* are voiced sounds with little above a few hundred hertz. The
# > others lie between −0.05 and +0.20. Highest is *three*: its *th* is noise, much of it high. (Most of an *s* lies above
# > 4 kHz, out of reach.)
# >
# > </details>
#
# ## 2 · The way back must guess
#
# **The generator will draw log-mels. How does a log-mel become a sound?**
#
# The frequencies within each band are *fitted*: `magnitudes_of` looks for non-negative magnitudes with these bands.
#
# The phases are *guessed*, but there is a clue. The frames overlap, so each sample lies in about six. In a real
# waveform's STFT these six agree about it; with random phases they contradict each other. The **Griffin–Lim** algorithm
# (Griffin & Lim 1984) starts from random phases and repeats two steps:
#
# 1. Make a waveform, and take *its* STFT. One waveform made these phases, so they agree.
# 2. Keep them, and put the wanted magnitudes back.
#
# `momentum` (Perraudin et al. 2013) speeds this up: it adds 0.99 times the STFT's change since the round before, so the
# phases run ahead the way they are moving anyway.

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
        phase = rebuilt + momentum * (rebuilt - before)
        phase = phase / (phase.abs() + 1e-9)
        before = rebuilt
    return istft(magnitudes * phase)


# %% [markdown]
# > **Predict, then run.** We turn 60 real clips into log-mels and back. How much smaller is the error of the log-mels
# > after a hundred rounds than after 32?

# %% alt="A falling line: the mean distance between the log-mel asked for and the one that came back, after 0, 1, 2, 4, 8, 16, 32 and 100 rounds of Griffin-Lim. The first round takes away more than half; from 32 to 100 the line is nearly flat." tags=["hide-input"]
wanted = log_mel(clips.test.waveforms[:60])
rounds = [0, 1, 2, 4, 8, 16, 32, 100]
errors = [(log_mel(griffin_lim(wanted, count)) - wanted).abs() for count in rounds]
apart, sounding = [float(error.mean()) for error in errors], float(errors[6][wanted > -0.999].mean())
print(f"after 32 rounds, over the {(wanted > -0.999).float().mean():.0%} of places with sound: {sounding:.3f}")
figure, axes = plt.subplots(figsize=(7.2, 2.4))
axes.plot(apart, "o-", color=style.REFERENCE)
for place, value in enumerate(apart):
    axes.annotate(f"{value:.3f}", (place, value), xytext=(2, 5), textcoords="offset points", fontsize=9)
axes.set(xticks=range(len(rounds)), xticklabels=rounds, ylim=(0, 1.15 * apart[0]))
axes.set(xlabel="rounds of Griffin–Lim (steps not to scale)", ylabel="mean |difference|\nof the log-mels")
axes.set_title("The first round removes more than half of the error, the last 68 little")
plt.show()

# %% [markdown]
# **Eight rounds remove nearly three quarters of the error, and the last 68 gain little.** So we stop at 32, about 1.3
# dB off, or 1.5 dB where there is sound.
#
# But log-mels ignore the phase, so they can't tell whether a hundred rounds *sound* better. Let your ears decide:

# %% tags=["claim"]
assert apart[0] - apart[4] > 4 * (apart[4] - apart[6])
assert 0 < apart[6] - apart[7] < 0.15 * apart[6] and apart[6] < sounding < 1.2 * apart[6]

# %%
said = sound.people().waveforms[:, 2560:15552]
rows = {"real person": said}
rows |= {f"{count} rounds": griffin_lim(log_mel(said), count) for count in (0, 32, 100)}
log_mels = {name: log_mel(waveforms) for name, waveforms in rows.items()}
Players(rows, ["And you always want to see it"], log_mels, colors=dict.fromkeys(list(rows)[1:], "inherit"))

# %% [markdown]
# This is Alan W Black, from the CMU ARCTIC database (Kominek & Black 2003; free for any use). The rows below him start
# from the same magnitudes; only the phases differ. At 0 rounds these are random, so overlapping frames partly cancel,
# and the picture is darker. The last two pictures are close to the real one; their sound is about the best you can
# expect of any generator of log-mels with this way back.
#
# Could the GAN draw the phase, too? It looks like noise, because it turns from frame to frame even where the tone
# stays. GANSynth (Engel et al. 2019) draws the turn itself, the *instantaneous frequency*:
#
# $$ \Delta_{k,t} = \operatorname{arg} S_{k,t} - \operatorname{arg} S_{k,t-1} + 2\pi n , $$
#
# where $S$ is the STFT, $k$ the frequency, $t$ the frame, and a whole number $n$ brings $\Delta$ between $-\pi$ and
# $\pi$. For a steady tone it is constant, and adding up the turns gives the phase back, up to where each tone started.
#
# **So the frequencies are fitted and the phases guessed; where there is sound, our digits come back about 1.5 dB off on
# average.** [Chapter 18](18_speech.ipynb) trains a network, a **vocoder**, to do better.
#
# ## 3 · A GAN that says what you ask for
#
# **How can one GAN draw ten words on request?** Log-mels are pictures, so chapter 10's conditional GAN could draw them.
# Our recipe makes two main changes; we have not tested what either brings.
#
# **In the generator, class and noise enter at every layer but the last.** Chapter 10's generator gets both at its input
# alone. Here the noise and the digit's embedding form one vector, the *style*. It feeds the first layer, and scales and
# shifts every channel in the next three.
#
# Imagine a channel that draws hiss. For a *six*, a scale of 0.5 strengthens it by half; for a *one*, a scale of −1
# without a shift silences it. A linear layer makes both numbers from the style, and the channel's value $h$ at each
# place becomes $(1 + \text{scale}) \cdot h + \text{shift}$. This is **feature-wise linear modulation**, FiLM (Perez et
# al. 2018, [arXiv:1709.07871](https://arxiv.org/abs/1709.07871)).
#
# Before that, the line with `rsqrt` divides each *place* by the root mean square (RMS) of its channels: *pixel
# normalisation* (Karras et al. 2018, [arXiv:1710.10196](https://arxiv.org/abs/1710.10196)). In the diagram, follow the
# style's arrows:

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


# %% alt="A flow diagram. Middle row: the digit's 32 numbers and the noise's 64 are joined into the style, 96 numbers. Its arrows lead up to a linear layer, with 96 maps of 4 by 4, and three FiLM blocks, each after upsampling by two: 64 maps of 8 by 8, 64 of 16 by 16, 32 of 32 by 32. A convolution and a pixel shuffle follow, for one log-mel of 64 by 64. Lower row, inside FiLM: 3 by 3 convolution, division by the RMS at each place, times one plus scale, plus shift, leaky ReLU; the style's arrows lead to scale and shift." tags=["hide-input"]
blocks = ["× 2, FiLM 1", "× 2, FiLM 2", "× 2, FiLM 3"]
inside = ["inside FiLM:", "÷ RMS", "× (1 + scale)", "+ shift", "leaky ReLU"]
steps = ["3 × 3 convolution", "at each place", "per channel", "per channel", "slope 0.2"]
chain = ["linear", *blocks, "conv, shuffle"]
sizes = ["96 × 4 × 4", "64 × 8 × 8", "64 × 16 × 16", "32 × 32 × 32", "1 × 64 × 64"]
diagrams.flow(
    [
        *(diagrams.Box(name, k, 0, sizes[k], "generator" if k < 4 else "fake") for k, name in enumerate(chain)),
        diagrams.Box("digit", 0.5, 1.2, "32 numbers", "average"),
        diagrams.Box("style", 2, 1.2, "96 numbers"),
        diagrams.Box("noise z", 3.5, 1.2, "64 numbers", "noise"),
        *(diagrams.Box(name, k, 2.4, steps[k], "generator") for k, name in enumerate(inside)),
    ],
    [
        diagrams.Arrow("digit", "style"),
        diagrams.Arrow("noise z", "style"),
        *(diagrams.Arrow("style", name) for name in chain[:4]),
        *(diagrams.Arrow("style", name) for name in inside[2:4]),
        *(diagrams.Arrow(*pair) for names in (chain, inside) for pair in pairwise(names)),
    ],
)

# %% [markdown]
# The style reaches all layers but the last, a convolution whose four channels a *pixel shuffle* lays out as 2 × 2
# blocks ([chapter 14](14_super_resolution.ipynb)'s sub-pixel convolution). The × 2 before FiLM is upsampling.
#
# **The discriminator is told how high each row is.** A convolution treats every place alike. That suits photographs,
# where a cat is a cat anywhere, but a formant moved up is another sound. So D gets an extra input channel with each
# row's height: a *CoordConv* (Liu et al. 2018, [arXiv:1807.03247](https://arxiv.org/abs/1807.03247)) with the vertical
# coordinate alone. G needs none: its first, linear layer has its own weights for every place.
#
# Projection head, relativistic loss and penalties (but for their weight) are chapter 10's. Train for 120 steps, about
# half a minute:

# %%
recipe = replace(recipe, steps=120)
gan = recipe.build(seed=0)
for record in tqdm(recipe.train(gan, recipe.data()), total=recipe.steps, leave=False):
    pass

# %% [markdown]
# The first screen's GAN comes from the same recipe, trained for longer. Look for the real row's tracks in the others:

# %% tags=["long"]
long = results.table("spoken_digits")
print(long["command"])
print(f"{long['date']}: {long['steps']:,} steps of batches of {recipe.batch}, {long['machine']}")

# %%
test, digits = clips.test, torch.tensor([0, 2, 3, 4])
drawn = {"120 steps": recipe.samples(gan, digits), f"{long['steps']:,} steps": recipe.samples(grown, digits)}
rows = {"real": test.waveforms[first[digits]]} | {name: griffin_lim(log_mels) for name, log_mels in drawn.items()}
Players(rows, ["zero", "two", "three", "four"], {"real": log_mel(rows["real"])} | drawn)

# %% [markdown]
# **After 120 steps none of these words has separate formants; after 1,000, two show some.** The samples are unselected, and
# the rows differ in voice and length.
#
# After 120 steps each word is a few bright patches, roughly where its energy should lie. The dot grid probably comes
# from the pixel shuffle, like [chapter 02](02_the_generator.ipynb)'s checkerboard.
#
# After 1,000 steps, *two* and *four* show some formants at about the right heights. In *zero* and *three* neighbouring
# ones still merge, and *two* has a second burst that the real one lacks.
#
# **Move the voice yourself.** The lab walks along the directions in which this generator's pictures vary most, and
# shows which digit and which of our twelve voices the judge reads. Start with direction 1, press the player, and listen
# for what changes: duration, pitch or accent. Noises much longer than usual are rare in training.

# %% alt="The voice lab at its start: the spectrogram of a generated zero, and bars that show which digit and which voice the judge reads in it."
from gan_lessons.labs.latents import VoiceLab

judge = sounds.load()


@torch.no_grad()
def voices(noise, labels):
    return grown.average(noise, labels)[:, 0]


VoiceLab(voices, grown.noise_dim, judge, speakers=sound.SPEAKERS)


# %% [markdown]
# At the start the judge is certain of the digit, but not of the voice.
#
# To train on your own recordings: `gan-lessons train spoken_digits --data FOLDER`, with files named `seven_anna_3.wav`,
# or a folder for each word.
#
# ## 4 · What each judge hears
#
# **How good are these clips, and who can tell?** Your ears are the first judge.
#
# **Is it the right word?** We count how often the judge reads the digit asked for. To hear what you hear, it gets each
# clip after Griffin–Lim, as a log-mel again.
#
# We also take the **Fréchet distance** between the judge's features of generated and of real clips ([chapter
# 08](08_measuring_a_gan.ipynb)): smaller is better. Its floors, the last two rows, are 240 random training clips,
# untouched and after Griffin–Lim.

# %%
def as_heard(log_mels):
    """Log-mels after Griffin–Lim, as log-mels once more."""
    return log_mel(griffin_lim(log_mels))


pictures, others = recipe.samples(grown, test.labels), clips.train.shuffled()[torch.arange(len(test))]
real, spoken, floor = log_mel(test.waveforms), as_heard(pictures), log_mel(others.waveforms)
graded = {"120 steps": as_heard(recipe.samples(gan, test.labels)), "1,000 steps": spoken}
graded |= {"1,000, before Griffin–Lim": pictures, "real": floor, "real, after Griffin–Lim": as_heard(floor)}
scores = {
    name: sound_scores(judge, log_mels, others.labels if name.startswith("real") else test.labels, test)
    for name, log_mels in graded.items()
}
print(f"{'':>25}  read right  Fréchet")
for name, found in scores.items():
    print(f"{name:>25}  {found.digit_accuracy:10.3f}  {found.frechet:7.2f}")

# %% tags=["claim"]
assert scores["1,000 steps"].digit_accuracy > 0.95
assert scores["120 steps"].frechet > scores["1,000 steps"].frechet > 2 * scores["real, after Griffin–Lim"].frechet

# %% [markdown]
# **The judge of words is easily satisfied.** After 120 steps it reads nine digits in ten right (eight on another
# machine), although the four we drew lack separate formants.
#
# The Fréchet distance is stricter. After 1,000 steps it is still more than three times its floor; before Griffin–Lim,
# nearly four times. Each is one run.
#
# **Can a network tell generated clips from real ones?** A **two-sample test** ([chapter
# 03](03_the_discriminator.ipynb#Do-two-sets-of-samples-differ?)) trains a network on half of the clips, and counts how
# often it is right on the rest. Our five small networks each learn from 120 clips of either kind, trimmed and scaled
# alike. Fed with waveforms, they can also notice a badly guessed phase. Compare the second and third rows:

# %% alt="Four rows of five dots, one for each test network, with a bar at their mean, by two-sample accuracy. Other real clips lie around one half, real clips after Griffin-Lim at about 0.8, the GAN's at about 0.9, and with Griffin-Lim on both sides between 0.60 and 0.68." tags=["long", "hide-input"]
ablations, controls = (results.table(f"sound_{name}") for name in ("ablations", "controls"))
for record in (ablations, controls):
    print(record["date"], record["machine"], record["command"])
griffin, as_it_is, same_way = controls["figures"].values()
kinds = {"other real clips": ablations["figures"]["other real clips"][0], "real clips after Griffin–Lim": griffin}
kinds |= {"the GAN's clips": as_it_is, "the GAN's, against real clips\nafter Griffin–Lim": same_way}
figure, axes = plt.subplots(figsize=(7.2, 2.5))
colors = (style.REAL, style.REFERENCE, style.FAKE, style.FAKE)
for place, (run, color) in enumerate(zip(kinds.values(), colors, strict=True)):
    axes.plot(run["two_samples"], [place] * 5, "o", color=color, alpha=0.4)
    axes.plot(run["two_sample"], place, "|", color=color, ms=18, mew=2.5)
    axes.text(1.01, place, f"{run['two_sample']:.2f}", fontsize=9, va="center", color=color)
axes.axvline(0.5, color="black", lw=0.8, ls=":")
axes.text(0.505, 3.45, "guessing", fontsize=9, va="bottom")
axes.set(yticks=range(len(kinds)), yticklabels=kinds, ylim=(len(kinds) - 0.5, -0.5), xlim=(0.4, 1))
axes.set_xlabel("two-sample accuracy (axis from 0.4): dots, networks; bars, their means")
axes.set_title("Griffin–Lim alone gives real clips away")
plt.show()

# %% [markdown]
# **The test tells the GAN's clips (1,000 steps) from real ones about nine times in ten.** With other real clips of the
# same words and voices it only guesses, as it should.
#
# But it also tells real clips after Griffin–Lim from untouched ones about eight times in ten: the way back alone is
# enough for most of its success. With both sides sent the same way, it is right less than two times in three. For the
# GAN's own part this is a lower bound: a larger network might find more, and Griffin–Lim may cover faults up.
#
# **Does every voice occur?** We never asked for a voice, so the GAN was free to neglect some: a lack of intra-class
# diversity (chapter 10). We count for how many clips the judge is *sure*, giving one voice a probability above .9, and
# compare with real clips, sharp and blurred, all after Griffin–Lim.

# %%
blurred = torch.nn.functional.avg_pool2d(real, 5, stride=1, padding=2)
certain, asked = {}, {"real": as_heard(real), "real, blurred": as_heard(blurred), "generated": spoken}
for name, log_mels in asked.items():
    certain[name] = int((judge(log_mels)[1].softmax(1).amax(1) > 0.9).sum())
    print(f"{name:>13}: sure of the voice in {certain[name]} of {len(log_mels)}")

# %% tags=["claim"]
assert certain["generated"] < 0.5 * certain["real"]
assert certain["real, blurred"] < 0.7 * certain["real"]

# %% [markdown]
# **We can't say, because the judge can't.** It is sure of nearly nine real clips in ten, but of only about one
# generated clip in ten. Real clips blurred by hand, about as soft to the eye, still leave it sure of nearly four in
# ten. So such a blur explains a part at most.
#
# **Does it copy?** Copies lie close to training clips. But blur moves a picture away from *everything*, so we compare
# this distance with that to the nearest `judge` clip, which the GAN never saw. Both sets have the same size, words and
# voices, so without copying, a sample should be nearer to either about equally often (in the spirit of Meehan et al.
# 2020, [arXiv:2004.05675](https://arxiv.org/abs/2004.05675)).

# %%
seen, unseen = log_mel(clips.train.waveforms), log_mel(clips.judge.waveforms)
made = pictures
nearer = nearer_to_training(made, seen, unseen)
real_nearer = nearer_to_training(real, seen, unseen)
print(f"nearer to a training clip than to an unseen one: generated {nearer} of {len(made)},", end=" ")
print(f"real {real_nearer} of {len(test)}")
print("difference in shares:", shares(nearer, len(made), real_nearer, len(test)))


# %% [markdown]
# **No sign of copying:** about half of the generated clips are nearer to a training clip, as are about half of the real
# test clips. But the interval reaches nearly ten percentage points above real clips. A copy is always nearer to a
# training clip, any other clip half the time, so the share of copies may be twice that, up to nearly one in five.
#
# > **Your turn.** Make a copyist: `made = seen[:240] + 0.1 * torch.randn(240, 64, 64)`. What does the test say?
# >
# > <details><summary>Solution</summary>
# >
# > All 240 are nearer to a training clip.
# >
# > </details>
#
# **No one judge suffices. Of this one GAN of 1,000 steps they say:**
#
# | question | verdict | what remains open |
# |---|---|---|
# | right word? | all read right | how good it sounds |
# | features like real ones? | distance over three times the floor, Griffin–Lim on both sides | which fault is to blame |
# | told from real clips? | about 9 times in 10; with Griffin–Lim on both sides under 2 in 3 | the GAN's part: at least that |
# | every voice? | the judge is seldom sure | which voices occur |
# | copies? | no sign | up to nearly one clip in five |
#
# ## 5 · Without the picture, and without words
#
# **Could a GAN make the waveform itself?** **WaveGAN** (Donahue et al. 2018,
# [arXiv:1802.04208](https://arxiv.org/abs/1802.04208)), a DCGAN in one dimension, does. (The paper's **SpecGAN** makes
# spectrograms.) Nothing has to be inverted, but the discriminator must find out by itself what a tone is.
#
# WaveGAN's last layer turns each sample into four, which leaves a one-dimensional checkerboard: at 8 kHz a faint tone
# of 2 kHz, always with the same phase. A discriminator that spots it need not listen to anything else. **Phase
# shuffle** shifts its features by up to two places at random, so that the tone's phase gives little away.

# %% module="gan_lessons.networks.wavegan" tags=["library"]
def phase_shuffle(sound, most):
    length = sound.shape[2]
    shifts = torch.randint(-most, most + 1, (len(sound), 1, 1), device=sound.device)
    places = (torch.arange(length, device=sound.device) + shifts).abs()
    places = length - 1 - (length - 1 - places).abs()
    return sound.gather(2, places.expand_as(sound))


# %% [markdown]
# The authors trained for days on a GPU; `gan-lessons train wavegan --size gpu` is sized for that. We trained a small
# network for minutes, with phase shuffle (you hear this one) and without, one seed each. Look for formants:

# %% tags=["long", "hide-input"]
raw = results.table("wavegan")
print(raw["command"], raw["date"], raw["machine"])
for name in ("phase shuffle", "no phase shuffle"):
    last = raw[name][-1]
    print(f"{name:>16}, step {last['step']:,}, {last['seconds'] / 60:.0f} min", end=": ")
    print(f"right digit {last['digit_accuracy']:.2f}, Fréchet {last['frechet']:.1f}")

# %%
wave_recipe = recipes.find("wavegan")
wave_gan = wave_recipe.build()
results.restored(wave_gan.average, "wavegan")
waves = wave_recipe.say(wave_gan, test.labels)
rows = {"real": test.waveforms[first[:3]], "WaveGAN": waves[first[:3]]}
Players(rows, test.classes[:3], {name: log_mel(waveforms) for name, waveforms in rows.items()})


# %% [markdown]
# Hardly any formant can be followed: the clips are loud for about as long as their words, but with energy at nearly all
# frequencies. The GAN without phase shuffle is ahead in both figures; one run each doesn't show that phase shuffle
# harms.
#
# **Can we trust these figures?** Where the real clips are black, WaveGAN's glow: the network never quite falls silent.
# This hiss is louder above about 2 kHz. The checkerboard's tone would be a thin line there, not a step, so we don't
# know the cause.
#
# The judge never trained with such a hiss. Does it judge words, or silence? We add hiss to real clips, and send
# WaveGAN's through a *noise gate*, which mutes quiet stretches.

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
    "real, gated": read_right(gated(test.waveforms)),
    "WaveGAN": read_right(waves),
    "WaveGAN, gated": read_right(gated(waves)),
}
for name, count in heard_right.items():
    print(f"{name:>25}: {count / len(test):.2f} read right")
print("the gate's gain:", shares(heard_right["WaveGAN, gated"], len(test), heard_right["WaveGAN"], len(test)))

# %% [markdown]
# **A faint hiss costs the *real* clips more than a third of their score.** (It is half a per cent of full scale, not
# matched to WaveGAN's own.) The gate gives WaveGAN back about half of what it lacked, and hardly hurts real clips.
#
# So WaveGAN's score is no fair comparison with log-mels, nor with the other WaveGAN, which may only hiss less. Even
# gated, it is below our log-mel GAN's after half a minute (one run each).
#
# **A GAN can make waveforms; in minutes, ours drew hardly any formants. When you change the representation, ask whether
# the judge knows the faults that come with it.**

# %% tags=["claim"]
assert heard_right["real, with a faint hiss"] < heard_right["real"]
assert shares(heard_right["WaveGAN, gated"], len(test), heard_right["WaveGAN"], len(test)).low > 0

# %% [markdown]
# **Does the recipe need words?** We train it on drums: percussion of five kinds, from the sound font (instrument
# recordings, GPL-2) in the package *pretty_midi*. *Skin* means drums other than snares.
#
# We have only 33 recordings to train on, so we vary the pitch, damping and brightness of each at random: **data
# augmentation** ([chapter 03](03_the_discriminator.ipynb)). The real hits are test variations of the same recordings.
# Compare each generated hit with the nearest training hit below it, in their first third of a second:

# %% tags=["long"]
long = results.table("drums")
print(f"{long['command']}\n{long['date']}: {long['steps']:,} steps, {long['machine']}")

# %%
from gan_lessons.data import drums

hits, drum_recipe = drums.drum_hits(), recipes.find("drums")
struck = torch.stack([(hits.test.labels == kind).nonzero()[0, 0] for kind in range(5)])
invented = drum_recipe.samples(drum_recipe.load(), torch.arange(5))
trained_on = log_mel(hits.train.waveforms)
nearest = torch.cdist(invented.flatten(1), trained_on.flatten(1)).argmin(1)
rows = {"real": hits.test.waveforms[struck], "generated": griffin_lim(invented)}
rows["nearest in training"] = hits.train.waveforms[nearest]
shown = {"real": log_mel(rows["real"]), "generated": invented, "nearest in training": trained_on[nearest]}
shown = {name: log_mels[..., :40] for name, log_mels in shown.items()}
Players(rows, drums.KINDS, shown, colors={"nearest in training": "inherit"})

# %% [markdown]
# These five look like blurred relatives of their nearest training hits. They lack the metal's clear tone and the
# texture of the cymbal's noise.
#
# **So the recipe draws drum hits too, roughly.** Here is one bar of sixteenth notes from our drum machine:

# %%
BEAT = {"skin": "x.....x.x.......", "snare": "....x.......x..x", "cymbal": "x.x.x.x.x.x.x.x."}
BEAT |= {"wood": "...x......x.....", "metal": "..............x."}


def bar(hits, step=1200):
    """A bar of 16 steps from one hit [samples] of each kind: [samples]."""
    mixed = torch.zeros(16 * step + hits.shape[1])
    for hit, steps in zip(hits, BEAT.values(), strict=True):
        for place in (step * k for k, mark in enumerate(steps) if mark == "x"):
            mixed[place : place + len(hit)] += hit
    return 0.9 * mixed[: 16 * step] / mixed.abs().max()


Players({"generated": bar(rows["generated"])[None]}, ["one bar"])

# %% [markdown]
# Write your own beat into `BEAT`. To train on your own drums, sort them into a folder per kind: `gan-lessons train
# drums --data FOLDER`.
#
# ## Debugging card
#
# | what you hear or see | what to test | what to fix |
# |---|---|---|
# | everything hisses | spectrograms where real clips are silent | trim and gate clips; train on log-mels; let the judge hear hiss |
# | metallic, watery voices | play the *real* clip after Griffin–Lim | if that sounds the same, try a vocoder |
# | every word in one voice | a judge of voices: is it sure of the GAN's clips? | make it a condition, or add packing (chapter 06) |
# | good scores, bad sound | twenty unselected clips by ear; two-sample test, both sides sent the same way | a judge that has met such clips; never its score alone |
#
# ## What we saw
#
# - The STFT loses nothing. The log-mel drops the phase, and Griffin–Lim has to guess it.
# - With log-mels for pictures, a conditional image GAN became a sound GAN. What FiLM in G and the height in D bring, we
#   did not test.
# - A two-sample test tells the GAN's clips from real ones nine times in ten, but with Griffin–Lim on both sides less than
#   two times in three.
# - A judge can fail on what it has never heard: a faint hiss costs even real clips more than a third of their score.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Griffin–Lim starts from other random phases. What changes?
#    <details><summary>A · The samples, nearly everywhere; the log-mel much less</summary><b>Right.</b> Every start works towards the same magnitudes. So compare spectrograms, not samples.</details>
#    <details><summary>B · The log-mel; hardly the samples</summary><b>No.</b> It is the other way round.</details>
#    <details><summary>C · Nothing</summary><b>No.</b> The waveform depends on the start.</details>
# 2. When is the logarithm taken?
#    <details><summary>A · Before the mel filters</summary><b>No.</b> One faint frequency would pull down its whole band: a sum of logarithms is the logarithm of a product.</details>
#    <details><summary>B · After the mel filters</summary><b>Right.</b> A band's strength is a sum of magnitudes.</details>
#    <details><summary>C · It does not matter</summary><b>No.</b> The logarithm of a sum is not the sum of the logarithms.</details>
# 3. The judge reads all of the GAN's digits right. Would people?
#    <details><summary>A · We do not know until we ask them</summary><b>Right.</b> A judge is only as good as what it has heard.</details>
#    <details><summary>B · Yes</summary><b>No.</b> The judge knows ten words and one synthesiser.</details>
#    <details><summary>C · No</summary><b>No.</b> That doesn't follow, either.</details>
#
# ### In your own words
#
# 1. You sample a cymbal at 8 kHz. What must you do first, and what is lost?
#    <details><summary>Answer</summary>Filter out everything above 4 kHz, or it folds down. The cymbal's upper part is lost.</details>
# 2. How would you make the GAN use all voices equally?
#    <details><summary>Answer</summary>Make digit and voice together the condition. The discriminator checks whatever is asked for.</details>
#
# ### Further reading
#
# - Griffin & Lim 1984, *Signal estimation from modified short-time Fourier transform*; Perraudin, Balazs & Søndergaard
#   2013, *A fast Griffin–Lim algorithm*.
# - Donahue et al. 2018, *Adversarial audio synthesis* ([arXiv:1802.04208](https://arxiv.org/abs/1802.04208)): WaveGAN and SpecGAN.
# - Engel et al. 2019, *GANSynth* ([arXiv:1902.08710](https://arxiv.org/abs/1902.08710)): notes with their phases.
# - Kumar et al. 2019, *MelGAN* ([arXiv:1910.06711](https://arxiv.org/abs/1910.06711)), and Kong et al. 2020, *HiFi-GAN*
#   ([arXiv:2010.05646](https://arxiv.org/abs/2010.05646)): GANs as vocoders (chapter 18).
#
# **Next:** a network gives the sound back. Notes instead of waves: [appendix A3, Music](A3_music.ipynb).
#
# [← 16 Verse and news](16_verse_and_news.ipynb) · [contents](00_start.ipynb) · [18 Speech →](18_speech.ipynb) · [assignment](assignments/release/17_sound/17_sound.ipynb)
