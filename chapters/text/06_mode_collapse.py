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

from gan_lessons import results
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


# %% alt="A moving picture of two copies of one GAN on a ring of eight islands, from step 600, where both are the same, to 1,000: blue dots are covered islands, black rings empty ones. Left, with its rate unchanged, the orange clusters keep slipping off their islands, and in most frames one or more islands are empty. Right, where the learning rate drops and then falls, the clusters come to rest and all eight islands are covered, though many samples still lie between them." tags=["hide-input"]
plain = Setting(generator_rate=6e-3, discriminator_rate=6e-3)
calmer = replace(plain, annealed=1000)  # along half a cosine, from the full rate at step 0 to nothing at 1,000

restless = Sweep(data, [plain], seeds=[8])
for step in restless.train(600):
    pass
pair = {"same rate": restless.fork([plain]), "falling rate": restless.fork([calmer])}
frames = []
for until in range(600, 1001, 40):
    figure = Figure(figsize=(6.4, 3.4), dpi=100, layout="constrained")
    for panel, (name, branch) in zip(figure.subplots(1, 2), pair.items()):
        for step in branch.train(until):
            pass
        fake = branch.sample(2500, average=False)[0, 0] * scale
        covered = torch.cdist(islands.centres, fake).amin(1) <= 3 * islands.std
        draw_ring(panel, fake[:600], covered)
        panel.set_title(f"{name}: {covered.sum()} of 8 islands")
    figure.suptitle(f"step {until:,}: fakes orange, covered islands blue, empty ones a ring")
    frames.append(figure)
Animation(frames, milliseconds=250, colors=32)

# %% [markdown]
# These are two copies of one GAN, made at step 600. The left copy trains on as before, and its clusters keep slipping off their
# islands. In the right copy the learning rate drops to about a third and then falls to zero. Its clusters come to rest, and all eight
# islands are covered again.
#
# So an island that is empty now need not be lost. Other GANs lose islands for hundreds of steps. This chapter
# shows how to tell the two apart, and what helps in each case.
#
# **You will** fool the usual scores, watch 24 GANs lose and find islands, see another GAN drop them, and compare
# remedies over thirty seeds.
#
# **You will learn** to
# - read modes, quality and KL, and say what each of them does not see,
# - tell three faults apart: modes not found, modes dropped, and a generator that oscillates,
# - choose a remedy by the generator you will use, by a test over many seeds, and by its price,
# - find a collapse on real digits, where nobody hands you the modes.
#
# **You will need** chapter 05 and about a minute of computing on a laptop's processor.
#
# ## 1 · Three numbers, and how to fool them
#
# **Mode collapse** means that a generator draws only a part of what the data hold. Where whole modes are missing, papers also speak of
# **mode dropping**. This chapter keeps that term for modes that were found and then lost. Both are faults of the generator's density
# $q$, so its part of the GAN is lit here.

# %% alt="Block diagram of a GAN with the path from noise z through the generator G to the fakes G(z) in full colour, since mode collapse is a property of the fakes; real data, discriminator and losses are pale." tags=["hide-input"]
diagrams.gan(lit=("noise", "generator", "fake"), real="eight islands", noise="2 numbers")

# %% [markdown]
# How would we notice a collapse? On a ring of eight islands we know all there is to draw, so we can count. Chapter 05 called a sample
# *good* if it lies within three standard deviations of an island's centre. It scored samples by four numbers:
#
# - **modes**: the number of islands with at least one good sample,
# - **high quality**: the share of good samples,
# - **KL**: how unevenly the good samples are spread over the islands,
# - **width**: the standard deviation of the good samples around their island's centre.
#
# For example, KL is 0 if every island gets an eighth of the good samples, $\log 2 \approx 0.69$ if only four islands share
# them evenly, and $\log 8 \approx 2.08$ if one island gets all. With $r_j$ for the share of the good samples on island $j$,
#
# $$\text{KL} = \sum_{j=1}^{8} r_j \log (8\, r_j).$$
#
# The logarithm compares each share with an even one of $1/8$. The PacGAN paper (Lin et al. 2018) uses the first three scores.
# How far can we trust them? We try six samplers whose faults we plant ourselves.

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
# > **Predict, then run.** Which of these six samplers equal or beat the perfect one in at least two of the first three scores?

# %% alt="Six scatter plots over eight blue islands, with the right-hand island enlarged in the middle of each and modes, quality and KL above it. Four neighbouring islands covered by orange samples; one island with nearly all samples; eight single points among uniform noise; uniform noise; eight dots at the centres; forty memorised points. Enlarged, the first two fill a round cloud inside the grey circle of three standard deviations, the noise leaves it nearly empty, the centres are one dot, and the memorised points a handful of dots." tags=["hide-input"]
def enlarge(panel, fake, centre, half):
    """One island enlarged in the middle of the ring; a grey circle at three standard deviations."""
    near = panel.inset_axes([0.3, 0.3, 0.4, 0.4], xticks=[], yticks=[])
    x, y = centre.tolist()
    near.set(xlim=(x - half, x + half), ylim=(y - half, y + half))
    near.add_patch(plt.Circle((x, y), 3 * islands.std, fill=False, color=style.REFERENCE))
    near.scatter(*fake.T, s=6, color=style.FAKE, linewidths=0)
    near.spines[:].set_visible(True)
    panel.indicate_inset_zoom(near, edgecolor="black")


print(f"{'':>28}  modes  quality     KL   width")
scores = {}
for name, sample in {"a perfect sampler": islands.sample(2500, seed=0), **samplers}.items():
    modes, quality, kl = mode_scores(sample, islands)
    scores[name] = f"modes {modes}, good {quality:.1%}, KL {kl:.2f}"
    print(f"{name:>28}: {modes:5} {quality:8.1%} {kl:7.4f} {mode_width(sample, islands):7.4f}")

