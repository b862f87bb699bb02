# %% [markdown]
# # 06 · Mode collapse
#
# **What is lost, how is it measured, and what brings it back?**
#
# **You will** fool the three usual scores on purpose, watch 24 GANs forget islands and find them again, look for what drives them,
# and try a dozen remedies, each over seeds and with its price.
#
# **You will learn** to
# - read modes, quality and KL, and say what each of them does not see,
# - tell three faults apart: islands never found, islands left for good, islands left for a moment,
# - compare settings by populations instead of runs,
# - choose a remedy by what it does and what it costs,
# - find the same faults on real digits, where nobody knows the modes.
#
# **You will need** chapter 05 and about a minute of computing on a laptop's processor.

# %%
import matplotlib.pyplot as plt
import torch
from tqdm.auto import tqdm

from gan_lessons.data.points import ring
from gan_lessons.metrics.modes import mode_scores, perfect
from gan_lessons.plots import curves, points, style

torch.set_num_threads(1)
torch.manual_seed(6)
style.use()

# %% [markdown]
# ## 1 · Three numbers, and how to fool them
#
# A generator has **collapsed** when it draws only a part of what the data hold. On the ring of eight islands we know all there
# is to draw, and chapter 05 measured it by three numbers: the **modes** that at least one good sample hits, the **high quality**
# share of samples within three standard deviations of an island's centre, and the **KL** that says how unevenly the good samples
# are spread.
#
# Before we trust them with GANs, let us try them on samplers whose faults we plant ourselves. `on` draws good samples, so many
# on each island.

# %%
islands = ring(modes=8, radius=2.0, std=0.02)
best = perfect(islands, count=2500)
sea = 6 * torch.rand(2500, 2) - 3


def on(counts):
    """Samples of the islands, `counts[k]` of them from island k."""
    chosen = islands.centres.repeat_interleave(torch.tensor(counts), 0)
    return chosen + islands.std * torch.randn_like(chosen)


# %% [markdown]
# > **Predict, then run.** Six samplers follow. Which of them beat, or equal, the perfect one in at least two of three scores?

# %%
memory = islands.sample(40, seed=2)  # forty training points
samplers = {
    "four islands, evenly": on([625] * 4 + [0] * 4),
    "one island, tokens on six": on([2488] + [2] * 6 + [0]),
    "one good point an island": torch.cat([on([1] * 8), sea[8:]]),
    "the sea": sea,
    "the eight centres": islands.centres[torch.randint(8, (2500,))],
    "forty points by heart": memory[torch.randint(40, (2500,))],
}

# %%
print(f"{'a perfect sampler':>26}: {best.modes} modes, quality {best.high_quality:6.1%}, KL {best.kl:.2f}")
for name, sample in samplers.items():
    modes, quality, kl = mode_scores(sample, islands)
    print(f"{name:>26}: {modes} modes, quality {quality:6.1%}, KL {kl:.2f}")

# %% alt="Six scatter plots over the eight blue islands. Four neighbouring islands are covered by orange samples; one island holds nearly all samples; eight single points in a sea of noise; a square full of noise; eight dots at the centres; islands of a few dots each. Each title gives the three scores."
figure, axes = plt.subplots(2, 3, figsize=(6.2, 4.5))
for place, (name, sample) in zip(axes.flat, samplers.items(), strict=True):
    modes, quality, kl = mode_scores(sample, islands)
    points.draw_points(place, islands.sample(500), sample)
    place.set_title(f"{name}\n{modes} modes, {quality:.0%}, KL {kl:.2f}", fontsize=9)
plt.show()

# %% [markdown]
# - **Modes** is satisfied by a token. One good point among 2,500 counts as an island covered, so even noise all over the sea hits
#   most of them by luck.
# - **High quality** does not ask where. All samples may lie on one island.
# - **KL** sees only the good samples. Where they are few, it is even over next to nothing.
# - **Two together** still leave a hole: *seven modes of eight and a quality near 99 %* sounds like a small fault, and is a GAN that
#   draws one island. Its KL of 2 is nearly the largest there is, $\log 8 \approx 2.08$. So look at all three.
# - **All three together** are fooled by the last two, which equal the perfect sampler or beat it. Eight points are no islands,
#   and forty points learnt by heart are no distribution. A score *better* than the perfect sampler's is a warning.
#
# What finds those two out is a different question: how many of the samples are different at all?

# %%
for name, sample in {"a perfect sampler": islands.sample(2500, seed=1), **samplers}.items():
    print(f"{name:>26}: {len(sample.unique(dim=0)):5,} different points among 2,500")

# %% [markdown]
# A network never draws the very same point twice, so on real data one looks for near twins instead; how many samples it takes until
# two look alike tells how much variety there is (the birthday test, under *Further reading*).
#
# A score also depends on **how many samples** it is computed from. Take a sampler that goes to the eighth island once in a
# thousand times, and a perfect one. What do they score with 100 samples, and what with 10,000?

