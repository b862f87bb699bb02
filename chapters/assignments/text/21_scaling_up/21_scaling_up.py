# %% [markdown]
# # 21 · Scaling up: assignment
#
# **You will** count a convolution and tell which roof it meets, write a bill, split a batch that does not fit, take the waits out of a loop, mend a
# training over four ranks, and read four timelines.
#
# Each task is one sentence and something to fill in, and all but the last have a **check**. A check prints what it expected beside what is yours, and where
# they differ guesses why. It looks only at what your code does; how you write it is your choice. You need this page, what you
# remember of [chapter 21](../../../21_scaling_up.ipynb), and the package `gan_lessons`; no GPU. No check looks at a clock.
#
# To hand in, restart the kernel, run all cells, and save. Six tasks, 22 points, about 85 minutes. Checks tell you about 18 of the
# points; a person reads your sentences at the end, for four.

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import scaling_up as check
from gan_lessons.plots import style
from gan_lessons.plots.points import draw_points
from gan_lessons.plots.timelines import draw_timeline, name_parts
from gan_lessons.timelines import busy

torch.set_num_threads(1)
style.use()

# %% [markdown]
# Write your name between the quotes. Your card, your numbers and your data then differ from your neighbour's.

# %%
mine = check.seed_of("your name", course="spring")


# %% [markdown]
# ## 1 · A convolution under its roof
#
# **Return the FLOPs of a convolution, the bytes that it moves, and the microseconds that it takes.**
#
# It turns `batch` images of `side` × `side` pixels with `inputs` channels into as many images of the same size with `outputs` channels, by kernels of `kernel` × `kernel` weights, without a bias. Pixels that the
# kernel finds beyond the border are zeros; count their products like any others. A multiplication and an addition are two FLOPs. Bytes are those of the images, the weights and the result, each read or written once, in float32.
#
# `roof.flops` and `roof.bandwidth` are FLOPs and bytes *a second*, and `roof.launch` the *microseconds* that Python needs to ask for an operation. The slowest of the chapter's three narrow places decides.

# %% nbgrader={"grade": false, "grade_id": "convolution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def convolution(batch, inputs, outputs, side, kernel, roof):
    """Five whole numbers and a roof → three numbers: FLOPs, bytes, microseconds"""
    ### BEGIN SOLUTION
    pixels, weights = batch * side**2, inputs * outputs * kernel**2
    flops = 2 * pixels * weights
    moved = 4 * (pixels * inputs + weights + pixels * outputs)
    return flops, moved, max(flops / roof.flops * 1e6, moved / roof.bandwidth * 1e6, roof.launch)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-convolution", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.convolution(convolution, seed=mine)
### BEGIN HIDDEN TESTS
check.convolution(convolution, seed=21101, layers=((64, 128, 96, 28, 3), (96, 6, 2, 224, 1), (3, 8, 6, 4, 3)))
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · The bill
#
# **What does the electricity for the training below cost, in euros?** Within 1 %, so do not round it to cents; at 0.30 € a kWh.
#
# Asking and working go on side by side. The computer around the card, cooling included, draws 1.4 times what the card alone does.

# %%
plan = check.own_plan(mine)
print(f"{plan.samples:,} samples in all, {plan.batch} in a step; the card draws {plan.watts} W")
print(f"a step: {plan.operations} operations, {plan.launch:.0f} µs to ask for each;", end=" ")
print(f"the card works on all of them for {plan.working:,.0f} µs")

# %% nbgrader={"grade": false, "grade_id": "euros", "locked": false, "schema_version": 3, "solution": true, "task": false}
euros = None
### BEGIN SOLUTION
step = max(plan.operations * plan.launch, plan.working)  # µs
hours = plan.samples / plan.batch * step / 3.6e9
euros = hours * plan.watts * 1.4 / 1000 * 0.30
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-euros", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.euros(euros, seed=mine)


