# %% [markdown]
# # 20 · Shapes
#
# [← 19 Video](19_video.ipynb) · [contents](00_start.ipynb) · [21 Scaling up →](21_scaling_up.ipynb) · [assignment](assignments/release/20_shapes/20_shapes.ipynb)
#
# **A picture of a chair only has to look right from one side. Can a GAN make things that still hold together when you walk around them?**

# %% alt="A moving picture: a chair, a table, a lamp, a vase and a mug, in orange, made by a generator, turn once round on a white floor and throw soft shadows." tags=["hide-input"]
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
import trimesh
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from scipy.ndimage import binary_dilation
from scipy.stats import binomtest
from torch import nn

from gan_lessons import recipes, results
from gan_lessons.data import clouds, meshes, shapes
from gan_lessons.data.shapes import KINDS
from gan_lessons.labs.latents.latent_simulation import on_arc
from gan_lessons.labs.shapes import ShapeLab
from gan_lessons.metrics import comparisons, prints
from gan_lessons.metrics.clouds import cloud_scores
from gan_lessons.metrics.memory import nearest
from gan_lessons.metrics.prints import print_check
from gan_lessons.metrics.shapes import cheats, faults, overlap, shape_scores
from gan_lessons.metrics.silhouettes import faced, hull
from gan_lessons.metrics.solids import euler, fault, fault_place
from gan_lessons.plots import diagrams, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.plots.motion import Animation
from gan_lessons.plots.shapes import render, sheet, turntable

torch.set_num_threads(1)
torch.manual_seed(20)
style.use()

longer = recipes.find("voxels", "long")
stored = longer.load()
Animation(turntable(longer.samples(stored, 5, seed=2), 5, 12, side=116), milliseconds=140, rest=140, colors=64)

# %% [markdown]
# A generator made these five objects, each from noise and one word, as a block of 16 × 16 × 16 numbers. At the end you write a chair to a file for a 3-D printer.
#
# **You will** train three GANs (on volumes, on silhouettes alone, and on clouds of points), and walk from a chair to a lamp.
#
# **You will learn** to
# - choose among five ways to write down a shape,
# - build networks that convolve in space,
# - judge shapes by tests that know what a chair is,
# - train a generator of shapes from pictures, and say what silhouettes cannot tell it,
# - compare clouds of points, and export a mesh that can be printed.
#
# **You will need** chapters 05, 08, 09, 10 and 11, the extra `pictures`, and about a minute and a half of computing on a laptop's processor.
#
# This is the first GAN; its D is told the kind, too (not drawn).

# %% alt="A block diagram: noise z and the kind, chair, go into the generator G, which makes a volume of 16 by 16 by 16; fake volumes and real ones go to the discriminator D, whose score s comes out." tags=["hide-input"]
diagrams.flow(
    [
        Box("noise z", 0, 0, "32 numbers", role="noise"),
        Box("kind", 0, 1, "chair"),
        Box("generator G", 1, 0, "styles, 3-D", role="generator"),
        Box("fake G(z)", 2, 0, "16 × 16 × 16", role="fake"),
        Box("real x", 2, 1, "16 × 16 × 16", role="real"),
        Box("discriminator D", 3, 0.5, "3-D", role="discriminator"),
        Box("score s", 4, 0.5),
    ],
    [
        Arrow("noise z", "generator G"),
        Arrow("kind", "generator G"),
        Arrow("generator G", "fake G(z)"),
        Arrow("fake G(z)", "discriminator D"),
        Arrow("real x", "discriminator D"),
        Arrow("discriminator D", "score s"),
    ],
)

# %% [markdown]
# ## 1 · Five ways to write down a shape
#
# | | what it is | good at | bad at |
# |---|---|---|---|
# | **voxels** | a block of cells, each solid or empty | convolutions, tests | size³ numbers; steps like a staircase |
# | **signed distance** | each cell's distance from the surface, below 0 on one side | the same, and smooth between cells | size³ numbers |
# | **point cloud** | points on the surface, in no order | few numbers, no grid | what is inside? is it closed? |
# | **implicit function** | a network that says whether a point is inside or outside | any resolution | many queries for one shape |
# | **mesh** | triangles that enclose the object | printing, drawing | which corners to connect is hard to learn |
#
# We begin with the second, as a **truncated signed distance** (Curless & Levoy 1996). Each cell holds how deep it lies inside the object, in units of one and a half voxels, cut off at ±1. A cell above 0 is solid (many texts reverse the sign), and the surface lies where the value passes through 0, anywhere between two cells.
#
# We compute the data ourselves: five kinds of objects, each drawn from a few random dimensions, so we can say exactly what a chair must have. Points and meshes return in section 6.

# %%
data = shapes.load()  # 4,000 shapes, [4000, 1, 16, 16, 16], and their kinds
print(list(data.samples.shape), "from", float(data.samples.min()), "to", float(data.samples.max()), KINDS)

# %% alt="Two rows of five real shapes in blue: chairs with a back, rectangular tables, lamps with a shade, vases and mugs with a handle, in different proportions." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 2.95))
axes.imshow(sheet(render(data.samples[:10], color=style.REAL), 5))
axes.set_title("Real: the same five kinds, no two with the same dimensions")
axes.axis("off")
plt.show()

# %% [markdown]
# What do distances gain us? Here is one vase, drawn from distances and from cells that are only solid or empty, whose steps the renderer rounds to dents.

# %% alt="Two renderings of the same vase. From distances its wall is smooth; from solid and empty cells it is dented and faceted." tags=["hide-input"]
vase = data.samples[8:9]
figure, axes = plt.subplots(figsize=(5.4, 2.5))
pictures = [render(one, side=256, color=style.REAL)[0] for one in (vase, vase.sign())]
axes.imshow(np.concatenate(pictures, 1)[30:-28])
axes.set_title("Distances give a smooth wall, solid and empty cells a dented one")
axes.axis("off")
plt.show()

