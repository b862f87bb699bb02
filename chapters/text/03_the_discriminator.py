# %% [markdown]
# # 03 · The discriminator
#
# [← 02 The generator](02_the_generator.ipynb) · [contents](00_start.ipynb) · [04 The losses →](04_the_losses.ipynb) · [assignment](assignments/release/03_the_discriminator/03_the_discriminator.ipynb)
#
# **What does a classifier know about a density?**

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import nn
from torch.nn.functional import conv2d, one_hot, pad, softplus

from gan_lessons.data.points import ring
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.plots import diagrams, images, style
from gan_lessons.plots.motion import Animation

torch.set_num_threads(1)  # small networks are fastest on one thread
torch.manual_seed(3)
style.use()
SEEDS = range(5)

# %% alt="A moving picture. Blue dots, real points of each step, lie on three hills. 300 orange fakes start as a tight clump at the upper left of a plane whose five pale shades are the discriminator's score, from purple for fake to green for real. Black arrows show its gradient at a few fakes. The clump drifts towards green, the green turns purple wherever the clump arrives, the fakes part, and in the end they lie on three hills, with the surface white but for a few pale patches and the arrows tiny." tags=["hide-input"]
three_hills, side = ring(modes=3, radius=1.5, std=0.5), torch.linspace(-3, 3, 61)
pale = ["#B89CC9", "#DCCBE5", "#F8F8F8", "#CBE7C6", "#96CC94"]  # from purple, fake, to green, real
judge = PointDiscriminator(width=64, activation=nn.SiLU)
adam = torch.optim.Adam(judge.parameters(), lr=1e-2, betas=(0.5, 0.99))
fakes, frames = torch.tensor([-1.8, 1.6]) + 0.25 * torch.randn(300, 2), []
for frame in range(37):
    for _ in range(6 if frame else 100):
        real = three_hills.sample(256, seed=int(torch.randint(2**30, ())))
        loss = softplus(-judge(real)).mean() + softplus(judge(fakes)).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    moving = fakes.clone().requires_grad_()
    (arrows,) = torch.autograd.grad(judge(moving).sum(), moving)
    figure = Figure(figsize=(3.8, 4.2), dpi=150, layout="constrained")
    panel = figure.subplots()
    surface = judge(torch.cartesian_prod(side, side)).detach().reshape(61, 61).T
    panel.contourf(side, side, surface, [-99, -1.5, -0.4, 0.4, 1.5, 99], colors=pale, antialiased=False)
    panel.scatter(*real[:60].T, s=8, color=style.REAL, lw=0)
    panel.scatter(*fakes.T, s=8, color=style.FAKE, lw=0)
    shown = arrows[:10].clamp(-3, 3)
    panel.quiver(*fakes[:10].T, *shown.T, angles="xy", scale_units="xy", scale=5, width=0.006)
    panel.set(xlim=(-3, 3), ylim=(-3, 3), xticks=[], yticks=[], title=f"D's loss {loss.item():.2f} (always ½: 1.39)")
    panel.set_xlabel("dots: blue real, orange fake\nsurface: D says real (green) or fake (purple)")
    frames.append(figure)
    fakes = fakes + 0.12 * arrows.clamp(-3, 3)
Animation(frames[::2], milliseconds=280, width=570, colors=48)

# %% [markdown]
# There is no generator in this picture. The fakes are 300 loose points. In every step each moves a little way up the slope of the discriminator's
# score (black arrows, for ten of them), while the discriminator goes on learning. No fake ever sees a real sample, yet they end up on the three hills of the real ones.
#
# So a classifier that is only asked "real or fake?" learns where real samples are denser than fakes. Its loss does not tell everything: in the last frame about half of
# the fakes crowd the hill nearest to their start, but such an imbalance hardly lowers even the best possible loss.
#
# **You will** train classifiers to tell samples of two known densities apart, and compare what they learn with the right answer.
#
# **You will learn** to
# - prove that the best possible discriminator is $p/(p+q)$, and recover it from samples alone,
# - check whether a discriminator's percentages can be believed, and recognise overfitting,
# - test whether two sets of samples differ, and say what a weak discriminator misses,
# - say what the discriminator's gradient tells a generator, and when it nearly vanishes.
#
# **You will need** chapters [01](01_the_game.ipynb) and [02](02_the_generator.ipynb), a little PyTorch, and a minute of computing.
#
# Here is its place in the GAN. Hatched parts are frozen: they do not learn in this step.

# %% alt="The block diagram of a GAN with the fake, the real samples, the discriminator and the losses in full colour; the gradient to the discriminator is drawn as a dashed arrow; noise and generator are pale and the generator is hatched, that is frozen." tags=["hide-input"]
diagrams.gan(lit=("fake", "real", "discriminator", "losses", "gradient to D"), frozen=("generator",))


# %% [markdown]
# ## 1 · A classifier estimates a density ratio
#
# We are given *real* samples from a density $p$, and as many *fake* ones from a density $q$. A discriminator looks at one
# sample $x$ and says how likely it is to be real; it never sees $p$ or $q$. [Chapter 01](01_the_game.ipynb) named the best answer, the share
# of real samples among all samples near $x$:
#
# $$ D^*(x) = \frac{p(x)}{p(x) + q(x)}. $$
#
# Here is the proof. We minimise the binary cross-entropy: a real sample costs $-\log D(x)$,
# a fake one $-\log(1 - D(x))$. So a place $x$ contributes $-p \log D - q \log (1 - D)$ to the loss. Its derivative with respect to $D$,
#
# $$ -\frac{p}{D} + \frac{q}{1 - D}, $$
#
# is 0 at $D = p/(p+q)$, negative below and positive above, so the contribution is least there (Goodfellow et al. 2014).
#
# Our networks return the logit $s$, the score, with $D = \sigma(s)$. The **density ratio** $p/q$ counts the real samples for each fake near $x$.
# Now $\sigma(s) = 1/(1+e^{-s})$ equals $p/(p+q)$ when $e^{-s} = q/p$: **the best discriminator's score is the logarithm of the density ratio**, $s^* = \log p - \log q$.

# %%
def cross_entropy(real_scores, fake_scores):
    return (softplus(-real_scores) + softplus(fake_scores)).mean(-1)


# %% [markdown]
# Does a trained network get there? To check, we need known densities, and take two Gaussians.

# %%
from torch.distributions import Normal

p, q = Normal(1.5, 0.8), Normal(-1.0, 1.2)
x = torch.linspace(-6, 6, 601)
real_density, fake_density = p.log_prob(x).exp(), q.log_prob(x).exp()
optimal = real_density / (real_density + fake_density)

# %% [markdown]
# One network might be lucky, so we train five. `stack` joins them into one, with tensors `[members, batch, …]`. We add up their losses; no member influences another.

# %%
from gan_lessons.populations import stack


def discriminators(copies=1, **sizes):
    """`copies` × 5 discriminators in one batch; every copy starts from seeds 0 to 4."""
    members = []
    for seed in list(SEEDS) * copies:
        torch.manual_seed(seed)
        members.append(PointDiscriminator(**sizes))
    return stack(members)


