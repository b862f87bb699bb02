# %% [markdown]
# # 09 · Images
#
# [← 08 Measuring a GAN](08_measuring_a_gan.ipynb) · [contents](00_start.ipynb) · [10 Images on demand →](10_images_on_demand.ipynb) · [assignment](assignments/release/09_images/09_images.ipynb)
#
# **How good can a full GAN get on real handwriting?**

# %% alt="A moving picture: twenty-four handwritten digits in three rows of eight, white on black, each of which changes smoothly into other digits, passes through shapes that are none, and comes back to where it began." tags=["hide-input"]
import json
import math
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from torch import nn
from tqdm.auto import tqdm

from gan_lessons import losses, recipes
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
# Nobody wrote these digits. A network of 440,000 weights draws them from noise, and as the noise moves in a circle, one digit becomes another. It learned from 4,000 scanned digits in well under an hour on one core.
#
# **You will** train three GANs on those digits: the plain one of 2014, the convolutional one that made GANs famous, and one built by today's rules. You will scrub through the third's training, walk through the latent space behind the digits above, and judge which digits are real.
#
# **You will learn** to
# - judge pictures by the Fréchet distance, between its floor and its ceiling,
# - build a convolutional GAN, and say what each part of a modern recipe is for,
# - read an ablation,
# - check what a single number hides, and report how often an eye is wrong, with an interval.
#
# **You will need** chapters 02 to 08 and a minute or two of computing on a laptop.

# %% alt="The block diagram of a GAN, all parts in colour: noise z of 64 numbers enters the generator, whose fakes and the real digits of 28 by 28 pixels enter the discriminator, and its scores the losses." tags=["hide-input"]
diagrams.gan(real="digits, 28 × 28", noise="64 numbers")

# %% [markdown]
# You know this game. What is new is that both networks deal with pictures.
#
# ## 1 · The data, and a judge
#
# Our data are 5,000 digits of MNIST, written by American high-school students and census workers. Each has 28 × 28 pixels from −1 (black) to 1 (white), so it is a point in 784 dimensions.
#
# **1,000 digits are held out**: neither our judge nor any GAN that we train or load in this chapter has seen them. We measure against those.

# %%
data, unseen = digits().pixels, digits(held_out=True).pixels
data.shape, unseen.shape

# %% [markdown]
# Here are ten digits, and two faults.

# %%
torch.manual_seed(9)
blurred = nn.functional.avg_pool2d(data, 3, stride=1, padding=1, count_include_pad=False)
noisy = (data + 0.3 * torch.randn_like(data)).clamp(-1, 1)

# %% alt="Three rows of ten handwritten digits, white on black, the same ten in each row: as they are, with sharp strokes; blurred, with soft ones; and covered with grain. All can be read." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 2.4))
sheet = torch.cat([data[:10], blurred[:10], noisy[:10]])
images.draw_sheet(axes, sheet, columns=10, rows=["real", "blurred", "noisy"])
axes.set_title("Blurred or noisy, the digits can still be read")
plt.show()

# %% [markdown]
# Here, unlike on the ring of chapter 05, nobody knows the density $p$, so we ask a **judge**: a small classifier that learned from the training digits and reads 99.1 % of the held-out ones correctly. The 64 numbers of its last hidden layer, its *features*, say what a picture looks like to it.
#
# The Fréchet distance of chapter 08 compares the features of the held-out digits with those of 4,000 fakes. A bare number tells you nothing, so we set two marks:
#
# - the **ceiling** is the distance of 4,000 pictures of uniform noise. From here on every distance is a fraction of it (no bound: a bad generator can pass 1);
# - the **floor** is what the 4,000 *training* digits score. It is not zero, since both sides are finite samples, and no generator can be expected to come closer to unseen digits than real ones do. (That the judge learned from these digits matters little: two halves of the held-out ones, corrected for their counts, give 0.0027.)

# %%
floor = floor_distance() / noise_distance()
print(f"ceiling: uniform noise scores 1; floor: the training digits score {floor:.4f}")

# %% [markdown]
# > **Your turn.** Does the distance rank faults as you would? Predict first: which does the judge find worst, the blurred digits, the noisy ones, or perfect digits with half of the classes missing? Then run the cell.
#
# <details><summary>Solution</summary>The noise is worst, then the missing classes; the blur is far behind. So the distance weighs faults as the judge's features do, not as your eye does.</details>

# %%
missing = data[digits().labels < 5].repeat(2, 1, 1, 1)
for fault, pixels in {"blurred": blurred, "noisy": noisy, "five classes missing": missing}.items():
    print(f"{fault:>20}: {digit_scores(pixels).frechet_fraction:.3f}")