# %%
counts = [100, 300, 1000, 3000, 10_000]
leaky = torch.tensor([0.999 / 7] * 7 + [0.001])


def draw(shares, count, seed):
    """`count` samples of the islands, where island k is drawn with probability `shares[k]`."""
    torch.manual_seed(seed)
    chosen = islands.centres[torch.multinomial(shares, count, replacement=True)]
    return mode_scores(chosen + islands.std * torch.randn_like(chosen), islands)


# %%
modes = torch.tensor([[draw(leaky, count, seed).modes for seed in range(100)] for count in counts]).double()
kl = torch.tensor([[draw(torch.ones(8), count, seed).kl for seed in range(100)] for count in counts])

# %% alt="Two panels against the number of samples on a logarithmic axis. Left: the share of draws in which a leaky sampler is credited with eight modes rises from a tenth at 100 samples to all at 10,000, along a dashed curve. Right: the KL of the perfect sampler falls on a straight line in log-log axes, from 0.035 to 0.00035."
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3))
line = torch.logspace(2, 4, 50)
left.plot(line, 1 - 0.999**line, color=style.REFERENCE, ls="--", label="1 − 0.999$^N$")
left.plot(counts, (modes == 8).double().mean(1), "o", color=style.FAKE, label="100 draws")
left.set(xscale="log", xlabel="samples N", ylabel="share credited with 8 modes", title="Patience makes a mode …")
left.legend()
right.plot(line, 7 / (2 * line), color=style.REFERENCE, ls="--", label="7 / (2N)")
right.plot(counts, kl.mean(1), "o", color=style.REAL, label="perfect sampler, mean")
right.set(xscale="log", yscale="log", xlabel="samples N", ylabel="KL (nats)", title="… and lowers the KL")
right.legend()
plt.show()

# %% tags=["claim"]
expected = torch.tensor([7 / (2 * count) for count in counts])
seen = 1 - 0.999 ** torch.tensor(counts)
print("KL of the perfect sampler / (7 / 2N): ", [f"{ratio:.2f}" for ratio in kl.mean(1) / expected])
assert ((kl.mean(1) / expected - 1).abs() < 0.25).all()
assert ((modes == 8).double().mean(1) - seen).abs().max() < 0.2

# %% [markdown]
# Both follow from counting. An island that is drawn with probability $p$ is seen among $N$ good samples with probability
# $1 - (1 - p)^N$; and the KL of $N$ perfect samples over $k$ islands is about $(k - 1) / 2N$ by chance alone. So compare scores at
# equal numbers of samples only, and beside the perfect sampler's. We stay with 2,500.
#
# > **Your turn.** Define a count of modes that tokens cannot fool: an island counts when it gets at least a quarter of its fair share
# > of the *samples*. What do the six samplers score then?
#
# ## 2 · Twenty-four GANs, not one
#
# Now for GANs. A `Setting` says how one of them is built and trained (every field has a default), and a `Sweep` trains
# settings × seeds side by side. We take the plain GAN of chapter 05 at a higher rate, with 24 seeds, and look every 20 steps at
# the share of samples on each island. We look at both of its generators: the **present** one, and the **average** of its
# weights over the last hundred steps or so.

# %%
from gan_lessons.sweeps import Setting, Sweep

scale = 2**0.5  # the networks see data with a standard deviation of 1
data = islands.sample(20_000, seed=1) / scale
plain = Setting(generator_rate=6e-3, discriminator_rate=6e-3)
wall = Sweep(data, [plain], seeds=range(24))


# %%
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

# %% [markdown]
# Here they all are after 1,000 steps, as they are at that moment.

# %% alt="Twenty-four small scatter plots, one a seed, with orange samples over eight blue islands. Most miss one island or more; samples gather on a few islands and on bridges between them; hardly two pictures look alike. Titles give the number of modes, from three to eight."
figure, axes = plt.subplots(3, 8, figsize=(9, 3.9))
for place, fake, shares in zip(axes.flat, wall.sample(500, average=False)[0], now[-1], strict=True):
    points.draw_points(place, islands.centres, fake * scale, limit=2.6)
    place.set(xticks=[], yticks=[])
    place.set_title(f"{int((shares > 0).sum())}", fontsize=9, pad=2)
figure.suptitle("The same GAN with 24 seeds, and how many islands each one covers", fontsize=10)
plt.show()

# %% alt="Two histograms of islands covered by 24 GANs after 1,000 steps. The present generators spread from three to eight, with most at seven; all but three of the averaged ones are at eight."
figure, axes = plt.subplots(1, 2, figsize=(6.5, 2.6), sharey=True)
for place, shares, title in zip(
    axes, (now, averaged), ("At this moment: most lack some", "Averaged: nearly all whole"), strict=True
):
    place.hist((shares[-1] > 0).sum(-1), bins=torch.arange(10) - 0.5, rwidth=0.9, color=style.FAKE)
    place.set(xlabel="islands covered", xticks=range(9), title=title)
