# %% [markdown]
# # 09 · Images
#
# [← 08 Measuring a GAN](08_measuring_a_gan.ipynb) · [contents](00_start.ipynb) · [10 Images on demand →](10_images_on_demand.ipynb) · [assignment](assignments/release/09_images/09_images.ipynb)
#
# **How good can a full GAN get on real handwriting?**

# %% alt="A moving picture: twenty-four handwritten digits, each of which changes smoothly into other digits, passes through shapes that are none, and comes back to where it began." tags=["hide-input"]
import math
from dataclasses import replace
from functools import partial
from itertools import combinations, permutations

import matplotlib.pyplot as plt
import torch
from matplotlib.patches import ConnectionPatch
from torch import nn
from tqdm.auto import tqdm

from gan_lessons import losses, recipes, results
from gan_lessons.data.images import digits
from gan_lessons.judges.digits import load
from gan_lessons.metrics.images import digit_scores, floor_distance, noise_distance
from gan_lessons.plots import diagrams, images, style
from gan_lessons.plots.motion import Animation
from gan_lessons.training import GAN, train

torch.set_num_threads(1)
style.use()


def enlarged(pixels, columns, times=3):
    """A sheet of pictures as bytes, every pixel a square of so many."""
    sheet = (255 * images.tile(pixels, columns, gap=1)).round().byte()
    return sheet.repeat_interleave(times, 0).repeat_interleave(times, 1)[..., 0].numpy()


best = recipes.find("digits", "long").load()
start, side = torch.randn(2, 24, best.noise_dim, generator=torch.Generator().manual_seed(9))
angles = [2 * math.pi * k / 24 for k in range(24)]
with torch.inference_mode():
    turns = [best.average(math.cos(angle) * start + math.sin(angle) * side) for angle in angles]
Animation([enlarged(turn, columns=8) for turn in turns], milliseconds=160, rest=160, colors=16)

# %% [markdown]
# Nobody wrote these digits. A network of 440,000 weights draws them from noise, and as the noise moves, one digit turns into another. It learned from 4,000 scanned digits in 38 minutes, on one core.
#
# **You will** train four GANs on those digits: the plain one of 2014, the convolutional one that made GANs famous, a modern one, and the same with one part taken out. You will watch one learn, walk through a latent space, and try to tell fakes from real digits.
#
# **You will learn** to
# - judge pictures by the Fréchet distance,
# - build a convolutional GAN, and say what each part of a modern recipe is for,
# - read an ablation,
# - see what one number hides, and report an eye's errors with an interval.
#
# **You will need** chapters 02 to 08 and a minute or two of computing on a laptop. Here is the GAN:

# %% alt="The block diagram of a GAN, all in colour: 64 numbers of noise z enter the generator, whose fakes and the real digits of 28 by 28 pixels enter the discriminator, and its scores the losses." tags=["hide-input"]
diagrams.gan(real="digits, 28 × 28", noise="64 numbers")

# %% [markdown]
# ## 1 · The data, and a judge
#
# **How can we tell which of two GANs draws better?** We need real pictures that no GAN has seen, and a judge.
#
# Our data are 5,000 digits of MNIST, written by American high-school students and census workers. Each has 28 × 28 pixels, from −1 (black) to 1 (white). **We hold out 1,000 digits** to measure against: neither the judge nor any GAN of this chapter has trained on them.

# %%
data, unseen = digits().pixels, digits(held_out=True).pixels
data.shape, unseen.shape

# %% [markdown]
# Nobody knows the density of handwriting, so we cannot check samples as on chapter 05's ring. We ask a **judge**: a small classifier that learned from the training digits and reads 99.1 % of the held-out ones correctly. Its last hidden layer turns a picture into 64 numbers, its *features*.
#
# The **Fréchet distance** of chapter 08 compares the features of 4,000 fakes with those of the held-out digits. Two marks set its scale:
#
# - **Noise** scores 1: we divide every distance by that of 4,000 pictures of uniform noise.
# - The **floor** is what the 4,000 real *training* digits score. It is not zero, since both sides are finite samples. Expect no generator to come closer.
#
# <details><summary>Fine print</summary>
#
# The judge learned from the floor's digits, which matters little. Two halves of the held-out digits are 0.0086 apart. For sets of $n$ and $m$ this shrinks about as $1/n + 1/m$, to 0.0027 at the floor's sizes.
#
# </details>

# %%
floor = floor_distance() / noise_distance()
print(f"uniform noise scores 1; floor: the training digits score {floor:.4f}")

# %% [markdown]
# > **Your turn.** We spoil the training digits in three ways: blur them, add noise, or leave out the digits 5 to 9. Every picture can still be read. Which would you call worst, and which will the judge?
#
# <details><summary>Solution</summary>The noise, then the missing classes; the blur is far behind.</details>

# %%
torch.manual_seed(9)
galleries = {
    "blurred": nn.functional.avg_pool2d(data, 3, stride=1, padding=1, count_include_pad=False),
    "digits 0 to 4": data[digits().labels < 5].repeat(2, 1, 1, 1),
    "noisy": (data + 0.3 * torch.randn_like(data)).clamp(-1, 1),
}
faults = {name: digit_scores(pixels).frechet_fraction for name, pixels in galleries.items()}
for name, distance in faults.items():
    print(f"{name:>14}: {distance:.3f}")


# %% alt="A ruler, a logarithmic axis of the Fr\u00e9chet distance from 0.002 to 1. Above it four pictures each, joined to their place: real digits at the floor, 0.0025; blurred digits at 0.017; digits from 0 to 4 only, at 0.20; digits under grain at 0.34; uniform noise at 1. All but the noise can be read." tags=["hide-input"]
def ruler(galleries, title):
    """Four pictures of each gallery, {name: (distance, pixels)}, joined to their place on the line."""
    figure = plt.figure(figsize=(7.2, 3.2))
    grid = figure.add_gridspec(2, len(galleries), height_ratios=(1, 0.2))
    line = figure.add_subplot(grid[1, :])
    for column, (name, (distance, pixels)) in enumerate(galleries.items()):
        color = style.REAL if name.startswith("real") else style.REFERENCE if name == "noise" else style.FAKE
        sheet = figure.add_subplot(grid[0, column])
        images.draw_sheet(sheet, pixels[:4], columns=2)
        sheet.set_title(f"{name}\n{distance:#.2g}", fontsize=10, color=color)
        line.plot(distance, 0, "o", ms=7, color=color, clip_on=False, zorder=10)
        joint = ConnectionPatch((0.5, -0.02), (distance, 0), sheet.transAxes, line.transData, color=color, lw=1)
        figure.add_artist(joint)
    line.set(xscale="log", xlim=(0.0018, 1.4), ylim=(0, 1), xlabel="Fréchet distance / noise")
    line.set_xticks((floor, 0.01, 0.03, 0.1, 0.3, 1), ("floor", "0.01", "0.03", "0.1", "0.3", "noise"))
    line.set_xticks((), minor=True)
    line.set_yticks(())
    line.spines["left"].set_visible(False)
    figure.suptitle(title, x=0.01, ha="left")
    plt.show()