# %% [markdown]
# **Your turn.** How many numbers has a shape of 64 × 64 × 64 cells, and how many a colour picture of 256 × 256 pixels? Predict which takes a discriminator longer.
#
# <details><summary>Solution</summary>
#
# 262,144 against 196,608: similar. But a pixel holds three numbers, so the shape has four times as many *places*, and a kernel of 3 × 3 × 3 has three times the weights of one of 3 × 3. At equal widths, a layer in space does twelve times the computing.
# </details>
#
# ## 2 · Tests that a chair has to pass
#
# Chapter 08 had to ask networks what looks real. Here we can *check*.
#
# - **A chair** has exactly four similar legs at every height below the seat, and one back.
# - **A mug** is closed below and all around, open above, and has exactly *one* hole through it, its handle.
# - **Every object** is in one piece: at least 99.5 % of its voxels are connected face to face.
#
# Tables need such legs and an even board, lamps a stem and a shade. A vase is a mug without the hole and, like a lamp, must be round: a quarter turn leaves it nearly the same. No test asks whether a thing would tip over.
#
# Holes are counted by the **Euler characteristic**: corners − edges + faces − voxels. It equals pieces − holes + sealed cavities, so it is 1 for an object without a hole and 0 for a mug.

# %% module="gan_lessons.metrics.solids" tags=["library"]
from scipy.ndimage import label

WHOLE = 0.995  # of the voxels, in the largest piece


def in_one_piece(solid):
    pieces, count = label(solid)
    return count > 0 and np.bincount(pieces.ravel())[1:].max() >= WHOLE * solid.sum()


# %%
sawn = data.samples[0, 0].clone()
sawn[:4, 8:, 8:] = -1  # a leg is gone
for name, volume in (("a chair", data.samples[0, 0]), ("a chair with a leg sawn off", sawn)):
    print(f"{name}: {fault(volume.numpy() > 0, 'chair') or 'passes'}")
print("Euler characteristic:", {kind: euler(volume.numpy() > 0) for kind, volume in zip(KINDS, data.samples[:5, 0])})

# %% [markdown]
# What is a good score? Fresh shapes of the family give the ceiling, and **cheats** show what can be had without learning: training shapes again, the average of two shapes, and the top of one shape set on the bottom of another. As our GAN will be told the kind, its fair opponents are the cheats with two shapes *of a kind*.

# %%
unseen, unseen_kinds = (part[:500] for part in shapes.drawn(16, 500, seed=7))
samplers = {"fresh real shapes": (unseen, unseen_kinds), **cheats(count=500)}
del samplers["top of one on another: any two"]
columns = ("valid", "one_piece", "covered", "copied")
heads = " " * 38 + "".join(f"{column.replace('_', ' '):>11}" for column in columns)
print(heads)


def row(name, volumes, kinds):
    scores = shape_scores(volumes, kinds)
    print(f"{name:>38}" + "".join(f"{getattr(scores, column):11.2f}" for column in columns))
    return scores


table = {name: row(name, *pair) for name, pair in samplers.items()}

# %% [markdown]
# - `valid` is the share of 500 shapes that passes the tests of its kind, `one piece` the share that is connected.
# - `covered` is chapter 08's coverage: the share of real shapes that have a sampled shape at least as near as their own fifth neighbour.
# - `copied` is chapter 08's test of memorisation: how much more often a shape is nearer to a training shape than to a held-out one. It is 1 for copies and about 0 for fresh shapes; chance alone moves it by about .09 either way, nearly as much as the .10 of halves.
#
# Averages of two of a kind usually pass: they are the bar for our GAN.
#
# *Claimed: nearly all fresh shapes pass, few averages of any two shapes do, and only for copies is `copied` near 1.*

# %% tags=["claim"]
assert table["fresh real shapes"].valid > 0.95 and table["averages of any two"].valid < 0.35
assert table["training shapes again"].copied > 0.9
assert all(scores.copied < 0.4 for name, scores in table.items() if name != "training shapes again")

# %% [markdown]
# ## 3 · A pair of networks in space
#
# What you know from pictures carries over: `Conv3d` replaces `Conv2d`. The first such GAN was the 3D-GAN of Wu et al. (2016), a DCGAN in space. Ours differs from it in three main ways, apart from the loss.
#
# - G's layers use adaptive instance normalisation, or AdaIN (chapter 11; Huang & Belongie 2017): each map of each sample is normalised, then scaled and shifted by a style that a mapping network computes from noise and kind.
# - Blocks of 2 × 2 × 2 voxels are *channels*, so neither network has to convolve at the full 16³.
# - G makes only the left half. As all five kinds are symmetric, the right half is its mirror image.
#
# The mirror makes some tests easier: a chair's left legs equal its right ones **by construction**. What remains to learn is front against back, and how to connect the parts.

# %% module="gan_lessons.networks.shapes" tags=["library"]
from torch.nn.functional import relu

from gan_lessons.networks.shapes import CONVOLUTIONS, NORMS
from gan_lessons.networks.styles import gentle


class Styled(nn.Module):
    def __init__(self, before, after, style_dim, axes):
        super().__init__()
        self.convolution = CONVOLUTIONS[axes](before, after, 3, padding=1, bias=False)
        self.norm = NORMS[axes](after)
        self.scale = gentle(nn.Linear(style_dim, after))
        self.shift = gentle(nn.Linear(style_dim, after))

    def forward(self, maps, style):
        maps = self.norm(self.convolution(maps))  # [batch, after, side, side(, side)]
        places = (...,) + (None,) * (maps.dim() - 2)
        return relu(torch.addcmul(self.shift(style)[places], maps, 1 + self.scale(style)[places]))