axes[0].set_ylabel("GANs of 24")
plt.show()

# %% [markdown]
# The same data, the same networks, the same rates, and anything from half a ring to a whole one. Whoever shows you *one* run of
# a GAN has chosen a bar of the left histogram.
#
# And the right one holds a surprise. The averaged generator is made of nothing but the last present ones; if those lacked an island
# for good, so would their average. Let us look at one GAN over time.

# %% alt="Two strips over 1,000 steps with a row for each of eight islands, brighter where more samples lie. Top, the present generator: bright and dark stretches alternate in every row; an island is crowded for a moment and empty at the next look. Bottom, the average: after the first few hundred steps all eight rows are evenly lit."
one = 8
figure, axes = plt.subplots(2, 1, figsize=(7, 4), sharex=True)
for place, shares, title in zip(
    axes, (now, averaged), ("The present generator hops …", "… and its average stays"), strict=True
):
    sharing = (shares[:, one] / shares[:, one].sum(-1, keepdim=True)).nan_to_num()
    picture = place.imshow(
        sharing.T, aspect="auto", extent=(10, 1010, 7.5, -0.5), vmin=0, vmax=0.5, interpolation="nearest"
    )
    place.set(ylabel="island", yticks=range(8), title=title)
axes[1].set_xlabel("step")
figure.colorbar(picture, ax=axes, label="share of the good samples")
plt.show()

# %% alt="Two pictures with a row a GAN and a column a look, from dark for no island covered to bright for eight. Left, the present generators: after a dark start every row flickers between about four and eight to the end. Right, the averaged ones: rows turn bright within the first two thirds and most stay so, a few one step below."
figure, axes = plt.subplots(1, 2, figsize=(8, 3.6), sharey=True)
for place, shares, title in zip(axes, (now, averaged), ("All 24 flicker …", "… their averages hardly do"), strict=True):
    covered = (shares > 0).sum(-1)
    picture = place.imshow(
        covered.T, aspect="auto", extent=(10, 1010, 23.5, -0.5), vmin=0, vmax=8, interpolation="nearest"
    )
    place.set(xlabel="step", title=title)
axes[0].set_ylabel("seed")
figure.colorbar(picture, ax=axes, label="islands covered")
plt.show()

# %% tags=["claim"]
late, late_average = now[25:] > 0, averaged[25:] > 0  # from step 520 on
lost = (late[:-1] & ~late[1:]).sum() / late[:-1].sum()
back = (~late[:-1] & late[1:]).sum() / (~late[:-1]).sum()
wanting = (late[-1].sum(-1) < 8).sum()
wanting_average = (late_average[-1].sum(-1) < 8).sum()
print(f"after 1,000 steps {wanting} of 24 lack an island, {wanting_average} of their averages do")
print(f"of the islands covered at one look, {lost:.0%} are empty at the next, 20 steps later;")
print(f"of the empty ones, {back:.0%} are covered again")
assert wanting > 12 and wanting_average < wanting and lost > 0.1 and back > 0.4

# %% [markdown]
# So there is more than one way to lack an island. These GANs know all eight, and **hop**: the discriminator learns to punish
# the islands on which the samples are crowded, the generator runs to the others, and so on. An island that is empty now is full
# again a moment later; that is no loss of knowledge but an unrest, and an average over the hops has all eight. An island that the
# *average* lacks as well is **left**. And a generator whose quality is near zero has not **found** the islands yet. Present and
# average together tell the three apart, so from here on we score both.
#
# > **Predict, then run.** `seeds=range(24, 48)` gives 24 other GANs. How many of them will lack an island at step 1,000? Can you
# > say which?
#
# ## 3 · What drives it
#
# Take the plain GAN and change one thing at a time: a generator four times as slow, a discriminator four times as slow, another
# loss. Losses and rates may differ within one batch, so these train all at once.
#
# > **Predict, then run.** Which of the three changes is good for the islands, and which is fatal?

# %%
from dataclasses import replace

changes = {
    "G / 4": replace(plain, generator_rate=1.5e-3),
    "D / 4": replace(plain, discriminator_rate=1.5e-3),
    "least squares": replace(plain, loss="least_squares"),
}

# %%
changed = Sweep(data, list(changes.values()), seeds=range(5))
for step in tqdm(changed.train(1000), total=1000, leave=False):
    pass

# %%
present = mode_scores(changed.sample(2500, average=False) * scale, islands)
average = mode_scores(changed.sample(2500) * scale, islands)

# %% tags=["claim"]
for k, name in enumerate(changes):
    print(
        f"{name:>13}: islands now {present.modes[k].tolist()}, averaged {average.modes[k].tolist()}, "
        f"quality averaged {average.high_quality[k].median():.0%}"
    )
slower, weaker, squares = range(3)
assert present.modes[slower].double().mean() > (now[-1] > 0).sum(-1).double().mean()
assert average.high_quality[weaker].median() < 0.02
assert (average.modes[squares] < 8).sum() >= 3 and average.high_quality[squares].median() > 0.2