# %%
def fit(networks, draw, steps, lr=1e-2, watch=None):
    """Train on `draw(step)`, real and fake [members, batch, dims]; the learning rate falls to 0.

    `watch`, if there is one, is told each step and its losses [members].
    """
    optimizer = torch.optim.Adam(networks.parameters(), lr=lr, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for step in range(steps):
        real, fake = draw(step)
        loss = cross_entropy(networks(real), networks(fake))
        if watch:
            watch(step, loss.detach())
        optimizer.zero_grad()
        loss.sum().backward()
        optimizer.step()
        schedule.step()


# %%
line = discriminators(dims=1, width=32, activation=nn.SiLU)
fit(line, lambda step: (p.sample((5, 256, 1)), q.sample((5, 256, 1))), steps=600)
with torch.no_grad():
    scores = line(x[:, None].expand(5, -1, -1))  # [5, 601]

# %% [markdown]
# > **Predict, then run.** Between the two bumps, where $p$ and $q$ cross, what does $D$ say? And beyond $x = 5$, where
# > there are hardly any samples?

# %% alt="Left: a narrow blue density around 1.5 and a wider orange one around -1. Middle: five green curves rise from 0 to 1 between the bumps and lie on a dashed black curve until it falls again beyond 4. Right: five green score curves follow a dashed black arch between about -2 and 3 and leave it in straight lines at both ends." tags=["hide-input"]
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(7.2, 2.9))
left.plot(x, real_density, color=style.REAL)
left.plot(x, fake_density, color=style.FAKE)
left.text(2.3, 0.42, "real: p", color=style.REAL, fontsize=9)
left.text(-5.8, 0.3, "fake: q", color=style.FAKE, fontsize=9)
left.set(xlabel="x", ylabel="density", title="Real and fake overlap")
middle.plot(x, scores.sigmoid().T, color=style.DISCRIMINATOR, lw=2)
middle.plot(x, optimal, "k--", lw=1.2)
middle.text(-5.8, 0.9, "dashed:\np / (p + q)", fontsize=9, va="top")
middle.set(xlabel="x", ylabel="D(x)", title="All five D fit up to x = 4")
right.plot(x, scores.T, color=style.DISCRIMINATOR, lw=2)
right.plot(x, p.log_prob(x) - q.log_prob(x), "k--", lw=1.2)
right.text(-1.2, -13, "dashed:\nlog p/q", fontsize=9)
right.set(xlabel="x", ylabel="score s", ylim=(-20, 12), title="Scores fit from −2 to 3")
plt.show()

# %% [markdown]
# Where the densities cross, all five networks say ½, and up to 4 they follow the formula. Further right it falls again, because the wide $q$ dies out more
# slowly than $p$, but the networks go on rising: hardly any sample lands there to teach them.
#
# Below −2 the scores drift away, although there are plenty of fakes: $D$ is next to 0 on either curve, so the loss hardly notices.
#
# Where $p + q$ is at least 0.01, the average distance to $p/(p+q)$ is below a third of a percentage point. (Always ½ is off by more than forty.)

# %%
mass = real_density + fake_density >= 0.01
error = (scores.sigmoid() - optimal).abs()[:, mass].mean(-1)
coin = (0.5 - optimal).abs()[mass].mean()
print("five discriminators:", [f"{value:.4f}" for value in error.tolist()])
print(f"always ½: {coin:.2f}")

# %% tags=["claim"]
assert error.max() <= 0.01  # set from seeds 100 to 104, whose largest was 0.0015
assert coin > 0.3

# %% [markdown]
# The classifier also tells *how* different the two densities are. By chapter 01, the least possible cross-entropy is $2\log 2 - 2\,\mathrm{JS}(p, q)$, so for *any* discriminator
#
# $$ \mathrm{JS}(p, q) \ge \log 2 - \tfrac12\, \text{cross-entropy of } D. $$
#
# Training $D$ raises this bound. An estimate that maximises over functions is called **variational** (Nowozin et al. 2016 get other divergences the same way).
# Remember two values: the best loss is $2 \log 2 \approx 1.386$ for equal densities, and 0 for those that never overlap (their JS is $\log 2$).
#
# Now move the densities yourself: drag the two dots in the left panel (the means of $p$ and $q$) sideways, press play, and watch the green curve follow the dashed one. In the stored picture $p$ has two bumps; in the dip
# between them few samples fall, and $D$ is still too high.

# %% alt="Three panels of the lab with two-bumped p. Left: p has narrow blue bumps near -0.5 and 3.5, q is a wide orange hill around -1. Middle: the green D follows the dashed p/(p+q), a hump to 0.6 at the first bump, a dip less deep than the dashed one, and a rise to 1 at the second. Right: the score follows log p/q, except in the dip, where it stays higher, and at both ends."
from gan_lessons.labs.points.density_ratio import DensityRatioLab

lab = DensityRatioLab(real_split=4.0, real_spread=0.5)
lab.run(300)
lab

# %% [markdown]
# > **Your turn.** Set `q = Normal(1.5, 1.6)`: the same centre as $p$, but twice as wide. Predict the shape of $D$ and its value at the centre; then run the cells down to the figure again.
#
# <details><summary>Solution</summary>
#
# A hump. At the centre $p$ is twice as high as $q$, so $D^* = 2/3$. It falls to ½ where they cross, at about 0.4 and 2.6, and towards 0 further out.
#
# </details>
#
# ## 2 · Can you believe its percentages?
#
# If a weather forecast says "70 % rain" on a hundred days, it should rain on about seventy of them. Then it is calibrated. To test the **calibration** of a discriminator,
# collect the new samples to which it gives about 70 %, and count how many are real.
#
# Until now every batch was new. But a data set is finite, and the discriminator sees it again and again; one pass through it is an **epoch**. Does that matter? In the plane,
# let $p$ have the three hills of the first picture and $q$ one broad hill over them.

# %%
broad_hill = ring(modes=1, radius=0.0, std=1.2)


# %%
def log_density(mixture, places):
    """Log density of a mixture of Gaussians at places [..., 2]."""
    squared = (places[..., None, :] - mixture.centres).square().sum(-1)  # [..., modes]
    normal = torch.tensor(len(mixture.centres) * 2 * torch.pi * mixture.std**2)
    return torch.logsumexp(-squared / (2 * mixture.std**2), -1) - normal.log()


def draw_plane(step, batch=256):
    real = three_hills.sample(5 * batch, seed=10_000 + step)
    fake = broad_hill.sample(5 * batch, seed=20_000 + step)
    return real.view(5, batch, 2), fake.view(5, batch, 2)


# %% [markdown]
# Five discriminators get new samples in every step, as if the data were unlimited. Others see the same 20 or 100 samples of each kind in every step. We
# test all of them on **held-out** samples, which took no part in training.

# %%
plane = discriminators(width=64, activation=nn.SiLU)
fit(plane, draw_plane, steps=400)

# %%
fresh_real, fresh_fake = three_hills.sample(20_000, seed=7), broad_hill.sample(20_000, seed=8)


