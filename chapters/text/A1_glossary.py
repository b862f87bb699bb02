# %% [markdown]
# # A1 · Words and symbols
#
# [← 21 Scaling up](21_scaling_up.ipynb) · [contents](00_start.ipynb) · [A2 GANs, 2014 to today →](A2_history.ipynb)
#
# **What does this word mean, and what do papers call it?**
#
# Each term links to the chapter that teaches it, where it stands in bold. Ctrl-F finds a word.
#
# ## Symbols
#
# One symbol has one meaning in the whole book. Papers differ:
#
# | here | what it is | in papers also |
# |---|---|---|
# | $x$ | a data point, real or fake | $\mathbf{x}$, $y$ |
# | $z$ | noise, the generator's input | $\mathbf{z}$, $\xi$, latent code |
# | $c$ | a condition, such as a label | $y$ |
# | $G$ | the generator, and $G(z)$ a fake | $G_\theta$, $g$ |
# | $D$ | the discriminator | $D_\phi$, $D_\psi$, critic $f_w$, $C$ |
# | $s$, $s(x)$ | $D$'s score, a logit on the whole real line | $D(x)$ before the sigmoid, $C(x)$, $T(x)$ |
# | $\sigma(s)$ | the probability that $D$ gives to "real" | $D(x)$ in Goodfellow et al. 2014 |
# | $p$ | the density of the data | $p_\text{data}$, $\mathbb{P}_r$, $P$ |
# | $q$ | the density of the generator | $p_g$, $\mathbb{P}_g$, $p_\theta$, $Q$ |
# | $\theta$ | the generator's parameters | $\theta_g$ |
# | $\phi$ | the discriminator's parameters | $\theta_d$, $\psi$, $w$ |
# | $\gamma$ | the weight of a penalty | $\lambda$ |
# | $\eta$ | the learning rate | $\alpha$, $h$, lr |
# | $\beta$ | momentum | $\beta_1$, $\mu$ |
# | $\psi$ | truncation: 1 is all noise, 0 its mean | threshold |
#
# ## Words

# %% tags=["hide-input"]
import tomllib
from itertools import groupby
from pathlib import Path

from IPython.display import Markdown

glossary = tomllib.loads(Path("glossary.toml").read_text("utf-8"))
chapters = {text.name[:2]: f"{text.stem}.ipynb" for text in Path("text").glob("*.py")}


def row(term):
    """A line of the table: the term, its symbol, what it means, other names, its chapter."""
    entry = glossary[term]
    name = f"**{term}** {entry.get('symbol', '')}".strip()
    link = f"[{entry['chapter']}]({chapters[entry['chapter']]})"
    return " | ".join(["", name, entry["means"], entry.get("also", ""), link, ""]).replace("\\|", "\\Vert ").strip()


lines = []
for letter, terms in groupby(sorted(glossary, key=str.lower), key=lambda term: term[0].upper()):
    lines += [f"### {letter}", "", "| term | meaning | papers also say | chapter |", "|---|---|---|---|"]
    lines += [*map(row, terms), ""]
print(f"{len(glossary)} terms")
Markdown("\n".join(lines))

# %% [markdown]
# A word is missing, or means something else in your field? Add it to `glossary.toml`: a test sees to it that the chapter defines
# it in bold, and that no chapter uses it before it is defined.
#
# [← 21 Scaling up](21_scaling_up.ipynb) · [contents](00_start.ipynb) · [A2 GANs, 2014 to today →](A2_history.ipynb)
