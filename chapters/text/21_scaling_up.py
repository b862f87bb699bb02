# %% [markdown]
# # 21 · Scaling up
#
# [← 20 Shapes](20_shapes.ipynb) · [contents](00_start.ipynb) · [A1 Words and symbols →](A1_glossary.ipynb) · [assignment](assignments/release/21_scaling_up/21_scaling_up.ipynb)
#
# **Rent an H100 for chapter 09's small GAN, at seven and a half times the price of a T4, and by our count it trains not a second faster. What do the cards wait for, how do you keep one busy, and what does a training cost?**

# %% tags=["hide-input"]
import math
from dataclasses import replace
from functools import partial
from itertools import product
from time import perf_counter

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.benchmark import Timer

from gan_lessons import losses, penalties, plans, populations, recipes, results, timelines
from gan_lessons.data import points
from gan_lessons.labs.scaling import BillLab, Counted
from gan_lessons.labs.scaling.bill import CARDS as OFFERS
from gan_lessons.metrics.modes import mode_scores
from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.plots import diagrams, style
from gan_lessons.plots.diagrams import Arrow, Box
from gan_lessons.plots.motion import Animation
from gan_lessons.plots.points import draw_points
from gan_lessons.plots.timelines import COLORS, HIGH, draw_timeline, name_parts
from gan_lessons.training import train

torch.set_num_threads(1)
torch.manual_seed(21)
style.use()

CARDS = {name: offer.card for name, offer in OFFERS.items()}
CARDS = {"RTX 3060": plans.Card(12.7e12, 0.36e12, 170)} | CARDS  # FLOP/s, bytes/s, watts: put your own here
RENTED = ("T4", "A100", "H100")
LAUNCH, SHARE = 8, 0.5  # assumed: microseconds to launch an operation, and the fraction of a data sheet's peak reached
asked = {size: timelines.operations(recipes.find("digits", size)) for size in ("cpu", "gpu")}

# %% alt="A moving picture of one training step of a small GAN, in two ways, and of a large one, as predicted: rows for Python, which launches operations, and for the GPU, which works. The small GAN's launches fill 3 milliseconds, and the GPU's row below them is mostly pale: it waits. As a graph, the step is over in a quarter of the time. The large GAN's launches also end after 3 milliseconds, but the GPU works on, without a gap, until more than 8. Below, the first 0.3 milliseconds of the small GAN enlarged: the launches, parted by thin white lines, follow each other without a gap; in the GPU's row short kernels stand apart, with waits three times as long between them." tags=["hide-input"]
rows = {}
for size, name, graph in (("cpu", "small", False), ("cpu", "small, as a graph", True), ("gpu", "large", False)):
    flops, bandwidth = (SHARE * limit for limit in CARDS["A100"][:2])
    host, device = timelines.predicted(asked[size], flops, bandwidth, launch=0 if graph else LAUNCH)
    if not graph:
        rows[f"{name}:\nlaunches"] = host
    rows[f"{name}:\nGPU {timelines.busy(device):.0%} busy"] = device
end = max(spans[-1].start + spans[-1].length for spans in rows.values()) / 1000
frames = []
for part in range(1, 11):
    figure, (axes, near) = plt.subplots(2, 1, figsize=(7.2, 4.8), dpi=120, height_ratios=(5, 2))
    draw_timeline(axes, rows, end, end * part / 10)
    name_parts(axes, ("data", "G forward", "D forward", "losses", "penalty", "backward", "optimiser", "average"))
    draw_timeline(near, dict(list(rows.items())[:2]), 0.3)
    starts = [span.start / 1000 for span in rows["small:\nlaunches"] if span.start < 300]
    near.vlines(starts, -HIGH, HIGH, color="white", lw=1)  # where a launch ends and the next begins
    near.set_yticks((0, 1), ("launches", "GPU"))
    axes.set_title("Predicted: a small GAN keeps an A100 waiting, a large one does not", pad=22)
    near.set_title("The small GAN's first 0.3 ms, enlarged", fontsize=10)
    frames.append(figure)
    plt.close(figure)
Animation(frames, milliseconds=280, rest=3000, colors=128)

# %% [markdown]
# The picture predicts one training step of chapter 09's GAN on an A100. In the rows *launches*, Python hands the card its operations, one by one. In the rows *GPU*, the card carries them out; where such a row is pale, it waits.
#
# The **small** GAN, the recipe `digits/cpu`, keeps the card waiting for Python three quarters of the time. A faster card would not help. Record the step once as a **CUDA graph**, launch it as a whole, and it takes a quarter as long. The **large** GAN, `digits/gpu`, needs no graph: its computations last longer than their launches.
#
# A laptop is enough to find out which yours is. **Nothing in this chapter ran on a GPU:** every time for a card is predicted, and every measured time is a processor's.
#
# ### What to do first, second, third
#
# If the card waits, try rows 2 to 5; if it is busy, 6 to 8. More cards come last. A dearer card pays once the work fills it.
#
# | do this (section) | it brought, measured on a processor | no help |
# |---|---|---|
# | **1** count a step, then profile it (1, 2) | the limit's name; the count promised over twice the true speed | if two limits are close |
# | **2** larger batch (4), wider networks | 3 × the samples a second, from a batch of 8 to 64 | once the card is full |
# | **3** small GANs as one population (1) | 16 in about twice the time of one | if one fills the card |
# | **4** CUDA graph (1) | predicted: 4 × for the small GAN | if shapes change, or the host takes part |
# | **5** fewer launches (2): `Adam(fused=True)`, `torch._foreach_lerp_` for averages, `gan.one_pass` (D scores real *and* fake at once), no `.item()` | 1.1 × at most, often nothing | one pass: if D looks across samples |
# | **6** bfloat16 for products (3) | 1.2 × on digits, 1.5 × on cats, 1.0 × on the ring | in averages and finite differences; on a T4 |
# | **7** channels_last (1) | 1.1 × on cats | on digits |
# | **8** `torch.compile`, which fuses kernels (2) | 1.1 to 1.2 × | in short runs: it compiles for seconds or minutes |
# | **9** several cards (5) | two processes: 1.5 × at a batch of 1,024, 0.3 × at 16 | if slices are small |
# | **10** a dearer card (6) | predicted: 26 × for the large GAN, from a T4 to an H100 | if the card waits |
#
# **You will** time a launch, read a profile, break a penalty with 16 bits, and watch a bigger batch stop helping.
#
# **You will learn** what limits a step, what may compute in bfloat16, how to choose and split a batch, and what a training costs.
#
# **You will need** chapters 05, 06, 07 and 09, and about a minute on a laptop. No GPU.

# %% [markdown]
# ## 1 · What does a GPU wait for?
#
# Think of a kitchen. A waiter calls out each order, helpers fetch ingredients from the pantry, and cooks cook. More cooks help only if the dishes wait for the cooks. On a GPU, an operation waits in the same three places:
#
# 1. **The launch, the waiter's call.** Python puts a **kernel**, the GPU's program for one operation, into a queue. This takes about 5 to 20 µs, whatever the size; we assume 8.
# 2. **The memory, the pantry.** The kernel fetches and stores its numbers, at the card's **memory bandwidth** in bytes/s.
# 3. **The arithmetic, the cooking.** The card multiplies and adds. These are its **FLOPs** (floating-point operations); its **peak** in FLOP/s is the most it can do.

# %% alt="A diagram: Python fills a queue of operations; the GPU's units take them and exchange numbers with its memory. From the units an arrow leads to loss.item(), where Python waits, and back to Python." tags=["hide-input"]
diagrams.flow(
    [
        Box("Python", 0, 0, "8 µs a launch"),
        Box("queue", 1, 0, "of operations"),
        Box("GPU's units", 2, 0, "FLOP/s"),
        Box("GPU's memory", 3, 0, "bytes/s"),
        Box("loss.item()", 1, 1, "Python waits"),
    ],
    [
        Arrow("Python", "queue"),
        Arrow("queue", "GPU's units"),
        Arrow("GPU's units", "GPU's memory"),
        Arrow("GPU's memory", "GPU's units"),
        Arrow("GPU's units", "loss.item()"),
        Arrow("loss.item()", "Python"),
    ],
)


