# %% [markdown]
# # 09 · Images
#
# **How good can a full GAN get on real handwriting?**
#
# **You will** train three GANs on 5,000 real handwritten digits: the plain one of 2014, the convolutional one that made GANs
# famous, and one built by today's rules. You will watch the third one learn, and then look hard at what it draws.
#
# **You will learn** to
# - judge pictures by a number, the Fréchet distance, between its floor and its ceiling,
# - say what each part of a modern recipe is for,
# - check what a single number hides: classes that are missing, copies of the training data,
# - walk through a latent space,
# - see what still looks wrong.
#
# **You will need** chapter 05 and about a minute and a half of computing on a laptop's processor.

# %%
import matplotlib.pyplot as plt
import torch
from tqdm.auto import tqdm

from gan_lessons import losses
from gan_lessons.data.images import digits
from gan_lessons.metrics.images import digit_scores, floor_distance, noise_distance
from gan_lessons.plots import curves, images, style
from gan_lessons.training import GAN, train

torch.set_num_threads(1)
torch.manual_seed(9)
style.use()

# %% [markdown]
# ## 1 · The data, and a judge
#
# Our data are 5,000 digits of MNIST, 500 of each class, written by American pupils and census workers. A picture has 28 × 28
# pixels, each from −1 (black) to 1 (white): a point in a space of 784 dimensions.

# %%
data = digits().pixels
data.shape

# %% alt="Forty real handwritten digits in four rows, white on black: clear, varied in slant and thickness, with sharp strokes."
figure, axes = plt.subplots(figsize=(6, 2.5))
images.draw_sheet(axes, data[torch.randperm(len(data))[:40]])
axes.set_title("Real digits")
plt.show()

# %% [markdown]
# On the ring of chapter 05 we knew every mode. Here nobody knows the true distribution. What we can do is ask a **judge**: a
# small classifier that learned to read digits (it reads 99 % of digits that it never saw correctly). Its last layer before
# the verdict holds 64 numbers, its *features*, that say what a picture looks like to it.
#
# The **Fréchet distance** compares the features of 5,000 real pictures with those of 5,000 fakes, each cloud seen as one
# Gaussian with mean $\mu$ and covariance $\Sigma$:
#
# $$ d^2 = \lVert \mu_r - \mu_f \rVert^2 + \operatorname{tr}\left( \Sigma_r + \Sigma_f - 2 (\Sigma_r \Sigma_f)^{1/2} \right). $$
#
# A bare number like 7.3 tells you nothing. So we first find out what the best and the worst would score: one random half of
# the real digits against the other (the *floor*), and uniform noise (the *ceiling*). From here on every distance is a fraction
# of the ceiling.

# %%
floor = floor_distance() / noise_distance()
print(f"ceiling: uniform noise scores 1; floor: two halves of the real digits score {floor:.4f}")

# %% [markdown]
# Between the two lie samples with known faults. A yardstick earns trust by ranking them as you would.
#
# > **Predict, then run.** Which is worse to the judge: digits blurred over 3 × 3 pixels, digits with noise added, or perfect
# > digits of which one half of the classes is missing?

# %%
half = digits().pixels[digits().labels < 5].repeat(2, 1, 1, 1)
faulty = {
    "blurred": torch.nn.functional.avg_pool2d(data, 3, stride=1, padding=1, count_include_pad=False),
    "noisy": (data + 0.3 * torch.randn_like(data)).clamp(-1, 1),
    "five classes missing": half,
}
for fault, pixels in faulty.items():
    print(f"{fault:>20}: {digit_scores(pixels).frechet_fraction:.3f}")

# %% [markdown]
# The judge minds missing classes and noise a great deal, and a little blur hardly at all: it learned to read, not to enjoy.
# Remember that when a number looks good, and look at the pictures too.
#
# ## 2 · Two classics
#
# The first GAN for pictures was an MLP: fully connected layers from noise to 784 pixels, and from 784 pixels to a score. No
# layer knows which pixels are neighbours. The DCGAN of 2016 replaced them by convolutions: the generator starts from a 7 × 7
# picture and doubles its side twice by *transposed convolutions*, the discriminator halves it twice, and BatchNorm keeps the
# activations in range.

