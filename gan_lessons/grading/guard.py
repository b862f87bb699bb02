"""Runs in a hand-in's own kernel: notes what the checks are made of before a student's cell runs; sees it replaced.

It finds what people do (`check.hinge = lambda …`, a comparison that always agrees, errors that are not shown) and puts
it right, so that what comes after is checked by the true ones. Code that looks for this guard can outwit it: it is in
the same process.
"""

import builtins
import importlib
import inspect
import sys
import types
from typing import Any

Parts = tuple[Any, ...]
SHELL = ("showtraceback", "_showtraceback", "run_cell", "run_cell_async", "run_code", "run_ast_nodes")
noted: list[tuple[str, Any, str, Any, Parts]] = []  # name, owner, attribute, value, what it is made of
modules: dict[str, Any] = {}  # the checks, by the names that the notebook gives them
own: dict[str, Any] = {}  # IPython's ways to run a cell and to show an error that the kernel has changed itself


def begin(checks: dict[str, str]) -> int:
    """Import the checks by their addresses (module or module:function), and note what all of it is made of."""
    for name, address in checks.items():
        place, _, attribute = address.partition(":")
        modules[name] = importlib.import_module(place)
        modules[name] = getattr(modules[name], attribute) if attribute else modules[name]
    ours = {"gan_lessons", *(address.split(".")[0] for address in checks.values())}
    for name, module in sorted(sys.modules.items()):
        if name.split(".")[0] in ours and name != __name__:
            note(name, module, everything=True)
    note("builtins", builtins)
    for name in ("math", "torch", "torch.nn.functional", "torch.testing", "torch.linalg", "numpy", "numpy.testing"):
        if name in sys.modules:
            note(name, sys.modules[name])
    if torch := sys.modules.get("torch"):
        note("torch.Tensor", torch.Tensor)
    from IPython import get_ipython

    own.update({key: vars(get_ipython()).get(key) for key in SHELL})
    return len(noted)


def note(name: str, owner: Any, everything: bool = False) -> None:
    """Note the functions and classes of a module or a class; of the checks, their constants and methods, too."""
    for key, value in list(vars(owner).items()):
        kept = callable(value) or (
            everything and isinstance(value, types.ModuleType | staticmethod | classmethod | property)
        )
        constant = everything and key.isupper() and isinstance(value, int | float | str | tuple)
        if key == "_" or not (kept or constant):
            continue
        noted.append((f"{name}.{key}", owner, key, value, made_of(value)))
        if everything and isinstance(value, type) and value.__module__ == name:
            note(f"{name}.{key}", value, everything)


def made_of(value: Any) -> Parts:
    """What a function does is these; nothing for other values."""
    if not isinstance(value, types.FunctionType):
        return ()
    cells = tuple(cell.cell_contents for cell in value.__closure__ or () if cell_is_full(cell))
    return value.__code__, value.__defaults__, value.__kwdefaults__, cells


def cell_is_full(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def by_torch(now: Any, value: Any) -> bool:
    """Whether torch has wrapped a function of its own, or an optimiser's step, which it does when it is first used."""
    file = getattr(getattr(now, "__code__", None), "co_filename", "")
    home = getattr(sys.modules.get("torch"), "__path__", [None])[0]
    return home is not None and file.startswith(home) and inspect.unwrap(now) is inspect.unwrap(value)


def same(one: Parts, other: Parts) -> bool:
    """Whether two functions are made of the very same."""
    if not one and not other:
        return True
    return len(one) == len(other) and all(
        a is b
        or (isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b) and all(map(lambda p, q: p is q, a, b)))
        for a, b in zip(one, other, strict=True)
    )


def replaced() -> list[str]:
    """The names of what is no longer what it was; all of it is put right."""
    found = []
    ours = {id(module): name for name, module in modules.items()}
    for name, owner, key, value, parts in noted:
        now = vars(owner).get(key)
        if (now is value and same(made_of(now), parts)) or by_torch(now, value):
            continue
        found.append(f"{ours[id(owner)]}.{key}" if id(owner) in ours else name)
        try:
            setattr(owner, key, value)
            if parts:
                value.__code__, value.__defaults__, value.__kwdefaults__ = parts[:3]
        except (AttributeError, TypeError):
            pass
    return found + names() + shell()


def names() -> list[str]:
    """The names of checks that something else goes by in the notebook.

    What is missing, or overwritten by what could not pass for the checks (a number, say), is put back without a word.
    """
    from IPython import get_ipython

    space, found = get_ipython().user_ns, []
    for name, checks in modules.items():
        now = space.get(name, checks)
        inside = [key for key, value in vars(checks).items() if callable(value) and key[0] != "_"]
        poses = any(hasattr(now, key) for key in inside) if isinstance(checks, types.ModuleType) else callable(now)
        found += [name] if now is not checks and poses else []
    space.update(modules)
    return found


def shell() -> list[str]:
    """What of IPython's own ways to run a cell and to show an error has been replaced."""
    from IPython import get_ipython

    it, found = get_ipython(), []
    for key, value in own.items():
        if vars(it).get(key) is not value:
            found.append(f"get_ipython().{key}")
            delattr(it, key) if value is None else setattr(it, key, value)
    if it.custom_exceptions:
        found.append("get_ipython().set_custom_exc")
        it.custom_exceptions = ()
    return found