figure, axes = plt.subplots(2, 3, figsize=(7.2, 5.5))
figure.suptitle("Enlarged, the last two give themselves away: a few points, drawn again and again", x=0.01, ha="left")
for place, (name, sample) in zip(axes.flat, samplers.items(), strict=True):
    points.draw_points(place, islands.sample(500), sample)
    enlarge(place, sample, islands.centres[0], half=0.1)
    place.set(xticks=[], yticks=[])
    place.set_title(f"{name}\n{scores[name]}", fontsize=9)
plt.show()

# %% [markdown]
# Only the last two do, and in the picture only the enlarged island gives them away. Each score has its blind spot:
#
# - **Modes** counts an island after one good sample in 2,500. Uniform noise hits about half of the islands by luck.
# - **High quality** ignores where the good samples lie. All of them may be on one island.
# - **KL** looks only at the good samples, however few they are.
#
# *Seven modes of eight at 99 % quality* sounds fine, but this sampler draws almost nothing but one
# island. Only its KL of 2.04 shows it.
#
# A quality of 100 % is too good. The eight centres pass by modes and KL, but their **width** is zero. The forty
# memorised points have a good width, but their KL is far above what chance allows.
#
# What does chance allow? A perfect sampler does not score perfectly either:
#
# - Its expected quality is $p = 1 - e^{-9/2} = 98.9\ \%$. With $N = 2{,}500$ samples the standard deviation is
#   $\sqrt{p(1-p)/N} = 0.2$ points, so 99.0 % is within chance, and 100 % is a warning.
# - Its KL over $k$ islands is about $(k-1)/2N$, here .0014.
#
# So compare scores only at equal numbers of samples, beside the perfect sampler's.
#
# The claim, over 100 draws each: the mean KL of perfect samples is within a quarter of $(k-1)/2N$, and uniform noise hits
# three to six of the eight islands on average.

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
# A quarter of the fair share is 78.1 samples. In the order above: 4, 1, 0, 0, 8, 8. The two samplers without variety still pass. [Chapter 08](08_measuring_a_gan.ipynb)
# looks for near-duplicates.
#
# ```python
# for sample in samplers.values():
#     near = torch.cdist(sample, islands.centres) <= 3 * islands.std
#     print((near.sum(0) >= 2500 / 8 / 4).sum())
# ```
#
# </details>
#
# ## 2 · Three ways to miss an island
#
# When a GAN misses islands, are they lost, or only empty at the moment we look? We train chapter 05's plain GAN with 24 seeds. A `Setting` says how a GAN is built and trained, and a `Sweep` trains settings × seeds side by side.
#
# The learning rate is six times chapter 05's, so that 1,000 steps are enough to find good samples. Every 20 steps we measure what share of the samples lies on each island.
#
# Each GAN gives us two generators. The **present** one has the weights of this very step. The **average** has the exponential
# moving average of all weights so far, as in chapter 05. With a decay of 0.99 it remembers roughly the last hundred steps.

# %%
wall = Sweep(data, [plain], seeds=range(24))


def on_islands(samples):
    """The share of samples that lie well on each island, [..., islands]."""
    return (torch.cdist(samples * scale, islands.centres) <= 3 * islands.std).float().mean(-2)


# %%
now, averaged = [], []
for step in tqdm(wall.train(1000), total=1000, leave=False):
    if step % 20 == 0:
        now.append(on_islands(wall.sample(2500, average=False)[0]))
        averaged.append(on_islands(wall.sample(2500)[0]))
now, averaged = torch.stack(now), torch.stack(averaged)  # [measurements, seeds, islands]

# %% alt="Two rows of four scatter plots, a column a GAN, with orange samples on a ring of eight islands after 1,000 steps; blue dots mark covered islands, black rings empty ones. Above, the present generators miss two or three islands each; one of these is enlarged, and the samples pass beside its circle. Below, their averages cover all eight, and the enlarged circle holds some samples." tags=["hide-input"]
figure, axes = plt.subplots(2, 4, figsize=(7.2, 4.1))
missed = (now[-1] == 0).int().argmax(-1)  # for each seed an island that the present generator misses
for row, (name, shares) in zip(axes, {"present": now, "average": averaged}.items(), strict=True):
    fakes = wall.sample(2500, average=name == "average")[0] * scale
    for place, fake, share, island in zip(row, fakes, shares[-1], missed):
        draw_ring(place, fake[:500], share > 0)
        enlarge(place, fake, islands.centres[island], half=0.25)
        place.set_title(f"{(share > 0).sum()} of 8 islands", fontsize=10, pad=3)
    row[0].set_ylabel(name)
figure.suptitle("Four seeds at step 1,000: present generators just miss islands that averages hit", x=0.01, ha="left")
plt.show()
complete = [int((shares[-1] > 0).all(-1).sum()) for shares in (now, averaged)]
print(f"all eight islands: {complete[0]} of 24 present generators, {complete[1]} of 24 averages")


# %% [markdown]
# The columns differ only in their seed. Of all 24 present generators only a quarter cover
# all eight islands. If you train once, you report one draw from this lottery.
#
# The squares enlarge one missed island each: the samples pass right beside its circle. In the same place the average does hit.
#
# Indeed 21 of the 24 averages are complete. If the recent generators had lost an island for good, their average should
# miss it as well. So let us follow one GAN over time. Its islands are numbered anticlockwise from the right.

# %% alt="Two strips over 1,000 steps with a row for each of eight islands, brighter where more of the samples lie, on a logarithmic scale, and grey where none does. Top, the present generator: in each row coloured and grey stretches alternate to the end. Bottom, the average: after the first few hundred steps hardly any grey is left and the rows slowly brighten, though some islands get more samples than others." tags=["hide-input"]
def draw_strips(strips, every):
    """A panel a title: shares [measurements, islands], one measurement in so many steps; grey where no sample lies."""
    figure, axes = plt.subplots(2, 1, figsize=(7.2, 4.2), sharex=True)
    for place, (title, shares) in zip(axes, strips.items(), strict=True):
        found, extent = shares.where(shares > 0, torch.nan).T, (every / 2, 1000 + every / 2, 7.5, -0.5)
        norm = LogNorm(1 / 2500, 0.25)
        picture = place.imshow(found, aspect="auto", extent=extent, norm=norm, interpolation="nearest")
        place.set(ylabel="island", yticks=range(8), title=title, facecolor="lightgrey")
    axes[1].set_xlabel("step")
    bar = figure.colorbar(picture, ax=axes, label="share of all samples (grey: none)", extend="max")
    bar.set_ticks([0.001, 0.01, 0.1], labels=["0.1 %", "1 %", "10 %"])
    bar.ax.minorticks_off()
    plt.show()


