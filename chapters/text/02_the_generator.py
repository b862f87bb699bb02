# %% [markdown]
# # 02 · The generator
#
# [← 01 The game](01_the_game.ipynb) · [contents](00_start.ipynb) · [03 The discriminator →](03_the_discriminator.ipynb) · [assignment](assignments/release/02_the_generator/02_the_generator.ipynb)
#
# **How does noise become data?**

# %% alt="A moving picture: ten handwritten digits in two rows, drawn by a GAN. As the noise walks around a circle, strokes bend, loops close, and digits turn into others." tags=["hide-input"]
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
circle = torch.randn(2, 10, digit_gan.noise_dim, generator=torch.Generator().manual_seed(1))


def digits_at(angle):
    """Ten generated digits, [10, 1, 28, 28], with their noise at this angle of its circle."""
    with torch.no_grad():
        return digit_gan.average(angle.cos() * circle[0] + angle.sin() * circle[1])


frames = []
for angle in torch.arange(36) / 36 * 2 * math.pi:
    sheet = images.tile(digits_at(angle), columns=5)[..., 0].mul(255).byte()
    frames.append(sheet.repeat_interleave(4, 0).repeat_interleave(4, 1).numpy())
Animation(frames, milliseconds=110, rest=110, colors=32)

# %% [markdown]
# A generator from [chapter 09](09_images.ipynb) draws these digits. Only its noise moves, smoothly around a circle, and the pictures change without a jump. Why, and what does that cost?
#
# **You will** watch maps reshape noise, set a generator an impossible task, and look into untrained networks.
#
# **You will learn** to
# - compute the density that a map makes from noise,
# - relate a generator's slope to the samples that it leaves between two clusters,
# - say what depth, training and more noise numbers can and cannot improve,
# - choose first weights that carry a signal through twenty layers,
# - recognise checkerboard artefacts.
#
# **You will need** [chapter 01](01_the_game.ipynb), derivatives, a little matrix algebra, and a minute of computing.

# %% alt="The block diagram of a GAN, pale but for noise, generator and fake: noise z enters the generator G, which makes the fake G(z)." tags=["hide-input"]
diagrams.gan(lit=("noise", "generator", "fake"))


# %% [markdown]
# What can a generator do, whatever a discriminator demands? We study the highlighted part alone.
#
# ## 1 · Noise on a line
#
# A generator takes noise $z$ with a simple density $p_z(z)$, here the standard normal, and returns $x = G(z)$. How is $x$ distributed? Our map rises everywhere, most steeply in the middle:

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
# Cut the noise into ten slices of equal probability. The map sends each, with its tenth of the samples, to an interval of $x$. A thin slice becomes $|G'(z)|$ times as wide, where $G'$ is the slope: with slope 2, the same samples lie at half the density. So the density $q$ of the samples is the noise's, divided by the slope:
#
# $$ q(x) = \frac{p_z(z)}{|G'(z)|}, \qquad x = G(z). $$
#
# This is the **change of variables** formula, and $q$ is the density of the **push-forward** of the noise by $G$. If several $z$ lead to the same $x$, their terms add up.
#
# > **Predict, then run.** The noise has one bump. How many will $x$ have? In the figure, follow one slice up to the curve, then right.

# %%
z = torch.linspace(-3, 3, 601)
borders = torch.special.ndtri(torch.linspace(0.1, 0.9, 9))
edges = torch.cat([torch.tensor([-3.0]), borders, torch.tensor([3.0])])
samples = bend(torch.randn(20_000, generator=torch.Generator().manual_seed(0)))

# %% alt="Three panels. Bottom left: the bell curve of the noise, cut into ten slices. Top left: the S-shaped map with guide lines from the slice borders. Right: the density of x, drawn sideways in orange, two bumps at about plus and minus two with a valley between; a black histogram of 20,000 samples follows it." tags=["hide-input"]
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
# **One bump went in, and two came out.** In the middle the noise is densest, 0.40, but divided by the slope, 3.4, that leaves a valley of 0.12. Towards $x = \pm 2$ the slope falls faster than the noise thins, so the density rises. A histogram (black) agrees.

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
# Can the bumps be separated completely? Suppose the data lie in two narrow clusters, or modes, at $\pm 2$, with nothing between. A network is a continuous function, so on its way from one mode to the other $G(z)$ passes through the whole gap. It can only cross quickly.
#
# Call $|x| < 1.9$ the gap, 3.8 wide. To cross it with slope 16 takes a stretch of noise $3.8 / 16$ long, whose samples all land in the gap. In the middle, where $p_z(0) \approx 0.40$, that is about $0.40 \cdot 3.8 / 16$, or 9.5 %, of all samples.
#
# A map whose slope nowhere exceeds $L$ is **Lipschitz** with constant $L$. For a gap of width $w$ it needs a stretch at least $w / L$ long. A short one in the middle holds a share of about $0.40\, w / L$.
#
# The map below has slope $L$ in the middle and is flat elsewhere. `math.erf` gives the exact share of noise with $|z| < 1.9 / L$.

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
# **Once the map is steep, four times the slope cuts the share in the gap to about a quarter, but never to zero.** Crossing in the tail of the noise would be cheaper, but leave one mode hardly any samples. For two equal modes, a single crossing must be in the middle, and several cost more.
#
# > **Your turn.** How steep must the map be for one sample in a thousand? Use the approximation, then check it with `in_the_gap`.
#
# <details><summary>Solution</summary>
#
# $0.40 \cdot 3.8 / L = 0.001$ gives $L \approx 1{,}500$, and `in_the_gap(1500, 0)` agrees: 22 of 20,000 samples.
#
# </details>
#
# ## 2 · Noise in the plane
#
# With two noise numbers, what takes the place of the slope? The map turns a small square of noise into a parallelogram. If that has twice the area, it holds the same samples at half the density. The area grows by the factor $|\det J|$, where the **Jacobian** $J$ is the matrix of derivatives: $J_{ij}$ says how fast output $i$ changes with noise number $j$. So
#
# $$ q(x) = \frac{p_z(z)}{|\det J(z)|}, \qquad J_{ij} = \frac{\partial G_i}{\partial z_j}. $$
#
# The next map, a fan, multiplies heights by $2^{z_1/2}$ and bends the result upwards. Autograd computes its Jacobian.

