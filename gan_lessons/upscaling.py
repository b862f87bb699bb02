"""Enlarge a picture of any size with the stored networks: by tiles, grey or coloured, transparent or not."""

from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy.ndimage import distance_transform_edt
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from gan_lessons import devices, results
from gan_lessons.data import intake, pictures
from gan_lessons.networks.superres import SuperResolution, between
from gan_lessons.tiles import tiled

STORED = {"l1": "superres/l1", "gan": "superres/long"}
SCALES = (2, 4)
TILE, OVERLAP = 256, 16  # pixels of the input; the networks see no farther than the overlap
LARGEST = 200_000_000  # pixels of the result, 600 MB


@cache
def stored(name: str) -> SuperResolution:
    """The stored network of that name, ready to use; a ValueError lists the known ones."""
    if name not in STORED:
        raise ValueError(f"There is no network {name!r}; the known ones are {', '.join(STORED)}.")
    network = SuperResolution()
    network.load_state_dict(results.weights(STORED[name]))
    return network.eval().requires_grad_(False)


def network(invention: float = 1.0) -> nn.Module:
    """The network for a share of `invention`, from 0, L1 alone, to 1, the GAN; a ValueError for other shares."""
    if not 0 <= invention <= 1:
        raise ValueError(f"The share of invention lies between 0 (L1 alone) and 1 (the GAN); {invention:g} does not.")
    return between(stored("l1"), stored("gan"), invention)


def upscaled(picture: Tensor, network: nn.Module, scale: int = 4) -> Tensor:
    """A picture in bytes, [3, height, width], at `scale` times its sides, 2 or 4; twice is four times, halved.

    A ValueError where the scale is another, or the result would be too large.
    """
    if scale not in SCALES:
        raise ValueError(f"Pictures are enlarged 2 or 4 times, not {scale} times.")
    if (pixels := scale**2 * picture.shape[1] * picture.shape[2]) > LARGEST:
        raise ValueError(
            f"The result would have {pixels / 1e6:,.0f} million pixels; at most {LARGEST // 10**6} can be made: "
            f"{'choose --scale 2, or ' if scale == 4 and pixels <= 4 * LARGEST else ''}crop the picture first."
        )
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def enlarge(part: Tensor) -> Tensor:
        with devices.mixed_precision(part.device):
            made = network(None, part.contiguous(memory_format=torch.channels_last)).float()
        return avg_pool2d(made, 4 // scale) if scale < 4 else made

    return tiled(enlarge, picture, scale, TILE, OVERLAP)


def enlarged(path: Path, network: nn.Module, scale: int = 4) -> Image.Image:
    """A picture file, enlarged: grey stays grey, and what is transparent stays so, its edge by bicubic interpolation.

    A ValueError or OSError says why not.
    """
    with intake.opened(path) as file:
        try:
            image = pictures.in_eight_bits(pictures.decoded(file, None))
        except (ValueError, Image.DecompressionBombError) as error:
            raise ValueError(f"{path} cannot be enlarged: {error}.") from error
        except OSError as error:
            raise ValueError(f"{path} cannot be enlarged: broken, or not a picture.") from error
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    grey = image.mode in ("1", "L", "LA", "La")
    levels = np.asarray(image.convert("RGB") if alpha is None else surrounded(image.convert("RGBA")))
    made = upscaled(torch.from_numpy(levels.transpose(2, 0, 1).copy()), network, scale)
    del levels
    large = Image.fromarray(made.permute(1, 2, 0).contiguous().numpy())
    large = large.convert("L") if grey else large
    if alpha is not None:
        large.putalpha(alpha.resize(large.size, Image.Resampling.BICUBIC))
    return large


def surrounded(image: Image.Image) -> Image.Image:
    """A transparent picture in opaque colours: where nothing is seen, that of the nearest pixel that is."""
    levels = np.asarray(image)
    unseen = levels[..., 3] == 0
    if unseen.all():
        return Image.new("RGB", image.size, "white")
    rows, columns = distance_transform_edt(unseen, return_distances=False, return_indices=True)
    return Image.fromarray(levels[rows, columns, :3])
