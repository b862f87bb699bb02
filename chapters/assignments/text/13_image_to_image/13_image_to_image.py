# %% [markdown]
# # 13 · Image to image: assignment
#
# **You will** work out what L1 can reach at best, send a picture through a U-Net, measure how much of a colour is true, find the
# message that a cycle hides, mend a CycleGAN that changes nothing, and judge four translators by three numbers.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 13](../../../13_image_to_image.ipynb), and the package `gan_lessons` with the extra `pictures`.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 75 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four. (Emoji by OpenMoji, CC BY-SA 4.0.)

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import image_to_image as check
from gan_lessons.plots import images, style

torch.set_num_threads(1)
style.use()


def show(rows, title):
    """Rows of pictures, by name, one above the other."""
    columns = len(next(iter(rows.values())))
    figure, axes = plt.subplots(figsize=(7.2, 0.4 + 6.4 / columns * len(rows)))
    images.draw_sheet(axes, torch.cat([row.expand(-1, 3, -1, -1) for row in rows.values()]), columns, tuple(rows))
    axes.set_title(title)
    plt.show()


# %% [markdown]
# Write your name between the quotes. Your drawings, your digits and your numbers then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")

# %% [markdown]
# ## 1 · How low can L1 get?
#
# **Some drawings have the same lines, so that a network gives one and the same value to a pixel's red channel in all of them. In truth, this channel has the values printed below. What is the lowest mean L1 that the network can reach there?** Two decimals.
#
# Beside each value stands the share of the drawings that have it.

# %%
for value, share in check.own_values(mine).items():
    print(f"{value:5.1f}  in {share:.0%} of the drawings")

# %% nbgrader={"grade": false, "grade_id": "least-l1", "locked": false, "schema_version": 3, "solution": true, "task": false}
least_l1 = None
### BEGIN SOLUTION
known = check.own_values(mine)
least_l1 = min(sum(share * abs(value - answer) for value, share in known.items()) for answer in known)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-least-l1", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.least_l1(least_l1, seed=mine)


# %% [markdown]
# ## 2 · Down, across and up
#
# **Send a picture through the layers of a U-Net, of any depth and for a picture of any size.**
#
# - On the way down, each layer of `down` halves the maps, starting with the picture itself. Keep what it halves: the picture goes across, too.
# - On the way up, the layers of `up` enlarge, each to twice the sides. A side of 13 pixels is halved to 7 and comes back as 14: where the enlarged maps are larger than those kept at this size, cut off their last rows and columns.
# - The skip connection sets the kept maps beside the enlarged ones, along dimension 1: first the enlarged, then the kept. The layer of `join` turns both into the maps that go on upwards.
#
# The lists have the same length, and hold the layers in the order in which they are used: `up[0]` and `join[0]` are for the smallest maps.
# What the last `join` makes is the result. All layers are ready, activations included.

# %% nbgrader={"grade": false, "grade_id": "u-shape", "locked": false, "schema_version": 3, "solution": true, "task": false}
def u_shape(picture, down, up, join):
    """picture [batch, channels, height, width], three lists of layers → what the last layer of join returns"""
    ### BEGIN SOLUTION
    maps, passed = picture, []
    for halve in down:
        passed.append(maps)
        maps = halve(maps)
    for enlarge, put in zip(up, join, strict=True):
        kept = passed.pop()
        larger = enlarge(maps)[..., : kept.shape[2], : kept.shape[3]]
        maps = put(torch.cat([larger, kept], 1))
    return maps
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-u-shape", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
skip_pictures = check.u_shape(u_shape, seed=mine)
### BEGIN HIDDEN TESTS
check.u_shape(u_shape, seed=13101, shapes=((1, 5, 6), (4, 17, 30)))
### END HIDDEN TESTS

# %% [markdown]
# Eight of your emoji have gone through your U, with layers that need no training: `down` averages 2 × 2 pixels, `up` repeats pixels. Once, `join` drops what comes across. Once, it adds the *edges* of what comes across, that is, whatever halving it would lose.

# %%
picture, cut, whole = skip_pictures
show({"picture": picture, "skips cut": cut, "edges across": whole}, "Colours come up from below, edges come across")


# %% [markdown]
# ## 3 · How much of the colour is true?
#
# **Compare pictures with the truth by three numbers, over all pictures together:**
#
# - **L1**: the absolute difference, averaged over all pixels and channels;
# - **chroma**: a pixel's strongest channel minus its weakest, averaged over all pixels, as a share of the same of the truth;
# - **right**: of the pixels that are colourful in the truth (strongest minus weakest channel above 0.4), the share where each of the three channels is off by less than 0.4.