# %% [markdown]
# ## 2 · Two classics
#
# Most of the first GANs for pictures (Goodfellow et al. 2014) were multilayer perceptrons (MLPs): fully connected layers lead from noise to 784 pixels, and from these to a score. No such layer knows which pixels are neighbours.
#
# The **DCGAN** (Radford et al. 2016) replaced them by **convolutions**, layers that apply the same small kernel at every place. Our generator starts from a picture of 7 × 7 and doubles its side twice, by the transposed convolutions of chapter 02.

# %% alt="The DCGAN's generator as a stack: 64 numbers of noise, a transposed convolution to 64 channels of 7 by 7, one to 32 channels of 14 by 14, and one to a single picture of 28 by 28; batch normalisation and ReLU after the first two, tanh at the end." tags=["hide-input"]
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
# The discriminator runs the other way: two **strided convolutions** visit only every second place, so each halves the side, and a last convolution turns the whole 7 × 7 into one score.
#
# Both pairs get the plain treatment of chapter 05: the non-saturating loss, Adam at a fixed learning rate, no penalty, no averaged weights.

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

# %% alt="Four rows of ten pictures. First the MLP's: two grainy shapes, a ring and a stroke, again and again. Then two rows of the DCGAN's: strokes that begin to look like handwriting, a few of them readable, many broken. Last, real digits." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 2.9))
sheet = torch.cat([mlp.sample(10, average=False), dcgan.sample(20, average=False), data[10:20]])
images.draw_sheet(axes, sheet, columns=10, rows=["MLP", "DCGAN", "", "real"])
axes.set_title("The MLP repeats itself; the DCGAN's strokes vary, but few are digits")
plt.show()


# %% [markdown]
# The MLP draws little but a ring and a stroke, nearly always read as the same digit. This looks like chapter 06's mode collapse, but may just be early. The DCGAN's strokes vary after a third as many steps, though each takes longer.
#
# A class counts if the judge reads at least 1 % of the samples as that digit. Since every picture is read as *some* digit, a high count means that the pictures vary, not that you can read them.
#
# ## 3 · A modern recipe
#
# Eight changes lead from this DCGAN to a modern recipe:
#
# | change | what it is for |
# |---|---|
# | **no batch normalisation in $D$**, and one fully connected layer more | the penalty below is for each picture alone, but batch normalisation mixes the batch (Gulrajani et al. 2017) |
# | **relativistic loss**: each real picture is scored against a fake one | $G$ gains only by outscoring a real picture; chapter 04 |
# | **R1 and R2**: a penalty on $D$'s slope at real and at fake pictures | the game settles instead of circling; chapter 07 |
# | **minibatch standard deviation**: $D$ also sees how much each feature varies in a group of eight | a generator that repeats itself is caught; chapter 06 |
# | **one layer more in $G$**, before the picture of 7 × 7 | the 64 numbers are mixed before they are spread over places |
# | **no momentum**: Adam with $\beta_1 = 0$ | old gradients point at an opponent who is no longer there; chapter 07 |
# | **a falling learning rate**, along a cosine | large steps first, small ones at the end |
# | **exponential moving average** of $G$'s weights, from which we sample | the noise of the last steps is averaged away; chapter 05 |
#
# The minibatch standard deviation is a layer of three lines: it cuts a batch into groups and appends to every feature its standard deviation within the group (Karras et al. 2018 average it over all features). It mixes the batch, too, but only late in $D$ and within groups; StyleGAN 2 has it beside R1 (Karras et al. 2020):

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


# %% alt="The recipe's discriminator as a stack: a picture of 28 by 28, two convolutions of stride two to 16 channels of 14 by 14 and 32 channels of 7 by 7, a fully connected layer to 128 features, the minibatch standard deviation that makes them 256, and the score. The leaky ReLUs are not drawn." tags=["hide-input"]
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
# The recipe's generator is the DCGAN's, except that two fully connected layers replace the first transposed convolution: 64 numbers become 128, and these the first picture of 7 × 7.
#
# Most later GANs of the book share most of these changes, so we write them once. A **recipe** is a class whose fields are its settings; it builds a GAN and trains it, and its subclasses name the two networks in `players`.

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
        return training.train(
            gan,
            data,
            losses.relativistic,
            steps=self.steps,
            penalty=partial(penalties.r1_and_r2, weight=self.penalty_weight),
            penalty_every=self.penalty_every,
            schedule=self.schedule,
            **{"batch": self.batch, **more},
        )


