"""A proposal, from the words to the other one's notice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NotRequired, TypedDict

from echange import chat
from echange.database import fetch_value
from echange.exchanges import refusals
from echange.exchanges.life import BEFORE, Side, other_side
from echange.exchanges.models.exchange_row import ExchangeRow
from echange.exchanges.sides import SCOPE, member_at, organisation_at
from echange.http import Invalid, NotAllowed, NotFound, Viewer, hat_of
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.members import blocked_between, person_of

AT_MOST: Final = 1440
PAST: Final = timedelta(days=92)
AHEAD: Final = timedelta(days=366)


class Terms(TypedDict):
    """Who gives, who receives, what, for how long (minutes); `about` is what it came from: help, ad, member,
    request, by kind and id. An organisation's account pays or is paid where one is named.
    """

    giver_id: int
    receiver_id: int
    title: str
    minutes: int
    about: NotRequired[tuple[str, int] | None]
    role: NotRequired[str]
    starts_at: NotRequired[datetime | None]
    place: NotRequired[str]
    skill_id: NotRequired[int | None]
    giver_organisation_id: NotRequired[int | None]
    receiver_organisation_id: NotRequired[int | None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Checked terms: not written yet. `side` is that of whoever proposes."""

    row: ExchangeRow
    side: Side
    person_id: int
    other_id: int


def columns(terms: Terms) -> dict[str, object]:
    """The terms as an exchange keeps them."""
    about_kind, about_id = terms.get("about") or ("", None)
    own = {name: value for name, value in terms.items() if name != "about"}
    return {**own, "about_kind": about_kind, "about_id": about_id}


async def checked(it: ExchangeRow, by: Viewer) -> Proposal:
    """The proposal, held against every rule; `by`’s member row is locked for the transaction.

    Raises WithOneself, NotAllowed, OutOfScope, BothSides, NotTheirs, Paused, Invalid, and what turning to
    somebody raises: NotFound, Unreachable.
    """
    person = person_of(by, SCOPE)
    if person not in {it.giver_id, it.receiver_id}:
        raise refusals.InAnotherName if by.id in {it.giver_id, it.receiver_id} else NotAllowed
    side: Side = "giver" if person == it.giver_id else "receiver"
    other = member_at(it, other_side(side))
    await _check_people(it, by, person, other)
    await _check_organisations(it, by, side)
    _check_terms(it)
    # Of two clicks at once the second waits here, and finds what the first made.
    await fetch_value("SELECT id FROM member WHERE id = $1 FOR NO KEY UPDATE", person)
    return Proposal(it, side, person, other)


async def standing(proposal: Proposal, *, agreed: bool) -> int | None:
    """The same proposal, made before and still open: its id. What is agreed is not what still waits."""
    it = proposal.row
    found: int | None = await fetch_value(
        """SELECT id FROM exchange
           WHERE (about_kind, giver_id, receiver_id, role) = ($1, $2, $3, $4)
             AND about_id IS NOT DISTINCT FROM $5 AND state = ANY($6::text[])
             AND CASE WHEN $11 THEN state <> 'proposed' AND starts_at IS NOT DISTINCT FROM $7
                 WHEN $1 = 'help' THEN state = 'proposed' OR starts_at IS NOT DISTINCT FROM $7
                 ELSE state = 'proposed' AND proposed_by_id = $8 AND title = $9 AND minutes = $10
                     AND starts_at IS NOT DISTINCT FROM $7 END
           ORDER BY id LIMIT 1""",
        it.about_kind,
        it.giver_id,
        it.receiver_id,
        it.role,
        it.about_id,
        list(BEFORE),
        it.starts_at,
        proposal.person_id,
        it.title,
        it.minutes,
        agreed,
    )
    return found


_KEPT_BY_DESK: Final = "SELECT EXISTS (SELECT FROM member WHERE id = ANY($1::int[]) AND kept_by_desk)"


def check_minutes(minutes: int) -> None:
    """Raises Invalid for a time that no exchange takes."""
    if not 0 <= minutes <= AT_MOST:
        raise Invalid({"minutes": [_("Ce nombre est hors des limites.")]})


async def open_conversation(it: ExchangeRow, proposal: Proposal, by: Viewer, words: str) -> int | None:
    """Their conversation about it, with the proposal's words as its first message.

    None with somebody whom the desk stands for: nobody would read there, and the words stand on the page.
    """
    if await fetch_value(_KEPT_BY_DESK, [it.giver_id, it.receiver_id]):
        return None
    conversation = await chat.Conversation.open_about(
        "exchange", it.id, opener=proposal.person_id, other=proposal.other_id
    )
    if words:
        if by.behalf is not None:
            words = _("{words}\n— {name}, pour {person}").format(
                words=words, name=by.name, person=by.behalf.name
            )
        await conversation.post(by=proposal.person_id, client_id=chat.client_id(), body=words, hat=hat_of(by))
    return conversation.id


async def _check_people(it: ExchangeRow, by: Viewer, person: int, other: int) -> None:
    if it.giver_id == it.receiver_id:
        raise refusals.WithOneself
    if by.id == other:
        raise refusals.BothSides
    if await fetch_value("SELECT away FROM member WHERE id = $1", person):
        raise refusals.Paused
    await chat.check_reach(person, other)
    if by.id != person and await blocked_between(by.id, other):
        raise NotFound


async def _check_organisations(it: ExchangeRow, by: Viewer, mine: Side) -> None:
    if it.giver_organisation_id is not None and it.giver_organisation_id == it.receiver_organisation_id:
        raise refusals.WithOneself
    hat = hat_of(by)
    own = organisation_at(it, mine)
    if own is not None and (hat is None or hat.id != own):
        raise refusals.NotTheirs
    theirs = organisation_at(it, other_side(mine))
    if theirs is not None and not await fetch_value(
        """SELECT EXISTS (
               SELECT FROM membership m JOIN organisation o ON o.id = m.organisation_id
               WHERE o.id = $1 AND m.member_id = $2 AND m.role IN ('owner', 'manager') AND NOT o.away)""",
        theirs,
        member_at(it, other_side(mine)),
    ):
        raise refusals.NotTheirs


def _check_terms(it: ExchangeRow) -> None:
    errors: dict[str, list[str]] = {}
    if not it.title.strip():
        errors["title"] = [_("Remplissez ce champ.")]
    if not 0 <= it.minutes <= AT_MOST:
        errors["minutes"] = [_("Ce nombre est hors des limites.")]
    if it.starts_at is not None and not now() - PAST < it.starts_at < now() + AHEAD:
        errors["starts_at"] = [_("Choisissez un moment des trois derniers mois ou de l’année qui vient.")]
    if errors:
        raise Invalid(errors)
