# %% [markdown]
# # 12 · Few pictures
#
# [← 11 Architectures](11_architectures.ipynb) · [contents](00_start.ipynb) · [13 Image to image →](13_image_to_image.ipynb) · [assignment](assignments/release/12_few_pictures/12_few_pictures.ipynb)
#
# **What if there are only fifty? What a GAN can learn from a handful of pictures, how to see when it only memorises them, and what helps.**

# %% tags=["hide-input"]
import tempfile
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from PIL import Image, ImageOps
from torch import nn

from gan_lessons import losses, penalties, recipes, results, training
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

# %% tags=["hide-input"]
# a folder of fifty pictures in different shapes, sizes and file formats, every fifth grey; and one that is no picture
folder = tempfile.TemporaryDirectory()
for number, pixels in enumerate(islice(emoji.draw(64), 50)):
    picture = Image.fromarray(pixels.transpose(1, 2, 0))
    picture = picture.convert("L") if number % 5 == 0 else picture
    place = Path(folder.name) / f"{number}.{('png', 'jpg', 'webp')[number % 3]}"
    ImageOps.pad(picture, (64 + 2 * number, 128 - number), color="white").save(place)
(Path(folder.name) / "notes.txt").write_text("no picture", "utf-8")


def drawn(known, fakes, step):
    """A frame of the film: eight known pictures above two rows of fakes."""
    figure, axes = plt.subplots(figsize=(7.2, 2.85), dpi=100)
    images.draw_sheet(axes, torch.cat([known[:8], fakes.float().cpu()]), 8, ("in the folder", "fakes", ""))
    axes.set_title(f"Fifty drawings in a folder, and what a GAN makes of them by step {step}")
    plt.close(figure)
    return figure


# %% [markdown]
# Here are fifty drawings in a folder, and what a GAN makes of them in 200 steps, in less than a minute on one core:

# %% alt="A moving picture of three rows of eight small pictures. The top row stays: drawn faces from the folder, most of them yellow, some grey. The fakes below go from blurs at step 10 by discs to rough faces, yellow or white, at step 200."
recipe = replace(recipes.find("few"), size=32, steps=200, learning_rate=4e-3, average_decay=0.99, ramp=5000)
mine = replace(recipe, source=folder.name)
own = mine.build(seed=0)
frames = []
for record in mine.train(own, mine.data()):
    if record.step in (10, 25, 50, 75, 100, 130, 165, 200):
        frames.append(drawn(mine.images().pixels, mine.samples(own, 16), record.step))
Animation(frames, milliseconds=700, rest=3000, colors=128)

# %% [markdown]
# (Emoji by OpenMoji, CC BY-SA 4.0: share alike what is made of them.)
#
# Many people have few pictures: a sketchbook, forty portraits, a hundred logos. One command trains on such a folder, as section 5 shows.
# There is a danger. So few pictures can be learned by heart, and then the "new" pictures are copies.
#
# **You will** watch a discriminator memorise 64 cats, augment its pictures, count copies and new cats, and train on a folder of fifty pictures.
#
# **You will learn** to
# - see a discriminator's overfitting, with held-out pictures,
# - augment real and fake pictures alike, and say why both, and why not always,
# - let the overfitting itself decide how often to augment,
# - tell a new picture from a copy, by counting,
# - choose a remedy for the number of pictures that you have.
#
# **You will need** chapters 03, 07 and 09, the extra `pictures`, and about a minute of computing on a laptop's processor.

# %% alt="The block diagram of a GAN with a third kind of picture. Held-out pictures, the 64 real pictures and the fakes all go into the discriminator, which scores them. Real and fake scores go on to the losses, pale; with the held-out scores they also give the held-out gap, from which nobody learns." tags=["hide-input"]
from gan_lessons.plots.diagrams import Arrow, Box

diagrams.flow(
    [
        Box("noise z", 0, 2, role="noise", lit=False),
        Box("generator G", 1, 2, "parameters θ", "generator", lit=False),
        Box("fake G(z)", 2, 2, "samples of q", "fake"),
        Box("real x", 2, 1, "only 64 of them", "real"),
        Box("held-out x", 2, 0, "never learned from", "average"),
        Box("discriminator D", 3, 1, "parameters φ", "discriminator"),
        Box("held-out gap", 4, 0.5, "measured only"),
        Box("losses", 4, 1.5, "of real and fake", lit=False),
    ],
    [
        Arrow("noise z", "generator G", lit=False),
        Arrow("generator G", "fake G(z)", lit=False),
        *(Arrow(name, "discriminator D") for name in ("fake G(z)", "real x", "held-out x")),
        Arrow("discriminator D", "held-out gap"),
        Arrow("discriminator D", "losses", lit=False),
    ],
)

# %% [markdown]
# ## 1 · Does D memorise its pictures?
#
# We begin with pictures of which we know everything: drawn cats (by David Revoy, CC BY 4.0, from the package robohash). A cat has five parts. There are 15 bodies, 10 furs, 15 pairs of eyes, 10 mouths and 16 accessories, so 360,000 different cats exist.
# The GAN learns from only 64 of them. Ten thousand others are kept aside as **held-out** cats, to test it.
#
# Recall **overfitting** from chapter 03: a classifier that has memorised its training set does much worse on pictures it has not seen. A discriminator is a classifier, too. In
# 500 steps of 32 pictures it sees each of the 64 cats 250 times, so it has every chance to learn them by heart.
#
# To find out, we let D score 500 held-out cats, from which it never learns. The recipe `few` does this for us. We run it at 16 × 16 pixels and without any remedy:

