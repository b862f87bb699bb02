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

# %% alt="A moving picture. Blue dots, real points of each step, lie on three hills. 300 orange fakes start as a tight clump at the upper left of a plane whose five pale shades are the discriminator's score, from purple for fake to green for real. Black arrows show its gradient at a few fakes. The clump drifts towards green, the green turns purple wherever the clump arrives, the fakes part, and in the end they lie on three hills, with the surface nearly white and the arrows tiny." tags=["hide-input"]
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
# There is no generator in this picture, only 300 loose fakes. In every step each moves a little way up the slope of the discriminator's score (black arrows,
# for ten of them), and the discriminator goes on learning. **No fake ever sees a real sample, yet they end up on the three hills of the real ones.**
#
# How can a classifier guide them there, if it is only asked "real or fake?" To answer well, it must learn where real samples are denser than fakes.
#
# There is a limit, too: in the last frame about half of the fakes crowd one hill, where a third of the real samples lie. Still $D$'s loss is almost as high as
# if it always said ½.
#
# **You will** train classifiers on samples of two known densities, and compare what they learn with the exact answer.
#
# **You will learn** to
# - prove that the best possible discriminator is $p/(p+q)$, and recover it from samples alone,
# - check whether its percentages can be believed, and recognise overfitting,
# - test whether two sets of samples differ, and say what a weak discriminator misses,
# - say what its gradient tells a generator, and when it nearly vanishes.
#
# **You will need** chapters [01](01_the_game.ipynb) and [02](02_the_generator.ipynb), a little PyTorch, and a minute or two of computing.
#
# Here is the discriminator's place in the GAN. The generator is hatched, that is frozen: it does not learn in this step.

# %% alt="The block diagram of a GAN with the fake, the real samples, the discriminator and the losses in full colour; a dashed gradient arrow leads to the discriminator; noise and generator are pale, and the generator is hatched, that is frozen." tags=["hide-input"]
diagrams.gan(lit=("fake", "real", "discriminator", "losses", "gradient to D"), frozen=("generator",))

# %% [markdown]
# ## 1 · A classifier estimates a density ratio
#
# What should a discriminator say near a place $x$ where, of every ten samples, nine are real and one is fake? It cannot tell them apart, so it gives all ten
# the same answer: the probability $D$ that they are real. By the binary cross-entropy, a real sample costs $-\log D$ and a fake $-\log(1 - D)$. Which $D$ costs
# least?

# %%
import math

for answer in (0.5, 0.9, 0.99):
    print(f"D = {answer:4}: mean loss {-0.9 * math.log(answer) - 0.1 * math.log(1 - answer):.2f}")


# %% [markdown]
# **The true share of real samples, 0.9, costs least.** Hesitating costs more. So does 0.99, which saves a little on the nine reals and pays dearly for the one
# fake.
#
# The same holds everywhere. Let real samples have density $p$, and as many fakes density $q$. Then the share of real samples near $x$ is [chapter
# 01](01_the_game.ipynb)'s best answer:
#
# $$ D^*(x) = \frac{p(x)}{p(x) + q(x)}. $$
#
# Here is the proof. The place $x$ contributes $-p \log D - q \log (1 - D)$ to the loss. Its derivative with respect to $D$,
#
# $$ -\frac{p}{D} + \frac{q}{1 - D}, $$
#
# is 0 at $D = p/(p+q)$, negative below and positive above. So the contribution is least there (Goodfellow et al. 2014).
#
# Our networks return a logit $s$, the score, with $D = \sigma(s) = 1/(1+e^{-s})$. This equals $p/(p+q)$ when $e^{-s} = q/p$. So **the best
# discriminator's score is the logarithm of the density ratio**:
#
# $$ s^*(x) = \log \frac{p(x)}{q(x)} = \log p(x) - \log q(x). $$
#
# The **density ratio** $p/q$ is the number of reals for each fake near $x$. In our example it is 9, and the score $\log 9 \approx 2.2$.
#
# Our loss adds two means, over reals and over fakes. Always saying ½ costs 0.69 in each, 1.39 together.

# %%
def cross_entropy(real_scores, fake_scores):
    return (softplus(-real_scores) + softplus(fake_scores)).mean(-1)


# %% [markdown]
# Does a trained network get there? We try it on two Gaussians, whose densities we know.

# %%
from torch.distributions import Normal

p, q = Normal(1.5, 0.8), Normal(-1.0, 1.2)
x = torch.linspace(-6, 6, 601)
real_density, fake_density = p.log_prob(x).exp(), q.log_prob(x).exp()
optimal = real_density / (real_density + fake_density)

# %% [markdown]
# One network might be lucky, so we train five. As in chapter 02, `stack` joins them, with tensors `[members, batch, …]`. They share no weights, so we may add up their losses: none influences another.

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
# > **Predict, then run.** What does $D$ say between the two bumps, where $p$ and $q$ cross? And beyond $x = 5$, where there are hardly any samples?

# %% alt="Three panels; grey bands at both ends mark where samples are few. Left: a narrow blue density around 1.5 and a wider orange one around -1. Middle: five thin green curves rise from 0 to nearly 1 within a broad grey one until it bends down, at about 3.5, just before the right band. Right: five green score curves follow a broad grey arch between about -2 and 3 and leave it in nearly straight lines that fan out." tags=["hide-input"]
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(7.2, 3))
seen = x[real_density + fake_density >= 0.01]
for ax in (left, middle, right):
    for ends in ((-6, seen[0]), (seen[-1], 6)):
        ax.axvspan(*ends, color="0.9", lw=0)
    ax.set(xlabel="x", xlim=(-6, 6))