# %% [markdown]
# The method `train` sets the loss, the penalty and the schedule; the `GAN` keeps the average. To save time, *lazy regularisation* (Karras et al. 2020, [arXiv:1912.04958](https://arxiv.org/abs/1912.04958)) computes the penalty only at every fourth step, but four times as strong. **Mixed precision** uses 16-bit arithmetic where the processor has it and it does no harm.
#
# The recipe `digits` adds its networks and numbers (`gan_lessons/recipes/digits.py`).

# %%
recipe = replace(recipes.find("digits"), steps=600)  # two thirds of its own length, to save you waiting
recipe

# %% [markdown]
# ### Watch it learn
#
# During training a **timeline** draws from the same sixteen noises, often at first and seldom later. Now and then it measures the distance of 500 samples, whose floor is higher than that of 4,000.

# %%
from gan_lessons.labs.latents import Timeline


def distance(gan):
    return digit_scores(gan.sample(500)).frechet_fraction


gan = recipe.build(seed=0)
timeline = Timeline(gan, growth=1.25, score=distance)
for record in tqdm(timeline.watch(recipe.train(gan, data)), total=recipe.steps, leave=False):
    pass
print("snapshots after", *timeline.steps, "steps")

# %% alt="Four rows of eight generated pictures, labelled with their steps, each column from the same noise: after about twenty steps a patch of checkerboard, after a hundred thick, blurred strokes, after three hundred crude digits, and after six hundred sharper digits, about half of which can be read." tags=["hide-input"]
moments = [min(range(len(timeline.steps)), key=lambda k: abs(timeline.steps[k] - step)) for step in (20, 100, 300, 600)]
figure, axes = plt.subplots(figsize=(7.2, 3.5))
drawn = torch.cat([timeline.pixels(k)[:8] for k in moments])
images.draw_sheet(axes, drawn, columns=8, rows=[f"step {timeline.steps[k]}" for k in moments])
axes.set_title("Grain, then strokes, then digits, each column from one noise")
plt.show()

# %% [markdown]
# In the lab, move *Step*, click into a curve, or press *Play*. *Generator* switches from the average to the generator as it was at that step.
#
# > **Predict, then look.** Which comes first: where the strokes lie, or how sharp they are? When do the losses stop being informative?

# %% alt="The lab at the last step. Above: sixteen generated digits in two rows, about half of them readable. Below, side by side over 600 steps: both losses, of which D's jumps from below 0.2 to between 0.3 and 0.5 before step 100 and then stays near 0.5, while the generator's falls steeply at first and slowly to the end; the Fr\u00e9chet distance on a logarithmic axis, which falls steeply before step 100 and slowly afterwards, and ends above a dashed floor; and how much each picture changes per step, on a logarithmic axis, which falls smoothly from about 0.3 to about 0.0015."
from gan_lessons.labs.latents import TimelineLab

film = TimelineLab(timeline, floor=digit_scores(data[:500]).frechet_fraction)
film

# %% [markdown]
# The same as a recording, which needs no kernel; follow one column:

# %%
film.film(every=4)

# %% [markdown]
# **The distance falls steeply, after a pause.** For a dozen steps the judge sees no progress. Then strokes take the place of the grain (a checkerboard, see the debugging card).
#
# **Place before sharpness?** Not as a rule: only in some columns of the figure do the thick strokes of the second row lie roughly where they will stay. The pictures change less and less per step (the third curve), partly because the learning rate falls to zero, but at no step do they settle.
#
# **The losses show the steep fall, but are no guide after it.** $D$'s loss rises as the fakes become harder to tell from real digits, and $G$'s drops with the same score differences. After step 100 $D$'s hardly moves, though the distance still more than halves; $G$'s falls to the end, though the distance does not (with 500 samples, perhaps by chance).
#
# *Claimed: up to step 12 the distance stays near 1, and by step 75 it is below 0.15. After its 600 steps the recipe is at less than a third of the distance that the DCGAN reached in 100, with all ten classes.*

# %% tags=["claim"]
print("distance of 500 samples:", {step: round(score, 3) for step, score in timeline.scores.items()})
assert timeline.scores[12] > 0.9 and timeline.scores[75] < 0.15
score = scores["recipe"] = digit_scores(gan.sample(4000))
print(f"recipe: {score.frechet_fraction:.4f} of noise, {score.classes} of 10 classes (4,000 samples)")
assert score.frechet_fraction < scores["DCGAN"].frechet_fraction / 3 and score.classes == 10

