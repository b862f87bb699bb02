"""What every test gets: one thread, as in the chapters, figures without a window, and one browser for all."""

import os
import signal

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported; the notebooks' kernels inherit it

import matplotlib

matplotlib.use("Agg")

from tests.browser import chromium, jupyter, lab_page, open_lab  # noqa: F401  (fixtures)

# what runs in the background of a script ignores these two, and so would everything that is tested here
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
