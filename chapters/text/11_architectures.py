# %% [markdown]
# # 11 · Architectures
#
# [← 10 Images on demand](10_images_on_demand.ipynb) · [contents](00_start.ipynb) · [12 Few pictures →](12_few_pictures.ipynb)
#
# **What did each idea from DCGAN to today bring, and what does the latent space know?**

# %% alt="A moving picture: three drawn cats in colour, side by side. Twice a second each of them changes, in colour, eyes, mouth or accessory; the pose stays." tags=["hide-input"]
import json
import math
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu, relu
from tqdm.auto import tqdm

from gan_lessons import latents, recipes
from gan_lessons.data import avatars
from gan_lessons.judges.avatars import load
from gan_lessons.metrics.avatars import cheats, fraction, recomposed
from gan_lessons.plots import diagrams, images, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.plots.motion import Animation

torch.set_num_threads(1)
torch.manual_seed(11)
style.use()

grown = recipes.find("avatars", "long")
generator = grown.load().average
start, side = torch.randn(2, 3, grown.noise_dim, generator=torch.Generator().manual_seed(9))
frames = []
with torch.inference_mode():
    for angle in (2 * math.pi * k / 10 for k in range(10)):
        sheet = images.tile(generator(math.cos(angle) * start + math.sin(angle) * side), columns=3)
        frames.append((255 * sheet).round().byte().repeat_interleave(3, 0).repeat_interleave(3, 1).numpy())
Animation(frames, milliseconds=500, rest=500, colors=128)

# %% [markdown]
# Nobody drew these cats. The painter David Revoy drew their parts: bodies, furs, eyes, mouths and accessories, which combine in 360,000 ways (CC BY 4.0, from robohash).
# A network has seen 3,000 of the combinations and now draws cats of its own.
#
# **You will** take a plain pair of convolutional networks and try the ideas that made GANs famous, one at a time: growing, attention, styles, modulation and residual
# blocks, and alias-free layers on a test signal. Then you search the latent space for the cat's colour, its eyes and its hat.
#
# **You will learn** to
# - write each of the ideas in a few lines, and say which problem it was invented for,
# - compare architectures fairly: at equal computing time, each at the better of two learning rates, with three seeds,
# - truncate, mix and edit styles, and measure what an edit changed and what it should have left alone,
# - invert a generator: find the styles behind a picture,
# - judge for yourself whether a latent space is "interpretable".
#
# **You will need** chapters 09 and 10, the extra `pictures` (`make lab` has it), and about a minute of computing on a laptop's processor.

# %% alt="The block diagram of a GAN with the two networks lit: the generator and the discriminator are what this chapter changes; noise, real and fake pictures and the losses stay as they were." tags=["hide-input"]
diagrams.gan(lit=("generator", "discriminator"), real="cats, 64 × 64 × 3", noise="64 numbers")

# %% [markdown]
# ## 1 · The plain pair, and a judge of cats
#
# The plain pair is chapter 09's modern descendant of DCGAN, now for 64 × 64 pixels.
#
# Two linear layers make a small picture of 8 × 8 places with 128 channels, the **layout**. Each of three enlargements then doubles the side. A 3 × 3 convolution after
# each enlargement but the last smooths the result.

# %% alt="A stack of bars from left to right: noise of 64 numbers, two linear layers that lay out 128 maps of 8 by 8, then enlargements to 64 maps of 16 by 16, 32 maps of 32 by 32 and 3 maps of 64 by 64." tags=["hide-input"]
diagrams.stack(
    "The plain generator",
    [
        ("2 linear", "128 × 8 × 8"),
        ("enlarge, conv 3×3", "64 × 16 × 16"),
        ("enlarge, conv 3×3", "32 × 32 × 32"),
        ("enlarge, tanh", "3 × 64 × 64"),
    ],
    start="64",
)


# %% tags=["library"]
def layout(noise_dim, hidden, maps, side):
    return nn.Sequential(
        nn.Linear(noise_dim, hidden, bias=False),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.Linear(hidden, maps * side**2, bias=False),
        nn.Unflatten(-1, (maps, side, side)),
        nn.BatchNorm2d(maps),
        nn.ReLU(),
    )


# %% [markdown]
# A cat has one variant of each of five parts, and a small classifier, the **judge**, has learned to read them. So we can count what other data sets leave to the eye.
# Does the hat vary? Is the combination new? Did an edit change only the eyes?

# %% alt="Sixteen drawn cats in colour in two rows of eight: the upper row is put together of the artist's parts, the lower row was drawn by the GAN. All sixteen are clearly cats; the lower ones have slightly mottled colours." tags=["hide-input"]
judge, unseen = load(), avatars.load("cats", 64, held_out=True)
real = unseen.pixels(slice(2000))
with torch.inference_mode():
    fakes = generator(torch.randn(2000, grown.noise_dim))
figure, axes = plt.subplots(figsize=(7.2, 2.1))
images.draw_sheet(axes, torch.cat([real[:8], fakes[:8]]), 8, ("held out", "fake"))
axes.set_title("Cats that the GAN has never seen, and its own, unselected")
plt.show()

# %%
read = judge.read(real)[1]
right = {
    part: (told.argmax(1) == unseen.variants()[:2000, k]).float().mean() for k, (part, told) in enumerate(read.items())
}
print(f"variants: {unseen.parts}")
print("read right:", ", ".join(f"{part} {share:.3f}" for part, share in right.items()))

# %% [markdown]
# On held-out cats the judge is nearly always right about body, eyes and accessory, and nine times in ten about fur and mouth. It was taught to distrust mixtures of two
# cats.
#
# Its last maps, averaged over places, are the **features** for a Fréchet distance (chapter 09), given as a share of what noise scores. We compare our GAN with
# **cheats**: samplers that learned nothing and yet look good to a careless metric.

# %%
known = avatars.load("cats", 64, grown.count)
samplers = {"the GAN": fakes, **cheats(64, known)}
for name, pictures in samplers.items():
    features, of_parts = judge.read(pictures)
    close = recomposed(pictures[:100], {part: told[:100] for part, told in of_parts.items()})[1] <= 0.06
    near = close.float().mean()
    print(f"{name:>18}: Fréchet {fraction(features, 'cats', 64):.4f} of noise's, near a real combination {near:.2f}")

# %% [markdown]
# Repeating the training cats scores best of all, as the Fréchet distance asks for no invention (chapter 08).
#
# **Near a real combination** is stricter. We compose a cat from the parts that the judge reads, and ask whether the picture differs from it by at most .06 in root mean
# square. Only 15 of 100 of the GAN's cats pass.
#
# ## 2 · Growing: small pictures first (ProGAN, 2018)
#
# With **progressive growing** Karras et al. (2018) convincingly reached 1024 × 1024 pixels, as no GAN had before. Both networks first learn easy pictures of 4 × 4. Then
# each gets a new layer that doubles the side and is *faded in*, and so on. While the share $\alpha$ rises from 0 to 1, the picture is
#
# $$ (1-\alpha) \cdot \text{enlarge}(\text{small picture}) + \alpha \cdot \text{large picture}. $$
#
# In our version both networks work with full-size pictures all along, and $D$ averages them down to the size of its `stage`. `halvings(64)` is 3: 64 can be halved three
# times, down to 8. `widths` lists the number of maps at each size, from the smallest up.

# %% alt="Two chains. Above: maps of 8 by 8 become a small picture, weight one minus alpha. Below, new layers turn them into maps of 16 by 16 and a large picture, weight alpha. Both are added to the picture shown to D." tags=["hide-input"]
diagrams.flow(
    [
        Box("maps 8 × 8", 0, 0, "known well", "generator"),
        Box("small picture", 1.25, 0, "× (1 − α)", "generator"),
        Box("maps 16 × 16", 0, 1.2, "new layers", "generator"),
        Box("large picture", 1.25, 1.2, "× α", "generator"),
        Box("their sum", 2.5, 0.6, "what D sees", "fake"),
    ],
    [
        Arrow("maps 8 × 8", "small picture"),
        Arrow("maps 8 × 8", "maps 16 × 16"),
        Arrow("maps 16 × 16", "large picture"),
        Arrow("small picture", "their sum"),
        Arrow("large picture", "their sum"),
    ],
)

# %% tags=["library"]
from itertools import pairwise

from gan_lessons.networks.growing import widths
from gan_lessons.networks.pictures import halvings


