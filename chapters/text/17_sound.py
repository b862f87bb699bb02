# %% [markdown]
# # 17 · Sound
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
# scores, and `strangers`, voices that nothing is trained on. All are prepared in one way: silence is cut off, and every
# clip begins at its onset. Here are the first five digits.

# %%
first = torch.stack([(clips.test.labels == digit).nonzero()[0, 0] for digit in range(10)])
print({name: len(getattr(clips, name)) for name in ("train", "judge", "test", "strangers")})
Players({"real": clips.test.waveforms[first[:5]]}, clips.test.classes[:5])

# %% alt="Two curves of the same spoken zero. On the left half a second, in which a row of pulses swells, fades, swells again and ends in silence; on the right thirty milliseconds of it, a jagged wave."
zero = clips.test.waveforms[first[0]]
figure, (whole, part) = plt.subplots(1, 2, figsize=(8, 2.6), width_ratios=[2, 1])
whole.plot(torch.arange(len(zero)) / 8000, zero, color=style.REAL, linewidth=0.5)
whole.set(title="“zero”, the whole clip", xlabel="seconds", ylabel="pressure")
part.plot(torch.arange(1200, 1440) / 8, zero[1200:1440], color=style.REAL)
part.set(title="thirty milliseconds of it", xlabel="milliseconds")
plt.show()

# %% [markdown]
# A vowel repeats itself, about a hundred times a second. Shift the clip by one sample and your ear hears no difference,
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


def mel_of(magnitudes, filters=None):
    filters = mel_filters().to(magnitudes) if filters is None else filters
    logs = (filters @ magnitudes).clamp(FAINTEST, LOUDEST).log()
    return 2 * (logs - LOW) / (HIGH - LOW) - 1


# %% [markdown]
# Everywhere else in the book `log_mel(waveforms)` does both steps, `mel_of(stft(waveforms).abs())`.

# %% alt="Two pictures of the spoken zero. On the left the magnitudes of all frequencies, nearly black but for a few streaks, the brightest near 500 Hz. On the right the log-mel spectrogram, full of bright bands that sink and rise again until the silence begins."
from gan_lessons.spectrograms import log_mel

figure, (plain, mel) = plt.subplots(1, 2, figsize=(8, 2.8))
plain.imshow(spectrum[first[0]].abs(), origin="lower", aspect="auto", extent=(0, 0.512, 0, 4000))
plain.set(title="magnitudes: most of the picture is empty", xlabel="seconds", ylabel="Hz")
draw_log_mel(mel, log_mel(zero[None])[0])
mel.set_title("log-mel: the same sound, for the eye")
plt.show()

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
# put the wanted magnitudes back, and repeat. `momentum` pushes each round beyond the last one, which makes it converge
# faster (Perraudin et al. 2013).

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
# shifts each channel, instead of only entering at the first. This is **FiLM** (Perez et al. 2018). The line with `rsqrt`
# first gives every place the same strength over its channels, so that the style sets it.

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
recipe = replace(recipes.find("spoken_digits"), steps=200)
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
    return sound_scores(judge, log_mel(griffin_lim(recipe.samples(gan, test.labels))), test.labels, test)


live = scored(gan)
print("right digit, real clips:", round(sounds.accuracy(judge, test), 2))
print("right digit, after 200 steps:", round(live.digit_accuracy, 2))
assert live.digit_accuracy > 0.6

# %%
digits = torch.arange(5)
drawn = {f"take {seed + 1}": recipe.samples(gan, digits, seed) for seed in range(2)}
Players({name: griffin_lim(log_mels) for name, log_mels in drawn.items()}, test.classes[:5], drawn)


# %% [markdown]
# These are the first that came. The length and the large bands of each word are there; the fine lines of the voice are
# smeared.
#
# ## 5 · A thousand steps instead of two hundred
#
# The same recipe at its own number of steps, from the command line. It takes four to sixteen minutes on one core, by processor and what else it does.

# %%
def stored(plan, name):
    """A GAN with the averaged generator that is stored under that name, in half precision."""
    gan = plan.build()
    halves = safetensors.torch.load_file(f"results/{name}.safetensors")
    gan.average.load_state_dict({key: value.float() for key, value in halves.items()})
    return gan