left.plot(x, real_density, color=style.REAL)
left.plot(x, fake_density, color=style.FAKE)
left.text(2.45, 0.42, "real\np", color=style.REAL, fontsize=9)
left.text(-3.6, 0.3, "fake\nq", color=style.FAKE, fontsize=9)
left.text(4.9, 0.25, "few samples", color="0.35", fontsize=9, rotation=90, ha="center", va="center")
left.set(ylabel="density", title="Real and fake overlap")
middle.plot(x, optimal, color="0.65", lw=4.5)
middle.plot(x, scores.sigmoid().T, color=style.DISCRIMINATOR, lw=1)
middle.text(1.3, 0.6, "five D", color=style.DISCRIMINATOR, fontsize=9)
middle.text(-3.9, 0.8, "grey line:\np / (p + q)", fontsize=9)
middle.set(ylabel="D(x)", title="D fits in the white part")
right.plot(x, p.log_prob(x) - q.log_prob(x), color="0.65", lw=4.5)
right.plot(x, scores.T, color=style.DISCRIMINATOR, lw=1)
right.text(-1.2, -13, "grey line:\nlog p/q", fontsize=9)
right.set(ylabel="score s", ylim=(-20, 12), title="Scores fit from −2 to 3")
plt.show()

# %% [markdown]
# **Where there are samples, all five $D$ follow the formula.** In the white parts, where $p + q$ is at least 0.01, they are off by 0.002 on average; always
# saying ½ would be off by 0.43.
#
# At the far right the formula falls again, because the wide $q$ dies out more slowly than $p$. The networks go on rising: hardly any sample lands there to
# teach them. Below −2 there are plenty of fakes, yet the scores drift away: $D$ is next to 0 on either curve, so the loss hardly notices.

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
# *How* different are the two densities? Chapter 01 measured this by the Jensen–Shannon divergence, JS: 0 if they are equal, $\log 2$ if they never overlap. The
# best discriminator's loss was $2\log 2 - 2\,\mathrm{JS}(p, q)$. On average over new samples none does better, so *any* discriminator bounds JS from below:
#
# $$ \mathrm{JS}(p, q) \ge \log 2 - \tfrac12\, \text{cross-entropy of } D. $$
#
# Training $D$ raises the bound. An estimate that maximises over functions is called **variational**.
#
# Now move the densities yourself. Drag the two dots sideways, press play, and watch the green curve follow the dashed one. In the stored picture few samples
# fall between $p$'s two bumps, and there $D$ is still too high.

# %% alt="Three panels of the lab with two-bumped p. Left: p has narrow blue bumps near -0.5 and 3.5, q is a wide orange hill around -1. Middle: the green D follows the dashed p/(p+q), a hump to 0.6 at the first bump, a dip less deep than the dashed one, and a rise to 1 at the second. Right: the score follows log p/q, except in the dip, where it stays higher, and at both ends."
from gan_lessons.labs.points.density_ratio import DensityRatioLab

lab = DensityRatioLab(real_split=4.0, real_spread=0.5)
lab.run(300)
lab

# %% [markdown]
# > **Your turn.** Set `q = Normal(1.5, 1.6)`: the same centre as $p$, but twice as wide. Predict the shape of $D$ and its value at the centre; then run the
# > cells down to the three panels again.
#
# <details><summary>Solution</summary>
#
# A hump. At the centre $p$ is twice as high as $q$, so $D^* = 2/3$. It falls to ½ where they cross, at about 0.4 and 2.6, and towards 0 further out.
#
# </details>
#
# ## 2 · Can you believe its percentages?
#
# If a weather forecast says "70 % rain" on a hundred days, does it rain on about seventy? Then it is calibrated. To test a discriminator's **calibration**,
# take new samples to which it gives about 70 %, and count the real ones.
#
# In section 1 every batch was new. But a data set is finite. The discriminator sees it again and again; one pass is an **epoch**. Does that matter?
#
# Let $p$ have the first picture's three hills, and $q$ one broad hill over them. Five discriminators get new samples in every step, as if data were unlimited.
# Others always see the same 20 or 100 of each kind.

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
# We test all of them on **held-out** samples, which took no part in training.

# %%
plane = discriminators(width=64, activation=nn.SiLU)
fit(plane, draw_plane, steps=400)

# %%
fresh_real, fresh_fake = three_hills.sample(20_000, seed=7), broad_hill.sample(20_000, seed=8)


def held_out_loss(networks, start=0, stop=20_000):
    """The cross-entropy of five discriminators on the held-out samples `start` to `stop` of each kind, [5]."""
    with torch.no_grad():
        scores = [networks(group[start:stop].expand(5, -1, -1)) for group in (fresh_real, fresh_fake)]
    return cross_entropy(*scores)


# %%
def fit_few(count):
    """Five discriminators, each trained over and over on `count` samples of each kind, and their losses.

    The losses of every fifth step, in training, on 500 held-out samples of each kind and on 2,000 others: [80, 3, 5].
    """
    real = torch.stack([three_hills.sample(count, seed=30_000 + seed) for seed in SEEDS])
    fake = torch.stack([broad_hill.sample(count, seed=40_000 + seed) for seed in SEEDS])
    networks, history = discriminators(width=64, activation=nn.SiLU), []

    def watch(step, loss):
        if step % 5 == 0:
            held = held_out_loss(networks, 0, 500), held_out_loss(networks, 500, 2500)
            history.append(torch.stack([loss, *held]))

    fit(networks, lambda step: (real, fake), steps=400, watch=watch)
    return torch.stack(history), networks


# %%
few = {count: fit_few(count) for count in (20, 100)}
networks = {"20": few[20][1], "100": few[100][1], "unlimited": plane}

# %% [markdown]
# What have they learnt? Compare one network of each kind with the exact $p/(p+q)$. Call a discriminator *sure* where it says more than 95 % or less than 5 %;
# those places are the darkest.

# %% alt="Four square maps of the plane. Dark green and dark purple are where D is sure of real or of fake, pale and white where it is not. With 20 samples of each kind nearly the whole map is dark, with narrow pale seams. With 100 there are green islands with ragged pale borders on dark purple. The map for unlimited data and the exact one look alike: three hills of pale green, pale purple around them, dark purple only outside, and no dark green." tags=["hide-input"]
ticks = torch.linspace(-3, 3, 121)
places = torch.cartesian_prod(ticks, ticks).flip(1).reshape(121, 121, 2)  # row 0 at the bottom
exact_surface = log_density(three_hills, places) - log_density(broad_hill, places)


