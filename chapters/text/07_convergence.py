# %% [markdown]
# # 07 · Convergence
#
# **Why do GANs circle, and what makes them settle?**
#
# **You will** shrink a GAN to two numbers, watch it circle, compute why, try a dozen remedies on it, and then see which of them do the same
# for real networks.
#
# **You will learn** to
# - read a two-player game as a field of arrows, and its eigenvalues as a forecast,
# - explain why simultaneous steps spiral outwards, and why alternating ones only circle,
# - say what R1, R2, the gradient penalty, clipping, instance noise, averaging, optimism and consensus do, and what they do not do,
# - measure how restless a GAN is, on any data,
# - choose a penalty and its weight.
#
# **You will need** chapters 04 and 05, a $2 × 2$ matrix, and a minute or two of computing.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

from gan_lessons import losses
from gan_lessons.plots import curves, style

torch.set_num_threads(1)  # small networks are fastest on one thread
torch.manual_seed(7)
style.use()
SEEDS = range(5)


# %% [markdown]
# ## 1 · A GAN of two numbers
#
# When one network learns, it walks downhill, and at the bottom it stops. When two learn, there is no hill: each step of one player bends the
# ground under the other. To see what that does, take the smallest game that still has the trouble, the **Dirac-GAN** of Mescheder et al. 2018:
#
# - all real data are one point, at 0;
# - the generator makes one point, at $θ$;
# - the discriminator is a straight line, $s(x) = -ψx$: $ψ$ says how steeply its score falls to the right.
#
# The game is over at $θ = ψ = 0$: the fake lies on the real point, and $D$ has nothing more to say. Each player follows minus the gradient of its own
# loss, in its own number. Both numbers together make an arrow:

# %%
def arrow(loss, theta, psi):
    """Where (θ, ψ) want to go: minus the slope of G's loss in θ, minus that of D's loss in ψ."""
    theta, psi = (torch.tensor(float(number), requires_grad=True) for number in (theta, psi))
    real_score, fake_score = torch.zeros(1), (-psi * theta)[None]
    result = loss(real_score, fake_score)
    return [-float(torch.autograd.grad(value, own, retain_graph=True)[0])
            for value, own in ((result.generator, theta), (result.discriminator, psi))]  # fmt: skip


# %%
for loss in (losses.minimax, losses.non_saturating, losses.wasserstein):
    print(f"{loss.__name__:15} at (1, 1): {arrow(loss, 1, 1)}")

# %% [markdown]
# At $(1, 1)$ the fake is too far right, and $D$ says so. Every loss sends $θ$ to the left (a minus) and makes $ψ$ steeper (a plus). By hand, the arrow of
# minimax is
#
# $$ \bigl(-ψ\,\operatorname{sigmoid}(-ψθ),\;\; θ\,\operatorname{sigmoid}(-ψθ)\bigr), $$
#
# and Wasserstein's is just $(-ψ, θ)$. Look at those two signs: $ψ$ pushes $θ$ down, $θ$ pushes $ψ$ up. **That is a rotation.** It is no accident of this game.
# $D$ answers to where $G$ is, $G$ runs from where $D$ points.
#
# `dynamics` holds this field for all losses of chapter 04 and for all penalties of this chapter, worked out by hand and tested against autograd, and a
# `Rule` that plays it.

# %%
from gan_lessons.dynamics import DiracGAN, Rule, average, consensus, eigenvalues, radius

for name in losses.KNOWN:
    np.testing.assert_allclose(DiracGAN(name)(np.array([0.7, -1.2])), arrow(losses.named(name), 0.7, -1.2), atol=1e-6)

# %% [markdown]
# Two ways to play. **Simultaneous**: both look at the present state, and both step. **Alternating**: $D$ steps, then $G$ answers the new $D$; this is what the
# loop of chapter 05 does.
#
# > **Predict, then run.** Start at $(1, 1)$ with learning rate 0.2. Do 500 steps lead inwards, outwards, or round?

# %%
games = ["minimax", "non_saturating", "wasserstein"]
together, in_turn = Rule(), Rule(alternating=True)  # learning rates 0.2


# %%
def draw_plane(axes, field, ways, limit=2.3, title=""):
    """A field's arrows, and ways through it."""
    x, y = np.meshgrid(*[np.linspace(-limit, limit, 11)] * 2)
    u, v = np.moveaxis(field(np.stack([x, y], -1)), -1, 0)
    axes.quiver(x, y, u, v, color=style.REFERENCE, alpha=0.5, width=0.004)
    for (name, way), color in zip(ways.items(), (style.FAKE, style.REAL, style.DISCRIMINATOR)):
        axes.plot(*way.T, color=color, lw=1.1, label=name)
        axes.plot(*way[-1], "o", color=color, ms=5)
    axes.plot(0, 0, "k+", ms=9)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xlabel="θ (G)", title=title)


# %% alt="Three phase planes with arrows that turn anticlockwise around the origin. Minimax: the simultaneous way spirals outwards, the alternating one is a closed loop. Non-saturating: both spiral inwards a little way and keep circling. Wasserstein: the simultaneous way leaves the picture, the alternating one is a closed loop."
figure, axes = plt.subplots(1, 3, figsize=(8, 3))
for ax, name in zip(axes, games):
    field = DiracGAN(name)
    ways = {"simultaneous": together.play(field)[:200], "alternating": in_turn.play(field)[:200]}
    draw_plane(ax, field, ways, title=name.replace("_", " "))
axes[0].set_ylabel("ψ (D)")
axes[0].legend(loc="upper left")
plt.show()

# %%
for name in games:
    ends = [radius(rule.play(DiracGAN(name))[-1]) for rule in (together, in_turn)]
    print(f"{name:15} distance 1.41, after 500 steps: simultaneous {ends[0]:.2f}, alternating {ends[1]:.2f}")

