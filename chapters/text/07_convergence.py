# %% [markdown]
# # 07 · Convergence
#
# [← 06 Mode collapse](06_mode_collapse.ipynb) · [contents](00_start.ipynb) · [08 Measuring a GAN →](08_measuring_a_gan.ipynb) · [assignment](assignments/release/07_convergence/07_convergence.ipynb)
#
# **Why do GANs circle, and what makes them settle?**

# %% alt="A moving picture of four phase planes that all start at the point (1, 1). With simultaneous steps the trajectory spirals slowly outwards; with alternating steps it goes round on a closed loop; with R1 it spirals quickly into the centre; with optimism it spirals slowly inwards, and at the last frame it still circles the centre." tags=["hide-input"]
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure

from gan_lessons import losses
from gan_lessons.dynamics import DiracGAN, Rule, average, consensus, eigenvalues, radius
from gan_lessons.metrics import comparisons
from gan_lessons.plots import curves, diagrams, style
from gan_lessons.plots.motion import Animation

torch.set_num_threads(1)  # small networks are fastest on one thread
torch.manual_seed(7)
style.use()
SEEDS = range(5)
PLAYERS = {"xlabel": "θ (where G is)", "ylabel": "φ (D's slope)"}

four = {
    "simultaneous": Rule().play(DiracGAN()),
    "alternating": Rule(alternating=True).play(DiracGAN()),
    "R1": Rule().play(DiracGAN(penalty="r1", weight=0.3)),
    "optimism": Rule(optimism=1.0).play(DiracGAN()),
}
frames = []
for step in range(4, 241, 8):
    figure = Figure(figsize=(7.2, 2.5), dpi=100, layout="constrained")
    for panel, (name, path) in zip(figure.subplots(1, 4), four.items()):
        panel.plot(*path[max(step - 60, 0) : step + 1].T, color=style.FAKE, lw=1.5)
        panel.plot(*path[step], "o", color=style.FAKE, ms=7)
        panel.plot(0, 0, "+", color=style.REAL, ms=11, mew=2)
        panel.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", xticks=[], yticks=[], title=name)
    figure.supxlabel(f"step {step}", fontsize=10)
    frames.append(figure)
Animation(frames, milliseconds=100, colors=32)

# %% [markdown]
# The same tiny GAN (with the minimax loss), played in four ways. Each dot shows both players at once: across, where the generator is; up, how steep the discriminator is. The
# blue cross is where the game should end. Only R1 has arrived by the last frame; optimism is on its way. This chapter computes why, and then asks how much of
# it holds for real networks.
#
# **You will** shrink a GAN to two numbers, watch it circle, compute why, try a dozen remedies on it, and then see which of them do the same
# for real networks.
#
# **You will learn** to
# - read a two-player game as a field of arrows, and its eigenvalues as a forecast,
# - explain why simultaneous steps spiral outwards, and why alternating ones only circle,
# - say what R1, R2, the gradient penalty, clipping, instance noise, averaging, optimism, extragradient and consensus do, and what they do not do,
# - measure how restless a GAN is, on any data,
# - choose a penalty and its weight.
#
# **You will need** chapters 04 and 05, the eigenvalues of a $2 × 2$ matrix, complex ones too (section 2 has a reminder), and a minute or two of computing.

# %% alt="Block diagram of a GAN with the dashed gradient arrows in full colour: from the losses to the discriminator, and on through the fake to the generator. The discriminator, the generator and the losses are lit; noise and data are pale." tags=["hide-input"]
diagrams.gan(lit=("generator", "discriminator", "losses", "gradients"))


# %% [markdown]
# ## 1 · A GAN of two numbers
#
# When one network learns, it walks downhill, and at the bottom it stops. In a GAN two networks learn along the dashed arrows, and each step of one changes
# the loss of the other. In the minimax game $G$ minimises exactly what $D$ maximises, so the game does not end at a minimum but at a **saddle point**, where the value rises in some directions and falls in
# others. (With the non-saturating loss the players no longer share one value, but each still acts on the other's loss.) To see what follows from that, take a GAN as small as a GAN can be, the **Dirac-GAN** of Mescheder et al. 2018 ([arXiv:1801.04406](https://arxiv.org/abs/1801.04406)):
#
# - all real data are one point, at $x = 0$;
# - the generator makes one point, at $x = θ$;
# - the discriminator is a straight line, $s(x) = -φx$: $φ$ says how steeply its score falls to the right.
#
# The game is over at $θ = φ = 0$: the fake lies on the real point, and $D$ has nothing more to say. The minimax value depends on $θφ$ alone: it rises and falls along the diagonals, and along either player's own axis,
# through this point, it is flat. That flatness is where the trouble will come from. Each player moves against the gradient of its own
# loss, in its own number. Both numbers together make an arrow, and all arrows a **vector field** $v(θ, φ)$:

# %%
def arrow(loss, theta, phi):
    """Where (θ, φ) want to go: minus the slope of G's loss in θ, minus that of D's loss in φ."""
    theta, phi = (torch.tensor(float(number), requires_grad=True) for number in (theta, phi))
    real_score, fake_score = torch.zeros(1), (-phi * theta)[None]
    result = loss(real_score, fake_score)
    return [-float(torch.autograd.grad(value, own, retain_graph=True)[0])
            for value, own in ((result.generator, theta), (result.discriminator, phi))]  # fmt: skip


for loss in (losses.minimax, losses.non_saturating, losses.wasserstein):
    print(f"{loss.__name__:15} at (1, 1): {arrow(loss, 1, 1)}")

# %% [markdown]
# At $(1, 1)$ the fake is too far right, and $D$ says so. Every loss sends $θ$ to the left (a minus) and makes $φ$ larger (a plus). By hand, with the sigmoid $σ$, the
# arrows of minimax, of the non-saturating loss and of Wasserstein are
#
# $$ \bigl(-φ\,σ(-φθ),\; θ\,σ(-φθ)\bigr), \qquad \bigl(-φ\,σ(φθ),\; θ\,σ(-φθ)\bigr), \qquad (-φ,\; θ). $$
#
# Look at the two signs: $φ$ pushes $θ$ down, $θ$ pushes $φ$ up. **That is a rotation.** It is no accident of this game: $D$ responds to where $G$ is, and $G$
# moves away from where $D$ has found it.
#
# `dynamics` holds this field for all losses of chapter 04 and for all penalties of this chapter, worked out by hand and tested against autograd, and a
# `Rule` that plays it: each step adds to a player's number its learning rate times its arrow. There are two basic ways to play. **Simultaneous** steps: both players look at the present state, and both move. **Alternating** steps: $D$ moves first, then $G$
# answers the new $D$; this is what the training loop of chapter 05 does. The sequence of states is the game's **trajectory**.
#
# > **Predict, then run.** Start at $(1, 1)$ with learning rate $η = 0.2$. Do 500 steps lead inwards, outwards, or round?

# %%
games = ["minimax", "non_saturating", "wasserstein"]
together, in_turn = Rule(), Rule(alternating=True)  # learning rates 0.2
for name in games:
    ends = [radius(rule.play(DiracGAN(name))[-1]) for rule in (together, in_turn)]
    print(f"{name:15} distance 1.41, after 500 steps: simultaneous {ends[0]:.2f}, alternating {ends[1]:.2f}")


