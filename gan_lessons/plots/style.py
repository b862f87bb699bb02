"""One palette and one figure style for the whole book; readers who are colour-blind can tell the colours apart."""

import matplotlib as mpl
from cycler import cycler

REAL = "#0072B2"
FAKE = "#D55E00"
DISCRIMINATOR = "#009E73"
REFERENCE = "#6E6E6E"
SCORES = "PRGn"  # purple: fake, white: undecided, green: real
# Okabe & Ito's colours, for whatever is none of these
CYCLE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]


def use() -> None:
    """Make matplotlib draw in the book's style."""
    mpl.rcParams.update(
        {
            "figure.dpi": 90,
            "figure.figsize": (6.0, 3.4),
            "figure.constrained_layout.use": True,
            "axes.prop_cycle": cycler(color=CYCLE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 10,
            "axes.titlelocation": "left",
            "axes.labelsize": 9,
            "xtick.labelsize": 8,
            "ytick.labelsize": 8,
            "legend.frameon": False,
            "legend.fontsize": 8,
        }
    )
