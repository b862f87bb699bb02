# %% [markdown]
# # 12 · Sound
#
# **A second of sound is thousands of numbers: which picture of it can a GAN learn, and how do I get the sound back?**
#
# **You will** turn speech into pictures and back, train a GAN that says the digit you ask for, listen to it beside the
# real thing, and measure what it got wrong.
#
# **You will learn** to
# - read a spectrogram, and say what the mel scale and the logarithm keep,
# - tell the part of a sound that inverts exactly from the part that must be guessed: the phase,
# - steer a generator with a class by scaling and shifting its channels (FiLM),
# - judge generated sound by what a classifier hears, and by what it does not.
#
# **You will need** chapters 09 and 10, headphones if you like (every sound is drawn too), and about two minutes of
# computing on a laptop's processor.

# %%
import json
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import safetensors.torch
import torch
from tqdm.auto import tqdm

from gan_lessons import recipes
from gan_lessons.data.sound import spoken_digits
from gan_lessons.judges import sounds
from gan_lessons.metrics.sound import frechet_floor, nearest_clip, sound_scores
from gan_lessons.plots import style
from gan_lessons.plots.sound import Players, draw_log_mel, draw_log_mels

torch.set_num_threads(1)
torch.manual_seed(12)
style.use()
clips = spoken_digits()

# %% [markdown]
# ## 1 · A list of pressures
#
# A microphone writes down the pressure of the air, here 8,000 times a second. A clip is a list of 4,096 such samples,
# about half a second. Ours are made by *eSpeak NG*, a speech synthesiser, on your own machine. They are not recordings
# of people, and a GAN that learns them learns a machine's voices. That makes them fair to test with offline, and
# easier than life. At the end we look at real recordings too.
#
# The clips are split by use: `train` for the generator, `judge` for the classifier that will grade it, `test` for
# scores, and `strangers`, voices that nothing is trained on. Here is one of each digit.

# %%
first = torch.stack([(clips.test.labels == digit).nonzero()[0, 0] for digit in range(10)])
print({name: len(getattr(clips, name)) for name in ("train", "judge", "test", "strangers")})
Players({"real": clips.test.waveforms[first[:5]]}, clips.test.classes[:5])

# %% alt="Two curves of the same spoken zero. On the left half a second, in which a dense tone swells, fades and ends in silence; on the right thirty milliseconds of it, a jagged wave."
zero = clips.test.waveforms[first[0]]
figure, (whole, part) = plt.subplots(1, 2, figsize=(8, 2.6), width_ratios=[2, 1])
whole.plot(torch.arange(len(zero)) / 8000, zero, color=style.REAL, linewidth=0.5)
whole.set(title="“zero”, the whole clip", xlabel="seconds", ylabel="pressure")
part.plot(torch.arange(1200, 1440) / 8, zero[1200:1440], color=style.REAL)
part.set(title="thirty milliseconds of it", xlabel="milliseconds")

# %% [markdown]
# A vowel repeats itself, hundreds of times a second. Shift the clip by one sample and your ear hears no difference,
# but every number of the list has changed. A discriminator on raw samples must first learn that these lists are the
# same sound. It can be done, by large networks in days on a GPU (WaveGAN, Donahue et al. 2018). We take the shorter
# way, and change the representation instead of the network.
#
# ## 2 · Sound as a picture
#
# Cut the list into short overlapping stretches, ask of each how much of every frequency is in it, and write the
# answers side by side as columns. This is the **short-time Fourier transform**. Each answer is a complex number: its
# magnitude says how strong the frequency is, and its angle, the **phase**, where in its swing it begins.
#
# With both, nothing is lost. The overlapping windows even hold every sample several times over.

# %% tags=["claim"]
from gan_lessons.spectrograms import istft, stft

spectrum = stft(clips.test.waveforms)
lost = float((istft(spectrum) - clips.test.waveforms).abs().max())
print("spectrum", list(spectrum.shape), "largest error of the way back below 0.00001:", lost < 1e-5)
assert lost < 1e-5

# %% [markdown]
# Three steps make it a picture for a network. Drop the phase. Gather the 257 frequencies into 64 **mel bands**, narrow
# for low sounds and wide for high ones, as our hearing has it. Take the logarithm, for a whisper and a shout differ by
# a factor, not by a sum. The result is a picture of 64 × 64 in [-1, 1], the **log-mel spectrogram**.