# %% nbgrader={"grade": false, "grade_id": "true-colours", "locked": false, "schema_version": 3, "solution": true, "task": false}
def true_colours(made, truth):
    """made and truth [count, 3, height, width], in [-1, 1] → L1, chroma, right: three numbers"""
    ### BEGIN SOLUTION
    off, colour = (made - truth).abs(), truth.amax(1) - truth.amin(1)
    right = (off.amax(1) < 0.4)[colour > 0.4].float().mean()
    return off.mean(), (made.amax(1) - made.amin(1)).mean() / colour.mean(), right
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-true-colours", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
colour_pictures = check.true_colours(true_colours, seed=mine)
### BEGIN HIDDEN TESTS
check.true_colours(true_colours, seed=13102, shapes=((2, 8, 5), (7, 4, 4)))
### END HIDDEN TESTS

# %% [markdown]
# Six held-out drawings of yours that are rich in colour, below each the training emoji with the nearest lines, and the truth. How much of the colour is right, by eye and by your function?

# %%
lines, nearest, truth = colour_pictures
for number, (one, other) in enumerate(zip(nearest, truth, strict=True), 1):
    l1, chroma, right = (float(each) for each in true_colours(one[None], other[None]))
    print(f"drawing {number}: L1 {l1:.2f}, chroma {chroma:4.0%}, right {right:4.0%}")
show({"lines": lines, "nearest": nearest, "truth": truth}, "Colours taken from the nearest lines")


# %% [markdown]
# ## 4 · A message in the cycle
#
# **Send pictures there and back, and say how far (L1) the reconstruction ends from the pictures that set out: undisturbed, rounded in between, and from the truth.**
#
# `there` and `back` are two translations. In the second case the picture in between is rounded to the nearest of 256 levels, evenly spaced from -1 to 1, both included, as if it
# had been stored in a file; values beyond become -1 or 1. In the third, `back` starts from `truth`, the true pictures of the other kind, in which `there` has written nothing. All three results are compared with `pictures`; L1 is averaged over all numbers.

