# %% [markdown]
# # 01 · The game
#
# **What is a generative model, and why let two networks play?**
#
# **You will** learn one distribution in four ways: with a histogram, with a kernel density, with a mixture of Gaussians, and
# by a game between two players. You will see where the first three stop, and play the game by hand.
#
# **You will learn** to
# - say what "learning a distribution" means, and measure it in nats,
# - see the curse of dimension in a plot of your own,
# - tell an explicit model (a formula for the density) from an implicit one (a machine that makes samples),
# - state the game between generator and discriminator exactly, with its value and its end,
# - train the smallest GAN there is, two parameters against three, with every gradient written out.
#
# **You will need** a little Python with PyTorch, what a density and a mean are, and about a minute of computing. No
# knowledge of GANs, no GPU and no network connection.

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch.nn.functional import logsigmoid, softplus

from gan_lessons.plots import curves, images, style

torch.set_num_threads(1)  # small arrays are fastest on one thread
torch.manual_seed(1)
style.use()

# %% [markdown]
# ## 1 · Learning a distribution
#
# A mint has two presses. One makes coins a little too light, the other a little too heavy. Let $x$ be the weight of a coin,
# counted from what it should be. Then the coins follow a **distribution**: two bumps, at −1 and +1, each a Gaussian with
# standard deviation 0.35. We write its density as $p(x)$.
#
# In life nobody tells you $p$. You get a heap of coins, and from the heap you are to learn what coins of this mint are like.
# Here we know $p$, so that we can grade whoever learns it. Later we will measure each coin in several ways, `dims` numbers
# instead of one, and each number will have its two bumps.

# %%
from gan_lessons.data.points import Mixture


def mint(dims):
    """Coins with `dims` independent measurements, two bumps in each: 2 ** dims islands in all."""
    return Mixture(torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * dims).reshape(-1, dims), std=0.35)


# %%
coins = mint(1).sample(300)
coins[:4].flatten()


# %% [markdown]
# Three classical ways to get from a heap to a density:
#
# - A **histogram** cuts the line into bins and counts. (We add a tenth of a coin to every bin, so that no bin is impossible.)
# - A **kernel density** puts a small Gaussian on every coin of the heap and adds them up.
# - A **Gaussian mixture** places a few Gaussians and moves, widens and weighs them until the heap is likely.
#
# Each is a function that takes the heap and returns the log-density at any other points. We write it for any number of
# dimensions at once.

# %%
def gaussians(points, centres, std):
    """Log-density of equal Gaussians around `centres`."""
    centres = centres.to(points)
    scale = math.log(len(centres)) + points.shape[1] * math.log(std * math.sqrt(2 * math.pi))
    return torch.logsumexp(-torch.cdist(points, centres).square() / (2 * std**2), 1) - scale


# %%
def kernel_density(heap, points, width):
    """A Gaussian on every coin of the heap: the same formula, with the heap as centres."""
    return gaussians(points, heap, width)


# %%
def histogram(heap, points, bins, reach=2.5):
    """Log-density of a histogram with `bins` bins along each dimension, from -reach to reach."""
    dims = heap.shape[1]

    def cell(places):
        along = ((places / reach).clamp(-0.999, 0.999) + 1) / 2 * bins
        return (along.long() * bins ** torch.arange(dims)).sum(1)

    cells, counts = cell(heap).unique(return_counts=True)
    place = torch.searchsorted(cells, cell(points)).clamp(max=len(cells) - 1)
    count = torch.where(cells[place] == cell(points), counts[place], 0)  # most cells hold no coin and are not stored
    return torch.log((count + 0.1) / (len(heap) + 0.1 * bins**dims)) - dims * math.log(2 * reach / bins)


# %% [markdown]
# The mixture is fitted by expectation–maximisation (guess which bump each coin is from, refit the bumps, repeat); scikit-learn has it.

# %%
from sklearn.mixture import GaussianMixture


def gaussian_mixture(heap, points, components):
    """Log-density of a fitted mixture of Gaussians (each with its own spread along each axis)."""
    model = GaussianMixture(components, covariance_type="diag", tol=0.01, init_params="k-means++", random_state=0)
    return torch.from_numpy(model.fit(heap.numpy()).score_samples(points.numpy())).float()


# %% [markdown]
# All three on the same 300 coins, beside the truth:

# %% alt="Three panels with the same grey two-humped true density. The histogram is a blue staircase that follows it roughly, the kernel density a smooth curve that follows with small wiggles, and the Gaussian mixture lies almost exactly on it."
line = torch.linspace(-2.49, 2.49, 400)[:, None]
truth = gaussians(line, mint(1).centres, 0.35).exp()
models = {
    "histogram": (histogram, 16),
    "kernel density": (kernel_density, 0.15),
    "Gaussian mixture": (gaussian_mixture, 2),
}
figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.5), sharey=True)
for panel, (name, (model, setting)) in zip(axes, models.items(), strict=True):
    panel.fill_between(line[:, 0], truth, color=style.REFERENCE, alpha=0.25, lw=0, label="truth p")
    panel.plot(line, model(coins, line, setting).exp(), color=style.REAL, label="learned")
    panel.plot(coins[:150], torch.full((150,), -0.03), "|", color=style.REFERENCE, ms=4, alpha=0.5)
    panel.set(title=name, xlabel="weight x")
axes[0].set(ylabel="density", ylim=(None, 0.78), title="Steps: histogram")
axes[1].set_title("Wiggles: kernel density")
axes[2].set_title("Two bumps: Gaussian mixture")
axes[0].legend(loc="upper left")
plt.show()

