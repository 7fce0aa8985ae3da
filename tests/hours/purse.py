"""What accounts hold, looked at from outside."""

from typing import Any

import httpx

from tests.sweeping import Connection


async def balance(connection: Connection, member_id: int) -> int:
    minutes: int = await connection.fetchval(
        "SELECT balance FROM ledger_account a JOIN member m ON m.account_id = a.id WHERE m.id = $1", member_id
    )
    return minutes


async def balance_of_organisation(connection: Connection, organisation_id: int) -> int:
    minutes: int = await connection.fetchval(
        "SELECT balance FROM ledger_account a JOIN organisation o ON o.account_id = a.id WHERE o.id = $1",
        organisation_id,
    )
    return minutes


async def common(connection: Connection, kind: str) -> int:
    """What the town or the fund holds."""
    minutes: int = await connection.fetchval("SELECT balance FROM ledger_account WHERE kind = $1", kind)
    return minutes


async def account_id(connection: Connection, member_id: int) -> int:
    number: int = await connection.fetchval("SELECT account_id FROM member WHERE id = $1", member_id)
    return number


async def have(connection: Connection, member_id: int, minutes: int) -> None:
    """See to it that a member holds as many minutes, the town giving or taking the difference."""
    missing = minutes - await balance(connection, member_id)
    if missing:
        await connection.execute(
            """SELECT move_minutes('solidarity', 'test:' || gen_random_uuid(), ARRAY[a.id, m.account_id],
                                   ARRAY[-$2::int, $2::int], '', NULL, NULL)
               FROM ledger_account a, member m WHERE a.kind = 'town' AND m.id = $1""",
            member_id,
            missing,
        )


async def adds_up(connection: Connection) -> bool:
    total: int = await connection.fetchval("SELECT sum(balance) FROM ledger_account")
    entries: int = await connection.fetchval(
        """SELECT count(*) FROM ledger_account a WHERE balance <>
               (SELECT coalesce(sum(minutes), 0) FROM ledger_entry WHERE account_id = a.id)"""
    )
    return total == 0 and entries == 0


async def given(client: httpx.AsyncClient, to: Any, minutes: int = 30, **said: Any) -> httpx.Response:
    """A gift through the API."""
    headers = {"idempotency-key": said.pop("key")} if "key" in said else {}
    return await client.post(
        "/api/v1/transfers", json={"to": to, "minutes": minutes, **said}, headers=headers
    )
