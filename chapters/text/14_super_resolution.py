# %% [markdown]
# # 14 · Super-resolution
#
# [← 13 Image to image](13_image_to_image.ipynb) · [contents](00_start.ipynb) · [15 Text →](15_text.ipynb)
#
# **A small picture has lost its detail. What may a network put in its place, and how would you notice that it is wrong?**

# %% alt="A moving picture: the eye and the brow of a striped cat. A border sweeps to the right twice, with the names of both sides above it: first the GAN's picture, with crisper fur and a mesh in it, replaces the blurred bicubic one, and then the truth, with single fine hairs, replaces the GAN's." tags=["hide-input"]
from dataclasses import replace
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu

from gan_lessons import losses, penalties, recipes, reconstruction, training, updates, upscaling
from gan_lessons.data import photographs, sources
from gan_lessons.data.images import digits
from gan_lessons.gan import GAN
from gan_lessons.judges import digits as reader
from gan_lessons.labs.translation import LensLab
from gan_lessons.metrics import spectra, superres
from gan_lessons.networks.superres import SuperDiscriminator, SuperResolution, convolution, enlarged
from gan_lessons.plots import diagrams, images, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.plots.motion import Animation

torch.set_num_threads(1)
torch.manual_seed(14)
style.use()

l1, gan = upscaling.stored("l1"), upscaling.stored("gan")
cat = photographs.load(held_out=True)["chelsea"][None, :, 20:212, 100:292].float() / 127.5 - 1
small_cat = photographs.area(cat, 4)
views = {"bicubic": enlarged(small_cat, 4), "the GAN": gan(None, small_cat), "the truth": cat}
views = {name: (view[0].clamp(-1, 1) + 1).permute(1, 2, 0) / 2 for name, view in views.items()}
frames = []
for old, new in (("bicubic", "the GAN"), ("the GAN", "the truth")):
    for border in [16 * step for step in range(13)] + 2 * [192]:
        figure, axes = plt.subplots(figsize=(4, 4.3), dpi=96)
        axes.imshow(torch.cat([views[new][:, :border], views[old][:, border:]], 1))
        axes.axvline(border - 0.5, color="white", lw=2)
        axes.set_title(f"{new} | {old}" if border < 192 else new)
        axes.axis("off")
        frames.append(figure)
        plt.close(figure)
Animation(frames, milliseconds=130, rest=1500, colors=200)

# %% [markdown]
# (Photograph: Stéfan van der Walt, CC0. The network has not seen it.)
#
# You see three pictures in turn. The first is a small picture, 48 × 48 pixels, enlarged by bicubic interpolation, as a picture editor does it. The second is the same small picture, enlarged by a network that has learnt from twelve other photographs. The third is the photograph that the small one was made of. Whatever
# is finer in the GAN's picture than in the first one was invented: the crisp rim of the eye, which happens to be right, and the mesh in the fur, which is not. Telephones do something of this kind to many of the pictures that they take.
#
# **You will** make pairs of small and large pictures out of any photographs, train a network that enlarges them, see what it lacks, add a discriminator, and then spend most of the
# chapter on what was gained: as pixels, spectra, a judge, and a reader of digits see it.
#
# **You will learn** to
# - build a network whose last layers turn maps into pixels,
# - see in a spectrum what the eye calls blur,
# - say why no network can be best in fidelity and in realism, and measure how much of one buys how much of the other,
# - move between two networks by moving between their weights,
# - make sure that an enlarged picture shrinks back to the one you had,
# - find detail that is crisp, plausible and false.
#
# **You will need** chapters 02, 04, 08 and 13, the extra `pictures`, and about a minute and a half of computing on a laptop's processor. If you only want to enlarge photographs of your own, look at section 8 first, and then at sections 6 and 7, which say when not to.

# %% alt="A diagram: a sharp picture x is shrunk to a small one y, which goes into the generator G; G's picture and the sharp one go to a discriminator of patches, and G's picture is also held to the sharp one by L1 and perceptual losses." tags=["hide-input"]
diagrams.flow(
    [
        Box("sharp x", 0, 0, "64 × 64", role="real"),
        Box("small y", 1, 1, "16 × 16"),
        Box("generator G", 2, 1, "bicubic + detail", role="generator"),
        Box("fake G(y)", 3, 1, "64 × 64", role="fake"),
        Box("discriminator D", 4, 0, "patches, beside y", role="discriminator"),
        Box("L1, perceptual", 4, 1),
    ],
    [
        Arrow("sharp x", "small y", "shrink"),
        Arrow("small y", "generator G"),
        Arrow("generator G", "fake G(y)"),
        Arrow("sharp x", "discriminator D"),
        Arrow("fake G(y)", "discriminator D"),
        Arrow("fake G(y)", "L1, perceptual"),
    ],
)


# %% [markdown]
# ## 1 · Pairs for free
#
# For **super-resolution** nobody has to collect pairs: take sharp pictures, and spoil them. What spoils a picture is called its **degradation**; the simplest one replaces each square of 4 × 4 pixels by its mean. (Section 7 has worse ones.)

# %% module="gan_lessons.data.photographs" tags=["library"]
def area(pixels, scale):
    return avg_pool2d(pixels, scale)


# %%
careful = recipes.find("superres", "l1")  # a network that L1 alone trains
data = careful.data()
real, small = careful.pairs()
print(f"learnt from: {', '.join(photographs.load())}")
print(f"held out:    {', '.join(photographs.load(held_out=True))}")
print(f"{len(data.places):,} patches to learn from, in eight orientations each; {len(real)} held-out patches")

