"""Whom a help fits, and whom it never reaches."""

from datetime import date, datetime, timedelta

import pytest

from echange.http.dates import PARIS, now
from echange.mutual_aid.matching import helps_for, neighbours_for
from echange.mutual_aid.telling import match
from tests.mutual_aid.helps import Connection
from tests.mutual_aid.matches import knows, leak, neighbour, plumber, told_of_it
from tests.neighbours import Town

CHILD = date(2100, 1, 1)


async def fits(aid: object, limit: int = 50) -> dict[int, tuple[str, ...]]:
    return {fit.member_id: fit.reasons for fit in await neighbours_for(aid.id, limit)}  # type: ignore[attr-defined]


async def skill_id(connection: Connection, name: str) -> int:
    found: int = await connection.fetchval("SELECT id FROM skill WHERE name = $1", name)
    return found


async def test_an_ask_fits_those_who_offer_its_skill_those_of_the_quartier_first(
    orm: None, connection: Connection, town: Town
) -> None:
    far = await plumber(connection, "yves", quartier_id=town.quartiers["le-village"])
    near = await plumber(connection, "karim")
    await neighbour(connection, "lise")
    aid = await leak(town)
    skill = await skill_id(connection, "Plomberie")
    found = await fits(aid)
    assert list(found) == [near, far], "whoever offers nothing of the kind is not asked"
    assert found[near] == (f"skill:{skill}", "quartier")
    assert found[far] == (f"skill:{skill}",)


async def test_an_offer_fits_those_who_look_for_it_and_those_who_ask_for_it(
    orm: None, connection: Connection, town: Town
) -> None:
    karim = await plumber(connection, "karim")
    wisher = await neighbour(connection, "lise", quartier_id=None)
    await knows(connection, wisher, wanted=True)
    ask = await leak(town)
    offer = await leak(town, "bob", kind="offer", title="Je répare les robinets")
    found = await fits(offer)
    assert set(found) == {wisher, town["alice"]}
    assert f"ask:{ask.id}" in found[town["alice"]]
    assert karim not in found, "who offers the same needs no offer"
    assert f"offer:{offer.id}" in (await fits(ask))[town["bob"]], "and the other way round"


async def test_an_ask_without_a_skill_fits_neighbours_of_the_quartier_who_offer_something(
    orm: None, connection: Connection, town: Town
) -> None:
    near = await plumber(connection, "karim")
    await plumber(connection, "yves", quartier_id=town.quartiers["le-village"])
    await neighbour(connection, "lise")
    aid = await leak(town, "bob", skills=())
    assert await fits(aid) == {near: ("quartier",), town["alice"]: ("quartier",)}