# %% [markdown]
# The runs differ in length and learning rate, so this does not say which change brought the gain.
#
# > **Your turn.** Take the penalty away: `replace(recipe, penalty_weight=0.0)`, 600 steps. What do you expect of the distance?
#
# <details><summary>Solution</summary>It should rise, since the players may circle (chapter 07). In our run (seed 0, 4,000 samples) it rose by two thirds; in the record below (three seeds, 900 steps), by about a half.</details>
#
# ### Which change does what
#
# We climb from the DCGAN to the recipe one change at a time. Every rung has the same widths, steps and batch, and the best of three learning rates, chosen with another seed: 0.006, the highest, for the first four rungs and the recipe, where a higher one might be better still, and 0.002 for the others. Then we take each change out of the finished recipe again, an **ablation**, at 0.006, which may not suit what is left. The moving average is no rung: all are scored with it.
#
# That takes half an hour, so we read a record.

# %% tags=["long"]
ladder = json.loads(Path("results/ladder.json").read_text())
print(ladder["command"])
print(f"{ladder['date']}: {ladder['steps']} steps of {ladder['batch']} pictures, seeds {ladder['seeds']}")

# %% alt="Two panels of dots beneath each other on one logarithmic axis, three seeds a row with a bar at their median; an arrow says that real digits lie far to the left, at 0.0025. Above, the climb: the DCGAN and the first three changes lie between 0.045 and 0.12; with the minibatch standard deviation the dots jump to between 0.025 and 0.03, and with a layer more in G to about 0.018, where they stay. Below, the recipe with one change undone, beside grey lines at the medians of the recipe and of the DCGAN: without the minibatch standard deviation, and with batch normalisation back, which removes it as well, all dots lie to the right of the DCGAN's line; without the penalty and with a layer less in G they lie between 0.025 and 0.034, with momentum back at 0.02 to 0.024; at a constant rate they scatter from 0.018 to 0.032; with the non-saturating loss they lie at the recipe's line or a little to its left." tags=["hide-input"]
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
    "plain_discriminator": "batch norm back, minibatch std lost",
    "relativistic": "non-saturating loss",
    "penalty": "no penalty",
    "spread": "no minibatch std",
    "deeper_generator": "a layer less in G",
    "no_momentum": "momentum back",
    "annealed": "constant rate",
}
figure, panels = plt.subplots(2, 1, figsize=(7.2, 4.6), sharex=True, height_ratios=(8, 7))
ink = style.CATEGORIES[0]
medians = {name: sorted(ladder["climb"][name]["averaged"])[1] for name in names}
for axes, part, labels in zip(panels, ("climb", "without"), (names, undone), strict=True):
    for place, name in enumerate(ladder[part]):
        reached = sorted(ladder[part][name]["averaged"])
        axes.plot(reached, [place] * 3, "o", ms=6, color=ink, alpha=0.5)
        axes.plot(reached[1], place, "|", ms=14, mew=1.5, color=ink)
    axes.set_yticks(range(len(labels)), labels.values())
    axes.set(xscale="log", xlim=(0.011, 0.14), ylim=(len(labels) - 0.5, -0.5))
panels[0].text(0.0113, 0, f"← real digits: {ladder['floor']:.4f}", color=style.REAL, va="center")
panels[0].set_title("Climb: the minibatch standard deviation makes the leap")
for name, place, word in (("annealed", 0, "the recipe's median"), ("dcgan", 1, "the DCGAN's median")):
    panels[1].axvline(medians[name], color=style.REFERENCE, lw=1, zorder=0)
    panels[1].text(medians[name] * 1.02, place, word, color=style.REFERENCE, va="center", fontsize=9)
panels[1].set_title("Undone: without minibatch std, worse than the DCGAN")
panels[0].set_xticks((0.02, 0.05, 0.1), ("0.02", "0.05", "0.1"))
panels[0].xaxis.set_minor_formatter("")
panels[1].set_xlabel("Fréchet distance / noise (three seeds; the bar is their median)")
plt.show()


# %% [markdown]
# *Claimed: the minibatch standard deviation at least halves the distance on the way up, and without it every seed ends at more than twice the worst seed of the recipe. Without the penalty, or with a layer less in $G$, every seed is worse than that worst one.*

# %% tags=["claim"]
def median_of(part, name):
    """The median of three seeds, by the averaged generator."""
    return sorted(ladder[part][name]["averaged"])[1]


recipe_reaches = median_of("climb", "annealed")
for name in ladder["without"]:
    print(f"{undone[name]:>20}: {median_of('without', name) / recipe_reaches:.1f} times the recipe's distance")
assert median_of("climb", "spread") < median_of("climb", "penalty") / 2
assert min(ladder["without"]["spread"]["averaged"]) > 2 * max(ladder["climb"]["annealed"]["averaged"])
for name in ("penalty", "deeper_generator"):
    assert min(ladder["without"][name]["averaged"]) > max(ladder["climb"]["annealed"]["averaged"])