# %% alt="Three rows of eight photographic patches: small ones of 16 \u00d7 16 large pixels, the same enlarged by bicubic interpolation, which are smooth and blurred, and the true ones, with fur, a cat's eye, roof tiles, stars and a shoulder." tags=["hide-input"]
some = torch.arange(8) * len(real) // 8
rows = [interpolate(small[some], 64), enlarged(small[some], 4), real[some]]
figure, axes = plt.subplots(figsize=(7.2, 2.9))
images.draw_sheet(axes, torch.cat(rows), 8, ("small", "bicubic", "true"))
axes.set_title("15 of 16 pixels are gone, and their detail with them")
plt.show()

# %% [markdown]
# The split is by *picture*: two patches of one photograph share its light, its lens and its grain, and a network that has learnt from one knows too much about the other. (Chapter 13's debugging card has the same rule for drawings: no twins across the border.)
#
# The old standard for enlarging is **bicubic interpolation** (Keys 1981), a fixed smooth curve through the pixels. Whatever we train has to beat it.
#
# ## 2 · From maps to pixels
#
# A network could enlarge first and then improve 64 × 64 pixels. It is sixteen times cheaper to do the work on the 16 × 16 picture and to enlarge at the end. **Sub-pixel convolution** (Shi et al. 2016) does that
# without a transposed convolution's uneven overlap (chapter 02): an ordinary convolution makes *four* values for every map and place, and these are laid out as a square of 2 × 2 pixels.

# %% alt="A stack of layers with their sizes: small picture 3 \u00d7 16 \u00d7 16, convolution to 32 \u00d7 16 \u00d7 16, six residual blocks, a convolution to 64 \u00d7 16 \u00d7 16 unfolded to 16 \u00d7 32 \u00d7 32, another to 64 \u00d7 32 \u00d7 32 unfolded to 16 \u00d7 64 \u00d7 64, and a convolution to 3 \u00d7 64 \u00d7 64, to which the bicubic picture is added." tags=["hide-input"]
diagrams.stack(
    "SuperResolution",
    [
        ("convolution", "32 × 16 × 16"),
        ("6 blocks", "32 × 16 × 16"),
        ("convolution", "64 × 16 × 16"),
        ("unfold", "16 × 32 × 32"),
        ("convolution", "64 × 32 × 32"),
        ("unfold", "16 × 64 × 64"),
        ("convolution", "3 × 64 × 64"),
        ("+ bicubic, consistent", "3 × 64 × 64"),
    ],
    start="3 × 16 × 16",
)