# %% tags=["long"]
long = json.loads(Path("results/spoken_digits.json").read_text())
print(long["command"])
print(f"{long['date']}: {long['steps']:,} steps of batches of {recipe.batch}, {long['machine']}")
grown = stored(recipes.find("spoken_digits"), "spoken_digits")
best = scored(grown)

# %% tags=["claim"]
floor = frechet_floor(judge, clips.train, test)
print(f"{'':>14}  right digit  Inception  Fréchet  rarest digit  rarest voice")
for name, scores in {"200 steps": live, "1,000 steps": best}.items():
    print(f"{name:>14}  " + "  ".join(f"{value:9.3f}" for value in scores))
print(f"{'real':>14}  {sounds.accuracy(judge, test):9.3f}  {'':>9}  {floor:9.3f}  {0.1:9.3f}  {1 / 12:9.3f}")
assert best.digit_accuracy > 0.95 and best.frechet < live.frechet
assert best.frechet > 2 * floor and best.rarest_voice < 0.5 / 12

# %% [markdown]
# Nearly every digit is heard as the one that was asked for, and every digit comes as often as it should, since its
# label is given. Read the other columns before you rejoice. The Fréchet distance is several times that of real clips
# against real clips. The rarest of the twelve voices speaks far less than its twelfth: nobody *asked* for a voice, and
# so the GAN was free to neglect one. A nearly perfect score for what was asked, and a loss in what was not: it is chapter
# 10's collapse within the class, now audible.

# %% alt="Two rows of five spectrograms, for the digits zero to four: real ones above, generated ones below. The generated ones have nearly the same onset, length and large bands, and stripes at multiples of a pitch; the edges of their bands are blurred, and in the zero the upper bands sink and do not rise again."
figure = plt.figure(figsize=(8, 3.4))
made = recipe.samples(grown, digits)
draw_log_mels(figure, {"real": log_mel(test.waveforms[first[:5]]), "generated": made}, test.classes[:5])

# %%
made = recipe.samples(grown, torch.arange(5, 10))
rows = {"real": test.waveforms[first[5:]], "generated": griffin_lim(made)}
Players(rows, test.classes[5:], {"real": log_mel(rows["real"]), "generated": made})

# %% [markdown]
# **Move the voice yourself.** The lab walks along the directions in which this generator's pictures vary most. Each
# move draws the clip anew, with its sound, and shows what the judge reads.

# %% alt="The voice lab at its start: the spectrogram of a generated zero, and bars of what the judge reads as digit and as voice."
from gan_lessons.labs.latents import VoiceLab


@torch.no_grad()
def voices(noise, labels):
    return grown.average(noise, labels)[:, 0]


VoiceLab(voices, grown.noise_dim, judge)

# %% [markdown]
# **Does it copy?** The nearest training clip tells. If the GAN had learned clips by heart, its own would lie nearer to
# them than new takes of the same voices do.

# %% tags=["claim"]
known = log_mel(clips.train.waveforms)
of_test = float(nearest_clip(log_mel(test.waveforms), known).mean())
of_fakes = float(nearest_clip(recipe.samples(grown, test.labels), known).mean())
print(f"distance to the nearest training clip: real test {of_test:.1f}, generated {of_fakes:.1f}")
assert of_fakes > of_test

# %% [markdown]
# It does not copy. It lies further away than real takes do, which is no praise: some of that distance is blur.
#
# ## 6 · What mattered, and who says so
#
# One judge is one opinion, and ours grew up with the synthesiser's twelve voices. So ask three. The **judge** reads the
# digit. A **second recogniser** of another kind learned from eight *other* voices: a support vector machine (it draws the
# widest border between classes) on cepstra (a few numbers for the coarse shape of a spectrogram). And a **two-sample test** asks a network, taught on half of the clips, to tell real from generated in the
# other half: 0.5 says that it guesses, 1 that it always knows. We put the same three questions to GANs from which
# something was taken away: the penalty, or the common onset (their training clips begin up to a tenth of a second
# late). Each was trained with two seeds for 600 steps. Before it is judged, every clip's onset is put in its place, so
# that none loses for being late. The first row is, for each test clip, another of its word and voice; the judge was
# taught with these, so that its 1.00 says little there.

