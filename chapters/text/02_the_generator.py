# %% [markdown]
# # 02 · The generator
#
# **How does noise become data?**
#
# **You will** send noise through maps and watch what becomes of its density: on a line, in the plane, and through networks.
# You will give a generator an impossible task and measure how near it gets. You will look at what it is before it has
# learned anything, and at the grain that its upsampling leaves in pictures.
#
# **You will learn** to
# - compute the density that a map makes from noise, by the change of variables,
# - say what width, depth, activation and noise dimension can buy, and what no amount of them can,
# - relate the samples that fall between two modes to the slope of the generator,
# - choose first weights under which a signal survives twenty layers,
# - recognise a checkerboard in a spectrum, and know where it comes from.
#
# **You will need** chapter 01 (what a generator is), derivatives and a little of matrices, and about a minute of computing.
# No GPU and no network connection.

# %%
import math
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from torch import nn

from gan_lessons.plots import curves, style

SEEDS = 5
torch.set_num_threads(1)  # small networks are fastest on one thread
torch.manual_seed(2)
style.use()


# %% [markdown]
# ## 1 · Noise on a line
#
# A generator takes noise $z$ with a simple density, here the standard normal $\varphi(z)$, and returns $x = G(z)$. It does not
# add anything random. All chance is in $z$, and all shape is in $G$. How are the $x$ distributed? Here is a map that
# rises everywhere, and steeply in the middle:

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
# samples, however wide it becomes. Where the map is steep, a slice is stretched and its samples lie thin; where the map is flat, they pile up.
# A slice from $z$ to $z + dz$ becomes $G'(z)\,dz$ wide, so its density is divided by the slope:
#
# $$ p_x(x) = \frac{\varphi(z)}{|G'(z)|}, \qquad x = G(z). $$
#
# This is the **change of variables**, and $p_x$ is called the **push-forward** of the noise. (If several $z$ lead to the same $x$,
# their terms add up.)
#
# > **Predict, then run.** The noise has one bump. How many will $x$ have?

# %%
z = torch.linspace(-3, 3, 601)
borders = torch.special.ndtri(torch.linspace(0.1, 0.9, 9))
edges = torch.cat([torch.tensor([-3.0]), borders, torch.tensor([3.0])])

# %% alt="Three panels. Bottom left: the bell curve of the noise, cut into ten slices of equal probability in alternating shades. Top left: the S-shaped map, steep in the middle, with guide lines from each slice border up to the curve and across. Right: the density of x, drawn sideways, two bumps at about plus and minus two with a valley between; the middle slices are wide and thin."
figure, axes = plt.subplots(
    2, 2, figsize=(6.2, 4.6), width_ratios=(2, 1), height_ratios=(2, 1), sharex="col", sharey="row"
)
axes[1, 1].remove()
axes[0, 0].plot(z, bend(z), color="black")
axes[0, 0].vlines(borders, -4.5, bend(borders), color=style.REFERENCE, lw=0.6)
axes[0, 0].hlines(bend(borders), borders, 3, color=style.REFERENCE, lw=0.6)
for index, (low, high) in enumerate(pairwise(edges)):
    part = torch.linspace(low, high, 50)
    shade = {"color": style.FAKE, "alpha": 0.35 + 0.35 * (index % 2), "lw": 0}
    axes[1, 0].fill_between(part, normal(part), **shade)
    axes[0, 1].fill_betweenx(bend(part), normal(part) / slope(part), **shade)
axes[0, 0].set(ylabel="x = G(z)", ylim=(-4.5, 4.5), xlim=(-3, 3), title="The map: steep in the middle")
axes[1, 0].set(xlabel="noise z", ylabel="density", title="The noise: ten slices of 10 %")
axes[0, 1].set(xlabel="density", title="Samples: two bumps")
plt.show()


# %% [markdown]
# One bump went in and two came out: the steep middle has thinned the density just where the noise was thickest. Does the formula hold? We draw
# 20,000 samples and compare their histogram with the formula. The measure is the **total variation**: the share of
# probability that lies in the wrong place. Even a perfect sampler does not score zero with finitely many samples; its expected score is the floor.

# %%
def total_variation(count, seed, bins=40):
    """How far a histogram of `bend(noise)` is from the formula, and how far chance alone would put it."""
    samples = bend(torch.randn(count, generator=torch.Generator().manual_seed(seed)))
    fine = torch.linspace(-5, 5, 20_001, dtype=torch.float64)
    x, density = bend(fine), normal(fine) / slope(fine)
    mass = torch.histogram(x[1:], bins, range=(-5.0, 5.0), weight=density[1:] * x.diff()).hist
    found = torch.histogram(samples.double(), bins, range=(-5.0, 5.0)).hist / count
    return (found - mass).abs().sum() / 2, (mass * (1 - mass) * 2 / (math.pi * count)).sqrt().sum() / 2


# %%
pairs = torch.tensor([total_variation(20_000, seed) for seed in range(SEEDS)])

# %%
print(
    f"in the wrong place: {pairs[:, 0].mean():.2%}; by chance alone, with the right formula: {pairs[:, 1].mean():.2%}"
)

