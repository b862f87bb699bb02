"""The checks of the assignment to chapter 07, Convergence. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import relu

from gan_lessons.checks import CheckError, brief, call, compare, flat, gradients, length, number, own, seed_of, slopes
from gan_lessons.checks.cards import say, task
from gan_lessons.checks.damped import check_round
from gan_lessons.checks.eight import eight_gans, own_ring, reached, trained
from gan_lessons.checks.players import judge, slope
from gan_lessons.dynamics import DiracGAN, Rule, sigmoid

__all__ = [
    "arrow", "damped_training", "eight_gans", "gradient_penalty", "largest_rate", "own_ring", "own_weight", "seed_of",
    "settles", "trajectories",
]  # fmt: skip

RATE, WEIGHT = 5e-3, 1.0  # of the GANs that are to be mended


@task
def arrow(answer: Callable, seed: int = 0, count: int = 4, far: float = 60.0) -> None:
    """Check arrow(theta, phi, weight) at random states of the Dirac-GAN, and far out."""
    random = np.random.default_rng(seed)
    states = [*random.uniform(-2, 2, (count, 2)), np.array([far, far]), np.array([-far, far])]
    for theta, phi in states:
        weight = float(random.uniform(0.2, 0.9))
        found = call(answer, float(theta), float(phi), weight)
        try:
            first, second = found
            yours = torch.tensor([float(first), float(second)], dtype=torch.double)
        except (TypeError, ValueError, RuntimeError):
            raise CheckError("not two numbers", f"{answer.__name__} returned {brief(found)}") from None
        known = [(name, torch.tensor(pair).double()) for name, pair in arrow_mistakes(theta, phi, weight)]
        what = f"{answer.__name__} at θ = {theta:.2f}, φ = {phi:.2f}, γ = {weight:.2f}"
        compare(what, yours, torch.tensor(push(theta, phi, weight)).double(), known)


def push(theta: Any, phi: Any, weight: float) -> tuple[float, float]:
    """The arrow of the non-saturating Dirac-GAN with R1."""
    return -phi * sigmoid(phi * theta), theta * sigmoid(-phi * theta) - weight * phi


def arrow_mistakes(theta: Any, phi: Any, weight: float) -> list[tuple[str, tuple[float, float]]]:
    """The arrows after the usual mistakes."""
    right, plain = push(theta, phi, weight), push(theta, phi, 0.0)
    score_up = phi * sigmoid(-phi * theta), -theta * sigmoid(phi * theta) - weight * phi
    return [
        ("uphill", (-right[0], -right[1])),
        ("players swapped", (right[1], right[0])),
        ("minimax", (-phi * sigmoid(-phi * theta), right[1])),
        ("score's sign", score_up),
        ("generator uphill", (-right[0], right[1])),
        ("weight forgotten", plain),
        ("penalty added to the arrow", push(theta, phi, -weight)),
        ("penalty halved", push(theta, phi, weight / 2)),
        ("penalty not halved", push(theta, phi, 2 * weight)),
        ("penalty at the sample", (right[0], plain[1] - weight * phi * theta**2)),
        ("real point forgotten", (right[0], plain[1] - weight * phi + 0.5)),
        ("sigmoid forgotten", (-phi, theta - weight * phi)),
        ("overflow", (float("nan"), float("nan"))),
    ]


def own_weight(seed: int = 0) -> float:
    """The weight of R1 in your game."""
    return own(seed, "weight", [0.15, 0.2, 0.25, 0.3, 0.35])


@task
def largest_rate(answer: Any, seed: int = 0) -> None:
    """Check the largest rate at which simultaneous steps settle, in the non-saturating game with R1 of that weight.

    At the equilibrium λ = -γ/2 ± i·√(¼ - γ²/4), so |1 + ηλ|² = 1 - ηγ + η²/4, which is below 1 up to η = 4γ.
    """
    weight = own_weight(seed)
    mistakes = [
        ("Wasserstein's game", weight),
        ("real part only", 4 / weight),
        ("as for a minimum", 4.0),
        ("half of it", 2 * weight),
    ]
    number("largest_rate", answer, 4 * weight, mistakes, tolerance=0.005, secret=True)


@task
def settles(answer: Callable, seed: int = 0, scale: float = 1.0) -> None:
    """Check settles(jacobian, rate) on games that only some wrong criteria get right."""
    cases = games(seed, scale)
    found = []
    for _, jacobian, rate in cases:
        said = call(answer, jacobian.clone(), rate)
        if not isinstance(said, bool | np.bool_ | Tensor) or (isinstance(said, Tensor) and said.numel() != 1):
            raise CheckError("not yes or no", f"{answer.__name__} returned {brief(said)}")
        found.append(bool(said))
    right = [bool((multipliers(jacobian, rate).abs() < 1).all()) for _, jacobian, rate in cases]
    if found == right:
        say(f"✓ {answer.__name__}: expected {right}, yours {found}")
        return
    tables = {name: [rule(jacobian, rate) for _, jacobian, rate in cases] for name, rule in CRITERIA.items()}
    mistake = next((name for name, table in tables.items() if table == found), "other")
    place = next(k for k in range(len(cases)) if found[k] != right[k])
    name, jacobian, rate = cases[place]
    values = ", ".join(f"{value:.2f}" for value in torch.linalg.eigvals(jacobian).tolist())
    sentence = f"{answer.__name__}, {name}: eigenvalues {values}, rate {rate}"
    raise CheckError(mistake, f"{sentence}\n    expected  {right[place]}\n    yours     {found[place]}")


def multipliers(jacobian: Tensor, rate: float) -> Tensor:
    """By what one step of the players multiplies each direction."""
    return 1 + rate * torch.linalg.eigvals(jacobian)


CRITERIA: dict[str, Callable[[Tensor, float], bool]] = {
    "flow, not steps": lambda j, rate: bool((torch.linalg.eigvals(j).real < 0).all()),
    "real part only": lambda j, rate: bool((multipliers(j, rate).real.abs() < 1).all()),
    "symmetric only": lambda j, rate: bool(((1 + rate * torch.linalg.eigvalsh(j)).abs() < 1).all()),
    "any for all": lambda j, rate: bool((multipliers(j, rate).abs() < 1).any()),
    "one forgotten": lambda j, rate: bool(((multipliers(j, rate) - 1).abs() < 1).all()),
    "determinant": lambda j, rate: abs(float(torch.linalg.det(torch.eye(len(j)) + rate * j))) < 1,
    "downhill twice": lambda j, rate: bool(((1 - rate * torch.linalg.eigvals(j)).abs() < 1).all()),
    "rate forgotten": lambda j, rate: bool((multipliers(j, 1.0).abs() < 1).all()),
}


def games(seed: int, scale: float) -> list[tuple[str, Tensor, float]]:
    """Jacobians [k, k] of games at their equilibrium, each with a name and a learning rate."""
    rate = 0.2 / scale
    plain = [
        ("a rotation", [[0.0, -1.0], [1.0, 0.0]]),
        ("a rotation with little damping", [[0.0, -1.0], [1.0, -0.1]]),
        ("a rotation with damping", [[0.0, -1.0], [1.0, -0.6]]),
        ("a steep valley", [[-12.0, 0.0], [0.0, -1.0]]),
        ("a valley", [[-2.0, 0.0], [0.0, -1.0]]),
        ("a shear", [[-0.5, 0.0], [6.0, -0.5]]),
        ("a saddle", [[-1.0, 0.0], [0.0, 0.5]]),
        ("a steep saddle", [[-1.0, 0.0], [0.0, 3.0]]),
        ("two games side by side", [[0.0, -1, 0, 0], [1, -0.6, 0, 0], [0, 0, 0, -1], [0, 0, 1, -0.1]]),
    ]
    random, found = torch.Generator().manual_seed(seed), []
    for name, rows in plain:
        matrix = torch.tensor(rows)
        sign = torch.diag((torch.randint(2, (len(matrix),), generator=random) * 2 - 1).float())
        found.append((name, scale * sign @ matrix @ sign, rate))  # other signs, the same eigenvalues
    return found


@task
def gradient_penalty(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((12, 2), (8, 1, 3, 3)), weight: float = 10.0
) -> None:
    """Check gradient_penalty(discriminator, real, fake, u, weight) on samples of these shapes."""
    for shape in shapes:
        torch.manual_seed(seed)
        discriminator = judge(prod(shape[1:])).double()  # a slope near 0 has no direction that single precision knows
        real, fake = 3 * torch.randn(2, *shape, dtype=torch.double)
        u, weights = torch.rand(len(real), dtype=torch.double), list(discriminator.parameters())
        what = f"{answer.__name__}, samples {list(shape)}"
        yours = call(answer, discriminator, real.clone(), fake.clone(), u.clone(), weight)
        if flat(gradients(weights)).any():
            raise CheckError("backward inside", f"{what}: the weights' `.grad` has changed")
        share = u.view(-1, *[1] * (len(shape) - 1))
        expected = off_one(discriminator, share * real + (1 - share) * fake, weight)
        compare(what, yours, expected, penalty_mistakes(discriminator, real, fake, share, weight))
        if not yours.requires_grad:
            raise CheckError("forgotten create_graph", f"{what}: no gradient reaches the discriminator")
        right = flat(slopes(expected, weights))
        nothing = [("forgotten create_graph", torch.zeros_like(right))]
        compare(f"{what}: the discriminator gets", flat(slopes(yours, weights)), right, nothing, length)


def steepness(discriminator: Any, samples: Tensor) -> Tensor:
    """The length of each sample's slope."""
    return slope(discriminator, samples).flatten(1).norm(dim=1)


