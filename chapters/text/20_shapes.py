# %% [markdown]
# # 20 · Shapes
#
# [← 19 Video](19_video.ipynb) · [contents](00_start.ipynb) · [21 Scaling up →](21_scaling_up.ipynb) · [assignment](assignments/release/20_shapes/20_shapes.ipynb)
#
# **A picture of a chair only has to look right from one side. Can a GAN make things that still hold together when you walk around them?**

# %% alt="A moving picture: a chair, a table, a lamp, a vase and a mug, in orange, made by a generator, turn once round on a white floor and throw soft shadows." tags=["hide-input"]
from collections import Counter
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from scipy.ndimage import binary_dilation
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
Animation(turntable(longer.samples(stored, 5, seed=2), 5, 10, side=112), milliseconds=170, rest=170, colors=32)

# %% [markdown]
# A generator made these five objects. From noise and one word, such as *chair*, it makes a block of 16 × 16 × 16 numbers. At the end you save a chair for a 3-D printer.
#
# **You will** train three GANs, one on volumes, one on silhouettes alone and one on clouds of points, and walk from a chair to a lamp.
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
# Here is the first of the three GANs.

# %% alt="A block diagram: from noise z and the kind, the generator G makes a volume of 16 by 16 by 16; fake volumes and real ones go to the discriminator D, which gives a score s." tags=["hide-input"]
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
# A picture is a grid of pixels. How do we write down a solid object? There are five usual ways.
#
# | | what it is | good at | bad at |
# |---|---|---|---|
# | **voxels** | a block of cells, each solid or empty | convolutions, tests | size³ numbers; steps like a staircase |
# | **signed distance** | each cell's distance from the surface, below 0 on one side | the same, and smooth between cells | size³ numbers |
# | **point cloud** | points on the surface, in no order | few numbers, no grid | what is inside? is it closed? |
# | **implicit function** | a network that says whether a point is inside or outside | any resolution | many queries for one shape |
# | **mesh** | triangles that enclose the object | printing, drawing | which corners to connect is hard to learn |
#
# We begin with the second. Each cell holds how deep it lies inside the object, in units of one and a half voxels, cut off at ±1: 0.33 half a voxel inside, −0.33 half a voxel outside. This is a **truncated signed distance** (Curless & Levoy 1996; many texts reverse the sign). The surface lies where the value passes through 0, anywhere between two cells.
#
# We compute the data ourselves: five kinds of objects of random dimensions.

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
# What do distances gain us? Here is one vase twice. On the right its cells are only solid or empty, and the steps between them show as dents.

# %% alt="Two renderings of the same vase. From distances its wall is smooth; from solid and empty cells it is dented and faceted." tags=["hide-input"]
vase = data.samples[8:9]
figure, axes = plt.subplots(figsize=(5.4, 2.5))
pictures = [render(one, side=256, color=style.REAL)[0] for one in (vase, vase.sign())]
axes.imshow(np.concatenate(pictures, 1)[30:-28])
axes.set_title("Distances give a smooth wall, solid and empty cells a dented one")
axes.axis("off")
plt.show()

# %% [markdown]
# **Your turn.** How many numbers are there in a shape of 64 × 64 × 64 cells, and how many in a colour picture of 256 × 256 pixels? Predict which takes a discriminator longer.
#
# <details><summary>Solution</summary>
#
# 262,144 against 196,608: similar. But a pixel holds three numbers, so the shape has four times as many *places*, and a kernel of 3 × 3 × 3 has three times the weights. At equal widths, a layer in space does twelve times the computing.
# </details>
#
# ## 2 · Tests that a chair has to pass
#
# In chapter 08, trained networks judged what looks real. Here we know what a chair must have, and can *check*.
#
# - **A chair** has exactly four similar legs at every height below the seat, and one back.
# - **A table** has four such legs and an even board.
# - **A lamp** has a stem and a shade, and is round: a quarter turn leaves it nearly the same.
# - **A mug** is closed below and all around, open above, and has exactly *one* hole through it, its handle.
# - **A vase** is a mug without the hole, and as round as a lamp.
# - **Every object** is in one piece: at least 99.5 % of its voxels are connected face to face.
#
# Holes are counted by the **Euler characteristic**: corners − edges + faces − voxels, which equals pieces − holes + sealed cavities. (Voxels that touch at an edge or corner count as joined.) A single voxel gives 8 − 12 + 6 − 1 = 1: one piece without a hole. A mug gives 0, because of its handle.

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
# What is a good score? Fresh shapes give the ceiling. **Cheats** show what can be had without learning:
#
# - training shapes, handed out again,
# - the average of two training shapes,
# - the top of one training shape, set on the bottom of another.
#
# As our GAN is told the kind, its fair opponents are cheats that mix two shapes *of a kind*:

# %% alt="Real objects in blue, cheats in grey, each with its verdict. Two chairs: their average and the top of one on the other look like chairs and pass. Two vases: their average is a ring above a foot that it does not touch, the top of one on the other a bowl that overhangs a pot, and both are in pieces." tags=["hide-input"]
figure, panels = plt.subplots(2, 4, figsize=(6.8, 4.0))
for row, (first, second) in zip(panels, ((0, 5), (8, 13))):
    one, other, kind = data.samples[first], data.samples[second], KINDS[data.labels[first]]
    topped = torch.cat([other[:, :8], one[:, 8:]], 1)  # the height comes first
    shown = {f"a {kind}": one, f"another {kind}": other, "their average": (one + other) / 2, "top on bottom": topped}
    for axes, (name, volume) in zip(row, shown.items()):
        color = style.REAL if kind in name else style.REFERENCE
        axes.imshow(render(volume[None], side=160, color=color)[0, 16:-5])
        axes.set_title(f"{name}:\n{fault(volume[0].numpy() > 0, kind) or 'passes'}", fontsize=10)
        axes.axis("off")
figure.suptitle("Cheating works for these two chairs, and not for these two vases")
plt.show()

# %% [markdown]
# We score 500 shapes from each sampler.
#
# - `valid` is the share that passes the tests of its kind, `one piece` the share that is connected.
# - `covered` is the share of real shapes that have a sample nearer to them than their fifth-nearest real neighbour (chapter 08's coverage).
# - `copied` says how much more often a shape is nearer to a training shape than to a held-out one (chapter 08's test of memorisation). It is 1 for copies and, give or take .09 by chance, 0 for fresh shapes. Halves copied from two shapes do not show in it.

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
# **The bar for our GAN:** averages of two of a kind pass in three cases of four, and cover nearly as much as fresh shapes do.
#
# *Claimed: nearly all fresh shapes pass, few averages of any two shapes do, and only for copies is `copied` near 1.*

# %% tags=["claim"]
assert table["fresh real shapes"].valid > 0.95 and table["averages of any two"].valid < 0.35
assert table["training shapes again"].copied > 0.9
assert all(scores.copied < 0.4 for name, scores in table.items() if name != "training shapes again")

# %% [markdown]
# ## 3 · A pair of networks in space
#
# What has to change in G and D? Little: `Conv3d` replaces `Conv2d`. The first such GAN, the 3D-GAN of Wu et al. (2016), was a DCGAN in space, trained on one kind of object at a time. Besides, ours differs from it in its loss and in three ways.
#
# - G's layers use adaptive instance normalisation, or AdaIN ([chapter 11](11_architectures.ipynb#Styles:-telling-every-layer); Huang & Belongie 2017): each map is normalised, then scaled and shifted by a style, computed from noise and kind.
# - Each block of 2 × 2 × 2 voxels is eight *channels* of one place, so that no layer convolves at the full 16³.
# - G makes only the left half; as all five kinds are symmetric, the right half is its mirror image. That makes some tests easier: a chair's left legs equal its right ones **by construction**.

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


# %% alt="A stack of layers: noise and kind, 48 numbers; a style of 48; 64 maps of 4 by 4 by 2; a styled convolution; enlarged to 32 maps of 8 by 8 by 4 by two more; eight voxels each, 16 by 16 by 8; mirrored, 16 by 16 by 16." tags=["hide-input"]
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
# The 48 inputs are 32 numbers of noise and 16 for the kind. `layout`, a pair of linear layers, turns the style into a first small volume. The rest is the book's modern recipe: relativistic loss, gradient penalties R1 and R2, a moving average of G. D is told the kind by projection (chapter 10).
#
# We train a pair for 100 steps. On the way we ask of 200 shapes: is the nearest real one of the right kind, and does the shape pass?

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
        kept_kind = float((near(first)[1] == asked).float().mean())
        passed = np.mean([not wrong for wrong in faults(first, asked)])
        film.append((record.step, first[:5], kept_kind, passed))
        print(f"step {record.step:3}: {kept_kind:.2f} of the right kind, {passed:.2f} valid")

