# %% [markdown]
# # 21 · Scaling up
#
# [← 20 Shapes](20_shapes.ipynb) · [contents](00_start.ipynb) · [A1 Words and symbols →](A1_glossary.ipynb) · [assignment](assignments/release/21_scaling_up/21_scaling_up.ipynb)
#
# **You have one good card, or eight, or none. What does a graphics card wait for, how do you keep it busy, and what does a training cost?**

# %% tags=["hide-input"]
import json
import math
from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from matplotlib.ticker import PercentFormatter
from torch import nn
from torch.autograd.graph import saved_tensors_hooks

from gan_lessons import losses, penalties, plans, populations, recipes, timelines
from gan_lessons.data import points
from gan_lessons.labs.scaling import BillLab, Counted
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

CARDS = {name.split()[0]: card for name, card in plans.CARDS.items() if name.startswith(("T4", "A100", "H100"))}
LAUNCH, SHARE = 8, 0.5  # assumed throughout: microseconds to launch an operation, and the part of a data sheet reached
asked = {size: timelines.operations(recipes.find("digits", size)) for size in ("cpu", "gpu")}

# %% alt="A moving picture of one training step of two GANs, as predicted, a small one in two ways; a row for Python, which launches operations, and always a row for the GPU, which works. The small GAN's launches fill 3 milliseconds, and the GPU's row below them is mostly pale: it waits. Recorded once as a graph, the same step is over in a quarter of the time. The large GAN's launches also end after 3 milliseconds, but the GPU works on, without a gap, until more than 8. Below, the first 0.3 milliseconds of the small GAN enlarged: the launches, parted by thin white lines, follow each other without a gap; in the GPU's row short kernels stand apart, with waits three times as long between them, and only one, early on, is longer." tags=["hide-input"]
rows = {}
for size, name, graph in (("cpu", "small", False), ("cpu", "small, as a graph", True), ("gpu", "large", False)):
    flops, bandwidth = (SHARE * limit for limit in CARDS["A100"][:2])
    host, device = timelines.predicted(asked[size], flops, bandwidth, launch=0 if graph else LAUNCH)
    if not graph:
        rows[f"{name}:\nlaunches"] = host
    rows[f"{name}:\nGPU {timelines.busy(device):.0%} busy"] = device
end = max(spans[-1].start + spans[-1].length for spans in rows.values()) / 1000
frames = []
for part in range(1, 19):
    figure, (axes, near) = plt.subplots(2, 1, figsize=(7.2, 4.8), dpi=120, height_ratios=(5, 2))
    draw_timeline(axes, rows, end, end * part / 18)
    name_parts(axes, ("data", "G forward", "D forward", "losses", "penalty", "backward", "optimiser", "average"))
    draw_timeline(near, dict(list(rows.items())[:2]), 0.3)
    starts = [span.start / 1000 for span in rows["small:\nlaunches"] if span.start < 300]
    near.vlines(starts, -HIGH, HIGH, color="white", lw=1)  # where a launch ends and the next begins
    near.set_yticks((0, 1), ("launches", "GPU"))
    axes.set_title("Predicted: a small GAN keeps an A100 waiting, a large one does not", pad=22)
    near.set_title("The small GAN's first 0.3 ms, enlarged", fontsize=10)
    frames.append(figure)
    plt.close(figure)
Animation(frames, milliseconds=160, rest=3000, colors=128)

# %% [markdown]
# This is one training step of chapter 09's GAN at two sizes, predicted for an A100. (This chapter was written on machines without a GPU: every number for a card is a prediction.) Python launches one operation after the other, and the GPU carries them out. Pale is waiting.
#
# The small GAN keeps the card waiting three quarters of the time, and would run almost as fast on a much cheaper card. Recorded once as a *graph* and launched as a whole, the same work is over in a quarter of the time. The large GAN needs no such help.
#
# These fractions rest on two assumptions, 8 µs for a launch and 2 µs for the shortest kernel; section 1 tests them with other values.
#
# Only the enlargement shows single kernels; the one long blue kernel draws the batch.
#
# **You will** lay a training step out as a timeline, read a real profile, find where 16 bits break a penalty, watch a bigger batch stop helping, split a batch among processes without changing a step, and write the bill.
#
# **You will learn** to
# - tell launch-bound, bandwidth-bound and compute-bound steps apart, before you rent anything,
# - read a profile,
# - say which parts of a GAN may compute in bfloat16, and which may not,
# - choose a batch by the time to a target quality, not by steps or samples alone,
# - train in many processes what one process would have trained,
# - fit a training into the memory that you have,
# - estimate hours, money and energy from assumptions that you can change.
#
# **You will need** chapters 05, 06, 07 and 09, and about a minute of computing on a laptop's processor. No GPU.

# %% alt="A diagram: Python launches, a queue of operations, the GPU's units and its memory, from where a loss comes back; the arrow back to Python is named waits." tags=["hide-input"]
diagrams.flow(
    [
        Box("Python", 0, 0, "8 µs a launch"),
        Box("queue", 1, 0, "of operations"),
        Box("GPU's units", 2, 0, "FLOP/s", role="average"),
        Box("GPU's memory", 3, 0, "bytes/s", role="average"),
        Box("loss.item()", 1.5, 1, "stops Python", role="fake"),
    ],
    [
        Arrow("Python", "queue"),
        Arrow("queue", "GPU's units"),
        Arrow("GPU's units", "GPU's memory"),
        Arrow("GPU's memory", "GPU's units"),
        Arrow("GPU's units", "loss.item()"),
        Arrow("loss.item()", "Python", "waits"),
    ],
)

# %% [markdown]
# ## 1 · What a GPU waits for
#
# Every operation, such as a convolution or a ReLU, passes through three narrow places:
#
# 1. Python and PyTorch **launch** it: they look up types, remember it for autograd, and put a **kernel** (a GPU's program for one operation) into the queue. That takes some 5 to 20 µs whatever the size. We assume 8, in the backward pass too.
# 2. Its numbers come from the card's memory, and the results go back: *bytes*, at the card's **memory bandwidth**.
# 3. They are multiplied and added: **FLOPs** (floating-point operations), at the card's **peak**.
#
# On the card, a kernel takes as long as the slower of 2 and 3; we assume at least 2 µs. Meanwhile the next operations are launched. So a step takes about as long as all its launches, or as all its kernels, whichever is longer. `loss.item()` breaks this overlap: Python waits until the GPU has caught up.
#
# A step limited by 1 is **launch-bound**, by 2 **bandwidth-bound**, by 3 **compute-bound**. To predict which, count. Torch's `meta` device runs a step without any numbers, so a laptop can count even the *largest* GAN.

# %%
for size, operations in asked.items():
    flops, moved = (sum(getattr(one, unit) for one in operations) for unit in ("flops", "bytes"))
    batch = recipes.find("digits", size).batch
    print(f"digits/{size}: {len(operations)} operations in a step with a penalty, {flops / batch / 1e6:,.0f} MFLOP and "
          f"{moved / batch / 1e6:.1f} MB a picture, at a batch of {batch}")  # fmt: skip

# %% [markdown]
# The number of operations depends neither on the batch nor on the width. So launching costs a fixed time per step, while the work grows. By this count, a GAN that is small enough is launch-bound on any card.
#
# The ratio of FLOPs to bytes is the **arithmetic intensity**. Plot the FLOP/s that a step reaches against it, and you get the **roofline** (Williams et al. 2009): left of the ridge, memory is the limit; right of it, the peak is.
#
# From here on we count the *mean* step: one in four has a penalty, as in chapter 09. We also assume half of what each data sheet promises, a guess like the 8 µs and the 2 µs.

# %%
NAMES = ("words/cpu", "digits/cpu", "words/gpu", "digits/gpu", "avatars/gpu", "superres/gpu")
planned = {name: recipes.find(*name.split("/")) for name in NAMES}
steps_of = {name: Counted(recipe) for name, recipe in planned.items()}


def limits(name, card, launch=LAUNCH, share=SHARE, least=2):
    """Microseconds of launching and of working, of the mean step on a card, whose shortest kernel takes `least`."""
    return steps_of[name].microseconds(planned[name].batch, CARDS[card], launch, share, least)


