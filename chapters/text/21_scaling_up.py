# %% [markdown]
# # 21 · Scaling up
#
# [← 20 Shapes](20_shapes.ipynb) · [contents](00_start.ipynb) · [A1 Words and symbols →](A1_glossary.ipynb) · [assignment](assignments/release/21_scaling_up/21_scaling_up.ipynb)
#
# **Rent an H100 for chapter 09's small GAN, at seven and a half times the price of a T4, and by our count it trains not a second faster. What do the cards wait for, how do you keep one busy, and what does a training cost?**

# %% tags=["hide-input"]
import json
import math
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from time import perf_counter

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.benchmark import Timer

from gan_lessons import losses, penalties, plans, populations, recipes, timelines
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
RENTED = ("T4", "A100", "H100")
LAUNCH, SHARE = 8, 0.5  # assumed: microseconds to launch an operation, and the fraction of a data sheet's peak reached
asked = {size: timelines.operations(recipes.find("digits", size)) for size in ("cpu", "gpu")}

# %% alt="A moving picture of one training step of two GANs, as predicted, a small one in two ways; a row for Python, which launches operations, and always a row for the GPU, which works. The small GAN's launches fill 3 milliseconds, and the GPU's row below them is mostly pale: it waits. Recorded once as a graph, the same step is over in a quarter of the time. The large GAN's launches also end after 3 milliseconds, but the GPU works on, without a gap, until more than 8. Below, the first 0.3 milliseconds of the small GAN enlarged: the launches, parted by thin white lines, follow each other without a gap; in the GPU's row short kernels stand apart, with waits three times as long between them." tags=["hide-input"]
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
# This is one training step of chapter 09's GAN, predicted for an A100, at two sizes: `digits/cpu`, the small one, and `digits/gpu`, the large one, whatever they run on. Python launches one operation after the other, and the card carries them out; where its row is pale, it waits.
#
# The small GAN keeps the card waiting three quarters of the time. Recorded once as a *graph* and launched as a whole, its step takes a quarter as long. The large GAN needs no such help, because long computations hide its launches.
#
# No card was at hand, so every number for one is a prediction. Section 1 asks how far to trust it; section 2 has the commands that measure your own.
#
# **You will** time a launch, count a training step, read a profile, find where 16 bits break a penalty, watch a bigger batch stop helping, and write the bill.
#
# **You will learn** to
# - tell launch-bound, bandwidth-bound and compute-bound steps apart before you rent anything,
# - read a profile, and choose what to change first,
# - say which parts of a GAN may compute in bfloat16, and which may not,
# - choose a batch, and split it over several cards or to fit into memory,
# - estimate hours, money and energy from assumptions that you can change.
#
# **You will need** chapters 05, 06, 07 and 09, and about a minute on a laptop's processor. No GPU.

# %% [markdown]
# ## 1 · What a GPU waits for
#
# Every operation of a step can be held up in three places:
#
# 1. Python and PyTorch **launch** it: they put a **kernel**, the GPU's program for one operation, into a queue. This takes about 5 to 20 µs, whatever the size; we assume 8.
# 2. The kernel fetches its numbers from the card's memory and writes the results back, at the card's **memory bandwidth** in bytes/s.
# 3. The card multiplies and adds them: these are its **FLOPs** (floating-point operations), at a **peak** in FLOP/s.

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
# A kernel takes as long as the slower of 2 and 3, but never less than about 2 µs. Meanwhile Python launches the next ones, so a step takes as long as all its launches or all its kernels, whichever is longer. `loss.item()` breaks this overlap, because Python then waits for the card.
#
# You can feel a launch without a GPU, on the processor that runs this page. Time a ReLU on more and more numbers. Then train one small GAN, and 4, 16 and 64 of them as one population (chapter 05), whose operations are as many as one GAN's, only larger:

# %%
def fastest(code, **names):
    """Microseconds of a line of code: the least of many tries, as other programs can only slow it down."""
    return min(Timer(code, globals=names).blocked_autorange(min_run_time=0.01).times) * 1e6


def players():
    return PointGenerator(2, 2, 64, 2), Packed(PointDiscriminator(4, 64, 2), 2)


numbers = [4**power for power in range(11)]  # up to a million
rounds = [[fastest("x.relu()", x=torch.randn(many)) for many in numbers] for _ in range(6)]
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