# %% module="gan_lessons.networks.superres" tags=["library"]
class SubPixel(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        self.unfold = nn.PixelShuffle(2)
        self.layer = convolution(before, 4 * after)
        with torch.no_grad():
            self.layer.weight.copy_(self.layer.weight[::4].repeat_interleave(4, 0))
            nn.init.zeros_(self.layer.bias)

    def forward(self, maps):
        return leaky_relu(self.unfold(self.layer(maps)), 0.2)


# %% [markdown]
# The line with `repeat_interleave` gives the four values of a square the same kernel to begin with (called ICNR, Aitken et al. 2017). With independent kernels, each of the four positions starts with an
# opinion of its own, which shows as a checkerboard.
#
# *Claimed: a fresh layer makes squares of four equal pixels; with independent kernels they differ.*

# %% tags=["claim"]
maps = torch.randn(1, 8, 16, 16)
layer = SubPixel(8, 8).requires_grad_(False)


def unlike(made):
    """The largest difference within a square of four."""
    squares = made.unflatten(-1, (-1, 2)).unflatten(-3, (-1, 2))  # [..., rows, 2, columns, 2]
    return float((squares.amax((-3, -1)) - squares.amin((-3, -1))).max())


unequal = [unlike(layer(maps))]
nn.init.kaiming_normal_(layer.layer.weight)
unequal.append(unlike(layer(maps)))
print(f"differences within a square: {unequal[0]:.2g} with equal kernels, {unequal[1]:.2g} with independent ones")
assert unequal[0] < 1e-5 < 0.1 < unequal[1]

# %% [markdown]
# The rest is known: residual blocks without normalisation (Lim et al. 2017 found that BatchNorm hurts here), and an output that is *added to the bicubic picture*, so that the network begins with what needs no learning. The last step, `consistent`, waits for section 5.
#
# Now the simplest loss, the mean distance of pixels, **L1**. A small network from scratch, before your eyes:

# %%
live = replace(careful, steps=120, blocks=2, batch=8, learning_rate=2e-3, average_decay=0.95)
watched = torch.tensor([3, 40, 75, 110])
curve, film = [], []


def look(one, label):
    film.append((label, one.sample(4, condition=small[watched]).float()))
    enlarged_some = one.sample(44, condition=small[::3][:44]).float()
    curve.append((label, superres.psnr(real[::3][:44], enlarged_some), spectra.spectrum_gap(real[::3], enlarged_some)))


student = live.build()
for record in live.train(student, data):
    if record.step % 30 == 0:
        look(student, f"L1, step {record.step}")
for label, quality, gap in curve:
    print(f"{label:>14}: PSNR {quality:.2f} dB, spectrum {gap:.1f} dB off")


# %% [markdown]
# **PSNR**, the peak signal-to-noise ratio, is the mean squared error on a logarithmic scale: $10 \log_{10}(\text{range}^2 / \text{MSE})$. Halving the root mean squared error adds 6 dB. Papers have been published for a gain of .2 dB.
#
# The second number looks at **spectra** (chapter 13's tool): how much power the pictures have at each frequency, coarse to fine.

# %% alt="Curves of power in decibels over frequency from 1 to 32 periods a side. Real patches fall slowly; the network trained by L1 follows them up to about eight periods and lies below from there on; bicubic interpolation falls deepest. A dashed line at 8 periods marks what the small picture can hold." tags=["hide-input"]
def spectra_of(axes, pictures):
    for name, (pixels, color) in pictures.items():
        power = spectra.radial(pixels.clamp(-1, 1)).mean(0)
        axes.plot(range(1, 33), power, color=color)
        axes.annotate(name, (32, float(power[-1])), xytext=(4, 0), textcoords="offset points", color=color, va="center")
    axes.axvline(8, color=style.REFERENCE, ls="--", lw=1)
    axes.set(xlabel="periods a side", ylabel="power (dB)", xlim=(1, 32))


by_l1 = live.samples(student, small).float()
shown = {
    "real": (real, style.REAL),
    "L1": (by_l1, style.AVERAGE),
    "bicubic": (enlarged(small, 4), style.REFERENCE),
}
figure, axes = plt.subplots(figsize=(7.2, 3))
spectra_of(axes, shown)
axes.set_title("Beyond 8 periods the small picture says little, and L1 puts too little there")
plt.show()

# %% [markdown]
# *Claimed: after these steps L1 is at least .3 dB better than bicubic, and yet has less than half of the real power (3 dB less) over the upper half of the frequencies.* (The cell measures far more than that: 19 dB less means about an eightieth of the power. Its numbers are of all 133 patches, those above of every third.)

# %% tags=["claim"]
gain = superres.psnr(real, by_l1) - superres.psnr(real, enlarged(small, 4))
missing = float((spectra.radial(real).mean(0) - spectra.radial(by_l1.clamp(-1, 1)).mean(0))[16:].mean())
print(f"L1 {gain:+.2f} dB over bicubic; {missing:.1f} dB of power missing above 16 periods")
assert gain > 0.3 and missing > 3


# %% [markdown]
# Why does a network that gets *better* stay blurred? Because many sharp pictures shrink to the same small one: a hair may lie here or half a pixel further. At each pixel by itself, L1 asks for the value with the least expected distance to all of them: that is the **median** (for the squared error, the mean).
# The median of all positions of a hair is no hair. Nothing is wrong with the network: it minimises the loss that it was given. More training brings it nearer to the median.
#
# **Your turn.** Predict: does the L2 loss (mean squared error) blur more or less? Replace `reconstruction.l1` by a function of your own and pass it as `extra=`.
#
# <details><summary>Solution</summary>
#
# ```python
# def l2(gan, fake, batch):
#     return {"l2": 10 * (fake - batch.real).square().mean()}
#
# other = live.build()
# for record in live.train(other, data, extra=l2):
#     pass
# ```
#
# Here it blurs about as much. We got 26.50 dB and a spectrum 12.0 dB off, against 26.40 and 12.5 for L1: a little better in what it was asked for, and about as far from real detail (one run each).
# </details>
#
# ## 3 · A discriminator that notices what is missing
#
# A discriminator sees at once that fine detail is missing. It compares *patches*: each of its scores sees 38 × 38 pixels, and D also sees the small picture (chapter 13), for the texture has to fit.
# The generator's loss has three parts,
#
# $$ \lambda \,\lVert G(y) - x \rVert_1 \;+\; \mu \, d_\phi\bigl(G(y), x\bigr) \;+\; \mathbb E\, f\bigl(s(x, y) - s(G(y), y)\bigr), $$
#
# with the softplus $f$ and the pairs of chapter 04's relativistic loss as the last (ESRGAN, Wang et al. 2018, compares with averages instead). The middle one is a **perceptual loss** (Johnson et al. 2016): the distance of two pictures in the first layers of a network that was trained for something else, here
# EfficientNet-Lite0 on ImageNet, frozen, with the maps scaled to unit length at each place (as LPIPS does, Zhang et al. 2018). In such layers a hair that is shifted by half a pixel costs less than it does pixel by pixel.

# %% module="gan_lessons.reconstruction" tags=["library"]
def feature_distance(first, second):
    def unit(maps):
        return maps.float() / (maps.float().square().sum(1, keepdim=True) + 1e-6).sqrt()

    pairs = zip(first, second, strict=True)
    return torch.stack([(unit(one) - unit(other)).square().sum(1).mean((1, 2)) for one, other in pairs]).sum(0)


# %% [markdown]
# From random weights, a GAN would first have to learn what L1 has learnt already. So it *starts* from the L1 network (a **warm start**), and the reconstruction losses keep it near. Ours goes on from the network above:

# %%
inventive = recipes.find("superres", "long")
leash = {"l1_weight": 5.0, "perceptual_weight": 1.0, "learning_rate": 8e-4}  # a short one, for so few steps
playing = replace(inventive, steps=150, blocks=2, average_decay=0.95, start=None, **leash)
player = playing.build()
for network in (player.generator, player.average):
    network.load_state_dict(student.average.state_dict())
for record in playing.train(player, data):
    if record.step % 30 == 0:
        look(player, f"GAN, step {record.step}")
for label, quality, gap in curve:
    print(f"{label:>14}: PSNR {quality:.2f} dB, spectrum {gap:.1f} dB off")

# %% alt="A moving picture: four patches of held-out photographs while the network learns. In the first frames, by L1, edges are soft and the fine texture is missing; in the later ones edges sharpen, and halos and stripes appear beside them. A caption names the loss and the step." tags=["hide-input"]
frames = []
for label, pixels in [*film, ("the truth", real[watched])]:
    figure, axes = plt.subplots(figsize=(7.2, 2.1), dpi=100)
    images.draw_sheet(axes, pixels, 4)
    axes.set_title(label)
    frames.append(figure)
    plt.close(figure)
Animation(frames, milliseconds=700, rest=2000, colors=256)

# %% alt="Curves of power over frequency: over the fine frequencies the GAN's lies five to ten decibels below the real one and far above L1; at six to eight periods it lies slightly above the real one." tags=["hide-input"]
by_gan = playing.samples(player, small).float()
figure, axes = plt.subplots(figsize=(7.2, 3))
spectra_of(axes, {**shown, "GAN": (by_gan, style.FAKE)})
axes.set_title("The GAN brings a part of the missing power back")
plt.show()

# %% [markdown]
# (Two losses came in at once, D's and the perceptual one, and no run here has only one of them: so we cannot say which of the two helped.) Power is not detail: in the animation some of it comes as blue and white stripes that were never there. *Claimed: the GAN's spectrum is nearer to the real one than L1's, and its PSNR is lower.*

# %% tags=["claim"]
off = {name: spectra.spectrum_gap(real, pixels.clamp(-1, 1)) for name, pixels in (("L1", by_l1), ("GAN", by_gan))}
signal = {name: superres.psnr(real, pixels) for name, pixels in (("L1", by_l1), ("GAN", by_gan))}
print(", ".join(f"{name}: spectrum {off[name]:.1f} dB off, PSNR {signal[name]:.2f} dB" for name in off))
assert off["GAN"] < off["L1"] and signal["GAN"] < signal["L1"]

# %% [markdown]
# The spectrum came nearer and the PSNR fell; by PSNR this short GAN run is even below bicubic interpolation. Which of the two networks is better?
#
# ## 4 · Two kinds of good
#
# **Distortion** says how far a picture is from *the* truth: PSNR, SSIM, L1, also a feature distance to the true picture. **Perceptual quality**, in the sense of Blau & Michaeli (2018), says how far the *distribution* of pictures is from that of real ones, whatever they should have shown. (**SSIM**, structural similarity, Wang et al. 2004, compares means, contrasts and correlations in small windows; 1 is equal.)
# They prove that the two conflict: a network that reaches the least distortion does not, in general, make pictures that are distributed like real ones, and there is a bound, a curve that no method can cross, on which the one gets better only where the other gets worse. They call it the
# **perception–distortion trade-off**.
#
# We cannot draw that bound, but we can draw how our networks trade. The book has stored both networks (2,500 steps of L1, 1,000 of the GAN, eight and seventeen minutes on a busy machine, one seed; the GAN started from the L1 network) and, as one came from the other, there is a whole line of networks between them: **network interpolation** (Wang et al. 2018) takes every weight a share of the way.

# %% module="gan_lessons.networks.superres" tags=["library"]
import copy


@torch.no_grad()
def between(first, second, share):
    made = copy.deepcopy(first)
    for weight, start, end in zip(made.parameters(), first.parameters(), second.parameters(), strict=True):
        weight.copy_(start.lerp(end, share))
    return made


# %% [markdown]
# In the table below, `told_apart` is how often a linear classifier tells the patches from real ones by their spectra (.5 is chance); `feature_distance` is a judge's, explained right after it, and `shrunk_back` belongs to section 5.

# %%
@torch.inference_mode()
def through(network):
    return torch.cat([network(None, part) for part in small.split(32)])


made = {"bicubic": enlarged(small, 4)}
for share in (0, 0.25, 0.5, 0.75, 1):
    name = {0: "L1", 1: "GAN"}.get(share, f"{share:.0%} GAN")
    made[name] = through(between(l1, gan, share))
table = {name: superres.scores(real, pixels, small) for name, pixels in made.items()}
for name, scores in table.items():
    print(f"{name:>8}: " + ", ".join(f"{key.replace('_', ' ')} {value:.3f}" for key, value in scores.items()))

# %% alt="Two panels over PSNR. Left, the gap of spectra: from L1, at the right and high, a curve of dots falls to the GAN, lower and further left; bicubic lies highest. Right, how often spectra tell fakes from real patches: near 1 for bicubic and L1, less towards the GAN." tags=["hide-input"]
figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.2))
titles = {"spectrum_db": ("Nearer spectra cost PSNR", "spectrum gap (dB; 0: as real)"),
          "told_apart": ("Fewer patches are told from real ones", "told from real (.5: by chance)")}  # fmt: skip
