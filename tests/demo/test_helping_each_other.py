"""The demo town helps itself: hours that add up, exchanges in every state, people without e-mail."""

from random import Random
from typing import Final, TypeAlias

import asyncpg
import pytest

from echange.database import open_pools
from echange.demo import load
from echange.demo.exchange_stories import OPENINGS, THANKS, TITLES, TOLD, UNDER_MANDATE
from echange.demo.gifts import GIFTS
from echange.demo.help_stories import HELPS
from echange.demo.neighbours import KEPT
from echange.demo.phrases import say
from echange.exchanges import waiting
from echange.exchanges.life import replayed
from echange.http import Viewer
from echange.ledger import prove
from tests.demo.test_the_demo_town import check_typography

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
STATES: Final = {
    "proposed", "accepted", "under_way", "declared", "settled", "declined", "cancelled", "expired",
    "disputed",
}  # fmt: skip


@pytest.fixture
async def small_town(database_url: str) -> None:
    await load(database_url, members=60, ads=40)


async def test_hours_add_up_once_they_are_sealed(
    small_town: None, database_url: str, connection: Raw
) -> None:
    await _check_hours(database_url, connection)
    kinds = {row[0] for row in await connection.fetch("SELECT DISTINCT kind FROM ledger_transfer")}
    assert kinds == {"welcome", "gift", "solidarity", "exchange"}


@pytest.mark.parametrize(("members", "ads"), [(7, 0), (9, 0), (10, 0)])
async def test_they_add_up_in_the_smallest_town_too(
    database_url: str, connection: Raw, members: int, ads: int
) -> None:
    await load(database_url, members=members, ads=ads)
    await _check_hours(database_url, connection)
    states = {row[0] for row in await connection.fetch("SELECT DISTINCT state FROM exchange")}
    assert states == STATES


async def _check_hours(database_url: str, connection: Raw) -> None:
    while await connection.fetchval("SELECT seal_transfers(1000)"):
        pass
    async with open_pools(database_url, pool_size=2):
        proof = await prove()
    assert proof.ok, proof
    assert proof.sealed == proof.transfers > 0
    beyond = await connection.fetchval(
        "SELECT count(*) FROM ledger_account WHERE balance < floor OR balance > ceiling"
    )
    assert beyond == 0


async def test_the_keepers_of_the_books_are_awake_afterwards(small_town: None, connection: Raw) -> None:
    asleep = await connection.fetch(
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'D' AND NOT tgisinternal"
    )
    assert [row[0] for row in asleep] == []
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute("UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'town'")


async def test_hours_moved_in_the_order_of_time_and_never_tomorrow(small_town: None, connection: Raw) -> None:
    back = await connection.fetchval(
        """SELECT count(*) FROM (SELECT at < lag(at) OVER (ORDER BY id) AS back, at > now() AS ahead
                                 FROM ledger_transfer) t WHERE back OR ahead"""
    )
    assert back == 0


async def test_everybody_who_lives_there_was_welcomed_once(small_town: None, connection: Raw) -> None:
    wrong = await connection.fetchval(
        """SELECT count(*) FROM member m LEFT JOIN ledger_transfer t ON t.key = 'welcome:' || m.id
           LEFT JOIN ledger_entry e ON e.transfer_id = t.id AND e.account_id = m.account_id
           WHERE e.minutes IS DISTINCT FROM 120 OR t.at <> m.confirmed_at"""
    )
    assert wrong == 0


async def test_every_state_of_an_exchange_is_there_and_is_what_its_history_says(
    small_town: None, connection: Raw
) -> None:
    rows = await connection.fetch(
        """SELECT e.id, e.state, e.moved_at, array_agg(v.kind::text ORDER BY v.id) AS kinds,
                  max(v.at) AS last, bool_and(v.at <= now()) AS past
           FROM exchange e JOIN exchange_event v ON v.exchange_id = e.id GROUP BY e.id"""
    )
    assert {row["state"] for row in rows} == STATES
    assert all(replayed(row["kinds"]) == row["state"] for row in rows)
    assert all(row["moved_at"] == row["last"] and row["past"] for row in rows)
    assert sum(row["state"] == "settled" for row in rows) >= 40


async def test_what_is_settled_was_paid_by_whoever_received(small_town: None, connection: Raw) -> None:
    wrong = await connection.fetchval(
        """SELECT count(*) FROM exchange e
           JOIN member g ON g.id = e.giver_id JOIN member r ON r.id = e.receiver_id
           LEFT JOIN organisation o ON o.id = e.receiver_organisation_id
           LEFT JOIN ledger_entry p ON p.transfer_id = e.transfer_id
                AND p.account_id = coalesce(o.account_id, r.account_id)
           LEFT JOIN ledger_entry k ON k.transfer_id = e.transfer_id AND k.account_id = g.account_id
           WHERE e.state = 'settled' AND (coalesce(-p.minutes, 0), coalesce(k.minutes, 0))
                 <> (e.settled_minutes, e.settled_minutes)"""
    )
    assert wrong == 0
    stray = await connection.fetchval(
        """SELECT count(*) FROM ledger_transfer t WHERE kind = 'exchange'
           AND NOT EXISTS (SELECT FROM exchange WHERE transfer_id = t.id AND id = t.about_id)"""
    )
    assert stray == 0
    untold = await connection.fetchval(
        """SELECT count(*) FROM exchange e WHERE transfer_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM hours_note WHERE transfer_id = e.transfer_id AND words = e.title)"""
    )
    assert untold == 0