# %% alt="A log-log diagram of FLOP per second over FLOP per byte, with the roofs of a T4, an A100 and an H100 at half of their data sheets. Six steps stand above their intensities, each with a full mark for launches one by one and a hollow one for a graph, on all three cards. Words and digits at the cpu size come out equally low on all cards, far below the roofs; as graphs they rise two- to threefold on the T4 and about fourfold on the others. Words at gpu size lie below the roofs of the A100 and H100 and near the T4's. Digits, avatars and superres at gpu size reach 56 to 89 per cent of their roofs, with or without a graph; digits lie at the A100's ridge." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 4.2))
intensities = torch.logspace(-1, 3, 200)
SHADES = {"T4": style.CATEGORIES[5], "A100": style.CATEGORIES[0], "H100": style.CATEGORIES[1]}
for card, size in (("H100", 12), ("A100", 8), ("T4", 4)):  # where all come out the same, all are seen
    flops, bandwidth = (SHARE * limit for limit in CARDS[card][:2])
    axes.plot(intensities, (intensities * bandwidth).clamp(max=flops), color=SHADES[card])
    axes.annotate(card, (400, flops), xytext=(0, 3), textcoords="offset points", color=SHADES[card], ha="center")
    for name, counted in steps_of.items():
        counts = sum(part * (start + slope * planned[name].batch).sum(0) for part, start, slope in counted.lines)
        launching, working = limits(name, card)
        intensity = counts[0] / counts[1]  # FLOPs over bytes
        one_by_one, graph = (counts[0] / time * 1e6 for time in (max(launching, working), working))
        if launching > working:  # otherwise a graph gains nothing
            axes.plot(intensity, graph, "o", mfc="none", mec=SHADES[card], ms=size)
        axes.plot(intensity, one_by_one, "o", color=SHADES[card], ms=size)
        roof = min(intensity * bandwidth, flops)
        print(f"{name:>14} on {card:>4}: {one_by_one / roof:4.0%} of its roof, as a graph {graph / roof:4.0%}")
        if card == "A100":
            crowded = name in ("digits/gpu", "avatars/gpu", "superres/gpu")
            upright = {"xytext": (0, -7), "rotation": 90, "ha": "center", "va": "top"}
            look = upright if crowded else {"xytext": (-9, -3), "ha": "right"}
            text = name.partition("/")[0] if crowded else name
            axes.annotate(text, (intensity, one_by_one), textcoords="offset points", fontsize=9, **look)
axes.set(xscale="log", yscale="log", xlabel="FLOP per byte", ylabel="FLOP/s", xlim=(1, 600), ylim=(1e11, 1e15))
axes.set_title("Predicted: small steps stay far below every roof, large ones come close")
axes.annotate(
    "full: launched one by one\nhollow: as a graph\nsuperres, avatars, digits: at gpu size",
    (1.1, 7e14),
    fontsize=9,
    va="top",
)
plt.show()

# %% [markdown]
# Colour and size of a mark name the card. A full mark is a step launched one operation at a time. A hollow mark is the same step as a graph, where only the kernels' time counts. Where only a full mark shows, a graph gains nothing.
#
# **Small steps wait for Python.** At their `cpu` size, words and digits reach the same low speed on all cards. A graph makes them about four times as fast on an H100, but still they reach only about a tenth of its roof: most of their kernels take the 2 µs that we assume for the shortest. The words at `gpu` size would gain on an A100 and an H100, but not on a T4.
#
# **The pictures at `gpu` size do not wait for launches.** They stay below the roof because memory limits some of a step's operations and arithmetic the others. By the same count, memory limits most of the working time on an H100, and arithmetic most of it on a T4; on an A100 the two come out about even.
#
# So on an H100, try first what saves bytes: fusing elementwise operations, **channels_last** (a pixel's channels side by side in memory) and 16 bits (section 3).
#
# The flat roofs of the A100 and the H100 are those of **TF32**: tensor cores multiply float32 numbers with ten bits of their fraction. PyTorch uses it by default for convolutions, but not for matrix products.
#
# We count all reads and writes in full. A cache saves some of them, so the true intensities lie somewhat further right.
#
# How much depends on the three guesses: the time of a launch, the fraction of the data sheet, and the shortest kernel?

# %%
LAUNCHES, PARTS, SHORTEST = (5, 8, 20), (0.3, 0.5, 0.8), (2, 4, 8)
print("launching / working, in the mean step, at half of the data sheet (predicted); above 1 it is launch-bound")
print(f"{'µs of the shortest kernel':>25}" + "".join(f"{least:>18}" for least in SHORTEST))
print(f"{'µs for a launch':>25}" + f"{5:>6}{8:>6}{20:>6}" * 3 + "   with parts of .3 to .8 too")
for name in ("digits/cpu", "words/gpu", "digits/gpu", "superres/gpu"):
    for card in CARDS:
        ratio = {}
        for guess in product(SHORTEST, LAUNCHES, PARTS):
            least, launch, part = guess
            launching, working = limits(name, card, launch, part, least)
            ratio[guess] = launching / working
        row = "".join(f"{ratio[least, launch, SHARE]:>6.1f}" for least, launch in product(SHORTEST, LAUNCHES))
        bound = sum(each > 1 for each in ratio.values())
        print(f"{name + ', ' + card:>25}{row}   launch-bound in {bound:>2} of {len(ratio)} cases")

# %% [markdown]
# The last column counts all 27 combinations of the three guesses. superres waits for launches in none of them. digits/gpu on an H100 lies on the border: if the shortest kernel takes 2 µs, a graph brings nothing at 8 µs a launch and nearly doubles the speed at 20. Only a measurement can tell.
#
# For the small GAN on an A100 or an H100, the shortest kernel decides, as nearly all of its kernels are that short. At 2 and at 4 µs the GAN waits at each of our launch times. If the shortest kernel takes as long as a launch, a graph brings nothing.
#
# *Claimed: by this count, with kernels as short as 2 µs, the mean step of digits/cpu is launch-bound on an A100 (the launches take more than twice as long as all kernels together), and that of digits/gpu is not.*

# %% tags=["claim"]
for size, launch_bound in (("cpu", True), ("gpu", False)):
    launching, working = limits(f"digits/{size}", "A100")
    print(f"digits/{size}: launching takes {launching / working:.1f} times as long as working (predicted)")
    assert launching > 2 * working if launch_bound else launching < working


# %% [markdown]
# What to try, in order (last column: the name in the record below):
#
# | change | what it does | where | name |
# |---|---|---|---|
# | larger batch, wider networks | more work per launch | your settings; section 4 | |
# | populations (chapter 06) | many small GANs in one launch | `populations.population` | |
# | no `.item()`, no `print` a step | the queue never runs empty | the book's loop reads losses every 50 steps | losses read rarely |
# | **fused** optimiser | one kernel for all weights | `Adam(fused=True)` | fused Adam |
# | the average's weights moved together | a few kernels instead of one a weight | `torch._foreach_lerp_` | foreach average |
# | no gradients for D's weights in G's turn | leaves out what nobody reads | the book's loop | G's gradients alone |
# | one pass of D over real *and* fake | at most half of the launches of D's own passes | `gan.one_pass`, where D scores each sample by itself | one D pass |
# | a layout, or a type, that suits the chip | the same operations, quicker | chapter 09; section 3 | channels_last, bfloat16, TF32 |
# | `torch.compile` | fuses consecutive operations into fewer kernels | after seconds or minutes of compiling | torch.compile |
# | **CUDA graph** | the step is recorded once, and then launched as a whole | fixed shapes, nothing on the host | CUDA graph |
#
# **On your own card**, paste these lines (they have not been run on a GPU for this book). They time each change off and on in turn, after a warm-up. A graph should help the small GAN most:
#
# ```sh
# gan-lessons bench digits --size cpu --device cuda --json small.json
# gan-lessons bench digits --size gpu --device cuda --json large.json
# gan-lessons describe digits --plan --size cpu
# ```
#
# The third line predicts samples a second for five cards, with a graph and without. Compare what you measured: under `CUDA graph` in `small.json`, 32 / (`off_ms` / 1000) are your samples a second without the graph, and 32 / (`on_ms` / 1000) with it. Without a card, run only the first line, with `cpu` for `cuda`.
#
# To train with what has helped, add it to the run: `gan-lessons train digits --size cpu --device cuda --step graph`, or `--step compile`.
#
# **On a processor.** This chapter's records come from two kinds of processor. **Machine A** has AVX-512 and computes in bfloat16. **Machine B** has only AVX2, computes in float32, and takes about three times as long for the same step.
#
# Here are the changes on A (a dated record: `PYTHONPATH=. python chapters/results/scaling.py tables`). Times are CPU time; the load of other programs was not noted. "Penalty in float32" belongs to section 3.

# %% tags=["long"]
def made(record):
    return f"{record['date']}, machine {'A' if 'AVX512' in record['machine'] else 'B'} ({record['machine']})"


