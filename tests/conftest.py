"""What every test gets: one thread, as in the chapters, figures without a window, and one browser for all."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported; the notebooks' kernels inherit it

import matplotlib

matplotlib.use("Agg")

from tests.browser import chromium, jupyter, lab_page, open_lab  # noqa: F401  (fixtures)
