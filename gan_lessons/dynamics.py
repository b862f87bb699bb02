"""Games of two numbers, where everything about convergence can be computed: the Dirac-GAN and ways to play it.

A game is a vector field: a function from states (theta, phi), shape [..., 2], to the direction in which either player
wants to go, shape [..., 2]. The players' rates may be arrays, so that many games are played in one call.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Field = Callable[[np.ndarray], np.ndarray]
NODES = 16  # of the quadrature over the instance noise of either sample
BEYOND = 1e6  # a game this far out has diverged


def sigmoid(score: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-score)), without overflow."""
    return (1 + np.tanh(score / 2)) / 2


# The slopes of the losses of gan_lessons.losses at a real and a fake score:
# of D's loss in the real score, of D's loss in the fake score, of G's loss in the fake score.
SLOPES: dict[str, Callable[[np.ndarray, np.ndarray], tuple[Any, Any, Any]]] = {
    "minimax": lambda real, fake: (-sigmoid(-real), sigmoid(fake), -sigmoid(fake)),
    "non_saturating": lambda real, fake: (-sigmoid(-real), sigmoid(fake), -sigmoid(-fake)),
    "least_squares": lambda real, fake: (real - 1, fake + 1, fake),
    "hinge": lambda real, fake: (-1.0 * (real < 1), 1.0 * (fake > -1), -np.ones_like(fake)),
    "wasserstein": lambda real, fake: (-np.ones_like(real), np.ones_like(fake), -np.ones_like(fake)),
    "relativistic": lambda real, fake: (-sigmoid(fake - real), sigmoid(fake - real), -sigmoid(real - fake)),
}

# The slopes, in phi, of the penalties of gan_lessons.penalties with weight 1 on a D whose slope is phi everywhere.
PENALTIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": np.zeros_like,
    "r1": lambda phi: phi,
    "r2": lambda phi: phi,
    "r1_and_r2": lambda phi: 2 * phi,
    "gradient_penalty": lambda phi: 2 * (np.abs(phi) - 1) * np.sign(phi),
}


@dataclass(frozen=True)
class DiracGAN:
    """One real point at 0, one fake at theta, and a discriminator that scores x by -phi·x: phi is its slope downwards.

    With this sign the states are those of the paper (its psi is our phi), whose D gives high scores to *fakes*.
    `weight` is the penalty's, a number or an array that broadcasts over the states. `noise` is the standard deviation
    of instance noise, Gaussian, added to real and fake alike; the field is its expectation, by Gauss-Hermite
    quadrature.
    Mescheder et al. 2018, arXiv:1801.04406, section 2.
    """

    loss: str = "minimax"
    penalty: str = "none"
    weight: Any = 1.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        for kind, name, known in (("loss", self.loss, SLOPES), ("penalty", self.penalty, PENALTIES)):
            if name not in known:
                raise ValueError(f"There is no {kind} {name!r}; the known ones are {', '.join(known)}.")

    def __call__(self, state: np.ndarray) -> np.ndarray:
        """Minus the slope of either player's loss in its own number, shape [..., 2]."""
        theta, phi = state[..., 0, None], state[..., 1, None]
        real_noise, fake_noise, share = QUADRATURE if self.noise else WITHOUT_NOISE
        real, fake = self.noise * real_noise, theta + self.noise * fake_noise
        d_on_real, d_on_fake, g_on_fake = SLOPES[self.loss](-phi * real, -phi * fake)
        push = np.empty_like(state)
        push[..., 0] = ((phi * g_on_fake) * share).sum(-1)
        push[..., 1] = ((d_on_real * real + d_on_fake * fake) * share).sum(-1)
        push[..., 1] -= self.weight * PENALTIES[self.penalty](state[..., 1])
        return push