# %%
small = replace(recipe, size=16, steps=500)
plain = replace(small, augmentation="none")
gan = plain.build(seed=0)
for record in plain.train(gan, plain.data()):
    pass
known, unseen = (part.pixels for part in plain.parts())
fakes = plain.samples(gan, 500).float()
print(f"{len(known)} known cats, {len(unseen)} held-out cats, {len(fakes)} fakes")


# %% alt="Three histograms of the discriminator's scores. Those of the fakes lie to the left, those of the held-out cats in the middle, and those of the 64 known cats to the right, hardly overlapping the held-out ones. Two arrows start at the mean of the known cats: a long one to that of the fakes, their lead of 1.54, and one about half as long to that of the held-out cats, which have lost .79 of it." tags=["hide-input"]
def scores_of(judged, pixels):
    with torch.no_grad(), judged.autocast:
        return judged.discriminator.discriminator(few.whole(pixels)).float()


groups = {"fake": (fakes, style.FAKE), "held out": (unseen, style.AVERAGE), "known": (known, style.REAL)}
scored = {name: scores_of(gan, pixels) for name, (pixels, _) in groups.items()}
every = torch.cat(list(scored.values()))
bins = torch.linspace(float(every.min()), float(every.max()), 45).tolist()
mean = {name: float(scores.mean()) for name, scores in scored.items()}
figure, axes = plt.subplots(figsize=(7.2, 3.5))
across = axes.get_xaxis_transform()
for name, (_, color) in groups.items():
    axes.hist(scored[name], bins, density=True, histtype="step", lw=1.6, color=color)
    axes.axvline(mean[name], 0, 0.91, color=color, ls=":", lw=1)
    axes.text(mean[name], 0.93, name, transform=across, color=color, ha="center", fontsize=10)
leads = (("fake", 0.8, "lead of known cats", "held out"), ("held out", 0.66, "lost by held-out cats", "known"))
for other, height, words, beyond in leads:
    arrow = {"arrowstyle": "->", "color": groups[other][1], "shrinkA": 0, "shrinkB": 0, "lw": 1.6}
    axes.annotate("", (mean[other], height), (mean["known"], height), xycoords=across, arrowprops=arrow)
    middle = (mean[other] + mean[beyond]) / 2  # no dotted line crosses the words
    told = f"{words}: {mean['known'] - mean[other]:.2f}"
    axes.text(middle, height + 0.015, told, transform=across, ha="center", va="bottom", fontsize=9)
axes.set_ylim(0, 1.65 * axes.get_ylim()[1])
axes.set(xlabel="score s (dotted: the mean)", ylabel="density", yticks=[])
axes.set_title("D tells known cats from held-out ones, which it should not")
plt.show()


# %% [markdown]
# If D had learned only what cats look like, it would score held-out cats like known ones. Instead, most held-out cats score lower than any known cat. D has learned *which* 64 cats it was shown.
#
# How bad is it? Compare the two arrows. Known cats lead the fakes by 1.54 on average, and held-out cats have lost .79 of that, about half. This share is the **held-out gap** (Karras et al. 2020, equation 1):
#
# $$ r_v = \frac{\mathbb E\, s(x_\text{known}) - \mathbb E\, s(x_\text{held out})}{\mathbb E\, s(x_\text{known}) - \mathbb E\, s(G(z))}. $$
#
# Here $s$ is D's score, and $\mathbb E$ a mean over pictures. The numerator is what held-out cats have lost, the denominator the whole lead.
#
# | $r_v$ | held-out cats score |
# |---|---|
# | 0 | as high as known cats: no overfitting |
# | 1 | no higher than fakes |
# | above 1 | even lower than fakes |
#
# In code, with two guards that keep the ratio finite:

# %% module="gan_lessons.networks.augmentation" tags=["library"]
def overfitting(real_scores, held_out_scores, fake_scores, limit=2.0):
    known, unseen, fake = (scores.float().mean() for scores in (real_scores, held_out_scores, fake_scores))
    return ((known - unseen) / (known - fake).clamp(min=1e-3)).clamp(-limit, limit)


# %% [markdown]
# *Claimed: after 500 steps on 64 cats the held-out gap is above .3.*

# %% tags=["claim"]
gap = few.held_out_gap(gan, known, unseen, fakes)
print(f"held-out gap {gap:.2f}")
assert gap > 0.3

# %% [markdown]
# Why does this hurt the *generator*? G learns only from D's gradient, which leads towards higher scores. Suppose D had one narrow peak at each of the 64 cats and knew nothing in between. Then every uphill path would end at one of these cats, and G would learn to copy.
#
# **Your turn.** What will the gap be with 1,000 cats instead, in the same 500 steps? Predict, then train `replace(plain, count=1000)` and measure.
#
# <details><summary>Solution</summary>About .05 instead of about .5 (one seed). D now sees each cat 16 times instead of 250.</details>
#
# ## 2 · Can we augment, as for a classifier?
#
# A classifier with few photographs is trained on crops, shifts and colour changes of them: **data augmentation** (chapter 03). It hardly ever sees the same picture twice, so memorising becomes hard.
#
# In a GAN this has a trap. Suppose we turn the *real* pictures only. D then sees turned cats as real, and G learns to draw turned cats. That is a **leak**: our change shows up in the fakes.
#
# Several groups found the way out in 2020: change *both* of D's inputs, just before D. It then compares changed fakes with changed reals, and G itself may keep drawing unchanged pictures.
#
# G's gradient (dashed) must flow back through the change, so the change has to be differentiable. Hence the name **differentiable augmentation** (DiffAugment, Zhao et al. 2020).

