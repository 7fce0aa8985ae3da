"""What a member is told, and reads."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange import notifications
from echange.database import in_transaction
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def tell_alice(town: Town, title: str = "Fauteuil", link: str = "/messages/12") -> None:
    await notifications.tell(town["alice"], "answer", link=link, name="Bob", title=title)


async def test_a_notice_is_counted_until_read_and_leads_to_its_page(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await tell_alice(town, "Fauteuil <crapaud>")

    assert await notifications.unread_count(town["alice"]) == 1
    page = (await alice.get("/avis")).text
    assert "Bob a répondu à votre annonce" in page
    assert "Fauteuil &lt;crapaud&gt;" in page
    assert await notifications.unread_count(town["alice"]) == 1, "looking at the list reads nothing"

    notice = await connection.fetchval("SELECT id FROM notice")
    answer = await alice.post(f"/avis/{notice}/lecture")
    assert (answer.status_code, answer.headers["location"]) == (303, "/messages/12")
    assert await notifications.unread_count(town["alice"]) == 0
    again = await alice.post(f"/avis/{notice}/lecture")
    assert again.headers["location"] == "/messages/12"


async def test_nobody_reads_somebody_elses_notice(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await tell_alice(town)
    notice = await connection.fetchval("SELECT id FROM notice")
    assert (await bob.post(f"/avis/{notice}/lecture")).status_code == 404
    assert "Fauteuil" not in (await bob.get("/avis")).text
    assert await notifications.unread_count(town["alice"]) == 1


async def test_a_notice_never_leads_to_another_site(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await tell_alice(town, link="//evil.example")
    notice = await connection.fetchval("SELECT id FROM notice")
    assert (await alice.post(f"/avis/{notice}/lecture")).headers["location"] == "/avis"


async def test_all_are_read_at_once_and_only_mine(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    await tell_alice(town)
    await tell_alice(town)
    await bob.post("/avis/lecture")
    assert await notifications.unread_count(town["alice"]) == 2
    await alice.post("/avis/lecture")
    assert await notifications.unread_count(town["alice"]) == 0


async def test_what_is_undone_is_not_told(orm: None, town: Town, connection: Connection) -> None:
    async def tell_and_fail() -> None:
        async with in_transaction():
            await tell_alice(town)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await tell_and_fail()
    assert await notifications.unread_count(town["alice"]) == 0
    assert await connection.fetchval("SELECT count(*) FROM pgqueuer") == 0


async def test_a_notice_of_a_kind_that_is_gone_is_still_shown(alice: httpx.AsyncClient, town: Town) -> None:
    await notifications.tell(town["alice"], "forgotten", link="/")
    assert "Il y a du nouveau pour vous" in (await alice.get("/avis")).text


async def test_an_empty_list_says_what_will_come(alice: httpx.AsyncClient) -> None:
    page = (await alice.get("/avis")).text
    assert "Rien de neuf pour l’instant." in page
    assert "Tout marquer comme lu" not in page


@pytest.mark.parametrize("path", ["/avis", "/moi/avis"])
async def test_notices_are_for_members(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/connexion?suite={path}")