# %% [markdown]
# Three changes, three different stories.
#
# - A **slower generator** hops less: the discriminator can keep up with it.
# - With a **slower discriminator** the generator never settles on the islands at all. Its few modes are not collapse; nothing is
#   there yet that could collapse.
# - With **least squares** most GANs *leave* islands: even the average lacks some, while there is no want of sharp
#   samples on the others. This is mode collapse in the narrow sense.
#
# The whole list takes longer than a chapter may, so we ran it from a script and stored it: one change at a time, ten seeds each.

# %% tags=["long"]
import json
from pathlib import Path

record = json.loads(Path("results/sweeps/collapse.json").read_text())
print(
    f"{record['date']}: {len(record['settings'])} settings, {len(record['seeds'])} seeds each, {record['steps']} steps"
)
print(f"{record['command']} ({record['machine']})")


# %%
def dots(groups, scores=("modes", "high_quality", "kl"), height=0.27):
    """A row a setting, a dot a seed, a bar at the median: the present generators and, below them, the averaged ones."""
    names = [name for name, one in record["settings"].items() if one["group"] in ("plain", *groups)]
    figure, axes = plt.subplots(1, len(scores), figsize=(8.4, 1 + height * len(names)), sharey=True)
    for place, score in zip(axes, scores, strict=True):
        for kind, color, shift in (("present", style.FAKE, -0.17), ("average", style.CYCLE[3], 0.17)):
            for row, name in enumerate(names):
                values, middle = torch.tensor(record["settings"][name][kind][score]).double(), row + shift
                y, label = middle + torch.linspace(-0.1, 0.1, len(values)), kind if row == 0 else None
                place.scatter(values, y, s=10, color=color, alpha=0.7, lw=0, label=label)
                place.plot([values.quantile(0.5)] * 2, [middle - 0.17, middle + 0.17], color=color, lw=2)
        place.axvline(record["perfect"][score], color=style.REFERENCE, lw=1, ls="--")
        place.axhline(0.5, color=style.REFERENCE, lw=0.5)
        place.set_xlabel({"modes": "modes of 8", "high_quality": "high quality", "kl": "KL (nats)"}[score])
    axes[0].set(yticks=range(len(names)), yticklabels=names)
    axes[0].invert_yaxis()
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return axes


# %% alt="Three panels, modes, high quality and KL, with a row for each of 18 settings, ten dots for present generators and ten below them for averaged ones, and a bar at each median. Width 16, one layer, D / 4, momentum 0.9 and all / 10 lie at zero quality; least squares and all \u00d7 5 average five or six modes; islands five times as wide lie close to the perfect sampler's dashed lines." tags=["long"]
axes = dots(["D's size", "rates", "loss", "batch", "data"])
axes[0].set_title("Some never find islands,")
axes[1].set_title("some leave them,")
axes[2].set_title("most hop")
plt.show()


# %% tags=["long"]
def median(name, score="modes", kind="average"):
    return torch.tensor(record["settings"][name][kind][score]).double().quantile(0.5).item()


# %% tags=["claim", "long"]
never = ["width 16", "one layer", "D / 4", "momentum 0.9", "all / 10"]
left, better = ["least squares", "all × 5"], ["width 256", "three layers", "batch 256", "islands × 5"]
for name in ["plain", *never, *left, *better]:
    print(f"{name:>13}: {median(name):.1f} modes, quality {median(name, 'high_quality'):.0%} (averaged, median of 10)")
assert all(median(name, "high_quality") < 0.02 for name in never)
assert all(median(name) < 7 and median(name, "high_quality") > 0.3 for name in left)
assert all(median(name, "high_quality") > median("plain", "high_quality") + 0.1 for name in better)

# %% [markdown]
# The three faults fall into place.
#
# - **Never found.** A discriminator that is too small (16 units, or one layer), too slow, or too inert (Adam's $\beta_1 = 0.9$, the
#   usual setting outside GANs) does not see islands as narrow as ours. Nor does it if the data come at a tenth of their
#   size. Islands five times as wide are child's play. At a sixth of both
#   rates most are just not there yet: chapter 05 took twice as many steps.
# - **Left.** Least squares, and data at five times their size: half the islands missing from the average, and no want of sharpness.
#   So bring your data to a standard deviation near 1 before anything else. A generator that is four times as fast has the
#   widest spread of all, down to a single island at 100 % quality.
# - **Hopping.** Everything else. A larger discriminator or a larger batch makes sharper samples, and hops all the same.
#
# Ten seeds are few, so mind the spread of the dots before you read more into a difference of one mode.
#
# ## 4 · What brings the islands back
#
# A discriminator that judges one point at a time cannot know that all fakes lie on one island: each of them looks fine. So the
# first idea is to **show it several at once**. *Packing* glues two samples (or more) together and asks for one score:

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
# A network that looks across samples must know which axis is the batch: the first, or in a population the second, behind the members.
#
# *Minibatch statistics* do it with one number: how much do the hidden units vary over the batch? A batch of one and the same sample
# gives itself away.

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
# The last spread is kept in a **buffer**, which is part of the network but not a weight: with it, single points can be scored when the training is over.
#
# The second idea: let the generator **look ahead**. Before it moves, it asks what the discriminator will make of the move: it lets a
# copy of $D$ learn for a few steps, and follows the gradient *through* those steps. The crowd on one island no longer
# pays, since the $D$ of five steps later will have noticed. This is *unrolling*:

# %% module="gan_lessons.updates" tags=["library"]
from torch.func import functional_call

from gan_lessons.contract import flat
from gan_lessons.training import discriminator_step, learn


def unrolled(gan, loss, batches, noise, penalty=None, *, steps=5, rate=0.1):
    for batch, turn_noise in zip(batches, noise[0], strict=True):
        discriminator_loss, *judged = discriminator_step(gan, loss, batch, turn_noise, penalty)
    weights: dict[str, Tensor] = dict(gan.discriminator.named_parameters())
    real, condition = batches[-1]
    fake = gan.generate(noise[1, -1], condition)
    told = () if condition is None else (condition,)

    def both(weights):
        scores = (functional_call(gan.discriminator, weights, (samples, *told)) for samples in (real, fake))
        return loss(*(flat(some, gan.members) for some in scores))

    for _ in range(steps):
        value = both(weights).discriminator.sum()
        slopes = torch.autograd.grad(value, list(weights.values()), create_graph=True)
        weights = {name: w - rate * slope for (name, w), slope in zip(weights.items(), slopes, strict=True)}
    value = both(weights).generator
    learn(gan.generator_optimizer, value)
    return discriminator_loss, value.detach(), *judged


# %% [markdown]
# The names are those of chapter 05, with a batch and a noise for each of the discriminator's turns. `functional_call` runs $D$ with other weights than its
# own, here those that it would have after a step of plain gradient descent; `create_graph` keeps the way back through that step. (`flat` lays
# scores out as one number a sample, for discriminators that score patches.)
#
# Third, **compare in pairs**: the relativistic loss of chapter 04 asks of each fake to beat a real point, so the pull towards an
# island does not fade when $D$ has given up on it. Fourth, keep $D$ **smooth** by a penalty on its slope (chapter 07). And fifth,
# the simplest: if the trouble is unrest, **take shorter steps** towards the end, or average.
#
# That one we can try at once. We copy the wall of section 2 as it stands at step 1,000, hopping, and let two branches go on for 400
# steps: one as before, one whose rate falls to nothing.

# %%
branches = {"as before": plain, "falling rate": replace(plain, annealed=1400)}

# %%
ends = {}
for name, setting in branches.items():
    branch = wall.fork([setting])
    for step in tqdm(branch.train(1400), total=400, leave=False, initial=1000):
        pass
    ends[name] = mode_scores(branch.sample(2500, average=False)[0] * scale, islands)

# %% tags=["claim"]
for name, end in ends.items():
    whole, quality = int((end.modes == 8).sum()), end.high_quality.median()
    print(f"{name:>13}: eight islands in {whole:2} of 24, quality {quality:.0%}, KL {end.kl.median():.2f} (no average)")
before, falling = ends.values()
assert (falling.modes == 8).sum() >= 18 > (before.modes == 8).sum()
assert falling.high_quality.median() > before.high_quality.median()

# %% [markdown]
# The weights at step 1,000 are the same, island for island. Nothing was taught to the second branch that the first did not know; it was
# only allowed to come to rest.
#
# Now all remedies side by side, from the same record: ten seeds each, everything else as in the plain GAN.

# %% alt="Three panels like before for the plain GAN and twelve remedies. The averaged generators of packing, minibatch spread and the relativistic loss lie all at eight modes; with a falling rate the present ones do too. Unrolling with an inner rate of 0.1 lies at zero quality. No quality comes near the perfect sampler's line within 1,000 steps." tags=["long"]
axes = dots(["D sees more", "G looks ahead", "D is smooth", "steps get shorter"])
axes[0].set_title("Islands now and averaged,")
axes[1].set_title("sharpness,")
axes[2].set_title("evenness")
plt.show()

# %% tags=["long"]
print(f"{'':>27}  modes now  averaged  quality  KL    cost of a step")
for name, one in record["settings"].items():
    if one["group"] in ("plain", "D sees more", "G looks ahead", "D is smooth", "steps get shorter"):
        whole = [sum(modes == 8 for modes in one[kind]["modes"]) for kind in ("present", "average")]
        quality, kl = median(name, "high_quality"), median(name, "kl")
        print(f"{name:>27}  8 in {whole[0]:2}    8 in {whole[1]:2}  {quality:5.0%}  {kl:5.2f}   × {one['cost']:.1f}")


# %% tags=["claim", "long"]
def whole(name, kind="average"):
    return sum(modes == 8 for modes in record["settings"][name][kind]["modes"])


