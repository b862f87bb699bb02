# %% [markdown]
# # 05 · The first GAN
#
# **How do I train a GAN, and how do I read its curves?**
#
# **You will** train two small networks against each other until one of them draws a ring of eight islands, first with a loop
# of a dozen lines, then with the book's own loop, and then ten times over.
#
# **You will learn** to
# - write the training loop of a GAN from memory,
# - tell what its two losses say, and what they do not say,
# - measure a GAN whose answer is known: modes, quality and KL, each beside the value of a perfect copy,
# - distrust a single run, and look at ten instead,
# - stop a training, save it, and go on as if nothing had happened.
#
# **You will need** a little PyTorch (a network, a loss, an optimiser) and about a minute of computing. Everything here runs
# on a laptop's processor, without a network connection.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import softplus
from tqdm.auto import tqdm

from gan_lessons.plots import curves, points, style

torch.set_num_threads(1)  # small networks are fastest on one thread
torch.manual_seed(5)
style.use()

# %% [markdown]
# ## 1 · Eight islands
#
# A GAN learns to draw new samples that look like given ones. To see whether it does, we want data whose every detail we know.
# So we begin with points in the plane: eight small Gaussian islands on a circle of radius 2. Each island has a standard
# deviation of 0.02, a hundredth of the radius, so there is a great deal of sea between them.

# %%
from gan_lessons.data.points import ring

islands = ring(modes=8, radius=2.0, std=0.02)
data = islands.sample(20_000)
data[:4]

# %% alt="Two scatter plots: eight tiny blue islands evenly spaced on a circle of radius 2, and one island enlarged, a round cloud about 0.04 wide."
figure, (left, right) = plt.subplots(1, 2, figsize=(6, 3.1))
points.draw_points(left, real=data[:2000])
left.set_title("Eight islands …")
points.draw_points(right, real=data[:2000])
right.set(
    xlim=(1.8, 2.2),
    ylim=(-0.2, 0.2),
    xticks=[1.8, 2, 2.2],
    yticks=[-0.2, 0, 0.2],
    title="… and one of them, 15 times larger",
)
plt.show()

# %% [markdown]
# What would a perfect copy score? We will look at three numbers, always together, because any one of them can be fooled.
#
# - **modes**: on how many of the eight islands at least one of 2,500 samples lies;
# - **high quality**: which share of the samples lies within three standard deviations of an island's centre;
# - **KL**: how unevenly the good samples are spread over the islands, in nats; 0 is perfectly even, and $\log 8 \approx 2.08$
#   is all on one.
#
# Before you measure a model, measure the truth: fresh samples of the islands themselves.

# %%
from gan_lessons.metrics.modes import mode_scores, perfect

best = perfect(islands, count=2500)
print(f"a perfect sampler: {best.modes} modes, {best.high_quality:.1%} high quality, KL {best.kl:.4f}")


# %% [markdown]
# Not 100 %: about 1.1 % of a Gaussian in the plane lies farther out than three standard deviations ($e^{-9/2}$, exactly). And
# not a KL of zero: 2,500 samples never split into eight equal parts. No sampler beats these values but
# by chance, and a good one comes near them; we will draw them as dashed lines.
#
# ## 2 · Two players and a dozen lines
#
# The **generator** is a network that turns noise into points. It starts as a stranger to the islands.
# The **discriminator** is a network that looks at a point and returns a **score**: any number, and the higher it is, the more
# the point looks real. Passed through a sigmoid, the score becomes a probability.

# %%
def network(outputs):
    return nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs))


generator, discriminator = network(outputs=2), network(outputs=1)
generator_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.99))
discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.99))

