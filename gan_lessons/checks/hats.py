"""Local edits of a layout: what they give, what they give after the usual mistakes, and cats that get a hat by one."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.nn.functional import relu

from gan_lessons import latents, recipes
from gan_lessons.checks import own
from gan_lessons.judges import avatars

STRENGTH, PLACES = 1.25, 16  # of the edits that are shown, as in the chapter; a quarter of 8 × 8 places
SHOWN, READ = 6, 320  # cats that are edited, and cats from which the way to an accessory is learned
HATS = {"black hat": 5, "red hat": 13}


def longest(move: Tensor, places: int) -> Tensor:
    """Where a move [n, channels, side, side] is longest: true at so many places of each sample, [n, 1, side, side]."""
    chosen = move.flatten(2).topk(places, -1).indices
    return torch.zeros_like(move).flatten(2).scatter(-1, chosen, 1.0).view_as(move).bool()


def moved(maps: Tensor, move: Tensor, places: int, strength: float, way: str = "") -> Tensor:
    """Maps moved at the `places` places where the move is longest, not below 0; or with a mistake."""
    apart = move.norm(dim=1, keepdim=True)
    by = {
        "where the move is shortest": -apart,
        "where the maps are longest": maps.norm(dim=1, keepdim=True),
        "sum of the coordinates": move.sum(1, keepdim=True),
        "sum of the sizes": move.abs().sum(1, keepdim=True),
        "largest coordinate": move.abs().amax(1, keepdim=True),
        "every map by itself": move.abs(),
        "the same places for all": apart.mean(0, keepdim=True).expand_as(apart),
        "where the edited maps are longest": (maps + strength * move).norm(dim=1, keepdim=True),
    }.get(way, apart)
    where = longest(by, places + {"one place more": 1, "one place fewer": -1}.get(way, 0))
    if way == "the places of all samples together":
        where = apart >= apart.flatten().topk(places * len(apart)).values[-1]
    if way == "moved everywhere":
        where = torch.ones_like(where)
    if way == "no strength":
        strength = 1.0
    if way == "the rest emptied":
        return relu((maps + strength * move) * where)
    if way == "the move in place of the maps":
        return relu(torch.where(where, strength * move, maps))
    edited = maps + strength * move * where
    return edited if way == "left below zero" else relu(edited)


EDITS = (
    "left below zero", "no strength", "moved everywhere", "where the move is shortest", "where the maps are longest",
    "sum of the coordinates", "sum of the sizes", "largest coordinate", "every map by itself",
    "the same places for all", "the places of all samples together", "where the edited maps are longest",
    "one place more", "one place fewer", "the rest emptied", "the move in place of the maps",
)  # fmt: skip


@cache
def known() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Styles and layouts of cats of the stored GAN, their accessories, and the mean layout of each accessory."""
    generator = recipes.find("avatars", "long").load().average
    styles = latents.drawn_styles(generator, READ, seed=1)
    maps = latents.layouts(generator, styles)
    told = avatars.load().read(latents.drawn(generator, styles))[1]["accessories"]
    clear = told.amax(1) > latents.CLEAR
    return styles, maps, told.argmax(1), latents.means(maps[clear], told.argmax(1)[clear], told.shape[1])


def own_hat(seed: int = 0) -> str:
    """What your cats are to wear."""
    return own(seed, "hat", list(HATS))


def hatted(edit: Callable, seed: int = 0) -> Tensor:
    """Six cats of your own, [18, 3, 64, 64]: as they are, edited at all places, and edited at the most telling ones."""
    styles, maps, worn, means = known()
    generator, target = recipes.find("avatars", "long").load().average, HATS[own_hat(seed)]
    others = (worn != target).nonzero()[:, 0]
    some = others[torch.randperm(len(others), generator=torch.Generator().manual_seed(seed))[:SHOWN]]
    move = means[target] - means[worn[some]].nan_to_num()
    edits = [maps[some], *(edit(maps[some], move, places, STRENGTH) for places in (maps[0, 0].numel(), PLACES))]
    return torch.cat([latents.drawn(generator, styles[some], each) for each in edits])
