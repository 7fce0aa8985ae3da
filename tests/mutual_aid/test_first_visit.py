"""A first visit: two real neighbours at once, or an honest « personne pour l’instant », kept."""

from datetime import UTC, date, datetime

import httpx

from echange.mutual_aid import first_visit_wishes
from tests.mutual_aid.helps import Connection, notices
from tests.mutual_aid.matches import NIGHT, NOON, knows, leak, neighbour, plumber
from tests.mutual_aid.test_matching_pages import plain
from tests.neighbours import Town

PAGE = "/bienvenue/savoirs"


async def wish(connection: Connection, member_id: int, skill: str = "Plomberie") -> None:
    await knows(connection, member_id, skill, wanted=True)


async def test_who_said_nothing_yet_is_shown_where_to_say_it(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute("DELETE FROM member_skill WHERE member_id = $1", town["alice"])
    page = plain((await alice.get(f"{PAGE}?suite=/annonces")).text)
    assert 'href="/bienvenue"' in page
    assert 'href="/annonces"' in page


async def test_two_who_can_help_and_two_to_be_helped_are_met_at_once(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    page = plain((await alice.get(PAGE)).text)
    assert "Bob Traoré" in page
    assert "S’y connaît en montage de meubles." in page
    assert "Cherche quelqu’un en couture." in page, "and looks for what she offers"
    await leak(town, "bob", title="Un ourlet à refaire", skills=("Couture",))
    page = plain((await alice.get(PAGE)).text)
    assert "Un ourlet à refaire" in page, "a real request comes before a wish"
    answer = (await alice.get("/api/v1/me/first-visit")).json()
    assert [one["neighbour"]["handle"] for one in answer["helpers"]] == ["bob", "charlie"]
    assert [one["help"]["title"] for one in answer["helps"]] == ["Un ourlet à refaire"]
    assert answer["seekers"] == []


async def test_whoever_fits_both_ways_and_lives_near_comes_first(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute("DELETE FROM member_skill WHERE member_id = $1", town["alice"])
    await wish(connection, town["alice"])
    await knows(connection, town["alice"], "Couture")
    await plumber(connection, "loin", quartier_id=None, level=3)
    near = await plumber(connection, "pres")
    both = await plumber(connection, "mutuel", quartier_id=None)
    await wish(connection, both, "Couture")
    found = (await alice.get("/api/v1/me/first-visit")).json()["helpers"]
    assert [one["neighbour"]["id"] for one in found] == [both, near]
    assert found[1]["why"] == "s’y connaît en plomberie et habite votre quartier"


async def test_nobody_is_found_by_what_they_hide_nor_across_a_block_nor_a_child(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute("DELETE FROM member_skill WHERE member_id = $1", town["alice"])
    await wish(connection, town["alice"])
    await plumber(connection, "cache", private_fields=["offers"])
    await plumber(connection, "parti", paused_at=datetime.now(UTC))
    await plumber(connection, "lou", minor_until=date(2100, 1, 1))
    await plumber(connection, "flou", confirmed_at=None)
    shut = await plumber(connection, "ferme")
    await connection.execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", shut, town["alice"])
    page = plain((await alice.get(PAGE)).text)
    assert "Personne pour l’instant : vous serez prévenu" in page
    assert "Personne ne propose encore cela (plomberie)." in page
    coy = await plumber(connection, "coy", private_fields=["quartier"])
    found = (await alice.get("/api/v1/me/first-visit")).json()["helpers"]
    assert [(one["neighbour"]["id"], one["same_quartier"]) for one in found] == [(coy, False)]


async def test_the_page_changes_nothing(alice: httpx.AsyncClient, connection: Connection) -> None:
    await alice.get(PAGE)
    assert await connection.fetchval("SELECT count(*) FROM skill_match") == 0


async def test_whoever_waits_is_told_when_somebody_comes_once_and_not_at_night(
    orm: None, connection: Connection, town: Town
) -> None:
    before = await plumber(connection, "avant")
    lise = await neighbour(connection, "lise")
    await wish(connection, lise)
    await first_visit_wishes.go_on(moment=NOON)
    assert await notices(connection, "skill_found") == [], "who was there was seen at once"
    karim = await plumber(connection, "karim")
    await first_visit_wishes.go_on(moment=NIGHT)
    assert await notices(connection, "skill_found") == []
    await first_visit_wishes.go_on(moment=NOON)
    await first_visit_wishes.go_on(moment=NOON)
    assert await notices(connection, "skill_found") == [lise]
    rows = await connection.fetch("SELECT member_id, other_id FROM skill_match")
    assert [tuple(row) for row in rows] == [(lise, karim)]
    assert before != karim


async def test_whoever_proves_their_address_later_counts_as_coming_later(
    orm: None, connection: Connection, town: Town
) -> None:
    karim = await plumber(connection, "karim", confirmed_at=None)
    lise = await neighbour(connection, "lise")
    await wish(connection, lise)
    await first_visit_wishes.go_on(moment=NOON)
    assert await notices(connection, "skill_found") == []
    await connection.execute("UPDATE member SET confirmed_at = now() WHERE id = $1", karim)
    await first_visit_wishes.go_on(moment=NOON)
    assert await notices(connection, "skill_found") == [lise]


async def test_two_are_enough_for_a_wish(orm: None, connection: Connection, town: Town) -> None:
    lise = await neighbour(connection, "lise")
    await wish(connection, lise)
    for handle in ("a", "b", "c", "d"):
        await plumber(connection, handle)
    await first_visit_wishes.go_on(moment=NOON)
    await plumber(connection, "e")
    await first_visit_wishes.go_on(moment=NOON)
    assert await notices(connection, "skill_found") == [lise, lise]


async def test_those_who_hide_are_away_or_keep_apart_are_not_told_of(
    orm: None, connection: Connection, town: Town
) -> None:
    lise = await neighbour(connection, "lise")
    await wish(connection, lise)
    await plumber(connection, "cache", private_fields=["offers"])
    await plumber(connection, "lou", minor_until=date(2100, 1, 1))
    await plumber(connection, "parti", paused_at=datetime.now(UTC))
    shut = await plumber(connection, "ferme")
    await connection.execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", lise, shut)
    await first_visit_wishes.go_on(moment=NOON)
    assert await notices(connection, "skill_found") == []


async def test_three_notices_a_day_hold_for_wishes_too_and_the_rest_comes_later(
    orm: None, connection: Connection, town: Town
) -> None:
    lise = await neighbour(connection, "lise")
    await wish(connection, lise)
    for _ in range(3):
        await connection.execute("INSERT INTO help_telling (member_id) VALUES ($1)", lise)
    await plumber(connection, "karim")
    await first_visit_wishes.go_on(moment=NOON)
    assert await notices(connection, "skill_found") == []
    await connection.execute("UPDATE help_telling SET at = at - interval '25 hours'")
    await first_visit_wishes.go_on(moment=NOON)
    assert await notices(connection, "skill_found") == [lise]
    await connection.execute("UPDATE help_telling SET at = at - interval '9 days'")
    await first_visit_wishes.go_on(moment=NOON)
    assert await connection.fetchval("SELECT count(*) FROM help_telling") == 0, "old ones are forgotten"