# %% tags=["library"]
from gan_lessons.spectrograms import FAINTEST, HIGH, LOUDEST, LOW, mel_filters


def mel_of(magnitudes):
    logs = (mel_filters().to(magnitudes.device) @ magnitudes).clamp(FAINTEST, LOUDEST).log()
    return 2 * (logs - LOW) / (HIGH - LOW) - 1


# %% [markdown]
# Everywhere else in the book `log_mel(waveforms)` does both steps, `mel_of(stft(waveforms).abs())`.

# %% alt="Two pictures of the spoken zero. On the left the magnitudes of all frequencies, nearly black but for a few bright streaks at the bottom. On the right the log-mel spectrogram, full of bright bands that sink and rise again until the silence begins."
from gan_lessons.spectrograms import log_mel

figure, (plain, mel) = plt.subplots(1, 2, figsize=(8, 2.8))
plain.imshow(spectrum[first[0]].abs(), origin="lower", aspect="auto", extent=(0, 0.512, 0, 4000))
plain.set(title="magnitudes: most of the picture is empty", xlabel="seconds", ylabel="Hz")
draw_log_mel(mel, log_mel(zero[None])[0])
mel.set_title("log-mel: the same sound, for the eye")

# %% [markdown]
# On the right you can read the word. The thick bands are the resonances of the mouth. They sink and rise again while
# the mouth goes from one vowel through the *r* to the next. The fine stripes within are multiples of the voice's
# pitch. The dark part is the silence after the word.
#
# > **Your turn.** Draw digit 2 instead, which has one vowel. What do its bands do?
#
# ## 3 · The way back must guess
#
# The generator will draw log-mels, and nobody can listen to those. Two things are missing: where in its band a
# frequency lay, and the phase. **Griffin-Lim** guesses the phase by going back and forth. Start from random
# phases; make a waveform; take *its* transform, whose phases fit together because a waveform made them; keep them,
# put the wanted magnitudes back, and repeat.

# %% tags=["library"]
from gan_lessons.spectrograms import magnitudes_of


@torch.no_grad()
def griffin_lim(log_mels, iterations=32, momentum=0.99):
    magnitudes = magnitudes_of(log_mels)
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
# > **Predict, then run.** How much better is the hundredth round than the thirtieth?

# %% alt="A falling curve with markers: the distance of the log-mel after the way back, against the number of rounds of Griffin-Lim. It falls steeply in the first rounds and is nearly flat at the end." tags=["claim"]
wanted = log_mel(clips.test.waveforms[:60])
rounds = [0, 1, 2, 4, 8, 16, 32, 100]
apart = [float((log_mel(griffin_lim(wanted, count)) - wanted).abs().mean()) for count in rounds]
figure, axes = plt.subplots(figsize=(5, 2.6))
axes.plot(rounds, apart, "o-", color=style.FAKE)
axes.set(xscale="symlog", ylim=0, xlabel="rounds", ylabel="distance of log-mels", title="The first rounds do the most")
assert apart[0] > 1.5 * apart[6] and apart[0] - apart[6] > 4 * abs(apart[6] - apart[7])

# %%
some = first[[3, 7, 9]]
heard = {f"{count} rounds": griffin_lim(log_mel(clips.test.waveforms[some]), count) for count in (0, 32)}
rows = {"real": clips.test.waveforms[some], **heard}
Players(rows, ["three", "seven", "nine"], {name: log_mel(waveforms) for name, waveforms in rows.items()})

# %% [markdown]
# The second and the third row start from the same magnitudes; only the phases differ. After 32
# rounds the pictures are close to the real ones. What is left of the distance is the price of every log-mel model
# without a better way back. A *vocoder*, a network that learned the way back, is the usual remedy.
#
# ## 4 · A GAN that says what you ask
#
# Log-mels are pictures, so the conditional GAN of chapter 10 could draw them as it is. Our recipe changes one thing in
# the generator. Class and noise together are the **style**, and the style speaks at *every* layer: it scales and
# shifts each channel, instead of only entering at the first. This is **FiLM** (Perez et al. 2018).

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


