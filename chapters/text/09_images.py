# %% [markdown]
# # 09 · Images
#
# **How good can a full GAN get on real handwriting?**
#
# **You will** train three GANs on 5,000 real handwritten digits: the plain one of 2014, the convolutional one that made GANs
# famous, and one built by today's rules. You will scrub through the third one's training, look hard at what it draws, walk through
# its latent space, and at the end say yourself which digits are real.
#
# **You will learn** to
# - judge pictures by a number, the Fréchet distance, between its floor and its ceiling,
# - say what each part of a modern recipe is for,
# - check what a single number hides: classes that are missing, copies of the training data,
# - walk through a latent space, and say what truncation costs,
# - test an eye, yours or a machine's, and give its error with an interval.
#
# **You will need** chapter 05 and about a minute of computing on a laptop's processor.

# %%
import matplotlib.pyplot as plt
import torch
from tqdm.auto import tqdm

from gan_lessons import losses
from gan_lessons.data.images import digits
from gan_lessons.metrics.images import digit_scores, floor_distance, noise_distance
from gan_lessons.plots import curves, images, style
from gan_lessons.training import GAN, train

torch.set_num_threads(1)
torch.manual_seed(9)
style.use()

# %% [markdown]
# ## 1 · The data, and a judge
#
# Our data are 5,000 digits of MNIST, 500 of each class, written by American pupils and census workers. A picture has 28 × 28
# pixels, each from −1 (black) to 1 (white): a point in a space of 784 dimensions.

# %%
data = digits().pixels
data.shape

# %% alt="Forty real handwritten digits in four rows, white on black: clear, varied in slant and thickness, with sharp strokes."
figure, axes = plt.subplots(figsize=(6, 2.5))
images.draw_sheet(axes, data[torch.randperm(len(data))[:40]])
axes.set_title("Real digits")
plt.show()

# %% [markdown]
# On the ring of chapter 05 we knew every mode. Here nobody knows the true distribution. What we can do is ask a **judge**: a
# small classifier that learned to read digits (it reads 99 % of digits that it never saw correctly). Its last layer before
# the verdict holds 64 numbers, its *features*, that say what a picture looks like to it.
#
# The **Fréchet distance** compares the features of 5,000 real pictures with those of 5,000 fakes, each cloud seen as one
# Gaussian with mean $\mu$ and covariance $\Sigma$:
#
# $$ d^2 = \lVert \mu_r - \mu_f \rVert^2 + \operatorname{tr}\left( \Sigma_r + \Sigma_f - 2 (\Sigma_r \Sigma_f)^{1/2} \right). $$
#
# A bare number like 7.3 tells you nothing. So we first find out what the best and the worst would score: one random half of
# the real digits against the other (the *floor*), and uniform noise (the *ceiling*). From here on every distance is a fraction
# of the ceiling.

# %%
floor = floor_distance() / noise_distance()
print(f"ceiling: uniform noise scores 1; floor: two halves of the real digits score {floor:.4f}")

# %% [markdown]
# Between the two lie samples with known faults. A yardstick earns trust by ranking them as you would.
#
# > **Predict, then run.** Which is worse to the judge: digits blurred over 3 × 3 pixels, digits with noise added, or perfect
# > digits of which one half of the classes is missing?

# %%
half = digits().pixels[digits().labels < 5].repeat(2, 1, 1, 1)
faulty = {
    "blurred": torch.nn.functional.avg_pool2d(data, 3, stride=1, padding=1, count_include_pad=False),
    "noisy": (data + 0.3 * torch.randn_like(data)).clamp(-1, 1),
    "five classes missing": half,
}
for fault, pixels in faulty.items():
    print(f"{fault:>20}: {digit_scores(pixels).frechet_fraction:.3f}")

# %% [markdown]
# The judge minds missing classes and noise a great deal, and a little blur hardly at all: it learned to read, not to enjoy.
# Remember that when a number looks good, and look at the pictures too.
#
# ## 2 · Two classics
#
# The first GAN for pictures was an MLP: fully connected layers from noise to 784 pixels, and from 784 pixels to a score. No
# layer knows which pixels are neighbours. The DCGAN of 2016 replaced them by convolutions: the generator starts from a 7 × 7
# picture and doubles its side twice by *transposed convolutions*, the discriminator halves it twice, and BatchNorm keeps the
# activations in range.

# %% tags=["library"]
from torch import nn

from gan_lessons.networks.images import initialise


