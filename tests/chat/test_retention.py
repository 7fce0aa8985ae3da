"""What is kept only so long goes from the front of each conversation, with its words, photos and files."""

import asyncio
from datetime import timedelta
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.chat import Conversation, client_id, retention, schedules
from echange.chat.privacy import belongings
from echange.config import Settings
from echange.media import Store
from tests.chat.groups import events, opened, place, say
from tests.chat.sockets import signed_in
from tests.conftest import Served
from tests.members.newcomers import plain
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
YEAR = timedelta(days=365)
PICTURE = "a" * 32


async def age(connection: Raw, conversation: int, up_to: int, days: int = 400) -> None:
    """What was said up to a number was said so long ago. The log itself forbids this to everybody."""
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(
            "UPDATE event SET at = at - $3 * interval '1 day' WHERE conversation_id = $1 AND seq <= $2",
            conversation,
            up_to,
            days,
        )


async def first_of(connection: Raw, conversation: int) -> int | None:
    first: int | None = await connection.fetchval(
        "SELECT first_seq FROM conversation WHERE id = $1", conversation
    )
    return first


async def test_old_messages_go_and_the_numbers_of_the_others_stay(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, connection: Raw
) -> None:
    for number in range(1, 7):
        await say(alice, talk, f"Message {number}")
    await age(connection, talk, 4)
    await retention.forget_old(YEAR)
    assert [event["seq"] for event in await events(bob, talk)] == [5, 6]
    assert await first_of(connection, talk) == 5
    page = (await bob.get(f"/messages/{talk}")).text
    assert ("Message 4" in page, "Message 5" in page) == (False, True)
    assert "Messages plus anciens" not in page
    assert await say(bob, talk, "Encore") == 7
    await retention.forget_old(YEAR)
    assert await first_of(connection, talk) == 5, "nothing more is old"


async def test_without_a_setting_everything_stays(
    app: Starlette, settings: Settings, alice: httpx.AsyncClient, talk: int, connection: Raw
) -> None:
    await say(alice, talk, "Pour toujours")
    await age(connection, talk, 1, days=20_000)
    for days, left in ((0, 1), (30, 0)):
        kept = settings.model_copy(update={"messages_kept_days": days})
        period, forget = schedules(kept, app.state.subjects, app.state.secret)["chat.forget"]
        assert period == timedelta(days=1)
        await forget({})
        assert await connection.fetchval("SELECT count(*) FROM event") == left


async def test_it_goes_in_slices_from_the_front_until_one_is_young(
    alice: httpx.AsyncClient, talk: int, connection: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "EVENTS_AT_ONCE", 3)
    monkeypatch.setattr(retention, "TALKS_AT_ONCE", 1)
    for number in range(10):
        await say(alice, talk, str(number))
    await age(connection, talk, 8)
    await connection.execute("UPDATE participant SET read_seq = 2")
    await retention.forget_old(YEAR)
    assert await first_of(connection, talk) == 9
    # A clock that was wrong: an old one behind a young one waits for it.
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("UPDATE event SET at = at - interval '400 days' WHERE seq = 10")
    await retention.forget_old(YEAR)
    assert await first_of(connection, talk) == 9


async def test_later_words_for_what_is_gone_go_too(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town, connection: Raw
) -> None:
    conversation = await Conversation.get(id=talk)
    early = await say(alice, talk, "Le code est 1234")
    young = await say(alice, talk, "Autre chose")
    await conversation.edit(early, by=town["alice"], client_id=client_id(), body="Le code est 5678")
    await conversation.react(early, by=town["bob"], client_id=client_id(), emoji="👍", on=True)
    await conversation.edit(young, by=town["alice"], client_id=client_id(), body="Tout autre chose")
    assert len((await bob.get("/api/v1/messages?q=code")).json()["items"]) == 1
    await age(connection, talk, early)
    await retention.forget_old(YEAR)
    left = await events(bob, talk)
    assert "5678" not in str(left)
    assert [event["seq"] for event in left] == [2, 3, 4, 5]
    assert (await bob.get("/api/v1/messages?q=code")).json()["items"] == []
    assert await connection.fetchval("SELECT count(*) FROM message_words WHERE seq < 2") == 0
    page = (await bob.get(f"/messages/{talk}")).text
    assert ("5678" in page, "Tout autre chose" in page) == (False, True)
    answer = {"client_id": client_id(), "body": "Lequel ?", "reply_to": early}
    assert (await bob.post(f"/api/v1/conversations/{talk}/messages", json=answer)).status_code in {201, 422}
    gone = {"client_id": client_id(), "body": "Rien"}
    assert (await alice.patch(f"/api/v1/conversations/{talk}/messages/{early}", json=gone)).status_code == 404