def surface(members):
    """The first of five networks' scores on the grid, [121, 121]."""
    with torch.no_grad():
        return members(places.reshape(1, -1, 2).expand(5, -1, -1))[0].reshape(121, 121)


deep = ["#8E63A8", "#DCCBE5", "#F8F8F8", "#CBE7C6", "#5FAE63"]  # the ends: sure of fake, sure of real
maps = {name: surface(members) for name, members in networks.items()} | {"exact": exact_surface}
titles = (
    "20 of each: sure\nalmost everywhere",
    "100: sure in\nragged patches",
    "unlimited: close\nto the exact map",
    "exact answer:\nnever sure of real",
)
figure, axes = plt.subplots(1, 4, figsize=(7.2, 2.55), sharey=True)
for ax, (name, scores_there), title in zip(axes, maps.items(), titles):
    ax.contourf(ticks, ticks, scores_there.sigmoid(), [0, 0.05, 0.35, 0.65, 0.95, 1], colors=deep)
    if name in ("20", "100"):  # its own training samples
        ax.scatter(*three_hills.sample(int(name), seed=30_000).T, s=9, color=style.REAL, ec="w", lw=0.4)
        ax.scatter(*broad_hill.sample(int(name), seed=40_000).T, s=9, color=style.FAKE, ec="w", lw=0.4)
    ax.set(xlim=(-3, 3), ylim=(-3, 3), xticks=[], yticks=[], aspect="equal")
    ax.set_title(title, fontsize=10)
axes[0].set_xlabel("dots: training samples", fontsize=9)
axes[2].set_xlabel("dark green: sure of real", fontsize=9)
axes[3].set_xlabel("dark purple: sure of fake", fontsize=9)
plt.show()

# %% [markdown]
# **Trained on few samples, $D$ is sure where the exact answer is pale.** If it is calibrated, less than 5 % of its sure verdicts are wrong. We count, averaged
# over five networks:

# %%
fresh = torch.cat([fresh_real, fresh_fake])
is_real = torch.cat([torch.ones(20_000), torch.zeros(20_000)])
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


# %% [markdown]
# **With 20 samples of each kind, $D$ is sure of 88 % of the new samples, and about two in five of these verdicts are wrong.** It is **overconfident**. With
# unlimited data it is sure of only 4 %, and rarely wrong.
#
# And its other percentages? For the left panel we sort what one network of each kind says into ten bins. A calibrated one stays on the diagonal.

# %%
def reliability(probability, bins=10):
    """What D says on average, how many were real, and the share of all samples, in ten bins: each [bins]."""
    place = (probability * bins).long().clamp(max=bins - 1)
    inside = one_hot(place, bins).float()  # [samples, bins]
    count = inside.sum(0)
    return inside.T @ probability / count, inside.T @ is_real / count, count / len(probability)


# %% alt="Left: how many samples were real against what D said, one network each. The curve for unlimited data lies on the dashed diagonal. The one for 20 samples starts at 35 % real where D says 0 and ends at 63 % where D says 1, with its largest dots at both ends; the one for 100 goes from 25 to 62 %. Right: the share of sure verdicts that are wrong, five seeds each, is 36 to 46 % with 20 samples, 22 to 30 % with 100, and about 1 % with unlimited data, below the dashed line at 5 %." tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.4))
shades = dict(zip(networks, ["#5DB894", "#1F8A5F", "#003D2C"]))
labels = {"20": ("20 samples", 0.1, 0.62), "100": ("100", 0.16, 0.32), "unlimited": ("unlimited", 0.7, 0.88)}
left.plot([0, 1], [0, 1], color=style.REFERENCE, ls="--", lw=1)
for name, shade in shades.items():
    says, happens, share = reliability(held_out[name][0].sigmoid())
    left.plot(says, happens, color=shade)
    word, across, up = labels[name]
    left.text(across, up, word, color=shade, fontsize=9, ha="right" if name == "unlimited" else "left")
    left.scatter(says, happens, s=4 + 150 * share, color=shade, lw=0)  # its area grows with the share of the samples
    right.plot([name] * 5, 100 * wrong_when_sure[name], "o", color=shade, ms=5)
left.set(xlabel="D says", ylabel="share that was real", xlim=(-0.03, 1.03), ylim=(0, 1.03))
left.set_title("Few samples: far off the diagonal")
left.text(1, 0.05, "dashed: calibrated\nlarger dots: more samples", fontsize=9, ha="right")
right.axhline(5, color=style.REFERENCE, lw=1, ls="--")
right.text(-0.2, 6, "calibrated: below 5 %", color=style.REFERENCE, fontsize=9)
right.set(
    xlabel="training samples of each kind", ylabel="sure verdicts that are wrong, %", xlim=(-0.3, 2.3), ylim=(0, 50)
)
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
assert (maps["20"].sigmoid() - 0.5).abs().gt(0.45).float().mean() > 0.85, "sure almost everywhere"
assert max(maps["exact"].max(), maps["unlimited"].max()).sigmoid() < 0.95, "never sure of real"

# %% [markdown]
# **Only the network with unlimited data stays near the diagonal.** Where the one with 20 samples says nearly 100 %, fewer than two in three are real.
#
# Would the training loss have warned us? Compare the grey curves with the green ones; the axes differ.

# %% alt="Two panels with the losses of five seeds against the step, the left axis logarithmic; a dashed line marks always \u00bd, a dotted one the exact answer. With 20 samples the grey training losses fall below 0.1, far under the dotted line, and the green held-out losses climb from 1.39 at once, to between 10 and 35. With 100 samples the training losses fall to about 0.5; the held-out losses are least, at dots near 1.2, within 50 steps, and in the end lie above the dashed line, near 2 or higher." tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.4))
for ax, (history, _) in zip(axes, few.values()):
    ax.plot(range(0, 400, 5), history[:, 0], color=style.REFERENCE, lw=0.8)
    ax.plot(range(0, 400, 5), history[:, 1], color=style.DISCRIMINATOR, lw=1)
    least, at = history[:, 1].min(0)
    ax.plot(5 * at, least, "o", color=style.DISCRIMINATOR, ms=5, clip_on=False, zorder=5)
    ax.axhline(1.386, color="k", ls="--", lw=0.8)
    ax.axhline(1.06, color="k", ls=":", lw=1)
    ax.set(xlabel="step", xlim=(0, 400))
