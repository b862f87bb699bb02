# %% [markdown]
# # 12 · Few pictures
#
# [← 11 Architectures](11_architectures.ipynb) · [contents](00_start.ipynb) · [13 Image to image →](13_image_to_image.ipynb)
#
# **What if there are only fifty? What a GAN can learn from a handful of pictures, how to see when it only memorises them, and what helps.**

# %% alt="A moving picture: twenty-four cartoon cats in three rows. From moment to moment each cat shifts by a few pixels, changes in brightness and colour, and loses a square to grey, each in its own way." tags=["hide-input"]
import json
import tempfile
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from PIL import Image, ImageOps
from torch import nn

from gan_lessons import losses, penalties, recipes, training
from gan_lessons.data import avatars, emoji, sources
from gan_lessons.gan import GAN
from gan_lessons.metrics import few
from gan_lessons.metrics.memory import nearest
from gan_lessons.networks import augmentation
from gan_lessons.plots import curves, diagrams, images, style
from gan_lessons.plots.motion import Animation

torch.set_num_threads(1)
torch.manual_seed(12)
style.use()

sixty_four = avatars.load("cats", 32, 64).pixels()
seen = augmentation.Augmentation(augmentation.policy("diffaugment"))
frames = [sixty_four[:24], *(seen(sixty_four[:24]) for _ in range(11))]
Animation(
    [
        (255 * images.tile(frame, 8)).round().byte().repeat_interleave(3, 0).repeat_interleave(3, 1).numpy()
        for frame in frames
    ],
    milliseconds=350,
    rest=350,
    colors=128,
)

# %% [markdown]
# (Drawings by David Revoy, CC BY 4.0, from the package robohash; the robots further down are by Zikri Kader, CC BY 3.0 or 4.0.)
#
# These cats change as a discriminator may see them: every picture, real or fake, is changed at random before D scores it. The aim is to keep D from memorising the 64 pictures it learns from.
# We shall measure how far that works.
#
# Most people who want a GAN have few pictures: the fifty drawings of a sketchbook, forty portraits, a hundred logos.
#
# **You will** train on 64 cats, watch the discriminator memorise them, augment its pictures, let the overfitting itself decide how often,
# count copies and new cats, and train on a folder of fifty pictures.
#
# **You will learn** to
# - see a discriminator's overfitting, by held-out pictures,
# - augment real and fake pictures alike, and say why both, and why not always,
# - steer augmentation by feedback,
# - begin from a GAN, or a classifier, that was trained on something else, and ask what it brought,
# - tell a new picture from a copy, by counting,
# - judge popular claims about small and unbalanced sets.
#
# **You will need** chapters 03, 07 and 09, the extra `pictures`, and about a minute of computing on a laptop's processor.

# %% alt="The block diagram of a GAN, with the real pictures and the discriminator lit: only a few real pictures reach the discriminator, again and again." tags=["hide-input"]
diagrams.gan(lit=("real", "discriminator", "fake"), real="only 64 of them")

# %% [markdown]
# ## 1 · A discriminator learns by heart
#
# Each cat is assembled from five drawn parts: 15 bodies, 10 furs, 15 pairs of eyes, 10 mouths and 16 accessories make 360,000 different cats. So
# we can have as many **held-out** cats as we like. The GAN learns from only 64.
#
# Chapter 03 met **overfitting**: a classifier that has memorised its training set says little about anything else. A discriminator is a classifier, and in
# 500 steps of 32 pictures it sees each real cat 250 times. Does it overfit?
#
# The recipe `few` holds out 500 cats: D scores them, but never learns from them. Here the recipe runs small, at 16 × 16 pixels, without any remedy:

# %%
small = replace(recipes.find("few"), size=16, steps=500, learning_rate=4e-3, average_decay=0.99)
plain = replace(small, augmentation="none")
gan = plain.build(seed=0)
for record in plain.train(gan, plain.data()):
    pass
known, unseen = (part.pixels for part in plain.parts())
fakes = plain.samples(gan, 500).float()
print(f"{len(known)} known cats, {len(unseen)} held-out cats, {len(fakes)} fakes")


# %% alt="Three histograms of the discriminator's scores. Those of the fakes lie to the left, those of the held-out cats in the middle, and those of the 64 known cats to the right, apart from both." tags=["hide-input"]
def scores_of(judged, pixels):
    with torch.no_grad(), judged.autocast:
        return judged.discriminator.discriminator(few.whole(pixels)).float()


def draw_scores(axes, judged, title):
    groups = {"known": (known, style.REAL), "held out": (unseen, style.AVERAGE), "fake": (fakes, style.FAKE)}
    found = {name: scores_of(judged, pixels) for name, (pixels, _) in groups.items()}
    every = torch.cat(list(found.values()))
    bins = torch.linspace(float(every.min()), float(every.max()), 45).tolist()
    for name, (_, color) in groups.items():
        scores = found[name]
        axes.hist(scores, bins, density=True, histtype="step", lw=1.6, color=color)
        axes.axvline(scores.mean(), 0, 0.86, color=color, ls=":", lw=1)
        place = (float(scores.mean()), 0.88)
        axes.annotate(name, place, xycoords=("data", "axes fraction"), color=color, ha="center", fontsize=9)
    axes.set_ylim(0, 1.22 * axes.get_ylim()[1])
    axes.set(xlabel="score s (dotted: the mean)", ylabel="density", yticks=[], title=title)


figure, axes = plt.subplots(figsize=(7.2, 2.8))
draw_scores(axes, gan, "D tells known cats from held-out ones, which it should not")
plt.show()


# %% [markdown]
# A held-out cat is as real as a known one. A discriminator that had learned only what cats look like would give both the same mean score. This one has learned which 64 cats
# it was shown.
#
# How bad is it? Our unit is the distance between the mean scores of known cats and of fakes. We ask how far the held-out cats have fallen:
#
# $$ r_v = \frac{\mathbb E\, s(x_\text{known}) - \mathbb E\, s(x_\text{held out})}{\mathbb E\, s(x_\text{known}) - \mathbb E\, s(G(z))}. $$
#
# We call it the **held-out gap** (Karras et al. 2020, equation 1).
#
# - **0**: held-out cats score as high as known ones.
# - **1**: held-out cats score no higher than fakes.
# - **Above 1**: they score even lower than fakes.

# %% module="gan_lessons.networks.augmentation" tags=["library"]
def overfitting(real_scores, held_out_scores, fake_scores, limit=2.0):
    known, unseen, fake = (scores.float().mean() for scores in (real_scores, held_out_scores, fake_scores))
    return ((known - unseen) / (known - fake).clamp(min=1e-3)).clamp(-limit, limit)


# %% [markdown]
# The paper has a second measure, which needs no held-out pictures: $r_t = \mathbb E\,\mathrm{sign}\, s(x)$. It is 1 where every real picture scores above 0, and −1 where none does.
# It suits the non-saturating loss, for which a score of 0 means "undecided".
#
# Ours is the **relativistic** loss of chapter 04, which sees only differences of scores. Where the scores lie is left to chance, and $r_t$ would measure that chance.
# $r_v$ is made of differences, so it fits. Its price: D may not learn from the held-out pictures.
#
# *Claimed: after 500 steps on 64 cats the held-out gap is above .3.*

# %% tags=["claim"]
gap = few.held_out_gap(gan, known, unseen, fakes)
print(f"held-out gap {gap:.2f}")
assert gap > 0.3

