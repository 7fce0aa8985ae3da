"""Telling neighbours: few at first, more when nobody answers, then the desk; not at night, nor too often."""

import asyncio

from echange.mutual_aid import Help
from echange.mutual_aid.matching_mine import dismiss, put_aside, take_back
from echange.mutual_aid.telling import climb_on, go_on, match
from tests.mutual_aid.helps import Connection, notices
from tests.mutual_aid.matches import (
    NIGHT,
    NOON,
    age,
    at_noon,
    knows,
    leak,
    looker,
    neighbour,
    plumber,
    told_of_it,
)
from tests.neighbours import Town


async def plumbers(connection: Connection, count: int) -> list[int]:
    return [await plumber(connection, f"p{n:02}") for n in range(count)]


async def test_five_are_told_at_first_and_whoever_asks_hears_how_many(
    orm: None, connection: Connection, town: Town
) -> None:
    await plumbers(connection, 7)
    aid = await leak(town)
    assert await match(aid.id) == 5
    assert await match(aid.id) == 0, "asked again, nobody is told twice"
    await at_noon()
    assert len(await told_of_it(connection, aid)) == 5
    assert await notices(connection, "help_spread") == [town["alice"]]
    data = await connection.fetchval("SELECT data FROM notice WHERE kind = 'help_fits' LIMIT 1")
    assert '"skills": ["Plomberie"]' in data
    assert '"quartier": true' in data


async def test_publishing_asks_for_the_telling_in_the_same_transaction(
    orm: None, connection: Connection, town: Town
) -> None:
    aid = await leak(town)
    waiting = await connection.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'mutual_aid.matching'")
    assert [row["payload"] for row in waiting] == [b'{"help":%d}' % aid.id]


async def test_nobody_is_told_at_night_but_in_the_morning(
    orm: None, connection: Connection, town: Town
) -> None:
    karim = await plumber(connection, "karim")
    aid = await leak(town, urgency="today")
    await go_on({"help": aid.id}, moment=NIGHT)
    await age(connection, aid, 9)
    await climb_on(moment=NIGHT)
    assert await told_of_it(connection, aid) == set()
    assert await connection.fetchval("SELECT widened_at FROM help") is None
    await climb_on(moment=NOON)
    assert await told_of_it(connection, aid) == {karim}


async def test_somebody_who_comes_later_is_told_of_what_is_still_open(
    orm: None, connection: Connection, town: Town
) -> None:
    aid = await leak(town)
    await match(aid.id)
    karim = await plumber(connection, "karim")
    await at_noon()
    assert await told_of_it(connection, aid) == {karim}


async def test_after_a_day_without_an_answer_fifteen_more_are_told_and_the_asker_hears_it(
    orm: None, connection: Connection, town: Town
) -> None:
    await plumbers(connection, 25)
    aid = await leak(town)
    await match(aid.id)
    await age(connection, aid, 23)
    await at_noon()
    assert len(await told_of_it(connection, aid)) == 5, "not yet"
    await age(connection, aid, 1.1)
    await connection.execute("UPDATE help_match SET told_at = told_at - interval '24 hours'")
    await at_noon()
    await at_noon()
    assert len(await told_of_it(connection, aid)) == 20
    assert await notices(connection, "help_widened") == [town["alice"]]


async def test_what_is_needed_today_climbs_after_two_hours_and_reaches_the_desk_after_eight(
    orm: None, connection: Connection, town: Town
) -> None:
    await plumbers(connection, 8)
    aid = await leak(town, urgency="today")
    await match(aid.id)
    await age(connection, aid, 2.1)
    await at_noon()
    assert len(await told_of_it(connection, aid)) == 8
    assert await notices(connection, "helps_unanswered") == []
    await age(connection, aid, 6)
    await at_noon()
    assert await notices(connection, "helps_unanswered") == [town["concierge"]]


async def test_after_three_days_the_desk_is_told_once_of_all_that_wait(
    orm: None, connection: Connection, town: Town
) -> None:
    first, second = await leak(town), await leak(town, "bob")
    answered = await leak(town, "charlie")
    await answered_by(connection, answered, town["redoute"])
    for aid in (first, second, answered):
        await age(connection, aid, 73)
    await at_noon()
    await at_noon()
    await at_noon()
    assert await notices(connection, "helps_unanswered") == [town["concierge"]]
    data = await connection.fetchval("SELECT data FROM notice WHERE kind = 'helps_unanswered'")
    assert '"count": 2' in data
    assert not (await Help.get(id=answered.id)).staff_told_at


async def test_where_nobody_stands_at_the_desk_the_administration_is_told(
    orm: None, connection: Connection, town: Town
) -> None:
    await connection.execute("DELETE FROM staff_role WHERE role = 'concierge'")
    await age(connection, await leak(town), 73)
    await at_noon()
    assert await notices(connection, "helps_unanswered") == [town["admin"]]