# %% nbgrader={"grade": false, "grade_id": "round-trips", "locked": false, "schema_version": 3, "solution": true, "task": false}
def round_trips(there, back, pictures, truth):
    """Two functions of pictures; pictures and truth [count, channels, height, width] → three numbers"""
    ### BEGIN SOLUTION
    made = there(pictures)
    rounded = ((made.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1
    return [(back(start) - pictures).abs().mean() for start in (made, rounded, truth)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-round-trips", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
hidden_pictures = check.round_trips(round_trips, seed=mine)
### BEGIN HIDDEN TESTS
check.round_trips(round_trips, seed=13103, shapes=((2, 1, 7, 3), (5, 2, 4, 4)))
### END HIDDEN TESTS

# %% [markdown]
# Here is a pair of translations that was built to cheat. *There* makes the same picture of every drawing, and yet *back* returns each of them. What does it read, and what does rounding do to that?

# %%
start, made, home, rounded = hidden_pictures
rows = {"drawing": start, "there": made, "back": home, "rounded, back": rounded}
show(rows, "A perfect cycle through one and the same picture")


# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This CycleGAN runs without an error, its round trips end nearly where they began, and its translations look untouched. One line is wrong: find it, and mend it.**
#
# ```python
# def cycle_training(gan, batches):
#     there, back = gan.generator.there, gan.generator.back
#     of_thin, of_bold = gan.discriminator.of_thin, gan.discriminator.of_bold
#     for x, y in batches:
#         made_y, made_x = there(x), back(y)
#         loss = softplus(-of_thin(x)) + softplus(of_thin(made_x.detach()))
#         loss = loss + softplus(-of_bold(y)) + softplus(of_bold(made_y.detach()))
#         gan.discriminator_optimizer.zero_grad()
#         loss.mean(-1).sum().backward()
#         gan.discriminator_optimizer.step()
#
#         adversarial = softplus(-of_thin(made_y)) + softplus(-of_bold(made_x))
#         cycle = (back(made_y) - x).abs() + (there(made_x) - y).abs()
#         loss = adversarial.mean(-1) + 5 * cycle.mean((-2, -1))
#         gan.generator_optimizer.zero_grad()
#         loss.sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# It trains eight CycleGANs at once. `x` holds thin digits and `y` bold ones, [8, 32, 64] each: 32 digits of 8 × 8 pixels for each GAN, and no digit is there in both forms. `there` turns thin into bold, and `back` bold into thin; both *add* to their input. `of_thin` and `of_bold` are the two discriminators. They return scores [8, 32], and the adversarial loss is the non-saturating one. The cycle
# loss, averaged over batch and pixels, has a weight of 5; there is no identity loss.

# %% nbgrader={"grade": false, "grade_id": "cycle-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cycle_training(gan, batches):
    """Eight CycleGANs, pairs of thin [8, n, 64] and bold [8, n, 64] → nothing; all networks of `gan` have learned"""
    ### BEGIN SOLUTION
    there, back = gan.generator.there, gan.generator.back
    of_thin, of_bold = gan.discriminator.of_thin, gan.discriminator.of_bold
    for x, y in batches:
        made_y, made_x = there(x), back(y)
        loss = softplus(-of_thin(x)) + softplus(of_thin(made_x.detach()))
        loss = loss + softplus(-of_bold(y)) + softplus(of_bold(made_y.detach()))
        gan.discriminator_optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        gan.discriminator_optimizer.step()

        adversarial = softplus(-of_bold(made_y)) + softplus(-of_thin(made_x))
        cycle = (back(made_y) - x).abs() + (there(made_x) - y).abs()
        loss = adversarial.mean(-1) + 5 * cycle.mean((-2, -1))
        gan.generator_optimizer.zero_grad()
        loss.sum().backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: from which gradient does each player learn? Then your function trains eight CycleGANs on four digits of your own, in 400 rounds. Each then turns held-out thin digits into bold ones, whose true bold forms were hidden from it. For
# at least half of the eight, the distance (L1) to the hidden truth should be at most 75 % of what it is for the thin digits themselves. (As the sick training stands, it is a little more than 100 %.)

# %% nbgrader={"grade": true, "grade_id": "check-cycle-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
turned_pictures = check.cycle_training(cycle_training, seed=mine)
### BEGIN HIDDEN TESTS
check.cycle_training(cycle_training, seed=13104, rounds=3)
### END HIDDEN TESTS

# %% [markdown]
# Eight held-out digits: what the first of your GANs makes of them, what comes back, and the bold forms that it never saw.

# %%
thin, made, home, hidden_truth = turned_pictures
show({"thin": thin, "there": made, "and back": home, "hidden truth": hidden_truth}, "From thin to bold without a pair")

# %% [markdown]
# ## 6 · Read the numbers
#
# Four translators colour drawings. Each is measured by the three numbers of task 3, on 200 pairs that it was trained with and on 200 held-out ones. (They were made up for this page.)

# %%
held_out = {}
for name, by_kind in check.translators(mine).items():
    for kind, (made, truth) in by_kind.items():
        l1, chroma, right = check.colours(made, truth).tolist()
        print(f"{name}  {kind:10} L1 {l1:.3f}   chroma {chroma:4.0%}   right {right:4.0%}")
    held_out[name] = made[:8]
show(held_out | {"truth": truth[:8]}, "Eight held-out drawings")

# %% [markdown]
# **In four or five sentences (4 points):** which translator would you choose, and by which numbers? Say of each of the others what it has learned and what it has not, with a number that shows it. Which one would you have chosen by the L1 of held-out drawings alone, and why does L1 prefer it?

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-translators", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# I choose the one with about half of the colours right in held-out drawings: as many as in training, and by far the most of the four. The one with an L1 of 0 and 100 % right in training knows its pairs by heart: in held-out drawings it gets only about three in ten
# colourful pixels right, and paints other things than those asked for. The one with the largest held-out L1 is bold: its chroma is high, three quarters of the truth's, and less than one colour in ten is right, in training as in held-out drawings. It has learned how colourful emoji are, not which colour goes where. The one with 15 % chroma hedges, and
# leaves the drawings nearly white. By held-out L1 alone I would have chosen that one: a wrong colour costs more than a white that commits itself to nothing. L1 asks for the median of what is possible, and so rewards whoever does not decide.
#
# **Rubric.** 1 point: the right choice, by the share of right colours in held-out drawings. 1 point: the one that knows its training pairs by heart (training beside held out). 1 point: the bold one (chroma without right colours). 1 point: the pale one is best by held-out L1, and why: hedging costs less than bold mistakes.

# %% [markdown]
# ## Go on
#
# Give the cycle loss in task 5 a weight of 0, or of 50: are the bold digits still the right ones? Then read [chapter 14](../../../14_super_resolution.ipynb), where a picture is enlarged, and
# the question is once more how much of it is true.
