"""A writer whose law is known: a small LSTM with random weights, which says how likely every text is."""

from functools import cache

import torch

from gan_lessons.networks.text import LSTMGenerator

KINDS, LENGTH = 32, 12


@cache
def oracle(seed: int = 0) -> LSTMGenerator:
    """An LSTM of width 32 with standard normal weights; it writes 12 of 32 symbols, none of which is an end.

    Yu et al. 2017 (SeqGAN), arXiv:1609.05473, section 4, where it writes 20 of 5,000.
    """
    with torch.random.fork_rng(devices=[]):  # whoever asks first draws the same numbers afterwards as who asks later
        model = LSTMGenerator(KINDS, LENGTH, width=32, embedded=32).requires_grad_(False)
    normal = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        parameter.normal_(generator=normal)
    return model