# %% [markdown]
# How good is a model $\hat p$? We ask how much more it is surprised by **fresh** coins than the truth is. The surprise at a
# coin is $-\log \hat p(x)$, and the difference, averaged over coins from $p$,
#
# $$ \mathrm{KL}(p \,\|\, \hat p) = \mathbb{E}_{x \sim p}\big[\log p(x) - \log \hat p(x)\big], $$
#
# is the **Kullback–Leibler divergence**. It is zero for the truth and positive for everything else. Its unit, with natural
# logarithms, is the *nat*: a model that is one nat off gives a typical coin $e \approx 2.7$ times too little probability.
#
# Each model has one knob: the number of bins, the width of the kernel, the number of Gaussians. We set it so that a second heap is as likely as possible, and measure on a third.

# %%
SETTINGS = {
    "histogram": (histogram, (2, 3, 4, 6, 8, 12, 16, 24)),
    "kernel density": (kernel_density, (0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.56)),
    "Gaussian mixture": (gaussian_mixture, (2, 4, 16, 64)),
    "one Gaussian": (gaussian_mixture, (1,)),
}


def divergence(name, dims, seed, count=1000):
    """KL from the truth to a model that learned from `count` coins and was tuned on as many."""
    model, settings = SETTINGS[name]
    heap, second, third = mint(dims).sample(4 * count, seed).split([count, count, 2 * count])
    likely = {setting: model(heap, second, setting).mean() for setting in settings}
    best = max(likely, key=likely.get)
    return (gaussians(third, mint(dims).centres, 0.35) - model(heap, third, best)).mean()


# %% [markdown]
# > **Predict, then run.** One Gaussian cannot have two bumps. The other three can. How will they rank, with 1,000 coins?

# %%
in_one = {name: torch.stack([divergence(name, 1, seed) for seed in range(5)]) for name in SETTINGS}
for name, values in in_one.items():
    print(f"{name:16}  KL {values.mean():6.3f} nats   (five heaps: {values.min():.3f} to {values.max():.3f})")

# %% [markdown]
# In one dimension the problem is solved. All three come within a few hundredths of a nat; the single Gaussian, which has the
# wrong shape, is off by more than ten times as much. The mixture is best because we told it the truth's own form. A value can even
# come out a little below zero, since 2,000 fresh coins measure it only to about a hundredth.

# %% tags=["claim"]
good = torch.stack([in_one[name] for name in ("histogram", "kernel density", "Gaussian mixture")])
assert good.max() < 0.06, "all three are within a few hundredths of a nat"
assert in_one["one Gaussian"].min() > 0.35, "and one Gaussian is not"
assert in_one["one Gaussian"].mean() > 10 * good.mean(1).max(), "it is off by more than ten times as much"
assert (good.mean(1).diff() < 0).all(), "histogram, kernels, mixture: each better than the one before"


# %% [markdown]
# > **Your turn.** Change `count` to 100. Predict which of the three loses most.
#
# ## 2 · Where counting stops
#
# Now measure each coin in two, four, six, eight ways. Nothing about the single measurements changes, and they are independent.
# But the heap stays at 1,000 coins. In $d$ dimensions there are $2^d$ islands, 256 of them for $d = 8$, and a histogram with
# ten bins along each axis has $10^d$ cells.
#
# > **Predict, then run.** What share of fresh coins falls into a cell in which the heap has at least one coin, for $d = 2$,
# > 4 and 8?

# %%
def seen(dims, seed, bins=10, count=1000):
    """The share of fresh coins whose cell holds a coin of the heap."""
    heap, fresh = mint(dims).sample(2 * count, seed).split(count)
    places = [((points / 2.5).clamp(-0.999, 0.999) + 1).mul(bins / 2).long() for points in (heap, fresh)]
    known = {tuple(place) for place in places[0].tolist()}
    return sum(tuple(place) in known for place in places[1].tolist()) / count


# %%
shares = {dims: torch.tensor([seen(dims, seed) for seed in range(5)]) for dims in (1, 2, 4, 6, 8)}
for dims, share in shares.items():
    print(f"{dims} dimensions, 10^{dims} cells: {share.mean():6.1%} of fresh coins fall where the heap has one")

# %% [markdown]
# In two dimensions the heap has been nearly everywhere that a fresh coin goes. In eight it has been nowhere: the histogram
# knows nothing about practically every coin that it will ever be asked about. More coins are no way out, because each further
# dimension multiplies the number of cells by ten. A kernel density and a mixture share what they know with the neighbourhood.
# Does that save them?

# %%
DIMS = torch.tensor([1, 2, 4, 6, 8])
errors = {
    name: torch.stack([torch.stack([divergence(name, int(dims), seed) for seed in range(5)]) for dims in DIMS])
    for name in SETTINGS
}

# %% alt="KL in nats against the number of dimensions, one to eight. The histogram rises steepest and crosses the dashed line of one single Gaussian at about six dimensions; kernel density and Gaussian mixture rise later and reach about two nats at eight; a dotted line for eight separate one-dimensional kernel densities stays close to zero."
figure, axes = plt.subplots(figsize=(6, 3.4))
for (name, error), color in zip(
    errors.items(), [style.CYCLE[4], style.REAL, style.DISCRIMINATOR, style.REFERENCE], strict=True
):
    curves.draw_curve(axes, DIMS, error, color, name)