# %%
def fan(z):
    """[..., 2] to [..., 2]."""
    first, second = z.unbind(-1)
    return torch.stack([first, second * 2 ** (first / 2) + first**2 / 4], -1)


# %%
def determinant(z):
    return torch.linalg.det(torch.func.vmap(torch.func.jacrev(fan))(z))


determinant(torch.tensor([[-2.0, 0.0], [0.0, 0.0], [2.0, 1.0]]))

# %% [markdown]
# The fan halves areas at $z_1 = -2$ and doubles them at $z_1 = 2$. Where will its points crowd?

# %% alt="Two panels on the same scale. Left: a square grid and a round cloud of grey noise points. Right: after the map, the grid is a fan, narrow at the left, tall at the right and bent upwards; the orange samples are densest just left of the middle." tags=["hide-input"]
ticks, along = torch.linspace(-2, 2, 9), torch.linspace(-2, 2, 60)
noise = torch.randn(1000, 2, generator=torch.Generator().manual_seed(0))
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.6), sharey=True)
for panel, change, color in zip(axes, (torch.clone, fan), (style.REFERENCE, style.FAKE), strict=True):
    for tick in ticks:
        across = torch.stack([tick.expand(60), along], 1)
        panel.plot(*change(across).T, color="black", lw=0.6)
        panel.plot(*change(across.flip(1)).T, color="black", lw=0.6)
    panel.scatter(*change(noise).T, s=5, alpha=0.45, color=color, lw=0)
    panel.set(xlim=(-3.2, 3.2), ylim=(-3.6, 5.2), aspect="equal")
axes[0].set(xlabel="z₁", ylabel="z₂", title="Noise, and a grid of equal squares")
axes[1].set(xlabel="x₁", ylabel="x₂", title="Each cell keeps its points")
axes[1].tick_params(labelleft=True)
plt.show()

# %% tags=["claim"]
places = torch.tensor([[-2.0, 0.0], [0.0, 0.0], [2.0, 1.0]])
assert torch.allclose(determinant(places), torch.tensor([0.5, 1.0, 2.0]), atol=1e-5)

# %% [markdown]
# **In the plane, the factor of area replaces the slope.** The points crowd just left of the middle. The smallest cells, farther left, hold few, because the noise is thin there.
#
# Can a map fold the plane? The lab opens with a square of uniform noise and a random network. Its background is orange where areas shrink and purple where they grow. In the caption, $\partial G / \partial z$ is $J$.
#
# This network does fold. Along the thick lines the determinant changes its sign. Where it is negative (−), the sheet lies upside down. On the right, points crowd along the folds. Raise the strength, then the depth, and watch them.
#
# > **Your turn.** Choose `2-D swirl` under *Map G*. It turns each point around the origin, the outer ones more. Predict what it does to area.

# %% alt="The lab with a random network. Left: the square of noise with a grid, purple from the middle to the lower right, dark orange at the top and lower left. Thick black lines cut off three pieces, the largest marked plus; the rest is marked minus. Right: the image, a bent leaf. Folds lie along its upper left edge, where points crowd."
from gan_lessons.labs.points.push_forward import PushForwardLab, simulate_plane

lab = PushForwardLab(map="2-D network")
lab

# %% [markdown]
# <details><summary>Solution</summary>
#
# Nothing: the determinant is 1 everywhere, however violent it looks.
#
# </details>

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
# Our digit generator turns 64 numbers into 784 pixels. Could its samples fill a small ball in 784 dimensions? No. Two noise numbers can only make a sheet: $J$ has two columns, so a small step of noise cannot move the sample in a third direction.
#
# In general, $k$ noise numbers make a surface of at most $k$ dimensions, a **manifold** wherever it neither folds nor crosses itself.
#
# To measure this dimension, take the typical distance from a sample to its **nearest neighbour**, the closest other sample. With four times as many samples, it falls to a quarter on a curve, to a half on a sheet, and to $4^{-1/k}$ in $k$ dimensions.

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
# **On average, these samples have about as many dimensions as their noise**, whose space is called the **latent space**. The samples of our digit generator have at most 64. If real digits need more, it must miss some of them.
#
# ## 3 · Eight modes
#
# What helps a network to cross gaps steeply? Our data are eight narrow modes on a ring ([chapter 05](05_the_first_gan.ipynb) trains a GAN on them), each a Gaussian with standard deviation 0.02. Samples within three standard deviations of a centre are **high-quality samples**. We count all others as *between the modes*, even 1.1 % of the data (a round Gaussian has $e^{-r^2/2}$ beyond $r$ standard deviations).
#
# There is no game: we *tell* the generator the right mode for each of eight equal sectors of the noise plane (from 0° to 45° the mode at 0°, then the one at 45°, and so on). Where sectors meet, the answer jumps, so a continuous generator can only come close.