# %% [markdown]
# ## 3 · A batch that does not fit
#
# **Leave in `.grad` of the network's weights the gradient of `loss(network(samples))`, and never give the network more than `most` samples at once.**
#
# `loss` is a mean over the scores that it is given, and the network scores each sample by itself. The memory holds the graph of `most` samples, and no more: let go of a part's graph (`backward` does) before the next part goes in. The number of samples need not be a multiple of `most`: then the last part is smaller. When your function is called, an earlier
# step has left its gradients in `.grad`. Each sample goes through the network once.

# %% nbgrader={"grade": false, "grade_id": "accumulated", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accumulated(network, loss, samples, most):
    """A network, a function of scores, samples [n, ...], a whole number → nothing; `.grad` is that of the whole"""
    ### BEGIN SOLUTION
    network.zero_grad()
    for part in samples.split(most):
        (loss(network(part)) * len(part) / len(samples)).backward()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-accumulated", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.accumulated(accumulated, seed=mine)
### BEGIN HIDDEN TESTS
check.accumulated(accumulated, seed=21103, sizes=((17, 17), (31, 7)))
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Notes that nobody waits for
#
# **Return the same notes as this function, as numbers of Python, and wait for the GPU only in steps in which a note is due.**
#
# ```python
# def notes(step, steps, every):
#     found, total, largest = [], 0.0, float("-inf")
#     for number in range(1, steps + 1):
#         loss = step()
#         total += loss.item()
#         largest = max(largest, loss.item())
#         if number % every == 0:
#             found.append((total / every, largest))
#             total, largest = 0.0, float("-inf")
#     return found
# ```
#
# `step()` takes the training's next step and returns its loss, a tensor of shape [] with its graph, which may be negative; `steps` is a multiple of `every`. Whatever asks for a number or for a yes or no stops Python until
# the GPU has computed it: the check counts the steps after which that happens. It also counts graphs: one that is still there two steps later holds its activations in memory.