# %% alt="Three phase planes with arrows that turn anticlockwise around the origin. Minimax: the simultaneous trajectory spirals outwards, the alternating one is a closed loop. Non-saturating: both come somewhat nearer and keep circling. Wasserstein: the simultaneous trajectory leaves the picture, the alternating one is a closed loop. The non-saturating loops of alternating steps are narrower than those of simultaneous ones." tags=["hide-input"]
def draw_plane(axes, field, paths, limit=2.3, title=""):
    """A field's arrows, and trajectories through it."""
    x, y = np.meshgrid(*[np.linspace(-limit, limit, 11)] * 2)
    u, v = np.moveaxis(field(np.stack([x, y], -1)), -1, 0)
    axes.quiver(x, y, u, v, color=style.REFERENCE, alpha=0.5, width=0.004)
    for (name, path), color in zip(paths.items(), style.CATEGORIES):
        axes.plot(*path.T, color=color, lw=1.2, label=name)
        axes.plot(*path[-1], "o", color=color, ms=5)
    axes.plot(0, 0, "+", color=style.REAL, ms=11, mew=2)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xlabel=PLAYERS["xlabel"], title=title)


figure, axes = plt.subplots(1, 3, figsize=(7.2, 3.1))
for ax, name in zip(axes, games):
    field = DiracGAN(name)
    paths = {"simultaneous": together.play(field)[:200], "alternating": in_turn.play(field)[:200]}
    draw_plane(ax, field, paths, title=name.replace("_", "-"))
axes[0].set_ylabel(PLAYERS["ylabel"])
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
plt.show()

# %% [markdown]
# (The figure shows the first 200 of the 500 steps; all start at $(1, 1)$.) None of these trajectories has arrived. Simultaneous minimax moves outwards, and simultaneous Wasserstein grows without bound. Alternating steps make closed loops for minimax and Wasserstein. The
# non-saturating loss brings both players closer to the centre, with either kind of step. Would it arrive if we only waited longer?

# %%
checkpoints = [500, 2000, 5000]
for name, rule in (("minimax", together), ("non_saturating", together), ("non_saturating", in_turn)):
    distance = radius(rule.play(DiracGAN(name), steps=5000))[checkpoints]
    print(f"{name:15} {'alternating' if rule.alternating else 'simultaneous':13}", distance.round(2))

# %% [markdown]
# Simultaneous non-saturating steps stay at about 0.63. From five starts, inside and outside, they end on the same loop: a **limit cycle**, a closed trajectory that attracts its
# neighbours. Alternating steps creep inwards, so slowly that 5,000 steps are not enough. Section 2 computes both.

# %% tags=["claim"]
late = radius(together.play(DiracGAN("non_saturating"), [[r, 0] for r in (0.01, 0.1, 0.5, 1, 3)], steps=2000))[-1]
print("non-saturating, simultaneous, from five starts:", late.round(2))
assert (np.abs(late - 0.63) < 0.05).all()
for name in losses.KNOWN:
    np.testing.assert_allclose(DiracGAN(name)(np.array([0.7, -1.2])), arrow(losses.named(name), 0.7, -1.2), atol=1e-6)

# %% [markdown]
# > **Your turn.** Predict what halving the learning rate does to the simultaneous minimax distance after 500 steps, and after 1,000. Then change `Rule()` to `Rule(0.1, 0.1)`.
#
# <details><summary>Solution</summary>
#
# The growth of a step is about $η^2/8$, so half the rate needs four times as many steps for the same growth near the middle. We find 2.25 after 500 steps and 2.65 after 1,000, against 3.10 and 3.62 with
# $η = 0.2$. It moves outwards all the same. (The printout above has 3.62 after 2,000 steps, too. Where $φθ$ is large, $σ(-φθ)$ is nearly 0, and both players all but stand still; the game waits in such a corner from about
# step 700 on.)
#
# </details>
#
# ## 2 · Why: eigenvalues
#
# Near $(0,0)$, where the game should end, a smooth field is nearly linear; the matrix of its slopes there is its Jacobian $J$. For minimax and non-saturating, and for Wasserstein,
#
# $$ J = \begin{pmatrix} 0 & -½ \\ ½ & 0 \end{pmatrix}, \qquad J = \begin{pmatrix} 0 & -1 \\ 1 & 0 \end{pmatrix}. $$
#
# The trouble lies in the zeros on the diagonal: *no player's own loss is curved in its own number*. An **eigenvalue** $λ$ of $J$ is a number for which $Jv = λv$ has a solution $v ≠ 0$: along $v$, $J$ only stretches, by $λ$. For a $2 × 2$ matrix the two eigenvalues solve
# $λ^2 - (\text{trace})\,λ + \text{determinant} = 0$, where the trace is the sum of the diagonal. The first $J$ has trace 0 and determinant $¼$, so $λ = ±½i$. The numbers are complex, and no real direction is merely stretched; the state turns. Their
# real part says how its distance changes: a negative one means that the flow, in infinitely small steps, shrinks towards $(0,0)$. If that holds for all eigenvalues, the game has **local convergence**: from every start near
# enough, it arrives. The imaginary part says how fast it turns.

# %%
for name in games:
    print(f"{name:15}", np.sort_complex(eigenvalues(DiracGAN(name))).round(3) + 0)

# %% [markdown]
# Real parts of zero: the linear part of the flow turns for ever. Whether the flow itself does is up to the curvature that the linear part leaves out; we come to that below. A real step of size $η$ multiplies the state by $I + ηJ$, whose eigenvalues are $1 ± ½ηi$ for the two sigmoid losses ($1 ± ηi$ for Wasserstein). For steps the border is the **unit circle**: a game shrinks if all
# eigenvalues of a step lie inside. But $|1 ± ½ηi| = \sqrt{1 + η^2/4}$ is more than 1 for *every* $η$. A straight step along a circle always ends outside it.
#
# With alternating steps $G$ uses the $φ$ that has just moved: $φ' = φ + ½ηθ$, then $θ' = θ - ½ηφ'$. The product of this matrix's eigenvalues is its determinant, which is exactly 1, so a complex pair of them lies exactly on the circle.
#
# > **Predict, then run.** (In the figure, dots are simultaneous steps and crosses alternating ones; at the two smaller rates the dots cover the crosses.) How good is the forecast $(1 + η^2/4)^{n/2}$ for the distance after $n$ steps: near the origin, and at a distance of 1?

# %% alt="Left: a dashed arc of the unit circle near 1 in equal scales, with pairs of markers above and below 1. The dots of the simultaneous steps lie outside the arc, farther out the larger the rate; the crosses of the alternating steps lie on it. Right: distance over 500 steps, logarithmic, from 0.01: the curves of rates 0.1 and 0.2 grow as straight lines, exactly on their dotted forecasts, to 0.02 and 0.12; that of rate 0.5 follows its forecast to about 1 and then flattens at 3.7, while the forecast goes on; the alternating curve stays level." tags=["hide-input"]
rates = [0.1, 0.2, 0.5]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.8), width_ratios=(1, 1.7))
angle = np.linspace(-0.35, 0.35, 100)
left.plot(np.cos(angle), np.sin(angle), "k--", lw=1)
steps = np.arange(501)
for rate, color in zip(rates, style.CATEGORIES):
    for turn, mark in ((False, "o"), (True, "x")):
        values = Rule(rate, rate, alternating=turn).eigenvalues(DiracGAN("minimax"))
        left.plot(values.real, values.imag, mark, color=color)
    path = radius(Rule(rate, rate).play(DiracGAN("minimax"), (0.01, 0)))
    right.semilogy(path, color=color, label=f"simultaneous, {rate}")
    right.semilogy(0.01 * (1 + rate * rate / 4) ** (steps / 2), ":", color=color, lw=1.2)
right.semilogy(radius(in_turn.play(DiracGAN("minimax"), (0.01, 0))), color="black", lw=1, label="alternating, 0.2")
left.set(xlim=(0.85, 1.15), ylim=(-0.32, 0.32), aspect="equal", xlabel="real part", ylabel="imaginary part")
left.set_title("Eigenvalues of a step")
right.set(
    xlim=(0, 500),
    ylim=(5e-3, 10),
    xlabel="step",
    ylabel="distance",
    title="As forecast (dotted) until about 1",
)
curves.label_ends(right)
plt.show()