# %% tags=["claim"]
known = {"minimax": (3.10, 1.41), "non_saturating": (0.64, 0.27)}
for name, (simultaneous_end, alternating_end) in known.items():
    assert round(float(radius(together.play(DiracGAN(name))[-1])), 2) == simultaneous_end
    assert round(float(radius(in_turn.play(DiracGAN(name))[-1])), 2) == alternating_end

# %% [markdown]
# Nothing arrives. Simultaneous minimax moves outwards, from 1.41 to 3.10, and simultaneous Wasserstein grows without bound. Alternating steps make closed loops. The
# non-saturating loss comes nearer, because its two players pull with different strength far from the middle; but it does not arrive either. Does it only need more time?

# %%
checkpoints = [500, 2000, 5000]
for name, rule in (("minimax", together), ("non_saturating", together), ("non_saturating", in_turn)):
    way = radius(rule.play(DiracGAN(name), steps=5000))[checkpoints]
    print(f"{name:15} {'alternating' if rule.alternating else 'simultaneous':13}", way.round(2))

# %% tags=["claim"]
late = radius(together.play(DiracGAN("non_saturating"), [[r, 0] for r in (0.01, 0.1, 0.5, 1, 3)], steps=2000))[-1]
print("non-saturating, simultaneous, from five starts:", late.round(2))
assert (np.abs(late - 0.63) < 0.05).all()

# %% [markdown]
# Simultaneous non-saturating ends on one and the same loop, 0.63 wide, whether it starts inside or outside: a **limit cycle**. Alternating, it does creep inwards, so slowly that
# 5,000 steps are not enough. And "minimax diverges" is true, but in slow motion: the farther out, the flatter the sigmoid.
#
# > **Your turn.** Predict what halving the learning rate does to the simultaneous minimax distance after 500 steps, and after 1,000. Then change `Rule()` to `Rule(0.1, 0.1)`.
#
# ## 2 · Why: eigenvalues
#
# Near the end of the game every smooth field is a matrix, its **Jacobian** at $(0,0)$. For minimax and non-saturating, and for Wasserstein,
#
# $$ J = \begin{pmatrix} 0 & -½ \\ ½ & 0 \end{pmatrix}, \qquad J = \begin{pmatrix} 0 & -1 \\ 1 & 0 \end{pmatrix}. $$
#
# The zeros on the diagonal are the trouble: *no player has a hill of its own*. The eigenvalues:

# %%
for name in games:
    print(f"{name:15}", np.sort_complex(eigenvalues(DiracGAN(name))).round(3) + 0)

# %% [markdown]
# A negative real part would mean "settles", a positive one "moves away". These say: turn, for ever.
#
# That is the flow, in infinitely small steps. A real step of size $h$ multiplies the state by $I + hJ$, whose eigenvalues are $1 ± ½hi$. Now the border is the **unit circle**: inside, distances shrink.
# But $|1 ± ½hi| = \sqrt{1 + h^2/4}$ is more than 1 for *every* $h$. A straight step along a circle always ends outside it.
#
# With alternating steps $G$ uses the $ψ$ that has just moved: $ψ' = ψ + ½hθ$, then $θ' = θ - ½hψ'$. The product of this matrix's eigenvalues is its determinant, which is exactly 1, so a complex pair of them lies exactly on the circle.

# %%
rates = [0.1, 0.2, 0.5]
for h in rates:
    sizes = [abs(Rule(h, h, alternating=turn).eigenvalues(DiracGAN("minimax"))).max() for turn in (False, True)]
    print(f"h = {h}: simultaneous {sizes[0]:.5f} (by hand {np.sqrt(1 + h * h / 4):.5f}), alternating {sizes[1]:.5f}")

# %% [markdown]
# > **Predict, then run.** How good is the forecast $(1 + h^2/4)^{n/2}$ for the distance after $n$ steps: near the origin, and at a distance of 1?

# %% alt="Left: the unit circle near 1, with pairs of dots: the simultaneous steps' eigenvalues lie straight above and below 1, outside the circle, the farther the larger the rate; the alternating ones lie on the circle. Right: distance over 500 steps, logarithmic, from 0.01: coloured curves for three rates grow along dashed forecasts until they reach about 2; the alternating curve stays level."
figure, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3.4))
angle = np.linspace(-0.4, 0.4, 100)
left.plot(np.cos(angle), np.sin(angle), "k--", lw=1, label="unit circle")
steps = np.arange(501)
for h, color in zip(rates, style.CYCLE):
    for turn, mark in ((False, "o"), (True, "x")):
        values = Rule(h, h, alternating=turn).eigenvalues(DiracGAN("minimax"))
        left.plot(
            values.real, values.imag, mark, color=color, label=f"{'alternating' if turn else 'simultaneous'}, {h}"
        )
    right.semilogy(radius(Rule(h, h).play(DiracGAN("minimax"), (0.01, 0))), color=color, label=f"simultaneous, {h}")
    right.semilogy(0.01 * (1 + h * h / 4) ** (steps / 2), "--", color=color, lw=1)
right.semilogy(radius(in_turn.play(DiracGAN("minimax"), (0.01, 0))), color="black", lw=1, label="alternating, 0.2")
left.set(xlim=(0.9, 1.02), xlabel="real part", ylabel="imaginary part", title="Outside, or on the border …")
right.set(ylim=(5e-3, 20), xlabel="step", ylabel="distance", title="… and so it grows, or does not shrink")
left.legend(fontsize=7, loc="center left")
right.legend(fontsize=7)
plt.show()

# %% tags=["claim"]
for start in ((0.01, 0), (0, 0.01), (-0.01, 0), (0.007, 0.007), (0.005, -0.008)):  # five starts near the middle
    for h in rates:
        way = radius(Rule(h, h).play(DiracGAN("minimax"), start, steps=100))
        assert abs(way[-1] / (way[0] * (1 + h * h / 4) ** 50) - 1) < 0.03


