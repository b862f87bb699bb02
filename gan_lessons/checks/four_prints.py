"""Five orders for a 3-D printer: one that can be printed, and four with a fault each, in an order of your own."""

from itertools import count
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gan_lessons.checks import own
from gan_lessons.data import meshes, shapes
from gan_lessons.metrics.prints import PrintCheck, print_check


def orders(seed: int = 0) -> dict[str, PrintCheck]:
    """What `print_check` says of five meshes, A to E."""
    made = {kind: drawn(kind, seed) for kind in shapes.KINDS}
    sawn = made["table"].clone()
    sawn[:, :, 4:6, 8:, 8:] = -1  # a leg is cut through
    holey = meshes.printable(made["lamp"])
    holey.update_faces(np.arange(len(holey.faces)) != holey.triangles_center[:, 2].argmax())
    every = [
        meshes.printable(made["mug"]),
        on_points(seed),
        levelled(upright(sawn)),
        meshes.printable(made["vase"], side=meshes.CUBE / 10),
        holey,
    ]
    start, step = own(seed, "first order", range(5)), own(seed, "next order", [1, 2, 3, 4])
    return {name: print_check(every[(start + step * place) % 5]) for place, name in enumerate("ABCDE")}


def drawn(kind: str, seed: int) -> Tensor:
    """A computed shape of a kind, [1, 1, 16, 16, 16]."""
    return shapes.compose(kind, torch.rand(1, 8, generator=torch.Generator().manual_seed(seed)), 16)


def on_points(seed: int) -> Any:
    """The mesh of a chair whose legs marching cubes has rounded to points, as it does to most."""
    chairs = (upright(drawn("chair", seed + place)) for place in count())
    return next(chair for chair in chairs if print_check(chair).footprint < 1)


def upright(volume: Tensor) -> Any:
    """A volume's mesh in mm, z upwards, as it is: nothing is dropped or levelled."""
    return meshes.mesh(volume).apply_transform(meshes.UPRIGHT_TO_STL).apply_scale(meshes.CUBE / 2)


def levelled(mesh: Any) -> Any:
    """The mesh with its lowest corners on the bed, and all its pieces."""
    mesh.apply_translation([0, 0, -mesh.bounds[0, 2]])
    heights = mesh.vertices[:, 2]
    mesh.vertices[:, 2] = np.where(heights < meshes.LEVEL * meshes.CUBE / 16, 0, heights)
    return mesh