# %% nbgrader={"grade": false, "grade_id": "notes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def notes(step, steps, every):
    """A function, two whole numbers → a list of pairs of numbers (mean, largest), one for every `every` steps"""
    ### BEGIN SOLUTION
    found = []
    for _ in range(steps // every):
        losses = torch.stack([step().detach() for _ in range(every)])
        found.append((losses.mean().item(), losses.max().item()))
    return found
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-notes", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.notes(notes, seed=mine)
### BEGIN HIDDEN TESTS
check.notes(notes, seed=21104, sizes=((9, 3), (40, 8)))
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Mend the sick GAN
#
# **This training over four ranks should take the steps that one process would take on the whole batch, and it does not. Three lines are wrong: find them, and mend them.**
#
# ```python
# def parallel_training(gan, batches):
#     for real, noise in batches:
#         for rank in range(4):
#             gan.discriminator_optimizer.zero_grad()
#             fake = gan.generator(noise[0][rank]).detach()
#             loss = softplus(-gan.discriminator(real[rank])) + softplus(gan.discriminator(fake))
#             (loss.mean(-1).sum() / 4).backward()
#         gan.discriminator_optimizer.step()
#
#         gan.generator_optimizer.zero_grad()
#         for rank in range(4):
#             loss = softplus(-gan.discriminator(gan.generator(noise[1][0])))
#             loss.mean(-1).sum().backward()
#         gan.generator_optimizer.step()
# ```
#
# All four ranks live in this one process, one after the other, and share the weights; what stands after a loop over the ranks happens after the all-reduce. The function trains eight GANs at once, with the non-saturating loss: `real` is [4, 8, 16, 2], for every rank and every GAN 16 points, and `noise` is
# [2, 4, 8, 16, 2], its first half for $D$'s turn and its second for $G$'s. The data lie on islands, and were sorted before they were dealt to the ranks: each rank holds islands that no other rank has. (That is allowed, since the gradients are averaged; mend the three lines only.)

# %% nbgrader={"grade": false, "grade_id": "parallel-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def parallel_training(gan, batches):
    """Eight GANs; batches of real [4, 8, n, 2], noise [2, 4, 8, n, 2] → nothing; both networks of `gan` have learned"""
    ### BEGIN SOLUTION
    for real, noise in batches:
        gan.discriminator_optimizer.zero_grad()
        for rank in range(4):
            fake = gan.generator(noise[0][rank]).detach()
            loss = softplus(-gan.discriminator(real[rank])) + softplus(gan.discriminator(fake))
            (loss.mean(-1).sum() / 4).backward()
        gan.discriminator_optimizer.step()

        gan.generator_optimizer.zero_grad()
        for rank in range(4):
            loss = softplus(-gan.discriminator(gan.generator(noise[1][rank])))
            (loss.mean(-1).sum() / 4).backward()
        gan.generator_optimizer.step()
    ### END SOLUTION


# %% [markdown]
# The check looks at single rounds first: does each player learn from the gradient of the whole batch? Then your function trains eight GANs on islands of your own, in 400 rounds. At least half of the eight should find
# all islands but one, or all.

# %% nbgrader={"grade": true, "grade_id": "check-parallel-training", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
samples = check.parallel_training(parallel_training, seed=mine)
### BEGIN HIDDEN TESTS
check.parallel_training(parallel_training, seed=21105, rounds=3)
### END HIDDEN TESTS

# %%
figure, every = plt.subplots(2, 4, figsize=(7.2, 3.8))
for axes, fake in zip(every.flat, samples, strict=True):
    draw_points(axes, check.own_ring(mine).sample(400), fake)
    axes.set(xticks=[], yticks=[])
figure.suptitle("Eight GANs after 400 rounds over four ranks")
plt.show()

# %% [markdown]
# ## 6 · Read the timelines
#
# Four training steps of GANs on the same card, by the chapter's prediction: asking takes 8 µs an operation, and no operation takes the GPU less than 2 µs. Each has a row for the processor that asks and a row for the GPU that works; what is pale is waiting. Mind the axes: they end at different times. In one of the four, Python waits for every operation's result before it asks for the next, as if it printed each. One of the four steps has a far larger network and batch than
# the other three, which compute the same.

# %%
for name, (host, device) in check.timelines(mine).items():
    end = device[-1].start + device[-1].length
    asking, working = (sum(span.length for span in spans) / 1000 for spans in (host, device))
    print(f"{name}: {len(device)} operations, asking {asking:4.1f} ms, working {working:5.1f} ms, over after", end=" ")
    print(f"{end / 1000:5.1f} ms; the GPU is busy {busy(device):.0%} of that time")
    figure, axes = plt.subplots(figsize=(7.2, 1.5))
    draw_timeline(axes, {f"{name}: asks": host, f"{name}: GPU": device}, end / 1000)
    name_parts(axes, ("data", "G forward", "D forward", "penalty", "backward", "optimiser", "average"))
    plt.show()

# %% [markdown]
# **In four or five sentences (4 points):** say of each of the four what limits it, and by which numbers you know. For the three small ones, say what has been done to the program, or could be done, and for the large one what would make it
# faster and what would not.

# %% [markdown] nbgrader={"grade": true, "grade_id": "words-timelines", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The step in which asking takes much longer than working, and which is over about when asking is, is launch-bound: the GPU waits for Python most of the time, so a larger batch, a population, a compiled step or a graph would help. The one that asks in 0 ms is the same step, recorded as a graph: its GPU is busy
# all the time, and it is over after the time of its work alone. The one that is over only after asking *and* working, one after the other, waits for each operation's result, as with an `.item()` after each: it is slower than the first, and its reads have to go. In the large one working takes longer than asking, and the GPU is hardly ever idle; it is limited by the card,
# so 16 bits, channels_last, fusing or a faster card would help, and a graph or fewer launches hardly would.
#
# **Rubric.** 1 point for each step: launch-bound, with asking against working; graph, with asking at 0 or 100 % busy; waiting after every operation, with the end near the *sum* of the two; limited by the card, with working above asking, and a remedy that makes work shorter rather than asking.

# %% [markdown]
# ## Go on
#
# Put a BatchNorm into the network of task 3: how far is the gradient off, and why does no weighting mend it? Then go back to a chapter of yours and write its bill before you train.