@pytest.mark.parametrize(("hour", "moment"), [(9, 0), (11.5, 0), (11.5, 1), (14, 1), (18, 2), (21, 2)])
async def test_a_moment_is_read_on_the_clock_of_the_town(
    orm: None, connection: Connection, town: Town, hour: float, moment: int
) -> None:
    day = datetime.combine(now().date() + timedelta(days=10), datetime.min.time(), PARIS)
    starts = day + timedelta(hours=hour)
    bit = 1 << (starts.weekday() * 3 + moment)
    free = await plumber(connection, "karim", availability=bit)
    open_minded = await plumber(connection, "lise")
    await plumber(connection, "yves", availability=(1 << 21) - 1 - 7 * (1 << starts.weekday() * 3))
    aid = await leak(town, slots=((starts, starts + timedelta(hours=1)),))
    found = await fits(aid)
    assert list(found) == [free, open_minded], "who is never free that day is not asked"
    assert "moment" in found[free]
    assert "moment" not in found[open_minded]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE member SET confirmed_at = NULL WHERE id = $1",
        "UPDATE member SET paused_at = now() WHERE id = $1",
        "UPDATE member SET leaving_at = now() WHERE id = $1",
        "UPDATE member SET hidden_at = now() WHERE id = $1",
        "UPDATE member SET kept_by_desk = true, email = '' WHERE id = $1",
        "UPDATE member SET minor_until = '2100-01-01' WHERE id = $1",
        "INSERT INTO block (by_id, member_id) SELECT $1, id FROM member WHERE handle = 'alice'",
        "INSERT INTO block (member_id, by_id) SELECT $1, id FROM member WHERE handle = 'alice'",
        "UPDATE help SET by_id = $1",
        """INSERT INTO exchange (title, minutes, about_kind, about_id, giver_id, receiver_id, proposed_by_id,
                                 state)
           SELECT 'x', 60, 'help', h.id, $1, h.person_id, $1, 'declined' FROM help h""",
        """INSERT INTO help_match (help_id, member_id, reasons, dismissed_at)
           SELECT id, $1, '{}', now() FROM help""",
        "DELETE FROM member_skill WHERE member_id = $1",
    ],
)
async def test_some_are_never_told(orm: None, connection: Connection, town: Town, change: str) -> None:
    karim = await plumber(connection, "karim")
    aid = await leak(town)
    assert karim in await fits(aid)
    await connection.execute(change, karim)
    assert await fits(aid) == {}
    assert await match(aid.id) == 0
    assert await told_of_it(connection, aid) == set()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE help SET hidden_at = now()",
        "UPDATE help SET ended_at = now(), ending = 'done'",
        "UPDATE help SET expires_at = now()",
        "UPDATE help SET taken = people",
        """INSERT INTO help_slot (help_id, starts_at, ends_at)
           SELECT id, now() - interval '2 h', now() - interval '1 h' FROM help""",
        "UPDATE member SET paused_at = now() WHERE handle = 'alice'",
    ],
)
async def test_nobody_is_told_of_what_is_not_wanted_any_more(
    orm: None, connection: Connection, town: Town, change: str
) -> None:
    karim = await plumber(connection, "karim")
    aid = await leak(town)
    await connection.execute(change)
    assert await match(aid.id) == 0
    assert await helps_for(karim) == []


async def test_a_minor_and_an_adult_meet_only_where_they_know_each_other(
    orm: None, connection: Connection, town: Town
) -> None:
    child = await plumber(connection, "lou", minor_until=CHILD)
    friend = await plumber(connection, "zoe", minor_until=CHILD)
    adult = await plumber(connection, "karim")
    of_adult = await leak(town)
    assert set(await fits(of_adult)) == {adult}
    await connection.execute("UPDATE help SET person_id = $1, by_id = $1", child)
    assert set(await fits(of_adult)) == {friend}, "those under age among themselves"
    assert [fit.help_id for fit in await helps_for(adult)] == [], "nor from the other end"
    await connection.execute(
        """WITH club AS (INSERT INTO organisation (slug, name, sort_key, kind)
                         VALUES ('judo', 'Judo', 'judo', 'association') RETURNING id)
           INSERT INTO membership (organisation_id, member_id, role)
           SELECT id, m, 'member' FROM club, unnest($1::int[]) m""",
        [child, adult],
    )
    assert set(await fits(of_adult)) == {friend, adult}, "in one association they know each other"


async def test_who_does_it_well_and_did_it_before_comes_first_who_was_told_lately_last(
    orm: None, connection: Connection, town: Town
) -> None:
    beginner = await plumber(connection, "a", level=1)
    expert = await plumber(connection, "b", level=3)
    practised = await plumber(connection, "c", level=3)
    weary = await plumber(connection, "d", level=3)
    skill = await skill_id(connection, "Plomberie")
    await connection.execute(
        """INSERT INTO exchange (title, minutes, giver_id, receiver_id, proposed_by_id, declared_by_id, state,
               declared_minutes, settled_minutes, settled_at, skill_id)
           VALUES ('x', 60, $1, $2, $1, $1, 'settled', 60, 60, now(), $3)""",
        practised,
        town["bob"],
        skill,
    )
    await connection.execute(
        """INSERT INTO help_telling (member_id, at)
           SELECT $1, now() - n * interval '1 day' FROM generate_series(2, 5) n""",
        weary,
    )
    assert list(await fits(await leak(town))) == [practised, expert, beginner, weary]


async def test_a_help_of_an_unknown_number_fits_nobody(orm: None, town: Town) -> None:
    assert await neighbours_for(987654, 5) == []
    assert await match(987654) == 0