class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=64, size=28, channels=1, width=32):
        super().__init__()
        quarter = size // 4
        self.layers = nn.Sequential(
            nn.Unflatten(-1, (noise_dim, 1, 1)),  # [batch, noise_dim, 1, 1]
            nn.ConvTranspose2d(noise_dim, 2 * width, quarter, bias=False),  # [batch, 2 * width, size/4, size/4]
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),  # [batch, width, size/2, size/2]
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1),  # [batch, channels, size, size]
            nn.Tanh(),
        )
        self.apply(initialise)

    def forward(self, noise):
        return self.layers(noise)


# %% [markdown]
# Both get the plain treatment of chapter 05: the non-saturating loss, Adam at a fixed rate, no penalty, no average. Their runs
# are short, so take them for a start, not for the best that these networks can do.

# %%
from functools import partial

from gan_lessons.networks.images import DCGANDiscriminator, MLPDiscriminator, MLPGenerator

adam = partial(torch.optim.Adam, lr=1e-3, betas=(0.5, 0.999), fused=True)
torch.manual_seed(0)
mlp = GAN(MLPGenerator(), MLPDiscriminator(), noise_dim=64, optimizer=adam)
players = [network().to(memory_format=torch.channels_last) for network in (DCGANGenerator, DCGANDiscriminator)]
dcgan = GAN(*players, noise_dim=64, optimizer=adam)  # channels last: the same numbers, computed faster

# %%
for gan, steps in ((mlp, 300), (dcgan, 100)):
    for record in tqdm(train(gan, data, losses.non_saturating, steps=steps, batch=32), total=steps, leave=False):
        pass
scores = {name: digit_scores(gan.sample(5000, average=False)) for name, gan in (("MLP", mlp), ("DCGAN", dcgan))}
for name, score in scores.items():
    print(f"{name:>6}: {score.frechet_fraction:.3f} of noise, {score.classes} of 10 classes")

# %% alt="Two sheets of fifteen generated pictures. Left, the MLP: two grainy shapes, a ring and a stroke, again and again. Right, the DCGAN: strokes that begin to look like handwriting, a few of them readable, many broken."
figure, axes = plt.subplots(1, 2, figsize=(6, 2.3))
for place, (name, gan) in zip(axes, (("MLP", mlp), ("DCGAN", dcgan)), strict=True):
    images.draw_sheet(place, gan.sample(15, average=False), columns=5)
    place.set_title(f"{name}: {scores[name].frechet_fraction:.2f} of noise")
plt.show()


# %% [markdown]
# After so few steps the MLP has found a shape or two that fool its opponent, and hardly draws another: that is **mode collapse**, the subject of
# chapter 06. The DCGAN has strokes. Convolutions know that a pixel's neighbours matter, and early on nothing is worth more.
#
# > **Your turn.** The networks' widths, the learning rate and the batch are arguments. Which one change helps the MLP most, at
# > the same number of steps? Predict before you run.
#
# ## 3 · A modern recipe
#
# Ten years of work on GANs fit into five changes. None of them makes the networks larger.
#
# | change | what it is for |
# |---|---|
# | **relativistic loss**: each real picture is scored against a fake one | $G$ cannot win by pleasing $D$ once; chapter 04 |
# | **R1 and R2**: a penalty on the slope of $D$'s score at real and at fake pictures | the game settles instead of circling; chapter 07 |
# | **group spread**: $D$ also sees how much each feature varies within a group of eight | a generator that repeats itself is found out; chapter 06 |
# | **averaged generator**: we keep a moving average of $G$'s weights, and sample from it | noise of the last steps is averaged away |
# | **annealed rate**: the learning rate starts high and falls along a cosine | fast at first, exact at the end |
#
# The third one is a layer of three lines. It takes the features of a batch, cuts it into groups, and appends to every feature
# its standard deviation within the group:

# %% tags=["library"]
class GroupSpread(nn.Module):
    def __init__(self, size=8):
        super().__init__()
        self.size = size

    def forward(self, features):
        if len(features) % self.size:
            raise ValueError(f"A batch of {len(features)} cannot be split into groups of {self.size}.")
        groups = features.unflatten(0, (-1, self.size))  # [groups, size, features]
        spread = (groups.var(1, keepdim=True, unbiased=False) + 1e-4).sqrt()
        return torch.cat([features, spread.expand_as(groups).flatten(0, 1)], dim=-1)


# %% [markdown]
# The other four changes are in how the two networks are trained, and most GANs of pictures, words and sounds in the rest of the book share them. Here they
# are in one readable place. A **recipe** is a class whose fields are its settings. This one builds a GAN and trains it; which two networks play, the
# recipes made from it say in `players`.

# %%
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from gan_lessons import devices, penalties, training
from gan_lessons.recipes import Recipe


