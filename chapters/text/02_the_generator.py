# %% [markdown]
# # 02 · The generator
#
# [← 01 The game](01_the_game.ipynb) · [contents](00_start.ipynb) · [03 The discriminator →](03_the_discriminator.ipynb) · [assignment](assignments/release/02_the_generator/02_the_generator.ipynb)
#
# **How does noise become data?**

# %% alt="A moving picture: ten handwritten digits in two rows, white on black, drawn by a GAN. Each changes smoothly while its noise walks around a circle: strokes bend, loops close, and one digit turns into another." tags=["hide-input"]
import math
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from matplotlib.colors import to_rgb
from torch import nn

from gan_lessons import recipes
from gan_lessons.plots import diagrams, images, style
from gan_lessons.plots.motion import Animation

SEEDS = 5
torch.set_num_threads(1)  # small networks are fastest on one thread
torch.manual_seed(2)
style.use()

recipe = recipes.find("digits", "long")
digit_gan = recipe.load()
start, across = torch.randn(2, 10, digit_gan.noise_dim, generator=torch.Generator().manual_seed(1))
frames = []
for angle in torch.arange(36) / 36 * 2 * math.pi:
    with torch.no_grad():
        pictures = digit_gan.average(angle.cos() * start + angle.sin() * across)
    sheet = images.tile(pictures, columns=5)[..., 0].mul(255).byte()
    frames.append(sheet.repeat_interleave(3, 0).repeat_interleave(3, 1).numpy())
Animation(frames, milliseconds=110, rest=110, colors=32)

# %% [markdown]
# These digits are drawn by a generator that [chapter 09](09_images.ipynb) trains. All that moves is its noise: 64 numbers for each digit, which walk
# around a circle. As the noise changes smoothly, so do the pictures. This chapter explains why, and what this smoothness costs.
#
# **You will** send noise through maps and watch what becomes of its density, give a generator an impossible task and measure how near it
# gets, and look at networks before they have learned anything.
#
# **You will learn** to
# - compute the density that a map makes from noise,
# - say what width, depth, activation and noise dimension can improve, and what none of them can,
# - relate the samples that fall between two modes to the slope of the generator,
# - choose first weights under which a signal survives twenty layers,
# - recognise checkerboard artefacts and know where they come from.
#
# **You will need** [chapter 01](01_the_game.ipynb), derivatives and a little matrix algebra, and a minute of computing.

# %% alt="The block diagram of a GAN with noise, generator and fake in full colour and the rest pale: noise z enters the generator G, which makes the fake G(z)." tags=["hide-input"]
diagrams.gan(lit=("noise", "generator", "fake"))


# %% [markdown]
# This chapter is about the highlighted half. No discriminator takes part: we study what a generator can and cannot do, whatever a discriminator
# asks of it.
#
# ## 1 · Noise on a line
#
# A generator takes noise $z$ with a simple density $p_z(z)$, here the standard normal, and returns $x = G(z)$. It adds nothing
# random of its own: all the randomness is in $z$. How is $x$ distributed? Take a map that rises everywhere, most steeply in the middle:

# %%
def bend(z):
    return z + 1.2 * torch.tanh(2 * z)


# %%
def slope(z):
    """The derivative of `bend`."""
    return 1 + 2.4 / torch.cosh(2 * z) ** 2


# %%
def normal(z):
    return torch.exp(-z.square() / 2) / math.sqrt(2 * math.pi)


# %% [markdown]
# Cut the noise into ten slices of equal probability. The map sends each slice somewhere, and the slice keeps its tenth of the
# samples, however wide it becomes. Where the map is steep, a slice is stretched and its samples spread thinly; where the map is flat, they pile up.
# A slice from $z$ to $z + dz$ becomes $G'(z)\,dz$ wide, so its density is divided by the slope:
#
# $$ q(x) = \frac{p_z(z)}{|G'(z)|}, \qquad x = G(z). $$
#
# This is the **change of variables** formula; $q$ is the **push-forward** of the noise's density by $G$. (If several $z$ lead to the same $x$, their terms add up.)
#
# > **Predict, then run.** The noise has one bump. How many will $x$ have?

# %%
z = torch.linspace(-3, 3, 601)
borders = torch.special.ndtri(torch.linspace(0.1, 0.9, 9))
edges = torch.cat([torch.tensor([-3.0]), borders, torch.tensor([3.0])])
samples = bend(torch.randn(20_000, generator=torch.Generator().manual_seed(0)))

# %% alt="Three panels. Bottom left: the grey bell curve of the noise, cut into ten slices of equal probability in alternating shades. Top left: the S-shaped map, steep in the middle, with guide lines from each slice border up to the curve and across. Right: the density of x, drawn sideways in orange, two bumps at about plus and minus two with a valley between; the middle slices are wide and thin, and a black outline, the histogram of 20,000 samples, follows them." tags=["hide-input"]
figure, axes = plt.subplots(
    2, 2, figsize=(7.2, 4.8), width_ratios=(2, 1), height_ratios=(2, 1), sharex="col", sharey="row"
)
axes[1, 1].axis("off")
axes[0, 0].plot(z, bend(z), color="black")
axes[0, 0].vlines(borders, -4.5, bend(borders), color=style.REFERENCE, lw=0.6)
axes[0, 0].hlines(bend(borders), borders, 3, color=style.REFERENCE, lw=0.6)
for index, (low, high) in enumerate(pairwise(edges)):
    part = torch.linspace(low, high, 50)
    shade = {"alpha": 0.3 + 0.35 * (index % 2), "lw": 0}
    axes[1, 0].fill_between(part, normal(part), color=style.REFERENCE, **shade)
    axes[0, 1].fill_betweenx(bend(part), normal(part) / slope(part), color=style.FAKE, **shade)
axes[0, 1].hist(samples, 40, range=(-4.5, 4.5), density=True, orientation="horizontal", histtype="step", color="black")
axes[0, 0].set(ylabel="x = G(z)", ylim=(-4.5, 4.5), xlim=(-3, 3), title="The map is steep in the middle")
axes[1, 0].set(xlabel="noise z", ylabel="density of z", yticks=[0, 0.4], title="Ten slices of 10 % each")
axes[0, 1].set(xlabel="density of x", title="Two bumps come out")
axes[0, 1].tick_params(labelbottom=True)
plt.show()

