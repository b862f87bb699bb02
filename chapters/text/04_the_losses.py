# %% [markdown]
# # 04 · The losses
#
# **What does each loss ask for, and what gradient does it send?**
#
# **You will** write the six losses that nearly every GAN uses, see what each of them measures when the discriminator is at its best,
# and follow the gradient that each sends to the generator.
#
# **You will learn** to
# - derive each loss in a few lines and write it as one function of scores,
# - read a loss by its slope, not by its value,
# - compute a divergence by training a discriminator, and check it against the exact value,
# - explain when the first GAN loss stops teaching, and when it does not,
# - choose a loss, with the output, the sign and the learning rate that it needs.
#
# **You will need** chapter 03 and about a minute of computing (two on an old laptop).

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn

from gan_lessons.plots import curves, style

torch.set_num_threads(1)  # small networks are fastest on one thread
torch.manual_seed(4)
style.use()
SEEDS = range(5)

# %% [markdown]
# ## 1 · Six losses, six functions
#
# A discriminator returns **scores**: any real numbers, and a higher one means "more real". It scores a batch of real samples and a
# batch of fakes, and all that a loss ever sees are these two lists. So every loss in this book is a function
# `(real_scores, fake_scores)`, in this order, and returns two numbers: what the discriminator minimises, and what the generator minimises.

# %% module="gan_lessons.losses" tags=["library"]
from typing import NamedTuple

from torch import Tensor
from torch.nn.functional import relu, softplus


class Losses(NamedTuple):
    discriminator: Tensor
    generator: Tensor


# %% [markdown]
# **Minimax.** With $D = \operatorname{sigmoid}(s)$, the discriminator maximises $\mathbb{E}\log D(x) + \mathbb{E}\log(1 - D(G(z)))$, the
# cross-entropy of chapter 03 with the sign turned, and the generator *minimises the same number*. The real half does not depend
# on $G$, so $\log(1 - D(G(z))) = -\operatorname{softplus}(s)$ is left (Goodfellow et al. 2014).

# %% module="gan_lessons.losses" tags=["library"]
def minimax(real_scores, fake_scores):
    log_fooled = -softplus(fake_scores)
    return Losses((softplus(-real_scores) - log_fooled).mean(-1), log_fooled.mean(-1))


# %% [markdown]
# **Non-saturating.** The same paper changes one thing: the generator no longer minimises the chance of being caught, $\log(1-D)$, but
# maximises that of passing, $\log D = -\operatorname{softplus}(-s)$. Both want high scores. They differ in where they want them most.

# %% module="gan_lessons.losses" tags=["library"]
def non_saturating(real_scores, fake_scores):
    return Losses(minimax(real_scores, fake_scores).discriminator, softplus(-fake_scores).mean(-1))


# %% [markdown]
# **Least squares.** No logarithm at all: $D$ regresses the score to $+1$ on real and $-1$ on fake samples, and $G$ pulls the scores of
# its fakes to 0, half way (Mao et al. 2017). At one place, $½p(s-1)^2 + ½q(s+1)^2$ has its minimum at $s^* = (p-q)/(p+q)$.

# %% module="gan_lessons.losses" tags=["library"]
def least_squares(real_scores, fake_scores):
    discriminator = ((real_scores - 1).square() + (fake_scores + 1).square()) / 2
    return Losses(discriminator.mean(-1), fake_scores.square().mean(-1) / 2)


# %% [markdown]
# **Hinge.** $D$ is charged only for real samples that score below $+1$ and for fakes above $-1$; what is settled does not count any more.
# $G$ raises scores (Lim & Ye 2017). Between $-1$ and $1$ the charge is $p(1-s) + q(1+s) = p + q - s(p-q)$, a straight line in
# $s$, lowest at one of its ends: $s^* = \operatorname{sign}(p - q)$.

# %% module="gan_lessons.losses" tags=["library"]
def hinge(real_scores, fake_scores):
    return Losses((relu(1 - real_scores) + relu(1 + fake_scores)).mean(-1), -fake_scores.mean(-1))


# %% [markdown]
# **Wasserstein.** $D$ widens the gap between the mean scores, $G$ closes it (Arjovsky et al. 2017). Nothing stops $D$ from multiplying its
# scores by a thousand, so it needs a leash: its slope may nowhere exceed 1 (it is **1-Lipschitz**). With that leash the
# largest gap is the Wasserstein distance $W_1$: the least average distance over which the fakes must be moved to become the reals.

# %% module="gan_lessons.losses" tags=["library"]
def wasserstein(real_scores, fake_scores):
    return Losses((fake_scores - real_scores).mean(-1), -fake_scores.mean(-1))


# %% [markdown]
# **Relativistic pairing.** Put one real and one fake sample side by side and ask only *which is the real one*
# (Jolicoeur-Martineau 2018). The answer is a cross-entropy in the difference of the two scores. Real samples now appear in $G$'s loss, too: it
# wants its fake to look more real than the real one beside it. The modern recipe R3GAN builds on this loss (Huang et al. 2024).

# %% module="gan_lessons.losses" tags=["library"]
def relativistic(real_scores, fake_scores):
    margin = real_scores - fake_scores
    return Losses(softplus(-margin).mean(-1), softplus(margin).mean(-1))


# %% [markdown]
# That is all. From here on `losses` is the library's module with these six functions; a test keeps both the same.
#
# A value of a loss moves nothing. What moves the generator is the **slope**: how much its loss changes if the score of a fake changes. By hand:
#
# | loss of G | its value at score $s$ | its slope |
# |---|---|---|
# | minimax | $-\operatorname{softplus}(s)$ | $-\operatorname{sigmoid}(s) = -D$ |
# | non-saturating | $\operatorname{softplus}(-s)$ | $-\operatorname{sigmoid}(-s) = -(1-D)$ |
# | least squares | $½s^2$ | $s$ |
# | hinge, Wasserstein | $-s$ | $-1$ |
# | relativistic, beside a real score $r$ | $\operatorname{softplus}(r-s)$ | $-\operatorname{sigmoid}(r-s)$ |
#
# A negative slope pushes the score up. Autograd must agree with this table, for any scores:

# %%
from gan_lessons import losses


def slope(loss, real_scores, fake_scores):
    """The slope of G's loss in each fake score (times the batch, since a loss is a mean)."""
    fake_scores = fake_scores.clone().requires_grad_()
    return torch.autograd.grad(loss(real_scores, fake_scores).generator.sum() * fake_scores.shape[-1], fake_scores)[0]


# %%
by_hand = {
    "minimax": lambda r, s: -s.sigmoid(),
    "non_saturating": lambda r, s: -(-s).sigmoid(),
    "least_squares": lambda r, s: s,
    "hinge": lambda r, s: -torch.ones_like(s),
    "wasserstein": lambda r, s: -torch.ones_like(s),
    "relativistic": lambda r, s: -(r - s).sigmoid(),
}

# %% tags=["claim"]
for seed in SEEDS:
    torch.manual_seed(seed)
    real_scores, fake_scores = 3 * torch.randn(2, 100)
    for name, formula in by_hand.items():
        torch.testing.assert_close(
            slope(losses.named(name), real_scores, fake_scores), formula(real_scores, fake_scores)
        )

# %% [markdown]
# > **Predict, then run.** Early in a training the discriminator wins, and a fake scores $-5$. Which of the six losses pushes it hardest, and which
# > hardly at all?

# %% alt="Two panels over the score of a fake from -6 to 6. Left, G's losses: minimax is flat at 0 on the left and falls on the right; non-saturating falls on the left and is flat on the right; least squares is a parabola with its lowest point at 0; hinge and Wasserstein share one falling line; relativistic looks like non-saturating, moved to the right by 2. Right, the push upwards: minimax rises from 0 to 1, non-saturating falls from 1 to 0, least squares is a falling line through 0, hinge and Wasserstein are constant at 1, relativistic falls from 1 to 0 around a score of 2."
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.3))
s, r = torch.linspace(-6, 6, 241), torch.full((241,), 2.0)
lines = dict(zip(losses.KNOWN, ["-", "-", "-", "-", "--", "-."]))
paint = dict(zip(losses.KNOWN, [*style.CYCLE[:4], "black", style.CYCLE[4]]))
for name, loss in losses.KNOWN.items():
    look = dict(color=paint[name], ls=lines[name], lw=1.6, label=name.replace("_", " "))
    left.plot(s, loss(r[:, None], s[:, None]).generator, **look)
    right.plot(s, -slope(loss, r, s), **look)
left.set(xlabel="score of a fake", ylabel="G's loss", ylim=(-6, 8), title="Values: hard to compare …")
left.legend(ncols=2, fontsize=7, loc="upper right")
right.axvline(-5, color=style.REFERENCE, ls=":", lw=1)
right.set(xlabel="score of a fake", ylabel="push upwards", ylim=(-1.5, 5.5), title="… slopes: who pushes where")
plt.show()

# %%
caught = torch.tensor([-5.0])
for name, loss in losses.KNOWN.items():
    print(f"{name:15} pushes a fake of score -5 by {-slope(loss, torch.tensor([2.0]), caught).item():+.4f}")

# %% [markdown]
# At a score of $-5$ minimax pushes with less than a hundredth of the others' strength: it has **saturated**. The non-saturating loss
# pushes with almost its full strength there and relaxes once the fakes pass. Least squares pushes harder the farther off it is, and turns
# round above 0. Hinge and Wasserstein push everyone alike, always.
#
# The lab lets you drag both groups of scores. Its arrows are the pushes; watch them while you move the fakes to the left.

# %%
from gan_lessons.labs.theory import LossLab

lab = LossLab(loss="minimax", fake_mean=-3.0)

# %% alt="Three panels of the lab for minimax. Left: blue real scores around 2, orange fake scores around -3 in two rows, all with hardly more than arrow heads. Middle: D's and G's loss over the mean fake score. Right: their slopes; G's push is near 0 at the dashed line at -3."
lab

# %% alt="The same three panels for the non-saturating loss: now each fake on G's row carries an arrow to the right, about one unit long, and G's push at the dashed line is near 1."
lab.set(loss="minimax", fake_mean=-3.0)
saturated = lab.sentence
lab.set(loss="non_saturating")
lab.figure()

# %% tags=["claim"]
assert "feels almost nothing" in saturated and "feels almost nothing" not in lab.sentence