strips = {
    "Present: islands empty and fill again, to the end": now[:, 8],
    "Average: it changes less, and misses fewer islands": averaged[:, 8],
}
draw_strips(strips, every=20)

# %% [markdown]
# The present generator's rows flicker. Could this be chance, since each measurement draws only
# 2,500 samples? To see what chance does, we measure the final generators again: the same weights, other noise. The claim:
#
# - At the end most present generators miss an island, and far fewer averages do. Fisher's exact test asks how often chance alone would split the GANs so unevenly.
# - In the second half of the training, more than half of the empty islands are covered 20 steps later, and with other noise less than half of that.

# %% tags=["claim"]
late = now[25:] > 0  # from step 520 on
wanting, wanting_average = 24 - complete[0], 24 - complete[1]
difference = comparisons.shares(wanting, 24, wanting_average, 24)
print(f"after 1,000 steps {wanting} of 24 miss an island, and {wanting_average} of their averages do")
print(f"difference in shares: {difference}")


def flips(first, second):
    """Which share of the covered islands is empty in a second measurement, and which of the empty ones covered."""
    return (first & ~second).sum() / first.sum(), (~first & second).sum() / (~first).sum()


again = torch.stack([on_islands(wall.sample(2500, seed, average=False)[0]) for seed in range(1, 6)]) > 0
lost, back = flips(late[:-1], late[1:])
lost_by_chance, back_by_chance = flips(late[-1].expand_as(again), again)
print(f"of the islands covered, 20 steps later {lost:.0%} are empty, with other noise {lost_by_chance:.0%}")
print(f"of the islands empty, 20 steps later {back:.0%} are covered, with other noise {back_by_chance:.0%}")
assert difference.clear and wanting > wanting_average
assert lost > 0.1 and back > 0.5 and min(lost / lost_by_chance, back / back_by_chance) > 2

# %% [markdown]
# So these generators **oscillate**: they slip off an island and come back. Of the empty islands 69 % are covered 20 steps later. New noise without training covers 12 %.
#
# Why? Probably it is a chase. $D$ learns to give low scores where the fakes are crowded. The generator moves them away,
# often just off the island, and $D$ follows.
#
# **Catastrophic forgetting** may add to it (Thanh-Tung & Tran 2018, [arXiv:1807.04015](https://arxiv.org/abs/1807.04015)). $D$ sees only the newest fakes, so it may forget that it once rejected fakes beside an island.
# One proposed answer is a **replay buffer** of older fakes (Shrivastava et al. 2017, [arXiv:1612.07828](https://arxiv.org/abs/1612.07828)).
#
# ### Change one thing
#
# Do all GANs that miss islands oscillate? We change one thing at a time: a quarter of the rate for $G$, a quarter for $D$, or another loss.
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
for k, name in enumerate(changes):
    print(f"{name:>13}: islands now {present.modes[k].tolist()}, averaged {average.modes[k].tolist()}")
    print(f"{'':15}median quality of the averages {average.high_quality[k].median():.0%}")

# %% alt="Two strips over 1,000 steps with a row for each of eight islands, brighter where more samples of the averaged generator lie, grey where none does. Top, with a slower generator: after the first hundreds of steps all eight rows stay coloured. Bottom, with least squares: three rows grow bright or stay coloured to the end; the other five are dark for a while and grey at the end." tags=["hide-input"]
slower, weaker, squares = range(3)
strips = {
    "Slower generator: its average keeps what it has found": traced[:, slower, 0],
    "Least squares: a few islands fill up, the others end empty": traced[:, squares, 0],
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
# - With a **slower generator** all five averages cover all eight islands.
# - The **slower discriminator** is fatal. Hardly any sample is good, and the typical average covers no island at all.
# - **Least squares** drops islands. Most averages lack some, and all of these were covered earlier, in the strip for four or more measurements in a row.
#   It may oscillate too: in the last three seeds the present generators cover 5, 5 and 2 islands, their averages 7, 8 and 7.
#
# So a missing island can mean three things. The two generators, measured over time, tell them apart:
#
# | the present generator | its average | name |
# |---|---|---|
# | hardly any good samples, or never any on some islands | the same | **not found** |
# | some islands empty | the same islands empty for long, good samples on the others | **mode dropping** |
# | some islands empty now, different ones 20 steps later | all islands covered | **oscillation** |
#
# ### Which changes lead where?
#
# A stored run tries seventeen changes of the plain GAN, with thirty seeds each. The map leaves out four: the hinge loss, three layers in $D$, a batch of 16, and both rates / 6.
# Each cell is the average of one GAN at step 1,000: yellow where it covers all eight islands, dark where it covers few. *Data / 10* and *data × 5* scale what the networks see, and *islands × 5* widens only the islands.
#
# A change does *harm* here if fewer than half of its averages are complete: a rule of thumb, not a test.

# %% tags=["long", "hide-input"]
record = results.table("sweeps/collapse")
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
def chart(title, groups):
    """A row a setting: its averages' islands, a seed a cell, sorted; how many rings are complete; quality."""
    rows = {}
    for heading, entries in groups.items():
        rows |= {heading: None} | entries
    size = (7.2, 1.4 + 0.25 * len(rows))
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=size, sharey=True, width_ratios=(1.8, 0.95, 1))
    figure.suptitle(title, x=0.01, ha="left")
    cells = [sorted(entry["average"]["modes"]) if entry else [torch.nan] * seeds for entry in rows.values()]
    picture = left.imshow(cells, aspect="auto", vmin=0, vmax=8, interpolation="nearest")
    figure.colorbar(picture, ax=left, label="islands that the average covers", location="bottom", aspect=40)
    left.set(yticks=range(len(rows)), yticklabels=rows, xticks=[])
    left.set_title(f"a cell a seed, {seeds} seeds, sorted", fontsize=9)
    for k, (label, entry) in enumerate(zip(left.get_yticklabels(), rows.values(), strict=True)):
        if not entry:
            label.set_weight("bold")
            continue
        for place, kind in ((0.15, "average"), (0.73, "present")):
            complete = sum(modes == 8 for modes in entry[kind]["modes"])
            middle.text(place, k, complete, va="center", ha="center", fontsize=9)
        quality = torch.tensor(entry["average"]["high_quality"]).double().quantile(0.5)
        right.barh(k, quality, color=style.AVERAGE)
    middle.set(xlim=(0, 1), xticks=[0.15, 0.73], xticklabels=["average", "present"])
    middle.set_title("seeds with all 8", fontsize=9)
    middle.tick_params(bottom=False, labelsize=9, labelbottom=False, labeltop=True, pad=0)
    right.axvline(record["perfect"]["high_quality"], color=style.REFERENCE, lw=1, ls="--")
    right.text(0.96, 0, "perfect", va="center", ha="right", fontsize=9, color=style.REFERENCE)
    right.set(xlim=(0, 1.05), xticks=[0, 0.5, 1], xticklabels=["0", "50 %", "100 %"])
    right.set_title("good samples of\nthe average, median", fontsize=9)
    for panel in (left, middle):
        panel.spines[:].set_visible(False)
    for panel in (left, middle, right):
        panel.tick_params(left=False)
    plt.show()


