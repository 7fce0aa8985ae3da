"""A rota as its page shows it: weeks, days, places, and what this viewer may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from echange.database import fetch
from echange.http import Viewer
from echange.http.dates import DAYS, day, hour, hour_of_day, now, today
from echange.i18n import current_locale, ngettext
from echange.i18n import gettext as _
from echange.mutual_aid.models.help import Help
from echange.mutual_aid.models.rota import RotaSlot
from echange.mutual_aid.rota_seeing import belongs, may_run, myself
from echange.mutual_aid.rota_terms import AHEAD

LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes, by first name; how: coming, swapping, waiting."""

    id: int
    name: str
    url: str
    how: str


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift. `mine`: coming, swapping, waiting or "". `people_there` are empty for strangers."""

    id: int
    help_id: int
    title: str
    slot_id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    people: int
    role: str
    taken: int
    waiting: int
    swaps: int
    mine: str
    cancelled: bool
    cancelled_for: str
    closed: bool
    people_there: Sequence[Person]

    @property
    def url(self) -> str:
        return f"/entraide/creneaux/{self.id}"

    @property
    def rota_url(self) -> str:
        return f"/entraide/{self.help_id}/planning"

    @property
    def day_said(self) -> str:
        return day(self.day)

    @property
    def hours(self) -> str:
        return _("de {start} à {end}").format(start=hour(self.starts_at), end=hour(self.ends_at))

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= now()

    @property
    def state(self) -> str:
        """cancelled, over, full, partly or free."""
        if self.cancelled:
            return "cancelled"
        if self.has_begun:
            return "over"
        if self.taken >= self.people:
            return "full"
        return "partly" if self.taken else "free"

    @property
    def is_open(self) -> bool:
        return self.state in {"free", "partly", "full"}

    @property
    def places(self) -> str:
        """« 1 sur 2 », in a word."""
        if self.state == "cancelled":
            return _("Annulé")
        if self.state == "over":
            return ngettext("{n} venu", "{n} venus", self.taken).format(n=self.taken)
        if self.state == "full":
            return _("Complet")
        if self.state == "free":
            return _("Libre")
        return _("{n} sur {all}").format(n=self.taken, all=self.people)


@dataclass(frozen=True, slots=True)
class Week:
    """A week, with its shifts and the days on which a slot's hour does not exist."""

    title: str
    shifts: Sequence[ShiftLine]
    skipped: Sequence[str]


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A weekly slot in words."""

    id: int
    words: str
    period: str


_LINES: Final = """
    SELECT t.*, s.help_id, h.title, h.person_id, there.*,
        (SELECT CASE WHEN waiting THEN 'waiting' WHEN swap_at IS NOT NULL THEN 'swapping' ELSE 'coming' END
            FROM shift_signup WHERE shift_id = t.id AND ended_at IS NULL AND member_id = $1) AS mine
    FROM shift t JOIN rota_slot s ON s.id = t.slot_id JOIN help h ON h.id = s.help_id
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE NOT waiting) AS taken, count(*) FILTER (WHERE waiting) AS in_line,
            count(*) FILTER (WHERE NOT waiting AND swap_at IS NOT NULL) AS swaps
        FROM shift_signup WHERE shift_id = t.id AND ended_at IS NULL) there"""


async def lines_of(aid: Help, viewer: Viewer | None, since: date, until: date) -> list[ShiftLine]:
    """Its shifts between two days, both included; at most a year of them."""
    rows = await fetch(
        f"""{_LINES} WHERE s.help_id = $2 AND t.day BETWEEN $3 AND $4
            AND (s.ended_at IS NULL OR t.cancelled_at IS NULL) ORDER BY t.starts_at, t.id LIMIT 1000""",
        myself(viewer),
        aid.id,
        since,
        since + min(until - since, LONGEST),
    )
    named = await _names_for(aid, viewer, [row["id"] for row in rows])
    return [_line(row, named.get(row["id"], ())) for row in rows]


async def line_of(shift_id: int, aid: Help, viewer: Viewer | None) -> ShiftLine:
    """One shift."""
    rows = await fetch(f"{_LINES} WHERE t.id = $2", myself(viewer), shift_id)
    named = await _names_for(aid, viewer, [shift_id])
    return _line(rows[0], named.get(shift_id, ()))


async def mine_of(viewer: Viewer) -> tuple[list[ShiftLine], list[ShiftLine]]:
    """The shifts to which they come or for which they wait; and those proposed to them."""
    me = myself(viewer)
    coming = await fetch(
        f"""{_LINES} WHERE t.ends_at > now() AND EXISTS (
            SELECT FROM shift_signup WHERE shift_id = t.id AND member_id = $1 AND ended_at IS NULL)
            ORDER BY t.starts_at, t.id LIMIT 200""",
        me,
    )
    offered = await fetch(
        f"""{_LINES} WHERE t.starts_at > now() AND t.cancelled_at IS NULL AND EXISTS (
            SELECT FROM shift_offer WHERE shift_id = t.id AND member_id = $1 AND answered_at IS NULL)
            ORDER BY t.starts_at, t.id LIMIT 200""",
        me,
    )
    return [_line(row, ()) for row in coming], [_line(row, ()) for row in offered]


async def weeks_of(aid: Help, viewer: Viewer | None, since: date) -> list[Week]:
    """From this day on, as far as shifts are made; what was called off is said, what is past is not."""
    slots = await RotaSlot.filter(help_id=aid.id, ended_at=None)
    lines = await lines_of(aid, viewer, since, since + LONGEST)
    skipped = sorted(
        (one, slot.terms.starts)
        for slot in slots
        for one in slot.terms.days(since)
        if slot.terms.begins(one) is None
    )
    days = [line.day for line in lines] + [one for one, _starts in skipped]
    mondays = sorted({one - timedelta(days=one.weekday()) for one in days})
    return [
        Week(
            title=_("Semaine du {day}").format(day=day(monday)),
            shifts=[line for line in lines if line.day - timedelta(days=line.day.weekday()) == monday],
            skipped=[
                _("{day} : pas de créneau, {hour} n’existe pas ce jour-là (on avance les montres).").format(
                    day=day(one), hour=hour_of_day(starts)
                )
                for one, starts in skipped
                if one - timedelta(days=one.weekday()) == monday
            ],
        )
        for monday in mondays
    ]


async def slots_of(help_id: int) -> list[SlotLine]:
    """The weekly slots that go on, from Monday on."""
    slots = await RotaSlot.filter(help_id=help_id, ended_at=None).order_by("weekday", "starts", "id")
    return [SlotLine(slot.id, slot_words(slot), _period(slot)) for slot in slots]


def slot_words(slot: RotaSlot) -> str:
    """« mardi à 18 h, 2 voisins »."""
    people = ngettext("{n} voisin", "{n} voisins", slot.people).format(n=slot.people)
    words = _("{day} à {hour}, {people}").format(
        day=DAYS[current_locale.get()][slot.weekday], hour=hour_of_day(slot.starts), people=people
    )
    return f"{words} ({slot.role})" if slot.role else words


def _period(slot: RotaSlot) -> str:
    if slot.last_day is not None:
        return _("du {first} au {last}").format(first=day(slot.first_day), last=day(slot.last_day))
    return _("à partir du {first}").format(first=day(slot.first_day)) if slot.first_day > today() else ""


def horizon() -> date:
    """The last day for which shifts are made by now."""
    return today() + AHEAD


async def _names_for(aid: Help, viewer: Viewer | None, shift_ids: Sequence[int]) -> dict[int, list[Person]]:
    """Who comes to each, for who runs the rota, and for those who come themselves or are of its group."""
    if viewer is None or not shift_ids:
        return {}
    runs = await may_run(aid, viewer)
    if not runs and not await belongs(aid.id, aid.group_id, myself(viewer)):
        return {}
    rows = await fetch(
        """SELECT u.shift_id, m.id, m.name, m.handle,
               CASE WHEN u.waiting THEN 'waiting' WHEN u.swap_at IS NOT NULL THEN 'swapping'
                    ELSE 'coming' END AS how
           FROM shift_signup u JOIN member m ON m.id = u.member_id
           WHERE u.shift_id = ANY($1::int[]) AND u.ended_at IS NULL AND NOT m.away AND m.id <> ALL($2::int[])
             AND (NOT u.waiting OR $3) ORDER BY u.shift_id, u.waiting, u.id""",
        list(shift_ids),
        sorted(viewer.unseen),
        runs,
    )
    named: dict[int, list[Person]] = {}
    for row in rows:
        person = Person(row["id"], row["name"].split(" ")[0], f"/membres/{row['handle']}", row["how"])
        named.setdefault(row["shift_id"], []).append(person)
    return named


def _line(row: Any, people: Sequence[Person]) -> ShiftLine:  # noqa: ANN401 — a row
    return ShiftLine(
        id=row["id"],
        help_id=row["help_id"],
        title=row["title"],
        slot_id=row["slot_id"],
        day=row["day"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        people=row["people"],
        role=row["role"],
        taken=row["taken"],
        waiting=row["in_line"],
        swaps=row["swaps"],
        mine=row["mine"] or "",
        cancelled=row["cancelled_at"] is not None,
        cancelled_for=row["cancelled_for"],
        closed=row["closed_at"] is not None,
        people_there=people,
    )