# %% tags=["claim"]
assert (pairs[:, 0] < 1.6 * pairs[:, 1]).all(), "the formula is right, as far as 20,000 samples can tell"


# %% [markdown]
# ### A gap costs slope
#
# Suppose the data are two islands far apart, and all between them is sea. The map is continuous: on its way from one island to the other it
# passes through every point of the sea. It can only hurry. If its slope is at most $L$ and the sea is $g$ wide, it needs a stretch of noise
# at least $g / L$ long, and samples from this stretch get wet. The cheapest map goes straight up with slope $L$ in the middle and is flat elsewhere. Let the
# islands lie at $\pm 2$ and call $|x| < 1.9$ the sea, so $g = 3.8$; the map is $x = Lz$, cut off at $\pm 2$:

# %%
def wet(steep, seed):
    """The share of 20,000 samples in the sea."""
    noise = torch.randn(20_000, generator=torch.Generator().manual_seed(seed))
    return ((steep * noise).clamp(-2, 2).abs() < 1.9).float().mean()


def by_formula(steep):
    return math.erf(1.9 / steep / math.sqrt(2))


# %%
shares = {steep: torch.stack([wet(steep, seed) for seed in range(SEEDS)]) for steep in (1, 4, 16, 64)}
for steep, share in shares.items():
    print(f"slope {steep:2}: {share.mean():6.2%} of the samples in the sea, by formula {by_formula(steep):6.2%}")

# %% tags=["claim"]
assert all(((share - by_formula(steep)).abs() < 0.015).all() for steep, share in shares.items())


# %% [markdown]
# Once the map is steep, four times the slope leaves a quarter of the wet samples, and never none. The sea between −1.9 and 1.9, which is
# $g = 3.8$ wide, gets the noise with $|z| < 1.9 / L$. In this short stretch the noise has the density $\varphi(0) \approx 0.40$, so the share is about $0.40\, g / L$. But the noise is thickest exactly there. Could the generator not cross where there is little noise, far out in the tail?
# Then one island would get hardly any samples. To serve both islands equally, it must cross in the middle.
#
# > **Your turn.** How steep must the map be for one sample in a thousand? Use the formula, then run it.
#
# ## 2 · Noise in the plane
#
# In the plane a small square of noise becomes a small parallelogram, and its area is multiplied by the **determinant** of the
# matrix of derivatives, the *Jacobian*. So
#
# $$ p_x(x) = \frac{p_z(z)}{|\det J(z)|}, \qquad J_{ij} = \frac{\partial G_i}{\partial z_j}. $$
#
# The next map bends the plane into a fan: it lifts points by $z_1^2/2$ and spreads them upwards and downwards by a factor $e^{z_1/2}$.
# Autograd gives us the Jacobian at every point.

# %%
def fan(z):
    """[..., 2] to [..., 2]."""
    return torch.stack([z[..., 0], z[..., 1] * torch.exp(z[..., 0] / 2) + z[..., 0] ** 2 / 2], -1)


# %%
def determinant(z):
    return torch.linalg.det(torch.func.vmap(torch.func.jacrev(fan))(z))


determinant(torch.tensor([[-2.0, 0.0], [0.0, 0.0], [2.0, 1.0]]))

# %% alt="Left: a square grid over the noise plane with a round cloud of noise points. Right: the same grid after the map, bent upwards at both sides like a fan; its cells are narrow and low at the left and tall at the right, and the samples are dense at the left and sparse at the right."
ticks, along = torch.linspace(-2, 2, 9), torch.linspace(-2, 2, 60)
noise = torch.randn(1500, 2, generator=torch.Generator().manual_seed(0))
figure, axes = plt.subplots(1, 2, figsize=(7, 3.4))
for panel, change in zip(axes, (torch.clone, fan), strict=True):
    for tick in ticks:
        across = torch.stack([tick.expand(60), along], 1)
        panel.plot(*change(across).T, color=style.REFERENCE, lw=0.8)
        panel.plot(*change(across.flip(1)).T, color=style.REFERENCE, lw=0.8)
    panel.scatter(*change(noise).T, s=4, alpha=0.45, color=style.FAKE, lw=0)
    panel.set(xlim=(-3, 3), ylim=(-4, 8) if change is fan else (-3, 3))
axes[0].set(xlabel="z₁", ylabel="z₂", title="Noise, and a grid of equal squares")
axes[1].set(xlabel="x₁", ylabel="x₂", title="Samples lie dense where squares shrink")
plt.show()

# %% [markdown]
# To check the formula we count. Around the images of three noise points we draw a disc of radius 0.1, count which share of 400,000 samples
# falls into it, and divide by its area: that is the density there.

# %%
places = torch.tensor([[-1.5, 0.3], [0.0, -0.5], [1.2, 0.5]])
formula = normal(places).prod(1) / determinant(places).abs()
counted = []
for seed in range(SEEDS):
    samples = fan(torch.randn(400_000, 2, generator=torch.Generator().manual_seed(seed)))
    counted.append((torch.cdist(fan(places), samples) < 0.1).float().mean(1) / (math.pi * 0.1**2))
