"""What every test gets: one thread, as in the chapters, and figures without a window."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported; the notebooks' kernels inherit it

import matplotlib

matplotlib.use("Agg")