stored = json.loads(Path("results/scaling.json").read_text("utf-8"))
for table in stored["tables"].values():
    print(f"{table['recipe'].partition('@')[0]}, {made(table)}:")
    print(f"  times faster, median of {table['rounds']} rounds, with quartiles")
    for measure, found in table["measures"].items():
        low, high = found.get("quartiles", (0, 0))
        ratio = found.get("missing") or f"{found['ratio']:.2f} ({low:.2f} to {high:.2f})"
        print(f"  {measure:<24}{ratio}")

# %% [markdown]
# Here the gains are modest. torch.compile brings a tenth on the digits and a fifth on the ring; bfloat16 a fifth on the digits; fused Adam a tenth on the ring. The others bring a few hundredths at most. Where the quartiles straddle 1, this record shows no gain. Something, perhaps another program, disturbed the comparison of fused Adam on the digits.
#
# On a GPU the order may be quite different. A processor has no queue that could run empty, so whatever saves launches shows less here.
#
# **Your turn.** Predict first: at which launch time does the small GAN stop waiting, on a T4 and on an A100? Then try other values of `launch`.
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
# It stops once a launch takes less time than the mean kernel: at about 4 µs on the T4, and at about 2 on the A100. With launches of 8 µs the T4 is busy half of the time, the A100 a quarter.
# </details>
#
# ## 2 · A profile, read as a picture
#
# A count is a prediction. A **profile** is a measurement: torch's profiler notes when each operation began and ended.
#
# This is one step of `digits/cpu` with its penalty, on one thread of machine A, under bfloat16 autocast (a dated record, the shortest of five traces). On your own machine: `timelines.profiled(recipes.find("digits", "cpu"))`.

# %% alt="A timeline of one training step on a processor, cut into three rows of equal time. Magenta bands, the backward passes, are the longest; green and orange forward passes and the penalty's indigo bands come next; data, optimiser and average are slivers. Every operation of at least a third of a millisecond bears its name: most of them are convolutions and their backward passes." tags=["long", "hide-input"]
record = json.loads(Path("results/step_profile.json").read_text("utf-8"))
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
axes.set_title("Backward passes (magenta) take the most of this step", pad=24)
plt.show()
print(f"{made(record)}: {end / 1000:.0f} ms, {len(spans)} entries")
print(", ".join(f"{part} {share:.0%}" for part, share in sorted(shares.items(), key=lambda one: -one[1])))
totals = Counter()
for span in spans:
    totals[span.part, span.name] += span.length / end
print("\nThe operations that take most, all calls together:")
for (part, name), share in totals.most_common(7):
    print(f"{share:6.1%}  {part}: {name}")

# %% [markdown]
# How to read it:
#
# - **The widest band first.** Here it is *backward*, and in it the convolutions. D's turn has most of it, since it includes the penalty's double backward (*conv double* in the figure). The optimiser takes only a few hundredths: leave it alone.
# - **Steps with a penalty cost most.** Three steps in four have none: they lack the indigo bands and a good part of the magenta.
# - **Gaps are overhead.** The shares above leave about a fifth: Python and PyTorch between operations, and some work of the profiler.
# - **Wide bands named `copy_`, `contiguous` or `to`** move data about: the layout does not fit (channels_last), or types are converted back and forth, as by autocast here (the wide `to` of the second row).
#
# How close does the count come? We predict a step with its penalty from machine A's own peak, bandwidth and launch time, as `timelines.measured()` found them in float32:

# %% tags=["long"]
roof = timelines.Roof(**record["roof"])
host, device = timelines.predicted(asked["cpu"], roof.flops, roof.bandwidth, 0, least=roof.launch)
guess = device[-1].start + device[-1].length
print(f"{roof.flops / 1e9:.0f} GFLOP/s, {roof.bandwidth / 1e9:.0f} GB/s, {roof.launch:.1f} µs an operation")
print(f"predicted in float32: {guess / 1000:.0f} ms; profiled under autocast: {end / 1000:.0f} ms")

# %% [markdown]
# The count comes within a factor of two, but these are not the same step. The count is in float32; the profiled step took its products in bfloat16, converted types, and paid for the profiler.
#
# Section 1's record allows a fairer comparison, in float32 and without a profiler. There the mean step takes 27 ms (`off_ms` of `bfloat16` in `results/scaling.json`), under a load that was not noted. The roof above predicts 12 ms for it, so this processor reached roughly half of its roof. For a GPU, the half of section 1 remains a guess.

# %% [markdown]
# ## 3 · Half the bits, and where they break a penalty
#
# **Mixed precision** (chapter 09) computes products and convolutions in **bfloat16**: the range of float32, 8 bits of precision instead of 24. It halves the bytes and, on cards with tensor cores, doubles the peak or more. Eight bits mean that between 1 and 2 there are 128 numbers, and between 256 and 512 only the even ones:

# %%
one = torch.tensor(1.0, dtype=torch.bfloat16)
print([float(number) for number in (one + 1 / 128, one + 1 / 300, 256 * one + 1, 256 * one + 3)])

# %% [markdown]
# A small number that is added to a large one is lost. An exponential moving average with a decay of .999 adds a thousandth of what is missing:

# %% alt="Two curves of an exponential moving average that follows the constant 1 from 0: the one in float32 rises smoothly to nearly 1; the one in bfloat16 stops at a quarter and stays there." tags=["hide-input"]
averages = {torch.float32: torch.zeros(()), torch.bfloat16: torch.zeros((), dtype=torch.bfloat16)}
paths = {kind: [] for kind in averages}
for _ in range(5000):
    for kind, average in averages.items():
        average.lerp_(torch.ones_like(average), 0.001)
        paths[kind].append(float(average))
figure, axes = plt.subplots(figsize=(7.2, 2.2))
for kind, color in ((torch.float32, style.REFERENCE), (torch.bfloat16, style.AVERAGE)):
    axes.plot(paths[kind], color=color)
    name = str(kind).removeprefix("torch.")
    axes.annotate(name, (5000, paths[kind][-1]), xytext=(4, 0), textcoords="offset points", color=color, va="center")
axes.set(xlim=(0, 5000), ylim=(0, 1.05), xlabel="step", ylabel="average of 1, 1, 1, …")
axes.set_title("In bfloat16 the average stops: its steps are rounded to nothing")
plt.show()

# %% [markdown]
# So weights, optimiser and averages stay in float32: **autocast** converts copies for the products and leaves the rest.
#
# Penalties measure how scores *change*. Chapter 09's takes exact gradients, by autograd. Its cheap relative, `penalties.nudge` (Lin et al. 2025), takes D's scores at $x$ and at $x + \epsilon v$ and divides their difference by $\epsilon$. We train one D for 60 steps, and compare both with the truth from float64. Slopes are taken along one random direction a picture.

# %%
recipe = replace(recipes.find("digits", "cpu"), steps=60)
trained = recipe.build(seed=0)
for _ in recipe.train(trained, recipe.data()):
    pass
