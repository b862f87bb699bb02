# %% [markdown]
# # 06 · Mode collapse
#
# [← 05 The first GAN](05_the_first_gan.ipynb) · [contents](00_start.ipynb) · [07 Convergence →](07_convergence.ipynb) · [assignment](assignments/release/06_mode_collapse/06_mode_collapse.ipynb)
#
# **What is lost, how is it measured, and what brings it back?**

# %% tags=["hide-input"]
from dataclasses import replace

import matplotlib.pyplot as plt
import torch
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from tqdm.auto import tqdm

from gan_lessons.data.points import ring
from gan_lessons.metrics import comparisons
from gan_lessons.metrics.modes import mode_scores, mode_width, perfect
from gan_lessons.plots import curves, diagrams, images, points, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.plots.motion import Animation
from gan_lessons.sweeps import Setting, Sweep

torch.set_num_threads(1)  # small networks are fastest on one thread
torch.manual_seed(6)
style.use()

islands = ring(modes=8, radius=2.0, std=0.02)
scale = 2**0.5  # the networks see data with a standard deviation of 1
data = islands.sample(20_000, seed=1) / scale


def draw_ring(panel, fake, covered):
    """Fakes over the islands' centres: a blue dot where an island is covered, a black ring where it counts as empty."""
    points.draw_points(panel, fake=fake, limit=2.6)
    for chosen, face, edge in ((covered, style.REAL, "white"), (~covered, "none", "black")):
        panel.scatter(*islands.centres[chosen].T, s=30, facecolors=face, edgecolors=edge, zorder=3)
    panel.set(xticks=[], yticks=[])


# %% alt="A moving picture of two copies of one GAN on a ring of eight islands, from step 600, at which both are the same, to step 1,000: blue dots are islands that a copy covers, black rings empty ones. Left, with its rate unchanged, the orange clusters keep slipping off their islands, and in most frames one or more islands are empty. Right, where the learning rate falls, the clusters come to rest and all eight islands are covered, though many samples still lie between them." tags=["hide-input"]
plain = Setting(generator_rate=6e-3, discriminator_rate=6e-3)
calmer = replace(plain, annealed=1000)  # along half a cosine, from the full rate at step 0 to nothing at 1,000

restless = Sweep(data, [plain], seeds=[8])
for step in restless.train(600):
    pass
pair = {"same rate": restless.fork([plain]), "falling rate": restless.fork([calmer])}
frames = []
for until in range(600, 1001, 25):
    figure = Figure(figsize=(6.4, 3.4), dpi=100, layout="constrained")
    for panel, (name, branch) in zip(figure.subplots(1, 2), pair.items()):
        for step in branch.train(until):
            pass
        fake = branch.sample(2500, average=False)[0, 0] * scale
        covered = torch.cdist(islands.centres, fake).amin(1) <= 3 * islands.std
        draw_ring(panel, fake[:600], covered)
        panel.set_title(f"{name}: {covered.sum()} of 8 islands")
    figure.suptitle(f"step {until} (fakes orange; islands blue, or a ring where empty)")
    frames.append(figure)
Animation(frames, milliseconds=250, colors=32)

# %% [markdown]
# This is one GAN, copied at step 600. The left copy goes on as before, and its clusters keep slipping off their islands.
#
# On the right the learning rate falls to zero. The clusters come to rest, and the empty islands are covered again. Many samples still lie between the islands, but no island was lost for good.
#
# Not every GAN that misses islands can be saved so easily. This chapter shows how to tell the cases apart.
#
# **You will** fool the three usual scores on purpose, watch 24 GANs lose islands and find them again, and look for the causes. Then you
# will see what seven remedies do for a GAN that oscillates, and five of them for one that drops modes.
#
# **You will learn** to
# - read modes, quality and KL, and say what each of them does not see,
# - tell three faults apart: modes not found yet, modes dropped, and a generator that oscillates,
# - compare settings by populations and a test instead of by single runs,
# - choose a remedy by what it does and what it costs,
# - find a collapse on real digits, where nobody hands you the modes.
#
# **You will need** chapter 05 and about a minute of computing on a laptop's processor.
#
# ## 1 · Three numbers, and how to fool them
#
# **Mode collapse** means that a generator draws only a part of what the data hold. Where whole modes are missing, papers also speak of
# **mode dropping**. Both are properties of the fakes and their density $q$: the part of the GAN that is lit here.

# %% alt="Block diagram of a GAN with the path from noise z through the generator G to the fakes G(z) in full colour, since mode collapse is a property of the fakes; real data, discriminator and losses are pale." tags=["hide-input"]
diagrams.gan(lit=("noise", "generator", "fake"), real="eight islands", noise="2 numbers")

# %% [markdown]
# On the ring of eight islands we know all there is to draw. Chapter 05 scored the samples by four numbers:
#
# - the **modes** that at least one good sample hits,
# - the share of **high-quality samples**, which lie within three standard deviations of an island's centre,
# - the **KL**, which says how unevenly the good samples are spread over the islands,
# - the **width** of the islands.
#
# The PacGAN paper (Lin et al. 2018) uses the first three. How far can we trust them? Before we score GANs, we try samplers whose faults we plant ourselves.

# %%
best = perfect(islands, count=2500)
everywhere = 6 * torch.rand(2500, 2, generator=torch.Generator().manual_seed(0)) - 3


def on(counts):
    """Samples of the islands, `counts[k]` of them from island k."""
    chosen = islands.centres.repeat_interleave(torch.tensor(counts), 0)
    return chosen + islands.std * torch.randn_like(chosen)


memory = islands.sample(40, seed=2)  # forty training points
samplers = {
    "four islands, evenly": on([625] * 4 + [0] * 4),
    "one island, a few elsewhere": on([2488] + [2] * 6 + [0]),
    "one good point an island": torch.cat([islands.centres, everywhere[8:]]),
    "uniform noise": everywhere,
    "the eight centres": islands.centres[torch.randint(8, (2500,))],
    "forty points by heart": memory[torch.randint(40, (2500,))],
}

# %% [markdown]
# > **Predict, then run.** Which of these six samplers equal or beat the perfect one in at least two of the three scores?

# %% alt="Six scatter plots over eight blue islands, with the right-hand island enlarged in the middle of each. Four neighbouring islands covered by orange samples; one island with nearly all samples; eight single points among uniform noise; uniform noise; eight dots at the centres; forty memorised points, five or so on an island. Enlarged, the first two fill a round cloud inside the grey circle of three standard deviations, the noise leaves it nearly empty, the centres are one dot, and the memorised points a handful of dots." tags=["hide-input"]
print(f"{'':>28}  modes  quality     KL   width")
for name, sample in {"a perfect sampler": islands.sample(2500, seed=0), **samplers}.items():
    modes, quality, kl = mode_scores(sample, islands)
    print(f"{name:>28}: {modes:5} {quality:8.1%} {kl:7.4f} {mode_width(sample, islands):7.4f}")

figure, axes = plt.subplots(2, 3, figsize=(7.2, 5.4))
figure.suptitle("The squares enlarge the right-hand island: the last two samplers only look perfect", x=0.01, ha="left")
for place, (name, sample) in zip(axes.flat, samplers.items(), strict=True):
    near = place.inset_axes([0.31, 0.31, 0.38, 0.38], xlim=(1.9, 2.1), ylim=(-0.1, 0.1), xticks=[], yticks=[])
    near.add_patch(plt.Circle((2, 0), 3 * islands.std, fill=False, color=style.REFERENCE))
    near.scatter(*sample.T, s=6, color=style.FAKE, linewidths=0)
    near.spines[:].set_visible(True)
    points.draw_points(place, islands.sample(500), sample)
    place.set_title(name, fontsize=10)
plt.show()