counted = torch.stack(counted)

# %%
for place, one, other in zip(places, formula, counted.mean(0), strict=True):
    print(f"at G{tuple(round(c, 1) for c in place.tolist())}: density {one:.4f} by formula, {other:.4f} by counting")

# %% tags=["claim"]
assert ((counted / formula - 1).abs() < 0.2).all(), "the change of variables holds in the plane"
assert ((counted.mean(0) / formula - 1).abs() < 0.08).all(), "and closely, over all seeds"

# %% [markdown]
# The lab does this for two kinds of noise and eight maps. Orange places will be squeezed and purple ones stretched; the grid shows where they go. Choose
# `1-D network` or `2-D network` for networks with random weights.
#
# > **Predict, then run.** A *swirl* turns each point around the origin, the outer ones more. What does it do to area?

# %%
from gan_lessons.labs.points.push_forward import PushForwardLab, simulate_plane

# %% alt="The lab with a random network. Left: the square of noise with its grid and points; orange bands, where area is squeezed, wind between purple patches, where it is stretched. Right: the image, a narrow strip that tapers to a point, its grid lines folded over each other. A sentence below says how much area is stretched and that the network folds the plane."
lab = PushForwardLab(map="2-D network", strength=1.5, depth=2, seed=0)
lab

# %% [markdown]
# A random network bends the square, and as a rule folds it: where the determinant changes its sign the cloth is turned over, and
# points from both sides land on the same spot. And here is the swirl, set by code instead of by the mouse:

# %% alt="The lab with a swirl. Left: the square of noise with a straight grid, in one pale colour, since no area is stretched or squeezed. Right: the same points and grid twisted around the origin like a whirlpool, the outer ones farther."
lab.set(map="2-D swirl", strength=2)
lab.figure()

# %% [markdown]
# It looks violent and leaves every area as it was: the determinant is 1 everywhere. So the density at a point is that of the noise it came from.

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
# > **Your turn.** In the lab, set the network's depth to 6 and move the strength from 0.1 to 3. When does the square vanish into a
# > point, and when does it crumple? Section 4 explains it.
#
# ### How many dimensions come out?
#
# Chapter 01 asked whether a generator with 2 noise numbers could fill a ball in 64 dimensions. A smooth map of a plane is a
# sheet, however often it is bent, and a sheet has no volume in 64 dimensions: $J$ has two columns, hence at most two
# directions in which a step of noise can go.
#
# It can be measured. Draw $n$ samples and take the typical distance from a sample to its nearest neighbour. On a curve, four times as many
# samples lie four times as close; on a sheet, twice as close; in $k$ dimensions, $4^{1/k}$ times. So neighbours tell the dimension.

# %%
from gan_lessons.networks.points import mlp


# %%
def dimension(noise_dim, seed, count=500, outputs=8):
    """The dimension of what a random network makes from noise, by the distances of nearest neighbours."""
    torch.manual_seed(seed)
    network = mlp(noise_dim, outputs, width=64, depth=2, activation=nn.Tanh).double()  # neighbours are very close
    with torch.no_grad():
        samples = network(2 * torch.rand(4 * count, noise_dim).double() - 1)
    apart = (torch.cdist(some, some).fill_diagonal_(math.inf) for some in (samples[:count], samples))
    few, many = (each.min(1).values.median() for each in apart)
    return math.log(4) / math.log(few / many)


# %%
found = {noise_dim: torch.tensor([dimension(noise_dim, seed) for seed in range(SEEDS)]) for noise_dim in (1, 2, 3)}

# %%
for noise_dim, values in found.items():
    print(
        f"{noise_dim} noise numbers into 8: dimension {values.mean():.2f}  ({values.min():.2f} to {values.max():.2f})"
    )

# %% tags=["claim"]
assert all(((values / noise_dim - 1).abs() < 0.3).all() for noise_dim, values in found.items())

# %% [markdown]
# What comes out has as many dimensions as the noise. That is a gift, since digits do not fill their 64 dimensions
# either, and a limit: with too few noise numbers whole directions of the data cannot be reached.
#
# ## 3 · Eight islands
#
# Now the impossible task. The data are eight small islands on a ring (chapter 05 trains a GAN on them), each a Gaussian
# with standard deviation 0.02. A sample is of *high quality* if it lies within three standard deviations of an island's
# centre; otherwise we say that it is in the **sea**. The islands' own samples are in the sea at a rate of 1.1 % ($e^{-9/2}$): that is the level of a perfect copy.
#
# We make it as easy as can be. No game, no discriminator: we *tell* the generator the right island for every noise point,
# by the angle of the noise. Eight sectors of the noise plane, eight islands, equal shares. For one noise number we cut
# the line into eight equal shares; for eight noise numbers we use the first two.

# %%
from gan_lessons.data.points import ring
from gan_lessons.metrics.modes import mode_scores, perfect

islands = ring(modes=8, radius=2.0, std=0.02)