# %% alt="A moving picture of five orange shapes while the generator learns: at step 20 five nearly equal ragged arches; at step 60 chair and lamp can be recognised; at step 100 the chair's back is jagged, the lamp's shade floats above its foot, and the vase is torn open." tags=["hide-input"]
frames = []
for step, shown, *rates in film:
    figure, panels = plt.subplots(2, 3, figsize=(6.8, 4.6), dpi=100)
    for axes, picture, kind in zip(panels.flat, render(shown, side=200), KINDS):
        axes.imshow(picture[12:-3, 8:-8])
        axes.set_title(kind)
    panels[1, 2].text(0.5, 0.75, f"step {step}", ha="center", fontsize=20, transform=panels[1, 2].transAxes)
    words = "of the right kind: {:.0f} %\nvalid: {:.0f} %".format(*(100 * rate for rate in rates))
    panels[1, 2].text(0.5, 0.3, words, ha="center", fontsize=12, transform=panels[1, 2].transAxes)
    for axes in panels.flat:
        axes.axis("off")
    frames.append(figure)
    plt.close(figure)
Animation(frames, milliseconds=1200, rest=2500, colors=40)

# %% [markdown]
# **The kinds come first.** To *pass* is much harder: after so short a run, hardly any shape does. Numbers vary between processors.
#
# *Claimed: after 100 steps the nearest real shape is of the right kind in more than four cases of five.*

# %% tags=["claim"]
assert kept_kind > 0.8

# %% [markdown]
# A run of 4,000 steps, about ten minutes on one core, is `stored` with the book.

# %% alt="Three rows of five shapes. Blue, above: real ones. Orange, below: two rows of the generator's, one of each kind in every row." tags=["hide-input"]
told = torch.arange(500) % 5
made = longer.samples(stored, 500)
figure, axes = plt.subplots(figsize=(6.6, 4.0))
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
asked_of = {"stored GAN": (made, told), **fair}
wrong = {name: faults(*pair) for name, pair in asked_of.items()}
passes = {name: np.array([not each for each in found]) for name, found in wrong.items()}
for column in ("valid", "one_piece"):
    print(f"{column.replace('_', ' ')}, stored GAN minus")
    for name in fair:
        first, second = (round(500 * getattr(table[who], column)) for who in ("stored GAN", name))
        print(f"  {name}: {comparisons.shares(first, 500, second, 500)}")
second = results.record("voxels/long")["other_seeds"][0]
print(f"a second training: {second['valid']:.2f} valid, {second['one_piece']:.2f} in one piece")

# %% alt="The GAN's share of valid shapes minus those of two cheats, in percentage points with 95 % intervals. All: about 0. Chairs: 35 and 18 behind. Tables: 12 behind, with an interval past 0, and 18. Lamps: 7 behind. Vases: 37 and 17 ahead. Mugs: 15 ahead." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4.6))
gan_labels = told.numpy()
for k, (name, (color, mark)) in enumerate(zip(fair, ((style.REFERENCE, "s"), ("#A0A0A0", "^")))):
    labels = fair[name][1].numpy()
    for place, kind in enumerate((None, *range(5))):
        mine = passes["stored GAN"][(gan_labels == kind) | (kind is None)]
        other = passes[name][(labels == kind) | (kind is None)]
        lead, low, high, _ = comparisons.shares(int(mine.sum()), len(mine), int(other.sum()), len(other))
        height = place + 0.36 * (k - 0.5)
        axes.plot([100 * low, 100 * high], [height] * 2, lw=2.5, color=color)
        axes.plot(100 * lead, height, mark, ms=7, color=color)
        against = f"{100 * mine.mean():.0f} % against {100 * other.mean():.0f} %: {('averages', 'top on bottom')[k]}"
        axes.text(64, height, against, va="center", fontsize=9)
axes.axvline(0, color="black", lw=1)
axes.set_yticks(range(6), ["all", *KINDS])
axes.hlines(np.arange(5) + 0.5, -60, 60, color="#DDDDDD", lw=0.8)
axes.set(xlim=(-60, 60), ylim=(5.5, -0.5), xlabel="GAN minus cheat, in percentage points, with 95 % intervals")
axes.text(-58, -0.62, "← the cheat passes more often", fontsize=9)
axes.text(58, -0.62, "the GAN passes more often →", ha="right", fontsize=9)
axes.set_title("The GAN beats the cheats at vases and mugs, not at chairs, tables or lamps", pad=22)
plt.show()


# %% [markdown]
# **No. Over all kinds, the GAN passes no more often than averages of two of a kind, which need no training.** It is ahead of both cheats for vases and mugs, behind both for chairs and lamps.
#
# In `covered` and `copied`, averages do about as well. **One column does speak for the GAN:** its shapes are more often in one piece than those of either cheat, and a second training agrees.
#
# <details><summary>Fine print</summary>
#
# This is one training and ten comparisons at once, so the small gap for lamps proves little. For tables, the gap to the averages could be chance.
# </details>
#
# Where do its shapes fail? We count each by the first test that it fails. Violet shows what common tests object to: a board is *uneven* if no more than this reaches its top layer, a back *broken* if one of its layers is in pieces like these. Of a table, violet is the layer where legs are counted; of a lamp, a loose piece.

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