class GrowingGenerator(nn.Module):
    def __init__(self, noise_dim=64, size=64, channels=3, width=32, hidden=128):
        super().__init__()
        count = halvings(size)
        side, maps = size // 2**count, widths(width, count)
        self.size, self.stage = size, float(count)
        self.first = layout(noise_dim, hidden, maps[0], side)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()
            )
            for before, after in pairwise(maps)
        )
        self.pixels = nn.ModuleList(nn.Conv2d(some, channels, 1) for some in maps)

    def forward(self, noise):
        maps = self.first(noise)
        pixels = torch.tanh(self.pixels[0](maps))
        for step, block in enumerate(self.blocks[: math.ceil(self.stage)]):
            maps = block(maps)
            larger = torch.tanh(self.pixels[step + 1](maps))
            pixels = torch.lerp(interpolate(pixels, scale_factor=2.0), larger, min(1.0, self.stage - step))
        return interpolate(pixels, self.size)


# %% [markdown]
# While the networks are young, $D$ sees the same cats in large pixels:

# %% alt="One cat four times: at 8 by 8 pixels a coloured blot, at 16 by 16 a cat with a red scarf, at 32 and 64 pixels a cat with all details." tags=["hide-input"]
figure, panels = plt.subplots(1, 4, figsize=(7.2, 2.2))
for axes, side in zip(panels, (8, 16, 32, 64)):
    images.draw_sheet(axes, interpolate(avg_pool2d(real[1:2], 64 // side), 64), columns=1)
    axes.set_title(f"stage {int(math.log2(side / 8))}: {side} × {side}")
plt.show()

# %% [markdown]
# ProGAN brought two more ideas:
# - The **minibatch standard deviation** (chapter 09) tells $D$ how much a group of samples varies.
# - The **equalised learning rate** scales weights each time they are used, not once at the start, so that Adam moves all layers alike.
#
# ## 3 · Attention: seeing far (SAGAN, 2019)
#
# A 3 × 3 convolution sees only the eight neighbours of a place. For two eyes to match, information about the left eye has to pass through many layers.
#
# **Self-attention** (Zhang et al. 2019) lets each place ask all places at once. Its *query* is compared with every *key*. The answer is the mean of the *values*,
# weighted by a softmax of how well the keys fit.

# %% tags=["library"]
from torch.nn.functional import scaled_dot_product_attention


class SelfAttention(nn.Module):
    def __init__(self, channels, width=16):
        super().__init__()
        self.query = nn.Conv2d(channels, width, 1)
        self.key = nn.Conv2d(channels, width, 1)
        self.value = nn.Conv2d(channels, channels, 1)
        self.gate = nn.Parameter(torch.zeros(1))

    def forward(self, maps):
        query, key, value = (
            part(maps).flatten(2).transpose(1, 2)  # [batch, places, width or channels]
            for part in (self.query, self.key, self.value)
        )
        looked = scaled_dot_product_attention(query, key, value)
        return maps + self.gate * looked.transpose(1, 2).unflatten(2, maps.shape[2:])

    def weights(self, maps):
        query, key = (part(maps).flatten(2).transpose(1, 2) for part in (self.query, self.key))
        return (query @ key.transpose(1, 2) / query.shape[-1] ** 0.5).softmax(-1)


# %% [markdown]
# The `gate` starts at 0: a fresh layer changes nothing, and the network learns local structure first.
#
# From which places does the centre of a 17 × 17 picture receive information? We take the gradient of one output place with respect to every input place. The layer is
# untrained, so it reaches everywhere but does not know where to look.

# %% alt="Three maps of 17 by 17 places. Left, two convolutions of 3 by 3: a square of 5 by 5 in the middle is green, the rest is blank. Middle, one self-attention layer: every place is green. Right, that layer's weights, in shades of green on a logarithmic scale from about .001 to .02, without any order." tags=["hide-input"]
torch.manual_seed(2)
attention = SelfAttention(8)
nn.init.ones_(attention.gate)
near = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1))
figure, panels = plt.subplots(1, 3, figsize=(7.2, 2.5), width_ratios=(1, 1, 1.2))
for axes, (name, network) in zip(panels, {"two convolutions": near, "self-attention": attention}.items()):
    maps = torch.randn(1, 8, 17, 17, requires_grad=True)
    (slopes,) = torch.autograd.grad(network(maps)[0, :, 8, 8].sum(), maps)
    reached = (slopes != 0).any(1)[0]
    axes.imshow(reached, cmap="Greens", vmin=0, vmax=1.6)
    axes.set_title(f"{name}:\n{int(reached.sum())} of 289 places", fontsize=10)
weights = attention.weights(maps)[0, 8 * 17 + 8].detach().view(17, 17)
shown = panels[2].imshow(weights, cmap="Greens", norm="log")
bar = figure.colorbar(shown, ax=panels[2], shrink=0.8)
bar.set_ticks((0.001, 0.003, 0.01), labels=("0.001", "0.003", "0.01"))
bar.minorticks_off()
panels[2].set_title("its weights, untrained:\nno order yet", fontsize=10)
for axes in panels:
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(True)
plt.show()

# %% [markdown]
# Every place asks every other, so the cost grows with the fourth power of the side. SAGAN and BigGAN have one such layer, in the middle sizes.
#
# > **Your turn.** How many 3 × 3 convolutions does it take until a corner of the 17 × 17 picture sees the opposite corner? Check your number:
# >
# > ```python
# > network = nn.Sequential(*(nn.Conv2d(8, 8, 3, padding=1) for _ in range(5)))  # your number
# > (slopes,) = torch.autograd.grad(network(maps)[0, :, 0, 0].sum(), maps)
# > print((slopes[0, :, 16, 16] != 0).any())
# > ```
#
# <details><summary>Solution</summary>Sixteen: each reaches one place further, and the corners are sixteen places apart. In a discriminator strides help: each halving doubles what the next layer sees.</details>
#
# ## 4 · Styles: telling every layer (BigGAN, StyleGAN, 2019)
#
# So far the noise enters once, at the beginning. BigGAN (Brock et al. 2019) and StyleGAN (Karras et al. 2019) feed it to **every layer**. In BigGAN each layer gets the
# class and a piece of the noise.
#
# In StyleGAN all layers get the same **style** $w$, which a small **mapping network** makes from $z$. In each layer a linear function of $w$ scales and shifts the
# normalised maps:
#
# $$ \text{maps} \leftarrow (1 + a(w)) \cdot \frac{\text{maps} - \mu}{\sigma} + b(w). $$
#
# The mean $\mu$ and the standard deviation $\sigma$ can be taken over
# - a sample: **adaptive instance normalisation** (AdaIN, Huang & Belongie 2017, [arXiv:1703.06868](https://arxiv.org/abs/1703.06868)), StyleGAN's choice,
# - the batch: **conditional batch normalisation** (de Vries et al. 2017, [arXiv:1707.00683](https://arxiv.org/abs/1707.00683)), BigGAN's choice and ours.

# %% alt="Noise z of 64 numbers enters the mapping network, which makes the style w. From w arrows go to the layout of 8 by 8 places and to the styled layers at 16 and at 32 places; the layers follow one another and end in a picture of 64 by 64." tags=["hide-input"]
diagrams.flow(
    [
        Box("noise z", 0, 0, "64 numbers"),
        Box("mapping", 1.25, 0, "two layers", "average"),
        Box("style w", 2.5, 0, "64 numbers", "average"),
        Box("layout", 0, 1.5, "128 × 8 × 8", "generator"),
        Box("2 styled layers", 1.25, 1.5, "64 × 16 × 16", "generator"),
        Box("2 styled layers ", 2.5, 1.5, "32 × 32 × 32", "generator"),
        Box("picture", 3.75, 1.5, "3 × 64 × 64", "fake"),
    ],
    [
        Arrow("noise z", "mapping"),
        Arrow("mapping", "style w"),
        Arrow("style w", "layout"),
        Arrow("style w", "2 styled layers"),
        Arrow("style w", "2 styled layers "),
        Arrow("layout", "2 styled layers"),
        Arrow("2 styled layers", "2 styled layers "),
        Arrow("2 styled layers ", "picture"),
    ],
)

# %% tags=["library"]
from gan_lessons.networks.styles import gentle, spread


class Mapping(nn.Module):
    def __init__(self, style_dim=64, depth=2):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers += [nn.Linear(style_dim, style_dim), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers)

    def forward(self, noise):
        return self.layers(noise * (noise.square().mean(-1, keepdim=True) + 1e-8).rsqrt())


class Normalised(nn.Module):
    def __init__(self, convolution, style_dim):
        super().__init__()
        self.convolution = convolution
        self.norm = nn.BatchNorm2d(convolution.out_channels, affine=False)
        self.scale = gentle(nn.Linear(style_dim, convolution.out_channels))
        self.shift = gentle(nn.Linear(style_dim, convolution.out_channels))

    def forward(self, maps, style):
        maps = self.norm(self.convolution(maps))  # [batch, channels, side, side]
        return relu(torch.addcmul(spread(self.shift(style)), maps, 1 + spread(self.scale(style))))


# %% [markdown]
# `gentle` starts a linear layer with small weights and no bias; `spread` lays one number over each map.
#
# StyleGAN has three more ideas:
#
# - It starts from a learned **constant** picture instead of a layout.
# - **Noise inputs** add a random picture to the maps of each layer, for freckles and curls, so that $w$ need not encode them.
# - **Style mixing** trains on samples that switch to another sample's style after a random layer, so that no layer can rely on its neighbours' style.

# %% tags=["library"]
def mixed(styles, share):
    batch, layers, _ = styles.shape
    draws, device = torch.rand(2, batch, 1, 1, device=styles.device), styles.device
    change = torch.where(draws[0] < share, 1 + (draws[1] * (layers - 1)).floor(), layers)
    return torch.where(torch.arange(layers, device=device)[:, None] < change, styles, styles.roll(1, 0))


# %% [markdown]
# **StyleGAN 2** (Karras et al. 2020) found that normalising each sample's maps leads to droplet-shaped blots, and moved the scaling to the *weights*. **Modulation**
# scales a convolution's input maps by $s_i(w)$. **Demodulation** divides each output map by its expected size, computed instead of measured:
#
# $$ \text{maps}_o \leftarrow \frac{\sum_i s_i \, W_{oi} * \text{maps}_i}{\sqrt{\sum_{i,k} (s_i W_{oik})^2}} $$

# %% tags=["library"]
class Modulated(nn.Module):
    def __init__(self, convolution, style_dim):
        super().__init__()
        self.convolution = convolution
        self.scale = gentle(nn.Linear(style_dim, convolution.in_channels))
        self.bias = nn.Parameter(torch.zeros(convolution.out_channels, 1, 1))

    def forward(self, maps, style):
        scale = 1 + self.scale(style)  # [batch, channels in]
        squares = self.convolution.weight.float().square().sum((2, 3))
        if isinstance(self.convolution, nn.Conv2d):
            squares = squares.T  # [channels in, channels out], as a transposed convolution has them
        squares = squares / self.convolution.stride[0] ** 2  # an enlargement gives each pixel a share of the weights
        demodulation = (scale.float().square() @ squares + 1e-8).rsqrt()
        maps = self.convolution(maps * spread(scale)) * spread(demodulation)
        return leaky_relu(maps + self.bias, 0.2)


# %% [markdown]
# Together they make a generator. Transposed convolutions enlarge, 3 × 3 convolutions follow, and `layer` says how each is styled. `Constant` is the learned small
# picture, `Noisy` a layer with a noise input.

# %% tags=["library"]
from gan_lessons.networks.styles import Constant, Noisy


class StyleGenerator(nn.Module):
    def __init__(
        self, noise_dim=64, size=64, channels=3, width=32, hidden=128,
        layer=Normalised, mixing=0.0, noisy=False, constant=False,
    ):  # fmt: skip
        super().__init__()
        count = halvings(size)
        side, maps = size // 2**count, [width * 2 ** min(step, 2) for step in range(count)][::-1]
        self.noise_dim, self.mixing = noise_dim, mixing
        self.mapping = Mapping(noise_dim)
        self.first = Constant(maps[0], side) if constant else layout(noise_dim, hidden, maps[0], side)
        convolutions = []
        for before, after in pairwise(maps):
            convolutions.append(nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False))
            convolutions.append(nn.Conv2d(after, after, 3, padding=1, bias=False))
        styled = [layer(convolution, noise_dim) for convolution in convolutions]
        self.layers = nn.ModuleList([Noisy(one) for one in styled] if noisy else styled)
        self.last = nn.ConvTranspose2d(maps[-1], channels, 4, stride=2, padding=1)

    def forward(self, noise):
        styles = self.mapping(noise)[:, None].expand(-1, 1 + len(self.layers), -1)
        return self.draw(mixed(styles, self.mixing) if self.training and self.mixing else styles)

    def draw(self, styles, maps=None):
        first, *others = styles.unbind(1)
        maps = self.first(first) if maps is None else maps
        for layer, own in zip(self.layers, others, strict=True):
            maps = layer(maps, own)
        return torch.tanh(self.last(maps))

    def center(self, count=4096):
        noise = torch.randn(count, self.noise_dim, generator=torch.Generator().manual_seed(0))
        return self.mapping(noise.to(self.last.weight.device)).mean(0)