def off_one(discriminator: Any, samples: Tensor, weight: float) -> Tensor:
    """How far the slopes are from 1."""
    return weight * (steepness(discriminator, samples) - 1).square().mean()


def penalty_mistakes(
    discriminator: Any, real: Tensor, fake: Tensor, u: Tensor, weight: float
) -> list[tuple[str, Tensor]]:
    """The values of the gradient penalty after the usual mistakes."""
    mixed, swapped, single = u * real + (1 - u) * fake, u * fake + (1 - u) * real, u.flatten()[0]
    each = slope(discriminator, mixed)
    steep = each.flatten(1).norm(dim=1)
    return [
        ("ends swapped", off_one(discriminator, swapped, weight)),
        ("at the real", off_one(discriminator, real, weight)),
        ("at the fakes only", off_one(discriminator, fake, weight)),
        ("one share for all", off_one(discriminator, single * real + (1 - single) * fake, weight)),
        ("halfway", off_one(discriminator, (real + fake) / 2, weight)),
        ("towards zero", weight * steep.square().mean()),
        ("one-sided", weight * relu(steep - 1).square().mean()),
        ("mean slope", weight * (steep.mean() - 1).square()),
        ("square of the length", weight * (steep.square() - 1).square().mean()),
        ("no square", weight * (steep - 1).abs().mean()),
        ("every coordinate by itself", weight * (each - 1).square().mean()),
        ("last dimension only", weight * (each.norm(dim=-1) - 1).square().mean()),
        ("slope of the mean", weight * (steep / len(real) - 1).square().mean()),
        ("weight forgotten", (steep - 1).square().mean()),
        ("halved penalty", weight / 2 * (steep - 1).square().mean()),
        ("summed", weight * (steep - 1).square().sum()),
    ]