for axes, (key, (title, label)) in zip(panels, titles.items()):
    line = [(scores["psnr"], scores[key]) for name, scores in table.items() if name != "bicubic"]
    axes.plot(*zip(*line), "o-", color=style.AVERAGE, ms=5)
    axes.plot(table["bicubic"]["psnr"], table["bicubic"][key], "s", color=style.REFERENCE)
    for name, color in (("bicubic", style.REFERENCE), ("L1", style.AVERAGE), ("GAN", style.FAKE)):
        place = (table[name]["psnr"], table[name][key])
        axes.annotate(name, place, xytext=(6, -14 if name == "GAN" else 4), textcoords="offset points", color=color)
    axes.plot(table["GAN"]["psnr"], table["GAN"][key], "o", color=style.FAKE)
    axes.set(title=title, xlabel="PSNR (dB), better to the right", ylabel=label)
    axes.margins(0.15)
panels[0].set_ylim(bottom=0)
panels[1].set_ylim(0.5, 1.05)
plt.show()

# %% [markdown]
# *Claimed: the GAN's spectrum is nearer to the real one than L1's, at a lower PSNR, and the network half-way between lies between them in both.*

# %% tags=["claim"]
for key in ("psnr", "spectrum_db"):
    assert table["GAN"][key] < table["50% GAN"][key] < table["L1"][key], key

# %% [markdown]
# ### A judge that did not train it
#
# `feature_distance` in the table is a distortion again, but one in which half a pixel counts little. It must not be measured by EfficientNet, whose layers *trained* the GAN (chapter 12's fifth question). Ours is measured by another, small network, `judges.photographs`,
# which learnt to say from which of the twelve photographs a patch was cut, in false colours. It has seen no held-out picture and no enlarged one.