# %% [markdown]
# Near the origin the forecast is good (the dotted lines of 0.1 and 0.2 lie hidden under their curves). From a distance of about 1 on it is far too high: from $(1, 1)$ with $η = 0.2$ it gives $\sqrt 2 · 1.01^{250} = 17$ after 500 steps, and
# section 1 measured 3.10. The curve of $η = 0.5$ climbs in stairs and ends on a long level stretch, which is no limit cycle: the game is waiting in a corner where $φθ$ is large and the sigmoid almost flat. When it
# has crept out of that corner, the growth resumes. Checked below: from five starts at a distance of about 0.01, the forecast is right to 3 % after 100 steps, for all three rates.

# %% tags=["claim"]
for start in ((0.01, 0), (0, 0.01), (-0.01, 0), (0.007, 0.007), (0.005, -0.008)):
    for rate in rates:
        distance = radius(Rule(rate, rate).play(DiracGAN("minimax"), start, steps=100))
        assert abs(distance[-1] / (distance[0] * (1 + rate * rate / 4) ** 50) - 1) < 0.03

# %% [markdown]
# Near the middle the linear part decides: simultaneous steps have eigenvalues outside the circle, so *both* losses are pushed out of $(0,0)$. Why does the non-saturating one end on a limit cycle and minimax not? Because of the curvature that the linear
# part leaves out. Expand $σ(t) ≈ ½ + t/4$ in the non-saturating field, and let $r$ be the distance:
#
# $$ \tfrac{d}{dt}\tfrac{r^2}{2} = θ\dot θ + φ\dot φ = -\tfrac{φ^2θ^2}{2}, \qquad\text{which is } -\tfrac{r^4}{16} \text{ on average over a turn.} $$
#
# The flow pulls in, weakly near the middle and strongly far from it. A simultaneous step pushes out by $η^2r^2/4$ in $r^2$ and the flow pulls in by $ηr^4/8$. They balance at
#
# $$ r = \sqrt{2η}, $$
#
# which is 0.632 for $η = 0.2$: the loop that we saw. For minimax the pull is exactly zero ($θ\dot θ + φ\dot φ = 0$), so nothing stops the growth, which only gets slower as the sigmoid flattens. And with alternating
# steps, which do not push out, the pull alone is left: $r ≈ \sqrt{8/(ηn)}$ after many steps $n$. Both formulas against the game:

# %%
for rate in (0.05, 0.1, 0.2):
    end = radius(Rule(rate, rate).play(DiracGAN("non_saturating"), steps=8000)[-200:]).mean()
    print(f"η = {rate:4}: limit cycle at {end:.3f}, by the formula {np.sqrt(2 * rate):.3f}")
slow = radius(in_turn.play(DiracGAN("non_saturating"), steps=5000))[[2000, 5000]]
print(
    "alternating, after 2,000 and 5,000 steps:", slow.round(3), "by the formula:", np.sqrt([8 / 400, 8 / 1000]).round(3)
)

# %% tags=["claim"]
for rate in (0.05, 0.1, 0.2):
    end = radius(Rule(rate, rate).play(DiracGAN("non_saturating"), steps=8000)[-200:]).mean()
    assert abs(end / np.sqrt(2 * rate) - 1) < 0.06
assert (np.abs(slow / np.sqrt([8 / 400, 8 / 1000]) - 1) < 0.06).all()


# %% [markdown]
# > **Your turn.** How small must $η$ be for the limit cycle to lie within 0.1 of $(0, 0)$? And how many steps does a start at 0.01 then need to reach it?
#
# <details><summary>Solution</summary>
#
# $\sqrt{2η} = 0.1$ gives $η = 0.005$. Near the middle the distance grows by $\sqrt{1 + η^2/4}$ a step, that is by $η^2/8 = 3.1 × 10^{-6}$; from 0.01 to 0.1 it takes more than $\log(10) / (3.1 × 10^{-6})$, about 740,000 steps. A small rate
# makes the cycle small and slow to reach; it does not remove it.
#
# </details>
#
# ## 3 · A dozen remedies, computed
#
# A cure has to move the eigenvalues inside the circle. Most of what the literature proposes can be tried on this game in a line each. First the most used kind, a **gradient penalty**: a term in $D$'s loss that
# grows with the slope of its score.

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
# **R1** asks $D$ to be flat where the real data are, **R2** where the fakes are (Mescheder et al. 2018). In the Dirac-GAN the slope is $-φ$ everywhere, so R1 is $\frac{γ}{2}φ^2$ (and so is R2), and it adds $-γφ$ to the arrow: at last an entry on the
# diagonal. $J = \begin{pmatrix} 0 & -½ \\ ½ & -γ \end{pmatrix}$ has the eigenvalues $-\frac{γ}{2} ± \sqrt{\frac{γ^2}{4} - \frac14}$.
#
# > **Predict, then run.** Which $γ$ settles fastest? What happens when it is much larger? (In the figure, the size of an eigenvalue is $|λ|$.)

# %% alt="Two panels over the penalty's weight gamma from 0 to 12. Left, the size of a step's largest eigenvalue: falls from just above 1 to 0.9 at gamma 1, then climbs slowly towards 1 and crosses it at 10. Right, the distance after 500 steps, logarithmic: falls to about 1e-21 near gamma 1, rises to 0.1, and ends at a dotted line at 9.6, from which on the game diverges." tags=["hide-input"]
weights = np.linspace(0, 12, 121)
reached = radius(together.play(DiracGAN("minimax", "r1", weights))[-1])  # 121 games in one call
sizes = [abs(together.eigenvalues(DiracGAN("minimax", "r1", weight))).max() for weight in weights]
limit = weights[np.flatnonzero(~(reached < 10))[0]]
print(f"fastest at γ = {weights[np.nanargmin(reached)]:.1f}; from (1, 1) the game diverges from γ = {limit:.1f} on")
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.1))
left.plot(weights, sizes, color=style.DISCRIMINATOR)
curves.draw_reference(left, 1, "unit circle")
left.set(xlabel="γ", ylabel="largest eigenvalue of a step", title="R1 pulls inside, up to γ = 10")
right.semilogy(weights, np.where(reached < 10, reached, np.nan), color=style.FAKE)
right.axvline(limit, color=style.REFERENCE, ls=":")
right.annotate("diverges", (limit, 1e-15), xytext=(4, 0), textcoords="offset points", color=style.REFERENCE)
right.set(xlim=left.get_xlim(), xlabel="γ", ylabel="distance after 500 steps", title="From (1, 1) it works up to 9.6")
plt.show()

# %% [markdown]
# Checked below: with $γ = 0.3$ five starts come within $10^{-5}$ for both sigmoid losses, the fastest weight is near 1, and from $(1, 1)$ the game diverges between $γ = 9.4$ and 10.

# %% tags=["claim"]
for start in ((1, 1), (-1, 1), (1.4, 0), (0, -1.4), (0.5, 1.3)):
    for name in ("minimax", "non_saturating"):
        assert radius(together.play(DiracGAN(name, "r1", 0.3), start)[-1]) < 1e-5
assert abs(weights[np.nanargmin(reached)] - 1) < 0.2 and 9.4 < limit < 10

