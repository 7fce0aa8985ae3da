"""Who is away gets a mail a while after a message came: one a conversation, until it is read again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.chat import Conversation, client_id, schedules
from echange.chat.absence import Post, mail_absent
from echange.config import Settings
from echange.notifications import tell
from echange.notifications.letters import read_refusal
from tests.chat.groups import opened, place, say
from tests.chat.sockets import signed_in
from tests.conftest import Served
from tests.members.mailbox import letters_to, path_in, text_of
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Look: TypeAlias = Callable[..., Awaitable[list[EmailMessage]]]
HOME = "http://127.0.0.1:8000"
AT_ONCE = timedelta(0)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def look(app: Starlette, settings: Settings, connection: Raw) -> Look:
    """Has the mails written that are due, and gives those that came to an address since the beginning."""
    post = Post(HOME, app.state.secret, app.state.subjects)

    async def written(to: str = "bob", after: timedelta = AT_ONCE) -> list[EmailMessage]:
        await mail_absent(post, after)
        async with asyncio.timeout(10):
            while await connection.fetchval(  # noqa: ASYNC110
                "SELECT count(*) FROM pgqueuer WHERE entrypoint IN ('mail', 'notice_mail')"
            ):
                await asyncio.sleep(0.02)
        return await letters_to(settings, f"{to}@echange.example", at_least=0)

    return written


async def test_a_mail_says_who_wrote_what_and_leads_there(
    alice: httpx.AsyncClient, talk: int, look: Look, app: Starlette, town: Town
) -> None:
    await say(alice, talk, "Bonjour Bob, ma selle est prête.\nOn se voit samedi ?")
    (letter,) = await look()
    text = text_of(letter)
    assert letter["subject"] == "Alice Morel vous a écrit"
    assert "Bonjour Bob, ma selle est prête." in text
    assert "On se voit samedi ?" in text
    assert path_in(letter, "/messages/") == f"/messages/{talk}"
    assert letter["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    token = letter["list-unsubscribe"].split("/desabonnement/")[1].rstrip(">")
    assert read_refusal(app.state.secret, token) == (town["bob"], "unread_messages")
    assert await look("alice") == [], "not to who wrote it"


async def test_nothing_before_its_time(alice: httpx.AsyncClient, talk: int, look: Look) -> None:
    await say(alice, talk, "Bonjour")
    assert await look(after=QUARTER) == []
    assert len(await look()) == 1


async def test_one_mail_until_it_is_read_again(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, look: Look
) -> None:
    for word in ("Bonjour", "C’est moi", "Et encore"):
        await say(alice, talk, word)
    (letter,) = await look()
    assert "Et 2 autres messages." in text_of(letter)
    last = await say(alice, talk, "Toujours là ?")
    assert len(await look()) == 1
    await bob.put(f"/api/v1/conversations/{talk}/read", json={"seq": last})
    assert len(await look()) == 1
    await say(alice, talk, "Du nouveau")
    letters = await look()
    assert len(letters) == 2
    assert "Du nouveau" in text_of(letters[1])


async def test_what_was_read_elsewhere_or_deleted_needs_no_mail(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, look: Look, town: Town
) -> None:
    seq = await say(alice, talk, "Lu")
    await bob.put(f"/api/v1/conversations/{talk}/read", json={"seq": seq})
    assert await look() == []
    seq = await say(alice, talk, "Repris")
    conversation = await Conversation.get(id=talk)
    await conversation.delete_message(seq, by=town["alice"], client_id=client_id())
    await conversation.react(1, by=town["alice"], client_id=client_id(), emoji="👍", on=True)
    assert await look() == []


async def test_the_words_are_those_that_stand_now_and_no_more_than_two_hundred(
    alice: httpx.AsyncClient, talk: int, look: Look, town: Town
) -> None:
    seq = await say(alice, talk, "Mot de passe : 1234")
    other = "à demain " * 40 + "fin"
    await (await Conversation.get(id=talk)).edit(seq, by=town["alice"], client_id=client_id(), body=other)
    text = text_of((await look())[0])
    assert "1234" not in text
    assert "…" in text
    assert "fin" not in text
    assert text.count("demain") == 22


async def test_a_message_that_smells_is_not_quoted(alice: httpx.AsyncClient, talk: int, look: Look) -> None:
    await say(alice, talk, "Payez ici https://paypal.me/untel et contactez-moi sur WhatsApp")
    (letter,) = await look()
    assert "paypal" not in letter.as_string()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE participant SET muted_at = now() WHERE member_id = $1",
        "UPDATE participant SET archived_seq = 99 WHERE member_id = $1",
        "UPDATE member SET paused_at = now() WHERE id = $1",
        "UPDATE member SET leaving_at = now() WHERE id = $1",
        "UPDATE member SET confirmed_at = NULL WHERE id = $1",
        "INSERT INTO mail_refusal (member_id, kind) VALUES ($1, 'unread_messages')",
        "INSERT INTO block (by_id, member_id) SELECT $1, id FROM member WHERE handle = 'alice'",
        "INSERT INTO block (by_id, member_id) SELECT id, $1 FROM member WHERE handle = 'alice'",
        "UPDATE member SET hidden_at = now() WHERE handle = 'alice' AND id <> $1",
        "UPDATE conversation SET last_at = now() - interval '3 days' WHERE $1 > 0",
    ],
)
async def test_nobody_is_mailed_who_does_not_want_it_or_must_not_hear(
    alice: httpx.AsyncClient, talk: int, look: Look, connection: Raw, town: Town, change: str
) -> None:
    await say(alice, talk, "Bonjour")
    await connection.execute(change, town["bob"])
    assert await look() == []


async def test_who_has_a_page_open_is_left_in_peace_until_they_go(
    alice: httpx.AsyncClient, talk: int, look: Look, connection: Raw, town: Town
) -> None:
    await say(alice, talk, "Bonjour")
    process = await connection.fetchval(
        "INSERT INTO server_process (id) VALUES (gen_random_uuid()) RETURNING id"
    )
    await connection.execute("INSERT INTO presence VALUES ($1, $2)", process, town["bob"])
    assert await look() == []
    await connection.execute("UPDATE server_process SET seen_at = now() - interval '1 minute'")
    assert len(await look()) == 1, "a process that died says nothing"


async def test_the_first_words_may_be_refused_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, look: Look
) -> None:
    page = (await bob.get("/moi/avis")).text
    assert 'value="first_words" checked' in page
    await bob.post("/moi/avis", data={"mailed": ["unread_messages"]})
    await say(alice, talk, "Rien que pour toi")
    (letter,) = await look()
    assert letter["subject"] == "Alice Morel vous a écrit"
    assert "Rien que pour toi" not in letter.as_string()


async def test_one_click_ends_these_mails(
    alice: httpx.AsyncClient, client: httpx.AsyncClient, talk: int, look: Look, connection: Raw
) -> None:
    await say(alice, talk, "Bonjour")
    (letter,) = await look()
    path = "/desabonnement/" + letter["list-unsubscribe"].split("/desabonnement/")[1].rstrip(">")
    assert (await client.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert await connection.fetchval("SELECT kind FROM mail_refusal") == "unread_messages"
    await connection.execute("UPDATE participant SET read_seq = 1, mailed_seq = 0")
    await say(alice, talk, "Encore")
    assert len(await look()) == 1


async def test_a_group_tells_each_of_its_people_once(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, look: Look
) -> None:
    group = await opened(alice, [town["bob"], town["charlie"]], "Fête des voisins")
    await say(alice, group, "Qui apporte les tables ?")
    await say(bob, group, "Moi")
    (letter,) = await look("charlie")
    assert letter["subject"] == "Alice Morel a écrit dans «\u00a0Fête des voisins\u00a0»"
    assert "Et 1 autre message." in text_of(letter)
    assert len(await look("bob")) == len(await look("alice")) == 1


async def test_a_newcomer_to_a_group_hears_nothing_of_before(
    alice: httpx.AsyncClient, town: Town, look: Look
) -> None:
    group = await opened(alice, [town["bob"]], "Compost")
    await say(alice, group, "Entre nous deux")
    await alice.post(place(group, town["charlie"]))
    assert await look("charlie") == []
    await say(alice, group, "Bienvenue")
    (letter,) = await look("charlie")
    assert "Bienvenue" in text_of(letter)
    assert "Entre nous" not in text_of(letter)


async def test_in_a_group_nothing_is_mailed_of_somebody_kept_apart(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, look: Look, connection: Raw
) -> None:
    group = await opened(alice, [town["bob"], town["charlie"]], "Compost")
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["charlie"], town["bob"]
    )
    await say(bob, group, "Le mot de Bob")
    assert await look("charlie") == []
    await say(alice, group, "Le mot d’Alice")
    (letter,) = await look("charlie")
    assert "Le mot d’Alice" in text_of(letter)
    assert "Bob" not in letter.as_string().replace("bob@", "")
    assert "autre message" not in text_of(letter), "what is not seen is not counted"


async def test_an_annonce_is_named_and_its_first_answer_is_not_told_twice(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, look: Look, connection: Raw
) -> None:
    ad = await connection.fetchval(
        """INSERT INTO ad (kind, title, body, category, owner_id, quartier_id, published_at, vouched_at,
                           expires_at)
           VALUES ('give', 'Fauteuil', 'À venir chercher.', 'home', $1, $2, now(), now(),
                   now() + interval '60 days') RETURNING id""",
        town["alice"],
        town.quartiers["les-larris"],
    )
    asked = {"client_id": client_id(), "body": "Est-il encore libre ?"}
    talk = (await bob.post(f"/api/v1/ads/{ad}/answers", json=asked)).json()["conversation"]
    subjects = [letter["subject"] for letter in await look("alice")]
    assert len(subjects) == 1, subjects
    assert "a répondu à votre annonce" in subjects[0]
    await say(alice, talk, "Oui")
    (letter,) = await look("bob")
    assert letter["subject"] == "Alice Morel vous a écrit au sujet de «\u00a0Fauteuil\u00a0»"


async def test_another_notice_hides_no_message(
    alice: httpx.AsyncClient, talk: int, look: Look, town: Town
) -> None:
    await tell(town["bob"], "vouched", link=f"/messages/{talk}0", name="Alice", by=town["alice"])
    await say(alice, talk, "Bonjour")
    assert [one["subject"] for one in await look()].count("Alice Morel vous a écrit") == 1


async def test_under_a_hat_the_mail_says_for_whom(
    alice: httpx.AsyncClient, talk: int, look: Look, connection: Raw, town: Town
) -> None:
    club = await connection.fetchval(
        "INSERT INTO organisation (slug, name, sort_key) VALUES ('club', 'Le Club', 'club') RETURNING id"
    )
    await connection.execute(
        "INSERT INTO membership (role, member_id, organisation_id) VALUES ('owner', $1, $2)",
        town["alice"],
        club,
    )
    await connection.execute(
        "UPDATE session SET acting_for_id = $2 WHERE member_id = $1", town["alice"], club
    )
    await say(alice, talk, "Bonjour")
    assert (await look())[0]["subject"] == "Alice Morel pour Le Club vous a écrit"


async def test_a_mail_speaks_its_readers_language_and_bears_any_title(
    alice: httpx.AsyncClient, town: Town, look: Look, connection: Raw
) -> None:
    await connection.execute("UPDATE member SET locale = 'en' WHERE id = $1", town["bob"])
    group = await opened(alice, [town["bob"]], "Bcc: tous@voisins.example")
    await say(alice, group, "<script>alert(1)</script>")
    (letter,) = await look()
    assert letter["bcc"] is None
    html = letter.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


async def test_many_are_written_to_in_several_turns_and_each_once(
    alice: httpx.AsyncClient, talk: int, look: Look, monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    monkeypatch.setattr("echange.chat.absence.AT_ONCE", 1)
    other = await opened(alice, [town["charlie"]])
    await say(alice, talk, "Bob")
    await say(alice, other, "Charlie")
    assert len(await look("bob")) == 1
    assert len(await look("charlie")) == 1
    assert len(await look("bob")) == len(await look("charlie")) == 1


async def test_several_workers_at_once_write_one_mail(
    app: Starlette, alice: httpx.AsyncClient, talk: int, look: Look
) -> None:
    await say(alice, talk, "Bonjour")
    post = Post(HOME, app.state.secret, app.state.subjects)
    await asyncio.gather(*(mail_absent(post, AT_ONCE) for _ in range(4)))
    assert len(await look()) == 1


async def test_it_is_done_every_minute_with_the_delay_of_the_town(
    app: Starlette, settings: Settings, alice: httpx.AsyncClient, talk: int, connection: Raw
) -> None:
    assert settings.messages_mail_minutes == 15
    period, write = schedules(settings, app.state.subjects, app.state.secret)["chat.mail_absent"]
    assert period == timedelta(minutes=1)
    await say(alice, talk, "Bonjour")
    await write({})
    assert await connection.fetchval("SELECT max(mailed_seq) FROM participant") == 0


async def test_a_socket_is_presence_enough(
    served: Served, alice: httpx.AsyncClient, talk: int, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with signed_in(served, "bob") as bob:
        await bob.hello()
        await served.app.state.presence._write()
        await say(alice, talk, "Bonjour")
        assert await look() == []