# %% alt="A heat map with a row for each of 14 settings in three groups: each row has thirty seeds, sorted and coloured by how many islands the averaged generator covers; beside it the numbers of complete rings, and bars of the averages' median share of good samples. Few good samples: five rows without bars, mostly dark, D with 16 units from dark to yellow. Islands missing: four rows of mixed colours; least squares has one complete average. Mostly complete: five rows, nearly all yellow; plain has 22 complete averages and 4 complete present generators, islands five times as wide have 30 of both and the longest bar." tags=["long", "hide-input"]
outcomes = {
    "few good samples": {
        "D's rate / 4": "D / 4",
        "D with 16 units": "width 16",
        "D with one layer": "one layer",
        "Adam's β₁ = 0.9": "momentum 0.9",
        "data / 10": "all / 10",
    },
    "islands missing": {
        "least squares": "least squares",
        "data × 5": "all × 5",
        "G's rate × 4": "G × 4",
        "minimax": "minimax",
    },
    "mostly complete": {
        "plain": "plain",
        "G's rate / 4": "G / 4",
        "D with 256 units": "width 256",
        "batch of 256": "batch 256",
        "islands × 5": "islands × 5",
    },
}
chart(
    "Nine of 13 changes do harm: five leave few good samples, four lose islands",
    {heading: {k: record["settings"][name] for k, name in each.items()} for heading, each in outcomes.items()},
)

# %% tags=["claim", "long"]
never, missing, kept = (list(each.values()) for each in outcomes.values())
for name in [*never, *missing, *kept]:
    print(f"{name:>13}: {median(name):.1f} modes, quality {median(name, 'high_quality'):.0%} (averaged, medians)")
assert all(median(name, "high_quality") < 0.02 for name in never)
assert all(whole(name) < seeds / 2 and median(name, "high_quality") > 0.1 for name in missing)
assert all(whole(name) > 20 and median(name, "high_quality") > 0.3 for name in kept)
assert all(median(name, "high_quality") > median("plain", "high_quality") + 0.1 for name in ("width 256", "batch 256"))

# %% [markdown]
# - **Few good samples.** $D$ is too small or too slow, the data are at a tenth of their size, or Adam has its usual
#   $\beta_1 = 0.9$.
# - **Islands missing.** This is clearest with least squares and with data at five times their size. The map shows only the end, so these islands may have been dropped or never found.
# - **Mostly complete.** Where averages are complete and most present generators are not, as in the plain row, it looks like oscillation. With a slower
#   generator 18 present ones are complete, with the plain GAN 4. A larger $D$ or batch raises the quality.
#
# The scale of the data can be wrong in both directions, so first bring your data to a standard deviation near 1.
#
# ## 3 · What brings the islands back
#
# Why does $D$ not notice a collapse? It judges one point at a time, and each fake on an island looks fine. So the
# first idea is to **show it several samples at once**.
#
# **Packing** (Lin et al. 2018) puts two samples or more side by side, *all real or all fake*, and asks for one score. Two real points mostly lie on different islands. If
# two fakes never do, the pair gives the collapse away. In pairs a batch [64, 2] becomes [32, 4]:

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
# **Minibatch discrimination** (Salimans et al. 2016) lets $D$ compare the samples of a batch by learned features. A simpler successor is the **minibatch standard deviation** (Karras
# et al. 2018). It tells $D$ by one number how much the hidden units vary over the batch. A batch is again all real or all fake, so look-alikes give themselves away by a small number.

