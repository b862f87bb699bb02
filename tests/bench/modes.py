"""The best recipes on the ring of eight and on the grid of 25, ten GANs each: modes, high quality, KL, CPU time."""

from tests.bench import ring


def bench() -> dict[str, float]:
    grid = {f"grid_{name}": value for name, value in ring.measure("cpu", "grid").items()}
    return ring.measure("cpu") | grid
