"""`echange ledger verify`, and the pages where anybody reads the same."""

import asyncio
import subprocess
from pathlib import Path

import httpx
import pytest

from echange import ledger
from echange.cli import WRONG
from echange.ledger.sealing import seal
from tests.ledger.accounts import Raw, moved
from tests.ledger.tampering import tamper
from tests.starting.commands import Echange


@pytest.fixture
def echange(tmp_path: Path, database_url: str) -> Echange:
    return Echange(tmp_path / "var", {"ECHANGE_DATABASE_URL": database_url})


async def verified(echange: Echange) -> "subprocess.CompletedProcess[str]":
    return await asyncio.to_thread(echange, "ledger", "verify")


async def test_books_in_order_are_said_to_be_with_their_figures(
    orm: None, connection: Raw, echange: Echange
) -> None:
    await moved(connection, 7)
    await seal()
    head = (await ledger.prove()).head
    done = await verified(echange)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Tout est juste : 4 comptes, 7 mouvements, somme nulle, 7 scellés.",
        f"Tête de la chaîne : {head}",
    ]


async def test_a_row_changed_by_hand_is_named_in_one_line(
    orm: None, connection: Raw, echange: Echange
) -> None:
    one, _other = await moved(connection, 7)
    await seal()
    _table, transfer = await tamper(connection, "both entries")
    done = await verified(echange)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Ligne fausse dans ledger_entry, mouvement {transfer}, compte {one} : {WRONG['balance']}.\n"
    )


async def test_an_account_that_holds_too_much_is_named_in_one_line(
    orm: None, connection: Raw, echange: Echange
) -> None:
    one, _other = await moved(connection, 2)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE ledger_account SET balance = balance + 60 WHERE id = $1", one)
    done = await verified(echange)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Ligne fausse dans ledger_account, compte {one} : {WRONG['held']}.\n"


async def test_the_public_pages_say_so_too(client: httpx.AsyncClient, connection: Raw) -> None:
    await moved(connection, 7)
    assert (await client.get("/api/v1/ledger/proof")).json()["ok"] is True
    assert "Tout est juste" in (await client.get("/temps/preuve")).text
    table, transfer = await tamper(connection, "both entries")
    # A proof serves for ten times as long as it took.
    async with asyncio.timeout(30):
        while (proof := (await client.get("/api/v1/ledger/proof")).json())["ok"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert (proof["first_wrong"]["table"], proof["first_wrong"]["transfer"]) == (table, transfer)
    page = (await client.get("/temps/preuve")).text
    assert "Tout est juste" not in page
    assert f"{table}, numéro {transfer}" in page.replace(" ", " ")
