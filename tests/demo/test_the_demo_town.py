"""A town made by the thousand: whole, believable, the same twice."""

from collections import Counter
from itertools import pairwise
from random import Random
from typing import Final, TypeAlias

import asyncpg
import pytest

from echange.ads import CATEGORIES, KINDS
from echange.demo import load
from echange.demo.dialogues import BY_KIND
from echange.demo.loading import TownInhabited
from echange.demo.neighbours import NEIGHBOURS, PASSWORD
from echange.demo.patterns import PATTERNS, Pattern
from echange.demo.phrases import say
from echange.members.passwords import is_password
from tests.sweeping import Janitor

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
SMALL: Final = {"members": 60, "ads": 240}
# Everything but instants, which follow the clock.
SNAPSHOTS = (
    "SELECT id, handle, name, email, headline, about, languages, quartier_id FROM member ORDER BY id",
    "SELECT member_id, skill_id, wanted, note, position FROM member_skill ORDER BY 1, 3, 2",
    "SELECT organisation_id, member_id, role FROM membership ORDER BY 1, 2",
    "SELECT id, slug, rna, quartier_id FROM organisation ORDER BY id",
    "SELECT id, kind, title, body, category, price_text, owner_id, quartier_id FROM ad ORDER BY id",
    "SELECT id, kind, title, body, person_id, by_id, people, taken FROM help ORDER BY id",
    "SELECT id, title, state, minutes, settled_minutes, giver_id, receiver_id FROM exchange ORDER BY id",
    "SELECT kind, data->>'words', exchange_id, by_id, person_id FROM exchange_event ORDER BY id",
    "SELECT words, exchange_id, by_id FROM thanks ORDER BY id",
    "SELECT id, kind, key, about_id FROM ledger_transfer ORDER BY id",
)


@pytest.fixture
async def small_town(database_url: str) -> None:
    await load(database_url, **SMALL)


async def test_it_has_as_many_members_and_annonces_as_asked(small_town: None, connection: Raw) -> None:
    assert await connection.fetchval("SELECT count(*) FROM member") == 60
    assert await connection.fetchval("SELECT count(*) FROM ad WHERE published_at IS NOT NULL") == 240
    kinds = await connection.fetch("SELECT kind, count(*) FROM organisation GROUP BY kind")
    assert {row["kind"]: row["count"] for row in kinds} == {
        "association": 20,
        "professional": 3,
        "municipal": 3,
    }
    assert await connection.fetchval("SELECT count(*) FROM conversation") > 50


async def test_the_named_neighbours_live_there_with_their_password(small_town: None, connection: Raw) -> None:
    for one in NEIGHBOURS:
        row = await connection.fetchrow("SELECT * FROM member WHERE email = $1", one.email)
        assert row["name"] == one.name
        assert row["confirmed_at"] is not None
        offers = await connection.fetchval(
            "SELECT count(*) FROM member_skill WHERE member_id = $1", row["id"]
        )
        assert offers == len(one.offers) + len(one.wants)
    assert await is_password(PASSWORD, row["password_hash"])
    keeper = await connection.fetchval(
        """SELECT m.handle FROM membership s JOIN member m ON m.id = s.member_id
           JOIN organisation o ON o.id = organisation_id
           WHERE o.name = 'Les Fêtes de la Redoute' AND role = 'owner'"""
    )
    assert keeper == "redoute"


async def test_all_nine_kinds_are_there_and_no_two_neighbours_in_the_list_are_alike(
    small_town: None, connection: Raw
) -> None:
    rows = await connection.fetch(
        """SELECT kind, title, category FROM ad WHERE published_at IS NOT NULL
           ORDER BY published_at DESC"""
    )
    assert {row["kind"] for row in rows} == set(KINDS)
    assert {row["category"] for row in rows} <= set(CATEGORIES)
    assert all(one["title"] != two["title"] for one, two in pairwise(rows))
    assert Counter(row["title"] for row in rows).most_common(1)[0][1] <= 3


async def test_instants_are_past_and_in_order(small_town: None, connection: Raw) -> None:
    for table, column in (
        ("ad", "published_at"),
        ("ad", "closed_at"),
        ("event", "at"),
        ("member", "created_at"),
    ):
        assert await connection.fetchval(f"SELECT max({column}) < now() FROM {table}"), (table, column)
    assert not await connection.fetchval(
        """SELECT count(*) FROM (SELECT published_at < lag(published_at) OVER (ORDER BY id) AS back FROM ad) a
           WHERE back"""
    )
    assert not await connection.fetchval(
        """SELECT count(*) FROM (
               SELECT at < lag(at) OVER (PARTITION BY conversation_id ORDER BY seq) AS back FROM event
           ) e WHERE back"""
    )


async def test_logs_are_dense_and_heads_and_marks_are_true(small_town: None, connection: Raw) -> None:
    wrong = await connection.fetchval(
        """SELECT count(*) FROM conversation c WHERE
               c.head <> (SELECT count(*) FROM event e WHERE e.conversation_id = c.id)
            OR c.head <> (SELECT max(seq) FROM event e WHERE e.conversation_id = c.id)
            OR c.last_at <> (SELECT at FROM event e WHERE e.conversation_id = c.id AND seq = c.said_seq)
            OR c.said_seq <> (SELECT max(seq) FROM event e
                              WHERE e.conversation_id = c.id AND kind = 'message')
            OR cardinality(c.members) <> (SELECT count(*) FROM participant p
                     WHERE p.conversation_id = c.id AND p.read_seq <= c.head)
            OR (cardinality(c.members) = 2) = c.is_group
            OR EXISTS (SELECT FROM event e WHERE e.conversation_id = c.id AND e.by_id NOT IN
                       (SELECT member_id FROM participant p WHERE p.conversation_id = c.id))"""
    )
    assert wrong == 0