# %% tags=["library"]
from torch import nn

from gan_lessons.networks.images import initialise


class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=64, size=28, channels=1, width=32):
        super().__init__()
        quarter = size // 4
        self.layers = nn.Sequential(
            nn.Unflatten(-1, (noise_dim, 1, 1)),  # [batch, noise_dim, 1, 1]
            nn.ConvTranspose2d(noise_dim, 2 * width, quarter, bias=False),  # [batch, 2 * width, size/4, size/4]
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),  # [batch, width, size/2, size/2]
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1),  # [batch, channels, size, size]
            nn.Tanh(),
        )
        self.apply(initialise)

    def forward(self, noise):
        return self.layers(noise)


# %% [markdown]
# Both get the plain treatment of chapter 05: the non-saturating loss, Adam at a fixed rate, no penalty, no average. Their runs
# are short, so take them for a start, not for the best that these networks can do.

# %%
from functools import partial

from gan_lessons.networks.images import DCGANDiscriminator, MLPDiscriminator, MLPGenerator

adam = partial(torch.optim.Adam, lr=1e-3, betas=(0.5, 0.999), fused=True)
torch.manual_seed(0)
mlp = GAN(MLPGenerator(), MLPDiscriminator(), noise_dim=64, optimizer=adam)
dcgan = GAN(DCGANGenerator(), DCGANDiscriminator(), noise_dim=64, optimizer=adam)

# %%
for record in tqdm(train(mlp, data, losses.non_saturating, steps=300), total=300, leave=False):
    pass
for record in tqdm(train(dcgan, data, losses.non_saturating, steps=200, batch=32), total=200, leave=False):
    pass
scores = {name: digit_scores(gan.sample(5000, average=False)) for name, gan in (("MLP", mlp), ("DCGAN", dcgan))}
for name, score in scores.items():
    print(f"{name:>6}: {score.frechet_fraction:.3f} of noise, {score.classes} of 10 classes")

# %% alt="Two sheets of twenty generated pictures. Left, the MLP: the same grainy shape, something like a 3, again and again. Right, the DCGAN: strokes that begin to look like handwriting, a few of them readable, many broken."
figure, axes = plt.subplots(1, 2, figsize=(7, 2.6))
for place, (name, gan) in zip(axes, (("MLP", mlp), ("DCGAN", dcgan)), strict=True):
    images.draw_sheet(place, gan.sample(28, average=False), columns=7)
    place.set_title(f"{name}: {scores[name].frechet_fraction:.2f} of noise")
plt.show()


# %% [markdown]
# After so few steps the MLP has found one shape that fools its opponent, and repeats it: that is **mode collapse**, the subject of
# chapter 06. The DCGAN has strokes. Convolutions know that a pixel's neighbours matter, and after a few hundred steps nothing is
# worth more.
#
# > **Your turn.** The networks' widths, the learning rate and the batch are arguments. Which one change helps the MLP most, at
# > the same number of steps? Predict before you run.
#
# ## 3 · A modern recipe
#
# Ten years of work on GANs fit into five changes. None of them makes the networks larger.
#
# | change | what it is for |
# |---|---|
# | **relativistic loss**: each real picture is scored against a fake one | $G$ cannot win by pleasing $D$ once; chapter 04 |
# | **R1 and R2**: a penalty on the slope of $D$'s score at real and at fake pictures | the game settles instead of circling; chapter 07 |
# | **group spread**: $D$ also sees how much each feature varies within a group of eight | a generator that repeats itself is found out; chapter 06 |
# | **averaged generator**: we keep a moving average of $G$'s weights, and sample from it | noise of the last steps is averaged away |
# | **annealed rate**: the learning rate starts high and falls along a cosine | fast at first, exact at the end |
#
# The third one is a layer of three lines. It takes the features of a batch, cuts it into groups, and appends to every feature
# its standard deviation within the group:

# %% tags=["library"]
class GroupSpread(nn.Module):
    def __init__(self, size=8):
        super().__init__()
        self.size = size

    def forward(self, features):
        if len(features) % self.size:
            raise ValueError(f"A batch of {len(features)} cannot be split into groups of {self.size}.")
        groups = features.unflatten(0, (-1, self.size))  # [groups, size, features]
        spread = (groups.var(1, keepdim=True, unbiased=False) + 1e-4).sqrt()
        return torch.cat([features, spread.expand_as(groups).flatten(0, 1)], dim=-1)


# %% [markdown]
# The whole recipe, with all its numbers, is one small class that you can read in `gan_lessons/recipes/digits.py`. Where the
# processor computes in bfloat16 natively it does so, and is faster; yours may not, and the results are as good.

# %%
from gan_lessons import recipes

recipe = recipes.find("digits")
recipe

# %%
gan = recipe.build(seed=0)
watched = {}
for record in tqdm(recipe.train(gan, data), total=recipe.steps, leave=False):
    if record.step in (20, 100, 300, recipe.steps):
        watched[record.step] = gan.sample(8, seed=1)

# %% alt="Four rows of eight generated pictures after 20, 100, 300 and 900 steps, each column from the same noise: grainy grey blobs, then blurred strokes, then crude digits, then digits most of which can be read."
figure, axes = plt.subplots(figsize=(5, 2.8))
images.draw_sheet(axes, torch.cat(list(watched.values())), columns=8)
axes.set_title("The same eight noises after " + ", ".join(map(str, watched)) + " steps")
plt.show()

# %% tags=["claim"]
samples = gan.sample(5000)
scores["modern"] = digit_scores(samples)
score = scores["modern"]
print(f"modern: {score.frechet_fraction:.4f} of noise, {score.classes} classes, class KL {score.class_kl:.3f}")
assert score.frechet_fraction < 0.03 and score.classes == 10 and score.class_kl < 0.06
assert scores["DCGAN"].frechet_fraction > 2 * score.frechet_fraction

# %% alt="A horizontal bar chart on a logarithmic axis. Uniform noise is at 1, the MLP at 0.88, the DCGAN at 0.12, the modern recipe at 0.018, and one half of the real digits against the other at 0.0014."
figure, axes = plt.subplots(figsize=(6, 2.4))
bars = {"uniform noise": 1.0, **{name: score.frechet_fraction for name, score in scores.items()}, "real halves": floor}
colors = [style.REFERENCE, *[style.FAKE] * len(scores), style.REAL]
axes.barh(list(bars), list(bars.values()), color=colors)
axes.set(xscale="log", xlabel="Fréchet distance / noise", title="Each step takes most of the rest away")
axes.invert_yaxis()
plt.show()

# %% [markdown]
# The modern recipe had more steps than the classics, so this chart does not say how much of the gain is due to which change;
# chapter 08's tools and an ablation over seeds will. It says what you can have in well under a minute of a laptop's processor.
#
# ## 4 · What a single number hides
#
# A small distance is good news about means and covariances. Three questions it does not answer.
#
# **Are all classes there?** The judge reads 5,000 samples, and we count.

# %%
from gan_lessons.judges.digits import load

judge = load()
counts = judge.probabilities(samples).argmax(1).bincount(minlength=10)

# %% alt="A bar chart of how often the judge reads each digit among 5,000 samples: ten bars between about 400 and 600, near a dashed line at 500."
figure, axes = plt.subplots(figsize=(6, 2.4))
axes.bar(range(10), counts, color=style.FAKE)
curves.draw_reference(axes, 500, "real digits")
axes.set(xticks=range(10), xlabel="digit, says the judge", ylabel="samples of 5,000", title="No class is missing")
plt.show()

# %% [markdown]
# **Does it copy?** A generator that stored training pictures would have a perfect distance. So we look for each sample's nearest
# neighbour among all 5,000 training digits, pixel by pixel.

