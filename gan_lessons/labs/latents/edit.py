"""EditLab: choose another body, fur, mouth, other eyes or another accessory for a cat, also for one of your own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm.auto import tqdm

from gan_lessons import latents
from gan_lessons.data import pictures as files
from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.controls import Preset, chosen, ranged
from gan_lessons.labs.kit.frame import INK, Frame, Lines, Panel, Writing, path
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.latents.mixing import styled
from gan_lessons.latents import CLEAR, Reader
from gan_lessons.training import GAN

AS_IT_IS = "as it is"
PLACES = {"body": 1.0, "fur": 0.3, "eyes": 0.15, "mouth": 0.15, "accessories": 0.25}  # the share of places that move
NOTHING = dict.fromkeys(PLACES, AS_IT_IS)
NAMES = {"accessories": "accessory"}  # in a sentence about one cat
SAMPLES = 2000  # from which the directions are measured
SEARCH = 150  # steps of inversion
STRENGTHS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
OWN, FAR = 0.1, 0.12  # root mean squares: eight of the long run's own cats were found again to .083 or better
OF_CONTRAST = 0.5  # nor may be left more than so much of what one flat colour would leave of the picture
MENU = 1.25  # the strength at which the variants of a part are shown
COLUMNS = 6  # of them


def variants(count: int) -> list[str]:
    """The options of a part with so many variants."""
    return [AS_IT_IS, *map(option, range(count))]


def option(target: int) -> str:
    """The option that means a variant, from 0."""
    return f"variant {target + 1}"


def number(name: str) -> int:
    """Which variant an option means, from 0."""
    return int(name.split()[1]) - 1


@dataclass(frozen=True)
class EditParameters:
    """A cat, and what it should have instead of what it has."""

    body: str = chosen(AS_IT_IS, variants(15), "Body", "Another body, which is another colour")
    accessories: str = chosen("variant 6", variants(16), "Accessory", "A hat, a scarf, glasses, a bow …")
    eyes: str = chosen(AS_IT_IS, variants(15), "Eyes", "Other eyes")
    mouth: str = chosen(AS_IT_IS, variants(10), "Mouth", "Another mouth")
    fur: str = chosen(AS_IT_IS, variants(10), "Fur", "Another pattern of the fur")
    strength: float = ranged(1.25, 0, 2.5, 0.05, "Strength", "How far to go; 1: as far as the mean cats are apart")
    seed: int = ranged(4, 0, 99, 1, "Cat", "Another number, another cat")


class EditLab(Lab):
    """Edits in the layout of a cat by a GAN's averaged `StyleGenerator`.

    `read` takes pictures to how likely each variant of each part is, as `judges.avatars.load().read(pixels)[1]`. With
    `picture`, a file or a tensor [3, side, side] in [-1, 1], the lab finds styles that draw it, and edits those.
    """

    Parameters = EditParameters
    empty = "No cat"
    presets = (
        Preset("another colour", "Only the body is to change: watch which parts stay.",
               {**NOTHING, "body": "variant 9", "strength": 1.25}),
        Preset("dressed up", "Only the accessory is to change: move the strength from 0 to 2.5.",
               {**NOTHING, "accessories": "variant 6", "strength": 1.25}),
        Preset("too far", "The body goes 2.5 times as far as the mean cats are apart: watch what breaks.",
               {**NOTHING, "body": "variant 9", "strength": 2.5}),
        Preset("as it is", "The cat as it was drawn: choose a part.", NOTHING),
    )  # fmt: skip

    def __init__(self, gan: GAN, read: Reader, picture: str | Path | Tensor | None = None, **values: Any):
        self.gan, self.read, self.given = gan, read, picture
        super().__init__(**values)

    def prepare(self) -> None:
        self.generator = styled(self.gan)
        codes = latents.drawn_styles(self.generator, 1, 0)
        self.side = latents.drawn(self.generator, codes).shape[-1]
        self.means = latents.factors(self.generator, self.read, SAMPLES, layout=True)
        if missing := set(PLACES) - set(self.means):
            raise ValueError(f"This lab edits cats, and the judge reads no {', '.join(sorted(missing))}.")
        self.found = None if self.given is None else self.search(self.wanted(self.given))

    def wanted(self, given: str | Path | Tensor) -> Tensor:
        """The picture to find, [1, 3, side, side]; a ValueError says what it lacks."""
        if isinstance(given, Tensor):
            pixels = pictures.checked(given[None] if given.dim() == 3 else given, "The picture")
            if pixels.shape != (1, 3, self.side, self.side):
                raise ValueError(f"The picture has to be [3, {self.side}, {self.side}], not {list(given.shape)}.")
            return not_blank(pixels)
        file = Path(given)
        if not file.is_file():
            raise ValueError(f"There is no picture {str(file)!r}.")
        with file.open("rb") as opened:
            array = files.read(opened, self.side, 3)
        return not_blank(torch.tensor(array).permute(2, 0, 1)[None].float() / 127.5 - 1)

    def search(self, wanted: Tensor) -> latents.Inverted:
        """The styles that draw the picture, with a progress bar; and a note where the generator cannot draw it."""
        steps = latents.inverting(self.generator, wanted, SEARCH)
        *_, found = tqdm(steps, total=SEARCH, desc="looking for your picture", leave=False)
        error = float(found.errors[0])
        flat = float((wanted - wanted.mean((2, 3), keepdim=True)).square().mean().sqrt()) / 2
        self.original = wanted
        if error > FAR:
            beside = f"its own cats are mostly below {OWN:g}"
        elif error > OF_CONTRAST * flat:
            beside = f"a flat colour leaves {flat:.2f}"
        else:
            self.told = f"Your picture was found with an error of {error:.2f}. "
            return found
        self.told = (
            f"This picture is far from what the generator can draw (error {error:.2f}; {beside}): "
            "what you see is the nearest that it knows. "
        )
        return found

    def start_from(self) -> Tensor:
        """The styles of the cat, one a layer, [1, layers + 1, style_dim]."""
        if self.found is not None:
            return self.found.styles
        style = latents.drawn_styles(self.generator, 1, self.parameters.seed)
        return style[:, None].expand(-1, 1 + len(self.generator.layers), -1)

    def wishes(self) -> dict[str, int]:
        """The variant that is asked for of each part that is to change."""
        asked = {part: getattr(self.parameters, part) for part in PLACES}
        return {part: number(value) for part, value in asked.items() if value != AS_IT_IS and self.known(part, value)}

    def known(self, part: str, value: str) -> bool:
        """Whether the generator was seen to draw that variant."""
        return not bool(self.means[part][number(value)].isnan().any())

    def moved(self, styles: Tensor, before: Mapping[str, Tensor], wishes: Mapping[str, int]) -> tuple[Tensor, Tensor]:
        """The layout of a cat, and the sum of the moves that wishes ask for, each [1, maps, side, side]."""
        maps = latents.layouts(self.generator, styles[:, 0])
        move = torch.zeros_like(maps)
        for part, target in wishes.items():
            present = before[part].argmax(1)
            move += latents.edited(maps, self.means[part], present, target, places=PLACES[part]) - maps
        return maps, move

    def edited(self, styles: Tensor, before: Mapping[str, Tensor], strengths: Sequence[float]) -> Tensor:
        """The picture after all edits, at each strength, [strengths, 3, side, side]."""
        maps, move = self.moved(styles, before, self.wishes())
        moved = torch.cat([(maps + strength * move).clamp(min=0) for strength in strengths])
        return latents.drawn(self.generator, styles.expand(len(moved), -1, -1), moved)

    def menu(self, styles: Tensor, before: Mapping[str, Tensor]) -> Panel:
        """What the numbers of a part's variants mean: this cat with each of them, of the part that is edited.

        Of several it is the last in the order of the controls, of none the accessory. A place stays empty where the
        generator was never seen to draw the variant.
        """
        order = [field for field in EditParameters.__dataclass_fields__ if field in PLACES]
        part = ([name for name in order if name in self.wishes()] or ["accessories"])[-1]
        count = len(self.means[part])
        seen = [target for target in range(count) if self.known(part, option(target))]
        every = [self.moved(styles, before, {part: target}) for target in seen]
        codes = torch.cat([(maps + MENU * move).clamp(min=0) for maps, move in every])
        shown = torch.ones(count, 3, self.side, self.side)
        shown[seen] = latents.drawn(self.generator, styles.expand(len(codes), -1, -1), codes)
        panel = pictures.sheet(shown, COLUMNS, f"This cat with each variant: {part}", below=True)
        rows = panel.ylim[1] / -(-count // COLUMNS)
        lows = panel.ylim[1] - rows * np.array([k // COLUMNS + 1 for k in range(count)])
        corners = np.stack([np.arange(count) % COLUMNS + 0.04, lows + 0.13], 1)
        layers = [*panel.layers, Writing(corners, tuple(str(k + 1) for k in range(count)))]  # where no cat stands
        if part in self.wishes():
            left, low = corners[self.wishes()[part]] - np.array([0.04, 0.07])
            layers.append(Lines(path([left + 0.3, left + 0.95], low), INK, width=3))
        return replace(panel, layers=tuple(layers))

    def refusal(self, wanted: EditParameters) -> str:
        for part in PLACES:
            value = getattr(wanted, part)
            if value != AS_IT_IS and not self.known(part, value):
                return f"This generator was never seen to draw {value} of {part}; choose another."
        return ""

    def idle(self) -> set[str]:
        return ({"seed"} if self.found is not None else set()) | (set() if self.wishes() else {"strength"})

    def picture(self) -> Frame:
        styles = self.start_from()
        before = latents.drawn(self.generator, styles)
        read = self.read(before)
        after, *others = self.edited(styles, read, [self.parameters.strength, *STRENGTHS])[:, None]
        shown, title = torch.cat([before, after]), "The cat  ·  after the edits"
        if self.found is not None:
            shown, title = torch.cat([self.original, shown]), "Your picture  ·  found again  ·  after the edits"
        panels = [pictures.sheet(shown, len(shown), title, share=0.7 * len(shown), tall=1.6), self.menu(styles, read)]
        panels.append(self.strengths(torch.cat(others)))
        return Frame(tuple(panels), self.said(read, self.read(after)))

    def strengths(self, drawn: Tensor) -> Panel:
        """The cat after the edits at each of STRENGTHS, with its number, in rows of two."""
        panel = pictures.sheet(drawn, 2, "From strength 0 to 2.5")
        rows = panel.ylim[1] / -(-len(drawn) // 2)
        corners = np.array([[k % 2 + 0.02, panel.ylim[1] - rows * (k // 2 + 1) + 0.07] for k in range(len(drawn))])
        return replace(panel, layers=(*panel.layers, Writing(corners, tuple(f"{each:g}" for each in STRENGTHS))))

    def said(self, before: Mapping[str, Tensor], after: Mapping[str, Tensor]) -> str:
        """Which wishes came true, and which other parts, that were clear before, changed."""
        start = "" if self.found is None else self.told
        wishes = self.wishes()
        if not wishes:
            return start + "Nothing is edited: choose another body, accessory, mouth or fur, or other eyes."
        now = {part: int(told.argmax()) for part, told in after.items()}
        done = [part for part, target in wishes.items() if now[part] == target and float(after[part].amax()) >= CLEAR]
        failed = [part for part in wishes if part not in done]
        moved = [
            part
            for part in PLACES
            if part not in wishes and now[part] != int(before[part].argmax()) and float(before[part].amax()) >= CLEAR
        ]
        parts = [f"the judge reads the new {listed(done)}"] if done else []
        parts += [f"the judge does not read the wished {listed(failed)}"] if failed else []
        parts.append(f"changed besides: {listed(moved)}" if moved else "every other part that it read clearly stayed")
        text = "; ".join(parts)
        return f"{start}{text[0].upper()}{text[1:]}."


def not_blank(pixels: Tensor) -> Tensor:
    """The same pixels; a ValueError where all of a picture is one colour, in which there is no cat to find."""
    if float(pixels.flatten(2).std(2).max()) < 0.02:
        raise ValueError("The picture is blank: it has one colour all over, so there is no cat to look for.")
    return pixels


def listed(parts: list[str]) -> str:
    """Parts of one cat, as a sentence lists them."""
    *others, last = (NAMES.get(part, part) for part in parts)
    return f"{', '.join(others)} and {last}" if others else last
