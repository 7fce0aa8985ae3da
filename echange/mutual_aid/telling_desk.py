"""Asks nobody answers, at the desk: look for somebody and write to them, or end what makes no sense."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import fetch, fetch_one, fetch_value, in_transaction
from echange.http import NotAllowed, NotFound, Refusal, Viewer
from echange.http.dates import now, today
from echange.i18n import mark
from echange.members import StaffAct
from echange.mutual_aid.cards import HelpCard
from echange.mutual_aid.matching import apart, in_order, may_know, neighbours_for_desk
from echange.mutual_aid.matching_reasons import names_in, why_they
from echange.mutual_aid.models import Help, HelpEvent, HelpMatch
from echange.mutual_aid.queries import CARD, card_of
from echange.mutual_aid.refusals import Full, HiddenHelp, Over
from echange.mutual_aid.telling import HANDED_ON, UNANSWERED, may_be_told, note_match
from echange.notifications import tell

AT_MOST: Final = 100


class ToldEnough(Refusal):
    code = "told_enough"
    sentence = mark("Cette personne a déjà reçu trois avis aujourd’hui : appelez-la, ou réessayez demain.")


class SaidNo(Refusal):
    code = "said_no"
    sentence = mark("Cette personne a dit que ce coup de main n’est pas pour elle.")


class NotForThem(Refusal):
    code = "unavailable"
    sentence = mark("On ne peut pas proposer ce coup de main à cette personne.")


class AnswerWaiting(Refusal):
    code = "answer_waiting"
    sentence = mark("Un voisin vient de se proposer : laissez d’abord répondre la personne qui demande.")


@dataclass(frozen=True, slots=True)
class Case:
    """An ask that waits for the desk: since when, by whom it is kept track of, and how many know of it."""

    card: HelpCard
    since: datetime
    handed_on_at: datetime
    told: int
    suggested: int
    person_id: int
    phone: str
    kept_by_desk: bool

    @property
    def url(self) -> str:
        return f"/administration/entraide/{self.card.id}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody the desk may propose; the desk knows the phone of those it keeps alone."""

    id: int
    name: str
    handle: str
    url: str
    why: str
    reasons: tuple[str, ...]
    told: bool
    full: bool
    busy: bool
    kept_by_desk: bool


async def cases(viewer: Viewer, help_id: int | None = None) -> list[Case]:
    """What waits for the desk, the oldest first, or this one alone; of oneself others take care."""
    rows = await fetch(
        f"""SELECT h.id, h.vouched_at, h.staff_told_at, p.id AS person_id, p.phone, p.kept_by_desk,
                   (SELECT count(*) FROM help_match WHERE help_id = h.id AND told_at IS NOT NULL) AS told,
                   (SELECT count(*) FROM staff_act WHERE about_kind = 'help' AND about_id = h.id
                    AND what = 'help_suggested') AS suggested
            FROM help h JOIN member p ON p.id = h.person_id
            WHERE {UNANSWERED} AND {HANDED_ON} AND ($1::int IS NULL OR h.id = $1)
                AND h.person_id <> $2 AND coalesce(h.organisation_id, 0) <> ALL($3::int[])
            ORDER BY h.vouched_at, h.id LIMIT {AT_MOST}""",  # noqa: S608 — our own words
        help_id,
        viewer.id,
        [hat_id for hat_id, _name in viewer.hats],
    )
    cards = await fetch(f"{CARD} WHERE h.id = ANY($1)", [row["id"] for row in rows])
    by_id = {row["id"]: card_of(row, viewer) for row in cards}
    return [
        Case(
            by_id[row["id"]],
            row["vouched_at"],
            row["staff_told_at"],
            row["told"],
            row["suggested"],
            row["person_id"],
            row["phone"],
            row["kept_by_desk"],
        )
        for row in rows
    ]