# %% [markdown]
# The discriminator gets one thing that a photograph would not need: a plane with each row's height. A convolution does
# not know where it looks, and a cat is a cat anywhere in a picture; but a band moved up is another sound. Head, loss
# and penalty are those of chapter 10. We train for a minute.

# %%
recipe = replace(recipes.find("spoken_digits"), steps=120)
gan = recipe.build(seed=0)
for record in tqdm(recipe.train(gan, recipe.data()), total=recipe.steps, leave=False):
    pass

# %% [markdown]
# The judge is a small classifier, trained on clips (`clips.judge`) that the GAN never saw. It reads the digit and the
# voice. We give it what you would hear: the clips after Griffin-Lim, turned into log-mels once more.

# %% tags=["claim"]
judge, test = sounds.load(), clips.test


def scored(gan):
    """The scores of a GAN's clips as they are heard, after Griffin-Lim."""
    return sound_scores(judge, log_mel(griffin_lim(recipe.draw(gan, test.labels))), test.labels, test)


live = scored(gan)
print("right digit, real clips:", round(sounds.accuracy(judge, test), 2))
print("right digit, after 120 steps:", round(live.digit_accuracy, 2))
assert live.digit_accuracy > 0.6

# %%
digits = torch.arange(5)
drawn = {f"take {seed + 1}": recipe.draw(gan, digits, seed) for seed in range(2)}
Players({name: griffin_lim(log_mels) for name, log_mels in drawn.items()}, test.classes[:5], drawn)

# %% [markdown]
# These are the first that came. The length and the large bands of each word are there; the fine lines of the voice are
# smeared.
#
# ## 5 · Four minutes instead of one
#
# The same recipe at its own number of steps, from the command line.

# %% tags=["long"]
long = json.loads(Path("results/spoken_digits.json").read_text())
print(long["command"])
print(f"{long['date']}: {long['steps']} steps in {long['seconds'] / 60:.1f} minutes on {long['machine']}")
grown = recipes.find("spoken_digits").build()
halves = safetensors.torch.load_file("results/spoken_digits.safetensors")
grown.average.load_state_dict({name: value.float() for name, value in halves.items()})
best = scored(grown)

# %% tags=["claim"]
floor = frechet_floor(judge, clips.train, test)
print(f"{'':>14}  right digit  Inception  Fréchet  rarest digit  rarest voice")
for name, scores in {"120 steps": live, "600 steps": best}.items():
    print(f"{name:>14}  " + "  ".join(f"{value:9.3f}" for value in scores))
print(f"{'real':>14}  {sounds.accuracy(judge, test):9.3f}  {'':>9}  {floor:9.3f}  {0.1:9.3f}  {1 / 12:9.3f}")
assert best.digit_accuracy > 0.95 and best.frechet < live.frechet
assert best.frechet > 2 * floor and best.rarest_voice < 0.5 / 12

# %% [markdown]
# Nearly every digit is heard as the one that was asked for, and every digit comes as often as it should, since its
# label is given. Read the other columns before you rejoice. The Fréchet distance is several times that of real clips
# against real clips. The rarest of the twelve voices speaks far less than its twelfth: nobody *asked* for a voice, and
# so the GAN was free to neglect one. A perfect score for what was asked, and a loss in what was not: it is chapter
# 10's collapse within the class, now audible.

# %% alt="Two rows of five spectrograms, for the digits zero to four: real ones above, generated ones below. The generated ones have nearly the same onset, length and large bands; their bands are blurred into patches, and a fine grid runs through them."
figure = plt.figure(figsize=(8, 3.4))
made = recipe.draw(grown, digits)
draw_log_mels(figure, {"real": log_mel(test.waveforms[first[:5]]), "generated": made}, test.classes[:5])

# %%
made = recipe.draw(grown, torch.arange(5, 10))
rows = {"real": test.waveforms[first[5:]], "generated": griffin_lim(made)}
Players(rows, test.classes[5:], {"real": log_mel(rows["real"]), "generated": made})

# %% [markdown]
# **Move the voice yourself.** The lab walks along the directions in which this generator's pictures vary most. Each
# move draws the clip anew, with its sound, and shows what the judge reads.

# %% alt="The voice lab at its start: the spectrogram of a generated zero, and bars of what the judge reads as digit and as voice."
from gan_lessons.labs.voice_lab import VoiceLab
from gan_lessons.networks import conditioning