# %% [markdown]
# One bump went in and two came out: the map is steepest where the noise is densest, and lowers the density there. The black outline, a
# histogram of 20,000 samples, agrees with the formula.

# %% tags=["claim"]
fine = torch.linspace(-5, 5, 20_001, dtype=torch.float64)
images_of, density = bend(fine), normal(fine) / slope(fine)
mass = torch.histogram(images_of[1:], 40, range=(-5.0, 5.0), weight=density[1:] * images_of.diff()).hist
for seed in range(SEEDS):
    drawn = bend(torch.randn(20_000, generator=torch.Generator().manual_seed(seed))).double()
    found = torch.histogram(drawn, 40, range=(-5.0, 5.0)).hist / 20_000
    chance = (mass * (1 - mass) * 2 / (math.pi * 20_000)).sqrt().sum()
    assert (found - mass).abs().sum() < 1.6 * chance, "as near as 20,000 samples can be by chance"


# %% [markdown]
# ### To cross a gap, the map must be steep
#
# Suppose the data lie in two narrow modes at $\pm 2$ with nothing between. A network is continuous: on the way from one mode to the other, $G(z)$ passes through every
# point of the gap. All it can do is cross quickly. A map whose slope is at most $L$ everywhere is called **Lipschitz** with constant $L$. If the gap is $w$ wide, the map needs a stretch of noise
# at least $w / L$ long to cross it, and all samples from this stretch land in the gap. The shortest stretch belongs to a map that rises with slope $L$ in the middle and is flat elsewhere. Call
# $|x| < 1.9$ the gap, so $w = 3.8$:

# %%
def in_the_gap(steep, seed):
    """The share of 20,000 samples of x = steep · z, cut off at ±2, in the gap."""
    noise = torch.randn(20_000, generator=torch.Generator().manual_seed(seed))
    return ((steep * noise).clamp(-2, 2).abs() < 1.9).float().mean()


# %%
shares = {}
for steep in (1, 4, 16, 64):
    shares[steep] = torch.stack([in_the_gap(steep, seed) for seed in range(SEEDS)])
    formula = math.erf(1.9 / steep / math.sqrt(2))
    print(f"slope {steep:2}: {shares[steep].mean():6.2%} in the gap, by formula {formula:6.2%}")

# %% tags=["claim"]
assert all(((share - math.erf(1.9 / steep / math.sqrt(2))).abs() < 0.015).all() for steep, share in shares.items())


# %% [markdown]
# Once the map is steep, quadrupling the slope cuts the share in the gap to a quarter, never to zero. The noise with $|z| < 1.9 / L$ falls into it, and in this short
# stretch the noise has density $p_z(0) \approx 0.40$, so the share is about $0.40\, w / L$. But the noise is densest exactly there. Could the generator not
# cross far out in the tail? Then one mode would get hardly any samples. To serve both modes equally, it must cross in the middle.
#
# > **Your turn.** How steep must the map be for one sample in a thousand? Use the approximation, then check it with `in_the_gap`.
#
# <details><summary>Solution</summary>
#
# $0.40 \cdot 3.8 / L = 0.001$ gives $L \approx 1{,}500$. Of 20,000 samples, `in_the_gap(1500, 0)` finds about 20 in the gap.
#
# </details>
#
# ## 2 · Noise in the plane
#
# In the plane a small square of noise becomes a small parallelogram. Its area is multiplied by the determinant of the matrix of derivatives, the **Jacobian** $J$:
#
# $$ q(x) = \frac{p_z(z)}{|\det J(z)|}, \qquad J_{ij} = \frac{\partial G_i}{\partial z_j}. $$
#
# The next map bends the plane into a fan: it lifts points by $z_1^2/2$ and spreads them upwards and downwards by a factor $e^{z_1/2}$.
# Autograd gives us the Jacobian at every point.

# %%
def fan(z):
    """[..., 2] to [..., 2]."""
    first, second = z.unbind(-1)
    return torch.stack([first, second * torch.exp(first / 2) + first**2 / 2], -1)


# %%
def determinant(z):
    return torch.linalg.det(torch.func.vmap(torch.func.jacrev(fan))(z))


determinant(torch.tensor([[-2.0, 0.0], [0.0, 0.0], [2.0, 1.0]]))

# %% [markdown]
# These are $e^{z_1/2}$ at $z_1 = -2$, 0 and 2: the map shrinks areas on the left and enlarges them on the right.

# %% alt="Left: a square grid over the noise plane with a round cloud of grey noise points. Right: the same grid after the map, bent upwards at both sides like a fan; its cells are narrow and low at the left and tall at the right, and the orange samples are densest left of the middle and thin out at both ends." tags=["hide-input"]
ticks, along = torch.linspace(-2, 2, 9), torch.linspace(-2, 2, 60)
noise = torch.randn(1500, 2, generator=torch.Generator().manual_seed(0))
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.5))
for panel, change, color in zip(axes, (torch.clone, fan), (style.REFERENCE, style.FAKE), strict=True):
    for tick in ticks:
        across = torch.stack([tick.expand(60), along], 1)
        panel.plot(*change(across).T, color="black", lw=0.6)
        panel.plot(*change(across.flip(1)).T, color="black", lw=0.6)
    panel.scatter(*change(noise).T, s=5, alpha=0.45, color=color, lw=0)
    panel.set(xlim=(-3, 3), ylim=(-4, 8) if change is fan else (-3, 3))
axes[0].set(xlabel="z₁", ylabel="z₂", title="Noise, and a grid of equal squares")
axes[1].set(xlabel="x₁", ylabel="x₂", title="Each cell keeps its points")
plt.show()

# %% [markdown]
# The collapsed cell checks the formula by counting: around the images of three noise points, the share of 400,000 samples in a small disc, divided
# by its area, is the density that the formula gives.

# %% tags=["claim"]
places = torch.tensor([[-1.5, 0.3], [0.0, -0.5], [1.2, 0.5]])
formula = normal(places).prod(1) / determinant(places).abs()
counted = []
for seed in range(SEEDS):
    samples = fan(torch.randn(400_000, 2, generator=torch.Generator().manual_seed(seed)))
    counted.append((torch.cdist(fan(places), samples) < 0.1).float().mean(1) / (math.pi * 0.1**2))
