"""What acts were about, by its own name, for whom may see it; by its number alone for the others."""

import httpx
import pytest

from echange.members.mandates.words import ABOUT
from tests.members.mandating import ask, settle, sign, wear
from tests.members.newcomers import plain
from tests.members.organisations import Connection
from tests.mutual_aid.helps import proposed, told
from tests.neighbours import Town

TITLE = "Repeindre la chambre"


@pytest.fixture
async def mandate(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> int:
    made = await ask(alice, "bob")
    await bob.post(f"/moi/mandats/{made}/accord")
    return made


async def book(client: httpx.AsyncClient, mandate: int) -> list[str]:
    items = (await client.get(f"/api/v1/mandates/{mandate}/acts")).json()["items"]
    return [one["title"] for one in items if one["about_kind"]]


async def agreed(helper: httpx.AsyncClient, other: httpx.AsyncClient, mandate: int) -> int:
    """An exchange about a help of hers, to which he said yes for her."""
    await wear(helper, mandate)
    aid = await told(helper, title=TITLE)
    exchange = await proposed(other, aid)
    assert (await helper.post(f"/api/v1/exchanges/{exchange}/acceptance")).status_code == 200
    return exchange


async def test_the_book_calls_helps_and_exchanges_by_their_titles(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, mandate: int
) -> None:
    exchange = await agreed(bob, charlie, mandate)
    page = plain((await alice.get(f"/moi/mandats/{mandate}")).text)
    assert f'<a href="/echanges/{exchange}">{TITLE}</a>' in page
    assert f">{TITLE}</a>" in page.split(f"/echanges/{exchange}")[1], "the help too"
    assert "nº" not in page.split("Ce qui a été fait")[1].split("</section>")[0]
    assert await book(alice, mandate) == [TITLE, TITLE]
    assert (await alice.get(f"/moi/mandats/{mandate}/releve")).text.count(TITLE) == 2


async def test_the_helper_reads_titles_while_the_mandate_runs_and_opens_what_is_open_to_them(
    bob: httpx.AsyncClient, charlie: httpx.AsyncClient, alice: httpx.AsyncClient, mandate: int
) -> None:
    exchange = await agreed(bob, charlie, mandate)
    link = f'href="/echanges/{exchange}"'
    assert link in (await bob.get(f"/moi/mandats/{mandate}")).text
    await wear(bob, None)
    page = (await bob.get(f"/moi/mandats/{mandate}")).text
    assert link not in page
    assert await book(bob, mandate) == [TITLE, TITLE]
    await alice.post(f"/moi/mandats/{mandate}/fin")
    assert await book(bob, mandate) == ["", TITLE], "anybody may read the help, but not her exchanges"
    page = plain((await bob.get(f"/moi/mandats/{mandate}")).text)
    assert f"échange nº {exchange}" in page
    assert await book(alice, mandate) == [TITLE, TITLE], "hers are hers"


async def test_the_desks_sheet_calls_by_title_what_its_mandate_covers(
    nadia: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    odile = await settle(nadia)
    mandate = await sign(nadia, odile)
    exchange = await agreed(nadia, charlie, mandate)
    await wear(nadia, None)
    url = f"/administration/membres/{odile}/fait-pour-vous"
    sheet = plain((await nadia.get(url)).text)
    assert sheet.count(TITLE) == 2
    assert "échange nº" not in sheet
    await nadia.post(f"/moi/mandats/{mandate}/fin")
    assert f"échange nº {exchange}" in plain((await nadia.get(url)).text), "no mandate, no look"


async def test_a_group_and_a_thank_you_have_words_too(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, mandate: int, town: Town, connection: Connection
) -> None:
    await connection.executemany(
        """INSERT INTO mandate_act (what, about_kind, about_id, data, mandate_id, by_id)
           VALUES ('thanked', $3, 4, '{}', $1, $2)""",
        [(mandate, town["bob"], kind) for kind in ABOUT],
    )
    page = plain((await alice.get(f"/moi/mandats/{mandate}")).text)
    for words in ("groupe de bénévoles nº 4", "remerciement nº 4", "demande nº 4", "échange nº 4"):
        assert words in page, words
    assert await book(alice, mandate) == [""] * len(ABOUT)