# %% alt="A stack of layers: noise and kind, 48 numbers; a mapping to a style of 48; a layout of 64 maps of 4 by 4 by 2; a styled convolution; enlarged to 8 by 8 by 4 with two styled convolutions to 32 maps; eight voxels each, 16 by 16 by 8; and mirrored, 16 by 16 by 16." tags=["hide-input"]
diagrams.stack(
    "VolumeGenerator",
    [
        ("mapping", "48"),
        ("layout", "64 × 4 × 4 × 2"),
        ("styled", "64 × 4 × 4 × 2"),
        ("enlarge,\n2 × styled", "32 × 8 × 8 × 4"),
        ("8 voxels\neach", "16 × 16 × 8"),
        ("mirrored", "16 × 16 × 16"),
    ],
    start="z and kind\n48",
)

# %% [markdown]
# The 48 inputs are 32 numbers of noise and 16 for the kind; `layout`, a pair of linear layers, turns the style into a first small volume.
#
# The rest is the book's modern recipe: the relativistic loss with R1 and R2, a moving average of G, and a projection discriminator for the kind (chapter 10). While a pair learns, we ask of 200 shapes whether the nearest real one is of the right kind, and whether they pass.

# %%
live = replace(recipes.find("voxels"), steps=100)
young, film = live.build(), []
asked = torch.arange(200) % 5  # the kinds in turn


def near(volumes):  # each one's overlap with the nearest real shape, and that one's kind
    twins = nearest(data.samples, volumes).indices
    return overlap(volumes, data.samples[twins]), data.labels[twins]


for record in live.train(young, live.data()):
    if record.step in (20, 60, 100):
        first = live.samples(young, asked)
        film.append((record.step, first[:5]))
        kept_kind = float((near(first)[1] == asked).float().mean())
        passed = [not wrong for wrong in faults(first, asked)]
        print(f"step {record.step:3}: {kept_kind:.2f} of the right kind, {np.mean(passed):.2f} valid")

# %% alt="A moving picture of five shapes in orange while the generator learns: at step 20 broken lumps; at step 60 all five kinds can be recognised, with holes in board and walls; at step 100 they are no better, with a gap in the chair's back and a lumpy mug." tags=["hide-input"]
frames = []
for step, shown in film:
    figure, axes = plt.subplots(figsize=(7.2, 1.75), dpi=90)
    axes.imshow(sheet(render(shown), 5))
    axes.set_title(f"step {step}")
    axes.axis("off")
    frames.append(figure)
    plt.close(figure)
Animation(frames, milliseconds=700, rest=2000, colors=64)

# %% [markdown]
# The kinds come first. To *pass* is much harder: after so short a run, hardly any shape does. Numbers vary between processors.
#
# *Claimed: after 100 steps the nearest real shape is of the right kind in more than four cases of five.*

# %% tags=["claim"]
assert kept_kind > 0.8

# %% [markdown]
# A run of 4,000 steps, about ten minutes on one core, comes with the book: `stored`, from the first cell. For a GPU there is `recipes.find("voxels", "gpu")`, with 32³ voxels but no stored run.

# %% alt="Three rows of five shapes. Blue, above: real ones. Orange, below: two rows of the generator's, one of each kind in every row." tags=["hide-input"]
told = torch.arange(500) % 5
made = longer.samples(stored, 500)
figure, axes = plt.subplots(figsize=(7.2, 4.4))
rows = [render(data.samples[20:25], color=style.REAL), render(made[:10])]
axes.imshow(sheet(np.concatenate(rows), 5))
axes.set_title("The generator's shapes, unselected, are of the right kinds, and wavier than real ones")
axes.axis("off")
plt.show()

# %% [markdown]
# Do they pass more often than the two fair cheats?

# %%
print(heads)
table["stored GAN"] = row("stored GAN", made, told)
fair = {name: pair for name, pair in samplers.items() if "of a kind" in name}
asked_of = {"real": (unseen, unseen_kinds), "stored GAN": (made, told), **fair}
wrong = {name: faults(*pair) for name, pair in asked_of.items()}
passes = {name: np.array([not each for each in found]) for name, found in wrong.items()}
for column in ("valid", "one_piece"):
    print(f"{column.replace('_', ' ')}, stored GAN minus")
    for name in fair:
        first, second = (round(500 * getattr(table[who], column)) for who in ("stored GAN", name))
        print(f"  {name}: {comparisons.shares(first, 500, second, 500)}")
second = results.record("voxels/long")["other_seeds"][0]
print(f"a second training: {second['valid']:.2f} valid, {second['one_piece']:.2f} in one piece")

# %% alt="For all and for each of five kinds, the per cent of valid shapes with 95 % intervals: real in blue near 100, the stored GAN in orange, averages and halves of two of a kind in two greys. The GAN is ahead of both greys for vases and mugs, behind both for chairs; for tables and lamps its shares are lower, with intervals that overlap theirs; over all it lies just below them." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4.6))
colors, markers = (style.REAL, style.FAKE, style.REFERENCE, "#A0A0A0"), "oos^"
names = ("real", "stored GAN", "average of two", "top of one on another")
for k, ((_, labels), passed) in enumerate(zip(asked_of.values(), passes.values())):
    color = colors[k]
    groups = [passed, *(passed[labels.numpy() == kind] for kind in range(5))]
    shares = 100 * np.array([group.mean() for group in groups])
    ends = 100 * np.array([binomtest(int(g.sum()), len(g)).proportion_ci(method="wilson")[:2] for g in groups]).T
    places = np.arange(6) + 0.2 * (k - 1.5)
    axes.errorbar(shares, places, xerr=np.abs(ends - shares), fmt=markers[k], ms=5, lw=2, color=color, label=names[k])
    for end, place, share in zip(ends[1], places, shares):
        axes.text(end + 1, place, f"{share:.0f}", va="center", fontsize=9, color=color)
