"""What a slicer asks of a mesh before a 3-D printer makes it: is it closed, how thin are its walls, does it stand?"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

STEEP = np.cos(np.radians(45))  # a face that looks further down than that needs support
ON_THE_BED = 0.2  # mm: one layer
TRIED = 400  # places of the surface


class PrintCheck(NamedTuple):
    """`watertight`: every edge belongs to two triangles; `pieces`: separate surfaces, closed cavities among them.

    `size`: width, depth and height in mm; `wall`: 99 of 100 places of the surface have at least so many mm of solid
    below them; `footprint`: mm² that lie on the bed; `overhang`: mm² that face down by more than 45° above it.
    """

    watertight: bool
    pieces: int
    size: tuple[float, float, float]
    wall: float
    footprint: float
    overhang: float


def print_check(mesh: Any) -> PrintCheck:
    """Measure a `trimesh.Trimesh` in mm that stands on its lowest corner, z upwards, as `meshes.printable` makes it."""
    width, depth, height = (float(edge) for edge in mesh.extents)
    heights = mesh.triangles[:, :, 2] - mesh.bounds[0, 2]
    on_the_bed = heights.max(1) < ON_THE_BED
    steep = mesh.face_normals[:, 2] < -STEEP
    return PrintCheck(
        watertight=bool(mesh.is_watertight),
        pieces=int(mesh.body_count),
        size=(width, depth, height),
        wall=float(np.quantile(walls(mesh), 0.01)),
        footprint=float(mesh.area_faces[on_the_bed & steep].sum()),
        overhang=float(mesh.area_faces[steep & ~on_the_bed].sum()),
    )


def walls(mesh: Any, count: int = TRIED) -> NDArray[np.float64]:
    """How thick the solid is below places spread over the surface, [count]: straight in, to where it ends.

    Which triangle a ray meets first: Möller & Trumbore 1997, 10.1080/10867651.1997.10487468.
    """
    chosen = np.random.default_rng(0).choice(len(mesh.faces), count, p=mesh.area_faces / mesh.area)
    inwards = -mesh.face_normals[chosen][:, None]  # [count, 1, 3]
    corner = mesh.triangles[:, 0]
    first, second = mesh.triangles[:, 1] - corner, mesh.triangles[:, 2] - corner
    start = mesh.triangles_center[chosen][:, None] - corner  # [count, triangles, 3]
    across = np.cross(inwards, second)
    size = (across * first).sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):  # triangles that the ray runs along
        u = (across * start).sum(-1) / size
        turned = np.cross(start, first)
        v = (turned * inwards).sum(-1) / size
        far = (turned * second).sum(-1) / size
        met = (u >= 0) & (v >= 0) & (u + v <= 1) & (far > 1e-6)
    return np.where(met, far, np.inf).min(1)
