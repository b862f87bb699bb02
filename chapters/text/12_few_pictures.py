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
# Fifty drawings in a folder, and what a GAN makes of them in 200 steps, in less than a minute on one core:

# %% alt="A moving picture of three rows of eight. The top row stays: drawn faces, yellow and grey. The fakes below go from blurs at step 10 by discs to rough faces, yellow or white, at step 200."
recipe = replace(recipes.find("few"), size=32, steps=200, learning_rate=4e-3, average_decay=0.99, ramp=5000)
mine = replace(recipe, source=folder.name)
own = mine.build(seed=0)
frames = []
for record in mine.train(own, mine.data()):
    if record.step in (10, 25, 50, 75, 100, 130, 165, 200):
        frames.append(drawn(mine.images().pixels, mine.samples(own, 16), record.step))
Animation(frames, milliseconds=700, rest=3000, colors=80)

# %% [markdown]
# (Emoji by OpenMoji, CC BY-SA 4.0: share alike what is made of them.)
#
# Many people have few pictures: a sketchbook, forty portraits, a hundred logos. Section 5 trains on them with one command.
# The danger: a GAN can learn so few by heart, and then its "new" pictures are copies.
#
# **You will** watch D memorise 64 cats, augment its pictures, count copies, and train on fifty faces.
#
# **You will learn** to
# - see D's overfitting, with held-out pictures,
# - augment real and fake alike, and say why both, and why not always,
# - let the overfitting decide how often to augment,
# - tell a new picture from a copy, by counting,
# - choose a remedy for your number of pictures.
#
# **You will need** chapters 03, 07 and 09, the extra `pictures`, and a minute of computing.

# %% alt="The block diagram of a GAN with a third kind of picture. Noise goes through the generator to fakes. Held-out pictures, 64 real ones and the fakes go into the discriminator, and from it to the losses, of real and fake, and the held-out gap, of all three." tags=["hide-input"]
from gan_lessons.plots.diagrams import Arrow, Box

diagrams.flow(
    [
        Box("noise z", 0, 2, role="noise"),
        Box("generator G", 1, 2, "parameters θ", "generator"),
        Box("fake G(z)", 2, 2, "samples of q", "fake"),
        Box("real x", 2, 1, "only 64 of them", "real"),
        Box("held-out x", 2, 0, "never learned from", "average"),
        Box("discriminator D", 3, 1, "parameters φ", "discriminator"),
        Box("held-out gap", 4, 0.5, "of all three", "average"),
        Box("losses", 4, 1.5, "of real and fake"),
    ],
    [
        Arrow("noise z", "generator G"),
        Arrow("generator G", "fake G(z)"),
        *(Arrow(name, "discriminator D") for name in ("fake G(z)", "real x", "held-out x")),
        Arrow("discriminator D", "held-out gap"),
        Arrow("discriminator D", "losses"),
    ],
)

# %% [markdown]
# ## 1 · Does D memorise its pictures?
#
# We begin with drawn cats (by David Revoy, CC BY 4.0, from the package robohash). A cat is made of 15 bodies, 10 furs, 15 pairs of eyes, 10 mouths and 16 accessories, so 360,000 different cats exist.
# The GAN learns from only 64 of them, the **known** cats. Others are **held out**, to test it.
#
# Recall **overfitting** from chapter 03: a classifier that has memorised its training set does much worse on new pictures. D is a classifier, too, and in
# 500 steps it sees each known cat 250 times.
#
# So we train the recipe `few` at 16 × 16 pixels, without any remedy, and let D score 500 held-out cats:

# %%
small = replace(recipe, size=16, steps=500)
plain = replace(small, augmentation="none")
gan = plain.build(seed=0)
for record in plain.train(gan, plain.data()):
    pass
known, unseen = (part.pixels for part in plain.parts())
fakes = plain.samples(gan, 500).float()
print(f"{len(known)} known cats, {len(unseen)} held-out cats, {len(fakes)} fakes")


# %% alt="Three histograms of D's scores: fakes to the left, held-out cats in the middle, known cats to the right, hardly overlapping. From the mean of the known cats a long arrow leads to that of the fakes, and one about half as long to that of the held-out cats." tags=["hide-input"]
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
# **D has learned *which* 64 cats it was shown.** Had it learned only what cats look like, held-out cats would score like known ones. Instead, most score lower than any known cat.
#
# How bad is it? Compare the two arrows. Held-out cats have lost about half of the known cats' lead over the fakes. This share is the **held-out gap** (Karras et al. 2020, equation 1):
#
# $$ r_v = \frac{\mathbb E\, s(x_\text{known}) - \mathbb E\, s(x_\text{held out})}{\mathbb E\, s(x_\text{known}) - \mathbb E\, s(G(z))}. $$
#
# Here $s$ is D's score, and $\mathbb E$ a mean over pictures.
#
# | $r_v$ | held-out cats score |
# |---|---|
# | 0 | as high as known cats: no overfitting |
# | 1 | no higher than fakes |
# | above 1 | even lower than fakes |
#
# In code, kept finite:

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
# Why does this hurt the *generator*? G learns only from D's gradient, which leads towards higher scores. If these formed a hill around each of the 64 cats, G would learn to copy.
#
# **Your turn.** What will the gap be with 1,000 cats, in the same 500 steps? Predict, then train `replace(plain, count=1000)` and measure.
#
# <details><summary>Solution</summary>About .05 instead of about .5 (one seed). D now sees each cat 16 times instead of 250.</details>
#
# ## 2 · Can we augment, as for a classifier?
#
# A classifier with few photographs is trained on crops, shifts and colour changes of them: **data augmentation** (chapter 03). It hardly sees the same picture twice.
#
# In a GAN this has a trap. If we turn only the *real* pictures, D sees turned cats as real, and G learns to draw turned cats. That is a **leak**: our change shows up in the fakes.
#
# Several groups found the way out in 2020: change *both* of D's inputs, just before D. G itself may then draw unchanged pictures.
#
# G's gradient (dashed) must flow back through the change. Hence **differentiable augmentation** (DiffAugment, Zhao et al. 2020).

