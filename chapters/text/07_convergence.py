# %% [markdown]
# # 07 · Convergence
#
# [← 06 Mode collapse](06_mode_collapse.ipynb) · [contents](00_start.ipynb) · [08 Measuring a GAN →](08_measuring_a_gan.ipynb) · [assignment](assignments/release/07_convergence/07_convergence.ipynb)
#
# **Why do GANs circle, and what makes them settle?**

# %% alt="A moving picture of four phase planes, all from (1, 1). With simultaneous steps the trajectory spirals slowly outwards; with alternating steps it goes round on a closed loop; with R1 it spirals quickly into the centre; with optimism it spirals slowly inwards and at the last frame still circles the centre." tags=["hide-input"]
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure

from gan_lessons import losses, results
from gan_lessons.dynamics import DiracGAN, Rule, average, consensus, eigenvalues, radius
from gan_lessons.metrics import comparisons
from gan_lessons.plots import curves, diagrams, style
from gan_lessons.plots.motion import Animation

torch.set_num_threads(1)  # small networks are fastest on one thread
torch.manual_seed(7)
style.use()
SEEDS = range(10)
PLAYERS = {"xlabel": "θ (where G is)", "ylabel": "φ (D's downward slope)"}

four = {
    "simultaneous: out": Rule().play(DiracGAN()),
    "alternating: round": Rule(alternating=True).play(DiracGAN()),
    "R1: arrives": Rule().play(DiracGAN(penalty="r1", weight=0.3)),
    "optimism: slowly in": Rule(optimism=1.0).play(DiracGAN()),
}
frames = []
for step in range(4, 241, 8):
    figure = Figure(figsize=(7.2, 2.5), dpi=150, layout="constrained")
    for panel, (name, path) in zip(figure.subplots(1, 4), four.items()):
        panel.plot(*path[max(step - 60, 0) : step + 1].T, color=style.FAKE, lw=1.5)
        panel.plot(*path[step], "o", color=style.FAKE, ms=7)
        panel.plot(0, 0, "+", color=style.REAL, ms=11, mew=2)
        panel.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", xticks=[], yticks=[], title=name, xlabel="θ")
    figure.axes[0].set_ylabel("φ")
    figure.supxlabel(f"step {step}", fontsize=10)
    frames.append(figure)
Animation(frames, milliseconds=100, colors=32, width=720)

# %% [markdown]
# One tiny GAN with the minimax loss and learning rates of 0.2, played in four ways from (1, 1). Across is where the generator is (θ); up, how steeply the discriminator's score falls (φ). The game should end at the blue cross.
#
# By the last frame only R1, a penalty on the discriminator, has arrived. Why? And does the same hold for real networks?
#
# **You will** shrink a GAN to two numbers, watch it circle, and try many remedies.
#
# **You will learn** to
# - read a two-player game as a field of arrows and forecast it from its eigenvalues,
# - say what R1, clipping, optimism and other remedies can and cannot do,
# - measure how restless any GAN is, and choose a penalty's weight.
#
# **You will need** chapters 04 and 05, eigenvalues of a $2 × 2$ matrix (reminder in section 2), and a minute of computing.
#
# In the GAN's diagram, look at the dashed gradient arrows: where do they lead?

# %% alt="Block diagram of a GAN with the dashed gradient arrows in full colour: from the losses to the discriminator, and on through the fake to the generator. The discriminator, the generator and the losses are lit; noise and data are pale." tags=["hide-input"]
diagrams.gan(lit=("generator", "discriminator", "losses", "gradients"))


# %% [markdown]
# ## 1 · A GAN of two numbers
#
# **Two players walk downhill, each on its own loss. Where do they end?** A single network stops at the bottom. In a GAN each player's step changes the other's loss.
#
# In the minimax game $G$ minimises what $D$ maximises. So it should end at a **saddle point**, where the value rises in some directions and falls in others.
#
# The smallest GAN is the **Dirac-GAN** of Mescheder et al. 2018 ([arXiv:1801.04406](https://arxiv.org/abs/1801.04406)):
#
# - the data are one point, at $x = 0$;
# - the generator makes one point, at $x = θ$;
# - the discriminator is a straight line, $s(x) = -φx$: $φ$ says how steeply its score falls.
#
# The game is over at the centre, $θ = φ = 0$: the fake lies on the real point, and $D$ is flat.
#
# Each player moves against its own loss's slope. The two moves make an arrow, and the arrows at all states $(θ, φ)$ a **vector field** $v(θ, φ)$. At $(1, 1)$:

# %%
def arrow(loss, theta, phi):
    """Where (θ, φ) want to go: minus the slope of G's loss in θ, minus that of D's loss in φ."""
    theta, phi = (torch.tensor(float(number), requires_grad=True) for number in (theta, phi))
    real_score, fake_score = torch.zeros(1), (-phi * theta)[None]
    result = loss(real_score, fake_score)
    return [-float(torch.autograd.grad(value, own, retain_graph=True)[0])
            for value, own in ((result.generator, theta), (result.discriminator, phi))]  # fmt: skip


for loss in (losses.minimax, losses.non_saturating, losses.wasserstein):
    print(f"{loss.__name__:15} at (1, 1):", np.round(arrow(loss, 1, 1), 2))

# %% [markdown]
# Here the fake is too far right. Every loss sends $θ$ left and tilts $D$ further down. The strengths 0.27 and 0.73 are $σ(-1)$ and $σ(1)$, where $σ$ is the sigmoid; Wasserstein, without a sigmoid, pushes both with 1. In general the arrows $(\dot θ, \dot φ)$, where a dot marks a speed, are in this order
#
# $$ \bigl(-φ\,σ(-φθ),\; θ\,σ(-φθ)\bigr), \qquad \bigl(-φ\,σ(φθ),\; θ\,σ(-φθ)\bigr), \qquad (-φ,\; θ). $$
#
# $φ$ pushes $θ$ down, and $θ$ pushes $φ$ up. **That is a rotation.** Follow it by quarter turns:

# %% alt="Four small graphs of the discriminator's straight green score over x, with the real point in blue at 0. First the fake is right of 0, and green arrows tilt the flat score down at the right. Then the fake lies on the real point, the score falls steeply, and an orange arrow pushes the fake to the left. The last two panels are the mirror images: the fake left of 0, then at 0 and pushed to the right." tags=["hide-input"]
titles = ("1: D tilts down", "2: G is pushed left", "3: D tilts up", "4: G is pushed right")
figure, axes = plt.subplots(1, 4, figsize=(7.2, 2.1), sharey=True)
for ax, title, (theta, phi) in zip(axes, titles, ((1.2, 0), (0, 1.4), (-1.2, 0), (0, -1.4))):
    push = dict(arrowstyle="->", lw=2, shrinkA=0, shrinkB=0)
    if phi:  # D is steep, and G follows its slope
        ax.annotate("", (-phi, -2.3), (0, -2.3), arrowprops=push | {"color": style.FAKE})
    for side in () if phi else (-1.9, 1.9):  # D is flat, and lowers the fake's side
        push["color"] = style.DISCRIMINATOR
        ax.annotate("", (side, -side * theta / 1.4), (side, 0), arrowprops=push)
    ax.plot([-2.1, 2.1], [2.1 * phi, -2.1 * phi], color=style.DISCRIMINATOR, lw=1.8)
    ax.plot(0, -2.3, "o", color=style.REAL, ms=12)
    ax.plot(theta, -2.3, "o", color=style.FAKE, ms=7)
    ax.set(xlim=(-2.3, 2.3), ylim=(-3, 3), xticks=[0], yticks=[0], xlabel="x", title=title)