async def test_a_help_that_is_answered_full_hidden_or_over_does_not_climb(
    orm: None, connection: Connection, town: Town
) -> None:
    await plumbers(connection, 8)
    aid = await leak(town)
    await match(aid.id)
    await age(connection, aid, 100)
    await answered_by(connection, aid, town["bob"])
    await at_noon()
    assert (await Help.get(id=aid.id)).widened_at is None
    await connection.execute("UPDATE exchange SET state = 'declined'")
    for change, back in (
        ("hidden_at = now()", "hidden_at = NULL"),
        ("ended_at = now(), ending = 'done'", "ended_at = NULL, ending = NULL"),
        ("taken = 1", "taken = 0"),
    ):
        await connection.execute(f"UPDATE help SET {change}")
        await at_noon()
        assert (await Help.get(id=aid.id)).widened_at is None, change
        await connection.execute(f"UPDATE help SET {back}")
    await at_noon()
    assert (await Help.get(id=aid.id)).widened_at is not None, "declined, it looks for somebody again"


async def test_renewed_it_begins_anew_with_others(orm: None, connection: Connection, town: Town) -> None:
    people = await plumbers(connection, 8)
    aid = await leak(town)
    await match(aid.id)
    await age(connection, aid, 100)
    await connection.execute("UPDATE help_match SET told_at = told_at - interval '100 hours'")
    await at_noon()
    await connection.execute("UPDATE help SET vouched_at = now()")
    first = await told_of_it(connection, aid)
    assert first == set(people), "all know by now"
    later = await plumber(connection, "zoe")
    await at_noon()
    assert await told_of_it(connection, aid) - first == {later}
    assert len(await notices(connection, "help_fits")) == 9, "nobody twice"


async def test_a_group_hears_of_its_own_first(orm: None, connection: Connection, town: Town) -> None:
    karim = await plumber(connection, "karim")
    aid = await leak(town)
    await connection.execute(
        """WITH club AS (INSERT INTO organisation (slug, name, sort_key, kind)
                         VALUES ('amis', 'Amis', 'amis', 'association') RETURNING id),
           made AS (INSERT INTO helper_group (name, organisation_id, coordinator_id)
                    SELECT 'Les amis', id, $1 FROM club RETURNING id)
           UPDATE help SET group_id = made.id FROM made""",
        town["bob"],
    )
    await match(aid.id)
    await at_noon()
    assert await told_of_it(connection, aid) == set()
    await age(connection, aid, 25)
    await at_noon()
    assert await told_of_it(connection, aid) == {karim}


async def test_three_notices_a_day_and_the_fourth_another_day(
    orm: None, connection: Connection, town: Town
) -> None:
    karim = await plumber(connection, "karim")
    helps = [await leak(town, who) for who in ("alice", "bob", "charlie", "redoute")]
    for aid in helps:
        await match(aid.id)
    assert [karim in await told_of_it(connection, aid) for aid in helps] == [True, True, True, False]
    await connection.execute("UPDATE help_telling SET at = at - interval '25 hours'")
    await at_noon()
    assert karim in await told_of_it(connection, helps[3])


async def test_told_by_thirty_at_once_it_is_still_three(
    orm: None, connection: Connection, town: Town
) -> None:
    karim = await plumber(connection, "karim")
    askers = [await neighbour(connection, f"a{n}") for n in range(15)]
    helps = []
    for asker in askers:
        aid = await leak(town)
        await connection.execute("UPDATE help SET person_id = $2, by_id = $2 WHERE id = $1", aid.id, asker)
        helps.append(aid)
    await asyncio.gather(*(match(aid.id) for aid in helps for _ in range(2)))
    assert (await notices(connection, "help_fits")).count(karim) == 3


async def test_not_for_me_silences_its_skills_until_it_is_taken_back_or_half_a_year_is_over(
    orm: None, connection: Connection, town: Town
) -> None:
    karim = await plumber(connection, "karim")
    await knows(connection, karim, "Bricolage")
    me = looker(karim)
    first = await leak(town)
    await dismiss(first, by=me)
    await dismiss(first, by=me)
    again, other, both = (
        await leak(town, "bob"),
        await leak(town, "bob", skills=("Bricolage",)),
        await leak(town, "bob", skills=("Bricolage", "Plomberie")),
    )
    offer = await leak(town, "charlie", kind="offer")
    for aid in (first, again, other, both, offer):
        await match(aid.id)
    told = {aid.id for aid in (first, again, other, both) if karim in await told_of_it(connection, aid)}
    assert told == {other.id, both.id}
    assert [one.id for one in await put_aside(me)] == [first.id]
    await connection.execute(
        "UPDATE help_match SET dismissed_at = now() - interval '181 days' WHERE dismissed_at IS NOT NULL"
    )
    await match(again.id)
    assert karim in await told_of_it(connection, again)
    await connection.execute("UPDATE help_match SET dismissed_at = now() WHERE help_id = $1", first.id)
    await take_back(first.id, by=me)
    await connection.execute("DELETE FROM help_telling")
    await match(first.id)
    assert karim in await told_of_it(connection, first)


async def answered_by(connection: Connection, aid: Help, helper: int) -> None:
    await connection.execute(
        """INSERT INTO exchange (title, minutes, about_kind, about_id, giver_id, receiver_id, proposed_by_id)
           SELECT title, minutes, 'help', id, $2, person_id, $2 FROM help WHERE id = $1""",
        aid.id,
        helper,
    )
