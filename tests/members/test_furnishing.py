"""What a town needs before its first member."""

import asyncio
from typing import TypeAlias

import asyncpg
import pytest

from echange.demo.neighbours import NEIGHBOURS
from echange.members import fold, furnish, issue_token, load_viewer
from echange.members.by_command import NobodyThere
from echange.members.taxonomy import FIELDS, SKILLS
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_furnishing_twice_changes_nothing(database_url: str, connection: Connection) -> None:
    before = await connection.fetch("SELECT * FROM skill ORDER BY id")
    await asyncio.gather(furnish(database_url), furnish(database_url))
    assert await connection.fetch("SELECT * FROM skill ORDER BY id") == before
    assert await connection.fetchval("SELECT count(*) FROM quartier") == 9


async def test_a_town_learns_new_words_and_keeps_what_neighbours_proposed(
    database_url: str, connection: Connection, town: Town
) -> None:
    await connection.execute("UPDATE skill SET synonyms = '{}', field = 'autre' WHERE key = 'couture'")
    await connection.execute(
        """INSERT INTO skill (key, name, field, proposed_by_id)
           VALUES ('jonglerie', 'Jonglerie', 'autre', $1)""",
        town["bob"],
    )
    before = await connection.fetchval("SELECT count(*) FROM skill")
    await furnish(database_url)
    row = await connection.fetchrow("SELECT field, synonyms FROM skill WHERE key = 'couture'")
    assert row is not None
    assert row["field"] == "couture"
    assert "coudre" in row["synonyms"]
    assert (
        await connection.fetchval("SELECT proposed_by_id FROM skill WHERE key = 'jonglerie'") == town["bob"]
    )
    assert await connection.fetchval("SELECT count(*) FROM skill") == before


def test_the_taxonomy_is_wide_and_each_word_leads_to_one_skill() -> None:
    assert len(FIELDS) >= 12
    assert len(SKILLS) >= 120
    keys = [fold(skill.name) for skill in SKILLS]
    assert len(set(keys)) == len(keys)
    assert {skill.field for skill in SKILLS} <= {key for key, _, _ in FIELDS}
    assert max(map(len, keys)) <= 80


def test_the_neighbours_skills_are_all_in_it() -> None:
    keys = {fold(skill.name) for skill in SKILLS}
    assert {fold(name) for one in NEIGHBOURS for name in (*one.offers, *one.wants)} <= keys


async def test_a_token_from_the_command_line_opens_the_api(orm: None, town: Town) -> None:
    viewer = await load_viewer(None, await issue_token("ALICE@echange.example"))
    assert viewer is not None
    assert (viewer.id, viewer.confirmed, viewer.session_id) == (town["alice"], True, None)


async def test_nobody_unknown_gets_a_token(orm: None, town: Town) -> None:
    with pytest.raises(NobodyThere):
        await issue_token("zelda@echange.example")


async def test_staff_bring_their_roles(orm: None, town: Town) -> None:
    viewer = await load_viewer(None, await issue_token("moderatrice@echange.example"))
    assert viewer is not None
    assert viewer.roles == {"moderator"}


@pytest.mark.parametrize("key", ["", "x", "\ud800", "a" * 10_000])
async def test_a_key_that_is_not_good_is_nobodys(orm: None, key: str) -> None:
    assert await load_viewer(key, None) is None
    assert await load_viewer(None, key) is None
