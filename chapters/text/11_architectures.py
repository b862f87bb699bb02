# %% [markdown]
# # 11 · Architectures
#
# [← 10 Images on demand](10_images_on_demand.ipynb) · [contents](00_start.ipynb) · [12 Few pictures →](12_few_pictures.ipynb)
#
# **What did each idea from DCGAN to today bring, and what does the latent space know?**

# %% alt="A moving picture: six drawn cats in colour, in two rows of three. In ten steps each of them jumps from cat to cat: fur colour, eyes, mouth and accessory change, and the shape of the body stays." tags=["hide-input"]
import json
import math
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
start, side = torch.randn(2, 6, grown.noise_dim, generator=torch.Generator().manual_seed(9))
frames = []
with torch.inference_mode():
    for angle in (2 * math.pi * k / 10 for k in range(10)):
        sheet = images.tile(generator(math.cos(angle) * start + math.sin(angle) * side), columns=3)
        frames.append((255 * sheet).round().byte().repeat_interleave(2, 0).repeat_interleave(2, 1).numpy())
Animation(frames, milliseconds=200, rest=200, colors=96)

# %% [markdown]
# Nobody drew these cats. The painter David Revoy drew parts: bodies, furs, eyes, mouths, accessories, which a package puts together in 360,000 ways (CC BY 4.0, from
# robohash). A network has seen 3,000 of the combinations, and now draws cats of its own.
#
# **You will** take a plain pair of convolutional networks and try on it, one at a time, the ideas that made GANs famous: growing, attention, styles, modulation,
# residual blocks (and alias-free layers, on a test signal). You will see what they bring on these data, and then walk into the latent space and look for the
# cat's colour, its eyes and its hat.
#
# **You will learn** to
# - write each of the ideas in a few lines, and say which problem it was invented for,
# - compare architectures fairly: at equal computing time, each at the better of two learning rates, with three seeds,
# - truncate, mix and edit styles, and measure what an edit changed and what it should have left alone,
# - invert a generator: find the styles behind a picture,
# - judge for yourself whether a latent space is "interpretable".
#
# **You will need** chapters 09 and 10, the extra `pictures` (`make lab` has it), and a minute and a half of computing on a laptop's processor.

# %% alt="The block diagram of a GAN with the two networks lit: the generator and the discriminator are what this chapter changes; noise, real and fake pictures and the losses stay as they were." tags=["hide-input"]
diagrams.gan(lit=("generator", "discriminator"), real="cats, 64 × 64 × 3", noise="64 numbers")

# %% [markdown]
# ## 1 · The plain pair, and a judge of cats
#
# Chapter 09 trained the DCGAN of 2016 and its modern descendant, which came out ahead. That pair enlarged a 7 × 7 picture twice, to 28 × 28. For 64 × 64 the same pair has more steps: two linear layers lay out a small picture of 8 × 8 places with 128 channels (the **layout**, to which section 9 comes back), and each
# step doubles the side. After each enlargement but the last there is one more 3 × 3 convolution, which mends what the enlargement left coarse.

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
# A cat is one variant of each of five parts. So a small classifier, the **judge**, can be taught to read the parts, and we can count what other data sets
# leave to the eye: does the hat vary, is the combination new, did an edit change the eyes and nothing else?

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
# On held-out cats the judge is all but always right about body, eyes and accessory, and nine times in ten about fur and mouth. (A scarf covers a mouth, and some furs look alike. It was taught to distrust mixtures of two cats.) Its last maps, averaged over places, are the **features** in which distances are measured. They give us a Fréchet distance (chapter 09), as a share of what noise scores. Beside our GAN we need **cheats**: samplers that learned nothing and yet look good to a careless metric.

# %%
known = avatars.load("cats", 64, grown.count)
samplers = {"the GAN": fakes, **cheats(64, known)}
for name, pictures in samplers.items():
    features, of_parts = judge.read(pictures)
    close = recomposed(pictures[:300], {part: told[:300] for part, told in of_parts.items()})[1] <= 0.06
    near = close.float().mean()
    print(f"{name:>18}: Fréchet {fraction(features, 'cats', 64):.4f} of noise's, near a real combination {near:.2f}")

# %% [markdown]
# Averages of two training cats, which look like ghosts, score .19; repeating the training cats scores best of all, as the Fréchet distance asks for no invention
# (chapter 08). **Near a real combination** is stricter: we put a cat together of the parts that the judge reads, and ask whether the picture differs from it by less than .06 in root
# mean square. By that mark the GAN's mottled colours count as faults.
#
# ## 2 · Growing: small pictures first (ProGAN, 2018)
#
# Until 2017 no GAN had convincingly reached 1024 × 1024 pixels. Karras et al. (2018) did, with **progressive growing**: both networks first learn pictures of 4 × 4, which is easy, then a layer that
# doubles the side is *faded in* at both ends, and so on. While the share $\alpha$ rises from 0 to 1, the picture is
#
# $$ (1-\alpha) \cdot \text{enlarge}(\text{small picture}) + \alpha \cdot \text{large picture}. $$
#
# In our version both networks take pictures of the full size all along; $D$ averages them to the size of its `stage`, so the data and the losses stay as they are. (`halvings(64)` is 3: how often 64 can be halved down to 8. `widths`
# lists how many maps there are at each size, from the smallest up: 128, 64, 32, and 16 at full size.)