async def test_every_answer_is_a_conversation_about_that_annonce(small_town: None, connection: Raw) -> None:
    assert await connection.fetchval("SELECT count(*) FROM answer") > 50
    wrong = await connection.fetchval(
        """SELECT count(*) FROM answer a JOIN conversation c ON c.id = a.conversation_id
           JOIN ad ON ad.id = a.ad_id
           WHERE (c.about_kind, c.about_id) IS DISTINCT FROM ('ad', ad.id) OR ad.owner_id = a.member_id
              OR c.key <> format('ad:%s:%s', ad.id, a.member_id)"""
    )
    assert wrong == 0


async def test_closed_annonces_have_their_closure(small_town: None, connection: Raw) -> None:
    closed = await connection.fetchval("SELECT count(*) FROM ad WHERE closed_at IS NOT NULL")
    assert 0.02 < closed / 240 < 0.2
    same = await connection.fetchval(
        """SELECT count(*) FROM closure c JOIN ad ON ad.id = c.ad_id
           WHERE c.by_id = ad.owner_id AND c.at = ad.closed_at"""
    )
    assert same == closed


async def test_what_comes_after_gets_the_next_number(small_town: None, connection: Raw) -> None:
    for table in (
        "member",
        "organisation",
        "ad",
        "conversation",
        "member_skill",
        "closure",
        "answer",
        "participant",
        "help",
        "exchange",
        "ledger_transfer",
        "helper_group",
        "rota_slot",
        "shift",
        "mandate",
    ):
        highest = await connection.fetchval(f"SELECT max(id) FROM {table}")
        assert await connection.fetchval(f"SELECT nextval('{table}_id_seq')") > highest, table


async def test_alice_bob_and_charlie_have_something_waiting(small_town: None, connection: Raw) -> None:
    for handle in ("alice", "bob", "charlie"):
        waiting = await connection.fetchval(
            """SELECT count(*) FROM participant p JOIN conversation c ON c.id = conversation_id
               JOIN member m ON m.id = member_id WHERE m.handle = $1 AND c.head > p.read_seq""",
            handle,
        )
        mine = await connection.fetchval(
            """SELECT count(*) FROM ad JOIN member m ON m.id = owner_id
               WHERE m.handle = $1 AND published_at IS NOT NULL""",
            handle,
        )
        assert mine >= 2, handle
        assert waiting >= (handle != "charlie"), handle


async def test_the_same_seed_makes_the_same_town(
    postgres: str, small_town: None, connection: Raw, janitor: Janitor
) -> None:
    first = [await connection.fetch(sql) for sql in SNAPSHOTS]
    await _empty(janitor)
    await load(str(await _url_of(connection, postgres)), **SMALL)
    again = [await connection.fetch(sql) for sql in SNAPSHOTS]
    assert [[tuple(row) for row in rows] for rows in first] == [
        [tuple(row) for row in rows] for rows in again
    ]


async def test_another_seed_makes_another_town(
    postgres: str, small_town: None, connection: Raw, janitor: Janitor
) -> None:
    before = [row["name"] for row in await connection.fetch("SELECT name FROM member ORDER BY id")]
    await _empty(janitor)
    await load(str(await _url_of(connection, postgres)), **SMALL, seed=1)
    after = [row["name"] for row in await connection.fetch("SELECT name FROM member ORDER BY id")]
    assert before[: len(NEIGHBOURS)] == after[: len(NEIGHBOURS)]
    assert before != after


async def test_it_does_not_move_in_with_people(small_town: None, database_url: str, connection: Raw) -> None:
    with pytest.raises(TownInhabited, match="compte"):
        await load(database_url, **SMALL)
    assert await connection.fetchval("SELECT count(*) FROM member") == 60


@pytest.mark.parametrize(("members", "ads"), [(1, 0), (7, 1), (8, 12), (20, 400)])
async def test_any_size_makes_a_town(database_url: str, connection: Raw, members: int, ads: int) -> None:
    await load(database_url, members=members, ads=ads)
    assert await connection.fetchval("SELECT count(*) FROM member") == max(members, len(NEIGHBOURS))
    assert await connection.fetchval("SELECT count(*) FROM ad WHERE published_at IS NOT NULL") == ads


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.title[:30])
def test_whatever_a_pattern_says_fits_and_is_well_set(pattern: Pattern) -> None:
    chance = Random(3)
    for _ in range(60):
        words: dict[str, str] = {}
        title, body = say(pattern.title, chance, words), say(pattern.body, chance, words)
        assert 8 <= len(title) <= 80, title
        assert title[0].isupper()
        assert body[-1] in ".!?", body
        check_typography(title, body)


@pytest.mark.parametrize("kind", KINDS)
def test_neighbours_speak_whole_sentences(kind: str) -> None:
    chance = Random(3)
    for dialogue in BY_KIND[kind]:
        for _ in range(30):
            words = {"asker": "Inès", "owner": "Marcel"}
            lines = [say(line, chance, words) for line in dialogue]
            assert all(line[0].isupper() and line[-1] in ".!?" for line in lines), lines
            check_typography(*lines)


def check_typography(*texts: str) -> None:
    for text in texts:
        assert not set("{}|'") & set(text), text
        assert "  " not in text, text
        assert not any(f" {sign}" in text for sign in "?!:;»"), text


async def _empty(janitor: Janitor) -> None:
    async def swept(connection: Raw) -> None:
        await connection.execute("SELECT swept.sweep()")

    await janitor.do(swept)


async def _url_of(connection: Raw, server: str) -> str:
    from tests.conftest import on

    return on(server, await connection.fetchval("SELECT current_database()"))