# %% alt="Diagram of a discriminator with minibatch standard deviation. A batch of samples enters the hidden layers, which give 64 features a sample. One arrow leads through a box of these features to the last layer; another leads to a box that takes the standard deviation over the batch, averaged to one number, which is appended before the last layer gives a score a sample." tags=["hide-input"]
diagrams.flow(
    [
        Box("batch", 0, 0.5, "64 × 2", "plain"),
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
# The buffer `spread` keeps the number of the last training batch, so that single points can be scored later. There are four other ideas:
#
# - **Look ahead.** A generator that crowds one island gains only until $D$ notices. An **unrolled GAN** (Metz et al. 2017) lets the generator see this coming. A copy
#   of $D$ learns for $K$ steps, $\phi_{k+1} = \phi_k - \eta \nabla_\phi L_D(\theta, \phi_k)$, with $\theta$ for $G$'s parameters, $\phi$ for $D$'s and an inner rate $\eta$.
#   Then $G$ follows the gradient of $L_G(\theta, \phi_K)$ *through* those steps (`unrolled` in `gan_lessons/updates.py`).
# - **Compare in pairs.** The [relativistic loss of chapter 04](04_the_losses.ipynb#Relativistic:-which-of-the-two-is-real?) asks each fake to beat a real point.
# - **Keep $D$ smooth** by a penalty on its slope ([chapter 07](07_convergence.ipynb)). **R1** pulls the slope to 0 at real points, the `gradient penalty` to 1 between real and fake.
# - **Take shorter steps**: a slower generator, or a learning rate that falls to zero.
#
# ### Remedies for the plain GAN
#
# Which of these ideas help? The stored record holds thirteen remedies for the plain GAN, with thirty seeds each. How to read their names:
# `unrolled, 5 × 0.1` looks $K = 5$ steps ahead with $\eta = 0.1$, `R1, 0.01` has a weight of 0.01, `packing 2` judges pairs, and
# `falling rate, minibatch std` combines two.
#
# In how many seeds are all eight islands covered (Fisher's exact test), and how good are the samples (a paired $t$ test over the seeds)?
#
# With thirteen comparisons, one small $p$ may well come by chance. **Holm's correction** (Holm 1979) guards against that: the
# smallest of a column's $p$-values is multiplied by 13, the next by 12, and so on. A dot is filled where $p < .05$ after the correction.

# %% tags=["long", "hide-input"]
def holm(p):
    """Holm's correction of p-values by name: each is what its test would need, with so many tests, to count alone."""
    worst, corrected = 0.0, {}
    for k, name in enumerate(sorted(p, key=p.get)):
        worst = corrected[name] = max(worst, min(1.0, (len(p) - k) * p[name]))
    return corrected


kinds = ["D sees more", "G looks ahead", "D is smooth", "steps get shorter"]
remedies = ["G / 4", *(name for name, entry in record["settings"].items() if entry["group"] in kinds)]
tests = {
    kind: {name: comparisons.shares(whole(name, kind), seeds, whole("plain", kind), seeds) for name in remedies}
    for kind in ("present", "average")
}
tests["high_quality"] = {
    name: comparisons.means(values(name, "high_quality"), values("plain", "high_quality"), paired=True)
    for name in remedies
}
corrected = {column: holm({name: test.p for name, test in each.items()}) for column, each in tests.items()}

# %% alt="Dot plot of thirteen remedies beside dotted lines for the plain GAN. Left, seeds of thirty with all eight islands: present generators, 4 with the plain GAN, 18 with a slower generator, 25 to 30 in the three rows with a falling rate, all filled, and 0 to 12 elsewhere, hollow; averages, 22 with the plain GAN, 25 to 30 in ten rows, all hollow, 22 with the gradient penalty and fewer with unrolling. Right, good samples of the average: filled dots above the plain GAN's 40 % for the relativistic loss and R1 with 0.01, far below it for packing. At the right edge the cost of a step, about 1 to 1.8, and 6.4 for unrolling." tags=["long", "hide-input"]
order = ["G / 4", *(n for n in remedies if n.startswith("falling")), *(n for n in remedies if n[0] not in "Gf")]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 4.9), sharey=True, width_ratios=(1.7, 1))
figure.suptitle("Only shorter steps clearly complete more rings, and only the present ones", x=0.01, ha="left")
for panel, score, kind, color in (
    (left, "present", "present", style.FAKE),
    (left, "average", "average", style.AVERAGE),
    (right, "high_quality", "average", style.AVERAGE),
):
    quality, aside = score == "high_quality", {"present": -0.15, "average": 0.15}.get(score, 0)
    for k, name in enumerate(order):
        x = median(name, score) if quality else whole(name, kind)
        face = color if corrected[score][name] < 0.05 else "none"
        panel.plot(x, k + aside, "o", ms=7, color=color, mfc=face, mew=1.5, clip_on=False, zorder=3)
    x = median("plain", score) if quality else whole("plain", kind)
    panel.axvline(x, ymax=0.93, color=color, lw=1, ls=":")
    label = f"plain:\n{x:.0%}" if quality else f"{kind},\nplain: {x}"
    panel.text(x, -0.75, label, ha="center", va="bottom", fontsize=9, color=color)
left.set(yticks=range(len(order)), yticklabels=order, ylim=(len(order) - 0.5, -1.6), xlim=(-1, 31))
left.set_xlabel(f"seeds of {seeds} with all 8 islands\n(filled: clearly different from plain)")
right.set(xlim=(-0.02, 0.62), xticks=[0, 0.25, 0.5], xticklabels=["0", "25 %", "50 %"])
right.set_xlabel("good samples of the\naverage, median")
right.text(1.12, -0.75, "cost of\na step", transform=right.get_yaxis_transform(), fontsize=9, ha="center")
for k, name in enumerate(order):
    cost = f"× {record['settings'][name]['cost']:.1f}"
    right.text(1.12, k, cost, transform=right.get_yaxis_transform(), va="center", ha="center", fontsize=9)
for panel in (left, right):
    panel.grid(axis="y", lw=0.5)
    panel.spines["left"].set_visible(False)
    panel.tick_params(axis="y", left=False)
plt.show()


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
first = int((values("plain")[:10] == 8).sum())
print(f"of the first ten averages of the plain GAN, {first} are complete, of all thirty {whole('plain')}")
falling = {name for name in remedies if name.startswith("falling rate")}
assert clearly("present", 1) == falling | {"G / 4"} and not clearly("average", 1)
assert clearly("high_quality", 1) == {"relativistic", "R1, 0.01"}
assert {"packing 2", "packing 4", "falling rate", "gradient penalty, 0.01"} < clearly("high_quality", -1)
assert median("unrolled, 5 × 0.1", "high_quality") < 0.02 and record["settings"]["unrolled, 5 × 0.1"]["cost"] > 3