axes.lines[-1].set_linestyle("--")
fair = DIMS * errors["kernel density"][0].mean()
axes.plot(DIMS, fair, color=style.REAL, ls=":", lw=1.4, label="one kernel density per dimension")
axes.axhline(0, color="black", lw=0.8)
axes.annotate("the truth", (6.9, 0), (6.9, -0.05), va="top", fontsize=8)
axes.set(xlabel="dimensions", ylabel="KL from the truth (nats)", xticks=DIMS, ylim=(-0.35, None))
axes.set_title("With 1,000 coins, all three models are lost by eight dimensions")
axes.legend()
plt.show()

# %%
for name, error in errors.items():
    print(
        f"{name:16}", "  ".join(f"d={int(dims)}: {value:5.2f}" for dims, value in zip(DIMS, error.mean(1), strict=True))
    )

# %% [markdown]
# Read the figure from below. Zero is the truth. The dotted line is what a kernel density would lose if somebody had told it
# that the measurements are independent: eight easy problems in one dimension, a small price. The solid lines are what the models
# lose without being told. The histogram ends up *worse than a single Gaussian*, the dashed line, which has never heard of bumps.
# The kernel density must make its kernels so wide that the bumps flow into each other. The mixture, with the right form, holds
# out to four dimensions and its 16 islands. With 256 islands to find among 1,000 coins it falls behind even the kernel density.
#
# This is the **curse of dimension**: methods that learn what lies near a sample need a number of samples that grows
# exponentially with the dimension.

# %% tags=["claim"]
assert shares[2].min() > 0.95 and shares[8].max() < 0.02, "the heap is everywhere in 2-D and nowhere in 8-D"
eight = {name: error[-1] for name, error in errors.items()}
assert (eight["histogram"] > eight["one Gaussian"] + 0.3).all(), "the histogram ends worse than one Gaussian"
assert eight["kernel density"].min() > 1.4 and eight["kernel density"].max() < 2.3
assert (eight["kernel density"] > 15 * fair[-1]).all(), "far more than eight times the one-dimensional price"
assert (errors["Gaussian mixture"][2] < 0.35).all() and (eight["Gaussian mixture"] > 1.6).all(), "it holds out to 4-D"
assert eight["Gaussian mixture"].mean() > eight["kernel density"].mean(), "and then falls behind the kernels"

# %% [markdown]
# And pictures? A small handwritten digit of 8 × 8 pixels is a point in 64 dimensions. We give a kernel density 1,438 of
# scikit-learn's digits, tune its width on the rest, and let it make new ones. To sample a kernel density, pick a training digit
# and add Gaussian noise of the kernel's width.

# %%
from gan_lessons.data.images import small_digits

small_digits().pixels.shape

# %%
WIDTHS = (0.1, 0.14, 0.2, 0.24, 0.28, 0.32, 0.4)


def snow(seed):
    """Fresh digits, a tuned kernel density's samples and the digits that these were made from; and three scores."""
    heap, fresh = (part.pixels.flatten(1) for part in small_digits().split(0.8, seed))
    width = max(WIDTHS, key=lambda width: kernel_density(heap, fresh, width).mean())
    random = torch.Generator().manual_seed(seed)
    origin = torch.randint(len(heap), (500,), generator=random)
    samples = heap[origin] + width * torch.randn(500, 64, generator=random)
    distance, nearest = torch.cdist(samples, heap).min(1)
    neighbour = torch.cdist(fresh, heap).min(1).values.mean()
    scores = torch.stack([(nearest == origin).float().mean(), distance.mean(), neighbour])
    return torch.cat([fresh[:10], samples[:10], heap[origin[:10]]]), scores


# %%
snows = [snow(seed) for seed in range(5)]

# %%
copied, noise_size, neighbour = torch.stack([scores for _, scores in snows]).mean(0)
print(f"{copied:.1%} of the samples are nearest to the very digit they were made from")
print(f"distance of a sample to it: {noise_size:.2f}; of a fresh digit to its nearest training digit: {neighbour:.2f}")

# %% alt="Three rows of ten small digits. Top: clean handwritten digits. Middle: the kernel density's samples, digits with grey noise on every pixel. Bottom: the training digits that the noise was added to, each the twin of the one above it."
figure, axes = plt.subplots(figsize=(6, 2.2))
images.draw_sheet(axes, snows[0][0].reshape(30, 1, 8, 8), columns=10)
axes.set_title("Fresh digits · a kernel density's samples · the training digits under the noise")
plt.show()

# %% [markdown]
# The best kernel density has not learned what a digit is. It returns its training digits under noise, and the noise is as
# large as the distance from one digit to the next: less would give fresh digits no probability, more would wash out the shapes.
#
# What would help is to know that digits are *not* spread over all of the 64 dimensions, but made by a hand with a few degrees
# of freedom. A model that learns to **make** digits can use that.

# %% tags=["claim"]
every = torch.stack([scores for _, scores in snows])
assert (every[:, 0] > 0.97).all(), "samples are training digits under noise"
assert ((every[:, 1] / every[:, 2] - 1.07).abs() < 0.12).all(), "and the noise is as large as the way to the next digit"

# %% [markdown]
# ## 3 · Explicit and implicit
#
# The three models of section 1 are **explicit**: each is a formula that returns a density. A model can also be a machine
# that makes samples and nothing else. Put in noise $z$, random numbers that cost nothing, and get out $x = G(z)$:

# %%
from gan_lessons.networks.points import PointGenerator

generator = PointGenerator(noise_dim=2, dims=64)
generator(torch.randn(5, 2)).shape  # five samples with 64 numbers each, from two numbers each


