"""Adults whom a minor does not know cannot turn to them, and are not told why; minors write to anybody."""

import re
from datetime import date, timedelta
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.chat import Conversation, client_id
from echange.http.dates import today
from echange.members import Unreachable
from echange.members.account import ages
from tests.chat.groups import events, opened, place, say
from tests.members.newcomers import join, plain
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
SENTENCE = "Cette personne ne peut pas recevoir de message en ce moment."
UNAVAILABLE = (409, "unavailable", SENTENCE)


@pytest.fixture
async def minor(connection: Raw, town: Town) -> int:
    """Bob is sixteen."""
    await connection.execute(
        "UPDATE member SET minor_until = $2 WHERE id = $1", town["bob"], today() + timedelta(days=400)
    )
    return town["bob"]


async def ask(client: httpx.AsyncClient, *members: int, title: str = "") -> tuple[int, str, str]:
    answer = await client.post("/api/v1/conversations", json={"members": [*members], "title": title})
    told = answer.json()
    return answer.status_code, told.get("code", ""), told.get("title", "")


async def put_ad(connection: Raw, town: Town, owner: int, *, fair: bool = False) -> int:
    number: int = await connection.fetchval(
        """INSERT INTO ad (kind, title, body, category, owner_id, quartier_id, published_at, vouched_at,
                           expires_at, fair)
           VALUES ('give', 'Fauteuil', 'À venir chercher.', 'home', $1, $2, now(), now(),
                   now() + interval '60 days', $3) RETURNING id""",
        owner,
        town.quartiers["les-larris"],
        fair,
    )
    return number


async def test_an_unknown_adult_opens_nothing_with_a_minor(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, minor: int, town: Town, connection: Raw
) -> None:
    assert await ask(alice, minor) == UNAVAILABLE
    assert (await ask(alice, minor, title="Nous deux"))[:2] == (409, "unavailable")
    assert (await ask(alice, minor, town["charlie"]))[:2] == (409, "unavailable")
    group = await opened(alice, [town["charlie"]], "Compost")
    added = await alice.post(place(group, minor))
    assert (added.status_code, added.json()["code"]) == (409, "unavailable")
    assert await connection.fetchval("SELECT count(*) FROM participant WHERE member_id = $1", minor) == 0


async def test_the_page_of_a_minor_looks_like_any_other_and_refuses_kindly(
    alice: httpx.AsyncClient, minor: int, town: Town, connection: Raw
) -> None:
    seen = plain((await alice.get("/membres/bob")).text)
    await connection.execute("UPDATE member SET minor_until = NULL WHERE id = $1", minor)
    before = plain((await alice.get("/membres/bob")).text)
    assert _without_keys(seen) == _without_keys(before), "nobody can tell by looking"
    await connection.execute("UPDATE member SET minor_until = '2999-01-01' WHERE id = $1", minor)
    page = await alice.post("/messages/nouveau", data={"membre": minor, "body": "Tu répares les vélos ?"})
    assert page.status_code == 422
    assert SENTENCE in page.text
    assert "Tu répares les vélos" in page.text
    for word in ("mineur", "18 ans", "âge"):
        assert word not in page.text.replace("partage", ""), "nothing is said of why"
    for path in (f"/api/v1/members/{minor}", "/api/v1/members?q=Bob"):
        assert "minor" not in (await alice.get(path)).text


def _without_keys(page: str) -> str:
    return re.sub(r'value="[0-9a-f-]{32,36}"', "", page)


async def test_minors_turn_to_whom_they_like_and_are_answered(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, minor: int, town: Town, connection: Raw
) -> None:
    talk = await opened(bob, [town["alice"]])
    await say(bob, talk, "Bonjour Alice")
    await say(alice, talk, "Bonjour Bob")
    assert [event["data"]["body"] for event in await events(bob, talk)] == ["Bonjour Alice", "Bonjour Bob"]
    assert await opened(alice, [minor]) == talk
    group = await opened(alice, [minor, town["charlie"]], "Vélos")
    assert (await bob.get(f"/api/v1/conversations/{group}")).status_code == 200


async def test_who_was_answered_once_is_known(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, minor: int, town: Town
) -> None:
    assert await ask(alice, minor) == UNAVAILABLE, "a conversation of before says nothing by itself"
    await say(bob, talk, "Oui, c’est moi.")
    assert await ask(alice, minor) == (201, "", "Bob Traoré")


async def test_to_be_in_one_group_is_not_to_know_each_other(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town, minor: int
) -> None:
    group = await opened(bob, [town["alice"], town["charlie"]], "Skate")
    await say(bob, group, "Salut")
    assert await ask(charlie, minor) == UNAVAILABLE


async def test_minors_meet_minors(alice: httpx.AsyncClient, minor: int, town: Town, connection: Raw) -> None:
    await connection.execute("UPDATE member SET minor_until = '2999-01-01' WHERE id = $1", town["alice"])
    assert (await ask(alice, minor))[0] == 201


async def test_people_of_one_association_know_each_other(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, minor: int, town: Town, connection: Raw
) -> None:
    club = await connection.fetchval(
        "INSERT INTO organisation (slug, name, sort_key) VALUES ('club', 'Le Club', 'club') RETURNING id"
    )
    for role, who in (("owner", "alice"), ("member", "bob")):
        await connection.execute(
            "INSERT INTO membership (role, member_id, organisation_id) VALUES ($1, $2, $3)",
            role, town[who], club,
        )  # fmt: skip
    assert (await ask(alice, minor))[0] == 201
    assert await ask(charlie, minor) == UNAVAILABLE