# %%
distances, nearest = torch.cdist(samples[:1000].flatten(1), data.flatten(1)).min(1)
among_real = torch.cdist(data[:1000].flatten(1), data.flatten(1)).topk(2, largest=False).values[:, 1]
print(f"a sample to the nearest training digit: {distances.median():.1f}")
print(f"a training digit to the nearest other: {among_real.median():.1f}")

# %% tags=["claim"]
copies = (distances < 0.5 * among_real.median()).float().mean()
print(f"samples closer than half of that: {copies:.1%}")
assert copies < 0.01

# %% alt="Two rows of ten pictures: generated digits above, and below each the training digit nearest to it, similar in class and slant but different in its strokes."
figure, axes = plt.subplots(figsize=(6, 1.6))
images.draw_sheet(axes, torch.cat([samples[:10], data[nearest[:10]]]), columns=10)
axes.set_title("Samples (above) and their nearest training digits (below)")
plt.show()


# %% [markdown]
# Similar, not the same: the samples lie farther from the training digits than those lie from each other. It has not stored the
# data. (Absence of copies in pixels is not proof of privacy; chapter 08 goes
# further.)
#
# **Is the space between samples full?** Take two noises and walk from one to the other. If the generator had learned isolated
# pictures, the walk would jump. We walk along the circle that joins them, since a Gaussian noise in 64 dimensions nearly always
# has a length near 8, and the straight line's middle would be too short.

# %% alt="Three rows of eleven pictures. In each row one digit turns into another through intermediate shapes, some of them digits and some between."
def walk(start, end, steps=11):
    """Points on the arc between two noises."""
    angle = torch.linspace(0, torch.pi / 2, steps)[:, None]
    return angle.cos() * start + angle.sin() * end


torch.manual_seed(3)
with torch.inference_mode():
    paths = torch.cat([gan.average(walk(*torch.randn(2, 1, recipe.noise_dim))) for _ in range(3)])
figure, axes = plt.subplots(figsize=(6, 1.9))
images.draw_sheet(axes, paths, columns=11)
axes.set_title("Three walks through the latent space")
plt.show()

# %% [markdown]
# ## 5 · The long run, and what still looks wrong
#
# What takes longer than a chapter is trained from the command line and stored with its record: the command, the seed, the
# machine and a hash of the recipe. A test fails when the code no longer fits the record.

# %% tags=["long"]
import json
from pathlib import Path

long = json.loads(Path("results/digits_long.json").read_text())
print(long["command"])
print(f"{long['date']}: {long['steps']:,} steps in {long['seconds'] / 60:.0f} minutes on {long['machine']}")

# %%
import safetensors.torch

best = recipes.find("digits", "long").build()
best.average.load_state_dict(safetensors.torch.load_file("results/digits_long.safetensors"))
drawn = best.sample(5000)
reached = digit_scores(drawn)

# %% tags=["claim"]
real_certainty = judge.probabilities(data).max(1).values
certain = (real_certainty > 0.9).float().mean()
print(f"long run: {reached.frechet_fraction:.4f} of noise (floor {floor:.4f}), class KL {reached.class_kl:.3f}")
print(f"read with a confidence above 0.9: {reached.confident:.0%} of the samples, {certain:.1%} of the real digits")
assert reached.frechet_fraction < 0.007 and reached.class_kl < 0.03 and reached.confident > 0.5

# %% alt="Left: the Fr\u00e9chet distance of the long run on a logarithmic axis, falling from 0.02 to 0.005 within 6,000 steps and flat from there, above a dashed floor at 0.0014. Right: sixty unselected samples of the long run, nearly all of them readable digits with clean strokes."
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3), width_ratios=(1, 1.25))
points = [(point["step"], point["frechet_fraction"]) for point in long["curve"]]
left.plot(*zip(*points, strict=True), color=style.FAKE)
curves.draw_reference(left, floor, "two halves of the real digits")
left.set(yscale="log", xlabel="step", ylabel="Fréchet distance / noise", xticks=[0, 5000, 10000, 15000])
left.set_title("It falls and flattens above the floor …")
images.draw_sheet(right, drawn[:60], columns=10)
right.set_title("… and draws this (unselected)")
plt.show()