# %% [markdown]
# The **minibatch standard deviation** makes the leap. It removes two thirds of the distance on the way up, and without it every seed is worse than the DCGAN's worst.
#
# **A layer more in $G$** gains both ways: more than a quarter on the way up, more than a third in the finished recipe. The **penalty** gains a third there, too, but nothing on the way up. What a change is worth depends on what is already in place.
#
# The other verdicts are weaker, with three seeds a rung. Bringing **momentum** back costs a quarter at the recipe's high rate; on the way up, at 0.002, the seeds overlap. At a **constant rate** one seed is as good as the recipe and another is almost twice as far away: the falling rate makes a run more reliable.
#
# The **relativistic loss** shows no gain. With the non-saturating loss the finished recipe comes a little nearer, if anything. We keep the relativistic one because with R1 and R2 it provably converges near the equilibrium (Huang et al. 2024).
#
# ### Check the losers, too
#
# A comparison is fair only if the losers, too, were trained well. The DCGAN of PyTorch's tutorial leaves out every bias, since batch normalisation has its own shift. But none follows $D$'s first layer, so there the bias is missed. A stored benchmark shows the cost on digits:

# %% tags=["long"]
bench = json.loads(Path("results/images_bench.json").read_text())
print("Fréchet distance / noise, three seeds")
for name, reached_by_seed in bench["biases"].items():
    print(f"{name:>32}: {', '.join(f'{value:.2f}' for value in reached_by_seed)}")
print("median of three seeds within 60 CPU seconds (DCGAN and MLP at the best of three rates):")
for name, entry in {"DCGAN": "dcgan", "MLP with a gradient penalty": "mlp_gradient_penalty", "recipe": "ours"}.items():
    print(f"{name:>32}: {bench['figures'][entry + '_60s']:.3f}")

# %% [markdown]
# Without its biases the DCGAN has hardly left the noise. Multiply all pixels of a batch by a third: a convolution without a bias and a leaky ReLU pass the factor on, and the batch normalisation that follows divides it out again. Real and fake digits come in separate batches, each rescaled on its own, so $D$ hardly sees contrast, and nothing tells $G$ to leave the grey.
#
# Beside that DCGAN our recipe would seem to gain far more than beside one with biases. (Distances do not compare with section 2's or the ladder's, whose DCGANs differ.) Nor is section 2's MLP a verdict on fully connected layers: with a gradient penalty such a GAN passes this DCGAN within 60 seconds.
#
# > **Your turn.** Take only the first layer's bias, 32 numbers, out of section 2's DCGAN: `DCGANDiscriminator().layers[0].register_parameter("bias", None)`. What will 100 steps draw?
#
# <details><summary>Solution</summary>Grey mush. In our run (seed 0) the distance was 1.0 of noise (with the bias: 0.14).</details>
#
# ## 4 · How good is the long run?
#
# The same recipe with wider networks, 15,000 steps and settings of its own drew the first picture.

# %% tags=["long"]
long = json.loads(Path("results/digits_long.json").read_text())
print(long["command"])
print(f"{long['date']}: {long['steps']:,} steps in {long['seconds'] / 60:.0f} minutes on {long['machine']}")

# %%
drawn = best.sample(4000)
judge = load()
confidence, real_confidence = (judge.probabilities(pixels).max(1).values for pixels in (drawn, unseen))

# %% alt="Three sheets of handwritten digits, ten a row. The upper three rows are generated and unselected: most are clean digits, some are malformed. Then ten generated pictures that the judge is least sure of: broken loops, strokes that end in nothing, shapes between two digits. The lower two rows are real." tags=["hide-input"]
figure, parts = plt.subplots(3, 1, figsize=(7.2, 5.2), height_ratios=(3, 1, 2))
sheets = {
    "Most of the long run's samples can be read (the first thirty)": drawn[:30],
    "What still looks wrong: the ten of 4,000 that the judge is least sure of": drawn[confidence.argsort()[:10]],
    "Real digits to compare with": unseen[:20],
}
for axes, (title, pixels) in zip(parts, sheets.items(), strict=True):
    images.draw_sheet(axes, pixels)
    axes.set_title(title)
plt.show()

# %% [markdown]
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
counts = judge.probabilities(drawn).argmax(1).bincount(minlength=10)
print(f"the commonest digit comes {counts.max() / counts.min():.1f} times as often as the rarest")
assert floor < reached.frechet_fraction < 3 * floor and reached.classes == 10
assert score.confident < reached.confident < real_confident