# %% alt="Two log-log panels of times on this processor. Left: a ReLU takes about the same few microseconds on one number as on four thousand, a little above a dotted line, and from some ten thousand on its time grows with the size. Right: milliseconds of a training step of 1, 4, 16 and 64 GANs at once; the curve is nearly level at first and stays far below a dashed line, the same GANs one after the other." tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 2.9), layout="constrained")
left.plot(numbers, relu, "o-", color="black", ms=4)
left.axhline(min(relu), color=style.REFERENCE, ls=":")
left.annotate("the launch", (numbers[-1], min(relu)), xytext=(0, 4), textcoords="offset points", ha="right",
              fontsize=9, color=style.REFERENCE)  # fmt: skip
left.set(xscale="log", yscale="log", xlabel="numbers in the tensor", ylabel="microseconds of a ReLU")
left.set_title(f"However little there is to do: {min(relu):.1f} µs", fontsize=10.5)
counts = list(together)
right.plot(counts, list(together.values()), "o-", color=style.AVERAGE, ms=4)
right.annotate("as one population", (64, together[16]), xytext=(2, -8), textcoords="offset points", ha="right",
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
# The ReLU takes about as long on four thousand numbers as on one, because up to there most of its time is the launch. (Bumps may be other programs.) A small GAN's step is made of such operations, so a population gets further members almost free, until arithmetic takes over. On an A100 that border lies far out: it computes hundreds of times as fast as a core, and its launches take longer.
#
# A step that is limited by 1 is **launch-bound**, by 2 **bandwidth-bound**, by 3 **compute-bound**. To find out which yours is, count: torch's `meta` device runs a step on shapes alone, so a laptop can count even the largest GAN.

# %%
for size, operations in asked.items():
    flops, moved = (sum(getattr(one, unit) for one in operations) for unit in ("flops", "bytes"))
    batch = recipes.find("digits", size).batch
    print(f"digits/{size}: {len(operations)} operations in a step with a penalty, {flops / batch / 1e6:,.0f} MFLOP and "
          f"{moved / batch / 1e6:.1f} MB a picture, at a batch of {batch}")  # fmt: skip

# %% [markdown]
# Neither the batch nor the width of the layers changes the number of operations. So launching costs a fixed time per step while the work grows, and a GAN that is small enough is launch-bound on any card.
#
# The ratio of FLOPs to bytes is the **arithmetic intensity**. Plot the FLOP/s that a step reaches against it, and you get the **roofline** (Williams et al. 2009): under the slope, memory is the limit; under the flat roof, the peak is. We count the *mean* step, as one in four has a penalty, and assume half of each data sheet. Besides digits we take `words` (chapter 15), mostly matrix products, and `superres` (chapter 14), an enlarger of photographs.

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
SHADES = {"T4": style.CATEGORIES[5], "A100": style.CATEGORIES[0], "H100": style.CATEGORIES[1]}
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
        roof = min(intensity * bandwidth, flops)
        print(f"{name:>14} on {card:>4}: {one_by_one / roof:4.0%} of its roof, as a graph {graph / roof:4.0%}")
        away = {"superres/gpu": (7, -12), "words/gpu": (-16, -17)}.get(name, (8, -4))
        axes.annotate(name, (intensity, one_by_one), xytext=away, textcoords="offset points", fontsize=9)
    axes.set(xscale="log", yscale="log", xlabel="FLOP per byte", xlim=(1, 600), ylim=(1e11, 2e14))
every[0].set_ylabel("FLOP/s, predicted")
every[0].set_title("T4: graphs (arrows) lift small steps", fontsize=10.5)
every[1].set_title("A100: even then they stay far below", fontsize=10.5)
plt.show()

# %% [markdown]
# **Small steps wait for Python.** At `cpu` size, words and digits are no faster on the A100 than on the T4. On the A100 a graph (arrows) makes them about four times as fast, but even then they stay far below the roof, because most of their kernels take the 2 µs that we assume for the shortest. words/gpu waits on the A100 alone.
#
# **Digits and superres at `gpu` size do not wait for launches,** so a graph gains nothing. They stay below the roof because memory limits some operations and arithmetic others. On the T4 it is mostly arithmetic; on the A100 it helps to save bytes: by 16 bits (section 3), by **channels_last** (a pixel's channels side by side in memory) or by fusing elementwise operations.
#
# The A100's flat roof is that of **TF32**, float32 products with ten bits of each fraction. PyTorch uses it by default for convolutions only. For matrix products, as in words, the A100's marks assume that you ask for it: `torch.set_float32_matmul_precision("high")`.
#
# All of this rests on three guesses: a launch's time, the fraction of the data sheet, and the shortest kernel. What would others change?

# %%
GUESSES = list(product((5, 8, 20), (0.3, 0.5, 0.8), (2, 4, 8)))  # µs a launch, fraction reached, µs of a kernel
print("launching / working in the mean step (predicted; above 1 the step is launch-bound)")
print(f"{'':>18}  our guesses  {len(GUESSES)} combinations  launch-bound in")
for name in ("digits/cpu", "digits/gpu", "superres/gpu"):
    for card in RENTED:
        ratios = [launching / working for launching, working in (limits(name, card, *guess) for guess in GUESSES)]
        launching, working = limits(name, card)
        bound = sum(ratio > 1 for ratio in ratios)
        spread = f"{min(ratios):.1f} to {max(ratios):.1f}"
        print(f"{name + ', ' + card:>18}{launching / working:>13.1f}{spread:>17}{bound:>17}")

# %% [markdown]
# superres waits for launches under none of these guesses; digits/gpu on an H100 lies on the border. digits/cpu on an A100 or an H100 waits if a launch takes longer than the shortest kernel, because nearly all of its kernels are that short. Only measuring can tell.
#
# *Claimed: by this count, with kernels as short as 2 µs, the mean step of digits/cpu is launch-bound on an A100 (the launches take more than twice as long as all kernels together), and that of digits/gpu is not.*

# %% tags=["claim"]
for size, launch_bound in (("cpu", True), ("gpu", False)):
    launching, working = limits(f"digits/{size}", "A100")
    print(f"digits/{size}: launching takes {launching / working:.1f} times as long as working (predicted)")
    assert launching > 2 * working if launch_bound else launching < working


# %% [markdown]
# **Your turn.** Predict: how short must a launch be for the small GAN not to wait for it, on a T4 and on an A100? Then try other values of `launch`.
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
# A launch must take no longer than the mean kernel: about 4 µs on the T4, and about 2 on the A100.
# </details>
#
# ## 2 · Measure, then mend
#
# Counting predicts; a **profile** measures, by noting when each operation began and ended. Our records come from two processors: **machine A** has instructions for bfloat16; **machine B**, without them, takes two to three times as long for a step. Here machine A recorded one step of `digits/cpu` with its penalty, under bfloat16 autocast.
#
# To profile your own processor: `timelines.profiled(recipes.find("digits", "cpu"))`. For a card's kernels, wrap a few steps of your own loop in `torch.profiler.profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA])`.

# %% alt="A timeline of one training step on a processor, cut into three rows of equal time. Magenta bands, the backward passes, are the longest; green and orange forward passes and the penalty's indigo bands come next; data, optimiser and average are slivers. Every operation of at least a third of a millisecond bears its name: most of them are convolutions and their backward passes." tags=["long", "hide-input"]
def made(record):
    return f"{record['date']}, machine {'A' if 'AVX512' in record['machine'] else 'B'} ({record['machine']})"


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
axes.set_title("Backward passes (magenta) take the largest share of this step", pad=24)
plt.show()
print(f"{made(record)}: {end / 1000:.0f} ms, {len(spans)} entries")
print(", ".join(f"{part} {share:.0%}" for part, share in sorted(shares.items(), key=lambda one: -one[1])))

# %% [markdown]
# How to read it:
#
# - **The widest bands first.** Here they are *backward*, and in it the convolutions, with the penalty's double backward (*conv double*). The optimiser takes little: leave it alone.
# - **Gaps are overhead:** Python and PyTorch between operations, and the profiler itself; about a fifth of this step.
# - **Wide bands named `copy_`, `contiguous` or `to`** change a layout or a type, as autocast does here.
#
# How good is the count? Machine A's peak and bandwidth were measured too, so we can predict its mean step in float32. *The roof* is now the count's time, with each operation at its own limit:

# %% tags=["long"]
stored = json.loads(Path("results/scaling.json").read_text("utf-8"))
roof = timelines.Roof(**record["roof"])
processor = plans.Card(roof.flops, roof.bandwidth, watts=0)
predicted = max(steps_of["digits/cpu"].microseconds(32, processor, roof.launch, 1, roof.launch)) / 1000
measured = stored["tables"]["digits"]["measures"]["bfloat16"]["off_ms"]
print(f"{roof.flops / 1e9:.0f} GFLOP/s, {roof.bandwidth / 1e9:.0f} GB/s, {roof.launch:.1f} µs an operation")
print(f"at the roof {predicted:.0f} ms, measured {measured:.0f} ms: {predicted / measured:.0%} of the roof")

# %% [markdown]
# The step took more than twice as long as counted, even with a measured peak and bandwidth. (The 32 ms above include a penalty and the profiler.) So we assume half for the cards; half of a *data sheet* may still be too much.
#
# What to change, roughly in this order:
#
# | change | what it does | where, or when |
# |---|---|---|
# | larger batch, wider networks | more work per launch | your settings; section 4 |
# | populations (chapter 05) | many small GANs in one launch | `populations.population` |
# | no `.item()`, no `print` a step | the queue never runs empty | the book's loop reads losses every 50 steps |
# | fused optimiser, averages moved together | a few kernels instead of one or more a weight | `Adam(fused=True)`, `torch._foreach_lerp_` |
# | one pass of D over real *and* fake | at most half of the launches of D's own passes | `gan.one_pass`, where D scores each sample by itself |
# | a layout, or a type, that suits the chip | the same operations, quicker | chapter 09; section 3 |
# | `torch.compile` | fuses consecutive operations into fewer kernels | after seconds or minutes of compiling |
# | **CUDA graph** | the step is recorded once, and then launched as a whole | fixed shapes, nothing on the host |
#
# **On your own card**, paste these lines (untried on a GPU). They time each change off and on in turn; a graph should help the small GAN most:
#
# ```sh
# gan-lessons bench digits --size cpu --device cuda --json small.json
# gan-lessons bench digits --size gpu --device cuda --json large.json
# gan-lessons describe digits --plan --size cpu
# ```
#
# The third line predicts samples a second. Compare them with `CUDA graph` in `small.json`: 32,000 / `off_ms` without a graph, 32,000 / `on_ms` with it. To train with what has helped, add `--step graph` or `--step compile` to `gan-lessons train`.
#
# Without a card, write `cpu` for `cuda` in the first line. This is what machine A found, in CPU time:

# %% tags=["long"]
tables = stored["tables"]
for table in tables.values():
    print(f"{table['recipe'].partition('@')[0]}: {made(table)}, median of {table['rounds']} rounds, with quartiles")
print(f"\n{'times faster':<22}{'digits/cpu':<24}{'ring/plain':<24}")
for measure in tables["digits"]["measures"]:
    row = [table["measures"][measure] for table in tables.values()]
    texts = [f"{one['ratio']:.2f} ({one['quartiles'][0]:.2f} to {one['quartiles'][1]:.2f})" if "ratio" in one else "–"
             for one in row]  # fmt: skip
    if any("ratio" in one for one in row) and measure != "penalty in float32":
        print(f"{measure:<22}" + "".join(f"{text:<24}" for text in texts))

# %% [markdown]
# bfloat16 brings a fifth on the digits and torch.compile a fifth on chapter 06's ring; most other gains are below a tenth. Where the quartiles straddle 1, the record shows none. (*G's gradients alone* spares those of D in G's turn.) A processor has no queue that could run empty, so expect another order on a GPU.

# %% [markdown]
# ## 3 · Half the bits, and where they break a penalty
#
# **Mixed precision** (chapter 09) computes products and convolutions in **bfloat16**, which has the range of float32 but 8 bits of precision instead of 24. It halves the bytes and, on cards with tensor cores, doubles the peak or more. With 8 bits there are 128 numbers between 1 and 2, and between 256 and 512 only the even ones:

# %%
one = torch.tensor(1.0, dtype=torch.bfloat16)
print([float(number) for number in (one + 1 / 128, one + 1 / 300, 256 * one + 1, 256 * one + 3)])

# %% [markdown]
# A small number that is added to a large one is lost, and an exponential moving average with a decay of .999 adds only a thousandth of what is missing:

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
# So weights, optimiser and averages stay in float32: **autocast** converts copies for the products and leaves the rest alone.
#
# Penalties are another trap, because they measure how scores *change*. Chapter 09's take exact gradients, by autograd; a cheap relative, `penalties.nudge` (Lin et al. 2025), takes D's scores at $x$ and at $x + \epsilon v$ and divides their difference by $\epsilon$. We train one D for 60 steps and compare such slopes, along random directions $v$, with the true ones from float64.

# %%
recipe = replace(recipes.find("digits", "cpu"), steps=60)
trained = recipe.build(seed=0)
for _ in recipe.train(trained, recipe.data()):
    pass
exactly = trained.discriminator.double().eval()
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

# %% alt="A log-log diagram of the error of a finite-difference slope over \u03b5. In float32 it falls steadily as the step shrinks and rises a little at the shortest steps. Under autocast to bfloat16 it falls to about a half near the book's own \u03b5, a tenth, which a dotted line marks, and then rises to a horizontal line at 1, the error of a slope of 0, and past it. A dashed line far below marks the error of the same slope by autograd under autocast." tags=["hide-input"]
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
axes.annotate("the book's ε", (0.1, 60), xytext=(4, 0), textcoords="offset points", fontsize=9, color=style.REFERENCE)
axes.set(xscale="log", yscale="log", xlim=(1, 1e-4), ylim=(6e-3, 300), xlabel="ε", ylabel="relative error")
axes.set_title("Short steps drown in bfloat16's rounding; autograd's slope does not")
plt.show()

# %% [markdown]
# In float32 a shorter step (to the right) mostly gives a better slope, because a long one misses how D bends on the way.
#
# Under autocast, two scores that differ by less than bfloat16's last bit come out *equal*, or a whole bit apart. From ε = .03 or so down, the error is at least as large as the slope, so a penalty would punish D for rounding. At .1, the book's own ε, it is about twice that of float32. Autograd, which subtracts no scores, is a few per cent off.
#
# *Claimed: at ε = .01 the slope under autocast is off by more than 100 %, in float32 by less than 20 %; by autograd under autocast it is off by less than 10 %.*

# %% tags=["claim"]
tenth, near = (min(range(len(lengths)), key=lambda place: abs(lengths[place] - wanted)) for wanted in (0.1, 0.01))
for name, values in errors.items():
    print(f"{name:>21}: off by {values[tenth]:.0%} at ε = .1, by {values[near]:.0%} at .01; "
          f"by autograd {by_autograd[name]:.1%}")  # fmt: skip
assert errors["autocast to bfloat16"][near] > 1 and errors["float32"][near] < 0.2
assert by_autograd["autocast to bfloat16"] < 0.1

# %% [markdown]
# The rule: **products and convolutions in bfloat16; weights, optimiser, averages and losses in float32, and both passes of D in float32 wherever two scores are subtracted to get a slope.** On CUDA the book's code computes D's scores for *every* penalty in float32, as a precaution.
#
# float16 has more precision and far less range, so it needs *loss scaling* (Micikevicius et al. 2018), which is delicate with gradients of gradients. On a T4, which has no bfloat16, float32 is the safe choice.
#
# ## 4 · When a bigger batch stops helping
#
# A bigger batch is the simplest way to keep a card busy. Two questions decide how big: how many samples a second does the hardware compute, and how far does each bring the training? First the hardware, for `digits/cpu`: three cards as predicted, and a core of machine B as measured, in CPU time.

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
# On the grey line all three cards are equally fast, because Python launches for each at the same pace. Once a card is filled, the time of a step grows with the batch.
#
# And the training: does a step at 512 get sixteen times as far as one at 32? We train four GANs for each of three batches on chapter 06's ring, all with the same learning rate and decay of the average. We note when the averaged generator first puts a tenth of its samples within three standard deviations of an island: a low bar, which a thin circle through the islands nearly reaches.

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
left.set(title="Steps fall, but short of perfect scaling", ylabel="steps")
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
# *Claimed: a batch of 512 needs fewer steps than one of 32, by a factor of at least 1.5, and more samples, by a factor of at least 3 (medians of four seeds).*

# %% tags=["claim"]
fewer = float(medians[0] / medians[-1])
more = batches[-1] / batches[0] / fewer
print(f"512 against 32: {fewer:.1f} times fewer steps, {more:.1f} times more samples")
assert fewer > 1.5 and more > 3

# %% [markdown]
# Sixteen times the batch saves little more than half of the steps to this low bar, and from 128 to 512 the seeds overlap. (That 512 looks less tidy than 128 shows nothing: it is one seed.) With a larger batch each step goes further, but each sample less far. This holds at *one* learning rate; a larger batch often tolerates a larger one (Goyal et al. 2017).
#
# The batch beyond which more samples hardly save steps is the **critical batch size** (McCandlish et al. 2018). Shallue et al. (2019) tuned the rate anew for each batch, and still saw the saving end. BigGAN (Brock et al. 2019) gained much from a batch of 2,048 on ImageNet.
#
# The best batch is the one for which *steps × time of a step* is least. So fill the card, if memory and data (chapter 12) allow. Beyond that, the time of a step grows nearly in proportion, and you gain only while the steps fall as fast.
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
# Put these two lines in place of the one that sets `SWEEP`. For us, the four seeds took 480, 480, 540 and 620 steps: three beat the best at .002, though perfect scaling stays far away.
# </details>
#
# ## 5 · One batch, split up
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
# Is this *the same training* as in one process? The mean over equal slices is the mean over the batch, so for every loss and penalty that is a mean over samples, the averaged gradient is the gradient. What looks *across* samples is another matter. To see it, compare a batch's gradient with the mean of its halves':

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
# With either of the last two it is another training, though the gradients differ little here.
#
# *Claimed: for the losses in pairs, R1 and R2, and groups that lie within a slice, the two gradients agree to 10⁻⁹; for the relativistic average loss and BatchNorm, they differ by more than 10⁻⁵.*

# %% tags=["claim"]
exact = ("relativistic loss, in pairs", "R1 and R2", "groups of 8 in D")
assert all(gaps[name] < 1e-9 for name in exact)
assert all(gap > 1e-5 for name, gap in gaps.items() if name not in exact)

# %% [markdown]
# | in the book's code | computed over | with many processes |
# |---|---|---|
# | losses in pairs, R1, R2 | samples, pairs | the same |
# | minibatch standard deviation, packing (groups of 8) | neighbours in the batch | the same, while a slice holds whole groups |
# | BatchNorm in G | all ranks (as with `nn.SyncBatchNorm` on GPUs) | the same |
# | BatchNorm in D | the slice of a rank | as if with smaller batches |
# | EMA, samples, scores, checkpoints | rank 0 | written once |
#
# Every rank draws indices and noise of the *whole* batch from the run's seed and takes its slice, so the batch in the recipe is the global batch, on one card or on eight. The book's code averages after `backward`; PyTorch's DistributedDataParallel (Li et al. 2020) averages during it, so that exchange and computing overlap.
#
# ### Is it faster?
#
# Adding processes at the same global batch is called **strong scaling**. Here one process and two trained `digits/cpu` on the two processors of machine B (a disturbed record: other programs kept both more than busy).

# %% tags=["long", "hide-input"]
found = stored["processes"]
one, two = (found["samples_per_second"][count] for count in ("1", "2"))
for batch, (_, share, _) in found["exchange"].items():
    single, double = one[batch][1], two[batch][1]
    print(f"global batch {batch:>3}: one process {single:3.0f} samples a second, two {double:3.0f}, "
          f"{double / single:.2f} times as many; exchange and waits take {share:.0%} of a step")  # fmt: skip
print(f"{made(found)}, medians of three, other programs' load {found['load']} on {found['processors']} processors")

# %% [markdown]
# In this record two processes win at the largest batch alone. At the smaller ones they lose: exchange and waits take about two fifths of a step. How much of that is the exchange, and how much the other programs, the record cannot say.
#
# On cards, launching sets another limit. Take `digits/gpu` on up to eight A100s, and leave the exchange out:

# %% tags=["long"]
large, a100 = steps_of["digits/gpu"], CARDS["A100"]
alone_takes = max(large.microseconds(256, a100, LAUNCH, SHARE))
for cards in (1, 2, 4, 8):
    launching, working = large.microseconds(256 // cards, a100, LAUNCH, SHARE)
    faster = alone_takes / max(launching, working)
    print(f"{cards} × A100, {256 // cards:>3} samples each: launching {launching / 1000:.1f} ms, working "
          f"{working / 1000:.1f} ms; at most {faster:.1f} times as fast as one (predicted)")  # fmt: skip

# %% [markdown]
# Four cards already wait for Python, and eight are no faster; a graph would help. To keep the cards busy, let the global batch grow with them (**weak scaling**). Whether each step then goes far enough is section 4's question.
#
# ### When memory runs out
#
# A step holds weights (4 bytes each in float32), their gradients (4), Adam's two averages (8), for G also the EMA (4), and what the forward pass keeps for the backward: the **activations**. Only these grow with the batch. `gan-lessons describe RECIPE --plan` estimates all of it before you start. It counts the mean step (section 1 counted one with a penalty); its largest batches are powers of two and leave 1 GB for the driver and libraries:

# %% tags=["long"]
print("\n".join(plans.told(plans.plan(recipes.find("digits", "gpu")))))

# %% [markdown]
# Here the activations take far more bytes than all the rest. When the card says `OutOfMemoryError`, try in this order:
#
# | try | saves | costs |
# |---|---|---|
# | close other notebooks: `nvidia-smi` shows who holds what | what they hold | nothing |
# | bfloat16 for products | up to half of the activations | section 3 |
# | a smaller batch | in proportion | launches, BatchNorm, diversity in D's groups |
# | a smaller batch, **gradient accumulation** | the same | only time, if no layer looks across slices |
# | penalty on a part of the batch, or every few steps | the double backward | a noisier penalty |
# | **activation checkpointing** (Chen et al. 2016) | most of the activations | one more forward pass; saves little under a penalty, whose double backward keeps what was recomputed |
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
# ## 6 · The bill
#
# Hours are steps times the time of a step. For ten million pictures we assume:
#
# - section 1's three guesses;
# - rents in round numbers, and electricity at .30 € a kWh: look yours up;
# - the card always draws its highest power, and a cooled computer 1.4 times that.

# %%
RENT = {name: offer.rent for name, offer in OFFERS.items()}  # euros an hour
print(RENT)


def bill(steps, microseconds, watts, rent, price=0.30, overhead=1.4):
    hours = steps * microseconds / 3.6e9
    energy = hours * watts * overhead / 1000
    return {"hours": hours, "kWh": energy, "€ own": energy * price, "€ rented": hours * rent}


print(f"{'':>22}  hours    kWh  € own  € rented   (predicted)")
for name in ("digits/cpu", "digits/gpu", "superres/gpu"):
    for card, sheet in CARDS.items():
        costs = bill(10_000_000 / planned[name].batch, max(limits(name, card)), sheet.watts, RENT[card])
        print(f"{name + ', ' + card:>22} " + " ".join(f"{value:6.2f}" for value in costs.values()))

# %% [markdown]
# At `gpu` size, where the work fills the cards, the T4 is the cheapest by the hour and by far the dearest for the whole training; the RTX 4090 is the cheapest to rent. digits/cpu, launch-bound with our guesses, takes the same hours on all cards: the H100 costs seven and a half times as much as the T4 and saves nothing. (Its energy is overestimated, since a card that waits draws less.)
#
# Multiply by the runs you expect, failed ones and seeds included (Strubell et al. 2019). For CO₂, multiply the kWh by your grid's emissions for each.
#
# The lab shows what limits a step and what ten million samples cost. Begin with the batch.

# %% alt="A lab. Left, predicted samples a second over the batch for a T4, an RTX 4090, an A100 and an H100: the three faster cards' lines lie on each other at a batch of 16, then the RTX 4090's bends away, from 64 on the A100's too, and the H100's last; the T4's is far below. Right, bars of hours, of euros for rent and of euros for electricity for the four cards. A sentence says what limits the chosen card."
lab = BillLab(steps_of, recipe="digits/gpu")
lab

# %% [markdown]
# **Your turn.** Predict: for ten million pictures through `digits/gpu`, which is cheaper, an RTX 4090 under your desk or a rented H100? Then put your own electricity's price into `bill`.
#
# <details><summary>Solution</summary>
#
# ```python
# for card, sheet in CARDS.items():
#     step = max(limits("digits/gpu", card))
#     print(card, bill(10_000_000 / 256, step, sheet.watts, RENT[card], price=0.15))
# ```
#
# Your own RTX 4090 costs a cent or two of electricity; the H100 costs eight cents of rent, but is done in a quarter of the time. The price of your own card is not in the bill: 1,800 € for one would rent an H100 for 600 hours.
# </details>
#
# ### Commands to paste
#
# The commands with `cuda` are untried here. The extra `scale` brings Accelerate, which starts the processes and carries what they exchange.
#
# On your own computer with two cards (with eight, write 8 for 2):
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
# On a cluster with **SLURM**, one node with four cards. Five minutes before its time is up the job saves, returns to the queue and resumes. After `#!/bin/bash`:
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
# ## Debugging card
#
# | what it looks like | what to test | what to try |
# |---|---|---|
# | few samples a second for the card, even if `nvidia-smi` shows 90 % (a moment counts as busy if any kernel ran in it) | launch time against kernel time (section 1) | a larger batch, a graph, a population; no `.item()` |
# | each step waits for data | profile: wide `data` bands | data on the card as bytes; else a loader with pinned memory |
# | the loss becomes NaN in 16 bits | the same seed in float32 | only in float16: bfloat16; in float32 too: a lower rate, a stronger penalty |
# | eight cards learn worse than one | the batch *per rank*; which layers look across samples | global batch as before; SyncBatchNorm; whole groups per slice |
# | a rank waits forever | has another died, or taken another branch? | stop all, look at the first error; `gan-lessons` does so by itself |
#
# ## What we saw, and questions
#
# - Launching a step costs a fixed time. By our count, small GANs wait for it if a launch takes longer than their shortest kernels; large ones mostly wait for memory and arithmetic.
# - bfloat16 is fine for products. It stops an average, and it turns finite-difference penalties with short steps into noise; autograd's gradients lose only precision.
# - Until a card is filled, twice the batch means, by prediction, twice the samples a second; but at one learning rate, sixteen times the batch saved little more than half of the steps to a low bar. Take the batch at which steps × time of a step is least.
# - Split a batch over processes, or over time if memory is short, and the training stays the same if every loss and penalty is a mean over samples; what looks across samples sees only its slice.
# - Hours, money and energy follow from a count and assumptions; state them beside the result.
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
#    <details><summary>C · training diverges</summary><b>No.</b> Nothing here shows that; in section 5 the gradient of such a D differed little.</details>
#
# ### In your own words
#
# 1. Under autocast, a finite difference with ε = .1 has about twice the error of float32, and one with .001 is useless. Why?
#    <details><summary>Answer</summary>The scores differ by about slope times ε, and bfloat16 rounds each to about a 250th of its size; the smaller ε, the larger the rounding's share.</details>
# 2. Why should a rented card's price per hour not decide?
#    <details><summary>Answer</summary>You pay price times hours. A card four times as fast when full, at three times the price, is cheaper; one that waits for Python is not.</details>
#
# ### Further reading
#
# - Williams et al. 2009, *Roofline: an insightful visual performance model for multicore architectures* (Communications of the ACM 52).
# - Micikevicius et al. 2018, *Mixed precision training* ([arXiv:1710.03740](https://arxiv.org/abs/1710.03740)): float16, and loss scaling.
# - Lin et al. 2025, *Diffusion adversarial post-training for one-step video generation* ([arXiv:2501.08316](https://arxiv.org/abs/2501.08316)): the finite-difference R1.
# - Goyal et al. 2017, *Accurate, large minibatch SGD* ([arXiv:1706.02677](https://arxiv.org/abs/1706.02677)): the rate grows with the batch.
# - McCandlish et al. 2018, *An empirical model of large-batch training* ([arXiv:1812.06162](https://arxiv.org/abs/1812.06162)); Shallue et al. 2019, *Measuring the effects of data parallelism on neural network training* ([arXiv:1811.03600](https://arxiv.org/abs/1811.03600)).
# - Brock et al. 2019, *Large scale GAN training for high fidelity natural image synthesis* ([arXiv:1809.11096](https://arxiv.org/abs/1809.11096)): BigGAN.
# - Li et al. 2020, *PyTorch Distributed* ([arXiv:2006.15704](https://arxiv.org/abs/2006.15704)).
# - Chen et al. 2016, *Training deep nets with sublinear memory cost* ([arXiv:1604.06174](https://arxiv.org/abs/1604.06174)).
# - Strubell et al. 2019, *Energy and policy considerations for deep learning in NLP* ([arXiv:1906.02243](https://arxiv.org/abs/1906.02243)).
#
# **Next:** the [assignment](assignments/release/21_scaling_up/21_scaling_up.ipynb). **Back:** [chapter 20, Shapes](20_shapes.ipynb). **To look things up:** [A1, Words and symbols](A1_glossary.ipynb). **Contents:** [the start page](00_start.ipynb).