# %% alt="A diagram: noise goes into the generator, which makes a fake; the fake and the real picture both pass the same box named change T before the discriminator, which scores them. A dashed magenta line, the gradient, runs back from the discriminator through the change and the fake to the generator." tags=["hide-input"]
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
# In code, a change takes pictures and a few random numbers for each. Here are two of the three that DiffAugment uses. The third shifts the picture.

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
# A module before D applies each change to each picture with a given probability:

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
axes.set_title("Eight cats, one change in each row")
plt.show()

# %% [markdown]
# Mirrors and turns are random, so some pictures stay as they are.
#
# ### What leaks?
#
# Even when both sides are changed, some changes leak. Turns show it most clearly. Ours are by 0, 90, 180 or 270 degrees, all equally likely.
#
# > **Predict, then run.** Three GANs learn 1,000 cats. For the first, only the real pictures are turned. For the second, every picture that D sees is turned, real or fake. For the third, each of these is turned with a probability of one half. Which way up are their fakes?

# %%
many_cats = avatars.load("cats", 16, 1000).pixels()


class Turned(sources.Samples):
    """A source whose real pictures are changed, as for a classifier."""

    def batch(self, indices):
        real = self.samples[indices]
        return sources.Batch(augmentation.quarter_turn(real, torch.rand(len(real), NUMBERS)))


def with_turns(data, changes, probability=1.0, seed=0, steps=150):
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
    "only the real": with_turns(Turned(many_cats), ()),
    "both, always": with_turns(many_cats, (augmentation.quarter_turn,)),
    "both, half the time": with_turns(many_cats, (augmentation.quarter_turn,), 0.5),
}

# %% alt="Four rows of seven small pictures, the first of each the mean of 1,000. Real cats, upright, as is their mean. Only real pictures turned: blotchy fakes in different directions, with a mean that has none. Both always turned: fakes that all lie on the same side, as does their mean. Both turned half of the time: upright fakes with an upright mean." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4.1))
rows = [torch.cat([pixels.float().mean(0, keepdim=True), pixels[:6]]) for pixels in (many_cats, *turned.values())]
images.draw_sheet(axes, torch.cat(rows), 7, ("real cats", *turned))
axes.text(7.5, -2, "mean of 1,000", ha="center", va="bottom", fontsize=9, color=style.REFERENCE)
axes.set_title("Only turning both, and not always, keeps the fakes upright", pad=18)
plt.show()


# %% [markdown]
# The mean of 1,000 shows which way up each row's fakes are. To count, we ask to which of the mean cat's four turns a fake is nearest. *Claimed: with the real pictures alone turned, fewer than half of the fakes are upright; with both turned half of the time, more than nine in ten.*

# %% tags=["claim"]
def upright(pixels):
    """The share of pictures to which the mean cat is nearer as it is than turned."""
    four = torch.stack([many_cats.mean(0).rot90(turns, (-2, -1)) for turns in range(4)])
    return float((nearest(four, pixels.float()).indices == 0).float().mean())


counted = {"real cats": upright(many_cats)} | {name: upright(pixels) for name, pixels in turned.items()}
print("upright: " + "; ".join(f"{name} {share:.0%}" for name, share in counted.items()))
assert counted["only the real"] < 0.5 and counted["both, half the time"] > 0.9

# %% [markdown]
# Why do the three rows differ?
#
# - **Only the real.** D sees real cats in all four directions. G cannot know that the turns are ours, so it learns them. About a quarter of its fakes are upright.
# - **Both, always.** Turn cats that lie on their side at random, and they look exactly like upright cats turned at random. So nothing tells G which way is up. Here its fakes ended on one side, by accident. That is a leak, too.
# - **Both, half the time.** Five real pictures in eight are now upright: the untouched half, and a quarter of the others. Only upright fakes can match that.
#
# The general rule is that a change must be **non-leaking**: from the distribution of changed pictures, one could still work out that of the unchanged ones (Karras et al. 2020). Leaving the change out often enough can make it so.
#
# **Your turn.** DiffAugment applies cutout to every picture, and yet G learns whole pictures. Why does a cutout not leak where a quarter turn does?
#
# <details><summary>Solution</summary>The hole is in another place each time, so the changed pictures together still show every part of a cat. Fakes that had holes of their own would
# show too much grey once cut out again, and D would notice. Four equally likely turns, however, erase the direction for good.</details>
#
# ## 3 · How often should a change come?
#
# If changes come too rarely, D memorises. If they come too often, D learns slowly, from pictures that hardly look real. The right probability depends on the data.
#
# **Adaptive discriminator augmentation** (ADA, Karras et al. 2020) lets D's overfitting decide, like a thermostat:
#
# 1. Begin with probability p = 0.
# 2. Every few steps, measure the overfitting.
# 3. If it is above the target, raise p a little. If it is below, lower p by as much.
#
# Our `Feedback` measures the held-out gap on one batch. The paper's default, $r_t$, is instead the mean sign of D's scores of known pictures, so that none are held out. Only the *sign* of the difference from the target counts, so p always moves by the same amount. The setting `ramp` is the number of pictures in which p could rise from 0 to 1.
# A limit of .8 keeps p away from "always", which can leak. Even at .8 our mirror, which flips half of the pictures it gets, leaves 60 % unflipped.

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
# The adaptive recipe mirrors, shifts, zooms and recolours. Each of these comes independently, with the same probability p. The feedback sees *changed* pictures, while our tables give the gap on unchanged ones, so those gaps need not reach the target.
#
# Does the feedback find out whether D overfits? Here are stored runs of 2,000 steps at 32 × 32 pixels, with the recipe's target of .5.