# %% alt="Two chains. Above: maps of 8 by 8 become a small picture, enlarged, weight one minus alpha; beside it maps of 16 by 16 become a large picture, weight alpha; both are added to the picture shown to D." tags=["hide-input"]
diagrams.flow(
    [
        Box("maps 8 × 8", 0, 0, "known well", "generator"),
        Box("small picture", 1.25, 0, "1×1, enlarged", "generator"),
        Box("maps 16 × 16", 0, 1.2, "new layers", "generator"),
        Box("large picture", 1.25, 1.2, "1×1", "generator"),
        Box("picture", 2.5, 0.6, "what D sees", "fake"),
    ],
    [
        Arrow("maps 8 × 8", "small picture"),
        Arrow("maps 8 × 8", "maps 16 × 16"),
        Arrow("maps 16 × 16", "large picture"),
        Arrow("small picture", "picture", "× (1 − α)"),
        Arrow("large picture", "picture", "× α"),
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
# What does $D$ see while the networks are young? The same cats in large pixels:

# %% alt="One cat four times: at 8 by 8 pixels a coloured blot, at 16 by 16 a cat with a red scarf, at 32 and 64 pixels a cat with all details." tags=["hide-input"]
figure, panels = plt.subplots(1, 4, figsize=(7.2, 2.2))
for axes, side in zip(panels, (8, 16, 32, 64)):
    images.draw_sheet(axes, interpolate(avg_pool2d(real[1:2], 64 // side), 64), columns=1)
    axes.set_title(f"stage {int(math.log2(side / 8))}: {side} × {side}")
plt.show()

# %% [markdown]
# ProGAN brought two more things. The **minibatch standard deviation** you know from chapter 09: $D$ is told how much a group of samples varies. And the **equalised learning
# rate** multiplies weights when they are used instead of when they are drawn, so that Adam moves all layers alike.
#
# ## 3 · Attention: seeing far (SAGAN, 2019)
#
# A 3 × 3 convolution sees its eight neighbours. For two eyes to match, information about the left eye has to pass through many layers. **Self-attention** (Zhang et al. 2019)
# lets each place ask all others at once: its *query* is compared with every other place's *key*, and what comes back is the mean of their *values*, weighted by the fit.

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
# The `gate` starts at 0: a fresh layer changes nothing, and the network learns local structure first. From which input positions does the centre of a 17 × 17 picture receive information? We ask
# autograd: the slope of one output place with respect to every input place. (The layer is untrained. Its weights differ more than the even green suggests, as the line below the figure says: the colours are scaled to the dark dot, the place itself, to which the layer adds.)

# %% alt="Two heat maps of 17 by 17 places. Left, two convolutions of 3 by 3: a square of 5 by 5 in the middle is coloured, the rest is blank. Right, one self-attention layer: every place is coloured." tags=["hide-input"]
torch.manual_seed(2)
attention = SelfAttention(8)
nn.init.ones_(attention.gate)
near = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1))
figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.3))
for axes, (name, network) in zip(
    panels, {"two 3 × 3 convolutions": near, "one self-attention layer": attention}.items()
):
    maps = torch.randn(1, 8, 17, 17, requires_grad=True)
    (slopes,) = torch.autograd.grad(network(maps)[0, :, 8, 8].sum(), maps)
    reach = slopes.abs().sum(1)[0]
    axes.imshow((reach > 0) * (1 + reach / reach.max()), cmap="Greens", vmin=0, vmax=2)
    axes.set_title(f"{name}: {int((reach > 0).sum())} of 289")
    axes.set(xticks=[], yticks=[])
plt.show()
middle = attention.weights(maps)[0, 144]
print(f"the middle gives each place a weight of {middle.min():.4f} to {middle.max():.4f}; 1/289 is {1 / 289:.4f}")

# %% [markdown]
# The price: every place asks every other, so the cost grows with the fourth power of the side. SAGAN and BigGAN have one such layer, in the middle sizes. SAGAN's other gift, **spectral normalisation** in both
# players, is in chapter 07.
#
# > **Your turn.** How many 3 × 3 convolutions does it take until a corner of the 17 × 17 picture hears of the opposite corner? Check your number:
# >
# > ```python
# > network = nn.Sequential(*(nn.Conv2d(8, 8, 3, padding=1) for _ in range(5)))  # your number
# > (slopes,) = torch.autograd.grad(network(maps)[0, :, 0, 0].sum(), maps)
# > print((slopes[0, :, 16, 16] != 0).any())
# > ```
#
# <details><summary>Solution</summary>Sixteen: each carries word one place further, and the corners are sixteen places apart. In a discriminator strides help, since each halving doubles what the next layer sees.</details>
#
# ## 4 · Styles: telling every layer (BigGAN, StyleGAN, 2019)
#
# So far the noise enters once, at the beginning. BigGAN (Brock et al. 2019) and StyleGAN (Karras et al. 2019) tell it to **every layer**: BigGAN a piece of the noise and the class to each, StyleGAN the same **style** $w$ to all. A small **mapping network**
# turns the noise $z$ into $w$, and in each layer a linear function of $w$ scales and shifts the normalised maps:
#
# $$ \text{maps} \leftarrow (1 + a(w)) \cdot \frac{\text{maps} - \mu}{\sigma} + b(w). $$
#
# With the statistics $\mu, \sigma$ of a sample this is **adaptive instance normalisation** (AdaIN, Huang & Belongie 2017), StyleGAN's choice. With those of the batch it is **conditional batch normalisation** (de Vries et al. 2017), BigGAN's, and ours.

# %% alt="Noise z of 64 numbers enters the mapping network, which makes the style w. From w arrows go to the layout of 8 by 8 places and to the styled layers at 16 and at 32 places; the layers follow one another and end in a picture of 64 by 64." tags=["hide-input"]
diagrams.flow(
    [
        Box("noise z", 0, 0, "64 numbers"),
        Box("mapping", 1.25, 0, "two layers", "average"),
        Box("style w", 2.5, 0, "64 numbers", "average"),
        Box("layout", 0, 1.5, "128 × 8 × 8", "generator"),
        Box("styled pair", 1.25, 1.5, "64 × 16 × 16", "generator"),
        Box("styled pair ", 2.5, 1.5, "32 × 32 × 32", "generator"),
        Box("picture", 3.75, 1.5, "3 × 64 × 64", "fake"),
    ],
    [
        Arrow("noise z", "mapping"),
        Arrow("mapping", "style w"),
        Arrow("style w", "layout"),
        Arrow("style w", "styled pair"),
        Arrow("style w", "styled pair "),
        Arrow("layout", "styled pair"),
        Arrow("styled pair", "styled pair "),
        Arrow("styled pair ", "picture"),
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
# (`gentle` starts a linear layer with small weights and no bias; `spread` lays one number over each map.)
#
# StyleGAN has three more ideas. It starts from a learned **constant** picture instead of a layout. **Noise inputs** add a random picture to the maps of each layer, for freckles and curls, so that $w$ need not
# remember them. And **style mixing** trains on samples that change to another's style after a random layer, so that no layer can rely on its neighbours' style.

# %% tags=["library"]
def mixed(styles, share):
    batch, layers, _ = styles.shape
    draws, device = torch.rand(2, batch, 1, 1, device=styles.device), styles.device
    change = torch.where(draws[0] < share, 1 + (draws[1] * (layers - 1)).floor(), layers)
    return torch.where(torch.arange(layers, device=device)[:, None] < change, styles, styles.roll(1, 0))


# %% [markdown]
# **StyleGAN 2** (Karras et al. 2020) found that normalising each sample's maps makes droplet-shaped blots, and moved the scaling to the *weights*: **modulation** scales a convolution's input maps by
# $s_i(w)$, and **demodulation** divides each output map by the size that it must then have, computed instead of measured:
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
# Together they make a generator, with `Constant` for the learned small picture and `Noisy` for a layer with a noise input. Its layers are transposed convolutions, which enlarge, and 3 × 3 convolutions, each of them styled; `layer` says how.

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
# *Claimed: on independent inputs of unit variance, and whatever the style, a modulated layer's maps keep a variance of about 1 before the nonlinearity; without demodulation it differs from style to style more than fourfold.*

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
# Rare styles draw the odd cats, since the generator has practised them least. BigGAN's **truncation trick** leaves them out; in StyleGAN's form all styles are pulled towards the mean style $\bar w$,
#
# $$ w' = \bar w + \psi \, (w - \bar w), $$
#
# so that ψ = 1 changes nothing and ψ = 0 always draws the same, average cat.

# %% module="gan_lessons.networks.styles" tags=["library"]
def truncated(styles, center, psi):
    return center + psi * (styles - center)


# %% alt="Four rows of eight cats. At psi 1 they differ in colour, eyes and accessories. At psi .5 some colours and accessories turn into others; at psi .25 the cats are badly drawn and little but a collar is left; at psi 0 all eight are the same blurred red cat." tags=["hide-input"]
center = generator.center()
some = latents.drawn_styles(generator, 8, seed=3)
psis = (1.0, 0.5, 0.25, 0.0)
figure, axes = plt.subplots(figsize=(7.2, 3.6))
pulled = torch.cat([truncated(some, center, psi) for psi in psis])
images.draw_sheet(axes, latents.drawn(generator, pulled), 8, [f"ψ = {psi:g}" for psi in psis])
axes.set_title("The nearer to the mean style, the more alike, and the worse drawn")
plt.show()

# %% [markdown]
# Truncation usually trades variety for quality. Does it here? For variety we take the total variance of the judge's maps, as a share of that of real cats; for quality, how sure the judge is of a part (its largest probability, averaged over parts and samples); and the Fréchet distance, which punishes a loss of either.

# %% alt="Three curves over psi from .25 to 1. The variance of the samples rises steadily, up to about that of real cats at psi 1; how sure the judge is of a part rises from .59 through .76 to .80 and .81, below the .94 of real cats; and the Fr\u00e9chet distance falls." tags=["hide-input"]
psis = torch.tensor([0.25, 0.5, 0.75, 1.0])
styles = latents.drawn_styles(generator, 1000, seed=4)
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
    axes.set(xlabel="ψ", ylim=(0, None))
for axes, level in zip(panels, (1, sure_of_real[0])):
    axes.axhline(level, color=style.REFERENCE, lw=1, ls="--")
    axes.text(0.25, level, "real cats", color=style.REFERENCE, fontsize=9, va="bottom")
    axes.set_ylim(0, 1.2)
for axes, title in zip(panels, ("variety: variance", "quality: judge is sure", "Fréchet / noise's")):
    axes.set_title(title, fontsize=10)
plt.show()
print("sure of a part: " + ", ".join(f"ψ {psi:g}: {value:.2f}" for psi, value in zip(psis.tolist(), certain)), end="; ")
print(f"real cats {sure_of_real[0]:.2f}")

# %% [markdown]
# Not here, by this judge. Variety falls, and the judge is no surer: .81 at ψ = 1, .76 at .5, .59 at .25. But it was taught to distrust mixtures of two cats, so it marks down what lies near a mean. By eye, ψ = .5 turns colours and accessories into others, and draws them hardly worse; the bad drawing comes below. A likely reason: the mean of many styles belongs to no cat (nothing is half a hat). On faces, whose mean is a face, truncation does help the look of samples.
# Papers show samples at ψ = .5 or .7 and quote the distance at ψ = 1; both are honest if they say so.
#
# ## 5 · Alias-free layers (StyleGAN 3, 2021)
#
# When a face turns in a StyleGAN 2 video, the beard stays glued to the screen. Karras et al. (2021) found that layers learn where the pixel grid lies from the picture's borders, noise inputs and aliasing. The last comes from the nonlinearity: a ReLU bends a smooth wave into one with a sharp kink, that is, with
# detail finer than the pixels can carry. Such detail does not vanish; it *folds* back as coarser waves (**aliasing**) that depend on where the pixel grid lies. The cure, an **alias-free** layer, is to do the ReLU
# at twice the resolution, and to filter out what is too fine before going back.

# %% alt="A chain of boxes: maps, upsample by two with a low-pass filter, leaky ReLU, low-pass filter and downsample by two, maps." tags=["hide-input"]
diagrams.flow(
    [
        Box("maps", 0, 0, "32 × 32"),
        Box("doubled", 1.2, 0, "zeros, low-pass", "generator"),
        Box("leaky ReLU", 2.4, 0, "at 64 × 64", "generator"),
        Box("halved", 3.6, 0, "low-pass, ÷ 2", "generator"),
        Box("maps ", 4.8, 0, "32 × 32"),
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
# The test is to shift the input by half a pixel: the output should shift by half a pixel, too. We measure what is left, against the maps' variance, in decibels (10 more: a tenth of the squared error).
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
# It costs four times as many activations, and two filters. Our cats stand still, so we do without; for video it matters.
#
# ## 6 · Back to plain blocks (R3GAN, 2024)
#
# Huang et al. (2024), whose loss and penalties are this book's modern recipe, asked what is left to do once the loss is sound. They threw out the style layers, and
# took the block of a modern classifier: 1 × 1 widens, a **grouped** 3 × 3 convolution (each group of maps sees only itself) mixes places, 1 × 1 narrows, and the result is *added* to the input.
# There is no normalisation; the **fix-up** initialisation (Fixup, Zhang, Dauphin & Ma 2019, [arXiv:1901.09321](https://arxiv.org/abs/1901.09321)) keeps the sizes in check instead: the last convolution is 0, so that a fresh block is the identity.

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
# Each idea was once published with a better score than the last. But papers change many things at once, and every method is tuned by its authors. Here each idea goes, as far as possible by itself, into the *same* recipe, on 3,000 cats of 32 × 32. Some rungs are bundles, though:
#
# | rung | how it differs from the plain pair |
# |---|---|
# | DCGAN (2016) | its own loss and optimiser, batch norms in D, a constant rate; no penalties, no minibatch standard deviation |
# | growing | no 3 × 3 convolutions; both ends of the networks |
# | told the colour | class-conditional on the body's variant: styles, labels, a projection in D, batches in groups of one colour |
# | StyleGAN 2, small | modulation, constant, noise inputs and mixing together |
# | R3GAN blocks | blocks in both players; no minibatch standard deviation |
#
# Each rung gets **equal computing time**, that of 1,500 steps of the plain pair, so a more expensive step means fewer steps. (Timing is rough: styles took 55 to 58 seconds, the plain pair 49 to 52.) Its learning rate is the better of two (.002 and .004) on a seed that is not counted; then come three seeds.
# In twelve of thirteen rungs the larger rate won, so the best one may lie above both; attention, noise inputs and the R3GAN blocks gained much from the doubling.

# %% tags=["long"]
ladder = json.loads(Path("results/architectures.json").read_text())
rungs = ladder["rungs"]
print(f"{ladder['command']}\n{ladder['date']}, {ladder['machine']}\n")
print(f"{'':>24}  cost of a step   steps    rate   Fréchet / noise's, three seeds")
for name, rung in rungs.items():
    values = "  ".join(f"{value:.3f}" for value in rung["frechet_fraction"])
    print(f"{name:>24}  {rung['cost']:>14.2f}  {rung['steps']:>6,}  {rung['rate']:>6g}   {values}")

# %% alt="Thirteen rows of three dots on a logarithmic axis, the Fr\u00e9chet distance from .03 to .25, in one colour with styles, in another without, and grey for the plain pair, whose range is a grey band. The plain pair and styles, with and without noise inputs or mixing, lie near .04, told the colour near .05, modulation and the constant input at .05 to .07, attention near .08, no minibatch standard deviation and growing near .1, the small StyleGAN 2 near .12, the DCGAN between .13 and .17, and the R3GAN blocks near .22, where averages of two cats are." tags=["long", "hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4.4))
STYLED = ("told the colour", "styles", "StyleGAN 2, small")
for row, (name, rung) in enumerate(rungs.items()):
    values = sorted(rung["frechet_fraction"])
    color = style.CATEGORIES[1] if name.startswith(STYLED) else style.CATEGORIES[0]
    color = style.REFERENCE if name == "plain pair" else color
    axes.plot(values, [row] * 3, "o", color=color, ms=5, alpha=0.8)
    axes.plot(values[1], row, "|", color=color, ms=16)
plain = sorted(rungs["plain pair"]["frechet_fraction"])
ghosts = ladder["cheats"]["averages of two"]["frechet_fraction"]
axes.axvspan(plain[0], plain[2], color=style.REFERENCE, alpha=0.15, lw=0)
axes.axvline(ghosts, color=style.REFERENCE, lw=1)
axes.text(ghosts * 0.97, 1, "averages of two cats", color=style.REFERENCE, fontsize=9, va="center", ha="right")
axes.text(0.15, 6.5, "with styles", color=style.CATEGORIES[1], fontsize=9, va="center")
axes.text(0.15, 4.5, "without", color=style.CATEGORIES[0], fontsize=9, va="center")
axes.set(yticks=range(len(rungs)), yticklabels=rungs, xscale="log")
axes.set_xlabel("Fréchet distance / noise's at equal computing time (three seeds, the median with a stroke)")
axes.set_xticks((0.03, 0.05, 0.1, 0.2), ("0.03", "0.05", "0.1", "0.2"))
axes.minorticks_off()
axes.invert_yaxis()
axes.set_title("In a minute, no idea clearly beats the plain pair; styles are level with it")
plt.show()

# %% [markdown]
# *Claimed: the worst seed of the plain pair beats the best seed of the DCGAN, of the pair without minibatch standard deviation, and of growing, attention, the constant input, modulation, the small StyleGAN 2 and the R3GAN blocks.* (The cell lists two more, told the colour and mixing, which are behind by less than .004.)

# %% tags=["claim", "long"]
best = {name: min(rung["frechet_fraction"]) for name, rung in rungs.items()}
worst_plain = max(rungs["plain pair"]["frechet_fraction"])
beaten = [name for name, value in best.items() if value > worst_plain]
print(f"plain pair, worst seed: {worst_plain:.3f}\nbest seed of those behind it: ", end="")
print(", ".join(f"{name} {best[name]:.3f}" for name in beaten))
behind = {"DCGAN (2016)", "no minibatch std", "growing", "attention", "styles, constant input", "styles, modulation"}
assert behind | {"StyleGAN 2, small", "R3GAN blocks"} <= set(beaten)

# %% [markdown]
# For a yardstick: at this size halves of two cats score .021. No rung draws clear eyes or mouths yet: by the records the judge is sure of the eyes at most a tenth as often as with real cats, and of the mouth about a twentieth at most.
#
# - **The largest gain comes before this chapter's ideas.** From the DCGAN of 2016 to the plain pair the distance falls to less than a third. The relativistic loss, the penalties, the falling rate, the
#   hidden layers and the minibatch standard deviation all change at once; chapter 09's ladder takes them apart, on digits.
# - **The minibatch standard deviation**, taken away alone, is worth a factor of more than two: without it D cannot see that a batch has too few kinds.
# - **Growing and attention lose here.** A likely reason: at 32 × 32 a stable loss can learn everything at once, and little is far away; and attention makes a step more than twice as expensive. They were made for 1024 × 1024 pixels, and for
#   dogs whose legs have to be counted. (Growing gets a fifth less than its share, as its early steps are cheaper than the timed one.)
# - **Styles cost little and bring little.** Styles alone, with noise inputs and with mixing cannot be told apart by three seeds: they are level with the plain pair or slightly behind, and styles alone took about a tenth more time. Modulation is clearly behind. What styles bring is something else: a code that can be mixed and edited (section 9).
# - **A constant input**, which must make every hat out of channel scales, is worse; with modulation, noise and mixing as well, the small StyleGAN 2 is three times as far away as the plain pair. Without the large linear layer its G has about a ninth of the plain one's weights: what of the distance is the idea's and what the size's, the ladder does not say.
# - **The R3GAN blocks** come last: 580 steps instead of 1,500, a tenth of the weights, no batch statistics, and grouped convolutions, which a GPU likes and this processor does not. Even their next of kin, the rung without minibatch standard deviation, is about half as far off (.085–.098, they .182–.254). Doubling the rate took the trial seed from .43 to .15, so a larger one might help further. At this budget, on this processor, they lose; at equal steps or on a GPU they may not.
#
# The verdict is for *these* data, at *this* size, in *a minute*. It does not say that StyleGAN is worse than DCGAN; on faces at high resolution the papers show the opposite.
#
# One rung wins something else: **told the colour**, both players know the body's variant. The distance is somewhat worse in every seed, yet the judge is sure of the colour in nearly every sample (the shares are relative to real cats'):

# %% tags=["long"]
for name in ("plain pair", "styles", "told the colour"):
    shares = sorted(run["sure"]["body"] for run in rungs[name]["runs"])
    print(f"{name:>16}: sure of the body's colour in {shares[0]:.2f} to {shares[2]:.2f} of samples, against real cats'")

# %% [markdown]
# > **Your turn.** At *equal steps* instead of equal time, attention would have had 1,500 steps, not 638. How could a paper that compares at equal steps come to another verdict?
#
# <details><summary>Solution</summary>An expensive step is then free, so an idea that costs time looks better than by the clock. Equal steps answer "which network learns more from one more look?", equal time "what do I have after an hour?". Say which of them you ask.</details>
#
# ## 8 · A minute of cats, live
#
# Train one yourself: the recipe's size `cpu`, 32 × 32, 1,500 steps. It has section 4's styles, and both players are told *everything*: the variants of all five parts. In G the five embeddings join the noise, and so reach every normalisation; in D each part has a projection of its own (chapter 10), and their inner products add up.

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
# `Embeddings` keeps a table of vectors for each part. We ask for ten held-out combinations, and watch them emerge.

# %%
recipe = recipes.find("avatars", "cpu")
gan, data = recipe.build(seed=0), recipe.data()
unseen = avatars.load("cats", recipe.size, held_out=True)
looks = {}
for record in tqdm(recipe.train(gan, data), total=recipe.steps, leave=False):
    if record.step in (50, 200, 500, recipe.steps):
        looks[record.step] = recipe.samples(gan, unseen.variants(slice(10)))

# %% alt="Five rows of ten small pictures. After 50 steps chequered shadows of cats; after 200, cats in the right colours with hats and scarves; after 500, the same in garish colours; after 1,500 the right colours again, with eyes and glasses, somewhat rough. The last row has the cats that were asked for: the same colours and accessories." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.9))
images.draw_sheet(axes, torch.cat([*looks.values(), unseen.pixels(slice(10))]), columns=10)
axes.set_title(f"After {', '.join(map(str, looks))} steps, and last what was asked for", pad=4)
plt.show()

# %% [markdown]
# *Claimed: of 2,000 cats the judge is sure (at a probability of .9) of the body's colour in nine of ten, and it is the one that was asked for; and the Fréchet distance is less than a third of that of averages of two cats.*

# %% tags=["claim"]
asked = unseen.variants(slice(2000))
features, seen = judge.read(recipe.samples(gan, asked).float())
right = {part: (reading.argmax(1) == own).float().mean() for (part, reading), own in zip(seen.items(), asked.T)}
colour = seen["body"].max(1)
sure = ((colour.values > 0.9) & (colour.indices == asked[:, 0])).float().mean()
live = fraction(features, "cats", recipe.size)
print("read as asked for:", ", ".join(f"{part} {float(share):.2f}" for part, share in right.items()))
print(f"sure of the colour asked for: {sure:.3f}; Fréchet {live:.3f} of noise's (averages of two: {ghosts:.3f})")
assert sure > 0.9 and live < ghosts / 3

# %% [markdown]
# After a minute body, eyes and accessories are mostly as asked for, furs in three of four and mouths in one of three. That is mostly the GAN's failing: the judge reads nine in ten furs and mouths of true cats right. (Why the cats look worse after 500 steps than after 200, we have not examined.)
#
# The Fréchet distance, .026, is below the plain pair's best seed (.032) at as many steps; the rung that was told the colour alone had no such gain. But it is one seed, and it was asked for the very combinations that it is compared with, which no rung was.
#
# Two long runs are stored, both at 64 × 64, from the command line. One is told nothing, with a share of .3 of style mixing: it drew the cats at the top, and section 9 walks through its latent space. The other is told all parts; its D has one more
# convolution, which looks at each pixel's neighbours before anything is halved. We ask it for cats that it has never seen, and can put the true ones beside them.
#
# In their records, `part_confident_min` is the least share of samples, of any part, that the judge is sure of, and `all_parts` the share of which it is sure of all five, each over that of real cats; `part_kl_max` is the largest KL divergence of a part's histogram from the uniform one; `recomposed` is the share near a real combination. Of the cats that are clear in all parts, `new_share` are combinations that were not among the known ones (0 also where too few are clear to say).

# %% tags=["long"]
for name in ("long", "parts"):
    run = json.loads(Path(f"results/avatars_{name}.json").read_text())
    print(run["command"])
    print(f"{run['date']}: {run['steps']:,} steps in {run['seconds'] / 60:.0f} minutes on {run['machine']}")
    figures = ("frechet_fraction", "part_confident_min", "all_parts", "part_kl_max", "recomposed", "new_share")
    print("  " + ", ".join(f"{figure} {run['figures'][figure]:.3f}" for figure in figures))

# %% alt="Four rows of six cats, each row of made ones above the row of true ones. Colours, furs, hats, scarves and glasses agree one by one, and so do nearly all eyes; the made ones are a little softer in the finest lines." tags=["hide-input"]
parts = recipes.find("avatars", "parts")
exact = avatars.load("cats", parts.size, held_out=True)
composer = parts.load()
figure, axes = plt.subplots(figsize=(7.2, 4.9))
drawn = parts.samples(composer, exact.variants(slice(12))).float()
rows = [(drawn[:6], exact.pixels(slice(6))), (drawn[6:], exact.pixels(slice(6, 12)))]
images.draw_sheet(axes, torch.cat([torch.cat(pair) for pair in rows]), columns=6)
axes.set_title("Rows 1 and 3: made for parts asked for. Rows 2 and 4: the true cats of these parts")
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
# Told nothing, the GAN reaches a Fréchet distance between those of known cats again and of halves of two cats (.003 and .014, section 1). By eye every cat is a cat. The judge is harder to please: it is sure of all five parts
# only a twenty-eighth as often as with real cats, and too few are clear to ask whether they are new.
#
# Told the parts, in a quarter of the time, a generator of the same layers makes cats of which 97 in 100 lie within .06 of the cat that the judge's reading puts together; they are clear in all five parts .69 times as often as real ones, and differ from the true ones by .043. The labels cut one hard problem, a
# distribution with 360,000 modes, into easy ones: for given parts there is *one* right picture, and in each pair D compares a fake with a real cat that has the same labels.
#
# What the comparison does not show:
#
# - **Invention.** That 99 in 100 of the clear ones are new is no merit: parts were asked for at random.
# - **The labels' share.** It is one seed of each, and the runs are not twins: the second has no style mixing, another rate and average, and a D whose `fine` first layer punishes speckle, a part of what "within .06" asks for. That labels decide the *parts* shows in the ladder (.99 instead of .40) and in section 9.
#
# What is the price? Somebody has to know the labels. And the noise hardly matters any more: two draws for the same parts differ far less than either does from the truth. Variety now comes from what you ask for. Where nobody has labels, it has to come out of the latent space. There we go now, with the generator that was told nothing.
#
# ## 9 · Inside the latent space
#
# "GANs learn interpretable representations", one reads (Radford et al. 2016 showed smiling women and men with glasses). With cats we need not trust our eyes: the factors are known,
# and a judge reads them.
#
# ### Can a part be read from the code?
#
# We draw 3,000 cats, let the judge read them, and train a **linear probe** (a linear discriminant) for each part on 2,000 of them: from the noise $z$, from the style $w$, from the layout, and, as a
# baseline that knows nothing of the GAN, from the first 64 **principal components** of the pixels. The share read right is of the other 1,000; **a guess** names the most frequent variant each time.

# %%
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

noise = torch.randn(3000, grown.noise_dim, generator=torch.Generator().manual_seed(0))
styles = latents.drawn_styles(generator, 3000, seed=0)  # of the same noise
pictures, maps = latents.drawn(generator, styles), latents.layouts(generator, styles)
reading = judge.read(pictures)[1]


def components(values, count=64):
    torch.manual_seed(0)
    values = values.flatten(1) - values.flatten(1).mean(0)
    return values @ torch.pca_lowrank(values, count)[2]


def probed(codes):
    """How often each part of the last 1,000 is read right, and how much each dimension counts for each part."""
    right, importance = [], []
    for told in reading.values():
        labels = told.argmax(1).numpy()
        probe = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.001).fit(codes[:2000].numpy(), labels[:2000])
        right.append(probe.score(codes[2000:].numpy(), labels[2000:]))
        importance.append(torch.from_numpy(probe.coef_ * codes.std(0).numpy()).norm(dim=0))
    return right, latents.disentanglement(torch.stack(importance, 1))


codes = {"noise z": noise, "style w": styles, "layout": components(maps), "pixels": components(pictures)}
table = {name: probed(values) for name, values in codes.items()}
print(f"{'':>8}  " + "  ".join(f"{part:>11}" for part in reading) + "  disentanglement")
frequent = [float(told.argmax(1)[2000:].bincount().max()) / 1000 for told in reading.values()]
print(f"{'a guess':>8}  " + "  ".join(f"{share:>11.2f}" for share in frequent))
for name, (right, score) in table.items():
    print(f"{name:>8}  " + "  ".join(f"{share:>11.2f}" for share in right) + f"  {score:>15.2f}")


# %% [markdown]
# Nobody told the generator that there are parts, and yet they can be read: all five better from the style than from the noise (from which furs are read no better than by guessing), better still from the layout, and best from the pixels. The network *unfolds* its noise step by step into a form in which
# parts are plain to see. This is what StyleGAN's authors ask of $w$, that factors can be separated linearly (Karras et al. 2019, section 4), and here $w$ has more of it than $z$.
#
# The last column asks for more. **Disentanglement** (Eastwood & Williams 2018) is 1 if each dimension serves one part alone, 0 if all serve all alike. In their own axes the noise has .13 and the style .01: $w$ is easier to read than $z$ and yet, by this score, *less* aligned with its axes. Readable and disentangled are two things. (Cautions:
# the probe's coefficients are unstable where dimensions are correlated; the axes of layout and pixels are principal components, so these rows do not compare with the other two; and the labels are the judge's readings of those pixels.)
#
# ### Edits
#
# If a part were a direction, we could give any cat a hat by a step in it. The most direct such step is measured: the mean code of cats that are read as *having* the hat, minus the mean of those with
# what this cat has. We try it in the styles and in the **layout**, where we move only those places in which the two means differ most, for a hat belongs where hats are (after Collins et al. 2020). Beside it stand the
# best of the first five **principal directions** of the styles, either way and 3 standard deviations long (GANSpace, Härkönen et al. 2020), and a **random** direction, as long as the edit of the style.

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
# First the mean style and the mean layout of each variant, over the samples in which the judge reads that part clearly (at a probability above .5). `PLACES` says, set by hand, which share of the 64 places an edit of each part may move.

# %%
PLACES = {"body": 0.5, "fur": 0.3, "eyes": 0.15, "mouth": 0.15, "accessories": 0.25}
clear = {part: told.amax(1) > 0.5 for part, told in reading.items()}


def mean_of_each_variant(codes, part):
    variants = reading[part].shape[1]
    return latents.means(codes[clear[part]], reading[part].argmax(1)[clear[part]], variants)


means = {part: (mean_of_each_variant(styles, part), mean_of_each_variant(maps, part)) for part in reading}

# %% [markdown]
# Then the edits of a hundred cats, each read by the judge before and after: `latents.effect` says how many became the target, and how many kept each of their other parts.

# %%
few, TARGETS = 100, (1, 5, 8)
EDITS = ("layout, local", "style", "principal", "random")
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
    local = edited(own_maps, of_layout, present, target, 1.25, PLACES[part]).clamp(min=0)  # maps come out of a ReLU
    shifted = edited(own, of_style, present, target, 1.25)
    length = (shifted - own).norm(dim=1, keepdim=True)
    at_random = own + length * nn.functional.normalize(torch.randn_like(own), dim=1)
    principal = [latents.effect(before, after, part, target) for after in along_principal]
    return {
        "layout, local": latents.effect(before, read(own, local), part, target),
        "style": latents.effect(before, read(shifted), part, target),
        "principal": max(principal, key=lambda effect: effect.changed),
        "random": latents.effect(before, read(at_random), part, target),
    }


every = {part: [effects(part, target) for target in TARGETS] for part in tqdm(PLACES, leave=False)}

# %% alt="Two panels of dots for body, fur, eyes, mouth and accessories. Left, the share that became the target: edits of the layout reach .7 to .9 for body, eyes and accessories and little for fur and mouth; edits of the style .05 to .6; principal directions .2 to .4; random ones nearly 0. Right, the share of the other parts that stayed: about .65 to .95 for the layout, .3 to .5 for the style, .2 for principal and .4 to .7 for random directions." tags=["hide-input"]
figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.2), sharey=True)
colors = dict(zip(EDITS, (style.AVERAGE, style.FAKE, style.CATEGORIES[2], style.REFERENCE)))
for place, (edit, color) in enumerate(colors.items()):
    changed = [sum(one[edit].changed for one in every[part]) / len(TARGETS) for part in PLACES]
    kept = [sum(sum(one[edit].kept.values()) / 4 for one in every[part]) / len(TARGETS) for part in PLACES]
    for axes, values in zip(panels, (changed, kept)):
        rows = [row + 0.15 * (place - 1.5) for row in range(5)]
        axes.hlines(rows, 0, values, color=color, lw=1.2)
        axes.plot(values, rows, "o", color=color, ms=6)
    print(f"{edit:>14}: changed {[round(one, 2) for one in changed]}, kept {[round(one, 2) for one in kept]}")
panels[0].set(yticks=range(5), yticklabels=PLACES, xlim=(0, 1), xlabel="share that became the target")
panels[0].invert_yaxis()
panels[1].set(xlim=(0, 1), xlabel="share of other parts that stayed")
panels[0].set_title("Changed what it should?")
panels[1].set_title("Left the rest alone?")
for place, (edit, color) in enumerate(colors.items()):
    figure.text(0.16 + 0.22 * place, -0.04, "● " + edit, color=color, fontsize=9)
plt.show()

# %% [markdown]
# The targets are three variants of each part, on a hundred cats; of the other parts only those count that were clear before.
#
# - In the **layout**, in its place, an edit of the eyes succeeds nearly nine times in ten and keeps the other parts unchanged just as often; the accessory comes next. The body's colour changes just as often, at the price of a third of the rest, since a body is everywhere (and half-dyed cats count, as in the first row of the picture below). Fur and mouth
#   hardly change. A likely reason: this generator draws them less clearly, so their means are poor directions.
# - In the **style** the same difference of means changes body, eyes and accessory about half of the time, fur and mouth seldom; and of the rest it leaves half or less as it was, which is less than a random step of equal length leaves, in all five rows.
# - The best of five **principal directions**, forwards or backwards and chosen for each target after looking, hits fur and mouth more often than the others do, and leaves a fifth of the rest. As these steps have a length of their own, we cannot say how much of that is the direction's.
# - A **random** step, as long as the style's, hits next to nothing, and still changes about four other parts in ten.
#
# Only the layout's edits were confined to some places, and we tried no other strength: the shares of layout, mask and step size are not separated.
#
# And where the generator was *told* the parts? Then an edit needs no direction: change one label, and keep the noise and the other four. We do it with section 8's generator that was told all, and the same targets.

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
# Over the three targets, edits of every part succeed in at least 19 of 20 cats, and leave each other part alone at least as often. *If you want to edit, get labels*, and when you have only a few, teach a classifier with them and let it label the rest.

# %% alt="Five rows of six cats. Each row begins with the same cat, then come edits towards other variants: of the body's colour, the fur, the eyes, the mouth, and the accessory." tags=["hide-input"]
row = []
for part, places in PLACES.items():
    present = before[part][4:5].argmax(1)
    shots = [
        edited(maps[4:5], means[part][1], present, target, 1.25, places).clamp(min=0) for target in (1, 3, 5, 7, 8)
    ]
    row.append(latents.drawn(generator, styles[4:5].expand(6, -1), torch.cat([maps[4:5], *shots])))
figure, axes = plt.subplots(figsize=(7.2, 5))
images.draw_sheet(axes, torch.cat(row), 6, list(PLACES))
axes.set_title("One cat (left), and edits of one part in each row")
plt.show()

# %% [markdown]
# The columns ask for variants 1, 3, 5, 7 and 8 (from 0). Eyes and accessories change and little else does; the body is dyed in part; and in the rows of fur and mouth other things change instead.
#
# Now you: choose another accessory, then another body, and move the strength. The numbered copies show this cat edited towards each variant (from 1), and the sentence says what the judge reads. Not every edit takes: 3 is its own collar, and towards collars 2 and 11 nothing seems to change. At a strength of .5 a *red* hat comes on the way to the black one. (`EditLab(gan, read, picture="mine.png")` looks for *your* picture first, by
# the inversion of the next section.)

# %% alt="A lab. A large blue cat with a collar, and beside it the same cat with a black hat; six small copies show the edit at strengths from 0 to 2.5, and below the large ones sixteen numbered copies show it edited towards each accessory: scarves, bands, bows, hats, headphones; some keep the red collar, and one wears nothing. A sentence says what the judge reads."
from gan_lessons.labs.latents import EditLab, MixingLab

cats = grown.load()
edits = EditLab(cats, lambda pixels: judge.read(pixels)[1], seed=3)
edits

# %% [markdown]
# ### Back from a picture: inversion
#
# To edit *your* picture, you first need its code; finding it is called GAN **inversion**. **Optimisation** descends on the squared error in a style for each layer (Abdal et al. 2019); an **encoder** is a network that is taught the way
# back by the generator's own samples, whose styles are known, and answers at once.

# %%
from gan_lessons.networks.pictures import PictureDiscriminator

torch.manual_seed(0)
encoder = PictureDiscriminator(grown.size)
encoder.layers = nn.Sequential(*list(encoder.layers)[:-3], nn.Linear(128, grown.noise_dim))
for loss in latents.encoding(generator, encoder, steps=100, batch=32):
    pass
wanted = real[8:16]
found = latents.inverted(generator, wanted, steps=100)
guessed = latents.drawn(generator, encoder(wanted).detach())
of_encoder = (guessed - wanted).square().mean((1, 2, 3)).sqrt() / 2
print(
    f"left by the encoder {of_encoder.mean():.3f}, by optimisation {found.errors.mean():.3f} "
    "(RMS error; black to white is 1)"
)

# %% alt="Three rows of eight cats: held-out cats, the encoder's guesses, and what optimisation found. The guesses mostly have the right accessory and often another colour; optimisation comes close in both." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3))
names = ("held out", "encoder", "optimised")
images.draw_sheet(axes, torch.cat([wanted, guessed, latents.drawn(generator, found.styles)]), 8, names)
axes.set_title("Held-out cats, the encoder's guess at each, and what 100 steps of optimisation find")
plt.show()

# %% [markdown]
# The encoder has seen 3,200 samples and guesses the accessory well (six of eight) and the colour badly; 100 steps of optimisation get both, though not every eye and mouth. A common recipe, which we have not run, starts the optimisation from the encoder's guess. But an inverted code need not be one that the generator would draw by
# itself: each layer has a style of its own now (papers call this larger space W+), where training showed it two styles at most. What looks right may edit badly, which we have not tried (see the card below).
#
# ### Mixing
#
# StyleGAN's most famous picture takes the coarse layers of one face and the fine layers of another: pose and shape from one, colours from the other. Do our parts follow the layers, too? We give the first layers the style of cat A and the
# rest that of cat B, and ask the judge how many of A's parts the mix has. With 0 layers from A the mix *is* B: that row says how often B has A's variant by chance.

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

# %% [markdown]
# One layer decides: with the layout from A and all else from B, .94 to 1 of the parts are A's. The later layers change next to nothing that the judge reads. So the famous picture does *not* come out here, probably for these reasons, which we have not tested one by one. Our layout has 128 maps of 8 × 8 places, room for a whole cat, where StyleGAN starts
# from a constant of 4 × 4; and nothing in the training asks a later layer to decide a part. Style mixing (this generator was trained with a share of .3) does not ask for it either: any mix of clean parts is a possible cat.
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
# Eyes and mouth do. With four rows of eight from A, the eyes are A's in nineteen of twenty mixes, and the mouth is mostly not A's until the sixth row. Accessories are split, as hats sit above and scarves below; the fur passes over gradually. The body's colour is mostly A's from three rows on. (The lab's curves are of 60 other pairs.)

# %% alt="A lab. Three large cats: A, cream with a black hat, B, blue with a collar, and between them a mix of A's upper rows and B's lower ones. Curves of five parts rise with the rows of the layout that are A's, the eyes steeply at the fourth row and the mouth at the sixth; below, nine small mixes from B to A."
mixes = MixingLab(cats, lambda pixels: judge.read(pixels)[1], first=22, second=3)
mixes

# %% [markdown]
# **The verdict.** "The latent space of a GAN is interpretable": of this generator, partly true. Linear probes find the parts in it; the five principal directions that we tried, at 3 standard deviations, are not factors; and of four kinds of edit only the local one in the layout left most of the rest alone,
# towards means that needed a judge's labels. Ask for the two columns: *changed what it should*, and *left the rest alone*.

# %% [markdown]
# ## Debugging card
#
# | what it looks like | what to test | what to mend |
# |---|---|---|
# | a new idea makes it worse | its cost a step; a better learning rate; another seed | compare at equal time, not at equal steps |
# | all samples alike in one trait | the minibatch standard deviation; the histogram of parts | groups in $D$; a penalty |
# | a checkerboard in flat colours | transposed convolutions (chapter 02) | one 3 × 3 convolution after each enlargement (ours has none after the last) |
# | droplets or blots that stay in place | normalisation of a sample's maps | modulation and demodulation, or the batch's statistics |
# | texture sticks to the screen when things move | equivariance in decibels | alias-free layers |
# | samples at ψ = 1 are broken, at ψ = .5 fine and dull (or the other way round) | distance and variance over ψ | longer training; say which ψ you show |
# | an edit changes everything | how much each other part stays | edit the layout, where the part is; a smaller step (not tried here) |
# | an inverted picture looks right and edits badly | the distance of its styles to the mean style | styles held nearer to it, or one for all layers (not tried here) |
#
# ## What we saw
#
# - At equal computing time, in a minute on 32 × 32 cats, no idea without labels clearly beat the plain pair; styles were level with it or slightly behind; attention, growing, the small StyleGAN 2 (with far fewer weights) and the residual blocks were well behind. The minibatch standard deviation was worth a factor of two.
# - Telling both players the parts made the told parts far clearer: told the colour, the judge was sure of it in 99 of 100 samples instead of 40, at a somewhat larger Fréchet distance; told all five parts (and with a D that sees single pixels), twenty minutes made crisp cats where 78 minutes, told nothing, had left them mottled, and an edit is a change of a label.
# - Truncation takes variety away, and this judge, which distrusts mixtures, is no surer for it.
# - An alias-free layer moves with its input, to less than a tenth of a plain one's squared error; a fresh residual block is the identity; demodulation keeps sizes near 1.
# - Body, accessory and eyes can be read from the style, fur and mouth poorly; only eyes and accessories could be edited well, by local edits of the layout. Layers did not separate shape from colour here.
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
# 2. A linear probe reads the body's colour from the style. Why need a step in its direction not change the colour alone?
#    <details><summary>Answer</summary>The probe asks only that the colours can be told apart along it. Other parts may depend on the same direction, and then they change as well.</details>
# 3. Demodulation computes the size of a map instead of measuring it. What does it assume?
#    <details><summary>Answer</summary>That the input maps are independent and of unit variance. It is not exactly so, but near enough to keep sizes from growing through the layers; and it uses no statistics of a sample, which is what caused the droplets.</details>
# 4. Why may the cheat "known cats again" have the best Fréchet distance of all?
#    <details><summary>Answer</summary>They are real cats, of the same distribution. The distance does not ask whether a picture is new; the share of new combinations does.</details>
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