# %% alt="A diagram: the generator makes a fake of noise; fake and real picture both pass a box named change T before the discriminator. A dashed magenta line, the gradient, runs back from there through the change and the fake to the generator." tags=["hide-input"]
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
# A change takes pictures and a few random numbers for each. Here are two of DiffAugment's three. The third shifts the picture.

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


# %% alt="Seven rows of eight cats. The first is unchanged; each below shows one change: colour, translation, cutout, mirror, quarter turn, zoom." tags=["hide-input"]
every_change = ("colour", "translation", "cutout", "mirror", "quarter_turn", "zoom")
rows = [sixty_four[:8]]
for name in every_change:
    rows.append(getattr(augmentation, name)(sixty_four[:8], torch.rand(8, 3)))
figure, axes = plt.subplots(figsize=(7.2, 6.4))
images.draw_sheet(axes, torch.cat(rows), 8, ("as they are", *(name.replace("_", " ") for name in every_change)))
axes.set_title("Eight cats, one change in each row")
plt.show()

# %% [markdown]
# ### What leaks?
#
# Some changes leak all the same. We try turns by 0, 90, 180 or 270 degrees, all equally likely.
#
# > **Predict, then run.** Three GANs learn 1,000 cats. For the first, only the real pictures are turned; for the second, every picture that D sees; for the third, each of these with a probability of one half. Which way up are their fakes?

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

# %% alt="Four rows of seven small pictures, the first of each the mean of 1,000. Real cats, upright. Only the real turned: blotchy fakes in different directions, and a mean without any. Both always: fakes that all lie on the same side. Both half of the time: upright fakes." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4.1))
rows = [torch.cat([pixels.float().mean(0, keepdim=True), pixels[:6]]) for pixels in (many_cats, *turned.values())]
images.draw_sheet(axes, torch.cat(rows), 7, ("real cats", *turned))
axes.text(7.5, -2, "mean of 1,000", ha="center", va="bottom", fontsize=9, color=style.REFERENCE)
axes.set_title("Only turning both, and not always, keeps the fakes upright", pad=18)
plt.show()


# %% [markdown]
# To count, we ask which of the mean cat's four turns a fake is nearest to. *Claimed: with only the real turned, fewer than half of the fakes are upright; with both half of the time, more than nine in ten.*

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
# - **Only the real.** G cannot know that the turns are ours, so it learns them. About a quarter of its fakes are upright.
# - **Both, always.** Cats on their side, turned at random, look just like upright cats turned at random. So nothing tells G which way is up. Here its fakes ended on one side: a leak, too.
# - **Both, half the time.** Five real pictures in eight are now upright: the untouched half, and a quarter of the others. Only upright fakes can match that.
#
# The general rule: a change must be **non-leaking**. From the distribution of changed pictures, one could still work out that of the unchanged ones (Karras et al. 2020). Leaving the change out often enough can make it so.
#
# **Your turn.** DiffAugment applies cutout to every picture, and yet G learns whole pictures. Why does a cutout not leak where a quarter turn does?
#
# <details><summary>Solution</summary>The hole is in another place each time. Fakes with holes of their own would
# show too much grey once cut again, and D would notice. Four equally likely turns erase the direction for good.</details>
#
# ## 3 · How often should a change come?
#
# If changes come too rarely, D memorises; if too often, it learns slowly. **Adaptive discriminator augmentation** (ADA, Karras et al. 2020) lets D's overfitting decide:
#
# 1. Begin with probability p = 0.
# 2. Every few steps, measure the overfitting.
# 3. If it is above the target, raise p a little; if below, lower p by as much.
#
# Our `Feedback` measures the held-out gap on one batch. The setting `ramp` is the number of pictures in which p could rise from 0 to 1.
# A limit of .8 keeps p away from "always", which can leak.

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
# The adaptive recipe mirrors, shifts, zooms and recolours, each independently with the same probability p. Here are stored runs of 2,000 steps at 32 × 32 pixels, with a target of .5.

# %% alt="Two panels over 500 to 2,000 steps. Above, the held-out gap: with 64 cats three orange lines without augmentation climb from .55 to about 1, three purple adaptive ones to between .7 and .8; grey lines end at .27 with 256 cats and .06 with 1,000. Below, p: with 64 cats it climbs from about .15 to .66; with 256 and 1,000 it is 0." tags=["long", "hide-input"]
longer = results.table("few")
figure, panels = plt.subplots(2, 1, figsize=(7.2, 4.8), sharex=True, height_ratios=(3, 2))
for run in longer["runs"]:
    if run["way"] in ("none", "adaptive") and (run["count"] == 64 or run["way"] == "adaptive"):
        color = style.FAKE if run["way"] == "none" else style.AVERAGE if run["count"] == 64 else style.REFERENCE
        line = {"color": color, "lw": 1.4, "ms": 4 if run["count"] == 256 else 6}
        for axes, name in zip(panels, ("held_out_gap", "augmentation")):
            moments = [(one["step"], one[name]) for one in run["curve"] if name in one]
            if moments:
                axes.plot(*zip(*moments), "s-" if run["count"] == 256 else "o-", **line)
gap_labels = ((1.03, "64, none", style.FAKE), (0.73, "64, adaptive", style.AVERAGE))
gap_labels += ((0.27, "256, adaptive", style.REFERENCE), (0.06, "1,000, adaptive", style.REFERENCE))
for height, words, color in gap_labels:
    panels[0].text(2040, height, words, color=color, va="center", fontsize=9)