async def test_the_desk_and_the_moderators_reach_everybody(
    minor: int, town: Town, orm: None, connection: Raw
) -> None:
    for who in ("concierge", "moderatrice", "admin"):
        await Conversation.open_direct(between=(town[who], minor))
    await connection.execute(
        "UPDATE staff_role SET role = 'organiser' WHERE member_id = $1", town["concierge"]
    )
    await connection.execute("DELETE FROM conversation")
    with pytest.raises(Unreachable):
        await Conversation.open_direct(between=(town["concierge"], minor))


async def test_an_annonce_of_a_minor_is_answered_by_whom_they_know(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, minor: int, town: Town, connection: Raw
) -> None:
    ad = await put_ad(connection, town, minor)
    answer = {"client_id": client_id(), "body": "Bonjour, est-il libre ?"}
    told = await alice.post(f"/api/v1/ads/{ad}/answers", json=answer)
    assert (told.status_code, told.json()["code"]) == (409, "unavailable")
    page = await alice.post(f"/annonces/{ad}/reponses", data=answer)
    assert (page.status_code, SENTENCE in page.text, "est-il libre" in page.text) == (422, True, True)
    opening = await alice.post("/api/v1/conversations", json={"about": {"kind": "ad", "id": ad}})
    assert opening.json()["code"] == "unavailable"
    await opened(bob, [town["alice"]])
    assert (await alice.post(f"/api/v1/ads/{ad}/answers", json=answer)).status_code == 201


async def test_a_fair_queue_carries_no_words_around_it(
    alice: httpx.AsyncClient, minor: int, town: Town, connection: Raw
) -> None:
    ad = await put_ad(connection, town, minor, fair=True)
    answer = {"client_id": client_id(), "body": "Bonjour, est-il libre ?"}
    told = await alice.post(f"/api/v1/ads/{ad}/answers", json=answer)
    assert (told.status_code, told.json()["code"]) == (409, "unavailable")
    assert await connection.fetchval("SELECT count(*) FROM answer") == 0


async def test_a_minor_answers_an_annonce_and_hears_back(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, minor: int, town: Town, connection: Raw
) -> None:
    ad = await put_ad(connection, town, town["alice"])
    told = await bob.post(f"/api/v1/ads/{ad}/answers", json={"client_id": client_id(), "body": "Pour moi ?"})
    assert told.status_code == 201
    await say(alice, told.json()["conversation"], "Oui")


async def test_a_block_counts_before_all(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, minor: int, town: Town
) -> None:
    await opened(bob, [town["alice"]])
    await bob.put(f"/api/v1/members/{town['alice']}/block")
    assert (await ask(alice, minor))[0] == 404


async def test_who_comes_of_age_is_written_to_like_anybody(
    alice: httpx.AsyncClient, minor: int, connection: Raw, orm: None
) -> None:
    await connection.execute("UPDATE member SET minor_until = $2 WHERE id = $1", minor, today())
    assert (await ask(alice, minor))[0] == 201
    await connection.execute("UPDATE member SET minor_until = '2999-01-01' WHERE handle = 'charlie'")
    await ages.come_of_age()
    kept = await connection.fetch("SELECT handle FROM member WHERE minor_until IS NOT NULL")
    assert [row["handle"] for row in kept] == ["charlie"]


def test_the_months_that_one_may_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ages, "today", lambda: date(2026, 11, 22))
    months = ages.months_under_age(16)
    assert months[0] == ("2010-11", "novembre 2010")
    assert months[-1] == ("2008-11", "novembre 2008")
    assert len(months) == 25
    assert ages.months_under_age(18) == ages.months_under_age(40) == []
    assert ages.of_age_on("", 16) is None
    assert ages.of_age_on("2010-11", 16) == date(2028, 12, 1)
    assert ages.of_age_on("2009-12", 16) == date(2028, 1, 1)
    assert ages.of_age_on("2008-11", 16) == date(2026, 12, 1), "perhaps seventeen until the month is over"
    assert ages.of_age_on("2008-10", 16) is None
    assert ages.of_age_on("1950-01", 16) is None


async def test_at_joining_only_the_day_of_their_age_is_kept(
    client: httpx.AsyncClient, connection: Raw
) -> None:
    page = (await client.get("/inscription")).text
    assert "J’ai 18 ans ou plus" in page
    (born, _name), *_rest = ages.months_under_age(16)
    assert f'<option value="{born}"' in page
    assert (await join(client, born=born)).status_code == 303
    kept = await connection.fetchval("SELECT minor_until FROM member WHERE email = 'mona@voisins.example'")
    assert kept == ages.of_age_on(born, 16)
    assert kept.day == 1
    mine = plain((await client.get("/moi")).text)
    assert "les adultes que vous ne connaissez pas" in mine


async def test_who_says_nothing_or_is_of_age_is_an_adult(client: httpx.AsyncClient, connection: Raw) -> None:
    assert (await join(client, born="1990-05")).status_code == 303
    assert await connection.fetchval("SELECT count(*) FROM member WHERE minor_until IS NOT NULL") == 0
    assert "les adultes que vous ne connaissez pas" not in (await client.get("/moi")).text


@pytest.mark.parametrize("born", ["2024-01", "2010", "2010-13", "9999-12", "hier", "2010-11-05"])
async def test_who_is_too_young_or_unclear_keeps_their_words(
    client: httpx.AsyncClient, connection: Raw, born: str
) -> None:
    page = await join(client, born=born)
    assert page.status_code == 422
    assert "Mona Diallo" in page.text
    assert "f-born" in page.text
    assert await connection.fetchval("SELECT count(*) FROM member") == 0