real = recipe.data()[:64].double()
exactly = trained.discriminator.double().eval()
v = torch.randn(real.shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
true_slope = (exactly(real + 1e-5 * v) - exactly(real - 1e-5 * v)).detach() / 2e-5  # [64], along v
true_r1 = penalties.squared_slope(exactly, real).detach()  # [64]


def off(found, truth):
    return float((found.double() - truth).square().mean().sqrt() / truth.square().mean().sqrt())


lengths = [10 ** (-power / 4) for power in range(17)]  # ε from 1 to 1e-4
errors, of_r1, of_gradient = {}, {}, {}
for name, bits, mixed in (
    ("float64", torch.float64, False),
    ("float32", torch.float32, False),
    ("autocast to bfloat16", torch.float32, True),
):
    network, x, direction = exactly.to(bits), real.to(bits), v.to(bits)
    with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
        moved = [(network(x + length * direction) - network(x)).detach().double() for length in lengths]
        errors[name] = [off(rise / length, true_slope) for rise, length in zip(moved, lengths, strict=True)]
        of_r1[name] = off(penalties.squared_slope(network, x).detach(), true_r1)
        _, along = torch.func.jvp(network, (x.detach(),), (direction,))  # forward-mode: all pictures move at once
    of_gradient[name] = off(along.detach(), true_slope)

# %% alt="A log-log diagram of the error of a finite-difference slope over the length of the step. In float64, a wide grey line, it falls steadily as the step shrinks. In float32 it falls with it and then rises at the shortest steps. Under autocast to bfloat16 it falls to about a half near the book's own length, a tenth, which a dotted line marks, and then rises past a horizontal line at 1, the error of a slope of 0. A dashed line far below marks the error of the same slope by autograd under autocast." tags=["hide-input"]
figure, axes = plt.subplots(figsize=(7.2, 3.2))
colors = dict(zip(errors, (style.REFERENCE, style.CATEGORIES[5], style.AVERAGE), strict=True))
for (name, values), width in zip(errors.items(), (5, 2, 2), strict=True):  # float64 shows behind float32
    axes.plot(lengths, values, color=colors[name], marker="o", ms=3, lw=width)
    axes.annotate(name, (lengths[-1], values[-1]), xytext=(5, 0), textcoords="offset points", color=colors[name],
                  va="center")  # fmt: skip
by_autograd = of_gradient["autocast to bfloat16"]
axes.axhline(by_autograd, color=style.AVERAGE, ls="--", lw=1)
axes.annotate("the same slope by autograd, under autocast", (0.9, by_autograd), xytext=(0, -12),
              textcoords="offset points", color=style.AVERAGE, fontsize=9)  # fmt: skip
axes.axhline(1, color=style.REFERENCE, lw=0.8, ls=":")
axes.annotate("error of a slope of 0", (1e-4, 1), xytext=(5, 0), textcoords="offset points", fontsize=9, va="center",
              color=style.REFERENCE)  # fmt: skip
axes.axvline(0.1, color=style.REFERENCE, lw=0.8, ls=":")
axes.annotate("the book's ε", (0.1, 60), xytext=(4, 0), textcoords="offset points", fontsize=9, color=style.REFERENCE)
axes.set(xscale="log", yscale="log", xlim=(1, 1e-4), xlabel="length of the step, ε", ylabel="relative error")
axes.set_title("Short steps drown in bfloat16's rounding; autograd's slope does not")
plt.show()

# %% [markdown]
# The finite-difference step gets shorter from left to right. In exact numbers that makes the slope better, as a long step misses how D bends between its ends.
#
# Under autocast, two scores that differ by less than bfloat16's last digit come out *equal*, or a whole digit apart. From a step of about .03 down, the error is at least as large as the slope itself, and a penalty would punish D for rounding. At .1, the book's own length, the error is about twice that of float64.
#
# Autograd subtracts no scores, so it loses only precision: the dashed line is the same slope by autograd (`torch.func.jvp`), under the same autocast.
#
# *Claimed: at ε = .01 the slope under autocast is off by more than 100 %, in float32 by less than 20 %; R1 by autograd under autocast is off by less than 10 %.*

# %% tags=["claim"]
tenth, near = (min(range(len(lengths)), key=lambda place: abs(lengths[place] - wanted)) for wanted in (0.1, 0.01))
for name, values in errors.items():
    print(f"{name:>21}: slope by ε = .1 off by {values[tenth]:.0%}, of .01 by {values[near]:.1%}; "
          f"by autograd {of_gradient[name]:.2%}, R1 {of_r1[name]:.2%}")  # fmt: skip
assert errors["autocast to bfloat16"][near] > 1 and errors["float32"][near] < 0.2
assert of_r1["autocast to bfloat16"] < 0.1

# %% [markdown]
# The rule: **products and convolutions in bfloat16; weights, optimiser, averages and losses in float32, and both passes of D in float32 wherever two scores are subtracted to get a slope.**
#
# float16 has more precision and far less range: gradients below 6 · 10⁻⁸ become 0. So it needs *loss scaling* (Micikevicius et al. 2018), which is delicate with gradients of gradients in the loss. On a T4, which has no bfloat16, float32 is the safe choice.
#
# On CUDA the book's code computes D's scores for *every* penalty in float32 (`gan.exactly`). For R1 and R2 by autograd this is a precaution, for which the test above gives no reason. On a processor it costs about 3 % of the speed ("penalty in float32" in section 1's record).

# %% [markdown]
# ## 4 · When a bigger batch stops helping
#
# A bigger batch is the simplest way to keep a GPU busy, and further cards call for one. Two questions decide how big: how many samples a second does the hardware compute, and how far does each sample bring the training?
#
# First the hardware. On one core of machine B we measured `digits/cpu` at growing batches (a dated record, in CPU time: `PYTHONPATH=. python chapters/results/scaling.py batches`). For the cards we predict, as in section 1.
#
# A rent turns samples a second into euros for a picture. Our rents are round numbers: look yours up.

# %%
RENT = {"a core": 0.04, "T4": 0.40, "A100": 1.80, "H100": 3.00}  # euros an hour: round numbers
small, sizes = steps_of["digits/cpu"], [2**power for power in range(3, 13)]
rates = {"a core": {int(batch): found[1] for batch, found in stored["batches"]["samples_per_second"].items()}}
filled = {}  # the first batch that takes longer to compute than to launch
for name, card in CARDS.items():
    times = {batch: small.microseconds(batch, card, LAUNCH, SHARE) for batch in sizes}
    rates[name] = {batch: batch / max(pair) * 1e6 for batch, pair in times.items()}
    filled[name] = next(batch for batch, (launching, working) in times.items() if working > launching)
print("samples a second, and € for a million samples:")
for name, found in rates.items():
    each = (f"batch {batch:,}: {found[batch]:,.0f}, {RENT[name] / found[batch] / 3.6e-3:.4f} €"
            for batch in (64, 256, 512, 4096) if batch in found)  # fmt: skip
    print(f"{name:>7} ({'measured' if name == 'a core' else 'predicted'})  " + "; ".join(each))
for batch in (64, 512, 4096):
    euros = {name: RENT[name] / found[batch] for name, found in rates.items() if batch in found}
    print(f"cheapest at a batch of {batch:,}: {min(euros, key=euros.get)}")

# %% alt="Two panels over the batch, log-log. Left, samples a second: a measured line with squares for one core, which rises about threefold up to a batch of 64 and is then nearly level; predicted lines for a T4, an A100 and an H100, of growing width, which lie on each other and rise in proportion to the batch, until each card is filled, which a dot marks: the T4 at 128, the others at 1,024 and 2,048. Right, euros for a million samples: the cards' lines fall with the batch and level off; the T4's is the lowest for small batches, the A100's and H100's for the largest; the core's falls to about a third." tags=["long", "hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.4), layout="constrained")
shades, widths = {"a core": style.REFERENCE, **SHADES}, {"a core": 1.5, "T4": 1.2, "A100": 2.8, "H100": 5}
for name, found in reversed(rates.items()):  # the widest first: lines that lie on each other are all seen
    euros = [RENT[name] / rate / 3.6e-3 for rate in found.values()]  # for a million
    for axes, values in ((left, list(found.values())), (right, euros)):
        marker = "s" if name == "a core" else None
        axes.plot(list(found), values, color=shades[name], lw=widths[name], marker=marker, ms=4)
        if name in filled:
            axes.plot(filled[name], values[sizes.index(filled[name])], "o", color=shades[name], ms=6)
        aside = {"H100": 5, "A100": -6}.get(name, 3 if axes is right else 0)  # their lines end close together
        label = "a core (B,\nmeasured)" if name == "a core" else name
        axes.annotate(label, (max(found), values[-1]), xytext=(5, aside), textcoords="offset points",
                      color=shades[name], fontsize=9, va="center", annotation_clip=False)  # fmt: skip
low, middle, high = zip(*stored["batches"]["samples_per_second"].values(), strict=True)
left.vlines(list(rates["a core"]), low, high, color=shades["a core"], lw=4, alpha=0.5)
for axes in (left, right):
    axes.set(xscale="log", yscale="log", xlabel="batch", xlim=(7, 20_000))
    axes.minorticks_off()
    axes.set_xticks([8, 64, 512, 4096], ["8", "64", "512", "4,096"])
right.set_ylim(4e-4, 0.4)
left.annotate("all cards", (128, rates["T4"][128]), xytext=(-12, 4), textcoords="offset points", ha="right", fontsize=9)
left.set(title="Cards speed up until filled (dot)", ylabel="samples a second (cards: predicted)")
right.set(title="Cost at our assumed rents", ylabel="€ for a million samples")
plt.show()
print(f"a core: measured, {made(stored['batches'])}, grey bars: lowest and highest of three; the cards: predicted")

# %% [markdown]
# Where a card's line rises, it is launch-bound: a larger batch costs no time, all three cards are equally fast, and the lowest rent wins. Where the line levels off, the card is filled, and the time of a step grows with the batch.
#
# So which card is cheapest depends on the batch. At our rents it is the T4 at 64 and at 512, and the A100 at 4,096, with the H100 close behind.
#
# The core, too, spends a fixed time on each step. Its line rises while that is a large part, and is nearly level from a batch of 64 on. The bars show how far the rounds differ; other programs ran at the same time.
#
# *Claimed: from a batch of 8 to one of 64, an A100's samples a second grow eightfold (predicted, within 1 %), those of the core less than fourfold (measured, medians of three rounds).*

# %% tags=["claim"]
a100, core = (rates[name][64] / rates[name][8] for name in ("A100", "a core"))
print(f"64 against 8: {a100:.2f} times the samples a second on an A100, {core:.2f} times on a core")
assert abs(a100 / 8 - 1) < 0.01 and core < 4

# %% [markdown]
# Now the training. Does a step on a batch of 256 get sixteen times as far as one on 16? We train four GANs for each of four batches on chapter 06's ring, all with the same learning rate and decay of the average. We note when the averaged generator first puts a tenth of its samples within three standard deviations of an island.
#
# That is a low bar: points spread evenly over the circle through the islands come near it, as the cell's first line prints. So the bar asks for a thin circle and little more, not for separate islands.

# %%
mixture, scale = points.ring(), 2**0.5
data = mixture.sample(20_000, seed=1) / scale
SWEEP = {16: 3000, 64: 1500, 256: 1000, 1024: 800}  # steps at most
reached, pictures = {}, {}
turns = torch.linspace(0, 2 * math.pi, 10_000)
circle = mode_scores(2 * torch.stack([turns.cos(), turns.sin()], -1), mixture)
print(f"a uniform circle: {circle.high_quality:.1%} near an island, and all {circle.modes} islands reached")


def players():
    return PointGenerator(2, 2, 64, 2), Packed(PointDiscriminator(4, 64, 2), 2)


adam = partial(torch.optim.Adam, lr=2e-3, betas=(0.5, 0.99), fused=True)
for batch, most in SWEEP.items():
    gans = populations.population(players, range(4), noise_dim=2, optimizer=adam, average_decay=0.99)
    steps_to, islands = torch.full((4,), math.inf), torch.zeros(4, dtype=torch.long)
    for record in train(gans, data, losses.relativistic, steps=most, batch=batch):
        if record.step % 20 == 0:
            fake = gans.sample(1000) * scale
            scores = mode_scores(fake, mixture)
            first = (scores.high_quality >= 0.1) & steps_to.isinf()
            steps_to[first], islands[first] = record.step, scores.modes[first]
            if record.step == 400:
                pictures[batch] = fake[0]
            if steps_to.isfinite().all() and record.step >= 400:
                break
    reached[batch] = steps_to
    samples = steps_to.quantile(0.5) * batch
    print(f"batch {batch:5}: {[int(steps) for steps in steps_to.sort().values]} steps, median {samples:,.0f} samples; "
          f"islands reached then: {islands.sort().values.tolist()}")  # fmt: skip

# %% alt="Two panels over the batch, log-log. Left: the steps to the bar fall with the batch, at first about half as steeply as the dashed line of perfect scaling, and then hardly any more. Right: the samples that were needed rise." tags=["hide-input"]
batches = list(reached)
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 2.9))
medians = torch.stack([steps_to.quantile(0.5) for steps_to in reached.values()])
for axes, factor in ((left, torch.ones(len(batches))), (right, torch.tensor(batches))):
    for place, (batch, steps_to) in enumerate(reached.items()):
        axes.plot([batch] * 4, steps_to * factor[place], "o", color=style.FAKE, alpha=0.4, mew=0)
    axes.plot(batches, medians * factor, color=style.FAKE)
    perfect = medians[0] * batches[0] / torch.tensor(batches) * factor
    axes.plot(batches, perfect, color=style.REFERENCE, ls="--", lw=1)
    where = {"xytext": (0, 4), "ha": "center"} if axes is right else {"xytext": (-10, -8), "ha": "right"}
    axes.annotate("perfect scaling", (batches[2], float(perfect[2])), textcoords="offset points",
                  color=style.REFERENCE, fontsize=9, **where)  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="batch")
    axes.minorticks_off()
    axes.set_xticks(batches, [f"{batch:,}" for batch in batches])
