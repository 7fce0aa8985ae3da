"""A newcomer’s first annonces wait for a moderator or a day."""

import httpx
import pytest
from starlette.applications import Starlette

from echange.ads import Ad
from echange.ads.lasting import release_waiting
from echange.ads.refusals import (
    AddressUnconfirmed,
    NotHeld,
)
from tests.ads.annonces import Connection, draft
from tests.ads.lives import seen, shown, somebody, states, told, unverified
from tests.conftest import Doors, sign_in
from tests.neighbours import Town


async def test_the_first_two_annonces_of_a_newcomer_wait_and_the_third_does_not(
    orm: None, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    for _ in range(2):
        ad = await shown(town)
        assert await states(ad) == ("held", False)
        await ad.release(by=somebody(town, "moderatrice"))
        assert await states(ad) == ("published", True)
    assert await states(await shown(town)) == ("published", True)
    assert await told(connection, "ad_released") == [town["alice"]] * 2


async def test_annonces_that_still_wait_do_not_make_somebody_known(
    orm: None, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    assert [(await shown(town)).state for _ in range(3)] == ["held"] * 3


async def test_a_held_annonce_is_seen_by_its_owner_and_whoever_reads_it_first(
    orm: None, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    ad = await shown(town)
    assert await seen(ad, somebody(town, "alice"))
    assert await seen(ad, somebody(town, "moderatrice", "moderator"))
    assert not await seen(ad, somebody(town, "bob"))
    assert await seen(ad, somebody(town, "concierge", "concierge"))
    assert not await seen(ad, somebody(town, "concierge", "organiser"))
    assert not await seen(ad, None)


async def test_the_desk_sees_what_is_held_back_and_nothing_hidden_or_given_up(
    orm: None, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    desk = somebody(town, "concierge", "concierge")
    hidden, given_up, a_draft = (
        await shown(town),
        await shown(town),
        await Ad.start(kind="give", title="Brouillon", by=somebody(town, "alice")),
    )
    await hidden.hide(by=somebody(town, "moderatrice"))
    await given_up.close(by=somebody(town, "alice"), outcome="withdrawn")
    for ad in (hidden, given_up, a_draft):
        assert not await seen(ad, desk)


async def test_after_a_day_the_clock_lets_it_in_once_the_address_is_confirmed(
    orm: None, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    ad, fresh = await shown(town), await shown(town)
    await connection.execute("UPDATE ad SET held_at = now() - interval '1 day' WHERE id = $1", ad.id)
    await connection.execute("UPDATE member SET confirmed_at = NULL WHERE id = $1", town["alice"])
    await release_waiting()
    assert (await states(ad))[0] == "held"
    with pytest.raises(AddressUnconfirmed):
        await ad.release(by=somebody(town, "moderatrice"))
    await connection.execute("UPDATE member SET confirmed_at = now() WHERE id = $1", town["alice"])
    await release_waiting()
    assert await states(ad) == ("published", True)
    assert (await states(fresh))[0] == "held", "its day is not over"
    with pytest.raises(NotHeld):
        await ad.release(by=None)


async def test_the_owner_reads_until_when_it_waits(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    ad_id = await draft(alice)
    sent = await alice.post(f"/publier/{ad_id}/publication")
    page = (await alice.get(sent.headers["location"])).text
    assert "Quelqu’un relit votre annonce" in page
    assert "au plus tard" in page
    assert "En attente de relecture" in (await alice.get("/moi/annonces")).text
    await connection.execute("UPDATE member SET confirmed_at = NULL WHERE id = $1", town["alice"])
    assert "Confirmez d’abord votre adresse" in (await alice.get(sent.headers["location"])).text


async def test_a_newcomer_signed_up_just_now_waits_too(
    app: Starlette, connection: Connection, town: Town
) -> None:
    await unverified(connection, town, "bob")
    async with Doors(app).open() as browser:
        started = await browser.post("/publier", data={"kind": "give", "title": "Pot"})
        await sign_in(browser, "bob")
        ad_id = started.headers["location"].split("/")[2]
        await browser.post(f"/publier/{ad_id}/publication")
        assert "Pot" not in (await browser.get("/annonces")).text