# %% [markdown]
# Fetching and computing overlap, so a kernel takes as long as the slower of the two, but at least about 2 µs. Launching overlaps with both: a step takes as long as all its launches or all its kernels, whichever is longer. `loss.item()` breaks this overlap, because Python then waits for the card.
#
# You can feel a launch without a GPU. Time a ReLU on more and more numbers. Then train 1, 4, 16 and 64 small GANs as one population (chapter 05), with as many operations as one GAN, only larger ones:

# %%
def fastest(code, **names):
    """Microseconds of a line of code: the least of many tries, as other programs can only slow it down."""
    return min(Timer(code, globals=names).blocked_autorange(min_run_time=0.01).times) * 1e6


def players():
    return PointGenerator(2, 2, 64, 2), Packed(PointDiscriminator(4, 64, 2), 2)


numbers = [4**power for power in range(11)]  # up to a million
rounds = [[fastest("x.relu()", x=torch.randn(many)) for many in numbers] for _ in range(12)]
relu = [min(times) for times in zip(*rounds, strict=True)]
mixture, scale = points.ring(), 2**0.5
data = mixture.sample(20_000, seed=1) / scale
adam = partial(torch.optim.Adam, lr=2e-3, betas=(0.5, 0.99), fused=True)
together = {}
for many in (1, 4, 16, 64):
    gans = populations.population(players, range(many), noise_dim=2, optimizer=adam, average_decay=0.99)
    times = [perf_counter()]
    for _ in train(gans, data, losses.relativistic, steps=50, batch=32):
        times.append(perf_counter())
    together[many] = min(stop - start for start, stop in zip(times, times[1:], strict=False)) * 1e3

# %% alt="Two log-log panels of times on this processor. Left: a ReLU takes about one microsecond on one number and on a thousand, close to a dotted line, and from some thousands on its time grows with the size. Right: milliseconds of a training step of 1, 4, 16 and 64 GANs at once; the curve is nearly level at first and stays far below a dashed line, the same GANs one after the other." tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 2.9), layout="constrained")
left.plot(numbers, relu, "o-", color="black", ms=4)
left.axhline(min(relu), color=style.REFERENCE, ls=":")
left.annotate("the launch", (numbers[-1], min(relu)), xytext=(0, 4), textcoords="offset points", ha="right",
              fontsize=9, color=style.REFERENCE)  # fmt: skip
left.set(xscale="log", yscale="log", xlabel="numbers in the tensor", ylabel="microseconds of a ReLU")
left.set_title("A small ReLU is nearly all launch", fontsize=10.5)
counts = list(together)
right.plot(counts, list(together.values()), "o-", color=style.AVERAGE, ms=4)
right.annotate("as one population", (64, together[1]), xytext=(2, -2), textcoords="offset points", ha="right",
               fontsize=9, color=style.AVERAGE)  # fmt: skip
right.plot(counts, [together[1] * many for many in counts], "--", color=style.REFERENCE)
right.annotate("one after the other", (16, 16 * together[1]), xytext=(-6, 2), textcoords="offset points", ha="right",
               fontsize=9, color=style.REFERENCE)  # fmt: skip
right.set(xscale="log", yscale="log", xlabel="GANs", ylabel="milliseconds of a step")
right.minorticks_off()
right.set_xticks(counts, counts)
right.set_title(f"16 GANs take {together[16] / together[1]:.1f} times as long as one", fontsize=10.5)
plt.show()
print("GANs and milliseconds of a step: " + ", ".join(f"{many}: {time:.1f}" for many, time in together.items()))

# %% [markdown]
# **A ReLU on a thousand numbers takes about as long as on one.** It is mostly launch.
#
# **A population gets its first members almost free.** A small GAN's step is made of such short operations, and larger ones cost little until arithmetic takes over.
#
# A step limited by 1 is **launch-bound**, by 2 **bandwidth-bound**, by 3 **compute-bound**. Which is yours? PyTorch's `meta` device runs a step on shapes alone, so a laptop can count even the largest GAN:

# %%
for size, operations in asked.items():
    flops, moved = (sum(getattr(one, unit) for one in operations) for unit in ("flops", "bytes"))
    batch = recipes.find("digits", size).batch
    print(f"digits/{size}: {len(operations)} operations in a step with a penalty, {flops / batch / 1e6:,.0f} MFLOP and "
          f"{moved / batch / 1e6:.1f} MB a picture, at a batch of {batch}")  # fmt: skip

# %% [markdown]
# Both GANs have 399 operations, whatever the batch and the width. So launching takes a fixed time while the work grows, and a GAN that is small enough is launch-bound on any card.
#
# Between memory and arithmetic one ratio decides: the FLOPs for each byte moved, the **arithmetic intensity**. A ReLU does little with each number it fetches, so it waits for memory. A convolution uses each number many times, so it keeps the arithmetic busy.
#
# The **roofline** (Williams et al. 2009) plots FLOP/s against intensity. Under the slope memory is the limit, and under the flat roof the card's peak. We add `words` (chapter 15), mostly matrix products, and `superres` (chapter 14), which enlarges photographs. From here on we count the *mean* step, since only one in four has a penalty, and assume that a card reaches half of its data sheet.

# %%
NAMES = ("words/cpu", "digits/cpu", "words/gpu", "digits/gpu", "superres/gpu")
planned = {name: recipes.find(*name.split("/")) for name in NAMES}
steps_of = {name: Counted(recipe) for name, recipe in planned.items()}


def limits(name, card, launch=LAUNCH, share=SHARE, least=2):
    """Microseconds of launching and of working, of the mean step on a card, whose shortest kernel takes `least`."""
    return steps_of[name].microseconds(planned[name].batch, CARDS[card], launch, share, least)


# %% alt="Two log-log diagrams of FLOP per second over FLOP per byte, each under the roof of a card at half of its data sheet: left a T4, right an A100. Five steps stand at their intensities, and an arrow leads from launches one by one to a graph. Words and digits at the cpu size are equally low on both cards. Their arrows rise two- to threefold on the T4, to nearly two thirds of its roof, and about fourfold on the A100, where they end far below the roof. Words at gpu size has an arrow on the A100 alone, from two fifths of the roof to four fifths; digits and superres at gpu size have none and lie near the roofs." tags=["hide-input"]
figure, every = plt.subplots(1, 2, figsize=(7.2, 3.9), sharey=True, layout="constrained")
intensities = torch.logspace(-1, 3, 200)
SHADES = {"T4": style.CATEGORIES[5], "A100": style.CATEGORIES[0], "H100": style.CATEGORIES[1], "RTX 4090": "black"}
for axes, card in zip(every, ("T4", "A100"), strict=True):
    flops, bandwidth = (SHARE * limit for limit in CARDS[card][:2])
    axes.plot(intensities, (intensities * bandwidth).clamp(max=flops), color=SHADES[card])
    axes.annotate("roof", (400, flops), xytext=(0, 4), textcoords="offset points", color=SHADES[card], ha="center")
    for name, counted in steps_of.items():
        counts = sum(part * (start + slope * planned[name].batch).sum(0) for part, start, slope in counted.lines)
        launching, working = limits(name, card)
        intensity = counts[0] / counts[1]  # FLOPs over bytes
        one_by_one, graph = (counts[0] / time * 1e6 for time in (max(launching, working), working))
        if launching > working:  # otherwise a graph gains nothing
            axes.annotate("", (intensity, graph), (intensity, one_by_one),
                          arrowprops={"arrowstyle": "->", "color": SHADES[card], "lw": 1.6, "shrinkB": 0})  # fmt: skip
        axes.plot(intensity, one_by_one, "o", color=SHADES[card])
        away = {"superres/gpu": (7, -12), "words/gpu": (-16, -17)}.get(name, (8, -4))
        axes.annotate(name, (intensity, one_by_one), xytext=away, textcoords="offset points", fontsize=9)
    axes.set(xscale="log", yscale="log", xlabel="FLOP per byte", xlim=(1, 600), ylim=(1e11, 2e14))
every[0].set_ylabel("FLOP/s, predicted")
every[0].set_title("T4: graphs (arrows) lift small steps", fontsize=10.5)
every[1].set_title("A100: even as graphs, small steps stay low", fontsize=10.5)
plt.show()

