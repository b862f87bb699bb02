# %% [markdown]
# # 00 · Draw something; a GAN will learn it
#
# [01 The game →](01_the_game.ipynb) · [words and symbols](A1_glossary.ipynb) · [GANs, 2014 to today](A2_history.ipynb)
#
# **Two networks play against each other, and one of them learns to make things up.**

# %% alt="An animation of two squares, side by side. In each a cluster of orange points bursts into a cloud and tumbles over the plane; within a few hundred steps it settles, on the left on eight blue islands of a ring, with thin bridges between them, on the right on the outline of a blue heart. Behind the points a surface of purple, green and white, D's opinion, changes all the time; it ends white along the heart." tags=["hide-input"]
import numpy as np
import torch
from matplotlib.figure import Figure

from gan_lessons.data import points
from gan_lessons.labs.points.playground_simulation import Game, problem
from gan_lessons.plots import motion, style
from gan_lessons.sweeps import Setting

torch.set_num_threads(1)  # small networks are fastest on one thread
style.use()
good = {"loss": "relativistic", "discriminator_rate": 2e-3, "generator_width": 128, "discriminator_width": 128}
setting = Setting(**good, annealed=1600)
heart = points.heart().place(torch.arange(60) / 60).tolist()
games = [Game(problem(name, heart), setting, 0) for name in ("ring", "drawn")]
ticks = torch.linspace(-3, 3, 61)
places = torch.cartesian_prod(ticks, ticks)
pale = ["#B89CC9", "#DCCBE5", "#F8F8F8", "#CBE7C6", "#96CC94"]  # from purple, fake, to green, real
frames = []
for moment in np.linspace(0, 1, 24) ** 1.6 * 1500:
    frames.append(figure := Figure(figsize=(6.4, 3.2), dpi=100, layout="none"))
    for axes, game in zip(figure.subplots(1, 2), games):
        while game.step < moment:
            game.train(setting)
        fake, real = game.generate(game.noise[:400]), game.problem.real[:400]
        surface = game.judge(places) - game.judge(torch.cat([fake, real])).median()
        levels = [-99, -2.5, -0.5, 0.5, 1.5, 99]
        axes.contourf(ticks, ticks, surface.reshape(61, 61).T, levels, colors=pale, antialiased=False)
        axes.scatter(*real.T, s=3, color=style.REAL)
        axes.scatter(*fake.T, s=6, color=style.FAKE, linewidths=0)
        axes.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal")
        axes.set_axis_off()
    figure.subplots_adjust(0.005, 0.01, 0.995, 0.99, 0.02)
motion.Animation(frames, milliseconds=110, colors=40)

# %% [markdown]
# Blue points are real. Orange points are made up by the **generator**, a network that has never seen a blue one. It learns only from the
# slope of the coloured surface: the opinion of a second network, the **discriminator**, which is learning to tell orange from blue (green:
# looks real; purple: looks fake; white: can't tell). As one improves, the other must, too. Together they are a generative adversarial
# network, a **GAN**.
#
# ## Draw
#
# In Jupyter, click on the first cell and press Shift-Enter until a live lab appears here, in which a GAN has just learned a heart. (On a web
# page it stands still.) Open *More controls*, *Data and picture*; press *Clear drawing*, draw, and press *Play*.

# %% alt="The playground after 600 steps: orange fakes lie along the outline of a blue heart, over D's surface of purple and green, with black arrows that pull at some of them; beside it the two losses, and scores that have risen close to those of a perfect sampler."
import torch

from gan_lessons.data import points
from gan_lessons.labs.points import PlaygroundLab

torch.set_num_threads(1)
lab = PlaygroundLab(
    loss="relativistic",
    discriminator_rate=2e-3,
    generator_width=128,
    discriminator_width=128,
    picture="D, points and pulls",
)
lab.draw(points.heart().place(torch.arange(60) / 60))
lab.run(600)
lab

# %% [markdown]
# ## The whole idea in twenty lines
#
# Two networks, two losses, and gradients that flow back through both:

# %% alt="Block diagram of a GAN. Noise z enters the generator G, which makes a fake; the fake and a real x enter the discriminator D, whose scores enter the losses. Dashed gradients flow back from the losses to D, and through D to G." tags=["hide-input"]
from gan_lessons.plots import diagrams

diagrams.gan(lit=("noise", "generator", "fake", "real", "discriminator", "losses", "gradients"))