# %% [markdown]
# Each player has its own loss. The discriminator $D$ is an ordinary classifier, real against fake, and with scores $s$ its
# cross-entropy is
#
# $$ L_D = \operatorname{softplus}(-s(x)) + \operatorname{softplus}(s(G(z))), \qquad \operatorname{softplus}(t) = \log(1 + e^t), $$
#
# small when real points $x$ score high and fakes $G(z)$ score low. The generator $G$ wants the opposite for its fakes,
#
# $$ L_G = \operatorname{softplus}(-s(G(z))). $$
#
# The generator never sees a real point. All it learns comes through the discriminator: the gradient of $L_G$ flows from the
# score back through the fake point and into the generator's weights, and tells it where the fake should have been.
#
# > **Predict, then run.** A discriminator that cannot tell real from fake gives every point the score 0. What is $L_D$ then?

# %%
losses_by_hand = []
for _ in tqdm(range(2000), leave=False):
    real = data[torch.randint(len(data), (64,))]
    fake = generator(torch.randn(64, 2))
    discriminator_loss = softplus(-discriminator(real)).mean() + softplus(discriminator(fake.detach())).mean()
    discriminator_optimizer.zero_grad()
    discriminator_loss.backward()
    discriminator_optimizer.step()

    generator_loss = softplus(-discriminator(generator(torch.randn(64, 2)))).mean()
    generator_optimizer.zero_grad()
    generator_loss.backward()
    generator_optimizer.step()

    losses_by_hand.append((discriminator_loss.item(), generator_loss.item()))


# %% [markdown]
# That is a GAN. Two details carry most of the weight:
#
# - `fake.detach()` cuts the generator off while the discriminator learns. Without it the first `backward` would also fill the
#   generator's gradients, with the wrong sign for its purpose.
# - The generator's turn draws **new** noise and asks the discriminator **after** its update.
#
# What has it drawn? We colour the plane by the discriminator's score: purple where it is sure of a fake, white where it is
# undecided, green where it believes in a real point.

# %%
def look(axes, generator, discriminator, limit=3.0):
    """Draw 1,000 fakes over the discriminator's scores."""
    ticks = torch.linspace(-limit, limit, 100)
    places = torch.cartesian_prod(ticks, ticks).reshape(100, 100, 2).transpose(0, 1)
    with torch.no_grad():
        points.draw_scores(axes, discriminator(places).reshape(100, 100), limit, bound=10)
        points.draw_points(axes, data[:1000], generator(torch.randn(1000, 2)), limit)


# %% alt="Left, untrained: the fakes are one orange blob in the middle of a nearly uniform field. Right, after 2,000 steps: orange fakes lie on most of the eight islands, with thin orange bridges between neighbours; the discriminator's field is white along the ring, where it is undecided, and purple inside and outside."
figure, (left, right) = plt.subplots(1, 2, figsize=(6, 3.1))
torch.manual_seed(5)
look(left, network(outputs=2), network(outputs=1))
left.set_title("Before: a blob, and no opinion")
look(right, generator, discriminator)
right.set_title("After 2,000 steps: bridges")
left.legend(loc="upper right")
plt.show()

# %%
with torch.no_grad():
    reached = mode_scores(generator(torch.randn(2500, 2)), islands)
print(f"by hand: {reached.modes} modes, {reached.high_quality:.1%} high quality, KL {reached.kl:.2f}")


# %% [markdown]
# Far better than noise, and far from perfect. Where fakes and real points mix, the discriminator is undecided, as it should be; in the
# sea it is sure. The islands are found, but a good part of the samples lies on
# *bridges* between them. The generator is a continuous function of its noise, so its image of the plane is one connected
# cloth; to leave the sea between two islands empty it must stretch that cloth until next to no noise falls there. Chapter 02
# measures how far that can go.
#
# > **Your turn.** Predict what happens if the generator learns with `lr=1e-2` while the discriminator keeps `1e-3`; then
# > change that number and run the section again.
#
# ## 3 · The same steps, with names
#
# A loop that you can read in one glance is worth keeping. But we will want other losses, penalties, labels, many seeds at once,
# and to stop and go on. So we give names to its parts. The smallest part is the last three lines of each half: forget the old
# gradients, go backward, step.

# %% tags=["library"]
def learn(optimizer, total):
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    for weight in weights:
        weight.grad = None
    total.backward(torch.ones_like(total), inputs=weights)
    optimizer.step()