# %% [markdown]
# **Small steps wait for Python.** At `cpu` size, words and digits are no faster on the A100 than on the T4. A graph (arrow) makes them about four times as fast on the A100. Even so they stay far below the roof: most of their kernels take the 2 µs that we assume for the shortest.
#
# **Digits and superres at `gpu` size wait for memory and arithmetic,** so a graph gains nothing. On the A100 it helps to move fewer bytes: by 16 bits, or by fusing elementwise operations. **channels_last**, which keeps a pixel's channels side by side in memory, spares conversions of layout before convolutions.
#
# <details><summary>Fine print: which peak?</summary>The A100's roof is that of <b>TF32</b>, float32 products with ten bits of each fraction. PyTorch uses it for convolutions, and for matrix products after <code>torch.set_float32_matmul_precision("high")</code>.</details>
#
# All of this rests on three guesses: a launch's time, the fraction of the data sheet, and the shortest kernel. Do the verdicts survive others? We try three values of each. A ratio above 1 means launch-bound:

# %%
GUESSES = list(product((5, 8, 20), (0.3, 0.5, 0.8), (2, 4, 8)))  # µs a launch, fraction reached, µs of a kernel
print("predicted, the mean step     launching / working    launch-bound in")
for name in ("digits/cpu", "digits/gpu", "superres/gpu"):
    for card in CARDS:
        launching, working = limits(name, card)
        pairs = [limits(name, card, *guess) for guess in GUESSES]
        bound = sum(some > other for some, other in pairs)
        print(f"{name + ', ' + card:>24}{launching / working:>18.1f}{bound:>18} of {len(GUESSES)}")

# %% [markdown]
# **superres never waits for launches; digits/cpu does under most guesses, even on an RTX 3060.** digits/gpu on an H100 lies near the border, where only measuring decides. The larger your GAN and the slower your card, the less launches matter.
#
# *Claimed: by this count, launching the mean step of digits/cpu takes more than twice as long as an A100's kernels (of at least 2 µs); digits/gpu is not launch-bound.*

# %% tags=["claim"]
for size, launch_bound in (("cpu", True), ("gpu", False)):
    launching, working = limits(f"digits/{size}", "A100")
    print(f"digits/{size}: launching takes {launching / working:.1f} times as long as working (predicted)")
    assert launching > 2 * working if launch_bound else launching < working


# %% [markdown]
# **Your turn.** Predict: how short must a launch be for the small GAN not to wait, on a T4 and on an A100? Then try other values of `launch`.
#
# <details><summary>Solution</summary>
#
# ```python
# for launch in (0, 1, 2, 4, 8, 16):
#     for card in ("T4", "A100"):
#         launching, working = limits("digits/cpu", card, launch)
#         print(launch, card, f"busy {working / max(launching, working):.0%}")
# ```
#
# No longer than the mean kernel: about 4 µs on the T4, and about 2 on the A100, where nearly all kernels are as short as kernels get.
# </details>
#
# ## 2 · Measure first: what should you change?
#
# A **profile** notes when each operation began and ended. Here is a step of `digits/cpu` with its penalty, under bfloat16 autocast, on a processor that has instructions for bfloat16: our **machine A**.
#
# To profile your own processor: `timelines.profiled(recipes.find("digits", "cpu"))`. For a card, wrap a few steps of your loop in `torch.profiler.profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA])`.

# %% alt="A timeline of one training step on a processor, cut into three rows of equal time. Magenta bands, the backward passes, are the longest; green and orange forward passes and the penalty's indigo bands come next; data, optimiser and average are slivers. Every operation of at least a third of a millisecond bears its name: most of them are convolutions and their backward passes." tags=["long", "hide-input"]
def made(record):
    return f"{record['date']}, machine {'A' if 'AVX512' in record['machine'] else 'B'} ({record['machine']})"


record = results.table("step_profile")
spans = [timelines.Span(*span) for span in record["spans"]]
end = spans[-1].start + spans[-1].length
shares = {part: sum(span.length for span in spans if span.part == part) / end for part in COLORS}
figure, axes = plt.subplots(figsize=(7.2, 4.6))
SHORT = {"convolution_backward": "conv back", "_convolution_double_backward": "conv double",
         "conv_transpose2d": "conv transp", "threshold_backward": "relu back"}  # fmt: skip
third, rows = end / 3, {}
for row in range(3):  # each a third of the step; what crosses the border goes on in the next
    begun = [(span.start - row * third, span) for span in spans]
    pieces = [(max(start, 0), min(start + span.length, third), span) for start, span in begun]
    rows[f"from {row * third / 1000:.0f} ms"] = [
        span._replace(start=start, length=stop - start) for start, stop, span in pieces if start < stop
    ]
draw_timeline(axes, rows, third / 1000)
name_parts(axes, ("data", "G forward", "D forward", "losses", "penalty", "backward", "optimiser", "average"))
for row, some in enumerate(rows.values()):
    for span in some:
        if span.length >= 300:  # microseconds: wide enough for its name
            axes.text((span.start + span.length / 2) / 1000, row, SHORT.get(span.name, span.name), rotation=90,
                      ha="center", va="center", color="white", fontsize=9, fontweight="bold")  # fmt: skip
axes.set(xlabel="milliseconds in each row")
axes.set_title("Backward passes (magenta) take the largest share of this step", pad=24)
plt.show()
print(f"{made(record)}: {end / 1000:.0f} ms, {len(spans)} entries")
print(", ".join(f"{part} {share:.0%}" for part, share in sorted(shares.items(), key=lambda one: -one[1])))

# %% [markdown]
# - **Read the widest bands first:** *backward*, and in it the convolutions, with the penalty's double backward (*conv double*). Leave the optimiser (2 %) alone.
# - **Gaps are overhead,** about a fifth of this step: Python, PyTorch, and the profiler itself.
# - **Bands named `copy_`, `contiguous` or `to`** change a layout or a type.
#
# Now test the count: on machine A, whose own peak and bandwidth we measured, for the mean step in float32. *At the roof*, each operation runs at its own limit:

# %% tags=["long"]
stored = results.table("scaling")
roof = timelines.Roof(**record["roof"])
processor = plans.Card(roof.flops, roof.bandwidth, watts=0)
predicted = max(steps_of["digits/cpu"].microseconds(32, processor, roof.launch, 1, roof.launch)) / 1000
measured = stored["tables"]["digits"]["measures"]["bfloat16"]["off_ms"]
print(f"{roof.flops / 1e9:.0f} GFLOP/s, {roof.bandwidth / 1e9:.0f} GB/s, {roof.launch:.1f} µs an operation")
print(f"at the roof {predicted:.0f} ms, measured without the profiler {measured:.0f} ms: "
      f"{predicted / measured:.0%} of the roof")  # fmt: skip

# %% [markdown]
# **The step took more than twice as long as the count says,** although nothing here came from a data sheet. So the half that we assume for cards may be too much.
#
# **On your own card**, these lines time the changes off and on in turn. A graph should help the small GAN most; we could not try it.
#
# ```sh
# gan-lessons bench digits --size cpu --device cuda --json small.json
# gan-lessons bench digits --size gpu --device cuda --json large.json
# gan-lessons describe digits --plan --size cpu
# ```
#
# The third line predicts samples a second. The measured ones are 32,000 / `off_ms` and, with a graph, 32,000 / `on_ms` of `CUDA graph` in `small.json`.
#
# `gan-lessons train digits` uses rows 5 to 7 of the table wherever the device can. Add `--batch 64` or `--set generator_width=48` for row 2, `--step graph` for 4, `--step compile` for 8.
#
# Without a card, write `cpu` for `cuda` in the first line. Machine A found this, in CPU time, for the small digits, chapter 06's ring and chapter 11's cats at 64 × 64:

# %% alt="A chart of how many times faster a step becomes by each of eight changes, a dot and the range of the middle half of the measurements: black for digits/cpu, purple for ring/plain, rose for avatars/long. A dotted line marks 1. bfloat16 lies near 1.2 on the digits and, far from all other dots, at 1.5 on the avatars; torch.compile lies near 1.1 on both and at 1.2 on the ring; channels_last lies at 1.13 on the avatars and at 1 on the digits. Most other dots lie between 1 and 1.1. The range of the fused Adam on the digits is by far the widest and crosses the line." tags=["long", "hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4.4), layout="constrained")
measures = [name for name, one in stored["tables"]["digits"]["measures"].items()
            if "ratio" in one and name != "penalty in float32"]  # fmt: skip