panels[1].text(2040, 0.66, "64, adaptive", color=style.AVERAGE, va="center", fontsize=9)
panels[1].text(2040, 0, "256 and 1,000", color=style.REFERENCE, va="center", fontsize=9)
panels[0].set(ylabel="held-out gap", ylim=(0, 1.15))
panels[1].set(xlabel="step", ylabel="probability p", ylim=(-0.07, 0.85), xticks=(500, 1000, 1500, 2000))
panels[1].set_xlim(450, 2380)
panels[0].set_title("With 64 cats D overfits (above), and the feedback raises p (below)")
plt.show()

# %% [markdown]
# **The feedback switches on where it should.** With 64 cats p climbs, and D overfits less than without augmentation. With 256 or 1,000 cats p is 0 at all four stored moments (one run each).
#
# That it also *holds* the gap at its target is not shown: with 64 cats both still climb at step 2,000.
#
# <details><summary>Fine print</summary>The paper's default is another measure, the mean sign of D's scores of known pictures. Our relativistic loss (chapter 04) sees only differences of scores, so we cannot use it. The feedback reads the gap on <i>changed</i> pictures; our figures show it on unchanged ones, where it can be higher. It needs 500 more cats, though these move nothing but p.</details>
#
# ## 4 · Is it a new cat? Count
#
# We know every possible cat, so we can *count* copies. A small judge makes four guesses for each of a fake's five parts. Among all these combinations, we search for the one nearest to the fake. Then two distances decide:
#
# - **a**: from the fake to the nearest combination that was found,
# - **b**: from the fake to the nearest of the 64.
#
# Both are root mean squares over pixels from 0 to 1.
#
# | a fake is | if | in words |
# |---|---|---|
# | **clear** | a ≤ .08 | close to a possible cat |
# | **copied** | it is clear, and b ≤ a + .002 | one of the 64 is as near as the best combination |
# | **new** | it is clear, and b > a + .02 | the best combination is clearly nearer than any of the 64 |
#
# A clear fake between the margins counts as neither. The limit .08 is strict: only 8 to 13 % of the plain GAN's fakes below pass it. Of the others we cannot say whether they are copies.
#
# We test the count at 16 × 16 and 32 × 32 pixels: on *copies* of the 64; on *recombined* cats, whose parts are drawn from the 64 at random; and on **blends** of two known cats, equal *averages* and *four to one*.
#
# *Claimed, at both sizes: every copy counts as copied; of the recombined cats, more than 90 % are new and fewer than 5 % copied; fewer than 30 % of the averages are clear; more than 70 % of the four-to-one blends count as copied, fewer than 5 % of either blend as new.*

# %% tags=["claim"]
some = torch.randint(64, (500, 5), generator=torch.Generator().manual_seed(0))
some[:, 1] = (some[:, 0] + 1 + some[:, 1] % 63) % 64  # a blend is of two different cats
print("                      clear  copied     new")
for side in (16, 32):
    cats = avatars.load("cats", side, 64)
    first, second = (cats.pixels(some[:, column]) for column in (0, 1))
    parts = cats.variants()
    yardsticks = {
        "copies": first,
        "recombined": cats.compose(torch.stack([parts[some[:, part], part] for part in range(5)], 1)),
        "averages": (first + second) / 2,
        "four to one": (4 * first + second) / 5,
    }
    beside = {name: few.cat_combinations(pixels, cats) for name, pixels in yardsticks.items()}
    for name, shares in beside.items():
        print(f"{side} pixels, {name:<12}" + "".join(f"{share:>7.1%} " for share in shares.values()))
    copied, new = ({name: shares[kind] for name, shares in beside.items()} for kind in ("copied_share", "new_share"))
    assert copied["copies"] == 1 and copied["recombined"] < 0.05 and new["recombined"] > 0.9
    assert beside["averages"]["clear_share"] < 0.3 and copied["four to one"] > 0.7
    assert max(new["averages"], new["four to one"]) < 0.05

# %% [markdown]
# **The count tells copies from new cats, at either size.** It does not tell copies from blends: a four-to-one blend mostly counts as copied. Averages are seldom clear; of the clear ones, a third to a half count as copied, and one in seven as new. So read "copied" below as "a known cat, or a blend of known ones", and "new" with care.
#
# **Your turn.** A GAN might learn to draw the 64 cats mirrored, or a little brighter. Would the count call that a copy? Predict, then give `few.cat_combinations` the pictures `first.flip(-1)` and `first + 0.1`.
#
# <details><summary>Solution</summary>It calls nearly all the brighter ones copies (.96), but no mirrored one is even clear. The adaptive runs below train on mirrored and recoloured cats, so some of their copies may go uncounted.</details>
#
# ### Three ways to learn from 64
#
# Section 3's stored runs, and one more:
#
# - **none**: no augmentation, three seeds.
# - **adaptive**: section 3's feedback, three seeds.
# - **transfer learning**: begin with both players of a GAN of many robots, and go on with the cats, one seed. D's lowest layer
#   keeps its weights, as in **FreezeD** (Mo et al. 2020).

# %% tags=["long", "hide-input"]
print("                shown at    Fréchet  held-out   of 2,000 fakes are         CPU seconds,")
print("64 cats             step   distance       gap   clear    copied       new    whole run")
for run in longer["runs"]:
    if run["count"] == 64 and run["way"] in ("none", "adaptive", "transfer"):
        best, steps = run["best"], f"{run['best']['step']:,} of {run['curve'][-1]['step']:,}"
        clear, copied, new = (round(2000 * best[f"{name}_share"]) for name in ("clear", "copied", "new"))
        shares = [f"{some} ({some / clear:.0%})" for some in (copied, new)]
        print(
            f"{run['way']:<11} {steps:>14} {best['frechet_fraction']:>8.3f} {best['held_out_gap']:>9.2f}"
            f" {clear:>7} {shares[0]:>9} {shares[1]:>9} {run['curve'][-1]['seconds']:>12.0f}"
        )

