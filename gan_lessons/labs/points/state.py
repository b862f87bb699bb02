"""Until training.GAN has both: `state(gan)` is then `gan.state()`, `load(gan, kept)` is `gan.load(kept)`."""

import copy
from typing import Any

from gan_lessons.training import GAN

PARTS = ("generator", "discriminator", "average", "generator_optimizer", "discriminator_optimizer")


def state(gan: GAN) -> dict[str, Any]:
    """A copy of all that training changes."""
    remembered = [vars(part)["spread"] for part in gan.discriminator.modules() if "spread" in vars(part)]
    parts = {part: getattr(gan, part).state_dict() for part in PARTS}
    return {"step": gan.step, "history": list(gan.history), "spread": remembered, **copy.deepcopy(parts)}


def load(gan: GAN, kept: dict[str, Any]) -> None:
    """Put a GAN back to where its `state` was taken."""
    gan.step, gan.history = kept["step"], list(kept["history"])
    for part in PARTS:
        getattr(gan, part).load_state_dict(copy.deepcopy(kept[part]))  # an optimiser would share its state
    remembering = [part for part in gan.discriminator.modules() if "spread" in vars(part)]
    for module, value in zip(remembering, kept["spread"], strict=True):
        module.__dict__["spread"] = value
