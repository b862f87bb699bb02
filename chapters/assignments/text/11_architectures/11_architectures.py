# %% [markdown]
# # 11 · Architectures: assignment
#
# **You will** let every place of a picture ask all others, pay for it in steps, put a style into a convolution's weights, give a cat a hat and leave the rest of it alone,
# mend a training whose cats all look the same, and decide which of four reports you believe.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 11](../../../11_architectures.ipynb), and the package `gan_lessons`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn.functional import conv2d, relu, softplus

from gan_lessons.checks import architectures as check
from gan_lessons.plots import images, style

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your cats and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · A look at every place
#
# **Let each place of the maps ask all places, and add what it finds, multiplied by the gate.**
#
# $x_i$ holds the channels at place $i$. The query there is $q_i = W_q\, x_i$, the key $k_i = W_k\, x_i$ and the value $v_i = W_v\, x_i$ (no biases), where $W_q$, $W_k$ and $W_v$ are `query`,
# `key` and `value`. Then
#
# $$ x_i \leftarrow x_i + \text{gate} \cdot \sum_j A_{ij}\, v_j, \qquad A_{ij} = \operatorname*{softmax}_j \frac{q_i \cdot k_j}{\sqrt{\text{width}}}. $$
#
# The sum and the softmax run over all places $j$ of the same sample, $i$ itself included; *width* is the length of a query. Maps need not be square.

# %% nbgrader={"grade": false, "grade_id": "attention", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attention(maps, query, key, value, gate):
    """maps [n, channels, h, w], query and key [width, channels], value [channels, channels], gate [] → like maps"""
    ### BEGIN SOLUTION
    places = maps.flatten(2).mT  # [n, places, channels]
    asks, answers, values = places @ query.T, places @ key.T, places @ value.T
    weights = (asks @ answers.mT / len(query) ** 0.5).softmax(-1)
    return maps + gate * (weights @ values).mT.unflatten(2, maps.shape[2:])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-attention", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
noisy_pictures = check.attention(attention, seed=mine)
### BEGIN HIDDEN TESTS
check.attention(attention, seed=11101, shapes=((1, 5, 3, 6, 2), (4, 2, 5, 4, 5)))
### END HIDDEN TESTS

# %% [markdown]
# What can one such layer do without any training? In the noisy picture each place asks with the colours of its own neighbourhood, 3 × 3 pixels, and every place
# answers with its own. The closer the two are, the better they fit; the values are the pixels in the middle. Here is what your function looks up, without the
# maps themselves:

# %%
figure, axes = plt.subplots(figsize=(5, 2.6))
images.draw_sheet(axes, noisy_pictures, columns=2)
axes.set_title("A noisy cat, and the mean of all places that look alike")
plt.show()

# %% [markdown]
# ## 2 · The price of a look
#
# **In the time that 1,500 steps of the plain pair take, how many steps with attention can you take?** A whole number.
#
# An attention layer's time goes into comparing each place with all others. It was measured at one size; you move the layer to a larger one, and nothing else
# changes. (Your numbers are printed below. A step's time is that of both players together.)

# %%
plain, layer, side, larger = check.own_times(mine)
print(f"a step of the plain pair: {plain} ms; an attention layer at {side} × {side} places adds {layer} ms to it")
print(f"you move the layer to {larger} × {larger} places")

# %% nbgrader={"grade": false, "grade_id": "steps-left", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps_left = None
### BEGIN SOLUTION
steps_left = 1500 * plain / (plain + layer * (larger / side) ** 4)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-steps-left", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.steps_left(steps_left, seed=mine)


# %% [markdown]
# ## 3 · Weights that carry a style
#
# **Convolve the maps with weights that carry each sample's style, modulated and demodulated as in StyleGAN 2.**
#
# $$ \text{maps}_o \leftarrow \frac{\sum_i (1 + a_i) \, W_{oi} * \text{maps}_i}{\sqrt{\sum_{i,k} (1 + a_i)^2 \, W_{oik}^2}} $$
#
# `weight` holds $W$, output maps $o$ first, then input maps $i$, then the 3 × 3 places $k$ of the kernel. Each sample has its own $a$, a row of `scale`. Pad by one pixel
# of zeros, so that the maps keep their size. There is no bias, and nothing has to be added below the root.