axes[0].set_ylabel("D's score s(x)", color=style.DISCRIMINATOR)
axes[0].text(0, -1.8, "real", color=style.REAL, fontsize=9, ha="center", va="bottom")
axes[0].text(1.2, -1.8, "fake", color=style.FAKE, fontsize=9, ha="center", va="bottom")
plt.show()

# %% [markdown]
# $D$ is steepest just when the fake reaches the real point, so it pushes the fake past.
#
# Does the game ever arrive? `DiracGAN` holds this field for all losses of chapter 04, and a `Rule` plays: each step adds the arrow times the learning rate $η$, so it lasts $η$ units of time. The states form the trajectory. Two ways to play:
#
# - **Simultaneous** steps: both players look at the same state, then move.
# - **Alternating** steps: $D$ moves first, then $G$ answers the new $D$, as in chapter 05.
#
# > **Predict, then run.** Start at $(1, 1)$ with $η = 0.2$. Do 500 steps lead inwards, outwards, or round? The figure draws the first 200, from a ring to a dot.

# %%
games = ["minimax", "non_saturating", "wasserstein"]
together, in_turn = Rule(), Rule(alternating=True)  # learning rates 0.2
for name in games:
    ends = [radius(rule.play(DiracGAN(name))[-1]) for rule in (together, in_turn)]
    print(f"{name:15} distance 1.41, after 500 steps: simultaneous {ends[0]:.2f}, alternating {ends[1]:.2f}")


# %% alt="Three phase planes with arrows that turn anticlockwise around the centre. Minimax: the simultaneous trajectory spirals outwards, the alternating one is a closed loop. Non-saturating: both come somewhat nearer and keep circling, alternating steps in the narrower loops. Wasserstein: the simultaneous trajectory leaves the picture, the alternating one is a closed loop." tags=["hide-input"]
def draw_plane(axes, field, paths, limit=3, title=""):
    """A field's arrows, and trajectories through it: each from a ring to a dot."""
    x, y = np.meshgrid(*[np.linspace(-limit, limit, 11)] * 2)
    u, v = np.moveaxis(field(np.stack([x, y], -1)), -1, 0)
    shrink = np.sqrt(np.hypot(u, v).clip(1e-9))  # the square root keeps short arrows visible
    axes.quiver(x, y, u / shrink, v / shrink, color=style.REFERENCE, alpha=0.7, width=0.005)
    for (name, path), color in zip(paths.items(), style.CATEGORIES):
        axes.plot(*path.T, color=color, lw=1.2, label=name)
        axes.plot(*path[0], "o", color=color, mfc="white", ms=6, zorder=3)
        axes.plot(*path[-1], "o", color=color, ms=6, zorder=3)
    axes.plot(0, 0, "+", color=style.REAL, ms=11, mew=2)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xlabel=PLAYERS["xlabel"], title=title)


figure, axes = plt.subplots(1, 3, figsize=(7.2, 3.1))
titles = ("minimax: out, or a loop", "non-saturating: nearer", "Wasserstein: out, or a loop")
for ax, name, title in zip(axes, games, titles):
    field = DiracGAN(name)
    paths = {"simultaneous": together.play(field)[:200], "alternating": in_turn.play(field)[:200]}
    draw_plane(ax, field, paths, title=title)
axes[0].set_ylabel(PLAYERS["ylabel"])
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
plt.show()

# %% [markdown]
# **None of the six games has arrived, not even after 500 steps.** With minimax and Wasserstein, simultaneous steps move outwards and alternating steps make closed loops. With the non-saturating loss both come nearer to the centre, but go on circling.
#
# > **Your turn.** What does half the rate do to the simultaneous minimax distance? Predict, try `Rule(0.1, 0.1)` for `Rule()`, then change it back.
#
# <details><summary>Solution</summary>
#
# It is 2.25, not 3.10: still outwards, more slowly.
#
# </details>
#
# ## 2 · Why: eigenvalues
#
# **Can we forecast, without playing, whether a game arrives?** Take one step by hand. Near the centre $σ ≈ ½$, so the minimax arrow is about $(-½φ, ½θ)$. At $(0.1, 0)$ that is $(0, 0.05)$, so with $η = 0.2$ a simultaneous step leads to $(0.1, 0.01)$. The step is straight and the circle is round, so it ends half a percent farther out.
#
# Near the centre a smooth field is nearly linear, so a matrix describes it: its Jacobian $J$, the slopes of the arrows there. For the two sigmoid losses (minimax and non-saturating) and for Wasserstein it is
#
# $$ J = \begin{pmatrix} 0 & -½ \\ ½ & 0 \end{pmatrix}, \qquad J = \begin{pmatrix} 0 & -1 \\ 1 & 0 \end{pmatrix}. $$
#
# The zeros on the diagonal cause the trouble: *at the centre neither player's own loss is curved in its own number*. Each push depends only on the other player.
#
# An **eigenvalue** $λ$ of $J$ is a number for which $Ju = λu$ has a solution $u ≠ 0$. For a $2 × 2$ matrix the two solve $λ^2 - (\text{trace})\,λ + \text{determinant} = 0$, where the trace is the sum of the diagonal. The first $J$ has trace 0 and determinant $¼$, so $λ = ±½i$; the second has $±i$.
#
# The imaginary part is the speed of turning. The real part says how the distance changes if steps are infinitely small. If it is negative for all eigenvalues, the game has **local convergence**: it arrives from every start near enough. Here all real parts are zero, so the linear part turns for ever.
#
# A game played in finite steps converges locally if all eigenvalues of a step lie inside the **unit circle**, with sizes below 1. Near the centre a simultaneous step multiplies the state by $I + ηJ$, with the identity $I$. For the sigmoid losses the eigenvalues $1 ± ½ηi$ have a size of $\sqrt{1 + η^2/4}$, more than 1 for *every* $η$: at 0.2 it is the 1.005 of our step by hand.
#
# Alternating steps lie exactly on the circle. $G$ uses the $φ$ that has just moved: $φ' = φ + ½ηθ$, then $θ' = θ - ½ηφ'$. The determinant of this step, the product of its eigenvalues, is 1. For $η < 4$ they are a complex pair, so each has size 1.

# %%
for name, rule in (("simultaneous", together), ("alternating", in_turn)):
    values = rule.eigenvalues(DiracGAN("minimax"))
    print(f"{name:12} eigenvalues {np.sort_complex(values).round(3)}, size {abs(values).max():.4f}")