# %% tags=["library"]
@dataclass(frozen=True, kw_only=True)
class Modern(Recipe):
    noise_dim: int
    learning_rate: float
    penalty_weight: float
    penalty_every: int = 4
    average_decay: float
    betas: ClassVar[tuple[float, float]] = (0.0, 0.99)
    memory: ClassVar = torch.preserve_format

    @abstractmethod
    def players(self):
        """A fresh generator and a fresh discriminator."""

    def schedule(self, progress):
        return training.cosine(progress)

    def build(self, device="cpu", seed=0):
        torch.manual_seed(seed)
        generator, discriminator = self.players()
        return GAN(
            generator.to(device, memory_format=self.memory),
            discriminator.to(device, memory_format=self.memory),
            noise_dim=self.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=self.betas, fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def train(self, gan, data, **more):
        return training.train(
            gan, data, losses.relativistic, steps=self.steps,
            penalty=partial(penalties.r1_and_r2, weight=self.penalty_weight), penalty_every=self.penalty_every,
            schedule=self.schedule, **{"batch": self.batch, **more},
        )  # fmt: skip


# %% [markdown]
# You will find the rows of the table in the last function: the relativistic loss, R1 and R2, and the cosine as the `schedule`. (The penalty is asked for at every
# fourth step only, and is four times as strong there: that saves three quarters of what it costs.) The `GAN` keeps the average by itself, and the group spread is
# a layer of the discriminator. `betas` are Adam's, here without momentum. The recipe `digits` adds its two networks and all the numbers, in
# `gan_lessons/recipes/digits.py`. Where a processor computes in bfloat16 natively, `mixed_precision` makes use of it, and training is faster; yours may
# not, and the results are as good.

# %%
from dataclasses import replace

from gan_lessons import recipes

recipe = replace(recipes.find("digits"), steps=600)  # two thirds of its own length, to save you waiting
recipe

# %% [markdown]
# This time we watch. A **timeline** draws the same sixteen noises again and again while the GAN trains, often at first and seldom
# later, by the present generator and by its average; now and then it also takes the distance of 500 samples.

# %%
from gan_lessons.labs.latents import Timeline


def distance(gan):
    return digit_scores(gan.sample(500)).frechet_fraction


gan = recipe.build(seed=0)
timeline = Timeline(gan, growth=1.25, score=distance)
for record in tqdm(timeline.watch(recipe.train(gan, data)), total=recipe.steps, leave=False):
    pass
timeline.steps

# %% alt="Four rows of eight generated pictures after 19, 94, 290 and 600 steps, each column from the same noise: one and the same grainy patch, then blurred strokes, then crude digits, then digits most of which can be read."
moments = [min(range(len(timeline.steps)), key=lambda k: abs(timeline.steps[k] - step)) for step in (20, 100, 300, 600)]
figure, axes = plt.subplots(figsize=(5, 2.8))
images.draw_sheet(axes, torch.cat([timeline.pixels(k)[:8] for k in moments]), columns=8)
axes.set_title("The same eight noises after " + ", ".join(str(timeline.steps[k]) for k in moments) + " steps")
plt.show()

# %% [markdown]
# Four moments are few. In the lab you can go to any of them: move *Step*, click into a curve, or press *Play* and see the training as a
# film. *Generator* switches from the average to the generator as it was at that step.
#
# > **Predict, then look.** Which comes first: where the strokes lie, or how sharp they are? When do the losses stop telling you
# > anything? How far apart are the averaged and the present generator, and when?

# %% alt="The lab at the last step. Left: sixteen generated digits, most of them readable. Right, above one another over 600 steps: both losses, flat after a short fall of G's; the Fr\u00e9chet distance on a logarithmic axis, falling from 1 at step 30 to 0.08 at step 75 and to 0.02 at the end, above a dashed floor at 0.002; and how far each picture moved since the snapshot before, about 0.3 until step 400 and then less."
from gan_lessons.labs.latents import TimelineLab

floor_of_500 = digit_scores(data[::10]).frechet_fraction
film = TimelineLab(timeline, floor=floor_of_500)
film

# %% [markdown]
# The same as a recording, which needs no kernel:

# %%
film.film(every=3)

# %%
for k in moments:
    between = (timeline.pixels(k) - timeline.pixels(k, average=False)).square().mean().sqrt()
    print(f"step {timeline.steps[k]:3}: a pixel moved by {timeline.moved()[k].median():.2f} since the snapshot before;")
    print(f"          the averaged and the present generator are {between:.2f} apart")

# %% tags=["claim"]
print("distance of 500 samples:", {step: round(score, 3) for step, score in timeline.scores.items()})
early, middle, end = (timeline.scores[step] for step in (12, 75, recipe.steps))
assert early > 0.9 and middle < 0.2 and end < middle / 2

# %% [markdown]
# For a dozen steps nothing is learnt that the judge can see. Then, within about sixty, the distance falls from 1 to less than a tenth: that is when
# strokes find their places. The other five hundred steps sharpen, and win another factor of three. The losses tell none of this: after
# step 100 $D$'s stands still and $G$'s sinks a little. And until the learning rate falls the two generators draw quite different pictures of the same noise: the present one is thrown about by every
# batch, the average is what these throws have in common. At the end there is next to nothing left to average.

# %% tags=["claim"]
samples = gan.sample(5000)
scores["modern"] = digit_scores(samples)
score = scores["modern"]
print(f"modern: {score.frechet_fraction:.4f} of noise, {score.classes} classes, class KL {score.class_kl:.3f}")
assert score.frechet_fraction < 0.03 and score.classes == 10 and score.class_kl < 0.06
assert scores["DCGAN"].frechet_fraction > 2 * score.frechet_fraction

# %% alt="A horizontal bar chart on a logarithmic axis. Uniform noise is at 1, the MLP at 0.91, the DCGAN at 0.10, the modern recipe at 0.023, and one half of the real digits against the other at 0.0014."
figure, axes = plt.subplots(figsize=(6, 2.4))
bars = {"uniform noise": 1.0, **{name: score.frechet_fraction for name, score in scores.items()}, "real halves": floor}
colors = [style.REFERENCE, *[style.FAKE] * len(scores), style.REAL]
axes.barh(list(bars), list(bars.values()), color=colors)
axes.set(xscale="log", xlabel="Fréchet distance / noise", title="Each step takes most of the rest away")
axes.invert_yaxis()
plt.show()

# %% [markdown]
# The modern recipe had more steps than the classics, so this chart does not say how much of the gain is due to which change; the
# next section does. It says what you can have in well under a minute of a laptop's processor.
#
# ## 4 · Which change does what
#
# The chart compares runs of different lengths, and our recipe changed seven things at once. To learn what each is worth, we climb
# from the DCGAN to the recipe one change at a time, every rung with the same widths, steps and batch, and then take each change out of
# the finished recipe again. Rungs want different learning rates, so on the way up each gets the best of three, chosen on a seed that is not
# counted; then three seeds are trained. That is 69 trainings, too long for a chapter, so here is the record.

# %% tags=["long"]
import json
from pathlib import Path

ladder = json.loads(Path("results/ladder.json").read_text())
print(ladder["command"])
print(f"{ladder['date']}: {ladder['steps']} steps of {ladder['batch']} pictures, seeds {ladder['seeds']}")
print("Fréchet distance of the averaged generator / noise, middle of three seeds, and CPU seconds of one training:")
for name, rung in ladder["climb"].items():
    median = sorted(rung["averaged"])[1]
    print(f"{name:>20}: {median:.4f}   rate {rung['rate']:<6} {sorted(rung['seconds'])[1]:.0f} s")

# %% alt="Two panels of dots on a logarithmic axis, three seeds each, with a dashed line at the floor 0.0014. Left, the climb: DCGAN, no BatchNorm, relativistic loss, and R1 and R2 all lie between 0.04 and 0.10; with group spread they jump to 0.025, with a layer more in G to about 0.02, and stay there without momentum and with an annealed rate. Right, the recipe less one change: without group spread or with BatchNorm near 0.07; without the deeper generator and without the penalty near 0.03; the others near 0.02, but for one seed at 0.07 without annealing."
names = {
    "dcgan": "DCGAN",
    "plain_discriminator": "no BatchNorm in D, a hidden layer",
    "relativistic": "relativistic loss",
    "penalty": "R1 and R2",
    "spread": "group spread",
    "deeper_generator": "a layer more in G",
    "no_momentum": "no momentum",
    "annealed": "annealed rate",
}
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), sharex=True, layout="constrained")
for axes, part, sign in ((left, "climb", "+ "), (right, "without", "− ")):
    for place, (name, rung) in enumerate(ladder[part].items()):
        axes.plot(rung["present"], [place - 0.12] * 3, "o", color=style.FAKE, alpha=0.4, label="present generator")
        axes.plot(rung["averaged"], [place + 0.12] * 3, "o", color=style.FAKE, label="its average")
    labels = [(sign if name != "dcgan" else "") + names[name] for name in ladder[part]]
    axes.set_yticks(range(len(labels)), labels)
    axes.axvline(ladder["floor"], color=style.REAL, linestyle="--")
    axes.set_xlim(1e-3, 0.15)
    axes.set(xscale="log", xlabel="Fréchet distance / noise")
    axes.invert_yaxis()