# %% [markdown]
# An optimiser knows its player's weights, and `inputs=weights` fills their gradients and nobody else's. The `ones_like` is for the many
# GANs of section 5, which have a loss each; for a single GAN it is the number 1, which `backward` would have taken anyway.
#
# Now the discriminator's half. A few names come with it:
#
# - `gan` holds the two networks and their optimisers. `gan.generate(noise, condition)` asks the generator for fakes, and
#   `gan.scores(real, fake, condition)` asks the discriminator about both.
# - `batch` is a pair: the `real` samples, and a `condition` that both players are told, such as labels (chapter 10). Our islands have none.
# - `loss` takes the scores of real and fake samples, and returns both players' losses.
# - `penalty` (chapter 07) and `extra`, further losses by name (chapter 10), are added to the loss. Both may be left out.
# - `gan.autocast` lets large networks compute in lower precision. Ours does nothing.

# %% tags=["library"]
from functools import partial

from gan_lessons.training import detached, in_pairs


def discriminator_step(gan, loss, batch, noise, penalty=None, extra=None):
    real, condition = batch
    with gan.autocast:
        with torch.no_grad():
            fake = gan.generate(noise, condition)
        real_scores, fake_scores = gan.scores(real, fake, condition)
        value = loss(real_scores, fake_scores).discriminator
        more = {} if extra is None else extra(gan, fake, batch)
        total = sum(more.values(), value)
        if penalty is not None:
            total = total + penalty(partial(gan.judge, condition=condition), real, fake)
    learn(gan.discriminator_optimizer, total)
    return value.detach(), real_scores.detach().mean(-1), fake_scores.detach().mean(-1), detached(more)


# %% [markdown]
# Strike out what the islands do not need (the condition, the extra losses, the penalty), and the loop's first half is left: make fakes, score, compute
# the loss, learn. `no_grad` does here what `detach` did there. What the function returns is for the records: the loss, the mean scores, and the extra
# losses, `detached` from the graph that made them. (`gan.judge` is the discriminator as a penalty needs it, with one score a sample.)
#
# The generator's half needs the scores of real samples for some losses only: for those that compare real and fake **in pairs**, as the relativistic
# loss of chapter 04 does. `in_pairs` tries the loss on a few numbers to find out. Otherwise `loss` gets the fake scores twice, and its generator's part
# does not care. And `gan.one_pass` says whether the discriminator scores each sample by itself. If so, `gan.scores` saves time by showing it both batches
# at once; if not, since it compares samples or remembers them (chapter 06), it is shown the real samples here too.

# %% tags=["library"]
def generator_step(gan, loss, batch, noise, extra=None):
    real, condition = batch
    with gan.autocast:
        real_scores = None
        if not gan.one_pass or in_pairs(loss, gan.members):
            with torch.no_grad():
                real_scores = gan.score(real, condition)
        fake = gan.generate(noise, condition)
        fake_scores = gan.score(fake, condition)
        value = loss(fake_scores if real_scores is None else real_scores, fake_scores).generator
        more = {} if extra is None else extra(gan, fake, batch)
    learn(gan.generator_optimizer, sum(more.values(), value))
    return value.detach(), detached(more)


# %% [markdown]
# Compare them with the loop above: the same four moves (draw, score, backward, step), once for each player. What is new is
# that no loss is written into them. `non_saturating` is the pair of losses that we have just used:

# %% module="gan_lessons.losses" tags=["library"]
from gan_lessons.losses import Losses


def minimax(real_scores, fake_scores):
    log_fooled = -softplus(fake_scores)
    return Losses((softplus(-real_scores) - log_fooled).mean(-1), log_fooled.mean(-1))


def non_saturating(real_scores, fake_scores):
    return Losses(minimax(real_scores, fake_scores).discriminator, softplus(-fake_scores).mean(-1))


# %% [markdown]
# From here on we import these definitions; a test makes sure that the library's are the ones you have read. `train` repeats
# the two steps, and hands you a record after each.