# %%
def right_island(noise):
    """The centre of the island that each noise point should be sent to."""
    if noise.shape[-1] == 1:
        share = torch.special.ndtr(noise[..., 0])
    else:
        share = torch.atan2(noise[..., 1], noise[..., 0]) / (2 * math.pi) % 1
    return islands.centres[(8 * share).long().clamp(max=7)]


# %% [markdown]
# We train five networks of each kind, from five seeds, side by side (`stack` puts their weights into one tensor; chapter 05 says more). The loss is
# the squared distance to the right island.

# %%
from gan_lessons.populations import stack


# %%
def taught(noise_dim=2, width=64, depth=2, activation=nn.ReLU, steps=500):
    """Five generators that were told the right island for each of 500 batches of noise."""
    networks = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        networks.append(mlp(noise_dim, 2, width, depth, activation))
    generators = stack(networks)
    optimizer = torch.optim.Adam(generators.parameters(), lr=5e-3, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        noise = torch.randn(SEEDS, 256, noise_dim)
        loss = (generators(noise) - right_island(noise)).square().mean((1, 2)).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return generators


# %% [markdown]
# Two numbers of each: the share of 4,000 samples in the sea, and the steepest slope found at these places, that is the largest factor by
# which a small step of noise is stretched (the largest singular value of $J$).

# %%
def sea_and_slope(generators, noise_dim):
    """The share of samples in the sea and the steepest slope, each [SEEDS]."""
    noise = torch.randn(4000, noise_dim).expand(SEEDS, -1, -1).clone().requires_grad_()
    samples = generators(noise)
    rows = [torch.autograd.grad(samples[..., axis].sum(), noise, retain_graph=True)[0] for axis in (0, 1)]
    steepest = torch.linalg.matrix_norm(torch.stack(rows, -2), 2).amax(1)
    return 1 - mode_scores(samples.detach(), islands).high_quality, steepest


# %%
KINDS = {
    "width 16, one layer": {"width": 16, "depth": 1},
    "width 64, one layer": {"width": 64, "depth": 1},
    "width 256, one layer": {"width": 256, "depth": 1},
    "width 64, two layers": {},
    "width 64, four layers": {"depth": 4},
    "two layers, tanh": {"activation": nn.Tanh},
    "two layers, 1 noise number": {"noise_dim": 1},
    "two layers, 8 noise numbers": {"noise_dim": 8},
}

# %% [markdown]
# > **Predict, then run.** Every network is told the answer. Which do you expect to leave the sea empty: wide ones, deep ones, smooth ones,
# > those with more noise?

# %%
results, kept = {}, {}
for name, options in KINDS.items():
    kept[name] = taught(**options)
    results[name] = sea_and_slope(kept[name], options.get("noise_dim", 2))
    sea, steepest = results[name]
    print(f"{name:28} {sea.mean():6.1%} in the sea ({sea.min():.1%} to {sea.max():.1%}), slope {steepest.mean():5.1f}")

# %%
best = 1 - perfect(islands, 100_000).high_quality
print(f"{'the islands themselves':28} {best:6.1%}")

# %% [markdown]
# No network comes near the islands' own 1.1 %, and the order is instructive. Width helps a little: with sixteen times as many units
# three quarters of the samples are still wet. Depth helps more, since each layer steepens what the layers before have made
# steep. A smooth activation such as tanh rounds the corners. More noise numbers do not help; here they hurt, because the
# network must learn to ignore six of them. One number is too few: in 500 steps the network does not get steep enough at seven places of one line.
#
# Why can it not be done? Section 1 gave the reason. The noise is connected and the generator continuous, so its samples form one connected
# cloth, and between the islands the cloth is over the sea. The slope decides how much. Two lines show what a slope can buy:
#
# - the **star** of eight straight borders, each crossed at full slope $L$. Along a border from the origin outwards the noise has density
#   $\varphi(0)/2$ per unit across (the density $\varphi(0)\varphi(r)$, summed along $r$ from 0 to $\infty$), and the way to the next island is $g = 1.41$ long, so the sea gets $8 \cdot \tfrac12 \varphi(0)\, g / L \approx 2.25 / L$;
# - the **floor**, below which *no* map gets that serves one half of the islands as often as the other, in any noise dimension:
#   $P(|z| < g / 2L)$ for one normal number $z$, about $0.56 / L$. The noise of the two halves must be $g / L$ apart, and a straight cut through the
#   middle wastes least (the Gaussian isoperimetric inequality).

# %%
gap = 4 * math.sin(math.pi / 8) - 6 * islands.std  # from the edge of an island to the edge of its neighbour
eight_borders = 8 * gap / (2 * math.sqrt(2 * math.pi))


def floor(slope):
    return torch.erf(gap / slope / math.sqrt(8))


# %%
print(f"sea by the star: {eight_borders:.2f} / L; for 1.1 % a slope of {eight_borders / math.exp(-4.5):.0f} is needed")

# %% alt="Share of samples in the sea against the steepest slope, both on logarithmic axes. Eight groups of five dots run from the upper left, shallow one-layer networks with nearly all samples in the sea, to the lower right, four layers with two fifths. All dots lie above the lower of two falling lines, the floor, and all but the narrowest networks well above the other, the star of eight borders; a dashed line far below at 1.1 per cent is the islands' own share."
figure, axes = plt.subplots(figsize=(6.4, 3.9))
for (name, (sea, steepest)), marker in zip(results.items(), "sD^oPvX*", strict=True):
    axes.plot(steepest, sea, marker, ms=5, ls="", label=name, alpha=0.8)
slopes = torch.logspace(0, 2.5, 100)
axes.plot(slopes, eight_borders / slopes, color="black", lw=1, label="star of eight borders")
axes.plot(slopes, floor(slopes), color="black", lw=1, ls=":", label="floor for any map")
axes.set(xscale="log", yscale="log", xlim=(1, 320), ylim=(0.005, 1.3))
axes.axhline(best, color=style.REFERENCE, lw=1, ls="--")
axes.text(1.1, 1.1 * best, "the islands' own share", fontsize=8, color=style.REFERENCE)
axes.set(
    xlabel="steepest slope of the generator",
    ylabel="share in the sea",
    yticks=[0.01, 0.1, 1],
    yticklabels=["1 %", "10 %", "100 %"],
)
axes.set_title("Steeper generators leave less in the sea, and none leaves nothing")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% tags=["claim"]
assert all((sea > eight_borders / steepest).all() for sea, steepest in list(results.values())[1:]), "and above the star"
mean = {name: sea.mean() for name, (sea, _) in results.items()}
for sea, steepest in results.values():
    assert (sea > 8 * best).all() and (sea > floor(steepest)).all(), (
        "all in the sea far above the perfect copy and the floor"
    )
assert mean["width 64, one layer"] > 1.08 * mean["width 256, one layer"] > 0.7 and mean["width 16, one layer"] > 0.9
assert mean["width 256, one layer"] > 1.1 * mean["width 64, two layers"] > 1.3 * mean["width 64, four layers"], "depth"
assert mean["two layers, tanh"] > 1.1 * mean["width 64, two layers"], "smooth corners"
steep = {name: steepest for name, (_, steepest) in results.items()}
assert steep["two layers, 1 noise number"].max() < 0.7 * steep["width 64, two layers"].min(), "one is not steep"
assert mean["two layers, 8 noise numbers"] > 1.1 * mean["width 64, two layers"], "more noise does not help"


# %% [markdown]
# All dots lie above the floor, and all but those of the narrowest network well above the star. The slope is largest at a few places only, and on most of the borders the networks are less steep than at their
# steepest. To be as good as the islands themselves, even the ideal star would need a slope of about 200.
#
# ### What the noise plane looks like
#
# Colour each noise point by the island that it is sent to, and leave it black if it falls into the sea. That is a map of the **latent
# space**, seen from the generator's side. Beside it: a walk around a circle in the noise plane, as positions on the ring.

# %%
def member(noise):
    """What the first of the five four-layer generators makes of noise [count, 2]."""
    return kept["width 64, four layers"](noise.expand(SEEDS, -1, -1))[0].detach()


# %%
side = torch.linspace(-3, 3, 200)
plane = torch.cartesian_prod(side, side).flip(1)  # row 0 at the bottom
distance, nearest = torch.cdist(member(plane), islands.centres).min(1)
colours = torch.tensor([plt.matplotlib.colors.to_rgb(plt.get_cmap("tab10")(int(k))) for k in range(8)])
painted = torch.where((distance < 3 * islands.std)[:, None], colours[nearest], 0.0).reshape(200, 200, 3)

# %%
angle = torch.linspace(0.01, 2 * math.pi - 0.01, 800)
walk = member(1.2 * torch.stack([angle.cos(), angle.sin()], 1))

# %% alt="Left: the noise plane of a four-layer generator, with eight coloured wedges that point to the origin, one for each island; between them black borders, and black patches at some outer corners. Right: the angle of the sample on the ring against the angle of the noise, a staircase with eight nearly flat steps and steep risers."
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.1), width_ratios=(1, 1.2))
left.imshow(painted, origin="lower", extent=(-3, 3, -3, 3), interpolation="nearest")
left.set(xlabel="z₁", ylabel="z₂", title="Eight sectors, and sea (black) between")
right.plot(angle, (torch.atan2(walk[:, 1], walk[:, 0]) + 0.4).remainder(2 * math.pi) - 0.4, ".", ms=2, color=style.FAKE)
right.set(xlabel="angle of the noise", ylabel="angle of the sample", title="A walk in the noise: rest, dash, rest")
plt.show()