# %% [markdown]
# Good, and not perfect: the distance stays at about three times the floor, and more steps hardly change it. The judge itself tells us where to look: at the samples that it is least sure of.

# %% alt="Twenty generated pictures that the judge is least sure of: broken loops, strokes that end in nothing, shapes between a 4 and a 9 or between a 3, a 5 and an 8."
confidence = judge.probabilities(drawn).max(1).values
worst = confidence.argsort()[:20]
figure, axes = plt.subplots(figsize=(6, 1.6))
images.draw_sheet(axes, drawn[worst], columns=10)
axes.set_title("What still looks wrong: the twenty least certain of 5,000")
plt.show()

# %% tags=["claim"]
doubtful = (confidence < 0.6).float().mean()
real_doubtful = (real_certainty < 0.6).float().mean()
print(f"the judge is less than 60 % sure of {doubtful:.1%} of the samples, {real_doubtful:.1%} of the real digits")
assert doubtful > real_doubtful

# %% [markdown]
# A continuous generator has to pass from one digit to the next, as it had to build bridges between the islands of chapter 05;
# what lies on the way is no digit at all. Real pupils write few of those. A conditional GAN (chapter 10), which is told the
# class, need not cross.
#
# ## What we saw
#
# - A distance means something between its floor and its ceiling, at an equal number of samples.
# - Convolutions beat an MLP at once; the modern recipe beats the plain DCGAN with networks of much the same size.
# - No class is missing, no training picture is copied, and the latent space is full: three checks beside the number.
# - A longer run ends at about three times the floor; what is left are shapes between digits.
#
# ## Questions
#
# 1. Why do we divide every distance by that of uniform noise?
#    <details><summary>Answer</summary>The bare number depends on the judge's features and their units. As a fraction of the ceiling, and
#    beside the floor, it can be read.</details>
# 2. A generator copies 5,000 training digits exactly. What is its Fréchet distance, and which check finds it out?
#    <details><summary>Answer</summary>Zero, better than the floor. The nearest training neighbours find it out: their distance is
#    zero too.</details>
# 3. Why does the floor lie above zero, although both halves are real?
#    <details><summary>Answer</summary>Each half is a finite sample, with its own mean and covariance. With more samples the floor
#    falls.</details>
# 4. What would you see in the class counts if the generator had collapsed to sevens?
#    <details><summary>Answer</summary>One high bar at 7 and next to nothing elsewhere; the class KL would be near log 10 ≈ 2.3.</details>
# 5. What does the group spread tell the discriminator that no single picture can?
#    <details><summary>Answer</summary>How much the pictures of a group differ. Real groups vary; a generator that repeats itself does not,
#    even if each of its pictures is good.</details>
# 6. The judge hardly minds blur. What follows for the distance?
#    <details><summary>Answer</summary>That a small distance does not promise sharp strokes. A number judges only what its features see, so
#    look at the pictures as well.</details>
#
# ## Further reading
#
# - Radford et al. 2016, *DCGAN* ([arXiv:1511.06434](https://arxiv.org/abs/1511.06434)): the architecture of section 2, and walks through
#   its latent space.
# - Heusel et al. 2017, *TTUR* ([arXiv:1706.08500](https://arxiv.org/abs/1706.08500)): the Fréchet Inception distance.
# - Karras et al. 2018, *Progressive growing* ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196)): section 3 shows the minibatch standard
#   deviation that our group spread follows.
# - Huang et al. 2024, *The GAN is dead; long live the GAN!* ([arXiv:2501.05441](https://arxiv.org/abs/2501.05441)): relativistic loss with R1
#   and R2, and an ablation.
#
# **Back:** [chapter 08, Measuring a GAN](08_measuring_a_gan.ipynb).
