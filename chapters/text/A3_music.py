# %% [markdown]
# # A3 · Music: four voices
#
# [← A2 GANs, 2014 to today](A2_history.ipynb) · [contents](00_start.ipynb)
#
# **Four people sing four lines that have to fit each other at every moment. Can a GAN write two bars for them, and how would you hear that they are not by Bach?**
#
# Press play. The first row is by Bach. A GAN wrote the second, all voices at once, and a transformer, the *likelihood model*, the third, note by note. What gives the machines away? Section 4 marks it red.

# %% alt="Nine piano rolls with players: three real, three by the GAN, three by the likelihood model. In each, four lines of notes lie above each other, from blue soprano to purple bass." tags=["hide-input"]
import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from tqdm.auto import tqdm

from gan_lessons import recipes, results
from gan_lessons.data import chorales
from gan_lessons.metrics.chorales import chorale_scores, marks, parallels, shuffled
from gan_lessons.networks.text import TransformerGenerator
from gan_lessons.plots import diagrams, organ, style
from gan_lessons.plots.motion import Animation
from gan_lessons.plots.music import COLORS, Performances, draw_roll, pencil

torch.set_num_threads(1)
style.use()
train, test = chorales.chorales()
stored = recipes.find("chorales", "long")
grown = stored.load()
invented = stored.voices(stored.samples(grown, 3, seed=1))

writer = TransformerGenerator(chorales.KINDS + 1, 64)
results.restored(writer, "chorales_likelihood")
torch.manual_seed(1)
written = chorales.from_symbols(writer.sample(3))
bach = test.some(torch.tensor([100, 400, 700]))
clips = {"real": bach, "GAN": invented, "likelihood model": written}
Performances(clips, {"likelihood model": style.AVERAGE})

# %% [markdown]
# Here the GAN's noise goes in a circle, and one chorale turns into the next:

# %% alt="A piano roll of two bars that changes in small jumps without end: notes in four colours move, split and join. Now and then two voices cross." tags=["hide-input"]
corners = torch.randn(2, stored.noise_dim, generator=torch.Generator().manual_seed(3))
turns = torch.linspace(0, 2 * torch.pi, 41)[:-1]
circle = turns.cos()[:, None] * corners[0] + turns.sin()[:, None] * corners[1]
with torch.no_grad():
    walk = chorales.from_roll(grown.average(circle))
frames = []
for pitches, struck in zip(*walk):
    frames.append(Figure(figsize=(6, 2.8), dpi=100, layout="constrained"))
    draw_roll(axes := frames[-1].subplots(), pitches, struck)
    axes.set_title("The noise moves smoothly, the notes jump")
Animation(frames, milliseconds=180, rest=180, colors=32)

# %% [markdown]
# The clips were chosen by number and by seed, not by ear. Bach's were encoded by Margaret Greentree and others, and come with music21.
#
# **You will** lay chorales on a grid, count what a teacher would mark in red, and let two models write.
#
# **You will learn** to
# - turn music into a tensor, into sound and into MIDI,
# - make a field's rules a score with a floor,
# - let a generator choose and hold pitches,
# - tell a discriminator what an expert hears,
# - say which model writes the better chorale, and by which count.
#
# **You need** chapters [09](09_images.ipynb) and [15](15_text.ipynb), the extra `pictures`, and a minute of a laptop's processor. You need not read music.
#
# ## 1 · Four voices on a grid
#
# How does a hymn become a tensor? A **chorale** is a Lutheran hymn. Bach set some four hundred for soprano, alto, tenor and bass, mostly in quarters and eighths. So we cut two bars into 16 steps of an eighth. One note in seventy begins between two steps, and is lost or shifted.
#
# At each step, every voice has a pitch, numbered as in **MIDI**, the format of keyboards and music programs: middle C, or C4, is 60, and each semitone adds 1. But two quarters on C sound different from one half note. So a further bit says whether the note is *struck* here or held.
#
# The upper picture is a **piano roll**: time runs to the right, pitch upwards, and each note is a stripe. Below are the same notes as numbers.

