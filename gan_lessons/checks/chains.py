"""Where the joints of a chain of bones are, and where they are after the usual mistakes."""

import torch
from torch import Tensor

from gan_lessons.skeleton import multiplied, rotated


def turns(quaternions: Tensor, way: str = "") -> Tensor:
    """What turns each bone: the product of all rotations from the first to its own, [..., bones, 4]."""
    every = [quaternions[..., 0, :]]
    for each in quaternions.unbind(-2)[1:]:
        before = every[-1]
        every.append({"wrong way": multiplied(each, before), "added": before + each}.get(way, multiplied(before, each)))
    return torch.stack(every, -2)


def ends(quaternions: Tensor, bones: Tensor, way: str = "") -> Tensor:
    """Where the joints are, [..., bones + 1, 3]: the start, then the end of each bone."""
    bent = rotated(turns(quaternions, way), bones)
    return torch.cat([torch.zeros_like(bent[..., :1, :]), bent.cumsum(-2)], -2)


def chain_mistakes(quaternions: Tensor, bones: Tensor) -> list[tuple[str, Tensor]]:
    """The places after the usual mistakes."""
    right, start = ends(quaternions, bones), torch.zeros_like(quaternions[..., :1, 1:])
    upright = torch.tensor([1.0, 0, 0, 0]).expand_as(quaternions[..., :1, :])
    late = turns(torch.cat([upright, quaternions[..., :-1, :]], -2))
    back = quaternions * torch.tensor([1.0, -1, -1, -1])
    rigid = [start[..., 0, :]]
    for each, bone in zip(quaternions.unbind(-2), bones, strict=True):
        rigid.append(rotated(each, rigid[-1] + bone))
    bent = rotated(turns(quaternions), bones)
    return [
        ("each bone by itself", torch.cat([start, rotated(quaternions, bones).cumsum(-2)], -2)),
        ("product the wrong way round", ends(quaternions, bones, "wrong way")),
        ("quaternions added", ends(quaternions, bones, "added")),
        ("inherited a joint late", torch.cat([start, rotated(late, bones).cumsum(-2)], -2)),
        ("bones not joined", torch.cat([start, bent], -2)),
        ("bones not joined", bent),
        ("everything turned about the start", torch.stack(rigid, -2)),
        ("turned back", ends(back, bones)),
        ("start left out", right[..., 1:, :]),
        ("last end left out", right[..., :-1, :]),
    ]