axes[0].set(ylabel="loss", yscale="log", ylim=(2e-3, 60), title="20 samples: held-out loss rises at once")
axes[0].set(yticks=[0.01, 0.1, 1, 10], yticklabels=["0.01", "0.1", "1", "10"])
axes[1].set(ylim=(0.3, 3), title="100 samples: it falls first, then rises")
for ax, held, own, coin_at, below in zip(axes, (6, 1.75), (0.06, 0.55), (1.55, 1.41), (0.88, 1.02)):
    ax.text(395, held, "held-out", color=style.DISCRIMINATOR, fontsize=9, ha="right")
    ax.text(8, own, "training", color=style.REFERENCE, fontsize=9)
    ax.text(395, coin_at, "always ½", fontsize=9, ha="right", va="bottom")
    ax.text(395, below, "exact p / (p + q)", fontsize=9, ha="right", va="top")
axes[1].text(8, 2.2, "dots: least\nheld-out loss", fontsize=9, color=style.DISCRIMINATOR)
plt.show()
for count, (history, _) in few.items():
    at, others = history[:, 1].argmin(0), history[:, 2]
    print(
        f"{count:3} samples: training loss at the end {history[-1, 0].mean():.2f}; stop at {sorted((5 * at).tolist())}:"
    )
    stopped = others[at, torch.arange(5)].mean()
    print(f"    loss on 2,000 other samples {stopped:.2f} then, {others[-1].mean():.2f} at the end")

# %% [markdown]
# **No, the training loss looks excellent.** With 20 samples it ends at 0.02, far below 1.06, the loss of the exact answer, while the held-out loss climbs. This
# is **overfitting**. In section 1's bound such a training loss would "prove" that JS is almost $\log 2 \approx 0.69$; it is about 0.16. So compute the bound on held-out samples.
#
# To notice it, keep a **validation set** aside, here 500 samples of each kind, and stop where the loss on it is least. This is **early stopping**. These
# samples chose the step, so their loss flatters, and we judge on 2,000 others. With 100 training samples the loss there is 1.19 on average, against 2.21 at the end: stopping avoids most of the damage. With 20 the best network is the untrained one: stopping cannot help.
#
# More data can help. For pictures, shifts and rotations make some: **data augmentation**. In a GAN, real and fake must be altered alike ([chapter
# 12](12_few_pictures.ipynb)).
#
# How far can overfitting go? We draw 200 of scikit-learn's handwritten digits (8 × 8 pixels), call half of them "real" and half "fake", and train. There is
# nothing to learn: the right answer is always ½.
#
# > **Predict, then run.** How many of the 200 training pictures will it sort correctly? And held-out ones?

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
# It sorts its training pictures without a mistake, held-out ones no better than a coin: **it has memorised the pictures**. In a GAN, too, believe the
# discriminator's percentages, and its loss, only as far as held-out samples confirm them.
#
# > **Your turn.** Predict both numbers for 800 pictures of each kind; then run `same_sets(800, 90)`.
#
# <details><summary>Solution</summary>
#
# About 90 % and still about a half: more pictures are harder to memorise in 200 steps.
#
# </details>
#
# ## 3 · What a weak discriminator cannot see
#
# If $D$ says ½ everywhere, is the generator perfect? Only if $D$ is the *best* discriminator. Yours may be too weak.
#
# Let the real samples come from a Gaussian, and the fakes from two narrow bumps with the same mean, 0, and the same variance, 1. Which of these three will see
# the difference?
# - a *line*: its score is $ax + c$, chapter 01's straight score,
# - a *parabola*: its score is $ax + bx^2 + c$,
# - a *network*.
#
# The first two, without a hidden layer (`depth=0`), are logistic regressions.

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
for word, height in (("line", 0.54), ("parabola", 0.43)):
    right.text(-2.9, height, word, color=looks[f"a {word}"]["color"], fontsize=9)
right.text(1.75, 0.88, "network", fontsize=9, color=style.DISCRIMINATOR)
right.set(xlim=(-3, 3), ylim=(0, 1.05), xlabel="x", ylabel="D(x)", title="Line and parabola stay near ½")
plt.show()

# %% tags=["claim"]
for name in ("a line", "a parabola"):
    assert (opinions[name][:, x.abs() < 2] - 0.5).abs().max() < 0.05
assert opinions["a network"][:, x.abs() < 2].amin(-1).max() < 0.3


# %% [markdown]
# **The network sees the bumps; the line and the parabola say about ½ wherever there are samples.** Why? Start from ½ everywhere. A little slope $a$ lowers the
# loss only if the reals' average $x$ differs from the fakes', a little curvature $b$ only if their average $x^2$ does. Here both agree. With as many reals as
# fakes, $c$ gains nothing either.
#
# So at ½ the loss is level. As it is convex, shaped like a single bowl, it is level only at its bottom: ½ is the best that these two can say.
#
# To a generator trained against the parabola, the two bumps are a perfect answer. **A discriminator at ½ says that *this discriminator* found no difference**
# (Arora et al. 2017 make it precise).
#
# ### Do two sets of samples differ?
#
# Freeze the generator, train a fresh discriminator, and see whether it tells real from fake on held-out samples. If it finds nothing, try a larger one. This is
# a **two-sample test** with a classifier inside (Friedman 2003; Lopez-Paz and Oquab 2017 evaluate GANs with it).
#
# Say the reals score a little higher on average. Is that more than chance? If both sets came from one distribution, shuffled labels would do as well. A
# **permutation test** shuffles them many times, and each time takes the difference of the mean scores.
#
# The **p-value** is the share of shuffles with a difference at least as large as the true one, where the true labels count as one more shuffle. If none of 100
# shuffles reaches it, $p = 1/101 \approx .01$. If both sets come from one distribution, $p$ falls below .05 in about 5 % of all tests.