axes.set_yticks(range(6), ["all", *KINDS])
axes.hlines(np.arange(5) + 0.5, 0, 106, color="#DDDDDD", lw=0.8)
axes.set(xlim=(0, 106), ylim=(5.5, -0.5), xlabel="valid, in per cent, with 95 % intervals")
axes.set_title("Ahead of two of a kind for vases and mugs, behind for chairs", pad=24)
axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.99), ncols=4, columnspacing=1.2, handlelength=1.2)
plt.show()


# %% [markdown]
# No. Over all kinds, the GAN passes no more often than averages of two of a kind, which need no training. It is well ahead for vases and mugs, behind for chairs. For tables and lamps its shares are lower, too; that the intervals overlap does not mean that this is chance, so we leave these two open.
#
# So `valid`, `covered` and `copied`, in which averages do about as well, are no evidence for the GAN. It leads both cheats clearly in one column: its shapes are more often in one piece, and a second training agrees. And an average needs real volumes; the GAN of section 5 sees none.
#
# Where do its shapes fail? We count each failing shape once, by the first test that it fails, and mark the layers or loose voxels at fault. The figure has the first example of the six most common faults. A board is *uneven* if too little of it reaches its top layer, and a back *broken* if one of its layers is in several pieces.

# %%
def named(who):  # a fault with its kind, or "", for each shape
    return [f"{KINDS[kind]}: {each}" * bool(each) for kind, each in zip(asked_of[who][1].tolist(), wrong[who])]


for who in ("averages of two of a kind", "stored GAN"):
    often = Counter(filter(None, named(who))).most_common(6)
    print(f"{who}: " + ", ".join(f"{name} {count}" for name, count in often))
found = wrong["stored GAN"]
failing = [place for place, each in enumerate(found) if each]
marks = {place: fault_place(made[place, 0].numpy() > 0, KINDS[told[place]]) for place in failing}
single = sum(int(mark.any((1, 2)).sum()) == 1 for mark in marks.values())
print(f"the GAN's {len(failing)} faults: {single} are marked in a single one of the 16 layers")

# %% alt="Six large orange shapes that fail, each titled with its fault. Violet marks the place: two small patches on a table's wavy board, three specks along a chair's upper edge, a ring round the upper ends of the legs of two tables, and patches at the rim of a lamp's shade and of a vase's foot." tags=["hide-input"]
figure, panels = plt.subplots(2, 3, figsize=(7.2, 4.9))
for axes, (name, count) in zip(panels.flat, often):
    place = named("stored GAN").index(name)
    mark = binary_dilation(marks[place]) if "pieces" in name else marks[place]  # with what a loose voxel touches
    axes.imshow(render(made[place : place + 1], side=240, marked=torch.from_numpy(mark)[None, None])[0, 14:-6])
    axes.set_title(f"{name}, {count} of 500", fontsize=10)
    axes.axis("off")
figure.suptitle("Most faults are small: an edge, or the layer where the legs begin")
plt.show()

# %% [markdown]
# Most faults are details. The 29 uneven boards are marked in one layer by construction, but 80 of the other 95 shapes are marked in one, too: at the upper edge of a back, say, or right below a board, whose bumps, hidden here, count as legs. Most chairs that fail have a broken back or a wrong number of legs; at the rims of lamp and vase, a few voxels touch the rest only at an edge or a corner. Averages that fail are mostly in pieces, as little is left where the parts of two shapes do not meet.
#
# *Claimed: the stored GAN's shapes pass far more often than averages of any two, nearly all are in one piece, and they are hardly nearer to training shapes than to held-out ones.*

# %% tags=["claim"]
gan = table["stored GAN"]
assert gan.valid > table["averages of any two"].valid + 0.2
assert gan.one_piece > 0.88 and gan.copied < 0.25

# %% [markdown]
# ## 4 · Walk from a chair to a lamp
#
# Both of G's inputs, noise and the vector for the kind, can be interpolated, the noise along a great circle, which keeps its length (chapter 09). Move the slider *From A to B*.

# %% alt="A lab. Above, a large orange chair, lit from the left; below, seven small shapes on the way from the chair at the left to a lamp at the right, those in the middle neither; a black bar marks the present place."
lab = ShapeLab(stored, turn=35, first_kind="chair", second_kind="lamp")
lab

# %% [markdown]
# The recording starts and ends half way.

# %% alt="A recording with a slider: a shape half way between chair and lamp goes once round while it becomes a lamp, a chair, and the shape between again."
ShapeLab(stored, side=80).film(14)

# %% [markdown]
# Nothing has told G what to make between two *different* kinds, as D never sees what lies there. For ten pairs of noises, we count the shapes that pass as either kind along the way.

# %%
ways = torch.linspace(0, 1, 11)
ends = torch.randn(10, 2, stored.noise_dim, generator=torch.Generator().manual_seed(0))
noise = torch.cat([on_arc(first, last, ways) for first, last in ends])  # [10 * 11, noise_dim]


def passing(*names):  # how many of ten pass as either kind, at eleven places of the way
    kinds = [KINDS.index(name) for name in names]
    with torch.inference_mode():
        first, last = stored.average.embedding(torch.tensor(kinds))
        between = stored.average.draw(noise, torch.lerp(first, last, ways[:, None]).repeat(10, 1))
    either = [[not each for each in faults(between, torch.full((110,), kind))] for kind in kinds]
    return np.any(either, 0).reshape(10, 11).sum(0)


print("from chair to lamp, of ten shapes pass", *passing("chair", "lamp"))