# %% [markdown]
# Why does overfitting hurt the *generator*? G follows D's gradient. Suppose that D became a narrow peak at each of the 64 cats and knew nothing in between. Then the gradient would point to
# one of these cats: to a copy.
#
# ## 2 · Change real and fake alike
#
# With few photographs, a classifier is trained on crops, shifts and colour changes of them: **data augmentation** (chapter 03). In a GAN there is a trap. Augment only the *real* pictures, and G
# learns to make what D sees: pictures that are shifted, turned or oddly coloured. That is a **leak**.
#
# Several groups found the way out in 2020: put the change in front of D, on *both* of its inputs. D then compares changed fakes with changed reals.
#
# G's gradient flows back through the change, from D through T to G (dashed). So the change must be differentiable: **differentiable augmentation** (DiffAugment, Zhao et al. 2020).

# %% alt="A diagram: noise goes into the generator, which makes a fake; the fake and the real picture both pass the same box named change T before the discriminator, which scores them. A dashed red line, the gradient, runs back from the discriminator through the change and the fake to the generator." tags=["hide-input"]
from gan_lessons.plots.diagrams import Arrow, Box

diagrams.flow(
    [
        Box("noise z", 0, 1, role="noise"),
        Box("generator G", 1, 1, role="generator"),
        Box("fake G(z)", 2, 1, role="fake"),
        Box("real x", 2, 0, role="real"),
        Box("change T", 3, 0.5, "differentiable", "average"),
        Box("discriminator D", 4, 0.5, role="discriminator"),
    ],
    [
        Arrow("noise z", "generator G"),
        Arrow("generator G", "fake G(z)"),
        Arrow("fake G(z)", "change T"),
        Arrow("real x", "change T"),
        Arrow("change T", "discriminator D"),
        Arrow("discriminator D", "change T", gradient=True),
        Arrow("change T", "fake G(z)", gradient=True),
        Arrow("fake G(z)", "generator G", "gradient", gradient=True),
    ],
)


# %% [markdown]
# In code, a change takes pictures and a few random numbers for each. It may use sums and products only: the penalties of chapter 07 need the slope of a slope, which torch's
# own resampling does not have. Here are two of DiffAugment's three changes:

# %% module="gan_lessons.networks.augmentation" tags=["library"]
def cutout(pixels, random):
    side = pixels.shape[-1]
    away = (torch.arange(side, device=pixels.device) + 0.5 - side * random[:, :2, None]).abs() > side / 4
    return pixels * (away[:, 0, :, None] | away[:, 1, None, :])[:, None]


def colour(pixels, random):
    brightness, saturation, contrast = (number[:, None, None, None] for number in random.unbind(1))
    pixels = pixels + brightness - 0.5
    grey = pixels.mean(1, keepdim=True)
    pixels = grey + 2 * saturation * (pixels - grey)
    middle = pixels.mean((1, 2, 3), keepdim=True)
    return middle + (contrast + 0.5) * (pixels - middle)


# %% [markdown]
# A module before D draws the numbers. It applies each change to each picture with a probability. (`random_per_sample` tells the training loop that it may
# score real and fake pictures in one pass.)

# %% module="gan_lessons.networks.augmentation" tags=["library"]
from gan_lessons.networks.augmentation import NUMBERS


class Augmentation(nn.Module):
    random_per_sample = True

    def __init__(self, changes, probability=1.0):
        super().__init__()
        self.changes = tuple(changes)
        self.register_buffer("probability", torch.tensor(float(probability)))

    def forward(self, pixels):
        if not self.training:
            return pixels
        for change in self.changes:
            random = torch.rand(len(pixels), NUMBERS + 1, device=pixels.device, dtype=pixels.dtype)
            comes = random[:, 0, None, None, None] < self.probability
            pixels = torch.where(comes, change(pixels, random[:, 1:]), pixels)
        return pixels


class Augmented(nn.Module):
    def __init__(self, discriminator, changes, probability=1.0):
        super().__init__()
        self.augmentation = Augmentation(changes, probability)
        self.discriminator = discriminator

    def forward(self, pixels, *condition):
        return self.discriminator(self.augmentation(pixels), *condition)


# %% alt="Seven rows of eight cats of 32 pixels. The first row is unchanged; below it each row shows one change: colour, translation, cutout, mirror, quarter turn, zoom." tags=["hide-input"]
every_change = ("colour", "translation", "cutout", "mirror", "quarter_turn", "zoom")
rows = [sixty_four[:8]]
for name in every_change:
    rows.append(getattr(augmentation, name)(sixty_four[:8], torch.rand(8, 3)))
figure, axes = plt.subplots(figsize=(7.2, 6.4))
images.draw_sheet(axes, torch.cat(rows), 8, ("as they are", *(name.replace("_", " ") for name in every_change)))
axes.set_title("Eight cats, and what each change makes of them")
plt.show()

# %% [markdown]
# ### What leaks
#
# Turns show most clearly what leaks. Here a turn rotates a cat by 0, 90, 180 or 270 degrees, each equally likely.
#
# > **Predict, then run.** Three GANs learn 1,000 cats. For the first, only the real pictures are turned. For the second, every picture that D sees is turned, real or fake. For the third, each is turned with a probability of one half. Which way up are their fakes?

# %%
many_cats = avatars.load("cats", 16, 1000).pixels()


class Turned(sources.Samples):
    """A source whose real pictures are changed, as for a classifier."""

    def batch(self, indices):
        real = self.samples[indices]
        return sources.Batch(augmentation.quarter_turn(real, torch.rand(len(real), NUMBERS)))


def with_turns(data, changes, probability=1.0, seed=0, steps=200):
    torch.manual_seed(seed)
    generator, judged = small.players()
    judged = Augmented(judged.discriminator, changes, probability)
    adam = partial(torch.optim.Adam, lr=4e-3, betas=(0.0, 0.99), fused=True)
    one = GAN(generator, judged, noise_dim=small.noise_dim, seed=seed, optimizer=adam)
    penalty = partial(penalties.r1_and_r2, weight=0.3)
    options = {"penalty": penalty, "penalty_every": 4, "schedule": training.cosine}
    for _ in training.train(one, data, losses.relativistic, steps=steps, batch=32, **options):
        pass
    return one.sample(1000)


turned = {
    "real alone": with_turns(Turned(many_cats), ()),
    "both, always": with_turns(many_cats, (augmentation.quarter_turn,)),
    "both, half": with_turns(many_cats, (augmentation.quarter_turn,), 0.5),
}

# %% alt="Four rows of nine small pictures: real cats, upright; blotchy fakes that lie, stand and hang in all four directions, of the GAN whose real pictures alone were turned; fakes that all lie on the same side, of the GAN whose D saw both turned always; and upright fakes of the GAN whose D saw both turned half of the time." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.2))
rows = torch.cat([many_cats[:9], *(pixels[:9] for pixels in turned.values())])
images.draw_sheet(axes, rows, 9, ("real", *turned))
axes.set_title("Of the three, only 'both, half' keeps fakes upright")
plt.show()


# %% [markdown]
# Which way up is a fake? We turn the mean cat four ways and take the nearest. *Claimed: with the real pictures alone turned, fewer than half of the fakes are upright; with both turned half of the time, more than nine in ten.*

# %% tags=["claim"]
def upright(pixels):
    """The share of pictures to which the mean cat is nearer as it is than turned."""
    four = torch.stack([many_cats.mean(0).rot90(turns, (-2, -1)) for turns in range(4)])
    return float((nearest(four, pixels.float()).indices == 0).float().mean())


counted = {"real cats": upright(many_cats)} | {name: upright(pixels) for name, pixels in turned.items()}
print("upright: " + ", ".join(f"{name} {share:.2f}" for name, share in counted.items()))
assert counted["real alone"] < 0.5 and counted["both, half"] > 0.9