right.axvline(sorted(ladder["climb"]["annealed"]["averaged"])[1], color=style.REFERENCE)
left.set_title("The climb: one step makes the leap")
right.set_title("The recipe (line) less one change")
left.legend(*(some[:2] for some in left.get_legend_handles_labels()), loc=(0.1, 0.62))
plt.show()


# %% tags=["claim"]
def middle(part, name):
    """The middle of three seeds, by the averaged generator."""
    return sorted(ladder[part][name]["averaged"])[1]


recipe_reaches = middle("climb", "annealed")
for name in ladder["without"]:
    print(f"without {names[name]:>34}: {middle('without', name) / recipe_reaches:.1f} times the recipe's distance")
assert middle("climb", "spread") < middle("climb", "penalty") / 2
assert min(ladder["without"]["spread"]["averaged"]) > 2 * max(ladder["climb"]["annealed"]["averaged"])
assert min(ladder["without"]["penalty"]["averaged"]) > max(ladder["climb"]["annealed"]["averaged"])

# %% [markdown]
# The table of section 3 reads as if each change helped a little. It is not so.
#
# - **Group spread** makes the leap: it takes two thirds of the distance away on the way up, and without it the recipe falls back to where the
#   DCGAN is. Chapter 06 said why: most of a plain GAN's distance is variety that it lost.
# - **A layer more in G** is worth a third, and the **penalty** a quarter, but only once the spread is there. Alone, on the way up, the first
#   three changes gain nothing within these steps: a $D$ that is held back still lets $G$ repeat itself.
# - **Annealing** hardly moves the average. It makes the present generator as good as its average, and makes a high rate safe: at a constant one, one
#   seed in three ends at four times the distance.
# - **No momentum** and the **relativistic loss** make no difference that three seeds could show. On the ring of chapter 06 the relativistic loss did.
# - All rungs cost about the same, 29 to 41 seconds: the penalty is asked for at every fourth step only.
#
# An ablation belongs to its budget and its data. With fifty times the steps, or on faces, the ranks may change; the ladder is a script
# (`chapters/results/ladder.py`) that you can run there.
#
# > **Your turn.** The climb has one order of many. Which change would look better if it came later, and which if it came earlier? Put
# > group spread first in the script, and see.
#
# **Against what others would train.** A fair comparison has the same data, machine and seconds. `make bench NAME=images` trains the two idioms
# that tutorials copy from each other, a plain DCGAN and a fully connected GAN with a gradient penalty, each with the best of three
# learning rates, beside our recipe.

