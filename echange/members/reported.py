"""What may be reported, as each room tells it to those who read reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from echange.http import Viewer


@dataclass(frozen=True, slots=True)
class Reported:
    """A thing somebody may report.

    `owner_id` is the member whom a decision concerns, `involved` all who may not decide about it.
    """

    kind: str
    id: int
    title: str
    url: str
    excerpt: str
    owner_id: int | None
    hidden: bool = False
    involved: frozenset[int] = frozenset()


class Reportable(Protocol):
    """One kind of thing. `hide` and `show` run in the caller's transaction."""

    kind: str
    can_be_hidden: bool

    async def at(self, path: str) -> int | None:
        """The id of the thing whose page has this path, or None when it is none of this kind."""
        ...

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        """The thing, if this viewer may see it; what is hidden and what never was look alike."""
        ...

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        """The things as moderators name them, hidden ones too; those gone are missing."""
        ...

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        """What it says at this moment, as plain JSON."""
        ...

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        """Take it out of everybody's sight."""
        ...

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        """Bring it back."""
        ...