# %% [markdown]
# **Your turn.** Half way from chair to lamp, hardly any pass. Vases and mugs are more alike: both are round, hollow and open above. Predict whether the way between them has such a gap, too, then count with `passing("vase", "mug")`.
#
# <details><summary>Solution</summary>
#
# It has: around half way hardly any passes. As vases these shapes are not round, and as mugs most have an open wall.
# </details>
#
# ## 5 · In space, from pictures alone
#
# Photographs of chairs are far easier to find than signed distances. Can a generator of *shapes* learn from *pictures*?
#
# Put a renderer between G and D. It draws G's volume from a random side at eye level, and D, an ordinary discriminator of pictures, compares the drawings with pictures of real objects. G and D are told the kind, but never the side, and gradients pass back through the renderer. PrGAN (Gadelha et al. 2017) works like this; HoloGAN (Nguyen-Phuoc et al. 2019) learns its renderer, too.

# %% alt="A block diagram: the generator G, given noise and kind, makes a volume; a renderer, which has no parameters, draws it from a random side; the fake picture and a real picture go to the discriminator D. Dashed arrows show the gradient on its way back from D through the picture, the renderer and the volume to G." tags=["hide-input"]
way = ["generator G", "volume", "renderer", "fake picture", "discriminator D"]
diagrams.flow(
    [
        Box("generator G", 0, 1, "of z and kind", role="generator"),
        Box("volume", 1, 1, "16 × 16 × 16", role="fake"),
        Box("renderer", 2, 1, "a random side"),
        Box("fake picture", 3, 1, "16 × 16", role="fake"),
        Box("real picture", 3, 0, "16 × 16", role="real"),
        Box("discriminator D", 4, 0.5, "2-D", role="discriminator"),
    ],
    [Arrow(start, end) for start, end in zip(way, way[1:])]
    + [Arrow("real picture", "discriminator D")]
    + [Arrow(end, start, gradient=True) for start, end in zip(way, way[1:])],
)

# %% [markdown]
# The simplest **differentiable renderer** makes a **silhouette**. Of a ray that meets $d$ voxels of solid, a share of $e^{-\tau d}$ gets through, so the silhouette there has the darkness $1 - e^{-\tau d}$; we take $\tau = 3$. A cell of value $v$ counts as $((v + 1)/2)^2$ solid, so an empty cell near the surface has a gradient, too. Along a ray such cells add up to a fog, which the square weakens but does not remove: below, the gaps between the real table's legs are pale blue. The code scales the result to $[-1, 1]$.

# %% module="gan_lessons.networks.shapes" tags=["library"]
from torch.nn.functional import affine_grid, grid_sample


def silhouettes(volumes, angles, density=3.0):
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    # the slices of the height are channels of a picture of depth and width, which is turned
    turn = torch.stack([torch.stack([cos, sin, zero], -1), torch.stack([-sin, cos, zero], -1)], 1)
    slices = volumes[:, 0]
    places = affine_grid(turn, list(slices.shape), align_corners=False)
    solid = grid_sample((slices + 1) / 2, places, align_corners=False).square()  # with air beyond the cube
    return (1 - 2 * (-density * solid.sum(2)).exp()).flip(1)[:, None]


# %% [markdown]
# A hundred steps from scratch show how it begins:

# %%
shadows = replace(recipes.find("voxels", "pictures"), steps=100)
blind, pictures = shadows.build(), shadows.data()
for _ in shadows.train(blind, pictures):
    pass
from_pictures = shadows.samples(blind, 200)


# %% alt="Four rows of five columns: chair, table, lamp, vase, mug. First row: silhouettes of real objects in blue, as D sees them. Second row: silhouettes of the generator's shapes in orange; the gaps between its table's legs are white, those of the real one pale blue. Third row: the real shapes in 3-D, seen from above. Fourth row: the generator's in 3-D from above, a side that D never sees: the chair in pieces, the table's board a cross, the lamp ragged, vase and mug torn open below. The real chair faces left, the generator's right." tags=["hide-input"]
def tinted(pictures, color):
    dark = nn.functional.interpolate(pictures, (128, 128))[:, 0, ..., None].numpy() / 2 + 0.5
    ink = (255 * (1 - dark * (1 - np.array(to_rgb(color))))).astype(np.uint8)
    return np.pad(ink, ((0, 0), (8, 8), (8, 8), (0, 0)), constant_values=255)


sides = torch.tensor([0.6, 0.6, 0.6, 0.6, 1.4])


def from_above(volumes, color):
    return np.concatenate([render(one[None], side, 0.7, 144, color) for one, side in zip(volumes, sides.tolist())])


rows = {
    "what D sees:\nreal shapes": tinted(silhouettes(data.samples[:5], sides), style.REAL),
    "what D sees:\nG's shapes": tinted(silhouettes(from_pictures[:5], sides), style.FAKE),
    "real shapes in 3-D,\nfrom above": from_above(data.samples[:5], style.REAL),
    "G's shapes in 3-D,\nfrom above": from_above(from_pictures[:5], style.FAKE),
}
figure, axes = plt.subplots(figsize=(7.2, 5.0))
axes.imshow(sheet(np.concatenate(list(rows.values())), 5))
axes.set_yticks([72 + 144 * place for place in range(4)], rows)
axes.set_xticks([72 + 144 * place for place in range(5)], KINDS)
axes.xaxis.tick_top()
axes.tick_params(length=0)
axes.spines[:].set_visible(False)
axes.set_title("D's view begins to look right; from above, G's shapes are rough", pad=12)
plt.show()

# %% [markdown]
# To D, table and lamp begin to look right; from above, none of the five is whole.
#
# We score a shape by its **intersection over union** (IoU) with the nearest real one: the volume that both fill, over the volume that either fills. As silhouettes do not tell front from back (see below), `turned` scores each shape as it stands or turned by half, whichever is nearer to a real one. Fresh real shapes are the ceiling, and there are two references:
#
# - **Visual hulls** show what silhouettes determine: the hull of an object is the largest shape that throws the same silhouettes (Laurentini 1994), here from eight known sides and, by `sign`, without fog.
# - **Two pictures crossed** are a cheat: two of D's training pictures of a kind, cut through a block at a right angle.