# %% [markdown]
# - **The real ones alone.** G cannot know that the turns are ours, so it learns them. That is the leak you would expect.
# - **Both, always.** Once turned at random, cats that lie on their side have the same distribution as upright cats. So nothing tells G which way up a cat is. This GAN's cats all lie on the same side; which side is chance.
# - **Both, half of the time.** Now upright cats come more often than any others, and only upright fakes can match that.
#
# In general, the effect of the change on the distribution must be *undoable* (Karras et al. 2020, section 2.2). Leaving the change out often enough can make it so.
#
# **Your turn.** DiffAugment applies cutout to every picture, and yet G learns whole pictures. Why is a cutout undoable where a quarter turn is not?
#
# <details><summary>Solution</summary>A hole hides another place each time, and what it hides in one picture another one shows. Fakes that had holes of their own would
# show too much grey once cut out again. So the distribution of cut pictures still determines the distribution of whole ones. Four turns that are equally likely erase the direction for good.</details>
#
# ## 3 · As much as it takes
#
# How often should a change come? Too rarely, and D memorises; too often, and D learns slowly, from pictures that hardly look real. **Adaptive discriminator augmentation** (ADA, Karras et al. 2020) makes this a control loop:
#
# 1. Begin at p = 0.
# 2. Every few steps, measure the overfitting.
# 3. Where it is above the target, raise p a little; where it is below, lower it.
#
# Our `Feedback` measures $r_v$ on held-out pictures. `ramp` is the number of pictures in which p could rise from 0 to 1.
#
# Mirror, translation, zoom and colour share one p, and each is drawn independently. p never exceeds .8, since changes that are always on can leak. (Karras et al. found leaks unlikely below .8.)

# %% module="gan_lessons.networks.augmentation" tags=["library"]
from gan_lessons.data.sources import as_source


class Feedback:
    def __init__(self, held_out, target=0.5, ramp=40_000, every=4, most=0.8):
        self.held_out, self.target, self.ramp, self.every, self.most = as_source(held_out), target, ramp, every, most

    def __call__(self, gan, fake, batch):
        if gan.step % self.every:
            return {}
        with torch.no_grad():
            indices = torch.randint(len(self.held_out), (len(batch.real),), device=batch.real.device)
            unseen, condition = self.held_out.batch(indices)
            real_scores, fake_scores = gan.score(batch.real, batch.condition), gan.score(fake, batch.condition)
            (found,) = gan.ranks.mean([overfitting(real_scores, gan.score(unseen, condition), fake_scores)])
            probability = gan.discriminator.augmentation.probability
            rise = self.every * len(batch.real) * gan.ranks.count / self.ramp
            probability.add_(rise * (found - self.target).sign()).clamp_(0, self.most)
        return {"overfitting": found, "augmentation": probability.clone()}


# %% [markdown]
# The last lines are the whole control. Only the *sign* of `found - target` counts, so p always takes a step of the same size, up or down. (`gan.ranks` averages over several GPUs.)
#
# To see the loop react, we record a short run with a low target and a quick ramp. Beside it we record $r_t$ of the same real cats, unchanged:

# %%
adaptive = replace(small, augmentation="adaptive")
steered = adaptive.build(seed=0)
feedback = augmentation.Feedback(unseen.to(steered.device), target=0.2, ramp=3000)


def watched(gan, fake, batch):
    told = feedback(gan, fake, batch)
    if told:
        with torch.no_grad(), gan.autocast:
            told["r_t"] = gan.discriminator.discriminator(batch.real).float().sign().mean()
    return told


for record in adaptive.train(steered, adaptive.data(), discriminator_extra=watched):
    pass


# %%
def coin_walks(readings, rise, count=1000, most=0.8):
    """The p of as many controllers that toss a fair coin at each reading, [readings, count]."""
    random, p = torch.Generator().manual_seed(0), torch.zeros(count)
    walks = []
    for _ in range(readings):
        p = (p + rise * (2 * torch.randint(2, (count,), generator=random) - 1)).clamp(0, most)
        walks.append(p)
    return torch.stack(walks)


told = [record for record in steered.history if "augmentation" in record.extra]
steps = torch.tensor([record.step for record in told])
r_v, p, r_t = (
    torch.stack([record.extra[name] for record in told]).cpu() for name in ("overfitting", "augmentation", "r_t")
)
coins = coin_walks(len(told), 4 * 32 / 3000)  # a reading every 4 steps of 32 pictures, and a ramp of 3,000

# %% alt="Three panels over 500 steps. Above, readings of the held-out gap, one batch each, scattered between -2 and 2 about a dashed target at .2, green above it and grey below; a black line, the mean of 25 readings, stays between about -.1 and .5. In the middle the probability of augmentation, which goes up by one step at each green reading and down at each grey one, mostly inside a grey band, between the 5th and the 95th percentile of walks by a fair coin. Below, the measure of signs, r_t, which is 1 most of the time and falls at times." tags=["hide-input"]
figure, panels = plt.subplots(3, 1, figsize=(7.2, 5.4), sharex=True, height_ratios=(3, 3, 2))
for axes, values, size in ((panels[0], r_v, 3.5), (panels[1], p, 3)):
    for chosen, color in ((r_v > 0.2, style.DISCRIMINATOR), (r_v <= 0.2, style.REFERENCE)):
        axes.plot(steps[chosen], values[chosen], "o", color=color, ms=size)
panels[0].plot(steps[12:-12], r_v.unfold(0, 25, 1).mean(1), color="black", lw=1.4)
curves.draw_reference(panels[0], 0.2, "target .2")
panels[1].fill_between(steps, *coins.quantile(torch.tensor([0.05, 0.95]), 1), color=style.REFERENCE, alpha=0.15, lw=0)
words = (
    "green: above the target; line: the mean of 25",
    "green: p was raised; grey: lowered; band: 90 % of fair coins",
)
for axes, text in zip(panels, words):
    axes.text(0.01, 0.97, text, va="top", fontsize=9, transform=axes.transAxes)
panels[2].plot(steps, r_t, color=style.DISCRIMINATOR, lw=1.4)
panels[0].set(
    ylabel="$r_v$, one batch", ylim=(-2.2, 2.9), title="p follows the readings; a fair coin could bring it as far"
)
panels[1].set(ylabel="probability p", ylim=(0, 1.1))
panels[2].set(ylabel="$r_t$", xlabel="step", ylim=(-1.1, 1.1))
plt.show()

# %% tags=["hide-input"]
steered_fakes = adaptive.samples(steered, 500).float()
steered_gap = few.held_out_gap(steered, known, unseen, steered_fakes)
above = float((r_v > 0.2).float().mean())
as_high = float((coins.amax(0) >= p.max()).float().mean())
print(f"{len(told)} readings, {above:.0%} above the target; r_t between {r_t.min():.2f} and {r_t.max():.2f}")
print(f"p went up to {float(p.max()):.2f}, where {as_high:.0%} of the coins get, too")
print(f"held-out gap on pictures as they are: plain {gap:.2f}, adaptive {steered_gap:.2f}")

# %% [markdown]
# **Did the feedback find that D overfits?** This run is too short to say. The readings are above the target only a little more often than below. Some controllers that toss a fair coin at each reading would bring p as high.
#
# The runs of section 5 are longer, with a target of .5 and a slower ramp. *Claimed: in each of three seeds, p after 2,000 steps was higher than 99 in 100 fair coins would have brought it.*