# %% [markdown]
# A straight or circular walk in the noise, an *interpolation*, gives samples that hardly move for a while and then dash to the next island, through
# the sea. Remember this staircase when you see interpolations between photographs.
#
# The cure is not a better network. If the *noise* is in pieces, the generator need not tear. Give it a switch: a number
# $k$ from 1 to 8 beside $z$, and the easiest map in the world, $G(z, k) = c_k + 0.02\, z$.

# %%
switched = []
for seed in range(SEEDS):
    random = torch.Generator().manual_seed(seed)
    k = torch.randint(8, (20_000,), generator=random)
    samples = islands.centres[k] + 0.02 * torch.randn(20_000, 2, generator=random)
    switched.append(1 - mode_scores(samples, islands).high_quality)

# %%
switched = torch.stack(switched)
print(f"with a switch: {switched.mean():.1%} in the sea, with a slope of 0.02")

# %% tags=["claim"]
assert ((switched - math.exp(-4.5)).abs() < 0.004).all(), "noise in pieces makes islands as well as the islands do"


# %% [markdown]
# A linear map with a switch beats every deep network without one. Labels are such a switch (chapter 10), and so are mixtures of generators.
#
# > **Your turn.** In `KINDS`, give the four-layer network `"steps": 2000`. Predict from the star how much slope it must gain to halve the sea.
#
# ## 4 · Before the first step
#
# A network starts with random weights. If they are too small, each layer shrinks the differences between its inputs, and after a few layers all noise
# looks alike: the generator draws one point, and no gradient tells one $z$ from another. If they are too large, everything explodes.
#
# Count variances. A unit adds up $n$ inputs times independent weights of variance $g / n$, so its mean square is $g$ times that of
# its inputs. A ReLU then sets half of it to zero. The mean square is thus multiplied by $g / 2$ at every layer. It stays level for
# **$g = 2$** (He et al., 2015). PyTorch's own `nn.Linear` draws from $U(-1/\sqrt n, 1/\sqrt n)$, which is $g = \tfrac13$.
#
# > **Predict, then run.** After 20 layers, how large is the typical activation, relative to the first, with $g = 1$?