@torch.no_grad()
def voices(noise, labels):
    return conditioning.split(grown.average(grown.average.ask(noise, labels)))[0][:, 0]


VoiceLab(voices, grown.noise_dim, judge)

# %% [markdown]
# **Does it copy?** The nearest training clip tells. If the GAN had learned clips by heart, its own would lie nearer to
# them than new takes of the same voices do.

# %% tags=["claim"]
known = log_mel(clips.train.waveforms)
of_test = float(nearest_clip(log_mel(test.waveforms), known).mean())
of_fakes = float(nearest_clip(recipe.draw(grown, test.labels), known).mean())
print(f"distance to the nearest training clip: real test {of_test:.1f}, generated {of_fakes:.1f}")
assert of_fakes > of_test

# %% [markdown]
# It does not copy. It lies further away than real takes do, which is no praise: some of that distance is blur.
#
# ## 6 · And with people?
#
# The command takes your own recordings: `python -m gan_lessons train spoken_digits --data FOLDER`, with files named
# `seven_anna_3.wav` or in a folder for each word. Broken and silent files are skipped and listed. This is what the
# recipe reached on the *Free Spoken Digit Dataset*, six people, scored on takes that it never saw.

# %% tags=["long"]
people = json.loads(Path("results/spoken_digits_recordings.json").read_text())
print(f"{people['date']}, medians of {len(people['seeds'])} seeds, {people['cpu_seconds'] / 60:.1f} CPU minutes each")
print(people["data"])
for name in ("digit_accuracy", "inception", "frechet_over_floor", "rarest_class", "rarest_voice"):
    print(f"{name:>20} {people[name]:.3f}")

# %% tags=["claim", "long"]
assert people["digit_accuracy"] < best.digit_accuracy
assert people["rarest_voice"] > 0.03 and people["nearest"] > people["nearest_of_test"]

# %% [markdown]
# People are harder than a synthesiser: fewer digits are heard right. All six voices are there.
#
# ## What we saw
#
# - The Fourier transform loses nothing. The log-mel picture loses the phase, and Griffin-Lim must guess it.
# - A conditional image GAN becomes a sound GAN by its representation, plus a plane that says how high a row is.
# - A minute of training speaks so that a classifier understands; four minutes speak the digit asked for nearly always.
# - Voices, for which nobody asked, are neglected; and the Fréchet distance stays well above its floor.
# - No claim here rests on ears. A classifier's verdict is not a listening test: play the clips and make up your mind.
#
# ## Questions
#
# 1. Why is the logarithm taken *after* the mel filters, and not before?
#    <details><summary>Answer</summary>A band's strength is a sum of magnitudes. A sum of logarithms would be their
#    product, which one silent frequency makes vanish.</details>
# 2. Griffin-Lim starts from other random phases. Does the clip sound the same? Is the waveform the same?
#    <details><summary>Answer</summary>It sounds nearly the same, and the samples differ everywhere. That is why we
#    compare spectrograms and not samples.</details>
# 3. How would you make the GAN use all voices equally?
#    <details><summary>Answer</summary>Ask for the voice too: give the pair of digit and voice as the class. What is
#    asked for is checked by the discriminator.</details>
# 4. The judge hears 99 % of the digits right. Would 99 % of your friends?
#    <details><summary>Answer</summary>We do not know. The judge was trained on the same synthesiser, and knows only ten
#    words; people know more words and have heard fewer synthesisers.</details>
#
# ## Further reading
#
# - Griffin & Lim 1984, *Signal estimation from modified short-time Fourier transform*.
# - Donahue et al. 2018, *Adversarial audio synthesis* ([arXiv:1802.04208](https://arxiv.org/abs/1802.04208)): WaveGAN.
# - Engel et al. 2019, *GANSynth* ([arXiv:1902.08710](https://arxiv.org/abs/1902.08710)): why phase is hard, and a way.
# - Kong et al. 2020, *HiFi-GAN* ([arXiv:2010.05646](https://arxiv.org/abs/2010.05646)): a vocoder that is a GAN.
# - Perez et al. 2018, *FiLM* ([arXiv:1709.07871](https://arxiv.org/abs/1709.07871)).
#
# **Next:** [chapter 13, Speech](13_speech.ipynb): a network gives the sound back, and reads numbers aloud.