# %% tags=["claim", "long"]
longer = json.loads(Path("results/few.json").read_text())
ends = [run["curve"][-1]["augmentation"] for run in longer["runs"] if (run["way"], run["count"]) == ("adaptive", 64)]
coin = float(coin_walks(2000 // 4, 4 * 32 / 40_000)[-1].quantile(0.99))
print(
    "p after 2,000 steps: " + ", ".join(f"{end:.2f}" for end in ends) + f"; 99 in 100 fair coins are below {coin:.2f}"
)
assert min(ends) > coin


# %% [markdown]
# There the readings leaned upward: D overfits, and the feedback answers.
#
# The short run raises three questions of its own:
#
# - **Why do the readings jump?** Each is of one batch of 32. And where D hardly tells known cats from fakes, $r_v$ divides by nearly nothing. Each step of p is small, so p averages over many readings.
# - **Why is the printed gap above the target of .2?** The controller measures on changed pictures, the printed gap on pictures *as they are*. That the plain run's gap is a little larger may be chance, with one seed each; section 5 has three.
# - **And $r_t$?** It is 1 most of the time, and at times falls within a few steps. It shows where the scores lie, not how far D overfits.
#
# ## 4 · Borrow from others
#
# Augmentation makes more of the pictures that you have. You can also bring knowledge from elsewhere, in two ways:
#
# - **Transfer learning**: begin with the two players of a GAN that was trained on a larger set, here robots, and go on with the cats. Low layers
#   see edges and blobs, which robots have too, so they can stay as they are: **FreezeD** (Mo et al. 2020).
# - A **projected GAN** (Sauer et al. 2021) shows D no pixels, only the features of a frozen classifier that was trained on a million photographs (here EfficientNet-Lite0). D learns small heads on these features.
#   The same network must not judge the samples afterwards, so our judge is another one, which reads cats' parts.
#
# Freezing takes little code: what needs no gradient gets no optimiser. The lowest layer here is small, so freezing it alone can hardly matter much.

# %% module="gan_lessons.networks.augmentation" tags=["library"]
def freeze(discriminator, layers):
    own = [layer for layer in discriminator.modules() if any(True for _ in layer.parameters(recurse=False))]
    if not 0 <= layers < len(own):
        raise ValueError(f"Of {len(own)} layers with weights 0 to {len(own) - 1} can be frozen, not {layers}.")
    for layer in own[:layers]:
        layer.requires_grad_(False)
    return discriminator


# %% [markdown]
# All of it is in the recipe's settings: `augmentation` (none, diffaugment, adaptive), `start` (a run's folder or a stored GAN), `frozen`, `pretrained`:

# %%
for settings in ({}, {"frozen": 1}, {"pretrained": True}):
    player = replace(plain, **settings).players()[1].discriminator
    learns, all_of_it = (sum(w.numel() for w in player.parameters() if w.requires_grad or every) for every in (0, 1))
    print(f"{settings or 'plain'}: {learns:,} of {all_of_it:,} weights of D learn")

# %% [markdown]
# Does it help? There is one stored run of each. Here is the transfer, beside three runs from scratch:

# %% alt="Two panels over 500 to 2,000 steps: three orange lines from scratch, one dark line that begins from robots. Left, the Fr\u00e9chet distance: at 500 steps the dark line lies among the others, at 1,000 it is lowest, at 1,500 and 2,000 highest. Right, the held-out gap: it climbs from about .55 to between .9 and 1.1 in all four." tags=["long", "hide-input"]
figure, panels = plt.subplots(1, 2, figsize=(7.2, 2.7))
for axes, key in zip(panels, ("frechet_fraction", "held_out_gap")):
    for way, color in (("none", style.FAKE), ("transfer", style.CATEGORIES[0])):
        for run in longer["runs"]:
            if (run["way"], run["count"]) == (way, 64):
                moments = [(one["step"], one[key]) for one in run["curve"]]
                axes.plot(*zip(*moments), "o-", color=color, ms=5, lw=1.4)
    axes.set(xlabel="step", ylim=(0, None), xticks=(500, 1000, 1500, 2000))
panels[0].text(1030, 0.045, "from robots", color=style.CATEGORIES[0], fontsize=9, va="top")
panels[0].text(1060, 0.098, "from scratch, three seeds", color=style.FAKE, fontsize=9)
panels[0].set_ylabel("Fréchet / noise's")
panels[1].set_ylabel("held-out gap")
panels[0].set_title("Ahead at 1,000 steps, not at the end", fontsize=10)
panels[1].set_title("D overfits in either case", fontsize=10)
plt.show()

# %% [markdown]
# - **From a GAN of robots**, with one layer frozen, the fakes were nearer to held-out cats than those from scratch at 1,000 steps, and farther at the end. This is one seed, and the robots' own training is not counted.
# - **With the features of EfficientNet-Lite0**, DiffAugment and a lower learning rate, G collapsed onto one distorted cat (section 5 shows it). A quarter of the steps took about twice the time of the plain run, since each step goes through a larger network.
#
# We hardly tuned either, and 32 × 32 drawings are not what ImageNet's features are made for. The papers report large gains from both, chiefly on photographs.
#
# ## 5 · Is it a new cat? Count
#
# "Does it only copy?" is usually answered by looking at nearest neighbours. Here we can *count*.
#
# A small judge reads the five parts of a fake. Among its four likeliest guesses for each part, we search for the combination whose
# cat comes nearest to the fake, pixel by pixel. There are 360,000 combinations, and only 64 were shown. Distances are root mean squares, on a range of 1:
#
# | a fake is | if |
# |---|---|
# | **clear** | it is within .08 of the combination that was found |
# | **copied** | it is clear, and one of the 64 is as near (to .002) |
# | **new** | it is clear, and nearer to the combination than to any of the 64, by more than .02 |
# | **undecided** | it is clear, and neither of these: parts can hide one another |
#
# Where a fake is not clear, its parts cannot be read well enough. *Copied* is meant widely: a clear average of two of the 64 often counts, too.
#
# First we count three yardsticks:
#
# - *Copies* of the 64 should be clear and copied.
# - *Averages* of two of the 64 are mush. Few should be clear, and next to none new.
# - *Recombined* cats, whose parts are drawn from the 64 at random, are what a perfect learner of parts would make. They should be clear, and nearly all new.
#
# *Claimed: every copy counts as copied; fewer than 30 % of the averages are clear; of the recombined cats, more than 70 % are new and fewer than 10 % copied.*

# %% tags=["claim"]
cats = avatars.load("cats", 16, 64)
some = torch.randint(64, (500, 5), generator=torch.Generator().manual_seed(0))
first, second = (cats.pixels(some[:, column]) for column in (0, 1))
parts = cats.variants()
yardsticks = {
    "copies": first,
    "averages": (first + second) / 2,
    "recombined": cats.compose(torch.stack([parts[some[:, part], part] for part in range(5)], 1)),
}
beside = {name: few.cat_combinations(pixels, cats) for name, pixels in yardsticks.items()}
for name, shares in beside.items():
    print(f"{name:>11}: " + ", ".join(f"{key.replace('_', ' ')} {value:.2f}" for key, value in shares.items()))
assert beside["copies"]["copied_share"] == 1 and beside["recombined"]["copied_share"] < 0.1
assert beside["averages"]["clear_share"] < 0.3 and beside["recombined"]["new_share"] > 0.7

# %% [markdown]
# The GANs of sections 1 and 3 are too rough for this count. It takes longer training.
#
# ### Longer, with three seeds
#
# A stored comparison trains at 32 × 32 for 2,000 steps. With 64 cats, the plain and the adaptive way have three seeds; all others have one. Each GAN is scored four times and counts at its best moment, by the Fréchet distance to held-out cats.
#
# The columns of the table:
#
# - *Fréchet*: that distance, as a share of noise's,
# - *gap*: the held-out gap,
# - *clear*, *copied*, *new*: shares of all samples,
# - *p*: the feedback's probability at that moment.
#
# For the GAN with 350,000 cats, copies are counted against the first 4,000.
#
# The sheet below the table shows unselected fakes of seven of these GANs.

# %% tags=["long"]
print(f"{longer['command']}\n{longer['date']}, {longer['cpu_seconds'] / 60:.0f} minutes on {longer['machine']}\n")
keys = {"frechet_fraction": "Fréchet", "held_out_gap": "gap", "clear_share": "clear", "copied_share": "copied",
        "new_share": "new", "augmentation": "p"}  # fmt: skip
print(f"{'':>24}" + "".join(f"{name:>9}" for name in keys.values()))
rows = {f"{run['count']:,} cats, {run['way']}, {run['seed']}": run["best"] for run in longer["runs"]}
for name, figures in (rows | longer["beside"]["64"]).items():
    print(f"{name:>24}" + "".join(f"{figures[key]:>9.3f}" if key in figures else " " * 9 for key in keys))

# %% alt="Eight rows of eight small cats: real ones at the top, and unselected fakes of seven GANs. Without augmentation and with feedback, from 64 cats, the fakes are recognisable and speckled; with DiffAugment they are blurred, and with pretrained features all eight are nearly the same distorted brown cat; from 256, 1,000 and all cats they are recognisable again, with hats, scarves and glasses." tags=["long", "hide-input"]
import numpy as np

sheets = np.load("results/few.npz")
names = {"none_64_0": "64 cats", "adaptive_64_0": "64, adaptive", "diffaugment_64_0": "64, DiffAugment",
         "projected_64_0": "64, projected", "none_256_0": "256 cats", "none_1000_0": "1,000 cats",
         "none_350000_0": "350,000 cats"}  # fmt: skip
rows = [torch.from_numpy(sheets[name][:8]).permute(0, 3, 1, 2) / 127.5 - 1 for name in names]
figure, axes = plt.subplots(figsize=(7.2, 7.2))
images.draw_sheet(axes, torch.cat([sixty_four[:8], *rows]), 8, ("of the 64", *names.values()))
axes.set_title("DiffAugment blurs and projected features collapse; the others draw cats")
plt.show()

# %% [markdown]
# *Claimed: with 1,000 cats the held-out gap is less than half of what it is with 64, in any of the three seeds.*

# %% tags=["claim", "long"]
gaps = {(run["way"], run["count"], run["seed"]): run["best"]["held_out_gap"] for run in longer["runs"]}
assert gaps["none", 1000, 0] < 0.5 * min(gaps["none", 64, seed] for seed in range(3))

# %% [markdown]
# ### A copy, and a new cat
#
# What do the counted cats look like? Here are the *first* three fakes that count as copied and the *first* three that count as new. Below each stand the nearest of the 64 cats, and the nearest combination that the search found.
#
# The fakes are those of the plain GAN (64 cats, seed 0), trained once more on another processor, which rounds differently. So the counts differ a little from the table's.

# %% alt="Two sheets of three columns and three rows. Left, three speckled fakes that count as copied, below each the nearest of the 64 known cats and the nearest of all combinations. Right, three fakes that count as new, below each the nearest known cat and the nearest of all combinations." tags=["long", "hide-input"]
shown = np.load("results/few_pairs.npz")
those = torch.cat([torch.from_numpy(shown[kind]) for kind in ("copied", "new")]).permute(0, 3, 1, 2) / 127.5 - 1
of_64 = avatars.load("cats", 32, 64)
reading = few.read_cats(those, of_64)
rows = torch.stack([those, of_64.pixels()[reading.known], of_64.compose(reading.parts)])
figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.9))
for axes, some, name in zip(panels, rows.split(3, 1), ("copied", "new")):
    names = ("fake", "nearest\nof the 64", "nearest\nof all") if name == "copied" else ()
    images.draw_sheet(axes, some.flatten(0, 1), 3, names)
    axes.set_title(f"The first three that count as {name}", fontsize=10)