# %% [markdown]
# The answer: the last two, the eight centres and the forty memorised points. They have all eight modes and a higher quality than the perfect sampler, while each of the others matches it in one score at most.
# Only the enlarged island shows what these two are.
#
# - **Modes** counts an island after a single good sample in 2,500. Even uniform noise hits about half the islands by luck.
# - **High quality** ignores where the samples lie: all of them may be on one island.
# - **KL** looks only at the good samples. Where they are few, it can report evenness over a handful of points.
# - **Modes and quality together** can still mislead. *Seven modes of eight at 99 % quality* sounds like a small fault, but this sampler
#   draws one island. Its KL gives it away: it is nearly the largest there is, $\log 8 \approx 2.08$.
# - **All three** are fooled by the eight centres. The **width** catches them, since it is zero.
# - The width does not catch the forty points, which are real. Their KL does: it is far larger than chance allows for 2,500 samples.
# - A quality **above** the perfect sampler's can be a warning, too. In expectation a perfect sampler has $p = 1 - e^{-9/2} = 98.9\ \%$. With $N = 2{,}500$ samples the standard deviation is
#   $\sqrt{p(1-p)/N} = 0.2$ points. So the 99.0 % above is within chance, and 100 % is not.
#
# The scores also depend on **how many samples** they are computed from.
#
# - *Modes.* An island that is drawn with probability $p$ appears among $N$ samples with probability $1 - (1 - p)^N$. An island that gets one sample in a thousand is nearly always counted among 10,000, and rarely among 100.
# - *KL.* For $N$ *perfect* samples over $k$ islands it is not zero but about $(k - 1)/2N$. That is .0014 for $N = 2{,}500$ and $k = 8$.
#
# So compare scores only at equal numbers of samples, beside the perfect sampler's. We stay with 2,500.

# %% [markdown]
# Two claims, checked with 100 draws each: the mean KL of perfect samples is within a quarter of $(k-1)/2N$, and uniform noise hits
# between three and six of the eight islands on average.

# %% tags=["claim"]
for count in (100, 1000, 10_000):
    kl = torch.stack([mode_scores(islands.sample(count, seed), islands).kl for seed in range(100)]).mean()
    print(f"{count:6,} perfect samples: mean KL {kl:.5f}, by the formula {7 / (2 * count):.5f}")
    assert abs(kl / (7 / (2 * count)) - 1) < 0.25
forty = mode_scores(samplers["forty points by heart"], islands)
assert best.high_quality < forty.high_quality and forty.kl > 20 * 7 / 5000
assert mode_scores(samplers["one island, a few elsewhere"], islands).kl > 2
by_luck = mode_scores(6 * torch.rand(100, 2500, 2) - 3, islands).modes.double()
print(f"uniform noise: {by_luck.mean():.1f} modes on average, all eight in {(by_luck == 8).sum()} of 100 draws")
assert 3 < by_luck.mean() < 6

# %% [markdown]
# > **Your turn.** Define a count of modes that single stray samples cannot fool: an island counts when it gets at least a quarter of its
# > fair share of all samples. What do the six samplers score then?
#
# <details><summary>Solution</summary>
#
# The fair share is 2,500 / 8, and a quarter of it is 78 samples. In the order above: 4, 1, 0, 0, 8, 8. The two samplers without variety still pass. On real
# data one finds them by looking for near-duplicates among the samples ([chapter 08](08_measuring_a_gan.ipynb)).
#
# ```python
# for sample in samplers.values():
#     near = torch.cdist(sample, islands.centres) <= 3 * islands.std
#     print((near.sum(0) >= 2500 / 8 / 4).sum())
# ```
#
# </details>
#
# ## 2 · Twenty-four GANs, not one
#
# Now for GANs. A `Setting` says how a GAN is built and trained, and a `Sweep` trains settings × seeds side by side.
#
# We take the plain GAN of chapter 05 at a higher rate, with 24 seeds. Every 20 steps we measure what share of the samples lies on each island. Each GAN gives us two generators to look at:
#
# - the **present** one, with the weights of this very step,
# - the **average** of its weights over the last hundred steps or so (the exponential moving average of chapter 05).

# %%
wall = Sweep(data, [plain], seeds=range(24))


def on_islands(samples):
    """The share of samples that lie well on each island, [..., islands]."""
    return (torch.cdist(samples * scale, islands.centres) <= 3 * islands.std).float().mean(-2)


# %%
now, again, averaged = [], [], []  # the second: the same generators, asked with other noise
for step in tqdm(wall.train(1000), total=1000, leave=False):
    if step % 20 == 0:
        now.append(on_islands(wall.sample(2500, average=False)[0]))
        again.append(on_islands(wall.sample(2500, seed=1, average=False)[0]))
        averaged.append(on_islands(wall.sample(2500)[0]))
now, again, averaged = (torch.stack(each) for each in (now, again, averaged))  # [measurements, seeds, islands]

# %% alt="Twelve scatter plots, one a seed, with orange samples on a ring of eight islands after 1,000 steps; blue dots mark covered islands, black rings empty ones, and each title gives the number covered. Most miss an island or more, mostly with samples close beside it; samples lie on bridges between the islands, too, and no two pictures look alike." tags=["hide-input"]
figure, axes = plt.subplots(2, 6, figsize=(7.2, 2.9))
for seed, (place, fake) in enumerate(zip(axes.flat, wall.sample(500, average=False)[0])):
    covered = now[-1, seed] > 0
    draw_ring(place, fake * scale, covered)
    place.set_title(f"{covered.sum()} of 8", pad=2)
figure.suptitle("Twelve of 24 seeds of one setting at step 1,000 (a ring: an empty island)", x=0.01, ha="left")
plt.show()

# %% alt="Two histograms of islands covered by 24 GANs after 1,000 steps. Of the present generators one covers three islands, the others five to eight, and most lack at least one; 21 of the averaged generators cover eight, two cover seven and one six." tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(7.2, 2.6), sharey=True)
for place, shares, color, title in zip(
    axes,
    (now, averaged),
    (style.FAKE, style.AVERAGE),
    ("Present: most miss an island", "Averaged: nearly all cover eight"),
    strict=True,
):
    place.hist((shares[-1] > 0).sum(-1), bins=torch.arange(10) - 0.5, rwidth=0.9, color=color)
    place.set(xlabel="islands covered", xticks=range(9), title=title)
axes[0].set_ylabel("GANs of 24")
plt.show()


# %% [markdown]
# With the same data, networks and learning rates, a quarter of the present generators cover all eight islands and most cover five to seven. If you train once and report the result,
# you report one draw from the left histogram.
#
# The right histogram is surprising. The averaged generator averages the weights of recent present ones. If those had lost an
# island for good, we should expect their average to miss it, too.
#
# So let us look at one GAN over time, the one with seed 8. It is not the opening picture's run: rounding differs slightly from sweep to sweep and from processor to processor,
# and the game magnifies the difference, so your counts may differ from ours.

# %% alt="Two strips over 1,000 steps with a row for each of eight islands, brighter where more of the samples lie, on a logarithmic scale, and grey where none does. Top, the present generator: in each row coloured and grey stretches alternate all the way to the end. Bottom, the average: after the first few hundred steps hardly any grey is left and the rows slowly brighten, though some islands get more samples than others." tags=["hide-input"]
def draw_strips(strips, every):
    """A panel a title: shares [measurements, islands], one measurement in so many steps; grey where no sample lies."""
    figure, axes = plt.subplots(2, 1, figsize=(7.2, 4.2), sharex=True)
    for place, (title, shares) in zip(axes, strips.items(), strict=True):
        found, extent = shares.where(shares > 0, torch.nan).T, (every / 2, 1000 + every / 2, 7.5, -0.5)
        norm = LogNorm(1 / 2500, 0.25)
        picture = place.imshow(found, aspect="auto", extent=extent, norm=norm, interpolation="nearest")
        place.set(ylabel="island", yticks=range(8), title=title, facecolor="lightgrey")
    axes[1].set_xlabel("step")
    figure.colorbar(picture, ax=axes, label="share of all samples (grey: none)", extend="max")
    plt.show()