# %% [markdown]
# Such a model is **implicit**, and $G$ is called a **generator**. It has a distribution, since it makes samples, but no formula
# for it. To make it better, you adjust the weights of a network, and that network may have any shape that turns noise into a digit.
#
# | | explicit: $\hat p(x)$ | implicit: $x = G(z)$ |
# |---|---|---|
# | asked "how likely is this $x$?" | answers | cannot answer |
# | asked "give me a new $x$" | sometimes easily, sometimes not | one pass through the network |
# | must watch that | the density integrates to one | nothing |
# | is trained by | making the data likely | ? |
# | examples | histogram, kernel density, mixture; autoregressive networks, flows | GANs |
#
# The question mark is the problem. We cannot raise the **likelihood** of the data under $G$, the probability that it gives to the heap, because we cannot compute it. All we
# can do is put two heaps side by side, real coins and made coins, and **compare heaps**. And there is a machine that compares
# two heaps of anything, in any dimension: a classifier. If a good one cannot tell them apart, they are alike.
#
# > **Predict, then run.** The generator above takes 2 numbers and returns 64. Could its samples fill a small ball in 64
# > dimensions? Chapter 02 answers it; write your guess down.
#
# ## 4 · The game, exactly
#
# The story goes like this. A **counterfeiter** makes coins. The **police** look at coins, real and false, and say which is which.
# The counterfeiter learns from what the police say, the police learn from better and better coins, and in the end the false ones are
# as good as the real. Here is what each word means:
#
# | in the story | exactly |
# |---|---|
# | the mint's coins | samples $x$ of the data, density $p$ |
# | the counterfeiter | the generator $G$; its samples $G(z)$ have a density that we call $q$ |
# | the police | the discriminator $D$, a function to $(0, 1)$: its probability that a coin is real |
# | an honest test | half of the coins shown are real |
# | how well the police do | the value $V(D, G)$ below, which $D$ raises and $G$ lowers |
# | what the counterfeiter learns from | the slope of $D$ at its own coins; it **never sees a real coin** |
#
# $$ V(D, G) = \mathbb{E}_{x \sim p}\,\log D(x) + \mathbb{E}_{z}\,\log\big(1 - D(G(z))\big), \qquad \min_G \max_D V(D, G). $$
#
# $\log D(x)$ is near 0 when the police are sure that a real coin is real, and very negative when they are wrong. So $V$ is at most 0,
# for police who are always right and sure of it. $V$ is the log-likelihood of the right answers, and training $D$ is ordinary
# classification.
#
# In code the discriminator returns a **score** $s$, any number, and $D = \sigma(s) = 1/(1 + e^{-s})$, the *sigmoid* of $s$. Then
# $\log D = $ `logsigmoid(s)` and $\log(1 - D) = $ `logsigmoid(-s)`, with no rounding trouble.

# %%
def value(score, real, fake):
    """V(D, G) from two heaps of coins; `score` is the discriminator."""
    return logsigmoid(score(real)).mean() + logsigmoid(-score(fake)).mean()


# %% [markdown]
# A counterfeiter who has one press only: $q$ is a Gaussian around 0.3 with standard deviation 1.1. We send three police forces.
# The first knows nothing and says ½ to everything. The second follows a rule of thumb: real coins are not close to the nominal
# weight. The third knows both densities.
#
# What should it say? At a weight $x$, real coins turn up in proportion to $p(x)$ and false ones to $q(x)$. Among all coins of
# this weight the share of real ones is
#
# $$ D^*(x) = \frac{p(x)}{p(x) + q(x)}, \qquad\text{that is the score}\qquad s^*(x) = \log p(x) - \log q(x). $$
#
# No answer does better: $p \log D + q \log(1 - D)$, as a function of the one number $D$, has its only maximum there.

# %%
def log_p(x):
    return gaussians(x, mint(1).centres, 0.35)


def log_q(x):
    return gaussians(x, torch.tensor([[0.3]]), 1.1)


# %%
police = {
    "knows nothing": lambda x: torch.zeros(len(x)),
    "follows a rule": lambda x: torch.where(x[:, 0].abs() > 0.4, 0.3, -2.0),
    "knows p and q": lambda x: log_p(x) - log_q(x),
}

# %% [markdown]
# > **Predict, then run.** What is the value of police who say ½ to everything?

# %%
values = {name: torch.zeros(20) for name in police}
for seed in range(20):
    real = mint(1).sample(2000, seed)
    fake = 0.3 + 1.1 * torch.randn(2000, 1, generator=torch.Generator().manual_seed(1000 + seed))
    for name, score in police.items():
        values[name][seed] = value(score, real, fake)

# %%
for name, each in values.items():
    print(f"{name:14}  V = {each.mean():.3f}   (20 pairs of heaps: {each.min():.3f} to {each.max():.3f})")

# %% alt="Left: the real density p in blue with two bumps, the false density q in orange with one broad bump. Right: three discriminators between 0 and 1. A dashed grey line at one half; a stepped pink line, low in the middle; and a green curve that is high at the two bumps, drops to nearly zero between them and falls to zero far outside."
wide = torch.linspace(-3.5, 3.5, 500)[:, None]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2), width_ratios=(1, 1.3))
left.fill_between(wide[:, 0], log_p(wide).exp(), color=style.REAL, alpha=0.4, lw=0, label="real: p")
left.fill_between(wide[:, 0], log_q(wide).exp(), color=style.FAKE, alpha=0.4, lw=0, label="false: q")
left.set(xlabel="weight x", ylabel="density", title="One press cannot copy two …")
for (name, score), (color, dash) in zip(
    police.items(), [(style.REFERENCE, "--"), (style.CYCLE[3], "-"), (style.DISCRIMINATOR, "-")], strict=True
):
    right.plot(wide[:, 0], score(wide).sigmoid(), color=color, ls=dash, label=f"{name}: {values[name].mean():.2f}")