# %% [markdown]
# The best is $γ = 1$, where the root vanishes. Beyond, $D$ is held so tightly that it hardly responds to $G$, which then gets little to follow. From about $γ = 2/η = 10$ on the penalty's own step overshoots, by the eigenvalue. From $(1, 1)$ this happens a little earlier, at 9.6,
# because $D$'s loss is curved, too: by $θ^2/4$ near $φ = 0$, so the step overshoots where $η(γ + θ^2/4) > 2$. With $θ = 1$ that would be at 9.75; but $φ$ jumps from one sign to the other, which first drives $θ$ outwards to about 1.3, and there it is at 9.6. **A penalty can be too strong: first it is slow, then its own step diverges.**
#
# Now the others. $v$ is the field, $x = (θ, φ)$ the state, and a plain simultaneous step is $x_{t+1} = x_t + ηv(x_t)$.
#
# | remedy | formula | source |
# |---|---|---|
# | gradient penalty to slope 1 | adds $γ(\lvert φ \rvert - 1)^2$ to $D$'s loss | Gulrajani et al. 2017, [1704.00028](https://arxiv.org/abs/1704.00028) |
# | clipping | $φ$ is cut off at $±1$ | Arjovsky et al. 2017, [1701.07875](https://arxiv.org/abs/1701.07875) |
# | **instance noise** | $D$ sees $x + ε$ for real and fake $x$, $ε \sim \mathcal{N}(0, σ^2)$ | Sønderby et al. 2017, [1610.04490](https://arxiv.org/abs/1610.04490) |
# | **two time-scale update rule** | $D$ has a larger rate than $G$: $η_D > η_G$ | Heusel et al. 2017, [1706.08500](https://arxiv.org/abs/1706.08500) |
# | momentum | $m_t = βm_{t-1} + v(x_t)$, $\;x_{t+1} = x_t + ηm_t$; also with $β < 0$; with alternating steps $D$ moves first, and each player keeps its own $m$ | Gidel et al. 2019, [1807.04740](https://arxiv.org/abs/1807.04740) |
# | **optimism** | $x_{t+1} = x_t + η\,\bigl(2v(x_t) - v(x_{t-1})\bigr)$: the gradient plus its last change | Daskalakis et al. 2018, [1711.00141](https://arxiv.org/abs/1711.00141) |
# | **extragradient** | $x_{t+1} = x_t + ηv\bigl(x_t + ηv(x_t)\bigr)$: the gradient found one step ahead | Korpelevich 1976 |
# | **consensus optimisation** | $v - w\,\nabla\tfrac12\lVert v\rVert^2$ in place of $v$: both players also shorten the arrow | Mescheder et al. 2017, [1705.10461](https://arxiv.org/abs/1705.10461) |
# | averaging | report $\bar x_t = β\bar x_{t-1} + (1 - β)x_t$ | chapter 05 |
#
# In a rotation, optimism, extragradient and consensus optimisation share one idea: they use the arrow of a moment later, which has already turned inwards. Extragradient, for one, has $I + ηJ + η^2J^2$ for a step. Since $J^2 = -¼I$, its eigenvalues are $1 - η^2/4 ± ½ηi$,
# whose squared size $1 - η^2/4 + η^4/16$ is below 1.
#
# To count as *settled*, a game must come below a thousandth within 2,000 steps, from each of five starts at 1.41. All
# rows are played with simultaneous steps, except four with alternating ones: `alternating`, the faster $D$ and both rows of momentum. Compare the other three with `alternating`.
# (In the figure, 0 stands for less than $10^{-12}$.) Equal weights are not equal strengths: R1, $\frac{γ}{2}φ^2$, curves $D$'s loss by $γ$, and the gradient penalty, $γ(|φ| - 1)^2$, by $2γ$.

# %%
plain = {}
remedies = {
    "simultaneous": (together, plain),
    "alternating": (in_turn, plain),
    "R1, γ 0.3": (together, {"penalty": "r1", "weight": 0.3}),
    "R1 and R2, γ 0.3": (together, {"penalty": "r1_and_r2", "weight": 0.3}),
    "gradient penalty, γ 1": (together, {"penalty": "gradient_penalty", "weight": 1.0}),
    "clipping at 1": (Rule(clip=1.0), plain),
    "instance noise, σ 1": (together, {"noise": 1.0}),
    "D 16 times faster": (Rule(0.05, 0.8, alternating=True), plain),
    "momentum 0.5": (Rule(alternating=True, momentum=0.5), plain),
    "momentum −0.5": (Rule(alternating=True, momentum=-0.5), plain),
    "optimism": (Rule(optimism=1.0), plain),
    "extragradient": (Rule(extragradient=True), plain),
    "consensus, w 0.5": (together, "consensus"),
}
turns = 2 * np.pi * np.arange(5) / 5 + 0.3
starts = np.sqrt(2) * np.stack([np.cos(turns), np.sin(turns)], -1)  # five starts at a distance of 1.41


def play(name, loss, steps=2000):
    """The distances of all five trajectories, [steps + 1, 5]."""
    rule, options = remedies[name]
    field = consensus(DiracGAN(loss), 0.5) if options == "consensus" else DiracGAN(loss, **options)
    return radius(rule.play(field, starts, steps))


ends = {(name, loss): np.nan_to_num(play(name, loss)[-1], nan=np.inf) for name in remedies for loss in games}

# %% alt="A table as a heat map with thirteen remedies in rows and three losses in columns, each cell with the largest distance after 2,000 steps from five starts. Cells that settled are light and show at most 1e-4; R1, R1 and R2, optimism, extragradient and consensus are light for all three losses. Instance noise is light for minimax and non-saturating and diverges for Wasserstein. Simultaneous, alternating, clipping, gradient penalty, D 16 times faster and momentum 0.5 have no light cell for minimax." tags=["hide-input"]
worst = np.array([[ends[name, loss].max() for loss in games] for name in remedies])
figure, ax = plt.subplots(figsize=(7.2, 4.6))
ax.imshow(np.log10(np.clip(worst, 1e-6, 10)), cmap="Oranges", aspect="auto", vmin=-5, vmax=4)
for row, column in np.ndindex(worst.shape):
    value = worst[row, column]
    text = "diverges" if value > 1e3 else "0" if value < 1e-12 else f"{value:.0e}" if value < 0.01 else f"{value:.2f}"
    settled = value < 1e-3
    ax.text(column, row, text, ha="center", va="center", fontsize=10, weight="bold" if settled else "normal")
ax.set(xticks=range(3), xticklabels=[name.replace("_", "-") for name in games])
ax.set(yticks=range(len(remedies)), yticklabels=remedies)
ax.set_title("Farthest of five starts after 2,000 steps (bold: settled)")
plt.show()

# %% tags=["claim"]
for name in ("R1, γ 0.3", "R1 and R2, γ 0.3", "optimism", "extragradient", "consensus, w 0.5"):
    assert all((ends[name, loss] < 1e-3).all() for loss in games)
for name in ("simultaneous", "alternating", "D 16 times faster", "momentum 0.5"):  # none of these settles minimax
    assert ends[name, "minimax"].min() > 0.5
assert ends["instance noise, σ 1", "minimax"].max() < 1e-8 < 1e3 < ends["instance noise, σ 1", "wasserstein"].min()
assert (np.abs(ends["clipping at 1", "wasserstein"] - 1) < 0.5).all()
assert ends["momentum −0.5", "wasserstein"].max() < 1e-3

# %% [markdown]
# Go down the rows. Two remedies that are often recommended, clipping and a faster $D$, do not settle this game.
#
# - **Clipping** does not settle the Wasserstein GAN. It bounds $φ$, and so the loop; the trajectory goes round the box.
# - **Instance noise** works on a curved loss: near the equilibrium the noise adds $-\frac{σ^2}{2}φ$ to $D$'s part of the field, just as R1 would. On Wasserstein's straight loss the noise averages out and does nothing.
# - **A faster $D$** does not settle the game (its loops are only longer). With alternating steps the determinant is 1 for any two rates, and the trace is $2 - η_Gη_D/4$: the eigenvalues stay on the circle and depend only on the product of the rates.
# - **Momentum** of 0.5 makes it worse. A negative one pulls inwards if the steps alternate, slowly for the sigmoid losses.
# - **Optimism** and **extragradient** need no penalty, and pull weakly: the largest eigenvalue of a step is 0.995, against 0.975 for R1.
#
# And **averaging** does not change the trajectory, only what you report. The average of a circle is near its centre if the memory, $1/(1 - β)$ steps, is longer than a turn:

# %%
for name, rule in (("alternating", in_turn), ("simultaneous", together)):
    path = rule.play(DiracGAN("minimax"), starts, steps=1000)
    rounds = ((path[1:, :, 0] >= 0) & (path[:-1, :, 0] < 0)).sum(0)
    shown = [np.median(radius(average(path, decay)[-1])) for decay in (0.9, 0.99)]
    print(f"{name}: {(1000 / rounds).mean():.0f} steps a turn, {np.median(radius(path[-1])):.2f} away; "
          f"averages with β .9 and .99: {shown[0]:.2f}, {shown[1]:.2f}")  # fmt: skip

# %% tags=["claim"]
for name, size in (("R1, γ 0.3", 0.975), ("optimism", 0.995), ("extragradient", 0.995)):
    rule, options = remedies[name]
    assert round(abs(rule.eigenvalues(DiracGAN("minimax", **options))).max(), 3) == size
circling = in_turn.play(DiracGAN("minimax"), starts, steps=1000)
assert (radius(average(circling, 0.99)[-1]) < 0.25).all() and (radius(average(circling, 0.9)[-1]) > 0.8).all()
assert np.median(radius(average(together.play(DiracGAN("minimax"), starts, steps=1000), 0.99)[-1])) > 2

# %% [markdown]
# Alternating steps need 71 steps for a turn, so a memory of 100 steps ($β = 0.99$) averages over more than a whole one, and a memory of 10 does not. Simultaneous steps have moved outwards, where the players wait in the flat corners
# and a turn takes 367 steps: there a memory of 100 helps little.
#
# Play with all of it. Drag the start through the plane, press a preset, and look at the eigenvalues whenever you change something.

# %% alt="The lab with R1 of weight 0.3. Left: arrows around the origin and a trajectory that spirals into it. Middle: two eigenvalues inside the unit circle. Right: the distance falls in a straight line on the logarithmic axis."
from gan_lessons.labs.theory import DiracLab

lab = DiracLab(penalty="r1", weight=0.3)
lab

# %% [markdown]
# > **Your turn.** Choose `wasserstein` and `alternating`. Which of momentum, optimism and consensus can you set so that the distance falls below $10^{-6}$ within 500 steps?
#
# <details><summary>Solution</summary>
#
# Optimism of 0.7 or more and consensus of 0.15 or more, up to the ends of their sliders (at these smallest values, $9 × 10^{-7}$ and $4 × 10^{-7}$ from $(1, 1)$). Momentum cannot: from about $-0.3$ to $-0.9$ the distance falls, but only to 0.07 or so in 500 steps, and with a positive
# momentum of 0.3 the game diverges.
#
# </details>
#
# ## 4 · The gradient penalty with target 1
#
# The penalty of Gulrajani et al. deserves a look of its own, because it is widely used. It pulls the slope between real and fake samples to 1, the slope that the best Wasserstein $D$ has there. In the Dirac-GAN,
# $γ(|φ| - 1)^2$ has two valleys, at $φ = 1$ and at $φ = -1$, and a ridge at the very place where the game should end, $φ = 0$. So what does it do?

# %% alt="Two phase planes for Wasserstein with the gradient penalty. Left, gamma 0.3: three trajectories spiral outwards onto the same limit cycle around the origin, at a distance of about 1.9. Right, gamma 1: the trajectories run without a full turn to theta = -2 or +2 with phi = 0, far from the cross at the origin." tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.7))
for ax, weight, title in zip(axes, (0.3, 1.0), ("γ = 0.3: round and round", "γ = 1: G stops in the wrong place")):
    field = DiracGAN("wasserstein", "gradient_penalty", weight)
    paths = {f"start {k + 1}": together.play(field, start) for k, start in enumerate(starts[::2])}
    draw_plane(ax, field, paths, limit=3, title=title)
axes[0].set_ylabel(PLAYERS["ylabel"])
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
plt.show()

# %% tags=["claim"]
for weight in (1.0, 2.0, 3.0):
    stopped = together.play(DiracGAN("wasserstein", "gradient_penalty", weight), starts, steps=1000)[-1]
    print(f"γ = {weight:.0f}: G stops at θ =", (stopped[:, 0] + 0).round(2))
    assert (np.abs(np.abs(stopped[:, 0]) - 2 * weight) < 0.02).all() and (np.abs(stopped[:, 1]) < 0.02).all()
cycling = radius(together.play(DiracGAN("wasserstein", "gradient_penalty", 0.3), starts)[-200:])
assert cycling.min() > 1

# %% [markdown]
# With a weight of 0.3 it ends on a limit cycle. With a weight of 1, 2 or 3 it *stops*: $2γ$ away from the data, with a flat $D$. There the pull of the data on $φ$, which is $θ$, is just balanced by the penalty's push off the ridge, $2γ$. (With the two sigmoid losses the pull is only $½θ$, as $σ(0) = ½$, so the balance lies at $4γ$: the 4.00 in section 3's figure. It
# is a fragile balance: on the other side of $φ = 0$ the push has the other sign.) On a line a slope cannot get from $+1$ to $-1$ without crossing the ridge; in two or more dimensions it can turn round instead, so this
# is a warning about the Dirac-GAN and not yet about networks. Section 5 asks networks.
#
# > **Your turn.** R1 has its valley at slope 0. Replace the gradient penalty by R1 of weight 1 for the same Wasserstein game, from the same starts. Where does $G$ stop?
#
# <details><summary>Solution</summary>
#
# `radius(together.play(DiracGAN("wasserstein", "r1", 1.0), starts)[-1])` is below $10^{-18}$ for all five: on the data. The linear part is $\begin{pmatrix} 0 & -1 \\ 1 & -1\end{pmatrix}$, with eigenvalues $-½ ± ½\sqrt{3}\,i$.
#
# </details>
#
# > **Your turn.** Why does it stop at $γ = 1$ and not at 0.3? Take the point $θ = -2γ$ with $φ$ just above 0, where the Jacobian is $\begin{pmatrix} 0 & -1 \\ 1 & -2γ \end{pmatrix}$. From which $γ$ on are its eigenvalues real?
#
# <details><summary>Solution</summary>
#
# $λ = -γ ± \sqrt{γ^2 - 1}$, real from $γ = 1$ on. Then $φ$ can sink to 0 without a swing to the other side. Below 1 the eigenvalues are complex: the trajectory turns, $φ$ changes its sign, the penalty pushes the other way, and the game goes on. From the five starts it still circles with $γ = 0.99$, and with
# $γ = 1$ it stops.
#
# </details>
#
# ## 5 · Does the ring agree?
#
# Two numbers are not two networks. The ring of chapter 05 is the first real test, with populations. We need a number for "still circling" that works for any GAN. The losses do not show it (chapter 05). But we can watch the samples: keep
# some noise vectors fixed, and measure how far their samples move within 50 steps, root mean square. Call it **restlessness**. The ring has radius 2: a restlessness of 3 means that points jump from one side to the other. A constant learning rate leaves about 0.1
# even when nothing circles, so we call a run *settled* below 0.3. (A smaller rate leaves less, and a generator with a small rate is therefore judged leniently.)
#
# All five settings below use the non-saturating loss, with Adam and, but for the first, with alternating steps.

# %%
from tqdm.auto import tqdm

from gan_lessons.recipes.ring import Ring
from gan_lessons.sweeps import Setting, Sweep