# %% [markdown]
# - **Shorter steps help the present generator.** With a falling rate or a slower generator (`G / 4`) far more present rings are complete, and a step costs no more. The falling rate alone lowers the average's quality a little.
# - **No remedy clearly completes more averages.** Five reach 29 or 30 where plain has 22, but no gain survives the correction.
# - **Ten seeds are too few.** Of the first ten plain averages 9 are complete, of the other twenty only 13, though nothing but the seed differs.
# - **Two remedies raise the quality:** the relativistic loss and, at 1.4 times the cost, R1 with a weight of 0.01.
# - **Packing costs quality.** In pairs all thirty averages are complete, but less than half as many samples are good as in the plain GAN. One good sample is enough to cover an island, so mere scatter may help here.
# - **Unrolling does not pay here.** It costs six times as much a step and shows no gain. With an inner rate of 0.1 no generator covers the ring. Its authors used other networks and far smaller rates.
#
# ### Remedies for least squares
#
# With least squares the averages, too, lack islands. Does this fault need other remedies? We gave this GAN five, each alone, over the same thirty seeds.
#
# > **Predict, then run.** Which of the five will help: a slower generator, packing in pairs, the minibatch standard deviation, R1, or a falling rate?

# %% alt="A heat map like the one before for least squares alone and with one of five remedies. Packing in twos has 22 complete averages of thirty and minibatch standard deviation 8; least squares alone, with a slower generator, with a falling rate or with R1 has one or none. Bars of median high quality: about two thirds alone, a tenth with packing, a third with minibatch standard deviation." tags=["long", "hide-input"]
lossy = results.table("sweeps/dropping")
dropping = lossy["settings"]
added = ("packing 2", "minibatch std", "G / 4", "falling rate", "R1, 0.01")
chart(
    "Packing and minibatch std cover more islands, with fewer good samples",
    {"least squares": {"alone": dropping["least squares"]} | {f"+ {name}": dropping[name] for name in added}},
)

# %% [markdown]
# The claim: with packing or the minibatch standard deviation the average covers more islands, while the other three show no such gain (paired $t$ tests over the seeds, with Holm's correction for five).

# %% tags=["claim", "long"]
print(f"{lossy['date']}: {lossy['command']} ({lossy['machine']})")
covered = {name: torch.tensor(entry["average"]["modes"]).double() for name, entry in dropping.items()}
alone = covered.pop("least squares")
gains = {name: comparisons.means(modes, alone, paired=True) for name, modes in covered.items()}
needed = holm({name: gain.p for name, gain in gains.items()})
print(f"least squares alone covers {alone.mean():.1f} islands; with a remedy")
for name, gain in gains.items():
    print(f"{name:>13}: {gain}, corrected p = {needed[name]:.1g}")
assert {name for name, p in needed.items() if p < 0.05} == {"packing 2", "minibatch std"}
assert min(gains["packing 2"].low, gains["minibatch std"].low) > 1

# %% [markdown]
# For the plain GAN's present generators it was the other way round.
# Does the GAN make the difference, or the choice of generator? Both do. Here is the mean number of
# islands at step 1,000, in bold where it is clearly more than alone. The cell above tests the last column; the others were tested alike.
#
# | | plain: present | average | least squares: present | average |
# |---|---|---|---|---|
# | alone | 6.0 | 7.5 | 3.0 | 4.9 |
# | packing 2 | 6.3 | 8.0 | **5.9** | **7.7** |
# | minibatch std | 6.0 | 8.0 | **5.0** | **6.8** |
# | G / 4 | **7.4** | 8.0 | **4.0** | 4.5 |
# | R1, 0.01 | 6.7 | 7.8 | **4.2** | 4.9 |
# | falling rate | **7.5** | 7.5 | **5.1** | 5.1 |
#
# **The generator matters:** in both GANs shorter steps clearly help the present one, and neither average. **The GAN matters:** packing and the
# minibatch standard deviation clearly help only least squares, but there both generators. Plain averages, with 7.5 islands of 8 alone, have little to gain.
# So ask first which generator you will use.
#
# The gain has a price. Packing lowers the median quality of least squares' averages from 64 % to 11 %, the minibatch standard deviation to 31 %. Another loss looks
# better: with the relativistic one 29 of 30 averages are complete, and about half of their samples are good.
#
# None of the thirteen is enough for the plain GAN: the best quality is 53 %, a perfect sampler's 99 %. [Chapter 05's recipe](05_the_first_gan.ipynb#A-better-recipe) combines several, and trains longer.
#
# > **Your turn.** Can one also bring back islands that have *already* been dropped? Train least squares for 1,000 steps with 24 seeds, then copy it with
# > `fork` and train the copy with `loss="relativistic"` for 1,000 more. Predict first.
#
# <details><summary>Solution</summary>
#
# Only in part. In our run 7 of 24 averages covered all eight islands at step 2,000 with the new loss, and none without (Fisher's test: $p = .009$). A likely reason: however high $D$ scores an empty island, hardly any sample is near enough
# to feel its slope.
#
# ```python
# wide = Sweep(data, [changes["least squares"]], seeds=range(24))
# for step in wide.train(1000): pass
# rescued = wide.fork([replace(plain, loss="relativistic")])
# for step in rescued.train(2000): pass
# for step in wide.train(2000): pass
# after, without = (on_islands(one.sample(2500)[0]) > 0 for one in (rescued, wide))
# print(after.all(-1).sum(), without.all(-1).sum())
# ```
#
# </details>
#
# ### A lab: settings × seeds
#
# Rows are settings, columns are seeds, and a tile is one GAN, darker where it covers more islands. Click on a
# tile to enlarge it. There $D$'s score is low where it is purple, higher where white, highest in faintly green spots.
#
# **First thing to try:** set both rates of the fork to × 0.3, press *Fork here* and *Play*, and watch
# whether the first row fills. The third stands still, since its rate is zero by now.
#
# The lab scores 500 samples of present generators, so its numbers differ from those above.