def held_out_loss(networks, count=20_000):
    """The cross-entropy of five discriminators on the first `count` held-out samples of each kind, [5]."""
    with torch.no_grad():
        scores = [networks(group[:count].expand(5, -1, -1)) for group in (fresh_real, fresh_fake)]
    return cross_entropy(*scores)


# %%
def fit_few(count):
    """Five discriminators, each trained over and over on `count` samples of each kind, and their losses.

    The losses of every fifth step, in training and on 500 held-out samples of each kind: [80, 2, 5].
    """
    real = torch.stack([three_hills.sample(count, seed=30_000 + seed) for seed in SEEDS])
    fake = torch.stack([broad_hill.sample(count, seed=40_000 + seed) for seed in SEEDS])
    networks, history = discriminators(width=64, activation=nn.SiLU), []

    def watch(step, loss):
        if step % 5 == 0:
            history.append(torch.stack([loss, held_out_loss(networks, 500)]))

    fit(networks, lambda step: (real, fake), steps=400, watch=watch)
    return torch.stack(history), networks


# %%
few = {count: fit_few(count) for count in (20, 100)}

# %% [markdown]
# Call a discriminator sure where it says more than 95 % or less than 5 %. If it is calibrated, less than 5 % of such verdicts are wrong. How many are? (See
# *then wrong* in the table; its last row asks the exact $p/(p+q)$.)

# %%
fresh = torch.cat([fresh_real, fresh_fake])
is_real = torch.cat([torch.ones(20_000), torch.zeros(20_000)])
networks = {"20": few[20][1], "100": few[100][1], "unlimited": plane}
with torch.no_grad():
    held_out = {name: members(fresh.expand(5, -1, -1)) for name, members in networks.items()}
held_out["exact"] = (log_density(three_hills, fresh) - log_density(broad_hill, fresh))[None]

print("samples     sure  then wrong  held-out loss")
wrong_when_sure = {}
for name, logits in held_out.items():  # [5, 40000], for the exact answer [1, 40000]
    sure, wrong = (logits.sigmoid() - 0.5).abs() > 0.45, (logits > 0) != (is_real > 0.5)
    wrong_when_sure[name] = (sure & wrong).sum(1) / sure.sum(1)
    loss = cross_entropy(logits[:, :20_000], logits[:, 20_000:]).mean()
    print(f"{name:10} {sure.float().mean():5.0%} {wrong_when_sure[name].mean():11.1%} {loss:14.2f}")


# %%
def reliability(probability, bins=10):
    """What D says on average, how many were real, and the share of all samples, in ten bins: each [bins]."""
    place = (probability * bins).long().clamp(max=bins - 1)
    inside = one_hot(place, bins).float()  # [samples, bins]
    count = inside.sum(0)
    return inside.T @ probability / count, inside.T @ is_real / count, count / len(probability)


# %% alt="Left: how many samples were real against what D said, one network each. The curve for unlimited data lies on the dashed diagonal. The one for 20 samples starts at 35 % real where D says 0, stays between 50 and 60 % in the middle, and ends at 63 % where D says 1; its largest dots are at both ends. The one for 100 lies between until D says one half. Right: the share of sure verdicts that are wrong, five seeds each, is 36 to 46 % with 20 samples, 22 to 30 % with 100, and about 1 % with unlimited data, below the dashed line at 5 %." tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2))
shades = dict(zip(networks, ["#7CC8A9", "#2E9A6E", "#003D2C"]))
label_places = {"20": (0.09, 0.61), "100": (0.02, 0.17), "unlimited": (0.5, 0.36)}
left.plot([0, 1], [0, 1], color=style.REFERENCE, ls="--", lw=1)
for name, shade in shades.items():
    says, happens, share = reliability(held_out[name][0].sigmoid())
    left.plot(says, happens, color=shade)
    left.text(*label_places[name], name, fontsize=9)
    left.scatter(says, happens, s=4 + 150 * share, color=shade, lw=0)  # its area grows with the share of the samples
    right.plot([name] * 5, 100 * wrong_when_sure[name], "o", color=shade, ms=5)
left.set(xlabel="D says", ylabel="share that was real", xlim=(-0.03, 1.03), ylim=(0, 1.03))
left.set_title("Few samples: far off the diagonal")
left.text(1, 0.05, "labels: training\nsamples of each kind", fontsize=9, ha="right")
right.axhline(5, color=style.REFERENCE, lw=1, ls="--")
right.text(-0.2, 6, "calibrated: below 5 %", color=style.REFERENCE, fontsize=9)
right.set(xlabel="samples of each kind", ylabel="sure verdicts that are wrong, %", xlim=(-0.3, 2.3), ylim=(0, 50))
right.set_title("Few samples: sure and wrong")
plt.show()

# %% tags=["claim"]
assert ((wrong_when_sure["20"] > 0.2) & (wrong_when_sure["20"] < 0.6)).all()
assert wrong_when_sure["100"].min() > 0.1 and wrong_when_sure["unlimited"].max() < 0.04
assert held_out_loss(few[20][1]).min() > 3 and held_out_loss(few[100][1]).min() > 1.386  # worse than always saying ½
curve = few[100][0][:, 1]
assert (curve.amin(0) < 1.32).all() and (curve.argmin(0) < 60).all()  # least early, and better than always ½
assert (few[20][0][10:, 1] > 1.386).all()  # with 20 samples there is nothing to gain by stopping
assert few[20][0][-1, 0].max() < 0.6 and few[100][0][-1, 0].max() < 0.9  # better than the best possible loss, 1.06

# %% [markdown]
# The left panel sorts what the first seed's $D$ says into ten bins (larger dots: more samples). With unlimited data $D$ stays near the diagonal, where
# percentages are right; like the exact $p/(p+q)$, it is seldom sure, and then rarely wrong. With 20 samples of each kind it is sure of most samples,
# and these verdicts are often wrong: it is **overconfident**.
#
# Would its training loss have warned us? Here it is, with the held-out loss (note the different axes):

# %% alt="Two panels with the losses of five seeds against the step, each with its own axis, the left one logarithmic. With 20 samples the grey training losses fall below 0.1, and the green held-out losses climb from 1.39 at once, to between 10 and 35. With 100 samples the training losses fall to about 0.5; the held-out losses fall to about 1.2 within 50 steps, and in the end they lie above the dashed line of always \u00bd, near 2 or higher." tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3))
for ax, (history, _) in zip(axes, few.values()):
    ax.plot(range(0, 400, 5), history[:, 0], color=style.REFERENCE, lw=0.8)
    ax.plot(range(0, 400, 5), history[:, 1], color=style.DISCRIMINATOR, lw=0.8)
    ax.axhline(1.386, color="k", ls="--", lw=0.8)
    ax.set(xlabel="step")
axes[0].set(ylabel="loss", yscale="log", ylim=(2e-3, 60), title="20 samples: held-out loss rises at once")
axes[0].set(yticks=[0.01, 0.1, 1, 10], yticklabels=["0.01", "0.1", "1", "10"])
axes[1].set(ylim=(0.3, 3.2), title="100 samples: it falls first, then rises")
for ax, held, own, coin_at in zip(axes, (20, 2.1), (0.06, 0.55), (0.7, 1.22)):
    ax.text(5, held, "held-out", color=style.DISCRIMINATOR, fontsize=9)
    ax.text(5, own, "training", color=style.REFERENCE, fontsize=9)
    ax.text(398, coin_at, "always ½", fontsize=9, ha="right")
