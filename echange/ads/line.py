"""The line of an annonce as its pages show it, to its owner and to each neighbour: plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from echange.ads import queue
from echange.ads.carrying import CARRIES
from echange.ads.models import Ad
from echange.ads.seeing import Someone
from echange.database import fetch, fetch_one
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members import Author

_OUT: Final = {
    "released": mark("La réservation a été reprise"),
    "withdrawn": mark("Y a renoncé"),
    "declined": mark("A laissé son tour"),
    "silent": mark("N’a pas répondu à temps"),
    "fell_through": mark("N’est pas venu"),
    "done": mark("L’a reçu"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in its owner's list. `state`: waiting, asked (for their yes), promised, or out of the line.

    `place` counts from 1 in the order of the line, 0 without one; `how` says why somebody is out of it.
    """

    id: int
    member: Author
    quartier: str
    at: datetime
    note: str
    when_text: str
    carry: str
    carry_value: str
    place: int
    state: str
    how: str
    conversation: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """The line as a whole. `opens_at`: when the fair queue does; `seal`: what is told of its secret."""

    fair: bool
    waiting: int
    opens_at: datetime | None
    is_open: bool
    can_be_hastened: bool
    seal: str
    seed: str
    promised_to: str
    asked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a neighbour stands. `state`: none (has not answered), waiting, asked, promised, or out.

    `before`: how many of the line come first. `gifts` and `lot` are what the rule looks at.
    """

    state: str
    how: str
    before: int
    until: datetime | None
    conversation: int | None
    gifts: int
    lot: str


_STATE: Final = f"""CASE
         WHEN p.id IS NOT NULL AND p.accepted_at IS NULL THEN 'asked' WHEN p.id IS NOT NULL THEN 'promised'
         WHEN {queue.IN_LINE} THEN 'waiting' ELSE 'out' END AS state, p.answer_by,
    (SELECT ending FROM reservation e WHERE e.answer_id = a.id AND e.ending <> 'closed'
     ORDER BY e.id DESC LIMIT 1) AS ending"""  # noqa: S608 — our own words
_PROMISED: Final = "LEFT JOIN reservation p ON p.answer_id = a.id AND p.ended_at IS NULL"


async def replies_to(ad: Ad, viewer: Someone, only: int | None = None) -> list[Reply]:
    """The answers in the order of the line, those out of it last; of member `only` when asked."""
    rows = await fetch(
        f"""SELECT a.*, m.name, m.handle, m.verified_at, q.name AS quartier, {_STATE}
            FROM answer a JOIN ad d ON d.id = a.ad_id JOIN member m ON m.id = a.member_id
            LEFT JOIN quartier q ON q.id = m.quartier_id AND 'quartier' <> ALL(m.private_fields) {_PROMISED}
            WHERE a.ad_id = $1 AND a.withdrawn_at IS NULL AND {queue.MEETABLE}
            AND ($2::int IS NULL OR a.member_id = $2) AND NOT a.member_id = ANY($3)
            ORDER BY (p.id IS NULL), NOT ({queue.IN_LINE}), a.rank NULLS LAST, a.at, a.id""",  # noqa: S608
        ad.id,
        only,
        list(getattr(viewer, "unseen", ())),
    )
    # Before it is open nobody has a place in a fair queue.
    counted = not ad.fair or ad.queue_opened_at is not None
    places = {row["id"]: n for n, row in enumerate((r for r in rows if r["state"] == "waiting"), 1)}
    return [_reply(row, places.get(row["id"], 0) if counted else 0) for row in rows]


def _reply(row: Any, place: int) -> Reply:  # noqa: ANN401 — a record
    out = row["state"] == "out"
    return Reply(
        id=row["id"],
        member=Author(row["member_id"], row["name"], row["handle"], None, row["verified_at"] is not None),
        quartier=row["quartier"] or "",
        at=row["at"],
        note=row["note"],
        when_text=row["when_text"],
        carry=_(CARRIES[row["carry"]]) if row["carry"] else "",
        carry_value=row["carry"],
        place=place,
        state=row["state"],
        how=_(_OUT[row["ending"]]) if out and row["ending"] in _OUT else "",
        conversation=row["conversation_id"],
    )


async def line_of(ad: Ad, viewer: Someone | None) -> Line:
    """The line as a whole; to whom it is promised is told to its owner only."""
    waiting = len(await queue.all_in_line(ad.id))
    promised = await fetch_one(
        """SELECT m.name, r.accepted_at, r.answer_by FROM reservation r JOIN answer a ON a.id = r.answer_id
           JOIN member m ON m.id = a.member_id WHERE r.ad_id = $1 AND r.ended_at IS NULL""",
        ad.id,
    )
    seed = ad.queue_seed or ""
    return Line(
        fair=ad.fair,
        waiting=waiting,
        opens_at=ad.queue_opens_at,
        is_open=ad.queue_opened_at is not None,
        can_be_hastened=queue.can_be_hastened(ad),
        seal=queue.sealed(seed) if ad.fair else "",
        seed=seed if queue.is_told(ad) else "",
        promised_to=promised["name"] if promised and ad.can_be_edited_by(viewer) else "",
        asked_until=promised["answer_by"] if promised and promised["accepted_at"] is None else None,
    )


async def standing_of(ad: Ad, viewer: Someone) -> Standing:
    """Where a neighbour stands in the line of an annonce."""
    row = await fetch_one(
        f"""SELECT a.id, a.conversation_id, a.withdrawn_at, {_STATE} FROM answer a {_PROMISED}
            WHERE a.ad_id = $1 AND a.member_id = $2""",  # noqa: S608 — our own words
        ad.id,
        viewer.id,
    )
    state = row["state"] if row and row["withdrawn_at"] is None else "none"
    gifts = (await queue.gifts_received([viewer.id])).get(viewer.id, 0) if ad.fair and row else 0
    return Standing(
        state=state,
        how=row["ending"] if row and state == "out" else "",
        before=await queue.how_many_before(ad.id, row["id"] if row and state == "waiting" else 0),
        until=row["answer_by"] if row else None,
        conversation=row["conversation_id"] if row else None,
        gifts=gifts,
        lot=queue.lot(ad.queue_seed or "", ad.id, viewer.id) if row and queue.is_told(ad) else "",
    )


async def answer_box(ad: Ad, viewer: Someone | None) -> dict[str, Any]:
    """What the page of an annonce shows of its answers, to whoever looks."""
    neighbour = viewer is not None and not ad.can_be_edited_by(viewer) and ad.published_at is not None
    return {
        "line": await line_of(ad, viewer) if ad.published_at is not None else None,
        "standing": await standing_of(ad, viewer) if neighbour and viewer else None,
        "carries": carry_choices(),
    }


def carry_choices() -> Sequence[tuple[str, str]]:
    """The ways to carry something, as choices of a form."""
    return [(value, _(words)) for value, words in CARRIES.items()]