# %%
def sizes(gain, seed, layers=20, width=256):
    """Root mean square of the activations after each of `layers` ReLU layers with weights N(0, gain / width)."""
    random = torch.Generator().manual_seed(seed)
    signal, found = torch.randn(256, width, generator=random), []
    for _ in range(layers):
        weight = torch.randn(width, width, generator=random) * math.sqrt(gain / width)
        signal = torch.relu(signal @ weight)
        found.append(signal.square().mean().sqrt())
    return torch.stack(found)


# %%
GAINS = {"He: g = 2": 2.0, "g = 1": 1.0, "PyTorch's default: g = 1/3": 1 / 3}
measured = {name: torch.stack([sizes(gain, seed) for seed in range(SEEDS)], 1) for name, gain in GAINS.items()}

# %% alt="Root mean square of activations against layer number on a logarithmic axis. With g = 2 the line stays near 1 over 20 layers; with g = 1 it falls straight to about a thousandth; with PyTorch's default it falls to about a hundred-millionth. Dashed grey lines of the predicted slopes lie on the measured ones."
layer = torch.arange(1, 21)
figure, axes = plt.subplots(figsize=(6, 3.2))
for (name, size), color in zip(measured.items(), [style.DISCRIMINATOR, style.REAL, style.FAKE], strict=True):
    curves.draw_curve(axes, layer, size, color, name)
    axes.plot(layer, (GAINS[name] / 2) ** (layer / 2), color=style.REFERENCE, ls="--", lw=1)
axes.set(yscale="log", xlabel="layer", ylabel="size of the activations", xticks=[1, 5, 10, 15, 20])
axes.set_title("Only g = 2 carries a signal through twenty ReLU layers")
axes.legend(loc="lower left")
plt.show()

# %%
factors = {name: (size[-1] / size[0]) ** (1 / 19) for name, size in measured.items()}
for name, gain in GAINS.items():
    print(f"{name:28} each layer multiplies by {factors[name].mean():.3f}; predicted {math.sqrt(gain / 2):.3f}")

# %% tags=["claim"]
assert all(((factors[name] / math.sqrt(gain / 2) - 1).abs() < 0.05).all() for name, gain in GAINS.items())


# %% [markdown]
# Theory and networks agree within a few per cent. With two to four layers the loss is small enough to be made up for in training: all networks of section 3
# started from the default. Deep ones need $g = 2$, or layers that set the scale of a signal anew (normalisation, chapter 09).
#
# The choice of $g$ is also the choice of the first slope: a network whose signals shrink by 0.41 a layer starts out almost flat, and section 3 told us that
# it has to become steep.
#
# ## 5 · From small pictures to large
#
# A generator of pictures starts from a small map of features, say 8 × 8, and doubles its side until it has the size of a
# picture. There are two common ways to double:
#
# - a **transposed convolution** of stride 2: each input pixel stamps its kernel onto the output, two pixels further for each input pixel;
# - **resize, then convolve**: each pixel is repeated in a 2 × 2 block, and an ordinary convolution follows.
#
# With stride 2, even and odd output pixels are made by *different* weights of the kernel. And if the kernel's side is no multiple of the
# stride, some pixels get more stamps than others. Both lead to a pattern of period two: a **checkerboard**. Feed a constant input, and what
# comes out should be constant:

# %%
def doubling(kind, inputs, outputs):
    """One layer that doubles the side of a picture."""
    if kind == "resize, convolve 3":
        return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(inputs, outputs, 3, padding=1, bias=False))
    kernel = int(kind[-1])
    return nn.ConvTranspose2d(inputs, outputs, kernel, stride=2, padding=1, output_padding=4 - kernel, bias=False)


