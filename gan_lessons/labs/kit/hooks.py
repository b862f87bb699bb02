"""What a lab says of itself: its parameters, its picture, and how it trains."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from gan_lessons.labs.kit.controls import Choice, Preset, Range, controls_of
from gan_lessons.labs.kit.frame import Frame, Panel

if TYPE_CHECKING:
    from gan_lessons.labs.kit.view import View

SPEEDS: dict[str, float] = {
    "full speed": 0, "30 steps a second": 30, "10 steps a second": 10, "3 steps a second": 3, "1 a second": 1,
}  # fmt: skip


class Hooks:
    """What a lab is made of.

    A lab names its dataclass in `Parameters`, whose fields are made by `controls.ranged` and `controls.chosen`, and
    says in `picture` what they look like. A lab that trains something says how in `advance` and `restart`, and its
    `burst` is how many steps one press of its button takes; a change of what `remakes` names starts it again. `tabs`
    puts controls behind a button “More”: title to names; the rest stands beside the picture, and the controls named in
    `wide` above it, as wide as it is. `presets` are states worth seeing, a button each. `letters` are letters
    that `pressed` is told of. What cannot be done raises ValueError; where that is in `prepare` or `restart`, the lab
    shows a panel titled `empty` and `waits`.
    """

    Parameters: Any
    parameters: Any
    burst: ClassVar[int] = 0
    remakes: ClassVar[tuple[str, ...]] = ()
    tabs: ClassVar[dict[str, tuple[str, ...]]] = {}
    wide: ClassVar[tuple[str, ...]] = ()
    presets: ClassVar[Sequence[Preset]] = ()
    letters: ClassVar[str] = ""
    speeds: ClassVar[dict[str, float]] = SPEEDS
    tooltips: ClassVar[tuple[str, str]] = "Train until paused", "Slow motion shows every step"  # of Play, and of Speed
    empty: ClassVar[str] = "Nothing to show"
    waits = ""  # what stands in the way of showing and training anything

    def picture(self) -> Frame:
        """The frame of the present parameters."""
        raise NotImplementedError

    def waiting(self) -> Frame:
        """The frame of a lab that waits."""
        return Frame((Panel((), (0, 1), (0, 1), self.empty, equal=True, bare=True),), self.waits)

    def controls(self) -> dict[str, Range | Choice]:
        """What each parameter may be."""
        return controls_of(self.Parameters)

    def refusal(self, wanted: Any) -> str:
        """Why these parameters, each allowed by itself, make no sense; empty if they do."""
        return ""

    def idle(self) -> set[str]:
        """The parameters that do nothing at present; their controls are greyed out."""
        return set()

    @property
    def trained(self) -> bool:
        """Whether a new start forgets something that the reader should be told of."""
        return False

    def prepare(self) -> None:
        """Check what the lab was given, and make of it what lasts; called until it succeeds."""

    def restart(self) -> None:
        """Forget what was trained."""

    def advance(self, steps: int) -> None:
        """Train for some steps."""
        raise ValueError("This lab has nothing to train; move its controls instead.")

    def sketch(self) -> Any:
        """What makes the pictures of this training in another process: picklable, with `draw(state)` to a Frame."""

    def outline(self) -> Any:
        """Whose picture it is, and the state that `sketch` needs for it; None where only the lab itself can draw."""
        return None

    def release(self) -> None:
        """Let go of what takes memory."""

    def pointed(self, panel: int, x: float, y: float, kind: str) -> None:
        """Called when the pointer goes "down", is pulled ("move") and comes "up" in a panel, at (x, y) of its axes.

        A lab that defines it is told whatever happens beside its handles; `note` and `set` may be called in it.
        """

    @property
    def listens(self) -> bool:
        """Whether the lab heeds the pointer beside its handles."""
        return type(self).pointed is not Hooks.pointed

    def hovered(self, panel: int, x: float, y: float) -> str:
        """What stands at (x, y) of a panel, in a few words; a lab that defines it is asked when the mouse rests."""
        return ""

    def pressed(self, key: str) -> None:
        """Called when one of the lab's `letters` is pressed while the focus is in the lab."""

    def more(self, view: "View") -> dict[str, Sequence[Any]]:
        """Further widgets: those of a page of “More” by its title, above the picture by "", below all by "below"."""
        return {}

    def refresh(self, view: "View") -> None:
        """Bring further widgets up to date; called before a view shows the present picture."""