# %% tags=["long"]
bench = json.loads(Path("results/images_bench.json").read_text())
figures = bench["figures"]
print(f"{bench['command']}, {bench['date']}, {bench['machine']}")
print(f"{'CPU seconds':>22}: {'20':>7} {'60':>7} {'180':>7}   pictures a second")
for name in ("dcgan", "mlp_gradient_penalty", "ours"):
    reached = " ".join(f"{figures[f'{name}_{seconds}s']:7.4f}" for seconds in (20, 60, 180))
    print(f"{name:>22}: {reached}   {figures[f'{name}_pictures_per_second']:.0f}")
print(f"ours reaches the better idiom's last distance after {figures['seconds_to_the_best_idiom']:.0f} of 180 seconds,")
print(f"and at the end has {figures['frechet_ratio_180']:.2f} of it")

# %% [markdown]
# The plain DCGAN needs more than a minute before it draws anything: its small initial weights take that long to come
# alive; the fully connected pair sees three times as many pictures a second as ours, and learns less from each.
#

# %% [markdown]
# ## 5 · What a single number hides
#
# A small distance is good news about means and covariances. Three questions it does not answer.
#
# **Are all classes there?** The judge reads 5,000 samples, and we count.

# %%
from gan_lessons.judges.digits import load

judge = load()
counts = judge.probabilities(samples).argmax(1).bincount(minlength=10)

# %% alt="A bar chart of how often the judge reads each digit among 5,000 samples: ten bars between about 400 and 600, near a dashed line at 500."
figure, axes = plt.subplots(figsize=(6, 2.4))
axes.bar(range(10), counts, color=style.FAKE)
curves.draw_reference(axes, 500, "real digits")
axes.set(xticks=range(10), xlabel="digit, says the judge", ylabel="samples of 5,000", title="No class is missing")
plt.show()