async def test_files_go_with_their_messages_and_not_before(
    alice: httpx.AsyncClient, talk: int, town: Town, connection: Raw
) -> None:
    for seq in (await say(alice, talk, "Une photo"), await say(alice, talk, "Une autre"), None):
        await connection.execute(
            """INSERT INTO attachment (name, kind, filename, media_type, bytes, widths,
                                       conversation_id, member_id, seq)
               VALUES ('piece-' || coalesce($3, 0), 'file', 'plan.pdf', 'application/pdf', 10, '[]',
                       $1, $2, $3)""",
            talk,
            town["alice"],
            seq,
        )
    await age(connection, talk, 1)
    await retention.forget_old(YEAR)
    kept = await connection.fetch("SELECT seq FROM attachment ORDER BY seq NULLS LAST")
    assert [row["seq"] for row in kept] == [2, None]


async def test_unread_counts_only_what_is_left(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, connection: Raw
) -> None:
    for number in range(3):
        await say(alice, talk, str(number))
    await age(connection, talk, 2)
    await retention.forget_old(YEAR)
    assert (await bob.get("/api/v1/me")).json()["unread"] == 1
    await age(connection, talk, 3)
    await retention.forget_old(YEAR)
    assert (await bob.get("/api/v1/me")).json()["unread"] == 0


async def test_who_comes_back_after_a_purge_is_told_of_the_gap(
    served: Served, alice: httpx.AsyncClient, talk: int, connection: Raw
) -> None:
    for number in range(6):
        await say(alice, talk, str(number))
    await age(connection, talk, 4)
    await retention.forget_old(YEAR)
    async with signed_in(served, "bob") as bob:
        await bob.hello(**{f"c{talk}": 2})
        gap = await bob.hears("gap")
        assert (gap["conversation"], gap["from"], gap["head"]) == (talk, 5, 6)
    async with signed_in(served, "bob") as bob:
        await bob.hello(**{f"c{talk}": 4})
        assert [(await bob.hears("event"))["seq"] for _ in range(2)] == [5, 6], "nothing is missing after 4"
    await age(connection, talk, 6)
    await connection.execute("UPDATE conversation SET about_kind = 'ad', about_id = 1")
    await retention.forget_old(YEAR)
    async with signed_in(served, "bob") as bob:
        await bob.hello(**{f"c{talk}": 4})
        gap = await bob.hears("gap")
        assert (gap["from"], gap["head"]) == (7, 6), "nothing is left to be read"
        await say(alice, talk, "De nouveau")
        assert (await bob.hears("event"))["seq"] == 7


async def test_writing_and_forgetting_at_once_harm_each_other_in_nothing(
    orm: None, town: Town, connection: Raw
) -> None:
    conversation = await Conversation.open_direct(between=(town["alice"], town["bob"]))

    async def talk(who: str) -> None:
        for number in range(20):
            await conversation.post(by=town[who], client_id=f"{who}-{number:04}", body="Bonjour")

    async def forget() -> None:
        for _ in range(10):
            await retention.forget_old(timedelta(0))

    await asyncio.gather(talk("alice"), talk("bob"), forget())
    await retention.forget_old(timedelta(0))
    row = await connection.fetchrow("SELECT head, first_seq, said_seq FROM conversation")
    assert tuple(row or ()) == (40, 41, 40)
    assert await connection.fetchval("SELECT count(*) FROM event") == 0


async def test_an_emptied_conversation_of_two_goes_and_may_begin_anew(
    app: Starlette, alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town, connection: Raw
) -> None:
    await say(alice, talk, "Adieu")
    await age(connection, talk, 1)
    await retention.forget_old(YEAR)
    await retention.forget_deserted()
    assert (await bob.get("/api/v1/conversations")).json()["items"] == []
    assert (await bob.get(f"/messages/{talk}")).status_code == 404
    again = await opened(alice, [town["bob"]])
    await retention.forget_deserted()
    assert await say(alice, again, "Rebonjour") == 1, "what was just opened is not what was emptied"


