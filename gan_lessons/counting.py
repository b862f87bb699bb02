"""What computing asks of a device, counted operation by operation: FLOPs, bytes moved, and the most bytes that live."""

import weakref
from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

# these make, rename or read a tensor, and compute nothing
FREE = {"empty", "empty_like", "empty_strided", "new_empty", "detach", "alias", "_local_scalar_dense", "lift_fresh"}
UPDATE = 7 * 4  # bytes that a fused Adam moves for each weight: it reads w, its gradient, m and v, and writes w, m, v


def cost(function: Any, args: Any, kwargs: Any, result: Any) -> tuple[int, int] | None:
    """FLOPs and bytes of an operation that torch dispatched; None where a device has nothing to do.

    FLOPs are those of products, convolutions and attention, two a multiplication and addition, by torch's formulas.
    Bytes are its inputs and outputs, as if none stayed in a cache.
    """
    packet = function._overloadpacket
    if function.is_view or packet.__name__ in FREE:
        return None
    formula = flop_registry.get(packet)
    flops = int(formula(*args, **kwargs, out_val=result)) if formula else 0
    touched = {id(leaf): leaf for leaf in tree_leaves((args, kwargs, result)) if isinstance(leaf, Tensor)}
    return flops, sum(leaf.numel() * leaf.element_size() for leaf in touched.values())


class Counting(TorchDispatchMode):
    """Counts what a step asks for: the `cost` of every operation, and the most bytes that live at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.kernels: list[tuple[int, int]] = []  # FLOPs, bytes
        self.live = self.peak = 0
        self.known: dict[int, weakref.ref] = {}

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = function(*args, **kwargs)
        given, made = ([leaf for leaf in tree_leaves(some) if isinstance(leaf, Tensor)]
                       for some in ((args, kwargs), result))  # fmt: skip
        old = {leaf.untyped_storage()._cdata for leaf in given}
        for leaf in made:
            self.keep(leaf.untyped_storage(), leaf.untyped_storage()._cdata in old)
        if asked := cost(function, args, kwargs, result):
            self.kernels.append(asked)
        return result

    def keep(self, storage: Any, was_there: bool) -> None:
        """Count a new tensor's bytes as long as it lives."""
        key, size = storage._cdata, storage.nbytes()
        if was_there or key in self.known:
            return

        def forget(_: Any) -> None:
            self.live -= size
            self.known.pop(key, None)

        self.known[key] = weakref.ref(storage, forget)
        self.live += size
        self.peak = max(self.peak, self.live)

    @property
    def flops(self) -> int:
        return sum(flops for flops, _ in self.kernels)