measures.sort(key=lambda name: stored["tables"]["digits"]["measures"][name]["ratio"])
colors = ("black", style.AVERAGE, style.CATEGORIES[1])
for table, color, shift in zip(stored["tables"].values(), colors, (0.22, 0, -0.22), strict=True):
    for place, measure in enumerate(measures):
        one = table["measures"][measure]
        if "ratio" in one:
            axes.plot(one["quartiles"], [place + shift] * 2, color=color, lw=1.5)
            axes.plot(one["ratio"], place + shift, "o", color=color, ms=5)
    label = table["recipe"].partition("@")[0]
    print(f"{label}: {made(table)}, medians and quartiles of {table['rounds']} rounds")
    beside = "torch.compile" if "ring" in label else "bfloat16"
    end = table["measures"][beside]["quartiles"][1]
    axes.annotate(label, (end, measures.index(beside) + shift), xytext=(6, -3), textcoords="offset points", color=color)
axes.axvline(1, color=style.REFERENCE, ls=":")
axes.set_yticks(range(len(measures)), measures)
axes.set(xlabel="times faster", ylim=(-0.6, len(measures)))
axes.set_title("On this processor, bfloat16 brings most to the GANs of pictures")
plt.show()

# %% [markdown]
# **bfloat16 brings a fifth on the digits and a half on the cats,** whose convolutions are larger. torch.compile brings a fifth on the ring, and channels_last an eighth on the cats. Most other gains are below a tenth; where a bar crosses the dotted line, the record shows none. (*G's gradients alone*: D's own are not computed in G's turn.)
#
# Expect another order on a GPU, whose queue can run empty.

# %% [markdown]
# ## 3 · Half the bits: where do they break a penalty?
#
# **Mixed precision** (chapter 09) computes products and convolutions in **bfloat16**, which has the range of float32, but 8 bits of precision instead of 24. It halves the bytes and, on cards with tensor cores, doubles the peak or more.
#
# What do 8 bits cost? Count to a thousand, by ones:

# %%
count = torch.tensor(0.0, dtype=torch.bfloat16)
for _ in range(1000):
    count += 1
print(f"counted to a thousand in bfloat16, we are at {float(count):.0f}")

# %% [markdown]
# The count stops at 256. From there to 512 bfloat16 has only the even numbers, so 257 is rounded back, every time.
#
# **A small number that is added to a large one is lost.** An exponential moving average lives on such numbers: with a decay of .999, it adds a thousandth of what is missing. Let one follow the constant 1:

# %% alt="Two curves of an exponential moving average that follows the constant 1 from 0: the one in float32 rises smoothly to nearly 1; the one in bfloat16 stops at a quarter and stays there." tags=["hide-input"]
averages = {torch.float32: torch.zeros(()), torch.bfloat16: torch.zeros((), dtype=torch.bfloat16)}
paths = {kind: [] for kind in averages}
for _ in range(5000):
    for kind, average in averages.items():
        average.lerp_(torch.ones_like(average), 0.001)
        paths[kind].append(float(average))
figure, axes = plt.subplots(figsize=(7.2, 2.4), layout="constrained")
for kind, color in ((torch.float32, style.REFERENCE), (torch.bfloat16, style.AVERAGE)):
    axes.plot(paths[kind], color=color)
    name = str(kind).removeprefix("torch.")
    axes.annotate(name, (5000, paths[kind][-1]), xytext=(4, 0), textcoords="offset points", color=color, va="center",
                  annotation_clip=False)  # fmt: skip
axes.set(xlim=(0, 5000), ylim=(0, 1.05), xlabel="step", ylabel="average of 1s")
axes.set_title("In bfloat16 the average stops: its steps are rounded to nothing")
plt.show()

# %% [markdown]
# The average stops at a quarter: a thousandth of what is missing is now less than half of the way to bfloat16's next number. So weights, optimiser and averages stay in float32. **Autocast** converts copies of them for the products.
#
# Penalties are another trap, because they measure how D's scores *change*. Chapter 09's take exact gradients, by autograd. A cheap relative, `penalties.nudge` (Lin et al. 2025), moves a picture $x$ by a small $\epsilon$ along a random direction $v$, and estimates the slope of D's score by
#
# $$\frac{D(x + \epsilon v) - D(x)}{\epsilon}$$
#
# The two scores are nearly equal, so rounding can swallow their difference. We train one D for 60 steps and compare such slopes with the true ones, from float64. (In training, our library computes D's last layer in float32; here it follows autocast.)

# %%
recipe = replace(recipes.find("digits", "cpu"), steps=60)
trained = recipe.build(seed=1)
for _ in recipe.train(trained, recipe.data()):
    pass