# %% alt="Lines over 500, 1,000, 1,500 and 2,000 steps. Three purple ones, of 64 cats, climb steadily from about .15 to about .66. Two grey ones, of 256 cats with dots and of 1,000 with rings around them, lie at 0." tags=["long", "hide-input"]
longer = results.table("few")
figure, axes = plt.subplots(figsize=(7.2, 2.6))
for run in longer["runs"]:
    if run["way"] == "adaptive":
        moments = [(one["step"], one["augmentation"]) for one in run["curve"]]
        color = style.AVERAGE if run["count"] == 64 else style.REFERENCE
        ring = {"ms": 10, "mfc": "none"} if run["count"] == 1000 else {"ms": 5}
        axes.plot(*zip(*moments), "o-", color=color, lw=1.4, **ring)
axes.text(2030, 0.66, "64 cats,\nthree seeds", color=style.AVERAGE, va="center", fontsize=9)
axes.text(2030, 0.02, "256 cats (dots),\n1,000 (rings)", color=style.REFERENCE, va="center", fontsize=9)
axes.set(xlabel="step", ylabel="probability p", xlim=(450, 2300), ylim=(-0.07, 0.85), xticks=(500, 1000, 1500, 2000))
axes.set_title("The feedback raises p with 64 cats, and leaves it at 0 with more")
plt.show()

# %% [markdown]
# Yes. With 64 cats p climbs to the end, so the gap is mostly above its target. With 256 or 1,000 cats p was 0 at all four stored moments (one run each). So if
# p stays near 0, D overfits less than your target allows, and you can train without augmentation.
#
# ## 4 · Is it a new cat? Count
#
# "Does it only copy?" is usually answered by looking at nearest neighbours. With our cats we can do better and *count*, because we know every possible cat.
#
# Is a fake closest to one of the 64 cats that the GAN has seen, or to a cat that it has never seen? A small judge reads the five parts of the fake and makes four guesses for each. Among all these combinations, we search for the one nearest to the fake. Then two distances decide:
#
# - **a**: from the fake to the nearest combination that was found,
# - **b**: from the fake to the nearest of the 64.
#
# Both are root mean squares over the pixels, which run from 0 to 1.
#
# | a fake is | if | in words |
# |---|---|---|
# | **clear** | a ≤ .08 | it is close to a possible cat |
# | **copied** | it is clear, and b ≤ a + .002 | one of the 64 is as near as the best combination |
# | **new** | it is clear, and b > a + .02 | the best combination is clearly nearer than any of the 64 |
#
# The limit .08 lets speckled fakes pass, but few averages of two cats. The others allow for rounding and for parts that hide one another, so some clear fakes are neither. If a fake is not clear, we cannot say.
#
# Can we trust this count? We test it on three kinds of pictures where we know the answer: *copies* of the 64, blurred *averages* of two of them, and *recombined* cats,
# whose parts are drawn from the 64 at random. A perfect learner of parts would draw the last kind.
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
# The count passes. Most of the few averages that count as copied are of two rather similar cats, the others of a cat with itself.
#
# **Your turn.** A GAN might learn to draw the 64 cats mirrored, or a little brighter. Would the count call that a copy? Predict, then give `few.cat_combinations` the pictures `first.flip(-1)` and `first + 0.1`.
#
# <details><summary>Solution</summary>It calls most of the brighter ones copies (.83). Of the mirrored ones none is even clear, so it misses them. When you look for
# copies of your own pictures, look among mirrored ones, too.</details>
#
# ### Five ways to learn from 64
#
# The GAN of section 1 is too rough for this count, so we turn to section 3's stored runs. They compare five ways:
#
# - **none**: no augmentation, three seeds.
# - **adaptive**: section 3's feedback, three seeds.
# - **DiffAugment**: colour, translation and cutout on every picture.
# - **transfer learning**: begin with both players of a GAN trained on a larger set, here robots, and go on with the cats. The lowest layers
#   see edges and blobs, which robots have too. So D's lowest layer keeps its weights, as in **FreezeD** (Mo et al. 2020).
# - a **projected GAN** (Sauer et al. 2021): D sees only the features of a frozen classifier, and learns small heads on them. Ours is EfficientNet-Lite0, trained on a million photographs, and it gets DiffAugment's pictures.
#
# Freezing takes little code, because the optimiser leaves out weights that need no gradient:

# %% module="gan_lessons.networks.augmentation" tags=["library"]
def freeze(discriminator, layers):
    own = [layer for layer in discriminator.modules() if any(True for _ in layer.parameters(recurse=False))]
    if not 0 <= layers < len(own):
        raise ValueError(f"Of {len(own)} layers with weights 0 to {len(own) - 1} can be frozen, not {layers}.")
    for layer in own[:layers]:
        layer.requires_grad_(False)
    return discriminator