# %% [markdown]
# > **Predict, then run.** By the forecast, $n$ steps multiply the distance by $(1 + η^2/4)^{n/2}$. Up to which distance do the curves follow their dotted forecasts?

# %% alt="Left: a dashed arc of the unit circle near 1. The rings of simultaneous steps stand right of the arc, farther from it the larger the rate; the crosses of alternating steps lie on it. Right: distance over 500 steps, logarithmic, from 0.01. The curves of rates 0.1 and 0.2 grow along their dotted forecasts to 0.02 and 0.12; that of 0.5 leaves its forecast at about 2 and flattens at 3.7; that of alternating steps stays level." tags=["hide-input"]
rates = [0.1, 0.2, 0.5]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.8), width_ratios=(1, 1.5))
angle = np.linspace(-0.4, 0.4, 100)
left.plot(np.cos(angle), np.sin(angle), "k--", lw=1)
steps = np.arange(501)
for rate, color in zip(rates, style.CATEGORIES):
    for turn, mark, size in ((False, "o", 9), (True, "x", 6)):
        values = Rule(rate, rate, alternating=turn).eigenvalues(DiracGAN("minimax"))
        left.plot(values.real, values.imag, mark, color=color, mfc="none", ms=size, mew=1.6)
    left.text(1.005, rate / 2, f"η = {rate}", color=color, fontsize=9, va="center")
    path = radius(Rule(rate, rate).play(DiracGAN("minimax"), (0.01, 0)))
    right.semilogy(path, color=color, label=f"simultaneous, {rate}")
    right.semilogy(0.01 * (1 + rate * rate / 4) ** (steps / 2), "k:", lw=1.2, zorder=3)
right.semilogy(
    radius(in_turn.play(DiracGAN("minimax"), (0.01, 0))), color=style.REFERENCE, lw=1.2, label="alternating, 0.2"
)
for height, text in ((0.05, "○ simultaneous"), (0, "× alternating"), (-0.05, "-- unit circle")):
    left.text(0.952, height, text, fontsize=9, va="center")
left.set(xlim=(0.95, 1.024), ylim=(-0.3, 0.3), xticks=[0.96, 0.98, 1], xlabel="real part", ylabel="imaginary part")
left.set_title("Simultaneous: outside")
right.set(xlim=(0, 500), ylim=(5e-3, 10), xlabel="step", ylabel="distance from (0, 0)")
right.set_title("Near (0, 0), as forecast (dotted)")
curves.label_ends(right)
plt.show()

# %% [markdown]
# **The forecast is good up to a distance of 1.** From about 2 on it is too high, as $D$ is sure and minimax saturates (chapter 04). At the left, simultaneous steps lie outside the unit circle, alternating ones on it.
#
# Why does the non-saturating loss not run away? At $(1, 1)$ minimax pushes $θ$ inwards as strongly as $φ$ outwards; the non-saturating loss, with 0.73 against 0.27. Where $φθ < 0$ the roles are swapped, and the inward push wins again. The linear part leaves this pull out.
#
# How strong is it? Let $r$ be the distance from the centre and $α$ the state's angle, and use $σ(t) ≈ ½ + t/4$. Along the arrows
#
# $$ \tfrac{d}{dt}\tfrac{r^2}{2} = θ\dot θ + φ\dot φ ≈ -\tfrac{φ^2θ^2}{2} = -\tfrac{r^4}{2} \sin^2α \cos^2α. $$
#
# Over a turn, $\sin^2α \cos^2α$ is $⅛$ on average, so $r^2$ falls by $r^4/8$ per unit of time, or $ηr^4/8$ a step. But a simultaneous step also adds $η^2r^2/4$, as we saw. Push and pull balance at
#
# $$ r = \sqrt{2η}, $$
#
# on a **limit cycle**: a closed trajectory that attracts its neighbours. With alternating steps nothing pushes out, so the game creeps inwards.

# %%
for rate in (0.05, 0.1, 0.2):
    end = radius(Rule(rate, rate).play(DiracGAN("non_saturating"), steps=8000)[-200:]).mean()
    print(f"η = {rate:4}: limit cycle at {end:.3f}, by the formula {np.sqrt(2 * rate):.3f}")
slow = radius(in_turn.play(DiracGAN("non_saturating"), steps=5000))[[500, 2000, 5000]]
print("alternating, after 500, 2,000 and 5,000 steps:", slow.round(2))

# %% [markdown]
# **Eigenvalues forecast the game near the centre; curvature decides where the non-saturating one ends.** The next cell checks both from five starts.

# %% tags=["claim"]
for start in ((0.01, 0), (0, 0.01), (-0.01, 0), (0.007, 0.007), (0.005, -0.008)):
    for rate in rates:
        distance = radius(Rule(rate, rate).play(DiracGAN("minimax"), start, steps=100))
        assert abs(distance[-1] / (distance[0] * (1 + rate * rate / 4) ** 50) - 1) < 0.03
for rate in (0.05, 0.1, 0.2):
    end = radius(Rule(rate, rate).play(DiracGAN("non_saturating"), steps=8000)[-200:]).mean()
    assert abs(end / np.sqrt(2 * rate) - 1) < 0.06
assert all(np.abs(eigenvalues(DiracGAN(name)).real).max() < 1e-6 for name in games)
assert slow[0] > 1.5 * slow[1] > 2 * slow[2]
late = radius(together.play(DiracGAN("non_saturating"), [[r, 0] for r in (0.01, 0.1, 0.5, 1, 3)], steps=2000))[-1]
print("non-saturating, simultaneous, from five starts:", late.round(2))
assert (np.abs(late - 0.63) < 0.05).all()
for name in losses.KNOWN:
    np.testing.assert_allclose(DiracGAN(name)(np.array([0.7, -1.2])), arrow(losses.named(name), 0.7, -1.2), atol=1e-6)

# %% [markdown]
# > **Your turn.** How small must $η$ be for the limit cycle to lie within 0.1 of $(0, 0)$?
#
# <details><summary>Solution</summary>
#
# $\sqrt{2η} = 0.1$ gives $η = 0.005$. A small rate makes the cycle small and slow to reach, but the cycle stays.
#
# </details>
#
# ## 3 · R1 and other remedies
#
# **What must we add so that the game arrives?** Something that moves the eigenvalues inside the unit circle. Usually it is a **gradient penalty**: a term in $D$'s loss that grows with the slope of its score. **R1** asks $D$ to be flat where the real data are, **R2** where the fakes are.

# %% module="gan_lessons.penalties" tags=["library"]
from gan_lessons.penalties import one_each


def squared_slope(discriminator, samples):
    samples = samples.detach().requires_grad_()
    scores = one_each(discriminator(samples), samples)
    (slope,) = torch.autograd.grad(scores.sum(), samples, create_graph=True)
    return slope.flatten(scores.dim()).square().sum(-1)


