"""The playground's picture made elsewhere: what another process needs of a game, and how it is brought up to date."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gan_lessons.labs.kit.frame import Frame
from gan_lessons.labs.points.playground_drawing import SHOWN, Plane, picture
from gan_lessons.labs.points.playground_simulation import Game, Players


def tensors(players: Any) -> list[Tensor]:
    """All numbers of both networks, in one order."""
    return [part for network in (players.average, players.discriminator)
            for part in (*network.parameters(), *network.buffers())]  # fmt: skip


@dataclass
class Rows:
    """What was kept of a trace."""

    rows: np.ndarray


class Shadow(Players):
    """A game without its training."""

    def __init__(self, game: Game):
        self.problem = game.problem._replace(real=game.problem.real[:SHOWN].clone())
        self.noise, self.perfect, self.pack = game.noise, game.perfect, game.pack
        self.average: nn.Module = game.average
        self.discriminator: nn.Module = game.discriminator
        self.diverged = ""


class Sketch:
    """Draws a game from states that `state` takes of it."""

    def __init__(self, game: Game, plane: Plane):
        self.shadow = Shadow(game)
        self.plane: Plane | None = None

    def draw(self, state: dict[str, Any]) -> Frame:
        """The picture of a state."""
        shadow: Any = self.shadow
        if self.plane is None:
            self.plane = Plane(shadow)
        with torch.no_grad():
            flat = torch.frombuffer(bytearray(state["weights"]), dtype=torch.float32)
            parts = tensors(shadow)
            for part, values in zip(parts, flat.split([part.numel() for part in parts]), strict=True):
                part.copy_(values.view(part.shape))
        for name in ("step", "now", "present", "loss"):
            setattr(shadow, name, state[name])
        shadow.losses, shadow.scores = Rows(state["losses"]), Rows(state["scores"])
        return picture(shadow, self.plane, state["what"], state["loss"], hurried=True, lit="both")


def state(game: Game, what: str) -> dict[str, Any]:
    """A game at present, as its sketch needs it; raises where the loss is a function, which stays in its process."""
    if not isinstance(game.loss, str):
        raise TypeError("a loss of the reader's own")
    weights = torch.cat([part.detach().flatten() for part in tensors(game)]).numpy().tobytes()
    return {
        "weights": weights, "step": game.step, "now": game.now, "present": game.present, "loss": game.loss,
        "losses": game.losses.rows, "scores": game.scores.rows, "what": what,
    }  # fmt: skip