plain = recipe.players()[1]  # whose last layer follows autocast, too
plain.load_state_dict(trained.discriminator.state_dict())
exactly = plain.double().eval()
x = recipe.data()[:64].double()
v = torch.randn(x.shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
true_slope = (exactly(x + 1e-5 * v) - exactly(x - 1e-5 * v)).detach() / 2e-5  # [64], along v


def off(slope):
    """The relative error of slopes, root mean square over the pictures."""
    return float((slope.detach().double() - true_slope).square().mean().sqrt() / true_slope.square().mean().sqrt())


lengths = [10 ** (-power / 4) for power in range(17)]  # ε from 1 to 1e-4
network, x, v = exactly.float(), x.float(), v.float()
errors, by_autograd = {}, {}
for name, mixed in (("float32", False), ("autocast to bfloat16", True)):
    with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
        errors[name] = [off((network(x + ε * v) - network(x)) / ε) for ε in lengths]
        by_autograd[name] = off(torch.func.jvp(network, (x,), (v,))[1])  # the slope along v, no scores subtracted

# %% alt="A log-log diagram of the error of a finite-difference slope over \u03b5. In float32 it falls as the step shrinks, and levels off at a few per cent. Under autocast to bfloat16 it leaves float32's curve near the book's own \u03b5, a tenth, which a dotted line marks, and rises past a horizontal line at 1, the error of a slope of 0, to more than a hundred. Two remarks say why: a long \u03b5 misses how D bends, a short one drowns in rounding. A dashed line far below marks the error of the same slope by autograd under autocast." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.2))
colors = {"float32": style.REFERENCE, "autocast to bfloat16": style.AVERAGE}
for name, values in errors.items():
    axes.plot(lengths, values, color=colors[name], marker="o", ms=3, clip_on=False)
    axes.annotate(name, (lengths[-1], values[-1]), xytext=(5, 0), textcoords="offset points", color=colors[name],
                  va="center")  # fmt: skip
axes.axhline(by_autograd["autocast to bfloat16"], color=style.AVERAGE, ls="--", lw=1)
axes.annotate("the same slope by autograd, under autocast", (0.9, by_autograd["autocast to bfloat16"]),
              xytext=(0, -12), textcoords="offset points", color=style.AVERAGE, fontsize=9)  # fmt: skip
axes.axhline(1, color=style.REFERENCE, lw=0.8, ls=":")
axes.annotate("error of a slope of 0", (1e-4, 1), xytext=(5, 0), textcoords="offset points", fontsize=9, va="center",
              color=style.REFERENCE)  # fmt: skip
axes.axvline(0.1, color=style.REFERENCE, lw=0.8, ls=":")
axes.annotate("a long ε misses\nhow D bends", (0.9, 40), fontsize=9, va="center")
axes.annotate("a short ε drowns\nin rounding", (2e-2, 40), fontsize=9, va="center")
axes.annotate("the book's ε", (0.1, 100), xytext=(4, 0), textcoords="offset points", fontsize=9, color=style.REFERENCE)
axes.set(xscale="log", yscale="log", xlim=(1, 1e-4), ylim=(6e-3, 300))
axes.set(xlabel="ε, shorter to the right", ylabel="relative error of the slope")
axes.set_title("Short steps drown in bfloat16's rounding; autograd's slope does not")
plt.show()

# %% [markdown]
# **In float32, a shorter ε mostly gives a better slope,** because a long one misses how D bends on the way.
#
# **Under autocast, a short ε gives noise.** Two scores that differ by less than bfloat16's last bit come out *equal*, or a whole bit apart. From ε = .04 or so down, the error is at least as large as the slope, and a penalty would punish D for rounding. Even at the book's ε of .1, it is clearly larger than in float32.
#
# **Autograd is safe:** it is off by about one per cent (11 % for a D trained on another processor).
#
# *Claimed, of a D trained on any processor: at ε = .01 the slope under autocast is off by more than 100 %, and more than twice as far as in float32; by autograd under autocast by less than 30 %.*

# %% tags=["claim"]
tenth, near = (min(range(len(lengths)), key=lambda place: abs(lengths[place] - wanted)) for wanted in (0.1, 0.01))
for name, values in errors.items():
    print(f"{name:>21}: off by {values[tenth]:.0%} at ε = .1, by {values[near]:.0%} at .01; "
          f"by autograd {by_autograd[name]:.1%}")  # fmt: skip
assert errors["autocast to bfloat16"][near] > max(1, 2 * errors["float32"][near])
assert by_autograd["autocast to bfloat16"] < 0.3

# %% [markdown]
# **The rule: products and convolutions in bfloat16; weights, optimiser, averages and losses in float32, and both passes of D in float32 wherever two scores are subtracted to get a slope.** On CUDA the book's code computes D's scores in float32 for *every* penalty.
#
# ### Does the GAN learn as well?
#
# We trained the cats of `avatars/long` from three seeds in float32 and again in bfloat16, for 2,000 of their 26,000 steps:

# %% tags=["long", "hide-input"]
halved = results.table("precision")
print(made(halved))
print("seed   CPU seconds          Fréchet distance, noise = 1   sure of the hardest part")
for seed, pair in enumerate(zip(*halved["ways"].values(), strict=True)):
    seconds, distance, sure = ([one[name] for one in pair] for name in
                               ("seconds", "frechet_fraction", "part_confident_min"))  # fmt: skip
    print(f"{seed:>4}   {seconds[0]} to {seconds[1]}, {seconds[0] / seconds[1]:.2f} ×"
          f"    {distance[0]:.4f} to {distance[1]:.4f}            {sure[0]:.1%} to {sure[1]:.1%}")  # fmt: skip

# %% [markdown]
# **The same steps take a third less time, at a similar Fréchet distance; the hardest part is read less surely in all three seeds.** *Claimed: float32 takes more than 1.4 times as long in each run; bfloat16's worst distance is below float32's worst, and its last column is lower in each.*

# %% tags=["claim", "long"]
singles, halves = halved["ways"].values()
assert all(one["seconds"] > 1.4 * two["seconds"] for one, two in zip(singles, halves, strict=True))
assert max(one["frechet_fraction"] for one in halves) < max(one["frechet_fraction"] for one in singles)
assert all(one["part_confident_min"] > two["part_confident_min"] for one, two in zip(singles, halves, strict=True))

# %% [markdown]
# The last column warns: in all three seeds, chapter 11's judge is sure of the part that is hardest to read in fewer of bfloat16's samples. Three short trainings cannot settle it. Before you train for a week, compare the two on the score that you care about.
#
# float16 has far less range, so it needs *loss scaling* (Micikevicius et al. 2018), which is delicate with gradients of gradients. On a T4, which has no bfloat16, stay with float32.
#
# ## 4 · When does a bigger batch stop helping?
#
# How many samples a second does the hardware compute, and how far does each bring the training? First the hardware, for `digits/cpu`: three cards as predicted, and a core as measured, in CPU time (on **machine B**, without bfloat16 and two to three times as slow).

# %% alt="Samples a second over the batch, log-log. A grey line, on which all three cards lie, rises in proportion to the batch. The T4 leaves it at a batch of about 110, the A100 at about 1,000 and the H100 at about 1,700, each at a dot, and their lines then level off. Far below, squares for one measured core rise about threefold up to a batch of 64 and are then nearly level." tags=["long", "hide-input"]
small = steps_of["digits/cpu"]
sizes = [round(2 ** (power / 16)) for power in range(48, 193)]  # 8 to 4,096
core = {int(batch): found[1] for batch, found in stored["batches"]["samples_per_second"].items()}
figure, axes = plt.subplots(figsize=(7.2, 3.2), layout="constrained")
for name in RENTED:
    times = [small.microseconds(batch, CARDS[name], LAUNCH, SHARE) for batch in sizes]
    rates = [batch / max(pair) * 1e6 for batch, pair in zip(sizes, times, strict=True)]
    filled = next(place for place, (launching, working) in enumerate(times) if working > launching)
    if name == "H100":  # the last to leave the line on which all are launch-bound
        axes.plot(sizes[:filled], rates[:filled], color=style.REFERENCE, zorder=1)
        axes.annotate("all cards: launch-bound", (64, rates[48]), xytext=(-8, 2), textcoords="offset points",
                      ha="right", fontsize=9, color=style.REFERENCE)  # fmt: skip
    axes.plot(sizes[filled - 1 :], rates[filled - 1 :], color=SHADES[name])
    axes.plot(sizes[filled], rates[filled], "o", color=SHADES[name])
    aside = {"H100": 4, "A100": -4}.get(name, 0)  # their lines end close together
    axes.annotate(name, (sizes[-1], rates[-1]), xytext=(5, aside), textcoords="offset points", color=SHADES[name],
                  va="center", annotation_clip=False)  # fmt: skip
    print(f"{name:>5} (predicted): filled at a batch of about {sizes[filled]:,}; samples a second: "
          + ", ".join(f"{rates[sizes.index(batch)]:,.0f} at {batch:,}" for batch in (8, 64, 4096)))  # fmt: skip
axes.plot(list(core), list(core.values()), "s-", ms=4, color="black")
axes.annotate("a core, measured", (256, core[256]), xytext=(8, 0), textcoords="offset points", fontsize=9, va="center")
axes.set(xscale="log", yscale="log", xlabel="batch", ylabel="samples a second", xlim=(7, 4096))
axes.minorticks_off()
axes.set_xticks([8, 64, 512, 4096], ["8", "64", "512", "4,096"])
axes.set_title("Predicted: a larger batch costs no time until a card is filled (dot)")
plt.show()
speeds = ", ".join(f"{core[batch]:,.0f} at {batch}" for batch in (8, 64, 256))
print(f"a core (measured): {speeds}; {made(stored['batches'])}")

# %% [markdown]
# **On the grey line all three cards are equally fast,** because Python launches for each at the same pace. There, twice the batch takes no longer. Once a card is filled, the time of a step grows with the batch.
#
# Now the training: does a step at 512 get sixteen times as far as one at 32? On chapter 06's ring we train four GANs for each of three batches, with the same learning rate and decay of the average. We note when the averaged generator first puts a tenth of its samples within three standard deviations of an island. That bar is low: a thin circle through the islands nearly reaches it.

# %%
SWEEP = {32: 2500, 128: 1500, 512: 1000}  # steps at most
reached, pictures = {}, {}
turns = torch.linspace(0, 2 * math.pi, 10_000)
circle = mode_scores(2 * torch.stack([turns.cos(), turns.sin()], -1), mixture)
print(f"a uniform circle: {circle.high_quality:.1%} near an island")


for batch, most in SWEEP.items():
    gans = populations.population(players, range(4), noise_dim=2, optimizer=adam, average_decay=0.99)
    steps_to = torch.full((4,), math.inf)
    for record in train(gans, data, losses.relativistic, steps=most, batch=batch):
        if record.step % 20 == 0:
            fake = gans.sample(1000) * scale
            steps_to[(mode_scores(fake, mixture).high_quality >= 0.1) & steps_to.isinf()] = record.step
            if record.step == 400:
                pictures[batch] = fake[0]
            if steps_to.isfinite().all() and record.step >= 400:
                break
    reached[batch] = steps_to
    samples = steps_to.quantile(0.5) * batch
    print(f"batch {batch:3}: {[int(steps) for steps in steps_to.sort().values]} steps, median {samples:,.0f} samples")

# %% alt="Two panels over the batch, log-log. Left: the steps to the bar fall with the batch, but less steeply than the dashed line of perfect scaling. Right: the samples that were needed rise." tags=["hide-input"]
batches = list(reached)
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 2.9), layout="constrained")
medians = torch.stack([steps_to.quantile(0.5) for steps_to in reached.values()])
for axes, factor in ((left, torch.ones(len(batches))), (right, torch.tensor(batches))):
    for place, (batch, steps_to) in enumerate(reached.items()):
        axes.plot([batch] * 4, steps_to * factor[place], "o", color=style.AVERAGE, alpha=0.4, mew=0)
    axes.plot(batches, medians * factor, color=style.AVERAGE)
    perfect = medians[0] * batches[0] / torch.tensor(batches) * factor
    axes.plot(batches, perfect, color=style.REFERENCE, ls="--", lw=1)
    where = {"xytext": (0, 4), "ha": "center"} if axes is right else {"xytext": (-10, -8), "ha": "right"}
    axes.annotate("perfect scaling", (batches[1], float(perfect[1])), textcoords="offset points",
                  color=style.REFERENCE, fontsize=9, **where)  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="batch")
    axes.minorticks_off()
    axes.set_xticks(batches, [f"{batch:,}" for batch in batches])