# %%
def two_sample_test(judge, real, fake, shuffles=100):
    """The p-value: the share of shuffles with a mean score of real minus fake at least as large as the true one."""
    with torch.no_grad():
        scores = torch.cat([judge(real), judge(fake)], -1)[0]  # of the first of five
    signs = torch.cat([torch.ones(real.shape[-2]), -torch.ones(fake.shape[-2])])
    shuffled = torch.stack([signs[torch.randperm(len(signs))] for _ in range(shuffles)])
    return ((shuffled @ scores >= signs @ scores).sum() + 1) / (shuffles + 1)


# %% [markdown]
# We repeat the test 200 times with new samples, for one discriminator of each type.

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
# **The network tells the sets apart every time**, with the smallest p-value that 100 shuffles allow. The line and the parabola see nothing, yet by chance they
# sometimes fall below .05. So a single p-value just below .05 is weak evidence.
#
# > **Your turn.** Give the parabola a third power: append `x**3` to its inputs in `sees` and set its `dims=3` in `judges`. Then put `x**4` in its place.
# > Predict which makes a difference.
#
# <details><summary>Solution</summary>
#
# $x^3$ changes nothing: both distributions are symmetric, so their third moments agree. The fourth differ: with $x^4$ the test finds the difference every time.
#
# </details>
#
# ## 4 · What does it tell the generator?
#
# A generator learns only through $D$'s gradient at its fakes. Where does it point, and how strong is it?

# %% alt="The block diagram of a GAN. Dashed gradient arrows run from the losses to the discriminator, from the discriminator to the fake, and from the fake to the generator. The discriminator is hatched: frozen in this step." tags=["hide-input"]
diagrams.gan(lit=("generator", "fake", "discriminator", "losses", "gradients"), frozen=("discriminator",))

# %% [markdown]
# The best discriminator's score is $s^* = \log p - \log q$. Two things raise it: *going where real samples are denser, and leaving where fakes crowd.* The
# gradient has a term for each:
#
# $$ \nabla s^*(x) = \nabla \log p(x) - \nabla \log q(x). $$
#
# If $p = q$, the terms cancel. (Diffusion papers call $\nabla \log p$ the score. Ours is the logit $s$.)
#
# Do trained discriminators give the same advice? At a thousand fakes we compare this gradient with that of section 2's networks with unlimited data. A cosine
# of 1 means the same direction. In the figure, compare the lengths, too.

# %%
fakes = broad_hill.sample(1000, seed=9).requires_grad_()
exact_score = log_density(three_hills, fakes) - log_density(broad_hill, fakes)
(exact_push,) = torch.autograd.grad(exact_score.sum(), fakes)
asked = fakes.detach().expand(5, -1, -1).clone().requires_grad_()
(push,) = torch.autograd.grad(plane(asked).sum(), asked)
agreement = torch.cosine_similarity(push, exact_push.expand_as(push), dim=-1).mean(-1)
print("mean cosine, learnt and exact:", [f"{value:.3f}" for value in agreement.tolist()])
longer, says = push.norm(dim=-1) > exact_push.norm(dim=-1), exact_score.sigmoid()
for words, inside in (("above 65 %", says > 0.65), ("below 35 %", says < 0.35)):
    print(f"where the exact D is {words}, longer than exact: {longer[:, inside].float().mean():.0%}")

# %% alt="Two maps of the plane, each with three pale green hills, a green plus at D's peak on each, and the same 14 orange dots, from which arrows start. Left, exact: the arrows lead towards the nearest peak, which lies further out than the blue cross at the centre of the real hill. Right, learnt: the hills are bent, the peaks nearer to the crosses. Thick grey arrows are the exact ones; from dots in the purple the black ones are shorter, some far shorter." tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(7.2, 4.2))
shown = []
for index, place in enumerate(fakes.detach()):  # only fakes that are not too close to one another
    if place.abs().max() < 2.6 and all((place - fakes[other]).norm() > 1.2 for other in shown):
        shown.append(index)
start, looks = fakes[shown].detach(), dict(angles="xy", scale_units="xy", scale=4)
blunt = dict(color="0.6", width=0.022, headwidth=2, headlength=2, headaxislength=2)
near = [(places - centre).norm(dim=-1) < 1 for centre in three_hills.centres]
for ax, scores_there, arrows in zip(axes, (exact_surface, maps["unlimited"]), (exact_push, push[0])):
    ax.contourf(ticks, ticks, scores_there.sigmoid(), [0, 0.05, 0.35, 0.65, 0.95, 1], colors=deep)
    peaks = torch.stack([places[hill][scores_there[hill].argmax()] for hill in near])
    for dots, sign, color in ((peaks, "P", style.DISCRIMINATOR), (three_hills.centres, "X", style.REAL)):
        ax.plot(*dots.T, sign, color=color, ms=9, mec="w", mew=1, zorder=2.5)
    if ax is axes[1]:
        ax.quiver(*start.T, *exact_push[shown].T, **blunt, **looks)
    ax.quiver(*start.T, *arrows[shown].T, width=0.009, zorder=3, **looks)
    ax.scatter(*start.T, s=20, color=style.FAKE, zorder=4)
    ax.set(xlim=(-3, 3), ylim=(-3, 3), xticks=[], yticks=[], aspect="equal")
axes[0].set(xlabel="blue ×: a real hill's centre\ngreen +: D's peak", title="Exact: D's peaks lie further out")
axes[1].set(xlabel="black: a quarter of the gradient; grey: exact\ngreen: D above 65 %; purple: below 35 %")
axes[1].set_title("Learnt: too short in the purple")
plt.show()

# %% tags=["claim"]
assert agreement.min() > 0.95
assert longer[:, says > 0.65].float().mean(1).min() > 0.75 and longer[:, says < 0.35].float().mean(1).max() < 0.2

# %% [markdown]
# **In direction, nearly: the mean cosine is 0.97.** In length, no: where the exact map is green, 92 % of the learnt gradients are too long, and where it is
# purple, 96 % are too short.
#
# The arrows lead to $D$'s peaks, a little *beyond* the centres of the real hills, less clearly so in the learnt panel: $-\nabla \log q$ pushes away from the
# fakes.
#
# What is the advice worth when $D$ wins clearly? Let fakes and reals come from Gaussians with standard deviation 1, around 0 and around `gap`. Then
# $s^* = \text{gap} \cdot x - \text{gap}^2/2$, a line whose slope is the gap: the farther the fakes have to go, the harder it pushes. We train five networks for
# each gap.

