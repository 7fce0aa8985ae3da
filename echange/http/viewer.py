"""Who looks at a page: plain values, read once per request."""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection


class Portrait:
    """Somebody as an avatar shows them: two letters and a steady colour."""

    __slots__ = ()
    id: int
    name: str

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def tint(self) -> str:
        return tint(self.id)


@dataclass(frozen=True, slots=True)
class Acting(Portrait):
    """The organisation a member acts for just now, and their role in it: owner, manager or member."""

    id: int
    name: str
    slug: str
    kind: str
    role: str

    @property
    def url(self) -> str:
        return f"/associations/{self.slug}"

    @property
    def may_publish(self) -> bool:
        """Owners and managers speak for it; others only belong to it."""
        return self.role in {"owner", "manager"}


@dataclass(frozen=True, slots=True)
class Behalf(Portrait):
    """The person for whom somebody acts just now under a mandate; `id` and `name` are the person's.

    `scopes`: what for, of help, lending, appointments.
    """

    id: int
    name: str
    mandate_id: int
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Viewer(Portrait):
    """A signed-in member, as guards, templates and sockets see them.

    `unseen` are the members they blocked or who blocked them: nothing of these is shown to them, anywhere.
    `leaving`: they have asked to go, and may only read until they are gone or stay after all.
    `hats`: id and name of every organisation they may act for.
    """

    id: int
    name: str
    handle: str
    confirmed: bool
    locale: str = "fr"
    roles: frozenset[str] = field(default_factory=frozenset)
    session_id: int | None = None
    token_id: int | None = None
    unread_messages: int = 0
    unread_notices: int = 0
    verified: bool = False
    away: bool = False
    paused: bool = False
    leaving: bool = False
    acting_for: Acting | None = None
    hats: tuple[tuple[int, str], ...] = ()
    behalf: Behalf | None = None
    unseen: frozenset[int] = frozenset()


def viewer_of(connection: HTTPConnection) -> Viewer | None:
    """The signed-in member of a request or socket, or None."""
    viewer: Viewer | None = getattr(connection.state, "viewer", None)
    return viewer


def hat_of(viewer: Viewer | None) -> Acting | None:
    """The organisation they speak for just now; belonging to it is not enough, nor is acting for a person."""
    if viewer is None or viewer.behalf is not None:
        return None
    hat = viewer.acting_for
    return hat if hat and hat.may_publish else None


def initials(name: str) -> str:
    """Two letters for an avatar: first letters of the first and last words."""
    words = [word for word in name.split() if word[0].isalnum()] or ["?"]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def tint(identifier: int) -> str:
    """A steady colour for an avatar."""
    return ("green", "clay", "blue", "sun", "sand")[identifier % 5]