# %% alt="The lab after 600 steps: a grid of tiles, three settings by four seeds, each tile a scatter plot, darker where more islands are covered, with their number in its corner. The medians: plain 3.5 of 8 islands, the relativistic loss 5, and with a falling rate 8. Below the grid, one GAN is enlarged with arrows for the pull on its fakes. On the right, one below the other, curves show modes, quality and KL over 600 steps."
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
# Chapter 05's recipe kept the ring's eight islands in all ten seeds. Does it keep a grid of five by five? The recipe in `gan_lessons/recipes/grid.py` has wider networks and
# more waves. The left curves are the median and the minimum of ten averages at each step, so neither follows one seed.

# %% alt="Two panels over training steps. Left, modes covered of 25, the median and the minimum over ten seeds at each step: below ten for the first few thousand steps, then rising steeply towards the dashed line at 25; the median peaks at 24.5 at step 14,000, marked by a dot, and ends at 23.5, and the minimum reaches 23 and falls back late. Right, the median high quality at each step: near zero for a long time, then rising to just below the perfect sampler's dashed line." tags=["long", "hide-input"]
grid = results.table("grid")
reached = {name: torch.tensor(values).double() for name, values in grid["members"].items()}
print(f"{grid['date']}: {grid['steps']:,} steps of {len(grid['seeds'])} GANs, {grid['cpu_seconds_per_gan']} s a GAN")
print(f"islands of 25 at the end: {sorted(grid['members']['modes'])}")
for name in ("high_quality", "kl"):
    middle = reached[name].quantile(0.5)
    print(f"{name}: {middle:.2f} in the median, {grid['perfect'][name]:.2f} for a perfect sampler")
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2))
figure.suptitle("Half of the seeds have all 25 islands at step 14,000, none at the end", x=0.01, ha="left")
steps = [point["step"] / 1000 for point in grid["curve"]]
for name, label, dashes in (("modes_median", "median", "-"), ("modes_min", "minimum", ":")):
    left.plot(steps, [point[name] for point in grid["curve"]], color=style.AVERAGE, ls=dashes, label=label)
peak = max(grid["curve"], key=lambda point: point["modes_median"])
left.plot(peak["step"] / 1000, peak["modes_median"], "o", color=style.AVERAGE)
left.annotate(
    f"step {peak['step']:,}:\nfive seeds: all 25,\nfive: fewer", (peak["step"] / 1000, peak["modes_median"]), (14, 13),
    fontsize=9, arrowprops={"arrowstyle": "-", "color": style.REFERENCE, "relpos": (0, 1)}, va="center",
)  # fmt: skip
left.axhline(25, color=style.REFERENCE, lw=1, ls="--")
left.set(ylim=(0, 28))
left.set_title("islands of 25 that the average covers", fontsize=10)
right.plot(steps, [point["high_quality"] for point in grid["curve"]], color=style.AVERAGE)
curves.draw_reference(right, grid["perfect"]["high_quality"], "perfect sampler")
right.set(ylim=(0, 1.1), yticks=[0, 0.5, 1], yticklabels=["0", "50 %", "100 %"])
right.set_title("good samples, median", fontsize=10)
for panel in (left, right):
    panel.set(xlim=(0, 28), xticks=[0, 10, 20], xlabel="thousand steps")
curves.label_ends(left, gap=24)
plt.show()

# %% tags=["claim", "long"]
complete = int((reached["modes"] == 25).sum())
print(f"25 of 25 at the end in {complete} of {len(grid['seeds'])} seeds")
print(f"median at step {peak['step']:,}: {peak['modes_median']}, so five of the ten had 25 and five fewer")
assert complete == 0 and peak["modes_median"] == 24.5 and reached["high_quality"].quantile(0.5) > 0.8

# %% [markdown]
# No. At step 14,000 five of the ten averages have all 25 islands, and at the end none has. Meanwhile the quality goes on rising, so some islands may only have lost their last stray samples.
#
# ## 4 · A collapse on real digits
#
# On real data nobody hands us the modes. How do we notice a collapse then? For digits we can ask a **judge**, a classifier trained on real digits ([chapter 08](08_measuring_a_gan.ipynb)), which class it reads in each sample, and count. Ten classes are
# coarse modes: a generator that has all may still draw one kind of seven.
#
# We train the same small convolutional networks for 150 steps in two ways, with three seeds each. The first way is plain: a non-saturating loss, and a
# discriminator that sees one picture at a time. The second has two remedies: the relativistic loss and a minibatch standard deviation over groups of eight.

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
    """A small GAN's samples after 150 steps on the digits."""
    torch.manual_seed(seed)
    players = ImageGenerator(32, width=12, hidden=64), ImageDiscriminator(width=12, hidden=64, group=group)
    gan = GAN(*players, noise_dim=32, seed=seed, optimizer=adam)
    for record in tqdm(train(gan, real, loss, steps=150, batch=32), total=150, leave=False):
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

# %% alt="Five rows, six samples each and the shares of the ten classes. The plain GAN twice, the most and the least even of three seeds: near-copies of one blurred shape, and one or few bars. The GAN with two remedies twice: different, crude digits, and ten somewhat uneven bars for the most even seed, more uneven ones for the least even. Real digits: clear, with nearly equal bars." tags=["hide-input"]
ranked = {name: sorted(runs, key=lambda pixels: class_shares(pixels)[1]) for name, runs in drawn.items()}
shown = {
    "plain GAN, the most even of three seeds": ranked["plain"][0],
    "plain GAN, the least even": ranked["plain"][-1],
    "two remedies, the most even of three seeds": ranked["two remedies"][0],
    "two remedies, the least even": ranked["two remedies"][-1],
    "real": drawn["real"][0],
}
figure, axes = plt.subplots(5, 2, figsize=(7.2, 6.4), width_ratios=(2.1, 1))
figure.suptitle("The plain GAN repeats itself; with two remedies the digits differ", x=0.01, ha="left")
for (left, right), (name, pixels) in zip(axes, shown.items(), strict=True):
    images.draw_sheet(left, pixels[:6], columns=6)
    left.set_title(name, fontsize=10)
    shares = class_shares(pixels)[0]
    right.bar(range(10), shares, color=style.REAL if name == "real" else style.FAKE)
    right.axhline(0.1, color=style.REFERENCE, lw=1, ls="--")
    right.set(xticks=range(10), ylim=(0, 1), yticks=[0, 0.5, 1], yticklabels=["0", "50 %", "100 %"])