grain = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1
shown = {name: (faults[name], pixels) for name, pixels in galleries.items()}
ruler({"real": (floor, data), **shown, "noise": (1.0, grain)}, "The judge minds noise most and blur least")

# %% [markdown]
# **The distance weighs faults as this judge's features do, not as your eye does.** Readable digits under noise score worse than clean ones with half the kinds missing.
#
# ## 2 · Two classics
#
# **What do the first GANs for pictures draw after a few hundred steps?** Most of them (Goodfellow et al. 2014) were multilayer perceptrons (MLPs): fully connected layers lead from noise to 784 pixels, and from these to a score. They do not know which pixels are neighbours: shuffle those of all digits alike, and an MLP learns just as well.
#
# The **DCGAN** (Radford et al. 2016) replaced these layers by **convolutions**, which apply the same small kernel at every place. Our generator starts from a picture of 7 × 7 and doubles its side twice, by the transposed convolutions of chapter 02:

# %% alt="The DCGAN's generator as a stack: 64 numbers of noise, a transposed convolution to 64 channels of 7 by 7, one to 32 channels of 14 by 14, and one to a single picture of 28 by 28; batch normalisation and ReLU after the first two, then tanh." tags=["hide-input"]
diagrams.stack(
    "generator of the DCGAN",
    [
        ("transposed\nconv 7×7", "64 × 7 × 7"),
        ("batch norm,\nReLU", "64 × 7 × 7"),
        ("transposed\nconv 4×4,\nstride 2", "32 × 14 × 14"),
        ("batch norm,\nReLU", "32 × 14 × 14"),
        ("transposed\nconv 4×4,\nstride 2", "1 × 28 × 28"),
        ("tanh", "1 × 28 × 28"),
    ],
    role="generator",
    start="z\n64",
)

# %% tags=["library"]
from gan_lessons.networks.images import initialise, quarter_of


class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=64, size=28, channels=1, width=32):
        super().__init__()
        quarter = quarter_of(size)
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
# The discriminator runs the other way. Two **strided convolutions** visit every second place, so each halves the side, and a last convolution turns the whole 7 × 7 into one score.
#
# Both pairs get the plain treatment of chapter 05: the non-saturating loss, Adam at a fixed learning rate, no penalty, no averaged weights. Which of them repeats itself?

# %%
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
scores = {name: digit_scores(gan.sample(4000, average=False)) for name, gan in (("MLP", mlp), ("DCGAN", dcgan))}
for name, score in scores.items():
    print(f"{name:>6}: {score.frechet_fraction:.3f} of noise, {score.classes} of 10 classes")

# %% alt="Four rows of eight pictures. First the MLP's, distance 0.90: two grainy shapes, a ring and a stroke, again and again. Then two rows of the DCGAN's, 0.16: strokes like handwriting, a few readable, many broken. Last, real digits." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.5))
sheet = torch.cat([mlp.sample(8, average=False), dcgan.sample(16, average=False), data[10:18]])
names = [f"{name}\n{score.frechet_fraction:.2f}" for name, score in scores.items()]
images.draw_sheet(axes, sheet, columns=8, rows=[*names, "", f"real\n{floor:.4f}"])
axes.set_title("The MLP repeats itself; the DCGAN's strokes vary, but few are digits")
plt.show()


# %% [markdown]
# **The DCGAN's strokes vary, but few of them are digits.** It had a third of the MLP's steps, though longer ones. The MLP draws little but a ring and a stroke, nearly always read as the same digit. This may be chapter 06's mode collapse, or just early.
#
# A class counts if the judge reads at least 1 % of the samples as that digit. It reads every picture as *some* digit, so many classes mean variety, not legibility.
#
# ## 3 · A modern recipe
#
# **What has been learned since?** Eight changes lead from this DCGAN to a modern recipe. The table says what each is *meant* to do; below we measure it.
#
# | change | what it is for |
# |---|---|
# | **no batch normalisation in $D$**, and one fully connected layer more | the penalty is for each picture alone, but batch normalisation mixes the batch (Gulrajani et al. 2017) |
# | **relativistic loss**: each real picture is scored against a fake one | $G$ gains only by outscoring a real picture; chapter 04 |
# | **R1 and R2**: a penalty on $D$'s slope at real and at fake pictures | the game settles instead of circling; chapter 07 |
# | **minibatch standard deviation**: $D$ also sees how much each feature varies in a group of eight | a generator that repeats itself is caught; chapter 06 |
# | **one layer more in $G$**, before the picture of 7 × 7 | the 64 numbers are mixed before they are spread over places |
# | **no momentum**: Adam with $\beta_1 = 0$ | old gradients point at an opponent who is no longer there; chapter 07 |
# | **a falling learning rate**, along a cosine | large steps first, small ones at the end |
# | **exponential moving average** of $G$'s weights, from which we sample | the noise of the last steps is averaged away; chapter 05 |
#
# ### A discriminator that compares
#
# **How can $D$ notice that a generator repeats itself?** Picture by picture, the same good 3 looks fine again and again. The minibatch standard deviation lets $D$ compare.
#
# Take one feature of four pictures. If they vary, its values may be 0, 2, 4 and 6, with a standard deviation of 2.2. Copies have 3, 3, 3 and 3: the same mean, but a standard deviation of 0. $D$ gets this number, too, and the copies give themselves away.
#
# The layer cuts a batch into groups and appends to every feature its standard deviation within the group (Karras et al. 2018 average it over all features). The `1e-4` keeps the root's gradient finite where nothing varies.

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


