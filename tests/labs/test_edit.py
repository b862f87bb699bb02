"""EditLab: edits of one part, and of a picture of one's own."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from gan_lessons import latents
from gan_lessons.labs.latents import EditLab
from gan_lessons.labs.latents.edit import AS_IT_IS, PLACES
from tests.labs.small import drawn, drawn_of, sees, small_gan, styled_gan

NOTHING = dict.fromkeys(PLACES, AS_IT_IS)


def test_without_a_wish_nothing_changes() -> None:
    lab = EditLab(styled_gan(), sees, **NOTHING)
    before, after = drawn(lab.frame().panels[0])
    assert np.allclose(before, after, atol=1e-6) and lab.sentence.startswith("Nothing is edited")
    assert lab.idle() == {"strength"}


def test_a_wish_moves_the_picture_towards_what_the_judge_reads_as_that() -> None:
    """Over cats and targets, the reading comes nearer to the target's; the toy's variants lie along a line."""
    lab, nearer = EditLab(styled_gan(), sees, **NOTHING), []
    for seed in range(12):
        for target in (1, 13):
            lab.set(seed=seed, body=f"variant {target + 1}", strength=1.0)
            before, after = (
                int(sees(2 * torch.from_numpy(picture).permute(2, 0, 1)[None] - 1)["body"].argmax())
                for picture in drawn(lab.frame().panels[0])
            )
            nearer.append(abs(after - target) < abs(before - target) or before == after == target)
            assert ("the new body" in lab.sentence.replace("The", "the")) == (after == target)
    assert np.mean(nearer) > 0.8


def test_strength_is_a_walk_from_the_cat_itself() -> None:
    lab = EditLab(styled_gan(), sees, strength=0.0)
    before, after = drawn(lab.frame().panels[0])
    assert np.allclose(before, after, atol=1e-6)
    walk = drawn(lab.frame().panels[2])
    assert np.allclose(walk[0], before, atol=1e-6) and len(walk) == 6
    lab.set(strength=2.0)
    assert np.allclose(drawn(lab.frame().panels[0])[1], walk[4], atol=1e-5)


def test_a_picture_of_ones_own_is_found_and_edited(tmp_path: Path) -> None:
    pixels = drawn_of(latents.drawn_styles(styled_gan().average, 1, seed=77))
    lab = EditLab(styled_gan(), sees, picture=pixels[0])
    original, again, after = drawn(lab.frame().panels[0])
    assert lab.sentence.startswith("Your picture was found with an error of 0.0")
    assert np.abs(original - again).mean() < 0.05 < np.abs(after - again).max() and "seed" in lab.idle()
    file = tmp_path / "mine.png"
    Image.fromarray(((pixels[0].permute(1, 2, 0).numpy() + 1) * 127.5).round().astype(np.uint8)).save(file)
    assert np.allclose(drawn(EditLab(styled_gan(), sees, picture=file).frame().panels[0])[0], original, atol=0.01)


def test_pictures_of_another_kind_and_none_are_told() -> None:
    stripes = torch.ones(3, 24, 24)
    stripes[:, ::2] = -1
    assert "far from what the generator can draw" in EditLab(styled_gan(), sees, picture=stripes).sentence
    assert "[3, 24, 24], not [3, 8, 8]" in EditLab(styled_gan(), sees, picture=torch.zeros(3, 8, 8)).sentence
    assert "There is no picture 'none.png'" in EditLab(styled_gan(), sees, picture="none.png").sentence
    assert "needs a StyleGenerator" in EditLab(small_gan(), sees).sentence


def test_a_blank_picture_is_no_cat_that_was_found() -> None:
    """Nearly blank ones are near to any small drawing on the same ground, in root mean square."""
    assert "is blank" in EditLab(styled_gan(), sees, picture=torch.ones(3, 24, 24)).sentence
    dot = drawn_of(latents.drawn_styles(styled_gan().average, 500)).mean(0)
    dot[:, 3:5, 3:5] += 0.8
    assert "a flat colour leaves" in EditLab(styled_gan(), sees, picture=dot.clamp(-1, 1)).sentence


def test_the_menu_shows_what_the_numbers_mean() -> None:
    lab = EditLab(styled_gan(), sees, **NOTHING | {"eyes": "variant 3"}, strength=1.25)
    chosen, menu, _ = lab.frame().panels
    assert len(drawn(menu)) == 15 and "eyes" in menu.title
    assert np.allclose(drawn(menu)[2], drawn(chosen)[1], atol=1e-5) and not np.allclose(drawn(menu)[7], drawn(menu)[2])
    assert len(drawn(EditLab(styled_gan(), sees, **NOTHING).frame().panels[1])) == 16


def test_variants_that_were_never_drawn_are_refused() -> None:
    def blind(pixels: torch.Tensor) -> dict[str, torch.Tensor]:
        return {
            part: told[:, :1].expand_as(told) * 0 + torch.eye(told.shape[1])[0] for part, told in sees(pixels).items()
        }

    lab = EditLab(styled_gan(), blind, **NOTHING)
    lab.set(eyes="variant 2")
    assert "never seen to draw variant 2 of eyes" in lab.sentence and lab.parameters.eyes == AS_IT_IS
    assert "reads no" in EditLab(styled_gan(), lambda pixels: {"body": sees(pixels)["body"]}).sentence


def test_a_wish_that_the_judge_is_not_sure_of_has_not_come_true() -> None:
    """A part that was unclear before is not told as changed either: hidden parts change at a touch."""

    def doubts(pixels: torch.Tensor) -> dict[str, torch.Tensor]:
        return {part: 0.3 * told + 0.7 / told.shape[1] for part, told in sees(pixels).items()}

    sure, unsure = (EditLab(styled_gan(), read, **NOTHING) for read in (sees, doubts))
    told = []
    for seed in range(6):
        for lab in (sure, unsure):
            lab.set(seed=seed, body="variant 14", accessories="variant 2", strength=2.5)
        told.append(sure.sentence)
        assert "does not read the wished body and accessory; every other part" in unsure.sentence
    assert any("reads the new" in text for text in told) and any("changed besides" in text for text in told)


def test_every_preset_but_the_last_edits_one_part_of_any_state() -> None:
    """The values of a preset say all that its sentence speaks of, whatever was set before."""
    for preset in EditLab.presets:
        lab = EditLab(styled_gan(), sees, **NOTHING | {"eyes": "variant 3", "fur": "variant 2", "strength": 0.0})
        lab.set(**preset.values)
        assert len(lab.wishes()) == (preset.name != "as it is")
        assert ("strength" in lab.idle()) == (preset.name == "as it is") and preset.watch
