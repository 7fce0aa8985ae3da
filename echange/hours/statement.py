"""A statement in words: what each movement was, with whom, and what people wrote about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import fetch
from echange.hours.accounts import Owner, owners
from echange.hours.gifts import may_take_back
from echange.http import Page, Viewer, cut
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.ledger import Entry, entries, entries_within

_IN: Final = {
    "welcome": mark("Heures de bienvenue"),
    "gift": mark("Don reçu : {name}"),
    "exchange": mark("Échange : {name}"),
    "reversal": mark("Mouvement annulé : {name}"),
    "solidarity": mark("Reçu du fonds de solidarité"),
    "leaving": mark("Don d’un membre qui est parti"),
    "write_off": mark("Départ, la dette est effacée"),
}
_OUT: Final = {
    **_IN,
    "welcome": mark("Bienvenue : {name}"),
    "gift": mark("Don offert : {name}"),
    "solidarity": mark("Solidarité : {name}"),
    "leaving": mark("Départ, heures données : {name}"),
    "write_off": mark("Départ, dette effacée : {name}"),
}
_PAGES: Final = {"exchange": "/echanges"}


@dataclass(frozen=True, slots=True)
class Line:
    """A movement as its account's holder reads it; `minutes` in, or out below zero, and the `balance` after.

    `who` is at the other side; `words` were written with it; `url` leads to what it was about, or is "".
    `undone`: it was reversed since. `may_take_back`: the reader may still undo it.
    """

    number: int
    transfer_id: int
    at: datetime
    kind: str
    title: str
    who: Owner | None
    words: str
    minutes: int
    balance: int
    about: tuple[str, int] | None
    url: str
    undone: bool
    may_take_back: bool


async def statement(
    account_id: int, viewer: Viewer, limit: int, before: int | None = None, *, at_desk: bool = False
) -> Page[Line]:
    """A page of lines, newest first, those before the line numbered `before`."""
    rows = await entries(account_id, limit + 1, before)
    lines = await _read(rows, viewer, at_desk=at_desk)
    return cut(lines, limit, lambda line: (line.at, line.number))


async def between(
    account_id: int, viewer: Viewer, start: datetime, end: datetime, *, at_desk: bool = False
) -> list[Line]:
    """Its lines from `start` to before `end`, oldest first."""
    return await _read(await entries_within(account_id, start, end), viewer, at_desk=at_desk)


async def _read(rows: Sequence[Entry], viewer: Viewer, *, at_desk: bool) -> list[Line]:
    people = await owners({one for entry in rows for one in entry.others}, viewer, at_desk=at_desk)
    notes = {
        row["transfer_id"]: row
        for row in await fetch(
            "SELECT transfer_id, words, by_id FROM hours_note WHERE transfer_id = ANY($1::bigint[])",
            [entry.transfer_id for entry in rows],
        )
    }
    return [
        _line(entry, _counterpart(entry, people), notes.get(entry.transfer_id), viewer, at_desk=at_desk)
        for entry in rows
    ]


def _counterpart(entry: Entry, people: dict[int, Owner]) -> Owner | None:
    # What was too much for one went to the fund: the exchange was with a neighbour all the same.
    found = [people[one] for one in entry.others if one in people]
    return next((one for one in found if one.kind != "fund"), found[0] if found else None)


def _line(
    entry: Entry, who: Owner | None, note: dict[str, object] | None, viewer: Viewer, *, at_desk: bool
) -> Line:
    by = note["by_id"] if note else None
    hushed = note is None or (by in viewer.unseen and not at_desk)
    about = (entry.about_kind, entry.about_id) if entry.about_kind and entry.about_id else None
    return Line(
        number=entry.number,
        transfer_id=entry.transfer_id,
        at=entry.at,
        kind=entry.kind,
        title=_title(entry, who),
        who=who,
        words="" if hushed or note is None else str(note["words"]),
        minutes=entry.minutes,
        balance=entry.balance,
        about=about,
        url=f"{_PAGES[about[0]]}/{about[1]}" if about and about[0] in _PAGES else "",
        undone=entry.reversed_by_id is not None,
        may_take_back=entry.kind == "gift"
        and entry.minutes < 0
        and entry.reversed_by_id is None
        and by == viewer.id
        and may_take_back(entry.at),
    )


def _title(entry: Entry, who: Owner | None) -> str:
    sentence = (_IN if entry.minutes > 0 else _OUT).get(entry.kind, entry.kind)
    return _(sentence).format(name=who.name if who else _("Ancien membre"))
