"""Cells that the browser tests of several labs run."""

DIGITS = """
import torch
from gan_lessons import losses
from gan_lessons.data.images import small_digits
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator
from gan_lessons.training import GAN, train

torch.manual_seed(0)
real = small_digits().pixels
gan = GAN(ImageGenerator(8, 8, width=8, hidden=32), ImageDiscriminator(8, width=8, hidden=32), 8)
"""  # a small GAN on digits, not yet trained