plt.show()
for count, (history, _) in few.items():
    least, at = history[:, 1].min(0)
    print(f"{count:3} samples: training loss ends at {history[-1, 0].mean():.2f};", end=" ")
    print(f"held-out loss {least.mean():.2f} at its least, at steps {sorted((5 * at).tolist())}")

# %% [markdown]
# The training loss gives no warning. With 20 samples it ends far below 1.06, the loss of the exact answer, while the held-out loss climbs. This is **overfitting**. In section 1's bound
# such a training loss would "prove" a Jensen–Shannon divergence of almost log 2, where the true one is about 0.16. So compute the bound on held-out samples.
#
# To notice overfitting, keep a **validation set** aside, and stop where the loss on it is least (**early stopping**). With 100 samples
# that least loss is 1.19 on average, against 2.21 at the end: stopping avoids most of the damage.
# With 20 the best network is the untrained one, so stopping cannot help. More data can, whether collected or, for pictures, made from those at hand by shifts and rotations
# (**data augmentation**; in a GAN, real and fake must be altered alike, see [chapter 12](12_few_pictures.ipynb)).
#
# In the extreme case there is nothing to learn. We shuffle scikit-learn's handwritten digits (8 × 8
# pixels), call the first hundred "real" and the next hundred "fake", and train. The right answer is always ½.
#
# > **Predict, then run.** How many of the 200 training pictures will it sort correctly, and how many held-out ones?

# %%
from gan_lessons.data.images import small_digits

pixels = small_digits().pixels  # [1797, 1, 8, 8]


# %%
def same_sets(count, fresh_count=300):
    """Accuracy on training and on fresh pictures, each [5], when real and fake are alike."""
    order = torch.stack([torch.randperm(len(pixels)) for _ in SEEDS])
    shuffled = pixels.flatten(1)[order]  # [5, 1797, 64]
    real, fake, rest = shuffled.split([count, count, len(pixels) - 2 * count], dim=1)
    networks = discriminators(dims=64)
    fit(networks, lambda step: (real, fake), steps=200, lr=3e-3)
    with torch.no_grad():
        own = torch.cat([networks(real) > 0, networks(fake) < 0], 1)
        first, last = rest[:, :fresh_count], rest[:, -fresh_count:]
        new = torch.cat([networks(first) > 0, networks(last) < 0], 1)
    return own.float().mean(-1), new.float().mean(-1)


# %%
own, new = same_sets(100)
print(f"{own.mean():.1%} right in training, {new.mean():.1%} held-out")

# %% tags=["claim"]
assert own.min() > 0.97 and ((new - 0.5).abs() < 0.09).all()

# %% [markdown]
# It sorts its training pictures without a mistake, and held-out ones no better than a coin: it has **memorised the pictures**. In a GAN, too, the
# discriminator's loss can look better and better, while its verdict on a new picture means less and less.
#
# > **Your turn.** Predict both numbers for 800 pictures of each kind; then run `same_sets(800, 90)`.
#
# <details><summary>Solution</summary>
#
# About 89 % and still about a half: more pictures are harder to memorise in 200 steps.
#
# </details>
#
# ## 3 · What a weak discriminator cannot see
#
# You will read that "$D = ½$, so the generator is perfect". This follows only if $D$ is the *best* discriminator. Yours may be too weak.
#
# Let the real samples come from a Gaussian and the fakes from two narrow bumps with the same mean, 0, and variance, 1. We show them to three
# discriminators: one whose score is a straight line in $x$ (chapter 01's *straight score*), one that sees $x$ and $x^2$ and draws a parabola, and a network. The first two, without a hidden layer (`depth=0`), are logistic regressions.

# %%
bump, narrow = 0.98, (1 - 0.98**2) ** 0.5  # places ±bump; the width makes the variance 1


def draw_moments(step):
    signs = 2 * torch.randint(2, (5, 256, 1)) - 1
    return torch.randn(5, 256, 1), bump * signs + narrow * torch.randn(5, 256, 1)


sees = {
    "a line": lambda x: x,
    "a parabola": lambda x: torch.cat([x, x**2], -1),
    "a network": lambda x: x,
}
judges = {
    "a line": discriminators(dims=1, depth=0, width=1),
    "a parabola": discriminators(dims=2, depth=0, width=2),
    "a network": discriminators(dims=1, width=32, activation=nn.SiLU),
}
for name, judge in judges.items():
    fit(judge, lambda step: [sees[name](group) for group in draw_moments(step)], steps=400)

# %% alt="Left: a broad blue Gaussian and two tall narrow orange bumps at -0.98 and 0.98. Right: what three kinds of discriminator say. Five lines and five parabolas are flat at one half; the network's five curves coincide, dip to about 0.2 at both bumps and reach 1 between and outside them." tags=["hide-input"]
gauss = Normal(0.0, 1.0).log_prob(x).exp()
bumps = (Normal(bump, narrow).log_prob(x).exp() + Normal(-bump, narrow).log_prob(x).exp()) / 2
with torch.no_grad():
    opinions = {name: judge(sees[name](x[:, None]).expand(5, -1, -1)).sigmoid() for name, judge in judges.items()}
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3))
left.plot(x, gauss, color=style.REAL)
left.plot(x, bumps, color=style.FAKE)
left.text(-2.9, 0.25, "real", color=style.REAL)
left.text(1.3, 0.9, "fake", color=style.FAKE)
left.set(xlim=(-3, 3), xlabel="x", ylabel="density", title="Equal mean, equal variance")
looks = {
    "a line": dict(color=style.CATEGORIES[1], lw=4, alpha=0.4),
    "a parabola": dict(color=style.CATEGORIES[0], lw=1, alpha=0.8),
    "a network": dict(color=style.DISCRIMINATOR),
}
for name, opinion in opinions.items():
    right.plot(x, opinion.T, **looks[name])
for word, height, tip in (("line", 0.65, 0.515), ("parabola", 0.32, 0.495)):
    color = looks[f"a {word}"]["color"]
    pointer = dict(arrowstyle="-", color=color, lw=0.8)
    right.annotate(word, (-2.3, tip), (-2.9, height), color=color, fontsize=9, arrowprops=pointer)
right.text(1.75, 0.88, "network", fontsize=9, color=style.DISCRIMINATOR)
right.set(xlim=(-3, 3), ylim=(0, 1.05), xlabel="x", ylabel="D(x)", title="Line and parabola stay near ½")
plt.show()

# %% tags=["claim"]
for name in ("a line", "a parabola"):
    assert (opinions[name][:, x.abs() < 2] - 0.5).abs().max() < 0.05
assert opinions["a network"][:, x.abs() < 2].amin(-1).max() < 0.3