counted = torch.stack(counted)
assert ((counted / formula - 1).abs() < 0.2).all(), "the change of variables holds in the plane"
assert ((counted.mean(0) / formula - 1).abs() < 0.08).all(), "and closely, over all seeds"

# %% [markdown]
# The lab shows two kinds of noise and eight maps. Where the square of noise is orange, its area will be squeezed, and where it is purple, stretched; the
# grid shows where it goes. It opens with a *swirl*, which turns each point around the origin, the outer ones more.
#
# > **Predict, then run.** What does a swirl do to area?

# %% alt="The lab with a swirl. Left: the square of noise with a straight grid, in one pale colour, since no area is stretched or squeezed. Right: the same points and grid twisted around the origin like a whirlpool, the outer ones farther."
from gan_lessons.labs.points.push_forward import PushForwardLab, simulate_plane

lab = PushForwardLab(map="2-D swirl", strength=2)
lab

# %% [markdown]
# It looks violent and leaves every area as it was: the determinant is 1 everywhere. Now choose the map `2-D network`, a network with random weights, and raise
# its strength. As a rule it folds the plane: where the determinant changes its sign the sheet is turned over, and points from both sides land on the same spot.

# %% tags=["claim"]
folded = 0
for seed in range(SEEDS):
    lab.set(map="2-D swirl", strength=1.0 + 0.4 * seed)
    area = simulate_plane(lab.parameters).area
    assert ((area - 1).abs() < 1e-3).all(), "a swirl keeps every area"
    lab.set(map="2-D network", strength=3.0, width=64, depth=4, seed=seed)
    turned = (simulate_plane(lab.parameters).area < 0).float().mean()
    folded += 0.02 < turned < 0.98
assert folded == SEEDS, "deep networks with strong random weights fold the plane"

# %% [markdown]
# ### How many dimensions come out?
#
# The generator of the first picture takes 64 numbers and returns 784 pixels. Could its samples fill a small ball in 784 dimensions? They cannot. A smooth map of a plane is a
# curved sheet, however often it is bent, and in general a smooth map of $k$ numbers makes a **manifold**, a curved surface, of at most $k$ dimensions: $J$ has $k$ columns, hence at most $k$
# directions in which a small step of noise can go.
#
# The dimension can be measured. Draw $n$ samples and take the typical distance from a sample to its **nearest neighbour**, the sample that is closest to it. On a curve, four times as many
# samples lie four times as close; on a sheet, twice as close; in $k$ dimensions, $4^{1/k}$ times. So the distances of neighbours reveal the dimension.

# %%
from gan_lessons.networks.points import mlp


# %%
def dimension(noise_dim, seed, count=500, outputs=8):
    """The dimension of a random network's samples, by the distances of nearest neighbours."""
    torch.manual_seed(seed)
    network = mlp(noise_dim, outputs, width=64, depth=2, activation=nn.Tanh)
    network.double()  # neighbours are very close
    with torch.no_grad():
        samples = network(2 * torch.rand(4 * count, noise_dim).double() - 1)
    apart = (torch.cdist(some, some).fill_diagonal_(math.inf) for some in (samples[:count], samples))
    few, many = (each.min(1).values.median() for each in apart)
    return math.log(4) / math.log(few / many)


# %%
found = {}
for noise_dim in (1, 2, 3):
    values = torch.tensor([dimension(noise_dim, seed) for seed in range(SEEDS)])
    print(f"{noise_dim} into 8: {values.mean():.2f}  ({values.min():.2f} to {values.max():.2f})")
    found[noise_dim] = values

# %% tags=["claim"]
assert all(((values / noise_dim - 1).abs() < 0.3).all() for noise_dim, values in found.items())

# %% [markdown]
# The samples have as many dimensions as the noise. The noise's space is called the **latent space**. A small one suits digits, which do not fill their 784
# dimensions either; but with too few numbers whole directions of the data cannot be reached.
#
# > **Your turn.** Predict `dimension(5, seed, outputs=2)`: five noise numbers into two. Then run it.
#
# <details><summary>Solution</summary>
#
# 1.9 to 2.2 for the five seeds: a map into the plane cannot make more than two dimensions. (With eight outputs the same noise gives 4.2 to 5.0; the
# estimate comes out a little low where samples near the edge have neighbours on one side only.)
#
# </details>
#
# ## 3 · Eight modes
#
# Now for the impossible task. The data are eight narrow modes on a ring ([chapter 05](05_the_first_gan.ipynb) trains a GAN on them), each a Gaussian
# with standard deviation 0.02. Samples within three standard deviations of a mode's centre are called **high-quality samples**. Of the data's own samples, 1.1 % are not ($e^{-9/2}$).
#
# We make the task as easy as possible. There is no game: we *tell* the generator the right mode for every noise point, by the angle of the noise. The noise plane falls into eight
# equal sectors, one for each mode.

# %%
from gan_lessons.data.points import ring
from gan_lessons.metrics.modes import mode_scores, perfect

modes = ring(modes=8, radius=2.0, std=0.02)


# %%
def right_mode(noise):
    """The centre of the mode for each noise point, by its first two numbers."""
    share = torch.atan2(noise[..., 1], noise[..., 0]) / (2 * math.pi) % 1
    return modes.centres[(8 * share).long().clamp(max=7)]


# %% [markdown]
# The generators are **multilayer perceptrons** (MLPs): each unit of a hidden layer adds up its inputs times weights, plus a constant, the **bias**, and this sum, the
# **pre-activation**, passes through an activation function. The **ReLU**, $\max(0, t)$, is the usual one.

# %% alt="A multilayer perceptron as a stack: two noise numbers enter, then two layers of 64 ReLU units, then a linear layer with two outputs, the point x." tags=["hide-input"]
diagrams.stack(
    "generator: a multilayer perceptron",
    [("linear, ReLU", "64"), ("linear, ReLU", "64"), ("linear", "2")],
    start="noise, 2",
)

# %% [markdown]
# We train five networks of each kind, from five seeds, side by side (`stack` puts their weights into one tensor), with the squared
# distance to the right mode as the loss.

# %%
from gan_lessons.populations import stack