left.set_yticks((50, 100, 200, 500, 1000, 2000), ("50", "100", "200", "500", "1,000", "2,000"))
right.set_yticks((30_000, 100_000, 300_000, 1_000_000), ("30,000", "100,000", "300,000", "1,000,000"))
left.set(title="Larger batches save ever fewer steps", ylabel="steps")
right.set(title="… and need ever more samples", ylabel="samples")
plt.show()

# %% alt="Four squares with the samples of one GAN after 400 steps, at batches of 16, 64, 256 and 1,024, over the eight blue islands. With 16 the orange points are widely scattered; with larger batches they lie on an ever thinner circle through the islands, without gathering in them." tags=["hide-input"]
figure, every = plt.subplots(1, 4, figsize=(7.2, 2.1))
for axes, (batch, fake) in zip(every, pictures.items(), strict=True):
    draw_points(axes, mixture.sample(400), fake[:400], limit=3.5)
    axes.set_title(f"batch {batch:,}", loc="center")
    axes.set_axis_off()
figure.suptitle("After 400 steps, larger batches lie on thinner circles (one seed)")
plt.show()

# %% [markdown]
# *Claimed: a batch of 1,024 needs fewer steps than one of 16, by a factor of at least 1.5, and more samples, by a factor of at least 4 (medians of four seeds).*

# %% tags=["claim"]
fewer = float(medians[0] / medians[-1])
more = batches[-1] / batches[0] / fewer
print(f"1,024 against 16: {fewer:.1f} times fewer steps, {more:.0f} times more samples")
assert fewer > 1.5 and more > 4

# %% [markdown]
# The steps fall, but less than in proportion, already from 16 to 64. From 256 to 1,024 they hardly fall, and the seeds overlap. The pictures show a thinner circle, not yet islands.
#
# All of this holds at *this* learning rate and average. A larger batch often tolerates a larger rate (Goyal et al. 2017). The average lags by about a hundred steps, which weighs most where the runs are shortest. We have not separated either from the falling noise of the gradient.
#
# McCandlish et al. (2018) call the batch beyond which more samples save few steps the **critical batch size**, and estimate it from the gradient's variance. Shallue et al. (2019) tuned the rate anew for each batch, and saw for many networks how the saving ends.
#
# BigGAN (Brock et al. 2019) gained much from a batch of 2,048, on ImageNet. Its authors conjecture that a larger batch covers more modes, which our bar cannot test.
#
# Which batch is best, then? Take the one for which *steps × time of a step* is least. We multiply the medians above by the time of this GAN's step, predicted as in section 1.
#
# For a core we take half of machine A's roof from section 2, and *add* the launches, as Python and the kernels take turns on it. (The earlier figure's core is machine B, measured.)

# %% alt="Two panels over the batch, log-log. Left, seconds to the bar, predicted: on the cards, whose lines lie on each other, they fall with every larger batch; on a core they fall at first, are lowest at 256, not far below 64, and rise again, and lie above the cards' throughout. Right, euros for a thousand such trainings: the core is the cheapest at every batch, then the T4, the A100 and the H100." tags=["long", "hide-input"]
one = replace(recipes.find("ring", "plain"), members=1, pack=2, loss="relativistic", average_decay=0.99)
known = {**CARDS, "a core": plans.Card(roof.flops, roof.bandwidth, watts=0)}
counted = {batch: plans.plan(replace(one, batch=batch), data) for batch in batches}
launching = LAUNCH * 1e-6 * len(counted[16].kernels) / counted[16].counted  # seconds a step, at every batch
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3), layout="constrained")
for name, card in reversed(known.items()):
    on_core = name == "a core"  # machine A, predicted; launches come on top of the work
    step = {batch: plan.seconds(card, graph=on_core) + on_core * launching for batch, plan in counted.items()}
    seconds = [float(median) * step[batch] for batch, median in zip(batches, medians, strict=True)]
    euros = [each / 3.6 * RENT[name] for each in seconds]  # for a thousand
    for axes, values in ((left, seconds), (right, euros)):
        axes.plot(batches, values, "s-" if on_core else "-", color=shades[name], lw=widths[name], ms=4)
        text = "a core (A)" if on_core else "all cards" if axes is left else name
        if axes is right or name in ("T4", "a core"):
            axes.annotate(text, (batches[-1], values[-1]), xytext=(6, 0), textcoords="offset points", fontsize=9,
                          color=style.REFERENCE if text == "all cards" else shades[name], va="center")  # fmt: skip
    pairs = zip(batches, seconds, strict=True)
    print(f"{name:>7}: " + "; ".join(f"batch {batch:,} {each:.2f} s" for batch, each in pairs))
for axes in (left, right):
    axes.set(xscale="log", yscale="log", xlabel="batch", xlim=(12, 5000))
    axes.minorticks_off()
    axes.set_xticks(batches, [f"{batch:,}" for batch in batches])
left.set_yticks((0.5, 1, 2), ("0.5", "1", "2"))
right.set_yticks((0.01, 0.1, 1), ("0.01", "0.1", "1"))
left.set(title="Predicted time to the bar", ylabel="seconds")
right.set(title="Cost of 1,000 trainings, assumed rents", ylabel="€")
plt.show()