# %% [markdown]
# > **Your turn.** In the lab choose `hinge` and predict for which fake scores $D$ still pushes; then drag the fakes through $-1$.
#
# ## 2 · What each loss measures
#
# Chapter 03 found the best discriminator for the cross-entropy. Put any best score back into $D$'s own loss, and what remains is a
# number that depends on $p$ and $q$ alone: how different they are. For three losses it takes a line each (all integrals run over $x$):
#
# - **minimax, non-saturating**: $s^* = \log p/q$. The loss is $-∫p\log\frac{p}{p+q} - ∫q\log\frac{q}{p+q} = 2\log 2 - 2\,\mathrm{JS}$, where the
#   **Jensen-Shannon divergence** JS is the mean of the Kullback-Leibler divergences (KL) of $p$ and of $q$ to their average $\frac{p+q}{2}$.
# - **least squares**: $s^* = \frac{p-q}{p+q}$. The loss is $1 - ½χ^2$ with $χ^2 = ∫\frac{(p-q)^2}{p+q}$, Pearson's $χ^2$ between $p+q$ and $2q$.
# - **hinge**: $s^* = \operatorname{sign}(p-q)$. The loss is $∫(p+q-|p-q|) = 2 - 2\,\mathrm{TV}$, with the total variation of chapter 02.
#
# The other two are measured differently:
#
# - **Wasserstein**: under its leash the loss is $-W_1$ (Kantorovich and Rubinstein). On a line $W_1$ needs no $D$: sort both heaps, pair them
#   in order, and average the distances.
# - **relativistic**: a pair (real, fake) has density $p(x)q(y)$, and in the wrong order $q(x)p(y)$. The best answer is the log ratio of these,
#   which is $\log\frac{p(x)}{q(x)} - \log\frac{p(y)}{q(y)}$: the *same* score as minimax, up to a constant. The loss is $\log 2 - \mathrm{JS}$
#   between the two densities of pairs.
#
# Do networks get there? Real samples come from $\mathcal{N}(\text{gap}, 1)$, fakes from $\mathcal{N}(0, 1)$. We train 80 small discriminators
# at once: four losses × four gaps × five seeds. `by_setting` hands each part of the population its own loss.

# %%
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.populations import by_setting, stack

gaps = torch.tensor([0.5, 1.0, 2.0, 4.0])
names = ["minimax", "least_squares", "hinge", "relativistic"]


# %%
def discriminators(copies):
    """`copies` × 5 small discriminators on a line; every copy has the first weights of seeds 0 to 4."""
    members = []
    for seed in list(SEEDS) * copies:
        torch.manual_seed(seed)
        members.append(PointDiscriminator(dims=1, width=16, activation=nn.SiLU))
    return stack(members)


# %%
def fit(networks, loss, shift, steps=500, lr=1e-2):
    """Train D alone: real samples are `shift` to the right of the fakes. Returns D's losses, [steps, members]."""
    optimizer = torch.optim.Adam(networks.parameters(), lr=lr, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    history = []
    for _ in range(steps):
        real, fake = torch.randn(2, len(shift), 128, 1)
        value = loss(networks(real + shift), networks(fake)).discriminator
        optimizer.zero_grad()
        value.sum().backward()
        optimizer.step()
        schedule.step()
        history.append(value.detach())
    return torch.stack(history)


# %%
together = by_setting(*map(losses.named, names))
shift = gaps.repeat_interleave(5).repeat(4)[:, None, None]  # [80, 1, 1]
networks = discriminators(copies=16)
fit(networks, together, shift);

# %% [markdown]
# First the scores themselves, for a gap of 2. Here $\log p/q = 2x - 2$.
#
# > **Predict, then run.** Four losses, one pair of densities. Which of the four score curves will look alike?

# %% alt="Four panels over x from -3 to 5, each with five coloured curves and a dashed black one. Minimax: a rising straight line, all together. Least squares: an S-curve from -1 to 1. Hinge: a steep, slightly rounded step from -1 to 1 near x = 1; towards the ends the curves drift beyond -1 and 1. Relativistic: five rising straight lines, parallel to the dashed one but at different heights."
x = torch.linspace(-3, 5, 321)
with torch.no_grad():
    scores = networks(x[:, None].expand(80, -1, -1)).reshape(4, 4, 5, -1)[:, 2]  # [losses, seeds, places]
exact_scores = [2 * x - 2, (x - 1).tanh(), (x - 1).sign(), 2 * x - 2]
figure, axes = plt.subplots(1, 4, figsize=(9.5, 2.8))
for ax, name, learnt, exact in zip(axes, names, scores, exact_scores):
    ax.plot(x, learnt.T, color=paint[name], lw=1.2)
    ax.plot(x, exact, "k--", lw=1)
    ax.set(xlabel="x", title=name.replace("_", " "))
axes[0].set_ylabel("score")
plt.show()


# %% [markdown]
# (Beyond $±1$ the hinge charges nothing on the right side, so its curves drift there.) So a score means something else under each loss: a log ratio, a number between $-1$ and $1$, a yes or no, or a log ratio without a zero point.
# **A score of 0.9 says nothing until you know the loss that it was trained with.** Now the divergences. The Wasserstein
# discriminator needs its leash; on a line we can build one that cannot break it, a path of straight pieces whose slopes all lie between $-1$ and $1$:

# %%
class Hill(nn.Module):
    """Straight pieces of slope tanh(…), so every score is 1-Lipschitz: [members, batch, 1] to [members, batch]."""

    def __init__(self, members, left=-5.0, right=9.0, pieces=70):
        super().__init__()
        self.slopes = nn.Parameter(torch.zeros(members, pieces))
        self.knots, self.width = torch.linspace(left, right, pieces + 1)[:-1], (right - left) / pieces

    def forward(self, places):
        climbed = (places - self.knots).clamp(0, self.width)  # [members, batch, pieces]
        return (climbed * self.slopes.tanh()[:, None]).sum(-1)


# %%
hills, wide = Hill(members=20), gaps.repeat_interleave(5)[:, None, None]
fit(hills, losses.wasserstein, wide, steps=300, lr=0.1);

# %% [markdown]
# The exact values come from sums over a fine grid, and for $W_1$ from sorting. The learnt ones come from $D$'s loss on 4,000 evenly spread
# samples of each heap.

# %%
grid = torch.linspace(-8, 12, 401, dtype=torch.float64)
dx = grid[1] - grid[0]


# %%
def kl(first, second, cell):
    return float(torch.where(first > 1e-30, first * (first / second.clamp(min=1e-40)).log(), 0).sum() * cell)


# %%
def divergences(gap):
    """JS, Pearson's χ², TV, and JS of pairs between N(gap, 1) and N(0, 1), by sums."""
    p, q = (torch.exp(-((grid - mean) ** 2) / 2) / (2 * torch.pi) ** 0.5 for mean in (gap, 0.0))
    js = (kl(p, (p + q) / 2, dx) + kl(q, (p + q) / 2, dx)) / 2
    chi_squared = float(((p - q) ** 2 / (p + q).clamp(min=1e-40)).sum() * dx)
    pairs = p[:, None] * q
    return js, chi_squared, float((p - q).abs().sum() * dx / 2), kl(pairs, (pairs + pairs.T) / 2, dx * dx)


# %%
spread = torch.distributions.Normal(0.0, 1.0).icdf((torch.arange(4000) + 0.5) / 4000)[:, None]
shuffled = spread[torch.randperm(4000)]  # pairs must be independent

# %%
with torch.no_grad():
    best = together(networks(spread + shift), networks(shuffled.expand(80, -1, -1))).discriminator.reshape(4, 4, 5)
    learnt_distance = -losses.wasserstein(
        hills(spread + wide), hills(shuffled.expand(20, -1, -1))
    ).discriminator.reshape(4, 5)

# %%
log2 = softplus(torch.zeros(()))
learnt = torch.stack([log2 - best[0] / 2, 2 - 2 * best[1], 1 - best[2] / 2, log2 - best[3]])  # [losses, gaps, seeds]

# %% alt="Left: four curves over the gap from 0 to 5, each with coloured dots on it at gaps of 0.5, 1, 2 and 4; all rise and then flatten, chi squared towards 2, TV towards 1, both JS curves towards log 2, about 0.69. Right: the Wasserstein distance is a straight line through the origin; the dots lie on it up to 4."
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.3))
fine = torch.linspace(0, 5, 21)
exact_curves = torch.tensor([divergences(float(gap)) for gap in fine]).T
for name, label, curve, dots in zip(names, ["JS", "χ²", "TV", "JS of pairs"], exact_curves, learnt):
    left.plot(fine, curve, color=paint[name], label=f"{name.replace('_', ' ')}: {label}")
    left.plot(gaps, dots, "o", color=paint[name], ms=4)