# %% alt="Above, the piano roll of two bars by Bach: four lines that do not cross. Below, a row a voice: a MIDI number where a note is struck, 69 at the soprano's first step, and a dash where it is held." tags=["hide-input"]
real = bach.some(slice(1))
figure = plt.figure(figsize=(7.2, 4.2), layout="constrained")
roll, grid = figure.subplots(2, 1, height_ratios=(2.6, 1))
draw_roll(roll, real.pitches[0], real.struck[0], names=True)
for voice, (line, new) in enumerate(zip(real.pitches[0], real.struck[0])):
    grid.axhspan(3 - voice, 3.9 - voice, color=COLORS[voice], alpha=0.18, lw=0)
    for step in range(chorales.STEPS):
        text = str(int(line[step])) if new[step] else "–"
        grid.text(step + 0.5, 3.42 - voice, text, ha="center", va="center", fontsize=9.5)
roll.set_title("A number strikes a note, a dash holds it")
grid.set(xlim=(0, chorales.STEPS), ylim=(0, 4))
grid.set_axis_off()
plt.show()

# %% [markdown]
# For the networks each pitch is one-hot, over the 46 from C2 to A5. With the bit, a window is a tensor of 4 voices × 16 steps × 47 numbers.
#
# We move each chorale by at most six semitones, to the key signature without sharps and flats: for most, C major or A minor. Some sharps and flats remain, as F sharp (66) and D sharp (51) in Bach's first chord: he visits other keys, and raises notes in minor.

# %%
print(f"{len(train.pitches):,} windows to learn from, {len(test.pitches)} of other tunes; a roll is", end=" ")
print(list(chorales.as_roll(real).shape))

# %% [markdown]
# ## 2 · What a teacher marks in red
#
# Can a program tell good four-part writing from bad? Its rules were written down long ago, so a program can count where they are broken. We take three:
#
# - **In key:** the share of notes among C D E F G A B.
# - **Voice crossing:** a lower voice sings above a higher one.
# - **Parallel fifths and octaves:** two voices are a fifth apart, 7 semitones, move the same way, and are a fifth apart again. The same goes for octaves and unisons. The two lines seem to melt into one, so students learn to avoid them.

# %% alt="Three piano rolls of two voices and two steps. Left, C and G move to D and A, 7 apart both times, with two red lines. Middle, C and E move to D and F, 4 and then 3 apart, unmarked. Right, the upper G falls to E while C rises past it to F, and the second step is red." tags=["hide-input"]
EXAMPLES = {
    "Marked: fifth, then fifth": ((67, 69), (60, 62)),
    "Allowed: third, then third": ((64, 65), (60, 62)),
    "Marked: the voices cross": ((67, 64), (60, 65)),
}
NOTES = {60: "C", 62: "D", 64: "E", 65: "F", 67: "G", 69: "A"}
figure = plt.figure(figsize=(7.2, 2.6), layout="constrained")
for axes, (title, lines) in zip(figure.subplots(1, 3, sharey=True), EXAMPLES.items()):
    pair = torch.tensor(lines)
    draw_roll(axes, pair, torch.ones_like(pair, dtype=torch.bool))
    pencil(axes, pair, *marks(pair))
    for step in range(2):
        for voice, above in enumerate((1, -1) if pair[0, step] > pair[1, step] else (-1, 1)):
            pitch = int(pair[voice, step])
            axes.text(step + 0.5, pitch + 1.5 * above, f"{NOTES[pitch]} {pitch}", ha="center", va="center", fontsize=9)
        gap = int(pair[0, step] - pair[1, step])
        if gap > 0:
            axes.text(step + 0.5, pair[:, step].float().mean(), f"{gap} apart", ha="center", va="center", fontsize=9)
    axes.set(ylim=(56, 73), xticks=[], yticks=[])
    axes.set_title(title, fontsize=10)
plt.show()

# %% [markdown]
# On the left the voices are $67 - 60 = 7$ apart, then $69 - 62 = 7$, and the product of their moves, $2 \cdot 2 = 4$, is positive. The code looks for just that, in every two voices. The remainder by 12 drops whole octaves, so `interval` is 7 for fifths, and 0 for octaves and unisons.