right.set(
    xlabel="weight x", ylabel="D(x)", ylim=(0, 1.55), yticks=[0, 0.5, 1], title="… and the best D knows where it shows"
)
left.set(ylim=(0, 0.8))
left.legend()
right.legend(title="value V of a D that …", title_fontsize=8, loc="upper center", alignment="left")
plt.show()


# %% [markdown]
# Police who say ½ get $\log\frac12 + \log\frac12 = -\log 4 \approx -1.386$, whatever the coins are. This is the **floor** for the best police: nobody who can say ½ needs to do worse. The best police get more, and how much more depends on how different the heaps are. Put $D^*$ into $V$, and write
# $p/(p+q) = \tfrac12 \cdot p / \tfrac{p+q}{2}$, and the same for $q$; each $\tfrac12$ gives $-\log 2$:
#
# $$ V(D^*, G) = -\log 4 + \mathrm{KL}\Big(p \,\Big\|\, \tfrac{p+q}{2}\Big) + \mathrm{KL}\Big(q \,\Big\|\, \tfrac{p+q}{2}\Big)
#   = -\log 4 + 2\,\mathrm{JS}(p, q). $$
#
# JS, half the sum of the two, is the **Jensen–Shannon divergence**. It is 0 exactly when $q = p$, and $\log 2$ when the two never overlap; then the best police
# are always right, and $V = 0$. So the counterfeiter who lowers the best police's value lowers a distance between
# distributions, without a formula for either of them. Goodfellow et al. (2014) proposed exactly this.
#
# Let the counterfeiter improve step by step: a share $t$ of its coins comes from a perfect copy of the mint, the rest
# from the single press. We compute the value of the best police at each $t$, once from heaps and once by the integral.

# %%
def best_value(share, seed=None, count=2000):
    """V(D*, G) when `share` of the false coins are perfect: from heaps of coins, or without a seed by the integral."""

    def log_mixed(x):
        return torch.logaddexp(math.log(share) + log_p(x), math.log1p(-share) + log_q(x))

    def score(x):
        return log_p(x) - log_mixed(x)

    if seed is None:
        x = torch.linspace(-8, 8, 8001)[:, None]
        gain = log_p(x).exp() * logsigmoid(score(x)) + log_mixed(x).exp() * logsigmoid(-score(x))
        return torch.trapezoid(gain, x[:, 0])
    random = torch.Generator().manual_seed(1000 + seed)
    single = 0.3 + 1.1 * torch.randn(count, 1, generator=random)
    perfect = torch.rand(count, 1, generator=random) < share
    return value(score, mint(1).sample(count, seed), torch.where(perfect, mint(1).sample(count, 500 + seed), single))


# %%
SHARES = torch.tensor([0.001, 0.2, 0.4, 0.6, 0.8, 0.999])
by_heap = torch.tensor([[best_value(float(share), seed) for seed in range(20)] for share in SHARES])
by_integral = torch.tensor([best_value(float(share)) for share in SHARES])

# %% alt="The value of the best police against the share of perfect coins. It falls from about minus 1.14 at share 0 to the dashed floor at minus log 4 at share 1; the dots from 20 pairs of heaps scatter around the curve of the integral."
figure, axes = plt.subplots(figsize=(6, 2.9))
axes.plot(SHARES, by_integral, color=style.DISCRIMINATOR, label="by the integral: −log 4 + 2 JS")
axes.plot(SHARES, by_heap, ".", color=style.FAKE, ms=4, alpha=0.5, label=["from 2,000 coins of each"] + [""] * 19)
axes.axhline(-math.log(4), color=style.REFERENCE, lw=1, ls="--")
axes.text(0, -math.log(4) + 0.004, "the floor, −log 4: nobody can tell", fontsize=8, color=style.REFERENCE)
axes.set(xlabel="share of perfect coins among the false", ylabel="V of the best D")
axes.set_title("The better the coins, the less the best police earn")
axes.legend()
plt.show()

# %% [markdown]
# The game ends where the curve meets the floor. If $q = p$, then $D^* = \tfrac12$ everywhere, and if $D = \tfrac12$ everywhere the
# counterfeiter has nothing left to learn. Neither player can gain by a move of its own: a **Nash equilibrium**.
#
# The claim cell checks the three statements of this section, and also that the best police are the best: no random change to their scores,
# out of two hundred, raises their value.

# %% tags=["claim"]
x = torch.linspace(-8, 8, 2001, dtype=torch.float64)[:, None]


def expected(score):
    return torch.trapezoid(log_p(x).exp() * logsigmoid(score) + log_q(x).exp() * logsigmoid(-score), x[:, 0])


best = expected(log_p(x) - log_q(x))
random = torch.Generator().manual_seed(0)
bumps = 5 * torch.rand(200, generator=random) - 2.5
changed = [
    expected(log_p(x) - log_q(x) + 0.3 * (-1) ** k * torch.exp(-4 * (x[:, 0] - bump) ** 2))
    for k, bump in enumerate(bumps)
]
assert max(changed) < best, "no change to the best scores raises the value"
torch.testing.assert_close(values["knows nothing"], torch.full((20,), -math.log(4)))
assert (values["knows p and q"] > values["follows a rule"] + 0.02).all() and (
    values["follows a rule"] > -math.log(4) + 0.02
).all()
assert ((by_heap.mean(1) - by_integral).abs() < 0.02).all(), "heaps and integral agree"
assert (by_integral.diff() < 0).all() and abs(by_integral[-1] + math.log(4)) < 1e-3, "and the value falls to the floor"


