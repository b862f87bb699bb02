"""The check of a layer that enlarges pictures: its size, and how often its stamps meet in a pixel."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from gan_lessons.checks import CheckError, brief, call, own
from gan_lessons.checks.cards import say, task


@task
def enlarge(answer: Callable, seed: int = 0, factors: Sequence[int] = (2, 6)) -> None:
    """Check enlarge(inputs, outputs, times) at these even factors, for channels and a picture's sides of one's own."""
    for times in factors:
        inputs, outputs = own(seed, f"inputs {times}", [3, 5, 6]), own(seed, f"outputs {times}", [2, 4, 7])
        height, width = own(seed, f"height {times}", [6, 7, 9]), own(seed, f"width {times}", [8, 10, 11])
        what = f"{answer.__name__}({inputs}, {outputs}, {times})"
        layer = call(answer, inputs, outputs, times)
        if not isinstance(layer, nn.Module):
            raise CheckError("not a layer", f"{what} returned {brief(layer)}")
        if not any(parameter.requires_grad for parameter in layer.parameters()):
            raise CheckError("nothing to learn", f"{what} has no weights")
        check_size(what, layer, (2, inputs, height, width), outputs, times)
        check_stamps(what, layer, inputs, times)


def check_size(what: str, layer: nn.Module, shape: tuple[int, int, int, int], outputs: int, times: int) -> None:
    """Raise a CheckError unless the layer makes a batch of this shape `times` as high and as wide."""
    count, inputs, *sides = shape
    try:
        made = list(layer(torch.randn(shape)).shape)
    except RuntimeError:
        try:
            layer(torch.randn(count, outputs, *sides))
        except RuntimeError as error:
            raise CheckError("stopped", f"{what} does not take {list(shape)}: {error}") from None
        raise CheckError("channels swapped", f"{what} takes {outputs} channels, and is given {inputs}") from None
    expected = [count, outputs, *(times * side for side in sides)]
    sentence = f"{what}: {list(shape)} should become {expected}, yours {made}"
    if made == expected:
        say(f"✓ {sentence}")
        return
    known = {
        "padding forgotten": [times * side + times for side in sides],
        "one pixel missing": [times * side - 1 for side in sides],
        "always by two": [2 * side for side in sides],
        "made smaller": [side // times for side in sides],
        "not enlarged": sides,
    }
    raise CheckError(next((name for name, form in known.items() if made[2:] == form), "size"), sentence)


def check_stamps(what: str, layer: nn.Module, inputs: int, times: int, side: int = 10) -> None:
    """Raise a CheckError unless stamps overlap, and are equally many in all pixels away from the border.

    With all weights 1 and no bias, a constant picture becomes the number of stamps, and gradients say whose they are.
    """
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.fill_(0.0 if name.endswith("bias") else 1.0)
    picture = torch.ones(1, inputs, side, side, requires_grad=True)
    inner = layer(picture)[0, 0, 3 * times : 6 * times, 3 * times : 6 * times]
    made = inner.detach() / inner.detach().max()
    if not made.min() > 0.999:
        rows = " ".join(f"{value:.2f}" for value in made[0].tolist())
        raise CheckError("checkerboard", f"{what}, weights 1, a picture of ones: a row of pixels is {rows}, say")
    say(f"✓ {what}: equally many stamps in every pixel")
    most = max(stamps(pixel, picture) for pixel in inner.flatten())
    if most < 2:
        raise CheckError("stamps apart", f"{what}: no pixel has more than one stamp")
    say(f"✓ {what}: up to {most} stamps meet in a pixel")


def stamps(pixel: Tensor, picture: Tensor) -> int:
    """On how many of the picture's pixels [1, channels, height, width] a pixel depends."""
    (slope,) = torch.autograd.grad(pixel, [picture], retain_graph=True)
    return int(slope.abs().sum((0, 1)).count_nonzero())