# %% tags=["long"]
without = json.loads(Path("results/sound_ablations.json").read_text())
columns = {"digit_accuracy": "judge", "second_accuracy": "second", "two_sample": "two-sample", "frechet": "Fréchet"}
columns |= {"inception": "Inception", "rarest_class": "rarest digit"}
print(without["date"], without["machine"], without["command"])


def show(names):
    print(f"{'':>28}" + "".join(f"{column:>14}" for column in columns.values()))
    for name in names:
        runs = without["figures"][name]
        print(f"{name:>28}" + "".join(f"{' '.join(f'{run[key]:.2f}' for run in runs):>14}" for key in columns))


show(["other real clips", "the recipe", "no penalty", "onsets anywhere"])

# %% [markdown]
# **With late onsets** both recognisers lose words: part of what the network could learn of words it spends on where they
# begin. The remedy is a line of code: begin every clip at its onset. **Without the penalty** most words are still
# understood, but the Fréchet distance doubles, and in one of two runs one digit is read in 3 % of the clips, where 10 %
# were asked for. And the **two-sample test** is fooled by none of them, while it guesses about real clips (0.40 of so
# few clips is guessing too). That a recogniser understands a clip does not make it sound like a recording.

# %% tags=["claim", "long"]
runs = without["figures"]
for with_it, without_it in zip(runs["the recipe"], runs["no penalty"], strict=True):
    assert without_it["frechet"] > 1.5 * with_it["frechet"]
for aligned, late in zip(runs["the recipe"], runs["onsets anywhere"], strict=True):
    assert late["digit_accuracy"] < aligned["digit_accuracy"] - 0.03
    assert late["second_accuracy"] < aligned["second_accuracy"] - 0.05
assert runs["other real clips"][0]["two_sample"] < 0.6 < 0.9 < min(run["two_sample"] for run in runs["the recipe"])


# %% [markdown]
#
# ## 7 · Raw samples after all
#
# **WaveGAN** (Donahue et al. 2018) makes the 4,096 samples themselves: chapter 09's convolutions in one dimension, with
# filters of 25 samples, each layer four times as long as the one before. The generator needs no phase to be guessed,
# and the discriminator has to find out by itself what a tone is.
#
# One trick is its own. A layer that makes one sample into four leaves a faint tone, always at the same phase, and a
# discriminator that looks for this tone need not listen to anything else. So the discriminator's features are shifted
# by up to two samples at random, and the phase of the tone gives little away.

# %% module="gan_lessons.networks.wavegan" tags=["library"]
def phase_shuffle(sound, most):
    length = sound.shape[2]
    shifts = torch.randint(-most, most + 1, (len(sound), 1, 1), device=sound.device)
    places = (torch.arange(length, device=sound.device) + shifts).abs()
    places = length - 1 - (length - 1 - places).abs()
    return sound.gather(2, places.expand_as(sound))


# %% [markdown]
# The authors trained for days on a GPU, and `python -m gan_lessons train wavegan --size gpu` is a size for that. The
# `cpu` size is a small network with loss, penalty and head as above. This is what it reaches, with one seed.

# %% tags=["long"]
raw = json.loads(Path("results/wavegan.json").read_text())
print(raw["command"], raw["date"], raw["machine"])
for name in ("phase shuffle", "no phase shuffle"):
    for point in raw[name][1::2]:
        print(f"{name:>16}, step {point['step']:,}, {point['seconds'] / 60:.0f} min", end=": ")
        print(f"right digit {point['digit_accuracy']:.2f}, Inception {point['inception']:.2f}", end=", ")
        print(f"Fréchet {point['frechet']:.1f}")
wave_recipe = recipes.find("wavegan")
wave_gan = stored(wave_recipe, "wavegan")

# %%
waves = wave_recipe.say(wave_gan, test.labels)
five = torch.tensor([int((test.labels == digit).nonzero()[0]) for digit in range(5)])
rows = {"real": test.waveforms[five], "WaveGAN": waves[five]}
Players(rows, test.classes[:5], {name: log_mel(waveforms) for name, waveforms in rows.items()})