# %% [markdown]
# *Claimed: on independent inputs of unit variance, for 200 random styles, a modulated layer's maps keep a variance of about 1 before the nonlinearity; without demodulation it differs from style to style more than fourfold.*

# %% tags=["claim"]
layer = Modulated(nn.Conv2d(16, 32, 3, padding=1, bias=False), 64)
nn.init.normal_(layer.scale.weight, 0, 0.4)
seen = []
layer.convolution.register_forward_hook(lambda network, inputs, output: seen.append(output))
with torch.no_grad():
    after = layer(torch.randn(200, 16, 16, 16), torch.randn(200, 64))[..., 2:-2, 2:-2]  # edges see fewer inputs
after = torch.where(after > 0, after, after / 0.2)  # the nonlinearity undone
plain = seen[0][..., 2:-2, 2:-2].var((1, 2, 3))
print(f"variance with demodulation {after.var((1, 2, 3)).min():.2f} to {after.var((1, 2, 3)).max():.2f}")
print(f"and without: {plain.min():.2f} to {plain.max():.2f}")
assert (after.var((1, 2, 3)) - 1).abs().max() < 0.4 and plain.max() > 4 * plain.min()


# %% [markdown]
# ### Truncation
#
# Rare styles tend to draw odd cats, as the generator has practised them least. BigGAN's **truncation trick** leaves them out. StyleGAN's form pulls all styles towards
# the mean style $\bar w$,
#
# $$ w' = \bar w + \psi \, (w - \bar w), $$
#
# so that ψ = 1 changes nothing and ψ = 0 always draws the same, average cat.

# %% module="gan_lessons.networks.styles" tags=["library"]
def truncated(styles, center, psi):
    return center + psi * (styles - center)


# %% alt="Four rows of six cats. At psi 1 they differ in colour, eyes and accessories. At psi .5 some colours and accessories turn into others; at psi .25 nearly all are badly drawn, with little but a collar; at psi 0 all six are the same blurred red cat." tags=["hide-input"]
center = generator.center()
some = latents.drawn_styles(generator, 6, seed=3)
psis = (1.0, 0.5, 0.25, 0.0)
figure, axes = plt.subplots(figsize=(6, 4))
pulled = torch.cat([truncated(some, center, psi) for psi in psis])
images.draw_sheet(axes, latents.drawn(generator, pulled), 6, [f"ψ = {psi:g}" for psi in psis])
axes.set_title("Towards the mean style: more alike, and below ψ = .5 badly drawn")
plt.show()

# %% [markdown]
# Truncation usually trades variety for quality. Does it here? We measure
# - variety by the total variance of the features, as a share of real cats',
# - quality by how sure the judge is of a part (its largest probability, averaged over parts and samples),
# - both by the Fréchet distance, which punishes a loss of either.

# %% alt="Three curves over psi from .25 to 1. The variance of the samples rises from a fifth of that of real cats to about as much at psi 1; how sure the judge is of a part rises from about .6 to about .8, below the .94 of real cats, and most of it between .25 and .5; the Fr\u00e9chet distance falls from about .3 to nearly 0." tags=["hide-input"]
psis = torch.tensor([0.25, 0.5, 0.75, 1.0])
styles = latents.drawn_styles(generator, 500, seed=4)
read = [judge.read(latents.drawn(generator, truncated(styles, center, psi))) for psi in psis]
real_maps, real_parts = judge.read(real)
variance = [float(some.var(0).sum() / real_maps.var(0).sum()) for some, _ in read]
certain, sure_of_real = (
    [float(torch.stack([told.amax(1).mean() for told in parts.values()]).mean()) for parts in every]
    for every in ([parts for _, parts in read], [real_parts])
)
distance = [fraction(some, "cats", 64) for some, _ in read]
figure, panels = plt.subplots(1, 3, figsize=(7.2, 2.6))
for axes, values in zip(panels, (variance, certain, distance)):
    axes.plot(psis, values, "o-", color=style.FAKE)
    axes.set(xlabel="ψ (1: not truncated)", xticks=(0.25, 0.5, 0.75, 1), ylim=(0, None))
for axes, level in zip(panels, (1, sure_of_real[0])):
    axes.axhline(level, color=style.REFERENCE, lw=1, ls="--")
    axes.text(0.25, level, "real cats", color=style.REFERENCE, fontsize=9, va="bottom")
    axes.set_ylim(0, 1.2)
