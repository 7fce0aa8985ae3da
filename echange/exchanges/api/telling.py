"""An exchange as programs read it."""

from datetime import datetime

from starlette.responses import Response

from echange.exchanges.life import SIDES, Side, State, Verb
from echange.exchanges.models import Exchange
from echange.exchanges.showing import Happened, history_of
from echange.http import Out, Viewer, answer


class OrganisationOut(Out):
    id: int
    name: str


class PersonOut(Out):
    """One of the two; `organisation` for which they stand, if any."""

    id: int
    name: str
    handle: str
    organisation: OrganisationOut | None


class AboutOut(Out):
    kind: str
    id: int


class EventOut(Out):
    """`by` is one of the two, null for time and for moderators; `helper` did it for them under a mandate.

    Of `minutes`, `to_fund` went to the solidarity fund, `declined` were not wanted. `why` time did it:
    « gone » or « silence ».
    """

    kind: str
    by: int | None
    helper: str | None = None
    at: datetime
    minutes: int | None = None
    to_fund: int = 0
    declined: int = 0
    words: str | None = None
    why: str | None = None


class ExchangeLine(Out):
    """Times in whole minutes: `minutes` proposed, `declared_minutes` the figure that stands, by
    `declared_by`; once `countered` it is the second one. `transfer` in the ledger, null when nothing moved.
    """

    id: int
    state: State
    title: str
    role: str
    giver: PersonOut
    receiver: PersonOut
    proposed_by: int
    minutes: int
    declared_minutes: int | None
    declared_by: int | None
    countered: bool
    settled_minutes: int | None
    transfer: int | None
    about: AboutOut | None
    starts_at: datetime | None
    place: str
    skill: int | None
    conversation: int | None
    at: datetime
    moved_at: datetime
    url: str


class ExchangeOut(ExchangeLine):
    """`next`: what I may do now, as its calls are named, the expected one first."""

    next: list[Verb]
    events: list[EventOut]


class ExchangePage(Out):
    items: list[ExchangeLine]
    next: str | None


async def told(it: Exchange, me: Viewer, status: int = 200) -> Response:
    """The whole of it, as it stands for me now."""
    line = line_of(it, me)
    events = [_event(one) for one in await history_of(it)]
    verbs = list(await it.next_for(me))
    return answer(ExchangeOut(**line.model_dump(), next=verbs, events=events), status)


def line_of(it: Exchange, me: Viewer) -> ExchangeLine:
    """All but its history. Its conversation is told to who takes part in it."""
    giver, receiver = (_person(it, side) for side in SIDES)
    mine = me.id in {it.giver_id, it.receiver_id}
    return ExchangeLine.model_validate(
        {
            **{name: getattr(it, name) for name in _AS_THEY_ARE},
            "giver": giver,
            "receiver": receiver,
            "proposed_by": it.proposed_by_id,
            "declared_by": it.declared_by_id,
            "transfer": it.transfer_id,
            "about": AboutOut(kind=it.about_kind, id=it.about_id) if it.about_id else None,
            "skill": it.skill_id,
            "conversation": it.conversation_id if mine else None,
        }
    )


_AS_THEY_ARE = (
    "id", "state", "title", "role", "minutes", "declared_minutes", "countered", "settled_minutes",
    "starts_at", "place", "at", "moved_at", "url",
)  # fmt: skip


def _person(it: Exchange, side: Side) -> PersonOut:
    member = it.giver if side == "giver" else it.receiver
    organisation = it.giver_organisation if side == "giver" else it.receiver_organisation
    named = OrganisationOut(id=organisation.id, name=organisation.name) if organisation else None
    return PersonOut(id=member.id, name=member.name, handle=member.handle, organisation=named)


def _event(one: Happened) -> EventOut:
    return EventOut(
        kind=one.kind,
        by=one.by_id,
        helper=one.helper or None,
        at=one.at,
        minutes=one.minutes,
        to_fund=one.to_fund,
        declined=one.declined,
        words=one.words or None,
        why=one.why or None,
    )