# %% module="gan_lessons.metrics.chorales" tags=["library"]
from itertools import combinations

OCTAVE = 12


def parallels(pitches, interval):
    moves = pitches.diff(dim=-1)
    found = []
    for upper, lower in combinations(range(pitches.shape[1]), 2):
        apart = (pitches[:, upper] - pitches[:, lower]) % OCTAVE == interval
        found.append(apart[:, 1:] & apart[:, :-1] & (moves[:, upper] * moves[:, lower] > 0))
    return torch.stack(found, 1)


# %% [markdown]
# A count means little without a **floor**: what do voices get that know nothing of each other? We shuffle: each line is Bach's, but the four come from different windows. Here is his third clip beside such lines, marked by the program:

# %% alt="Two piano rolls. Left, two bars by Bach, unmarked. Right, lines from four windows: four steps are shaded red where voices cross, and two parallel red lines mark alto and bass." tags=["hide-input"]
ours, mixed = test.some(slice(700, 701)), shuffled(test).some(slice(700, 701))
figure = plt.figure(figsize=(7.2, 2.9), layout="constrained")
for axes, name, window in zip(figure.subplots(1, 2, sharey=True), ("Bach", "Shuffled"), (ours, mixed)):
    draw_roll(axes, window.pitches[0], window.struck[0])
    crossed, alike = marks(window.pitches[0])
    pencil(axes, window.pitches[0], crossed, alike)
    found = f"{len(crossed)} steps crossed, {len(alike)} parallel" if crossed or alike else "no mark"
    axes.set_title(f"{name}: {found}")
plt.show()

# %% [markdown]
# Those lines are the third clip here:

# %% alt="Three piano rolls with players, in which lines from four windows overlap." tags=["hide-input"]
Performances({"shuffled": shuffled(test).some(torch.tensor([100, 400, 700]))}, {"shuffled": style.REFERENCE})

# %% [markdown]
# Over all 877 windows of held-out tunes:

# %%
LABELS = {
    "in_key": "notes in key, share",
    "crossings": "steps crossed/bar",
    "fifths": "parallel fifths/bar",
    "octaves": "parallel octaves/bar",
    "held": "steps held, share",
    "on": "struck on beats",
    "off": "struck between beats",
    "leaps": "leaps, share of moves",
    "known": "known chords, share",
    "chords_js": "chord divergence",
    "copied": "longest copy, steps",
    "alike": "own repeats, steps",
}


def table(rows, *counts):
    """Print a line for each count and a column for each model."""
    print(f"{'':22}" + "".join(f"{name:>9}" for name in rows))
    for count in counts:
        print(f"{LABELS[count]:22}" + "".join(f"{scores[count]:9.3f}" for scores in rows.values()))


floors = {"Bach": chorale_scores(test)._asdict(), "shuffled": chorale_scores(shuffled(test))._asdict()}
table(floors, "in_key", "crossings", "fifths", "octaves")

# %% [markdown]
# **Crossings and parallels tell the two apart:** shuffled lines have 13 times Bach's crossings and about 40 times his parallel fifths. Being in key cannot, as shuffling keeps every note. Its floor comes in section 3, from an untrained generator.
#
# The target is Bach's count, not zero: he lets voices cross now and then.
#
# <details><summary>Fine print</summary>
#
# Where voices cross, the remainder takes fourths for fifths; counted by distance, the floor is .268. Windows overlap. Fifths from beat to beat, with a note between, go unseen.
#
# </details>

# %% tags=["claim"]
real_scores, floor = floors.values()
assert floor["fifths"] > 10 * real_scores["fifths"] and floor["crossings"] > 5 * real_scores["crossings"]
assert abs(floor["in_key"] - real_scores["in_key"]) < 0.001  # shuffling keeps single notes

# %% [markdown]
# > **Your turn.** Bach avoids parallel fifths. Does he avoid parallel thirds, of 3 or 4 semitones? Count them with `parallels(test.pitches, interval)`.
# >
# > <details><summary>Solution</summary>
# >
# > `sum(parallels(test.pitches, third).sum() for third in (3, 4)) / (2 * len(test.pitches))` is .98 a bar, counting only minor after minor and major after major. Shuffled voices have .21, so Bach seeks them.
# >
# > </details>
#
# ## 3 · A generator that holds its notes
#
# Our generator is a stack of convolutions along time. For each voice and step it gives 46 logits, one a pitch, and one for the bit *struck*.