strips = {
    "Present: islands empty and fill again, to the end": now[:, 8],
    "Average: it changes less, and misses fewer islands": averaged[:, 8],
}
draw_strips(strips, every=20)

# %% [markdown]
# Is this flicker real? An island with a share near 1/2,500 may come up empty by chance. So at each measurement we also sampled the present generator a second time, with other noise. What changes between *these* two samples is chance.
#
# The claim has three parts:
#
# - At the end most present generators miss an island, and far fewer averages do.
# - In the second half of training, more than half of the empty islands are covered 20 steps later. That is at least three times what chance alone would give.
# - Many of the islands empty at the end have samples close by: at least half of their fair share lies within 0.3 of the centre.

# %% tags=["claim"]
late, late_again, late_average = (shares[25:] > 0 for shares in (now, again, averaged))  # from step 520 on
wanting, wanting_average = (int((some[-1].sum(-1) < 8).sum()) for some in (late, late_average))
print(f"after 1,000 steps {wanting} of 24 miss an island, and {wanting_average} of their averages do")
print(f"difference in shares: {comparisons.shares(wanting, 24, wanting_average, 24)}")


def flips(first, second):
    """Which share of the covered islands is empty in a second measurement, and which of the empty ones covered."""
    return (first & ~second).sum() / first.sum(), (~first & second).sum() / (~first).sum()


lost, back = flips(late[:-1], late[1:])
lost_by_chance, back_by_chance = flips(late, late_again)
print(f"of the islands covered, 20 steps later {lost:.0%} are empty, with other noise {lost_by_chance:.0%}")
print(f"of the islands empty, 20 steps later {back:.0%} are covered, with other noise {back_by_chance:.0%}")
near = (torch.cdist(wall.sample(2500, average=False)[0] * scale, islands.centres) <= 0.3).float().mean(-2)
close = (near[~late[-1]] >= 1 / 16).float().mean()
print(f"of the islands empty at the end, {close:.0%} have half of their fair share, or more, within 0.3")
assert comparisons.shares(wanting, 24, wanting_average, 24).clear and wanting > wanting_average
assert lost > 0.1 and back > 0.5 and min(lost / lost_by_chance, back / back_by_chance) > 3 and close > 0.3

# %% [markdown]
# So there is more than one way to miss an island, and the two generators together tell them apart:
#
# | the present generator | its average | name | what happens |
# |---|---|---|---|
# | hardly any good samples | hardly any good samples | **not found** | the fakes are not on the islands yet |
# | some islands empty | the same islands empty, good samples on the others | **mode dropping** | the fakes have left those islands, or never came (earlier measurements tell) |
# | some islands empty, and others 20 steps later | all islands covered | **oscillation** | the fakes slip off an island and back |
#
# By this table the plain GAN oscillates. Chance explains only a small part of the flicker; most of it is the generator's own motion. Where an island is empty, the samples are often close by.
#
# A likely mechanism: $D$ learns to give low scores where the samples are crowded. The generator moves them away, sometimes to another island, more often just off this one. Then $D$ follows, and the chase begins again.
#
# Since $D$ sees only the newest fakes, it may also unlearn what it knew about the islands that are empty now. Learning that
# erases older learning is called **catastrophic forgetting**; Thanh-Tung & Tran 2018 ([arXiv:1807.04015](https://arxiv.org/abs/1807.04015)) describe
# it for GANs. A proposed answer is a **replay buffer** of older fakes that $D$ goes on seeing (Shrivastava et al. 2017,
# [arXiv:1612.07828](https://arxiv.org/abs/1612.07828)).
#
# > **Your turn.** `seeds=range(24, 48)` gives 24 other GANs. How many of them will miss an island at step 1,000? Can you say which?
#
# <details><summary>Solution</summary>
#
# Expect about three quarters again, give or take two GANs. Which ones, you cannot say: more than half of the islands that are empty at one measurement are covered 20 steps later.
#
# </details>
#
# ## 3 · What drives it
#
# Take the plain GAN and change one thing at a time: a generator four times as slow, a discriminator four times as slow, another
# loss.
#
# > **Predict, then run.** Which of the three changes is good for the islands, and which is fatal?

# %%
changes = {
    "G / 4": replace(plain, generator_rate=1.5e-3),
    "D / 4": replace(plain, discriminator_rate=1.5e-3),
    "least squares": replace(plain, loss="least_squares"),
}

# %%
changed, traced = Sweep(data, list(changes.values()), seeds=range(5)), []
for step in tqdm(changed.train(1000), total=1000, leave=False):
    if step % 40 == 0:
        traced.append(on_islands(changed.sample(2500)))
traced = torch.stack(traced)  # [measurements, settings, seeds, islands], of the averages

# %%
present, average = (mode_scores(changed.sample(2500, average=kind) * scale, islands) for kind in (False, True))
spread = changed.sample(2500, average=False).std(-2).mean(-1).median(-1).values  # that of the data is 1
for k, name in enumerate(changes):
    print(f"{name:>13}: islands now {present.modes[k].tolist()}, averaged {average.modes[k].tolist()}")
    print(f"{'':15}median quality of the averages {average.high_quality[k].median():.0%}, spread now {spread[k]:.2f}")

# %% alt="Two strips over 1,000 steps with a row for each of eight islands, brighter where more samples of the averaged generator lie, grey where none does. Top, with a slower generator: after the first hundreds of steps all eight rows stay coloured. Bottom, with least squares: three rows grow bright or stay coloured to the end; the other five are dark for a while, where few samples lie, and grey at the end." tags=["hide-input"]
slower, weaker, squares = range(3)
strips = {
    "Slower generator: its average keeps what it has found": traced[:, slower, 0],
    "Least squares: its average finds islands and drops them": traced[:, squares, 0],
}
draw_strips(strips, every=40)

# %% tags=["claim"]
gone = traced[-1, squares] == 0
left = gone & (traced[:-1, squares] > 0).any(0)
print(f"least squares: of {gone.sum()} islands that the averages lack at the end, {left.sum()} were covered before")
assert left.sum() > 0.6 * gone.sum()
assert average.modes[slower].double().mean() > average.modes[squares].double().mean()
assert average.high_quality[weaker].median() < 0.02
assert (average.modes[squares] < 8).sum() >= 3 and average.high_quality[squares].median() > 0.2

# %% [markdown]
# The three changes do very different things.
#
# - With a **slower generator** all five averages cover all eight islands. Probably the discriminator can now keep up.
# - With a **slower discriminator** the typical run has not found the islands. In the median average hardly any sample is good. The data's spread is 1; in the median run it is so small that
#   the samples must crowd in one part of the plane.
# - With **least squares** most GANs *drop* islands: even the average lacks some, while many samples lie on the others. This is mode collapse in the narrow sense.
#
# Had the dropped islands been covered before? By our count of a single good sample, all of them had been. But in the strip they never get many samples: three islands take nearly all of the good ones.
#
# A longer list of changes takes more time than a chapter allows, so we ran it once and stored the result: one change at a time, thirty seeds each.
# Each cell of the map below is the average of one GAN. *Both / 6* divides both learning rates by six; *all / 10* and *all × 5* scale the data; *islands × 5* widens the islands only.

# %% tags=["long", "hide-input"]
import json
from pathlib import Path

record = json.loads(Path("results/sweeps/collapse.json").read_text())
seeds = len(record["seeds"])
print(f"{record['date']}: {len(record['settings'])} settings, {seeds} seeds each, {record['steps']} steps")
print(f"{record['command']} ({record['machine']})")


def values(name, score="modes", kind="average"):
    """One value a seed."""
    return torch.tensor(record["settings"][name][kind][score]).double()