# %%
def taught(noise_dim=2, width=64, depth=2, activation=nn.ReLU, steps=500):
    """Five generators that were told the right mode for each of `steps` batches of noise."""
    networks = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        networks.append(mlp(noise_dim, 2, width, depth, activation))
    generators = stack(networks)
    optimizer = torch.optim.Adam(generators.parameters(), lr=5e-3, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        noise = torch.randn(SEEDS, 256, noise_dim)
        loss = (generators(noise) - right_mode(noise)).square().mean((1, 2)).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return generators


# %% [markdown]
# We measure two numbers for each network: the share of 4,000 samples that fall between the modes (those that are not of high quality), and the steepest slope found at
# these 4,000 noise points, that is the largest factor by which a small step of noise is stretched (the largest singular value of $J$).

# %%
def between_and_slope(generators, noise_dim):
    """The share of samples between the modes and the steepest slope, each [SEEDS]."""
    noise = torch.randn(4000, noise_dim).expand(SEEDS, -1, -1).clone().requires_grad_()
    samples = generators(noise)
    sums = samples.sum((0, 1))
    rows = [torch.autograd.grad(each, noise, retain_graph=True)[0] for each in sums]
    steepest = torch.linalg.matrix_norm(torch.stack(rows, -2), 2).amax(1)
    return 1 - mode_scores(samples.detach(), modes).high_quality, steepest


# %%
KINDS = {
    "1 layer of 16": {"width": 16, "depth": 1},
    "1 layer of 256": {"width": 256, "depth": 1},
    "2 layers of 64": {},
    "4 layers of 64": {"depth": 4},
    "4 layers, 2,000 steps": {"depth": 4, "steps": 2000},
    "2 layers, tanh": {"activation": nn.Tanh},
    "2 layers, 8-D noise": {"noise_dim": 8},
}

# %% [markdown]
# The cell prints the mean share of samples between the modes, its range over five seeds, and the mean of the steepest slopes.
#
# > **Predict, then run.** Every network is told the answer. Which do you expect to leave the gaps empty: wide ones, deep ones, smooth ones,
# > those with more noise?

# %%
results, kept = {}, {}
for name, options in KINDS.items():
    kept[name] = taught(**options)
    results[name] = between_and_slope(kept[name], options.get("noise_dim", 2))
    between, steepest = results[name]
    spread = f"({between.min():.1%} to {between.max():.1%})"
    print(f"{name:22} {between.mean():6.1%} {spread:18} slope {steepest.mean():5.1f}")

# %%
best = 1 - perfect(modes, 100_000).high_quality
print(f"{'the data themselves':22} {best:6.1%}")

# %% [markdown]
# In 500 steps no network comes near the data's own 1.1 %. Width helps: from 16 to 256 units in one layer, 99.5 % between the modes become 77 %. So does depth, since each layer steepens what the layers before have
# made steep: from two to four layers of 64, 60 % become 38 %. Longer training helps too: with four times as many steps, 38 % become 3 %. Networks with tanh learn more slowly
# than those with ReLU. More noise dimensions do not help; here they hurt: the network must learn to ignore six of them.
#
# Why can it not be done? Section 1 gave the reason. The noise is connected and the generator continuous, so its samples form one connected
# sheet, and between the modes the sheet covers the gaps. How much of it lies there depends on the slope. Two lines show what is possible with slope $L$, for gaps $w = 1.41$ wide:
#
# - **eight straight borders** between the eight sectors, each crossed at slope $L$. A thin strip along one border, from the origin outwards, holds half as much noise as a
#   strip of the same width across the whole plane: $\tfrac12\, p_z(0) \approx 0.20$ times its width. The strips are $w / L$ wide, so together they hold
#   $8 \cdot 0.20\, w / L \approx 2.25 / L$;
# - **a lower bound** for *any* map that serves one half of the modes as often as the other, in any noise dimension:
#   $P(|z| < w / 2L)$ for one normal number $z$, about $0.56 / L$. The noise of the two halves must lie at least $w / L$ apart. The least noise lies between them if, as in
#   the figure's inset, they are two half-planes with a straight strip in between (the Gaussian isoperimetric inequality).

# %%
width_of_gap = 4 * math.sin(math.pi / 8) - 6 * modes.std  # from edge to edge
eight_borders = 8 * width_of_gap / (2 * math.sqrt(2 * math.pi))


def lower_bound(slope):
    return torch.erf(width_of_gap / slope / math.sqrt(8))


# %%
print(f"eight straight borders: {eight_borders:.2f} / L")
print(f"slope that they need for 1.1 %: {eight_borders / math.exp(-4.5):.0f}")

# %% alt="Share of samples between the modes against the steepest slope, both on logarithmic axes, five dots for each of seven kinds of network. The dots run from nearly 100 % at slopes below 10 down to two fifths for four layers and, after 2,000 steps, to 3 % at a slope of about 110, just above the falling line of eight straight borders. All lie above the lower, dotted line, the bound for any map; a dashed blue line at 1.1 per cent is the data's own share. An inset shows a cloud of noise, cut by a narrow vertical strip into two halves of four modes each; the points in the strip are black." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4))
colors = ["#332288", "#CC6677", "#7A7A1F", "#882255", "#222222", "#8A6508", "#1B7F8C"]
spots = [(3.2, 1.03), (5.2, 0.62), (16.5, 0.45), (48, 0.38), (135, 0.033), (19, 0.74), (9.5, 1.03)]
for (name, (between, steepest)), color, spot in zip(results.items(), colors, spots, strict=True):
    axes.plot(steepest, between, "o", ms=6, color=color, alpha=0.8)
    side = "right" if name == "2 layers of 64" else "left"
    axes.text(*spot, name.replace(", 2,000", ",\n2,000"), color=color, fontsize=9, va="center", ha=side)
slopes = torch.logspace(0, 2.8, 100)
axes.plot(slopes, eight_borders / slopes, color="black", lw=1)
axes.plot(slopes, lower_bound(slopes), color="black", lw=1, ls=":")
axes.text(15, 0.175, "eight straight borders: 2.25 / L", fontsize=9)
axes.text(1.5, 0.06, "lower bound for any map", fontsize=9)
axes.axhline(best, color=style.REAL, lw=1, ls="--")
axes.text(1.1, 1.1 * best, "the data themselves, 1.1 %", color=style.REAL, fontsize=9)
axes.set(xscale="log", yscale="log", xlim=(1, 600), ylim=(0.005, 1.3))
axes.set(
    yticks=[0.01, 0.1, 1], yticklabels=["1 %", "10 %", "100 %"], xticks=[1, 10, 100], xticklabels=["1", "10", "100"]
)
axes.set(xlabel="steepest slope L of the generator", ylabel="share between the modes")
axes.set_title("Deeper networks and longer training come near eight straight borders")
inset = axes.inset_axes((0.765, 0.6, 0.23, 0.38))
cloud = torch.randn(2, 700, generator=torch.Generator().manual_seed(0))
strip = cloud[0].abs() < 0.35
inset.scatter(*cloud[:, ~strip], s=2, color=style.FAKE, lw=0)
inset.scatter(*cloud[:, strip], s=2, color="black", lw=0)
inset.vlines([-0.35, 0.35], -3, 3, color="black", lw=0.8)
inset.text(-1.7, 3.2, "4 modes", fontsize=9, ha="center")
inset.text(1.7, 3.2, "4 modes", fontsize=9, ha="center")
inset.text(0, -3.9, "strip: w / L wide", fontsize=9, ha="center")
inset.set(xlim=(-3.2, 3.2), ylim=(-4.2, 4.2))
inset.set_axis_off()
plt.show()

# %% tags=["claim"]
assert all((between > eight_borders / steepest).all() for between, steepest in list(results.values())[1:])
mean = {name: between.mean() for name, (between, _) in results.items()}
for between, steepest in results.values():
    assert (between > 2 * best).all() and (between > lower_bound(steepest)).all(), "far above the data, and the bound"
assert (results["1 layer of 256"][0] < 0.85).all() and (results["1 layer of 16"][0] > 0.95).all(), "width helps"
assert results["2 layers of 64"][0].min() > 1.2 * results["4 layers of 64"][0].max(), "depth helps"
long, steep = results["4 layers, 2,000 steps"]
assert (long < 0.05).all() and (long < 2 * eight_borders / steep).all(), "patience comes near eight straight borders"
assert (results["4 layers of 64"][0] > 7 * long).all()
assert mean["2 layers, tanh"] > 1.1 * mean["2 layers of 64"], "tanh is slower"
assert mean["2 layers, 8-D noise"] > 1.1 * mean["2 layers of 64"], "more noise does not help"


# %% [markdown]
# All dots lie above the lower bound, and those of six kinds above the line of eight straight borders as well. (The seventh, one layer of 16, is so flat that $2.25 / L$ is no longer a good approximation: it nears 1.)
# The *steepest* slope is not the whole story: a network reaches it at a few places only, and what counts is how steep it is along all of its borders. Long training makes nearly all of them steep: at a slope of about 110 it leaves 3 %,
# where eight straight borders would leave 2 %. To be as good as the data, even they would need a slope of about 200.
#
# ### What the latent space looks like
#
# On the left, each noise point has the colour of the mode that it is sent to, and is black if it falls between two. On the right, the noise walks around a circle in this plane.

# %%
def member(noise):
    """What the first of the five four-layer generators makes of noise [count, 2]."""
    return kept["4 layers of 64"](noise.expand(SEEDS, -1, -1))[0].detach()


# %%
side = torch.linspace(-3, 3, 200)
plane = torch.cartesian_prod(side, side).flip(1)  # row 0 at the bottom
distance, nearest = torch.cdist(member(plane), modes.centres).min(1)
light = ["#88CCEE", "#CC6677", "#999933", "#AA4499", "#DDDDDD", "#B8860B", "#44AA99", "#DDCC77"]
palette = torch.tensor([to_rgb(color) for color in light])
painted = torch.where((distance < 3 * modes.std)[:, None], palette[nearest], 0.0)
painted = painted.reshape(200, 200, 3)

# %%
angle = torch.linspace(0.01, 2 * math.pi - 0.01, 800)
walk = member(1.2 * torch.stack([angle.cos(), angle.sin()], 1))

# %% alt="Left: the noise plane of a four-layer generator, with eight coloured wedges that point to the origin, one for each mode; between them black borders, and black patches farther out and inside some wedges. Right: the angle of the sample on the ring against the angle of the noise, a staircase with eight nearly flat steps and steep risers." tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2), width_ratios=(1, 1.2))
left.imshow(painted, origin="lower", extent=(-3, 3, -3, 3), interpolation="nearest")
left.set(xlabel="z₁", ylabel="z₂", title="Black: between the modes")
right.plot(angle, (torch.atan2(walk[:, 1], walk[:, 0]) + 0.4).remainder(2 * math.pi) - 0.4, ".", ms=3, color=style.FAKE)
right.set(xlabel="angle of the noise", ylabel="angle of the sample", title="A walk rests, then jumps")
plt.show()

# %% [markdown]
# Such a walk from one noise to another is called an **interpolation**. Here the samples hardly move for a while and then rush to the next mode,
# through the gap. Remember this staircase when you see interpolations between photographs, and look once more at the digits at the top of this page: between two classes they pass through
# shapes that are no digit.
#
# The cure is not a better network. If the *noise* is in pieces, the generator need not be steep anywhere. Give it a switch: a number
# $k$ from 1 to 8 beside $z$, and a very simple map, $G(z, k) = c_k + 0.02\, z$, where $c_k$ is the centre of mode $k$.

# %%
switched = []
for seed in range(SEEDS):
    random = torch.Generator().manual_seed(seed)
    k = torch.randint(8, (20_000,), generator=random)
    samples = modes.centres[k] + 0.02 * torch.randn(20_000, 2, generator=random)
    switched.append(1 - mode_scores(samples, modes).high_quality)

# %%
in_gaps = torch.stack(switched)
print(f"with a switch: {in_gaps.mean():.1%} between the modes, with a slope of 0.02")

# %% tags=["claim"]
assert ((in_gaps - math.exp(-4.5)).abs() < 0.004).all(), "noise in pieces makes the modes as well as the data do"


# %% [markdown]
# A linear map with a switch beats every network that we trained without one. Labels are such a switch ([chapter 10](10_images_on_demand.ipynb)), and so are mixtures of generators
# (Khayatkhoei et al. 2018).
#
# > **Your turn.** Train the two-layer networks four times as long: `between_and_slope(taught(steps=2000), 2)`. Then try
# > `taught(depth=4, activation=nn.Tanh, steps=2000)`.
#
# <details><summary>Solution</summary>
#
# With 2,000 steps the two-layer networks leave 7 to 10 % between the modes, at slopes of 56 to 76 (eight straight borders would leave about 3 %). Four layers of tanh reach slopes of about 200
# and 2.0 to 2.6 %: with tanh, training takes longer, but the result is no worse.
#
# </details>
#
# ## 4 · Before the first step
#
# A network starts with random weights. If they are badly chosen, the noise is lost on its way through the layers: all outputs are nearly the same point, and so are the gradients for
# different $z$. Two quantities are worth following from layer to layer: the **size** of the activations (their root mean square), and the **relative distance**
# between the activations of two different inputs, that is their distance divided by that size.
#
# The size can be computed from variances. A unit adds up $n$ inputs times independent weights of variance $c / n$, so its pre-activation has $c$ times the mean square of
# its inputs. A ReLU then sets half of it to zero. The mean square is multiplied by $c / 2$ at every layer, and stays the same for
# $c = 2$. That is **He initialisation** (He et al. 2015). PyTorch's `nn.Linear` draws weights from $U(-1/\sqrt n, 1/\sqrt n)$, which is $c = \tfrac13$, and biases from the
# same interval.
#
# > **Predict, then run.** After 20 layers, how large are the activations with PyTorch's default? How far apart are two inputs, relative to that?

# %%
def follow(c, biases, seed, layers=20, width=256):
    """Size and relative distance after each ReLU layer, [layers, 2]; weights N(0, c / width)."""
    random = torch.Generator().manual_seed(seed)
    signal, found = torch.randn(2, 256, width, generator=random), []  # 256 pairs of inputs
    for _ in range(layers):
        weight = torch.randn(width, width, generator=random) * math.sqrt(c / width)
        bias = (2 * torch.rand(width, generator=random) - 1) / math.sqrt(width)
        signal = torch.relu(signal @ weight + biases * bias)
        size = signal.square().mean().sqrt()
        distance = (signal[0] - signal[1]).square().mean().sqrt()
        found.append(torch.stack([size, distance / size]))
    return torch.stack(found)


# %%
STARTS = {
    "He": (2.0, 0),
    "c = 1/3, no biases": (1 / 3, 0),
    "nn.Linear: c = 1/3, biases": (1 / 3, 1),
}
followed = {}
for name, start in STARTS.items():
    followed[name] = torch.stack([follow(*start, seed) for seed in range(SEEDS)], 1)
    size, apart = followed[name][-1].mean(0)
    print(f"{name:27} after 20 layers: size {size:.1e}, relative distance {apart:.1e}")

# %% alt="Two panels with logarithmic axes over 20 layers. Left, size: He initialisation stays near 1; one third without biases falls straight to a hundred-millionth; nn.Linear falls at first and then stays at about 0.03. Right, relative distance: He and one third without biases lie on each other and fall slowly from 1.2 to 0.4; nn.Linear falls to less than a millionth." tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.2))
layer = torch.arange(1, 21)
for (name, values), color in zip(
    followed.items(), (style.CATEGORIES[0], style.CATEGORIES[1], style.CATEGORIES[5]), strict=True
):
    for panel, k in zip(axes, (0, 1), strict=True):
        panel.plot(layer, values[..., k].mean(1), color=color, lw=2, ls="--" if "no" in name else "-")
for panel in axes:
    panel.set(yscale="log", xlabel="layer", xticks=[1, 5, 10, 15, 20], ylim=(1e-8, 5))
axes[0].set(ylabel="size")
axes[1].set(ylabel="relative distance")
axes[0].text(7, 0.18, "He", color=style.CATEGORIES[0], fontsize=9)
axes[0].text(9, 1.5e-6, "c = 1/3,\nno biases", color=style.CATEGORIES[1], fontsize=9, ha="right")
axes[0].text(10, 0.004, "nn.Linear, with biases", color=style.CATEGORIES[5], fontsize=9)
axes[1].text(7, 0.09, "He, and c = 1/3 without biases", color=style.CATEGORIES[0], fontsize=9)
axes[1].text(7.5, 2e-5, "nn.Linear,\nwith biases", color=style.CATEGORIES[5], fontsize=9, ha="right")
axes[0].set_title("He initialisation keeps the size")
axes[1].set_title("nn.Linear loses the difference")
plt.show()

# %% tags=["claim"]
for name, (c, biases) in STARTS.items():
    size, apart = followed[name].unbind(-1)
    if not biases:
        factor = (size[-1] / size[0]) ** (1 / 19)
        assert ((factor / math.sqrt(c / 2) - 1).abs() < 0.05).all(), "√(c / 2) a layer"
        assert ((apart[-1] - 0.4).abs() < 0.1).all(), "the relative distance does not depend on c"
    else:
        assert size[-1].min() > 0.01 and apart[-1].max() < 1e-5, "the size stays, the difference goes"

# %% [markdown]
# Read both panels together. Without biases the size is multiplied by $\sqrt{c/2}$ at every layer, as computed: small weights make everything small. The *relative*
# distance is the same for every $c$, since a ReLU network without biases scales with its weights; it shrinks slowly, because ReLU layers pull different inputs
# together. The noise is lost by the combination of the two. In `nn.Linear` the signal shrinks to 41 % at each layer and the biases do not, so
# after a few layers nearly all that is left are the biases, the same for every input.
#
# With two to four layers this can be made up for in training: all networks of section 3 started from the default. Deeper generators can use He initialisation with biases at zero, or **batch
# normalisation**, which gives every unit's pre-activations mean 0 and variance 1 over the minibatch, or a **residual connection**, $x + f(x)$, which
# lets the signal pass a layer unchanged.
#
# > **Your turn.** Predict size and relative distance for $c = 4$ without biases, then run `follow(4.0, 0, seed=0)[-1]`.
#
# <details><summary>Solution</summary>
#
# The size grows by $\sqrt 2$ a layer, to about 960 after 20 layers; the relative distance is 0.4, as for every other $c$.
#
# </details>
#
# ## 5 · From points to pictures
#
# A generator of pictures uses one more idea: the same local patterns, such as strokes and edges, occur everywhere in a picture. A **convolution** slides one small set of weights, the kernel, over
# the whole picture, so each output sees a small patch of the input, its **receptive field**. Such knowledge that is built into a network rather
# than learned is called an **inductive bias**. Our digit generator lays out a small picture of 7 × 7 with 64 channels and doubles its side twice (**upsampling**). Batch normalisation
# follows every layer but the last:

# %% alt="The digit generator as a stack of growing bars: 64 noise numbers; a linear layer to 128; a linear layer to 64 channels of 7 by 7; a transposed convolution to 32 channels of 14 by 14; a transposed convolution and tanh to one channel of 28 by 28." tags=["hide-input"]
diagrams.stack(
    "generator of digits",
    [
        ("linear, ReLU", "128"),
        ("linear, ReLU", "64 × 7 × 7"),
        ("transposed, conv, ReLU", "32 × 14 × 14"),
        ("transposed, conv, tanh", "1 × 28 × 28"),
    ],
    start="noise, 64",
)


# %% [markdown]
# There are two common ways to double the side. In a **transposed convolution** of stride 2 each input pixel stamps its kernel onto the output, and neighbouring stamps land two
# pixels apart. Or the picture is resized first, each pixel repeated in a 2 × 2 block, and an ordinary convolution follows.
#
# With stride 2, even and odd output pixels are made by *different* weights of the kernel. So even a constant input can give a pattern of period two, **checkerboard artefacts** (Odena et al.
# 2016). They have the highest spatial frequency that a picture can have, half a cycle per pixel, and the share of a picture's power at this frequency measures them.

# %%
def doubling(kind, inputs, outputs):
    """One layer that doubles the side of a picture."""
    if kind == "resize, convolve 3":
        convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        return nn.Sequential(nn.Upsample(scale_factor=2), convolution)
    kernel = int(kind[-1])
    options = {"stride": 2, "padding": 1, "output_padding": 4 - kernel, "bias": False}
    return nn.ConvTranspose2d(inputs, outputs, kernel, **options)


# %%
def of_constant(kind, equal, seed=0):
    """What one layer makes of a constant input, without the border, [1, 1, 16, 16]."""
    torch.manual_seed(seed)
    layer = doubling(kind, 8, 1)
    weight = next(layer.parameters())
    nn.init.ones_(weight) if equal else nn.init.normal_(weight)
    return layer(torch.ones(1, 8, 10, 10)).detach()[..., 2:18, 2:18]


# %%
def checkerboard(pictures):
    """The share of the power at half a cycle per pixel, horizontally or vertically."""
    power = torch.fft.fft2(pictures).abs().square().mean((0, 1))
    middle = len(power) // 2
    highest = power[middle].sum() + power[:, middle].sum() - power[middle, middle]
    return float(highest / power.sum())


# %% [markdown]
# > **Predict, then run.** Which of the three layers turn a constant input into a constant output when all weights are equal? Which when they are random?

# %%
WAYS = ("transposed 3", "transposed 4", "resize, convolve 3")
for kind in WAYS:
    equal = checkerboard(of_constant(kind, True))
    mixed = sum(checkerboard(of_constant(kind, False, seed)) for seed in range(40)) / 40
    print(f"{kind:20} {equal:5.1%} with equal weights, {mixed:5.1%} with random ones")

# %% alt="Six grey squares in two rows. Top row, equal weights: transposed 3 shows a plaid that repeats every two pixels, transposed 4 and resize-convolve are uniform. Bottom row, random weights: both transposed convolutions show a pattern that repeats every two pixels, and resize-convolve is uniform." tags=["hide-input"]
figure, axes = plt.subplots(2, 3, figsize=(7.2, 4.9))
for row, equal in zip(axes, (True, False), strict=True):
    for panel, kind in zip(row, WAYS, strict=True):
        picture = of_constant(kind, equal)[0, 0]
        panel.imshow(picture / picture.abs().max(), cmap="gray", vmin=-1.2, vmax=1.2)
        panel.spines[:].set_visible(False)
        panel.set(xticks=[], yticks=[], title=f"{kind}\n{'equal' if equal else 'random'} weights")
figure.suptitle("Only resize-and-convolve keeps a constant input constant with random weights, too")
plt.show()

# %% [markdown]
# It is often said that a kernel whose side is a multiple of the stride avoids the pattern. That holds for equal weights, where every pixel gets equally many stamps. With random weights the
# four kinds of pixel have four unrelated values, and three quarters of the power is checkerboard, for either kernel. That is how a generator *starts*. Does training remove it? Our digit
# generator has two transposed convolutions with kernel 4:

# %%
real, fake = recipe.data()[:1000], recipe.samples(digit_gan, 1000, seed=2)
untrained = []
for seed in range(SEEDS):
    torch.manual_seed(seed)
    with torch.no_grad():
        untrained.append(checkerboard(recipe.players()[0](torch.randn(500, digit_gan.noise_dim))))
print(f"untrained {min(untrained):.1%} to {max(untrained):.1%}")
print(f"trained {checkerboard(fake):.2%}, real digits {checkerboard(real):.2%}")

# %% alt="Two rows of eight handwritten digits, white on black, labelled real and fake. Most fakes can be read; some have blotches or loose strokes. No checkerboard pattern can be seen in them." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 2.2))
images.draw_sheet(axes, torch.cat([real[::125][:8], fake[:8]]), columns=8)
for row, (name, color) in enumerate((("real", style.REAL), ("fake", style.FAKE))):
    axes.text(-6, 30 * row + 14, name, ha="right", va="center", color=color)
axes.set_title("After training no checkerboard is left to see")
plt.show()

# %% tags=["claim"]
assert checkerboard(of_constant("transposed 3", True)) > 0.15 and checkerboard(of_constant("transposed 4", True)) < 1e-6
for kind in WAYS:
    mixed = [checkerboard(of_constant(kind, False, seed)) for seed in range(40)]
    assert max(mixed) < 1e-6 if "resize" in kind else abs(sum(mixed) / 40 - 0.75) < 0.1
assert min(untrained) > 0.05 and checkerboard(fake) < 2 * checkerboard(real) < 0.01

# %% [markdown]
# Training has removed nearly all of it from this generator. In a GAN only the discriminator can ask for that: a pattern that $D$ does not see would stay.
#
# > **Your turn.** Predict the two shares for a transposed convolution with kernel 2 (in `doubling`, set `"padding": 0` and `"output_padding": 0`).
#
# <details><summary>Solution</summary>
#
# 0 % with equal weights: every output pixel gets exactly one stamp. 76 % with random ones: four kinds of pixel with unrelated values, as before.
#
# </details>
#
# ## Debugging card
#
# | symptom | test | fix |
# |---|---|---|
# | before training, all samples are the same | relative distance of two samples, layer by layer | He initialisation with zero biases, or normalisation |
# | bridges of samples between the modes | share of high-quality samples; does it rise with more depth? | more depth; a label or another discrete input (chapter 10) |
# | whole directions of the data are missing | is `noise_dim` smaller than the data's dimension? | more noise numbers |
# | a fine pattern of period two | the checkerboard share, beside that of real pictures | resize and convolve; or a discriminator that sees it |
# | one pixel value fills the picture | are pre-activations of `tanh` far beyond ±3? | smaller last weights; data scaled to [−1, 1] |
#
# ## What we saw
#
# - A generator moves probability: the density of its samples is the noise's, divided by the slope, or in the plane by the determinant of the Jacobian.
# - Its samples have at most as many dimensions as the noise.
# - Crossing a gap of width $w$ with slope $L$ puts a share of about $0.4\,w / L$ into it. Depth and long training make a network steeper: our best reached 3 %, near what eight straight borders
#   allow, but not the data's own 1.1 %. A switch in the noise reached that at once.
# - ReLU layers multiply the size of a signal by $\sqrt{c/2}$. What erases the noise in deep default networks are the biases, which do not shrink with it.
# - Transposed convolutions start with checkerboard artefacts, whatever their kernel; our trained digit generator has none left.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Where the generator is flat (its slope is small), its samples are …
#    <details><summary>A · dense</summary><b>Right.</b> Much noise lands on little space: the density is divided by the slope.</details>
#    <details><summary>B · rare</summary><b>No.</b> It is the other way round: steep stretches spread the samples thin.</details>
#    <details><summary>C · as frequent as elsewhere</summary><b>No.</b> That would need the same slope everywhere, and evenly spread noise.</details>
# 2. A continuous generator, fed with normal noise, should make two islands with nothing between them. Can it?
#    <details><summary>A · Yes, with enough noise numbers</summary><b>No.</b> The noise remains in one piece in any dimension.</details>
#    <details><summary>B · Yes, once it is trained long enough</summary><b>No.</b> Training can make the bridge thinner, not remove it.</details>
#    <details><summary>C · Never exactly; a steeper generator leaves less between them</summary><b>Right.</b> Its image is in one piece, and the bridge is the thinner the steeper it is.</details>
# 3. Sixteen noise numbers, pictures of 784 pixels: what the generator makes has at most …
#    <details><summary>A · 784 dimensions</summary><b>No.</b> It is the image of 16 numbers.</details>
#    <details><summary>B · 16 dimensions</summary><b>Right.</b> Which need not hurt, if the pictures that matter have no more.</details>
#    <details><summary>C · 28 dimensions</summary><b>No.</b> The sides of the picture do not enter.</details>
#
# ### In your own words
#
# **1.** $z$ is standard normal and $x = 3z + 1$. What is the density of $x$ at 1?
#
# <details><summary>Answer</summary>
# $p_z(0) / 3 \approx 0.133$: $x = 1$ comes from $z = 0$, and the slope is 3 everywhere.
# </details>
#
# **2.** Where does a generator on the line make its densest samples: where it is steep, or where it is flat?
#
# <details><summary>Answer</summary>
# Where it is flat (and the noise is not too thin): the density is divided by the slope.
# </details>
#
# **3.** A generator has 16 noise numbers and makes pictures of 784 pixels. Can it make every picture?
#
# <details><summary>Answer</summary>
# No. What it makes has at most 16 dimensions. That need not hurt, if the pictures that matter have no more.
# </details>
#
# **4.** Two modes on a line are separated by a gap of width 4, and each gets half of the samples. The generator's slope is at most 40. What share of the samples must be in the gap?
#
# <details><summary>Answer</summary>
# It needs a stretch of noise of length $4/40 = 0.1$, around $z = 0$: $0.1 \cdot p_z(0) \approx 4$ %.
# </details>
#
# **5.** Why do more noise numbers not help with eight modes, and why does a switch?
#
# <details><summary>Answer</summary>
# Noise in more dimensions is still in one piece, so its image under a continuous map is in one piece, and the lower bound is the same in any dimension. A switch puts the noise itself into eight pieces; nothing has to cross a gap.
# </details>
#
# **6.** You build a generator with 12 ReLU layers of `nn.Linear`, without normalisation. What do its first samples look like, and why?
#
# <details><summary>Answer</summary>
# Practically one point. At each layer the part that depends on the noise shrinks to about 41 %, so to $2 \cdot 10^{-5}$ of what it was after twelve. The biases, which are the same for every sample, keep the size at about 0.03. So the *relative* distance between two samples is some ten thousandths (see the right panel of section 4 at layer 12).
# </details>
#
# **7.** A colleague says: "Kernel 4 with stride 2 gives no checkerboard, because 4 is a multiple of 2." What do you answer?
#
# <details><summary>Answer</summary>
# True only if the weights are equal. With random weights even and odd pixels are made by different weights, and three quarters of the power of a constant input's image is checkerboard, as with kernel 3. Training can remove it if the discriminator sees it.
# </details>
#
# ## Further reading
#
# - Tanielian et al. 2020, *Learning disconnected manifolds: a no GAN's land*, arXiv:2006.04596: what a connected noise with bounded slope must lose.
# - Khayatkhoei, Elgammal and Singh 2018, *Disconnected manifold learning for generative adversarial networks*, arXiv:1806.00880: several generators, one for each piece.
# - He et al. 2015, *Delving deep into rectifiers*, arXiv:1502.01852: first weights for ReLU networks.
# - Odena, Dumoulin and Olah 2016, *Deconvolution and checkerboard artifacts*, Distill, doi:10.23915/distill.00003: the pattern, with pictures that move.
# - Radford, Metz and Chintala 2016, *Unsupervised representation learning with deep convolutional GANs*, arXiv:1511.06434: transposed convolutions and walks in the latent space.
#
# Every term is in the [glossary](A1_glossary.ipynb).
#
# **Next:** densities and a deep generator to mend in the [assignment](assignments/release/02_the_generator/02_the_generator.ipynb), then [03 · The discriminator](03_the_discriminator.ipynb), which looks at the other player: what a classifier knows about a density. [← contents](00_start.ipynb)