left.set_yticks((100, 200, 500, 1000), ("100", "200", "500", "1,000"))
right.set_yticks((50_000, 100_000, 200_000, 400_000), ("50,000", "100,000", "200,000", "400,000"))
left.set(title="Steps fall, but not 16-fold", ylabel="steps")
right.set(title="Larger batches need more samples", ylabel="samples")
plt.show()

# %% alt="Three squares with the samples of one GAN after 400 steps, at batches of 32, 128 and 512, over the eight blue islands. With 32 the orange points are scattered; with 128 and 512 most lie near a circle through the islands, without gathering in them." tags=["hide-input"]
figure, every = plt.subplots(1, 3, figsize=(7.2, 2.6), layout="constrained")
for axes, (batch, fake) in zip(every, pictures.items(), strict=True):
    draw_points(axes, mixture.sample(400), fake[:400], limit=3.5)
    axes.set_title(f"batch {batch:,}", loc="center")
    axes.set_axis_off()
figure.suptitle("400 steps, one seed: near a circle at batches of 128 and 512, not yet at 32")
plt.show()

# %% [markdown]
# *Claimed: a batch of 512 needs at most two thirds of the steps of one of 32, but at least 3 times the samples (medians of four seeds).*

# %% tags=["claim"]
fewer = float(medians[0] / medians[-1])
more = batches[-1] / batches[0] / fewer
print(f"512 against 32: {fewer:.1f} times fewer steps, {more:.1f} times more samples")
assert fewer > 1.5 and more > 3

# %% [markdown]
# **Sixteen times the batch saves little more than half of the steps to this low bar.** From 128 to 512 the median falls by only a fifth. Each step goes further, but each sample less far. This holds at *one* learning rate; a larger batch often tolerates a larger one (Goyal et al. 2017).
#
# The batch beyond which more samples hardly save steps is the **critical batch size** (McCandlish et al. 2018). Shallue et al. (2019) tuned the rate anew for each batch, and still saw the saving end. Yet BigGAN (Brock et al. 2019) gained much from a batch of 2,048 on ImageNet.
#
# So take the batch for which *steps × time of a step* is least. Fill the card, if memory and data (chapter 12) allow; beyond that, you gain only while the steps fall faster than their time grows.
#
# **Your turn.** Predict: does a learning rate of .004 help the batch of 512? Change `lr` for it, and look at all four seeds.
#
# <details><summary>Solution</summary>
#
# ```python
# adam = partial(torch.optim.Adam, lr=4e-3, betas=(0.5, 0.99), fused=True)
# SWEEP = {512: 1000}
# ```
#
# Put these two lines in place of the one that sets `SWEEP`. For us, the four seeds took 480, 480, 540 and 620 steps. Three beat the best at .002; perfect scaling stays far away.
# </details>
#
# ## 5 · Many cards: is it the same training?
#
# With several GPUs, each gets a process of its own (its **rank**), a copy of both players, and a slice of every batch. This is **data parallelism**. Before an optimiser steps, each rank replaces its gradient by the mean over all ranks (an **all-reduce**), so all copies stay equal.

# %% alt="A diagram of data-parallel training: a global batch is cut into two slices; rank 0 and rank 1 each hold a copy of D and G and compute a gradient from their slice; both gradients go to a box named all-reduce, mean, and from there the same gradient goes back to both optimisers." tags=["hide-input"]
diagrams.flow(
    [
        Box("global batch", 0, 0.5, "256, one seed", role="real"),
        Box("slice 0", 1, 0, "128 x, 128 z", role="real"),
        Box("slice 1", 1, 1, "128 x, 128 z", role="real"),
        Box("rank 0: G, D", 2, 0, "losses, penalty", role="discriminator"),
        Box("rank 1: G, D", 2, 1, "losses, penalty", role="discriminator"),
        Box("all-reduce", 3, 0.5, "mean of gradients", role="average"),
        Box("optimiser 0", 4, 0, "the same step"),
        Box("optimiser 1", 4, 1, "the same step"),
    ],
    [
        Arrow("global batch", "slice 0"),
        Arrow("global batch", "slice 1"),
        Arrow("slice 0", "rank 0: G, D"),
        Arrow("slice 1", "rank 1: G, D"),
        Arrow("rank 0: G, D", "all-reduce", "∇"),
        Arrow("rank 1: G, D", "all-reduce", "∇"),
        Arrow("all-reduce", "optimiser 0", "∇"),
        Arrow("all-reduce", "optimiser 1", "∇"),
    ],
)

# %% [markdown]
# For every loss and penalty that is a mean over samples, it is *the same training* as in one process: the mean over equal slices is the mean over the batch. For what looks *across* samples, compare a batch's gradient with the mean of its halves':

# %%
from gan_lessons.networks.images import ImageDiscriminator

x, fake = recipe.data()[:32].double(), trained.sample(32).double()
grouped = ImageDiscriminator(width=8).double()  # looks at groups of 8
alone = nn.Sequential(nn.Conv2d(1, 8, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 13**2, 1), nn.Flatten(0)).double()
normed = nn.Sequential(alone[0], nn.BatchNorm2d(8), *alone[1:]).double()


def in_pairs(network, x, fake):
    return losses.relativistic(network(x), network(fake)).discriminator


def against_mean(network, x, fake):  # the relativistic average loss: each real against the mean fake, and vice versa
    real_scores, fake_scores = network(x), network(fake)
    behind = fake_scores.mean() - real_scores, fake_scores - real_scores.mean()
    return sum(nn.functional.softplus(one).mean() for one in behind)


def gradient(network, objective, x, fake):
    slopes = torch.autograd.grad(objective(network, x, fake), list(network.parameters()), materialize_grads=True)
    return torch.cat([slope.flatten() for slope in slopes])


gaps = {}
for name, network, objective in (
    ("relativistic loss, in pairs", alone, in_pairs),
    ("R1 and R2", alone, penalties.r1_and_r2),
    ("groups of 8 in D", grouped, in_pairs),
    ("relativistic average loss", alone, against_mean),
    ("BatchNorm in D", normed, in_pairs),
):
    whole = gradient(network, objective, x, fake)
    halves = [gradient(network, objective, *half) for half in zip(x.chunk(2), fake.chunk(2), strict=True)]
    gaps[name] = float((sum(halves) / 2 - whole).norm() / whole.norm())
    print(f"{name:>27}: {gaps[name]:.1e}")

# %% [markdown]
# **For the first three rows it is the same training, to rounding.** The last two compare each sample with a mean of the batch. There it is another, though the gradients differ little here.
#
# *Claimed: in the first three rows the two gradients agree to 10⁻⁹; in the last two they differ by more than 10⁻⁵.*

# %% tags=["claim"]
exact = ("relativistic loss, in pairs", "R1 and R2", "groups of 8 in D")
assert all(gaps[name] < 1e-9 for name in exact)
assert all(gap > 1e-5 for name, gap in gaps.items() if name not in exact)

