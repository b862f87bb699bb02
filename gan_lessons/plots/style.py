"""One palette and one figure style for the whole book; readers who are colour-blind can tell the colours apart."""

import sys
from collections.abc import Mapping

import matplotlib as mpl
from cycler import cycler

# Each colour has one role
REAL = "#0072B2"  # blue
FAKE = "#D55E00"  # orange
DISCRIMINATOR = "#009E73"  # green
AVERAGE = "#7B3FA0"  # purple: the moving average, or the second of two things that are compared
REFERENCE = "#6E6E6E"  # grey: baselines, floors, ceilings
GRADIENT = "#B00060"  # magenta: gradients, and the generator's loss, from which they flow
SCORES = "PRGn"  # purple: fake, white: undecided, green: real
# Okabe & Ito's colours, in the order of the roles
CYCLE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
# For whatever has none of the roles above, as losses or settings: from Paul Tol's "muted" palette
CATEGORIES = ["#332288", "#CC6677", "#999933", "#882255", "#88CCEE", "#B8860B"]


def row_color(name: str, colors: Mapping[str, str]) -> str:
    """The colour of a row of that name: the one given, else that of real data if it begins so, else that of fakes."""
    return colors.get(name, REAL if name.startswith("real") else FAKE)


def use() -> None:
    """Make matplotlib draw in the book's style: 7.2 inches wide, no text below 9 points, sharp on fine screens."""
    mpl.rcParams.update(
        {
            "figure.dpi": 100,
            "figure.figsize": (7.2, 3.6),
            "figure.constrained_layout.use": True,
            "axes.prop_cycle": cycler(color=CYCLE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 11,
            "axes.titlelocation": "left",
            "axes.labelsize": 10,
            "figure.titlesize": 11,
            "font.size": 10,
            "xtick.labelsize": 9,
            "ytick.labelsize": 9,
            "legend.frameon": False,
            "legend.fontsize": 9,
        }
    )
    if "ipykernel" in sys.modules:  # in a notebook: twice as many pixels on the same area
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("retina")