plt.show()

# %% tags=["claim", "long"]
pairs = json.loads(Path("results/few_pairs.json").read_text())
print(f"{pairs['fakes']:,} fakes: {pairs['clear']} clear, {pairs['copied']} copied, {pairs['new']} new")
alike = (reading.parts == of_64.variants()[reading.known]).sum(1).tolist()
print(f"parts, of five, that the two cats below a fake share: copied {alike[:3]}, new {alike[3:]}")
assert reading.copied[:3].all() and reading.new[3:].all()

# %% [markdown]
# *Copied* is a count by distance, not a verdict by eye. The two cats below a fake may differ in parts that are hidden or speckled; under the second copy they differ even in parts that you can see.
#
# The search goes part by part, so its nearest cat is a guess where a fake is speckled. That is why only clear fakes count.
#
# ### What would real cats score?
#
# The two shares need a control: the more cats are known, the more often a cat that nobody copied lies near one of them by chance. So we count the same shares for 1,000 *real held-out* cats, which are copies of nothing.
#
# We count them twice: as they are, and softened, so that those that still count as clear come near the limit of .08. The softened ones are a rough control, since fakes are speckled rather than soft.
#
# Both shares are of the *clear* ones, so that fewer clear cats do not pass for fewer copies.

# %% alt="Two panels over the number of known cats, 64, 256, 1,000 and 4,000. Left, the copied share of the clear ones: for real held-out cats it stays near 0, and for softened ones it rises from 0 to .2; the GANs lie at .52 to .59 and, with adaptive augmentation, .24 to .33 for 64 cats, .12 to .17 for 256 and 1,000, and .37 for 4,000. Right, the new share: sharp real cats fall from 1 to .9, softened ones from .85 to .03, and all GANs lie below the softened ones." tags=["long", "hide-input"]
known_counts = (64, 256, 1000, 4000)  # of the 350,000 cats, the first 4,000


def of_the_clear(figures, key):
    return figures[key] / figures["clear_share"]


figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.4))
titles = {"copied_share": "Copied: far above real cats at 64", "new_share": "New: less often than real cats"}
for axes, (key, title) in zip(panels, titles.items()):
    for name, dashes in (("sharp", "-"), ("softened", "--")):
        shares = [of_the_clear(one, key) for one in longer["held_out"][name]["against"].values()]
        axes.plot(shares, dashes, color=style.REAL, lw=1.6, label=f"real held-out cats, {name}")
    for way, side, color in (("none", -1, style.FAKE), ("adaptive", 1, style.AVERAGE)):
        some = [run for run in longer["runs"] if run["way"] == way]
        places = [  # seeds beside each other
            known_counts.index(min(run["count"], known_counts[-1])) + side * (0.06 + 0.07 * run["seed"]) for run in some
        ]
        shares = [of_the_clear(run["best"], key) for run in some]
        axes.plot(places, shares, "o", color=color, ms=5, label="fakes, augmentation: " + way)
    axes.set(xlabel="known cats", ylabel=f"{key.split('_')[0]}, of the clear", ylim=(-0.03, 1.05))
    axes.set_xticks(range(4), ["64", "256", "1,000", "4,000"])
    axes.set_title(title, fontsize=10)
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize=9)
plt.show()

# %% tags=["long"]
for name, control in longer["held_out"].items():
    print(f"real held-out cats, {name} (median distance of the clear ones {control['clear_rms']:.3f}), of the clear:")
    for count, one in control["against"].items():
        shares = ", ".join(f"{key[:-6]} {of_the_clear(one, key):.3f}" for key in titles)
        print(f"{int(count):>7,} known: {shares}")


# %% [markdown]
# The dashed lines say, roughly, how much of either share is chance. Read the left panel from its right end:
#
# - With **4,000**, the measure says nothing about copying. The GAN was shown 64,000 pictures out of 350,000 cats and can hardly have memorised any. Yet its copied share is nearly twice the control. So a factor of two can come without any copying.
# - With **1,000**, the fakes have two to three times the control (one seed each). That is too near to this factor to be called copying.
# - With **256**, they have seven to nine times the control: probably some copies (one seed each).
# - With **64**, copying is clearly beyond the control, in all three seeds. Half a per cent of softened real cats count as copied, and more than half of the plain GAN's clear cats do.
#
# In the right panel, the control falls from .85 to .03, although all of these real cats are new. So compare a GAN only with the dashed line at *its own* number of cats.
#
# Against their own control, the clear fakes are less often new than real cats: at 64 cats .02 to .22 instead of .85. Here, too, the control is rough.
#
# **Your turn.** In the table, the plain GAN with 1,000 cats has fewer new ones, of all, than two of the three with 64. Has it learned less about what cats can look like?
#
# <details><summary>Solution</summary>The table does not say so. With 1,000 known cats fewer cats can count as new at all: .20 of the softened real ones, instead of .85. Of this GAN's clear fakes
# .04 are new, about a fifth of its control. Of the plain GANs' with 64 cats .02 to .08 are new, about a tenth of theirs or less. So against its own control it does better (one seed).</details>
#
# ### What augmentation brought
#
# Now compare the two ways that have three seeds, at 64 cats. We count the copied share *of the clear ones*, and the new ones of all:

# %% tags=["long"]
def measured(way):
    """The held-out gap, the copied ones among the clear, the new ones of all, and the distance, one row a seed."""
    best = [run["best"] for run in longer["runs"] if (run["way"], run["count"]) == (way, 64)]
    gap, clear, copied, new, distance = (
        torch.tensor([one[key] for one in best])
        for key in ("held_out_gap", "clear_share", "copied_share", "new_share", "frechet_fraction")
    )
    return torch.stack([gap, copied / clear, new, distance], 1)


of = {way: measured(way) for way in ("none", "adaptive")}
for way, values in of.items():
    copied = ", ".join(f"{share:.2f}" for share in values[:, 1])
    new = (2000 * values[:, 2]).round().int().tolist()
    print(f"{way:>8}: of the clear ones, copied {copied}; new ones in 2,000: {new}")

# %% alt="Four panels with three dots each for 64 cats without augmentation and with adaptive augmentation. The held-out gap is about 1 without and .6 to .8 with; of the clear fakes, the copied share falls from about .53 to about .29; the new ones, of all, overlap, between .002 and .009; and the Fr\u00e9chet distance rises from about .052 to about .065. A dashed line shows that copies of the 64 cats have .054." tags=["long", "hide-input"]
figure, panels = plt.subplots(1, 4, figsize=(7.2, 2.6))
titles = ("D overfits\nless", "Fewer of the clear\nare copies", "No more new\nones, of all", "The distance\nis larger")
labels = ("held-out gap", "copied, of the clear", "new, of all", "Fréchet / noise's")
for place, (axes, title, name) in enumerate(zip(panels, titles, labels)):
    for column, (way, color) in enumerate((("none", style.FAKE), ("adaptive", style.AVERAGE))):
        beside_each_other = [column - 0.15, column, column + 0.15]
        axes.plot(beside_each_other, of[way][:, place], "o", color=color, ms=5)
    axes.set(xticks=(0, 1), xticklabels=("none", "adaptive"), xlim=(-0.6, 1.6), ylabel=name)
    axes.set_ylim(0, 1.15 * axes.get_ylim()[1])
    axes.set_title(title, fontsize=10)
copies = longer["beside"]["64"]["copies"]["frechet_fraction"]
panels[3].axhline(copies, color=style.REFERENCE, lw=1, ls="--")
panels[3].text(1.55, copies * 0.9, "copies", color=style.REFERENCE, fontsize=9, ha="right", va="top")
plt.show()

# %% [markdown]
# *Claimed: in each of three seeds with adaptive augmentation the gap and the copied share of the clear ones are lower than in any seed without, and the Fréchet distance is higher.*

# %% tags=["claim", "long"]
lowest, highest = of["none"].min(0).values, of["none"].max(0).values
assert (of["adaptive"][:, :2] < lowest[:2]).all() and (of["adaptive"][:, 3] > highest[3]).all()

# %% [markdown]
# How easily does chance do that? With three seeds a side, chance separates the two ways completely once in twenty where the direction was expected, as for the gap and the copies. Where it was not, as for the *higher* distance, it does so once in ten.
#
# Is it augmentation, or merely slower training? At their best moments, the runs with augmentation have a quarter to a third as many clear cats, as if stopped early. So compare the copied share at the *same* share of clear cats, along all the stored moments:

# %% alt="Lines of three runs without augmentation, orange, and three with adaptive augmentation, purple: the copied share of the clear fakes against the clear share. The orange ones rise from about .3 or .4 at a clear share of .03 to .5 or .6 at .12; the purple ones stay at clear shares of .015 to .045, with copied shares of .15 to .33; where the two meet, from about .03 to .045, they lie below the orange ones. A grey cross marks averages of two of the 64 cats, at .07 and .62." tags=["long", "hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.6))
for way, color, place in (("none", style.FAKE, (0.1, 0.4)), ("adaptive", style.AVERAGE, (0.05, 0.16))):
    for run in longer["runs"]:
        if (run["way"], run["count"]) == (way, 64):
            clear, copied = (
                torch.tensor([one[key] for one in run["curve"]]) for key in ("clear_share", "copied_share")
            )
            enough = clear > 0.0125  # at least 26 clear ones of 2,000
            axes.plot(clear[enough], (copied / clear)[enough], "o-", color=color, ms=6)
    axes.text(*place, "without" if way == "none" else "with augmentation", color=color)
averages = longer["beside"]["64"]["averages"]
axes.plot(averages["clear_share"], averages["copied_share"] / averages["clear_share"], "X", color=style.REFERENCE, ms=9)
axes.text(averages["clear_share"] + 0.002, 0.62, "averages of two", color=style.REFERENCE, va="center")
axes.set(xlabel="clear share, of all fakes", ylabel="copied, of the clear", xlim=(0, 0.14), ylim=(0, 0.7))
axes.set_title("Without augmentation, clearer fakes are more often copies")
plt.show()

# %% [markdown]
# Without augmentation, copying grows with clarity in all three runs. With it, no trend shows (28 to 92 clear fakes a point).
#
# Compare the two where they overlap, at clear shares of about .03 to .045. There the plain runs still have more copies, but the difference is smaller than between *half* and *three in ten*. So a part of that difference is only that the augmented runs had not come as far. The rest may be augmentation; so few points do not say how much.
#
# **Does augmentation make few pictures enough?** This popular claim is not borne out *here*. D overfits less. But only a quarter to a third as many fakes are clear, new cats are about as rare as before, and the Fréchet distance is *larger*, by about .01.
#
# **Why do the distance and the copies disagree?** **Copies of the 64 cats score .054 themselves** (the dashed line in the four panels above). A GAN that memorises the 64 comes as near to held-out cats as the 64 are. The distance never asks whether anything is new.
#
# **Why did augmentation bring so little?** Perhaps it came late: p was still rising at the end. DiffAugment, always on, is probably too strong for so short a training: D hardly overfits any more, and the cats are still blurred.
#
# **What did more pictures bring?** They brought the distance down most, at the same number of steps: from .05 with 64 cats to .038, .036 and .029 with 256, 1,000 and 350,000, one seed each.
#
# How large is chance? With 256 and with 1,000 cats the feedback left p at 0, so adaptive and plain runs differ by their random numbers alone: by .003 and .005. The fall from 64 to 256 is clearly larger than that, the one from 256 to 1,000 is not.
#
# The papers train longer: Karras et al. 2020 show D four hundred times as many pictures as we do. There the plain GAN's distance *rises* again after a while. Here it only flattened, so this comparison cannot say what happens then.
#
# ## 6 · Unbalanced sets
#
# "GANs need balanced data" is another popular claim. Here is a set of 230 cats and 26 robots, nine to one. One GAN is trained on it as it is, another on batches in which both kinds come equally often
# (`balanced`, chapter 10). How many of the fakes are nearer to a robot than to any cat?

# %%
both = torch.cat([avatars.load("cats", 16, 230).pixels(), avatars.load("robots", 16, 26).pixels()])
kinds = torch.tensor([0] * 230 + [1] * 26)