# %% [markdown]
# **Does it copy?** A generator that stored training pictures would have a perfect distance. So we look for each sample's nearest
# neighbour among all 5,000 training digits, pixel by pixel.

# %%
distances, nearest = torch.cdist(samples[:1000].flatten(1), data.flatten(1)).min(1)
among_real = torch.cdist(data[::5].flatten(1), data.flatten(1)).topk(2, largest=False).values[:, 1]
print(f"a sample to the nearest training digit: {distances.median():.1f}")
print(f"a training digit to the nearest other: {among_real.median():.1f}")

# %% tags=["claim"]
copies, twins = ((closest < 0.5 * among_real.median()).float().mean() for closest in (distances, among_real))
print(f"closer than half of that: {copies:.1%} of the samples, {twins:.1%} of the training digits")
assert copies < twins

# %% alt="Two rows of ten pictures: generated digits above, and below each the training digit nearest to it, similar in class and slant but different in its strokes."
figure, axes = plt.subplots(figsize=(6, 1.6))
images.draw_sheet(axes, torch.cat([samples[:10], data[nearest[:10]]]), columns=10)
axes.set_title("Samples (above) and their nearest training digits (below)")
plt.show()

# %% [markdown]
# Similar, not the same: the samples lie farther from the training digits than those lie from each other, and fewer of them have a
# near twin (a plain 1 has many). It has not stored the data. (Absence of copies in pixels is not proof of privacy; chapter 08 goes
# further.)
#
# **Is the space between samples full?** Take two noises and walk from one to the other. If the generator had learned isolated
# pictures, the walk would jump. We walk along the arc that joins them, since a Gaussian noise in 64 dimensions nearly always
# has a length near 8, and the straight line's middle is too short: about 5.7, a length that the generator was never trained on.
#
# The lab below lets you do more. Its map is a **plane** through the latent space, spanned by two directions; drag the dot through it. Random
# directions change everything a little. Better ones come from the generator itself: the singular vectors of its first layer (Shen & Zhou 2021), the
# principal components of what that layer makes of many noises (Härkönen et al. 2020), or the directions in which the picture changes fastest
# just here (from the Jacobian, Ramesh et al. 2019). Beside your sample stands the training digit nearest to it. Below, the walk, on the arc and on the straight line.

# %% alt="Left: nine by nine pictures in a plane spanned by the first layer's two strongest directions around one noise; digits of several classes pass into one another without a jump. Middle: the picture at the dot beside the nearest training digit, and two rows that walk from one noise to another. Right: over \u03c8 from 0 to 1.5, recall rises steeply from 0 to nearly 1 at 0.5, precision falls from 1 to about 0.5, below a dashed line at 0.93 for real digits."
from gan_lessons.labs.latents import LatentLab

space = LatentLab(gan, data, judge.features, source="first layer", seed=3, other=5)
space

# %% [markdown]
# The space is full: wherever two neighbours in the map differ much, make *Step of the grid* smaller, and the jump dissolves into small
# changes. (Under *The walk*, move *Walked from A to B* and watch the whole plane change on the way.)
#
# The curves at the right belong to the third slider, **truncation**. Multiply every noise by $\psi < 1$, and all samples come from nearer the
# middle of the latent space. What that does to quality (precision: which share of the samples lies among real digits) and to variety (recall:
# which share of the real digits is reached) is measured with chapter 08's balls of nearest neighbours, on the judge's features.

# %% tags=["claim"]
from gan_lessons.labs.latents import PSIS


def print_trade(lab):
    for psi, precision, recall in zip(PSIS, lab.trade().precision, lab.trade().recall, strict=True):
        print(f"ψ {psi:4}: precision {precision:.2f}, recall {recall:.2f}")


print_trade(space)
trade = space.trade()
assert trade.precision[1] > trade.precision[4] + 0.15 and trade.recall[1] < 0.5 < 0.9 < trade.recall[4]

# %% [markdown]
# That is the trade: a few beautiful pictures, or all of them with their flaws. Much of what is published as "samples" has been truncated, so ask
# at which $\psi$.
#
# > **Your turn.** Find a direction that changes one property and little else: slant, thickness, width. Which source of directions has the best?
# > How far can you go along it before the picture breaks?

# %% [markdown]
# ## 6 · The long run, and an eye for it
#
# What takes longer than a chapter is trained from the command line and stored with its record: the command, the seed, the
# machine and the settings. A test fails when the code no longer fits the record.

# %% tags=["long"]
long = json.loads(Path("results/digits_long.json").read_text())
print(long["command"])
print(f"{long['date']}: {long['steps']:,} steps in {long['seconds'] / 60:.0f} minutes on {long['machine']}")