titles = ("Less variety", "The judge is no surer", "Farther from real cats")
labels = ("variance / real cats'", "probability of a part", "Fréchet / noise's")
for axes, title, label in zip(panels, titles, labels):
    axes.set_title(title, fontsize=10)
    axes.set_ylabel(label)
plt.show()
print("sure of a part: " + ", ".join(f"ψ {psi:g}: {value:.2f}" for psi, value in zip(psis.tolist(), certain)), end="; ")
print(f"real cats {sure_of_real[0]:.2f}")

# %% [markdown]
# Here quality does not rise, by this judge. As ψ falls to .25, variety falls, and the judge grows less sure (.80 to .59). But it was taught to distrust mixtures of two
# cats, so it may mark down what lies near a mean.
#
# A likely reason: the mean of many styles belongs to no cat, as nothing is half a hat. On faces, whose mean is a face, truncation does help the look of samples. A paper
# that shows samples at ψ = .5 but quotes the distance at ψ = 1 should say so.
#
# ## 5 · Alias-free layers (StyleGAN 3, 2021)
#
# When a face turns in a StyleGAN 2 video, the beard stays glued to the screen. Karras et al. (2021) found that layers learn where the pixel grid lies from the picture's borders, noise inputs and aliasing.
#
# One source of **aliasing** is the nonlinearity. A ReLU puts a sharp kink into a smooth wave, and so detail finer than the pixels can carry. This detail *folds* back as
# coarser waves that depend on where the grid lies. An **alias-free** layer does the ReLU at twice the resolution, and filters out what is too fine before going back.

# %% alt="A chain of boxes: maps, upsample by two with a low-pass filter, leaky ReLU, low-pass filter and downsample by two, maps." tags=["hide-input"]
diagrams.flow(
    [
        Box("maps", 0, 0, "32 × 32"),
        Box("doubled", 1, 0, "zeros, low-pass", "generator"),
        Box("leaky ReLU", 2, 0, "at 64 × 64", "generator"),
        Box("halved", 3, 0, "low-pass, ÷ 2", "generator"),
        Box("maps ", 4, 0, "32 × 32"),
    ],
    [Arrow("maps", "doubled"), Arrow("doubled", "leaky ReLU"), Arrow("leaky ReLU", "halved"), Arrow("halved", "maps ")],
)

# %% tags=["library"]
from gan_lessons.networks.resampling import doubled, halved


def low_pass(taps=12, cutoff=0.25, beta=6.0):
    time = torch.arange(taps) - (taps - 1) / 2
    filtered = 2 * cutoff * torch.sinc(2 * cutoff * time) * torch.kaiser_window(taps, periodic=False, beta=beta)
    return filtered / filtered.sum()


class AliasFree(nn.Module):
    def __init__(self, taps=12):
        super().__init__()
        self.register_buffer("filter", low_pass(taps), persistent=False)

    def forward(self, maps):
        return halved(leaky_relu(doubled(maps, self.filter), 0.2), self.filter)


# %% [markdown]
# When the input shifts by half a pixel, the output should, too. We compare the error with the maps' variance, in decibels: 10 more mean a tenth of the squared error.
#
# *Claimed: on ten smooth random maps, the alias-free layer is at least 8 dB better than a plain leaky ReLU, every time.*

# %% tags=["claim"]
frequencies = torch.fft.fftfreq(32)
low = (frequencies[:, None] ** 2 + frequencies**2).sqrt() < 0.2  # cycles a pixel


def shifted(maps, by):
    return torch.fft.ifft2(torch.fft.fft2(maps) * torch.exp(-2j * torch.pi * by * frequencies)).real


def equivariance(layer, maps):
    off = layer(shifted(maps, 0.5)) - shifted(layer(maps), 0.5)
    return 10 * torch.log10(layer(maps).var() / off.square().mean())


smooth = torch.fft.ifft2(torch.fft.fft2(torch.randn(10, 1, 4, 32, 32)) * low).real
alias_free = AliasFree()
found = {
    "leaky ReLU": torch.stack([equivariance(lambda some: leaky_relu(some, 0.2), maps) for maps in smooth]),
    "alias-free": torch.stack([equivariance(alias_free, maps) for maps in smooth]),
}
print({name: f"{values.min():.1f} to {values.max():.1f} dB" for name, values in found.items()})
assert (found["alias-free"] > found["leaky ReLU"] + 8).all()


# %% [markdown]
# The price is four times as many activations, and two filters. Our cats stand still, so we do without.
#
# ## 6 · Back to plain blocks (R3GAN, 2024)
#
# Huang et al. (2024) asked what is left to do once the loss is sound; their loss and penalties are this book's modern recipe. They dropped the style layers and took the
# block of a modern classifier:
# - a 1 × 1 convolution widens,
# - a **grouped** 3 × 3 convolution mixes places (each group of maps sees only itself),
# - a 1 × 1 convolution narrows, and the result is *added* to the input.
#
# There is no normalisation. The **fix-up** initialisation (Fixup, Zhang, Dauphin & Ma 2019, [arXiv:1901.09321](https://arxiv.org/abs/1901.09321)) keeps the sizes in
# check. The last convolution starts at 0, so that a fresh block is the identity.