# %% [markdown]
# A star as data (collapsed), and the whole GAN:

# %% tags=["hide-input"]
from torch import nn
from torch.nn.functional import softplus


def star(count):
    """Points [count, 2] spread evenly over a five-pointed star."""
    corner = torch.arange(11)
    corners = torch.stack([(corner * torch.pi / 5).sin(), (corner * torch.pi / 5).cos()], 1) * (
        2.2 - 1.3 * (corner[:, None] % 2)
    )
    chosen, along, outwards = torch.randint(10, (count,)), torch.rand(count, 1), torch.rand(count, 1).sqrt()
    return outwards * torch.lerp(corners[chosen], corners[chosen + 1], along)


# %%
def network(outputs):
    return nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs))


torch.manual_seed(0)
G, D = network(2), network(1)  # the generator: noise to points; the discriminator: points to scores
G_optimizer, D_optimizer = (torch.optim.Adam(player.parameters(), 1e-3, betas=(0.0, 0.99)) for player in (G, D))
film, watched = [], torch.randn(300, 2)  # noise to look at: the same at every step
for step in range(2000):
    real, fake = star(256), G(torch.randn(256, 2))
    D_loss = softplus(-D(real)).mean() + softplus(D(fake.detach())).mean()  # D: real up, fake down
    D_optimizer.zero_grad()
    D_loss.backward()
    D_optimizer.step()
    G_loss = softplus(-D(fake)).mean()  # G: my fakes up
    G_optimizer.zero_grad()
    G_loss.backward()
    G_optimizer.step()
    for optimizer in (G_optimizer, D_optimizer):
        optimizer.param_groups[0]["lr"] = 1e-3 * (1 - step / 2000)  # smaller and smaller steps
    film.append(G(watched).detach())

# %% alt="An animation: 300 orange points, first a small cluster, spread, overshoot and within 2,000 steps fill a five-pointed star, which shows in pale blue behind them." tags=["hide-input"]
backdrop = star(4000)
frames = []
for moment in (np.linspace(0, 1, 24) ** 1.5 * 1999).astype(int):
    frames.append(figure := Figure(figsize=(4.2, 3.6), dpi=100, layout="none"))
    axes = figure.subplots()
    axes.scatter(*backdrop.T, s=5, color="#BBD9EC", linewidths=0)
    axes.scatter(*film[moment].T, s=9, color=style.FAKE, linewidths=0)
    axes.set(xlim=(-2.8, 2.8), ylim=(-2.4, 2.6), aspect="equal", title=f"step {moment + 1:,}")
    axes.set_axis_off()
    figure.subplots_adjust(0, 0, 1, 0.92)
motion.Animation(frames, milliseconds=140, colors=24)

# %% [markdown]
# [Chapter 01](01_the_game.ipynb) explains every line.
#
# > **Your turn.** Replace `star(256)` by `torch.randn(256, 2).sign()`: four corners of a square. What will lie between
# > the corners after 2,000 steps? Run both cells again.
#
# <details><summary>Solution</summary>
#
# Thin bridges. $G$ is continuous, so it cannot tear its cloud into four; it stretches the part in between until few points are left there.
# In four runs with other seeds 86 to 92 % of the points were within 0.1 of a corner.
#
# </details>
#
# ## Now break it
#
# In the lab choose *ring* as data: eight islands. Raise *G: learning rate* from 0.001 to 0.01, and press *Play*.
# $G$ outruns $D$; its points may crowd in one spot, and with most seeds cover no island: **mode collapse**. To rescue it, let $D$ judge
# two points at a time (*The players*, *D: packing* 2): identical points in a pair look suspicious.

# %% alt="Three squares after 1,000 steps. Left, learned: orange points on all eight blue islands, with bridges between them. Middle, broken, with G's learning rate ten times higher: all 500 orange points lie on a single island. Right, rescued, with packing as well: a fuzzy ring over all eight islands." tags=["hide-input"]
import matplotlib.pyplot as plt

from gan_lessons import results