# %% alt="A flow diagram. From left to right: noise of 64 numbers, convolutions along time, choose (straight-through), hold (where not struck), the fake roll of 4 by 16 by 47. Below it the real roll. Both lead to the discriminator, directly and through a box of intervals and heights, and the discriminator to the losses." tags=["hide-input"]
diagrams.flow(
    [
        diagrams.Box("noise z", 0, 0, "64 numbers", "noise"),
        diagrams.Box("convolutions", 1, 0, "along time", "generator"),
        diagrams.Box("choose", 2, 0, "straight-through", "generator"),
        diagrams.Box("hold", 3, 0, "where not struck", "generator"),
        diagrams.Box("fake roll", 4, 0, "4 × 16 × 47", "fake"),
        diagrams.Box("real roll", 4, 2, "4 × 16 × 47", "real"),
        diagrams.Box("intervals", 4, 1, "and heights", "plain"),
        diagrams.Box("discriminator D", 2.5, 1, "parameters φ", "discriminator"),
        diagrams.Box("losses", 1.2, 1, "of the scores s"),
    ],
    [
        diagrams.Arrow("noise z", "convolutions"),
        diagrams.Arrow("convolutions", "choose"),
        diagrams.Arrow("choose", "hold"),
        diagrams.Arrow("hold", "fake roll"),
        diagrams.Arrow("fake roll", "intervals"),
        diagrams.Arrow("real roll", "intervals"),
        diagrams.Arrow("intervals", "discriminator D"),
        diagrams.Arrow("fake roll", "discriminator D"),
        diagrams.Arrow("real roll", "discriminator D"),
        diagrams.Arrow("discriminator D", "losses"),
    ],
)


# %% [markdown]
# **Choosing.** The largest logit is the pitch that sounds. Such a choice jumps and has no slope, so as in [chapter 15](15_text.ipynb#The-second-family:-pretend-that-the-letter-is-soft) the gradient passes **straight through** it: forward the choice, backward the slope of the softmax. The bracket in the last line is zero, with that slope:

# %% module="gan_lessons.estimators" tags=["library"]
def straight_through(logits):
    return hard(logits.softmax(-1))


def hard(soft):
    largest = torch.zeros_like(soft).scatter(-1, soft.argmax(-1, keepdim=True), 1.0)
    return largest + (soft - soft.detach())


# %% [markdown]
# **Holding.** What is not struck takes the pitch of the step before. So the choices C D E G, struck 1 0 1 0, are sung as C **C** E **E**:

# %% module="gan_lessons.networks.chorales" tags=["library"]
def held(pitches, struck):
    sung = [pitches[:, :, 0]]
    for step in range(1, pitches.shape[2]):
        sung.append(sung[-1] + struck[:, :, step] * (pitches[:, :, step] - sung[-1]))
    return torch.stack(sung, 2)


# %% [markdown]
# Without `held` every step chooses its pitch alone. Trained so, seeds 0 to 2, voices held .07 to .27 of the steps, where Bach's hold .46.
#
# **The discriminator is told what a musician hears.** One-hot, all pitches are equally far apart: C is as far from G, a fifth above, as from F sharp, a harsh dissonance. So for real and fake rolls alike, D gets 128 more numbers a step: the intervals between each two voices, one-hot (6 × 12), those from each pitch to the voice's next (4 × 12), and heights with their changes (4 × 2). An interval is a sum of products of one-hot numbers, so gradients pass to G. D could learn all that from the roll. The exercise tests whether telling it helps.
#
# The rest is chapter 09's recipe: the relativistic loss with R1 and R2. Our 500 steps took less than a minute of one processor core. New counts: *steps held*, the shares of beats and of steps between that are *struck*, and *leaps*, moves by more than a fifth.