# %%
from gan_lessons.data.points import ring
from gan_lessons.metrics.modes import mode_scores, perfect

modes = ring(modes=8, radius=2.0, std=0.02)


# %%
def right_mode(noise):
    """The centre of the mode for each noise point, by the angle of its first two numbers."""
    turn = torch.atan2(noise[..., 1], noise[..., 0]) / (2 * math.pi) % 1
    return modes.centres[(8 * turn).long().clamp(max=7)]


# %% [markdown]
# The generators are **multilayer perceptrons** (MLPs). Each unit adds up its inputs times weights, plus a constant, the **bias**. This sum, the **pre-activation**, passes through an activation function, here the **ReLU**, $\max(0, t)$. The last layer, two units without activation, gives the point $x$.
#
# We train each kind from five seeds, side by side (`stack` joins the networks). The loss is the squared distance to the right mode.

# %%
from gan_lessons.populations import stack


# %%
def taught(noise_dim=2, width=64, depth=2, steps=500, draw=torch.randn, right=right_mode):
    """Five generators that were told the right mode for each of `steps` batches of noise."""
    networks = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        networks.append(mlp(noise_dim, 2, width, depth))
    generators = stack(networks)
    optimizer = torch.optim.Adam(generators.parameters(), lr=5e-3, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        noise = draw(SEEDS, 256, noise_dim)
        loss = (generators(noise) - right(noise)).square().mean((1, 2)).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return generators


# %% [markdown]
# For each network we measure the share of 4,000 samples between the modes, and the steepest slope among them. The slope is now the largest factor by which $J$ stretches a small step, its largest singular value.
#
# In the code, each of the two `rows` holds one output's gradients, `[5, 4000, noise_dim]`. Stacked, they give each sample its $J$, and `matrix_norm` its slope.

# %%
def between_and_slope(generators, noise_dim):
    """The share of samples between the modes and the steepest slope, each [SEEDS]."""
    noise = torch.randn(4000, noise_dim).expand(SEEDS, -1, -1).clone().requires_grad_()
    samples = generators(noise)
    sums = samples.sum((0, 1))  # a sample depends on its own noise alone, so their gradient holds each sample's own
    rows = [torch.autograd.grad(each, noise, retain_graph=True)[0] for each in sums]
    steepest = torch.linalg.matrix_norm(torch.stack(rows, -2), 2).amax(1)
    return 1 - mode_scores(samples.detach(), modes).high_quality, steepest


# %%
KINDS = {
    "1 layer of 16": {"width": 16, "depth": 1},
    "1 layer of 256": {"width": 256, "depth": 1},
    "2 layers of 64": {},
    "2 layers, 8-D noise": {"noise_dim": 8},
    "4 layers of 64": {"depth": 4},
    "4 layers, 2,000 steps": {"depth": 4, "steps": 2000},
}

# %% [markdown]
# > **Predict, then run.** What will leave the least in the gaps: width, depth, more noise numbers, or longer training?

# %%
print("kind                   between the modes (five seeds)  steepest slope")
results, kept = {}, {}
for name, options in KINDS.items():
    kept[name] = taught(**options)
    results[name] = between_and_slope(kept[name], options.get("noise_dim", 2))
    between, steepest = results[name]
    spread = f"({between.min():.1%} to {between.max():.1%})"
    print(f"{name:22} {between.mean():6.1%} {spread:24} {steepest.mean():5.1f}")
best = 1 - perfect(modes, 100_000).high_quality
print(f"{'the data themselves':22} {best:6.1%}")

# %% [markdown]
# **In 500 steps no network comes near the data; in 2,000, four layers fall from 38 % to 3.4 %.** Width helps. So does depth: each layer can steepen what those before it have made steep, though four layers also have more weights. More noise numbers hurt here, probably because the network must learn to ignore six of them.
#
# ### Why never zero?
#
# The noise is in one piece and the generator is continuous, so its samples form one connected sheet, which must span the gaps. What does that cost?
#
# Here a gap is $w = 1.41$ wide, from edge to edge of neighbouring modes. If the eight sectors meet in straight borders, each crossed with slope $L$, then each border is a strip of noise $w / L$ wide.
#
# In section 1, a strip through the origin held $0.40\, w / L$. A border starts there and holds half. All eight hold about $8 \cdot \tfrac12 \cdot 0.40\, w / L \approx 2.25 / L$ (left), or 2.25 % at slope 100.
#
# Could other borders be cheaper? Divide the modes into two groups of four. Samples of the two groups lie at least $w$ apart. If no slope exceeds $L$, their noise lies at least $w / L$ apart: a band that wide separates them.
#
# If both groups are equally frequent, the band holds least when straight and through the origin (right): $0.40\, w / L \approx 0.56 / L$. This **lower bound**, the Gaussian isoperimetric inequality, holds in any dimension (compare Tanielian et al. 2020). Eight modes must cost more, since each group has gaps too.

# %%
gap_width = 4 * math.sin(math.pi / 8) - 6 * modes.std  # from edge to edge of neighbouring modes
eight_borders = 8 * gap_width / (2 * math.sqrt(2 * math.pi))


def lower_bound(slope):
    return torch.erf(gap_width / slope / math.sqrt(8))


print(f"eight straight borders: {eight_borders:.2f} / L")
print(f"slope that they need for 1.1 %: {eight_borders / math.exp(-4.5):.0f}")
print(f"lower bound: about {gap_width / math.sqrt(2 * math.pi):.2f} / L")

# %% alt="Two panels of the noise plane with the same 2,000 points. Left: eight straight strips meet at the origin like spokes; the points inside, 23 %, are black. Right: one upright strip of the same width through the origin, with 6 % of the points." tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.7), sharey=True)
noise, half = torch.randn(2000, 2, generator=torch.Generator().manual_seed(0)), gap_width / 10 / 2
spokes = [torch.tensor([math.cos(k * math.pi / 4), math.sin(k * math.pi / 4)]) for k in range(8)]
for panel, borders, name in ((axes[0], spokes, "Eight borders"), (axes[1], spokes[2::4], "One straight cut")):
    inside = torch.zeros(2000, dtype=torch.bool)
    for along in borders:
        across = torch.stack([-along[1], along[0]])
        inside |= ((noise @ across).abs() < half) & (noise @ along > 0)
        for side in (-half, half):
            panel.plot(*torch.stack([side * across, side * across + 5 * along]).T, color="black", lw=0.6)
    panel.scatter(*noise[~inside].T, s=4, color=style.REFERENCE, alpha=0.5, lw=0)
    panel.scatter(*noise[inside].T, s=6, color="black", lw=0)
    panel.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", xlabel="z₁", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
    panel.set_title(f"{name}, slope 10: {100 * inside.float().mean():.0f} % inside")
axes[0].set_ylabel("z₂")
plt.show()

# %% [markdown]
# Eight borders cost about four times as much as one cut. How near do our networks come to either?

# %% alt="Share of samples between the modes against the steepest slope, on logarithmic axes, five dots for each of six kinds of network. They fall from nearly 100 % at slopes below 3 to 3 % at about 110, a little above the falling line of eight straight borders. The lower bound, dotted, runs further down; a dashed blue line marks the data's 1.1 %." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.8))
colors = ["#332288", "#CC6677", "#7A7A1F", "#1B7F8C", "#882255", "#222222"]
spots = [(3.2, 1.03), (5.6, 0.7), (19, 0.6), (14, 0.88), (50, 0.38), (140, 0.034)]
for (name, (between, steepest)), color, spot in zip(results.items(), colors, spots, strict=True):
    axes.plot(steepest, between, "o", ms=6, color=color, alpha=0.8)
    side = "right" if name == "1 layer of 256" else "left"
    axes.text(*spot, name.replace(", 2,000", ",\n2,000"), color=color, fontsize=9, va="center", ha=side)
slopes = torch.logspace(0, 2.8, 100)
steep = slopes[slopes > 6]  # where the approximation is good
axes.plot(steep, eight_borders / steep, color="black", lw=1)
axes.plot(slopes, lower_bound(slopes), color="black", lw=1, ls=":")
axes.text(14, 0.19, "eight straight borders: 2.25 / L", fontsize=9)
axes.text(1.5, 0.035, "lower bound, whatever\nthe borders: about 0.56 / L", fontsize=9)
axes.axhline(best, color=style.REAL, lw=1, ls="--")
axes.text(1.1, 1.1 * best, "the data themselves, 1.1 %", color=style.REAL, fontsize=9)
axes.set(xscale="log", yscale="log", xlim=(1, 600), ylim=(0.005, 1.3))
axes.set(
    yticks=[0.01, 0.1, 1], yticklabels=["1 %", "10 %", "100 %"], xticks=[1, 10, 100], xticklabels=["1", "10", "100"]
)
axes.set(xlabel="steepest slope L of the generator", ylabel="share between the modes")
axes.set_title("Steeper generators tend to leave fewer samples between the modes")
plt.show()

# %% tags=["claim"]
for between, steepest in results.values():
    assert (between > 2 * best).all() and (between > lower_bound(steepest)).all(), "far above the data, and the bound"
assert all((between > eight_borders / steepest).all() for between, steepest in list(results.values())[1:])
assert (results["1 layer of 256"][0] < 0.85).all() and (results["1 layer of 16"][0] > 0.95).all(), "width helps"
assert results["2 layers of 64"][0].min() > 1.2 * results["4 layers of 64"][0].max(), "depth helps"
long, steep = results["4 layers, 2,000 steps"]
assert (long < 0.05).all() and (long * steep / eight_borders).median() < 2, "patience comes near eight straight borders"
assert (results["4 layers of 64"][0] > 7 * long).all()
more_noise, less_noise = (results[name][0].mean() for name in ("2 layers, 8-D noise", "2 layers of 64"))
assert more_noise > 1.1 * less_noise, "more noise does not help"
for k, apart in ((0, 0.03), (1, 2)):
    wide, noisy = (results[name][k].mean() for name in ("1 layer of 256", "2 layers, 8-D noise"))
    assert noisy > wide + apart, "steeper, and yet more between the modes"

# %% [markdown]
# **Steeper networks tend to leave fewer samples between the modes, and none falls below the bound.** An exception: two layers with 8-D noise are steeper than one of 256, but leave more.
#
# After 2,000 steps, four layers leave 3 %, where eight straight borders would leave 2 %. The others lie far above the bound, partly because they reach their *steepest* slope only in places.
#
# <details><summary>Fine print</summary>
#
# Near the origin the eight borders overlap, so $2.25 / L$ is a little too large: at slope 10 they hold 21 % of the noise (of the 2,000 points, by chance, 23 %). If a network's true $L$ is larger than we found at 4,000 points, its bound is lower still.
#
# </details>
#
# ### What the latent space looks like
#
# Which noise misses the modes? The upper panels show the noise of a four-layer generator, coloured by the mode that it is sent to, black where it misses. The lower ones show samples after 500 steps, and one as its noise walks around a circle.

# %%
light = ["#88CCEE", "#CC6677", "#999933", "#AA4499", "#DDDDDD", "#B8860B", "#44AA99", "#DDCC77"]
palette = torch.tensor([to_rgb(color) for color in light])


def member(noise, name="4 layers of 64"):
    """What the first of five generators makes of noise [count, 2]."""
    return kept[name](noise.expand(SEEDS, -1, -1))[0].detach()


# %%
def wedges(name):
    """The noise plane, coloured by mode, [200, 200, 3]."""
    side = torch.linspace(-3, 3, 200)
    plane = torch.cartesian_prod(side, side).flip(1)  # row 0 at the bottom
    distance, nearest = torch.cdist(member(plane, name), modes.centres).min(1)
    return torch.where((distance < 3 * modes.std)[:, None], palette[nearest], 0.0).reshape(200, 200, 3)


# %%
def fastest_tenth(path):
    """The share of its way that a walk [points, ...] makes in its fastest tenth."""
    steps = path.diff(dim=0).flatten(1).norm(dim=1).sort(descending=True).values
    return steps[: len(steps) // 10].sum() / steps.sum()


# %%
angle = torch.linspace(0.01, 2 * math.pi - 0.01, 800)
walk = member(1.2 * torch.stack([angle.cos(), angle.sin()], 1))
pictures = torch.stack([digits_at(each) for each in angle[::4]], 1)  # [10, 200, 1, 28, 28]
digits_share = torch.stack([fastest_tenth(each) for each in pictures])
print(f"in the fastest tenth of the circle: {fastest_tenth(walk[::4]):.0%} of the sample's way,")
print(f"and {digits_share.mean():.0%} of a digit's ({digits_share.min():.0%} to {digits_share.max():.0%})")

# %% alt="Four panels. Above: the noise plane of a four-layer generator, eight coloured wedges that point to the origin. After 500 steps the black borders between them are broad, with patches farther out; after 2,000 they are thin lines. Below left: samples after 500 steps, eight spots on a ring in the colours of their wedges, joined by straight bridges of black points. Below right: the angle of the sample against that of the noise, a staircase with eight nearly flat steps." tags=["hide-input"]
samples = member(torch.randn(3000, 2, generator=torch.Generator().manual_seed(0)))
distance, nearest = torch.cdist(samples, modes.centres).min(1)
off = distance > 3 * modes.std
figure, axes = plt.subplots(2, 2, figsize=(7.2, 6.4))
early, late, middle, right = axes.flat
for panel, name in ((early, "4 layers of 64"), (late, "4 layers, 2,000 steps")):
    panel.imshow(wedges(name), origin="lower", extent=(-3, 3, -3, 3), interpolation="nearest")
    panel.set(xlabel="z₁", ylabel="z₂", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
early.set_title("500 steps: broad borders")
late.set_title("2,000 steps: thin borders")
middle.scatter(*samples[off].T, s=4, color="black", lw=0)
middle.scatter(*samples[~off].T, s=4, c=palette[nearest[~off]], lw=0)
middle.set(xlabel="x₁", ylabel="x₂", xlim=(-2.4, 2.4), ylim=(-2.4, 2.4), aspect="equal")
middle.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2], title="500 steps: bridges join the modes")
walked = torch.rad2deg((torch.atan2(walk[:, 1], walk[:, 0]) + 0.4).remainder(2 * math.pi) - 0.4)
right.plot(torch.rad2deg(angle), walked, ".", ms=2, color=style.FAKE)
right.set(xlabel="angle of the noise (degrees)", ylabel="angle of the sample (degrees)")
right.set(xticks=range(0, 361, 90), yticks=range(0, 361, 90), title="A walk rests, then rushes")
right.set_box_aspect(1)
plt.show()


# %% [markdown]
# **The misses lie along the borders, and in patches farther out.** More training thins the borders, but they cannot vanish.
#
# A walk from one noise to another is an **interpolation**. Here the sample rests, then rushes to the next mode: 66 % of its way falls into the fastest tenth of the circle. The digits at the top of this page change more evenly in their pixels, 21 %, though perhaps not in what they show. (We compare just two networks, with noise of 2 and 64 dimensions.)
#
# ### Noise in pieces
#
# Could noise in pieces avoid the crossing? Beside the two numbers of $z$, we give the generator a switch, a random whole number $k$ from 1 to 8, as eight more inputs: the $k$th is 1, the others are 0. The right mode is now the $k$th.

# %%
def with_switch(seeds, count, noise_dim):
    """Normal noise, here two numbers, and after it the switch, eight numbers."""
    switch = nn.functional.one_hot(torch.randint(8, (seeds, count)), 8)
    return torch.cat([torch.randn(seeds, count, noise_dim - 8), switch], -1)


# %%
switched = taught(noise_dim=10, draw=with_switch, right=lambda noise: modes.centres[noise[..., 2:].argmax(-1)])
in_gaps = 1 - mode_scores(switched(with_switch(SEEDS, 4000, 10)).detach(), modes).high_quality
print(f"2 layers of 64, with a switch: {in_gaps.mean():.1%} ({in_gaps.min():.1%} to {in_gaps.max():.1%})")

# %% tags=["claim"]
assert in_gaps.max() < 0.05 and in_gaps.max() < 0.1 * results["2 layers of 64"][0].min(), "noise in pieces"


# %% [markdown]
# **The two layers that left three fifths between the modes now leave 0.7 %.** That is even less than the data's 1.1 %, because we asked for the exact centres. Nothing has to cross a gap, but the task is easier too: one linear layer could read the answer from the switch.
#
# This works if each piece finds its mode and gets its share of samples. Here we saw to both; in a GAN without labels, neither is certain. Class labels are such a switch ([chapter 10](10_images_on_demand.ipynb)), and so is the choice among several generators (Khayatkhoei et al. 2018).
#
# > **Your turn.** Does longer training help two layers as much as four? Predict, then run `between_and_slope(taught(steps=2000), 2)`.
#
# <details><summary>Solution</summary>
#
# In proportion, less: two layers then leave 7 to 10 % instead of three fifths.
#
# </details>
#
# ## 4 · Before the first step
#
# Does noise survive twenty untrained layers? If it is lost, training begins with nearly equal outputs. We follow two quantities from layer to layer: the **size** of the activations, their root mean square, and the **relative distance** of two inputs, the distance between their activations divided by the size.
#
# A unit adds up $n$ inputs times independent weights of variance $c / n$, so the mean square of its pre-activation is on average $c$ times that of its inputs. Pre-activations are symmetric around 0, so the ReLU keeps half: without biases, each layer multiplies the mean square by $c / 2$ and the size by $\sqrt{c/2}$.
#
# - With $c = 2$, **He initialisation** (He et al. 2015), the size stays the same.
# - PyTorch's `nn.Linear` draws weights and biases uniformly between $-1/\sqrt n$ and $1/\sqrt n$. For the weights, this is $c = \tfrac13$; without biases the size would shrink to $\sqrt{1/6} \approx 41$ % a layer.
#
# > **Predict, then run.** With PyTorch's default, what are the size and the relative distance after 20 layers?

# %%
def follow(c, biases, seed, layers=20, width=256):
    """Size and relative distance after each ReLU layer, [layers, 2]; weights of variance c / width."""
    random = torch.Generator().manual_seed(seed)
    signal, found = torch.randn(2, 256, width, generator=random), []  # 256 pairs of inputs
    for _ in range(layers):
        weight = (2 * torch.rand(width, width, generator=random) - 1) * math.sqrt(3 * c / width)
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

# %% alt="Two panels with logarithmic axes over 20 layers. Left, size: He stays near 1; one third without biases falls straight to a hundred-millionth; nn.Linear falls, then stays at about 0.03. Right, relative distance: He and one third without biases coincide and fall slowly from 1.2 to 0.4; nn.Linear falls below a millionth." tags=["hide-input"]
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
# **With the biases of `nn.Linear`, the size settles and the relative distance falls below a millionth** (lines: means of five seeds). The part that depends on the input still shrinks to 41 % a layer, while each layer adds fresh biases, the same for every input. Soon they are nearly the whole signal.
#
# Without biases, the *relative* distance is the same for both values of $c$, which only scales the outputs. It falls slowly, because the ReLU cuts off some distance wherever two pre-activations differ in sign.
#
# Shallow networks can train in spite of the default, as in section 3. In deeper ones, He initialisation with zero biases keeps the inputs apart. Two remedies, not measured here: **batch normalisation** (Ioffe and Szegedy 2015) gives every unit's pre-activations mean 0 and variance 1 over the minibatch, then a learned scale and shift. A **residual connection**, $x + f(x)$, lets $x$ pass a layer $f$ unchanged.
#
# ## 5 · From points to pictures
#
# How does noise become a picture? In pictures, the same strokes and edges occur everywhere. A **convolution** has this built in: it slides one small set of weights, the kernel, over the picture, so that each output sees only a small patch, its **receptive field**. Such an assumption is an **inductive bias**.
#
# Our digit generator lays out 7 × 7 pixels with 64 values (channels) each, and doubles the side twice (**upsampling**). Batch normalisation follows every layer but the last:

# %% alt="The digit generator as a stack of growing bars: 64 noise numbers; linear layers to 128 and to 64 channels of 7 by 7; transposed convolutions to 32 channels of 14 by 14 and, with tanh, to one of 28 by 28." tags=["hide-input"]
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
# Two ways to double the side are common:
#
# - In a **transposed convolution** of stride 2, each input pixel stamps the kernel, times its value, onto the output. Neighbouring stamps land two pixels apart, and overlaps add up.
# - Or each pixel is repeated in a 2 × 2 block, and an ordinary convolution follows.

# %%
def transposed(kernel):
    """A transposed convolution that doubles the side, 8 channels to 1."""
    padding, extra = (kernel - 1) // 2, kernel % 2
    return nn.ConvTranspose2d(8, 1, kernel, stride=2, padding=padding, output_padding=extra, bias=False)


# %%
def resized(kernel):
    """The same by repeating pixels, and a convolution."""
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, kernel, padding=kernel // 2, bias=False))


# %% [markdown]
# Do they leave traces? A transposed convolution makes even and odd output pixels with *different* weights of the kernel, so a constant input can become a pattern of period two. Such **checkerboard artefacts** (Odena et al. 2016) have the highest frequency possible in a picture, half a cycle per pixel.
#
# A Fourier transform splits a picture's power, its sum of squares, into a table of vertical and horizontal frequencies. We measure the share in the row and the column of the highest. Pure noise, with equal power everywhere, has 55 of 784 entries there, or 7 %.

# %%
def of_constant(layer, equal, seed=0):
    """What a layer makes of a constant input, without the border, [1, 1, 16, 16]."""
    torch.manual_seed(seed)
    weight = next(layer.parameters())
    nn.init.ones_(weight) if equal else nn.init.normal_(weight)
    return layer(torch.ones(1, 8, 10, 10)).detach()[..., 2:18, 2:18]


# %%
def checkerboard(pictures):
    """The share of the power at half a cycle per pixel, horizontally, vertically or both."""
    power = torch.fft.fft2(pictures).abs().square().mean((0, 1))
    middle = len(power) // 2
    highest = power[middle].sum() + power[:, middle].sum() - power[middle, middle]  # the row and column share one
    return float(highest / power.sum())


# %% [markdown]
# > **Predict, then run.** Which layers keep a constant input constant with equal weights? And with random ones?

# %%
LAYERS = {"transposed, kernel 3": transposed(3), "transposed, kernel 4": transposed(4), "resize, convolve": resized(3)}
for name, layer in LAYERS.items():
    equal = checkerboard(of_constant(layer, True))
    mixed = sum(checkerboard(of_constant(layer, False, seed)) for seed in range(40)) / 40
    print(f"{name:20} {equal:5.1%} with equal weights, {mixed:5.1%} with random ones")

# %% alt="Eight by eight pixels of three layers' outputs for a constant input, with their values. Left, transposed, kernel 3, equal weights: 1, 2 and 4 in a pattern of period two. Middle, transposed, kernel 4, random weights: four values that repeat every two pixels. Right, resize and convolve, random weights: one value everywhere." tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.9))
panels = (
    ("transposed, kernel 3", True, "Kernel 3, equal weights:\n1, 2 or 4 stamps a pixel"),
    ("transposed, kernel 4", False, "Kernel 4, random weights:\nfour unrelated values"),
    ("resize, convolve", False, "Resized, random weights:\none value"),
)
for panel, (name, equal, title) in zip(axes, panels, strict=True):
    picture = of_constant(LAYERS[name], equal)[0, 0, :8, :8] / (8 if equal else 1)  # stamps of one channel
    limit = 1.2 * picture.abs().max()
    panel.imshow(picture, cmap="gray", vmin=-limit, vmax=limit)
    for row, column in torch.cartesian_prod(torch.arange(8), torch.arange(8)):
        value = float(picture[row, column])
        ink = "black" if value > -0.1 * limit else "white"
        text = f"{value:.0f}" if equal else f"{value:.1f}".replace("-", "−")
        panel.text(column, row, text, ha="center", va="center", fontsize=9, color=ink)
    panel.spines[:].set_visible(False)
    panel.set(xticks=[], yticks=[], title=title)
plt.show()

# %% [markdown]
# **With random weights, only the resized picture stays constant.** Kernel 3 fails even with equal ones, since its pixels get different numbers of stamps (left, divided by the 8 channels). The usual advice, a kernel whose side is a multiple of the stride, gives all pixels equally many, which is enough for equal weights. With random ones the four kinds of pixel are unrelated, and on average the checkerboard holds about three quarters of the power.
#
# Does training remove the pattern? Our digit generator has two transposed convolutions of kernel 4. We compare it with five untrained ones (the figure shows the last):

# %%
real, fake = recipe.data()[:1000], recipe.samples(digit_gan, 1000, seed=2)
untrained = []
for seed in range(SEEDS):
    torch.manual_seed(seed)
    with torch.no_grad():
        first = recipe.players()[0](torch.randn(500, digit_gan.noise_dim))
    untrained.append(checkerboard(first))
print(f"untrained {min(untrained):.1%} to {max(untrained):.1%}")
print(f"pure noise {checkerboard(torch.randn(1000, 1, 28, 28)):.1%}")
print(f"trained {checkerboard(fake):.2%}, real digits {checkerboard(real):.2%}")

# %% alt="Three rows of eight pictures. Real: handwritten digits, white on black. Untrained: grey noise with fine grid patterns. Trained: mostly legible digits, some blotched, none with a fine pattern." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.1))
images.draw_sheet(axes, torch.cat([real[::125][:8], first[:8], fake[:8]]), columns=8)
for row, (name, color) in enumerate((("real", style.REAL), ("untrained", style.FAKE), ("trained", style.FAKE))):
    axes.text(-6, 30 * row + 14, name, ha="right", va="center", color=color)
axes.set_title("After training no checkerboard is left to see")
plt.show()

# %% tags=["claim"]
assert checkerboard(of_constant(transposed(3), True)) > 0.15 and checkerboard(of_constant(transposed(4), True)) < 1e-6
for name, layer in LAYERS.items():
    mixed = [checkerboard(of_constant(layer, False, seed)) for seed in range(40)]
    assert max(mixed) < 1e-6 if "resize" in name else abs(sum(mixed) / 40 - 0.75) < 0.1
assert min(untrained) > 55 / 784 and checkerboard(fake) < 2 * checkerboard(real) < 0.01

# %% [markdown]
# **In this one generator, training removed nearly all of it.** Untrained, the share is 11 to 33 %, beside 7 % in pure noise. Trained, it is 0.14 %, beside 0.11 % for real digits. The generator is trained through the discriminator alone, so the request came from there; averaging the weights may have helped. (The black background, −1, lowers both shares: it puts much power at frequency 0.)
#
# ## Debugging card
#
# | symptom | test | fix |
# |---|---|---|
# | before training, all samples are the same | relative distance, layer by layer | He initialisation with zero biases, or batch normalisation |
# | bridges of samples between the modes | does the share fall with more depth or steps? | more of both; a label as a switch (chapter 10) |
# | whole directions of the data are missing | do they appear with twice the `noise_dim`? | more noise numbers, but no more than the data need |
# | a fine pattern of period two | checkerboard share, beside real pictures | resize and convolve; a discriminator that sees it |
#
# ## What we saw
#
# - The density of a generator's samples is the noise's, divided by the slope, or in the plane by $|\det J|$.
# - Its samples have at most as many dimensions as the noise.
# - With slope $L$, a gap of width $w$ costs a share of about $0.4\,w / L$. Depth and long training made networks steep, but on normal noise the best still left 3 % between eight modes. With a switch, and told what it means, two layers left 0.7 %.
# - ReLU layers without biases multiply a signal's size by $\sqrt{c/2}$. In deep networks with PyTorch's default, the biases drown the noise.
# - Transposed convolutions start with checkerboard artefacts. Our trained digit generator shows hardly any.
#
# ## Questions and further reading
#
# ### A quiz
#
# Open your answer.
#
# 1. Where the generator's slope is below 1, its samples are …
#    <details><summary>A · denser than their noise</summary><b>Right.</b> The density is divided by the slope.</details>
#    <details><summary>B · thinner than their noise</summary><b>No.</b> A slope above 1 spreads samples thin.</details>
#    <details><summary>C · as dense as their noise</summary><b>No.</b> That takes a slope of 1.</details>
# 2. Can a continuous generator, fed with normal noise, make two modes with nothing between them?
#    <details><summary>A · Yes, with enough noise numbers</summary><b>No.</b> The noise is in one piece in any dimension.</details>
#    <details><summary>B · Yes, once it is trained long enough</summary><b>No.</b> Training can make the bridge thinner, not remove it.</details>
#    <details><summary>C · Never exactly; a steeper generator leaves less between them</summary><b>Right.</b> Its image is in one piece.</details>
# 3. Sixteen noise numbers, pictures of 784 pixels: what the generator makes has at most …
#    <details><summary>A · 784 dimensions</summary><b>No.</b> It is the image of 16 numbers.</details>
#    <details><summary>B · 16 dimensions</summary><b>Right.</b> It need not hurt, if the data have no more.</details>
#    <details><summary>C · 28 dimensions</summary><b>No.</b> The sides of the picture do not enter.</details>
#
# ### In your own words
#
# A generator has 12 ReLU layers of `nn.Linear(256, 256)`, without normalisation. What do its first samples look like, and why?
#
# <details><summary>Answer</summary>
# Practically one point. What depends on the noise shrinks to 41 % a layer, to $2 \cdot 10^{-5}$ after twelve. The biases, the same for every sample, keep the size at about 0.03.
# </details>
#
# ### Further reading
#
# - Tanielian et al. 2020, *Learning disconnected manifolds: a no GAN's land*, arXiv:2006.04596: what connected noise must lose.
# - Khayatkhoei, Elgammal and Singh 2018, *Disconnected manifold learning for generative adversarial networks*, arXiv:1806.00880: several generators.
# - He et al. 2015, *Delving deep into rectifiers*, arXiv:1502.01852: first weights for ReLU networks.
# - Radford, Metz and Chintala 2016, *Unsupervised representation learning with deep convolutional GANs*, arXiv:1511.06434: walks in the latent space.
# - Odena, Dumoulin and Olah 2016, *Deconvolution and checkerboard artifacts*, Distill, doi:10.23915/distill.00003.
#
# Every term is in the [glossary](A1_glossary.ipynb).
#
# **Next:** a deep generator to mend in the assignment, then the other player.
#
# [← 01 The game](01_the_game.ipynb) · [contents](00_start.ipynb) · [03 The discriminator →](03_the_discriminator.ipynb) · [assignment](assignments/release/02_the_generator/02_the_generator.ipynb)
