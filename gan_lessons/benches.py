"""What each measure for speed brings a recipe's own training step, switched off and on in turn in one process."""

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from statistics import median, quantiles
from typing import Any, NamedTuple

import torch
from torch import nn

from gan_lessons import devices, stepping
from gan_lessons.data import residence
from gan_lessons.gan import GAN, Record

Switch = Callable[[GAN, bool], object]
READ = 50  # steps between two looks at the losses


@dataclass(frozen=True)
class Measure:
    """Something that may make a step faster. `switch` turns it off or on; `missing` says why it has no place here."""

    name: str
    switch: Switch
    missing: Callable[[GAN], str] = lambda gan: ""
    reads: bool = False  # off: losses are read after every step


class Timed(NamedTuple):
    """Seconds a step, off and on, one a round, in turn; and what is to be said beside."""

    off: list[float]
    on: list[float]
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        """How many times faster, round by round."""
        return [off / on for off, on in zip(self.off, self.on, strict=True)]


def fuse(gan: GAN, on: bool) -> None:
    """Let Adam move all weights in one kernel, or one after the other."""
    for group in gan.groups:
        group["fused"], group["foreach"] = on, False


def arrange(gan: GAN, on: bool) -> None:
    """Lay pictures out with their channels side by side, or as torch does by itself."""
    for player in (gan.generator, gan.discriminator):
        player.to(memory_format=torch.channels_last if on else torch.contiguous_format)  # type: ignore[call-overload]


def shorten(gan: GAN, on: bool) -> None:
    """Take products and convolutions in bfloat16, penalties in float32; or all in float32."""
    gan.autocast = torch.autocast(gan.device.type, torch.bfloat16) if on else nullcontext()
    be_exact(gan, on)


def be_exact(gan: GAN, on: bool) -> None:
    """Take penalties in float32 where the rest is in bfloat16."""
    gan.exactly = torch.autocast(gan.device.type, enabled=False) if on else nullcontext()


def keep_scores(gan: GAN, on: bool) -> None:
    """Compute D's last layer in float32, or in bfloat16 as the rest."""
    if gan.exact:
        gan.exact.on = on


def together(gan: GAN, on: bool) -> None:
    """Ask D once for real and fake, where it may be; `train` has found that out."""
    gan.one_pass = gan.one_pass and on


class Wasteful:
    """An optimiser of G for which D's weights get gradients too, in vain."""

    def __init__(self, own: torch.optim.Optimizer, discriminator: nn.Module):
        self.own = own
        self.param_groups = [*own.param_groups, {"params": list(discriminator.parameters()), "full_lr": 0.0}]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.own, name)


def spare(gan: GAN, on: bool) -> None:
    """Leave out the gradients of D's weights in G's turn, or take them in vain."""
    own = getattr(gan.generator_optimizer, "own", gan.generator_optimizer)
    gan.generator_optimizer = own if on else Wasteful(own, gan.discriminator)  # type: ignore[assignment]


def keep(gan: GAN, on: bool) -> None:
    """Nothing to switch in the GAN."""