data = Ring.mixture.sample(20_000, seed=1) / Ring.scale
settings = {
    "simultaneous": Setting(update="simultaneous"),
    "alternating": Setting(),
    "R1, γ 0.1": Setting(penalty="r1", penalty_weight=0.1),
    "gradient penalty, γ 1": Setting(penalty="gradient_penalty", penalty_weight=1.0),
    "D 4 times faster": Setting(discriminator_rate=4e-3),
}

# %%
sweep, seen = Sweep(data, list(settings.values()), SEEDS), []
for step in tqdm(sweep.train(1000), total=1000, leave=False):
    if step % 50 == 0:
        seen.append(sweep.sample(500, average=False) * Ring.scale)
restlessness = torch.stack([after - before for before, after in pairwise(seen)]).square().sum(-1).mean(-1).sqrt()

# %% alt="Left: restlessness over 1,000 steps, logarithmic, five curves with bands, labelled at their ends. The faster D falls below 0.3 by step 200 and ends near 0.12; R1 is at 0.3 after 500 steps and at 0.17 after 1,000; alternating, simultaneous and the gradient penalty stay above 2 in the median. Right: fakes of seed 0 after 1,000 steps over circles at the eight islands: those of R1 lie on the islands and on bridges between them, those of simultaneous steps in one clump outside the ring." tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.7), width_ratios=(1.35, 1))
for k, (name, color) in enumerate(zip(settings, style.CATEGORIES)):
    curves.draw_curve(axes[0], torch.arange(2, 21) * 50, restlessness[:, k], color, name)
axes[0].set(xlim=(0, 1000), ylim=(0.05, 6), yscale="log", ylabel="restlessness in 50 steps")
axes[0].set_title("R1 and a faster D settle within 1,000 steps")
curves.label_ends(axes[0])
for k in (0, 2):
    axes[1].scatter(*seen[-1][k, 0].T, s=6, color=style.CATEGORIES[k], lw=0)
axes[1].scatter(*Ring.mixture.centres.T, s=60, facecolors="none", edgecolors=style.REAL, lw=1.2)
axes[1].text(0, 0, "R1:\nthe ring", color=style.CATEGORIES[2], ha="center", va="center")
axes[1].text(-3.3, 3.4, "simultaneous", color=style.CATEGORIES[0])
axes[1].set(xlim=(-4, 4), ylim=(-4, 4), aspect="equal", title="Seed 0 after 1,000 steps")
axes[1].axis("off")
plt.show()

# %% tags=["claim"]
late = restlessness[-5:].mean(0)  # [settings, seeds]
for name, row in zip(settings, late):
    print(f"{name:22}", [f"{value:.2f}" for value in row])
at_once, alternately, with_r1, with_gp, faster = late
assert faster.max() < 0.35 and with_r1.max() < 0.35  # seeds 100 to 104 and 200 to 204: 0.12 and 0.20
assert (at_once > 0.8).sum() >= 3 and (with_gp > 0.8).sum() >= 3  # the same seeds: 4 and 5; 5 and 5
assert at_once.median() > 5 * with_r1.median()

# %% [markdown]
# (Left, the lines are medians of five seeds, and the bands hold their middle half.) Much of the small game is here again. **Simultaneous** steps keep all five seeds jumping across the ring. **R1** calms all five: its median falls below 0.3 soon after step 500. By the last 250 steps none of the five alternating
# seeds without a penalty has settled (the calmest is at 0.34), and all five with R1 have: 0 of 5 against 5 of 5, $p = .008$ by Fisher's exact test. The **gradient penalty** of weight 1 keeps four of five seeds restless; with this loss and weight, two numbers did not circle but stopped at $4γ$ (sections 3 and 4).
#
# One thing is *not* as forecast. **A faster $D$** did not settle two numbers, and it settles all five seeds here. A likely reason: in the Dirac-GAN a faster $D$ has no best answer to run to, because its best slope is infinite; on the ring it does have one, and a $D$ that keeps near it gives $G$
# a loss that changes little from step to step. (The two experiments also differ: there $D$'s rate rose and $G$'s fell, so that their product stayed the same; here only $D$'s rises.)
#
# We ran the same on ten seeds, twice as long, for nineteen settings, and stored the record. Ten seeds are few, so we compare counts of settled runs by Fisher's exact test (two-sided) and speak of a difference where $p < .05$. In the figure, rows that begin with "…" use the Wasserstein loss, like the row
# `Wasserstein` above them; at the right stand the settled seeds, the averaged generators that cover all eight islands, and the averages' median quality.

# %% alt="A dot plot with nineteen rows and ten seeds each: restlessness on a logarithmic axis with a dashed line at 0.3. R1, R1 and R2, minimax, faster D, slower G, optimism and consensus have all ten dots left of the line; plain, spectral norm, instance noise, momentum 0 and Wasserstein with R1 have one to three right of it; Wasserstein with the gradient penalty has four; simultaneous, the non-saturating gradient penalty, momentum 0.9, bare and clipped Wasserstein have six to ten. At the right the number of settled seeds and the median quality of the averaged generator are written in each row." tags=["long", "hide-input"]
import json
from pathlib import Path

record = json.loads(Path("results/penalties.json").read_text())
table, names = record["remedies"], record["remedies"]["names"]
settled = {name: sum(value < 0.3 for value in row) for name, row in zip(names, table["restlessness"])}
complete = {name: sum(modes == 8 for modes in row) for name, row in zip(names, table["averaged_modes"])}
quality = {name: np.median(row) for name, row in zip(names, table["averaged_high_quality"])}
print(f"{record['date']}: {table['steps']:,} steps, {len(record['seeds'])} seeds each, {record['machine']}")
figure, ax = plt.subplots(figsize=(7.2, 5.4))
ax.axvline(0.3, color=style.REFERENCE, ls="--", lw=1)
for row, (name, values) in enumerate(zip(names, table["restlessness"])):
    ax.plot(values, [row] * len(values), "o", color=style.FAKE, ms=5, alpha=0.5, lw=0)
    ax.text(
        6.5,
        row,
        f"{settled[name]:2} settled, {complete[name]:2} complete, {quality[name]:3.0%}",
        va="center",
        fontsize=9,
    )
ax.set(xscale="log", xlim=(0.03, 6), xlabel="restlessness (left of the dashed line: settled)")
ax.set(yticks=range(len(names)), yticklabels=names)
ax.set_title("R1, optimism, consensus and unequal rates settle in every seed", pad=16)
ax.text(6.5, -0.95, "of ten seeds; quality", va="center", fontsize=9, color=style.REFERENCE)
ax.invert_yaxis()
plt.show()

# %% [markdown]
# Take the figure's title for the non-saturating loss. Minimax settles in every seed, too; with Wasserstein, R1 settles nine, and the tenth lies just right of the line. And of the two rows with unequal rates, read the slower $G$ with care: its samples move less in any 50 steps, so its low
# restlessness is partly just its rate.
#
# Which baseline is fair? All settings of the record alternate, except *simultaneous* and *consensus*, where both players move at once. So consensus is to be compared with *simultaneous*, the rows with "…" with *Wasserstein*, and every other row with *plain*
# (non-saturating, $β_1 = 0.5$): against simultaneous steps its test would mix the remedy with the alternation. For six rows the cell prints both tests: first the one against *simultaneous*, with its interval, which is fair for consensus only; then the $p$-value against *plain*, which is fair for the other five.

# %% tags=["claim", "long"]
for name in ("R1, 0.1", "R1 and R2, 0.1", "optimism, 1", "consensus, 0.1", "minimax", "D 4 times faster"):
    against = [comparisons.shares(settled[name], 10, settled[other], 10) for other in ("simultaneous", "plain")]
    print(f"{name:17} settled {settled[name]:2} of 10; simultaneous: {against[0]}; plain: p = {against[1].p:.2f}")
    assert against[0].clear and not against[1].clear
