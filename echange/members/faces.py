"""A neighbour in a line or a card of any room: their avatar, and the way to their page."""

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


def photo_url(handle: str, photo_id: int, width: int = AVATAR_WIDTH) -> str:
    """The address of a member's photo; another photo has another one, so that no old one is kept."""
    return f"/membres/{handle}/photo-{width}.webp?v={photo_id}"