def median(name, score="modes", kind="average"):
    return values(name, score, kind).quantile(0.5).item()


def whole(name, kind="average"):
    """In how many seeds all eight islands are covered."""
    return int((values(name, kind=kind) == 8).sum())


# %% tags=["long", "hide-input"]
def chart(title, names, entries):
    """A row a setting: its averages' islands, a seed a cell, sorted; how many rings are complete; quality."""
    rows = []
    for name in names:
        group = entries[name].get("group", name)
        rows += [name] if group in (name, *rows) else [group, name]  # a group's name stands above its settings
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(7.2, 1.2 + 0.23 * len(rows)), sharey=True, width_ratios=(1.9, 1)
    )
    figure.suptitle(title, x=0.01, ha="left")
    missing = dict.fromkeys(rows, [torch.nan] * seeds)
    table = {row: sorted(entry["average"]["modes"]) for row, entry in entries.items() if row in rows}
    picture = left.imshow(list((missing | table).values()), aspect="auto", vmin=0, vmax=8, interpolation="nearest")
    figure.colorbar(picture, ax=left, label="islands that the average covers", location="bottom", aspect=40)
    left.set(yticks=range(len(rows)), yticklabels=[row.replace("rate, ", "+ ") for row in rows], xticks=[])
    left.spines[:].set_visible(False)
    for place, kind in ((seeds + 2.5, "average"), (seeds + 9, "present")):
        left.text(place, -0.8, f"all 8,\n{kind}", va="bottom", ha="center", fontsize=9)
        for k, row in enumerate(rows):
            if row in entries:
                complete = sum(modes == 8 for modes in entries[row][kind]["modes"])
                left.text(place, k, complete, va="center", ha="center", fontsize=9)
    for k, (row, label) in enumerate(zip(rows, left.get_yticklabels())):
        if row in entries:
            quality = torch.tensor(entries[row]["average"]["high_quality"]).double().quantile(0.5)
            right.barh(k, quality, color=style.AVERAGE)
        else:
            label.set_weight("bold")
    right.axvline(record["perfect"]["high_quality"], color=style.REFERENCE, lw=1, ls="--")
    right.xaxis.tick_top()
    right.spines["bottom"].set_visible(False)
    right.set(xlim=(0, 1.05), xticks=[0, 0.5, 1])
    right.set_title("high quality of the\naverages, median", fontsize=9)
    right.text(1, len(rows) - 0.4, "dashed: perfect", va="top", ha="right", fontsize=9, color=style.REFERENCE)
    for panel in (left, right):
        panel.tick_params(left=False)
    plt.show()


# %% alt="A heat map with a row for each of 18 settings, in named groups: each row has thirty seeds, sorted and coloured by how many islands the averaged generator covers; beside it the numbers of complete rings, of averages and of present generators, and bars of the averages' median high quality. Rows with one layer, D / 4 and data at a tenth of their size are dark throughout with no quality; momentum 0.9 and width 16 are mostly dark; least squares and data at five times their size lie in between, with quality; the plain setting has 22 complete averages and 4 complete present generators; islands five times as wide are complete in all seeds and reach the highest quality." tags=["long", "hide-input"]
causes = ["plain", "D's size", "rates", "loss", "batch", "data"]
chart(
    "Some changes leave nearly every island empty, some lose a few, others keep all",
    [name for name, entry in record["settings"].items() if entry["group"] in causes],
    record["settings"],
)

# %% tags=["claim", "long"]
never = ["width 16", "one layer", "D / 4", "momentum 0.9", "all / 10"]
missing, better = ["least squares", "all × 5"], ["width 256", "three layers", "batch 256", "islands × 5"]
for name in ["plain", "both / 6", *never, *missing, *better]:
    print(f"{name:>13}: {median(name):.1f} modes, quality {median(name, 'high_quality'):.0%} (averaged, medians)")
assert all(median(name, "high_quality") < 0.02 for name in never)
assert all(median(name) < 7 and median(name, "high_quality") > 0.3 for name in missing)
assert all(median(name, "high_quality") > median("plain", "high_quality") + 0.1 for name in better)

# %% [markdown]
# The map shows step 1,000 only, so we sort the settings by how they end, not by what happened before.
#
# - **Looks like not found.** The typical average puts next to no samples on islands as narrow as ours. This happens with a $D$ that is too small (16 units, or one layer) or too slow, with data at a tenth of their size, and with Adam's
#   $\beta_1 = 0.9$ for both players, the usual setting outside GANs. With both rates at a sixth, the GANs may merely be late.
# - **Looks like mode dropping.** The typical average lacks several islands and covers the others with many samples. This happens with least squares and with data at five times their size. The scale can be wrong in both directions, so bring
#   your data to a standard deviation near 1 before anything else.
# - **Looks like oscillation.** Most averages are complete, most present generators are not. This is so for plain, hinge, the larger discriminators and the other batch sizes. A larger discriminator or a larger batch raises the median quality.
# - **None of the three.** With islands five times as wide all thirty are complete, present and averaged. With a slower generator nearly all averages and more than half of the present generators are. With a faster generator, or with minimax, half of the averages or fewer are complete.
#
# ## 4 · What brings the islands back
#
# A discriminator that judges one point at a time cannot know that all fakes lie on one island: each of them looks fine. So the
# first idea is to **show it several samples at once**. **Packing** (Lin et al. 2018) puts two samples or more side by side, *all real or all fake*, and asks for one score:

# %% module="gan_lessons.networks.packing" tags=["library"]
from torch import Tensor, nn


class AcrossSamples(nn.Module):
    batch_axis = 0


class Packed(AcrossSamples):
    def __init__(self, discriminator, size):
        super().__init__()
        self.discriminator = discriminator
        self.size = size

    def forward(self, samples):
        if samples.shape[self.batch_axis] % self.size:
            raise ValueError(f"A batch of {samples.shape[self.batch_axis]} cannot be packed in groups of {self.size}.")
        groups = samples.unflatten(self.batch_axis, (-1, self.size))
        return self.discriminator(groups.flatten(self.batch_axis + 1, self.batch_axis + 2))


# %% [markdown]
# **Minibatch discrimination** (Salimans et al. 2016) lets $D$ compare the samples of a batch by learned features. A simpler successor, the **minibatch standard deviation** (Karras
# et al. 2018), uses one number: how much do the hidden units vary over the batch? Here, too, a batch is all real or all fake, so a batch of look-alikes gives itself away.

# %% alt="Diagram of a discriminator with minibatch standard deviation. A batch of samples enters the hidden layers, which give 64 features a sample. One arrow leads on to the last layer; another leads to a box that takes the standard deviation over the batch, averaged to one number, which is appended before the last layer gives a score a sample." tags=["hide-input"]
diagrams.flow(
    [
        Box("batch", 0, 0.5, "64 × 2", "fake"),
        Box("hidden layers", 1, 0.5, "64 × 64", "discriminator"),
        Box("std over batch", 2, 1, "one number", "average"),
        Box("features", 2, 0, "64 × 64", "discriminator"),
        Box("last layer", 3, 0.5, "65 inputs", "discriminator"),
        Box("scores s", 4, 0.5, "64", "plain"),
    ],
    [
        Arrow("batch", "hidden layers"),
        Arrow("hidden layers", "std over batch"),
        Arrow("hidden layers", "features"),
        Arrow("features", "last layer"),
        Arrow("std over batch", "last layer"),
        Arrow("last layer", "scores s"),
    ],
)

# %% module="gan_lessons.networks.points" tags=["library"]
from gan_lessons.networks.points import mlp