axes[0, 1].set_title("share of each class", fontsize=10)
axes[-1, 1].set_xlabel("digit that the judge reads")
plt.show()

# %% [markdown]
# The claim: by KL, the plain GAN's classes are more uneven in all three seeds than any of those with remedies.

# %% tags=["claim"]
kls = {name: [float(class_shares(pixels)[1]) for pixels in runs] for name, runs in drawn.items()}
for name, runs in drawn.items():
    found = [int((class_shares(pixels)[0] >= 0.01).sum()) for pixels in runs]
    print(f"{name:>12}: classes of 10 {found}, class KL {[round(value, 2) for value in kls[name]]}")
print(f"KL, plain minus two remedies: {comparisons.means(kls['plain'], kls['two remedies'])}")
assert min(kls["plain"]) > max(kls["two remedies"])

# %% [markdown]
# After 150 steps the plain GANs of the picture draw nearly the same smear, whatever the noise. Papers call that **complete collapse**. The judge must name a digit
# even for a smear. In the three plain seeds it reads one or two classes, where a class counts from 1 % of the samples. By section 2's table this is *not found*: hardly a sample is good. With two remedies it reads nine or ten, crudely and unevenly drawn.
# Whether longer training would end the collapse, these runs do not show.
#
# > **Your turn.** Which of the two remedies did it? Leaving out one part of a method to see what it does is called an **ablation**. Predict, then
# > run `trained` with each remedy alone, with three seeds.
#
# <details><summary>Solution</summary>
#
# Neither clearly does it alone, though the minibatch standard deviation comes closer. In our run it gave 6, 3 and 9 classes (KL against plain: $p = .11$), the relativistic loss 1, 1 and 2.
# Three seeds are too few for a difference of this size.
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
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | quality near zero, few modes, present and averaged alike | train longer; is $D$ strong enough to tell the islands apart? | larger or faster $D$, $\beta_1 = 0.5$ or 0, data scaled to a standard deviation of 1 |
# | good samples; the present generator lacks modes, the average does not | measure again 20 steps later: are other modes missing? | sample from the average; let the rate fall |
# | good samples; the average lacks the same modes for hundreds of steps | were these modes ever covered? If not, train longer. | start again with another loss (relativistic), or let $D$ see several samples: packing, minibatch standard deviation |
# | all samples alike, whatever the noise | spread of $G(z)$ over $z$; does $D$ see one sample at a time? | minibatch standard deviation |
# | a quality above the perfect sampler's, beyond chance | the width; count near-duplicates | look for copies, or a generator that is too narrow |
# | your remedy helped | the same on thirty other seeds, with a test, corrected for all remedies tried | report all of them |
#
# ## What we saw
#
# - Modes, quality and KL each have a blind spot; together with the width they caught all six of our samplers.
# - One setting covers a part of the ring or all of it, depending on the seed and on the step.
# - A missing mode was never found, was dropped, or is only empty at this step. The present generator and its average, measured over time, tell which.
# - Choose by the generator you will use. *Present* ones covered more islands with shorter steps, in the plain GAN and with least squares.
# - *Averages* clearly gained islands only where many were missing, with least squares, by packing or the minibatch standard deviation, and lost quality.
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
#    <details><summary>C · The share of high quality, the KL and the width</summary><b>Right.</b> Uniform noise hits half of the modes by luck, most samples may lie on one mode, or all at the centres.</details>
# 2. The present generator lacks three islands, its average lacks none. What has happened?
#    <details><summary>A · It has dropped three modes for good</summary><b>No.</b> Then we should expect the average to lack them as well.</details>
#    <details><summary>B · It probably oscillates</summary><b>Right.</b> Measure again 20 steps later: are other islands empty? Use the average, or let the learning rate fall.</details>
#    <details><summary>C · The average is wrong</summary><b>No.</b> It is the better generator here.</details>
# 3. Why does a discriminator of pairs (packing) see a collapse that one of single points does not?
#    <details><summary>A · Two fakes of a collapsed generator are alike, two real points mostly are not</summary><b>Right.</b> Each point may be perfect, but the pair gives it away.</details>
#    <details><summary>B · It has more weights</summary><b>No.</b> What counts is that it sees two points at once.</details>
#    <details><summary>C · It sees each point twice</summary><b>No.</b> It sees two points of the same source.</details>
#
# ### In your own words
#
# One remedy covers all islands in 10 of 10 seeds, the plain GAN in 6 of 10. Is the remedy better?
#
# <details><summary>Answer</summary>You cannot tell yet: Fisher's exact test gives p = .09. With 30 of 30 against 18 of 30 it would be p &lt; .001.</details>
#
# ## Further reading
#
# - Metz et al. 2017, *Unrolled GANs* ([arXiv:1611.02163](https://arxiv.org/abs/1611.02163)): the ring, the oscillation, and the look ahead.
# - Lin et al. 2018, *PacGAN* ([arXiv:1712.04086](https://arxiv.org/abs/1712.04086)): packing, and why it works.
# - Salimans et al. 2016, *Improved techniques* ([arXiv:1606.03498](https://arxiv.org/abs/1606.03498)): minibatch discrimination.
# - Karras et al. 2018, *Progressive growing* ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196)): minibatch standard deviation.
# - Sun et al. 2020, *Towards a better global loss landscape of GANs* ([arXiv:2011.04926](https://arxiv.org/abs/2011.04926)): why pairs keep modes.
#
# **Next:** why the players run in circles at all, and what makes them settle.
#
# [← 05 The first GAN](05_the_first_gan.ipynb) · [contents](00_start.ipynb) · [07 Convergence →](07_convergence.ipynb) · [assignment](assignments/release/06_mode_collapse/06_mode_collapse.ipynb)