# %% [markdown]
# Two things in this story are too good to be true, and the rest of the book is about them. The best police know $p$ and $q$; real police are a
# network that has to learn from coins (chapter 03). And the counterfeiter does not choose $q$ freely; it takes small steps downhill, while
# the police move too. Let us watch that, with players so small that we can write down every derivative.
#
# ## 5 · The smallest GAN, by hand
#
# A second mint has one press: real coins are Gaussian, $x \sim N(1, 0.5^2)$. The generator has two parameters, and its best values
# are plain to see: $|a| = 0.5$ and $b = 1$.
#
# $$ G(z) = a z + b, \quad z \sim N(0, 1) \qquad\qquad s(x) = u x^2 + v x + c, \quad D(x) = \sigma(s(x)) $$
#
# The discriminator has three, and that is enough: for two Gaussians, $\log p - \log q$ *is* a parabola.
#
# **The discriminator's step.** It raises $V$; we say that it lowers the loss $L_D = -V$. The derivative of $-\log \sigma(s)$ with
# respect to $s$ is $\sigma(s) - 1$, and of $-\log(1 - \sigma(s))$ it is $\sigma(s)$. So for one real coin $x$ and one false coin $\tilde x$
#
# $$ \frac{\partial L_D}{\partial v} = \underbrace{(D(x) - 1)}_{\text{real: too little}}\, x + \underbrace{D(\tilde x)}_{\text{false: too much}} \tilde x, $$
#
# and the same with $x^2$ for $u$ and with 1 for $c$. A coin on which $D$ is right and sure adds almost nothing.
#
# **The generator's step.** Its loss here is $L_G = -\log D(G(z))$: it wants its coins to pass. (The game above says to lower
# $\log(1 - D(G(z)))$. Both fall as $D(G(z))$ rises; chapter 04 shows why this one is taken.) By the chain rule
#
# $$ \frac{\partial L_G}{\partial \tilde x} = (D(\tilde x) - 1)\,(2 u \tilde x + v), \qquad
#    \frac{\partial L_G}{\partial a} = \frac{\partial L_G}{\partial \tilde x}\, z, \qquad
#    \frac{\partial L_G}{\partial b} = \frac{\partial L_G}{\partial \tilde x}. $$
#
# In words: $2 u \tilde x + v$ is the slope of the score. The false coin moves uphill on the police's own opinion, and the real coins
# do not appear in the formula at all. The functions below take the mean over a batch (`keepdim` keeps the shape, so that later many games
# can be played side by side).

# %%
def discriminator_gradient(u, v, c, real, fake):
    """The derivatives of L_D by u, v and c."""
    too_little, too_much = torch.sigmoid(u * real**2 + v * real + c) - 1, torch.sigmoid(u * fake**2 + v * fake + c)
    return [(too_little * real**k + too_much * fake**k).mean(-1, keepdim=True) for k in (2, 1, 0)]


def generator_gradient(a, b, u, v, c, noise):
    """The derivatives of L_G by a and b."""
    fake = a * noise + b
    push = (torch.sigmoid(u * fake**2 + v * fake + c) - 1) * (2 * u * fake + v)
    return [(push * noise).mean(-1, keepdim=True), push.mean(-1, keepdim=True)]


# %% [markdown]
# Did we differentiate correctly? PyTorch can do it for us. We compare on five random games.

# %%
apart = []
for seed in range(5):
    torch.manual_seed(seed)
    a, b, u, v, c = torch.randn(5, 1, requires_grad=True)
    real, noise = 1 + 0.5 * torch.randn(64), torch.randn(64)
    fake = a * noise + b
    real_scores, fake_scores = (u * x**2 + v * x + c for x in (real, fake))
    discriminator_loss = softplus(-real_scores).mean() + softplus(fake_scores).mean()  # -log σ(s) is softplus(-s)
    generator_loss = softplus(-fake_scores).mean()
    automatic = torch.autograd.grad(discriminator_loss, (u, v, c), retain_graph=True)
    automatic += torch.autograd.grad(generator_loss, (a, b))
    by_hand = discriminator_gradient(u, v, c, real, fake) + generator_gradient(a, b, u, v, c, noise)
    apart.append(max((one - other).abs().max().item() for one, other in zip(automatic, by_hand, strict=True)))

# %%
print(f"largest difference over five games: {max(apart):.0e}")

# %% tags=["claim"]
assert max(apart) < 1e-5, "the derivatives by hand are those of autograd"

# %% [markdown]
# Now one round of the game, slowly. The generator starts at $a = 1$, $b = 0$: its coins are too light and vary too much. The
# discriminator starts with no opinion, $u = v = c = 0$.

# %%
torch.manual_seed(0)
a, b, u, v, c = torch.tensor([1.0, 0.0, 0.0, 0.0, 0.0])[:, None]
real, noise = 1 + 0.5 * torch.randn(64), torch.randn(64)

# %%
step_u, step_v, step_c = discriminator_gradient(u, v, c, real, a * noise + b)
u, v, c = u - 0.3 * step_u, v - 0.3 * step_v, c - 0.3 * step_c
print(f"D's score is now {u.item():+.2f} x² {v.item():+.2f} x {c.item():+.2f}")

