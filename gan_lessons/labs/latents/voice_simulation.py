"""Latent directions along which what a conditional generator says changes most."""

from collections.abc import Callable

import torch
from torch import Tensor

from gan_lessons.labs.latents import latent_simulation as latent

PROBES = 192  # noises by which the directions are found


def principal_of_output(draw: Callable[[Tensor, Tensor], Tensor], dim: int, classes: int, count: int) -> Tensor:
    """Directions [count, dim] that lead along the principal components of the log-mels, each class around its mean.

    As Härkönen et al. 2020, arXiv:2004.02546, do it with a layer's activations.
    """
    labels = torch.arange(PROBES) % classes
    noises = latent.noise(dim, 0, PROBES)
    drawn = draw(noises, labels).flatten(1)
    for label in range(classes):
        drawn[labels == label] -= drawn[labels == label].mean(0)
    coordinates = drawn @ torch.linalg.svd(drawn, full_matrices=False)[2][:count].T
    return latent.signed(torch.linalg.lstsq(coordinates, noises - noises.mean(0)).solution)