def round_products(gan: GAN, on: bool) -> None:
    """TF32: products of float32 with ten bits after the point."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = on


def only(kind: str, name: str) -> Callable[[GAN], str]:
    return lambda gan: "" if gan.device.type == kind else f"{name} is a {kind.upper()} device's; this is {gan.device}"


def no_adam(gan: GAN) -> str:
    return "" if all("fused" in group for group in gan.groups) else "its optimiser is not torch's Adam"


def no_pictures(gan: GAN) -> str:
    found = any(isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) for layer in gan.generator.modules())
    return "" if found else "it has no convolutions of pictures"


def no_bfloat16(gan: GAN) -> str:
    found = devices.mixed_precision(gan.device)
    return "this device does not compute in bfloat16" if isinstance(found, nullcontext) else ""


def not_exact(gan: GAN) -> str:
    return "nothing is in bfloat16" if isinstance(gan.autocast, nullcontext) else ""


MEASURES = (
    Measure("fused Adam", fuse, no_adam),
    Measure("channels_last", arrange, no_pictures),
    Measure("bfloat16", shorten, no_bfloat16),
    Measure("penalty in float32", be_exact, not_exact),
    Measure("scores in float32", keep_scores, not_exact),
    Measure("one D pass", together, lambda gan: "" if gan.one_pass else "its D sees real and fake apart"),
    Measure("foreach average", lambda gan, on: setattr(gan, "foreach", on)),
    Measure("G's gradients alone", spare),
    Measure("losses read rarely", keep, reads=True),
    Measure("TF32", round_products, only("cuda", "TF32")),
    Measure("torch.compile", lambda gan, on: stepping.use(gan, "compile" if on else "eager"),
            lambda gan: devices.no_compiler(gan.device)),
    Measure("CUDA graph", lambda gan, on: stepping.use(gan, "graph" if on else "eager"),
            only("cuda", "a captured graph")),
)  # fmt: skip


class Clock:
    """Seconds of work: the process's CPU time, or on CUDA the device's own between two events."""

    def __init__(self, device: torch.device):
        self.cuda = device.type == "cuda"

    def time(self, work: Callable[[], object]) -> float:
        if not self.cuda:
            begin = time.process_time()
            work()
            return time.process_time() - begin
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        work()
        end.record()
        end.synchronize()
        return start.elapsed_time(end) / 1000


def start(recipe: Any, device: str, data: Any) -> tuple[GAN, Iterator[Record]]:
    """A GAN that has taken its first step, and the steps to come."""
    gan = recipe.build(device)
    running = recipe.train(gan, data)
    next(running)
    return gan, running


def compare(recipe: Any, device: str, steps: int = 20, rounds: int = 7) -> Iterator[tuple[Measure, Timed | str]]:
    """Time a recipe's step with each measure off and on, all others as they are by default; or say why not.

    Slices have at least `steps` steps, as many with a penalty in each.
    """
    every = getattr(recipe, "penalty_every", 1)
    steps = -(-steps // every) * every
    recipe = replace(recipe, steps=10**9)  # the rate stays what it is
    data = residence.resident(recipe.data(), device)
    clock = Clock(torch.device(device))
    asked, _ = start(recipe, device, data)
    for measure in MEASURES:
        why = measure.missing(asked)
        try:
            yield measure, why or timed(measure, [start(recipe, device, data) for _ in range(2)], clock, steps, rounds)
        except ValueError as error:
            yield measure, str(error)


def timed(measure: Measure, pair: list, clock: Clock, steps: int, rounds: int) -> Timed:
    """One measure off and on, in turn."""

    def work(which: int) -> Callable[[], None]:
        gan, running = pair[which]

        def run() -> None:
            for _ in range(steps):
                record = next(running)
                if (measure.reads and not which) or gan.step % READ == 0:
                    float(record.discriminator_loss.mean() + record.generator_loss.mean())

        return run

    spent: tuple[list[float], list[float]] = [], []
    note = ""
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    for which, on in enumerate((False, True)):
        measure.switch(pair[which][0], on)
        first, then = clock.time(work(which)), clock.time(work(which))  # a warm-up, which may compile
        made = pair[which][0].stepping
        if made is not None:
            if not made.made:
                raise ValueError("its update is its own, which is taken operation after operation")
            note = f"made in {max(0.0, first - then):.0f} s"
    for _ in range(rounds):
        for which, on in enumerate((False, True)):
            if measure.switch is round_products:
                round_products(pair[which][0], on)
            spent[which].append(clock.time(work(which)) / steps)
    torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before
    return Timed(*spent, note)


def figures(found: Timed) -> dict[str, Any]:
    """Milliseconds a step off and on, and how many times faster: the middle and the quartiles of the rounds."""
    low, middle, high = quantiles(found.ratios, n=4)
    return {
        "off_ms": round(median(found.off) * 1000, 3),
        "on_ms": round(median(found.on) * 1000, 3),
        "ratio": round(middle, 3),
        "quartiles": [round(low, 3), round(high, 3)],
        **({"note": found.note} if found.note else {}),
    }