# %% [markdown]
# Near the middle the forecast is right to the last per cent; farther out, where the sigmoid flattens, the growth slows down. And note what eigenvalues *cannot* say: minimax and non-saturating have the same ones. On the border
# the linear part does not decide, and the difference that we saw in section 1 comes from the curvature that it leaves out.
#
# ## 3 · A dozen remedies, computed
#
# A cure has to move the eigenvalues off the border, inwards. Most of the field's folklore can be tried on this game in a line each. First the most used one: a **penalty on $D$'s slope**.

# %% module="gan_lessons.penalties" tags=["library"]
def squared_slope(discriminator, samples):
    samples = samples.detach().requires_grad_()
    scores = discriminator(samples)
    (slope,) = torch.autograd.grad(scores.sum(), samples, create_graph=True)
    return slope.flatten(scores.dim()).square().sum(-1)


def r1(discriminator, real, fake, weight=1.0):
    return weight / 2 * squared_slope(discriminator, real).mean(-1)


def r2(discriminator, real, fake, weight=1.0):
    return weight / 2 * squared_slope(discriminator, fake).mean(-1)


# %% [markdown]
# **R1** asks $D$ to be flat where the real data are, **R2** where the fakes are. In the Dirac-GAN the slope is $-ψ$ everywhere, so R1 is $\frac{γ}{2}ψ^2$, and it adds $-γψ$ to the arrow: at last an entry on the
# diagonal. $J = \begin{pmatrix} 0 & -½ \\ ½ & -γ \end{pmatrix}$ has the eigenvalues $-\frac{γ}{2} ± \sqrt{\frac{γ^2}{4} - \frac14}$.
#
# > **Predict, then run.** Which $γ$ settles fastest? What happens when it is much larger?

# %%
weights = np.linspace(0, 12, 97)
reached = radius(together.play(DiracGAN("minimax", "r1", weights))[-1])  # 97 games in one call
sizes = [abs(together.eigenvalues(DiracGAN("minimax", "r1", weight))).max() for weight in weights]
print(f"γ = {weights[2]}: {reached[2]:.0e} away; the fastest is γ = {weights[np.nanargmin(reached)]:.2f}")

# %% alt="Two panels over the weight gamma from 0 to 12. Left, the size of a step's largest eigenvalue: falls from just above 1 to 0.9 at gamma 1, then climbs slowly towards 1 and shoots over it at 10. Right, the distance after 500 steps, logarithmic: falls to 1e-21 near gamma 1, rises to 0.1 before 10, and has no value beyond."
figure, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3.1))
left.plot(weights, sizes, color=style.DISCRIMINATOR)
curves.draw_reference(left, 1, "border")
left.set(xlabel="γ", ylabel="largest eigenvalue of a step", title="R1 pulls inside: not too little, not too much …")
right.semilogy(weights, reached, color=style.FAKE)
right.set(xlabel="γ", ylabel="distance after 500 steps", title="… and the game obeys")
plt.show()

# %% tags=["claim"]
for start in ((1, 1), (-1, 1), (1.4, 0), (0, -1.4), (0.5, 1.3)):
    for name in ("minimax", "non_saturating"):
        assert radius(together.play(DiracGAN(name, "r1", 0.3), start)[-1]) < 1e-5
assert abs(weights[np.nanargmin(reached)] - 1) < 0.2 and np.isnan(reached[weights > 10]).all()

# %% [markdown]
# A weight of 0.3 brings every start to within $10^{-5}$. The best is $γ = 1$, where the root vanishes. Beyond, $D$ is so tightly held that it hardly turns to $G$, and $G$ waits for it: the distance halves
# ever more slowly. At $γ = 2/h = 10$ the penalty's own step overshoots. **Too strong a penalty fails, too, first by slowness, then by its own learning rate.**
#
# Now the others. In a line each:
#
# - **gradient penalty** (Gulrajani et al. 2017): pull the slope to 1, not to 0; **clipping** (Arjovsky et al. 2017): cut $ψ$ off at $±1$;
# - **instance noise** (Sønderby et al. 2017): blur real and fake points, so that they overlap;
# - **two time scales** (Heusel et al. 2017): let $D$ learn faster;
# - **momentum**, positive as usual, or negative (Gidel et al. 2019);
# - **averaging**: keep playing, but report the mean of the way;
# - **optimism** (Daskalakis et al. 2018): step along the gradient plus its last change, a guess of what the other will do;
#   **extragradient** (Korpelevich 1976): peek one step ahead, step by what you see there;
# - **consensus** (Mescheder et al. 2017): both players also make the arrow itself shorter.

# %%
plain = {}
remedies = {
    "simultaneous": (together, plain),
    "alternating": (in_turn, plain),
    "R1, γ 0.3": (together, {"penalty": "r1", "weight": 0.3}),
    "R1 and R2, γ 0.3": (together, {"penalty": "r1_and_r2", "weight": 0.3}),
    "gradient penalty, 1": (together, {"penalty": "gradient_penalty", "weight": 1.0}),
    "clip at 1": (Rule(clip=1.0), plain),
    "instance noise, σ 1": (together, {"noise": 1.0}),
    "D 16 times faster": (Rule(0.05, 0.8, alternating=True), plain),
    "momentum 0.5": (Rule(alternating=True, momentum=0.5), plain),
    "momentum −0.5": (Rule(alternating=True, momentum=-0.5), plain),
    "optimism": (Rule(optimism=1.0), plain),
    "extragradient": (Rule(extragradient=True), plain),
    "consensus, 0.5": (together, "consensus"),
}
turns = 2 * np.pi * np.arange(5) / 5 + 0.3
starts = np.sqrt(2) * np.stack([np.cos(turns), np.sin(turns)], -1)  # five starts at a distance of 1.41