class SpreadDiscriminator(nn.Module):
    spread: Tensor

    def __init__(self, dims=2, width=64, depth=2, activation=nn.ReLU):
        super().__init__()
        self.hidden = nn.Sequential(mlp(dims, width, width, depth - 1, activation), activation())
        self.last = nn.Linear(width + 1, 1)
        self.register_buffer("spread", torch.full((1, 1), torch.nan))  # none yet

    def forward(self, points):
        features = self.hidden(points)
        spread = self.spread
        if self.training or spread.isnan().any():
            variance = features.var(-2, keepdim=True, unbiased=False)
            spread = (variance + 1e-8).sqrt().mean(-1, keepdim=True)  # [..., 1, 1]
            self.spread.copy_(spread.detach())
        return self.last(torch.cat([features, spread.expand(*features.shape[:-1], 1)], -1)).squeeze(-1)


# %% [markdown]
# A buffer, which is part of the network but not a weight, keeps the standard deviation of the last training batch. With it, single points can be scored after training.
#
# There are four other ideas.
#
# - **Look ahead.** An **unrolled GAN** (Metz et al. 2017) lets a copy of $D$ learn for $K$ steps,
#   $\phi_{k+1} = \phi_k - \eta \nabla_\phi L_D(\theta, \phi_k)$, and follows the gradient of $L_G(\theta, \phi_K)$ *through* those steps. A crowd on one island no
#   longer pays, since the $D$ of a few steps later will have noticed. The code is `unrolled` in `gan_lessons/updates.py`.
# - **Compare in pairs.** The relativistic loss of chapter 04 asks each fake to beat a real point. It goes on pushing as long as real points score higher.
# - **Keep $D$ smooth** by a penalty on its slope ([chapter 07](07_convergence.ipynb)).
# - **Take shorter steps** towards the end if the generator oscillates, or average its weights.
#
# We can try shorter steps at once. We copy the 24 GANs of section 2 at step 1,000, and let two branches go on for 200
# steps: one as before, and one with a falling rate. It follows half a cosine from step 0 to step 1,200: at the fork it drops to 7 %, then to zero.

# %%
branches = {"as before": plain, "falling rate": replace(plain, annealed=1200)}
ends = {}
for name, setting in branches.items():
    branch = wall.fork([setting])
    for step in tqdm(branch.train(1200), total=1200, leave=False, initial=1000):
        pass
    ends[name] = mode_scores(branch.sample(2500, average=False)[0] * scale, islands)

# %% tags=["hide-input"]
for name, end in ends.items():
    complete, quality = int((end.modes == 8).sum()), end.high_quality.median()
    print(
        f"{name:>13}: eight islands in {complete:2} of 24, quality {quality:.0%}, KL {end.kl.median():.2f} (no average)"
    )

# %% [markdown]
# The claim: with the falling rate more present generators cover eight islands than without it, and their quality is higher. For the first part we use Fisher's exact test: how often would chance alone split the complete rings so unevenly?

# %% tags=["claim"]
before, falling = ends.values()
verdict = comparisons.shares(int((falling.modes == 8).sum()), 24, int((before.modes == 8).sum()), 24)
print(f"share with eight islands, falling minus as before: {verdict}")
print(f"quality, falling minus as before: {comparisons.means(falling.high_quality, before.high_quality, paired=True)}")
assert verdict.clear and verdict.difference > 0
assert comparisons.means(falling.high_quality, before.high_quality, paired=True).clear

# %% [markdown]
# Both branches started from the same weights and saw the same data, so the shorter steps made the difference.
#
# ### All remedies on the plain GAN
#
# Now all remedies side by side, from the same record, with the slower generator of section 3 among them.

# %% alt="A heat map like the one before for the plain GAN, a slower generator and twelve remedies, with the numbers of complete rings and bars of median quality. Of the averages, packing in twos, minibatch standard deviation, the relativistic loss, the slower generator and the combination of three remedies complete 29 or 30 of thirty; the plain GAN 22; unrolling with an inner rate of 0.1 none. Of the present generators, the settings with a falling rate complete 25 to 30 and the slower generator 18, all others 12 or fewer. The bars differ: about half high quality for minibatch standard deviation, the relativistic loss, the slower generator and the stronger R1, far less for packing. No bar comes near the dashed line." tags=["long", "hide-input"]
kinds = ["D sees more", "G looks ahead", "D is smooth", "steps get shorter"]
remedies = ["G / 4", *(name for name, entry in record["settings"].items() if entry["group"] in kinds)]
chart(
    "With most settings the averages are complete, the present generators rarely",
    ["plain", *remedies],
    record["settings"],
)


# %% [markdown]
# Which of these differences are more than chance? No score is enough alone (section 1), so we compare each remedy with the plain GAN four times:
#
# - In how many seeds does the present generator cover all eight islands, and in how many the average? (Fisher's exact test, two-sided.)
# - How do the average's quality and its KL differ? (A paired $t$ test over the seeds.)
#
# With thirteen comparisons, one small $p$ may well come by chance alone. So we also apply **Holm's correction**: of a column's thirteen $p$-values the smallest is multiplied by 13, the next by 12, and so on. One star in the table means $p < .05$ as it stands, two stars mean $p < .05$ after the correction.

# %% tags=["long", "hide-input"]
def holm(p):
    """Holm's correction of p-values by name: each is what its test would need, with so many tests, to count alone."""
    worst, corrected = 0.0, {}
    for k, name in enumerate(sorted(p, key=p.get)):
        worst = corrected[name] = max(worst, min(1.0, (len(p) - k) * p[name]))
    return corrected


tests = {
    kind: {name: comparisons.shares(whole(name, kind), seeds, whole("plain", kind), seeds) for name in remedies}
    for kind in ("present", "average")
} | {
    score: {name: comparisons.means(values(name, score), values("plain", score), paired=True) for name in remedies}
    for score in ("high_quality", "kl")
}
corrected = {column: holm({name: test.p for name, test in each.items()}) for column, each in tests.items()}
print(f"{'':37}  all 8 islands, of {seeds}   average's median (change of mean)  cost of")
print(f"{'':37}  present    average       quality            KL          a step")
for name in ["plain", *remedies]:
    stars, change = dict.fromkeys(tests, ""), dict.fromkeys(tests, "")
    for column, each in tests.items() if name != "plain" else ():
        stars[column] = "*" * (each[name].clear + (corrected[column][name] < 0.05))
        change[column] = f"({each[name].difference:+.2f})"
    cells = [f"{whole(name, kind):6} {stars[kind]:2}" for kind in ("present", "average")]
    cells += [f"{median(name, score):7.2f} {change[score]:7} {stars[score]:2}" for score in ("high_quality", "kl")]
    print(f"{name:37}", *cells, f" × {record['settings'][name]['cost']:.1f}")


# %% tags=["claim", "long"]
def clearly(column, sign):
    """Where the difference to the plain GAN has this sign, and p < .05 after the correction."""
    return {name for name, p in corrected[column].items() if p < 0.05 and sign * tests[column][name].difference > 0}


for column, sign, words in (
    ("present", 1, "more complete present rings"),
    ("average", 1, "more complete averaged rings"),
    ("high_quality", 1, "higher quality of the average"),
    ("high_quality", -1, "lower quality of the average"),
):
    print(f"{words}, corrected: {sorted(clearly(column, sign)) or 'none'}")
candidates = {name for name, test in tests["average"].items() if test.clear and test.difference > 0}
print(f"more complete averaged rings, uncorrected: {sorted(candidates)}")
sharp, blurred = (values(name, "high_quality", "present") for name in ("falling rate", "plain"))
sharper = comparisons.means(sharp, blurred, paired=True)
print(f"quality of the present generator, falling rate minus plain: {sharper}")
calm, slow = (whole(name, "present") for name in ("falling rate", "G / 4"))
print(f"complete present rings, falling rate minus G / 4: {comparisons.shares(calm, seeds, slow, seeds)}")
falling = {name for name in remedies if name.startswith("falling rate")}
assert sharper.clear and sharper.difference > 0.1
assert clearly("present", 1) == falling | {"G / 4"} and not clearly("average", 1)
assert clearly("high_quality", 1) == {"relativistic", "R1, 0.01"}
assert {"packing 2", "packing 4", "falling rate"} < clearly("high_quality", -1)
assert candidates - clearly("high_quality", -1) == {"G / 4", "minibatch std", "relativistic"}
assert median("unrolled, 5 × 0.1", "high_quality") < 0.02 and record["settings"]["unrolled, 5 × 0.1"]["cost"] > 3