# %%
step_a, step_b = generator_gradient(a, b, u, v, c, noise)
a, b = a - 0.05 * step_a, b - 0.05 * step_b
print(f"G is now x = {a.item():.4f} z {b.item():+.4f}")


# %% [markdown]
# The discriminator has noticed that heavier coins are more often real, so its score rises with $x$. And the generator has moved
# $b$ up, towards that score. For $b$ it is the right direction, learned without a single look at a real coin. ($a$ has moved a hair the wrong
# way: this first score rises with $x^2$, too. It will turn.)
#
# The whole training repeats these lines. We play 20 games at once: every parameter gets the shape `[games, 1]`, every batch `[games, 64]`.

# %%
def play(games=20, steps=2000, discriminator_rate=0.3, generator_rate=0.05, curved=True, seed=0):
    """Play many games; return a and b after each step, [steps, games, 2]. Without `curved`, u stays 0."""
    random = torch.Generator().manual_seed(seed)
    a, b, u, v, c = (torch.full((games, 1), start) for start in (1.0, 0.0, 0.0, 0.0, 0.0))
    path = []
    for _ in range(steps):
        real = 1 + 0.5 * torch.randn(games, 64, generator=random)
        noise = torch.randn(2, games, 64, generator=random)
        step_u, step_v, step_c = discriminator_gradient(u, v, c, real, a * noise[0] + b)
        u, v, c = (
            u - discriminator_rate * step_u * curved,
            v - discriminator_rate * step_v,
            c - discriminator_rate * step_c,
        )
        step_a, step_b = generator_gradient(a, b, u, v, c, noise[1])
        a, b = a - generator_rate * step_a, b - generator_rate * step_b
        path.append(torch.cat([a, b], dim=1))
    return torch.stack(path)


# %%
def report(name, end):
    (a, b), (spread_a, spread_b) = end.mean(0), end.std(0)
    print(f"{name}: a = {a:.3f} ± {spread_a:.3f}, b = {b:.3f} ± {spread_b:.3f}")


# %% [markdown]
# > **Predict, then run.** Will $a$ and $b$ walk straight to 0.5 and 1?

# %%
path = play()
report("after 2,000 steps", path[-1])

# %% alt="Left: a and b of 20 games over 2,000 steps. b shoots up past its target 1 and a falls from 1 to about 0.13, far below its target 0.5; then both swing around their targets in shrinking waves and settle. Right: the path of one game in the plane of a and b runs past the target, a black cross, turns and curls into it."
steps = torch.arange(1, len(path) + 1)
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3), width_ratios=(1.4, 1))
curves.draw_curve(left, steps, path[:, :, 0], style.CYCLE[3], "a: the spread")
curves.draw_curve(left, steps, path[:, :, 1], style.FAKE, "b: the centre")
curves.draw_reference(left, 0.5, "real spread")
curves.draw_reference(left, 1.0, "real centre")
left.set(ylabel="parameter", ylim=(0, 1.35), title="Both arrive, after a detour …")
left.legend(loc="lower right", ncols=2)
right.plot(*path[:, 0].T, color=style.FAKE, lw=1.2)
right.plot(1, 0, "o", color=style.FAKE)
right.annotate("start", (1, 0), (-6, 0), textcoords="offset points", ha="right", va="center", fontsize=8)
right.plot(0.5, 1, "x", color="black", ms=9, mew=2)
right.set(xlabel="a", ylabel="b", xlim=(0, 1.1), ylim=(-0.1, 1.35), title="… around the target")
plt.show()

# %% [markdown]
# All 20 games arrive, but none goes straight. The spread $a$ falls far below its target first: the counterfeiter makes nearly
# the same coin every time, because one kind of coin passes best *at the moment*. The police notice, and it must spread
# out again. Two habits of large GANs are already here. One is called **mode collapse** (chapter 06), the other **circling**: a player that
# chases a moving player goes around the goal (chapter 07).
#
# Now take the curve away from the police. With $u = 0$ the score is a straight line in $x$.
#
# > **Predict, then run.** What can the counterfeiter still learn?

# %%
straight = play(curved=False)
report("straight score", straight[-1])

# %% [markdown]
# The centre is found and the spread is not. A straight line, averaged over a heap, tells two means apart and nothing
# else. As soon as the means agree it has nothing to say, and $a$ stays where it then happens to be. **A generator learns
# no more than its discriminator can see.** Chapter 03 looks at what a discriminator can see.

# %% tags=["claim"]
end, lowest = path[-1], path[:, :, 0].min(0).values
assert ((end - torch.tensor([0.5, 1.0])).abs() < 0.1).all(), "every one of 20 games arrives"
assert (lowest < 0.25).all() and (path[:, :, 1].max(0).values > 1.05).all(), "after overshooting in both"
assert ((straight[-1, :, 1] - 1).abs() < 0.1).all(), "without a curve the centre is found"
assert (straight[-1, :, 0] > 0.55).all(), "and the spread is not"

# %% [markdown]
# Now play it yourself. In the lab below you choose both step sizes and where the generator starts, and drag through the rounds; the
# line of text says what the picture shows. (The picture stands still where no kernel runs.)

# %% alt="Three panels after 300 rounds: the real numbers' bell around 1 and the fakes' bell beside it with D's curve; the way of (a, b) past the goal; and a and b against the rounds: b rises past 1, a dips to about 0.13 and comes back to 0.8."
from gan_lessons.labs.points import SmallestGANLab

lab = SmallestGANLab()
lab