async def test_alice_has_something_to_answer_to_confirm_to_note_and_to_thank_for(
    small_town: None, database_url: str, connection: Raw
) -> None:
    alice = await connection.fetchval("SELECT id FROM member WHERE handle = 'alice'")
    async with open_pools(database_url, pool_size=2):
        lines = await waiting(Viewer(id=alice, name="Alice Morel", handle="alice", confirmed=True))
    assert {line.step for line in lines} == {"answer", "confirm", "note", "thank"}


async def test_helps_count_who_comes_and_wait_for_more(small_town: None, connection: Raw) -> None:
    wrong = await connection.fetchval(
        """SELECT count(*) FROM help h WHERE kind = 'ask' AND taken <> (
               SELECT count(*) FROM exchange WHERE about_kind = 'help' AND about_id = h.id
               AND exchange_takes_a_place(state))"""
    )
    assert wrong == 0
    assert await connection.fetchval("SELECT count(*) FROM help") == len(HELPS)
    open_kinds = await connection.fetch("SELECT kind FROM help WHERE ended_at IS NULL AND expires_at > now()")
    assert {row["kind"] for row in open_kinds} == {"ask", "offer"}
    past = await connection.fetchval(
        """SELECT count(*) FROM help_slot s JOIN help h ON h.id = help_id
           WHERE s.starts_at < now() AND h.ended_at IS NULL"""
    )
    assert past == 0


async def test_the_rota_has_shifts_free_taken_and_to_swap(small_town: None, connection: Raw) -> None:
    rows = await connection.fetch(
        """SELECT t.people, count(u.id) FILTER (WHERE NOT waiting) AS coming,
                  bool_or(waiting) AS queue, bool_or(swap_at IS NOT NULL) AS swap
           FROM shift t LEFT JOIN shift_signup u ON u.shift_id = t.id GROUP BY t.id"""
    )
    assert {row["coming"] >= row["people"] for row in rows} == {True, False}
    assert any(row["coming"] == 0 for row in rows)
    assert any(row["queue"] for row in rows)
    assert any(row["swap"] for row in rows)


async def test_people_without_e_mail_have_a_phone_a_mandate_and_no_way_to_sign_in(
    small_town: None, connection: Raw
) -> None:
    rows = await connection.fetch(
        """SELECT m.name, m.phone, m.email, m.password_hash, h.handle AS helper, g.ends_at > now() AS runs,
                  (SELECT count(*) FROM mandate_act WHERE mandate_id = g.id) AS acts,
                  EXISTS (SELECT FROM ad WHERE owner_id = m.id) AS publishes
           FROM member m JOIN mandate g ON g.person_id = m.id LEFT JOIN member h ON h.id = g.helper_id
           WHERE m.kept_by_desk ORDER BY m.id"""
    )
    assert [row["name"] for row in rows] == [one.name for one in KEPT]
    assert [row["helper"] for row in rows] == [None, "bob"]
    for row in rows:
        assert (row["email"], row["password_hash"], row["publishes"]) == ("", None, False)
        assert row["phone"]
        assert row["runs"]
        assert row["acts"] > 0
    waiting_words = await connection.fetch(
        """SELECT m.name FROM notice n JOIN member m ON m.id = n.member_id
           WHERE m.kept_by_desk AND n.read_at IS NULL AND n.at < now()"""
    )
    assert [row["name"] for row in waiting_words] == ["Madeleine Aubert"]


async def test_what_nobody_answers_was_told_and_is_at_the_desk(small_town: None, connection: Raw) -> None:
    rows = await connection.fetch(
        """SELECT h.title, count(x.id) AS told, bool_and(m.quartier_id = h.quartier_id) AS near
           FROM help h LEFT JOIN help_match x ON x.help_id = h.id AND x.told_at < now()
           LEFT JOIN member m ON m.id = x.member_id
           WHERE h.staff_told_at < now() AND h.taken = 0 GROUP BY h.id"""
    )
    assert {row["title"] for row in rows} == {story.title for story in HELPS if story.alone}
    assert all(row["near"] is not False for row in rows)


async def test_acts_under_a_mandate_are_those_of_whoever_may_act(small_town: None, connection: Raw) -> None:
    wrong = await connection.fetchval(
        """SELECT count(*) FROM mandate_act a JOIN mandate g ON g.id = a.mandate_id
           WHERE a.at NOT BETWEEN g.starts_at AND g.ends_at
              OR a.by_id <> coalesce(g.helper_id, (SELECT id FROM member WHERE handle = 'concierge'))"""
    )
    assert wrong == 0


def test_what_neighbours_say_is_well_set() -> None:
    for story in HELPS:
        assert 8 <= len(story.title) <= 80, story.title
        assert story.body[-1] in ".!?", story.body
        check_typography(story.title, story.body, story.access, story.when)
    for told in (*TOLD, *UNDER_MANDATE):
        words = [step.words for step in told.steps] + [words for _by, words in told.thanks]
        check_typography(told.title, *words, *(words for _by, _hours, words in told.answers))
    check_typography(*(gift[4] for gift in GIFTS))


@pytest.mark.parametrize("pattern", [*OPENINGS, *TITLES, *THANKS])
def test_whatever_is_made_up_is_well_set(pattern: str) -> None:
    chance = Random(3)
    for _ in range(40):
        words = {"giver": "Inès", "what": "Jardinage", "skill": "Jardinage"}
        said = say(pattern, chance, words)
        assert said[0].isupper() or said[0] == "«", said
        check_typography(said)
