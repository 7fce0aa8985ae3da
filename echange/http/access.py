"""Who may: declared on each route, asked before its handler runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from echange.http.refusals import NotAllowed, SignedOut
from echange.http.viewer import Viewer


@dataclass(frozen=True)
class Access:
    """A named rule. `allows` answers for a viewer, None being somebody signed out."""

    name: str
    allows: Callable[[Viewer | None], bool]

    def check(self, viewer: Viewer | None) -> None:
        """Raise SignedOut or NotAllowed unless the rule lets this viewer in."""
        if self.allows(viewer):
            return
        raise SignedOut if viewer is None else NotAllowed


anyone: Final = Access("anyone", lambda viewer: True)
member: Final = Access("member", lambda viewer: viewer is not None)
admin: Final = Access("admin", lambda viewer: viewer is not None and "admin" in viewer.roles)