# %% [markdown]
# Look at the second row: length, loudness and the main resonances of each word are there, without any spectrogram in
# the training. But the whole picture is green where real clips are dark. The network never quite falls silent. That
# hiss is faint, and the judge has never met one. How much of its verdict is about words, and how much about silence?

# %% tags=["claim"]
def read_right(waveforms):
    return float((judge(log_mel(waveforms))[0].argmax(1) == test.labels).float().mean())


def gated(waveforms, least=0.01):
    """Silence wherever the mean pressure of a fiftieth of a second stays below `least`."""
    loudness = torch.nn.functional.avg_pool1d(waveforms.abs()[:, None], 161, stride=1, padding=80)[:, 0]
    return waveforms * (loudness > least)


torch.manual_seed(0)
hiss = 0.005 * torch.randn_like(test.waveforms)
heard_right = {
    "real": read_right(test.waveforms),
    "real, with a faint hiss": read_right(test.waveforms + hiss),
    "WaveGAN": read_right(waves),
    "WaveGAN, silence cut out": read_right(gated(waves)),
}
for name, share in heard_right.items():
    print(f"{name:>25}: {share:.2f} read right")
assert heard_right["real, with a faint hiss"] < heard_right["real"] - 0.05
assert heard_right["WaveGAN, silence cut out"] > heard_right["WaveGAN"] + 0.2

# %% [markdown]
# A hiss of half a percent takes an eighth of their score from real clips, and with its own hiss cut out WaveGAN gets
# more than half of what it lacked. So do not read the table above as a comparison with log-mels, and do not make much of phase shuffle
# either: with it more digits are read right, without it the Fréchet distance is smaller, and each is one run. A judge
# is worth what it has heard. Whoever changes the representation must ask again what the judge knows.
#
# ## 8 · What else sounds: drums
#
# Nothing in the recipe knows that it hears words. The pip package *pretty_midi* brings a **sound font**, recordings of
# instruments for programs that play MIDI files (GPL-2; nothing of it is copied into this book). We take 43 recordings
# of things that one strikes or shakes, in five kinds. Forty-three recordings are no data set. So each is played up to
# three semitones higher or lower, damped, and made duller or brighter, at random: 24 times to train the GAN, 24 for the
# judge, 6 for the test. The last two recordings of each kind are *strangers*, which nothing is trained on.

# %%
from gan_lessons.data import drums

hits = drums.drum_hits()
print({kind: len(names) for kind, names in drums.RECORDINGS.items()})
print({name: len(getattr(hits, name)) for name in ("train", "test", "strangers")})

# %% tags=["long"]
beaten = json.loads(Path("results/drums.json").read_text())
print(beaten["command"], beaten["date"], f"{beaten['steps']} steps")
print({name: round(beaten["figures"][name], 3) for name in ("digit_accuracy", "frechet", "rarest_class")})
drum_recipe = recipes.find("drums")
drummer = stored(drum_recipe, "drums")

# %%
kinds = torch.arange(5)
struck = torch.stack([(hits.test.labels == kind).nonzero()[2, 0] for kind in kinds])
beats = drum_recipe.samples(drummer, kinds)
rows = {"real": hits.test.waveforms[struck], "generated": griffin_lim(beats)}
Players(rows, hits.test.classes, {"real": log_mel(rows["real"]), "generated": beats})

# %% [markdown]
# `digit_accuracy` is here the share of hits whose *kind* a judge reads as asked, and the judge is again worth what it
# has heard:

# %% tags=["claim"]
from gan_lessons.judges import drums as drum_judge

for name in ("test", "strangers"):
    print(f"{name:>9}: kind read right {sounds.accuracy(drum_judge.load(), getattr(hits, name)):.2f}")
print(f"Fréchet distance of real to real {frechet_floor(drum_judge.load(), hits.train, hits.test):.1f}", end=", ")
print(f"rarest kind of the test {float(hits.test.labels.bincount().min()) / len(hits.test):.3f}")
assert sounds.accuracy(drum_judge.load(), hits.test) > 0.97
assert sounds.accuracy(drum_judge.load(), hits.strangers) < 0.5