left.set(xlabel="gap", ylabel="divergence", title="Four losses run out of distance …")
left.legend(fontsize=7)
torch.manual_seed(0)
by_sorting = [
    (torch.randn(20_000).sort().values + gap - torch.randn(20_000).sort().values).abs().mean() for gap in fine
]
right.plot(fine, by_sorting, color=paint["wasserstein"], label="by sorting 20,000 samples")
right.plot(gaps, learnt_distance, "o", color=paint["wasserstein"], ms=4)
right.set(xlabel="gap", ylabel="W₁", title="… Wasserstein does not")
right.legend()
plt.show()

# %%
exact = torch.tensor([divergences(float(gap)) for gap in gaps]).T  # [losses, gaps]
miss = (learnt - exact[:, :, None]).abs().amax((1, 2))
for name, value in zip(names, miss):
    print(f"{name:15} off by at most {value:.4f}")
print(f"wasserstein     off by at most {(learnt_distance - gaps[:, None]).abs().max():.4f}")

# %% tags=["claim"]
assert (miss < torch.tensor([0.01, 0.03, 0.06, 0.02])).all()  # seeds 200 to 204: 0.0002, 0.005, 0.026, 0.005
assert (learnt_distance - gaps[:, None]).abs().max() < 0.04  # seeds 200 to 204: 0.012
for gap in gaps:  # W1 by sorting is the gap, for two Gaussians of equal width
    assert abs(by_sorting[int(4 * gap)] - gap) < 0.05


# %% [markdown]
# A network, a loss and samples: that is a **measuring instrument for a divergence**, exact to a few hundredths here, the hinge's sharp step being the hardest to draw. (It measures from below: a $D$
# that is not quite the best one finds a little less.) Look at the right end of the left panel. JS, $χ^2$ and TV come close to
# "as different as can be", and can hardly change if the gap grows further. $W_1$ still tells near from far.
#
# Do not conclude yet which loss is best. First, this holds for the *best* $D$; in training it never is. Second, $D$'s loss measures, but the
# generator descends **its own** loss, with $D$ held fixed. For minimax and Wasserstein these are one number with two signs (up to a part that $G$ does not reach), so
# $G$ really descends $2\,\mathrm{JS}$ or $W_1$. For the others they are not. The non-saturating loss, for one, sends the gradient of
# $\mathrm{KL}(q\|p) - 2\,\mathrm{JS}$ (Arjovsky & Bottou 2017). Both statements can be checked in one dimension. Let the
# generator be a single number $θ$ that moves its fakes, $q = \mathcal{N}(θ, 1)$, and let $p = \mathcal{N}(0, 1)$:

# %%
def sent_and_descended(theta):
    """What minimax and non-saturating G send to θ at the best D, and the slopes of 2 JS and of KL(q‖p) - 2 JS."""
    q = torch.exp(-((grid - theta) ** 2) / 2) / (2 * torch.pi) ** 0.5
    best_score = theta**2 / 2 - theta * grid  # log p/q; its slope in x is -θ
    sent = [(q * push(best_score) * -theta).sum() * dx for push in (lambda s: -s.sigmoid(), lambda s: -(-s).sigmoid())]
    h = 1e-3
    js_slope = (divergences(theta + h)[0] - divergences(theta - h)[0]) / (2 * h)
    return [*map(float, sent), 2 * js_slope, theta - 2 * js_slope]  # KL(q‖p) = θ²/2