async def candidates(help_id: int) -> Sequence[Candidate]:
    """Who could help, the best first."""
    fits = await neighbours_for_desk(help_id)
    names = await names_in(reason for fit in fits for reason in fit.reasons)
    return [
        Candidate(
            fit.member_id,
            fit.name,
            fit.handle,
            f"/administration/membres/{fit.member_id}" if fit.kept_by_desk else fit.url,
            why_they("ask", fit.reasons, names),
            fit.reasons,
            fit.told,
            fit.full,
            fit.busy,
            fit.kept_by_desk,
        )
        for fit in fits
    ]


async def suggest(aid: Help, member_id: int, *, by: Viewer, words: str = "") -> None:
    """Write to somebody that the desk thinks of them; noted in the staff's book.

    Raises Over, Full, HiddenHelp, NotFound (no such member, or a block between the two), NotForThem (their
    own help, or adult and minor unknown to each other), SaidNo, ToldEnough, and what `check_case` does.
    """
    check_case(aid, by)
    async with in_transaction():
        aid = await aid.lock()
        _check_open(aid)
        await _check_between(aid, member_id)
        match = await HelpMatch.get_or_none(help_id=aid.id, member_id=member_id)
        if match is not None and match.dismissed_at is not None:
            raise SaidNo
        if not await may_be_told(member_id):
            raise ToldEnough
        await note_match(aid.id, member_id, tuple(in_order(match.reasons)) if match else ())
        name = await fetch_value(
            "SELECT coalesce((SELECT name FROM organisation WHERE id = $1), name) FROM member WHERE id = $2",
            aid.organisation_id,
            aid.person_id,
        )
        await tell(
            member_id,
            "help_suggested",
            link=aid.url,
            title=aid.title,
            name=name,
            words=words,
            by=aid.person_id,
        )
        await StaffAct.note("help_suggested", "help", aid.id, by=by.id, member=member_id, reason=words)


def check_case(aid: Help, by: Viewer) -> None:
    """Raises NotFound for what is not an ask, NotAllowed for one of their own or of their organisation."""
    if aid.kind != "ask":
        raise NotFound
    if aid.person_id == by.id or aid.organisation_id in dict(by.hats):
        raise NotAllowed


def _check_open(aid: Help) -> None:
    if aid.state == "hidden":
        raise HiddenHelp
    if aid.state == "full":
        raise Full
    if aid.state != "open":
        raise Over


async def _check_between(aid: Help, member_id: int) -> None:
    row = await fetch_one(
        f"""SELECT m.away OR p.away OR m.confirmed_at IS NULL OR {apart("m", "p")} AS apart,
                   m.id IN (p.id, $3) OR NOT {may_know("m", "p", "$4::date")} AS refused
            FROM member m, member p WHERE m.id = $1 AND p.id = $2""",  # noqa: S608 — our own words
        member_id,
        aid.person_id,
        aid.by_id,
        today(),
    )
    if row is None or row["apart"]:
        raise NotFound
    if row["refused"]:
        raise NotForThem


async def close(aid: Help, *, by: Viewer, reason: str) -> None:
    """End an ask that the desk has settled otherwise, or that makes no sense; its person is told why and may
    open it again. Said twice, it counts once. Raises Over, HiddenHelp, AnswerWaiting, and what `check_case`
    does.
    """
    check_case(aid, by)
    async with in_transaction():
        aid = await aid.lock()
        if aid.ending == "cancelled":
            return
        if aid.hidden_at is not None:
            raise HiddenHelp
        if aid.ended_at is not None:
            raise Over
        if await aid.proposals().exists():
            raise AnswerWaiting
        await Help.filter(id=aid.id).update(ended_at=now(), ending="cancelled")
        await HelpEvent.note("closed", aid.id, by=by.id, outcome="cancelled", reason=reason)
        await StaffAct.note("help_closed", "help", aid.id, by=by.id, reason=reason)
        await tell(aid.person_id, "help_closed", link=aid.url, title=aid.title, reason=reason)
