"""What several benches do: train a recipe, and time it."""

import time

from gan_lessons import recipes
from gan_lessons.training import GAN


def trained(name: str, seed: int) -> tuple[GAN, float]:
    """One GAN of the cpu size, and its CPU seconds."""
    recipe = recipes.find(name, "cpu")
    gan, data = recipe.build(seed=seed), recipe.data()
    start = time.process_time()
    for _ in recipe.train(gan, data):
        pass
    return gan, time.process_time() - start