# %% alt="Horizontal bars, the judge's distance from the truth: for bicubic, L1, three networks between, and the GAN." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 2.3))
values = [scores["feature_distance"] for scores in table.values()]
colors = [{"bicubic": style.REFERENCE, "GAN": style.FAKE}.get(name, style.AVERAGE) for name in table]
axes.bar_label(axes.barh(list(table), values, color=colors), fmt="%.3f", padding=3)
axes.invert_yaxis()
axes.set(title="A judge of photographs sees the GAN nearest to the truth, by a little", xticks=[])
plt.show()

# %% [markdown]
# *Claimed: the GAN's distance is below the L1 network's and below bicubic's. And yet spectra tell its patches from real ones more than four times in five (.88).*

# %% tags=["claim"]
ratio = table["GAN"]["feature_distance"] / table["L1"]["feature_distance"]
loss = table["bicubic"]["psnr"] - table["GAN"]["psnr"]
print(f"the GAN's distance is {ratio:.3f} of L1's; its PSNR is {loss:.2f} dB below bicubic's")
assert ratio < 1 and table["GAN"]["feature_distance"] < table["bicubic"]["feature_distance"]
assert table["GAN"]["told_apart"] > 0.8 and table["GAN"]["spectrum_db"] < table["L1"]["spectrum_db"]

# %% [markdown]
# So the verdict is mixed. The most useful network here may be neither: 75 % of the way is the farthest of the five that still beats bicubic interpolation in *every* column, if only just in PSNR, and without the projection that all the networks have and the bicubic pictures have not (section 5). (On the lab's picture even the half-way network loses to bicubic in PSNR: these are means over 133 patches.) The GAN itself does not. In what the judge sees the GAN wins, by a twentieth, over 133 patches of three photographs, which are too few to say how it would do on others; on a single picture, such as the lab's first, it may lose. In PSNR and SSIM it *loses*, not only to L1 but to plain bicubic interpolation, which needs no training at all. And it is not yet convincing: a simple test on spectra still knows most of its patches. The published networks are many times larger and train on thousands of photographs, and they pay a price in PSNR as well.
#
# **Your turn.** Predict first: does the half-way network also get half of the gain in the judge's distance? And could one instead average the two *pictures*, and what would that cost or save? Try `0.5 * made["L1"] + 0.5 * made["GAN"]` in `superres.scores`.
#
# <details><summary>Solution</summary>The table has the first answer: at 50 % the judge's distance has come 39 % of the way, and the spectrum 51 %. Averaged pictures are a network of their own, twice as dear to run; compare its PSNR with that of "50% GAN". (ESRGAN's authors compared both, and preferred the weights: an average of pictures keeps half of the GAN's artefacts.)</details>
#
# Try the lenses yourself. The curve of the lens that you look through is the thick one.

# %% alt="A lab. A cat's eye in large pixels and beside it the same eye through the chosen lens; on the right the power of each frequency for bicubic, L1, between, the GAN and the truth; below, the eye through all five lenses, each under its name. A sentence gives the PSNR and the judge's distance."
scenes = photographs.load(held_out=True)
cuts = [("chelsea", 60, 130), ("china", 150, 250), ("grace_hopper", 60, 180)]
sharp = (
    torch.stack([scenes[name][:, top : top + 128, left : left + 128] for name, top, left in cuts]).float() / 127.5 - 1
)
lab = LensLab(sharp, photographs.area(sharp, 4), l1, gan)
lab


# %% [markdown]
# ## 5 · Does it shrink back?
#
# Whatever an enlarged picture shows, one thing can be checked without the truth: shrunk again, it has to be the picture that we had. Most networks do so only roughly. Ours does it by its last layer, which moves each square of 4 × 4 pixels to the mean that it must have:

# %% module="gan_lessons.networks.superres" tags=["library"]
def consistent(large, small):
    scale = large.shape[-1] // small.shape[-1]
    return large + interpolate(small - avg_pool2d(large, scale), scale_factor=scale, mode="nearest")


# %% [markdown]
# Geometry says more. All pictures that shrink to $y$ form an **affine subspace** (the solutions of linear equations), and `consistent` is the orthogonal projection on it. The truth lies in that space. So by Pythagoras, the projection brings *every* guess that is not consistent already nearer to the truth, whatever made it:
# detail may only be invented where the small picture says nothing (Bahat & Michaeli 2020).
#
# *Claimed: the projection raises the PSNR of every held-out bicubic patch; and what the stored networks make shrinks back to its input within 1/255 on average.*

# %% tags=["claim"]
plain, projected = enlarged(small, 4), consistent(enlarged(small, 4), small)
before, after = ((each - real).square().mean((1, 2, 3)) for each in (plain, projected))
print(f"bicubic: {superres.psnr(real, plain):.2f} dB, projected {superres.psnr(real, projected):.2f} dB")
print(
    "off by, in 255ths: " + ", ".join(f"{name} {table[name]['shrunk_back']:.3f}" for name in ("bicubic", "L1", "GAN"))
)
assert (after <= before).all() and table["GAN"]["shrunk_back"] < 1 and table["L1"]["shrunk_back"] < 1

# %% [markdown]
# So a quarter of a decibel of what L1 gains over bicubic interpolation needs no learning at all, and a fair comparison should say so. (The GAN's .026 is left by the clipping to −1 … 1.) And consistency is no proof: the wrong hair shrinks back as well as the right one.
#
# **Your turn.** Project a picture that has nothing to do with it: `consistent(real[10:11], small[:1])`. What do you see, and why can the test above not object?
#
# <details><summary>Solution</summary>The first patch in blocks of 4 × 4 pixels, with the fine detail of the eleventh laid over it. It shrinks back to `small[:1]` exactly: the mean of each square is right, and the small picture says nothing about what is in the square.</details>
#
# ## 6 · Crisp and false
#
# In fur nobody can say which hair is false. In writing one can. Take digits of 28 × 28 pixels and shrink them to 7 × 7. Train the same two kinds of network on 4,000 of them, and let the book's judge of digits (chapter 08) read 1,000 others, enlarged.