assert all(whole(name) == 10 for name in ("packing, 2", "minibatch spread", "relativistic"))
assert whole("falling rate", "present") == 10 and whole("plain", "present") <= 5 and whole("plain") <= 7
assert median("packing, 2", "high_quality") < median("plain", "high_quality")
assert median("unrolled, 5 × 0.1", "high_quality") < 0.02 and record["settings"]["unrolled, 5 × 0.1"]["cost"] > 3

# %% [markdown]
# What this says, under these conditions (1,000 steps, batches of 64, one rate for all):
#
# - **Relativistic pairs** cost nothing and bring every average to eight islands, with more quality than before. The best single
#   change to the plain GAN.
# - **Packing** and the **minibatch spread** do as much for the modes. Packing learns more slowly, since $D$ gets half as many
#   scores from a batch and has a harder question to answer: at 1,000 steps its quality is the lowest of the three.
# - A **falling rate** is the only one that brings the *present* generator to rest: eight islands in ten of ten, with the average
#   switched off. What it does not do is to sharpen in so few steps.
# - **Penalties** change little here: eight or nine of ten averages against the plain GAN's six may be luck. Weights small enough
#   to let $D$ be as steep as islands this narrow demand hardly act. Chapter 07 shows what penalties are good for.
# - **Unrolling**, the classic remedy for this very ring, fails here. With an inner rate of 0.1 the generator never finds the islands, as it
#   did not at 0.03, 0.3 and 1 when we looked for a better one; at 0.01 it is harmless, and costs more than four plain steps. Its
#   authors used other networks, batches of 512 and far smaller rates; we do not say that it cannot work.
#
# No single remedy does it all. The recipe of chapter 05 adds up three that we have met (packing in twos, the relativistic loss, a falling rate)
# and gives them time: larger batches and 7,000 steps.

# %% tags=["claim", "long"]
ring_record = json.loads(Path("results/ring.json").read_text())
members, without = ring_record["members"], ring_record["plain"]["members"]
for name, scores in (("plain", without), ("recipe", members)):
    whole = sum(modes == 8 for modes in scores["modes"])
    quality, kl = (torch.tensor(scores[key]).quantile(0.5) for key in ("high_quality", "kl"))
    print(f"{name:>6}: 8 islands in {whole} of 10, quality {quality:.1%}, KL {kl:.3f} (medians)")
assert min(members["modes"]) == 8 and min(members["high_quality"]) > 0.8
assert min(without["modes"]) < 8

# %% [markdown]
# Eight islands in ten of ten, with more than 80 % quality in the worst of them.
#
# ### The wall as a lab
#
# Every figure of this chapter froze a population at one moment. In the lab it runs: rows are settings, columns are seeds, and a tile is
# one GAN, coloured by the islands it covers. Play, go back in time with the slider, click on a tile to see it from near, and
# fork the whole wall with other rates, another loss or a penalty to compare both branches. The tiles here are present generators, so you
# see them hop; with `average=True` you would see their averages.

# %%
from gan_lessons.labs.points import CollapseLab

rows = {"plain": plain, "G / 4": changes["G / 4"], "least squares": changes["least squares"]}

# %% alt="A still of the lab: a wall of tiles, three rows of settings by five seeds, each tile a small scatter plot coloured by the islands it covers, the slower generators ahead at step 200; one GAN enlarged below; and curves of modes, quality and KL beside it."
lab = CollapseLab(rows, seeds=range(5), average=False)
lab.run(200)
lab

# %% [markdown]
# > **Your turn.** Let the lab run to step 1,000, and fork it there with `lab.fork(loss="relativistic")`. Which row gains? Predict first.
#
# ## 5 · Twenty-five islands
#
# A ring of eight is the smallest test there is. The next one is a grid of five by five islands, two apart, each with a standard deviation of
# 0.05: three times as many to find, and more ways to be on a bridge.
#
# Two things are new in the recipe that we use for it. $D$ sees every coordinate also through sines and cosines
# of several wavelengths, so that a small network can tell fine detail; and $D$ judges every sample at its own **blur**, from strong
# to next to none, and is told which. What is strongly blurred shows from afar where whole islands are missing; what is hardly
# blurred shows how sharp they are. The recipe is `gan_lessons/recipes/grid.py`; here is what ten seeds of it reached.

# %% tags=["long"]
grid = json.loads(Path("results/grid.json").read_text())
reached = {name: torch.tensor(values).double() for name, values in grid["members"].items()}
print(f"{grid['date']}: {grid['steps']:,} steps of {len(grid['seeds'])} GANs, {grid['cpu_seconds_per_gan']} s a GAN")
print(f"islands of 25: {sorted(grid['members']['modes'])}")
for name in ("high_quality", "kl"):
    middle = reached[name].quantile(0.5)
    print(f"{name}: {middle:.2f} in the median, {grid['perfect'][name]:.2f} for a perfect sampler")