# %% [markdown]
# So by the distance our one long run comes close to real handwriting without reaching it. Many of the ten that the judge is least sure of seem to lie *between* digits, like chapter 05's bridges: a continuous generator has to pass from one digit to the next, unless it is told the class (chapter 10). But the seventh is a fine 8, and two real digits in the last row, the third and the ninth, can hardly be read.
#
# ### Does it copy?
#
# A generator that stored the training digits would score about the floor, so we look for each sample's nearest neighbour among them, pixel by pixel. This compares where the ink lies: a shifted copy can go unnoticed, and a 5 can be nearest to a 6 (the last column).

# %% alt="Two rows of ten pictures: generated digits above, and below each the training digit nearest to it, often of the same class and similar in outline, but different in its strokes." tags=["hide-input"]
from gan_lessons.metrics.memory import copied_share, nearest

of_samples, of_unseen = (nearest(data, pixels) for pixels in (drawn[:1000], unseen))
figure, axes = plt.subplots(figsize=(7.2, 1.75))
images.draw_sheet(axes, torch.cat([drawn[:10], data[of_samples.indices[:10]]]), columns=10)
axes.set_title("Samples (above) and their nearest training digits (below): similar, not the same")
plt.show()

# %% [markdown]
# Even without copies, samples can lie a little too close to the training digits. So we ask chapter 08's question: among equally many of both, is a sample more often nearer to a training digit than to a held-out one? The copied share is 0 if both are equally likely; 0.1 means 55 times in a hundred. Real digits in the samples' place show what chance alone does.
#
# *Claimed: by the median, a sample is as far from the nearest training digit as a held-out digit is. Yet with each quarter of the training data the copied share is above anything found among real digits.*

# %% tags=["claim"]
usual, ours = of_unseen.distances.median(), of_samples.distances.median()
print(f"to the nearest training digit: a sample {ours:.1f}, a held-out digit {usual:.1f}")
copied = torch.tensor([copied_share(part, unseen, drawn) for part in data.split(1000)])
print(f"copied share, by each quarter of the training digits: {[round(share, 3) for share in copied.tolist()]}")
sets = [*data.split(1000), unseen]
among = []
for pair in combinations(range(5), 2):
    rest = torch.cat([sets[k] for k in range(5) if k not in pair])  # in the samples' place
    among.append(copied_share(*(sets[k] for k in pair), rest))
print(f"the same of real digits, between any two of five sets of 1,000: at most {max(map(abs, among)):.3f}")
assert ours > 0.95 * usual and copied.min() > 1.3 * max(map(abs, among))

# %% [markdown]
# So the typical sample is no closer to the training digits than new handwriting is, yet the samples lean towards them: 55 or 56 of a hundred are nearer to a training digit (of real digits, by chance, at most 52). That is no small lean: against any one quarter of the training digits, even a copyist of all 4,000 has a share of only about a quarter (chapter 08). The generator overfits, though it copies no digit pixel by pixel.
#
# ### A walk through its latent space
#
# In the lab, drag the dot through a plane of the latent space. Its directions come from the generator itself: the singular vectors of its first layer, along which a step changes that layer's output most (Shen & Zhou 2021), the principal components of that output over many noises (Härkönen et al. 2020), or the directions in which the picture changes fastest, from the Jacobian (Ramesh et al. 2019, [arXiv:1812.01161](https://arxiv.org/abs/1812.01161)). In the lab's text, *theirs* is the median distance from a training digit to its own nearest.
#
# At the bottom are two walks between two noises. Noise of 64 numbers nearly always has a length near 8. The arc keeps it, while the straight line's middle has about 5.7, which hardly ever came up in training. Does the difference show?

# %% alt="Upper left: nine by nine pictures in a plane spanned by the first layer's two strongest directions around a 2, which passes into a 7 to the left, a 4 above, a 6 at the upper right and a 1 at the lower left. Upper right: the picture at the dot beside the nearest training digit, another 2 of similar shape, and below them two curves over \u03c8 from 0 to 1.5: density rises from 0.4 to 0.8 at 0.75 and 1 and falls again, coverage rises from 0 to 0.9 at 1, both below the dashed lines of real digits. At the bottom: two rows of nine pictures, by the arc and by the straight line, from a 2 to a 4, much the same."
from gan_lessons.labs.latents import LatentLab

space = LatentLab(best, data, judge.features, held_out=unseen, source="first layer", seed=0)
space

# %% [markdown]
# Between these two noises the difference hardly shows: halfway, both walks pass through shapes that are no digits. The line's middle is as long as a noise at ψ ≈ 0.7, and at 0.75 the lab's curves are still high.
#
# > **Your turn.** Find a direction that changes one property and little else: slant, thickness, width. How far can you go along it before the picture breaks?
#
# <details><summary>Solution</summary>We found no pure one. At 1.5 steps along the first two directions of *first layer* and of *principal components*, the judge read another class at one end or the other for at least three quarters of 300 noises. So take less than a step.</details>
#
# ### What does truncation cost?
#
# The slider *Truncation ψ* multiplies every noise by $\psi < 1$, so samples come from nearer the middle of the latent space. It is a relative of the **truncation trick**, which trades variety for quality: BigGAN draws each number of the noise again until it is small enough (Brock et al. 2019), and StyleGAN pulls an inner layer's vector towards its mean (Karras et al. 2019).