def r1(discriminator, real, fake, weight=1.0):
    return weight / 2 * squared_slope(discriminator, real).mean(-1)


def r2(discriminator, real, fake, weight=1.0):
    return weight / 2 * squared_slope(discriminator, fake).mean(-1)


# %% [markdown]
# `create_graph=True` keeps the slope differentiable, so $D$ learns from the penalty; `detach()` keeps R2 from moving $G$. Training adds `r1(D, real, fake, 0.1)` to $D$'s loss.
#
# **R1 works like friction.** In the Dirac-GAN the slope of the score is $-φ$ everywhere, so R1 and R2 are both $\frac{γ}{2}φ^2$, where $γ$ is the weight. Either adds $-γφ$ to $D$'s part of the arrow: the steeper $D$, the harder it is pulled back. At last the diagonal has an entry: $J = \begin{pmatrix} 0 & -½ \\ ½ & -γ \end{pmatrix}$, with the eigenvalues $-\frac{γ}{2} ± \sqrt{\frac{γ^2}{4} - \frac14}$. For $γ = 0.3$ these are $-0.15 ± 0.48i$. The real part is negative: the circle becomes a spiral inwards.
#
# The largest eigenvalue of a step says how fast: at a size of 0.9 the game comes ten times nearer in 22 steps.
#
# > **Predict, then run.** Which $γ$ settles fastest? What happens at the dotted walls?

# %% alt="Steps that bring minimax ten times nearer, over the penalty's weight gamma from 0.01 to 40, both logarithmic, for learning rates of 0.1, 0.2 and 0.4. Right of a dotted wall, at gamma 0.025, 0.05 and 0.1, each curve falls from the top to its lowest point at gamma 1, with 45, 22 and 10 steps. Then it climbs evenly, and shoots up at a dotted wall at the right, at gamma 20, 10 and 5." tags=["hide-input"]
fastest = {}
figure, ax = plt.subplots(figsize=(7.2, 3.2))
for rate, color in zip((0.1, 0.2, 0.4), style.CATEGORIES):
    step, last = Rule(rate, rate), 2 / rate + rate / 8  # beyond it an eigenvalue is below -1
    weights = np.union1d(10 ** (np.arange(-400, 321) / 200), last * (1 - 10 ** np.linspace(-6, -1, 200)))
    sizes = np.array([abs(step.eigenvalues(DiracGAN("minimax", "r1", weight))).max() for weight in weights])
    fastest[rate] = weights[sizes.argmin()]
    settles = weights[sizes < 1]
    ax.loglog(settles, np.log(0.1) / np.log(sizes[sizes < 1]), color=color)
    for wall in settles[[0, -1]]:
        ax.axvline(wall, color=color, lw=1, ls=":")
    ax.text(settles[-1] * 1.06, 3 / rate, f"η = {rate}", color=color, fontsize=9)
for x, text in ((0.0115, "too weak"), (1, "fastest"), (22, "too\nstrong")):
    ax.text(x, 7.3, text, fontsize=9, ha="center" if x == 1 else "left")
ticks = [0.01, 0.025, 0.05, 0.1, 1, 5, 10, 20]
ax.set(xlim=(0.01, 40), ylim=(6, 6000), xlabel="γ, the weight of R1", ylabel="steps to come ten times nearer")
ax.set_xticks(ticks, ticks)
ax.set_title("Minimax settles fastest with γ = 1, and not at all below η/4 or above about 2/η")
plt.show()

# %% [markdown]
# **A penalty can be too weak or too strong.** The best weight is $γ = 1$, where the root vanishes; with Wasserstein it is 2. A stronger penalty holds $D$ so tightly that it hardly responds to $G$. From about $γ = 2/η$ on, the penalty's own step overshoots: there the curves shoot up.
#
# At the left, a simultaneous step has the determinant $1 - ηγ + η^2/4$, so friction beats the outward push only if $γ > η/4$ (Wasserstein: $γ > η$). An alternating step has $1 - ηγ$, and any small $γ$ will do.
#
# Which other remedies help? With the state $ω = (θ, φ)$, a plain simultaneous step is $ω_{t+1} = ω_t + ηv(ω_t)$.
#
# | remedy | idea and formula | source |
# |---|---|---|
# | gradient penalty to slope 1 | adds $γ(\lvert φ \rvert - 1)^2$ to $D$'s loss | Gulrajani et al. 2017, [1704.00028](https://arxiv.org/abs/1704.00028) |
# | clipping | $φ$ is cut off at $±1$ | Arjovsky et al. 2017, [1701.07875](https://arxiv.org/abs/1701.07875) |
# | **instance noise** | $D$ sees $x + ε$ for real and fake $x$, with standard Gaussian noise $ε$ | Sønderby et al. 2017, [1610.04490](https://arxiv.org/abs/1610.04490) |
# | **two time-scale update rule** | $D$ gets the larger rate: $η_D > η_G$ | Heusel et al. 2017, [1706.08500](https://arxiv.org/abs/1706.08500) |
# | momentum | old arrows count, too: $m_t = βm_{t-1} + v(ω_t)$, $\;ω_{t+1} = ω_t + ηm_t$; also with $β < 0$ | Gidel et al. 2019, [1807.04740](https://arxiv.org/abs/1807.04740) |
# | **optimism** | $ω_{t+1} = ω_t + η\,\bigl(2v(ω_t) - v(ω_{t-1})\bigr)$: the arrow plus its last change | Daskalakis et al. 2018, [1711.00141](https://arxiv.org/abs/1711.00141) |
# | **extragradient** | $ω_{t+1} = ω_t + ηv\bigl(ω_t + ηv(ω_t)\bigr)$: the arrow one step ahead | Korpelevich 1976 |
# | **consensus optimisation** | $v - w\,\nabla\tfrac12\lVert v\rVert^2$ in place of $v$: both players also shorten the arrow | Mescheder et al. 2017, [1705.10461](https://arxiv.org/abs/1705.10461) |
#
# All have five starts at a distance of 1.41. The faster $D$ (rate 0.8, $G$ 0.05) and momentum alternate: compare them with `alternating`, all others with `simultaneous`. Look for rows with all three marks left of the dashed line. There the games have *settled*: all five end less than a thousandth away from the centre.