# %%
def play(name, loss, steps=500):
    """The distances of all five ways, [steps + 1, 5]."""
    rule, options = remedies[name]
    field = consensus(DiracGAN(loss), 0.5) if options == "consensus" else DiracGAN(loss, **options)
    return radius(rule.play(field, starts, steps))


ends = {(name, loss): play(name, loss)[-1] for name in remedies for loss in games}

# %% alt="A dot plot: thirteen rows, from simultaneous to consensus, each with dots in three colours for minimax, non-saturating and Wasserstein, over the distance after 500 steps on a logarithmic axis with a dashed line at the start, 1.41. R1, R1 and R2, optimism, extragradient and consensus lie well to the left for every loss. Instance noise lies left for two losses and far right for Wasserstein. Alternating, gradient penalty, clipping, faster D and positive momentum lie near the line or right of it."
figure, ax = plt.subplots(figsize=(8, 4.6))
for row, name in enumerate(remedies):
    for loss, color, lift in zip(games, style.CYCLE, (-0.2, 0, 0.2)):
        ax.plot(np.clip(np.nan_to_num(ends[name, loss], nan=1e5), 1e-12, 1e5), [row + lift] * 5, "o", color=color, ms=4,
                label=loss.replace("_", " ") if row == 0 else "")  # fmt: skip
ax.axvline(np.sqrt(2), color=style.REFERENCE, ls="--", lw=1)
ax.set(
    xscale="log",
    xlabel="distance after 500 steps, from five starts at 1.41 (dashed); cut off at both ends",
    yticks=range(len(remedies)),
)
ax.set(yticklabels=remedies, title="Five remedies settle all three losses; several famous ones do not")
ax.invert_yaxis()
ax.legend(loc="upper left", fontsize=7)
plt.show()

# %%
for name in ("alternating", "R1, γ 0.3", "momentum 0.5", "momentum −0.5", "optimism", "extragradient"):
    rule, options = remedies[name]
    print(f"{name:15} largest eigenvalue of a step {abs(rule.eigenvalues(DiracGAN('minimax', **options))).max():.4f}")

# %% tags=["claim"]
for name in ("R1, γ 0.3", "R1 and R2, γ 0.3", "optimism", "extragradient", "consensus, 0.5"):
    assert all((ends[name, loss] < 0.15).all() for loss in games)
for name in ("simultaneous", "alternating", "D 16 times faster", "momentum 0.5"):  # neither of these settles minimax
    assert ends[name, "minimax"].min() > 1
assert ends["instance noise, σ 1", "minimax"].max() < 1e-8 < 1e3 < ends["instance noise, σ 1", "wasserstein"].min()
assert (np.abs(ends["clip at 1", "wasserstein"] - 1) < 0.25).all()
assert ends["momentum −0.5", "wasserstein"].max() < 0.1

# %% [markdown]
# Go down the rows, because half of them contradict what one reads.
#
# - **Clipping** does not settle the Wasserstein GAN. It bounds $ψ$, and so the circle; the game goes round the box.
# - **Instance noise** works on a curved loss: its field gets $-\frac{σ^2}{2}ψ$, as if by R1. On Wasserstein's straight one noise has the mean zero, and does *nothing at all*.
# - **A faster $D$** changes nothing. The eigenvalues $1 ± \frac{i}{2}\sqrt{h_G h_D}$ know only the product of the rates.
# - **Momentum**, the default of most optimisers, makes it *worse*; a negative one settles, slowly.
# - **Optimism** and **extragradient** need no penalty, and pay with a weak pull: the largest eigenvalue of a step is 0.995, against 0.975 for R1.
#
# Two candidates are missing in the list. **Spectral normalisation** divides $D$'s weight by its largest singular value; with one weight that leaves a sign. And **averaging** does not change the way, only what you report of it:

# %%
from gan_lessons.penalties import spectral_norm

line = spectral_norm(torch.nn.Linear(1, 1, bias=False))
line(torch.ones(1, 1)).sum().backward()
slope, gradient = line.weight.item(), line.parametrizations.weight.original.grad.item()
print(f"D's slope {slope:.1f}, the gradient of its weight {abs(gradient):.1f}")

# %%
for name, rule in (("alternating", in_turn), ("simultaneous", together)):
    way = rule.play(DiracGAN("minimax"), starts, steps=1000)
    rounds = ((way[1:, :, 0] >= 0) & (way[:-1, :, 0] < 0)).sum(0)
    print(f"{name}: a round takes about {(1000 / rounds).mean():.0f} steps")
    for decay in (0.9, 0.99):
        shown = radius(average(way, decay)[-1])
        print(f"  way {np.median(radius(way[-1])):.2f} away, its average with decay {decay} {np.median(shown):.2f}")

# %% tags=["claim"]
circling = in_turn.play(DiracGAN("minimax"), starts, steps=1000)
assert (radius(average(circling, 0.99)[-1]) < 0.25).all() and (radius(average(circling, 0.9)[-1]) > 0.8).all()
assert np.median(radius(average(together.play(DiracGAN("minimax"), starts, steps=1000), 0.99)[-1])) > 2

# %% [markdown]
# In the Dirac-GAN a spectrally normalised $D$ cannot learn at all: a model too small for the question, and worth knowing as such. The average of a circle is near its centre, provided that the memory ($1/(1 - \text{decay})$ steps) is longer than a round.
# Averaging an outward spiral helps little.
#
# Play with all of it. Drag the black start through the plane; look at the eigenvalues whenever you change something.

# %%
from gan_lessons.labs.theory import DiracLab

lab = DiracLab()

# %% alt="Three panels of the lab for simultaneous minimax. Left: arrows turning around the origin, and an orange way that spirals outwards from a black dot at (1, 1). Middle: two eigenvalues just outside the unit circle. Right: the distance creeps up from 1.4."
lab

