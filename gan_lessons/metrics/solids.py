"""Tests that a chair, a table, a lamp, a vase or a mug has to pass, whatever made it."""

from collections.abc import Callable

import numpy as np
from scipy.ndimage import label

from gan_lessons.data.shapes import KINDS

ALONG = np.ones((3, 3), bool)  # within a slice, pieces that touch at a corner are one
WHOLE = 0.995  # of the voxels, in the largest piece


def fault(solid: np.ndarray, kind: str) -> str:
    """What is wrong with a solid [height, depth, width], true inside, as a thing of that kind; "" if nothing is.

    The tests hold for all of the computed family at 16 voxels and more, and know nothing of its parameters.
    """
    if kind not in KINDS:
        raise ValueError(f"There are no tests of {kind!r}; the known kinds are {', '.join(KINDS)}.")
    if not solid.any():
        return "empty"
    if not in_one_piece(solid):
        return "in pieces"
    filled = np.flatnonzero(solid.any((1, 2)))
    solid = solid[filled[0] : filled[-1] + 1]
    return TESTS[kind](solid, solid.sum((1, 2)), solid.shape[1])


def fault_place(solid: np.ndarray, kind: str) -> np.ndarray:
    """Where the fault that `fault` names can be seen, true there; nowhere for faults of the whole, as "not round".

    That is what hangs loose, or all that is solid at the heights at which legs, back or board are wrong.
    """
    wrong, place = fault(solid, kind), np.zeros_like(solid)
    if wrong == "in pieces":
        return loose(solid)
    areas = solid.sum((1, 2))
    seat, top = first_broad(areas), int(np.flatnonzero(areas)[-1])
    counts = np.array([label(slice_, ALONG)[1] for slice_ in solid])
    if wrong.endswith("legs"):
        place[:seat] = solid[:seat] & (counts[:seat] != 4)[:, None, None]
    elif wrong == "broken back":
        back = seat + clear_of_seat(solid.shape[1])
        place[back:] = solid[back:] & (counts[back:] != 1)[:, None, None]
    elif wrong == "uneven board":
        place[top] = solid[top]
    return place


def in_one_piece(solid: np.ndarray) -> bool:
    """Whether all but one in two hundred voxels hang together, face to face."""
    pieces, count = label(solid)
    return count > 0 and np.bincount(pieces.ravel())[1:].max() >= WHOLE * solid.sum()


def loose(solid: np.ndarray) -> np.ndarray:
    """Where something solid, not all air, is no part of the largest piece, face to face."""
    pieces = label(solid)[0]
    return solid & (pieces != 1 + np.bincount(pieces.ravel())[1:].argmax())


def of_chair(solid: np.ndarray, areas: np.ndarray, size: int) -> str:
    seat = first_broad(areas)
    if told := of_legs(solid, seat, size):
        return told
    above = solid[seat + clear_of_seat(size) :]
    if len(above) < size // 8:
        return "no back"
    if any(label(slice_, ALONG)[1] != 1 for slice_ in above):
        return "broken back"
    if above.sum((1, 2)).max() > 0.6 * areas[seat]:
        return "no seat to sit on"
    widths, behind = above.any(1).sum(1), np.argwhere(above)[:, 1].mean() < np.argwhere(solid[seat])[:, 0].mean()
    if not behind or widths.min() < 0.6 * solid[seat].any(0).sum():
        return "no back"
    return ""


def of_table(solid: np.ndarray, areas: np.ndarray, size: int) -> str:
    board = first_broad(areas)
    if told := of_legs(solid, board, size):
        return told
    if len(solid) - board > max(3, round(0.2 * size)):
        return "something on the board"
    return "" if areas[-1] > 0.6 * areas.max() else "uneven board"


def of_legs(solid: np.ndarray, seat: int, size: int) -> str:
    """What is wrong with the legs below a seat: they have to be four at every height, of like thickness and length."""
    if seat < 3 * size // 16:
        return "no legs"
    for slice_ in solid[:seat]:
        feet, count = label(slice_, ALONG)
        if count != 4:
            return f"{count} legs"
        thick = np.bincount(feet.ravel())[1:]
        if thick.max() > 3 * thick.min():
            return "uneven legs"
    volumes = np.bincount(label(solid[:seat])[0].ravel())[1:]
    return "uneven legs" if len(volumes) != 4 or volumes.max() > 2 * volumes.min() else ""


def of_lamp(solid: np.ndarray, areas: np.ndarray, size: int) -> str:
    middle = 1 + int(areas[1:-1].argmin()) if len(areas) > 2 else 0
    foot, shade = areas[:middle].max(initial=0), areas[middle + 1 :].max(initial=0)
    if areas[middle] > 0.5 * foot or areas[middle] > 0.35 * shade or label(solid[middle], ALONG)[1] != 1:
        return "no stem"
    if len(solid) - middle < size // 4 or areas[-1] >= shade:
        return "no shade"
    return "" if around(solid) > 0.8 else "not round"


def of_vase(solid: np.ndarray, areas: np.ndarray, size: int) -> str:
    if around(solid) <= 0.8:
        return "not round"
    return of_cup(solid, size // 2, size) or ("" if euler(solid) == 1 else "holes")


def of_mug(solid: np.ndarray, areas: np.ndarray, size: int) -> str:
    if told := of_cup(solid, round((1 - 0.25) / 2 * size), size):
        return told
    return "" if euler(solid) == 0 else f"{1 - euler(solid)} holes in place of one"


def of_cup(solid: np.ndarray, axis: int, size: int) -> str:
    """What is wrong with a hollow about an upright axis at that depth: closed below and all around, open above."""
    middle = solid[:, axis - 1 : axis + 1, size // 2 - 1 : size // 2 + 1]
    if not middle[: size // 5].all((1, 2)).any():
        return "no bottom"
    if len(solid) <= size // 4 + 1 or middle[size // 4 :].any():
        return "not hollow"
    for slice_ in solid[size // 4 : -1]:
        room = label(~np.pad(slice_, 1))[0]
        if room[axis + 1, size // 2 + 1] == room[0, 0]:
            return "open wall"
    return ""


TESTS: dict[str, Callable[[np.ndarray, np.ndarray, int], str]] = {
    "chair": of_chair, "table": of_table, "lamp": of_lamp, "vase": of_vase, "mug": of_mug,
}  # fmt: skip


def first_broad(areas: np.ndarray) -> int:
    """The lowest slice that is nearly as large as the largest: the seat of a chair, say."""
    return int((areas > 0.6 * areas.max()).argmax())


def clear_of_seat(size: int) -> int:
    """How many slices above a seat's lowest one its back is tested from: what curves up from the seat is not judged."""
    return 1 + size // 8


def around(solid: np.ndarray) -> float:
    """How far a solid overlaps itself after a quarter turn about the upright axis: intersection over union."""
    turned = np.rot90(solid, 1, (1, 2))
    return float((solid & turned).sum() / (solid | turned).sum())


def euler(solid: np.ndarray) -> int:
    """Euler's characteristic of a solid: corners - edges + faces - voxels, or else pieces - holes + cavities."""
    padded, total = np.pad(solid, 1), 0
    for axes in np.ndindex(2, 2, 2):  # along which axes a cell is a corner's point (1), or as long as a voxel (0)
        cells = padded
        for axis, point in enumerate(axes):
            if point:  # it belongs to the voxels on either side
                low, high = [slice(None)] * 3, [slice(None)] * 3
                low[axis], high[axis] = slice(None, -1), slice(1, None)
                cells = cells[tuple(low)] | cells[tuple(high)]
        total += (-1) ** (3 - sum(axes)) * int(cells.sum())
    return total