# %%
gaps = torch.tensor([0.0, 1.0, 2.0, 4.0, 8.0])
shift = gaps.repeat_interleave(5)[:, None, None]  # [25, 1, 1]
apart = discriminators(copies=5, dims=1, width=16, activation=nn.SiLU)
fit(apart, lambda step: (torch.randn(25, 256, 1) + shift, torch.randn(25, 256, 1)), steps=500)

# %% [markdown]
# How steep are their scores and probabilities, on average over 2,000 fakes?

# %%
where = torch.randn(2000, 1).expand(25, -1, -1).clone().requires_grad_()  # fakes
(score_slope,) = torch.autograd.grad(apart(where).sum(), where)
(probability_slope,) = torch.autograd.grad(apart(where).sigmoid().sum(), where)
score_slope = score_slope.mean((1, 2)).reshape(5, 5)
probability_slope = probability_slope.mean((1, 2)).reshape(5, 5)

# %% [markdown]
# And the exact ones? The score's slope is the gap. By the chain rule, that of $D = \sigma(s)$ is the gap times $D(1 - D)$, averaged over the fakes. Watch the
# two part as the gap grows.

# %%
fine = torch.linspace(0, 8, 81)
normal = Normal(0.0, 1.0).icdf((torch.arange(20_000) + 0.5) / 20_000)  # fakes, evenly spread
exact_scores = fine[:, None] * normal - fine[:, None] ** 2 / 2
exact_d = exact_scores.sigmoid()
exact_slope = (exact_d * (1 - exact_d)).mean(-1) * fine

# %% alt="Top: three panels with five green D curves over the fakes' orange density and the real samples' blue one. At a gap of 1 the S-shaped curve rises across the fakes; at 4 it rises at their right edge; at 8 it rises far from them and is flat at 0 where they are. Bottom, on a logarithmic axis: D's mean slopes at the fakes, green dots on a green dashed line, fall from about 0.2 at gaps of 1 and 2 to 0.0002 at 8. The slope of the score, purple crosses, lies on its dashed line at gaps of 1 and 2, below it at 4 and far below it at 8, yet far above D's." tags=["hide-input"]
figure, panels = plt.subplot_mosaic([[1, 4, 8], ["slope"] * 3], figsize=(7.2, 5.4), height_ratios=[1, 1.3])
wide = torch.linspace(-4, 12, 400)
with torch.no_grad():
    curves = apart(wide[:, None].expand(25, -1, -1)).sigmoid().unflatten(0, (5, 5))
for index, gap in ((1, 1), (3, 4), (4, 8)):
    panels[gap].fill_between(wide, Normal(0.0, 1.0).log_prob(wide).exp(), color=style.FAKE, alpha=0.5, lw=0)
    panels[gap].fill_between(wide, Normal(float(gap), 1.0).log_prob(wide).exp(), color=style.REAL, alpha=0.3, lw=0)
    panels[gap].plot(wide, curves[index].T, color=style.DISCRIMINATOR, lw=1.2)
    panels[gap].set(xlabel="x", ylim=(-0.03, 1.05), yticks=[0, 0.5, 1])
    panels[gap].set_title(f"Gap {gap}: D's slope {probability_slope[index].mean():.4f}", fontsize=10)
panels[1].set_ylabel("D(x)")
panels[8].text(-3.8, 0.45, "fakes", color=style.FAKE, fontsize=9)
panels[8].text(9, 0.45, "real", color=style.REAL, fontsize=9)
panels[8].text(5.6, 0.85, "D", color=style.DISCRIMINATOR, fontsize=9)
ax = panels["slope"]
ax.semilogy(fine[1:], fine[1:], "--", color=style.AVERAGE, lw=1)
ax.semilogy(fine[1:], exact_slope[1:], "--", color=style.DISCRIMINATOR, lw=1)
ax.semilogy(gaps[1:], score_slope[1:], "x", color=style.AVERAGE, ms=6)
ax.semilogy(gaps[1:], probability_slope[1:], "o", color=style.DISCRIMINATOR, ms=5)
ax.text(5, 1, "score s", color=style.AVERAGE, fontsize=9)
ax.text(7.9, 0.35, f"networks: {score_slope[-1].mean():.2g}, exact: 8", color=style.AVERAGE, fontsize=9, ha="right")
ax.text(4.1, 6e-3, "probability D", color=style.DISCRIMINATOR, fontsize=9, ha="right")
ax.text(0.1, 3e-5, "dashed: exact\nmarks: five networks", fontsize=9)
ax.set(xlabel="gap", ylabel="mean slope at the fakes", xlim=(0, 8.2), ylim=(1e-5, 30))
ax.set_title("At a gap of 8, D is nearly flat at the fakes; its score still slopes")
plt.show()

# %%
for gap_size, steep, flat in zip(gaps.tolist(), score_slope, probability_slope):
    print(f"gap {gap_size:.0f}: slope of s {steep.mean():6.3f}, of D {flat.mean():.6f}")

# %% tags=["claim"]
assert score_slope[0].abs().max() < 0.05 and probability_slope[0].abs().max() < 0.02
assert probability_slope[4].max() < 0.01 * probability_slope[1].min()
assert score_slope[4].min() > 0.2 and (score_slope[4] / probability_slope[4]).min() > 100  # seeds 200 to 204: 0.5, 600