# %% [markdown]
# A line can only compare means, a parabola only means and variances. These agree here, so both say about ½ wherever there are samples. To a generator
# trained against the parabola, the two bumps are a perfect answer. **A discriminator at ½ says that *this discriminator* found no difference** (Arora et al. 2017 make it precise).
#
# ### Do two sets of samples differ?
#
# To find out more, freeze the generator, train a fresh discriminator (and, if it finds nothing, a larger one), and see whether it tells real from fake on held-out samples. This is chapter 01's
# **two-sample test**: do two sets of samples come from one distribution? (Friedman 2003, SLAC-PUB-10325, put a classifier inside it; Lopez-Paz and Oquab 2017 evaluate GANs with it.)
#
# As the difference we take the mean score of the reals minus that of the fakes. Is it more than chance? A **permutation test** shuffles the labels "real" and "fake" many times, and takes the difference
# anew each time. The **p-value** is the share of shuffles with a difference at least as large as the true one; the true labels count as one more shuffle. If both sets come from
# one distribution, it falls below .05 in about 5 % of all tests.

# %%
def two_sample_test(judge, real, fake, shuffles=100):
    """The p-value: the share of shuffles with a mean score of real minus fake at least as large as the true one."""
    with torch.no_grad():
        scores = torch.cat([judge(real), judge(fake)], -1)[0]  # of the first of five
    signs = torch.cat([torch.ones(real.shape[-2]), -torch.ones(fake.shape[-2])])
    shuffled = torch.stack([signs[torch.randperm(len(signs))] for _ in range(shuffles)])
    return ((shuffled @ scores >= signs @ scores).sum() + 1) / (shuffles + 1)


# %% [markdown]
# We repeat the test 200 times for one discriminator of each type, with new samples.

# %%
p_values = {}
for name, judge in judges.items():
    tests = [two_sample_test(judge, *map(sees[name], draw_moments(0))) for _ in range(200)]
    p_values[name] = torch.stack(tests)
    low = (p_values[name] < 0.05).float().mean()
    print(f"{name:10} median p = {p_values[name].median():.3f}, p < .05 in {low:.1%} of the tests")

# %% tags=["claim"]
assert p_values["a network"].max() < 0.015, "the network finds the difference every time"
for name in ("a line", "a parabola"):  # by chance more than 12 % comes up about once in 16,000 series
    assert (p_values[name] < 0.05).float().mean() < 0.12, "as rarely as chance has it"

# %% [markdown]
# The network tells the sets apart every time, with the smallest p-value that 100 shuffles allow, 1/101. Line and parabola see nothing, yet by chance they sometimes fall
# below .05. So a single p-value just below .05 is weak evidence.
#
# > **Your turn.** Give the parabola a third power: append `x**3` to its inputs in `sees` and set its `dims=3` in `judges`; then take `x**4` in its place. Predict which makes a
# > difference.
#
# <details><summary>Solution</summary>
#
# $x^3$ changes nothing: both distributions are symmetric, so their third moments agree. The fourth moments differ: with $x^4$ the test finds the difference every time.
#
# </details>
#
# ## 4 · What it tells the generator
#
# A generator learns only through $D$'s gradient at its fakes:

# %% alt="The block diagram of a GAN with fake, discriminator, losses and generator in full colour. Dashed gradient arrows run from the losses to the discriminator, from the discriminator to the fake, and from the fake to the generator. The discriminator is hatched: frozen in this step." tags=["hide-input"]
diagrams.gan(lit=("generator", "fake", "discriminator", "losses", "gradients"), frozen=("discriminator",))

# %% [markdown]
# The best discriminator's score is $s^* = \log p - \log q$, so its gradient is
#
# $$ \nabla s^*(x) = \nabla \log p(x) - \nabla \log q(x): $$
#
# *go where real samples become denser, and away from where fakes already crowd.* If $p = q$, both terms cancel. (Papers on diffusion models call $\nabla \log p$ alone
# "the score"; ours is the logit $s$.)
#
# Do trained discriminators give the same advice? At a thousand fakes we compare this gradient with that of section 2's networks with unlimited data.

# %%
fakes = broad_hill.sample(1000, seed=9).requires_grad_()
exact_score = log_density(three_hills, fakes) - log_density(broad_hill, fakes)
(exact_push,) = torch.autograd.grad(exact_score.sum(), fakes)
asked = fakes.detach().expand(5, -1, -1).clone().requires_grad_()
(push,) = torch.autograd.grad(plane(asked).sum(), asked)
agreement = torch.cosine_similarity(push, exact_push.expand_as(push), dim=-1).mean(-1)
print("mean cosine, learnt and exact:", [f"{value:.3f}" for value in agreement.tolist()])

# %% alt="Two maps of the plane in five pale shades from purple to green, each with three green hills and the same 35 orange dots, from which black arrows start. Left, exact: the hills are round. Right, learnt: they are bent and a pale bridge joins them; the arrows point nearly the same way, but between the hills and at the edge they are shorter. In both panels they lead towards the nearest hill, whose darkest spot lies a little further out than the blue cross at the centre of the real hill, less clearly so on the right." tags=["hide-input"]
ticks = torch.linspace(-3, 3, 121)
places = torch.cartesian_prod(ticks, ticks).flip(1).reshape(121, 121, 2)  # row 0 at the bottom
exact_surface = log_density(three_hills, places) - log_density(broad_hill, places)
with torch.no_grad():
    learnt_surface = plane(places.reshape(1, -1, 2).expand(5, -1, -1))[0].reshape(121, 121)
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.8), sharey=True)
shown = fakes[:35].detach()
for ax, surface, arrows in zip(axes, (exact_surface, learnt_surface), (exact_push, push[0])):
    ax.contourf(ticks, ticks, surface, [-99, -1.5, -0.4, 0.4, 1.5, 99], colors=pale)
    ax.scatter(*shown.T, s=8, color=style.FAKE, zorder=4)
    ax.quiver(*shown.T, *arrows[:35].T, angles="xy", scale_units="xy", scale=8, width=0.007, zorder=3)
    ax.plot(*three_hills.centres.T, "X", color=style.REAL, ms=11, mec="w", mew=1.2, zorder=5)
    ax.set(xlim=(-3, 3), ylim=(-3, 3), xlabel="x₁", aspect="equal")
axes[0].set(ylabel="x₂", title="Exact: to the hills, a bit beyond")
axes[1].set(title="Learnt: nearly the same directions")
axes[0].text(2.9, -2.85, "× centre of a real hill", color=style.REAL, fontsize=9, ha="right")
axes[1].text(2.9, -2.85, "green: says real, purple: fake", fontsize=9, ha="right")
plt.show()

# %% tags=["claim"]
assert agreement.min() > 0.95

# %% [markdown]
# The learnt arrows (all are drawn at an eighth of their length) point nearly in the exact direction: the mean cosine is 0.97, where 1 is perfect.
# But between the hills and at the edge most are too short, which a cosine does not see. The darkest green, to which the arrows lead, lies a little *beyond* the centres of the real
# hills, less clearly so in the learnt panel. That is the second term: $-\nabla \log q$ pushes outwards, away from the centre of the fakes.
#
# In the plane $D$ was seldom sure. What is its advice worth when it wins clearly? Let fakes and real samples come from Gaussians with standard deviation 1, around 0 and
# around `gap`. Then $s^* = \text{gap} \cdot x - \text{gap}^2/2$, a straight line whose slope is the gap.

