"""Scores in float32 where all else is in bfloat16: a loss that compares two scores sees their difference."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn


class ExactScores:
    """While `on`, the layers of a discriminator that make one number of many compute in float32 under autocast.

    In bfloat16, the next score after 8 is 8.06. Micikevicius et al. 2018, arXiv:1710.03740, keep large sums so.
    """

    def __init__(self, discriminator: nn.Module):
        self.on = True
        self.entered: list[AbstractContextManager] = []
        for layer in discriminator.modules():
            # to ask for its weight would move a spectral norm's estimate
            if 1 in (getattr(layer, "out_features", 0), getattr(layer, "out_channels", 0)):
                layer.register_forward_pre_hook(self.enter)
                layer.register_forward_hook(self.leave, always_call=True)

    def enter(self, _: nn.Module, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        self.entered.append(torch.autocast(given[0].device.type, enabled=False) if self.on else nullcontext())
        self.entered[-1].__enter__()
        return tuple(one.float() if self.on and one.element_size() == 2 else one for one in given)

    def leave(self, *_: Any) -> None:
        self.entered.pop().__exit__(None, None, None)