# %%
recipe = recipes.find("chorales")
gan, data = recipe.build(), recipe.data()
moments = {0: recipe.voices(recipe.samples(gan, 1000)), 50: None, 150: None, recipe.steps: None}
for record in tqdm(recipe.train(gan, data), total=recipe.steps):
    if record.step in moments:
        moments[record.step] = recipe.voices(recipe.samples(gan, 1000))


def judged(voices):
    """All scores, and the shares of beats (without the first) and of steps between beats that are struck."""
    beats, between = voices.struck[..., 2::2], voices.struck[..., 1::2]
    return chorale_scores(voices)._asdict() | {"on": beats.float().mean(), "off": between.float().mean()}


learning = {f"step {step}": judged(voices) for step, voices in moments.items()}
learning |= {"Bach": judged(test), "shuffled": judged(shuffled(test))}
table(learning, "in_key", "crossings", "fifths", "octaves", "held", "on", "off", "leaps")

# %% alt="Four piano rolls of the same noise. At step 0 all 16 steps are red, and short notes lie everywhere. At step 50 there are four lines, 5 red steps and one parallel; at step 150 8 red steps, at step 500 6." tags=["hide-input"]
figure = plt.figure(figsize=(7.2, 4.6), layout="constrained")
for axes, (step, voices) in zip(figure.subplots(2, 2, sharex=True, sharey=True).flat, moments.items()):
    pitches, struck = voices.pitches[0], voices.struck[0]
    draw_roll(axes, pitches, struck)
    crossed, alike = marks(pitches)
    pencil(axes, pitches, crossed, alike)
    axes.set_title(f"step {step}: {len(crossed)} crossed, {len(alike)} parallel", fontsize=10)
plt.show()

# %% alt="Four piano rolls with players, the clips of the figure above without marks." tags=["hide-input"]
firsts = [voices.some(slice(1)) for voices in moments.values()]
Performances({"after 0, 50, 150 and 500 steps": chorales.Voices(*map(torch.cat, zip(*firsts)))})

# %% [markdown]
# **In this run rhythm came by step 50, and parallels got worse.** The untrained generator strikes two of three steps, on beats or between. At step 50 it strikes .96 of the beats and .13 of the steps between, where Bach has .85 and .22. *Steps held* alone would not show that: coins tossed for all steps but the first would hold .47, close to Bach's .46.
#
# In key, the floor is .64, and step 50 has .94. Crossings fall from 7.4 to .75 a bar, still more than three times Bach's, and leaps end at five times his. But parallel fifths *rise* from .05 to .35, past the .27 of shuffled lines, as in all five seeds of the exercise. The few at the start are no merit: voices that jump anywhere seldom keep an interval. The four clips are one noise in a thousand, and your numbers may differ.
#
# > **Your turn.** Take the expert's ear away from D: train `dataclasses.replace(recipe, intervals=False)` (`import dataclasses` first), and add its column to the table. Guess first: which count suffers? Then try `recipe.build(seed=1)`, to see what chance does.
# >
# > <details><summary>Solution</summary>
# >
# > We trained seeds 0 to 4 with and without. From lowest to highest:
# >
# > | | with intervals | without | Bach |
# > |---|---|---|---|
# > | steps crossed, a bar | .44 to .89 | .48 to 1.15 | .21 |
# > | parallel octaves, a bar | .22 to .41 | .17 to .48 | .007 |
# > | leaps, share of moves | .09 to .13 | .10 to .14 | .025 |
# >
# > The ranges overlap. Intervals made octaves rarer in four seeds of five, but ten short runs do not settle it.
# >
# > </details>
#
# ## 4 · One note after the other
#
# Does it help to look back at what is already written? The GAN's rival is an **autoregressive** transformer: it writes one symbol after the other, and may look back at all before it. Its 64 symbols go step by step, from soprano to bass; each strikes one of the 46 pitches or holds the last. It learned to guess the next one by maximum likelihood, as in chapter 15. When it writes, its **temperature** T divides the logits: below 1 it takes likely notes more often and varies less.
#
# First the red pencil, on the nine clips from the top:

# %% alt="Nine piano rolls in three rows, marked in red. Bach's second has two shaded steps at its end, where alto and tenor cross; his others no mark. The GAN's first and second have a parallel each with the bass, and the last step of its third is shaded. The likelihood model's first and second have a parallel each, the second also a shaded step." tags=["hide-input"]
figure = plt.figure(figsize=(7.2, 6), layout="constrained")
colors = {"real": style.REAL, "GAN": style.FAKE, "likelihood model": style.AVERAGE}
for line, (name, voices) in zip(figure.subplots(3, 3, sharex=True, sharey=True), clips.items()):
    for axes, pitches, struck in zip(line, *voices):
        draw_roll(axes, pitches, struck)
        crossed, alike = marks(pitches)
        pencil(axes, pitches, crossed, alike)
        counts = {"crossed": len(crossed), "parallel": len(alike)}
        title = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "no mark"
        axes.set_title(title, fontsize=10)
    line[0].set_ylabel(name, color=colors[name], fontweight="bold")
plt.show()

# %% [markdown]
# **Bach's three clips have no parallel, and each machine wrote two in its three.** Crossings give nobody away: Bach has two crossed steps, as many as both machines together. Listen again:
#
# - **Bach 2:** from the end of bar 1 the bass climbs by steps.
# - **GAN 1:** on the first beat alto and bass sink in parallel fifths; on the second the soprano's E grinds against the tenor's D sharp.
# - **GAN 3:** at the end the alto jumps above the soprano.
# - **Likelihood model 1:** from the third beat to the fourth, tenor and bass fall in parallel fifths.
#
# Nine clips are an anecdote, so we count over a thousand windows of each model. The GAN is a stored run of section 3's recipe, with 3,000 steps and half the learning rate. New counts:
#
# - *Known chords*: the share of chords on beats that occur in training, too.
# - *Chord divergence*: how *often* each chord occurs, compared with the training chorales by the Jensen–Shannon divergence: 0 for the same frequencies, $\ln 2 \approx .69$ for no chord in common.
# - *Longest copy*: the longest run of steps, all voices alike, that a window shares with any training window. Other tunes by Bach share some, too. *Own repeats* are those shared with the model's own windows.

# %% tags=["long"]
record = results.table("chorales_likelihood")
trained = results.record("chorales/long")
curve = {f"T = {row['temperature']:g}": row for row in record["likelihood"]}
rows = {"Bach": record["real"], "GAN": trained["figures"]}
rows |= {name: curve[name] for name in ("T = 1", "T = 0.8", "T = 0.5")} | {"shuffled": record["shuffled"]}
table(rows, *(count for count in LABELS if count in record["real"]))
print(f"weights: G {sum(weight.numel() for weight in grown.average.parameters()):,},", end=" ")
print(f"transformer {record['parameters']:,}; one seed each;", end=" ")
print(f"trained for {trained['seconds']:.0f} s on the clock and {record['seconds']:.0f} s of the processor")

# %% alt="Four panels over the temperature, 0.5 to 1. The likelihood model is a curve of six points; Bach, the GAN and shuffled lines are level, and a band spans the GAN's checkpoints. Unknown chords: the curve rises from Bach's .01 to .09, below the band. Crossings: from .04 through Bach's .21 and the band to .41. Leaps: from Bach's .025 to .046, below the band. Parallels: both models lie between .43 and .80, shuffled lines at .58, Bach near 0." tags=["hide-input"]
PANELS = {
    "Unknown chords: below the GAN at every T": ("share of chords", lambda row: 1 - row["known"], 0.55),
    "Crossings: the GAN's come and go": ("steps a bar", lambda row: row["crossings"], 0.55),
    "Leaps: below the GAN at every T": ("share of moves", lambda row: row["leaps"], 0.11),
    "Parallels: none near Bach": ("fifths and octaves a bar", lambda row: row["fifths"] + row["octaves"], 0.95),
}
LINES = {
    "Bach": (record["real"], style.REAL, "bottom"),
    "GAN": (trained["figures"], style.FAKE, "bottom"),
    "shuffled": (record["shuffled"], style.REFERENCE, "top"),
}
figure = plt.figure(figsize=(7.2, 5.2), layout="constrained")
for axes, (title, (unit, count, high)) in zip(figure.subplots(2, 2, sharex=True).flat, PANELS.items()):
    places = [(row["temperature"], count(row)) for row in record["likelihood"]]
    span = [count(row) for row in trained["curve"]]
    axes.axhspan(min(span), max(span), color=style.FAKE, alpha=0.18, lw=0)
    axes.plot(*zip(*places), "o-", color=style.AVERAGE, ms=5)
    axes.annotate("likelihood", places[-1], (-14, 10), textcoords="offset points", color=style.AVERAGE)
    for name, (row, color, side) in LINES.items():
        height, label = count(row), name
        if height > high:
            height, label = high, f"{name}: {height:.1f} ↑"
        else:
            axes.axhline(height, color=color, ls="--" if name == "shuffled" else "-")
        away = (0, 2 if side == "bottom" else -3)
        axes.annotate(label, (1.21, height), away, textcoords="offset points", color=color, va=side, ha="right")
    axes.set(
        xlim=(0.44, 1.22), xticks=(0.5, 0.6, 0.7, 0.8, 0.9, 1), ylim=(0, high), ylabel=unit, xlabel="temperature T"
    )
    axes.set_title(title, fontsize=10)