# %% [markdown]
# We show the best of four moments: the smallest **Fréchet distance** to held-out cats (chapter 08), where noise scores 1 and perfect fakes near 0. Percentages are shares of the *clear* fakes.

# %% alt="Six rows of eight cats: unselected fakes of 64 cats without augmentation, of 64 with, and of 1,000 without, each above the nearest known cats. All are recognisable and speckled. Framed are two of the first row, marked copied and neither, and one of the last, marked neither." tags=["long", "hide-input"]
sheets, of_64, rows, marks = results.arrays("few"), avatars.load("cats", 32, 64), [], []
for name, learned in (("none_64_0", of_64), ("adaptive_64_0", of_64), ("none_1000_0", avatars.load("cats", 32, 1000))):
    some = torch.from_numpy(sheets[name][:8]).permute(0, 3, 1, 2) / 127.5 - 1
    found = few.read_cats(some, learned)
    words = ["copied" if copied else "new" if new else "neither" for copied, new in zip(found.copied, found.new)]
    marks += [(column, len(rows), words[column]) for column in found.clear.nonzero()[:, 0].tolist()]
    rows += [some, learned.pixels()[found.known]]
figure, axes = plt.subplots(figsize=(7.2, 5.6))
ways = ("64 cats,\nnone", "64 cats,\nadaptive", "1,000 cats,\nnone")
images.draw_sheet(axes, torch.cat(rows), 8, [name for way in ways for name in (way, "nearest\nknown cat")])
for column, row, word in marks:
    place = (34 * column - 1.5, 34 * row - 1.5)
    axes.add_patch(plt.Rectangle(place, 34, 34, fill=False, ec=style.AVERAGE, lw=2.5, clip_on=False))
    box = {"facecolor": style.AVERAGE, "edgecolor": "none", "pad": 1.5}
    axes.text(34 * column + 31, 34 * row + 31, word, color="white", fontsize=9, ha="right", va="bottom", bbox=box)
axes.set_title("Unselected fakes: the framed three are clear enough to judge")
plt.show()

# %% [markdown]
# **With only 64 cats, the plain GAN draws recognisable cats**, and some nearly repeat the one below. Transfer learning's distance is within chance of both other ways, and only 19 of its fakes are clear.
#
# Two more ways, one untuned run each, drew no clear cat: **DiffAugment**, whose changes are always on, and a **projected GAN** (Sauer et al. 2021), whose D sees only the features of a frozen classifier. Their papers report large gains, chiefly on photographs and in longer runs.
#
# ### A copy, a blend, and a new cat
#
# Here are the plain GAN's *first* three fakes that count as copied, and as new (seed 0, on another processor).