# %%
gaps = torch.tensor([0.0, 1.0, 2.0, 4.0, 8.0])
shift = gaps.repeat_interleave(5)[:, None, None]  # [25, 1, 1]
apart = discriminators(copies=5, dims=1, width=16, activation=nn.SiLU)
fit(apart, lambda step: (torch.randn(25, 256, 1) + shift, torch.randn(25, 256, 1)), steps=500)

# %%
where = torch.randn(2000, 1).expand(25, -1, -1).clone().requires_grad_()  # fakes
(score_slope,) = torch.autograd.grad(apart(where).sum(), where)
(probability_slope,) = torch.autograd.grad(apart(where).sigmoid().sum(), where)
score_slope = score_slope.mean((1, 2)).reshape(5, 5)
probability_slope = probability_slope.mean((1, 2)).reshape(5, 5)

# %%
fine = torch.linspace(0, 8, 81)
normal = Normal(0.0, 1.0).icdf((torch.arange(20_000) + 0.5) / 20_000)  # fakes, evenly spread
exact_scores = fine[:, None] * normal - fine[:, None] ** 2 / 2
exact_slope = (exact_scores.sigmoid() * (-exact_scores).sigmoid()).mean(-1) * fine

# %% alt="Left: D for gaps of 1, 4 and 8, over the fakes' orange density and the real samples' three blue ones: with a growing gap the S-shaped curve moves to the right, away from the fakes, and is flat at 0 where they are. Right, on a logarithmic axis: the mean slope of D at the fakes, green dots on a green dashed line, is about 0.2 at gaps of 1 and 2 and falls below a thousandth at a gap of 8. The slope of the score, purple crosses, lies on its dashed line at gaps of 1 and 2, below it at 4 and far below it at 8, yet still thousands of times above D's." tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2))
wide = torch.linspace(-4, 12, 400)
left.fill_between(wide, Normal(0.0, 1.0).log_prob(wide).exp(), color=style.FAKE, alpha=0.3, lw=0)
left.text(-3.6, 0.36, "fakes", color=style.FAKE, fontsize=9)
left.text(9.6, 0.32, "real", color=style.REAL, fontsize=9)
for index, dashes in ((1, ":"), (3, "--"), (4, "-")):
    with torch.no_grad():
        curve = apart(wide[:, None].expand(25, -1, -1))[5 * index].sigmoid()
    left.plot(wide, curve, dashes, color=style.DISCRIMINATOR)
    left.plot(wide, Normal(float(gaps[index]), 1.0).log_prob(wide).exp(), dashes, color=style.REAL, lw=0.8)
    left.text(gaps[index] / 2 + 0.3, 0.48, f"{gaps[index]:.0f}", color=style.DISCRIMINATOR, fontsize=9)
left.text(5, 0.7, "D for gaps\nof 1, 4, 8", color=style.DISCRIMINATOR, fontsize=9)
left.set(xlabel="x", ylabel="D(x)", title="A winning D is flat at the fakes")
right.semilogy(fine[1:], fine[1:], "--", color=style.AVERAGE, lw=1)
right.semilogy(fine[1:], exact_slope[1:], "--", color=style.DISCRIMINATOR, lw=1)
right.semilogy(gaps[1:], score_slope[1:], "x", color=style.AVERAGE, ms=6)
right.semilogy(gaps[1:], probability_slope[1:], "o", color=style.DISCRIMINATOR, ms=5)
right.text(5, 1, "score s", color=style.AVERAGE, fontsize=9)
right.text(0.6, 3e-3, "probability D", color=style.DISCRIMINATOR, fontsize=9)
right.text(0.6, 2e-5, "dashed: exact\nmarks: five networks", fontsize=9)
right.set(xlabel="gap", ylabel="mean slope at the fakes", ylim=(1e-5, 30), title="The score still slopes")
plt.show()

# %%
for gap_size, steep, flat in zip(gaps.tolist(), score_slope, probability_slope):
    print(f"gap {gap_size:.0f}: slope of s {steep.mean():6.3f}, of D {flat.mean():.6f}")

# %% tags=["claim"]
assert score_slope[0].abs().max() < 0.05 and probability_slope[0].abs().max() < 0.02
assert probability_slope[4].max() < 0.01 * probability_slope[1].min()
assert score_slope[4].min() > 0.2 and (score_slope[4] / probability_slope[4]).min() > 100  # seeds 200 to 204: 0.5, 600

# %% [markdown]
# At a gap of 8 $D$ is close to 0 and flat wherever the fakes are.
# So a generator that learns from the *probability* gets almost nothing just when it needs most help. Arjovsky and Bottou (2017) prove that the gradient of $\log(1 - D)$, too, vanishes as $D$ becomes perfect.
#
# The *score* still slopes the right way. At a gap of 8 it is far less steep than the exact one, for next to no loss is left to teach
# the networks, but still thousands of times as steep as the probability. The generator's **loss** decides from which of the two it learns ([chapter 04](04_the_losses.ipynb)).
#
# > **Your turn.** A fake sits exactly on top of a real hill. Predict where the best discriminator's score pushes it; then check section 2's `plane`
# > with `torch.autograd.grad` at $(1.5, 0)$.
#
# <details><summary>Solution</summary>
#
# On top of the hill $\nabla \log p$ is nearly zero, so $-\nabla \log q$ decides: away from the crowd of fakes. Here $q$ is a broad hill around the origin, so $-\nabla \log q = x / 1.2^2$,
# about $(1, 0)$ at $(1.5, 0)$.
#
# </details>
#
# ## 5 · Is a discriminator a detector?
#
# It is tempting to use a trained discriminator as a detector of anything unusual (Sabokrou et al. 2018 do it for novelties, on a network's
# reconstruction of the picture).
# But $D$ learns $p/(p+q)$ for *one* $q$, and its generator may make no blur, no noise and no pasted halves. How well does it detect them?
#
# We train five small GANs on 1,078 of the 8 × 8 digits and keep 719 unseen. `population` stacks whole GANs, `train` is chapter 01's loop for all five at once ([chapter 05](05_the_first_gan.ipynb) writes it out), and `non_saturating` chapter 01's pair of losses.

# %%
from functools import partial

from gan_lessons import losses
from gan_lessons.networks.points import PointGenerator
from gan_lessons.populations import population
from gan_lessons.training import train

known, unseen = (part.pixels for part in small_digits().split(0.6, seed=0))
sizes = dict(width=128, depth=2, activation=partial(nn.LeakyReLU, 0.2))
gans = population(
    lambda: (PointGenerator(noise_dim=16, dims=64, **sizes), PointDiscriminator(dims=64, **sizes)),
    seeds=SEEDS,
    noise_dim=16,
    optimizer=partial(torch.optim.Adam, lr=3e-3, betas=(0.5, 0.99)),
)
for _ in train(gans, known.flatten(1), losses.non_saturating, steps=1000, batch=32):
    pass  # it yields a record now and then, and we need none