# %% [markdown]
# **At a gap of 8, $D$ is close to 0 and nearly flat where the fakes are.** A generator that learns from the *probability* gets almost nothing, just when it
# needs most help. Arjovsky and Bottou (2017) prove that the gradient of $\log(1 - D)$ vanishes, too, as $D$ becomes perfect.
#
# The *score* still slopes the right way, thousands of times as steeply. The exact one is steeper still: probably too little loss is left to teach the networks more. The
# generator's **loss** decides from which of the two it learns ([chapter 04](04_the_losses.ipynb)).
#
# > **Your turn.** A fake sits exactly on top of a real hill. Predict where the best discriminator's score pushes it; then check section 2's `plane` with
# > `torch.autograd.grad` at $(1.5, 0)$.
#
# <details><summary>Solution</summary>
#
# Away from the crowd of fakes: on the hill $\nabla \log p$ is nearly zero, so $-\nabla \log q = x / 1.2^2$ decides, about $(1, 0)$ here.
#
# </details>
#
# ## 5 · Is a discriminator a detector?
#
# Can a trained discriminator detect anything unusual, such as a blurred picture? It is tempting (Sabokrou et al. 2018 do it for novelties, on a network's
# reconstruction of the picture). But $D$ learns $p/(p+q)$ for *one* $q$, and its generator may make no such pictures.
#
# We train five small GANs on 1,078 of the digits and keep 719 unseen. `population` stacks whole GANs; `train` and `non_saturating` are chapter 01's loop and
# pair of losses ([chapter 05](05_the_first_gan.ipynb) writes the loop out).

# %%
from functools import partial

from gan_lessons import losses
from gan_lessons.networks.points import PointGenerator
from gan_lessons.populations import population
from gan_lessons.training import train

known, unseen = small_digits().split(0.6, seed=0)
known, unseen, digit_names = known.pixels, unseen.pixels, unseen.labels.tolist()
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
# All classifiers will meet six groups of suspects. Four are altered unseen digits: with half of another pasted in, blurred, shifted by one pixel, or noisy. Two
# are fakes: "own" ones come from the GAN with the classifier's seed, the "other GAN's" from one with another. Which could you tell from an untouched digit?

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
torch.manual_seed(3)
suspects = {"own fakes": gans.sample(359, seed=3, average=False)}  # [5, 359, 64], of the weights that D has met
suspects["other GAN's fakes"] = suspects["own fakes"].roll(1, 0)
for name, alter in ALTERATIONS.items():
    suspects[name] = alter(victims).flatten(1).expand(5, -1, -1)
order = [*ALTERATIONS, "own fakes", "other GAN's fakes"]

# %% alt="Four rows of grey digits of 8 by 8 pixels, each with the name of its digit at the left. The first column shows them untouched. The next four columns show the same digits: pasted ones keep their left half and have another digit's right half; blurred ones are soft and grey; shifted ones are moved by a pixel to one side, where a row or column is cut off; noisy ones are grainy. Two more columns, own fakes and the other GAN's fakes, resemble digits, most with grey grain around them." tags=["hide-input"]
columns = {"untouched": victims.flatten(1)} | {name: suspects[name][0] for name in order}
figure, axes = plt.subplots(1, 2, figsize=(6.2, 3.7), width_ratios=[5, 2])
for ax, names in zip(axes, (list(columns)[:5], list(columns)[5:])):
    digits = torch.stack([columns[name][:4] for name in names], 1).reshape(-1, 1, 8, 8)
    large = nn.functional.interpolate(digits, scale_factor=12, mode="nearest")
    images.draw_sheet(ax, large, len(names), [f"a {digit}" for digit in digit_names[360:364]] if ax is axes[0] else ())
    for column, name in enumerate(names):
        ax.text(98 * column + 48, -8, name.replace(" ", "\n", 1), ha="center", va="bottom", fontsize=9)
axes[0].set_title("Blur takes the contrast, noise adds grain", pad=34)
axes[1].set_title("Fakes: grainy, too", pad=34)
plt.show()

# %% [markdown]
# Blur and grain are easy to see; a pasted half or a shift is not always.
#
# We measure detection by the **AUC**: the chance that a random untouched picture gets a higher score than a random suspect. Say three untouched pictures score
# 2, 1 and 0, two suspects 1.5 and −1. The untouched one is higher in four of six pairs: $4/6 \approx 0.67$. A perfect detector has 1, a coin ½; below ½ it
# prefers the suspects.

# %%
from sklearn.metrics import roc_auc_score


def auc(networks, group):
    """The AUC of five networks, untouched pictures against a group [5, pictures, 64]."""
    with torch.no_grad():
        good = untouched.flatten(1).expand(5, -1, -1)
        scores = torch.cat([networks(good), networks(group)], 1)
    labels = torch.arange(scores.shape[1]) < len(untouched)
    return torch.tensor([roc_auc_score(labels, member) for member in scores])


# %% [markdown]
# Three kinds of classifier, equally large:
#
# | classifier | learns to tell training digits from | steps |
# |---|---|---|
# | the GAN's discriminator | the fakes of its generator, which learns too | 1,000 |
# | trained on the alterations | training digits altered in the four ways | 400 |
# | fresh, trained on own fakes | the fakes of its generator, now frozen | 400 |

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
judges_of_digits = {
    "the GAN's\ndiscriminator": gans.discriminator,
    "trained on the\nalterations": trained,
    "fresh, trained\non own fakes": fresh_judges,
}
aucs = {judge: {name: auc(networks, suspects[name]) for name in order} for judge, networks in judges_of_digits.items()}

# %% [markdown]
# > **Predict, then run.** On which suspects will the GAN's discriminator do best? Will a fresh one beat it at its own job?

# %% alt="A table in colours, with a column for each of six kinds of suspects. Mean AUC of the GAN's discriminator: pasted 0.69, blurred 0.79, shifted 0.61, noisy 0.56, own fakes 0.75, other GAN's fakes 0.73. Trained on the alterations: 0.84, 1.00, 0.99 and 0.80, these four framed, then 0.55 and 0.56. Fresh, trained on own fakes: 0.50, 0.66, 0.56, 0.58, then 1.00, framed, and 0.47." tags=["hide-input"]
from matplotlib.patches import Rectangle

means = torch.tensor([[float(five.mean()) for five in values.values()] for values in aucs.values()])  # [3, 6]
figure, ax = plt.subplots(figsize=(7.2, 3.3))
ax.imshow(means, cmap=style.SCORES, vmin=-0.25, vmax=1.25, extent=(-0.5, 5.5, 3.5, 0.5), aspect="auto")
for column, name in enumerate(order):
    for row, values in enumerate(aucs.values(), 1):
        five = values[name]
        ax.text(column, row - 0.08, f"{five.mean():.2f}", ha="center", va="center", fontsize=13)
        ax.text(column, row + 0.28, f"{five.min():.2f}–{five.max():.2f}", ha="center", va="center", fontsize=9)
