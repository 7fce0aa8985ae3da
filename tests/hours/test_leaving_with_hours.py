"""What becomes of hours when somebody leaves: given or written off, said before, and the sums stay zero."""

from pathlib import Path

import httpx
import pytest

from echange.database import in_transaction
from echange.hours.privacy import belongings
from echange.media import Store
from echange.members.privacy import MembersBelongings
from tests.hours.purse import account_id, adds_up, balance, balance_of_organisation, common, given, have
from tests.members.newcomers import plain
from tests.members.organisations import Home
from tests.neighbours import Town
from tests.sweeping import Connection


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "photos")


async def leave(member_id: int, store: Store) -> None:
    async with in_transaction():
        await belongings.forget(member_id, store)


async def test_what_is_left_goes_to_the_fund(
    orm: None, town: Town, connection: Connection, store: Store
) -> None:
    await leave(town["alice"], store)
    assert await balance(connection, town["alice"]) == 0
    assert await common(connection, "fund") == 120
    assert await connection.fetchval(
        "SELECT closed_at IS NOT NULL FROM ledger_account WHERE id = $1",
        await account_id(connection, town["alice"]),
    )
    assert await adds_up(connection)


async def test_what_is_owed_is_written_off_by_the_town(
    orm: None, town: Town, connection: Connection, store: Store
) -> None:
    await have(connection, town["alice"], -90)
    before = await common(connection, "town")
    await leave(town["alice"], store)
    assert await common(connection, "town") == before - 90
    assert await balance(connection, town["alice"]) == 0
    assert await adds_up(connection)


async def test_an_empty_account_is_just_closed(
    orm: None, town: Town, connection: Connection, store: Store
) -> None:
    await have(connection, town["alice"], 0)
    count = await connection.fetchval("SELECT count(*) FROM ledger_transfer")
    await leave(town["alice"], store)
    assert await connection.fetchval("SELECT count(*) FROM ledger_transfer") == count


async def test_what_is_left_goes_to_the_association_chosen_as_far_as_it_can_keep_it(
    alice: httpx.AsyncClient, redoute: Home, town: Town, connection: Connection, store: Store
) -> None:
    await connection.execute("UPDATE organisation SET verified_at = now()")
    answer = await alice.patch("/api/v1/ledger/account", json={"left_to": redoute.id})
    assert answer.json()["left_to"] == redoute.id
    await connection.execute(
        "UPDATE ledger_account SET ceiling = 100 WHERE id = (SELECT account_id FROM organisation)"
    )
    await leave(town["alice"], store)
    assert await balance_of_organisation(connection, redoute.id) == 100
    assert await common(connection, "fund") == 20
    assert await adds_up(connection)


async def test_an_association_closed_since_gives_way_to_the_fund(
    alice: httpx.AsyncClient, redoute: Home, town: Town, connection: Connection, store: Store
) -> None:
    await connection.execute("UPDATE organisation SET verified_at = now()")
    await alice.patch("/api/v1/ledger/account", json={"left_to": redoute.id})
    await connection.execute("UPDATE organisation SET closed_at = now()")
    assert (await alice.get("/api/v1/ledger/account")).json()["left_to"] is None
    await leave(town["alice"], store)
    assert await common(connection, "fund") == 120


async def test_only_associations_the_desk_has_checked_or_ones_own_may_be_chosen(
    alice: httpx.AsyncClient, keeper: httpx.AsyncClient, redoute: Home
) -> None:
    refused = await alice.patch("/api/v1/ledger/account", json={"left_to": redoute.id})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_choice")
    page = await alice.post("/temps/depart", data={"organisation": redoute.id})
    assert page.status_code == 422
    assert "Cette association ne peut pas recevoir d’heures" in page.text
    assert "La Redoute" not in plain((await alice.get("/temps/depart?q=fetes")).text)
    assert "Les Fêtes de la Redoute" in plain((await keeper.get("/temps/depart")).text)
    assert (await keeper.post("/temps/depart", data={"organisation": redoute.id})).status_code == 303
    assert "mes heures vont à Les Fêtes de la Redoute" in plain((await keeper.get("/temps")).text)
    assert (await keeper.post("/temps/depart", data={"organisation": ""})).status_code == 303
    assert (await keeper.get("/api/v1/ledger/account")).json()["left_to"] is None


async def test_a_departure_says_what_becomes_of_the_hours(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    assert "Les heures qui vous restent (2 h) iront au fonds de solidarité" in plain(
        (await alice.get("/moi/depart")).text
    )
    await have(connection, town["alice"], -30)
    assert "Les heures que vous devez (30 min) sont effacées" in plain((await alice.get("/moi/depart")).text)
    await have(connection, town["alice"], 0)
    assert await belongings.told(town["alice"]) == []


async def test_who_is_leaving_may_still_choose(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await connection.execute("UPDATE member SET leaving_at = now() WHERE id = $1", town["alice"])
    assert (await alice.post("/temps/depart", data={"organisation": ""})).headers["location"] == "/temps"
    assert (await alice.get("/temps/depart")).status_code == 200
    assert (await alice.post("/temps/preference", data={"above": "fund"})).status_code == 303
    assert (await given(alice, town["bob"])).json()["code"] == "leaving"


async def test_words_go_and_movements_stay_under_no_name(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection, store: Store
) -> None:
    await given(alice, town["bob"], 30, reason="Pour le pain")
    await connection.execute("UPDATE member SET leaving_at = now() WHERE id = $1", town["alice"])
    async with in_transaction():
        await belongings.forget(town["alice"], store)
        await MembersBelongings().forget(town["alice"], store)
    page = plain((await bob.get("/temps")).text)
    assert "Don reçu : Ancien membre" in page
    for gone in ("Pour le pain", "Alice"):
        assert gone not in page
        assert gone not in (await bob.get("/avis")).text
    assert (await bob.get("/api/v1/ledger/entries")).json()["items"][0]["with"] == {
        "kind": "former", "id": None, "name": "Ancien membre",
    }  # fmt: skip
    assert await adds_up(connection)