# %% tags=["claim"]
for theta in (0.3, 1.0, 1.8, 2.5, 4.0, 8.0):
    minimax_sends, non_saturating_sends, twice_js, other = sent_and_descended(theta)
    print(f"θ {theta}: minimax {minimax_sends:.4f} = {twice_js:.4f}", end="   ")
    print(f"non-saturating {non_saturating_sends:.4f} = {other:.4f}")
    assert abs(minimax_sends - twice_js) < 1e-3 and abs(non_saturating_sends - other) < 1e-3

# %% [markdown]
# Read the columns: beyond $θ ≈ 2$ minimax sends less and less, at 8 next to nothing, while the non-saturating loss sends almost the whole $θ$. One logarithm in the
# place of another, and another divergence altogether.
#
# > **Your turn.** For which $θ$ does minimax send most? Predict from the left panel (where is the JS curve steepest?), then print a few.
#
# ## 3 · The gradient that arrives
#
# On real pictures nobody can compute these divergences. But we can measure the gradient itself, at the generator's weights. The pictures are the
# 8 × 8 digits of chapter 03. First an experiment after Arjovsky and Bottou: **freeze an untrained generator, train the discriminator alone, and
# watch the gradient that it would send**.

# %%
from functools import partial

from gan_lessons.data.images import small_digits
from gan_lessons.networks.points import PointGenerator
from gan_lessons.populations import population
from gan_lessons.training import discriminator_step, draw, train

# %%
pixels = small_digits().pixels.flatten(1)  # [1797, 64]
leaky = partial(nn.LeakyReLU, 0.2)


# %%
def digit_gans(*choices, lr=1e-3, discriminator_lr=None, seeds=SEEDS):
    """A population on the digits: one setting for each loss."""
    make = lambda: (PointGenerator(16, 64, 64, 2, leaky), PointDiscriminator(64, 64, 2, leaky))
    adam = {rate: partial(torch.optim.Adam, lr=rate, betas=(0.5, 0.99)) for rate in (lr, discriminator_lr or lr)}
    return population(
        make,
        seeds,
        settings=len(choices),
        noise_dim=16,
        optimizer=adam[lr],
        optimizer_of_discriminator=adam[discriminator_lr or lr],
    )


# %%
def gradient_norm(gans, loss):
    """The length of the gradient of G's loss in all of G's weights, [members]."""
    noise = torch.randn(256, 16, generator=torch.Generator().manual_seed(1)).expand(len(gans.seed), -1, -1)
    real_scores = gans.discriminator(pixels[:256].expand(len(gans.seed), -1, -1)).detach()
    value = loss(real_scores, gans.discriminator(gans.generator(noise))).generator
    parts = torch.autograd.grad(value.sum(), list(gans.generator.parameters()))
    return torch.stack([part.flatten(1).square().sum(1) for part in parts]).sum(0).sqrt()


# %%
five = ["minimax", "non_saturating", "least_squares", "hinge", "relativistic"]
frozen, loss = digit_gans(*five), by_setting(*map(losses.named, five))
norms = [gradient_norm(frozen, loss)]

# %%
while frozen.step < 400:
    (batch,), noise = draw(frozen, pixels, batch=64)
    discriminator_step(frozen, loss, batch, noise[0, 0])
    frozen.step += 1
    if frozen.step % 20 == 0:
        norms.append(gradient_norm(frozen, loss))

# %%
norms = torch.stack(norms).reshape(-1, 5, 5)  # [times, losses, seeds]

# %% alt="Five curves with narrow bands on a logarithmic axis over 400 steps of the discriminator. All rise within the first 40 steps. Then minimax falls steadily, to about 0.003; non-saturating climbs to about 15; least squares, hinge and relativistic stay level between 1 and 3."
figure, ax = plt.subplots(figsize=(6.5, 3.4))
for index, name in enumerate(five):
    curves.draw_curve(ax, torch.arange(21) * 20, norms[:, index], paint[name], name.replace("_", " "))
ax.set(
    yscale="log",
    xlabel="steps of D alone, G frozen",
    ylabel="gradient at G's weights",
    title="The better D, the less minimax sends",
)
ax.legend(ncols=2, fontsize=7, loc="center right", bbox_to_anchor=(1, 0.4))
plt.show()

# %% tags=["claim"]
early, late = norms[2].median(-1).values, norms[-1].median(-1).values  # after 40 and 400 steps
assert (norms[-1, 0] < 0.02 * norms[2, 0]).all()  # minimax: every seed
assert (norms[-1, 1] > 3 * norms[2, 1]).all()  # non-saturating
assert (late[2:] > 0.4).all() and (late[2:] < 8).all()
print({name: f"{first:.3f} to {last:.3f}" for name, first, last in zip(five, early, late)})

# %% [markdown]
# The minimax gradient loses two orders of magnitude while the discriminator gets better: the better the teacher, the quieter. (The bands are
# the middle half of five seeds, so this is no accident.) The non-saturating gradient *grows*, because it keeps its full push on the score
# while the score's own slope gets steeper. The other three stay between 1 and 3. For least squares and hinge that is no wonder: their scores stop growing near
# $±1$. The relativistic loss is a cross-entropy, too, but in these 400 steps it has not grown nearly as far.
#
# Does it matter? Let both players learn. Case one: equal learning rates. Case two: the discriminator learns ten times as fast. Minimax and
# non-saturating start from the same weights and see the same pictures. Progress is the **Fréchet distance** between 600 real and 600 generated
# pictures, which chapter 08 explains; here it is enough that a lower one is better, and what the floor and the ceiling are.

# %%
from gan_lessons.metrics.frechet import frechet_distance

torch.manual_seed(0)
halves = pixels[torch.randperm(len(pixels))]
floor = frechet_distance(halves[:600], halves[600:1200])
ceiling = frechet_distance(halves[:600], 2 * torch.rand(600, 64) - 1)