# %% alt="Three rows of ten pictures, each column from one noise. At \u03c8 = 0.25 nearly all are black, with one thin 1; at 0.5 six show clear digits and the others faded or broken strokes; at 1 nearly all show clear digits." tags=["hide-input"]
noise = torch.randn(10, best.noise_dim, generator=torch.Generator().manual_seed(1))
with torch.inference_mode():
    truncated = torch.cat([best.average(psi * noise) for psi in (0.25, 0.5, 1.0)])
figure, axes = plt.subplots(figsize=(7.2, 2.25))
images.draw_sheet(axes, truncated, columns=10, rows=["ψ = 0.25", "ψ = 0.5", "ψ = 1"])
axes.set_title("Truncated, the strokes fade: at ψ = 0.25 hardly any is left")
plt.show()

# %% [markdown]
# The lab's curves measure quality as density and variety as coverage (both chapter 08), against the held-out digits; the dashed lines are what training digits reach, the upper one for density. Here are the numbers, and precision. *Claimed: at ψ = 0.5 density and coverage are both lower than at 1, coverage by more than a tenth; at 0.25 at most a fifth is covered.*

# %% tags=["claim"]
trade = space.trade()
at_quarter, at_half, at_one = (trade.fakes[psi] for psi in (0.25, 0.5, 1.0))
for name, found in {"ψ = 0.25": at_quarter, "ψ = 0.5": at_half, "ψ = 1": at_one, "real digits": trade.real}.items():
    print(f"{name:>11}: density {found.density:.2f}, coverage {found.coverage:.2f}, precision {found.precision:.2f}")
assert at_half.density < at_one.density - 0.05 and at_half.coverage < at_one.coverage - 0.1
assert at_quarter.coverage < 0.2

# %% [markdown]
# For this generator there is no trade: as ψ falls the digits fade, so truncation costs quality as well as variety. Noises so short (lengths near 4 and 2) never came up in training, and in the middle of its latent space this generator draws nothing: set the lab's ψ to 0.
#
# Precision would have hidden this, with nearly 1 for black pictures, since it asks only whether a fake lies in *any* real digit's ball. Density counts these balls: the black pictures lie in about two, real digits in about five. So look at samples before you believe a score.
#
# ### Real or fake?
#
# Numbers judge what their features see, so we also ask an eye. It sees one picture at a time, half of them real (held-out), in random order.
#
# First a machine answers: "real" when the judge is more than 97 % sure of a class (our choice), "fake" otherwise. *Claimed: the interval of its error excludes guessing.*

# %% tags=["claim"]
from gan_lessons.labs.blind import RealOrFakeLab, interval

machine = RealOrFakeLab(unseen, drawn, trials=400, who="The judge was")
while not machine.done:
    sure = judge.probabilities(machine.shown).max() > 0.97
    machine.answer("real" if sure else "fake")
print(machine.sentence)
assert machine.result.high < 0.5 and len(machine.records) == 400

# %% [markdown]
# So even a classifier that has never seen a fake does better than guessing. Now you (click on the picture before you use the keys). After forty answers you see your error and which pictures fooled you.

# %% alt="The test at its first question: one large handwritten digit, and the title: Picture 1 of 40: real or fake?"
test = RealOrFakeLab(unseen, drawn, trials=40)
test

# %% [markdown]
# How far can forty answers be trusted? Suppose someone is wrong in 45 %:

# %%
for count in (40, 400, 1600):
    low, high = interval(round(0.45 * count), count)
    print(f"{count:5} answers: between {low:.0%} and {high:.0%}")

# %% [markdown]
# Even 400 answers do not quite tell 45 % from guessing. A test with forty can show that fakes are bad, not that they are good.
#
# > **Your turn.** You were wrong in 22 of 40. Are the fakes better than the real digits?
#
# <details><summary>Solution</summary>22 of 40 are 55 %, but `interval(22, 40)`, from 38 to 71 %, contains 50 %: this could be guessing.</details>