# %% [markdown]
# Until the card is filled, a larger batch takes no longer a step, by prediction. So there is little reason to stay below that batch, if memory and data (chapter 12) allow. Beyond it, go on only while the steps still fall nearly in proportion.
#
# This tiny GAN fills none of the cards even at 1,024. On a core, 16 and 1,024 take about twice as long as 64 and 256, which differ by less than their seeds do. The core is slower than the cards, yet cheapest at every batch.
#
# Trust the shape of these curves, not their heights: they rest on a low bar, four seeds, one learning rate, predicted times and assumed rents.
#
# **Your turn.** Predict: does a learning rate of .004 help the batch of 1,024? Change `lr` for it, and look at all four seeds.
#
# <details><summary>Solution</summary>
#
# ```python
# adam = partial(torch.optim.Adam, lr=4e-3, betas=(0.5, 0.99), fused=True)
# SWEEP = {1024: 800}
# ```
#
# Run the cell above with these two lines in place of its own. Four seeds can only show a large effect: if the medians are within the spread of the dots, say so.
# </details>
#
# ## 5 · Many processes, one training
#
# With several GPUs, each gets a process of its own (its **rank**), a copy of both players, and a slice of every batch. This is **data parallelism**. Before an optimiser steps, each rank replaces its gradient by the mean over all ranks (an **all-reduce**), so all copies take the same step and stay equal.

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
# When is this *the same training* as in one process? The mean over equal slices is the mean over the batch. So for every loss and penalty that is a mean over samples, the averaged gradient is the gradient.
#
# What looks *across* samples is another matter. One process is enough to see it: we compare a batch with its two halves.

# %%
from gan_lessons.networks.images import ImageDiscriminator

x, fake = recipe.data()[:32].double(), trained.sample(32).double()
plain = ImageDiscriminator(width=8).double()  # looks at groups of 8
alone = nn.Sequential(nn.Conv2d(1, 8, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 13**2, 1), nn.Flatten(0)).double()
normed = nn.Sequential(nn.Conv2d(1, 8, 4, 2), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 13**2, 1),
                       nn.Flatten(0)).double()  # fmt: skip


def in_pairs(network, x, fake):
    return losses.relativistic(network(x), network(fake)).discriminator


def against_all(network, x, fake):  # each real against the mean fake of the whole batch, and the other way round
    real_scores, fake_scores = network(x), network(fake)
    behind = fake_scores.mean() - real_scores, fake_scores - real_scores.mean()
    return sum(nn.functional.softplus(one).mean() for one in behind)


def gradient(network, objective, x, fake):
    slopes = torch.autograd.grad(objective(network, x, fake), list(network.parameters()), materialize_grads=True)
    return torch.cat([slope.flatten() for slope in slopes])


gaps = {}
for name, network, objective, slices in (
    ("pairs (relativistic loss)", alone, in_pairs, 2),
    ("R1 and R2", alone, penalties.r1_and_r2, 2),
    ("groups of 8, slices of 16", plain, in_pairs, 2),
    ("WGAN's gradient penalty", plain, penalties.gradient_penalty, 2),
    ("relativistic average", plain, against_all, 2),
    ("BatchNorm in D", normed, in_pairs, 2),
):
    whole = gradient(network, objective, x, fake)
    parts = zip(x.chunk(slices), fake.chunk(slices), strict=True)
    mean = sum(gradient(network, objective, *part) for part in parts) / slices
    gaps[name] = float((mean - whole).norm() / whole.norm())
    print(f"{name:>28}: {gaps[name]:.1e}")

# %% [markdown]
# *Claimed: for the losses in pairs, R1 and R2, and groups that lie within a slice, the two gradients agree to 10⁻⁹; for WGAN's gradient penalty, the relativistic average loss and BatchNorm, they differ by more than 10⁻⁵.*
#
# WGAN's gradient penalty differs most, because each half interpolates nearly every pair at another place. This is another draw of the same penalty, not a wrong one.

# %% tags=["claim"]
exact = ("pairs (relativistic loss)", "R1 and R2", "groups of 8, slices of 16")
assert all(gaps[name] < 1e-9 for name in exact)
assert all(gap > 1e-5 for name, gap in gaps.items() if name not in exact)

# %% [markdown]
# | statistic | taken over | so in many processes |
# |---|---|---|
# | losses in pairs, R1, R2 | samples, pairs | the same |
# | minibatch standard deviation, packing (groups of 8) | neighbours in the batch | the same, while a slice holds whole groups |
# | BatchNorm in G | all ranks (as with `nn.SyncBatchNorm` on GPUs) | the same |
# | BatchNorm in D | the slice of a rank | as if with smaller batches |
# | interpolation weights of `gradient_penalty` | the slice, over which they are spread evenly | another draw of the same |
# | augmentation, dropout | each rank's own random numbers | another draw of the same |
# | EMA, samples, scores, checkpoints | rank 0 | written once |
#
# The book's command does all of this. Every rank draws indices and noise of the *whole* batch from the run's seed, takes its slice, and averages gradients. So the batch in the recipe is the global batch. The book does without PyTorch's DistributedDataParallel (Li et al. 2020), which averages within one `backward` through its own `forward`, while penalties call `torch.autograd.grad`.
#
# What does a second process bring at the same global batch (*strong scaling*)? Here one process and two trained `digits/cpu` on the two processors of machine B (a dated record: `PYTHONPATH=. python chapters/results/scaling.py processes`). **The record is disturbed**: other programs kept both processors more than busy, so our processes also waited for their turn.
#
# Even without any exchange, two fall short of twice the speed where half a batch is computed less efficiently than a whole one. Section 4's record gives a rough estimate of this ceiling: twice the rate at half the batch, divided by the rate at the whole. It comes from CPU time, while the record below counts wall-clock time; so read the "at most" below as "about".

# %% alt="Two panels over the global batch, of a record on processors. Left, samples a second: dots for one process in grey and for two in purple; a dotted line at twice the rate of one, and a dashed one below it, the estimated ceiling of two that each compute half a batch. Two lie below one at batches of 16 and 64 and above it at 256, and below the ceiling everywhere. Right, bars: the part of two processes' step in which they exchange or wait for each other, which falls with the batch." tags=["long", "hide-input"]
found, core_rates = stored["processes"], rates["a core"]
one, two = (found["samples_per_second"][count] for count in ("1", "2"))
# how many times as fast as one without any exchange
halves = {batch: 2 * core_rates[int(batch) // 2] / core_rates[int(batch)] for batch in one}
spots = range(len(one))
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3), layout="constrained")
middles = {name: [middle for _, middle, _ in part.values()] for name, part in (("one process", one), ("two", two))}
middles["two half batches"] = [halves[batch] * middle for batch, (_, middle, _) in one.items()]
middles["twice one"] = [2 * middle for _, middle, _ in one.values()]
for (name, values), look in zip(middles.items(), ("o-", "o-", "--", ":"), strict=True):
    color = style.AVERAGE if name == "two" else style.REFERENCE
    left.plot(spots, values, look, color=color)
    aside = {"two half batches": -8, "twice one": 8}.get(name, 0)
    left.annotate(name, (spots[-1], values[-1]), xytext=(9, aside), textcoords="offset points", color=color,
                  va="center", fontsize=9)  # fmt: skip
for part, color in ((one, style.REFERENCE), (two, style.AVERAGE)):
    left.errorbar(spots, middles["one process" if part is one else "two"], fmt="none", ecolor=color, capsize=6,
                  yerr=[[mid - bottom for bottom, mid, _ in part.values()],
                        [top - mid for _, mid, top in part.values()]])  # fmt: skip
low, middle, high = zip(*found["exchange"].values(), strict=True)
right.bar(spots, middle, 0.5, color=style.AVERAGE)
right.vlines(spots, low, high, color="black")
left.set(title="Two beat one only at 256", ylabel="samples a second", ylim=(0, 1.1 * max(middles["twice one"])),
         xlim=(-0.3, 3.6))  # fmt: skip
right.set(title="Share of a step spent communicating", ylim=(0, 1))
right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
for axes in (left, right):
    axes.set_xticks(spots, list(one))
    axes.set_xlabel("global batch")
plt.show()
print(f"{made(found)}, {found['processors']} processors, other programs' load {found['load']}; lines and bars at the "
      "dots: lowest and highest of three")  # fmt: skip
for batch, (_, share, _) in found["exchange"].items():
    print(f"batch {batch:>3}: two are {two[batch][1] / one[batch][1]:.2f} times as fast as one, at most "
          f"{halves[batch]:.2f} times by half batches; exchange and waits take {share:.0%} of their step")  # fmt: skip