# %% [markdown]
# Here is what this says for 1,000 steps, batches of 64, and the same starting rate for all but the slower generator.
#
# What helped the *present* generator:
#
# - **A falling rate** and **a slower generator** complete far more present rings than the plain GAN, even after the correction, and need no extra computing.
#   The difference between the two is not clear: Fisher's test gives $p = .084$. (The interval printed beside it is computed by another method and just misses zero.)
# - For the *average* the falling rate gains nothing clear and costs some quality.
#
# What helped the *average*:
#
# - **The relativistic loss** clearly raises its quality, at no extra cost. **R1**, a penalty on $D$'s slope, does so, too (with a weight of 0.01), and makes the average more even, at 1.4 times the cost of a step.
# - **The minibatch standard deviation** makes it clearly more even.
# - **More complete averages than the plain GAN's 22?** Five settings have 29 or 30, and none of these gains survives the correction.
#
# What had a price, or did harm:
#
# - **Packing** in twos completes all 30 averages, at less than half the plain GAN's quality. An island counts as covered after one good sample in 2,500,
#   which a generator that scatters its samples may get more easily than a sharp one.
# - **Three remedies together** (falling rate, relativistic, packing) complete all 30 rings, present and averaged, but only a tenth of the average's samples are good.
# - `gradient penalty, 0.01`, another penalty on $D$'s slope, clearly lowers the average's quality.
# - **Unrolling**, the classic remedy for this very ring, costs six times as much a step. With an inner rate of 0.01 it changed nothing clearly, and with 0.1 no generator covers the ring. Its authors used other networks, larger batches and far smaller rates, so we do not say that it cannot work.
#
# Ten seeds could have misled us: nine of the plain GAN's first ten averages are complete.
#
# ### The same remedies where modes are dropped
#
# The plain GAN *oscillates*. What helps the GAN with least squares, which *drops* modes? We gave it five of the remedies, each alone and from the first step, over the same thirty seeds.
#
# > **Predict, then run.** Which of the five will help: a slower generator, packing in twos, the minibatch standard deviation, R1, or a falling rate?

# %% alt="A heat map like those before for least squares and least squares with one of five remedies. Packing in twos has 22 complete averages of thirty and minibatch standard deviation 8; least squares alone, with a slower generator, with R1 or with a falling rate has one or none. The bars of median high quality are shorter for packing (about a tenth) and minibatch standard deviation (about a third) than for least squares alone (about two thirds)." tags=["long", "hide-input"]
lossy = json.loads(Path("results/sweeps/dropping.json").read_text())
chart("Where least squares drops modes, two of five remedies help", lossy["settings"], lossy["settings"])

# %% [markdown]
# The claim: with packing or the minibatch standard deviation the average covers more islands than with least squares alone. The other three show no such gain. The test is a paired $t$ test over the seeds, with Holm's correction for five.

# %% tags=["claim", "long"]
print(f"{lossy['date']}: {lossy['command']} ({lossy['machine']})")
covered = {name: torch.tensor(entry["average"]["modes"]).double() for name, entry in lossy["settings"].items()}
alone = covered.pop("least squares")
gains = {name: comparisons.means(modes, alone, paired=True) for name, modes in covered.items()}
needed = holm({name: gain.p for name, gain in gains.items()})
unevenness = torch.tensor(lossy["settings"]["least squares"]["average"]["kl"]).median()
print(f"least squares alone covers {alone.mean():.1f} islands, KL {unevenness:.2f} in the median; with a remedy")
for name, gain in gains.items():
    unevenness = torch.tensor(lossy["settings"][name]["average"]["kl"]).median()
    print(f"{name:>13}: {gain}, corrected p = {needed[name]:.1g}; KL {unevenness:.2f} in the median")
assert {name for name, p in needed.items() if p < 0.05} == {"packing 2", "minibatch std"}
assert min(gains["packing 2"].low, gains["minibatch std"].low) > 1

# %% [markdown]
# **The two faults need different remedies.** The two that help here let $D$ see several samples at once. The two that settle the oscillating GAN, a slower generator and a falling rate, do nothing clear for the one that drops modes.
#
# Both have a price: fewer of the average's samples are good. So part of the gain may be scatter, as above. The lower KL does not rule that out, since samples spread evenly along the whole ring would have a low KL as well.
#
# Another loss looks like the better choice. With the relativistic loss instead of least squares, the first record has 29 of 30 averages complete, and about half of their samples are good.
#
# None of this is enough by itself. On the plain GAN, the best remedy reaches a median quality of 0.53, where a perfect sampler has 0.99. The recipe of chapter 05 combines packing in twos, the relativistic loss and a falling rate with several other remedies, and trains longer.
#
# > **Your turn.** Can one also bring back islands that have *already* been dropped? Train least squares for 1,000 steps with 24 seeds, then `fork` it with
# > `loss="relativistic"` for 1,000 more. Predict first.
#
# <details><summary>Solution</summary>
#
# Only in part. In our run 7 of 24 averages covered all eight islands at step 2,000 after the change of loss. Without the change, none did (Fisher's test: $p = .009$).
#
# Of the 81 islands that the averages lacked at step 1,000, 23 came back with the new loss and 6 without. A likely reason: however high $D$ scores an empty island, hardly any sample is near enough
# to feel its slope.
#
# ```python
# wide = Sweep(data, [changes["least squares"]], seeds=range(24))
# for step in wide.train(1000): pass
# before = on_islands(wide.sample(2500)[0]) > 0
# rescued = wide.fork([replace(plain, loss="relativistic")])
# for step in rescued.train(2000): pass
# after = on_islands(rescued.sample(2500)[0]) > 0
# print(before.all(-1).sum(), after.all(-1).sum(), (~before).sum(), (~before & after).sum())
# ```
#
# </details>
#
# ### A lab: settings × seeds
#
# Rows are settings, columns are seeds, and a tile is one GAN, coloured by the islands it covers. You can play, go back in time with the slider, and click on a
# tile to enlarge it. You can also fork all the GANs with other rates, another loss or a penalty, and compare both branches.
#
# **First thing to try:** set both rates of the fork to × 0.3, press *Fork here* and *Play*, and watch
# the first row. The third row stands still, since its rate is zero from step 600 on. For a fork with a falling rate, run `lab.fork(annealed=1200)` in a cell.
#
# The lab scores 500 samples a GAN instead of 2,500, so do not compare its numbers with the tables.

# %% alt="The lab after 600 steps: a grid of tiles, three settings by four seeds, each tile a scatter plot, darker where more islands are covered, with their number in its corner. In the median the plain setting covers 3.5 of 8 islands, the relativistic loss 5, and the relativistic loss with a falling rate all 8. Below, one GAN is enlarged with arrows for the pull on its fakes, and curves show modes, quality and KL over 600 steps."
from gan_lessons.labs.points import CollapseLab

rows = {
    "plain": plain,
    "relativistic": replace(plain, loss="relativistic"),
    "relativistic, falling rate": replace(plain, loss="relativistic", annealed=600),
}
lab = CollapseLab(rows, seeds=range(4), average=False)
lab.run(600)
lab

# %% [markdown]
# ### Twenty-five islands
#
# The next test after the ring is a grid of five by five islands, two apart, each with a standard deviation of
# 0.05. There are three times as many islands to find.
#
# The recipe (`gan_lessons/recipes/grid.py`) extends chapter 05's recipe for the ring with wider networks and more waves. The waves are sines and
# cosines of each coordinate, from which a small $D$ can tell fine detail.

