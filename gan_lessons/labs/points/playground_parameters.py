"""What a reader of the playground sets: everything that makes a GAN on points, and what of it is shown."""

from dataclasses import dataclass, fields

from gan_lessons import losses, penalties
from gan_lessons.labs.kit.controls import Preset, chosen, ranged, stepped
from gan_lessons.labs.points.playground_simulation import DATA

RATES = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 2e-3, 5e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0)
WEIGHTS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
PICTURES = {
    "D, points and pulls": "surface pulls",
    "G's image of a grid": "grid",
    "everything": "surface pulls grid",
    "points alone": "",
}


@dataclass(frozen=True)
class PlaygroundParameters:
    """Everything that makes a GAN on points, and what of it is shown."""

    loss: str = chosen("non_saturating", list(losses.KNOWN), "Loss", "What D and G minimise; at the next step")
    discriminator_steps: int = ranged(1, 1, 10, 1, "D: steps per G step", "D learns so often before G does")
    penalty: str = chosen("none", ["none", *penalties.KNOWN], "Penalty on D", "What keeps D smooth; at the next step")
    penalty_weight: float = stepped(0.1, WEIGHTS, "Penalty: weight", "The penalty's factor; at the next step")
    generator_rate: float = stepped(1e-3, RATES, "G: learning rate", "How far G goes in a step; at the next step")
    discriminator_rate: float = stepped(1e-3, RATES, "D: learning rate", "How far D goes in a step; at the next step")
    average_decay: float = stepped(
        0.99, (0.0, 0.9, 0.99, 0.999, 0.9999), "G's average: decay", "How slowly the shown G follows; 0 shows G itself"
    )
    generator_width: int = stepped(64, WIDTHS, "G: width", "Units in each hidden layer; starts the training again")
    generator_depth: int = ranged(2, 1, 5, 1, "G: layers", "Hidden layers of G; starts the training again")
    discriminator_width: int = stepped(64, WIDTHS, "D: width", "Units in each hidden layer; starts again")
    discriminator_depth: int = ranged(2, 1, 5, 1, "D: layers", "Hidden layers of D; starts the training again")
    pack: int = stepped(1, (1, 2, 4), "D: packing", "Samples that D judges together; starts the training again")
    noise: str = chosen("normal", ["normal", "uniform"], "Noise", "What G is fed with; starts the training again")
    noise_dim: int = ranged(2, 1, 8, 1, "Noise: dimension", "Numbers that G gets a point; starts again")
    data: str = chosen("ring", [*DATA, "drawn"], "Data", "What is to be learnt, or what you draw with the mouse")
    batch: int = stepped(64, (8, 16, 32, 64, 128, 256), "Batch", "Real and fake points a step; at the next step")
    seed: int = ranged(0, 0, 99, 1, "Seed", "Which first weights, and which batches; starts the training again")
    picture: str = chosen("everything", list(PICTURES), "Picture", "What the plane shows beside the points")


FREE = ("loss", "discriminator_steps", "penalty", "penalty_weight", "generator_rate", "discriminator_rate",
        "average_decay", "batch", "picture")  # fmt: skip
NETWORKS = ("generator_width", "generator_depth", "discriminator_width", "discriminator_depth", "pack", "noise")
AGAIN = tuple(entry.name for entry in fields(PlaygroundParameters) if entry.name not in FREE)

GOOD = {"loss": "relativistic", "pack": 2, "generator_rate": 5e-3, "discriminator_rate": 5e-3, "batch": 256,
        "penalty": "none", "discriminator_steps": 1, "average_decay": 0.99}  # fmt: skip
PRESETS = (
    Preset("It works", "Watch the orange points spread, find the islands, and then draw tight round them.", GOOD),
    Preset("Collapse", "Watch all fakes gather on one island: whatever pleases D at the moment, G does again.",
           {**GOOD, "loss": "minimax", "pack": 1, "generator_rate": 3e-4, "discriminator_rate": 1e-2, "batch": 64,
            "discriminator_steps": 5, "average_decay": 0.9}),
    Preset("D wins", "Watch the pull on the fakes vanish: D tells all, minimax saturates, and G stands still.",
           {**GOOD, "loss": "minimax", "pack": 1, "generator_rate": 1e-4, "discriminator_rate": 1e-2, "batch": 64,
            "discriminator_steps": 10, "average_decay": 0.9}),
    Preset("Chase", "Watch the cloud run and D's line run after it: with no penalty neither comes to rest.",
           {**GOOD, "loss": "wasserstein", "pack": 1, "generator_rate": 1e-2, "discriminator_rate": 1e-2, "batch": 64,
            "average_decay": 0.0}),
    Preset("Rescue with R1", "Best pressed after a collapse. Watch the fakes leave their island and find the others.",
           {"loss": "relativistic", "penalty": "r1", "penalty_weight": 0.1, "generator_rate": 5e-3, "batch": 256,
            "discriminator_rate": 5e-3, "discriminator_steps": 1, "average_decay": 0.99}, fresh=False),
)  # fmt: skip
