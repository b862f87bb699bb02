# %% [markdown]
# # A2 · GANs, 2014 to today
#
# [← A1 Words and symbols](A1_glossary.ipynb) · [contents](00_start.ipynb) · [A3 Music →](A3_music.ipynb)
#
# **Who changed what, and where do GANs stand beside diffusion, flows and autoregression in 2026?**
#
# A dozen years in one picture, then a line a paper. It is a choice: the papers that this book builds on or argues with, and those
# that changed what people did.

# %% alt="A timeline from 2014 to 2026 in seven rows. The game: GAN 2014, DCGAN 2015. From pictures to pictures: pix2pix 2016, CycleGAN 2017. What makes them settle: WGAN 2017, R1 2018. Size and style: BigGAN and StyleGAN 2018. Sound: HiFi-GAN 2020, SoundStream 2021. Others take the lead: DDPM and VQGAN 2020, latent diffusion 2021, GigaGAN 2023. The game returns: ADD 2023, DMD2 2024, R3GAN 2025." tags=["hide-input"]
import tomllib
from pathlib import Path

import matplotlib.pyplot as plt
from IPython.display import Markdown

from gan_lessons.plots import style

style.use()
eras = tomllib.loads(Path("history.toml").read_text("utf-8"))["era"]
colors = [style.DISCRIMINATOR, *style.CATEGORIES[:4], style.REFERENCE, style.FAKE]


def date(paper):
    """The year of a paper and its month as a fraction, as its number has them."""
    return 2000 + int(paper["id"][:2]) + (int(paper["id"][2:4]) - 0.5) / 12


figure, axes = plt.subplots(figsize=(7.2, 4.8))
for row, (era, color) in enumerate(zip(eras, colors, strict=True)):
    dates = [date(paper) for paper in era["papers"]]
    axes.plot([min(dates), max(dates)], [row, row], color=color, lw=7, alpha=0.25, solid_capstyle="round")
    axes.scatter(dates, [row] * len(dates), s=22, color=color, zorder=3)
    late = min(dates) > 2017.5  # its name fits on the left
    place = {"x": min(dates) - 0.25, "ha": "right"} if late else {"x": max(dates) + 0.25, "ha": "left"}
    axes.text(y=row, s=era["title"].split(" (")[0], color=color, weight="bold", va="center", **place)
    named = sorted((paper for paper in era["papers"] if paper.get("timeline")), key=date)
    for turn, paper in enumerate(named):
        below = turn % 2 == 0
        axes.annotate(
            paper["name"], (date(paper), row), (0, -9 if below else 9), textcoords="offset points", fontsize=9,
            ha="center", va="top" if below else "bottom",
        )  # fmt: skip
axes.set(xlim=(2013.8, 2026.4), ylim=(len(eras) - 0.4, -0.6), yticks=[], xticks=range(2014, 2027, 2))
axes.spines["left"].set_visible(False)
axes.grid(axis="x", color="#DDDDDD", lw=0.6)
axes.set_title("GANs alone; from 2020 diffusion and tokens; since 2023 both together", pad=10)
plt.show()

# %% tags=["hide-input"]
lines = []
for era in eras:
    lines += [f"### {era['title']}", "", era["text"], "", "| | | |", "|---|---|---|"]
    for paper in sorted(era["papers"], key=date):
        link = f"[{paper['id']}](https://arxiv.org/abs/{paper['id']})"
        lines.append(f"| **{paper['name']}** | {paper['what']} | {paper['who']}, {int(date(paper))}, {link} |")
    lines.append("")
Markdown("\n".join(lines))

# %% [markdown]
# ## Where GANs stand in 2026
#
# Four families of generative models share the field. They are less rivals than parts: most systems are built of two or three of them.
#
# - A **diffusion model** (or flow matching, its close relative) learns to remove noise, and draws a sample in steps.
# - An autoregressive model writes one token after the other.
# - A **normalising flow** is invertible, so its density is exact; a **variational autoencoder** bounds it.
# - A GAN makes a sample in a single pass, and knows no density at all.
#
# | | GAN | diffusion, flow matching | autoregression | normalising flow |
# |---|---|---|---|---|
# | passes a sample | 1 | 20 to 100; distilled, 1 to 4 | one a token | 1 |
# | training | a game: can circle and collapse | a regression: steady | a classification: steady | likelihood: steady |
# | density | none | a bound, or by an ODE | exact | exact |
# | leaves out rare things | easily | seldom | seldom | seldom; it spreads too far instead |
# | steering by text | hard to scale | easy (guidance) | easy (a prompt) | rare |
# | leads today in | vocoders, super-resolution, real time, few classes and few pictures | images and video from text | text, and with it much else | physics, exact densities |
#
# **What GANs lost.** Pictures and video from text: diffusion models and transformers train steadily on data of any size, and a prompt
# steers them. In text they never led: maximum likelihood is hard to beat ([chapter 15](15_text.ipynb)).
#
# **What GANs kept.** Whatever must be made in one pass: vocoders and audio codecs ([chapter 18](18_speech.ipynb#Where-else-a-discriminator-listens)), super-resolution, avatars
# in real time. And the decoders of their rivals: the autoencoders of latent diffusion, the tokenisers of pictures, EnCodec and SoundStream are
# all trained with a discriminator, because a squared error alone blurs.
#
# **What came back.** In **adversarial distillation** a diffusion model is the teacher, its student has one to four steps, and a
# discriminator says whether the student's result looks real (ADD, LADD, DMD2; for video APT). And with pairs, R1 and R2 and a modern backbone, a plain GAN without tricks surpasses
# StyleGAN2 (R3GAN) and improves with its size (GAT). On ImageNet at 256 × 256, GAT reports a Fréchet Inception distance of 2.96.
# These claims are their authors'; this book repeats none of them at that size.
#
# ## Why learn them
#
# - A discriminator is a loss for what nobody can write down: sharpness, style, the sound of a voice. That idea outlives any architecture.
# - One pass is the cheapest sample there is, on a phone as in a data centre.
# - Games between networks are everywhere: self-play, robust training, reward models and those who exploit them. GANs are the smallest
#   in which one can watch a game circle, collapse and settle.
# - Measuring a generative model without a likelihood is a craft of its own, and it was learned on GANs.
# - They are small enough to be understood whole, on a laptop.
#
# And when not to: if you need coverage of rare cases, a density, or control by long prompts, take another family; [chapter 08](08_measuring_a_gan.ipynb)
# shows how to find out.
#
# [← A1 Words and symbols](A1_glossary.ipynb) · [contents](00_start.ipynb) · [A3 Music →](A3_music.ipynb)