@task
def damped_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 400) -> Tensor:
    """Check damped_training(gan, batches, weight): the gradients of single rounds, and what eight GANs reach.

    Return their samples [8, 500, 2]. Of 24 such GANs 21 lacked one island at most; of the sick training's none.
    """
    check_round(answer, seed, rounds, WEIGHT)
    mixture = own_ring(seed)
    data, random = mixture.sample(5000, seed), torch.Generator().manual_seed(seed)
    batches = [
        (data[torch.randint(len(data), (8, 64), generator=random)], torch.randn(2, 8, 64, 2, generator=random))
        for _ in range(steps)
    ]
    gan = trained(answer, eight_gans(seed, RATE), batches, WEIGHT)
    return reached(answer.__name__, gan, mixture, seed)


def trajectories(seed: int = 0, steps: int = 250) -> dict[str, np.ndarray]:
    """Three ways to play Wasserstein's Dirac-GAN, A to C in an order of your own, each [steps + 1, 2]."""
    in_turn = Rule(0.1, 0.1, alternating=True)
    ways = [
        Rule(0.1, 0.1).play(DiracGAN("wasserstein"), steps=steps),
        in_turn.play(DiracGAN("wasserstein"), steps=steps),
        in_turn.play(DiracGAN("wasserstein", "r1", 0.3), steps=steps),
    ]
    first = own(seed, "first way", range(3))
    return dict(zip("ABC", ways[first:] + ways[:first], strict=True))