# %% alt="The same panels with R1 of weight 0.3: the way spirals into the origin, the eigenvalues have moved inside the circle, and the distance falls in a straight line to one millionth on the logarithmic axis."
moved = DiracLab()
before = moved.sentence
moved.set(penalty="r1", weight=0.3)
moved.figure()

# %% tags=["claim"]
assert "to 3.1 in 500 steps" in before and "moves away" in before
assert "to 2.64e-06 in 500 steps" in moved.sentence and "halves every 27 steps" in moved.sentence


# %% [markdown]
# > **Your turn.** Choose `wasserstein` and `alternating`. Which of momentum, optimism and consensus can you set so that the distance falls below $10^{-6}$ within 500 steps?
#
# ## 4 · The gradient penalty, honestly
#
# The gradient penalty deserves a look of its own, because it is the most copied of all. It pulls the slope between real and fake samples to 1, the slope that the best Wasserstein $D$ has there:

# %% module="gan_lessons.penalties" tags=["library"]
def gradient_penalty(discriminator, real, fake, weight=10.0, batch_axis=None):
    if batch_axis is None:
        with torch.no_grad():
            batch_axis = discriminator(real).dim() - 1
    count = real.shape[batch_axis]
    u = (torch.arange(count, device=real.device, dtype=real.dtype) + 0.5) / count
    mixed = fake + u.reshape(-1, *[1] * (real.dim() - batch_axis - 1)) * (real - fake)
    slope = (squared_slope(discriminator, mixed) + 1e-12).sqrt()
    return weight * (slope - 1).square().mean(-1)


# %% [markdown]
# The first lines only find the axis of the batch, which is the last one of the scores. Now read the last line again: it pulls the slope's *length* to 1. In the Dirac-GAN, $w(|ψ| - 1)^2$ has two valleys, at $ψ = 1$ and at $ψ = -1$, and a ridge at the very place where the game should end, $ψ = 0$. So what does it do?

# %% alt="Two phase planes for Wasserstein with gradient penalty. Left, weight 0.3: a closed loop around the origin that never comes nearer. Right, weight 1: the ways run without a full turn to theta = -2 or +2 with psi = 0, far from the cross at the origin."
figure, axes = plt.subplots(1, 2, figsize=(7.5, 3.6))
for ax, weight, title in zip(axes, (0.3, 1.0), ("Weight 0.3: round and round", "Weight 1: G stops in the wrong place")):
    field = DiracGAN("wasserstein", "gradient_penalty", weight)
    ways = {f"start {k + 1}": together.play(field, start) for k, start in enumerate(starts[::2])}
    draw_plane(ax, field, ways, limit=3, title=title)
axes[0].set_ylabel("ψ (D)")
plt.show()

# %% tags=["claim"]
for weight in (1.0, 2.0, 3.0):
    stopped = together.play(DiracGAN("wasserstein", "gradient_penalty", weight), starts, steps=1000)[-1]
    print(f"weight {weight:.0f}: G stops at θ =", (stopped[:, 0] + 0).round(2))
    assert (np.abs(np.abs(stopped[:, 0]) - 2 * weight) < 0.02).all() and (np.abs(stopped[:, 1]) < 0.02).all()
cycling = radius(together.play(DiracGAN("wasserstein", "gradient_penalty", 0.3), starts)[-200:])
assert cycling.min() > 1

# %% [markdown]
# With a small weight it circles. With a weight of 1 or more it *stops*: exactly $2w$ away from the data, with a flat $D$. There the pull of the data on $ψ$, which is $θ$, is just balanced by the penalty's push off the ridge, $2w$. (It
# is a fragile rest: on the other side of $ψ = 0$ the push has the other sign.)
#
# Is that only a quirk of a one-parameter $D$? Take real networks on a line: reals from $\mathcal{N}(2, 1)$, fakes from $\mathcal{N}(0, 1)$, $D$ trained alone with the Wasserstein loss, so that its gap should be $W_1 = 2$. If the
# slope were one number $k$, $D$ would minimise $-2k + w(|k| - 1)^2$, whose valleys lie at $k = ±1 + \frac{1}{w}$. Does that say what networks do?

# %%
from torch import nn

from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.populations import stack