# %%
known, unseen = (digits(held_out).pixels.expand(-1, 3, -1, -1) for held_out in (False, True))
pairs = sources.Paired(known, photographs.area(known, 4))
tiny = photographs.area(unseen, 4)


def digit_gan(momentum=0.9):
    torch.manual_seed(0)
    adam = partial(torch.optim.Adam, lr=2e-3, betas=(momentum, 0.99), fused=True)
    players = SuperResolution(4, 16, 2), SuperDiscriminator(4, 16, depth=2)
    return GAN(*players, noise_dim=1, optimizer=adam, average_decay=0.98)


def learn(one, steps, weight, **options):
    options = {"extra": reconstruction.l1(weight), "schedule": training.cosine, **options}
    for _ in training.train(one, pairs, losses.relativistic, steps=steps, batch=16, **options):
        pass
    return one


start = learn(digit_gan(), 150, 1.0, update=updates.extra_only)
of_l1 = learn(digit_gan(), 550, 1.0, update=updates.extra_only)  # as many steps as the GAN has in all
of_gan = digit_gan(momentum=0.5)
of_gan.generator.load_state_dict(start.average.state_dict())
of_gan.average.load_state_dict(start.average.state_dict())
learn(of_gan, 400, 2.0, penalty=partial(penalties.r1_and_r2, weight=0.3), penalty_every=4)
enlarged_digits = {"bicubic": enlarged(tiny, 4)}
for name, one in (("L1", of_l1), ("GAN", of_gan)):
    enlarged_digits[name] = one.sample(len(tiny), condition=tiny).float().clamp(-1, 1)

# %%
labels, judge = digits(held_out=True).labels, reader.load()
readings = {name: judge.probabilities(pixels.mean(1, keepdim=True)) for name, pixels in
            {"true": unseen, **enlarged_digits}.items()}  # fmt: skip
wrong = {name: read.argmax(1) != labels for name, read in readings.items()}
sure = {name: wrong[name] & (read.amax(1) > 0.9) for name, read in readings.items()}
for name in readings:
    print(f"{name:>8}: {wrong[name].float().mean():.1%} misread, {sure[name].float().mean():.1%} with certainty")

# %% alt="Four rows of ten digits whose reading changed: as they were, as 7 by 7 pixels, enlarged by L1 and by the GAN. The first five were chosen by L1's errors, the others by the GAN's; the numbers above say what was true and what the judge reads. In both halves the wrong digits have clear strokes, the GAN's crisper ones." tags=["hide-input"]
false = {name: (sure[name] & ~wrong["true"]).nonzero()[:, 0] for name in ("L1", "GAN")}
chosen = torch.cat([false["L1"][:5], false["GAN"][:5]])
rows = [unseen[chosen], interpolate(tiny[chosen], 28), enlarged_digits["L1"][chosen], enlarged_digits["GAN"][chosen]]
figure, axes = plt.subplots(figsize=(7.2, 3.5))
images.draw_sheet(axes, torch.cat(rows), 10, ("true", "small", "L1", "GAN"))
for place, index in enumerate(chosen.tolist()):
    read = int(readings["L1" if place < 5 else "GAN"][index].argmax())
    axes.text(30 * place + 14, -6, f"{int(labels[index])} → {read}", ha="center", fontsize=9)
axes.axvline(149, color="black", lw=1)
axes.set_title("Misread with certainty: the first five that L1 enlarged, the first five that the GAN did", pad=20)
plt.show()

# %% [markdown]
# Trained for as many steps, the two networks mislead the judge about equally often (7.5 % for the GAN, 6.3 % for L1; 1,000 digits and one seed cannot tell them apart), and it is about as sure of its mistakes in both: of the digits that L1 misleads it about, it reads 32 % otherwise with certainty, of the GAN's 35 %. So a low certainty is no reliable warning. To our eyes the GAN's strokes are crisper, so that a false digit looks more like a drawn one; that is an impression, which we have not measured. Every one of these pictures shrinks back to what was given, as the projection sees to it (up to the clipping at black and white).
#
# *Claimed: the digits of both networks are misread less often than bicubic ones, and still at least ten in 1,000 of each are misread with certainty (a probability above .9) whose originals the judge reads right.*

# %% tags=["claim"]
for name in ("L1", "GAN"):
    certain = len(false[name]) / int(wrong[name].sum())
    print(
        f"{name}: {len(false[name])} of 1,000 digits are read as others, with certainty; {certain:.0%} of all misread"
    )
    assert len(false[name]) >= 10 and wrong[name].sum() < wrong["bicubic"].sum()

# %% [markdown]
# (The judge is a network, too: some of these digits you would still read right. And that it reads so few bicubic ones says as much about the judge, which has never seen blur.)
#
# Such things have happened in practice, and not only with neural networks: a photocopier that replaced digits in numbers by others (Kriesel 2013), a well-known face in a few pixels that became another person's (PULSE, Menon et al. 2020, and the discussion that followed). **An enlarged picture is an illustration, not evidence.** Number plates, X-rays and
# faces in a crowd are no material for it. The command below says so each time.
#
# ## 7 · Pictures from the real world
#
# So far every picture was shrunk cleanly, and consistency with the small picture was worth having. With noise in the small picture it may no longer be: a picture that shrinks back *exactly* has to show the noise. A small picture that you *find* was blurred by a lens, has noise and went through JPEG. Here is one way to make such pairs: a blur of random width, shrinking, noise, JPEG of random quality (Wang et al. 2021 go through such a chain twice).

# %%
torch.manual_seed(0)
found = photographs.real(real, 4)
briefly = {"start": "superres/l1", "steps": 80, "batch": 8, "learning_rate": 5e-4, "average_decay": 0.95}
clean, spoilt = (replace(careful, kind=kind, **briefly) for kind in ("area", "real"))  # the second does not project


