"""Somebody leaves for good: their reports stay without their name."""

from typing import TypeAlias

import asyncpg
import httpx
from starlette.applications import Starlette

from echange import notifications
from echange.moderation.privacy import belongings
from tests.moderation.acts import decide, report
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_reports_lose_their_author_and_what_they_kept_of_a_profile(
    app: Starlette, bob: httpx.AsyncClient, solene: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await report(bob, "member", town["charlie"])
    await decide(solene, "member", town["charlie"], "dismiss")
    assert await belongings.told(town["bob"]) == ["Vos signalements restent, sans votre nom."]
    assert await belongings.told(town["alice"]) == []
    for leaver in ("bob", "charlie"):
        await belongings.forget(town[leaver], app.state.store)
    row = await connection.fetchrow("SELECT by_id, evidence ->> 'title' FROM report")
    assert row is not None
    assert tuple(row) == (None, "")


async def test_what_reporters_were_told_of_an_account_goes_with_it_and_not_with_a_block(
    bob: httpx.AsyncClient, solene: httpx.AsyncClient, town: Town
) -> None:
    await report(bob, "member", town["charlie"])
    await decide(solene, "member", town["charlie"], "dismiss")
    await bob.post("/membres/charlie/blocage")
    assert "Charlie Nguyen" in (await bob.get("/avis")).text
    await notifications.forget(town["charlie"])
    assert "Charlie Nguyen" not in (await bob.get("/avis")).text