def of_both(indices, seed=0, steps=200):
    one = replace(plain, steps=steps).build(seed=seed)
    penalty = partial(penalties.r1_and_r2, weight=0.3)
    options = {"penalty": penalty, "penalty_every": 4, "schedule": training.cosine, "indices": indices}
    for _ in training.train(one, both, losses.relativistic, steps=steps, batch=32, **options):
        pass
    return one.sample(1000).float()


mixed = {"as they are": of_both(sources.uniformly), "balanced": of_both(sources.balanced(kinds))}
robots = {name: float(kinds[nearest(both, pixels).indices].float().mean()) for name, pixels in mixed.items()}

# %% alt="Three rows of nine small pictures: real cats with one robot, nine fakes of the GAN trained on the set as it is, all like cats, and nine fakes of the GAN trained with balanced batches, of which two look like robots." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 2.3))
names = (
    f"real:\n{float(kinds.float().mean()):.0%} robots",
    *(f"{name}:\n{share:.0%} robots" for name, share in robots.items()),
)
images.draw_sheet(axes, torch.cat([both[222:231], *(pixels[:9] for pixels in mixed.values())]), 9, names)
axes.set_title("Balanced batches bring more robots")
plt.show()

# %% [markdown]
# *Claimed: as they are, between 2 and 25 % of the fakes are robots; with balanced batches, more than 30 %.*

# %% tags=["claim"]
print(
    ", ".join(f"{name}: {share:.0%} robots" for name, share in robots.items()),
    f"; in the set {float(kinds.float().mean()):.0%}",
)
assert 0.02 < robots["as they are"] < 0.25 and robots["balanced"] > 0.3

# %% [markdown]
# Without balancing, 7 % of the 1,000 fakes are robots, against 10 % in the set: somewhat fewer, but they did not vanish (one seed). With balanced batches 48 % are. Nine fakes are too few to see these shares, and the nearest picture is a rough judge of speckled fakes.
#
# If you want another mixture, draw the batches in that proportion. Balanced batches add no variety: 26 robots stay 26.
#
# ## 7 · Your own fifty pictures
#
# The recipe learns from any folder or zip of 30 pictures or more, of any size and kind: each is cropped to its central square and scaled.
#
# Let us make such a folder: fifty faces of different shapes and sizes, in three file formats, every fifth grey, and one file that is no picture. (Emoji by OpenMoji, CC BY-SA 4.0: share alike what you make of them.)

# %%
folder = tempfile.TemporaryDirectory()
for number, pixels in enumerate(islice(emoji.draw(64), 50)):
    picture = Image.fromarray(pixels.transpose(1, 2, 0))
    picture = picture.convert("L") if number % 5 == 0 else picture
    place = Path(folder.name) / f"{number}.{('png', 'jpg', 'webp')[number % 3]}"
    ImageOps.pad(picture, (64 + 2 * number, 128 - number), color="white").save(place)
(Path(folder.name) / "notes.txt").write_text("no picture", "utf-8")

mine = replace(small, source=folder.name, size=32, steps=200, augmentation="adaptive", ramp=5000)
print(mine.images().found)
print(*(f"{len(part)} {word}" for part, word in zip(mine.parts(), ("to learn from,", "held out"))))

# %% [markdown]
# A fifth of the pictures, but at least eight, are held out for the feedback. Now train twice for 200 steps, without and with adaptive augmentation (the command below takes 4,500):

# %%
own = {way: replace(mine, augmentation=way).build(seed=0) for way in ("none", "adaptive")}
for way, one in own.items():
    for record in replace(mine, augmentation=way).train(one, mine.data()):
        pass
print(f"p at the end: {float(own['adaptive'].discriminator.augmentation.probability):.2f}")

# %% alt="Five rows of eight small pictures: eight faces from the folder, yellow and a few grey; then twice, without and with adaptive augmentation, a row of fakes and below it, for each, the nearest of the 40 known faces." tags=["hide-input"]
forty = mine.images().pixels
rows, names = [forty[:8]], ["of the 40"]
for way, one in own.items():
    some = mine.samples(one, 8).float()
    rows += [some, forty[nearest(forty, some).indices]]
    names += [f"fakes, {way}", "the nearest"]
figure, axes = plt.subplots(figsize=(7.2, 4.8))
images.draw_sheet(axes, torch.cat(rows), 8, names)
axes.set_title("After 200 steps: faces, still rough (unselected)")
plt.show()

# %% [markdown]
# Four measures describe each run. Noise, and copies of your pictures, stand beside them for comparison:

# %%
beside_mine, scored = mine.floor_and_ceiling(), {way: mine.score(one) for way, one in own.items()}
for name in scored["none"]:
    ends = "".join(f"   {who} {worth:.2f}" for who, worth in beside_mine.get(name, {}).items())
    print(f"{name:>16}   " + "   ".join(f"{way} {one[name]:.2f}" for way, one in scored.items()) + ends)

# %% [markdown]
# - `frechet_fraction`: the Fréchet distance to all the folder's pictures, as a share of noise's. Copies have nearly 0, so do not read it alone.
# - `novelty`: how far a fake is from the nearest known picture, as a share of how far these are from each other. Copies have 0. Noise has most, and speckles add to it, so high is not good by itself.
# - `unseen_distance`: how far a held-out picture is from the nearest fake, as a share of how far it is from the nearest known picture. Copies have 1. Below 1, the fakes come nearer to held-out pictures than the known ones do; above 1, they stay farther away.
# - `held_out_gap`: section 1's. With ten held-out pictures it is noisy, so a difference between the two runs may be chance.
#
# As with the cats, the run with augmentation has the lower gap and the larger distance. By eye, after 200 steps, neither run is ahead.
#
# **With your own pictures**, put them into a folder and run
#
# ```sh
# gan-lessons train few --data my_pictures --image-size 64 --out runs/mine
# gan-lessons sample runs/mine --count 64 --out sheet.png
# ```
#
# Adaptive augmentation is on by default. Open `runs/mine/report.html` when it has finished. It shows
#
# - the last sheet, with the nearest of your pictures below the first eight fakes,
# - a film of the training,
# - these four measures, beside noise's and copies', and as curves,
# - the exact command again.
#
# If you have a run of other pictures of the same size, you can begin from it, with D's lowest layer frozen:
#
# ```sh
# gan-lessons train few --data my_pictures --image-size 64 --set start=runs/other --set frozen=1 --out runs/more
# ```
#

# %% [markdown]
# Settings that cannot work are refused with one sentence:

# %%
for change in ({"count": 5}, {"size": 30}, {"augmentation": "mixup"}, {"frozen": 9}):
    try:
        replace(small, **change).build()
    except ValueError as error:
        print(error)

# %% [markdown]
# ### How many pictures do you have?
#
# Here are this chapter's stored measurements, by the number of cats:

# %% alt="Two panels over the number of cats, 64, 256, 1,000 and 350,000, without augmentation and, up to 1,000, with adaptive augmentation. Left, the held-out gap falls from about 1 and .7 at 64 to below .1. Right, the distance falls from .05 to .07 at 64 to .03; a short grey line shows that copies of the 64 have .054." tags=["long", "hide-input"]
counts = sorted({run["count"] for run in longer["runs"]})
figure, panels = plt.subplots(1, 2, figsize=(7.2, 3))
for axes, key in zip(panels, ("held_out_gap", "frechet_fraction")):
    for way, side, color in (("none", -1, style.FAKE), ("adaptive", 1, style.AVERAGE)):
        some = [run for run in longer["runs"] if run["way"] == way]
        places = [counts.index(run["count"]) + side * (0.06 + 0.07 * run["seed"]) for run in some]
        axes.plot(places, [run["best"][key] for run in some], "o", color=color, ms=5, label="augmentation: " + way)
    axes.set_xticks(range(len(counts)), [f"{count:,}" for count in counts])
    axes.set(xlabel="cats", ylim=(0, None))