# %% alt="Six columns of four rows: speckled fakes, the nearest of the 64 cats, the nearest of all combinations, and the difference of these two. Left, three copied: two differences are blank, one shows a fur. Right, three new: a magnifying glass, glasses with a collar, and eyes with a fur. Below each nearest cat stands its distance." tags=["long", "hide-input"]
shown = results.arrays("few_pairs")
those = torch.cat([torch.from_numpy(shown[kind]) for kind in ("copied", "new")]).permute(0, 3, 1, 2) / 127.5 - 1
reading = few.read_cats(those, of_64)
rows = torch.stack([those, of_64.pixels()[reading.known], of_64.compose(reading.parts)])
distances = ((rows - those) / 2).square().mean((2, 3, 4)).sqrt()
differs = 1 - (2.5 * (rows[1] - rows[2]).abs().amax(1, keepdim=True)).clamp(max=2).expand(-1, 3, -1, -1)
figure, grid = plt.subplots(4, 6, figsize=(7.2, 5.6), height_ratios=(10, 12, 12, 10))
for row, name in enumerate(("fake", "nearest\nof the 64", "nearest\nof all", "difference\nof the two")):
    for column in range(6):
        axes = grid[row, column]
        pixels = torch.cat([rows, differs[None]])[row, column]
        axes.imshow(pixels.permute(1, 2, 0) / 2 + 0.5, interpolation="nearest")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        if row in (1, 2):
            axes.set_xlabel(f"{' ba'[row]} = {distances[row, column]:.3f}", fontsize=9)
    grid[row, 0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
grid[0, 0].set_title("Copied: b ≤ a + .002")
grid[0, 3].set_title("New: b > a + .02")
plt.show()

# %% [markdown]
# Left, one of the 64 is as near as any combination found. But below the middle fake even the fur differs. Is it a blend? We find the best blend of two known cats for each.
#
# *Claimed: the second cat's share is below a fifth in most "copied" fakes, and above a third in the middle one. The three new ones are nearer to their combination than to any blend.*

# %% tags=["claim", "long"]
pairs = results.table("few_pairs")
print(f"{pairs['fakes']:,} fakes: {pairs['clear']} clear, {pairs['copied']} copied, {pairs['new']} new")
assert reading.copied[:3].all() and reading.new[3:].all()


def best_blend(pixels):
    """Of the blend of two known cats nearest to each picture: the second cat's share, 0 to .5, and its distance."""
    known, shares, distances = of_64.pixels().flatten(1), [], []
    for picture in pixels.flatten(1):
        away = (known - picture) / 2
        inner = away @ away.T
        own = inner.diagonal()
        share = ((own[:, None] - inner) / (own[:, None] + own - 2 * inner).clamp(min=1e-3)).clamp(0, 1)
        left = (1 - share) ** 2 * own[:, None] + share**2 * own + 2 * share * (1 - share) * inner
        best = left.fill_diagonal_(torch.inf).argmin()
        shares.append(torch.minimum(share, 1 - share).flatten()[best])
        distances.append((left.flatten()[best] / len(picture)).sqrt())
    return torch.stack(shares), torch.stack(distances)


unselected = torch.cat([torch.from_numpy(sheets[f"none_64_{seed}"]) for seed in range(3)]).permute(0, 3, 1, 2)
unselected = unselected / 127.5 - 1
copied = torch.cat([those[:3], unselected[few.read_cats(unselected, of_64).copied]])
grain = 0.15 * torch.randn(500, 3, 32, 32)  # as speckled as clear fakes
for name, pixels in {"real copies": first, "averages": (first + second) / 2}.items():
    print(f"second cat's share in speckled {name}: {best_blend(pixels + grain)[0].mean():.2f} on average")
found = best_blend(copied)[0]
print("in fakes that count as copied:", ", ".join(f"{share:.2f}" for share in found))
beyond = best_blend(those[3:])[1]
either = [f"{blend:.3f} and {a:.3f}" for blend, a in zip(beyond.tolist(), distances[2, 3:].tolist())]
print("from the new ones to the nearest blend and combination:", ", ".join(either))
assert (found < 0.2).float().mean() > 0.5 and found[1] > 1 / 3 and (beyond > distances[2, 3:]).all()


# %% [markdown]
# **Eight of these ten "copies" are one known cat with at most a sixth of another; the middle one above is half and half.** (Seven of the ten come from 48 unselected fakes.)
#
# Right, a new combination fits better than any of the 64, and a little better than any blend of two, but it is the best of far more candidates: the blue fake lacks its known cat's magnifying glass.
#
# ### What helped: augmentation or more pictures?
#
# First the 64 cats alone. As a control for chance we count *real held-out cats*, blurred to be about as unclear as the fakes.

# %% alt="Dots joined by lines: clear fakes, in per cent of 2,000, across, and the share of copies among them up. Three orange runs without augmentation climb from 3 to 4 % clear and 32 to 42 % copied to 11 to 13 % clear and 53 to 59 % copied. Three purple adaptive ones stay at 2 to 5 % and 15 to 33 %. A dashed blue line, real held-out cats, lies at half a per cent." tags=["long", "hide-input"]
def of_the_clear(figures):
    return figures["copied_share"] / figures["clear_share"]


against = longer["held_out"]["softened"]["against"]
figure, axes = plt.subplots(figsize=(7.2, 3.6))
for way, color in (("none", style.FAKE), ("adaptive", style.AVERAGE)):
    for run in (run for run in longer["runs"] if (run["way"], run["count"]) == (way, 64)):
        moments = [(one["clear_share"], of_the_clear(one)) for one in run["curve"] if one["clear_share"] > 0.02]
        axes.plot(*zip(*moments), "o-", color=color, lw=0.8, ms=6)
        axes.plot(run["best"]["clear_share"], of_the_clear(run["best"]), "o", color=color, mfc="none", ms=12)
axes.text(0.096, 0.4, "no augmentation,\nthree seeds", color=style.FAKE, fontsize=9)
axes.text(0.05, 0.21, "adaptive,\nthree seeds", color=style.AVERAGE, va="center", fontsize=9)
chance = of_the_clear(against["64"])
axes.axhline(chance, color=style.REAL, ls="--", lw=1.4)
axes.text(0.139, chance + 0.012, "real held-out cats (chance)", color=style.REAL, ha="right", fontsize=9)
axes.xaxis.set_major_formatter("{x:.0%}")
axes.yaxis.set_major_formatter("{x:.0%}")
axes.set(xlabel="clear, of 2,000 fakes", ylabel="copied, of the clear", xlim=(0, 0.14), ylim=(0, 0.65))
axes.set_title("64 cats: with augmentation fewer clear fakes, and fewer copies among them")
plt.show()

# %% [markdown]
# A dot is a moment with more than 2 % clear fakes, a ring the best.
#
# **The plain GAN copies.** At its best moments about half of its clear cats count as copied, against half a per cent of the real held-out ones. These are 4 to 7 % of *all* its fakes.
#
# **With adaptive augmentation fewer of the clear cats are copies**: about three in ten, and 14 to 22 % are new instead of 2 to 8 %. If the remedy did nothing, all three runs would come out better by luck once in twenty times.
#
# **Much of this gain may be slower training.** The augmented runs have only a quarter to a third as many clear fakes. Where both ways have 2 to 5 % clear, 15 to 33 % of these are copies with it, and 32 to 42 % without. Of *all* fakes, about as many are new. Nor are blends excluded: of clear averages, too, one in seven was new.
#
# Now with more cats:

# %% alt="Two panels over the number of known cats, orange dots without augmentation, purple rings adaptive. Left, the held-out gap: at 64 cats about 1 without and .6 to .8 with it, below .3 at 256 and below .1 from 1,000 on. Right, the Fr\u00e9chet distance: at 64 .05 without and .06 to .07 with it, below .04 at 256 and about .03 at the end. A dashed line marks copies of the 64 at .054." tags=["long", "hide-input"]
counts = [64, 256, 1000, 350_000]
figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.4))
drawn_as = {"none": {"color": style.FAKE, "ms": 6}, "adaptive": {"color": style.AVERAGE, "mfc": "none", "ms": 9}}
for axes, name in zip(panels, ("held_out_gap", "frechet_fraction")):
    for way, line in drawn_as.items():
        dots = [(counts.index(run["count"]), run["best"][name]) for run in longer["runs"] if run["way"] == way]
        axes.plot(*zip(*dots), "o", **line, label={"none": "no augmentation"}.get(way, way))
    axes.set_xticks(range(4), ["64", "256", "1,000", "350,000"])
    axes.set(xlabel="known cats", xlim=(-0.4, 3.4), ylim=(0, None))