async def test_what_a_thing_leads_to_stays_though_empty(
    app: Starlette, alice: httpx.AsyncClient, talk: int, connection: Raw
) -> None:
    await say(alice, talk, "À propos")
    await connection.execute("UPDATE conversation SET about_kind = 'ad', about_id = 12")
    await age(connection, talk, 1)
    await retention.forget_old(YEAR)
    await retention.forget_deserted()
    assert await first_of(connection, talk) == 2
    assert (await alice.get(f"/messages/{talk}")).status_code == 200
    assert (await alice.get("/messages")).status_code == 200


async def test_a_group_that_all_have_left_goes_a_month_later_with_its_picture(
    app: Starlette,
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    town: Town,
    connection: Raw,
    settings: Settings,
) -> None:
    group, lively = await opened(alice, [town["bob"]], "Fini"), await opened(alice, [town["bob"]], "Vivant")
    await connection.execute(
        """INSERT INTO group_picture (name, width, height, widths, conversation_id)
           VALUES ($2, 64, 64, '[64]', $1)""",
        group,
        PICTURE,
    )
    store: Store = app.state.store
    picture = store.path(PICTURE, 64)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"picture")
    for client, who in ((alice, "alice"), (bob, "bob")):
        await client.delete(place(group, town[who]))
    await retention.forget_deserted()
    assert await first_of(connection, group) is not None, "a moderator may still read it"
    await age(connection, group, 9, days=31)
    await retention.forget_deserted()
    assert await first_of(connection, group) is None
    async with asyncio.timeout(10):
        while picture.exists():  # noqa: ASYNC110 — a file tells nobody that it goes
            await asyncio.sleep(0.02)
    assert await first_of(connection, lively) == 1
    assert (await alice.get(f"/messages/{lively}")).status_code == 200


async def test_the_privacy_text_says_how_long(client: httpx.AsyncClient, app: Starlette) -> None:
    assert "gardés sans limite de durée" in plain((await client.get("/confidentialite")).text)
    app.state.settings = app.state.settings.model_copy(update={"messages_kept_days": 365})
    assert "gardés 365 jours" in plain((await client.get("/confidentialite")).text)


async def test_who_leaves_is_told_of_their_groups_and_leaves_them(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town, connection: Raw,
    app: Starlette,
) -> None:  # fmt: skip
    group = await opened(alice, [town["bob"], town["charlie"]], "Compost")
    other = await opened(bob, [town["alice"]], "Marché")
    await say(alice, group, "Bonjour à tous")
    (told,) = [plain(one) for one in await belongings.told(town["alice"])]
    assert told.startswith("Vous quittez vos 2 groupes")
    await connection.execute("UPDATE participant SET muted_at = now() WHERE member_id = $1", town["alice"])
    await connection.execute(
        """INSERT INTO attachment (name, kind, filename, media_type, bytes, widths,
                                   conversation_id, member_id)
           VALUES ('jamais', 'file', 'plan.pdf', 'application/pdf', 10, '[]', $1, $2)""",
        group,
        town["alice"],
    )
    await belongings.forget(town["alice"], app.state.store)
    assert await belongings.told(town["alice"]) == []
    assert [event["kind"] for event in await events(bob, group)] == ["change", "message", "leave", "change"]
    roles = {
        one["id"]: one["role"]
        for one in (await bob.get(f"/api/v1/conversations/{group}/members")).json()["items"]
    }
    assert roles == {town["bob"]: "owner", town["charlie"]: "member"}
    assert (await events(bob, other))[-1]["kind"] == "leave"
    assert await connection.fetchval("SELECT count(*) FROM attachment") == 0
    assert (
        await connection.fetchval("SELECT count(*) FROM participant WHERE member_id = $1", town["alice"]) == 0
    )


async def test_a_conversation_of_two_stays_with_the_other(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town, connection: Raw, app: Starlette
) -> None:
    await say(alice, talk, "Bonjour")
    for change in ("PUT", "archive"):
        path = f"/api/v1/conversations/{talk}/{'mute' if change == 'PUT' else 'archive'}"
        await alice.put(path, json={})
    await belongings.forget(town["alice"], app.state.store)
    row = await connection.fetchrow(
        "SELECT read_seq, mailed_seq, muted_at, archived_seq FROM participant WHERE member_id = $1",
        town["alice"],
    )
    assert tuple(row or ()) == (0, 0, None, None)
    assert "Bonjour" in (await bob.get(f"/messages/{talk}")).text