# %%
def critics(weights, steps=500):
    """D alone on N(2, 1) and N(0, 1), each weight × five seeds: the gap between its mean scores, [weights, seeds]."""
    members = []
    for seed in [*SEEDS] * len(weights):
        torch.manual_seed(seed)
        members.append(PointDiscriminator(dims=1, width=16, activation=nn.SiLU))
    networks, each = stack(members), torch.tensor(weights).repeat_interleave(len(SEEDS))
    optimizer = torch.optim.Adam(networks.parameters(), lr=1e-2, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        real, fake = torch.randn(2, len(members), 128, 1) + torch.tensor([2.0, 0.0])[:, None, None, None]
        value = losses.wasserstein(networks(real), networks(fake)).discriminator
        optimizer.zero_grad()
        (value + gradient_penalty(networks, real, fake, each)).sum().backward()
        optimizer.step()
        schedule.step()
    even = (
        torch.distributions.Normal(0.0, 1.0)
        .icdf((torch.arange(2000) + 0.5) / 2000)[:, None]
        .expand(len(members), -1, -1)
    )
    with torch.no_grad():
        return -losses.wasserstein(networks(even + 2), networks(even)).discriminator.unflatten(0, (-1, len(SEEDS)))


# %%
wanted = [1.0, 3.0, 10.0]
gap = critics(wanted)
for weight, row in zip(wanted, gap):
    print(f"weight {weight:4.0f}: W1 = 2 is measured as", [f"{value:+.2f}" for value in row],
          f"  by hand {2 + 2 / weight:+.2f} or {-2 + 2 / weight:+.2f}")  # fmt: skip

# %% tags=["claim"]
for weight, row in zip(wanted, gap):
    off = torch.minimum((row - (2 + 2 / weight)).abs(), (row - (-2 + 2 / weight)).abs())
    assert (off < (0.2 if weight == 1 else 0.1)).all()  # seeds 200 to 204 and 300 to 304, from a weight of 3: 0.05
assert (gap[0] > 0).all() and (gap[1:] < 0).any(1).all()

# %% [markdown]
# It does. Some seeds begin with a falling score, and the penalty holds them in the wrong valley: these critics give the *fakes* the higher scores, and would send a generator the wrong way. The others measure $W_1$ too large, by $2/w$. On
# a line there is no way from slope $-1$ to $+1$ that does not cross the ridge; in two or more dimensions a slope can turn round instead.
#
# > **Your turn.** What will `critics` measure when both heaps are the *same*? Predict the slope before you change `2.0` to `0.0`.
#
# ## 5 · Does the ring agree?
#
# Two numbers are not two networks. The ring of chapter 05 is the first real test, with populations. We need a number for "still circling" that works for any GAN. The losses do not tell (chapter 05). But we can watch the samples: keep
# some noise vectors fixed, and measure how far their pictures move within 50 steps, root mean square. Call it **restlessness**. The ring has radius 2: a restlessness of 3 means that points jump from one side to the other, and the noise of a
# constant learning rate leaves about 0.1.

# %%
from tqdm.auto import tqdm

from gan_lessons.recipes.ring import Ring
from gan_lessons.sweeps import Setting, Sweep

data = Ring.mixture.sample(20_000, seed=1) / Ring.scale
settings = {
    "alternating": Setting(),
    "D 4 times faster": Setting(discriminator_rate=4e-3),
    "simultaneous": Setting(update="simultaneous"),
    "R1, γ 0.1": Setting(penalty="r1", penalty_weight=0.1),
    "gradient penalty, 1": Setting(penalty="gradient_penalty", penalty_weight=1.0),
}

# %%
sweep, seen = Sweep(data, list(settings.values()), SEEDS), []
for step in tqdm(sweep.train(1000), total=1000, leave=False):
    if step % 50 == 0:
        seen.append(sweep.sample(500, average=False) * Ring.scale)
restlessness = torch.stack(seen).diff(dim=0).square().sum(-1).mean(-1).sqrt()  # [times, settings, seeds]

# %% alt="Left: restlessness over 1,000 steps, logarithmic, five curves with bands. They start between 1 and 5. R1 and D four times faster fall to about 0.1 within a few hundred steps; alternating, simultaneous and the gradient penalty stay between 2 and 5, alternating with a band that begins to fall at the end. Right: fakes of seed 0 after 1,000 steps: those of R1 lie on the eight islands and on bridges between them, those of simultaneous steps in one clump."
figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), width_ratios=(1.3, 1))
for k, (name, color) in enumerate(zip(settings, style.CYCLE)):
    curves.draw_curve(axes[0], torch.arange(2, 21) * 50, restlessness[:, k], color, name)
axes[0].set(yscale="log", ylabel="restlessness in 50 steps", title="R1 and a faster D settle; three do not, or not yet")
axes[0].legend(fontsize=7)
for k, color in ((2, style.CYCLE[2]), (3, style.CYCLE[3])):
    axes[1].scatter(*seen[-1][k, 0].T, s=6, color=color, label=list(settings)[k], lw=0)
axes[1].scatter(*Ring.mixture.centres.T, s=50, facecolors="none", edgecolors="black", lw=0.8)
axes[1].set(xlim=(-3.5, 3.5), ylim=(-3.5, 3.5), aspect="equal", title="Seed 0 after 1,000 steps")
axes[1].legend(loc="upper left", fontsize=7)
plt.show()

# %% tags=["claim"]
late = restlessness[-5:].mean(0)  # [settings, seeds]
for name, row in zip(settings, late):
    print(f"{name:20}", [f"{value:.2f}" for value in row])
alternately, faster, at_once, with_r1, with_gp = late
assert faster.max() < 0.35 and with_r1.max() < 0.35  # seeds 100 to 104 and 200 to 204: 0.12 and 0.20
assert (at_once > 0.8).sum() >= 3 and (with_gp > 0.8).sum() >= 3  # the same seeds: 4 and 5; 5 and 5
assert at_once.median() > 5 * with_r1.median()

# %% [markdown]
# Much of the little game is here again. **Simultaneous** steps keep most seeds jumping from one side of the ring to the other. **R1** calms every seed within a few hundred steps. The **gradient penalty** of weight 1 behaves as in section 4: most seeds go round and round.
# **Alternating** steps, which only circled, are hardly better so far: how long they take differs from seed to seed. In the record below, twice as long, most of them have settled: Adam, batches and many weights add a friction that the two numbers do not have.
#
# One thing is *not* as foretold. **A faster $D$** did nothing for two numbers, and settles the ring as well as R1. In the Dirac-GAN a faster $D$ has no better answer to run to, because its best slope is infinite; on the ring it does have one, and a $D$ that keeps near it gives $G$
# a field that looks more like a hill.
#
# We ran the same on ten seeds, twice as long, for nineteen settings, and stored the record.

# %% tags=["long"]
import json
from pathlib import Path

record = json.loads(Path("results/penalties.json").read_text())
table = {
    name: np.array(value) for name, value in record["remedies"].items() if name not in ("names", "steps", "settings")
}
names = record["remedies"]["names"]
print(
    f"{record['date']}: {record['remedies']['steps']:,} steps, {len(record['seeds'])} seeds each, {record['machine']}"
)