# %% tags=["library"]
class ResidualBlock(nn.Module):
    def __init__(self, channels, depth, widening=2, per_group=16):
        super().__init__()
        inner = widening * channels
        self.widen = nn.Conv2d(channels, inner, 1)
        self.mix = nn.Conv2d(inner, inner, 3, padding=1, groups=max(1, inner // per_group), bias=False)
        self.narrow = nn.Conv2d(inner, channels, 1, bias=False)
        for convolution in (self.widen, self.mix):
            nn.init.kaiming_normal_(convolution.weight, 0.2)
            convolution.weight.data.mul_(depth**-0.25)
        nn.init.zeros_(self.narrow.weight)

    def forward(self, maps):
        inner = leaky_relu(self.widen(maps), 0.2)
        return maps + self.narrow(leaky_relu(self.mix(inner), 0.2))


# %%
block, maps = ResidualBlock(64, depth=3), torch.randn(2, 64, 8, 8)
print("a fresh block changes nothing:", torch.equal(block(maps), maps))
print(f"weights of its 3 × 3 convolution: {block.mix.weight.numel():,}; without groups: {128 * 128 * 9:,}")

# %% [markdown]
# ## 7 · The ladder: which idea helps, and by how much?
#
# Papers change many things at once, and authors tune their own method. Here each idea goes into the *same* recipe, on 3,000 cats of 32 × 32. Some rungs still change
# several things:
#
# | rung | how it differs from the plain pair |
# |---|---|
# | DCGAN (2016) | its own loss and optimiser, batch norms in D, a constant rate; no penalties, hidden layers, extra convolutions or minibatch standard deviation |
# | growing | no extra 3 × 3 convolutions; pixel layers at each size, in both players |
# | told the colour | class-conditional on the body's variant: styles, labels, a projection in D, batches in groups of one colour |
# | StyleGAN 2, small | modulation, constant, noise inputs and mixing together |
# | R3GAN blocks | blocks in both players; no minibatch standard deviation |
#
# Each rung gets **equal computing time**, that of 1,500 steps of the plain pair, so a more expensive step means fewer steps. Growing got a fifth less time, as its cost
# was measured fully grown.
#
# The learning rate is the better of two (.002 and .004) on a seed that is not counted; then come three seeds. In twelve of thirteen rungs the larger rate won, so the
# best one may lie above both.

# %% tags=["long"]
ladder = json.loads(Path("results/architectures.json").read_text())
rungs = ladder["rungs"]
print(f"{ladder['command']}\n{ladder['date']}, {ladder['machine']}\n")
print(f"{'':>24}  cost of a step   steps    rate   Fréchet / noise's, three seeds")
for name, rung in rungs.items():
    values = "  ".join(f"{value:.3f}" for value in rung["frechet_fraction"])
    print(f"{name:>24}  {rung['cost']:>14.2f}  {rung['steps']:>6,}  {rung['rate']:>6g}   {values}")
for name, cheat in ladder["cheats"].items():
    print(f"{name:>24}  {'':>14}  {'':>6}  {'':>6}   {cheat['frechet_fraction']:.3f}")

# %% alt="Thirteen rows of three dots on a logarithmic axis, the Fr\u00e9chet distance from .03 to .25, in one colour with styles, in another without, and grey for the plain pair, whose range is a grey band. A stroke marks each row's median. The plain pair and styles, with and without noise inputs or mixing, lie near .04, most dots of the other rungs between .05 and .12, the DCGAN between .13 and .17, and the R3GAN blocks near .22, where averages of two cats are." tags=["long", "hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4.4))
STYLED = ("told the colour", "styles", "StyleGAN 2, small")
for row, (name, rung) in enumerate(rungs.items()):
    values = sorted(rung["frechet_fraction"])
    rows = [row - 0.15, row, row + 0.15]  # so that equal values do not hide each other
    color = style.CATEGORIES[1] if name.startswith(STYLED) else style.CATEGORIES[0]
    color = style.REFERENCE if name == "plain pair" else color
    axes.plot(values, rows, "o", color=color, ms=5, alpha=0.8)
    axes.plot(values[1], row, "|", color=color, ms=16)
plain = sorted(rungs["plain pair"]["frechet_fraction"])
ghosts = ladder["cheats"]["averages of two"]["frechet_fraction"]
axes.axvspan(plain[0], plain[2], color=style.REFERENCE, alpha=0.15, lw=0)
axes.axvline(ghosts, color=style.REFERENCE, lw=1)
axes.text(ghosts * 0.97, 1, "averages of two cats", color=style.REFERENCE, fontsize=9, va="center", ha="right")
for place, (words, color) in enumerate(
    {
        "● plain pair": style.REFERENCE,
        "● with styles": style.CATEGORIES[1],
        "● without styles": style.CATEGORIES[0],
    }.items()
):
    axes.text(0.16 * place, 1.02, words, color=color, fontsize=9, transform=axes.transAxes)
axes.set(yticks=range(len(rungs)), yticklabels=rungs, xscale="log")
axes.set_xlabel("Fréchet distance / noise's (three seeds; stroke: the median)")
axes.set_xticks((0.03, 0.05, 0.1, 0.2), ("0.03", "0.05", "0.1", "0.2"))
axes.minorticks_off()
axes.invert_yaxis()
axes.set_title("At equal time, no rung clearly beats the plain pair", pad=20)
plt.show()

# %% [markdown]
# *Claimed: the worst seed of the plain pair beats the best seed of the DCGAN, of the pair without minibatch standard deviation, and of growing, attention, the constant
# input, modulation, the small StyleGAN 2 and the R3GAN blocks.* (By chance alone, three seeds all beat three others once in twenty times.)

# %% tags=["claim", "long"]
best = {name: min(rung["frechet_fraction"]) for name, rung in rungs.items()}
worst_plain = max(rungs["plain pair"]["frechet_fraction"])
beaten = [name for name, value in best.items() if value > worst_plain]
print(f"plain pair, worst seed: {worst_plain:.3f}\nbest seed of those behind it: ", end="")
print(", ".join(f"{name} {best[name]:.3f}" for name in beaten))
behind = {"DCGAN (2016)", "no minibatch std", "growing", "attention", "styles, constant input", "styles, modulation"}
assert behind | {"StyleGAN 2, small", "R3GAN blocks"} <= set(beaten)

# %% [markdown]
# No rung comes as close to real cats as halves of two cats do, and none draws clear eyes or mouths.
#
# - **The largest gain comes before this chapter's ideas.** From the DCGAN of 2016 to the plain pair the distance falls to less than a third. Chapter 09's ladder takes this gain apart, on digits.
# - **The minibatch standard deviation**, taken away alone, is worth a factor of more than two.
# - **Growing and attention lose here.** They get fewer steps. And they were made for harder pictures: at 32 × 32 little is far away.
# - **Styles cost little and bring little.** Alone, with noise inputs or with mixing, they are level with the plain pair or slightly behind. Modulation is clearly behind. What styles bring is a code that can be mixed and edited (section 9).
# - **A constant input** is worse. The small StyleGAN 2, which has modulation, noise and mixing as well, is three times as far away as the plain pair. But its $G$ is also much smaller.
# - **The R3GAN blocks** come last. They get far fewer steps and weights. At equal steps, with a tuned rate or on a GPU they may not lose.
#
# The verdict is for *these* data, at *this* size, in *a minute*. StyleGAN's papers test its ideas on faces at high resolution.
#
# In the rung **told the colour** both players know the body's variant. Its distance is somewhat worse in every seed. Yet the judge is sure of the colour about as often
# as with real cats:

# %% tags=["long"]
for name in ("plain pair", "styles", "told the colour"):
    shares = sorted(run["sure"]["body"] for run in rungs[name]["runs"])
    print(f"{name:>16}: sure of the body's colour {shares[0]:.2f} to {shares[2]:.2f} times as often as with real cats")
for part in ("eyes", "mouth"):
    most = max(run["sure"][part] for rung in rungs.values() for run in rung["runs"])
    print(f"{'any rung':>16}: sure of the {part} at most {most:.2f} times as often")

# %% [markdown]
# > **Your turn.** At *equal steps* instead of equal time, attention would have had 1,500 steps, not 638. How could a paper that compares at equal steps come to another verdict?
#
# <details><summary>Solution</summary>An expensive step is then free, so an idea that costs time looks better than by the clock. Equal steps answer "which network learns more per step?", equal time "what do I have after an hour?". Say which you ask.</details>
#
# ## 8 · Cats made to order, live
#
# Now train one yourself, at 32 × 32, for 400 steps. It has section 4's styles, and both players are told the variants of all five parts:
# - In $G$ the five embeddings join the noise, and so reach every normalisation.
# - In $D$ each part has its own projection (chapter 10), and the inner products add up.

# %% tags=["library"]
from gan_lessons.networks.conditioning import Embeddings


class ManyProjections(nn.Module):
    def __init__(self, features, counts):
        super().__init__()
        self.score = nn.Linear(features, 1)
        self.embeddings = Embeddings(counts, features, features**-0.5)

    def forward(self, features, labels):
        return self.score(features).squeeze(1) + (self.embeddings(labels).sum(1) * features).sum(1)


# %% [markdown]
# `Embeddings` keeps a table of vectors for each part. We ask for eight held-out combinations, and watch them emerge.

# %%
recipe = replace(recipes.find("avatars", "cpu"), steps=400)
gan, data = recipe.build(seed=0), recipe.data()
unseen = avatars.load("cats", recipe.size, held_out=True)
looks = {}
for record in tqdm(recipe.train(gan, data), total=recipe.steps, leave=False):
    if record.step in (50, 100, 200, recipe.steps):
        looks[f"{record.step} steps"] = recipe.samples(gan, unseen.variants(slice(8)))

# %% alt="Five rows of eight small pictures. After 50 steps chequered shadows of cats; after 100 some have the right colours, after 200 nearly all do, with hats and scarves; after 400 also eyes and glasses, somewhat rough. The last row has the cats that were asked for: the same colours and accessories." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4.2))
images.draw_sheet(axes, torch.cat([*looks.values(), unseen.pixels(slice(8))]), 8, (*looks, "asked for"))
axes.set_title("Colours and accessories come as asked for, within 400 steps", pad=4)
plt.show()

# %% [markdown]
# *Claimed: in more than three quarters of 1,000 cats the judge is sure (at a probability of .9) of the body's colour that was asked for; and the Fréchet distance is less than half that of averages of two cats.*

# %% tags=["claim"]
asked = unseen.variants(slice(1000))
features, seen = judge.read(recipe.samples(gan, asked).float())
right = {part: (reading.argmax(1) == own).float().mean() for (part, reading), own in zip(seen.items(), asked.T)}
colour = seen["body"].max(1)
sure = ((colour.values > 0.9) & (colour.indices == asked[:, 0])).float().mean()
live = fraction(features, "cats", recipe.size)
print("read as asked for:", ", ".join(f"{part} {float(share):.2f}" for part, share in right.items()))
print(f"sure of the colour asked for: {sure:.3f}; Fréchet {live:.3f} of noise's (averages of two: {ghosts:.3f})")
assert sure > 0.75 and live < ghosts / 2

# %% [markdown]
# The judge reads body, eyes and accessories mostly as asked for, furs about half of the time, and mouths seldom.
#
# Two long runs at 64 × 64 are stored:
# - One is told nothing. It drew the cats at the top, and section 9 explores its latent space.
# - The other is told all parts. We ask it for cats that it has never seen, and put the true ones beside them.
#
# The shares printed below are
# - *clear in all parts*: samples in which the judge is sure of all five, over the share of real cats,
# - *near a combination*: as in section 1,
# - *new*: those of the clear ones that were not among the known cats (0 also where too few are clear to say).

# %% tags=["long"]
FIGURES = {
    "frechet_fraction": "Fréchet / noise's",
    "all_parts": "clear in all parts",
    "recomposed": "near a combination",
    "new_share": "new",
}
for name in ("long", "parts"):
    run = json.loads(Path(f"results/avatars_{name}.json").read_text())
    print(run["command"])
    print(f"{run['date']}: {run['steps']:,} steps in {run['seconds'] / 60:.0f} minutes on {run['machine']}")
    print("  " + ", ".join(f"{words} {run['figures'][figure]:.3f}" for figure, words in FIGURES.items()))

# %% alt="Two rows of seven cats, the made ones above the true ones. Colours, furs, hats, scarves and glasses agree one by one, and so do nearly all eyes; the made ones are a little softer in the finest lines." tags=["hide-input"]
parts = recipes.find("avatars", "parts")
exact = avatars.load("cats", parts.size, held_out=True)
composer = parts.load()
figure, axes = plt.subplots(figsize=(7.2, 2.5))
drawn = parts.samples(composer, exact.variants(slice(7))).float()
images.draw_sheet(axes, torch.cat([drawn, exact.pixels(slice(7))]), 7, ("made", "true"))
axes.set_title("Told the parts, G draws nearly the cat that the artist's parts make")
plt.show()


# %%
def off(first, second):
    """How far pictures are from each other: root mean squares, of a range of 1."""
    return float((first.clamp(-1, 1) - second.clamp(-1, 1)).square().mean((1, 2, 3)).sqrt().median() / 2)


asked, true = exact.variants(slice(200)), exact.pixels(slice(200))
one, two = (parts.samples(composer, asked, seed).float() for seed in (0, 1))
print(f"from the true cat {off(one, true):.3f}; two draws of noise {off(one, two):.3f}", end="; ")
print(f"two cats {off(true, true.roll(1, 0)):.3f}")

# %% [markdown]
# **Told nothing**, the GAN draws what the eye takes for cats. But the judge is seldom sure of all five parts, and too few are clear to ask whether they are new.
#
# **Told the parts**, a generator of the same layers draws cats that nearly all lie near a real combination, in a quarter of the time. They are clear in all five parts
# about .7 times as often as real ones. The labels cut one hard problem, a distribution with 360,000 modes, into easy ones: for given parts there is *one* right picture.
#
# Each run is one seed, and the two differ in more than labels: the second has no style mixing, another rate and average, and one more layer in $D$. That its clear cats
# are new is no achievement, as parts were asked for at random.
#
# The price is that somebody has to know the labels. And the noise hardly matters any more: two draws for the same parts differ far less than a draw differs from the
# truth.
#
# ## 9 · Inside the latent space
#
# "GANs learn interpretable representations", one reads; Radford et al. (2016) showed smiling women and men with glasses. Here we need not trust our eyes: the factors are
# known, and a judge reads them.
#
# ### A walk between two cats
#
# We go from one cat to another twice: in $z$ along an arc from noise to noise (chapter 02), and in $w$ along the straight line from style to style.

# %% alt="Two rows of eight cats, from a cream cat with a black hat at the left to an orange one with a red hat and a dark patch round its eye at the right. In z the patch comes before the orange, in w with it; the red hat comes last in both. Nearly every cat on the way is a whole cat." tags=["hide-input"]
share = torch.linspace(0, 1, 8)[:, None]
ends = torch.randn(2, grown.noise_dim, generator=torch.Generator().manual_seed(22))
with torch.no_grad():
    on_the_arc = generator.mapping(torch.cos(share * math.pi / 2) * ends[0] + torch.sin(share * math.pi / 2) * ends[1])
    on_the_line = torch.lerp(*generator.mapping(ends), share)
figure, axes = plt.subplots(figsize=(7.2, 2))
images.draw_sheet(axes, latents.drawn(generator, torch.cat([on_the_arc, on_the_line])), 8, ("in z", "in w"))
axes.set_title("From one cat to another, parts switch rather than blend")
plt.show()

# %% [markdown]
# Colour and hat switch rather than blend, and at different places. The walk looks no smoother in $w$ than in $z$.
#
# ### Can a part be read from the code?
#
# We draw 2,000 cats and let the judge read them. On 1,500 of them we train a **linear probe** for each part: from the noise $z$, from the style $w$, from the layout,
# and, as a baseline, from the pixels. Of layout and pixels it sees the first 64 **principal components**.
#
# The table gives the share of the other 500 that is read right; **a guess** names the most frequent variant each time.

# %%
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

noise = torch.randn(2000, grown.noise_dim, generator=torch.Generator().manual_seed(0))
styles = latents.drawn_styles(generator, 2000, seed=0)  # of the same noise
pictures, maps = latents.drawn(generator, styles), latents.layouts(generator, styles)
reading = judge.read(pictures)[1]


def components(values, count=64):
    torch.manual_seed(0)
    values = values.flatten(1) - values.flatten(1).mean(0)
    return values @ torch.pca_lowrank(values, count)[2]


def probed(codes):
    """How often each part of the last 500 is read right, and how much each dimension counts for each part."""
    right, importance = [], []
    for told in reading.values():
        labels = told.argmax(1).numpy()
        probe = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.001).fit(codes[:1500].numpy(), labels[:1500])
        right.append(probe.score(codes[1500:].numpy(), labels[1500:]))
        importance.append(torch.from_numpy(probe.coef_ * codes.std(0).numpy()).norm(dim=0))
    return right, latents.disentanglement(torch.stack(importance, 1))


codes = {"noise z": noise, "style w": styles, "layout": components(maps), "pixels": components(pictures)}
table = {name: probed(values) for name, values in codes.items()}
print(f"{'':>8}  " + "  ".join(f"{part:>11}" for part in reading) + "  disentanglement")
frequent = [float(told.argmax(1)[1500:].bincount().max()) / 500 for told in reading.values()]
print(f"{'a guess':>8}  " + "  ".join(f"{share:>11.2f}" for share in frequent))
for name, (right, score) in table.items():
    print(f"{name:>8}  " + "  ".join(f"{share:>11.2f}" for share in right) + f"  {score:>15.2f}")


# %% [markdown]
# Nobody told the generator that there are parts, and yet a probe reads all five better from the style than from the noise, better still from the layout, and best from
# the pixels. This is what StyleGAN's authors ask of $w$: factors should be linearly separable (Karras et al. 2019, section 4).
#
# The last column asks for more. **Disentanglement** (Eastwood & Williams 2018) is 1 if each dimension serves one part alone, 0 if all serve all alike. The style is
# easier to read than the noise and yet, by this score, *less* aligned with its axes. (The rows of layout and pixels do not compare, as their axes are principal
# components.)
#
# ### Edits
#
# If a part were a direction, a step along it would give any cat a hat. We measure the most direct step: the mean code of cats read as *having* the hat, minus the mean
# code of those with what this cat has. We try it
#
# - in the **styles**, by a long step (1.25 times the difference) and by one of half that length,
# - in the **layout**, everywhere or only in the places where the two means differ most (after Collins et al. 2020).
#
# For comparison we take
# - the best of the first five **principal directions** of the styles, either way and 3 standard deviations long (GANSpace, Härkönen et al. 2020),
# - a **random** direction, as long as the long step in the styles.

# %% tags=["library"]
def edited(codes, means, present, target, strength=1.0, places=1.0):
    if means[target].isnan().any():
        raise ValueError(f"No sample was read as variant {target}, so there is no direction towards it.")
    move = (means[target] - means[present].nan_to_num(nan=0.0)).to(codes)
    if move.dim() == 4 and places < 1:
        apart = move.norm(dim=1, keepdim=True)  # [count, 1, side, side]
        move = move * (apart >= apart.flatten(1).quantile(1 - places, dim=1).view(-1, 1, 1, 1))
    return codes + strength * (move if move.dim() == codes.dim() else move[:, None])


# %% [markdown]
# First come the mean style and the mean layout of each variant, over the samples in which the judge reads that part clearly. `PLACES`, set by hand, says which share of
# the 64 places an edit may move.

# %%
PLACES = {"body": 0.5, "fur": 0.3, "eyes": 0.15, "mouth": 0.15, "accessories": 0.25}
clear = {part: told.amax(1) > 0.5 for part, told in reading.items()}


def mean_of_each_variant(codes, part):
    variants = reading[part].shape[1]
    return latents.means(codes[clear[part]], reading[part].argmax(1)[clear[part]], variants)


means = {part: (mean_of_each_variant(styles, part), mean_of_each_variant(maps, part)) for part in reading}

# %% [markdown]
# Then we edit sixty cats, and the judge reads each before and after. `latents.effect` counts how many became the target and how many kept each other part.

# %%
few, TARGETS = 60, (1, 5, 8)
EDITS = ("layout, local", "layout, everywhere", "style", "style, half", "principal", "random")
own, own_maps = styles[:few], maps[:few]
before = {part: told[:few] for part, told in reading.items()}


def read(styles, maps=None):
    return judge.read(latents.drawn(generator, styles, maps))[1]


steps = latents.principal(styles, 5)
along_principal = [read(own + 3 * step) for step in torch.cat([steps, -steps])]  # each as far as 3 standard deviations


def effects(part, target):
    """What each kind of edit did, of one part towards one variant."""
    of_style, of_layout = means[part]
    present = before[part].argmax(1)
    local, everywhere = (
        edited(own_maps, of_layout, present, target, 1.25, places).clamp(min=0)  # maps come out of a ReLU
        for places in (PLACES[part], 1.0)
    )
    shifted, half = (edited(own, of_style, present, target, strength) for strength in (1.25, 0.625))
    length = (shifted - own).norm(dim=1, keepdim=True)
    at_random = own + length * nn.functional.normalize(torch.randn_like(own), dim=1)
    principal = [latents.effect(before, after, part, target) for after in along_principal]
    return {
        "layout, local": latents.effect(before, read(own, local), part, target),
        "layout, everywhere": latents.effect(before, read(own, everywhere), part, target),
        "style": latents.effect(before, read(shifted), part, target),
        "style, half": latents.effect(before, read(half), part, target),
        "principal": max(principal, key=lambda effect: effect.changed),
        "random": latents.effect(before, read(at_random), part, target),
    }


every = {part: [effects(part, target) for target in TARGETS] for part in tqdm(PLACES, leave=False)}

# %% alt="Two panels of dots for five parts and six kinds of edit. Left, the share that became the target: the layout moved everywhere reaches .6 to .9; moved locally .7 to .9 for body, eyes and accessories and little for fur and mouth; the style less, half of that step less again; random steps nearly 0. Right, the share of the other parts that stayed: .65 to .95 for the local layout, at most .7 for all others, about .2 for principal directions." tags=["hide-input"]
figure, panels = plt.subplots(1, 2, figsize=(7.2, 4.4), sharey=True)
palette = style.CATEGORIES
colors = dict(zip(EDITS, (palette[0], palette[4], palette[3], palette[1], palette[2], style.REFERENCE)))
for place, (edit, color) in enumerate(colors.items()):
    changed = [sum(one[edit].changed for one in every[part]) / len(TARGETS) for part in PLACES]
    kept = [sum(sum(one[edit].kept.values()) / 4 for one in every[part]) / len(TARGETS) for part in PLACES]
    for axes, values in zip(panels, (changed, kept)):
        rows = [row + 0.13 * (place - 2.5) for row in range(5)]
        axes.hlines(rows, 0, values, color=color, lw=1.2)
        axes.plot(values, rows, "o", color=color, ms=5, label=edit)
    print(f"{edit:>18}: changed {[round(one, 2) for one in changed]}, kept {[round(one, 2) for one in kept]}")
panels[0].set(yticks=range(5), yticklabels=PLACES, xlim=(0, 1), xlabel="share that became the target")
panels[0].invert_yaxis()
panels[1].set(xlim=(0, 1), xlabel="share of other parts that stayed")
panels[0].set_title("The layout makes an edit hit")
panels[1].set_title("A mask protects the other parts")
handles = panels[0].get_legend_handles_labels()
figure.legend(*handles, loc="outside lower center", ncols=3, frameon=False, fontsize=9)
plt.show()

# %% [markdown]
# The targets are three variants of each part. Other parts count only where they were clear before.
#
# - **The layout makes an edit hit.** Moved everywhere, it changes every part in more than half of the cats. But three to six in ten of the other parts change as well.
# - **The mask protects the rest.** Moved only where the two means differ most, the layout leaves clearly more of the other parts alone, in every row. Body, eyes and accessories still take the edit. Fur and mouth hardly do; perhaps the mask leaves out the places that they need.
# - **In the styles** the same difference of means hits less and changes more. At half the length about as much stays as with the layout moved everywhere, but the target is seldom reached. So step size alone is not the cause.
# - The best of five **principal directions**, chosen for each target after looking, hits sometimes and leaves about a fifth of the rest. A **random** step hits next to nothing.
#
# A generator that was *told* the parts needs no direction. We change one label, and keep the noise and the other four, with section 8's long run that was told all.

# %%
asked = exact.variants(slice(few))
first = judge.read(parts.samples(composer, asked).float())[1]
for place, part in enumerate(PLACES):
    found = []
    for target in TARGETS:
        other = asked.clone()
        other[:, place] = target
        found.append(latents.effect(first, judge.read(parts.samples(composer, other).float())[1], part, target))
    changed = sum(effect.changed for effect in found) / len(TARGETS)
    kept = {name: sum(effect.kept[name] for effect in found) / len(TARGETS) for name in found[0].kept}
    others = ", ".join(f"{name} {share:.2f}" for name, share in kept.items())
    print(f"{part:>12}: changed {changed:.2f}; kept: {others}")

# %% [markdown]
# Edits of every part succeed in nearly all cats, and leave each other part alone nearly as often. *If you want to edit, get labels.*

# %% alt="Five rows of five cats. At the left always the same pink cat with a bow; beside it, twice, an edit and the drawing that was asked for. The body takes the new colour in part; of the furs only faint stripes show; the mouth stays; the eyes and a black hat come as asked for, a collar too, but the bow stays beside it." tags=["hide-input"]
rows, shown = [], 4
parts_read = torch.stack([told[shown].argmax() for told in before.values()])
for place, (part, places) in enumerate(PLACES.items()):
    row = [pictures[shown : shown + 1]]
    for target in TARGETS[:2]:
        move = (maps[shown : shown + 1], means[part][1], parts_read[place : place + 1], target, 1.25, places)
        row.append(latents.drawn(generator, styles[shown : shown + 1], edited(*move).clamp(min=0)))
        wished = parts_read.clone()
        wished[place] = target
        row.append(exact.compose(wished[None]))
    rows.append(torch.cat(row))
figure, axes = plt.subplots(figsize=(7.2, 6.4))
images.draw_sheet(axes, torch.cat(rows), 5, list(PLACES))
for column, words in enumerate(("the cat", "edited", "asked for", "edited", "asked for")):
    axes.text(66 * column + 32, -4, words, ha="center", fontsize=9)
axes.set_title("Local edits: most eyes and accessories change, fur and mouth do not", pad=16)
plt.show()

# %% [markdown]
# Each row asks for two variants of its part. Beside each edit stands its target, a drawing of this cat as the judge reads it, with one part replaced.
#
# The body is recoloured in part. The striped fur shows on tail and leg only. The mouth stays, while the tail changes in one edit: the mask chose places away from the
# mouth. The hat replaces the bow; the collar comes, but the bow stays.
#
# Now you: choose another accessory, then another body, and move the strength. The sentence says what the judge reads. Not every edit works: at a strength of .5 a *red*
# hat appears on the way to the black one.
#
# `EditLab(gan, read, picture="mine.png")` first inverts *your* picture; the next section says how.

# %% alt="A lab. A large blue cat with a collar, and beside it the same cat with a black hat; six copies show the edit at strengths from 0 to 2.5, with a red hat at .5, and sixteen numbered ones below show the cat edited towards each accessory: scarves, bands, bows, hats, headphones; some keep the red collar. A sentence says what the judge reads."
from gan_lessons.labs.latents import EditLab, MixingLab

cats = grown.load()
edits = EditLab(cats, lambda pixels: judge.read(pixels)[1], seed=3)
edits

# %% [markdown]
# ### Back from a picture: inversion
#
# To edit *your* picture, you first need its code; finding it is called GAN **inversion**. We try two ways:
# - **Optimisation** descends on the squared error in a style for each layer (Abdal et al. 2019).
# - An **encoder** is a network that learns the way back from the generator's own samples, whose styles are known. It answers at once.

# %%
from gan_lessons.networks.pictures import PictureDiscriminator

torch.manual_seed(0)
encoder = PictureDiscriminator(grown.size)
encoder.layers = nn.Sequential(*list(encoder.layers)[:-3], nn.Linear(128, grown.noise_dim))
for loss in latents.encoding(generator, encoder, steps=100, batch=32):
    pass
wanted = real[8:14]
found = latents.inverted(generator, wanted, steps=80)
guessed = latents.drawn(generator, encoder(wanted).detach())
of_encoder = (guessed - wanted).square().mean((1, 2, 3)).sqrt() / 2
print(
    f"left by the encoder {of_encoder.mean():.3f}, by optimisation {found.errors.mean():.3f} "
    "(RMS error; black to white is 1)"
)

# %% alt="Three rows of six cats: held-out cats, the encoder's guesses, and what optimisation found. The guesses mostly have the right accessory and often another colour; optimisation comes close in both." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.9))
names = ("held out", "encoder", "optimised")
images.draw_sheet(axes, torch.cat([wanted, guessed, latents.drawn(generator, found.styles)]), 6, names)
axes.set_title("Optimisation comes closer to a held-out cat than the encoder's guess")
plt.show()

# %% [markdown]
# The encoder, after a short training, mostly gets the accessory and often misses the colour. Optimisation gets both, though not every eye and mouth.
#
# But each layer now has its own style (papers call this larger space W+), where training used two at most. So what looks right may edit badly, which we have not tried.
#
# ### Mixing
#
# StyleGAN's most famous picture takes pose and shape from the coarse layers of one face, and colours from the fine layers of another. Do our parts follow the layers,
# too?
#
# We give the first layers the style of cat A and the rest that of cat B, and ask the judge how many of A's parts the mix has. With 0 layers from A the mix *is* B, which
# has A's variant only by chance.

# %%
a, b = styles[:few], styles[few : 2 * few]
layers = 1 + len(generator.layers)
from_a = {
    cut: judge.read(latents.drawn(generator, torch.where(torch.arange(layers)[:, None] < cut, a[:, None], b[:, None])))[
        1
    ]
    for cut in range(layers + 1)
}


def whose(mixes, name):
    """The share of A's parts in each mix, of those that are clear in A."""
    print(f"{name:>16}  " + "  ".join(f"{part:>11}" for part in reading))
    for count, told in mixes.items():
        same = [
            float((told[part].argmax(1) == reading[part][:few].argmax(1))[clear[part][:few]].float().mean())
            for part in reading
        ]
        print(f"{count:>16}  " + "  ".join(f"{share:>11.2f}" for share in same))


whose(from_a, "layers from A")

# %% alt="A table of cats, four by four. The top row has three cats B, the left column three cats A; each of the nine mixes has its layout from A and all later layers from B. In every row the three mixes look like the A at its left." tags=["hide-input"]
of_a, of_b = styles[20:23], styles[120:123]
cells = [torch.ones(1, 3, grown.size, grown.size), latents.drawn(generator, of_b)]
for own in of_a:
    laid_out = latents.layouts(generator, own[None]).expand(3, -1, -1, -1)
    cells += [latents.drawn(generator, own[None]), latents.drawn(generator, of_b, laid_out)]
figure, axes = plt.subplots(figsize=(5, 4.8))
images.draw_sheet(axes, torch.cat(cells), 4, ("B", "A", "A", "A"))
axes.set_title("Layout from A (left), the rest from B (top): every mix is A")
plt.show()

# %% [markdown]
# One layer decides: with the layout from A and all else from B, nearly all parts are A's. So the famous picture does *not* come out here. A likely reason, untested: our
# layout of 8 × 8 places has room for a whole cat, where StyleGAN starts from a constant of 4 × 4.
#
# If parts do not follow the layers, do they follow the *places*? We take the upper rows of the layout from A and the lower ones from B.

# %%
above = torch.arange(8)[:, None] < torch.arange(9)[:, None, None, None, None]  # of 8 rows, the upper 0 … 8
by_rows = {
    rows: judge.read(latents.drawn(generator, b, torch.where(above[rows], maps[:few], maps[few : 2 * few])))[1]
    for rows in range(9)
}
whose(by_rows, "rows from A")

# %% [markdown]
# Eyes and mouth do: the eyes become A's with the fourth row, the mouth mostly with the sixth. Accessories are split, as hats sit above and scarves below.

# %% alt="A lab. Three large cats: A, cream with a black hat, B, blue with a collar, and between them a mix of A's upper rows and B's lower ones. Curves of five parts rise with the rows of the layout that are A's, the eyes steeply at the fourth row and the mouth at the sixth; below, nine small mixes from B to A."
mixes = MixingLab(cats, lambda pixels: judge.read(pixels)[1], first=22, second=3)
mixes

# %% [markdown]
# **The verdict.** Is the latent space of a GAN interpretable? This one is, in part. Linear probes find the parts in it, but the five principal directions that we tried,
# at 3 standard deviations, are not factors. Of six kinds of edit the local one in the layout did best, and only for three parts of five: it hit in .71 to .88 and kept
# .66 to .89 of the rest. And its means needed a judge's labels.

# %% [markdown]
# ## Debugging card
#
# | what it looks like | what to test | what to mend |
# |---|---|---|
# | a new idea makes it worse | its cost a step; a better learning rate; another seed | compare at equal time, not at equal steps |
# | all samples alike in one trait | the minibatch standard deviation; the histogram of parts | groups in $D$; a penalty |
# | a checkerboard in flat colours | transposed convolutions (chapter 02) | one 3 × 3 convolution after each enlargement (ours has none after the last) |
# | an edit changes everything | how much each other part stays | edit the layout, only where the part is; a shorter step in the styles kept more and hit less |
# | an inverted picture looks right and edits badly | the distance of its styles to the mean style | styles held nearer to it, or one for all layers (not tried here) |
#
# ## What we saw
#
# - At equal computing time, on 32 × 32 cats, no idea clearly beat the plain pair. Styles were level with it or slightly behind. The minibatch standard deviation was worth a factor of two.
# - Telling both players the body's variant made its colour far clearer. Told all five parts, a $G$ drew crisp cats in twenty minutes, and an edit is a change of a label. Told nothing, it still drew mottled cats after 78 minutes.
# - Truncation takes variety away, and this judge, which distrusts mixtures, is no surer for it.
# - An alias-free layer moves with its input, with less than a tenth of a plain layer's squared error. A fresh residual block is the identity. Demodulation keeps sizes near 1.
# - Body, accessory and eyes can be read from the style, fur and mouth poorly. Edits of the layout hit best, and a mask protected the other parts. Mixing layers did not separate the parts.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. How do you compare two architectures by what they give you for an hour of computing?
#    <details><summary>A · After the same number of steps</summary><b>No.</b> A step of one may take twice as long.</details>
#    <details><summary>B · By their numbers of weights</summary><b>No.</b> A weight costs more or less time depending on where it stands.</details>
#    <details><summary>C · At equal time, each at its own best learning rate</summary><b>Right.</b> Otherwise you compare budgets.</details>
# 2. Why does the gate of self-attention start at 0?
#    <details><summary>A · To save time</summary><b>No.</b> The layer is computed all the same.</details>
#    <details><summary>B · So that the network starts as the plain one</summary><b>Right.</b> An untrained layer adds a mean with arbitrary weights, which tells nothing.</details>
#    <details><summary>C · To keep the gradient small</summary><b>No.</b> It is about what the layer adds, not about the length of the gradient.</details>
# 3. Faces at ψ = .5 look better than at ψ = 1. What have they lost?
#    <details><summary>A · Variety</summary><b>Right.</b> So a distance quoted for ψ = 1 does not belong to them.</details>
#    <details><summary>B · Sharpness</summary><b>No.</b> They look cleaner, if anything.</details>
#    <details><summary>C · Nothing</summary><b>No.</b> Truncation trades one thing for another.</details>
#
# ### In your own words
#
# 1. In twelve of the ladder's thirteen rungs the larger of two learning rates won. What does that leave open?
#    <details><summary>Answer</summary>Whether a still larger one would be better, and for some rungs more than for others; then the order may change. One would widen the grid until the best rate no longer lies at its edge.</details>
# 2. A linear probe reads the body's colour from the style. Why may a step in its direction change more than the colour?
#    <details><summary>Answer</summary>The probe asks only that the colours can be told apart along it. Other parts may depend on the same direction, and then they change as well.</details>
#
# ## Further reading
#
# - Radford et al. 2016, *DCGAN* ([arXiv:1511.06434](https://arxiv.org/abs/1511.06434)); Karras et al. 2018, *ProGAN* ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196)).
# - Zhang et al. 2019, *SAGAN* ([arXiv:1805.08318](https://arxiv.org/abs/1805.08318)); Brock et al. 2019, *BigGAN* ([arXiv:1809.11096](https://arxiv.org/abs/1809.11096)).
# - Karras et al. 2019, 2020 and 2021, *StyleGAN 1, 2 and 3* ([arXiv:1812.04948](https://arxiv.org/abs/1812.04948), [1912.04958](https://arxiv.org/abs/1912.04958), [2106.12423](https://arxiv.org/abs/2106.12423)).
# - Huang et al. 2024, *R3GAN* ([arXiv:2501.05441](https://arxiv.org/abs/2501.05441)): what is left when the loss is sound.
# - Härkönen et al. 2020, *GANSpace* ([arXiv:2004.02546](https://arxiv.org/abs/2004.02546)); Collins et al. 2020, *Editing in style* ([arXiv:2004.14367](https://arxiv.org/abs/2004.14367)); Abdal et al. 2019, *Image2StyleGAN* ([arXiv:1904.03189](https://arxiv.org/abs/1904.03189)).
# - Eastwood & Williams 2018, *A framework for the quantitative evaluation of disentangled representations* (ICLR).
#
# **Next:** [chapter 12, Few pictures](12_few_pictures.ipynb). **Back:** [chapter 10, Images on demand](10_images_on_demand.ipynb). **Contents:** [the start page](00_start.ipynb).