# %% [markdown]
# It knows every recording that it was taught, and hardly what makes a drum a skin or a snare: of five kinds, guessing
# would read a fifth right. So ask without a judge. Can such a GAN invent an instrument? How far from the training clips
# does it go, and which recordings does it come near to?

# %% tags=["claim"]
known_hits = log_mel(hits.train.waveforms)
sounds_of = {
    "new variations": log_mel(hits.test.waveforms),
    "generated": drum_recipe.samples(drummer, hits.test.labels),
    "strangers": log_mel(hits.strangers.waveforms),
}
far, reached = {}, {}
for name, log_mels in sounds_of.items():
    near = torch.cdist(log_mels.flatten(1), known_hits.flatten(1)).min(1)
    far[name], reached[name] = float(near.values.median()), len(hits.train.voices[near.indices].unique())
    print(f"{name:>15}: median distance {far[name]:.1f}; next to {reached[name]} of the 33 known recordings")
assert 1.5 * far["new variations"] < far["generated"] < far["strangers"]
assert reached["generated"] < reached["new variations"] == 33

# %% [markdown]
# It stays nearer to what it knows than a new instrument would be, blurs it, and leaves some recordings out:
# variations on the instruments it was given, and no new one. For more drums one needs more drums:
# `python -m gan_lessons train drums --data FOLDER` takes your own, in a folder for each kind.
#
# ## 9 · And with people?
#
# The command takes your own recordings: `python -m gan_lessons train spoken_digits --data FOLDER`, with files named
# `seven_anna_3.wav` or in a folder for each word. Broken and silent files are skipped and listed. This is what the
# recipe reached on the *Free Spoken Digit Dataset*, six people, scored on takes that it never saw.

# %% tags=["long"]
people = json.loads(Path("results/spoken_digits_recordings.json").read_text())
print(f"{people['date']}, {people['command']}: medians of {len(people['seeds'])} seeds")
print(people["data"])
for name in ("digit_accuracy", "inception", "frechet_over_floor", "rarest_class", "rarest_voice"):
    print(f"{name:>20} {people[name]:.3f}")

# %% tags=["claim", "long"]
assert people["digit_accuracy"] < best.digit_accuracy
assert people["rarest_voice"] > 0.03 and people["nearest"] > people["nearest_of_test"]

# %% [markdown]
# The judge is one of their own, taught by the takes that the GAN learned from. People's digits are heard right a little
# less often than the synthesiser's. But the voices are kept: the rarest of the six has .117 where .167 would be fair.
#
# ## What we saw
#
# - The Fourier transform loses nothing. The log-mel picture loses the phase, and Griffin-Lim must guess it.
# - A conditional image GAN becomes a sound GAN by its representation, plus a plane that says how high a row is. It
#   learns drums as it learns words, and from 33 recordings it makes variations, and no new instrument.
# - After a minute of training a classifier understands; after some minutes it hears nearly always what was asked for.
# - Voices, for which nobody asked, are neglected; and the Fréchet distance stays well above its floor.
# - The penalty halves that distance, and common onsets make words easier to learn. A two-sample test knows nearly every fake.
# - Raw waveforms can be learned too. They are harder, and the judge minds a faint hiss that it never met.
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
# - Griffin & Lim 1984, *Signal estimation from modified short-time Fourier transform*; Perraudin, Balazs & Søndergaard
#   2013, *A fast Griffin-Lim algorithm*.
# - Donahue et al. 2018, *Adversarial audio synthesis* ([arXiv:1802.04208](https://arxiv.org/abs/1802.04208)): WaveGAN.
# - Engel et al. 2019, *GANSynth* ([arXiv:1902.08710](https://arxiv.org/abs/1902.08710)): why phase is hard, and a way.
# - Kong et al. 2020, *HiFi-GAN* ([arXiv:2010.05646](https://arxiv.org/abs/2010.05646)): a vocoder that is a GAN.
# - Perez et al. 2018, *FiLM* ([arXiv:1709.07871](https://arxiv.org/abs/1709.07871)).
#
# **Next:** [chapter 18, Speech](18_speech.ipynb): a network gives the sound back, and reads numbers aloud.