for name in ("gradient penalty, 1", "momentum 0.9", "Wasserstein", "… clipped, 0.1"):
    print(f"{name:20} settled {settled[name]} of 10")
    assert comparisons.shares(settled["R1, 0.1"], 10, settled[name], 10).clear
assert comparisons.shares(settled["… R1, 1"], 10, settled["Wasserstein"], 10).clear
gain = {name: comparisons.means(a, b, paired=True)
        for name, a, b in zip(names, table["averaged_high_quality"], table["high_quality"])}  # fmt: skip
assert all(
    gain[name].clear and gain[name].difference > 0.1 for name in ("R1, 0.1", "R1, 1", "optimism, 1", "consensus, 0.1")
)

# %% [markdown]
# Against the fair baselines, four things on the ring are clear. R1 settles *sooner* than no penalty (above, after 1,000 steps: 5 of 5 seeds against 0 of 5). R1 rescues the Wasserstein loss (9 of 10 against 1). Without it, Wasserstein settles fewer seeds than *plain* (1 against 7, $p = .020$). And consensus rescues simultaneous steps (10 against 4).
# Whether the other rows with all ten settled really do better than *plain* with its seven, ten seeds cannot say ($p = .21$); still less for spectral norm and instance noise, with nine each ($p = .58$).
#
# Now beside section 3. The rows compare tendencies, not like with like: two numbers are played with plain gradient steps, simultaneous unless the row says otherwise; the networks use Adam ($β_1 = 0.5$ unless the row says otherwise), and alternate in all rows but *simultaneous* and *consensus*. The $p$-values are those of single tests, not corrected for their number.
#
# | | two numbers | networks on the ring: how many of ten seeds settle |
# |---|---|---|
# | simultaneous steps | limit cycle (non-saturating), outwards (minimax) | 4 |
# | alternating steps | creep inwards (non-saturating), circle (minimax) | 7 (non-saturating: *plain*), 10 (minimax); no clear difference, $p = .21$ |
# | R1, R1 with R2, optimism | settle | 10 each; against *plain* no clear difference, $p = .21$ |
# | consensus | settles | 10, against 4 with *simultaneous*, $p = .011$ |
# | momentum, alternating | 0.5 is worse than 0 | 3 with 0.9, 7 with 0.5 (*plain*), 9 with 0; between 0.9 and 0.5 no clear difference, $p = .18$ (between 0.9 and 0, a comparison that we chose afterwards, $p = .020$) |
# | Wasserstein | grows; alternating, circles | 1 |
# | Wasserstein, clipped | goes round the box | 0 |
# | Wasserstein with R1 | settles | 9, against 1 without, $p = .001$ |
# | gradient penalty, target 1 | circles, or stops in the wrong place | non-saturating 3, no clear difference from *plain*, $p = .18$ (fewer than the 10 of R1, $p = .003$); Wasserstein 6, no clear difference from the 1 without, $p = .057$ |
# | a faster $D$, alternating | does not settle | 10; against *plain* no clear difference, $p = .21$ |
# | averaging | the centre of the circle | raises quality with R1, optimism and consensus by more than 10 points on average (paired $t$-test, checked in the cell above) |
#
# So consensus and R1 do on the ring what the small game forecasts. But agreement need not mean the same cause. Play two numbers as the networks
# are played, with `Rule(alternating=True, momentum=0.5)`: R1 of weight 0.3 still settles both sigmoid losses, but add `optimism=1.0` and neither has settled after 2,000 steps. And the ring can do better than the forecast, most plainly with a faster $D$ and with alternating minimax, in every seed; also in the four simultaneous seeds that settle, and in six with Wasserstein and the gradient penalty. The small game has no minibatches, no Adam,
# and no optimal $D$ of finite slope; each may play a part.
#
# **Minimax**, often said to be hardly trainable, settles here in every seed, and its averages are complete in all ten. (At six times the rate, in chapter 06's record, it did worse: 16 % quality against the plain GAN's 40 %.) Chapter 04 said when to expect that: while the players are evenly matched. And **a settled run can still miss modes**:
# a faster $D$ settles in all seeds, and its averages have the highest median quality of all rows, 64 %; yet two of the ten are not complete.
#
# > **Your turn.** The authors of the gradient penalty use a weight of 10, five steps of $D$ for each of $G$, and a tenth of our learning rate. Add that setting to the sweep (`discriminator_steps=5`, `loss="wasserstein"`). Does it settle within 1,000 steps?
#
# <details><summary>Solution</summary>
#
# ```python
# settings["authors' way"] = Setting(loss="wasserstein", penalty="gradient_penalty", penalty_weight=10.0,
#                                    generator_rate=1e-4, discriminator_rate=1e-4, discriminator_steps=5)
# ```
#
# Not within 1,000 steps: the restlessness of the five seeds is 0.65 to 0.94 there, no lower than the 0.61 to 0.71 at step 250. And beware of reading a low value alone: at a tenth of the rate the samples move less in a step, so look at the quality beside it, and train ten times as long before you judge.
#
# </details>
#
# ## 6 · One slider, three GANs
#
# How strong should a penalty be? Three GANs answer to one slider: the Dirac-GAN, computed live; ten seeds trained on the ring; and a GAN of handwritten digits, like those of chapter 09. All three use the relativistic loss of chapter 04 with R1 and R2 of the same weight $γ$. Ring and digits
# come from stored runs; the slider picks the nearest. The digits are scored by the Fréchet distance of chapter 08, between the features of generated and of real pictures; 1 would be as far away as pure noise.
#
# In the lab, the black dot marks the start, and the thin dashed curves the lowest and the highest of the ten seeds. The lower axes show $\log_{10} γ$, so $-1$ is $γ = 0.1$.

# %% alt="The lab at gamma = 0.1. Above: a spiral into the origin for the Dirac-GAN, the ring's fakes on all eight islands with a few bridges, and rows of handwritten digits, most of them readable. Below: the Dirac-GAN's distance falling over 500 steps, the ring's quality and modes over the logarithm of gamma, and the distance of the digits' distribution from the real one over it, with a dashed line at the present gamma." tags=["long"]
from gan_lessons.labs.theory import PenaltyLab

slider = PenaltyLab("results/penalties")
slider

# %% tags=["claim", "long"]
ring = record["ring"]
kl, sharp = (np.median(ring[name], 1) for name in ("averaged_kl", "averaged_high_quality"))
lowest = np.min(ring["averaged_high_quality"], 1)
for k, weight in enumerate(ring["weights"]):
    dirac = radius(Rule(alternating=True).play(DiracGAN("relativistic", "r1_and_r2", weight))[-1])
    print(f"γ {weight:7.4f}: Dirac {dirac:.0e}, ring KL {kl[k]:.3f}, quality {sharp[k]:.0%} (worst {lowest[k]:.0%})")
middle = [k for k, weight in enumerate(ring["weights"]) if 0.01 <= weight <= 1]
assert kl[middle].max() < 0.02 < 0.05 < kl[0] and lowest[middle].min() > lowest[0] + 0.2
assert sharp[middle].min() > 0.6 > sharp[-1] and np.ptp(sharp[middle]) < 0.1