# %% alt="The recipe's discriminator as a stack: 28 by 28 pixels, two convolutions of stride two to 16 channels of 14 by 14 and 32 of 7 by 7, a fully connected layer to 128 features, 256 with the minibatch standard deviation, and the score." tags=["hide-input"]
diagrams.stack(
    "discriminator of the recipe",
    [
        ("conv 4×4,\nstride 2", "16 × 14 × 14"),
        ("conv 4×4,\nstride 2", "32 × 7 × 7"),
        ("fully\nconnected", "128"),
        ("minibatch\nstd (8)", "256"),
        ("fully\nconnected", "score s"),
    ],
    role="discriminator",
    start="x\n28 × 28",
)

# %% [markdown]
# This layer mixes the batch, too, but only just before the score, and within groups. StyleGAN 2 has it beside R1 (Karras et al. 2020).
#
# The recipe's generator is a narrower DCGAN's, with two fully connected layers in place of the first transposed convolution: 64 numbers become 128, and these a picture of 7 × 7. The library has both as `ImageGenerator` and `ImageDiscriminator`.
#
# ### The recipe as a class
#
# **How do we keep so many settings together?** A **recipe** is a class whose fields are its settings. It builds and trains a GAN; its subclasses name the two networks in `players`. Later chapters build on it.

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
        players = (player.to(device, memory_format=self.memory) for player in self.players())
        return GAN(
            *players,
            noise_dim=self.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=self.betas, fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def train(self, gan, data, **more):
        modern = {
            "loss": losses.relativistic,
            "steps": self.steps,
            "batch": self.batch,
            "penalty": partial(penalties.r1_and_r2, weight=self.penalty_weight),
            "penalty_every": self.penalty_every,
            "schedule": self.schedule,
        }
        return training.train(gan, data, **{**modern, **more})


# %% [markdown]
# The method `train` sets the loss, the penalty and the schedule; the `GAN` keeps the average. Two tricks save time:
#
# - **Lazy regularisation** (Karras et al. 2020, [arXiv:1912.04958](https://arxiv.org/abs/1912.04958)) computes the penalty only at every fourth step, but four times as strong.
# - **Mixed precision** uses 16-bit arithmetic where the processor has it and it does no harm.
#
# Our recipe, `digits`, adds networks and numbers (`gan_lessons/recipes/digits.py`):

# %%
recipe = replace(recipes.find("digits"), steps=600)  # two thirds of its own length, to save you waiting
recipe

# %% [markdown]
# ### Watch it learn
#
# **In what order does a GAN learn to draw?** During training a **timeline** draws from the same sixteen noises, often at first and seldom later. Now and then it measures the distance of 500 samples (their floor is higher). Follow one column downwards:

# %%
from gan_lessons.labs.latents import Timeline


def distance(gan):
    return digit_scores(gan.sample(500)).frechet_fraction


gan = recipe.build(seed=0)
timeline = Timeline(gan, growth=1.25, score=distance)
for record in tqdm(timeline.watch(recipe.train(gan, data)), total=recipe.steps, leave=False):
    pass
print("snapshots after", *timeline.steps, "steps")

# %% alt="Four rows of eight generated pictures, labelled with their steps, each column from the same noise: at step 19 a patch of checkerboard, at 94 thick, blurred strokes, at 290 and 600 digits, about half of them readable, at the end in thinner strokes." tags=["hide-input"]
moments = [min(range(len(timeline.steps)), key=lambda k: abs(timeline.steps[k] - step)) for step in (20, 100, 300, 600)]
figure, axes = plt.subplots(figsize=(7.2, 3.5))
drawn = torch.cat([timeline.pixels(k)[:8] for k in moments])
images.draw_sheet(axes, drawn, columns=8, rows=[f"step {timeline.steps[k]}" for k in moments])
axes.set_title("Grain, then strokes, then digits, each column from one noise")
plt.show()

# %% [markdown]
# **A checkerboard comes first, then strokes, then digits, about half of them readable.** In the lab, move *Step* or press *Play*. Losses are means over four steps; $G$'s first lies above the panel.
#
# > **Predict, then look.** When does most of the distance fall? Do the losses show it?

# %% alt="The lab at the last step. Above: sixteen generated digits, about half of them readable. Below, over 600 steps on a logarithmic axis: both losses, the generator's falling from above the panel to 1, most steeply between steps 10 and 15, D's below 0.25 up to step 40, then near 0.5; the Fr\u00e9chet distance, logarithmic, at 1 up to step 12, below 0.1 by step 75, then slowly falling, above a dashed floor; and each picture's change per step, which falls from about 0.3 to about 0.002, with a dip at step 5."
from gan_lessons.labs.latents import TimelineLab

film = TimelineLab(timeline, floor=digit_scores(data[:500]).frechet_fraction)
film

# %% [markdown]
# As a recording, which needs no kernel:

# %%
film.film(every=4)

# %% [markdown]
# **The distance falls steeply, after a pause.** For a dozen steps the judge sees no progress; by step 75 most of the distance is gone. The pictures change less and less, partly because the learning rate falls. In the lowest curve, the dip at step 5 comes from the penalty, which flattens $D$ for a moment.
#
# **$D$'s loss marks the steep fall: it jumps near step 40.** $G$'s drops most between steps 10 and 15, before the distance does. From step 75 on the distance halves, but $D$'s loss hardly moves. $G$'s falls, but so it did while the distance stayed.
#
# *Claimed: at step 12 the distance is still above 0.9, and at step 75 below 0.15. After its 600 steps the recipe is at less than a third of the distance that the DCGAN reached in 100, with all ten classes.*

# %% tags=["claim"]
print("distance of 500 samples:", {step: round(score, 3) for step, score in timeline.scores.items()})
assert timeline.scores[12] > 0.9 and timeline.scores[75] < 0.15
drawings = {"with": gan.sample(4000)}
score = scores["recipe"] = digit_scores(drawings["with"])
print(f"recipe: {score.frechet_fraction:.4f} of noise, {score.classes} of 10 classes (4,000 samples)")
assert score.frechet_fraction < scores["DCGAN"].frechet_fraction / 3 and score.classes == 10

# %% [markdown]
# The two runs differ in all eight changes, and in length, width and learning rate. Which brought the gain?
#
# ### One part less
#
# **What does the recipe draw if $D$ cannot compare pictures?** A group of one has no spread: with `group=1` every picture gets the same constant.
#
# > **Predict, then look.** Will the digits be worse, or only less varied?

# %%
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator


class OneByOne(type(recipe)):  # the recipe's fields, and another discriminator
    def players(self):
        generator = ImageGenerator(width=self.generator_width)
        return generator, ImageDiscriminator(width=self.discriminator_width, group=1)


single = OneByOne(**vars(recipe))  # with the same settings
alone = single.build(seed=0)
for record in tqdm(single.train(alone, data), total=single.steps, leave=False):
    pass

# %% [markdown]
# If a generator repeats itself, each sample has a near twin. So we look for the nearest among 999 others, pixel by pixel.

# %%
judge = load()
drawings["without"] = alone.sample(4000)


def twins(pixels):
    """For each picture the distance to the nearest other one, and that one's index."""
    flat = pixels.flatten(1)
    return torch.cdist(flat, flat).fill_diagonal_(torch.inf).min(1)


apart = {name: twins(pixels[:1000]) for name, pixels in {"real": data, **drawings}.items()}
print(f"real digits: {apart['real'].values.median():.1f} to the nearest other")
for name, pixels in drawings.items():
    print(f"{name} minibatch std: {apart[name].values.median():.1f} to the nearest other,", end=" ")
    print(f"Fréchet distance {digit_scores(pixels).frechet_fraction:.3f}")

# %% alt="Above, three histograms of the distance to the nearest other picture: without the minibatch standard deviation, in purple, most lie between 3 and 9; with it, in orange, and for real digits, in blue, between 8 and 15. Below, two sheets of eight samples over their nearest others. With it: mostly readable digits, whose nearest others differ in their strokes. Without it: crude, angular shapes, each above nearly the same shape." tags=["hide-input"]
figure, (counts, *parts) = plt.subplots(3, 1, figsize=(7.2, 6), height_ratios=(1.2, 1, 1))
looks = {"without": (style.AVERAGE, 0.2), "with": (style.FAKE, 13.8), "real": (style.REAL, 13.8)}
for row, (name, (color, left)) in enumerate(looks.items()):
    counts.hist(apart[name].values.tolist(), bins=40, range=(0, 20), histtype="step", lw=1.5, color=color)
    label = "real digits" if name == "real" else f"{name} minibatch std"
    counts.text(left, 120 - 18 * (row % 2), label, color=color, va="center")
counts.set(xlim=(0, 20), xticks=range(0, 21, 5), ylabel="pictures of 1,000", xlabel="distance to the nearest other")
counts.set_title("Without minibatch std the nearest other is much closer")
for axes, name in zip(parts, drawings, strict=True):
    ranked = apart[name].values.argsort()[62::125]  # eight, evenly spaced
    sheet = torch.cat([drawings[name][ranked], drawings[name][apart[name].indices[ranked]]])
    images.draw_sheet(axes, sheet, columns=8, rows=["sample", "nearest\nother"])
    axes.set_title(f"{name.capitalize()} minibatch std: eight pairs, sorted by distance")
plt.show()

# %% [markdown]
# **The digits are both worse and less varied.** The nearest other is 5.8 away by the median, against 11.5 with the layer and 11.1 in real digits. The shapes are cruder, and the Fréchet distance is more than five times as large. This is one seed; the next record has three.
#
# ### Which change does what
#
# **Which changes earn their place?** Two experiments test all but the moving average:
#
# 1. **The climb** goes from the DCGAN to the recipe, one change at a time.
# 2. **The ablation** takes one change out of the finished recipe.
#
# Widths, steps and batch are the same throughout. Each rung gets the best of three learning rates, chosen with another seed; the ablation stays at the recipe's 0.006. Where do the dots jump?

# %% tags=["long"]
ladder = results.table("ladder")
print(ladder["command"])
print(f"{ladder['date']}: {ladder['steps']} steps of {ladder['batch']} pictures, seeds {ladder['seeds']}")

# %% tags=["hide-input"]
names = {
    "dcgan": "DCGAN",
    "plain_discriminator": "+ no batch norm in D",
    "relativistic": "+ relativistic loss",
    "penalty": "+ R1 and R2",
    "spread": "+ minibatch std",
    "deeper_generator": "+ a layer more in G",
    "no_momentum": "+ no momentum",
    "annealed": "+ falling rate: the recipe",
}
undone = {
    "plain_discriminator": "batch norm back, no minibatch std",
    "spread": "no minibatch std",
    "deeper_generator": "a layer less in G",
    "penalty": "no penalty",
    "annealed": "constant rate",
    "no_momentum": "momentum back",
    "relativistic": "non-saturating loss",
}


def median_of(part, name):
    """The median of three seeds, by the averaged generator."""
    return sorted(ladder[part][name]["averaged"])[1]


def draw_rung(axes, place, part, name):
    """Three seeds as dots, their median as a bar, in red where the minibatch standard deviation comes or goes."""
    leap = name == "spread" or (part, name) == ("without", "plain_discriminator")
    color = style.CATEGORIES[1 if leap else 0]
    axes.plot(ladder[part][name]["averaged"], [place] * 3, "o", ms=6, color=color, alpha=0.5)
    axes.plot(median_of(part, name), place, "|", ms=14, mew=1.5, color=color)
    return color


# %% alt="Two panels of dots on one logarithmic axis, three seeds a row, and a dashed line for real digits at 0.0025. Above, the climb: the DCGAN and the first three changes, at rate 0.006, lie between 0.045 and 0.12. Shaded, at rate 0.002: the minibatch standard deviation, in red, between 0.025 and 0.03, then a layer more in G and no momentum, near 0.018. There the recipe stays, at 0.006. Below, one change undone, sorted, beside a grey line at the recipe's median: in red, both without the minibatch standard deviation, 4.3 and 4.1 times; a layer less in G 1.6; no penalty 1.5; a constant rate 1.3; momentum back 1.3; the non-saturating loss 0.8." tags=["hide-input"]
recipe_reaches = median_of("climb", "annealed")
figure, panels = plt.subplots(2, 1, figsize=(7.2, 4.8), sharex=True, height_ratios=(8, 7))
for axes, part, labels in zip(panels, ("climb", "without"), (names, undone), strict=True):
    for place, name in enumerate(labels):
        color = draw_rung(axes, place, part, name)
        if part == "without":
            times = f"× {median_of(part, name) / recipe_reaches:.1f}"
            axes.text(0.27, place, times, color=color, va="center", ha="right", fontsize=9)
    axes.axvline(ladder["floor"], color=style.REAL, lw=1, ls="--")
    axes.set_yticks(range(len(labels)), labels.values())
    axes.set(xscale="log", xlim=(0.0022, 0.29), ylim=(len(labels) - 0.5, -0.7))
panels[0].axhspan(3.5, 6.5, color=style.REFERENCE, alpha=0.15, lw=0)  # the rungs whose best rate is the lower one
for place, rate in ((1.5, 0.006), (5, 0.002), (7, 0.006)):
    panels[0].text(0.27, place, f"rate {rate}", color=style.REFERENCE, va="center", ha="right", fontsize=9)
panels[0].text(0.0026, 0, "real digits", color=style.REAL, va="center", fontsize=9)
panels[0].set_title("The climb: minibatch std and a lower rate make the leap")
panels[1].axvline(recipe_reaches, color=style.REFERENCE, lw=1, zorder=0)
panels[1].text(recipe_reaches, 0, "recipe ", color=style.REFERENCE, va="center", ha="right", fontsize=9)
panels[1].set_title("Undone: without minibatch std, 4 × the recipe")
panels[0].set_xticks((0.003, 0.01, 0.03, 0.1), ("0.003", "0.01", "0.03", "0.1"))
panels[0].xaxis.set_minor_formatter("")
panels[1].set_xlabel("Fréchet distance / noise (three seeds; the bar is their median)")
plt.show()

# %% [markdown]
# *Claimed: the minibatch standard deviation at least halves the distance on the way up, and without it every seed ends at more than twice the worst seed of the recipe. Without the penalty, with a layer less in $G$ or with momentum back, every seed is worse than that worst one.*

# %% tags=["claim"]
before = None
for name, label in names.items():
    now = median_of("climb", name)
    print(f"{label:>26}: {now:.4f}" + (f" (× {now / before:.1f} the one above)" if before else ""))
    before = now
trials = zip(ladder["rates"], *(ladder["climb"][name]["trials"] for name in ("penalty", "spread")), strict=True)
for rate, without, with_it in trials:
    print(f"minibatch std added at rate {rate}, the seed of the trials: {without:.3f} to {with_it:.3f}")
worst = max(ladder["climb"]["annealed"]["averaged"])
assert median_of("climb", "spread") < median_of("climb", "penalty") / 2
assert min(ladder["without"]["spread"]["averaged"]) > 2 * worst
for name in ("penalty", "deeper_generator", "no_momentum"):
    assert min(ladder["without"][name]["averaged"]) > worst

# %% [markdown]
# **The minibatch standard deviation makes the leap.** It removes two thirds of the distance on the way up, and without it every seed is worse than the DCGAN's worst. That rung's lower rate may have a share in this: at a constant 0.006 the change saves only a third, in one seed that starts unusually low.
#
# **A layer more in $G$ and no momentum help, too.** Undone, either makes every seed worse than the recipe's worst. On the climb the layer gains (× 0.7), no momentum hardly (× 0.9).
#
# **What a change is worth depends on what is already in place.** On the climb the first three changes do not help. Yet one of them, the penalty, saves a third of the distance in the finished recipe. Which of the four later changes it needs, we cannot say.
#
# **Here a falling rate helps only against a high constant one.** *Constant rate* and *+ no momentum* are the same GAN. At 0.002 it does as well as the recipe; at 0.006 its seeds range from level with it to almost twice as far.
#
# **The relativistic loss gains nothing, and may cost something.** Adding it gives × 1.1, within the seeds' spread. Undone (× 0.8), two seeds of three are clearly better. Near the equilibrium it provably converges with R1 and R2 (Huang et al. 2024), the non-saturating loss with R1 (Mescheder et al. 2018).
#
# <details><summary>Fine print</summary>
#
# Rungs at 0.006, the highest rate tried, might do better with a higher one. In the ablation 0.006 may not suit what is left. Batch normalisation back means no fully connected layer and no minibatch standard deviation. The latter gains at a falling 0.006, too; its one seed at a constant 0.006 starts unusually low, at 0.057 (the others: 0.066 or more).
#
# </details>
#
# ### Check the losers, too
#
# **Was the DCGAN given a fair chance?** The convolutions of PyTorch's DCGAN tutorial have no biases, since batch normalisation has its own shift. But $D$'s first layer has no batch normalisation behind it, so there the bias is missed. Ours has it. A stored benchmark shows the cost:

# %% tags=["long"]
bench = results.table("images_bench")
print("Fréchet distance / noise, three seeds")
for name, reached_by_seed in bench["biases"].items():
    print(f"{name:>32}: {', '.join(f'{value:.2f}' for value in reached_by_seed)}")
minute = bench["figures"]
print(f"after 60 CPU seconds, medians: DCGAN with biases {minute['dcgan_60s']:.2f},", end=" ")
print(f"MLP with a gradient penalty {minute['mlp_gradient_penalty_60s']:.2f}")

# %% [markdown]
# **Without its biases the DCGAN has hardly left the noise.** Why? Divide a batch's pixels by three. A convolution without a bias and a leaky ReLU pass this factor on, and the batch normalisation that follows divides it out again. Real and fake digits come in separate batches, each rescaled on its own. So $D$ hardly sees contrast, and $G$ need not leave the grey.
#
# Nor was section 2's MLP given a fair chance: with a gradient penalty an MLP passes this DCGAN within a minute. (These are not section 2's or the climb's GANs, so do not compare the distances.)
#
# > **Your turn.** Take only the first layer's bias, 32 numbers, out of section 2's DCGAN: `DCGANDiscriminator().layers[0].register_parameter("bias", None)`. What will 100 steps draw?
#
# <details><summary>Solution</summary>Grey mush: with seed 0 the distance was 1.0 of noise (with the bias: 0.14).</details>
#
# ## 4 · How good is the long run?
#
# **How close does our best GAN come to real handwriting?** It is the recipe with wider networks, 15,000 steps and settings of its own. Here are its samples, the worst included:

# %% tags=["long"]
long = results.table("digits_long")
print(long["command"])
print(f"{long['date']}: {long['steps']:,} steps in {long['seconds'] / 60:.0f} minutes on {long['machine']}")

# %%
drawn = best.sample(4000)
confidence, real_confidence = (judge.probabilities(pixels).max(1).values for pixels in (drawn, unseen))

# %% alt="Three sheets of handwritten digits, eight a row. Three rows generated and unselected: mostly clean digits, some malformed. Then the eight that the judge is least sure of: broken loops, shapes between two digits. Two rows are real." tags=["hide-input"]
figure, parts = plt.subplots(3, 1, figsize=(7.2, 6.3), height_ratios=(3, 1, 2))
sheets = {
    "Most of the long run's samples can be read (the first twenty-four)": drawn[:24],
    "The eight of 4,000 that the judge is least sure of": drawn[confidence.argsort()[:8]],
    "Real digits to compare with": unseen[:16],
}
for axes, (title, pixels) in zip(parts, sheets.items(), strict=True):
    images.draw_sheet(axes, pixels, columns=8)
    axes.set_title(title)
plt.show()

# %% [markdown]
# **Most samples can be read.** Many of the worst eight seem to lie *between* digits, like chapter 05's bridges: a continuous generator has to pass from one digit to the next. But the seventh is a fine 8.
#
# *Claimed: the long run's distance is less than three times the floor, and still above it. All ten classes are there. The judge is more than 90 % sure of a class more often than for the short run, less often than for real digits.*

# %% tags=["claim"]
scores["long run"] = reached = digit_scores(drawn)
for name, each in scores.items():
    print(f"{name:>16}: {each.frechet_fraction:.4f} of noise")
print(f"{'training digits':>16}: {floor:.4f}, the floor")
print(f"the long run's distance is {reached.frechet_fraction / floor:.1f} times the floor")
real_confident = (real_confidence > 0.9).float().mean()
print(f"more than 90 % sure: {score.confident:.0%} of the short run, {reached.confident:.0%} of the long one,", end=" ")
print(f"{real_confident:.1%} of the held-out digits")
read = judge.probabilities(drawn).argmax(1)
for who, labels in (("the samples", read), ("the training digits", digits().labels)):
    counts = labels.bincount(minlength=10)
    print(f"among {who} the commonest class comes {counts.max() / counts.min():.1f} times as often as the rarest")
assert floor < reached.frechet_fraction < 3 * floor and reached.classes == 10
assert score.confident < reached.confident < real_confident

# %% alt="The ruler again, with four pictures each: real digits at the floor, 0.0025; the long run at 0.0056, a little to the right; the recipe's 600 steps at 0.025; the DCGAN's 100 steps at 0.16; the MLP's 300 steps at 0.90, near noise." tags=["hide-input"]
made = {"long run": drawn, "recipe": drawings["with"]}
made |= {"DCGAN": dcgan.sample(4, average=False), "MLP": mlp.sample(4, average=False)}
lengths = dict(zip(made, (long["steps"], recipe.steps, 100, 300), strict=True))
placed = {f"{name}\n{lengths[name]:,} steps": (scores[name].frechet_fraction, made[name]) for name in made}
ruler({"real\ntraining digits": (floor, data), **placed}, "The long run comes near the floor and does not reach it")

# %% [markdown]
# **By the distance our one long run comes close to real handwriting without reaching it: 2.2 times the floor.** The ruler ranks runs of different length and size, not architectures.
#
# ### Does it copy?
#
# **A generator that stored the training digits would score about the floor. Is ours such a copyist?** We look for each sample's nearest training digit, pixel by pixel, and for each held-out digit's, which cannot be a copy.

# %% alt="Eight generated digits, and below each the nearest training digit, often of the same class and similar in outline, but different in its strokes." tags=["hide-input"]
from gan_lessons.metrics.memory import copied_share, nearest

of_samples, of_unseen = (nearest(data, pixels) for pixels in (drawn[:1000], unseen))
figure, axes = plt.subplots(figsize=(7.2, 2.2))
sheet = torch.cat([drawn[:8], data[of_samples.indices[:8]]])
images.draw_sheet(axes, sheet, columns=8, rows=["sample", "nearest\ntraining\ndigit"])
axes.set_title("Samples and their nearest training digits: similar, not the same")
plt.show()

# %% [markdown]
# **None of 1,000 is a copy, pixel by pixel:** the nearest is 2.9 away. A shifted one could go unnoticed.
#
# Do samples lie a *little* too close? Chapter 08's lean (`copied_share`) asks how often a sample is nearer to a training digit than to a held-out one, among equally many of both. It is 0.1 if the training digit wins 55 times in a hundred. In the samples' place, real digits show what chance does, and all training digits what a perfect copyist would.
#
# *Claimed: by the median, samples are at most 5 % nearer to the training digits than held-out digits are. With each quarter of the training data the lean is above anything found among real digits.*

# %% tags=["claim"]
usual, ours = of_unseen.distances.median(), of_samples.distances.median()
print(f"to the nearest training digit: a sample {ours:.1f}, a held-out digit {usual:.1f}")
print(f"the nearest of all 1,000: {of_samples.distances.min():.1f}")
quarters = data.split(1000)
copied, copyist = ([copied_share(part, unseen, pixels) for part in quarters] for pixels in (drawn, data))
sets, among = [*quarters, unseen], []
for pair in combinations(range(5), 2):
    rest = torch.cat([sets[k] for k in range(5) if k not in pair])  # in the samples' place
    among.append(copied_share(*(sets[k] for k in pair), rest))
shares = {"real digits": among, "samples": copied, "a copyist": copyist}
for who, found in shares.items():
    print(f"copied share of {who:>11}: {min(found):.3f} to {max(found):.3f}")
assert ours > 0.95 * usual and min(copied) > 1.3 * max(map(abs, among))

# %% alt="Two panels. Left, histograms of the distance to the nearest training digit, of samples in orange and held-out digits in blue: nearly the same shape, most between 6 and 14, with none below 2. Right, how often of a hundred a training digit is nearer than a held-out one: for ten pairs of sets of real digits between 47 and 51, by a dashed line at 50; for the samples between 55 and 57; for a copyist between 61 and 63." tags=["hide-input"]
figure, (far, wins) = plt.subplots(1, 2, figsize=(7.2, 3.1))
for found, color, who, height in (
    (of_samples, style.FAKE, "samples", 142),
    (of_unseen, style.REAL, "held-out digits", 130),
):
    far.hist(found.distances.tolist(), bins=40, range=(0, 20), histtype="step", lw=1.5, color=color)
    far.text(0.4, height, f"1,000 {who}", color=color, va="center")
far.set(xlim=(0, 20), ylim=(0, 150), ylabel="pictures", xlabel="to the nearest training digit (0: a copy)")
far.set_title("Typical distance:\nas for new handwriting")
for place, (color, found) in enumerate(zip((style.REAL, style.FAKE, style.REFERENCE), shares.values(), strict=True)):
    wins.plot([50 * (1 + share) for share in found], [place] * len(found), "o", ms=7, alpha=0.6, color=color)
wins.axvline(50, color=style.REFERENCE, lw=1, ls="--")
wins.set_yticks(range(3), shares)
wins.set(xlim=(46, 64), ylim=(2.6, -0.6), xlabel="a training digit is nearer, times in 100")
wins.set_title("But samples lean towards\nthe training digits")
plt.show()


# %% [markdown]
# **The typical sample is no closer to the training digits than new handwriting is, yet the samples lean towards them.** A training digit wins 55 or 56 times in a hundred; among real digits chance strays at most 2.5 from 50. How can both be true?
#
# *Claimed: by the median, samples are farther from the held-out digits than sets of real ones are from each other, but no farther from as many training digits.*

# %% tags=["claim"]
def median_nearest(others, pixels):
    return nearest(others, pixels).distances.median()


strange, learned = median_nearest(unseen, drawn), [median_nearest(part, drawn) for part in quarters]
between = [median_nearest(one, other) for one, other in permutations(sets, 2)]
print(f"a sample to the nearest of 1,000 held-out digits: {strange:.1f}")
print(f"a sample to the nearest of 1,000 training digits: {min(learned):.1f} to {max(learned):.1f}")
print(f"real digits to the nearest of 1,000 others: {min(between):.1f} to {max(between):.1f}")
assert strange > max(between) > max(learned)

# %% [markdown]
# Its samples are a little off from all handwriting, and lean back towards the digits that it learned from. **The generator overfits, though we found no copy.** A perfect copyist leans only about twice as far, since three quarters of its digits lie in the other quarters.

# %% [markdown]
# ### A walk through its latent space
#
# **What lies between two digits?** In the lab, drag the ring through a plane of the latent space. Do the two walks at the bottom differ?

# %% alt="Upper left: a plane of seven by seven pictures around a ringed 2, which passes into a 7 to the left, a 4 above, a 6 at the upper right and a 1 at the lower left. Upper right: the ringed picture beside the nearest training digit, a similar 2, and below them two curves over \u03c8 from 0 to 1.5: density rises from 0.4 to 0.8 at 0.75 and 1 and falls again, coverage rises from 0 to 0.9 at 1, each below a dashed line for real digits. At the bottom: two much alike rows of nine pictures, from a 2 to a 4."
from gan_lessons.labs.latents import LatentLab

space = LatentLab(best, data, judge.features, held_out=unseen, source="first layer", seed=0)
space

# %% [markdown]
# **The two walks hardly differ:** halfway, both pass through shapes that are no digits. Noise of 64 numbers nearly always has a length near √64 = 8. The arc keeps it; the line's middle has about 5.7.
#
# *Directions* sets the plane:
#
# - *first layer*: the singular vectors that change its output most (Shen & Zhou 2021),
# - *principal components* of that output (Härkönen et al. 2020),
# - *steepest here*: where the picture changes fastest, by the Jacobian (Ramesh et al. 2019, [arXiv:1812.01161](https://arxiv.org/abs/1812.01161)).
#
# In the lab's text, *theirs* is the median distance from a training digit to its own nearest.
#
# > **Your turn.** Find a direction that changes slant, thickness or width and little else. How far can you go before the picture breaks?
#
# <details><summary>Solution</summary>We found no pure one. After 1.5 steps along one of the first two directions of <i>first layer</i> or <i>principal components</i>, to one side or the other, the judge read another class for at least three quarters of 300 noises. So take less than a step.</details>
#
# ### What does truncation cost?
#
# **Can we buy better digits by giving up some variety?** The lab's *Truncation ψ* multiplies every noise by $\psi < 1$, towards the middle of the latent space.
#
# This is a relative of the **truncation trick**: BigGAN redraws each number of the noise until it is small enough (Brock et al. 2019). StyleGAN pulls an inner layer's vector towards its mean (Karras et al. 2019). Do the digits get better up each column?

# %% alt="Three rows of eight pictures, each column from one noise. At \u03c8 = 0.25 nearly all are black, with one thin 1; at 0.5 five show clear digits and the others faded or broken strokes; at 1 nearly all show clear digits." tags=["hide-input"]
noise = torch.randn(10, best.noise_dim, generator=torch.Generator().manual_seed(1))[:8]
with torch.inference_mode():
    truncated = torch.cat([best.average(psi * noise) for psi in (0.25, 0.5, 1.0)])
figure, axes = plt.subplots(figsize=(7.2, 2.7))
images.draw_sheet(axes, truncated, columns=8, rows=["ψ = 0.25", "ψ = 0.5", "ψ = 1"])
axes.set_title("Truncated, the strokes fade: at ψ = 0.25 hardly any is left")
plt.show()

# %% [markdown]
# The digits fade instead of getting cleaner. The lab's curves measure quality as density and variety as coverage (chapter 08); dashed lines mark what training digits reach.
#
# *Claimed: at ψ = 0.5 density is lower than at 1 by more than 0.05, coverage by more than 0.1; at 0.25 less than a fifth is covered.*

# %% tags=["claim"]
trade = space.truncation
at_quarter, at_half, at_one = (trade.fakes[psi] for psi in (0.25, 0.5, 1.0))
for name, found in {**{f"ψ = {psi}": trade.fakes[psi] for psi in (0.25, 0.5, 0.75, 1.0)}, "real": trade.real}.items():
    print(f"{name:>8}: density {found.density:.2f}, coverage {found.coverage:.2f}, precision {found.precision:.2f}")
assert at_half.density < at_one.density - 0.05 and at_half.coverage < at_one.coverage - 0.1
assert at_quarter.coverage < 0.2

# %% [markdown]
# **For this generator truncation buys next to nothing.** At ψ = 0.75 density is hardly higher than at 1, and coverage is lower. At 0.5 and below, quality suffers as well as variety. Noises so short (lengths near 4 and 2) never came up in training. At ψ = 0 the pictures are black.
#
# **Precision would have hidden this.** It gives the black pictures nearly 1, since it asks only whether a fake lies in *any* real digit's ball. Density counts the balls: two on average at ψ = 0.25, five for real digits. So look at samples before you believe a score.
#
# ### Real or fake?
#
# **Can an eye still tell?** It sees one picture at a time, half of them real, in random order. The judge goes first, and says "real" when more than 97 % sure (our choice). *Claimed: the interval of its error ends below guessing's 50 %.*

# %% tags=["claim"]
from gan_lessons.labs.blind import RealOrFakeLab, interval

machine = RealOrFakeLab(unseen, drawn, trials=400, who="The judge was")
while not machine.done:
    sure = judge.probabilities(machine.shown).max() > 0.97
    machine.answer("real" if sure else "fake")
print(machine.sentence)
assert machine.result.high < 0.5 and len(machine.records) == 400

# %% [markdown]
# **Even a classifier that has never seen a fake does a little better than guessing.** Now you (click on the picture, then use the keys).

# %% alt="The test at its first question: one large handwritten digit, and the title: Picture 1 of 40: real or fake?"
test = RealOrFakeLab(unseen, drawn, trials=40)
test

# %% [markdown]
# How far can we trust forty answers? Suppose someone is wrong in 45 %:

# %%
for count in (40, 400, 1600):
    low, high = interval(round(0.45 * count), count)
    print(f"{count:5} answers: between {low:.0%} and {high:.0%}")

# %% [markdown]
# **Forty answers can show that fakes are bad, not that they are good.** Even 400 do not quite tell 45 % from guessing.
#
# > **Your turn.** You were wrong in 22 of 40. Are the fakes better than the real digits?
#
# <details><summary>Solution</summary>22 of 40 are 55 %, but <code>interval(22, 40)</code>, from 38 to 71 %, contains 50 %: this could be guessing.</details>

# %% [markdown]
# ## Debugging card
#
# | what it looks like | what to test | what to mend |
# |---|---|---|
# | grey mush for hundreds of steps | data in [−1, 1], as `tanh`'s values? a bias in $D$'s first layer? | the range; the bias |
# | one or two shapes again and again | class counts; distance with and without `GroupSpread` | minibatch standard deviation (chapter 06) |
# | a checkerboard | enlarge a sample to single pixels | upsampling, then a convolution; a kernel size divisible by the stride helps, but is no cure (chapter 02) |
# | distance far below the floor | same counts? has the generator seen the held-out digits? | equal counts; keep those digits out of training |
#
# ## What we saw
#
# - A distance means something beside those of real pictures and noise, at equal counts, against held-out pictures.
# - Of the recipe's changes, the minibatch standard deviation matters most, on the climb and undone (three seeds, 900 steps).
# - Most of the distance falls in an eighth of the steps. $D$'s loss jumps there, then stays level while the distance halves.
# - Our long run ends at 2.2 times the floor. Its samples lean towards the training digits, though we found no copy.
# - Truncation at ψ ≤ 0.5 costs our generator quality as well as variety, and precision hides it. A judge that has never seen a fake catches some.
#
# ## Questions
#
# ### A quiz
#
# Open the answer you would give (*Tab* moves on, *Enter* opens).
#
# 1. Why is the floor of the Fréchet distance above zero, with real pictures on both sides?
#    <details><summary>A · The judge is bad</summary><b>No.</b> It would be so for any judge.</details>
#    <details><summary>B · Real pictures are noisy</summary><b>No.</b> Noise that both sides share would not separate them.</details>
#    <details><summary>C · Both sides are finite samples</summary><b>Right.</b> With more pictures on both sides the floor falls.</details>
# 2. What exposes a generator that copies the training pictures?
#    <details><summary>A · The Fréchet distance</summary><b>No.</b> Copies score as real pictures do.</details>
#    <details><summary>B · The distance to the nearest training picture</summary><b>Right.</b> It is zero for exact copies; a shifted one can escape.</details>
#    <details><summary>C · The class counts</summary><b>No.</b> They are those of the training set.</details>
# 3. The minibatch standard deviation tells the discriminator …
#    <details><summary>A · how much a group's pictures differ</summary><b>Right.</b> So a generator that repeats itself is caught.</details>
#    <details><summary>B · how bright a picture is</summary><b>No.</b> It can see that in a single one.</details>
#    <details><summary>C · which class a picture belongs to</summary><b>No.</b> No label enters.</details>
#
# ### In your own words
#
# Why are the digits held out from the judge, too?
#
# <details><summary>Answer</summary>A classifier is surer of what it has trained on. Measured on those digits,
# real handwriting would look cleaner than new handwriting can.</details>
#
# ## Further reading
#
# - Radford et al. 2016, *DCGAN* ([arXiv:1511.06434](https://arxiv.org/abs/1511.06434)): the architecture of section 2.
# - Karras et al. 2018, *Progressive growing* ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196)): minibatch standard deviation.
# - Brock et al. 2019, *BigGAN* ([arXiv:1809.11096](https://arxiv.org/abs/1809.11096)) and Karras et al. 2019, *StyleGAN* ([arXiv:1812.04948](https://arxiv.org/abs/1812.04948)): the truncation trick, in the noise and in a later layer.
# - Shen & Zhou 2021 ([arXiv:2007.06600](https://arxiv.org/abs/2007.06600)) and Härkönen et al. 2020, *GANSpace* ([arXiv:2004.02546](https://arxiv.org/abs/2004.02546)): directions in a latent space without training.
# - Zhou et al. 2019, *HYPE* ([arXiv:1904.01121](https://arxiv.org/abs/1904.01121)): the human-eye test done with care.
# - Huang et al. 2024, *The GAN is dead; long live the GAN!* ([arXiv:2501.05441](https://arxiv.org/abs/2501.05441)): relativistic loss with R1 and R2.
#
# **Next:** the GAN is told which digit to draw.
#
# [← 08 Measuring a GAN](08_measuring_a_gan.ipynb) · [contents](00_start.ipynb) · [10 Images on demand →](10_images_on_demand.ipynb) · [assignment](assignments/release/09_images/09_images.ipynb)
