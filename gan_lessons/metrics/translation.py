"""How near translated pictures come to the true ones, and what they cost that look right and are not.

`truth` and `made` are pictures [count, channels, height, width] in [-1, 1], in the same order.
"""

import torch
from torch import Tensor

from gan_lessons.metrics.spectra import spectrum_gap, told_apart

ALIKE = 8 / 127.5  # neighbouring pixels that differ by less, in every channel, are of one colour: 8 of 255


def distance(truth: Tensor, made: Tensor) -> float:
    """L1: the mean distance of pixels; 0 is the truth, 2 its negative."""
    return float((truth - made).abs().mean())


def ink_overlap(truth: Tensor, made: Tensor) -> float:
    """IoU: of the pixels that are dark in either picture, the share that is dark in both; the mean over the pictures.

    Pictures that are white both, overlap.
    """
    first, second = (pixels.mean(1).flatten(1) < 0 for pixels in (truth, made))
    both, either = (first & second).sum(1), (first | second).sum(1)
    return float(torch.where(either > 0, both / either.clamp(min=1), torch.ones(())).mean())


def nearest_is_true(truth: Tensor, made: Tensor) -> float:
    """The share of pictures that, of all true ones, are nearest to their own, pixel by pixel; by chance 1 / count."""
    closest = torch.cdist(made.float().flatten(1), truth.float().flatten(1)).argmin(1)
    return float((closest == torch.arange(len(made), device=closest.device)).float().mean())


def chroma(pixels: Tensor) -> float:
    """How colourful pictures are: the mean difference between a pixel's strongest and weakest channel, 0 … 1."""
    return float((pixels.amax(1) - pixels.amin(1)).mean() / 2)


def chroma_error(truth: Tensor, made: Tensor) -> float:
    """By what share fakes are more or less colourful than the truth; infinite where that is grey and they are not."""
    real, fake = chroma(truth), chroma(made)
    return abs(fake - real) / real if real else float("inf") if fake else 0.0


def flatness(pixels: Tensor) -> float:
    """The share of neighbouring pixels, beside and below, that are of one colour: much of it in flat drawings."""
    across = (pixels[..., 1:] - pixels[..., :-1]).abs().amax(1) < ALIKE
    down = (pixels[..., 1:, :] - pixels[..., :-1, :]).abs().amax(1) < ALIKE
    return float(torch.cat([across.flatten(), down.flatten()]).float().mean())


def scores(truth: Tensor, made: Tensor) -> dict[str, float]:
    """All figures of this kind; of grey pictures the overlap of ink, of colour the chroma's error."""
    made = made.float().clamp(-1, 1)
    found = {
        "l1": distance(truth, made),
        "spectrum_db": spectrum_gap(truth, made),
        "told_apart": told_apart(truth, made),
        "nearest": nearest_is_true(truth, made),
        "flatness": flatness(made),
    }
    if truth.shape[1] == 1:
        return found | {"ink_overlap": ink_overlap(truth, made)}
    return found | {"chroma_error": chroma_error(truth, made)}


def baselines(truth: Tensor, inputs: Tensor, known_inputs: Tensor, known_targets: Tensor) -> dict[str, Tensor]:
    """What needs no GAN: the input as it is, another picture's truth, and the target of the nearest known input."""
    closest = torch.cdist(inputs.flatten(1), known_inputs.flatten(1)).argmin(1)
    same = inputs.mean(1, keepdim=True) if inputs.shape[1] != truth.shape[1] else inputs
    return {
        "identity": same.expand_as(truth),
        "shuffled": truth.roll(1, 0),
        "nearest": known_targets[closest],
    }