# %%
def distances(gans, average=False):
    """The Fréchet distance of every member, [members]; with `average`, of its averaged generator (chapter 05)."""
    fakes = gans.sample(600, average=average).clamp(-1, 1)
    return torch.tensor([frechet_distance(halves[:600], member) for member in fakes])


# %%
print(f"other real digits {floor:.1f}, noise {ceiling:.1f}")

# %%
pair, six = by_setting(losses.minimax, losses.non_saturating), range(6)


# %%
def race(steps, **rates):
    """Gradients and distances on the way, each [times, 2 losses, 6 seeds]."""
    gans, seen = digit_gans("minimax", "non_saturating", seeds=six, **rates), []
    for record in train(gans, pixels, pair, steps=steps, batch=32):
        if record.step % 40 == 0:
            seen.append((gradient_norm(gans, pair), distances(gans)))
    return [torch.stack(part).reshape(-1, 2, 6) for part in zip(*seen)]


# %%
equal, ahead = race(400, lr=1e-3), race(800, lr=1e-4, discriminator_lr=1e-3)

# %% alt="Four panels, blue minimax and orange non-saturating curves with bands. Top left, equal rates: both gradients lie between 0.8 and 3, close together. Top right, D ten times faster: the minimax gradient falls from about 0.5 to below 0.001 while non-saturating rises to about 10. Bottom left: both distances rise to 28 and fall again, together, to about 17. Bottom right: minimax stays near 42, level with noise; non-saturating leaves it at different steps, its median after 500, and ends near 20. The floor, dashed, is near 0."
figure, axes = plt.subplots(2, 2, figsize=(7.5, 5))
for column, (title, (gradient, distance)) in zip(
    axes.T, {"Equal rates: no difference": equal, "D ten times faster: minimax is stuck": ahead}.items()
):
    when = torch.arange(1, len(gradient) + 1) * 40
    for index, name in enumerate(["minimax", "non_saturating"]):
        curves.draw_curve(column[0], when, gradient[:, index], paint[name], name.replace("_", " "))
        curves.draw_curve(column[1], when, distance[:, index], paint[name])
    column[0].set(yscale="log", ylim=(1e-4, 100), ylabel="gradient at G", title=title)
    column[1].set(ylim=(0, 50), ylabel="Fréchet distance")
    curves.draw_reference(column[1], floor, "other real digits")
    curves.draw_reference(column[1], ceiling, "noise" if column[0] is axes[0, 0] else "")
axes[0, 0].legend(loc="lower left")
plt.show()

# %%
for title, (gradient, distance) in {"equal rates": equal, "D ahead": ahead}.items():
    print(
        title,
        "- minimax:",
        [f"{v:.0f}" for v in distance[-1, 0]],
        "non-saturating:",
        [f"{v:.0f}" for v in distance[-1, 1]],
    )

# %% tags=["claim"]
assert (equal[1][-1].median(-1).values.diff().abs() < 5).all()  # equal rates: no clear winner
stuck, free = ahead[1][-1]
assert (stuck > 30).sum() >= 4 and (free < 33).sum() >= 3  # seeds 200 to 205: 5 stuck, 6 free; 400 to 405: 4 free
assert ahead[0][-1, 0].median() < 0.01 * ahead[0][-1, 1].median()

# %% [markdown]
# Both stories are true. When the players are **evenly matched**, minimax does as well as non-saturating: neither player gets far enough ahead for the two slopes to differ much. "Minimax does not work" is folklore. When $D$ **runs ahead**, minimax falls silent, and most of its runs stay at the level of plain noise, while most non-saturating runs take their time and then go. You seldom know
# beforehand which of the two cases you are in. That is the reason to prefer the loss that survives both.
#
# > **Your turn.** Predict what happens with `least_squares` in the place of `minimax` when $D$ is ahead; change `pair` and run the race again.
#
# ## 4 · Which loss when
#
# Every loss here has its own demands. **Output:** all six take plain scores. Put a sigmoid at the end of the network, as a loss that takes
# probabilities would want, and the cross-entropy cannot even say "certainly": its scores lie between 0 and 1. **Order:** with real and
# fake exchanged, $D$ learns the opposite score, and no error is raised. **Leash:** without one the Wasserstein loss
# has no lowest value. Three such mistakes, measured on the line at a gap of 2, where the best cross-entropy is 0.71:

# %%
two = torch.full((5, 1, 1), 2.0)
right_way, swapped, squashed, unleashed = (discriminators(copies=1) for _ in range(4))
reached = {
    "as it should be": fit(right_way, losses.minimax, two, steps=250)[-50:].mean(0),
    "sigmoid in the network": fit(
        squashed, lambda real, fake: losses.minimax(real.sigmoid(), fake.sigmoid()), two, steps=250
    )[-50:].mean(0),
    "real and fake exchanged": fit(swapped, lambda real, fake: losses.minimax(fake, real), two, steps=250)[-50:].mean(
        0
    ),
    "Wasserstein, no leash": fit(unleashed, losses.wasserstein, two, steps=250)[-50:].mean(0),
}

# %%
with torch.no_grad():
    direction = [float((net(spread + two) - net(spread.expand(5, -1, -1))).mean()) for net in (right_way, swapped)]

# %%
for name, value in reached.items():
    print(f"{name:24} D's loss {value.min():10.2f} to {value.max():.2f}")
print(f"real minus fake score: {direction[0]:+.1f} as it should be, {direction[1]:+.1f} exchanged")