# %% tags=["long", "hide-input"]
print("                shown at    Fréchet  held-out   of 2,000 fakes are         CPU seconds,")
print("64 cats             step   distance       gap   clear    copied       new    whole run")
for run in longer["runs"]:
    if run["count"] == 64:
        best, steps = run["best"], f"{run['best']['step']:,} of {run['curve'][-1]['step']:,}"
        clear, copied, new = (round(2000 * best[f"{name}_share"]) for name in ("clear", "copied", "new"))
        shares = [f"{some} ({some / clear:.0%})" if clear else "–" for some in (copied, new)]
        print(
            f"{run['way']:<11} {steps:>14} {best['frechet_fraction']:>8.3f} {best['held_out_gap']:>9.2f}"
            f" {clear:>7} {shares[0]:>9} {shares[1]:>9} {run['curve'][-1]['seconds']:>12.0f}"
        )

# %% alt="Seven rows of eight small cats: eight of the 64 at the top, not matched to the rows below, and unselected fakes of six GANs. Fakes are recognisable and speckled without augmentation, with the adaptive one, by transfer, and from 1,000 cats; with DiffAugment many are blurred, and the projected GAN's are all nearly the same distorted brown cat." tags=["long", "hide-input"]
sheets = results.arrays("few")
names = {"none_64_0": "64, none", "adaptive_64_0": "64, adaptive", "transfer_64_0": "64, transfer",
         "diffaugment_64_0": "64, DiffAugment", "projected_64_0": "64, projected",
         "none_1000_0": "1,000, none"}  # fmt: skip
rows = [torch.from_numpy(sheets[name][:8]).permute(0, 3, 1, 2) / 127.5 - 1 for name in names]
figure, axes = plt.subplots(figsize=(7.2, 6.5))
images.draw_sheet(axes, torch.cat([sixty_four[:8], *rows]), 8, ("real cats", *names.values()))
axes.set_title("DiffAugment blurs, the projected GAN collapses; the others draw cats")
plt.show()

# %% [markdown]
# Each run was scored four times. We show the moment with the smallest **Fréchet distance** to held-out cats (chapter 08), in our own judge's features, which no G here was trained to please. Noise has 1. The percentages are shares of the clear fakes.
#
# **With only 64 cats, the plain GAN draws recognisable cats**, although some repeat each other, such as the second and third in its row.
#
# **None of the three last ways came closer to the held-out cats than the plain GAN.** Transfer learning came closer than all adaptive runs, but only 19 of its fakes are clear. DiffAugment has many blurred cats and no clear one: always on, it is probably too strong for so short a training. The projected GAN collapsed onto one distorted cat, and
# took twice the plain run's time for a quarter of the steps.
#
# These three are single runs, hardly tuned. The papers report large gains, chiefly on photographs and after longer training.
#
# ### A copy, and a new cat
#
# Here are the plain GAN's *first* three fakes that count as copied, and its *first* three that count as new. This is seed 0, trained again on another processor, so its counts differ from the table's.

# %% alt="Two sheets of three columns and three rows. Left, three speckled fakes that count as copied; right, three that count as new. Below each stand the nearest of the 64 known cats and the nearest of all combinations." tags=["long", "hide-input"]
shown = results.arrays("few_pairs")
those = torch.cat([torch.from_numpy(shown[kind]) for kind in ("copied", "new")]).permute(0, 3, 1, 2) / 127.5 - 1
of_64 = avatars.load("cats", 32, 64)
reading = few.read_cats(those, of_64)
rows = torch.stack([those, of_64.pixels()[reading.known], of_64.compose(reading.parts)])
titles = {"copied": "Copied: one of the 64 is as near", "new": "New: an unseen cat is nearer"}
figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.9))
for axes, some, name in zip(panels, rows.split(3, 1), ("copied", "new")):
    names = ("fake", "nearest\nof the 64", "nearest\nof all") if name == "copied" else ()
    images.draw_sheet(axes, some.flatten(0, 1), 3, names)
    axes.set_title(titles[name], fontsize=10)
plt.show()

# %% tags=["claim", "long"]
pairs = results.table("few_pairs")
print(f"{pairs['fakes']:,} fakes: {pairs['clear']} clear, {pairs['copied']} copied, {pairs['new']} new")
assert reading.copied[:3].all() and reading.new[3:].all()


# %% [markdown]
# Left, one of the 64 is as near as any combination found. The count goes by distance, not by eye: the two cats below the middle fake differ in fur. Right, the best combination differs from the nearest known cat in the eyes and in accessory or fur, and fits better. The blue fake lacks its known cat's magnifying glass. These are new cats.
#
# ### What helped: augmentation or more pictures?
#
# We compare the plain and the adaptive way, each at its best moment. The copied share needs a control. The more cats are known, the more often a fake lies near one of them by chance, without any copying. The dashed line shows how often that happens to *real held-out cats*, blurred over 3 × 3 pixels so that they are about as unclear as the fakes.

# %% alt="Three panels over the number of known cats, each with orange dots (no augmentation) and purple ones (adaptive), and lines through their means. The held-out gap falls from about 1 and .6 to .8 at 64 cats to below .1 at 1,000 and at all. The copied share of the clear fakes is 52 to 59 % and 24 to 33 % at 64, and between 12 and 17 % at 256 and at 1,000; a dashed blue line of real held-out cats rises from near 0 to 6 %. The distance is .05 and .06 to .07 at 64 and falls to .03; a dashed grey line shows that copies of the 64 have .054." tags=["long", "hide-input"]
def of_the_clear(figures):
    return figures["copied_share"] / figures["clear_share"]