# %%
from gan_lessons import losses
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.training import GAN, stacked, train

torch.manual_seed(0)
gan = GAN(PointGenerator(), PointDiscriminator(), noise_dim=2, seed=0)
qualities = []
for record in tqdm(train(gan, data, losses.non_saturating, steps=2000), total=2000, leave=False):
    if record.step % 100 == 0:
        qualities.append(mode_scores(gan.sample(2500, average=False), islands).high_quality)

# %% [markdown]
# ## 4 · Reading the curves
#
# Every record holds both losses and the mean scores of real and fake points. Here they are, averaged over 50 steps, and beside
# them the only curve that a practitioner cannot draw on real photographs: the true quality.

# %% alt="Three curves over 2,000 steps. After a few hundred steps both losses move slowly, between 0.8 and 1.3, below the dashed line at 2 log 2. The share of high-quality samples starts near zero and keeps rising, with dips, far below the dashed line of the perfect sampler."
history = stacked(gan.history)
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3))
curves.draw_curve(left, history.step, history.discriminator_loss, style.DISCRIMINATOR, "discriminator", window=50)
curves.draw_curve(left, history.step, history.generator_loss, style.FAKE, "generator", window=50)
curves.draw_reference(left, 2 * softplus(torch.zeros(())).item(), "D knows nothing: 2 log 2")
left.set(ylabel="loss", ylim=(0, 2), title="The losses hardly move …")
left.legend(loc="lower right")
steps = torch.arange(1, len(qualities) + 1) * 100
curves.draw_curve(right, steps, torch.stack(qualities), style.FAKE)
curves.draw_reference(right, best.high_quality, "perfect sampler")
right.set(ylabel="high quality", ylim=(0, 1.05), title="… while the samples get better")
plt.show()

# %% [markdown]
# Read the left panel slowly, because it is what you will have on real data.
#
# - **Neither loss goes to zero, and neither should.** They are not errors that fall; they are the state of a game. A better
#   generator makes the discriminator's task harder, so both sit where the players are about equally strong.
# - **The line at $2 \log 2$** is what a discriminator loses that gives everything the score 0. A loss just under it says: $D$
#   finds some difference, not a large one. It does not say that the fakes are good, since a weak $D$ would lose as much.
# - **Trouble has a shape.** A discriminator's loss near 0 with a growing generator's loss means that $D$ has won and $G$ learns
#   little; loud swings mean that the players chase each other (chapter 07).
#
# And the right panel is what the left one hides: from step 1,000 to step 2,000 the losses move by a tenth or two, while the share
# of good samples grows several times. Is that so in general, or in this run? We had better ask ten of them.
#
# ## 5 · One run is an anecdote
#
# GANs are moody: another seed, another story. So from now on we train many at once. A **population** stacks the weights of
# many small networks into one batch of tensors; each member has its own seed, its own batches and its own optimiser state, and
# is, step by step, the GAN that you would have got by training it alone. Ten of them take not ten times as long as one.

# %%
from gan_lessons.populations import population


def players():
    return PointGenerator(), PointDiscriminator()


ten = population(players, seeds=range(10), noise_dim=2)
quality = []
for record in tqdm(train(ten, data, losses.non_saturating, steps=2000), total=2000, leave=False):
    if record.step % 100 == 0:
        quality.append(mode_scores(ten.sample(2500, average=False), islands).high_quality)
quality = torch.stack(quality)  # [measurements, members]

# %% [markdown]
# First the question that we left open: what does a loss that stands still say about the samples?

# %% tags=["claim"]
loss = stacked(ten.history).discriminator_loss  # [steps, members]
moved = (loss[1750:2000].mean(0) - loss[1000:1250].mean(0)).abs()
grown = quality[17:20].mean(0) / quality[9:12].mean(0)
print(
    f"From step 1,000 to 2,000 D's loss moved by {moved.median():.2f} in the median run, by {moved.max():.2f} at most,"
)
print(f"and high quality grew {grown.median():.1f} times in the median run, {grown.min():.1f} times at least.")
assert moved.median() < 0.2 and grown.median() > 1.5