# %% alt="Four large orange shapes that fail, each titled with its fault. Violet marks the place: two patches on a table's wavy board, three specks along a chair's upper edge, rings round the tops of a table's legs, a patch at a lampshade's rim." tags=["hide-input"]
one_each = {}
for name, count in often:
    one_each.setdefault(name.split()[-1], (name, count))  # a board, a back, legs, pieces
figure, panels = plt.subplots(2, 2, figsize=(6.4, 6.1))
for axes, (name, count) in zip(panels.flat, one_each.values()):
    place = named("stored GAN").index(name)
    mark = binary_dilation(marks[place]) if "pieces" in name else marks[place]  # with what a loose voxel touches
    picture = render(made[place : place + 1], side=300, marked=torch.from_numpy(mark)[None, None])[0]
    axes.imshow(picture[21:-4, 10:-10])
    axes.set_title(f"{name} ({count} of 500)")
    axes.axis("off")
figure.suptitle("Most faults are small: an edge, or the layer where the legs begin")
plt.show()

# %% [markdown]
# **Most faults are details:** 109 of the 124 are marked in a single one of the 16 layers. (For uneven boards, by construction.) The table's extra legs are small bumps under its board, hidden here. At the lamp's rim, a few voxels touch the rest only at an edge or a corner.
#
# Averages fail otherwise: mostly they are in pieces, like the vase in section 2.
#
# *Claimed: the stored GAN's shapes pass far more often than averages of any two, nearly all are in one piece, and they are no copies.*

# %% tags=["claim"]
gan = table["stored GAN"]
assert gan.valid > table["averages of any two"].valid + 0.2
assert gan.one_piece > 0.88 and gan.copied < 0.25

# %% [markdown]
# ## 4 · Walk from a chair to a lamp
#
# What does G make half way between a chair and a lamp? We interpolate the vector for the kind along a straight line, and the noise along a great circle (chapter 09). Move the slider *From A to B*.

# %% alt="A lab. Above, a large orange chair; below, seven small shapes on the way from the chair to a lamp, those in the middle neither; a black bar marks the place."
lab = ShapeLab(stored, turn=35, first_kind="chair", second_kind="lamp")
lab

# %% [markdown]
# The recording turns a shape while it walks there and back.

# %% alt="A recording with a slider: a chair goes once round while it becomes a lamp and a chair again."
ShapeLab(stored, side=112).film(12)

# %% [markdown]
# D never sees what lies between two kinds. For ten pairs of noises, we count at eleven places along the way how many shapes pass as either kind.

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
# **There is a gap:** half way, hardly any shape passes.
#
# **Your turn.** Vases and mugs are more alike. Predict whether the way between them has such a gap, too, then count with `passing("vase", "mug")`.
#
# <details><summary>Solution</summary>
#
# It has. As vases the shapes half way are not round, and as mugs most have an open wall.
# </details>
#
# ## 5 · In space, from pictures alone
#
# Photographs of chairs are easier to find than signed distances. Can a generator of *shapes* learn from *pictures*?
#
# Put a renderer between G and D. It draws G's volume from a random side at eye level, and D compares such drawings with pictures of real objects. Gradients have to pass back through the drawing to G, so we need a **differentiable renderer**. G and D are told the kind, but never the side. PrGAN (Gadelha et al. 2017) works like this.

# %% alt="A block diagram: the generator G makes a volume; a renderer draws it from a random side; the fake picture and a real one go to the discriminator D. Dashed arrows show the gradient on its way back from D through picture, renderer and volume to G." tags=["hide-input"]
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
# The simplest one makes a **silhouette**. Imagine a shape of smoky glass: of a ray that passes through $d$ voxels, a share of $e^{-\tau d}$ gets through, so the pixel has the darkness
#
# $$1 - e^{-\tau d}.$$
#
# We take $\tau = 3$, so that a single voxel already gives a darkness of .95.
#
# How much glass is a cell of value $v$, between −1 and 1? We count it as $((v + 1)/2)^2$: 1 deep inside, a quarter on the surface, 0 far outside. A cell just outside counts a little, so it has a gradient, and G can learn to grow there. The price is fog: along a ray, faint cells add up. The code scales the darkness to $[-1, 1]$.

# %% module="gan_lessons.networks.silhouettes" tags=["library"]
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
# No picture demands a smooth surface: a ragged one throws nearly the same silhouette. So before G's volume is drawn, each cell is averaged with its neighbours, weighted 1, 2, 1 along each axis.
#
# We train for a hundred steps; a run of 800, one to two minutes on one core, comes with the book.