panels[0].set(ylabel="held-out gap")
panels[1].set(ylabel="Fréchet distance, noise: 1")
panels[0].legend(loc="upper right")
copies = longer["beside"]["64"]["copies"]["frechet_fraction"]
curves.draw_reference(panels[1], copies, "copies of the 64")
panels[0].set_title("The more cats, the less D overfits", fontsize=10)
panels[1].set_title("With 256 cats, nearer fakes than with 64", fontsize=10)
plt.show()

# %% [markdown]
# *Claimed: with 1,000 cats the held-out gap is less than half of that with 64, in any of three seeds. With 64, each adaptive run has a lower gap, a lower copied share and a larger distance than each without.*

# %% tags=["claim", "long"]
best = {
    (way, count): torch.tensor(
        [
            [run["best"]["held_out_gap"], of_the_clear(run["best"]), run["best"]["frechet_fraction"]]
            for run in longer["runs"]
            if (run["way"], run["count"]) == (way, count)
        ]
    )
    for way, count in (("none", 64), ("adaptive", 64), ("none", 1000))
}
lowest, highest = best["none", 64].min(0).values, best["none", 64].max(0).values
assert best["none", 1000][0, 0] < 0.5 * lowest[0]
assert (best["adaptive", 64][:, :2] < lowest[:2]).all() and (best["adaptive", 64][:, 2] > highest[2]).all()
for count, (known_count, control) in zip(counts, against.items()):
    some = [run for run in longer["runs"] if run["count"] == count and run["way"] in drawn_as]
    shares = "".join(f", {run['way']} {of_the_clear(run['best']):.0%}" for run in some)
    print(f"copied, of the clear, {int(known_count):>5,} known: real cats {of_the_clear(control):.1%}{shares}")

# %% [markdown]
# **More pictures helped most.** With 256 cats instead of 64, the gap fell from about 1 to .3, the copied share from half to 16 %, and the distance from about .05 to below .04 (one seed). Beyond 256 the steps are too small to tell.
#
# **Copies have as good a distance as the GAN that learned from them** (dashed line). It never asks whether a picture is new.
#
# <details><summary>Fine print</summary>Chance can move a distance by about .01: the three adaptive seeds at 64 span .060 to .071. At 256 and 1,000 p stayed at 0, so dot and ring are nearly the same experiment, and differ by luck. With 1,000 cats the copied share is two to three times chance, which proves nothing: of the GAN of 350,000, 37 % of the clear fakes count as copies of 4,000 that it hardly saw, where chance gives 20 %.</details>
#
# ## 5 · Your own fifty pictures
#
# The recipe learns from any folder or zip of 30 pictures or more, of any size and format. It crops each to its central square and scales it, so pad yours first if the edges matter.
#
# Choose *one* subject, framed alike (untested here). The film's folder holds faces, some grey, and one file that is no picture:

# %%
print(mine.images().found)
print(*(f"{len(part)} {word}" for part, word in zip(mine.parts(), ("to learn from,", "held out"))))

# %% [markdown]
# A fifth is held out, and at least eight.
#
# **The film's fakes have the wrong colours.** The folder's faces are mostly grey or warm yellow, the fakes white or pure yellow. Does the recipe's recolouring leak? We train once more, without augmentation:

# %% alt="Three rows of eight small pictures. Known faces, yellow and grey; rough fakes with augmentation, yellow or white; and as rough ones without, again yellow or white." tags=["hide-input"]
unchanged = replace(mine, augmentation="none")
control = unchanged.build(seed=0)
for record in unchanged.train(control, unchanged.data()):
    pass
rows = [mine.images().pixels[:8], mine.samples(own, 16)[:8], unchanged.samples(control, 16)[:8]]
figure, axes = plt.subplots(figsize=(7.2, 3))
images.draw_sheet(axes, torch.cat([some.float().cpu() for some in rows]), 8, ("known faces", "adaptive", "none"))
axes.set_title("After 200 steps: white and yellow, with augmentation and without")
plt.show()

# %% [markdown]
# The same wrong colours come without it (one seed). So they need no leak: 200 steps are too few.
#
# ### Fifty faces, trained in full
#
# Now the recipe's own 4,500 steps: stored runs of the same folder, with adaptive augmentation and without. In the adaptive one p stood at its limit of .8 from step 2,000 on. So this is what D saw:

# %% alt="Three rows of eight drawn faces. Known faces, yellow and grey. The same recoloured: darker, brighter, paler or a stronger yellow, some on grey. As D sees them at p = .8: also zoomed, shifted and cut off, with grey bars at the edges." tags=["hide-input"]
torch.manual_seed(12)
forty = mine.images().pixels
seen = Augmentation(augmentation.policy("adaptive"), 0.8)(forty[:8])
rows = [forty[:8], augmentation.colour(forty[:8], torch.rand(8, NUMBERS)), seen]
figure, axes = plt.subplots(figsize=(7.2, 3))
images.draw_sheet(axes, torch.cat(rows), 8, ("known faces", "recoloured", "as D sees them\nat p = .8"))
axes.set_title("D sees the faces paler, darker, shifted or zoomed")
plt.show()

# %% [markdown]
# We cannot count new faces, not knowing every possible one. But the ten held-out faces are no copies. A fake nearer to a known face than any of these we call a **near copy**.
#
# A copy in the wrong colours would escape this count. So we compare *in grey*, at equal brightness and contrast, also with mirrored known faces.

