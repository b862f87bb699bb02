"""Four training steps on a GPU, predicted, of which another thing limits each: to be told apart by their timelines."""

from gan_lessons import recipes
from gan_lessons.checks import own
from gan_lessons.timelines import Span, operations, predicted


def timelines(seed: int = 0) -> dict[str, tuple[list[Span], list[Span]]]:
    """Four steps, A to D in an order of your own, as rows of spans: of the processor that asks, and of the GPU."""
    batch, card = own(seed, "timeline's batch", [16, 24, 32]), (1.95e13, 2.04e12)
    small = operations(recipes.find("digits", "cpu"), batch)
    large = operations(recipes.find("digits", "gpu"), 8 * batch)
    host, device = predicted(small, *card)
    steps = [(host, device), predicted(small, *card, launch=0), predicted(large, *card), waiting(host, device)]
    start = own(seed, "first timeline", range(4))
    return dict(zip("ABCD", steps[start:] + steps[:start], strict=True))


def waiting(host: list[Span], device: list[Span]) -> tuple[list[Span], list[Span]]:
    """The same step, if the processor waits for each result before it asks for the next operation."""
    asked, worked, now = [], [], 0.0
    for ask, work in zip(host, device, strict=True):
        asked.append(ask._replace(start=now))
        worked.append(work._replace(start=now + ask.length))
        now += ask.length + work.length
    return asked, worked