# %%
shadows = replace(recipes.find("voxels", "pictures"), steps=100)
blind, pictures = shadows.build(), shadows.data()
for _ in shadows.train(blind, pictures):
    pass
early = shadows.samples(blind, 100)
practised = shadows.build()
results.restored(practised.average, "shapes_from_pictures")
from_pictures = shadows.samples(practised, 200)


# %% alt="Chair, table, lamp, vase and mug in three rows. First, silhouettes of real objects in blue; second, much like them, those of the generator's shapes in orange; third, the same shapes in 3-D from above: a chair that turns its back to us, a table, a lamp with an angular shade, a flattened vase and a mug with a handle, the last two filled to the top." tags=["hide-input"]
def tinted(pictures, color):
    dark = nn.functional.interpolate(pictures, (176, 176))[:, 0, ..., None].numpy() / 2 + 0.5
    ink = (255 * (1 - dark * (1 - np.array(to_rgb(color))))).astype(np.uint8)
    return np.pad(ink, ((0, 0), (12, 12), (12, 12), (0, 0)), constant_values=255)


sides = torch.tensor([0.6, 0.6, 0.6, 0.6, 1.4])
pairs = zip(from_pictures, sides.tolist())
rows = {
    "What D sees of real shapes": tinted(silhouettes(data.samples[:5], sides), style.REAL),
    "What D sees of G's shapes": tinted(silhouettes(from_pictures[:5], sides), style.FAKE),
    "The same shapes of G's in 3-D, from above": np.concatenate([render(one[None], at, 0.5, 200) for one, at in pairs]),
}
figure, panels = plt.subplots(3, figsize=(7.2, 5.9))
for axes, (name, shown) in zip(panels, rows.items()):
    axes.imshow(sheet(shown, 5))
    axes.set_title(name, fontsize=10)
    axes.axis("off")
for place, kind in enumerate(KINDS):
    panels[-1].text(100 + 200 * place, 215, kind, ha="center", va="top", fontsize=10)
figure.suptitle("All five silhouettes look right; in 3-D, the lamp is not round, and vase and mug are full")
plt.show()


# %% [markdown]
# **In silhouette, G's shapes look right. In 3-D, its chair turns its back to us, its lamp is not round, and its vase and mug are full.** Can more training mend that?
#
# ### What silhouettes cannot tell
#
# Two things can never be learnt. The first is **which way an object faces**, as the sides are random and told to nobody. Turn every chair by the same angle, and the *set* of pictures stays the same. Only the mirror limits G's choice: a chair may face forwards or backwards, a square table stand askew by 45°.
#
# The second is **what is inside**. Fill a vase with plaster, and its outline at eye level stays the same from every side. Here is ours, hollow and full:

# %% alt="A vase, above hollow and below filled to the brim. From above: an opening, and a closed, bulging top. What D sees at eye level: two dark silhouettes with the same grey edges, the hollow one a trace paler in the middle. Cut at half dark: the same black outline twice." tags=["hide-input"]
def filled(volumes):  # with what has something solid in front and behind
    wall = (volumes > 0).int()
    between = wall.cummax(3).values & wall.flip(3).cummax(3).values.flip(3)
    return volumes.where(between == wall, 1.0)


full = filled(vase)
figure, panels = plt.subplots(2, 3, figsize=(7.2, 4.6))
for row, (name, solid) in zip(panels, (("hollow", vase), ("full", full))):
    soft = silhouettes(solid, torch.tensor([0.6]))[0, 0]
    views = render(solid, 0.6, 0.9, 256, style.REAL)[0], soft / 2 + 0.5, soft > 0
    for axes, view, title in zip(row, views, ("from above", "what D sees", "cut at half dark")):
        axes.imshow(view, cmap="Greys", vmin=0, vmax=1)
        axes.set_title(f"{name}: {title}", fontsize=10)
        axes.axis("off")
figure.suptitle("Full or hollow, the vase throws nearly the same silhouette")
plt.show()

# %% [markdown]
# D's grey values keep a faint trace of the inside, as a ray that is dark already hardly darkens with more solid.
#
# *Claimed: cut at half dark, the silhouettes of the hollow and the full vase, from eight sides, differ in fewer than one pixel in fifty, while the solids' **intersection over union** (IoU, the volume that both fill over the volume that either fills) is below .9.*

# %% tags=["claim"]
eight = torch.arange(8) * torch.pi / 8
pair = [silhouettes(each.expand(8, -1, -1, -1, -1), eight) for each in (vase, full)]
different = float(((pair[0] > 0) != (pair[1] > 0)).float().mean())
print(f"{different:.1%} of the silhouettes' pixels differ; the solids' IoU is {float(overlap(vase, full)):.2f}")
assert different < 0.02 and float(overlap(vase, full)) < 0.9