def trained_on(pairs, plan):
    """The L1 network after eighty more steps on clean or spoilt pairs, with or without its projection."""
    one = plan.build()
    for record in plan.train(one, pairs.data()):
        pass
    return plan.samples(one, found).float()


by_name = {
    "bicubic": enlarged(found, 4),
    "GAN": torch.cat([gan(None, part) for part in found.split(32)]),
    "L1": torch.cat([l1(None, part) for part in found.split(32)]),
    "L1, no projection": trained_on(clean, spoilt),
    "spoilt pairs": trained_on(spoilt, clean),
    "spoilt, no proj.": trained_on(spoilt, spoilt),
}
for name, pixels in by_name.items():
    print(f"{name:>18}: PSNR {superres.psnr(real, pixels):.2f} dB, judge {superres.judged_distance(real, pixels):.2f}")

# %% alt="Eight rows of eight patches: small ones with noise and blocks; bicubic; the GAN and L1 of clean pairs, which sharpen the noise into grain and edges of blocks, the GAN more so; L1 without its projection, hardly different; the network of spoilt pairs with its projection, and without it, the smoothest; and the truth." tags=["hide-input"]
rows = [interpolate(found[some], 64), *(pixels[some] for pixels in by_name.values()), real[some]]
figure, axes = plt.subplots(figsize=(7.2, 6.9))
images.draw_sheet(axes, torch.cat(rows), 8, ("found", *by_name, "true"))
axes.set_title("Pictures that were not shrunk cleanly, and what is made of them")
plt.show()

# %% [markdown]
# Three things differ between the rows "L1" and "spoilt, no proj.": eighty more steps, the pairs, and the **projection**, which makes a network reproduce the noise and the blocks that it is given. So the table changes them apart. Eighty more steps on clean pairs without the projection change nothing. Eighty on spoilt pairs *with* the projection gain a tenth of a decibel, and without it a quarter: here the projection holds back more than half of what spoilt pairs can bring. (One seed each, all on the same 133 patches.)
#
# The GAN of clean pairs takes noise and the edges of JPEG's blocks for detail, and sharpens them; L1 does so less. By PSNR the network of spoilt pairs without projection is the best of the six, after eighty steps. The judge still prefers the GAN. Both figures compare with the truth, so both are distortions; they weigh noise against missing detail differently. Of the 1.24 dB that L1 gains over bicubic interpolation on clean pairs, .20 dB are left here. Most of that loss is the harder task, as even the network of matching pairs gains only .46 dB; the rest is the wrong training. Training on many degradations at once, so that one of them may fit, is called **blind** super-resolution.
#
# ## 8 · Your own, at any size
#
# A network of convolutions takes any size, but the maps of a large photograph would not fit into memory. **Tiles** help: cut the picture, enlarge each piece, and lay the pieces together. A seam would show where a tile lacks its neighbours' pixels, so each tile is cut with a margin, at least as wide as the
# network can see (here 15 pixels to each side; its receptive field, chapter 02, is 31 across), and the margin is thrown away.

# %%
photo = photographs.load(held_out=True)["china"]
usual = upscaling.TILE
upscaling.TILE = 640  # the whole photograph
whole = upscaling.upscaled(photo, gan)
upscaling.TILE = 64
in_tiles = upscaling.upscaled(photo, gan)
upscaling.TILE = usual
worst = int((whole.int() - in_tiles.int()).abs().max())
print(f"{tuple(photo.shape[1:])} to {tuple(whole.shape[1:])}; in tiles of 64 pixels the same within {worst} of 255")

# %% [markdown]
# *Claimed: no pixel differs by more than 3 of 255 (the rounding of bfloat16, where the processor has it).*

# %% tags=["claim"]
assert worst <= 3

# %% [markdown]
# ```sh
# gan-lessons upscale photo.jpg                                # four times the sides, by the GAN
# gan-lessons upscale photo.jpg --invention 0 --scale 2        # L1 alone; twice the sides
# gan-lessons train superres --data my_photos --out runs/mine  # your own photographs; every fifth is held out
# ```
#
# Grey pictures stay grey, transparency stays, and if a picture cannot be enlarged, the command says why:

# %%
for scale, side in ((3, 10), (4, 20_000)):
    try:
        upscaling.upscaled(torch.zeros(3, 1, 1, dtype=torch.uint8).expand(3, side, side), gan, scale)
    except ValueError as error:
        print(error)

