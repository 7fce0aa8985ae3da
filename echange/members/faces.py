"""A neighbour in a line or a card of any room: their avatar, and the way to their page."""

from echange.http.viewer import Portrait


class Face(Portrait):
    """Mixed into what lists show of a member."""

    __slots__ = ()
    handle: str

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"
