"""A neighbour in a line or a card of any room: their avatar, and the way to their page."""

from dataclasses import dataclass
from typing import Final

from echange.http.viewer import Portrait

# In pixels: enough for the largest avatar on a fine screen.
AVATAR_WIDTH: Final = 320


class Face(Portrait):
    """Mixed into what lists show of a member."""

    __slots__ = ()
    handle: str

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"


@dataclass(frozen=True, slots=True)
class Author(Face):
    """Who publishes: a neighbour, or an organisation of a `kind` whose slug is the handle.

    `photo` is an address, on the page of what they publish only, or "".
    """

    id: int
    name: str
    handle: str
    kind: str | None = None
    verified: bool = False
    photo: str = ""

    @property
    def url(self) -> str:
        return f"/associations/{self.handle}" if self.kind else f"/membres/{self.handle}"


def photo_url(handle: str, photo_id: int, width: int = AVATAR_WIDTH) -> str:
    """The address of a member's photo; another photo has another one, so that no old one is kept."""
    return f"/membres/{handle}/photo-{width}.webp?v={photo_id}"