# %%
plain = {}
remedies = {
    "simultaneous": (together, plain),
    "alternating": (in_turn, plain),
    "R1, γ 0.3": (together, {"penalty": "r1", "weight": 0.3}),
    "R1 and R2, γ 0.3": (together, {"penalty": "r1_and_r2", "weight": 0.3}),
    "gradient penalty, γ 1": (together, {"penalty": "gradient_penalty", "weight": 1.0}),
    "clipping at 1": (Rule(clip=1.0), plain),
    "instance noise, 1": (together, {"noise": 1.0}),
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
    """The distances of all five trajectories, [steps + 1, 5], and the size of a step's largest eigenvalue."""
    rule, options = remedies[name]
    field = consensus(DiracGAN(loss), 0.5) if options == "consensus" else DiracGAN(loss, **options)
    return radius(rule.play(field, starts, steps)), abs(rule.eigenvalues(field)).max()


played = {(name, loss): play(name, loss) for name in remedies for loss in games}
ends = {pair: np.nan_to_num(distances[-1], nan=np.inf) for pair, (distances, _) in played.items()}

# %% alt="A dot plot with two baselines and eleven remedies in rows: the largest distance of five starts after 2,000 steps, on a logarithmic axis with a dashed line at 0.001, for three losses, and at the right the largest eigenvalue of a step of minimax. In the shaded rows of R1, R1 and R2, optimism, extragradient and consensus all three marks lie left of the line. Instance noise has minimax and non-saturating left of it, and Wasserstein diverges; momentum \u22120.5 has only Wasserstein left of it. All other marks lie right of the line. The eigenvalue is below 1, and bold, in the shaded rows and in those of instance noise and momentum \u22120.5; gradient penalty has none." tags=["hide-input"]
worst = np.array([[ends[name, loss].max() for loss in games] for name in remedies])
sizes = {name: played[name, "minimax"][1] for name in remedies if name != "gradient penalty, γ 1"}
rows = np.arange(len(remedies))
figure, ax = plt.subplots(figsize=(7.2, 5))
for k, (mark, color) in enumerate(zip("os^", style.CATEGORIES)):
    label = ("minimax", "non-saturating", "Wasserstein")[k]
    ax.semilogx(worst[:, k].clip(1e-12, 1e3), rows + 0.28 * (k - 1), mark, color=color, ms=5, label=label)
for row in rows[(worst < 1e-3).all(1)]:
    ax.axhspan(row - 0.5, row + 0.5, color=style.REFERENCE, alpha=0.15, lw=0)
ax.axvline(1e-3, color=style.REFERENCE, lw=1, ls="--")
ax.text(8e-4, -0.9, "settled", fontsize=9, color=style.REFERENCE, ha="right", va="center")
right = dict(transform=ax.get_yaxis_transform(), ha="right", va="center")
ax.text(1.16, -1, "largest |eigenvalue|,\nminimax", fontsize=9, color=style.REFERENCE, **right)
for row, name in enumerate(remedies):
    size = sizes.get(name, 9)
    ax.text(1.16, row, f"{size:.3f}" if size < 9 else "–", weight="bold" if size < 1 - 1e-6 else "normal", **right)
ax.set(yticks=rows, yticklabels=remedies, ylim=(len(rows) - 0.5, -0.6))
ax.set_xticks([1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3], ["≤ $10^{-12}$", "$10^{-9}$", "$10^{-6}$", "0.001", "1", "diverges"])
ax.set_xlabel("distance of the farthest of five starts after 2,000 steps")
figure.legend(loc="outside lower center", ncols=3)
figure.suptitle("Five remedies, shaded, bring all three games to the centre", x=0.02, ha="left")
plt.show()

# %% [markdown]
# **Five remedies settle all three losses: R1, R1 and R2, optimism, extragradient and consensus.** At the right is minimax's forecast, the largest eigenvalue of a step at $(0, 0)$, bold if below 1. The gradient penalty has none, because its push jumps at $φ = 0$.
#
# Why do only some arrive? Watch three with Wasserstein, from three starts:

# %% alt="Three phase planes for Wasserstein, three trajectories each. R1: all spiral into the cross at the centre. Clipping: they keep going round between the horizontal lines phi = \u22121 and phi = 1, along which they run on part of each turn. Gradient penalty: they run, without a full turn, to theta = \u22122 or +2 at phi = 0, far from the cross." tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.9))
for ax, name, title in zip(
    axes,
    ("R1, γ 0.3", "clipping at 1", "gradient penalty, γ 1"),
    ("R1: arrives", "clipping: circles", "gradient penalty: at θ = ±2"),
):
    rule, options = remedies[name]
    field = DiracGAN("wasserstein", **options)
    paths = {str(start): rule.play(field, start)[:300] for start in starts[::2]}
    draw_plane(ax, field, paths, title=title)
axes[0].set_ylabel(PLAYERS["ylabel"])
plt.show()

# %% [markdown]
# R1 spirals into the centre; the others miss it. Remedy by remedy:
#
# - **Clipping** bounds $φ$, and so the loop, but the circling goes on.
# - The **gradient penalty to slope 1** pushes $φ$ away from 0, where the game should end. The game stops where this push, $2γ$, balances the data's pull: at $θ = ±2$ for Wasserstein and $±4$ for the other two. This says little about networks, where a slope can change direction without passing through 0.
# - **Instance noise** makes a score jitter by $φε$. A sigmoid loss is curved, so its mean rises by about $φ^2/8$ each for real and fake: near the centre, R1 with $γ = ½$. Wasserstein's loss is straight, so nothing damps the game.
# - **A faster $D$** stretches the loops of minimax and Wasserstein, but the determinant of an alternating step stays 1. The non-saturating game gets to 0.26, with equal rates even to 0.14.
# - **Momentum** of 0.5 makes it worse, because old arrows point at an opponent who has moved on. A negative one pulls inwards, but for the sigmoid losses 2,000 steps are too few.
# - **Extragradient** uses the arrow one step ahead, which has already turned inwards. Its step multiplies the state by $I + ηJ + η^2J^2$. For the sigmoid losses $J^2 = -¼I$, so the eigenvalues are $1 - η^2/4 ± ½ηi$, of squared size $1 - η^2/4 + η^4/16$: below 1 for every $η < 2$.
# - **Optimism** guesses that later arrow from the last change. It comes close to extragradient's step: both have a size of 0.995.
# - **Consensus** also walks down $½\lVert v\rVert^2$, near the centre a bowl, $r^2/8$ for the sigmoid losses. That puts $-w/4$ twice on the diagonal: friction for both players.
#
# Last, **averaging** (chapter 05) changes only what we report. The average of a circle lies near its centre if its memory, about $1/(1 - \text{decay})$ steps, exceeds a turn, here about 70:

# %%
path = in_turn.play(DiracGAN("minimax"), starts, steps=1000)
print(f"alternating minimax: {np.median(radius(path[-1])):.2f} away from the centre")
for decay in (0.9, 0.99):
    print(f"its average with a decay of {decay}: {np.median(radius(average(path, decay)[-1])):.2f}")

# %% tags=["claim"]
for name in ("R1, γ 0.3", "R1 and R2, γ 0.3", "optimism", "extragradient", "consensus, w 0.5"):
    assert all((ends[name, loss] < 1e-3).all() for loss in games)
for name in ("simultaneous", "alternating", "D 16 times faster", "momentum 0.5"):  # none of these settles minimax
    assert ends[name, "minimax"].min() > 0.5
for name, end in (("alternating", 0.14), ("D 16 times faster", 0.26)):
    assert round(ends[name, "non_saturating"].max(), 2) == end
assert ends["instance noise, 1", "minimax"].max() < 1e-8 < 1e3 < ends["instance noise, 1", "wasserstein"].min()
assert (np.abs(ends["clipping at 1", "wasserstein"] - 1) < 0.5).all()
assert (np.abs(ends["gradient penalty, γ 1", "wasserstein"] - 2) < 0.02).all()
assert ends["momentum −0.5", "wasserstein"].max() < 1e-3
for name, size in (("R1, γ 0.3", 0.975), ("optimism", 0.995), ("extragradient", 0.995)):
    assert round(sizes[name], 3) == size
assert sizes["R1, γ 0.3"] < sizes["consensus, w 0.5"] < sizes["optimism"] and 0.998 < sizes["momentum −0.5"] < 1
assert all(abs(weight - 1) < 0.15 for weight in fastest.values())
assert (radius(average(path, 0.99)[-1]) < 0.25).all() and (radius(average(path, 0.9)[-1]) > 0.8).all()

# %% [markdown]
# With 0.99 it does, while the players go on circling.
#
# Drag the start, press a preset, and watch the eigenvalues.

# %% alt="The lab with R1 of weight 0.3. Left: arrows around the centre and a trajectory that spirals into it. Middle: two eigenvalues inside the unit circle. Right: the distance falls in a straight line on the logarithmic axis."
from gan_lessons.labs.theory import DiracLab

lab = DiracLab(penalty="r1", weight=0.3)
lab

# %% [markdown]
# > **Your turn.** Choose `wasserstein`, `alternating` and no penalty. Which of momentum, optimism and consensus can bring the distance below $10^{-6}$ within 500 steps?
#
# <details><summary>Solution</summary>
#
# From $(1, 1)$, optimism from 0.7 and consensus from 0.15 on. Momentum cannot: a negative one gets to 0.07 at best.
#
# </details>
#
# ## 4 · Do networks agree?
#
# **Does what we computed for two numbers hold for networks?** We need a measure of "still moving" for any GAN. **Restlessness** is how far the samples of fixed noise move in 50 steps, root mean square.
#
# On chapter 05's ring, with radius 2, a restlessness of 3 means jumps most of the way across. A constant learning rate leaves about 0.1 even when nothing circles. So a seed counts as *settled* if its last five values, over 250 steps, average below 0.3.
#
# We train four settings with ten seeds each, all with the non-saturating loss and Adam; all but the first alternate. Which curves fall below the dashed line?

# %%
from tqdm.auto import tqdm

from gan_lessons.recipes.ring import Ring
from gan_lessons.sweeps import Setting, Sweep

data = Ring.mixture.sample(20_000, seed=1) / Ring.scale
settings = {
    "simultaneous": Setting(update="simultaneous"),
    "alternating": Setting(),
    "R1, γ 0.1": Setting(penalty="r1", penalty_weight=0.1),
    "D 4 times faster": Setting(discriminator_rate=4e-3),
}

# %%
sweep, seen = Sweep(data, list(settings.values()), SEEDS), []
for step in tqdm(sweep.train(1000), total=1000, leave=False):
    if step % 50 == 0:
        seen.append(sweep.sample(500, average=False) * Ring.scale)
restlessness = torch.stack([after - before for before, after in pairwise(seen)]).square().sum(-1).mean(-1).sqrt()

# %% alt="Above: restlessness over 1,000 steps, logarithmic, four curves with bands, labelled at their ends, and a dashed line at 0.3. The medians of the faster D and of R1 fall below it, by about step 250 and step 500; that of alternating steps, with a wide band, comes down to it at the end; that of simultaneous steps stays above 2. Below, the eight islands and the fakes of seed 0 after 1,000 steps: one clump with simultaneous steps, spread unevenly with alternating steps, on the islands and on bridges with R1 and with the faster D." tags=["hide-input"]
figure = plt.figure(figsize=(7.2, 4.9))
above, below = figure.subfigures(2, 1, height_ratios=(1.4, 1))
ax, panels = above.subplots(), below.subplots(1, len(settings))
violet, rose, olive, wine, *_ = style.CATEGORIES
for k, (name, color) in enumerate(zip(settings, (rose, style.REFERENCE, violet, wine, olive))):
    curves.draw_curve(ax, torch.arange(2, 21) * 50, restlessness[:, k], color, name)
    panels[k].scatter(*seen[-1][k, 0].T, s=4, color=style.FAKE, lw=0)
    panels[k].scatter(*Ring.mixture.centres.T, s=60, facecolors="none", edgecolors=style.REAL, lw=1.2)
    panels[k].set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal")
    panels[k].set_title(name, loc="center", color=color)
    panels[k].axis("off")
ax.set(xlim=(0, 1000), ylim=(0.05, 6), yscale="log", ylabel="restlessness in 50 steps")
ax.axhline(0.3, color=style.REFERENCE, lw=1, ls="--")
ax.text(10, 0.28, "settled: below 0.3", color=style.REFERENCE, fontsize=9, va="top")
ax.set_title("With R1 or a faster D the fakes come to rest")
below.suptitle("Seed 0 after 1,000 steps: fakes, and the real islands as rings", x=0.01, ha="left")
curves.label_ends(ax)
plt.show()

# %% tags=["claim"]
late = restlessness[-5:].mean(0)  # [settings, seeds]
print(f"mean restlessness over the last 250 steps, seeds {SEEDS[0]} to {SEEDS[-1]}, and how many are below 0.3:")
for name, row in zip(settings, late):
    print(f"{name:17}", *(f"{value:.2f}" for value in row), f"  {(row < 0.3).sum()} of {len(row)}")
at_once, alternately, with_r1, faster = late[:4]
for name, row in (("simultaneous", at_once), ("R1", with_r1), ("faster D", faster)):
    print(f"{name} against alternating:", comparisons.shares((row < 0.3).sum(), 10, (alternately < 0.3).sum(), 10))
assert (faster < 0.3).sum() >= 9 and (with_r1 < 0.3).sum() >= 9
assert (at_once > 0.8).sum() >= 6
assert at_once.median() > 5 * with_r1.median()

# %% [markdown]
# **With R1 all ten seeds settle, as forecast; with alternating steps alone four, with simultaneous ones none.** Lines are medians of the seeds, bands their middle half. The grey median reaches the line too late: six of ten means stay above 0.3. Seed 0 ends in one clump with simultaneous steps; R1 and the faster $D$ fill the ring.
#
# Is that chance? Fisher's exact test, two-sided, gives R1 against alternating steps $p = .011$, below our limit of .05 divided by three comparisons (Bonferroni): **R1 settles the ring sooner.** So does a **faster $D$**, which the Dirac-GAN (16 times, not 4) did not foretell.
#
# And the other remedies? A stored record trains nineteen settings, on the same seeds, twice as long. In each group every row changes one thing in the first, grey row, its baseline. *Plain* is the non-saturating loss with alternating steps and Adam's momentum $β_1 = 0.5$. A number behind a remedy is its weight or size. [Chapter 04](04_the_losses.ipynb) has spectral norm.
#
# The columns count the *settled* seeds and the *complete* averages, with all eight islands; *p* compares *settled* with the grey row.

# %% alt="A dot plot with nineteen rows of ten seeds in three groups: restlessness on a logarithmic axis with a dashed line at 0.3. Below plain, which has three dots right of the line: minimax, R1, R1 and R2, faster D, slower G and optimism have all ten left of it; spectral norm, instance noise and momentum 0 have one right of it; the gradient penalty and momentum 0.9 have seven. Simultaneous has six right of it, consensus none. Wasserstein has nine right of it, clipped ten, with gradient penalty four, with R1 one, which touches the line. Of the columns at the right, settled, complete and p, only the row of R1 with Wasserstein is bold: nine settled, p = .001." tags=["long", "hide-input"]
record = results.table("penalties")
table = record["remedies"]
entries = ("restlessness", "averaged_modes")
runs = {name: {entry: table[entry][k] for entry in entries} for k, name in enumerate(table["names"])}
settled = {name: sum(value < 0.3 for value in run["restlessness"]) for name, run in runs.items()}
at_once, wasserstein = ["simultaneous", "consensus, 0.1"], [name for name in runs if name[0] in "W…"]
GROUPS = [[name for name in runs if name not in at_once + wasserstein], at_once, wasserstein]
BASELINE = {name: group[0] for group in GROUPS for name in group}
print(f"{record['date']}: {table['steps']:,} steps, {len(record['seeds'])} seeds each, {record['machine']}")
figure, (ax, beside) = plt.subplots(1, 2, figsize=(7.2, 5.8), sharey=True, width_ratios=(1.8, 1))
ax.axvline(0.3, color=style.REFERENCE, ls="--", lw=1)
gaps = [0.7 * k for k, group in enumerate(GROUPS) for _ in group]
places = {name: row + gap for row, (name, gap) in enumerate(zip(BASELINE, gaps))}
for name, row in places.items():
    run, first = runs[name], BASELINE[name]
    color = style.REFERENCE if name == first else style.AVERAGE
    ax.plot(run["restlessness"], [row] * 10, "o", color=color, ms=5, alpha=0.5, lw=0)
    complete = sum(modes == 8 for modes in run["averaged_modes"])
    p = "" if name == first else f"{comparisons.shares(settled[name], 10, settled[first], 10).p:.3f}"
    better = p and float(p) < 0.05 / 16  # sixteen comparisons
    numbers = (f"{settled[name]}", f"{complete}", p)
    for x, number in enumerate(numbers, 1):
        beside.text(x, row, number, va="center", ha="right", fontsize=9, weight="bold" if better else "normal")
for x, entry in enumerate(("settled", "complete", "p"), 1):
    beside.text(x, -0.8, entry, va="bottom", ha="right", fontsize=9, color=style.REFERENCE)
beside.set(xlim=(0.4, 3))
beside.axis("off")
ax.set(xscale="log", xlim=(0.03, 6), xlabel="restlessness (left of the dashed line: settled)")
ax.set(yticks=list(places.values()), yticklabels=places)
ax.invert_yaxis()
figure.suptitle("With the Wasserstein loss, R1 settles nine seeds of ten; without it, one", x=0.02, ha="left")
plt.show()

# %% tags=["claim", "long"]
against = {name: comparisons.shares(settled[name], 10, settled[first], 10) for name, first in BASELINE.items()}
assert [name for name, result in against.items() if result.p < 0.05 / 16] == ["… R1, 1"]
assert [name for name, result in against.items() if result.clear] == ["consensus, 0.1", "… R1, 1"]
for name in ("… R1, 1", "consensus, 0.1"):
    print(f"{name} against {BASELINE[name]}: {against[name]}")

# %% [markdown]
# **R1 rescues the Wasserstein loss:** nine seeds settle, against one without it. Of sixteen comparisons this alone counts ($p < .05/16$). With the line at 0.2 it would be six against none, only a hint ($p = .011$). Against *plain*, which by now settles seven, no row is shown to be better: even ten gives $p = .21$.
#
# Which forecasts came true? Weights and rates differ, so compare only whether, or how soon, they settle:
#
# | | two numbers | the ring: settled of ten by step 2,000 |
# |---|---|---|
# | **agree** | | |
# | R1 | settles | 10; at step 1,000 10, *plain* 4 |
# | Wasserstein with R1 | settles | 9, without it 1 |
# | **most seeds agree** | | |
# | Wasserstein; clipped | both circle | 1; 0 |
# | simultaneous, non-saturating | limit cycle | 4 |
# | *plain* | creeps inwards | 7 |
# | **undecided** | | |
# | R1 and R2; optimism; instance noise | settle | 10; 10; 9, *plain* 7 |
# | momentum 0; 0.5 (*plain*); 0.9 | 0.5 is worse than 0 | 9; 7; 3 |
# | gradient penalty; with Wasserstein | stops in the wrong place | 3, *plain* 7; 6, without it 1 |
# | simultaneous with consensus | settles | 10, without it 4: a hint ($p = .011$) |
# | **disagree** | | |
# | minimax, alternating | circles | 10 |
# | a faster $D$ | slower than equal rates | 10; at step 1,000 10, *plain* 4 |
#
# **So the two numbers foretell what R1 does, but mislead about minimax and a faster $D$.** For most other remedies ten seeds cannot tell. Even agreement may have other causes, such as minibatches or Adam's rescaled steps. A settled run can still miss modes: with a faster $D$ two of ten averages are not complete.
#
# > **Your turn.** The authors of the gradient penalty use a weight of 10, five steps of $D$ for each of $G$, and a tenth of our rate. Do their seeds settle within 1,000 steps?
# >
# > ```python
# > settings["authors' way"] = Setting(loss="wasserstein", penalty="gradient_penalty", penalty_weight=10.0,
# >                                    generator_rate=1e-4, discriminator_rate=1e-4, discriminator_steps=5)
# > ```
#
# <details><summary>Solution</summary>
#
# No: all ten have a mean above 0.5. A tenth of the rate needs more steps.
#
# </details>
#
# ## 5 · How strong should a penalty be?
#
# **How carefully must you choose $γ$?** One slider moves three GANs: the Dirac-GAN, live, and stored runs on the ring (ten seeds) and on handwritten digits. All use chapter 04's relativistic loss with R1 and R2 of equal weight $γ$.
#
# In the lower panels look where each does well. The ring's quality, the share of high-quality samples, should be high (dashed: lowest and highest seed). Its KL, drawn tenfold and 0 for equally full islands, and the digits' Fréchet distance to real ones (chapter 08) should be low.

# %% alt="The lab at gamma = 0.1. Above: a spiral into the centre for the Dirac-GAN, the ring's fakes on all eight islands with a few bridges, and rows of handwritten digits, most of them readable and a few not. Below, three panels over the logarithm of gamma with a grey line at the present one. The Dirac-GAN's distance after 500 steps falls into a deep, narrow valley near gamma 0.3 to 0.5 and diverges at the right end. The ring's quality is flat from 0.01 to 1 with a lowest seed that falls off at the left, and its KL rises at both ends, most at the left. The digits' distance is flat and rises at gamma 10." tags=["long"]
from gan_lessons.labs.theory import PenaltyLab

slider = PenaltyLab()
slider

# %% tags=["claim", "long"]
ring = record["ring"]
kl, sharp, now = (np.median(ring[name], 1) for name in ("averaged_kl", "averaged_high_quality", "high_quality"))
lowest = np.min(ring["averaged_high_quality"], 1)
print("γ           Dirac-GAN: distance   averages: KL, quality (worst)   present: quality")
for k, weight in enumerate(ring["weights"]):
    dirac = radius(Rule(alternating=True).play(DiracGAN("relativistic", "r1_and_r2", weight))[-1])
    game = f"{dirac:8.0e}" if np.isfinite(dirac) else "diverges"
    print(f"{weight:7.4f}{game:>24}{kl[k]:18.3f}, {sharp[k]:.0%} ({lowest[k]:.0%}){now[k]:22.0%}")
best, strong = list(ring["weights"]).index(0.1), -1
for entry in ("averaged_high_quality", "high_quality"):
    print(f"{entry}, 10 against 0.1: {comparisons.means(ring[entry][strong], ring[entry][best], paired=True)}")
    assert comparisons.means(ring[entry][strong], ring[entry][best], paired=True).clear
middle = [k for k, weight in enumerate(ring["weights"]) if 0.01 <= weight <= 1]
assert kl[middle].max() < 0.02 < 0.05 < kl[0] and lowest[middle].min() > lowest[0] + 0.2
assert sharp[middle].min() > 0.6 > sharp[-1] and np.ptp(sharp[middle]) < 0.1

# %% [markdown]
# **The Dirac-GAN is sensitive to $γ$; the ring's averages are far more forgiving.** For the Dirac-GAN 0.32 is best of nine weights, a tenth and ten times as much are slow, and 10 diverges. Two penalties double the friction, so section 3's best weight and limit are halved.
#
# The ring's *averaged* generators hardly change in median quality from 0.01 to 1. At 0.001 KL is higher and one seed's quality falls to about a fifth; at 10 the median is lower. The *present* generators have their best median at 0.001, and at 10 about half of that at 0.1.
#
# The **digits** have one run per weight, which cannot rank them. From 0.001 to 3.16 their distances lie within 6 %; at 10 it is a quarter larger.
#
# **Begin with R1 and R2 at 0.1, move by factors of ten, and compare KL and the worst quality over several seeds.** At 0.1, the middle of the ring's flat range, a factor of ten costs little. Restlessness cannot choose: 89 of these 90 rings have settled. For a present generator try smaller weights, too.
#
# This guess is for data of about unit size. If every $x$ is $c$ times as large, the slopes of the same $D$ are divided by $c$, so use $γc^2$.
#
# > **Your turn.** Move the slider from left to right. Where does each GAN look wrong?
#
# <details><summary>Solution</summary>
#
# At 0.001 the Dirac-GAN has not arrived, and the ring fills its islands unevenly; at 10 one diverges, the other blurs. Some digits fail at each weight.
#
# </details>
#
# ## Debugging card
#
# | what it looks like | what to test | what to change |
# |---|---|---|
# | samples of fixed noise keep jumping | does restlessness fall? | R1 with γ = 0.1, alone or with R2; alternating steps; lower momentum |
# | $D$ hardly reacts, and all is slow | is $D$'s mean slope nearly 0? | a smaller penalty |
# | $D$'s loss blows up a few steps after raising γ | is $ηγ$ near 2 (R1 and R2: 1), the Dirac-GAN's limit with plain gradient steps? | a smaller γ or a smaller rate |
# | the average looks fine, the present generator does not | the present one's restlessness | report the average; to calm the present one, slow $G$ or let the rate fall ([chapter 06](06_mode_collapse.ipynb)) |
#
# ## What we saw
#
# - Near the centre the game is a rotation, because neither player's own loss is curved in its own number.
# - At every rate, simultaneous minimax steps have eigenvalues outside the unit circle; alternating ones, for $η < 4$, on it. Simultaneous non-saturating steps end on a limit cycle.
# - In the Dirac-GAN, as we set them, R1, optimism, extragradient and consensus settle all three losses; clipping, a faster $D$ and momentum of 0.5 none in 2,000 steps.
# - In simultaneous minimax R1 needs $γ > η/4$, is fastest at 1, and diverges from about $2/η$ on.
# - On the ring R1 and, against the forecast, a faster $D$ settle sooner than *plain*, and R1 rescues Wasserstein. Most other remedies show no sure difference.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. Simultaneous steps of minimax in the Dirac-GAN spiral outwards. What does a smaller learning rate change?
#    <details><summary>A · The spiral turns inwards</summary><b>No.</b> The eigenvalues exceed 1 in size for every rate.</details>
#    <details><summary>B · It circles at a constant distance</summary><b>No.</b> Only in the limit of ever smaller steps.</details>
#    <details><summary>C · It spirals outwards more slowly</summary><b>Right.</b> No rate saves it.</details>
# 2. What does R1 add that makes the game settle?
#    <details><summary>A · More data</summary><b>No.</b> It looks at the same samples.</details>
#    <details><summary>B · Friction: it pulls the discriminator towards a flat score at the data</summary><b>Right.</b> Enough of it makes the circle a spiral inwards.</details>
#    <details><summary>C · A larger step</summary><b>No.</b> The steps stay as they are.</details>
# 3. The averaged generator looks fine. Has the training converged?
#    <details><summary>A · Not necessarily: look at how much the present one still moves</summary><b>Right.</b> The average hides the circling.</details>
#    <details><summary>B · Yes</summary><b>No.</b> The average of a circle lies near its centre.</details>
#    <details><summary>C · Only if the losses are equal</summary><b>No.</b> The losses do not show that.</details>
#
# ### In your own words
#
# 1. Why does a low restlessness not make a good GAN?
#    <details><summary>Answer</summary>It says only that samples of fixed noise stay put. A settled run can miss modes, and a slow generator moves little.</details>
#
# ### Further reading
#
# - Mescheder, Geiger & Nowozin 2018, *Which Training Methods for GANs do actually Converge?* ([arXiv:1801.04406](https://arxiv.org/abs/1801.04406)): what this chapter follows.
# - Mescheder, Nowozin & Geiger 2017, *The Numerics of GANs* ([arXiv:1705.10461](https://arxiv.org/abs/1705.10461)): eigenvalues, and consensus.
# - Nagarajan & Kolter 2017, *Gradient descent GAN optimization is locally stable* ([arXiv:1706.04156](https://arxiv.org/abs/1706.04156)): when the data have a density.
#
# **Next:** which number can you trust?
#
# [← 06 Mode collapse](06_mode_collapse.ipynb) · [contents](00_start.ipynb) · [08 Measuring a GAN →](08_measuring_a_gan.ipynb) · [assignment](assignments/release/07_convergence/07_convergence.ipynb)