# %% tags=["claim"]
lowest = 2 * float(log2) - 2 * float(exact[0, 2])
assert (reached["as it should be"] - lowest).abs().max() < 0.05
assert reached["sigmoid in the network"].min() > 1.0  # softplus(-1) + softplus(0) = 1.006
assert (reached["real and fake exchanged"] - lowest).abs().max() < 0.05 and direction[1] < -2 < 2 < direction[0]
assert reached["Wasserstein, no leash"].max() < -20  # with the leash it would be -2

# %% [markdown]
# The second line cannot fall below $\operatorname{softplus}(-1) + \operatorname{softplus}(0) \approx 1.006$. The third *looks perfect*: the loss is
# right, only the score points the other way. And the last would go on for ever.
#
# There is one more trap: for Wasserstein and relativistic losses the **level** of the score means nothing. Add 100 to every score and $D$'s loss
# does not change, so "the mean real score" cannot be read as confidence.

# %% tags=["claim"]
for seed in SEEDS:
    torch.manual_seed(seed)
    real_scores, fake_scores = torch.randn(2, 64, dtype=torch.float64)
    unmoved = set()
    for name, loss in losses.KNOWN.items():
        before, after = loss(real_scores, fake_scores), loss(real_scores + 100, fake_scores + 100)
        if abs(before.discriminator - after.discriminator) < 1e-6:
            unmoved.add(name)
    assert unmoved == {"wasserstein", "relativistic"}

# %% [markdown]
# Last, the **learning rate**. Each loss plays on the digits for 300 steps at three learning rates (the same for both players, five seeds each). For
# Wasserstein we try both: bare, and with the first leash that was proposed, which clips every weight of $D$ to $±0.1$ after each
# step. (Better leashes are penalties on the slope; chapter 07 teaches them.)
#
# > **Predict, then run.** Which makes the larger difference: the choice among the five losses other than Wasserstein, or that among the three learning rates?

# %%
rates = [3e-4, 1e-3, 3e-3]
contenders = [*losses.KNOWN, "wasserstein"]  # the last one with clipped weights

# %%
table = []
for rate in rates:
    gans = digit_gans(*contenders, lr=rate)
    for record in train(gans, pixels, by_setting(*map(losses.named, contenders)), steps=300, batch=32):
        with torch.no_grad():
            for weight in gans.discriminator.parameters():
                weight[-5:].clamp_(-0.1, 0.1)
    table.append(distances(gans, average=True).reshape(7, 5))
table = torch.stack(table)  # [rates, losses, seeds]

# %% alt="A dot plot: seven losses side by side, each with three columns of five dots for learning rates 0.0003, 0.001 and 0.003. For minimax, non-saturating, least squares, hinge and relativistic the Fr\u00e9chet distance falls with the rate, from about 17 to between 11 and 14. Bare Wasserstein stays near 19 at every rate; clipped it is lowest, near 15, at the middle rate. The dashed floor is near 0."
figure, ax = plt.subplots(figsize=(8, 3.4))
labels = [name.replace("_", "\n") for name in contenders[:-1]] + ["wasserstein\nclipped"]
for index, (rate, color) in enumerate(zip(rates, [style.CYCLE[5], style.CYCLE[0], "black"])):
    places = torch.arange(7)[:, None] + 0.22 * (index - 1) + torch.linspace(-0.06, 0.06, 5)
    ax.plot(places.flatten(), table[index].flatten(), "o", color=color, ms=3.5, label=f"learning rate {rate:g}")
curves.draw_reference(ax, floor, "other real digits")
ax.set(
    xticks=range(7),
    xticklabels=labels,
    ylim=(0, 30),
    ylabel="Fréchet distance after 300 steps",
    title="A higher learning rate helps five losses, and not Wasserstein",
)
ax.legend(fontsize=7, ncols=3, loc="upper left")
plt.show()

# %%
medians = table.median(-1).values  # [rates, losses]
for name, row in zip([*contenders[:-1], "wasserstein clipped"], medians.T):
    print(f"{name:20}", "  ".join(f"{value:5.1f}" for value in row))
usual = medians[:, [0, 1, 2, 3, 5]]
between_losses = (usual.amax(1) - usual.amin(1)).median()
print(f"between rates {(usual[0] - usual[2]).median():.1f}, between the five losses {between_losses:.1f}")

# %% tags=["claim"]
assert ((usual[0] - usual[2]) > 2).all()  # every usual loss gains from the higher rate
assert (usual[0] - usual[2]).median() > (usual.amax(1) - usual.amin(1)).median()
assert medians[2, [4, 6]].min() > usual[2].max() + 1  # at the highest rate both Wassersteins are behind
assert medians[2, 4] > medians[0, 4] - 1.5 and medians[2, 6] > medians[1, 6] + 0.5  # seeds 300 to 304: 0.0 and 4.1

