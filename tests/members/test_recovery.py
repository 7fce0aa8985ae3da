"""The desk gives an account back to somebody whose mailbox is lost."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.config import Settings
from echange.demo.neighbours import PASSWORD
from echange.members.account.roles import grant
from tests.conftest import Doors, neighbour, sign_in
from tests.members.mailbox import letters_to, path_in
from tests.members.newcomers import viewer_id
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
NEW = "alice@ailleurs.example"
SEEN = "Carte d’identité vue à l’accueil"


desk = neighbour("concierge")


async def offer(desk: httpx.AsyncClient, member_id: int, email: str = NEW, how: str = SEEN) -> httpx.Response:
    return await desk.post(f"/administration/membres/{member_id}/acces", data={"email": email, "how": how})


async def test_the_desk_finds_people_and_sees_no_address_whole(desk: httpx.AsyncClient, town: Town) -> None:
    by_name = (await desk.get("/administration/membres?q=mor")).text
    assert "Alice Morel" in by_name
    assert "a•••@echange.example" in by_name
    assert "alice@echange.example" not in by_name
    by_address = (await desk.get("/administration/membres?q=Alice@echange.example")).text
    assert "Alice Morel" in by_address
    assert "Alice Morel" not in (await desk.get("/administration/membres?q=alice@echange")).text
    page = (await desk.get(f"/administration/membres/{town['alice']}")).text
    assert "alice@echange.example" not in page


async def test_the_account_comes_back_at_another_address(
    desk: httpx.AsyncClient, alice: httpx.AsyncClient, client: httpx.AsyncClient, settings: Settings,
    town: Town, connection: Connection,
) -> None:  # fmt: skip
    assert (await offer(desk, town["alice"])).status_code == 303
    assert await connection.fetchval("SELECT email FROM member WHERE handle = 'alice'") != NEW, "not yet"
    link = path_in((await letters_to(settings, NEW))[0], "/acces/")
    assert "Bonjour Alice Morel" in (await client.get(link)).text

    weak = await client.post(link, data={"password": "password1"})
    assert weak.status_code == 422
    assert (await client.post(link, data={"password": "quatre lunes vertes"})).status_code == 303

    assert await viewer_id(client) == town["alice"]
    assert await viewer_id(alice) is None, "whoever was signed in is out"
    assert await connection.fetchval("SELECT email FROM member WHERE handle = 'alice'") == NEW
    assert (await client.get(link)).status_code == 404
    act = await connection.fetchrow("SELECT what, by_id, data::text AS data FROM staff_act")
    assert act is not None
    assert (act["what"], act["by_id"]) == ("access_offered", town["concierge"])
    assert SEEN in act["data"]
    assert NEW not in act["data"], "the book is for ever, an address is not"
    assert SEEN in (await desk.get(f"/administration/membres/{town['alice']}")).text


async def test_the_old_address_stops_it(
    desk: httpx.AsyncClient, client: httpx.AsyncClient, settings: Settings, town: Town, connection: Connection
) -> None:
    await offer(desk, town["alice"])
    offered = path_in((await letters_to(settings, NEW))[0], "/acces/")
    stop = path_in((await letters_to(settings, "alice@echange.example"))[0], "/adresse/retour/")
    assert (await client.post(stop)).status_code == 303
    assert (await client.post(offered, data={"password": "quatre lunes vertes"})).status_code == 404
    assert (
        await connection.fetchval("SELECT email FROM member WHERE handle = 'alice'")
        == "alice@echange.example"
    )


async def test_the_old_address_takes_it_back_afterwards(
    desk: httpx.AsyncClient, app: Starlette, client: httpx.AsyncClient, settings: Settings, town: Town,
    connection: Connection,
) -> None:  # fmt: skip
    await offer(desk, town["alice"])
    await client.post(path_in((await letters_to(settings, NEW))[0], "/acces/"), data={"password": ""})
    assert await viewer_id(client) == town["alice"]
    stop = path_in((await letters_to(settings, "alice@echange.example"))[0], "/adresse/retour/")
    async with Doors(app).open() as owner:
        assert (await owner.post(stop)).status_code == 303
    assert await viewer_id(client) is None
    assert (
        await connection.fetchval("SELECT email FROM member WHERE handle = 'alice'")
        == "alice@echange.example"
    )


async def test_a_second_offer_ends_the_first(
    desk: httpx.AsyncClient, client: httpx.AsyncClient, settings: Settings, town: Town
) -> None:
    await offer(desk, town["alice"], "faute@ailleurs.example")
    first = path_in((await letters_to(settings, "faute@ailleurs.example"))[0], "/acces/")
    await offer(desk, town["alice"])
    assert (await client.get(first)).status_code == 404


@pytest.mark.parametrize(
    ("handle", "email", "how", "reason"),
    [
        ("concierge", NEW, SEEN, "C’est votre propre compte"),
        ("moderatrice", NEW, SEEN, "C’est le compte de quelqu’un de l’équipe"),
        ("alice", "bob@echange.example", SEEN, "déjà celle d’un autre compte"),
        ("alice", "pas une adresse", SEEN, "n’est pas complète"),
        ("alice", NEW, "vue", "au moins 10"),
    ],
)
async def test_what_the_desk_may_not_do(
    desk: httpx.AsyncClient,
    town: Town,
    connection: Connection,
    handle: str,
    email: str,
    how: str,
    reason: str,
) -> None:
    answer = await offer(desk, town[handle], email, how)
    assert answer.status_code == 422
    assert reason in answer.text.replace("\u00a0", " ")
    assert await connection.fetchval("SELECT count(*) FROM mail_key") == 0
    assert await connection.fetchval("SELECT count(*) FROM staff_act") == 0


async def test_an_admin_helps_a_colleague(app: Starlette, town: Town, connection: Connection) -> None:
    async with Doors(app).open() as bernard:
        await sign_in(bernard, "admin")
        assert (await offer(bernard, town["concierge"])).status_code == 303
    assert await connection.fetchval("SELECT what FROM staff_act") == "access_offered"


async def test_who_joins_the_staff_cannot_be_opened_by_an_older_link_of_the_desk(
    desk: httpx.AsyncClient, client: httpx.AsyncClient, settings: Settings, town: Town
) -> None:
    await offer(desk, town["alice"])
    link = path_in((await letters_to(settings, NEW))[0], "/acces/")
    await grant(town["alice"], "admin", by=None)
    assert (await client.get(link)).status_code == 404
    assert (await client.post(link, data={})).status_code == 404


async def test_the_erased_are_not_found(desk: httpx.AsyncClient, town: Town, connection: Connection) -> None:
    await connection.execute(
        "UPDATE member SET leaving_at = now(), left_at = now() WHERE id = $1", town["alice"]
    )
    assert (await desk.get(f"/administration/membres/{town['alice']}")).status_code == 404
    assert (await offer(desk, town["alice"])).status_code == 404
    assert "Alice Morel" not in (await desk.get("/administration/membres?q=alice")).text


async def test_these_pages_are_the_desks(alice: httpx.AsyncClient, app: Starlette, town: Town) -> None:
    async with Doors(app).open() as solene:
        await sign_in(solene, "moderatrice")
        for client in (alice, solene):
            assert (await client.get("/administration/membres?q=bob")).status_code == 403
            assert (await offer(client, town["bob"])).status_code == 403


async def test_a_password_is_still_good_until_then(
    desk: httpx.AsyncClient, app: Starlette, town: Town
) -> None:
    await offer(desk, town["alice"])
    async with Doors(app).open() as browser:
        answer = await browser.post(
            "/connexion", data={"email": "alice@echange.example", "password": PASSWORD}
        )
        assert answer.status_code == 303
