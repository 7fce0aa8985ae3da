"""Accounts that nobody needs to own, and a look at what they hold."""

from typing import TypeAlias

import asyncpg

from echange import ledger

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def opened(raw: Raw, n: int, *, floor: int | None = -600, ceiling: int | None = 3600) -> list[int]:
    """New empty accounts."""
    rows = await raw.fetch(
        """INSERT INTO ledger_account (kind, floor, ceiling)
           SELECT 'member', $2, $3 FROM generate_series(1, $1) RETURNING id""",
        n,
        floor,
        ceiling,
    )
    return sorted(row["id"] for row in rows)


async def moved(raw: Raw, n: int) -> tuple[int, int]:
    """Two accounts between which minutes moved so many times, a minute more each time."""
    one, other = await opened(raw, 2)
    for number in range(n):
        await ledger.move("gift", {one: -number - 1, other: number + 1}, key=f"gift {number}")
    return one, other


async def balance(raw: Raw, account: int) -> int:
    """What it holds, by its own row."""
    held: int = await raw.fetchval("SELECT balance FROM ledger_account WHERE id = $1", account)
    return held


async def chain(raw: Raw) -> list[tuple[int, str]]:
    """Transfer and hash of each link, worked out here from the rows: a second witness, in other words."""
    from hashlib import sha256

    rows = await raw.fetch(
        """SELECT s.position, t.id, t.kind, t.key, t.about_kind, t.about_id, t.reverses_id, t.at
           FROM ledger_seal s JOIN ledger_transfer t ON t.id = s.transfer_id ORDER BY s.position"""
    )
    links, last = [], b""
    for row in rows:
        legs = await raw.fetch(
            "SELECT account_id, minutes FROM ledger_entry WHERE transfer_id = $1 ORDER BY account_id",
            row["id"],
        )
        micros = round(row["at"].timestamp() * 1_000_000)
        words = [
            row["id"], row["kind"], row["key"], row["about_kind"], row["about_id"] or "",
            row["reverses_id"] or "", micros, ",".join(f"{account}:{minutes}" for account, minutes in legs),
        ]  # fmt: skip
        last = sha256(last + "|".join(map(str, words)).encode()).digest()
        links.append((row["id"], last.hex()))
    return links