# %% tags=["claim"]
curved, straight = (SmallestGANLab(steps=2000, score=score) for score in ("curved", "straight"))
print(straight.sentence)
assert "It has arrived." in curved.sentence
assert "away from the goal" in straight.sentence, "without a curve the spread is not found"

# %% [markdown]
# > **Your turn.** Give the discriminator five times smaller steps (0.06). Predict whether $a$ dips deeper. Then let the generator start
# > at $a = -1$: where does it end, and why is that no mistake?
#
# ## The map of this book
#
# | | chapter | the question it answers |
# |---|---|---|
# | 01 | The game | what is a generative model, and why let two networks play? |
# | 02 | The generator | how does noise become data? |
# | 03 | The discriminator | what does a classifier know about a density? |
# | 04 | The losses | what does each loss ask for, and what gradient does it send? |
# | 05 | The first GAN | how do I train one, and read its curves? |
# | 06 | Mode collapse | what is lost, how is it measured, what brings it back? |
# | 07 | Convergence | why do GANs circle, and what makes them settle? |
# | 08 | Measuring a GAN | which number can I trust? |
# | 09 | Images | a full image GAN, on handwriting |
# | 10 | Images on demand | labels in, images out |
# | 11 | Text | words and verse, by policy gradient and by relaxation |
# | 12 | Sound | raw waveforms and spectrograms |
# | 13 | Speech | a GAN vocoder and a small text-to-speech chain |
# | 14 … | later | image to image, faces, video, 3-D shapes, many GPUs, popular claims on trial |
#
# Chapters 02 to 04 take the game apart: one player, the other, the rules. Chapter 05 puts it together. 06 to 08 are about what goes
# wrong, and how one knows. From 09 on the data are real: pictures, words, voices.
#
# ## What we saw
#
# - To learn a distribution is to be no more surprised by fresh samples than the truth is; the excess, in nats, is a KL divergence.
# - In one dimension, histograms, kernels and mixtures do it well. With 1,000 samples of eight independent measurements all of them
#   are lost, and on digits the best kernel density returns training digits under noise.
# - An implicit model makes samples and has no formula for its density, so it cannot be trained by likelihood. Two heaps can be compared by a classifier instead.
# - The best discriminator is $p/(p+q)$. Its value is $-\log 4 + 2\,\mathrm{JS}(p, q)$, lowest exactly when generator and data agree.
# - The smallest GAN, two parameters against three, arrives in all of 20 games, by way of a collapse and a swing.
# - What the discriminator cannot see, the generator cannot learn.
#
# ## Questions
#
# **1.** A model has $\mathrm{KL}(p \,\|\, \hat p) = 0.7$ nats. How much less probability than the truth does it give to a typical fresh coin?
#
# <details><summary>Answer</summary>
# A factor of $e^{0.7} \approx 2$ (in the geometric mean): it gives half the probability that the truth gives.
# </details>
#
# **2.** A histogram with ten bins per axis works in two dimensions with 1,000 samples. How many samples would give eight dimensions as many per cell?
#
# <details><summary>Answer</summary>
# There are $10^8$ cells in place of $10^2$, a million times as many, so a thousand million samples.
# </details>
#
# **3.** Why can an implicit model not be trained by making the data likely?
#
# <details><summary>Answer</summary>
# It has no formula for the density of what it makes. It can only produce samples; so training must work from samples alone.
# </details>
#
# **4.** At a certain weight, $p(x) = 0.3$ and $q(x) = 0.1$. What do the best police say, and with what score?
#
# <details><summary>Answer</summary>
# $D^* = 0.3 / 0.4 = 0.75$, and $s^* = \log 0.3 - \log 0.1 = \log 3 \approx 1.10$.
# </details>
#
# **5.** You train a discriminator as well as it can be trained, and its value is $-1.386$. What do you conclude? And if its value is almost 0?
#
# <details><summary>Answer</summary>
# $-1.386 = -\log 4$: it says ½ everywhere, so JS is 0 and the generator's distribution is the data's (as far as this discriminator can see). Near 0, JS is $\log 2$: real and fake hardly overlap.
# </details>
#
# **6.** The generator never sees a real coin. How does it know where to move $b$?
#
# <details><summary>Answer</summary>
# From the slope of the discriminator's score at its own coins, $2u\tilde x + v$. The discriminator has seen the real coins, and its opinion rises towards where they are.
# </details>
#
# **7.** With a straight score ($u = 0$) the games found the centre, not the spread. Name two different distributions that a straight score can never tell apart.
#
# <details><summary>Answer</summary>
# Any two with the same mean, for instance $N(1, 0.5^2)$ and $N(1, 2^2)$: at best it can compare averages of $x$.
# </details>
#
# ## Further reading
#
# - Goodfellow et al. 2014, *Generative adversarial nets*, arXiv:1406.2661: the game, the best discriminator and the Jensen–Shannon divergence, in nine pages.
# - Goodfellow 2016, *NIPS 2016 tutorial: Generative adversarial networks*, arXiv:1701.00160: where GANs stand among explicit and implicit models.
# - Mohamed and Lakshminarayanan 2016, *Learning in implicit generative models*, arXiv:1610.03483: comparing heaps by a classifier, seen from statistics.
# - Theis, van den Oord and Bethge 2016, *A note on the evaluation of generative models*, arXiv:1511.01844: why likelihood and good-looking samples are two things.
# - Nagarajan and Kolter 2017, *Gradient descent GAN optimization is locally stable*, arXiv:1706.04156: why small games like ours settle.
#
# **Next:** [02 · The generator](02_the_generator.ipynb) looks at one of the two players alone: what a network can and cannot do with noise.