def quadrature(nodes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two independent standard normal numbers, and the probability of each pair; each [nodes²]."""
    places, shares = np.polynomial.hermite_e.hermegauss(nodes)
    first, second = np.meshgrid(places, places)
    return first.ravel(), second.ravel(), np.outer(shares, shares).ravel() / shares.sum() ** 2


QUADRATURE, WITHOUT_NOISE = quadrature(NODES), quadrature(1)


def consensus(field: Field, weight: float) -> Field:
    """The field v - weight · ∇ ½‖v‖²: both players also make the field shorter.

    Mescheder et al. 2017, arXiv:1705.10461, equation 6.
    """

    def agreed(state: np.ndarray) -> np.ndarray:
        push = field(state)
        return push - weight * (jacobian(field, state) * push[..., None]).sum(-2)

    return agreed


@dataclass(frozen=True)
class Rule:
    """How a step follows a field.

    Both players move from the same state, or, `alternating`, D first and G from the D that has learnt. With push v_t
    and rate h a step is x += h·m_t, m_t = momentum·m_(t-1) + v_t + optimism·(v_t - v_(t-1)): optimism 1 is Daskalakis
    et al. 2018, arXiv:1711.00141. `extragradient` takes v_t where a plain step would lead (Korpelevich 1976).
    `clip` keeps phi within ±clip; 0 does not (Arjovsky et al. 2017, arXiv:1701.07875).
    """

    generator_rate: Any = 0.2
    discriminator_rate: Any = 0.2
    alternating: bool = False
    momentum: float = 0.0
    optimism: float = 0.0
    extragradient: bool = False
    clip: float = 0.0

    def step(self, field: Field, state: np.ndarray) -> np.ndarray:
        """One step of a state with its memory, [..., 6]: theta and phi, their velocities, their last pushes."""
        state = state.copy()
        place, velocity, last = state[..., :2], state[..., 2:4], state[..., 4:]
        for players in ((1,), (0,)) if self.alternating else ((0, 1),):
            push = field(place)
            if self.extragradient:
                ahead = place.copy()
                for player, rate in enumerate((self.generator_rate, self.discriminator_rate)):
                    ahead[..., player] += rate * push[..., player]
                push = field(ahead)
            eager = push + self.optimism * (push - last)
            for player in players:
                rate = (self.generator_rate, self.discriminator_rate)[player]
                velocity[..., player] = self.momentum * velocity[..., player] + eager[..., player]
                place[..., player] += rate * velocity[..., player]
                last[..., player] = push[..., player]
            if self.clip:
                place[..., 1] = np.minimum(np.maximum(place[..., 1], -self.clip), self.clip)
        return state

    def play(self, field: Field, start: Any = (1.0, 1.0), steps: int = 500) -> np.ndarray:
        """The way from `start`, [..., 2] or a pair, as [steps + 1, ..., 2]; NaN once it has left all bounds."""
        many = np.broadcast_shapes(np.shape(self.generator_rate), np.shape(getattr(field, "weight", 0.0)))
        start = np.broadcast_to(np.asarray(start, float), np.broadcast_shapes(np.shape(start), (*many, 2)))
        push = field(start)  # so that the first step of an optimist is a plain one
        state = np.concatenate([start, np.zeros_like(start), push], -1)
        way = [start]
        with np.errstate(all="ignore"):
            for _ in range(steps):
                state = self.step(field, state)
                way.append(state[..., :2])
            whole = np.stack(way)
            gone = np.maximum.accumulate(~(np.abs(whole) < BEYOND).all(-1), axis=0)
        whole[gone] = np.nan
        return whole

    def eigenvalues(self, field: Field, at: Any = (0.0, 0.0)) -> np.ndarray:
        """Eigenvalues of one step at an equilibrium, with the memory that it uses: it settles if all lie within 1."""
        slopes = jacobian(lambda state: self.step(field, state), np.array([*at, 0, 0, 0, 0], float))
        used = [0, 1, *([2, 3] if self.momentum else []), *([4, 5] if self.optimism else [])]
        return np.linalg.eigvals(slopes[np.ix_(used, used)])


def eigenvalues(field: Field, at: Any = (0.0, 0.0)) -> np.ndarray:
    """Eigenvalues of the flow at an equilibrium: it settles if all have a negative real part."""
    return np.linalg.eigvals(jacobian(field, np.asarray(at, float)))


def jacobian(function: Field, at: np.ndarray, h: float = 1e-3) -> np.ndarray:
    """The slopes of a function at [..., k] by differences of fourth order, shape [..., outputs, k]."""
    shifts = h * np.multiply.outer([-2, -1, 1, 2], np.eye(at.shape[-1]))
    sides = np.moveaxis(function(at[..., None, None, :] + shifts), -3, 0)
    return ((sides[0] - sides[3] + 8 * (sides[2] - sides[1])) / (12 * h)).swapaxes(-1, -2)


def average(way: np.ndarray, decay: float) -> np.ndarray:
    """The exponential moving average of a way [steps + 1, ..., 2]; a decay of 0 leaves it as it is."""
    averaged = [way[0]]
    for state in way[1:]:
        averaged.append(decay * averaged[-1] + (1 - decay) * state)
    return np.stack(averaged)


def radius(states: np.ndarray) -> np.ndarray:
    """The distance of states [..., 2] from the equilibrium (0, 0)."""
    return np.hypot(states[..., 0], states[..., 1])
