"""Ten GANs on the ring of eight as one population, the best recipe and the plain GAN: modes, high quality, CPU time."""

import time

from gan_lessons import recipes
from gan_lessons.metrics.modes import perfect


def measure(size: str, name: str = "ring") -> dict[str, float]:
    """Train one population and score its members; the seconds are those of this process, a GAN."""
    recipe = recipes.find(name, size)
    gan, data = recipe.build(), recipe.data()
    start = time.process_time()
    for _ in recipe.train(gan, data):
        pass
    seconds = (time.process_time() - start) / recipe.members
    scores = recipe.mode_scores(gan)
    return {
        "modes_min": int(scores.modes.min()),
        "modes_median": float(scores.modes.double().quantile(0.5)),
        "all_modes": int((scores.modes == len(recipe.mixture.centres)).sum()),
        "hq_min": float(scores.high_quality.min()),
        "hq_median": float(scores.high_quality.quantile(0.5)),
        "kl_median": float(scores.kl.quantile(0.5)),
        "cpu_seconds": seconds,
        "steps": recipe.steps,
        "seeds": recipe.members,
    }


def bench() -> dict[str, float]:
    plain = {f"plain_{name}": value for name, value in measure("plain").items()}
    ideal = perfect(recipes.find("ring").mixture)
    return measure("cpu") | plain | {"perfect_hq": float(ideal.high_quality)}