record = results.table("sweeps/start")
islands = {name: reached["modes"] for name, reached in record["settings"].items()}
islands = {"learned": islands.pop("as it is"), **islands}  # by the names of the panels
seed = record["seeds"][islands["broken"].index(1)]  # of those that lost all but one island, the first
fast = {**good, "generator_rate": 1e-2}
panels = {"learned": ("the lab's settings", Setting(**good)), "broken": ("G: learning rate 0.01", Setting(**fast))}
panels["rescued"] = "… and D: packing 2", Setting(**fast, pack=2)
figure, row = plt.subplots(1, 3, figsize=(7.2, 2.8))
for axes, (name, (what, setting)) in zip(row, panels.items()):
    game = Game(problem("ring", []), setting, seed)
    for step in range(1000):
        game.train(setting)
    fake, found = game.generate(game.noise[:500]), int(game.measure().modes)
    axes.scatter(*game.problem.modes.centres.T, s=60, color="none", edgecolors=style.REAL, linewidths=1.6)
    axes.scatter(*fake.T, s=8, color=style.FAKE, linewidths=0)
    if fake.std(0).max() < 0.2:
        axes.annotate("all 500", fake.mean(0), (0, 0), ha="center", color=style.FAKE, arrowprops={"arrowstyle": "->"})
    axes.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", xticks=[], yticks=[], xlabel=what)
    axes.set_title(f"{name}: {found} of 8 islands")
    axes.spines[["left", "bottom"]].set_visible(False)
plt.show()

# %% [markdown]
# One seed of twenty, picked because its points crowd on an island. All twenty, after 1,000 steps:

# %% tags=["claim", "long"]
from gan_lessons.metrics.comparisons import means

for name, modes in islands.items():
    shares = record["settings"]["as it is" if name == "learned" else name]["high_quality"]
    print(
        f"{name:>8}: {np.mean(modes):.2f} of 8 islands on average, all eight in {modes.count(8)} of {len(modes)} seeds;"
    )
    print(f"{'':>8}  none in {modes.count(0)}; on an island: {min(shares):.0%} to {max(shares):.0%} of the points")
print(f"islands, rescued minus broken: {means(islands['rescued'], islands['broken'])}")
whole = {name: modes.count(8) for name, modes in islands.items()}
assert whole["learned"] >= 18 and whole["broken"] <= 8 and whole["rescued"] >= 16

# %% [markdown]
# Five broken runs still cover seven or eight islands. The rescue brings all back in nearly every run, but most of its points lie off
# the islands; even of the learned ones, only about half lie on one.
#
# ## What the book makes
#
# All of it was trained on one processor core, from data that arrive with `pip install`. Digits, while their noise moves on a circle ([chapter 09](09_images.ipynb)):

# %% alt="An animation of sixteen handwritten digits in two rows, which change smoothly into other digits as their noise moves on a circle, and after a while come back." tags=["hide-input"]
from gan_lessons import recipes
from gan_lessons.plots import images

recipe = recipes.find("digits", "long")
gan = recipe.load()
start, other = torch.randn(2, 16, recipe.noise_dim, generator=torch.Generator().manual_seed(3))
frames = []
for turn in torch.linspace(0, 2 * torch.pi, 33)[:-1]:
    with torch.no_grad():
        sheet = images.tile(gan.average(start * turn.cos() + other * turn.sin()), 8)
    frames.append((255 * sheet[..., 0]).byte().numpy().repeat(3, 0).repeat(3, 1))
motion.Animation(frames, milliseconds=110, rest=110, colors=16)

# %% [markdown]
# Digits on demand, and faces, from ten photographs of each person ([chapter 10](10_images_on_demand.ipynb)):

# %% alt="Above, three rows of generated handwritten digits, each from 0 to 9 in order, in different hands. Below, eight generated grey faces of different people, a little grainy." tags=["hide-input"]
figure, (above, below) = plt.subplots(2, 1, figsize=(7.2, 3.4), height_ratios=(3, 1.25))
for axes, size, labels in ((above, "long", torch.arange(10).repeat(3)), (below, "faces", torch.arange(1, 40, 5))):
    recipe = recipes.find("conditional", size)
    images.draw_sheet(axes, recipe.samples(recipe.load(), labels), min(len(labels), 10))
plt.show()

# %% [markdown]
# Cats that nobody drew, unselected ([chapter 11](11_architectures.ipynb); parts by David Revoy, CC BY 4.0, robohash):

# %% alt="Thirty-two generated cats in four rows, in colour, with hats, scarves, glasses, bows and headphones. All are crisp; a few of the finest lines are soft." tags=["hide-input"]
recipe = recipes.find("avatars", "parts")
figure, axes = plt.subplots(figsize=(7.2, 3.7))
images.draw_sheet(axes, recipe.samples(recipe.load(), 32), 8)
plt.show()

