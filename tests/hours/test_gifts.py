"""Hours given away: to a neighbour, to an association, to the fund; once, within limits, and told."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from echange.config import Settings
from echange.members import Block
from tests.conftest import Doors
from tests.hours.purse import adds_up, balance, balance_of_organisation, common, given, have
from tests.members.mailbox import letters_to, text_of
from tests.members.newcomers import plain
from tests.members.organisations import Home
from tests.neighbours import Town
from tests.sweeping import Connection


async def notices(client: httpx.AsyncClient) -> str:
    return plain((await client.get("/avis")).text)


async def times_told(connection: Connection, member_id: int, kind: str) -> int:
    count: int = await connection.fetchval(
        "SELECT count(*) FROM notice WHERE member_id = $1 AND kind = $2", member_id, kind
    )
    return count


async def test_a_gift_moves_hours_and_the_neighbour_is_told(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection, settings: Settings
) -> None:
    answer = await given(alice, town["bob"], 90, reason="Pour le pain")
    assert (answer.status_code, answer.json()["balance_minutes"]) == (201, 30)
    assert [await balance(connection, town[who]) for who in ("alice", "bob")] == [30, 210]
    assert "Alice Morel vous offre 1 h 30 : « Pour le pain »" in await notices(bob)
    letter = (await letters_to(settings, "bob@echange.example"))[0]
    assert "1 h 30" in plain(text_of(letter))
    assert (await alice.get("/api/v1/me")).json()["balance_minutes"] == 30
    assert await adds_up(connection)


async def test_a_gift_may_go_to_an_association_or_to_the_fund(
    alice: httpx.AsyncClient, keeper: httpx.AsyncClient, redoute: Home, connection: Connection
) -> None:
    assert (await given(alice, {"organisation": redoute.id}, 45)).status_code == 201
    assert await balance_of_organisation(connection, redoute.id) == 45
    assert "Alice Morel vous offre 45 min" in await notices(keeper)
    assert (await given(alice, "fund", 15)).json()["balance_minutes"] == 60
    assert await common(connection, "fund") == 15


async def test_under_a_hat_the_organisation_gives(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, redoute: Home, town: Town, connection: Connection
) -> None:
    await connection.execute("UPDATE organisation SET verified_at = now()")
    answer = await given(keeper, town["alice"], 60)
    assert answer.json()["balance_minutes"] == -60
    assert await balance_of_organisation(connection, redoute.id) == -60
    assert await balance(connection, town["redoute"]) == 120, "their own hours stay"
    assert "Les Fêtes de la Redoute vous offre 1 h" in await notices(alice)
    assert (await given(keeper, {"organisation": redoute.id})).json()["code"] == "oneself"


@pytest.mark.parametrize(
    ("to", "minutes", "field"),
    [
        ("bob", 0, "minutes"),
        ("bob", 601, "minutes"),
        ("bob", -30, "minutes"),
        ("bob", "beaucoup", "minutes"),
        (True, 30, "to"),
        ("somebody", 30, "to"),
        ({"organisation": "x"}, 30, "to"),
        ([1], 30, "to"),
        (None, 30, "to"),
        (10**12, 30, "to"),
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused_by_its_field(
    alice: httpx.AsyncClient, town: Town, to: object, minutes: object, field: str
) -> None:
    body = {"to": town["bob"] if to == "bob" else to, "minutes": minutes}
    answer = await alice.post("/api/v1/transfers", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert list(answer.json()["errors"]) == [field]
    assert len(answer.json()["errors"][field]) == 1


async def test_rules_say_no_with_their_own_code(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    charlie: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    assert (await given(alice, town["alice"])).json()["code"] == "oneself"
    assert (await given(alice, 999_999)).status_code == 404
    assert (await given(alice, {"organisation": 999_999})).status_code == 404
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["charlie"])
    assert (await given(alice, town["charlie"])).status_code == 404
    assert (await given(charlie, town["bob"])).json()["code"] == "paused"
    await Block.put(town["alice"], by=town["bob"])
    assert (await given(alice, town["bob"])).status_code == 404
    assert (await given(bob, town["alice"])).status_code == 404
    assert await balance(connection, town["alice"]) == 120


async def test_an_organisation_owes_nothing_until_the_desk_has_checked_it(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, redoute: Home, town: Town, connection: Connection
) -> None:
    assert (await given(keeper, town["alice"], 1)).json()["code"] == "below_floor"
    await given(alice, {"organisation": redoute.id}, 30)
    assert (await given(keeper, town["alice"], 30)).json()["balance_minutes"] == 0
    await connection.execute("UPDATE organisation SET verified_at = now()")
    assert (await given(keeper, town["alice"], 30)).json()["balance_minutes"] == -30
    await connection.execute("UPDATE organisation SET verified_at = NULL")
    assert (await given(keeper, town["alice"], 1)).json()["code"] == "below_floor"
    assert await balance_of_organisation(connection, redoute.id) == -30, "what it owes stays"


async def test_a_gift_with_its_words_reaches_no_minor_whom_the_desk_stands_for(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await connection.execute(
        """UPDATE member SET email = '', kept_by_desk = true, minor_until = current_date + 1000
           WHERE id = $1""",
        town["charlie"],
    )
    answer = await given(alice, town["charlie"], 30, reason="Viens me voir")
    assert (answer.status_code, answer.json()["code"]) == (409, "unavailable")
    page = plain((await alice.get(f"/temps/offrir?membre={town['charlie']}")).text)
    assert "ne peut pas recevoir" in page
    await connection.execute("UPDATE member SET minor_until = NULL WHERE id = $1", town["charlie"])
    assert (await given(alice, town["charlie"], 30)).status_code == 201


async def test_who_is_not_verified_gives_nothing_and_is_told_the_way(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await connection.execute("DELETE FROM verification WHERE member_id = $1", town["alice"])
    answer = await given(alice, town["bob"])
    assert (answer.status_code, answer.json()["code"]) == (409, "not_verified")
    page = (await alice.get("/temps/offrir")).text
    assert "passez à l’accueil" in page
    assert 'name="nom"' not in page


async def test_nobody_gives_below_the_floor_or_above_the_ceiling(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await have(connection, town["alice"], -580)
    short = await given(alice, town["bob"], 21)
    assert (short.status_code, short.json()["code"]) == (409, "below_floor")
    assert (await given(alice, town["bob"], 20)).json()["balance_minutes"] == -600
    await have(connection, town["charlie"], 3_590)
    full = await given(bob, town["charlie"], 11)
    assert (full.status_code, full.json()["code"]) == (409, "above_ceiling")
    assert (await given(bob, town["charlie"], 10)).status_code == 201


async def test_fifty_gifts_at_once_at_the_limit_give_exactly_what_may_be_given(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await have(connection, town["alice"], -500)
    people = [town["bob"], town["charlie"]]
    answers = await asyncio.gather(*(given(alice, people[n % 2], 10, key=f"cadeau-{n}") for n in range(50)))
    codes = [answer.status_code for answer in answers]
    assert (codes.count(201), codes.count(409)) == (10, 40)
    assert await balance(connection, town["alice"]) == -600
    assert await adds_up(connection)


async def test_neighbours_who_give_to_each_other_at_once_never_wait_for_each_other(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    answers = await asyncio.gather(
        *(given(alice, town["bob"], 1) for _ in range(20)), *(given(bob, town["alice"], 1) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert await balance(connection, town["alice"]) == await balance(connection, town["bob"]) == 120


async def test_a_key_gives_once_for_ever(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    first = await given(alice, town["bob"], 30, key="pain", reason="Merci")
    await given(alice, town["charlie"], 5)
    await connection.execute("DELETE FROM idempotency_key")
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])

    again = await given(alice, town["bob"], 30, key="pain", reason="Merci")
    assert (again.status_code, again.json()) == (201, first.json())
    for minutes, reason in (
        (31, "Merci"),
        (30, "Autre"),
        (30, ""),
    ):
        await connection.execute("DELETE FROM idempotency_key")
        answer = await given(alice, town["bob"], minutes, key="pain", reason=reason)
        assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert await balance(connection, town["bob"]) == 150
    await connection.execute("UPDATE member SET paused_at = NULL WHERE id = $1", town["bob"])
    assert await times_told(connection, town["bob"], "hours_gift") == 1
    assert (await given(bob, town["alice"], 30, key="pain")).status_code == 201, "keys are each member's own"


async def test_one_key_asked_fifty_times_at_once_gives_once(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    key = "k" * 200
    answers = await asyncio.gather(*(given(alice, town["bob"], 7, key=key) for _ in range(50)))
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].status_code == 201
    assert await balance(connection, town["bob"]) == 127


async def test_a_gift_is_taken_back_within_ten_minutes_once(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    number = (await given(alice, town["bob"], 30)).json()["id"]
    assert (await bob.post(f"/temps/dons/{number}/annulation")).status_code == 404
    assert (await bob.delete(f"/api/v1/transfers/{number}")).status_code == 404
    first = await alice.delete(f"/api/v1/transfers/{number}")
    assert first.json()["balance_minutes"] == 120
    assert (await alice.delete(f"/api/v1/transfers/{number}")).json() == first.json()
    await alice.post(f"/temps/dons/{number}/annulation")
    assert await balance(connection, town["bob"]) == 120
    assert "Alice Morel a repris son don de 30 min" in await notices(bob)
    assert await times_told(connection, town["bob"], "hours_taken_back") == 1


async def test_a_gift_is_not_taken_back_late_nor_once_it_was_spent(
    alice: httpx.AsyncClient, town: Town, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = (await given(alice, town["bob"], 30)).json()["id"]
    await have(connection, town["bob"], -600)
    spent = await alice.delete(f"/api/v1/transfers/{number}")
    assert (spent.status_code, spent.json()["code"]) == (409, "below_floor")
    assert "ont déjà servi" in spent.json()["title"]
    await have(connection, town["bob"], 0)
    monkeypatch.setattr("echange.hours.gifts.TAKEN_BACK_WITHIN", timedelta(0))
    late = await alice.delete(f"/api/v1/transfers/{number}")
    assert (late.status_code, late.json()["code"]) == (409, "too_late")
    assert "Reprendre ce don" not in (await alice.get("/temps")).text
    assert (
        "Les dix minutes sont passées"
        in (await alice.get((await alice.post(f"/temps/dons/{number}/annulation")).headers["location"])).text
    )


async def test_the_pages_lead_from_a_name_to_a_gift_and_back(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    found = (await alice.get("/temps/offrir?nom=bob")).text
    way = f"/temps/offrir?membre={town['bob']}"
    assert f'href="{way}"' in found
    page = (await alice.get(way)).text
    assert "Offrir des heures à Bob Traoré" in page
    once = page.split('name="once" value="')[1].split('"')[0]

    wrong = await alice.post(way, data={"minutes": "longtemps", "reason": "Merci <3", "once": once})
    assert wrong.status_code == 422
    assert "<title>Erreur" in wrong.text
    assert 'value="longtemps"' in wrong.text
    assert "Merci &lt;3" in wrong.text
    assert f'value="{once}"' in wrong.text
    short = await alice.post(way, data={"minutes": "10 h", "once": once})
    assert short.status_code == 303

    form = {"minutes": "1 h", "reason": "Merci", "once": once + "x"}
    await have(connection, town["alice"], 120)
    clicks = await asyncio.gather(*(alice.post(way, data=form) for _ in range(5)))
    assert {answer.status_code for answer in clicks} == {303}
    assert await balance(connection, town["alice"]) == 60, "five clicks give once"
    told = plain((await alice.get(clicks[0].headers["location"])).text)
    assert "Vous avez offert 1 h à Bob Traoré" in told
    undo = told.split('class="toast')[1].split('action="')[1].split('"')[0]
    assert (await alice.post(undo)).status_code == 303
    assert await balance(connection, town["alice"]) == 120


async def test_the_page_refuses_with_the_words_kept(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await have(connection, town["alice"], -600)
    answer = await alice.post(
        f"/temps/offrir?membre={town['bob']}", data={"minutes": "45 min", "reason": "Ah"}
    )
    assert answer.status_code == 422
    assert "Il ne reste pas assez d’heures" in answer.text
    assert 'value="45 min"' in answer.text


async def test_a_gift_needs_somebody_and_a_member(
    app: Starlette, alice: httpx.AsyncClient, town: Town
) -> None:
    assert (await alice.post("/temps/offrir", data={"minutes": "1 h"})).status_code == 404
    assert (await alice.get("/temps/offrir?membre=999999")).status_code == 404
    assert "Ces heures y sont déjà" in (await alice.get(f"/temps/offrir?membre={town['alice']}")).text
    async with Doors(app).open() as stranger:
        assert (await given(stranger, town["bob"])).status_code == 401