figure.axes[2].text(0.46, 0.071, "its six checkpoints", color=style.FAKE, va="center")
plt.show()

# %% [markdown]
# Each model has one seed. The orange band spans six checkpoints of the GAN's run. It shows how one run wobbles, and other seeds may differ more. So we read only what lies outside it:
#
# - **Parallels: neither model has learned this old rule.** The GAN writes .35 parallel fifths a bar, the likelihood model .28 at T = 1, Bach .007, and shuffled voices .27.
# - **Chords: the likelihood model is ahead at every temperature.** Its divergence is at most .067, near the .036 of Bach's held-out tunes. The GAN's is .174, and .156 at its best checkpoint.
# - **Leaps: ahead again.** The GAN leaps three times as often as Bach, the likelihood model at T = 1 not quite twice.
# - **Crossings: no verdict.** Both reach Bach's count, one at some temperature, the other at some checkpoint.
# - **Copies: no sign of them on average,** except below T = 0.7. At T = 0.5 windows also repeat each other more than Bach's do.

# %% tags=["claim", "long"]
likely, checkpoints = record["likelihood"], trained["curve"]
for count in ("chords_js", "leaps"):
    assert max(row[count] for row in likely) < min(row[count] for row in checkpoints)
assert min(row["known"] for row in likely) > max(row["known"] for row in checkpoints)
assert min(row["fifths"] for row in likely + checkpoints) > 20 * record["real"]["fifths"]

# %% [markdown]
# **So the model that looks back wrote better here, by chords and leaps.** At T = 0.8 it has about half the leaps, and little more than a third of the unknown chords, of the GAN's best checkpoint for either. It is smaller and took less time: 98 seconds, where the GAN's 3,000 steps take minutes. The GAN keeps two advantages: it writes all voices in one pass, and in its latent space one chorale turns into another.
#
# ## 5 · From the page to the ear
#
# Each note is a sum of six harmonics of $440 \cdot 2^{(p - 69)/12}$ Hz, for the MIDI pitch $p$. For a better instrument, save a MIDI file.

# %%
content = organ.as_midi(invented)
print(f"{len(content)} bytes of MIDI;", [len(pitches) for _, pitches in organ.from_midi(content)], "notes a voice")

