"""Surfaces of shapes: triangles and points by marching cubes, files for printers and viewers, and a mesh as a volume.

A surface lies where a volume passes from solid, above 0, to empty. Lorensen & Cline 1987, 10.1145/37401.37422.
"""

from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_lessons.data import intake, packages
from gan_lessons.data.shapes import checked, from_solid

ENDINGS = (".stl", ".obj", ".glb")
MOST = 500_000  # triangles of a mesh that is read
CUBE = 60.0  # mm, the side of the cube in a file for a printer: STL has no units, and slicers read mm
LEVEL = 0.8  # voxels: corners lower than that are put on the bed, since the end of a leg is rounded
FILLED = 0.9  # of the cube's side
UPRIGHT_TO_STL = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])  # y upwards to z upwards


class Surface(NamedTuple):
    """Corners [corners, 3] as (width, height, depth), in a cube from -1 to 1, and triangles [triangles, 3] of them."""

    corners: NDArray[np.float32]
    triangles: NDArray[np.int64]


def surface(volume: Tensor) -> Surface:
    """The closed surface of a volume [1, size, size, size], with air around it; a ValueError for an empty one."""
    packages.folder("skimage", "Marching cubes")
    from skimage.measure import marching_cubes  # slow to import

    if volume.dim() != 4 or volume.shape[0] != 1:
        raise ValueError(f"A surface is that of one volume [1, size, size, size], not of {list(volume.shape)}.")
    size = volume.shape[-1]
    padded = np.pad(volume[0].float().cpu().numpy(), 1, constant_values=-1)
    if not (padded > 0).any():
        raise ValueError("This volume is empty: nothing in it is above 0, so that it has no surface.")
    corners, triangles, _, _ = marching_cubes(padded, 0.0)  # (height, depth, width) in voxels of the padded cube
    placed = (corners[:, [2, 0, 1]] - 0.5) / size * 2 - 1
    return Surface(placed.astype(np.float32), triangles.astype(np.int64))


def points(volume: Tensor, count: int = 512, seed: int = 0) -> Tensor:
    """Points [count, 3] as (width, height, depth), spread evenly over the surface of a volume [1, size, size, size]."""
    corners, triangles = surface(volume)
    a, b, c = (torch.from_numpy(corners[triangles[:, corner]]).double() for corner in range(3))
    areas = torch.linalg.cross(b - a, c - a).norm(dim=1)
    random = torch.Generator().manual_seed(seed)
    chosen = torch.multinomial(areas, count, replacement=True, generator=random)
    u, v = torch.rand(2, count, 1, generator=random, dtype=torch.double)
    u, v = (
        torch.where(u + v > 1, 1 - u, u),
        torch.where(u + v > 1, 1 - v, v),
    )  # the half of a square that is the triangle
    return (a[chosen] + u * (b - a)[chosen] + v * (c - a)[chosen]).float()


def mesh(volumes: Tensor, gap: float = 0.3, whole: bool = False) -> Any:
    """Volumes [count, 1, size, size, size] as one `trimesh.Trimesh`, side by side in rows that make a square.

    Of a `whole` one only the largest surface is kept: loose pieces and sealed cavities have surfaces of their own.
    """
    packages.folder("trimesh", "Files of meshes")
    import trimesh

    columns = max(1, round(len(volumes) ** 0.5))
    parts = []
    for place, volume in enumerate(volumes):
        corners, triangles = surface(volume)
        part = trimesh.Trimesh(corners, triangles, process=True)
        if whole:
            part = max(part.split(only_watertight=False), key=lambda piece: abs(piece.volume))
        part.apply_translation([(2 + gap) * (place % columns), 0, (2 + gap) * (place // columns)])
        parts.append(part)
    together = trimesh.util.concatenate(parts)
    together.fix_normals()
    return together


def printable(volumes: Tensor, side: float = CUBE) -> Any:
    """Volumes as one `trimesh.Trimesh` for a printer: each in one piece, in mm, z upwards, on level feet.

    `side` is that of each volume's cube.
    """
    made = mesh(volumes, whole=True)
    made.apply_transform(UPRIGHT_TO_STL)
    made.apply_scale(side / 2)
    made.apply_translation([0, 0, -made.bounds[0, 2]])
    heights = made.vertices[:, 2]
    made.vertices[:, 2] = np.where(heights < LEVEL * side / volumes.shape[-1], 0, heights)
    return made


def as_file(volumes: Tensor, ending: str) -> bytes:
    """Volumes as a file: ".stl" for a printer, as `printable` makes it; ".obj" or ".glb" for viewers, y upwards."""
    if ending not in ENDINGS:
        raise ValueError(f"A mesh is written as one of {', '.join(ENDINGS)}, not as {ending!r}.")
    made = printable(volumes) if ending == ".stl" else mesh(volumes)
    written = made.export(file_type=ending[1:])
    return written.encode("utf-8") if isinstance(written, str) else bytes(written)


def read(path: Path | str, size: int = 16) -> Tensor:
    """A mesh of your own as a volume [1, size, size, size]: scaled to fill the cube, on its floor.

    As `as_file` writes them, STL has z upwards and the others y.
    A ValueError for a file that is no mesh, one that is open, and one of more than 500,000 triangles.
    """
    packages.folder("trimesh", "Files of meshes")
    import trimesh

    checked(size)
    path = Path(path)
    try:
        with intake.opened(path) as file:
            content = BytesIO(file.read())
        found = trimesh.load_mesh(content, file_type=path.suffix[1:].lower())
        triangles = len(found.faces)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from error
    except Exception as error:  # a reader a format, and each raises its own kinds
        raise ValueError(f"{path.name} is no mesh that can be read; known are STL, OBJ, GLB, PLY and OFF.") from error
    if not triangles:
        raise ValueError(f"{path.name} holds no triangles.")
    if triangles > MOST:
        raise ValueError(f"{path.name} has {triangles:,} triangles; simplify it to {MOST:,} at most.")
    if not found.is_watertight:
        raise ValueError(f"{path.name} is open: a mesh has to enclose a solid (be watertight), or it has no inside.")
    if path.suffix.lower() == ".stl":
        found.apply_transform(np.transpose(UPRIGHT_TO_STL))
    low, high = found.bounds
    found.apply_translation(-(low + high) / 2)
    found.apply_scale(2 * FILLED / float((high - low).max()))
    found.apply_translation([0, -FILLED - found.bounds[0][1], 0])
    return from_solid(solid(found, size))


def solid(found: Any, size: int) -> NDArray[np.bool_]:
    """Which voxels (height, depth, width) of the cube have their middle inside a closed mesh."""
    fine = found.voxelized(1 / size).fill()  # half a voxel, so that thin walls have an inside
    middles = (np.arange(size) + 0.5) / size * 2 - 1
    height, depth, width = np.meshgrid(middles, middles, middles, indexing="ij")
    return fine.is_filled(np.stack([width, height, depth], -1).reshape(-1, 3)).reshape(size, size, size)
