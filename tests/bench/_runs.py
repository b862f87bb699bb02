"""What several benches do: train a recipe, and time it."""

import time

from gan_lessons.gan import GAN
from gan_lessons.recipes import Recipe


def trained(recipe: Recipe, seed: int) -> tuple[GAN, float]:
    """One GAN of a recipe, and its CPU seconds."""
    gan, data = recipe.build(seed=seed), recipe.data()
    start = time.process_time()
    for _ in recipe.train(gan, data):
        pass
    return gan, time.process_time() - start