# %% alt="Two panels over training steps. Left, modes covered of 25, the median and the worst of ten seeds: below ten for the first few thousand steps, then rising steeply to between twenty and twenty-five, under the dashed line at 25. Right, median high quality: near zero for a long time, then rising to about 0.9, close below the perfect sampler's line." tags=["long"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3))
steps = [point["step"] for point in grid["curve"]]
left.plot(steps, [point["modes_median"] for point in grid["curve"]], color=style.FAKE, label="median")
left.plot(steps, [point["modes_min"] for point in grid["curve"]], color=style.FAKE, ls=":", label="worst of ten")
curves.draw_reference(left, 25, "perfect sampler")
left.set(xlabel="step", ylabel="modes of 25", ylim=(0, 28), title="Most islands are found …")
left.legend(loc="lower right")
right.plot(steps, [point["high_quality"] for point in grid["curve"]], color=style.FAKE)
curves.draw_reference(right, grid["perfect"]["high_quality"], "perfect sampler")
right.set(xlabel="step", ylabel="high quality, median", ylim=(0, 1.05), title="… and sharp")
plt.show()

# %% tags=["claim", "long"]
print(f"25 of 25 in {int((reached['modes'] == 25).sum())} of {len(grid['seeds'])} seeds")
assert 18 <= reached["modes"].min() <= reached["modes"].max() < 25 and reached["high_quality"].quantile(0.5) > 0.8

# %% [markdown]
# Sharp, and not whole: every seed leaves one island or more out, and the KL says that those they have are not even. Nobody
# should tell you that mode collapse is solved; on a test that looks only three times as hard as the ring it is half an open question.
#
# ## 6 · The same on real digits
#
# On real data nobody hands us the modes. What we can do for digits is to ask a **judge**, the small classifier that chapter 09 introduces,
# which class it reads in each sample, and count. Ten classes are a coarse kind of modes: whoever lacks one has collapsed,
# whoever has all ten may still draw one seven only.
#
# Two GANs of the same small convolutional networks follow, 300 steps each. The first is plain: non-saturating loss, and a
# discriminator that sees one picture at a time (a group of one). The second has two of our remedies: the relativistic loss, and a
# discriminator that is told how much its features vary within groups of eight.

# %%
from functools import partial

from gan_lessons import losses
from gan_lessons.data.images import digits
from gan_lessons.judges.digits import load
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator
from gan_lessons.plots import images
from gan_lessons.training import GAN, train

# %%
judge, real = load(), digits().pixels
adam = partial(torch.optim.Adam, lr=3e-3, betas=(0.5, 0.99), fused=True)


# %%
def trained(loss, group, seed=0):
    """A small GAN after 300 steps on the digits."""
    torch.manual_seed(seed)
    players = ImageGenerator(32, width=12, hidden=64), ImageDiscriminator(width=12, hidden=64, group=group)
    gan = GAN(*players, noise_dim=32, seed=seed, optimizer=adam)
    for record in tqdm(train(gan, real, loss, steps=300, batch=32), total=300, leave=False):
        pass
    return gan.sample(2000)


# %% [markdown]
# Beside them we set the long run of chapter 09, whose weights are stored with the book, and real digits as the perfect sampler.

# %%
import safetensors.torch

from gan_lessons import recipes

healthy = recipes.find("digits", "long").build()
_ = healthy.average.load_state_dict(safetensors.torch.load_file("results/digits_long.safetensors"))

# %%
drawn = {
    "plain": trained(losses.non_saturating, group=1),
    "two remedies": trained(losses.relativistic, group=8),
    "chapter 09": healthy.sample(2000),
    "real": real[torch.randperm(5000)[:2000]],
}


# %%
def class_shares(pixels):
    """The share of pictures that the judge reads as each digit, and their KL to equal shares."""
    shares = judge.probabilities(pixels).argmax(1).bincount(minlength=10) / len(pixels)
    return shares, torch.special.xlogy(shares, 10 * shares).sum()


# %%
classes = torch.stack([class_shares(pixels)[0] for pixels in drawn.values()])
class_kl = torch.stack([class_shares(pixels)[1] for pixels in drawn.values()])

# %% alt="Four rows, for the plain GAN, the one with two remedies, chapter 09 and real digits. Left, samples: the plain GAN draws one and the same smear ten times; the second draws ten different crude digits; then clean ones and real ones. Right, bars of the classes that the judge reads: one tall bar for the plain GAN, ten uneven bars for the second, one of them far higher than the others, ten nearly equal ones in the last two rows."
figure, axes = plt.subplots(4, 2, figsize=(7.6, 4.4), width_ratios=(1.6, 1))
for (left, right), (name, pixels), shares in zip(axes, drawn.items(), classes, strict=True):
    images.draw_sheet(left, pixels[:10], columns=10)
    left.set_title(name)
    right.bar(range(10), shares, color=style.REAL if name == "real" else style.FAKE)
    right.axhline(0.1, color=style.REFERENCE, lw=1, ls="--")
    right.set(xticks=range(10), ylim=(0, 1.05), yticks=[0, 1])