print(f"{found['exchanges_per_step']:.0f} exchanges a step")

# %% [markdown]
# At small batches two processes lose twice: half a batch is computed less efficiently, and the exchange is a large part of a step. Of the thirteen exchanges a step, two hold gradients and nine the statistics of G's BatchNorm layers (and their gradients). None grows with the batch, while computing does.
#
# Every rank also waits for the slowest, and with this load each wait is longer. This record cannot tell how much of the gap to the ceiling is due to the load.
#
# Each process needs enough of the batch. On eight cards, the batch of 256 of digits/gpu leaves 32 for each, and section 7's lab predicts that an A100 then waits for launches. So more cards need a larger global batch, and section 4 says how far that helps.
#
# ## 6 · Memory, and what to do when it runs out
#
# A step holds weights (4 bytes each in float32), their gradients (4), Adam's two averages (8), for G also the EMA (4), and what the forward pass keeps for the backward: the **activations**. Only these grow with the batch, and from a moderate batch size on they are the largest part.
#
# The code adds up what autograd keeps for two passes of D and one of G. No step holds all three at once: D's turn keeps its two passes, and G's turn one of G and one of D. A pass of either keeps about the same here, so each turn holds two thirds of the sum.

# %%
generator, discriminator = recipes.find("digits", "gpu").players()
learnt = {"G": timelines.weights(generator), "D": timelines.weights(discriminator)}
fixed = 4 * (5 * learnt["G"] + 4 * learnt["D"])


def kept(network, inputs):
    """Bytes that autograd keeps for a network's backward pass, each once."""
    found = {}
    with saved_tensors_hooks(lambda one: found.setdefault(one.untyped_storage()._cdata, one), lambda one: one):
        network(inputs).sum()
    weights = {weight.untyped_storage()._cdata for weight in network.parameters()}
    return sum(one.untyped_storage().nbytes() for key, one in found.items() if key not in weights)


generator, discriminator = generator.to("meta"), discriminator.to("meta")
activations = {}
for batch in (32, 64, 128, 256, 512):
    images = torch.empty(batch, 1, 28, 28, device="meta")
    noise = torch.empty(batch, generator.layers[0].in_features, device="meta")
    activations[batch] = 2 * kept(discriminator, images) + kept(generator, noise)
    print(f"batch {batch}: {fixed / 1e6:.0f} MB fixed, {activations[batch] / 1e6:,.0f} MB of activations")

# %% [markdown]
# *Claimed: doubling the batch doubles the activations (within 2 %), and at 256 they are more than all that is fixed.* (So are two thirds of them.)

# %% tags=["claim"]
assert all(abs(activations[2 * batch] / activations[batch] - 2) < 0.04 for batch in (64, 128, 256))
assert activations[256] > fixed

# %% [markdown]
# A step with a penalty holds more at its peak: section 7's plan estimates 450 MB at 256, gradients included.
#
# When the card says `OutOfMemoryError`, try in this order:
#
# | try | saves | costs |
# |---|---|---|
# | close other notebooks: `nvidia-smi` shows who holds what | the memory that other processes hold | nothing |
# | bfloat16 for products | up to half of the activations | section 3 |
# | a smaller batch | in proportion | launches, BatchNorm, diversity in D's groups |
# | a smaller batch, **gradient accumulation** | the same | time; nothing else, if no layer looks across slices |
# | penalty on a part of the batch, or every few steps | the double backward | a noisier penalty |
# | **activation checkpointing** (Chen et al. 2016) | most of the activations | one more forward pass; it saves little under a penalty |
# | narrower layers at the highest resolution | most of all | quality |
# | averages and optimiser states of several ranks shared out (ZeRO, Rajbhandari et al. 2020) | part of what is fixed | traffic; hardly worth it for this book's GANs |
#
# Gradient accumulation is section 5 in one process: slices one after the other instead of side by side.
#
# *Claimed: four slices of 8 leave the gradient of a batch of 32 in `.grad`, to 10⁻⁹.*

# %% tags=["claim"]
whole = gradient(plain, in_pairs, x, fake)
plain.zero_grad()
for some_real, some_fake in zip(x.split(8), fake.split(8), strict=True):
    (in_pairs(plain, some_real, some_fake) / 4).backward()  # .grad adds up
accumulated = torch.cat([weight.grad.flatten() for weight in plain.parameters()])
print(f"relative difference: {float((accumulated - whole).norm() / whole.norm()):.1e}")
assert (accumulated - whole).norm() < 1e-9 * whole.norm()


# %% [markdown]
# ## 7 · The bill
#
# Hours are steps times the time of a step; the rest is multiplication. Write your assumptions beside the result. Here is the bill for ten million pictures, at each recipe's own batch. Our assumptions:
#
# - those of section 1 (half of each data sheet, 8 µs a launch, 2 µs for the shortest kernel), and the rents of section 4;
# - electricity costs .30 € a kWh and emits 300 g of CO₂;
# - the card always draws its highest power, and a cooled computer draws 1.4 times what the card alone does.

# %%
def bill(steps, microseconds, watts, rent, price=0.30, grams=300, overhead=1.4):
    hours = steps * microseconds / 3.6e9
    energy = hours * watts * overhead / 1000
    money = {"€ own": energy * price, "€ rented": hours * rent}
    return {"hours": hours, "kWh": energy, **money, "kg CO₂": energy * grams / 1000}


print(f"{'':>22}  hours    kWh  € own  € rented  kg CO₂   (predicted)")
for name in ("digits/cpu", "digits/gpu", "avatars/gpu", "superres/gpu"):
    for card, sheet in CARDS.items():
        costs = bill(10_000_000 / planned[name].batch, max(limits(name, card)), sheet.watts, RENT[card])
        print(f"{name + ', ' + card:>22} " + " ".join(f"{value:6.2f}" for value in costs.values()))

# %% [markdown]
# Where the training fills the cards, as in the last three blocks, the dearest card by the hour is the cheapest to rent for a training. Where it is launch-bound, as digits/cpu is, the hours are the same on all cards, and the lowest rent wins. For such a training, kWh, € own and CO₂ are too high, as a card that waits draws less than its highest power.
#
# This is the bill for one run. Multiply it by the runs that you expect, failed attempts and seeds included. Strubell et al. (2019) counted what all the attempts behind one paper come to.
#
# `gan-lessons describe RECIPE --plan` prints such a plan for any recipe and size, with the batch that fits into a card's memory. It covers all of the recipe's steps, here 12.8 million pictures:

# %% tags=["long"]
print("\n".join(plans.told(plans.plan(recipes.find("digits", "gpu")))))

# %% [markdown]
# This plan's kWh leave out the computer around the card.
#
# In the lab, choose a recipe, a card and a batch, and see what limits the step and what ten million samples cost. Begin with the batch.

# %% alt="A lab. Left, predicted samples a second over the batch for a T4, an A100 and an H100: the A100's line lies on the H100's wider one up to a batch of 64 and then bends away below it; the T4's is far below both. Right, bars of hours, of euros for rent and of euros for electricity for the three cards. A sentence says what limits the chosen card."
lab = BillLab(steps_of, recipe="digits/gpu")
lab