# %% alt="Two panels over training steps. Left, modes covered of 25, the median and the lowest of ten seeds: below ten for the first few thousand steps, then rising steeply towards the dashed line at 25; the median peaks at 24.5 at step 14,000, marked by a dot, and ends at 23.5, and the lowest reaches 23 and falls back late. Right, median high quality: near zero for a long time, then rising to just below the perfect sampler's dashed line." tags=["long", "hide-input"]
grid = json.loads(Path("results/grid.json").read_text())
reached = {name: torch.tensor(values).double() for name, values in grid["members"].items()}
print(f"{grid['date']}: {grid['steps']:,} steps of {len(grid['seeds'])} GANs, {grid['cpu_seconds_per_gan']} s a GAN")
print(f"islands of 25 at the end: {sorted(grid['members']['modes'])}")
for name in ("high_quality", "kl"):
    middle = reached[name].quantile(0.5)
    print(f"{name}: {middle:.2f} in the median, {grid['perfect'][name]:.2f} for a perfect sampler")
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2))
steps = [point["step"] / 1000 for point in grid["curve"]]
for name, label, dashes in (("modes_median", "median", "-"), ("modes_min", "lowest", ":")):
    left.plot(steps, [point[name] for point in grid["curve"]], color=style.FAKE, ls=dashes, label=label)
peak = max(grid["curve"], key=lambda point: point["modes_median"])
left.plot(peak["step"] / 1000, peak["modes_median"], "o", color=style.FAKE)
left.annotate(
    f"step {peak['step']:,}:\nhalf of the ten\nhave all 25", (peak["step"] / 1000, peak["modes_median"]), (15, 13),
    fontsize=9, arrowprops={"arrowstyle": "-", "color": style.REFERENCE, "relpos": (0, 1)}, va="center",
)  # fmt: skip
left.axhline(25, color=style.REFERENCE, lw=1, ls="--")
left.set(ylim=(0, 28), ylabel="modes of 25, of ten seeds", title="Half of the seeds find all, none keeps all")
right.plot(steps, [point["high_quality"] for point in grid["curve"]], color=style.FAKE)
curves.draw_reference(right, grid["perfect"]["high_quality"], "perfect sampler")
right.set(ylabel="high quality, median", ylim=(0, 1.1), title="What is found becomes sharp")
for panel in (left, right):
    panel.set(xlim=(0, 28), xticks=[0, 10, 20], xlabel="thousand steps")
curves.label_ends(left)
plt.show()

# %% tags=["claim", "long"]
complete = int((reached["modes"] == 25).sum())
print(f"25 of 25 at the end in {complete} of {len(grid['seeds'])} seeds")
print(f"median at step {peak['step']:,}: {peak['modes_median']}, so five of the ten had 25 and five fewer")
assert complete == 0 and peak["modes_median"] == 24.5 and reached["high_quality"].quantile(0.5) > 0.8

# %% [markdown]
# At step 14,000 five of the ten GANs have all 25 islands. At step 28,000 none has. Meanwhile the quality goes on rising: islands are lost late, as the samples get sharper.
#
# So our recipe has not solved mode collapse. In chapter 05 it kept all eight islands of the ring in ten seeds of ten, but it does not keep the twenty-five of the grid.
#
# ## 5 · A collapse on real digits
#
# On real data nobody hands us the modes. For digits we can ask a **judge**, a classifier trained on real digits (four
# convolutions; see [chapter 08](08_measuring_a_gan.ipynb)). It says which class it reads in each sample, and we count. Ten classes are
# a coarse kind of modes: a generator that lacks one has collapsed, but one that has all ten may still draw only one kind of seven.
#
# We train the same small convolutional networks for 200 steps in two ways, with three seeds each. The first is plain: non-saturating loss, and a
# discriminator that sees one picture at a time (a group of one). The second has two of our remedies: the relativistic loss, and a
# minibatch standard deviation over groups of eight.

# %%
from functools import partial

from gan_lessons import losses
from gan_lessons.data.images import digits
from gan_lessons.judges.digits import load
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator
from gan_lessons.training import GAN, train

judge, real = load(), digits().pixels
adam = partial(torch.optim.Adam, lr=3e-3, betas=(0.5, 0.99), fused=True)


def trained(loss, group, seed):
    """A small GAN's samples after 200 steps on the digits."""
    torch.manual_seed(seed)
    players = ImageGenerator(32, width=12, hidden=64), ImageDiscriminator(width=12, hidden=64, group=group)
    gan = GAN(*players, noise_dim=32, seed=seed, optimizer=adam)
    for record in tqdm(train(gan, real, loss, steps=200, batch=32), total=200, leave=False):
        pass
    return gan.sample(1000)


def class_shares(pixels):
    """The share of pictures that the judge reads as each digit, and their KL to equal shares."""
    shares = judge.probabilities(pixels).argmax(1).bincount(minlength=10) / len(pixels)
    return shares, torch.special.xlogy(shares, 10 * shares).sum()


# %%
drawn = {
    "plain": [trained(losses.non_saturating, 1, seed) for seed in range(3)],
    "two remedies": [trained(losses.relativistic, 8, seed) for seed in range(3)],
    "real": [digits(held_out=True).pixels],
}

# %% alt="Four rows: the plain GAN, the best and the worst seed of the GAN with two remedies, and real digits. Left, eight samples each: the plain GAN draws the same smear eight times; the others draw different, crude digits; the real ones are clear. Right, the share of each class that the judge reads: a single bar for the plain GAN, ten somewhat uneven bars for the best seed with two remedies, more uneven ones for the worst, and ten nearly equal ones for the real digits." tags=["hide-input"]
ranked = sorted(drawn["two remedies"], key=lambda pixels: class_shares(pixels)[1])
shown = {
    "plain, seed 0": drawn["plain"][0],
    "two remedies, the most even seed of three": ranked[0],
    "two remedies, the least even": ranked[-1],
    "real": drawn["real"][0],
}
figure, axes = plt.subplots(4, 2, figsize=(7.2, 5.2), width_ratios=(2.2, 1))
for (left, right), (name, pixels) in zip(axes, shown.items(), strict=True):
    images.draw_sheet(left, pixels[:8], columns=8)
    left.set_title(name, fontsize=10)
    shares = class_shares(pixels)[0]
    right.bar(range(10), shares, color=style.REAL if name == "real" else style.FAKE)
    right.axhline(0.1, color=style.REFERENCE, lw=1, ls="--")
    right.set(xticks=range(10), ylim=(0, 1 if shares.max() > 0.5 else 0.5), yticks=[0, 0.5])
axes[0, 0].figure.suptitle("The plain GAN draws one smear, two remedies many digits", x=0.01, ha="left")
axes[0, 1].set_title("share of each class", fontsize=10)
axes[0, 1].set_yticks([0, 0.5, 1])
plt.show()

# %% [markdown]
# The claim: over three seeds, the classes of the plain GAN are more uneven than those of the GAN with remedies, by their KL.

# %% tags=["claim"]
kls = {name: [float(class_shares(pixels)[1]) for pixels in runs] for name, runs in drawn.items()}
for name, runs in drawn.items():
    found = [int((class_shares(pixels)[0] >= 0.01).sum()) for pixels in runs]
    print(f"{name:>12}: classes of 10 {found}, class KL {[round(value, 2) for value in kls[name]]}")
print(f"KL, plain minus two remedies: {comparisons.means(kls['plain'], kls['two remedies'])}")
assert min(kls["plain"]) > max(kls["two remedies"])