# %% [markdown]
# ## Debugging card
#
# | what it looks like | what to test | what to mend |
# |---|---|---|
# | smooth as wax, PSNR fine | the spectrum above the small picture's limit | that is L1's median: add a discriminator, with a warm start |
# | a fine regular mesh | the spectrum has a peak at the top | equal kernels at the start (ICNR) and a 3 × 3 convolution after the last pixel shuffle; they mend the start, not what training adds |
# | a checkerboard of 4 × 4 squares | differences across and within squares | train *through* the projection; added to a trained network afterwards, it may leave such seams |
# | colours drift | shrink it back and compare | the projection; more λ |
# | grain everywhere, also in the sky | the spectrum lies above the real one | more λ; more γ; stop earlier; interpolate towards L1 |
# | great on your test pairs, hardly better than bicubic on pictures from elsewhere | spoil the test pairs in the way of those pictures | train on the degradation that you will meet |
# | seams in large pictures | one tile against the whole | a margin as wide as the receptive field |
# | the perceptual loss falls, and nothing looks better | a judge that did not train it | other layers; less μ |
#
# ## What we saw
#
# - Pairs for super-resolution cost nothing: take sharp pictures and spoil them. The degradation that you train on is the one that you can undo best.
# - L1 gains over a decibel on bicubic interpolation and stays blurred, because the median of what is possible is blurred: the spectrum shows it.
# - A discriminator and a perceptual loss, after a warm start, bring a part of the spectrum back, at the price of PSNR: the perception–distortion trade-off. Here its PSNR falls below bicubic's.
# - A judge that did not train it sees the GAN a little nearer to the truth than L1; spectra still tell it from real.
# - A projection makes every result shrink back to its input, and never raises the squared error. It proves nothing about the rest.
# - Crisp detail can be false: digits were read as other digits, with certainty, after L1 and after the GAN about equally often. One seed of each training; your numbers will differ a little.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. An enlarged picture shrinks back exactly to the small one. What does it show?
#    <details><summary>A · What was there</summary><b>No.</b> Many pictures shrink to the same small one.</details>
#    <details><summary>B · Something that could have been there</summary><b>Right.</b> Of 48 numbers in a square of 4 × 4 pixels in colour, three are known.</details>
#    <details><summary>C · Nothing new</summary><b>No.</b> All the fine detail in it is new.</details>
# 2. Why may the weights of these two networks be interpolated?
#    <details><summary>A · Because both have a good PSNR</summary><b>No.</b> Two networks from different starts could not be.</details>
#    <details><summary>B · Because one was trained from the other and stayed near</summary><b>Right.</b> Their maps are in the same order.</details>
#    <details><summary>C · Because they have the same number of weights</summary><b>No.</b> The order of the maps could still differ.</details>
# 3. A feature distance to the true picture is …
#    <details><summary>A · a measure of perceptual quality, as Blau and Michaeli define it</summary><b>No.</b> It compares each picture with its own truth.</details>
#    <details><summary>B · a distortion</summary><b>Right.</b> Perceptual quality compares distributions.</details>
#    <details><summary>C · neither</summary><b>No.</b> Whatever compares with the truth, picture by picture, is a distortion.</details>
#
# ### In your own words
#
# 1. Why can the truth never be farther from the projected picture than from the one before?
#    <details><summary>Answer</summary>Both the truth and the projected picture lie in the affine subspace of pictures that shrink to $y$; the step of the projection is orthogonal to it. The old distance is the hypotenuse of a right triangle, the new one a leg.</details>
# 2. A network enlarges to the *true* picture plus white noise. Where is it in the plane of section 4?
#    <details><summary>Answer</summary>Its distortion is that of the noise, and its spectrum lies above the real one, so with strong noise it is good at neither. Inventing the wrong detail costs PSNR; not every detail buys realism.</details>
# 3. Two networks are trained from different starts, both to a good PSNR. May one interpolate their weights?
#    <details><summary>Answer</summary>Hardly: the same function can be written with the maps in another order, and half-way between two orders lies neither. It works when one network was trained from the other and stayed near.</details>
# 4. Why is a feature distance to the true picture not a measure of perceptual quality in the sense of Blau and Michaeli?
#    <details><summary>Answer</summary>It compares each picture with its own truth, so it is a distortion. Perceptual quality compares distributions, and never asks what should have been there.</details>
# 5. Does a picture that shrinks back to the small one show what was there?
#    <details><summary>Answer</summary>It shows something that *could* have been there. Of 48 numbers in a square of 4 × 4 pixels in colour, three are known.</details>
#
# ## Further reading
#
# - Keys 1981, *Cubic convolution interpolation for digital image processing* (IEEE Transactions on Acoustics, Speech, and Signal Processing 29): bicubic.
# - Wang et al. 2004, *Image quality assessment: from error visibility to structural similarity* (IEEE Transactions on Image Processing 13): SSIM.
# - Kriesel 2013, *Xerox scanners/photocopiers randomly alter numbers in scanned documents* (dkriesel.com).
# - Dong et al. 2014, *Image super-resolution using deep convolutional networks* ([arXiv:1501.00092](https://arxiv.org/abs/1501.00092)): the first, SRCNN.
# - Shi et al. 2016, *Real-time single image and video super-resolution using an efficient sub-pixel convolutional neural network* ([arXiv:1609.05158](https://arxiv.org/abs/1609.05158)), and Aitken et al. 2017 on its start ([arXiv:1707.02937](https://arxiv.org/abs/1707.02937)).
# - Johnson et al. 2016, *Perceptual losses for real-time style transfer and super-resolution* ([arXiv:1603.08155](https://arxiv.org/abs/1603.08155)).
# - Ledig et al. 2017, *Photo-realistic single image super-resolution using a generative adversarial network* ([arXiv:1609.04802](https://arxiv.org/abs/1609.04802)): SRGAN.
# - Lim et al. 2017, *Enhanced deep residual networks for single image super-resolution* ([arXiv:1707.02921](https://arxiv.org/abs/1707.02921)): EDSR.
# - Wang et al. 2018, *ESRGAN* ([arXiv:1809.00219](https://arxiv.org/abs/1809.00219)), and 2021, *Real-ESRGAN* ([arXiv:2107.10833](https://arxiv.org/abs/2107.10833)).
# - Zhang et al. 2018, *The unreasonable effectiveness of deep features as a perceptual metric* ([arXiv:1801.03924](https://arxiv.org/abs/1801.03924)): LPIPS.
# - Blau & Michaeli 2018, *The perception–distortion tradeoff* ([arXiv:1711.06077](https://arxiv.org/abs/1711.06077)).
# - Bahat & Michaeli 2020, *Explorable super resolution* ([arXiv:1912.01839](https://arxiv.org/abs/1912.01839)): every picture that shrinks to yours.
# - Menon et al. 2020, *PULSE* ([arXiv:2003.03808](https://arxiv.org/abs/2003.03808)): faces, and what went wrong with them.
#
# **Next:** [chapter 15, Text](15_text.ipynb). **Back:** [chapter 13, Image to image](13_image_to_image.ipynb). **Contents:** [the start page](00_start.ipynb).