# %% [markdown]
# ## Debugging card
#
# | what it looks like | what to test | what to mend |
# |---|---|---|
# | grey mush for hundreds of steps | are the data in [−1, 1], as `tanh`'s values are? has $D$'s first layer a bias? | the range; the bias |
# | one or two shapes again and again | class counts; distance with and without `GroupSpread` | minibatch standard deviation, groups of 8; chapter 06 |
# | a checkerboard of dark and light pixels | enlarge a sample to single pixels | upsampling followed by a convolution; a kernel size divisible by the stride helps, but is no cure (chapter 02) |
# | "A batch of 30 cannot be split into groups of 8" | the batch size | a multiple of 8; drop the last batch |
# | distance far below the floor | were the same counts used? has the generator seen the held-out digits? | equal counts; keep the held-out digits out of training |
#
# ## What we saw
#
# - A distance means something between its floor and its ceiling, at equal counts, against held-out pictures.
# - Of the recipe's changes, the minibatch standard deviation gains most, and undoing it costs most (three seeds, 900 steps, at the recipe's rate).
# - Most of the distance falls in an eighth of the steps. The losses show that fall, but are no guide afterwards.
# - Our long run ends at 2.2 times the floor, with all ten classes. Its samples lean clearly towards the training digits, without copying any.
# - Truncation costs quality as well as variety here (one generator), and precision does not notice. A judge that has never seen a fake still tells some fakes from real digits.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Why is the floor of the Fréchet distance above zero, with real pictures on both sides?
#    <details><summary>A · The judge is bad</summary><b>No.</b> It would be so for any judge.</details>
#    <details><summary>B · Real pictures are noisy</summary><b>No.</b> Noise that both sides share would not separate them.</details>
#    <details><summary>C · Both sides are finite samples</summary><b>Right.</b> With more pictures on both sides the floor falls.</details>
# 2. What exposes a generator that copies the training pictures?
#    <details><summary>A · The Fréchet distance</summary><b>No.</b> Copies score as well as real pictures do.</details>
#    <details><summary>B · The distance to the nearest training picture</summary><b>Right.</b> It is zero for exact copies; a shifted one can escape it.</details>
#    <details><summary>C · The class counts</summary><b>No.</b> They are those of the training set.</details>
# 3. The minibatch standard deviation tells the discriminator …
#    <details><summary>A · how much the pictures of a group differ</summary><b>Right.</b> So a generator that repeats itself is caught.</details>
#    <details><summary>B · how bright a picture is</summary><b>No.</b> It can see that in a single one.</details>
#    <details><summary>C · which class a picture belongs to</summary><b>No.</b> No label enters.</details>
#
# ### In your own words
#
# 1. Why do we divide every distance by that of uniform noise?
#    <details><summary>Answer</summary>The bare number depends on the judge's features and their units. As a fraction of the ceiling, and
#    beside the floor, it can be read.</details>
# 2. Why are the digits held out from the judge, too?
#    <details><summary>Answer</summary>A classifier is surer of what it has trained on. Measured on its own training digits,
#    real handwriting would look cleaner than new handwriting can, and every fake worse beside it.</details>
#
# ## Further reading
#
# - Radford et al. 2016, *DCGAN* ([arXiv:1511.06434](https://arxiv.org/abs/1511.06434)): the architecture of section 2, and walks through
#   its latent space.
# - Karras et al. 2018, *Progressive growing* ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196)): section 3 shows the minibatch standard
#   deviation.
# - Brock et al. 2019, *BigGAN* ([arXiv:1809.11096](https://arxiv.org/abs/1809.11096)) and Karras et al. 2019, *StyleGAN*
#   ([arXiv:1812.04948](https://arxiv.org/abs/1812.04948)): the truncation trick, in the noise and in a later layer.
# - Shen & Zhou 2021 ([arXiv:2007.06600](https://arxiv.org/abs/2007.06600)) and Härkönen et al. 2020, *GANSpace*
#   ([arXiv:2004.02546](https://arxiv.org/abs/2004.02546)): directions in a latent space without training.
# - Kynkäänniemi et al. 2019 ([arXiv:1904.06991](https://arxiv.org/abs/1904.06991)): precision and recall; Naeem et al. 2020
#   ([arXiv:2002.09797](https://arxiv.org/abs/2002.09797)): density and coverage.
# - Zhou et al. 2019, *HYPE* ([arXiv:1904.01121](https://arxiv.org/abs/1904.01121)): the human-eye test done with care.
# - Huang et al. 2024, *The GAN is dead; long live the GAN!* ([arXiv:2501.05441](https://arxiv.org/abs/2501.05441)): relativistic loss with R1
#   and R2.
#
# **Next:** the [assignment](assignments/release/09_images/09_images.ipynb), then [chapter 10, Images on demand](10_images_on_demand.ipynb), where the GAN is told which digit to draw. **Contents:** [the start page](00_start.ipynb).
