"""Lines of verse by the stored writers, beside real lines and shuffled ones."""

from gan_lessons import recipes
from gan_lessons.metrics.verse import floors
from tests.bench.avatars import shown


def bench() -> dict[str, float]:
    known = {name: shown(name, scores._asdict()) for name, scores in floors().items()}
    plans = {"likelihood": ("verse", "likelihood"), "gan": ("verse", "long"), "codes": ("verse_codes", "long")}
    for name, (recipe, size) in plans.items():
        plan = recipes.find(recipe, size)
        known[name] = shown(name, plan.score(plan.load()))
    found = {
        f"{figure}_{name}": known[name][figure]
        for figure in ("scans", "whole", "longest", "self_bleu")
        for name in ("real", "likelihood", "gan", "codes")
    }
    return {
        "scans_over_real": known["gan"]["scans"] / known["real"]["scans"],
        "shuffled_scans": known["shuffled"]["scans"],
        "longest_less_real": known["gan"]["longest"] - known["real"]["longest"],
        "self_bleu_less_real": known["gan"]["self_bleu"] - known["real"]["self_bleu"],
        **found,
    }
