"""Who may see which annonce: the one rule that pages, API, photos, cards and answers all ask."""

from datetime import timedelta
from typing import Final, Protocol

from tortoise.expressions import Q

from echange.ads.holding import hash_of
from echange.http import Viewer
from echange.http.dates import now
from echange.http.viewer import Acting

# How long others may still read an annonce that is closed.
READABLE: Final = timedelta(days=90)
DECIDING: Final = frozenset({"moderator", "admin"})
# Who reads newcomers' first annonces before the neighbours do.
REREADING: Final = DECIDING | {"concierge"}


class Someone(Protocol):
    """A member, or the viewer who is one."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


def seen_by(viewer: Someone | None, draft_key: str | None) -> Q:
    """Published annonces of people one may meet; one's own and one's organisation's; a browser's drafts.

    Moderators see all that was published; the desk also what is held back.
    """
    seen = Q(published_at__isnull=False, held_at=None, hidden_at=None, owner_away=False) & (
        Q(closed_at=None) | Q(closed_at__gt=now() - READABLE)
    )
    if isinstance(viewer, Viewer):
        if viewer.unseen:
            seen &= Q(owner_id__not_in=list(viewer.unseen))
        if viewer.roles & DECIDING:
            seen = Q(published_at__isnull=False)
        elif viewer.roles & REREADING:
            seen |= Q(held_at__isnull=False, hidden_at=None, closed_at=None)
    if viewer is not None:
        seen |= Q(owner_id=viewer.id)
    if hat := hat_of(viewer):
        seen |= Q(organisation_id=hat.id)
    if draft_key is not None:
        seen |= Q(draft_hash=hash_of(draft_key))
    return seen


def hat_of(someone: Someone | None) -> Acting | None:
    """The organisation they speak for just now; belonging to it is not enough."""
    hat = someone.acting_for if isinstance(someone, Viewer) else None
    return hat if hat and hat.may_publish else None