# %% alt="Two dot plots with nineteen rows, ten seeds each, present and averaged generators in two colours. Left, restlessness: R1, R1 and R2, minimax, faster D, slower G, optimism, consensus and Wasserstein with R1 have all their seeds near 0.1; plain, spectral norm, instance noise and momentum 0 have a few seeds above 1; simultaneous, the gradient penalty, momentum 0.9, bare and clipped Wasserstein lie mostly above 1. Right, high quality: the averaged dots lie around 0.5 for most that settle, at 0 for those that do not; the perfect sampler's line is at 0.99." tags=["long"]
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 5), sharey=True)
for row in range(len(names)):
    for ax, score in ((left, "restlessness"), (right, "high_quality")):
        for prefix, color, lift, label in (
            ("", style.FAKE, -0.15, "present"),
            ("averaged_", style.REAL, 0.2, "averaged"),
        ):
            values = table[prefix + score][row]
            ax.plot(
                values, [row + lift] * len(values), "o", color=color, ms=3, alpha=0.6, label=label if row == 0 else ""
            )
            ax.plot(np.median(values), row + lift, "|", color=color, ms=12, mew=2)
left.set(
    xscale="log",
    xlabel="restlessness (logarithmic)",
    yticks=range(len(names)),
    yticklabels=names,
    title="Who settles …",
)
right.axvline(record["perfect"]["high_quality"], color=style.REFERENCE, ls="--", lw=1)
right.set(xlabel="high quality (dashed: a perfect sampler)", title="… and who gets good samples")
left.invert_yaxis()
right.legend(loc="lower right")
plt.show()

# %% tags=["claim", "long"]
typical = dict(zip(names, np.median(table["restlessness"], 1)))
whole = dict(zip(names, (table["averaged_modes"] == 8).sum(1)))
for name in names:
    print(f"{name:24} restlessness {typical[name]:.2f}, averaged: 8 modes in {whole[name]:2} of 10, "
          f"high quality {np.median(table['averaged_high_quality'][names.index(name)]):.0%}, "
          f"KL {np.median(table['averaged_kl'][names.index(name)]):.2f}")  # fmt: skip
settled = [name for name in names if typical[name] < 0.3]
assert {"R1, 0.1", "R1, 1", "R1 and R2, 0.1", "D 4 times faster", "optimism, 1", "consensus, 0.1", "… R1, 1"} <= {
    *settled
}
assert {*settled}.isdisjoint({"simultaneous", "gradient penalty, 1", "momentum 0.9", "Wasserstein", "… clipped, 0.1"})
gain = dict(zip(names, np.median(table["averaged_high_quality"] - table["high_quality"], 1)))
assert all(
    gain[name] > 0.1 for name in ("R1, 0.1", "R1, 1", "R1 and R2, 0.1", "optimism, 1", "consensus, 0.1", "… R1, 1")
)
assert whole["minimax"] >= whole["plain"] and typical["minimax"] < 0.3

# %% [markdown]
# Read both panels together, and beside section 3:
#
# | | two numbers | networks on the ring |
# |---|---|---|
# | simultaneous steps | move outwards | restless |
# | R1, R2 | settle | settle |
# | optimism, consensus | settle | settle |
# | high momentum | worse | restless |
# | Wasserstein: bare, clipped | grows; circles | restless |
# | Wasserstein with R1 | settles | settles |
# | gradient penalty of weight 1 | circles, or stops in the wrong place | restless with the non-saturating loss; with Wasserstein, its own, about half of the seeds settle, late |
# | alternating steps | circle | settle late, most seeds |
# | a faster $D$ | no effect | settles |
# | averaging | the centre of the circle | sharper samples for nearly all that settle, none for those that do not |
#
# The upper part of the table agrees: two numbers foretell most of what networks do. The last rows do not, and this is where the little game ends: it knows no noise of batches, no Adam, and no best $D$.
#
# Two popular beliefs fare badly. **Minimax**, "which cannot be trained", settles here at least as well as the non-saturating loss (chapter 04 said when that is so: while the players are evenly matched). And **to settle is not to succeed**: plain alternating steps
# settle, with a few islands full and others nearly empty.
#
# > **Your turn.** The authors of the gradient penalty use a weight of 10, five steps of $D$ for each of $G$, and a tenth of our learning rate. Add that setting to the sweep (`discriminator_steps=5`). Does it settle? How long does it take?
#
# ## 6 · One slider, three GANs
#
# How strong should a penalty be? Three GANs answer to one slider: the Dirac-GAN, computed live; a population on the ring; and the digits of chapter 09. All three use the relativistic loss of chapter 04 with R1 and R2 of the same weight $γ$. (In the
# Dirac-GAN this loss has the arrows of the non-saturating one: the real score is always 0.) Ring and digits come from stored runs; the slider picks the nearest.

# %% tags=["long"]
from gan_lessons.labs.theory import PenaltyLab

slider = PenaltyLab("results/penalties")

# %% alt="Six panels at gamma = 0.1. Left: the Dirac-GAN's plane with a spiral into the origin, and its distance falling to 1e-5. Middle: the ring's fakes on all eight islands with a few bridges, and below the share of high quality over gamma, level near 0.7 up to 1, then falling to 0.56. Right: six rows of handwritten digits, most of them readable, and below their Fr\u00e9chet distance over gamma, lowest at 0.1, between 1.6 and 2.5 per cent of noise's."
slider

# %% tags=["claim", "long"]
ring, digits = record["ring"], record["digits"]
kl, quality = (np.median(ring[name], 1) for name in ("averaged_kl", "averaged_high_quality"))
lowest = np.min(ring["averaged_high_quality"], 1)
for k, weight in enumerate(ring["weights"]):
    dirac = radius(Rule(alternating=True).play(DiracGAN("relativistic", "r1_and_r2", weight))[-1])
    print(f"γ {weight:7.4f}: Dirac {dirac:.0e}, ring KL {kl[k]:.3f}, quality {quality[k]:.0%} (worst {lowest[k]:.0%})")