# %% [markdown]
# In the book's code, groups of 8 (minibatch standard deviation, packing) stay the same while a slice holds whole groups. BatchNorm in G takes its means over all ranks, as `nn.SyncBatchNorm` does on GPUs; in D over a rank's slice, as if with smaller batches.
#
# Every rank draws indices and noise of the *whole* batch from the run's seed and takes its slice. So the recipe's batch is the global one.
#
# ### Is it faster?
#
# More processes at the same global batch is called **strong scaling**. Here one and two trained `digits/cpu` on the two processors of machine A, one thread each, while little else ran.

# %% tags=["long", "hide-input"]
found = stored["processes"]
one, two = (found["samples_per_second"][count] for count in ("1", "2"))
for batch in one:
    single, double = one[batch][1], two[batch][1]
    print(f"global batch {batch:>3}: one process {single:3.0f} samples a second, two {double:3.0f}, "
          f"{double / single:.2f} times as many")  # fmt: skip
    print(f"{'':>18} {found['exchange'][batch][1]:.0%} of the time in exchanges and waits")
print(f"{found['exchanges_per_step']:.0f} exchanges a step; one of a single number takes "
      f"{found['milliseconds_an_exchange'][1]:.1f} ms when nothing is computed")  # fmt: skip
print(f"{made(found)}, medians of three, other programs' load {found['load']} on {found['processors']} processors")

# %% [markdown]
# **Two processes are a third as fast as one at a batch of 16, and one and a half times as fast at 1,024.** A step has thirteen exchanges, most of them for $G$'s BatchNorms. At each, the faster process waits for the slower one and is then woken, about two milliseconds here, however small the message. At a batch of 16 that takes more time than the work.
#
# On cards, launching sets another limit: half of a batch has just as many launches. Take `digits/gpu` on up to eight A100s, leaving out the exchange:

# %% tags=["long"]
large, a100 = steps_of["digits/gpu"], CARDS["A100"]
alone_takes = max(large.microseconds(256, a100, LAUNCH, SHARE))
for cards in (1, 2, 4, 8):
    launching, working = large.microseconds(256 // cards, a100, LAUNCH, SHARE)
    faster = alone_takes / max(launching, working)
    print(f"{cards} × A100, {256 // cards:>3} samples each: launching {launching / 1000:.1f} ms, working "
          f"{working / 1000:.1f} ms; at most {faster:.1f} times as fast as one (predicted)")  # fmt: skip

# %% [markdown]
# **By this count four cards already wait for Python, and eight are no faster.** A graph would help. Or let the global batch grow with the cards (**weak scaling**), and ask section 4's question again: does each step then go far enough?
#
# ### When memory runs out
#
# A step holds weights (4 bytes each in float32), their gradients (4), Adam's two averages (8), for G also the EMA (4), and what the forward pass keeps for the backward: the **activations**. Only these grow with the batch. `gan-lessons describe RECIPE --plan` estimates it all, and leaves 1 GB for the driver:

# %% tags=["long"]
print("\n".join(plans.told(plans.plan(recipes.find("digits", "gpu")))[:5]))

# %% [markdown]
# At a batch of 256 the activations take far more than all the rest. (884 MFLOP are the mean step's; section 1 counted 1,382 with a penalty.) On an `OutOfMemoryError`, try in this order:
#
# | try | saves | costs |
# |---|---|---|
# | close other notebooks (`nvidia-smi` lists them) | what they hold | nothing |
# | bfloat16 for products | up to half of the activations | section 3 |
# | a smaller batch | in proportion | launches, BatchNorm, diversity in D's groups |
# | **gradient accumulation** | in proportion | only time, if no layer looks across slices |
# | penalty on a part of the batch, or every few steps | the double backward | a noisier penalty |
# | **activation checkpointing** (Chen et al. 2016) | most of the activations, little under a penalty | one more forward pass |
#
# Gradient accumulation is data parallelism in one process, one slice after the other. *Claimed: four slices of 8 leave the gradient of a batch of 32 in `.grad`, to 10⁻⁹.*

# %% tags=["claim"]
whole = gradient(grouped, in_pairs, x, fake)
grouped.zero_grad()
for some_real, some_fake in zip(x.split(8), fake.split(8), strict=True):
    (in_pairs(grouped, some_real, some_fake) / 4).backward()  # .grad adds up
accumulated = torch.cat([weight.grad.flatten() for weight in grouped.parameters()])
print(f"relative difference: {float((accumulated - whole).norm() / whole.norm()):.1e}")
assert (accumulated - whole).norm() < 1e-9 * whole.norm()

# %% [markdown]
# ## 6 · What does it cost?
#
# Hours are steps times the time of a step. For ten million pictures we take section 1's guesses, round rents, and electricity at .30 € a kWh: look yours up. The card always draws its highest power, and a cooled computer 1.4 times that. The RTX 3060 is one that people own, so it has no rent:

# %%
RENT = {name: offer.rent for name, offer in OFFERS.items()}  # euros an hour
print(RENT)


def bill(steps, microseconds, watts, rent, price=0.30, overhead=1.4):
    hours = steps * microseconds / 3.6e9
    energy = hours * watts * overhead / 1000
    return {"hours": hours, "kWh": energy, "€ own": energy * price, "€ rented": hours * rent}


bills = {}
print(f"{'':>22}  hours    kWh  € own  € rented   (predicted)")
for name in ("digits/cpu", "digits/gpu", "superres/gpu"):
    for card, sheet in CARDS.items():
        steps = 10_000_000 / planned[name].batch
        costs = bill(steps, max(limits(name, card)), sheet.watts, RENT.get(card, math.nan))
        bills[name, card] = costs
        row = " ".join("     –" if math.isnan(value) else f"{value:6.2f}" for value in costs.values())
        print(f"{name + ', ' + card:>22} {row}")

# %% alt="Two log-log panels of cents of rent over minutes for ten million pictures, predicted, each with four rented cards. Left, digits/cpu: all four stand exactly above each other at ten minutes, from the T4 at 7 cents to the H100 at 51. Right, digits/gpu: the T4 stands alone at the top right, at 45 minutes and 30 cents; the RTX 4090, the A100 and the H100 cost 7 to 10 cents and need 7, 3 and 2 minutes." tags=["hide-input"]
figure, every = plt.subplots(1, 2, figsize=(7.2, 3.4), sharex=True, sharey=True, layout="constrained")
for axes, name in zip(every, ("digits/cpu", "digits/gpu"), strict=True):
    for card in RENT:
        place = 60 * bills[name, card]["hours"], 100 * bills[name, card]["€ rented"]
        axes.plot(*place, "o", color=SHADES[card], ms=8)
        beside = {"A100": (0, 9), "H100": (0, -16)}.get(card) if name == "digits/gpu" else None
        axes.annotate(card, place, xytext=beside or (9, -4), textcoords="offset points", fontsize=10,
                      color=SHADES[card], ha="center" if beside else "left")  # fmt: skip
    axes.set(xscale="log", yscale="log", xlim=(1, 150), ylim=(4, 100), xlabel="minutes, predicted")
    axes.minorticks_off()
    axes.set_xticks((1, 3, 10, 30, 100), ("1", "3", "10", "30", "100"))
    axes.set_yticks((5, 10, 20, 50, 100), ("5", "10", "20", "50", "100"))
every[0].set_ylabel("cents of rent")
every[0].set_title("digits/cpu: you pay more for the same wait", fontsize=10.5)
every[1].set_title("digits/gpu: the cheap T4 costs most", fontsize=10.5)
plt.show()

# %% [markdown]
# **The small GAN takes the same ten minutes on every card.** With our guesses it is launch-bound, so the H100 costs seven and a half times as much as the T4 and saves nothing.
#
# **At `gpu` size the cheapest card by the hour makes the dearest training,** because the T4 needs so many hours. The RTX 4090 costs least.
#
# **For a card that you own, this bill counts only electricity:** four cents on the RTX 3060 for digits/gpu, in half an hour, and 1.62 € for superres/gpu, in nearly a day. Multiply by the runs you expect, failed ones and seeds included (Strubell et al. 2019).
#
# ### Which of these numbers can you trust?
#
# - **Counts of operations and FLOPs** are the same on your machine; **times on a processor** hold for that machine.
# - **Times on a card** are untested: on our processor the count was too fast by more than a factor of two. Euros and kWh are no better.
# - **A verdict, such as *launch-bound*,** is as good as the guesses it survives: superres all 27, digits/cpu two thirds or more.
#
# So trust such a verdict more than any single time, and measure a hundred steps before you pay for a million. In the lab you change the assumptions.

# %% alt="A lab. Left, predicted samples a second over the batch for a T4, an RTX 4090, an A100 and an H100: the three faster cards' lines lie on each other at a batch of 16, then the RTX 4090's bends away, from 64 on the A100's too, and the H100's last; the T4's is far below. Right, bars of hours, of euros for rent and of euros for electricity for the four cards. A sentence says what limits the chosen card."
lab = BillLab(steps_of, recipe="digits/gpu")
lab

# %% [markdown]
# **Your turn.** Predict: for ten million pictures through `digits/gpu`, which is cheaper, an RTX 4090 under your desk or a rented H100? Then put in your own card and price.
#
# <details><summary>Solution</summary>
#
# ```python
# CARDS["mine"] = plans.Card(15e12, 0.27e12, 115)  # FLOP/s in float32 or TF32, bytes/s, watts
# for card, sheet in CARDS.items():
#     step = max(limits("digits/gpu", card))
#     print(card, bill(10_000_000 / 256, step, sheet.watts, RENT.get(card, math.nan), price=0.15))
# ```
#
# Your own RTX 4090 costs a cent or two of electricity. The H100 costs eight cents of rent, but is done in a quarter of the time. And the 1,800 € for your own card would rent an H100 for 600 hours.
# </details>
#
# ### Commands to paste
#
# The commands with `cuda` are untried. The extra `scale` brings Accelerate, which starts the processes and carries what they exchange. With two cards (with eight, write 8 for 2):
#
# ```sh
# accelerate launch --multi_gpu --num_processes 2 -m gan_lessons train digits --size gpu --device cuda --out runs/digits
# ```
#
# Without any card, two processes on a processor:
#
# ```sh
# OMP_NUM_THREADS=1 torchrun --nproc-per-node 2 -m gan_lessons train digits --size cpu --device cpu --out runs/two
# ```
#
# On **Kaggle** with its two T4s:
#
# ```
# %pip install "gan-lessons[lab,pictures,hub,scale] @ git+https://github.com/gan-lessons/gan-lessons"
# !accelerate launch --multi_gpu --num_processes 2 -m gan_lessons train conditional --size gpu --data hub:fashion_mnist --device cuda --out runs/clothes
# ```
#
# <details><summary>On a cluster with SLURM</summary>
#
# Five minutes before its time is up the job saves, returns to the queue and resumes. After `#!/bin/bash`:
#
# ```sh
# #SBATCH --nodes=1 --gres=gpu:4 --cpus-per-task=16 --time=08:00:00 --signal=B:TERM@300 --requeue
# source .venv/bin/activate
# again=$(test -f runs/cats/checkpoint.pt && echo --resume)
# accelerate launch --multi_gpu --num_processes 4 -m gan_lessons train avatars --size gpu --device cuda --out runs/cats $again &
# trap "stopped=1; kill -TERM $!" TERM
# wait  # until the signal …
# wait  # … and until the run has saved
# test -z "$stopped" || scontrol requeue $SLURM_JOB_ID  # not after a crash
# ```
# </details>
#
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | few samples a second, even if `nvidia-smi` shows 90 % | launch time against kernel time (section 1) | rows 2 to 5 of the first table |
# | each step waits for data | profile: wide `data` bands | data on the card, or a loader with pinned memory |
# | the loss becomes NaN in 16 bits | the same seed in float32 | only in float16: bfloat16; in float32 too: a lower rate, a stronger penalty |
# | eight cards learn worse than one | the batch *per rank*; which layers look across samples | the old global batch; SyncBatchNorm; whole groups |
# | a rank waits forever | has another died, or taken another branch? | stop all, read the first error; `gan-lessons` does so by itself |
#
# ## What we saw, and questions
#
# - **What do the cards wait for?** By our count, small GANs for launches, if one takes longer than the mean kernel; large ones for memory and arithmetic.
# - **How do you keep one busy?** By the first table. A larger batch pays while *steps × time of a step* falls, and may be split if every loss and penalty is a mean over samples.
# - bfloat16 is fine for most products: a third less time and a similar distance, but the hardest part got worse, so compare first. It stops an average and breaks a finite difference with a short step.
# - **What does a training cost?** What a count and assumptions say; by ours a dearer card pays only where the work fills it.
#
# ### A quiz
#
# Open the answer you would give.
#
# 1. A GAN on 2-D points trains as fast on a T4 as on an H100. Why?
#    <details><summary>A · Both have enough memory</summary><b>No.</b> That decides whether it runs, not how fast.</details>
#    <details><summary>B · Both wait for launches</summary><b>Right.</b> A large enough population would tell the two apart.</details>
#    <details><summary>C · The H100 is not used in 16 bits</summary><b>No.</b> Faster arithmetic shortens no launch.</details>
# 2. Which of these may not be kept in bfloat16?
#    <details><summary>A · The inputs of a convolution</summary><b>No.</b> Products tolerate it well.</details>
#    <details><summary>B · The exponential moving average of the weights</summary><b>Right.</b> Its steps are rounded to nothing.</details>
#    <details><summary>C · The pictures that are shown</summary><b>No.</b> A screen has 256 levels.</details>
# 3. Two ranks, an ordinary BatchNorm in D, the global batch as before. Compared with one process …
#    <details><summary>A · the gradients are the same</summary><b>No.</b> Each rank normalises by its own half.</details>
#    <details><summary>B · D normalises as with half the batch</summary><b>Right.</b> Unless it asks all ranks for their means.</details>
#    <details><summary>C · training diverges</summary><b>No.</b> In section 5 the gradient of such a D differed little.</details>
#
# ### In your own words
#
# 1. Why is a finite difference with ε = .001 useless under autocast?
#    <details><summary>Answer</summary>The scores differ by about slope × ε, and bfloat16 rounds each to about a 250th of its size; the smaller ε, the larger the rounding's share.</details>
# 2. Why should a rented card's price per hour not decide?
#    <details><summary>Answer</summary>You pay price × hours. A card four times as fast when full, at three times the price, is cheaper; one that waits for Python is not.</details>
#
# ### Further reading
#
# - Williams et al. 2009, *Roofline* (Communications of the ACM 52).
# - Micikevicius et al. 2018, *Mixed precision training* ([arXiv:1710.03740](https://arxiv.org/abs/1710.03740)).
# - Lin et al. 2025, *Diffusion adversarial post-training for one-step video generation* ([arXiv:2501.08316](https://arxiv.org/abs/2501.08316)): the finite-difference R1.
# - Goyal et al. 2017, *Accurate, large minibatch SGD* ([arXiv:1706.02677](https://arxiv.org/abs/1706.02677)).
# - McCandlish et al. 2018, *An empirical model of large-batch training* ([arXiv:1812.06162](https://arxiv.org/abs/1812.06162)); Shallue et al. 2019, *Measuring the effects of data parallelism on neural network training* ([arXiv:1811.03600](https://arxiv.org/abs/1811.03600)).
# - Brock et al. 2019, *Large scale GAN training for high fidelity natural image synthesis* ([arXiv:1809.11096](https://arxiv.org/abs/1809.11096)): BigGAN.
# - Li et al. 2020, *PyTorch Distributed* ([arXiv:2006.15704](https://arxiv.org/abs/2006.15704)).
# - Chen et al. 2016, *Training deep nets with sublinear memory cost* ([arXiv:1604.06174](https://arxiv.org/abs/1604.06174)).
# - Strubell et al. 2019, *Energy and policy considerations for deep learning in NLP* ([arXiv:1906.02243](https://arxiv.org/abs/1906.02243)).
#
# [← 20 Shapes](20_shapes.ipynb) · [contents](00_start.ipynb) · [A1 Words and symbols →](A1_glossary.ipynb) · [assignment](assignments/release/21_scaling_up/21_scaling_up.ipynb)