# %%
block = pictures.samples[:205, 0] - 0.9  # above 0 where a picture is dark
eight, right_angle = torch.arange(8) * torch.pi / 8, torch.tensor([0, torch.pi / 2])
black = torch.stack([silhouettes(unseen[:200].sign(), side.expand(200))[:, 0] for side in eight], 1)
hulls = hull(black, eight)
judged = {}
print(f"{'':>22}   IoU  turned  right kind")
for name, volumes in {
    "fresh real shapes": unseen[:200],
    "visual hulls": hulls,
    "GAN, from volumes": live.samples(young, asked),
    "GAN, from pictures": from_pictures,
    "two pictures crossed": hull(torch.stack([block[:200], block[5:]], 1), right_angle),
    "noise": torch.randn(200, 1, 16, 16, 16, generator=torch.Generator().manual_seed(0)),
}.items():
    iou, kinds = near(volumes)
    turned, right = near(faced(volumes))[0].mean(), (kinds == asked).float().mean()
    judged[name] = float(iou.mean())
    print(f"{name:>22}{judged[name]:6.2f}{turned:8.2f}{right:12.2f}")
by_kind = overlap(hulls, unseen[:200]).view(-1, 5).mean(0)
print("a real shape and its own hull: " + ", ".join(f"{kind} {iou:.2f}" for kind, iou in zip(KINDS, by_kind.tolist())))
for run in json.loads(Path("results/shapes_from_pictures.json").read_text())["runs"]:
    end = run["curve"][-1]
    iou, turned, valid = end["iou"], end["turned_iou"], end["valid"]
    print(f"stored, {end['step']} steps, seed {run['seed']}: IoU {iou:.2f}, turned {turned:.2f}, valid {valid:.3f}")

# %% [markdown]
# The GAN from pictures is well above noise, but below two pictures crossed and far below the GAN shown volumes for as many steps. As turning hardly helps, facing the wrong way is not its main fault. Two stored runs of 800 steps overtake the crossed pictures, one narrowly, but hardly any of their shapes is valid.
#
# *Claimed: after 100 steps from pictures, G's shapes overlap more with real ones than noise does, and less than those of the GAN from volumes.*

# %% tags=["claim"]
assert judged["noise"] < judged["GAN, from pictures"] < judged["GAN, from volumes"] < judged["fresh real shapes"]

# %% [markdown]
# Two things never show in ideal silhouettes, however long one trains.
#
# The first is **which way an object faces**. The sides are random and told to nobody, so a chair with its back in front throws the same set of silhouettes as one with its back behind, and no training can choose between them. (G's mirror rules out other turns.) In the figure above, the real chair and G's face opposite ways.
#
# The second is **what is inside**. Fill a mug with plaster, and its outline at eye level stays the same from every side. That is why the hulls of chair, table and lamp, listed above, are nearly the real shapes, and those of vase and mug are not. Our soft silhouettes keep a faint trace of the inside: a ray that is dark already hardly darkens with more solid.
#
# *Claimed: cut at half dark, the silhouettes of a vase and of the same vase filled to the brim, from eight sides, differ in fewer than one pixel in fifty, while the solids have an IoU below .9.*

# %% tags=["claim"]
full = vase.clone()
for level in full[0, 0]:  # a slice at one height
    wall = (level > 0).int()
    level[(wall.cummax(0).values & wall.flip(0).cummax(0).values.flip(0)).bool()] = 1.0
pair = [silhouettes(each.expand(8, -1, -1, -1, -1), eight) for each in (vase, full)]
different = float(((pair[0] > 0) != (pair[1] > 0)).float().mean())
print(f"{different:.1%} of the silhouettes' pixels differ; the solids' IoU is {float(overlap(vase, full)):.2f}")
assert different < 0.02 and float(overlap(vase, full)) < 0.9

# %% [markdown]
# ## 6 · Off the grid: points and triangles
#
# ### A sphere that folds into something like a chair
#
# A point cloud has no order, so D has to give the same score in any order. **PointNet** (Qi et al. 2017) applies the same perceptron to every point, then takes the maximum over the points: `perceptron(points).amax(1)`. Ours takes the mean, too.
#
# Our generator moves 256 points on a sphere by one perceptron, which the style modulates, so that the sphere *folds*. Like the surface of a chair, a sphere has no edge; FoldingNet (Yang et al. 2018, arXiv:1712.07262) folds a sheet.

# %%
folding = replace(recipes.find("points"), steps=200, batch=8)
folder, stages = folding.build(), []
for record in folding.train(folder, folding.data()):
    if record.step in (60, 200):
        stages.append(folding.samples(folder, 1)[0])
real = clouds.load("chair", 40, held_out=True)
fresh, folded = clouds.load("chair", 40), folding.samples(folder, 40)
judged = {"real chairs": fresh, "the GAN's": folded, "one chair 40 times": fresh[:1].expand(40, -1, -1)}
judged = {name: cloud_scores(real, some) for name, some in judged.items()}
for name, s in judged.items():
    print(f"{name:>18}: matching {s.matching:.4f}, coverage {s.coverage:.2f}, told apart {s.told_apart:.2f}")

# %% alt="Five clouds of points, seen from the side. A sphere, shaded from light at its upper pole to dark at the lower; a lump at step 60; at step 200, and in another sample, a back, a seat and a loose skirt of points below it; and in blue a real chair, with legs." tags=["hide-input"]
sphere = folder.average.sphere
shown = {"sphere": 0.8 * sphere, "step 60": stages[0], "step 200": stages[1]}
shown |= {"step 200, other z": folded[1], "real": real[0]}
shades = LinearSegmentedColormap.from_list("latitude", ["#F6C6A0", style.FAKE, "#5A2700"])
figure, panels = plt.subplots(1, 5, figsize=(7.2, 2.1))
for axes, (name, cloud) in zip(panels, shown.items()):
    color = style.REAL if name == "real" else shades((1 - sphere[:, 1]) / 2)
    axes.scatter(cloud[:, 2], cloud[:, 1], s=5, c=color, linewidths=0)
    axes.set(xlim=(1, -1), ylim=(-1, 1), aspect="equal")
    axes.set_title(name, fontsize=10)
    axes.axis("off")