# %% [markdown]
# The plain GAN of the picture draws the same smear in all eight samples. In all three seeds the judge reads a single class, or nearly so.
#
# Two names fit. The GAN has not *found* the digits, since none of these samples is a readable digit. And its samples have hardly any variety, which papers call complete collapse.
#
# The same networks with two remedies draw most of the ten classes after as many steps, crudely and unevenly.
#
# > **Your turn.** Which of the two remedies did it? An experiment that leaves out one part of a method to see what that part does is called an **ablation**. Predict, then
# > run `trained` with each remedy alone, and with three seeds.
#
# <details><summary>Solution</summary>
#
# Mostly the minibatch standard deviation. In our run it alone gives 7, 8 and 10 classes, with a KL of 0.71, 0.83 and 0.16. The relativistic loss alone gives 2, 3 and 2 classes, with a KL of 1.62 to 1.87.
#
# So here $D$'s view of several samples matters most. How much the relativistic loss adds to it, three seeds cannot say.
#
# ```python
# alone = {"relativistic": (losses.relativistic, 1), "minibatch std": (losses.non_saturating, 8)}
# for name, (loss, group) in alone.items():
#     values = [float(class_shares(trained(loss, group, seed))[1]) for seed in range(3)]
#     print(name, values, comparisons.means(kls["plain"], values))
# ```
#
# </details>
#
# > **Your turn.** The judge must name some class even for a smear. How would you notice that it is guessing? Look at `judge.probabilities(drawn["plain"][0]).max(1)`.
#
# <details><summary>Solution</summary>
#
# Not by its confidence: a classifier can be sure of a picture like none that it was trained on. Chapter 08 shows it uniform noise, and it answers "8" with a probability of 1.00. Look at the pictures, and at how far their features are from those of the nearest real one.
#
# </details>
#
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | quality near zero, few modes, present and averaged alike | train longer; is $D$ strong enough to tell the islands apart? | larger or faster $D$, $\beta_1 = 0.5$ or 0, data scaled to a standard deviation of 1 |
# | good samples; the present generator lacks modes, the average does not | measure again 20 steps later: are other modes missing? | sample from the average; let the rate fall |
# | good samples; the average lacks the same modes for hundreds of steps | earlier measurements: were these modes ever covered? | start again with another loss (relativistic rather than least squares), or let $D$ see several samples: packing, minibatch standard deviation. Not a slower $G$, R1 or a falling rate: on our ring they did nothing clear |
# | all samples alike, whatever the noise | spread of $G(z)$ over $z$; does $D$ see one sample at a time? | minibatch standard deviation |
# | a quality above the perfect sampler's, beyond chance | the width; count different samples, or near-duplicates | look for copies, or a generator that is too narrow |
# | your remedy helped | the same on thirty other seeds, with a test, corrected for all remedies tried | report all of them |
#
# ## What we saw
#
# - Modes, quality and KL each have a blind spot; together with the width they caught all six of our samplers.
# - One setting may cover a part of the ring or all of it, depending on the seed and on the step at which you look. On the grid half of the seeds had all 25 islands at step 14,000, and none at the end.
# - Modes may not have been found yet, may have been dropped, or may only be empty at this step. The present generator and its average, measured over time, help to tell these cases apart.
# - *Oscillation:* over thirty seeds a falling rate and a slower generator completed more *present* rings. The relativistic loss and R1 raised the average's quality. No gain in complete averages survived the correction.
# - *Mode dropping:* islands that least squares dropped mostly stayed lost. Packing or the minibatch standard deviation from the first step on kept more of them, with fewer good samples. A slower generator, R1 and a falling rate did nothing clear.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. A paper reports that all modes are covered. Which further numbers do you ask for?
#    <details><summary>A · The generator's loss</summary><b>No.</b> It says nothing about the samples.</details>
#    <details><summary>B · The number of parameters</summary><b>No.</b> It does not tell how good the samples are.</details>
#    <details><summary>C · The share of high quality, and the KL</summary><b>Right.</b> Uniform noise covers about half of the modes (and on our ring all eight in about one draw of 130).</details>
# 2. The present generator lacks three islands, its average lacks none. What has happened?
#    <details><summary>A · It has dropped three modes for good</summary><b>No.</b> Then we should expect the average to lack them as well.</details>
#    <details><summary>B · It probably oscillates</summary><b>Right.</b> Measure again 20 steps later: are other islands empty? Use the average, or let the learning rate fall.</details>
#    <details><summary>C · The average is wrong</summary><b>No.</b> It is the better generator here.</details>
# 3. Why does a discriminator of pairs (packing) see a collapse that one of single points does not?
#    <details><summary>A · Two fakes of a collapsed generator are alike, two real points mostly are not</summary><b>Right.</b> Each point may be perfect, but the pair gives it away.</details>
#    <details><summary>B · It has more weights</summary><b>No.</b> It would see it with as many.</details>
#    <details><summary>C · It sees each point twice</summary><b>No.</b> It sees two points of the same source.</details>
#
# ### In your own words
#
# 1. A paper reports 8 of 8 modes and nothing else. What may its samples look like?
#    <details><summary>Answer</summary>Nearly anything: uniform noise over the whole square hits about half the islands with a few of 2,500 samples.
#    Ask for the quality and the KL.</details>
# 2. A GAN scores 100 % high quality on the ring. Should you be glad?
#    <details><summary>Answer</summary>No. The perfect sampler has 98.9 % in expectation, with a standard deviation of 0.2 points at 2,500 samples.
#    Yours may be too narrow, as the eight centres are (the width shows it), or copies, as the forty memorised points are.</details>
# 3. With 2,500 samples your KL is 0.0014. Is the sampler uneven?
#    <details><summary>Answer</summary>There is no sign of it: 7 / 5,000 = 0.0014 is what a perfect sampler scores by chance.</details>
# 4. The present generator lacks three islands, its average none. What would you try first?
#    <details><summary>Answer</summary>Use the average, or let the rate fall. It probably oscillates: the islands are not lost, only empty at this step. A second measurement 20 steps later would tell.</details>
# 5. And if the average lacks the same three for thousands of steps?
#    <details><summary>Answer</summary>Then they have been dropped, and by our experiments a lower rate or a slower G will hardly help. Check the scale of the data, and start again with another loss (relativistic rather than least squares), or let D see
#    several samples at once.</details>
# 6. Why can packing find a collapse that a discriminator of single points cannot?
#    <details><summary>Answer</summary>Two real points are mostly on different islands, but two fakes of a collapsed generator are on the same one.
#    The pair gives it away even if each point is perfect.</details>
# 7. One remedy covers all islands in 10 of 10 seeds, the plain GAN in 6 of 10. Is the remedy better?
#    <details><summary>Answer</summary>You cannot tell yet: Fisher's exact test gives p = .09. With 30 of 30 against 18 of 30 it would be p &lt; .001.</details>
#
# ## Further reading
#
# - Metz et al. 2017, *Unrolled GANs* ([arXiv:1611.02163](https://arxiv.org/abs/1611.02163)): the ring, the oscillation, and the look ahead.
# - Lin et al. 2018, *PacGAN* ([arXiv:1712.04086](https://arxiv.org/abs/1712.04086)): packing, with a theory of why it works, and our three scores.
# - Salimans et al. 2016, *Improved techniques* ([arXiv:1606.03498](https://arxiv.org/abs/1606.03498)): minibatch discrimination.
# - Karras et al. 2018, *Progressive growing* ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196)): minibatch standard deviation.
# - Lucic et al. 2018, *Are GANs created equal?* ([arXiv:1711.10337](https://arxiv.org/abs/1711.10337)): many seeds, large budgets, small differences.
# - Sun et al. 2020, *Towards a better global loss landscape of GANs* ([arXiv:2011.04926](https://arxiv.org/abs/2011.04926)): why pairs keep modes.
#
# [← 05 The first GAN](05_the_first_gan.ipynb) · [contents](00_start.ipynb) · **Next:** the [assignment](assignments/release/06_mode_collapse/06_mode_collapse.ipynb), then [07 Convergence →](07_convergence.ipynb): why the players run in
# circles at all, and what makes them settle.