# %%
best = recipes.find("digits", "long").load()
drawn = best.sample(5000)
reached = digit_scores(drawn)

# %% tags=["claim"]
real_certainty = judge.probabilities(data).max(1).values
certain = (real_certainty > 0.9).float().mean()
print(f"long run: {reached.frechet_fraction:.4f} of noise (floor {floor:.4f}), class KL {reached.class_kl:.3f}")
print(f"read with a confidence above 0.9: {reached.confident:.0%} of the samples, {certain:.1%} of the real digits")
assert reached.frechet_fraction < 0.007 and reached.class_kl < 0.03 and reached.confident > 0.5

# %% alt="Left: the Fr\u00e9chet distance of the long run on a logarithmic axis, falling from 0.02 to 0.005 within 6,000 steps and flat from there, above a dashed floor at 0.0014. Right: sixty unselected samples of the long run, nearly all of them readable digits with clean strokes."
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3), width_ratios=(1, 1.25))
points = [(point["step"], point["frechet_fraction"]) for point in long["curve"]]
left.plot(*zip(*points, strict=True), color=style.FAKE)
curves.draw_reference(left, floor, "two halves of the real digits")
left.set(yscale="log", xlabel="step", ylabel="Fréchet distance / noise", xticks=[0, 5000, 10000, 15000])
left.set_title("It falls and flattens above the floor …")
images.draw_sheet(right, drawn[:60], columns=10)
right.set_title("… and draws this (unselected)")
plt.show()

# %% [markdown]
# Good, and not perfect: the distance stays at about three times the floor, and more steps hardly change it.
#
# Does truncation pay for this generator too?

# %% tags=["claim"]
far = LatentLab(best, data, judge.features)
print_trade(far)
assert far.trade().precision[2] < far.trade().precision[4] and far.trade().precision[4] > trade.precision[4]

# %% [markdown]
# Hardly. At ψ = 0.75 the precision is what it was, at 0.5 it is lower: noise of half the usual length never came up in training, and what this generator
# draws of it lies among the real digits less often. Only at 0.25, with two fifths of the variety gone, is the precision higher. Truncation helps
# where a generator's flaws lie at the rim of its latent space; it does not where the middle has as many.
#
# ### Real or fake?
#
# Numbers judge what their features see. So ask an eye as well: one picture at a time, half of them real, in random order, and no hint until the
# end. The error rate is then a number with an interval: whoever guesses is wrong in 50 %. First a machine takes the test. It says "real" when
# the judge is more than 97 % sure of a class, "fake" otherwise, and does so 400 times.

# %% tags=["claim"]
from gan_lessons.labs.blind import RealOrFakeLab, interval

machine = RealOrFakeLab(data, drawn, trials=400, who="The judge was")
while not machine.done:
    sure = judge.probabilities(machine.shown).max() > 0.97
    machine.answer("real" if sure else "fake")
print(machine.sentence)
assert machine.result.high < 0.5 and len(machine.records) == 400

# %% alt="Left: three error rates with their intervals beside a dashed line at 0.5: all pictures 42 %, the fakes 80 %, the real ones 2 %. Middle: twenty clean digits, fakes that were taken for real. Right: five real digits that were taken for fakes, among them a 7 and an 8 that lies on its side."
machine.figure()

# %% [markdown]
# It lets four fakes of five pass, and takes hardly a real digit for a fake. Over both that is an error of 42 %, and the interval excludes guessing: the fakes can still be
# told, if only because one in five is a shape of which the judge is not sure.
#
# Now you. Press R for real or F for fake (click on the picture first), or use the buttons. Forty answers take two minutes.

# %% alt="The test at its first question: one large handwritten digit, and the title: Picture 1 of 40: real or fake?"
test = RealOrFakeLab(data, drawn, trials=40)
test

# %% [markdown]
# At the end you see your error and which pictures fooled you; `test.records` is the whole table. (With `file="answers.json"` the answers are stored, and
# the test can be broken off and resumed.) How far can forty answers be trusted? Suppose that someone is wrong in 45 %:

# %%
for count in (40, 200, 400, 1600):
    low, high = interval(round(0.45 * count), count)
    print(f"{count:5} answers: between {low:.0%} and {high:.0%}")

# %% [markdown]
# Even 400 answers barely tell 45 % from guessing. A test with forty can show that fakes are bad; it cannot show that they are good.
#
# ### What still looks wrong
#
# The judge itself tells us where to look: at the samples that it is least sure of.