figure.suptitle("The sphere folds into a back, a seat and a skirt; the real chair has legs")
plt.show()

# %% [markdown]
# Clouds are compared by the **Chamfer distance**: the mean squared distance from the points of one cloud to the nearest point of the other, plus the same the other way round. Three scores use it (Achlioptas et al. 2018; Yang et al. 2019, arXiv:1906.12320).
#
# - `matching`, the *minimum matching distance*, is how near the nearest fake is to a real cloud, on average; less is better.
# - `coverage` (not the `covered` of section 2) is the share of real clouds that are the nearest one to some fake.
# - `told apart` is how often a cloud's nearest neighbour is of its own set: about .5 where the sets cannot be told apart.
#
# Forty training chairs are the ceiling; even they leave many real chairs uncovered, because some share their nearest one. The cheat, one chair repeated, matches only somewhat worse than the GAN and is told apart as easily, but `coverage` gives it away. After 200 steps (no longer run is stored), the GAN is far from the ceiling in all three, and its two clouds are much the same chair.
#
# *Claimed: the GAN's clouds match real ones less well than real chairs do, and cover more of them than a single one does; over nine in ten of all clouds are nearest to one of their own set.*

# %% tags=["claim"]
real_ones, gan, once = judged.values()
assert real_ones.matching < gan.matching
assert gan.coverage > once.coverage and gan.told_apart > 0.9

# %% [markdown]
# ### A mesh for the printer
#
# **Marching cubes** (Lorensen & Cline 1987) lays triangles where a volume passes through 0. As there is air around each block, the surface is closed, or **watertight**: every edge belongs to two triangles.
#
# A slicer, the program that cuts a mesh into layers for a printer, wants more: sizes in millimetres, one piece, walls no thinner than the nozzle's line, few overhangs, and enough area on the bed. `meshes.printable` mends what it can.
#
# - It drops **loose pieces** and sealed cavities by keeping only the largest surface.
# - It levels the **feet**: as marching cubes rounds legs to a point, every corner in the lowest 3 mm moves down to the bed.
# - It sets **units and axes**: the cube becomes 60 mm wide, and z points upwards.

# %%
plain = [meshes.mesh(each[None]).apply_transform(meshes.UPRIGHT_TO_STL).apply_scale(30) for each in made[:5]]
ready = [meshes.printable(each[None]) for each in made[:5]]
print(f"{'':>18}{'size, mm':>14}{'watertight':>12}{'wall, mm':>10}{'on the bed, mm²':>17}{'overhang, mm²':>15}")
for kind, *pair in zip(KINDS, plain, ready):
    for name, check in zip((f"{kind}, as it is", "repaired"), map(print_check, pair)):
        size, closed = " × ".join(f"{edge:.0f}" for edge in check.size), "yes" if check.watertight else "no"
        print(f"{name:>18}{size:>14}{closed:>12}{check.wall:10.1f}{check.footprint:17.0f}{check.overhang:15.0f}")
chair = ready[0]
heights = np.arange(0.1, chair.bounds[1, 2], 0.2)  # the middles of layers
layers = [trimesh.intersections.mesh_plane(chair, (0, 0, 1), (0, 0, height)) for height in heights[::10]]
print(f"the chair {found[0] or 'passes its tests'}: {len(heights)} layers of 0.2 mm, {chair.volume / 1000:.0f} cm³")
stl = meshes.as_file(made[:1], ".stl")
print(f"its file: {len(stl) / 1000:.0f} kB")

# %% alt="Three panels of one chair. Left, from below as it is: the seat and the ends of the legs are rose, overhang, and nothing lies on the bed. In the middle, repaired: a dark blue patch under each leg lies on the bed. Right, the chair as a stack of outlines, every tenth layer." tags=["hide-input"]
figure, panels = plt.subplots(1, 3, figsize=(7.2, 3.1))
pale, overhang, bed = "#F6D3BD", style.CATEGORIES[1], style.CATEGORIES[0]
for axes, solid, title in zip(panels, (plain[0], chair), ("from below, as it is", "from below, repaired")):
    order = np.argsort(-solid.triangles_center[:, 2])  # the lowest last, over the others
    corners, normals = solid.triangles[order], solid.face_normals[order, 2]
    lying = corners[:, :, 2].max(1) - solid.bounds[0, 2] < prints.ON_THE_BED
    color = np.where(normals > -prints.STEEP, pale, np.where(lying, bed, overhang))
    axes.add_collection(PolyCollection(corners[:, :, :2], facecolors=color, edgecolors=color, linewidths=0.5))
    axes.set(xlim=(-25, 25), ylim=(-25, 25), aspect="equal", xlabel="mm", ylabel="mm", title=title)
lines = np.concatenate(layers)  # [segments, 2, 3]
right = lines[..., 0] * np.cos(0.6) + lines[..., 1] * np.sin(0.6)
away = lines[..., 1] * np.cos(0.6) - lines[..., 0] * np.sin(0.6)
outlines = np.stack([right, lines[..., 2] * np.cos(0.3) + away * np.sin(0.3)], -1)
panels[2].add_collection(LineCollection(outlines, colors=style.FAKE, lw=0.7))
panels[2].set(xlim=(-35, 35), ylim=(-12, 58), aspect="equal", title="every tenth layer")
panels[2].axis("off")
handles = [plt.Rectangle((0, 0), 1, 1, color=color) for color in (bed, overhang, pale)]
figure.legend(handles, ("on the bed", "overhang", "the rest"), loc="outside lower left", ncols=3)
figure.suptitle("The chair touches the bed only after its feet are levelled", y=1.06)
plt.show()