# %% [markdown]
# ### What G did learn
#
# For a hundred shapes of each way, we take the IoU with the nearest real one. As G cannot know which way to face, `turned` first turns each shape, in steps of 45°, to where it is nearest to a real one. Fresh real shapes are the ceiling, and there are two references:
#
# - **Visual hulls** show what silhouettes from *known* sides of *one* object determine, which is more than G is given. An object's hull is the largest shape that throws the same silhouettes (Laurentini 1994), here from eight sides, without fog.
# - **Two pictures crossed** are a cheat: saw the outlines of two training pictures of a kind through a block, one from the front and one from the side, and keep what is left.

# %%
block = pictures.samples[:105, 0] - 0.9  # above 0 where a picture is dark
right_angle = torch.tensor([0, torch.pi / 2])
black = torch.stack([silhouettes(unseen[:100].sign(), side.expand(100))[:, 0] for side in eight], 1)
ways = {
    "real shapes": unseen[:100],
    "GAN, from volumes, 4,000 steps": made[:100],
    "visual hulls": hull(black, eight),
    "GAN, from pictures, 800 steps": from_pictures[:100],
    "two pictures crossed": hull(torch.stack([block[:100], block[5:]], 1), right_angle),
    "GAN, from volumes, 100 steps": live.samples(young, asked[:100]),
    "GAN, from pictures, 100 steps": early,
    "noise": torch.randn(100, 1, 16, 16, 16, generator=torch.Generator().manual_seed(0)),
}
turned = {name: faced(volumes) for name, volumes in ways.items()}
judged = {name: [float(near(some)[0].mean()) for some in (ways[name], turned[name])] for name in ways}
print(f"{'':>30}   IoU  turned")
for name, pair in judged.items():
    print(f"{name:>30}{pair[0]:6.2f}{pair[1]:8.2f}")
hulled = overlap(ways["visual hulls"], ways["real shapes"]).view(-1, 5).mean(0)
print("real shapes with their own hulls:", ", ".join(f"{kind} {iou:.2f}" for kind, iou in zip(KINDS, hulled)))
fullness = {}
for who, volumes in (("real", unseen), ("G's", from_pictures)):
    fullness[who] = overlap(volumes, filled(volumes)).view(-1, 5).mean(0)[3:]
    print("{} vases and mugs with themselves, filled: {:.2f}, {:.2f}".format(who, *fullness[who]))
print("G's lamps:", dict(Counter(wrong or "pass" for wrong in faults(from_pictures, asked)[2::5])))

# %% [markdown]
# Here is the first chair of six ways, turned.

# %% alt="Six large chairs: a real one in blue; from the GAN from volumes, a little wavy; a grey hull, like the real one; from the GAN from pictures, plump, with four legs, seat and back; two pictures crossed, a grey block on one thin leg; and from the GAN from volumes after 100 steps, with a jagged back." tags=["hide-input"]
figure, panels = plt.subplots(2, 3, figsize=(6.6, 5.8))
for axes, (name, volumes) in zip(panels.flat, turned.items()):
    color = style.REAL if "real" in name else style.FAKE if "GAN" in name else style.REFERENCE
    axes.imshow(render(volumes[:1], side=240, color=color)[0, 8:-8, 14:-14])
    chairs = float(near(volumes[::5])[0].mean())
    axes.set_title(f"{name.removeprefix('GAN, ')}:\nIoU of the chairs {chairs:.2f}", fontsize=10)
    axes.axis("off")
figure.suptitle("From pictures alone, the first chair gets legs, a seat and a back")
plt.show()

# %%
runs, ends = results.table("shapes_from_pictures")["runs"], {}
for volumes in ("smoothed", "as they are"):
    for score in ("iou", "turned_iou", "right_kind", "valid"):
        ends[volumes, score] = [run["curve"][-1][score] for run in runs if run["volumes"] == volumes]
        print(f"{volumes:>11}, {score:>10}:", *(f"{value:.2f}" for value in ends[volumes, score]))
reached = results.record("voxels/long")["figures"]["nearest"]
for run in runs[:3]:
    of_each = zip(KINDS, run["curve"][-1]["turned_by_kind"])
    print("smoothed, turned:", ", ".join(f"{kind} {iou:.2f}" for kind, iou in of_each))
print(f"share of the GAN from volumes: {np.median(ends['smoothed', 'iou']) / reached:.2f}")