for left, row, width in ((-0.5, 2, 4), (3.5, 3, 1)):
    ax.add_patch(Rectangle((left, row - 0.5), width, 1, fill=False, ec="k", lw=2.5))
ax.set(xlim=(-0.55, 5.55), ylim=(3.55, 0.45), yticks=[1, 2, 3], xticks=range(6))
ax.set_yticklabels(aucs)
ax.set_xticklabels([name.replace("GAN's ", "GAN's\n") for name in order])
ax.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
ax.spines[:].set_visible(False)
ax.set_title("Framed: trained on just these suspects, and best at them", pad=12)
ax.set_xlabel("mean AUC of five seeds and its range; 0.50 is a coin")
plt.show()

# %% tags=["claim"]
by_gan, by_trained, by_fresh = aucs.values()
for name in ALTERATIONS:
    assert by_trained[name].mean() > by_gan[name].mean() + 0.02, "trained for the purpose, it is better"
    assert by_trained[name].mean() > by_fresh[name].mean() + 0.02
assert by_gan["blurred"].mean() > 0.65, "on average they rank blurred digits lower"
assert by_gan["noisy"].mean() < 0.65 and by_gan["own fakes"].mean() < 0.85
assert by_fresh["own fakes"].min() > 0.95, "a fresh one sees what the GAN's own does not"
assert (by_fresh["other GAN's fakes"] < 0.7).all(), "but only in its own generator's fakes"

# %% [markdown]
# **No row is good at everything:**
#
# - **The GANs' discriminators** are mostly weak detectors. On average they do best on blur, which they never met, and no better on their own fakes than on
#   another GAN's.
# - **Classifiers trained on the alterations** beat the GANs' discriminators at all four, on average. On the fakes, which they never met, they are close to
#   a coin on average.
# - **Fresh discriminators** rank their own generator's fakes below untouched digits in over 99 % of the pairs, so these generators are far from perfect. But
#   on the *other* GAN's fakes they are no better than a coin, on average.
#
# Why do fresh ones beat the GANs' own? Perhaps because their generators stand still; other settings differ too.
#
# In this small recipe no classifier is a general detector. What one detects beyond its training, you have to measure.
#
# ## Debugging card
#
# | symptom | test | fix |
# |---|---|---|
# | its loss falls towards 0, and so do the fakes' gradients | mean slope at the fakes: of $D$, and of $s$ | a loss on the score (chapter 04); a smaller $D$ or a penalty (chapter 07) |
# | its training loss is low, but it errs on held-out samples | the loss on a validation set | more data, data augmentation (real and fake alike), early stopping, a smaller $D$ |
# | it says nearly 0 or 1 and is often wrong | wrong ones among its sure verdicts on held-out samples | as above; or *temperature scaling*: divide all scores by one number, chosen on the validation set (Guo et al. 2017) |
# | its loss stays at 1.386, but the fakes are wrong | a two-sample test with a fresh $D$, then a larger one | a larger $D$, other inputs to it |
#
# ## What we saw
#
# - The best discriminator is $p/(p+q)$, and its score is the log density ratio. With enough samples, small networks find the first.
# - With unlimited data its percentages are nearly right. With few samples it is overconfident, and its training loss looks excellent.
# - A discriminator at ½ has found no difference; another may. A two-sample test says whether a difference is more than chance.
# - The score's gradient points to where reals are denser and fakes rarer. When $D$ wins clearly, the probability is nearly flat at the fakes; the score is not.
# - Five small GANs' discriminators were mostly weak detectors. Classifiers trained on fixed suspects detected these better.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Near some $x$ there are three reals for each fake. What is the best discriminator's score there?
#    <details><summary>A · log 3 ≈ 1.10</summary><b>Right.</b> It is the log density ratio. A sigmoid of it gives D = 0.75.</details>
#    <details><summary>B · 0.75</summary><b>No.</b> That is D, the score after a sigmoid.</details>
#    <details><summary>C · 3</summary><b>No.</b> That is the density ratio. The score is its logarithm.</details>
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
# A discriminator has a cross-entropy of 1.0 on held-out samples. What do you know about $\mathrm{JS}(p, q)$?
#
# <details><summary>Answer</summary>
#
# It is at least $\log 2 - 0.5 \approx 0.19$, up to the sampling error of the loss. A better discriminator could only raise this bound.
#
# </details>
#
# ### Further reading
#
# - Goodfellow et al. 2014, *Generative adversarial nets*, arXiv:1406.2661: proposition 1 is our $p/(p+q)$.
# - Nowozin, Cseke and Tomioka 2016, *f-GAN*, arXiv:1606.00709: variational estimates of other divergences.
# - Friedman 2003, *On multivariate goodness-of-fit and two-sample testing*, SLAC-PUB-10325, and Lopez-Paz and Oquab 2017, *Revisiting classifier two-sample
#   tests*, arXiv:1610.06545: section 3 as a method.
# - Arora et al. 2017, *Generalization and equilibrium in GANs*, arXiv:1703.00573: what a discriminator of limited size can certify.
# - Arjovsky and Bottou 2017, *Towards principled methods for training GANs*, arXiv:1701.04862: perfect discriminators' gradients.
# - Guo et al. 2017, *On calibration of modern neural networks*, arXiv:1706.04599: percentages that can be believed.
# - Sabokrou et al. 2018, *Adversarially learned one-class classifier for novelty detection*, arXiv:1802.09088.
#
# Every term is in the [glossary](A1_glossary.ipynb).
#
# **Next:** density ratios, tests and an early stopping to mend in the assignment; then how the generator's loss decides what it learns.
#
# [← 02 The generator](02_the_generator.ipynb) · [contents](00_start.ipynb) · [04 The losses →](04_the_losses.ipynb) · [assignment](assignments/release/03_the_discriminator/03_the_discriminator.ipynb)