# %% nbgrader={"grade": false, "grade_id": "modulated", "locked": false, "schema_version": 3, "solution": true, "task": false}
def modulated(maps, weight, scale):
    """maps [n, in, height, width], weight [out, in, 3, 3], scale [n, in] → maps [n, out, height, width]"""
    ### BEGIN SOLUTION
    factor = 1 + scale
    made = conv2d(maps * factor[:, :, None, None], weight, padding=1)
    size = (factor.square() @ weight.square().sum((2, 3)).T).sqrt()
    return made / size[:, :, None, None]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-modulated", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.modulated(modulated, seed=mine)
### BEGIN HIDDEN TESTS
check.modulated(modulated, seed=11103, shapes=((4, 2, 2), (1, 6, 3)))
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · A hat, and nothing else
#
# **Move a layout only at those `places` places where the move is longest.**
#
# `move` has a number for each channel at each place; its length at a place is the root of the sum of their squares. Each sample has its own `places` places: add
# `strength` times the move there, in all channels, and leave the rest as it is. Then, as maps come out of a ReLU, set to 0 what is below. (No two places have moves of
# equal length.)

# %% nbgrader={"grade": false, "grade_id": "local-edit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def local_edit(maps, move, places, strength):
    """maps and move [n, channels, side, side], places a whole number → edited maps of the same shape"""
    ### BEGIN SOLUTION
    apart = move.norm(dim=1, keepdim=True)
    least = apart.flatten(1).topk(places).values[:, -1].view(-1, 1, 1, 1)
    return relu(maps + strength * move * (apart >= least))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-local-edit", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
hat_pictures = check.local_edit(local_edit, seed=mine)
### BEGIN HIDDEN TESTS
check.local_edit(local_edit, seed=11104, shapes=((4, 2, 6, 7), (2, 5, 3, 2)))
### END HIDDEN TESTS

# %% [markdown]
# Your function at work, in the layouts of the chapter's GAN that was told nothing. A layout has 64 places; the move leads from the mean layout of cats that
# wear what this cat wears to the mean layout of cats with the hat. Not every hat
# succeeds; look also at what else changes.

# %%
figure, axes = plt.subplots(figsize=(7.2, 3.9))
images.draw_sheet(axes, hat_pictures, 6, ("before", "64 places", "16 places"))
axes.set_title(f"Six cats, and a {check.own_hat(mine)}")
plt.show()


# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training runs without an error, and each of its generators draws one and the same picture, whatever the noise. One line is wrong: find it, and mend it.**
#
# ```python
# def styled_training(gan, batches):
#     def normalised(maps):
#         centred = maps - maps.mean(-1, keepdim=True)
#         return centred / (centred.square().mean(-1, keepdim=True) + 1e-8).sqrt()
#
#     def draw(noise):
#         w = gan.generator.mapping(noise)
#         maps = gan.generator.constant(noise)
#         for layer in gan.generator.layers:
#             scale, shift = layer.scale(w)[..., None], layer.shift(w)[..., None]
#             maps = relu(normalised((1 + scale) * layer(maps) + shift))
#         return gan.generator.picture(maps)
#
#     for real, noise in batches:
#         fake = draw(noise[0]).detach()
#         loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         loss = softplus(-gan.discriminator(draw(noise[1])))
#         gan.generator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight GANs at once, with the non-saturating loss, on cats of 8 × 8 pixels: `real` is [8, 32, 192], 32 cats for each GAN. `noise` is [2, 8, 32, 6]. A generator
# begins with `constant(noise)`, learned maps that are the same for all noise, [8, 32, 8 maps, 16 places]; the noise enters through the style `w` alone. `layer(maps)` makes
# new maps of that shape; `layer.scale(w)` and `layer.shift(w)` are $a$ and $b$, one of each for every map. The normalisation is StyleGAN's, within one sample: each map has mean 0 and standard
# deviation 1 over its places.