# %% alt="Six rows of eight pictures: unselected fakes, the same in grey, and the nearest known face in grey. Upper half, adaptive: yellow, beige or pale blue, mostly with other eyes or mouths than below; none is framed. Lower half, none: six of eight repeat the face below and are framed." tags=["long", "hide-input"]
whole, kept = results.table("few_faces"), results.arrays("few_faces")
either_way, unseen_faces = torch.cat([forty, forty.flip(-1)]), mine.parts()[1].pixels
stored = {way: torch.from_numpy(kept[f"{way}_4500"]) for way in ("adaptive", "none")}
faces = {way: pixels.permute(0, 3, 1, 2) / 127.5 - 1 for way, pixels in stored.items()}


def in_grey(pixels):
    """Pictures without colour, all of the same brightness and contrast."""
    grey = pixels.mean(1, keepdim=True)
    grey = grey - grey.mean((2, 3), keepdim=True)
    return grey / grey.square().mean((2, 3), keepdim=True).sqrt()


def near_copies(pixels, view):
    """Which pictures are nearer to a known face than any held-out one is."""
    known = view(either_way)
    return nearest(known, view(pixels)).distances < nearest(known, view(unseen_faces)).distances.min()


rows, near = [], []
for way, pixels in faces.items():
    eight = pixels[:8]
    beside = in_grey(either_way)[nearest(in_grey(either_way), in_grey(eight)).indices]
    near += [(column, len(rows) + 1) for column in near_copies(eight, in_grey).nonzero()[:, 0].tolist()]
    rows += [eight, *((0.55 * grey + 0.4).expand(-1, 3, -1, -1) for grey in (in_grey(eight), beside))]
figure, axes = plt.subplots(figsize=(7.2, 5.6))
names = [name for way in faces for name in (way, "in grey", "nearest\nknown face")]
images.draw_sheet(axes, torch.cat(rows), 8, names)
for column, row in near:
    place = (34 * column - 1.5, 34 * row - 1.5)
    axes.add_patch(plt.Rectangle(place, 34, 34, fill=False, ec=style.AVERAGE, lw=2.5, clip_on=False))
axes.set_title("After 4,500 steps, unselected; near copies in grey are framed")
plt.show()

# %% [markdown]
# *Claimed: of recoloured known faces, the count in grey finds more than nine in ten, in colour fewer than six in ten. In grey, more than ten of 24 fakes without augmentation are near copies, and fewer than six adaptive ones. At least three adaptive fakes are more strongly coloured than every known face and every other fake.*

# %% tags=["claim", "long"]
recoloured = augmentation.colour(forty.repeat(25, 1, 1, 1), torch.rand(1000, NUMBERS)).clamp(-1, 1)
caught = [float(near_copies(recoloured, view).float().mean()) for view in (torch.clone, in_grey)]
print(f"recoloured copies that are found: in colour {caught[0]:.0%}, in grey {caught[1]:.0%}")
found = {way: int(near_copies(pixels, in_grey).sum()) for way, pixels in faces.items()}
print("near copies in grey, of 24: " + ", ".join(f"{way} {count}" for way, count in found.items()))


def strength(pixels):
    """How colourful the middle of a picture is, from 0 for grey to 1: largest less smallest of its median colour."""
    middle = pixels[..., 8:24, 8:24].flatten(2).median(2).values
    return (middle.amax(1) - middle.amin(1)) / 2


strongest = max(float(strength(pixels).max()) for pixels in (forty, faces["none"]))
stronger = int((strength(faces["adaptive"]) > strongest).sum())
print(f"adaptive fakes of stronger colour than any known face or other fake: {stronger} of 24")
assert caught[0] < 0.6 and caught[1] > 0.9 and found["none"] > 10 and found["adaptive"] < 6 and stronger >= 3

# %% [markdown]
# Through the training we count 2,000 fakes in colour:

# %% alt="Two panels over 500 to 4,500 steps. Left, near copies: without augmentation they climb from 4 to 54 %, with it they stay below 1 %. Right, unseen distance: it falls from 1.15 to 1.09 without and from 1.23 to 1.19 with augmentation, above a dashed line at 1." tags=["long", "hide-input"]
figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.3))
for run in whole["runs"]:
    color = style.FAKE if run["way"] == "none" else style.AVERAGE
    for axes, name in zip(panels, ("nearer_share", "unseen_distance")):
        values = [(one["step"], one[name]) for one in run["curve"]]
        axes.plot(*zip(*values), "o-", color=color, lw=1.4, ms=4, label=run["way"], clip_on=False)
panels[1].plot([500, 4500], [1, 1], "--", color=style.REFERENCE, lw=1, label="copies")
panels[0].yaxis.set_major_formatter("{x:.0%}")
panels[0].set(ylabel="near copies in colour", ylim=(0, 0.6))
panels[1].set(ylabel="unseen distance (axis from .9)", ylim=(0.9, 1.3))
for axes in panels:
    axes.set(xlabel="step", xlim=(0, 4500), xticks=(0, 1500, 3000, 4500))
    curves.label_ends(axes)
panels[0].set_title("Without augmentation,\ncopies take over", fontsize=10)
panels[1].set_title("Neither comes as near to unseen\nfaces as copies do", fontsize=10)
plt.show()

# %% [markdown]
# *Claimed: in colour, more than three in ten fakes are near copies without augmentation, fewer than one in twenty with the adaptive one.*

# %% tags=["claim", "long"]
last = {run["way"]: run["curve"][-1] for run in whole["runs"]}
for name in ("nearer_share", "frechet_fraction", "novelty", "unseen_distance", "held_out_gap"):
    figures = {way: reached[name] for way, reached in last.items()} | whole["beside"].get(name, {})
    print(f"{name:>16}  " + "".join(f"  {way} {value:.3f}" for way, value in figures.items()))