WAYS = ("transposed 3", "transposed 4", "resize, convolve 3")


# %%
def of_constant(kind, equal, seed=0):
    """What one layer makes of a constant input, without the border, [1, 1, 16, 16]."""
    torch.manual_seed(seed)
    layer = doubling(kind, 8, 1)
    weight = next(layer.parameters())
    nn.init.ones_(weight) if equal else nn.init.normal_(weight)
    return layer(torch.ones(1, 8, 10, 10)).detach()[..., 2:18, 2:18]


# %% [markdown]
# > **Predict, then run.** Which of the three ways is constant when all weights are equal? Which when the weights are random?

# %% alt="Six small grey squares in two rows. Top row, equal weights: transposed 3 shows a plaid that repeats every two pixels, transposed 4 and resize-convolve are uniform. Bottom row, random weights: both transposed convolutions show a pattern that repeats every two pixels, and resize-convolve is uniform."
figure, axes = plt.subplots(2, 3, figsize=(6, 4.2))
for row, equal in zip(axes, (True, False), strict=True):
    for panel, kind in zip(row, WAYS, strict=True):
        picture = of_constant(kind, equal)[0, 0]
        panel.imshow(picture / picture.abs().max(), cmap="gray", vmin=-1.2, vmax=1.2)
        panel.set(xticks=[], yticks=[], title=f"{kind}\n{'equal' if equal else 'random'} weights")
figure.suptitle("Only resizing keeps a constant constant with any weights", fontsize=10)
plt.show()


# %% [markdown]
# To measure it, look at the **spectrum**, the strength of every spatial frequency. A pattern of period two sits at the highest frequency there is,
# half a cycle a pixel, horizontally or vertically. We call the share of a picture's power at these frequencies its *grain*.

# %%
def grain(pictures):
    """The share of the power at half a cycle a pixel, horizontally or vertically."""
    power = torch.fft.fft2(pictures).abs().square().mean((0, 1))
    middle = len(power) // 2
    return (power[middle].sum() + power[:, middle].sum() - power[middle, middle]) / power.sum()


# %%
grains = {kind: torch.stack([grain(of_constant(kind, False, seed)) for seed in range(40)]) for kind in WAYS}
for kind in WAYS:
    equal, mixed = grain(of_constant(kind, True)), grains[kind].mean()
    print(f"{kind:20} grain {equal:5.1%} with equal weights, {mixed:5.1%} with random ones")

# %% [markdown]
# Equal weights show the unequal stamps: with kernel 3 the four kinds of pixel get 1, 2, 2 and 4 of them, with kernel 4 all get four. But
# random weights undo this advantage. Four kinds of pixel then have four unrelated values, and three quarters of the power is grain
# on average, for either kernel. (One frequency of the four that four values have is the constant.)
#
# That is how a generator *starts*. Does it learn to get rid of the grain? We train small upsamplers, 4 × 4 to 16 × 16, to
# restore shrunken handwritten digits, and follow the grain of what they make.

# %%
from gan_lessons.data.images import digits

large = nn.functional.avg_pool2d(
    nn.functional.pad(digits().pixels[::5], (2, 2, 2, 2), value=-1), 2
)  # [1000, 1, 16, 16]
small = nn.functional.avg_pool2d(large, 4)


# %%
def upsampler(kind):
    layers = [nn.Conv2d(1, 16, 3, padding=1), doubling(kind, 16, 16), doubling(kind, 16, 1)]
    return nn.Sequential(layers[0], nn.LeakyReLU(0.2), layers[1], nn.LeakyReLU(0.2), layers[2])