# %% nbgrader={"grade": false, "grade_id": "styled-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def styled_training(gan, batches):
    """Eight GANs, pairs of real [8, n, 192] and noise [2, 8, n, 6] → nothing; both networks of `gan` have learned"""

    ### BEGIN SOLUTION
    def normalised(maps):
        centred = maps - maps.mean(-1, keepdim=True)
        return centred / (centred.square().mean(-1, keepdim=True) + 1e-8).sqrt()

    def draw(noise):
        w = gan.generator.mapping(noise)
        maps = gan.generator.constant(noise)
        for layer in gan.generator.layers:
            scale, shift = layer.scale(w)[..., None], layer.shift(w)[..., None]
            maps = relu((1 + scale) * normalised(layer(maps)) + shift)
        return gan.generator.picture(maps)

    for real, noise in batches:
        fake = draw(noise[0]).detach()
        loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        loss = softplus(-gan.discriminator(draw(noise[1])))
        gan.generator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains eight GANs on cats in four colours of your own, in 300
# rounds. At least half of the eight should draw cats of three of the colours or all four. (A colour counts if one picture in twenty is near a cat of it. The cats are crude still.)

# %% nbgrader={"grade": true, "grade_id": "check-styled-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
pictures = check.styled_training(styled_training, seed=mine)
### BEGIN HIDDEN TESTS
check.styled_training(styled_training, seed=11105, rounds=5, steps=0)
### END HIDDEN TESTS

# %% [markdown]
# One row for each GAN; real cats in the first row.

# %%
cats = torch.cat([check.own_cats(mine).pictures[:12], pictures[:, :12].flatten(0, 1)])
figure, axes = plt.subplots(figsize=(7.2, 5.6))
images.draw_sheet(axes, cats.view(-1, 3, 8, 8), 12, ("real", *(f"GAN {number}" for number in range(1, 9))))
axes.set_title("Cats of 64 pixels")
plt.show()

# %% [markdown]
# ## 6 · Which report do you believe?
#
# Four (invented) reports, each about an idea of its own; each claims that its idea beats the plain pair. Every learning rate was tried on a seed that is not
# counted, and the best was kept. Then three seeds each gave a Fréchet distance, as a share of noise's.

# %%
for letter, sides in check.four_papers(mine).items():
    for name, one in zip(("the plain pair", f"idea {letter}"), sides):
        rates = f"{one.rates} learning rate{'s' * (one.rates > 1)} tried"
        print(f"{name:14}  {one.steps:,} steps in {one.minutes} minutes, {rates:22}", end="  ")
        print("distances", *(f"{distance:.3f}" for distance in one.distances))
    print()

# %% [markdown]
# **In three to five sentences (4 points):** which report do you believe? Say of each of the other three what its claim lacks, by its numbers, and what you would
# run to find out.

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-reports", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# I believe the report in which both sides had the same minutes and as many learning rates, and every seed of the idea beats every seed of the plain pair; that its steps were dearer and so fewer is paid for. (By chance
# alone three seeds all beat three others once in twenty times, so I would still like more seeds.) In the report with 1,500 steps on both sides the idea took two and a half times as many minutes: I would give the plain pair
# the same minutes. In the one with eight learning rates against one, the idea may owe its lead to the better rate: I would try the same rates for both. In the last one the
# seeds of each side differ by more than the two sides do, and their ranges overlap: more seeds would tell.
#
# **Rubric.** 1 point for each report. For the three weak ones, the point asks for the numbers that show the weakness *and* the run that would mend it (equal minutes; equal numbers of rates; more seeds). For the sound one, it asks for a
# reason: equal time and equal tuning, and no overlap. An answer that disbelieves the sound one only because three against three seeds happen by chance once in twenty times gets its point as well.

# %% [markdown]
# ## Go on
#
# In task 5, take the mean and the spread over the batch instead, as BigGAN and the chapter's networks do: what is left of the style then, in the sick line and in the mended one? Then
# read [chapter 12](../../../12_few_pictures.ipynb), about what to do when there are few pictures to learn from.
