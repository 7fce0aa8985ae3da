"""Who may: declared on each route, asked before its handler runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from echange.http.refusals import NotAllowed, SignedOut
from echange.http.viewer import Viewer, viewer_of


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
concierge: Final = Access("concierge", lambda viewer: _has(viewer, "concierge", "admin"))
moderator: Final = Access("moderator", lambda viewer: _has(viewer, "moderator", "admin"))
staff: Final = Access("staff", lambda viewer: _has(viewer, "concierge", "moderator", "organiser", "admin"))
admin: Final = Access("admin", lambda viewer: _has(viewer, "admin"))


def _has(viewer: Viewer | None, *roles: str) -> bool:
    return viewer is not None and not viewer.roles.isdisjoint(roles)


def signed_in(request: Request) -> Viewer:
    """Who asks, on a route for members; raises SignedOut."""
    viewer = viewer_of(request)
    if viewer is None:
        raise SignedOut
    return viewer