measures = {
    "The more cats, the\nless D overfits": ("held-out gap", lambda best: best["held_out_gap"]),
    "With 64 cats, far more\ncopies than by chance": ("copied, of the clear", of_the_clear),
    "More pictures\nhelped most": ("Fréchet distance, noise: 1", lambda best: best["frechet_fraction"]),
}
counts = [64, 256, 1000, 350_000]
figure, panels = plt.subplots(1, 3, figsize=(7.2, 3.9))
for axes, (title, (name, measure)) in zip(panels, measures.items()):
    most = 1000 if axes is panels[1] else counts[-1]
    for way, side, color in (("none", -1, style.FAKE), ("adaptive", 1, style.AVERAGE)):
        some = [run for run in longer["runs"] if run["way"] == way and run["count"] <= most]
        dots = [(counts.index(run["count"]) + side * (0.08 + 0.12 * run["seed"]), measure(run["best"])) for run in some]
        axes.plot(*zip(*dots), "o", color=color, ms=5)
        alike = [torch.tensor([dot for dot, run in zip(dots, some) if run["count"] == count]) for count in counts]
        means = [one.mean(0).tolist() for one in alike if len(one)]
        axes.plot(*zip(*means), color=color, lw=1, alpha=0.5)
    axes.set_xticks(range(4), ["64", "256", "1,000", "all"])
    axes.set(ylabel=name, xlim=(-0.6, 3.4), ylim=(0, None))
    axes.set_title(title, fontsize=10)
named = {"none": ((0.15, 0.99), (0.15, 0.54), (-0.5, 0.045)), "adaptive": ((0.5, 0.68), (-0.55, 0.19), (0.5, 0.067))}
for (way, places), color in zip(named.items(), (style.FAKE, style.AVERAGE)):
    for axes, place in zip(panels, places):
        axes.text(*place, way, color=color, va="center", fontsize=9)
chance = [of_the_clear(one) for one in longer["held_out"]["softened"]["against"].values()]
panels[1].plot(chance[:3], "--", color=style.REAL, lw=1.4)
panels[1].yaxis.set_major_formatter("{x:.0%}")
panels[1].set(xticks=range(3), xticklabels=["64", "256", "1,000"], xlim=(-0.6, 2.5))
panels[1].text(-0.5, 0.065, "real held-out\n(chance)", color=style.REAL, va="center", fontsize=9)
copies = longer["beside"]["64"]["copies"]["frechet_fraction"]
panels[2].axhline(copies, color=style.REFERENCE, ls="--", lw=1)
panels[2].text(3.4, copies + 0.0005, "copies of the 64", color=style.REFERENCE, ha="right", va="bottom", fontsize=9)
told = "A dot is one seed: three, side by side, at 64, and one elsewhere. Lines join the means."
figure.supxlabel(f"known cats (all: 350,000)\n{told}", fontsize=10)
plt.show()

# %% [markdown]
# *Claimed: with 1,000 cats the held-out gap is less than half of what it is with 64, in any of three seeds. With 64 cats, each adaptive run has a lower gap, a lower copied share and a larger distance than each run without.*

# %% tags=["claim", "long"]
best = {
    (way, count): torch.tensor(
        [
            [measure(run["best"]) for _, measure in measures.values()]
            for run in longer["runs"]
            if (run["way"], run["count"]) == (way, count)
        ]
    )
    for way, count in (("none", 64), ("adaptive", 64), ("none", 1000))
}
lowest, highest = best["none", 64].min(0).values, best["none", 64].max(0).values
assert best["none", 1000][0, 0] < 0.5 * lowest[0]
assert (best["adaptive", 64][:, :2] < lowest[:2]).all() and (best["adaptive", 64][:, 2] > highest[2]).all()
for count, (known_count, control) in zip(counts, longer["held_out"]["softened"]["against"].items()):
    some = [run for run in longer["runs"] if run["count"] == count and run["best"]["clear_share"] > 0.02]
    shares = "".join(f", {run['way']} {of_the_clear(run['best']):.0%}" for run in some)
    print(f"copied, of the clear, {int(known_count):>5,} known: real cats {of_the_clear(control):.1%}{shares}")
for way in ("none", "adaptive"):
    moments = [one for run in longer["runs"] if (run["way"], run["count"]) == (way, 64) for one in run["curve"]]
    alike = [f"{of_the_clear(one):.0%}" for one in moments if 0.03 < one["clear_share"] < 0.05]
    print(f"the same at moments with 3 to 5 % clear, {way}: {', '.join(alike)}")

# %% [markdown]
# **The plain GAN with 64 cats copies.** About half of its clear cats count as copied, against half a per cent of the real held-out ones. With 256 cats it is 16 %, nine times chance, so it probably copies there, too.
# With 1,000 cats it is two to three times chance (12 %, adaptive 17 %). That proves little: the GAN of all 350,000 cats can hardly have memorised any, and yet has 37 % where chance gives 20 % (its first 4,000 as known).
#
# **With augmentation, D overfits less, and fewer of the clear cats are copies**: about three in ten instead of half. More of them are new: 14 to 22 % instead of 2 to 8 %. With three seeds a side, chance alone separates two ways so completely, in this direction, once in twenty.
#
# **Part of this gain is probably just slower training.** The augmented runs have only a quarter to a third as many clear cats. At moments when about equally many are clear, the copied shares lie closer together (the last two printed lines).
# Since fewer are clear, about as many of *all* 2,000 fakes are new. The Fréchet distance is even *larger*, by about .01.
#
# **More pictures helped most.** The distance fell from about .05 with 64 cats to below .04 with 256. Chance makes a difference of up to .005: with 256 and 1,000 cats p was 0 at every stored moment, so the two dots there almost repeat one run. Beyond 256 the steps are too small to tell.
#
# **Copies have as good a distance as the GAN that learned from them** (third panel, grey), though nothing in them is new. The Fréchet distance never asks whether a picture is new. A second measure has to.
#
# ## 5 · Your own fifty pictures
#
# Back to the film's folder. The recipe learns from any folder or zip of 30 pictures or more, of any size and format. It crops each to its central square and scales it. If the edges matter, pad your pictures first.
#
# A folder works best if its pictures show *one* subject, framed alike, since G learns what they share. Ours holds faces, some grey, and one file that is no picture:

# %%
print(mine.images().found)
print(*(f"{len(part)} {word}" for part, word in zip(mine.parts(), ("to learn from,", "held out"))))

# %% [markdown]
# A fifth of the pictures is held out, and at least eight. Here the feedback measures the gap with those ten. We set `ramp` to 5,000 pictures instead of the recipe's 40,000, so that p could rise within 200 steps. It did:

# %% alt="Two panels over 200 steps. Above, readings of the held-out gap about a dashed target at .5, green above it and grey below; most are green. Below, the probability of augmentation goes one step up at each green reading, one down at each grey one unless it is 0, and in all from 0 to about .7." tags=["hide-input"]
told = [record for record in own.history if "augmentation" in record.extra]
steps = [record.step for record in told]
gaps, p = (torch.stack([record.extra[name] for record in told]).cpu() for name in ("overfitting", "augmentation"))
figure, panels = plt.subplots(2, 1, figsize=(7.2, 3.6), sharex=True)
for axes, values in zip(panels, (gaps, p)):
    for chosen, color in ((gaps > mine.target, style.DISCRIMINATOR), (gaps <= mine.target, style.REFERENCE)):
        axes.plot(torch.tensor(steps)[chosen], values[chosen], "o", color=color, ms=4)
curves.draw_reference(panels[0], mine.target, "target .5")
panels[0].set(ylabel="$r_v$, one batch", xlim=(-5, 238))
panels[0].set_title("Each reading above the target (green) raises p, each below lowers it")
panels[1].set(ylabel="probability p", xlabel="step", ylim=(0, 0.85))
plt.show()

# %% [markdown]
# The readings jump, because each is of one batch, and because $r_v$ divides by nearly nothing while D hardly tells reals from fakes. (The two at 2 are clipped.) It does no harm: each step of p is small, so p averages over many readings.
#
# Are the fakes copies? Below each stands the nearest known face. We also look among mirrored ones, since the recipe mirrors, too:

# %% alt="Five rows of eight small pictures: eight known faces, yellow and a few grey; then twice a row of rough fakes, yellow or white, and below it, for each, the nearest of the 40 known faces. The fakes are too rough for details." tags=["hide-input"]
forty, fakes_of_mine = mine.images().pixels, mine.samples(own, 16).float()
either_way = torch.cat([forty, forty.flip(-1)])
rows = [forty[:8]]
for some in fakes_of_mine.split(8):
    rows += [some, either_way[nearest(either_way, some).indices]]
figure, axes = plt.subplots(figsize=(7.2, 4.8))
images.draw_sheet(axes, torch.cat(rows), 8, ("known faces", *("fakes", "the nearest") * 2))
axes.set_title("After 200 steps: rough faces, none of them a copy (unselected)")
plt.show()

# %% [markdown]
# None is an exact copy, but they are too rough to call new.
#
# Here we cannot count, since we don't know every possible face. Four measures describe the run instead, each beside its value for noise and for copies. *Claimed: these fakes are much nearer to the folder than noise is (`frechet_fraction` below .5), and they are no exact copies (`novelty` above .5).*

# %% tags=["claim"]
scores, beside_mine = mine.score(own), mine.floor_and_ceiling()
for name, value in scores.items():
    print(
        f"{name:>16}   GAN {value:.2f}" + "".join(f"   {who} {it:.2f}" for who, it in beside_mine.get(name, {}).items())
    )
assert scores["frechet_fraction"] < 0.5 < scores["novelty"]

