"""Mutual aid written down: hours, helps, a rota, exchanges, thanks, mandates, with what each stands on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Protocol

import asyncpg

from echange.demo import exchanges, gifts, helps, hours, mandates, rota
from echange.demo.exchanges import Exchange
from echange.demo.helps import Help
from echange.demo.hours import Accounts, Book
from echange.demo.people import Person, Place, Row
from echange.demo.talks import Talk

# Keepers that book one row at a time: over thousands of members that takes minutes.
KEEPERS: Final = (
    ("ledger_entry", "ledger_entry_is_booked"),
    ("ledger_account", "ledger_account_kept_by_entries"),
)


class Copy(Protocol):
    """COPY into one table."""

    async def __call__(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None: ...


@dataclass(frozen=True, slots=True)
class Neighbourly:
    """What neighbours do for each other, before it is written."""

    helps: Sequence[Help]
    exchanges: Sequence[Exchange]
    book: Book

    def talks(self) -> list[Talk]:
        """Conversations about exchanges."""
        return list(exchanges.talks(self.exchanges))


async def plan(
    connection: "asyncpg.Connection[asyncpg.Record]",
    everybody: Sequence[Person],
    offers: Mapping[int, Sequence[int]],
    place: Place,
    chance: Random,
) -> Neighbourly:
    """Make it all up, with the accounts that are open."""
    accounts = await _accounts(connection)
    asked = helps.helps(everybody, place)
    told = list(exchanges.told(everybody, place, *helps.by_key(asked)))
    first = place.first["exchange"] + len(told)
    all_of_them = [*told, *exchanges.invented(everybody, place, offers, first, chance)]
    book = Book(accounts.floors, place.first["ledger_transfer"])
    book.enter(
        [
            *gifts.welcomes(everybody, accounts),
            *gifts.gifts(everybody, accounts, place),
            *exchanges.payments(all_of_them, accounts),
        ]
    )
    return Neighbourly(asked, exchanges.settled_or_open(all_of_them, book.ids), book)


async def _accounts(connection: "asyncpg.Connection[asyncpg.Record]") -> Accounts:
    held = await connection.fetch("SELECT id, kind, floor FROM ledger_account")
    of_kind = {row["kind"]: row["id"] for row in held}
    return Accounts(
        dict(await connection.fetch("SELECT id, account_id FROM member")),
        dict(await connection.fetch("SELECT id, account_id FROM organisation")),
        {row["id"]: row["floor"] for row in held},
        of_kind["town"],
        of_kind["fund"],
    )


async def write(
    connection: "asyncpg.Connection[asyncpg.Record]",
    copy: Copy,
    made: Neighbourly,
    everybody: Sequence[Person],
    place: Place,
    conversations: Mapping[int | None, int],
) -> None:
    """Write it, each table after those it points at; `conversations` by the exchange they are about."""
    await _write_hours(connection, copy, made.book)
    await _write_helps(copy, made.helps, everybody, place)
    rows = exchanges.rows(made.exchanges, made.book.ids, conversations)
    await copy("exchange", exchanges.COLUMNS, rows)
    await copy("exchange_event", exchanges.EVENT_COLUMNS, exchanges.event_rows(made.exchanges))
    await copy("thanks", exchanges.THANKS_COLUMNS, exchanges.thanks_rows(made.exchanges))
    await copy("notice", exchanges.NOTICE_COLUMNS, exchanges.notice_rows(made.exchanges))
    await copy("mandate", mandates.COLUMNS, mandates.rows(everybody, place))
    acts = mandates.act_rows(everybody, place, made.helps, made.exchanges)
    await copy("mandate_act", mandates.ACT_COLUMNS, acts)


async def _write_hours(connection: "asyncpg.Connection[asyncpg.Record]", copy: Copy, book: Book) -> None:
    for table, trigger in KEEPERS:
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    await copy("ledger_transfer", hours.TRANSFER_COLUMNS, book.transfer_rows())
    await copy("ledger_entry", hours.ENTRY_COLUMNS, book.entry_rows())
    await connection.execute(
        """UPDATE ledger_account a SET balance = last.balance, entries = last.number
           FROM (SELECT DISTINCT ON (account_id) account_id, number, balance FROM ledger_entry
                 ORDER BY account_id, number DESC) last
           WHERE a.id = last.account_id"""
    )
    # Every transfer is checked to balance now: a table with checks to come cannot be altered.
    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, trigger in KEEPERS:
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    await connection.execute("SET CONSTRAINTS ALL DEFERRED")
    await copy("hours_note", hours.NOTE_COLUMNS, book.note_rows())


async def _write_helps(copy: Copy, asked: Sequence[Help], everybody: Sequence[Person], place: Place) -> None:
    await copy("helper_group", rota.GROUP_COLUMNS, rota.group_rows(everybody, place))
    await copy("helper", rota.HELPER_COLUMNS, rota.helper_rows(everybody, place))
    groups = {rota.HELP: place.first["helper_group"]}
    await copy("help", helps.COLUMNS, helps.rows(asked, place, groups))
    parts: tuple[tuple[str, Sequence[str], Callable[[Sequence[Help]], Iterable[Row]]], ...] = (
        ("help_role", helps.ROLE_COLUMNS, helps.role_rows),
        ("help_slot", helps.SLOT_COLUMNS, helps.slot_rows),
        ("help_event", helps.EVENT_COLUMNS, helps.event_rows),
    )
    for table, columns, rows in parts:
        await copy(table, columns, rows(asked))
    await copy("help_skill", helps.SKILL_COLUMNS, helps.skill_rows(asked, place))
    await copy("help_match", helps.MATCH_COLUMNS, helps.match_rows(asked, everybody))
    weekly = next(one.id for one in asked if one.story.key == rota.HELP)
    await copy("rota_slot", rota.SLOT_COLUMNS, rota.slot_rows(place, weekly))
    shifts = rota.shifts(place)
    await copy("shift", rota.SHIFT_COLUMNS, rota.shift_rows(shifts))
    await copy("shift_signup", rota.SIGNUP_COLUMNS, rota.signup_rows(shifts, everybody, place))
