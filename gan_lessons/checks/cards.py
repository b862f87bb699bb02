"""How a check reports: one line for the task and the points so far, with every comparison folded behind it."""

import functools
import html
import sys
from collections.abc import Callable
from typing import Any

TASKS = {
    "the_game": {"histogram": 4, "surprise": 2, "push": 4, "first_gan": 4},
    "the_generator": {"density": 4, "in_the_gap": 2, "log_density": 4, "deep_generator": 4},
    "the_discriminator": {"log_ratio": 4, "best_loss": 2, "auc": 4, "p_value": 4, "early_stopping": 4},
    "the_losses": {"hinge": 4, "discriminator_loss": 4, "every_pair": 4, "r1": 4, "step": 4},
    "the_first_gan": {"three_numbers": 4, "perfect": 2, "update_average": 4, "diagnose": 4, "training": 4},
    "mode_collapse": {"spread": 4, "pack": 4, "missing": 2, "faults": 4, "packed_training": 4},
    "convergence": {"arrow": 4, "largest_rate": 2, "settles": 4, "gradient_penalty": 4, "damped_training": 4},
    "measuring_a_gan": {"frechet": 4, "birthday": 2, "at_infinity": 4, "copied": 4},
    "images": {"enlarge": 4, "mixes": 4, "near_twins": 4, "leaning": 2, "picture_training": 4},
    "images_on_demand": {"projection": 4, "class_accuracy": 4, "deaf": 2, "varieties": 4, "conditional_training": 4},
    "architectures": {"attention": 4, "steps_left": 2, "modulated": 4, "local_edit": 4, "styled_training": 4},
    "few_pictures": {"shifted": 4, "feedback": 4, "undone": 2, "copied_or_new": 4, "augmented_training": 4},
    "image_to_image": {"least_l1": 2, "u_shape": 4, "true_colours": 4, "round_trips": 4, "cycle_training": 4},
    "super_resolution": {"flat_start": 4, "project": 4, "hair_psnr": 2, "in_tiles": 4, "enlarging_training": 4},
    "text": {"straight_through": 4, "score_function": 4, "perplexity": 2, "three_shares": 4, "word_training": 4},
    "verse_and_news": {"metre_cost": 4, "worth": 4, "share_of_d": 2, "preference_loss": 4, "code_training": 4},
    "sound": {"magnitudes": 4, "decibels": 4, "folded": 2, "another_round": 4, "spectrogram_training": 4},
    "speech": {"fold": 4, "vocoder_loss": 4, "luck": 2, "operating_point": 4, "vocoder_training": 4},
    "video": {"ink_film": 4, "two_forecasts": 4, "same_penalty": 2, "chain": 4, "motion_training": 4},
    "shapes": {"balls": 4, "holes": 2, "crossed": 4, "chamfer": 4, "silhouette_training": 4},
    "scaling_up": {"convolution": 4, "euros": 2, "accumulated": 4, "notes": 4, "parallel_training": 4},
}  # of the assignments whose checks a student sees, and their points; no two tasks have one name
SOLVED: set[str] = set()
LINES: list[list[str]] = []  # of the checks that run at present, the innermost last

GOOD, BAD = "#1B7F4B", "#B3261E"


def say(line: str) -> None:
    """Note a comparison that agreed; outside of a check it is printed."""
    if LINES:
        LINES[-1].append(line)
    else:
        print(line)


def task(check: Callable) -> Callable:
    """A check that reports as a card: green or red, the details folded, the points so far."""
    name = check.__name__

    @functools.wraps(check)
    def checked(*arguments: Any, **options: Any) -> Any:
        LINES.append([])
        try:
            result = check(*arguments, **options)
        except BaseException as error:
            SOLVED.discard(name)
            lines = LINES.pop()
            if type(error).__name__ == "CheckError":
                show(name, False, lines)
            raise
        lines = LINES.pop()
        SOLVED.add(name)
        show(name, True, lines)
        return result

    return checked


def summary(name: str, right: bool, lines: list[str]) -> str:
    """One line: the task, and the points so far."""
    tasks = next((tasks for tasks in TASKS.values() if name in tasks), {})
    points = sum(each for one, each in tasks.items() if one in SOLVED)
    so_far = f"{points} of {sum(tasks.values())} points so far" if tasks else ""
    if right and len(lines) == 1:
        said = f"{lines[0]}"
    elif right:
        said = f"✓ {name}: all {len(lines)} comparisons agree"
    else:
        agreed = f", after {len(lines)} comparison{'s' * (len(lines) != 1)} that agreed" if lines else ""
        said = f"✗ {name}: not yet right{agreed}"
    return " · ".join(filter(None, [said, so_far]))


def show(name: str, right: bool, lines: list[str]) -> None:
    """The card in a notebook; elsewhere its line, and the comparisons below."""
    said = summary(name, right, lines)
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if getattr(shell, "kernel", None) is None:
        print("\n    ".join([said, *lines]) if len(lines) > 1 else said)
        return
    from IPython.display import display

    color = GOOD if right else BAD
    details = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
    folded = f"<details><summary>{len(lines)} comparisons</summary>{details}</details>" if len(lines) > 1 else ""
    card = f'<div style="border-left: 5px solid {color}; padding: 4px 10px"><b>{html.escape(said)}</b>{folded}</div>'
    display({"text/html": card, "text/plain": said}, raw=True)