# %% [markdown]
# A loss that hardly moves is no reason to stop. It is no measure of progress either, in some runs it moves a good deal, and which
# way it moves says little. This is the first thing that everybody asks about GANs (*has it converged? which checkpoint is
# best?*), and the honest answer is: measure the samples. Chapter 08 is about how.
#
# Now the recipe that the rest of the book leads up to. It differs from the plain GAN in five things: the
# **relativistic** loss, which compares every real point with a fake one (chapter 04); **packing**, which shows $D$ two points at
# a time, so that it notices a lack of variety (06); an **average** of the generator's weights over time, and a learning rate
# that starts high and **falls** along a cosine (07); and **larger batches**. We train it on the same ten seeds.

# %%
from dataclasses import replace

from gan_lessons import recipes

recipe = replace(recipes.find("ring"), steps=2500, batch=128, learning_rate=8e-3)
better = recipe.build()
for record in tqdm(recipe.train(better, recipe.data()), total=recipe.steps, leave=False):
    pass

# %%
plain_scores = mode_scores(ten.sample(2500, average=False), islands)
better_scores = recipe.mode_scores(better)


def draw_scores(axes, plain, recipe, reference, label):
    """One dot a seed for either population, and the perfect sampler's line."""
    for x, values, color in ((0, plain, style.FAKE), (1, recipe, style.REAL)):
        axes.scatter(x + torch.linspace(-0.2, 0.2, len(values)), values, color=color, s=16)
    curves.draw_reference(axes, reference, "perfect sampler")
    axes.set(xticks=[0, 1], xticklabels=["plain", "recipe"], xlim=(-0.5, 1.5), ylabel=label)


# %% alt="Three panels with ten dots for each of two populations. Modes: one plain GAN reaches only seven, the recipe reaches eight every time. High quality: the plain GANs lie around 0.4, the recipe's between 0.4 and 0.85, the perfect sampler at 0.99. KL: the plain GANs are spread between 0.05 and 0.9; most of the recipe's lie close to the perfect sampler's line near zero."
figure, axes = plt.subplots(1, 3, figsize=(7.2, 3))
for place, name, label in zip(axes, best._fields, ("modes of 8", "high quality", "KL (nats)"), strict=True):
    draw_scores(place, getattr(plain_scores, name), getattr(better_scores, name), getattr(best, name), label)
axes[0].set(ylim=(0, 8.6), title="All eight, every time,")
axes[1].set(ylim=(0, 1.05), title="sharper,")
axes[2].set(title="and mostly more even")
plt.show()

# %% tags=["claim"]
for name, scores in (("plain", plain_scores), ("recipe", better_scores)):
    whole = int((scores.modes == 8).sum())
    quality, kl = scores.high_quality.median(), scores.kl.median()
    print(f"{name:>6}: eight modes in {whole} of 10, median quality {quality:.0%}, median KL {kl:.2f}")
assert (better_scores.modes == 8).all() and better_scores.high_quality.median() > 0.6
assert better_scores.high_quality.median() > plain_scores.high_quality.median() + 0.1
assert better_scores.kl.median() < 0.1 < plain_scores.kl.median()

# %% [markdown]
# Look at the plain GANs' modes alone and you might call most of them perfect: eight of eight. Their KL tells the rest: some
# islands get a few samples and others a crowd. That is why we show the three numbers together.
#
# Neither is finished. We let both run on from the command line, on larger batches, and stored the record with the book.

# %% tags=["long"]
import json
from pathlib import Path

long = json.loads(Path("results/ring.json").read_text())
print(f"{long['date']}: {long['steps']:,} steps of {len(long['seeds'])} GANs each, on one thread ({long['machine']})")