# %% [markdown]
# `wall` is the thickness that 99 of 100 places of the surface reach, `overhang` the area above the bed that faces down by more than 45°. From below, the back is at the top.
#
# As they are, all five are watertight, but four touch the bed only in points. Repaired, all stand on some area, the chair on the least, because parts of its feet begin a voxel higher and still overhang. Walls are several times thicker than two lines of a 0.4 mm nozzle. What still overhangs, mostly under seat, board and lampshade, needs supports.
#
# The claim holds nearly by construction and does not mean *valid*: a chair with a loose leg comes out watertight, on three legs.
#
# *Claimed: after the repair the GAN's first twenty shapes are all watertight and in one piece.*

# %% tags=["claim"]
repaired = [*ready, *(meshes.printable(each[None]) for each in made[5:20])]
assert all(mesh.is_watertight and mesh.body_count == 1 for mesh in repaired)

# %% [markdown]
# `Path("chair.stl").write_bytes(stl)` puts the chair on your disk. The command line writes such files, too, and `meshes.read("yours.stl")` turns a closed mesh of your own into a block of distances.
#
# ```
# gan-lessons sample voxels/long --class chair --out chair.stl      # for a printer: repaired, in mm
# gan-lessons sample voxels/long --count 9 --out nine.glb           # for a viewer, side by side, as they are
# ```
#
# ## Debugging card
#
# | what it looks like | what to test | how to fix it |
# |---|---|---|
# | grey fog, or everything solid | is the share above 0 that of the data? | tanh at the end, data from −1 to 1, normalisation with styles |
# | huge scores, shapes fall apart after a good start | D's mean score over the steps | a lower learning rate; our first long run, with 2e-3 and γ = 3, diverged |
# | legs end in the air | where along the height do they break? | more steps; legs of two voxels; distances, not solid cells |
# | from pictures: right from the side, a lump or a hole inside | a view from above | silhouettes hardly tell; use pictures with shading |
# | a slicer complains | `print_check(mesh)`: open, in pieces, thin, hardly on the bed | `meshes.printable`; a larger print |
#
# ## What we saw
#
# - A truncated signed distance lets a surface lie between two cells, and a GAN carries over to volumes with one more axis.
# - Cheats say what a score is worth: over all kinds, the stored GAN leads averages of two of a kind only in how often its shapes are in one piece.
# - Half way from chair to lamp hardly anything passes; D never sees what lies between kinds.
# - A generator of shapes begins to learn from silhouettes alone, but cannot learn what ideal ones do not show: which way a chair faces, and whether a vase is hollow.
# - A watertight mesh is not yet a good print: check its size in mm, walls, loose pieces, overhangs and feet.
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. More averages of two chairs pass the tests than your GAN's chairs. What follows?
#    <details><summary>A · The GAN has learnt nothing</summary><b>No.</b> It made them from noise, without two chairs to average.</details>
#    <details><summary>B · This score alone is no evidence for the GAN</summary><b>Right.</b> What a trivial sampler reaches is the floor; look for a score that tells the two apart.</details>
#    <details><summary>C · The tests are worthless</summary><b>No.</b> Averages of any two kinds pass far fewer.</details>
# 2. A GAN sees ideal silhouettes only, at eye level. What can it not learn, however long it trains?
#    <details><summary>A · How many legs a chair has</summary><b>No.</b> Legs show from many sides.</details>
#    <details><summary>B · Whether a vase is hollow</summary><b>Right.</b> Full and hollow have the same outlines.</details>
#    <details><summary>C · How wide a table is</summary><b>No.</b> Its outline says so.</details>
# 3. D reads a cloud of points. What does the maximum over the points achieve?
#    <details><summary>A · The score does not depend on their order</summary><b>Right.</b> The maximum of a set is the same in any order.</details>
#    <details><summary>B · The farthest point counts most</summary><b>No.</b> The maximum is taken of features, not of distances.</details>
#    <details><summary>C · It is faster than a mean</summary><b>No.</b> A mean costs the same, and does not depend on the order either.</details>
#
# ### In your own words
#
# 1. `print_check` says that a table is watertight, in one piece, with walls of 7 mm and 0 mm² on the bed. What happens if you print it as it is? <details><summary>Answer</summary>Each leg begins as a dot that hardly sticks to the bed, and the table may come off. Level the feet (`meshes.printable`) or add a raft. The board needs supports in any case.</details>
# 2. Would a camera that also looks down from above let the GAN of section 5 learn hollow mugs? <details><summary>Answer</summary>Not with silhouettes: as its bottom is closed, a mug is a disc with a handle from above, hollow or not. Shading or depth would show it.</details>
#
# ### Further reading
#
# - Wu et al. 2016, *3D-GAN*, arXiv:1610.07584: voxels
# - Gadelha et al. 2017, *PrGAN*, arXiv:1612.05872: shapes from silhouettes
# - Qi et al. 2017, *PointNet*, arXiv:1612.00593; Achlioptas et al. 2018, arXiv:1707.02392: clouds, and how to score them
# - Park et al. 2019, *DeepSDF*, arXiv:1901.05103; Chen & Zhang 2019, *IM-NET*, arXiv:1812.02822: implicit functions
# - Nguyen-Phuoc et al. 2019, *HoloGAN*, arXiv:1904.01326; Chan et al. 2022, *EG3D*, arXiv:2112.07945: from photographs
#
# [← 19 Video](19_video.ipynb) · [contents](00_start.ipynb) · [21 Scaling up →](21_scaling_up.ipynb) · [assignment](assignments/release/20_shapes/20_shapes.ipynb)
