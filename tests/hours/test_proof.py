"""Anybody may check that the hours add up; nobody makes the server do nothing else."""

import asyncio
from typing import Any

import httpx
import pytest

from echange import ledger
from echange.hours import proving
from echange.hours.proving import Prover
from echange.http import rationed
from echange.ledger import Proof
from tests.hours.purse import account_id, given
from tests.members.newcomers import plain
from tests.neighbours import Town
from tests.sweeping import Connection, Janitor


async def proof_of(client: httpx.AsyncClient) -> dict[str, Any]:
    proof: dict[str, Any] = (await client.get("/api/v1/ledger/proof")).json()
    return proof


async def test_anybody_reads_that_all_adds_up(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    await given(alice, town["bob"], 30)
    await given(alice, "fund", 15)
    async with asyncio.timeout(5):
        while (proof := await proof_of(client))["sealed"] < proof["transfers"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert proof["ok"] is True
    assert (proof["accounts"], proof["transfers"], proof["sum_minutes"]) == (9, 9, 0)
    assert proof["first_wrong"] is None
    assert len(proof["head"]) == 64
    assert (proof["town_minutes"], proof["fund_minutes"]) == (-840, 15)
    page = plain((await client.get("/temps/preuve")).text)
    assert "Tout est juste" in page
    assert proof["head"] in page
    assert "−14 h" in page
    assert "15 min" in page


async def test_a_row_changed_behind_the_back_is_named(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town, janitor: Janitor, connection: Connection
) -> None:
    number = (await given(alice, town["bob"], 30)).json()["id"]
    # The janitor wakes no trigger.
    await janitor.do(
        lambda raw: raw.execute(
            "UPDATE ledger_entry SET minutes = minutes * 2 WHERE transfer_id = $1", number
        )
    )
    proof = (await client.get("/api/v1/ledger/proof")).json()
    assert proof["ok"] is False
    assert (proof["first_wrong"]["table"], proof["first_wrong"]["transfer"]) == ("ledger_entry", number)
    assert proof["first_wrong"]["account"] in {
        await account_id(connection, town["alice"]), await account_id(connection, town["bob"]),
    }  # fmt: skip
    page = plain((await client.get("/temps/preuve")).text)
    assert "Quelque chose ne va pas" in page
    assert f"ledger_entry, numéro {number}" in page


async def test_however_many_ask_one_proof_is_made_at_a_time_and_serves_all_who_waited(
    orm: None, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0

    async def slow() -> Proof:
        nonlocal made
        made += 1
        await asyncio.sleep(0.1)
        return await ledger.prove()

    monkeypatch.setattr(proving, "prove", slow)
    prover = Prover()
    proofs = await asyncio.gather(*(prover.proven() for _ in range(20)))
    assert made == 1
    assert all(proof is proofs[0] for proof in proofs)


async def test_two_seconds_of_work_serve_for_twenty(
    orm: None, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Began, ended; asked within twenty seconds, and after; began, ended.
    clock = iter([0.0, 2.0, 21.9, 22.1, 22.1, 24.1])
    monkeypatch.setattr(rationed, "monotonic", lambda: next(clock))
    prover = Prover()
    first = await prover.proven()
    assert await prover.proven() is first
    assert await prover.proven() is not first


async def test_a_seal_kept_on_paper_is_found_again(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    number = (await given(alice, town["bob"], 30)).json()["id"]
    async with asyncio.timeout(5):
        while (proof := await proof_of(client))["sealed_to"] != number:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await given(alice, town["bob"], 10)
    assert proof["head"] in (await client.get(f"/temps/preuve?transfer={number}")).text
    asked = await client.get(f"/api/v1/ledger/proof?transfer={number}")
    assert asked.json()["seal"] == proof["head"]
    assert (await client.get("/api/v1/ledger/proof?transfer=999999")).json()["seal"] is None
    assert "n’a pas de sceau" in (await client.get("/temps/preuve?transfer=999999")).text
    assert (await client.get("/temps/preuve?transfer=x")).status_code == 200


async def test_what_went_wrong_is_not_kept(orm: None, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away() -> Proof:
        raise OSError

    prover = Prover()
    with monkeypatch.context() as patch:
        patch.setattr(proving, "prove", away)
        with pytest.raises(OSError):  # noqa: PT011 — no message to compare
            await prover.proven()
    assert (await prover.proven()).proof.ok