# %% [markdown]
# **Your turn.** Predict: for ten million pictures through `digits/gpu`, which is cheaper, a T4 under your desk or a rented H100? Then put your own electricity's price and grams into `bill`.
#
# <details><summary>Solution</summary>
#
# ```python
# for card, sheet in CARDS.items():
#     step = max(limits("digits/gpu", card))
#     print(card, bill(10_000_000 / 256, step, sheet.watts, RENT[card], price=0.15, grams=50))
# ```
#
# Your own T4 costs a cent or two of electricity, the rented H100 several times as much, though it is done in minutes. The price of the T4 is not in the bill. The T4 needs the most energy, because it works the longest.
# </details>
#
# ## Commands to paste
#
# On your own computer with two cards (untried here; with eight, write 8 for 2). The extra `scale` brings Accelerate:
#
# ```sh
# accelerate launch --multi_gpu --num_processes 2 -m gan_lessons train digits --size gpu --device cuda --out runs/digits
# ```
#
# Two processes on a processor, to try it without any card:
#
# ```sh
# OMP_NUM_THREADS=1 torchrun --nproc-per-node 2 -m gan_lessons train digits --size cpu --device cpu --out runs/two
# ```
#
# On **Kaggle** with its two T4s (untried here):
#
# ```
# %pip install "gan-lessons[lab,pictures,hub,scale] @ git+https://github.com/gan-lessons/gan-lessons"
# !accelerate launch --multi_gpu --num_processes 2 -m gan_lessons train conditional --size gpu --data hub:fashion_mnist --device cuda --out runs/clothes
# ```
#
# On a cluster with **SLURM** (untried here), one node with four cards. Five minutes before the time is up, a signal comes: the run saves, and the job returns to the queue and resumes. The first line has to be `#!/bin/bash`; then:
#
# ```sh
# #SBATCH --nodes=1 --gres=gpu:4 --cpus-per-task=16 --time=08:00:00 --signal=B:TERM@300 --requeue
# source .venv/bin/activate
# again=$(test -f runs/cats/checkpoint.pt && echo --resume)
# accelerate launch --multi_gpu --num_processes 4 -m gan_lessons train avatars --size gpu --device cuda --out runs/cats $again &
# trap "stopped=1; kill -TERM $!" TERM
# wait  # until the signal …
# wait  # … and until the run has saved
# test -z "$stopped" || scontrol requeue $SLURM_JOB_ID  # only what the clock stopped: a crash is not tried again
# ```
#
# Larger data come by name (`hub:mnist`, `hub:fashion_mnist`, `hub:cifar10`, `hub:flowers`, `hub:afhq`, `hub:celeba_hq`, `hub:libritts_r`). `gan-lessons describe` lists them with their licences.
#
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | `nvidia-smi` shows 20 % | launch time against kernel time (section 1) | a larger batch, a graph, a population; no `.item()` |
# | it shows 100 %, and is slow | FLOP and bytes a picture; "busy" also counts waiting for memory | bfloat16, channels_last, compile |
# | each step waits for data | profile: wide `data` bands | data on the card as bytes; else a loader with pinned memory |
# | the loss becomes NaN in 16 bits | which 16 bits? the same seed in float32 | only in float16: loss scaling, or bfloat16; in float32 too: a lower rate, a stronger penalty |
# | the average's samples never change | its dtype | averages in float32 |
# | eight cards learn worse than one | the batch *per rank*; which layers look across samples | global batch as before; SyncBatchNorm; whole groups per slice |
# | a rank waits forever | has another died, or taken another branch? | stop all, look at the first error; `gan-lessons` does so by itself |
# | out of memory at a step with a penalty, where others fit | the same without the penalty | count the step *with* its penalty; a smaller batch for it |
# | compiled and slower | recompilation: `TORCH_LOGS=recompiles` | fixed shapes; no Python numbers that change each step |
# | other results on two cards than on one | a table like section 5's | BatchNorm, random numbers of a rank |
#
# ## What we saw
#
# - A step is a few hundred operations, and launching them costs a fixed time. By our counts, small GANs wait for launches if kernels may be as short as 2 µs. Large ones wait mostly for memory on an H100, for memory and arithmetic alike on an A100, for arithmetic on a T4. In between, only a measurement decides.
# - Read a profile from its widest band: here the backward passes, the penalty's among them.
# - bfloat16 is fine for products. It stops averages, and it turns finite-difference penalties with short steps into noise; autograd's gradients lose only precision.
# - While a card waits for launches, twice the batch means, by prediction, twice the samples a second. At one learning rate, up to a low bar, bigger batches saved ever fewer steps and cost ever more samples. Take the batch at which steps × time of a step is least.
# - Many processes train as one, if every loss and penalty is a mean over samples. What looks across samples sees only a rank's own slice. In a disturbed record on processors, two were slower than one at batches of 16 and 64, and 1.20 times as fast at 256.
# - Activations fill the memory, in proportion to the batch. Gradient accumulation replaces a batch that does not fit.
# - Hours, money and energy follow from a count and from assumptions that belong beside the result.
#
# ## Questions
#
# ### A quiz
#
# Open the answer that you would give: *Tab* moves on, *Enter* opens and closes it.
#
# 1. A GAN on 2-D points trains as fast on a T4 as on an H100. Why?
#    <details><summary>A · Both have enough memory</summary><b>No.</b> That decides whether it runs, not how fast.</details>
#    <details><summary>B · Both wait for launches</summary><b>Right.</b> It is launch-bound; a population or a graph would tell the two apart.</details>
#    <details><summary>C · The H100 is not used in 16 bits</summary><b>No.</b> Its kernels would be even shorter, and the wait just as long.</details>
# 2. Which of these may not be kept in bfloat16?
#    <details><summary>A · The inputs of a convolution</summary><b>No.</b> Products tolerate it well.</details>
#    <details><summary>B · The exponential moving average of the weights</summary><b>Right.</b> Its steps are rounded to nothing, and it stands still.</details>
#    <details><summary>C · The pictures that are shown</summary><b>No.</b> A screen has 256 levels.</details>
# 3. Two ranks, an ordinary BatchNorm in D, the global batch as before. Compared with one process …
#    <details><summary>A · the gradients are the same</summary><b>No.</b> Each rank normalises by its own half.</details>
#    <details><summary>B · D normalises as with half the batch</summary><b>Right.</b> Unless the layer asks all ranks for their means.</details>
#    <details><summary>C · training diverges</summary><b>No.</b> It is another training, as another seed would be.</details>
#
# ### In your own words
#
# 1. Why does a larger batch not change the number of operations of a step, and when does it still make the step longer?
#    <details><summary>Answer</summary>Each operation works on the whole batch at once. While a kernel takes less time than launching it, its length is hidden; beyond that the step grows with the batch.</details>
# 2. Under autocast, a finite-difference step of .1 gives about twice the error of float32, and one of .001 is useless. Why? And why is the short one better in exact numbers?
#    <details><summary>Answer</summary>The two scores differ by about slope times length. bfloat16 rounds scores to about a 250th of their size; the shorter the step, the larger the rounding's share. In exact numbers the only error is how D bends between the two places, which falls with the length.</details>
# 3. Why is the loss that compares each real with the *mean* fake not the same on two ranks, when pairs are?
#    <details><summary>Answer</summary>The mean is taken over a slice, and stands inside a softplus: the mean of softplus of two half-means is not softplus of the whole mean. A pair lies within a slice.</details>
# 4. You have a day on one card. What do you do before you start the run of 20 hours?
#    <details><summary>Answer</summary>Count it: does it fit, how long does it take? Run a small size to the end. Run the large one for a few minutes with its penalty, resume it once, look at samples. Then start it, with checkpoints.</details>
# 5. Why should a rented card's price per hour not decide?
#    <details><summary>Answer</summary>You pay for a training: price times hours. A card that is four times as fast when full, at three times the price, is cheaper; one that waits for Python is not.</details>
#
# ## Further reading
#
# - Williams et al. 2009, *Roofline: an insightful visual performance model for multicore architectures* (Communications of the ACM 52).
# - Micikevicius et al. 2018, *Mixed precision training* ([arXiv:1710.03740](https://arxiv.org/abs/1710.03740)): float16, and loss scaling.
# - Kalamkar et al. 2019, *A study of bfloat16 for deep learning training* ([arXiv:1905.12322](https://arxiv.org/abs/1905.12322)).
# - Goyal et al. 2017, *Accurate, large minibatch SGD* ([arXiv:1706.02677](https://arxiv.org/abs/1706.02677)): the rate grows with the batch.
# - McCandlish et al. 2018, *An empirical model of large-batch training* ([arXiv:1812.06162](https://arxiv.org/abs/1812.06162)); Shallue et al. 2019, *Measuring the effects of data parallelism on neural network training* ([arXiv:1811.03600](https://arxiv.org/abs/1811.03600)).
# - Brock et al. 2019, *Large scale GAN training for high fidelity natural image synthesis* ([arXiv:1809.11096](https://arxiv.org/abs/1809.11096)): BigGAN.
# - Li et al. 2020, *PyTorch Distributed* ([arXiv:2006.15704](https://arxiv.org/abs/2006.15704)).
# - Chen et al. 2016, *Training deep nets with sublinear memory cost* ([arXiv:1604.06174](https://arxiv.org/abs/1604.06174)).
# - Rajbhandari et al. 2020, *ZeRO* ([arXiv:1910.02054](https://arxiv.org/abs/1910.02054)).
# - Lin et al. 2025, *Diffusion adversarial post-training for one-step video generation* ([arXiv:2501.08316](https://arxiv.org/abs/2501.08316)): the finite-difference R1.
# - Strubell et al. 2019, *Energy and policy considerations for deep learning in NLP* ([arXiv:1906.02243](https://arxiv.org/abs/1906.02243)); Patterson et al. 2021, *Carbon emissions and large neural network training* ([arXiv:2104.10350](https://arxiv.org/abs/2104.10350)).
#
# **Next:** the [assignment](assignments/release/21_scaling_up/21_scaling_up.ipynb). **Back:** [chapter 20, Shapes](20_shapes.ipynb). **To look things up:** [A1, Words and symbols](A1_glossary.ipynb). **Contents:** [the start page](00_start.ipynb).
