"""The inception score, of any classifier: are the samples sure of their class, and the classes evenly spread?"""

import torch
from torch import Tensor


def inception_score(probabilities: Tensor) -> float:
    """exp(E KL(p(y|x) ‖ p(y))) of class probabilities [count, classes]: from 1 up to the number of classes.

    It never looks at real samples, so one good picture a class gets full marks. Salimans et al. 2016,
    arXiv:1606.03498, section 4; what is wrong with it: Barratt & Sharma 2018, arXiv:1801.01973.
    """
    if probabilities.dim() != 2:
        raise ValueError(f"Probabilities need the shape [count, classes], not {list(probabilities.shape)}.")
    if len(probabilities) < probabilities.shape[1]:
        raise ValueError(
            f"The inception score over {probabilities.shape[1]} classes needs at least as many samples; "
            f"there are {len(probabilities)}."
        )
    p = probabilities.double()
    if not (p.isfinite().all() and (p >= 0).all() and torch.allclose(p.sum(1), torch.ones_like(p[:, 0]), atol=1e-3)):
        raise ValueError(
            "Probabilities are not below 0 and sum to 1 over the classes; pass scores through softmax first."
        )
    divergence = (torch.special.xlogy(p, p) - torch.special.xlogy(p, p.mean(0))).sum(1)
    return float(divergence.mean().exp())