# %% alt="Two panels over 7,000 steps. Left, median high quality: the recipe rises quickly and flattens at 0.91, close below the perfect sampler's line at 0.99; the plain GANs rise more slowly to 0.71. Right, the fewest modes that any of ten seeds has: the recipe stays at eight from early on, the plain GANs end at six." tags=["long"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3))
for run, color, label in ((long["plain"], style.FAKE, "plain"), (long, style.REAL, "recipe")):
    steps = [point["step"] for point in run["curve"]]
    left.plot(steps, [point["high_quality"] for point in run["curve"]], color=color, label=label)
    right.plot(steps, [point["modes_min"] for point in run["curve"]], color=color, label=label)
curves.draw_reference(left, long["perfect"]["high_quality"], "perfect sampler")
left.set(xlabel="step", ylabel="high quality, median", ylim=(0, 1.05), title="The recipe comes near the line …")
right.set(xlabel="step", ylabel="modes, worst of ten seeds", ylim=(0, 8.6), title="… with no seed left behind")
right.legend(loc="lower right")
plt.show()

# %% tags=["claim", "long"]
modes, seconds = min(long["members"]["modes"]), long["cpu_seconds_per_gan"]
print(f"recipe: {modes} modes at worst, {long['figures']['high_quality']:.1%} in the median, {seconds} s a GAN")
assert min(long["members"]["modes"]) == 8 and long["figures"]["high_quality"] > 0.8
assert min(long["plain"]["members"]["modes"]) < 8

# %% [markdown]
# ## 6 · Stop, save, and go on
#
# Trainings get long, and notebooks get interrupted. Press the stop button while a cell trains: the step that is under way is
# finished, both networks stay whole, and the same cell goes on from there, since `train` starts at `gan.step`. Let us stop one
# half-way, keep it in a file, and let a second one go on from the file.

# %%
import tempfile

from gan_lessons.runs import load_checkpoint, save_checkpoint

torch.manual_seed(1)
first, second, whole = (GAN(PointGenerator(), PointDiscriminator(), noise_dim=2, seed=1) for _ in range(3))
whole.generator.load_state_dict(first.generator.state_dict())
whole.discriminator.load_state_dict(first.discriminator.state_dict())
whole.average.load_state_dict(first.average.state_dict())

for record in train(first, data, losses.non_saturating, steps=100):
    pass
with tempfile.TemporaryDirectory() as folder:
    save_checkpoint(Path(folder) / "half-way.pt", first)
    load_checkpoint(Path(folder) / "half-way.pt", second)
print(f"the second starts at step {second.step}, with {len(second.history)} records")

# %% [markdown]
# > **Predict, then run.** `second` was made with other random weights, and took 100 steps in another life. After 200 steps, how
# > far will it be from a GAN that trained without a stop?

# %% tags=["claim"]
for record in train(second, data, losses.non_saturating, steps=200):
    pass
for record in train(whole, data, losses.non_saturating, steps=200):
    pass
apart = (second.sample(1000) - whole.sample(1000)).abs().max()
print(f"largest difference between their samples: {apart:.1f}")
assert apart == 0

# %% [markdown]
# Not close: equal, to the last bit. A checkpoint holds both networks, the average, both optimisers' memories and the step;
# and every random number of a step follows from the seed and the step alone.
#
# ## 7 · A playground
#
# Everything that this chapter did by code can also be done by hand. The **playground** trains one GAN on points while you watch: press
# *Play*, and change whatever you like while it runs. It shows where $D$ would draw the line (green: real), how each fake is pulled, and what
# $G$ makes of a grid of noise; at the right, both losses, and modes, quality and KL beside the lines of a perfect sampler. You can stop and let one
# player step alone, go in slow motion, draw data with the mouse, or pass in your own networks (`players=`) and losses. *Export* shows the
# code that builds exactly the GAN on the screen, with every change you made on the way.

# %% alt="The playground after 400 steps. Left: the ring's eight islands in blue, fakes in orange on a patch between some of them, arrows that pull the fakes, a distorted grid, and D's surface from purple to green. Right: both losses swing, and few modes are covered, at the end none."
from gan_lessons.labs.points import PlaygroundLab