# %% [markdown]
# **In two of three trainings, G learns the build of chairs, tables and lamps from silhouettes alone:** turned, their IoU is at least .65. Over all kinds, its IoU is about that of 100 steps from *volumes*; in the median training it is .69 of what the stored GAN reached. Nine in ten shapes, turned, are nearest to one of the right kind.
#
# Vases and mugs come out full: their mean IoU with themselves, filled, is .98 and .88. Their hulls are full, too. Most lamps are not round: D never sees two pictures of one shape. At most one shape in ten is valid.
#
# <details><summary>Fine print</summary>
#
# The pictures are of the first training. The third ends at .39, partly for facing the wrong way: turned, it reaches .51. There smoothing did not help; it did in the other two. None improves much after step 600; as only volumes show that, we kept the last step. Turning looks for the least distance, so that it can lower an IoU.
# </details>
#
# *Claimed: after 100 steps from pictures, G's shapes are nearer to real ones than noise is, and less near than real shapes; after 800, turned, all three trainings beat two pictures crossed, and smoothing raises the median; the stored G's vases and mugs are nearly what they are filled.*

# %% tags=["claim"]
smooth, rough = ends["smoothed", "turned_iou"], ends["as they are", "turned_iou"]
assert judged["noise"][0] + 0.1 < judged["GAN, from pictures, 100 steps"][0] < judged["real shapes"][0] - 0.1
assert max(judged["two pictures crossed"]) < min(smooth) and np.median(rough) < np.median(smooth)
assert max(fullness["real"]) < 0.7 and min(fullness["G's"]) > 0.8

# %% [markdown]
# ## 6 · Off the grid: points and triangles
#
# ### A sphere that folds into something like a chair
#
# A cloud of points needs no grid, but it has no order: shuffled, it is the same chair. So D has to give the same score in any order.
#
# **PointNet** (Qi et al. 2017) applies one perceptron to every point, then takes the maximum over the points: `perceptron(points).amax(1)`. Ours takes the mean, too.
#
# Our generator starts with 256 points on a sphere. One perceptron, modulated by the style, moves every point, so that the sphere *folds*. (FoldingNet, Yang et al. 2018, arXiv:1712.07262, folds a sheet; a sphere, like a chair's surface, has no edge.)

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

# %% alt="Five clouds of points from the side. A sphere, shaded from light above to dark below; a wedge at step 60; at step 200, and in another sample much like it, a back, a curved seat and a loose skirt of points below it; and in blue a real chair, with legs." tags=["hide-input"]
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
# How are two clouds compared? For each point of one, find the nearest point of the other, and average the squared distances; add the same the other way round. Three scores use this **Chamfer distance** (Achlioptas et al. 2018; Yang et al. 2019, arXiv:1906.12320).
#
# - `matching`, the *minimum matching distance*, is a real cloud's mean distance to the nearest fake; less is better.
# - `coverage` (not section 2's `covered`) is the share of real clouds that are nearest to some fake.
# - `told apart` is how often a cloud's nearest neighbour is of its own set: about .5 at best.
#
# Forty training chairs are the ceiling; even they leave many real chairs uncovered. **After 200 steps, the GAN is far from the ceiling in all three scores**, and its two clouds are much the same chair. The cheat, one chair repeated, is close to it, but `coverage` gives it away.
#
# *Claimed: the GAN's clouds match real ones less well than real chairs do, and cover more of them than a single one does; `told apart` is over .9.*

# %% tags=["claim"]
real_ones, gan, once = judged.values()
assert real_ones.matching < gan.matching
assert gan.coverage > once.coverage and gan.told_apart > 0.9

# %% [markdown]
# ### A mesh for the printer
#
# **Marching cubes** (Lorensen & Cline 1987) lays triangles where the volume passes through 0. As there is air around each block, the surface is closed, or **watertight**: every edge belongs to two triangles.
#
# A printer's software, the **slicer**, cuts the mesh into layers. It also wants sizes in millimetres, one piece, walls no thinner than the nozzle's line, few overhangs, and enough area on the bed. `meshes.printable` mends what it can.
#
# - It keeps only the largest surface, without **loose pieces** and sealed cavities.
# - It levels the **feet**, which marching cubes rounds to a point: every corner in the lowest 3 mm moves down to the bed.
# - It sets **units and axes**: the cube becomes 60 mm wide, and z points upwards.
#
# Below, `wall` is the least thickness at 99 % of the surface, and `overhang` the area above the bed that faces down by more than 45°.

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
print(f"the chair {found[0] or 'passes its tests'}: {len(heights)} layers of 0.2 mm, {chair.volume / 1000:.0f} cm³")
stl = meshes.as_file(made[:1], ".stl")
print(f"its file: {len(stl) / 1000:.0f} kB")