# %% [markdown]
# | measure | what it is | good is |
# |---|---|---|
# | `frechet_fraction` | the fakes' Fréchet distance to *all* the folder's pictures, divided by noise's | near 0, where copies are, too |
# | `novelty` | how far a fake is from the nearest known picture, divided by how far a known one is from the nearest other | clear of 0 |
# | `unseen_distance` | how far a held-out picture is from the nearest fake, divided by how far it is from the nearest known picture | below 1 |
# | `held_out_gap` | section 1's gap, on unchanged pictures | near 0, but noisy with only ten |
#
# Two warnings. Roughness alone raises `novelty`: noise has the most. And this Fréchet distance is taken in principal components of the pixels, so it cannot be compared with section 4's.
#
# ### Tonight, with your own pictures
#
# Put them into a folder, and run
#
# ```sh
# gan-lessons train few --data my_pictures --image-size 32 --out runs/mine
# gan-lessons sample runs/mine --count 64 --out sheet.png
# ```
#
# This is the film's recipe with its own settings: 4,500 steps instead of 200, longer than any run shown here. Expect about four minutes on one core at 32 × 32 pixels, and about five times that at 64 × 64. Larger sizes are untested here. A GPU gets a larger recipe unless you add `--size cpu`.
#
# Then open the report, `runs/mine/report.html`:
#
# 1. The *last sheet* and the film of the training: are the fakes of your kind? If they were still getting better at the end, train anew with more steps (`--steps 9000`).
# 2. *The nearest of your pictures* below the first eight fakes: if fake after fake repeats the picture below it, the GAN copies.
# 3. *The four measures* as curves, beside noise and copies: novelty should stay clear of 0.
#
# For no augmentation add `--set augmentation=none`; for less, raise the target (`--set target=0.8`). To start from a run on other pictures of the same size, with D's lowest layer frozen, add `--set start=runs/other --set frozen=1`.
#
# ### How many pictures do you have?
#
# This advice comes from our cats at 32 × 32 pixels. Other pictures or longer training may need something else. With fifty, read the row of 64.
#
# | you have | do this | because |
# |---|---|---|
# | fewer than 30 | collect more | too few to hold some out, so the recipe refuses |
# | about 64 | adaptive augmentation if copies worry you | of the clear fakes, three in ten are copies instead of half |
# | | none if you want clearer pictures | three to four times as many are clear, for two thirds of the computing |
# | 256 or more | no augmentation | adaptive left p at 0 and only cost time |
#
# If you can find more pictures, do that first.
#
# ## Debugging card
#
# | what it looks like | what to test | what to change |
# |---|---|---|
# | fakes are sharp, and each is one of your pictures | nearest neighbours; novelty near 0; the held-out gap | augmentation; fewer `--steps`; more pictures |
# | held-out gap near 1 | D's scores of known and held-out pictures | more pictures; adaptive augmentation; untested here: a smaller D, or a larger weight of the penalty (chapter 07) |
# | fakes are shifted, turned, mirrored (lettering!), or too dark | is a change on always, or often, that cannot be undone? | a higher target, for a smaller p; leave that change out, by giving `Augmented` your own list as in section 2 |
#
# ## What we saw
#
# - With few pictures D overfits, and its scores of held-out pictures show it.
# - Augment real and fake alike, just before D, or the change leaks. Turns leak even so, unless they are often left out. Changes must be differentiable, or G gets no gradient.
# - Feedback on the held-out gap sets how often the changes come: p rose with 64 cats and was 0 at every stored moment with 256 and 1,000.
# - With 64 cats and three seeds, adaptive augmentation made D overfit less, and of the clear cats fewer were copies and more were new. In return, fewer cats were clear, and the Fréchet distance was larger. More pictures helped more (one seed each).
# - Fifty faces gave rough faces in 200 steps: no exact copies, but too rough to call new.
#
# ## Questions and further reading
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Only the real pictures are augmented, with turned cats, say. What does G learn?
#    <details><summary>A · To draw more different cats</summary><b>No.</b> It learns a distribution that was never wanted.</details>
#    <details><summary>B · To draw turned cats</summary><b>Right.</b> The changes leak; real and fake must be changed alike, before D.</details>
#    <details><summary>C · Nothing new</summary><b>No.</b> It has to match what D is shown as real.</details>
# 2. Copies of the 64 cats have as good a Fréchet distance as the GAN that learned from them. Why?
#    <details><summary>A · The judge has memorised them</summary><b>No.</b> It would be so for a judge that has never seen them.</details>
#    <details><summary>B · The distance never asks whether a sample is new</summary><b>Right.</b> It compares means and covariances only, so it needs a second measure beside it.</details>
#    <details><summary>C · There are too few of them</summary><b>No.</b> Fewer samples raise the distance.</details>
# 3. D scores held-out real pictures just as the known ones, on the very first step. Is D good?
#    <details><summary>A · It cannot be told from this alone</summary><b>Right.</b> Look at whether it tells real from fake.</details>
#    <details><summary>B · Yes, it does not memorise</summary><b>No.</b> It has not learned anything yet.</details>
#    <details><summary>C · No, it has memorised both</summary><b>No.</b> It has never seen the held-out ones.</details>
#
# ### In your own words
#
# 1. What do held-out pictures give to adaptive augmentation, and what do they cost?
#    <details><summary>Answer</summary>Only pictures that D has never learned from can show what it has memorised. They cost training pictures: of our fifty faces, ten.</details>
# 2. Why do we not judge a projected GAN by the features that its D sees?
#    <details><summary>Answer</summary>G was trained to please them, and can do so without looking right to anyone else.</details>
#
# ### Further reading
#
# - Karras et al. 2020, *Training generative adversarial networks with limited data* ([arXiv:2006.06676](https://arxiv.org/abs/2006.06676)): ADA, and when augmentation leaks.
# - Zhao et al. 2020, *Differentiable augmentation for data-efficient GAN training* ([arXiv:2006.10738](https://arxiv.org/abs/2006.10738)).
# - Mo et al. 2020, *Freeze the discriminator* ([arXiv:2002.10964](https://arxiv.org/abs/2002.10964)).
# - Sauer et al. 2021, *Projected GANs converge faster* ([arXiv:2111.01007](https://arxiv.org/abs/2111.01007)).
# - Liu et al. 2021, *Towards faster and stabilized GAN training for high-fidelity few-shot image synthesis* ([arXiv:2101.04775](https://arxiv.org/abs/2101.04775)): a light GAN for a hundred pictures.
#
# [← 11 Architectures](11_architectures.ipynb) · [contents](00_start.ipynb) · [13 Image to image →](13_image_to_image.ipynb) · [assignment](assignments/release/12_few_pictures/12_few_pictures.ipynb)