# %% [markdown]
# Then we alter unseen digits in four ways: paste in half of another digit, blur, shift by one pixel, or add noise. Two more groups are fakes, of $D$'s own generator and of another seed's.

# %%
def pasted(pictures):
    other = pictures[torch.randperm(len(pictures))]
    return torch.cat([pictures[..., :4], other[..., 4:]], -1)  # left and right halves


def blurred(pictures):
    kernel = torch.tensor([1.0, 2.0, 1.0]) / 4
    return conv2d(pad(pictures, (1, 1, 1, 1), value=-1), (kernel[:, None] * kernel)[None, None])


def shifted(pictures):
    framed = pad(pictures, (1, 1, 1, 1), value=-1)
    corners = [(0, 1), (2, 1), (1, 0), (1, 2)]
    moved = torch.stack([framed[..., a : a + 8, b : b + 8] for a, b in corners])
    return moved[torch.randint(4, (len(pictures),)), torch.arange(len(pictures))]


def noisy(pictures):
    return (pictures + 0.3 * torch.randn_like(pictures)).clamp(-1, 1)


# %%
ALTERATIONS = {"pasted": pasted, "blurred": blurred, "shifted": shifted, "noisy": noisy}
untouched, victims = unseen.split([360, 359])  # no pair shares a picture

# %%
torch.manual_seed(3)
suspects = {"own fakes": gans.sample(359, seed=3, average=False)}  # [5, 359, 64], of the weights that D has met
suspects["other GAN's fakes"] = suspects["own fakes"].roll(1, 0)
for name, alter in ALTERATIONS.items():
    suspects[name] = alter(victims).flatten(1).expand(5, -1, -1)

# %% alt="Seven labelled rows of eight grey digits of 8 by 8 pixels. In the top row they are untouched and readable. The next four rows show the same eight: pasted ones keep their left half and have another digit's right half; blurred ones are soft and grey; shifted ones are moved by a pixel to one side, where a row or column is cut off; noisy ones are grainy. The last two rows, own fakes and the other GAN's fakes, resemble digits, many of them smudged." tags=["hide-input"]
order = [*ALTERATIONS, "own fakes", "other GAN's fakes"]
rows = {"untouched": victims.flatten(1)} | {name: suspects[name][0] for name in order}
figure, ax = plt.subplots(figsize=(7.2, 6))
digits = torch.cat([group[:8] for group in rows.values()]).unflatten(-1, (1, 8, 8))
images.draw_sheet(ax, nn.functional.interpolate(digits, scale_factor=12, mode="nearest"), columns=8)
for row, name in enumerate(rows):
    ax.text(-10, 98 * row + 48, name, ha="right", va="center", fontsize=9)
ax.set_title("Blur is easy to see, pasting is not")
plt.show()

# %% [markdown]
# To compare detectors without a threshold, we use the **AUC**, the chance that a random untouched picture gets a
# higher score than a random suspect: 1 is a perfect detector, ½ a coin, and less than ½ a detector that prefers the suspects.
#
# Besides the GANs' discriminators, we test two kinds of classifier of the same size: one trained on the alterations, and, as in section 3, a fresh discriminator for each frozen generator,
# asked about fakes only.

# %%
from sklearn.metrics import roc_auc_score


def auc(networks, group):
    """The AUC of five networks, untouched pictures against a group [5, pictures, 64]."""
    with torch.no_grad():
        good = untouched.flatten(1).expand(5, -1, -1)
        scores = torch.cat([networks(good), networks(group)], 1)
    labels = torch.arange(scores.shape[1]) < len(untouched)
    return torch.tensor([roc_auc_score(labels, member) for member in scores])


# %%
def draw_known(count):
    """Known digits, other ones for each of the five networks: [5, count, 1, 8, 8]."""
    return known[torch.rand(5, len(known)).argsort(1)[:, :count]]


def altered():
    """Known digits, altered in the four ways in equal shares: [5, 48, 64]."""
    members = [
        torch.cat([alter(part) for alter, part in zip(ALTERATIONS.values(), digits.chunk(4))])
        for digits in draw_known(48)
    ]
    return torch.stack(members).flatten(2)


def detectors(draw_suspects):
    """Five classifiers, trained on known digits against suspects [5, 48, 64]."""
    networks = discriminators(dims=64, **sizes)
    fit(networks, lambda step: (draw_known(48).flatten(2), draw_suspects()), steps=400, lr=2e-3)
    return networks


def own_fakes():
    """New fakes of the five generators, which stay as they are: [5, 48, 64]."""
    with torch.no_grad():
        return gans.generator(torch.randn(5, 48, 16))


# %%
trained, fresh_judges = detectors(altered), detectors(own_fakes)
aucs = {
    "the GAN's discriminator": {name: auc(gans.discriminator, group) for name, group in suspects.items()},
    "trained on the alterations": {name: auc(trained, group) for name, group in suspects.items()},
    "fresh, trained on own fakes": {name: auc(fresh_judges, suspects[name]) for name in order[-2:]},
}

# %% [markdown]
# | judge | trained to tell training digits from | steps |
# |---|---|---|
# | the GAN's discriminator | the fakes of its generator, which learns as well | 1000 |
# | trained on the alterations | training digits altered in the four ways | 400 |
# | fresh, trained on own fakes | the fakes of one frozen generator | 400 |
#
# > **Predict, then run.** On which suspects will the GAN's discriminator do best? Will a fresh one beat it at its own job?

# %% alt="A dot plot with six rows and an axis from 0.2 to 1; a dashed line at 0.5 marks a coin. Green dots, the GAN's discriminators, lie between 0.5 and 0.86: furthest right for blurred, near the coin for noisy. Purple diamonds, classifiers trained on the alterations, lie near 1 for blurred and shifted and near 0.8 for pasted and noisy, in these rows right of all green dots, but are scattered around 0.55 for both kinds of fakes. White squares, fresh discriminators, coincide at 1 for their own generator's fakes; for the other GAN's, four of five lie below 0.5." tags=["hide-input"]
figure, ax = plt.subplots(figsize=(7.2, 4))
looks = [
    (-0.16, dict(marker="o", color=style.DISCRIMINATOR)),
    (0.16, dict(marker="D", color=style.AVERAGE, ms=5)),
    (0, dict(marker="s", color="k", mfc="w", ms=5)),
]
for (label, values), (below, look) in zip(aucs.items(), looks):
    for name, five in values.items():
        (dots,) = ax.plot(five, [order.index(name) + below] * 5, ls="", alpha=0.7, **look)
    dots.set_label(label)
ax.axvline(0.5, color=style.REFERENCE, ls="--", lw=1)
ax.text(0.985, 4.05, "all five", fontsize=9, ha="right", va="center")
ax.text(0.49, -0.3, "coin", color=style.REFERENCE, fontsize=9, ha="right")
ax.set(yticks=range(6), yticklabels=order, ylim=(5.6, -0.6), xlim=(0.18, 1.02), xlabel="AUC, five seeds each")
ax.legend(loc="lower left", bbox_to_anchor=(-0.2, 1), ncols=3, columnspacing=1, handletextpad=0.2)
ax.set_title("Each classifier trained for a task beats the GAN's D at it", x=-0.2, pad=28)
plt.show()
print("mean AUC (range)       the GAN's D         trained           fresh")
for name in order:
    seen = [values[name] for values in aucs.values() if name in values]
    print(f"{name:17}", *(f"{five.mean():6.2f} ({five.min():.2f}–{five.max():.2f})" for five in seen))

