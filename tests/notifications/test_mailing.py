"""What matters also comes by mail, until refused."""

import asyncio
import re
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange import notifications
from echange.config import Settings
from echange.notifications.letters import read_refusal, sign_refusal
from tests.members.mailbox import letters_to, path_in, text_of
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
ADDRESS = "alice@echange.example"
LEFT = "SELECT count(*) FROM pgqueuer WHERE entrypoint IN ('mail', 'notice_mail')"


async def tell_alice(town: Town, title: str = "Fauteuil") -> None:
    await notifications.tell(town["alice"], "answer", link="/messages/12", name="Bob", title=title)


async def jobs_done(connection: Connection) -> None:
    """Wait until no job is left."""
    async with asyncio.timeout(10):
        while await connection.fetchval(LEFT):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_an_answer_is_mailed_with_one_link_and_a_way_out(
    app: Starlette, settings: Settings, town: Town
) -> None:
    await tell_alice(town)
    letter = (await letters_to(settings, ADDRESS))[0]
    assert "Bob a répondu" in letter["subject"]
    assert path_in(letter, "/messages/") == "/messages/12"
    assert letter["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert "/desabonnement/" in letter["list-unsubscribe"]


async def test_a_title_with_line_breaks_stays_in_the_subject(
    app: Starlette, settings: Settings, town: Town
) -> None:
    await tell_alice(town, "Fauteuil\r\nBcc: all@echange.example")
    letter = (await letters_to(settings, ADDRESS))[0]
    assert letter["bcc"] is None


async def test_a_mail_speaks_its_readers_language(
    app: Starlette, settings: Settings, town: Town, connection: Connection
) -> None:
    await connection.execute("UPDATE member SET locale = 'en' WHERE id = $1", town["alice"])
    await tell_alice(town)
    letter = (await letters_to(settings, ADDRESS))[0]
    assert letter["content-language"] in {"en", None}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE member SET confirmed_at = NULL",
        "INSERT INTO mail_refusal (member_id, kind) SELECT id, 'answer' FROM member",
        "UPDATE notice SET read_at = now()",
        "UPDATE notice SET kind = 'forgotten'",
        "DELETE FROM notice",
    ],
)
async def test_no_mail_goes_where_it_must_not(
    app: Starlette, settings: Settings, town: Town, connection: Connection, change: str
) -> None:
    notice = await connection.fetchval(
        """INSERT INTO notice (member_id, kind, data, link) VALUES ($1, 'answer', '{"name": "Bob"}', '/')
           RETURNING id""",
        town["alice"],
    )
    await connection.execute(change)
    handle = notifications.handlers(app.state.notices, settings)["notice_mail"]
    await handle({"notice": notice})
    await jobs_done(connection)
    assert not list((settings.data_dir / "outbox").glob("*.eml"))


async def unsubscribe_path(settings: Settings, town: Town) -> str:
    await tell_alice(town)
    header = (await letters_to(settings, ADDRESS))[0]["list-unsubscribe"]
    found = re.search(r"<https?://[^/]+([^>]+)>", header)
    assert found
    return found[1]


async def test_one_click_ends_mails_of_this_kind_and_another_brings_them_back(
    client: httpx.AsyncClient, settings: Settings, town: Town, connection: Connection
) -> None:
    path = await unsubscribe_path(settings, town)
    page = await client.get(path)
    assert "Une réponse à une de mes annonces" in page.text
    assert await connection.fetchval("SELECT count(*) FROM mail_refusal") == 0, "a GET changes nothing"

    done = await client.post(path)
    assert done.status_code == 200
    assert await connection.fetchval("SELECT count(*) FROM mail_refusal") == 1
    assert (await client.post(path)).status_code == 200, "said twice, it counts once"

    await client.post(f"{path}/retour")
    assert await connection.fetchval("SELECT count(*) FROM mail_refusal") == 0


async def test_a_mail_program_unsubscribes_without_origin_or_cookies(
    app: Starlette, settings: Settings, town: Town, connection: Connection
) -> None:
    path = await unsubscribe_path(settings, town)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as program:
        answer = await program.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert await connection.fetchval("SELECT kind FROM mail_refusal") == "answer"


async def test_a_forged_link_ends_nothing(
    client: httpx.AsyncClient, settings: Settings, town: Town, connection: Connection
) -> None:
    path = await unsubscribe_path(settings, town)
    for forged in (path + "x", "/desabonnement/x", "/desabonnement/WzEsImFuc3dlciJd.abc"):
        assert (await client.get(forged)).status_code == 404
        assert (await client.post(forged)).status_code == 404
        assert (await client.post(forged + "/retour")).status_code == 404
    assert await connection.fetchval("SELECT count(*) FROM mail_refusal") == 0


def test_a_link_is_for_one_member_and_one_kind() -> None:
    token = sign_refusal("s" * 32, 7, "answer")
    assert read_refusal("s" * 32, token) == (7, "answer")
    assert read_refusal("t" * 32, token) is None


async def test_a_link_of_somebody_gone_does_no_harm(
    client: httpx.AsyncClient, app: Starlette, town: Town
) -> None:
    path = "/desabonnement/" + sign_refusal(app.state.secret, 999_999, "answer")
    assert (await client.post(path)).status_code == 200


async def test_a_member_chooses_what_comes_by_mail(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    assert 'value="answer" checked' in (await alice.get("/moi/avis")).text
    await alice.post("/moi/avis", data={})
    assert 'value="answer">' in (await alice.get("/moi/avis")).text
    assert await connection.fetchval("SELECT member_id FROM mail_refusal") == town["alice"]
    await alice.post("/moi/avis", data={"mailed": ["answer", "invented"]})
    assert await connection.fetchval("SELECT count(*) FROM mail_refusal") == 0
    assert (await alice.post("/moi/avis", data={"mailed": ["answer"] * 101})).status_code == 422
    assert await connection.fetchval("SELECT count(*) FROM mail_refusal") == 0, "not understood, not obeyed"


async def test_mails_carry_no_other_members_address(app: Starlette, settings: Settings, town: Town) -> None:
    await tell_alice(town)
    assert "bob@" not in text_of((await letters_to(settings, ADDRESS))[0])