# %%
def restore(kind, seed, steps=100):
    """Train an upsampler; return its grain after every tenth step."""
    torch.manual_seed(seed)
    network, found = upsampler(kind), []
    optimizer = torch.optim.Adam(network.parameters(), lr=5e-3)
    for step in range(steps + 1):
        if step % 10 == 0:
            with torch.no_grad():
                found.append(grain(network(small[:100])))
        chosen = torch.randint(len(large), (16,))
        loss = (network(small[chosen]) - large[chosen]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.stack(found)


# %%
trained = {kind: torch.stack([restore(kind, seed) for seed in range(SEEDS)], 1) for kind in WAYS}

# %%
real_grain = grain(large)
for kind, found in trained.items():
    first, later, last = found[[0, 2, -1]].median(1).values
    print(f"{kind:20} grain {first:7.3%} at first, {later:7.3%} after 20 steps, {last:7.3%} after 100")
print(f"{'real digits':20} grain {real_grain:7.3%}")

# %% alt="Grain against training step on a logarithmic axis. Both transposed convolutions start above the dashed line of the real digits, at about a third of all power, and fall below the line within about 50 steps; resize-and-convolve starts near the line and is ten times lower than the others at the end."
figure, axes = plt.subplots(figsize=(6, 3.2))
for (kind, found), color in zip(trained.items(), [style.FAKE, style.CYCLE[3], style.REAL], strict=True):
    curves.draw_curve(axes, torch.arange(len(found)) * 10, found, color, kind)
axes.set(yscale="log", ylabel="grain of the pictures")
curves.draw_reference(axes, float(real_grain), "real digits")
axes.set_title("Transposed convolutions start grainy and must unlearn it")
axes.legend()
plt.show()

# %% tags=["claim"]
assert grain(of_constant("transposed 3", True)) > 0.15 and grain(of_constant("transposed 4", True)) < 1e-6
assert all(abs(grains[kind].mean() - 0.75) < 0.1 for kind in WAYS[:2]), "three quarters with random weights"
assert grains["resize, convolve 3"].max() < 1e-6, "resizing leaves no grain"
for kind in WAYS[:2]:
    assert trained[kind][0].min() > 0.05 and trained[kind][0].median() > 0.2, "a grainy start"
    assert (trained[kind][-1] < 0.5 * real_grain).all(), "which training removes"
    assert trained[kind][-1].median() > 3 * trained[WAYS[2]][-1].median(), "but not as far as resizing does"
assert trained[WAYS[2]][0].median() < 4 * real_grain and (trained[WAYS[2]][2:] < real_grain).all(), (
    "and resizing hardly has"
)

# %% [markdown]
# The popular warning is half right. A transposed convolution starts with far more grain than real digits have, a third of its power or more, and kernel 4 starts no better
# than kernel 3. But a loss that compares pixel by pixel drives the grain out within a hundred steps, since grain costs squared error. (It ends below the
# real digits' own, because the restored pictures are blurred.) In a GAN there is no such loss: the generator unlearns only what
# its discriminator sees and objects to. Resizing starts near the real digits' own level, and has little to unlearn.
#
# > **Your turn.** In `doubling`, set `padding=0, output_padding=0` and print `grain(of_constant("transposed 2", equal))` for
# > `equal` `True` and `False`. Predict its grain with equal and with random weights.
#
# ## What we saw
#
# - A generator moves probability and makes none: its density is the noise's, divided by the slope, or in the plane by the determinant of the Jacobian.
# - What comes out has at most as many dimensions as the noise.
# - Crossing a sea of width $g$ with a slope of $L$ puts a share of about $0.4\,g / L$ into it. Width and, more, depth buy slope; no network that we taught
#   came near the islands' own 1.1 %, and a switch in the noise reached it at once.
# - ReLU layers multiply the size of a signal by $\sqrt{g/2}$; only $g = 2$ keeps it through many layers.
# - Transposed convolutions start with a grain of period two, whatever their kernel; training can remove it. Resizing hardly has any.
#
# ## Questions
#
# **1.** $z$ is standard normal and $x = 3z + 1$. What is the density of $x$ at 1?
#
# <details><summary>Answer</summary>
# $\varphi(0) / 3 \approx 0.133$: $x = 1$ comes from $z = 0$, and the slope is 3 everywhere.
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
# **4.** Two islands on a line are separated by a sea of width 4, and each gets half of the samples. The generator's slope is at most 40. What share of the samples must be in the sea?
#
# <details><summary>Answer</summary>
# It needs a stretch of noise of length $4/40 = 0.1$, around $z = 0$: $0.1 \cdot \varphi(0) \approx 4$ %.
# </details>
#
# **5.** Why do more noise numbers not help with eight islands, and why does a switch?
#
# <details><summary>Answer</summary>
# Noise in more dimensions is still in one piece, so its image under a continuous map is in one piece, and the floor is the same in any dimension. A switch puts the noise itself into eight pieces; nothing has to cross the sea.
# </details>
#
# **6.** You build a generator with 12 ReLU layers and PyTorch's default weights (no normalisation). What do its first samples look like, and why?
#
# <details><summary>Answer</summary>
# Practically one point: each layer multiplies differences by $\sqrt{1/6} \approx 0.41$, twelve of them by about $2 \cdot 10^{-5}$.
# </details>
#
# **7.** A colleague says: "Kernel 4 with stride 2 gives no checkerboard, because 4 is a multiple of 2." What do you answer?
#
# <details><summary>Answer</summary>
# True only if the weights are equal. With random weights even and odd pixels are made by different weights, and three quarters of the power of a constant input's image is grain, as with kernel 3.
# </details>
#
# ## Further reading
#
# - Tanielian et al. 2020, *Learning disconnected manifolds: a no GAN's land*, arXiv:2006.04596: what a connected noise with bounded slope must lose.
# - Khayatkhoei, Elgammal and Singh 2018, *Disconnected manifold learning for generative adversarial networks*, arXiv:1806.00880: several generators, one for each piece.
# - He et al. 2015, *Delving deep into rectifiers*, arXiv:1502.01852: first weights for ReLU networks.
# - Odena, Dumoulin and Olah 2016, *Deconvolution and checkerboard artifacts*, Distill, doi:10.23915/distill.00003: the grain, with pictures that move.
# - Radford, Metz and Chintala 2016, *Unsupervised representation learning with deep convolutional GANs*, arXiv:1511.06434: transposed convolutions and walks in the latent space.
#
# **Next:** [03 · The discriminator](03_the_discriminator.ipynb) looks at the other player: what a classifier knows about a density.
