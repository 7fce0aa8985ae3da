"""The pages of this room."""

from typing import Final

from echange.http import GuardedRoute
from echange.members.pages import access, directory, joining, mine, signing_in

routes: Final[list[GuardedRoute]] = [
    *joining.routes,
    *signing_in.routes,
    *mine.routes,
    *access.routes,
    *directory.routes,
]