assert last["none"]["nearer_share"] > 0.3 and last["adaptive"]["nearer_share"] < 0.05

# %% [markdown]
# | the recipe's measure | what it is | good is |
# |---|---|---|
# | `frechet_fraction` | the fakes' Fréchet distance (of pixels) to *all* the folder's pictures, divided by noise's | near 0, as copies are |
# | `novelty` | a fake's distance to the nearest known picture, divided by a known one's to the nearest other | clear of 0, but noise has most |
# | `unseen_distance` | a held-out picture's distance to the nearest fake, divided by its distance to the nearest known one | below 1 |
# | `held_out_gap` | section 1's gap | near 0, but noisy with ten |
#
# **Without augmentation the GAN learned much of the folder by heart**: more than half of its fakes are near copies.
#
# **With adaptive augmentation far fewer fakes are near copies**, in grey too: 3 of 24 instead of 16. The colour count alone misses most recoloured copies.
#
# **Some colours stay too strong.** Six of 24 adaptive fakes are more strongly coloured than any known face or plain fake. The recolouring may leak, or the adaptive run may be slower: at 200 steps the plain fakes were pure yellow, too. But their backgrounds stay white, though D sees many grey ones, and pale blue faces come without augmentation, too.
#
# **Neither has learned faces in general**: both fail `unseen_distance`, and D overfits in both.
#
# <details><summary>Fine print</summary>All this is one seed and one folder. The limit is strict: by eye, the fourth and the last adaptive face come close, too. A shifted or zoomed copy mostly escapes either count. In the ADA paper, a plain GAN's distance falls, then rises. Our cats' runs are too short for that; the faces' distance (right panel) levels off.</details>
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
# Expect four minutes on one core at 32 × 32 pixels, and twenty at 64 × 64. A GPU gets a larger recipe unless you add `--size cpu`.
#
# Then open the report, `runs/mine/report.html`:
#
# 1. The film: if the fakes were still getting better, train anew with more steps (`--steps 9000`).
# 2. *The nearest of your pictures*: if fake after fake repeats the picture below it, the GAN copies.
#
# For no augmentation add `--set augmentation=none`; for less, `--set target=0.8` (untried here). To start from a run on other pictures of the same size, with D's lowest layer frozen, add `--set start=runs/other --set frozen=1`.
#
# **Your turn.** Train on your folder twice, with adaptive augmentation and with none. Print both sheets, and let a friend who knows your pictures mark the copies. Predict first: which sheet gets more marks?
#
# <details><summary>Solution</summary>Of our faces the one without: by distance in grey, 16 of 24 instead of 3.</details>
#
# ### How many pictures do you have?
#
# This comes from cats and faces at 32 × 32, one to three seeds.
#
# | you have | do this | because |
# |---|---|---|
# | fewer than 30 | collect more | too few to hold some out, so the recipe refuses |
# | 30 to about 100 | adaptive augmentation if copies worry you | near copies: 3 of 24 faces instead of 16 (one seed), three in ten clear cats instead of half, though closer where equally many were clear |
# | | none for clearer ones | three to four times as many cats were clear, for two thirds of the computing |
# | 100 to 250 | adaptive, and look at p | untested here; if p stays near 0, you don't need it |
# | 256 or more | begin without, and watch the gap | in one run each adaptive left p at 0 and only cost time; at 256 the gap still climbed |
# | a run on other pictures | try to start from it | one seed, within chance of the others, but few clear |
#
# If you can find more pictures, do so first.
#
# **May I publish a near copy?** Of your own pictures yes, but don't call it new. One of someone else's may infringe their rights.
#
# ## Debugging card
#
# | what it looks like | what to test | what to change |
# |---|---|---|
# | fakes are sharp, and each is one of your pictures | nearest neighbours; novelty near 0; the held-out gap | augmentation; fewer `--steps`; more pictures |
# | held-out gap near 1 | D's scores of known and held-out pictures | more pictures; adaptive augmentation |
# | fakes are shifted, turned, mirrored (lettering!), or too dark | is a change on always, or often, that cannot be undone? | a higher target, for a smaller p; leave that change out (section 2's `Augmented` takes your list) |
#
# ## What we saw
#
# - With few pictures D overfits, and its scores of held-out pictures show it.
# - Augment real and fake alike, just before D, or the change leaks. Turns leak even so, unless often left out. Changes must be differentiable.
# - Feedback on the held-out gap sets how often: p rose with 64 cats, and read 0 with 256 and 1,000.
# - With 64 cats and three seeds, adaptive augmentation made D overfit less, and of fewer clear cats fewer were copies (or blends), perhaps by slower training. More pictures helped more (one seed each).
# - With fifty faces (one seed), more than half of the fakes were near copies without augmentation, far fewer with the adaptive one, whose colours were partly too strong.
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
#    <details><summary>B · The distance never asks whether a sample is new</summary><b>Right.</b> It compares means and covariances only.</details>
#    <details><summary>C · There are too few of them</summary><b>No.</b> Fewer samples raise the distance.</details>
# 3. D scores held-out real pictures just as the known ones, on the very first step. Is D good?
#    <details><summary>A · It cannot be told from this alone</summary><b>Right.</b> Look at whether it tells real from fake.</details>
#    <details><summary>B · Yes, it does not memorise</summary><b>No.</b> It has not learned anything yet.</details>
#    <details><summary>C · No, it has memorised both</summary><b>No.</b> It has never seen the held-out ones.</details>
#
# ### In your own words
#
# 1. What do held-out pictures give to adaptive augmentation, and what do they cost?
#    <details><summary>Answer</summary>They show directly what D has memorised. They cost training pictures: of our fifty faces, ten.</details>
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