# %% alt="One chair from below, twice. Left, as it is: seat and ends of legs are rose, overhang, and 0 mm\u00b2 lie on the bed. Right, repaired: a dark blue patch under each of the four legs lies on the bed, 63 mm\u00b2 in all." tags=["hide-input"]
figure, panels = plt.subplots(1, 2, figsize=(7.2, 5.0))
pale, overhang, bed = "#F6D3BD", style.CATEGORIES[1], style.CATEGORIES[0]
for axes, solid, title in zip(panels, (plain[0], chair), ("as it is", "repaired")):
    order = np.argsort(-solid.triangles_center[:, 2])  # the lowest last, over the others
    corners, normals = solid.triangles[order], solid.face_normals[order, 2]
    lying = corners[:, :, 2].max(1) - solid.bounds[0, 2] < prints.ON_THE_BED
    color = np.where(normals > -prints.STEEP, pale, np.where(lying, bed, overhang))
    axes.add_collection(PolyCollection(corners[:, :, :2], facecolors=color, edgecolors=color, linewidths=0.5))
    axes.text(0, 0, "seat: overhang", color="white", ha="center", va="center", fontsize=12)
    axes.set(xlim=(-18, 18), ylim=(-20, 24), aspect="equal")
    axes.set_title(f"{title}: {print_check(solid).footprint:.0f} mm² on the bed")
    axes.axis("off")
for axes, where, color in zip(panels, ("overhang", "on the bed"), (overhang, bed)):
    axes.text(0, 20.5, f"ends of the legs: {where}", color=color, ha="center", fontsize=12)
    axes.plot([[-11, 11]] * 2, [[16.5] * 2, [20] * 2], color=color)
panels[0].plot((-5, 5), (-19.5, -19.5), color="black")
panels[0].text(6, -19.5, "10 mm", va="center")
figure.suptitle("From below: the chair touches the bed only after its feet are levelled")
plt.show()

# %% alt="The repaired chair as a stack of white slices with orange outlines: four legs, a seat and a back." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(3.4, 4.8))
for height in heights[::10]:  # from below, so that a slice hides what is behind it
    loops = [np.asarray(loop) for loop in chair.section((0, 0, 1), (0, 0, height)).discrete]
    right = [loop[:, 0] * np.cos(0.6) + loop[:, 1] * np.sin(0.6) for loop in loops]
    away = [loop[:, 1] * np.cos(0.6) - loop[:, 0] * np.sin(0.6) for loop in loops]
    seen = [np.stack([x, height * np.cos(0.4) + y * np.sin(0.4)], -1) for x, y in zip(right, away)]
    axes.add_collection(PolyCollection(seen, facecolors="white", edgecolors=style.FAKE, linewidths=0.9))
axes.set(xlim=(-22, 22), ylim=(-11, 58), aspect="equal")
axes.set_title("What the printer lays down:\nevery tenth layer", fontsize=11)
axes.axis("off")
plt.show()

# %% [markdown]
# **As they are, all five are watertight, but four touch the bed only in points. Repaired, all stand on some area.** The chair has the least, because parts of its feet begin a voxel higher.
#
# The walls are thick enough for a nozzle of 0.4 mm; what still overhangs needs supports. Watertight does not mean *valid*: a chair with a loose leg comes out watertight, on three legs.
#
# *Claimed, nearly by construction: after the repair the GAN's first twenty shapes are all watertight and in one piece.*

# %% tags=["claim"]
repaired = [*ready, *(meshes.printable(each[None]) for each in made[5:20])]
assert all(mesh.is_watertight and mesh.body_count == 1 for mesh in repaired)

# %% [markdown]
# `Path("chair.stl").write_bytes(stl)` puts the chair on your disk, and `meshes.read("yours.stl")` turns a closed mesh of your own into a block of distances. The command line writes such files, too:
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
# | from pictures: right from the side, ragged or full from above | a view from above | smooth the volume; for cavities, pictures with shading |
# | a slicer complains | `print_check(mesh)`: open, in pieces, thin, hardly on the bed | `meshes.printable`; a larger print |
#
# ## What we saw
#
# - A truncated signed distance lets a surface lie between two cells; a GAN carries over to volumes with one more axis.
# - Cheats say what a score is worth: over all kinds, the stored GAN leads averages of two of a kind only in `one piece`.
# - Half way from chair to lamp hardly anything passes.
# - From silhouettes alone, a generator learned the build of chairs, tables and lamps in two of three trainings, but not which way a chair faces, nor whether a vase is hollow.
# - A watertight mesh is not yet a good print: check size, walls, loose pieces, overhangs and feet.
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
# 1. `print_check` says that a table is watertight, in one piece, with walls of 7 mm and 0 mm² on the bed. What happens if you print it as it is? <details><summary>Answer</summary>Each leg begins as a dot that hardly sticks to the bed, and the table may come off. Level the feet (`meshes.printable`) or add a raft; support the board in any case.</details>
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