playground = PlaygroundLab()
playground.run(400)
playground

# %% [markdown]
# > **Predict, then try.** Which single change brings the eight islands soonest: packing, another loss, a slower $G$, or a larger batch? Reset, and
# > let each run for a thousand steps.
#
# Where no kernel runs, a lab stands still. But a run can be **recorded** and then be scrubbed through anywhere, also in an exported page:

# %%
recording = PlaygroundLab(loss="relativistic", pack=2, generator_rate=2e-3, discriminator_rate=2e-3).record(
    900, every=15
)
recording

# %% [markdown]
# Sixty frames of a relativistic GAN that judges pairs: the fakes find the ring, then the islands. Move the slider back to the moment when
# the first islands are covered, and look at the losses there. Would you have known from them?
#
# ## What we saw
#
# - A GAN is two optimisers that take turns: the discriminator learns to score real above fake, the generator follows the
#   gradient of that score.
# - At equal strength the discriminator loses a little less than $2 \log 2$. The losses describe the state of the game, not the
#   quality of the samples.
# - Quality is measured on samples, with more than one number, beside what a perfect sampler scores.
# - One run proves nothing. Ten runs cost little when they are trained as one population.
# - The plain GAN forgets islands in some seeds and smears samples over bridges in all; a better recipe finds all eight islands
#   in ten seeds of ten.
# - Training can be stopped at any step, saved, and gone on with, to the last bit.
#
# ## Questions
#
# 1. Why is `fake.detach()` needed in the discriminator's half of the loop, and why not in the generator's?
#    <details><summary>Answer</summary>In the discriminator's half the generator must not be changed, and its gradients would only
#    be in the way; cutting the graph there also saves work. In the generator's half the gradient has to flow through the fake
#    into the generator: that is all it learns from.</details>
# 2. A friend shows you a discriminator loss of exactly $2 \log 2$ and says that the GAN is perfect. What do you answer?
#    <details><summary>Answer</summary>That the discriminator has no opinion, for one of two reasons: the fakes are perfect, or the
#    discriminator is too weak (or badly trained) to see what is wrong. Measure the samples.</details>
# 3. And if the discriminator's loss is near zero?
#    <details><summary>Answer</summary>Then it tells real from fake with certainty. The generator is far behind, and may get little
#    useful gradient; try a slower discriminator, a penalty, or another loss.</details>
# 4. Why does a perfect sampler not reach 100 % high quality?
#    <details><summary>Answer</summary>Because 1.1 % of a Gaussian in the plane lies farther out than three standard deviations:
#    $e^{-9/2}$.</details>
# 5. A GAN covers eight of eight modes. Name two ways in which it can still be bad.
#    <details><summary>Answer</summary>Most of its samples may lie on bridges between the modes (low high quality), or nearly all of
#    them on one mode (high KL): one good sample on an island is enough to count it as covered.</details>
# 6. Why do ten GANs in one population take less than ten times as long as one?
#    <details><summary>Answer</summary>With networks this small, most of the time goes into starting operations, not into
#    arithmetic. A population starts each operation once for all members.</details>
#
# ## Further reading
#
# - Goodfellow et al. 2014, *Generative Adversarial Nets* ([arXiv:1406.2661](https://arxiv.org/abs/1406.2661)): the game, in nine pages;
#   section 3 has the loss that we used.
# - Metz et al. 2017, *Unrolled GANs* ([arXiv:1611.02163](https://arxiv.org/abs/1611.02163)): the ring of eight, and a GAN that hops
#   around it.
# - Lin et al. 2018, *PacGAN* ([arXiv:1712.04086](https://arxiv.org/abs/1712.04086)): packing, and the three numbers of this chapter.
# - Huang et al. 2024, *The GAN is dead; long live the GAN!* ([arXiv:2501.05441](https://arxiv.org/abs/2501.05441)): the modern recipe,
#   derived.
#
# **Next:** [chapter 06, Mode collapse](06_mode_collapse.ipynb): what became of the missing islands, and what brings them back.
