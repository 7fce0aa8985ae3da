"""Who may see which thing that is lent, and who acts: the one rule that pages, API, photos and lists ask."""

from typing import TYPE_CHECKING, Any, Final

from tortoise.expressions import Q, Subquery

from echange.http import Viewer
from echange.lending.life import RUNNING, TO_SETTLE
from echange.members import Membership, person_of

if TYPE_CHECKING:
    from echange.lending.models.lender import Lender

DECIDING: Final = frozenset({"moderator", "admin"})
# Who looks after what belongs to the town and to no organisation.
DESK: Final = frozenset({"concierge", "admin"})
SPEAKERS: Final = ("owner", "manager")
SCOPE: Final = "lending"
LENDER_THERE: Final = """EXISTS (
        SELECT FROM lender l LEFT JOIN member m ON m.id = l.member_id
        LEFT JOIN organisation o ON o.id = l.organisation_id LEFT JOIN place p ON p.id = l.place_id
        WHERE l.id = item.lender_id AND m.away IS NOT TRUE AND o.away IS NOT TRUE
          AND p.closed_at IS NULL AND p.hidden_at IS NULL)"""
"""In SQL, of `item`: its member, organisation or place is there to be met (see `lender_shown_to`)."""


def myself(viewer: Viewer | None) -> int:
    """The member as whom they look: the person of a mandate for lending, else themselves; 0 signed out."""
    if viewer is None:
        return 0
    if viewer.behalf is not None and SCOPE in viewer.behalf.scopes:
        return viewer.behalf.id
    return viewer.id


def actor(viewer: Viewer) -> int:
    """The member who acts; raises OutOfScope under a mandate for other things."""
    return person_of(viewer, SCOPE)


def seen_by(viewer: Viewer | None) -> Q:
    """What is lent by whom one may meet; what one manages; what one has borrowed, also when it is withdrawn.

    Moderators see all.
    """
    if viewer is not None and viewer.roles & DECIDING:
        return Q(id__gt=0)
    seen = Q(published_at__isnull=False, hidden_at=None, withdrawn_at=None) & _of_lenders_there()
    if viewer is None:
        return seen
    if viewer.unseen:
        seen &= Q(lender__member_id=None) | Q(lender__member_id__not_in=list(viewer.unseen))
    return seen | managed_by(viewer, "lender__") | _borrowed_by(viewer)


def managed_by(viewer: Viewer, path: str = "") -> Q:
    """Lenders in whose name they decide; `path` leads to the lender from what is asked for."""
    mine = _at(path, member_id=myself(viewer))
    if viewer.behalf is not None:
        return mine
    spoken_for = Subquery(Membership.filter(member_id=viewer.id, role__in=SPEAKERS).values("organisation_id"))
    mine |= _at(path, organisation_id__in=spoken_for) | _at(path, place__organisation_id__in=spoken_for)
    if viewer.roles & DESK:
        mine |= _at(path, place_id__isnull=False, place__organisation_id=None)
    return mine


def _at(path: str, **asked: Any) -> Q:  # noqa: ANN401 — as many types as columns
    named: dict[str, Any] = {f"{path}{name}": value for name, value in asked.items()}
    return Q(**named)


def _of_lenders_there() -> Q:
    member = Q(lender__member_id=None) | Q(lender__member__away=False)
    organisation = Q(lender__organisation_id=None) | Q(lender__organisation__away=False)
    place = Q(lender__place_id=None) | Q(lender__place__closed_at=None, lender__place__hidden_at=None)
    return member & organisation & place


def _borrowed_by(viewer: Viewer) -> Q:
    """Always while something of it stands; what is over, unless they may not meet the lender any more."""
    from echange.lending.models.loan import Loan

    mine = Loan.filter(borrower_id=myself(viewer))
    standing = Q(id__in=Subquery(mine.filter(state__in=RUNNING + TO_SETTLE).values("item_id")))
    ever = Q(id__in=Subquery(mine.values("item_id")))
    if viewer.unseen:
        ever &= Q(lender__member_id=None) | Q(lender__member_id__not_in=list(viewer.unseen))
    return Q(hidden_at=None, published_at__isnull=False) & (standing | ever)


def lender_shown_to(lender: "Lender", viewer: Viewer | None) -> bool:
    """Whether its member, organisation or place is there to be met; loaded with its owner."""
    if lender.member is not None:
        unseen = viewer.unseen if viewer else frozenset()
        return not lender.member.away and lender.member.id not in unseen
    if lender.organisation is not None:
        return not lender.organisation.away
    place = lender.place
    return place is not None and place.closed_at is None and place.hidden_at is None