axes[0, 1].set_title("share of each class, says the judge")
plt.show()

# %% tags=["claim"]
for name, shares, kl in zip(drawn, classes, class_kl, strict=True):
    print(f"{name:>12}: {int((shares >= 0.01).sum()):2} classes of 10, class KL {kl:.2f}")
assert class_kl[0] > 1.2 and class_kl[1] < 0.8 and class_kl[2] < 0.1
assert (classes[1] >= 0.01).sum() >= 8 and (classes[2] >= 0.01).all()

# %% [markdown]
# The plain GAN draws one smear, whatever the noise: total collapse, with nothing of a digit in it. (The judge must name some
# class, and here it does so for a picture like none it ever saw; do not read more into *which* one.) The same networks with two
# remedies draw all sorts of digits after as many steps, crude ones, and unevenly: some classes come several times as often as
# others. The class histogram sees that at a glance, and its KL puts a number to it. What it does not see is variety *within*
# a class; for that you look at the samples, and count near twins.
#
# > **Your turn.** Which of the two remedies did it? Predict, then run `trained` with each of them alone, and with another seed.
#
# ## What we saw
#
# - Modes, quality and KL each have a hole, and only together do they close them, for samplers that do not cheat. A score above the
#   perfect sampler's is a warning; copies are found by counting twins.
# - All three depend on the number of samples: by chance alone the KL of $N$ perfect samples is about $(k-1)/2N$.
# - The same plain GAN gives anything from half a ring to a whole one, by its seed and by the moment at which one looks.
# - Islands can be not found, left, or just not visited at this moment. The present generator and its average tell these apart.
# - A weak or slow discriminator finds nothing; a loss or a scale that does not fit loses islands for good; fast players hop.
# - Rest (a falling rate, an average) brings back what was only hopping. Showing $D$ several samples at once brings evenness. Here, penalties and
#   unrolling did not pay.
# - On real data, ask a judge for classes, and look.
#
# ## Questions
#
# 1. A paper reports 8 of 8 modes and nothing else. What may its samples look like?
#    <details><summary>Answer</summary>Nearly anything: uniform noise over the whole square hits most islands with a few of 2,500 samples.
#    Ask for the quality and the KL.</details>
# 2. A GAN scores 100 % high quality on the ring. Should you be glad?
#    <details><summary>Answer</summary>No. The perfect sampler has 98.9 %. Samples that never leave three standard deviations are too narrow,
#    as those of the eight centres are.</details>
# 3. With 2,500 samples your KL is 0.0014. Is the sampler uneven?
#    <details><summary>Answer</summary>There is no sign of it: 7 / 5,000 = 0.0014 is what a perfect sampler scores by chance.</details>
# 4. The present generator lacks three islands, its average none. What would you try first?
#    <details><summary>Answer</summary>Use the average, or let the rate fall. It hops: it knows all the islands, but not at once.</details>
# 5. And if the average lacks the same three for thousands of steps?
#    <details><summary>Answer</summary>Then it has left them, and rest will not help. Show D several samples at once (packing, minibatch
#    statistics), and check the loss and the scale of the data.</details>
# 6. Why can packing find a collapse that a discriminator of single points cannot?
#    <details><summary>Answer</summary>Two real points are mostly on different islands, two fakes of a collapsed generator on the same one.
#    The pair gives it away though each point is perfect.</details>
# 7. Why is one run per setting worthless for comparing remedies?
#    <details><summary>Answer</summary>The spread over seeds of one setting is as wide as the differences between settings; and one and the
#    same run changes its count of islands every 20 steps.</details>
#
# ## Further reading
#
# - Metz et al. 2017, *Unrolled GANs* ([arXiv:1611.02163](https://arxiv.org/abs/1611.02163)): the ring, the hopping, and the look ahead.
# - Lin et al. 2018, *PacGAN* ([arXiv:1712.04086](https://arxiv.org/abs/1712.04086)): packing, with a theory of why it works, and our three scores.
# - Salimans et al. 2016, *Improved techniques* ([arXiv:1606.03498](https://arxiv.org/abs/1606.03498)): minibatch discrimination.
# - Karras et al. 2018, *Progressive growing* ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196)): its short form, the minibatch spread.
# - Arora & Zhang 2017, *Do GANs learn the distribution?* ([arXiv:1706.08224](https://arxiv.org/abs/1706.08224)): the birthday test.
# - Lucic et al. 2018, *Are GANs created equal?* ([arXiv:1711.10337](https://arxiv.org/abs/1711.10337)): many seeds, large budgets, small differences.
# - Sun et al. 2020, *Towards a better global loss landscape of GANs* ([arXiv:2011.04926](https://arxiv.org/abs/2011.04926)): why pairs keep modes.
#
# **Next:** [chapter 07, Convergence](07_convergence.ipynb): why the players run in circles at all, and what makes them settle.