# %% [markdown]
# Do own fakes and untouched digits differ by more than chance? We run section 3's test:

# %%
for name, judge in (("the GAN's discriminator", gans.discriminator), ("a fresh one", fresh_judges)):
    p_value = two_sample_test(judge, untouched.flatten(1).expand(5, -1, -1), suspects["own fakes"])
    print(f"{name:23} p = {p_value:.3f}")

# %% tags=["claim"]
by_gan, by_trained, by_fresh = aucs.values()
for name in ALTERATIONS:
    assert by_trained[name].min() > by_gan[name].max() + 0.02, "trained for the purpose, it is better"
assert by_gan["blurred"].min() > 0.6, "all five rank blurred digits lower"
assert by_gan["noisy"].mean() < 0.65 and by_gan["own fakes"].mean() < 0.85
assert by_fresh["own fakes"].min() > 0.95, "a fresh one sees what the GAN's own does not"
assert by_fresh["other GAN's fakes"].mean() < 0.75, "but only in its own generator's fakes"

# %% [markdown]
# - **The GANs' discriminators** are mostly weak detectors. Their mean AUC is best on blur, which they never met, and close to a
#   coin's on noise. They do no better on their own generator's fakes than on another's, perhaps because their generator learned to fool *them*.
# - **Trained on the alterations**, all five classifiers beat all five discriminators in each of the four rows. Noise is hardest for them too.
#   On the GANs' fakes, which they never met, they are close to a coin on average.
# - **A fresh discriminator** recognises its own generator's fakes almost without a mistake, so these generators are far from perfect. It is no larger than the GAN's own, but
#   its generator stands still (other settings differ, too). The other GAN's fakes fool it: four of the five rank them mostly above untouched digits.
# - **The two-sample test** gives the first seed's two discriminators the same p-value, the smallest possible: it says *that* there is a difference,
#   the AUC how visible it is.
#
# So, in this one small recipe, classifiers trained on *fixed* suspects detect these best. What else one detects, such as blur for the GANs', you have to measure.
#
# ## Debugging card
#
# | symptom | test | fix |
# |---|---|---|
# | its loss falls towards 0, and so do the fakes' gradients | mean slope at the fakes: of $D$, and of $s$ | a loss on the score (chapter 04); a smaller $D$ or a penalty (chapter 07) |
# | its training loss is low, but it errs on held-out samples | the loss on a validation set | more data, data augmentation (real and fake alike), early stopping, a smaller $D$ |
# | it says nearly 0 or 1 and is often wrong | how often sure verdicts are wrong on held-out samples | as above; or divide all scores by one number chosen on the validation set (*temperature scaling*, Guo et al. 2017) |
# | its loss stays at 1.386, but the fakes are wrong | a two-sample test with a fresh $D$, then a larger one | a larger $D$, other inputs to it |
#
# ## What we saw
#
# - The best discriminator is $p/(p+q)$, and its score is the log density ratio. Small networks find it where there are enough samples.
# - With unlimited data its percentages are nearly right. With few samples it is overconfident, while its training loss looks excellent.
# - A discriminator at ½ has found no difference; another one may. A two-sample test says whether the difference is more than chance.
# - The score's gradient points to where real samples are denser and fakes rarer. When $D$ wins clearly, the probability is flat at the
#   fakes; the score is not.
# - The discriminators of five small GANs were mostly weak detectors. Classifiers trained on fixed suspects detected these better.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. What is the score of the best discriminator?
#    <details><summary>A · The logarithm of the density ratio p / q</summary><b>Right.</b> A sigmoid of it gives p / (p + q).</details>
#    <details><summary>B · The probability that a sample is real</summary><b>No.</b> That is the score after a sigmoid.</details>
#    <details><summary>C · The density of the data</summary><b>No.</b> It only ever compares two densities.</details>
# 2. A discriminator has a low training loss, and a held-out loss above 1.386. What has happened?
#    <details><summary>A · The generator is perfect</summary><b>No.</b> These losses do not say so: in section 2 D overfitted whether real and fake differed or not.</details>
#    <details><summary>B · Its sigmoid is missing</summary><b>No.</b> A score without a sigmoid is what we want.</details>
#    <details><summary>C · It has overfitted</summary><b>Right.</b> It has memorised its samples and is overconfident.</details>
# 3. The discriminator says ½ everywhere. Which test could show that the generator is *not* perfect?
#    <details><summary>A · Wait longer</summary><b>No.</b> A discriminator that is too weak will say ½ for ever.</details>
#    <details><summary>B · Train a fresh discriminator, and then a larger one, against the frozen generator</summary><b>Right.</b> And judge them on held-out samples. If they find nothing, the generator may still be wrong.</details>
#    <details><summary>C · Look at the generator's loss</summary><b>No.</b> If D says ½, it is the same in either case.</details>
#
# ### In your own words
#
# **1.** Near some $x$ there are three times as many real samples as fakes. What does the best discriminator say there, and what is its score?
#
# <details><summary>Answer</summary>
#
# $D^* = 3/(3+1) = 0.75$; the score is $\log 3 \approx 1.10$.
#
# </details>
#
# **2.** A discriminator has a cross-entropy of 1.0 on held-out samples. What do you know about $\mathrm{JS}(p, q)$?
#
# <details><summary>Answer</summary>
#
# It is at least $\log 2 - 0.5 \approx 0.19$, up to the sampling error of the held-out loss. A better discriminator could only raise this bound.
#
# </details>
#
# ### Further reading
#
# - Goodfellow et al. 2014, *Generative adversarial nets*, arXiv:1406.2661: proposition 1 is our $p/(p+q)$.
# - Nowozin, Cseke and Tomioka 2016, *f-GAN*, arXiv:1606.00709: a discriminator as a variational estimate of a divergence.
# - Lopez-Paz and Oquab 2017, *Revisiting classifier two-sample tests*, arXiv:1610.06545: section 3 as a method.
# - Arora et al. 2017, *Generalization and equilibrium in GANs*, arXiv:1703.00573: what a discriminator of limited size can and cannot certify.
# - Arjovsky and Bottou 2017, *Towards principled methods for training GANs*, arXiv:1701.04862: perfect discriminators and the gradients that they leave.
# - Guo et al. 2017, *On calibration of modern neural networks*, arXiv:1706.04599: percentages that can be believed.
# - Sabokrou et al. 2018, *Adversarially learned one-class classifier for novelty detection*, arXiv:1802.09088: a discriminator's output for the reconstructed picture as a measure of novelty.
#
# Every term is in the [glossary](A1_glossary.ipynb).
#
# **Next:** density ratios, tests and an early stopping to mend in the [assignment](assignments/release/03_the_discriminator/03_the_discriminator.ipynb), then [04 · The losses](04_the_losses.ipynb), where the generator's loss decides what it learns from all this. [← contents](00_start.ipynb)