copies = longer["beside"]["64"]["copies"]["frechet_fraction"]
panels[1].plot([-0.3, 0.35], [copies, copies], color=style.REFERENCE, lw=1.4)
panels[1].text(0.42, copies, "copies of the 64", color=style.REFERENCE, va="center", fontsize=9)
panels[0].set(ylabel="held-out gap", title="With more pictures D overfits less")
panels[1].set(ylabel="Fréchet / noise's", title="With more pictures the distance falls")
figure.legend(*panels[1].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize=9)
plt.show()

# %% tags=["long"]
for way in ("none", "adaptive", "diffaugment", "projected", "transfer"):
    runs = [run["curve"][-1] for run in longer["runs"] if run["way"] == way and run["count"] == 64]
    seconds = sorted(run["seconds"] for run in runs)
    print(f"{way:>12}: {seconds[0]:.0f} to {seconds[-1]:.0f} CPU seconds for {runs[0]['step']:,} steps")

# %% [markdown]
# The table turns these measurements into advice. They are of cats at 32 × 32 pixels and 2,000 steps, with three seeds for 64 cats and one for more. Other pictures, and longer training, may need something else.
#
# | you have | do this | what was measured | what it costs |
# |---|---|---|---|
# | fewer than 30 | collect more | nothing: the recipe refuses | your time |
# | about 64 | adaptive augmentation if copies are your worry, none if you want clearer pictures | without: gap 1.0, half of the clear fakes copied; with: gap .6 to .8, three in ten copied, but a quarter to a third as many clear | about half as much computing again |
# | about 256 | adaptive augmentation; leave it out once you have seen p stay at 0 | p stayed at 0; gap .27 to .28; 12 to 16 % of the clear fakes copied (softened real cats: 2 %) | as above, even while p is 0 |
# | about 1,000 | no augmentation; perhaps more steps (not measured) | p stayed at 0; gap .07; Fréchet .036, against .051 to .054 with 64 | as much as with 64 |
# | as many as you like | the same | gap .04; Fréchet .029 | as much as with 64 |
#
# - **If you can draw or find more pictures, do that first.** With 64 cats, no remedy brought the distance at the best moment down. Four times as many pictures did, at the same cost in computing (one seed).
# - **Look at the nearest known picture of every sample that you like** before you call it new. With 64 cats, augmentation brought no more new ones.
# - **If you can train only briefly**, beginning from another GAN may be worth a try. After 1,000 steps it had the smallest Fréchet distance here, in one seed.
#
# ## Debugging card
#
# | what it looks like | what to test | what to change |
# |---|---|---|
# | fakes are sharp, and each is one of your pictures | nearest neighbours; novelty near 0; the held-out gap | augmentation; stop earlier; more pictures |
# | held-out gap above .5 | D's scores of known and held-out pictures | more pictures; adaptive augmentation; or, not tried here, a smaller D or a larger weight of the penalty (chapter 07) |
# | fakes are shifted, turned, mirrored (lettering!), or too dark | is a change on always, or often, that cannot be undone? | a smaller p; leave that change out (the recipe has no switch for a single change: in code, give `Augmented` your own list, as in section 2) |
# | augmented, and still blurry after the usual time | the curve: is it still falling? | more steps; fewer or weaker changes; no colour changes where colour is what matters |
# | p climbs to its top and stays there | the target; the size of D | a higher target; a smaller D; more pictures |
# | transfer keeps too much of the old data: robots' eyes in cats | samples at the first steps | more steps; freeze fewer layers |
# | "needs at least 30 pictures" | what was skipped, in the first lines | more pictures, not mirrored copies of the same ones |
#
# ## What we saw
#
# - With few pictures D overfits; its scores of held-out pictures show it.
# - Changes before D must come to real and fake alike, be differentiable, and be undoable, or they leak.
# - Feedback sets how often they come. For a relativistic loss, its measure has to be made of differences of scores.
# - Where the data are put together from parts, we can count which clear pictures are new. The count needs yardsticks (copies, averages, recombined parts) and a control: real held-out pictures.
# - With 64 cats (three seeds), adaptive augmentation made D overfit less, and fewer of the clear cats were copies; but fewer cats were clear, which explains a part of that. It brought no more new cats, and a larger Fréchet distance. More pictures (one seed each) did more for the distance.
# - The GAN kept the imbalance of its training set roughly: 7 % robots instead of 10 %, in one seed.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Only the real pictures are augmented, with turned cats, say. What does G learn?
#    <details><summary>A · To draw more different cats</summary><b>No.</b> It learns a distribution that was never wanted.</details>
#    <details><summary>B · To draw turned cats</summary><b>Right.</b> The changes leak; real and fake must be changed alike, before D.</details>
#    <details><summary>C · Nothing new</summary><b>No.</b> It has to match what D is shown as real.</details>
# 2. Copies of the training pictures have an excellent Fréchet distance. Why?
#    <details><summary>A · The judge has memorised them</summary><b>No.</b> It would be so for a judge that has never seen them.</details>
#    <details><summary>B · The distance never asks whether a sample is new</summary><b>Right.</b> It compares means and covariances only. It needs a second figure beside it.</details>
#    <details><summary>C · There are too few of them</summary><b>No.</b> Fewer samples raise the distance.</details>
# 3. D scores held-out real pictures just as the known ones, on the very first step. Is D good?
#    <details><summary>A · It cannot be told from this alone</summary><b>Right.</b> Look at whether it tells real from fake.</details>
#    <details><summary>B · Yes, it does not memorise</summary><b>No.</b> It has not learned anything yet.</details>
#    <details><summary>C · No, it has memorised both</summary><b>No.</b> It has never seen the held-out ones.</details>
#
# ### In your own words
#
# 1. Why is $r_t = \mathbb E\, \mathrm{sign}\, s(x)$ of no use with the relativistic loss?
#    <details><summary>Answer</summary>The loss sees only differences $s(x) - s(G(z))$; add 100 to every score and the loss stays the same, but now every sign is +.</details>
# 2. D sees real and fake cats alike turned, every one. Why may the fakes still lie on their side?
#    <details><summary>Answer</summary>Turned by a random quarter, cats that lie on their side have the same distribution as upright ones. The change cannot be undone, so nothing tells G which way up a cat is. Turned only half of the time, upright cats come more often.</details>
# 3. Copies of 64 cats score .054, as near as the plain GAN's own best. What does that say about the distance?
#    <details><summary>Answer</summary>It compares means and covariances, and never asks whether a sample is new. It needs a second figure beside it.</details>
# 4. Why must a projected GAN not be judged by the features that its D sees?
#    <details><summary>Answer</summary>G was trained to please these very features, and can do so without looking right to anyone else.</details>
#
# ## Further reading
#
# - Karras et al. 2020, *Training generative adversarial networks with limited data* ([arXiv:2006.06676](https://arxiv.org/abs/2006.06676)): ADA, and when augmentation leaks.
# - Zhao et al. 2020, *Differentiable augmentation for data-efficient GAN training* ([arXiv:2006.10738](https://arxiv.org/abs/2006.10738)).
# - Mo et al. 2020, *Freeze the discriminator* ([arXiv:2002.10964](https://arxiv.org/abs/2002.10964)).
# - Sauer et al. 2021, *Projected GANs converge faster* ([arXiv:2111.01007](https://arxiv.org/abs/2111.01007)).
# - Liu et al. 2021, *Towards faster and stabilized GAN training for high-fidelity few-shot image synthesis* ([arXiv:2101.04775](https://arxiv.org/abs/2101.04775)): a light GAN for a hundred pictures.
#
# **Next:** [chapter 13, Image to image](13_image_to_image.ipynb). **Back:** [chapter 11, Architectures](11_architectures.ipynb). **Contents:** [the start page](00_start.ipynb).