# %% [markdown]
# Words that a GAN made up, unselected ([chapter 15](15_text.ipynb)):

# %% tags=["hide-input"]
import textwrap

from gan_lessons.data.text import words
from gan_lessons.networks.text import WordGenerator

recipe = recipes.find("words")
writer = results.restored(WordGenerator(recipe.noise_dim, width=recipe.width), "words_spread")
noise = torch.randn(40, recipe.noise_dim, generator=torch.Generator().manual_seed(1))
print(textwrap.fill(" ".join(words().train.read(writer(noise).argmax(-1))), 66))  # no word broken on a narrow page

# %% [markdown]
# And five spoken words, in no real person's voice ([chapter 17](17_sound.ipynb)). Press play:

# %% tags=["hide-input", "long"]
from gan_lessons.plots.sound import Players
from gan_lessons.spectrograms import griffin_lim

recipe = recipes.find("spoken_words")
wish = ["hello", "one", "two", "three", "stop"]
said = recipe.samples(recipe.load(), torch.tensor([recipe.words.index(word) for word in wish]))
Players({"made up": griffin_lim(said)}, wish, {"made up": said})

# %% [markdown]
# ## The map
#
# ||chapter|question|
# |---|---|---|
# |**The game**|[01 The game](01_the_game.ipynb)|Why let two networks play?|
# ||[02 The generator](02_the_generator.ipynb)|How does noise become data?|
# ||[03 The discriminator](03_the_discriminator.ipynb)|What does a classifier know about a density?|
# ||[04 The losses](04_the_losses.ipynb)|What does each loss ask for?|
# |**Training**|[05 The first GAN](05_the_first_gan.ipynb)|How do I train one, and read its curves?|
# ||[06 Mode collapse](06_mode_collapse.ipynb)|What is lost, and what brings it back?|
# ||[07 Convergence](07_convergence.ipynb)|Why do GANs circle?|
# ||[08 Measuring a GAN](08_measuring_a_gan.ipynb)|Which number can I trust?|
# |**Pictures**|[09 Images](09_images.ipynb)|How good can a full GAN get on real handwriting?|
# ||[10 Images on demand](10_images_on_demand.ipynb)|How do I ask for a 7?|
# ||[11 Architectures](11_architectures.ipynb)|What did each idea bring?|
# ||[12 Few pictures](12_few_pictures.ipynb)|What if there are only fifty pictures?|
# ||[13 Image to image](13_image_to_image.ipynb)|How does a sketch become a picture?|
# ||[14 Super-resolution](14_super_resolution.ipynb)|What may replace lost detail?|
# |**Text**|[15 Text](15_text.ipynb)|Why is writing harder than drawing?|
# ||[16 Verse and news](16_verse_and_news.ipynb)|Can a GAN write a line of verse?|
# |**Sound**|[17 Sound](17_sound.ipynb)|Which picture of sound can a GAN learn?|
# ||[18 Speech](18_speech.ipynb)|What turns a spectrogram into a voice?|
# ||[A3 Music](A3_music.ipynb)|Can a GAN write for four voices?|
# |**Motion and space**|[19 Video](19_video.ipynb)|What keeps a thing the same while it moves?|
# ||[20 Shapes](20_shapes.ipynb)|Can a GAN make things that hold together?|
# |**Scaling up**|[21 Scaling up](21_scaling_up.ipynb)|What does a GPU wait for?|
# |**To look things up**|[A1 Words and symbols](A1_glossary.ipynb)|What does this word mean?|
# ||[A2 GANs, 2014 to today](A2_history.ipynb)|Who changed what?|
#
# A chapter computes for a minute or two; reading takes under an hour.
#
# ## How to use it
#
# - **Alone.** From 01 to 08 in order; then as you like. At each *Your turn* predict first, then change one number;
#   the solution is a click away.
# - **You teach.** The labs are made for a projector, and every claim is a cell that your students can run. Each chapter
#   links to an assignment that grades itself ([the losses](assignments/release/04_the_losses/04_the_losses.ipynb)).
# - **You build GANs.** Read 05, 07 and 08, and each chapter's debugging card.
# - **You make art.** Read 09 to 12, then run `gan-lessons train few --data my_pictures`.
#
# ## And now?
#
# Why does it work? [01 The game](01_the_game.ipynb). Why did mine break? [06 Mode collapse](06_mode_collapse.ipynb).
