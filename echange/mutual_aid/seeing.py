"""Who may see which help, and who acts: the one rule that pages, API, cards and proposals all ask."""

from datetime import timedelta
from typing import Final

from tortoise.expressions import Q

from echange.http import Viewer, hat_of
from echange.http.dates import now
from echange.members import person_of

# How long others may still read a help that is over.
READABLE: Final = timedelta(days=90)
DECIDING: Final = frozenset({"moderator", "admin"})
SCOPE: Final = "help"


def seen_by(viewer: Viewer | None) -> Q:
    """Helps of people one may meet; those of oneself, of one's organisation, of whom one acts for.

    Moderators see all.
    """
    if viewer is not None and viewer.roles & DECIDING:
        return Q(id__gt=0)
    seen = Q(hidden_at=None, person__away=False) & (Q(ended_at=None) | Q(ended_at__gt=now() - READABLE))
    if viewer is None:
        return seen
    if viewer.unseen:
        seen &= Q(person_id__not_in=list(viewer.unseen))
    seen |= Q(person_id__in=list(persons_of(viewer)))
    if hat := hat_of(viewer):
        seen |= Q(organisation_id=hat.id)
    return seen


def persons_of(viewer: Viewer) -> frozenset[int]:
    """The members as whom they may look: themselves, and whom they act for in this."""
    if viewer.behalf is not None and SCOPE in viewer.behalf.scopes:
        return frozenset({viewer.id, viewer.behalf.id})
    return frozenset({viewer.id})


def actor(viewer: Viewer) -> int:
    """The member who acts; raises OutOfScope under a mandate for other things."""
    return person_of(viewer, SCOPE)