# %% alt="Twenty generated pictures that the judge is least sure of: broken loops, strokes that end in nothing, shapes between a 4 and a 9 or between a 3, a 5 and an 8."
confidence = judge.probabilities(drawn).max(1).values
worst = confidence.argsort()[:20]
figure, axes = plt.subplots(figsize=(6, 1.6))
images.draw_sheet(axes, drawn[worst], columns=10)
axes.set_title("What still looks wrong: the twenty least certain of 5,000")
plt.show()

# %% tags=["claim"]
doubtful = (confidence < 0.6).float().mean()
real_doubtful = (real_certainty < 0.6).float().mean()
print(f"the judge is less than 60 % sure of {doubtful:.1%} of the samples, {real_doubtful:.1%} of the real digits")
assert doubtful > real_doubtful

# %% [markdown]
# A continuous generator has to pass from one digit to the next, as it had to build bridges between the islands of chapter 05;
# what lies on the way is no digit at all. Real pupils write few of those. A conditional GAN (chapter 10), which is told the
# class, need not cross.
#
# ## What we saw
#
# - A distance means something between its floor and its ceiling, at an equal number of samples.
# - Convolutions beat an MLP at once; the modern recipe beats the plain DCGAN with networks of much the same size.
# - Where strokes lie is learnt in an eighth of the steps; the rest sharpens, and the losses do not show it.
# - No class is missing, no training picture is copied, and the latent space is full: three checks beside the number.
# - Truncation trades variety for quality, as long as the generator's flaws lie at the rim of its latent space.
# - An eye's error has an interval; with forty answers it is wide.
# - A longer run ends at about three times the floor; what is left are shapes between digits.
#
# ## Questions
#
# 1. Why do we divide every distance by that of uniform noise?
#    <details><summary>Answer</summary>The bare number depends on the judge's features and their units. As a fraction of the ceiling, and
#    beside the floor, it can be read.</details>
# 2. A generator copies 5,000 training digits exactly. What is its Fréchet distance, and which check finds it out?
#    <details><summary>Answer</summary>Zero, better than the floor. The nearest training neighbours find it out: their distance is
#    zero too.</details>
# 3. Why does the floor lie above zero, although both halves are real?
#    <details><summary>Answer</summary>Each half is a finite sample, with its own mean and covariance. With more samples the floor
#    falls.</details>
# 4. What would you see in the class counts if the generator had collapsed to sevens?
#    <details><summary>Answer</summary>One high bar at 7 and next to nothing elsewhere; the class KL would be near log 10 ≈ 2.3.</details>
# 5. What does the group spread tell the discriminator that no single picture can?
#    <details><summary>Answer</summary>How much the pictures of a group differ. Real groups vary; a generator that repeats itself does not,
#    even if each of its pictures is good.</details>
# 6. The judge hardly minds blur. What follows for the distance?
#    <details><summary>Answer</summary>That a small distance does not promise sharp strokes. A number judges only what its features see, so
#    look at the pictures as well.</details>
# 7. You were wrong in 22 of 40. Are the fakes better than the real digits?
#    <details><summary>Answer</summary>That is 55 %, and the exact interval reaches from about 38 to 71 %: it holds 50 %, so this could be
#    guessing.</details>
#
# ## Further reading
#
# - Radford et al. 2016, *DCGAN* ([arXiv:1511.06434](https://arxiv.org/abs/1511.06434)): the architecture of section 2, and walks through
#   its latent space.
# - Heusel et al. 2017, *TTUR* ([arXiv:1706.08500](https://arxiv.org/abs/1706.08500)): the Fréchet Inception distance.
# - Karras et al. 2018, *Progressive growing* ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196)): section 3 shows the minibatch standard
#   deviation that our group spread follows.
# - Shen & Zhou 2021 ([arXiv:2007.06600](https://arxiv.org/abs/2007.06600)) and Härkönen et al. 2020, *GANSpace*
#   ([arXiv:2004.02546](https://arxiv.org/abs/2004.02546)): directions in a latent space without training.
# - Kynkäänniemi et al. 2019 ([arXiv:1904.06991](https://arxiv.org/abs/1904.06991)): precision and recall, and truncation seen through them.
# - Zhou et al. 2019, *HYPE* ([arXiv:1904.01121](https://arxiv.org/abs/1904.01121)): the human-eye test done with care.
# - Huang et al. 2024, *The GAN is dead; long live the GAN!* ([arXiv:2501.05441](https://arxiv.org/abs/2501.05441)): relativistic loss with R1
#   and R2, and an ablation.
#
# **Next:** [chapter 10, Images on demand](10_images_on_demand.ipynb).
