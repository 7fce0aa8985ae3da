"""Who sees an exchange, and for which of its two sides somebody speaks just now."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tortoise.expressions import Q

from echange.database import fetch
from echange.exchanges import refusals
from echange.exchanges.life import SIDES, Side, other_side
from echange.exchanges.models.event import ExchangeEvent
from echange.http import NotAllowed, Viewer, hat_of
from echange.http.dates import now
from echange.members import person_of

if TYPE_CHECKING:
    from echange.exchanges.models.exchange_row import ExchangeRow

SCOPE: Final = "help"
DECIDING: Final = frozenset({"moderator", "admin"})


def seen_by(viewer: Viewer | None) -> Q:
    """One's own, those of whom one acts for, of organisations one may speak for; moderators see disputes."""
    if viewer is None:
        return Q(id=0)
    people = list(_persons(viewer))
    seen = Q(giver_id__in=people) | Q(receiver_id__in=people)
    if hats := [hat_id for hat_id, _name in hats_of(viewer)]:
        seen |= Q(giver_organisation_id__in=hats) | Q(receiver_organisation_id__in=hats)
    if viewer.roles & DECIDING:
        seen |= Q(disputed_at__isnull=False)
    return seen


def acted_for(viewer: Viewer) -> Q:
    """The exchanges of whom the viewer speaks for just now: a person, and the organisation of their hat."""
    me = _acting(viewer)
    mine = Q(giver_id=me) | Q(receiver_id=me)
    if hat := hat_of(viewer):
        mine |= Q(giver_organisation_id=hat.id) | Q(receiver_organisation_id=hat.id)
    return mine


def due_from(viewer: Viewer) -> Q:
    """Of these, what may be due by now: not what waits for the other one, a moderator or its day."""
    me = _acting(viewer)
    asked = Q(state="proposed") & ~Q(proposed_by_id=me)
    figure = Q(state="declared") & ~Q(declared_by_id=me)
    done = Q(state__in=["accepted", "under_way"]) & (Q(starts_at=None) | Q(starts_at__lte=now()))
    return acted_for(viewer) & (asked | figure | done)


def side_of(it: "ExchangeRow", viewer: Viewer) -> Side | None:
    """The side for which they speak, None when neither. One's own goes before that of one's organisation.

    Who stood for an organisation that they do not speak for any more acts no more in its name.
    """
    me = _acting(viewer)
    hat = hat_of(viewer)
    hats = {hat_id for hat_id, _name in hats_of(viewer)}
    for side in SIDES:
        organisation = organisation_at(it, side)
        if member_at(it, side) == me and (organisation is None or organisation in hats):
            return side
    return next((side for side in SIDES if hat and organisation_at(it, side) == hat.id), None)


def side_to_act(it: "ExchangeRow", by: Viewer) -> Side:
    """The same for whoever wants to act; raises OutOfScope, InAnotherName, NotAllowed."""
    person_of(by, SCOPE)
    side = side_of(it, by)
    if side is None:
        mine = by.behalf is not None and by.id in {it.giver_id, it.receiver_id}
        raise refusals.InAnotherName if mine else NotAllowed
    return side


def member_at(it: "ExchangeRow", side: Side) -> int:
    return it.giver_id if side == "giver" else it.receiver_id


def organisation_at(it: "ExchangeRow", side: Side) -> int | None:
    return it.giver_organisation_id if side == "giver" else it.receiver_organisation_id


def hats_of(viewer: Viewer) -> Sequence[tuple[int, str]]:
    """The organisations for which they may speak, by id and name; none while they act for a person."""
    if viewer.behalf is not None:
        return ()
    worn = hat_of(viewer)
    return (*viewer.hats, (worn.id, worn.name)) if worn else viewer.hats


# Everybody who speaks for the organisation; not who avoids the one of whom they would read, nor that one.
_SPEAKERS: Final = """
    SELECT p.member_id FROM membership p JOIN member m ON m.id = p.member_id
    WHERE p.organisation_id = $1 AND p.role IN ('owner', 'manager')
      AND (NOT m.away OR p.member_id = $2) AND p.member_id <> $3
      AND NOT EXISTS (SELECT FROM block WHERE (by_id = p.member_id AND member_id = $3)
                                           OR (by_id = $3 AND member_id = p.member_id))
    ORDER BY p.member_id"""


async def hearers_at(it: "ExchangeRow", side: Side) -> list[int]:
    """Who is told on this side: the member, or whoever speaks for their organisation."""
    member, organisation = member_at(it, side), organisation_at(it, side)
    if organisation is None:
        return [member]
    rows = await fetch(_SPEAKERS, organisation, member, member_at(it, other_side(side)))
    return [row["member_id"] for row in rows] or [member]


async def on_both_sides(it: "ExchangeRow", side: Side, by: Viewer) -> bool:
    """Whether the same human being would act for both: as one of them, or for the one and then the other."""
    other = member_at(it, other_side(side))
    if by.id == other:
        return True
    return await ExchangeEvent.exists(exchange_id=it.id, by_id=by.id, person_id=other)


# Who helps one of the two, or is helped by them, is not between them.
_INVOLVED: Final = """
    SELECT e.id FROM exchange e WHERE e.id = ANY($2::int[]) AND (
        $1 IN (e.giver_id, e.receiver_id) OR e.giver_id = ANY($3::int[]) OR e.receiver_id = ANY($3::int[])
        OR EXISTS (
            SELECT FROM membership WHERE member_id = $1
                AND organisation_id IN (e.giver_organisation_id, e.receiver_organisation_id)
            UNION ALL SELECT FROM exchange_event
            WHERE exchange_id = e.id AND by_id = $1 AND kind <> 'arbitrated'
            UNION ALL SELECT FROM mandate
            WHERE agreed_at IS NOT NULL AND ended_at IS NULL AND ends_at > now()
                AND (helper_id = $1 AND person_id IN (e.giver_id, e.receiver_id)
                    OR person_id = $1 AND helper_id IN (e.giver_id, e.receiver_id))))"""


async def involved_in(exchanges: Sequence["ExchangeRow"], moderator: Viewer) -> set[int]:
    """Those that touch them: as one of the two, who acted in it, is of one side, is named with one of the two
    in a mandate that runs, or avoids one of them. Their ids.
    """
    rows = await fetch(_INVOLVED, moderator.id, [it.id for it in exchanges], list(moderator.unseen))
    return {row["id"] for row in rows}


async def is_involved(it: "ExchangeRow", moderator: Viewer) -> bool:
    """The same for one."""
    return bool(await involved_in([it], moderator))


def _acting(viewer: Viewer) -> int:
    """Under a mandate for other things, nobody in this room."""
    if viewer.behalf is None:
        return viewer.id
    return viewer.behalf.id if SCOPE in viewer.behalf.scopes else 0


def _persons(viewer: Viewer) -> frozenset[int]:
    return frozenset({viewer.id, _acting(viewer)})