# %% [markdown]
# Five of the losses end within a few points of each other, and gain more from the higher rate than from any choice among themselves. (A large study by Lucic
# et al. 2018 found something similar on bigger networks: with enough tuning, most losses reach similar scores.) Wasserstein is the exception: bare, it
# gains nothing from a higher rate; clipped, it is best at the middle one. Its authors trained it with a small rate and several steps of $D$ for each step of $G$.
#
# So this is when to use which:
#
# | loss | what its best score is | what it needs | when to use it |
# |---|---|---|---|
# | minimax | $\log p/q$ | players that stay evenly matched | to understand the theory; seldom in practice |
# | non-saturating | $\log p/q$ | nothing special; $D$ may run ahead | the first choice, and this book's default |
# | least squares | $(p-q)/(p+q)$, between $-1$ and $1$ | plain scores, no sigmoid, targets $+1$, $-1$, 0 | when scores should stay bounded |
# | hinge | $\operatorname{sign}(p-q)$ | plain scores; margins of $±1$ | common in large image GANs, with spectral normalisation |
# | Wasserstein | slope at most 1, no zero point | a leash on $D$, a small rate, several $D$ steps for each $G$ step | when $D$'s loss itself should mean a distance |
# | relativistic | $\log p/q$ plus a constant | pairs of real and fake; R1 and R2 penalties (chapter 07) | the modern recipe; chapter 09 uses it |
#
# > **Your turn.** Pick one row that you do not believe, and design the smallest experiment that could refute it. You have all the parts.
#
# ## What we saw
#
# - A loss is a function of two lists of scores. What moves a generator is its slope: at a fake score of $-5$, minimax pushes with
#   0.007, non-saturating with 0.993.
# - At the best $D$, the discriminator's loss is a divergence: JS, Pearson's $χ^2$, total variation, $W_1$, JS of pairs. Small networks measured them
#   to within a few hundredths. Only $W_1$ still tells near from far.
# - The generator descends its own loss: minimax descends $2\,\mathrm{JS}$, non-saturating $\mathrm{KL}(q\|p) - 2\,\mathrm{JS}$.
# - With $D$ far ahead, minimax sends almost nothing and most of its runs stay where they are; with even players it does as well as non-saturating.
# - A sigmoid too many, exchanged arguments, a missing leash: none of them raises an error. Scores of different losses cannot be compared.
# - On small digits the learning rate mattered more than the choice among the five usual losses; Wasserstein did not gain from a high one.
#
# ## Check your understanding
#
# **1.** A fake has the score 0. How hard do minimax and non-saturating push it?
#
# <details><summary>Answer</summary>
#
# Equally: $\operatorname{sigmoid}(0) = \operatorname{sigmoid}(-0) = ½$. That is why evenly matched players do not feel the difference.
#
# </details>
#
# **2.** Why does the non-saturating loss have this name, and what saturates in the other one?
#
# <details><summary>Answer</summary>
#
# Where $D$ is sure that a sample is fake, $\log(1-D)$ is flat (its slope in the score is $-D \approx 0$): it has saturated. $-\log D$ has the slope $-(1-D) \approx -1$
# there.
#
# </details>
#
# **3.** A discriminator that was trained with least squares gives a picture the score 0.6. If it is at its best, how likely is the picture to be real?
#
# <details><summary>Answer</summary>
#
# $s = (p-q)/(p+q) = 0.6$ means $p/(p+q) = (1 + s)/2 = 0.8$.
#
# </details>
#
# **4.** Your hinge discriminator's loss is 2. What does it know? And at 0?
#
# <details><summary>Answer</summary>
#
# At its best its loss is $2 - 2\,\mathrm{TV}$. At 2 it sees no difference; at 0 the heaps do not overlap, or it has learnt its samples by heart (chapter 03).
#
# </details>
#
# **5.** Real and fake samples are 8 apart, then 40. What do JS and $W_1$ say, and which of them can lead a generator home?
#
# <details><summary>Answer</summary>
#
# JS is close to its ceiling $\log 2$ both times, so its slope is next to nothing. $W_1$ is 8, then 40, with slope 1: it still says in which direction, and how far.
#
# </details>
#
# **6.** The mean score of real samples falls from 3 to $-40$ during a training with the relativistic loss. Should you worry?
#
# <details><summary>Answer</summary>
#
# Not because of that. Only differences of scores enter this loss; its level may drift freely. Look at the difference of the means.
#
# </details>
#
# **7.** $D$'s cross-entropy is low and steady, yet your generator gets worse from step to step. Which mistake of section 4 would look like this?
#
# <details><summary>Answer</summary>
#
# Real and fake exchanged in $D$'s loss: it learns perfectly well, with the opposite sign, so a generator that raises its scores moves away from the data.
#
# </details>
#
# ## Further reading
#
# - Goodfellow et al. 2014, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661): minimax, non-saturating, and the JS divergence.
# - Nowozin, Cseke & Tomioka 2016, *f-GAN*, [arXiv:1606.00709](https://arxiv.org/abs/1606.00709): a loss for every f-divergence.
# - Mao et al. 2017, *Least Squares GAN*, [arXiv:1611.04076](https://arxiv.org/abs/1611.04076): the targets, and Pearson's χ².
# - Lim & Ye 2017, *Geometric GAN*, [arXiv:1705.02894](https://arxiv.org/abs/1705.02894), and Miyato et al. 2018, *Spectral Normalization*,
#   [arXiv:1802.05957](https://arxiv.org/abs/1802.05957): the hinge, and how it is used.
# - Arjovsky & Bottou 2017, [arXiv:1701.04862](https://arxiv.org/abs/1701.04862): the frozen generator of section 3, and what non-saturating descends.
# - Arjovsky, Chintala & Bottou 2017, *Wasserstein GAN*, [arXiv:1701.07875](https://arxiv.org/abs/1701.07875): the distance, the leash, the clipping.
# - Fedus et al. 2018, *Many Paths to Equilibrium*, [arXiv:1710.08446](https://arxiv.org/abs/1710.08446): GANs that work where the theory of
#   divergences says they should not.
# - Jolicoeur-Martineau 2018, *The Relativistic Discriminator*, [arXiv:1807.00734](https://arxiv.org/abs/1807.00734), and Huang et al. 2024, *The GAN is dead; long
#   live the GAN!*, [arXiv:2501.05441](https://arxiv.org/abs/2501.05441): pairs, and a modern baseline built on them.
# - Lucic et al. 2018, *Are GANs Created Equal?*, [arXiv:1711.10337](https://arxiv.org/abs/1711.10337): many losses, one budget.
#
# **Next:** [05 The first GAN](05_the_first_gan.ipynb), where both players learn and you read their curves.