# %% [markdown]
# ```sh
# gan-lessons sample chorales/long --count 8 --out mine.mid   # or .wav, or .png
# gan-lessons train chorales --size gpu --device cuda --out runs/chorales
# ```
#
# ## When it goes wrong: a debugging card
#
# | what you hear or see | test, beside Bach's | mend |
# |---|---|---|
# | short notes, on and off the beats | shares struck | a bit for *struck*, and `held` |
# | lines jump about | share of leaps | tell D the heights |
# | one chorale, whatever the noise | *own repeats* | a group statistic in D (chapter 06), more windows, fewer steps |
# | D wins at once | D's loss far below $\ln 2$ | raise γ, lower η; look for a constant difference, such as first steps always struck |
# | good chords, no whole | listen to eight bars | a longer window |
# | a score says “like Bach” | the same score for shuffled lines and an untrained G | keep it if a floor is far away |
#
# ## What we saw
#
# - A field's rules make good judges once we know their floor.
# - We put knowledge into both players by hand: G holds notes, D hears intervals. Whether the intervals help is open.
# - By chords and leaps the likelihood model wrote better, with one seed each. Neither avoids parallel fifths.
# - Nobody was asked to listen. These counts know nothing of phrases, words or good endings.
#
# ## Project: a judge of your own
#
# Judge Bach, the GAN, the likelihood model and shuffled lines by two more rules:
#
# 1. **Spacing.** Soprano and alto, and alto and tenor, stand at most an octave apart. How many steps a bar break this?
# 2. **The leading note.** In A minor, G sharp wants to rise to A. Of all moves from a G sharp, which share does?
#
# `stored.voices(stored.samples(grown, 1000))` and `chorales.from_symbols(writer.sample(1000, 0.8))` are a thousand windows each. Guess first: for which rule is shuffling no floor, and what else is?
#
# <details><summary>Solution</summary>
#
# ```python
# def wide(pitches):
#     gaps = pitches[:, :2] - pitches[:, 1:3]
#     return (gaps > 12).any(1).sum() / (2 * len(pitches))
#
#
# def rising(pitches):
#     moves = pitches.diff(dim=-1)[pitches[..., :-1] % 12 == 8]
#     return (moves == 1).sum() / moves.ne(0).sum()
# ```
#
# | | Bach | GAN | T = 1 | T = 0.8 | shuffled | untrained G |
# |---|---|---|---|---|---|---|
# | wide steps, a bar | .10 | .25 | .23 | .11 | 1.77 | 4.2 |
# | G sharp rises, share | .74 | .32 | .57 | .65 | .74 | .08 |
#
# Shuffling keeps every leading note; its floor is the untrained generator, `moments[0]`. **Unlike parallels, much of the spacing was learned:** the GAN breaks it at a seventh of the floor, the likelihood model at T = 0.8 as seldom as Bach. The GAN lets a third of its leading notes rise. One seed each.
#
# </details>
#
# ## Questions
#
# 1. Why is the likelihood model a curve in the last figure, and the GAN a level line?
#    <details><summary>Answer</summary>Probabilities can be sampled at any temperature; each trades variety for safety. Our GAN has one sampler. Truncation (chapter 09) would give it a curve, too.</details>
# 2. The discriminator is told intervals and heights. Is that cheating?
#    <details><summary>Answer</summary>It tells D nothing that is not in the roll. But then hardly any of our counts is an independent judge, as D can read them off. Ask listeners, or a discriminator trained afterwards on other chorales.</details>
# 3. The likelihood model writes far more parallel fifths than Bach. Why did maximum likelihood not teach it better?
#    <details><summary>Answer</summary>We can only guess. To avoid one, the model needs the intervals of two voices at two moments, and a held note's pitch may stand many symbols back.</details>
#
# ## Further reading
#
# - Dong et al. 2018, *MuseGAN* ([arXiv:1709.06298](https://arxiv.org/abs/1709.06298)): several tracks as piano rolls, and its sequel on binary neurons ([arXiv:1804.09399](https://arxiv.org/abs/1804.09399)).
# - Yang et al. 2017, *MidiNet* ([arXiv:1703.10847](https://arxiv.org/abs/1703.10847)): a convolutional GAN that writes bar after bar.
# - Hadjeres et al. 2017, *DeepBach* ([arXiv:1612.01010](https://arxiv.org/abs/1612.01010)): chorales by resampling note after note, with a listening test.
# - Huang et al. 2017, *Counterpoint by convolution* ([arXiv:1903.07227](https://arxiv.org/abs/1903.07227)): Coconet, which rewrites what it wrote.
#
# Waves instead of notes: [chapter 17, Sound](17_sound.ipynb).
#
# [← A2 GANs, 2014 to today](A2_history.ipynb) · [contents](00_start.ipynb)