print("digits:", {weight: f"{value:.1%}" for weight, value in zip(digits["weights"], digits["frechet_fraction"])})
middle = [k for k, weight in enumerate(ring["weights"]) if 0.01 <= weight <= 1]
assert kl[middle].max() < 0.02 < 0.05 < kl[0] and lowest[middle].min() > lowest[0] + 0.2
assert quality[middle].min() > 0.6 > quality[-1] and np.ptp(quality[middle]) < 0.1
assert min(digits["frechet_fraction"][1:-1]) < 0.8 * min(digits["frechet_fraction"][0], digits["frechet_fraction"][-1])

# %% [markdown]
# The Dirac-GAN is a sharp critic: a tenth of the best weight is slow, ten times as much is slow again, and thirty times is ruin. The networks are far more forgiving. From 0.01 to 1, two powers of ten, the ring's medians hardly move. What a weak penalty costs is *reliability*: at 0.001 the
# islands fill unevenly and the worst seed falls far behind. What a strong one costs is sharpness. The digits (one run for each weight, so read no more into it) vary by half as much again from best to worst, and are readable everywhere. (Adam rescales each gradient, so a
# strong penalty cannot overshoot as it does in the Dirac-GAN.)
#
# So do not search for $γ$ to two digits. Try 0.1, look at the restlessness and at several seeds, and move by factors of ten.
#
# > **Your turn.** Move the slider from the left end to the right, slowly. At which weight does each of the three GANs first look wrong to you?
#
# ## What we saw
#
# - Two players make a field of arrows, and near the end of the game it is a rotation: neither player has a hill of its own.
# - Eigenvalues foretell what a step does near the end. Simultaneous minimax steps have size $\sqrt{1 + h^2/4} > 1$ for every rate; alternating ones lie on the border and circle.
# - R1, R2, optimism, extragradient and consensus pull the eigenvalues inside, for every loss tried. Instance noise does so only for curved losses. Clipping, other rates and ordinary momentum do not.
# - A penalty can be too strong: slow first, then beyond what its learning rate can carry.
# - The gradient penalty pulls towards slopes $+1$ *and* $-1$: it circles or stops in the wrong place in the Dirac-GAN, and on a line it held about half of the critics the wrong way round.
# - On the ring restlessness, the movement of fixed noise vectors, tells who has settled. Most forecasts hold; a faster $D$ and alternating steps do better than foretold.
# - Averaging sharpens what settles. It does not replace settling.
#
# ## Questions
#
# 1. Why can no learning rate save simultaneous minimax in the Dirac-GAN?
#    <details><summary>Answer</summary>Its step has the eigenvalues $1 ± ½hi$, of size $\sqrt{1 + h^2/4}$, which is more than 1 for every $h$. A small rate only makes the spiral slower.</details>
# 2. The eigenvalues of the flow are $±½i$ for minimax and for the non-saturating loss. Why do the two games end differently?
#    <details><summary>Answer</summary>On the border the linear part decides nothing. What is left is the curvature: farther out the two players of the non-saturating loss have different strengths, and that pulls them in.</details>
# 3. Your $D$ has R1 with weight 100 and learns nothing. Which two things may have happened?
#    <details><summary>Answer</summary>The penalty holds $D$ flat, so that it answers $G$ very slowly; or the penalty's own step overshoots, since the learning rate times its curvature is beyond 2 (with plain gradient steps; Adam rescales them).</details>
# 4. Why does instance noise help minimax and not Wasserstein in the Dirac-GAN?
#    <details><summary>Answer</summary>The mean of a straight line over symmetric noise is the line itself. A curved loss, averaged over noise of variance $σ^2$, gains a term that grows with $ψ^2$, like R1.</details>
# 5. A critic with gradient penalty reports $W_1 = 2.2$ where the truth is 2, and its weight was 10. Coincidence?
#    <details><summary>Answer</summary>No: the loss gains from a steeper slope what the penalty takes, and they balance at slope $1 + W_1/(2w) = 1.1$.</details>
# 6. You report the average of a generator's weights and it looks fine. Has the training converged?
#    <details><summary>Answer</summary>Not necessarily: the average of a circle is near its centre. Look at the restlessness of the present generator, too.</details>
#
# ## Further reading
#
# - Mescheder, Geiger & Nowozin 2018, *Which Training Methods for GANs do actually Converge?* ([arXiv:1801.04406](https://arxiv.org/abs/1801.04406)): the Dirac-GAN, R1 and R2; this chapter follows it.
# - Mescheder, Nowozin & Geiger 2017, *The Numerics of GANs* ([arXiv:1705.10461](https://arxiv.org/abs/1705.10461)): eigenvalues, and consensus.
# - Nagarajan & Kolter 2017, *Gradient descent GAN optimization is locally stable* ([arXiv:1706.04156](https://arxiv.org/abs/1706.04156)): when the data have a density.
# - Gulrajani et al. 2017, *Improved Training of Wasserstein GANs* ([arXiv:1704.00028](https://arxiv.org/abs/1704.00028)): the gradient penalty.
# - Heusel et al. 2017, *GANs Trained by a Two Time-Scale Update Rule* ([arXiv:1706.08500](https://arxiv.org/abs/1706.08500)): two rates, and the Fréchet distance.
# - Daskalakis et al. 2018, *Training GANs with Optimism* ([arXiv:1711.00141](https://arxiv.org/abs/1711.00141)).
# - Gidel et al. 2019, *Negative Momentum for Improved Game Dynamics* ([arXiv:1807.04740](https://arxiv.org/abs/1807.04740)).
# - Sønderby et al. 2017, *Amortised MAP Inference for Image Super-resolution* ([arXiv:1610.04490](https://arxiv.org/abs/1610.04490)): instance noise.
#
# **Next:** [chapter 08, Measuring a GAN](08_measuring_a_gan.ipynb): which number can you trust? Chapter 09 then puts the relativistic loss, R1 and R2 to work on
# handwriting.