# %% [markdown]
# (`nan` stands for a game that has diverged.) The Dirac-GAN is sensitive: a tenth of the best weight is slow, ten times as much is slow again, and thirty times diverges. The *averaged* generators of the ring are far more forgiving. From 0.01 to 1, two powers of ten, their medians hardly move. At 0.001 the islands fill less evenly (a median KL of 0.10, against 0.01 at 0.1), and one seed of ten falls to a quality of 21 %.
# A strong penalty costs sharpness: a median of 56 % at 10, against 68 % at 0.1 (paired $t$-test over the seeds, $p < .001$). (Adam rescales each gradient, a likely reason why a strong penalty does not overshoot here as it does in the Dirac-GAN.)
#
# But averages hide what the *present* generators do. In the same record their median restlessness rises with the weight, from 0.10 at 0.001 to 0.12 at 0.1 and 0.24 at 10, and their median quality falls from 47 % at 0.1 to 33 % at 0.32 and 25 % at 10. (Against 0.1, the fall is clear at 10, $p = .003$, and not at 0.32, $p = .19$, by the same paired test. These numbers, and the test above, are computed from the stored `results/penalties.json`: its entries `restlessness`, `high_quality` and `averaged_high_quality` under `ring`.)
#
# The digits (trained on all 5,000 pictures and scored on the same ones) are one run for each weight, so do not read more into their curve than that most of them are readable.
#
# So do not search for $γ$ to two digits. Try 0.1, move by factors of ten, and compare the KL and the worst seed's quality over several seeds, for the present generator as well as for the average. Restlessness alone would mislead you: it says only whether the game still circles, and it is lowest here at the two
# smallest weights, where the averages' KL is highest. And 0.1 is a first guess for data of about unit size, as here. R1 measures the slope in units of the data: multiply every $x$ by $c$, and the slopes of the same $D$ are divided by $c$, so that the same penalty needs $γc^2$.
#
# > **Your turn.** Move the slider from the left end to the right, slowly. At which weight does each of the three GANs first look wrong to you?
#
# <details><summary>Solution</summary>
#
# The Dirac-GAN at both ends: it has not arrived at 0.001 and diverges at 10. The ring at 0.001, where the islands are filled unevenly, and at 10, where bridges and blur grow. The digits, to our eyes, nowhere.
#
# </details>
#
# ## Debugging card
#
# | what it looks like | what to test | what to change |
# |---|---|---|
# | samples of fixed noise keep jumping | restlessness over training: does it fall? | R1 with γ = 0.1, alone or with R2; alternating steps; lower momentum |
# | everything settles, but slowly, with a flat $D$ | $D$'s mean slope; γ a tenth as large | a smaller penalty |
# | the loss of $D$ blows up within a few steps after raising γ | $η$ times γ against 2 (plain gradient steps) | a smaller γ or a smaller rate |
# | average looks fine, present generator does not | restlessness of the present generator | report the average; to calm the present one, a slower generator or a falling rate ([chapter 06](06_mode_collapse.ipynb)) |
# | settled, and modes are missing | modes of the average ([chapter 06](06_mode_collapse.ipynb)) | this is not about convergence: remedies of chapter 06 |
#
# ## What we saw
#
# - Two players make a field of arrows, and near $(0, 0)$ it is a rotation: neither player's own loss is curved in its own number.
# - Simultaneous minimax steps have eigenvalues of size $\sqrt{1 + η^2/4} > 1$ for every rate; alternating ones lie on the unit circle. The non-saturating loss balances that push on a limit cycle of radius $\sqrt{2η}$.
# - R1, R1 with R2, optimism, extragradient and consensus pull the eigenvalues of simultaneous steps inside, for all three losses tried. Instance noise does so only for curved losses. Clipping, and with alternating steps unequal rates and ordinary momentum, do not.
# - A penalty can be too strong: slow first, then its own step diverges.
# - On the ring, with Adam, R1 settles sooner than no penalty and rescues the Wasserstein loss, and consensus settles more seeds than simultaneous steps alone. For the other remedies, the counts of ten seeds show no clear difference from their baseline. A faster $D$ and alternating minimax do better than forecast. Averaging sharpens the runs with R1, optimism and consensus.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Simultaneous steps of minimax in the Dirac-GAN spiral outwards. What does a smaller learning rate change?
#    <details><summary>A · The spiral turns inwards</summary><b>No.</b> The eigenvalues are larger than 1 in size for every rate.</details>
#    <details><summary>B · It circles at a constant distance</summary><b>No.</b> Only the limit of ever smaller steps does.</details>
#    <details><summary>C · It spirals outwards more slowly</summary><b>Right.</b> No rate saves it.</details>
# 2. What does R1 add that makes the game settle?
#    <details><summary>A · More data</summary><b>No.</b> It looks at the same samples.</details>
#    <details><summary>B · Friction: it pulls the discriminator towards a flat score at the data</summary><b>Right.</b> So the circle becomes a spiral inwards.</details>
#    <details><summary>C · A larger step</summary><b>No.</b> The steps stay as they are.</details>
# 3. The averaged generator looks fine. Has the training converged?
#    <details><summary>A · Not necessarily: look at how much the present one still moves</summary><b>Right.</b> The average hides the circling.</details>
#    <details><summary>B · Yes</summary><b>No.</b> The average of a circle lies near its centre.</details>
#    <details><summary>C · Only if the losses are equal</summary><b>No.</b> The losses do not show that, either.</details>
#
# ### In your own words
#
# 1. Why can no learning rate save simultaneous minimax in the Dirac-GAN?
#    <details><summary>Answer</summary>Its step has the eigenvalues $1 ± ½ηi$, of size $\sqrt{1 + η^2/4}$, which is more than 1 for every $η$. A small rate only makes the spiral slower.</details>
# 2. The eigenvalues are the same for minimax and for the non-saturating loss. Why do the two games end differently?
#    <details><summary>Answer</summary>Near the middle they do the same: simultaneous steps push both out. Farther out the curvature counts: the non-saturating field pulls in by $r^4/16$, which balances the push at $r = \sqrt{2η}$; minimax has no such pull.</details>
# 3. Your $D$ has R1 with weight 100 and learns nothing. Which two things may have happened?
#    <details><summary>Answer</summary>The penalty holds $D$ flat, so that it answers $G$ very slowly; or the penalty's own step overshoots, since the learning rate times its curvature is beyond 2 (with plain gradient steps; Adam rescales them).</details>
# 4. Why does instance noise help minimax and not Wasserstein in the Dirac-GAN?
#    <details><summary>Answer</summary>The mean of a straight line over symmetric noise is the line itself. A curved loss, averaged over noise of variance $σ^2$, gains a term that grows with $φ^2$, like R1.</details>
# 5. You report the average of a generator's weights and it looks fine. Has the training converged?
#    <details><summary>Answer</summary>Not necessarily: the average of a circle is near its centre. Look at the restlessness of the present generator, too.</details>
#
# ## Further reading
#
# - Mescheder, Geiger & Nowozin 2018, *Which Training Methods for GANs do actually Converge?* ([arXiv:1801.04406](https://arxiv.org/abs/1801.04406)): the Dirac-GAN, R1 and R2; this chapter follows it.
# - Mescheder, Nowozin & Geiger 2017, *The Numerics of GANs* ([arXiv:1705.10461](https://arxiv.org/abs/1705.10461)): eigenvalues, and consensus.
# - Nagarajan & Kolter 2017, *Gradient descent GAN optimization is locally stable* ([arXiv:1706.04156](https://arxiv.org/abs/1706.04156)): when the data have a density.
# - Gulrajani et al. 2017, *Improved Training of Wasserstein GANs* ([arXiv:1704.00028](https://arxiv.org/abs/1704.00028)): the gradient penalty.
# - Daskalakis et al. 2018, *Training GANs with Optimism* ([arXiv:1711.00141](https://arxiv.org/abs/1711.00141)).
# - Gidel et al. 2019, *Negative Momentum for Improved Game Dynamics* ([arXiv:1807.04740](https://arxiv.org/abs/1807.04740)).
#
# [← 06 Mode collapse](06_mode_collapse.ipynb) · [contents](00_start.ipynb) · [assignment](assignments/release/07_convergence/07_convergence.ipynb) · **Next:** [08 Measuring a GAN →](08_measuring_a_gan.ipynb): which number can you trust?
